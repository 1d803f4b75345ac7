//! What each row of a file would do to its loan. Pure.

use std::collections::{BTreeMap, BTreeSet};

use finance::{Fen, RepaymentMode};
use jiff::civil::Date;
use platform::locale::money;

use super::model::{BatchRow, Finding, Outcome};
use crate::book::{ReceiptDraft, ReceiptRow};
use crate::loan::model::{Channel, LoanFile, LoanKey, LoanTransaction, amount_of};
use crate::position::engine::Engine;
use crate::repayment::actions::NewRepayment;
use crate::repayment::rules::plan;

/// What stands in the ledger of the loans that a file names (台账现状).
#[derive(Debug, Default)]
pub struct Ledger {
    /// The loans by the number that the file gives; absent: no such loan for this person.
    pub loans: BTreeMap<String, LoanFile>,
    /// Their borrowers' names.
    pub names: BTreeMap<LoanKey, String>,
}

/// A file that was tried out (试算结果).
#[derive(Debug, Default)]
pub struct Trial {
    /// Its rows in order.
    pub rows: Vec<BatchRow>,
    /// The repayments of the good rows, each with its place.
    pub repayments: Vec<(usize, (LoanKey, NewRepayment))>,
    /// The good rows that settle a loan before its maturity: place, day, what settles it.
    pub early: Vec<(usize, Date, Fen)>,
    /// What is to be told of the sheets.
    pub told: Vec<Finding>,
}

/// A loan with the rows for it, each with its place.
type OfLoan<'a> = (&'a LoanFile, Vec<(usize, &'a ReceiptDraft)>);

/// Judges every row (逐行判断). Doubtful rows among `chosen` (places) count as good.
///
pub fn judge(
    read: &[ReceiptRow],
    ledger: &Ledger,
    engine: &Engine,
    business_date: Date,
    channel: Channel,
    chosen: &BTreeSet<usize>,
) -> Trial {
    let mut trial = Trial { rows: read.iter().map(blank).collect(), ..Trial::default() };
    let mut of_loan: BTreeMap<LoanKey, OfLoan<'_>> = BTreeMap::new();
    for (place, row) in read.iter().enumerate() {
        let Some(shown) = trial.rows.get_mut(place) else { continue };
        let draft = match &row.read {
            Ok(draft) => draft,
            Err(refusal) => {
                shown.findings.push(refusal.into());
                continue;
            }
        };
        let Some(file) = row.loan.as_ref().and_then(|no| ledger.loans.get(no)) else {
            shown.findings.push(Finding::new("loan-unknown", &[]));
            continue;
        };
        let key = file.loan.key;
        let name = ledger.names.get(&key).cloned().unwrap_or_default();
        if let Some(payer) = row.payer.as_ref().filter(|payer| **payer != name) {
            shown.findings.push(Finding::new("payer-differs", &[("payer", payer.clone()), ("name", name.clone())]));
        }
        if draft.rounded {
            shown.findings.push(Finding::new("rounded", &[]));
        }
        shown.loan = Some((key, name));
        of_loan.entry(key).or_insert_with(|| (file, Vec::new())).1.push((place, draft));
    }
    for (file, drafts) in of_loan.into_values() {
        let new = fresh(&mut trial.rows, file, &drafts, channel, chosen);
        plan_loan(&mut trial, engine, file, business_date, new);
    }
    trial.repayments.sort_by_key(|(place, _)| *place);
    trial
}

fn blank(row: &ReceiptRow) -> BatchRow {
    let draft = row.read.as_ref().ok();
    BatchRow {
        source: row.source.clone(),
        outcome: Outcome::Refused,
        loan_no: row.loan.clone().unwrap_or_default(),
        loan: None,
        on: draft.map(|d| d.on),
        amount: draft.map(|d| d.amount),
        due: None,
        settles: Vec::new(),
        findings: Vec::new(),
        transaction: None,
    }
}

/// The rows of one loan that are not in the ledger yet, as repayments; says of the others what they are.
///
/// Rule `repayment-batch.key`. Rule `repayment-batch.doubtful`.
fn fresh(
    rows: &mut [BatchRow],
    file: &LoanFile,
    drafts: &[(usize, &ReceiptDraft)],
    channel: Channel,
    chosen: &BTreeSet<usize>,
) -> Vec<(usize, NewRepayment)> {
    let mut booked = Booked::of(file);
    let mut equal: BTreeMap<(&str, Date, Fen), (u32, u32)> = BTreeMap::new();
    let mut new = Vec::new();
    for (place, draft) in drafts {
        let Some(row) = rows.get_mut(*place) else { continue };
        let (count, first) = equal.entry((draft.kind_name(), draft.on, draft.amount)).or_insert((0, row.source.row));
        *count += 1;
        if *count > 1 {
            row.findings.push(Finding::new("equal-rows", &[("first", first.to_string())]));
        }
        let key = draft.business_key(&file.loan.number, *count);
        if let Some(there) = booked.by_key(&key) {
            row.outcome = Outcome::Existing;
            row.transaction = Some(there.id);
            row.findings.push(Finding::new("existing", &[("number", there.number.clone())]));
            if let Some(by) = file.reversed_by(there.id) {
                row.findings.push(Finding::new("existing-reversed", &[("by", by.number.clone())]));
            }
            continue;
        }
        if let Some(there) = booked.by_hand(draft.on, draft.amount) {
            row.findings.push(Finding::new("by-hand", &[("number", there.number.clone())]));
            if !chosen.contains(place) {
                row.outcome = Outcome::Doubtful;
                row.transaction = Some(there.id);
                continue;
            }
        }
        let repayment = NewRepayment {
            on: draft.on,
            amount: draft.amount,
            mode: draft.mode,
            allocation: draft.allocation.clone(),
            channel,
            note: None,
            business_key: Some(booked.key_again(key)),
        };
        new.push((*place, repayment));
    }
    new
}

/// What the loan's rules say of its new repayments, one after the other.
fn plan_loan(
    trial: &mut Trial,
    engine: &Engine,
    file: &LoanFile,
    business_date: Date,
    new: Vec<(usize, NewRepayment)>,
) {
    let (places, repayments): (Vec<usize>, Vec<NewRepayment>) = new.into_iter().unzip();
    let planned = plan(engine, file, business_date, &repayments);
    for ((place, new), planned) in places.into_iter().zip(repayments).zip(planned) {
        let Some(row) = trial.rows.get_mut(place) else { continue };
        match planned {
            Ok(planned) => {
                row.outcome = Outcome::Good;
                row.findings.extend(beside_due(&new, planned.due));
                let credit = planned.credit();
                if credit.is_positive() {
                    row.findings.push(Finding::new("overpaid", &[("credit", money(credit))]));
                }
                if planned.settles_early {
                    trial.early.push((place, new.on, new.amount.checked_sub(credit).unwrap_or(new.amount)));
                }
                (row.due, row.settles) = (Some(planned.due), planned.allocations);
                trial.repayments.push((place, (file.loan.key, new)));
            }
            Err(error) => row.findings.push(Finding::refused(&error)),
        }
    }
}

/// A plain repayment that is not what was due: perhaps a wrong amount, perhaps a part.
fn beside_due(new: &NewRepayment, due: Fen) -> Option<Finding> {
    if new.mode != RepaymentMode::Regular || new.amount == due {
        return None;
    }
    let difference = new.amount.checked_sub(due)?;
    Some(match (due.is_zero(), difference.is_positive()) {
        (true, _) => Finding::new("nothing-due", &[]),
        (false, true) => Finding::new("more-than-due", &[("difference", money(difference))]),
        (false, false) => Finding::new("less-than-due", &[("difference", money(difference.magnitude()))]),
    })
}

/// What is recorded of a loan: by business key, and by hand.
struct Booked<'a> {
    keyed: BTreeMap<&'a str, &'a LoanTransaction>,
    /// How often a key was voided by undoing its import: it may come in again.
    voided: BTreeMap<&'a str, usize>,
    by_hand: Vec<&'a LoanTransaction>,
}

