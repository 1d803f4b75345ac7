//! A slip of the bank and what it is compared with. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use customers::bank_account::model::BankAccountId;
use finance::Fen;
use jiff::civil::Date;
use platform::id::{BranchId, UserId};
use platform::id_type;

use crate::loan::model::{LoanKey, TransactionId};

id_type!(SlipId, "The key of a slip of the bank (放款回单).");

platform::words! {
    /// Where a slip stands (回单状态).
    SlipState, "state of a slip of the bank":
    /// Entered, to be compared by another (待复核).
    Entered = "entered",
    /// Compared and passed (已复核).
    Checked = "checked",
    /// Entered wrongly (已退回).
    Refused = "refused",
}

platform::words! {
    /// What is compared (核对项).
    Part, "part of a slip of the bank":
    /// 放款日期.
    PaidOn = "paid_on",
    /// 收款人.
    Payee = "payee",
    /// 收款账号.
    Account = "account",
    /// 金额.
    Amount = "amount",
    /// 首个还款日.
    RepaysOn = "repays_on",
    /// 月还款额.
    Monthly = "monthly",
}

/// What stands on a slip, as it is typed (回单录入).
#[derive(Clone, PartialEq, Eq)]
pub struct NewSlip {
    /// The payout; without it the first that has no slip.
    pub transaction: Option<TransactionId>,
    /// 回单号.
    pub number: String,
    /// 放款日期.
    pub paid_on: Date,
    /// 收款人.
    pub payee: String,
    /// 收款账号, as typed; kept masked.
    pub account: String,
    /// 金额.
    pub amount: Fen,
    /// 首个还款日.
    pub repays_on: Date,
    /// 月还款额.
    pub monthly: Fen,
    /// In words.
    pub note: String,
}

/// Never shows the account.
impl std::fmt::Debug for NewSlip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewSlip({} {})", self.number, self.amount)
    }
}

/// A slip of the bank (放款回单).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// Customer and loan.
    pub key: LoanKey,
    /// The key.
    pub id: SlipId,
    /// The payout.
    pub transaction: TransactionId,
    /// 回单号.
    pub number: String,
    /// 放款日期.
    pub paid_on: Date,
    /// 收款人.
    pub payee: String,
    /// The account in the customer's file with this number.
    pub account: Option<BankAccountId>,
    /// The number, masked.
    pub account_masked: String,
    /// 金额.
    pub amount: Fen,
    /// 首个还款日.
    pub repays_on: Date,
    /// 月还款额.
    pub monthly: Fen,
    /// Where it stands.
    pub state: SlipState,
    /// In words.
    pub note: String,
    /// When it was compared.
    pub checked_on: Option<Date>,
    /// By whom.
    pub checked_by: Option<UserId>,
    /// What the checker said.
    pub check_note: String,
    /// The branch of the loan.
    pub branch: BranchId,
    /// When it was entered.
    pub made_on: Date,
    /// By whom.
    pub made_by: UserId,
    /// Rises with every change.
    pub version: i64,
}

impl Slip {
    /// What the trail and duties call it.
    pub fn subject(&self) -> String {
        format!("disbursement_slip:{}", self.id)
    }
}

/// What the loan and the customer's file say of a payout (合同与台账).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// When and how much was paid out; `None` once that was reversed.
    pub payout: Option<(Date, Fen)>,
    /// The holder of the account with the slip's number, where the file has one in use to which is paid out.
    pub holder: Option<String>,
    /// The masked numbers to which is paid out, for whoever compares.
    pub accounts: Vec<(String, String)>,
    /// The first instalment after the payout: due date and amount.
    pub first: Option<(Date, Fen)>,
}
