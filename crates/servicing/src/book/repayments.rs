//! Repayments (还款): one a row, or a month a column in a wide table.

use std::collections::HashMap;

use finance::{Fen, on_day_of_month};
use jiff::civil::Date;

use super::conventions::WideDay;
use super::draft::{PrepaymentMode, Source, Stated, TransactionDraft, TransactionKind};
use super::field::{Field, Role};
use super::finding::{RefusalCode, WarningCode, fact};
use super::keys;
use super::layout::ColumnUse;
use super::reading::Reading;
use super::row_view::{Fault, RowView};
use super::vocabulary::Vocabulary;

/// Amounts of one sheet so far, for checking its total: as numbers, and as texts.
type Sums = HashMap<String, (i128, i128)>;

/// What one row of a repayment sheet says (一笔还款), whichever loan it is for.
pub(super) struct Receipt {
    pub on: Date,
    pub amount: Fen,
    /// Digits below the fen were rounded off.
    pub rounded: bool,
    pub kind: TransactionKind,
    pub stated: Option<Stated>,
}

impl Receipt {
    /// Reads a row; the first thing wrong with it and where.
    pub(super) fn read(view: &RowView<'_>) -> Result<Receipt, (Field, Fault)> {
        let on = match view.date(Field::PaidOn) {
            Ok(Some(on)) => on,
            Ok(None) => return Err((Field::PaidOn, (RefusalCode::DateMissing, vec![]))),
            Err(fault) => return Err((Field::PaidOn, fault)),
        };
        let (amount, rounded, stated) = money(view)?;
        let kind = kind_of(view, stated).map_err(|fault| (Field::Kind, fault))?;
        Ok(Receipt { on, amount, rounded, kind, stated: stated_beside(kind, amount, stated) })
    }
}

/// Rows met so far by sheet and serial number: their loan, date, amount and place.
#[derive(Default)]
pub(super) struct Serials(HashMap<(String, String), (String, Date, Fen, u32)>);

impl Serials {
    /// The row that had this serial number with the same loan, date and amount; plain counting numbers tell nothing.
    pub(super) fn first_row(&mut self, view: &RowView<'_>, loan: &str, on: Date, amount: Fen) -> Option<u32> {
        let serial = view.text(Field::Serial).filter(|s| s.parse::<u32>().is_err())?;
        let place = (view.sheet.name.clone(), serial);
        match self.0.get(&place) {
            Some((l, d, a, row)) if (l.as_str(), *d, *a) == (loan, on, amount) => Some(*row),
            _ => {
                self.0.insert(place, (loan.to_owned(), on, amount, view.row.number));
                None
            }
        }
    }
}

/// Reads all repayment sheets, long and wide, and numbers equal rows.
pub(super) fn read_repayments(reading: &mut Reading<'_>) {
    let mut sums = Sums::new();
    let mut serials = Serials::default();
    reading.each_row(Role::Repayments, |reading, view, idle| match idle {
        None => read_row(reading, &view, &mut sums, &mut serials),
        Some(_) => check_total(reading, &view, &sums),
    });
    reading.each_row(Role::Wide, |reading, view, idle| {
        if idle.is_none() {
            read_wide_row(reading, &view);
        }
    });
    number_and_order(reading);
}

fn read_row(reading: &mut Reading<'_>, view: &RowView<'_>, sums: &mut Sums, serials: &mut Serials) {
    add_to_sums(view, sums);
    let Some(loan) = reading.loan_of(view) else { return };
    let no = reading.draft.loans[loan].no.clone();
    let refuse = |reading: &mut Reading<'_>, field, fault| reading.refuse(view.refusal(field, fault, Some(&no)));
    let receipt = match Receipt::read(view) {
        Ok(receipt) => receipt,
        Err((field, fault)) => return refuse(reading, field, fault),
    };
    let (on, amount) = (receipt.on, receipt.amount);
    if let Some(fault) = date_fault(reading, loan, on) {
        return refuse(reading, Field::PaidOn, fault);
    }
    if let Some(row) = serials.first_row(view, &no, on, amount) {
        return refuse(reading, Field::Serial, (RefusalCode::DuplicateRow, vec![fact("first-row", row)]));
    }
    if receipt.rounded {
        reading.warn(view, Some(Field::Amount), WarningCode::AmountRounded, vec![], Some(&no), None);
    }
    push(reading, loan, receipt.kind, on, amount, receipt.stated, view.source());
}

