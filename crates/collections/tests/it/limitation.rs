//! Limitation and guarantee periods over a loan book: kept by the close, moved by facts, warned about, recorded by people.

use collections::limitation::actions::{look, record};
use collections::limitation::model::{ClockState, Effect, EventKind, GuaranteeState, NewEvent, Signer};
use finance::{Fen, RepaymentMode};
use jiff::civil::{Date, date};
use platform::args;
use platform::error::ActionError;
use servicing::loan::model::{Channel, LoanKey};
use servicing::repayment::actions::{NewRepayment, record as repay};
use servicing::security::model::{GuaranteeKind, NewSecurity, SecurityKind};

use crate::lender::{Lender, plain};

/// The last instalment falls due on 2024-05-20, so the limitation ends on 2027-05-20, 180 days after 2026-11-21.
const START: Date = date(2024, 2, 20);

fn demand(on: Date, signer: Option<Signer>) -> NewEvent {
    NewEvent {
        guarantee: None,
        kind: EventKind::DemandSigned,
        on,
        ended_on: None,
        signer,
        missing: false,
        agrees: false,
        evidence: "催收通知书回执 H2026000001，档案柜 3".to_owned(),
        void: false,
        corrects: None,
        reason: None,
    }
}

async fn clocks(lender: &Lender) -> Vec<(i64, String, Option<Date>, Option<Date>)> {
    let mut tx = lender.app().db.read().await.unwrap();
    let sql = "select guarantee_id, state, until_on, next_look_on from limitation_clock order by loan_id, guarantee_id";
    let rows = tx.fetch_all(sql, args![]).await.unwrap();
    rows.iter()
        .map(|row| {
            let guarantee: i64 = row.get("guarantee_id").unwrap();
            let state = row.get("state").unwrap();
            (guarantee.signum(), state, row.get("until_on").unwrap(), row.get("next_look_on").unwrap())
        })
        .collect()
}

async fn duties(lender: &Lender) -> Vec<(String, String)> {
    let mut tx = lender.app().db.read().await.unwrap();
    let sql = "select subject, state from duty where kind = 'limitation_warning' order by id";
    let rows = tx.fetch_all(sql, args![]).await.unwrap();
    rows.iter().map(|row| (row.get("subject").unwrap(), row.get("state").unwrap())).collect()
}

async fn guarantor(lender: &Lender, key: LoanKey, kind: GuaranteeKind, until: Option<Date>) {
    let mut work = lender.work().await;
    let new = NewSecurity::Guarantee { kind, guarantor: "保证人甲".to_owned(), amount: None, until };
    servicing::security::actions::add(&mut work, key, None, new).await.unwrap();
    work.commit().await.unwrap();
}

// S2.3-10, rule `duty.limitation_warning`: the close keeps the clock and warns on the day that the policy names; evidence ends the warning
#[tokio::test]
async fn the_close_warns_and_a_signed_demand_ends_the_warning() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        let key = lender.loan(customer, plain(START, 3)).await.file.loan.key;
        lender.close_until(date(2026, 11, 21)).await;
        let end = Some(date(2027, 5, 20));
        assert_eq!(clocks(&lender).await, [(0, "running".to_owned(), end, Some(date(2027, 2, 19)))]);
        assert_eq!(duties(&lender).await, [(key.subject(), "open".to_owned())]);

        let mut work = lender.work().await;
        record(&mut work, key, &demand(date(2026, 11, 21), Some(Signer::Debtor))).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(clocks(&lender).await[0].2, Some(date(2029, 11, 21)));
        assert_eq!(duties(&lender).await, [(key.subject(), "done".to_owned())]);

        // Run again: nothing twice.
        lender.close_until(date(2026, 11, 23)).await;
        assert_eq!(duties(&lender).await.len(), 1);
    }
}

// S2.3-10: money of the debtor interrupts by itself, and its reversal takes that back
#[tokio::test]
async fn part_payment_interrupts_by_itself() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        let key = lender.loan(customer, plain(START, 3)).await.file.loan.key;
        lender.close_until(date(2026, 11, 21)).await;
        let mut work = lender.work().await;
        let money = NewRepayment {
            on: date(2026, 11, 21),
            amount: Fen(100_000),
            mode: RepaymentMode::default(),
            allocation: Vec::new(),
            channel: Channel::Cash,
            note: None,
            business_key: None,
        };
        repay(&mut work, key, None, &money).await.unwrap();
        let found = look(&mut work, key).await.unwrap();
        assert_eq!(found.claim.state, ClockState::Running { until: date(2029, 11, 21) });
        assert_eq!(found.claim.steps.last().unwrap().1, Effect::Restarted(date(2029, 11, 21)));
        work.commit().await.unwrap();
        assert_eq!(clocks(&lender).await[0].2, Some(date(2029, 11, 21)));
    }
}

