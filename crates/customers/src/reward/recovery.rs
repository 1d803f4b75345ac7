//! A reward that was paid before the payout behind it was taken back: had back from the referrer (追回推荐奖励, S1-06).

use platform::duty::{self, Evidence};
use platform::error::{ActionError, Refused};
use platform::id::{CustomerId, UserId};
use platform::work::Work;
use serde_json::json;

use super::actions::{ask, entry, seen, wrong_state};
use super::model::{Reward, RewardId};
use super::{PAY, store};
use crate::lead::error::LeadError;
use crate::lead::rules;
use crate::merge;

/// The trigger of the duty.
const RECOVER: &str = "reward.reversed";

/// Opens the duty to have a paid reward back (rule `reward.recovery`); once, however often the payout is taken back.
pub(super) async fn begin(work: &mut Work, one: &mut Reward) -> Result<(), ActionError> {
    if one.recover_since.is_some() {
        return Ok(());
    }
    one.recover_since = Some(work.business_date);
    store::update(&mut work.tx, one).await?;
    ask(work, RECOVER, one, None).await
}

/// Ends the claim when the referred customer is paid out a first loan after all: the reward is earned, and stays paid.
pub(super) async fn end(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    for file in merge::united(&mut work.tx, customer).await? {
        let Some(mut one) = store::of_customer(&mut work.tx, file).await?.filter(Reward::to_recover) else { continue };
        one.recover_since = None;
        store::update(&mut work.tx, &mut one).await?;
        duty::cancel(work, one.customer, &one.subject(), "a first loan was paid out after all").await?;
        work.audit(entry(&one, "reward.recovery_end").after(json!({"number": one.number}))).await?;
    }
    Ok(())
}

/// Records that a reward was had back, with the number of the receipt (rule `reward.recovery`): it closes the duty, and
/// the next first payout may bring a reward.
///
/// # Errors
/// Not within scope; nothing is to be had back; no number; whoever paid it.
pub async fn recover(work: &mut Work, id: &str, receipt: &str) -> Result<RewardId, ActionError> {
    let mut one = seen(work, id, PAY).await?;
    if !one.to_recover() {
        return Err(wrong_state(&one));
    }
    if let Some(wrong) = rules::check_words("recovery_ref", receipt, true) {
        return Err(Refused::form(vec![wrong]).under("reward.recovery", None).into());
    }
    // Money that never came back could else be written off by whoever paid it.
    if let Some(payer) = one.paid_by
        && !work.actor.is_second_to(payer.0)?
    {
        return Err(LeadError::RewardPayer.into());
    }
    let today = work.business_date;
    one.recovered_on = Some(today);
    one.recovered_by = Some(UserId(work.actor.recorded_by()));
    one.recovery_ref = Some(receipt.trim().to_owned());
    store::update(&mut work.tx, &mut one).await?;
    store::reversed(&mut work.tx, &mut one, today).await?;
    let evidence = Evidence { kind: "reward_recovery", fact: one.subject(), settles: true };
    duty::close_by(work, one.customer, &one.subject(), &evidence).await?;
    let after = json!({"number": one.number, "amount": one.amount, "receipt": one.recovery_ref});
    work.audit(entry(&one, "reward.recover").after(after)).await?;
    Ok(one.id)
}
