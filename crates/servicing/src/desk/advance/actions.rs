//! Use cases of a list until it is with the heads: drawn, changed, checked, given up.

use std::collections::BTreeMap;

use customers::bank_account::model::BankAccount;
use customers::bank_account::store as accounts;
use finance::Fen;
use platform::access::Denied;
use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError};
use platform::id::{BranchId, CustomerId, UserId};
use platform::numbering;
use platform::work::Work;
use serde_json::json;

use super::model::{Advance, AdvanceId, AdvanceList, AdvanceListId, Candidate, Card, ListState, RowState};
use super::{CHECK, DRAW, HOUSE, rules, step, store};
use crate::desk::check_words;
use crate::desk::error::DeskError;

/// Where a list can be given up. One that the heads have is refused or taken back; a signed one may have lost its rows to
/// what borrowers paid since.
pub(super) const DROPPED: [ListState; 3] = [ListState::Drawn, ListState::Checked, ListState::Signed];

/// The subject of the duty to draw the list of a branch and month.
pub(super) fn duty_subject(branch: BranchId, month: &str) -> String {
    format!("advance_month:{month}:{branch}")
}

/// The trail's entry of a list.
pub(super) fn entry(one: &AdvanceList, action: &'static str) -> Entry {
    Entry::new(None, action, one.subject())
}

/// Refuses a list that does not stand there (rule `advance.chain`).
pub(super) fn must_be(one: &AdvanceList, states: &[ListState]) -> Result<(), DeskError> {
    if states.contains(&one.state) { Ok(()) } else { Err(DeskError::AdvanceState { state: one.state.as_str() }) }
}

/// A list within the reach of an action.
///
/// Errors: denied; there is none, or not for this person.
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<AdvanceList, ActionError> {
    let scope = work.authorise(action)?;
    let key = id.parse().map(AdvanceListId).map_err(|_| DeskError::NoAdvanceList)?;
    let found = store::find(&mut work.tx, key).await?;
    let sees = |one: &AdvanceList| {
        (scope.branch == 0 || scope.branch == one.branch.0) && scope.team == 0 && scope.manager == 0
    };
    Ok(found.filter(sees).ok_or(DeskError::NoAdvanceList)?)
}

fn card_of(account: &BankAccount) -> Card {
    Card { account: account.id, holder: account.holder.clone(), masked: account.masked.clone() }
}

/// The cards from which these customers repay now.
pub(super) async fn cards(
    work: &mut Work,
    customers: &[CustomerId],
) -> Result<BTreeMap<CustomerId, Card>, ActionError> {
    let found = accounts::repaying(&mut work.tx, customers).await?;
    Ok(found.iter().map(|(customer, account)| (*customer, card_of(account))).collect())
}

/// Draws the list of a month that is over (rule `advance.draw`, rule `advance.once`): of the own branch, every instalment
/// that fell due in it and is unpaid, less what was advanced before. A borrower without a card stands in the way, by number. Its
/// duty is done by it.
///
/// Errors: denied; no month that is over; the month has a list; nothing is unpaid; more rows than a list holds; no card.
pub async fn draw(work: &mut Work, month: &str) -> Result<AdvanceListId, ActionError> {
    let scope = work.authorise(DRAW)?;
    // A list is of a branch and of no single person.
    if scope.team != 0 || scope.manager != 0 {
        return Err(Denied { action: DRAW.to_owned() }.into());
    }
    let branch = if scope.branch == 0 { work.actor.branch } else { BranchId(scope.branch) };
    let today = work.business_date;
    let days = rules::month(month, today)?;
    let month = rules::month_of(days.0);
    if let Some(known) = store::of_month(&mut work.tx, branch, &month).await? {
        let (number, state) = (known.number, known.state.as_str());
        return Err(DeskError::AdvanceMonthClosed { month, number, state }.into());
    }
    let found = store::candidates(&mut work.tx, branch, days).await?;
    if found.is_empty() {
        return Err(DeskError::AdvanceNothing { month }.into());
    }
    if found.len() > usize::try_from(store::MOST_ROWS).unwrap_or(usize::MAX) {
        return Err(DeskError::AdvanceTooMany { month, most: store::MOST_ROWS }.into());
    }
    let rows = with_cards(work, found).await?;
    let id = AdvanceListId(work.next_id());
    let one = AdvanceList {
        id,
        number: numbering::next(work, "advance_list", HOUSE, id.0).await?,
        month,
        branch,
        state: ListState::Drawn,
        made_by: UserId(work.actor.recorded_by()),
        checked_by: None,
        checked_on: None,
        approval: None,
        signed_on: None,
        paid_by: None,
        paid_on: None,
        payment_ref: None,
        note: String::new(),
        drawn_on: today,
        version: 1,
    };
    store::insert(work, &one).await?;
    store::insert_rows(work, id, &rows).await?;
    let total = Fen::checked_sum(rows.iter().map(|(row, _)| row.due)).unwrap_or_default();
    let after = json!({"number": one.number, "month": one.month, "rows": rows.len(), "amount": total});
    work.audit(entry(&one, "advance.draw").after(after)).await?;
    let evidence = Evidence { kind: "advance_list", fact: one.subject(), settles: true };
    duty::close_by(work, HOUSE, &duty_subject(branch, &one.month), &evidence).await?;
    Ok(id)
}

