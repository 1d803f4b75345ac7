//! When an evaluation is made again (重评), and the duty for it.

use jiff::civil::Date;
use platform::duty::{self, DutyKind, Evidence};
use platform::error::ActionError;
use platform::work::Work;

use super::model::Evaluation;
use super::store;
use crate::customer::duty::open_once;
use crate::customer::model::Customer;
use crate::merge;

/// The trigger of the duty rules.
const DUE: &str = "customer.evaluation";
/// What closes the duty.
const EVIDENCE: &str = "evaluation";
/// The duty to evaluate a customer again: its form is the tab with the evaluations.
pub(crate) const DUTY: DutyKind = DutyKind {
    kind: "evaluation_review",
    verb: "evaluation-review-verb",
    form: "/customers/{customer}?tab=evaluations",
};

/// Opens the duty where the day has come; else says on which day something of the evaluations ends: the review, or a grade
/// set by hand (rule `evaluation.review`).
pub(crate) async fn wake(work: &mut Work, customer: &Customer, on: Date) -> Result<Option<Date>, ActionError> {
    let counting = united(work, customer).await?;
    if counting.iter().filter_map(|one| one.review_on).any(|day| day <= on) {
        open_once(work, customer, (DUE, &DUTY), on).await?;
    }
    let ends = |one: &Evaluation| [one.review_on, one.set_by_hand(on).and_then(|hand| hand.until.tomorrow().ok())];
    Ok(counting.iter().flat_map(ends).flatten().filter(|day| *day > on).min())
}

/// The evaluations that count: the file's own, and by a scorecard that it has none of, those of files merged into it.
pub(crate) async fn united(work: &mut Work, customer: &Customer) -> Result<Vec<Evaluation>, ActionError> {
    let mut counting: Vec<Evaluation> = Vec::new();
    for file in merge::united(&mut work.tx, customer.id).await? {
        for one in store::counting(&mut work.tx, file).await? {
            if file == customer.id || counting.iter().all(|known| known.scorecard != one.scorecard) {
                counting.push(one);
            }
        }
    }
    Ok(counting)
}

/// An approved evaluation is the evidence that closes the duty.
pub(super) async fn done(work: &mut Work, customer: &Customer, one: &Evaluation) -> Result<(), ActionError> {
    let evidence = Evidence { kind: EVIDENCE, fact: one.subject(), settles: false };
    duty::close_by(work, customer.id, &customer.subject(), &evidence).await.map(drop)
}
