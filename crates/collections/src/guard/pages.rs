//! Pages of the guard: whom one may contact and whether now, asking for a number, and what stands around it.

use axum::extract::Path;
use axum::response::Response;
use customers::contact_point::model::ContactPointId;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use platform::contact_gate::{CallingLine, Channel, LineId, Manner, Pass, Purpose, Shown, gate_refused};
use platform::customer_page::{CustomerPanel, PanelBody, PanelPlace, PanelSize};
use platform::error::{ActionError, FieldError, RefusalKind, Refused};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::locale::Lang;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Refusal, Tone, Ui};
use platform::policies::{self, article_address};
use platform::vault::Personal as _;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, shown_in_form};
use platform::work::Work;

use super::actions::{self, Ask, Line, log_ground};
use super::desk::{self, Dial};
use super::model::{Ground, Rule, Verdict};
use crate::contact::pages::OWED;
use crate::{CASE_VIEW, CASE_WORK, CONTACT_OPEN};
use customers::card_table::draw as cards;
use schemars::JsonSchema;
use serde::Serialize;

platform::form_fields! {
    /// Who asks to reach somebody, how and why.
    AskForm: "line", "channel", "text", "reason"
}

platform::form_fields! {
    /// Ground to reach those around the debtor.
    GroundForm: "ground", "evidence"
}

pub(super) type PointKey = (CustomerId, ContactPointId);

/// The pages of the guard.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/customers/{id}/reach/{point}", CASE_WORK, ask_page)
        .post("/customers/{id}/reach/{point}", CASE_WORK, ask)
        .answering::<ShownNumber>()
        .get("/customers/{id}/ground", CASE_WORK, ground_page)
        .post("/customers/{id}/ground", CASE_WORK, ground)
        .merge(super::opening_pages::routes())
        .merge(super::hours_pages::routes())
        .merge(super::line_pages::routes())
}

/// 可以联系谁 on the customer page.
pub(crate) fn panel() -> CustomerPanel {
    CustomerPanel {
        id: "reach",
        title: "guard-panel",
        order: 25,
        place: PanelPlace::OwnTab,
        action: CASE_VIEW,
        draw: draw_panel,
    }
}

fn draw_panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    customer: CustomerId,
    _size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let (count, html) = whom(visit, work, customer, Dial::Page).await?;
        Ok(PanelBody { count, html })
    })
}

/// Persons and numbers with what is lawful now, and how many there are.
pub(crate) async fn whom(
    visit: &Visit,
    work: &mut Work,
    customer: CustomerId,
    dial: Dial,
) -> Result<(Option<i64>, Html), ActionError> {
    let ui = visit.ui();
    let found = actions::reachable(work, customer).await?;
    let count = i64::try_from(found.len()).ok();
    let mut html = Html::new();
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("guard-panel"));
    html.raw("</h2></header>").push(&table(visit, work, (&ui, dial), customer, &found).await?);
    html.push(&desk::unlisted(work, &ui, customer, &found).await?);
    html.raw("<div class=\"panel-body\"><div class=\"buttons\">").push(&around(visit, &ui, customer));
    html.raw("</div></div></section>");
    Ok((count, html))
}

/// The ways to what stands around the numbers.
fn around(visit: &Visit, ui: &Ui, customer: CustomerId) -> Html {
    let mut out = Html::new();
    let mut add = |action: &str, label: &str, way: &str, icon: Icon| {
        if visit.may(action) {
            let address = format!("/customers/{customer}/{way}");
            out.push(&ui.button(Button::link(Look::Small, ui.t(label), address).icon(icon))).raw(" ");
        }
    };
    add(platform::duty::CONTACT_RECORD, "outside-title", "outside-contact", Icon::Edit);
    add(CASE_WORK, "guard-ground-title", "ground", Icon::Users);
    add(CASE_WORK, "guard-hours-title", "hours", Icon::Clock);
    add(CONTACT_OPEN, "call-title", "calls", Icon::ClipboardCheck);
    out
}

