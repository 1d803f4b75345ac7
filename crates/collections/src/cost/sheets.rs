//! Costs of collecting in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// 催收费用.
pub(crate) fn sheets() -> Vec<Sheet> {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("kind", "费用种类", Cell::Text),
        col("amount_fen", "金额", Cell::Money),
        col("spent_on", "发生日期", Cell::Date),
        col("note", "用途与凭证", Cell::Text),
        col("state", "状态", Cell::Text),
        col("corrects_id", "更正的记录键", Cell::Id).or_empty(),
        col("checked_at", "复核时间", Cell::Moment).or_empty(),
        col("checked_by", "复核人", Cell::User).or_empty(),
        col("opinion", "复核意见", Cell::Text).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![Sheet::facts("collection_costs", "催收费用", "collection_cost", KEY, columns)]
}
