//! Who owes in a customer's file, and who of them a claim can be put to.

use customers::relation::model::RelationId;
use customers::relation::store as relations;
use finance::Fen;
use platform::db::{StoreError, Tx};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Obligor, Owes, Role};
use super::rules;
use crate::case::model::CaseError;
use crate::dossier::store as dossiers;

/// Everybody who stands to the debt of a customer. Whoever calls has authorised the file.
///
/// # Errors
/// The store's.
pub async fn of(work: &mut Work, customer: CustomerId) -> Result<Vec<Obligor>, ActionError> {
    let file = customers::load(&mut work.tx, customer).await?.ok_or(CaseError::NotFound)?;
    let related = relations::of_customer(&mut work.tx, customer).await?;
    let owing = dossiers::owing(&mut work.tx, customer).await?;
    let dead = dossiers::is_dead(&mut work.tx, customer).await?;
    Ok(rules::of(&file, &related, &owing, dead))
}

/// Those who can be written to as owing besides the debtor and the guarantors: co-borrowers, spouses, heirs (S2.5-23).
///
/// # Errors
/// The store's.
pub async fn addressees(work: &mut Work, customer: CustomerId) -> Result<Vec<Obligor>, ActionError> {
    let mut all = of(work, customer).await?;
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

/// The most that can be agreed with the heirs of a dead debtor; `None` while the debtor lives.
///
/// # Errors
/// The store's.
pub async fn heirs_cap(work: &mut Work, customer: CustomerId) -> Result<Option<Fen>, ActionError> {
    if !dossiers::is_dead(&mut work.tx, customer).await? {
        return Ok(None);
    }
    Ok(rules::heirs_cap(&of(work, customer).await?))
}

/// Whether one of these related parties was found to owe: then the contact is with an obligor.
///
/// # Errors
/// The store's.
pub(crate) async fn owes(tx: &mut Tx, customer: CustomerId, related: &[RelationId]) -> Result<bool, StoreError> {
    if related.is_empty() {
        return Ok(false);
    }
    let owing = dossiers::owing(tx, customer).await?;
    Ok(owing.iter().any(|one| related.contains(&one.relation) && Owes::of_outcome(&one.outcome) == Owes::Yes))
}
