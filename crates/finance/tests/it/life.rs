//! Lives of loans: extension, restructuring, write-off, misuse, grace, repricing, rest days.

use finance::*;
use jiff::civil::{Date, date};

const START: Date = date(2025, 1, 15);

struct World {
    calendar: Calendar,
    rates: RateTable,
}

impl World {
    fn empty() -> World {
        World { calendar: Calendar::default(), rates: RateTable::default() }
    }

    fn context(&self) -> Context<'_> {
        Context { calendar: &self.calendar, rates: &self.rates }
    }
}

fn twelve_percent(method: Method, principal: i64, periods: u32) -> Terms {
    let mut terms = Terms::new(method, Fen(principal), START, periods, Rate::per_year(120_000_000));
    terms.overdue.penalty = Some(PenaltyRate::Uplift(500_000));
    terms
}

fn life(terms: &Terms, as_of: Date, events: impl IntoIterator<Item = (Date, TransactionKind)>) -> Position {
    try_life(terms, as_of, events).unwrap()
}

fn try_life(
    terms: &Terms,
    as_of: Date,
    events: impl IntoIterator<Item = (Date, TransactionKind)>,
) -> Result<Position, ReplayError> {
    let drawn = (terms.start_on, TransactionKind::Disburse { amount: terms.principal });
    let events = std::iter::once(drawn).chain(events);
    let list: Vec<Transaction> = (1..).zip(events).map(|(id, (on, kind))| Transaction::new(id, on, kind)).collect();
    let world = World::empty();
    replay(terms, &world.context(), &list, as_of)
}

fn settle(amount: i64) -> TransactionKind {
    TransactionKind::Repay(Repayment { amount: Fen(amount), mode: RepaymentMode::Settle, allocation: vec![] })
}

fn prepay(amount: i64, mode: RepaymentMode) -> TransactionKind {
    TransactionKind::Repay(Repayment { amount: Fen(amount), mode, allocation: vec![] })
}

// S4-07
// overdue.days
#[test]
fn days_overdue_start_the_day_after_the_due_date_and_edges_are_events() {
    let terms = twelve_percent(Method::Bullet, 10_000_000, 1);
    let at = |days| life(&terms, add_days(date(2025, 2, 15), days).unwrap(), []);
    assert_eq!((at(0).days_overdue, at(0).status), (0, Status::Current));
    assert_eq!(at(0).next_event_on(&[1, 31], &[]), Some(date(2025, 2, 16)));
    assert_eq!((at(1).days_overdue, at(1).status), (1, Status::Overdue));
    for (today, edge) in [(1, 31), (30, 31), (31, 61), (60, 61), (61, 91), (90, 91)] {
        let next = at(today).next_event_on(&[1, 31, 61, 91], &[]);
        assert_eq!(next, add_days(date(2025, 2, 15), edge), "on day {today}");
    }
    assert_eq!(at(91).next_event_on(&[1, 31, 61, 91], &[]), None);
}

// S1-35
#[test]
fn reminders_lead_the_next_due_date() {
    let terms = twelve_percent(Method::InterestOnly, 10_000_000, 12);
    let on = |day| life(&terms, date(2025, 2, day), []).next_event_on(&[], &[7, 3, 1]);
    assert_eq!(on(1), Some(date(2025, 2, 8)));
    assert_eq!(on(8), Some(date(2025, 2, 12)));
    assert_eq!(on(12), Some(date(2025, 2, 14)));
    assert_eq!(on(14), Some(date(2025, 2, 15)));
}

#[test]
fn unpaid_penalty_alone_makes_nothing_overdue() {
    let terms = twelve_percent(Method::Bullet, 10_000_000, 1);
    let stated = [Head::Interest, Head::Principal].map(|head| AllocationPart {
        head,
        amount: if head == Head::Interest { Fen(100_000) } else { Fen(10_000_000) },
        instalment: None,
    });
    let repayment = Repayment { amount: Fen(10_100_000), mode: RepaymentMode::Regular, allocation: stated.to_vec() };
    let position = life(&terms, date(2025, 5, 1), [(date(2025, 2, 25), TransactionKind::Repay(repayment))]);
    assert_eq!(position.outstanding.penalty, Fen(50_000)); // ten days at 18 %
    assert_eq!((position.days_overdue, position.status), (0, Status::Current));
}

