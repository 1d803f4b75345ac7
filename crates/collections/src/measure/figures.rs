//! The figures of a period (清收指标): everything that happened, each with the groups it belongs to, and what it comes to.

use std::collections::BTreeMap;

use finance::Fen;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::error::{ActionError, RefusalKind, Refused};
use platform::id::{BranchId, CustomerId};
use platform::policies::{self, InForce, PolicyError};
use platform::work::Work;
use policy::Pack;
use servicing::ledger::standpoint::non_performing;
use servicing::loan::model::LoanKey;

use super::model::{Balance, By, Course, Entry, Groups, Kind, Pattern, Period, Point, Roll, Tally, Track, Tracks};
use super::{rules, store};
use crate::card::rules::scale;
use crate::cause::actions as causes;
use crate::contact::model::ContactResult;

/// The longest period that a page looks at, in days: three years.
const LONGEST: i64 = 1_098;

/// All figures of a period (期间指标).
#[derive(Debug, Clone)]
pub struct Figures {
    /// Of which days.
    pub period: Period,
    /// How they are grouped.
    pub by: By,
    /// Every row behind them.
    pub entries: Vec<Entry>,
    /// Contacts of a customer and day: the groups, how many, how many were connected.
    pub contacts: Vec<(Groups, i64, i64)>,
    /// All together.
    pub whole: Tally,
    /// By group.
    pub groups: BTreeMap<String, Tally>,
    /// Where the loans of the beginning went.
    pub rolls: Vec<Roll>,
    /// The recovery curve of each group.
    pub curves: BTreeMap<String, Vec<Point>>,
    /// By pattern of debtor.
    pub patterns: Vec<Pattern>,
    /// 预期损失 and 风险敞口 of the cases that are open today, as each was rated last.
    pub expected: (Fen, Fen),
}

/// The buckets of the policy in force, in order.
#[must_use]
pub fn buckets(pack: &Pack) -> Vec<String> {
    scale(pack, "bucket")
}

/// A period as it was typed; without one the month of the business date.
///
/// # Errors
/// No date; the end before the beginning, after today, or too far from it.
pub fn period(from: &str, to: &str, today: Date) -> Result<Period, Refused> {
    let date = |typed: &str, otherwise: Date| match typed.trim() {
        "" => Ok(otherwise),
        typed => typed.parse().map_err(|_| Refused::new(RefusalKind::Invalid, "measure-date").with("typed", typed)),
    };
    let to = date(to, today)?;
    let from = date(from, to.first_of_month())?;
    if from > to {
        return Err(Refused::new(RefusalKind::Invalid, "measure-backwards").with("from", from).with("to", to));
    }
    if to > today {
        return Err(Refused::new(RefusalKind::Invalid, "measure-future").with("to", to).with("today", today));
    }
    if finance::days_between(from, to) >= LONGEST {
        return Err(Refused::new(RefusalKind::Invalid, "measure-long").with("days", LONGEST));
    }
    Ok(Period { from, to })
}

