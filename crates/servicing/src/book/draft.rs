//! What a book gives: records that can be stored, and everything that cannot.

use finance::Fen;
use jiff::civil::Date;
use platform::sheets::values::IdKind;
use serde::{Deserialize, Serialize};

use super::finding::{Refusal, Warning};
use super::layout::SheetLayout;
use super::lines::Idle;

/// A loan book as read (账本草稿): pure data, nothing stored yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookDraft {
    /// How every sheet was read.
    pub layouts: Vec<SheetLayout>,
    /// Customers, guarantors and co-borrowers, one entry a person or company.
    pub customers: Vec<CustomerDraft>,
    /// Contracts that the book numbers apart from its loans.
    pub contracts: Vec<ContractDraft>,
    /// Loans.
    pub loans: Vec<LoanDraft>,
    /// Disbursements, repayments and the rest, per loan in the order of date and file.
    pub transactions: Vec<TransactionDraft>,
    /// Guarantees.
    pub guarantees: Vec<GuaranteeDraft>,
    /// Collaterals.
    pub collaterals: Vec<CollateralDraft>,
    /// Rows and cells that are not imported.
    pub refused: Vec<Refusal>,
    /// Rows that are imported and should be told.
    pub warnings: Vec<Warning>,
    /// Titles, headers, sums, blanks and notes.
    pub ignored: Vec<Ignored>,
}

/// Where a record stands (来源).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Source {
    /// The sheet.
    pub sheet: String,
    /// The row.
    pub row: u32,
    /// The column, for a cell of a wide table.
    pub column: Option<u32>,
}

/// Person or company (客户类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// 个人.
    Person,
    /// 企业.
    Company,
}

/// A customer (客户).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerDraft {
    /// The business key: identity number, or the name where the book has no number.
    pub key: String,
    /// Person or company.
    pub kind: PartyKind,
    /// The name in its first spelling.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// Kind of the identity number.
    pub id_kind: Option<IdKind>,
    /// The identity number in one spelling.
    pub id_no: Option<String>,
    /// The identity number as it stands in the sheet.
    pub id_no_in_sheet: Option<String>,
    /// The phone in digits.
    pub phone: Option<String>,
    /// The address.
    pub address: Option<String>,
    /// The note.
    pub note: Option<String>,
    /// The first row that names the customer.
    pub source: Source,
}

/// A contract (借款合同).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractDraft {
    /// Its number.
    pub no: String,
    /// The loans under it, as indexes.
    pub loans: Vec<usize>,
    /// Borrower and co-borrowers, as indexes of customers.
    pub parties: Vec<usize>,
}

/// How a loan is repaid (还款方式), as far as a book says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepaymentMethod {
    /// 等额本息.
    EqualInstalment,
    /// 等额本金.
    EqualPrincipal,
    /// 等本等息.
    Flat,
    /// 先息后本.
    InterestOnly,
    /// 利随本清.
    Bullet,
}

/// The main security (主要担保方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecurityKind {
    /// 信用.
    Credit,
    /// 保证.
    Guaranteed,
    /// 抵押.
    Mortgage,
    /// 质押.
    Pledge,
}

/// The five-category class that the sheet states (五级分类).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetClass {
    /// 正常.
    Normal,
    /// 关注.
    SpecialMention,
    /// 次级.
    Substandard,
    /// 可疑.
    Doubtful,
    /// 损失.
    Loss,
}

/// A loan (借据).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoanDraft {
    /// The business key.
    pub key: String,
    /// Its number.
    pub no: String,
    /// The contract's number, where the book has one beside it.
    pub contract: Option<String>,
    /// The borrower, as an index of customers.
    pub borrower: usize,
    /// Joint borrowers.
    pub co_borrowers: Vec<usize>,
    /// The repayment method.
    pub method: RepaymentMethod,
    /// The principal paid out.
    pub principal: Fen,
    /// Billionths a year.
    pub annual_rate_e9: i64,
    /// How days are counted.
    pub day_count: finance::DayCount,
    /// The day it was paid out.
    pub disbursed_on: Date,
    /// Number of months.
    pub periods: u32,
    /// Day of the month.
    pub repayment_day: i8,
    /// The first due date.
    pub first_due_on: Date,
    /// The maturity.
    pub maturity_on: Date,
    /// The main security.
    pub security: Option<SecurityKind>,
    /// The class that the sheet states.
    pub class: Option<SheetClass>,
    /// The outstanding principal that the sheet states.
    pub balance: Option<Fen>,
    /// What it is used for.
    pub purpose: Option<String>,
    /// The loan that this one pays off.
    pub rolled_from: Option<String>,
    /// The note.
    pub note: Option<String>,
    /// Its row.
    pub source: Source,
}

