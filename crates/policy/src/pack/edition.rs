//! The rules in force between two changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use thiserror::Error;

use crate::approval::ApprovalChain;
use crate::approval::{self, ApprovalRow};
use crate::article::Article;
use crate::duty::DutyRule;
use crate::facts::Facts;
use crate::numbering::Numbering;
use crate::outcome::Outcome;
use crate::pack::Version;
use crate::parameter::{Parameter, ParameterValue};
use crate::product::Product;
use crate::role::Role;
use crate::scorecard::Scorecard;
use crate::table::{Decision, EvalError, Evaluation};
use crate::template::Template;
use crate::value::Value;

/// What does not change with the date.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) articles: BTreeMap<String, Article>,
    pub(crate) roles: BTreeMap<String, Role>,
    pub(crate) templates: BTreeMap<String, Template>,
    pub(crate) numbering: BTreeMap<String, Numbering>,
    pub(crate) products: Vec<Product>,
    pub(crate) outcomes: BTreeMap<(String, String), Outcome>,
    pub(crate) scorecards: BTreeMap<String, Scorecard>,
    /// Every decision of the stack on any date.
    pub(crate) decisions: Vec<String>,
}

/// The rules of a pack in force from one date to the next change (生效版本).
#[derive(Debug, Clone)]
pub struct Edition {
    pub(crate) from: Option<Date>,
    pub(crate) version: Arc<Version>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) parameters: BTreeMap<String, Parameter>,
    /// The single values among the parameters, as formulas see them.
    pub(crate) values: Arc<BTreeMap<String, Value>>,
    pub(crate) decisions: BTreeMap<String, Decision>,
    pub(crate) duties: Vec<DutyRule>,
    pub(crate) approvals: Vec<ApprovalRow>,
}

/// Why a parameter has no value (参数缺失).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParameterError {
    /// No layer has the parameter on the date.
    #[error("the pack {pack} has no parameter {name} on that date")]
    Unknown {
        /// The pack.
        pack: String,
        /// The parameter.
        name: String,
    },
    /// It has a value of another type than the caller needs.
    #[error("the parameter {name} is {found}, not {expected}")]
    WrongType {
        /// The parameter.
        name: String,
        /// What the caller needs.
        expected: &'static str,
        /// What it is.
        found: String,
    },
}

impl ParameterError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "unknown_parameter",
            Self::WrongType { .. } => "wrong_parameter_type",
        }
    }
}

impl Edition {
    /// The first day of this edition; `None` for the first one.
    pub fn from(&self) -> Option<Date> {
        self.from
    }

    /// The pack and version.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// A decision.
    ///
    /// # Errors
    /// [`EvalError::UnknownDecision`] when no date has it, [`EvalError::NoRule`] when only other dates have.
    pub fn decision(&self, id: &str) -> Result<&Decision, EvalError> {
        self.decisions.get(id).ok_or_else(|| {
            let decision = id.to_owned();
            if self.shared.decisions.contains(&decision) {
                let on =
                    self.from.map_or_else(|| "before the first rule".to_owned(), |from| format!("{from} and after"));
                EvalError::NoRule { decision, on }
            } else {
                EvalError::UnknownDecision { decision }
            }
        })
    }

    /// All decisions in force.
    pub fn decisions(&self) -> impl Iterator<Item = &Decision> {
        self.decisions.values()
    }

    /// Decides and explains.
    ///
    /// # Errors
    /// As [`Edition::decision`] and [`Decision::hit`].
    pub fn decide(&self, id: &str, facts: &Facts) -> Result<Evaluation, EvalError> {
        self.decision(id)?.evaluate(facts)
    }

    /// A parameter with its article.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.get(name)
    }

    /// All parameters in force.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.values()
    }

    /// The choices that settle contradictions and ambiguities of the source texts.
    pub fn switches(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.values().filter(|parameter| parameter.is_switch())
    }

    /// A whole-number parameter.
    ///
    /// # Errors
    /// [`ParameterError`].
    pub fn integer(&self, name: &str) -> Result<i64, ParameterError> {
        match self.value(name)? {
            ParameterValue::One(Value::Integer(number)) => Ok(*number),
            other => Err(wrong(name, "a whole number", other)),
        }
    }

    /// The texts of a list parameter.
    ///
    /// # Errors
    /// [`ParameterError`]: unknown, or no list of texts.
    pub fn texts(&self, name: &str) -> Result<Vec<String>, ParameterError> {
        match self.value(name)? {
            ParameterValue::Texts(list) => Ok(list.clone()),
            other @ (ParameterValue::One(_) | ParameterValue::Integers(_)) => {
                Err(wrong(name, "a list of texts", other))
            }
        }
    }

    /// A list of whole numbers; a single one counts as a list of one.
    ///
    /// # Errors
    /// [`ParameterError`].
    pub fn integers(&self, name: &str) -> Result<Vec<i64>, ParameterError> {
        match self.value(name)? {
            ParameterValue::Integers(list) => Ok(list.clone()),
            ParameterValue::One(Value::Integer(number)) => Ok(vec![*number]),
            other => Err(wrong(name, "a list of whole numbers", other)),
        }
    }

    /// A text or choice.
    ///
    /// # Errors
    /// [`ParameterError`].
    pub fn text(&self, name: &str) -> Result<&str, ParameterError> {
        match self.value(name)? {
            ParameterValue::One(Value::Text(text)) => Ok(text),
            other => Err(wrong(name, "a text", other)),
        }
    }

    /// A truth value.
    ///
    /// # Errors
    /// [`ParameterError`].
    pub fn flag(&self, name: &str) -> Result<bool, ParameterError> {
        match self.value(name)? {
            ParameterValue::One(Value::Boolean(yes)) => Ok(*yes),
            other => Err(wrong(name, "a truth value", other)),
        }
    }

    fn value(&self, name: &str) -> Result<&ParameterValue, ParameterError> {
        let unknown = || ParameterError::Unknown { pack: self.version.pack.clone(), name: name.to_owned() };
        self.parameters.get(name).map(|parameter| &parameter.value).ok_or_else(unknown)
    }

    /// All duty rules in force.
    pub fn duties(&self) -> impl Iterator<Item = &DutyRule> {
        self.duties.iter()
    }

    /// The duty rules that an event may open; ask each whether it [applies](DutyRule::applies).
    pub fn duties_for<'a>(&'a self, trigger: &'a str) -> impl Iterator<Item = &'a DutyRule> {
        self.duties.iter().filter(move |duty| duty.trigger == trigger)
    }

    /// The chain of approvals for a subject such as `waiver`, chosen by the facts of the case.
    ///
    /// # Errors
    /// [`EvalError::UnknownDecision`] for a subject without chains, [`EvalError::Formula`] when a condition cannot
    /// be computed, for example for want of a fact.
    pub fn approval(&self, subject: &str, facts: &Facts) -> Result<&ApprovalChain, EvalError> {
        approval::choose(&self.approvals, subject, facts, &self.values)
    }

    /// The subjects that need approval.
    pub fn approval_subjects(&self) -> impl Iterator<Item = &str> {
        let mut seen = std::collections::BTreeSet::new();
        self.approvals.iter().map(|row| row.subject.as_str()).filter(move |subject| seen.insert(*subject))
    }

    /// Products that new loans may use on a date of this edition.
    pub fn products(&self, on: Date) -> impl Iterator<Item = &Product> {
        self.shared.products.iter().filter(move |product| product.is_offered(on))
    }
}

fn wrong(name: &str, expected: &'static str, found: &ParameterValue) -> ParameterError {
    ParameterError::WrongType { name: name.to_owned(), expected, found: found.to_text() }
}
