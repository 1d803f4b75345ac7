//! The minutes of a meeting on paper (管理小组会议纪要).

use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use platform::audit::{self, Entry};
use platform::error::ActionError;
use platform::institution;
use platform::locale::{Lang, Locale};
use platform::page::Ui;
use platform::policies;
use platform::web::{Visit, WebError};
use platform::work::Work;
use print::{Align, Column, Frame, Imprint, Letterhead, Press, Report as Paper, ReportTable, Section};
use serde_json::json;

use super::model::{Meeting, Resolution};
use super::{actions, pages};

/// The article behind the group.
const ARTICLE: &str = "overdue.posts";

/// Prints the minutes and answers with the file; every print is in the audit trail.
pub(super) async fn answer(visit: &Visit, mut work: Work, one: &Meeting) -> Result<Response, WebError> {
    let paper = write(&mut work, one, &visit.actor.name).await?;
    let printed = tokio::task::spawn_blocking(move || Press::system().print(&paper))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))?
        .map_err(|e| crate::letter::print_refused(&e))?;
    let entry = Entry::new(None, "group_meeting.print", one.subject());
    work.audit(entry.after(json!({"number": one.number, "pages": printed.pages}))).await.map_err(ActionError::from)?;
    work.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}.pdf\"", one.number)),
    ];
    Ok((headers, printed.pdf).into_response())
}

async fn write(work: &mut Work, one: &Meeting, printed_by: &str) -> Result<Paper, ActionError> {
    let today = work.business_date;
    // The file is kept in Chinese, whoever prints it.
    let ui = Ui::new(Locale::new(Arc::clone(&work.app.catalogue), Lang::ZhCn), today);
    let names = crate::people(work).await?;
    let name = |user| names.get(&user).cloned().unwrap_or_default();
    let resolutions = actions::resolutions(work, one.id).await?;
    let members: Vec<String> = one.content.members.iter().map(|user| name(*user)).collect();
    let signed = one.signed.map(|(by, on)| format!("{} {on}", name(by)));
    let row = |one: &Resolution| {
        vec![one.content.case.clone(), one.content.resolution.clone(), pages::task_words(&ui, one, &names)]
    };
    let column = |id: &str, share| Column { title: ui.t(id), align: Align::Left, share };
    let table = ReportTable {
        columns: vec![column("meeting-case", 2), column("meeting-resolution", 5), column("meeting-task", 4)],
        rows: resolutions.iter().map(row).collect(),
    };
    let mut sections = vec![Section { title: ui.t("meeting-resolutions"), paragraphs: Vec::new(), table: Some(table) }];
    if !one.content.words.is_empty() {
        sections.insert(0, Section::words(ui.t("meeting-words"), one.content.words.clone()));
    }
    let policy = policies::in_force(work, today).await?;
    let (institution, _) = institution::load(&mut work.tx).await?;
    let printed_at = platform::clock::civil_minute(work.now).replace(' ', "T");
    let digest = audit::digest(&format!("{} {:?} {resolutions:?}", one.number, one.content));
    Ok(Paper {
        frame: Frame {
            lang: print::Lang::Zh,
            letterhead: Letterhead {
                institution: institution.name,
                contact: institution.contact,
                mark: "信守".to_owned(),
            },
            imprint: Imprint {
                serial: one.number.clone(),
                form: "group_meeting".to_owned(),
                article: policy.article_title(ARTICLE, false),
                printed_by: printed_by.to_owned(),
                printed_at: printed_at.parse().map_err(|e| ActionError::Internal(format!("{printed_at}: {e}")))?,
                check_code: digest.chars().take(8).collect(),
            },
        },
        title: ui.t("meeting-paper-title"),
        facts: vec![
            (ui.t("meeting-number"), one.number.clone()),
            (ui.t("meeting-held"), one.content.held_on.to_string()),
            (ui.t("meeting-head"), name(one.content.head)),
            (ui.t("meeting-members"), members.join(&ui.t("list-comma"))),
            (ui.t("meeting-by"), name(one.by)),
            (ui.t("meeting-signed"), signed.unwrap_or_else(|| ui.t("meeting-state-draft"))),
        ],
        sections,
        signatures: vec![ui.t("meeting-sign-head"), ui.t("meeting-sign-maker")],
    })
}
