//! Campaigns and their costs in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// Campaigns, costs.
pub(crate) fn sheets() -> Vec<Sheet> {
    let campaigns = vec![
        col("id", "键", Cell::Id),
        col("number", "活动编号", Cell::Text),
        col("title", "名称", Cell::Text),
        col("channel", "获客渠道", Cell::Text),
        col("aim", "目的", Cell::Text),
        col("target_axis", "目标分类轴", Cell::Text),
        col("target_outcome", "目标分类结论", Cell::Text),
        col("branch_id", "机构", Cell::Branch).or_empty(),
        col("starts_on", "开始日期", Cell::Date),
        col("ends_on", "结束日期", Cell::Date),
        col("budget_fen", "预算", Cell::Money),
        col("target_leads", "目标线索数", Cell::Count),
        col("reviewed_on", "总结日期", Cell::Date).or_empty(),
        col("review", "总结", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let costs = vec![
        col("id", "键", Cell::Id),
        col("campaign_id", "活动键", Cell::Id),
        col("corrects_id", "更正费用键", Cell::Id).or_empty(),
        col("amount_fen", "金额", Cell::Money),
        col("spent_on", "支出日期", Cell::Date),
        col("purpose", "用途", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![
        Sheet::facts("campaigns", "营销活动", "campaign", &["id"], campaigns)
            .numbered("campaign", "id")
            .without(&["version"]),
        Sheet::facts("campaign_costs", "活动费用", "campaign_cost", &["id"], costs),
    ]
}
