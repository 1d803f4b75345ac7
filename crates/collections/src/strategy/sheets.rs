//! Strategies of cases in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 案件策略.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("rung", "措施", Cell::Text),
        col("strategy", "策略", Cell::Text),
        col("arm", "组别", Cell::Text),
        col("challenger_ppm", "试行比例", Cell::Count),
        col("article", "条款", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![Sheet::facts("case_strategies", "案件策略", "case_strategy", &["customer_id", "id"], columns)]
}
