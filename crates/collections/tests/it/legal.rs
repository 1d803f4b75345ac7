//! Legal recovery: the gate, the evidence, the means in their order, and what they do to the limitation.

use collections::cause::actions::diagnose;
use collections::cause::model::{NewDiagnosis, Talk};
use collections::contact::actions::{OutsideContact, record_outside};
use collections::contact::model::ContactResult;
use collections::legal::actions::{close, end_means, keep_evidence, look, open, take_means};
use collections::legal::model::{Ended, Ground, MeansKind, NewMeans};
use collections::legal::wait::{self, NewWait};
use collections::limitation::actions as limitation;
use collections::limitation::model::ClockState;
use collections::talk::actions as talks;
use collections::talk::model::{Attitude, Incident, NewTalk, Way};
use finance::{Fen, RepaymentMode};
use jiff::civil::{Date, date};
use platform::contact_gate::{Channel, Manner};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::testbed::{self, packs};
use servicing::loan::model::{Channel as By, LoanKey};
use servicing::repayment::actions::{NewRepayment, record as repay};

use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};

const TODAY: Date = date(2026, 11, 20);

fn code(result: Result<impl Sized, ActionError>) -> String {
    match result {
        Err(ActionError::Refused(refused)) => {
            refused.fields.first().map_or_else(|| refused.code.to_owned(), |field| field.code.to_owned())
        }
        Err(other) => panic!("{other}"),
        Ok(_) => "accepted".to_owned(),
    }
}

/// A bullet loan due on 2026-08-21: 91 days overdue today.
async fn overdue(lender: &Lender) -> (CustomerId, LoanKey) {
    let customer = lender.customer("程一诺").await;
    (customer, lender.loan(customer, plain(date(2026, 7, 21), 1)).await.file.loan.key)
}

