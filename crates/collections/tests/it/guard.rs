//! The guard over real files and ledgers: what passes, what is refused, what is kept of it.

use collections::contact::actions::{NewOutcome, OutsideContact, record, record_outside};
use collections::contact::model::ContactResult;
use collections::guard::actions::{log_ground, register_line};
use collections::guard::hours_actions::{AgreedHours, agree_hours, confirm_hours};
use collections::guard::model::{AllowanceId, Ground, Party, Verdict};
use collections::guard::{Ask, Opened, open_once, reachable, reserve, reserve_without_number, settle};
use collections::stop_flag::model::{NewStopFlag, StopKind};
use customers::contact_point::actions as points;
use customers::contact_point::model::{ContactKind, ContactPointId, NewContactPoint, SourceRoute};
use customers::relation::actions as relations;
use customers::relation::model::{NewRelation, RelationId, RelationKind};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use platform::contact_gate::{Answer, CallingLine, Channel, LineId, Manner, Pass, Purpose, Shown, Visitors};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::testbed::{self, packs};
use platform::work::Work;
use servicing::security::model::{GuaranteeKind, NewSecurity};

use crate::lender::{Lender, plain};

const TODAY: Date = date(2026, 11, 20);

fn code(error: ActionError) -> String {
    match error.refusal() {
        Some(refused) if refused.fields.is_empty() => refused.code.to_owned(),
        Some(refused) => refused.fields.iter().map(|field| field.code).collect::<Vec<_>>().join(","),
        None => error.to_string(),
    }
}

/// An overdue debtor: the file and its own phone.
async fn debtor(lender: &Lender, name: &str) -> (CustomerId, ContactPointId) {
    let customer = lender.customer(name).await;
    lender.loan(customer, plain(date(2026, 8, 20), 12)).await;
    (customer, own_phone(lender, customer).await)
}

async fn own_phone(lender: &Lender, customer: CustomerId) -> ContactPointId {
    let mut work = lender.work().await;
    points::list(&mut work, customer).await.unwrap()[0].id
}

/// A person beside the debtor, with a phone of his own.
async fn beside(
    lender: &Lender,
    customer: CustomerId,
    kind: RelationKind,
    phone: &str,
    consented: bool,
) -> (RelationId, ContactPointId) {
    let mut work = lender.at("boss").await;
    let new = NewRelation {
        kind,
        name: format!("甲之{}", kind.as_str()),
        identity: None,
        share_ppm: None,
        since: TODAY,
        consented_on: consented.then_some(TODAY),
        note: None,
    };
    let relation = relations::add(&mut work, customer, &new).await.unwrap();
    let point = NewContactPoint {
        relation: Some(relation),
        kind: ContactKind::Phone,
        value: phone.to_owned(),
        route: SourceRoute::Papers,
        consented,
        main: true,
    };
    let point = points::add(&mut work, customer, &point).await.unwrap();
    work.commit().await.unwrap();
    (relation, point)
}

/// A guarantee in writing of all that the debtor owes.
async fn guarantees(lender: &Lender, customer: CustomerId, name: &str) {
    let mut work = lender.work().await;
    for key in collections::case::store::pursued(&mut work.tx, customer).await.unwrap() {
        let guarantor = name.to_owned();
        let new = NewSecurity::Guarantee { kind: GuaranteeKind::Joint, guarantor, amount: None, until: None };
        servicing::security::actions::add(&mut work, key, None, new).await.unwrap();
    }
    work.commit().await.unwrap();
}

fn ask(customer: CustomerId, point: ContactPointId) -> Ask {
    Ask {
        customer,
        point,
        purpose: Purpose::Collect,
        manner: Manner::by(Channel::Phone),
        reason: "催收到期款项".to_owned(),
    }
}

/// Asks in a transaction of its own: the pass, or the rule that refuses.
async fn asked(lender: &Lender, login: &str, ask: &Ask) -> Result<Pass, String> {
    let mut work = lender.at(login).await;
    let shown = reserve(&mut work, ask).await.map_err(code)?;
    work.commit().await.unwrap();
    match shown {
        Shown::Number(_, pass) => Ok(pass),
        Shown::Refused { rule, .. } => Err(rule),
    }
}

