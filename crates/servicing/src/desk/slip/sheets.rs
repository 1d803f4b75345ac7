//! Slips of the bank in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 放款回单.
pub(crate) fn sheet() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("id", "键", Cell::Id),
        col("transaction_id", "流水键", Cell::Id),
        col("number", "回单号", Cell::Text),
        col("paid_on", "放款日期", Cell::Date),
        col("payee", "收款人", Cell::Text),
        col("account_id", "账户键", Cell::Id).or_empty(),
        col("account_masked", "收款账号（脱敏）", Cell::Text),
        col("amount_fen", "金额", Cell::Money),
        col("repays_on", "首个还款日", Cell::Date),
        col("monthly_fen", "月还款额", Cell::Money),
        col("state", "状态", Cell::Text),
        col("note", "说明", Cell::Text),
        col("checked_on", "复核日期", Cell::Date).or_empty(),
        col("checked_by", "复核人", Cell::User).or_empty(),
        col("check_note", "复核意见", Cell::Text),
        col("branch_id", "机构", Cell::Branch),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("disbursement_slips", "放款回单", "disbursement_slip", &["customer_id", "id"], columns)
        .without(&["version"])
}
