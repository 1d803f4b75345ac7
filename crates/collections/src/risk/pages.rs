//! Ratings on the page of a case: the one that holds, on what it rests, those before, and the form for another.

use axum::extract::Path;
use axum::response::Response;
use platform::error::ActionError;
use platform::locale::Lang;
use platform::page::{Field, Html, Icon, Input, Side, Table, Tone, Ui};
use platform::policies::{self, InForce, article_address};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::loss::Loss;
use super::model::Rating;
use super::{RISK_RATE, actions, store};
use crate::card::rules::scale;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseState};

/// Where the form goes.
pub(super) fn routes() -> Routes {
    Routes::new().post("/collections/cases/{id}/risk", RISK_RATE, record)
}

/// A rating by its name in the policy.
pub(crate) fn badge(ui: &Ui, policy: &InForce, rating: &str) -> Html {
    let found = policy.pack().outcome("overdue_risk", rating);
    let word = found.map_or_else(|| rating.to_owned(), |one| one.title.in_language(ui.lang() == Lang::En).to_owned());
    let (tone, icon) = look(&scale(policy.pack(), "overdue_risk"), rating);
    ui.badge(tone, icon, word)
}

/// How a rating looks by its place among those of the policy, from the least to the worst.
fn look(order: &[String], rating: &str) -> (Tone, Icon) {
    match order.iter().position(|one| one == rating) {
        // A rating of rules that are gone, or the worst.
        None => (Tone::Doubt, Icon::AlertOctagon),
        Some(place) if place > 0 && place + 1 == order.len() => (Tone::Doubt, Icon::AlertOctagon),
        Some(0) => (Tone::Ok, Icon::CircleCheck),
        Some(1) => (Tone::Watch, Icon::AlertTriangle),
        Some(_) => (Tone::Sub, Icon::AlertTriangle),
    }
}

/// 风险评级 of a case.
///
/// # Errors
/// The store's.
pub(crate) async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let (ui, on) = (visit.ui(), work.business_date);
    let found = store::of_case(&mut work.tx, case.key).await?;
    let rates = visit.may(RISK_RATE) && matches!(case.state, CaseState::Open { .. });
    let mut html = Html::new();
    if found.is_empty() && !rates {
        return Ok(html);
    }
    let policy = policies::in_force(work, on).await?;
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("risk-title")).raw("</h2>");
    if let Some(holds) = found.first() {
        let title = policy.article_title(&holds.article, ui.lang() == Lang::En);
        html.raw("<div class=\"end\">").push(&ui.citation(article_address(&holds.article), title)).raw("</div>");
    }
    html.raw("</header>");
    if found.is_empty() {
        html.raw("<p class=\"panel-body muted\">").text(ui.t("risk-none")).raw("</p>");
    } else {
        html.push(&table(&ui, &policy, &found));
        if let Some(holds) = found.first().filter(|holds| holds.loss.is_some()) {
            let loss = store::loss_of(&mut work.tx, case.key.customer, holds.id).await?;
            html.push(&derivation(&ui, &policy, &loss));
        }
    }
    if rates {
        let words =
            Field::new("risk_words", ui.t("risk-in-words"), Input::Area).hint(ui.t("risk-words-hint")).required();
        html.raw("<details class=\"panel-foot\"><summary>").text(ui.t("risk-record"));
        html.raw("</summary><form class=\"form\" method=\"post\" data-once");
        html.attr("action", format!("/collections/cases/{}/risk", case.key.case)).raw(">");
        html.push(&ui.guard(visit.guard())).push(&ui.field(words));
        html.raw("<button class=\"btn\" type=\"submit\">").text(ui.t("risk-save")).raw("</button></form></details>");
    }
    html.raw("</section>");
    Ok(html)
}

fn table(ui: &Ui, policy: &InForce, found: &[Rating]) -> Html {
    let heads = [
        ("risk-on", Side::Left),
        ("risk-rating", Side::Left),
        ("loan-days", Side::Right),
        ("loan-overdue-money", Side::Right),
        ("capacity-left", Side::Right),
        ("risk-broken", Side::Right),
        ("risk-exposure", Side::Right),
        ("risk-expected", Side::Right),
        ("risk-in-words", Side::Left),
    ];
    let mut table = Table::new(ui.t("risk-title"), heads.map(|(id, side)| (ui.t(id), side)));
    for one in found {
        let known = &one.known;
        table.row([
            ui.date(one.on),
            badge(ui, policy, &one.rating),
            Html::of_text(known.days.to_string()),
            ui.money(known.overdue),
            known.left.map_or_else(|| Html::of_text("—"), |left| ui.money(left)),
            Html::of_text(known.broken.to_string()),
            one.loss.map_or_else(|| Html::of_text("—"), |(_, exposure)| ui.money(exposure)),
            one.loss.map_or_else(|| Html::of_text("—"), |(loss, _)| ui.money(loss)),
            Html::of_text(format!("{} · {}", one.words, one.by)),
        ]);
    }
    ui.table(table)
}

/// Why so much: each loan's exposure, shares and articles.
fn derivation(ui: &Ui, policy: &InForce, loss: &Loss) -> Html {
    let heads = [
        ("loan-number", Side::Left),
        ("risk-exposure", Side::Right),
        ("risk-pd", Side::Right),
        ("risk-lgd", Side::Right),
        ("risk-expected", Side::Right),
        ("risk-basis", Side::Left),
    ];
    let mut table = Table::new(ui.t("risk-expected"), heads.map(|(id, side)| (ui.t(id), side)));
    for one in &loss.loans {
        let title = policy.article_title(&one.pd_article, ui.lang() == Lang::En);
        table.row([
            Html::of_text(one.of.number.clone()),
            ui.money(one.of.exposure),
            Html::of_text(percent(one.pd_ppm)),
            Html::of_text(percent(one.lgd_ppm)),
            ui.money(one.loss),
            ui.citation(article_address(&one.pd_article), title),
        ]);
    }
    let mut html = Html::new();
    html.raw("<details class=\"panel-foot\"><summary>").text(ui.t("risk-why")).raw("</summary><p class=\"muted\">");
    html.text(ui.t("risk-why-note")).raw(" ").push(&ui.rule("risk.expected-loss")).raw("</p>");
    html.push(&ui.table(table)).raw("</details>");
    html
}

/// Millionths as a percentage, exactly: 62.5%.
fn percent(ppm: i64) -> String {
    let (whole, rest) = (ppm / 10_000, ppm % 10_000);
    let digits = format!("{rest:04}");
    match digits.trim_end_matches('0') {
        "" => format!("{whole}%"),
        digits => format!("{whole}.{digits}%"),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RatingForm {
    risk_words: String,
}

async fn record(Path(id): Path<String>, posted: Posted<RatingForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("risk.rate").await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    actions::rate(&mut work, case, &posted.form.risk_words).await?;
    posted.done(work, format!("/collections/cases/{case}")).await
}
