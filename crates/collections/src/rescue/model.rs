//! Rescue money: what it was evaluated to do, what was decided, how it is used. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::{id_type, stored_as_text};
use servicing::loan::model::LoanId;

id_type!(RescueId, "The key of a step of rescue money (救助资金) within its customer.");

/// The longest text.
const MAX_TEXT: usize = 2_000;

/// A step of rescue money (救助资金步骤).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RescueStep {
    /// 评估.
    Evaluation,
    /// 审定.
    Decision,
    /// 使用监督.
    Use,
}

impl RescueStep {
    /// Every step, in order.
    pub const ALL: [Self; 3] = [Self::Evaluation, Self::Decision, Self::Use];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Evaluation => "evaluation",
            Self::Decision => "decision",
            Self::Use => "use",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == text)
    }
}
stored_as_text!(RescueStep, "step of rescue money");

/// What an evaluation says (救助资金评估).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Findings {
    /// 可恢复经营.
    pub operation: bool,
    /// 可恢复还款能力.
    pub capacity: bool,
    /// 风险可控.
    pub controlled: bool,
}

impl Findings {
    /// Whether rescue money may be agreed to (rule `rescue.evaluation`): it restores operation and capacity, and the risk is
    /// controlled.
    #[must_use]
    pub fn permit(self) -> bool {
        self.operation && self.capacity && self.controlled
    }
}

/// What is recorded (救助资金登记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewRescue {
    /// 评估.
    Evaluation {
        /// How much is asked for.
        amount: Fen,
        /// What it says.
        findings: Findings,
        /// For what, and how the use is supervised.
        words: String,
    },
    /// 审定.
    Decision {
        /// Whether it was agreed to.
        accepted: bool,
        /// Why.
        words: String,
    },
    /// 使用监督.
    Use {
        /// How much was used.
        amount: Fen,
        /// For what, with the proof.
        words: String,
    },
}

impl NewRescue {
    /// Which step it is.
    #[must_use]
    pub fn step(&self) -> RescueStep {
        match self {
            Self::Evaluation { .. } => RescueStep::Evaluation,
            Self::Decision { .. } => RescueStep::Decision,
            Self::Use { .. } => RescueStep::Use,
        }
    }

    /// The sum it is about.
    #[must_use]
    pub fn amount(&self) -> Option<Fen> {
        match self {
            Self::Evaluation { amount, .. } | Self::Use { amount, .. } => Some(*amount),
            Self::Decision { .. } => None,
        }
    }

    /// The words.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Evaluation { words, .. } | Self::Decision { words, .. } | Self::Use { words, .. } => words,
        }
    }
}

/// A step as kept (救助资金记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Its key.
    pub id: RescueId,
    /// What was recorded.
    pub new: NewRescue,
    /// The business date.
    pub on: Date,
    /// By whom.
    pub by: i64,
    /// The name.
    pub by_name: String,
}

/// Why a step is not taken (救助资金拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RescueError {
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
    /// No cause that allows it was found.
    #[error("the cause allows no rescue money")]
    Cause {
        /// The article.
        article: Option<String>,
    },
    /// It is not the turn of this step.
    #[error("not the turn of this step")]
    Order,
    /// The evaluation does not permit it.
    #[error("the evaluation does not permit it")]
    NotPermitted,
    /// Whoever evaluated does not decide.
    #[error("the own evaluation")]
    Own,
    /// There is no such decision that agreed and is not used up.
    #[error("no decision {number} that stands")]
    Undecided {
        /// As asked for.
        number: String,
    },
    /// Another loan carries the decision out.
    #[error("the decision has its loan")]
    Lent,
    /// The loan is larger than was agreed to.
    #[error("the loan is larger than agreed")]
    LoanTooMuch {
        /// What was agreed to.
        agreed: Fen,
    },
    /// More is used than was agreed to.
    #[error("more than is left")]
    TooMuch {
        /// What is left.
        left: Fen,
    },
}

impl Refusal for RescueError {
    fn refused(&self) -> Refused {
        let conflict = |code, rule| Refused::new(RefusalKind::Conflict, code).under(rule, None);
        match self {
            Self::Form(fields) => Refused::form(fields.clone()),
            Self::Cause { article } => {
                Refused::new(RefusalKind::Conflict, "rescue-cause").under("rescue.cause", article.clone())
            }
            Self::Order => conflict("rescue-order", "rescue.order"),
            Self::NotPermitted => conflict("rescue-not-permitted", "rescue.evaluation"),
            Self::Own => conflict("rescue-own", "rescue.second"),
            Self::Undecided { number } => Refused::new(RefusalKind::Invalid, "rescue-decision-unknown")
                .with("number", number)
                .under("rescue.loan", None),
            Self::Lent => Refused::new(RefusalKind::Invalid, "rescue-decision-used").under("rescue.loan", None),
            Self::LoanTooMuch { agreed } => Refused::new(RefusalKind::Invalid, "rescue-loan-too-much")
                .with("agreed", agreed)
                .under("rescue.loan", None),
            Self::TooMuch { left } => conflict("rescue-too-much", "rescue.use").with("left", left),
        }
    }
}

