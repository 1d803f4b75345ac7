//! The page of tokens (接口令牌页): one's own, for the administrator everybody's; make one, see it once, take it back.

use std::collections::BTreeSet;

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::actions::{self, NewToken};
use super::token::{ApiToken, PREFIX, SELF};
use super::{TOKEN_MANAGE, TOKEN_OWN, store};
use crate::access::action_title;
use crate::clock::civil_minute;
use crate::error::Refused;
use crate::id::UserId;
use crate::page::{Button, Empty, Field, Html, Icon, Input, Look, Page, Table, Tone, Ui};
use crate::web::{Fields, Posted, Routes, Visit, WebError, failing_field, refusal_box, shown_in_form};

/// How many days a token lives when nobody says otherwise.
const USUAL_DAYS: i64 = 90;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/tokens", TOKEN_OWN, list)
        .get("/tokens/new", TOKEN_OWN, new)
        .post("/tokens/new", TOKEN_OWN, make)
        .post("/tokens/{id}/revoke", TOKEN_OWN, revoke)
        // A token that makes tokens would outlive every limit set to it.
        .merge(Routes::new().get_own("/api/docs", super::docs::page))
        .get_public("/api/openapi.json", super::open_api::document)
        .only_on_screen()
}

async fn list(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let whose = if visit.may(TOKEN_MANAGE) { 0 } else { visit.user()?.0 };
    let tokens = store::tokens(&mut work.tx, whose).await?;
    let mut body = ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("token-note")));
    body.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("token-title"));
    body.raw("</h2></header>");
    if tokens.is_empty() {
        let (title, text) = (ui.t("token-none"), ui.t("token-none-text"));
        body.push(&ui.empty(Empty { icon: Some(Icon::Key), title, text, step: None }));
    } else {
        let heads = ["token-name", "token-owner", "token-scopes", "token-life", "token-used", "token-state"];
        let side = |id: &str| (ui.t(id), crate::page::Side::Left);
        let mut table = Table::new(ui.t("token-title"), heads.map(side));
        for token in &tokens {
            table.row(cells(&visit, &ui, token));
        }
        body.push(&ui.table(table));
    }
    body.raw("</section>");
    let buttons = ui.buttons([
        Button::link(Look::Secondary, ui.t("token-docs"), "/api/docs").icon(Icon::InfoCircle),
        Button::link(Look::Primary, ui.t("token-new"), "/tokens/new").icon(Icon::Key),
    ]);
    visit.page_of(&Page::new(ui.t("token-title"), "tokens").actions(buttons), &body)
}

fn cells(visit: &Visit, ui: &Ui, token: &ApiToken) -> Vec<Html> {
    let ended = token.expires_at <= visit.now;
    let (tone, icon, word) = match (token.revoked_at, ended) {
        (Some(_), _) => (Tone::Neutral, Icon::Ban, "token-revoked"),
        (None, true) => (Tone::Neutral, Icon::Clock, "token-ended"),
        (None, false) => (Tone::Ok, Icon::CircleCheck, "token-alive"),
    };
    let mut state = ui.badge(tone, icon, ui.t(word));
    if token.revoked_at.is_none() && !ended {
        state.raw(" <form class=\"inline\" method=\"post\"").attr("action", format!("/tokens/{}/revoke", token.id));
        state.raw(" data-once>").push(&ui.guard(visit.guard()));
        state.push(&ui.button(Button::submit(Look::Small, ui.t("token-revoke")).icon(Icon::Ban))).raw("</form>");
    }
    let used =
        token.used_at.map_or_else(|| ui.t("token-never"), |at| format!("{} {}", civil_minute(at), token.used_from));
    let scopes: Vec<String> = token.scopes.iter().map(|scope| action_title(ui, scope)).collect();
    let life = format!("{} – {}", civil_minute(token.created_at), civil_minute(token.expires_at));
    let words = [token.name.clone(), token.owner.clone(), scopes.join(&ui.t("list-comma")), life, used];
    words.map(Html::of_text).into_iter().chain([state]).collect()
}

/// For which service account; empty: oneself.
#[derive(Debug, Default, Deserialize)]
struct For {
    #[serde(default, rename = "for")]
    service: String,
}

async fn new(visit: Visit, Query(asked): Query<For>) -> Result<Response, WebError> {
    draw(&visit, &Fields::new(vec![("for".to_owned(), asked.service)]), None).await
}

crate::form_fields! {
    /// A token that somebody wants; `scope` repeats.
    TokenForm: "name", "days", "scope", "for"
}

