//! Standings in the whole book.

use platform::book::{Cell, Column, Recorded, Sheet};

/// The sheet.
pub(crate) fn sheet() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("axis", "分类轴", Cell::Text),
        col("outcome", "结论", Cell::Text).or_empty(),
        col("before", "前一结论", Cell::Text).or_empty(),
        col("moved", "变动", Cell::Text).or_empty(),
        col("decision_id", "判定键", Cell::Id).or_empty(),
        col("since", "自何日", Cell::Date),
        col("looked_on", "最近评定", Cell::Date),
        col("review_on", "下次评定", Cell::Date),
        col("lacking", "待补资料", Cell::Text).or_empty(),
    ];
    Sheet::facts("customer_standings", "客户分类评级", "customer_standing", &["customer_id", "axis"], columns)
        .recorded(Recorded::Not)
        .late()
}
