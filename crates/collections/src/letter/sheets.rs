//! Letters and their steps in the whole book.

use platform::book::{Cell, Column, Recorded, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![letters(), steps()]
}

/// 函件.
fn letters() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("guarantee_id", "保证键", Cell::Ref("guarantees")).or_empty(),
        col("relation_id", "关系人键", Cell::Ref("relations")).or_empty(),
        col("number", "函件号", Cell::Text),
        col("kind", "类别", Cell::Text),
        col("addressee", "收件人", Cell::Text),
        col("content_json", "内容", Cell::Text),
        col("total_fen", "金额", Cell::Money),
        col("pay_by", "限期", Cell::Date),
        col("state", "状态", Cell::Text),
        col("state_on", "状态日期", Cell::Date),
        col("branch_id", "分支机构", Cell::Branch),
        col("team_id", "团队", Cell::Team).or_empty(),
        col("manager_id", "管户人", Cell::User),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("letters", "函件", "letter", KEY, columns)
        .recorded(Recorded::Full)
        .numbered("letter", "id")
        .referred()
        .without(&["version"])
}

/// 函件经过.
fn steps() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("letter_id", "函件键", Cell::Ref("letters")),
        col("step", "步骤", Cell::Text),
        col("happened_on", "发生日期", Cell::Date),
        col("signer", "签收人", Cell::Text).or_empty(),
        col("detail", "说明", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("letter_steps", "函件经过", "letter_step", KEY, columns)
}
