//! By which strategy a case is collected. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::stored_as_text;

/// Which side of a trial a case is on (对照组别).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arm {
    /// 现行策略.
    Champion,
    /// 试行策略.
    Challenger,
}

impl Arm {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Champion, Self::Challenger];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Champion => "champion",
            Self::Challenger => "challenger",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|arm| arm.as_str() == text)
    }
}
stored_as_text!(Arm, "arm of a trial");

/// What the policy says of a case at some days overdue (策略安排).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The strategy that is used.
    pub champion: String,
    /// The one that is tried, if one is.
    pub challenger: Option<String>,
    /// The share of debtors who try it, in millionths.
    pub ppm: i64,
    /// The article behind it.
    pub article: String,
}

/// By which strategy a case is collected (案件策略).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// The step of the ladder for which it was chosen.
    pub rung: String,
    /// The strategy.
    pub strategy: String,
    /// On which side of a trial.
    pub arm: Arm,
    /// The share that tried something else then, in millionths.
    pub ppm: i64,
    /// The article behind it.
    pub article: String,
    /// Since when.
    pub on: Date,
}

impl Assigned {
    /// How measures name its group: the strategy with its arm.
    #[must_use]
    pub fn group(&self) -> String {
        format!("{}:{}", self.strategy, self.arm.as_str())
    }
}
