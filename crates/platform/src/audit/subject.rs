//! What people call the things of the audit trail (审计对象名称): the trail keeps keys, which last; its page says the log-in
//! name, the number of the customer, of the loan, of the project, and leads to the thing where the reader may open it.

use std::collections::HashMap;

use crate::access::{AUDIT_VIEW, Actor, DataScope};
use crate::args;
use crate::db::{StoreError, Tx};
use crate::id::{BranchId, TeamId, UserId};
use crate::page::Html;
use crate::work::Work;

/// Things of one kind (审计对象): offered by the capability whose table they stand in.
#[derive(Debug, Clone, Copy)]
pub struct AuditSubject {
    /// What stands before the colon: `loan` of `loan:123`.
    pub kind: &'static str,
    /// Reads `name`, `branch_id`, `team_id` and `manager_id` of the key `$1`; the owners null where it has none. Asked for
    /// every row of a page: an index must begin with the key.
    pub sql: &'static str,
    /// Reads `key` of those that people call `$1`: the filter of the trail takes names as it shows them.
    pub find: &'static str,
    /// Its page; `{id}` stands for the key.
    pub page: &'static str,
    /// The action that its page asks for.
    pub action: &'static str,
}

/// A thing by the name that people know it by.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    name: String,
    /// Its page, where the reader may open it.
    href: Option<String>,
}

/// Names found so far: many entries are about the same thing.
#[derive(Default)]
pub(super) struct Names {
    kinds: Vec<AuditSubject>,
    found: HashMap<(&'static str, i64), Option<Named>>,
}

impl Names {
    pub(super) fn of(work: &Work) -> Self {
        let kinds = work.app.capabilities.iter().flat_map(|capability| capability.audit_subjects()).collect();
        Self { kinds, ..Self::default() }
    }

    /// What a subject is called: by its own name, else by the customer whose chain it stands in.
    pub(super) async fn say(&mut self, work: &mut Work, subject: &str, customer: i64) -> Result<Named, StoreError> {
        let own = subject.split_once(':').and_then(|(kind, key)| Some((kind, key.parse().ok()?)));
        if let Some((kind, key)) = own
            && let Some(named) = self.look(work, kind, key).await?
        {
            return Ok(named);
        }
        let of = if customer == 0 { None } else { self.look(work, "customer", customer).await? };
        Ok(match of {
            Some(of) => Named { name: format!("{} · {subject}", of.name), href: of.href },
            None => Named { name: subject.to_owned(), href: None },
        })
    }

    async fn look(&mut self, work: &mut Work, kind: &str, key: i64) -> Result<Option<Named>, StoreError> {
        let Some(known) = self.kinds.iter().find(|one| one.kind == kind).copied() else { return Ok(None) };
        if let Some(found) = self.found.get(&(known.kind, key)) {
            return Ok(found.clone());
        }
        let named = read(&mut work.tx, &work.actor, known, key).await?;
        self.found.insert((known.kind, key), named.clone());
        Ok(named)
    }
}

/// The things that people call so (对象筛选), of those that the reader may know by name.
#[derive(Debug, Default)]
pub(super) struct Called {
    /// As the trail keeps them.
    pub(super) subjects: Vec<String>,
    /// The customers among them: all that happened in their chains is about them.
    pub(super) customers: Vec<i64>,
}

/// What a reader means by a name; the key of the trail means itself.
pub(super) async fn called(work: &mut Work, name: &str) -> Result<Called, StoreError> {
    let mut called = Called { subjects: vec![name.to_owned()], ..Called::default() };
    for kind in Names::of(work).kinds {
        for row in work.tx.fetch_all(kind.find, args![name]).await? {
            let key: i64 = row.get("key")?;
            if read(&mut work.tx, &work.actor, kind, key).await?.is_none() {
                continue;
            }
            called.subjects.push(format!("{}:{key}", kind.kind));
            if kind.kind == "customer" {
                called.customers.push(key);
            }
        }
    }
    Ok(called)
}

async fn read(tx: &mut Tx, actor: &Actor, kind: AuditSubject, key: i64) -> Result<Option<Named>, StoreError> {
    let Some(row) = tx.fetch_optional(kind.sql, args![key]).await? else { return Ok(None) };
    let owners = (row.get("branch_id")?, row.get("team_id")?, row.get("manager_id")?);
    let within = |action: &str| actor.scope_of(action).is_ok_and(|scope| reaches(scope, owners));
    let opens = within(kind.action);
    if !opens && !within(AUDIT_VIEW) {
        // Whoever audits a branch is told no names of others.
        return Ok(None);
    }
    let href = opens.then(|| kind.page.replace("{id}", &key.to_string()));
    Ok(Some(Named { name: row.get("name")?, href }))
}

/// Whether a thing with these owners lies within a scope; one without owners lies in the whole institution only.
fn reaches(scope: DataScope, (branch, team, manager): (Option<i64>, Option<i64>, Option<i64>)) -> bool {
    let owned =
        branch.is_some_and(|branch| scope.covers(BranchId(branch), team.map(TeamId), UserId(manager.unwrap_or(0))));
    scope == DataScope::everything() || owned
}

impl Named {
    /// The name as a link where it leads somewhere; the key of the trail when it is pointed at.
    pub(super) fn html(&self, subject: &str) -> Html {
        let mut out = Html::new();
        match &self.href {
            Some(href) => out.raw("<a").href(href),
            None => out.raw("<span"),
        };
        out.attr("title", subject).raw(">").text(&self.name);
        out.raw(if self.href.is_some() { "</a>" } else { "</span>" });
        out
    }

    /// The name with the key of the trail, for paper and files.
    pub(super) fn text(&self, subject: &str) -> String {
        if self.name == subject { self.name.clone() } else { format!("{} · {subject}", self.name) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_leads_on_only_within_the_readers_scope() {
        let branch = DataScope { branch: 2, ..DataScope::everything() };
        let own = DataScope { manager: 9, ..DataScope::everything() };
        for (scope, owners, reached) in [
            (DataScope::everything(), (None, None, None), true),
            (branch, (Some(2), None, Some(9)), true),
            (branch, (Some(3), None, Some(9)), false),
            (branch, (None, None, None), false),
            (own, (Some(2), None, Some(9)), true),
            (own, (Some(2), None, None), false),
        ] {
            assert_eq!(reaches(scope, owners), reached, "{scope:?} {owners:?}");
        }
    }
}
