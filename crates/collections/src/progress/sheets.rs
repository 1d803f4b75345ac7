//! Reports of the recovery in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const ID: &[&str] = &["id"];

/// 清收进展报告.
pub(crate) fn sheets() -> Vec<Sheet> {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("number", "编号", Cell::Text),
        col("branch_id", "机构", Cell::Branch).or_empty(),
        col("period_from", "起", Cell::Date),
        col("period_to", "止", Cell::Date),
        col("content_json", "指标", Cell::Text),
        col("words", "进展说明", Cell::Text),
        col("plan", "下期安排", Cell::Text),
        col("state", "状态", Cell::Text),
        col("seen_at", "阅示时间", Cell::Moment).or_empty(),
        col("seen_by", "阅示人", Cell::User).or_empty(),
        col("opinion", "阅示意见", Cell::Text).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![
        Sheet::facts("recovery_reports", "清收进展报告", "recovery_report", ID, columns)
            .numbered("recovery_report", "id"),
    ]
}
