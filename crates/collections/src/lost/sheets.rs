//! Lost contacts in the whole book: statuses, findings, steps of tracing.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![lost(), quality(), traces()]
}

/// 失联记录.
fn lost() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("kind", "类型", Cell::Text),
        col("ground", "依据", Cell::Text),
        col("days_overdue", "逾期天数", Cell::Count),
        col("branch_id", "分支机构", Cell::Branch),
        col("team_id", "团队", Cell::Team).or_empty(),
        col("manager_id", "管户人", Cell::User),
        col("set_on", "认定日期", Cell::Date),
        col("ended_on", "解除日期", Cell::Date).or_empty(),
        col("ended_by", "解除方式", Cell::Text).or_empty(),
        col("ended_note", "解除说明", Cell::Text).or_empty(),
        col("ended_at", "解除时间", Cell::Moment).or_empty(),
        col("ended_user", "解除人", Cell::User).or_empty(),
    ];
    Sheet::facts("lost_contacts", "失联记录", "lost_contact", KEY, columns).referred()
}

/// 贷后质量发现.
fn quality() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("lost_id", "失联键", Cell::Ref("lost_contacts")),
        col("officer_id", "责任人", Cell::User),
        col("finding", "发现", Cell::Text),
        col("measure", "措施", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("lost_quality", "贷后质量发现", "lost_quality", KEY, columns)
}

/// 查找记录.
fn traces() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("step", "步骤", Cell::Text),
        col("happened_on", "日期", Cell::Date),
        col("searched", "查询依据", Cell::Text),
        col("query", "查询内容", Cell::Text),
        col("authority", "授权", Cell::Text),
        col("result", "结果", Cell::Text),
        col("finding", "发现", Cell::Text),
        col("cost_fen", "费用", Cell::Money),
        col("next_step", "下一步", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("trace_steps", "查找记录", "trace_step", KEY, columns)
}
