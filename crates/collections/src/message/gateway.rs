//! The way out of messages to debtors (消息外发): the guard is asked at the moment of sending, then the carrier gets it.

use std::collections::BTreeMap;

use customers::contact_point::store as points;
use jiff::Timestamp;
use platform::access::{Actor, CONTACT_REVEAL, Origin, PERSONAL_REVEAL, Scope};
use platform::app::App;
use platform::clock::civil_day;
use platform::contact_gate::{Answer, Channel, Contact, Purpose, Shown};
use platform::duty::{self, CONTACT_RECORD, ContactFact, ContactId};
use platform::error::{ActionError, Refused};
use platform::event::BoxFuture;
use platform::id::UserId;
use platform::message::{Parcel, carry};
use platform::outbox::{self, Delivery, Ended, Gateway, Message, OutboxRules, Outcome, WhenUnknown, Word};
use platform::vault::Personal as _;
use platform::work::Work;
use serde_json::json;

use super::model::{DebtorMessage, MessageId, MessageKind, MessageState, Receipt};
use super::receiver::receiver;
use super::rules::{self, RULE_AS_OF};
use super::{KIND, actions, limitation, store, wording};
use crate::contact::actions::NewOutcome;
use crate::contact::model::ContactResult;
use crate::contact::store as contacts;
use crate::guard::actions::{self as guard, Ask};
use crate::guard::model::{AllowanceId, Rule, Verdict};
use crate::guard::store as guard_store;
use crate::{CASE_VIEW, CASE_WORK};

/// Messages to debtors as a kind of the outbox (短信与邮件通道).
#[derive(Debug, Clone, Copy, Default)]
pub struct DebtorMessages;

impl Gateway for DebtorMessages {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn when_unknown(&self) -> WhenUnknown {
        WhenUnknown::AskPerson
    }

    fn page(&self, message: &Message) -> Option<String> {
        id_of(message).map(|id| format!("/messages/{id}"))
    }

    fn send<'a>(&'a self, app: &'a App, message: &'a Message, rules: &'a OutboxRules) -> BoxFuture<'a, Delivery> {
        Box::pin(async move {
            match prepare(app, message).await {
                Ok(Ready::Goes(parcel)) => carry(app, &parcel, rules).await,
                Ok(Ready::Stays(delivery)) => delivery,
                Err(error) => {
                    tracing::error!(%error, message = message.id, "a message could not be prepared");
                    Delivery::new(Outcome::Failed, "the message could not be prepared; the log says why")
                }
            }
        })
    }

    fn ended<'a>(
        &'a self,
        work: &'a mut Work,
        message: &'a Message,
        end: &'a Ended,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(ended(work, message, end))
    }
}

fn id_of(message: &Message) -> Option<MessageId> {
    message.receiver.strip_prefix("message:")?.parse().ok()
}

/// In the name of whoever composed it, with what sending needs and nothing else: that they might was asked then.
pub(super) fn in_name_of(by: i64) -> Actor {
    let may = [CASE_VIEW, CASE_WORK, CONTACT_RECORD, CONTACT_REVEAL, PERSONAL_REVEAL, customers::VIEW];
    let grants: BTreeMap<String, Scope> = may.map(|action| (action.to_owned(), Scope::Institution)).into();
    let user = (by != 0).then_some(UserId(by));
    Actor { user, grants, ..Actor::system(Origin::Console) }
}

/// Whether a message leaves now (发送准备).
enum Ready {
    /// It does.
    Goes(Parcel),
    /// It does not, and so the attempt ends.
    Stays(Delivery),
}

