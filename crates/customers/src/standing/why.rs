//! Why a customer stands where it stands (为什么): facts with source and date, the rows that hit and nearly hit,
//! articles and version.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use platform::api::{Data, DerivationData};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::Lang;
use platform::page::{Derivation, FactLine, Html, Page, RuleLine, Ui};
use platform::policies::{self, InForce};
use platform::web::{Visit, WebError};
use policy::{Evaluation, Value};

use super::rules::{self, Axis};
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::datum::facts::{self, Known, Origin};
use crate::datum::view::{shown, title};
use crate::error::CustomerError;
use crate::evaluation::store as evaluations;

/// The derivation as a fragment for the drawer, or as a page without scripts.
pub(super) async fn show(visit: Visit, Path((id, name)): Path<(CustomerId, String)>) -> Result<Response, WebError> {
    let found = explained(&visit, id, &name).await?;
    let customer = found.subtitle.clone();
    let html = visit.ui().derivation(found);
    if visit.request.fragment() {
        return Ok(axum::response::Html(html.to_string()).into_response());
    }
    visit.page_of(&Page::new(customer, "customers").drawer(html), &Html::new())
}

/// `/api/v1/customers/{id}/standing/{axis}/why`
pub(super) async fn data(
    visit: Visit,
    Path((id, name)): Path<(CustomerId, String)>,
) -> Result<Data<DerivationData>, WebError> {
    let found = explained(&visit, id, &name).await?;
    Ok(Data(DerivationData::of(name, None, found)))
}

async fn explained(visit: &Visit, id: CustomerId, name: &str) -> Result<Derivation, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, VIEW).await?;
    let today = work.business_date;
    let policy = policies::in_force(&mut work, today).await?;
    let axes = rules::axes(policy.edition(today), customer.kind);
    let axis =
        axes.iter().find(|one| one.decision == name).ok_or(ActionError::from(CustomerError::NoSuchPart("data")))?;
    let known = facts::known(&mut work, &customer, &policy, today).await?;
    let mut derivation = derive(&ui, &policy, id, axis, &known)?;
    let counting = evaluations::counting(&mut work.tx, id).await?;
    let hand = counting.iter().filter(|one| one.grade_axis == axis.decision).find_map(|one| one.set_by_hand(today));
    if let Some(hand) = hand {
        let grade = outcome_title(&ui, &policy, &axis.output, &hand.grade);
        let words = [("grade", grade.clone()), ("until", hand.until.to_string())];
        derivation.figure_note = format!("{} {}", ui.tn("evaluation-set-by-hand", &words), hand.reason);
        derivation.result = Some((ui.t("evaluation-by-hand"), grade));
    }
    Ok(Derivation { subtitle: customer.name, ..derivation })
}

fn derive(ui: &Ui, policy: &InForce, id: CustomerId, axis: &Axis, known: &Known) -> Result<Derivation, ActionError> {
    let edition = policy.edition(ui.business_date);
    let judged = rules::judge(edition, axis, &known.facts);
    let mut out = Derivation {
        title: ui.t1("standing-why", "axis", axis_title(ui, policy, &axis.decision)),
        figure: Html::of_text(outcome_title(ui, policy, &axis.output, &judged.outcome)),
        pack: pack_line(ui, policy),
        ..Derivation::default()
    };
    let Some(found) = &judged.found else {
        out.missed = judged.lacking.iter().map(|fact| lacking(ui, policy, fact)).collect();
        return Ok(out);
    };
    let mut told: Vec<&str> = Vec::new();
    for made in found.below.iter().chain(std::iter::once(&found.decision)) {
        for input in &made.inputs {
            let value = input.value.as_ref().filter(|_| !told.contains(&input.name.as_str()));
            if let (Some(value), Some(origin)) = (value, known.origins.get(&input.name)) {
                told.push(&input.name);
                out.facts.push(fact(ui, policy, id, (&input.name, value), origin));
            }
        }
        out.rules.push(rule(ui, policy, made));
    }
    out.missed = found.decision.missed.iter().map(|row| policies::missed_text(ui, policy.pack(), row)).collect();
    out.missed.extend(found.evidence.iter().map(|fact| lacking(ui, policy, fact)));
    Ok(out)
}

