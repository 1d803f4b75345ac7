//! Stop flags in the whole book.

use platform::book::{Cell, Column, Recorded, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![flags()]
}

/// 停催标记.
fn flags() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("kind", "类别", Cell::Text),
        col("reason", "原因", Cell::Text),
        col("evidence", "证据", Cell::Text),
        col("set_on", "设置日期", Cell::Date),
        col("set_at", "设置时间", Cell::Moment),
        col("set_by", "设置人", Cell::User),
        col("lifted_at", "解除时间", Cell::Moment).or_empty(),
        col("lifted_by", "解除人", Cell::User).or_empty(),
        col("lift_reason", "解除原因", Cell::Text).or_empty(),
    ];
    Sheet::facts("stop_flags", "停催标记", "stop_flag", KEY, columns).recorded(Recorded::Not).referred()
}
