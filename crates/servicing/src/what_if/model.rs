//! What is tried out, as typed and as understood. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::{Extension, ExtensionScope, Rate, Repayment, RepaymentMode, TransactionKind};
use jiff::civil::Date;
use platform::error::FieldError;
use serde::Deserialize;

use crate::opening::model::Reader;

/// What is tried out (试算种类).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhatIf {
    /// 提前还款.
    Prepay,
    /// 调整利率.
    Rate,
    /// 展期.
    Extend,
}

impl WhatIf {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Prepay, Self::Rate, Self::Extend];

    /// Its name in addresses and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prepay => "prepay",
            Self::Rate => "rate",
            Self::Extend => "extend",
        }
    }

    /// Reads its name; a prepayment is asked for most often.
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.name() == text).unwrap_or(Self::Prepay)
    }
}

/// How a prepayment changes the plan (提前还款方式).
pub const MODES: [(&str, RepaymentMode); 2] = [("shorten", RepaymentMode::Shorten), ("reduce", RepaymentMode::Reduce)];
/// What an extension moves (展期范围).
pub const SCOPES: [(&str, ExtensionScope); 2] =
    [("last-instalment", ExtensionScope::LastInstalment), ("remaining", ExtensionScope::Remaining)];

/// What the address asks; kept as typed until it is understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct WhatIfForm {
    /// The name of a [`WhatIf`].
    pub kind: String,
    /// On which day it would happen; empty: nothing is asked yet.
    pub on: String,
    /// 提前还款金额.
    pub amount: String,
    /// One of [`MODES`].
    pub mode: String,
    /// The new rate, percent a year.
    pub rate: String,
    /// 展期至.
    pub until: String,
    /// One of [`SCOPES`].
    pub scope: String,
}

impl WhatIfForm {
    /// Reads what is asked, or says everything that is wrong with it at once. A day before `today` is refused: the past
    /// is changed by a back-dated entry, not by a question.
    pub fn read(&self, today: Date) -> Result<(Date, TransactionKind), Vec<FieldError>> {
        let mut wrong = Vec::new();
        let mut reader = Reader::new(&mut wrong);
        reader.needed("on", &self.on);
        let on = reader.date("on", &self.on);
        if on.is_some_and(|on| on < today) {
            reader.complain("on", "what-if-past", &self.on);
        }
        let kind = match WhatIf::parse(&self.kind) {
            WhatIf::Prepay => self.prepayment(&mut reader),
            WhatIf::Rate => self.rate(&mut reader).map(|rate| TransactionKind::ChangeRate { rate }),
            WhatIf::Extend => self.extension(&mut reader),
        };
        match (on, kind) {
            (Some(on), Some(kind)) if wrong.is_empty() => Ok((on, kind)),
            _ => Err(wrong),
        }
    }

    fn prepayment(&self, reader: &mut Reader<'_>) -> Option<TransactionKind> {
        reader.needed("amount", &self.amount);
        let amount = reader.amount("amount", &self.amount);
        let mode = named(&MODES, &self.mode);
        if mode.is_none() {
            reader.complain("mode", "choice-unknown", &self.mode);
        }
        Some(TransactionKind::Repay(Repayment { amount: amount?, mode: mode?, allocation: Vec::new() }))
    }

    fn rate(&self, reader: &mut Reader<'_>) -> Option<Rate> {
        let typed = reader.needed("rate", &self.rate);
        let rate = format!("{}%/year", typed.trim_end_matches(['%', '％']).trim()).parse::<Rate>().ok();
        if rate.is_none() && !typed.is_empty() {
            reader.complain("rate", "rate-unreadable", &self.rate);
        }
        rate
    }

    fn extension(&self, reader: &mut Reader<'_>) -> Option<TransactionKind> {
        reader.needed("until", &self.until);
        let until = reader.date("until", &self.until);
        let scope = named(&SCOPES, &self.scope);
        if scope.is_none() {
            reader.complain("scope", "choice-unknown", &self.scope);
        }
        let rate = if self.rate.trim().is_empty() { None } else { Some(self.rate(reader)?) };
        Some(TransactionKind::Extend(Extension { until: until?, rate, scope: scope? }))
    }
}

fn named<T: Copy>(of: &[(&str, T)], text: &str) -> Option<T> {
    of.iter().find(|(name, _)| *name == text).map(|(_, value)| *value)
}
