//! The form with the figures of the period, one report with its file and workbook.

use axum::extract::{Path, Query};
use axum::response::Response;
use platform::audit::Entry;
use platform::error::{ActionError, Refused};
use platform::page::list::address;
use platform::page::{Button, Field, Html, Icon, Input, Look, Page, Tone, Ui};
use platform::sheets::BookWriter;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, xlsx};
use serde::Deserialize;
use serde_json::json;

use super::list::{branch_name, state_badge};
use super::model::Content;
use super::{LIST, PROGRESS_MAKE, PROGRESS_SEE, actions, data, page_of, paper, view};
use crate::measure::words::Words;
use crate::measure::{MEASURE_VIEW, PAGE};

platform::form_fields! {
    /// What a report says besides its figures.
    ProgressForm: "from", "progress", "next_steps"
}
platform::form_fields! {
    /// What a reader says.
    SeeForm: "opinion"
}

/// The form, one report, its file and its workbook.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/collections/progress/new", PROGRESS_MAKE, new_page)
        .post("/collections/progress/new", PROGRESS_MAKE, create)
        .get("/collections/progress/{id}", MEASURE_VIEW, show)
        .data::<data::ProgressData, _, _>("/collections/progress/{id}", MEASURE_VIEW, data::report)
        .get("/collections/progress/{id}/report.pdf", MEASURE_VIEW, print)
        .get("/collections/progress/{id}/report.xlsx", MEASURE_VIEW, export)
        .get("/collections/progress/{id}/see", PROGRESS_SEE, see_page)
        .post("/collections/progress/{id}/see", PROGRESS_SEE, see)
}

/// Which period is asked for.
#[derive(Debug, Default, Deserialize)]
struct Begun {
    #[serde(default)]
    from: String,
}

async fn new_page(visit: Visit, Query(begun): Query<Begun>) -> Result<Response, WebError> {
    let typed = Fields::new(vec![("from".to_owned(), begun.from)]);
    draw_new(&visit, &typed, None).await
}

async fn draw_new(visit: &Visit, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let (branch, period, content) = actions::preview(&mut work, typed.first("from").unwrap_or_default()).await?;
    let words = Words::load(&mut work).await?;
    let mut note = Html::new();
    note.push(&ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("progress-frozen"))));
    note.push(&tables(&ui, &words, &content));
    note.raw("<input type=\"hidden\" name=\"from\"").attr("value", period.from.to_string()).raw(">");
    let days = ui.t2("measure-days", "from", period.from, "to", period.to);
    let area = |name: &str, label: &str, hint: &str| {
        let value = typed.first(name).unwrap_or_default();
        Field::new(name, ui.t(label), Input::Area).value(value).hint(ui.t(hint)).required()
    };
    let form = FormPage {
        active: "progress",
        title: ui.t("progress-new"),
        subtitle: format!("{} · {days}", branch_name(&ui, &words, branch.0)),
        action: format!("{LIST}/new"),
        fields: vec![
            area("progress", "progress-words", "progress-words-hint"),
            area("next_steps", "progress-plan", "progress-plan-hint"),
        ],
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("progress-submit")).icon(Icon::Check)],
        back: LIST.to_owned(),
    };
    form.draw(visit, refused)
}

fn tables(ui: &Ui, words: &Words, content: &Content) -> Html {
    let mut html = Html::new();
    for grid in view::tables(ui, content, |id| words.end(ui, id)) {
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(&grid.title).raw("</h2></header>");
        html.push(&grid.html(ui)).raw("</section>");
    }
    html
}

