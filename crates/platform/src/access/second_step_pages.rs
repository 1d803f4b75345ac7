//! Pages of the second step: the own one (`/me/second-step`), and its door (`/login/code`).

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;

use super::second_step::{self, SecondStep};
use super::store;
use crate::clock::civil_minute;
use crate::error::{ActionError, Refused};
use crate::page::{Field, Html, Icon, Input, Page, Tone, Ui};
use crate::web::{Posted, Routes, Visit, WebError, failing_field, refusal_box};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get_own("/me/second-step", page)
        .post_own("/me/second-step/begin", begin)
        .post_own("/me/second-step/confirm", confirm)
        .post_own("/me/second-step/codes", renew_codes)
        .post_own("/me/second-step/off", turn_off)
        // A program has no device.
        .only_on_screen()
}

/// The name under which the app keeps the key: in plain letters, because longer pictures are harder to read.
const ISSUER: &str = "Loanward";
/// The empty modules around a code (ISO/IEC 18004, 9.1: four).
const QUIET: usize = 4;

/// Pixels of a module: whole ones, so that every one is equally wide.
const MODULE: usize = 4;

/// A picture that a device reads, drawn as one path: nothing is loaded and no style is needed.
fn picture(ui: &Ui, address: &str) -> Result<Html, ActionError> {
    let code = QrCode::with_error_correction_level(address, EcLevel::L)
        .map_err(|error| ActionError::Internal(format!("QR code: {error}")))?;
    let side = code.width();
    let mut path = String::new();
    for (place, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            path.push_str(&format!("M{} {}h1v1h-1z", place % side + QUIET, place / side + QUIET));
        }
    }
    let whole = (side + 2 * QUIET).to_string();
    let drawn = ((side + 2 * QUIET) * MODULE).to_string();
    let mut out = Html::new();
    out.raw("<svg class=\"qr\" role=\"img\" shape-rendering=\"crispEdges\"")
        .attr("width", &drawn)
        .attr("height", &drawn);
    out.attr("viewBox", format!("0 0 {whole} {whole}")).attr("aria-label", ui.t("second-step-picture"));
    out.raw("><rect fill=\"#fff\"").attr("width", &whole).attr("height", &whole).raw("/><path fill=\"#000\"");
    out.attr("d", path).raw("/></svg>");
    Ok(out)
}

#[derive(Debug, Template)]
#[template(path = "access/second_step.html")]
struct StepPage {
    ui: Ui,
    required: bool,
    state: SecondStep,
    /// The picture and the text of a secret that waits for its first code.
    shown: Option<(Html, String)>,
    since: String,
    code: Field,
    refused: Html,
    guards: Vec<Html>,
}

async fn page(visit: Visit) -> Result<Response, WebError> {
    draw(&visit, None).await
}

async fn draw(visit: &Visit, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let user = visit.user()?;
    let mut work = visit.read().await?;
    let state = second_step::state(&mut work.tx, user).await?;
    let shown = match second_step::pending_secret(&mut work).await? {
        None => None,
        Some(secret) => {
            let login = store::user(&mut work.tx, user).await?.map(|user| user.login).unwrap_or_default();
            let address = secret.address(ISSUER, &login);
            Some((picture(&ui, &address)?, secret.grouped()))
        }
    };
    let since = match &state {
        SecondStep::On { since, .. } => civil_minute(*since),
        SecondStep::Off | SecondStep::Begun => String::new(),
    };
    let error = refused.and_then(|refused| failing_field(&ui, refused, "code"));
    let page = StepPage {
        required: second_step::required(&visit.app.access(), &visit.actor.roles),
        shown,
        since,
        code: Field::new("code", ui.t("second-step-code"), Input::Text)
            .required()
            .autocomplete("one-time-code")
            .error(error),
        refused: refused.filter(|refused| refused.fields.is_empty()).map(|r| refusal_box(&ui, r)).unwrap_or_default(),
        guards: (0..3).map(|_| ui.guard(visit.guard())).collect(),
        state,
        ui: ui.clone(),
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, visit.page(&Page::new(ui.t("second-step-title"), "me"), &page)?).into_response())
}

#[derive(Debug, Deserialize)]
struct Nothing {}

#[derive(Debug, Deserialize)]
struct CodeForm {
    #[serde(default)]
    code: String,
}

async fn begin(posted: Posted<Nothing>) -> Result<Response, WebError> {
    let mut work = posted.begin("access.second_step_begun").await?;
    second_step::begin(&mut work).await?;
    posted.done(work, "/me/second-step").await
}

async fn confirm(posted: Posted<CodeForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("access.second_step_on").await?;
    match second_step::confirm(&mut work, &posted.form.code).await {
        Ok(codes) => {
            posted.done(work, "/me/second-step").await?;
            show_codes(&posted.visit, &codes)
        }
        Err(error) => again(&posted.visit, work, error).await,
    }
}

async fn renew_codes(posted: Posted<CodeForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("access.recovery_codes_renewed").await?;
    match second_step::renew_codes(&mut work, &posted.form.code).await {
        Ok(codes) => {
            posted.done(work, "/me/second-step").await?;
            show_codes(&posted.visit, &codes)
        }
        Err(error) => again(&posted.visit, work, error).await,
    }
}

async fn turn_off(posted: Posted<CodeForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("access.second_step_off").await?;
    match second_step::turn_off(&mut work, &posted.form.code).await {
        Ok(()) => posted.done(work, "/me/second-step").await,
        Err(error) => again(&posted.visit, work, error).await,
    }
}

/// The page again with what was refused; nothing was written.
async fn again(visit: &Visit, work: crate::work::Work, error: ActionError) -> Result<Response, WebError> {
    work.tx.rollback().await?;
    match error {
        ActionError::Refused(refused) => draw(visit, Some(&refused)).await,
        other => Err(other.into()),
    }
}

/// Shows recovery codes once: they are kept nowhere in clear.
fn show_codes(visit: &Visit, codes: &[String]) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut body = Html::new();
    let mut text = Html::new();
    text.raw("<p>").text(ui.t("recovery-codes-once")).raw("</p>");
    body.push(&ui.note(Tone::Watch, Icon::Key, &text));
    body.raw("<section class=\"panel\"><div class=\"panel-head\"><h2>").text(ui.t("recovery-codes-title"));
    body.raw("</h2></div><div class=\"panel-body\"><ol class=\"plainlist codes\">");
    for code in codes {
        body.raw("<li><code class=\"rule\">").text(code).raw("</code></li>");
    }
    body.raw("</ol><p><a class=\"btn primary\" href=\"/me/second-step\">").text(ui.t("recovery-codes-kept"));
    body.raw("</a></p></div></section>");
    visit.page_of(&Page::new(ui.t("recovery-codes-title"), "me"), &body)
}
