//! Arbitrary terms and transactions: plausible ones, and absurd ones.

use finance::*;
use jiff::civil::{Date, date};
use proptest::prelude::*;

pub fn start() -> impl Strategy<Value = Date> {
    (0_i64..2_000).prop_map(|days| add_days(date(2020, 1, 1), days).unwrap())
}

fn method() -> impl Strategy<Value = Method> {
    prop_oneof![
        4 => Just(Method::EqualInstalment),
        2 => Just(Method::EqualPrincipal),
        2 => Just(Method::InterestOnly),
        1 => Just(Method::Bullet),
        2 => Just(Method::Flat),
        1 => (0_i64..1_000_000).prop_map(|fen| Method::Balloon(Residual::Amount(Fen(fen)))),
        1 => (1_u32..120).prop_map(|n| Method::Balloon(Residual::AmortisedOver(n))),
    ]
}

fn frequency() -> impl Strategy<Value = (Frequency, RepaymentDay, FirstPeriod)> {
    let unit = prop_oneof![
        1 => Just(PeriodUnit::Day),
        1 => Just(PeriodUnit::Week),
        5 => Just(PeriodUnit::Month),
        1 => Just(PeriodUnit::Quarter),
        1 => Just(PeriodUnit::Year)
    ];
    let day = prop_oneof![
        3 => Just(RepaymentDay::ByStart),
        2 => (1_i8..=31).prop_map(RepaymentDay::Fixed),
        1 => (1_i8..=28, any::<bool>()).prop_map(|(day, counted)| RepaymentDay::Settlement(SettlementDay { day, counted }))
    ];
    let first = prop_oneof![Just(FirstPeriod::NextPeriod), Just(FirstPeriod::Short), Just(FirstPeriod::Long)];
    (1_u32..4, unit, day, first).prop_map(|(every, unit, day, first)| {
        let day = if matches!(unit, PeriodUnit::Day | PeriodUnit::Week) { RepaymentDay::ByStart } else { day };
        let every = if unit == PeriodUnit::Day { every * 10 } else { every };
        (Frequency { every, unit }, day, first)
    })
}

fn interest() -> impl Strategy<Value = InterestTerms> {
    let day_count = prop_oneof![
        Just(DayCount::Thirty360),
        Just(DayCount::Act360),
        Just(DayCount::Act365),
        Just(DayCount::Act364),
        Just(DayCount::ActAct),
        Just(DayCount::WholeMonths)
    ];
    let by = prop_oneof![Just(InterestBy::Period), Just(InterestBy::Day)];
    let stub = prop_oneof![Just(Stub::Days), Just(Stub::Whole)];
    let sized_by = prop_oneof![Just(SizedBy::Formula), Just(SizedBy::Days)];
    (day_count, by, stub, sized_by).prop_map(|(day_count, by, stub, sized_by)| InterestTerms {
        day_count,
        by,
        stub,
        sized_by,
        year_basis: YearBasis::Days360,
    })
}

fn rounding() -> impl Strategy<Value = RoundingTerms> {
    let mode = prop_oneof![
        3 => Just(Rounding::HalfUp),
        1 => Just(Rounding::HalfEven),
        1 => Just(Rounding::Up),
        1 => Just(Rounding::Down),
        1 => Just(Rounding::Floor)
    ];
    let unit = prop_oneof![4 => Just(1_i64), 1 => Just(10), 1 => Just(100)];
    let multiple = prop_oneof![4 => Just(1_i64), 1 => Just(100)];
    (mode, unit, any::<bool>(), any::<bool>(), multiple).prop_map(|(mode, unit, total, first, instalment_multiple)| {
        let interest = if total { RoundInterest::RunningTotal } else { RoundInterest::EachInstalment };
        let remainder = if first { Remainder::First } else { Remainder::Last };
        RoundingTerms { mode, unit, interest, remainder, instalment_multiple }
    })
}

