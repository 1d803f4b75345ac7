//! The rows behind a figure (明细), and their export: the same rows from which the figure was summed.

use std::collections::BTreeSet;

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::error::{ActionError, Refused};
use platform::id::CustomerId;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListQuery, ListSpec, Row, Sort};
use platform::page::{Choice, Icon, Page, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::figures::{self, Figures};
use super::model::{By, Entry, Kind, Period};
use super::words::Words;
use super::{MEASURE_VIEW, ROWS};
use crate::listing::{self, LOAN_VIEW};

/// The order when nobody chose.
const LARGEST: Sort = Sort { column: "amount", descending: true };
/// What belongs to no group, as an address says it.
const NONE: &str = "-";

/// The list and its export.
pub(super) fn routes() -> Routes {
    Routes::new().list(ROWS, MEASURE_VIEW, index, spec).exports(&LISTED)
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
        default_sort: Some(LARGEST),
        counted: "list-rows",
        ..ListSpec::default()
    }
}

/// The rows that an address asks for (明细).
struct Found {
    kind: Kind,
    figures: Figures,
    entries: Vec<Entry>,
    words: Words,
}

/// The rows behind the figures, as a list (明细清单).
pub(crate) static LISTED: Listed = Listed {
    list: ROWS,
    address: "/measures/rows/export.xlsx",
    view: MEASURE_VIEW,
    export: MEASURE_VIEW,
    act: "measure.export",
    title: "measure-rows",
    file: "measure-rows",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: Some(heads),
};

/// Which rows, of which days.
fn heads(work: &Work, ui: &Ui, asked: &ListQuery) -> Vec<String> {
    let days = period_of(asked, work.business_date);
    let days = days.map(|period| ui.t2("measure-days", "from", period.from, "to", period.to));
    std::iter::once(ui.t(format!("measure-rows-{}", kind_of(asked).as_str()))).chain(days.ok()).collect()
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    Ok(find(work, wanted.scope, &wanted.query).await?.sums())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let found = find(work, wanted.scope, &wanted.query).await?;
    let picked: BTreeSet<&str> = wanted.picked.iter().map(String::as_str).collect();
    let own = |(place, entry): &(i64, &Entry)| picked.is_empty() || picked.contains(key_of(*place, entry).as_str());
    let entries: Vec<(i64, &Entry)> = (0..).zip(&found.entries).filter(own).collect();
    drawn(ui, work, &found, listing::cut(&entries, wanted.part)).await
}

/// What a row is called: a thing may be counted more than once on a day.
fn key_of(place: i64, entry: &Entry) -> String {
    format!("{}-{}-{place}", entry.number, entry.on)
}

impl Found {
    fn sums(&self) -> Sums {
        let sum = self.entries.iter().fold(0_i64, |sum, entry| sum.saturating_add(entry.amount.0));
        let totals = if self.kind == Kind::Preservation { Vec::new() } else { vec![("amount", sum)] };
        Sums { count: i64::try_from(self.entries.len()).unwrap_or(i64::MAX), totals }
    }
}

fn kind_of(asked: &ListQuery) -> Kind {
    asked.choice("of").first().and_then(|of| Kind::parse(of)).unwrap_or(Kind::Recovered)
}

fn period_of(asked: &ListQuery, today: Date) -> Result<Period, Refused> {
    figures::period(asked.text("from").unwrap_or_default(), asked.text("to").unwrap_or_default(), today)
}

async fn find(work: &mut Work, scope: DataScope, asked: &ListQuery) -> Result<Found, ActionError> {
    let kind = kind_of(asked);
    let by = asked.choice("by").first().and_then(|by| By::parse(by)).unwrap_or(By::Branch);
    let period = period_of(asked, work.business_date)?;
    let figures = figures::load(work, scope, period, by).await?;
    let group = asked.text("group").map(|id| if id == NONE { "" } else { id });
    let word = asked.text("word");
    let own = |entry: &&Entry| {
        entry.kind == kind
            && group.is_none_or(|group| entry.group(by) == group)
            && word.is_none_or(|word| entry.word == word)
    };
    let mut entries: Vec<Entry> = figures.entries.iter().filter(own).cloned().collect();
    let sort = asked.sort.unwrap_or(LARGEST);
    entries.sort_by(|a, b| {
        let order = if sort.column == "on" { a.on.cmp(&b.on) } else { a.amount.cmp(&b.amount) };
        let order = if sort.descending { order.reverse() } else { order };
        order.then_with(|| (&a.number, a.on).cmp(&(&b.number, b.on)))
    });
    let words = Words::load(work).await?;
    Ok(Found { kind, figures, entries, words })
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let asked = ListQuery::parse(&spec(&ui), query.as_deref().unwrap_or_default())?;
    let found = find(&mut work, visit.scope(MEASURE_VIEW)?, &asked).await?;
    let entries: Vec<(i64, &Entry)> = (0..).zip(&found.entries).collect();
    let part = listing::cut(&entries, (asked.offset(), i64::from(asked.size)));
    let rows = drawn(&ui, &mut work, &found, part).await?;
    let shown = listing::shown(&LISTED, &visit, &mut work, (spec(&ui), asked), (rows, found.sums())).await?;
    let none = listing::none(Icon::CircleCheck, ui.t("measure-no-rows"), ui.t("measure-no-rows-text"));
    let (shown, period) = (shown.or(none), found.figures.period);
    let page = Page::new(ui.t(format!("measure-rows-{}", found.kind.as_str())), "measures")
        .subtitle(ui.t2("measure-days", "from", period.from, "to", period.to))
        .actions(shown.tools());
    shown.answer(&visit, &page)
}

/// Whoever sees only sums sees no names.
async fn drawn(ui: &Ui, work: &mut Work, it: &Found, entries: &[(i64, &Entry)]) -> Result<Vec<Row>, ActionError> {
    let mut keys: Vec<CustomerId> = entries.iter().map(|(_, entry)| entry.customer).collect();
    keys.sort_unstable();
    keys.dedup();
    let sees = work.authorise(LOAN_VIEW).ok();
    let named = |entry: &Entry| {
        let branch = entry.group(By::Branch);
        sees.is_some_and(|scope| {
            scope.team == 0 && scope.manager == 0 && (scope.branch == 0 || scope.branch.to_string() == branch)
        })
    };
    let hidden: BTreeSet<CustomerId> =
        entries.iter().filter(|(_, entry)| !named(entry)).map(|(_, entry)| entry.customer).collect();
    keys.retain(|key| !hidden.contains(key));
    let names = customers::names(&mut work.tx, &keys).await?;
    let row = |(place, entry): &(i64, &Entry)| {
        let name = names.get(&entry.customer).map(|(_, name)| name.clone()).unwrap_or_default();
        let hours = entry.kind == Kind::Preservation;
        let counted = matches!(entry.kind, Kind::Frequency);
        Row {
            key: key_of(*place, entry),
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
    Ok(entries.iter().map(row).collect())
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
