//! The list of cases: filtered, summed, exported; and the cases of a collector for the worklist.

use std::collections::BTreeMap;

use axum::extract::RawQuery;
use axum::response::Response;
use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError, Tx};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListQuery, ListSpec, Row, Sort, View};
use platform::page::{Choice, Html, Icon, Tone, Ui};
use platform::policies::{self, PolicyError};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use policy::Edition;
use servicing::ledger::store::{self as ledger, Breadth};

use super::model::Case;
use super::{rules, store};
use crate::CASE_VIEW;
use crate::listing;

/// Where the list is.
pub const LIST: &str = "/collections/cases";
/// The most overdue loans that are read at once for some customers.
const MOST_LOANS: u32 = 100_000;
/// The views in the order of their tabs.
const VIEWS: [&str; 6] = ["open", "mine", "nobody", "originator", "pay-day", "closed"];

/// The list and its export.
pub fn routes() -> Routes {
    Routes::new().list(LIST, CASE_VIEW, index, spec).exports(&LISTED).merge(super::batch::routes())
}

/// A case as lists tell it (案件行).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseLine {
    /// The case.
    pub case: Case,
    /// 客户名称.
    pub customer: String,
    /// 证件号, masked.
    pub identity_masked: String,
    /// Who collects.
    pub owner: String,
    /// The oldest unpaid due date.
    pub oldest_due_on: Option<Date>,
    /// Overdue loans.
    pub loans: i64,
    /// Overdue on the day of the last change of each loan; penalty grows on.
    pub overdue: Fen,
    /// The next promise.
    pub promise_at: Option<Timestamp>,
    /// What was promised.
    pub promised: Fen,
    /// 预期损失, as rated last.
    pub expected: Option<Fen>,
}

impl CaseLine {
    /// Days overdue on a day.
    #[must_use]
    pub fn days(&self, on: Date) -> i64 {
        self.oldest_due_on.map_or(0, |due| finance::days_between(due, on).max(0))
    }
}

/// One row a case; everything of it is found by keys that begin with the customer.
const SELECT: &str = "select c.customer_id, c.id, c.number, c.branch_id, c.team_id, c.manager_id, c.owner_id, c.owner_role, \
     c.rung, c.opened_on, c.closed_on, c.closed_reason, c.lock_by, c.lock_until, c.version, k.name, k.identity_masked, \
     coalesce(u.name, '') as owner_name, \
     (select min(v.oldest_due_on) from loan_view v where v.customer_id = c.customer_id and v.status = 'overdue' \
       and v.state = 'active') as oldest_due_on, \
     (select count(*) from loan_view v where v.customer_id = c.customer_id and v.status = 'overdue' \
       and v.state = 'active') as loans, \
     (select cast(coalesce(sum(v.overdue_principal_fen + v.overdue_interest_fen + v.penalty_fen + v.compound_fen \
       + v.fee_fen + v.cost_fen), 0) as bigint) from loan_view v where v.customer_id = c.customer_id \
       and v.status = 'overdue' and v.state = 'active') as overdue_fen, \
     (select min(p.due_at) from promise p where p.customer_id = c.customer_id and p.case_id = c.id \
       and p.state = 'open') as promise_at, \
     (select cast(coalesce(sum(p.amount_fen - p.paid_fen), 0) as bigint) from promise p \
       where p.customer_id = c.customer_id and p.case_id = c.id and p.state = 'open') as promised_fen, \
     (select r.expected_fen from overdue_rating r where r.customer_id = c.customer_id and r.case_id = c.id \
       order by r.id desc limit 1) as expected_fen \
     from collection_case c join customer_view k on k.customer_id = c.customer_id \
     left join user_view u on u.id = c.owner_id";

/// The cases that meet some conditions, in an order.
///
/// # Errors
/// The store's.
pub async fn lines(tx: &mut Tx, w: &Conditions, tail: &str) -> Result<Vec<CaseLine>, StoreError> {
    tx.fetch_all(w.select(SELECT, tail), w.args()).await?.iter().map(decode).collect()
}

fn decode(row: &DbRow) -> Result<CaseLine, StoreError> {
    Ok(CaseLine {
        case: store::decode(row)?,
        customer: row.get("name")?,
        identity_masked: row.get("identity_masked")?,
        owner: row.get("owner_name")?,
        oldest_due_on: row.get("oldest_due_on")?,
        loans: row.get("loans")?,
        overdue: row.get("overdue_fen")?,
        promise_at: row.get("promise_at")?,
        promised: row.get("promised_fen")?,
        expected: row.get("expected_fen")?,
    })
}