impl<'a> Booked<'a> {
    fn of(file: &'a LoanFile) -> Self {
        let mut booked = Self { keyed: BTreeMap::new(), voided: BTreeMap::new(), by_hand: Vec::new() };
        for transaction in &file.transactions {
            let reversal = file.reversed_by(transaction.id);
            match &transaction.business_key {
                Some(key) => {
                    let first = crate::import::store::first_key(key);
                    if reversal.is_some_and(|r| r.source == crate::import::undo::SOURCE) {
                        *booked.voided.entry(first).or_insert(0) += 1;
                    } else {
                        booked.keyed.insert(first, transaction);
                    }
                }
                None if reversal.is_none() && is_money(transaction) => booked.by_hand.push(transaction),
                None => {}
            }
        }
        booked
    }

    fn by_key(&self, key: &str) -> Option<&'a LoanTransaction> {
        self.keyed.get(key).copied()
    }

    /// A repayment entered by hand with this date and amount; each stands for one row.
    fn by_hand(&mut self, on: Date, amount: Fen) -> Option<&'a LoanTransaction> {
        let at = self.by_hand.iter().position(|t| t.fact.on == on && amount_of(&t.fact.kind) == amount)?;
        Some(self.by_hand.remove(at))
    }

    fn key_again(&self, key: String) -> String {
        match self.voided.get(key.as_str()) {
            Some(times) => crate::import::store::key_again(&key, *times),
            None => key,
        }
    }
}

fn is_money(transaction: &LoanTransaction) -> bool {
    use finance::TransactionKind::{Recover, Repay};
    matches!(transaction.fact.kind, Repay(_) | Recover { .. })
}
