//! Saved views (保存的视图): a question to a list under a name, for oneself or for all who may open the list.
//!
//! A view holds filters, order, columns, unit and density, never rows: whoever opens it sees what lies in the own
//! data scope. What was typed into a text filter is not kept, because it may be a name or a number of a person.

use axum::extract::Path;
use axum::http::Method;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use crate::args;
use crate::audit::Entry as AuditEntry;
use crate::db::StoreError;
use crate::error::{ActionError, FieldError, RefusalKind, Refused};
use crate::page::list::{ListQuery, ListSpec, SavedView};
use crate::web::{Entry, Posted, Routes, Visit, WebError, records};
use crate::work::Work;

/// The most views that a list shows.
const MOST: i64 = 60;
/// The longest name: it is a tab.
const MAX_NAME: usize = 20;
/// The longest question that an address takes.
const MAX_QUERY: usize = 2_000;

pub(crate) fn routes() -> Routes {
    Routes::new().post_own("/views", save).post_own("/views/{id}/delete", delete)
}

/// Offers the person's own and the shared views on a list, with the form to save another one.
///
/// A view that the list no longer understands, because a filter went, is left out.
///
/// # Errors
/// The store's.
pub async fn offer(visit: &Visit, work: &mut Work, spec: &mut ListSpec) -> Result<(), StoreError> {
    let me = work.actor.recorded_by();
    let rows = work
        .tx
        .fetch_all(
            "select v.id, v.owner, v.name, v.query, v.shared, u.name as owner_name from saved_view v \
             join app_user u on u.id = v.owner where v.list = $1 and (v.owner = $2 or v.shared = 1) \
             order by v.shared, v.name, v.id limit $3",
            args![spec.path, me, MOST],
        )
        .await?;
    let mut views = Vec::new();
    for row in &rows {
        let query: String = row.get("query")?;
        if ListQuery::parse(spec, &query).is_err() {
            continue;
        }
        views.push(SavedView {
            id: row.get("id")?,
            name: row.get("name")?,
            shared: row.get("shared")?,
            own: row.get::<i64>("owner")? == me,
            owner: row.get("owner_name")?,
            query,
        });
    }
    spec.saved = views;
    spec.save = Some(visit.guard());
    Ok(())
}

#[derive(Deserialize)]
struct SaveForm {
    list: String,
    #[serde(default)]
    query: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    shared: String,
}

/// `/views`: saves a view, or saves it anew under the name that it has.
async fn save(posted: Posted<SaveForm>) -> Result<Response, WebError> {
    let form = &posted.form;
    let name = form.name.trim();
    let wrong = if name.is_empty() { "field-empty" } else { "field-invalid" };
    let fits = (1..=MAX_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if !fits {
        return Err(Refused::form(vec![FieldError::new("name", wrong)]).into());
    }
    if !is_list_of(&posted.visit, &form.list) || form.query.len() > MAX_QUERY || !form.query.is_ascii() {
        return Err(WebError::Malformed("no such list".to_owned()));
    }
    let mut work = posted.begin("view.save").await?;
    let (id, me, now) = (work.next_id(), work.actor.recorded_by(), work.now);
    let shared = i64::from(form.shared == "on");
    work.tx
        .execute(
            "insert into saved_view (id, owner, list, name, query, shared, saved_at) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (owner, list, name) \
             do update set query = excluded.query, shared = excluded.shared, saved_at = excluded.saved_at",
            args![id, me, form.list, name, form.query, shared, now],
        )
        .await?;
    let saved = json!({"list": form.list, "shared": shared == 1});
    work.audit(AuditEntry::new(None, "view.saved", format!("list:{}", form.list)).after(saved)).await?;
    posted.done(work, format!("{}?{}", form.list, form.query)).await
}

/// Whether the path is a page that the person may open.
fn is_list_of(visit: &Visit, path: &str) -> bool {
    records(&visit.app).iter().any(|record| {
        record.method == Method::GET
            && record.path == path
            && match record.entry {
                Entry::Public => false,
                Entry::Own => true,
                Entry::Action(action) => visit.may(action),
            }
    })
}

/// `/views/{id}/delete`: takes away one's own view.
#[derive(Debug, Deserialize)]
struct Nothing {}

async fn delete(Path(id): Path<i64>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    let mut work = posted.begin("view.delete").await?;
    let me = work.actor.recorded_by();
    let found = work
        .tx
        .fetch_optional("select list from saved_view where id = $1 and owner = $2", args![id, me])
        .await?
        .ok_or_else(|| {
            let refused = Refused::new(RefusalKind::NotFound, "unknown-thing").with("what", "view");
            ActionError::from(refused)
        })?;
    let list: String = found.get("list")?;
    work.tx.execute_one("delete from saved_view where id = $1 and owner = $2", args![id, me]).await?;
    work.audit(AuditEntry::new(None, "view.deleted", format!("list:{list}"))).await?;
    posted.done(work, list).await
}
