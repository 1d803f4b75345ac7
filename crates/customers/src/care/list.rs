//! The list of plans of care: what is worked by, what waits, what is due, and everything.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, ListSpec, Row, View};
use platform::page::{Empty, Html, Icon, Page, Tone, Ui};
use platform::policies::{self, InForce};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{PlanId, PlanState};
use super::{LIST, page_of};
use crate::customer::store::within;
use crate::lead::policy::title;
use crate::{EXPORT, VIEW};

/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["current", "due", "waiting", "all"];

/// The list.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("care-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "care-number", ColumnKind::Text),
            Column::new("customer", "customer-name", ColumnKind::Text),
            Column::new("kind", "care-kind", ColumnKind::Text),
            Column::new("state", "care-state", ColumnKind::State),
            Column::new("made", "care-made-on", ColumnKind::Date),
            Column::new("review", "care-review-on", ColumnKind::Date),
            Column::new("maker", "care-maker", ColumnKind::Text),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "care-count",
        ..ListSpec::default()
    }
}

/// The plans of care (服务计划清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/care-plans/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: "customer.export",
    title: "care-title",
    file: "care-plans",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

/// What is worked by: agreed to, not replaced, not reviewed.
const CURRENT: &str = "e.state = 'approved' and e.superseded_by is null and e.reviewed_on is null";

fn conditions(wanted: &Wanted, today: Date) -> Conditions {
    let mut w = within(wanted.scope);
    w.one_of("e.id", &wanted.picked_numbers());
    match wanted.query.view.as_str() {
        "due" => w.and_values(CURRENT, args![]).and_values("e.review_on <= ?", args![today]),
        "waiting" => w.and_values("e.state = 'submitted'", args![]),
        "all" => w.and_values("1 = 1", args![]),
        _ => w.and_values(CURRENT, args![]),
    };
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted, work.business_date);
    let counted = "select count(*) as n from care_plan e join customer c on c.customer_id = e.customer_id";
    let count: i64 = work.tx.fetch_one(w.select(counted, ""), w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let (w, today) = (conditions(wanted, work.business_date), work.business_date);
    let head = "select e.id, e.number, e.kind, e.state, e.superseded_by, e.reviewed_on, e.review_on, e.effective_on, \
                c.name, coalesce(u.name, '') as maker from care_plan e join customer c on c.customer_id = e.customer_id \
                left join user_view u on u.id = e.recorded_by";
    let tail = format!("order by e.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    let rules = match policies::in_force(work, today).await {
        Ok(rules) => Some(rules),
        Err(ActionError::Refused(_)) => None,
        Err(broken) => return Err(broken),
    };
    Ok(found.iter().map(|row| row_of(ui, rules.as_deref(), row)).collect::<Result<Vec<_>, StoreError>>()?)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty { icon: Some(Icon::Flag), title: ui.t("care-none"), text: ui.t("care-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let page = Page::new(ui.t("care-title"), "care").subtitle(ui.t("care-note")).actions(shown.tools());
    shown.answer(&visit, &page)
}

/// Where a plan stands, and until when: shape and word.
pub(super) fn state(ui: &Ui, state: PlanState, over: bool, review_on: Option<Date>) -> (Html, String) {
    let due = review_on.is_some_and(|on| on <= ui.business_date);
    let (tone, icon, word) = match (state, over, due) {
        (PlanState::Submitted, _, _) => (Tone::Watch, Icon::Clock, "submitted"),
        (PlanState::Refused, _, _) => (Tone::Sub, Icon::Ban, "refused"),
        (PlanState::Approved, true, _) => (Tone::Neutral, Icon::Archive, "over"),
        (PlanState::Approved, false, true) => (Tone::Sub, Icon::AlertTriangle, "due"),
        (PlanState::Approved, false, false) => (Tone::Ok, Icon::CircleCheck, "approved"),
    };
    let word = ui.t(format!("care-state-{word}"));
    (ui.badge(tone, icon, &word), word)
}

fn row_of(ui: &Ui, rules: Option<&InForce>, row: &DbRow) -> Result<Row, StoreError> {
    let (id, kind): (PlanId, String) = (row.get("id")?, row.get("kind")?);
    let (replaced, reviewed): (Option<PlanId>, Option<Date>) = (row.get("superseded_by")?, row.get("reviewed_on")?);
    let review_on: Option<Date> = row.get("review_on")?;
    let (badge, word) = state(ui, row.get("state")?, replaced.is_some() || reviewed.is_some(), review_on);
    let cells = vec![
        Cell::Link(row.get("number")?, page_of(id)),
        Cell::Strong(row.get("name")?),
        Cell::Text(rules.map_or_else(|| kind.clone(), |rules| title(ui, rules, "care_plan", &kind))),
        Cell::State(badge, word),
        Cell::date(row.get("effective_on")?),
        Cell::date(review_on),
        Cell::Text(row.get("maker")?),
    ];
    Ok(Row { key: id.to_string(), cells, href: page_of(id) })
}
