//! The pages of gateways (短信与邮件通道页): both channels with what is set, the form of one, a test to one's own number.

use axum::extract::Path;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::carry::{Parcel, try_out};
use super::model::{Carrier, MessageGateway, Security, Wish};
use super::{CHANNELS, GATEWAY_MANAGE, actions, store};
use crate::api::Data;
use crate::audit::Entry;
use crate::clock::civil_minute;
use crate::duty::Channel;
use crate::error::{ActionError, FieldError, RefusalKind, Refused};
use crate::outbox::{self, Outcome};
use crate::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Tone, Ui};
use crate::vault::{mask_mailbox, mask_numbers};
use crate::web::{Fields, FormPage, Posted, Routes, Visit, WebError, once_key};

const PATH: &str = "/gateways";
/// The longest number or address of a test.
const MAX_TO: usize = 254;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(PATH, GATEWAY_MANAGE, index)
        .data::<Vec<GatewayData>, _, _>(PATH, GATEWAY_MANAGE, data)
        .get("/gateways/{channel}/edit", GATEWAY_MANAGE, edit)
        .post("/gateways/{channel}/edit", GATEWAY_MANAGE, save)
        .answering::<GatewayKey>()
        .post("/gateways/{channel}/on", GATEWAY_MANAGE, switch_on)
        .post("/gateways/{channel}/off", GATEWAY_MANAGE, switch_off)
        .post("/gateways/{channel}/key", GATEWAY_MANAGE, renew)
        .answering::<GatewayKey>()
        .get("/gateways/{channel}/test", GATEWAY_MANAGE, test_page)
        .post("/gateways/{channel}/test", GATEWAY_MANAGE, test)
        .answering::<TestData>()
}

/// The channel in an address; any other leads nowhere.
fn channel(name: &str) -> Result<Channel, ActionError> {
    let unknown = || Refused::new(RefusalKind::NotFound, "unknown-thing").with("what", "gateway");
    Ok(Channel::parse(name).filter(|channel| CHANNELS.contains(channel)).ok_or_else(unknown)?)
}

async fn index(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    work.authorise(GATEWAY_MANAGE)?;
    let all = store::all(&mut work.tx).await?;
    let mut body = Html::new();
    for channel in CHANNELS {
        let one = all.iter().find(|one| one.channel == channel);
        body.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>");
        body.text(ui.t(format!("channel-{}", channel.as_str()))).raw("</h2></header><div class=\"panel-body stack\">");
        match one {
            Some(one) => body.push(&facts(&ui, one)),
            None => body.raw("<p class=\"hint\">").text(ui.t("gateway-none-set")).raw("</p>"),
        };
        body.push(&buttons(&visit, &ui, channel, one)).raw("</div></section>");
    }
    let head = Page::new(ui.t("gateway-title"), "gateways").subtitle(ui.t("gateway-note"));
    visit.page_of(&head, &body)
}

fn facts(ui: &Ui, one: &MessageGateway) -> Html {
    let state = match one.active {
        true => ui.badge(Tone::Ok, Icon::CircleCheck, ui.t("gateway-on")),
        false => ui.badge(Tone::Neutral, Icon::PlayerPause, ui.t("gateway-off")),
    };
    let mut out = Html::new();
    out.raw("<dl class=\"facts\">");
    for (name, value) in [
        ("gateway-state", state),
        ("gateway-carrier", Html::of_text(ui.t(format!("gateway-carrier-{}", one.carrier.as_str())))),
        ("gateway-target", Html::of_text(&one.target)),
        ("gateway-sender", Html::of_text(if one.sender.is_empty() { "—" } else { &one.sender })),
        ("gateway-changed", Html::of_text(civil_minute(one.changed_at))),
    ] {
        out.raw("<dt>").text(ui.t(name)).raw("</dt><dd>").push(&value).raw("</dd>");
    }
    out.raw("</dl>");
    out
}