async fn contacted(lender: &Lender, customer: CustomerId, at: &str, result: ContactResult) {
    let mut work = lender.at("boss").await;
    let person = customers::load_within(&mut work, customer, customers::VIEW).await.unwrap().person;
    let new = OutsideContact {
        customer,
        person,
        contacted: "本人".to_owned(),
        number_index: String::new(),
        at: at.parse().unwrap(),
        manner: Manner::by(Channel::Phone),
        result,
        response: "说不还".to_owned(),
    };
    record_outside(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
}

fn means(kind: MeansKind, on: Date) -> NewMeans {
    NewMeans {
        kind,
        on,
        authority: "测试区人民法院".to_owned(),
        reference: "（2026）测0101民初1号".to_owned(),
        amount: Some(Fen(10_000_000)),
        cost: Fen(115_000),
    }
}

// S4-21, S4-22, S4-23, S2.3-26, rules `legal.gate`, `legal.evidence`, `legal.order`, `legal.enforcement-deadline`
#[tokio::test]
async fn a_loan_goes_to_court_after_the_gate_and_with_the_whole_evidence() {
    for lender in Lender::everywhere().await {
        let (customer, key) = overdue(&lender).await;
        let mut work = lender.work().await;
        assert_eq!(code(open(&mut work, key).await), "legal-gate");
        drop(work);
        contacted(&lender, customer, "2026-11-18T02:00:00Z", ContactResult::NoAnswer).await;
        contacted(&lender, customer, "2026-11-18T03:00:00Z", ContactResult::Unable).await;
        contacted(&lender, customer, "2026-11-19T02:00:00Z", ContactResult::Refused).await;
        let mut work = lender.work().await;
        let seen = look(&mut work, key).await.unwrap().standing;
        assert_eq!((seen.days, seen.attempts, seen.refused, seen.urgent), (91, 3, true, false));
        open(&mut work, key).await.unwrap();
        assert_eq!(code(open(&mut work, key).await), "legal-open");
        assert_eq!(code(take_means(&mut work, key, 1, &means(MeansKind::Suit, TODAY)).await), "legal-evidence");
        let list = look(&mut work, key).await.unwrap().lists.full;
        for (version, item) in (2..).zip(&list) {
            keep_evidence(&mut work, key, version, item, "档案柜 3").await.unwrap();
        }
        let version = look(&mut work, key).await.unwrap().file.unwrap().version;
        assert_eq!(code(take_means(&mut work, key, 1, &means(MeansKind::Suit, TODAY)).await), "legal-changed");
        assert_eq!(
            code(take_means(&mut work, key, version, &means(MeansKind::Enforcement, TODAY)).await),
            "legal-no-title"
        );
        let suit = take_means(&mut work, key, version + 1, &means(MeansKind::Suit, date(2026, 11, 19))).await.unwrap();
        let clock = limitation::look(&mut work, key).await.unwrap().claim.state;
        assert_eq!(clock, ClockState::Held { since: date(2026, 11, 19) });
        let judged = Ended { on: TODAY, outcome: "判令归还".to_owned(), title: true };
        end_means(&mut work, key, version + 2, suit, &judged, Fen(5_000)).await.unwrap();
        let clock = limitation::look(&mut work, key).await.unwrap().claim.state;
        assert_eq!(clock, ClockState::Running { until: date(2029, 11, 20) });
        let now = look(&mut work, key).await.unwrap();
        assert_eq!((now.enforce_until, now.means[0].cost), (Some(date(2028, 11, 20)), Fen(120_000)));
        take_means(&mut work, key, version + 3, &means(MeansKind::Enforcement, TODAY)).await.unwrap();
        assert_eq!(code(close(&mut work, key, version + 4, "还清").await), "legal-still-runs");
    }
}

// S2.3-14, C-41, rules `duty.case_preservation`, `duty.preservation_court`: a cause that asks for preservation at once needs neither days nor attempts, and the short list only
#[tokio::test]
async fn an_urgent_cause_is_preserved_at_once() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        let key = lender.loan(customer, plain(date(2026, 10, 20), 1)).await.file.loan.key;
        lender.close_until(date(2026, 11, 21)).await;
        let mut work = lender.work().await;
        let case = collections::case::store::open_of(&mut work.tx, customer).await.unwrap().unwrap();
        let new =
            NewDiagnosis { causes: vec!["c8".to_owned()], evidence: "人去楼空".to_owned(), talk: Talk::Missing };
        diagnose(&mut work, case.key.case, &new).await.unwrap();
        work.commit().await.unwrap();
        // One working day to legal and three to the court, from Saturday 2026-11-21 on.
        let court = "select count(*) as n from duty where kind = 'preservation_court' and state = 'open' \
             and owner_role = 'legal' and due_on = '2026-11-25'";
        assert_eq!(lender.count(court).await, 1);
        let mut work = lender.work().await;
        open(&mut work, key).await.unwrap();
        work.commit().await.unwrap();
        let handed = "select count(*) as n from duty where kind = 'case_preservation' and state = 'done' \
             and due_on = '2026-11-23'";
        assert_eq!((lender.count(handed).await, lender.count(court).await), (1, 1), "handed over, not yet in court");
        let mut work = lender.work().await;
        assert_eq!(look(&mut work, key).await.unwrap().file.unwrap().ground, Ground::Urgent);
        let on = work.business_date;
        assert_eq!(code(take_means(&mut work, key, 1, &means(MeansKind::Preservation, on)).await), "legal-evidence");
        let short = look(&mut work, key).await.unwrap().lists.short;
        for (version, item) in (2..).zip(&short) {
            keep_evidence(&mut work, key, version, item, "档案柜 3").await.unwrap();
        }
        let version = look(&mut work, key).await.unwrap().file.unwrap().version;
        take_means(&mut work, key, version, &means(MeansKind::Preservation, on)).await.unwrap();
        assert_eq!(code(take_means(&mut work, key, version + 1, &means(MeansKind::Suit, on)).await), "legal-evidence");
        work.commit().await.unwrap();
        let done = "select count(*) as n from duty where kind = 'preservation_court' and state = 'done'";
        assert_eq!(lender.count(done).await, 1);
    }
}

fn talk(points: &[&str]) -> NewTalk {
    NewTalk {
        // The case was opened on this day.
        on: date(2026, 11, 21),
        way: Way::Office,
        relation: None,
        attitude: Attitude { willing: false, able: true, temper: "evasive".to_owned() },
        points: points.iter().map(|point| (*point).to_owned()).collect(),
        words: "逐项说明不还的后果".to_owned(),
        answer: "仍不愿归还".to_owned(),
        incident: Incident::None,
    }
}

