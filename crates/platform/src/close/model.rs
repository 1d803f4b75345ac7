//! What a close is made of: steps, proofs, isolated things, states of a run. Pure but for the futures.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;

use crate::error::{ActionError, Refusal, RefusalKind, Refused};
use crate::event::BoxFuture;
use crate::id::{BranchId, CustomerId};
use crate::stored_as_text;
use crate::work::Work;

/// The day that ends and the day that comes (日终日期).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CloseDay {
    /// The day that ends.
    pub from: Date,
    /// The day that comes: `from` + 1; the business date of every step.
    pub to: Date,
}

impl CloseDay {
    /// The close of a day; `None` on the last day that computers know.
    #[must_use]
    pub fn of(from: Date) -> Option<Self> {
        Some(Self { from, to: from.tomorrow().ok()? })
    }
}

/// Something that a step could not work on (隔离项): the rest goes on without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Isolated {
    /// Whose file.
    pub customer: CustomerId,
    /// The branch that answers for it.
    pub branch: BranchId,
    /// What: `loan:123`.
    pub subject: String,
    /// The cause, a stable code: the message is `isolated-<code>`.
    pub code: String,
    /// The rule that it breaks.
    pub rule: String,
    /// The numbers of the cause, in words that need no translation.
    pub detail: String,
    /// The customer's name.
    pub whom: String,
    /// The loan's number.
    pub number: String,
    /// The balance at stake.
    pub amount: Option<Fen>,
    /// The page where it is mended.
    pub link: String,
}

/// What a batch did (批次结果).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// The last customer of the batch; the next one begins behind. `None`: the step is through.
    pub last: Option<CustomerId>,
    /// Things looked at.
    pub considered: u64,
    /// Things changed.
    pub touched: u64,
    /// Things that could not be worked on.
    pub isolated: Vec<Isolated>,
}

/// A step of the close (日终步骤), offered by a capability.
///
/// A batch must be a pure function of what is stored: run again from the same place it does the same.
pub trait CloseStep: Send + Sync {
    /// Its name, stable; its title is the message `close-step-<name>`.
    fn name(&self) -> &'static str;

    /// Its place among all steps: 100 instalments, 200 buckets, 300 classes … 800 escalation, 900 totals.
    fn order(&self) -> i32;

    /// How many things it expects to look at, for the progress bar; 0 when it does not know.
    fn expected<'a>(&'a self, work: &'a mut Work, day: CloseDay) -> BoxFuture<'a, Result<u64, ActionError>> {
        let _ = (work, day);
        Box::pin(async { Ok(0) })
    }

    /// Works on the customers behind `after` (−1 at the start), as many as fit one transaction well.
    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>>;
}

/// What a proof counts in (核对单位).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofUnit {
    /// Money.
    Fen,
    /// Things.
    Count,
}

impl ProofUnit {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fen => "fen",
            Self::Count => "count",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Fen, Self::Count].into_iter().find(|unit| unit.as_str() == text)
    }
}
stored_as_text!(ProofUnit, "unit of a proof");

/// How a proof came out (核对结论).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Both sides agree, and every single row does.
    Green,
    /// They do not.
    Red,
}

/// Both sides of a proof (核对结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofResult {
    /// What was covered, in words: 抽样 200 笔.
    pub scope: String,
    /// What it counts in.
    pub unit: ProofUnit,
    /// What it should be.
    pub left: i64,
    /// What it is.
    pub right: i64,
    /// Red also when the sums agree but single rows do not.
    pub verdict: Verdict,
    /// The page with the rows that do not agree.
    pub link: String,
}

impl ProofResult {
    /// Compares two sums: green when they are equal.
    #[must_use]
    pub fn compare(scope: impl Into<String>, unit: ProofUnit, left: i64, right: i64, link: impl Into<String>) -> Self {
        let verdict = if left == right { Verdict::Green } else { Verdict::Red };
        Self { scope: scope.into(), unit, left, right, verdict, link: link.into() }
    }