fn fact(ui: &Ui, policy: &InForce, id: CustomerId, (name, value): (&str, &Value), origin: &Origin) -> FactLine {
    let (from, href) = match origin {
        Origin::Stated(datum) => {
            let route = ui.t(format!("datum-route-{}", datum.route.as_str()));
            (format!("{route} {}", datum.effective_on), Some(format!("/customers/{id}/items/{name}")))
        }
        Origin::Statement(end) => {
            let from = format!("{} {end}", ui.t("statement-title"));
            (from, Some(format!("/customers/{id}?tab=statements")))
        }
        Origin::Report(on) => {
            (format!("{} {on}", ui.t("credit-from-report")), Some(format!("/customers/{id}?tab=credit")))
        }
        Origin::Evaluation(evaluation, made_on) => {
            let from = format!("{} {made_on}", ui.t("evaluation-title"));
            (from, Some(crate::evaluation::page_of(evaluation)))
        }
        Origin::Guarantees => (ui.t("guarantees-title"), Some(crate::guarantee::tab_of(id))),
        Origin::PremiumList(Some((entry, number))) => {
            (format!("{} {number}", ui.t("premium-title")), Some(crate::premium::page_of(entry)))
        }
        Origin::AssetProofs => (ui.t("standing-from-asset-proofs"), Some(crate::asset_proof::page_of(id))),
        Origin::PremiumList(None) => (ui.t("premium-not-on-list"), Some(crate::premium::LIST.to_owned())),
        Origin::File => (ui.t("standing-from-file"), Some(format!("/customers/{id}?tab=file"))),
        Origin::Book => (format!("{} {}", ui.t("standing-from-book"), ui.business_date), None),
    };
    FactLine { text: format!("{} · {from}", title(ui, policy, name)), value: shown(ui, policy, name, value), href }
}

pub(crate) fn rule(ui: &Ui, policy: &InForce, made: &Evaluation) -> RuleLine {
    let english = ui.lang() == Lang::En;
    let mut text = made.title.in_language(english).to_owned();
    for row in &made.rows {
        let note = row.note.in_language(english);
        let parts = [row.label.as_str(), note];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if !parts.is_empty() {
            text = format!("{text} · {}", parts.join(" "));
        }
    }
    let value = made.outputs.first().and_then(|row| row.first());
    let value = value.and_then(|(name, value)| Some(outcome_title(ui, policy, name, &value.as_ref()?.to_text())));
    let articles = made.articles.iter().map(|id| (policies::article_address(id), policy.article_title(id, english)));
    RuleLine { text, value: value.unwrap_or_default(), id: made.rule.clone(), articles: articles.collect() }
}

pub(crate) fn lacking(ui: &Ui, policy: &InForce, fact: &str) -> String {
    ui.t1("standing-lacking-one", "fact", title(ui, policy, fact))
}

/// Which pack answered: name, version, fingerprint.
pub(crate) fn pack_line(ui: &Ui, policy: &InForce) -> String {
    let version = policy.pack().version();
    let print: String = version.digest.chars().take(8).collect();
    let title = policy.pack().title().in_language(ui.lang() == Lang::En).to_owned();
    ui.tn("standing-pack", &[("title", title), ("version", version.version.clone()), ("print", print)])
}

/// What people call an axis.
pub(crate) fn axis_title(ui: &Ui, policy: &InForce, decision: &str) -> String {
    let found = policy.edition(ui.business_date).decision(decision);
    found
        .map_or_else(|_| decision.to_owned(), |found| found.sheet().title.in_language(ui.lang() == Lang::En).to_owned())
}

/// What people call an outcome; a word for none yet.
pub(crate) fn outcome_title(ui: &Ui, policy: &InForce, output: &str, value: &str) -> String {
    if value.is_empty() {
        return ui.t("standing-open");
    }
    let english = ui.lang() == Lang::En;
    let named = policy.pack().outcome(output, value).map(|outcome| outcome.title.in_language(english).to_owned());
    let kind = policy.pack().dictionary().get(output).map(|fact| &fact.kind);
    let parsed = || kind.and_then(|kind| kind.parse_literal(value).ok());
    named.or_else(|| Some(shown(ui, policy, output, &parsed()?))).unwrap_or_else(|| value.to_owned())
}
