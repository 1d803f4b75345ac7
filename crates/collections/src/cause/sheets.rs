//! Causes of default and what a debtor can pay, in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![causes(), capacities()]
}

/// 拖欠原因.
fn causes() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("cause", "原因", Cell::Text),
        col("also", "其他原因", Cell::Text),
        col("evidence", "证据", Cell::Text),
        col("talk", "面谈", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("default_causes", "拖欠原因", "default_cause", KEY, columns)
}

/// 能力评估.
fn capacities() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("income_fen", "收入", Cell::Money),
        col("living_fen", "基本生活费", Cell::Money),
        col("evidence", "证据", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("capacity_assessments", "能力评估", "capacity_assessment", KEY, columns)
}