fn allowance(pass: &Pass) -> AllowanceId {
    AllowanceId(pass.allowance.unwrap())
}

/// Makes a call and enters what came of it.
async fn called(lender: &Lender, login: &str, ask: &Ask, result: ContactResult) -> Result<(), String> {
    let pass = asked(lender, login, ask).await?;
    let mut work = lender.at(login).await;
    let mut outcome = NewOutcome::of(ask.customer, allowance(&pass), result);
    outcome.response = "答应考虑".to_owned();
    record(&mut work, &outcome).await.map_err(code)?;
    work.commit().await.unwrap();
    Ok(())
}

#[tokio::test]
async fn a_call_is_a_reservation_and_nothing_follows_it_without_its_outcome() {
    // X-05 S2.5-21, rules `contact.outcome-first`, `contact.calls-per-day`
    for lender in Lender::everywhere().await {
        let (customer, point) = debtor(&lender, "甲").await;
        let first = asked(&lender, "boss", &ask(customer, point)).await.unwrap();
        let stands = lender.app().clock.now().checked_add(SignedDuration::from_mins(30)).unwrap();
        assert_eq!(first.until, Some(stands), "thirty minutes, from the policy");
        assert_eq!(asked(&lender, "boss", &ask(customer, point)).await, Err("contact.outcome-first".to_owned()));
        let second = asked(&lender, "clerk", &ask(customer, point)).await.unwrap();
        let mut work = lender.at("boss").await;
        settle(&mut work, customer, allowance(&first), ContactResult::Promised).await.unwrap();
        settle(&mut work, customer, allowance(&second), ContactResult::NoAnswer).await.unwrap();
        let twice = settle(&mut work, customer, allowance(&first), ContactResult::NoAnswer).await.unwrap_err();
        assert_eq!(code(twice), "allowance-settled");
        work.commit().await.unwrap();
        called(&lender, "boss", &ask(customer, point), ContactResult::Refused).await.unwrap();
        called(&lender, "clerk", &ask(customer, point), ContactResult::CallAgain).await.unwrap();
        for purpose in [Purpose::Collect, Purpose::Care, Purpose::Verify] {
            let again = Ask { purpose, ..ask(customer, point) };
            assert_eq!(asked(&lender, "boss", &again).await, Err("contact.calls-per-day".to_owned()), "{purpose:?}");
        }
        let mut tx = lender.app().db.read().await.unwrap();
        let sql = "select allowed, rule, article, next_lawful_at from contact_check order by id desc limit 1";
        let kept = tx.fetch_one(sql, Vec::new()).await.unwrap();
        assert_eq!(kept.get::<String>("article").unwrap(), "gbt-45251-2025");
        let next: Timestamp = kept.get("next_lawful_at").unwrap();
        assert_eq!(next, "2026-11-21T00:00:00Z".parse().unwrap(), "eight in the morning in China");
        drop(tx);
        lender.app().clock.set(next);
        asked(&lender, "boss", &ask(customer, point)).await.unwrap();
    }
}

#[tokio::test]
async fn an_allowance_that_ran_out_blocks_everybody_until_its_outcome_is_entered() {
    // X-05, rule `contact.outcome-first`
    for lender in Lender::everywhere().await {
        let (customer, point) = debtor(&lender, "甲").await;
        let pass = asked(&lender, "boss", &ask(customer, point)).await.unwrap();
        lender.app().clock.advance(SignedDuration::from_mins(31));
        assert_eq!(asked(&lender, "clerk", &ask(customer, point)).await, Err("contact.outcome-first".to_owned()));
        let mut work = lender.at("clerk").await;
        settle(&mut work, customer, allowance(&pass), ContactResult::PoweredOff).await.unwrap();
        work.commit().await.unwrap();
        asked(&lender, "clerk", &ask(customer, point)).await.unwrap();
    }
}

#[tokio::test]
async fn seven_dials_on_one_number_are_one_too_many_whoever_it_is_said_to_be() {
    // X-05 C-46, rule `contact.dials-per-day`
    for lender in Lender::everywhere().await {
        // Both files hold the same number.
        let (one, two) = (debtor(&lender, "甲").await, debtor(&lender, "乙").await);
        for turn in 0..6 {
            let who = if turn % 2 == 0 { one } else { two };
            called(&lender, "boss", &ask(who.0, who.1), ContactResult::NoAnswer).await.unwrap();
        }
        for who in [one, two] {
            assert_eq!(asked(&lender, "boss", &ask(who.0, who.1)).await, Err("contact.dials-per-day".to_owned()));
        }
    }
}

