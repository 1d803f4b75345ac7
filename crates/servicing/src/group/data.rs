//! A group as a program reads it (集团授信数据).

use axum::extract::Path;
use customers::relation::group;
use finance::Fen;
use platform::api::Data;
use platform::id::CustomerId;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::store;

/// Everybody who stands together with a customer, and what they owe (集团授信).
#[derive(Debug, Serialize, JsonSchema)]
pub struct GroupData {
    /// Its members, the one it was asked for first.
    parties: Vec<PartyData>,
    /// Who is what to whom.
    links: Vec<LinkData>,
    /// Circles of guarantees, by the places of their members.
    circles: Vec<Vec<usize>>,
    /// Chains of guarantees, from who guarantees to who is guaranteed for.
    chains: Vec<Vec<usize>>,
    /// What all of them owe, in fen.
    principal_fen: i64,
    /// Of this overdue, in fen.
    overdue_fen: i64,
    /// Whether more belong to it than are told.
    cut: bool,
    /// Files that belong to it outside the own scope.
    hidden: usize,
}

/// A member of a group (集团成员).
#[derive(Debug, Serialize, JsonSchema)]
struct PartyData {
    /// The name.
    name: String,
    /// The customer, where there is a file.
    customer: Option<String>,
    /// Principal outstanding, in fen.
    principal_fen: i64,
    /// Overdue, in fen.
    overdue_fen: i64,
    /// How many open loans.
    loans: usize,
}

/// Somebody is something to somebody (关系).
#[derive(Debug, Serialize, JsonSchema)]
struct LinkData {
    /// The place of who is named.
    by: usize,
    /// The place of whose file names it.
    of: usize,
    /// As what.
    kind: String,
}

/// `/api/v1/customers/{id}/group`
pub(super) async fn group(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<GroupData>, WebError> {
    let mut work = visit.read().await?;
    let scope = work.authorise("loan.view").map_err(platform::error::ActionError::from)?;
    let found = group::group(&mut work, id).await?;
    let files: Vec<CustomerId> = found.parties.iter().flat_map(|party| party.files.iter().copied()).collect();
    let loans = store::loans(&mut work.tx, &files, scope).await?;
    let place = |person| found.parties.iter().position(|party| party.person == person).unwrap_or(0);
    let places = |paths: Vec<Vec<_>>| paths.into_iter().map(|path| path.into_iter().map(place).collect()).collect();
    let sum = |all: Vec<Fen>| Fen::checked_sum(all).unwrap_or_default().0;
    let parties = found.parties.iter().map(|party| {
        let own: Vec<_> = loans.iter().filter(|loan| party.files.contains(&loan.customer)).collect();
        PartyData {
            name: party.name.clone(),
            customer: party.customer.as_ref().map(|(file, _)| file.to_string()),
            principal_fen: sum(own.iter().map(|loan| loan.principal).collect()),
            overdue_fen: sum(own.iter().map(|loan| loan.overdue).collect()),
            loans: own.len(),
        }
    });
    Ok(Data(GroupData {
        parties: parties.collect(),
        links: found
            .links
            .iter()
            .map(|link| LinkData { by: place(link.by), of: place(link.of), kind: link.kind.as_str().to_owned() })
            .collect(),
        circles: places(found.circles()),
        chains: places(found.chains()),
        principal_fen: sum(loans.iter().map(|loan| loan.principal).collect()),
        overdue_fen: sum(loans.iter().map(|loan| loan.overdue).collect()),
        cut: found.cut,
        hidden: found.hidden,
    }))
}
