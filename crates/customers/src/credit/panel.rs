//! The tab with credit information: each query with its authorisation, level, debts and adjustments.

use platform::customer_page::{PanelBody, PanelSize};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::page::{Button, Html, Icon, Look, Tone, Ui};
use platform::policies::{self, InForce};
use platform::web::{Visit, WebError};
use platform::work::Work;
use policy::{Facts, Value};

use super::form::debt_title;
use super::model::{About, Adjustment, Level, Outcome, Query, latest};
use super::store;
use crate::customer::actions::load_within;
use crate::document::model::{Document, DocumentId};
use crate::document::store as papers;
use crate::standing::why::outcome_title;
use crate::{EDIT, VIEW, card_table};

/// What the tab draws from.
struct Picture {
    policy: std::sync::Arc<InForce>,
    queries: Vec<Query>,
    adjustments: Vec<Adjustment>,
    papers: Vec<Document>,
}

/// The tab on the customer page.
pub(crate) fn panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        load_within(work, id, VIEW).await?;
        let queries = store::of_customer(&mut work.tx, id).await?;
        let count = i64::try_from(queries.len()).ok();
        if size == PanelSize::Brief {
            return Ok(PanelBody { count, html: Html::new() });
        }
        let on = work.business_date;
        let picture = Picture {
            policy: policies::in_force(work, on).await?,
            adjustments: store::adjustments(&mut work.tx, id).await?,
            papers: papers::of_customer(&mut work.tx, id).await?,
            queries,
        };
        Ok(PanelBody { count, html: draw(visit, &visit.ui(), id, &picture) })
    })
}

fn draw(visit: &Visit, ui: &Ui, id: CustomerId, picture: &Picture) -> Html {
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("credit-title"));
    out.raw("</h2><span class=\"sub\">").text(ui.t("credit-panel-note")).raw("</span><div class=\"end\">");
    if visit.may(EDIT) {
        let new = Button::link(Look::Small, ui.t("credit-new"), format!("/customers/{id}/credit/new"));
        out.push(&ui.button(new.icon(Icon::Plus)));
    }
    out.raw("</div></header>");
    if picture.queries.is_empty() {
        out.raw("<div class=\"panel-body\"><p class=\"hint\">").text(ui.t("credit-none")).raw("</p></div></section>");
        return out;
    }
    let heads = [
        "credit-queried-on",
        "credit-about",
        "credit-authorisation",
        "credit-report",
        "credit-level",
        "credit-record",
        "credit-debts",
        "datum-state",
        "document-verbs",
    ];
    let heads: Vec<String> = heads.iter().map(|head| ui.t(head)).collect();
    let rows: Vec<Vec<Html>> = picture.queries.iter().rev().map(|one| row(visit, ui, picture, one)).collect();
    out.push(&card_table::draw(&ui.t("credit-title"), &heads, &rows)).raw("</section>");
    out
}

fn row(visit: &Visit, ui: &Ui, picture: &Picture, one: &Query) -> Vec<Html> {
    let said = &one.content;
    let now = latest(&picture.queries, said.about, ui.business_date).is_some_and(|now| now.id == one.id);
    let mut asked = ui.date(said.queried_on);
    let origin = ui.t(format!("credit-origin-{}", said.origin.as_str()));
    let purpose = ui.t(format!("credit-purpose-{}", said.purpose.replace('_', "-")));
    asked.raw("<br><small class=\"muted\">").text(format!("{origin} · {purpose}")).raw("</small>");
    let mut report = paper(ui, picture, one.customer, said.report);
    report.raw("<br><small class=\"muted\">").push(&ui.date(said.report_on)).raw("</small>");
    let record = said.record.map(|word| ui.t(format!("credit-record-{}", word.as_str().replace('_', "-"))));
    let mut verbs = Html::new();
    let adjustable = said.about == About::Own && said.level.is_some_and(|level| level != Level::Normal);
    let waiting = picture.adjustments.iter().any(|each| each.query == one.id && each.outcome.is_none());
    if visit.may(EDIT) && now && adjustable && !waiting {
        let address = format!("/customers/{}/credit/{}/adjust", one.customer, one.id);
        verbs.push(&ui.button(Button::link(Look::Small, ui.t("credit-adjust"), address).icon(Icon::Scale)));
    }
    vec![
        asked,
        Html::of_text(ui.t(format!("credit-about-{}", said.about.as_str()))),
        paper(ui, picture, one.customer, Some(said.authorisation)),
        report,
        level(ui, picture, one),
        record.map_or_else(|| ui.dash(), Html::of_text),
        debts(ui, &picture.policy, one),
        state(ui, picture, one, now),
        verbs,
    ]
}

