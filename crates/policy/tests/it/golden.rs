//! Text tables of decisions: one case a line, the expected outputs and the row that hits on its right.

use jiff::civil::Date;
use policy::{Facts, Pack, Value};

use crate::shipped;

/// `2026-08-01 | overdue_days=30 | bucket=d1_30 | B1`, under a line `= pack decision`; `#` comments.
fn run(table: &str) {
    let (mut pack, mut decision): (Option<Pack>, String) = (None, String::new());
    let mut cases = 0;
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(head) = line.strip_prefix('=') {
            let (id, name) = head.trim().split_once(' ').unwrap();
            decision = name.to_owned();
            if pack.as_ref().is_none_or(|pack| pack.id() != id) {
                pack = Some(shipped::pack(id));
            }
            continue;
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [on, facts, expected, row] = cells.as_slice() else { panic!("{line}") };
        let on: Date = on.parse().unwrap();
        let pack = pack.as_ref().unwrap();
        let facts: Facts = facts
            .split_whitespace()
            .map(|fact| {
                let (name, value) = fact.split_once('=').unwrap();
                let kind = &pack.dictionary().get(name).unwrap().kind;
                (name.to_owned(), kind.parse_literal(value).unwrap())
            })
            .collect();
        let (found, hit) = match pack.on(on).decide(&decision, &facts) {
            Ok(found) => {
                let output = |name: &str| found.output(name).map_or("-".to_owned(), Value::to_text);
                let outputs: Vec<String> = expected
                    .split_whitespace()
                    .map(|pair| pair.split_once('=').unwrap().0)
                    .map(|name| format!("{name}={}", output(name)))
                    .collect();
                let law = found.floor.as_ref().map(|floor| format!("+{}", floor.row.label)).unwrap_or_default();
                (outputs.join(" "), format!("{}{law}", found.rows[0].label))
            }
            Err(refusal) => (refusal.code().to_owned(), "-".to_owned()),
        };
        assert_eq!((found.as_str(), hit.as_str()), (*expected, *row), "{decision}: {line}");
        cases += 1;
    }
    assert!(cases > 5, "the table was read");
}

// S4-07, S2.5-29: rules `overdue.bucket` and `overdue.m_bucket`.
#[test]
fn overdue_buckets_on_both_sides_of_every_edge() {
    run(include_str!("../golden/buckets.txt"));
}

// DT-S4, rule `overdue.action`: what must be done, how often, by whom, on which paper.
#[test]
fn the_action_ladder_follows_the_days() {
    run(include_str!("../golden/ladder.txt"));
}

// S5.4-01, S5.4-02, S5.4-03: rules `class.microloan`, `class.bank`, `class.law.bank`, `class.law.microloan`.
#[test]
fn five_categories_by_days_on_both_sides_of_every_edge() {
    run(include_str!("../golden/classes.txt"));
}

// S5.4-05: rules `class.npl` and `provision.special`.
#[test]
fn non_performing_classes_and_provisions() {
    run(include_str!("../golden/provisions.txt"));
}

// Rules `rate.cap.court`, `rate.cap.glide`, `rate.cap.lpr`, `rate.cap.bank`.
#[test]
fn rate_caps_change_on_their_dates() {
    run(include_str!("../golden/rate_caps.txt"));
}
