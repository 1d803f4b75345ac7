//! Pages of batches: send a file, look at the dry run, record, report.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use platform::audit::Entry;
use platform::error::{ActionError, FieldError};
use platform::locale::Lang;
use platform::page::list::ListQuery;
use platform::page::{Button, Choice as Offer, Field, Html, Icon, Input, Look, Page, Tone, Ui};
use platform::sheets::write_template;
use platform::web::{Posted, Routes, Upload, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;
use serde_json::json;

use super::actions::{self, Choice};
use super::error::BatchError;
use super::model::{Batch, BatchId, BatchRow, BatchState, Finding, Outcome, sum_of};
use super::{RECORD, store, view};
use crate::book;
use crate::error::complaint_text;
use crate::import::trial::open_book;
use crate::import::view::{disposition, named};
use crate::loan::model::Channel;

/// Where batches are.
pub const BATCHES: &str = "/repayments/batches";
/// Rows of one page.
pub(super) const PAGE: usize = 200;
/// Batches that the history shows.
pub(super) const HISTORY: i64 = 50;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The pages of batches.
pub fn routes() -> Routes {
    Routes::new()
        .get(BATCHES, RECORD, index)
        .data::<Vec<super::data::BatchData>, _, _>(BATCHES, RECORD, super::data::batches)
        .upload(BATCHES, RECORD, upload)
        .get("/repayments/batches/template.xlsx", RECORD, template)
        .get("/repayments/batches/{id}", RECORD, show)
        .data::<super::data::BatchDetail, _, _>("/repayments/batches/{id}", RECORD, super::data::batch)
        .get("/repayments/batches/{id}/rows.xlsx", RECORD, export)
        .post("/repayments/batches/{id}/record", RECORD, record)
}

#[derive(Template)]
#[template(path = "repayment_batch/index.html")]
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

/// The form and the batches so far; with what is wrong with the file, if anything.
async fn first_page(visit: &Visit, wrong: Option<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let scope = work.authorise(RECORD).map_err(ActionError::from)?;
    let batches = store::latest(&mut work.tx, scope.branch, HISTORY).await?;
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let channels = Channel::ALL
        .iter()
        .filter(|channel| **channel != Channel::Book)
        .map(|channel| Offer::new(channel.as_str(), ui.t(format!("channel-{}", channel.as_str()))))
        .collect();
    let fields = vec![
        Field::new("file", ui.t("repaybatch-file"), Input::File(".csv,.xlsx,.xls".to_owned()))
            .hint(ui.t("repaybatch-file-hint"))
            .required()
            .error(wrong.map(|text| platform::page::FieldError { text, article: None })),
        Field::new("channel", ui.t("repayment-channel"), Input::Select(channels)).value(Channel::DirectDebit.as_str()),
    ];
    let body = IndexBody {
        guard: ui.guard(visit.guard()),
        fields,
        submit: ui.button(Button::submit(Look::Primary, ui.t("repaybatch-try")).icon(Icon::Calculator)),
        history: view::history(&ui, &batches),
        ui: ui.clone(),
    };
    let address = format!("{BATCHES}/template.xlsx");
    let template = Button::link(Look::Secondary, ui.t("repaybatch-template"), address).icon(Icon::Download);
    let page = Page::new(ui.t("repaybatch-title"), "repayment-calendar").actions(ui.button(template));
    let mut answer = visit.page(&page, &body)?;
    *answer.status_mut() = status;
    Ok(answer)
}

async fn upload(upload: Upload) -> Result<Response, WebError> {
    let ui = upload.visit.ui();
    let Some(file) = upload.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty()) else {
        upload.visit.complain(&[FieldError::new("file", "field-empty")])?;
        return first_page(&upload.visit, Some(ui.t("import-file-missing"))).await;
    };
    let channel = upload.fields.first("channel").and_then(Channel::parse).filter(|channel| *channel != Channel::Book);
    let (workbook, bytes) = match open_book(&file.name, file.bytes.clone()).await {
        Ok(opened) => opened,
        Err(error) => return refused_file(&upload.visit, error).await,
    };
    let mut work = upload.begin(RECORD).await?;
    let channel = channel.unwrap_or(Channel::BankTransfer);
    match actions::upload(&mut work, &file.name, &bytes, &workbook, channel).await {
        Ok(id) => upload.done(work, format!("{BATCHES}/{id}")).await,
        Err(error) => {
            drop(work);
            refused_file(&upload.visit, error).await
        }
    }
}

