//! The page of the outbox (外发消息页): what leaves the house, what did not arrive, what a person says of it.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::OUTBOX_MANAGE;
use super::actions::{self, OutboxError};
use super::model::{Attempt, Message, MessageState, Outcome, Word};
use super::store::{self, Filter};
use crate::api::Data;
use crate::clock::civil_minute;
use crate::error::{ActionError, RefusalKind, Refused};
use crate::list_export::{Listed, Sums, Wanted, plain};
use crate::page::list::{self, Cell, Column, ColumnKind, FilterKind, ListQuery, ListSpec, Row, View};
use crate::page::{Button, Empty, Html, Icon, Look, Page, Side, Table, Tone, Ui};
use crate::web::{Posted, Routes, Visit, WebError};
use crate::work::Work;

/// Attempts that a page shows.
const SHOWN: i64 = 100;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .list("/outbox", OUTBOX_MANAGE, index, spec)
        .exports(&LISTED)
        .get("/outbox/{id}", OUTBOX_MANAGE, show)
        .data::<OutboxData, _, _>("/outbox/{id}", OUTBOX_MANAGE, data)
        .post("/outbox/{id}/say", OUTBOX_MANAGE, say)
}

/// The views with their states; the first shows what a person must look at.
const VIEWS: [(&str, &[MessageState]); 4] = [
    ("stuck", &[MessageState::Dead, MessageState::Unknown]),
    ("waiting", &[MessageState::Waiting]),
    ("sent", &[MessageState::Sent]),
    ("all", &[]),
];

fn spec(ui: &Ui) -> ListSpec {
    ListSpec {
        path: "/outbox".to_owned(),
        columns: vec![
            Column::new("about", "outbox-about", ColumnKind::Text),
            Column::new("kind", "outbox-kind", ColumnKind::Text),
            Column::new("receiver", "outbox-receiver", ColumnKind::Text).hidden(),
            Column::new("state", "outbox-state", ColumnKind::State),
            Column::new("attempts", "outbox-attempts", ColumnKind::Count),
            Column::new("created", "outbox-created", ColumnKind::Text),
            Column::new("due", "outbox-due", ColumnKind::Text),
        ],
        filters: vec![list::Filter::new("receiver", "outbox-receiver", FilterKind::Text)],
        views: VIEWS
            .into_iter()
            .map(|(id, _)| View { id: id.to_owned(), text: ui.t(format!("outbox-view-{id}")), ..View::default() })
            .collect(),
        counted: "outbox-count",
        ..ListSpec::default()
    }
}