/// The table of persons and numbers with what is lawful now.
async fn table(
    visit: &Visit,
    work: &mut Work,
    (ui, dial): (&Ui, Dial),
    customer: CustomerId,
    found: &[Line],
) -> Result<Html, ActionError> {
    let heads =
        ["guard-whom", "guard-number", "guard-today", "guard-now", "guard-when", "guard-verbs"].map(|id| ui.t(id));
    let mut rows = Vec::new();
    // The key of the desk presses the first that is lawful.
    let first = found.iter().position(|line| line.verdict.is_allowed());
    for (place, line) in found.iter().enumerate() {
        let mut whom = Html::new();
        whom.raw("<b>").text(&line.name).raw("</b> <span class=\"muted nowrap\">");
        whom.text(ui.t(format!("guard-party-{}", line.party.as_str()))).raw("</span>");
        let number = match &line.masked {
            Some(masked) => {
                let mut number = Html::new();
                number.raw("<span class=\"num nowrap\">").text(masked).raw("</span>");
                number
            }
            None => Html::of_text(ui.t("guard-number-hidden")),
        };
        let today = if line.point.is_some() { Html::of_text(desk::counts(ui, line)) } else { ui.dash() };
        let (now, when) = standing(work, ui, &line.verdict).await?;
        rows.push(vec![
            whom,
            number,
            today,
            now,
            when,
            desk::verbs(visit, ui, (customer, line), (dial, first == Some(place))),
        ]);
    }
    Ok(cards(&ui.t("guard-panel"), &heads, &rows))
}

/// Badge and moment of an answer: until when, from when, or never, with rule and article.
pub(crate) async fn standing(work: &mut Work, ui: &Ui, verdict: &Verdict) -> Result<(Html, Html), ActionError> {
    Ok(match verdict {
        Verdict::Allowed { until } => {
            let badge = ui.badge(Tone::Ok, Icon::CircleCheck, ui.t("guard-allowed"));
            (badge, Html::of_text(ui.t1("guard-until", "at", civil(work, *until).await?)))
        }
        Verdict::Refused { rule, article, next_lawful } => {
            let badge = match next_lawful {
                Some(_) => ui.badge(Tone::Sub, Icon::ClockPause, ui.t("guard-not-now")),
                // It depends on us alone, and on no hour.
                None if *rule == Rule::OutcomeFirst => ui.badge(Tone::Sub, Icon::ClockPause, ui.t("guard-not-now")),
                None => ui.badge(Tone::Doubt, Icon::Ban, ui.t("guard-never")),
            };
            let mut when = Html::new();
            if let Some(at) = next_lawful {
                when.raw("<b>").text(ui.t1("guard-from", "at", civil(work, *at).await?)).raw("</b> ");
            }
            when.text(ui.t(Rule::message(rule.id()))).raw(" ").push(&ui.rule(rule.id()));
            when.push(&cited(work, ui, article).await?);
            (badge, when)
        }
    })
}

async fn cited(work: &mut Work, ui: &Ui, article: &str) -> Result<Html, ActionError> {
    let mut out = Html::new();
    if !article.is_empty() {
        let on = work.business_date;
        let title = policies::in_force(work, on).await?.article_title(article, ui.lang() == Lang::En);
        out.raw(" ").push(&ui.citation(article_address(article), title));
    }
    Ok(out)
}

/// A moment to the minute, in the time zone of the policy.
pub(crate) async fn civil(work: &mut Work, at: Timestamp) -> Result<String, ActionError> {
    let on = work.business_date;
    let rules = policies::in_force(work, on).await?;
    let zone = rules.edition(on).text("contact_time_zone").ok().and_then(|name| TimeZone::get(name).ok());
    let zone = zone.unwrap_or(TimeZone::UTC);
    Ok(at.to_zoned(zone).strftime("%m-%d %H:%M").to_string())
}

pub(super) fn back(customer: CustomerId) -> String {
    format!("/customers/{customer}?tab=reach")
}

pub(super) fn typed(fields: &Fields, name: &str) -> String {
    fields.first(name).unwrap_or("").trim().to_owned()
}

pub(super) fn reason(ui: &Ui, fields: &Fields, hint: &str) -> Field {
    Field::new("reason", ui.t("guard-reason"), Input::Area).value(typed(fields, "reason")).required().hint(ui.t(hint))
}

pub(super) async fn named(visit: &Visit, customer: CustomerId, action: &str) -> Result<(Work, String), WebError> {
    let mut work = visit.read().await?;
    let file = crate::file_for(&mut work, customer, action).await?;
    Ok((work, file.name))
}

async fn ask_page(visit: Visit, Path(key): Path<PointKey>) -> Result<Response, WebError> {
    let (mut work, _) = named(&visit, key.0, CASE_WORK).await?;
    let proposed = desk::proposal(&visit.ui(), &mut work, key.0).await?;
    drop(work);
    let fields = Fields::new(proposed.map(|reason| ("reason".to_owned(), reason)).into_iter().collect());
    draw_ask(&visit, key, &fields, None, Html::new()).await
}

