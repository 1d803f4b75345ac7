//! Golden tables (`tests/golden/*.txt`): figures that somebody else computed; each header says who.

use finance::*;
use jiff::civil::Date;

/// The rows of a table, cells trimmed.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('|').map(str::trim).collect())
}

fn percent(text: &str) -> Rate {
    format!("{text}%/year").parse().unwrap()
}

fn method(name: &str) -> Method {
    serde_json::from_value(serde_json::Value::from(name)).unwrap()
}

fn in_context<T>(run: impl FnOnce(&Context) -> T) -> T {
    let (calendar, rates) = (Calendar::default(), RateTable::default());
    run(&Context { calendar: &calendar, rates: &rates })
}

fn fen(text: &str) -> Fen {
    text.parse().unwrap()
}

fn sum(line: &Instalment) -> String {
    format!("{} + {}", line.principal, line.interest)
}

// S2.19-04, S5.6-T7, S5.6-T8
#[test]
fn schedules_agree_with_the_table() {
    let mut count = 0;
    for row in rows(include_str!("../golden/schedules.txt")) {
        let periods = row[4].parse().unwrap();
        let start = row[3].parse().unwrap();
        let mut terms = Terms::new(method(row[0]), fen(row[1]), start, periods, percent(row[2]));
        terms.frequency.every = row[5].parse().unwrap();
        match row[6] {
            "period" => {}
            day_count => {
                terms.interest.by = InterestBy::Day;
                terms.interest.day_count = serde_json::from_value(serde_json::Value::from(day_count)).unwrap();
            }
        }
        let plan = in_context(|context| schedule(&terms, context)).unwrap();
        let n = plan.instalments.len();
        assert_eq!(n, periods as usize);
        let found = [0, n.div_ceil(2) - 1, n - 1].map(|k| sum(&plan.instalments[k]));
        assert_eq!(found.each_ref().map(String::as_str), [row[7], row[8], row[9]], "{row:?}");
        assert_eq!(plan.total_interest, fen(row[10]), "{row:?}");
        count += 1;
    }
    assert_eq!(count, 43);
}

// S2.19-04
#[test]
fn schedules_beyond_the_ordinary_agree_with_the_table() {
    let mut count = 0;
    for row in rows(include_str!("../golden/variants.txt")) {
        let terms: Terms = serde_json::from_str(row[1]).unwrap();
        let rates = serde_json::json!({"rows": serde_json::from_str::<serde_json::Value>(row[2]).unwrap()});
        let (calendar, rates) = (Calendar::default(), serde_json::from_value::<RateTable>(rates).unwrap());
        let plan = schedule(&terms, &Context { calendar: &calendar, rates: &rates }).unwrap();
        let n = plan.instalments.len();
        let found = [0, n.div_ceil(2) - 1, n - 1].map(|k| sum(&plan.instalments[k]));
        assert_eq!(found.each_ref().map(String::as_str), [row[3], row[4], row[5]], "{}", row[0]);
        assert_eq!(plan.total_interest, fen(row[6]), "{}", row[0]);
        count += 1;
    }
    assert_eq!(count, 11);
}

#[test]
fn day_counts_agree_with_the_table() {
    let conventions = [
        DayCount::Thirty360,
        DayCount::Act360,
        DayCount::Act365,
        DayCount::Act364,
        DayCount::ActAct,
        DayCount::WholeMonths,
    ];
    for row in rows(include_str!("../golden/day_counts.txt")) {
        let dates: [Date; 2] = [row[0].parse().unwrap(), row[1].parse().unwrap()];
        for (day_count, wanted) in conventions.into_iter().zip(&row[2..]) {
            let part = day_count.between(dates[0], dates[1]);
            let interest = Exact::interest(Fen(100_000_000), 100_000_000, part).unwrap();
            assert_eq!(interest.round(Rounding::HalfUp), Some(fen(wanted)), "{day_count:?} {row:?}");
            let back = day_count.between(dates[1], dates[0]);
            if day_count != DayCount::Thirty360 {
                assert_eq!(back.0, -part.0, "{day_count:?} the other way round");
            }
        }
    }
}

