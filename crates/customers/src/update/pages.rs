//! Pages of reports about overdue updates: one report with its totals and customers, its workbook, the answer.

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::audit::Entry;
use platform::error::{ActionError, Refused};
use platform::page::{Button, Field, Html, Icon, Input, Look, Page, Side, Table, Ui};
use platform::sheets::{BookWriter, Column, ColumnKind, WriteError, Written};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, xlsx};
use platform::work::Work;
use serde_json::json;

use super::model::{Line, UpdateReport};
use super::{REPORTS, actions, data, list, page_of, rules, store};
use crate::customer::store::user_names;
use crate::sorting::view::{facts, link, panel};
use crate::{EDIT, EXPORT, VIEW};

/// Lines that a page shows; the file has them all.
const SHOWN: i64 = 200;

platform::form_fields! {
    /// What is done about overdue updates.
    AnswerForm: "measures"
}

/// The pages of reports.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/data-updates/reports/{report}", VIEW, show)
        .data::<data::UpdateReportData, _, _>("/data-updates/reports/{report}", VIEW, data::report)
        .get("/data-updates/reports/{report}/report.xlsx", EXPORT, export)
        .get("/data-updates/reports/{report}/answer", EDIT, answer_page)
        .post("/data-updates/reports/{report}/answer", EDIT, answer)
}

/// The name of the branch of a report.
pub(super) async fn branch_name(work: &mut Work, one: &UpdateReport) -> Result<String, ActionError> {
    let sql = "select name from branch_view where id = $1";
    let row = work.tx.fetch_optional(sql, platform::args![one.branch]).await?;
    Ok(row.map(|row| row.get("name")).transpose()?.unwrap_or_default())
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let branch = branch_name(&mut work, &one).await?;
    let managers = store::by_manager(&mut work.tx, one.id).await?;
    let lines = store::lines(&mut work.tx, one.id, SHOWN).await?;
    let answered = one.answer.iter().map(|said| said.by).collect::<Vec<_>>();
    let names = user_names(&mut work.tx, &answered).await?;
    let mut rows = vec![
        (ui.t("customer-branch"), Html::of_text(&branch)),
        (ui.t("update-as-of"), ui.date(one.as_of)),
        (ui.t("update-customers"), Html::of_text(one.customers.to_string())),
        (ui.t("update-oldest"), ui.date(one.oldest_on)),
        (ui.t("update-report-state"), list::report_state(&ui, one.answer.is_some()).0),
    ];
    if let Some(said) = &one.answer {
        let by = names.get(&said.by).cloned().unwrap_or_default();
        rows.push((ui.t("update-measures"), Html::of_text(format!("{} · {} · {by}", said.measures, said.on))));
    }
    let (mut body, none) = (Html::new(), Html::new());
    panel(&mut body, &ui.t("update-report"), &none, &facts(&rows));
    panel(&mut body, &ui.t("update-by-manager"), &none, &ui.table(totals(&ui, &managers, &one)));
    let mut inner = Html::new();
    inner.raw("<div class=\"scroll\">").push(&ui.table(customers(&ui, &lines, one.as_of))).raw("</div>");
    panel(&mut body, &ui.t("update-lines"), &Html::of_text(ui.t1("update-shown", "most", SHOWN)), &inner);
    let mut buttons = vec![Button::link(Look::Secondary, ui.t("update-reports"), REPORTS).icon(Icon::ArrowLeft)];
    let place = page_of(one.id);
    if visit.may(EXPORT) {
        let file = Button::link(Look::Secondary, ui.t("sorting-export"), format!("{place}/report.xlsx"));
        buttons.push(file.icon(Icon::FileSpreadsheet));
    }
    if one.answer.is_none() && visit.may(EDIT) {
        buttons.push(Button::link(Look::Primary, ui.t("update-answer"), format!("{place}/answer")).icon(Icon::Check));
    }
    let title = format!("{} {}", ui.t("update-report"), one.as_of);
    visit.page_of(&Page::new(title, "updates").subtitle(branch).actions(ui.buttons(buttons)), &body)
}

