//! The shipped scorecards: which packs have which, and that their scores meet the tables that grade by them.

use std::collections::BTreeMap;

use jiff::civil::date;
use policy::{DIMENSIONS, Facts, ItemKind, Value};

use crate::shipped;

fn facts(pairs: &[(&str, Value)]) -> Facts {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

// S1-17, S1-18, S5.5-07: who is evaluated by what, and that every dimension is looked at.
#[test]
fn every_kind_of_institution_has_its_cards_over_all_dimensions() {
    let rows: [(&str, &[&str]); 5] = [
        ("microloan", &["company_credit", "person_credit"]),
        ("consumer-finance", &["consumer_person"]),
        ("bank-personal", &["consumer_person"]),
        ("bank-sme", &["company_rating", "person_rating"]),
        ("guarantee", &["guarantee_company"]),
    ];
    for (pack, cards) in rows {
        let pack = shipped::pack(pack);
        let found: Vec<&str> = pack.scorecards().map(|card| card.id.as_str()).collect();
        assert_eq!(found, cards);
    }
    let pack = shipped::pack("microloan");
    let company = pack.scorecard("company_credit").unwrap();
    for dimension in DIMENSIONS {
        assert!(company.items.iter().any(|item| item.dimension == dimension), "{dimension}");
    }
    let judged: Vec<&str> = company.judged().map(|item| item.id.as_str()).collect();
    assert_eq!(judged, ["management", "market", "site", "realisability"]);
}

// S5.5-07: the score of the card is the score that the letters are given by.
#[test]
fn the_rating_card_feeds_the_letters() {
    let pack = shipped::pack("bank-sme");
    let card = pack.scorecard("person_rating").unwrap();
    let known = facts(&[
        ("credit_record", Value::from("good")),
        ("own_income_fen", Value::Integer(1_200_000)),
        ("income_stable", Value::Boolean(true)),
    ]);
    let chosen = ["character", "use", "household"].iter().zip(["sound", "clear", "stable"]);
    let chosen: BTreeMap<String, String> = chosen.map(|(a, b)| ((*a).to_owned(), b.to_owned())).collect();
    let composite = card.score(&known, &chosen).composite_centi.unwrap();
    // By hand: 0.7 · (30·100 + 25·90 + 10·100) / 65 + 0.3 · 100 = 97.31.
    assert_eq!(composite, 9_731);
    let mut case = facts(&[("default_exists", Value::Boolean(false)), ("industry_risk", Value::from("low"))]);
    case.insert(card.score.clone(), Value::Integer(card.as_fact(composite)));
    let found = pack.on(date(2026, 8, 1)).decide(card.grade.as_deref().unwrap(), &case).unwrap();
    assert_eq!(found.text("letter_rating"), Some("AAA"));
}

// S5.7-04: the nine attributes, a hundred points in all.
#[test]
fn the_consumer_score_looks_at_nine_attributes() {
    let pack = shipped::pack("bank-personal");
    let card = pack.scorecard("consumer_person").unwrap();
    let weighed: Vec<(&str, i64)> = card
        .items
        .iter()
        .filter(|item| item.kind == ItemKind::Quantitative)
        .map(|item| (item.id.as_str(), item.weight))
        .collect();
    assert_eq!(weighed.len(), 9);
    assert_eq!(weighed.iter().map(|(_, weight)| weight).sum::<i64>(), 100);
}
