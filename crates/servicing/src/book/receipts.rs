//! A bank file (回盘文件): one repayment a row, for loans that stand in the ledger and not in the file.

use finance::{AllocationPart, Fen, RepaymentMode};
use jiff::civil::Date;
use platform::sheets::Workbook;

use super::conventions::Conventions;
use super::draft::{PrepaymentMode, Source, TransactionKind};
use super::field::{Field, Role};
use super::finding::{Refusal, RefusalCode, Warning, fact};
use super::keys;
use super::layout::SheetLayout;
use super::reading::Reading;
use super::repayments::{Receipt, Serials};
use super::row_view::{Fault, RowView};
use super::terms::parts;

/// The repayments of a file (批量还款), in its order, and what should be told of its sheets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Receipts {
    /// One entry a data row.
    pub rows: Vec<ReceiptRow>,
    /// Hidden rows, columns and sheets, sheets that were not recognised.
    pub warnings: Vec<Warning>,
}

/// One row (一行): what it names, and the repayment it holds or why it holds none.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiptRow {
    /// Where it stands.
    pub source: Source,
    /// 借据号, or 合同号 where the file has only that.
    pub loan: Option<String>,
    /// 付款人, as written.
    pub payer: Option<String>,
    /// The repayment.
    pub read: Result<ReceiptDraft, Refusal>,
}

/// A repayment as the file has it (一笔还款).
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiptDraft {
    /// 还款日.
    pub on: Date,
    /// 金额.
    pub amount: Fen,
    /// Whether digits below the fen were rounded off.
    pub rounded: bool,
    /// What the remark says the money is; decides the business key.
    pub kind: TransactionKind,
    /// The same for the engine.
    pub mode: RepaymentMode,
    /// What it is stated to pay; empty: by the order of the contract.
    pub allocation: Vec<AllocationPart>,
}

impl ReceiptDraft {
    /// What the money is, as the business key calls it.
    pub fn kind_name(&self) -> &'static str {
        keys::kind_code(self.kind)
    }

    /// The business key: loan, kind, date, amount and the place among equal rows; the same as in a whole book.
    pub fn business_key(&self, loan: &str, ordinal: u32) -> String {
        keys::transaction(loan, self.kind, self.on, self.amount, ordinal)
    }
}

/// Reads every repayment sheet of a file under the given layouts (读取回盘文件). Dates and loans are not judged here.
pub fn read_receipts(book: &Workbook, layouts: &[SheetLayout]) -> Receipts {
    // Only wide tables and loan sheets depend on the answers; a bank file has neither.
    let conventions = Conventions::proposed(Date::MAX);
    let mut silent = |_| {};
    let mut reading = Reading::new(book, layouts, &conventions, &mut silent);
    let mut serials = Serials::default();
    let mut rows = Vec::new();
    reading.each_row(Role::Repayments, |_, view, idle| {
        if idle.is_none() {
            rows.push(row(&view, &mut serials));
        }
    });
    reading.warn_of_unknown_sheets();
    Receipts { rows, warnings: reading.draft.warnings }
}

fn row(view: &RowView<'_>, serials: &mut Serials) -> ReceiptRow {
    let loan = view.loan_no();
    let read = match &loan {
        None => Err((view.layout.loan_key(), (RefusalCode::LoanNoMissing, vec![]))),
        Some(loan) => draft(view, loan, serials),
    };
    let read = read.map_err(|(field, fault)| view.refusal(field, fault, loan.as_deref()));
    ReceiptRow { source: view.source(), payer: view.text(Field::Name), loan, read }
}

fn draft(view: &RowView<'_>, loan: &str, serials: &mut Serials) -> Result<ReceiptDraft, (Field, Fault)> {
    let Receipt { on, amount, rounded, kind, stated } = Receipt::read(view)?;
    let mode = match kind {
        TransactionKind::Repayment | TransactionKind::Recovery => RepaymentMode::Regular,
        TransactionKind::Prepayment(PrepaymentMode::Reduce) => RepaymentMode::Reduce,
        TransactionKind::Prepayment(PrepaymentMode::Shorten) => RepaymentMode::Shorten,
        TransactionKind::Prepayment(PrepaymentMode::Settle) => RepaymentMode::Settle,
        // A fee is charged, a debt renewed or written off on the loan's own page: none of it is plain money for a debt.
        TransactionKind::Disbursement
        | TransactionKind::Rollover
        | TransactionKind::FeePaid
        | TransactionKind::FeeCharge
        | TransactionKind::WriteOff => {
            let word = view.text(Field::Kind).unwrap_or_default();
            return Err((Field::Kind, (RefusalCode::KindByHand, vec![fact("kind", word)])));
        }
    };
    if let Some(first) = serials.first_row(view, loan, on, amount) {
        return Err((Field::Serial, (RefusalCode::DuplicateRow, vec![fact("first-row", first)])));
    }
    Ok(ReceiptDraft { on, amount, rounded, kind, mode, allocation: parts(stated) })
}
