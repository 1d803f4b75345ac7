//! Pages of the import: upload and history, columns and answers, dry run, writing, result.

use std::collections::BTreeMap;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use platform::error::{ActionError, FieldError, Refused};
use platform::locale::Lang;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Tone, Ui};
use platform::sheets::write_template;
use platform::web::{Fields, Posted, Routes, Upload, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;
use serde_json::json;

use super::model::{Level, Run, RunId, RunState};
use super::rules::ImportError;
use super::{RUN, actions, file, store, trial, undo, view};
use crate::book::{self, Conventions, Field as BookField, Mapping, Role, SheetLayout, WideDay};

/// Problem rows of one page.
pub(super) const PAGE: i64 = 100;
/// Runs that the history shows.
pub(super) const HISTORY: i64 = 100;
/// How long a request waits for a small book to be written before it shows the progress.
const PATIENCE: Duration = Duration::from_secs(4);
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The pages of the import.
pub fn routes() -> Routes {
    Routes::new()
        .get("/import", RUN, index)
        .data::<Vec<super::data::ImportData>, _, _>("/import", RUN, super::data::imports)
        .upload("/import", RUN, upload)
        .get("/import/template.xlsx", RUN, template)
        .get("/import/{id}", RUN, show)
        .data::<super::data::ImportDetail, _, _>("/import/{id}", RUN, super::data::import)
        .get("/import/{id}/progress", RUN, progress)
        .get("/import/{id}/checked.xlsx", RUN, checked)
        .post("/import/{id}/answers", RUN, answers)
        .post("/import/{id}/write", RUN, write)
        .merge(undo::pages::routes())
}

#[derive(Template)]
#[template(path = "import/index.html")]
struct IndexBody {
    ui: Ui,
    guard: Html,
    fields: Vec<Field>,
    submit: Html,
    history: Html,
}

async fn index(visit: Visit) -> Result<Response, WebError> {
    first_page(&visit, None).await
}

/// Upload and history; with what is wrong with the file, if anything.
async fn first_page(visit: &Visit, wrong: Option<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let scope = work.authorise(RUN).map_err(ActionError::from)?;
    let runs = store::runs(&mut work.tx, scope.branch, HISTORY).await?;
    let mut names = BTreeMap::new();
    for by in runs.iter().map(|run| run.recorded_by) {
        if let std::collections::btree_map::Entry::Vacant(place) = names.entry(by.0) {
            let user = platform::access::store::user(&mut work.tx, by).await?;
            place.insert(user.map(|user| user.name).unwrap_or_default());
        }
    }
    let refused = wrong.is_some();
    let field = Field::new("book", ui.t("import-file"), Input::File(".xlsx,.xls,.csv".to_owned()))
        .hint(ui.t("import-file-hint"))
        .required()
        .error(wrong.map(|text| platform::page::FieldError { text, article: None }));
    let body = IndexBody {
        guard: ui.guard(visit.guard()),
        fields: vec![field],
        submit: ui.button(Button::submit(Look::Primary, ui.t("import-go")).icon(Icon::Upload)),
        history: view::history(&ui, &runs, &names),
        ui: ui.clone(),
    };
    let template = Button::link(Look::Secondary, ui.t("import-template"), "/import/template.xlsx").icon(Icon::Download);
    let page = Page::new(ui.t("import-title"), "import").actions(ui.button(template));
    let mut answer = visit.page(&page, &body)?;
    if refused {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(answer)
}

async fn upload(upload: Upload) -> Result<Response, WebError> {
    let ui = upload.visit.ui();
    let Some(file) = upload.files.iter().find(|file| file.field == "book" && !file.bytes.is_empty()) else {
        upload.visit.complain(&[FieldError::new("book", "field-empty")])?;
        return first_page(&upload.visit, Some(ui.t("import-file-missing"))).await;
    };
    let (workbook, bytes) = match trial::open_book(&file.name, file.bytes.clone()).await {
        Ok(opened) => opened,
        Err(ActionError::Refused(refused)) => {
            upload.visit.complain_of(Some(&refused))?;
            let text = ui.tn(format!("error-{}", refused.code), &refused.details);
            return first_page(&upload.visit, Some(text)).await;
        }
        Err(other) => return Err(other.into()),
    };
    let mut work = upload.begin(RUN).await?;
    let id = actions::upload(&mut work, &file.name, &bytes, &workbook).await?;
    upload.done(work, format!("/import/{id}")).await
}

pub(super) fn say(ui: &Ui) -> impl Fn(&str, &[book::Fact]) -> String {
    move |id, facts| ui.tn(id, &view::named(facts))
}

async fn template(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let bytes = write_template(&book::template(&say(&ui))).map_err(|e| ActionError::Internal(e.to_string()))?;
    let name = if visit.lang == Lang::En { "import-template.xlsx" } else { "导入模板.xlsx" };
    let headers = [(header::CONTENT_TYPE, XLSX.to_owned()), (header::CONTENT_DISPOSITION, view::disposition(name))];
    Ok((headers, bytes).into_response())
}

/// Which problem rows, and whether the columns are to be changed once more.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    level: Option<String>,
    page: Option<i64>,
    columns: Option<String>,
}

pub(super) fn run_id(id: &str) -> Result<RunId, ActionError> {
    Ok(id.parse().map_err(|_| ImportError::NotFound)?)
}

async fn show(visit: Visit, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let run = actions::load(&mut work, run_id(&id)?).await?;
    let columns = asked.columns.is_some() && run.state == RunState::Tried;
    if run.state == RunState::Uploaded || columns {
        return draw_columns(&visit, &mut work, &run, &[], &Fields::default()).await;
    }
    draw_tried(&visit, &mut work, &run, &asked).await
}

#[derive(Template)]
#[template(path = "import/columns.html")]
struct ColumnsBody {
    ui: Ui,
    id: RunId,
    steps: Html,
    guard: Html,
    fields: Vec<Field>,
    sheets: Vec<Html>,
    submit: Html,
}

/// The recognised columns and the questions, with what was typed and what is wrong with it.
async fn draw_columns(
    visit: &Visit,
    work: &mut Work,
    run: &Run,
    wrong: &[FieldError],
    typed: &Fields,
) -> Result<Response, WebError> {
    visit.complain(wrong)?;
    let ui = visit.ui();
    let bytes = file::load(work, &run.content_hash).await?;
    let (workbook, _) = trial::open_book(&run.file_name, bytes).await?;
    let answers = match &run.conventions {
        Some(given) => given.clone(),
        None => actions::proposed(work, &workbook).await?,
    };
    let in_force = platform::policies::in_force(work, work.business_date).await?;
    let english = visit.lang == Lang::En;
    let title = |p: &policy::Product| if english { p.title.en.clone() } else { p.title.zh.clone() };
    let products = in_force.pack().products().iter().map(|p| Choice::new(&p.id, title(p))).collect();
    let mut fields = view::answer_fields(&ui, &answers, products);
    view::complain(&ui, &mut fields, wrong, typed);
    let layouts = answered_layouts(&run.layouts, typed);
    let body = ColumnsBody {
        id: run.id,
        steps: view::steps(&ui, run, true),
        guard: ui.guard(visit.guard()),
        fields,
        sheets: layouts.iter().enumerate().map(|(at, l)| view::sheet(&ui, at, l, &workbook)).collect(),
        submit: ui.button(Button::submit(Look::Primary, ui.t("import-try")).icon(Icon::Calculator)),
        ui: ui.clone(),
    };
    let mut answer = visit.page(&head(&ui, run), &body)?;
    if !wrong.is_empty() {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(answer)
}

fn head(ui: &Ui, run: &Run) -> Page {
    let buttons = ui.buttons([
        Button::link(Look::Secondary, ui.t("import-template"), "/import/template.xlsx").icon(Icon::Download),
        Button::link(Look::Secondary, ui.t("import-history"), "/import").icon(Icon::History),
    ]);
    Page::new(ui.t("import-title"), "import").subtitle(&run.file_name).actions(buttons)
}

/// The layouts under what the form says; what it does not name stays.
fn answered_layouts(layouts: &[SheetLayout], fields: &Fields) -> Vec<SheetLayout> {
    let mut layouts = layouts.to_vec();
    for (place, layout) in layouts.iter_mut().enumerate() {
        let role = fields.first(&format!("role-{place}"));
        let role = role.and_then(|code| Role::DATA.iter().chain([&Role::None]).find(|role| role.code() == code));
        let Some(role) = role else { continue };
        let columns = layout.columns.iter().map(|column| {
            let given = fields.first(&format!("field-{place}-{}", column.column));
            let field = match given {
                Some(code) => BookField::ALL.iter().find(|field| field.code() == code).copied(),
                None => column.field,
            };
            (column.heading.clone(), field)
        });
        let columns = columns.collect();
        layout.apply(&Mapping { fingerprint: layout.fingerprint.clone(), role: *role, columns });
    }
    layouts
}

/// Reads the answers, or says everything that is wrong with them at once.
fn answered_conventions(fields: &Fields, before: Conventions) -> Result<Conventions, Vec<FieldError>> {
    let mut wrong = Vec::new();
    let text = |name: &str| fields.first(name).unwrap_or("").trim();
    let as_of = text("as_of").parse::<Date>().unwrap_or_else(|_| {
        wrong.push(FieldError::new("as_of", "date-unreadable").with("text", text("as_of")));
        before.as_of
    });
    let mut choice = |name: &'static str, parsed: bool| {
        if !parsed {
            wrong.push(FieldError::new(name, "choice-unknown").with("text", text(name)));
        }
    };
    let day_count = serde_json::from_value(json!(text("day_count"))).ok();
    choice("day_count", day_count.is_some());
    let penalty_day_count = serde_json::from_value(json!(text("penalty_day_count"))).ok();
    choice("penalty_day_count", penalty_day_count.is_some());
    let direction = serde_json::from_value(json!(text("direction"))).ok();
    choice("direction", direction.is_some());
    let wide_day = serde_json::from_value::<WideDay>(json!(text("wide_day"))).ok();
    choice("wide_day", wide_day.is_some());
    let days_of_year = text("days_of_year").parse::<u16>().ok().filter(|days| [360, 365].contains(days));
    choice("days_of_year", days_of_year.is_some());
    let penalty_uplift_ppm = penalty(text("penalty")).unwrap_or_else(|| {
        wrong.push(FieldError::new("penalty", "import-penalty-unreadable").with("text", text("penalty")));
        None
    });
    match (day_count, penalty_day_count, direction, wide_day, days_of_year) {
        (Some(day_count), Some(penalty_day_count), Some(direction), Some(wide_day), Some(days_of_year))
            if wrong.is_empty() =>
        {
            let product = text("product").to_owned();
            Ok(Conventions {
                as_of,
                product,
                wide_day,
                days_of_year,
                day_count,
                penalty_uplift_ppm,
                penalty_day_count,
                direction,
                ..before
            })
        }
        _ => Err(wrong),
    }
}

/// A percentage of at most four decimals as parts per million; empty: none. `None`: not a percentage.
fn penalty(text: &str) -> Option<Option<u32>> {
    if text.is_empty() {
        return Some(None);
    }
    let (whole, part) =
        text.trim_end_matches(['%', '％']).split_once('.').unwrap_or((text.trim_end_matches(['%', '％']), ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || whole.len() > 4 || part.len() > 4 || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<4}").parse().ok().map(Some)
}

#[derive(Debug, Deserialize)]
struct Nothing {}

/// Takes the answers and tries the book out.
async fn answers(Path(id): Path<String>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    let visit = &posted.visit;
    let mut work = visit.read().await?;
    let run = actions::load(&mut work, run_id(&id)?).await?;
    let before = run.conventions.clone().unwrap_or_else(|| Conventions::proposed(visit.business_date));
    let conventions = match answered_conventions(&posted.fields, before) {
        Ok(conventions) => conventions,
        Err(wrong) => return draw_columns(visit, &mut work, &run, &wrong, &posted.fields).await,
    };
    let layouts = answered_layouts(&run.layouts, &posted.fields);
    let (tried, trial) = match actions::trial(&mut work, run.id, layouts, conventions).await {
        Ok(tried) => tried,
        Err(ActionError::Refused(refused)) if field_of(&refused).is_some() => {
            let wrong = field_of(&refused).map(|field| FieldError {
                field,
                code: refused.code,
                details: refused.details.clone(),
            });
            return draw_columns(visit, &mut work, &run, wrong.as_slice(), &posted.fields).await;
        }
        Err(other) => return Err(other.into()),
    };
    drop(work);
    let mut work = posted.begin(RUN).await?;
    actions::confirm(&mut work, &tried, &trial).await?;
    posted.done(work, format!("/import/{id}")).await
}

/// The field that a refusal is about.
fn field_of(refused: &Refused) -> Option<&'static str> {
    match refused.code {
        "import-book-date" => Some("as_of"),
        "product-unknown" => Some("product"),
        _ => None,
    }
}

#[derive(Template)]
#[template(path = "import/tried.html")]
struct TriedBody {
    ui: Ui,
    id: RunId,
    steps: Html,
    tiles: Html,
    notice: Html,
    download: Html,
    tabs: Html,
    problems: Html,
    pages: Html,
    totals: Html,
    totals_note: String,
    write: Option<Html>,
    undoing: Html,
}

/// The dry run, the writing on its way, or the result.
async fn draw_tried(visit: &Visit, work: &mut Work, run: &Run, asked: &Asked) -> Result<Response, WebError> {
    let ui = visit.ui();
    let level = asked.level.as_deref().and_then(Level::parse);
    let counts = store::counts(&mut work.tx, run.id).await?;
    let shown = match level {
        None => counts.0 + counts.1,
        Some(Level::Refused) => counts.0,
        Some(Level::Warning) => counts.1,
    };
    let pages = (shown + PAGE - 1) / PAGE;
    let page = asked.page.unwrap_or(1).clamp(1, pages.max(1));
    let findings = store::findings(&mut work.tx, run.id, level, PAGE, (page - 1) * PAGE).await?;
    let notice = match run.state {
        RunState::Importing => Html::of_template(&progress_body(&ui, run, true))?,
        RunState::Imported => done_note(&ui, run, visit.may(undo::REQUEST)),
        RunState::Undone => ui.note(Tone::Info, Icon::ArrowBackUp, Html::of_text(ui.t("import-undone-note"))),
        RunState::Uploaded | RunState::Tried if !run.summary.anything_new => {
            ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("import-nothing-new")))
        }
        RunState::Uploaded | RunState::Tried => Html::new(),
    };
    let download = Button::link(Look::Small, ui.t("import-checked-file"), format!("/import/{}/checked.xlsx", run.id));
    let write = match run.state {
        RunState::Tried => Some(view::write_form(&ui, run, &ui.guard(visit.guard()))),
        RunState::Importing => {
            let mut out = ui.guard(visit.guard());
            out.push(&ui.button(Button::submit(Look::Secondary, ui.t("import-continue")).icon(Icon::PlayerPlay)));
            Some(out)
        }
        RunState::Uploaded | RunState::Imported | RunState::Undone => None,
    };
    let address = format!("/import/{}?{}", run.id, level.map(|l| format!("level={}&", l.as_str())).unwrap_or_default());
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let body = TriedBody {
        id: run.id,
        steps: view::steps(&ui, run, false),
        tiles: view::tiles(&ui, run),
        notice,
        download: ui.button(download.icon(Icon::FileSpreadsheet)),
        tabs: view::tabs(&ui, run, counts, level),
        problems: view::problems(&ui, &findings),
        pages: ui.pagination(address, number(page), number(pages)),
        totals: view::totals(&ui, run),
        totals_note: if run.state == RunState::Tried { ui.t("import-totals-note") } else { String::new() },
        write,
        undoing: undo::pages::history(work, &ui, run).await?,
        ui: ui.clone(),
    };
    visit.page(&head(&ui, run), &body)
}

