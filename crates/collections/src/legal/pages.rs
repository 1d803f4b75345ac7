//! The legal page of a loan: the gate with its numbers, the evidence list, the means with their ends.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use finance::Fen;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError, RefusalKind, Refused};
use platform::locale::Lang;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::policies::{self, article_address};
use platform::web::{Posted, Routes, Visit, WebError, failing_field, refusal_box};
use platform::work::Work;
use serde::Deserialize;

use super::actions::{Picture, close, end_means, keep_evidence, look, open, take_means};
use super::model::{Ended, Evidence, LegalFile, Means, MeansId, MeansKind, NewMeans, Outcome};
use crate::LEGAL_MANAGE;
use crate::limitation::actions::find_key;

/// The pages of legal recovery.
pub fn routes() -> Routes {
    Routes::new()
        .get("/loans/{id}/legal", "loan.view", show)
        .data::<super::data::LegalData, _, _>("/loans/{id}/legal", "loan.view", super::data::legal)
        .post("/loans/{id}/legal", LEGAL_MANAGE, hand_over)
        .post("/loans/{id}/legal/evidence", LEGAL_MANAGE, evidence)
        .post("/loans/{id}/legal/means", LEGAL_MANAGE, take)
        .post("/loans/{id}/legal/means/{means}/end", LEGAL_MANAGE, end)
        .post("/loans/{id}/legal/close", LEGAL_MANAGE, shut)
}

#[derive(Template)]
#[template(path = "legal/show.html")]
struct Body {
    ui: Ui,
    refusal: Html,
    gate: Html,
    evidence: Option<Html>,
    means: Option<Html>,
    form: Option<Html>,
    waiting: Option<Html>,
    closing: Option<Html>,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    draw(&visit, &mut work, &id, &MeansForm::default(), None).await
}

/// What the form of a means sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct MeansForm {
    kind: String,
    on: String,
    authority: String,
    reference: String,
    amount: String,
    cost: String,
    version: String,
}

impl MeansForm {
    fn read(&self) -> Result<NewMeans, Refused> {
        let mut wrong = Vec::new();
        let kind = MeansKind::parse(&self.kind);
        if kind.is_none() {
            wrong.push(FieldError::new("kind", "choice-unknown").with("text", &self.kind));
        }
        let on = read_date(&self.on, &mut wrong);
        let amount = read_money("amount", &self.amount, &mut wrong);
        let cost = read_money("cost", &self.cost, &mut wrong).unwrap_or_default();
        match (kind, on) {
            (Some(kind), Some(on)) if wrong.is_empty() => Ok(NewMeans {
                kind,
                on,
                authority: self.authority.trim().to_owned(),
                reference: self.reference.trim().to_owned(),
                amount,
                cost,
            }),
            _ => Err(Refused::form(wrong)),
        }
    }
}

fn read_date(text: &str, wrong: &mut Vec<FieldError>) -> Option<Date> {
    let on = text.trim().parse().ok();
    if on.is_none() {
        wrong.push(FieldError::new("on", "date-unreadable").with("text", text));
    }
    on
}

fn read_money(name: &'static str, text: &str, wrong: &mut Vec<FieldError>) -> Option<Fen> {
    let text = text.trim();
    let amount = text.parse::<Fen>().ok();
    if amount.is_none() && !text.is_empty() {
        wrong.push(FieldError::new(name, "amount-unreadable").with("text", text));
    }
    amount
}

/// Nothing but the version of the file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Plain {
    version: String,
    reason: String,
    item: String,
    place: String,
    on: String,
    outcome: String,
    title: String,
    cost: String,
}

fn seen(version: &str) -> i64 {
    version.parse().unwrap_or(0)
}

async fn hand_over(Path(id): Path<String>, posted: Posted<Plain>) -> Result<Response, WebError> {
    let mut work = posted.begin("legal.open").await?;
    let key = find_key(&mut work, &id).await?;
    let done = open(&mut work, key).await.map(drop);
    finish(&posted, work, &id, done, &MeansForm::default()).await
}

