//! Loan sheets (借据): one loan a row, with parties and security in the row or on sheets of their own.

use finance::{DayCount, Fen, on_day_of_month};
use jiff::civil::Date;
use platform::sheets::values::{Period, parse_period};

use super::draft::{
    ContractDraft, LoanDraft, RepaymentMethod, SecurityKind, SheetClass, TransactionDraft, TransactionKind,
};
use super::field::{Field, Role};
use super::finding::{Refusal, RefusalCode, WarningCode, fact};
use super::keys;
use super::parties::{Found, Named};
use super::reading::{LoanRef, Reading};
use super::row_view::{Fault, RowView};
use super::security::read_security_of_loan;
use super::vocabulary::Vocabulary;

/// More instalments than this are a slip of the pen; the engine computes no more than this either.
const MOST_MONTHS: u32 = 1_000;
/// The largest principal that the engine computes with, in fen.
const MOST_FEN: Fen = Fen(999_999_999_999_999);

/// Reads all loan sheets, then the links between loans.
pub(super) fn read_loans(reading: &mut Reading<'_>) {
    reading.each_row(Role::Loans, |reading, view, idle| {
        if idle.is_none() {
            read_row(reading, &view);
        }
    });
    link_rollovers(reading);
    gather_contracts(reading);
}

/// What a loan row says of its money and dates.
struct Terms {
    principal: Fen,
    rounded: bool,
    rate_e9: i64,
    rate_assumed: bool,
    method: RepaymentMethod,
    disbursed_on: Date,
    maturity_on: Date,
    periods: u32,
    periods_stated: Option<u32>,
    repayment_day: i8,
    first_due_on: Date,
}

fn read_row(reading: &mut Reading<'_>, view: &RowView<'_>) {
    let Some(no) = view.loan_no() else {
        reading.refuse(view.refusal(view.layout.loan_key(), (RefusalCode::LoanNoMissing, vec![]), None));
        return;
    };
    if reading.loans.contains_key(&no) {
        refuse_repeated(reading, view, &no);
        return;
    }
    let mut faults: Vec<Refusal> = Vec::new();
    let terms = read_terms(view, reading.conventions.days_of_year, &no, &mut faults);
    let parties = find_parties(reading, view, &no, &mut faults);
    let (Some(terms), Some(parties), true) = (terms, parties, faults.is_empty()) else {
        faults.sort_by_key(|f| f.column);
        faults.into_iter().for_each(|f| reading.refuse(f));
        reading.loans.insert(no.clone(), LoanRef::Refused);
        reading.essence.insert(no, essence(view));
        return;
    };
    accept(reading, view, no, &terms, parties);
}

/// The same row again is a notice; the same number on another loan is an error.
fn refuse_repeated(reading: &mut Reading<'_>, view: &RowView<'_>, no: &str) {
    let first = reading.draft.loans.iter().find(|l| l.no == no).map(|l| (l.source.sheet.clone(), l.source.row));
    let same = reading.essence.get(no).is_some_and(|known| *known == essence(view));
    let code = if same { RefusalCode::DuplicateRow } else { RefusalCode::LoanNoTaken };
    let facts = first.map_or(vec![], |(sheet, row)| vec![fact("first-sheet", sheet), fact("first-row", row)]);
    reading.refuse(view.refusal(view.layout.loan_key(), (code, facts), Some(no)));
}

/// What makes two rows of one loan number the same: the values that identify a loan, however its columns are ordered.
fn essence(view: &RowView<'_>) -> String {
    let amount = view.amount(Field::Principal).ok().flatten().map(|(fen, _)| fen);
    let date = |field| view.date(field).ok().flatten();
    let name = view.text(Field::Name).map(|n| platform::sheets::values::normalise_name(&n));
    format!("{name:?}|{amount:?}|{:?}|{:?}", date(Field::DisbursedOn), date(Field::MaturityOn))
}

/// The value, or `None` with the fault noted.
fn noted<T>(read: Result<T, Fault>, field: Field, note: &mut impl FnMut(Field, Fault)) -> Option<T> {
    read.map_err(|fault| note(field, fault)).ok()
}

