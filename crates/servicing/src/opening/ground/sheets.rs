//! What stood behind loans, in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 放款依据.
pub(crate) fn sheet() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("admission_id", "准入审查键", Cell::Id).or_empty(),
        col("decision_id", "决定键", Cell::Id).or_empty(),
        col("chain", "审批链", Cell::Text),
        col("share_ppm", "可贷比例（百万分之一）", Cell::Count),
        col("cut_bp", "利率优惠（基点）", Cell::Count),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("loan_grounds", "放款依据", "loan_ground", &["customer_id", "loan_id"], columns)
}
