//! Letters: issued in the policy's words, followed until signed, evidence against the limitation.

use collections::letter::actions::{Order, Recorded, issue, load, preview, step};
use collections::letter::model::{LetterKind, LetterState, Step};
use collections::letter::{rules, store};
use collections::limitation::actions::look;
use collections::limitation::model::{ClockState, GuaranteeState, Signer};
use collections::stop_flag;
use collections::stop_flag::model::{NewStopFlag, StopKind};
use finance::Fen;
use jiff::civil::{Date, date};
use platform::args;
use platform::error::ActionError;
use platform::institution::{self, Institution};
use servicing::loan::model::LoanKey;
use servicing::security::model::{GuaranteeKind, NewSecurity};

use crate::lender::{Lender, plain};

const TODAY: Date = date(2026, 11, 20);

/// A loan of three instalments, the last due on 2026-07-20 (the first on 2026-05-20), and a company that can be reached.
async fn overdue(lender: &Lender) -> LoanKey {
    let mut work = lender.work().await;
    let (known, version) = institution::load(&mut work.tx).await.unwrap();
    let reached = Institution { contact: "0512-0000-0000".to_owned(), ..known };
    institution::change(&mut work, version, &reached).await.unwrap();
    work.commit().await.unwrap();
    let customer = lender.customer("程一诺").await;
    lender.loan(customer, plain(date(2026, 4, 20), 3)).await.file.loan.key
}

fn to_debtor(kind: LetterKind) -> Order {
    Order::to_debtor(kind)
}

fn went(to: LetterState, signer: Option<Signer>) -> Step {
    Step { to, on: TODAY, signer, detail: "EMS 0000000001".to_owned(), agrees: false }
}

fn code(result: Result<impl Sized, ActionError>) -> &'static str {
    match result {
        Err(ActionError::Refused(refused)) => refused.code,
        Err(other) => panic!("{other}"),
        Ok(_) => "accepted",
    }
}

// S2.2-03, S4-08, S2.3-10, rules `letter.life`, `letter.evidence`, `template.letter_dunning`
#[tokio::test]
async fn a_dunning_letter_lives_until_it_is_filed_and_interrupts_the_limitation() {
    for lender in Lender::everywhere().await {
        let key = overdue(&lender).await;
        let mut work = lender.work().await;
        let id = issue(&mut work, key, to_debtor(LetterKind::Dunning)).await.unwrap().to_string();
        let (letter, _) = load(&mut work, &id, "loan.view").await.unwrap();
        assert_eq!(letter.content.days_overdue, 184);
        assert_eq!(letter.content.pay_by, date(2026, 11, 27));
        let sum = Fen::checked_sum(letter.content.items.iter().map(|(_, amount, _)| *amount)).unwrap();
        assert_eq!(letter.total, sum);
        assert_eq!(look(&mut work, key).await.unwrap().claim.state, ClockState::Running { until: date(2029, 7, 20) });
        assert_eq!(
            code(step(&mut work, &id, None, &went(LetterState::Signed, Some(Signer::Debtor))).await),
            "form-invalid"
        );
        step(&mut work, &id, Some(1), &went(LetterState::Sent, None)).await.unwrap();
        assert_eq!(code(step(&mut work, &id, Some(1), &went(LetterState::Delivered, None)).await), "letter-changed");
        step(&mut work, &id, Some(2), &went(LetterState::Signed, Some(Signer::CoResidentRelative))).await.unwrap();
        let clocks = look(&mut work, key).await.unwrap();
        assert_eq!(clocks.claim.state, ClockState::Running { until: date(2029, 11, 20) });
        assert!(clocks.events[0].evidence.contains(&letter.number), "{:?}", clocks.events);
        step(&mut work, &id, Some(3), &went(LetterState::Filed, None)).await.unwrap();
        let (filed, _) = load(&mut work, &id, "loan.view").await.unwrap();
        assert_eq!((filed.state, store::steps(&mut work.tx, &filed).await.unwrap().len()), (LetterState::Filed, 4));
        // What was printed never changes.
        assert_eq!(filed.content, letter.content);
    }
}