// overdue.grace
#[test]
fn grace_charges_nothing_inside_and_everything_after() {
    let mut terms = twelve_percent(Method::Bullet, 10_000_000, 1);
    terms.overdue.grace_days = 3;
    let penalty = |terms: &Terms, day| life(terms, date(2025, 2, day), []).outstanding.penalty;
    assert_eq!(penalty(&terms, 18), Fen::ZERO);
    assert_eq!(penalty(&terms, 19), Fen(20_000)); // four days
    terms.overdue.after_grace = AfterGrace::FromGraceEnd;
    assert_eq!(penalty(&terms, 19), Fen(5_000)); // one day
    let late = life(&terms, date(2025, 2, 18), []);
    assert_eq!(late.days_overdue, 3, "grace changes charges, not days");
}

// change.extension
#[test]
fn an_extension_moves_the_principal_and_interest_goes_on() {
    let terms = twelve_percent(Method::InterestOnly, 10_000_000, 3);
    let longer = Extension { until: date(2025, 6, 20), rate: Some(Rate::per_year(144_000_000)), ..extension() };
    let position = life(&terms, date(2025, 4, 15), [(date(2025, 4, 10), TransactionKind::Extend(longer))]);
    let last: Vec<(u32, Date, Fen, Fen)> =
        position.instalments.iter().map(|row| (row.no, row.due_on, row.principal.due, row.interest.due)).collect();
    assert_eq!(last[2], (3, date(2025, 4, 15), Fen::ZERO, Fen(100_000)));
    assert_eq!(last[3], (4, date(2025, 5, 15), Fen::ZERO, Fen(120_000)));
    assert_eq!(last[4], (5, date(2025, 6, 15), Fen::ZERO, Fen(120_000)));
    assert_eq!(last[5], (6, date(2025, 6, 20), Fen(10_000_000), Fen(20_000))); // five odd days
    let late = life(&terms, date(2025, 4, 26), [(date(2025, 4, 25), TransactionKind::Extend(longer))]);
    assert_eq!(late.overdue.principal, Fen::ZERO, "the principal is no longer overdue");
    assert_eq!(late.outstanding.penalty, Fen(50_000), "ten days before the extension stay");
    assert_eq!(late.outstanding.principal, Fen(10_000_000));
}

const fn extension() -> Extension {
    Extension { until: date(2026, 1, 15), rate: None, scope: ExtensionScope::LastInstalment }
}

#[test]
fn an_extension_must_be_later() {
    let terms = twelve_percent(Method::InterestOnly, 10_000_000, 12);
    let error = try_life(&terms, date(2025, 3, 1), [(date(2025, 2, 1), TransactionKind::Extend(extension()))]);
    assert_eq!(error.unwrap_err().code(), "replay.not-later");
}

// change.restructuring
#[test]
fn a_restructuring_capitalises_what_is_unpaid() {
    let terms = twelve_percent(Method::InterestOnly, 10_000_000, 3);
    let new = Restructuring {
        method: Method::EqualPrincipal,
        periods: Some(10),
        maturity_on: None,
        first_due_on: None,
        frequency: None,
        repayment_day: RepaymentDay::ByStart,
        rate: Some(Rate::per_year(60_000_000)),
        capitalise: true,
    };
    let on = date(2025, 4, 25);
    let position = life(&terms, on, [(on, TransactionKind::Restructure(new))]);
    // principal, three unpaid interests, ten days of penalty on the principal
    assert_eq!(position.outstanding.principal, Fen(10_000_000 + 300_000 + 50_000));
    assert_eq!(position.overdue, Amounts::default());
    assert_eq!(position.instalments.len(), 13);
    let first = position.instalments[3];
    assert_eq!(
        (first.due_on, first.principal.due, first.interest.due),
        (date(2025, 5, 25), Fen(1_035_000), Fen(51_750))
    );
}

