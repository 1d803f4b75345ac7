//! The list of duplicates (疑似重复客户): pairs that share something, and those judged not to be the same.

use std::collections::BTreeMap;

use axum::extract::RawQuery;
use axum::response::Response;
use platform::access::{DataScope, Denied};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::list_export::{Asked, ListExport, offer_of, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, View};
use platform::page::{Choice, Empty, Icon, Page, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{Ground, Judgement, Suspects};
use super::store::{self, Wanted};
use super::{actions, list_path};
use crate::EXPORT;
use crate::customer::model::{Customer, CustomerKind};
use crate::customer::store as customers;
use crate::merge::MERGE;

/// The views in the order of their tabs.
const VIEWS: [&str; 2] = ["open", "apart"];
/// The most pairs among which those picked are looked for.
const MOST_PAIRS: i64 = 100_000;
/// Where the list is exported.
const FILE: &str = "/customers/duplicates/export.xlsx";

/// The list and its file.
pub(super) fn routes() -> Routes {
    Routes::new().list(list_path(), MERGE, index, |ui| spec(ui, true)).get(FILE, EXPORT, export)
}

fn spec(ui: &Ui, may_export: bool) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("duplicate-view-{id}")), ..View::default() };
    let kinds = [CustomerKind::Person, CustomerKind::Company];
    let kinds = kinds.map(|kind| Choice::new(kind.as_str(), ui.t(format!("customer-kind-{}", kind.as_str()))));
    let grounds = Ground::ALL
        .iter()
        .map(|ground| Choice::new(ground.as_str(), ui.t(format!("duplicate-ground-{}", ground.as_str()))));
    ListSpec {
        path: list_path().to_owned(),
        columns: vec![
            Column::new("number", "duplicate-number", ColumnKind::Text),
            Column::new("name", "duplicate-name", ColumnKind::Text),
            Column::new("other_number", "duplicate-other-number", ColumnKind::Text),
            Column::new("other_name", "duplicate-other-name", ColumnKind::Text),
            Column::new("kind", "customer-kind", ColumnKind::Text),
            Column::new("score", "duplicate-score", ColumnKind::Count),
            Column::new("grounds", "duplicate-grounds", ColumnKind::Text),
            Column::new("judged", "duplicate-judged", ColumnKind::Text),
            Column::new("judged_on", "duplicate-judged-on", ColumnKind::Date),
        ],
        filters: vec![
            Filter::new("kind", "customer-kind", FilterKind::Choice(kinds.to_vec())),
            Filter::new("ground", "duplicate-grounds", FilterKind::Choice(grounds.collect())),
            Filter::new("score", "duplicate-score", FilterKind::Range),
        ],
        views: VIEWS.iter().map(view).collect(),
        export: may_export.then(|| FILE.to_owned()),
        counted: "duplicate-count",
        ..ListSpec::default()
    }
}

fn wanted(asked: &ListQuery) -> Wanted {
    let (least, most) = asked.range("score");
    Wanted {
        kinds: asked.choice("kind").to_vec(),
        grounds: asked.choice("ground").to_vec(),
        least,
        most,
        files: Vec::new(),
    }
}

/// How many rows a question has.
async fn count(work: &mut Work, scope: DataScope, asked: &ListQuery) -> Result<i64, ActionError> {
    if asked.view == VIEWS[1] {
        return Ok(store::judged(&mut work.tx, scope, asked.choice("kind"), (0, 1)).await?.1);
    }
    match actions::weights(work).await? {
        Some(weights) => Ok(store::count(&mut work.tx, scope, &weights, &wanted(asked)).await?),
        None => Ok(0),
    }
}

/// Rows of a question from one on, and how many it has.
async fn rows(
    work: &mut Work,
    ui: &Ui,
    scope: DataScope,
    asked: &ListQuery,
    part: (i64, i64),
) -> Result<(Vec<Row>, i64), ActionError> {
    if asked.view == VIEWS[1] {
        let (found, all) = store::judged(&mut work.tx, scope, asked.choice("kind"), part).await?;
        let files = files(work, found.iter().flat_map(|one| one.files)).await?;
        return Ok((found.iter().filter_map(|one| judged_row(ui, &files, one)).collect(), all));
    }
    let Some(weights) = actions::weights(work).await? else { return Ok((Vec::new(), 0)) };
    let (found, all) = store::pairs(&mut work.tx, scope, &weights, &wanted(asked), part).await?;
    let files = files(work, found.iter().flat_map(|one| one.files)).await?;
    Ok((found.iter().filter_map(|one| pair_row(ui, &files, one)).collect(), all))
}

async fn files(
    work: &mut Work,
    ids: impl Iterator<Item = CustomerId>,
) -> Result<BTreeMap<CustomerId, Customer>, ActionError> {
    let ids: Vec<CustomerId> = ids.collect();
    Ok(customers::load_many(&mut work.tx, &ids).await?)
}

