//! Legal recovery in the whole book: files, evidence, means, reasons why no suit is filed yet.

use platform::book::{Cell, Column, Recorded, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![files(), evidence(), means(), waits()]
}

/// 法律档案.
fn files() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("ground", "理由", Cell::Text),
        col("gate_json", "准入情况", Cell::Text),
        col("opened_on", "立卷日期", Cell::Date),
        col("opened_at", "立卷时间", Cell::Moment),
        col("opened_by", "立卷人", Cell::User),
        col("closed_on", "结卷日期", Cell::Date).or_empty(),
        col("closed_reason", "结卷原因", Cell::Text).or_empty(),
        col("outcome", "结卷结果", Cell::Text).or_empty(),
    ];
    Sheet::facts("legal_files", "法律档案", "legal_file", KEY, columns)
        .recorded(Recorded::Not)
        .referred()
        .without(&["version"])
}

/// 证据清单.
fn evidence() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("file_id", "法律档案键", Cell::Ref("legal_files")),
        col("item", "证据", Cell::Text),
        col("present", "是否在卷", Cell::Flag),
        col("place", "存放处", Cell::Text),
    ];
    Sheet::facts("legal_evidence", "证据清单", "legal_evidence", KEY, columns)
}

/// 法律手段.
fn means() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("file_id", "法律档案键", Cell::Ref("legal_files")),
        col("kind", "手段", Cell::Text),
        col("happened_on", "日期", Cell::Date),
        col("authority", "机构", Cell::Text),
        col("reference", "案号", Cell::Text),
        col("amount_fen", "标的", Cell::Money).or_empty(),
        col("cost_fen", "费用", Cell::Money),
        col("ends_id", "结束的键", Cell::Ref("legal_means")).or_empty(),
        col("outcome", "结果", Cell::Text).or_empty(),
        col("title", "是否可执行", Cell::Flag),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("legal_means", "法律手段", "legal_means", KEY, columns).referred()
}

/// 暂缓起诉.
fn waits() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("file_id", "法律档案键", Cell::Ref("legal_files")),
        col("reason", "事由", Cell::Text),
        col("note", "说明", Cell::Text),
        col("until_on", "暂缓至", Cell::Date),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("legal_waits", "暂缓起诉", "legal_wait", KEY, columns)
}
