//! What a report says that was measured besides its first figures (度量): warnings, service, exposure of classes, analysis.
//! Pure; reports that were made before have none of it.

use finance::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::model::{Both, Share};

/// What was measured of a project (项目度量).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Measured {
    /// The days over which warnings and complaints were measured.
    pub period: Option<(Date, Date)>,
    /// Complaints of these customers that were answered in time.
    pub served: Share,
    /// Customers of the worst classes who were verified by their day.
    pub key_first: Share,
    /// The exposure of every class.
    pub classes: Vec<ClassExposure>,
    /// How its customers are spread and how they do.
    pub analysis: Analysis,
}

/// The exposure of those who stood on an outcome at the beginning (分类敞口).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassExposure {
    /// The axis.
    pub axis: String,
    /// What people call it.
    pub axis_title: Both,
    /// The outcome; empty: not decided.
    pub outcome: String,
    /// What people call it.
    pub title: Both,
    /// How many customers.
    pub customers: i64,
    /// The exposure at the beginning, where it was measured.
    pub start: Option<Fen>,
    /// The exposure now.
    pub now: Fen,
    /// What it is to come down to, where the strategy reduces it.
    pub target: Option<Fen>,
    /// Interest received since the beginning.
    pub interest: Fen,
    /// What is to be set aside now.
    pub provision: Fen,
}

impl ClassExposure {
    /// Interest received less what is to be set aside (收益).
    #[must_use]
    pub fn profit(&self) -> Fen {
        Fen(self.interest.0.saturating_sub(self.provision.0))
    }

    /// Whether it grew though its strategy reduces it.
    #[must_use]
    pub fn grew(&self) -> bool {
        self.target.is_some() && self.start.is_some_and(|start| self.now > start)
    }
}

/// The exposure of the classes to be reduced: at the beginning, now; nothing where none is, or its beginning is unknown.
#[must_use]
pub fn reduced(classes: &[ClassExposure]) -> Option<(Fen, Fen)> {
    let mut known = classes.iter().filter(|one| one.target.is_some()).filter_map(|one| Some((one.start?, one.now)));
    let first = known.next()?;
    let add = |a: Fen, b: Fen| Fen(a.0.saturating_add(b.0));
    Some(known.fold(first, |sum, one| (add(sum.0, one.0), add(sum.1, one.1))))
}

/// How the customers of a project are spread and how they do (统计与财务分析, S3-28).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Analysis {
    /// By section of industry.
    pub industries: Vec<Slice>,
    /// By size.
    pub sizes: Vec<Slice>,
    /// By axis of the scheme: the title of the axis with its outcomes.
    pub grades: Vec<(Both, Vec<Slice>)>,
    /// The statements of its companies, year by year.
    pub years: Vec<Year>,
    /// The risks side by side: credit, industry, project.
    pub risks: Vec<RiskRow>,
}

/// A part of the customers (分布).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// What people call it; empty: unknown.
    pub title: Both,
    /// How many customers.
    pub customers: i64,
    /// What they owe and are guaranteed for.
    pub exposure: Fen,
}

/// The yearly statements of a project's companies, summed up (年度报表合计).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Year {
    /// The year.
    pub year: i16,
    /// How many companies handed one in.
    pub companies: i64,
    /// Sums of the lines, where anybody handed them in.
    pub revenue: Option<Fen>,
    /// Net profit.
    pub profit: Option<Fen>,
    /// Operating cash flow.
    pub cash: Option<Fen>,
    /// Total assets.
    pub assets: Option<Fen>,
    /// Total liabilities.
    pub liabilities: Option<Fen>,
    /// Equity.
    pub equity: Option<Fen>,
}

impl Year {
    /// Liabilities to assets, hundredths of a per cent.
    #[must_use]
    pub fn debt_bp(&self) -> Option<i64> {
        bp(self.liabilities?, self.assets?)
    }

    /// Net profit to revenue.
    #[must_use]
    pub fn margin_bp(&self) -> Option<i64> {
        bp(self.profit?, self.revenue?)
    }

    /// Net profit to equity.
    #[must_use]
    pub fn roe_bp(&self) -> Option<i64> {
        bp(self.profit?, self.equity?)
    }
}

/// A ratio in hundredths of a per cent, half away from zero; nothing over nothing.
fn bp(over: Fen, under: Fen) -> Option<i64> {
    if under.0 <= 0 {
        return None;
    }
    let (over, under) = (i128::from(over.0) * 20_000, i128::from(under.0));
    i64::try_from((over.abs() + under) / (2 * under) * over.signum()).ok()
}

/// How many customers bear a risk of a kind, by its grade (风险对照).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskRow {
    /// `credit_risk`, `industry_risk` or `project_risk`.
    pub risk: String,
    /// Low, medium, high, unknown.
    pub customers: (i64, i64, i64, i64),
    /// What the customers of high risk owe and are guaranteed for.
    pub high_exposure: Fen,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(target: Option<i64>, start: Option<i64>, now: i64) -> ClassExposure {
        ClassExposure {
            axis: "guarantee_class".to_owned(),
            axis_title: Both::default(),
            outcome: "high_risk".to_owned(),
            title: Both::default(),
            customers: 1,
            start: start.map(Fen),
            now: Fen(now),
            target: target.map(Fen),
            interest: Fen(300),
            provision: Fen(500),
        }
    }

    // S3-18, S3-21. Rule sorting.exposure
    #[test]
    fn exposure_is_reduced_only_where_the_strategy_says_so() {
        let all = [class(Some(80), Some(100), 90), class(None, Some(500), 900), class(Some(40), Some(50), 70)];
        assert_eq!(reduced(&all), Some((Fen(150), Fen(160))));
        assert_eq!(all.iter().map(ClassExposure::grew).collect::<Vec<_>>(), [false, false, true]);
        assert_eq!(reduced(&all[1..2]), None, "nothing is to be reduced");
        assert_eq!(reduced(&[class(Some(80), None, 90)]), None, "nobody measured the beginning");
        assert_eq!(all[0].profit(), Fen(-200));
    }

    // S3-28
    #[test]
    fn ratios_of_a_year_are_exact_and_never_over_nothing() {
        let year = Year {
            revenue: Some(Fen(300)),
            profit: Some(Fen(-100)),
            assets: Some(Fen(3)),
            liabilities: Some(Fen(2)),
            equity: Some(Fen(0)),
            ..Year::default()
        };
        assert_eq!((year.debt_bp(), year.margin_bp(), year.roe_bp()), (Some(6_667), Some(-3_333), None));
    }
}
