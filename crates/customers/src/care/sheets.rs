//! Plans of care and contacts in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![plans(), contacts(), steps_done()]
}

/// 维护方案.
fn plans() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("number", "维护方案编号", Cell::Text),
        col("kind", "种类", Cell::Text),
        col("content_json", "方案内容", Cell::Text),
        col("contact_days", "联系间隔天数", Cell::Count).or_empty(),
        col("state", "状态", Cell::Text),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        col("approved_on", "批准日期", Cell::Date).or_empty(),
        col("review_on", "应回顾日期", Cell::Date).or_empty(),
        col("reviewed_on", "回顾日期", Cell::Date).or_empty(),
        col("reviewed_by", "回顾人", Cell::User).or_empty(),
        col("review_json", "回顾内容", Cell::Text).or_empty(),
        col("superseded_by", "被取代于", Cell::Id).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("care_plans", "维护方案", "care_plan", KEY, columns).numbered("care_plan", "id").without(&["version"])
}

/// 维护联系.
fn contacts() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("way", "方式", Cell::Text),
        col("happened_on", "联系日期", Cell::Date),
        col("content", "内容", Cell::Text),
        col("response", "客户反馈", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("care_contacts", "维护联系", "care_contact", KEY, columns)
}

/// 方案步骤落实.
fn steps_done() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("plan_id", "方案键", Cell::Id),
        col("step", "步骤序号", Cell::Count),
        col("contact_id", "联系键", Cell::Id),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("care_steps_done", "方案步骤落实", "care_step_done", KEY, columns)
}
