//! Pages of notices (通知页): one's own list, with its marks.

use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::model::News;
use super::store::{self, Filter, Received};
use crate::clock::civil_minute;
use crate::error::{ActionError, RefusalKind, Refused};
use crate::page::list::{self, Cell, Column, ColumnKind, FilterKind, ListPage, ListQuery, ListSpec, Row, View};
use crate::page::{Button, Choice, Empty, Html, Icon, Look, Page, Tone, Ui};
use crate::web::{Posted, Routes, Visit, WebError};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .list_own("/notices", list, spec)
        .post_own("/notices/read", read_all)
        .get_own("/notices/{id}", open)
        .post_own("/notices/{id}/mark", mark)
}

/// The views: name, and what is read.
const VIEWS: [(&str, Option<bool>); 3] = [("unread", Some(true)), ("all", None), ("read", Some(false))];

fn spec(ui: &Ui) -> ListSpec {
    let kind = |kind: &str| Choice::new(kind, ui.t(format!("notice-kind-{}", kind.replace('_', "-"))));
    ListSpec {
        path: "/notices".to_owned(),
        columns: vec![
            Column::new("text", "notice-text", ColumnKind::Text),
            Column::new("kind", "notice-kind", ColumnKind::Text),
            Column::new("at", "notice-at", ColumnKind::Text),
            Column::new("mark", "notice-mark", ColumnKind::State),
        ],
        filters: vec![list::Filter::new(
            "kind",
            "notice-kind",
            FilterKind::Choice(News::KINDS.into_iter().map(kind).collect()),
        )],
        views: VIEWS
            .into_iter()
            .map(|(id, _)| View { id: id.to_owned(), text: ui.t(format!("notice-view-{id}")), ..View::default() })
            .collect(),
        counted: "notice-count",
        ..ListSpec::default()
    }
}

async fn list(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, me) = (visit.ui(), visit.user()?);
    let spec = spec(&ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or(""))?;
    let unread = VIEWS.iter().find(|(id, _)| *id == asked.view).map_or(Some(true), |(_, unread)| *unread);
    let filter = Filter { unread, kinds: asked.choice("kind").to_vec() };
    let mut work = visit.read().await?;
    let count = store::count(&mut work.tx, me, &filter).await?;
    let found = store::list(&mut work.tx, me, &filter, (i64::from(asked.size), asked.offset())).await?;
    let rows = found.iter().map(|one| row(&visit, &ui, one)).collect();
    let empty = Empty {
        icon: Some(Icon::Bell),
        title: ui.t("notice-none"),
        text: ui.t("notice-none-text"),
        step: (unread == Some(true)).then(|| Button::link(Look::Secondary, ui.t("notice-view-all"), all_address())),
    };
    let page = ListPage { rows, count, empty: Some(empty), ..ListPage::default() };
    let mut head = Page::new(ui.t("notices-title"), "notices");
    if visit.unread > 0 {
        head = head.actions(read_all_form(&visit, &ui));
    }
    if let Some(rows) = visit.rows(&spec, &asked, &page) {
        return Ok(rows);
    }
    visit.page_of(&head, &ui.list(&spec, &asked, &page))
}

fn all_address() -> String {
    list::address("/notices", &[("view", "all")])
}

fn read_all_form(visit: &Visit, ui: &Ui) -> Html {
    let mut form = Html::new();
    form.raw("<form method=\"post\" action=\"/notices/read\" data-once>").push(&ui.guard(visit.guard()));
    form.push(&ui.button(Button::submit(Look::Secondary, ui.t("notice-read-all")).icon(Icon::BellCheck)))
        .raw("</form>");
    form
}

fn row(visit: &Visit, ui: &Ui, one: &Received) -> Row {
    let href = format!("/notices/{}", one.id);
    let sentence = match &one.stands_for {
        None => one.news.sentence(ui),
        Some((_, name)) => ui.t2("notice-for", "name", name, "news", one.news.sentence(ui)),
    };
    let (word, to) = if one.unread { ("notice-mark-read", "read") } else { ("notice-mark-unread", "unread") };
    let mut mark = Html::new();
    if one.settled {
        mark.push(&ui.badge(Tone::Neutral, Icon::CircleCheck, ui.t("notice-settled"))).raw(" ");
    }
    mark.raw("<form method=\"post\" data-once action=\"").text(format!("{href}/mark")).raw("\">");
    mark.push(&ui.guard(visit.guard()));
    mark.push(&ui.button(Button::submit(Look::Small, ui.t(word)).submits("to", to))).raw("</form>");
    Row {
        key: one.id.to_string(),
        href: href.clone(),
        cells: vec![
            if one.settled { Cell::Muted(sentence) } else { Cell::Link(sentence, href) },
            Cell::Muted(ui.t(format!("notice-kind-{}", one.news.kind().replace('_', "-")))),
            Cell::Text(civil_minute(one.told_at)),
            Cell::State(mark, if one.settled { ui.t("notice-settled") } else { String::new() }),
        ],
    }
}

/// `/notices/{id}`: goes to what it is about; going there is reading it. What is somebody else's work opens under that
/// person's hat, so without it the way leads to where the hat is put on.
async fn open(visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    let me = visit.user()?;
    let mut work = visit.begin().await?;
    let (href, stands_for) = store::href(&mut work.tx, me, id).await?.ok_or_else(unknown)?;
    let worn = visit.actor.stands_for.as_ref().map(|hat| hat.user);
    let href = if stands_for.is_none() || stands_for == worn { href } else { "/delegations".to_owned() };
    let now = work.now;
    store::mark(&mut work.tx, me, id, Some(now)).await?;
    work.commit().await?;
    Ok(Redirect::to(&href).into_response())
}

fn unknown() -> ActionError {
    Refused::new(RefusalKind::NotFound, "unknown-thing").with("what", "notice").into()
}

#[derive(Debug, Deserialize)]
struct MarkForm {
    #[serde(default)]
    to: String,
}

async fn mark(Path(id): Path<i64>, posted: Posted<MarkForm>) -> Result<Response, WebError> {
    let me = posted.visit.user()?;
    let mut work = posted.begin("notice.mark").await?;
    store::href(&mut work.tx, me, id).await?.ok_or_else(unknown)?;
    let read_at = (posted.form.to != "unread").then_some(work.now);
    store::mark(&mut work.tx, me, id, read_at).await?;
    let back = if read_at.is_some() { "/notices".to_owned() } else { all_address() };
    posted.done(work, back).await
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn read_all(posted: Posted<Nothing>) -> Result<Response, WebError> {
    let me = posted.visit.user()?;
    let mut work = posted.begin("notice.read_all").await?;
    let now = work.now;
    store::mark_all(&mut work.tx, me, now).await?;
    posted.done(work, "/notices").await
}
