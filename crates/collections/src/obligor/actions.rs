//! Who owes in a customer's file, and who of them a claim can be put to.

use std::collections::BTreeMap;

use customers::relation::model::{Relation, RelationId, RelationKind};
use customers::relation::store as relations;
use customers::{Customer, merge};
use finance::Fen;
use jiff::civil::Date;
use platform::db::{StoreError, Tx};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::work::Work;
use servicing::loan::model::LoanKey;
use servicing::loan::store as loans;
use servicing::security::store as securities;

use super::model::{Obligor, Owes, Role};
use super::rules;
use crate::agreement::model::{Agreement, AgreementState, Signer};
use crate::agreement::store as agreements;
use crate::case::model::CaseError;
use crate::dossier::model::{Block, standing};
use crate::dossier::store as dossiers;
use crate::guard::store::lock_person;
use crate::known::Known;
use crate::letter::store as letters;

/// The most loans of a customer whose payments are looked at.
const LOANS: i64 = 500;

/// Everybody who stands to the debt of a customer that is pursued. Whoever calls has authorised the file.
///
/// # Errors
/// The store's.
pub async fn of(work: &mut Work, customer: CustomerId) -> Result<Vec<Obligor>, ActionError> {
    let keys = crate::case::store::pursued(&mut work.tx, customer).await?;
    if !keys.is_empty() {
        return of_loans(work, customer, &keys).await;
    }
    // A case that stands before anything is due: whoever secures the loans that run does not answer yet.
    let running = crate::case::store::running(&mut work.tx, customer).await?;
    let mut all = of_loans(work, customer, &running).await?;
    rules::before_due(&mut all);
    Ok(all)
}

/// As [`of`], for these loans: who secures another one does not answer for them.
///
/// # Errors
/// The store's.
pub async fn of_loans(work: &mut Work, customer: CustomerId, keys: &[LoanKey]) -> Result<Vec<Obligor>, ActionError> {
    let file = customers::load(&mut work.tx, customer).await?.ok_or(CaseError::NotFound)?;
    let related = relations::of_customer(&mut work.tx, customer).await?;
    let owing = dossiers::owing(work, customer).await?;
    let dead = dead_since(&mut work.tx, customer).await?.is_some();
    let lines = securities::lines_of(&mut work.tx, keys).await?.into_values().flatten().collect::<Vec<_>>();
    Ok(rules::of(&file, &related, (&owing, dead), (&lines, work.business_date)))
}

/// As [`of_loans`], as it stood at the end of a day and was known then: who was entered later is left out, and who was taken out
/// later still stands.
///
/// # Errors
/// The store's.
pub async fn known_of_loans(
    work: &mut Work,
    file: &Customer,
    keys: &[LoanKey],
    known: Known,
) -> Result<Vec<Obligor>, ActionError> {
    let mut related = relations::known(&mut work.tx, file.id, known.at).await?;
    related.retain(|one| one.since <= known.on);
    for one in &mut related {
        one.ended_on = one.ended_on.filter(|_| !known.stood(one.ended_on));
    }
    let owing = dossiers::owing_on(work, file.id, known.on).await?;
    let dead = dossiers::dead_on(&mut work.tx, file.id, known.on).await?.is_some();
    let lines = securities::lines_known(&mut work.tx, keys, (known.on, known.at)).await?;
    let lines = lines.into_values().flatten().collect::<Vec<_>>();
    Ok(rules::of(file, &related, (&owing, dead), (&lines, known.on)))
}

