//! What the ladder asks for at some days overdue, and who takes a case. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use platform::id::{BranchId, UserId};
use policy::{Edition, EvalError, Facts, Value};

/// The days overdue up to which the ladder is asked where its steps begin; no pack goes on beyond.
const LADDER_DAYS: i64 = 400;

/// A step of the action ladder (逾期措施阶梯一级), rule `overdue.action` (DT-S4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// What it asks for: `remind`, `assess` …
    pub action: String,
    /// Contacts a week; 0 when it counts by day.
    pub per_week: i64,
    /// Contacts a day; 0 when it counts by week.
    pub per_day: i64,
    /// Who collects, in the order of the policy.
    pub roles: Vec<String>,
    /// The articles behind it.
    pub articles: Vec<String>,
}

/// The step of the ladder at so many days overdue. Rule `case.rung`.
///
/// # Errors
/// The pack has no such decision, or no row for the days.
pub fn rung(edition: &Edition, days: i64) -> Result<Rung, EvalError> {
    let found = edition.decide("overdue_action", &days_fact(days))?;
    let roles = found.text("owner_roles").unwrap_or_default();
    Ok(Rung {
        action: found.text("action").unwrap_or_default().to_owned(),
        per_week: found.integer("contacts_per_week").unwrap_or(0),
        per_day: found.integer("contacts_per_day").unwrap_or(0),
        roles: roles.split('|').map(str::trim).filter(|role| !role.is_empty()).map(str::to_owned).collect(),
        articles: found.articles,
    })
}

/// The whole ladder of an edition (逾期措施阶梯), day by day.
#[derive(Debug)]
pub struct Ladder {
    days: Vec<Rung>,
    /// The first day overdue of every step above the lowest, with the step's name, rising.
    pub steps: Vec<(i64, String)>,
    /// The days overdue on which another frequency of contact begins, rising.
    paces: Vec<i64>,
}

impl Ladder {
    /// The step at so many days overdue.
    ///
    /// # Errors
    /// As [`rung`].
    pub fn rung(&self, edition: &Edition, days: i64) -> Result<Rung, EvalError> {
        let known = usize::try_from(days.max(0)).ok().and_then(|days| self.days.get(days));
        known.map_or_else(|| rung(edition, days), |rung| Ok(rung.clone()))
    }

    /// The next day on which the frequency of contact must be looked at (rule `case.frequency`): tomorrow while it counts
    /// by day, on Monday while it counts by week, or when its arrears are old enough for another one.
    #[must_use]
    pub fn next_ask(&self, rung: &Rung, oldest_due_on: Date, on: Date) -> Option<Date> {
        let by_pace = if rung.per_day > 0 {
            finance::add_days(on, 1)
        } else if rung.per_week > 0 {
            finance::add_days(monday(on), 7)
        } else {
            None
        };
        let days = finance::days_between(oldest_due_on, on);
        let other = self.paces.iter().find(|pace| **pace > days);
        by_pace.into_iter().chain(other.and_then(|pace| finance::add_days(oldest_due_on, *pace))).min()
    }
}

/// The ladders of the editions met so far, by the pack's fingerprint and the edition's first day: each is asked once,
/// not once a batch.
type Ladders = BTreeMap<(String, Option<Date>), Arc<Ladder>>;
static LADDERS: Mutex<Ladders> = Mutex::new(BTreeMap::new());

/// The ladder of an edition.
///
/// # Errors
/// As [`rung`].
pub fn ladder(edition: &Edition) -> Result<Arc<Ladder>, EvalError> {
    let name = (edition.version().digest.clone(), edition.from());
    if let Some(known) = LADDERS.lock().unwrap_or_else(PoisonError::into_inner).get(&name) {
        return Ok(Arc::clone(known));
    }
    let days = (0..=LADDER_DAYS).map(|days| rung(edition, days)).collect::<Result<Vec<_>, _>>()?;
    let changes = |differ: fn(&Rung, &Rung) -> bool| {
        let pairs = days.windows(2).zip(1_i64..);
        pairs.filter(move |(pair, _)| differ(&pair[0], &pair[1])).map(|(pair, day)| (day, pair[1].action.clone()))
    };
    let steps = changes(|a, b| a.action != b.action).collect();
    let paces = changes(|a, b| (a.per_week, a.per_day) != (b.per_week, b.per_day)).map(|(day, _)| day).collect();
    let fresh = Arc::new(Ladder { days, steps, paces });
    LADDERS.lock().unwrap_or_else(PoisonError::into_inner).insert(name, Arc::clone(&fresh));
    Ok(fresh)
}

