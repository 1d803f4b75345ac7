//! Evaluations in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![evaluations(), steps()]
}

/// 信用评估.
fn evaluations() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("number", "评估编号", Cell::Text),
        col("scorecard", "评分卡", Cell::Text),
        col("content_json", "评估内容", Cell::Text),
        col("composite_centi", "综合得分（百分之一分）", Cell::Count),
        col("grade_axis", "等级轴", Cell::Text).or_empty(),
        col("rule_grade", "规则等级", Cell::Text).or_empty(),
        col("grade", "等级", Cell::Text).or_empty(),
        col("set_until", "人工等级截止", Cell::Date).or_empty(),
        col("state", "状态", Cell::Text),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        col("approved_on", "批准日期", Cell::Date).or_empty(),
        col("review_on", "下次评估", Cell::Date).or_empty(),
        col("superseded_by", "被取代于", Cell::Id).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("evaluations", "信用评估", "evaluation", KEY, columns)
        .numbered("evaluation", "id")
        .referred()
        .without(&["version"])
}

/// 信用评估经过.
fn steps() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("evaluation_id", "评估键", Cell::Ref("evaluations")),
        col("step", "步骤", Cell::Text),
        col("detail", "说明", Cell::Text).or_empty(),
        col("content_json", "提交内容", Cell::Text).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("evaluation_steps", "信用评估经过", "evaluation_step", KEY, columns)
}
