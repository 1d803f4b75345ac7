//! Findings about conduct in the whole book.

use platform::book::{Cell, Column, Recorded, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![findings(), calls()]
}

/// 通话评判.
fn calls() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("allowance_id", "许可键", Cell::Ref("contact_allowances")),
        col("missed", "不足", Cell::Text),
        col("verdict", "认定", Cell::Text),
        col("opinion", "意见", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("call_reviews", "通话评判", "call_review", KEY, columns)
}

/// 行为发现.
fn findings() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("kind", "类别", Cell::Text),
        col("rule", "规则", Cell::Text),
        col("article", "条款", Cell::Text),
        col("detail", "说明", Cell::Text),
        col("channel", "方式", Cell::Text),
        col("party", "身份", Cell::Text),
        col("collector_id", "催收员", Cell::User),
        col("agency_id", "外包机构键", Cell::Id).or_empty(),
        col("branch_id", "分支机构", Cell::Branch),
        col("team_id", "团队", Cell::Team).or_empty(),
        col("manager_id", "管户人", Cell::User),
        col("allowance_id", "许可键", Cell::Id).or_empty(),
        col("happened_at", "发生时间", Cell::Moment),
        col("found_at", "发现时间", Cell::Moment),
        col("verdict", "认定", Cell::Text).or_empty(),
        col("opinion", "意见", Cell::Text).or_empty(),
        col("reviewed_at", "复核时间", Cell::Moment).or_empty(),
        col("reviewed_by", "复核人", Cell::User).or_empty(),
    ];
    Sheet::facts("conduct_findings", "行为发现", "conduct_finding", KEY, columns).recorded(Recorded::Not)
}
