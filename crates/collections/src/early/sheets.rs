//! Early starts in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 催收起因登记.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("kind", "类别", Cell::Text),
        col("happened_on", "发生日期", Cell::Date),
        col("reason", "说明", Cell::Text),
        col("evidence", "依据", Cell::Text),
        col("ended_on", "解除日期", Cell::Date).or_empty(),
        col("ended_reason", "解除原因", Cell::Text).or_empty(),
        col("ended_at", "解除时间", Cell::Moment).or_empty(),
        col("ended_by", "解除人", Cell::User).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![Sheet::facts("early_starts", "催收起因登记", "early_start", &["customer_id", "id"], columns)]
}
