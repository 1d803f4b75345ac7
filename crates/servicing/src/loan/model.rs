//! A loan (借据) as it is kept, its terms and its transactions. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::{Fen, Terms, Transaction, TransactionKind};
use jiff::Timestamp;
use jiff::civil::Date;
use platform::id::{BranchId, CustomerId, TeamId, UserId};
use platform::{id_type, stored_as_text};

id_type!(LoanId, "The key of a loan (借据) within its customer.");
id_type!(ContractId, "The key of a contract (合同) within its customer.");
id_type!(TransactionId, "The key of a transaction (交易) within its customer.");

/// Customer and loan: the key under which everything of a loan is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoanKey {
    /// The customer.
    pub customer: CustomerId,
    /// The loan.
    pub loan: LoanId,
}

impl LoanKey {
    /// How events, duties and the audit trail name it.
    pub fn subject(&self) -> String {
        format!("loan:{}", self.loan)
    }
}

/// What stands behind a loan (担保方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Security {
    /// 信用.
    Credit,
    /// 保证.
    Guarantee,
    /// 抵押.
    Mortgage,
    /// 质押.
    Pledge,
    /// 组合担保.
    Mixed,
}

impl Security {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Credit, Self::Guarantee, Self::Mortgage, Self::Pledge, Self::Mixed];

    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Credit => "credit",
            Self::Guarantee => "guarantee",
            Self::Mortgage => "mortgage",
            Self::Pledge => "pledge",
            Self::Mixed => "mixed",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

stored_as_text!(Security, "kind of security");

/// Whether a loan is shown (借据状态). Where it stands in money is its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoanState {
    /// Shown everywhere.
    Active,
    /// Hidden because the import that brought it was undone.
    Hidden,
}

impl LoanState {
    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Hidden => "hidden",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Hidden].into_iter().find(|s| s.as_str() == text)
    }
}

stored_as_text!(LoanState, "state of a loan");

/// A loan (借据): the facts of its opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loan {
    /// Customer and loan.
    pub key: LoanKey,
    /// 借据号.
    pub number: String,
    /// The contract it belongs to.
    pub contract: ContractId,
    /// 产品.
    pub product: String,
    /// 用途.
    pub purpose: String,
    /// 担保方式.
    pub security: Security,
    /// 借款本金.
    pub principal: Fen,
    /// 起息日.
    pub start_on: Date,
    /// 机构.
    pub branch: BranchId,
    /// 团队.
    pub team: Option<TeamId>,
    /// 管户客户经理.
    pub manager: UserId,
    /// The repayment account, masked.
    pub account_masked: Option<String>,
    /// Shown or hidden.
    pub state: LoanState,
    /// 备注.
    pub note: Option<String>,
    /// Rises with each change; two people on one loan are told apart by it.
    pub version: i64,
}

/// What is needed to open a loan (开立借据): terms and the first payment out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLoan {
    /// The borrower.
    pub customer: CustomerId,
    /// 借据号, where the lender gave one already.
    pub number: Option<String>,
    /// 合同号, where the lender gave one already.
    pub contract_number: Option<String>,
    /// 产品.
    pub product: String,
    /// 用途.
    pub purpose: String,
    /// 担保方式.
    pub security: Security,
    /// The terms.
    pub terms: Terms,
    /// When the contract was signed.
    pub signed_on: Date,
    /// 机构.
    pub branch: BranchId,
    /// 团队.
    pub team: Option<TeamId>,
    /// 管户客户经理.
    pub manager: UserId,
    /// 备注.
    pub note: Option<String>,
}

/// How money moved (渠道).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// 银行转账.
    BankTransfer,
    /// 银行代扣.
    DirectDebit,
    /// 现金.
    Cash,
    /// 第三方支付.
    PaymentProvider,
    /// No money moved (调整、减免、展期).
    Book,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 5] = [Self::BankTransfer, Self::DirectDebit, Self::Cash, Self::PaymentProvider, Self::Book];

    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BankTransfer => "bank-transfer",
            Self::DirectDebit => "direct-debit",
            Self::Cash => "cash",
            Self::PaymentProvider => "payment-provider",
            Self::Book => "book",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == text)
    }
}

stored_as_text!(Channel, "channel of a payment");

