//! The list of duties (任务清单): what must be done, in the order of work.

use axum::extract::RawQuery;
use axum::response::Response;

use super::model::{Duty, DutyState};
use super::pages::DUTY_VIEW;
use super::pages_parts as parts;
use super::seen::{self, Eye, Filter, Window};
use crate::error::ActionError;
use crate::list_export::{Listed, Sums, Wanted};
use crate::page::list::{self, Cell, Column, ColumnKind, FilterKind, ListQuery, ListSpec, Row, View};
use crate::page::{Choice, Html, Page, Ui};
use crate::policies;
use crate::web::{Routes, Visit, WebError};
use crate::work::Work;

const LIST: &str = "/duties";

pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, DUTY_VIEW, index, |ui| spec(ui, Vec::new())).exports(&LISTED)
}

/// The duties that the person may see (任务清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/duties/export.xlsx",
    view: DUTY_VIEW,
    export: DUTY_VIEW,
    act: "duty.export",
    title: "duties-title",
    file: "duties",
    whole: false,
    spec: |work, ui, _| Box::pin(spec_of(work, ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

const WINDOWS: [Window; 7] =
    [Window::Near, Window::Late, Window::Today, Window::Week, Window::Now, Window::Open, Window::Closed];

fn spec(ui: &Ui, kinds: Vec<Choice>) -> ListSpec {
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("due", "duty-due", ColumnKind::State),
            Column::new("date", "duty-date", ColumnKind::Date),
            Column::new("what", "duty-what", ColumnKind::Text),
            Column::new("whom", "duty-customer", ColumnKind::Text),
            Column::new("number", "duty-number", ColumnKind::Text),
            Column::new("balance", "duty-balance", ColumnKind::Money),
            Column::new("owner", "duty-owner", ColumnKind::Text),
            Column::new("source", "duty-source", ColumnKind::Text),
            Column::new("state", "duty-state", ColumnKind::State),
            Column::new("opened", "duty-opened", ColumnKind::Date).hidden(),
        ],
        filters: vec![
            list::Filter::new("whose", "duty-whose", FilterKind::Choice(vec![Choice::new("mine", ui.t("duty-mine"))])),
            list::Filter::new("kind", "duty-what", FilterKind::Choice(kinds)),
            list::Filter::new("text", "duty-text", FilterKind::Text),
        ],
        views: WINDOWS
            .into_iter()
            .map(|window| View {
                id: window.as_str().to_owned(),
                text: ui.t(format!("duty-window-{}", window.as_str())),
                ..View::default()
            })
            .collect(),
        counted: "duties-count",
        ..ListSpec::default()
    }
}

/// The address of exactly the rows that a count of mine counts.
pub(super) fn address(window: Window) -> String {
    list::address(LIST, &[("view", window.as_str()), ("whose", "mine")])
}

/// With the kinds in force to choose from.
async fn spec_of(work: &mut Work, ui: &Ui) -> Result<ListSpec, ActionError> {
    let on = work.business_date;
    let mut kinds: Vec<Choice> = Vec::new();
    if let Ok(rules) = policies::in_force(work, on).await {
        for rule in rules.edition(on).duties() {
            if !kinds.iter().any(|known| known.value == rule.kind) {
                kinds.push(Choice::new(&rule.kind, rule.title.in_language(parts::english(ui))));
            }
        }
    }
    Ok(spec(ui, kinds))
}

fn filter_of(asked: &ListQuery) -> Filter {
    Filter {
        window: Window::parse(&asked.view).unwrap_or(Window::Near),
        mine: asked.choice("whose").iter().any(|one| one == "mine"),
        kind: asked.choice("kind").first().cloned(),
        text: asked.text("text").map(str::to_owned),
    }
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let (eye, today) = (Eye::of(&work.actor, wanted.scope), work.business_date);
    Ok(seen::count(&mut work.tx, &eye, &filter_of(&wanted.query), today).await?.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let (eye, today) = (Eye::of(&work.actor, wanted.scope), work.business_date);
    let (from, most) = wanted.part;
    let duties = seen::list(&mut work.tx, &eye, &filter_of(&wanted.query), today, most, from).await?;
    let owners = parts::names(work, duties.iter().map(|duty| duty.owner)).await?;
    let rules = policies::in_force(work, today).await.ok();
    let roles = work.app.roles();
    let row = |duty: &Duty| {
        let role = roles.title(&duty.owner_role, ui.lang());
        let owner = owners.get(&duty.owner).map_or_else(|| role.clone(), |name| format!("{name} · {role}"));
        let article =
            rules.as_ref().map_or_else(|| duty.article.clone(), |r| r.article_title(&duty.article, parts::english(ui)));
        let (state, word) = parts::state(ui, duty);
        let (whom, number) = parts::whom(ui, duty);
        let due = if duty.state == DutyState::Open { ui.deadline(duty.due_on) } else { Html::new() };
        Row {
            key: super::batch::row_key(duty.key),
            href: parts::address(duty),
            cells: vec![
                Cell::State(due, String::new()),
                Cell::Date(duty.due_on),
                Cell::Link(duty.title(parts::english(ui)).to_owned(), parts::address(duty)),
                Cell::Text(whom),
                Cell::Muted(number),
                Cell::money(duty.amount.map(|amount| amount.0)),
                Cell::Text(owner),
                Cell::Link(format!("§ {article}"), parts::article_address(&duty.article)),
                Cell::State(state, word),
                Cell::Date(duty.opened_on),
            ],
        }
    };
    Ok(duties.iter().map(row).collect())
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let shown = LISTED.shown(&visit, query).await?.or(parts::nothing(&ui)).verbs(super::batch::offer(&visit));
    let head = Page::new(ui.t("duties-title"), "duties").actions(shown.tools());
    shown.answer(&visit, &head)
}
