//! Writing what a trial found acceptable (写入): batches, each one transaction that is repeatable as a whole.
//!
//! A batch looks up what is there under its business keys and adds the rest. A kill between two batches, or in
//! the middle of one, loses nothing and repeats nothing: the next run goes over all batches again.

use std::collections::{BTreeMap, BTreeSet};

use customers::relation::actions::add_many;
use customers::relation::model::RelationId;
use customers::{CustomerKind, NewCustomer, NewRelation, RelationKind};
use finance::{Fen, TransactionKind};
use jiff::civil::Date;
use platform::access::Actor;
use platform::app::App;
use platform::audit::Entry;
use platform::error::ActionError;
use platform::event::Event;
use platform::id::{CustomerId, UserId};
use platform::work::Work;
use platform::{args, numbering};
use serde_json::json;

use super::actions::end_of_lease;
use super::model::Run;
use super::rules::ImportError;
use super::store::{self, Recorded, Standing};
use super::trial::{Line, Trial, blind, contract_number, fresh, identity_of, lines, standing_customers};
use crate::book::{CustomerDraft, LoanDraft, PartyKind, SecurityKind, terms_of};
use crate::loan::model::{Channel, ContractId, LoanId, LoanKey, NewLoan, Security, TransactionId, amount_of};
use crate::loan::store as loans;
use crate::position::engine::{self, Engine};
use crate::security::model::{CollateralKind, GuaranteeKind, NewSecurity, SecurityRow};
use crate::security::store as securities;
use crate::total::dated;

/// Customers of one batch.
const CUSTOMERS: usize = 500;
/// Loans of one batch.
const LOANS: usize = 50;
/// The longest name, address and note that a file takes (`customers`); a book's longer text is cut.
const LONGEST: (usize, usize, usize) = (100, 200, 2_000);