/// What is wrong with a step, all at once.
#[must_use]
pub fn check(new: &NewRescue) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if let Some(amount) = new.amount().filter(|amount| *amount <= Fen::ZERO) {
        wrong.push(FieldError::new("rescue_amount", "amount-unreadable").with("text", amount));
    }
    match new.words().trim().chars().count() {
        0 => wrong.push(FieldError::new("rescue_words", "field-empty")),
        count if count > MAX_TEXT => {
            wrong.push(FieldError::new("rescue_words", "contact-too-long").with("max", MAX_TEXT));
        }
        _ => {}
    }
    wrong
}

/// Where rescue money of a case stands (救助资金状况).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// 待评估: nothing was asked for, or it was refused or used up.
    Open,
    /// 待审定.
    Evaluated {
        /// How much.
        amount: Fen,
        /// What the evaluation says.
        findings: Findings,
        /// Who evaluated.
        by: i64,
    },
    /// 使用中.
    Agreed {
        /// What is left of it.
        left: Fen,
    },
}

impl Standing {
    /// Which steps it takes next (rule `rescue.order`).
    #[must_use]
    pub fn next(self) -> RescueStep {
        match self {
            Self::Open => RescueStep::Evaluation,
            Self::Evaluated { .. } => RescueStep::Decision,
            Self::Agreed { .. } => RescueStep::Use,
        }
    }
}

/// Where it stands after these steps, in order.
#[must_use]
pub fn standing(done: &[Done]) -> Standing {
    let mut now = Standing::Open;
    for one in done {
        now = match (&one.new, now) {
            (NewRescue::Evaluation { amount, findings, .. }, _) => {
                Standing::Evaluated { amount: *amount, findings: *findings, by: one.by }
            }
            (NewRescue::Decision { accepted: true, .. }, Standing::Evaluated { amount, .. }) => {
                Standing::Agreed { left: amount }
            }
            (NewRescue::Use { amount, .. }, Standing::Agreed { left }) => match left.checked_sub(*amount) {
                Some(left) if left > Fen::ZERO => Standing::Agreed { left },
                Some(_) | None => Standing::Open,
            },
            (NewRescue::Decision { .. } | NewRescue::Use { .. }, _) => Standing::Open,
        };
    }
    now
}

/// The decision that agreed and stands, with the sum (rule `rescue.loan`): the last one, while something of it is left.
#[must_use]
pub fn agreed(done: &[Done]) -> Option<(RescueId, Fen)> {
    let Standing::Agreed { .. } = standing(done) else { return None };
    let place = done.iter().rposition(|one| matches!(one.new, NewRescue::Decision { accepted: true, .. }))?;
    let asked = done.iter().take(place).rev().find_map(|one| match &one.new {
        NewRescue::Evaluation { amount, .. } => Some(*amount),
        NewRescue::Decision { .. } | NewRescue::Use { .. } => None,
    })?;
    Some((done.get(place)?.id, asked))
}

/// A loan of rescue money (救助借款).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lent {
    /// The decision that it carries out.
    pub decision: RescueId,
    /// The loan.
    pub loan: LoanId,
    /// 借据号.
    pub number: String,
    /// 借款本金.
    pub principal: Fen,
    /// The business date.
    pub on: Date,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn done(new: NewRescue) -> Done {
        Done { id: RescueId(1), new, on: date(2026, 11, 23), by: 7, by_name: String::new() }
    }

    fn evaluated(findings: Findings) -> Done {
        done(NewRescue::Evaluation { amount: Fen(5_000_000), findings, words: "恢复一条生产线".to_owned() })
    }

    // Rules `rescue.evaluation`, `rescue.order`. S2.3-11
    #[test]
    fn rescue_money_is_evaluated_decided_and_then_used_up() {
        let all = Findings { operation: true, capacity: true, controlled: true };
        assert!(all.permit());
        for less in [
            Findings { operation: false, ..all },
            Findings { capacity: false, ..all },
            Findings { controlled: false, ..all },
        ] {
            assert!(!less.permit(), "{less:?}");
        }
        let decided = |accepted| done(NewRescue::Decision { accepted, words: "同意".to_owned() });
        let used = |fen| done(NewRescue::Use { amount: Fen(fen), words: "购料发票".to_owned() });
        let after = |steps: &[Done]| standing(steps);
        assert_eq!(after(&[]).next(), RescueStep::Evaluation);
        assert_eq!(after(&[evaluated(all)]), Standing::Evaluated { amount: Fen(5_000_000), findings: all, by: 7 });
        assert_eq!(after(&[evaluated(all), decided(false)]), Standing::Open);
        assert_eq!(after(&[evaluated(all), decided(true)]), Standing::Agreed { left: Fen(5_000_000) });
        let spent = [evaluated(all), decided(true), used(2_000_000)];
        assert_eq!(after(&spent), Standing::Agreed { left: Fen(3_000_000) });
        assert_eq!(after(&[&spent[..], &[used(3_000_000)]].concat()), Standing::Open);
        // Rule `rescue.loan`: what was agreed to, while something is left.
        assert_eq!(agreed(&[evaluated(all)]), None);
        assert_eq!(agreed(&spent).map(|(_, amount)| amount), Some(Fen(5_000_000)));
        assert_eq!(agreed(&[&spent[..], &[used(3_000_000)]].concat()), None);
    }
}
