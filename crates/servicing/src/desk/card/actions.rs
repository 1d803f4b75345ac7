//! The use case of a card check.

use customers::bank_account::store as accounts;
use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::ActionError;
use platform::work::Work;
use serde_json::json;

use super::model::{CardCheck, CardCheckId, CardResult};
use super::store;
use crate::desk::error::DeskError;
use crate::desk::{RECORD, check_words};
use crate::loan::actions::load_within;
use crate::loan::model::LoanKey;

/// Records what the bank said of the card of a loan with something due (rule `card.check`): the card from which the
/// borrower repays, the amount due, the result. A second look is a second fact. The duty of the day is done by it.
///
/// Errors: not within scope; nothing is due; no card in the customer's file; too many words.
pub async fn record(work: &mut Work, key: LoanKey, result: CardResult, note: &str) -> Result<CardCheckId, ActionError> {
    let file = load_within(work, key, RECORD).await?;
    let number = file.loan.number;
    if let Some(wrong) = check_words("note", note, false) {
        return Err(DeskError::Form(vec![wrong]).into());
    }
    let today = work.business_date;
    let amount = store::due(&mut work.tx, key, today).await?;
    if !amount.is_positive() {
        return Err(DeskError::NothingDue { number }.into());
    }
    let mut cards = accounts::repaying(&mut work.tx, &[key.customer]).await?;
    let Some(card) = cards.remove(&key.customer) else { return Err(DeskError::NoCard { number }.into()) };
    let one = CardCheck {
        key,
        id: CardCheckId(work.next_id()),
        account: card.id,
        card_masked: card.masked,
        amount,
        result,
        note: note.trim().to_owned(),
    };
    store::insert(work, &one).await?;
    let after = json!({"check": one.subject(), "loan": number, "amount": amount, "result": result.as_str()});
    work.audit(Entry::new(Some(key.customer), "card.check", key.subject()).after(after)).await?;
    let evidence = Evidence { kind: "card_check", fact: one.subject(), settles: false };
    duty::close_by(work, key.customer, &key.subject(), &evidence).await?;
    Ok(one.id)
}
