//! Pages of webhooks (事件推送页): who is told of what, what was delivered, a form, the secret once.

use std::collections::BTreeSet;

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::{self, NewWebhook, WebhookError};
use super::model::Webhook;
use super::{WEBHOOK_MANAGE, store};
use crate::api::Data;
use crate::clock::civil_minute;
use crate::error::{ActionError, Refused};
use crate::outbox;
use crate::outbox::store::Filter;
use crate::page::list::{Cell, Column, ColumnKind, ListPage, ListQuery, ListSpec, Row, address};
use crate::page::{Button, Empty, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use crate::web::{Fields, Posted, Routes, Visit, WebError, failing_field, refusal_box, shown_in_form};

/// Deliveries that the page of a webhook shows.
const SHOWN: i64 = 50;

pub(crate) fn routes() -> Routes {
    let forms = Routes::new()
        .get("/webhooks/new", WEBHOOK_MANAGE, new)
        .get("/webhooks/{id}/edit", WEBHOOK_MANAGE, edit)
        .only_on_screen();
    Routes::new()
        .list("/webhooks", WEBHOOK_MANAGE, index, spec)
        .post("/webhooks/new", WEBHOOK_MANAGE, make)
        .answering::<WebhookSecret>()
        .get("/webhooks/{id}", WEBHOOK_MANAGE, show)
        .data::<WebhookData, _, _>("/webhooks/{id}", WEBHOOK_MANAGE, data)
        .post("/webhooks/{id}/edit", WEBHOOK_MANAGE, change)
        .post("/webhooks/{id}/pause", WEBHOOK_MANAGE, pause)
        .post("/webhooks/{id}/resume", WEBHOOK_MANAGE, resume)
        .post("/webhooks/{id}/test", WEBHOOK_MANAGE, test)
        .post("/webhooks/{id}/secret", WEBHOOK_MANAGE, renew)
        .answering::<WebhookSecret>()
        .merge(forms)
}

fn spec(_: &Ui) -> ListSpec {
    ListSpec {
        path: "/webhooks".to_owned(),
        columns: vec![
            Column::new("name", "webhook-name", ColumnKind::Text),
            Column::new("url", "webhook-url", ColumnKind::Text),
            Column::new("kinds", "webhook-kinds", ColumnKind::Text),
            Column::new("state", "webhook-state", ColumnKind::State),
        ],
        counted: "webhook-count",
        ..ListSpec::default()
    }
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let spec = spec(&ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or(""))?;
    let mut work = visit.read().await?;
    work.authorise(WEBHOOK_MANAGE)?;
    let all = store::all(&mut work.tx).await?;
    let (first, size) = (usize::try_from(asked.offset()).unwrap_or(usize::MAX), asked.size as usize);
    let make = Button::link(Look::Primary, ui.t("webhook-new"), "/webhooks/new").icon(Icon::Plug);
    let empty = Empty {
        icon: Some(Icon::Plug),
        title: ui.t("webhook-none"),
        text: ui.t("webhook-none-text"),
        step: Some(make.clone()),
    };
    let page = ListPage {
        rows: all.iter().skip(first).take(size).map(|one| row(&ui, one)).collect(),
        count: i64::try_from(all.len()).unwrap_or(i64::MAX),
        empty: Some(empty),
        ..ListPage::default()
    };
    if let Some(rows) = visit.rows(&spec, &asked, &page) {
        return Ok(rows);
    }
    let mut head = Page::new(ui.t("webhook-title"), "webhooks").subtitle(ui.t("webhook-note"));
    if !all.is_empty() {
        head = head.actions(ui.button(make));
    }
    visit.page_of(&head, &ui.list(&spec, &asked, &page))
}

fn row(ui: &Ui, one: &Webhook) -> Row {
    let href = format!("/webhooks/{}", one.id);
    Row {
        key: one.id.to_string(),
        cells: vec![
            Cell::Link(one.name.clone(), href.clone()),
            Cell::Text(one.url.clone()),
            Cell::Text(titles(ui, one)),
            Cell::State(state(ui, one), ui.t(word(one))),
        ],
        href,
    }
}

fn titles(ui: &Ui, one: &Webhook) -> String {
    let titles: Vec<String> = one.kinds.iter().map(|kind| title(ui, kind)).collect();
    titles.join(&ui.t("list-comma"))
}

/// What a kind of event is called.
fn title(ui: &Ui, kind: &str) -> String {
    ui.locale.find(&format!("event-{}", kind.replace('_', "-"))).unwrap_or_else(|| kind.to_owned())
}

fn word(one: &Webhook) -> &'static str {
    if one.active { "webhook-active" } else { "webhook-paused" }
}

