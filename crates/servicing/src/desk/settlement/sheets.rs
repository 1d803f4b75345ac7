//! Settlement statements in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 结清单.
pub(crate) fn sheet() -> Sheet {
    let col = Column::new;
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("id", "键", Cell::Id),
        col("number", "结清单编号", Cell::Text),
        col("settles_on", "结清日", Cell::Date),
        col("amounts_json", "各项应还", Cell::Text),
        col("charge_fen", "提前还款手续费", Cell::Money),
        col("credit_fen", "余款抵用", Cell::Money),
        col("total_fen", "合计", Cell::Money),
        col("state", "状态", Cell::Text),
        col("branch_id", "机构", Cell::Branch),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        col("signed_on", "签批日期", Cell::Date).or_empty(),
        col("signed_by", "签批人", Cell::User).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    Sheet::facts("settlement_statements", "结清单", "settlement_statement", &["customer_id", "id"], columns)
        .numbered("settlement_statement", "id")
        .without(&["version"])
}
