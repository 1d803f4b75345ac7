//! The clocks of one loan, how they came about, and the form that records what happened to them.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use platform::error::{ActionError, FieldError, RefusalKind, Refused};
use platform::locale::Lang;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::policies::{self, article_address};
use platform::web::{Posted, Routes, Visit, WebError, failing_field};
use platform::work::Work;
use serde::Deserialize;

use super::actions::{LoanClocks, find_key, look, record};
use super::model::{ClockState, Effect, EventId, EventKind, GuaranteeState, NewEvent, RecordedEvent, Signer};
use crate::LIMITATION_RECORD;

/// What the clock of a claim rests on: its length, its beginning, its interruption.
const ARTICLES: [&str; 3] = ["civil-code.188", "civil-code.189", "civil-code.195"];

/// The page of a loan's clocks and its form.
pub fn routes() -> Routes {
    Routes::new()
        .get("/loans/{id}/clocks", "loan.view", show)
        .data::<super::data::ClocksData, _, _>("/loans/{id}/clocks", "loan.view", super::data::clocks)
        .post("/loans/{id}/clocks", LIMITATION_RECORD, create)
}

/// A state as badge and word; of a claim or of a guarantee.
pub(super) fn state_badge(ui: &Ui, state: &str, claim: bool) -> (Html, String) {
    let (tone, icon) = match state {
        "running" => (Tone::Accent, Icon::Hourglass),
        "held" | "kept" => (Tone::Ok, Icon::ShieldCheck),
        "expired" | "lost" => (Tone::Doubt, Icon::Ban),
        _ => (Tone::Neutral, Icon::Clock),
    };
    let word = ui.t(format!("{}-state-{state}", if claim { "limitation" } else { "guarantee" }));
    (ui.badge(tone, icon, &word), word)
}

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EventForm {
    whom: String,
    kind: String,
    on: String,
    ended_on: String,
    signer: String,
    missing: String,
    agrees: String,
    evidence: String,
    corrects: String,
    void: String,
    reason: String,
}

impl EventForm {
    /// Reads all fields, or says everything that is wrong with them at once.
    fn read(&self) -> Result<NewEvent, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let mut date = |name: &'static str, text: &str| {
            let read = text.trim().parse::<Date>().ok();
            if read.is_none() && !text.trim().is_empty() {
                wrong.push(FieldError::new(name, "date-unreadable").with("text", text));
            }
            read
        };
        let (on, ended_on) = (date("on", &self.on), date("ended_on", &self.ended_on));
        if self.on.trim().is_empty() {
            wrong.push(FieldError::new("on", "field-empty"));
        }
        let kind = EventKind::parse(&self.kind);
        if kind.is_none() {
            wrong.push(FieldError::new("kind", "choice-unknown").with("text", &self.kind));
        }
        let optional = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        match (kind, on) {
            (Some(kind), Some(on)) if wrong.is_empty() => Ok(NewEvent {
                guarantee: self.whom.parse().ok().filter(|id| *id != 0),
                kind,
                on,
                ended_on,
                signer: Signer::parse(&self.signer).filter(|_| kind.is_signed()),
                missing: !self.missing.is_empty(),
                agrees: !self.agrees.is_empty(),
                evidence: self.evidence.trim().to_owned(),
                void: !self.void.is_empty(),
                corrects: self.corrects.parse().ok().map(EventId),
                reason: optional(&self.reason),
            }),
            _ => Err(wrong),
        }
    }
}

#[derive(Template)]
#[template(path = "limitation/show.html")]
struct ShowBody {
    ui: Ui,
    claim: Html,
    guarantees: Html,
    collateral: Vec<String>,
    events: Html,
    form: Option<FormPart>,
}

