//! Use cases of messages: composing one, seeing one.

use customers::contact_point::actions as points;
use customers::contact_point::model::{ContactKind, ContactPoint, ContactPointId};
use platform::audit::Entry;
use platform::contact_gate::{Channel, Contact, Manner};
use platform::error::{ActionError, Refused};
use platform::message as gateways;
use platform::outbox::{self, Outgoing};
use platform::work::Work;
use serde_json::json;
use servicing::loan::actions::load_within;
use servicing::loan::model::{LoanFile, LoanKey};

use super::error::MessageError;
use super::model::{DebtorMessage, MessageId, MessageKind, MessageState};
use super::{KIND, MESSAGE_SEND, receiver, store, wording};
use crate::guard::actions::would;
use crate::guard::model::{Rule, Verdict};

/// What is asked for (发送申请).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// What it says.
    pub kind: MessageKind,
    /// By which channel.
    pub channel: Channel,
    /// To which contact point, the debtor's or one of somebody who owes the same; `None`: the debtor's one to try first.
    pub point: Option<ContactPointId>,
}

/// A message as it would leave now (发送预览).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its words.
    pub body: String,
    /// Where it goes, masked.
    pub point: ContactPoint,
    /// What the guard says.
    pub verdict: Verdict,
}

/// The message as it would leave now; nothing is written.
///
/// # Errors
/// As [`compose`].
pub async fn preview(work: &mut Work, key: LoanKey, order: Order) -> Result<Draft, ActionError> {
    load_within(work, key, MESSAGE_SEND).await?;
    draft(work, key, order).await
}

async fn draft(work: &mut Work, key: LoanKey, order: Order) -> Result<Draft, ActionError> {
    crate::file_for(work, key.customer, MESSAGE_SEND).await?;
    let point = point_for(work, key, order).await?;
    let nobody = || MessageError::NoPoint { channel: order.channel.as_str() };
    let to = receiver::receiver(work, key, &point).await?.ok_or_else(nobody)?;
    // What was promised is confirmed to whoever promised it alone.
    if to.joint && order.kind == MessageKind::PromiseConfirmation {
        return Err(nobody().into());
    }
    let body = wording::write(work, key, order.kind, &to).await?;
    let contact = Contact {
        customer: key.customer,
        person: to.person,
        number_index: index_of(work, &point).await?,
        purpose: order.kind.purpose(),
        manner: manner(order.channel, &body),
    };
    let verdict = would(work, &contact).await?;
    Ok(Draft { body, point, verdict })
}

/// How the guard sees it: with its words, which it reads.
pub(super) fn manner(channel: Channel, body: &str) -> Manner {
    Manner { text: Some(body.to_owned()), ..Manner::by(channel) }
}

/// The contact point in use that is named, else the debtor's own first.
async fn point_for(work: &mut Work, key: LoanKey, order: Order) -> Result<ContactPoint, ActionError> {
    let kind = receiver::kind_of(order.channel);
    let all = points::list(work, key.customer).await?;
    let wanted = |point: &ContactPoint| order.point.map_or(point.relation.is_none(), |id| id == point.id);
    let found = all.into_iter().find(|point| point.kind == kind && point.ended_at.is_none() && wanted(point));
    Ok(found.ok_or(MessageError::NoPoint { channel: order.channel.as_str() })?)
}

/// The blind index of a number; a mail has none.
pub(super) async fn index_of(work: &mut Work, point: &ContactPoint) -> Result<String, ActionError> {
    if point.kind != ContactKind::Phone {
        return Ok(String::new());
    }
    let phones = points::phones(work, point.customer, customers::VIEW).await?;
    let found = phones.into_iter().find(|phone| phone.point.id == point.id);
    Ok(found.map(|phone| phone.index).unwrap_or_default())
}

