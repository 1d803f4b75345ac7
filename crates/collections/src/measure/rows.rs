//! The rows behind a figure (明细), and their export: the same rows from which the figure was summed.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::audit::Entry as Trail;
use platform::error::{ActionError, RefusalKind, Refused};
use platform::id::CustomerId;
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, Sort};
use platform::page::{Choice, Empty, Icon, Page, Ui};
use platform::web::{Routes, Visit, WebError, xlsx};
use platform::work::Work;
use serde_json::json;

use super::figures::{self, Figures};
use super::model::{By, Entry, Kind};
use super::words::Words;
use super::{MEASURE_VIEW, ROWS};

/// The most rows of one export.
const EXPORT_ROWS: usize = 100_000;
/// Who sees whose loans they are.
const LOAN_VIEW: &str = "loan.view";
/// What belongs to no group, as an address says it.
const NONE: &str = "-";

/// The list and its export.
pub(super) fn routes() -> Routes {
    Routes::new().list(ROWS, MEASURE_VIEW, index, spec).get("/measures/rows/export.xlsx", MEASURE_VIEW, export)
}

fn spec(ui: &Ui) -> ListSpec {
    let kinds = Kind::ALL.map(|kind| Choice::new(kind.as_str(), ui.t(format!("measure-rows-{}", kind.as_str()))));
    let groups = By::ALL.map(|by| Choice::new(by.as_str(), ui.t(format!("measure-by-{}", by.as_str()))));
    ListSpec {
        path: ROWS.to_owned(),
        columns: vec![
            Column::new("number", "measure-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("on", "measure-on", ColumnKind::Date).sortable(),
            Column::new("amount", "measure-amount", ColumnKind::Money).sortable(),
            Column::new("hours", "measure-hours", ColumnKind::Count).hidden(),
            Column::new("word", "measure-word", ColumnKind::Text),
            Column::new("group", "measure-group", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("of", "measure-of-what", FilterKind::Choice(kinds.to_vec())),
            Filter::new("by", "measure-by", FilterKind::Choice(groups.to_vec())),
            Filter::new("group", "measure-group", FilterKind::Text),
            Filter::new("word", "measure-word", FilterKind::Text).more(),
            Filter::new("from", "measure-from", FilterKind::Text),
            Filter::new("to", "measure-to", FilterKind::Text),
        ],
        default_sort: Some(Sort { column: "amount", descending: true }),
        export: Some("/measures/rows/export.xlsx".to_owned()),
        counted: "list-rows",
        ..ListSpec::default()
    }
}

/// What an address asks for.
struct Found {
    spec: ListSpec,
    asked: ListQuery,
    kind: Kind,
    figures: Figures,
    entries: Vec<Entry>,
    words: Words,
}

async fn find(work: &mut Work, ui: &Ui, query: Option<String>) -> Result<Found, WebError> {
    let scope = work.authorise(MEASURE_VIEW).map_err(ActionError::from)?;
    let spec = spec(ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let kind = asked.choice("of").first().and_then(|of| Kind::parse(of)).unwrap_or(Kind::Recovered);
    let by = asked.choice("by").first().and_then(|by| By::parse(by)).unwrap_or(By::Branch);
    let typed = |id: &str| asked.text(id).unwrap_or_default().to_owned();
    let period = figures::period(&typed("from"), &typed("to"), work.business_date).map_err(ActionError::from)?;
    let figures = figures::load(work, scope, period, by).await?;
    let group = asked.text("group").map(|id| if id == NONE { "" } else { id });
    let word = asked.text("word");
    let own = |entry: &&Entry| {
        entry.kind == kind
            && group.is_none_or(|group| entry.group(by) == group)
            && word.is_none_or(|word| entry.word == word)
    };
    let mut entries: Vec<Entry> = figures.entries.iter().filter(own).cloned().collect();
    let sort = asked.sort.or(spec.default_sort);
    entries.sort_by(|a, b| {
        let order = match sort {
            Some(Sort { column: "on", .. }) => a.on.cmp(&b.on),
            Some(_) | None => a.amount.cmp(&b.amount),
        };
        let order = if sort.is_some_and(|sort| sort.descending) { order.reverse() } else { order };
        order.then_with(|| (&a.number, a.on).cmp(&(&b.number, b.on)))
    });
    let words = Words::load(work).await?;
    Ok(Found { spec, asked, kind, figures, entries, words })
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let it = find(&mut work, &ui, query).await?;
    let first = usize::try_from(it.asked.offset()).unwrap_or(0).min(it.entries.len());
    let last = first.saturating_add(usize::try_from(it.asked.size).unwrap_or(0)).min(it.entries.len());
    let rows = drawn(&visit, &mut work, &it, &it.entries[first..last]).await?;
    let sum = it.entries.iter().fold(0_i64, |sum, entry| sum.saturating_add(entry.amount.0));
    let totals = if it.kind == Kind::Preservation { Vec::new() } else { vec![("amount", sum)] };
    let empty = Empty {
        icon: Some(Icon::CircleCheck),
        title: ui.t("measure-no-rows"),
        text: ui.t("measure-no-rows-text"),
        step: None,
    };
    let count = i64::try_from(it.entries.len()).unwrap_or(i64::MAX);
    let result = ListPage { rows, totals, count, empty: Some(empty), ..ListPage::default() };
    if let Some(rows) = visit.rows(&it.spec, &it.asked, &result) {
        return Ok(rows);
    }
    let days = ui.t2("measure-days", "from", it.figures.period.from, "to", it.figures.period.to);
    let page = Page::new(ui.t(format!("measure-rows-{}", it.kind.as_str())), "measures")
        .subtitle(days)
        .actions(ui.list_tools(&it.spec, &it.asked, count));
    visit.page_of(&page, &ui.list(&it.spec, &it.asked, &result))
}

/// Whoever sees only sums sees no names.
async fn drawn(visit: &Visit, work: &mut Work, it: &Found, entries: &[Entry]) -> Result<Vec<Row>, ActionError> {
    let ui = &visit.ui();
    let mut keys: Vec<CustomerId> = entries.iter().map(|entry| entry.customer).collect();
    keys.sort_unstable();
    keys.dedup();
    let sees = visit.scope(LOAN_VIEW).ok();
    let named = |entry: &Entry| {
        let branch = entry.group(By::Branch);
        sees.is_some_and(|scope| {
            scope.team == 0 && scope.manager == 0 && (scope.branch == 0 || scope.branch.to_string() == branch)
        })
    };
    let hidden: std::collections::BTreeSet<CustomerId> =
        entries.iter().filter(|entry| !named(entry)).map(|entry| entry.customer).collect();
    keys.retain(|key| !hidden.contains(key));
    let names = customers::names(&mut work.tx, &keys).await?;
    let row = |(place, entry): (usize, &Entry)| {
        let name = names.get(&entry.customer).map(|(_, name)| name.clone()).unwrap_or_default();
        let hours = entry.kind == Kind::Preservation;
        let counted = matches!(entry.kind, Kind::Frequency);
        Row {
            key: format!("{}-{}-{place}", entry.number, entry.on),
            cells: vec![
                Cell::Link(entry.number.clone(), entry.href.clone()),
                Cell::Strong(name),
                Cell::Date(entry.on),
                if hours || counted { Cell::None } else { Cell::Money(entry.amount.0) },
                if hours { Cell::Count(entry.amount.0) } else { Cell::None },
                Cell::Text(word(ui, &it.words, entry)),
                Cell::Text(it.words.group(ui, it.figures.by, entry.group(it.figures.by))),
            ],
            href: entry.href.clone(),
        }
    };
    Ok(entries.iter().enumerate().map(row).collect())
}

/// What became of it, in words.
fn word(ui: &Ui, words: &Words, entry: &Entry) -> String {
    match entry.kind {
        Kind::Promise => ui.t(format!("promise-{}", entry.word)),
        Kind::Frequency => ui.t(format!("frequency-{}", entry.word)),
        Kind::Cost if entry.word == "legal" => ui.t("measure-cost-legal"),
        Kind::Cost if entry.word == "trace" => ui.t("measure-cost-trace"),
        Kind::Cost => crate::cost::kind_title(ui, words.policy(), &entry.word),
        Kind::Preservation => words.group(ui, By::Cause, &entry.word),
        Kind::Opening
        | Kind::Fresh
        | Kind::Recovered
        | Kind::Other
        | Kind::Closing
        | Kind::Cured
        | Kind::BadOpening
        | Kind::BadClosing
        | Kind::Worse => words.group(ui, By::Bucket, &entry.word),
    }
}

async fn export(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let it = find(&mut work, &ui, query).await?;
    if it.entries.len() > EXPORT_ROWS {
        let refused = Refused::new(RefusalKind::Invalid, "measure-too-many").with("most", EXPORT_ROWS);
        return Err(ActionError::from(refused.with("rows", it.entries.len())).into());
    }
    let rows = drawn(&visit, &mut work, &it, &it.entries).await?;
    let after = json!({"rows": rows.len(), "query": it.asked.for_trail(&it.spec)});
    work.audit(Trail::new(None, "measure.export", "measures").after(after)).await?;
    work.commit().await?;
    let title = ui.t(format!("measure-rows-{}", it.kind.as_str()));
    let days = ui.t2("measure-days", "from", it.figures.period.from, "to", it.figures.period.to);
    let content = ui
        .workbook(&title, &[&title, &days], &it.spec, &it.asked, &rows)
        .map_err(|error| ActionError::Internal(error.to_string()))?;
    Ok(xlsx(&format!("measures-{}.xlsx", it.kind.as_str()), content))
}
