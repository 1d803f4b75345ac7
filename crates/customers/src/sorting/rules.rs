//! What the policy says of sorting, and what must hold of plans, verifications and problems. Pure.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use platform::error::FieldError;
use platform::lending::Spell;
use platform::locale::Lang;
use platform::policies::InForce;
use policy::{Edition, Facts, Value};

use super::measured::reduced;
use super::model::{Both, Content, Item, ItemState, Plan, Share, Verification};
use crate::customer::model::CustomerKind;
use crate::datum::model::Way;
use crate::datum::rules::check_text;
use crate::evaluation::rules::months_later;
use crate::standing;

/// The rule about plans.
pub const RULE_PLAN: &str = "sorting.plan";
/// The rule that each customer is verified.
pub const RULE_ITEM: &str = "sorting.item";
/// Rule `sorting.scope`: whoever may touch all that a project goes over sees it and decides on it.
pub const RULE_SCOPE: &str = "sorting.scope";
/// The rule about reviews.
pub const RULE_REVIEW: &str = "sorting.review";
/// The rule about rectifications.
pub const RULE_PROBLEM: &str = "sorting.problem";
/// The rule about reports.
pub const RULE_REPORT: &str = "sorting.report";
/// Rule `sorting.exposure`: the exposure of every class is measured when a project begins and every so many months; what
/// grows though its strategy reduces it is answered for.
pub const RULE_EXPOSURE: &str = "sorting.exposure";

/// What separates several outcomes in a cell of the policy.
const SEVERAL: char = '|';
/// The judgements of a goal, best first.
pub const JUDGEMENTS: [&str; 3] = ["met", "partly", "not_met"];

/// An axis that a scheme looks at (梳理分类轴).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// The scheme.
    pub scheme: String,
    /// The decision that makes it.
    pub decision: String,
    /// Its output.
    pub output: String,
    /// The outcomes that count as premium.
    pub premium: Vec<String>,
    /// The outcomes that count as risk.
    pub risk: Vec<String>,
    /// The decision that says what to do for an outcome; empty: none.
    pub strategy: String,
}

type Outputs = Vec<(String, Option<Value>)>;

fn cell<'a>(row: &'a Outputs, name: &str) -> Option<&'a Value> {
    row.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.as_ref())
}

fn word(row: &Outputs, name: &str) -> String {
    cell(row, name).and_then(Value::as_text).unwrap_or_default().to_owned()
}

fn rows(edition: &Edition, decision: &str, (name, value): (&str, &str)) -> Vec<Outputs> {
    let facts = Facts::from([(name.to_owned(), Value::from(value))]);
    edition.decide(decision, &facts).map(|found| found.outputs).unwrap_or_default()
}

/// The axes of all schemes that this pack decides and the standings hold (rule `sorting.schemes`).
#[must_use]
pub fn axes(rules: &InForce, on: Date) -> Vec<Axis> {
    let edition = rules.edition(on);
    let kinds = [CustomerKind::Person, CustomerKind::Company];
    let stands: Vec<String> =
        kinds.iter().flat_map(|kind| standing::rules::axes(edition, *kind)).map(|axis| axis.decision).collect();
    let several = |text: String| -> Vec<String> {
        text.split(SEVERAL).filter(|one| !one.is_empty()).map(str::to_owned).collect()
    };
    let axis = |row: &Outputs| {
        let decision = word(row, "sorting_axis");
        let output = edition.decision(&decision).ok()?.sheet().outputs.first()?.name.clone();
        stands.contains(&decision).then(|| Axis {
            scheme: word(row, "sorting_scheme"),
            output,
            premium: several(word(row, "sorting_premium")),
            risk: several(word(row, "sorting_risk")),
            strategy: word(row, "sorting_strategy"),
            decision,
        })
    };
    let kind = ("customer_kind", CustomerKind::Company.as_str());
    rows(edition, "sorting_scheme", kind).iter().filter_map(axis).collect()
}