// S2.3-18, S2.3-26. Rules `cause.talk-first`, `talk.full`: whoever refuses is talked with about penalty interest, damages and the cost of a suit
// before the suit; without a talk none is taken.
#[tokio::test]
async fn who_refuses_is_sued_only_after_the_full_talk() {
    for lender in Lender::everywhere().await {
        let (customer, key) = overdue(&lender).await;
        lender.close_until(date(2026, 11, 21)).await;
        for at in ["2026-11-18T02:00:00Z", "2026-11-18T03:00:00Z", "2026-11-19T02:00:00Z"] {
            contacted(&lender, customer, at, ContactResult::Refused).await;
        }
        let mut work = lender.work().await;
        let case = collections::case::store::open_of(&mut work.tx, customer).await.unwrap().unwrap().key.case;
        let found = |talk| NewDiagnosis { causes: vec!["c9".to_owned()], evidence: "明确拒绝".to_owned(), talk };
        diagnose(&mut work, case, &found(Talk::NotYet)).await.unwrap();
        open(&mut work, key).await.unwrap();
        for (version, item) in (1..).zip(&look(&mut work, key).await.unwrap().lists.full) {
            keep_evidence(&mut work, key, version, item, "档案柜 3").await.unwrap();
        }
        let version = look(&mut work, key).await.unwrap().file.unwrap().version;
        let suit = means(MeansKind::Suit, TODAY);
        work.commit().await.unwrap();
        // A refused try is rolled back, with the version that it took.
        let mut work = lender.work().await;
        let refused = take_means(&mut work, key, version, &suit).await.unwrap_err();
        let refused = refused.refusal().unwrap();
        assert_eq!((refused.code, refused.rule.as_deref()), ("cause-talk-first", Some("cause.talk-first")));
        drop(work);
        let mut work = lender.work().await;
        // To say that it was held is not enough: the record shows what was explained.
        diagnose(&mut work, case, &found(Talk::Held)).await.unwrap();
        let short = talk(&["penalty_interest", "damages"]);
        talks::record(&mut work, case, &short).await.unwrap();
        work.commit().await.unwrap();
        let mut work = lender.work().await;
        assert_eq!(code(take_means(&mut work, key, version, &suit).await), "cause-talk-first");
        drop(work);
        let mut work = lender.work().await;
        talks::record(&mut work, case, &talk(&["penalty_interest", "damages", "suit_cost"])).await.unwrap();
        take_means(&mut work, key, version, &suit).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count("select count(*) as n from legal_means where kind = 'suit'").await, 1);

        contacted(&lender, customer, "2026-11-21T00:30:00Z", ContactResult::Refused).await;
        // S2.3-26: the suit and what is still talked about stand side by side.
        let mut boss = lender.house.user("boss").await;
        let shown = in_both_languages(&mut boss, &format!("/collections/cases/{case}/tracks")).await;
        let (suits, talked) = shown.text.split_once("<h2>协商").unwrap();
        assert!(suits.contains("测试区人民法院") && !suits.contains("仍不愿归还"), "{}", shown.text);
        assert!(talked.contains("仍不愿归还") && talked.contains("电话"), "{}", shown.text);
        let mut program = lender.house.program("boss", &["case.view"]).await;
        let tracks = program.get(&format!("/collections/cases/{case}/tracks")).await.json();
        assert_eq!(tracks["suit"][0]["kind"], "suit");
        let kinds: Vec<&str> =
            tracks["negotiation"].as_array().unwrap().iter().map(|step| step["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds.iter().filter(|kind| **kind == "talk").count(), 2, "{kinds:?}");
    }
}

#[tokio::test]
async fn the_legal_page_shows_the_gate_and_takes_its_forms() {
    for lender in Lender::everywhere().await {
        let (customer, key) = overdue(&lender).await;
        let page = format!("/loans/{}/legal", key.loan);
        let mut boss = lender.house.user("boss").await;
        let shown = boss.get(&page).await;
        assert!(shown.text.contains("91 days overdue (at least 91)"), "{}", shown.text);
        let refused = boss.post_from(&page, &page, &[]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("At least 91 days overdue, 3 documented attempts"), "{}", refused.text);
        for at in ["2026-11-18T02:00:00Z", "2026-11-18T03:00:00Z", "2026-11-19T02:00:00Z"] {
            contacted(&lender, customer, at, ContactResult::Refused).await;
        }
        assert_eq!(boss.post_from(&page, &page, &[]).await.status, 303);
        let place = [("item", "contract"), ("place", "<i>柜 1</i>"), ("version", "1")];
        assert_eq!(boss.post_from(&page, &format!("{page}/evidence"), &place).await.status, 303);
        assert!(!boss.get(&page).await.text.contains("<i>柜"));
        let letter =
            [("kind", "lawyers-letter"), ("on", "2026-11-20"), ("authority", "测试律师事务所"), ("version", "2")];
        assert_eq!(boss.post_from(&page, &format!("{page}/means"), &letter).await.status, 303);
        let wrong = [("kind", "suit"), ("on", "x"), ("authority", ""), ("version", "3")];
        assert_eq!(boss.post_from(&page, &format!("{page}/means"), &wrong).await.status, 422);
        let list = boss.get("/collections/legal").await;
        assert!(list.text.contains("程一诺") && list.text.contains("Lawyer"), "{}", list.text);
        assert_eq!(boss.get("/collections/legal/export.xlsx").await.status, 200);
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.get(&page).await.status, 200);
        assert_eq!(viewer.post_from(&page, &page, &[]).await.status, 403);
    }
}

