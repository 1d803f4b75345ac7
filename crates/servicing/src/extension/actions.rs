//! Use cases of an extension: try it out, ask for it, book it once it is agreed.

use finance::Rate;
use jiff::civil::Date;
use platform::approval::{Approval, ApprovalId, ApprovalKind};
use platform::error::ActionError;
use platform::policies::PolicyError;
use platform::work::Work;
use policy::Edition;
use serde::Serialize;

use super::model::ExtensionWish;
use super::rules::{self, Limits};
use crate::change::actions::{self as change, Change, Effect};
use crate::change::model::{Trial, refuse_ended};
use crate::error::ServicingError;
use crate::loan::actions::load_within;
use crate::loan::model::{LoanFile, LoanKey};
use crate::position::engine::Engine;

/// The approval of an extension.
pub const KIND: ApprovalKind = ApprovalKind {
    kind: "extension",
    title: "approval-extension",
    action: "extension.approve",
    mend: change::mend,
    approved: |work, approval| Box::pin(approved(work, approval)),
    refused: change::nothing,
};

/// An extension that was tried out (展期试算).
#[derive(Debug, Clone)]
pub struct ExtensionTrial {
    /// The loan before and after.
    pub trial: Trial,
    /// The last day that the policy allows; `None` where it sets no limit.
    pub latest: Option<Date>,
    /// The day until which it should have been applied for, where that is past.
    pub late_since: Option<Date>,
}

/// The application with what whoever decides must know (申请材料).
#[derive(Serialize)]
struct Filed<'a> {
    #[serde(flatten)]
    wish: &'a ExtensionWish,
    maturity_on: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    late_since: Option<Date>,
}

/// Asks for an extension: authorise → load → decide → save.
///
/// Errors: [`ServicingError`] for an end that is not later, beyond the limit, a rate above the cap, a loan that is
/// settled or written off; what the replay and the approval refuse.
pub async fn request(work: &mut Work, key: LoanKey, wish: &ExtensionWish) -> Result<ApprovalId, ActionError> {
    let file = load_within(work, key, "extension.request").await?;
    let tried = decide(work, &file, wish).await?;
    let amount = tried.trial.before.outstanding.principal;
    let filed = Filed { wish, maturity_on: tried.trial.before.maturity_on, late_since: tried.late_since };
    let change = Change { kind: KIND.kind, content: &filed, amount, reason: &wish.reason };
    change::submit(work, &file, &change).await
}

/// What the extension would change; refuses what makes no sense today.
pub async fn decide(work: &mut Work, file: &LoanFile, wish: &ExtensionWish) -> Result<ExtensionTrial, ActionError> {
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let policy = change::policy(work).await?;
    let edition = policy.edition(today);
    let position = engine.replay(file, today, None)?;
    refuse_ended(file, &position)?;
    rules::check_later(wish.until, position.maturity_on, today)?;
    let latest = check_until(&engine, edition, file, wish.until)?;
    if let Some(rate) = wish.rate {
        check_rate(edition, file, rate)?;
    }
    let days_before = edition.integer("extension_filing_days_before").map_err(PolicyError::from)?;
    let late_since = rules::file_until(position.maturity_on, days_before).filter(|until| today > *until);
    let trial = Trial::of(&engine, file, today, wish.transaction())?;
    Ok(ExtensionTrial { trial, latest, late_since })
}

/// The last day that the policy allows, `None` where it sets no limit; refuses an end beyond it.
///
/// Errors: [`ServicingError`] with the limit; terms without a schedule; a policy that lacks a part of its limits.
pub fn check_until(
    engine: &Engine,
    edition: &Edition,
    file: &LoanFile,
    until: Date,
) -> Result<Option<Date>, ActionError> {
    // The maturity first agreed, without the extensions since: they count together.
    let agreed = finance::schedule(&file.terms, &engine.context()).map_err(ServicingError::from)?.maturity_on;
    let limits = Limits::read(edition).map_err(PolicyError::from)?;
    let latest = limits.and_then(|limits| limits.latest(file.terms.start_on, agreed));
    rules::check_limit(until, latest)?;
    Ok(latest)
}

/// Refuses a rate above the cap in force.
///
/// Errors: [`ServicingError`] with the cap.
pub fn check_rate(edition: &Edition, file: &LoanFile, rate: Rate) -> Result<(), ActionError> {
    let cap = edition.parameter("all_in_rate_cap_ppm").map(|p| edition.integer(&p.name)).transpose();
    Ok(rules::check_rate(rate, file.terms.interest.year_basis, cap.map_err(PolicyError::from)?)?)
}

/// Books the agreed extension today, if it still makes sense.
async fn approved(work: &mut Work, approval: &Approval) -> Result<(), ActionError> {
    let (file, wish) = change::agreed::<ExtensionWish>(work, approval).await?;
    decide(work, &file, &wish).await?;
    let effect =
        Effect { kind: wish.transaction(), reason: &wish.reason, action: "loan.extend", event: "loan_extended" };
    change::book(work, &file, approval, effect).await.map(drop)
}