/// Only what the person may see: one's own is what one collects, and what one granted.
pub fn within(w: &mut Conditions, scope: DataScope) {
    if scope.branch != 0 {
        w.and_values("c.branch_id = ?", args![scope.branch]);
    }
    if scope.team != 0 {
        w.and_values("c.team_id = ?", args![scope.team]);
    }
    if scope.manager != 0 {
        w.and_values("(c.owner_id = ? or c.manager_id = ?)", args![scope.manager, scope.manager]);
    }
}

fn spec(ui: &Ui) -> ListSpec {
    let buckets = ["d1_30", "d31_60", "d61_90", "d91_up"].map(|id| {
        let message = format!("bucket-{}", id.replace('_', "-"));
        Choice::new(id, ui.t(message))
    });
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("case-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "case-number", ColumnKind::Text).sortable(),
            Column::new("customer", "loan-customer", ColumnKind::Text).sortable(),
            Column::new("identity", "loan-identity", ColumnKind::Text).hidden(),
            Column::new("days", "loan-days", ColumnKind::State).sortable(),
            Column::new("stage", "case-stage", ColumnKind::Text),
            Column::new("level", "case-level", ColumnKind::Text),
            Column::new("loans", "case-loans", ColumnKind::Count),
            Column::new("overdue-money", "loan-overdue-money", ColumnKind::Money).sortable(),
            Column::new("expected-loss", "risk-expected", ColumnKind::Money).hidden(),
            Column::new("owner", "case-owner", ColumnKind::State),
            Column::new("promise", "case-promise", ColumnKind::Date),
            Column::new("promised", "case-promised", ColumnKind::Money).hidden(),
            Column::new("opened", "case-opened", ColumnKind::Date).sortable(),
            Column::new("closed", "case-closed", ColumnKind::State).hidden(),
            Column::new("watch", "watch-title", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("q", "ledger-find", FilterKind::Text),
            Filter::new("bucket", "loan-bucket", FilterKind::Choice(buckets.to_vec())),
            Filter::new("days", "loan-days", FilterKind::Range),
            Filter::new("opened", "case-opened", FilterKind::Dates).more(),
        ],
        views: VIEWS.iter().map(view).collect(),
        default_sort: Some(Sort { column: "days", descending: true }),
        counted: "list-cases",
        ..ListSpec::default()
    }
}

/// A loan of the customer is due since a day, or before.
const BEHIND: &str = "exists (select 1 from loan_view v where v.customer_id = c.customer_id and v.status = 'overdue' \
     and v.state = 'active' and v.oldest_due_on <= ?)";
/// None is due since before a day.
const NOT_BEHIND: &str = "not exists (select 1 from loan_view v where v.customer_id = c.customer_id \
     and v.status = 'overdue' and v.state = 'active' and v.oldest_due_on < ?)";

/// `paid`: the days of the month whose debtors are called today.
fn conditions(asked: &ListQuery, scope: DataScope, me: i64, on: Date, paid: &[i64]) -> Conditions {
    let mut w = Conditions::new();
    match asked.view.as_str() {
        "mine" => w.and_values("c.closed_on is null and c.owner_id = ?", args![me]),
        "nobody" => w.and_values("c.closed_on is null and c.owner_id = 0", args![]),
        "originator" => w.and_values("c.closed_on is null and c.owner_id = c.manager_id", args![]),
        "pay-day" => {
            w.and_values("c.closed_on is null and k.kind = 'person'", args![]);
            w.one_of(crate::payday::store::HOLDS, paid)
        }
        "closed" => w.and_values("c.closed_on is not null", args![]),
        _ => w.and_values("c.closed_on is null", args![]),
    };
    within(&mut w, scope);
    let (from, to) = asked.range("days");
    if let Some(day) = from.and_then(|days| finance::add_days(on, -days)) {
        w.and_values(BEHIND, args![day]);
    }
    if let Some(day) = to.and_then(|days| finance::add_days(on, -days)) {
        w.and_values(NOT_BEHIND, args![day]);
    }
    if !asked.choice("bucket").is_empty() {
        // The worst loan decides: none of the customer's loans is in a later bucket than those chosen.
        w.one_of(
            "(select max(v.bucket) from loan_view v where v.customer_id = c.customer_id and v.status = 'overdue' \
             and v.state = 'active')",
            asked.choice("bucket"),
        );
    }
    let (from, to) = asked.dates("opened");
    if let Some(from) = from {
        w.and_values("c.opened_on >= ?", args![from]);
    }
    if let Some(to) = to {
        w.and_values("c.opened_on <= ?", args![to]);
    }
    if let Some(text) = asked.text("q") {
        let start = format!("{}%", text.trim().to_lowercase().replace(['%', '_'], ""));
        let middle = format!("%{start}");
        let fragment = "(k.name like ? or k.pinyin like ? or k.initials like ? or lower(c.number) like ?)";
        w.and_values(fragment, args![middle, start, start, middle]);
    }
    w
}

