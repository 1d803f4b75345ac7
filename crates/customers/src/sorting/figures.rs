//! The figures of a report (S3-13, S3-20, S3-21, S3-30): what was done, how complete, how accurate, what moved. What nobody
//! told stays "no data", never a number.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::access::DataScope;
use platform::db::{StoreError, Tx};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::policies::{self, InForce};
use platform::work::Work;
use policy::{FactType, Facts};

use super::model::{Content, Item, Migration, Project, ProjectId, Share};
use super::rules::{self, Axis};
use super::work::defaulted;
use super::{items, measures, problems, team};
use crate::survey;

/// The outcomes of customers by axis.
type Outcomes = BTreeMap<CustomerId, BTreeMap<String, String>>;
const NOTHING: Share = Share { part: 0, whole: 0 };

/// All figures of a project as they stand today; goals and conclusion are still to be said.
///
/// Rule `sorting.figures`: completeness is filled over required; premium is the first axis of the scheme that knows
/// premium outcomes; satisfaction is the latest survey of the project against the one before it, or, where the project has
/// none, the mean of the periodic answers of its customers since it began against that of the answers before.
///
/// # Errors
/// No rules in force; the store's, and those of the capabilities that tell.
pub(super) async fn figures(work: &mut Work, project: &Project) -> Result<Content, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let axes = rules::axes_of(&policy, today, &project.plan.scheme);
    let all = items::of_project(&mut work.tx, project.id).await?;
    let now = items::outcomes(&mut work.tx, project.id, DataScope::everything()).await?;
    let told = told(work, &all).await?;
    let counted = measures::of(work, project, (&policy, &axes), (&all, &now)).await?;
    let by_state = items::counts(&mut work.tx, project.id, DataScope::everything()).await?;
    let sum = |of: fn(&Item) -> Option<i64>| all.iter().filter_map(of).fold(0_i64, i64::saturating_add);
    Ok(Content {
        items: rules::counts(&by_state),
        completeness: Share { part: sum(|item| item.filled), whole: sum(|item| item.wanted) },
        accuracy: accuracy(&axes, &all, &told),
        warned: counted.warned,
        false_alarms: counted.false_alarms,
        premium_before: premium(&axes, &all, |item, axis| item.before.get(axis)),
        premium_now: premium(&axes, &all, |item, axis| now.get(&item.customer)?.get(axis)),
        satisfaction: satisfaction(work, project, &all).await?,
        problems: problems::counts(&mut work.tx, project.id).await?,
        migrations: axes.iter().map(|axis| migration(&policy, axis, &all, &now, today)).collect(),
        goals: Vec::new(),
        opinion: String::new(),
        measured: counted.measured,
    })
}

/// How satisfied its customers are: by the surveys of the project itself, else by the periodic ones of its customers.
async fn satisfaction(
    work: &mut Work,
    project: &Project,
    all: &[Item],
) -> Result<(Option<i64>, Option<i64>), ActionError> {
    let own = team::satisfaction(&mut work.tx, project).await?;
    if own.1.is_some() {
        return Ok(own);
    }
    let ids: Vec<CustomerId> = all.iter().map(|item| item.customer).collect();
    let began = project.started_on.unwrap_or(work.business_date);
    Ok(survey::store::before_and_since(&mut work.tx, &ids, began).await?)
}

/// What other capabilities tell of each customer today.
async fn told(work: &mut Work, all: &[Item]) -> Result<BTreeMap<CustomerId, Facts>, ActionError> {
    let today = work.business_date;
    let tellers: Vec<_> = work.app.capabilities.iter().flat_map(|one| one.customer_facts()).collect();
    let mut found: BTreeMap<CustomerId, Facts> = BTreeMap::new();
    for item in all {
        for tell in &tellers {
            found.entry(item.customer).or_default().extend(tell(work, item.customer, today).await?);
        }
    }
    Ok(found)
}

