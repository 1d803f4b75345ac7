//! The chapters about how the claim was pursued (催收过程): letters and messages with what proves their delivery, promises,
//! agreements, causes.

use platform::error::ActionError;
use platform::work::Work;
use print::{Align, Chapter, Section};
use servicing::loan::why;

use super::draft::{Draft, Part, day, listed, said};
use super::model::Purpose;
use crate::agreement::model::Agreement;
use crate::agreement::store::RecordedStep;
use crate::case::model::CaseKey;
use crate::dossier as dossiers;
use crate::dossier::model::{Block, Entry};
use crate::letter::model::Letter;
use crate::promise::model::Promise;
use crate::{agreement, cause, letter, message, promise};

/// 函件与消息: what was written, with each step of its delivery.
pub(super) async fn writings(work: &mut Work, draft: &Draft) -> Result<Chapter, ActionError> {
    let ui = &draft.ui;
    let mut sections = Vec::new();
    let (as_of, most, mut lines) = (draft.as_of(), draft.limits.lines, 0);
    for loan in &draft.loans {
        let letters = letter::store::issued_until(&mut work.tx, loan.file.loan.key, as_of, most).await?;
        lines += letters.len();
        draft.limits.hold(lines)?;
        for one in &letters {
            sections.push(written(work, draft, one).await?);
        }
    }
    for part in &draft.parts {
        sections.push(messages(work, draft, part).await?);
    }
    Ok(Chapter { title: ui.t("bundle-chapter-writings"), sections })
}

/// The messages of one file with their delivery.
async fn messages(work: &mut Work, draft: &Draft, part: &Part) -> Result<Section, ActionError> {
    let (ui, as_of, end) = (&draft.ui, draft.as_of(), draft.known.at);
    let found = message::store::composed_until(&mut work.tx, part.customer.id, as_of, draft.limits.lines).await?;
    draft.limits.hold(found.len())?;
    let mut rows = Vec::new();
    for one in &found {
        let steps = message::store::steps(&mut work.tx, one).await?;
        let told = steps.iter().filter(|step| step.at <= end && step.recorded_at <= end).map(|step| {
            let word = ui.t(format!("message-step-{}", step.step));
            format!("{} {word} {}", Draft::at(step.at), step.detail).trim().to_owned()
        });
        rows.push(vec![
            Draft::at(one.recorded_at),
            ui.t(format!("channel-{}", one.channel.as_str())),
            // Written anew on a later day: what it said on this one is not known any more.
            if one.body_on <= as_of { said(&one.body) } else { "—".to_owned() },
            told.collect::<Vec<_>>().join(&ui.t("list-semicolon")),
        ]);
    }
    let heads = [
        ("bundle-moment", Align::Left, 2),
        ("bundle-channel", Align::Left, 1),
        ("bundle-words", Align::Left, 5),
        ("bundle-delivery", Align::Left, 5),
    ];
    Ok(listed(draft.of_file(ui.t("bundle-messages"), part), ui, &heads, rows))
}

async fn written(work: &mut Work, draft: &Draft, one: &Letter) -> Result<Section, ActionError> {
    let ui = &draft.ui;
    let steps = letter::store::steps(&mut work.tx, one).await?;
    let rows = steps.iter().filter(|step| step.step.on <= draft.as_of() && step.recorded_at <= draft.known.at).map(
        |recorded| {
            let step = &recorded.step;
            let signer = step.signer.map(|who| ui.t(format!("limitation-signer-{}", who.as_str()))).unwrap_or_default();
            vec![
                step.on.to_string(),
                ui.t(format!("letter-state-{}", step.to.as_str())),
                said(&signer),
                said(&step.detail),
                Draft::at(recorded.recorded_at),
                said(&recorded.by),
            ]
        },
    );
    let heads = [
        ("bundle-day", Align::Left, 0),
        ("bundle-delivery", Align::Left, 2),
        ("bundle-signer", Align::Left, 3),
        ("bundle-proof", Align::Left, 5),
        ("bundle-recorded", Align::Left, 3),
        ("bundle-by", Align::Left, 2),
    ];
    let words = [
        ("kind", ui.t(format!("letter-{}", one.kind.as_str()))),
        ("number", one.number.clone()),
        ("who", one.content.addressee.clone()),
        ("on", one.issued_on.to_string()),
        ("amount", ui.yuan(one.total)),
    ];
    Ok(listed(ui.tn("bundle-letter", &words), ui, &heads, rows.collect()))
}

/// 承诺与协议: what the debtor said it would pay, and what was signed.
pub(super) async fn agreed(work: &mut Work, draft: &Draft) -> Result<Chapter, ActionError> {
    let ui = &draft.ui;
    let most = draft.limits.lines;
    let mut sections = Vec::new();
    for part in &draft.parts {
        let mut promises = Vec::new();
        for case in &part.cases {
            promises.extend(promise::store::known(&mut work.tx, *case, draft.known, most).await?);
            draft.limits.hold(promises.len())?;
        }
        sections.push(promised(draft, part, promises));
    }
    for part in &draft.parts {
        for case in &part.cases {
            let found = agreement::store::known(&mut work.tx, *case, draft.known, most).await?;
            draft.limits.hold(found.len())?;
            for (one, steps) in &found {
                sections.extend(agreement_parts(draft, one, steps));
            }
        }
    }
    Ok(Chapter { title: ui.t("bundle-chapter-agreed"), sections })
}