/// The level of a case by its days overdue (案件级别, S2.5-02), rule `case.level`.
///
/// # Errors
/// As [`rung`].
pub fn level(edition: &Edition, days: i64) -> Result<String, EvalError> {
    Ok(edition.decide("case_level", &days_fact(days))?.text("case_level").unwrap_or_default().to_owned())
}

/// The M stage by days overdue (S2.5-29), rule `overdue.m_bucket`.
///
/// # Errors
/// As [`rung`].
pub fn stage(edition: &Edition, days: i64) -> Result<String, EvalError> {
    Ok(edition.decide("m_bucket", &days_fact(days))?.text("m_bucket").unwrap_or_default().to_owned())
}

fn days_fact(days: i64) -> Facts {
    Facts::from([("overdue_days".to_owned(), Value::Integer(days.max(0)))])
}

/// The roles that take a case, the preferred first (rule `case.owner`; C-33, S2.3-02).
///
/// Where the policy names the collection team, the ladder says who collects, and a collector goes before others whom
/// it names beside; where it names somebody else, that role takes every case.
#[must_use]
pub fn roles(collects: &str, rung: &Rung) -> Vec<String> {
    const TEAM: &str = "collection_officer";
    if collects != "collection_team" {
        return vec![collects.to_owned()];
    }
    let mut roles = rung.roles.clone();
    roles.sort_by_key(|role| role != TEAM);
    if roles.is_empty() {
        roles.push(TEAM.to_owned());
    }
    roles
}

/// Whether limits of contact excuse a period that was not met (rule `case.frequency`; X-05, C-45): each day of it on which a
/// limit refused a contact, and none was made, stands for a contact that was owed.
#[must_use]
pub fn limits_excuse(
    required: i64,
    made: i64,
    (from, until): (Date, Date),
    refused: &BTreeSet<Date>,
    contacted: &BTreeSet<Date>,
) -> bool {
    let kept_back = refused.range(from..=until).filter(|day| !contacted.contains(*day)).count();
    kept_back > 0 && i64::try_from(kept_back).is_ok_and(|days| made.saturating_add(days) >= required)
}

/// The first day of the week of a day: weeks run Monday to Sunday (S4-13).
#[must_use]
pub fn monday(on: Date) -> Date {
    let back = i64::from(on.weekday().to_monday_zero_offset());
    finance::add_days(on, -back).unwrap_or(on)
}

/// Who can take cases, and how many each has (催收人力).
#[derive(Debug, Clone, Default)]
pub struct Crew {
    /// The holders of each role with their branch.
    pub holders: BTreeMap<String, Vec<(UserId, BranchId)>>,
    /// Open cases of each.
    pub load: BTreeMap<UserId, i64>,
}

impl Crew {
    /// The person who takes a case, and in which role (rule `case.owner`): of the branch before others, never the
    /// originator where another can, the one with the fewest cases, and of equals the one who came first.
    /// Counts the case to that person.
    pub fn take(
        &mut self,
        roles: &[String],
        branch: BranchId,
        originators: &BTreeSet<UserId>,
    ) -> Option<(UserId, String)> {
        let chosen = [(true, true), (false, true), (true, false)]
            .into_iter()
            .find_map(|(same, fresh)| self.least(roles, branch, originators, same, fresh))?;
        *self.load.entry(chosen.0).or_insert(0) += 1;
        Some(chosen)
    }

    fn least(
        &self,
        roles: &[String],
        branch: BranchId,
        originators: &BTreeSet<UserId>,
        same: bool,
        fresh: bool,
    ) -> Option<(UserId, String)> {
        roles.iter().find_map(|role| {
            let fits =
                |one: &&(UserId, BranchId)| (!same || one.1 == branch) && (!fresh || !originators.contains(&one.0));
            let candidates = self.holders.get(role)?.iter().filter(fits).map(|one| one.0);
            let least = candidates.min_by_key(|user| (self.load.get(user).copied().unwrap_or(0), *user))?;
            Some((least, role.clone()))
        })
    }

