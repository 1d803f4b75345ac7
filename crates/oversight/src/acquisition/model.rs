//! A line of the comparison and what follows from its figures. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;

/// A part of a whole in billionths.
const BILLION: i128 = 1_000_000_000;
/// Ten thousand yuan in fen.
const TEN_THOUSAND_YUAN: i128 = 1_000_000;

/// By what is compared (比较口径).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// 获客渠道.
    #[default]
    Channel,
    /// 营销活动.
    Campaign,
    /// 合作机构.
    Partner,
}

impl By {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Channel, Self::Campaign, Self::Partner];

    /// Its name in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Campaign => "campaign",
            Self::Partner => "partner",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == text)
    }
}

/// What one channel, campaign or partner brought (成效).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// The channel's name in data, or the key.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// Leads taken in.
    pub leads: i64,
    /// Of the leads those that became customers.
    pub won: i64,
    /// Customers won, with or without a lead.
    pub customers: i64,
    /// Loans paid out to them.
    pub loans: i64,
    /// How much was paid out.
    pub disbursed: Fen,
    /// Of this what is still owed.
    pub outstanding: Fen,
    /// Of what is owed the principal of loans that are overdue.
    pub overdue: Fen,
    /// What was spent; nothing where costs are not kept, or not seen.
    pub cost: Option<Fen>,
}

/// Divides, half away from zero; nothing by nothing.
fn divided(part: i128, whole: i128) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let half = if part < 0 { -whole / 2 } else { whole / 2 };
    i64::try_from((part + half) / whole).ok()
}

impl Line {
    /// What a customer cost (rule `acquisition.cost-per-customer`).
    #[must_use]
    pub fn per_customer(&self) -> Option<Fen> {
        divided(i128::from(self.cost?.0), i128::from(self.customers)).map(Fen)
    }

    /// What ten thousand yuan lent cost (rule `acquisition.cost-per-lent`).
    #[must_use]
    pub fn per_ten_thousand(&self) -> Option<Fen> {
        divided(i128::from(self.cost?.0) * TEN_THOUSAND_YUAN, i128::from(self.disbursed.0)).map(Fen)
    }

    /// How many of the leads became customers, in billionths (rule `acquisition.conversion`).
    #[must_use]
    pub fn conversion(&self) -> Option<i64> {
        divided(i128::from(self.won) * BILLION, i128::from(self.leads))
    }

    /// The share of what is owed that is overdue, in billionths (rule `acquisition.overdue`).
    #[must_use]
    pub fn overdue_share(&self) -> Option<i64> {
        divided(i128::from(self.overdue.0) * BILLION, i128::from(self.outstanding.0))
    }
}

/// The sum of lines that together won some customers: fewer than the sum where two lines won the same one.
#[must_use]
pub fn sum(lines: &[Line], customers: i64) -> Line {
    let add = |of: fn(&Line) -> i64| lines.iter().map(of).fold(0_i64, i64::saturating_add);
    let cost = lines.iter().filter_map(|line| line.cost).map(|cost| cost.0).fold(0_i64, i64::saturating_add);
    Line {
        key: String::new(),
        title: String::new(),
        leads: add(|line| line.leads),
        won: add(|line| line.won),
        customers,
        loans: add(|line| line.loans),
        disbursed: Fen(add(|line| line.disbursed.0)),
        outstanding: Fen(add(|line| line.outstanding.0)),
        overdue: Fen(add(|line| line.overdue.0)),
        cost: lines.iter().all(|line| line.cost.is_some()).then_some(Fen(cost)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Rules acquisition.cost-per-customer, acquisition.cost-per-lent, acquisition.conversion, acquisition.overdue
    #[test]
    fn quotients_round_half_away_from_zero_and_nothing_is_divided_by_nothing() {
        let line = Line {
            leads: 8,
            won: 3,
            customers: 3,
            disbursed: Fen(30_000_000),
            outstanding: Fen(20_000_000),
            overdue: Fen(500_000),
            cost: Some(Fen(100_001)),
            ..Line::default()
        };
        assert_eq!(line.per_customer(), Some(Fen(33_334)), "33,333.67");
        assert_eq!(line.per_ten_thousand(), Some(Fen(3_333)), "3,333.37");
        assert_eq!(line.conversion(), Some(375_000_000));
        assert_eq!(line.overdue_share(), Some(25_000_000));
        let none = Line { cost: Some(Fen(1)), ..Line::default() };
        assert_eq!((none.per_customer(), none.per_ten_thousand(), none.overdue_share()), (None, None, None));
        assert_eq!(Line { cost: None, ..line.clone() }.per_customer(), None, "no costs are kept");
        let all = sum(&[line.clone(), line.clone()], 5);
        assert_eq!((all.leads, all.won, all.customers, all.cost), (16, 6, 5, Some(Fen(200_002))));
        let hidden = Line { cost: None, ..line.clone() };
        assert_eq!(sum(&[line, hidden], 6).cost, None, "no part passes for the whole");
    }
}
