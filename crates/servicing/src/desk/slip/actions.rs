//! Use cases of slips: entered, compared by another.

use customers::bank_account::actions::{Known as Account, by_number};
use customers::bank_account::model::Purpose;
use customers::bank_account::store as accounts;
use customers::merge;
use finance::{Fen, TransactionKind};
use jiff::civil::Date;
use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError};
use platform::id::UserId;
use platform::work::Work;
use serde_json::json;

use super::error::SlipError;
use super::model::{Known, NewSlip, Slip, SlipId, SlipState};
use super::{CHECK, rules, store};
use crate::desk::error::DeskError;
use crate::desk::{RECORD, check_words};
use crate::loan::actions::load_within;
use crate::loan::model::{LoanFile, LoanKey, TransactionId};

/// What was paid out of a loan and not taken back: transaction, day, amount.
pub(super) fn payouts(file: &LoanFile) -> Vec<(TransactionId, Date, Fen)> {
    let stands = file.transactions.iter().filter(|one| file.reversed_by(one.id).is_none());
    let paid =
        |kind: &TransactionKind| if let TransactionKind::Disburse { amount } = kind { Some(*amount) } else { None };
    stands.filter_map(|one| Some((one.id, one.fact.on, paid(&one.fact.kind)?))).collect()
}

/// What loan and file say of the payout of a slip, today.
///
/// Errors: the store's.
pub async fn known(work: &mut Work, file: &LoanFile, slip: &Slip) -> Result<Known, ActionError> {
    let payout = payouts(file).into_iter().find(|payout| payout.0 == slip.transaction);
    let mut open = Vec::new();
    for customer in merge::same(&mut work.tx, slip.key.customer).await? {
        open.extend(accounts::of_customer(&mut work.tx, customer).await?);
    }
    // Whoever enters the slip may have entered the account: only one that somebody else verified says where money goes.
    open.retain(|one| one.ended_at.is_none() && one.purpose != Purpose::Repay && one.verified.is_some());
    let holder = open.iter().find(|one| Some(one.id) == slip.account).map(|one| one.holder.clone());
    let first = match payout {
        Some((_, on, _)) => store::first_after(&mut work.tx, slip.key, on).await?,
        None => None,
    };
    Ok(Known {
        payout: payout.map(|(_, on, amount)| (on, amount)),
        holder,
        accounts: open.into_iter().map(|one| (one.holder, one.masked)).collect(),
        first,
    })
}

/// Enters what stands on the bank's slip of a payout (rule `slip.entry`). What differs from the loan is shown and keeps the
/// slip from being passed. The duty of the payout ends when it passed.
///
/// Errors: not within scope; nothing was paid out, or all of it has its slip; a number that was entered before; what was
/// typed wrongly, all at once.
pub async fn enter(work: &mut Work, key: LoanKey, new: &NewSlip) -> Result<SlipId, ActionError> {
    let file = load_within(work, key, RECORD).await?;
    let today = work.business_date;
    let mut wrong: Vec<FieldError> = [
        check_words("slip_number", &new.number, true),
        check_words("payee", &new.payee, true),
        check_words("note", &new.note, false),
    ]
    .into_iter()
    .flatten()
    .collect();
    if new.paid_on > today {
        wrong.push(FieldError::new("slip_paid_on", "slip-later").with("on", new.paid_on).with("today", today));
    }
    if new.repays_on <= new.paid_on {
        let error = FieldError::new("repays_on", "slip-repays-before").with("on", new.repays_on);
        wrong.push(error.with("paid_on", new.paid_on));
    }
    let account = account_of(work, key, &new.account).await?;
    if account.is_none() {
        wrong.push(FieldError::new("payee_account", "account-number"));
    }
    let (Some(account), true) = (account, wrong.is_empty()) else { return Err(DeskError::Form(wrong).into()) };
    let number = new.number.trim().to_owned();
    let known = store::of_loan(&mut work.tx, key).await?;
    let open = store::without_slip(&payouts(&file), &known);
    let wanted = new.transaction.or_else(|| open.first().map(|payout| payout.0));
    let Some(transaction) = wanted.filter(|wanted| open.iter().any(|payout| payout.0 == *wanted)) else {
        return Err(SlipError::NoPayout { number: file.loan.number }.into());
    };
    if store::taken(&mut work.tx, &number).await? {
        return Err(SlipError::Taken { number }.into());
    }
    let one = Slip {
        key,
        id: SlipId(work.next_id()),
        transaction,
        number,
        paid_on: new.paid_on,
        payee: new.payee.trim().to_owned(),
        account: account.account.map(|account| account.id),
        account_masked: account.masked,
        amount: new.amount,
        repays_on: new.repays_on,
        monthly: new.monthly,
        state: SlipState::Entered,
        note: new.note.trim().to_owned(),
        checked_on: None,
        checked_by: None,
        check_note: String::new(),
        branch: file.loan.branch,
        made_on: today,
        made_by: UserId(work.actor.recorded_by()),
        version: 1,
    };
    store::insert(work, &one).await?;
    let after = json!({"slip": one.number, "loan": file.loan.number, "amount": one.amount});
    work.audit(Entry::new(Some(key.customer), "slip.enter", key.subject()).after(after)).await?;
    Ok(one.id)
}

