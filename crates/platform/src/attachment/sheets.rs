//! Kept files in the whole book: what there is, without the content, which lies in backups only.

use crate::book::{Cell, Column, Recorded, Sheet};

/// Files and their withdrawals.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let files = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("subject", "所属", Cell::Text),
        col("name", "文件名", Cell::Text),
        col("media", "类型", Cell::Text),
        col("size_bytes", "字节数", Cell::Count),
        col("digest", "内容摘要", Cell::Text),
        col("replaces_id", "替换", Cell::Ref("attachments")).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let withdrawals = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("attachment_id", "附件键", Cell::Ref("attachments")),
        col("reason", "撤回原因", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let key = &["customer_id", "id"];
    vec![
        // Files of the institution itself stay in the house.
        Sheet::facts("attachments", "附件", "attachment", key, files)
            .recorded(Recorded::Full)
            .referred()
            .only("customer_id <> 0")
            .late(),
        Sheet::facts("attachment_withdrawals", "附件撤回", "attachment_withdrawal", key, withdrawals)
            .only("customer_id <> 0")
            .late(),
    ]
}
