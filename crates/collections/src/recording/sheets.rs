//! Recordings of contacts in the whole book: what is known of them; the content stays in the house.

use platform::book::{Cell, Column, Sheet};

/// 催收录音.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("contact_id", "联系键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("made_on", "联系日期", Cell::Date),
        col("media", "格式", Cell::Text),
        col("size_bytes", "字节数", Cell::Count),
        col("digest", "摘要", Cell::Text),
        col("erased_on", "删除日期", Cell::Date).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![Sheet::facts("recordings", "催收录音", "contact_recording", &["customer_id", "id"], columns)]
}
