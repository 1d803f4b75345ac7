//! Pages of problems: the list, one problem, its rectification and the confirmation.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::{ActionError, Refused};
use platform::id::UserId;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Button, Choice, Empty, Field, Html, Icon, Input, Look, Page, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::item_forms::{verdict, verdict_fields};
use super::model::{ProblemId, ProblemState};
use super::{LIST, PROBLEMS, REVIEW, WORK, data, item_page, problem_page, problems, view};
use crate::customer::store::user_names;
use crate::{EXPORT, VIEW};

/// The views in the order of their tabs.
const VIEWS: [&str; 5] = ["mine", "open", "to-confirm", "confirmed", "all"];
/// The verdicts of a confirmation.
const VERDICTS: [&str; 2] = ["confirm", "reject"];

platform::form_fields! {
    /// What was done about a problem.
    RectifyForm: "note"
}

platform::form_fields! {
    /// What the confirmation says: `confirm` or `reject`.
    ConfirmForm: "verdict", "note"
}

/// The pages of problems.
pub(super) fn routes() -> Routes {
    Routes::new()
        .list(PROBLEMS, VIEW, index, spec)
        .exports(&LISTED)
        .get("/sorting/problems/{problem}", VIEW, show)
        .data::<data::ProblemData, _, _>("/sorting/problems/{problem}", VIEW, data::problem)
        .get("/sorting/problems/{problem}/rectify", WORK, rectify_page)
        .post("/sorting/problems/{problem}/rectify", WORK, rectify)
        .get("/sorting/problems/{problem}/confirm", REVIEW, confirm_page)
        .post("/sorting/problems/{problem}/confirm", REVIEW, confirm)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("sorting-view-{id}")), ..View::default() };
    let states = ProblemState::ALL
        .iter()
        .map(|state| Choice::new(state.as_str(), ui.t(format!("sorting-problem-state-{}", state.as_str()))));
    ListSpec {
        path: PROBLEMS.to_owned(),
        columns: vec![
            Column::new("project", "sorting-number", ColumnKind::Text),
            Column::new("customer", "customer-name", ColumnKind::Text),
            Column::new("kind", "sorting-problem-kind", ColumnKind::Text),
            Column::new("detail", "sorting-problem-detail", ColumnKind::Text),
            Column::new("owner", "sorting-problem-owner", ColumnKind::Text),
            Column::new("due", "sorting-problem-due", ColumnKind::Date),
            Column::new("state", "sorting-problem-state", ColumnKind::State),
            Column::new("rectified", "sorting-rectified-on", ColumnKind::Date),
        ],
        filters: vec![
            Filter::new("project", "sorting-number", FilterKind::Text),
            Filter::new("state", "sorting-problem-state", FilterKind::Choice(states.collect())),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "sorting-problems-count",
        ..ListSpec::default()
    }
}