// S1-38
// writeoff.tracked
#[test]
fn a_written_off_loan_is_tracked_and_recoveries_reduce_the_claim() {
    let terms = twelve_percent(Method::Bullet, 10_000_000, 1);
    let recover = TransactionKind::Recover { amount: Fen(150_000), allocation: vec![] };
    let events = [(date(2025, 8, 15), TransactionKind::WriteOff), (date(2025, 9, 1), recover)];
    let position = life(&terms, date(2025, 12, 31), events.clone());
    let claim = position.written_off.unwrap();
    assert_eq!(position.status, Status::WrittenOff);
    assert_eq!(position.outstanding, Amounts::default(), "nothing is left on the books");
    assert_eq!((claim.amounts.principal, claim.amounts.interest), (Fen(10_000_000), Fen(100_000)));
    assert_eq!(claim.amounts.penalty, Fen(905_000), "181 days, none after the write-off");
    assert_eq!(claim.remaining().penalty, Fen(755_000), "penalty before interest and principal");
    let paid = try_life(
        &terms,
        date(2025, 12, 31),
        [(date(2025, 8, 15), TransactionKind::WriteOff), (date(2025, 9, 1), TransactionKind::repay(Fen(1)))],
    );
    assert_eq!(paid.unwrap_err().code(), "replay.wrong-state");
}

// S2.3-08
// interest.misuse
#[test]
fn of_late_and_misused_the_heavier_rate_applies_never_both() {
    let mut terms = twelve_percent(Method::Bullet, 10_000_000, 2);
    terms.overdue.misuse = Some(PenaltyRate::Uplift(1_000_000));
    let flag = (date(2025, 2, 15), TransactionKind::Misuse { flagged: true });
    let before = life(&terms, date(2025, 3, 15), [flag.clone()]);
    assert_eq!(before.outstanding.interest, Fen(200_000));
    assert_eq!(before.outstanding.penalty, Fen(93_333), "28 days of the surcharge of 12 %");
    let after = life(&terms, date(2025, 3, 25), [flag]);
    assert_eq!(after.outstanding.penalty, Fen(93_333 + 66_667), "ten days at 24 %, not 18 % + 24 %");
}

// interest.misuse
#[test]
fn misuse_costs_its_surcharge_on_a_counted_settlement_day_too() {
    let mut terms = twelve_percent(Method::InterestOnly, 36_000_000, 3);
    terms.repayment_day = RepaymentDay::Settlement(SettlementDay { day: 20, counted: true });
    terms.overdue.misuse = Some(PenaltyRate::Uplift(1_000_000));
    let flag = (START, TransactionKind::Misuse { flagged: true });
    let penalty = |on| life(&terms, on, [flag.clone()]).outstanding.penalty;
    let due = life(&terms, date(2025, 1, 20), []).instalments[0].due_on;
    // 120.00 a day, on the day on which interest falls due no less than on those around it.
    let days = [-1, 0, 1].map(|days| penalty(add_days(due, days).unwrap()));
    let since = days_between(START, due);
    assert_eq!(days, [since - 1, since, since + 1].map(|days| Fen(days * 12_000)));
}

// interest.misuse
#[test]
fn misuse_of_a_period_that_ended_stays_owed_until_its_moved_due_date() {
    // 15 February 2025 was a Saturday: due on Monday the 17th, interest counted to the 15th.
    let mut terms = twelve_percent(Method::EqualPrincipal, 36_000_000, 12);
    terms.rest_days = RestDays::Forward;
    terms.overdue.misuse = Some(PenaltyRate::Uplift(1_000_000));
    let flag = (START, TransactionKind::Misuse { flagged: true });
    let penalty = |on| life(&terms, on, [flag.clone()]).outstanding.penalty;
    let (before, between, due) = (date(2025, 2, 15), date(2025, 2, 16), date(2025, 2, 17));
    assert_eq!(penalty(before), Fen(31 * 12_000));
    assert_eq!(penalty(between), Fen(31 * 12_000 + 11_000), "eleven twelfths of the principal bear on");
    assert_eq!(penalty(due), Fen(31 * 12_000 + 22_000));
}

