//! What follows from a position: which grade, when somebody must look again, what it owes on a later day. Pure.

use std::collections::BTreeMap;

use finance::{Exact, Fen, Head, Position};
use jiff::civil::Date;
use policy::{Edition, EvalError, FactType, Pack, ParameterError, Value};

use super::model::{Accruals, Grade, GradeTable, LoanPosition};

/// Days overdue up to which the policy is asked day by day; no pack may change its mind later.
const GRADED_DAYS: i64 = 1_830;
/// What a class is called where no rule by days is in force (before 2023-07-01: people judge).
pub const UNCLASSIFIED: &str = "unclassified";

/// The days on which something must look at a loan although no money moves (关注日):
/// they come from the policy in force, never from code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edges {
    /// Days overdue at which a bucket, a class or a duty begins, rising.
    pub overdue_days: Vec<u32>,
    /// Days before a due date on which somebody reminds (提醒提前量, S1-35).
    pub reminder_leads: Vec<u32>,
    /// Days before maturity on which a notice is due (到期提示提前量, S2.2-02).
    pub maturity_leads: Vec<u32>,
}

/// Bucket (rule `position.bucket`, S4-07) and class (rule `position.class`, S5.4-02) by days overdue,
/// as the policy in force decides them.
pub fn grades(edition: &Edition) -> Result<GradeTable, EvalError> {
    let days = (0..=GRADED_DAYS).map(|day| {
        let facts = BTreeMap::from([("overdue_days".to_owned(), Value::Integer(day))]);
        let bucket = outcome(edition, "overdue_bucket", &facts)?;
        let class = match outcome(edition, "asset_class", &facts) {
            Err(EvalError::NoRule { .. }) => UNCLASSIFIED.to_owned(),
            other => other?,
        };
        Ok(Grade { bucket, class })
    });
    Ok(GradeTable::from_days(days.collect::<Result<Vec<_>, EvalError>>()?))
}

/// The classes that the policy knows, from the mildest to the gravest.
pub fn classes(pack: &Pack) -> Vec<String> {
    match pack.dictionary().get("asset_class").map(|fact| &fact.kind) {
        Some(FactType::OneOf { values, .. }) => values.clone(),
        _ => Vec::new(),
    }
}

/// Whether a class is worse than another; one that the policy does not know is worse than none.
pub fn is_worse(classes: &[String], one: &str, other: &str) -> bool {
    let place = |class: &str| classes.iter().position(|known| known == class);
    place(one) > place(other)
}

/// The first output of a decision as text.
fn outcome(edition: &Edition, decision: &str, facts: &policy::Facts) -> Result<String, EvalError> {
    let decision = edition.decision(decision)?;
    let hit = decision.hit(&decision.values(facts))?;
    Ok(decision.outcome(&hit, 0).map(Value::to_text).unwrap_or_default())
}

/// The days on which somebody must look (rule `position.next-event`): where a grade begins, the first day
/// overdue, and the reminder leads of the policy.
pub fn edges(grades: &GradeTable, edition: &Edition) -> Result<Edges, ParameterError> {
    let mut overdue_days: Vec<u32> = grades.edges().chain([1]).collect();
    overdue_days.sort_unstable();
    overdue_days.dedup();
    let leads = |name: &str| -> Result<Vec<u32>, ParameterError> {
        Ok(edition.integers(name)?.into_iter().filter_map(|lead| u32::try_from(lead).ok()).collect())
    };
    let (reminder_leads, maturity_leads) = (leads("repayment_reminder_days")?, leads("maturity_notice_days")?);
    Ok(Edges { overdue_days, reminder_leads, maturity_leads })
}

/// The next date on which somebody must look at a loan (rule `position.next-event`): what the engine names, and
/// the notice of its maturity.
pub fn next_event_on(position: &Position, edges: &Edges) -> Option<Date> {
    let by_itself = position.next_event_on(&edges.overdue_days, &edges.reminder_leads)?;
    let notices =
        edges.maturity_leads.iter().filter_map(|lead| finance::add_days(position.maturity_on, -i64::from(*lead)));
    notices.filter(|on| *on > position.as_of).chain([by_itself]).min()
}

/// Penalty and compound interest of a kept position on a later date before its next event
/// (rule `position.growth`): what was owed, plus what each instalment has grown by, rounded as the engine rounds.
pub fn grown(position: &LoanPosition, on: Date) -> (Fen, Fen) {
    let grow = |head: Head, base: Fen| {
        let then = rounded(&position.accruals, head, position.as_of);
        let now = rounded(&position.accruals, head, on);
        now.checked_sub(then).and_then(|more| base.checked_add(more)).unwrap_or(base)
    };
    (grow(Head::Penalty, position.penalty), grow(Head::Compound, position.compound))
}

/// The sum over the instalments of what their lines come to on a date; each instalment is rounded once.
fn rounded(accruals: &Accruals, head: Head, on: Date) -> Fen {
    let mut by_instalment: BTreeMap<u32, Exact> = BTreeMap::new();
    for line in accruals.lines.iter().filter(|line| line.head == head) {
        let sum = by_instalment.entry(line.instalment).or_insert(Exact::ZERO);
        if let Some(more) = line.amount_on(on).and_then(|amount| sum.checked_add(amount)) {
            *sum = more;
        }
    }
    let amounts = by_instalment.into_values().filter_map(|exact| exact.round(accruals.rounding));
    Fen::checked_sum(amounts).unwrap_or_default()
}
