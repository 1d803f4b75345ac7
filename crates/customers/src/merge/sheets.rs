//! Merges in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![merges(), steps()]
}

/// 客户合并.
fn merges() -> Sheet {
    let columns = vec![
        col("customer_id", "并出客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("into_id", "保留客户键", Cell::Ref("customers")),
        col("reason", "理由", Cell::Text),
        col("state", "状态", Cell::Text),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        col("merged_on", "合并日期", Cell::Date).or_empty(),
        col("undo_reason", "撤销理由", Cell::Text).or_empty(),
        col("undo_approval_id", "撤销审批键", Cell::Id).or_empty(),
        col("ended_on", "撤销日期", Cell::Date).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("customer_merges", "客户合并", "customer_merge", KEY, columns).referred().without(&["version"])
}

/// 客户合并经过.
fn steps() -> Sheet {
    let columns = vec![
        col("customer_id", "并出客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("merge_id", "合并键", Cell::Ref("customer_merges")),
        col("step", "步骤", Cell::Text),
        col("note", "说明", Cell::Text).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("customer_merge_steps", "客户合并经过", "customer_merge_step", KEY, columns)
}
