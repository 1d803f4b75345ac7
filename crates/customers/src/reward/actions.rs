//! Use cases of referral rewards: proposed when a first loan is paid out, asked for, agreed to, paid.

use std::collections::BTreeMap;

use finance::Fen;
use platform::access::store as access;
use platform::approval::{self, Approval, ApprovalKind, Heading, Request};
use platform::audit::Entry;
use platform::duty::{self, Case, Evidence};
use platform::error::{ActionError, Refused};
use platform::event::{BoxFuture, Event, Subscriber};
use platform::id::{BranchId, CustomerId, UserId};
use platform::numbering;
use platform::policies;
use platform::work::Work;
use policy::Facts;
use serde_json::json;

use super::model::{Reward, RewardId, RewardState, earned};
use super::{APPROVE, PAY, REQUEST, page_of, recovery, store};
use crate::customer::actions::load_within;
use crate::customer::model::Customer;
use crate::customer::store as customers;
use crate::error::CustomerError;
use crate::lead::error::LeadError;
use crate::lead::{policy as rules_of, rules, source};
use crate::merge;

/// The triggers of the duties.
const ASK: &str = "reward.proposed";
const SETTLE: &str = "reward.approved";
/// The most colleagues whose names are compared.
const PEOPLE: i64 = 5_000;

/// The approval of rewards.
pub const KIND: ApprovalKind = ApprovalKind {
    kind: "referral_reward",
    title: "approval-referral-reward",
    action: APPROVE,
    mend,
    approved,
    refused,
};

fn mend(approval: &Approval) -> String {
    format!("{}/request", page_of(approval.subject.strip_prefix("referral_reward:").unwrap_or_default()))
}

/// Money that is paid out may be a first loan; what was paid out may be taken back.
pub(crate) fn subscribers() -> Vec<Subscriber> {
    vec![
        Subscriber { event: "loan_disbursed", name: "customers.reward", handle: propose },
        Subscriber { event: "transaction_reversed", name: "customers.reward_reversed", handle: take_back },
    ]
}

/// Proposes the reward when the first loan of a referred customer is paid out (rule `reward.propose`): once for each
/// customer, whatever is paid out later. A source that is recorded after the first payout brings none.
fn propose<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        if event.payload["first"].as_bool() != Some(true) {
            return Ok(());
        }
        let customer = merge::root(&mut work.tx, event.customer).await?;
        recovery::end(work, customer).await?;
        let Some(referrer) = referrer_of(work, customer).await? else { return Ok(()) };
        let today = work.business_date;
        let in_force = policies::in_force(work, today).await?;
        // Rules that were drawn up before there were rewards know none: the payout goes on.
        let Some(amount) = rules_of::known_number(&in_force, today, "referral_reward_fen")?.map(Fen) else {
            return Ok(());
        };
        let referrer = merge::root(&mut work.tx, referrer).await?;
        let (Some(new), Some(old)) =
            (customers::load(&mut work.tx, customer).await?, customers::load(&mut work.tx, referrer).await?)
        else {
            return Ok(());
        };
        let same = one_customer(work, &new, &old).await?;
        if !earned(amount, same) {
            return Ok(());
        }
        let staff = access::users(&mut work.tx, 0, PEOPLE, 0).await?;
        // Who left may have left for this: a name is compared whatever became of the account.
        let namesake = staff.iter().any(|one| one.name.trim() == old.name.trim());
        let id = RewardId(work.next_id());
        let one = Reward {
            customer,
            id,
            number: numbering::next(work, "referral_reward", customer, id.0).await?,
            referrer,
            loan: number_of(&event.payload["loan"]),
            amount,
            namesake,
            manager: new.manager,
            branch: new.branch,
            state: RewardState::Proposed,
            note: String::new(),
            approval: None,
            approved_on: None,
            paid_on: None,
            paid_by: None,
            payment_ref: None,
            recover_since: None,
            recovered_on: None,
            recovered_by: None,
            recovery_ref: None,
            proposed_on: today,
            version: 1,
        };
        store::insert(work, &one).await?;
        let after = json!({"number": one.number, "amount": amount, "referrer": referrer, "namesake": namesake});
        work.audit(entry(&one, "reward.propose").after(after)).await?;
        ask(work, ASK, &one, Some(new.manager)).await
    })
}