async fn create(posted: Posted<ProgressForm>) -> Result<Response, WebError> {
    let text = |name: &str| posted.fields.first(name).unwrap_or_default();
    let mut work = posted.begin("progress.make").await?;
    let done = actions::make(&mut work, text("from"), text("progress"), text("next_steps")).await;
    let place = done.as_ref().map(page_of).unwrap_or_default();
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        // A period without a form has nothing to be mended in it.
        Err(refused) if refused.code != "form-invalid" => Err(ActionError::from(refused).into()),
        Err(refused) => draw_new(&posted.visit, &posted.fields, Some(&refused)).await,
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::load(&mut work, &id, MEASURE_VIEW).await?;
    let words = Words::load(&mut work).await?;
    let names = crate::people(&mut work).await?;
    let name = |user| names.get(&user).cloned().unwrap_or_default();
    let mut rows = vec![
        ("progress-state", state_badge(&ui, &one).0),
        ("progress-branch", Html::of_text(branch_name(&ui, &words, one.branch.0))),
        ("progress-taken", ui.date(one.content.taken_on)),
        ("progress-by", Html::of_text(name(one.by))),
        ("progress-words", Html::of_text(&one.words)),
        ("progress-plan", Html::of_text(&one.plan)),
    ];
    if let Some((by, on, opinion)) = &one.seen {
        rows.push(("progress-seen", Html::of_text(format!("{} · {on} · {opinion}", name(*by)))));
    }
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><dl class=\"facts panel-body\">");
    for (label, value) in &rows {
        body.raw("<dt>").text(ui.t(label)).raw("</dt><dd>").push(value).raw("</dd>");
    }
    body.raw("</dl></section>").push(&tables(&ui, &words, &one.content));
    let (from, to) = (one.period.from.to_string(), one.period.to.to_string());
    let link = |look, id: &str, href: String, icon| Button::link(look, ui.t(id), href).icon(icon);
    let place = page_of(one.id);
    let mut buttons = vec![
        link(Look::Secondary, "progress-back", LIST.to_owned(), Icon::ArrowLeft),
        link(Look::Secondary, "progress-open", address(PAGE, &[("from", &from), ("to", &to)]), Icon::ChartBar),
        link(Look::Secondary, "measure-export", format!("{place}/report.xlsx"), Icon::FileSpreadsheet),
        link(Look::Secondary, "progress-print", format!("{place}/report.pdf"), Icon::Printer),
    ];
    if one.seen.is_none() && visit.may(PROGRESS_SEE) && visit.actor.user != Some(one.by) {
        buttons.push(link(Look::Primary, "progress-see", format!("{place}/see"), Icon::Eye));
    }
    let days = ui.t2("measure-days", "from", &from, "to", &to);
    let page = Page::new(format!("{} {}", ui.t("progress-one"), one.number), "progress")
        .subtitle(days)
        .actions(ui.buttons(&buttons));
    visit.page_of(&page, &body)
}

async fn print(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let one = actions::load(&mut work, &id, MEASURE_VIEW).await?;
    paper::answer(&visit, work, &one).await
}

async fn export(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let one = actions::load(&mut work, &id, MEASURE_VIEW).await?;
    let words = Words::load(&mut work).await?;
    let days = ui.t2("measure-days", "from", one.period.from, "to", one.period.to);
    let mut book = BookWriter::new();
    for grid in view::tables(&ui, &one.content, |id| words.end(&ui, id)) {
        let sheet = grid.sheet(&mut book, &[&one.number, &days]);
        sheet.map_err(|error| ActionError::Internal(error.to_string()))?;
    }
    let content = book.finish().map_err(|error| ActionError::Internal(error.to_string()))?;
    work.audit(Entry::new(None, "progress.export", one.subject()).after(json!({"number": one.number}))).await?;
    work.commit().await?;
    Ok(xlsx(&format!("{}.xlsx", one.number), content))
}

async fn see_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_see(&visit, &id, &Fields::default(), None).await
}

async fn draw_see(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::load(&mut work, id, PROGRESS_SEE).await?;
    let form = FormPage {
        active: "progress",
        title: ui.t("progress-see"),
        subtitle: one.number.clone(),
        action: format!("{}/see", page_of(one.id)),
        fields: vec![
            Field::new("opinion", ui.t("progress-opinion"), Input::Area)
                .value(typed.first("opinion").unwrap_or_default())
                .hint(ui.t("progress-opinion-hint")),
        ],
        note: Html::new(),
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: page_of(one.id),
    };
    form.draw(visit, refused)
}

async fn see(Path(id): Path<String>, posted: Posted<SeeForm>) -> Result<Response, WebError> {
    let opinion = posted.fields.first("opinion").unwrap_or_default();
    let mut work = posted.begin("progress.see").await?;
    let done = actions::see(&mut work, &id, opinion).await;
    let place = done.as_ref().map(page_of).unwrap_or_default();
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_see(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
