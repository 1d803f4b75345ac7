//! Use cases of campaigns: plan one, enter costs, take a cost back, review what came of it.

use finance::Fen;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::audit::Entry;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::{BranchId, UserId};
use platform::numbering;
use platform::policies;
use platform::work::Work;
use serde_json::json;

use super::model::{Campaign, CampaignId, Content, Cost, CostId};
use super::{PLAN, store};
use crate::error::CustomerError;
use crate::lead::actions::HOUSE;
use crate::lead::error::LeadError;
use crate::lead::{policy, rules};

/// The most leads that a campaign can aim at.
const MOST_LEADS: i64 = 1_000_000;

/// Whether a thing of a branch, or of the whole institution, lies in a scope: everybody sees what is of the whole.
pub(crate) fn in_reach(scope: DataScope, branch: Option<BranchId>, own: BranchId) -> bool {
    let bound = scope.branch != 0 || scope.team != 0 || scope.manager != 0;
    !bound || branch.is_none_or(|branch| branch == own)
}

/// Whether budget and costs are shown: to who plans, and to who sees more than the own leads.
#[must_use]
pub fn sees_costs(work: &Work, scope: DataScope) -> bool {
    scope.manager == 0 || work.authorise(PLAN).is_ok()
}

/// Whether somebody may plan for a branch: what is of the whole institution only who reaches all of it.
fn may_plan(work: &Work, branch: Option<BranchId>) -> Result<bool, ActionError> {
    let scope = work.authorise(PLAN)?;
    let whole = scope.branch == 0 && scope.team == 0 && scope.manager == 0;
    Ok(whole || branch == Some(work.actor.branch))
}

/// Plans a campaign (rule `campaign.plan`, S1-04): a channel of the policy, days in order, a target of the policy's
/// classes, a budget.
///
/// # Errors
/// Denied; all that is wrong at once.
pub async fn plan(work: &mut Work, content: &Content) -> Result<CampaignId, ActionError> {
    let allowed = may_plan(work, content.branch)?;
    let today = work.business_date;
    let in_force = policies::in_force(work, today).await?;
    let mut wrong: Vec<FieldError> = rules::check_words("title", &content.title, true).into_iter().collect();
    if !policy::channels(&in_force, today)?.iter().any(|one| one.name == content.channel) {
        wrong.push(FieldError::choice("channel", &content.channel));
    }
    wrong.extend(rules::check_words("aim", &content.aim, true));
    if !allowed {
        wrong.push(FieldError::new("branch", "campaign-branch-outside"));
    }
    if content.ends_on < content.starts_on {
        wrong.push(FieldError::new("ends_on", "campaign-days"));
    }
    if content.budget < Fen::ZERO {
        wrong.push(FieldError::new("budget", "campaign-amount"));
    }
    if !(0..=MOST_LEADS).contains(&content.target_leads) {
        wrong.push(FieldError::new("target_leads", "campaign-leads").with("most", MOST_LEADS));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("campaign.plan", None).into());
    }
    let id = CampaignId(work.next_id());
    let one = Campaign {
        id,
        number: numbering::next(work, "campaign", HOUSE, id.0).await?,
        content: content.clone(),
        reviewed_on: None,
        review: String::new(),
        planner: UserId(work.actor.recorded_by()),
        version: 1,
    };
    store::insert(work, &one).await?;
    let after = json!({"number": one.number, "channel": content.channel, "from": content.starts_on,
        "until": content.ends_on, "amount": content.budget, "branch": content.branch});
    work.audit(Entry::new(None, "campaign.plan", one.subject()).after(after)).await?;
    Ok(id)
}

/// A campaign within the reach of an action.
///
/// # Errors
/// Denied; there is none, or not for this person.
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<Campaign, ActionError> {
    let scope = work.authorise(action)?;
    let missing = || CustomerError::NoSuchPart("campaign");
    let key = id.parse().map(CampaignId).map_err(|_| missing())?;
    let found = store::find(&mut work.tx, key).await?;
    let found = found.filter(|one| in_reach(scope, one.content.branch, work.actor.branch));
    Ok(found.ok_or_else(missing)?)
}

