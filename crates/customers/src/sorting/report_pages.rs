//! Pages of reports: the form with the figures of the day, one report, its file and its workbook.

use axum::extract::Path;
use axum::response::Response;
use platform::audit::Entry;
use platform::error::{ActionError, Refused};
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Ui};
use platform::policies;
use platform::sheets::{BookWriter, Column, ColumnKind, WriteError, Written};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, xlsx};
use serde_json::json;

use super::model::{Content, Project, Report};
use super::report::{self, Judged};
use super::{PLAN, analysis_view, data, page_of, paper, rules, view};
use crate::VIEW;
use crate::customer::store::{filled, user_names};

/// In front of the name of a goal: the judgement.
const GOAL: &str = "goal_";
/// In front of the name of a goal: why.
const WORDS: &str = "words_";

/// What the form of a report sends: a judgement and its words for every goal, and the conclusion.
type ReportForm = Vec<(String, String)>;

/// The pages of reports.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/sorting/{id}/report", PLAN, new_page)
        .post("/sorting/{id}/report", PLAN, create)
        .get("/sorting/{id}/reports/{report}", VIEW, show)
        .data::<data::ReportData, _, _>("/sorting/{id}/reports/{report}", VIEW, data::report)
        .get("/sorting/{id}/reports/{report}/report.pdf", VIEW, print)
        .get("/sorting/{id}/reports/{report}/report.xlsx", VIEW, export)
}

async fn new_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw(&visit, &id, &Fields::default(), None).await
}

async fn draw(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let (one, content) = report::preview(&mut work, id).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let judgements = || {
        let choice = |word: &&str| Choice::new(*word, ui.t(format!("sorting-judgement-{word}")));
        let none = Choice::new("", ui.t("sorting-choose"));
        Input::Select(std::iter::once(none).chain(rules::JUDGEMENTS.iter().map(choice)).collect())
    };
    let measured = report::measured(&policy, on, (&one, &content))?;
    let mut fields = Vec::new();
    for goal in rules::goals(&policy, on, &one.plan.scheme) {
        let title = view::word(&ui, &policy, "sorting_goal", &goal);
        let (name, words) = (format!("{GOAL}{goal}"), format!("{WORDS}{goal}"));
        let said = typed.first(&name).unwrap_or_default().to_owned();
        let why = typed.first(&words).unwrap_or_default().to_owned();
        let figures = view::measured(&ui, measured.get(&goal).copied().flatten());
        fields.push(Field::new(name, &title, judgements()).value(said).hint(figures).required());
        let label = ui.t1("sorting-goal-words", "goal", title);
        fields.push(Field::new(words, label, Input::Text).value(why).required());
    }
    fields.push(
        Field::new("opinion", ui.t("sorting-opinion"), Input::Area)
            .value(typed.first("opinion").unwrap_or_default())
            .hint(ui.t("sorting-opinion-hint"))
            .required(),
    );
    let page = FormPage {
        active: "sorting",
        title: ui.t("sorting-report-make"),
        subtitle: format!("{} {}", one.number, one.plan.title),
        action: format!("{}/report", page_of(one.id)),
        fields,
        note: figures(&ui, &content),
        buttons: vec![Button::submit(Look::Primary, ui.t("sorting-submit")).icon(Icon::Check)],
        back: page_of(one.id),
    };
    page.draw(visit, refused)
}

/// The figures and how the axes moved.
fn figures(ui: &Ui, content: &Content) -> Html {
    let mut out = Html::new();
    let rows: Vec<(String, Html)> =
        view::figures(ui, content).into_iter().map(|(label, text)| (label, Html::of_text(text))).collect();
    out.push(&view::facts(&rows));
    out.push(&analysis_view::tables(ui, &content.measured));
    for migration in &content.migrations {
        out.raw("<h3>").text(rules::said(ui.lang(), &migration.title)).raw("</h3>");
        out.push(&ui.table(view::matrix(ui, migration)));
    }
    out
}

