//! Papers given back and files closed in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![returns(), closings()]
}

/// 权证归还.
fn returns() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("collateral_id", "抵质押物键", Cell::Id),
        col("received_by", "签收人", Cell::Text),
        col("received_on", "签收日期", Cell::Date),
        col("place", "签收单存放处", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("collateral_returns", "权证归还", "collateral_return", KEY, columns)
}

/// 借据结档.
fn closings() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("words", "说明", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("loan_closings", "借据结档", "loan_closing", KEY, columns)
}