/// Each candidate with the card from which its borrower repays.
async fn with_cards(work: &mut Work, found: Vec<Candidate>) -> Result<Vec<(Candidate, Card)>, ActionError> {
    let who: Vec<CustomerId> = found.iter().map(|one| one.key.customer).collect();
    let cards = cards(work, &who).await?;
    let mut rows = Vec::with_capacity(found.len());
    for one in found {
        match cards.get(&one.key.customer) {
            Some(card) => rows.push((one, card.clone())),
            None => {
                let file = crate::loan::store::load_file(&mut work.tx, one.key).await?;
                let number = file.map_or_else(|| one.key.loan.to_string(), |file| file.loan.number);
                return Err(DeskError::NoCard { number }.into());
            }
        }
    }
    Ok(rows)
}

/// Changes a row of a list that was not checked yet, and takes card, name and date from the customer's file and the ledger
/// anew; an amount of nothing takes it off (rule `advance.within-due`, rule `advance.draw`). Only who drew a list changes
/// it: else somebody could check what he put there (rule `advance.segregation`).
///
/// Errors: not within scope; checked already; somebody else's list; no such row; more than is due; no reason.
pub async fn change_row(
    work: &mut Work,
    id: &str,
    row: &str,
    amount: Fen,
    reason: &str,
) -> Result<AdvanceListId, ActionError> {
    let mut one = seen(work, id, DRAW).await?;
    must_be(&one, &[ListState::Drawn])?;
    if work.actor.recorded_by() != one.made_by.0 {
        return Err(DeskError::AdvanceNotOwn.into());
    }
    if let Some(wrong) = check_words("reason", reason, true) {
        return Err(DeskError::Form(vec![wrong]).into());
    }
    if amount.0 < 0 {
        let wrong = FieldError::new("amount", "amount-not-positive").with("amount", amount);
        return Err(DeskError::Form(vec![wrong]).into());
    }
    let wanted = row.parse().map(AdvanceId).map_err(|_| DeskError::NoAdvanceList)?;
    let rows = store::rows(&mut work.tx, one.id).await?;
    let mut found = rows.into_iter().find(|row| row.id == wanted).ok_or(DeskError::NoAdvanceList)?;
    let before = json!({"loan": found.number, "amount": found.amount, "state": found.state.as_str()});
    reason.trim().clone_into(&mut found.note);
    if amount.is_zero() {
        found.state = RowState::TakenOff;
    } else {
        rules::within_due(&found, amount)?;
        let number = found.number.clone();
        let fresh = cards(work, &[found.key.customer]).await?.remove(&found.key.customer);
        found.card = fresh.ok_or(DeskError::NoCard { number })?;
        found.due_on = found.due_on_now.unwrap_or(found.due_on);
        found.amount = amount;
        found.state = RowState::Listed;
    }
    store::update_row(&mut work.tx, &found, None).await?;
    // Whoever has the list open is told that it changed.
    store::update(&mut work.tx, &mut one).await?;
    let after = json!({"loan": found.number, "amount": amount, "state": found.state.as_str()});
    let entry = Entry::new(Some(found.key.customer), "advance.change", one.subject());
    work.audit(entry.before(before).after(after).reason(reason.trim())).await?;
    Ok(one.id)
}

/// The rows that stand on a list, each as it is in the ledger and in the customer's file now (rule `advance.check`).
///
/// Errors: the first that differs; a list without a row.
pub(super) async fn compared(work: &mut Work, one: &AdvanceList) -> Result<Vec<Advance>, ActionError> {
    let mut rows = store::rows(&mut work.tx, one.id).await?;
    rows.retain(|row| row.state == RowState::Listed);
    if rows.is_empty() {
        return Err(DeskError::AdvanceNothing { month: one.month.clone() }.into());
    }
    let who: Vec<CustomerId> = rows.iter().map(|row| row.key.customer).collect();
    let cards = cards(work, &who).await?;
    for row in &rows {
        rules::compare(row, cards.get(&row.key.customer))?;
    }
    Ok(rows)
}

/// A colleague compares amount, card, name and date of every row (rule `advance.check`, rule `advance.segregation`; X-02).
///
/// Errors: not within scope; checked already; one's own list; a row differs.
pub async fn check(work: &mut Work, id: &str) -> Result<AdvanceListId, ActionError> {
    let mut one = seen(work, id, CHECK).await?;
    must_be(&one, &[ListState::Drawn])?;
    if !work.actor.is_second_to(one.made_by.0)? {
        return Err(DeskError::AdvanceSamePerson.into());
    }
    let rows = compared(work, &one).await?;
    one.state = ListState::Checked;
    one.checked_by = Some(UserId(work.actor.recorded_by()));
    one.checked_on = Some(work.business_date);
    store::update(&mut work.tx, &mut one).await?;
    let total = rules::total(&rows, RowState::Listed);
    let after = json!({"number": one.number, "rows": rows.len(), "amount": total});
    work.audit(entry(&one, "advance.check").after(after)).await?;
    Ok(one.id)
}

/// Gives up a list that is not with the heads and was not paid, with a reason: its month can be drawn anew and is asked for
/// again while something is unpaid, and nobody is asked to pay it any more.
///
/// Errors: not within scope; with the heads; paid; no reason.
pub async fn give_up(work: &mut Work, id: &str, reason: &str) -> Result<AdvanceListId, ActionError> {
    let mut one = seen(work, id, DRAW).await?;
    must_be(&one, &DROPPED)?;
    if let Some(wrong) = check_words("reason", reason, true) {
        return Err(DeskError::Form(vec![wrong]).into());
    }
    duty::cancel(work, HOUSE, &one.subject(), reason.trim()).await?;
    one.state = ListState::Dropped;
    reason.trim().clone_into(&mut one.note);
    store::update(&mut work.tx, &mut one).await?;
    let after = json!({"number": one.number});
    work.audit(entry(&one, "advance.drop").after(after).reason(reason.trim())).await?;
    step::ask_again(work, &one).await?;
    Ok(one.id)
}
