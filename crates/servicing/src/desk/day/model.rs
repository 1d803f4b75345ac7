//! What becomes of an instalment, and the figures of a day. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;

platform::words! {
    /// How far the repayment of an instalment is under control (还款受控状态).
    Control, "control of a repayment":
    /// Paid (已还).
    Paid = "paid",
    /// The house paid it to the bank (已垫付).
    Advanced = "advanced",
    /// Unpaid; the card was looked up or the borrower called today (当日已跟进).
    Followed = "followed",
    /// Unpaid, and nobody did anything about it today (未受控).
    Open = "open",
}

/// Some instalments (期次合计).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    /// How many.
    pub count: i64,
    /// 应还本息.
    pub due: Fen,
    /// 未还.
    pub unpaid: Fen,
}

/// The instalments of a month by how far they are under control (还款受控).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Controlled(pub Vec<(Control, Part)>);

/// A figure of a day: how many, and money where there is some (当日统计).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many.
    pub count: i64,
    /// How much.
    pub money: Option<Fen>,
}

platform::words! {
    /// A work group of the post (工作组).
    Group, "work group of the finance post":
    /// 催款.
    Dunning = "dunning",
    /// 明细计算与录入.
    Details = "details",
    /// 结清与银行还款.
    Settling = "settling",
}

platform::words! {
    /// What is counted of a day (统计项).
    Line, "line of the day's sheet":
    /// What fell due (当日到期).
    Due = "due",
    /// Of it, unpaid (其中未还).
    Unpaid = "unpaid",
    /// Overdue by the day (逾期未还).
    Overdue = "overdue",
    /// Cards looked up (查卡).
    Cards = "cards",
    /// Of them, with funds short, invalid or not found out (其中有问题).
    CardsFailed = "cards-failed",
    /// Customers called (电话催收客户).
    Called = "called",
    /// Of them, reached (其中接通).
    Reached = "reached",
    /// Payouts (放款).
    Payouts = "payouts",
    /// Slips entered (录入回单).
    SlipsEntered = "slips-entered",
    /// Slips compared (复核回单).
    SlipsChecked = "slips-checked",
    /// Schedules printed (打印明细).
    Printed = "printed",
    /// Schedules sent (寄出明细).
    Sent = "sent",
    /// Schedules that came back (退回明细).
    Returned = "returned",
    /// Cars recorded (登记提车).
    Cars = "cars",
    /// Repayments that came in (收到还款).
    Repaid = "repaid",
    /// Statements made (开具结清单).
    StatementsMade = "statements-made",
    /// Statements signed (签批结清单).
    StatementsSigned = "statements-signed",
    /// Advances paid (支付垫款).
    Advanced = "advanced",
}

impl Line {
    /// Whose work it is.
    pub fn group(self) -> Group {
        match self {
            Self::Due
            | Self::Unpaid
            | Self::Overdue
            | Self::Cards
            | Self::CardsFailed
            | Self::Called
            | Self::Reached => Group::Dunning,
            Self::Payouts
            | Self::SlipsEntered
            | Self::SlipsChecked
            | Self::Printed
            | Self::Sent
            | Self::Returned
            | Self::Cars => Group::Details,
            Self::Repaid | Self::StatementsMade | Self::StatementsSigned | Self::Advanced => Group::Settling,
        }
    }
}