#[tokio::test]
async fn a_debtors_number_in_another_file_is_still_the_debtors() {
    // X-05 X-06 S2.5-18: neither care nor another file is the way around the limit.
    for lender in Lender::everywhere().await {
        let (customer, point) = debtor(&lender, "甲").await;
        for _ in 0..3 {
            called(&lender, "boss", &ask(customer, point), ContactResult::Refused).await.unwrap();
        }
        let quiet = lender.customer("乙").await;
        let own = own_phone(&lender, quiet).await;
        let care = Ask { purpose: Purpose::Care, ..ask(quiet, own) };
        assert_eq!(asked(&lender, "boss", &care).await, Err("contact.calls-per-day".to_owned()));
        let mut work = lender.at("boss").await;
        let phone = NewContactPoint {
            relation: None,
            kind: ContactKind::Phone,
            value: "19900000077".to_owned(),
            route: SourceRoute::Customer,
            consented: true,
            main: true,
        };
        let other = points::add(&mut work, quiet, &phone).await.unwrap();
        work.commit().await.unwrap();
        let pass = asked(&lender, "boss", &Ask { point: other, ..care }).await.unwrap();
        assert_eq!(pass.allowance, None, "who owes nothing overdue is not counted");
        assert_eq!(asked(&lender, "boss", &ask(quiet, other)).await, Err("contact.nothing-overdue".to_owned()));
    }
}

#[tokio::test]
async fn colleagues_friends_and_the_debtors_own_debtors_are_never_shown() {
    // X-06 S2.5-08 S2.5-14 S2.5-15 S2.5-16 S2.5-20
    for lender in Lender::everywhere().await {
        let (customer, own) = debtor(&lender, "甲").await;
        let (_, colleague) = beside(&lender, customer, RelationKind::ListedContact, "19900000002", false).await;
        let (_, upstream) = beside(&lender, customer, RelationKind::RelatedParty, "19900000003", false).await;
        let (_, spouse) = beside(&lender, customer, RelationKind::Spouse, "19900000004", false).await;
        let (_, guarantor) = beside(&lender, customer, RelationKind::Guarantor, "19900000005", false).await;
        for point in [colleague, upstream, spouse] {
            for purpose in [Purpose::Verify, Purpose::Care, Purpose::Collect] {
                let ask = Ask { purpose, ..ask(customer, point) };
                assert_eq!(asked(&lender, "boss", &ask).await, Err("contact.third-party".to_owned()), "{purpose:?}");
            }
        }
        let of_guarantor = ask(customer, guarantor);
        let refused = asked(&lender, "boss", &of_guarantor).await;
        assert_eq!(refused, Err("contact.third-party".to_owned()), "the relation alone obliges nobody");
        guarantees(&lender, customer, "甲之guarantor").await;
        asked(&lender, "boss", &of_guarantor).await.unwrap();
        let mut work = lender.at("boss").await;
        let lines = reachable(&mut work, customer).await.unwrap();
        let shown: Vec<(Party, bool)> = lines.iter().map(|line| (line.party, line.masked.is_some())).collect();
        let hidden = (Party::Other, false);
        assert_eq!(shown, [(Party::Debtor, true), hidden, hidden, hidden, (Party::Guarantor, true)]);
        assert_eq!((lines[0].point, lines[0].calls, lines[4].calls), (Some(own), (0, Some(3)), (1, Some(3))));
        assert!(lines[0].verdict.is_allowed() && !lines[1].verdict.is_allowed());
        let no_reason = Ask { reason: " ".to_owned(), ..ask(customer, own) };
        assert_eq!(
            code(reserve(&mut work, &no_reason).await.unwrap_err()),
            "reason-empty",
            "each question has its purpose"
        );
        drop(work);
        assert_eq!(lender.count("select count(*) as n from conduct_finding where kind = 'refused'").await, 10);
    }
}

