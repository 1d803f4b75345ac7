//! The lists of sorting: projects, and the customers of projects.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Button, Choice, Empty, Html, Icon, Look, Page, Ui};
use platform::policies;
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{ItemId, ItemState, ProjectId, ProjectState};
use super::{INDUSTRIES, ITEMS, LIST, PLAN, PROBLEMS, batch, item_page, page_of, view};
use crate::{EXPORT, VIEW};

/// The views of projects in the order of their tabs.
const PROJECT_VIEWS: [&str; 4] = ["living", "mine", "due", "all"];
/// The views of customers.
const ITEM_VIEWS: [&str; 6] = ["mine", "key", "to-do", "to-review", "accepted", "all"];

/// The lists.
pub(super) fn routes() -> Routes {
    Routes::new()
        .list(LIST, VIEW, projects, project_spec)
        .exports(&LISTED)
        .list(ITEMS, VIEW, items, item_spec)
        .exports(&LISTED_ITEMS)
}

fn views(ui: &Ui, names: &[&str]) -> Vec<View> {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("sorting-view-{id}")), ..View::default() };
    names.iter().map(view).collect()
}

fn project_spec(ui: &Ui) -> ListSpec {
    let states = ProjectState::ALL
        .iter()
        .map(|state| Choice::new(state.as_str(), ui.t(format!("sorting-state-{}", state.as_str()))));
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "sorting-number", ColumnKind::Text),
            Column::new("title", "sorting-name", ColumnKind::Text),
            Column::new("scheme", "sorting-scheme", ColumnKind::Text),
            Column::new("state", "sorting-state", ColumnKind::State),
            Column::new("from", "sorting-from", ColumnKind::Date),
            Column::new("until", "sorting-until", ColumnKind::Date),
            Column::new("lead", "sorting-lead", ColumnKind::Text),
            Column::new("review", "sorting-review-on", ColumnKind::Date),
        ],
        filters: vec![Filter::new("state", "sorting-state", FilterKind::Choice(states.collect()))],
        views: views(ui, &PROJECT_VIEWS),
        counted: "sorting-count",
        ..ListSpec::default()
    }
}

/// The sorting projects (梳理项目清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/sorting/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "sorting-title",
    file: "sorting-projects",
    whole: false,
    spec: |_, ui, _| plain(project_spec(ui)),
    sums: |work, _, wanted| Box::pin(project_sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(project_rows(work, ui, wanted)),
    heads: None,
};

/// The projects that the person may see: all of its reach, those of its working group, those with customers in reach.
fn visible(work: &Work, scope: DataScope) -> Conditions {
    let user = work.actor.acts_as().map_or(0, |user| user.0);
    let mut w = Conditions::new();
    if scope.branch == 0 && scope.team == 0 && scope.manager == 0 {
        return w;
    }
    // Whoever is bound to a team or to own files covers no whole branch.
    let branch = if scope.team == 0 && scope.manager == 0 { scope.branch } else { -1 };
    let limits =
        args![branch, user, user, scope.branch, scope.branch, scope.team, scope.team, scope.manager, scope.manager];
    w.and_values(
        "(p.branch_id = ? or p.lead_id = ? or exists (select 1 from sorting_member m where m.project_id = p.id \
         and m.revision = p.revision and m.user_id = ?) or exists (select 1 from sorting_item i join customer c \
         on c.customer_id = i.customer_id where i.project_id = p.id and c.state = 'active' \
         and (? = 0 or c.branch_id = ?) and (? = 0 or c.team_id = ?) and (? = 0 or c.manager_id = ?)))",
        limits,
    );
    w
}

fn project_conditions(work: &Work, wanted: &Wanted) -> Conditions {
    let (asked, today) = (&wanted.query, work.business_date);
    let user = work.actor.acts_as().map_or(0, |user| user.0);
    let mut w = visible(work, wanted.scope);
    match asked.view.as_str() {
        "mine" => w.and_values(
            "(p.lead_id = ? or p.recorded_by = ? or exists (select 1 from sorting_member m \
             where m.project_id = p.id and m.revision = p.revision and m.user_id = ?))",
            args![user, user, user],
        ),
        "due" => w.and_values("p.state = 'closed' and p.review_on <= ?", args![today]),
        "all" => &mut w,
        _ => w.and_values("p.state not in ('closed', 'stopped', 'refused')", args![]),
    };
    w.one_of("p.state", asked.choice("state"));
    w
}