// interest.penalty
#[test]
fn no_day_bears_contract_interest_and_penalty() {
    let mut terms = twelve_percent(Method::EqualPrincipal, 36_000_000, 12);
    terms.repayment_day = RepaymentDay::Settlement(SettlementDay { day: 20, counted: true });
    let first = life(&terms, START, []).instalments[0];
    assert_eq!(first.to_on, add_days(first.due_on, 1).unwrap(), "the settlement day is counted");
    let penalty = |days| life(&terms, add_days(first.due_on, days).unwrap(), []).outstanding.penalty;
    // 18 % of a twelfth: 15.00 a day, from the day after the settlement day on.
    assert_eq!([1, 2, 3].map(penalty), [Fen(0), Fen(1_500), Fen(3_000)]);
}

// prepayment.principal
#[test]
fn prepayment_shortens_or_reduces() {
    let terms = twelve_percent(Method::EqualInstalment, 10_000_000, 12);
    let due = date(2025, 2, 15);
    let first = (due, TransactionKind::repay(Fen(888_488)));
    let with = |mode| life(&terms, due, [first.clone(), (due, prepay(5_000_000, mode))]);
    let (reduced, shortened) = (with(RepaymentMode::Reduce), with(RepaymentMode::Shorten));
    for position in [&reduced, &shortened] {
        assert_eq!(position.outstanding.principal, Fen(4_211_512));
        assert_eq!(position.instalments[1].interest.due, Fen(42_115));
    }
    assert_eq!((reduced.instalments.len(), shortened.instalments.len()), (12, 6));
    assert_eq!(shortened.next_due.unwrap().amount, Fen(888_488));
    assert_eq!(reduced.next_due.unwrap().amount, Fen(406_217)); // 42,115.12 over 11 months
}

// prepayment.charge
#[test]
fn a_charge_on_prepayment_comes_out_of_the_money() {
    let mut terms = twelve_percent(Method::InterestOnly, 10_000_000, 12);
    terms.prepayment.charge = Some(PrepaymentCharge { ppm: 10_000, free_after_months: Some(6) });
    let early = life(&terms, START, [(START, prepay(1_010_000, RepaymentMode::Reduce))]);
    assert_eq!(early.outstanding.principal, Fen(9_000_000));
    assert_eq!(early.charges[0].debt.paid, Fen(10_000));
    let world = World::empty();
    let drawn = [Transaction::new(1, START, TransactionKind::Disburse { amount: Fen(10_000_000) })];
    let quote = quote_settlement(&terms, &world.context(), &drawn, date(2025, 2, 4)).unwrap();
    assert_eq!((quote.charge, quote.amounts.interest, quote.total), (Fen(100_000), Fen(63_333), Fen(10_163_333)));
    let short = try_life(&terms, date(2025, 2, 4), [(date(2025, 2, 4), settle(quote.total.0 - 1))]);
    assert_eq!(short.unwrap_err().code(), "replay.does-not-settle");
}

// interest.lpr
#[test]
fn floating_rates_are_taken_anew_on_their_day_and_a_missing_lpr_is_named() {
    let mut terms = twelve_percent(Method::InterestOnly, 10_000_000, 24);
    terms.rate = RateTerms::Lpr(LprTerms { tenor: Tenor::OneYear, add_bp: 100, reprice: Repricing::Anniversary });
    let row = |on, one_year_e9| Lpr { on, one_year_e9, five_years_e9: 40_000_000 };
    let rows = [row(date(2024, 10, 21), 31_000_000), row(date(2025, 5, 20), 30_000_000)];
    let world = World { calendar: Calendar::default(), rates: RateTable::new(rows, Some(date(2026, 6, 30))) };
    let plan = schedule(&terms, &world.context()).unwrap();
    assert_eq!(plan.instalments[11].interest, Fen(34_167)); // 4.1 %
    assert_eq!(plan.instalments[12].interest, Fen(33_333)); // 4.0 % from 2026-01-15
    let drawn = [Transaction::new(1, START, TransactionKind::Disburse { amount: Fen(10_000_000) })];
    let known = replay(&terms, &world.context(), &drawn, date(2026, 6, 1)).unwrap();
    assert_eq!(known.yearly_e9, 40_000_000);
    let world = World { calendar: Calendar::default(), rates: RateTable::new(rows, Some(date(2025, 12, 31))) };
    let error = replay(&terms, &world.context(), &drawn, date(2026, 1, 15)).unwrap_err();
    let missing = TermsError::LprMissing { tenor: Tenor::OneYear, on: date(2026, 1, 15) };
    assert_eq!(error, ReplayError::Terms(missing));
}

