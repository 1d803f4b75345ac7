//! Disposals of bad loans in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 不良处置.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("step", "步骤", Cell::Text),
        col("person_id", "接收人或责任人", Cell::User).or_empty(),
        col("accepted", "是否同意", Cell::Flag).or_empty(),
        col("words", "内容", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![Sheet::facts("disposal_steps", "不良处置", "disposal_step", &["customer_id", "id"], columns)]
}