async fn draw_ask(
    visit: &Visit,
    (customer, point): PointKey,
    fields: &Fields,
    refused: Option<&Refused>,
    note: Html,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let (mut work, name) = named(visit, customer, CASE_WORK).await?;
    let lines = actions::own_lines(&mut work).await?;
    let channels = [Channel::Phone, Channel::Sms, Channel::Message]
        .map(|channel| Choice::new(channel.as_str(), ui.t(format!("channel-{}", channel.as_str()))));
    // The first of the register, until another is chosen.
    let usual = lines.first().map(|line| line.id.to_string()).unwrap_or_default();
    let line = fields.first("line").map_or(usual, str::to_owned);
    let mut choices = vec![Choice::new("", ui.t("guard-line-unnamed"))];
    choices.extend(
        lines.into_iter().map(|line| Choice::new(line.id.to_string(), format!("{} {}", line.number, line.label))),
    );
    let channel = fields.first("channel").unwrap_or("phone");
    FormPage {
        title: ui.t("guard-ask-title"),
        subtitle: name,
        active: "customers",
        action: format!("/customers/{customer}/reach/{point}"),
        fields: vec![
            Field::new("channel", ui.t("guard-channel"), Input::Radio(channels.to_vec())).value(channel).required(),
            Field::new("line", ui.t("guard-line"), Input::Select(choices)).value(line),
            Field::new("text", ui.t("guard-text"), Input::Area)
                .value(typed(fields, "text"))
                .hint(ui.t("guard-text-hint")),
            reason(&ui, fields, "guard-reason-hint"),
        ],
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-ask")).icon(Icon::Phone)],
        back: back(customer),
    }
    .draw(visit, refused)
}

/// Reads how a contact shall happen.
fn manner(fields: &Fields) -> Result<Manner, Refused> {
    let Some(channel) = fields.first("channel").and_then(Channel::parse) else {
        return Err(Refused::form(vec![FieldError::new("channel", "choice-invalid")]));
    };
    let line = match typed(fields, "line").parse::<LineId>() {
        Ok(line) if channel == Channel::Phone => CallingLine::Registered(line),
        Ok(_) | Err(_) => CallingLine::Unnamed,
    };
    let text = Some(typed(fields, "text")).filter(|text| channel.is_written() && !text.is_empty());
    Ok(Manner { line, text, ..Manner::by(channel) })
}

async fn ask(Path(key): Path<PointKey>, posted: Posted<AskForm>) -> Result<Response, WebError> {
    let (visit, fields) = (&posted.visit, &posted.fields);
    let manner = match manner(fields) {
        Ok(manner) => manner,
        Err(refused) => return draw_ask(visit, key, fields, Some(&refused), Html::new()).await,
    };
    let ask = Ask { customer: key.0, point: key.1, purpose: Purpose::Collect, manner, reason: typed(fields, "reason") };
    let mut work = posted.begin("contact.reserve").await?;
    match actions::reserve(&mut work, &ask).await {
        Ok(shown) => {
            let ui = visit.ui();
            let answer = match shown {
                Shown::Number(phone, pass) => {
                    let desk = desk::of(&mut work, key.0).await?;
                    let until = until(&mut work, &pass).await?;
                    let outcome = pass.outcome_page.unwrap_or_else(|| back(key.0));
                    // Asked again, the form leads to the outcome that is owed, never to a second number.
                    work.settle(&posted.key, &outcome).await?;
                    Ok((phone, outcome, until, desk))
                }
                Shown::Refused { rule, article, next_lawful } => {
                    work.settle(&posted.key, &back(key.0)).await?;
                    if visit.request.api() {
                        // The refusal is a fact and is kept, whoever asked.
                        work.commit().await?;
                        return Err(gate_refused(&rule, article, next_lawful).into());
                    }
                    Err(refusal(&mut work, &ui, &rule, article, next_lawful).await?)
                }
            };
            work.commit().await?;
            match answer {
                Ok((phone, outcome, until, desk)) => show_number(visit, phone.clear(), (&outcome, &until), desk),
                Err(note) => {
                    let refused = Refused::new(RefusalKind::Conflict, "form-invalid");
                    draw_ask(visit, key, fields, Some(&refused), note).await
                }
            }
        }
        Err(error) => {
            drop(work);
            draw_ask(visit, key, fields, Some(&shown_in_form(error)?), Html::new()).await
        }
    }
}

/// A number as a program gets it (号码), this once.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ShownNumber {
    /// The number in clear.
    pub value: String,
    /// Where the outcome is to be entered that is now owed.
    pub outcome: String,
    /// Until when one may call, to the minute.
    pub until: String,
}

