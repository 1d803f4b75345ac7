//! Routes on the page of a case and on a page of their own: what the security leaves open, what was kept, the form.

use axum::extract::Path;
use axum::response::Response;
use platform::error::ActionError;
use platform::locale::Lang;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::policies::{self, InForce, article_address};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::model::{Kept, Waits, Way};
use super::{actions, data, store};
use crate::agency::gate::house_only;
use crate::case::actions as cases;
use crate::case::list::LIST;
use crate::case::model::{Case, CaseState};
use crate::{CASE_VIEW, CASE_WORK};

/// The routes of a case.
pub fn routes() -> Routes {
    Routes::new()
        .get("/collections/cases/{id}/routes", CASE_VIEW, show)
        .data::<data::RoutesData, _, _>("/collections/cases/{id}/routes", CASE_VIEW, data::routes)
        .post("/collections/cases/{id}/routes", CASE_WORK, keep)
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let case = cases::load(&mut work, cases::parse(&id).map_err(ActionError::from)?, CASE_VIEW).await?;
    house_only(&mut work).await?;
    let body = panel(&visit, &mut work, &case).await?;
    let back = Button::link(Look::Secondary, ui.t("dossier-back"), format!("{LIST}/{}", case.key.case));
    let page =
        Page::new(ui.t("route-title"), "cases").subtitle(case.number).actions(ui.button(back.icon(Icon::ArrowLeft)));
    visit.page_of(&page, &body)
}

/// 追偿路径 of a case.
///
/// # Errors
/// The policy lacks the routes; the store's.
pub(crate) async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let ways = actions::ways(work, case.key).await?;
    let kept = store::of_case(&mut work.tx, case.key).await?;
    let mut html = Html::new();
    if ways.is_empty() && kept.is_empty() {
        return Ok(html);
    }
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    html.raw("<section class=\"panel\" id=\"routes\"><header class=\"panel-head\"><h2>").text(ui.t("route-title"));
    html.raw("</h2></header>").push(&table(&ui, &policy, &ways));
    if !kept.is_empty() {
        html.raw("<ul class=\"rows\">");
        for one in &kept {
            html.raw("<li>").push(&line(&ui, &policy, one)).raw("</li>");
        }
        html.raw("</ul>");
    }
    if visit.may(CASE_WORK) && matches!(case.state, CaseState::Open { .. }) && !ways.is_empty() {
        html.push(&form(visit, &ui, &policy, case, &ways));
    }
    html.raw("</section>");
    Ok(html)
}

fn title(ui: &Ui, policy: &InForce, route: &str) -> String {
    let found = policy.pack().outcome("recovery_route", route);
    found.map_or_else(|| route.to_owned(), |one| one.title.in_language(ui.lang() == Lang::En).to_owned())
}

fn security(ui: &Ui, way: &Way) -> String {
    let kind = ui.t(format!("route-kind-{}", way.kind.replace('_', "-")));
    if way.what.is_empty() { kind } else { format!("{kind} · {}", way.what) }
}

fn table(ui: &Ui, policy: &InForce, ways: &[Way]) -> Html {
    let heads = ["loan-number", "route-security", "route-way", "route-waits", "obligor-article"];
    let mut table = Table::new(ui.t("route-title"), heads.map(|id| (ui.t(id), Side::Left)));
    for way in ways {
        let (tone, icon) = match way.waits {
            Waits::Nothing => (Tone::Ok, Icon::CircleCheck),
            Waits::Suit | Waits::Enforcement => (Tone::Watch, Icon::Clock),
        };
        let article = policy.article_title(&way.article, ui.lang() == Lang::En);
        table.row([
            Html::of_text(&way.number),
            Html::of_text(security(ui, way)),
            Html::of_text(title(ui, policy, &way.route)),
            ui.badge(tone, icon, ui.t(format!("route-waits-{}", way.waits.as_str()))),
            ui.citation(article_address(&way.article), article),
        ]);
    }
    ui.table(table)
}

fn line(ui: &Ui, policy: &InForce, one: &Kept) -> Html {
    let mut html = Html::new();
    html.push(&ui.date(one.on)).raw(" <strong>").text(title(ui, policy, &one.route)).raw("</strong> ");
    html.text(&one.number).raw(" ").text(&one.what).raw("<br><span class=\"wrap-anywhere\">").text(&one.words);
    html.raw("</span><span class=\"end muted\">").text(&one.by).raw("</span>");
    html
}

fn form(visit: &Visit, ui: &Ui, policy: &InForce, case: &Case, ways: &[Way]) -> Html {
    let choice = |way: &Way| {
        let text = [way.number.clone(), security(ui, way), title(ui, policy, &way.route)].join(" · ");
        Choice::new(way.key(), text)
    };
    let fields = [
        Field::new("route_way", ui.t("route-way-label"), Input::Select(ways.iter().map(choice).collect())).required(),
        Field::new("route_words", ui.t("route-words-label"), Input::Area).required(),
    ];
    let mut html = Html::new();
    html.raw("<details class=\"panel-foot\"><summary>").text(ui.t("route-keep"));
    html.raw("</summary><form class=\"form\" method=\"post\" data-once");
    html.attr("action", format!("{LIST}/{}/routes", case.key.case)).raw(">").push(&ui.guard(visit.guard()));
    for field in &fields {
        html.push(&ui.field(field));
    }
    html.raw("<button class=\"btn\" type=\"submit\">").text(ui.t("route-save")).raw("</button></form></details>");
    html
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RouteForm {
    route_way: String,
    route_words: String,
}

async fn keep(Path(id): Path<String>, posted: Posted<RouteForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("route.keep").await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    actions::keep(&mut work, case, &posted.form.route_way, &posted.form.route_words).await?;
    posted.done(work, format!("{LIST}/{case}")).await
}
