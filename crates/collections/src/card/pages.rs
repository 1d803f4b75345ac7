//! Cards on a page of their own, beside the outcome of a contact, and on the desk.

use axum::extract::Query;
use axum::response::Response;
use platform::error::ActionError;
use platform::locale::Lang;
use platform::page::{Button, Html, Look, Page, Ui};
use platform::policies::{self, InForce, PolicyError, article_address};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::PAGE;
use super::rules::{self, Card, Stage, Tip};
use crate::CASE_VIEW;

/// The page of all cards.
pub(super) fn routes() -> Routes {
    Routes::new().get(PAGE, CASE_VIEW, show).data::<Vec<super::data::CardData>, _, _>(
        PAGE,
        CASE_VIEW,
        super::data::cards,
    )
}

/// Which cards are asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pattern: String,
    segment: String,
}

impl Asked {
    /// Whether a card is wanted: all where nothing was asked for.
    pub(super) fn wants(&self, card: &Card) -> bool {
        let nothing = self.pattern.is_empty() && self.segment.is_empty();
        nothing
            || (card.sort == "pattern" && card.of == self.pattern)
            || (card.sort == "segment" && card.of == self.segment)
    }
}

fn english(ui: &Ui) -> bool {
    ui.lang() == Lang::En
}

/// What a card is called.
pub(crate) fn title(ui: &Ui, card: &Card) -> String {
    match card.sort {
        "pattern" => ui.t(format!("pattern-{}", card.of)),
        "segment" => ui.t(format!("segment-{}", card.of.replace('_', "-"))),
        _ => ui.t("playbook-call"),
    }
}

/// The stage of a case by its name in the policy.
pub(crate) fn stage_title(ui: &Ui, policy: &InForce, stage: &Stage) -> String {
    let found = policy.pack().outcome("life_stage", &stage.stage);
    found.map_or_else(|| stage.stage.clone(), |one| one.title.in_language(english(ui)).to_owned())
}

fn list(ui: &Ui, html: &mut Html, head: &str, tips: &[&Tip]) {
    if tips.is_empty() {
        return;
    }
    html.raw("<p class=\"muted\">").text(head).raw("</p><ul>");
    for tip in tips {
        html.raw("<li>").text(tip.words.in_language(english(ui))).raw("</li>");
    }
    html.raw("</ul>");
}

/// The lines of a card under their heads, with its article.
fn inside(ui: &Ui, policy: &InForce, card: &Card) -> Html {
    let mut html = Html::new();
    let mut kinds: Vec<&str> = card.tips.iter().map(|tip| tip.kind.as_str()).collect();
    kinds.dedup();
    kinds.sort_by_key(|kind| {
        ["before", "during", "recognise", "permitted", "prohibited", "record"].iter().position(|one| one == kind)
    });
    kinds.dedup();
    for kind in kinds {
        let tips: Vec<&Tip> = card.of_kind(kind).collect();
        list(ui, &mut html, &ui.t(format!("playbook-{kind}")), &tips);
    }
    if let Some(tip) = card.tips.first() {
        html.raw("<p>");
        html.push(&ui.citation(article_address(&tip.article), policy.article_title(&tip.article, english(ui))));
        html.raw("</p>");
    }
    html
}

/// A card that opens at its name; `group`: of one group one is open at a time.
fn folded(ui: &Ui, policy: &InForce, card: &Card, group: &'static str) -> Html {
    let mut html = Html::new();
    html.raw("<details").attr("name", group).raw("><summary>").text(title(ui, card)).raw("</summary>");
    html.push(&inside(ui, policy, card)).raw("</details>");
    html
}

/// The cards of a pack in force today.
///
/// # Errors
/// A decision cannot be made.
fn cards(policy: &InForce, on: jiff::civil::Date, kind: &str) -> Result<Vec<Card>, ActionError> {
    Ok(rules::all(policy.pack(), policy.edition(on), kind).map_err(PolicyError::from)?)
}

/// Everything for a call at hand: the stage of the case, the checklist, and the card of each pattern and segment, which
/// opens when it is picked (S2.5-06, S2.5-10).
///
/// # Errors
/// The policy lacks something; the store's.
pub(crate) async fn beside(visit: &Visit, work: &mut Work, days: Option<i64>) -> Result<Html, ActionError> {
    let (ui, on) = (visit.ui(), work.business_date);
    let policy = policies::in_force(work, on).await?;
    let found = cards(&policy, on, "person")?;
    let mut html = Html::new();
    if found.is_empty() {
        return Ok(html);
    }
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("playbook-title"));
    html.raw("</h2><div class=\"end\">");
    if visit.may(CASE_VIEW) {
        html.push(&ui.button(Button::link(Look::Small, ui.t("playbook-all"), PAGE)));
    }
    html.raw("</div></header><div class=\"panel-body\">");
    if let Some(days) = days
        && let Some(stage) = rules::stage(policy.edition(on), days).map_err(PolicyError::from)?
    {
        html.raw("<p><strong>").text(stage_title(&ui, &policy, &stage)).raw("</strong> ");
        html.text(stage.words.in_language(english(&ui))).raw("</p>");
    }
    for card in &found {
        if card.sort == "call" {
            html.push(&inside(&ui, &policy, card));
        } else {
            html.push(&folded(&ui, &policy, card, "card"));
        }
    }
    html.raw("</div></section>");
    Ok(html)
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    work.authorise(CASE_VIEW).map_err(ActionError::from)?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let mut body = Html::new();
    for card in cards(&policy, on, "person")?.iter().filter(|card| asked.wants(card)) {
        body.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(title(&ui, card));
        body.raw("</h2><div class=\"end\">").text(ui.t(format!("playbook-sort-{}", card.sort)));
        body.raw("</div></header><div class=\"panel-body\">").push(&inside(&ui, &policy, card));
        body.raw("</div></section>");
    }
    let page = Page::new(ui.t("playbook-title"), "work").subtitle(ui.t("playbook-note"));
    visit.page_of(&page, &body)
}