#[tokio::test]
async fn a_consented_contact_is_asked_once_after_the_debtor_was_sought_in_vain() {
    // X-06 S2.4-10 S2.4-11 S2.4-12 S2.5-15 C-46, rules `contact.unreachable`, `contact.third-party-once`
    for lender in Lender::everywhere().await {
        let (customer, own) = debtor(&lender, "甲").await;
        let (_, friend) = beside(&lender, customer, RelationKind::ListedContact, "19900000002", true).await;
        assert_eq!(asked(&lender, "boss", &ask(customer, friend)).await, Err("contact.third-party".to_owned()));
        let mut work = lender.at("boss").await;
        let early = log_ground(&mut work, customer, Ground::Unreachable, "三日未通").await.unwrap_err();
        assert_eq!(code(early), "not-unreachable");
        let mut lines: Vec<LineId> = Vec::new();
        for (number, label) in [("0591-1001", "一线"), ("0591-1002", "二线"), ("0591-1003", "三线")] {
            lines.push(register_line(&mut work, number, label).await.unwrap());
        }
        assert_eq!(code(register_line(&mut work, "05911001", "又一线").await.unwrap_err()), "line-exists");
        work.commit().await.unwrap();
        // Morning, afternoon, evening.
        for (line, moment) in lines.iter().zip(["2026-11-21T01:00:00Z", "2026-11-21T07:00:00Z", "2026-11-21T11:00:00Z"])
        {
            lender.app().clock.set(moment.parse().unwrap());
            let mut ask = ask(customer, own);
            ask.manner.line = CallingLine::Registered(*line);
            called(&lender, "boss", &ask, ContactResult::PoweredOff).await.unwrap();
        }
        let mut sms = ask(customer, own);
        sms.manner = Manner { text: Some("请回电0591-1001，谢谢".to_owned()), ..Manner::by(Channel::Sms) };
        called(&lender, "boss", &sms, ContactResult::Sent).await.unwrap();
        let mut work = lender.at("boss").await;
        log_ground(&mut work, customer, Ground::Unreachable, "三线三时段未通，短信已发").await.unwrap();
        work.commit().await.unwrap();
        let mut loose = ask(customer, friend);
        loose.manner = Manner { text: Some("他欠款逾期未还".to_owned()), ..Manner::by(Channel::Sms) };
        assert_eq!(asked(&lender, "boss", &loose).await, Err("contact.neutral".to_owned()));
        called(&lender, "boss", &ask(customer, friend), ContactResult::NoAnswer).await.unwrap();
        called(&lender, "boss", &ask(customer, friend), ContactResult::AnsweredByOther).await.unwrap();
        assert_eq!(asked(&lender, "boss", &ask(customer, friend)).await, Err("contact.third-party-once".to_owned()));
        // The debtor is back: nobody else is asked any more.
        called(&lender, "boss", &ask(customer, own), ContactResult::CallAgain).await.unwrap();
        assert_eq!(asked(&lender, "boss", &ask(customer, friend)).await, Err("contact.third-party".to_owned()));
    }
}

#[tokio::test]
async fn an_objection_holds_for_good() {
    // X-06 X-10, rules `contact.objection`, `duty.stop_flag_legal`
    for lender in Lender::everywhere().await {
        let (customer, own) = debtor(&lender, "甲").await;
        let (relation, friend) = beside(&lender, customer, RelationKind::ListedContact, "19900000002", true).await;
        let mut work = lender.at("boss").await;
        let flag =
            NewStopFlag { kind: StopKind::Death, reason: "病故".to_owned(), evidence: "死亡证明".to_owned() };
        assert_eq!(code(log_ground(&mut work, customer, Ground::Dead, "证明").await.unwrap_err()), "ground-flag-first");
        collections::stop_flag::set(&mut work, customer, &flag).await.unwrap();
        log_ground(&mut work, customer, Ground::Dead, "死亡证明").await.unwrap();
        work.commit().await.unwrap();
        let legal = "select count(*) as n from duty where kind = 'stop_flag_legal' and owner_role = 'legal' \
             and state = 'open'";
        assert_eq!(lender.count(legal).await, 1, "heirs are the matter of legal");
        assert_eq!(asked(&lender, "boss", &ask(customer, own)).await, Err("contact.stop-flag".to_owned()));
        let pass = asked(&lender, "boss", &ask(customer, friend)).await.unwrap();
        let mut work = lender.at("boss").await;
        let said = ContactResult::CallAgain;
        let outcome = NewOutcome {
            objected: true,
            response: "不要再联系我".to_owned(),
            ..NewOutcome::of(customer, allowance(&pass), said)
        };
        record(&mut work, &outcome).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(asked(&lender, "boss", &ask(customer, friend)).await, Err("contact.objection".to_owned()));
        let mut work = lender.at("boss").await;
        assert!(relations::record_say(&mut work, customer, relation, relations::Say::Consent, "又同意").await.is_err());
    }
}