// schedule.rest-day
#[test]
fn rest_days_keep_move_or_move_with_interest() {
    // 2026-10-01 to 07 are holidays; the loan is due on 2026-10-03
    let holidays = (1..=7).map(|day| date(2026, 10, day));
    let world = World { calendar: Calendar::new(holidays, [date(2026, 10, 10)], [2026]), rates: RateTable::default() };
    let mut terms = Terms::new(Method::InterestOnly, Fen(36_000_000), date(2026, 8, 3), 3, Rate::per_year(100_000_000));
    terms.interest.by = InterestBy::Day;
    terms.interest.day_count = DayCount::Act360;
    let second = |rest_days| {
        let terms = Terms { rest_days, ..terms.clone() };
        let line = schedule(&terms, &world.context()).unwrap().instalments[1];
        (line.due_on, line.interest)
    };
    assert_eq!(second(RestDays::Kept), (date(2026, 10, 3), Fen(300_000)));
    assert_eq!(second(RestDays::Forward), (date(2026, 10, 8), Fen(300_000)));
    assert_eq!(second(RestDays::ForwardWithInterest), (date(2026, 10, 8), Fen(350_000)));
    let drawn = [Transaction::new(1, terms.start_on, TransactionKind::Disburse { amount: terms.principal })];
    terms.rest_days = RestDays::Forward;
    let paid = Transaction::new(2, date(2026, 9, 3), TransactionKind::repay(Fen(310_000)));
    let list = [drawn[0].clone(), paid];
    let days = |day| replay(&terms, &world.context(), &list, date(2026, 10, day)).unwrap().days_overdue;
    assert_eq!((days(8), days(9)), (0, 1), "days count from the moved date");
}

#[test]
fn the_month_end_returns_after_short_months() {
    let terms = Terms::new(Method::Flat, Fen(1_000_000), date(2024, 1, 31), 5, Rate::per_month(5_000_000));
    let plan = schedule(&terms, &World::empty().context()).unwrap();
    let dues: Vec<String> = plan.instalments.iter().map(|line| line.due_on.to_string()).collect();
    assert_eq!(dues, ["2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30"]);
}

#[test]
fn settlement_on_the_20th_counted_equals_settlement_on_the_21st() {
    let mut terms =
        Terms::new(Method::InterestOnly, Fen(36_000_000), date(2026, 2, 10), 4, Rate::per_year(100_000_000));
    terms.frequency.unit = PeriodUnit::Quarter;
    terms.maturity_on = Some(date(2027, 2, 10));
    terms.periods = None;
    terms.interest = InterestTerms { day_count: DayCount::Act360, by: InterestBy::Day, ..InterestTerms::default() };
    let interest = |day, counted| {
        let repayment_day = RepaymentDay::Settlement(SettlementDay { day, counted });
        let plan = schedule(&Terms { repayment_day, ..terms.clone() }, &World::empty().context()).unwrap();
        plan.instalments.iter().map(|line| line.interest.0).collect::<Vec<_>>()
    };
    assert_eq!(interest(20, true), interest(21, false));
    // 10 Feb to 20 Mar inclusive are 39 days; 3,600,000.. at 10 % is 10,000 fen a day
    assert_eq!(interest(20, true), [390_000, 920_000, 920_000, 910_000, 510_000]);
}