/// Loads and computes everything of a period within a scope.
///
/// # Errors
/// No policy in force; the store's.
pub async fn load(work: &mut Work, scope: DataScope, period: Period, by: By) -> Result<Figures, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let days = policy.edition(today).integers("measure_curve_days").map_err(PolicyError::from)?;
    let tx = &mut work.tx;
    let tracks = store::tracks(tx, period).await?;
    let cases = Cases { until: period.to, tracks, loans: BTreeMap::new(), buckets: BTreeMap::new() };
    let opening = store::balances(tx, scope, period.eve(), period.to).await?;
    let mut build = Build { cases, entries: Vec::new(), order: buckets(policy.pack()) };
    build.balances(&opening, period);
    let bad = non_performing(policy.pack(), today);
    for (kind, on) in [(Kind::BadOpening, period.eve()), (Kind::BadClosing, period.to)] {
        for loan in store::principal_of(tx, scope, on, &bad).await? {
            build.balance(kind, &loan, on, loan.overdue);
        }
    }
    let movements = store::movements(tx, scope, period).await?;
    for one in &movements {
        let loan = Balance {
            key: one.key,
            number: one.number.clone(),
            branch: one.branch,
            product: one.product.clone(),
            bucket: one.bucket.clone(),
            overdue: one.after,
        };
        let parts = [(Kind::Recovered, one.recovered()), (Kind::Fresh, one.fresh()), (Kind::Other, one.other())];
        for (kind, amount) in parts.into_iter().filter(|(_, amount)| *amount != Fen::ZERO) {
            build.balance(kind, &loan, one.on, amount);
        }
    }
    let closing = store::balances(tx, scope, period.to, period.to).await?;
    for (balance, _) in &closing {
        build.balance(Kind::Closing, balance, period.to, balance.overdue);
    }
    build.of_cases(Kind::Promise, store::promises(tx, scope, period).await?);
    build.of_cases(Kind::Frequency, store::requirements(tx, scope, period).await?);
    build.of_cases(Kind::Cost, store::costs(tx, scope, period).await?);
    preserved(work, &mut build, &policy, scope, period).await?;
    let found = store::contacts(&mut work.tx, scope, period).await?;
    let of = |(customer, on, n, connected)| (build.cases.groups(customer, None, on, None), n, connected);
    let contacts: Vec<(Groups, i64, i64)> = found.into_iter().map(of).collect();
    let (whole, groups) = tallied(&build.entries, &contacts, by);
    let ends: BTreeMap<LoanKey, (String, String)> =
        opening.iter().map(|(balance, end)| (balance.key, end.clone())).collect();
    let stood: Vec<Balance> = opening.into_iter().map(|(balance, _)| balance).collect();
    let patterned = store::patterned(&mut work.tx, scope, period).await?;
    let courses = build.courses(period, by);
    let expected = crate::risk::store::expected_of(&mut work.tx, scope).await?;
    Ok(Figures {
        period,
        by,
        whole,
        groups,
        rolls: rules::rolls(&stood, &ends),
        curves: rules::curves(&courses, period, &days),
        patterns: patterns(&patterned, &build.entries),
        entries: build.entries,
        contacts,
        expected,
    })
}

fn tallied(entries: &[Entry], contacts: &[(Groups, i64, i64)], by: By) -> (Tally, BTreeMap<String, Tally>) {
    let (mut whole, mut groups) = rules::tally(entries, by);
    for (own, n, connected) in contacts {
        for tally in [&mut whole, groups.entry(own[place(by)].clone()).or_default()] {
            tally.contacts += n;
            tally.connected += connected;
        }
    }
    (whole, groups)
}

impl Figures {
    /// The same rows in other groups.
    #[must_use]
    pub fn grouped(&self, by: By) -> BTreeMap<String, Tally> {
        tallied(&self.entries, &self.contacts, by).1
    }
}

fn place(by: By) -> usize {
    By::ALL.iter().position(|one| *one == by).unwrap_or(0)
}

/// Cases and loans by which a row finds its groups. Numerator and denominator belong to one group: a case counts for whom
/// it stands with at the end of the period or of the case, a loan for the bucket in which the period first saw it overdue.
struct Cases {
    /// The end of the period.
    until: Date,
    /// The bucket in which each loan was first seen.
    buckets: BTreeMap<LoanKey, String>,
    tracks: Tracks,
    /// The bucket and product of a customer's loan, where a row knows its customer only.
    loans: BTreeMap<CustomerId, (String, String)>,
}

impl Cases {
    /// The groups of something that happened to a customer on a day.
    fn groups(&self, customer: CustomerId, loan: Option<&Balance>, on: Date, owner: Option<i64>) -> Groups {
        let case = rules::case_on(&self.tracks, customer, on);
        self.groups_of(customer, case, loan, (on, owner))
    }

