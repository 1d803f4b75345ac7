//! The terms of a loan (借款条件): everything that the contract fixes and the arithmetic needs.

mod allocation;
mod overdue;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use allocation::{AllocationOrder, AllocationStep, AllocationTerms, Direction, Head, OverdueOrder, When};
pub use overdue::{
    AfterGrace, CompoundRate, CompoundTerms, Excess, OverdueTerms, PenaltyDayCount, PenaltyRate, PenaltyRounding,
    PrepaymentCharge, PrepaymentInterest, PrepaymentTerms,
};

use crate::calendar::Tenor;
use crate::day_count::DayCount;
use crate::money::{Fen, Rounding};
use crate::rate::{Rate, YearBasis};

/// The terms of one loan (借款条件). Every field but the first four has a default; unknown fields are refused.
///
/// ```
/// use finance::{Fen, Method, Rate, Terms};
/// use jiff::civil::date;
/// let terms = Terms::new(Method::EqualInstalment, Fen(10_000_000), date(2025, 1, 15), 12, Rate::per_year(120_000_000));
/// let json = r#"{"method": "equal_instalment", "principal": 10000000, "start_on": "2025-01-15", "periods": 12,
///                "rate": {"fixed": "12%/year"}}"#;
/// assert_eq!(serde_json::from_str::<Terms>(json).unwrap(), terms);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// How principal and interest are spread (还款方式).
    pub method: Method,
    /// Contract principal (合同金额) in fen, the most that can be drawn; includes a down payment.
    pub principal: Fen,
    /// The day interest starts (起息日), normally that of the first drawdown.
    pub start_on: Date,
    /// The interest rate (利率).
    pub rate: RateTerms,
    /// Planned drawdowns (分次放款); empty: all on `start_on`. A replay takes drawdowns from transactions instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drawdowns: Vec<Drawdown>,
    /// Paid by the borrower on `start_on` out of `principal` (首付), as instalment 0.
    #[serde(default, skip_serializing_if = "Fen::is_zero")]
    pub down_payment: Fen,
    /// Number of instalments (期数); may be left out when `maturity_on` is given. Not used by a custom plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub periods: Option<u32>,
    /// The last due date (到期日) where it does not follow from the number of periods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maturity_on: Option<Date>,
    /// The first due date (首期还款日) where it does not follow from the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_due_on: Option<Date>,
    /// Length of a period (还款频率).
    #[serde(default)]
    pub frequency: Frequency,
    /// Which day of the period is due (还款日).
    #[serde(default)]
    pub repayment_day: RepaymentDay,
    /// Whether a broken first period is long or short (首期长短).
    #[serde(default)]
    pub first_period: FirstPeriod,
    /// What happens to a due date on a rest day (节假日顺延).
    #[serde(default)]
    pub rest_days: RestDays,
    /// Periods without principal, without payment, without interest (宽限期).
    #[serde(default)]
    pub grace: Grace,
    /// How interest is counted (计息).
    #[serde(default)]
    pub interest: InterestTerms,
    /// How amounts become whole (舍入).
    #[serde(default)]
    pub rounding: RoundingTerms,
    /// In which order money pays (冲账顺序).
    #[serde(default)]
    pub allocation: AllocationTerms,
    /// What an overdue amount costs (逾期条款).
    #[serde(default)]
    pub overdue: OverdueTerms,
    /// What paying early costs and changes (提前还款).
    #[serde(default)]
    pub prepayment: PrepaymentTerms,
}

impl Terms {
    /// Monthly terms at a fixed rate with every default.
    pub fn new(method: Method, principal: Fen, start_on: Date, periods: u32, rate: Rate) -> Terms {
        Terms {
            method,
            principal,
            start_on,
            rate: RateTerms::Fixed(rate),
            drawdowns: Vec::new(),
            down_payment: Fen::ZERO,
            periods: Some(periods),
            maturity_on: None,
            first_due_on: None,
            frequency: Frequency::default(),
            repayment_day: RepaymentDay::default(),
            first_period: FirstPeriod::default(),
            rest_days: RestDays::default(),
            grace: Grace::default(),
            interest: InterestTerms::default(),
            rounding: RoundingTerms::default(),
            allocation: AllocationTerms::default(),
            overdue: OverdueTerms::default(),
            prepayment: PrepaymentTerms::default(),
        }
    }
}

/// How principal and interest are spread over the instalments (还款方式).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// 等额本息: equal sums of principal and interest.
    EqualInstalment,
    /// 等额本金: equal principal, interest on the balance.
    EqualPrincipal,
    /// 先息后本 (按期付息到期还本): interest every period, principal at the end.
    InterestOnly,
    /// 利随本清: principal and all interest in one payment at the end.
    Bullet,
    /// 等本等息: equal principal, and interest on the original principal in every period.
    Flat,
    /// 气球贷: equal instalments with a large remainder in the last one.
    Balloon(Residual),
    /// 自定义计划: dates and principal as agreed.
    Custom(Vec<PlannedInstalment>),
}

/// What remains for the last instalment of a balloon loan (尾款).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Residual {
    /// This principal remains.
    Amount(Fen),
    /// Instalments are sized as if there were so many periods; what is left falls due at maturity.
    AmortisedOver(u32),
}

/// One agreed instalment of a custom plan (自定义计划的一期).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedInstalment {
    /// Due date before any shift.
    pub due_on: Date,
    /// Principal in fen.
    pub principal: Fen,
    /// Interest in fen where it is agreed; otherwise it is computed on the balance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest: Option<Fen>,
}

/// One planned drawdown (放款计划).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawdown {
    /// The day it is paid out.
    pub on: Date,
    /// Amount in fen.
    pub amount: Fen,
}

