//! A bundle on paper: the chapters in order, the cover, what is enclosed.

use platform::attachment::{Attachment, Media};
use platform::audit::{self, Trail};
use platform::error::ActionError;
use platform::institution;
use platform::locale::{Lang, Locale};
use platform::work::Work;
use print::{Chapter, EnclosedKind, Enclosure, Frame, Imprint, Letterhead};

use super::draft::Draft;
use super::model::{Order, Place};
use super::{claim, proof, pursuit};

/// The article behind bundles.
const ARTICLE: &str = "house.bundle";

/// Whether pages can be made of it.
pub(super) fn kind_of(media: Media) -> Option<EnclosedKind> {
    match media {
        Media::Pdf => Some(EnclosedKind::Pdf),
        Media::Jpeg => Some(EnclosedKind::Jpeg),
        Media::Png => Some(EnclosedKind::Png),
        Media::Xlsx | Media::Docx | Media::Plain => None,
    }
}

/// Writes the chapters (rule `bundle.contents`); the enclosures come behind them.
pub(super) async fn write(
    work: &mut Work,
    draft: &Draft,
    order: Order,
    (number, trail): (&str, &Trail),
    files: &[(Attachment, Place)],
) -> Result<print::Bundle, ActionError> {
    let mut chapters = vec![
        claim::parties(work, draft).await?,
        claim::contracts(work, draft).await?,
        claim::ledger(draft),
        claim::amounts(work, draft).await?,
        claim::obligors(work, draft).await?,
        pursuit::dossier(work, draft, order.purpose).await?,
    ];
    chapters.extend(pursuit::causes(work, draft, order.purpose).await?);
    chapters.extend([
        pursuit::contacts(work, draft).await?,
        pursuit::writings(work, draft).await?,
        pursuit::agreed(work, draft).await?,
        proof::clocks(work, draft).await?,
        proof::means(work, draft).await?,
        proof::files(draft, files),
        proof::trail(draft, trail),
    ]);
    let ui = &draft.ui;
    let numbered = |(no, mut chapter): (usize, Chapter)| {
        chapter.title = ui.tn("bundle-chapter", &[("no", (no + 1).to_string()), ("title", chapter.title)]);
        chapter
    };
    let by = work.actor.name.clone();
    let printed_at = platform::clock::civil_minute(work.now);
    let owed = draft.loans.iter().map(|loan| loan.position.outstanding.total().unwrap_or_default());
    let owed = finance::Fen::checked_sum(owed).unwrap_or_default();
    let fact = |label: &str, value: String| (ui.t(label), value);
    let mut facts = vec![
        fact("bundle-borrower", draft.customer.name.clone()),
        fact("customer-number", draft.customer.number.clone()),
        fact("bundle-case", draft.case.number.clone()),
        fact("bundle-purpose", ui.t(format!("bundle-purpose-{}", order.purpose.as_str()))),
        fact("bundle-as-of", draft.as_of.to_string()),
        fact("bundle-owed-in-all", ui.yuan(owed)),
        fact("bundle-made-at", printed_at.clone()),
        fact("bundle-made-by", by.clone()),
    ];
    let merged = customers::merge::others_of(work, draft.customer.id).await?;
    if !merged.is_empty() {
        // Rule `bundle.contents`: what another file of the same customer holds is named as not being in here.
        facts.push(fact("bundle-merged", merged.into_values().collect::<Vec<_>>().join(&draft.ui.t("list-comma"))));
    }
    Ok(print::Bundle {
        frame: frame(work, draft, (number, by, printed_at)).await?,
        title: ui.t("bundle-paper-title"),
        subtitle: vec![ui.t(format!("bundle-purpose-{}", order.purpose.as_str()))],
        facts,
        index_title: ui.t("bundle-index"),
        chapters: chapters.into_iter().enumerate().map(numbered).collect(),
        enclosures: Vec::new(),
        signatures: vec![ui.t("bundle-sign-maker"), ui.t("bundle-sign-lender")],
    })
}

async fn frame(
    work: &mut Work,
    draft: &Draft,
    (number, printed_by, printed_at): (&str, String, String),
) -> Result<Frame, ActionError> {
    let (institution, _) = institution::load(&mut work.tx).await?;
    let digest = audit::digest(&format!("{number} {} {printed_at}", draft.as_of));
    let moment = printed_at.replace(' ', "T");
    Ok(Frame {
        lang: print::Lang::Zh,
        letterhead: Letterhead {
            institution: institution.name, contact: institution.contact, mark: "信守".to_owned()
        },
        imprint: Imprint {
            serial: number.to_owned(),
            form: "bundle".to_owned(),
            article: draft.policy.article_title(ARTICLE, false),
            printed_by,
            printed_at: moment.parse().map_err(|e| ActionError::Internal(format!("{moment}: {e}")))?,
            check_code: digest.chars().take(8).collect(),
        },
    })
}

/// Opens what is to be enclosed; what cannot be drawn is left to the list.
pub(super) fn open(locale: &Locale, file: &Attachment, no: usize, bytes: Vec<u8>) -> Option<Enclosure> {
    let title = locale.tn("bundle-enclosure", &[("no", no.to_string()), ("name", file.name.clone())]);
    let caption = locale.tn(
        "bundle-enclosure-caption",
        &[("on", file.effective_on.to_string()), ("bytes", file.bytes.to_string()), ("digest", file.digest.clone())],
    );
    Enclosure::open(title, caption, kind_of(file.media)?, bytes)
}

/// The language of every bundle.
pub(super) fn locale(work: &Work) -> Locale {
    Locale::new(std::sync::Arc::clone(&work.app.catalogue), Lang::ZhCn)
}
