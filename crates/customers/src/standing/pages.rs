//! Pages of standings: the panel on the customer page, the figures of its head, why, and looking again.

use std::sync::Arc;

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::customer_page::{CustomerHead, PanelBody, PanelSize};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::locale::Lang;
use platform::page::{Button, Html, Icon, KeyFigure, Look, Tone, Ui};
use platform::policies::{self, InForce, decision};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::rules::{Axis, Moved, axes};
use super::store::{self, Standing};
use super::why::{axis_title, outcome_title};
use super::{actions, why};
use crate::customer::actions::load_within;
use crate::customer::model::{Customer, CustomerKind};
use crate::datum::view::title;
use crate::{EDIT, VIEW, card_table};

/// How many past decisions the tab shows.
const HISTORY: i64 = 60;
/// The axes that the head of the page shows, the first that the policy has.
const IN_HEAD: [&str; 3] = ["credit_grade", "customer_class", "letter_rating"];

platform::form_fields! {
    /// Nothing to fill in.
    LookForm:
}

/// The pages about standings.
pub fn routes() -> Routes {
    Routes::new()
        .data::<Vec<super::data::StandingData>, _, _>("/customers/{id}/standing", VIEW, super::data::standing)
        .post("/customers/{id}/standing", EDIT, look)
        .get("/customers/{id}/standing/{axis}/why", VIEW, why::show)
        .data::<platform::api::DerivationData, _, _>("/customers/{id}/standing/{axis}/why", VIEW, why::data)
}

async fn look(Path(id): Path<CustomerId>, posted: Posted<LookForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("standing.look").await?;
    actions::look_now(&mut work, id).await?;
    posted.done(work, format!("/customers/{id}?tab=standing")).await
}

/// The panel on the customer page.
pub(crate) fn panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let ui = visit.ui();
        let customer = load_within(work, id, VIEW).await?;
        let on = work.business_date;
        let Some(policy) = rules_of(work, on).await? else { return Ok(PanelBody::default()) };
        let kept = store::of_customer(&mut work.tx, id).await?;
        let known = axes(policy.edition(on), customer.kind);
        let shown: Vec<(&Axis, &Standing)> =
            known.iter().filter_map(|axis| Some((axis, kept.iter().find(|one| one.axis == axis.decision)?))).collect();
        let mut html = Html::new();
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("standing-title"));
        html.raw("</h2><span class=\"sub\">").text(ui.t("standing-note")).raw("</span><div class=\"end\">");
        if customer.kind == CustomerKind::Person && policy.edition(on).decision("repayment_ratio").is_ok() {
            let open = Button::link(Look::Small, ui.t("capacity-open"), format!("/customers/{id}/capacity"));
            html.push(&ui.button(open.icon(Icon::Calculator))).raw(" ");
        }
        if visit.may(EDIT) && !known.is_empty() {
            html.push(&look_form(visit, &ui, id));
        }
        html.raw("</div></header>");
        if shown.is_empty() {
            html.raw("<div class=\"panel-body\"><p class=\"hint\">").text(ui.t("standing-none")).raw("</p></div>");
        } else {
            html.push(&table(&ui, &policy, &customer, &shown));
        }
        html.raw("</section>");
        if size == PanelSize::Whole {
            let past = decision::history(&mut work.tx, id, &customer.subject(), HISTORY).await?;
            html.push(&history(&ui, &policy, &known, &past));
        }
        let count = shown.iter().filter(|(_, one)| !one.outcome.is_empty()).count();
        Ok(PanelBody { count: i64::try_from(count).ok(), html })
    })
}

/// The rules of a day; nothing before the institution has any, so that its files can be opened all the same.
async fn rules_of(work: &mut Work, on: Date) -> Result<Option<Arc<InForce>>, ActionError> {
    match policies::in_force(work, on).await {
        Ok(rules) => Ok(Some(rules)),
        Err(ActionError::Refused(_)) => Ok(None),
        Err(broken) => Err(broken),
    }
}

fn look_form(visit: &Visit, ui: &Ui, id: CustomerId) -> Html {
    let mut out = Html::new();
    out.raw("<form method=\"post\"").attr("action", format!("/customers/{id}/standing")).raw(">");
    out.push(&ui.guard(visit.guard()));
    out.push(&ui.button(Button::submit(Look::Small, ui.t("standing-look")).icon(Icon::Calculator))).raw("</form>");
    out
}