fn allocation() -> impl Strategy<Value = AllocationTerms> {
    let head = (0_usize..6).prop_map(|k| Head::ALL[k]);
    let when = prop_oneof![3 => Just(When::PastDue), 3 => Just(When::Due), 1 => Just(When::InAdvance)];
    let step = (head, when).prop_map(|(head, when)| AllocationStep { head, when });
    let direction = prop_oneof![Just(Direction::ByInstalment), Just(Direction::ByHead)];
    let order = (direction, prop::collection::vec(step, 0..12))
        .prop_map(|(direction, steps)| AllocationOrder { direction, steps });
    let overdue = prop::option::weighted(0.3, 0_u32..120)
        .prop_map(|days| days.map(|after_days| OverdueOrder { after_days, order: None }));
    (prop::option::weighted(0.3, order), overdue)
        .prop_map(|(order, overdue_order)| AllocationTerms { order, overdue_order })
}

fn overdue() -> impl Strategy<Value = OverdueTerms> {
    let uplift = || prop::option::of((0_u32..1_000_000).prop_map(PenaltyRate::Uplift));
    let rate =
        prop_oneof![Just(CompoundRate::Penalty), Just(CompoundRate::Contract), Just(CompoundRate::ContractThenPenalty)];
    let compound =
        prop::option::of((rate, any::<bool>()).prop_map(|(rate, on_penalty)| CompoundTerms { rate, on_penalty }));
    let grace = prop_oneof![2 => Just(0_u32), 1 => 1_u32..10];
    (uplift(), uplift(), compound, grace, any::<[bool; 3]>(), prop::option::of(0_u32..100), 0_i64..100).prop_map(
        |(penalty, misuse, compound, grace_days, flags, non_accrual_after_days, tolerance)| OverdueTerms {
            penalty,
            misuse,
            compound,
            day_count: if flags[0] { PenaltyDayCount::Act360 } else { PenaltyDayCount::Act365 },
            grace_days,
            after_grace: if flags[1] { AfterGrace::FromDueDate } else { AfterGrace::FromGraceEnd },
            non_accrual_after_days,
            rounding: if flags[2] { PenaltyRounding::RunningTotal } else { PenaltyRounding::PerSegment },
            tolerance: Fen(tolerance),
        },
    )
}

fn prepayment() -> impl Strategy<Value = PrepaymentTerms> {
    let charge = prop::option::of((0_u32..50_000, prop::option::of(0_u32..24)))
        .prop_map(|charge| charge.map(|(ppm, free_after_months)| PrepaymentCharge { ppm, free_after_months }));
    let interest = prop_oneof![Just(PrepaymentInterest::AtNextDue), Just(PrepaymentInterest::PaidToDate)];
    let excess = prop_oneof![3 => Just(Excess::Credit), 1 => Just(Excess::Reduce), 1 => Just(Excess::Shorten)];
    (charge, interest, excess).prop_map(|(charge, interest, excess)| PrepaymentTerms { charge, interest, excess })
}

/// Terms that a lender could write.
pub fn terms() -> impl Strategy<Value = Terms> {
    let rest_days =
        prop_oneof![3 => Just(RestDays::Kept), 1 => Just(RestDays::Forward), 1 => Just(RestDays::ForwardWithInterest)];
    let grace = prop_oneof![
        4 => Just(Grace::default()),
        1 => (0_u32..3, 0_u32..3, 0_u32..3)
            .prop_map(|(principal, interest, interest_free)| Grace { principal, interest, interest_free })
    ];
    let one = (method(), 1_i64..100_000_000, start(), 1_u32..40, 0_i64..600_000_000);
    let two = (frequency(), rest_days, grace, interest());
    let three = (rounding(), allocation(), overdue(), prepayment());
    (one, two, three).prop_map(|(one, two, three)| {
        let (method, principal, start, periods, rate) = one;
        let mut terms = Terms::new(method, Fen(principal), start, periods, Rate::per_year(rate));
        (terms.frequency, terms.repayment_day, terms.first_period) = two.0;
        (terms.rest_days, terms.grace, terms.interest) = (two.1, two.2, two.3);
        (terms.rounding, terms.allocation, terms.overdue, terms.prepayment) = three;
        terms
    })
}

