//! A reward or a penalty and what becomes of it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;
use platform::approval::ApprovalId;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::id::{BranchId, UserId};
use platform::{id_type, stored_as_text};

use crate::measure::model::{Period, Tally};

id_type!(MeritId, "The key of a reward or penalty (奖惩).");

/// Reward or penalty (奖惩方向).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// 奖励.
    Reward,
    /// 处罚.
    Penalty,
}

impl Side {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Reward, Self::Penalty];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reward => "reward",
            Self::Penalty => "penalty",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|side| side.as_str() == text)
    }
}
stored_as_text!(Side, "reward or penalty");

/// Where it stands (奖惩状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeritState {
    /// 待审批.
    Proposed,
    /// 已批准: to be paid or carried out.
    Approved,
    /// 未批准.
    Refused,
    /// 已兑现.
    Done,
}

impl MeritState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Proposed, Self::Approved, Self::Refused, Self::Done];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Done => "done",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}
stored_as_text!(MeritState, "state of a reward or penalty");

/// What the policy says of a kind (奖惩种类).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// Its id.
    pub id: String,
    /// Reward or penalty.
    pub side: Side,
    /// Whether a sum belongs to it.
    pub money: bool,
    /// Whether something is to be put right by a day.
    pub rectify: bool,
    /// The article.
    pub article: String,
}

/// A reward or penalty (奖惩记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merit {
    /// Which.
    pub id: MeritId,
    /// 编号.
    pub number: String,
    /// Whose.
    pub person: UserId,
    /// Where that person works.
    pub branch: BranchId,
    /// Reward or penalty.
    pub side: Side,
    /// What kind.
    pub kind: String,
    /// How much.
    pub amount: Option<Fen>,
    /// Why.
    pub reason: String,
    /// On the figures of which days.
    pub period: Period,
    /// The figures, as they stood.
    pub figures: Tally,
    /// By when it is put right.
    pub rectify_by: Option<Date>,
    /// Where it stands.
    pub state: MeritState,
    /// The approval that decides it.
    pub approval: Option<ApprovalId>,
    /// When it was paid or carried out, and how.
    pub done: Option<(Date, String)>,
    /// Who proposed it.
    pub by: UserId,
    /// When.
    pub made_on: Date,
    /// Rises with every change.
    pub version: i64,
}

impl Merit {
    /// How duties, approvals and the audit trail name it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("merit:{}", self.id)
    }
}

/// What is proposed (奖惩提议).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// For whom.
    pub person: UserId,
    /// What kind.
    pub kind: String,
    /// How much.
    pub amount: Option<Fen>,
    /// Why.
    pub reason: String,
    /// On the figures of which days.
    pub period: Period,
    /// By when it is put right.
    pub rectify_by: Option<Date>,
}

/// Why a reward or penalty is not taken (奖惩拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MeritError {
    /// There is none, or not for this person.
    #[error("no such record")]
    NotFound,
    /// It stands elsewhere meanwhile.
    #[error("it is {state}")]
    State {
        /// Where.
        state: &'static str,
    },
    /// Nobody proposes, decides or pays for himself.
    #[error("one's own")]
    Own,
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
}

impl Refusal for MeritError {
    fn refused(&self) -> Refused {
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "merit-not-found"),
            Self::State { state } => {
                Refused::new(RefusalKind::Conflict, "merit-state-now").with("state", state).under("merit.once", None)
            }
            Self::Own => Refused::new(RefusalKind::Conflict, "merit-own").under("merit.other", None),
            Self::Form(fields) => Refused::form(fields.clone()),
        }
    }
}

