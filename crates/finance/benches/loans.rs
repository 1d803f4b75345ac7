//! How many schedules and replays a core computes in a second: `cargo bench -p finance`.
#![expect(clippy::unwrap_used, reason = "a benchmark may stop where it stands")]

use divan::counter::ItemsCount;
use finance::{
    Calendar, CompoundRate, CompoundTerms, Context, Fen, Method, PenaltyRate, Position, Rate, RateTable, Terms,
    Transaction, TransactionKind, add_days, on_day_of_month, replay, schedule,
};
use jiff::civil::date;

fn main() {
    divan::main();
}

fn terms(method: Method, periods: u32) -> Terms {
    let mut terms = Terms::new(method, Fen(10_000_000), date(2023, 1, 15), periods, Rate::per_year(120_000_000));
    terms.overdue.penalty = Some(PenaltyRate::Uplift(500_000));
    terms
}

/// 36 periods; the aim is 200,000 a second.
#[divan::bench(sample_count = 1_000, sample_size = 20, args = ["equal_instalment", "equal_principal", "interest_only", "flat"])]
fn schedule_36(bencher: divan::Bencher, method: &str) {
    let method: Method = serde_json::from_value(serde_json::Value::from(method)).unwrap();
    let terms = terms(method, 36);
    let (calendar, rates) = (Calendar::default(), RateTable::default());
    let context = Context { calendar: &calendar, rates: &rates };
    bencher.counter(ItemsCount::new(1_u32)).bench(|| schedule(divan::black_box(&terms), &context).unwrap());
}

/// 24 periods, 30 transactions: on time, late, partial, a fee, an over-payment.
fn transactions(terms: &Terms) -> Vec<Transaction> {
    let start = terms.start_on;
    let mut list = vec![Transaction::new(1, start, TransactionKind::Disburse { amount: terms.principal })];
    for k in 1..=22_i64 {
        let due = on_day_of_month(start, k, 15).unwrap();
        let late = if k % 4 == 0 { 12 } else { 0 };
        let amount = if k % 7 == 0 { Fen(300_000) } else { Fen(470_735) };
        list.push(Transaction::new(2 * k as u64, add_days(due, late).unwrap(), TransactionKind::repay(amount)));
        if k % 7 == 0 {
            let rest = add_days(due, 20).unwrap();
            list.push(Transaction::new(2 * k as u64 + 1, rest, TransactionKind::repay(Fen(175_000))));
        }
    }
    for (id, on) in [(101, date(2023, 6, 1)), (102, date(2023, 9, 1)), (103, date(2024, 6, 1))] {
        let fee = TransactionKind::Charge { head: finance::Head::Fee, amount: Fen(5_000), due_on: None };
        list.push(Transaction::new(id, on, fee));
    }
    list.push(Transaction::new(104, date(2024, 11, 20), TransactionKind::repay(Fen(900_000))));
    list.sort_by_key(|transaction| transaction.on);
    list
}

/// The aim is 100,000 a second.
#[divan::bench(sample_count = 1_000, sample_size = 20)]
fn replay_24_with_30_transactions(bencher: divan::Bencher) {
    let terms = terms(Method::EqualInstalment, 24);
    let list = transactions(&terms);
    assert_eq!(list.len(), 30);
    run(bencher, &terms, &list);
}

#[divan::bench(sample_count = 1_000, sample_size = 20)]
fn replay_24_with_compound_interest(bencher: divan::Bencher) {
    let mut terms = terms(Method::EqualInstalment, 24);
    terms.overdue.compound = Some(CompoundTerms { rate: CompoundRate::Penalty, on_penalty: false });
    let list = transactions(&terms);
    run(bencher, &terms, &list);
}

fn run(bencher: divan::Bencher, terms: &Terms, list: &[Transaction]) {
    let (calendar, rates) = (Calendar::default(), RateTable::default());
    let context = Context { calendar: &calendar, rates: &rates };
    bencher
        .counter(ItemsCount::new(1_u32))
        // The position is dropped within the time: a close frees one loan before it takes the next.
        .bench(|| {
            replay(divan::black_box(terms), &context, divan::black_box(list), date(2025, 1, 1)).unwrap().outstanding
        });
}

/// A position on a later day as a closed expression.
#[divan::bench(sample_count = 1_000, sample_size = 20)]
fn position_on_a_later_day(bencher: divan::Bencher) {
    let terms = terms(Method::EqualInstalment, 24);
    let list = transactions(&terms);
    let (calendar, rates) = (Calendar::default(), RateTable::default());
    let context = Context { calendar: &calendar, rates: &rates };
    let position: Position = replay(&terms, &context, &list, date(2024, 12, 16)).unwrap();
    bencher.counter(ItemsCount::new(1_u32)).bench(|| divan::black_box(&position).on(date(2024, 12, 30)));
}
