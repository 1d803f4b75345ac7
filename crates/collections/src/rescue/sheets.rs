//! Rescue money in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 救助资金.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("step", "步骤", Cell::Text),
        col("amount_fen", "金额", Cell::Money).or_empty(),
        col("operation", "可恢复经营", Cell::Flag).or_empty(),
        col("capacity", "可恢复还款能力", Cell::Flag).or_empty(),
        col("controlled", "风险可控", Cell::Flag).or_empty(),
        col("accepted", "是否同意", Cell::Flag).or_empty(),
        col("words", "内容", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![Sheet::facts("rescue_steps", "救助资金", "rescue_step", &["customer_id", "id"], columns).referred(), loans()]
}

/// 救助借款.
fn loans() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("decision_id", "审定键", Cell::Ref("rescue_steps")),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("principal_fen", "借款本金", Cell::Money),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("rescue_loans", "救助借款", "rescue_loan", &["customer_id", "id"], columns)
}
