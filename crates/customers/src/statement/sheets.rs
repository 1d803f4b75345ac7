//! Financial statements in the whole book.

use platform::book::{Cell, Column, Recorded, Sheet};

/// Statements and their lines.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let heads = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("period_end", "截止日", Cell::Date),
        col("months", "月数", Cell::Count),
        col("audited", "经审计", Cell::Flag),
        col("form", "形式", Cell::Text),
        col("source_note", "来源说明", Cell::Text).or_empty(),
        col("corrects_id", "更正", Cell::Ref("statements")).or_empty(),
    ];
    let lines = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("statement_id", "报表键", Cell::Ref("statements")),
        col("line", "项目", Cell::Text),
        col("amount_fen", "金额", Cell::Money),
    ];
    let order = &["customer_id", "statement_id", "line"];
    vec![
        Sheet::facts("statements", "财务报表", "financial_statement", &["customer_id", "id"], heads)
            .recorded(Recorded::Full)
            .referred(),
        Sheet::facts("statement_lines", "报表项目", "statement_line", order, lines).recorded(Recorded::Not),
    ]
}