/// The axes of one scheme.
#[must_use]
pub fn axes_of(rules: &InForce, on: Date, scheme: &str) -> Vec<Axis> {
    axes(rules, on).into_iter().filter(|axis| axis.scheme == scheme).collect()
}

/// The schemes that can be used at all, each once.
#[must_use]
pub fn schemes(rules: &InForce, on: Date) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for axis in axes(rules, on) {
        if !found.contains(&axis.scheme) {
            found.push(axis.scheme);
        }
    }
    found
}

/// The steps of a project in order, each with its default days after the beginning (rule `sorting.steps`).
#[must_use]
pub fn steps(rules: &InForce, on: Date) -> Vec<(String, i64)> {
    let kind = ("customer_kind", CustomerKind::Company.as_str());
    let found = rows(rules.edition(on), "sorting_step", kind);
    let step = |row: &Outputs| Some((word(row, "sorting_step"), cell(row, "sorting_step_days")?.as_integer()?));
    found.iter().filter_map(step).collect()
}

/// The goals that a project of a scheme is judged by (rule `sorting.goals`).
#[must_use]
pub fn goals(rules: &InForce, on: Date, scheme: &str) -> Vec<String> {
    let found = rows(rules.edition(on), "sorting_goal", ("sorting_scheme", scheme));
    found.iter().map(|row| word(row, "sorting_goal")).collect()
}

/// Which figure each goal of a scheme is measured by (rule `sorting.measured`); nothing for one that words alone judge.
#[must_use]
pub fn goal_measures(rules: &InForce, on: Date, scheme: &str) -> BTreeMap<String, String> {
    let found = rows(rules.edition(on), "sorting_goal", ("sorting_scheme", scheme));
    found.iter().map(|row| (word(row, "sorting_goal"), word(row, "sorting_measure"))).collect()
}

/// What is to be reached at least, per cent, as the policy says (达标线).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Least {
    /// Completeness of the database.
    pub completeness: Option<i64>,
    /// Accuracy of grades.
    pub accuracy: Option<i64>,
    /// Times overdue that were warned of before.
    pub warned: Option<i64>,
    /// Complaints answered in time.
    pub served: Option<i64>,
}

/// Whether the figures of a report say that a goal is reached (rule `sorting.measured`): data decide with, words say why.
#[must_use]
pub fn reached(measure: &str, content: &Content, least: &Least) -> Option<bool> {
    let share = |share: Share, percent: Option<i64>| Some(share.bp()? >= percent?.saturating_mul(100));
    match measure {
        "completeness" => share(content.completeness, least.completeness),
        "accuracy" => share(content.accuracy, least.accuracy),
        "warning" => share(content.warned, least.warned),
        "service" => share(content.measured.served, least.served),
        "satisfaction" => Some(content.satisfaction.1? > content.satisfaction.0?),
        "premium_share" => Some(content.premium_now.bp()? > content.premium_before.bp()?),
        "exposure" => reduced(&content.measured.classes).map(|(start, now)| now < start),
        _ => None,
    }
}

/// What the policy's tables say to do for an outcome of an axis: output and value (rule `sorting.strategy`).
///
/// Either another decision on that outcome says it, or the further outputs of the axis's own rows for that outcome.
#[must_use]
pub fn strategy(rules: &InForce, on: Date, axis: &Axis, outcome: &str) -> Vec<(String, String)> {
    let edition = rules.edition(on);
    if outcome.is_empty() || axis.strategy.is_empty() {
        return Vec::new();
    }
    if axis.strategy != axis.decision {
        let found = rows(edition, &axis.strategy, (&axis.output, outcome));
        let said = |(name, value): &(String, Option<Value>)| Some((name.clone(), value.as_ref()?.to_text()));
        return found.first().map(|row| row.iter().filter_map(said).collect()).unwrap_or_default();
    }
    let Ok(decision) = edition.decision(&axis.decision) else { return Vec::new() };
    let sheet = decision.sheet();
    let mut found: Vec<(String, String)> = Vec::new();
    for row in sheet.rows.iter().filter(|row| row.results.first().is_some_and(|result| result == outcome)) {
        for (output, result) in sheet.outputs.iter().zip(&row.results).skip(1) {
            let said = (output.name.clone(), result.clone());
            if rules.pack().outcome(&output.name, result).is_some() && !found.contains(&said) {
                found.push(said);
            }
        }
    }
    found
}

