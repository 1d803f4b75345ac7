//! The report on paper (清收进展报告打印件).

use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use platform::audit::{self, Entry};
use platform::error::ActionError;
use platform::institution;
use platform::locale::{Lang, Locale};
use platform::page::Ui;
use platform::page::grid::{Grid, Holds};
use platform::web::{Visit, WebError};
use platform::work::Work;
use print::{Align, Column, Frame, Imprint, Letterhead, Press, Report as Paper, ReportTable, Section};
use serde_json::json;

use super::model::Report;
use super::view;
use crate::measure::words::Words;

/// The article behind the report.
const ARTICLE: &str = "overdue.progress";

/// Prints the report and answers with the file; every print is in the audit trail.
pub(super) async fn answer(visit: &Visit, mut work: Work, one: &Report) -> Result<Response, WebError> {
    let words = Words::load(&mut work).await?;
    // The file is kept in Chinese, whoever prints it.
    let ui = Ui::new(Locale::new(Arc::clone(&work.app.catalogue), Lang::ZhCn), work.business_date);
    let names = crate::people(&mut work).await?;
    let name = |user| names.get(&user).cloned().unwrap_or_default();
    let seen = one.seen.as_ref().map(|(by, on, opinion)| format!("{} {on} {opinion}", name(*by)));
    let branch = match one.branch.0 {
        0 => ui.t("progress-institution"),
        id => words.group(&ui, crate::measure::model::By::Branch, &id.to_string()),
    };
    let mut sections: Vec<Section> =
        view::tables(&ui, &one.content, |id| words.end(&ui, id)).iter().map(|grid| section(&ui, grid)).collect();
    sections.push(Section::words(ui.t("progress-words"), one.words.clone()));
    sections.push(Section::words(ui.t("progress-plan"), one.plan.clone()));
    let (institution, _) = institution::load(&mut work.tx).await?;
    let printed_at = platform::clock::civil_minute(work.now).replace(' ', "T");
    let digest = audit::digest(&format!("{} {:?}", one.number, one.content));
    let paper = Paper {
        frame: Frame {
            lang: print::Lang::Zh,
            letterhead: Letterhead {
                institution: institution.name,
                contact: institution.contact,
                mark: "信守".to_owned(),
            },
            imprint: Imprint {
                serial: one.number.clone(),
                form: "recovery_report".to_owned(),
                article: words.article(&ui, ARTICLE),
                printed_by: visit.actor.name.clone(),
                printed_at: printed_at.parse().map_err(|e| ActionError::Internal(format!("{printed_at}: {e}")))?,
                check_code: digest.chars().take(8).collect(),
            },
        },
        title: ui.t("progress-title"),
        facts: vec![
            (ui.t("progress-number"), one.number.clone()),
            (ui.t("progress-branch"), branch),
            (ui.t("progress-period"), ui.t2("measure-days", "from", one.period.from, "to", one.period.to)),
            (ui.t("progress-taken"), one.content.taken_on.to_string()),
            (ui.t("progress-by"), name(one.by)),
            (ui.t("progress-seen"), seen.unwrap_or_else(|| "—".to_owned())),
        ],
        sections,
        signatures: vec![ui.t1("progress-sign-maker", "name", name(one.by)), ui.t("progress-sign-reader")],
    };
    let printed = tokio::task::spawn_blocking(move || Press::system().print(&paper))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))?
        .map_err(|e| crate::letter::print_refused(&e))?;
    let entry = Entry::new(None, "progress.print", one.subject());
    work.audit(entry.after(json!({"number": one.number, "pages": printed.pages}))).await?;
    work.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}.pdf\"", one.number)),
    ];
    Ok((headers, printed.pdf).into_response())
}

fn section(ui: &Ui, grid: &Grid) -> Section {
    let column = |(title, holds): &(String, Holds)| {
        let (align, share) = if *holds == Holds::Text { (Align::Left, 3) } else { (Align::Right, 2) };
        Column { title: title.clone(), align, share }
    };
    let rows = grid.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text(ui)).collect()).collect();
    let table = ReportTable { columns: grid.heads.iter().map(column).collect(), rows };
    Section { title: grid.title.clone(), paragraphs: Vec::new(), table: Some(table) }
}
