//! Guarantees and collateral in the whole book.

use platform::book::{Cell, Column, Recorded, Sheet};

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let key = || {
        vec![
            col("customer_id", "客户键", Cell::Ref("customers")),
            col("loan_id", "借据键", Cell::Ref("loans")),
            col("id", "键", Cell::Id),
        ]
    };
    let mut guarantees = key();
    guarantees.extend([
        col("relation_id", "关系人键", Cell::Ref("relations")).or_empty(),
        col("guarantor", "保证人", Cell::Text),
        col("kind", "保证方式", Cell::Text),
        col("amount_fen", "保证金额", Cell::Money).or_empty(),
        col("period_until", "保证期间至", Cell::Date).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
        col("ended_on", "终止日期", Cell::Date).or_empty(),
    ]);
    let mut collateral = key();
    collateral.extend([
        col("kind", "抵质押方式", Cell::Text),
        col("description", "抵质押物", Cell::Text),
        col("owner", "所有人", Cell::Text).or_empty(),
        col("value_fen", "价值", Cell::Money).or_empty(),
        col("account_id", "质押账户键", Cell::Id).or_empty(),
        col("contract_no", "质押合同号", Cell::Text).or_empty(),
        col("contract_on", "质押合同签订日期", Cell::Date).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
        col("ended_on", "终止日期", Cell::Date).or_empty(),
    ]);
    let order = &["customer_id", "id"];
    vec![
        Sheet::facts("guarantees", "保证", "guarantee", order, guarantees).recorded(Recorded::Full).referred(),
        Sheet::facts("collateral", "抵质押物", "collateral", order, collateral).recorded(Recorded::Full),
    ]
}
