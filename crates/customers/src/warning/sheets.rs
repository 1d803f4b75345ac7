//! Warning data in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// 预警信息采集表.
pub(crate) fn sheet() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("collected_on", "采集日期", Cell::Date),
        col("content_json", "采集内容", Cell::Text),
        col("sign", "判断", Cell::Text),
        col("finding", "分析与措施", Cell::Text).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("warning_sheets", "预警信息采集表", "warning_sheet", &["customer_id", "id"], columns)
}
