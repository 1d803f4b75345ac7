//! Rewards and penalties in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const ID: &[&str] = &["id"];

/// 奖惩记录.
pub(crate) fn sheets() -> Vec<Sheet> {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("number", "编号", Cell::Text),
        col("person_id", "人员", Cell::User),
        col("branch_id", "机构", Cell::Branch),
        col("side", "奖或惩", Cell::Text),
        col("kind", "种类", Cell::Text),
        col("amount_fen", "金额", Cell::Money).or_empty(),
        col("reason", "事由", Cell::Text),
        col("period_from", "指标起", Cell::Date),
        col("period_to", "指标止", Cell::Date),
        col("figures_json", "当时指标", Cell::Text),
        col("rectify_by", "整改期限", Cell::Date).or_empty(),
        col("state", "状态", Cell::Text),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        col("done_on", "兑现日期", Cell::Date).or_empty(),
        col("done_note", "兑现说明", Cell::Text).or_empty(),
        col("done_by", "兑现人", Cell::User).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![
        Sheet::facts("merits", "奖惩记录", "collection_merit", ID, columns)
            .numbered("merit", "id")
            .without(&["version"]),
    ]
}
