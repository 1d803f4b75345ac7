//! A trace on paper (查找报告, S2.4-13): every step with its result, next step and cost.

use std::sync::Arc;

use axum::response::Response;
use finance::Fen;
use platform::audit::Entry;
use platform::locale::{Lang, Locale};
use platform::page::Ui;
use platform::policies;
use platform::web::{Visit, WebError};
use platform::work::Work;
use print::{Align, Column, Report, ReportTable, Section};
use serde_json::json;

use super::model::{Lost, Trace};
use super::trace_pages::step_title;
use crate::case::model::Case;
use crate::visit::{frame, pdf, press};

/// Prints the trace and answers with the file; every print is in the audit trail.
pub(super) async fn answer(
    visit: &Visit,
    mut work: Work,
    case: &Case,
    lost: &[Lost],
    traces: &[Trace],
) -> Result<Response, WebError> {
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let names = customers::names(&mut work.tx, &[case.key.customer]).await?;
    let name = names.get(&case.key.customer).map(|(_, name)| name.clone()).unwrap_or_default();
    let people = crate::people(&mut work).await?;
    // The file is kept in Chinese, whoever prints it.
    let ui = Ui::new(Locale::new(Arc::clone(&work.app.catalogue), Lang::ZhCn), on);
    let frame = frame(&mut work, "trace.report", &case.number, visit.actor.name.clone()).await?;
    let column = |id: &str, align: Align, share: u32| Column { title: ui.t(id), align, share };
    let rows = traces.iter().map(|one| {
        let content = &one.content;
        let searched = ui.t(format!("trace-by-{}", content.searched.as_str()));
        vec![
            content.on.to_string(),
            step_title(&ui, &policy, &content.step),
            format!("{searched}：{}", content.query),
            format!("{}：{}", ui.t(format!("trace-found-{}", content.result.as_str())), content.finding),
            content.next_step.clone(),
            people.get(&platform::id::UserId(one.by)).cloned().unwrap_or_default(),
            platform::locale::money(content.cost),
        ]
    });
    let table = ReportTable {
        columns: vec![
            column("trace-on", Align::Left, 2),
            column("trace-step", Align::Left, 3),
            column("trace-query", Align::Left, 4),
            column("trace-result", Align::Left, 4),
            column("trace-next", Align::Left, 3),
            column("visit-planned-by", Align::Left, 2),
            column("trace-cost", Align::Right, 0),
        ],
        rows: rows.collect(),
    };
    let cost = Fen::checked_sum(traces.iter().map(|one| one.content.cost)).unwrap_or_default();
    let mut facts = vec![
        (ui.t("loan-customer"), name),
        (ui.t("case-number"), case.number.clone()),
        (ui.t("trace-steps"), traces.len().to_string()),
        (ui.t("trace-cost-all"), platform::locale::money(cost)),
    ];
    for one in lost {
        let kind = ui.t(format!("lost-kind-{}", one.kind.as_str()));
        let ended = one.ended.map(|(on, end)| format!(" → {on} {}", ui.t(format!("lost-end-{}", end.as_str()))));
        facts.push((ui.t("lost-title"), format!("{} {kind}{}", one.set_on, ended.unwrap_or_default())));
    }
    let report = Report {
        frame,
        title: ui.t("trace-report"),
        facts,
        sections: vec![Section {
            title: ui.t("trace-steps"),
            paragraphs: vec![ui.t("trace-note")],
            table: Some(table),
        }],
        signatures: vec![ui.t("trace-sign")],
    };
    let printed = press(report).await?;
    let entry = Entry::new(Some(case.key.customer), "trace.print", case.key.subject());
    work.audit(entry.after(json!({"pages": printed.pages, "steps": traces.len()}))).await?;
    work.commit().await?;
    Ok(pdf(&format!("trace-{}", case.number), printed.pdf))
}
