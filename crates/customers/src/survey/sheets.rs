//! Surveys in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets; drawings first.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![draws(), answers(), tasks()]
}

/// 满意度调查抽取.
fn draws() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("axis", "分类轴", Cell::Text),
        col("outcome", "分类结论", Cell::Text),
        col("drawn_on", "抽取日期", Cell::Date),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("survey_draws", "满意度调查抽取", "survey_draw", KEY, columns).referred()
}

/// 满意度调查答复.
fn answers() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("draw_id", "抽取键", Cell::Ref("survey_draws")),
        col("result", "结果", Cell::Text),
        col("way", "方式", Cell::Text).or_empty(),
        col("answered_on", "答复日期", Cell::Date),
        col("marks_json", "各项评分", Cell::Text),
        col("score_centi", "得分（百分之一分）", Cell::Count).or_empty(),
        col("words", "客户意见", Cell::Text).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("survey_answers", "满意度调查答复", "survey_answer", KEY, columns).referred()
}

/// 满意度改进任务.
fn tasks() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("answer_id", "答复键", Cell::Ref("survey_answers")),
        col("what", "改进事项", Cell::Text),
        col("owner_id", "责任人", Cell::User),
        col("due_on", "完成期限", Cell::Date),
        col("done_on", "完成日期", Cell::Date).or_empty(),
        col("done_by", "完成人", Cell::User).or_empty(),
        col("done_words", "完成情况", Cell::Text).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("survey_tasks", "满意度改进任务", "survey_task", KEY, columns).without(&["version"])
}
