//! The pay day on the page of a case: what is known, when the next one comes, the form for another.

use axum::extract::Path;
use axum::response::Response;
use platform::error::ActionError;
use platform::page::{Choice, Field, Html, Icon, Input, Tone, Ui};
use platform::policies::{self, article_address};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::model::{Near, PayDay, Source, next, read};
use super::{actions, store};
use crate::CASE_WORK;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseState};

/// Where the form goes.
pub(super) fn routes() -> Routes {
    Routes::new().post("/collections/cases/{id}/pay-day", CASE_WORK, record)
}

/// A pay date in words.
#[must_use]
pub(crate) fn word(ui: &Ui, near: Near) -> String {
    let id = if near.known { "payday-own" } else { "payday-usual" };
    ui.t1(id, "on", near.on)
}

/// 发薪日 of a case's customer.
///
/// # Errors
/// The policy lacks something; the store's.
pub(crate) async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let (ui, on) = (visit.ui(), work.business_date);
    let found = store::of_customer(&mut work.tx, case.key.customer).await?;
    let works = visit.may(CASE_WORK) && matches!(case.state, CaseState::Open { .. });
    let mut html = Html::new();
    if (found.is_empty() && !works) || !actions::is_person(work, case.key.customer).await? {
        return Ok(html);
    }
    let policy = policies::in_force(work, on).await?;
    let around = actions::around(policy.edition(on))?;
    let article = policy.edition(on).parameter("payday_before_days").map(|one| one.article.clone()).unwrap_or_default();
    let english = ui.lang() == platform::locale::Lang::En;
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("payday-title"));
    html.raw("</h2><div class=\"end\">");
    html.push(&ui.citation(article_address(&article), policy.article_title(&article, english)));
    html.raw("</div></header><div class=\"panel-body\">");
    let day = found.first().and_then(|one| one.day);
    html.raw("<p>").text(day.map_or_else(|| ui.t("payday-unknown"), |day| ui.t1("payday-day", "day", day)));
    if let Some(day) = day {
        html.raw(" <span class=\"muted\">").text(ui.t1("payday-next", "on", next(day, on))).raw("</span>");
    }
    html.raw("</p>");
    if let Some(near) = around.near(day, on) {
        html.push(&ui.badge(Tone::Info, Icon::CalendarDollar, word(&ui, near)));
    }
    if found.len() > 1 {
        html.raw("<details><summary>").text(ui.t("payday-earlier")).raw("</summary><ul>");
        for one in &found {
            html.raw("<li>").text(line(&ui, one)).raw("</li>");
        }
        html.raw("</ul></details>");
    }
    html.raw("</div>");
    if works {
        html.push(&form(visit, &ui, case));
    }
    html.raw("</section>");
    Ok(html)
}

fn line(ui: &Ui, one: &PayDay) -> String {
    let day = one.day.map_or_else(|| ui.t("payday-unknown"), |day| ui.t1("payday-day", "day", day));
    format!("{} {day} · {} · {}", one.on, ui.t(format!("payday-source-{}", one.source.as_str())), one.by)
}

fn form(visit: &Visit, ui: &Ui, case: &Case) -> Html {
    let sources = Source::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("payday-source-{}", one.as_str()))));
    let fields = [
        Field::new("day", ui.t("payday-day-of-month"), Input::Number).hint(ui.t("payday-day-hint")),
        Field::new("source", ui.t("payday-source"), Input::Select(sources.to_vec())).required(),
    ];
    let mut html = Html::new();
    html.raw("<details class=\"panel-foot\"><summary>").text(ui.t("payday-record"));
    html.raw("</summary><form class=\"form\" method=\"post\" data-once");
    html.attr("action", format!("/collections/cases/{}/pay-day", case.key.case)).raw(">");
    html.push(&ui.guard(visit.guard()));
    for field in &fields {
        html.push(&ui.field(field));
    }
    html.raw("<button class=\"btn\" type=\"submit\">").text(ui.t("payday-save")).raw("</button></form></details>");
    html
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PayDayForm {
    day: String,
    source: String,
}

async fn record(Path(id): Path<String>, posted: Posted<PayDayForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("payday.record").await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    let new = read(&posted.form.day, &posted.form.source).map_err(ActionError::from)?;
    actions::record(&mut work, case, new).await?;
    posted.done(work, format!("/collections/cases/{case}")).await
}