// overdue.non-accrual
#[test]
fn non_accrual_begins_the_day_after_the_limit() {
    let mut terms = twelve_percent(Method::Bullet, 10_000_000, 1);
    terms.overdue.non_accrual_after_days = Some(90);
    let since = |days| life(&terms, add_days(date(2025, 2, 15), days).unwrap(), []).non_accrual_since;
    assert_eq!((since(90), since(91)), (None, Some(date(2025, 5, 17))));
}

// allocation.agreed, allocation.overdue
#[test]
fn long_overdue_pays_principal_first_where_agreed() {
    let mut terms = twelve_percent(Method::Bullet, 10_000_000, 1);
    terms.allocation.overdue_order = Some(OverdueOrder { after_days: 90, order: None });
    let paid = |on| {
        let position = life(&terms, on, [(on, TransactionKind::repay(Fen(50_000)))]);
        (position.allocations[0].target, position.allocations[0].rule.id())
    };
    assert_eq!(paid(date(2025, 5, 16)), (Target::Penalty, "allocation.statutory"));
    assert_eq!(paid(date(2025, 5, 17)), (Target::Principal, "allocation.overdue"));
}

// allocation.credit
#[test]
fn credit_is_used_on_the_next_due_date() {
    let terms = twelve_percent(Method::InterestOnly, 10_000_000, 12);
    let early = (date(2025, 2, 1), TransactionKind::repay(Fen(130_000)));
    assert_eq!(life(&terms, date(2025, 2, 14), [early.clone()]).credit, Fen(130_000));
    let position = life(&terms, date(2025, 2, 15), [early]);
    assert_eq!(position.credit, Fen(30_000));
    assert_eq!(position.instalments[0].cleared_on, Some(date(2025, 2, 15)));
    assert_eq!(position.allocations.iter().map(|line| line.amount.0).collect::<Vec<_>>(), [100_000, 30_000]);
}

#[test]
fn suspended_interest_and_penalty_do_not_run() {
    let terms = twelve_percent(Method::Bullet, 10_000_000, 1);
    let stop = TransactionKind::Suspend { until: Some(date(2025, 3, 15)), interest: true, penalty: true };
    let position = life(&terms, date(2025, 3, 25), [(date(2025, 2, 25), stop)]);
    assert_eq!(position.outstanding.penalty, Fen(100_000), "ten days before and ten after");
    let stop = TransactionKind::Suspend { until: None, interest: true, penalty: false };
    let position = life(&terms, date(2025, 2, 15), [(date(2025, 1, 25), stop)]);
    assert_eq!(position.outstanding.interest, Fen(33_333), "ten days of 30/360");
}

// schedule.grace
#[test]
fn a_down_payment_is_due_at_once_and_grace_puts_off() {
    let mut terms = twelve_percent(Method::EqualPrincipal, 12_000_000, 6);
    terms.down_payment = Fen(2_000_000);
    terms.grace = Grace { principal: 2, interest: 1, interest_free: 0 };
    let plan = schedule(&terms, &World::empty().context()).unwrap();
    let lines: Vec<(u32, i64, i64)> =
        plan.instalments.iter().map(|line| (line.no, line.principal.0, line.interest.0)).collect();
    assert_eq!(lines[..4], [(0, 2_000_000, 0), (1, 0, 0), (2, 0, 200_000), (3, 2_500_000, 100_000)]);
    assert_eq!(lines[6], (6, 2_500_000, 25_000));
}

// schedule.custom, schedule.balloon
#[test]
fn a_custom_plan_is_kept_and_a_balloon_leaves_its_residual() {
    let plan = [(date(2025, 3, 1), 4_000_000), (date(2025, 7, 15), 6_000_000)]
        .map(|(due_on, fen)| finance::PlannedInstalment { due_on, principal: Fen(fen), interest: None });
    let terms = twelve_percent(Method::Custom(plan.to_vec()), 10_000_000, 2);
    let (calendar, rates) = (Calendar::default(), RateTable::default());
    let context = Context { calendar: &calendar, rates: &rates };
    let custom = finance::schedule(&terms, &context).unwrap();
    let kept: Vec<_> = custom.instalments.iter().map(|i| (i.due_on, i.principal)).collect();
    assert_eq!(kept, [(date(2025, 3, 1), Fen(4_000_000)), (date(2025, 7, 15), Fen(6_000_000))]);
    let residual = Method::Balloon(finance::Residual::Amount(Fen(3_000_000)));
    let balloon = finance::schedule(&twelve_percent(residual, 10_000_000, 12), &context).unwrap();
    let (last, others) = balloon.instalments.split_last().unwrap();
    let paid: i64 = others.iter().map(|i| i.principal.0).sum();
    assert!(last.principal >= Fen(3_000_000), "the residual falls due at maturity: {:?}", last.principal);
    assert_eq!(paid + last.principal.0, 10_000_000);
}

