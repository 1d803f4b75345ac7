//! Referral rewards in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// 推荐奖励.
pub(crate) fn sheet() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("number", "推荐奖励编号", Cell::Text),
        col("referrer_id", "推荐客户键", Cell::Id),
        col("loan_id", "贷款键", Cell::Id),
        col("amount_fen", "金额", Cell::Money),
        col("namesake", "与员工同名", Cell::Flag),
        col("manager_id", "申请人", Cell::User),
        col("branch_id", "机构", Cell::Branch),
        col("state", "状态", Cell::Text),
        col("note", "说明", Cell::Text),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        col("approved_on", "批准日期", Cell::Date).or_empty(),
        col("paid_on", "支付日期", Cell::Date).or_empty(),
        col("paid_by", "支付人", Cell::User).or_empty(),
        col("payment_ref", "支付凭证号", Cell::Text).or_empty(),
        col("recover_since", "应追回自", Cell::Date).or_empty(),
        col("recovered_on", "追回日期", Cell::Date).or_empty(),
        col("recovered_by", "追回登记人", Cell::User).or_empty(),
        col("recovery_ref", "追回凭证号", Cell::Text).or_empty(),
        col("reversed_on", "放款冲正日期", Cell::Date).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("referral_rewards", "推荐奖励", "referral_reward", &["customer_id", "id"], columns)
        .numbered("referral_reward", "id")
        .without(&["version"])
}
