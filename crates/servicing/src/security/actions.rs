//! Use cases of security: something more stands behind a loan, or no longer does (S2.10-06: the ledger follows on
//! the same day).

use customers::relation::actions::find_or_add;
use customers::relation::model::{NewRelation, RelationKind};
use jiff::civil::Date;
use platform::audit::Entry;
use platform::error::ActionError;
use platform::work::Work;
use serde_json::json;

use super::model::{Backing, SecurityLine, SecurityRow};
use super::{rules, store};
use crate::error::ServicingError;
use crate::loan::actions::{load_within, take_version};
use crate::loan::model::{LoanKey, Seen};

/// Changes what stands behind a loan (担保变更).
pub const EDIT: &str = "loan.edit";

/// Adds a guarantor or a thing from today on.
///
/// Errors: a loan changed meanwhile.
pub async fn add(
    work: &mut Work,
    key: LoanKey,
    seen: Option<Seen>,
    new: impl Into<Backing>,
) -> Result<(), ActionError> {
    let file = load_within(work, key, EDIT).await?;
    if let Some(seen) = seen {
        take_version(work, key, seen).await?;
    }
    let on = work.business_date;
    write(work, key, &[new.into()], on, EDIT).await?;
    let before = file.loan.security;
    settle_kind(work, key, before).await
}

/// Writes what stands behind a loan from a date on, with one audit entry each; whoever answers with it becomes a
/// related party of the customer, so that the rules of contact know him.
pub(crate) async fn write(
    work: &mut Work,
    key: LoanKey,
    all: &[Backing],
    on: Date,
    action: &str,
) -> Result<(), ActionError> {
    let detail = work.actor.origin.detail();
    for new in all {
        let relation = match new.what.party() {
            Some((name, kind)) => Some(find_or_add(work, action, key.customer, &related(new, name, kind, on)).await?),
            None => None,
        };
        let (id, new) = (work.next_id(), &new.what);
        let row = SecurityRow { id, key, new: new.clone(), relation, on, detail: detail.clone() };
        store::insert(work, &[row]).await?;
        let state = json!({ "id": id.to_string(), "kind": new.kind().as_str(), "on": on, "relation": relation });
        work.audit(Entry::new(Some(key.customer), "security.add", key.subject()).after(state)).await?;
    }
    Ok(())
}

fn related(new: &Backing, name: &str, kind: RelationKind, since: Date) -> NewRelation {
    NewRelation {
        kind,
        name: name.to_owned(),
        identity: new.identity.clone(),
        share_ppm: None,
        since,
        consented_on: None,
        note: None,
    }
}

/// Ends what stood behind a loan, from today on.
///
/// Errors: no such line in force, a loan changed meanwhile.
pub async fn end(
    work: &mut Work,
    key: LoanKey,
    seen: Option<Seen>,
    id: i64,
    reason: String,
) -> Result<(), ActionError> {
    let file = load_within(work, key, EDIT).await?;
    let lines = store::lines(&mut work.tx, key).await?;
    let line: &SecurityLine =
        lines.iter().find(|line| line.id == id && line.ended_on.is_none()).ok_or(ServicingError::SecurityNotInForce)?;
    if let Some(seen) = seen {
        take_version(work, key, seen).await?;
    }
    let on = work.business_date;
    store::end(&mut work.tx, key, line, on).await?;
    let entry = Entry::new(Some(key.customer), "security.end", key.subject())
        .before(json!({ "id": id.to_string(), "kind": line.kind.as_str(), "since": line.effective_on }))
        .after(json!({ "ended_on": on }))
        .reason(reason);
    work.audit(entry).await?;
    settle_kind(work, key, file.loan.security).await
}

/// The loan's own word for its security follows its lines (rule `security.kind`).
pub(super) async fn settle_kind(
    work: &mut Work,
    key: LoanKey,
    before: crate::loan::model::Security,
) -> Result<(), ActionError> {
    let kind = rules::kind_of(&store::lines(&mut work.tx, key).await?);
    if kind != before {
        store::set_kind(&mut work.tx, key, kind).await?;
    }
    Ok(())
}