fn wait_for(reason: &str, note: &str, until: Date) -> NewWait {
    NewWait { reason: reason.to_owned(), note: note.to_owned(), until }
}

// S2.5-19, rules `legal.suit-wait`, `duty.suit_filing`, `duty.suit_filing_again`: from the file to the suit there is a day, a
// lawful reason puts it off, and that charges should grow does not
#[tokio::test]
async fn the_suit_is_due_after_intake_or_a_lawful_reason_says_why_not() {
    for lender in Lender::everywhere().await {
        let (customer, key) = overdue(&lender).await;
        contacted(&lender, customer, "2026-11-18T02:00:00Z", ContactResult::NoAnswer).await;
        contacted(&lender, customer, "2026-11-18T03:00:00Z", ContactResult::Unable).await;
        contacted(&lender, customer, "2026-11-19T02:00:00Z", ContactResult::Refused).await;
        let mut work = lender.work().await;
        open(&mut work, key).await.unwrap();
        work.commit().await.unwrap();
        // Twenty working days after Friday 2026-11-20.
        let due = "select count(*) as n from duty where kind = 'suit_filing' and state = 'open' \
             and owner_role = 'legal' and due_on = '2026-12-18'";
        assert_eq!(lender.count(due).await, 1);
        let until = date(2026, 12, 10);
        for (new, refused) in [
            (wait_for("agreement", "先放一放，等罚息多一些再起诉", until), "legal-wait-charges"),
            (wait_for("agreement", "再等等，警察会上门找你", until), "dossier-word"),
            (wait_for("grow", "无", until), "choice-unknown"),
            (wait_for("agreement", "已签分期协议", TODAY), "legal-wait-until"),
            (wait_for("agreement", "已签分期协议", date(2027, 2, 19)), "legal-wait-until"),
            (wait_for("agreement", " ", until), "field-empty"),
        ] {
            let mut work = lender.work().await;
            assert_eq!(code(wait::record(&mut work, key, 1, &new).await), refused, "{new:?}");
        }
        let mut work = lender.work().await;
        wait::record(&mut work, key, 1, &wait_for("agreement", "已签分期协议，按月履行", until)).await.unwrap();
        work.commit().await.unwrap();
        let again = "select count(*) as n from duty where kind = 'suit_filing' and state = 'open' \
             and rule = 'duty.suit_filing_again' and due_on = '2026-12-10'";
        assert_eq!((lender.count(due).await, lender.count(again).await), (0, 1), "due again on the last day");
        let mut boss = lender.house.user("boss").await;
        let shown = in_both_languages(&mut boss, &format!("/loans/{}/legal", key.loan)).await;
        assert!(shown.text.contains("已签还款协议且正在履行"), "{}", shown.text);
        let mut work = lender.work().await;
        let now = look(&mut work, key).await.unwrap();
        assert_eq!((now.waits.len(), now.waits[0].said.until), (1, until));
        // The evidence is complete and the suit is filed: nothing is asked for any more, and nothing can be put off.
        for (version, item) in (2..).zip(&now.lists.full) {
            keep_evidence(&mut work, key, version, item, "档案柜 3").await.unwrap();
        }
        let version = look(&mut work, key).await.unwrap().file.unwrap().version;
        take_means(&mut work, key, version, &means(MeansKind::Suit, TODAY)).await.unwrap();
        work.commit().await.unwrap();
        let done = "select count(*) as n from duty where kind = 'suit_filing' and state = 'done'";
        assert_eq!((lender.count(again).await, lender.count(done).await), (0, 2));
        let mut work = lender.work().await;
        let late = wait::record(&mut work, key, version + 1, &wait_for("evidence", "补证", until)).await;
        assert_eq!(code(late), "legal-wait-filed");
    }
}

async fn pay(lender: &Lender, key: LoanKey, fen: i64) {
    let mut work = lender.work().await;
    let new = NewRepayment {
        on: work.business_date,
        amount: Fen(fen),
        mode: RepaymentMode::Regular,
        allocation: Vec::new(),
        channel: By::BankTransfer,
        note: None,
        business_key: None,
    };
    repay(&mut work, key, None, &new).await.unwrap();
    work.commit().await.unwrap();
}

