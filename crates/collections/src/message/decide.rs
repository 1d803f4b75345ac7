//! What people decide on messages (消息处置): sent again, arrived, given up, withdrawn; each with its reason.

use customers::contact_point::store as points;
use platform::audit::Entry;
use platform::clock::civil_day;
use platform::error::ActionError;
use platform::notice;
use platform::outbox::{self, Word};
use platform::work::Work;
use serde_json::json;

use super::actions::{Order, compose};
use super::error::MessageError;
use super::gateway::keep;
use super::model::{Decided, Decision, MessageId, MessageState};
use super::{KIND, MESSAGE_SEND, actions, limitation, rules, store};

/// Decides on a message; what comes back is the one to look at: itself, or the one in its place.
///
/// Rule `message.decided-by-people`.
///
/// # Errors
/// Not within scope; no reason; [`MessageError::NotNow`], [`MessageError::Changed`]; an attempt is under way.
pub async fn decide(
    work: &mut Work,
    id: &str,
    seen: Option<i64>,
    decision: Decision,
    reason: &str,
) -> Result<MessageId, ActionError> {
    let (known, _) = actions::load(work, id, MESSAGE_SEND).await?;
    if seen.is_some_and(|seen| seen != known.version) {
        return Err(MessageError::Changed.into());
    }
    if reason.trim().is_empty() {
        return Err(MessageError::NoReason.into());
    }
    outbox::hold_own(work, KIND, &known.subject()).await?;
    let mut one = store::taken(&mut work.tx, known.id).await?.ok_or(MessageError::NotFound)?;
    if one.decided.is_some() || !rules::decisions(one.state, one.receipt).contains(&decision) {
        return Err(MessageError::NotNow.into());
    }
    tell_outbox(work, &one, decision).await?;
    let before = one.state;
    match decision {
        Decision::Withdraw => one.state = MessageState::Withdrawn,
        Decision::Arrived => {
            keep(work, &mut one).await?;
            one.state = MessageState::Delivered;
            let on = civil_day(one.sent_at.unwrap_or(work.now));
            limitation::arrived(work, &one, on).await?;
        }
        Decision::Again | Decision::Lost => {}
    }
    let (at, by) = (work.now, work.actor.recorded_by());
    one.decided = Some(Decided { decision, reason: reason.trim().to_owned(), at, by });
    store::write(&mut work.tx, &one).await?;
    store::step(work, &one, decision.as_str(), reason.trim()).await?;
    notice::settle(work, &one.subject()).await?;
    let entry = Entry::new(Some(one.loan.customer), "message.decide", one.subject());
    let entry = entry.before(json!({"state": before.as_str()}));
    work.audit(entry.after(json!({"decision": decision.as_str()})).reason(reason.trim())).await?;
    match decision {
        Decision::Again => {
            // What went to a co-borrower goes to that co-borrower again.
            let point = points::load(&mut work.tx, one.loan.customer, one.point).await?;
            let point = point.filter(|point| point.relation.is_some() && point.ended_at.is_none()).map(|one| one.id);
            let order = Order { kind: one.kind, channel: one.channel, point };
            compose(work, one.loan, order, Some(one.id)).await
        }
        Decision::Arrived | Decision::Lost | Decision::Withdraw => Ok(one.id),
    }
}

/// The outbox stands where the message does; what a receipt settled before is settled there too.
async fn tell_outbox(
    work: &mut Work,
    one: &super::model::DebtorMessage,
    decision: Decision,
) -> Result<(), ActionError> {
    if one.receipt.is_some() {
        return Ok(());
    }
    let word = if decision == Decision::Arrived { Word::Arrived } else { Word::Drop };
    outbox::say_of_own(work, KIND, &one.subject(), word).await?;
    Ok(())
}
