//! A statement and the ratios that follow from it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;
use platform::id_type;

use super::line::Amounts;
use crate::datum::model::words;

id_type!(StatementId, "The key of a financial statement within a company's file (财务报表).");

words! {
    /// Which piece of paper it is (报表形式).
    Form, "form of a statement":
    /// The original with its seal (原件).
    Original = "original",
    /// A copy (复印件).
    Copy = "copy",
}

/// A statement to be entered (新报表).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStatement {
    /// The last day of the period.
    pub period_end: Date,
    /// How many months it covers.
    pub months: i64,
    /// Whether it was audited.
    pub audited: bool,
    /// Which piece of paper.
    pub form: Form,
    /// Who handed it in, who audited it.
    pub source_note: String,
    /// The amounts by line.
    pub amounts: Amounts,
}

/// A statement as it is kept (财务报表).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The key within the file.
    pub id: StatementId,
    /// What was entered, its sums filled in.
    pub content: NewStatement,
    /// The statement that this one corrects.
    pub corrects: Option<StatementId>,
}

/// A ratio of a statement (财务指标), in parts per million.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ratio {
    /// 资产负债率: liabilities to assets.
    Debt,
    /// 流动比率: current assets to current liabilities.
    Current,
    /// 速动比率: the same without inventory.
    Quick,
    /// 净资产收益率: net profit to equity, of a full year.
    Roe,
    /// 销售净利率: net profit to revenue.
    Margin,
}

impl Ratio {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Debt, Self::Current, Self::Quick, Self::Roe, Self::Margin];

    /// Its name in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debt => "debt",
            Self::Current => "current",
            Self::Quick => "quick",
            Self::Roe => "roe",
            Self::Margin => "margin",
        }
    }
}

impl Statement {
    /// A line; nothing where its part was not handed in.
    #[must_use]
    pub fn line(&self, name: &str) -> Option<Fen> {
        self.content.amounts.get(name).copied()
    }

    /// A ratio in parts per million, half away from zero; nothing without its lines or over nothing.
    #[must_use]
    pub fn ratio(&self, ratio: Ratio) -> Option<i64> {
        let line = |name| Some(i128::from(self.line(name)?.0));
        let (over, under) = match ratio {
            Ratio::Debt => (line("total_liabilities")?, line("total_assets")?),
            Ratio::Current => (line("current_assets")?, line("current_liabilities")?),
            Ratio::Quick => (line("current_assets")? - line("inventory").unwrap_or(0), line("current_liabilities")?),
            Ratio::Roe if self.content.months < 12 => return None,
            Ratio::Roe => (line("net_profit")?, line("equity")?),
            Ratio::Margin => (line("net_profit")?, line("revenue")?),
        };
        if under <= 0 {
            return None;
        }
        let doubled = over * 2_000_000;
        let rounded = (doubled.abs() + under) / (2 * under) * doubled.signum();
        i64::try_from(rounded).ok()
    }
}

/// The statements that count, the latest first: corrected ones are left out.
#[must_use]
pub fn counting(all: &[Statement]) -> Vec<&Statement> {
    let corrected: Vec<StatementId> = all.iter().filter_map(|one| one.corrects).collect();
    let mut found: Vec<&Statement> = all.iter().filter(|one| !corrected.contains(&one.id)).collect();
    found.sort_by_key(|one| std::cmp::Reverse((one.content.period_end, one.content.months, one.id)));
    found
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn ratios_are_exact_and_never_over_nothing() {
        let amounts = [
            ("total_liabilities", 2),
            ("total_assets", 3),
            ("current_assets", 10),
            ("inventory", 4),
            ("current_liabilities", 0),
            ("net_profit", -1),
            ("equity", 3),
        ];
        let content = NewStatement {
            period_end: date(2025, 12, 31),
            months: 12,
            audited: true,
            form: Form::Original,
            source_note: String::new(),
            amounts: amounts.into_iter().map(|(name, fen)| (name, Fen(fen))).collect(),
        };
        let mut one = Statement { id: StatementId(1), content, corrects: None };
        let found = Ratio::ALL.map(|ratio| one.ratio(ratio));
        assert_eq!(found, [Some(666_667), None, None, Some(-333_333), None]);
        one.content.months = 6;
        assert_eq!(one.ratio(Ratio::Roe), None, "half a year is no year");
    }
}
