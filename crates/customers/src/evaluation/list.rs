//! The list of evaluations: what counts, what waits, what is due, and everything.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Choice, Empty, Icon, Page, Tone, Ui};
use platform::policies::{self, InForce};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{EvaluationId, EvaluationState};
use super::{list_path, page_of, view};
use crate::customer::model::CustomerKind;
use crate::datum::view::points;
use crate::{EXPORT, VIEW};

/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["current", "due", "waiting", "all"];
/// How many days ahead a review is shown as due.
const AHEAD_DAYS: i64 = 30;

/// The list of evaluations.
pub(super) fn routes() -> Routes {
    Routes::new().list(list_path(), VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view =
        |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("evaluation-view-{id}")), ..View::default() };
    let states = EvaluationState::ALL
        .iter()
        .map(|state| Choice::new(state.as_str(), ui.t(format!("evaluation-state-{}", state.as_str()))));
    let kinds = [CustomerKind::Person, CustomerKind::Company];
    let kinds = kinds.map(|kind| Choice::new(kind.as_str(), ui.t(format!("customer-kind-{}", kind.as_str()))));
    ListSpec {
        path: list_path().to_owned(),
        columns: vec![
            Column::new("number", "evaluation-number", ColumnKind::Text),
            Column::new("customer", "customer-name", ColumnKind::Text),
            Column::new("scorecard", "evaluation-scorecard", ColumnKind::Text),
            Column::new("score", "evaluation-composite", ColumnKind::Text),
            Column::new("grade", "evaluation-grade", ColumnKind::Text),
            Column::new("state", "evaluation-state", ColumnKind::State),
            Column::new("made", "evaluation-made-on", ColumnKind::Date),
            Column::new("review", "evaluation-review", ColumnKind::Date),
            Column::new("assessor", "evaluation-assessor", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("kind", "customer-kind", FilterKind::Choice(kinds.to_vec())),
            Filter::new("state", "evaluation-state", FilterKind::Choice(states.collect())),
            Filter::new("review", "evaluation-review", FilterKind::Dates),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "evaluation-count",
        ..ListSpec::default()
    }
}

/// The evaluations (评估清单).
pub(crate) static LISTED: Listed = Listed {
    list: list_path(),
    address: "/evaluations/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "evaluation-title",
    file: "evaluations",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(today: Date, wanted: &Wanted) -> Conditions {
    let (asked, mut w) = (&wanted.query, crate::customer::store::within(wanted.scope));
    let soon = today.checked_add(jiff::Span::new().days(AHEAD_DAYS)).unwrap_or(today);
    match asked.view.as_str() {
        "due" => w.and_values("e.state = 'approved' and e.superseded_by is null and e.review_on <= ?", args![soon]),
        "waiting" => w.and_values("e.state = 'submitted'", args![]),
        "all" => &mut w,
        _ => w.and_values("e.state = 'approved' and e.superseded_by is null", args![]),
    };
    w.one_of("c.kind", asked.choice("kind")).one_of("e.state", asked.choice("state"));
    let (from, to) = asked.dates("review");
    if let Some(from) = from {
        w.and_values("e.review_on >= ?", args![from]);
    }
    if let Some(to) = to {
        w.and_values("e.review_on <= ?", args![to]);
    }
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(work.business_date, wanted);
    let counted = "select count(*) as n from evaluation e join customer c on c.customer_id = e.customer_id";
    let count: i64 = work.tx.fetch_one(w.select(counted, ""), w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let mut w = conditions(work.business_date, wanted);
    w.one_of("e.id", &wanted.picked_numbers());
    let head = "select e.id, e.number, e.content_json, e.composite_centi, e.grade, e.state, e.superseded_by, \
         e.review_on, e.effective_on, c.name, coalesce(u.name, '') as assessor from evaluation e \
         join customer c on c.customer_id = e.customer_id left join user_view u on u.id = e.recorded_by";
    let order = if wanted.query.view == "due" { "e.review_on, e.id" } else { "e.id desc" };
    let tail = format!("order by {order} {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    let rules = policies::ruling(work).await?;
    Ok(found.iter().map(|row| row_of(ui, rules.as_deref(), row)).collect::<Result<_, StoreError>>()?)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::Checklist),
        title: ui.t("evaluation-none"),
        text: ui.t("evaluation-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let page = Page::new(ui.t("evaluation-title"), "evaluations")
        .subtitle(ui.t1("evaluation-as-of", "on", visit.business_date))
        .actions(shown.tools());
    shown.answer(&visit, &page)
}

fn row_of(ui: &Ui, rules: Option<&InForce>, row: &DbRow) -> Result<Row, StoreError> {
    let id: EvaluationId = row.get("id")?;
    let href = page_of(id);
    let content: String = row.get("content_json")?;
    let content: serde_json::Value = serde_json::from_str(&content).unwrap_or_default();
    let text = |path: &str| content.pointer(path).and_then(|text| text.as_str()).unwrap_or_default().to_owned();
    let title = text(if ui.lang() == platform::locale::Lang::En { "/title/1" } else { "/title/0" });
    let grade: String = row.get("grade")?;
    let output = text("/grade_output");
    let grade = rules.map_or_else(|| grade.clone(), |rules| view::grade(ui, rules, &output, &grade));
    let state: EvaluationState = row.get("state")?;
    let superseded: Option<EvaluationId> = row.get("superseded_by")?;
    let review: Option<Date> = row.get("review_on")?;
    let (tone, icon, word) = match (state, superseded.is_some(), review.is_some_and(|on| on <= ui.business_date)) {
        (EvaluationState::Submitted, _, _) => (Tone::Watch, Icon::Clock, "submitted"),
        (EvaluationState::Approved, false, true) => (Tone::Sub, Icon::AlertTriangle, "overdue"),
        (EvaluationState::Approved, false, false) => (Tone::Ok, Icon::CircleCheck, "approved"),
        (EvaluationState::Approved, true, _) => (Tone::Neutral, Icon::Archive, "superseded"),
        (EvaluationState::Refused, _, _) => (Tone::Sub, Icon::Ban, "refused"),
    };
    let word = ui.t(format!("evaluation-state-{word}"));
    let cells = vec![
        Cell::Link(row.get("number")?, href.clone()),
        Cell::Strong(row.get("name")?),
        Cell::Text(title),
        Cell::Text(points(row.get("composite_centi")?)),
        Cell::Text(grade),
        Cell::State(ui.badge(tone, icon, &word), word),
        Cell::date(row.get("effective_on")?),
        Cell::date(review),
        Cell::Text(row.get("assessor")?),
    ];
    Ok(Row { key: id.to_string(), cells, href })
}
