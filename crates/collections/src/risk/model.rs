//! What a rating is made of. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;
use platform::error::{FieldError, Refusal, Refused};
use platform::id_type;
use policy::{Edition, EvalError, Facts, Value};

id_type!(RatingId, "The key of a risk rating (逾期风险评级) within its customer.");

/// What is known of an overdue customer when it is rated (评级依据): time, amount, capacity, credit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// Days overdue.
    pub days: i64,
    /// What is overdue.
    pub overdue: Fen,
    /// What is left to repay a month; none was assessed.
    pub left: Option<Fen>,
    /// Promises that were broken, whole or in part.
    pub broken: i64,
    /// Why it is not paid; none was found.
    pub cause: Option<String>,
}

/// A rating (逾期风险评级).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// `low`, `medium`, `high` or `severe`.
    pub rating: String,
    /// On what it rests.
    pub known: Known,
    /// The article.
    pub article: String,
    /// What else the risk department says.
    pub words: String,
    /// The business date.
    pub on: Date,
    /// By whom.
    pub by: String,
    /// 预期损失 and 风险敞口; none where the rules of then had no shares.
    pub loss: Option<(Fen, Fen)>,
    /// Its key.
    pub id: RatingId,
}

/// Why a rating is not taken (评级拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RiskError {
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
}

impl Refusal for RiskError {
    fn refused(&self) -> Refused {
        match self {
            Self::Form(fields) => Refused::form(fields.clone()),
        }
    }
}

/// The rating of the policy for what is known, with its article (rule `risk.rating`): the worst that any of time, amount,
/// capacity and credit says.
///
/// # Errors
/// The policy lacks the table.
pub fn rate(edition: &Edition, known: &Known) -> Result<(String, String), EvalError> {
    let mut facts = Facts::from([
        ("overdue_days".to_owned(), Value::Integer(known.days.max(0))),
        ("amount_fen".to_owned(), Value::Integer(known.overdue.0.max(0))),
        ("broken_promises".to_owned(), Value::Integer(known.broken.max(0))),
    ]);
    if let Some(left) = known.left {
        facts.insert("capacity_left_fen".to_owned(), Value::Integer(left.0.max(0)));
    }
    if let Some(cause) = &known.cause {
        facts.insert("default_cause".to_owned(), Value::Text(cause.clone()));
    }
    let found = edition.decide("overdue_risk", &facts)?;
    let article = found.rows.first().map(|hit| hit.article.clone()).unwrap_or_default();
    Ok((found.text("overdue_risk").unwrap_or_default().to_owned(), article))
}