/// A transaction as kept (交易流水): the engine's fact with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanTransaction {
    /// The key.
    pub id: TransactionId,
    /// 流水号.
    pub number: String,
    /// Date and content.
    pub fact: Transaction,
    /// Order within the day.
    pub ordinal: i64,
    /// The amount that the fact is about, 0 where it is about none.
    pub amount: Fen,
    /// How money moved.
    pub channel: Channel,
    /// 备注.
    pub note: Option<String>,
    /// The key of an imported row; `None`: entered by hand.
    pub business_key: Option<String>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom; 0 the system.
    pub recorded_by: i64,
    /// From where.
    pub source: String,
    /// File and row, where it was imported.
    pub source_detail: String,
}

/// A transaction to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTransaction {
    /// Business date on which it takes effect.
    pub on: Date,
    /// What happened.
    pub kind: TransactionKind,
    /// How money moved.
    pub channel: Channel,
    /// 备注.
    pub note: Option<String>,
    /// The key of an imported row, so that the same row comes in once.
    pub business_key: Option<String>,
    /// The approval that allowed it.
    pub approval: Option<i64>,
}

impl NewTransaction {
    /// A transaction without note, import key or approval.
    pub fn new(on: Date, kind: TransactionKind, channel: Channel) -> Self {
        Self { on, kind, channel, note: None, business_key: None, approval: None }
    }
}

/// The amount that a fact is about (交易金额); zero where it is about none.
pub fn amount_of(kind: &TransactionKind) -> Fen {
    match kind {
        TransactionKind::Disburse { amount }
        | TransactionKind::Charge { amount, .. }
        | TransactionKind::Waive { amount, .. }
        | TransactionKind::Recover { amount, .. } => *amount,
        TransactionKind::Repay(repayment) => repayment.amount,
        TransactionKind::ChangeRate { .. }
        | TransactionKind::Extend(_)
        | TransactionKind::Restructure(_)
        | TransactionKind::Suspend { .. }
        | TransactionKind::Misuse { .. }
        | TransactionKind::Accelerate
        | TransactionKind::WriteOff
        | TransactionKind::Reverse { .. } => Fen::ZERO,
    }
}

/// What a form saw of a loan (所见版本): its version and the moment, so that whoever comes second is told what changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The loan's version.
    pub version: i64,
    /// When it was looked at.
    pub at: Timestamp,
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.version, self.at)
    }
}

impl std::str::FromStr for Seen {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (version, at) = text.split_once('@').ok_or(())?;
        Ok(Self { version: version.parse().map_err(drop)?, at: at.parse().map_err(drop)? })
    }
}

/// What changed a loan last (最近变动).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatestChange {
    /// The kind of the transaction.
    pub kind: String,
    /// 流水号.
    pub number: String,
    /// Its amount.
    pub amount: Fen,
    /// Who recorded it; empty: the system.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// How many more there are.
    pub others: usize,
}

/// A loan with everything that replay needs (借据全卷).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanFile {
    /// The loan.
    pub loan: Loan,
    /// The terms in force.
    pub terms: Terms,
    /// All transactions in order of effect.
    pub transactions: Vec<LoanTransaction>,
    /// The classes that classification runs approved for it, in order of effect.
    pub judged: Vec<JudgedClass>,
}

/// A class that a classification run approved for a loan (认定分类), until the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedClass {
    /// From which day on it counts.
    pub on: Date,
    /// 五级分类.
    pub class: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

impl LoanFile {
    /// The facts for replay, as known at `known_at`; `None`: all that is known.
    pub fn facts(&self, known_at: Option<Timestamp>) -> Vec<Transaction> {
        self.transactions
            .iter()
            .filter(|t| known_at.is_none_or(|at| t.recorded_at <= at))
            .map(|t| t.fact.clone())
            .collect()
    }

    /// The approved class that counts on a date, as known at a moment (`None`: now).
    pub fn judged_on(&self, on: Date, known_at: Option<Timestamp>) -> Option<&str> {
        let known = |one: &&JudgedClass| one.on <= on && known_at.is_none_or(|at| one.recorded_at <= at);
        self.judged.iter().rev().find(known).map(|one| one.class.as_str())
    }

    /// The transaction that reversed this one, if any.
    pub fn reversed_by(&self, id: TransactionId) -> Option<&LoanTransaction> {
        self.transactions
            .iter()
            .find(|t| matches!(t.fact.kind, TransactionKind::Reverse { target } if i64::try_from(target) == Ok(id.0)))
    }
}
