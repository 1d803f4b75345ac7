//! Reading scorecards and saying what is wrong with them, by row and column.

use std::collections::{BTreeMap, BTreeSet};

use super::{Band, DIMENSIONS, Item, ItemKind, Method, Scorecard, holds};
use crate::facts::Title;
use crate::formula::Scope;
use crate::parameter::{article, not_allowed};
use crate::period::Period;
use crate::problem::{Place, Problem, ProblemKind, nearest};
use crate::sheet::{Entry, Sheet};
use crate::table::cell::Tests;
use crate::value::{FactType, Value};

/// A scorecard with the places of what it refers to.
#[derive(Debug, Clone)]
pub(crate) struct ScorecardRow {
    pub(crate) card: Scorecard,
    pub(crate) place: Place,
    pub(crate) article_place: Place,
    grade_place: Place,
}

const MUST: [&str; 15] = [
    "id",
    "of",
    "title_zh",
    "title_en",
    "score",
    "grade",
    "rule",
    "method",
    "base_points",
    "quantitative",
    "qualitative",
    "review_months",
    "override_months",
    "status",
    "article",
];
const MAY: [&str; 2] = ["effective_from", "effective_to"];
const ITEM: [&str; 12] = [
    "item",
    "kind",
    "dimension",
    "weight",
    "fact",
    "needed",
    "cell",
    "points",
    "title_zh",
    "title_en",
    "help_zh",
    "help_en",
];
/// The points of a card that adds them may lie this far from zero.
const SUM_POINTS: i64 = 10_000;