/// The problems found (梳理问题清单).
pub(crate) static LISTED: Listed = Listed {
    list: PROBLEMS,
    address: "/sorting/problems/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "sorting-problems",
    file: "sorting-problems",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(work: &Work, wanted: &Wanted) -> Conditions {
    let asked = &wanted.query;
    let user = work.actor.acts_as().map_or(0, |user| user.0);
    let mut w = crate::customer::store::within(wanted.scope);
    match asked.view.as_str() {
        "open" => w.and_values("b.state = 'open'", args![]),
        "to-confirm" => w.and_values("b.state = 'rectified'", args![]),
        "confirmed" => w.and_values("b.state = 'confirmed'", args![]),
        "all" => &mut w,
        _ => w.and_values("b.owner_id = ? and b.state = 'open'", args![user]),
    };
    if let Some(number) = asked.text("project") {
        w.and("p.number = ?", [&number]);
    }
    w.one_of("b.state", asked.choice("state"));
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(work, wanted);
    let counted = "select count(*) as n from sorting_problem b join sorting_project p on p.id = b.project_id \
                   join customer c on c.customer_id = b.customer_id";
    let count: i64 = work.tx.fetch_one(w.select(counted, ""), w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(work, wanted);
    let head = "select b.id, p.number, c.name, b.kind, b.detail, b.due_on, b.state, b.rectified_on, \
                coalesce(u.name, '') as owner from sorting_problem b join sorting_project p on p.id = b.project_id \
                join customer c on c.customer_id = b.customer_id left join user_view u on u.id = b.owner_id";
    let tail = format!("order by b.due_on, b.id {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    Ok(found.iter().map(|row| row_of(ui, row)).collect::<Result<_, StoreError>>()?)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::CircleCheck),
        title: ui.t("sorting-problems-none"),
        text: ui.t("sorting-problems-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    tools.push(&ui.button(Button::link(Look::Secondary, ui.t("sorting-title"), LIST).icon(Icon::ArrowLeft)));
    shown.answer(&visit, &Page::new(ui.t("sorting-problems"), "sorting").actions(tools))
}

fn row_of(ui: &Ui, row: &DbRow) -> Result<Row, StoreError> {
    let id: ProblemId = row.get("id")?;
    let kind: String = row.get("kind")?;
    let (badge, word) = view::problem_state(ui, row.get("state")?);
    let cells = vec![
        Cell::Text(row.get("number")?),
        Cell::Strong(row.get("name")?),
        Cell::Link(ui.t(format!("sorting-problem-kind-{kind}")), problem_page(id)),
        Cell::Text(row.get("detail")?),
        Cell::Text(row.get("owner")?),
        Cell::date(row.get("due_on")?),
        Cell::State(badge, word),
        Cell::date(row.get("rectified_on")?),
    ];
    Ok(Row { key: id.to_string(), cells, href: problem_page(id) })
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let (one, customer) = problems::seen(&mut work, &id, VIEW).await?;
    let people: Vec<UserId> =
        [Some(one.owner), Some(one.found_by), one.rectified_by, one.confirmed_by].into_iter().flatten().collect();
    let names = user_names(&mut work.tx, &people).await?;
    let name = |user: Option<UserId>| Html::of_text(user.and_then(|user| names.get(&user)).map_or("—", String::as_str));
    let row = |label: &str, value: Html| (ui.t(label), value);
    let rows = [
        row("sorting-problem-state", view::problem_state(&ui, one.state).0),
        row("customer-name", view::link(format!("/customers/{}", one.customer), &customer.name)),
        row("sorting-item", view::link(item_page(one.item), ui.t("sorting-item-open"))),
        row("sorting-problem-kind", Html::of_text(ui.t(format!("sorting-problem-kind-{}", one.kind.as_str())))),
        row("sorting-problem-detail", Html::of_text(&one.detail)),
        row("sorting-problem-found-on", ui.date(one.found_on)),
        row("sorting-by", name(Some(one.found_by))),
        row("sorting-problem-owner", name(Some(one.owner))),
        row("sorting-problem-due", ui.date(one.due_on)),
        row("sorting-rectification", Html::of_text(&one.rectification)),
        row("sorting-rectified-on", ui.date_or_dash(one.rectified_on)),
        row("sorting-confirmed-on", ui.date_or_dash(one.confirmed_on)),
        row("sorting-confirmed-by", name(one.confirmed_by)),
    ];
    let mut body = Html::new();
    view::panel(&mut body, &ui.t("sorting-problem"), &Html::new(), &view::facts(&rows));
    let place = |part: &str| format!("{}/{part}", problem_page(one.id));
    let mut buttons = vec![Button::link(Look::Secondary, ui.t("sorting-problems"), PROBLEMS).icon(Icon::ArrowLeft)];
    match one.state {
        ProblemState::Open if visit.may(WORK) => {
            buttons.push(Button::link(Look::Primary, ui.t("sorting-rectify"), place("rectify")).icon(Icon::Check));
        }
        ProblemState::Rectified if visit.may(REVIEW) => {
            buttons.push(Button::link(Look::Primary, ui.t("sorting-confirm"), place("confirm")).icon(Icon::Check));
        }
        ProblemState::Open | ProblemState::Rectified | ProblemState::Confirmed => {}
    }
    let page = Page::new(ui.t("sorting-problem"), "sorting").subtitle(customer.name).actions(ui.buttons(buttons));
    visit.page_of(&page, &body)
}

async fn rectify_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw(&visit, &id, true, &Fields::default(), None).await
}

async fn confirm_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw(&visit, &id, false, &Fields::default(), None).await
}

/// Draws the rectification, or its confirmation.
async fn draw(
    visit: &Visit,
    id: &str,
    rectifies: bool,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let (one, customer) = problems::seen(&mut work, id, if rectifies { WORK } else { REVIEW }).await?;
    let (title, part) = if rectifies { ("sorting-rectify", "rectify") } else { ("sorting-confirm", "confirm") };
    let note = Field::new("note", ui.t("sorting-rectification"), Input::Area)
        .value(typed.first("note").unwrap_or_default())
        .hint(ui.t("sorting-rectification-hint"));
    let mut said = Html::new();
    said.raw("<p class=\"hint\">").text(&one.detail).raw("</p>");
    if !rectifies {
        said.raw("<p>").text(&one.rectification).raw("</p>");
    }
    let page = FormPage {
        active: "sorting",
        title: ui.t(title),
        subtitle: customer.name,
        action: format!("{}/{part}", problem_page(one.id)),
        fields: if rectifies { vec![note.required()] } else { verdict_fields(&ui, typed, VERDICTS) },
        note: said,
        buttons: vec![Button::submit(Look::Primary, ui.t(title)).icon(Icon::Check)],
        back: problem_page(one.id),
    };
    page.draw(visit, refused)
}

async fn rectify(Path(id): Path<String>, posted: Posted<RectifyForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("sorting.rectify").await?;
    let done = problems::rectify(&mut work, &id, posted.fields.first("note").unwrap_or_default()).await;
    match posted.finish(work, done, problem_page(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, &id, true, &posted.fields, Some(&refused)).await,
    }
}

async fn confirm(Path(id): Path<String>, posted: Posted<ConfirmForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("sorting.confirm").await?;
    let words = posted.fields.first("note").unwrap_or_default();
    let done = match verdict(&posted.fields, VERDICTS) {
        Ok(accept) => problems::confirm(&mut work, &id, accept, words).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, problem_page(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, &id, false, &posted.fields, Some(&refused)).await,
    }
}
