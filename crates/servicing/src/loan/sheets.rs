//! Contracts, loans, terms and transactions in the whole book.

use platform::book::{Cell, Column, Recorded, Sheet};

const fn col(field: &'static str, heading: &'static str, cell: Cell) -> Column {
    Column::new(field, heading, cell)
}

/// What happened and was agreed, in the order in which it is referred to.
pub(crate) fn sheets() -> Vec<Sheet> {
    vec![contracts(), loans(), terms(), transactions()]
}

fn contracts() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("number", "合同号", Cell::Text),
        col("product", "产品", Cell::Text),
        col("amount_fen", "合同金额", Cell::Money),
        col("signed_on", "签订日期", Cell::Date),
    ];
    Sheet::facts("contracts", "合同", "contract", &["customer_id", "id"], columns)
        .recorded(Recorded::Full)
        .numbered("contract", "id")
        .referred()
}

fn loans() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("id", "键", Cell::Id),
        col("number", "借据号", Cell::Text),
        col("contract_id", "合同键", Cell::Ref("contracts")),
        col("product", "产品", Cell::Text),
        col("purpose", "用途", Cell::Text),
        col("security", "担保方式", Cell::Text),
        col("principal_fen", "借款本金", Cell::Money),
        col("start_on", "起始日", Cell::Date),
        col("branch_id", "分支机构", Cell::Branch),
        col("team_id", "团队", Cell::Team).or_empty(),
        col("manager_id", "管户人", Cell::User),
        col("state", "状态", Cell::Text),
        col("note", "备注", Cell::Text).or_empty(),
    ];
    Sheet::facts("loans", "借据", "loan", &["customer_id", "id"], columns)
        .recorded(Recorded::Full)
        .numbered("loan", "id")
        .referred()
        // Nothing writes an account to a loan: accounts stand with the customer.
        .without(&["account_sealed", "account_masked", "version"])
}

fn terms() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("version", "版本", Cell::Count),
        col("effective_on", "业务日期", Cell::Date),
        col("terms_json", "还款条件", Cell::Text),
        col("reason", "原因", Cell::Text),
    ];
    Sheet::facts("loan_terms", "借据条件", "loan_terms", &["customer_id", "loan_id", "version"], columns)
}

fn transactions() -> Sheet {
    let columns = vec![
        col("customer_id", "客户键", Cell::Ref("customers")),
        col("loan_id", "借据键", Cell::Ref("loans")),
        col("id", "键", Cell::Id),
        col("number", "流水号", Cell::Text),
        col("kind", "类别", Cell::Text),
        col("effective_on", "业务日期", Cell::Date),
        // Made like a key: more digits than a number of a spreadsheet keeps.
        col("ordinal", "当日顺序", Cell::Id),
        col("amount_fen", "金额", Cell::Money),
        col("body_json", "内容", Cell::Text),
        col("reverses_id", "冲正的键", Cell::Ref("transactions")).or_empty(),
        col("business_key", "业务键", Cell::Text).or_empty(),
        col("channel", "渠道", Cell::Text),
        col("note", "备注", Cell::Text).or_empty(),
        col("approval_id", "审批键", Cell::Id).or_empty(),
    ];
    Sheet::facts("transactions", "流水", "loan_transaction", &["customer_id", "id"], columns)
        .recorded(Recorded::Full)
        .numbered("transaction", "loan_id")
        .referred()
}
