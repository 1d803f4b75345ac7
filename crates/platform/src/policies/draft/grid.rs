//! The grid of a decision table (决策表网格): cells to write in, with what is wrong beside them.

use policy::{Change, Pack, Problem, ProblemKind, TableChange, TableText, TextColumn};

use super::help::{self, ColumnHelp};
use super::model::Checked;
use super::words::problem_text;
use crate::page::{Html, Icon, Tone, Ui};
use crate::policies::value_words;

/// A cell as shown.
pub(super) struct CellView {
    /// The name of its field, also the end of its id.
    pub name: String,
    pub value: String,
    pub kind: &'static str,
    /// The list of texts that it offers, or empty.
    pub list: String,
    pub label: String,
    pub wrong: String,
    /// What the cell said before, where the draft changed it.
    pub before: String,
}

/// A row as shown.
pub(super) struct RowView {
    /// Its place, from 0.
    pub at: usize,
    /// Its number for people, from 1.
    pub number: usize,
    pub cells: Vec<CellView>,
    pub changed: bool,
    pub wrong: String,
}

/// A problem as listed beside the grid.
pub(super) struct ProblemView {
    /// The id of the cell or row it marks; empty for the table.
    pub target: String,
    /// Row and column in words.
    pub place: String,
    pub text: String,
}

/// The grid with its head.
pub(super) struct GridView {
    pub heads: Vec<(String, &'static str, String)>,
    pub rows: Vec<RowView>,
    pub lists: Vec<(String, Vec<(String, String)>)>,
    pub help: Vec<ColumnHelp>,
}

/// Draws the cells of a table.
pub(super) fn view(
    ui: &Ui,
    pack: &Pack,
    table: &TableText,
    problems: &[ProblemView],
    change: Option<&TableChange>,
) -> GridView {
    let columns = table.columns();
    let help = help::columns(ui, pack, &columns);
    let title = |column: &TextColumn| column_title(ui, pack, column);
    let rows = table.rows().iter().enumerate().map(|(at, row)| {
        let told = change.and_then(|c| c.rows.iter().find(|r| r.row == at + 1 && r.change != Change::Removed));
        let cells = columns.iter().map(|column| {
            let name = format!("r{at}c{}", column.at);
            let before = told.and_then(|row| {
                row.cells
                    .iter()
                    .find(|cell| cell.column == column.name || (column.usage == "article" && cell.column == "article"))
            });
            CellView {
                value: row.get(column.at).cloned().unwrap_or_default(),
                kind: kind_of(column),
                list: if has_list(column) { format!("list-{}", column.at) } else { String::new() },
                label: ui.t2("desk-cell", "row", at + 1, "column", title(column)),
                wrong: text_at(problems, &name),
                before: before.map(|cell| cell.from.clone()).unwrap_or_default(),
                name,
            }
        });
        let wrong = text_at(problems, &format!("r{at}"));
        RowView { at, number: at + 1, cells: cells.collect(), changed: told.is_some(), wrong }
    });
    GridView {
        heads: columns.iter().map(|column| (title(column), kind_of(column), column.formula.clone())).collect(),
        rows: rows.collect(),
        lists: help::lists(ui, pack, &columns),
        help,
    }
}

fn text_at(problems: &[ProblemView], target: &str) -> String {
    let found: Vec<&str> = problems.iter().filter(|p| p.target == target).map(|p| p.text.as_str()).collect();
    found.join(" ")
}

fn kind_of(column: &TextColumn) -> &'static str {
    match column.usage.as_str() {
        "input" | "optional" => "in",
        "output" => "out",
        "article" => "article",
        "label" => "label",
        _ => "note",
    }
}

fn has_list(column: &TextColumn) -> bool {
    matches!(column.usage.as_str(), "input" | "optional" | "output" | "article")
}

/// What people call a column.
pub(super) fn column_title(ui: &Ui, pack: &Pack, column: &TextColumn) -> String {
    match column.usage.as_str() {
        "label" => ui.t("desk-label"),
        "article" => ui.t("duty-source"),
        "note_zh" => ui.t("desk-note-zh"),
        "note_en" => ui.t("desk-note-en"),
        _ => value_words::column_title(ui, pack, &column.name),
    }
}

/// The problems of a table, each with the cell that it marks.
pub(super) fn problems(ui: &Ui, checked: &Checked, decision: &str, table: &TableText) -> Vec<ProblemView> {
    let file = Checked::own_table(decision);
    let columns = table.columns();
    let place = |problem: &Problem| -> (String, String) {
        let first = table.file_row(0);
        let row = problem.place.row.and_then(|row| usize::try_from(row).ok());
        let Some(row) = row.and_then(|row| row.checked_sub(first)) else { return (String::new(), String::new()) };
        if row >= table.rows().len() {
            return (String::new(), ui.t("desk-behind-last"));
        }
        let column = problem.place.column.and_then(|column| usize::try_from(column).ok()?.checked_sub(1));
        match column.and_then(|at| columns.get(at)) {
            Some(column) => {
                let words = ui.t2("desk-cell", "row", row + 1, "column", column_title(ui, checked.namer(), column));
                (format!("r{row}c{}", column.at), words)
            }
            None => (format!("r{row}"), ui.t1("desk-row", "row", row + 1)),
        }
    };
    checked
        .problems_of(&file)
        .map(|problem| {
            let (target, place) = place(problem);
            let text = match &problem.kind {
                // Rows of the file are rows of the grid to whoever reads the message.
                ProblemKind::Overlap { other_row, inputs } => {
                    let other = grid_rows(other_row, table);
                    ui.t2("problem-overlap", "other_row", other, "inputs", inputs)
                }
                ProblemKind::Unreachable { covered_by } => {
                    ui.t1("problem-unreachable", "covered_by", grid_rows(covered_by, table))
                }
                _ => problem_text(ui, problem),
            };
            ProblemView { target, place, text }
        })
        .collect()
}

/// `9, 10` of the file as rows of the grid.
fn grid_rows(rows: &str, table: &TableText) -> String {
    let first = table.file_row(0);
    let numbers = rows.split(',').filter_map(|row| row.trim().parse::<usize>().ok()?.checked_sub(first));
    numbers.map(|row| (row + 1).to_string()).collect::<Vec<String>>().join(", ")
}

/// How many gaps, overlaps, dead rows and other problems, as badges.
pub(super) fn badges(ui: &Ui, checked: &Checked, decision: &str) -> Html {
    let file = Checked::own_table(decision);
    let counted = |codes: &[&str]| checked.problems_of(&file).filter(|p| codes.contains(&p.code())).count();
    let kinds = [("gap", Icon::Table), ("overlap", Icon::Versions), ("unreachable", Icon::Ban)];
    let mut out = Html::new();
    let mut named = 0;
    for (code, icon) in kinds {
        let count = counted(&[code]);
        named += count;
        let (tone, icon) = if count == 0 { (Tone::Ok, Icon::CircleCheck) } else { (Tone::Sub, icon) };
        out.push(&ui.badge(tone, icon, ui.t1(format!("desk-{code}"), "count", count))).raw(" ");
    }
    let other = checked.problems_of(&file).count() - named;
    let (tone, icon) = if other == 0 { (Tone::Ok, Icon::CircleCheck) } else { (Tone::Doubt, Icon::AlertCircle) };
    out.push(&ui.badge(tone, icon, ui.t1("desk-wrong", "count", other)));
    out
}