/// Everything before the carrier gets it, in one transaction: from its end on the contact counts.
async fn prepare(app: &App, message: &Message) -> Result<Ready, ActionError> {
    let stays = |outcome, why: &str| Ok(Ready::Stays(Delivery::new(outcome, why)));
    let Some(id) = id_of(message) else { return stays(Outcome::Withdrawn, "no such message") };
    let mut work = Work::begin(app, Actor::system(Origin::Console)).await?;
    let Some(mut one) = store::taken(&mut work.tx, id).await? else {
        return stays(Outcome::Withdrawn, "no such message");
    };
    if one.receipt == Some(Receipt::Delivered) {
        return stays(Outcome::Delivered, "a receipt came before the answer");
    }
    if one.state != MessageState::Waiting {
        return stays(Outcome::Withdrawn, one.state.as_str());
    }
    // Where a gateway is paused nothing is asked and no number opened: it waits.
    if !platform::message::is_on(&mut work, one.channel).await? {
        return stays(Outcome::Later, "gateway-off");
    }
    work.actor = in_name_of(one.by);
    match reserve(&mut work, &mut one).await? {
        Reserved::Goes(parcel) => {
            store::write(&mut work.tx, &one).await?;
            work.commit().await?;
            Ok(Ready::Goes(parcel))
        }
        Reserved::Stays(delivery) => {
            // A refusal is a fact too.
            store::write(&mut work.tx, &one).await?;
            work.commit().await?;
            Ok(Ready::Stays(delivery))
        }
    }
}

/// What the guard makes of it (守卫答复).
enum Reserved {
    Goes(Parcel),
    Stays(Delivery),
}

/// Words of now, the guard's allowance, the number in clear. Rules `message.as-of`, `message.guarded`.
async fn reserve(work: &mut Work, one: &mut DebtorMessage) -> Result<Reserved, ActionError> {
    let withdrawn = |one: &mut DebtorMessage, rule: String, article: Option<String>| {
        one.rule = Some(rule.clone());
        one.article = article;
        one.not_before = None;
        Ok(Reserved::Stays(Delivery::new(Outcome::Withdrawn, rule)))
    };
    let found = points::load(&mut work.tx, one.loan.customer, one.point).await?;
    let Some(point) = found.filter(|point| point.ended_at.is_none()) else {
        return withdrawn(one, RULE_AS_OF.to_owned(), None);
    };
    // Who owes no more, or whose number it is no more, is not written to.
    let to = receiver(work, one.loan, &point).await?;
    // What was promised is confirmed to whoever promised it alone.
    let Some(to) = to.filter(|to| !(to.joint && one.kind == MessageKind::PromiseConfirmation)) else {
        return withdrawn(one, RULE_AS_OF.to_owned(), None);
    };
    // Also on the day of its composing: what was paid in between is not asked for.
    match wording::write(work, one.loan, one.kind, &to).await {
        Ok(body) => (one.body, one.body_on) = (body, work.business_date),
        Err(ActionError::Refused(_)) => return withdrawn(one, RULE_AS_OF.to_owned(), None),
        Err(other) => return Err(other),
    }
    let contact = Contact {
        customer: one.loan.customer,
        person: to.person,
        number_index: actions::index_of(work, &point).await?,
        purpose: one.kind.purpose(),
        manner: actions::manner(one.channel, &one.body),
    };
    // What is only too early is no offence of anybody's: it waits, and leaves no finding.
    if let Verdict::Refused { rule, article, next_lawful } = guard::would(work, &contact).await? {
        let article = Some(article.to_string()).filter(|article| !article.is_empty());
        if let Some(later) = put_off(one, rule.id(), article, next_lawful) {
            return Ok(Reserved::Stays(later));
        }
    }
    match open(work, one, &contact).await {
        Ok(Opened::Number { to, allowance }) => {
            one.allowance = allowance.map(AllowanceId);
            (one.rule, one.article, one.not_before) = (None, None, None);
            one.sent_at = Some(work.now);
            let subject = subject(work, one);
            Ok(Reserved::Goes(Parcel {
                channel: one.channel,
                key: one.id.to_string(),
                to,
                subject,
                text: one.body.clone(),
            }))
        }
        // Somebody else's contact came in between: it waits, as if the guard had said so before.
        Ok(Opened::Refused { rule, article, next_lawful }) => match put_off(one, &rule, article.clone(), next_lawful) {
            Some(later) => Ok(Reserved::Stays(later)),
            None => withdrawn(one, rule, article),
        },
        Err(ActionError::Refused(refused)) => withdrawn(one, code_of(&refused), None),
        Err(other) => Err(other),
    }
}

