//! A case as a program reads it (催收案件数据).

use axum::extract::Path;
use finance::Fen;
use platform::api::Data;
use platform::error::ActionError;
use platform::policies::{self, PolicyError};
use platform::web::{Visit, WebError};
use platform::work::Work;
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Case, CaseState};
use super::pages::overdue_loans;
use super::{actions, rules};
use crate::CASE_VIEW;
use crate::disposal as disposals;

/// A case (催收案件): one customer's overdue debt, who collects it, what the ladder asks.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CaseData {
    /// The key.
    id: String,
    /// 案件编号.
    number: String,
    /// Whose file.
    customer: String,
    /// `open` or `closed`.
    state: String,
    /// Who collects; null when nobody holds a fitting role.
    owner: Option<String>,
    /// The role in which it is collected.
    owner_role: String,
    /// Who works it now.
    locked_by: Option<String>,
    /// Until when it is locked.
    locked_until: Option<String>,
    /// Who manages the customer's loan.
    manager: String,
    /// The branch that granted the loan.
    branch: String,
    /// Since when.
    opened_on: String,
    /// What started the collection: `dead`, `missing`, `recalled`, `matured` or `overdue`.
    start: String,
    /// When it was closed.
    closed_on: Option<String>,
    /// Why it was closed.
    closed_reason: Option<String>,
    /// Days overdue today, of the oldest debt.
    days_overdue: u32,
    /// What is overdue today, in fen.
    overdue_fen: i64,
    /// The step of the action ladder.
    action: String,
    /// The life stage; null where the policy names none.
    life_stage: Option<String>,
    /// The day of the month on which the debtor is paid, if it is known.
    pay_day: Option<i64>,
    /// The risk rating that holds.
    risk_rating: Option<String>,
    /// What it is likely to lose, in fen, as rated last; null where it was not estimated.
    expected_loss_fen: Option<i64>,
    /// What could be lost, in fen, as rated last.
    exposure_fen: Option<i64>,
    /// On what the expected loss rests, loan by loan.
    expected_losses: Vec<CaseLoss>,
    /// The causes that contacts speak for, the most severe first.
    hinted_causes: Vec<String>,
    /// The measures that the policy proposes for the cause, in order.
    measures: Vec<CaseMeasure>,
    /// The articles behind it.
    articles: Vec<String>,
    /// What was done to dispose of a bad loan, in order.
    disposal: Vec<CaseStep>,
    /// The step of a disposal that comes next; null when everything is done or no loan is bad.
    disposal_next: Option<String>,
    /// The overdue loans.
    loans: Vec<CaseLoan>,
    /// Rises with every change.
    version: i64,
}

/// The expected loss of a loan (预期损失): exposure × probability of default × loss given default, rounded to the fen.
#[derive(Debug, Serialize, JsonSchema)]
struct CaseLoss {
    /// The loan.
    loan: String,
    /// The exposure, in fen.
    exposure_fen: i64,
    /// Probability of default, millionths.
    pd_ppm: i64,
    /// The article behind it.
    pd_article: String,
    /// Loss given default, millionths.
    lgd_ppm: i64,
    /// The article behind it.
    lgd_article: String,
    /// The expected loss, in fen.
    loss_fen: i64,
}

impl From<crate::risk::loss::LoanLoss> for CaseLoss {
    fn from(one: crate::risk::loss::LoanLoss) -> Self {
        Self {
            loan: one.of.loan.to_string(),
            exposure_fen: one.of.exposure.0,
            pd_ppm: one.pd_ppm,
            pd_article: one.pd_article,
            lgd_ppm: one.lgd_ppm,
            lgd_article: one.lgd_article,
            loss_fen: one.loss.0,
        }
    }
}

/// A measure that the policy proposes for the cause (措施建议).
#[derive(Debug, Serialize, JsonSchema)]
struct CaseMeasure {
    /// Which: `full_talk`.
    measure: String,
    /// Its limit: `conduct_limits`; `none`.
    limit: String,
    /// `yes`, `no`, or `guarded` by the system; null where there is no limit.
    prerequisite: Option<String>,
}

/// A step of a disposal (不良处置步骤).
#[derive(Debug, Serialize, JsonSchema)]
struct CaseStep {
    /// `handover`, `responsibility`, `plan`, `decision` or `recovery`.
    step: String,
    /// To whom it was handed over, or who is responsible.
    person: Option<String>,
    /// Of a decision: whether the plan was agreed to.
    accepted: Option<bool>,
    /// The words.
    words: String,
    /// The business date.
    on: String,
    /// By whom.
    recorded_by: String,
}

/// What was done to dispose of a bad loan, and what comes next; nothing for an agency's people.
async fn disposal(work: &mut Work, case: &Case) -> Result<(Vec<CaseStep>, Option<String>), ActionError> {
    if crate::agency::gate::of_actor(work).await?.is_some() {
        return Ok((Vec::new(), None));
    }
    let done = disposals::store::of_case(&mut work.tx, case.key).await?;
    let bad = disposals::actions::is_bad(work, case.key.customer).await?;
    let next = disposals::model::next(&done).filter(|_| bad).map(|step| step.as_str().to_owned());
    let step = |one: disposals::model::Done| CaseStep {
        step: one.step.as_str().to_owned(),
        person: one.person.map(|user| user.to_string()),
        accepted: one.accepted,
        words: one.words,
        on: one.on.to_string(),
        recorded_by: one.by_name,
    };
    Ok((done.into_iter().map(step).collect(), next))
}