fn read_terms(view: &RowView<'_>, days_of_year: u16, no: &str, faults: &mut Vec<Refusal>) -> Option<Terms> {
    let note = &mut |field, fault| faults.push(view.refusal(field, fault, Some(no)));
    let principal = noted(principal(view), Field::Principal, note);
    let rate = view.rate(days_of_year).and_then(|rate| rate.ok_or((RefusalCode::RateMissing, vec![])));
    let rate = noted(rate, Field::Rate, note);
    let method = view.text(Field::Method).as_deref().and_then(method_of);
    let method = noted(method.ok_or((RefusalCode::MethodUnknown, vec![])), Field::Method, note);
    let disbursed = view.date(Field::DisbursedOn).and_then(|date| date.ok_or((RefusalCode::DateMissing, vec![])));
    let disbursed_on = noted(disbursed, Field::DisbursedOn, note);
    let maturity = noted(view.date(Field::MaturityOn), Field::MaturityOn, note);
    let (disbursed_on, maturity) = (disbursed_on?, maturity?);
    let (maturity_on, periods_stated) =
        span(view, disbursed_on, maturity).map_err(|(field, fault)| note(field, fault)).ok()?;
    let repayment_day = repayment_day(view, disbursed_on, maturity_on);
    let periods = periods_between(disbursed_on, maturity_on, repayment_day);
    if periods == 0 || periods > MOST_MONTHS {
        let facts = vec![fact("about", "periods"), fact("periods", periods)];
        note(Field::MaturityOn, (RefusalCode::TermsAbsurd, facts));
        return None;
    }
    let ((principal, rounded), rate, method) = (principal?, rate?, method?);
    let next = on_day_of_month(disbursed_on, 1, repayment_day).unwrap_or(maturity_on).min(maturity_on);
    let first_due_on = if method == RepaymentMethod::Bullet { maturity_on } else { next };
    Some(Terms {
        principal,
        rounded,
        rate_e9: rate.e9,
        rate_assumed: rate.assumed,
        method,
        disbursed_on,
        maturity_on,
        periods,
        periods_stated,
        repayment_day,
        first_due_on,
    })
}

/// An amount above zero that the engine can compute with.
fn principal(view: &RowView<'_>) -> Result<(Fen, bool), Fault> {
    match view.amount(Field::Principal)? {
        Some((fen, rounded)) if fen.is_positive() && fen <= MOST_FEN => Ok((fen, rounded)),
        Some((fen, _)) if fen.is_positive() => Err((RefusalCode::TermsAbsurd, vec![fact("about", "principal")])),
        Some(_) | None => Err((RefusalCode::AmountUnreadable, vec![])),
    }
}

/// The maturity from its own cell, or from the term; and the months that the term states.
fn span(view: &RowView<'_>, start: Date, maturity: Option<Date>) -> Result<(Date, Option<u32>), (Field, Fault)> {
    let term = view.cell(Field::Periods).map(|cell| parse_period(cell).ok_or(()));
    let months = match term {
        Some(Ok(Period::Months(months))) => Some(months),
        _ => None,
    };
    if let Some(maturity) = maturity {
        if maturity <= start {
            let facts = vec![fact("start", start), fact("maturity", maturity)];
            return Err((Field::MaturityOn, (RefusalCode::MaturityBeforeStart, facts)));
        }
        return Ok((maturity, months));
    }
    let unreadable = (Field::Periods, (RefusalCode::TermUnreadable, vec![]));
    match term {
        Some(Ok(Period::Months(months))) if months <= MOST_MONTHS => {
            let end = finance::add_months(start, i64::from(months)).ok_or(unreadable)?;
            Ok((end, Some(months)))
        }
        Some(Ok(Period::Days(days))) if days <= 36_500 => {
            Ok((finance::add_days(start, i64::from(days)).ok_or(unreadable)?, None))
        }
        Some(_) => Err(unreadable),
        None => Err((Field::MaturityOn, (RefusalCode::DateMissing, vec![]))),
    }
}

/// The day of the month from its column, else the day of the disbursement when the maturity fits it, else that of the maturity.
fn repayment_day(view: &RowView<'_>, start: Date, maturity: Date) -> i8 {
    let written = view.text(Field::RepaymentDay).map(|text| {
        let half = platform::sheets::values::half_width(&text);
        half.chars().filter(char::is_ascii_digit).collect::<String>()
    });
    if let Some(day) = written.and_then(|digits| digits.parse::<i8>().ok()).filter(|day| (1..=31).contains(day)) {
        return day;
    }
    if on_day_of_month(maturity, 0, start.day()) == Some(maturity) { start.day() } else { maturity.day() }
}

