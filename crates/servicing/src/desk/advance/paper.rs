//! The list of advances on paper (垫款清单): for the heads to sign, and for the cashier.

use std::sync::Arc;

use axum::response::Response;
use platform::audit::Entry;
use platform::locale::{Lang, Locale};
use platform::page::Ui;
use platform::web::{Visit, WebError};
use platform::work::Work;
use print::{Align, Column, Report, ReportTable, Section};
use serde_json::json;

use super::actions::must_be;
use super::model::{AdvanceList, ListState, RowState};
use super::{HOUSE, rules, store};
use crate::desk::paper::{answer, frame, heads, names, press};

/// Where a list may be printed: once it is with the heads, whose posts stand under it.
const PRINTED: [ListState; 3] = [ListState::Submitted, ListState::Signed, ListState::Paid];

/// Prints a list that was sent for signatures and answers with the file; every print is in the audit trail.
pub(super) async fn print(visit: &Visit, mut work: Work, one: &AdvanceList) -> Result<Response, WebError> {
    must_be(one, &PRINTED).map_err(platform::error::ActionError::from)?;
    let on = work.business_date;
    // The file is kept in Chinese, whoever prints it.
    let ui = Ui::new(Locale::new(Arc::clone(&work.app.catalogue), Lang::ZhCn), on);
    let mut rows = store::rows(&mut work.tx, one.id).await?;
    let stands = if one.state == ListState::Paid { RowState::Paid } else { RowState::Listed };
    rows.retain(|row| row.state == stands);
    let total = rules::total(&rows, stands);
    let fact = |label: &str, value: String| (ui.t(label), value);
    let day = |on: Option<jiff::civil::Date>| on.map_or_else(|| "—".to_owned(), |on| on.to_string());
    let column = |label: &str, align: Align, share: u32| Column { title: ui.t(label), align, share };
    let table = ReportTable {
        columns: vec![
            column("loan-number", Align::Left, 3),
            column("loan-customer", Align::Left, 2),
            column("advance-holder", Align::Left, 2),
            column("card-number", Align::Left, 3),
            column("schedule-no", Align::Right, 0),
            column("schedule-due-on", Align::Left, 2),
            column("advance-amount", Align::Right, 2),
        ],
        rows: rows
            .iter()
            .map(|row| {
                vec![
                    row.number.clone(),
                    row.customer.clone(),
                    row.card.holder.clone(),
                    row.card.masked.clone(),
                    row.no.to_string(),
                    row.due_on.to_string(),
                    platform::locale::money(row.amount),
                ]
            })
            .collect(),
    };
    let [maker, checker, cashier] = names(&mut work, [Some(one.made_by), one.checked_by, one.paid_by]).await?;
    let mut signatures =
        vec![ui.t1("advance-sign-maker", "name", maker), ui.t1("advance-sign-checker", "name", checker)];
    signatures.extend(heads(&mut work, &ui, HOUSE, one.approval).await?);
    signatures.push(ui.t1("advance-sign-cashier", "name", cashier));
    let said = format!("{} {:?} {signatures:?}", one.month, table.rows);
    let frame = frame(visit, &mut work, (&one.number, "advance_list"), &said).await?;
    let code = frame.imprint.check_code.clone();
    let report = Report {
        frame,
        title: ui.t("advance-paper"),
        facts: vec![
            fact("advance-number", one.number.clone()),
            fact("advance-month", one.month.clone()),
            fact("advance-rows", rows.len().to_string()),
            fact("advance-amount", ui.yuan(total)),
            fact("advance-capital", print::capital(total.0)),
            fact("advance-checked-on", day(one.checked_on)),
            fact("advance-signed-on", day(one.signed_on)),
            fact("advance-paid-on", day(one.paid_on)),
        ],
        sections: vec![Section { title: ui.t("advance-rows-title"), paragraphs: Vec::new(), table: Some(table) }],
        signatures,
    };
    let printed = press(report).await?;
    let after = json!({"number": one.number, "rows": rows.len(), "pages": printed.pages, "check_code": code});
    work.audit(Entry::new(None, "advance.print", one.subject()).after(after)).await?;
    work.commit().await?;
    answer(&one.number, printed)
}
