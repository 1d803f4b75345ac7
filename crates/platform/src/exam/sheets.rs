//! Exams in the whole book.

use crate::book::{Cell, Column, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// 考试记录.
pub(crate) fn sheet() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("user_id", "考生", Cell::User),
        col("title", "考试", Cell::Text),
        col("held_on", "考试日期", Cell::Date),
        col("questions", "题数", Cell::Count),
        col("points_each", "每题分值", Cell::Count),
        col("pass_points", "合格分", Cell::Count),
        col("right_answers", "答对题数", Cell::Count),
        col("note", "说明", Cell::Text),
        col("corrects_id", "更正的键", Cell::Id).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("staff_exams", "考试记录", "staff_exam", &["id"], columns)
}
