//! Calls about what is overdue, in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 催收电话.
pub(crate) fn sheet() -> Sheet {
    let columns = vec![
        Column::new("customer_id", "客户键", Cell::Ref("customers")),
        Column::new("id", "键", Cell::Id),
        Column::new("reached", "是否接通", Cell::Flag),
        Column::new("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("dunning_calls", "催收电话", "dunning_call", &["customer_id", "id"], columns)
}