    fn groups_of(
        &self,
        customer: CustomerId,
        case: Option<&Track>,
        loan: Option<&Balance>,
        (on, owner): (Date, Option<i64>),
    ) -> Groups {
        let on = case.and_then(|case| case.closed_on).map_or(self.until, |end| end.min(self.until)).max(on);
        let branch = loan.map(|loan| loan.branch).or_else(|| case.map(|case| case.branch));
        let owner = owner.or_else(|| case.map(|case| case.owner_on(on))).filter(|user| *user != 0);
        let known = self.loans.get(&customer);
        let (bucket, product) = match loan {
            Some(loan) => (self.buckets.get(&loan.key).unwrap_or(&loan.bucket).clone(), loan.product.clone()),
            None => known.cloned().unwrap_or_default(),
        };
        [
            branch.map(|BranchId(id)| id.to_string()).unwrap_or_default(),
            owner.map(|user| user.to_string()).unwrap_or_default(),
            case.map(|case| case.cause_on(on).to_owned()).unwrap_or_default(),
            case.map(|case| case.step_on(on).to_owned()).unwrap_or_default(),
            bucket,
            product,
            case.map(|case| case.strategy_on(on).to_owned()).unwrap_or_default(),
        ]
    }
}

/// The rows as they are gathered.
struct Build {
    cases: Cases,
    entries: Vec<Entry>,
    order: Vec<String>,
}

impl Build {
    fn balance(&mut self, kind: Kind, loan: &Balance, on: Date, amount: Fen) {
        let customer = loan.key.customer;
        if kind != Kind::BadOpening && kind != Kind::BadClosing {
            self.cases.buckets.entry(loan.key).or_insert_with(|| loan.bucket.clone());
        }
        let groups = self.cases.groups(customer, Some(loan), on, None);
        self.cases.loans.entry(customer).or_insert_with(|| (loan.bucket.clone(), loan.product.clone()));
        self.entries.push(Entry {
            kind,
            customer,
            number: loan.number.clone(),
            href: format!("/loans/{}", loan.key.loan),
            on,
            amount,
            word: loan.bucket.clone(),
            groups,
        });
    }

    /// What was overdue at the beginning, and whether it was cured or went into a later bucket.
    fn balances(&mut self, opening: &[(Balance, (String, String))], period: Period) {
        let order = self.order.clone();
        let rank = |bucket: &String| order.iter().position(|known| known == bucket);
        for (balance, (bucket, standing)) in opening {
            self.balance(Kind::Opening, balance, period.eve(), balance.overdue);
            match standing.as_str() {
                "current" | "settled" => self.balance(Kind::Cured, balance, period.eve(), balance.overdue),
                "overdue" if rank(bucket) > rank(&balance.bucket) => {
                    self.balance(Kind::Worse, balance, period.eve(), balance.overdue);
                }
                _ => {}
            }
        }
    }

    fn of_cases(&mut self, kind: Kind, rows: Vec<store::OfCase>) {
        for row in rows {
            let all = self.cases.tracks.get(&row.customer);
            let own = all.and_then(|all| all.iter().find(|one| Some(one.id) == row.case));
            let case = own.or_else(|| rules::case_on(&self.cases.tracks, row.customer, row.on));
            let mut groups = self.cases.groups_of(row.customer, case, None, (row.on, row.owner));
            // Its case may have ended before the period began: what it was counted within is its branch.
            if let (None, Some(branch)) = (case, row.branch) {
                groups[place(By::Branch)] = branch.to_string();
            }
            let href = case.map(|case| format!("/collections/cases/{}", case.id));
            self.entries.push(Entry {
                kind,
                customer: row.customer,
                number: case.map(|case| case.number.clone()).unwrap_or_default(),
                href: href.unwrap_or_else(|| format!("/customers/{}", row.customer)),
                on: row.on,
                amount: row.amount,
                word: row.word,
                groups,
            });
        }
    }