fn table(ui: &Ui, policy: &InForce, customer: &Customer, shown: &[(&Axis, &Standing)]) -> Html {
    let heads = ["standing-axis", "standing-outcome", "standing-since", "standing-review", "standing-lacking"];
    let heads: Vec<String> = heads.iter().map(|id| ui.t(id)).collect();
    let rows = shown.iter().map(|(axis, one)| {
        let mut outcome = Html::new();
        let word = outcome_title(ui, policy, &axis.output, &one.outcome);
        outcome.raw("<b class=\"nowrap\">").text(word).raw("</b> ");
        outcome.push(&ui.why(format!("/customers/{}/standing/{}/why", customer.id, axis.decision)));
        outcome.raw(" ").push(&moved(ui, policy, axis, one));
        let lacking: Vec<String> = one.lacking.iter().map(|fact| title(ui, policy, fact)).collect();
        vec![
            Html::of_text(axis_title(ui, policy, &axis.decision)),
            outcome,
            ui.date(one.since),
            ui.date(one.review_on),
            Html::of_text(lacking.join(&ui.t("list-comma"))),
        ]
    });
    card_table::draw(&ui.t("standing-title"), &heads, &rows.collect::<Vec<_>>())
}

/// Which way it went, in a word with its shape.
fn moved(ui: &Ui, policy: &InForce, axis: &Axis, one: &Standing) -> Html {
    let (tone, icon, id) = match one.moved {
        Moved::Not => return Html::new(),
        Moved::Better => (Tone::Ok, Icon::ArrowUp, "standing-better"),
        Moved::Worse => (Tone::Sub, Icon::ArrowDown, "standing-worse"),
        Moved::Other => (Tone::Info, Icon::ArrowsExchange, "standing-other"),
    };
    ui.badge(tone, icon, ui.t1(id, "before", outcome_title(ui, policy, &axis.output, &one.before)))
}

/// The word of a decision; one that lacked data has none, and keeps its outputs as they were.
fn said(outcome: &str) -> &str {
    if outcome.starts_with('[') { "" } else { outcome }
}

fn history(ui: &Ui, policy: &InForce, known: &[Axis], past: &[decision::Decided]) -> Html {
    let mut out = Html::new();
    if past.is_empty() {
        return out;
    }
    let english = ui.lang() == Lang::En;
    let heads = ["standing-since", "standing-axis", "standing-outcome", "standing-article", "standing-version"];
    let heads: Vec<String> = heads.iter().map(|id| ui.t(id)).collect();
    let rows = past.iter().map(|one| {
        let output = known.iter().find(|axis| axis.decision == one.axis).map_or("", |axis| axis.output.as_str());
        let mut articles = Html::new();
        for id in &one.articles {
            articles.push(&ui.citation(policies::article_address(id), policy.article_title(id, english))).raw(" ");
        }
        let version: serde_json::Value = serde_json::from_str(&one.policy_version).unwrap_or_default();
        let version = version.get("version").and_then(|text| text.as_str()).unwrap_or_default().to_owned();
        vec![
            ui.date(one.effective_on),
            Html::of_text(axis_title(ui, policy, &one.axis)),
            Html::of_text(outcome_title(ui, policy, output, said(&one.outcome))),
            articles,
            Html::of_text(version),
        ]
    });
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("standing-history"));
    out.raw("</h2></header>");
    out.push(&card_table::draw(&ui.t("standing-history"), &heads, &rows.collect::<Vec<_>>()));
    out.raw("</section>");
    out
}

/// The grade in the head of the customer page.
pub(crate) fn head<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
) -> BoxFuture<'a, Result<CustomerHead, WebError>> {
    Box::pin(async move {
        let ui = visit.ui();
        let kept = store::of_customer(&mut work.tx, id).await?;
        let on = work.business_date;
        let Some(policy) = rules_of(work, on).await? else { return Ok(CustomerHead::default()) };
        let first = IN_HEAD.iter().find_map(|axis| kept.iter().find(|one| one.axis == *axis));
        let figure = first.map(|one| {
            let sheet = policy.edition(on).decision(&one.axis).ok().map(policy::Decision::sheet);
            let output = sheet.and_then(|sheet| sheet.outputs.first()).map_or("", |output| output.name.as_str());
            KeyFigure {
                label: axis_title(&ui, &policy, &one.axis),
                value: Html::of_text(outcome_title(&ui, &policy, output, &one.outcome)),
                why: Some(format!("/customers/{id}/standing/{}/why", one.axis)),
                ..KeyFigure::default()
            }
        });
        Ok(CustomerHead { figures: figure.into_iter().collect(), ..CustomerHead::default() })
    })
}