fn buttons(visit: &Visit, ui: &Ui, channel: Channel, one: Option<&MessageGateway>) -> Html {
    let path = format!("{PATH}/{}", channel.as_str());
    let mut out = Html::new();
    out.raw("<div class=\"buttons\">");
    let set = Button::link(Look::Primary, ui.t("gateway-set"), format!("{path}/edit")).icon(Icon::Edit);
    out.push(&ui.button(set));
    if let Some(one) = one {
        let test = Button::link(Look::Secondary, ui.t("gateway-test"), format!("{path}/test")).icon(Icon::Send);
        out.push(&ui.button(test));
        let switch = if one.active {
            ("off", "gateway-switch-off", Icon::PlayerPause)
        } else {
            ("on", "gateway-switch-on", Icon::PlayerPlay)
        };
        let renew = (one.carrier == Carrier::Http).then_some(("key", "gateway-renew", Icon::Key));
        for (verb, text, icon) in [Some(switch), renew].into_iter().flatten() {
            out.raw("<form class=\"inline\" method=\"post\"").attr("action", format!("{path}/{verb}"));
            out.raw(" data-once>").push(&ui.guard(visit.guard()));
            out.push(&ui.button(Button::submit(Look::Secondary, ui.t(text)).icon(icon))).raw("</form>");
        }
    }
    out.raw("</div>");
    out
}

crate::form_fields! {
    /// A gateway as it is wanted; `seen` is the version that was changed.
    GatewayForm: "seen", "carrier", "target", "security", "account", "password", "sender"
}

fn wanted(fields: &Fields) -> Wish {
    let text = |name: &str| fields.first(name).unwrap_or("").trim().to_owned();
    let security = text("security");
    Wish {
        carrier: Carrier::parse(&text("carrier")),
        target: text("target"),
        // Only mail servers are asked for it.
        security: if security.is_empty() { Some(Security::Tls) } else { Security::parse(&security) },
        account: text("account"),
        password: fields.first("password").unwrap_or("").to_owned(),
        sender: text("sender"),
    }
}

async fn edit(visit: Visit, Path(name): Path<String>) -> Result<Response, WebError> {
    let channel = channel(&name)?;
    let mut work = visit.read().await?;
    work.authorise(GATEWAY_MANAGE)?;
    let known = store::of(&mut work.tx, channel).await?;
    let version = known.as_ref().map_or(0, |one| one.version);
    let typed = known.map_or_else(Fields::default, |one| {
        let pairs = [
            ("carrier", one.carrier.as_str().to_owned()),
            ("target", one.target),
            ("security", one.security.as_str().to_owned()),
            ("account", one.account),
            ("sender", one.sender),
        ];
        Fields::new(pairs.map(|(name, value)| (name.to_owned(), value)).to_vec())
    });
    draw(&visit, channel, version, &typed, None)
}

fn draw(
    visit: &Visit,
    channel: Channel,
    seen: i64,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let value = |name: &str| typed.first(name).unwrap_or("").to_owned();
    let choice = |group: &str, id: &str| Choice::new(id, ui.t(format!("gateway-{group}-{id}")));
    let carriers = Carrier::ALL.into_iter().filter(|one| one.carries(channel));
    let carriers = carriers.map(|one| choice("carrier", one.as_str())).collect();
    let securities = Security::ALL.map(|one| choice("security", one.as_str())).to_vec();
    let text = |name: &'static str| {
        let label = ui.t(format!("gateway-{name}"));
        let hint = ui.locale.find(&format!("gateway-{name}-hint-{}", channel.as_str()));
        let hint = hint.or_else(|| ui.locale.find(&format!("gateway-{name}-hint"))).unwrap_or_default();
        Field::new(name, label, Input::Text).value(value(name)).hint(hint)
    };
    let carrier = Field::new("carrier", ui.t("gateway-carrier"), Input::Radio(carriers));
    let mut fields = vec![carrier.value(value("carrier")).required(), text("target").required()];
    if channel == Channel::Email {
        let security = Field::new("security", ui.t("gateway-security"), Input::Select(securities));
        fields.push(security.value(value("security")));
        fields.push(text("account"));
        let password = Field::new("password", ui.t("gateway-password"), Input::Password);
        fields.push(password.hint(ui.t("gateway-password-hint")));
    }
    fields.push(text("sender"));
    let mut note = Html::new();
    note.raw("<input type=\"hidden\" name=\"seen\"").attr("value", seen.to_string()).raw(">");
    note.push(&ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("gateway-form-note"))));
    FormPage {
        active: "gateways",
        title: ui.t("gateway-set"),
        subtitle: ui.t(format!("channel-{}", channel.as_str())),
        action: format!("{PATH}/{}/edit", channel.as_str()),
        fields,
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("gateway-save")).icon(Icon::Check)],
        back: PATH.to_owned(),
    }
    .draw(visit, refused)
}

