//! Bundles of an earlier day, of merged files, and large ones: what was known then, nothing cut off, in volumes behind the page.

use axum::http::StatusCode;
use collections::bundle::actions as bundles;
use collections::bundle::model::{Order, Purpose};
use collections::bundle::store;
use collections::case::model::CaseId;
use collections::dossier::actions as dossiers;
use collections::dossier::model::{Block, NewEntry};
use collections::known::Known;
use collections::limitation::actions as limitation;
use collections::limitation::model::{EventKind, NewEvent, Signer};
use collections::promise::actions as promises;
use collections::promise::model::{NewPromise, PromiseState};
use collections::{agreement, obligor, promise};
use customers::relation::actions as relations;
use customers::{NewRelation, RelationKind};
use finance::Fen;
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use platform::duty::{self, ContactFact};
use platform::id::CustomerId;
use platform::testbed::{self, packs};
use serde_json::json;

use crate::bundle::{TODAY, made, order, pursued, text_of};
use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};
use crate::one_person::merged;

/// Two days later.
const LATER: Date = date(2026, 12, 23);

fn tie(kind: RelationKind, name: &str) -> NewRelation {
    NewRelation {
        kind,
        name: name.to_owned(),
        identity: None,
        share_ppm: None,
        since: date(2026, 11, 1),
        consented_on: None,
        note: None,
    }
}

fn signed(evidence: &str) -> NewEvent {
    NewEvent {
        guarantee: None,
        kind: EventKind::DemandSigned,
        on: TODAY,
        ended_on: None,
        signer: Some(Signer::Debtor),
        missing: false,
        agrees: false,
        evidence: evidence.to_owned(),
        void: false,
        corrects: None,
        reason: None,
    }
}

// S4-24. Rule `bundle.as-of`
#[tokio::test]
async fn an_earlier_day_shows_promises_agreements_clocks_and_obligors_as_they_were_known_then() {
    for lender in Lender::everywhere().await {
        let (customer, case, loan) = pursued(&lender).await;
        let mut work = lender.at("clerk").await;
        let due_at = work.now.checked_add(SignedDuration::from_hours(5 * 24)).unwrap();
        let new = NewPromise {
            amount: Fen(100_000),
            due_at,
            promised_by: "程一诺".to_owned(),
            words: "周五前付一千元".to_owned(),
        };
        promises::make(&mut work, case, &new).await.unwrap();
        let first = relations::add(&mut work, customer, &tie(RelationKind::CoBorrower, "先登记")).await.unwrap();
        let event = limitation::record(&mut work, loan, &signed("签收单甲")).await.unwrap();
        work.commit().await.unwrap();
        lender.close_until(LATER).await;
        let mut work = lender.at("clerk").await;
        promises::withdraw(&mut work, case, "登记有误").await.unwrap();
        relations::end(&mut work, customer, first, "登记有误").await.unwrap();
        // Entered later, of an earlier day.
        relations::add(&mut work, customer, &tie(RelationKind::CoBorrower, "后登记")).await.unwrap();
        let taken_back =
            NewEvent {
                void: true, corrects: Some(event), reason: Some("签收人不符".to_owned()), ..signed("签收单甲")
            };
        limitation::record(&mut work, loan, &taken_back).await.unwrap();
        let key = collections::case::store::find(&mut work.tx, case).await.unwrap().unwrap().key;
        let agreed = agreement::store::of_case(&mut work.tx, key).await.unwrap().remove(0);
        agreement::actions::withdraw(&mut work, &agreed.id.to_string(), "客户改约").await.unwrap();
        work.commit().await.unwrap();

        let mut work = lender.at("clerk").await;
        let file = customers::load(&mut work.tx, customer).await.unwrap().unwrap();
        for (on, promised, proposed, who, steps) in [
            (TODAY, PromiseState::Open, agreement::model::AgreementState::Proposed, "先登记", 1),
            (LATER, PromiseState::Withdrawn, agreement::model::AgreementState::Withdrawn, "后登记", 0),
        ] {
            let known = Known::at_end_of(&mut work, on).await.unwrap();
            assert_eq!(known.today, on == LATER);
            let states = promise::store::known(&mut work.tx, key, known, 100).await.unwrap();
            assert_eq!(states.iter().map(|one| one.state).collect::<Vec<_>>(), [promised], "{on}");
            let agreements = agreement::store::known(&mut work.tx, key, known, 100).await.unwrap();
            assert_eq!(agreements.iter().map(|(one, _)| one.state).collect::<Vec<_>>(), [proposed], "{on}");
            let owing = obligor::actions::known_of_loans(&mut work, &file, &[loan], known).await.unwrap();
            let names: Vec<&str> = owing.iter().skip(1).map(|one| one.name.as_str()).collect();
            assert_eq!(names, [who], "{on}");
            let clocks = limitation::look_known(&mut work, loan, known).await.unwrap();
            assert_eq!(clocks.events.len(), steps, "{on}");
        }
        drop(work);
        let then = made(&lender, case, order(TODAY)).await.unwrap();
        let text = text_of(&lender, case, &then).await;
        assert!(text.contains("先登记") && !text.contains("后登记"), "{text}");
        assert!(text.contains("待履行") && text.contains("待审批") && text.contains("签收单甲"), "{text}");
        assert!(!text.contains("客户改约") && !text.contains("已撤回"), "{text}");
        let now = made(&lender, case, order(LATER)).await.unwrap();
        let text = text_of(&lender, case, &now).await;
        assert!(text.contains("后登记") && text.contains("客户改约") && text.contains("已撤回"), "{text}");
        assert!(!text.contains("签收单甲"), "a fact that was taken back is none: {text}");
    }
}

