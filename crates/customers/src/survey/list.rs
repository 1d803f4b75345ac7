//! The lists: who was drawn and what came of it, and what is improved.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, ListSpec, Row, View};
use platform::page::{Button, Empty, Html, Icon, Look, Page, Tone, Ui};
use platform::policies;
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{SurveyId, SurveyResult, SurveyTaskId};
use super::{LIST, REPORT, TASKS, tab_of};
use crate::customer::store::within;
use crate::datum::view::points;
use crate::lead::policy::known_number;
use crate::{EXPORT, VIEW};

/// The views of surveys in the order of their tabs.
const VIEWS: [&str; 4] = ["open", "answered", "low", "all"];
/// The views of improvements.
const TASK_VIEWS: [&str; 4] = ["mine", "open", "late", "all"];

/// The lists.
pub(super) fn routes() -> Routes {
    Routes::new()
        .list(LIST, VIEW, index, spec)
        .exports(&LISTED)
        .list(TASKS, VIEW, tasks, task_spec)
        .exports(&LISTED_TASKS)
}

fn views(ui: &Ui, names: &[&str]) -> Vec<View> {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("survey-view-{id}")), ..View::default() };
    names.iter().map(view).collect()
}

fn spec(ui: &Ui) -> ListSpec {
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "customer-number", ColumnKind::Text),
            Column::new("customer", "customer-name", ColumnKind::Text),
            Column::new("drawn", "survey-drawn-on", ColumnKind::Date),
            Column::new("state", "survey-result", ColumnKind::State),
            Column::new("answered", "survey-answered-on", ColumnKind::Date),
            Column::new("score", "survey-score", ColumnKind::Text),
            Column::new("by", "survey-by", ColumnKind::Text),
        ],
        views: views(ui, &VIEWS),
        counted: "survey-count",
        ..ListSpec::default()
    }
}

/// The surveys (满意度调查清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/surveys/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: "customer.export",
    title: "survey-title",
    file: "surveys",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

/// Below this score an answer is low; nothing where no rules say it.
async fn low(work: &mut Work) -> Result<Option<i64>, ActionError> {
    let on = work.business_date;
    match policies::ruling(work).await? {
        Some(policy) => known_number(&policy, on, "survey_low_centi"),
        None => Ok(None),
    }
}

