//! Lists of advances and their rows in the whole book.

use platform::book::{Cell, Column, Sheet};

/// 垫款清单, 垫款.
pub(crate) fn sheets() -> Vec<Sheet> {
    let col = Column::new;
    let lists = vec![
        col("id", "键", Cell::Id),
        col("number", "垫款清单编号", Cell::Text),
        col("month", "月份", Cell::Text),
        col("branch_id", "机构", Cell::Branch),
        col("state", "状态", Cell::Text),
        col("made_by", "经办人", Cell::User),
        col("checked_by", "复核人", Cell::User).or_empty(),
        col("checked_on", "复核日期", Cell::Date).or_empty(),
        col("approval_id", "审批键", Cell::Id).or_empty(),
        col("signed_on", "签批日期", Cell::Date).or_empty(),
        col("paid_by", "付款人", Cell::User).or_empty(),
        col("paid_on", "付款日期", Cell::Date).or_empty(),
        col("payment_ref", "付款凭证号", Cell::Text).or_empty(),
        col("note", "说明", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
    ];
    let rows = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("list_id", "垫款清单键", Cell::Id),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("instalment_no", "期", Cell::Count),
        col("due_on", "还款日", Cell::Date),
        col("holder", "户名", Cell::Text),
        col("account_id", "账户键", Cell::Id),
        col("card_masked", "卡号（脱敏）", Cell::Text),
        col("amount_fen", "金额", Cell::Money),
        col("state", "状态", Cell::Text),
        col("note", "说明", Cell::Text),
        col("paid_before_fen", "垫付前已还", Cell::Money).or_empty(),
        col("effective_on", "业务日期", Cell::Date),
    ];
    vec![
        Sheet::facts("advance_lists", "垫款清单", "advance_list", &["id"], lists)
            .numbered("advance_list", "id")
            .without(&["version"]),
        Sheet::facts("advances", "垫款", "advance", &["customer_id", "id"], rows).without(&["version"]),
    ]
}
