//! The check sheet of an admission review (准入审查核查表) on paper.

use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use platform::audit::Entry;
use platform::error::ActionError;
use platform::locale::{Lang, Locale};
use platform::page::Ui;
use platform::policies::{self, InForce};
use platform::web::{Visit, WebError};
use platform::work::Work;
use print::{Align, Column, Frame, Press, Report, ReportTable, Section};
use serde_json::json;

use super::model::{Admission, Sheet};
use super::panel::product;
use super::view;
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::customer::model::Customer;
use crate::customer::store::user_names;
use crate::error::CustomerError;
use crate::evaluation::paper::frame;

/// Prints the sheet and answers with the file; every print is in the audit trail.
pub(super) async fn answer(visit: &Visit, mut work: Work, one: &Admission) -> Result<Response, WebError> {
    let customer = load_within(&mut work, one.customer, VIEW).await?;
    let sheet = one.sheet.as_ref().ok_or(ActionError::from(CustomerError::NoSuchPart("sheet")))?;
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let people: Vec<_> = one.assessor.into_iter().chain([one.begun_by]).collect();
    let names = user_names(&mut work.tx, &people).await?;
    let name = |id| names.get(&id).cloned().unwrap_or_default();
    let by = (name(one.begun_by), one.assessor.map(name).unwrap_or_default());
    // The file is kept in Chinese, whoever prints it.
    let ui = Ui::new(Locale::new(Arc::clone(&work.app.catalogue), Lang::ZhCn), on);
    let article = rules.article_title("house.admission", false);
    let frame = frame(&mut work, &one.number, ("admission_sheet", article), visit.actor.name.clone()).await?;
    let report = write(&ui, &rules, (one, sheet), (&customer, &by.0, &by.1), frame);
    let printed = tokio::task::spawn_blocking(move || Press::system().print(&report))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))?
        .map_err(|e| ActionError::Internal(e.to_string()))?;
    let entry = Entry::new(Some(one.customer), "admission.print", one.subject());
    work.audit(entry.after(json!({"number": one.number, "pages": printed.pages}))).await?;
    work.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}.pdf\"", one.number)),
    ];
    Ok((headers, printed.pdf).into_response())
}

fn write(
    ui: &Ui,
    rules: &InForce,
    (one, sheet): (&Admission, &Sheet),
    (customer, begun_by, assessor): (&Customer, &str, &str),
    frame: Frame,
) -> Report {
    let asked = &one.application;
    let fact = |label: &str, value: String| (ui.t(label), value);
    let yuan = |fen: finance::Fen| ui.t1("datum-yuan", "amount", platform::locale::money(fen));
    let term = |months: i64| ui.t1("datum-months", "count", months);
    let concludes = ui.t(format!("admission-concludes-{}", sheet.conclusion.replace('_', "-")));
    let facts = vec![
        fact("customer-name", customer.name.clone()),
        fact("customer-number", customer.number.clone()),
        fact("admission-product", product(ui, rules, &asked.product)),
        fact("admission-amount", yuan(asked.amount)),
        fact("admission-months", term(asked.months)),
        fact("admission-method", view::method(ui, &asked.method)),
        fact("admission-purpose", asked.purpose.clone()),
        fact("admission-source", asked.repayment_source.clone()),
        fact("admission-conclusion", concludes),
        fact("admission-granted", yuan(sheet.terms.amount)),
        fact("admission-granted-months", term(sheet.terms.months)),
        fact("admission-rate", format!("{}%", crate::relation::form::percent(sheet.terms.rate_e9 / 1_000))),
        fact("admission-state", view::state(ui, one.state).1),
        fact("admission-decided-on", one.decided_on.map_or_else(|| "—".to_owned(), |on| on.to_string())),
    ];
    let table = |title: &str, table| Section { title: ui.t(title), paragraphs: Vec::new(), table: Some(table) };
    let mut sections = vec![Section::words(ui.t("admission-preliminary"), asked.preliminary.clone())];
    sections.push(table("admission-checks", checks(ui, rules, sheet)));
    sections.push(table("admission-items", items(ui, rules, sheet)));
    if !sheet.reviews.is_empty() {
        sections.push(table("admission-reviews", reviews(ui, sheet)));
    }
    for (title, words) in [
        ("admission-mitigants", &sheet.mitigants),
        ("admission-reason", &sheet.reason),
        ("admission-opinion", &sheet.opinion),
    ] {
        if !words.is_empty() {
            sections.push(Section::words(ui.t(title), words.clone()));
        }
    }
    Report {
        frame,
        title: ui.t("admission-sheet"),
        facts,
        sections,
        signatures: vec![
            ui.t1("admission-sign-begun", "name", begun_by),
            ui.t1("admission-sign-assessor", "name", assessor),
            ui.t("admission-sign-decided"),
        ],
    }
}

fn column(ui: &Ui, id: &str, share: u32) -> Column {
    Column { title: ui.t(format!("admission-of-{id}")), align: Align::Left, share }
}

fn checks(ui: &Ui, rules: &InForce, sheet: &Sheet) -> ReportTable {
    let rows = sheet.checks.iter().map(|check| {
        let article = check.articles.first().map(|id| rules.article_title(id, false)).unwrap_or_default();
        vec![
            check.title.0.clone(),
            view::outcome(ui, rules, check),
            view::row(ui, check),
            article,
            view::verdict(ui, check),
        ]
    });
    let columns = [("check", 3), ("outcome", 3), ("row", 3), ("article", 4), ("verdict", 2)];
    ReportTable { columns: columns.map(|(id, share)| column(ui, id, share)).into(), rows: rows.collect() }
}

fn items(ui: &Ui, rules: &InForce, sheet: &Sheet) -> ReportTable {
    let rows = sheet.items.iter().map(|item| {
        vec![item.title.0.clone(), view::value(ui, rules, item), view::source(ui, item), view::evidence(item)]
    });
    let columns = [("item", 3), ("value", 3), ("origin", 3), ("evidence", 5)];
    ReportTable { columns: columns.map(|(id, share)| column(ui, id, share)).into(), rows: rows.collect() }
}

fn reviews(ui: &Ui, sheet: &Sheet) -> ReportTable {
    let rows = sheet.reviews.iter().map(|review| {
        let done = ui.t(if review.is_done() { "admission-done" } else { "admission-not-done" });
        let subject = ui.t(format!("admission-subject-{}", review.subject));
        vec![subject, view::means(ui, review), review.least.to_string(), done]
    });
    let columns = [("subject", 3), ("means", 5), ("least", 2), ("done", 2)];
    ReportTable { columns: columns.map(|(id, share)| column(ui, id, share)).into(), rows: rows.collect() }
}
