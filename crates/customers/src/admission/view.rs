//! How an admission review is shown: application, checks with row and article, items with evidence, means, steps.

use platform::clock::civil_minute;
use platform::locale::Lang;
use platform::page::{Html, Icon, Tone, Ui};
use platform::policies::{self, InForce};

use super::model::{Admission, AdmissionState, Both, Check, Item, Review, Sheet};
use super::store::RecordedStep;
use crate::card_table;
use crate::datum::view::shown;
use crate::standing::why::outcome_title;

/// A text in the language of the page.
pub(super) fn said<'a>(ui: &Ui, both: &'a Both) -> &'a str {
    if ui.lang() == Lang::En { &both.1 } else { &both.0 }
}

fn kebab(word: &str) -> String {
    word.replace('_', "-")
}

/// A way of securing the loan in words.
pub(super) fn method(ui: &Ui, method: &str) -> String {
    ui.t(format!("admission-method-{}", kebab(method)))
}

/// Where a review stands: shape and word.
pub(super) fn state(ui: &Ui, state: AdmissionState) -> (Html, String) {
    let (tone, icon) = match state {
        AdmissionState::Begun => (Tone::Watch, Icon::Clock),
        AdmissionState::Returned => (Tone::Watch, Icon::ArrowBackUp),
        AdmissionState::Submitted => (Tone::Info, Icon::Clock),
        AdmissionState::Fit => (Tone::Ok, Icon::CircleCheck),
        AdmissionState::NotFit => (Tone::Sub, Icon::Ban),
        AdmissionState::Withdrawn => (Tone::Neutral, Icon::Archive),
    };
    let word = ui.t(format!("admission-state-{}", kebab(state.as_str())));
    (ui.badge(tone, icon, &word), word)
}

/// How a check came out, in words.
pub(super) fn verdict(ui: &Ui, check: &Check) -> String {
    ui.t(format!("admission-verdict-{}", check.verdict))
}

fn verdict_badge(ui: &Ui, check: &Check) -> Html {
    let (tone, icon) = match check.verdict.as_str() {
        "passed" => (Tone::Ok, Icon::CircleCheck),
        "failed" => (Tone::Sub, Icon::Ban),
        _ => (Tone::Watch, Icon::AlertTriangle),
    };
    ui.badge(tone, icon, verdict(ui, check))
}

/// What a check gave, in words.
pub(super) fn outcome(ui: &Ui, rules: &InForce, check: &Check) -> String {
    outcome_title(ui, rules, &check.output, check.value.as_deref().unwrap_or_default())
}

