//! Decisions that build on decisions, and facts that a pack declares for itself.

use std::collections::BTreeMap;

use jiff::civil::date;
use policy::{Facts, Pack, Value};

use crate::shipped;

fn facts(pairs: &[(&str, &str)]) -> Facts {
    let pack = shipped::pack("guarantee");
    let value = |name: &str, text: &str| pack.dictionary().get(name).unwrap().kind.parse_literal(text).unwrap();
    pairs.iter().map(|(name, text)| ((*name).to_owned(), value(name, text))).collect()
}

#[test]
fn a_given_class_is_not_derived_and_a_missing_one_is() {
    let pack = shipped::pack("guarantee");
    let on = pack.on(date(2026, 8, 1));
    let given =
        on.derive("plan3_class", &facts(&[("guarantee_class", "high_risk"), ("letter_rating", "AAA")])).unwrap();
    assert_eq!((given.decision.text("plan3_class"), given.below.len()), (Some("risk"), 0));
    let found = on.derive("plan3_class", &facts(&[("letter_rating", "AAA"), ("default_exists", "false")])).unwrap();
    assert_eq!(found.decision.text("plan3_class"), Some("premium"));
    let below: Vec<&str> = found.below.iter().map(|below| below.decision.as_str()).collect();
    assert_eq!(below, ["premium_condition", "general_condition", "high_risk_condition", "guarantee_class"]);
    assert_eq!(found.facts.get("guarantee_class"), Some(&Value::from("premium")));
}

#[test]
fn a_fact_that_must_be_known_is_a_refusal_however_deep() {
    let pack = shipped::pack("guarantee");
    let found = pack.on(date(2026, 8, 1)).derive("plan3_class", &facts(&[("letter_rating", "AAA")]));
    assert_eq!(found.unwrap_err().code(), "missing_fact");
}

#[test]
fn rows_that_wait_for_facts_are_told_and_outranked_ones_are_not() {
    let pack = shipped::pack("guarantee");
    let known = facts(&[("letter_rating", "A"), ("business_stability", "stable")]);
    let found = pack.on(date(2026, 8, 1)).decide("premium_condition", &known).unwrap();
    let waiting: Vec<&str> = found.pending.iter().map(|row| row.row.label.as_str()).collect();
    assert_eq!(waiting, ["b", "c", "d"], "the rating is known, so row a does not wait");
    assert!(found.evidence_missing().contains(&"profit_band"));
    let known = facts(&[("letter_rating", "AAA")]);
    let found = pack.on(date(2026, 8, 1)).decide("premium_condition", &known).unwrap();
    assert!(found.pending.is_empty(), "row a counts, whatever the later rows say");
}

#[test]
fn layers_must_agree_on_the_facts_they_declare() {
    let change = |text: &str| -> BTreeMap<String, String> {
        let mut files = shipped::files();
        files.insert("inspection/facts.csv".to_owned(), format!("name,type,title_zh,title_en\n{text}\n"));
        files
    };
    let load = |text: &str| Pack::load(&change(text), "microloan", &shipped::facts());
    assert!(load("weather,sunny|rainy,天气,Weather").unwrap().dictionary().get("weather").is_some());
    // What a capability offers keeps its own type; it must only be comparable.
    assert!(load("overdue_days,days,逾期,Overdue").is_ok());
    for text in ["overdue_days,text,逾期,Overdue", "larger_risk,yes|no,风险,Risk", "weather,fog,天气,Weather"] {
        let problems = load(text).unwrap_err();
        assert_eq!(problems[0].place.file, "inspection/facts.csv", "{text}: {problems:?}");
    }
}
