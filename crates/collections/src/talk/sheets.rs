//! Talks in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 谈话记录.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("held_on", "谈话日期", Cell::Date),
        col("way", "方式", Cell::Text),
        col("relation_id", "关系人键", Cell::Ref("relations")).or_empty(),
        col("person", "谈话对象", Cell::Text),
        col("willing", "是否有意愿", Cell::Flag),
        col("able", "是否有能力", Cell::Flag),
        col("temper", "性格", Cell::Text),
        col("points", "说明事项", Cell::Text),
        col("words", "谈话内容", Cell::Text),
        col("answer", "对方答复", Cell::Text),
        col("incident", "事件", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![Sheet::facts("talk_records", "谈话记录", "talk_record", &["customer_id", "id"], columns)]
}
