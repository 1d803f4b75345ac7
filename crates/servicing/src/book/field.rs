//! The roles a sheet can have and the fields a column can hold.

use serde::{Deserialize, Serialize};

/// What a sheet is about (工作表的角色).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 客户: one customer a row.
    Customers,
    /// 借据: one loan a row, with or without parties and security.
    Loans,
    /// 还款明细: one repayment a row.
    Repayments,
    /// 逐月回款表: one loan a row, one column a month.
    Wide,
    /// 担保: one guarantee or collateral a row.
    Security,
    /// Not data of the book, or not recognised.
    None,
}

macro_rules! fields {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal,)*) => {
        /// What a column holds (列的含义).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field {
            $($(#[doc = $doc])* $name,)*
        }

        impl Field {
            /// Every field.
            pub const ALL: &[Field] = &[$(Field::$name),*];

            /// The stable code, as in the synonyms and in `book-field-…` message ids.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Field::$name => $code,)*
                }
            }
        }
    };
}

fields! {
    /// 序号, 流水号.
    Serial = "serial",
    /// 借据号.
    LoanNo = "loan_no",
    /// 合同号.
    ContractNo = "contract_no",
    /// 姓名 or 名称 of the borrower, payer or customer.
    Name = "name",
    /// 证件号码.
    IdNo = "id_no",
    /// 电话.
    Phone = "phone",
    /// 住址.
    Address = "address",
    /// 客户类型.
    PartyKind = "party_kind",
    /// 备注.
    Note = "note",
    /// 共同借款人.
    CoName = "co_name",
    /// 共同借款人证件号码.
    CoIdNo = "co_id_no",
    /// 贷款金额.
    Principal = "principal",
    /// 利率.
    Rate = "rate",
    /// 还款方式.
    Method = "method",
    /// 放款日期.
    DisbursedOn = "disbursed_on",
    /// 到期日.
    MaturityOn = "maturity_on",
    /// 期限.
    Periods = "periods",
    /// 还款日.
    RepaymentDay = "repayment_day",
    /// 担保方式.
    Security = "security",
    /// 五级分类.
    Class = "class",
    /// 贷款余额.
    Balance = "balance",
    /// 用途.
    Purpose = "purpose",
    /// 计息方式.
    DayCount = "day_count",
    /// 保证人; on a security sheet also the owner of the collateral.
    Guarantor = "guarantor",
    /// 保证人证件号码.
    GuarantorId = "guarantor_id",
    /// 担保金额.
    GuaranteeAmount = "guarantee_amount",
    /// 抵质押物.
    Collateral = "collateral",
    /// 评估价值.
    CollateralValue = "collateral_value",
    /// 还款日期.
    PaidOn = "paid_on",
    /// 还款金额.
    Amount = "amount",
    /// 其中本金.
    PaidPrincipal = "paid_principal",
    /// 其中利息.
    PaidInterest = "paid_interest",
    /// 其中罚息.
    PaidPenalty = "paid_penalty",
    /// 其中费用.
    PaidFee = "paid_fee",
    /// 摘要.
    Kind = "kind",
    /// A sum over the months of the row, not imported.
    Total = "total",
}

impl Role {
    /// Every role that holds data.
    pub const DATA: &[Role] = &[Role::Loans, Role::Wide, Role::Repayments, Role::Security, Role::Customers];

    /// The stable code, as in the synonyms and in `book-role-…` message ids.
    pub const fn code(self) -> &'static str {
        match self {
            Role::Customers => "customers",
            Role::Loans => "loans",
            Role::Repayments => "repayments",
            Role::Wide => "wide",
            Role::Security => "security",
            Role::None => "none",
        }
    }

    /// Whether these fields, with so many month columns, are enough for this role.
    pub fn is_met_by(self, fields: &[Field], months: usize) -> bool {
        let has = |field| fields.contains(&field);
        let loan = has(Field::LoanNo) || has(Field::ContractNo);
        match self {
            Role::Customers => has(Field::Name) && (has(Field::IdNo) || has(Field::Phone)),
            Role::Loans => {
                let dated = has(Field::DisbursedOn) || has(Field::MaturityOn);
                has(Field::Principal) && (loan || has(Field::Name)) && dated && (has(Field::Rate) || has(Field::Method))
            }
            Role::Repayments => {
                (has(Field::Amount) || has(Field::PaidPrincipal)) && has(Field::PaidOn) && (loan || has(Field::Name))
            }
            Role::Wide => months >= 3 && (loan || has(Field::Name)),
            Role::Security => loan && (has(Field::Guarantor) || has(Field::Collateral)),
            Role::None => true,
        }
    }
}