fn state(ui: &Ui, one: &Webhook) -> Html {
    let (tone, icon) = if one.active { (Tone::Ok, Icon::CircleCheck) } else { (Tone::Neutral, Icon::PlayerPause) };
    ui.badge(tone, icon, ui.t(word(one)))
}

/// The key in an address; what is none leads nowhere.
fn key(id: &str) -> Result<i64, ActionError> {
    id.parse().map_err(|_| WebhookError::Unknown.into())
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    work.authorise(WEBHOOK_MANAGE)?;
    let one = actions::load(&mut work, key(&id)?).await?;
    let filter = Filter { receiver: Some(one.receiver()), ..Filter::default() };
    let deliveries = outbox::store::list(&mut work.tx, &filter, (SHOWN, 0)).await?;
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><div class=\"panel-body stack\"><dl class=\"facts\">");
    for (name, value) in [
        ("webhook-state", state(&ui, &one)),
        ("webhook-url", Html::of_text(&one.url)),
        ("webhook-kinds", Html::of_text(titles(&ui, &one))),
        ("webhook-created", Html::of_text(civil_minute(one.created_at))),
    ] {
        body.raw("<dt>").text(ui.t(name)).raw("</dt><dd>").push(&value).raw("</dd>");
    }
    body.raw("</dl>").push(&buttons(&visit, &ui, &one)).raw("</div></section>");
    body.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("webhook-deliveries"));
    body.raw("</h2></header>");
    if deliveries.is_empty() {
        body.raw("<div class=\"panel-body\"><p class=\"hint\">").text(ui.t("webhook-no-delivery")).raw("</p></div>");
    } else {
        body.push(&table(&ui, &deliveries));
    }
    body.raw("</section>");
    let all = address("/outbox", &[("view", "all"), ("receiver", &one.receiver())]);
    let head = Page::new(&one.name, "webhooks").subtitle(ui.t("webhook-title")).actions(ui.buttons([
        Button::link(Look::Secondary, ui.t("webhook-title"), "/webhooks").icon(Icon::ArrowLeft),
        Button::link(Look::Secondary, ui.t("webhook-all-deliveries"), all).icon(Icon::Send),
        Button::link(Look::Primary, ui.t("webhook-edit"), format!("/webhooks/{id}/edit")).icon(Icon::Edit),
    ]));
    visit.page_of(&head, &body)
}

fn table(ui: &Ui, deliveries: &[outbox::Message]) -> Html {
    let heads = [("about", Side::Left), ("state", Side::Left), ("attempts", Side::Right), ("created", Side::Left)];
    let mut table =
        Table::new(ui.t("webhook-deliveries"), heads.map(|(head, side)| (ui.t(format!("outbox-{head}")), side)));
    for one in deliveries {
        let mut link = Html::new();
        link.raw("<a").href(format!("/outbox/{}", one.id)).raw(">").text(outbox::pages::about(ui, one)).raw("</a>");
        let made = Html::of_text(civil_minute(one.created_at));
        let state = outbox::pages::badge(ui, one.state);
        table.row([link, state, Html::of_text(one.attempts.to_string()), made]);
    }
    ui.table(table)
}

/// Test, pause or go on, another secret: one form each.
fn buttons(visit: &Visit, ui: &Ui, one: &Webhook) -> Html {
    let (switch, text, icon) = if one.active {
        ("pause", "webhook-pause", Icon::PlayerPause)
    } else {
        ("resume", "webhook-resume", Icon::PlayerPlay)
    };
    let mut out = Html::new();
    out.raw("<div class=\"buttons\">");
    for (verb, text, icon) in
        [("test", "webhook-test", Icon::Send), (switch, text, icon), ("secret", "webhook-renew", Icon::Key)]
    {
        out.raw("<form class=\"inline\" method=\"post\"").attr("action", format!("/webhooks/{}/{verb}", one.id));
        out.raw(" data-once>").push(&ui.guard(visit.guard()));
        out.push(&ui.button(Button::submit(Look::Secondary, ui.t(text)).icon(icon))).raw("</form>");
    }
    out.raw("</div><p class=\"hint\">").text(ui.t("webhook-buttons-hint")).raw("</p>");
    out
}

