//! The sorting report (客户梳理报告) on paper: S3-29.

use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use platform::audit::Entry;
use platform::error::ActionError;
use platform::locale::{Lang, Locale};
use platform::page::Ui;
use platform::policies;
use platform::web::{Visit, WebError};
use platform::work::Work;
use print::{Align, Column, Frame, Press, Report as Paper, ReportTable, Section};
use serde_json::json;

use super::model::{Migration, Project, Report};
use super::{analysis_view, rules, view};
use crate::customer::store::user_names;
use crate::evaluation::paper::frame;

/// The article behind the report.
const ARTICLE: &str = "house.sorting";

/// Prints the report and answers with the file; every print is in the audit trail.
pub(super) async fn answer(
    visit: &Visit,
    mut work: Work,
    project: &Project,
    one: &Report,
) -> Result<Response, WebError> {
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let names = user_names(&mut work.tx, &[one.assessor]).await?;
    let assessor = names.get(&one.assessor).cloned().unwrap_or_default();
    // The file is kept in Chinese, whoever prints it.
    let ui = Ui::new(Locale::new(Arc::clone(&work.app.catalogue), Lang::ZhCn), on);
    let article = policy.article_title(ARTICLE, false);
    let frame = frame(&mut work, &project.number, ("sorting_report", article), visit.actor.name.clone()).await?;
    let scheme = view::word(&ui, &policy, "sorting_scheme", &project.plan.scheme);
    let paper = write(&ui, project, one, (&scheme, &assessor), frame);
    let printed = tokio::task::spawn_blocking(move || Press::system().print(&paper))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))?
        .map_err(|e| ActionError::Internal(e.to_string()))?;
    let entry = Entry::new(None, "sorting.print", one.subject());
    work.audit(entry.after(json!({"number": project.number, "pages": printed.pages}))).await?;
    work.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}.pdf\"", project.number)),
    ];
    Ok((headers, printed.pdf).into_response())
}

fn write(ui: &Ui, project: &Project, one: &Report, (scheme, assessor): (&str, &str), frame: Frame) -> Paper {
    let fact = |label: &str, value: String| (ui.t(label), value);
    let plan = &project.plan;
    let facts = vec![
        fact("sorting-number", project.number.clone()),
        fact("sorting-name", plan.title.clone()),
        fact("sorting-scheme", scheme.to_owned()),
        fact("sorting-from", plan.starts_on.to_string()),
        fact("sorting-until", plan.ends_on.to_string()),
        fact("sorting-report-made-on", one.made_on.to_string()),
        fact("sorting-report-state", view::report_state(ui, one.state).1),
        fact("sorting-approved-on", one.approved_on.map_or_else(|| "—".to_owned(), |on| on.to_string())),
    ];
    let mut sections = vec![Section::words(ui.t("sorting-aim"), plan.aim.clone())];
    sections.push(table(
        ui.t("sorting-figures"),
        &[ui.t("sorting-figure"), ui.t("sorting-value")],
        view::figures(ui, &one.content).into_iter().map(|(label, text)| vec![label, text]).collect(),
    ));
    sections.extend(one.content.migrations.iter().map(|migration| moved(ui, migration)));
    let goals = one.content.goals.iter().map(|goal| {
        let judgement = ui.t(format!("sorting-judgement-{}", goal.judgement));
        let measured = view::measured(ui, goal.measured);
        vec![rules::said(ui.lang(), &goal.title).to_owned(), judgement, measured, goal.words.clone()]
    });
    let heads = ["sorting-goal", "sorting-judgement", "sorting-measured", "sorting-reason"].map(|id| ui.t(id));
    sections.push(table(ui.t("sorting-goals"), &heads, goals.collect()));
    let grids = analysis_view::grids(ui, &one.content.measured);
    sections.extend(grids.into_iter().map(|grid| table(grid.title, &grid.heads, grid.rows)));
    sections.push(Section::words(ui.t("sorting-opinion"), one.content.opinion.clone()));
    Paper {
        frame,
        title: ui.t("sorting-report-title"),
        facts,
        sections,
        signatures: vec![ui.t1("sorting-sign-assessor", "name", assessor), ui.t("sorting-sign-checker")],
    }
}

fn moved(ui: &Ui, migration: &Migration) -> Section {
    let heads = ["sorting-before", "sorting-now", "sorting-customers"].map(|id| ui.t(id));
    let rows = migration.moves.iter().map(|(before, now, n)| {
        vec![view::outcome(ui, migration, before), view::outcome(ui, migration, now), n.to_string()]
    });
    table(rules::said(ui.lang(), &migration.title).to_owned(), &heads, rows.collect())
}

fn table(title: String, heads: &[String], rows: Vec<Vec<String>>) -> Section {
    let column = |title: &String| Column { title: title.clone(), align: Align::Left, share: 3 };
    let table = ReportTable { columns: heads.iter().map(column).collect(), rows };
    Section { title, paragraphs: Vec::new(), table: Some(table) }
}
