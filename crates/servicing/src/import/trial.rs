//! Trying a book out (试算): read, replay, compare with the ledger; nothing is written.

use std::collections::{BTreeMap, BTreeSet};

use customers::identity::{IdentityKind, IdentityNo};
use finance::{Context, Fen, Transaction};
use platform::access::DataScope;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::sheets::values::IdKind;
use platform::sheets::{Limits, Workbook};
use platform::vault::{Identity, Personal as _};
use platform::work::Work;

use super::file::BookFile;
use super::model::{Finding, Level, Run, Summary};
use super::rules::{self, ImportError};
use super::store::{self, Booked, Standing};
use crate::book::{
    self, BookDraft, Conventions, CustomerDraft, Outcome, SheetLayout, TransactionDraft, TransactionKind,
};
use crate::position::engine::Engine;

/// A book that was tried out (试算结果).
pub struct Trial {
    /// The book.
    pub draft: BookDraft,
    /// The answers that go with it.
    pub conventions: Conventions,
    /// Loans of the draft that do not come in, beyond those that reading refused.
    pub skipped: BTreeSet<usize>,
    /// What stands beside the rows.
    pub findings: Vec<Finding>,
    /// Counts and control totals.
    pub summary: Summary,
}

/// Reads a file into a workbook, apart from the threads that answer requests.
pub async fn open_book(name: &str, bytes: Vec<u8>) -> Result<(Workbook, Vec<u8>), ActionError> {
    let name = name.to_owned();
    let opened = tokio::task::spawn_blocking(move || {
        platform::sheets::read(&name, &bytes, &Limits::default()).map(|book| (book, bytes))
    });
    let opened = opened.await.map_err(|e| ActionError::Internal(e.to_string()))?;
    Ok(opened.map_err(ImportError::from)?)
}

/// Tries out a run under its layouts and conventions.
///
/// Errors: [`ImportError::NotAnswered`], a file that cannot be read, the store's.
pub async fn try_out(work: &mut Work, run: &Run, bytes: Vec<u8>) -> Result<Trial, ActionError> {
    let conventions = run.conventions.clone().ok_or(ImportError::NotAnswered)?;
    let engine = Engine::load(work, conventions.as_of).await?;
    let (book, _) = open_book(&run.file_name, bytes).await?;
    let (book, draft, outcomes) = replayed(book, run.layouts.clone(), conventions.clone(), engine.clone()).await?;
    let (mut findings, broken) = rules::findings_of(&draft);
    let mut skipped: BTreeSet<usize> =
        (0..draft.loans.len()).filter(|at| broken.contains(&draft.loans[*at].no)).collect();
    findings.extend(rates(work, &draft, &conventions, &engine.context()).await?);
    let customers = standing_customers(work, &draft.customers).await?;
    let numbers: Vec<String> = draft.loans.iter().map(|l| l.no.clone()).collect();
    let standing = store::loans(&mut work.tx, &numbers).await?;
    let scope = work.authorise(super::RUN)?;
    for (at, finding) in refused_loans(work, &draft, &standing, &customers, scope).await? {
        if skipped.insert(at) {
            findings.push(finding);
        }
    }
    let keys: Vec<_> = standing.values().map(|s| s.key).collect();
    let mut booked = store::booked(&mut work.tx, &keys).await?;
    let summary = summarise(&draft, &skipped, &findings, &customers, &standing, &mut booked, &outcomes);
    sort(&mut findings, &draft);
    let glances = book::Glances::over(&book, &draft, conventions.days_of_year);
    for finding in &mut findings {
        finding.glance = glances.of(&finding.sheet, finding.row, finding.loan.as_deref());
    }
    Ok(Trial { draft, conventions, skipped, findings, summary })
}

async fn replayed(
    book: Workbook,
    layouts: Vec<SheetLayout>,
    conventions: Conventions,
    engine: Engine,
) -> Result<(Workbook, BookDraft, Vec<Outcome>), ActionError> {
    let all = tokio::task::spawn_blocking(move || {
        let mut draft = book::read(&book, &layouts, &conventions, &mut |_| {});
        let bands = rules::bands(&engine.grades(conventions.as_of));
        let outcomes = book::compare(&mut draft, &conventions, &engine.context(), &bands);
        (book, draft, outcomes)
    });
    all.await.map_err(|e| ActionError::Internal(e.to_string()))
}

