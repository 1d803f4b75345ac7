//! The list of approvals (审批清单): what waits for one, what came back, one's own, and what one may see of others'.

use axum::extract::RawQuery;
use axum::response::Response;

use super::model::Approval;
use super::pages::{role_titles, state};
use super::store::{self, Shelf};
use crate::access::{DataScope, Roles};
use crate::clock::civil_minute;
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::list_export::{self, Asked, ListExport, plain};
use crate::page::list::{Cell, Column, ColumnKind, ListPage, ListQuery, ListSpec, Row, View};
use crate::page::{Page, Ui};
use crate::saved_view;
use crate::web::{Routes, Visit, WebError};
use crate::work::Work;

/// Its page.
const LIST: &str = "/approvals";
/// Where it is exported.
const FILE: &str = "/approvals/export.xlsx";

pub(super) fn routes() -> Routes {
    Routes::new().list_own(LIST, list, spec).get_own(FILE, export)
}

const SHELVES: [(&str, Shelf); 4] =
    [("for-me", Shelf::ForMe), ("returned", Shelf::Returned), ("mine", Shelf::Mine), ("all", Shelf::All)];

fn spec(ui: &Ui) -> ListSpec {
    let view =
        |(id, _): (&str, Shelf)| View { id: id.to_owned(), text: ui.t(format!("approvals-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("title", "approval-what", ColumnKind::Text),
            Column::new("kind", "approval-kind", ColumnKind::Text),
            Column::new("amount", "approval-amount", ColumnKind::Money),
            Column::new("priority", "approval-priority", ColumnKind::Text),
            Column::new("maker", "approval-maker", ColumnKind::Text),
            Column::new("at", "approval-at", ColumnKind::Text),
            Column::new("step", "approval-step", ColumnKind::Text),
            Column::new("state", "approval-state", ColumnKind::State),
        ],
        views: SHELVES.into_iter().map(view).collect(),
        counted: "approvals-count",
        ..ListSpec::default()
    }
}

/// What the person may see of others' approvals: everything in the branch for a checker of any kind, else nothing.
pub(super) fn scope(work: &Work) -> DataScope {
    let own = DataScope { manager: work.actor.recorded_by(), ..DataScope::everything() };
    let kinds = work.app.capabilities.iter().flat_map(|capability| capability.approval_kinds());
    let scopes: Vec<DataScope> = kinds.filter_map(|kind| work.actor.scope_of(kind.action).ok()).collect();
    if scopes.contains(&DataScope::everything()) {
        return DataScope::everything();
    }
    scopes.into_iter().find(|scope| scope.branch != 0 && scope.manager == 0).unwrap_or(own)
}

/// The approvals as an export (审批清单导出): one's own need no action, others' come with the kinds that one decides on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ApprovalExport;

impl ListExport for ApprovalExport {
    fn list(&self) -> &'static str {
        LIST
    }

    fn action(&self) -> &'static str {
        "approval.export"
    }

    fn title(&self) -> &'static str {
        "approvals-title"
    }

    fn file(&self) -> &'static str {
        "approvals"
    }

    fn scope(&self, work: &Work) -> Result<DataScope, ActionError> {
        Ok(scope(work))
    }

    fn spec<'a>(&'a self, _: &'a mut Work, ui: &'a Ui) -> BoxFuture<'a, Result<ListSpec, ActionError>> {
        plain(spec(ui))
    }

    fn count<'a>(&'a self, work: &'a mut Work, asked: &'a Asked) -> BoxFuture<'a, Result<i64, ActionError>> {
        Box::pin(async move {
            let (scope, actor, shelf) = (scope(work), work.actor.clone(), shelf_of(&asked.query));
            if asked.keys.is_empty() {
                return Ok(store::count(&mut work.tx, &actor, scope, shelf).await?);
            }
            let all = (0, i64::try_from(asked.keys.len()).unwrap_or(i64::MAX));
            let found = store::part(&mut work.tx, &actor, scope, (shelf, &asked.keys), all).await?;
            Ok(i64::try_from(found.len()).unwrap_or(i64::MAX))
        })
    }

    fn rows<'a>(
        &'a self,
        work: &'a mut Work,
        ui: &'a Ui,
        asked: &'a Asked,
        from_and_most: (i64, i64),
    ) -> BoxFuture<'a, Result<Vec<Row>, ActionError>> {
        Box::pin(rows(work, ui, asked, from_and_most))
    }
}

fn shelf_of(asked: &ListQuery) -> Shelf {
    SHELVES.iter().find(|(id, _)| *id == asked.view).map_or(Shelf::ForMe, |(_, shelf)| *shelf)
}

async fn rows(work: &mut Work, ui: &Ui, asked: &Asked, part: (i64, i64)) -> Result<Vec<Row>, ActionError> {
    let (scope, actor) = (scope(work), work.actor.clone());
    let shelf = (shelf_of(&asked.query), asked.keys.as_slice());
    let found = store::part(&mut work.tx, &actor, scope, shelf, part).await?;
    let roles = work.app.roles();
    Ok(found.iter().map(|(approval, maker)| row(&roles, ui, approval, maker)).collect())
}

async fn list(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut spec = spec(&ui);
    let query = ListQuery::parse(&spec, query.as_deref().unwrap_or(""))?;
    let mut work = visit.read().await?;
    let asked = Asked { query, keys: Vec::new(), picked: Vec::new() };
    let count = ApprovalExport.count(&mut work, &asked).await?;
    let rows = rows(&mut work, &ui, &asked, (asked.query.offset(), i64::from(asked.query.size))).await?;
    let asked = asked.query;
    let page = ListPage { rows, count, ..ListPage::default() };
    if let Some(rows) = visit.rows(&spec, &asked, &page) {
        return Ok(rows);
    }
    saved_view::offer(&visit, &mut work, &mut spec).await?;
    spec.export = Some(FILE.to_owned());
    spec.batch = Some(list_export::offer_of(&visit, LIST, &asked.query(&spec)));
    let head = Page::new(ui.t("approvals-title"), "approvals").actions(ui.list_tools(&spec, &asked, count));
    visit.page_of(&head, &ui.list(&spec, &asked, &page))
}

async fn export(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    list_export::answer(&visit, &ApprovalExport, query.as_deref().unwrap_or_default()).await
}

fn row(roles: &Roles, ui: &Ui, it: &Approval, maker: &str) -> Row {
    let page = format!("/approvals/{}/{}", it.customer, it.id);
    let (badge, word) = state(ui, &it.state);
    Row {
        key: it.id.to_string(),
        href: page.clone(),
        cells: vec![
            Cell::Link(it.title.read(ui.lang()).to_owned(), page),
            Cell::Text(ui.t(format!("approval-{}", it.kind.replace('_', "-")))),
            Cell::money(it.amount.map(|amount| amount.0)),
            it.priority.as_ref().map_or(Cell::None, |reason| Cell::Text(reason.read(ui.lang()).to_owned())),
            Cell::Text(maker.to_owned()),
            Cell::Text(civil_minute(it.submitted_at)),
            it.open_step().map_or(Cell::None, |step| Cell::Text(role_titles(roles, ui, step))),
            Cell::State(badge, word),
        ],
    }
}