fn pair_row(ui: &Ui, files: &BTreeMap<CustomerId, Customer>, one: &Suspects) -> Option<Row> {
    let words: Vec<String> =
        one.shared.iter().map(|ground| ui.t(format!("duplicate-ground-{}", ground.as_str()))).collect();
    row(
        ui,
        files,
        one.files,
        [Cell::Count(one.score), Cell::Text(words.join(&ui.t("list-comma"))), Cell::None, Cell::None],
    )
}

fn judged_row(ui: &Ui, files: &BTreeMap<CustomerId, Customer>, one: &Judgement) -> Option<Row> {
    row(ui, files, one.files, [Cell::None, Cell::None, Cell::Text(one.reason.clone()), Cell::Date(one.on)])
}

fn row(ui: &Ui, files: &BTreeMap<CustomerId, Customer>, [one, other]: [CustomerId; 2], rest: [Cell; 4]) -> Option<Row> {
    let (one, other) = (files.get(&one)?, files.get(&other)?);
    let href = format!("/customers/{}/merge?with={}", one.id, other.number);
    let mut cells = vec![
        Cell::Link(one.number.clone(), href.clone()),
        Cell::Strong(one.name.clone()),
        Cell::Link(other.number.clone(), format!("/customers/{}", other.id)),
        Cell::Strong(other.name.clone()),
        Cell::Text(ui.t(format!("customer-kind-{}", one.kind.as_str()))),
    ];
    cells.extend(rest);
    Some(Row { key: format!("{}-{}", one.id, other.id), cells, href })
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let mut spec = spec(&ui, visit.may(EXPORT));
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let scope = work.authorise(MERGE).map_err(ActionError::from)?;
    let (rows, count) = rows(&mut work, &ui, scope, &asked, (asked.offset(), i64::from(asked.size))).await?;
    let empty = Empty {
        icon: Some(Icon::CircleCheck),
        title: ui.t("duplicate-none"),
        text: ui.t("duplicate-none-text"),
        step: None,
    };
    let result = ListPage { rows, count, empty: Some(empty), ..ListPage::default() };
    if let Some(rows) = visit.rows(&spec, &asked, &result) {
        return Ok(rows);
    }
    platform::saved_view::offer(&visit, &mut work, &mut spec).await?;
    spec.batch = visit.may(EXPORT).then(|| offer_of(&visit, list_path(), &asked.query(&spec)));
    let page = Page::new(ui.t("duplicate-title"), "duplicates")
        .subtitle(ui.t("duplicate-note"))
        .actions(ui.list_tools(&spec, &asked, count));
    visit.page_of(&page, &ui.list(&spec, &asked, &result))
}

async fn export(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    platform::list_export::answer(&visit, &DuplicateExport, query.as_deref().unwrap_or("")).await
}

/// The list as an export (疑似重复客户导出): within both scopes, that of duplicates and that of exports.
///
/// One pass over the book gives a page of pairs and their number, so that the page reads by itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DuplicateExport;

impl DuplicateExport {
    fn reach(work: &Work) -> Result<DataScope, Denied> {
        Ok(work.authorise(MERGE)?.narrowed_to(work.authorise(EXPORT)?))
    }
}

impl ListExport for DuplicateExport {
    fn list(&self) -> &'static str {
        list_path()
    }

    fn action(&self) -> &'static str {
        EXPORT
    }

    fn title(&self) -> &'static str {
        "duplicate-title"
    }

    fn file(&self) -> &'static str {
        "duplicates"
    }

    fn scope(&self, work: &Work) -> Result<DataScope, ActionError> {
        Ok(Self::reach(work)?)
    }

    fn numbered(&self) -> bool {
        false
    }

    fn spec<'a>(&'a self, _: &'a mut Work, ui: &'a Ui) -> BoxFuture<'a, Result<ListSpec, ActionError>> {
        plain(spec(ui, true))
    }

    fn count<'a>(&'a self, work: &'a mut Work, asked: &'a Asked) -> BoxFuture<'a, Result<i64, ActionError>> {
        Box::pin(async move {
            let scope = Self::reach(work)?;
            count(work, scope, &asked.query).await
        })
    }

    fn rows<'a>(
        &'a self,
        work: &'a mut Work,
        ui: &'a Ui,
        asked: &'a Asked,
        from_and_most: (i64, i64),
    ) -> BoxFuture<'a, Result<Vec<Row>, ActionError>> {
        Box::pin(async move {
            let scope = Self::reach(work)?;
            // Pairs that were picked are looked for among all of the question: it is one pass either way.
            let part = if asked.picked.is_empty() { from_and_most } else { (0, MOST_PAIRS) };
            let (mut rows, _) = rows(work, ui, scope, &asked.query, part).await?;
            if !asked.picked.is_empty() {
                rows.retain(|row| asked.picked.contains(&row.key));
            }
            Ok(rows)
        })
    }
}