/// The interest rate of the contract (利率条款).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateTerms {
    /// 固定利率.
    Fixed(Rate),
    /// 浮动利率: LPR plus or minus basis points.
    Lpr(LprTerms),
}

/// LPR plus basis points with a repricing date (LPR加点, 重定价).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LprTerms {
    /// One year or five.
    pub tenor: Tenor,
    /// Basis points on top (1 bp = 0.01 %), negative below.
    pub add_bp: i32,
    /// When the rate is taken anew.
    #[serde(default)]
    pub reprice: Repricing,
}

/// When a floating rate is taken anew (重定价日).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repricing {
    /// Never: the LPR of the start stays.
    Never,
    /// On 1 January.
    #[default]
    January,
    /// On the anniversary of the start (对年对月对日).
    Anniversary,
    /// Every so many months from the start.
    Months(u32),
}

/// Unit of a period (周期单位).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodUnit {
    /// 日.
    Day,
    /// 周.
    Week,
    /// 月.
    #[default]
    Month,
    /// 季.
    Quarter,
    /// 年.
    Year,
}

/// Length of a period (还款频率): every so many days, weeks, months, quarters or years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frequency {
    /// How many units; at least 1.
    pub every: u32,
    /// The unit.
    pub unit: PeriodUnit,
}

impl Default for Frequency {
    fn default() -> Self {
        Frequency { every: 1, unit: PeriodUnit::Month }
    }
}

/// Which day of a period is due (还款日). A month without the day uses its last one (31 → 30 → 28/29 → 31).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepaymentDay {
    /// The day of the month of `start_on` (按放款日).
    #[default]
    ByStart,
    /// A fixed day of the month, 1 to 31 (固定还款日); only with months, quarters and years.
    Fixed(i8),
    /// 结息日: this day of every month, of the last month of a quarter, or of December.
    Settlement(SettlementDay),
}

/// The settlement day (结息日) of monthly, quarterly or yearly interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettlementDay {
    /// Day of the month, normally 20 or 21.
    pub day: i8,
    /// Whether interest runs through the day itself and the next period starts the day after
    /// (结息 on the 20th; with 21 it does not, and both give the same interest).
    #[serde(default)]
    pub counted: bool,
}

/// What a first period of unusual length looks like (首期长短) when the due day is not that of the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstPeriod {
    /// The due day in the month that lies one period after that of the start.
    #[default]
    NextPeriod,
    /// The first due day after the start (首期短).
    Short,
    /// The first due day at least one whole period after the start (首期长).
    Long,
}

/// What happens to a due date that falls on a rest day (节假日顺延).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestDays {
    /// Stays (不顺延).
    #[default]
    Kept,
    /// Payable on the next workday, interest to the nominal day (顺延不计息).
    Forward,
    /// Payable on the next workday, interest to that day (顺延计息).
    ForwardWithInterest,
}

/// Periods of relief at the beginning (宽限期), counted in instalments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Grace {
    /// First instalments without principal (还本宽限期).
    pub principal: u32,
    /// First instalments without payment of interest, which is due with the first one after (付息宽限期).
    pub interest: u32,
    /// First instalments in which no interest arises (免息期).
    pub interest_free: u32,
}

/// How interest is counted (计息方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InterestTerms {
    /// How days become parts of a year.
    pub day_count: DayCount,
    /// By whole periods or by days.
    pub by: InterestBy,
    /// Interest of a first or last period of unusual length when counted by periods.
    pub stub: Stub,
    /// How the instalment of 等额本息 is sized when interest is counted by days.
    pub sized_by: SizedBy,
    /// How daily and monthly rates become yearly ones.
    pub year_basis: YearBasis,
}

/// Interest by whole periods or by days (按期计息 / 按日计息).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InterestBy {
    /// A regular period counts as its months, whatever its days (按期, 逐笔).
    #[default]
    Period,
    /// Every day counts (按日, 积数).
    Day,
}

/// Interest of a period of unusual length under [`InterestBy::Period`] (破月计息).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stub {
    /// By the day count (按实际天数).
    #[default]
    Days,
    /// As a whole period (按整期).
    Whole,
}

/// What the equal instalment is computed from (等额本息月供的算法).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SizedBy {
    /// The formula with the nominal periodic rate; the last instalment takes the difference.
    #[default]
    Formula,
    /// The real days of each period, so that the last instalment is equal too.
    Days,
}

/// How amounts become whole (舍入).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RoundingTerms {
    /// Named mode.
    pub mode: Rounding,
    /// Unit in fen that instalment amounts are rounded to: 1 the fen, 10 the 角, 100 the 元.
    pub unit: i64,
    /// Each amount by itself, or the running total.
    pub interest: RoundInterest,
    /// Which instalment takes what rounding leaves (尾差).
    pub remainder: Remainder,
    /// The equal sum of 等额本息 is rounded up or down to a multiple of this many fen (月供取整); 1: no.
    pub instalment_multiple: i64,
}

impl Default for RoundingTerms {
    fn default() -> Self {
        RoundingTerms {
            mode: Rounding::HalfUp,
            unit: 1,
            interest: RoundInterest::EachInstalment,
            remainder: Remainder::Last,
            instalment_multiple: 1,
        }
    }
}

/// What is rounded (舍入时点).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundInterest {
    /// Every instalment's interest.
    #[default]
    EachInstalment,
    /// The sum of all interest so far; an instalment takes the difference to the sum before.
    RunningTotal,
}

/// Where the remainder of rounding goes (尾差归属).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remainder {
    /// The last instalment.
    #[default]
    Last,
    /// The first instalment.
    First,
}
