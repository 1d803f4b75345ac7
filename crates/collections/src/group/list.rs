//! The list of meetings of the management group (管理小组会议清单).

use axum::extract::RawQuery;
use axum::response::Response;
use platform::db::Conditions;
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, ListSpec, Row};
use platform::page::{Button, Html, Icon, Look, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::Meeting;
use super::{LIST, page_of, store};
use crate::{CASE_ASSIGN, CASE_VIEW, listing};

/// The list and its workbook.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, CASE_VIEW, index, spec).exports(&LISTED)
}

fn spec(_: &Ui) -> ListSpec {
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "meeting-number", ColumnKind::Text),
            Column::new("held", "meeting-held", ColumnKind::Date),
            Column::new("head", "meeting-head", ColumnKind::Text),
            Column::new("members", "meeting-members", ColumnKind::Text),
            Column::new("state", "meeting-state", ColumnKind::State),
            Column::new("by", "meeting-by", ColumnKind::Text),
        ],
        counted: "list-rows",
        ..ListSpec::default()
    }
}

/// Where a meeting stands: badge and word.
pub(super) fn state_badge(ui: &Ui, one: &Meeting) -> (Html, String) {
    let (tone, icon, id) = match one.signed {
        Some(_) => (Tone::Ok, Icon::CircleCheck, "meeting-state-signed"),
        None => (Tone::Watch, Icon::Clock, "meeting-state-draft"),
    };
    let word = ui.t(id);
    (ui.badge(tone, icon, &word), word)
}

/// The meetings, as a list.
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/collections/meetings/export.xlsx",
    view: CASE_VIEW,
    export: CASE_VIEW,
    act: "group_meeting.export",
    title: "meeting-title",
    file: "group-meetings",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(wanted: &Wanted) -> Conditions {
    let mut w = Conditions::new();
    store::within(&mut w, wanted.scope);
    w.one_of("m.id", &wanted.picked_numbers());
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    Ok(store::count(&mut work.tx, &conditions(wanted)).await?.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let (from, most) = wanted.part;
    let found = store::page(&mut work.tx, &conditions(wanted), most, from).await?;
    let names = crate::people(work).await?;
    let name = |user| names.get(&user).cloned().unwrap_or_default();
    let row = |one: &Meeting| {
        let (badge, word) = state_badge(ui, one);
        let members: Vec<String> = one.content.members.iter().map(|user| name(*user)).collect();
        Row {
            key: one.id.to_string(),
            cells: vec![
                Cell::Link(one.number.clone(), page_of(one.id)),
                Cell::Date(one.content.held_on),
                Cell::Text(name(one.content.head)),
                Cell::Text(members.join(&ui.t("list-comma"))),
                Cell::State(badge, word),
                Cell::Text(name(one.by)),
            ],
            href: page_of(one.id),
        }
    };
    Ok(found.iter().map(row).collect())
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::Users, ui.t("meeting-none"), ui.t("meeting-none-text"));
    let shown = LISTED.shown(&visit, query).await?.or(none);
    let mut tools = shown.tools();
    if visit.may(CASE_ASSIGN) {
        let new = Button::link(Look::Primary, ui.t("meeting-new"), format!("{LIST}/new"));
        tools.push(&ui.button(new.icon(Icon::Plus)));
    }
    let page = Page::new(ui.t("meeting-title"), "meetings").subtitle(ui.t("meeting-note")).actions(tools);
    shown.answer(&visit, &page)
}
