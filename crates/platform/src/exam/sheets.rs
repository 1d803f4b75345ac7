//! Exams in the whole book.

use crate::book::{Cell, Column, Recorded, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// The sheets; what others refer to comes first.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![exams(), questions(), question_steps(), sittings(), drawn(), answers(), hand_ins()]
}

/// 考试记录.
fn exams() -> Sheet {
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
    Sheet::facts("staff_exams", "考试记录", "staff_exam", &["id"], columns).referred()
}

/// 试题.
fn questions() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("topic", "主题", Cell::Text),
        col("asked", "题目", Cell::Text),
        col("choices_json", "选项", Cell::Text),
        col("right_letters", "正确答案", Cell::Text),
        col("points", "分值", Cell::Count),
        col("source", "依据", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("exam_questions", "试题", "exam_question", &["id"], columns).referred()
}

/// 试题经过.
fn question_steps() -> Sheet {
    let columns = vec![
        col("question_id", "试题键", Cell::Ref("exam_questions")),
        col("step", "经过", Cell::Text),
        col("reason", "原因", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("exam_question_steps", "试题经过", "exam_question_step", &["question_id", "step"], columns)
}

/// 在线考试.
fn sittings() -> Sheet {
    let columns = vec![
        col("id", "键", Cell::Id),
        col("user_id", "考生", Cell::User),
        col("turn", "次序", Cell::Count),
        col("paper", "试卷", Cell::Text),
        col("title", "试卷名称", Cell::Text),
        col("questions", "题数", Cell::Count),
        col("points_each", "每题分值", Cell::Count),
        col("pass_points", "合格分", Cell::Count),
        col("proves", "证明的内容", Cell::Text).or_empty(),
        col("begun_at", "开始时刻", Cell::Moment),
        col("ends_at", "截止时刻", Cell::Moment),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("exam_sittings", "在线考试", "exam_sitting", &["id"], columns).referred()
}

/// 试卷题目.
fn drawn() -> Sheet {
    let columns = vec![
        col("sitting_id", "考试键", Cell::Ref("exam_sittings")),
        col("place", "题号", Cell::Count),
        col("question_id", "试题键", Cell::Ref("exam_questions")),
    ];
    let key = &["sitting_id", "place"];
    Sheet::facts("exam_sitting_questions", "试卷题目", "exam_sitting_question", key, columns).recorded(Recorded::Not)
}

/// 答题记录.
fn answers() -> Sheet {
    let columns = vec![
        col("sitting_id", "考试键", Cell::Ref("exam_sittings")),
        col("place", "题号", Cell::Count),
        col("id", "键", Cell::Id),
        col("letters", "所选答案", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("exam_answers", "答题记录", "exam_answer", &["sitting_id", "place", "id"], columns)
}

/// 交卷.
fn hand_ins() -> Sheet {
    let columns = vec![
        col("sitting_id", "考试键", Cell::Ref("exam_sittings")),
        col("way", "方式", Cell::Text),
        col("exam_id", "考试记录键", Cell::Ref("staff_exams")),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("exam_hand_ins", "交卷", "exam_hand_in", &["sitting_id"], columns)
}