    /// Whether a person holds one of the roles.
    #[must_use]
    pub fn holds(&self, user: UserId, roles: &[String]) -> bool {
        roles.iter().any(|role| self.holders.get(role).is_some_and(|held| held.iter().any(|one| one.0 == user)))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn crew(holders: &[(&str, i64, i64)], load: &[(i64, i64)]) -> Crew {
        let mut crew = Crew::default();
        for (role, user, branch) in holders {
            crew.holders.entry((*role).to_owned()).or_default().push((UserId(*user), BranchId(*branch)));
        }
        crew.load = load.iter().map(|(user, cases)| (UserId(*user), *cases)).collect();
        crew
    }

    fn rung_of(roles: &[&str]) -> Rung {
        Rung {
            action: "assess".to_owned(),
            per_week: 2,
            per_day: 0,
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            articles: Vec::new(),
        }
    }

    // Rule `case.frequency`. S4-13, X-05, C-45
    #[test]
    fn a_limit_excuses_only_the_days_on_which_it_refused() {
        let day = |day| jiff::civil::date(2026, 11, day);
        let week = (day(23), day(29));
        let days = |all: &[i8]| all.iter().map(|one| day(*one)).collect::<BTreeSet<_>>();
        let excused = |required, made, refused: &[i8], contacted: &[i8]| {
            limits_excuse(required, made, week, &days(refused), &days(contacted))
        };
        assert!(excused(1, 0, &[25], &[]));
        assert!(excused(3, 2, &[25], &[23, 24]));
        assert!(!excused(3, 1, &[25], &[23]), "one was neither made nor refused");
        assert!(!excused(2, 1, &[24], &[24]), "on that day a contact was made");
        assert!(!excused(1, 0, &[22, 30], &[]), "outside the week");
        assert!(!excused(1, 0, &[], &[]));
    }

    #[test]
    fn the_least_loaded_of_the_branch_takes_it_and_never_the_originator_where_another_can() {
        // Rule `case.owner`. S2.3-02
        let officers = [("collection_officer", 1, 1), ("collection_officer", 2, 1), ("collection_officer", 3, 2)];
        let roles = ["collection_officer".to_owned()];
        // (holders, load, originator) → owner
        type Row<'a> = (&'a [(&'a str, i64, i64)], &'a [(i64, i64)], i64, Option<i64>);
        let rows: [Row<'_>; 6] = [
            (&officers, &[], 9, Some(1)),
            (&officers, &[(1, 1)], 9, Some(2)),
            (&officers, &[(2, 5)], 1, Some(2)),
            (&officers[..1], &[], 1, Some(1)),
            (&[officers[0], officers[2]], &[], 1, Some(3)),
            (&[], &[], 1, None),
        ];
        for (holders, load, originator, expected) in rows {
            let found = crew(holders, load).take(&roles, BranchId(1), &BTreeSet::from([UserId(originator)]));
            assert_eq!(found.map(|one| one.0.0), expected, "{holders:?} {load:?} {originator}");
        }
    }

    #[test]
    fn cases_go_round_among_equals() {
        // Rule `case.owner`
        let mut crew = crew(&[("collection_officer", 1, 1), ("collection_officer", 2, 1)], &[]);
        let roles = ["collection_officer".to_owned()];
        let taken: Vec<i64> =
            (0..4).filter_map(|_| crew.take(&roles, BranchId(1), &BTreeSet::new())).map(|one| one.0.0).collect();
        assert_eq!(taken, [1, 2, 1, 2]);
    }

    #[test]
    fn the_policy_says_who_collects() {
        // Rule `case.owner`. C-33: the ladder for a collection team, else the role named.
        let mixed = rung_of(&["credit_dept", "collection_officer"]);
        assert_eq!(roles("collection_team", &mixed), ["collection_officer", "credit_dept"]);
        assert_eq!(roles("collection_team", &rung_of(&["credit_dept"])), ["credit_dept"]);
        assert_eq!(roles("finance_clerk", &mixed), ["finance_clerk"]);
    }

    #[test]
    fn a_week_begins_on_monday() {
        // S4-13
        assert_eq!(monday(date(2026, 11, 23)), date(2026, 11, 23));
        assert_eq!(monday(date(2026, 11, 29)), date(2026, 11, 23));
        assert_eq!(monday(date(2026, 11, 30)), date(2026, 11, 30));
    }
}