const PAID: &str = "select count(*) as n from legal_file where outcome = 'paid' and closed_on is not null";

// S2.3-26. Rule `legal.paid`: the close ends the file of a loan that is settled, unless a proceeding runs; its end ends the file.
#[tokio::test]
async fn a_file_whose_loan_is_settled_is_closed_as_paid_unless_a_court_has_it() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        let mut keys = Vec::new();
        for _ in 0..2 {
            keys.push(lender.loan(customer, plain(date(2026, 7, 21), 1)).await.file.loan.key);
        }
        contacted(&lender, customer, "2026-11-18T02:00:00Z", ContactResult::NoAnswer).await;
        contacted(&lender, customer, "2026-11-18T03:00:00Z", ContactResult::Unable).await;
        contacted(&lender, customer, "2026-11-19T02:00:00Z", ContactResult::Refused).await;
        let mut work = lender.work().await;
        open(&mut work, keys[0]).await.unwrap();
        open(&mut work, keys[1]).await.unwrap();
        for (version, item) in (1..).zip(&look(&mut work, keys[1]).await.unwrap().lists.full) {
            keep_evidence(&mut work, keys[1], version, item, "档案柜 3").await.unwrap();
        }
        let version = look(&mut work, keys[1]).await.unwrap().file.unwrap().version;
        let suit = take_means(&mut work, keys[1], version, &means(MeansKind::Suit, TODAY)).await.unwrap();
        work.commit().await.unwrap();
        pay(&lender, keys[0], 12_000_000).await;
        pay(&lender, keys[1], 12_000_000).await;
        assert_eq!(lender.count(PAID).await, 0, "the close does it");
        lender.close_until(date(2026, 11, 21)).await;
        assert_eq!(lender.count(PAID).await, 1, "of the other the court has it");
        let filing = "select count(*) as n from duty where kind = 'suit_filing' and state = 'open'";
        assert_eq!(lender.count(filing).await, 0);
        let mut boss = lender.house.user("boss").await;
        in_both_languages(&mut boss, &format!("/loans/{}/legal", keys[0].loan)).await;
        let mut work = lender.work().await;
        let version = look(&mut work, keys[1]).await.unwrap().file.unwrap().version;
        let withdrawn = Ended { on: work.business_date, outcome: "撤诉".to_owned(), title: false };
        end_means(&mut work, keys[1], version, suit, &withdrawn, Fen::ZERO).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(PAID).await, 2, "nothing keeps it open any more");
        let told = "select count(*) as n from audit_entry where action = 'legal.close'";
        assert_eq!(lender.count(told).await, 2);
    }
}

// S2.3-26. Rules `legal.paid`, `duty.case_legal_again`: what was paid up and falls behind again, for the days of the gate, is
// examined anew.
#[tokio::test]
async fn a_loan_that_defaults_again_after_its_file_was_closed_is_examined_anew() {
    for db in testbed::databases().await {
        let mut texts = packs();
        let parameters = texts.get_mut("common/parameters.csv").unwrap();
        *parameters = parameters.replace("legal_min_overdue_days,days 1..,91", "legal_min_overdue_days,days 1..,5");
        let lender = Lender::with_packs(db, texts).await;
        let customer = lender.customer("程一诺").await;
        let key = lender.loan(customer, plain(date(2026, 10, 20), 12)).await.file.loan.key;
        lender.close_until(date(2026, 11, 21)).await;
        let mut work = lender.work().await;
        let case = collections::case::store::open_of(&mut work.tx, customer).await.unwrap().unwrap();
        let new =
            NewDiagnosis { causes: vec!["c8".to_owned()], evidence: "人去楼空".to_owned(), talk: Talk::Missing };
        diagnose(&mut work, case.key.case, &new).await.unwrap();
        open(&mut work, key).await.unwrap();
        work.commit().await.unwrap();
        pay(&lender, key, 900_000).await;
        lender.close_until(date(2026, 11, 22)).await;
        assert_eq!(lender.count(PAID).await, 1, "nothing is overdue any more");
        let again = "select count(*) as n from duty where rule = 'duty.case_legal_again' and owner_role = 'legal'";
        lender.close_until(date(2026, 12, 21)).await;
        assert_eq!(lender.count(again).await, 0, "overdue again, and not for the days of the gate");
        lender.close_until(date(2026, 12, 29)).await;
        assert_eq!(lender.count(again).await, 1, "asked for once");
    }
}