#[tokio::test]
async fn a_stop_flag_stops_and_another_person_lifts_it() {
    // X-02 X-10 C-45, rules `contact.stop-flag`, `stop-flag.second-person`, `service.no-second-person`
    for lender in Lender::everywhere().await {
        let (customer, own) = debtor(&lender, "甲").await;
        let mut work = lender.at("boss").await;
        let flag =
            NewStopFlag {
                kind: StopKind::Dispute, reason: "金额有异议".to_owned(), evidence: "投诉单7".to_owned()
            };
        let bare = NewStopFlag { evidence: " ".to_owned(), ..flag.clone() };
        let refused = collections::stop_flag::set(&mut work, customer, &bare).await.unwrap_err();
        assert_eq!(code(refused), "field-empty");
        let id = collections::stop_flag::set(&mut work, customer, &flag).await.unwrap();
        assert_eq!(
            code(collections::stop_flag::set(&mut work, customer, &flag).await.unwrap_err()),
            "stop-flag-stands"
        );
        assert_eq!(collections::stop_flag::standing(&mut work, customer).await.unwrap().len(), 1);
        work.commit().await.unwrap();
        assert_eq!(asked(&lender, "clerk", &ask(customer, own)).await, Err("contact.stop-flag".to_owned()));
        let mut work = lender.at("boss").await;
        let own_flag = collections::stop_flag::lift(&mut work, customer, id, "已答复").await.unwrap_err();
        assert_eq!(code(own_flag), "stop-flag-own");
        drop(work);
        let mut work = lender.at("clerk").await;
        work.actor.service = true;
        let program = collections::stop_flag::lift(&mut work, customer, id, "已答复").await.unwrap_err();
        assert_eq!(code(program), "service-account");
        drop(work);
        let mut work = lender.at("clerk").await;
        collections::stop_flag::lift(&mut work, customer, id, "已答复").await.unwrap();
        assert!(collections::stop_flag::standing(&mut work, customer).await.unwrap().is_empty());
        let again = collections::stop_flag::lift(&mut work, customer, id, "已答复").await.unwrap_err();
        assert_eq!(code(again), "stop-flag-not-found");
        work.commit().await.unwrap();
        asked(&lender, "clerk", &ask(customer, own)).await.unwrap();
    }
}

#[tokio::test]
async fn a_contact_counts_with_time_content_and_response_and_shows_how_it_was_held() {
    // S4-14 S4-15 S4-17 S2.5-05 S2.5-11 S2.5-17 S2.5-19, rule `contact.warnings-first`
    for lender in Lender::everywhere().await {
        let (customer, own) = debtor(&lender, "甲").await;
        let pass = asked(&lender, "boss", &ask(customer, own)).await.unwrap();
        let mut work = lender.at("boss").await;
        let mut outcome = NewOutcome::of(customer, allowance(&pass), ContactResult::Refused);
        outcome.warnings = 4;
        outcome.pattern = Some("no-such".to_owned());
        let wrong = record(&mut work, &outcome).await.unwrap_err();
        assert_eq!(code(wrong), "contact-response,warnings-over,choice-invalid");
        let other = NewOutcome {
            response: "…".to_owned(),
            ..NewOutcome::of(customer, allowance(&pass), ContactResult::Sent)
        };
        assert_eq!(code(record(&mut work, &other).await.unwrap_err()), "result-of-other-channel");
        outcome.warnings = 1;
        outcome.pattern = None;
        outcome.response = "拒绝偿还并辱骂".to_owned();
        outcome.hung_up = true;
        outcome.said = "罚息还不够多，先不起诉".to_owned();
        record(&mut work, &outcome).await.unwrap();
        work.commit().await.unwrap();
        let kept = "select count(*) as n from contact_record where reached = 1 and response = '拒绝偿还并辱骂'";
        assert_eq!(lender.count(kept).await, 1);
        let flags = "select count(*) as n from conduct_finding where kind = 'flagged' \
             and rule in ('contact.words', 'contact.warnings-first')";
        assert_eq!(
            lender.count(flags).await,
            2,
            "broken off after one warning, and a suit put off to let penalty grow"
        );
    }
}

