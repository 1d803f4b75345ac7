//! Complaints in the whole book.

use platform::book::{Cell, Column, Recorded, Sheet};

/// Complaints and what was done about them.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let complaints = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("number", "投诉编号", Cell::Text),
        col("kind", "投诉类别", Cell::Text),
        col("way", "受理方式", Cell::Text),
        col("content", "投诉内容", Cell::Text),
        col("wish", "客户诉求", Cell::Text).or_empty(),
        col("received_on", "受理日期", Cell::Date),
        col("due_on", "应办结日期", Cell::Date),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let steps = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("complaint_id", "投诉键", Cell::Ref("complaints")),
        col("kind", "办理", Cell::Text),
        col("dept", "责任部门", Cell::Text).or_empty(),
        col("outcome", "处理结果", Cell::Text).or_empty(),
        col("note", "说明", Cell::Text).or_empty(),
        col("improvement", "改进措施", Cell::Text).or_empty(),
        col("told_on", "反馈日期", Cell::Date).or_empty(),
        col("told_way", "反馈方式", Cell::Text).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let key = &["customer_id", "id"];
    vec![
        Sheet::facts("complaints", "客户投诉", "complaint", key, complaints)
            .recorded(Recorded::Full)
            .numbered("complaint", "id")
            .referred(),
        Sheet::facts("complaint_steps", "投诉办理", "complaint_step", key, steps),
    ]
}