/// A prepayment pays principal by its kind: a column that says just that states nothing more.
fn stated_beside(kind: TransactionKind, amount: Fen, stated: Option<Stated>) -> Option<Stated> {
    let partly = matches!(kind, TransactionKind::Prepayment(PrepaymentMode::Reduce | PrepaymentMode::Shorten));
    stated.filter(|s| !(partly && s.principal == amount))
}

/// The amount, and its parts where the sheet states them; the two must agree.
fn money(view: &RowView<'_>) -> Result<(Fen, bool, Option<Stated>), (Field, Fault)> {
    let part = |field| view.amount(field).map_err(|fault| (field, fault));
    let amount = part(Field::Amount)?;
    let parts =
        [part(Field::PaidPrincipal)?, part(Field::PaidInterest)?, part(Field::PaidPenalty)?, part(Field::PaidFee)?];
    let fen = |at: usize| parts[at].map_or(Fen::ZERO, |(fen, _)| fen);
    let negative = parts.iter().flatten().any(|(fen, _)| fen.0 < 0);
    let sum = Fen::checked_sum((0..4).map(fen));
    let given = parts.iter().any(Option::is_some);
    let stated = given.then(|| Stated { principal: fen(0), interest: fen(1), penalty: fen(2), fee: fen(3) });
    let unreadable = (Field::Amount, (RefusalCode::AmountUnreadable, vec![]));
    let (total, rounded) = match (amount, sum, given) {
        (Some((total, rounded)), _, false) => (total, rounded),
        (None, Some(sum), true) => (sum, false),
        (Some((total, rounded)), Some(sum), true) if sum == total && !negative => (total, rounded),
        (Some((total, _)), Some(sum), true) => {
            let difference = sum.checked_sub(total).unwrap_or(Fen::ZERO);
            let more = if difference.0 < 0 { "less" } else { "more" };
            let facts =
                vec![fact("direction", more), fact("difference", difference.magnitude()), fact("amount", total)];
            return Err((Field::Amount, (RefusalCode::AllocationMismatch, facts)));
        }
        (None, _, false) | (_, None, true) => return Err(unreadable),
    };
    if !total.is_positive() {
        return Err(unreadable);
    }
    Ok((total, rounded, stated))
}

/// What the remark says the money is; a plain remark means a repayment.
fn kind_of(view: &RowView<'_>, stated: Option<Stated>) -> Result<TransactionKind, Fault> {
    let Some(text) = view.text(Field::Kind) else { return Ok(TransactionKind::Repayment) };
    let prepayment = TransactionKind::Prepayment;
    Ok(match Vocabulary::shipped().value("transaction", &text) {
        // A row with principal or interest is a repayment, whatever fee its remark mentions.
        Some("fee_paid") if stated.is_none_or(|s| s.principal.is_zero() && s.interest.is_zero()) => {
            TransactionKind::FeePaid
        }
        Some("fee_charge") => TransactionKind::FeeCharge,
        Some("prepayment_reduce") => prepayment(PrepaymentMode::Reduce),
        Some("prepayment_shorten") => prepayment(PrepaymentMode::Shorten),
        Some("prepayment_settle") => prepayment(PrepaymentMode::Settle),
        Some("rollover") => TransactionKind::Rollover,
        Some("write_off") => TransactionKind::WriteOff,
        Some("recovery") => TransactionKind::Recovery,
        Some("extension" | "reversal") => return Err((RefusalCode::KindByHand, vec![fact("kind", text)])),
        _ => TransactionKind::Repayment,
    })
}

fn date_fault(reading: &Reading<'_>, loan: usize, on: Date) -> Option<Fault> {
    let disbursed = reading.draft.loans[loan].disbursed_on;
    if on < disbursed {
        return Some((RefusalCode::DateBeforeDisbursement, vec![fact("date", on), fact("disbursed", disbursed)]));
    }
    let as_of = reading.conventions.as_of;
    (on > as_of).then(|| (RefusalCode::DateInFuture, vec![fact("date", on), fact("as-of", as_of)]))
}

fn read_wide_row(reading: &mut Reading<'_>, view: &RowView<'_>) {
    let Some(loan) = reading.loan_of(view) else { return };
    for column in view.layout.columns.iter().filter(|c| c.month.is_some()) {
        if let Err(fault) = read_month(reading, view, loan, column) {
            let no = reading.draft.loans[loan].no.clone();
            reading.refuse(view.refusal_at(column, fault, Some(&no)));
        }
    }
}

