//! Judgements about duplicates in the whole book.

use platform::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

const KEY: &[&str] = &["customer_id", "id"];

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![judgements(), ends()]
}

/// 非同一客户认定.
fn judgements() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("other_id", "另一客户键", Cell::Ref("customers")),
        col("reason", "理由", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("duplicate_judgements", "非同一客户认定", "duplicate_judgement", KEY, columns).referred()
}

/// 撤销认定.
fn ends() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("judgement_id", "认定键", Cell::Ref("duplicate_judgements")),
        col("reason", "理由", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("duplicate_judgement_ends", "撤销非同一认定", "duplicate_judgement_end", KEY, columns)
}
