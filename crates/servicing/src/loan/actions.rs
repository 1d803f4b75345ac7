//! Use cases of a loan: opening it, and applying what happens to it.

use std::collections::BTreeMap;

use finance::{Fen, Position, TransactionKind};
use jiff::civil::Date;
use platform::access::DataScope;
use platform::audit::Entry;
use platform::error::ActionError;
use platform::event::Event;
use platform::numbering;
use platform::work::Work;
use serde_json::json;

use super::model::{
    Channel, ContractId, LoanFile, LoanId, LoanKey, LoanState, NewLoan, NewTransaction, Seen, TransactionId, amount_of,
};
use super::store;
use crate::error::ServicingError;
use crate::position::customer_facts::borrowed_before;
use crate::position::engine::{self, Engine};

/// What a transaction made of a loan.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The transaction's key.
    pub id: TransactionId,
    /// 流水号.
    pub number: String,
    /// The loan with the transaction in it.
    pub file: LoanFile,
    /// Where it stands on the business date.
    pub position: Position,
}

/// Opens a loan: contract, terms, and the disbursement of its principal on the start date.
///
/// The full disbursement data stand in the ledger on the day of disbursement (S2.10-05).
pub async fn open(work: &mut Work, new: &NewLoan) -> Result<Applied, ActionError> {
    let all = new.terms.principal;
    open_under(work, new, Under { contract: None, contract_amount: all, drawn: Some(all) }).await
}

/// Under which contract a loan is opened, and how much of it is paid out at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Under {
    /// An existing contract of the customer; `None`: a new one.
    pub contract: Option<ContractId>,
    /// 合同金额 of a new contract.
    pub contract_amount: Fen,
    /// 首次放款; `None`: nothing is paid out yet.
    pub drawn: Option<Fen>,
}

/// Opens a loan under a new or an existing contract and pays out the first part of it, if any.
pub async fn open_under(work: &mut Work, new: &NewLoan, under: Under) -> Result<Applied, ActionError> {
    work.authorise("loan.open")?;
    if under.drawn.is_some() {
        work.authorise("loan.disburse")?;
    }
    customers::merge::refuse_gone(work, new.customer).await?;
    let key = LoanKey { customer: new.customer, loan: LoanId(work.next_id()) };
    if new.terms.start_on > work.business_date {
        let business_date = work.business_date;
        return Err(ServicingError::AfterBusinessDate { on: new.terms.start_on, business_date }.into());
    }
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    finance::schedule(&new.terms, &engine.context()).map_err(ServicingError::from)?;
    let contract = match under.contract {
        Some(contract) => contract,
        None => {
            let contract = ContractId(work.next_id());
            let given = new.contract_number.as_deref();
            let number = numbering::assign(work, "contract", given, new.customer, contract.0).await?;
            let detail = work.actor.origin.detail().to_owned();
            store::insert_contract(work, new, contract, under.contract_amount, &number, &detail).await?;
            contract
        }
    };
    let number = numbering::assign(work, "loan", new.number.as_deref(), new.customer, key.loan.0).await?;
    store::insert_loan(work, new, key, contract, &number).await?;
    let drawn = under.drawn.map(|amount| {
        NewTransaction::new(new.terms.start_on, TransactionKind::Disburse { amount }, Channel::BankTransfer)
    });
    let applied = match &drawn {
        Some(disbursement) => record(work, &engine, key, disbursement).await?,
        None => prepared(work, &engine, key, &number).await?,
    };
    let contract_number = store::contract_number(&mut work.tx, key).await?;
    work.audit(Entry::new(Some(key.customer), "loan.open", key.subject()).after(json!({
        "number": number, "contract": contract_number, "product": new.product, "principal": new.terms.principal,
        "drawn": under.drawn,
    })))
    .await?;
    if let Some(disbursement) = &drawn {
        emit(work, &applied, "loan_disbursed", disbursement).await?;
    }
    Ok(applied)
}

/// A loan of which nothing is paid out yet, with its position.
async fn prepared(work: &mut Work, engine: &Engine, key: LoanKey, number: &str) -> Result<Applied, ActionError> {
    let missing = || ServicingError::LoanNotFound { number: number.to_owned() };
    let file = store::load_file(&mut work.tx, key).await?.ok_or_else(missing)?;
    let position = engine::refresh(work, engine, &file, file.terms.start_on).await?;
    Ok(Applied { id: TransactionId(0), number: number.to_owned(), file, position })
}

