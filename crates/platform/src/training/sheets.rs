//! Training in the whole book.

use crate::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// 培训与胜任力.
pub(crate) fn sheet() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("user_id", "人员", Cell::User),
        col("form", "形式", Cell::Text),
        col("topic", "内容", Cell::Text),
        col("title", "课程或评定", Cell::Text),
        col("held_on", "日期", Cell::Date),
        col("hours", "学时", Cell::Count),
        col("passed", "是否合格", Cell::Flag),
        col("valid_until", "有效期至", Cell::Date),
        col("note", "说明", Cell::Text),
        col("takes_back_id", "撤回的键", Cell::Id).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("staff_trainings", "培训与胜任力", "staff_training", &["id"], columns)
}
