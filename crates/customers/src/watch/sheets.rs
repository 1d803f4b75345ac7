//! The watch list in the whole book.

use platform::book::{Cell, Column, Recorded, Sheet};

/// Entries and what was done about them.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let entries = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("list", "名单", Cell::Text),
        col("reason", "原因", Cell::Text),
        col("from_on", "自", Cell::Date),
        col("until_on", "至", Cell::Date).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let steps = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("entry_id", "关注键", Cell::Ref("watch_entries")),
        col("kind", "处理", Cell::Text),
        col("note", "说明", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let key = &["customer_id", "id"];
    vec![
        Sheet::facts("watch_entries", "关注名单", "watch_entry", key, entries).recorded(Recorded::Full).referred(),
        Sheet::facts("watch_steps", "关注处理", "watch_step", key, steps),
    ]
}
