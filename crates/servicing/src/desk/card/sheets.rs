//! Card checks in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 卡查询.
pub(crate) fn sheet() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("id", "键", Cell::Id),
        col("account_id", "账户键", Cell::Id),
        col("card_masked", "卡号（脱敏）", Cell::Text),
        col("amount_fen", "应还未还", Cell::Money),
        col("result", "结果", Cell::Text),
        col("note", "说明", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("card_checks", "卡查询", "card_check", &["customer_id", "id"], columns)
}