async fn evidence(Path(id): Path<String>, posted: Posted<Plain>) -> Result<Response, WebError> {
    let mut work = posted.begin("legal.evidence").await?;
    let key = find_key(&mut work, &id).await?;
    let form = &posted.form;
    let done = keep_evidence(&mut work, key, seen(&form.version), &form.item, &form.place).await;
    finish(&posted, work, &id, done, &MeansForm::default()).await
}

async fn take(Path(id): Path<String>, posted: Posted<MeansForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("legal.means").await?;
    let key = find_key(&mut work, &id).await?;
    let done = match posted.form.read() {
        Ok(new) => take_means(&mut work, key, seen(&posted.form.version), &new).await.map(drop),
        Err(refused) => Err(refused.into()),
    };
    finish(&posted, work, &id, done, &posted.form).await
}

async fn end(Path((id, means)): Path<(String, String)>, posted: Posted<Plain>) -> Result<Response, WebError> {
    let mut work = posted.begin("legal.end_means").await?;
    let key = find_key(&mut work, &id).await?;
    let form = &posted.form;
    let mut wrong = Vec::new();
    let on = read_date(&form.on, &mut wrong);
    let cost = read_money("cost", &form.cost, &mut wrong).unwrap_or_default();
    let done = match on {
        Some(on) if wrong.is_empty() => {
            let ended = Ended { on, outcome: form.outcome.trim().to_owned(), title: !form.title.is_empty() };
            let means = MeansId(means.parse().unwrap_or(0));
            end_means(&mut work, key, seen(&form.version), means, &ended, cost).await
        }
        _ => Err(Refused::form(wrong).into()),
    };
    finish(&posted, work, &id, done, &MeansForm::default()).await
}

async fn shut(Path(id): Path<String>, posted: Posted<Plain>) -> Result<Response, WebError> {
    let mut work = posted.begin("legal.close").await?;
    let key = find_key(&mut work, &id).await?;
    let done = close(&mut work, key, seen(&posted.form.version), &posted.form.reason).await;
    finish(&posted, work, &id, done, &MeansForm::default()).await
}