/// A paper of the file as a link.
fn paper(ui: &Ui, picture: &Picture, customer: CustomerId, id: Option<DocumentId>) -> Html {
    let Some(one) = id.and_then(|id| picture.papers.iter().find(|one| one.id == id)) else { return ui.dash() };
    let mut out = Html::new();
    out.raw("<a").href(format!("/customers/{customer}/documents/{}", one.id)).raw(">").text(&one.file.name).raw("</a>");
    out
}

/// The level with its badge, and what its adjustments make of it.
fn level(ui: &Ui, picture: &Picture, one: &Query) -> Html {
    let Some(level) = one.content.level else { return ui.dash() };
    let (tone, icon) = match level {
        Level::Normal => (Tone::Ok, Icon::CircleCheck),
        Level::Flawed => (Tone::Watch, Icon::InfoCircle),
        Level::Substandard => (Tone::Sub, Icon::AlertTriangle),
        Level::Prohibited => (Tone::Doubt, Icon::Ban),
    };
    let mut out = ui.badge(tone, icon, ui.t(format!("credit-level-{}", level.as_str())));
    for adjustment in picture.adjustments.iter().filter(|each| each.query == one.id) {
        let ground = ui.t(format!("credit-ground-{}", adjustment.content.ground.as_str()));
        let words = match adjustment.outcome {
            None => ui.t1("credit-adjust-waits", "ground", ground),
            Some((Outcome::Refused, _)) => ui.t1("credit-adjust-refused", "ground", ground),
            Some((Outcome::Approved, _)) => {
                let until = adjustment.content.expires_on;
                let counted = counted(ui, &picture.policy, level, adjustment);
                ui.tn("credit-adjusted", &[("level", counted), ("ground", ground), ("until", until.to_string())])
            }
        };
        out.raw("<br><small>").text(words).raw("</small>");
    }
    out
}

/// The level that counts with an adjustment, by the table of the policy.
fn counted(ui: &Ui, policy: &InForce, level: Level, adjustment: &Adjustment) -> String {
    let facts = Facts::from([
        ("own_credit_level".to_owned(), Value::from(level.as_str())),
        ("level_adjustment".to_owned(), Value::from(adjustment.content.ground.as_str())),
        ("level_adjustment_approved".to_owned(), Value::Boolean(adjustment.counts(ui.business_date))),
    ]);
    let found = policy.edition(ui.business_date).decide("credit_level", &facts).ok();
    let counted = found.as_ref().and_then(|found| found.text("credit_level")).unwrap_or(level.as_str()).to_owned();
    match policy.pack().outcome("credit_level", &counted) {
        Some(_) => outcome_title(ui, policy, "credit_level", &counted),
        None => ui.t(format!("credit-level-{counted}")),
    }
}

fn debts(ui: &Ui, policy: &InForce, one: &Query) -> Html {
    if one.content.debts.is_empty() {
        return ui.dash();
    }
    let mut out = Html::new();
    for (name, fen) in &one.content.debts {
        out.raw("<div class=\"nowrap\"><small class=\"muted\">").text(debt_title(ui, policy, name)).raw("</small> ");
        out.push(&ui.money(*fen)).raw("</div>");
    }
    out
}

fn state(ui: &Ui, picture: &Picture, one: &Query, now: bool) -> Html {
    let corrected = picture.queries.iter().any(|other| other.corrects == Some(one.id));
    let (tone, icon, word) = match (corrected, now, one.counts(ui.business_date)) {
        (true, ..) => (Tone::Neutral, Icon::ArrowBackUp, "credit-corrected"),
        (_, true, _) => (Tone::Ok, Icon::CircleCheck, "credit-counts"),
        (_, _, true) => (Tone::Neutral, Icon::History, "credit-superseded"),
        (_, _, false) => (Tone::Watch, Icon::Clock, "credit-lapsed"),
    };
    let mut out = ui.badge(tone, icon, ui.t(word));
    if let (false, Some(until)) = (corrected, one.valid_until) {
        out.raw(" <span class=\"muted num nowrap\">").text(ui.t1("datum-until", "date", until)).raw("</span>");
    }
    out
}