/// Applies one thing that happened: refuses what makes no sense, then writes the fact, the position, the
/// audit entry and the event in one transaction. Every repayment, waiver, extension and reversal takes this way.
///
/// `seen` is what the person had of the loan on the screen.
pub async fn apply(
    work: &mut Work,
    key: LoanKey,
    seen: Option<Seen>,
    new: &NewTransaction,
    action: &'static str,
    event: &'static str,
) -> Result<Applied, ActionError> {
    if new.on > work.business_date {
        let business_date = work.business_date;
        return Err(ServicingError::AfterBusinessDate { on: new.on, business_date }.into());
    }
    match seen {
        Some(seen) => take_version(work, key, seen).await?,
        None => store::raise_versions(&mut work.tx, &[key]).await?,
    }
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let applied = record(work, &engine, key, new).await?;
    work.audit(
        Entry::new(Some(key.customer), action, key.subject())
            .after(json!({ "transaction": applied.number, "on": new.on, "kind": new.kind }))
            .reason(new.note.clone().unwrap_or_default()),
    )
    .await?;
    emit(work, &applied, event, new).await?;
    Ok(applied)
}

/// Writes the fact and what follows from it. The replay refuses before anything can be committed.
async fn record(work: &mut Work, engine: &Engine, key: LoanKey, new: &NewTransaction) -> Result<Applied, ActionError> {
    let number = numbering::next(work, "transaction", key.customer, key.loan.0).await?;
    let id = store::insert_transaction(work, key, &number, new).await?;
    let file = store::load_file(&mut work.tx, key)
        .await?
        .filter(|file| file.loan.state == LoanState::Active)
        .ok_or_else(|| ServicingError::LoanNotFound { number: key.loan.to_string() })?;
    let position = engine::refresh(work, engine, &file, changed_from(&file, new)).await?;
    Ok(Applied { id, number, file, position })
}

/// The first day that a transaction changes: its own, or that of the transaction it reverses.
fn changed_from(file: &LoanFile, new: &NewTransaction) -> Date {
    match &new.kind {
        TransactionKind::Reverse { target } => {
            file.transactions.iter().find(|t| t.fact.id == *target).map_or(new.on, |t| t.fact.on.min(new.on))
        }
        TransactionKind::Disburse { .. }
        | TransactionKind::Repay(_)
        | TransactionKind::Charge { .. }
        | TransactionKind::Waive { .. }
        | TransactionKind::ChangeRate { .. }
        | TransactionKind::Extend(_)
        | TransactionKind::Restructure(_)
        | TransactionKind::Suspend { .. }
        | TransactionKind::Misuse { .. }
        | TransactionKind::Accelerate
        | TransactionKind::WriteOff
        | TransactionKind::Recover { .. } => new.on,
    }
}

async fn emit(work: &mut Work, applied: &Applied, kind: &'static str, new: &NewTransaction) -> Result<(), ActionError> {
    emit_one(work, applied.file.loan.key, applied.id, &applied.position, kind, new).await
}

async fn emit_one(
    work: &mut Work,
    key: LoanKey,
    id: TransactionId,
    position: &Position,
    kind: &'static str,
    new: &NewTransaction,
) -> Result<(), ActionError> {
    let mut payload = json!({
        "loan": key.loan,
        "transaction": id,
        "amount": amount_of(&new.kind),
        "days_overdue": position.days_overdue,
        "overdue": position.overdue.total(),
        "paid_out": !position.disbursed.is_zero(),
    });
    // Whoever heeds a first loan is told whether this is the first money that the customer was ever lent.
    if let TransactionKind::Disburse { amount } = &new.kind {
        let first = position.disbursed == *amount && !borrowed_before(&mut work.tx, key).await?;
        payload["first"] = json!(first);
    }
    let event = Event { kind, customer: key.customer, subject: key.subject(), effective_on: new.on, payload };
    work.emit(event).await
}

/// Takes the loan's version, or says that it changed meanwhile and by what.
pub(crate) async fn take_version(work: &mut Work, key: LoanKey, seen: Seen) -> Result<(), ActionError> {
    match store::take_version(&mut work.tx, key, seen.version).await {
        Err(platform::db::StoreError::Stale { .. }) => {
            let latest = store::changes_since(&mut work.tx, key, seen.at).await?.map(Box::new);
            Err(ServicingError::LoanChanged { number: key.loan.to_string(), latest }.into())
        }
        other => Ok(other?),
    }
}

/// The loan with everything, if this person may see it under the action.
pub async fn load_within(work: &mut Work, key: LoanKey, action: &str) -> Result<LoanFile, ActionError> {
    let scope = work.authorise(action)?;
    let missing = || ServicingError::LoanNotFound { number: key.loan.to_string() };
    let file = store::load_file(&mut work.tx, key).await?.ok_or_else(missing)?;
    if !covers(&scope, &file) {
        return Err(missing().into());
    }
    Ok(file)
}

/// Many loans with everything, in the order of their keys, if this person may see each of them under the action.
///
/// Errors: the first that is missing or out of sight.
pub async fn load_many_within(work: &mut Work, keys: &[LoanKey], action: &str) -> Result<Vec<LoanFile>, ActionError> {
    let scope = work.authorise(action)?;
    let files = store::load_files(&mut work.tx, keys).await?;
    let seen = |key: &LoanKey| {
        files.binary_search_by_key(key, |file| file.loan.key).is_ok_and(|at| covers(&scope, &files[at]))
    };
    if let Some(unseen) = keys.iter().find(|key| !seen(key)) {
        return Err(ServicingError::LoanNotFound { number: unseen.loan.to_string() }.into());
    }
    Ok(files)
}

