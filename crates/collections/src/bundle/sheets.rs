//! Bundles in the whole book; their files stay in the house like all kept files.

use platform::book::{Cell, Column, Sheet};

/// The sheets.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("number", "卷宗编号", Cell::Text),
        col("purpose", "用途", Cell::Text),
        col("as_of", "截至日期", Cell::Date),
        col("volume", "分册", Cell::Count),
        col("volumes", "分册总数", Cell::Count),
        col("files", "客户档案数", Cell::Count),
        col("attachment_id", "附件键", Cell::Ref("attachments")),
        col("digest", "摘要", Cell::Text),
        col("pages", "页数", Cell::Count),
        col("enclosed", "附件入卷份数", Cell::Count),
        col("documents", "含客户资料", Cell::Flag),
        col("listed", "附件列明份数", Cell::Count),
        col("trail_entries", "审计条数", Cell::Count),
        col("trail_hash", "审计末条摘要", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![Sheet::facts("bundles", "诉讼卷宗", "case_bundle", &["customer_id", "id"], columns).late()]
}