async fn create(Path(id): Path<String>, posted: Posted<ReportForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("sorting.report").await?;
    let judged: Vec<Judged> = posted
        .fields
        .pairs()
        .iter()
        .filter_map(|(name, judgement)| {
            let goal = name.strip_prefix(GOAL)?.to_owned();
            let words = filled(posted.fields.first(&format!("{WORDS}{goal}"))).unwrap_or_default();
            Some(Judged { goal, judgement: judgement.clone(), words })
        })
        .collect();
    let opinion = posted.fields.first("opinion").unwrap_or_default();
    let done = report::make(&mut work, &id, &judged, opinion).await;
    let place = done.as_ref().map(|report| format!("{}/reports/{report}", page_of(&id))).unwrap_or_default();
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

type Key = (String, String);

async fn show(visit: Visit, Path((id, report)): Path<Key>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let (project, one) = report::open(&mut work, &id, &report).await?;
    let names = user_names(&mut work.tx, &[one.assessor]).await?;
    let assessor = names.get(&one.assessor).cloned().unwrap_or_default();
    let mut body = Html::new();
    let none = Html::new();
    let row = |label: &str, value: Html| (ui.t(label), value);
    let head = [
        row("sorting-report-state", view::report_state(&ui, one.state).0),
        row("sorting-report-made-on", ui.date(one.made_on)),
        row("sorting-assessor", Html::of_text(assessor)),
        row("sorting-approved-on", ui.date_or_dash(one.approved_on)),
        row("sorting-opinion", Html::of_text(&one.content.opinion)),
    ];
    view::panel(&mut body, &ui.t("sorting-report-title"), &none, &view::facts(&head));
    let rows: Vec<(String, Html)> =
        view::figures(&ui, &one.content).into_iter().map(|(label, text)| (label, Html::of_text(text))).collect();
    view::panel(&mut body, &ui.t("sorting-figures"), &none, &view::facts(&rows));
    for migration in &one.content.migrations {
        let mut inner = view::picture(&ui, migration);
        inner.push(&ui.table(view::matrix(&ui, migration)));
        view::panel(&mut body, rules::said(ui.lang(), &migration.title), &none, &inner);
    }
    view::panel(&mut body, &ui.t("sorting-goals"), &none, &ui.table(goals(&ui, &one.content)));
    body.push(&analysis_view::panels(&ui, &one.content.measured));
    let place = format!("{}/reports/{}", page_of(project.id), one.id);
    let buttons = ui.buttons([
        Button::link(Look::Secondary, ui.t("sorting-back"), page_of(project.id)).icon(Icon::ArrowLeft),
        Button::link(Look::Secondary, ui.t("sorting-export"), format!("{place}/report.xlsx"))
            .icon(Icon::FileSpreadsheet),
        Button::link(Look::Primary, ui.t("sorting-print"), format!("{place}/report.pdf")).icon(Icon::Printer),
    ]);
    let title = format!("{} {}", ui.t("sorting-report-title"), project.number);
    visit.page_of(&Page::new(title, "sorting").subtitle(project.plan.title).actions(buttons), &body)
}

/// The goals with their judgements (S3-32).
fn goals(ui: &Ui, content: &Content) -> Table {
    let heads = ["sorting-goal", "sorting-judgement", "sorting-measured", "sorting-reason"];
    let mut table = Table::new(ui.t("sorting-goals"), heads.map(|id| (ui.t(id), Side::Left)));
    for goal in &content.goals {
        table.row([
            Html::of_text(rules::said(ui.lang(), &goal.title)),
            Html::of_text(ui.t(format!("sorting-judgement-{}", goal.judgement))),
            Html::of_text(view::measured(ui, goal.measured)),
            Html::of_text(&goal.words),
        ]);
    }
    table
}

async fn print(visit: Visit, Path((id, report)): Path<Key>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let (project, one) = report::open(&mut work, &id, &report).await?;
    paper::answer(&visit, work, &project, &one).await
}

async fn export(visit: Visit, Path((id, report)): Path<Key>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let (project, one) = report::open(&mut work, &id, &report).await?;
    let book = workbook(&ui, &project, &one).map_err(|error| ActionError::Internal(error.to_string()))?;
    let entry = Entry::new(None, "sorting.export", one.subject());
    work.audit(entry.after(json!({"number": project.number}))).await?;
    work.commit().await?;
    Ok(xlsx(&format!("{}.xlsx", project.number), book))
}

/// The report as a workbook: figures, goals, and how each axis moved.
fn workbook(ui: &Ui, project: &Project, one: &Report) -> Result<Vec<u8>, WriteError> {
    let mut book = BookWriter::new();
    let title = format!("{} {} {}", project.number, project.plan.title, one.made_on);
    let text = |label: &str| Column::new(&ui.t(label), ColumnKind::Text);
    let count = |label: &str| Column::new(&ui.t(label), ColumnKind::Count);
    book.sheet(&ui.t("sorting-figures"), &[&title], &[text("sorting-figure"), text("sorting-value")])?;
    for (label, value) in view::figures(ui, &one.content) {
        book.row(&[Written::Text(&label), Written::Text(&value)])?;
    }
    let columns = [text("sorting-goal"), text("sorting-judgement"), text("sorting-reason")];
    book.sheet(&ui.t("sorting-goals"), &[&title], &columns)?;
    for goal in &one.content.goals {
        let judgement = ui.t(format!("sorting-judgement-{}", goal.judgement));
        let name = rules::said(ui.lang(), &goal.title);
        book.row(&[Written::Text(name), Written::Text(&judgement), Written::Text(&goal.words)])?;
    }
    let columns = [text("sorting-axis"), text("sorting-before"), text("sorting-now"), count("sorting-customers")];
    book.sheet(&ui.t("sorting-migration"), &[&title], &columns)?;
    for migration in &one.content.migrations {
        let axis = rules::said(ui.lang(), &migration.title);
        for (before, now, n) in &migration.moves {
            let (before, now) = (view::outcome(ui, migration, before), view::outcome(ui, migration, now));
            book.row(&[Written::Text(axis), Written::Text(&before), Written::Text(&now), Written::Count(*n)])?;
        }
    }
    for grid in analysis_view::grids(ui, &one.content.measured) {
        let columns: Vec<Column> = grid.heads.iter().map(|head| Column::new(head, ColumnKind::Text)).collect();
        book.sheet(&grid.title, &[&title], &columns)?;
        for row in &grid.rows {
            let cells: Vec<Written<'_>> = row.iter().map(|cell| Written::Text(cell)).collect();
            book.row(&cells)?;
        }
    }
    book.finish()
}