/// Counted settlement days, put-off interest, misuse: whatever the day, the quote settles and stays settled.
#[test]
fn a_loan_can_be_settled_on_every_day_of_its_life() {
    let terms: Terms = serde_json::from_str(
        r#"{"method": "equal_instalment", "principal": 221980, "start_on": "2020-10-19", "periods": 24,
            "rate": {"fixed": "30.7222123%/year"}, "frequency": {"every": 1, "unit": "quarter"},
            "repayment_day": {"settlement": {"day": 19, "counted": true}}, "grace": {"interest": 2},
            "first_period": "short", "interest": {"day_count": "ACT/364", "stub": "days"}, "rounding": {"mode": "up"},
            "overdue": {"misuse": {"uplift": 551413}, "after_grace": "from_grace_end", "tolerance": 43,
                        "non_accrual_after_days": 84},
            "allocation": {"overdue_order": {"after_days": 119, "order": null}},
            "prepayment": {"charge": {"ppm": 15098, "free_after_months": null}, "interest": "paid_to_date",
                           "excess": "shorten"}}"#,
    )
    .unwrap();
    let world = World::empty();
    let context = world.context();
    let start = terms.start_on;
    let mut list = vec![
        Transaction::new(1, start, TransactionKind::Disburse { amount: terms.principal }),
        Transaction::new(2, start, TransactionKind::Misuse { flagged: true }),
    ];
    let mut on = start;
    while on < date(2027, 1, 1) {
        on = add_days(on, 1).unwrap();
        let quote = quote_settlement(&terms, &context, &list, on).unwrap();
        let settle = Repayment { amount: quote.total, mode: RepaymentMode::Settle, allocation: Vec::new() };
        list.push(Transaction::new(3, on, TransactionKind::Repay(settle)));
        for day in [on, add_days(on, 400).unwrap()] {
            let settled = replay(&terms, &context, &list, day).unwrap();
            assert_eq!((settled.status, settled.outstanding.total()), (Status::Settled, Some(Fen::ZERO)), "{on} {day}");
            assert!(settled.instalments.iter().all(|row| row.due_on <= on), "{on}");
        }
        list.pop();
    }
}

/// An interest-free row that is due while its period runs on (counted settlement) has nothing left once all principal
/// was paid early: the settlement takes it away.
#[test]
fn a_loan_paid_back_early_on_a_counted_settlement_day_has_nothing_to_settle() {
    let terms: Terms = serde_json::from_str(
        r#"{"method": "interest_only", "principal": 10000000, "start_on": "2026-03-20", "periods": 12,
            "rate": {"fixed": "12%/year"}, "grace": {"interest_free": 3},
            "repayment_day": {"settlement": {"day": 20, "counted": true}}}"#,
    )
    .unwrap();
    let world = World::empty();
    let context = world.context();
    let drawn = Transaction::new(1, terms.start_on, TransactionKind::Disburse { amount: terms.principal });
    for days in 0..60 {
        let on = add_days(terms.start_on, days).unwrap();
        let list = [drawn.clone(), Transaction::new(2, on, prepay(10_000_000, RepaymentMode::Reduce))];
        let quote = quote_settlement(&terms, &context, &list, on).unwrap();
        assert_eq!(quote.total, Fen::ZERO, "{on}");
    }
}