/// The key of a gateway (签名密钥), shown this once.
#[derive(Debug, Serialize, JsonSchema)]
struct GatewayKey {
    /// The channel: `sms` or `email`.
    channel: String,
    /// What signs its messages and receipts; null when none was made. It is not shown again.
    key: Option<String>,
}

async fn save(Path(name): Path<String>, posted: Posted<GatewayForm>) -> Result<Response, WebError> {
    let channel = channel(&name)?;
    let seen = posted.fields.first("seen").and_then(|seen| seen.parse().ok()).unwrap_or(0);
    let mut work = posted.begin("gateway.change").await?;
    match actions::save(&mut work, channel, seen, &wanted(&posted.fields)).await {
        Ok(key) => {
            let gone = posted.done(work, PATH).await?;
            shown_once(&posted.visit, channel, key, gone)
        }
        Err(error) => {
            work.tx.rollback().await?;
            let refused = crate::web::shown_in_form(error)?;
            draw(&posted.visit, channel, seen, &posted.fields, Some(&refused))
        }
    }
}

/// A new key is shown once; without one the page opens that `gone` leads to.
fn shown_once(visit: &Visit, channel: Channel, key: Option<String>, gone: Response) -> Result<Response, WebError> {
    let shown = GatewayKey { channel: channel.as_str().to_owned(), key };
    if let Some(answer) = visit.data(&shown) {
        return Ok(answer);
    }
    let Some(key) = &shown.key else { return Ok(gone) };
    let ui = visit.ui();
    let mut text = Html::new();
    text.raw("<p>").text(ui.t("gateway-once")).raw("</p><p><code class=\"rule\">").text(key).raw("</code></p>");
    let mut body = ui.note(Tone::Watch, Icon::Key, &text);
    body.push(&ui.button(Button::link(Look::Primary, ui.t("gateway-back"), PATH)));
    visit.page_of(&Page::new(ui.t("gateway-key"), "gateways"), &body)
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn switch_on(Path(name): Path<String>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    switch(&name, &posted, true).await
}

async fn switch_off(Path(name): Path<String>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    switch(&name, &posted, false).await
}

async fn switch(name: &str, posted: &Posted<Nothing>, active: bool) -> Result<Response, WebError> {
    let channel = channel(name)?;
    let mut work = posted.begin("gateway.change").await?;
    actions::set_active(&mut work, channel, active).await?;
    posted.done(work, PATH).await
}

async fn renew(Path(name): Path<String>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    let channel = channel(&name)?;
    let mut work = posted.begin("gateway.key").await?;
    let key = actions::renew_key(&mut work, channel).await?;
    let gone = posted.done(work, PATH).await?;
    shown_once(&posted.visit, channel, Some(key), gone)
}

/// To whom a test goes.
#[derive(Debug, Default, Deserialize)]
struct TestForm {
    #[serde(default)]
    to: String,
}

/// How a test went (测试结果).
#[derive(Debug, Serialize, JsonSchema)]
struct TestData {
    /// How it ended: `delivered`, `refused`, `failed` or `unknown`.
    outcome: String,
    /// What the carrier answered, in its own numbers.
    status: Option<i64>,
    /// The head of the answer, or why there was none.
    answer: String,
}

async fn test_page(visit: Visit, Path(name): Path<String>) -> Result<Response, WebError> {
    draw_test(&visit, channel(&name)?, "", None)
}

fn draw_test(visit: &Visit, channel: Channel, to: &str, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let to = Field::new("to", ui.t("gateway-test-to"), Input::Text).value(to).hint(ui.t("gateway-test-to-hint"));
    FormPage {
        active: "gateways",
        title: ui.t("gateway-test"),
        subtitle: ui.t(format!("channel-{}", channel.as_str())),
        action: format!("{PATH}/{}/test", channel.as_str()),
        fields: vec![to.required()],
        note: Html::new(),
        buttons: vec![Button::submit(Look::Primary, ui.t("gateway-test")).icon(Icon::Send)],
        back: PATH.to_owned(),
    }
    .draw(visit, refused)
}

/// Sends fixed words about nothing, so that nobody can be written to by this way.
async fn test(Path(name): Path<String>, posted: Posted<TestForm>) -> Result<Response, WebError> {
    let channel = channel(&name)?;
    let (visit, to) = (&posted.visit, posted.form.to.trim());
    let fits = match channel {
        Channel::Email => super::model::is_mailbox(to),
        _ => (3..=20).contains(&to.len()) && to.chars().all(|c| c.is_ascii_digit() || c == '+'),
    };
    if !fits || to.len() > MAX_TO {
        let refused = Refused::form(vec![FieldError::new("to", "gateway-test-to")]);
        return draw_test(visit, channel, to, Some(&refused));
    }
    let mut work = posted.begin("gateway.test").await?;
    work.authorise(GATEWAY_MANAGE)?;
    actions::load(&mut work, channel).await?;
    let rules = outbox::rules(&mut work).await?;
    let entry = Entry::new(None, "gateway.test", format!("message_gateway:{}", channel.as_str()));
    work.audit(entry.after(serde_json::json!({"to": masked(channel, to)}))).await?;
    posted.done(work, PATH).await?;
    let ui = visit.ui();
    let parcel = Parcel {
        channel,
        key: format!("test-{}", once_key()),
        to: to.to_owned(),
        subject: ui.t("gateway-test-subject"),
        text: ui.t1("gateway-test-text", "institution", visit.institution()),
    };
    // Nothing is held while others are waited for.
    let went = try_out(&visit.app, &parcel, &rules).await;
    let shown =
        TestData { outcome: went.outcome.as_str().to_owned(), status: went.status, answer: went.answer.clone() };
    if let Some(answer) = visit.data(&shown) {
        return Ok(answer);
    }
    let (tone, icon) = match went.outcome {
        Outcome::Delivered => (Tone::Ok, Icon::CircleCheck),
        _ => (Tone::Doubt, Icon::AlertTriangle),
    };
    let mut text = Html::of_text(ui.t(format!("outbox-outcome-{}", shown.outcome)));
    if let Some(status) = shown.status {
        text.raw(" · ").text(status.to_string());
    }
    if !shown.answer.is_empty() {
        text.raw(" · ").text(&shown.answer);
    }
    let mut body = ui.note(tone, icon, text);
    body.push(&ui.button(Button::link(Look::Primary, ui.t("gateway-back"), PATH)));
    visit.page_of(&Page::new(ui.t("gateway-test"), "gateways"), &body)
}

/// What the trail keeps of where a test went.
fn masked(channel: Channel, to: &str) -> String {
    match channel {
        Channel::Email => mask_mailbox(to),
        _ => mask_numbers(to),
    }
}

/// The gateway of a channel (消息通道), as a program reads it; key and password are never shown again.
#[derive(Debug, Serialize, JsonSchema)]
struct GatewayData {
    /// The channel: `sms` or `email`.
    channel: String,
    /// Who carries: `http`, `smtp` or `file`.
    carrier: String,
    /// The address, the mail server with its port, or the name of a folder.
    target: String,
    /// How the way to the mail server is secured: `tls`, `starttls` or `plain`.
    security: String,
    /// The log-in at the mail server; empty for none.
    account: String,
    /// The name or address that it is sent under.
    sender: String,
    /// Whether anything is sent.
    active: bool,
    /// When it was last changed.
    changed_at: String,
    /// What a change sends back as `seen`.
    version: i64,
}

async fn data(visit: Visit) -> Result<Data<Vec<GatewayData>>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(GATEWAY_MANAGE)?;
    let of = |one: MessageGateway| GatewayData {
        channel: one.channel.as_str().to_owned(),
        carrier: one.carrier.as_str().to_owned(),
        target: one.target,
        security: one.security.as_str().to_owned(),
        account: one.account,
        sender: one.sender,
        active: one.active,
        changed_at: one.changed_at.to_string(),
        version: one.version,
    };
    Ok(Data(store::all(&mut work.tx).await?.into_iter().map(of).collect()))
}
