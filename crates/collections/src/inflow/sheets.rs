//! Noted money in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 到账线索.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("kind", "种类", Cell::Text),
        col("amount_fen", "金额", Cell::Money),
        col("seen_on", "日期", Cell::Date),
        col("basis", "合法来源", Cell::Text),
        col("words", "说明", Cell::Text),
        col("releases_id", "转用的键", Cell::Id).or_empty(),
        col("security_id", "追加担保的键", Cell::Id).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![Sheet::facts("inflows", "到账线索", "inflow", &["customer_id", "id"], columns)]
}
