//! The page of the income-to-repayment calculator: what is asked stands in the address, the answer shows its derivation.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use finance::Fen;
use platform::id::CustomerId;
use platform::locale::Lang;
use platform::page::{Button, Choice, Derivation, Field, FieldError, Html, Icon, Input, Look, Page, Ui};
use platform::policies::{self, InForce};
use platform::web::{Routes, Visit, WebError};
use policy::{EvalError, FactType, Facts, Unit, Value};

use super::model::{Asked, FACTS, Wanted};
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::datum::facts::{self, Known};
use crate::datum::view::{shown, title};
use crate::standing::why::{lacking, outcome_title, pack_line, rule};

/// What is decided of the loan asked about.
pub(super) const DECISIONS: [&str; 2] = ["repayment_ratio", "longest_term"];

/// Where the page is.
pub fn routes() -> Routes {
    Routes::new().get("/customers/{id}/capacity", VIEW, show).data::<super::data::CapacityData, _, _>(
        "/customers/{id}/capacity",
        VIEW,
        super::data::capacity,
    )
}

async fn show(visit: Visit, Path(id): Path<CustomerId>, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, VIEW).await?;
    let today = work.business_date;
    let policy = policies::in_force(&mut work, today).await?;
    let known = facts::known(&mut work, &customer, &policy, today).await?;
    let (answer, wrong) = match asked.is_blank() {
        true => (hint(&ui, "capacity-ask"), Vec::new()),
        false => match answer(&ui, &policy, &asked, &known) {
            Ok(answer) => (answer, Vec::new()),
            Err(wrong) => (hint(&ui, "capacity-ask"), wrong),
        },
    };
    let fields: Vec<Field> = fields(&ui, &policy, &asked, &known)
        .into_iter()
        .map(|field| {
            let found = wrong.iter().find(|one| one.field == field.name);
            let error = found.map(|one| {
                let details: Vec<(&str, &str)> = one.details.iter().map(|(k, v)| (*k, v.as_str())).collect();
                FieldError { text: ui.tn(format!("error-{}", one.code), &details), article: None }
            });
            field.error(error)
        })
        .collect();
    let body = draw(&ui, id, &fields, &answer);
    let back = Button::link(Look::Secondary, ui.t("customer-back"), format!("/customers/{id}")).icon(Icon::ArrowLeft);
    let proofs = Button::link(Look::Secondary, ui.t("asset-proof-title"), crate::asset_proof::page_of(id));
    let tools = ui.buttons(vec![proofs.icon(Icon::FileCheck), back]);
    let page = Page::new(ui.t("capacity-title"), "customers").subtitle(customer.name).actions(tools);
    let mut response = visit.page_of(&page, &body)?;
    if !wrong.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn draw(ui: &Ui, id: CustomerId, fields: &[Field], answer: &Html) -> Html {
    let mut out = Html::new();
    out.raw("<div class=\"columns two\"><section class=\"panel\"><form method=\"get\" class=\"panel-body form grid\"");
    out.attr("action", format!("/customers/{id}/capacity")).raw(">").push(&ui.error_summary(fields));
    for field in fields {
        out.push(&ui.field(field));
    }
    let submit = Button::submit(Look::Primary, ui.t("capacity-compute")).icon(Icon::Calculator);
    out.raw("<div class=\"buttons\">").push(&ui.button(submit)).raw("</div></form></section>");
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("capacity-answer"));
    out.raw("</h2></header>").push(answer).raw("</section></div>");
    out
}

fn hint(ui: &Ui, id: &str) -> Html {
    let mut out = Html::new();
    out.raw("<div class=\"panel-body\"><p class=\"hint\">").text(ui.t(id)).raw("</p></div>");
    out
}

fn fields(ui: &Ui, policy: &InForce, asked: &Asked, known: &Known) -> Vec<Field> {
    let mut fields = vec![
        Field::new("amount", ui.t("capacity-amount"), Input::Money).value(&asked.amount).required(),
        Field::new("rate", ui.t("capacity-rate"), Input::Number).value(&asked.rate).required(),
        Field::new("months", ui.t("capacity-months"), Input::Number).value(&asked.months).required(),
    ];
    for name in FACTS {
        let Some(fact) = policy.pack().dictionary().get(name) else { continue };
        let blank = Choice::new("", ui.t("capacity-from-file"));
        let input = match &fact.kind {
            FactType::Boolean => Input::Select(vec![
                blank,
                Choice::new("true", ui.t("datum-yes")),
                Choice::new("false", ui.t("datum-no")),
            ]),
            FactType::OneOf { values, .. } => {
                let listed = values.iter().map(|value| Choice::new(value, outcome_title(ui, policy, name, value)));
                Input::Select(std::iter::once(blank).chain(listed).collect())
            }
            FactType::Integer { unit: Unit::Fen, .. } => Input::Money,
            FactType::Integer { .. } => Input::Number,
            FactType::Date | FactType::Text => Input::Text,
        };
        let held = known.facts.get(name).map(|value| ui.t1("capacity-held", "value", shown(ui, policy, name, value)));
        let typed = asked.facts.get(name).map_or("", String::as_str);
        fields.push(Field::new(name, title(ui, policy, name), input).value(typed).hint(held.unwrap_or_default()));
    }
    fields
}

