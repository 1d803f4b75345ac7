//! The chapters that prove (证据): limitation, means of the law, the list of evidence with what is enclosed, the trail.

use platform::attachment::Attachment;
use platform::error::ActionError;
use platform::page::Ui;
use platform::work::Work;
use print::{Align, Chapter, Section};

use super::draft::{Draft, day, listed, said};
use super::model::Place;
use crate::{legal, limitation};

/// 诉讼时效与保证期间: where the clocks stand, and what kept them running.
pub(super) async fn clocks(work: &mut Work, draft: &Draft) -> Result<Chapter, ActionError> {
    let ui = &draft.ui;
    let mut sections = Vec::new();
    for loan in &draft.loans {
        let clocks = limitation::actions::look_known(work, loan.file.loan.key, draft.known).await?;
        let mut rows = vec![vec![
            ui.t("limitation-debtor"),
            ui.t(format!("limitation-state-{}", clocks.claim.state.code())),
            day(limitation::until(clocks.claim.state)),
            clocks.claim.from.to_string(),
        ]];
        rows.extend(clocks.guarantees.iter().map(|(line, period)| {
            vec![
                line.who.clone(),
                ui.t(format!("guarantee-state-{}", period.state.code())),
                period.until.to_string(),
                "—".to_owned(),
            ]
        }));
        let heads = [
            ("bundle-name", Align::Left, 3),
            ("bundle-state", Align::Left, 3),
            ("bundle-last-day", Align::Left, 2),
            ("bundle-from", Align::Left, 2),
        ];
        let number = &loan.file.loan.number;
        sections.push(listed(ui.t1("bundle-clocks-of", "number", number), ui, &heads, rows));
        let steps = clocks.claim.steps.iter().map(|(event, effect)| {
            let signer =
                event.signer.map(|who| ui.t(format!("limitation-signer-{}", who.as_str()))).unwrap_or_default();
            let proof = clocks.events.iter().find(|one| format!("limitation_event:{}", one.id) == event.fact);
            vec![
                event.on.to_string(),
                ui.t(format!("limitation-kind-{}", event.kind.as_str())),
                said(&signer),
                limitation::effect_words(ui, *effect),
                said(proof.map_or("", |one| &one.evidence)),
            ]
        });
        let heads = [
            ("bundle-day", Align::Left, 0),
            ("bundle-event", Align::Left, 3),
            ("bundle-signer", Align::Left, 2),
            ("bundle-effect", Align::Left, 3),
            ("bundle-proof", Align::Left, 5),
        ];
        sections.push(listed(String::new(), ui, &heads, steps.collect()));
    }
    Ok(Chapter { title: ui.t("bundle-chapter-clocks"), sections })
}

/// 法律手段: what was done before court, and the policy's list of evidence with where each piece lies.
pub(super) async fn means(work: &mut Work, draft: &Draft) -> Result<Chapter, ActionError> {
    let ui = &draft.ui;
    let mut sections = Vec::new();
    for loan in &draft.loans {
        let picture = legal::actions::look_known(work, loan.file.loan.key, draft.known).await?;
        let rows = picture.means.iter().filter(|one| one.on <= draft.as_of()).map(|one| {
            let end = one.ended.as_ref().filter(|end| end.on <= draft.as_of());
            vec![
                one.on.to_string(),
                ui.t(format!("legal-means-{}", one.kind.as_str())),
                said(&format!("{} {}", one.authority, one.reference)),
                one.amount.map_or_else(|| "—".to_owned(), |amount| ui.yuan(amount)),
                ui.yuan(one.cost),
                end.map_or_else(|| "—".to_owned(), |end| format!("{} {}", end.on, end.outcome)),
            ]
        });
        let heads = [
            ("bundle-day", Align::Left, 0),
            ("bundle-means", Align::Left, 2),
            ("bundle-authority", Align::Left, 4),
            ("bundle-amount", Align::Right, 0),
            ("bundle-cost", Align::Right, 0),
            ("bundle-outcome", Align::Left, 4),
        ];
        let number = &loan.file.loan.number;
        sections.push(listed(ui.t1("bundle-means-of", "number", number), ui, &heads, rows.collect()));
        let rows = picture.evidence.iter().map(|one| {
            let name = ui.t(format!("legal-evidence-{}", one.item.replace('_', "-")));
            vec![name, one.place.clone().unwrap_or_else(|| ui.t("bundle-missing"))]
        });
        let heads = [("bundle-evidence", Align::Left, 2), ("bundle-place", Align::Left, 3)];
        sections.push(listed(ui.t("bundle-evidence-list"), ui, &heads, rows.collect()));
    }
    Ok(Chapter { title: ui.t("bundle-chapter-means"), sections })
}

/// 附件清单: every kept file with its digest, and as which enclosure it is in the bundle.
pub(super) fn files(ui: &Ui, files: &[(Attachment, Place)]) -> Chapter {
    let rows = files.iter().map(|(file, enclosed)| {
        vec![
            file.name.clone(),
            file.media.ending().to_owned(),
            file.bytes.to_string(),
            file.effective_on.to_string(),
            file.digest.clone(),
            match enclosed {
                Place::Enclosed(no) => ui.t1("bundle-enclosure-no", "no", no),
                Place::Listed => ui.t("bundle-listed-only"),
                Place::NotDrawn => ui.t("bundle-not-drawn"),
            },
        ]
    });
    let heads = [
        ("bundle-file", Align::Left, 4),
        ("bundle-media", Align::Left, 0),
        ("bundle-bytes", Align::Right, 0),
        ("bundle-day", Align::Left, 0),
        ("bundle-digest", Align::Left, 5),
        ("bundle-in-here", Align::Left, 2),
    ];
    let mut section = listed(String::new(), ui, &heads, rows.collect());
    section.paragraphs.push(ui.t("bundle-files-note"));
    Chapter { title: ui.t("bundle-chapter-files"), sections: vec![section] }
}

/// 记录完整性证明: the customer's chain of the audit trail, checked when the bundle was made.
pub(super) fn trail(draft: &Draft) -> Chapter {
    let ui = &draft.ui;
    let mut sections = vec![Section::words("", ui.t("bundle-trail-note"))];
    for part in &draft.parts {
        let trail = &part.trail;
        let last = trail.last_at.map_or_else(|| "—".to_owned(), Draft::at);
        let rows = vec![
            vec![ui.t("bundle-trail-entries"), trail.entries.to_string()],
            vec![ui.t("bundle-trail-last"), last],
            vec![ui.t("bundle-trail-hash"), trail.hash.clone()],
            vec![ui.t("bundle-trail-result"), ui.t("bundle-trail-holds")],
        ];
        let heads = [("bundle-term", Align::Left, 1), ("bundle-value", Align::Left, 3)];
        sections.push(listed(draft.of_file(String::new(), part), ui, &heads, rows));
    }
    Chapter { title: ui.t("bundle-chapter-trail"), sections }
}