fn done_note(ui: &Ui, run: &Run, may_undo: bool) -> Html {
    let left = run.summary.refused_rows;
    let words = if left > 0 { ui.t1("import-done-partial", "rows", left) } else { ui.t("import-done-note") };
    let mut out = Html::of_text(words);
    out.raw(" ");
    let mut buttons = vec![
        Button::link(Look::Primary, ui.t("import-open-ledger"), "/loans"),
        Button::link(Look::Secondary, ui.t("import-again"), "/import"),
    ];
    if may_undo {
        let address = format!("/import/{}/undo", run.id);
        buttons.push(Button::link(Look::Danger, ui.t("import-undo"), address).icon(Icon::ArrowBackUp));
    }
    out.push(&ui.buttons(buttons));
    ui.note(Tone::Ok, Icon::CircleCheck, out)
}

#[derive(Template)]
#[template(path = "import/progress.html")]
struct ProgressBody {
    ui: Ui,
    id: RunId,
    polls: bool,
    words: String,
    bar: Html,
}

fn progress_body(ui: &Ui, run: &Run, polls: bool) -> ProgressBody {
    let (done, all) = (run.done_loans, run.summary.loans);
    let words = ui.t2("import-progress", "done", done, "all", all);
    let permille = u32::try_from(done * 1000 / all.max(1)).unwrap_or(1000);
    ProgressBody { bar: ui.progress(permille, None, &words), id: run.id, polls, words, ui: ui.clone() }
}