/// What is only too early, and until when; `None`: it is refused for good.
fn put_off(
    one: &mut DebtorMessage,
    rule: &str,
    article: Option<String>,
    next_lawful: Option<Timestamp>,
) -> Option<Delivery> {
    if rule == Rule::OutcomeFirst.id() {
        return Some(Delivery::new(Outcome::Later, rule));
    }
    let at = next_lawful?;
    (one.rule, one.article, one.not_before) = (Some(rule.to_owned()), article, Some(at));
    Some(Delivery { not_before: Some(at), ..Delivery::new(Outcome::Later, rule) })
}

fn code_of(refused: &Refused) -> String {
    refused.rule.clone().unwrap_or_else(|| RULE_AS_OF.to_owned())
}

/// The title of a mail, in the language of its words.
fn subject(work: &Work, one: &DebtorMessage) -> String {
    let catalogue = std::sync::Arc::clone(&work.app.catalogue);
    platform::locale::Locale::new(catalogue, platform::locale::Lang::ZhCn).t(one.kind.title())
}

/// What the guard let through, or not.
enum Opened {
    Number { to: String, allowance: Option<i64> },
    Refused { rule: String, article: Option<String>, next_lawful: Option<Timestamp> },
}

/// Asks the guard for good: the allowance is written, and only then the number opened.
///
/// Rule `message.number-hidden`: it stays in memory on its way to the carrier, and nobody sees it.
async fn open(work: &mut Work, one: &DebtorMessage, contact: &Contact) -> Result<Opened, ActionError> {
    let reason = one.subject();
    if one.channel == Channel::Email {
        return match platform::contact_gate::ask(work, contact, &reason).await? {
            Answer::Allowed(pass) => {
                let to = customers::contact_point::actions::reveal_value(work, one.loan.customer, one.point, &reason);
                let to = to.await?;
                Ok(Opened::Number { to, allowance: pass.allowance })
            }
            Answer::Refused { rule, article, next_lawful } => Ok(Opened::Refused { rule, article, next_lawful }),
        };
    }
    let ask = Ask {
        customer: contact.customer,
        point: one.point,
        purpose: contact.purpose,
        manner: contact.manner.clone(),
        reason,
    };
    match guard::reserve(work, &ask).await? {
        Shown::Number(phone, pass) => Ok(Opened::Number { to: phone.clear().to_owned(), allowance: pass.allowance }),
        Shown::Refused { rule, article, next_lawful } => Ok(Opened::Refused { rule, article, next_lawful }),
    }
}

/// What an attempt's end makes of the message, in the transaction that notes it.
async fn ended(work: &mut Work, message: &Message, end: &Ended) -> Result<(), ActionError> {
    let Some(id) = id_of(message) else { return Ok(()) };
    let Some(mut one) = store::taken(&mut work.tx, id).await? else { return Ok(()) };
    if one.state != MessageState::Waiting {
        return Ok(());
    }
    work.actor = in_name_of(one.by);
    let state = rules::after_attempt(end.state, one.receipt);
    settle(work, &mut one, end.state, state).await?;
    if state == MessageState::Delivered {
        // The receipt came before the answer.
        limitation::arrived(work, &one, civil_day(one.sent_at.unwrap_or(work.now))).await?;
        if end.state == outbox::MessageState::Unknown {
            outbox::say_of_own(work, KIND, &one.subject(), Word::Arrived).await?;
        }
    }
    one.state = state;
    one.provider_ref = end.delivery.reference.clone().or(one.provider_ref);
    if matches!(state, MessageState::Sent | MessageState::Delivered) {
        keep(work, &mut one).await?;
    }
    store::write(&mut work.tx, &one).await?;
    let step = match (end.state, end.delivery.outcome) {
        (outbox::MessageState::Waiting, Outcome::Later) => "later",
        (outbox::MessageState::Waiting, _) => "retry",
        _ => state.as_str(),
    };
    let status = end.delivery.status.map(|status| status.to_string());
    let detail = [status, Some(end.delivery.answer.clone())].into_iter().flatten().filter(|part| !part.is_empty());
    store::step(work, &one, step, &detail.collect::<Vec<_>>().join(" ")).await?;
    Ok(())
}