fn kind(principal: i64) -> impl Strategy<Value = TransactionKind> {
    let amount = (1_i64..=principal.max(1)).prop_map(Fen);
    let head = (0_usize..6).prop_map(|k| Head::ALL[k]);
    let mode = prop_oneof![
        6 => Just(RepaymentMode::Regular),
        1 => Just(RepaymentMode::Reduce),
        1 => Just(RepaymentMode::Shorten),
        1 => Just(RepaymentMode::Settle)
    ];
    let until = (0_i64..2_500).prop_map(|days| add_days(date(2021, 1, 1), days).unwrap());
    let part = (head.clone(), 1_i64..=principal.max(1), prop::option::weighted(0.2, 0_u32..20))
        .prop_map(|(head, fen, instalment)| AllocationPart { head, amount: Fen(fen), instalment });
    let parts = prop_oneof![5 => Just(Vec::new()), 1 => prop::collection::vec(part, 1..3)];
    let small = (1_i64..=(principal / 20).max(1)).prop_map(Fen);
    let restructuring = (method(), 1_u32..20, any::<bool>()).prop_map(|(method, periods, capitalise)| {
        let method = if matches!(method, Method::Balloon(_)) { Method::EqualInstalment } else { method };
        TransactionKind::Restructure(Restructuring {
            method,
            periods: Some(periods),
            maturity_on: None,
            first_due_on: None,
            frequency: None,
            repayment_day: RepaymentDay::ByStart,
            rate: None,
            capitalise,
        })
    });
    prop_oneof![
        3 => amount.clone().prop_map(|amount| TransactionKind::Disburse { amount }),
        12 => (small.clone(), mode, parts.clone()).prop_map(|(amount, mode, allocation)| {
            TransactionKind::Repay(Repayment { amount, mode, allocation })
        }),
        1 => (head.clone(), small.clone(), prop::option::of(until.clone()))
            .prop_map(|(head, amount, due_on)| TransactionKind::Charge { head, amount, due_on }),
        1 => (head, small.clone()).prop_map(|(head, amount)| TransactionKind::Waive { head, amount, instalment: None }),
        1 => (0_i64..500_000_000).prop_map(|e9| TransactionKind::ChangeRate { rate: Rate::per_year(e9) }),
        1 => (until.clone(), prop::option::of(0_i64..500_000_000), any::<bool>()).prop_map(|(until, rate, all)| {
            let scope = if all { ExtensionScope::Remaining } else { ExtensionScope::LastInstalment };
            TransactionKind::Extend(Extension { until, rate: rate.map(Rate::per_year), scope })
        }),
        1 => restructuring,
        1 => (prop::option::of(until), any::<bool>(), any::<bool>())
            .prop_map(|(until, interest, penalty)| TransactionKind::Suspend { until, interest, penalty }),
        1 => any::<bool>().prop_map(|flagged| TransactionKind::Misuse { flagged }),
        1 => Just(TransactionKind::Accelerate),
        1 => Just(TransactionKind::WriteOff),
        1 => (small, parts).prop_map(|(amount, allocation)| TransactionKind::Recover { amount, allocation }),
    ]
}

/// A loan drawn whole at the start, with things happening afterwards; and a date.
pub fn loan(most: usize) -> impl Strategy<Value = (Terms, Vec<Transaction>, Date)> {
    terms().prop_flat_map(move |terms| {
        let (principal, start) = (terms.principal, terms.start_on);
        let on = move |days: i64| add_days(start, days).unwrap();
        let rest = prop::collection::vec((0_i64..1_200, kind(principal.0)), 0..most);
        (Just(terms), rest, 0_i64..1_500).prop_map(move |(terms, mut rest, as_of)| {
            rest.sort_by_key(|(days, _)| *days);
            let mut list = vec![Transaction::new(1, start, TransactionKind::Disburse { amount: principal })];
            list.extend((2..).zip(rest).map(|(id, (days, kind))| Transaction::new(id, on(days), kind)));
            (terms, list, on(as_of))
        })
    })
}

/// Weekends only, and the LPR of one day.
pub fn with_context<T>(run: impl FnOnce(&Context) -> T) -> T {
    let calendar = Calendar::new([date(2021, 10, 1), date(2021, 10, 4)], [date(2021, 10, 9)], [2021]);
    let lpr = |on, one_year_e9, five_years_e9| Lpr { on, one_year_e9, five_years_e9 };
    let rates = RateTable::new(
        [lpr(date(2019, 8, 20), 42_500_000, 48_500_000), lpr(date(2022, 1, 20), 37_000_000, 46_000_000)],
        Some(date(2030, 1, 1)),
    );
    run(&Context { calendar: &calendar, rates: &rates })
}
