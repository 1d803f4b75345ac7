//! A dossier on paper (债务人档案): the blocks that stand, each fact with its day and who recorded it.

use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use platform::audit;
use platform::error::ActionError;
use platform::institution;
use platform::locale::{Lang, Locale};
use platform::page::Ui;
use platform::policies;
use platform::web::{Visit, WebError};
use platform::work::Work;
use print::{Align, Column, Frame, Imprint, Letterhead, Press, Report, ReportTable, Section};

use super::model::{Block, Entry, standing};
use super::{day, view};
use crate::case::model::Case;
use crate::known::Known;

/// The article behind dossiers.
const ARTICLE: &str = "house.dossier";

/// Prints the dossier and answers with the file; the reading that it is stands in the trail already.
pub(super) async fn answer(
    visit: &Visit,
    mut work: Work,
    (case, known): (&Case, Known),
    entries: &[Entry],
) -> Result<Response, WebError> {
    let on = known.on;
    // The file is kept in Chinese, whoever prints it.
    let ui = Ui::new(Locale::new(Arc::clone(&work.app.catalogue), Lang::ZhCn), on);
    let (name, masked) =
        servicing::loan::store::borrower(&mut work.tx, case.key.customer).await.map_err(ActionError::from)?;
    let fact = |label: &str, value: String| (ui.t(label), value);
    let facts = vec![
        fact("dossier-debtor", name),
        fact("dossier-identity", masked),
        fact("dossier-case", case.number.clone()),
        fact("dossier-on", on.to_string()),
    ];
    let stand = standing(entries);
    let sections = Block::ALL.iter().filter_map(|block| {
        let own: Vec<&Entry> = stand.iter().copied().filter(|one| one.block == *block).collect();
        (!own.is_empty()).then(|| section(&ui, *block, &own))
    });
    let obligors = day::obligors_on(&mut work, case, known).await?;
    let policy = policies::in_force(&mut work, on).await?;
    let mut sections: Vec<Section> = sections.collect();
    sections.insert(0, crate::obligor::paper::section(&ui, &policy, ui.t("obligor-title"), &obligors));
    let report = Report {
        frame: frame(&mut work, case, visit.actor.name.clone()).await?,
        title: ui.t("dossier-title"),
        facts,
        sections,
        signatures: Vec::new(),
    };
    let printed = tokio::task::spawn_blocking(move || Press::system().print(&report))
        .await
        .map_err(|e| ActionError::Internal(e.to_string()))?
        .map_err(|e| crate::letter::print_refused(&e))?;
    work.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}-D.pdf\"", case.number)),
    ];
    Ok((headers, printed.pdf).into_response())
}

/// A block as rows of label and value; also in a bundle for court.
pub(crate) fn section(ui: &Ui, block: Block, own: &[&Entry]) -> Section {
    let column = |id: &str, share| Column { title: ui.t(id), align: Align::Left, share };
    let mut rows = Vec::new();
    for entry in own {
        rows.push(vec![
            ui.t("dossier-recorded"),
            format!("{} · {}", platform::clock::civil_minute(entry.at), entry.by),
        ]);
        rows.extend(view::lines(ui, entry).into_iter().map(|(label, value)| vec![label, value]));
        let outcome = view::outcome(ui, entry);
        if !outcome.is_empty() {
            rows.push(vec![ui.t("dossier-outcome"), outcome]);
        }
    }
    let table = ReportTable { columns: vec![column("dossier-field", 1), column("dossier-value", 4)], rows };
    Section { title: view::block(ui, block), paragraphs: Vec::new(), table: Some(table) }
}

async fn frame(work: &mut Work, case: &Case, printed_by: String) -> Result<Frame, ActionError> {
    let (institution, _) = institution::load(&mut work.tx).await?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let moment = platform::clock::civil_minute(work.now).replace(' ', "T");
    let digest = audit::digest(&format!("{} dossier {moment}", case.number));
    Ok(Frame {
        lang: print::Lang::Zh,
        letterhead: Letterhead {
            institution: institution.name, contact: institution.contact, mark: "信守".to_owned()
        },
        imprint: Imprint {
            serial: format!("{}-D", case.number),
            form: "dossier".to_owned(),
            article: policy.article_title(ARTICLE, false),
            printed_by,
            printed_at: moment.parse().map_err(|e| ActionError::Internal(format!("{moment}: {e}")))?,
            check_code: digest.chars().take(8).collect(),
        },
    })
}
