//! The exposure of every class of a project (分类敞口, S3-18, S3-21): measured when it begins and every so many months, shown
//! against what its strategy wants, and a duty where it grows though it is to be reduced.

use std::collections::BTreeMap;

use finance::{Fen, Rounding};
use jiff::civil::Date;
use platform::args;
use platform::audit::Entry;
use platform::db::{Row, StoreError, Tx, Value as Stored};
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError, Refused};
use platform::id::{CustomerId, HEAD_OFFICE};
use platform::lending::{self, Lending};
use platform::policies::{self, InForce};
use platform::work::Work;
use policy::Value;
use serde_json::json;

use super::actions::{HOUSE, colleague, seen, wrong_state};
use super::measured::ClassExposure;
use super::model::{Item, Project, ProjectId, ProjectState};
use super::rules::{self, Axis};
use super::work::case_of;
use super::{PLAN, items, store};
use crate::customer::model::CustomerKind;
use crate::evaluation::rules::months_later;
use crate::lead::policy::known_number;
use crate::{guarantee, merge, policy_list};

/// The trigger of the duty to answer for what grew.
const TRIGGER: &str = "sorting.exposure";
/// The kind of that duty, and of its evidence.
const KIND: &str = "sorting_exposure";

/// What a class was measured at (敞口度量).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The axis.
    pub axis: String,
    /// The outcome at the beginning.
    pub outcome: String,
    /// When.
    pub on: Date,
    /// How many customers.
    pub customers: i64,
    /// Loans outstanding and guarantees in force.
    pub exposure: Fen,
    /// All interest that was ever received.
    pub interest: Fen,
    /// What is to be set aside.
    pub provision: Fen,
}

/// A class of an axis.
type Class = (String, String);

/// What each customer owes and is guaranteed for today.
pub(super) async fn of_customers(
    work: &mut Work,
    customers: &[CustomerId],
    told: &BTreeMap<CustomerId, Lending>,
) -> Result<BTreeMap<CustomerId, Fen>, ActionError> {
    let on = work.business_date;
    let files = merge::files_of(&mut work.tx, customers).await?;
    let all: Vec<CustomerId> = files.keys().copied().collect();
    let guaranteed = guarantee::store::guaranteed(&mut work.tx, &all, on).await?;
    let mut found: BTreeMap<CustomerId, Fen> = customers.iter().map(|one| (*one, Fen::ZERO)).collect();
    for (file, amount) in guaranteed {
        if let Some(sum) = files.get(&file).and_then(|root| found.get_mut(root)) {
            *sum = add(*sum, amount);
        }
    }
    for (customer, lending) in told {
        if let Some(sum) = found.get_mut(customer) {
            *sum = add(*sum, lending.outstanding);
        }
    }
    Ok(found)
}

/// A sum that stays at its most.
pub(super) fn add(a: Fen, b: Fen) -> Fen {
    Fen(a.0.saturating_add(b.0))
}

/// The classes of a project as they stand today, by the outcomes at its beginning.
pub(super) fn points(
    (axes, all): (&[Axis], &[Item]),
    exposure: &BTreeMap<CustomerId, Fen>,
    told: &BTreeMap<CustomerId, Lending>,
    on: Date,
) -> Vec<Point> {
    let mut found: BTreeMap<Class, Point> = BTreeMap::new();
    for axis in axes {
        for item in all {
            let outcome = item.before.get(&axis.decision).cloned().unwrap_or_default();
            let class = (axis.decision.clone(), outcome);
            let one = found.entry(class.clone()).or_insert_with(|| Point {
                axis: class.0,
                outcome: class.1,
                on,
                customers: 0,
                exposure: Fen::ZERO,
                interest: Fen::ZERO,
                provision: Fen::ZERO,
            });
            one.customers += 1;
            one.exposure = add(one.exposure, exposure.get(&item.customer).copied().unwrap_or_default());
            if let Some(lending) = told.get(&item.customer) {
                one.interest = add(one.interest, lending.interest);
                one.provision = add(one.provision, lending.provision);
            }
        }
    }
    found.into_values().collect()
}

/// What the exposure of a class is to come down to, in per cent of its beginning, as the policy says (rule
/// `sorting.exposure_target`); a class that is not named is not reduced.
pub(super) fn targets(policy: &InForce, on: Date) -> Result<BTreeMap<Class, i64>, ActionError> {
    let rows = policy_list::rows(policy, on, ("exposure_target", CustomerKind::Company), |row| {
        let text = |name: &str| row.value(name).and_then(Value::as_text).map(str::to_owned);
        let class = (text("target_axis")?, text("target_outcome")?);
        Some((class, row.value("target_percent")?.as_integer()?))
    })?;
    Ok(rows.into_iter().collect())
}

