//! A report about overdue updates. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::id::{BranchId, CustomerId, UserId};
use platform::id_type;

id_type!(UpdateReportId, "The key of a report about overdue updates (资料更新逾期报告).");

/// A customer whose data are due, or overdue, to be verified (待更新客户).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// Whose file.
    pub customer: CustomerId,
    /// Of which branch.
    pub branch: BranchId,
    /// Who manages it.
    pub manager: UserId,
    /// Since when.
    pub verify_by: Date,
}

/// What was answered to a report (办理意见).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What is done about it.
    pub measures: String,
    /// When.
    pub on: Date,
    /// By whom.
    pub by: UserId,
}

/// A report about the overdue updates of a branch (资料更新逾期报告).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateReport {
    /// Its key.
    pub id: UpdateReportId,
    /// About which branch.
    pub branch: BranchId,
    /// As of which day.
    pub as_of: Date,
    /// How many customers.
    pub customers: i64,
    /// Since when the oldest is due.
    pub oldest_on: Date,
    /// The answer, once there is one.
    pub answer: Option<Answer>,
    /// Rises with every change.
    pub version: i64,
}

impl UpdateReport {
    /// What it is called in duties and the audit trail.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("update_report:{}", self.id)
    }
}

/// A line of a report (报告明细).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whose file.
    pub customer: CustomerId,
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Who managed it on the day of the report.
    pub manager: String,
    /// Since when.
    pub verify_by: Date,
}