// S2.3-04, S2.3-29, rule `template.letter_guarantor`
#[tokio::test]
async fn a_notice_that_a_guarantor_signed_keeps_the_guarantee() {
    for lender in Lender::everywhere().await {
        let key = overdue(&lender).await;
        let mut work = lender.work().await;
        let new = NewSecurity::Guarantee {
            kind: GuaranteeKind::Joint,
            guarantor: "保证人甲".to_owned(),
            amount: None,
            until: Some(date(2027, 7, 20)),
        };
        servicing::security::actions::add(&mut work, key, None, new).await.unwrap();
        let line = look(&mut work, key).await.unwrap().guarantees[0].0.id;
        let order = Order { kind: LetterKind::Guarantor, guarantee: Some(line), relation: None };
        assert_eq!(code(issue(&mut work, key, to_debtor(LetterKind::Guarantor)).await), "form-invalid");
        let id = issue(&mut work, key, order).await.unwrap().to_string();
        let (letter, _) = load(&mut work, &id, "loan.view").await.unwrap();
        assert_eq!(letter.content.addressee, "保证人甲");
        assert!(letter.content.opening[0].contains("程一诺"));
        step(&mut work, &id, None, &went(LetterState::Sent, None)).await.unwrap();
        step(&mut work, &id, None, &went(LetterState::Signed, Some(Signer::Debtor))).await.unwrap();
        let clocks = look(&mut work, key).await.unwrap();
        let limitation = Some(ClockState::Running { until: date(2029, 11, 20) });
        assert_eq!(clocks.guarantees[0].1.state, GuaranteeState::Kept { on: TODAY, limitation });
        assert_eq!(clocks.claim.state, ClockState::Running { until: date(2029, 7, 20) }, "the debtor's clock stays");
    }
}

// S4-21, S4-22, rules `letter.from`, `template.letter_lawyer`
#[tokio::test]
async fn a_lawyers_letter_waits_for_the_days_of_the_legal_intake() {
    for lender in Lender::everywhere().await {
        overdue(&lender).await;
        let customer = lender.customer("陆远").await;
        // Due on 2026-08-21: 91 days overdue on 2026-11-20; due on 2026-08-22: 90 days.
        let late = lender.loan(customer, plain(date(2026, 7, 21), 1)).await.file.loan.key;
        let early = lender.loan(customer, plain(date(2026, 7, 22), 1)).await.file.loan.key;
        let current = lender.loan(customer, plain(date(2026, 11, 1), 12)).await.file.loan.key;
        let mut work = lender.work().await;
        assert_eq!(code(preview(&mut work, late, to_debtor(LetterKind::Lawyer)).await), "accepted");
        assert_eq!(code(preview(&mut work, early, to_debtor(LetterKind::Lawyer)).await), "letter-too-early");
        assert_eq!(code(preview(&mut work, early, to_debtor(LetterKind::Dunning)).await), "accepted");
        let nothing = preview(&mut work, current, to_debtor(LetterKind::Reminder)).await;
        assert_eq!(code(nothing), "letter-too-early");
    }
}

// S4-10, rule `template.letter_reminder`
#[tokio::test]
async fn a_letter_without_the_companys_contact_is_not_issued() {
    let lender = Lender::over(platform::testbed::sqlite().await).await;
    let customer = lender.customer("程一诺").await;
    let key = lender.loan(customer, plain(date(2026, 4, 20), 3)).await.file.loan.key;
    let mut work = lender.work().await;
    let Err(ActionError::Refused(refused)) = issue(&mut work, key, to_debtor(LetterKind::Reminder)).await else {
        panic!("issued with a hole");
    };
    assert_eq!((refused.code, refused.rule.as_deref()), ("letter-empty-fields", Some("template.letter_reminder")));
    let kept = work.tx.fetch_one("select count(*) as n from letter", args![]).await.unwrap();
    assert_eq!(kept.get::<i64>("n").unwrap(), 0);
    // S4-10: the fields that a letter must not go out without are mandatory in every shipped text.
    let policy = platform::policies::in_force(&mut work, TODAY).await.unwrap();
    for kind in LetterKind::ALL {
        let template = policy.pack().template(kind.template()).unwrap();
        assert!(rules::parts(template).is_some(), "{kind:?}");
        for field in ["items", "overdue_since", "pay_by"] {
            assert!(template.mandatory.iter().any(|name| name == field), "{kind:?} lacks {field}");
        }
    }
}

