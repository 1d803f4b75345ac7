//! The chapters about how the claim was pursued (催收过程): contacts with what was refused, letters and messages with what
//! proves their delivery, promises, agreements, causes.

use std::collections::BTreeMap;

use jiff::civil::date;
use platform::duty;
use platform::error::ActionError;
use platform::id::UserId;
use platform::work::Work;
use print::{Align, Chapter, Section};
use servicing::loan::why;

use super::draft::{Draft, LINES, day, listed, said};
use super::model::Purpose;
use crate::agreement::model::Agreement;
use crate::dossier as dossiers;
use crate::dossier::model::{Block, Entry};
use crate::letter::model::Letter;
use crate::{agreement, cause, conduct, letter, message, promise};

/// 联系与守卫拒绝: every contact that was kept, and every one that the guard did not let happen.
pub(super) async fn contacts(work: &mut Work, draft: &Draft) -> Result<Chapter, ActionError> {
    let ui = &draft.ui;
    let from = platform::clock::civil_moment(date(2000, 1, 1).at(0, 0, 0, 0)).unwrap_or(work.now);
    let mut kept = duty::contacts_of(&mut work.tx, draft.customer.id, from, LINES).await?;
    kept.retain(|one| one.at <= draft.end);
    kept.reverse();
    let heads = [
        ("bundle-moment", Align::Left, 3),
        ("bundle-channel", Align::Left, 2),
        ("bundle-contacted", Align::Left, 3),
        ("bundle-reached", Align::Left, 0),
        ("bundle-answer", Align::Left, 6),
        ("bundle-by", Align::Left, 2),
    ];
    let rows = kept.into_iter().map(|one| {
        vec![
            Draft::at(one.at),
            ui.t(format!("channel-{}", one.channel.as_str())),
            said(&one.contacted),
            ui.t(if one.reached { "yes" } else { "no" }),
            said(&crate::contact::pages::answer(ui, &one.response)),
            said(&one.by),
        ]
    });
    let contacts = listed(String::new(), ui, &heads, rows.collect());
    let names: BTreeMap<UserId, String> = crate::people(work).await?;
    let findings = conduct::store::of_customer(&mut work.tx, draft.customer.id, LINES).await?;
    let rows = findings.into_iter().filter(|one| one.happened_at <= draft.end).map(|one| {
        vec![
            Draft::at(one.happened_at),
            ui.t(format!("conduct-kind-{}", one.kind.as_str())),
            ui.t(format!("channel-{}", one.channel.as_str())),
            format!("{} {}", one.rule, draft.policy.article_title(&one.article, false)),
            said(&one.detail),
            names.get(&UserId(one.collector)).cloned().unwrap_or_else(|| "—".to_owned()),
        ]
    });
    let heads = [
        ("bundle-moment", Align::Left, 3),
        ("bundle-finding", Align::Left, 2),
        ("bundle-channel", Align::Left, 2),
        ("bundle-rule", Align::Left, 5),
        ("bundle-detail", Align::Left, 4),
        ("bundle-by", Align::Left, 2),
    ];
    let refused = listed(ui.t("bundle-findings"), ui, &heads, rows.collect());
    Ok(Chapter { title: ui.t("bundle-chapter-contacts"), sections: vec![contacts, refused] })
}

/// 函件与消息: what was written, with each step of its delivery.
pub(super) async fn writings(work: &mut Work, draft: &Draft) -> Result<Chapter, ActionError> {
    let ui = &draft.ui;
    let mut sections = Vec::new();
    for loan in &draft.loans {
        let mut letters = letter::store::of_loan(&mut work.tx, loan.file.loan.key).await?;
        letters.reverse();
        for one in letters.iter().filter(|one| one.issued_on <= draft.as_of) {
            sections.push(written(work, draft, one).await?);
        }
    }
    let messages = message::store::of_customer(&mut work.tx, draft.customer.id, LINES).await?;
    let mut rows = Vec::new();
    for one in messages.iter().filter(|one| one.recorded_at <= draft.end) {
        let steps = message::store::steps(&mut work.tx, one).await?;
        let told = steps.iter().filter(|step| step.at <= draft.end).map(|step| {
            let word = ui.t(format!("message-step-{}", step.step));
            format!("{} {word} {}", Draft::at(step.at), step.detail).trim().to_owned()
        });
        rows.push(vec![
            Draft::at(one.recorded_at),
            ui.t(format!("channel-{}", one.channel.as_str())),
            said(&one.body),
            told.collect::<Vec<_>>().join(&ui.t("list-semicolon")),
        ]);
    }
    let heads = [
        ("bundle-moment", Align::Left, 2),
        ("bundle-channel", Align::Left, 1),
        ("bundle-words", Align::Left, 5),
        ("bundle-delivery", Align::Left, 5),
    ];
    sections.push(listed(ui.t("bundle-messages"), ui, &heads, rows));
    Ok(Chapter { title: ui.t("bundle-chapter-writings"), sections })
}

