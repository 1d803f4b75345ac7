//! What happened to the limitation of claims, in the whole book; the clocks follow from it.

use platform::book::{Cell, Column, Recorded, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![events()]
}

/// 时效事实.
fn events() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("guarantee_id", "保证键", Cell::Ref("guarantees")).or_empty(),
        col("kind", "类别", Cell::Text),
        col("happened_on", "发生日期", Cell::Date),
        col("ended_on", "结束日期", Cell::Date).or_empty(),
        col("signer", "签收人", Cell::Text).or_empty(),
        col("missing", "是否缺证据", Cell::Flag),
        col("agrees", "是否认债", Cell::Flag),
        col("evidence", "证据", Cell::Text),
        col("void", "是否作废", Cell::Flag),
        col("corrects_id", "更正的键", Cell::Id).or_empty(),
        col("reason", "原因", Cell::Text).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("limitation_events", "时效事实", "limitation_event", KEY, columns).recorded(Recorded::Full)
}