/// Where the writing stops early: for tests of a kill.
pub type StopAfter = Option<usize>;
/// Who is told how many loans of how many are dealt with.
pub type Tell<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Writes everything acceptable. Answers whether all batches are done.
pub async fn write_all(
    app: &App,
    actor: &Actor,
    run: &Run,
    trial: &Trial,
    holder: i64,
    (stop_after, tell): (StopAfter, Tell<'_>),
) -> Result<bool, ActionError> {
    let mut batches = 0;
    let mut stop = || {
        batches += 1;
        stop_after.is_some_and(|most| batches > most)
    };
    let mut customers = Vec::with_capacity(trial.draft.customers.len());
    for chunk in trial.draft.customers.chunks(CUSTOMERS) {
        if stop() {
            return Ok(false);
        }
        let mut work = held(app, actor, holder).await?;
        customers.extend(write_customers(&mut work, run, chunk).await?);
        work.commit().await?;
    }
    let places: Vec<usize> = (0..trial.draft.loans.len()).filter(|at| !trial.skipped.contains(at)).collect();
    for (batch, chunk) in places.chunks(LOANS).enumerate() {
        if stop() {
            return Ok(false);
        }
        let mut work = held(app, actor, holder).await?;
        work.authorise(super::RUN)?;
        write_loans(&mut work, run, trial, &customers, chunk).await?;
        store::mark(&mut work.tx, run.id, batch * LOANS + chunk.len()).await?;
        work.commit().await?;
        tell(batch * LOANS + chunk.len(), places.len());
    }
    Ok(true)
}

/// A transaction of the writer; one that lost the right to write writes nothing. Rule `import.one-writer`.
async fn held(app: &App, actor: &Actor, holder: i64) -> Result<Work, ActionError> {
    let mut work = Work::begin(app, actor.clone()).await?;
    let until = end_of_lease(work.now);
    if !store::keep_lease(&mut work.tx, holder, until).await? {
        return Err(ImportError::LeaseLost.into());
    }
    Ok(work)
}

fn manager(actor: &Actor) -> Result<UserId, ActionError> {
    Ok(actor.user.ok_or(ImportError::NobodyManages)?)
}

/// Opens the files that are missing; the keys of all, in their order.
async fn write_customers(work: &mut Work, run: &Run, drafts: &[CustomerDraft]) -> Result<Vec<CustomerId>, ActionError> {
    let there = standing_customers(work, drafts).await?;
    let missing: Vec<&CustomerDraft> =
        drafts.iter().zip(&there).filter(|(_, id)| id.is_none()).map(|(d, _)| d).collect();
    let manager = manager(&work.actor)?;
    let news: Vec<NewCustomer> = missing.iter().map(|draft| new_customer(work, draft, manager)).collect();
    let opened = customers::open_many(work, super::RUN, &news).await?;
    let mut records = Vec::new();
    for (draft, opened) in missing.iter().zip(&opened).filter(|(_, opened)| !opened.existed) {
        let key = blind(work, &draft.key)?;
        records.push(Recorded { kind: "customer", key, customer: opened.id, row: opened.id.0 });
    }
    store::record(&mut work.tx, run.id, &records).await?;
    let mut opened = opened.into_iter();
    let ids: Option<Vec<CustomerId>> =
        there.into_iter().map(|id| id.or_else(|| opened.next().map(|opened| opened.id))).collect();
    ids.ok_or_else(|| ActionError::Internal("fewer customers were opened than were asked for".to_owned()))
}

fn new_customer(work: &Work, draft: &CustomerDraft, manager: UserId) -> NewCustomer {
    let clip = |text: &str, most: usize| -> String {
        text.chars().filter(|c| !c.is_control()).take(most).collect::<String>().trim().to_owned()
    };
    NewCustomer {
        kind: match draft.kind {
            PartyKind::Person => CustomerKind::Person,
            PartyKind::Company => CustomerKind::Company,
        },
        name: clip(&draft.name, LONGEST.0),
        aliases: draft.aliases.iter().map(|alias| clip(alias, LONGEST.0)).collect(),
        identity: identity_of(draft),
        nationality: None,
        phone: draft.phone.clone(),
        address: draft.address.as_deref().map(|text| clip(text, LONGEST.1)),
        note: draft.note.as_deref().map(|text| clip(text, LONGEST.2)),
        branch: work.actor.branch,
        team: work.actor.team,
        manager,
        number: None,
    }
}

/// What a batch of loans adds.
#[derive(Default)]
struct Added {
    loans: usize,
    transactions: usize,
    /// The first day that changes, loan by loan.
    since: BTreeMap<LoanKey, Date>,
    records: Vec<Recorded>,
}

async fn write_loans(
    work: &mut Work,
    run: &Run,
    trial: &Trial,
    customers: &[CustomerId],
    places: &[usize],
) -> Result<(), ActionError> {
    let draft = &trial.draft;
    let numbers: Vec<String> = places.iter().map(|at| draft.loans[*at].no.clone()).collect();
    let standing = store::loans(&mut work.tx, &numbers).await?;
    let there: Vec<LoanKey> = standing.values().map(|s| s.key).collect();
    let mut booked = store::booked(&mut work.tx, &there).await?;
    let mut added = Added::default();
    let mut facts: Vec<(LoanKey, Line<'_>)> = Vec::new();
    let mut keys: BTreeMap<usize, LoanKey> = BTreeMap::new();
    for at in places {
        let (loan, own) = (&draft.loans[*at], lines(draft, *at));
        let borrower = *customers.get(loan.borrower).ok_or_else(|| lost(loan))?;
        let (key, own) = match standing.get(&loan.no) {
            // Between trial and writing somebody gave the number to another loan: leave it alone.
            Some(other) if other.key.customer != borrower => continue,
            Some(there) => (there.key, fresh(own, there, &mut booked)),
            None => {
                let key = open_loan(work, run, trial, *at, borrower, &mut added).await?;
                (key, own)
            }
        };
        keys.insert(*at, key);
        if let Some(first) = own.iter().map(|line| line.fact.on).min() {
            added.since.insert(key, first);
        }
        facts.extend(own.into_iter().map(|line| (key, line)));
    }
    added.transactions = facts.len();
    write_transactions(work, run, facts).await?;
    write_relations(work, run, trial, customers, &keys, &standing).await?;
    write_guarantees(work, run, trial, &keys, &mut added).await?;
    write_collaterals(work, run, trial, customers, &keys, &mut added).await?;
    store::record(&mut work.tx, run.id, &added.records).await?;
    refresh(work, &added).await?;
    if added.loans + added.transactions > 0 {
        let digest = platform::audit::digest(&format!("{numbers:?} {:?}", added.since));
        let state = json!({ "loans": added.loans, "transactions": added.transactions, "digest": digest });
        work.audit(Entry::new(None, "import.write", run.subject()).after(state)).await?;
    }
    Ok(())
}

fn lost(loan: &LoanDraft) -> ActionError {
    ActionError::Internal(format!("loan {} names a party that is not in its book", loan.no))
}

/// Contract, loan, terms and their numbers.
async fn open_loan(
    work: &mut Work,
    run: &Run,
    trial: &Trial,
    at: usize,
    borrower: CustomerId,
    added: &mut Added,
) -> Result<LoanKey, ActionError> {
    let draft = &trial.draft.loans[at];
    let key = LoanKey { customer: borrower, loan: LoanId(work.next_id()) };
    let new = NewLoan {
        customer: borrower,
        number: Some(draft.no.clone()),
        contract_number: Some(contract_number(draft).to_owned()),
        product: trial.conventions.product.clone(),
        purpose: draft.purpose.clone().unwrap_or_default(),
        security: security_of(trial, at),
        terms: terms_of(draft, &trial.conventions),
        signed_on: draft.disbursed_on,
        branch: work.actor.branch,
        team: work.actor.team,
        manager: manager(&work.actor)?,
        note: draft.note.clone(),
    };
    let contract = match numbering::find(&mut work.tx, "contract", contract_number(draft)).await? {
        Some((_, id)) => ContractId(id),
        None => {
            let id = ContractId(work.next_id());
            let number = numbering::claim(work, "contract", contract_number(draft), borrower, id.0).await?;
            insert_contract(work, run, trial, &new, id, &number).await?;
            id
        }
    };
    let number = numbering::claim(work, "loan", &draft.no, borrower, key.loan.0).await?;
    loans::insert_loan(work, &new, key, contract, &number).await?;
    added.loans += 1;
    added.records.push(Recorded { kind: "loan", key: draft.key.clone(), customer: borrower, row: key.loan.0 });
    let event = Event {
        kind: "loan_imported",
        customer: borrower,
        subject: key.subject(),
        effective_on: work.business_date,
        payload: json!({ "loan": key.loan, "import": run.id }),
    };
    work.emit(event).await?;
    Ok(key)
}

/// A contract over all loans of the book that name it.
async fn insert_contract(
    work: &mut Work,
    run: &Run,
    trial: &Trial,
    new: &NewLoan,
    id: ContractId,
    number: &str,
) -> Result<(), ActionError> {
    let listed = trial.draft.contracts.iter().find(|contract| contract.no == number);
    let under = listed.iter().flat_map(|contract| &contract.loans).filter_map(|at| trial.draft.loans.get(*at));
    let sum = Fen::checked_sum(under.map(|loan| loan.principal)).unwrap_or_default();
    let amount = if sum.is_positive() { sum } else { new.terms.principal };
    Ok(loans::insert_contract(work, new, id, amount, number, &run.id.to_string()).await?)
}

/// What the sheet says, else what stands behind the loan in the book.
fn security_of(trial: &Trial, at: usize) -> Security {
    match trial.draft.loans[at].security {
        Some(SecurityKind::Credit) => return Security::Credit,
        Some(SecurityKind::Guaranteed) => return Security::Guarantee,
        Some(SecurityKind::Mortgage) => return Security::Mortgage,
        Some(SecurityKind::Pledge) => return Security::Pledge,
        None => {}
    }
    let guaranteed = trial.draft.guarantees.iter().any(|g| g.loan == at);
    let thing = trial.draft.collaterals.iter().find(|c| c.loan == at).map(|c| c.kind);
    match (guaranteed, thing) {
        (true, Some(_)) => Security::Mixed,
        (true, None) => Security::Guarantee,
        (false, Some(SecurityKind::Pledge)) => Security::Pledge,
        (false, Some(_)) => Security::Mortgage,
        (false, None) => Security::Credit,
    }
}

/// The transactions of the batch, their numbers taken as one series; each names its row of the file.
async fn write_transactions(work: &mut Work, run: &Run, facts: Vec<(LoanKey, Line<'_>)>) -> Result<(), ActionError> {
    let of: Vec<(CustomerId, i64)> = facts.iter().map(|(key, _)| (key.customer, key.loan.0)).collect();
    if of.is_empty() {
        return Ok(());
    }
    let numbers = numbering::next_many(work, "transaction", &of).await?;
    let mut rows = Vec::with_capacity(facts.len());
    let mut received: Vec<(CustomerId, i64)> = Vec::new();
    for ((key, line), number) in facts.iter().zip(numbers) {
        let id = TransactionId(work.next_id());
        let kind = &line.fact.kind;
        if dated::RECEIVED.contains(&kind.name()) {
            received.push((key.customer, id.0));
        }
        let body = serde_json::to_string(kind).map_err(|e| ActionError::Internal(e.to_string()))?;
        let channel = match kind {
            TransactionKind::Disburse { .. } | TransactionKind::Repay(_) | TransactionKind::Recover { .. } => {
                Channel::BankTransfer
            }
            _ => Channel::Book,
        };
        rows.push(args![
            key.customer,
            key.loan,
            id,
            number,
            kind.name(),
            line.fact.on,
            id,
            amount_of(kind),
            body,
            line.key,
            channel,
            work.now,
            work.actor.recorded_by(),
            work.actor.origin.as_str(),
            run.detail(&line.draft.source)
        ]);
    }
    work.tx
        .write_rows(
            "insert into loan_transaction (customer_id, loan_id, id, number, kind, effective_on, ordinal, amount_fen, \
             body_json, business_key, channel, recorded_at, recorded_by, source, source_detail)",
            "",
            rows,
        )
        .await?;
    dated::received(&mut work.tx, &received).await?;
    Ok(())
}

/// Joint borrowers as related parties of the borrower, for the loans that are new.
async fn write_relations(
    work: &mut Work,
    run: &Run,
    trial: &Trial,
    customers: &[CustomerId],
    keys: &BTreeMap<usize, LoanKey>,
    standing: &BTreeMap<String, Standing>,
) -> Result<(), ActionError> {
    let mut news: Vec<(CustomerId, NewRelation)> = Vec::new();
    for (at, key) in keys {
        let loan = &trial.draft.loans[*at];
        if standing.contains_key(&loan.no) {
            continue;
        }
        for party in &loan.co_borrowers {
            let is_self = customers.get(*party) == Some(&key.customer);
            let twice = news.iter().any(|(c, n)| *c == key.customer && n.name == trial.draft.customers[*party].name);
            if !is_self && !twice {
                let party = &trial.draft.customers[*party];
                news.push((key.customer, relation(party, RelationKind::CoBorrower, loan.disbursed_on)));
            }
        }
    }
    add_relations(work, run, &news).await?;
    Ok(())
}

/// Adds related parties and notes that this run brought them.
async fn add_relations(
    work: &mut Work,
    run: &Run,
    news: &[(CustomerId, NewRelation)],
) -> Result<Vec<RelationId>, ActionError> {
    let added = add_many(work, super::RUN, news).await?;
    let of: Vec<(CustomerId, i64)> = news.iter().zip(&added).map(|((customer, _), id)| (*customer, id.0)).collect();
    store::record_relations(&mut work.tx, run.id, &of).await?;
    Ok(added)
}

fn relation(party: &CustomerDraft, kind: RelationKind, since: Date) -> NewRelation {
    NewRelation {
        kind,
        name: party.name.clone(),
        identity: identity_of(party),
        share_ppm: None,
        since,
        consented_on: None,
        note: None,
    }
}

/// Guarantees that did not come in before, the guarantor as a related party of the borrower.
async fn write_guarantees(
    work: &mut Work,
    run: &Run,
    trial: &Trial,
    keys: &BTreeMap<usize, LoanKey>,
    added: &mut Added,
) -> Result<(), ActionError> {
    let draft = &trial.draft;
    let mut all = Vec::new();
    for g in &draft.guarantees {
        if let Some(key) = keys.get(&g.loan) {
            all.push((blind(work, &g.key)?, *key, g));
        }
    }
    let there = known(work, "guarantee", all.iter().map(|(key, ..)| key)).await?;
    all.retain(|(key, ..)| !there.contains(key));
    let relations: Vec<(CustomerId, NewRelation)> = all
        .iter()
        .map(|(_, key, g)| {
            let party = &draft.customers[g.guarantor];
            (key.customer, relation(party, RelationKind::Guarantor, draft.loans[g.loan].disbursed_on))
        })
        .collect();
    let relations = add_relations(work, run, &relations).await?;
    let mut rows = Vec::new();
    for ((blinded, key, g), relation) in all.into_iter().zip(relations) {
        let new = NewSecurity::Guarantee {
            // Where nothing was agreed of the kind, the guarantor answers second. Rule `import.guarantee-kind`.
            kind: GuaranteeKind::General,
            guarantor: draft.customers[g.guarantor].name.clone(),
            amount: Some(g.amount),
            until: None,
        };
        let (id, on) = (work.next_id(), draft.loans[g.loan].disbursed_on);
        rows.push(SecurityRow { id, key, new, relation: Some(relation), on, detail: run.detail(&g.source) });
        added.records.push(Recorded { kind: "guarantee", key: blinded, customer: key.customer, row: id });
    }
    securities::insert(work, &rows).await?;
    Ok(())
}

/// Collateral that did not come in before, an owner other than the borrower as a related party.
async fn write_collaterals(
    work: &mut Work,
    run: &Run,
    trial: &Trial,
    customers: &[CustomerId],
    keys: &BTreeMap<usize, LoanKey>,
    added: &mut Added,
) -> Result<(), ActionError> {
    let draft = &trial.draft;
    let mut all = Vec::new();
    for c in &draft.collaterals {
        if let Some(key) = keys.get(&c.loan) {
            all.push((blind(work, &c.key)?, *key, c));
        }
    }
    let there = known(work, "collateral", all.iter().map(|(key, ..)| key)).await?;
    all.retain(|(key, ..)| !there.contains(key));
    let (mut rows, mut owners) = (Vec::new(), Vec::new());
    for (blinded, key, c) in all {
        let (id, on) = (work.next_id(), draft.loans[c.loan].disbursed_on);
        let owner = c.owner.and_then(|at| draft.customers.get(at));
        let new = NewSecurity::Collateral {
            kind: if c.kind == SecurityKind::Pledge { CollateralKind::Pledge } else { CollateralKind::Mortgage },
            thing: c.description.clone(),
            owner: owner.map(|o| o.name.clone()),
            value: c.value,
        };
        if let (Some(at), Some(owner), Some((_, kind))) = (c.owner, owner, new.party())
            && customers.get(at) != Some(&key.customer)
        {
            owners.push((key.customer, relation(owner, kind, on)));
        }
        rows.push(SecurityRow { id, key, new, relation: None, on, detail: run.detail(&c.source) });
        added.records.push(Recorded { kind: "collateral", key: blinded, customer: key.customer, row: id });
    }
    securities::insert(work, &rows).await?;
    add_relations(work, run, &owners).await?;
    Ok(())
}

/// Which of these keys came in before.
async fn known(
    work: &mut Work,
    kind: &'static str,
    keys: impl Iterator<Item = &String>,
) -> Result<BTreeSet<String>, ActionError> {
    let keys: Vec<String> = keys.cloned().collect();
    Ok(store::known(&mut work.tx, kind, &keys).await?.into_keys().collect())
}

/// Positions and their history from the first transaction to the business date.
async fn refresh(work: &mut Work, added: &Added) -> Result<(), ActionError> {
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let keys: Vec<LoanKey> = added.since.keys().copied().collect();
    for file in loans::load_files(&mut work.tx, &keys).await? {
        let since = added.since.get(&file.loan.key).copied().unwrap_or(today);
        engine::refresh(work, &engine, &file, since).await?;
    }
    Ok(())
}
