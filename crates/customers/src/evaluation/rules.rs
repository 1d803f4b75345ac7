//! What must hold of an evaluation, and what it comes to. Pure.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::error::FieldError;
use platform::policies::InForce;
use policy::{Edition, FactType, Facts, ItemKind, Scorecard, Scored, Title, Value};

use super::model::{Both, ByHand, Content, Judgement, Line};
use crate::customer::model::CustomerKind;
use crate::datum::facts::{Known, Origin};
use crate::datum::rules::check_text;

/// The rule of the four eyes and the override.
pub const RULE: &str = "evaluation.override";

/// The scorecards for a kind of customer on a day (rule `evaluation.scorecards`).
#[must_use]
pub fn cards(rules: &InForce, kind: CustomerKind, on: Date) -> Vec<&Scorecard> {
    let fits = |card: &&Scorecard| card.of == kind.as_str() && card.active && card.period.contains(on);
    rules.pack().scorecards().filter(fits).collect()
}

/// The grade that the tables give for a score, with the articles; empty where facts are lacking or nothing grades.
#[must_use]
pub fn graded(edition: &Edition, card: &Scorecard, facts: &Facts, score: i64) -> (String, String, Vec<String>) {
    let Some(axis) = &card.grade else { return Default::default() };
    let Ok(decision) = edition.decision(axis) else { return Default::default() };
    let output = decision.sheet().outputs.first().map(|output| output.name.clone()).unwrap_or_default();
    let mut facts = facts.clone();
    facts.insert(card.score.clone(), Value::Integer(score));
    match edition.derive(axis, &facts) {
        Ok(found) => {
            let grade = found.decision.output(&output).map(Value::to_text).unwrap_or_default();
            (output, grade, found.decision.articles.clone())
        }
        Err(_) => (output, String::new(), Vec::new()),
    }
}

/// What a judgement comes to: the items with their sources, the parts, the score, the grade.
///
/// `None` while a fact or a judgement is lacking; `Scored::lacking` names them.
#[must_use]
pub fn content(
    rules: &InForce,
    on: Date,
    card: &Scorecard,
    known: &Known,
    said: &Judgement,
) -> Option<(Content, String)> {
    let scored = card.score(&known.facts, &said.chosen);
    let composite_centi = scored.composite_centi?;
    let score = card.as_fact(composite_centi);
    let (grade_output, grade, mut articles) = graded(rules.edition(on), card, &known.facts, score);
    if !articles.contains(&card.article) {
        articles.insert(0, card.article.clone());
    }
    let content = Content {
        title: both(&card.title),
        lines: lines(rules, on, card, known, said, &scored),
        quantitative_centi: scored.quantitative_centi,
        qualitative_centi: scored.qualitative_centi,
        composite_centi,
        weights: card.weights,
        score: (card.score.clone(), score),
        grade_output,
        articles,
        policy_version: rules.edition(on).version().to_json().to_string(),
        preliminary: said.preliminary.trim().to_owned(),
        field_work: said.field_work.clone(),
        opinion: said.opinion.trim().to_owned(),
        by_hand: said.by_hand.clone(),
        review_months: card.review_months,
    };
    Some((content, grade))
}

/// The items as they are filled in, also while some are lacking.
#[must_use]
pub fn lines(
    rules: &InForce,
    on: Date,
    card: &Scorecard,
    known: &Known,
    said: &Judgement,
    scored: &Scored,
) -> Vec<Line> {
    let line = |(item, one): (&policy::Item, &policy::ItemScore)| {
        let band = one.band.and_then(|at| item.bands.get(at));
        let fact = rules.pack().dictionary().get(&item.fact);
        let title = match (item.title.zh.is_empty(), fact) {
            (true, Some(fact)) => both(&fact.title),
            _ => both(&item.title),
        };
        let (source, of) = match item.kind {
            ItemKind::Qualitative => ("assessor".to_owned(), Some(on)),
            ItemKind::Quantitative => known.origins.get(&item.fact).map_or_else(Default::default, |o| source(o, on)),
        };
        Line {
            item: item.id.clone(),
            title,
            kind: item.kind.name().to_owned(),
            dimension: item.dimension.clone(),
            weight: item.weight,
            fact: item.fact.clone(),
            value: one.value.as_ref().map(Value::to_text),
            source: if one.value.is_some() { source } else { String::new() },
            on: of.filter(|_| one.value.is_some()),
            band: band.map(|band| band.cell.clone()).unwrap_or_default(),
            help: band.map(|band| both(&band.help)).unwrap_or_default(),
            points: one.points,
            note: said.notes.get(&item.id).map(|note| note.trim().to_owned()).unwrap_or_default(),
        }
    };
    card.items.iter().zip(&scored.items).map(line).collect()
}