/// Whether two surviving files are one customer's: the same file, or files of one person.
async fn one_customer(work: &mut Work, one: &Customer, other: &Customer) -> Result<bool, ActionError> {
    Ok(one.id == other.id || merge::persons(&mut work.tx, one.person).await?.contains(&other.person))
}

/// Who referred a customer: whom the opening of the oldest of its files names, if none of them was rewarded for already.
/// Files that were merged are one customer, and the younger ones opened a file, not a relation.
async fn referrer_of(work: &mut Work, customer: CustomerId) -> Result<Option<CustomerId>, ActionError> {
    let mut oldest: Option<(jiff::civil::Date, i64)> = None;
    for id in merge::united(&mut work.tx, customer).await? {
        if store::of_customer(&mut work.tx, id).await?.is_some() {
            return Ok(None);
        }
        if let Some(file) = customers::load(&mut work.tx, id).await? {
            let age = (file.opened_on, id.0);
            if oldest.is_none_or(|known| age < known) {
                oldest = Some(age);
            }
        }
    }
    let Some((_, file)) = oldest else { return Ok(None) };
    let sources = source::of_customer(&mut work.tx, CustomerId(file)).await?;
    Ok(sources.iter().find(|one| one.opening).and_then(|one| one.origin.referrer))
}

/// Drops the reward of a loan whose payout was taken back (rule `reward.reversal`). What was paid already stays paid
/// and is to be had back (rule `reward.recovery`).
fn take_back<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        if event.payload["paid_out"].as_bool() != Some(false) {
            return Ok(());
        }
        let found = store::of_loan(&mut work.tx, number_of(&event.payload["loan"])).await?;
        let Some(mut one) = found else { return Ok(()) };
        let today = work.business_date;
        match one.state {
            RewardState::Proposed | RewardState::Submitted | RewardState::Approved => {
                one.state = RewardState::Dropped;
                store::update(&mut work.tx, &mut one).await?;
                duty::cancel(work, one.customer, &one.subject(), "the payout was reversed").await?;
            }
            RewardState::Paid => recovery::begin(work, &mut one).await?,
            RewardState::Refused | RewardState::Dropped => {}
        }
        // Money that went out stands in the way of a second reward.
        if one.state != RewardState::Paid {
            store::reversed(&mut work.tx, &mut one, today).await?;
        }
        let after = json!({"number": one.number, "state": one.state.as_str(), "loan": one.loan.to_string()});
        Ok(work.audit(entry(&one, "reward.reverse").after(after)).await?)
    })
}

/// Refuses a reward that is not due any more (rule `reward.reversal`): referrer and referred turned out to be one customer,
/// or another file of the same customer was rewarded for before.
async fn check_earned(work: &mut Work, one: &Reward) -> Result<(), ActionError> {
    let customer = merge::root(&mut work.tx, one.customer).await?;
    let referrer = merge::root(&mut work.tx, one.referrer).await?;
    let new = customers::load(&mut work.tx, customer).await?;
    let old = customers::load(&mut work.tx, referrer).await?;
    let mut gone = match (new, old) {
        (Some(new), Some(old)) => one_customer(work, &new, &old).await?,
        (None, _) | (_, None) => customer == referrer,
    };
    for file in merge::united(&mut work.tx, customer).await? {
        let other = store::of_customer(&mut work.tx, file).await?;
        gone = gone || other.is_some_and(|other| other.id < one.id && !other.state.came_to_nothing());
    }
    if gone { Err(LeadError::RewardLapsed.into()) } else { Ok(()) }
}

/// A key in a payload, as text or as number.
fn number_of(value: &serde_json::Value) -> i64 {
    value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok())).unwrap_or_default()
}