crate::form_fields! {
    /// A subscription; `kind` repeats, `seen` is the version that was changed.
    WebhookForm: "name", "url", "kind", "seen"
}

fn wanted(fields: &Fields) -> NewWebhook {
    let text = |name: &str| fields.first(name).unwrap_or("").to_owned();
    NewWebhook { name: text("name"), url: text("url"), kinds: fields.all("kind").map(str::to_owned).collect() }
}

async fn new(visit: Visit) -> Result<Response, WebError> {
    draw(&visit, None, &NewWebhook::default(), None)
}

async fn edit(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    work.authorise(WEBHOOK_MANAGE)?;
    let one = actions::load(&mut work, key(&id)?).await?;
    let typed = NewWebhook { name: one.name, url: one.url, kinds: one.kinds };
    draw(&visit, Some((one.id, one.version)), &typed, None)
}

/// The form of a new subscription, or of one with its version.
fn draw(
    visit: &Visit,
    known: Option<(i64, i64)>,
    typed: &NewWebhook,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let error = |name: &str| refused.and_then(|refused| failing_field(&ui, refused, name));
    let fields = [
        Field::new("name", ui.t("webhook-name"), Input::Text).value(&typed.name).hint(ui.t("webhook-name-hint")),
        Field::new("url", ui.t("webhook-url"), Input::Text).value(&typed.url).hint(ui.t("webhook-url-hint")),
    ];
    let fields = fields.map(|field| {
        let error = error(&field.name);
        field.required().error(error)
    });
    let action = known.map_or_else(|| "/webhooks/new".to_owned(), |(id, _)| format!("/webhooks/{id}/edit"));
    let mut body = Html::new();
    if let Some(refused) = refused.filter(|refused| refused.fields.is_empty()) {
        body.push(&refusal_box(&ui, refused));
    }
    body.raw("<form method=\"post\" class=\"form panel\"").attr("action", &action).raw(" data-once>");
    body.raw("<div class=\"panel-body form\">").push(&ui.error_summary(&fields)).push(&ui.guard(visit.guard()));
    if let Some((_, version)) = known {
        body.raw("<input type=\"hidden\" name=\"seen\"").attr("value", version.to_string()).raw(">");
    }
    for field in &fields {
        body.push(&ui.field(field));
    }
    body.push(&kinds(visit, &ui, &typed.kinds, error("kind").map(|error| error.text)));
    let (word, back) = match known {
        Some((id, _)) => ("webhook-save", format!("/webhooks/{id}")),
        None => ("webhook-make", "/webhooks".to_owned()),
    };
    body.raw("<div class=\"buttons\">").push(&ui.button(Button::submit(Look::Primary, ui.t(word)).icon(Icon::Plug)));
    body.push(&ui.button(Button::link(Look::Plain, ui.t("cancel"), back))).raw("</div></div></form>");
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = ui.t(if known.is_some() { "webhook-edit" } else { "webhook-new" });
    let head = Page::new(title, "webhooks").subtitle(ui.t("webhook-title"));
    Ok((status, visit.page_of(&head, &body)?).into_response())
}

/// A check box for each kind of event.
fn kinds(visit: &Visit, ui: &Ui, chosen: &BTreeSet<String>, error: Option<String>) -> Html {
    let mut out = Html::new();
    out.raw("<fieldset class=\"field\" id=\"f-kind\"><legend>").text(ui.t("webhook-kinds")).raw("</legend>");
    if let Some(error) = error {
        out.raw("<p class=\"error\">").text(error).raw("</p>");
    }
    for kind in actions::kinds(&visit.app) {
        out.raw("<label class=\"check\"><input type=\"checkbox\" name=\"kind\"").attr("value", kind);
        if chosen.contains(kind) {
            out.raw(" checked");
        }
        out.raw("> ").text(title(ui, kind)).raw(" <code class=\"muted\">").text(kind).raw("</code></label>");
    }
    out.raw("</fieldset>");
    out
}