/// One cell of a month; nothing, a zero or a word for "not paid" is no payment.
fn read_month(reading: &mut Reading<'_>, view: &RowView<'_>, loan: usize, column: &ColumnUse) -> Result<(), Fault> {
    let Some((year, month)) = column.month else { return Ok(()) };
    let Some(cell) = view.row.cell(column.column).filter(|c| !c.is_blank()) else { return Ok(()) };
    if cell.text().is_some_and(|text| Vocabulary::shipped().whole("unpaid", text).is_some()) {
        return Ok(());
    }
    let amount = match view.amount_in(column)? {
        None => return Ok(()),
        Some((fen, _)) if fen.is_zero() => return Ok(()),
        Some((fen, _)) if !fen.is_positive() => return Err((RefusalCode::AmountUnreadable, vec![])),
        Some((fen, _)) => fen,
    };
    let first = Date::new(year, month, 1).map_err(|_| (RefusalCode::DateUnreadable, vec![]))?;
    let day = match reading.conventions.wide_day {
        WideDay::DueDay => reading.draft.loans[loan].repayment_day,
        WideDay::MonthEnd => 31,
    };
    let on = on_day_of_month(first, 0, day).ok_or((RefusalCode::DateUnreadable, vec![]))?;
    if let Some(fault) = date_fault(reading, loan, on) {
        return Err(fault);
    }
    let source = Source { column: Some(column.column), ..view.source() };
    push(reading, loan, TransactionKind::Repayment, on, amount, None, source);
    Ok(())
}

fn push(
    reading: &mut Reading<'_>,
    loan: usize,
    kind: TransactionKind,
    on: Date,
    amount: Fen,
    stated: Option<Stated>,
    source: Source,
) {
    let draft = TransactionDraft { key: String::new(), loan, kind, on, amount, stated, ordinal: 0, source };
    reading.draft.transactions.push(draft);
}

/// Numbers rows of equal loan, kind, date and amount in the order of the file, and orders all by loan and date.
fn number_and_order(reading: &mut Reading<'_>) {
    let draft = &mut reading.draft;
    let mut counts: HashMap<(usize, TransactionKind, Date, Fen), (u32, usize)> = HashMap::new();
    let mut equal = Vec::new();
    for at in 0..draft.transactions.len() {
        let transaction = &mut draft.transactions[at];
        let place = (transaction.loan, transaction.kind, transaction.on, transaction.amount);
        let (count, first) = counts.entry(place).or_insert((0, at));
        *count += 1;
        transaction.ordinal = *count;
        let no = &draft.loans[transaction.loan].no;
        transaction.key = keys::transaction(no, transaction.kind, transaction.on, transaction.amount, *count);
        if *count > 1 {
            equal.push((at, *first));
        }
    }
    for (at, first) in equal {
        let (source, first) = (draft.transactions[at].source.clone(), draft.transactions[first].source.clone());
        let loan = draft.loans[draft.transactions[at].loan].no.clone();
        draft.warnings.push(super::finding::Warning {
            sheet: source.sheet,
            row: Some(source.row),
            column: source.column,
            code: WarningCode::EqualRows,
            facts: vec![fact("first-row", first.row)],
            loan: Some(loan),
            customer: None,
        });
    }
    // Stable: within a day the disbursement comes first and the rest keeps the order of the file.
    draft.transactions.sort_by_key(|t| (t.loan, t.on, t.kind != TransactionKind::Disbursement));
}

fn add_to_sums(view: &RowView<'_>, sums: &mut Sums) {
    let Some(column) = view.layout.column(Field::Amount) else { return };
    let Ok(Some((fen, _))) = view.amount_in(column) else { return };
    let sum = sums.entry(view.sheet.name.clone()).or_default();
    let text = view.row.cell(column.column).is_some_and(|cell| cell.text().is_some());
    if text { sum.1 += i128::from(fen.0) } else { sum.0 += i128::from(fen.0) }
}

/// A stored SUM that counts amounts stored as text: Excel will show another total as soon as it calculates.
fn check_total(reading: &mut Reading<'_>, view: &RowView<'_>, sums: &Sums) {
    let Some(column) = view.layout.column(Field::Amount) else { return };
    let formula = view.row.cell(column.column).and_then(|c| c.formula.as_deref());
    if !formula.is_some_and(|f| f.to_ascii_uppercase().starts_with("SUM(")) {
        return;
    }
    let (Ok(Some((total, _))), Some((numbers, texts))) = (view.amount_in(column), sums.get(&view.sheet.name)) else {
        return;
    };
    if *texts != 0 && i128::from(total.0) == numbers + texts {
        let facts = vec![fact("total", total), fact("texts", Fen(i64::try_from(*texts).unwrap_or(i64::MAX)))];
        reading.warn(view, Some(Field::Amount), WarningCode::TotalUsesText, facts, None, None);
    }
}
