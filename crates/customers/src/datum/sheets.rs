//! Customer data in the whole book.

use platform::book::{Cell, Column, Recorded, Sheet};

/// Data and their verifications.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let data = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("item", "资料项", Cell::Text),
        col("value", "值", Cell::Text).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
        col("valid_until", "有效期至", Cell::Date).or_empty(),
        col("route", "来源途径", Cell::Text),
        col("source_note", "来源说明", Cell::Text).or_empty(),
        col("basis", "处理依据", Cell::Text),
        col("consented_on", "同意日期", Cell::Date).or_empty(),
        col("corrects_id", "更正", Cell::Ref("customer_data")).or_empty(),
    ];
    let verified = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("datum_id", "资料键", Cell::Ref("customer_data")),
        col("way", "核实方式", Cell::Text),
        col("finding", "核实结果", Cell::Text),
        col("verified_on", "核实日期", Cell::Date),
        col("note", "核实说明", Cell::Text),
    ];
    vec![
        Sheet::facts("customer_data", "客户资料项", "customer_datum", &["customer_id", "id"], data)
            .recorded(Recorded::Full)
            .referred(),
        Sheet::facts("datum_verifications", "资料核实", "datum_verification", &["customer_id", "id"], verified),
    ]
}
