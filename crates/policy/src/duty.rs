//! Duty rules: which event opens which duty, for whom, until when, and what closes it.

use jiff::civil::Date;

use crate::calendar::{CalendarError, WorkingDays, add_days, add_working_days};
use crate::facts::{Facts, Title};
use crate::formula::{Formula, Scope};
use crate::parameter::{ParameterValue, article, list};
use crate::period::Period;
use crate::problem::{Place, Problem, ProblemKind};
use crate::sheet::{Entry, Sheet};
use crate::table::EvalError;
use crate::value::{FactType, Unit, Value};

/// A time span from an anchor date (时限): one distance, or several when a parameter lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offset {
    /// The distances; negative lies before the anchor.
    pub amounts: Vec<i64>,
    /// Whether only working days count.
    pub working_days: bool,
}

impl Offset {
    /// The dates at these distances from the anchor.
    ///
    /// # Errors
    /// [`CalendarError`].
    pub fn dates(&self, anchor: Date, calendar: &dyn WorkingDays) -> Result<Vec<Date>, CalendarError> {
        let date = |days: &i64| {
            if self.working_days { add_working_days(anchor, *days, calendar) } else { add_days(anchor, *days) }
        };
        self.amounts.iter().map(date).collect()
    }
}

/// The dates of one duty (任务日期).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DutyDates {
    /// First day on which it can be done.
    pub opens_on: Date,
    /// Last day on which it is done in time.
    pub due_on: Date,
    /// The day on which it goes to the next role, if it does.
    pub escalates_on: Option<Date>,
}

/// A rule that opens a duty (任务规则), its parameters resolved for a date.
#[derive(Debug, Clone)]
pub struct DutyRule {
    /// Its id.
    pub id: String,
    /// The rule id that pages cite.
    pub rule: String,
    /// What people call the duty.
    pub title: Title,
    /// The event that opens it, such as `loan.overdue`.
    pub trigger: String,
    /// The kind of duty, such as `early_reminder`.
    pub kind: String,
    /// The role that owns it.
    pub owner_role: String,
    /// From the anchor to the first day on which it can be done.
    pub opens: Offset,
    /// From the anchor to the deadline.
    pub due: Offset,
    /// From the deadline to the escalation, and to whom.
    pub escalation: Option<(Offset, String)>,
    /// The kinds of evidence that close it; one suffices.
    pub evidence: Vec<String>,
    /// Whether all cases of one owner and date make one duty with member rows.
    pub bulk: bool,
    /// The article.
    pub article: String,
    condition: Option<Formula>,
    parameters: std::sync::Arc<std::collections::BTreeMap<String, Value>>,
}

impl DutyRule {
    /// Whether the rule opens a duty for these facts.
    ///
    /// # Errors
    /// [`EvalError::Formula`] when a fact of the condition is unknown or it cannot be computed.
    pub fn applies(&self, facts: &Facts) -> Result<bool, EvalError> {
        let Some(condition) = &self.condition else {
            return Ok(true);
        };
        condition.holds(facts, &|name| self.parameters.get(name).cloned()).map_err(|detail| EvalError::Formula {
            decision: self.id.clone(),
            formula: condition.source().to_owned(),
            detail,
        })
    }

    /// The dates of the duty that an event on `anchor` opens; several when its lead time is a list.
    ///
    /// # Errors
    /// [`CalendarError`].
    pub fn dates(&self, anchor: Date, calendar: &dyn WorkingDays) -> Result<Vec<DutyDates>, CalendarError> {
        let due = self.due.dates(anchor, calendar)?;
        let opens = self.opens.dates(anchor, calendar)?;
        let mut found = Vec::with_capacity(due.len());
        for (index, due_on) in due.into_iter().enumerate() {
            // One opening serves all deadlines, otherwise they pair up; a duty never opens after it is due.
            let opens_on = opens.get(index).or(opens.first()).copied().unwrap_or(due_on).min(due_on);
            let escalates_on = match &self.escalation {
                Some((offset, _)) => offset.dates(due_on, calendar)?.first().copied(),
                None => None,
            };
            found.push(DutyDates { opens_on, due_on, escalates_on });
        }
        Ok(found)
    }
}

/// A duty rule as written.
#[derive(Debug, Clone)]
pub(crate) struct DutyRow {
    pub(crate) id: String,
    pub(crate) period: Period,
    pub(crate) place: Place,
    pub(crate) owner: (String, Place),
    pub(crate) escalate_to: (String, Place),
    pub(crate) article: (String, Place),
    rule: String,
    title: Title,
    trigger: String,
    kind: String,
    opens: (WrittenOffset, Place),
    due: (WrittenOffset, Place),
    escalate_after: Option<(WrittenOffset, Place)>,
    evidence: Vec<String>,
    bulk: bool,
    condition: Option<(Formula, Place)>,
}

/// `3 working_days`, `-param.lead days`.
#[derive(Debug, Clone)]
struct WrittenOffset {
    negative: bool,
    amount: Amount,
    working_days: bool,
}

#[derive(Debug, Clone)]
enum Amount {
    Literal(i64),
    Parameter(String),
}

const MUST: [&str; 14] = [
    "id",
    "rule",
    "trigger",
    "condition",
    "kind",
    "owner_role",
    "opens",
    "due",
    "escalate_after",
    "escalate_to",
    "evidence",
    "bulk",
    "article",
    "title_zh",
];
const MAY: [&str; 3] = ["title_en", "effective_from", "effective_to"];

/// Reads `duties.csv`.
pub(crate) fn read(file: &str, text: &str, scope: &Scope<'_>, problems: &mut Vec<Problem>) -> Vec<DutyRow> {
    let entries = Sheet::read(file, text, problems).register(&MUST, &MAY, problems);
    entries.iter().filter_map(|entry| row(entry, scope, problems)).collect()
}