/// What is wrong with the file, beside its field.
async fn refused_file(visit: &Visit, error: ActionError) -> Result<Response, WebError> {
    match error {
        ActionError::Refused(refused) => {
            visit.complain_of(Some(&refused))?;
            let text = visit.ui().tn(complaint_text(refused.code), &refused.details);
            first_page(visit, Some(text)).await
        }
        other => Err(other.into()),
    }
}

async fn template(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let say = |id: &str, facts: &[book::Fact]| ui.tn(id, &named(facts));
    let bytes = write_template(&book::receipts_template(&say)).map_err(|e| ActionError::Internal(e.to_string()))?;
    let name = if visit.lang == Lang::En { "repayments-template.xlsx" } else { "批量还款模板.xlsx" };
    let headers = [(header::CONTENT_TYPE, XLSX.to_owned()), (header::CONTENT_DISPOSITION, disposition(name))];
    Ok((headers, bytes).into_response())
}

pub(super) fn batch_id(id: &str) -> Result<BatchId, ActionError> {
    Ok(id.parse().map_err(|_| BatchError::NotFound)?)
}

/// Which rows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) show: String,
    pub(super) page: usize,
}

#[derive(Template)]
#[template(path = "repayment_batch/show.html")]
struct ShowBody {
    ui: Ui,
    tiles: Html,
    notes: Html,
    tabs: Html,
    rows: Html,
    pages: Html,
    form: Option<FormParts>,
}

/// The form around the rows of a dry run.
struct FormParts {
    action: String,
    guard: Html,
    seen: String,
    buttons: Html,
}

/// The rows of a batch as they are now, and what is to be told of its sheets.
pub(super) async fn rows_of(work: &mut Work, batch: &Batch) -> Result<(Vec<BatchRow>, Vec<Finding>), ActionError> {
    match batch.state {
        BatchState::Tried => {
            let trial = actions::trial(work, batch, &BTreeSet::new()).await?;
            Ok((trial.rows, trial.told))
        }
        BatchState::Recorded => Ok((store::rows(&mut work.tx, batch.id).await?, Vec::new())),
    }
}

/// The dry run, or the report.
async fn show(visit: Visit, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let batch = actions::load(&mut work, batch_id(&id)?).await?;
    let (rows, told) = rows_of(&mut work, &batch).await?;
    let filter = Outcome::parse(&asked.show);
    let all: Vec<(usize, &BatchRow)> =
        rows.iter().enumerate().filter(|(_, row)| filter.is_none_or(|outcome| outcome == row.outcome)).collect();
    let pages = all.len().div_ceil(PAGE).max(1);
    let at = asked.page.clamp(1, pages);
    let shown: Vec<(usize, &BatchRow)> = all.iter().skip((at - 1) * PAGE).take(PAGE).copied().collect();
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let base = format!("{BATCHES}/{id}?{}", filter.map(|o| format!("show={}&", o.as_str())).unwrap_or_default());
    let form = (batch.state == BatchState::Tried).then(|| FormParts {
        action: format!("{BATCHES}/{id}/record"),
        guard: ui.guard(visit.guard()),
        seen: actions::digest(&rows),
        buttons: buttons(&ui, &rows),
    });
    let body = ShowBody {
        tiles: view::tiles(&ui, &batch, &rows),
        notes: notes(&ui, &batch, &rows, &told),
        tabs: view::tabs(&ui, &batch, &rows, filter),
        rows: view::rows(&ui, &batch, &shown),
        pages: ui.pagination(base, number(at), number(pages)),
        form,
        ui: ui.clone(),
    };
    let excel = Button::link(Look::Secondary, ui.t("repaybatch-excel"), format!("{BATCHES}/{id}/rows.xlsx"));
    let again = Button::link(Look::Secondary, ui.t("repaybatch-again"), BATCHES).icon(Icon::Upload);
    let page = Page::new(ui.t(format!("repaybatch-{}-title", batch.state.as_str())), "repayment-calendar")
        .subtitle(&batch.file_name)
        .actions(ui.buttons([excel.icon(Icon::FileSpreadsheet), again]));
    visit.page(&page, &body)
}