/// Due days after the start up to the maturity, the maturity itself being one.
fn periods_between(start: Date, maturity: Date, day: i8) -> u32 {
    let months = (i64::from(maturity.year()) - i64::from(start.year())) * 12 + i64::from(maturity.month())
        - i64::from(start.month());
    let reached = on_day_of_month(start, months, day).is_some_and(|due| due >= maturity);
    u32::try_from(if reached { months.max(1) } else { months + 1 }).unwrap_or(0)
}

fn method_of(text: &str) -> Option<RepaymentMethod> {
    Some(match Vocabulary::shipped().value("method", text)? {
        "equal_instalment" => RepaymentMethod::EqualInstalment,
        "equal_principal" => RepaymentMethod::EqualPrincipal,
        "flat" => RepaymentMethod::Flat,
        "interest_only" => RepaymentMethod::InterestOnly,
        "bullet" => RepaymentMethod::Bullet,
        _ => return None,
    })
}

/// The kind of security that a word names.
pub(super) fn security_of(text: &str) -> Option<SecurityKind> {
    Some(match Vocabulary::shipped().value("security", text)? {
        "credit" => SecurityKind::Credit,
        "guaranteed" => SecurityKind::Guaranteed,
        "mortgage" => SecurityKind::Mortgage,
        "pledge" => SecurityKind::Pledge,
        _ => return None,
    })
}

fn class_of(text: &str) -> Option<SheetClass> {
    Some(match Vocabulary::shipped().value("class", text)? {
        "normal" => SheetClass::Normal,
        "special_mention" => SheetClass::SpecialMention,
        "substandard" => SheetClass::Substandard,
        "doubtful" => SheetClass::Doubtful,
        "loss" => SheetClass::Loss,
        _ => return None,
    })
}

fn day_count_of(text: &str) -> Option<DayCount> {
    Some(match Vocabulary::shipped().value("day_count", text)? {
        "30/360" => DayCount::Thirty360,
        "ACT/360" => DayCount::Act360,
        "ACT/365" => DayCount::Act365,
        _ => return None,
    })
}

/// A borrower or joint borrower with what was found of it, and the fields of its cells.
type Party = (Named, Found, (Field, Field));

/// Borrower first; nothing is added yet, since the row may still be refused.
fn find_parties(
    reading: &mut Reading<'_>,
    view: &RowView<'_>,
    no: &str,
    faults: &mut Vec<Refusal>,
) -> Option<Vec<Party>> {
    let mut all = Vec::new();
    let before = faults.len();
    for fields in [(Field::Name, Field::IdNo), (Field::CoName, Field::CoIdNo)] {
        match reading.named(view, fields.0, fields.1) {
            Ok(named) => {
                for named in named {
                    match reading.parties.find(&named, true, &reading.draft.customers) {
                        Ok(found) => all.push((named, found, fields)),
                        Err(fault) => faults.push(view.refusal(fields.0, fault, Some(no))),
                    }
                }
            }
            Err((field, fault)) => faults.push(view.refusal(field, fault, Some(no))),
        }
    }
    if all.is_empty() && faults.len() == before {
        faults.push(view.refusal(Field::Name, (RefusalCode::NameMissing, vec![]), Some(no)));
    }
    (faults.len() == before).then_some(all)
}

