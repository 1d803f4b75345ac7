//! Messages and their steps in the whole book.

use platform::book::{Cell, Column, Recorded, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![messages(), steps()]
}

/// 短信与邮件.
fn messages() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("kind", "类别", Cell::Text),
        col("channel", "方式", Cell::Text),
        col("point_id", "联系方式键", Cell::Ref("contact_points")),
        col("body", "内容", Cell::Text),
        col("body_on", "内容日期", Cell::Date),
        col("state", "状态", Cell::Text),
        col("receipt", "状态报告", Cell::Text).or_empty(),
        col("rule", "规则", Cell::Text).or_empty(),
        col("article", "条款", Cell::Text).or_empty(),
        col("not_before", "延至", Cell::Moment).or_empty(),
        col("sent_at", "送出时间", Cell::Moment).or_empty(),
        col("allowance_id", "许可键", Cell::Ref("contact_allowances")).or_empty(),
        col("contact_id", "联系键", Cell::Id).or_empty(),
        col("provider_ref", "服务商编号", Cell::Text).or_empty(),
        col("again_of", "重发自", Cell::Id).or_empty(),
        col("decision", "处置", Cell::Text).or_empty(),
        col("decided_reason", "处置原因", Cell::Text).or_empty(),
        col("decided_at", "处置时间", Cell::Moment).or_empty(),
        col("decided_by", "处置人", Cell::User).or_empty(),
        col("branch_id", "分支机构", Cell::Branch),
        col("team_id", "团队", Cell::Team).or_empty(),
        col("manager_id", "管户人", Cell::User),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("debtor_messages", "短信与邮件", "debtor_message", KEY, columns)
        .recorded(Recorded::Full)
        .referred()
        .without(&["version"])
}

/// 消息经过.
fn steps() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("message_id", "消息键", Cell::Ref("debtor_messages")),
        col("step", "步骤", Cell::Text),
        col("detail", "说明", Cell::Text),
        col("happened_at", "发生时间", Cell::Moment),
    ];
    Sheet::facts("debtor_message_steps", "消息经过", "debtor_message_step", KEY, columns)
}