/// What to do, in one line: nothing new, rows left behind, done; and what is to be told of the sheets.
fn notes(ui: &Ui, batch: &Batch, rows: &[BatchRow], told: &[Finding]) -> Html {
    let mut out = Html::new();
    let (left, doubtful) = (sum_of(rows, Outcome::Left).rows, sum_of(rows, Outcome::Doubtful).rows);
    match batch.state {
        BatchState::Recorded => {
            let words = ui.t1("repaybatch-done-note", "left", left);
            out.push(&ui.note(Tone::Ok, Icon::CircleCheck, Html::of_text(words)));
        }
        BatchState::Tried if sum_of(rows, Outcome::Good).rows == 0 && doubtful == 0 => {
            out.push(&ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("repaybatch-nothing-note"))));
        }
        BatchState::Tried => {}
    }
    for finding in told {
        out.push(&ui.note(Tone::Watch, Icon::AlertTriangle, Html::of_text(view::say(ui, finding))));
    }
    out
}

/// All rows, or the good ones; what cannot be done says why.
fn buttons(ui: &Ui, rows: &[BatchRow]) -> Html {
    let good = sum_of(rows, Outcome::Good);
    let left = sum_of(rows, Outcome::Refused).rows + sum_of(rows, Outcome::Doubtful).rows;
    let (count, amount) = (good.rows, ui.yuan(good.amount));
    let mut all = Button::submit(Look::Primary, ui.t2("repaybatch-record", "count", count, "amount", &amount))
        .icon(Icon::Cash)
        .submits("what", "all");
    if left == 0 {
        if good.rows == 0 {
            all = all.blocked(ui.t("repaybatch-nothing-note"));
        }
        return ui.buttons([all]);
    }
    let words = ui.t2("repaybatch-record-good", "count", count, "amount", &amount);
    let mut good_only = Button::submit(Look::Primary, words).icon(Icon::Cash).submits("what", "good");
    if good.rows == 0 && sum_of(rows, Outcome::Doubtful).rows == 0 {
        good_only = good_only.blocked(ui.t("repaybatch-nothing-note"));
    }
    let mut out = ui.buttons([good_only]);
    out.raw("<span class=\"note\">").text(ui.t1("repaybatch-left-note", "rows", left)).raw("</span>");
    out
}

/// What the form sends beside the chosen rows.
#[derive(Debug, Deserialize)]
struct RecordForm {
    #[serde(default)]
    what: String,
    #[serde(default)]
    seen: String,
}

async fn record(Path(id): Path<String>, posted: Posted<RecordForm>) -> Result<Response, WebError> {
    let choice = Choice {
        seen: posted.form.seen.clone(),
        good_only: posted.form.what == "good",
        chosen: posted.fields.all("chosen").filter_map(|place| place.parse().ok()).collect(),
    };
    let mut work = posted.begin(RECORD).await?;
    actions::record(&mut work, batch_id(&id)?, &choice).await?;
    posted.done(work, format!("{BATCHES}/{id}")).await
}

/// All rows as a workbook; who took them is in the audit trail.
async fn export(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let batch = actions::load(&mut work, batch_id(&id)?).await?;
    let (rows, _) = rows_of(&mut work, &batch).await?;
    let entry = Entry::new(None, "repayment_batch.export", batch.subject());
    work.audit(entry.after(json!({ "rows": rows.len() }))).await?;
    work.commit().await?;
    let spec = view::spec(&batch);
    let lines: Vec<_> = rows.iter().map(|row| view::line(&ui, row)).collect();
    let title = ui.t(format!("repaybatch-{}-title", batch.state.as_str()));
    let bytes = ui
        .workbook(&title, &[&title, &batch.file_name], &spec, &ListQuery::of(&spec), &lines)
        .map_err(|e| ActionError::Internal(e.to_string()))?;
    let headers =
        [(header::CONTENT_TYPE, XLSX.to_owned()), (header::CONTENT_DISPOSITION, disposition(&format!("{title}.xlsx")))];
    Ok((headers, bytes).into_response())
}
