//! The audit page (审计页): what was done, by whom, when, from where; and whether the chain holds.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::subject::{Called, Names, called};
use super::{Broken, Entry, Verified, verify};
use crate::access::{AUDIT_VERIFY, AUDIT_VIEW, DataScope, Origin, action_title};
use crate::clock::{civil_minute, civil_moment};
use crate::db::{Conditions, StoreError, Tx};
use crate::error::ActionError;
use crate::list_export::{Listed, Sums, Wanted, plain};
use crate::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, FilterValue, ListQuery, ListSpec, Row};
use crate::page::{Button, Guard, Html, Icon, Look, Page, Tone, Ui};
use crate::web::{Posted, Routes, Visit, WebError};
use crate::work::Work;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .list("/audit", AUDIT_VIEW, list, |_| spec())
        .exports(&LISTED)
        .post("/audit/verify", AUDIT_VERIFY, check)
        .answering::<Checked>()
}

fn spec() -> ListSpec {
    ListSpec {
        path: "/audit".to_owned(),
        columns: vec![
            Column::new("at", "audit-at", ColumnKind::Text),
            Column::new("user", "audit-user", ColumnKind::Text),
            Column::new("action", "audit-action", ColumnKind::Text),
            Column::new("subject", "audit-subject", ColumnKind::Text),
            Column::new("reason", "audit-reason", ColumnKind::Text),
            Column::new("before", "audit-before", ColumnKind::Text).hidden(),
            Column::new("after", "audit-after", ColumnKind::Text).hidden(),
            Column::new("origin", "audit-origin", ColumnKind::Text),
            Column::new("link", "audit-link", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("day", "audit-at", FilterKind::Dates),
            Filter::new("user", "audit-user", FilterKind::Text),
            Filter::new("action", "audit-action", FilterKind::Text),
            Filter::new("subject", "audit-subject", FilterKind::Text),
        ],
        counted: "audit-count",
        ..ListSpec::default()
    }
}

/// One entry as the page shows it.
struct Shown {
    at: Timestamp,
    user: Option<String>,
    action: String,
    subject: String,
    /// Whose chain; 0 for the institution's.
    customer: i64,
    reason: Option<String>,
    before: Option<String>,
    after: Option<String>,
    origin: String,
    link: String,
}

/// The audit trail (审计清单): whoever takes entries away gets them whole, whatever the screen has room for.
pub(crate) static LISTED: Listed = Listed {
    list: "/audit",
    address: "/audit/export.xlsx",
    view: AUDIT_VIEW,
    export: AUDIT_VIEW,
    act: "audit.export",
    title: "audit-title",
    file: "audit",
    whole: true,
    spec: |_, _, _| plain(spec()),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: Some(|work, ui, _| vec![ui.t("audit-title"), civil_minute(work.now)]),
};

async fn list(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let shown = LISTED.shown(&visit, query).await?;
    let verifies = visit.may(AUDIT_VERIFY).then(|| visit.guard());
    shown.answer(&visit, &head(&shown.ui, shown.tools(), verifies))
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let filter = asked(work, wanted).await?;
    let count = filter.select("select count(*) as n from audit_entry e left join app_user u on u.id = e.user_id", "");
    let count: i64 = work.tx.fetch_one(count, filter.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let mut filter = asked(work, wanted).await?;
    filter.one_of("e.seq", &wanted.picked_numbers());
    let entries = read(&mut work.tx, &filter, &wanted.limit()).await?;
    let mut names = Names::of(work);
    // A program follows the keys; people read names.
    let for_program = matches!(work.actor.origin, Origin::Api { .. });
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        let subject = if for_program {
            Cell::Muted(entry.subject.clone())
        } else {
            let named = names.say(work, &entry.subject, entry.customer).await?;
            Cell::State(named.html(&entry.subject), named.text(&entry.subject))
        };
        rows.push(row(ui, entry, subject));
    }
    Ok(rows)
}

fn head(ui: &Ui, mut actions: Html, verifies: Option<Guard>) -> Page {
    if let Some(guard) = verifies {
        actions.raw("<form method=\"post\" action=\"/audit/verify\" data-once>").push(&ui.guard(guard));
        actions
            .push(&ui.button(Button::submit(Look::Primary, ui.t("audit-verify")).icon(Icon::ShieldCheck)))
            .raw("</form>");
    }
    Page::new(ui.t("audit-title"), "audit").actions(actions)
}

/// The rows that are asked for, a thing by its name or by the key of the trail.
async fn asked(work: &mut Work, wanted: &Wanted) -> Result<Conditions, StoreError> {
    let mut all = conditions(wanted.scope, &wanted.query);
    for (name, value) in &wanted.query.filters {
        if let ("subject", FilterValue::Text(text)) = (*name, value) {
            about(&mut all, &called(work, text.trim()).await?);
        }
    }
    Ok(all)
}

/// Entries about these things; of a customer all that stands in the customer's chain.
fn about(all: &mut Conditions, called: &Called) {
    if called.customers.is_empty() {
        all.one_of("e.subject", &called.subjects);
        return;
    }
    let (mut subjects, mut chains) = (Conditions::new(), Conditions::new());
    subjects.one_of("e.subject", &called.subjects);
    chains.one_of("e.customer_id", &called.customers);
    all.either(&subjects, &chains);
}

/// The rows inside the person's scope that match the filters. What the system did belongs to the whole institution.
fn conditions(scope: DataScope, asked: &ListQuery) -> Conditions {
    let mut all = Conditions::new();
    if scope.branch != 0 {
        all.and("e.user_id in (select id from app_user where branch_id = ?)", [&scope.branch]);
    }
    if scope.team != 0 {
        all.and("e.user_id in (select id from app_user where team_id = ?)", [&scope.team]);
    }
    if scope.manager != 0 {
        all.and("e.user_id = ?", [&scope.manager]);
    }
    for (name, value) in &asked.filters {
        match (*name, value) {
            ("day", FilterValue::Dates(from, to)) => {
                if let Some(from) = from.and_then(start_of) {
                    all.and("e.at >= ?", [&from]);
                }
                if let Some(end) = to.and_then(|to| to.tomorrow().ok()).and_then(start_of) {
                    all.and("e.at < ?", [&end]);
                }
            }
            ("user", FilterValue::Text(text)) => {
                all.and("(u.login = ? or u.name = ?)", [text, text]);
            }
            ("action", FilterValue::Text(text)) => {
                all.and("substr(e.action, 1, length(?)) = ?", [text, text]);
            }
            _ => {}
        }
    }
    all
}

fn start_of(day: Date) -> Option<Timestamp> {
    civil_moment(day.at(0, 0, 0, 0))
}

async fn read(tx: &mut Tx, filter: &Conditions, limit: &str) -> Result<Vec<Shown>, StoreError> {
    let rows = filter.select(
        "select e.customer_id, e.seq, e.at, u.name, e.action, e.subject, e.reason, e.before_json, e.after_json, \
         e.origin, e.origin_detail from audit_entry e left join app_user u on u.id = e.user_id",
        &format!("order by e.at desc, e.customer_id, e.seq desc {limit}"),
    );
    let rows = tx.fetch_all(rows, filter.args()).await?;
    let entries = rows.iter().map(|row| {
        let (origin, detail): (String, String) = (row.get("origin")?, row.get("origin_detail")?);
        let (chain, seq): (i64, i64) = (row.get("customer_id")?, row.get("seq")?);
        Ok(Shown {
            at: row.get("at")?,
            user: row.get("name")?,
            action: row.get("action")?,
            subject: row.get("subject")?,
            customer: chain,
            reason: row.get("reason")?,
            before: row.get("before_json")?,
            after: row.get("after_json")?,
            origin: if detail.is_empty() { origin } else { format!("{origin} {detail}") },
            link: format!("{chain}/{seq}"),
        })
    });
    entries.collect()
}

fn row(ui: &Ui, entry: Shown, subject: Cell) -> Row {
    let text = |value: Option<String>| value.map_or(Cell::None, Cell::Text);
    let title = action_title(ui, &entry.action);
    let action = if title == entry.action { title } else { format!("{title} · {}", entry.action) };
    Row {
        key: entry.link.clone(),
        href: String::new(),
        cells: vec![
            Cell::Text(civil_minute(entry.at)),
            Cell::Strong(entry.user.unwrap_or_else(|| ui.t("audit-system"))),
            Cell::Text(action),
            subject,
            text(entry.reason),
            text(entry.before),
            text(entry.after),
            Cell::Muted(entry.origin),
            Cell::Muted(entry.link),
        ],
    }
}

#[derive(Debug, serde::Deserialize)]
struct Nothing {}

/// What the verification of the audit trail found (校验结果).
#[derive(Debug, Serialize, JsonSchema)]
struct Checked {
    /// Entries read.
    entries: u64,
    /// Chains followed.
    chains: u64,
    /// Daily roots compared.
    roots: u64,
    /// Whether nothing is missing or altered.
    whole: bool,
}

async fn check(posted: Posted<Nothing>) -> Result<Response, WebError> {
    let visit = &posted.visit;
    let found = verify(&visit.app.db).await?;
    let mut work = visit.begin().await?;
    let after = serde_json::json!({"entries": found.entries, "whole": found.broken.is_none()});
    work.audit(Entry::new(None, "audit.verify", "audit").after(after)).await?;
    work.commit().await?;
    let whole = found.broken.is_none();
    let checked = Checked { entries: found.entries, chains: found.chains, roots: found.roots, whole };
    if let Some(answer) = visit.data(&checked) {
        return Ok(answer);
    }
    let ui = visit.ui();
    visit.page_of(&head(&ui, Html::new(), Some(visit.guard())), &result(&ui, &found))
}

fn result(ui: &Ui, found: &Verified) -> Html {
    let counts = [
        ("entries", ui.count(i64::try_from(found.entries).unwrap_or(i64::MAX))),
        ("chains", ui.count(i64::try_from(found.chains).unwrap_or(i64::MAX))),
        ("roots", ui.count(i64::try_from(found.roots).unwrap_or(i64::MAX))),
    ];
    let (tone, icon, text) = match &found.broken {
        None => (Tone::Ok, Icon::ShieldCheck, ui.tn("audit-whole", &counts)),
        Some(broken) => (Tone::Doubt, Icon::ShieldX, broken_text(ui, broken)),
    };
    let mut body = ui.note(tone, icon, Html::of_text(text));
    body.push(&ui.button(Button::link(Look::Secondary, ui.t("audit-back"), "/audit")));
    body
}

fn broken_text(ui: &Ui, broken: &Broken) -> String {
    match broken {
        Broken::Content { chain, seq } => ui.t2("audit-broken-content", "chain", chain, "seq", seq),
        Broken::Order { chain, seq } => ui.t2("audit-broken-order", "chain", chain, "seq", seq),
        Broken::Head { chain, seq } => ui.t2("audit-broken-head", "chain", chain, "seq", seq),
        Broken::Root { on } => ui.t1("audit-broken-root", "day", on),
        Broken::Anchor { on } => ui.t1("audit-broken-anchor", "day", on),
    }
}