/// Settles what the guard let through: what certainly did not go out counts for nothing, what may have counts.
async fn settle(
    work: &mut Work,
    one: &mut DebtorMessage,
    outbox: outbox::MessageState,
    state: MessageState,
) -> Result<(), ActionError> {
    let Some(allowance) = one.allowance else { return Ok(()) };
    let arrived = one.receipt == Some(Receipt::Delivered);
    let result = match (outbox, state) {
        _ if arrived => Some(ContactResult::Sent),
        (outbox::MessageState::Waiting | outbox::MessageState::Dropped, _) | (_, MessageState::Withdrawn) => {
            Some(ContactResult::NotSent)
        }
        (_, MessageState::Sent | MessageState::Delivered) => Some(ContactResult::Sent),
        (outbox::MessageState::Dead, _) => Some(ContactResult::NotSent),
        (outbox::MessageState::Sent, _) => Some(ContactResult::Sent),
        (outbox::MessageState::Unknown, _) => None,
    };
    match guard_store::settle(work, (one.loan.customer, allowance), false, result).await {
        // Somebody entered its outcome by hand meanwhile.
        Ok(()) | Err(platform::db::StoreError::Stale { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    if outbox == outbox::MessageState::Waiting && !arrived {
        // The next attempt asks the guard anew.
        one.allowance = None;
    }
    Ok(())
}

/// Keeps the contact that the message was, once: the duties about the loan that it is evidence for are closed.
///
/// Rule `message.evidence`.
pub(super) async fn keep(work: &mut Work, one: &mut DebtorMessage) -> Result<(), ActionError> {
    if one.contact.is_some() {
        return Ok(());
    }
    let customer = one.loan.customer;
    if let Some(allowance) = one.allowance
        && let Some(contact) = contacts::of_allowance(&mut work.tx, customer, allowance).await?
    {
        // Somebody entered its outcome by hand: that contact is this message.
        one.contact = Some(contact);
        return Ok(());
    }
    let point = points::load(&mut work.tx, customer, one.point).await?;
    let to = match &point {
        Some(point) => receiver(work, one.loan, point).await?.map(|to| to.name),
        None => None,
    };
    let contacted = match to {
        Some(name) => name,
        // It went out all the same: the file says to whom it belonged.
        None => customers::load(&mut work.tx, customer).await?.map(|file| file.name).unwrap_or_default(),
    };
    let fact = ContactFact {
        customer,
        subject: one.loan.subject(),
        at: one.sent_at.unwrap_or(work.now),
        channel: one.channel,
        contacted,
        reached: true,
        response: ContactResult::Sent.as_str().to_owned(),
        text_sent: one.body.clone(),
        payload: json!({"allowance": one.allowance, "result": ContactResult::Sent.as_str(), "message": one.id}),
    };
    let overdue = match one.kind.purpose() {
        Purpose::Collect => contacts::overdue_subjects(&mut work.tx, customer).await?,
        Purpose::Care | Purpose::Verify => Vec::new(),
    };
    let others: Vec<String> = overdue.into_iter().filter(|subject| *subject != fact.subject).collect();
    let (contact, _): (ContactId, u64) = duty::keep_contact(work, &fact, &others).await?;
    if let Some(allowance) = one.allowance {
        contacts::insert(work, contact, &NewOutcome::of(customer, allowance, ContactResult::Sent)).await?;
    }
    one.contact = Some(contact);
    Ok(())
}
