//! Files: opened once, changed by facts, related to others.

use customers::contact_point::actions as contacts;
use customers::contact_point::model::{ContactKind, NewContactPoint, SourceRoute};
use customers::identity::{IdentityKind, IdentityNo};
use customers::relation::actions as relations;
use customers::relation::actions::Say;
use customers::relation::model::{NewRelation, RelationKind, Willingness};
use customers::{Change, load_within, open};
use platform::error::ActionError;
use platform::id::CustomerId;

use crate::lender::{Lender, identity, lenders};

fn code(error: ActionError) -> String {
    let refused = error.refusal().unwrap_or_else(|| panic!("a refusal, not {error}")).clone();
    if refused.code == "form-invalid" {
        format!("{}: {}", refused.fields[0].field, refused.fields[0].code)
    } else {
        refused.code.to_owned()
    }
}

async fn opened(lender: &Lender, name: &str, serial: u32) -> CustomerId {
    let new = lender.person(name, Some(&identity(serial)), Some("13900001234"), "lin").await;
    let mut work = lender.work("lin").await;
    let file = open(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    file.id
}

fn guarantor(serial: u32, lender: &Lender) -> NewRelation {
    let _ = lender;
    NewRelation {
        kind: RelationKind::Guarantor,
        name: "马国强".to_owned(),
        identity: Some(IdentityNo::parse(IdentityKind::ResidentId, &identity(serial)).unwrap()),
        share_ppm: None,
        since: jiff::civil::date(2026, 11, 1),
        consented_on: None,
        note: None,
    }
}

#[tokio::test]
async fn a_file_is_opened_with_number_phone_audit_entry_and_event() {
    for lender in lenders().await {
        let id = opened(&lender, "梁文博", 1).await;
        let mut work = lender.work("lin").await;
        let file = load_within(&mut work, id, "customer.view").await.unwrap();
        assert_eq!((file.number.as_str(), file.identity_masked.len()), ("C00000001", 18));
        assert_eq!(file.born_on, Some(jiff::civil::date(1990, 3, 7)));
        assert_eq!(file.phone_last.as_deref(), Some("1234"));
        let points = contacts::list(&mut work, id).await.unwrap();
        assert_eq!((points.len(), points[0].masked.as_str(), points[0].main), (1, "139****1234", true));
        drop(work);
        assert_eq!(lender.count("select count(*) as n from audit_entry where action = 'customer.open'").await, 1);
        assert_eq!(lender.count("select count(*) as n from event where kind = 'customer_opened'").await, 1);
        assert_eq!(platform::audit::verify(&lender.house.app.db).await.unwrap().broken, None);
    }
}

#[tokio::test]
async fn a_second_file_for_one_number_is_refused_and_names_the_first_if_visible() {
    // rule customer.identity.one_file
    for lender in lenders().await {
        opened(&lender, "梁文博", 1).await;
        let rows = [("lin", "customer-duplicate", "C00000001"), ("far", "customer-duplicate-elsewhere", "")];
        for (login, code, number) in rows {
            let new = lender.person("梁文", Some(&identity(1)), None, login).await;
            let mut work = lender.work(login).await;
            let error = open(&mut work, &new).await.unwrap_err();
            let refused = error.refusal().unwrap();
            assert_eq!((refused.code, refused.details[0].1.as_str()), (code, number), "{login}");
        }
        assert_eq!(lender.count("select count(*) as n from customer").await, 1, "a refusal writes nothing");
    }
}

#[tokio::test]
async fn the_old_fifteen_digit_number_is_the_same_person() {
    // rule customer.identity.one_file
    for lender in lenders().await {
        let new18 = identity(1);
        opened(&lender, "梁文博", 1).await;
        let old = format!("{}{}", &new18[..6], &new18[8..17]);
        let mut new = lender.person("梁文博", None, None, "lin").await;
        new.identity = Some(IdentityNo::parse(IdentityKind::OldResidentId, &old).unwrap());
        let mut work = lender.work("lin").await;
        assert_eq!(code(open(&mut work, &new).await.unwrap_err()), "customer-duplicate");
    }
}

#[tokio::test]
async fn a_change_is_a_fact_with_before_and_after_and_needs_the_version_seen() {
    for lender in lenders().await {
        let id = opened(&lender, "梁文博", 1).await;
        let mut work = lender.work("lin").await;
        let file = load_within(&mut work, id, "customer.edit").await.unwrap();
        let wish = Change {
            seen: file.version,
            address: Some("衡川市东湖路十二号院".to_owned()),
            note: None,
            nationality: Some("vn".to_owned()),
            manager: file.manager,
            reason: "搬家".to_owned(),
        };
        customers::customer::actions::change(&mut work, id, &wish).await.unwrap();
        work.commit().await.unwrap();
        let mut work = lender.work("lin").await;
        let stale =
            customers::customer::actions::change(&mut work, id, &Change { note: Some("x".into()), ..wish.clone() })
                .await;
        assert!(
            matches!(stale, Err(ActionError::Store(platform::db::StoreError::Stale { .. }))),
            "the version moved on"
        );
        drop(work);
        let mut work = lender.work("lin").await;
        let again =
            customers::customer::actions::change(&mut work, id, &Change { seen: file.version + 1, ..wish }).await;
        assert_eq!(code(again.unwrap_err()), "customer-nothing-changed");
        drop(work);
        let facts = "select count(*) as n from customer_fact where attribute = 'address' and value_before is null \
                     and value = '衡川市东湖路十二号院'";
        assert_eq!(lender.count(facts).await, 1);
        let stated = "select count(*) as n from customer_fact where attribute = 'nationality' and value = 'VN'";
        assert_eq!(lender.count(stated).await, 1, "stated by a person, never derived from the number");
        let clear = "select count(*) as n from audit_entry where after_json like '%十二号院%'";
        assert_eq!(lender.count(clear).await, 0, "the trail holds no address in clear");
    }
}

#[tokio::test]
async fn a_file_moves_with_its_manager_only_by_who_may_reach_both() {
    //
    for lender in lenders().await {
        let id = opened(&lender, "梁文博", 1).await;
        let far = lender.user("far").await;
        for (login, outcome) in [("lin", Some("manager: customer-outside-scope")), ("chief", None)] {
            let mut work = lender.work(login).await;
            let seen = load_within(&mut work, id, "customer.edit").await.unwrap().version;
            let wish =
                Change { seen, address: None, note: None, nationality: None, manager: far, reason: "移交".into() };
            let done = customers::customer::actions::change(&mut work, id, &wish).await;
            let shown = done.err().map(|error| {
                let refused = error.refusal().unwrap();
                format!("{}: {}", refused.fields[0].field, refused.fields[0].code)
            });
            assert_eq!(shown.as_deref(), outcome, "{login}");
            if outcome.is_none() {
                let moved = load_within(&mut work, id, "customer.view").await.unwrap();
                assert_eq!((moved.branch, moved.team), (crate::lender::BRANCH, None));
                work.commit().await.unwrap();
            }
        }
        let mut work = lender.work("lin").await;
        assert_eq!(code(load_within(&mut work, id, "customer.view").await.unwrap_err()), "customer-not-found");
    }
}

#[tokio::test]
async fn an_objection_is_final_and_an_ended_relation_stays() {
    // X-06, rule relation.objection.final
    for lender in lenders().await {
        let id = opened(&lender, "梁文博", 1).await;
        let mut work = lender.work("lin").await;
        let one = relations::add(&mut work, id, &guarantor(2, &lender)).await.unwrap();
        relations::record_say(&mut work, id, one, Say::Consent, "来电").await.unwrap();
        let again = relations::record_say(&mut work, id, one, Say::Consent, "").await.unwrap_err();
        assert_eq!(code(again), "customer-nothing-changed");
        relations::record_say(&mut work, id, one, Say::Object, "书面").await.unwrap();
        let back = relations::record_say(&mut work, id, one, Say::Consent, "").await.unwrap_err();
        assert_eq!(code(back), "relation-objected");
        assert_eq!(code(relations::end(&mut work, id, one, " ").await.unwrap_err()), "reason: reason-empty");
        relations::end(&mut work, id, one, "保证责任解除").await.unwrap();
        assert_eq!(code(relations::end(&mut work, id, one, "x").await.unwrap_err()), "customer-already-ended");
        let kept = relations::load(&mut work, id, one, "customer.view").await.unwrap();
        assert!(matches!(kept.willingness, Willingness::Objected(_)) && !kept.is_open());
    }
}

#[tokio::test]
async fn a_related_party_with_a_file_is_linked_and_nobody_is_related_to_oneself() {
    for lender in lenders().await {
        let (id, other) = (opened(&lender, "梁文博", 1).await, opened(&lender, "马国强", 2).await);
        let mut work = lender.work("lin").await;
        let one = relations::add(&mut work, id, &guarantor(2, &lender)).await.unwrap();
        let one = relations::load(&mut work, id, one, "customer.view").await.unwrap();
        assert_eq!(one.other, Some(other));
        assert_eq!(one.person, load_within(&mut work, other, "customer.view").await.unwrap().person);
        let itself = relations::add(&mut work, id, &guarantor(1, &lender)).await.unwrap_err();
        assert_eq!(code(itself), "relation-to-itself");
    }
}

#[tokio::test]
async fn a_new_main_phone_takes_the_place_of_the_old_and_an_ended_one_is_not_found_by_its_end() {
    for lender in lenders().await {
        let id = opened(&lender, "梁文博", 1).await;
        let mut work = lender.work("lin").await;
        let new = |kind, value: &str| NewContactPoint {
            relation: None,
            kind,
            value: value.to_owned(),
            route: SourceRoute::Customer,
            consented: true,
            main: true,
        };
        let phone = contacts::add(&mut work, id, &new(ContactKind::Phone, "138 0000-5678")).await.unwrap();
        contacts::add(&mut work, id, &new(ContactKind::Email, "liang@example.test")).await.unwrap();
        let last = |file: customers::Customer| file.phone_last;
        assert_eq!(last(load_within(&mut work, id, "customer.view").await.unwrap()).as_deref(), Some("5678"));
        contacts::end(&mut work, id, phone, "空号").await.unwrap();
        assert_eq!(last(load_within(&mut work, id, "customer.view").await.unwrap()).as_deref(), Some("1234"));
        for (kind, value, complaint) in [
            (ContactKind::Phone, "123", "value: phone-invalid"),
            (ContactKind::Email, "liang", "value: email-invalid"),
            (ContactKind::Address, " ", "value: field-empty"),
            (ContactKind::Address, "a\u{0}b", "value: contact-value-invalid"),
        ] {
            assert_eq!(code(contacts::add(&mut work, id, &new(kind, value)).await.unwrap_err()), complaint);
        }
    }
}

#[tokio::test]
async fn a_contact_reaches_the_persons_files_and_those_that_share_person_or_number() {
    for lender in lenders().await {
        let (id, other) = (opened(&lender, "梁文博", 1).await, opened(&lender, "马国强", 2).await);
        let mut work = lender.work("lin").await;
        relations::add(&mut work, id, &guarantor(2, &lender)).await.unwrap();
        let person = load_within(&mut work, other, "customer.view").await.unwrap().person;
        let contact = platform::contact_gate::Contact {
            customer: other,
            person,
            number_index: String::new(),
            purpose: platform::contact_gate::Purpose::Verify,
            manner: platform::contact_gate::Manner::by(platform::contact_gate::Channel::Phone),
        };
        let reach = customers::reach(&mut work, &contact).await.unwrap();
        assert_eq!((reach.own, reach.related), (vec![other], vec![id]));
    }
}
