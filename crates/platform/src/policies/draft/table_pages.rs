//! The grid of one table of a draft (决策表编辑页): drawn, written to, checked after each change.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Redirect, Response};
use policy::{TableChange, TableText};
use serde::Deserialize;

use super::actions;
use super::grid::{self, GridView, ProblemView};
use super::model::{Checked, DraftError, DraftState};
use super::pages::address;
use crate::duty::pages_parts::english;
use crate::error::ActionError;
use crate::page::{Button, Guard, Html, Icon, Look, Page, Tone, Ui};
use crate::policies::compare::store as comparisons;
use crate::policies::difference;
use crate::policies::pages::{POLICY_DRAFT, POLICY_VIEW, sheet_panel};
use crate::web::{Posted, Visit, WebError, refusal_box, shown_in_form};
use crate::work::Work;

#[derive(Template)]
#[template(path = "policies/grid.html")]
struct GridPage<'a> {
    ui: &'a Ui,
    title: &'a str,
    action: String,
    csrf: String,
    guard: Guard,
    revision: i64,
    hit: String,
    own: bool,
    open: bool,
    grid: GridView,
    law: Html,
    check: Html,
    matrix: Html,
    refusal: Html,
    files: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "policies/check.html")]
struct CheckPanel<'a> {
    ui: &'a Ui,
    revision: i64,
    badges: Html,
    refusal: Html,
    problems: Vec<ProblemView>,
    others: usize,
    back: String,
    sentences: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// What was refused a moment ago, by its code.
    #[serde(default)]
    imported: String,
}