async fn draw(visit: &Visit, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let owner = actions::owner(&mut work, service(typed)).await?;
    let held = visit.app.roles().grants(owner.roles.iter().map(String::as_str));
    let value = |name: &str| typed.first(name).unwrap_or("").to_owned();
    let days = if value("days").is_empty() { USUAL_DAYS.to_string() } else { value("days") };
    let most = visit.app.access().token_days;
    let mut fields = vec![
        Field::new("name", ui.t("token-name"), Input::Text)
            .value(value("name"))
            .required()
            .hint(ui.t("token-name-hint")),
        Field::new("days", ui.t("token-days"), Input::Number).value(days).required().hint(ui.t1(
            "token-days-hint",
            "most",
            most,
        )),
    ];
    for field in &mut fields {
        field.error = refused.and_then(|refused| failing_field(&ui, refused, &field.name));
    }
    let mut body = Html::new();
    body.raw(
        "<form method=\"post\" action=\"/tokens/new\" class=\"form panel\" data-once><div class=\"panel-body form\">",
    );
    body.push(&ui.error_summary(&fields)).push(&ui.guard(visit.guard()));
    body.raw("<input type=\"hidden\" name=\"for\"").attr("value", value("for")).raw(">");
    for field in &fields {
        body.push(&ui.field(field));
    }
    let mut actions: Vec<(String, String)> =
        held.keys().map(|action| (action.clone(), action_title(&ui, action))).collect();
    actions.push((SELF.to_owned(), action_title(&ui, SELF)));
    body.push(&scopes(&ui, &actions, typed, refused));
    body.push(&ui.button(Button::submit(Look::Primary, ui.t("token-make")).icon(Icon::Key))).raw("</div></form>");
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    if let Some(refused) = refused.filter(|refused| refused.fields.is_empty()) {
        body = Html::join([refusal_box(&ui, refused), body]);
    }
    let page = Page::new(ui.t("token-new"), "tokens").subtitle(&owner.name);
    Ok((status, visit.page_of(&page, &body)?).into_response())
}

/// The service account that the form names.
fn service(typed: &Fields) -> Option<UserId> {
    typed.first("for").filter(|id| !id.is_empty()).map(|id| id.parse().unwrap_or(UserId(0)))
}

/// A check box for each action that the owner may do.
fn scopes(ui: &Ui, actions: &[(String, String)], typed: &Fields, refused: Option<&Refused>) -> Html {
    let chosen: BTreeSet<&str> = typed.all("scope").collect();
    let mut out = Html::new();
    out.raw("<fieldset class=\"field\" id=\"f-scope\"><legend>").text(ui.t("token-scopes")).raw("</legend>");
    if let Some(error) = refused.and_then(|refused| failing_field(ui, refused, "scope")) {
        out.raw("<p class=\"error\">").text(error.text).raw("</p>");
    }
    out.raw("<p class=\"hint\">").text(ui.t("token-scopes-hint")).raw("</p>");
    for (action, title) in actions {
        out.raw("<label class=\"check\"><input type=\"checkbox\" name=\"scope\"").attr("value", action);
        if chosen.contains(action.as_str()) {
            out.raw(" checked");
        }
        out.raw("> ").text(title).raw(" <code class=\"muted\">").text(action).raw("</code></label><br>");
    }
    out.raw("</fieldset>");
    out
}

async fn make(posted: Posted<TokenForm>) -> Result<Response, WebError> {
    let (visit, fields) = (&posted.visit, &posted.fields);
    let new = NewToken {
        name: fields.first("name").unwrap_or("").to_owned(),
        scopes: fields.all("scope").map(str::to_owned).collect(),
        days: fields.first("days").and_then(|days| days.trim().parse().ok()).unwrap_or(0),
        service: service(fields),
    };
    let mut work = posted.begin("token.make").await?;
    match actions::make(&mut work, &new).await {
        Ok(token) => {
            // The place of a repeated submit is the list: the token is shown this once and never again.
            posted.done(work, "/tokens").await?;
            shown_once(visit, &format!("{PREFIX}{}", token.expose()))
        }
        Err(error) => {
            work.tx.rollback().await?;
            draw(visit, fields, Some(&shown_in_form(error)?)).await
        }
    }
}

fn shown_once(visit: &Visit, token: &str) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut text = Html::new();
    text.raw("<p>").text(ui.t("token-once")).raw("</p><p><code class=\"rule\">").text(token).raw("</code></p>");
    let mut body = ui.note(Tone::Watch, Icon::Key, &text);
    body.push(&ui.button(Button::link(Look::Primary, ui.t("token-back"), "/tokens")));
    visit.page_of(&Page::new(ui.t("token-made"), "tokens"), &body)
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn revoke(Path(id): Path<i64>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    let mut work = posted.begin("token.revoke").await?;
    actions::revoke(&mut work, id).await?;
    posted.done(work, "/tokens").await
}