/// A share of an amount in whole per cent.
fn share(amount: Fen, percent: i64) -> Fen {
    amount.share_ppm(percent.saturating_mul(10_000), Rounding::HalfUp).unwrap_or(amount)
}

/// The classes as a report says them: at the beginning, now, and what they are to come down to.
pub(super) fn classes(
    (policy, on): (&InForce, Date),
    axes: &[Axis],
    (first, now): (&[Point], &[Point]),
) -> Result<Vec<ClassExposure>, ActionError> {
    let targets = targets(policy, on)?;
    let class = |point: &Point| {
        let axis = axes.iter().find(|axis| axis.decision == point.axis)?;
        let start = first.iter().find(|one| one.axis == point.axis && one.outcome == point.outcome);
        let percent = targets.get(&(point.axis.clone(), point.outcome.clone()));
        let since = start.map_or(point.interest, |start| start.interest);
        Some(ClassExposure {
            axis: point.axis.clone(),
            axis_title: rules::axis_title(policy, on, &point.axis),
            outcome: point.outcome.clone(),
            title: rules::both(policy, &axis.output, &point.outcome),
            customers: point.customers,
            start: start.map(|start| start.exposure),
            now: point.exposure,
            target: start.zip(percent).map(|(start, percent)| share(start.exposure, *percent)),
            interest: Fen(point.interest.0.saturating_sub(since.0)),
            provision: point.provision,
        })
    };
    Ok(now.iter().filter_map(class).collect())
}

fn decode(row: &Row) -> Result<Point, StoreError> {
    Ok(Point {
        axis: row.get("axis")?,
        outcome: row.get("outcome")?,
        on: row.get("as_of")?,
        customers: row.get("customers")?,
        exposure: row.get("exposure_fen")?,
        interest: row.get("interest_fen")?,
        provision: row.get("provision_fen")?,
    })
}

/// All that was measured of a project, in the order of days.
pub async fn of_project(tx: &mut Tx, project: ProjectId) -> Result<Vec<Point>, StoreError> {
    let sql = "select axis, outcome, as_of, customers, exposure_fen, interest_fen, provision_fen from sorting_exposure \
               where project_id = $1 order by as_of, axis, outcome limit 20000";
    tx.fetch_all(sql, args![project]).await?.iter().map(decode).collect()
}

/// What each class was measured at first.
pub(super) fn first(all: &[Point]) -> Vec<Point> {
    let mut found: BTreeMap<(&str, &str), &Point> = BTreeMap::new();
    for one in all {
        found.entry((&one.axis, &one.outcome)).or_insert(one);
    }
    found.into_values().cloned().collect()
}

async fn write(work: &mut Work, project: ProjectId, points: &[Point]) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let row = |one: &Point| -> Vec<Stored> {
        let class = args![work.next_id(), project, one.axis, one.outcome, one.on, one.customers, one.exposure];
        class.into_iter().chain(args![one.interest, one.provision, on, now, by]).collect()
    };
    let rows = points.iter().map(row).collect();
    let head = "insert into sorting_exposure (id, project_id, axis, outcome, as_of, customers, exposure_fen, \
                interest_fen, provision_fen, effective_on, recorded_at, recorded_by)";
    work.tx.write_rows(head, "on conflict (project_id, axis, outcome, as_of) do nothing", rows).await.map(drop)
}

/// Measures the classes of a project and keeps it; when it is measured next (rule `sorting.exposure`).
pub(super) async fn measure(work: &mut Work, one: &Project, all: &[Item]) -> Result<Option<Date>, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let months = known_number(&policy, today, "sorting_exposure_months")?;
    let follow = known_number(&policy, today, "sorting_exposure_follow_months")?;
    // Rules that were drawn up before exposure was followed ask for nothing.
    let (Some(months), Some(follow)) = (months, follow) else { return Ok(None) };
    let axes = rules::axes_of(&policy, today, &one.plan.scheme);
    let ids: Vec<CustomerId> = all.iter().map(|item| item.customer).collect();
    let told = lending::of(work, &ids, (today, today)).await?;
    let exposure = of_customers(work, &ids, &told).await?;
    let points = points((&axes, all), &exposure, &told, today);
    write(work, one.id, &points).await?;
    let until = months_later(one.started_on.unwrap_or(today), follow);
    Ok(Some(months_later(today, months)).filter(|next| *next <= until))
}

/// What the duty to answer for a class is about.
fn subject(project: ProjectId, (axis, outcome): (&str, &str)) -> String {
    format!("sorting_exposure:{project}:{axis}:{outcome}")
}

