//! Speed of the guard's engine: checks per second on one core.
//!
//! `cargo bench -p collections --bench guard`

use collections::guard::model::{Ledgers, Limits, Line, NumberLedger, Owes, Party, PersonLedger, Request, Words};
use collections::guard::rules::check;
use collections::stop_flag::model::StopKinds;
use divan::{Bencher, counter::ItemsCount};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use platform::contact_gate::{Channel, Purpose};
use policy::{FactDictionary, Pack};

const FACTS: &str = concat!(
    "name,type,title_zh,title_en\noverdue_days,days 0..,逾期天数,Days overdue\n",
    "all_in_rate_ppm,ppm 0..,综合融资成本,All-in rate\nlpr_1y_ppm,ppm 0..,一年期LPR,One-year LPR\n",
    "limitation_days_left,days 0..,时效剩余天数,Days left of a limitation\n",
);
const TODAY: Date = date(2026, 11, 20);

fn main() {
    divan::main();
}

fn limits() -> Limits {
    let facts = FactDictionary::from_csv("bench", FACTS).expect("the facts");
    Limits::of(Pack::load(&platform::testbed::packs(), "microloan", &facts).expect("the shipped pack").on(TODAY))
}

/// `moment`: lawful and refused ones by turns, so that the search for the next lawful moment is measured too.
#[divan::bench(args = ["allowed", "calls reached", "quiet hours"])]
fn one_thousand_checks(bencher: Bencher<'_, '_>, what: &str) {
    let limits = limits();
    let (at, calls_day) = match what {
        "allowed" => ("2026-11-20T04:00:00Z", 2),
        "calls reached" => ("2026-11-20T04:00:00Z", 3),
        _ => ("2026-11-20T15:00:00Z", 0),
    };
    let at: Timestamp = at.parse().expect("a moment");
    let zone = limits.zone.clone();
    let request = Request {
        at,
        zone: &zone,
        also_in: None,
        channel: Channel::Phone,
        purpose: Purpose::Collect,
        owes: Owes::Overdue,
        party: Party::Debtor,
        own_flags: StopKinds::NONE,
        debt_flags: StopKinds::NONE,
        agreed_hours: None,
        line: Line::Registered,
        crew: None,
        words: Words::Unwritten,
    };
    let person = PersonLedger { calls_day, calls_week: calls_day, ..PersonLedger::default() };
    let ledgers = Ledgers { on: TODAY, person, number: NumberLedger::default() };
    bencher.counter(ItemsCount::new(1_000_u32)).bench_local(|| {
        for _ in 0..1_000 {
            divan::black_box(check(&limits, divan::black_box(&request), divan::black_box(&ledgers)));
        }
    });
}
