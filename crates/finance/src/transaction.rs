//! What happened to a loan (交易): facts in the order in which they take effect.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::money::Fen;
use crate::rate::Rate;
use crate::terms::{Frequency, Head, Method, RepaymentDay};

/// One transaction (交易). Several on one day take effect in the order of the list.
///
/// ```
/// use finance::{Fen, Transaction, TransactionKind};
/// use jiff::civil::date;
/// let json = r#"{"id": "7", "on": "2025-02-15", "kind": {"repay": {"amount": 888488}}}"#;
/// let repayment: Transaction = serde_json::from_str(json).unwrap();
/// assert_eq!(repayment, Transaction::new(7, date(2025, 2, 15), TransactionKind::repay(Fen(888_488))));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transaction {
    /// The caller's number, unique in the list (text in JSON; a number is accepted).
    #[serde(with = "crate::json::id")]
    pub id: u64,
    /// The business date on which it takes effect.
    pub on: Date,
    /// What happened.
    pub kind: TransactionKind,
}

impl Transaction {
    /// A transaction.
    pub const fn new(id: u64, on: Date, kind: TransactionKind) -> Transaction {
        Transaction { id, on, kind }
    }
}

/// What happened (交易种类).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransactionKind {
    /// 放款: money is paid out.
    Disburse {
        /// Amount in fen.
        amount: Fen,
    },
    /// 还款: money comes in.
    Repay(Repayment),
    /// 收费: a fee or cost becomes owed.
    Charge {
        /// [`Head::Fee`] or [`Head::Cost`].
        head: Head,
        /// Amount in fen.
        amount: Fen,
        /// When it is due; without it on the day itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_on: Option<Date>,
    },
    /// 减免: a debt is forgiven, oldest instalment first.
    Waive {
        /// What is forgiven.
        head: Head,
        /// Amount in fen.
        amount: Fen,
        /// Only of this instalment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instalment: Option<u32>,
    },
    /// 调整利率: another rate from this day on, by agreement; ends LPR repricing.
    ChangeRate {
        /// The new rate.
        rate: Rate,
    },
    /// 展期: later maturity.
    Extend(Extension),
    /// 重组: what is still owed is paid under other terms.
    Restructure(Restructuring),
    /// 停息: interest or penalty stop for a time.
    Suspend {
        /// The first day on which they run again; without it they stay stopped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
        /// Whether contract interest stops.
        interest: bool,
        /// Whether penalty and compound interest stop.
        penalty: bool,
    },
    /// 挪用: the loan was misused from this day on (`true`), or no longer is (`false`).
    Misuse {
        /// Whether it is misused.
        flagged: bool,
    },
    /// 提前到期: the lender calls the loan; all that is not yet due falls due, with the interest up to the day.
    Accelerate,
    /// 核销: the debt leaves the books and stays tracked (账销案存).
    WriteOff,
    /// 核销后收回: money comes in for a written-off debt.
    Recover {
        /// Amount in fen.
        amount: Fen,
        /// What it pays, where stated.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        allocation: Vec<AllocationPart>,
    },
    /// 冲正: the target never took effect.
    Reverse {
        /// The transaction that is undone.
        #[serde(with = "crate::json::id")]
        target: u64,
    },
}

impl TransactionKind {
    /// An ordinary repayment, allocated by the contract's order.
    pub const fn repay(amount: Fen) -> TransactionKind {
        TransactionKind::Repay(Repayment { amount, mode: RepaymentMode::Regular, allocation: Vec::new() })
    }

    /// The stable name, as in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            TransactionKind::Disburse { .. } => "disburse",
            TransactionKind::Repay(_) => "repay",
            TransactionKind::Charge { .. } => "charge",
            TransactionKind::Waive { .. } => "waive",
            TransactionKind::ChangeRate { .. } => "change_rate",
            TransactionKind::Extend(_) => "extend",
            TransactionKind::Restructure(_) => "restructure",
            TransactionKind::Suspend { .. } => "suspend",
            TransactionKind::Misuse { .. } => "misuse",
            TransactionKind::Accelerate => "accelerate",
            TransactionKind::WriteOff => "write_off",
            TransactionKind::Recover { .. } => "recover",
            TransactionKind::Reverse { .. } => "reverse",
        }
    }
}

/// Money that came in (还款).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repayment {
    /// Amount in fen.
    pub amount: Fen,
    /// What the payer meant.
    #[serde(default)]
    pub mode: RepaymentMode,
    /// What it pays where that is stated (指定冲账); what it does not name is left to the order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allocation: Vec<AllocationPart>,
}

/// What a payer meant (还款类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepaymentMode {
    /// What is due (正常还款); what is left over goes where the terms say.
    #[default]
    Regular,
    /// 部分提前还款, 减少月供: what is left after everything due lowers the coming instalments.
    Reduce,
    /// 部分提前还款, 缩短期限: the instalment stays, the loan ends earlier.
    Shorten,
    /// 提前结清: everything owed on the day, accrued interest and charge included.
    Settle,
}

/// One part of a stated allocation (指定冲账).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllocationPart {
    /// What is paid.
    pub head: Head,
    /// Amount in fen.
    pub amount: Fen,
    /// Of which instalment; without it the oldest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instalment: Option<u32>,
}

/// A later maturity (展期).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The new maturity.
    pub until: Date,
    /// Another rate from the old maturity on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Which principal moves.
    #[serde(default)]
    pub scope: ExtensionScope,
}

/// Which principal an extension moves (展期范围).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtensionScope {
    /// The unpaid principal of the last instalment; interest goes on in periods of the same length.
    #[default]
    LastInstalment,
    /// All principal not yet due, spread anew by the method over the longer time.
    Remaining,
}

/// Other terms for what is still owed (重组).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restructuring {
    /// The new method.
    pub method: Method,
    /// New number of instalments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub periods: Option<u32>,
    /// New maturity, where it does not follow from the periods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maturity_on: Option<Date>,
    /// New first due date, where it does not follow from the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_due_on: Option<Date>,
    /// New length of a period, else as before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
    /// New repayment day, else by the day of the restructuring.
    #[serde(default)]
    pub repayment_day: RepaymentDay,
    /// New rate, else as before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Whether unpaid and accrued interest, compound and penalty interest become principal (转本);
    /// else accrued interest is due on the day and what was due stays due.
    #[serde(default)]
    pub capitalise: bool,
}
