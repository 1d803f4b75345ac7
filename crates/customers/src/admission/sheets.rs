//! Admission reviews in the whole book.

use platform::book::{Cell, Column, Sheet};

const KEY: &[&str] = &["customer_id", "id"];

/// Admission reviews and what was done about them.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let reviews = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("number", "准入审查编号", Cell::Text),
        col("product", "产品", Cell::Text),
        col("amount_fen", "申请金额", Cell::Money),
        col("months", "期限（月）", Cell::Count),
        col("purpose", "用途", Cell::Text),
        col("repayment_source", "还款来源", Cell::Text),
        col("method", "担保方式", Cell::Text),
        col("preliminary", "初步审查", Cell::Text),
        col("content_json", "核查表", Cell::Text).or_empty(),
        col("granted_fen", "拟准金额", Cell::Money).or_empty(),
        col("state", "状态", Cell::Text),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        col("assessor", "评估人", Cell::User).or_empty(),
        col("decided_on", "决定日期", Cell::Date).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let steps = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("admission_id", "准入审查键", Cell::Ref("admissions")),
        col("step", "步骤", Cell::Text),
        col("detail", "说明", Cell::Text).or_empty(),
        col("content_json", "提交内容", Cell::Text).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![
        Sheet::facts("admissions", "准入审查", "admission", KEY, reviews)
            .numbered("admission", "id")
            .referred()
            .without(&["version"]),
        Sheet::facts("admission_steps", "准入经过", "admission_step", KEY, steps),
    ]
}