async fn conditions(work: &mut Work, wanted: &Wanted) -> Result<Conditions, ActionError> {
    let mut w = within(wanted.scope);
    w.one_of("d.id", &wanted.picked_numbers());
    match wanted.query.view.as_str() {
        "answered" => w.and_values("a.result = 'answered'", args![]),
        "low" => w.and_values("a.score_centi < ?", args![low(work).await?.unwrap_or(0)]),
        "all" => w.and_values("1 = 1", args![]),
        _ => w.and_values("a.id is null", args![]),
    };
    Ok(w)
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(work, wanted).await?;
    let counted = "select count(*) as n from survey_draw d join customer c on c.customer_id = d.customer_id \
                   left join survey_answer a on a.customer_id = d.customer_id and a.draw_id = d.id";
    let count: i64 = work.tx.fetch_one(w.select(counted, ""), w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(work, wanted).await?;
    let head = "select d.customer_id, d.id, d.drawn_on, c.number, c.name, a.result, a.answered_on, a.score_centi, \
                coalesce(u.name, '') as by_name from survey_draw d join customer c on c.customer_id = d.customer_id \
                left join survey_answer a on a.customer_id = d.customer_id and a.draw_id = d.id \
                left join user_view u on u.id = a.recorded_by";
    let tail = format!("order by d.drawn_on desc, d.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    Ok(found.iter().map(|row| row_of(ui, row)).collect::<Result<Vec<_>, StoreError>>()?)
}

/// What came of a survey: shape and word.
pub(super) fn state(ui: &Ui, result: Option<SurveyResult>) -> (Html, String) {
    let (tone, icon, word) = match result {
        None => (Tone::Watch, Icon::Clock, "open"),
        Some(SurveyResult::Answered) => (Tone::Ok, Icon::CircleCheck, "answered"),
        Some(SurveyResult::Declined) => (Tone::Neutral, Icon::Ban, "declined"),
        Some(SurveyResult::Unreachable) => (Tone::Sub, Icon::PhoneOff, "unreachable"),
        Some(SurveyResult::Lapsed) => (Tone::Neutral, Icon::Archive, "lapsed"),
    };
    let word = ui.t(format!("survey-result-{word}"));
    (ui.badge(tone, icon, &word), word)
}

fn row_of(ui: &Ui, row: &DbRow) -> Result<Row, StoreError> {
    let (customer, id): (CustomerId, SurveyId) = (row.get("customer_id")?, row.get("id")?);
    let (badge, word) = state(ui, row.get("result")?);
    let score: Option<i64> = row.get("score_centi")?;
    let cells = vec![
        Cell::Link(row.get("number")?, tab_of(customer)),
        Cell::Strong(row.get("name")?),
        Cell::Date(row.get("drawn_on")?),
        Cell::State(badge, word),
        Cell::date(row.get("answered_on")?),
        score.map_or(Cell::None, |score| Cell::Text(points(score))),
        Cell::Text(row.get("by_name")?),
    ];
    Ok(Row { key: id.to_string(), cells, href: tab_of(customer) })
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty =
        Empty { icon: Some(Icon::Checklist), title: ui.t("survey-none"), text: ui.t("survey-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    tools.push(&ui.buttons([
        Button::link(Look::Secondary, ui.t("survey-report"), REPORT).icon(Icon::ChartLine),
        Button::link(Look::Secondary, ui.t("survey-tasks"), TASKS).icon(Icon::ListCheck),
    ]));
    let page = Page::new(ui.t("survey-title"), "surveys").subtitle(ui.t("survey-note")).actions(tools);
    shown.answer(&visit, &page)
}

fn task_spec(ui: &Ui) -> ListSpec {
    ListSpec {
        path: TASKS.to_owned(),
        columns: vec![
            Column::new("what", "survey-improvement", ColumnKind::Text),
            Column::new("customer", "customer-name", ColumnKind::Text),
            Column::new("owner", "survey-owner", ColumnKind::Text),
            Column::new("due", "survey-due-on", ColumnKind::Date),
            Column::new("state", "survey-task-state", ColumnKind::State),
            Column::new("done", "survey-done-on", ColumnKind::Date),
        ],
        views: views(ui, &TASK_VIEWS),
        counted: "survey-task-count",
        ..ListSpec::default()
    }
}

/// The improvements (满意度改进任务清单).
pub(crate) static LISTED_TASKS: Listed = Listed {
    list: TASKS,
    address: "/survey-tasks/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: "customer.export",
    title: "survey-tasks",
    file: "survey-tasks",
    whole: false,
    spec: |_, ui, _| plain(task_spec(ui)),
    sums: |work, _, wanted| Box::pin(task_sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(task_rows(work, ui, wanted)),
    heads: None,
};

fn task_conditions(work: &Work, wanted: &Wanted) -> Conditions {
    let user = work.actor.acts_as().map_or(0, |user| user.0);
    let mut w = within(wanted.scope);
    w.one_of("t.id", &wanted.picked_numbers());
    match wanted.query.view.as_str() {
        "open" => w.and_values("t.done_on is null", args![]),
        "late" => w.and_values("t.done_on is null and t.due_on < ?", args![work.business_date]),
        "all" => w.and_values("1 = 1", args![]),
        _ => w.and_values("t.done_on is null and t.owner_id = ?", args![user]),
    };
    w
}

async fn task_sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = task_conditions(work, wanted);
    let counted = "select count(*) as n from survey_task t join customer c on c.customer_id = t.customer_id";
    let count: i64 = work.tx.fetch_one(w.select(counted, ""), w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn task_rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = task_conditions(work, wanted);
    let head = "select t.customer_id, t.id, t.what, t.due_on, t.done_on, c.name, coalesce(u.name, '') as owner \
                from survey_task t join customer c on c.customer_id = t.customer_id \
                left join user_view u on u.id = t.owner_id";
    let tail = format!("order by t.due_on, t.id {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    let row = |row: &DbRow| -> Result<Row, StoreError> {
        let (customer, id): (CustomerId, SurveyTaskId) = (row.get("customer_id")?, row.get("id")?);
        let (due_on, done_on): (Date, Option<Date>) = (row.get("due_on")?, row.get("done_on")?);
        let (badge, word) = task_state(ui, due_on, done_on);
        let cells = vec![
            Cell::Link(row.get("what")?, tab_of(customer)),
            Cell::Strong(row.get("name")?),
            Cell::Text(row.get("owner")?),
            Cell::Date(due_on),
            Cell::State(badge, word),
            Cell::date(done_on),
        ];
        Ok(Row { key: id.to_string(), cells, href: tab_of(customer) })
    };
    Ok(found.iter().map(row).collect::<Result<_, _>>()?)
}

/// Where an improvement stands: shape and word.
pub(super) fn task_state(ui: &Ui, due_on: Date, done_on: Option<Date>) -> (Html, String) {
    let (tone, icon, word) = match done_on {
        Some(_) => (Tone::Ok, Icon::CircleCheck, "done"),
        None if due_on < ui.business_date => (Tone::Sub, Icon::AlertTriangle, "late"),
        None => (Tone::Watch, Icon::Clock, "open"),
    };
    let word = ui.t(format!("survey-task-state-{word}"));
    (ui.badge(tone, icon, &word), word)
}

async fn tasks(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::ListCheck),
        title: ui.t("survey-tasks-none"),
        text: ui.t("survey-tasks-none-text"),
        step: None,
    };
    let shown = LISTED_TASKS.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    tools.push(&ui.button(Button::link(Look::Secondary, ui.t("survey-title"), LIST).icon(Icon::ArrowLeft)));
    let page = Page::new(ui.t("survey-tasks"), "surveys").subtitle(ui.t("survey-tasks-note")).actions(tools);
    shown.answer(&visit, &page)
}