fn accept(reading: &mut Reading<'_>, view: &RowView<'_>, no: String, terms: &Terms, parties: Vec<Party>) {
    let mut indexes = Vec::new();
    for (position, (mut named, _, fields)) in parties.into_iter().enumerate() {
        if position == 0 {
            reading.describe(view, &mut named, Some(&no));
        }
        // Found again: two new parties of one row may be the same person.
        let found = reading.parties.find(&named, false, &reading.draft.customers).unwrap_or(Found::New);
        indexes.push(reading.take_party(view, &named, found, fields, Some(&no)));
    }
    let Some((borrower, co_borrowers)) = indexes.split_first() else { return };
    let loan = LoanDraft {
        key: keys::loan(&no),
        no: no.clone(),
        contract: if view.layout.has(Field::LoanNo) { view.text(Field::ContractNo) } else { None },
        borrower: *borrower,
        co_borrowers: co_borrowers.to_vec(),
        method: terms.method,
        principal: terms.principal,
        annual_rate_e9: terms.rate_e9,
        day_count: view
            .text(Field::DayCount)
            .as_deref()
            .and_then(day_count_of)
            .unwrap_or(reading.conventions.day_count),
        disbursed_on: terms.disbursed_on,
        periods: terms.periods,
        repayment_day: terms.repayment_day,
        first_due_on: terms.first_due_on,
        maturity_on: terms.maturity_on,
        security: view.text(Field::Security).as_deref().and_then(security_of),
        class: view.text(Field::Class).as_deref().and_then(class_of),
        balance: view.amount(Field::Balance).ok().flatten().map(|(fen, _)| fen),
        purpose: view.text(Field::Purpose),
        rolled_from: None,
        note: view.text(Field::Note),
        source: view.source(),
    };
    warn_of_row(reading, view, &loan, terms);
    let at = reading.draft.loans.len();
    reading.draft.transactions.push(TransactionDraft {
        key: keys::transaction(&no, TransactionKind::Disbursement, loan.disbursed_on, loan.principal, 1),
        loan: at,
        kind: TransactionKind::Disbursement,
        on: loan.disbursed_on,
        amount: loan.principal,
        stated: None,
        ordinal: 1,
        source: view.source(),
    });
    reading.essence.insert(no.clone(), essence(view));
    reading.loans.insert(no, LoanRef::Accepted(at));
    reading.draft.loans.push(loan);
    read_security_of_loan(reading, view, at);
}

fn warn_of_row(reading: &mut Reading<'_>, view: &RowView<'_>, loan: &LoanDraft, terms: &Terms) {
    let no = Some(loan.no.as_str());
    if terms.rounded {
        reading.warn(view, Some(Field::Principal), WarningCode::AmountRounded, vec![], no, None);
    }
    if terms.rate_assumed {
        let facts = vec![fact("rate-e9", terms.rate_e9)];
        reading.warn(view, Some(Field::Rate), WarningCode::RateAssumed, facts, no, None);
    }
    if let Some(stated) = terms.periods_stated.filter(|stated| *stated != terms.periods) {
        let facts = vec![fact("stated", stated), fact("periods", terms.periods)];
        reading.warn(view, Some(Field::Periods), WarningCode::TermDiffers, facts, no, None);
    }
    if let Some(word) = view.text(Field::Security).filter(|_| loan.security.is_none()) {
        reading.warn(view, Some(Field::Security), WarningCode::SecurityUnknown, vec![fact("word", word)], no, None);
    }
}

/// A loan whose note says that it pays an older one is linked to the number that the note names.
fn link_rollovers(reading: &mut Reading<'_>) {
    let vocabulary = Vocabulary::shipped();
    let mut links = Vec::new();
    for (at, loan) in reading.draft.loans.iter().enumerate() {
        let Some(note) = loan.note.as_deref().filter(|n| vocabulary.value("rollover_note", n).is_some()) else {
            continue;
        };
        let note = platform::sheets::values::squeeze(note);
        let words = note.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
        let named = words.filter(|word| word.len() >= 4 && *word != loan.no);
        if let Some(old) = named.map(str::to_owned).find(|word| reading.loans.contains_key(word)) {
            links.push((at, old));
        }
    }
    for (at, old) in links {
        reading.draft.loans[at].rolled_from = Some(old);
    }
}

/// Loans of one contract number become one contract.
fn gather_contracts(reading: &mut Reading<'_>) {
    let mut at_of: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    let draft = &mut reading.draft;
    for (at, loan) in draft.loans.iter().enumerate() {
        let Some(no) = &loan.contract else { continue };
        let parties = std::iter::once(loan.borrower).chain(loan.co_borrowers.iter().copied());
        let index = *at_of.entry(no.clone()).or_insert(draft.contracts.len());
        if index == draft.contracts.len() {
            draft.contracts.push(ContractDraft { no: no.clone(), loans: vec![at], parties: parties.collect() });
            continue;
        }
        let contract = &mut draft.contracts[index];
        contract.loans.push(at);
        for party in parties {
            if !contract.parties.contains(&party) {
                contract.parties.push(party);
            }
        }
    }
}