#[tokio::test]
async fn what_happened_outside_is_counted_and_judged_as_of_its_own_moment() {
    // X-05 S4-14 S2.5-21
    for lender in Lender::everywhere().await {
        let (customer, own) = debtor(&lender, "甲").await;
        let person = {
            let mut work = lender.work().await;
            customers::load(&mut work.tx, customer).await.unwrap().unwrap().person
        };
        let outside = |at: &str| OutsideContact {
            customer,
            person,
            contacted: "甲".to_owned(),
            number_index: String::new(),
            at: at.parse().unwrap(),
            manner: Manner::by(Channel::Phone),
            result: ContactResult::Refused,
            response: "拒绝".to_owned(),
        };
        let mut work = lender.at("boss").await;
        let (_, night) = record_outside(&mut work, &outside("2026-11-19T15:30:00Z")).await.unwrap();
        assert!(matches!(night, Verdict::Refused { rule, .. } if rule.id() == "contact.quiet-hours"), "{night:?}");
        for hour in 1..=3 {
            let (_, day) = record_outside(&mut work, &outside(&format!("2026-11-20T0{hour}:00:00Z"))).await.unwrap();
            assert!(day.is_allowed(), "{day:?}");
        }
        let (_, fourth) = record_outside(&mut work, &outside("2026-11-20T04:00:00Z")).await.unwrap();
        assert!(matches!(fourth, Verdict::Refused { rule, .. } if rule.id() == "contact.calls-per-day"), "{fourth:?}");
        let future = record_outside(&mut work, &outside("2026-11-21T04:00:00Z")).await.unwrap_err();
        assert_eq!(code(future), "contact-future");
        work.commit().await.unwrap();
        assert_eq!(asked(&lender, "boss", &ask(customer, own)).await, Err("contact.calls-per-day".to_owned()));
        let found = "select count(*) as n from conduct_finding where kind = 'unlawful'";
        assert_eq!(lender.count(found).await, 2);
    }
}

#[tokio::test]
async fn a_visit_is_reserved_by_two_people_with_credentials() {
    // S4-15 S4-16, rule `contact.visit-crew`
    for lender in Lender::everywhere().await {
        let (customer, _) = debtor(&lender, "甲").await;
        let mut work = lender.at("boss").await;
        let person = customers::load(&mut work.tx, customer).await.unwrap().unwrap().person;
        for (people, credentials, allowed) in
            [(vec![1], true, false), (vec![1, 1], true, false), (vec![1, 2], true, true)]
        {
            let visitors = Some(Visitors { people, credentials });
            let manner = Manner { visitors, ..Manner::by(Channel::Visit) };
            let answer = reserve_without_number(&mut work, customer, person, manner, "上门核实").await.unwrap();
            match answer {
                Answer::Allowed(pass) => {
                    assert!(allowed);
                    // Until the quiet hours begin.
                    assert_eq!(pass.until, Some("2026-11-20T14:00:00Z".parse().unwrap()));
                }
                Answer::Refused { rule, .. } => assert!(!allowed && rule == "contact.visit-crew", "{rule}"),
            }
        }
    }
}