/// What people call an outcome of the policy, in both languages.
#[must_use]
pub fn both(rules: &InForce, output: &str, value: &str) -> Both {
    let found = rules.pack().outcome(output, value);
    let of = |english: bool| found.map_or_else(|| value.to_owned(), |one| one.title.in_language(english).to_owned());
    (of(false), of(true))
}

/// What people call an axis, in both languages.
#[must_use]
pub fn axis_title(rules: &InForce, on: Date, axis: &str) -> Both {
    rules.edition(on).decision(axis).map_or_else(
        |_| (axis.to_owned(), axis.to_owned()),
        |found| {
            let title = &found.sheet().title;
            (title.in_language(false).to_owned(), title.in_language(true).to_owned())
        },
    )
}

/// The output of a decision that says where a customer stands; nothing where the rules do not have it.
#[must_use]
pub fn output_of(rules: &InForce, on: Date, decision: &str) -> Option<String> {
    Some(rules.edition(on).decision(decision).ok()?.sheet().outputs.first()?.name.clone())
}

/// Whether a customer is monitored first (rule `sorting.key`, S3-14): it stood among the worst of an axis of the scheme.
#[must_use]
pub fn is_key(axes: &[Axis], before: &BTreeMap<String, String>) -> bool {
    axes.iter().any(|axis| before.get(&axis.decision).is_some_and(|outcome| axis.risk.contains(outcome)))
}

/// How many of those monitored first were verified by their day (rule `sorting.key`).
#[must_use]
pub fn key_first(all: &[Item]) -> Share {
    let mut sum = Share::default();
    for item in all.iter().filter(|item| item.key) {
        sum.whole += 1;
        sum.part += i64::from(item.verified_on.is_some_and(|on| on <= item.due_on));
    }
    sum
}

/// How many of the times that anything became overdue within a period came after a warning, and how many of its warnings
/// nothing followed (S3-13).
///
/// Rule `sorting.warnings`: a warning counts for so many months after its day and has to come before the first day overdue;
/// a warning of the period is a false alarm when nothing was overdue from its day on.
#[must_use]
pub fn warned(overdue: &[Spell], warnings: &BTreeSet<Date>, (from, to): (Date, Date), months: i64) -> (Share, Share) {
    let (mut warned, mut alarms) = (Share::default(), Share::default());
    for spell in overdue.iter().filter(|spell| from <= spell.from && spell.from <= to) {
        let before = warnings.range(..spell.from).next_back();
        warned.whole += 1;
        warned.part += i64::from(before.is_some_and(|on| spell.from <= months_later(*on, months)));
    }
    for warning in warnings.range(from..=to) {
        let follows = |spell: &Spell| spell.from <= to && spell.to.is_none_or(|end| end > *warning);
        alarms.whole += 1;
        alarms.part += i64::from(!overdue.iter().any(follows));
    }
    (warned, alarms)
}

/// Whether a complaint was answered by its day (rule `sorting.served`); nothing while there is time.
#[must_use]
pub fn in_time(due_on: Date, answered: Option<Date>, today: Date) -> Option<bool> {
    match answered {
        Some(on) => Some(on <= due_on),
        None if today > due_on => Some(false),
        None => None,
    }
}

/// One of two texts by language.
#[must_use]
pub fn said(lang: Lang, both: &Both) -> &str {
    if lang == Lang::En { &both.1 } else { &both.0 }
}