/// Composes a message about a loan and puts it into the outbox, in this transaction.
///
/// What the guard refuses for good is not composed; what it refuses for now is put off to the next lawful minute, and
/// asked again then (rule `message.guarded`). Rule `message.one-waiting`.
///
/// # Errors
/// Not within scope; no gateway that is on; no contact point; an empty field (S4-10); [`MessageError`].
pub async fn compose(
    work: &mut Work,
    key: LoanKey,
    order: Order,
    again_of: Option<MessageId>,
) -> Result<MessageId, ActionError> {
    let file = load_within(work, key, MESSAGE_SEND).await?;
    if !gateways::is_on(work, order.channel).await? {
        return Err(gateways::GatewayError::None { channel: order.channel.as_str() }.into());
    }
    let Draft { body, point, verdict } = draft(work, key, order).await?;
    if store::waits(&mut work.tx, key, order.kind, point.id).await? {
        return Err(MessageError::Waiting.into());
    }
    let (rule, article, not_before) = match verdict {
        Verdict::Allowed { .. } => (None, None, None),
        // An outcome that somebody owes is entered soon.
        Verdict::Refused { rule: Rule::OutcomeFirst, .. } => (None, None, None),
        Verdict::Refused { rule, article, next_lawful } => {
            let article = Some(article.to_string()).filter(|article| !article.is_empty());
            match next_lawful {
                Some(at) => (Some(rule.id().to_owned()), article, Some(at)),
                None => return Err(MessageError::Guarded { rule: rule.id().to_owned(), article }.into()),
            }
        }
    };
    let new = DebtorMessage {
        id: MessageId(work.next_id()),
        loan: key,
        kind: order.kind,
        channel: order.channel,
        point: point.id,
        body,
        body_on: work.business_date,
        state: MessageState::Waiting,
        receipt: None,
        rule,
        article,
        not_before,
        sent_at: None,
        allowance: None,
        contact: None,
        provider_ref: None,
        again_of,
        decided: None,
        composed_on: work.business_date,
        recorded_at: work.now,
        by: work.actor.recorded_by(),
        version: 1,
    };
    match store::insert(work, &new, &file).await {
        Ok(()) => {}
        // Somebody else was quicker.
        Err(error) if error.is_unique_violation() => return Err(MessageError::Waiting.into()),
        Err(error) => return Err(error.into()),
    }
    store::step(work, &new, "composed", "").await?;
    let after = json!({"kind": order.kind.as_str(), "channel": order.channel.as_str(), "loan": key.loan,
        "point": point.id, "again_of": again_of});
    work.audit(Entry::new(Some(key.customer), "message.compose", new.subject()).after(after)).await?;
    let outgoing = Outgoing {
        kind: KIND,
        receiver: new.subject(),
        about: file.loan.number.clone(),
        send_key: new.id.to_string(),
        // The words stand with the message, under its customer; the outbox holds no personal data.
        body: String::new(),
    };
    outbox::put(work, vec![outgoing]).await?;
    Ok(new.id)
}

/// The same to everybody who owes: the debtor, and each co-borrower whom the guard lets write to (rule
/// `message.each-borrower`, S2.5-23). Who cannot be written to keeps nobody else from being written to; what was promised
/// is confirmed to whoever promised it alone.
///
/// # Errors
/// As [`compose`], where nobody can be written to.
pub async fn compose_to_all(work: &mut Work, key: LoanKey, order: Order) -> Result<Vec<MessageId>, ActionError> {
    let own = compose(work, key, order, None).await;
    let mut all = Vec::new();
    if order.kind != MessageKind::PromiseConfirmation {
        for (point, _) in receiver::joint_points(work, key, order.channel).await? {
            match compose(work, key, Order { point: Some(point.id), ..order }, None).await {
                Ok(id) => all.push(id),
                Err(ActionError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    match own {
        Ok(id) => all.insert(0, id),
        Err(ActionError::Refused(_)) if !all.is_empty() => {}
        Err(error) => return Err(error),
    }
    Ok(all)
}

/// A message that the person may see.
///
/// # Errors
/// There is none, or not within scope.
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<(DebtorMessage, LoanFile), ActionError> {
    let id: MessageId = id.parse().map_err(|_| MessageError::NotFound)?;
    let one = store::find(&mut work.tx, id).await?.ok_or(MessageError::NotFound)?;
    match load_within(work, one.loan, action).await {
        Ok(file) => Ok((one, file)),
        Err(ActionError::Refused(refused)) if is_out_of_sight(&refused) => Err(MessageError::NotFound.into()),
        Err(other) => Err(other),
    }
}

fn is_out_of_sight(refused: &Refused) -> bool {
    refused.kind == platform::error::RefusalKind::NotFound
}
