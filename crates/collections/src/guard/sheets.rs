//! The contact guard in the whole book: lines, grounds, hours, allowances, openings.

use platform::book::{Cell, Column, Recorded, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![lines(), grounds(), hours(), confirmations(), allowances(), openings()]
}

/// 外呼线路.
fn lines() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("number", "号码", Cell::Text),
        col("label", "名称", Cell::Text),
        col("agency_id", "外包机构键", Cell::Id).or_empty(),
        col("registered_at", "登记时间", Cell::Moment),
        col("registered_by", "登记人", Cell::User),
        col("ended_at", "停用时间", Cell::Moment).or_empty(),
        col("ended_by", "停用人", Cell::User).or_empty(),
    ];
    Sheet::facts("calling_lines", "外呼线路", "calling_line", &["id"], columns).recorded(Recorded::Not).referred()
}

/// 联系第三人的理由.
fn grounds() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("ground", "理由", Cell::Text),
        col("evidence", "证据", Cell::Text),
        col("logged_on", "登记日期", Cell::Date),
        col("logged_at", "登记时间", Cell::Moment),
        col("logged_by", "登记人", Cell::User),
        col("ended_at", "结束时间", Cell::Moment).or_empty(),
        col("ended_by", "结束人", Cell::User).or_empty(),
        col("ended_reason", "结束原因", Cell::Text).or_empty(),
    ];
    Sheet::facts("contact_grounds", "联系第三人理由", "contact_ground", KEY, columns).recorded(Recorded::Not).referred()
}

/// 约定联系时段.
fn hours() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("time_zone", "时区", Cell::Text).or_empty(),
        col("from_minute", "从(分钟)", Cell::Count).or_empty(),
        col("until_minute", "到(分钟)", Cell::Count).or_empty(),
        col("evidence", "证据", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("contact_hours", "约定联系时段", "contact_hours", KEY, columns).referred()
}

/// 约定时段复核.
fn confirmations() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("hours_id", "约定键", Cell::Ref("contact_hours")),
        col("note", "核对说明", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let key = &["customer_id", "hours_id"];
    Sheet::facts("contact_hours_confirmations", "约定时段复核", "contact_hours_confirmation", key, columns)
}

/// 联系许可：号码的盲索引以联系方式的键写出.
fn allowances() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("person_id", "联系对象键", Cell::PersonRef),
        col("number_index", "号码键", Cell::NumberRef),
        col("channel", "方式", Cell::Text),
        col("purpose", "目的", Cell::Text),
        col("party", "身份", Cell::Text),
        col("ground_id", "理由键", Cell::Ref("contact_grounds")).or_empty(),
        col("line_id", "线路键", Cell::Ref("calling_lines")).or_empty(),
        col("visitors", "上门人员", Cell::Users),
        col("civil_on", "联系日", Cell::Date),
        col("week_on", "所在周", Cell::Date),
        col("origin", "来由", Cell::Text),
        col("asked_at", "申请时间", Cell::Moment),
        col("asked_by", "申请人", Cell::User),
        col("agency_id", "外包机构键", Cell::Id).or_empty(),
        col("lapses_at", "失效时间", Cell::Moment),
        col("connected", "是否接通", Cell::Flag).or_empty(),
        col("result", "结果", Cell::Text).or_empty(),
        col("settled_at", "登记结果时间", Cell::Moment).or_empty(),
        col("settled_by", "登记结果人", Cell::User).or_empty(),
    ];
    Sheet::facts("contact_allowances", "联系许可", "contact_allowance", KEY, columns).recorded(Recorded::Not).referred()
}

/// 放开一次.
fn openings() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("person_id", "联系对象键", Cell::PersonRef),
        col("rule", "规则", Cell::Text),
        col("reason", "理由", Cell::Text),
        col("opened_at", "放开时间", Cell::Moment),
        col("opened_by", "放开人", Cell::User),
        col("expires_at", "失效时间", Cell::Moment),
        col("allowance_id", "许可键", Cell::Ref("contact_allowances")).or_empty(),
    ];
    Sheet::facts("contact_openings", "放开联系", "contact_opening", KEY, columns).recorded(Recorded::Not)
}