#[tokio::test]
async fn the_pages_preview_issue_print_and_follow_a_letter() {
    for lender in Lender::everywhere().await {
        let key = overdue(&lender).await;
        let mut boss = lender.house.user("boss").await;
        let page = format!("/loans/{}/letters", key.loan);
        let shown = boss.post_from(&page, &page, &[("kind", "dunning"), ("to", "0"), ("verb", "preview")]).await;
        assert_eq!(shown.status, 200, "{}", shown.text);
        assert!(shown.text.contains("正式催款函") && shown.text.contains("逾期本金"), "{}", shown.text);
        let fields = [("kind", "dunning"), ("to", "0"), ("verb", "issue")];
        let issued = boss.post_from(&page, &page, &fields).await;
        assert_eq!(issued.status, 303, "{}", issued.text);
        let letter = issued.location().to_owned();
        assert_eq!(boss.get(&letter).await.status, 200);
        let print = boss.get(&format!("{letter}/print.pdf")).await;
        assert_eq!((print.status.as_u16(), print.text.starts_with("%PDF")), (200, true));
        let steps = format!("{letter}/steps");
        let bad = boss.post_from(&letter, &steps, &[("to", "sent"), ("on", "2026-11-21"), ("detail", "")]).await;
        assert_eq!(bad.status, 422);
        let sent = [("to", "sent"), ("on", "2026-11-20"), ("detail", "<b>EMS</b>"), ("version", "1")];
        let done = boss.post_from(&letter, &steps, &sent).await;
        assert_eq!(done.status, 303, "{}", done.text);
        assert!(!boss.get(&letter).await.text.contains("<b>EMS"));
        let list = boss.get("/collections/letters").await;
        assert!(list.text.contains("程一诺"), "{}", list.text);
        assert_eq!(boss.get("/collections/letters/export.xlsx").await.status, 200);
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.get(&letter).await.status, 200);
        assert_eq!(viewer.post_from(&letter, &steps, &sent).await.status, 403);
        assert_eq!(viewer.post_from(&page, &page, &fields).await.status, 403);
    }
}

// rule `letter.guarded`: a letter passes the guard like any other contact, and a refusal stays on record
#[tokio::test]
async fn a_letter_goes_out_through_the_guard() {
    for lender in Lender::everywhere().await {
        let key = overdue(&lender).await;
        let mut work = lender.work().await;
        let id = issue(&mut work, key, to_debtor(LetterKind::Reminder)).await.unwrap().to_string();
        let flag = NewStopFlag {
            kind: StopKind::Dispute,
            reason: "对金额有异议".to_owned(),
            evidence: "书面异议 1 份".to_owned(),
        };
        work.commit().await.unwrap();
        let mut work = lender.at("boss").await;
        let flag = stop_flag::actions::set(&mut work, key.customer, &flag).await.unwrap();
        let kept_back = step(&mut work, &id, None, &went(LetterState::Sent, None)).await.unwrap();
        let Recorded::Refused(refused) = kept_back else { panic!("sent in a dispute") };
        assert_eq!(refused.code, "letter-refused");
        assert_eq!(load(&mut work, &id, "loan.view").await.unwrap().0.state, LetterState::Generated);
        work.commit().await.unwrap();
        let mut work = lender.at("clerk").await;
        stop_flag::actions::lift(&mut work, key.customer, flag, "异议已答复").await.unwrap();
        assert_eq!(step(&mut work, &id, None, &went(LetterState::Sent, None)).await.unwrap(), Recorded::Done);
        work.commit().await.unwrap();
        let asked = lender.count("select count(*) as n from contact_check where allowed = 0").await;
        let sent = lender
            .count("select count(*) as n from contact_allowance where channel = 'letter' and result = 'sent'")
            .await;
        assert_eq!((asked, sent), (1, 1));
    }
}

// S4-08: the duty of the ladder to issue the formal letter ends when the letter has gone out
#[tokio::test]
async fn a_letter_sent_ends_the_duty_that_asked_for_it() {
    for lender in Lender::everywhere().await {
        overdue(&lender).await;
        let customer = lender.customer("陆远").await;
        // Due on 2026-09-21: 61 days overdue on 2026-11-21.
        let key = lender.loan(customer, plain(date(2026, 8, 21), 1)).await.file.loan.key;
        lender.close_until(date(2026, 11, 21)).await;
        let open = "select count(*) as n from duty where kind = 'case_letter' and state = 'open'";
        let before = lender.count(open).await;
        let mut work = lender.at("boss").await;
        let id = issue(&mut work, key, to_debtor(LetterKind::Dunning)).await.unwrap().to_string();
        let sent = Step { on: work.business_date, ..went(LetterState::Sent, None) };
        step(&mut work, &id, None, &sent).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(open).await, before - 1);
    }
}
