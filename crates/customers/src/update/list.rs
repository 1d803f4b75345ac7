//! The lists: whose data are overdue to be verified, and the reports about them.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Button, Empty, Html, Icon, Look, Page, Tone, Ui};
use platform::policies;
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::UpdateReportId;
use super::{LIST, REPORTS, actions, page_of, rules};
use crate::customer::store::within;
use crate::{EXPORT, VIEW};

/// The views of customers in the order of their tabs.
const VIEWS: [&str; 3] = ["overdue", "due", "all"];
/// The views of reports.
const REPORT_VIEWS: [&str; 2] = ["open", "all"];

/// The lists.
pub(super) fn routes() -> Routes {
    Routes::new()
        .list(LIST, VIEW, index, spec)
        .exports(&LISTED)
        .list(REPORTS, VIEW, reports, report_spec)
        .exports(&LISTED_REPORTS)
}

fn views(ui: &Ui, names: &[&str]) -> Vec<View> {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("update-view-{id}")), ..View::default() };
    names.iter().map(view).collect()
}

fn spec(ui: &Ui) -> ListSpec {
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "customer-number", ColumnKind::Text),
            Column::new("customer", "customer-name", ColumnKind::Text),
            Column::new("branch", "customer-branch", ColumnKind::Text),
            Column::new("manager", "update-manager", ColumnKind::Text),
            Column::new("since", "update-since", ColumnKind::Date),
            Column::new("days", "update-days", ColumnKind::Count),
            Column::new("state", "update-state", ColumnKind::State),
        ],
        filters: vec![Filter::new("manager", "update-manager", FilterKind::Text)],
        views: views(ui, &VIEWS),
        counted: "update-count",
        ..ListSpec::default()
    }
}

/// Whose data are due to be verified (资料逾期未更新清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/data-updates/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: "customer.export",
    title: "update-title",
    file: "data-updates",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

/// The last day on which data may have been due to be overdue today; nothing where no rules are in force.
async fn since(work: &mut Work) -> Result<Option<Date>, ActionError> {
    let on = work.business_date;
    match policies::ruling(work).await? {
        Some(policy) => actions::overdue_since(work, &policy, on).await,
        None => Ok(None),
    }
}