/// Those of a file who owe this loan: a co-borrower from the day on which the file names it, a spouse for the contract that
/// legal decided about (S2.5-23, S2.5-25).
///
/// # Errors
/// The store's; a seal that is broken.
pub async fn of_loan(work: &mut Work, key: LoanKey) -> Result<Vec<Obligor>, ActionError> {
    let file = loans::load_file(&mut work.tx, key).await?.ok_or(CaseError::NotFound)?;
    let (_, signed_on) = loans::contract_of(&mut work.tx, key).await?;
    let mut all = of_loans(work, key.customer, &[key]).await?;
    if all.iter().any(|one| one.role == Role::Spouse) {
        let entries = dossiers::of_customer(work, key.customer).await?;
        let decided = standing(&entries).into_iter().filter(|one| one.block == Block::Spouse);
        let about = decided.filter(|one| one.content.day("signed_on") == Some(signed_on));
        let found: BTreeMap<_, _> =
            about.filter_map(|one| Some((one.relation?, Owes::of_outcome(&one.outcome)))).collect();
        for spouse in all.iter_mut().filter(|one| one.role == Role::Spouse) {
            // What was found about another contract decides nothing about this one.
            let known = spouse.relation.and_then(|relation| found.get(&relation));
            spouse.owes = known.copied().unwrap_or(Owes::Unclear);
        }
    }
    all.retain(|one| one.role != Role::CoBorrower || one.since.is_none_or(|since| since <= file.loan.start_on));
    Ok(all)
}

/// Those who can be written to about a loan as owing besides the debtor and the guarantors: co-borrowers, spouses, heirs
/// (S2.5-23).
///
/// # Errors
/// As [`of_loan`].
pub async fn addressees(work: &mut Work, key: LoanKey) -> Result<Vec<Obligor>, ActionError> {
    let mut all = of_loan(work, key).await?;
    all.retain(|one| {
        one.owes == Owes::Yes
            && matches!(one.role, Role::CoBorrower | Role::Spouse | Role::Heir)
            && one.relation.is_some()
    });
    // A spouse who owes the whole is not asked for less as an heir.
    let whole: Vec<_> = all.iter().filter(|one| one.cap.is_none()).map(|one| one.relation).collect();
    all.retain(|one| one.cap.is_none() || !whole.contains(&one.relation));
    Ok(all)
}

/// The key and the day of the entry that made the death known which stands, over the files that are one customer.
async fn dead_since(tx: &mut Tx, customer: CustomerId) -> Result<Option<(i64, Date)>, StoreError> {
    let mut first: Option<(i64, Date)> = None;
    for file in merge::same(tx, customer).await? {
        if let Some((entry, on)) = dossiers::dead_since(tx, file).await? {
            first = Some(first.map_or((entry.0, on), |known| known.min((entry.0, on))));
        }
    }
    Ok(first)
}

/// What came in on each loan since the day on which the death became known, over the files that are one customer.
async fn paid_since(tx: &mut Tx, files: &[CustomerId], on: Date) -> Result<BTreeMap<LoanKey, Fen>, StoreError> {
    let mut found = BTreeMap::new();
    for file in files {
        for loan in loans::of_customer(tx, *file, LOANS).await? {
            let days = agreements::paid(tx, loan, on).await?;
            let sum = Fen::checked_sum(days.into_iter().map(|(_, paid)| paid)).unwrap_or(Fen(i64::MAX));
            found.insert(loan, sum);
        }
    }
    Ok(found)
}

/// Takes the debtor: whoever records an estate, shares of it or claims against them next waits for this work.
///
/// # Errors
/// The store's.
pub(crate) async fn lock(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    // Merged files are locked by the surviving one.
    let root = merge::root(&mut work.tx, customer).await?;
    let file = customers::load(&mut work.tx, root).await?.ok_or(CaseError::NotFound)?;
    Ok(lock_person(&mut work.tx, file.person).await?)
}

/// What an agreement claims or brought in, as far as it counts against what the heirs received.
fn claims(one: &Agreement) -> Fen {
    match one.state {
        AgreementState::Proposed | AgreementState::Approved | AgreementState::Performing | AgreementState::Kept => {
            one.terms.total()
        }
        AgreementState::Broken => one.paid,
        AgreementState::Refused | AgreementState::Withdrawn => Fen::ZERO,
    }
}

