//! Where a message stands after an attempt, a receipt, a word. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use platform::outbox;

use super::model::{Decision, MessageState, Receipt};

/// Rule `message.as-of`: what is no longer so when it leaves is not said.
pub const RULE_AS_OF: &str = "message.as-of";
/// Rule `message.one-waiting`: of one kind about one loan, one message waits at a time.
pub const RULE_ONE_WAITING: &str = "message.one-waiting";
/// Rule `message.decided-by-people`: a message that failed, or of which nobody knows, is settled by a person with a reason.
pub const RULE_DECIDED: &str = "message.decided-by-people";

/// Where a message stands by where the outbox has it, and by the receipt that came before.
#[must_use]
pub fn after_attempt(outbox: outbox::MessageState, receipt: Option<Receipt>) -> MessageState {
    let state = match outbox {
        outbox::MessageState::Waiting => return MessageState::Waiting,
        outbox::MessageState::Dropped => return MessageState::Withdrawn,
        outbox::MessageState::Sent => MessageState::Sent,
        outbox::MessageState::Unknown => MessageState::Unknown,
        outbox::MessageState::Dead => MessageState::Failed,
    };
    receipt.map_or(state, |receipt| after_receipt(state, receipt))
}

/// Where a message stands after a receipt. What arrived stays so: a later or repeated receipt takes nothing back.
///
/// Rule `message.receipts`.
#[must_use]
pub fn after_receipt(state: MessageState, receipt: Receipt) -> MessageState {
    use MessageState::{Delivered, Failed, Sent, Unknown, Waiting, Withdrawn};
    match (state, receipt) {
        (Sent | Unknown | Failed, Receipt::Delivered) => Delivered,
        (Sent | Unknown, Receipt::Failed) => Failed,
        (Waiting | Delivered | Withdrawn, _) | (Failed, Receipt::Failed) => state,
    }
}

/// Of two receipts the one that holds.
#[must_use]
pub fn stronger(known: Option<Receipt>, new: Receipt) -> Receipt {
    match known {
        Some(Receipt::Delivered) => Receipt::Delivered,
        Some(Receipt::Failed) | None => new,
    }
}

/// What a person may say of a message that nobody decided on yet. One of which a receipt came is on its way already.
#[must_use]
pub fn decisions(state: MessageState, receipt: Option<Receipt>) -> &'static [Decision] {
    match state {
        MessageState::Waiting if receipt.is_some() => &[],
        MessageState::Waiting => &[Decision::Withdraw],
        MessageState::Unknown => &[Decision::Again, Decision::Arrived, Decision::Lost],
        MessageState::Failed => &[Decision::Again, Decision::Lost],
        MessageState::Sent | MessageState::Delivered | MessageState::Withdrawn => &[],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // Rule `message.receipts`
    #[test]
    fn each_receipt_on_each_state() {
        use MessageState::{Delivered, Failed, Sent, Unknown, Waiting, Withdrawn};
        // state | delivered | failed
        let rows = [
            (Waiting, Waiting, Waiting),
            (Sent, Delivered, Failed),
            (Delivered, Delivered, Delivered),
            (Failed, Delivered, Failed),
            (Unknown, Delivered, Failed),
            (Withdrawn, Withdrawn, Withdrawn),
        ];
        assert_eq!(rows.map(|row| row.0), MessageState::ALL);
        for (state, delivered, failed) in rows {
            assert_eq!(after_receipt(state, Receipt::Delivered), delivered, "{state:?}");
            assert_eq!(after_receipt(state, Receipt::Failed), failed, "{state:?}");
        }
    }

    // Rule `message.decided-by-people`
    #[test]
    fn only_what_failed_or_is_unknown_is_decided_and_only_what_waits_is_withdrawn() {
        for state in MessageState::ALL {
            let open = matches!(state, MessageState::Failed | MessageState::Unknown);
            assert_eq!(decisions(state, None).contains(&Decision::Again), open, "{state:?}");
            let withdrawn = decisions(state, None).contains(&Decision::Withdraw);
            assert_eq!(withdrawn, state == MessageState::Waiting, "{state:?}");
            assert!(!decisions(state, Some(Receipt::Delivered)).contains(&Decision::Withdraw), "{state:?}");
        }
    }

    fn receipts() -> impl Strategy<Value = Vec<Receipt>> {
        proptest::collection::vec(prop_oneof![Just(Receipt::Delivered), Just(Receipt::Failed)], 0..6)
    }

    proptest! {
        // Rule `message.receipts`: whatever comes first, the attempt's end or any of the receipts, the end is the same.
        #[test]
        fn the_order_of_receipts_and_of_the_attempts_end_does_not_matter(all in receipts(), cut in 0_usize..6) {
            for end in [outbox::MessageState::Sent, outbox::MessageState::Unknown] {
                let cut = cut.min(all.len());
                let known = all[..cut].iter().fold(None, |known, one| Some(stronger(known, *one)));
                let state = all[cut..].iter().fold(after_attempt(end, known), |state, one| after_receipt(state, *one));
                let first = all.iter().fold(after_attempt(end, None), |state, one| after_receipt(state, *one));
                prop_assert_eq!(state, first);
                if all.contains(&Receipt::Delivered) {
                    prop_assert_eq!(state, MessageState::Delivered);
                }
            }
        }
    }
}
