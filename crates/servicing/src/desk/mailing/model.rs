//! Where a schedule is on its way to the borrower, and the car that was bought. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::id::UserId;
use platform::id_type;

id_type!(MailingId, "The key of a step of a schedule's way (寄送步骤).");
id_type!(VehicleId, "The key of a record of a car (车辆记录).");

platform::words! {
    /// A step of a schedule's way (寄送步骤).
    Step, "step of a schedule's mailing":
    /// Printed and in its envelope (已打印封装).
    Printed = "printed",
    /// With customer service (已交客服).
    Handed = "handed",
    /// On its way to the borrower (已寄出).
    Sent = "sent",
    /// Not sent, or came back (未寄出或退回).
    Returned = "returned",
}

/// The latest step of a loan's schedule (寄送状态).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Latest {
    /// Which.
    pub step: Step,
    /// By whom.
    pub by: UserId,
}

/// A car (车辆) that a loan paid for, as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVehicle {
    /// 车型.
    pub model: String,
    /// 提车日期.
    pub picked_up_on: Date,
    /// In words.
    pub note: String,
}