fn row(entry: &Entry, scope: &Scope<'_>, problems: &mut Vec<Problem>) -> Option<DutyRow> {
    let bulk = match entry.get("bulk") {
        "yes" => true,
        "no" => false,
        other => {
            problems.push(Problem::new(entry.place("bulk"), crate::parameter::not_allowed(other, "yes|no")));
            false
        }
    };
    let condition = condition(entry, scope, problems);
    let opens = offset(entry, "opens", problems);
    let due = offset(entry, "due", problems);
    let escalate_after =
        if entry.get("escalate_after").is_empty() { None } else { offset(entry, "escalate_after", problems) };
    let found = DutyRow {
        id: entry.text("id", problems),
        period: Period::read(entry, problems),
        place: entry.place("id"),
        owner: (entry.text("owner_role", problems), entry.place("owner_role")),
        escalate_to: (entry.get("escalate_to").to_owned(), entry.place("escalate_to")),
        article: (article(entry, problems), entry.place("article")),
        rule: entry.text("rule", problems),
        title: Title::new(entry.text("title_zh", problems), entry.get("title_en")),
        trigger: entry.text("trigger", problems),
        kind: entry.text("kind", problems),
        opens: (opens?, entry.place("opens")),
        due: (due?, entry.place("due")),
        escalate_after: escalate_after.map(|offset| (offset, entry.place("escalate_after"))),
        evidence: list(&entry.text("evidence", problems)),
        bulk,
        condition,
    };
    if found.escalate_after.is_some() && found.escalate_to.0.is_empty() {
        let kind = ProblemKind::EmptyCell { name: "escalate_to".to_owned() };
        problems.push(Problem::new(entry.place("escalate_to"), kind));
    }
    Some(found)
}

/// The column `condition`: a formula, or nothing for always.
pub(crate) fn condition(entry: &Entry, scope: &Scope<'_>, problems: &mut Vec<Problem>) -> Option<(Formula, Place)> {
    let text = entry.get("condition");
    if text.is_empty() {
        return None;
    }
    match Formula::compile(text, &FactType::Boolean, scope) {
        Ok(formula) => Some((formula, entry.place("condition"))),
        Err(kind) => {
            problems.push(Problem::new(entry.place("condition"), kind));
            None
        }
    }
}

fn offset(entry: &Entry, column: &str, problems: &mut Vec<Problem>) -> Option<WrittenOffset> {
    let text = entry.text(column, problems);
    if text.is_empty() {
        return None;
    }
    let parsed = text.split_once(' ').and_then(|(amount, unit)| {
        let working_days = match unit.trim() {
            "days" => false,
            "working_days" => true,
            _ => return None,
        };
        let (negative, amount) = amount.strip_prefix('-').map_or((false, amount), |amount| (true, amount));
        let amount = match amount.strip_prefix("param.") {
            Some(name) => Amount::Parameter(name.to_owned()),
            None => Amount::Literal(crate::value::parse_integer(amount, Unit::Days).ok()?),
        };
        Some(WrittenOffset { negative, amount, working_days })
    });
    if parsed.is_none() {
        let detail = "a span is written 3 working_days, 15 days or -param.name days".to_owned();
        problems.push(Problem::new(entry.place(column), ProblemKind::Unreadable { found: text, detail }));
    }
    parsed
}

impl DutyRow {
    /// Resolves the rule with the parameters of a date.
    pub(crate) fn resolve(
        &self,
        values: &std::sync::Arc<std::collections::BTreeMap<String, Value>>,
        parameter: &dyn Fn(&str) -> Result<ParameterValue, ProblemKind>,
        problems: &mut Vec<Problem>,
    ) -> Option<DutyRule> {
        let mut resolved = |(written, place): &(WrittenOffset, Place)| {
            written.resolve(parameter).map_err(|kind| problems.push(Problem::new(place.clone(), kind))).ok()
        };
        let (opens, due) = (resolved(&self.opens), resolved(&self.due));
        let escalate = self.escalate_after.as_ref().map(&mut resolved);
        if let Some((formula, place)) = &self.condition {
            for name in formula.parameters() {
                if let Err(kind) = parameter(name) {
                    problems.push(Problem::new(place.clone(), kind));
                }
            }
        }
        let escalation = match escalate {
            Some(offset) => Some((offset?, self.escalate_to.0.clone())),
            None => None,
        };
        Some(DutyRule {
            id: self.id.clone(),
            rule: self.rule.clone(),
            title: self.title.clone(),
            trigger: self.trigger.clone(),
            kind: self.kind.clone(),
            owner_role: self.owner.0.clone(),
            opens: opens?,
            due: due?,
            escalation,
            evidence: self.evidence.clone(),
            bulk: self.bulk,
            article: self.article.0.clone(),
            condition: self.condition.as_ref().map(|(formula, _)| formula.clone()),
            parameters: values.clone(),
        })
    }
}

impl WrittenOffset {
    fn resolve(&self, parameter: &dyn Fn(&str) -> Result<ParameterValue, ProblemKind>) -> Result<Offset, ProblemKind> {
        let amounts = match &self.amount {
            Amount::Literal(days) => vec![*days],
            Amount::Parameter(name) => match parameter(name)? {
                ParameterValue::One(Value::Integer(days)) => vec![days],
                ParameterValue::Integers(days) => days,
                other => {
                    return Err(ProblemKind::WrongType { expected: "days".to_owned(), found: other.to_text() });
                }
            },
        };
        let sign = if self.negative { -1 } else { 1 };
        let amounts = amounts.into_iter().map(|days| days.saturating_mul(sign)).collect();
        Ok(Offset { amounts, working_days: self.working_days })
    }
}