#[test]
fn yearly_costs_agree_with_the_table() {
    let start: Date = "2025-01-15".parse().unwrap();
    for row in rows(include_str!("../golden/costs.txt")) {
        let terms = Terms::new(method(row[0]), Fen(10_000_000), start, row[2].parse().unwrap(), percent(row[1]));
        let plan = in_context(|context| schedule(&terms, context)).unwrap();
        let fee = CostItem { name: "服务费".into(), payee: "合作机构".into(), amount: fen(row[3]), on: start };
        let items = if fee.amount.is_zero() { vec![] } else { vec![fee] };
        let table = cost(&terms, &plan, &items).unwrap();
        let four = |e9: i64| Rounding::HalfUp.divide(i128::from(e9), 1_000).unwrap().0;
        let wanted = [row[4], row[5]].map(|text| text.replace('.', "").parse::<i64>().unwrap());
        assert_eq!([four(table.nominal_e9), four(table.effective_e9)], wanted, "{row:?}");
        let lines: i64 = table.lines.iter().map(|line| line.yearly_e9).sum();
        assert_eq!(lines, table.nominal_e9, "the lines add up");
    }
}

// S2.3-08
#[test]
fn penalty_and_compound_interest_agree_with_the_table() {
    for row in rows(include_str!("../golden/penalties.txt")) {
        let start: Date = "2025-01-15".parse().unwrap();
        let principal = fen(row[0]);
        let mut terms = Terms::new(Method::Bullet, principal, start, 6, percent("12"));
        terms.overdue.penalty = Some(PenaltyRate::Uplift(row[1].parse::<u32>().unwrap() * 10_000));
        terms.overdue.compound = Some(CompoundTerms { rate: CompoundRate::Penalty, on_penalty: false });
        if row[2] == "365" {
            terms.overdue.day_count = PenaltyDayCount::Act365;
        }
        let mut list = vec![Transaction::new(1, start, TransactionKind::Disburse { amount: principal })];
        let paid = fen(row[3]);
        if paid.is_positive() {
            let part = AllocationPart { head: Head::Principal, amount: paid, instalment: None };
            let repayment = Repayment { amount: paid, mode: RepaymentMode::Regular, allocation: vec![part] };
            list.push(Transaction::new(2, row[4].parse().unwrap(), TransactionKind::Repay(repayment)));
        }
        let as_of = row[5].parse().unwrap();
        let position = in_context(|context| replay(&terms, context, &list, as_of)).unwrap();
        assert_eq!(position.outstanding.penalty, fen(row[6]), "{row:?}");
        assert_eq!(position.outstanding.compound, fen(row[7]), "{row:?}");
    }
}

// S2.3-08: the whole principal bears penalty once the loan is called
// acceleration.due
#[test]
fn a_called_loan_agrees_with_the_table() {
    let mut count = 0;
    for row in rows(include_str!("../golden/accelerations.txt")) {
        let start: Date = "2025-01-15".parse().unwrap();
        let principal = fen(row[1]);
        let mut terms = Terms::new(method(row[0]), principal, start, row[2].parse().unwrap(), percent("12"));
        terms.overdue.penalty = Some(PenaltyRate::Uplift(row[3].parse::<u32>().unwrap() * 10_000));
        terms.overdue.compound = Some(CompoundTerms { rate: CompoundRate::Penalty, on_penalty: false });
        if row[4] == "365" {
            terms.overdue.day_count = PenaltyDayCount::Act365;
        }
        let list = [
            Transaction::new(1, start, TransactionKind::Disburse { amount: principal }),
            Transaction::new(2, row[5].parse().unwrap(), TransactionKind::Accelerate),
        ];
        let position = in_context(|context| replay(&terms, context, &list, row[6].parse().unwrap())).unwrap();
        assert_eq!((position.due.principal, position.next_due), (principal, None), "{row:?}");
        let found = [position.due.interest, position.due.penalty, position.due.compound];
        assert_eq!(found, [fen(row[7]), fen(row[8]), fen(row[9])], "{row:?}");
        count += 1;
    }
    assert_eq!(count, 5);
}
