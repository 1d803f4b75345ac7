//! Which proofs count (资产证明计入规则). Pure.

use finance::Fen;
use jiff::civil::Date;

use super::model::{Counts, Proof, StepKind};
use crate::document::model::{Document, Wanted};
use crate::document::rules::valid_until;

/// The rule that says which proofs count.
pub const RULE: &str = "asset_proof.counts";

/// Whether a proof counts on a day (rule `asset_proof.counts`, S5.6-09): not taken back, its paper is on file and in force by
/// the policy's list of documents, another person found it to be so, and the policy takes its kind, with consent where the
/// list does not name it.
#[must_use]
pub fn counts(one: &Proof, held: &[Document], list: &[Wanted], taken: bool, on: Date) -> Counts {
    if one.has(StepKind::Withdrawn) {
        return Counts::Withdrawn;
    }
    let paper = held.iter().find(|paper| paper.id == one.content.document && paper.is_current());
    let wanted = paper.and_then(|paper| list.iter().find(|wanted| wanted.kind == paper.kind));
    let (Some(paper), Some(wanted)) = (paper, wanted) else { return Counts::NoPaper };
    let until = valid_until(paper, wanted);
    if let Some(until) = until.filter(|until| *until < on) {
        return Counts::Expired(until);
    }
    match one.found().map(|found| found.kind) {
        None => Counts::Unverified,
        Some(StepKind::Confirmed) if taken => Counts::Yes(until),
        Some(StepKind::Confirmed) => Counts::NoConsent,
        Some(StepKind::Contradicted | StepKind::Consented | StepKind::Refused | StepKind::Withdrawn) => {
            Counts::Contradicted
        }
    }
}

/// What counts together, and the first day on which a paper of it is over.
#[must_use]
pub fn sum(all: &[(Proof, Counts)]) -> (Fen, Option<Date>) {
    let (mut sum, mut until) = (Fen::ZERO, None);
    for (one, counts) in all {
        let Counts::Yes(last) = counts else { continue };
        sum = Fen(sum.0.saturating_add(one.content.face.0));
        let over = last.and_then(|last| last.tomorrow().ok());
        until = [until, over].into_iter().flatten().min();
    }
    (sum, until)
}
