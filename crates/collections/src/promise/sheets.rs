//! Promises in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![promises()]
}

/// 还款承诺.
fn promises() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("amount_fen", "承诺金额", Cell::Money),
        col("due_at", "承诺时间", Cell::Moment),
        col("due_on", "承诺日期", Cell::Date),
        col("promised_by", "承诺人", Cell::Text),
        col("words", "原话", Cell::Text),
        col("paid_fen", "已还", Cell::Money),
        col("state", "状态", Cell::Text),
        col("settled_at", "认定时间", Cell::Moment).or_empty(),
        col("reason", "原因", Cell::Text).or_empty(),
        col("owner_id", "催收员", Cell::User),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("promises", "还款承诺", "promise", KEY, columns)
}
