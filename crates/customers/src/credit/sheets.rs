//! Credit information in the whole book.

use platform::book::{Cell, Column, Recorded, Sheet};

/// Queries, debts, adjustments and what became of them; behind the documents, to which they refer.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let customer = || col("customer_id", "客户键", Cell::Ref("customers"));
    let queries = vec![
        customer(),
        col("id", "键", Cell::Id),
        col("about", "查询对象", Cell::Text),
        col("purpose", "查询用途", Cell::Text),
        col("origin", "查询渠道", Cell::Text),
        col("queried_on", "查询日期", Cell::Date),
        col("report_on", "报告日期", Cell::Date),
        col("authorisation_id", "授权书", Cell::Ref("documents")),
        col("report_id", "报告", Cell::Ref("documents")).or_empty(),
        col("level", "记录级别", Cell::Text).or_empty(),
        col("record", "信用记录", Cell::Text).or_empty(),
        col("arrears", "有欠款", Cell::Flag).or_empty(),
        col("note", "说明", Cell::Text).or_empty(),
        col("valid_until", "有效期至", Cell::Date).or_empty(),
        col("corrects_id", "更正", Cell::Ref("credit_queries")).or_empty(),
    ];
    let debts = vec![
        customer(),
        col("query_id", "查询键", Cell::Ref("credit_queries")),
        col("item", "项目", Cell::Text),
        col("amount_fen", "金额", Cell::Money),
    ];
    let adjustments = vec![
        customer(),
        col("id", "键", Cell::Id),
        col("query_id", "查询键", Cell::Ref("credit_queries")),
        col("ground", "调整理由", Cell::Text),
        col("reason", "说明", Cell::Text),
        col("expires_on", "有效期至", Cell::Date),
        col("effective_on", "申请日期", Cell::Date),
    ];
    let ends = vec![
        customer(),
        col("id", "键", Cell::Id),
        col("adjustment_id", "调整键", Cell::Ref("credit_adjustments")),
        col("outcome", "结果", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let key = &["customer_id", "id"];
    vec![
        Sheet::facts("credit_queries", "征信查询", "credit_query", key, queries)
            .recorded(Recorded::Full)
            .referred()
            .late(),
        Sheet::facts("credit_debts", "征信负债", "credit_debt", &["customer_id", "query_id", "item"], debts)
            .recorded(Recorded::Not)
            .late(),
        Sheet::facts("credit_adjustments", "征信级别调整", "credit_adjustment", key, adjustments).referred().late(),
        Sheet::facts("credit_adjustment_ends", "级别调整结果", "credit_adjustment_end", key, ends).late(),
    ]
}