// S2.3-29, S2.3-04: a joint guarantor is warned about apart, kept by a demand of its own
#[tokio::test]
async fn each_guarantor_has_a_clock_of_his_own() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        let key = lender.loan(customer, plain(START, 3)).await.file.loan.key;
        guarantor(&lender, key, GuaranteeKind::Joint, Some(date(2026, 12, 21))).await;
        guarantor(&lender, key, GuaranteeKind::General, None).await;
        lender.close_until(date(2026, 11, 21)).await;
        let mut work = lender.work().await;
        let found = look(&mut work, key).await.unwrap();
        let states: Vec<GuaranteeState> = found.guarantees.iter().map(|(_, period)| period.state).collect();
        assert!(states.contains(&GuaranteeState::Running { until: date(2026, 12, 21) }), "{states:?}");
        assert!(states.contains(&GuaranteeState::Lost { on: date(2024, 11, 20) }), "{states:?}");
        let line = &found
            .guarantees
            .iter()
            .find(|(line, _)| line.kind == SecurityKind::Guarantee(GuaranteeKind::Joint))
            .unwrap()
            .0;
        let own = format!("{}:guarantee:{}", key.subject(), line.id);
        assert!(duties(&lender).await.contains(&(own.clone(), "open".to_owned())));

        let on_guarantor = NewEvent { guarantee: Some(line.id), ..demand(date(2026, 11, 21), Some(Signer::Debtor)) };
        record(&mut work, key, &on_guarantor).await.unwrap();
        let found = look(&mut work, key).await.unwrap();
        let kept = found
            .guarantees
            .iter()
            .find(|(line, _)| line.kind == SecurityKind::Guarantee(GuaranteeKind::Joint))
            .unwrap()
            .1
            .state;
        let limitation = Some(ClockState::Running { until: date(2029, 11, 21) });
        assert_eq!(kept, GuaranteeState::Kept { on: date(2026, 11, 21), limitation });
        assert_eq!(found.claim.state, ClockState::Running { until: date(2027, 5, 20) }, "the debtor's clock stays");
        work.commit().await.unwrap();
        assert!(duties(&lender).await.contains(&(own, "done".to_owned())));
    }
}

// rule `limitation.evidence`
#[tokio::test]
async fn nothing_is_recorded_without_evidence_signer_or_in_the_future() {
    let lender = Lender::over(platform::testbed::sqlite().await).await;
    let customer = lender.customer("程一诺").await;
    let key = lender.loan(customer, plain(START, 3)).await.file.loan.key;
    let mut work = lender.work().await;
    let wrong =
        NewEvent { evidence: "  ".to_owned(), ended_on: Some(date(2026, 1, 1)), ..demand(date(2027, 1, 1), None) };
    let Err(ActionError::Refused(refused)) = record(&mut work, key, &wrong).await else { panic!("accepted") };
    let fields: Vec<&str> = refused.fields.iter().map(|field| field.field).collect();
    assert_eq!(fields, ["on", "ended_on", "ended_on", "signer", "evidence"]);
}

// A fact is never edited: a correction is a further row, the history keeps both.
#[tokio::test]
async fn a_mistake_is_corrected_by_a_further_row() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        let key = lender.loan(customer, plain(START, 3)).await.file.loan.key;
        let mut work = lender.work().await;
        let first = record(&mut work, key, &demand(date(2026, 3, 1), Some(Signer::Debtor))).await.unwrap();
        let fixed = NewEvent {
            corrects: Some(first),
            reason: Some("回执日期看错".to_owned()),
            ..demand(date(2026, 2, 1), Some(Signer::Debtor))
        };
        let second = record(&mut work, key, &fixed).await.unwrap();
        assert_eq!(look(&mut work, key).await.unwrap().claim.state, ClockState::Running { until: date(2029, 2, 1) });
        assert!(record(&mut work, key, &fixed).await.is_err(), "corrected once");
        let void = NewEvent { corrects: Some(second), void: true, ..fixed };
        record(&mut work, key, &void).await.unwrap();
        let found = look(&mut work, key).await.unwrap();
        assert_eq!(found.claim.state, ClockState::Running { until: date(2027, 5, 20) });
        let kept = work.tx.fetch_one("select count(*) as n from limitation_event", args![]).await.unwrap();
        assert_eq!((kept.get::<i64>("n").unwrap(), found.events.len()), (3, 0));
    }
}

#[tokio::test]
async fn the_pages_show_record_and_export() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        let key = lender.loan(customer, plain(START, 3)).await.file.loan.key;
        guarantor(&lender, key, GuaranteeKind::Joint, Some(date(2026, 12, 21))).await;
        lender.close_until(date(2026, 11, 21)).await;
        let mut boss = lender.house.user("boss").await;
        let list = boss.get("/collections/clocks").await;
        assert_eq!(list.status, 200);
        assert!(list.text.contains("程一诺") && list.text.contains("保证人甲"), "{}", list.text);
        assert_eq!(boss.get("/collections/clocks/export.xlsx").await.status, 200);

        let page = format!("/loans/{}/clocks", key.loan);
        let shown = boss.get(&page).await;
        assert!(shown.text.contains("2027-05-20"), "{}", shown.text);
        let bad = boss.post_from(&page, &page, &[("whom", "0"), ("kind", "suit"), ("on", "")]).await;
        assert_eq!(bad.status, 422);
        let fields = [
            ("whom", "0"),
            ("kind", "suit"),
            ("on", "2026-11-20"),
            ("evidence", "（2026）测民初 1 号受理通知书 <script>"),
        ];
        let done = boss.post_from(&page, &page, &fields).await;
        assert_eq!(done.status, 303, "{}", done.text);
        let shown = boss.get(&page).await;
        assert!(shown.text.contains("&#60;script") || shown.text.contains("&lt;script"), "{}", shown.text);
        assert!(shown.text.contains("2026-11-20"));

        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.get(&page).await.status, 200);
        assert_eq!(viewer.post_from(&page, &page, &fields).await.status, 403);
        assert_eq!(viewer.get("/collections/clocks/export.xlsx").await.status, 403);
    }
}