/// Where a value comes from, and of which day it is.
pub(crate) fn source(origin: &Origin, on: Date) -> (String, Option<Date>) {
    match origin {
        Origin::Stated(datum) => (datum.route.as_str().to_owned(), Some(datum.effective_on)),
        Origin::Statement(end) => ("statement".to_owned(), Some(*end)),
        Origin::Report(on) => ("report".to_owned(), Some(*on)),
        Origin::Evaluation(_, made_on) => ("evaluation".to_owned(), Some(*made_on)),
        Origin::Guarantees => ("guarantees".to_owned(), Some(on)),
        Origin::AssetProofs => ("asset-proofs".to_owned(), Some(on)),
        Origin::PremiumList(_) => ("premium-list".to_owned(), Some(on)),
        Origin::File => ("file".to_owned(), Some(on)),
        Origin::Book => ("book".to_owned(), Some(on)),
    }
}

fn both(title: &Title) -> Both {
    (title.zh.clone(), title.in_language(true).to_owned())
}

/// All that is wrong with what the assessor wrote.
///
/// Rule `evaluation.field_work` (S1-20): the file was found compliant, and somebody called, visited or asked no longer ago
/// than the policy says. Rule `evaluation.override`: a grade set by hand differs from the tables, has a reason and an end
/// within the months of the card; a card may forbid it.
#[must_use]
pub fn check(
    said: &Judgement,
    card: &Scorecard,
    (grades, rule_grade): (&[String], &str),
    (today, fresh): (Date, i64),
) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    for (field, text) in
        [("preliminary", &said.preliminary), ("verify_note", &said.field_work.note), ("opinion", &said.opinion)]
    {
        if text.trim().is_empty() {
            wrong.push(FieldError::new(field, "field-empty"));
        }
        wrong.extend(check_text(field, text.trim()));
    }
    wrong.extend(said.notes.values().find_map(|note| check_text("opinion", note.trim())));
    let age = i64::from((today - said.field_work.on).get_days());
    if age < 0 {
        wrong.push(FieldError::new("verified_on", "date-in-future"));
    } else if age > fresh {
        wrong.push(FieldError::new("verified_on", "evaluation-stale").with("days", fresh));
    }
    if let Some(hand) = &said.by_hand {
        wrong.extend(check_by_hand(hand, card, (grades, rule_grade), today));
    }
    wrong
}

fn check_by_hand(
    hand: &ByHand,
    card: &Scorecard,
    (grades, rule_grade): (&[String], &str),
    today: Date,
) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if card.override_months == 0 || grades.is_empty() {
        return vec![FieldError::new("grade", "evaluation-not-by-hand")];
    }
    if !grades.contains(&hand.grade) {
        wrong.push(FieldError::choice("grade", &hand.grade));
    } else if hand.grade == rule_grade {
        wrong.push(FieldError::new("grade", "evaluation-same-grade"));
    }
    if hand.reason.trim().is_empty() {
        wrong.push(FieldError::new("reason", "reason-empty"));
    }
    wrong.extend(check_text("reason", hand.reason.trim()));
    let latest = months_later(today, card.override_months);
    if hand.until <= today || hand.until > latest {
        wrong.push(FieldError::new("until", "evaluation-until").with("from", today).with("to", latest));
    }
    wrong
}

/// The grades of an output, from the best on.
#[must_use]
pub fn grades(rules: &InForce, output: &str) -> Vec<String> {
    match rules.pack().dictionary().get(output).map(|fact| &fact.kind) {
        Some(FactType::OneOf { values, .. }) => values.clone(),
        Some(FactType::Integer { .. } | FactType::Date | FactType::Text | FactType::Boolean) | None => Vec::new(),
    }
}