/// All that is wrong with a plan (S3-12, S3-19, S3-29).
///
/// Rule `sorting.plan`: title, aim, a scheme of the policy, an end not before the beginning, every step of the policy
/// on a day of the project in its order, and for each member what for.
#[must_use]
pub fn check_plan(plan: &Plan, schemes: &[String], steps: &[(String, i64)]) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    for (field, text) in [("title", &plan.title), ("aim", &plan.aim)] {
        wrong.extend(needed(field, text));
    }
    if !schemes.contains(&plan.scheme) {
        wrong.push(FieldError::choice("scheme", &plan.scheme));
    }
    if plan.ends_on < plan.starts_on {
        let error = FieldError::new("ends_on", "sorting-end-before-start");
        wrong.push(error.with("from", plan.starts_on).with("to", plan.ends_on));
        return wrong;
    }
    let missing = steps.iter().any(|(name, _)| !plan.steps.iter().any(|one| one.step == *name));
    let mut last = plan.starts_on;
    let mut ordered = true;
    for (name, _) in steps {
        for one in plan.steps.iter().filter(|one| one.step == *name) {
            ordered &= one.due_on >= last && one.due_on <= plan.ends_on;
            last = one.due_on;
        }
    }
    if missing || !ordered || plan.steps.len() != steps.len() {
        let error = FieldError::new("steps", "sorting-timetable");
        wrong.push(error.with("from", plan.starts_on).with("to", plan.ends_on));
    }
    if plan.members.is_empty() {
        wrong.push(FieldError::new("members", "field-empty"));
    }
    for one in &plan.members {
        wrong.extend(needed("members", &one.duty));
    }
    if !plan.scope.industry.chars().all(|c| c.is_ascii_alphanumeric()) || plan.scope.industry.len() > 5 {
        wrong.push(FieldError::new("industry", "sorting-industry-code"));
    }
    wrong
}

/// A text that must be there and may be kept in clear.
#[must_use]
pub fn needed(field: &'static str, text: &str) -> Option<FieldError> {
    if text.trim().is_empty() {
        return Some(FieldError::new(field, "field-empty"));
    }
    // Lines may be broken where there is room for several.
    check_text(field, &text.trim().replace(['\r', '\n'], " "))
}

/// All that is wrong with a verification (rule `sorting.item`): a known way, a day of the project that has come, and what
/// was found in words.
#[must_use]
pub fn check_verification(one: &Verification, from: Date, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if Way::parse(&one.method).is_none() {
        wrong.push(FieldError::choice("method", &one.method));
    }
    if one.on > today {
        wrong.push(FieldError::new("on", "date-in-future"));
    } else if one.on < from {
        wrong.push(FieldError::new("on", "sorting-before-start").with("from", from));
    }
    wrong.extend(needed("result", &one.text));
    wrong
}

/// How many of these must have been reviewed (rule `sorting.review`): the share of the policy, rounded up.
#[must_use]
pub fn must_be_reviewed(items: i64, percent: i64) -> i64 {
    let hundredths = items.max(0).saturating_mul(percent.clamp(0, 100));
    hundredths / 100 + i64::from(hundredths % 100 > 0)
}

/// Counts of a project's customers by state: all, verified or accepted, accepted.
#[must_use]
pub fn counts(by_state: &BTreeMap<ItemState, i64>) -> (i64, i64, i64) {
    let of = |state: ItemState| by_state.get(&state).copied().unwrap_or(0);
    let accepted = of(ItemState::Accepted);
    let verified = of(ItemState::Verified) + accepted;
    (verified + of(ItemState::Open) + of(ItemState::Returned), verified, accepted)
}

