//! The observer (推导记录): sees every step of the arithmetic, and costs nothing when it is not wanted.

use jiff::civil::Date;

use crate::day_count::YearFraction;
use crate::money::{Exact, Fen};
use crate::terms::Head;

/// One step of the arithmetic as it happened.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) instalment: u32,
    pub(crate) head: Head,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) balance: Fen,
    pub(crate) yearly_e9: i64,
    pub(crate) days: i64,
    pub(crate) part: YearFraction,
    /// The product of the step itself.
    pub(crate) exact: Exact,
    /// What earlier steps left to be rounded with it.
    pub(crate) carried: Exact,
    /// What the step gives where it rounds; `None` where a later step does.
    pub(crate) amount: Option<Fen>,
    pub(crate) rule: &'static str,
    /// Whether a later plan replaces it.
    pub(crate) planned: bool,
}

/// Sees the steps.
pub(crate) trait Observer {
    /// Whether steps are wanted at all.
    const ON: bool;
    /// A step was made.
    fn step(&mut self, step: Step);
    /// Planned steps of this and later instalments no longer hold.
    fn forget_from(&mut self, instalment: u32);
}

/// Sees nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Silent;

impl Observer for Silent {
    const ON: bool = false;
    #[inline(always)]
    fn step(&mut self, _step: Step) {}
    #[inline(always)]
    fn forget_from(&mut self, _instalment: u32) {}
}

/// Keeps every step.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recorder {
    pub(crate) steps: Vec<Step>,
}

impl Observer for Recorder {
    const ON: bool = true;

    fn step(&mut self, step: Step) {
        self.steps.push(step);
    }

    fn forget_from(&mut self, instalment: u32) {
        self.steps.retain(|step| !(step.planned && step.instalment >= instalment));
    }
}