/// Interest of the first two periods falls due with the third; what is paid ahead on the third pays it.
#[test]
fn interest_put_off_is_paid_by_what_is_paid_ahead_on_the_instalment_that_bears_it() {
    let mut terms = twelve_percent(Method::InterestOnly, 10_000_000, 6);
    terms.grace.interest = 2;
    let ahead = AllocationStep { head: Head::Interest, when: When::InAdvance };
    terms.allocation.order = Some(AllocationOrder { direction: Direction::ByInstalment, steps: vec![ahead] });
    let paid = (date(2025, 1, 20), TransactionKind::repay(Fen(150_000)));
    let owed = |on| life(&terms, on, [paid.clone()]).outstanding.interest;
    // 1 % a month, 30/360: what was earned, less the 1,500.00 paid ahead.
    assert_eq!(owed(date(2025, 2, 15)), Fen::ZERO, "1,000.00 earned");
    assert_eq!(owed(date(2025, 3, 5)), Fen(16_667), "1,666.67 earned");
    assert_eq!(owed(date(2025, 3, 15)), Fen(50_000), "2,000.00 earned");
    assert_eq!(owed(date(2025, 4, 1)), Fen(103_333), "2,533.33 earned");
    assert_eq!(owed(date(2025, 4, 15)), Fen(150_000), "the third is due");
}

/// What a position owes is what settling on that day takes, also while interest is put off and on the day before a
/// counted settlement period ends.
#[test]
fn a_position_and_a_quote_owe_the_same_interest_on_every_day() {
    let mut terms = twelve_percent(Method::InterestOnly, 10_000_000, 6);
    terms.grace.interest = 2;
    let ahead = AllocationStep { head: Head::Interest, when: When::InAdvance };
    terms.allocation.order = Some(AllocationOrder { direction: Direction::ByInstalment, steps: vec![ahead] });
    let world = World::empty();
    for counted in [false, true] {
        terms.repayment_day = RepaymentDay::Settlement(SettlementDay { day: 15, counted });
        for paid in [0, 150_000, 250_000] {
            let mut list = vec![Transaction::new(1, START, TransactionKind::Disburse { amount: terms.principal })];
            if paid > 0 {
                list.push(Transaction::new(2, date(2025, 1, 20), TransactionKind::repay(Fen(paid))));
            }
            for days in 5..200 {
                let on = add_days(START, days).unwrap();
                let position = replay(&terms, &world.context(), &list, on).unwrap();
                let quote = quote_settlement(&terms, &world.context(), &list, on).unwrap();
                assert_eq!(position.outstanding.interest, quote.amounts.interest, "{counted} {paid} {on}");
            }
        }
    }
}

/// Principal paid ahead on the last instalment stays paid there when a dearer rate moves the rest to the first one: the
/// instalments add up to what is owed.
#[test]
fn principal_paid_ahead_is_not_spread_again_by_another_rate() {
    let mut terms = Terms::new(Method::EqualInstalment, Fen(6), date(2023, 7, 21), 33, Rate::per_year(276_313_448));
    terms.frequency = Frequency { every: 2, unit: PeriodUnit::Year };
    terms.interest.day_count = DayCount::Thirty360;
    terms.interest.by = InterestBy::Period;
    terms.rounding.unit = 10;
    let ahead = AllocationStep { head: Head::Principal, when: When::InAdvance };
    terms.allocation.order = Some(AllocationOrder { direction: Direction::ByInstalment, steps: vec![ahead] });
    let dearer = TransactionKind::ChangeRate { rate: Rate::per_year(416_833_186) };
    let events = [(date(2023, 10, 25), TransactionKind::repay(Fen(1))), (date(2023, 10, 26), dearer)];
    let position = life(&terms, date(2025, 5, 11), events);
    assert_eq!(position.outstanding.principal, Fen(5));
    let rows: i64 = position.instalments.iter().map(|row| row.principal.outstanding().0).sum();
    assert_eq!(Fen(rows), position.outstanding.principal);
    let due: Vec<i64> = position.instalments.iter().map(|row| row.principal.due.0).filter(|due| *due > 0).collect();
    assert_eq!(due, [5, 1], "the last keeps what was paid on it");
}