/// Rates above the cap of the day on which each loan was made.
async fn rates(
    work: &mut Work,
    draft: &BookDraft,
    conventions: &Conventions,
    context: &Context<'_>,
) -> Result<Vec<Finding>, ActionError> {
    let in_force = platform::policies::in_force(work, conventions.as_of).await?;
    let found = draft.loans.iter().filter_map(|loan| {
        let terms = book::terms_of(loan, conventions);
        let rate = rules::all_in_ppm(loan, &terms, context);
        rules::rate_above_cap(in_force.edition(loan.disbursed_on), loan, rate, context)
    });
    Ok(found.collect())
}

/// The identity number of a customer of the book.
pub fn identity_of(customer: &CustomerDraft) -> Option<IdentityNo> {
    let kind = match customer.id_kind? {
        IdKind::ResidentId => IdentityKind::ResidentId,
        IdKind::Uscc => IdentityKind::SocialCreditCode,
    };
    IdentityNo::parse(kind, customer.id_no.as_deref()?).ok()
}

/// The key of a customer without identity number, as a blind index.
/// Rule `import.business-key`.
pub fn blind(work: &Work, key: &str) -> Result<String, ActionError> {
    Ok(work.app.vault()?.blind_index(&BookFile::of(key.as_bytes())))
}

/// Which customers of the book have a file already.
pub async fn standing_customers(
    work: &mut Work,
    customers: &[CustomerDraft],
) -> Result<Vec<Option<CustomerId>>, ActionError> {
    let mut indexes: Vec<(bool, String)> = Vec::with_capacity(customers.len());
    for customer in customers {
        indexes.push(match identity_of(customer) {
            Some(no) => (true, work.app.vault()?.blind_index(&Identity::from_clear(no.across_files()))),
            None => (false, blind(work, &customer.key)?),
        });
    }
    let with: Vec<&str> = indexes.iter().filter(|(by_number, _)| *by_number).map(|(_, i)| i.as_str()).collect();
    let without: Vec<String> = indexes.iter().filter(|(by_number, _)| !by_number).map(|(_, i)| i.clone()).collect();
    let by_number = customers::find_by_identities(&mut work.tx, &with).await?;
    let by_name = store::known(&mut work.tx, "customer", &without).await?;
    let find = |(number, index): &(bool, String)| {
        if *number { by_number.get(index).copied() } else { by_name.get(index).map(|(id, _)| *id) }
    };
    Ok(indexes.iter().map(find).collect())
}

/// Loans that cannot come in because of what stands in the ledger, or of another loan's contract.
async fn refused_loans(
    work: &mut Work,
    draft: &BookDraft,
    standing: &BTreeMap<String, Standing>,
    customers: &[Option<CustomerId>],
    scope: DataScope,
) -> Result<Vec<(usize, Finding)>, ActionError> {
    let mut refused = Vec::new();
    let known: Vec<CustomerId> = customers.iter().flatten().copied().collect();
    let merged = customers::merge::roots(&mut work.tx, &known).await?;
    let surviving: Vec<CustomerId> = merged.values().copied().collect();
    let surviving = customers::names(&mut work.tx, &surviving).await?;
    let mut contracts: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, loan) in draft.loans.iter().enumerate() {
        let borrower = customers.get(loan.borrower).copied().flatten();
        if let Some(there) = standing.get(&loan.no) {
            let (branch, team, manager) = there.owner;
            let same = there.principal == loan.principal
                && there.start_on == loan.disbursed_on
                && borrower == Some(there.key.customer)
                && scope.covers(branch, team, manager);
            if !same {
                refused.push((at, rules::of_loan(loan, Level::Refused, "loan_differs", Vec::new())));
            }
            continue;
        }
        // A file that was merged into another one gets no new loan (rule `customer.merge.gone`).
        if let Some((number, _)) = borrower.and_then(|id| surviving.get(merged.get(&id)?)) {
            let facts = vec![("customer".to_owned(), number.clone())];
            refused.push((at, rules::of_loan(loan, Level::Refused, "borrower_merged", facts)));
            continue;
        }
        let number = contract_number(loan);
        let first = *contracts.entry(number).or_insert(loan.borrower);
        let elsewhere = match platform::numbering::find(&mut work.tx, "contract", number).await? {
            Some((owner, _)) => borrower != Some(owner),
            None => false,
        };
        if first != loan.borrower || elsewhere {
            let facts = vec![("contract".to_owned(), number.to_owned())];
            refused.push((at, rules::of_loan(loan, Level::Refused, "contract_taken", facts)));
        }
    }
    Ok(refused)
}

/// The number of a loan's contract; a book without one calls the contract as the loan.
pub fn contract_number(loan: &book::LoanDraft) -> &str {
    loan.contract.as_deref().unwrap_or(&loan.no)
}