struct FormPart {
    action: String,
    guard: Html,
    title: String,
    summary: Html,
    hidden: Vec<(&'static str, String)>,
    fields: Vec<Html>,
    submit: Html,
}

async fn show(visit: Visit, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let key = find_key(&mut work, &id).await?;
    let clocks = look(&mut work, key).await?;
    let corrects = query.as_deref().and_then(|query| query.strip_prefix("correct=")).unwrap_or_default();
    let event = clocks.events.iter().find(|event| event.id.to_string() == corrects);
    let typed = event.map_or_else(EventForm::default, corrected);
    draw(&visit, &mut work, &clocks, &typed, None).await
}

/// The form filled with an event that shall be corrected.
fn corrected(event: &RecordedEvent) -> EventForm {
    let flag = |set: bool| if set { "on".to_owned() } else { String::new() };
    EventForm {
        whom: event.guarantee.unwrap_or_default().to_string(),
        kind: event.event.kind.as_str().to_owned(),
        on: event.event.on.to_string(),
        ended_on: event.event.ended_on.map(|on| on.to_string()).unwrap_or_default(),
        signer: event.event.signer.map(|signer| signer.as_str().to_owned()).unwrap_or_default(),
        missing: flag(event.event.missing),
        agrees: flag(event.event.agrees),
        evidence: event.evidence.clone(),
        corrects: event.id.to_string(),
        ..EventForm::default()
    }
}

async fn create(Path(id): Path<String>, posted: Posted<EventForm>) -> Result<Response, WebError> {
    let refused = match posted.form.read() {
        Err(wrong) => Refused::form(wrong),
        Ok(new) => {
            let mut work = posted.begin("limitation.record").await?;
            let key = find_key(&mut work, &id).await?;
            match record(&mut work, key, &new).await {
                Ok(_) => return posted.done(work, format!("/loans/{id}/clocks")).await,
                Err(ActionError::Refused(refused)) if refused.kind == RefusalKind::Invalid => *refused,
                Err(error) => return Err(error.into()),
            }
        }
    };
    let mut work = posted.visit.read().await?;
    let key = find_key(&mut work, &id).await?;
    let clocks = look(&mut work, key).await?;
    draw(&posted.visit, &mut work, &clocks, &posted.form, Some(&refused)).await
}

async fn draw(
    visit: &Visit,
    work: &mut Work,
    clocks: &LoanClocks,
    typed: &EventForm,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let loan = &clocks.file.loan;
    let (customer, _) = servicing::loan::store::borrower(&mut work.tx, loan.key.customer).await?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let articles = ARTICLES.map(|id| (id, policy.article_title(id, visit.lang == Lang::En)));
    let body = ShowBody {
        claim: claim(&ui, clocks, today, &articles),
        guarantees: guarantees(&ui, clocks),
        collateral: clocks.collateral.iter().map(|line| line.who.clone()).collect(),
        events: events(visit, &ui, clocks),
        form: visit.may(LIMITATION_RECORD).then(|| form(visit, &ui, clocks, typed, refused)),
        ui: ui.clone(),
    };
    let back = Button::link(Look::Secondary, ui.t("back-to-loan"), format!("/loans/{}", loan.key.loan));
    let page = Page::new(ui.t1("limitation-of-loan", "number", &loan.number), "clocks")
        .subtitle(customer)
        .actions(ui.button(back.icon(Icon::ArrowLeft)));
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, visit.page(&page, &body)?).into_response())
}

/// The claim's clock: its state in large, and how it came about.
fn claim(ui: &Ui, clocks: &LoanClocks, today: Date, articles: &[(&str, String)]) -> Html {
    let claim = &clocks.claim;
    let (badge, _) = state_badge(ui, claim.state.code(), true);
    let mut out = Html::new();
    out.raw("<p class=\"state-line\">").push(&badge).raw(" ");
    match claim.state {
        ClockState::NotBegun => out.text(ui.t1("limitation-begins", "on", claim.from)),
        ClockState::Running { until } => {
            let left = finance::days_between(today, until).to_string();
            out.text(ui.tn("limitation-runs-until", &[("on", until.to_string()), ("days", left)]))
        }
        ClockState::Held { since } => out.text(ui.t1("limitation-held-since", "on", since)),
        ClockState::Expired { on } => out.text(ui.t1("limitation-ended-on", "on", on)),
    };
    out.raw("</p><p class=\"muted\">");
    out.text(ui.tn(
        "limitation-basis",
        &[("from", claim.from.to_string()), ("years", clocks.periods.limitation_years.to_string())],
    ));
    out.raw(" ").text(ui.t1("limitation-absolute", "on", claim.absolute)).raw("</p><p>");
    for (id, title) in articles {
        out.push(&ui.citation(article_address(id), title)).raw(" ");
    }
    out.raw("</p>");
    // Ordinary repayments before the last due date have nothing to do with the clock.
    let mut steps = claim.steps.iter().filter(|(_, effect)| *effect != Effect::BeforeStart).peekable();
    if steps.peek().is_none() {
        return out;
    }
    let heads = ["limitation-on", "limitation-kind", "limitation-effect", "limitation-fact"];
    let mut table = Table::new(ui.t("limitation-steps"), heads.map(|head| (ui.t(head), Side::Left)));
    for (event, effect) in steps {
        table.row([
            ui.date(event.on),
            Html::of_text(ui.t(format!("limitation-kind-{}", event.kind.as_str()))),
            effect_cell(ui, *effect),
            Html::of_text(event.fact.split_once(':').map_or("", |(_, number)| number)),
        ]);
    }
    out.push(&ui.table(table));
    out
}

