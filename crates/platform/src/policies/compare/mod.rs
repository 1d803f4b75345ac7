//! Comparison on the own book (本机构账上对比): what a draft would decide otherwise, about whom, for how much money.
//!
//! The platform does not know what is lent. Capabilities offer their subjects as [`PolicySubjects`]: loans or
//! customers with the facts at hand. A subject source answers set-wise: subjects that agree in the facts asked for come
//! as one [`Group`] with their number and money, so a table over a million loans decides a few hundred groups.
//! Only subjects that change are listed one by one.

pub mod actions;
mod data;
mod effects;
mod pages;
pub mod report;
pub mod store;

use jiff::civil::Date;
use policy::{Edition, Value};

pub(crate) use pages::routes;
pub(super) use pages::{matrix_panel, summary};
pub use report::Report;

use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::work::Work;

/// What a source is asked (所问).
#[derive(Debug, Clone)]
pub struct Asked {
    /// As of which date.
    pub on: Date,
    /// The facts wanted, of those that the source offers.
    pub facts: Vec<&'static str>,
}

/// Subjects that agree in all facts asked for (同类对象).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The facts in the order asked; `None` is unknown.
    pub facts: Vec<Option<Value>>,
    /// How many.
    pub count: i64,
    /// Their money, in fen.
    pub amount_fen: i64,
}

/// One subject (对象).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Whose file.
    pub customer: i64,
    /// Its key.
    pub id: i64,
    /// Its number, no name.
    pub label: String,
    /// Its page.
    pub href: String,
    /// Its money, in fen.
    pub amount_fen: i64,
    /// The facts in the order asked.
    pub facts: Vec<Option<Value>>,
}

/// What follows from a decision for all subjects together (后果).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// The decision.
    pub decision: &'static str,
    /// Its output.
    pub output: &'static str,
    /// What is summed.
    pub measure: Measure,
    /// The message with its title.
    pub title: &'static str,
}

/// What an effect sums (计量).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Money of the subjects for which the output is true.
    MoneyWhere,
    /// The output in parts per million of the money.
    ShareOfMoney,
    /// The output times a week, in a month of 30 days.
    TimesAWeek,
    /// The output times a day, in a month of 30 days.
    TimesADay,
}

/// Subjects of policies that a capability offers for comparison (可对比对象).
pub trait PolicySubjects: Send + Sync {
    /// Its name in data: `loan`.
    fn name(&self) -> &'static str;

    /// The message with what is counted, in the plural.
    fn title(&self) -> &'static str;

    /// The facts at hand.
    fn facts(&self) -> &'static [&'static str];

    /// The facts at hand as of a past date; none when the source knows today only.
    fn past_facts(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether a decision is about its subjects. Facts alone don't tell: what is known of a borrower may decide a loan.
    fn concerns(&self, edition: &Edition, decision: &str) -> bool {
        let _ = (edition, decision);
        true
    }

    /// What follows from decisions about its subjects.
    fn effects(&self) -> &'static [Effect] {
        &[]
    }

    /// All subjects, by groups.
    fn groups<'a>(&'a self, work: &'a mut Work, asked: &'a Asked) -> BoxFuture<'a, Result<Vec<Group>, ActionError>>;

    /// Subjects of the groups given, in the order of their keys behind `after`; at most `limit` are looked at. It may
    /// answer with subjects of other groups too.
    fn members<'a>(
        &'a self,
        work: &'a mut Work,
        asked: &'a Asked,
        groups: &'a [Group],
        after: (i64, i64),
        limit: i64,
    ) -> BoxFuture<'a, Result<Vec<Member>, ActionError>>;
}