/// Measures a project whose day has come; asks the lead where an exposure grew that is to be reduced (rule
/// `sorting.exposure`).
pub(super) async fn follow(work: &mut Work, one: &mut Project) -> Result<(), ActionError> {
    let today = work.business_date;
    let all = items::of_project(&mut work.tx, one.id).await?;
    let before = of_project(&mut work.tx, one.id).await?;
    one.measure_on = measure(work, one, &all).await?;
    store::update(&mut work.tx, one).await?;
    let policy = policies::in_force(work, today).await?;
    let targets = targets(&policy, today)?;
    let now = of_project(&mut work.tx, one.id).await?;
    let start = first(&now);
    for point in now.iter().filter(|point| point.on == today) {
        let class = (point.axis.clone(), point.outcome.clone());
        if !targets.contains_key(&class) {
            continue;
        }
        let same = |other: &&Point| (&other.axis, &other.outcome) == (&class.0, &class.1);
        let last = before.iter().rev().find(same).map(|one| one.exposure);
        let began = start.iter().find(same).map(|one| one.exposure);
        let subject = subject(one.id, (&class.0, &class.1));
        if last.is_some_and(|last| point.exposure > last) {
            ask(work, one, subject).await?;
        } else if began.is_some_and(|began| point.exposure <= began) {
            let reason = "the exposure is no higher than at the beginning".to_owned();
            duty::lapse_each(work, KIND, &[(HOUSE, subject, reason)]).await?;
        }
    }
    Ok(())
}

async fn ask(work: &mut Work, one: &Project, subject: String) -> Result<(), ActionError> {
    if duty::stands(work, HOUSE, &subject, KIND).await? {
        return Ok(());
    }
    let lead = colleague(work, one.plan.lead).await?;
    let own = lead.map_or(HEAD_OFFICE, |actor| actor.branch);
    let branch = one.plan.scope.branch.unwrap_or(own);
    let about = (one.plan.title.as_str(), one.number.as_str(), branch);
    let case = case_of(HOUSE, subject, work.business_date, Some(one.plan.lead), about);
    duty::open(work, TRIGGER, &[case]).await.map(drop)
}

/// What was said about an exposure that grew (敞口上升说明).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The axis.
    pub axis: String,
    /// The outcome.
    pub outcome: String,
    /// Why, and what is done.
    pub words: String,
    /// When.
    pub on: Date,
    /// By whom.
    pub by: String,
}

/// What was said about the exposures of a project, the oldest first.
pub async fn notes(tx: &mut Tx, project: ProjectId) -> Result<Vec<Note>, StoreError> {
    let sql = "select n.axis, n.outcome, n.words, n.effective_on, coalesce(u.name, '') as by_name \
               from sorting_exposure_note n left join user_view u on u.id = n.recorded_by \
               where n.project_id = $1 order by n.id limit 500";
    let note = |row: &Row| -> Result<Note, StoreError> {
        Ok(Note {
            axis: row.get("axis")?,
            outcome: row.get("outcome")?,
            words: row.get("words")?,
            on: row.get("effective_on")?,
            by: row.get("by_name")?,
        })
    };
    tx.fetch_all(sql, args![project]).await?.iter().map(note).collect()
}

/// Says why an exposure grew and what is done about it; this closes the duty (S3-18).
///
/// # Errors
/// Denied; the project is not followed; not a class whose strategy reduces it; nothing said.
pub async fn answer(
    work: &mut Work,
    id: &str,
    (axis, outcome): (&str, &str),
    words: &str,
) -> Result<ProjectId, ActionError> {
    let one = seen(work, id, PLAN).await?;
    if !matches!(one.state, ProjectState::Running | ProjectState::Reporting | ProjectState::Closed) {
        return Err(wrong_state(&one));
    }
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let known = targets(&policy, today)?.contains_key(&(axis.to_owned(), outcome.to_owned()));
    let mut wrong: Vec<FieldError> = rules::needed("words", words).into_iter().collect();
    if !known {
        wrong.push(FieldError::choice("class", &format!("{axis}:{outcome}")));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under(rules::RULE_EXPOSURE, None).into());
    }
    let (key, now, by) = (work.next_id(), work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into sorting_exposure_note (id, project_id, axis, outcome, words, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![key, one.id, axis, outcome, words.trim(), today, now, by],
        )
        .await?;
    let evidence = Evidence { kind: KIND, fact: format!("sorting_exposure_note:{key}"), settles: true };
    duty::close_by(work, HOUSE, &subject(one.id, (axis, outcome)), &evidence).await?;
    let after = json!({"number": one.number, "axis": axis, "outcome": outcome});
    work.audit(Entry::new(None, "sorting.exposure", one.subject()).after(after).reason(words.trim())).await?;
    Ok(one.id)
}