/// How many each manager has, and since when the oldest is due.
fn totals(ui: &Ui, managers: &[(String, i64, Date)], one: &UpdateReport) -> Table {
    let heads = [("update-manager", Side::Left), ("update-customers", Side::Right), ("update-oldest", Side::Left)];
    let mut table = Table::new(ui.t("update-by-manager"), heads.map(|(id, side)| (ui.t(id), side)));
    for (name, count, oldest) in managers {
        table.row([Html::of_text(name), Html::of_text(count.to_string()), ui.date(*oldest)]);
    }
    let sum = Html::of_text(one.customers.to_string());
    table.total([Html::of_text(ui.t("sorting-sum")), sum, ui.date(one.oldest_on)]);
    table
}

fn customers(ui: &Ui, lines: &[Line], on: Date) -> Table {
    let heads = [
        ("customer-number", Side::Left),
        ("customer-name", Side::Left),
        ("update-manager", Side::Left),
        ("update-since", Side::Left),
        ("update-days", Side::Right),
    ];
    let mut table = Table::new(ui.t("update-lines"), heads.map(|(id, side)| (ui.t(id), side)));
    for line in lines {
        table.row([
            link(format!("/customers/{}?tab=data", line.customer), &line.number),
            Html::of_text(&line.name),
            Html::of_text(&line.manager),
            ui.date(line.verify_by),
            Html::of_text(rules::days_over(line.verify_by, on).to_string()),
        ]);
    }
    table
}

async fn export(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    // Looking and taking away must both reach it.
    actions::seen(&mut work, &id, VIEW).await?;
    let one = actions::seen(&mut work, &id, EXPORT).await?;
    let branch = branch_name(&mut work, &one).await?;
    let managers = store::by_manager(&mut work.tx, one.id).await?;
    let lines = store::lines(&mut work.tx, one.id, store::MOST_LINES).await?;
    let title = format!("{} {branch} {}", ui.t("update-report"), one.as_of);
    let book = workbook(&ui, &title, (&one, &managers), &lines);
    let book = book.map_err(|error| ActionError::Internal(error.to_string()))?;
    let after = json!({"on": one.as_of, "count": one.customers});
    work.audit(Entry::new(None, "update_report.export", one.subject()).after(after)).await?;
    work.commit().await?;
    Ok(xlsx(&format!("{}-{}.xlsx", one.as_of, one.id), book))
}

fn workbook(
    ui: &Ui,
    title: &str,
    (one, managers): (&UpdateReport, &[(String, i64, Date)]),
    lines: &[Line],
) -> Result<Vec<u8>, WriteError> {
    let mut book = BookWriter::new();
    let text = |label: &str| Column::new(&ui.t(label), ColumnKind::Text);
    let count = |label: &str| Column::new(&ui.t(label), ColumnKind::Count);
    let columns = [text("update-manager"), count("update-customers"), text("update-oldest")];
    book.sheet(&ui.t("update-by-manager"), &[title], &columns)?;
    for (name, customers, oldest) in managers {
        book.row(&[Written::Text(name), Written::Count(*customers), Written::Text(&oldest.to_string())])?;
    }
    let columns = [
        text("customer-number"),
        text("customer-name"),
        text("update-manager"),
        text("update-since"),
        count("update-days"),
    ];
    book.sheet(&ui.t("update-lines"), &[title], &columns)?;
    for line in lines {
        book.row(&[
            Written::Text(&line.number),
            Written::Text(&line.name),
            Written::Text(&line.manager),
            Written::Text(&line.verify_by.to_string()),
            Written::Count(rules::days_over(line.verify_by, one.as_of)),
        ])?;
    }
    book.finish()
}

async fn answer_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_answer(&visit, &id, &Fields::default(), None).await
}

async fn draw_answer(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, id, EDIT).await?;
    let page = FormPage {
        active: "updates",
        title: ui.t("update-answer"),
        subtitle: format!("{} · {}", branch_name(&mut work, &one).await?, one.as_of),
        action: format!("{}/answer", page_of(one.id)),
        fields: vec![
            Field::new("measures", ui.t("update-measures"), Input::Area)
                .value(typed.first("measures").unwrap_or_default())
                .hint(ui.t("update-measures-hint"))
                .required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("update-answer")).icon(Icon::Check)],
        back: page_of(one.id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn answer(Path(id): Path<String>, posted: Posted<AnswerForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("update_report.answer").await?;
    let measures = posted.fields.first("measures").unwrap_or_default();
    let done = actions::answer(&mut work, &id, measures).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_answer(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
