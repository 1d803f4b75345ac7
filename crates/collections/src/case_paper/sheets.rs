//! Papers of cases in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 案件文书.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("case_id", "案件键", Cell::Ref("cases")),
        col("kind", "种类", Cell::Text),
        col("person_id", "责任人", Cell::User).or_empty(),
        col("due_on", "期限", Cell::Date).or_empty(),
        col("words", "内容", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![Sheet::facts("case_papers", "案件文书", "case_paper", &["customer_id", "id"], columns)]
}
