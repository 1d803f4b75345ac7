//! A sheet of warning data. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::id::{CustomerId, UserId};
use platform::id_type;
use serde::{Deserialize, Serialize};

use crate::datum::model::words;

id_type!(WarningSheetId, "The key of a sheet of warning data within a customer's file (预警信息采集表).");

words! {
    /// What was made of the data (判断).
    Sign, "sign of a sheet of warning data":
    /// Nothing to warn of (正常).
    None = "none",
    /// To be watched (关注).
    Watch = "watch",
    /// A risk (风险).
    Risk = "risk",
}

/// How often data are collected (采集周期).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rhythm {
    /// Of whoever stands here: axis and outcome.
    pub of: (String, String),
    /// Every so many months.
    pub months: i64,
}

/// An item of the sheet (采集项目).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// As the policy names it.
    pub name: String,
    /// `operating`, `credit` or `industry`.
    pub part: String,
    /// The fact of the book that stands beside it; empty: none.
    pub fact: String,
}

/// What was found about an item (采集内容).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The item.
    pub item: String,
    /// What the book knew of it.
    pub known: String,
    /// In words.
    pub text: String,
}

/// A sheet as it is handed in (新采集表).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSheet {
    /// As of when.
    pub on: Date,
    /// Item by item: name and words.
    pub items: Vec<(String, String)>,
    /// What was made of it.
    pub sign: Sign,
    /// Why, and what is done.
    pub finding: String,
}

/// A sheet as it is kept (预警信息采集表).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarningSheet {
    /// Whose file.
    pub customer: CustomerId,
    /// The key.
    pub id: WarningSheetId,
    /// As of when.
    pub on: Date,
    /// Item by item.
    pub items: Vec<Said>,
    /// What was made of it.
    pub sign: Sign,
    /// Why, and what is done.
    pub finding: String,
    /// Who collected it.
    pub by: UserId,
}
