//! What follows from a position: when it changes by itself next, and what it owes on a later day. Pure.

use finance::{AccrualLine, Fen, Head, Position, Status};
use jiff::civil::Date;

use super::model::LoanPosition;

/// The days on which something must look at a loan although no money moves (关注日):
/// they come from the policy in force, never from code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edges {
    /// Days overdue at which a bucket, a class or a duty begins, rising.
    pub overdue_days: Vec<u32>,
    /// Days before a due date on which somebody reminds (提醒提前量).
    pub reminder_leads: Vec<u32>,
}

/// The next date after the position's own on which anything changes by itself (rule `position.next-event`).
///
/// The close of a day takes only the loans whose date has come, so this must never be too late;
/// too early costs one look.
pub fn next_event_on(position: &Position, edges: &Edges) -> Option<Date> {
    if position.status == Status::Settled {
        return None;
    }
    let after = position.as_of;
    let overdue = position.oldest_unpaid_due_on.and_then(|due| {
        edges.overdue_days.iter().filter_map(|&days| finance::add_days(due, i64::from(days))).find(|on| *on > after)
    });
    let reminders = position
        .instalments
        .iter()
        .filter(|i| i.cleared_on.is_none() && i.due_on > after)
        .take(2)
        .flat_map(|i| edges.reminder_leads.iter().filter_map(move |&lead| finance::add_days(i.due_on, -i64::from(lead))))
        .filter(|on| *on > after)
        .min();
    [position.next_change_on, overdue, reminders].into_iter().flatten().min()
}

/// Penalty and compound interest of a kept position on a later date before its next event:
/// what was owed, plus what each line has grown by, rounded as the engine rounds.
pub fn grown(position: &LoanPosition, on: Date) -> (Fen, Fen) {
    let grow = |head: Head, base: Fen| {
        let then = rounded(&position.accruals, head, position.as_of);
        let now = rounded(&position.accruals, head, on);
        now.checked_sub(then).and_then(|more| base.checked_add(more)).unwrap_or(base)
    };
    (grow(Head::Penalty, position.penalty), grow(Head::Compound, position.compound))
}

/// The sum over the instalments of what their lines come to on a date; each instalment is rounded once.
fn rounded(lines: &[AccrualLine], head: Head, on: Date) -> Fen {
    let mut numbers: Vec<u32> = lines.iter().filter(|l| l.head == head).map(|l| l.instalment).collect();
    numbers.dedup();
    numbers
        .into_iter()
        .filter_map(|no| finance::accrued_on(lines.iter().filter(|l| l.head == head && l.instalment == no), on))
        .fold(Fen::ZERO, |sum, amount| sum.checked_add(amount).unwrap_or(sum))
}