fn order(asked: &ListQuery) -> String {
    let (column, falling) = match asked.sort {
        Some(Sort { column: "number", descending }) => ("c.number", descending),
        Some(Sort { column: "customer", descending }) => ("k.pinyin", descending),
        Some(Sort { column: "overdue-money", descending }) => ("overdue_fen", descending),
        Some(Sort { column: "opened", descending }) => ("c.opened_on", descending),
        // Days overdue fall as the oldest due date rises.
        Some(Sort { descending, .. }) => ("oldest_due_on", !descending),
        None => ("oldest_due_on", false),
    };
    // A case that stands before anything is overdue has the fewest days of all, on every database.
    let (way, none) = if falling { ("desc", "first") } else { ("asc", "last") };
    format!("order by {column} {way} nulls {none}, c.customer_id, c.id")
}

/// The cases (案件清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/collections/cases/export.xlsx",
    view: CASE_VIEW,
    export: CASE_VIEW,
    act: "case.export",
    title: "case-title",
    file: "cases",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows_of(work, ui, wanted)),
    heads: None,
};

/// The days of the month on which a person's pay day is near.
async fn paid(work: &mut Work) -> Result<Vec<i64>, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    Ok(crate::payday::actions::around(policy.edition(on))?.days(on))
}

async fn wanted_of(work: &mut Work, wanted: &Wanted) -> Result<Conditions, ActionError> {
    let paid = paid(work).await?;
    let me = work.actor.recorded_by();
    let mut w = conditions(&wanted.query, wanted.scope, me, work.business_date, &paid);
    w.one_of("c.id", &wanted.picked_numbers());
    Ok(w)
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let (w, on) = (wanted_of(work, wanted).await?, work.business_date);
    let overdue = overdue_of(&mut work.tx, &w, on).await?;
    let expected = expected_of(&mut work.tx, &w).await?;
    let totals = vec![("overdue-money", overdue.0), ("expected-loss", expected.0)];
    Ok(Sums { count: count(&mut work.tx, &w).await?, totals })
}

async fn rows_of(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let (w, on) = (wanted_of(work, wanted).await?, work.business_date);
    let found = lines(&mut work.tx, &w, &format!("{} {}", order(&wanted.query), wanted.limit())).await?;
    let policy = policies::in_force(work, on).await?;
    rows(ui, work, policy.edition(on), &found).await
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::CircleCheck, ui.t("case-none"), ui.t("case-none-text"));
    let mut shown = LISTED.shown(&visit, query).await?.or(none).verbs(super::batch::offer(&visit));
    let (mut work, scope) = (visit.read().await?, visit.scope(CASE_VIEW)?);
    let paid = paid(&mut work).await?;
    for view in &mut shown.spec.views {
        let mut alone = ListQuery::of(&ListSpec::default());
        alone.view.clone_from(&view.id);
        let w = conditions(&alone, scope, work.actor.recorded_by(), work.business_date, &paid);
        view.count = Some(count(&mut work.tx, &w).await?);
    }
    listing::page(&visit, &LISTED, &shown, "cases")
}

async fn count(tx: &mut Tx, w: &Conditions) -> Result<i64, StoreError> {
    let head = "select count(*) as n from collection_case c join customer_view k on k.customer_id = c.customer_id";
    tx.fetch_one(w.select(head, ""), w.args()).await?.get("n")
}

/// What all these cases owe overdue on the day, penalty included, as the ledger adds it up.
async fn overdue_of(tx: &mut Tx, w: &Conditions, on: Date) -> Result<Fen, StoreError> {
    let head = "select c.customer_id from collection_case c join customer_view k on k.customer_id = c.customer_id";
    let mut sum = Fen::ZERO;
    let rows = tx.fetch_all(w.select(head, "limit 100000"), w.args()).await?;
    let customers = rows.iter().map(|row| row.get("customer_id")).collect::<Result<Vec<i64>, StoreError>>()?;
    for some in customers.chunks(500) {
        let totals = ledger::totals(tx, &overdue_loans(some), Breadth::Few, on).await?;
        sum = sum.checked_add(totals.overdue).unwrap_or(sum);
    }
    Ok(sum)
}