pub(super) async fn ask(
    work: &mut Work,
    trigger: &str,
    one: &Reward,
    manager: Option<UserId>,
) -> Result<(), ActionError> {
    let names = customers::names(&mut work.tx, &[one.customer]).await?;
    let case = Case {
        customer: one.customer,
        subject: one.subject(),
        anchor: work.business_date,
        manager,
        personal: false,
        branch: one.branch,
        whom: names.get(&one.customer).map(|(_, name)| name.clone()).unwrap_or_default(),
        number: one.number.clone(),
        amount: Some(one.amount),
        facts: Facts::new(),
        fields: BTreeMap::new(),
    };
    duty::open(work, trigger, &[case]).await.map(drop)
}

pub(super) fn entry(one: &Reward, action: &'static str) -> Entry {
    Entry::new(Some(one.customer), action, one.subject())
}

/// A reward within the reach of an action: what reaches the referred customer's file reaches it.
///
/// # Errors
/// Denied; there is none, or not for this person.
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<Reward, ActionError> {
    let scope = work.authorise(action)?;
    let missing = || CustomerError::NoSuchPart("referral_reward");
    let key = id.parse().map(RewardId).map_err(|_| missing())?;
    let one = store::find(&mut work.tx, key).await?.ok_or_else(missing)?;
    let file = customers::load(&mut work.tx, one.customer).await?.ok_or_else(missing)?;
    if scope.covers(file.branch, file.team, file.manager) { Ok(one) } else { Err(missing().into()) }
}

pub(super) fn wrong_state(one: &Reward) -> ActionError {
    LeadError::RewardState { state: one.state.as_str() }.into()
}

/// Asks for a proposed reward, or anew for one that was returned (rule `reward.chain`): the manager says who the referrer
/// is where it bears the name of a colleague (rule `reward.staff`).
///
/// # Errors
/// Not within scope; it is somewhere else; nothing said of a namesake.
pub async fn request(work: &mut Work, id: &str, note: &str) -> Result<RewardId, ActionError> {
    let mut one = seen(work, id, REQUEST).await?;
    if !matches!(one.state, RewardState::Proposed | RewardState::Submitted) {
        return Err(wrong_state(&one));
    }
    check_earned(work, &one).await?;
    if let Some(wrong) = rules::check_words("note", note, one.namesake) {
        return Err(Refused::form(vec![wrong]).under("reward.staff", None).into());
    }
    let branch = one.branch;
    one.note = note.trim().to_owned();
    let asked = asked(work, &one, branch);
    match one.approval.filter(|_| one.state == RewardState::Submitted) {
        Some(approval) => {
            // Whoever asks anew does not pay it either.
            one.manager = UserId(work.actor.recorded_by());
            approval::resubmit(work, one.customer, approval, asked.payload, &one.note).await?;
        }
        None => {
            one.manager = UserId(work.actor.recorded_by());
            one.approval = Some(approval::submit(work, asked).await?);
            one.state = RewardState::Submitted;
        }
    }
    store::update(&mut work.tx, &mut one).await?;
    let evidence = Evidence { kind: "reward_request", fact: one.subject(), settles: true };
    duty::close_by(work, one.customer, &one.subject(), &evidence).await?;
    let after = json!({"number": one.number, "amount": one.amount, "namesake": one.namesake});
    work.audit(entry(&one, "reward.request").after(after).reason(&one.note)).await?;
    Ok(one.id)
}

/// What the checkers see: numbers and the amount, no name.
fn asked(work: &Work, one: &Reward, branch: BranchId) -> Request {
    let title = Heading::told(&work.app.catalogue, |locale| locale.t1("reward-heading", "number", &one.number));
    let payload = json!({
        "reward_page": page_of(one.id),
        "amount_fen": one.amount,
        "reward_namesake": one.namesake,
        "reward_note": one.note,
    });
    Request::new("referral_reward", one.customer, one.subject(), title, payload).amount(one.amount).branch(branch)
}

