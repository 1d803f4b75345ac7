//! Meetings of the management group in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const ID: &[&str] = &["id"];
const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![meetings(), resolutions(), outcomes()]
}

/// 管理小组会议.
fn meetings() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("number", "会议编号", Cell::Text),
        col("branch_id", "机构", Cell::Branch).or_empty(),
        col("held_on", "会议日期", Cell::Date),
        col("head_id", "组长", Cell::User),
        col("members", "到会成员", Cell::Users),
        col("words", "会议情况", Cell::Text),
        col("state", "状态", Cell::Text),
        col("signed_at", "签署时间", Cell::Moment).or_empty(),
        col("signed_by", "签署人", Cell::User).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("group_meetings", "管理小组会议", "group_meeting", ID, columns).numbered("group_meeting", "id")
}

/// 议定事项.
fn resolutions() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("meeting_id", "会议键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("resolution", "议定", Cell::Text),
        col("task", "任务", Cell::Text),
        col("person_id", "负责人", Cell::User).or_empty(),
        col("due_on", "期限", Cell::Date).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("group_resolutions", "管理小组议定事项", "group_resolution", KEY, columns).referred()
}

/// 任务办理结果.
fn outcomes() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("resolution_id", "议定事项键", Cell::Ref("group_resolutions")),
        col("words", "办理结果", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("group_task_outcomes", "管理小组任务结果", "group_task_outcome", KEY, columns)
}