/// A typed number, with the account that has it in the customer's file or in one merged with it.
async fn account_of(work: &mut Work, key: LoanKey, typed: &str) -> Result<Option<Account>, ActionError> {
    let mut found = by_number(work, key.customer, typed).await?;
    for customer in merge::same(&mut work.tx, key.customer).await? {
        if found.as_ref().is_none_or(|one| one.account.is_some()) {
            break;
        }
        found = by_number(work, customer, typed).await?;
    }
    Ok(found)
}

/// A slip within the reach of an action: what reaches its loan reaches it.
///
/// Errors: denied; there is none, or not for this person.
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<(Slip, LoanFile), ActionError> {
    work.authorise(action)?;
    let key = id.parse().map(SlipId).map_err(|_| SlipError::Unknown)?;
    let one = store::find(&mut work.tx, key).await?.ok_or(SlipError::Unknown)?;
    let file = load_within(work, one.key, action).await?;
    Ok((one, file))
}

/// Another person compares a slip with the loan and passes it, or refuses it with a reason, so that it is entered anew (rule
/// `slip.compare`, rule `slip.second`; S2.19 asks for clerk and checker apart).
///
/// Errors: not within scope; compared already; one's own entry; it differs and is passed; no reason.
pub async fn check(work: &mut Work, id: &str, passes: bool, note: &str) -> Result<SlipId, ActionError> {
    let (mut one, file) = seen(work, id, CHECK).await?;
    if one.state != SlipState::Entered {
        return Err(SlipError::State { state: one.state.as_str() }.into());
    }
    if !work.actor.is_second_to(one.made_by.0)? {
        return Err(SlipError::Own.into());
    }
    if let Some(wrong) = check_words("note", note, !passes) {
        return Err(DeskError::Form(vec![wrong]).into());
    }
    if passes {
        let known = known(work, &file, &one).await?;
        let parts = rules::differs(&one, &known);
        if let Some(part) = parts.first() {
            return Err(SlipError::Differs { number: one.number, part: part.as_str(), count: parts.len() }.into());
        }
    }
    one.state = if passes { SlipState::Checked } else { SlipState::Refused };
    one.checked_on = Some(work.business_date);
    one.checked_by = Some(UserId(work.actor.recorded_by()));
    note.trim().clone_into(&mut one.check_note);
    store::update(&mut work.tx, &one).await?;
    let after = json!({"slip": one.number, "loan": file.loan.number, "state": one.state.as_str()});
    let entry = Entry::new(Some(one.key.customer), "slip.check", one.subject());
    work.audit(entry.after(after).reason(note.trim())).await?;
    if passes {
        done(work, &file, &one).await?;
    }
    Ok(one.id)
}

/// Ends the duty of a loan when the slips of all its payouts passed (rule `duty.slip_entry`).
async fn done(work: &mut Work, file: &LoanFile, passed: &Slip) -> Result<(), ActionError> {
    let mut slips = store::of_loan(&mut work.tx, passed.key).await?;
    slips.retain(|one| one.state == SlipState::Checked);
    if store::without_slip(&payouts(file), &slips).is_empty() {
        let evidence = Evidence { kind: "slip_entered", fact: passed.subject(), settles: true };
        duty::close_by(work, passed.key.customer, &passed.key.subject(), &evidence).await?;
    }
    Ok(())
}