/// An overdue loan of a case (逾期借据).
#[derive(Debug, Serialize, JsonSchema)]
struct CaseLoan {
    /// The loan.
    id: String,
    /// 借据号.
    number: String,
    /// 逾期天数.
    days_overdue: u32,
    /// 逾期合计, in fen.
    overdue_fen: i64,
}

/// The risk ratings of a case, the latest first, and the loss that the latest expects of each loan.
async fn rated(work: &mut Work, case: &Case) -> Result<(Vec<crate::risk::model::Rating>, Vec<CaseLoss>), ActionError> {
    let ratings = crate::risk::store::of_case(&mut work.tx, case.key).await?;
    let Some(latest) = ratings.first() else { return Ok((ratings, Vec::new())) };
    let loss = crate::risk::store::loss_of(&mut work.tx, case.key.customer, latest.id).await?;
    Ok((ratings, loss.loans.into_iter().map(CaseLoss::from).collect()))
}

/// `/api/v1/collections/cases/{id}`
pub(super) async fn case(visit: Visit, Path(id): Path<String>) -> Result<Data<CaseData>, WebError> {
    let mut work = visit.read().await?;
    let id = actions::parse(&id).map_err(ActionError::from)?;
    let case = actions::load(&mut work, id, CASE_VIEW).await?;
    let found = overdue_loans(&mut work, case.key.customer).await?;
    let days = found.iter().map(|loan| loan.days_overdue).max().unwrap_or(0);
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let rung =
        rules::rung(policy.edition(on), i64::from(days)).map_err(PolicyError::from).map_err(ActionError::from)?;
    let stage = crate::card::rules::stage(policy.edition(on), i64::from(days)).map_err(PolicyError::from);
    let stage = stage.map_err(ActionError::from)?;
    let paid = crate::payday::store::of_customer(&mut work.tx, case.key.customer).await.map_err(ActionError::from)?;
    let (ratings, expected_losses) = rated(&mut work, &case).await?;
    let (done, disposal_next) = disposal(&mut work, &case).await?;
    let hinted = crate::cause::actions::hinted(&mut work, &case).await?;
    let start = super::start_store::of_case(&mut work.tx, case.key).await.map_err(ActionError::from)?;
    let proposed = crate::cause::prerequisites::proposed(&mut work, &case).await?;
    let measure = |(one, met): (crate::cause::actions::Measure, Option<crate::cause::prerequisites::Met>)| {
        CaseMeasure { measure: one.measure, limit: one.limit, prerequisite: met.map(|met| met.as_str().to_owned()) }
    };
    let (owner, lock, closed) = match &case.state {
        CaseState::Open { owner, lock } => (*owner, *lock, None),
        CaseState::Closed { on, reason } => (None, None, Some((on.to_string(), reason.as_str().to_owned()))),
    };
    let lock = lock.filter(|lock| lock.until > visit.now);
    let loan = |one: &servicing::ledger::store::LedgerRow| CaseLoan {
        id: one.key.loan.to_string(),
        number: one.number.clone(),
        days_overdue: one.days_overdue,
        overdue_fen: one.overdue.0,
    };
    Ok(Data(CaseData {
        id: case.key.case.to_string(),
        number: case.number,
        customer: case.key.customer.to_string(),
        state: if closed.is_some() { "closed" } else { "open" }.to_owned(),
        owner: owner.map(|user| user.to_string()),
        owner_role: case.owner_role,
        locked_by: lock.as_ref().map(|lock| lock.by.to_string()),
        locked_until: lock.as_ref().map(|lock| lock.until.to_string()),
        manager: case.manager.to_string(),
        branch: case.branch.to_string(),
        opened_on: case.opened_on.to_string(),
        start,
        closed_on: closed.as_ref().map(|(on, _)| on.clone()),
        closed_reason: closed.map(|(_, reason)| reason),
        days_overdue: days,
        overdue_fen: Fen::checked_sum(found.iter().map(|loan| loan.overdue)).unwrap_or_default().0,
        action: rung.action,
        life_stage: stage.map(|one| one.stage),
        pay_day: paid.first().and_then(|one| one.day),
        expected_loss_fen: ratings.first().and_then(|one| one.loss).map(|(loss, _)| loss.0),
        exposure_fen: ratings.first().and_then(|one| one.loss).map(|(_, exposure)| exposure.0),
        expected_losses,
        risk_rating: ratings.into_iter().next().map(|one| one.rating),
        disposal: done,
        disposal_next,
        hinted_causes: hinted.into_iter().map(|hint| hint.cause).collect(),
        measures: proposed.into_iter().map(measure).collect(),
        articles: rung.articles,
        loans: found.iter().map(loan).collect(),
        version: case.version,
    }))
}
