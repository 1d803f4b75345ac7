//! What can be written in a column (填写说明): examples of its type, texts that are known, parameters of its unit.

use policy::{CellHelp, FactType, Pack, ParameterType, TextColumn};

use super::grid::column_title;
use crate::duty::pages_parts::english;
use crate::page::Ui;

/// The help of one column.
pub(super) struct ColumnHelp {
    pub at: usize,
    pub title: String,
    pub name: String,
    pub kind: String,
    pub examples: Vec<(String, String)>,
    pub parameters: Vec<(String, String)>,
    pub formula: String,
}

/// The type of a column: written above it, or that of the fact.
pub(super) fn kind(pack: &Pack, column: &TextColumn) -> Option<FactType> {
    if !column.kind.is_empty() {
        return FactType::parse(&column.kind).ok();
    }
    pack.dictionary().get(&column.name).map(|fact| fact.kind.clone())
}

/// Help for the columns that are rules.
pub(super) fn columns(ui: &Ui, pack: &Pack, columns: &[TextColumn]) -> Vec<ColumnHelp> {
    let one = |column: &TextColumn| {
        let kind = kind(pack, column)?;
        let help = match column.usage.as_str() {
            "input" => CellHelp::input(&kind, false),
            "optional" => CellHelp::input(&kind, true),
            "output" => CellHelp::output(&kind),
            _ => return None,
        };
        let words = |example: String| {
            let meaning = meaning(ui, pack, column, &example);
            (example, meaning)
        };
        let parameters = if help.parameters { parameters(ui, pack, &kind) } else { Vec::new() };
        Some(ColumnHelp {
            at: column.at,
            title: column_title(ui, pack, column),
            name: column.name.clone(),
            kind: kind.to_text(),
            examples: help.examples.into_iter().map(words).collect(),
            parameters,
            formula: column.formula.clone(),
        })
    };
    columns.iter().filter_map(one).collect()
}

/// What an example means, in words.
fn meaning(ui: &Ui, pack: &Pack, column: &TextColumn, example: &str) -> String {
    let bare = example.trim_matches('"');
    if let Some(outcome) = pack.outcome(&column.name, bare) {
        return outcome.title.in_language(english(ui)).to_owned();
    }
    let message = match example {
        "-" if column.usage == "output" => "desk-help-none",
        "-" => "desk-help-any",
        "null" => "desk-help-null",
        _ if example.starts_with("cel:") => "desk-help-formula",
        _ if example.starts_with("not") => "desk-help-not",
        _ if example.starts_with('[') => "desk-help-closed",
        _ if example.starts_with('(') => "desk-help-open",
        _ if example.starts_with(">=") => "desk-help-least",
        _ if example.starts_with('<') => "desk-help-below",
        _ => return String::new(),
    };
    ui.t(message)
}

/// The parameters of the same unit, with their values.
fn parameters(ui: &Ui, pack: &Pack, kind: &FactType) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = pack
        .parameters()
        .iter()
        .filter(|one| matches!(&one.kind, ParameterType::One(own) if own.comparable(kind)))
        .map(|one| {
            let title = one.title.in_language(english(ui));
            (format!("param.{}", one.name), format!("{title} = {}", one.value.to_text()))
        })
        .collect();
    found.dedup();
    found
}

/// The lists that cells offer while one types.
pub(super) fn lists(ui: &Ui, pack: &Pack, columns: &[TextColumn]) -> Vec<(String, Vec<(String, String)>)> {
    let mut lists = Vec::new();
    for column in columns {
        let entries: Vec<(String, String)> = match column.usage.as_str() {
            "article" => pack
                .articles()
                .map(|article| (article.id.clone(), article.title.in_language(english(ui)).to_owned()))
                .collect(),
            "input" | "optional" | "output" => match kind(pack, column) {
                Some(FactType::OneOf { values, .. }) => values
                    .iter()
                    .map(|value| {
                        let written = if column.usage == "output" { value.clone() } else { format!("\"{value}\"") };
                        (written, meaning(ui, pack, column, value))
                    })
                    .collect(),
                Some(FactType::Boolean) => {
                    vec![("true".to_owned(), String::new()), ("false".to_owned(), String::new())]
                }
                _ => Vec::new(),
            },
            _ => continue,
        };
        lists.push((format!("list-{}", column.at), entries));
    }
    lists
}
