//! The list of premium enterprises in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// The entries.
pub(crate) fn sheet() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("number", "优质企业编号", Cell::Text),
        col("name", "企业名称", Cell::Text),
        col("uscc", "统一社会信用代码", Cell::Text),
        col("item", "名单项目", Cell::Text),
        col("industry", "行业", Cell::Text),
        col("board", "上市板块", Cell::Text).or_empty(),
        col("good_years", "连续盈利良好年数", Cell::Count).or_empty(),
        col("parent_uscc", "母公司代码", Cell::Text).or_empty(),
        col("parent_share_ppm", "母公司持股比例（百万分之）", Cell::Count).or_empty(),
        col("proof", "依据", Cell::Text),
        col("attachment_id", "附件键", Cell::Id).or_empty(),
        col("branch_id", "机构", Cell::Branch),
        col("starts_on", "生效日期", Cell::Date),
        col("until_on", "截止日期", Cell::Date).or_empty(),
        col("state", "状态", Cell::Text),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        col("approved_on", "批准日期", Cell::Date).or_empty(),
        col("ended_on", "移出日期", Cell::Date).or_empty(),
        col("end_reason", "移出原因", Cell::Text).or_empty(),
        col("superseded_by", "取代登记键", Cell::Id).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("premium_enterprises", "优质企业名单", "premium_enterprise", &["id"], columns)
        .numbered("premium_enterprise", "id")
        .without(&["version"])
}
