//! A bundle on paper: the chapters in order, the cover, what is enclosed.

use platform::attachment::{Attachment, Media};
use platform::audit;
use platform::error::ActionError;
use platform::institution;
use platform::locale::Locale;
use platform::page::Ui;
use platform::work::Work;
use print::{Chapter, EnclosedKind, Enclosure, Frame, Imprint, Letterhead};

use super::draft::Draft;
use super::model::{Limits, Order, Place};
use super::{claim, contacts, proof, pursuit, volumes};

/// Whether pages can be made of it.
pub(super) fn kind_of(media: Media) -> Option<EnclosedKind> {
    match media {
        Media::Pdf => Some(EnclosedKind::Pdf),
        Media::Jpeg => Some(EnclosedKind::Jpeg),
        Media::Png => Some(EnclosedKind::Png),
        Media::Xlsx | Media::Docx | Media::Plain => None,
    }
}

/// A bundle before its files are drawn and its pages are made (待编卷宗).
pub(super) struct Unbound {
    /// In whose words.
    pub ui: Ui,
    /// The cover and what stands around the pages, without chapters.
    pub cover: print::Bundle,
    /// The chapters before the list of files, numbered later.
    pub chapters: Vec<Chapter>,
    /// The chapter behind it.
    pub trail: Chapter,
    /// What the policy lets it hold.
    pub limits: Limits,
}

/// Writes the chapters (rule `bundle.contents`); the list of files and the enclosures come when they are drawn.
pub(super) async fn write(work: &mut Work, draft: &Draft, order: Order, number: &str) -> Result<Unbound, ActionError> {
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
        contacts::chapter(work, draft).await?,
        pursuit::writings(work, draft).await?,
        pursuit::agreed(work, draft).await?,
        proof::clocks(work, draft).await?,
        proof::means(work, draft).await?,
    ]);
    draft.limits.hold(volumes::lines(&chapters))?;
    let cover = cover(work, draft, order, number).await?;
    let (ui, trail, limits) = (draft.ui.clone(), proof::trail(draft), draft.limits.clone());
    Ok(Unbound { ui, cover, chapters, trail, limits })
}

/// The cover of a bundle, with no chapter yet.
async fn cover(work: &mut Work, draft: &Draft, order: Order, number: &str) -> Result<print::Bundle, ActionError> {
    let ui = &draft.ui;
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
        fact("bundle-as-of", draft.as_of().to_string()),
        fact("bundle-owed-in-all", ui.yuan(owed)),
        fact("bundle-made-at", printed_at.clone()),
        fact("bundle-made-by", by.clone()),
    ];
    // Rule `bundle.merged`: what another file of the same customer holds stands in here, or is said not to.
    let merged: Vec<&str> = draft.parts.iter().skip(1).map(|part| part.customer.number.as_str()).collect();
    if !merged.is_empty() {
        facts.push(fact("bundle-merged", merged.join(&ui.t("list-comma"))));
    }
    if draft.left_out > 0 {
        facts.push(fact("bundle-left-out", draft.left_out.to_string()));
    }
    Ok(print::Bundle {
        frame: frame(work, draft, (number, by, printed_at)).await?,
        title: ui.t("bundle-paper-title"),
        subtitle: vec![ui.t(format!("bundle-purpose-{}", order.purpose.as_str()))],
        facts,
        index_title: ui.t("bundle-index"),
        chapters: Vec::new(),
        enclosures: Vec::new(),
        signatures: vec![ui.t("bundle-sign-maker"), ui.t("bundle-sign-lender")],
    })
}

/// How many lines a bundle takes, its list of files with them.
pub(super) fn lines(unbound: &Unbound, files: usize) -> usize {
    volumes::lines(&unbound.chapters) + volumes::lines(std::slice::from_ref(&unbound.trail)) + files
}

/// The volumes of a bundle (rule `bundle.volumes`): each with the cover and an index of its own; the enclosures and the
/// signatures stand in the last.
pub(super) fn bind(unbound: &Unbound, files: &[(Attachment, Place)], enclosures: Vec<Enclosure>) -> Vec<print::Bundle> {
    let ui = &unbound.ui;
    let chapters = unbound.chapters.iter().cloned();
    let all = chapters.chain([proof::files(ui, files), unbound.trail.clone()]).enumerate();
    let numbered = |(no, mut chapter): (usize, Chapter)| {
        chapter.title = ui.tn("bundle-chapter", &[("no", (no + 1).to_string()), ("title", chapter.title)]);
        chapter
    };
    let most = usize::try_from(unbound.limits.volume_lines).unwrap_or(usize::MAX);
    let mark = ui.t("bundle-goes-on");
    let goes_on = |title: &str| {
        if title.is_empty() || title.ends_with(&mark) { title.to_owned() } else { format!("{title}{mark}") }
    };
    let volumes = volumes::split(all.map(numbered).collect(), most, &goes_on);
    let count = volumes.len();
    let mut enclosures = Some(enclosures);
    let bound = volumes.into_iter().enumerate().map(|(index, chapters)| {
        let (no, last) = (index + 1, index + 1 == count);
        let mut volume = print::Bundle { chapters, ..unbound.cover.clone() };
        if count > 1 {
            volume.subtitle.push(ui.t2("bundle-volume-of", "no", no, "count", count));
            volume.frame.imprint.serial = format!("{}-{no}", volume.frame.imprint.serial);
        }
        if last {
            volume.enclosures = enclosures.take().unwrap_or_default();
        } else {
            volume.signatures = Vec::new();
        }
        volume
    });
    bound.collect()
}

async fn frame(
    work: &mut Work,
    draft: &Draft,
    (number, printed_by, printed_at): (&str, String, String),
) -> Result<Frame, ActionError> {
    let (institution, _) = institution::load(&mut work.tx).await?;
    let digest = audit::digest(&format!("{number} {} {printed_at}", draft.as_of()));
    let moment = printed_at.replace(' ', "T");
    Ok(Frame {
        lang: print::Lang::Zh,
        letterhead: Letterhead {
            institution: institution.name, contact: institution.contact, mark: "信守".to_owned()
        },
        imprint: Imprint {
            serial: number.to_owned(),
            form: "bundle".to_owned(),
            article: draft.article(),
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