/// The loan of this number, if this person may see it under the action.
pub async fn find_within(work: &mut Work, number: &str, action: &str) -> Result<LoanFile, ActionError> {
    let missing = || ServicingError::LoanNotFound { number: number.to_owned() };
    let key = store::find_by_number(&mut work.tx, number).await?.ok_or_else(missing)?;
    match load_within(work, key, action).await {
        // The answer names what was asked for and does not tell whether it exists.
        Err(ActionError::Refused(refused)) if refused.code == "loan-not-found" => Err(missing().into()),
        other => other,
    }
}

fn covers(scope: &DataScope, file: &LoanFile) -> bool {
    scope.covers(file.loan.branch, file.loan.team, file.loan.manager)
}

/// Opens many loans at once (import, demo): as [`open`], with bulk statements and one audit entry with a digest.
/// Answers the keys in the order given.
///
/// Errors: the first refusal; nothing is written then.
pub async fn open_many(work: &mut Work, new: &[NewLoan]) -> Result<Vec<LoanKey>, ActionError> {
    work.authorise("loan.disburse")?;
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let detail = work.actor.origin.detail().to_owned();
    let mut keys = Vec::with_capacity(new.len());
    for loan in new {
        if loan.terms.start_on > today {
            return Err(ServicingError::AfterBusinessDate { on: loan.terms.start_on, business_date: today }.into());
        }
        finance::schedule(&loan.terms, &engine.context()).map_err(ServicingError::from)?;
        let key = LoanKey { customer: loan.customer, loan: LoanId(work.next_id()) };
        let contract = ContractId(work.next_id());
        let contract_number =
            numbering::assign(work, "contract", loan.contract_number.as_deref(), loan.customer, contract.0).await?;
        let number = numbering::assign(work, "loan", loan.number.as_deref(), loan.customer, key.loan.0).await?;
        store::insert_contract(work, loan, contract, loan.terms.principal, &contract_number, &detail).await?;
        store::insert_loan(work, loan, key, contract, &number).await?;
        keys.push(key);
    }
    let drawn: Vec<(LoanKey, NewTransaction)> = keys
        .iter()
        .zip(new)
        .map(|(key, loan)| {
            let kind = TransactionKind::Disburse { amount: loan.terms.principal };
            (*key, NewTransaction::new(loan.terms.start_on, kind, Channel::BankTransfer))
        })
        .collect();
    apply_many(work, &drawn, "loan.disburse", "loan_disbursed").await?;
    Ok(keys)
}

/// Applies many facts to many loans in one transaction: bulk insert, one replay a loan, an event a fact, and
/// one audit entry with a digest over the rows.
///
/// Errors: the first refusal, with its loan; nothing is written then.
pub async fn apply_many(
    work: &mut Work,
    facts: &[(LoanKey, NewTransaction)],
    action: &'static str,
    event: &'static str,
) -> Result<Vec<TransactionId>, ActionError> {
    if facts.is_empty() {
        return Ok(Vec::new());
    }
    let today = work.business_date;
    if let Some((_, late)) = facts.iter().find(|(_, fact)| fact.on > today) {
        return Err(ServicingError::AfterBusinessDate { on: late.on, business_date: today }.into());
    }
    let engine = Engine::load(work, today).await?;
    let ids = store::insert_transactions(work, facts).await?;
    let mut places: BTreeMap<LoanKey, Vec<usize>> = BTreeMap::new();
    for (at, (key, _)) in facts.iter().enumerate() {
        places.entry(*key).or_default().push(at);
    }
    let keys: Vec<LoanKey> = places.keys().copied().collect();
    for chunk in keys.chunks(BULK_LOANS) {
        store::raise_versions(&mut work.tx, chunk).await?;
        for file in store::load_files(&mut work.tx, chunk).await? {
            let own = &places[&file.loan.key];
            let since = own.iter().map(|at| facts[*at].1.on).min().unwrap_or(today);
            let position = engine::refresh(work, &engine, &file, since).await?;
            for at in own {
                emit_one(work, file.loan.key, ids[*at], &position, event, &facts[*at].1).await?;
            }
        }
    }
    let digest = platform::audit::digest(&format!("{facts:?}"));
    work.audit(Entry::new(None, action, format!("batch:{}", facts.len())).after(json!({
        "transactions": facts.len(), "loans": keys.len(), "digest": digest,
    })))
    .await?;
    Ok(ids)
}

/// Loans read at a time by bulk functions.
pub(crate) const BULK_LOANS: usize = 200;
