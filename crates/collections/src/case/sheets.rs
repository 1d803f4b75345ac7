//! Collection cases in the whole book: cases, what happened to them, the contacts that they needed.

use platform::book::{Cell, Column, Recorded, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![cases(), events(), requirements()]
}

/// 催收案件.
fn cases() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("number", "案件号", Cell::Text),
        col("branch_id", "分支机构", Cell::Branch),
        col("team_id", "团队", Cell::Team).or_empty(),
        col("manager_id", "管户人", Cell::User),
        col("owner_id", "催收员", Cell::User),
        col("owner_role", "催收岗", Cell::Text),
        col("rung", "阶段", Cell::Text),
        col("opened_on", "立案日期", Cell::Date),
        col("opened_at", "立案时间", Cell::Moment),
        col("ask_on", "频次下次检查日", Cell::Date).or_empty(),
        col("closed_on", "结案日期", Cell::Date).or_empty(),
        col("closed_reason", "结案原因", Cell::Text).or_empty(),
    ];
    Sheet::facts("cases", "催收案件", "collection_case", KEY, columns)
        .recorded(Recorded::Not)
        .numbered("case", "id")
        .referred()
        // Who works it at this moment is no fact.
        .without(&["lock_by", "lock_until", "version"])
}

/// 案件经过.
fn events() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("kind", "类别", Cell::Text),
        col("from_value", "变更前", Cell::UserWhere("kind", "transferred")),
        col("to_value", "变更后", Cell::UserWhere("kind", "transferred")),
        col("reason", "原因", Cell::Text),
        col("note", "说明", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("case_events", "案件经过", "collection_case_event", KEY, columns)
}

/// 催收频次.
fn requirements() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("from_on", "从", Cell::Date),
        col("until_on", "到", Cell::Date),
        col("required", "应联系次数", Cell::Count),
        col("made", "已联系次数", Cell::Count),
        col("outcome", "结论", Cell::Text).or_empty(),
        col("excuse", "免除原因", Cell::Text).or_empty(),
        col("owner_id", "催收员", Cell::User),
        col("branch_id", "分支机构", Cell::Branch),
    ];
    Sheet::facts(
        "contact_requirements",
        "催收频次",
        "contact_requirement",
        &["customer_id", "case_id", "from_on", "until_on"],
        columns,
    )
    .recorded(Recorded::Not)
}