/// What a transaction is (交易种类).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransactionKind {
    /// 放款.
    Disbursement,
    /// 还款.
    Repayment,
    /// 提前还款.
    Prepayment(PrepaymentMode),
    /// 收到费用.
    FeePaid,
    /// 应收费用.
    FeeCharge,
    /// 借新还旧 pays the old loan.
    Rollover,
    /// 核销.
    WriteOff,
    /// 核销后收回.
    Recovery,
}

/// What a prepayment changes (提前还款方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrepaymentMode {
    /// 减少月供.
    Reduce,
    /// 缩短期限.
    Shorten,
    /// 提前结清.
    Settle,
}

/// What a repayment pays as the sheet states it (分配).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stated {
    /// 本金.
    pub principal: Fen,
    /// 利息.
    pub interest: Fen,
    /// 罚息.
    pub penalty: Fen,
    /// 费用.
    pub fee: Fen,
}

/// A transaction (交易).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionDraft {
    /// The business key: loan, kind, date, amount and the ordinal among equal rows of the file.
    pub key: String,
    /// The loan, as an index.
    pub loan: usize,
    /// What it is.
    pub kind: TransactionKind,
    /// The date it took effect.
    pub on: Date,
    /// The amount.
    pub amount: Fen,
    /// What it pays, where the sheet says so.
    pub stated: Option<Stated>,
    /// The ordinal among rows of equal loan, date and amount, from 1.
    pub ordinal: u32,
    /// Its row, and column in a wide table.
    pub source: Source,
}

/// A guarantee (保证).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuaranteeDraft {
    /// The business key.
    pub key: String,
    /// The loan, as an index.
    pub loan: usize,
    /// The guarantor, as an index of customers.
    pub guarantor: usize,
    /// The amount guaranteed; the principal where the book does not say.
    pub amount: Fen,
    /// Its row.
    pub source: Source,
}

/// A collateral (抵质押物).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollateralDraft {
    /// The business key.
    pub key: String,
    /// The loan, as an index.
    pub loan: usize,
    /// Mortgage or pledge.
    pub kind: SecurityKind,
    /// What it is.
    pub description: String,
    /// Its owner, as an index of customers.
    pub owner: Option<usize>,
    /// Its appraised value.
    pub value: Option<Fen>,
    /// Its row.
    pub source: Source,
}

/// A row that is neither data nor an error (未导入的非数据行).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ignored {
    /// The sheet.
    pub sheet: String,
    /// The row.
    pub row: u32,
    /// Why.
    pub why: Idle,
}

/// Counts and sums of what would be stored (合计).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Customers.
    pub customers: usize,
    /// Loans.
    pub loans: usize,
    /// Their principal.
    pub principal: Fen,
    /// Transactions without disbursements.
    pub receipts: usize,
    /// Their sum.
    pub received: Fen,
    /// Guarantees.
    pub guarantees: usize,
    /// Collaterals.
    pub collaterals: usize,
    /// Distinct rows with something refused.
    pub refused_rows: usize,
    /// Warnings.
    pub warnings: usize,
}

impl BookDraft {
    /// Counts and sums over everything accepted; a sum that does not fit stays at the largest amount.
    pub fn totals(&self) -> Totals {
        let sum = |amounts: &mut dyn Iterator<Item = Fen>| Fen::checked_sum(amounts).unwrap_or(Fen(i64::MAX));
        let receipts = || self.transactions.iter().filter(|t| t.kind != TransactionKind::Disbursement);
        let mut refused: Vec<(&str, u32)> = self.refused.iter().map(|r| (r.sheet.as_str(), r.row)).collect();
        refused.sort_unstable();
        refused.dedup();
        Totals {
            customers: self.customers.len(),
            loans: self.loans.len(),
            principal: sum(&mut self.loans.iter().map(|l| l.principal)),
            receipts: receipts().count(),
            received: sum(&mut receipts().map(|t| t.amount)),
            guarantees: self.guarantees.len(),
            collaterals: self.collaterals.len(),
            refused_rows: refused.len(),
            warnings: self.warnings.len(),
        }
    }

    /// Puts findings in the order of the workbook.
    pub(super) fn settle_order(&mut self, book: &platform::sheets::Workbook) {
        let place = |name: &str| book.sheets.iter().position(|s| s.name == name);
        self.refused.sort_by_key(|r| (place(&r.sheet), r.row, r.column));
        self.warnings.sort_by_key(|w| (place(&w.sheet), w.row, w.column, w.code));
        self.ignored.sort_by_key(|i| (place(&i.sheet), i.row));
    }

    /// The transactions of one loan in their order.
    pub fn transactions_of(&self, loan: usize) -> impl Iterator<Item = &TransactionDraft> {
        self.transactions.iter().filter(move |t| t.loan == loan)
    }
}