/// What is wrong with a proposal, all at once (rule `merit.propose`): a known kind; a sum where one belongs and nowhere else;
/// a day to put right where one belongs, after today and within the days of the policy; words.
#[must_use]
pub fn check(wish: &Wish, kinds: &[Kind], today: Date, longest: i64) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let kind = kinds.iter().find(|kind| kind.id == wish.kind);
    let Some(kind) = kind else {
        wrong.push(FieldError::new("kind", "choice-invalid"));
        return wrong;
    };
    match wish.amount {
        Some(amount) if amount.0 <= 0 => {
            wrong.push(FieldError::new("amount", "amount-not-positive").with("amount", amount));
        }
        Some(_) if !kind.money => wrong.push(FieldError::new("amount", "merit-no-money")),
        None if kind.money => wrong.push(FieldError::new("amount", "field-empty")),
        Some(_) | None => {}
    }
    let last = finance::add_days(today, longest).unwrap_or(today);
    match wish.rectify_by {
        Some(_) if !kind.rectify => wrong.push(FieldError::new("rectify_by", "merit-no-day")),
        Some(on) if on <= today || on > last => {
            wrong.push(FieldError::new("rectify_by", "merit-day").with("from", today).with("to", last));
        }
        None if kind.rectify => wrong.push(FieldError::new("rectify_by", "field-empty")),
        Some(_) | None => {}
    }
    if wish.reason.trim().is_empty() {
        wrong.push(FieldError::new("reason", "field-empty"));
    }
    wrong
}

/// Whether a criticism is to be thought of (rule `merit.standard`, S4-31): there was something to recover, and less of it came
/// in than the standard of the policy, in per cent.
#[must_use]
pub fn below(figures: &Tally, standard_percent: i64) -> bool {
    figures.recovery_rate().is_some_and(|rate| rate < standard_percent.saturating_mul(10_000_000))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn kinds() -> Vec<Kind> {
        let kind =
            |id: &str, side, money, rectify| Kind { id: id.to_owned(), side, money, rectify, article: String::new() };
        vec![
            kind("praise", Side::Reward, false, false),
            kind("bonus", Side::Reward, true, false),
            kind("criticism", Side::Penalty, false, true),
        ]
    }

    // Rule merit.propose. S4-30, S4-31
    #[test]
    fn a_bonus_has_a_sum_a_criticism_a_day_and_praise_neither() {
        let today = date(2026, 11, 20);
        let wish = |kind: &str, amount: Option<i64>, by: Option<Date>| Wish {
            person: UserId(1),
            kind: kind.to_owned(),
            amount: amount.map(Fen),
            reason: "清收大额".to_owned(),
            period: Period { from: today, to: today },
            rectify_by: by,
        };
        let codes = |wish: Wish| check(&wish, &kinds(), today, 30).iter().map(|one| one.code).collect::<Vec<_>>();
        assert_eq!(codes(wish("praise", None, None)), [""; 0]);
        assert_eq!(codes(wish("praise", Some(1), Some(today))), ["merit-no-money", "merit-no-day"]);
        assert_eq!(codes(wish("bonus", Some(50_000), None)), [""; 0]);
        assert_eq!(codes(wish("bonus", None, None)), ["field-empty"]);
        assert_eq!(codes(wish("bonus", Some(-1), None)), ["amount-not-positive"]);
        assert_eq!(codes(wish("criticism", None, Some(date(2026, 12, 20)))), [""; 0]);
        assert_eq!(codes(wish("criticism", None, Some(date(2026, 12, 21)))), ["merit-day"]);
        assert_eq!(codes(wish("criticism", None, Some(today))), ["merit-day"]);
        assert_eq!(codes(wish("criticism", None, None)), ["field-empty"]);
        assert_eq!(codes(wish("firing", None, None)), ["choice-invalid"]);
    }

    // Rule merit.standard. S4-31
    #[test]
    fn below_the_standard_is_less_than_it_and_nothing_to_recover_is_not() {
        let figures = |recovered| Tally { opening: Fen(1_000), recovered: Fen(recovered), ..Tally::default() };
        assert!(below(&figures(299), 30));
        assert!(!below(&figures(300), 30));
        assert!(!below(&Tally::default(), 30));
    }
}
