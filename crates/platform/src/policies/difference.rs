//! What a draft or a version says differently (版本差异), in the words of the reader's language.

use std::collections::BTreeMap;

use jiff::civil::Date;
use policy::{Change, Difference, Pack, RowChange};

use super::cache::of_version;
use super::draft::model::{Checked, Draft};
use super::{PolicyError, store};
use crate::duty::pages_parts::english;
use crate::error::ActionError;
use crate::page::Ui;
use crate::work::Work;

/// What a draft free of problems changes against its base, as of its first day.
///
/// # Errors
/// The store's; a draft with problems changes nothing that could be told.
pub async fn of(work: &mut Work, draft: &Draft, checked: &Checked, on: Date) -> Result<Difference, ActionError> {
    let base = of_version(work, draft.base).await?;
    let Some(pack) = &checked.pack else { return Ok(Difference::default()) };
    let before = store::files(&mut work.tx, draft.base).await?;
    Ok(Difference::between((base.pack(), on), (pack, on)).with_registers(&before, &checked.files))
}

/// What one version says differently from another, each on its first day.
///
/// # Errors
/// [`PolicyError::Unknown`]; the store's.
pub async fn between(work: &mut Work, from: i64, to: i64) -> Result<Difference, ActionError> {
    let (old, new) = (of_version(work, from).await?, of_version(work, to).await?);
    let first = |version: Option<store::Version>| version.map(|v| v.effective_from).ok_or(PolicyError::Unknown);
    let (since, then) =
        (first(store::version(&mut work.tx, from).await?)?, first(store::version(&mut work.tx, to).await?)?);
    let (before, after) = (store::files(&mut work.tx, from).await?, store::files(&mut work.tx, to).await?);
    Ok(Difference::between((old.pack(), since), (new.pack(), then)).with_registers(&before, &after))
}

/// One line of the difference: which thing, its page or empty, what changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The thing.
    pub thing: String,
    /// Its id.
    pub id: String,
    /// What changed, one sentence each.
    pub sentences: Vec<String>,
}

/// The names of facts, outputs and their values, by the pack that uses them.
pub struct Namer<'a> {
    pack: &'a Pack,
    english: bool,
}

impl<'a> Namer<'a> {
    /// For a pack, in the reader's language.
    #[must_use]
    pub fn new(pack: &'a Pack, ui: &Ui) -> Self {
        Self { pack, english: english(ui) }
    }

    /// A fact or output.
    #[must_use]
    pub fn column(&self, name: &str) -> String {
        let fact = self.pack.dictionary().get(name).map(|fact| fact.title.in_language(self.english));
        fact.filter(|title| !title.is_empty()).unwrap_or(name).to_owned()
    }

    /// A cell, its known words in the reader's language, parameters with their value.
    #[must_use]
    pub fn cell(&self, column: &str, text: &str, ui: &Ui) -> String {
        if text == "-" {
            return ui.t("desk-any");
        }
        let bare = text.trim_matches('"');
        if let Some(outcome) = self.pack.outcome(column, bare) {
            return outcome.title.in_language(self.english).to_owned();
        }
        text.to_owned()
    }

    /// The conditions of a row: `逾期天数 31..60`; what any value meets is left out.
    fn conditions(&self, row: &RowChange, ui: &Ui) -> String {
        let told = row.conditions.iter().filter(|(_, text)| text != "-");
        let told: Vec<String> =
            told.map(|(column, text)| format!("{} {}", self.column(column), self.cell(column, text, ui))).collect();
        if told.is_empty() { ui.t("desk-otherwise") } else { told.join(&ui.t("desk-and")) }
    }

    fn outcomes(&self, row: &RowChange, ui: &Ui) -> String {
        let told: Vec<String> = row.outcomes.iter().map(|(column, text)| self.cell(column, text, ui)).collect();
        told.join(&ui.t("desk-and"))
    }
}