/// A transaction of the book as it is to be written.
pub struct Line<'a> {
    /// What the engine takes.
    pub fact: Transaction,
    /// Its business key within the loan.
    pub key: String,
    /// Where it stands in the file.
    pub draft: &'a TransactionDraft,
}

/// The transactions of one loan of the book, in order, with their keys.
///
/// A fee received gives two: the charge carries the key with an ending of its own.
pub fn lines(draft: &BookDraft, loan: usize) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for fact in book::transactions_of(draft, loan) {
        // Numbers are 2 × (place + 1), plus one for the payment that goes with a charge.
        let place = usize::try_from(fact.id / 2).ok().and_then(|n| n.checked_sub(1));
        let Some(of) = place.and_then(|place| draft.transactions.get(place)) else { continue };
        let charge = of.kind == TransactionKind::FeePaid && fact.id % 2 == 0;
        let key = if charge { format!("{}|charge", of.key) } else { of.key.clone() };
        lines.push(Line { fact, key, draft: of });
    }
    lines
}

/// Takes out what is recorded already, by its key or entered by hand with the same date and amount.
pub fn fresh<'a>(lines: Vec<Line<'a>>, there: &Standing, booked: &mut Booked) -> Vec<Line<'a>> {
    let loan = there.key.loan;
    let is_fresh = |mut line: Line<'a>| {
        if booked.keys.contains(&(loan, line.key.clone())) {
            return None;
        }
        let amount = crate::loan::model::amount_of(&line.fact.kind);
        let same = (loan, line.fact.kind.name().to_owned(), line.fact.on, amount);
        match booked.by_hand.get_mut(&same) {
            Some(left) if *left > 0 => {
                *left -= 1;
                None
            }
            Some(_) | None => {
                if let Some(voided) = booked.voided.get(&(loan, line.key.clone())) {
                    line.key = store::key_again(&line.key, *voided);
                }
                Some(line)
            }
        }
    };
    lines.into_iter().filter_map(is_fresh).collect()
}

fn summarise(
    draft: &BookDraft,
    skipped: &BTreeSet<usize>,
    findings: &[Finding],
    customers: &[Option<CustomerId>],
    standing: &BTreeMap<String, Standing>,
    booked: &mut Booked,
    outcomes: &[Outcome],
) -> Summary {
    let sum = |amounts: &mut dyn Iterator<Item = Fen>| Fen::checked_sum(amounts).unwrap_or(Fen(i64::MAX));
    let kept = |loan: usize| !skipped.contains(&loan);
    let loans = || (0..draft.loans.len()).filter(|at| kept(*at));
    let receipts = || draft.transactions.iter().filter(|t| kept(t.loan) && t.kind != TransactionKind::Disbursement);
    let (mut all_lines, mut fresh_lines) = (0, 0);
    for at in loans() {
        let own = lines(draft, at);
        all_lines += own.len();
        fresh_lines += match standing.get(&draft.loans[at].no) {
            Some(there) => fresh(own, there, booked).len(),
            None => own.len(),
        };
    }
    let rows: BTreeSet<(&str, Option<u32>)> =
        findings.iter().filter(|f| f.level == Level::Refused).map(|f| (f.sheet.as_str(), f.row)).collect();
    let outstanding = outcomes.iter().filter(|o| kept(o.loan)).filter_map(|o| o.position.as_ref().ok());
    let loans_existing = loans().filter(|at| standing.contains_key(&draft.loans[*at].no)).count();
    let customers_existing = customers.iter().flatten().count();
    Summary {
        customers: customers.len(),
        customers_existing,
        loans: loans().count(),
        loans_existing,
        principal: sum(&mut loans().map(|at| draft.loans[at].principal)),
        receipts: receipts().count(),
        transactions_existing: all_lines - fresh_lines,
        received: sum(&mut receipts().map(|t| t.amount)),
        guarantees: draft.guarantees.iter().filter(|g| kept(g.loan)).count(),
        collaterals: draft.collaterals.iter().filter(|c| kept(c.loan)).count(),
        refused_rows: rows.len(),
        warnings: findings.iter().filter(|f| f.level == Level::Warning).count(),
        outstanding: sum(&mut outstanding.map(|position| position.outstanding.principal)),
        anything_new: customers_existing < customers.len() || loans_existing < loans().count() || fresh_lines > 0,
    }
}

/// In the order of the workbook; refusals of a row before its warnings.
fn sort(findings: &mut [Finding], draft: &BookDraft) {
    let place = |name: &str| draft.layouts.iter().position(|l| l.sheet == name);
    findings.sort_by(|a, b| {
        (place(&a.sheet), a.row, a.level, a.column, &a.code).cmp(&(place(&b.sheet), b.row, b.level, b.column, &b.code))
    });
}