/// Gives a proposed reward up, with a reason.
///
/// # Errors
/// Not within scope; it is somewhere else; no reason.
pub async fn give_up(work: &mut Work, id: &str, reason: &str) -> Result<RewardId, ActionError> {
    let mut one = seen(work, id, REQUEST).await?;
    if one.state != RewardState::Proposed {
        return Err(wrong_state(&one));
    }
    if let Some(wrong) = rules::check_words("reason", reason, true) {
        return Err(Refused::form(vec![wrong]).under("reward.chain", None).into());
    }
    (one.state, one.note) = (RewardState::Dropped, reason.trim().to_owned());
    store::update(&mut work.tx, &mut one).await?;
    duty::cancel(work, one.customer, &one.subject(), "given up").await?;
    work.audit(entry(&one, "reward.drop").after(json!({"number": one.number})).reason(reason.trim())).await?;
    Ok(one.id)
}

fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        // What was dropped meanwhile cannot be agreed to: the checker refuses it.
        let Some(mut one) = about(work, approval).await? else { return Err(LeadError::RewardLapsed.into()) };
        check_earned(work, &one).await?;
        one.state = RewardState::Approved;
        one.approved_on = Some(work.business_date);
        store::update(&mut work.tx, &mut one).await?;
        ask(work, SETTLE, &one, None).await
    })
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Ok(()) };
        one.state = RewardState::Refused;
        Ok(store::update(&mut work.tx, &mut one).await?)
    })
}

/// The waiting reward of an approval.
async fn about(work: &mut Work, approval: &Approval) -> Result<Option<Reward>, ActionError> {
    let id = approval.subject.strip_prefix("referral_reward:").and_then(|id| id.parse().ok()).map(RewardId);
    let Some(id) = id else { return Ok(None) };
    Ok(store::find(&mut work.tx, id).await?.filter(|one| one.state == RewardState::Submitted))
}

/// Records that a reward was paid, with the number of the payment (rule `reward.chain`): by somebody else than who asked.
///
/// # Errors
/// Not within scope; not agreed to; one's own; no number.
pub async fn pay(work: &mut Work, id: &str, payment: &str) -> Result<RewardId, ActionError> {
    let mut one = seen(work, id, PAY).await?;
    if one.state != RewardState::Approved {
        return Err(wrong_state(&one));
    }
    if !work.actor.is_second_to(one.manager.0)? {
        return Err(LeadError::OwnReward.into());
    }
    check_earned(work, &one).await?;
    if let Some(wrong) = rules::check_words("payment_ref", payment, true) {
        return Err(Refused::form(vec![wrong]).under("reward.chain", None).into());
    }
    one.state = RewardState::Paid;
    one.paid_on = Some(work.business_date);
    one.paid_by = Some(UserId(work.actor.recorded_by()));
    one.payment_ref = Some(payment.trim().to_owned());
    store::update(&mut work.tx, &mut one).await?;
    let evidence = Evidence { kind: "reward_payment", fact: one.subject(), settles: true };
    duty::close_by(work, one.customer, &one.subject(), &evidence).await?;
    let after = json!({"number": one.number, "amount": one.amount, "payment": one.payment_ref});
    work.audit(entry(&one, "reward.pay").after(after.clone())).await?;
    let (customer, subject, effective_on) = (one.customer, one.subject(), work.business_date);
    let payload = json!({"number": one.number, "amount": one.amount});
    work.emit(Event { kind: "referral_reward_paid", customer, subject, effective_on, payload }).await?;
    Ok(one.id)
}

/// Number and name of both customers of a reward.
pub(super) async fn both(work: &mut Work, one: &Reward) -> Result<[(String, String); 2], ActionError> {
    let mut names = customers::names(&mut work.tx, &[one.customer, one.referrer]).await?;
    let mut of = |id: CustomerId| names.remove(&id).unwrap_or_default();
    Ok([of(one.customer), of(one.referrer)])
}

/// Whether a customer's file may be looked at.
pub(super) async fn reaches(work: &mut Work, customer: CustomerId) -> bool {
    load_within(work, customer, crate::VIEW).await.is_ok()
}