/// A secret (签名密钥), shown this once.
#[derive(Debug, Serialize, JsonSchema)]
struct WebhookSecret {
    /// The key of the webhook.
    id: String,
    /// What signs its messages; it is not shown again.
    secret: String,
}

async fn make(posted: Posted<WebhookForm>) -> Result<Response, WebError> {
    let wanted = wanted(&posted.fields);
    let mut work = posted.begin("webhook.make").await?;
    match actions::make(&mut work, &wanted).await {
        Ok((id, secret)) => {
            posted.done(work, format!("/webhooks/{id}")).await?;
            shown_once(&posted.visit, id, secret)
        }
        Err(error) => {
            work.tx.rollback().await?;
            draw(&posted.visit, None, &wanted, Some(&shown_in_form(error)?))
        }
    }
}

fn shown_once(visit: &Visit, id: i64, secret: String) -> Result<Response, WebError> {
    let shown = WebhookSecret { id: id.to_string(), secret };
    if let Some(answer) = visit.data(&shown) {
        return Ok(answer);
    }
    let ui = visit.ui();
    let mut text = Html::new();
    text.raw("<p>").text(ui.t("webhook-once")).raw("</p><p><code class=\"rule\">").text(&shown.secret);
    text.raw("</code></p>");
    let mut body = ui.note(Tone::Watch, Icon::Key, &text);
    body.push(&ui.button(Button::link(Look::Primary, ui.t("webhook-back"), format!("/webhooks/{id}"))));
    visit.page_of(&Page::new(ui.t("webhook-secret"), "webhooks"), &body)
}

async fn change(Path(id): Path<String>, posted: Posted<WebhookForm>) -> Result<Response, WebError> {
    let (id, wanted) = (key(&id)?, wanted(&posted.fields));
    let seen = posted.fields.first("seen").and_then(|seen| seen.parse().ok()).unwrap_or(0);
    let mut work = posted.begin("webhook.change").await?;
    let done = actions::change(&mut work, id, seen, &wanted).await;
    match posted.finish(work, done, format!("/webhooks/{id}")).await? {
        Ok(answer) => Ok(answer),
        Err(refused) => draw(&posted.visit, Some((id, seen)), &wanted, Some(&refused)),
    }
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn pause(Path(id): Path<String>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    switch(&id, &posted, false).await
}

async fn resume(Path(id): Path<String>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    switch(&id, &posted, true).await
}

async fn switch(id: &str, posted: &Posted<Nothing>, active: bool) -> Result<Response, WebError> {
    let id = key(id)?;
    let mut work = posted.begin("webhook.change").await?;
    actions::set_active(&mut work, id, active).await?;
    posted.done(work, format!("/webhooks/{id}")).await
}

async fn test(Path(id): Path<String>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    let id = key(&id)?;
    let mut work = posted.begin("webhook.test").await?;
    actions::test(&mut work, id).await?;
    posted.done(work, format!("/webhooks/{id}")).await
}

async fn renew(Path(id): Path<String>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    let id = key(&id)?;
    let mut work = posted.begin("webhook.secret").await?;
    let secret = actions::renew_secret(&mut work, id).await?;
    posted.done(work, format!("/webhooks/{id}")).await?;
    shown_once(&posted.visit, id, secret)
}

/// A webhook (事件推送), as a program reads it; the secret is never shown again.
#[derive(Debug, Serialize, JsonSchema)]
struct WebhookData {
    /// The key.
    id: String,
    /// What it is for.
    name: String,
    /// Where it is sent.
    url: String,
    /// The kinds of events.
    kinds: Vec<String>,
    /// Whether anything is sent.
    active: bool,
    /// Since when it is there.
    created_at: String,
    /// What a change sends back as `seen`.
    version: i64,
}

async fn data(visit: Visit, Path(id): Path<String>) -> Result<Data<WebhookData>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(WEBHOOK_MANAGE)?;
    let one = actions::load(&mut work, key(&id)?).await?;
    Ok(Data(WebhookData {
        id: one.id.to_string(),
        name: one.name,
        url: one.url,
        kinds: one.kinds.into_iter().collect(),
        active: one.active,
        created_at: one.created_at.to_string(),
        version: one.version,
    }))
}
