//! The cashier pays a signed list.

use platform::approval::store as approvals;
use platform::duty::{self, Evidence};
use platform::error::ActionError;
use platform::event::Event;
use platform::id::{CustomerId, UserId};
use platform::work::Work;
use serde_json::json;

use super::actions::{cards, entry, must_be, seen};
use super::approval::signers;
use super::model::{Advance, AdvanceList, AdvanceListId, ListState, RowState};
use super::{HOUSE, PAY, rules, store};
use crate::desk::check_words;
use crate::desk::error::DeskError;
use crate::loan::actions::BULK_LOANS;
use crate::loan::model::LoanKey;
use crate::loan::store::fence;

/// Refuses everybody who did another step of the list (rule `advance.segregation`): who drew it, who asked for the
/// signatures, checker, heads.
async fn refuse_others(work: &mut Work, one: &AdvanceList) -> Result<(), ActionError> {
    let mut others = vec![one.made_by.0];
    others.extend(one.checked_by.map(|user| user.0));
    if let Some(approval) = one.approval {
        others.extend(signers(work, approval).await?);
        others.extend(approvals::load(&mut work.tx, HOUSE, approval).await?.map(|approval| approval.maker));
    }
    for other in others {
        if !work.actor.is_second_to(other)? {
            return Err(DeskError::AdvanceSamePerson.into());
        }
    }
    Ok(())
}

/// Pays a signed list, with the number of the payment (rule `advance.chain`, rule `advance.within-due`): once, by a third
/// person. Where a borrower paid since, so that more would be advanced than is due, the row is left out, if `leave_out`
/// says so; else the list is refused, as it is where card, name or date changed since (rule `advance.check`). Each advance
/// that is paid becomes a debt of its borrower to the house.
///
/// Errors: not within scope; not signed, or paid before; the same person; no number; more than is due; another card or
/// date; nothing left.
pub async fn pay(work: &mut Work, id: &str, payment: &str, leave_out: bool) -> Result<AdvanceListId, ActionError> {
    let mut one = seen(work, id, PAY).await?;
    must_be(&one, &[ListState::Signed])?;
    refuse_others(work, &one).await?;
    if let Some(wrong) = check_words("payment_ref", payment, true) {
        return Err(DeskError::Form(vec![wrong]).into());
    }
    // What is read below is what is paid: no other payment of these loans comes between.
    let mut loans: Vec<LoanKey> = store::rows(&mut work.tx, one.id).await?.iter().map(|row| row.key).collect();
    loans.sort_unstable();
    loans.dedup();
    for some in loans.chunks(BULK_LOANS) {
        fence(&mut work.tx, some).await?;
    }
    let mut rows = store::rows(&mut work.tx, one.id).await?;
    rows.retain(|row| row.state == RowState::Listed);
    let who: Vec<CustomerId> = rows.iter().map(|row| row.key.customer).collect();
    let cards = cards(work, &who).await?;
    for row in &mut rows {
        row.state = match rules::within_due(row, row.amount) {
            Ok(()) => RowState::Paid,
            Err(_) if leave_out => RowState::LeftOut,
            Err(over) => return Err(over.into()),
        };
        if row.state == RowState::Paid {
            rules::compare(row, cards.get(&row.key.customer))?;
        }
    }
    if rows.iter().all(|row| row.state == RowState::LeftOut) {
        return Err(DeskError::AdvanceNothing { month: one.month.clone() }.into());
    }
    for row in &rows {
        let before = (row.state == RowState::Paid).then_some(row.paid_now);
        store::update_row(&mut work.tx, row, before).await?;
    }
    one.state = ListState::Paid;
    one.paid_on = Some(work.business_date);
    one.paid_by = Some(UserId(work.actor.recorded_by()));
    one.payment_ref = Some(payment.trim().to_owned());
    store::update(&mut work.tx, &mut one).await?;
    let total = rules::total(&rows, RowState::Paid);
    let left = rows.iter().filter(|row| row.state == RowState::LeftOut).count();
    let after = json!({
        "number": one.number, "amount": total, "paid": rows.len() - left, "left_out": left, "payment": one.payment_ref,
    });
    work.audit(entry(&one, "advance.pay").after(after)).await?;
    let evidence = Evidence { kind: "advance_payment", fact: one.subject(), settles: true };
    duty::close_by(work, HOUSE, &one.subject(), &evidence).await?;
    tell(work, &one, &rows).await?;
    Ok(one.id)
}

/// Says of each borrower that an instalment was advanced.
async fn tell(work: &mut Work, one: &AdvanceList, rows: &[Advance]) -> Result<(), ActionError> {
    for row in rows.iter().filter(|row| row.state == RowState::Paid) {
        let event = Event {
            kind: "advance_paid",
            customer: row.key.customer,
            subject: row.key.subject(),
            effective_on: work.business_date,
            payload: json!({"list": one.number, "loan": row.key.loan, "instalment": row.no, "amount": row.amount}),
        };
        work.emit(event).await?;
    }
    Ok(())
}