pub(super) async fn table(
    visit: Visit,
    Path((id, decision)): Path<(i64, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    work.authorise(POLICY_VIEW)?;
    let note = (!asked.imported.is_empty())
        .then(|| visit.ui().note(Tone::Ok, Icon::CircleCheck, Html::of_text(visit.ui().t("desk-imported"))));
    draw_table(&visit, &mut work, (id, &decision), note.unwrap_or_default()).await
}

/// The page of one table of a draft, with a note or refusal over it.
pub(super) async fn draw_table(
    visit: &Visit,
    work: &mut Work,
    (id, decision): (i64, &str),
    refusal: Html,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let checked = actions::checked(work, id).await?;
    let (text, own) = actions::table(work, &checked.draft, decision).await?;
    let problems = grid::problems(&ui, &checked, decision, &text);
    let change = change_of(work, &checked, decision).await?;
    let digest = checked.pack.as_ref().map(|pack| pack.version().digest.clone()).unwrap_or_default();
    let compared = comparisons::latest(&mut work.tx, id).await?.filter(|one| one.is_of(&digest, work.business_date));
    let title = (text.head("title", 1).to_owned(), text.head("title", 2).to_owned());
    let title = if english(&ui) && !title.1.is_empty() { title.1 } else { title.0 };
    let body = GridPage {
        title: &title,
        action: format!("{}/tables/{decision}", address(id)),
        csrf: visit.csrf.clone(),
        guard: visit.guard(),
        revision: checked.draft.revision,
        hit: format!("desk-hit-{}", text.head("hit", 1)),
        own,
        open: checked.draft.state == DraftState::Open && visit.may(POLICY_DRAFT),
        grid: grid::view(&ui, checked.namer(), &text, &problems, change.as_ref()),
        law: law_panel(&ui, &checked, decision),
        check: check_panel(&ui, &checked, decision, (&text, change.as_ref()), Html::new())?,
        matrix: compared
            .map(|one| crate::policies::compare::matrix_panel(&ui, &one, decision, checked.namer()))
            .unwrap_or_default(),
        refusal,
        files: vec![("xlsx", "Excel".to_owned()), ("csv", "CSV".to_owned()), ("dmn", "DMN 1.3".to_owned())],
        ui: &ui,
    };
    let mut subtitle = Html::of_text(decision);
    subtitle.raw(" ").push(&ui.badge(Tone::Accent, Icon::Pencil, ui.t("policy-draft")));
    let back = ui.button(Button::link(Look::Secondary, ui.t("desk-back"), address(id)));
    let mut page = Page::new(&title, "policies").actions(back);
    page.subtitle = subtitle;
    visit.page(&page, &body)
}

async fn change_of(work: &mut Work, checked: &Checked, decision: &str) -> Result<Option<TableChange>, ActionError> {
    let on =
        checked.draft.effective_from.unwrap_or_else(|| work.business_date.tomorrow().unwrap_or(work.business_date));
    let difference = difference::of(work, &checked.draft, checked, on).await?;
    Ok(difference.tables.into_iter().find(|table| table.decision == decision))
}

/// The floor that the law puts under the table.
fn law_panel(ui: &Ui, checked: &Checked, decision: &str) -> Html {
    let pack = checked.base.pack();
    let on = checked.draft.effective_from.unwrap_or(ui.business_date);
    let Some(law) = pack.on(on).decision(decision).ok().and_then(policy::Decision::law) else { return Html::new() };
    let mut out = sheet_panel(ui, pack, law, &ui.t("policy-law-table"));
    let note = Html::of_text(ui.t("desk-law-note"));
    out.push(&ui.note(Tone::Info, Icon::Lock, note));
    out
}

fn check_panel(
    ui: &Ui,
    checked: &Checked,
    decision: &str,
    (text, change): (&TableText, Option<&TableChange>),
    refusal: Html,
) -> Result<Html, WebError> {
    let own = Checked::own_table(decision);
    let difference = policy::Difference { tables: change.cloned().into_iter().collect(), ..Default::default() };
    let lines = difference::words(ui, &difference, checked.namer());
    Ok(Html::of_template(&CheckPanel {
        revision: checked.draft.revision,
        badges: grid::badges(ui, checked, decision),
        refusal,
        problems: grid::problems(ui, checked, decision, text),
        others: checked.problems.iter().filter(|problem| problem.place.file != own).count(),
        back: address(checked.draft.id),
        sentences: lines.into_iter().flat_map(|line| line.sentences).collect(),
        ui,
    })?)
}

#[derive(Debug, Deserialize)]
pub(super) struct EditForm {
    revision: i64,
    #[serde(default)]
    op: String,
}

pub(super) async fn edit(
    Path((id, decision)): Path<(i64, String)>,
    posted: Posted<EditForm>,
) -> Result<Response, WebError> {
    let visit = &posted.visit;
    let mut work = visit.begin().await?;
    let seen = (id, posted.form.revision);
    let done = if posted.form.op == "restore" {
        actions::restore_table(&mut work, seen, &decision).await
    } else {
        let (op, cells) = (posted.form.op.clone(), cells(posted.fields.pairs()));
        actions::edit_table(&mut work, seen, &decision, move |table| apply(table, &cells, &op)).await
    };
    let refusal = match done {
        Ok(_) => {
            work.commit().await?;
            Html::new()
        }
        Err(error) => {
            work.tx.rollback().await?;
            refusal_box(&visit.ui(), &shown_in_form(error)?)
        }
    };
    let mut work = visit.read().await?;
    if visit.request.fragment() {
        let ui = visit.ui();
        let checked = actions::checked(&mut work, id).await?;
        let (text, _) = actions::table(&mut work, &checked.draft, &decision).await?;
        let change = change_of(&mut work, &checked, &decision).await?;
        let panel = check_panel(&ui, &checked, &decision, (&text, change.as_ref()), refusal)?;
        return Ok(axum::response::Html(panel.into_string()).into_response());
    }
    if refusal.is_empty() {
        return Ok(Redirect::to(&format!("{}/tables/{decision}", address(id))).into_response());
    }
    let page = draw_table(visit, &mut work, (id, &decision), refusal).await?;
    Ok((axum::http::StatusCode::CONFLICT, page).into_response())
}

/// `r3c1` and what was typed there.
fn cells(fields: &[(String, String)]) -> Vec<(usize, usize, String)> {
    let place = |name: &str| {
        let (row, column) = name.strip_prefix('r')?.split_once('c')?;
        Some((row.parse().ok()?, column.parse().ok()?))
    };
    fields.iter().filter_map(|(name, text)| place(name).map(|(row, column)| (row, column, text.clone()))).collect()
}

/// Writes what was typed, then does what was asked: `add:3`, `copy:2`, `up:2`, `down:2`, `delete:2`.
fn apply(mut table: TableText, cells: &[(usize, usize, String)], op: &str) -> Result<TableText, DraftError> {
    for (row, column, text) in cells {
        table.set(*row, *column, text)?;
    }
    let (verb, row) = op.split_once(':').unwrap_or((op, "0"));
    let row: usize = row.parse().map_err(|_| DraftError::Unknown)?;
    match verb {
        "add" => table.add_row(row)?,
        "copy" => table.copy_row(row)?,
        "up" => table.move_row(row, false)?,
        "down" => table.move_row(row, true)?,
        "delete" => table.delete_row(row)?,
        _ => {}
    }
    Ok(table)
}