/// Until when a pass holds, to the minute.
pub(crate) async fn until(work: &mut Work, pass: &Pass) -> Result<String, ActionError> {
    match pass.until {
        Some(until) => civil(work, until).await,
        None => Ok(String::new()),
    }
}

fn show_number(
    visit: &Visit,
    number: &str,
    (outcome, until): (&str, &str),
    desk: Option<String>,
) -> Result<Response, WebError> {
    let shown = ShownNumber { value: number.to_owned(), outcome: outcome.to_owned(), until: until.to_owned() };
    if let Some(answer) = visit.data(&shown) {
        return Ok(answer);
    }
    let ui = visit.ui();
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><div class=\"panel-body stack\"><dl class=\"facts\"><dt>")
        .text(ui.t("guard-number"));
    body.raw("</dt><dd><b class=\"num\">").text(number).raw("</b></dd></dl><p class=\"hint\">");
    body.text(ui.t1("guard-pass", "until", until)).raw("</p><p class=\"hint\">").text(ui.t("guard-identify"));
    body.raw("</p><div class=\"buttons\">");
    body.push(&ui.button(Button::link(Look::Primary, ui.t("outcome-title"), outcome).icon(Icon::Check)));
    if let Some(desk) = desk {
        body.raw(" ").push(&ui.button(Button::link(Look::Secondary, ui.t("work-title"), desk).icon(Icon::Headset)));
    }
    body.raw("</div></div></section>");
    visit.page_of(&Page::new(ui.t("guard-ask-title"), "customers"), &body)
}

/// A refusal of the guard as a page shows it: what, the next lawful minute, rule and article.
pub(crate) async fn refusal(
    work: &mut Work,
    ui: &Ui,
    rule: &str,
    article: Option<String>,
    next_lawful: Option<Timestamp>,
) -> Result<Html, ActionError> {
    let mut way_out = Html::new();
    match next_lawful {
        Some(at) => way_out.text(ui.t1("guard-next", "at", civil(work, at).await?)),
        None if rule == Rule::OutcomeFirst.id() => {
            way_out.raw("<a").href(OWED).raw(">").text(ui.t("guard-owed-first")).raw("</a>")
        }
        None => way_out.text(ui.t("guard-no-next")),
    };
    let on = work.business_date;
    let rules = policies::in_force(work, on).await?;
    let titled = |id: String| (article_address(&id), rules.article_title(&id, ui.lang() == Lang::En));
    Ok(ui.refusal(Refusal {
        title: ui.t(Rule::message(rule)),
        way_out,
        rule: Some(rule.to_owned()),
        articles: article.into_iter().map(titled).collect(),
        recorded_at: civil(work, work.now).await?,
    }))
}

async fn ground_page(visit: Visit, Path(customer): Path<CustomerId>) -> Result<Response, WebError> {
    draw_ground(&visit, customer, &Fields::default(), None).await
}

async fn draw_ground(
    visit: &Visit,
    customer: CustomerId,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let (_, name) = named(visit, customer, CASE_WORK).await?;
    let grounds = Ground::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("guard-ground-{}", one.as_str()))));
    FormPage {
        title: ui.t("guard-ground-title"),
        subtitle: name,
        active: "customers",
        action: format!("/customers/{customer}/ground"),
        fields: vec![
            Field::new("ground", ui.t("guard-ground"), Input::Radio(grounds.to_vec()))
                .value(fields.first("ground").unwrap_or("unreachable"))
                .required(),
            Field::new("evidence", ui.t("guard-evidence"), Input::Area).value(typed(fields, "evidence")).required(),
        ],
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("guard-ground-note"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: back(customer),
    }
    .draw(visit, refused)
}

async fn ground(Path(customer): Path<CustomerId>, posted: Posted<GroundForm>) -> Result<Response, WebError> {
    let Some(ground) = posted.fields.first("ground").and_then(Ground::parse) else {
        let refused = Refused::form(vec![FieldError::new("ground", "choice-invalid")]);
        return draw_ground(&posted.visit, customer, &posted.fields, Some(&refused)).await;
    };
    let mut work = posted.begin("contact.ground").await?;
    match log_ground(&mut work, customer, ground, &typed(&posted.fields, "evidence")).await {
        Ok(()) => posted.done(work, back(customer)).await,
        Err(error) => {
            drop(work);
            draw_ground(&posted.visit, customer, &posted.fields, Some(&shown_in_form(error)?)).await
        }
    }
}
