//! The register of guarantees in the whole book.

use platform::book::{Cell, Column, Recorded, Sheet};

/// Guarantees and what became of them.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let entries = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("side", "担保方向", Cell::Text),
        col("kind", "担保品种", Cell::Text),
        col("number", "担保合同编号", Cell::Text),
        col("beneficiary", "受益人", Cell::Text),
        col("debtor", "主债务人", Cell::Text).or_empty(),
        col("amount_fen", "担保金额", Cell::Money),
        col("cover_fen", "反担保价值", Cell::Money),
        col("from_on", "担保起始日", Cell::Date),
        col("until_on", "担保到期日", Cell::Date),
        col("project", "担保项目", Cell::Text).or_empty(),
        col("purpose", "用途", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let steps = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("entry_id", "担保键", Cell::Ref("guarantee_entries")),
        col("kind", "处理", Cell::Text),
        col("amount_fen", "金额", Cell::Money).or_empty(),
        col("happened_on", "发生日期", Cell::Date),
        col("note", "说明", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let key = &["customer_id", "id"];
    vec![
        Sheet::facts("guarantee_entries", "担保登记", "guarantee_entry", key, entries)
            .recorded(Recorded::Full)
            .referred(),
        Sheet::facts("guarantee_steps", "担保处理", "guarantee_step", key, steps),
    ]
}