async fn project_sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = project_conditions(work, wanted);
    let counted = w.select("select count(*) as n from sorting_project p", "");
    let count: i64 = work.tx.fetch_one(counted, w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn project_rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = project_conditions(work, wanted);
    let head = "select p.id, p.number, p.title, p.scheme, p.state, p.starts_on, p.ends_on, p.review_on, \
                coalesce(u.name, '') as lead from sorting_project p left join user_view u on u.id = p.lead_id";
    let tail = format!("order by p.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    let policy = policies::ruling(work).await?;
    let row = |row: &DbRow| -> Result<Row, StoreError> {
        let id: ProjectId = row.get("id")?;
        let scheme: String = row.get("scheme")?;
        let scheme = policy.as_ref().map_or_else(|| scheme.clone(), |p| view::word(ui, p, "sorting_scheme", &scheme));
        let (badge, word) = view::state(ui, row.get("state")?);
        let cells = vec![
            Cell::Link(row.get("number")?, page_of(id)),
            Cell::Strong(row.get("title")?),
            Cell::Text(scheme),
            Cell::State(badge, word),
            Cell::date(row.get("starts_on")?),
            Cell::date(row.get("ends_on")?),
            Cell::Text(row.get("lead")?),
            Cell::date(row.get("review_on")?),
        ];
        Ok(Row { key: id.to_string(), cells, href: page_of(id) })
    };
    Ok(found.iter().map(row).collect::<Result<_, _>>()?)
}

async fn projects(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty =
        Empty { icon: Some(Icon::Checklist), title: ui.t("sorting-none"), text: ui.t("sorting-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    tools.push(&project_tools(&visit, &ui));
    let page = Page::new(ui.t("sorting-title"), "sorting")
        .subtitle(ui.t1("sorting-as-of", "on", visit.business_date))
        .actions(tools);
    shown.answer(&visit, &page)
}

fn project_tools(visit: &Visit, ui: &Ui) -> Html {
    let mut buttons = vec![
        Button::link(Look::Secondary, ui.t("sorting-items"), ITEMS).icon(Icon::Checklist),
        Button::link(Look::Secondary, ui.t("sorting-problems"), PROBLEMS).icon(Icon::AlertTriangle),
        Button::link(Look::Secondary, ui.t("sorting-industries"), INDUSTRIES).icon(Icon::Building),
    ];
    if visit.may(PLAN) {
        buttons.push(Button::link(Look::Primary, ui.t("sorting-new"), format!("{LIST}/new")).icon(Icon::Plus));
    }
    ui.buttons(buttons)
}

fn item_spec(ui: &Ui) -> ListSpec {
    let states = ItemState::ALL
        .iter()
        .map(|state| Choice::new(state.as_str(), ui.t(format!("sorting-item-state-{}", state.as_str()))));
    ListSpec {
        path: ITEMS.to_owned(),
        columns: vec![
            Column::new("project", "sorting-number", ColumnKind::Text),
            Column::new("customer", "customer-name", ColumnKind::Text),
            Column::new("customer_number", "customer-number", ColumnKind::Text),
            Column::new("assignee", "sorting-assignee", ColumnKind::Text),
            Column::new("state", "sorting-item-state", ColumnKind::State),
            Column::new("due", "sorting-item-due", ColumnKind::Date),
            Column::new("verified", "sorting-verified-on", ColumnKind::Date),
            Column::new("filled", "sorting-filled", ColumnKind::Count),
            Column::new("wanted", "sorting-wanted", ColumnKind::Count),
            Column::new("problems", "sorting-problems-open", ColumnKind::Count),
        ],
        filters: vec![
            Filter::new("project", "sorting-number", FilterKind::Text),
            Filter::new("state", "sorting-item-state", FilterKind::Choice(states.collect())),
        ],
        views: views(ui, &ITEM_VIEWS),
        counted: "sorting-items-count",
        ..ListSpec::default()
    }
}

/// The customers of projects (梳理客户清单).
pub(crate) static LISTED_ITEMS: Listed = Listed {
    list: ITEMS,
    address: "/sorting/items/export.xlsx",
    title: "sorting-items",
    file: "sorting-customers",
    spec: |_, ui, _| plain(item_spec(ui)),
    sums: |work, _, wanted| Box::pin(item_sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(item_rows(work, ui, wanted)),
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    whole: false,
    heads: None,
};

fn item_conditions(work: &Work, wanted: &Wanted) -> Conditions {
    let asked = &wanted.query;
    let user = work.actor.acts_as().map_or(0, |user| user.0);
    let mut w = crate::customer::store::within(wanted.scope);
    match asked.view.as_str() {
        // The key list: whoever is monitored first and not reviewed yet (S3-14).
        "key" => {
            w.and_values("i.priority = 1 and i.state <> 'accepted' and p.state in ('running', 'reporting')", args![])
        }
        "to-do" => w.and_values("i.state in ('open', 'returned')", args![]),
        "to-review" => w.and_values("i.state = 'verified'", args![]),
        "accepted" => w.and_values("i.state = 'accepted'", args![]),
        "all" => &mut w,
        _ => w.and_values("i.assignee_id = ? and i.state in ('open', 'returned') and p.state = 'running'", args![user]),
    };
    if let Some(number) = asked.text("project") {
        w.and("p.number = ?", [&number]);
    }
    w.one_of("i.state", asked.choice("state"));
    w
}

async fn item_sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = item_conditions(work, wanted);
    let counted = "select count(*) as n from sorting_item i join sorting_project p on p.id = i.project_id \
                   join customer c on c.customer_id = i.customer_id";
    let count: i64 = work.tx.fetch_one(w.select(counted, ""), w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn item_rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = item_conditions(work, wanted);
    let head = "select i.id, p.number, c.name, c.number as customer_number, i.state, i.due_on, i.verified_on, i.filled, \
                i.wanted, coalesce(u.name, '') as assignee, (select count(*) from sorting_problem b \
                where b.customer_id = i.customer_id and b.item_id = i.id and b.state <> 'confirmed') as problems \
                from sorting_item i join sorting_project p on p.id = i.project_id \
                join customer c on c.customer_id = i.customer_id left join user_view u on u.id = i.assignee_id";
    // Whoever is monitored first stands first.
    let tail = format!("order by i.priority, i.due_on, i.id {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    Ok(found.iter().map(|row| item_row(ui, row)).collect::<Result<_, StoreError>>()?)
}

async fn items(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::Checklist),
        title: ui.t("sorting-items-none"),
        text: ui.t("sorting-items-none-text"),
        step: None,
    };
    let shown = LISTED_ITEMS.shown(&visit, query).await?.or(empty).verbs(batch::offer(&visit));
    let mut tools = shown.tools();
    tools.push(&ui.button(Button::link(Look::Secondary, ui.t("sorting-title"), LIST).icon(Icon::ArrowLeft)));
    let page = Page::new(ui.t("sorting-items"), "sorting").subtitle(ui.t("sorting-items-note")).actions(tools);
    shown.answer(&visit, &page)
}

fn item_row(ui: &Ui, row: &DbRow) -> Result<Row, StoreError> {
    let id: ItemId = row.get("id")?;
    let state: ItemState = row.get("state")?;
    let (badge, word) = view::item_state(ui, state);
    let count = |value: Option<i64>| value.map_or(Cell::None, Cell::Count);
    let cells = vec![
        Cell::Text(row.get("number")?),
        Cell::Link(row.get("name")?, item_page(id)),
        Cell::Muted(row.get("customer_number")?),
        Cell::Text(row.get("assignee")?),
        Cell::State(badge, word),
        Cell::date(row.get("due_on")?),
        Cell::date(row.get("verified_on")?),
        count(row.get("filled")?),
        count(row.get("wanted")?),
        Cell::Count(row.get("problems")?),
    ];
    Ok(Row { key: id.to_string(), cells, href: item_page(id) })
}
