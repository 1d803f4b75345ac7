//! The form that composes a message, and one message with its life and the words on it.

use axum::extract::{Path, Query};
use axum::response::Response;
use customers::contact_point::model::{ContactPoint, ContactPointId};
use customers::contact_point::store as points;
use platform::clock::civil_minute;
use platform::contact_gate::Channel;
use platform::error::{ActionError, FieldError, Refused};
use platform::locale::Lang;
use platform::message::CHANNELS;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::policies::{self, article_address};
use platform::web::{FormPage, Posted, Routes, Visit, WebError, shown_in_form};
use platform::work::Work;
use serde::Deserialize;
use servicing::loan::model::LoanKey;

use super::actions::{Draft, Order, compose, compose_to_all, load, preview};
use super::decide::decide;
use super::list::{LIST, channel, state_badge};
use super::model::{DebtorMessage, Decision, MessageId, MessageKind};
use super::receiver::{joint_points, receiver};
use super::{MESSAGE_SEND, rules, store};
use crate::guard::model::Rule;
use crate::guard::pages::standing;
use crate::limitation::actions::find_key;

/// Stands in the form for the debtor alone.
const DEBTOR: &str = "debtor";

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/loans/{id}/messages/new", MESSAGE_SEND, new)
        .post("/loans/{id}/messages/new", MESSAGE_SEND, create)
        .get("/messages/{id}", "loan.view", show)
        .data::<super::data::MessageData, _, _>("/messages/{id}", "loan.view", super::data::message)
        .post("/messages/{id}/decide", MESSAGE_SEND, say)
}

/// What the form that composes sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct OrderForm {
    kind: String,
    channel: String,
    /// The contact point; empty: everybody who owes.
    point: String,
}

/// Reads kind and channel, or says what is wrong with them.
pub(super) fn order(kind: &str, channel: &str) -> Result<Order, Vec<FieldError>> {
    let found = MessageKind::parse(kind);
    let by = Channel::parse(channel).filter(|channel| CHANNELS.contains(channel));
    match (found, by) {
        (Some(kind), Some(channel)) => Ok(Order { kind, channel, point: None }),
        (found, by) => {
            let wrong = [("kind", kind, found.is_none()), ("channel", channel, by.is_none())];
            let wrong = wrong.into_iter().filter(|(_, _, wrong)| *wrong);
            Err(wrong.map(|(field, typed, _)| FieldError::choice(field, typed)).collect())
        }
    }
}

/// Kind and channel as fields.
pub(super) fn order_fields(ui: &Ui, kind: &str, by: &str) -> Vec<Field> {
    let kinds = MessageKind::ALL.map(|kind| Choice::new(kind.as_str(), ui.t(kind.title()))).to_vec();
    let channels = CHANNELS.map(|one| Choice::new(one.as_str(), channel(ui, one.as_str()))).to_vec();
    let by = if by.is_empty() { Channel::Sms.as_str() } else { by };
    vec![
        Field::new("kind", ui.t("message-kind"), Input::Radio(kinds)).value(kind).required(),
        Field::new("channel", ui.t("message-channel"), Input::Radio(channels)).value(by).required(),
    ]
}

async fn new(visit: Visit, Path(id): Path<String>, Query(typed): Query<OrderForm>) -> Result<Response, WebError> {
    draw(&visit, &id, &typed, None).await
}

async fn draw(visit: &Visit, id: &str, typed: &OrderForm, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let key = find_key(&mut work, id).await?;
    let file = servicing::loan::actions::load_within(&mut work, key, MESSAGE_SEND).await?;
    let file_of = crate::file_for(&mut work, key.customer, MESSAGE_SEND).await?;
    let kind = if typed.kind.is_empty() { MessageKind::EarlyReminder.as_str() } else { &typed.kind };
    let mut note = Html::new();
    let shown = order(kind, if typed.channel.is_empty() { Channel::Sms.as_str() } else { &typed.channel });
    let mut fields = order_fields(&ui, kind, &typed.channel);
    if let Ok(order) = shown {
        let joint = joint_points(&mut work, key, order.channel).await?;
        if !joint.is_empty() {
            fields.push(to_field(&ui, &file_of.name, &joint, &typed.point));
        }
        let others = joint.iter().map(|(point, _)| Order { point: Some(point.id), ..order });
        for order in std::iter::once(order).chain(others).filter(|_| refused.is_none()) {
            match preview(&mut work, key, order).await {
                Ok(draft) => note.push(&sheet(&mut work, &ui, &draft).await?),
                Err(ActionError::Refused(why)) => note.push(&platform::web::refusal_box(&ui, &why)),
                Err(other) => return Err(other.into()),
            };
        }
    }
    FormPage {
        active: "messages",
        title: ui.t("message-new"),
        subtitle: format!("{} · {}", file_of.name, file.loan.number),
        action: format!("/loans/{id}/messages/new"),
        fields,
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("message-send")).icon(Icon::Send)],
        back: format!("/loans/{id}"),
    }
    .draw(visit, refused)
}