/// Ratio and longest term with the arithmetic, the rows and the articles (S5.6-03…10).
fn answer(ui: &Ui, policy: &InForce, asked: &Asked, known: &Known) -> Result<Html, Vec<platform::error::FieldError>> {
    let loan = asked.loan()?;
    let mut facts = asked.facts(&known.facts, policy.pack().dictionary())?;
    facts.insert("payment_fen".to_owned(), Value::Integer(loan.payment.0));
    let mut out = Html::new();
    out.raw("<div class=\"panel-body\">").push(&payment(ui, &loan));
    for decision in DECISIONS {
        out.push(&derived(ui, policy, decision, &facts, &loan));
    }
    out.raw("</div>");
    Ok(out)
}

fn payment(ui: &Ui, loan: &Wanted) -> Html {
    let mut out = Html::new();
    out.raw("<p>").text(ui.t("capacity-payment")).raw(" <b class=\"num\">").text(ui.yuan(loan.payment));
    let rate = platform::locale::rate_percent(loan.yearly_e9);
    let about = [("amount", ui.yuan(loan.amount)), ("rate", rate), ("months", loan.months.to_string())];
    out.raw("</b> <span class=\"muted\">").text(ui.tn("capacity-payment-of", &about)).raw("</span></p>");
    out
}

/// One decision with the figures it gives and the rows it and those below it hit.
fn derived(ui: &Ui, policy: &InForce, decision: &str, facts: &Facts, loan: &Wanted) -> Html {
    let mut out = Html::new();
    let edition = policy.edition(ui.business_date);
    let found = match edition.derive(decision, facts) {
        Ok(found) => found,
        Err(EvalError::UnknownDecision { .. } | EvalError::NoRule { .. }) => {
            return hint(ui, "capacity-no-rule");
        }
        Err(_) => {
            out.raw("<ul>");
            for fact in edition.lacking(decision, facts) {
                out.raw("<li>").text(lacking(ui, policy, &fact)).raw("</li>");
            }
            out.raw("</ul>");
            return out;
        }
    };
    out.raw("<dl class=\"facts\">");
    for (name, value) in found.decision.outputs.first().into_iter().flatten() {
        let Some(value) = value else { continue };
        let word = match value {
            Value::Text(text) => outcome_title(ui, policy, name, text),
            _ => shown(ui, policy, name, value),
        };
        out.raw("<dt>").text(ui.t(format!("capacity-{}", name.replace('_', "-")))).raw("</dt><dd><b>").text(word);
        out.raw("</b>");
        if let ("term_capped_years", Some(years)) = (name.as_str(), value.as_integer())
            && i64::from(loan.months) > years.saturating_mul(12)
        {
            out.raw(" <span class=\"text-doubt\">").text(ui.t("capacity-too-long")).raw("</span>");
        }
        out.raw("</dd>");
    }
    out.raw("</dl>");
    let made = found.below.iter().chain(std::iter::once(&found.decision));
    let derivation = Derivation {
        title: found.decision.title.in_language(ui.lang() == Lang::En).to_owned(),
        rules: made.map(|made| rule(ui, policy, made)).collect(),
        pack: pack_line(ui, policy),
        ..Derivation::default()
    };
    out.raw("<details><summary>").text(ui.t("capacity-derivation")).raw("</summary>");
    out.push(&lines(ui, &found.facts, &found.decision, policy)).push(&rules(ui, &derivation)).raw("</details>");
    out
}

/// The figures that went into the decision.
fn lines(ui: &Ui, facts: &Facts, decision: &policy::Evaluation, policy: &InForce) -> Html {
    let mut out = Html::new();
    out.raw("<dl class=\"facts\">");
    for input in decision.inputs.iter().filter(|input| input.formula.is_none()) {
        let Some(value) = facts.get(&input.name) else { continue };
        let value = match (input.name.as_str(), value) {
            ("payment_fen", Value::Integer(fen)) => ui.t1("datum-yuan", "amount", ui.yuan(Fen(*fen))),
            (name, Value::Text(text)) => outcome_title(ui, policy, name, text),
            (name, value) => shown(ui, policy, name, value),
        };
        out.raw("<dt>").text(title(ui, policy, &input.name)).raw("</dt><dd class=\"num\">").text(value).raw("</dd>");
    }
    out.raw("</dl>");
    out
}

fn rules(ui: &Ui, derivation: &Derivation) -> Html {
    let mut out = Html::new();
    out.raw("<ol class=\"lines\">");
    for rule in &derivation.rules {
        out.raw("<li><div>").text(&rule.text).raw(" ").push(&ui.rule(&rule.id));
        for (address, article) in &rule.articles {
            out.raw(" ").push(&ui.citation(address, article));
        }
        out.raw("</div><b class=\"num\">").text(&rule.value).raw("</b></li>");
    }
    out.raw("</ol><p class=\"hint\">").text(&derivation.pack).raw("</p>");
    out
}
