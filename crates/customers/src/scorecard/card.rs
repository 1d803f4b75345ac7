//! A fitted card as the text of a pack (评分卡文本).

use policy::{FactDictionary, FactType, Unit};
use scoring::{Edge, Fitted, Term};

use crate::customer::model::CustomerKind;
use crate::datum::item;

/// The fact that a fitted card's score becomes.
const SCORE: &str = "fitted_score";
/// The article of the house rule on scorecards.
const ARTICLE: &str = "house.evaluation";
/// The columns of the items.
const HEAD: [&str; 12] = [
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

/// The row of `scorecards.csv`.
pub(super) fn head(
    (id, title): (&str, &str),
    (kind, fitted): (CustomerKind, &Fitted),
    review_months: i64,
) -> Vec<(&'static str, String)> {
    [
        ("id", id),
        ("of", kind.as_str()),
        ("title_zh", title),
        ("title_en", title),
        ("score", SCORE),
        ("grade", ""),
        ("rule", "evaluation.composite"),
        ("method", "sum"),
        ("base_points", &fitted.base_points.to_string()),
        ("quantitative", "1"),
        ("qualitative", "0"),
        ("review_months", &review_months.to_string()),
        ("override_months", "0"),
        ("status", "active"),
        ("article", ARTICLE),
    ]
    .into_iter()
    .map(|(column, text)| (column, text.to_owned()))
    .collect()
}

/// The file of the items.
pub(super) fn items(fitted: &Fitted, kind: CustomerKind, dictionary: &FactDictionary) -> String {
    let mut rows: Vec<Vec<String>> = vec![HEAD.iter().map(|name| (*name).to_owned()).collect()];
    for term in &fitted.terms {
        let name = &term.binned.name;
        let type_of = dictionary.get(name).map(|fact| &fact.kind);
        for (place, (cell, points)) in cells(term, type_of).into_iter().zip(&term.points).enumerate() {
            let mut row = vec![String::new(); HEAD.len()];
            row[0].clone_from(name);
            if place == 0 {
                let first = ["quantitative", dimension(name, kind), "1", name, "yes"];
                for (cell, text) in row[1..6].iter_mut().zip(first) {
                    text.clone_into(cell);
                }
            }
            row[6] = cell;
            row[7] = points.to_string();
            rows.push(row);
        }
    }
    rows.iter().map(|row| row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",") + "\n").collect()
}

/// The cells of a term's bins; values of the fact that nobody had go with the worst bin of words.
fn cells(term: &Term, kind: Option<&FactType>) -> Vec<String> {
    let named: Vec<&String> = term
        .binned
        .bins
        .iter()
        .flat_map(|bin| match &bin.edge {
            Edge::Words(words, _) => words.iter().collect(),
            Edge::Numbers(..) | Edge::Unknown => Vec::new(),
        })
        .collect();
    let others: Vec<String> = match kind {
        Some(FactType::OneOf { values, .. }) => values.iter().filter(|value| !named.contains(value)).cloned().collect(),
        Some(FactType::Boolean) => {
            let both = ["true", "false"].map(str::to_owned);
            both.into_iter().filter(|value| !named.contains(&value)).collect()
        }
        Some(FactType::Integer { .. } | FactType::Date | FactType::Text) | None => Vec::new(),
    };
    let boolean = kind == Some(&FactType::Boolean);
    let word = |word: &String| if boolean { word.clone() } else { format!("\"{word}\"") };
    let number = |value: i64| literal(value, kind);
    let cell = |edge: &Edge| match edge {
        Edge::Numbers(None, None) => "-".to_owned(),
        Edge::Numbers(None, Some(to)) => format!("< {}", number(*to)),
        Edge::Numbers(Some(from), None) => format!(">= {}", number(*from)),
        Edge::Numbers(Some(from), Some(to)) => format!("[{}..{})", number(*from), number(*to)),
        Edge::Words(words, last) => {
            let rest = others.iter().filter(|_| *last);
            words.iter().chain(rest).map(word).collect::<Vec<_>>().join(",")
        }
        Edge::Unknown => "null".to_owned(),
    };
    term.binned.bins.iter().map(|bin| cell(&bin.edge)).collect()
}

/// A number as people write it in a cell: money in yuan.
fn literal(value: i64, kind: Option<&FactType>) -> String {
    match kind {
        Some(FactType::Integer { unit: Unit::Fen, .. }) => {
            let yuan = finance::Fen(value).to_string();
            format!("{}元", yuan.strip_suffix(".00").unwrap_or(&yuan))
        }
        _ => value.to_string(),
    }
}

/// The dimension of a fact, by the group of data in which it is entered (S1-17).
fn dimension(fact: &str, kind: CustomerKind) -> &'static str {
    match item::find(fact).map_or("", |item| item.group) {
        "credit" | "debt" | "risk" | "dealing" | "score" => "credit",
        "operation" | "registration" | "business" if kind == CustomerKind::Company => "operations",
        _ => "capacity",
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}
