//! From a draft loan to what the engine computes with: terms and transactions under the book's conventions.

use finance::{
    AllocationPart, AllocationTerms, DayCount, Fen, Head, InterestBy, InterestTerms, Method, OverdueTerms, PenaltyRate,
    Rate, Repayment, RepaymentDay, RepaymentMode, Stub, Terms, Transaction, TransactionKind as EngineKind,
};

use super::conventions::Conventions;
use super::draft::{BookDraft, LoanDraft, PrepaymentMode, RepaymentMethod, Stated, TransactionDraft, TransactionKind};

/// The terms of a loan (借款条件) as the book and the conventions have it.
pub fn terms_of(loan: &LoanDraft, conventions: &Conventions) -> Terms {
    let method = match loan.method {
        RepaymentMethod::EqualInstalment => Method::EqualInstalment,
        RepaymentMethod::EqualPrincipal => Method::EqualPrincipal,
        RepaymentMethod::Flat => Method::Flat,
        RepaymentMethod::InterestOnly => Method::InterestOnly,
        RepaymentMethod::Bullet => Method::Bullet,
    };
    let rate = Rate::per_year(loan.annual_rate_e9);
    let mut terms = Terms::new(method, loan.principal, loan.disbursed_on, loan.periods, rate);
    terms.repayment_day = RepaymentDay::Fixed(loan.repayment_day);
    terms.maturity_on = Some(loan.maturity_on);
    terms.first_due_on = (loan.method != RepaymentMethod::Bullet).then_some(loan.first_due_on);
    terms.interest = interest_of(loan);
    terms.allocation = AllocationTerms { order: Some(conventions.order()), overdue_order: None };
    terms.overdue = OverdueTerms {
        penalty: conventions.penalty_uplift_ppm.map(PenaltyRate::Uplift),
        day_count: conventions.penalty_day_count,
        ..OverdueTerms::default()
    };
    terms
}

/// Whole periods at the periodic rate under 30/360, whatever their days; every day counts under the others.
fn interest_of(loan: &LoanDraft) -> InterestTerms {
    let by = match loan.day_count {
        DayCount::Thirty360 | DayCount::WholeMonths => InterestBy::Period,
        DayCount::Act360 | DayCount::Act365 | DayCount::Act364 | DayCount::ActAct => InterestBy::Day,
    };
    InterestTerms { day_count: loan.day_count, by, stub: Stub::Whole, ..InterestTerms::default() }
}

/// The transactions of a loan for the engine, in their order.
///
/// Numbers are 2 × the place in the draft, plus one for the repayment that goes with a charge.
pub fn transactions_of(draft: &BookDraft, loan: usize) -> Vec<Transaction> {
    // They stand loan by loan: a large book is not searched from its beginning for each of its loans.
    let first = draft.transactions.partition_point(|t| t.loan < loan);
    let own = draft.transactions.iter().enumerate().skip(first).take_while(|(_, t)| t.loan == loan);
    own.flat_map(|(at, transaction)| engine_transactions(at, transaction)).collect()
}

fn engine_transactions(at: usize, draft: &TransactionDraft) -> Vec<Transaction> {
    let id = u64::try_from(at).unwrap_or(u64::MAX / 4).saturating_mul(2).saturating_add(2);
    let one = |kind| vec![Transaction::new(id, draft.on, kind)];
    let amount = draft.amount;
    let repay = |mode| EngineKind::Repay(Repayment { amount, mode, allocation: parts(draft.stated) });
    match draft.kind {
        TransactionKind::Disbursement => one(EngineKind::Disburse { amount }),
        TransactionKind::Repayment | TransactionKind::Rollover => one(repay(RepaymentMode::Regular)),
        TransactionKind::Prepayment(PrepaymentMode::Reduce) => one(repay(RepaymentMode::Reduce)),
        TransactionKind::Prepayment(PrepaymentMode::Shorten) => one(repay(RepaymentMode::Shorten)),
        TransactionKind::Prepayment(PrepaymentMode::Settle) => one(repay(RepaymentMode::Settle)),
        TransactionKind::FeeCharge => one(EngineKind::Charge { head: Head::Fee, amount, due_on: None }),
        // A fee that a book records as received was owed on that day: the charge comes with the money.
        TransactionKind::FeePaid => {
            let allocation = vec![AllocationPart { head: Head::Fee, amount, instalment: None }];
            let paid = Repayment { amount, mode: RepaymentMode::Regular, allocation };
            vec![
                Transaction::new(id, draft.on, EngineKind::Charge { head: Head::Fee, amount, due_on: None }),
                Transaction::new(id.saturating_add(1), draft.on, EngineKind::Repay(paid)),
            ]
        }
        TransactionKind::WriteOff => one(EngineKind::WriteOff),
        TransactionKind::Recovery => one(EngineKind::Recover { amount, allocation: parts(draft.stated) }),
    }
}

/// What a payment is stated to pay, as the engine takes it.
pub(super) fn parts(stated: Option<Stated>) -> Vec<AllocationPart> {
    let Some(stated) = stated else { return Vec::new() };
    let all = [
        (Head::Fee, stated.fee),
        (Head::Penalty, stated.penalty),
        (Head::Interest, stated.interest),
        (Head::Principal, stated.principal),
    ];
    let given = all.into_iter().filter(|(_, amount)| *amount != Fen::ZERO);
    given.map(|(head, amount)| AllocationPart { head, amount, instalment: None }).collect()
}