/// The agreements made since the death, over the files that are one customer, each with what came in by it alone. Keys rise
/// with time.
async fn since(tx: &mut Tx, files: &[CustomerId], death: i64) -> Result<Vec<Agreement>, StoreError> {
    let mut found = Vec::new();
    for file in files {
        let known = agreements::of_customer(tx, *file, &AgreementState::ALL).await?;
        found.extend(known.into_iter().filter(|one| one.id.0 > death));
    }
    let paid: Vec<Fen> = found.iter().map(|one| brought_in(one, &found)).collect();
    for (one, paid) in found.iter_mut().zip(paid) {
        one.paid = paid;
    }
    Ok(found)
}

/// What came in by an agreement: since its signature, without what came in since a later one about the same loans, which
/// somebody else may have signed.
fn brought_in(one: &Agreement, all: &[Agreement]) -> Fen {
    let later = all.iter().filter(|next| next.id.0 > one.id.0 && one.loans().any(|loan| next.is_about(loan)));
    rules::brought_in(one.paid, later.map(|next| next.paid), one.terms.total())
}

/// Takes from what came in what others paid by agreements that they signed themselves: what an heir paid counts for that
/// heir alone (S2.5-24). What came in otherwise counts for each, since nobody knows who of them paid.
fn without_others(paid: &mut BTreeMap<LoanKey, Fen>, agreements: &[Agreement], own: &[RelationId]) {
    let others = |one: &&Agreement| one.terms.signer.as_ref().is_some_and(|signer| !own.contains(&signer.relation));
    for one in agreements.iter().filter(others) {
        let mut theirs = one.paid;
        for loan in one.loans() {
            if let Some(known) = paid.get_mut(&loan) {
                let part = theirs.min(*known);
                *known = rules::left(*known, [part]);
                theirs = rules::left(theirs, [part]);
            }
        }
    }
}

/// The relations in which a person stands to a debtor, over the files that are one.
async fn relations_of(tx: &mut Tx, files: &[CustomerId], relation: RelationId) -> Result<Vec<RelationId>, StoreError> {
    let mut all = Vec::new();
    for file in files {
        all.extend(relations::of_customer(tx, *file).await?);
    }
    let person = all.iter().find(|one| one.id == relation).map(|one| one.person);
    Ok(all.into_iter().filter(|one| one.id == relation || Some(one.person) == person).map(|one| one.id).collect())
}

/// What can still be agreed about a loan with the heirs of a dead debtor: what all of them received, or the one who signs, less
/// what came in since the death and what other agreements since then claim (rule `obligor.cap`). `None`: the debtor lives, or
/// somebody who lives owes the whole loan and no heir signs alone.
///
/// # Errors
/// As [`of_loan`].
pub async fn left_for_agreement(
    work: &mut Work,
    key: LoanKey,
    signer: Option<&Signer>,
) -> Result<Option<Fen>, ActionError> {
    let Some((death, on)) = dead_since(&mut work.tx, key.customer).await? else { return Ok(None) };
    let whole = match signer {
        Some(signer) => !signer.is_heir(),
        None => !rules::only_heirs(&of_loan(work, key).await?),
    };
    if whole {
        return Ok(None);
    }
    let files = merge::same(&mut work.tx, key.customer).await?;
    let mut all = Vec::new();
    for file in &files {
        all.extend(of(work, *file).await?);
    }
    let mut paid = paid_since(&mut work.tx, &files, on).await?;
    let mut others = since(&mut work.tx, &files, death).await?;
    if let Some(signer) = signer {
        let own = relations_of(&mut work.tx, &files, signer.relation).await?;
        without_others(&mut paid, &others, &own);
        others.retain(|one| one.terms.signer.as_ref().is_none_or(|known| own.contains(&known.relation)));
        all.retain(|one| one.relation.is_some_and(|relation| own.contains(&relation)));
    }
    // One stands about a loan: that is the one asked about.
    others.retain(|one| !one.is_about(key) || !one.state.stands());
    for one in &others {
        // What came in on any loan of an agreement counts with the first.
        let further = one.also.iter().filter_map(|loan| paid.remove(loan)).collect::<Vec<_>>();
        let first = paid.entry(one.loan).or_default();
        *first = Fen::checked_sum(further.into_iter().chain([*first])).unwrap_or(Fen(i64::MAX));
    }
    let counted = paid.into_iter().map(|(loan, paid)| {
        let about = || others.iter().filter(move |one| one.loan == loan);
        let claimed = Fen::checked_sum(about().map(claims)).unwrap_or(Fen(i64::MAX));
        let open = about().filter(|one| one.state.stands()).map(|one| rules::left(one.terms.total(), [one.paid]));
        rules::counted(claimed, paid, Fen::checked_sum(open).unwrap_or(Fen(i64::MAX)))
    });
    Ok(Some(rules::left(rules::heirs_cap(&all), counted)))
}

