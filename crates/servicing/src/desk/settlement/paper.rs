//! A settlement statement on paper (结清单): for the leader to sign.

use std::sync::Arc;

use axum::response::Response;
use finance::Head;
use platform::audit::Entry;
use platform::locale::{Lang, Locale};
use platform::page::Ui;
use platform::web::{Visit, WebError};
use platform::work::Work;
use print::{Align, Column, Report, ReportTable, Section};
use serde_json::json;

use super::model::Statement;
use crate::desk::paper::{answer, frame, heads, names, press};
use crate::loan::model::LoanFile;
use crate::loan::store as loans;
use crate::loan::why::head_message;

/// The lines of a statement: label and amount.
pub(super) fn lines(ui: &Ui, one: &Statement) -> Vec<(String, finance::Fen)> {
    let owed = Head::ALL.into_iter().map(|head| (head, one.amounts.get(head)));
    let mut lines: Vec<_> =
        owed.filter(|(_, amount)| !amount.is_zero()).map(|(head, amount)| (ui.t(head_message(head)), amount)).collect();
    if !one.credit.is_zero() {
        lines.push((ui.t("settlement-credit"), finance::Fen(-one.credit.0)));
    }
    lines
}

/// Prints a statement and answers with the file; every print is in the audit trail.
pub(super) async fn print(
    visit: &Visit,
    mut work: Work,
    (one, file): (&Statement, &LoanFile),
) -> Result<Response, WebError> {
    let on = work.business_date;
    // The file is kept in Chinese, whoever prints it.
    let ui = Ui::new(Locale::new(Arc::clone(&work.app.catalogue), Lang::ZhCn), on);
    let (name, identity) =
        loans::borrower(&mut work.tx, one.key.customer).await.map_err(platform::error::ActionError::from)?;
    let contract = loans::contract_number(&mut work.tx, one.key).await.map_err(platform::error::ActionError::from)?;
    let fact = |label: &str, value: String| (ui.t(label), value);
    let mut rows: Vec<Vec<String>> =
        lines(&ui, one).into_iter().map(|(label, amount)| vec![label, platform::locale::money(amount)]).collect();
    rows.push(vec![ui.t("total"), platform::locale::money(one.total)]);
    let charge = ui.t1("settlement-charge-said", "amount", ui.yuan(one.charge));
    let paragraphs = if one.charge.is_zero() { Vec::new() } else { vec![charge] };
    let [maker] = names(&mut work, [Some(one.made_by)]).await?;
    let mut signatures = vec![ui.t1("advance-sign-maker", "name", maker)];
    signatures.extend(heads(&mut work, &ui, one.key.customer, one.approval).await?);
    let said = format!("{} {} {rows:?} {signatures:?}", one.settles_on, one.state.as_str());
    let frame = frame(visit, &mut work, (&one.number, "settlement_statement"), &said).await?;
    let code = frame.imprint.check_code.clone();
    let column = |label: &str, align: Align| Column { title: ui.t(label), align, share: 1 };
    let table =
        ReportTable { columns: vec![column("owed-head", Align::Left), column("quote-amount", Align::Right)], rows };
    let report = Report {
        frame,
        title: ui.t("settlement-title"),
        facts: vec![
            fact("settlement-number", one.number.clone()),
            fact("settlement-state", ui.t(format!("settlement-state-{}", one.state.as_str()))),
            fact("loan-customer", name),
            fact("loan-identity", identity),
            fact("loan-number", file.loan.number.clone()),
            fact("settlement-contract", contract),
            fact("quote-on", one.settles_on.to_string()),
            fact("settlement-total", ui.yuan(one.total)),
            fact("advance-capital", print::capital(one.total.0)),
        ],
        sections: vec![Section { title: ui.t("settlement-lines"), paragraphs, table: Some(table) }],
        signatures,
    };
    let printed = press(report).await?;
    let after = json!({"number": one.number, "state": one.state.as_str(), "pages": printed.pages, "check_code": code});
    work.audit(Entry::new(Some(one.key.customer), "settlement.print", one.subject()).after(after)).await?;
    work.commit().await?;
    answer(&one.number, printed)
}