/// What an event did, in words.
pub(crate) fn effect_words(ui: &Ui, effect: Effect) -> String {
    let word = ui.t(format!("limitation-effect-{}", effect.code()));
    match effect {
        Effect::Restarted(until) | Effect::Revived(until) => format!("{word} {}", ui.t1("limitation-to", "on", until)),
        Effect::Held
        | Effect::BeforeStart
        | Effect::SignerDoesNotBind
        | Effect::NotMissing
        | Effect::AfterExpiry
        | Effect::HeldAlready => word,
    }
}

fn effect_cell(ui: &Ui, effect: Effect) -> Html {
    let word = ui.t(format!("limitation-effect-{}", effect.code()));
    let mut out = Html::new();
    match effect {
        Effect::Restarted(until) | Effect::Revived(until) => {
            out.push(&ui.badge(Tone::Ok, Icon::Refresh, word)).raw(" ").text(ui.t1("limitation-to", "on", until));
        }
        Effect::Held => {
            out.push(&ui.badge(Tone::Ok, Icon::ShieldCheck, word));
        }
        Effect::BeforeStart
        | Effect::SignerDoesNotBind
        | Effect::NotMissing
        | Effect::AfterExpiry
        | Effect::HeldAlready => {
            out.push(&ui.badge(Tone::Neutral, Icon::Minus, word));
        }
    }
    out
}

fn guarantees(ui: &Ui, clocks: &LoanClocks) -> Html {
    if clocks.guarantees.is_empty() {
        return Html::of_text(ui.t("limitation-no-guarantee"));
    }
    let heads = ["security-head-who", "security-head-kind", "limitation-state", "limitation-until", "guarantee-keep"];
    let mut table = Table::new(ui.t("guarantee-title"), heads.map(|head| (ui.t(head), Side::Left)));
    for (line, period) in &clocks.guarantees {
        let (badge, _) = state_badge(ui, period.state.code(), false);
        let keep = match period.state {
            GuaranteeState::NotBegun | GuaranteeState::Running { .. } => {
                ui.t(format!("guarantee-keep-{}", line.kind.as_str()))
            }
            GuaranteeState::Kept { on, limitation } => match limitation {
                Some(ClockState::Running { until }) => {
                    ui.tn("guarantee-kept-until", &[("on", on.to_string()), ("until", until.to_string())])
                }
                Some(ClockState::NotBegun | ClockState::Held { .. } | ClockState::Expired { .. }) | None => {
                    ui.t1("guarantee-kept-on", "on", on)
                }
            },
            GuaranteeState::Lost { .. } => ui.t("guarantee-lost-text"),
        };
        let agreed = if period.agreed { "guarantee-agreed" } else { "guarantee-by-law" };
        let mut until = ui.date(period.until);
        until
            .raw(" <small class=\"muted\">")
            .text(ui.t1(agreed, "months", clocks.periods.guarantee_months))
            .raw("</small>");
        table.row([
            Html::of_text(&line.who),
            Html::of_text(ui.t(format!("security-kind-{}", line.kind.as_str()))),
            badge,
            until,
            Html::of_text(keep),
        ]);
    }
    ui.table(table)
}