/// The part that is asked for again while the book is written.
async fn progress(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let run = actions::load(&mut work, run_id(&id)?).await?;
    let polls = run.state == RunState::Importing;
    let body = Html::of_template(&progress_body(&ui, &run, polls))?;
    if visit.request.fragment() {
        let mut answer = axum::response::Html(body.into_string()).into_response();
        if !polls {
            answer.headers_mut().insert("hx-refresh", axum::http::HeaderValue::from_static("true"));
        }
        return Ok(answer);
    }
    visit.page_of(&head(&ui, &run), &body)
}

async fn checked(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let run = actions::load(&mut work, run_id(&id)?).await?;
    let (bytes, findings) = actions::take_file(&mut work, &run).await?;
    work.commit().await?;
    let bytes = actions::annotated(&run, &bytes, &findings, &say(&ui))?;
    let stem = run.file_name.rsplit_once('.').map_or(run.file_name.as_str(), |(stem, _)| stem);
    let name = format!("{stem}-{}.xlsx", ui.t("book-check-heading"));
    let headers = [(header::CONTENT_TYPE, XLSX.to_owned()), (header::CONTENT_DISPOSITION, view::disposition(&name))];
    Ok((headers, bytes).into_response())
}

/// What is to be written: `all`, only if nothing is refused, or the `rest`.
#[derive(Debug, Deserialize)]
struct WriteForm {
    #[serde(default)]
    what: String,
}

async fn write(Path(id): Path<String>, posted: Posted<WriteForm>) -> Result<Response, WebError> {
    let id = run_id(&id)?;
    let mut work = posted.begin(RUN).await?;
    actions::begin(&mut work, id, posted.form.what == "rest").await?;
    let answer = posted.done(work, format!("/import/{id}")).await?;
    let (app, actor) = (posted.visit.app.clone(), posted.visit.actor.clone());
    // On a task of its own, so that a closed browser does not end it; a small book is in before the page is shown.
    let writing = tokio::spawn(async move {
        if let Err(error) = actions::write(&app, &actor, id, None).await {
            tracing::error!(%error, import = %id, "the import ended with an error");
        }
    });
    let _finished_or_not = tokio::time::timeout(PATIENCE, writing).await;
    Ok(answer)
}