/// The difference in sentences.
#[must_use]
pub fn words(ui: &Ui, difference: &Difference, pack: &Pack) -> Vec<Line> {
    let namer = Namer::new(pack, ui);
    let mut lines = Vec::new();
    for table in &difference.tables {
        let mut sentences: Vec<String> = table.rows.iter().map(|row| row_words(ui, &namer, row)).collect();
        match table.change {
            Change::Added => sentences.push(ui.t("desk-table-added")),
            Change::Removed => sentences.push(ui.t("desk-table-removed")),
            Change::Changed => {}
        }
        if table.form {
            sentences.push(ui.t("desk-table-form"));
        }
        let thing = table.title.in_language(english(ui)).to_owned();
        lines.push(Line { thing, id: table.decision.clone(), sentences });
    }
    for one in &difference.parameters {
        let (from, to) = (one.from.as_deref().unwrap_or("—"), one.to.as_deref().unwrap_or("—"));
        let mut sentences = Vec::new();
        if from != to {
            sentences.push(ui.t2("desk-from-to", "from", from, "to", to));
        }
        if let Some((from, to)) = &one.article {
            sentences.push(ui.t2("desk-article-from-to", "from", from, "to", to));
        }
        let thing = one.title.in_language(english(ui)).to_owned();
        lines.push(Line { thing, id: one.name.clone(), sentences });
    }
    lines.extend(registers(ui, difference));
    lines
}

fn row_words(ui: &Ui, namer: &Namer<'_>, row: &RowChange) -> String {
    let (about, says) = (namer.conditions(row, ui), namer.outcomes(row, ui));
    let number = row.row.to_string();
    match row.change {
        Change::Added => ui.tn("desk-row-added", &[("row", &number), ("about", &about), ("says", &says)]),
        Change::Removed => ui.tn("desk-row-removed", &[("row", &number), ("about", &about), ("says", &says)]),
        Change::Changed => {
            let outputs: Vec<&str> = row.outcomes.iter().map(|(column, _)| column.as_str()).collect();
            let cells: Vec<String> = row
                .cells
                .iter()
                .map(|cell| {
                    let (from, to) = (namer.cell(&cell.column, &cell.from, ui), namer.cell(&cell.column, &cell.to, ui));
                    let change = ui.t2("desk-from-to", "from", from, "to", to);
                    if cell.column == "article" {
                        return format!("{} {change}", ui.t("duty-source"));
                    }
                    // One outcome alone needs no name: "逾期 31–60 天 → 关注 改为 次级".
                    if outputs.len() == 1 && outputs.contains(&cell.column.as_str()) {
                        return change;
                    }
                    format!("{} {change}", namer.column(&cell.column))
                })
                .collect();
            ui.tn("desk-row-changed", &[("row", &number), ("about", &about), ("cells", &cells.join(&ui.t("desk-and")))])
        }
    }
}

fn registers(ui: &Ui, difference: &Difference) -> Vec<Line> {
    let mut by_file: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for one in &difference.registers {
        let how = match one.change {
            Change::Added => ui.t("desk-entry-added"),
            Change::Removed => ui.t("desk-entry-removed"),
            Change::Changed => {
                let cells = one.cells.iter().map(|cell| {
                    format!("{} {}", cell.column, ui.t2("desk-from-to", "from", &cell.from, "to", &cell.to))
                });
                cells.collect::<Vec<String>>().join(&ui.t("desk-and"))
            }
        };
        by_file.entry(&one.file).or_default().push(format!("{} {how}", one.id));
    }
    by_file
        .into_iter()
        .map(|(file, sentences)| {
            let id = file.trim_end_matches(".csv").to_owned();
            // The file of one scorecard is named after it: `scorecards/person_credit`.
            let register = id.split('/').next().unwrap_or_default().to_owned();
            Line { thing: ui.t(format!("desk-register-{register}")), id, sentences }
        })
        .collect()
}