fn conditions(wanted: &Wanted, today: Date, since: Option<Date>) -> Conditions {
    let mut w = within(wanted.scope);
    w.one_of("k.customer_id", &wanted.picked_numbers());
    // What is due is asked for; what is not yet, too, for who wants to plan.
    match wanted.query.view.as_str() {
        "due" => w.and_values("k.verify_by <= ?", args![today]),
        "all" => w.and_values("k.verify_by is not null", args![]),
        _ => match since {
            Some(since) => w.and_values("k.verify_by <= ?", args![since]),
            None => w.and_values("1 = 0", args![]),
        },
    };
    if let Some(name) = wanted.query.text("manager") {
        w.and("u.name = ?", [&name]);
    }
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted, work.business_date, since(work).await?);
    let counted = "select count(*) as n from customer_known k join customer c on c.customer_id = k.customer_id \
                   left join user_view u on u.id = c.manager_id";
    let count: i64 = work.tx.fetch_one(w.select(counted, ""), w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let since = since(work).await?;
    let w = conditions(wanted, work.business_date, since);
    let head = "select k.customer_id, c.number, c.name, b.name as branch, coalesce(u.name, '') as manager, k.verify_by \
                from customer_known k join customer c on c.customer_id = k.customer_id \
                join branch_view b on b.id = c.branch_id left join user_view u on u.id = c.manager_id";
    let tail = format!("order by k.verify_by, k.customer_id {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    Ok(found.iter().map(|row| row_of(ui, row, since)).collect::<Result<Vec<_>, StoreError>>()?)
}

/// Where an update stands: shape and word.
fn state(ui: &Ui, verify_by: Date, since: Option<Date>) -> (Html, String) {
    let (tone, icon, word) = if since.is_some_and(|since| verify_by <= since) {
        (Tone::Sub, Icon::AlertTriangle, "overdue")
    } else if verify_by <= ui.business_date {
        (Tone::Watch, Icon::Clock, "due")
    } else {
        (Tone::Ok, Icon::CircleCheck, "current")
    };
    let word = ui.t(format!("update-state-{word}"));
    (ui.badge(tone, icon, &word), word)
}

fn row_of(ui: &Ui, row: &DbRow, since: Option<Date>) -> Result<Row, StoreError> {
    let (customer, verify_by): (CustomerId, Date) = (row.get("customer_id")?, row.get("verify_by")?);
    let href = format!("/customers/{customer}?tab=data");
    let (badge, word) = state(ui, verify_by, since);
    let cells = vec![
        Cell::Link(row.get("number")?, href.clone()),
        Cell::Strong(row.get("name")?),
        Cell::Text(row.get("branch")?),
        Cell::Text(row.get("manager")?),
        Cell::Date(verify_by),
        Cell::Count(rules::days_over(verify_by, ui.business_date)),
        Cell::State(badge, word),
    ];
    Ok(Row { key: customer.to_string(), cells, href })
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty =
        Empty { icon: Some(Icon::CircleCheck), title: ui.t("update-none"), text: ui.t("update-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    let reports = Button::link(Look::Secondary, ui.t("update-reports"), REPORTS).icon(Icon::FileText);
    tools.push(&ui.button(reports));
    let page = Page::new(ui.t("update-title"), "updates").subtitle(ui.t("update-note")).actions(tools);
    shown.answer(&visit, &page)
}

fn report_spec(ui: &Ui) -> ListSpec {
    ListSpec {
        path: REPORTS.to_owned(),
        columns: vec![
            Column::new("as_of", "update-as-of", ColumnKind::Text),
            Column::new("branch", "customer-branch", ColumnKind::Text),
            Column::new("customers", "update-customers", ColumnKind::Count),
            Column::new("oldest", "update-oldest", ColumnKind::Date),
            Column::new("state", "update-report-state", ColumnKind::State),
            Column::new("answered", "update-answered-on", ColumnKind::Date),
            Column::new("by", "update-answered-by", ColumnKind::Text),
        ],
        views: views(ui, &REPORT_VIEWS),
        counted: "update-report-count",
        ..ListSpec::default()
    }
}

/// The reports (资料更新逾期报告清单).
pub(crate) static LISTED_REPORTS: Listed = Listed {
    list: REPORTS,
    address: "/data-updates/reports/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: "customer.export",
    title: "update-reports",
    file: "data-update-reports",
    whole: false,
    spec: |_, ui, _| plain(report_spec(ui)),
    sums: |work, _, wanted| Box::pin(report_sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(report_rows(work, ui, wanted)),
    heads: None,
};

fn report_conditions(wanted: &Wanted) -> Conditions {
    let mut w = Conditions::new();
    w.one_of("r.id", &wanted.picked_numbers());
    // A report names customers of all managers of a branch: whoever sees less sees none.
    if wanted.scope.team != 0 || wanted.scope.manager != 0 {
        w.and_values("1 = 0", args![]);
    }
    if wanted.scope.branch != 0 {
        w.and("r.branch_id = ?", [&wanted.scope.branch]);
    }
    if wanted.query.view != "all" {
        w.and_values("r.answered_on is null", args![]);
    }
    w
}

async fn report_sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = report_conditions(wanted);
    let counted = "select count(*) as n, coalesce(cast(sum(r.customers) as bigint), 0) as customers \
                   from update_report r";
    let row = work.tx.fetch_one(w.select(counted, ""), w.args()).await?;
    Ok(Sums { count: row.get("n")?, totals: vec![("customers", row.get("customers")?)] })
}

async fn report_rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = report_conditions(wanted);
    let head = "select r.id, r.as_of, b.name as branch, r.customers, r.oldest_on, r.answered_on, \
                coalesce(u.name, '') as by_name from update_report r join branch_view b on b.id = r.branch_id \
                left join user_view u on u.id = r.answered_by";
    let tail = format!("order by r.as_of desc, r.branch_id {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    let row = |row: &DbRow| -> Result<Row, StoreError> {
        let (id, as_of): (UpdateReportId, Date) = (row.get("id")?, row.get("as_of")?);
        let answered: Option<Date> = row.get("answered_on")?;
        let (badge, word) = report_state(ui, answered.is_some());
        let cells = vec![
            Cell::Link(as_of.to_string(), page_of(id)),
            Cell::Text(row.get("branch")?),
            Cell::Count(row.get("customers")?),
            Cell::Date(row.get("oldest_on")?),
            Cell::State(badge, word),
            Cell::date(answered),
            Cell::Text(row.get("by_name")?),
        ];
        Ok(Row { key: id.to_string(), cells, href: page_of(id) })
    };
    Ok(found.iter().map(row).collect::<Result<_, _>>()?)
}

/// Where a report stands: shape and word.
pub(super) fn report_state(ui: &Ui, answered: bool) -> (Html, String) {
    let (tone, icon, word) =
        if answered { (Tone::Ok, Icon::CircleCheck, "answered") } else { (Tone::Watch, Icon::Clock, "open") };
    let word = ui.t(format!("update-report-state-{word}"));
    (ui.badge(tone, icon, &word), word)
}

async fn reports(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::FileText),
        title: ui.t("update-reports-none"),
        text: ui.t("update-reports-none-text"),
        step: None,
    };
    let shown = LISTED_REPORTS.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    tools.push(&ui.button(Button::link(Look::Secondary, ui.t("update-title"), LIST).icon(Icon::ArrowLeft)));
    let page = Page::new(ui.t("update-reports"), "updates").subtitle(ui.t("update-reports-note")).actions(tools);
    shown.answer(&visit, &page)
}