    /// The cases that began in the period with what fell overdue and was recovered since.
    fn courses(&self, period: Period, by: By) -> Vec<Course> {
        let mut found: BTreeMap<(CustomerId, i64), Course> = BTreeMap::new();
        for (customer, tracks) in &self.cases.tracks {
            for track in tracks.iter().filter(|track| period.has(track.opened_on)) {
                let groups = self.cases.groups_of(*customer, Some(track), None, (track.opened_on, None));
                let course = Course { group: groups[place(by)].clone(), opened_on: track.opened_on, moves: Vec::new() };
                found.insert((*customer, track.id.0), course);
            }
        }
        for entry in &self.entries {
            let moved = match entry.kind {
                Kind::Opening | Kind::Fresh => (entry.amount, Fen::ZERO),
                Kind::Recovered => (Fen::ZERO, entry.amount),
                _ => continue,
            };
            // What was overdue before its case began is what the case began with.
            let next = || self.cases.tracks.get(&entry.customer)?.iter().find(|case| case.opened_on > entry.on);
            let Some(case) = rules::case_on(&self.cases.tracks, entry.customer, entry.on).or_else(next) else {
                continue;
            };
            if let Some(course) = found.get_mut(&(entry.customer, case.id.0)) {
                let day = finance::days_between(course.opened_on, entry.on).max(0);
                course.moves.push((day, moved.0, moved.1));
            }
        }
        // A loan that no evening showed overdue has nothing to recover.
        found.into_values().filter(|course| !course.moves.is_empty()).collect()
    }
}

/// Rule `measure.preservation` (S2.3-25): the hours from the first cause of a case that asks for preservation at once to the
/// first application recorded after it; in the period of the application.
async fn preserved(
    work: &mut Work,
    build: &mut Build,
    policy: &InForce,
    scope: DataScope,
    period: Period,
) -> Result<(), ActionError> {
    let applied = store::preservations(&mut work.tx, scope, period).await?;
    let mut customers: Vec<CustomerId> = applied.iter().filter(|(_, on, _)| period.has(*on)).map(|one| one.0).collect();
    customers.sort_unstable();
    customers.dedup();
    let known = store::diagnoses(&mut work.tx, &customers).await?;
    let edition = policy.edition(work.business_date);
    let mut urgent: BTreeMap<String, bool> = BTreeMap::new();
    for (_, _, cause, _) in &known {
        if !urgent.contains_key(cause) {
            let gate = causes::gate(edition, cause).map_err(PolicyError::from)?;
            urgent.insert(cause.clone(), gate.preserve);
        }
    }
    // Causes and applications come in order of time: the first of each case counts.
    let mut seen = std::collections::BTreeSet::new();
    for (customer, case, cause, since) in known.iter().filter(|(_, _, cause, _)| urgent[cause]) {
        if !seen.insert((*customer, *case)) {
            continue;
        }
        let first = applied.iter().find(|(whose, _, at)| whose == customer && at >= since);
        let Some((_, on, at)) = first.filter(|(_, on, _)| period.has(*on)) else { continue };
        let row = store::OfCase {
            customer: *customer,
            case: Some(*case),
            on: *on,
            word: cause.clone(),
            amount: Fen(at.duration_since(*since).as_hours()),
            owner: None,
            branch: None,
        };
        build.of_cases(Kind::Preservation, vec![row]);
    }
    Ok(())
}

/// Rule `measure.pattern` (S2.5-11): the contacts of the period by pattern; promises and money of the customers who showed
/// it within the period.
fn patterns(contacts: &[store::Patterned], entries: &[Entry]) -> Vec<Pattern> {
    let mut found: BTreeMap<&str, Pattern> = BTreeMap::new();
    let mut whose: BTreeMap<CustomerId, std::collections::BTreeSet<&str>> = BTreeMap::new();
    for one in contacts {
        let result = ContactResult::parse(&one.result);
        let sum =
            found.entry(&one.pattern).or_insert_with(|| Pattern { pattern: one.pattern.clone(), ..Pattern::default() });
        sum.contacts += 1;
        sum.reached += i64::from(result.is_some_and(ContactResult::reached));
        sum.promises += i64::from(result == Some(ContactResult::Promised));
        whose.entry(one.customer).or_default().insert(&one.pattern);
    }
    for entry in entries {
        for pattern in whose.get(&entry.customer).into_iter().flatten() {
            let Some(sum) = found.get_mut(pattern) else { continue };
            match entry.kind {
                Kind::Promise => {
                    sum.settled += 1;
                    sum.kept += i64::from(entry.word == "kept");
                }
                Kind::Recovered => sum.recovered = Fen(sum.recovered.0.saturating_add(entry.amount.0)),
                _ => {}
            }
        }
    }
    found.into_values().collect()
}
