//! Routes of recovery in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 追偿路径.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("security_id", "担保键", Cell::Id).or_empty(),
        col("security_kind", "担保种类", Cell::Text),
        col("security", "担保人或物", Cell::Text),
        col("route", "路径", Cell::Text),
        col("article", "依据", Cell::Text),
        col("words", "追偿方案", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![Sheet::facts("recovery_routes", "追偿路径", "recovery_route", &["customer_id", "id"], columns)]
}