async fn spoken(lender: &Lender, customer: CustomerId, who: &str, words: &str) {
    let mut work = lender.at("clerk").await;
    let fact = ContactFact {
        customer,
        subject: format!("customer:{customer}"),
        at: work.now,
        channel: duty::Channel::Phone,
        contacted: who.to_owned(),
        reached: true,
        response: words.to_owned(),
        text_sent: String::new(),
        payload: json!({}),
    };
    duty::keep_contact(&mut work, &fact, &[]).await.unwrap();
    work.commit().await.unwrap();
}

async fn case_of(lender: &Lender, customer: CustomerId) -> CaseId {
    let mut work = lender.at("clerk").await;
    collections::case::store::open_of(&mut work.tx, customer).await.unwrap().unwrap().key.case
}

// S4-24, X-05. Rules `bundle.merged`, `bundle.third-party`
#[tokio::test]
async fn a_merged_file_stands_in_the_bundle_with_its_loans_and_contacts_and_third_parties_do_not() {
    for lender in Lender::everywhere().await {
        let (gone, stays) = (lender.customer("乔安").await, lender.customer("乔安之").await);
        let first = lender.loan(gone, plain(date(2026, 10, 20), 12)).await.file.loan.number;
        let second = lender.loan(stays, plain(date(2026, 10, 20), 12)).await.file.loan.number;
        spoken(&lender, gone, "乔安", "货款未到账").await;
        spoken(&lender, stays, "邻居", "听说他搬走了").await;
        merged(&lender, gone, stays).await;
        lender.close_until(TODAY).await;
        let mut work = lender.at("clerk").await;
        let (known, version) = platform::institution::load(&mut work.tx).await.unwrap();
        let reached = platform::institution::Institution { contact: "衡川市东湖路 1 号".to_owned(), ..known };
        platform::institution::change(&mut work, version, &reached).await.unwrap();
        work.commit().await.unwrap();
        let case = case_of(&lender, stays).await;
        let whole = made(&lender, case, order(TODAY)).await.unwrap();
        assert_eq!(whole.files, 2);
        let text = text_of(&lender, case, &whole).await;
        assert!(text.contains(&first) && text.contains(&second), "{text}");
        assert!(text.contains("货款未到账"), "the debtor's own words, of the other file: {text}");
        assert!(!text.contains("听说他搬走了") && !text.contains("邻居"), "{text}");
        assert!(text.contains("第三人言词未编入"), "{text}");
        let reads = "select count(*) as n from audit_entry where action = 'dossier.bundle'";
        assert_eq!(lender.count(reads).await, 2, "both dossiers are read by it");
    }
}

