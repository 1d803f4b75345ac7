//! Sorting in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const ID: &[&str] = &["id"];
const KEY: &[&str] = &["customer_id", "id"];

/// The sheets; projects first.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![
        projects(),
        members(),
        steps(),
        trainings(),
        surveys(),
        items(),
        problems(),
        findings(),
        industries(),
        reports(),
        exposures(),
        exposure_notes(),
    ]
}

/// 客户梳理项目.
fn projects() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("number", "项目编号", Cell::Text),
        col("title", "名称", Cell::Text),
        col("aim", "目的", Cell::Text),
        col("scheme", "梳理方案", Cell::Text),
        col("starts_on", "开始日期", Cell::Date),
        col("ends_on", "结束日期", Cell::Date),
        col("branch_id", "机构", Cell::Branch).or_empty(),
        col("scope_kind", "客户类型", Cell::Text).or_empty(),
        col("scope_manager_id", "管户经理", Cell::User).or_empty(),
        col("scope_axis", "分类轴", Cell::Text).or_empty(),
        col("scope_outcome", "分类结论", Cell::Text).or_empty(),
        col("scope_industry", "行业", Cell::Text).or_empty(),
        col("lead_id", "组长", Cell::User),
        col("revision", "方案版次", Cell::Count),
        col("state", "状态", Cell::Text),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        col("stop_reason", "终止原因", Cell::Text).or_empty(),
        col("started_on", "启动日期", Cell::Date).or_empty(),
        col("closed_on", "结项日期", Cell::Date).or_empty(),
        col("review_on", "再评价日期", Cell::Date).or_empty(),
        col("review_asked_on", "再评价提示日期", Cell::Date).or_empty(),
        col("measure_on", "下次度量日期", Cell::Date).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("sorting_projects", "客户梳理项目", "sorting_project", ID, columns)
        .numbered("sorting", "id")
        .without(&["version"])
}

/// 客户梳理工作小组.
fn members() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("project_id", "项目键", Cell::Id),
        col("revision", "方案版次", Cell::Count),
        col("user_id", "成员", Cell::User),
        col("duty", "职责", Cell::Text),
    ];
    Sheet::facts("sorting_members", "客户梳理工作小组", "sorting_member", ID, columns)
}

/// 客户梳理时间表.
fn steps() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("project_id", "项目键", Cell::Id),
        col("revision", "方案版次", Cell::Count),
        col("step", "步骤", Cell::Text),
        col("due_on", "计划完成", Cell::Date),
        col("done_on", "实际完成", Cell::Date).or_empty(),
        col("done_by", "完成人", Cell::User).or_empty(),
        col("note", "说明", Cell::Text).or_empty(),
        col("asked_on", "逾期提示日期", Cell::Date).or_empty(),
    ];
    Sheet::facts("sorting_steps", "客户梳理时间表", "sorting_step", ID, columns).without(&["version"])
}

/// 客户梳理培训.
fn trainings() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("project_id", "项目键", Cell::Id),
        col("topic", "主题", Cell::Text),
        col("held_on", "培训日期", Cell::Date),
        col("hours", "学时", Cell::Count),
        col("attended", "参加人", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("sorting_trainings", "客户梳理培训", "sorting_training", ID, columns)
}

/// 满意度调查.
fn surveys() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("project_id", "项目键", Cell::Id),
        col("surveyed_on", "调查日期", Cell::Date),
        col("answers", "答复份数", Cell::Count),
        col("score_centi", "平均得分（百分之一分）", Cell::Count),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("sorting_surveys", "满意度调查", "sorting_survey", ID, columns)
}

/// 梳理对象.
fn items() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("project_id", "项目键", Cell::Id),
        col("assignee_id", "核实人", Cell::User),
        col("state", "状态", Cell::Text),
        col("turn", "轮次", Cell::Count),
        col("before_json", "梳理前分类", Cell::Text),
        col("due_on", "核实期限", Cell::Date),
        col("priority", "监控次序", Cell::Count),
        col("verified_on", "核实日期", Cell::Date).or_empty(),
        col("verified_by", "实际核实人", Cell::User).or_empty(),
        col("filled", "已有资料数", Cell::Count).or_empty(),
        col("wanted", "必备资料数", Cell::Count).or_empty(),
        col("defaulted", "存在违约", Cell::Flag).or_empty(),
        col("reviewed_on", "复核日期", Cell::Date).or_empty(),
        col("reviewed_by", "复核人", Cell::User).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("sorting_items", "客户梳理对象", "sorting_item", KEY, columns).referred().without(&["version"])
}

/// 梳理发现的问题.
fn problems() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("item_id", "对象键", Cell::Ref("sorting_items")),
        col("project_id", "项目键", Cell::Id),
        col("kind", "种类", Cell::Text),
        col("detail", "问题", Cell::Text),
        col("owner_id", "整改人", Cell::User),
        col("due_on", "整改期限", Cell::Date),
        col("state", "状态", Cell::Text),
        col("rectified_on", "整改日期", Cell::Date).or_empty(),
        col("rectified_by", "实际整改人", Cell::User).or_empty(),
        col("rectification", "整改情况", Cell::Text).or_empty(),
        col("confirmed_on", "确认日期", Cell::Date).or_empty(),
        col("confirmed_by", "确认人", Cell::User).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("sorting_problems", "客户梳理问题", "sorting_problem", KEY, columns).without(&["version"])
}

/// 客户梳理经过.
fn findings() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("item_id", "对象键", Cell::Ref("sorting_items")),
        col("problem_id", "问题键", Cell::Id).or_empty(),
        col("kind", "事项", Cell::Text),
        col("method", "方式", Cell::Text).or_empty(),
        col("held_on", "日期", Cell::Date),
        col("detail", "说明", Cell::Text).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("sorting_findings", "客户梳理经过", "sorting_finding", KEY, columns)
}

/// 行业梳理表.
fn industries() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("code", "行业代码", Cell::Text),
        col("risk", "行业风险", Cell::Text),
        col("trend", "发展趋势", Cell::Text),
        col("policy_environment", "政策环境", Cell::Text),
        col("competition", "竞争格局", Cell::Text),
        col("strategy", "风控策略", Cell::Text),
        col("valid_until", "有效期至", Cell::Date),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("sorting_industries", "行业梳理表", "sorting_industry", ID, columns)
}

/// 客户梳理报告.
fn reports() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("project_id", "项目键", Cell::Id),
        col("content_json", "报告内容", Cell::Text),
        col("state", "状态", Cell::Text),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        col("approved_on", "批准日期", Cell::Date).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("sorting_reports", "客户梳理报告", "sorting_report", ID, columns).without(&["version"])
}

/// 分类敞口.
fn exposures() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("project_id", "项目键", Cell::Id),
        col("axis", "分类轴", Cell::Text),
        col("outcome", "分类结论", Cell::Text).or_empty(),
        col("as_of", "度量日期", Cell::Date),
        col("customers", "户数", Cell::Count),
        col("exposure_fen", "敞口", Cell::Money),
        col("interest_fen", "累计已收利息", Cell::Money),
        col("provision_fen", "专项准备", Cell::Money),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("sorting_exposures", "客户梳理敞口", "sorting_exposure", ID, columns)
}

/// 敞口上升说明.
fn exposure_notes() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("project_id", "项目键", Cell::Id),
        col("axis", "分类轴", Cell::Text),
        col("outcome", "分类结论", Cell::Text),
        col("words", "说明与措施", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("sorting_exposure_notes", "敞口上升说明", "sorting_exposure_note", ID, columns)
}
