//! Meetings of the management group for overdue customers (逾期客户管理小组会议), S4-02: one record over several cases, with who was
//! present, a resolution for each case, tasks out of it as duties with a day, and the signature of the head.

pub mod actions;
mod data;
pub(crate) mod list;
pub mod model;
pub mod pages;
mod paper;
pub(crate) mod sheets;
pub mod store;
mod task_pages;

use platform::duty::DutyKind;
use platform::web::Routes;

/// Sign the minutes of a meeting as its head.
pub const GROUP_SIGN: &str = "group_meeting.sign";

/// Where the list is.
pub(crate) const LIST: &str = "/collections/meetings";

/// A task out of a resolution.
pub const DUTY: DutyKind =
    DutyKind { kind: "group_task", verb: "meeting-task-verb", form: "/collections/group-tasks/{subject}" };

/// Where one is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{LIST}/{id}")
}

/// The list, the forms, one meeting with its file, its tasks.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes()).merge(task_pages::routes())
}