/// Reads `scorecards.csv` and the file of items of each.
pub(crate) fn read(
    folder: &str,
    files: &BTreeMap<String, String>,
    text: &str,
    scope: &Scope<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<ScorecardRow> {
    let file = format!("{folder}/scorecards.csv");
    let mut rows: Vec<ScorecardRow> = Vec::new();
    for entry in Sheet::read(&file, text, problems).register(&MUST, &MAY, problems) {
        let mut card = head(&entry, scope, problems);
        if rows.iter().any(|row| row.card.id == card.id) {
            let kind = ProblemKind::Duplicate { name: card.id.clone() };
            problems.push(Problem::new(entry.place("id"), kind));
        }
        let path = format!("{folder}/scorecards/{}.csv", card.id);
        match files.get(&path) {
            Some(text) => items(&path, text, &mut card, scope, problems),
            None => problems.push(Problem::new(Place::file(&path), ProblemKind::MissingFile {})),
        }
        rows.push(ScorecardRow {
            card,
            place: entry.place("id"),
            article_place: entry.place("article"),
            grade_place: entry.place("grade"),
        });
    }
    rows
}

/// Grades that no table decides.
pub(crate) fn refuse_unknown(rows: &[ScorecardRow], decisions: &[String], problems: &mut Vec<Problem>) {
    for row in rows {
        if let Some(name) = row.card.grade.as_ref().filter(|name| !decisions.contains(name)) {
            let kind = ProblemKind::UnknownReference { what: "decision".to_owned(), name: name.clone() };
            problems.push(Problem::new(row.grade_place.clone(), kind));
        }
    }
}

fn head(entry: &Entry, scope: &Scope<'_>, problems: &mut Vec<Problem>) -> Scorecard {
    let of = one_of(entry, "of", &["person", "company"], problems);
    let score = entry.text("score", problems);
    match (scope.fact)(&score) {
        Some(FactType::Integer { .. }) => {}
        Some(other) => {
            let kind = ProblemKind::WrongType { expected: "count".to_owned(), found: other.to_text() };
            problems.push(Problem::new(entry.place("score"), kind));
        }
        None => problems.push(Problem::new(entry.place("score"), unknown(&score, scope))),
    }
    let method = match one_of(entry, "method", &["weighted", "sum"], problems).as_str() {
        "sum" => Method::Sum,
        _ => Method::Weighted,
    };
    let number = |name: &str, (least, most): (i64, i64), problems: &mut Vec<Problem>| {
        whole(entry, name, (least, most), problems)
    };
    let weights = (number("quantitative", (0, 100), problems), number("qualitative", (0, 100), problems));
    if weights == (0, 0) {
        problems.push(Problem::new(entry.place("quantitative"), not_allowed("0", "1..100")));
    }
    let grade = entry.get("grade");
    Scorecard {
        id: entry.text("id", problems),
        of,
        title: Title::new(entry.text("title_zh", problems), entry.get("title_en")),
        score,
        grade: (!grade.is_empty() && grade != "-").then(|| grade.to_owned()),
        rule: entry.text("rule", problems),
        method,
        base_points: number("base_points", (-SUM_POINTS, SUM_POINTS), problems),
        weights,
        review_months: number("review_months", (1, 120), problems),
        override_months: number("override_months", (0, 120), problems),
        active: one_of(entry, "status", &["active", "legacy"], problems) == "active",
        period: Period::read(entry, problems),
        article: article(entry, problems),
        items: Vec::new(),
    }
}

fn items(file: &str, text: &str, card: &mut Scorecard, scope: &Scope<'_>, problems: &mut Vec<Problem>) {
    let mut places: Vec<Place> = Vec::new();
    for entry in Sheet::read(file, text, problems).register(&ITEM, &[], problems) {
        let id = entry.text("item", problems);
        let begins = card.items.last().is_none_or(|item| item.id != id);
        if begins {
            if card.items.iter().any(|item| item.id == id) {
                problems.push(Problem::new(entry.place("item"), ProblemKind::Duplicate { name: id.clone() }));
            }
            let item = item(&entry, card, id, scope, problems);
            card.items.push(item);
            places.push(Place::row(file, entry.row));
        }
        let method = card.method;
        if let Some(item) = card.items.last_mut() {
            let band = band(&entry, item, method, problems);
            item.bands.push(band);
        }
    }
    if card.items.is_empty() {
        problems.push(Problem::new(Place::file(file), ProblemKind::EmptyCell { name: "item".to_owned() }));
    }
    for (item, place) in card.items.iter().zip(&places) {
        check_bands(item, place, problems);
    }
}

fn item(entry: &Entry, card: &Scorecard, id: String, scope: &Scope<'_>, problems: &mut Vec<Problem>) -> Item {
    let kind = match one_of(entry, "kind", &["quantitative", "qualitative"], problems).as_str() {
        "qualitative" => ItemKind::Qualitative,
        _ => ItemKind::Quantitative,
    };
    // Operations are of enterprises only (S1-17).
    let dimensions: Vec<&str> =
        DIMENSIONS.into_iter().filter(|one| card.of == "company" || *one != "operations").collect();
    let dimension = one_of(entry, "dimension", &dimensions, problems);
    let weight = match card.method {
        Method::Sum => 1,
        Method::Weighted => whole(entry, "weight", (1, 1_000), problems),
    };
    let fact = entry.get("fact").to_owned();
    let mut kind_of_fact = None;
    let title = Title::new(entry.get("title_zh"), entry.get("title_en"));
    match kind {
        ItemKind::Quantitative => {
            kind_of_fact = (scope.fact)(&fact);
            if kind_of_fact.is_none() {
                problems.push(Problem::new(entry.place("fact"), unknown(&fact, scope)));
            }
        }
        ItemKind::Qualitative if !fact.is_empty() => {
            problems.push(Problem::new(entry.place("fact"), not_allowed(&fact, "(empty)")));
        }
        ItemKind::Qualitative => {
            // A judgement has no fact to be called by.
            entry.text("title_zh", problems);
        }
    }
    let if_known = one_of(entry, "needed", &["yes", "if_known"], problems) == "if_known";
    Item { id, kind, dimension, weight, fact, if_known, title, bands: Vec::new(), kind_of_fact }
}

fn band(entry: &Entry, item: &Item, method: Method, problems: &mut Vec<Problem>) -> Band {
    let cell = entry.text("cell", problems);
    let bounds = match method {
        Method::Weighted => (0, 100),
        Method::Sum => (-SUM_POINTS, SUM_POINTS),
    };
    let mut tests = None;
    match (item.kind, &item.kind_of_fact) {
        (ItemKind::Quantitative, Some(kind)) if !cell.is_empty() => match Tests::parse(&cell, kind) {
            Ok(read) if read.parameters().next().is_some() => {
                let detail = "a scorecard states its limits itself".to_owned();
                let kind = ProblemKind::Unreadable { found: cell.clone(), detail };
                problems.push(Problem::new(entry.place("cell"), kind));
            }
            Ok(read) => tests = Some(read),
            Err(kind) => problems.push(Problem::new(entry.place("cell"), kind)),
        },
        (ItemKind::Quantitative, _) => {}
        (ItemKind::Qualitative, _) => {
            if item.bands.iter().any(|known| known.cell == cell) {
                problems.push(Problem::new(entry.place("cell"), ProblemKind::Duplicate { name: cell.clone() }));
            }
            // Whoever chooses must know what the step means.
            entry.text("help_zh", problems);
        }
    }
    Band {
        row: entry.row,
        cell,
        points: whole(entry, "points", bounds, problems),
        help: Title::new(entry.get("help_zh"), entry.get("help_en")),
        tests,
    }
}

/// Values that no band holds, and bands that never hold. Membership changes only at the ends that the bands name, so
/// that looking at those ends and beside them looks at everything.
fn check_bands(item: &Item, place: &Place, problems: &mut Vec<Problem>) {
    let Some(kind) = &item.kind_of_fact else { return };
    if item.bands.iter().any(|band| band.tests.is_none()) {
        return;
    }
    let probes = probes(item, kind);
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let mut open: Vec<String> = Vec::new();
    for probe in &probes {
        let held = item.bands.iter().position(|band| band.tests.as_ref().is_some_and(|t| holds(t, kind, Some(probe))));
        match held {
            Some(at) => drop(used.insert(at)),
            None => open.push(probe.to_text()),
        }
    }
    if !open.is_empty() {
        let inputs = format!("{} = {}", item.fact, open.join(", "));
        let kind = ProblemKind::Gap { decision: item.id.clone(), inputs };
        problems.push(Problem::new(place.clone(), kind));
    }
    for (at, band) in item.bands.iter().enumerate() {
        if band.tests != Some(Tests::Null) && !used.contains(&at) {
            let kind = ProblemKind::Unreachable { covered_by: String::new() };
            problems.push(Problem::new(Place::cell(&place.file, band.row, 7), kind));
        }
    }
}

fn probes(item: &Item, kind: &FactType) -> Vec<Value> {
    let literals = || item.bands.iter().filter_map(|band| band.tests.as_ref()).flat_map(Tests::literals);
    match kind {
        FactType::Boolean => vec![Value::Boolean(false), Value::Boolean(true)],
        FactType::OneOf { values, .. } => values.iter().map(|value| Value::Text(value.clone())).collect(),
        FactType::Text => {
            // One that nobody wrote stands for all others.
            literals().cloned().chain([Value::Text("\u{0}".to_owned())]).collect()
        }
        FactType::Date => {
            let near = literals().filter_map(|value| match value {
                Value::Date(on) => Some([on.yesterday().ok(), Some(*on), on.tomorrow().ok()]),
                Value::Integer(_) | Value::Text(_) | Value::Boolean(_) => None,
            });
            let ends = [Some(jiff::civil::Date::MIN), Some(jiff::civil::Date::MAX)];
            near.flatten().chain(ends).flatten().map(Value::Date).collect()
        }
        FactType::Integer { min, max, .. } => {
            let near = literals().filter_map(|value| match value {
                Value::Integer(number) => Some([number.saturating_sub(1), *number, number.saturating_add(1)]),
                Value::Date(_) | Value::Text(_) | Value::Boolean(_) => None,
            });
            let all: BTreeSet<i64> =
                near.flatten().chain([*min, *max]).filter(|number| (min..=max).contains(&number)).collect();
            all.into_iter().map(Value::Integer).collect()
        }
    }
}

fn one_of(entry: &Entry, name: &str, known: &[&str], problems: &mut Vec<Problem>) -> String {
    let text = entry.text(name, problems);
    if !text.is_empty() && !known.contains(&text.as_str()) {
        problems.push(Problem::new(entry.place(name), not_allowed(&text, &known.join("|"))));
    }
    text
}

fn whole(entry: &Entry, name: &str, (least, most): (i64, i64), problems: &mut Vec<Problem>) -> i64 {
    let text = entry.text(name, problems);
    if text.is_empty() {
        return least.max(0);
    }
    match text.parse::<i64>() {
        Ok(number) if (least..=most).contains(&number) => number,
        Ok(_) => {
            problems.push(Problem::new(entry.place(name), not_allowed(&text, &format!("{least}..{most}"))));
            least.max(0)
        }
        Err(_) => {
            let kind = ProblemKind::WrongType { expected: "count".to_owned(), found: text };
            problems.push(Problem::new(entry.place(name), kind));
            least.max(0)
        }
    }
}

fn unknown(name: &str, scope: &Scope<'_>) -> ProblemKind {
    let nearest = nearest(name, scope.fact_names.iter().map(String::as_str));
    ProblemKind::UnknownFact { name: name.to_owned(), nearest }
}