async fn open(work: &mut Work, id: &str) -> Result<Campaign, ActionError> {
    let one = seen(work, id, PLAN).await?;
    if !may_plan(work, one.content.branch)? {
        return Err(CustomerError::NoSuchPart("campaign").into());
    }
    if one.reviewed_on.is_some() {
        return Err(LeadError::CampaignReviewed.into());
    }
    Ok(one)
}

/// Enters what a campaign cost (rule `campaign.cost`).
///
/// # Errors
/// Denied; it was reviewed; all that is wrong at once.
pub async fn spend(work: &mut Work, id: &str, amount: Fen, on: Date, purpose: &str) -> Result<CampaignId, ActionError> {
    let one = open(work, id).await?;
    let mut wrong = Vec::new();
    if amount <= Fen::ZERO {
        wrong.push(FieldError::new("amount", "campaign-amount"));
    }
    if on > work.business_date {
        wrong.push(FieldError::new("spent_on", "date-in-future"));
    }
    wrong.extend(rules::check_words("purpose", purpose, true));
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("campaign.cost", None).into());
    }
    enter(work, &one, None, amount, (on, purpose)).await
}

/// Takes a cost back that was entered wrongly, by one of the opposite sign; once.
///
/// # Errors
/// Denied; it was reviewed; there is no such cost; it was taken back; no reason.
pub async fn take_back(work: &mut Work, id: &str, cost: CostId, reason: &str) -> Result<CampaignId, ActionError> {
    let one = open(work, id).await?;
    let all = store::costs(&mut work.tx, one.id).await?;
    let found = all.iter().find(|known| known.id == cost && known.corrects.is_none());
    let Some(found) = found.filter(|_| !all.iter().any(|known| known.corrects == Some(cost))) else {
        return Err(LeadError::NoCost.into());
    };
    if let Some(wrong) = rules::check_words("reason", reason, true) {
        return Err(Refused::form(vec![wrong]).under("campaign.cost", None).into());
    }
    // It is taken back on its own day: no period keeps the mistake, and none falls below nothing.
    enter(work, &one, Some(cost), Fen(found.amount.0.saturating_neg()), (found.spent_on, reason)).await
}

async fn enter(
    work: &mut Work,
    one: &Campaign,
    corrects: Option<CostId>,
    amount: Fen,
    (spent_on, purpose): (Date, &str),
) -> Result<CampaignId, ActionError> {
    let id = store::cost_key(work);
    let by = UserId(work.actor.recorded_by());
    let cost = Cost { id, corrects, amount, spent_on, purpose: purpose.to_owned(), by };
    store::insert_cost(work, one.id, &cost).await?;
    let after = json!({"number": one.number, "amount": amount, "on": spent_on, "corrects": corrects});
    work.audit(Entry::new(None, "campaign.cost", one.subject()).after(after).reason(purpose.trim())).await?;
    Ok(one.id)
}

/// Reviews what came of a campaign that is over (rule `campaign.review`, S5.8-13); then nothing is added.
///
/// # Errors
/// Denied; reviewed already; it still runs; nothing said.
pub async fn review(work: &mut Work, id: &str, words: &str) -> Result<CampaignId, ActionError> {
    let one = open(work, id).await?;
    let today = work.business_date;
    let mut wrong: Vec<FieldError> = rules::check_words("note", words, true).into_iter().collect();
    if one.content.ends_on >= today {
        wrong.push(FieldError::new("note", "campaign-runs").with("date", one.content.ends_on));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("campaign.review", None).into());
    }
    store::review(&mut work.tx, &one, today, words).await?;
    let effect = store::effect(&mut work.tx, one.id, DataScope::everything()).await?;
    let after = json!({"number": one.number, "leads": effect.leads, "won": effect.won, "amount": effect.cost});
    work.audit(Entry::new(None, "campaign.review", one.subject()).after(after).reason(words.trim())).await?;
    Ok(one.id)
}