/// To everybody who owes, the usual, or to one of them.
fn to_field(ui: &Ui, debtor: &str, joint: &[(ContactPoint, String)], typed: &str) -> Field {
    let mut choices = vec![Choice::new("", ui.t1("message-to-all", "count", joint.len() + 1))];
    choices.push(Choice::new(DEBTOR, debtor));
    let of = |(point, name): &(ContactPoint, String)| {
        Choice::new(point.id.to_string(), ui.t2("message-to-joint", "name", name, "number", &point.masked))
    };
    choices.extend(joint.iter().map(of));
    Field::new("point", ui.t("message-to-whom"), Input::Select(choices)).value(typed)
}

/// The words as they would leave now, and what the guard says.
async fn sheet(work: &mut Work, ui: &Ui, draft: &Draft) -> Result<Html, ActionError> {
    let (badge, when) = standing(work, ui, &draft.verdict).await?;
    let mut text = Html::new();
    text.raw("<p lang=\"zh-CN\">").text(&draft.body).raw("</p><p>");
    text.text(&draft.point.masked).raw(" ").push(&badge).raw(" ").push(&when).raw("</p>");
    Ok(ui.note(Tone::Neutral, Icon::Message, text))
}

async fn create(Path(id): Path<String>, posted: Posted<OrderForm>) -> Result<Response, WebError> {
    let order = match order(&posted.form.kind, &posted.form.channel) {
        Ok(order) => order,
        Err(wrong) => return draw(&posted.visit, &id, &posted.form, Some(&Refused::form(wrong))).await,
    };
    let mut work = posted.begin("message.compose").await?;
    let key = find_key(&mut work, &id).await?;
    match send(&mut work, key, order, posted.form.point.trim()).await {
        Ok(messages) => match messages.as_slice() {
            [one] => posted.done(work, format!("{LIST}/{one}")).await,
            _ => posted.done(work, LIST).await,
        },
        Err(error) => {
            work.tx.rollback().await?;
            let refused = shown_in_form(error)?;
            draw(&posted.visit, &id, &posted.form, Some(&refused)).await
        }
    }
}

/// To everybody who owes, to the debtor alone, or to one contact point.
async fn send(work: &mut Work, key: LoanKey, order: Order, to: &str) -> Result<Vec<MessageId>, ActionError> {
    let point = match to {
        "" => return compose_to_all(work, key, order).await,
        DEBTOR => None,
        named => {
            let unknown = || Refused::form(vec![FieldError::choice("point", named)]);
            Some(named.parse::<ContactPointId>().map_err(|_| unknown())?)
        }
    };
    Ok(vec![compose(work, key, Order { point, ..order }, None).await?])
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    draw_message(&visit, &mut work, &id, None).await
}

async fn draw_message(
    visit: &Visit,
    work: &mut Work,
    id: &str,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let (one, file) = load(work, id, "loan.view").await?;
    let steps = store::steps(&mut work.tx, &one).await?;
    let mut body = Html::new();
    if let Some(refused) = refused {
        body.push(&platform::web::refusal_box(&ui, refused));
    }
    body.raw("<section class=\"panel\"><div class=\"panel-body stack\">").push(&facts(work, &ui, &one).await?);
    body.raw("<p lang=\"zh-CN\">").text(&one.body).raw("</p></div></section>");
    body.push(&life(&ui, &steps));
    let open = one.decided.is_none() && !rules::decisions(one.state, one.receipt).is_empty();
    if open && visit.may(MESSAGE_SEND) {
        body.push(&decision_form(visit, &ui, &one));
    }
    let buttons = ui.buttons([
        Button::link(Look::Secondary, ui.t("message-title"), LIST).icon(Icon::ArrowLeft),
        Button::link(Look::Secondary, ui.t("back-to-loan"), format!("/loans/{}", one.loan.loan)).icon(Icon::FileText),
    ]);
    let name = customers::load(&mut work.tx, one.loan.customer).await?.map(|file| file.name).unwrap_or_default();
    let page = Page::new(ui.t(one.kind.title()), "messages")
        .subtitle(format!("{name} · {}", file.loan.number))
        .actions(buttons);
    visit.page_of(&page, &body)
}