/// What leaves the house (外发消息清单); never the words of a message.
pub(crate) static LISTED: Listed = Listed {
    list: "/outbox",
    address: "/outbox/export.xlsx",
    view: OUTBOX_MANAGE,
    export: OUTBOX_MANAGE,
    act: "outbox.export",
    title: "outbox-title",
    file: "outbox",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn filter_of(asked: &ListQuery) -> Filter {
    let states = VIEWS.iter().find(|(id, _)| *id == asked.view).map_or(&[][..], |(_, states)| states);
    Filter {
        states: states.iter().map(|state| state.as_str()).collect(),
        receiver: asked.text("receiver").map(str::to_owned),
        ..Filter::default()
    }
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    Ok(store::count(&mut work.tx, &filter_of(&wanted.query)).await?.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let (from, most) = wanted.part;
    let found = store::list(&mut work.tx, &filter_of(&wanted.query), (most, from)).await?;
    Ok(found.iter().map(|one| row(ui, one)).collect())
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty =
        Empty { icon: Some(Icon::CircleCheck), title: ui.t("outbox-none"), text: ui.t("outbox-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let head = Page::new(ui.t("outbox-title"), "outbox").subtitle(ui.t("outbox-note")).actions(shown.tools());
    shown.answer(&visit, &head)
}

fn row(ui: &Ui, one: &Message) -> Row {
    let href = format!("/outbox/{}", one.id);
    let due = if one.state == MessageState::Waiting { civil_minute(one.due_at) } else { String::new() };
    Row {
        key: one.id.to_string(),
        cells: vec![
            Cell::Link(about(ui, one), href.clone()),
            Cell::Text(ui.t(format!("outbox-kind-{}", one.kind))),
            Cell::Muted(one.receiver.clone()),
            Cell::State(badge(ui, one.state), ui.t(format!("outbox-state-{}", one.state.as_str()))),
            Cell::Count(one.attempts),
            Cell::Text(civil_minute(one.created_at)),
            if due.is_empty() { Cell::None } else { Cell::Text(due) },
        ],
        href,
    }
}

/// What a message is about, in words where its first word is a kind of event.
pub(crate) fn about(ui: &Ui, one: &Message) -> String {
    let (kind, rest) = one.about.split_once(' ').unwrap_or((&one.about, ""));
    match ui.locale.find(&format!("event-{}", kind.replace('_', "-"))) {
        Some(title) => format!("{title} · {rest}"),
        None => one.about.clone(),
    }
}

/// Where a message stands, as a badge.
pub(crate) fn badge(ui: &Ui, state: MessageState) -> Html {
    let (tone, icon) = match state {
        MessageState::Waiting => (Tone::Accent, Icon::Clock),
        MessageState::Sent => (Tone::Ok, Icon::CircleCheck),
        MessageState::Unknown => (Tone::Watch, Icon::HelpCircle),
        MessageState::Dead => (Tone::Doubt, Icon::AlertCircle),
        MessageState::Dropped => (Tone::Neutral, Icon::Ban),
    };
    ui.badge(tone, icon, ui.t(format!("outbox-state-{}", state.as_str())))
}

async fn load(visit: &Visit, id: &str) -> Result<(Message, Vec<Attempt>), WebError> {
    let id = id.parse().map_err(|_| ActionError::from(OutboxError::Unknown))?;
    let mut work = visit.read().await?;
    work.authorise(OUTBOX_MANAGE)?;
    let message = store::message(&mut work.tx, id).await?.ok_or(OutboxError::Unknown).map_err(ActionError::from)?;
    let attempts = store::attempts(&mut work.tx, id, SHOWN).await?;
    Ok((message, attempts))
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (message, attempts) = load(&visit, &id).await?;
    let ui = visit.ui();
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><div class=\"panel-body stack\"><dl class=\"facts\">");
    let kind = ui.t(format!("outbox-kind-{}", message.kind));
    fact(&mut body, ui.t("outbox-state"), badge(&ui, message.state));
    fact(&mut body, ui.t("outbox-kind"), Html::of_text(kind));
    fact(&mut body, ui.t("outbox-receiver"), Html::of_text(&message.receiver));
    fact(&mut body, ui.t("outbox-key"), Html::of_text(&message.send_key));
    fact(&mut body, ui.t("outbox-created"), Html::of_text(civil_minute(message.created_at)));
    if message.state == MessageState::Waiting {
        fact(&mut body, ui.t("outbox-due"), Html::of_text(civil_minute(message.due_at)));
    }
    body.raw("</dl><p class=\"hint\">").text(ui.t(format!("outbox-state-{}-text", message.state.as_str())));
    body.raw("</p>").push(&words(&visit, &ui, &message)).raw("</div></section>");
    body.push(&log(&ui, &attempts));
    body.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("outbox-body"));
    body.raw("</h2></header><div class=\"panel-body scroll\"><pre>").text(&message.body);
    body.raw("</pre></div></section>");
    let back = Button::link(Look::Secondary, ui.t("outbox-title"), "/outbox").icon(Icon::Send);
    let head = Page::new(about(&ui, &message), "outbox").subtitle(ui.t("outbox-title")).actions(ui.button(back));
    visit.page_of(&head, &body)
}

fn fact(out: &mut Html, name: String, value: Html) {
    out.raw("<dt>").text(name).raw("</dt><dd>").push(&value).raw("</dd>");
}

/// What a person may say of it, one form a word.
fn words(visit: &Visit, ui: &Ui, message: &Message) -> Html {
    let mut out = Html::new();
    out.raw("<div class=\"buttons\">");
    if let Some(page) = actions::page_of(&visit.app, message) {
        let there = Button::link(Look::Primary, ui.t("outbox-there"), page).icon(Icon::ArrowRight);
        out.push(&ui.button(there)).raw("</div>");
        return out;
    }
    for word in Word::ALL.into_iter().filter(|word| message.state.after(*word).is_some()) {
        let (look, icon) = match word {
            Word::SendAgain => (Look::Primary, Icon::Refresh),
            Word::Arrived => (Look::Secondary, Icon::Check),
            Word::Drop => (Look::Danger, Icon::Ban),
        };
        let text = ui.t(format!("outbox-word-{}", word.as_str()));
        out.raw("<form class=\"inline\" method=\"post\"").attr("action", format!("/outbox/{}/say", message.id));
        out.raw(" data-once>").push(&ui.guard(visit.guard()));
        out.push(&ui.button(Button::submit(look, text).icon(icon).submits("word", word.as_str()))).raw("</form>");
    }
    out.raw("</div>");
    out
}

/// The log of the attempts.
fn log(ui: &Ui, attempts: &[Attempt]) -> Html {
    let heads = [("no", Side::Right), ("started", Side::Left), ("outcome", Side::Left), ("status", Side::Right)];
    let heads = heads.into_iter().chain([("duration", Side::Right), ("answer", Side::Left)]);
    let mut table =
        Table::new(ui.t("outbox-log"), heads.map(|(head, side)| (ui.t(format!("outbox-attempt-{head}")), side)));
    for one in attempts {
        let number = |number: Option<i64>| number.map_or_else(|| "—".to_owned(), |number| number.to_string());
        let (tone, icon) = match one.outcome {
            Outcome::Running => (Tone::Accent, Icon::Loader2),
            Outcome::Delivered => (Tone::Ok, Icon::CircleCheck),
            Outcome::Refused => (Tone::Doubt, Icon::ShieldX),
            Outcome::Failed => (Tone::Sub, Icon::AlertTriangle),
            Outcome::Unknown => (Tone::Watch, Icon::HelpCircle),
            Outcome::Later => (Tone::Neutral, Icon::Clock),
            Outcome::Withdrawn => (Tone::Neutral, Icon::Ban),
        };
        table.row([
            Html::of_text(one.no.to_string()),
            Html::of_text(civil_minute(one.started_at)),
            ui.badge(tone, icon, ui.t(format!("outbox-outcome-{}", one.outcome.as_str()))),
            Html::of_text(number(one.status)),
            Html::of_text(number(one.duration_ms)),
            Html::of_text(&one.answer),
        ]);
    }
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("outbox-log"));
    out.raw("</h2></header>");
    if attempts.is_empty() {
        out.raw("<div class=\"panel-body\"><p class=\"hint\">").text(ui.t("outbox-log-none")).raw("</p></div>");
    } else {
        out.push(&ui.table(table));
    }
    out.raw("</section>");
    out
}

/// What leaves the house (外发消息), as a program reads it.
#[derive(Debug, Serialize, JsonSchema)]
struct OutboxData {
    /// The key.
    id: String,
    /// Which gateway takes it out.
    kind: String,
    /// To whom.
    receiver: String,
    /// What it is about.
    about: String,
    /// By which the receiver knows a repetition.
    send_key: String,
    /// Where it stands.
    state: MessageState,
    /// What is sent, word for word.
    body: String,
    /// When it was put in.
    created_at: String,
    /// When it is tried next; null when it is settled.
    due_at: Option<String>,
    /// The attempts, the latest first.
    attempts: Vec<AttemptData>,
}

/// An attempt to send (发送记录).
#[derive(Debug, Serialize, JsonSchema)]
struct AttemptData {
    /// Its number, from 1.
    no: i64,
    /// When it began.
    started_at: String,
    /// How it ended.
    outcome: Outcome,
    /// What the receiver answered.
    status: Option<i64>,
    /// How long it took, in milliseconds.
    duration_ms: Option<i64>,
    /// The head of the answer, or why there was none.
    answer: String,
}

async fn data(visit: Visit, Path(id): Path<String>) -> Result<Data<OutboxData>, WebError> {
    let (message, attempts) = load(&visit, &id).await?;
    let waiting = message.state == MessageState::Waiting;
    let attempt = |one: Attempt| AttemptData {
        no: one.no,
        started_at: one.started_at.to_string(),
        outcome: one.outcome,
        status: one.status,
        duration_ms: one.duration_ms,
        answer: one.answer,
    };
    Ok(Data(OutboxData {
        id: message.id.to_string(),
        kind: message.kind,
        receiver: message.receiver,
        about: message.about,
        send_key: message.send_key,
        state: message.state,
        body: message.body,
        created_at: message.created_at.to_string(),
        due_at: waiting.then(|| message.due_at.to_string()),
        attempts: attempts.into_iter().map(attempt).collect(),
    }))
}

/// What a person says: `again`, `arrived` or `drop`.
#[derive(Debug, Deserialize)]
struct SayForm {
    #[serde(default)]
    word: String,
}

async fn say(Path(id): Path<String>, posted: Posted<SayForm>) -> Result<Response, WebError> {
    let id = id.parse().map_err(|_| ActionError::from(OutboxError::Unknown))?;
    let word = Word::parse(&posted.form.word);
    let word = word.ok_or_else(|| ActionError::from(Refused::new(RefusalKind::Invalid, "outbox-no-word")))?;
    let mut work = posted.begin(OUTBOX_MANAGE).await?;
    actions::say(&mut work, id, word).await?;
    posted.done(work, format!("/outbox/{id}")).await
}
