//! Repayment agreements in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![agreements(), further_loans(), steps()]
}

/// 还款协议.
fn agreements() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("number", "协议编号", Cell::Text),
        col("kind", "方式", Cell::Text),
        col("terms_json", "条款", Cell::Text),
        col("total_fen", "约定还款", Cell::Money),
        col("waived_fen", "减免", Cell::Money),
        col("last_on", "最后付款日", Cell::Date),
        col("state", "状态", Cell::Text),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        col("signed_on", "签署日期", Cell::Date).or_empty(),
        col("next_due_on", "下次付款日", Cell::Date).or_empty(),
        col("paid_fen", "已还", Cell::Money),
        col("flag_id", "停催标记键", Cell::Ref("stop_flags")).or_empty(),
        col("owner_id", "催收员", Cell::User),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("agreements", "还款协议", "repayment_agreement", KEY, columns)
        .numbered("agreement", "id")
        .referred()
        .without(&["version"])
}

/// 协议所涉其他借据.
fn further_loans() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("agreement_id", "协议键", Cell::Ref("agreements")),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("agreement_loans", "协议所涉其他借据", "repayment_agreement_loan", KEY, columns)
}

/// 还款协议经过.
fn steps() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("agreement_id", "协议键", Cell::Ref("agreements")),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("step", "步骤", Cell::Text),
        col("detail", "说明", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("agreement_steps", "还款协议经过", "repayment_agreement_step", KEY, columns)
}
