//! Pay days in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 发薪日.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("day", "每月几日", Cell::Count).or_empty(),
        col("source", "来源", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![Sheet::facts("pay_days", "发薪日", "pay_day", &["customer_id", "id"], columns)]
}
