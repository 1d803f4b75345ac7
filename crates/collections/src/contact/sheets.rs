//! Outcomes of contacts in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![outcomes()]
}

/// 联系结果明细.
fn outcomes() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("contact_id", "联系键", Cell::Id),
        col("allowance_id", "许可键", Cell::Ref("contact_allowances")),
        col("result", "结果", Cell::Text),
        col("seconds", "时长(秒)", Cell::Count),
        col("pattern", "话术", Cell::Text).or_empty(),
        col("warnings", "提醒次数", Cell::Count),
        col("hung_up", "是否挂断", Cell::Flag),
        col("said", "内容", Cell::Text),
    ];
    Sheet::facts("contact_outcomes", "联系结果", "contact_outcome", &["customer_id", "contact_id"], columns)
}