#[tokio::test]
async fn a_supervisor_opens_within_the_law_once_and_never_beyond() {
    // X-05, rule `contact.open-within-law`
    for db in testbed::databases().await {
        let mut texts = packs();
        let tighter =
            "effective_calls_per_debtor_day,count 0..,1,,,house.collection-law,house,,本机构上限,House limit\n";
        texts.get_mut("microloan/parameters.csv").unwrap().push_str(tighter);
        let lender = Lender::with_packs(db, texts).await;
        let (customer, own) = debtor(&lender, "甲").await;
        let open = async || {
            let mut work: Work = lender.at("clerk").await;
            let opened = open_once(&mut work, customer, own, Channel::Phone, "客户请求今日回电").await.map_err(code);
            work.commit().await.unwrap();
            opened
        };
        assert_eq!(open().await, Err("nothing-to-open".to_owned()));
        called(&lender, "boss", &ask(customer, own), ContactResult::CallAgain).await.unwrap();
        for _ in 0..2 {
            assert_eq!(asked(&lender, "boss", &ask(customer, own)).await, Err("contact.calls-per-day".to_owned()));
            assert_eq!(open().await, Ok(Opened::Once));
            called(&lender, "boss", &ask(customer, own), ContactResult::CallAgain).await.unwrap();
        }
        assert_eq!(open().await, Err("law-refuses".to_owned()), "three are the law's");
        lender.app().clock.set("2026-11-20T15:00:00Z".parse().unwrap());
        assert_eq!(open().await, Err("law-refuses".to_owned()), "nor the night");
    }
}

#[tokio::test]
async fn the_debtors_own_time_zone_moves_the_quiet_hours_and_wins_no_day() {
    // X-05, rule `contact.civil-day`
    for lender in Lender::everywhere().await {
        let (customer, own) = debtor(&lender, "甲").await;
        let (other, phone) = debtor(&lender, "乙").await;
        lender.app().clock.set("2026-11-20T03:00:00Z".parse().unwrap());
        for _ in 0..3 {
            called(&lender, "boss", &ask(other, phone), ContactResult::Refused).await.unwrap();
        }
        let mut work = lender.at("boss").await;
        let zone = |name: &str| AgreedHours {
            time_zone: Some(name.to_owned()),
            hours: None,
            evidence: "常住地证明".to_owned(),
        };
        let unknown = agree_hours(&mut work, customer, &zone("Mars/Olympus")).await.unwrap_err();
        assert_eq!(code(unknown), "time-zone-unknown");
        agree_hours(&mut work, customer, &zone("Europe/London")).await.unwrap();
        // Where it is the day before, at four in the afternoon, the calls were made on that day.
        agree_hours(&mut work, other, &zone("Pacific/Pago_Pago")).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(asked(&lender, "boss", &ask(other, phone)).await, Err("contact.calls-per-day".to_owned()));
        // 07:59 and 08:00 in London.
        lender.app().clock.set("2026-11-20T07:59:00Z".parse().unwrap());
        assert_eq!(asked(&lender, "boss", &ask(customer, own)).await, Err("contact.quiet-hours".to_owned()));
        lender.app().clock.set("2026-11-20T08:00:00Z".parse().unwrap());
        asked(&lender, "boss", &ask(customer, own)).await.unwrap();
    }
}

#[tokio::test]
async fn only_so_many_limits_are_opened_for_a_person_a_day_by_call_or_message() {
    // X-05, rule `contact.openings-per-day`
    for db in testbed::databases().await {
        let mut texts = packs();
        let tighter = "effective_calls_per_debtor_day,count 0..,0,,,house.collection-law,house,,上限,Limit\n\
                       messages_per_debtor_day,count 0..,0,,,house.collection-law,house,,上限,Limit\n";
        texts.get_mut("microloan/parameters.csv").unwrap().push_str(tighter);
        let lender = Lender::with_packs(db, texts).await;
        let (customer, own) = debtor(&lender, "甲").await;
        let open = async |channel: Channel| {
            let mut work: Work = lender.at("clerk").await;
            let opened = open_once(&mut work, customer, own, channel, "客户请求今日联系").await.map_err(code);
            work.commit().await.unwrap();
            opened
        };
        let letter = open(Channel::Letter).await;
        assert_eq!(letter, Err("choice-invalid".to_owned()));
        assert_eq!(open(Channel::Phone).await, Ok(Opened::Once));
        assert_eq!(open(Channel::Sms).await, Ok(Opened::Once));
        for channel in [Channel::Sms, Channel::Message, Channel::Phone] {
            let refused = open(channel).await.unwrap();
            assert!(matches!(refused, Opened::TooMany { most: 2, .. }), "{channel:?} {refused:?}");
        }
        let kept = "select count(*) as n from contact_opening";
        assert_eq!(lender.count(kept).await, 2);
        let found = "select count(*) as n from conduct_finding where rule = 'contact.openings-per-day' \
                     and kind = 'refused' and article = 'house.contact-openings'";
        assert_eq!(lender.count(found).await, 3, "each is a finding");
        // The next civil day of the debtor begins anew.
        lender.app().clock.set("2026-11-21T02:00:00Z".parse().unwrap());
        assert_eq!(open(Channel::Phone).await, Ok(Opened::Once));
    }
}