async fn facts(work: &mut Work, ui: &Ui, one: &DebtorMessage) -> Result<Html, WebError> {
    let point = points::load(&mut work.tx, one.loan.customer, one.point).await?;
    let to = match &point {
        Some(point) => receiver(work, one.loan, point).await?.filter(|to| to.joint).map(|to| to.name),
        None => None,
    };
    let masked = point.map(|point| point.masked).unwrap_or_default();
    let shown = to.map_or_else(|| masked.clone(), |to| ui.t2("message-to-joint", "name", to, "number", &masked));
    let mut out = Html::new();
    out.raw("<dl class=\"facts\">");
    let mut fact = |name: &str, value: &Html| {
        out.raw("<dt>").text(ui.t(name)).raw("</dt><dd>").push(value).raw("</dd>");
    };
    fact("message-state", &state_badge(ui, one.state).0);
    fact("message-channel", &Html::of_text(channel(ui, one.channel.as_str())));
    fact("message-to", &Html::of_text(shown));
    fact("message-composed", &Html::of_text(civil_minute(one.recorded_at)));
    for (name, at) in [("message-not-before", one.not_before), ("message-sent-at", one.sent_at)] {
        if let Some(at) = at {
            fact(name, &Html::of_text(civil_minute(at)));
        }
    }
    if let Some(reference) = &one.provider_ref {
        fact("message-provider-ref", &Html::of_text(reference));
    }
    if let Some(rule) = &one.rule {
        let mut why = Html::new();
        if Rule::parse(rule).is_some() {
            why.text(ui.t(Rule::message(rule))).raw(" ");
        }
        why.push(&ui.rule(rule));
        if let Some(article) = &one.article {
            let on = work.business_date;
            let title = policies::in_force(work, on).await?.article_title(article, ui.lang() == Lang::En);
            why.raw(" ").push(&ui.citation(article_address(article), title));
        }
        fact("message-why", &why);
    }
    if let Some(first) = one.again_of {
        let mut link = Html::new();
        link.raw("<a").href(format!("{LIST}/{first}")).raw(">").text(ui.t("message-first")).raw("</a>");
        fact("message-again-of", &link);
    }
    if let Some(decided) = &one.decided {
        let word = ui.t(format!("message-decision-{}", decided.decision.as_str()));
        fact("message-decision", &Html::of_text(format!("{word} · {}", decided.reason)));
    }
    out.raw("</dl><p class=\"hint\">").text(ui.t(format!("message-state-{}-text", one.state.as_str()))).raw("</p>");
    Ok(out)
}

/// What happened to it, in order.
fn life(ui: &Ui, steps: &[store::Step]) -> Html {
    let heads = ["message-at", "message-step", "message-detail", "message-by"];
    let mut table = Table::new(ui.t("message-life"), heads.map(|head| (ui.t(head), Side::Left)));
    for one in steps {
        table.row([
            Html::of_text(civil_minute(one.at)),
            Html::of_text(ui.t(format!("message-step-{}", one.step))),
            Html::of_text(&one.detail),
            Html::of_text(&one.by),
        ]);
    }
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("message-life"));
    out.raw("</h2></header>").push(&ui.table(table)).raw("</section>");
    out
}

/// The words that a person may say, with the reason.
fn decision_form(visit: &Visit, ui: &Ui, one: &DebtorMessage) -> Html {
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("message-decide"));
    out.raw("</h2></header><form method=\"post\" class=\"panel-body form\"");
    out.attr("action", format!("{LIST}/{}/decide", one.id)).raw(" data-once>").push(&ui.guard(visit.guard()));
    out.raw("<input type=\"hidden\" name=\"version\"").attr("value", one.version.to_string()).raw(">");
    out.push(&ui.field(Field::new("reason", ui.t("reason"), Input::Area).required()));
    out.raw("<div class=\"buttons\">");
    for word in rules::decisions(one.state, one.receipt) {
        let (look, icon) = match word {
            Decision::Again => (Look::Primary, Icon::Refresh),
            Decision::Arrived => (Look::Secondary, Icon::Check),
            Decision::Lost | Decision::Withdraw => (Look::Danger, Icon::Ban),
        };
        let text = ui.t(format!("message-decision-{}", word.as_str()));
        out.push(&ui.button(Button::submit(look, text).icon(icon).submits("word", word.as_str())));
    }
    out.raw("</div></form></section>");
    out
}

/// What a person says: `again`, `arrived`, `lost` or `withdraw`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SayForm {
    word: String,
    reason: String,
    version: String,
}

async fn say(Path(id): Path<String>, posted: Posted<SayForm>) -> Result<Response, WebError> {
    let form = &posted.form;
    let Some(word) = Decision::parse(&form.word) else {
        let refused = Refused::form(vec![FieldError::choice("word", &form.word)]);
        let mut work = posted.visit.read().await?;
        return draw_message(&posted.visit, &mut work, &id, Some(&refused)).await;
    };
    let mut work = posted.begin("message.decide").await?;
    match decide(&mut work, &id, form.version.parse().ok(), word, &form.reason).await {
        Ok(there) => posted.done(work, format!("{LIST}/{there}")).await,
        Err(error) => {
            work.tx.rollback().await?;
            let refused = shown_in_form(error)?;
            let mut work = posted.visit.read().await?;
            draw_message(&posted.visit, &mut work, &id, Some(&refused)).await
        }
    }
}