// S4-24. Rules `bundle.budget`, `bundle.volumes`, `bundle.background`
#[tokio::test]
async fn a_large_one_is_made_in_volumes_behind_the_page_and_one_too_large_is_refused() {
    for db in testbed::databases().await {
        let mut texts = packs();
        let parameters = texts.get_mut("common/parameters.csv").unwrap();
        *parameters = parameters
            .replace("bundle_volume_lines,count 10..100000,3000", "bundle_volume_lines,count 10..100000,10")
            .replace("bundle_at_once_lines,count 0..1000000,3000", "bundle_at_once_lines,count 0..1000000,0");
        let lender = Lender::with_packs(db, texts).await;
        let (_, case, _) = pursued(&lender).await;
        let mut browser = lender.house.user("clerk").await;
        let path = format!("/collections/cases/{case}/bundles");
        let fields = [("purpose", "suit"), ("as_of", "2026-12-21"), ("enclose", "files")];
        let refused = browser.post_from(&path, &path, &fields).await;
        assert_ne!(refused.status, StatusCode::SEE_OTHER);
        assert!(refused.text.contains("Make bundles"), "{}", refused.text);
        let key = case.to_string();
        let list = "/collections/cases";
        assert!(browser.get(list).await.text.contains("/collections/cases/batch/bundles"));
        let picked = browser.post_from(list, "/collections/cases/batch/bundles", &[("key", key.as_str())]).await;
        assert_eq!(picked.status, StatusCode::OK, "{}", picked.text);
        let batch =
            [("key", key.as_str()), ("purpose", "suit"), ("as_of", "2026-12-21"), ("enclose", "files"), ("step", "do")];
        let asked = browser.post_from(list, "/collections/cases/batch/bundles", &batch).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
        assert_eq!(platform::batch::run_waiting(lender.app()).await.unwrap(), 1);
        let mut work = lender.at("clerk").await;
        let found = collections::case::store::find(&mut work.tx, case).await.unwrap().unwrap();
        let volumes = store::of_case(&mut work.tx, found.key).await.unwrap();
        let report = browser.get(asked.location()).await;
        assert!(volumes.len() > 1, "{}", report.text);
        assert!(volumes.iter().all(|one| one.number == volumes[0].number && one.volumes == volumes[0].volumes));
        assert_eq!(i64::try_from(volumes.len()).unwrap(), volumes[0].volumes);
        assert_eq!(volumes.iter().map(|one| one.enclosed).sum::<i64>(), 1, "in the last volume");
        drop(work);
        let last = volumes.iter().find(|one| one.volume == one.volumes).unwrap();
        let text = text_of(&lender, case, last).await;
        assert!(text.contains(&format!("第{}册，共{}册", last.volume, last.volumes)), "{text}");
        assert!(browser.get(&path).await.text.contains(&format!("{} / {}", last.volume, last.volumes)));
    }
    let lender = {
        let mut texts = packs();
        let parameters = texts.get_mut("common/parameters.csv").unwrap();
        *parameters = parameters.replace("bundle_lines,count 100..1000000,20000", "bundle_lines,count 1..1000000,5");
        Lender::with_packs(testbed::databases().await.remove(0), texts).await
    };
    let (_, case, _) = pursued(&lender).await;
    let order = Order { purpose: Purpose::Suit, as_of: TODAY, enclose: false };
    let refused = bundles::prepare(lender.at("clerk").await, case, order).await.err().unwrap();
    assert_eq!(refused.refusal().unwrap().code, "bundle-too-large");
}

fn asset(what: &str) -> NewEntry {
    let pairs = [("what", what), ("value", "820000"), ("pledged", "no"), ("preserved", "no"), ("moved", "no")];
    let typed = pairs.map(|(name, text)| (name.to_owned(), text.to_owned())).into_iter().collect();
    NewEntry { typed, ..NewEntry::default() }
}

// S4-24. Rule `dossier.as-of`: the page, the file and the interface show the dossier of a chosen day as the bundle does.
#[tokio::test]
async fn the_page_shows_the_dossier_of_a_chosen_day() {
    for lender in Lender::everywhere().await {
        let (customer, case, _) = pursued(&lender).await;
        let mut work = lender.at("clerk").await;
        let shop = dossiers::record(&mut work, case, Block::Asset, &asset("东湖路商铺"), None).await.unwrap();
        let first = relations::add(&mut work, customer, &tie(RelationKind::CoBorrower, "先登记")).await.unwrap();
        work.commit().await.unwrap();
        lender.close_until(LATER).await;
        let mut work = lender.at("clerk").await;
        let newer = NewEntry { of: Some(shop), ..asset("南岸厂房") };
        dossiers::record(&mut work, case, Block::Asset, &newer, None).await.unwrap();
        relations::end(&mut work, customer, first, "登记有误").await.unwrap();
        relations::add(&mut work, customer, &tie(RelationKind::CoBorrower, "后登记")).await.unwrap();
        work.commit().await.unwrap();
        let mut browser = lender.house.user("clerk").await;
        let page = format!("/collections/cases/{case}/dossier");
        let then = in_both_languages(&mut browser, &format!("{page}?as_of=2026-12-21")).await;
        assert!(then.text.contains("东湖路商铺") && then.text.contains("先登记"), "{}", then.text);
        assert!(!then.text.contains("南岸厂房") && !then.text.contains("后登记"), "{}", then.text);
        assert!(!then.text.contains(&format!("{page}/asset/new")), "an earlier day is looked at");
        let now = in_both_languages(&mut browser, &page).await;
        assert!(now.text.contains("南岸厂房") && now.text.contains("后登记"), "{}", now.text);
        let early = browser.get(&format!("{page}?as_of=2027-01-01")).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", early.text);
        let (status, file) = browser.file(&format!("{page}.pdf?as_of=2026-12-21")).await;
        assert!(status == StatusCode::OK && file.starts_with(b"%PDF"), "{status}");
        let mut program = lender.house.program("clerk", &["dossier.view", "case.view"]).await;
        let told = program.get(&format!("{page}?as_of=2026-12-21")).await.json();
        assert_eq!(told.as_array().map(Vec::len), Some(1), "{told}");
        assert_eq!((&told[0]["stands"], &told[0]["content"]["what"]), (&json!(true), &json!("东湖路商铺")));
        let all = program.get(&page).await.json();
        assert_eq!(all.as_array().map(Vec::len), Some(2), "{all}");
    }
}
