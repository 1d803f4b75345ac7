//! A demand that arrived interrupts the limitation (时效中断).

use jiff::civil::Date;
use platform::error::ActionError;
use platform::locale::{Lang, Locale};
use platform::work::Work;
use servicing::loan::store as loans;

use super::model::{DebtorMessage, MessageKind};
use crate::limitation::actions as limitation;
use crate::limitation::model::{EventKind, NewEvent};

/// Notes for the clocks that the message arrived on a day; only one that asks for what is overdue is a demand.
///
/// Rule `message.interrupts`. Source: Civil Code Art. 195; 法释 on limitation (2020) Art. 8: a demand by data message
/// interrupts when it arrived or should have.
///
/// # Errors
/// The store's.
pub(super) async fn arrived(work: &mut Work, one: &DebtorMessage, on: Date) -> Result<(), ActionError> {
    match one.kind {
        MessageKind::EarlyReminder => {}
        MessageKind::RepaymentReminder | MessageKind::PromiseConfirmation => return Ok(()),
    }
    let Some(file) = loans::load_file(&mut work.tx, one.loan).await? else { return Ok(()) };
    let event = NewEvent {
        guarantee: None,
        kind: EventKind::MessageArrived,
        // The clocks count business days; a receipt may be dated by a clock that runs ahead of them.
        on: on.min(work.business_date),
        ended_on: None,
        signer: None,
        missing: false,
        agrees: false,
        evidence: evidence(work, one),
        void: false,
        corrects: None,
        reason: None,
    };
    limitation::record_of(work, file, &event).await.map(drop)
}

/// What proves it, in the language of the file.
fn evidence(work: &Work, one: &DebtorMessage) -> String {
    let locale = Locale::new(std::sync::Arc::clone(&work.app.catalogue), Lang::ZhCn);
    let how = if one.receipt.is_some() { "message-proved-by-receipt" } else { "message-proved-by-person" };
    let channel = locale.t(format!("channel-{}", one.channel.as_str()));
    locale.tn(how, &[("channel", channel), ("id", one.id.to_string())])
}