#[tokio::test]
async fn agreed_hours_open_nothing_before_a_second_person_confirms_them() {
    // X-05, rule `contact.hours-confirmed`
    for db in testbed::databases().await {
        let mut texts = packs();
        let opens = "contact_agreed_hours_open,flag,true,,,house.collection-law,house,,是否放开,Open\n";
        texts.get_mut("microloan/parameters.csv").unwrap().push_str(opens);
        let lender = Lender::with_packs(db, texts).await;
        let (customer, own) = debtor(&lender, "甲").await;
        // 22:30 in China.
        lender.app().clock.set("2026-11-20T14:30:00Z".parse().unwrap());
        let hours = |hours| AgreedHours { time_zone: None, hours, evidence: "客户来信".to_owned() };
        let state = async |new: Option<(i64, i64)>| {
            let mut work = lender.at("boss").await;
            agree_hours(&mut work, customer, &hours(new)).await.unwrap();
            work.commit().await.unwrap();
        };
        state(Some((1_320, 1_380))).await;
        assert_eq!(asked(&lender, "boss", &ask(customer, own)).await, Err("contact.quiet-hours".to_owned()));
        let noted = "select count(*) as n from conduct_finding where rule = 'contact.quiet-hours' \
                     and detail = 'contact.hours-confirmed'";
        assert_eq!(lender.count(noted).await, 1, "the finding says that only unconfirmed hours spoke for it");
        let confirm = async |login: &str, record: &str| {
            let mut work = lender.at(login).await;
            let done = confirm_hours(&mut work, customer, record, "已回电核对").await.map_err(code);
            work.commit().await.unwrap();
            done
        };
        let last = "select max(id) as n from contact_hours";
        let record = lender.count(last).await.to_string();
        assert_eq!(confirm("boss", &record).await, Err("hours-own".to_owned()));
        assert_eq!(confirm("clerk", "1").await, Err("hours-nothing-waits".to_owned()));
        assert_eq!(confirm("clerk", &record).await, Ok(()));
        assert_eq!(confirm("clerk", &record).await, Err("hours-nothing-waits".to_owned()), "once");
        called(&lender, "boss", &ask(customer, own), ContactResult::CallAgain).await.unwrap();
        // What the debtor takes back holds at once.
        state(None).await;
        assert_eq!(asked(&lender, "boss", &ask(customer, own)).await, Err("contact.quiet-hours".to_owned()));
    }
}

#[tokio::test]
async fn what_happened_outside_is_counted_with_what_is_asked_for_whoever_comes_first() {
    // X-05, rule `contact.person-first`
    for lender in Lender::everywhere().await {
        let (customer, own) = debtor(&lender, "甲").await;
        let mut work = lender.work().await;
        let person = customers::load(&mut work.tx, customer).await.unwrap().unwrap().person;
        drop(work);
        let outside = async || {
            let mut work = lender.at("boss").await;
            let new = OutsideContact {
                customer,
                person,
                contacted: "甲".to_owned(),
                number_index: String::new(),
                at: work.now,
                manner: Manner::by(Channel::Phone),
                result: ContactResult::CallAgain,
                response: "改日".to_owned(),
            };
            let recorded = record_outside(&mut work, &new).await;
            // Somebody who cannot wait any longer tries again; nobody is counted twice.
            if recorded.is_ok() {
                work.commit().await.unwrap();
            }
            recorded.is_ok()
        };
        let (a, b, c) = tokio::join!(outside(), outside(), outside());
        assert!(a && b && c, "nobody waits for each other for good");
        assert_eq!(asked(&lender, "boss", &ask(customer, own)).await, Err("contact.calls-per-day".to_owned()));
        let kept = "select count(*) as n from contact_allowance where origin = 'outside' and connected = 1";
        assert_eq!(lender.count(kept).await, 3);
    }
}