/// Goes back to the page, or shows on it what was refused.
pub(super) async fn finish<T>(
    posted: &Posted<T>,
    work: Work,
    id: &str,
    done: Result<(), ActionError>,
    typed: &MeansForm,
) -> Result<Response, WebError> {
    match done {
        Ok(()) => posted.done(work, format!("/loans/{id}/legal")).await,
        Err(ActionError::Refused(refused)) if matches!(refused.kind, RefusalKind::Invalid | RefusalKind::Conflict) => {
            drop(work);
            let mut work = posted.visit.read().await?;
            draw(&posted.visit, &mut work, id, typed, Some(&refused)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn draw(
    visit: &Visit,
    work: &mut Work,
    id: &str,
    typed: &MeansForm,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let key = find_key(work, id).await?;
    let now = look(work, key).await?;
    let (customer, _) = servicing::loan::store::borrower(&mut work.tx, key.customer).await?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let title = now.article.as_deref().map(|id| policy.article_title(id, visit.lang == Lang::En)).unwrap_or_default();
    let may = visit.may(LEGAL_MANAGE);
    let open = now.file.as_ref().filter(|file| file.closed.is_none());
    let waiting = match &now.file {
        Some(_) => Some(super::wait_pages::panel(visit, &ui, (&now, &policy), open.filter(|_| may))?),
        None => None,
    };
    let body = Body {
        waiting,
        refusal: refused.map(|refused| complaints(&ui, refused)).unwrap_or_default(),
        gate: gate(visit, &ui, &now, id, &title),
        evidence: now.file.as_ref().map(|file| evidence_list(visit, &ui, &now, file, may && open.is_some())),
        means: now.file.as_ref().map(|file| means_table(visit, &ui, &now, file, may && open.is_some())),
        form: open.filter(|_| may).map(|file| means_form(visit, &ui, id, file, typed, refused)),
        closing: open.filter(|_| may).map(|file| closing_form(visit, &ui, id, file)),
        ui: ui.clone(),
    };
    let back = Button::link(Look::Secondary, ui.t("back-to-loan"), format!("/loans/{id}")).icon(Icon::ArrowLeft);
    let page = Page::new(ui.t1("legal-of-loan", "number", &now.loan.loan.number), "legal")
        .subtitle(customer)
        .actions(ui.button(back));
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, visit.page(&page, &body)?).into_response())
}

/// A refusal with the complaints about its fields, for forms too small to show them beside.
fn complaints(ui: &Ui, refused: &Refused) -> Html {
    let mut out = refusal_box(ui, refused);
    for field in &refused.fields {
        let text = Html::of_text(ui.tn(format!("error-{}", field.code), &field.details));
        out.push(&ui.note(Tone::Doubt, Icon::AlertTriangle, text));
    }
    out
}

/// The conditions of the hand-over, each with its number and whether it is met.
fn gate(visit: &Visit, ui: &Ui, now: &Picture, id: &str, article: &str) -> Html {
    let (standing, wanted) = (now.standing, now.gate);
    let missing = wanted.missing(standing);
    let rows = [
        ("days", ui.tn("legal-gate-days", &[("days", standing.days.to_string()), ("least", wanted.days.to_string())])),
        (
            "attempts",
            ui.tn(
                "legal-gate-attempts",
                &[("attempts", standing.attempts.to_string()), ("least", wanted.attempts.to_string())],
            ),
        ),
        ("refusal", ui.t(if standing.refused { "legal-gate-refused" } else { "legal-gate-not-refused" })),
    ];
    let mut out = Html::new();
    out.raw("<ul class=\"checks\">");
    for (name, text) in rows {
        let met = !missing.contains(&name);
        let (tone, icon, word) = match met {
            true => (Tone::Ok, Icon::Check, "legal-met"),
            false => (Tone::Sub, Icon::Minus, "legal-not-met"),
        };
        out.raw("<li>").push(&ui.badge(tone, icon, ui.t(word))).raw(" ").text(text).raw("</li>");
    }
    out.raw("</ul>");
    if standing.urgent {
        out.push(&ui.note(Tone::Watch, Icon::AlertTriangle, Html::of_text(ui.t("legal-gate-urgent"))));
    }
    out.raw("<p>").push(&ui.rule("legal.gate")).raw(" ");
    if let Some(cited) = &now.article {
        out.push(&ui.citation(article_address(cited), article));
    }
    out.raw("</p>");
    if let Some(file) = &now.file {
        out.raw("<p>");
        out.text(ui.tn(
            "legal-file-opened",
            &[("on", file.opened_on.to_string()), ("ground", ui.t(format!("legal-ground-{}", file.ground.as_str())))],
        ));
        if let Some((on, reason)) = &file.closed {
            let paid = file.outcome == Some(Outcome::Paid);
            let reason = if paid { ui.t("legal-outcome-paid") } else { reason.clone() };
            out.text(" ").text(ui.tn("legal-file-closed", &[("on", on.to_string()), ("reason", reason)]));
        }
        out.raw("</p>");
    }
    if let Some(until) = now.enforce_until {
        let text = ui.t1("legal-enforce-until", "on", until);
        out.push(&ui.note(Tone::Watch, Icon::Hourglass, Html::of_text(text)));
    }
    let none_open = now.file.as_ref().is_none_or(|file| file.closed.is_some());
    if visit.may(LEGAL_MANAGE) && none_open {
        let button = Button::submit(Look::Primary, ui.t("legal-hand-over")).icon(Icon::Gavel);
        let button =
            if wanted.ground(standing).is_some() { button } else { button.blocked(ui.t("legal-hand-over-blocked")) };
        form_head(&mut out, visit, ui, &format!("/loans/{id}/legal"), None);
        out.push(&ui.button(button)).raw("</form>");
    }
    out
}

pub(super) fn form_head(out: &mut Html, visit: &Visit, ui: &Ui, action: &str, file: Option<&LegalFile>) {
    out.raw("<form method=\"post\" class=\"form inline\"").attr("action", action).raw(">");
    out.push(&ui.guard(visit.guard()));
    if let Some(file) = file {
        out.raw("<input type=\"hidden\" name=\"version\"").attr("value", file.version.to_string()).raw(">");
    }
}

/// The evidence with where it lies, and a field to say so.
fn evidence_list(visit: &Visit, ui: &Ui, now: &Picture, file: &LegalFile, may: bool) -> Html {
    let heads = ["legal-evidence-item", "legal-evidence-for", "legal-evidence-place"];
    let mut table = Table::new(ui.t("legal-evidence"), heads.map(|head| (ui.t(head), Side::Left)));
    for evidence in &now.evidence {
        let urgent = now.lists.short.contains(&evidence.item);
        let wanted = ui.t(if urgent { "legal-evidence-both" } else { "legal-evidence-suit" });
        let place = if may { place_form(visit, ui, now, file, evidence) } else { place_badge(ui, evidence) };
        table.row([
            Html::of_text(ui.t(format!("legal-evidence-{}", evidence.item.replace('_', "-")))),
            Html::of_text(wanted),
            place,
        ]);
    }
    ui.table(table)
}

fn place_badge(ui: &Ui, evidence: &Evidence) -> Html {
    match &evidence.place {
        Some(place) => {
            let mut out = ui.badge(Tone::Ok, Icon::Check, ui.t("legal-on-file"));
            out.raw(" ").text(place);
            out
        }
        None => ui.badge(Tone::Sub, Icon::Minus, ui.t("legal-missing")),
    }
}

fn place_form(visit: &Visit, ui: &Ui, now: &Picture, file: &LegalFile, evidence: &Evidence) -> Html {
    let mut out = place_badge(ui, evidence);
    out.raw("<details><summary>").text(ui.t("legal-evidence-change")).raw("</summary>");
    form_head(&mut out, visit, ui, &format!("/loans/{}/legal/evidence", now.loan.loan.key.loan), Some(file));
    out.raw("<input type=\"hidden\" name=\"item\"").attr("value", &evidence.item).raw(">");
    let field = Field::new("place", ui.t("legal-evidence-place"), Input::Text)
        .value(evidence.place.clone().unwrap_or_default())
        .hint(ui.t("legal-evidence-place-hint"));
    out.push(&ui.field(field))
        .push(&ui.button(Button::submit(Look::Small, ui.t("legal-save"))))
        .raw("</form></details>");
    out
}

fn means_table(visit: &Visit, ui: &Ui, now: &Picture, file: &LegalFile, may: bool) -> Html {
    if now.means.is_empty() {
        return Html::of_text(ui.t("legal-no-means"));
    }
    let heads = [
        ("limitation-on", Side::Left),
        ("legal-means", Side::Left),
        ("legal-authority", Side::Left),
        ("legal-amount", Side::Right),
        ("legal-cost", Side::Right),
        ("legal-outcome", Side::Left),
    ];
    let mut table = Table::new(ui.t("legal-means-title"), heads.map(|(head, side)| (ui.t(head), side)));
    let mut cost = Fen::ZERO;
    for means in &now.means {
        cost = cost.checked_add(means.cost).unwrap_or(cost);
        let outcome = match &means.ended {
            Some(end) => ended(ui, end),
            None if may => end_form(visit, ui, now, file, means),
            None => ui.badge(Tone::Accent, Icon::Clock, ui.t("legal-runs")),
        };
        let mut authority = Html::of_text(&means.authority);
        authority.raw("<br><small class=\"muted\">").text(&means.reference).raw("</small>");
        table.row([
            ui.date(means.on),
            Html::of_text(ui.t(format!("legal-means-{}", means.kind.as_str()))),
            authority,
            ui.money_or_dash(means.amount),
            ui.money(means.cost),
            outcome,
        ]);
    }
    table.total([
        Html::of_text(ui.t("letter-sum")),
        Html::new(),
        Html::new(),
        Html::new(),
        ui.money(cost),
        Html::new(),
    ]);
    ui.table(table)
}

fn ended(ui: &Ui, end: &Ended) -> Html {
    let mut out = ui.date(end.on);
    out.raw(" ").text(&end.outcome);
    if end.title {
        out.raw(" ").push(&ui.badge(Tone::Ok, Icon::Certificate, ui.t("legal-title-effective")));
    }
    out
}

fn end_form(visit: &Visit, ui: &Ui, now: &Picture, file: &LegalFile, means: &Means) -> Html {
    let mut out = ui.badge(Tone::Accent, Icon::Clock, ui.t("legal-runs"));
    out.raw("<details><summary>").text(ui.t("legal-end")).raw("</summary>");
    let action = format!("/loans/{}/legal/means/{}/end", now.loan.loan.key.loan, means.id);
    form_head(&mut out, visit, ui, &action, Some(file));
    let mut fields = vec![
        Field::new("on", ui.t("legal-ended-on"), Input::Date).required(),
        Field::new("outcome", ui.t("legal-outcome"), Input::Text).required().hint(ui.t("legal-outcome-hint")),
        Field::new("cost", ui.t("legal-cost-more"), Input::Money),
    ];
    if means.kind.gives_title() {
        fields.push(Field::new("title", ui.t("legal-is-title"), Input::Check));
    }
    for field in fields {
        out.push(&ui.field(field));
    }
    out.push(&ui.button(Button::submit(Look::Small, ui.t("legal-save")))).raw("</form></details>");
    out
}

fn means_form(
    visit: &Visit,
    ui: &Ui,
    id: &str,
    file: &LegalFile,
    typed: &MeansForm,
    refused: Option<&Refused>,
) -> Html {
    let kinds =
        MeansKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), ui.t(format!("legal-means-{}", kind.as_str()))));
    let fields = [
        Field::new("kind", ui.t("legal-means"), Input::Select(kinds.collect())).value(&typed.kind).required(),
        Field::new("on", ui.t("limitation-on"), Input::Date).value(&typed.on).required(),
        Field::new("authority", ui.t("legal-authority"), Input::Text).value(&typed.authority).required(),
        Field::new("reference", ui.t("legal-reference"), Input::Text).value(&typed.reference),
        Field::new("amount", ui.t("legal-amount"), Input::Money).value(&typed.amount),
        Field::new("cost", ui.t("legal-cost"), Input::Money).value(&typed.cost).hint(ui.t("legal-cost-hint")),
    ];
    let mut out = Html::new();
    form_head(&mut out, visit, ui, &format!("/loans/{id}/legal/means"), Some(file));
    for field in fields {
        let error = refused.and_then(|refused| failing_field(ui, refused, &field.name));
        out.push(&ui.field(field.error(error)));
    }
    out.push(&ui.button(Button::submit(Look::Primary, ui.t("legal-take")).icon(Icon::Gavel))).raw("</form>");
    out
}

fn closing_form(visit: &Visit, ui: &Ui, id: &str, file: &LegalFile) -> Html {
    let mut out = Html::new();
    form_head(&mut out, visit, ui, &format!("/loans/{id}/legal/close"), Some(file));
    out.push(&ui.field(Field::new("reason", ui.t("legal-close-reason"), Input::Text).required()));
    out.push(&ui.button(Button::submit(Look::Danger, ui.t("legal-close")))).raw("</form>");
    out
}