/// What was promised, as it stood on the day.
fn promised(draft: &Draft, part: &Part, promises: Vec<Promise>) -> Section {
    let ui = &draft.ui;
    let rows = promises.into_iter().map(|one| {
        vec![
            Draft::at(one.made_at),
            said(&one.promised_by),
            Draft::at(one.due_at),
            ui.yuan(one.amount),
            ui.t(format!("promise-{}", one.state.as_str())),
            said(&one.words),
        ]
    });
    let heads = [
        ("bundle-moment", Align::Left, 3),
        ("bundle-promised-by", Align::Left, 2),
        ("bundle-due", Align::Left, 3),
        ("bundle-amount", Align::Right, 0),
        ("bundle-state", Align::Left, 2),
        ("bundle-words", Align::Left, 5),
    ];
    listed(draft.of_file(ui.t("bundle-promises"), part), ui, &heads, rows.collect())
}

/// An agreement: its terms, its payments, its life with who signed and where the paper lies.
fn agreement_parts(draft: &Draft, one: &Agreement, steps: &[RecordedStep]) -> [Section; 2] {
    let ui = &draft.ui;
    let waived = one.terms.all_waivers().map(|waiver| {
        ui.tn("bundle-waived", &[("head", ui.t(why::head_message(waiver.head))), ("amount", ui.yuan(waiver.amount))])
    });
    let rows =
        one.terms.payments.iter().map(|payment| vec![payment.due_on.to_string(), ui.yuan(payment.amount)]).collect();
    let heads = [("bundle-due", Align::Left, 1), ("bundle-amount", Align::Right, 1)];
    let words = [
        ("number", one.number.clone()),
        ("kind", ui.t(format!("agreement-kind-{}", one.kind.as_str()))),
        ("state", ui.t(format!("agreement-state-{}", one.state.as_str()))),
        ("on", day(one.signed_on)),
    ];
    let mut terms = listed(ui.tn("bundle-agreement", &words), ui, &heads, rows);
    terms.paragraphs = [one.terms.reason.clone()].into_iter().chain(waived).collect();
    let rows = steps.iter().map(|step| {
        let word = ui.t(format!("agreement-did-{}", step.step));
        vec![step.on.to_string(), word, said(&step.detail), Draft::at(step.at), said(&step.by)]
    });
    let heads = [
        ("bundle-day", Align::Left, 0),
        ("bundle-step", Align::Left, 2),
        ("bundle-proof", Align::Left, 5),
        ("bundle-recorded", Align::Left, 3),
        ("bundle-by", Align::Left, 2),
    ];
    [terms, listed(String::new(), ui, &heads, rows.collect())]
}

/// 财产、遗产、移送: what the dossier holds that a court decides about; how the debtor lives is not the court's (PIPL Art. 6).
pub(super) async fn dossier(work: &mut Work, draft: &Draft, purpose: Purpose) -> Result<Chapter, ActionError> {
    let ui = &draft.ui;
    let mut sections = Vec::new();
    for part in &draft.parts {
        let mut entries = dossiers::store::of_customer(work, part.customer.id).await?;
        entries.retain(|entry| entry.on <= draft.as_of());
        draft.limits.hold(entries.len())?;
        let stand = dossiers::model::standing(&entries);
        for block in Block::ALL.into_iter().filter(|block| purpose.shows(*block)) {
            let own: Vec<&Entry> = stand.iter().copied().filter(|one| one.block == block).collect();
            let mut section = dossiers::section(ui, block, &own);
            section.title = draft.of_file(section.title, part);
            sections.push(section);
        }
    }
    Ok(Chapter { title: ui.t("bundle-chapter-dossier"), sections })
}

/// 拖欠原因与能力: why the debtor does not pay as it was found, and what it can pay.
pub(super) async fn causes(work: &mut Work, draft: &Draft, purpose: Purpose) -> Result<Option<Chapter>, ActionError> {
    if !purpose.shows_causes() && !purpose.shows_capacity() {
        return Ok(None);
    }
    let ui = &draft.ui;
    let mut sections = Vec::new();
    for part in &draft.parts {
        for case in &part.cases {
            sections.push(causes_of(work, draft, purpose, (part, *case)).await?);
        }
    }
    Ok(Some(Chapter { title: ui.t("bundle-chapter-causes"), sections }))
}

/// What was found of one case.
async fn causes_of(
    work: &mut Work,
    draft: &Draft,
    purpose: Purpose,
    (part, case): (&Part, CaseKey),
) -> Result<Section, ActionError> {
    let (ui, as_of, most) = (&draft.ui, draft.as_of(), draft.limits.lines);
    let mut found = cause::store::found_until(&mut work.tx, case, as_of, most).await?;
    draft.limits.hold(found.len())?;
    found.retain(|_| purpose.shows_causes());
    let rows = found.into_iter().map(|one| {
        let also: Vec<String> = one.also.iter().map(|code| ui.t(format!("cause-{code}"))).collect();
        vec![
            Draft::at(one.at),
            [vec![ui.t(format!("cause-{}", one.cause))], also].concat().join(&ui.t("list-comma")),
            said(&one.evidence),
            ui.t(format!("cause-talk-{}", one.talk.as_str())),
            said(&one.by),
        ]
    });
    let heads = [
        ("bundle-moment", Align::Left, 3),
        ("bundle-cause", Align::Left, 4),
        ("bundle-proof", Align::Left, 5),
        ("bundle-talk", Align::Left, 2),
        ("bundle-by", Align::Left, 2),
    ];
    let mut section = listed(draft.of_file(String::new(), part), ui, &heads, rows.collect());
    let capacity = cause::store::capacity_on(&mut work.tx, case, as_of).await?;
    if let Some(one) = capacity.filter(|_| purpose.shows_capacity()) {
        let amounts = [("income", one.income), ("living", one.living), ("left", one.left())];
        let words = amounts.map(|(name, amount)| (name, ui.yuan(amount)));
        section.paragraphs.push(format!("{} {}", ui.tn("bundle-capacity", &words), one.evidence));
    }
    Ok(section)
}