/// The grade when the project began against the defaults known today.
fn accuracy(axes: &[Axis], all: &[Item], told: &BTreeMap<CustomerId, Facts>) -> Share {
    let Some(axis) = axes.iter().find(|axis| !axis.risk.is_empty()) else { return NOTHING };
    let judged = all.iter().filter_map(|item| {
        let outcome = item.before.get(&axis.decision).map_or("", String::as_str);
        let known = told.get(&item.customer).and_then(defaulted).or(item.defaulted);
        rules::graded_right(axis, outcome, known)
    });
    judged.fold(NOTHING, |sum, right| Share { part: sum.part + i64::from(right), whole: sum.whole + 1 })
}

fn premium<'a>(axes: &[Axis], all: &'a [Item], outcome: impl Fn(&'a Item, &str) -> Option<&'a String>) -> Share {
    let Some(axis) = axes.iter().find(|axis| !axis.premium.is_empty()) else { return NOTHING };
    let is = |item: &&'a Item| outcome(item, &axis.decision).is_some_and(|found| axis.premium.contains(found));
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Share { part: count(all.iter().filter(is).count()), whole: count(all.len()) }
}

/// From where to where the customers moved on an axis.
pub(super) fn migration(policy: &InForce, axis: &Axis, all: &[Item], now: &Outcomes, on: Date) -> Migration {
    let mut moves: BTreeMap<(String, String), i64> = BTreeMap::new();
    for item in all {
        let before = item.before.get(&axis.decision).cloned().unwrap_or_default();
        let after = now.get(&item.customer).and_then(|axes| axes.get(&axis.decision)).cloned().unwrap_or_default();
        *moves.entry((before, after)).or_default() += 1;
    }
    let mut names: Vec<String> = match policy.pack().dictionary().get(&axis.output).map(|fact| &fact.kind) {
        Some(FactType::OneOf { values, .. }) => values.clone(),
        Some(_) | None => Vec::new(),
    };
    names.push(String::new());
    for (before, after) in moves.keys() {
        for name in [before, after] {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    let title = rules::axis_title(policy, on, &axis.decision);
    let outcomes = names.into_iter().map(|name| {
        let title = rules::both(policy, &axis.output, &name);
        (name, title)
    });
    Migration {
        axis: axis.decision.clone(),
        title,
        outcomes: outcomes.collect(),
        moves: moves.into_iter().map(|((before, after), n)| (before, after, n)).collect(),
    }
}

/// The migration of each axis of a running project within somebody's reach: for its page.
///
/// # Errors
/// No rules in force; the store's.
pub(super) async fn live(
    work: &mut Work,
    project: &Project,
    reach: DataScope,
) -> Result<(Vec<Axis>, Vec<Migration>), ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let axes = rules::axes_of(&policy, today, &project.plan.scheme);
    let all = within_reach(&mut work.tx, project.id, reach).await?;
    let now = items::outcomes(&mut work.tx, project.id, reach).await?;
    let moved = axes.iter().map(|axis| migration(&policy, axis, &all, &now, today)).collect();
    Ok((axes, moved))
}

async fn within_reach(tx: &mut Tx, project: ProjectId, reach: DataScope) -> Result<Vec<Item>, StoreError> {
    let all = items::of_project(tx, project).await?;
    if reach == DataScope::everything() {
        return Ok(all);
    }
    let mut w = crate::customer::store::within(reach);
    w.and("i.project_id = ?", [&project]);
    let head = "select i.customer_id from sorting_item i join customer c on c.customer_id = i.customer_id";
    let rows = tx.fetch_all(w.select(head, ""), w.args()).await?;
    let seen = rows.iter().map(|row| row.get("customer_id"));
    let seen: std::collections::BTreeSet<CustomerId> = seen.collect::<Result<_, _>>()?;
    Ok(all.into_iter().filter(|item| seen.contains(&item.customer)).collect())
}
