//! What is measured of a project for its report (S3-13, S3-20, S3-21): warnings on every time that anything became overdue,
//! service by the complaints, who was monitored first, the exposure of classes, the analysis.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use platform::db::{Conditions, StoreError};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::lending::{self, Lending};
use platform::policies::{InForce, decision};
use platform::work::Work;

use super::measured::Measured;
use super::model::{Item, Project, Share};
use super::rules::{self, Axis};
use super::{analysis, exposure};
use crate::lead::policy::known_number;
use crate::standing::rules::{Moved, moved};

/// Customers of one statement.
const AT_ONCE: usize = 400;

/// Where the customers stand now, by axis.
type Outcomes = BTreeMap<CustomerId, BTreeMap<String, String>>;

/// What was measured: warnings that came in time, false alarms, and everything else.
pub(super) struct Counted {
    /// Times overdue with a warning before.
    pub warned: Share,
    /// Warnings after which nothing was overdue.
    pub false_alarms: Share,
    /// Everything else.
    pub measured: Measured,
}

/// Measures a project as it stands today.
pub(super) async fn of(
    work: &mut Work,
    project: &Project,
    (policy, axes): (&InForce, &[Axis]),
    (all, now): (&[Item], &Outcomes),
) -> Result<Counted, ActionError> {
    let today = work.business_date;
    let ids: Vec<CustomerId> = all.iter().map(|item| item.customer).collect();
    let period = period(policy, today)?;
    let told = lending::of(work, &ids, period.unwrap_or((today, today))).await?;
    let counts = known_number(policy, today, "sorting_warning_months")?;
    let (warned, false_alarms) = match period.zip(counts) {
        Some((period, months)) => effect(work, (policy, axes), &ids, (&told, period, months)).await?,
        None => (Share::default(), Share::default()),
    };
    let exposure = exposure::of_customers(work, &ids, &told).await?;
    let points = exposure::points((axes, all), &exposure, &told, today);
    let kept = exposure::of_project(&mut work.tx, project.id).await?;
    let classes = exposure::classes((policy, today), axes, (&exposure::first(&kept), &points))?;
    let served = match period {
        Some(period) => served(work, &ids, period).await?,
        None => Share::default(),
    };
    let analysis = analysis::of(work, (policy, axes), (all, now), &exposure).await?;
    let measured = Measured { period, served, key_first: rules::key_first(all), classes, analysis };
    Ok(Counted { warned, false_alarms, measured })
}

/// The days over which is measured; nothing where the rules in force were drawn up before they said it.
fn period(policy: &InForce, today: Date) -> Result<Option<(Date, Date)>, ActionError> {
    let months = known_number(policy, today, "sorting_measure_months")?;
    let span = months.and_then(|months| jiff::Span::new().try_months(months).ok());
    Ok(span.and_then(|span| today.checked_sub(span).ok()).map(|from| (from, today)))
}

/// How many times something became overdue with a warning before, and how many warnings nothing followed (rule
/// `sorting.warnings`).
async fn effect(
    work: &mut Work,
    (policy, axes): (&InForce, &[Axis]),
    ids: &[CustomerId],
    (told, period, months): (&BTreeMap<CustomerId, Lending>, (Date, Date), i64),
) -> Result<(Share, Share), ActionError> {
    let warnings = warnings(work, (policy, axes), ids, period.1).await?;
    let none = BTreeSet::new();
    let (mut warned, mut alarms) = (Share::default(), Share::default());
    // Of whom nobody tells whether anything is overdue, no warning is judged.
    for (customer, lending) in told {
        let given = warnings.get(customer).unwrap_or(&none);
        let (before, false_alarms) = rules::warned(&lending.overdue, given, period, months);
        for (sum, more) in [(&mut warned, before), (&mut alarms, false_alarms)] {
            sum.part += more.part;
            sum.whole += more.whole;
        }
    }
    Ok((warned, alarms))
}

/// On which days each customer was warned of: put on a watch list, or moved to a worse outcome of these axes.
async fn warnings(
    work: &mut Work,
    (policy, axes): (&InForce, &[Axis]),
    ids: &[CustomerId],
    until: Date,
) -> Result<BTreeMap<CustomerId, BTreeSet<Date>>, ActionError> {
    let mut found: BTreeMap<CustomerId, BTreeSet<Date>> = BTreeMap::new();
    for some in ids.chunks(AT_ONCE) {
        let mut w = Conditions::new();
        w.one_of("customer_id", some).and("from_on <= ?", [&until]);
        for row in work.tx.fetch_all(w.select("select customer_id, from_on from watch_entry", ""), w.args()).await? {
            found.entry(row.get("customer_id")?).or_default().insert(row.get("from_on")?);
        }
    }
    let names: Vec<String> = axes.iter().map(|axis| axis.decision.clone()).collect();
    let answers = decision::answers(&mut work.tx, ids, &names, until).await?;
    for pair in answers.windows(2) {
        let [before, after] = pair else { continue };
        if (before.customer, &before.axis) != (after.customer, &after.axis) {
            continue;
        }
        let Some(axis) = axes.iter().find(|axis| axis.decision == after.axis) else { continue };
        if moved(policy.pack(), &axis.output, &before.outcome, &after.outcome) == Moved::Worse {
            found.entry(after.customer).or_default().insert(after.effective_on);
        }
    }
    Ok(found)
}

/// The complaints of these customers within a period that were answered in time, of those whose time is over or that were
/// answered (rule `sorting.served`).
async fn served(work: &mut Work, ids: &[CustomerId], (from, to): (Date, Date)) -> Result<Share, StoreError> {
    let mut sum = Share::default();
    for some in ids.chunks(AT_ONCE) {
        let mut w = Conditions::new();
        w.one_of("customer_id", some).and("received_on >= ? and received_on <= ?", [&from, &to]);
        let head = "select due_on, answered_on from complaint_now_view";
        for row in work.tx.fetch_all(w.select(head, ""), w.args()).await? {
            let (due_on, answered): (Date, Option<Date>) = (row.get("due_on")?, row.get("answered_on")?);
            if let Some(in_time) = rules::in_time(due_on, answered, to) {
                sum.whole += 1;
                sum.part += i64::from(in_time);
            }
        }
    }
    Ok(sum)
}