/// The expected loss of all these cases, as each was rated last.
async fn expected_of(tx: &mut Tx, w: &Conditions) -> Result<Fen, StoreError> {
    let head = "select cast(coalesce(sum((select r.expected_fen from overdue_rating r where r.customer_id = c.customer_id \
         and r.case_id = c.id order by r.id desc limit 1)), 0) as bigint) as expected_fen \
         from collection_case c join customer_view k on k.customer_id = c.customer_id";
    tx.fetch_one(w.select(head, ""), w.args()).await?.get("expected_fen")
}

fn overdue_loans(customers: &[i64]) -> Conditions {
    let mut w = Conditions::new();
    w.and_values("l.state = 'active' and p.status = 'overdue'", args![]);
    w.one_of("l.customer_id", customers);
    w
}

/// What each of these customers owes overdue on the day, penalty included, as the ledger has it.
pub(crate) async fn overdue_on(
    tx: &mut Tx,
    customers: impl Iterator<Item = CustomerId>,
    on: Date,
) -> Result<BTreeMap<CustomerId, Fen>, ActionError> {
    let mut owed = BTreeMap::<CustomerId, Fen>::new();
    let customers: Vec<i64> = customers.map(|customer| customer.0).collect();
    for some in customers.chunks(500) {
        let asked = ListQuery::of(&ListSpec::default());
        for row in ledger::all(tx, &overdue_loans(some), &asked, on, MOST_LOANS).await? {
            let sum = owed.entry(row.position.key.customer).or_default();
            *sum = sum.checked_add(row.overdue).unwrap_or(*sum);
        }
    }
    Ok(owed)
}

async fn rows(ui: &Ui, work: &mut Work, edition: &Edition, found: &[CaseLine]) -> Result<Vec<Row>, ActionError> {
    let on = work.business_date;
    let customers: Vec<CustomerId> = found.iter().map(|line| line.case.key.customer).collect();
    let owed = overdue_on(&mut work.tx, customers.iter().copied(), on).await?;
    let watched = customers::watch::words(work, ui, &customers).await?;
    found
        .iter()
        .map(|line| {
            let overdue = owed.get(&line.case.key.customer).copied().unwrap_or_default();
            let mut row = row_of(ui, edition, line, overdue, on)?;
            let watched = watched.get(&line.case.key.customer);
            row.cells.push(watched.map_or(Cell::None, |words| Cell::Text(words.clone())));
            Ok(row)
        })
        .collect()
}

fn row_of(ui: &Ui, edition: &Edition, line: &CaseLine, overdue: Fen, on: Date) -> Result<Row, ActionError> {
    let (case, days) = (&line.case, line.days(on));
    let href = format!("{LIST}/{}", case.key.case);
    let level = rules::level(edition, days).map_err(PolicyError::from)?;
    let (owner, word) = owner_badge(ui, case, &line.owner);
    let closed = match &case.state {
        super::model::CaseState::Closed { on, reason } => {
            let word = format!("{on} · {}", ui.t(format!("case-closed-{}", reason.as_str())));
            Cell::State(ui.badge(Tone::Neutral, Icon::CircleCheck, &word), word)
        }
        super::model::CaseState::Open { .. } => Cell::None,
    };
    Ok(Row {
        key: case.key.case.to_string(),
        cells: vec![
            Cell::Link(case.number.clone(), href.clone()),
            Cell::Strong(line.customer.clone()),
            Cell::Muted(line.identity_masked.clone()),
            Cell::Bucket(days),
            Cell::Text(rules::stage(edition, days).map_err(PolicyError::from)?),
            Cell::Text(ui.t(format!("case-level-{level}"))),
            Cell::Count(line.loans),
            Cell::Money(overdue.0),
            Cell::money(line.expected.map(|loss| loss.0)),
            Cell::State(owner, word),
            Cell::date(line.promise_at.map(platform::clock::civil_day)),
            Cell::money(line.promise_at.map(|_| line.promised.0)),
            Cell::Date(case.opened_on),
            closed,
        ],
        href,
    })
}

/// Who collects: nobody, or the originator, is said (S2.3-02).
#[must_use]
pub fn owner_badge(ui: &Ui, case: &Case, name: &str) -> (Html, String) {
    match case.state.owner() {
        None if matches!(case.state, super::model::CaseState::Closed { .. }) => (Html::of_text(name), name.to_owned()),
        None => {
            let word = ui.t("case-nobody");
            (ui.badge(Tone::Doubt, Icon::AlertTriangle, &word), word)
        }
        Some(owner) if owner == case.manager => {
            let word = ui.t1("case-is-originator", "name", name);
            (ui.badge(Tone::Watch, Icon::AlertTriangle, &word), word)
        }
        Some(_) => (Html::of_text(name), name.to_owned()),
    }
}