/// What was recorded by hand, with what proves it.
fn events(visit: &Visit, ui: &Ui, clocks: &LoanClocks) -> Html {
    if clocks.events.is_empty() {
        return Html::of_text(ui.t("limitation-no-event"));
    }
    let heads = [
        "limitation-on",
        "limitation-kind",
        "limitation-against",
        "limitation-proof",
        "limitation-by",
        "limitation-verb",
    ];
    let mut table = Table::new(ui.t("limitation-events"), heads.map(|head| (ui.t(head), Side::Left)));
    for event in &clocks.events {
        let whom = event.guarantee.and_then(|id| clocks.guarantees.iter().find(|(line, _)| line.id == id));
        let verb = if visit.may(LIMITATION_RECORD) {
            let to = format!("/loans/{}/clocks?correct={}#record", clocks.file.loan.key.loan, event.id);
            ui.button(Button::link(Look::Small, ui.t("limitation-correct"), to))
        } else {
            Html::new()
        };
        let mut on = ui.date(event.event.on);
        if let Some(end) = event.event.ended_on {
            on.text(" — ").push(&ui.date(end));
        }
        table.row([
            on,
            Html::of_text(ui.t(format!("limitation-kind-{}", event.event.kind.as_str()))),
            Html::of_text(whom.map_or_else(|| ui.t("limitation-debtor"), |(line, _)| line.who.clone())),
            Html::of_text(&event.evidence),
            Html::of_text(&event.by),
            verb,
        ]);
    }
    ui.table(table)
}

fn form(visit: &Visit, ui: &Ui, clocks: &LoanClocks, typed: &EventForm, refused: Option<&Refused>) -> FormPart {
    let mut whom = vec![Choice::new("0", ui.t("limitation-debtor"))];
    whom.extend(
        clocks
            .guarantees
            .iter()
            .map(|(line, _)| Choice::new(line.id.to_string(), ui.t1("limitation-guarantor", "name", &line.who))),
    );
    let kinds = EventKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.as_str(), ui.t(format!("limitation-kind-{}", kind.as_str()))));
    let mut signers = vec![Choice::new("", "—")];
    signers.extend(
        Signer::ALL
            .iter()
            .map(|signer| Choice::new(signer.as_str(), ui.t(format!("limitation-signer-{}", signer.as_str())))),
    );
    let correcting = !typed.corrects.is_empty();
    let mut fields = vec![
        Field::new("whom", ui.t("limitation-against"), Input::Select(whom)).value(&typed.whom).required(),
        Field::new("kind", ui.t("limitation-kind"), Input::Select(kinds.collect())).value(&typed.kind).required(),
        Field::new("on", ui.t("limitation-on"), Input::Date).value(&typed.on).required(),
        Field::new("ended_on", ui.t("limitation-end"), Input::Date)
            .value(&typed.ended_on)
            .hint(ui.t("limitation-end-hint")),
        Field::new("signer", ui.t("limitation-signer"), Input::Select(signers))
            .value(&typed.signer)
            .hint(ui.t("limitation-signer-hint")),
        Field::new("missing", ui.t("limitation-missing"), Input::Check).value(&typed.missing),
        Field::new("agrees", ui.t("limitation-agrees"), Input::Check).value(&typed.agrees),
        Field::new("evidence", ui.t("limitation-proof"), Input::Area)
            .value(&typed.evidence)
            .required()
            .hint(ui.t("limitation-proof-hint")),
    ];
    if correcting {
        fields.push(Field::new("void", ui.t("limitation-void"), Input::Check).value(&typed.void));
        fields.push(Field::new("reason", ui.t("change-reason"), Input::Text).value(&typed.reason).required());
    }
    if let Some(refused) = refused {
        fields = fields
            .into_iter()
            .map(|field| {
                let error = failing_field(ui, refused, &field.name);
                field.error(error)
            })
            .collect();
    }
    let title = if correcting { "limitation-correct-title" } else { "limitation-record" };
    FormPart {
        action: format!("/loans/{}/clocks", clocks.file.loan.key.loan),
        guard: ui.guard(visit.guard()),
        title: ui.t(title),
        summary: ui.error_summary(&fields),
        hidden: if correcting { vec![("corrects", typed.corrects.clone())] } else { Vec::new() },
        fields: fields.iter().map(|field| ui.field(field)).collect(),
        submit: ui.buttons(vec![Button::submit(Look::Primary, ui.t(title)).icon(Icon::Check)]),
    }
}
