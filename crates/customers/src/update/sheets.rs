//! Reports about overdue updates in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// The sheets; reports first.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![reports(), lines()]
}

/// 资料更新逾期报告.
fn reports() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("branch_id", "机构", Cell::Branch),
        col("as_of", "截至日期", Cell::Date),
        col("customers", "逾期户数", Cell::Count),
        col("oldest_on", "最早应更新日期", Cell::Date),
        col("measures", "处理措施", Cell::Text).or_empty(),
        col("answered_on", "答复日期", Cell::Date).or_empty(),
        col("answered_by", "答复人", Cell::User).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("update_reports", "资料更新逾期报告", "update_report", &["id"], columns).without(&["version"])
}

/// 资料更新逾期明细.
fn lines() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("report_id", "报告键", Cell::Id),
        col("manager_id", "管户经理", Cell::User),
        col("verify_by", "应更新日期", Cell::Date),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("update_report_lines", "资料更新逾期明细", "update_report_line", &["customer_id", "id"], columns)
}
