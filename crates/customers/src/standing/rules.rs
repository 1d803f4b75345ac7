//! Which axes a customer has, what the rules say on each, and which way it moved. Pure.

use jiff::civil::Date;
use platform::stored_as_text;
use policy::{Derivation, Edition, EvalError, FactType, Facts, Pack, Value};

use crate::customer::model::CustomerKind;

/// An axis on which customers are classed or graded (分类轴).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// The decision that makes it.
    pub decision: String,
    /// The output that says where the customer stands.
    pub output: String,
    /// After how many months it is looked at again (S5.5-05).
    pub review_months: i64,
}

/// The axes of the policy for a kind of customer that this pack decides (rule `standing.axes`).
#[must_use]
pub fn axes(edition: &Edition, kind: CustomerKind) -> Vec<Axis> {
    let facts = Facts::from([("customer_kind".to_owned(), Value::from(kind.as_str()))]);
    let Ok(found) = edition.decide("customer_axis", &facts) else { return Vec::new() };
    let text = |row: &[(String, Option<Value>)], name: &str| {
        row.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.clone())
    };
    let axis = |row: &Vec<(String, Option<Value>)>| {
        let decision = text(row, "axis_decision")?.as_text()?.to_owned();
        let output = edition.decision(&decision).ok()?.sheet().outputs.first()?.name.clone();
        Some(Axis { decision, output, review_months: text(row, "axis_review_months")?.as_integer()? })
    };
    found.outputs.iter().filter_map(axis).collect()
}

/// What the rules say on one axis (判定).
#[derive(Debug, Clone)]
pub struct Judged {
    /// The outcome; empty where facts are lacking.
    pub outcome: String,
    /// How it came about.
    pub found: Option<Derivation>,
    /// The facts to be supplied.
    pub lacking: Vec<String>,
}

/// Decides one axis.
#[must_use]
pub fn judge(edition: &Edition, axis: &Axis, facts: &Facts) -> Judged {
    match edition.derive(&axis.decision, facts) {
        Ok(found) => {
            let outcome = found.decision.output(&axis.output).map(Value::to_text).unwrap_or_default();
            let lacking = if outcome.is_empty() { found.evidence.clone() } else { Vec::new() };
            Judged { outcome, found: Some(found), lacking }
        }
        Err(EvalError::MissingFact { fact, .. }) => {
            let mut lacking = edition.lacking(&axis.decision, facts);
            if lacking.is_empty() {
                lacking.push(fact);
            }
            Judged { outcome: String::new(), found: None, lacking }
        }
        Err(_) => Judged { outcome: String::new(), found: None, lacking: Vec::new() },
    }
}

/// Which way a standing moved (变动方向).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// It has not.
    Not,
    /// 转好.
    Better,
    /// 转差.
    Worse,
    /// To another place of an axis without order.
    Other,
}

impl Moved {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Not => "",
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Other => "other",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Not, Self::Better, Self::Worse, Self::Other].into_iter().find(|one| one.as_str() == text)
    }
}
stored_as_text!(Moved, "direction of a standing");

/// Which way it went from one outcome to another, by the order of the axis: the mildest first.
#[must_use]
pub fn moved(pack: &Pack, output: &str, before: &str, after: &str) -> Moved {
    if before.is_empty() || before == after {
        return Moved::Not;
    }
    let Some(FactType::OneOf { values, ordered: true }) = pack.dictionary().get(output).map(|fact| &fact.kind) else {
        return Moved::Other;
    };
    let place = |value: &str| values.iter().position(|known| known == value);
    match (place(before), place(after)) {
        (Some(before), Some(after)) if after < before => Moved::Better,
        (Some(_), Some(_)) => Moved::Worse,
        _ => Moved::Other,
    }
}

/// The day on which an axis is looked at again: the review, or the day on which a datum counts no longer.
#[must_use]
pub fn review_on(axis: &Axis, on: Date, until: Option<Date>) -> Date {
    let span = jiff::Span::new().try_months(axis.review_months.max(1)).unwrap_or_default();
    let regular = on.checked_add(span).unwrap_or(Date::MAX);
    until.filter(|until| *until > on).map_or(regular, |until| until.min(regular))
}