/// Whether a customer counts for the back-test, and whether it was graded right (S3-13): without default in the better
/// classes, in default in the worst.
///
/// Rule `sorting.accuracy`: undecided outcomes and customers of whose default nothing is known do not count.
#[must_use]
pub fn graded_right(axis: &Axis, outcome: &str, defaulted: Option<bool>) -> Option<bool> {
    if axis.risk.is_empty() || outcome.is_empty() {
        return None;
    }
    defaulted.map(|defaulted| axis.risk.iter().any(|one| one == outcome) == defaulted)
}

/// Whether somebody may still work on a customer of a project.
#[must_use]
pub fn is_to_do(item: &Item) -> bool {
    matches!(item.state, ItemState::Open | ItemState::Returned)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Rule sorting.review
    #[test]
    fn the_share_to_be_reviewed_is_rounded_up() {
        let rows = [(0, 20, 0), (1, 20, 1), (5, 20, 1), (6, 20, 2), (10, 100, 10), (10, 0, 0)];
        for (items, percent, expected) in rows {
            assert_eq!(must_be_reviewed(items, percent), expected, "{items} {percent}");
        }
    }

    // S3-13. Rule sorting.warnings
    #[test]
    fn every_time_overdue_counts_and_a_warning_has_to_come_before_it() {
        let day = |month, day| jiff::civil::date(2026, month, day);
        let spell = |from, to| Spell { from, to };
        let period = (day(1, 1), day(11, 20));
        let overdue = [
            spell(jiff::civil::date(2025, 12, 1), Some(day(1, 20))),
            spell(day(3, 1), Some(day(3, 10))),
            spell(day(9, 1), None),
        ];
        let of = |warnings: &[Date]| {
            let given: BTreeSet<Date> = warnings.iter().copied().collect();
            let (warned, alarms) = warned(&overdue, &given, period, 6);
            ((warned.part, warned.whole), (alarms.part, alarms.whole))
        };
        assert_eq!(of(&[]), ((0, 2), (0, 0)), "what began before the period is no event of it");
        assert_eq!(of(&[day(2, 28)]), ((1, 2), (0, 1)), "six months later it counts no longer");
        assert_eq!(
            of(&[day(3, 1)]),
            ((1, 2), (0, 1)),
            "on the first day it is late for that one, in time for the next"
        );
        assert_eq!(of(&[day(2, 1), day(8, 1)]), ((2, 2), (0, 2)));
        assert_eq!(of(&[day(11, 1)]), ((0, 2), (0, 1)), "who is overdue is warned of late, and rightly");
        let over = [spell(day(3, 1), Some(day(3, 10)))];
        let (_, alarms) = warned(&over, &BTreeSet::from([day(3, 10)]), period, 6);
        assert_eq!((alarms.part, alarms.whole), (1, 1), "nothing was overdue from that day on");
    }

    // S3-20. Rule sorting.served
    #[test]
    fn a_complaint_counts_once_it_is_answered_or_late() {
        let day = |day| jiff::civil::date(2026, 11, day);
        assert_eq!(in_time(day(10), Some(day(10)), day(20)), Some(true));
        assert_eq!(in_time(day(10), Some(day(11)), day(20)), Some(false));
        assert_eq!(in_time(day(10), None, day(11)), Some(false));
        assert_eq!(in_time(day(10), None, day(10)), None, "there is time");
    }

    // S3-13. Rule sorting.accuracy
    #[test]
    fn a_grade_is_right_when_the_worst_class_holds_the_defaults() {
        let axis = Axis {
            scheme: String::new(),
            decision: String::new(),
            output: String::new(),
            premium: Vec::new(),
            risk: vec!["high".to_owned()],
            strategy: String::new(),
        };
        let rows = [
            ("low", Some(false), Some(true)),
            ("low", Some(true), Some(false)),
            ("high", Some(true), Some(true)),
            ("high", Some(false), Some(false)),
            ("high", None, None),
            ("", Some(true), None),
        ];
        for (outcome, defaulted, right) in rows {
            assert_eq!(graded_right(&axis, outcome, defaulted), right, "{outcome} {defaulted:?}");
        }
    }
}