/// What a letter about a loan can still claim from an heir: what was received, less what came in on the loan since the death,
/// and for every other loan what the heir's newest letter claims or what came in, whichever is more (rule `obligor.cap`).
///
/// # Errors
/// The store's.
pub async fn left_for_letter(work: &mut Work, key: LoanKey, heir: &Obligor) -> Result<Option<Fen>, ActionError> {
    let (Some(cap), Some(relation)) = (heir.cap, heir.relation) else { return Ok(heir.cap) };
    let files = merge::same(&mut work.tx, key.customer).await?;
    let mut claimed: BTreeMap<LoanKey, Fen> = BTreeMap::new();
    for file in &files {
        // The same person may stand in another file of the customer, or twice in this one.
        let mut related = relations::of_customer(&mut work.tx, *file).await?;
        related.retain(|one| one.id == relation || one.person == heir.person);
        for one in related {
            for (loan, total) in letters::newest_to(&mut work.tx, *file, one.id).await? {
                let known = claimed.entry(loan).or_default();
                *known = total.max(*known);
            }
        }
    }
    // The same claim may be put again.
    claimed.remove(&key);
    if let Some((death, on)) = dead_since(&mut work.tx, key.customer).await? {
        let mut came_in = paid_since(&mut work.tx, &files, on).await?;
        let own = relations_of(&mut work.tx, &files, relation).await?;
        without_others(&mut came_in, &since(&mut work.tx, &files, death).await?, &own);
        for (loan, paid) in came_in {
            let known = claimed.entry(loan).or_default();
            *known = paid.max(*known);
        }
    }
    Ok(Some(rules::left(cap, claimed.into_values())))
}

/// Whether one of these related parties was found to owe: then the contact is with an obligor. An heir is one only
/// while the death stands.
///
/// # Errors
/// The store's.
pub(crate) async fn owes(work: &mut Work, customer: CustomerId, related: &[RelationId]) -> Result<bool, ActionError> {
    if related.is_empty() {
        return Ok(false);
    }
    let mut owing = dossiers::owing(work, customer).await?;
    owing.retain(|one| related.contains(&one.relation) && Owes::of_outcome(&one.outcome) == Owes::Yes);
    if owing.iter().any(|one| one.block != Block::Heir) {
        return Ok(true);
    }
    Ok(!owing.is_empty() && dead_since(&mut work.tx, customer).await?.is_some())
}

/// Those of these ties of a file that a guarantee of what is pursued binds on a day: the relation alone obliges nobody.
///
/// # Errors
/// The store's.
pub(crate) async fn bound(
    tx: &mut Tx,
    customer: CustomerId,
    ties: &[Relation],
    on: Date,
) -> Result<Vec<RelationId>, StoreError> {
    let guarantors: Vec<&Relation> =
        ties.iter().filter(|tie| tie.is_open() && tie.kind == RelationKind::Guarantor).collect();
    if guarantors.is_empty() {
        return Ok(Vec::new());
    }
    let keys = crate::case::store::pursued(tx, customer).await?;
    let lines = securities::lines_of(tx, &keys).await?.into_values().flatten().collect::<Vec<_>>();
    let binds = |tie: &&Relation| rules::bound((tie.id, &tie.name), &lines, on);
    Ok(guarantors.into_iter().filter(binds).map(|tie| tie.id).collect())
}