    /// What is missing on the right; saturates at the ends of the range.
    #[must_use]
    pub fn difference(&self) -> i64 {
        self.left.saturating_sub(self.right)
    }
}

/// A proof of the close (日终核对), offered by a capability.
pub trait CloseProof: Send + Sync {
    /// Its name, stable; its title is the message `close-proof-<name>`.
    fn name(&self) -> &'static str;

    /// Its place among all proofs.
    fn order(&self) -> i32;

    /// Adds up both sides.
    fn check<'a>(&'a self, work: &'a mut Work, day: CloseDay) -> BoxFuture<'a, Result<ProofResult, ActionError>>;
}

/// Where a close stands (日终状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// Under way, or killed on the way.
    Running,
    /// A step failed; it can be started again.
    Failed,
    /// A proof is red or something isolated waits for an answer.
    Blocked,
    /// Somebody asked it to stop after a step.
    Stopped,
    /// The day is sealed.
    Sealed,
}

impl RunState {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Failed => "failed",
            Self::Blocked => "blocked",
            Self::Stopped => "stopped",
            Self::Sealed => "sealed",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Failed, Self::Blocked, Self::Stopped, Self::Sealed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}
stored_as_text!(RunState, "state of a close");

/// How far a close is (日终进度), told after every batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The day that ends.
    pub day: CloseDay,
    /// The step at work; the proofs by name and `seal` at the end.
    pub step: String,
    /// Its place, counted from 1.
    pub place: usize,
    /// How many steps there are.
    pub steps: usize,
    /// Things looked at in it.
    pub considered: u64,
    /// Things changed in it.
    pub touched: u64,
}

/// How a run ended (日终结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// Every day up to the one asked for is sealed; these were sealed now.
    Through {
        /// The days sealed by this run.
        sealed: Vec<Date>,
    },
    /// A day cannot be sealed yet.
    Blocked {
        /// The day.
        day: Date,
        /// Red proofs by name.
        red: Vec<String>,
        /// Isolated things without an answer.
        unanswered: i64,
    },
    /// Somebody asked it to stop.
    Stopped {
        /// The day.
        day: Date,
    },
}

/// Why a close cannot start or be helped (日终拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloseError {
    /// Somebody else runs it.
    #[error("a close is running until {until}")]
    Running {
        /// When its lease ends.
        until: String,
    },
    /// The lease was taken by another runner: this one is late and must not write any more.
    #[error("another runner took over")]
    LeaseLost,
    /// The business date would pass the civil day: nothing has happened there yet.
    #[error("{until} is not over yet")]
    Future {
        /// The day asked for.
        until: Date,
    },
    /// There is no such isolated thing without an answer.
    #[error("nothing of that waits for an answer")]
    NothingIsolated,
    /// An answer needs a reason.
    #[error("a reason is needed")]
    ReasonNeeded,
    /// Two steps or proofs have the same name.
    #[error("two parts of the close are called {name}")]
    SameName {
        /// The name.
        name: &'static str,
    },
}

impl Refusal for CloseError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::Running { until } => conflict("close-running").with("until", until),
            Self::LeaseLost => conflict("close-lease-lost"),
            Self::Future { until } => Refused::new(RefusalKind::Invalid, "close-future").with("date", until),
            Self::NothingIsolated => Refused::new(RefusalKind::NotFound, "close-nothing-isolated"),
            Self::ReasonNeeded => Refused::new(RefusalKind::Invalid, "close-reason"),
            Self::SameName { name } => conflict("close-same-name").with("name", name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sums_are_green_and_others_red() {
        let green = ProofResult::compare("", ProofUnit::Fen, 5, 5, "");
        let red = ProofResult::compare("", ProofUnit::Fen, 5, 4, "");
        assert_eq!((green.verdict, green.difference()), (Verdict::Green, 0));
        assert_eq!((red.verdict, red.difference()), (Verdict::Red, 1));
    }
}
