//! The documentation of the interface for people (接口文档): drawn on the server from the same data as
//! `/api/openapi.json`, in the visitor's language, without anything from elsewhere.

use std::collections::BTreeMap;

use axum::response::Response;

use super::answer::field_of;
use super::example::Pool;
use super::open_api::Words;
use super::operation::{Answer, Body};
use super::shape::Shape;
use super::{SELF, TOKEN_OWN};
use crate::access::action_title;
use crate::page::{Button, Html, Icon, Look, Page, Tone, Ui};
use crate::web::{API, Entry, TwinRecord, Visit, WebError, twins};

/// `/api/docs`
pub(super) async fn page(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut rooms: BTreeMap<&'static str, Vec<TwinRecord>> = BTreeMap::new();
    for twin in twins(&visit.app) {
        rooms.entry(twin.route.path.split('/').nth(1).unwrap_or("")).or_default().push(twin);
    }
    let words = Words::of(&visit.app);
    let pool = Pool::of_book(&visit.app, visit.actor.clone()).await?;
    let mut body = ui.note(Tone::Info, Icon::InfoCircle, conventions(&ui));
    for (room, routes) in rooms {
        body.raw("<section class=\"panel\"><header class=\"panel-head\"><h2><code>")
            .text(room)
            .raw("</code></h2></header>");
        body.raw("<div class=\"panel-body stack\">");
        for route in &routes {
            body.push(&one(&ui, (&words, &pool), route));
        }
        body.raw("</div></section>");
    }
    let mut buttons = vec![Button::link(Look::Secondary, "openapi.json", "/api/openapi.json").icon(Icon::Download)];
    if visit.may(TOKEN_OWN) {
        buttons.push(Button::link(Look::Primary, ui.t("token-title"), "/tokens").icon(Icon::Key));
    }
    let head = Page::new(ui.t("api-docs-title"), "tokens").subtitle(ui.t("api-docs-note")).actions(ui.buttons(buttons));
    visit.page_of(&head, &body)
}

fn conventions(ui: &Ui) -> Html {
    let mut out = Html::new();
    for id in ["api-docs-token", "api-docs-write", "api-docs-money", "api-docs-list", "api-docs-error"] {
        out.raw("<p>").text(ui.t(id)).raw("</p>");
    }
    out
}

fn one(ui: &Ui, (words, pool): (&Words, &Pool), twin: &TwinRecord) -> Html {
    let action = match twin.route.entry {
        Entry::Action(action) => action,
        Entry::Own | Entry::Public => SELF,
    };
    let path = twin.route.path;
    let mut out = Html::new();
    out.raw("<details><summary><code>").text(twin.route.method.as_str()).raw(" ");
    out.text(format!("{}{}", API.trim_end_matches('/'), twin.route.path)).raw("</code> ");
    out.text(action_title(ui, action)).raw("</summary><dl class=\"facts\">");
    fact(&mut out, ui.t("api-docs-scope"), Html::of_text(action));
    match twin.operation.body {
        Body::None => {}
        Body::Fields(shape) => fact(&mut out, ui.t("api-docs-fields"), fields(ui, (words, path), &shape())),
        Body::Files => fact(&mut out, ui.t("api-docs-fields"), Html::of_text(ui.t("api-docs-files"))),
    }
    if let Some(shape) = twin.operation.query {
        fact(&mut out, ui.t("api-docs-query"), fields(ui, (words, path), &shape()));
    }
    let answer = match twin.operation.answer {
        Answer::Place => Html::of_text(ui.t("api-docs-place")),
        Answer::File(kinds) => Html::of_text(kinds.join(", ")),
        Answer::Thing(schema) => {
            let mut schemas = schemars::SchemaGenerator::default();
            let name = schema(&mut schemas);
            let name = name.get("$ref").and_then(|name| name.as_str()).unwrap_or("").rsplit('/').next().unwrap_or("");
            Html::of_text(name)
        }
        Answer::Rows(spec) => {
            let spec = spec(ui);
            let columns = spec.columns.iter().map(|column| format!("{} ({})", field_of(column), ui.t(column.title)));
            Html::of_text(columns.collect::<Vec<_>>().join(&ui.t("list-comma")))
        }
    };
    fact(&mut out, ui.t("api-docs-answer"), answer);
    fact(&mut out, ui.t("api-docs-example"), example((words, pool), twin));
    out.raw("</dl></details>");
    out
}

/// A request that can be tried as it stands, with things that whoever reads this may see.
fn example((words, pool): (&Words, &Pool), twin: &TwinRecord) -> Html {
    let path = format!("{}{}", API.trim_end_matches('/'), pool.filled(words, twin.route.path));
    let mut out = Html::new();
    out.raw("<code class=\"wrap-anywhere\">").text(format!("{} {path}", twin.route.method)).raw("</code>");
    if let Body::Fields(shape) = twin.operation.body {
        let body = pool.body(words, twin.route.path, &shape());
        out.raw("<br><code class=\"wrap-anywhere\">").text(body.to_string()).raw("</code>");
    }
    out
}

fn fact(out: &mut Html, name: String, value: Html) {
    out.raw("<dt>").text(name).raw("</dt><dd>").push(&value).raw("</dd>");
}

fn fields(ui: &Ui, (words, path): (&Words, &str), shape: &Shape) -> Html {
    let Shape::Fields(fields) = shape else { return Html::of_text(ui.t("api-docs-open")) };
    let mut out = Html::new();
    for (n, field) in fields.iter().enumerate() {
        if n > 0 {
            out.text(ui.t("list-comma"));
        }
        out.raw("<code>").text(field.name).raw("</code>");
        if field.required {
            out.raw("*");
        }
        if let Some(about) = words.label(path, field.name) {
            out.text(format!(" ({about})"));
        }
    }
    if fields.is_empty() {
        out.text(ui.t("api-docs-none"));
    }
    out
}