/// The row that hit, with what it says of itself.
pub(super) fn row(ui: &Ui, check: &Check) -> String {
    let parts = [check.row.as_str(), said(ui, &check.note)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The titles of the facts that a check lacks.
fn lacking(ui: &Ui, rules: &InForce, check: &Check) -> String {
    let titles = check.lacking.iter().map(|fact| crate::datum::view::title(ui, rules, fact));
    titles.collect::<Vec<_>>().join(&ui.t("list-comma"))
}

/// The checks: outcome, row, why, article.
pub(super) fn checks(ui: &Ui, rules: &InForce, sheet: &Sheet) -> Html {
    let heads = ["check", "outcome", "row", "lacking", "article", "verdict"];
    let heads = heads.map(|id| ui.t(format!("admission-of-{id}")));
    let rows = sheet.checks.iter().map(|check| {
        let mut articles = Html::new();
        for id in &check.articles {
            let title = rules.article_title(id, ui.lang() == Lang::En);
            articles.push(&ui.citation(policies::article_address(id), title)).raw(" ");
        }
        vec![
            Html::of_text(said(ui, &check.title)),
            Html::of_text(outcome(ui, rules, check)),
            Html::of_text(row(ui, check)),
            Html::of_text(lacking(ui, rules, check)),
            articles,
            verdict_badge(ui, check),
        ]
    });
    card_table::draw(&ui.t("admission-checks"), &heads, &rows.collect::<Vec<_>>())
}

/// The value of an item in words.
pub(super) fn value(ui: &Ui, rules: &InForce, item: &Item) -> String {
    let Some(text) = &item.value else { return "—".to_owned() };
    let kind = rules.pack().dictionary().get(&item.fact).map(|fact| &fact.kind);
    let parsed = kind.and_then(|kind| kind.parse_literal(text).ok());
    parsed.map_or_else(|| text.clone(), |value| shown(ui, rules, &item.fact, &value))
}

/// Where the value of an item comes from, and of which day it is.
pub(super) fn source(ui: &Ui, item: &Item) -> String {
    if item.source.is_empty() {
        return ui.t("admission-unanswered");
    }
    let word = ui.t(format!("evaluation-source-{}", item.source));
    item.on.map_or_else(|| word.clone(), |on| format!("{word} {on}"))
}

/// The evidence of an item: a document of the file, and the assessor's words.
pub(super) fn evidence(item: &Item) -> String {
    let parts = [item.document_name.as_str(), item.note.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The items with their evidence.
pub(super) fn items(ui: &Ui, rules: &InForce, sheet: &Sheet) -> Html {
    let heads = ["item", "evidence", "origin", "value"].map(|id| ui.t(format!("admission-of-{id}")));
    let rows = sheet.items.iter().map(|item| {
        vec![
            Html::of_text(said(ui, &item.title)),
            Html::of_text(evidence(item)),
            Html::of_text(source(ui, item)),
            Html::of_text(value(ui, rules, item)),
        ]
    });
    card_table::draw(&ui.t("admission-items"), &heads, &rows.collect::<Vec<_>>())
}

/// By which means a subject was checked, in words.
pub(super) fn means(ui: &Ui, review: &Review) -> String {
    let word = |one: &String| {
        let way = ui.locale.find(&format!("datum-way-{one}"));
        way.unwrap_or_else(|| ui.t(format!("datum-route-{one}")))
    };
    review.means.iter().map(word).collect::<Vec<_>>().join(&ui.t("list-comma"))
}

/// The means of checking.
pub(super) fn reviews(ui: &Ui, sheet: &Sheet) -> Html {
    let heads = ["subject", "means", "least", "done"].map(|id| ui.t(format!("admission-of-{id}")));
    let rows = sheet.reviews.iter().map(|review| {
        let (tone, icon, word) = match review.is_done() {
            true => (Tone::Ok, Icon::CircleCheck, "admission-done"),
            false => (Tone::Watch, Icon::AlertTriangle, "admission-not-done"),
        };
        vec![
            Html::of_text(ui.t(format!("admission-subject-{}", review.subject))),
            Html::of_text(means(ui, review)),
            Html::of_text(review.least.to_string()),
            ui.badge(tone, icon, ui.t(word)),
        ]
    });
    card_table::draw(&ui.t("admission-reviews"), &heads, &rows.collect::<Vec<_>>())
}

/// The steps with actor, date and outcome (S1-20).
pub(super) fn steps(ui: &Ui, one: &Admission, steps: &[RecordedStep]) -> Html {
    let heads = ["when", "step", "detail", "by"].map(|id| ui.t(format!("admission-step-{id}")));
    let opinion = one.sheet.as_ref().map(|sheet| sheet.opinion.as_str()).unwrap_or_default();
    let rows = steps.iter().map(|step| {
        // A submission keeps its opinion as its detail, which stands above already.
        let detail = if step.detail == opinion { "" } else { step.detail.as_str() };
        vec![
            Html::of_text(civil_minute(step.at)),
            Html::of_text(ui.t(format!("admission-did-{}", kebab(&step.step)))),
            Html::of_text(detail),
            Html::of_text(&step.by),
        ]
    });
    card_table::draw(&ui.t("admission-steps"), &heads, &rows.collect::<Vec<_>>())
}