async fn written(work: &mut Work, draft: &Draft, one: &Letter) -> Result<Section, ActionError> {
    let ui = &draft.ui;
    let steps = letter::store::steps(&mut work.tx, one).await?;
    let rows = steps.iter().filter(|step| step.step.on <= draft.as_of).map(|recorded| {
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
    });
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
    let mut promises = promise::store::of_case(&mut work.tx, draft.case.key).await?;
    promises.reverse();
    let rows = promises.into_iter().filter(|one| one.made_at <= draft.end).map(|one| {
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
    let mut sections = vec![listed(ui.t("bundle-promises"), ui, &heads, rows.collect())];
    let mut agreements = agreement::store::of_case(&mut work.tx, draft.case.key).await?;
    agreements.reverse();
    for one in agreements.iter().filter(|one| one.made_on <= draft.as_of) {
        sections.extend(agreement_parts(work, draft, one).await?);
    }
    Ok(Chapter { title: ui.t("bundle-chapter-agreed"), sections })
}

/// An agreement: its terms, its payments, its life with who signed and where the paper lies.
async fn agreement_parts(work: &mut Work, draft: &Draft, one: &Agreement) -> Result<[Section; 2], ActionError> {
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
    let mut steps = agreement::store::steps(&mut work.tx, one.case, Some(one.id)).await?;
    steps.reverse();
    let rows = steps.into_iter().filter(|step| step.on <= draft.as_of).map(|step| {
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
    Ok([terms, listed(String::new(), ui, &heads, rows.collect())])
}

/// 财产、遗产、移送: what the dossier holds that a court decides about; how the debtor lives is not the court's (PIPL Art. 6).
pub(super) async fn dossier(work: &mut Work, draft: &Draft, purpose: Purpose) -> Result<Chapter, ActionError> {
    let ui = &draft.ui;
    let mut entries = dossiers::store::of_customer(work, draft.customer.id).await?;
    entries.retain(|entry| entry.on <= draft.as_of);
    let stand = dossiers::model::standing(&entries);
    let sections = Block::ALL.into_iter().filter(|block| purpose.shows(*block)).map(|block| {
        let own: Vec<&Entry> = stand.iter().copied().filter(|one| one.block == block).collect();
        dossiers::section(ui, block, &own)
    });
    Ok(Chapter { title: ui.t("bundle-chapter-dossier"), sections: sections.collect() })
}

/// 拖欠原因与能力: why the debtor does not pay as it was found, and what it can pay.
pub(super) async fn causes(work: &mut Work, draft: &Draft, purpose: Purpose) -> Result<Option<Chapter>, ActionError> {
    if !purpose.shows_causes() && !purpose.shows_capacity() {
        return Ok(None);
    }
    let ui = &draft.ui;
    let mut found = cause::store::of_case(&mut work.tx, draft.case.key).await?;
    found.reverse();
    found.retain(|_| purpose.shows_causes());
    let rows = found.into_iter().filter(|one| one.at <= draft.end).map(|one| {
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
    let mut section = listed(String::new(), ui, &heads, rows.collect());
    let capacity = cause::store::capacity_at(&mut work.tx, draft.case.key, draft.end).await?;
    if let Some(one) = capacity.filter(|_| purpose.shows_capacity()) {
        let amounts = [("income", one.income), ("living", one.living), ("left", one.left())];
        let words = amounts.map(|(name, amount)| (name, ui.yuan(amount)));
        section.paragraphs.push(format!("{} {}", ui.tn("bundle-capacity", &words), one.evidence));
    }
    Ok(Some(Chapter { title: ui.t("bundle-chapter-causes"), sections: vec![section] }))
}
