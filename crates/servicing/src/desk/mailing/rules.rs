//! Which step may follow which. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use super::model::Step;

/// Whether a step may follow the latest one (rule `mailing.order`): a schedule may be printed anew at any time, what is in
/// its envelope or came back is handed over, what was handed over is sent or comes back, and what was sent may come back from
/// the post.
pub(super) fn may_follow(latest: Option<Step>, step: Step) -> bool {
    match step {
        Step::Printed => true,
        Step::Handed => matches!(latest, Some(Step::Printed | Step::Returned)),
        Step::Sent => latest == Some(Step::Handed),
        Step::Returned => matches!(latest, Some(Step::Handed | Step::Sent)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Rule mailing.order
    #[test]
    fn a_schedule_is_printed_handed_over_and_sent_in_this_order() {
        assert!(may_follow(None, Step::Printed) && !may_follow(None, Step::Handed) && !may_follow(None, Step::Sent));
        assert!(may_follow(Some(Step::Printed), Step::Handed) && !may_follow(Some(Step::Printed), Step::Sent));
        assert!(may_follow(Some(Step::Handed), Step::Sent) && may_follow(Some(Step::Handed), Step::Returned));
        assert!(may_follow(Some(Step::Returned), Step::Handed) && !may_follow(Some(Step::Returned), Step::Sent));
        assert!(!may_follow(Some(Step::Sent), Step::Sent) && !may_follow(Some(Step::Sent), Step::Handed));
        assert!(may_follow(Some(Step::Sent), Step::Returned), "the post brings it back");
        for latest in Step::ALL {
            assert!(may_follow(Some(*latest), Step::Printed), "another schedule after a change");
        }
    }
}