/// So many months later; the end of time where the calendar ends.
#[must_use]
pub fn months_later(on: Date, months: i64) -> Date {
    jiff::Span::new().try_months(months).ok().and_then(|span| on.checked_add(span).ok()).unwrap_or(Date::MAX)
}

/// The titles of the items that are lacking, in a language.
#[must_use]
pub fn lacking(card: &Scorecard, lines: &[Line], scored: &Scored, english: bool) -> Vec<String> {
    let titled: BTreeMap<&str, &Both> = lines.iter().map(|line| (line.item.as_str(), &line.title)).collect();
    let word = |id: &String| {
        let both = titled.get(id.as_str())?;
        Some(if english { both.1.clone() } else { both.0.clone() })
    };
    debug_assert!(card.items.len() == lines.len(), "lines are made from the items");
    scored.lacking.iter().filter_map(word).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use policy::Method;

    use super::super::model::FieldWork;
    use super::*;

    fn card(months: i64) -> Scorecard {
        Scorecard {
            id: "card".to_owned(),
            of: "person".to_owned(),
            title: Title::new("卡", "Card"),
            score: "composite_score_centi".to_owned(),
            grade: Some("credit_grade".to_owned()),
            rule: "r".to_owned(),
            method: Method::Weighted,
            base_points: 0,
            weights: (70, 30),
            review_months: 12,
            override_months: months,
            active: true,
            period: policy::Period::default(),
            article: "a".to_owned(),
            items: Vec::new(),
        }
    }

    fn said(on: Date, hand: Option<(&str, &str, Date)>) -> Judgement {
        Judgement {
            scorecard: "card".to_owned(),
            chosen: BTreeMap::new(),
            notes: BTreeMap::new(),
            preliminary: "资料齐全".to_owned(),
            field_work: FieldWork { way: "visit".to_owned(), on, note: "到店面谈".to_owned() },
            opinion: "建议良好".to_owned(),
            by_hand: hand.map(|(grade, reason, until)| ByHand {
                grade: grade.to_owned(),
                reason: reason.to_owned(),
                until,
            }),
        }
    }

    // S1-19, S1-20. Rules evaluation.field_work, evaluation.override
    #[test]
    fn field_work_is_fresh_and_a_grade_by_hand_has_a_reason_and_an_end() {
        let today = date(2026, 11, 20);
        let grades = ["excellent".to_owned(), "good".to_owned(), "average".to_owned()];
        type Hand = Option<(&'static str, &'static str, Date)>;
        type Row = (Date, Hand, i64, &'static [(&'static str, &'static str)]);
        let rows: [Row; 10] = [
            (today, None, 6, &[]),
            (date(2026, 8, 22), None, 6, &[]),
            (date(2026, 8, 21), None, 6, &[("verified_on", "evaluation-stale")]),
            (date(2026, 11, 21), None, 6, &[("verified_on", "date-in-future")]),
            (today, Some(("average", "担保人退出", date(2027, 5, 20))), 6, &[]),
            (today, Some(("average", "担保人退出", date(2027, 5, 21))), 6, &[("until", "evaluation-until")]),
            (today, Some(("average", "担保人退出", today)), 6, &[("until", "evaluation-until")]),
            (
                today,
                Some(("good", "", date(2027, 1, 1))),
                6,
                &[("grade", "evaluation-same-grade"), ("reason", "reason-empty")],
            ),
            (today, Some(("best", "x", date(2027, 1, 1))), 6, &[("grade", "choice-unknown")]),
            (today, Some(("average", "x", date(2027, 1, 1))), 0, &[("grade", "evaluation-not-by-hand")]),
        ];
        for (on, hand, months, complaints) in rows {
            let found = check(&said(on, hand), &card(months), (&grades, "good"), (today, 90));
            let found: Vec<(&str, &str)> = found.iter().map(|one| (one.field, one.code)).collect();
            assert_eq!(found, complaints, "{on} {hand:?}");
        }
        let mut silent = said(today, None);
        silent.opinion = " ".to_owned();
        silent.field_work.note = "电话 13900001234".to_owned();
        let found = check(&silent, &card(6), (&grades, "good"), (today, 90));
        let found: Vec<(&str, &str)> = found.iter().map(|one| (one.field, one.code)).collect();
        assert_eq!(found, [("verify_note", "datum-identifier"), ("opinion", "field-empty")]);
    }
}
