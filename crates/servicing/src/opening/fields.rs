//! The fields of a new loan: what the product leaves open, with what was typed.

use platform::error::{FieldError, Refused};
use platform::page::{Choice, Field, Input, Ui};
use policy::Product;

use super::model::{DAYS, FIRST_PERIODS, METHODS, OpeningForm, RATE_KINDS, REST_DAYS, UNITS, leaves_free};
use super::store::Contract;
use crate::loan::model::Security;
use crate::security::model::SecurityKind;
use crate::security::pages::{identity, identity_kind};

fn choices(ui: &Ui, prefix: &str, of: &[&str]) -> Vec<Choice> {
    of.iter().map(|id| Choice::new(*id, ui.t(format!("{prefix}-{}", id.replace('_', "-"))))).collect()
}

/// Whose money, how much, at what rate, for how long.
pub(super) fn main(ui: &Ui, typed: &OpeningForm, contracts: &[Contract]) -> Vec<Field> {
    let mut all = Vec::new();
    if !contracts.is_empty() {
        let mut of = vec![Choice::new("new", ui.t("opening-contract-new"))];
        of.extend(contracts.iter().map(|c| {
            let left = c.amount.checked_sub(c.used).unwrap_or_default();
            Choice::new(c.id.to_string(), ui.t2("opening-contract-of", "number", &c.number, "left", ui.yuan(left)))
        }));
        all.push(Field::new("contract", ui.t("opening-contract"), Input::Select(of)).value(&typed.contract));
    }
    let text = |name: &str, id: &str, value: &str| Field::new(name, ui.t(id), Input::Text).value(value);
    let money = |name: &str, id: &str, value: &str| Field::new(name, ui.t(id), Input::Money).value(value);
    let date = |name: &str, id: &str, value: &str| Field::new(name, ui.t(id), Input::Date).value(value);
    all.extend([
        money("principal", "loan-principal", &typed.principal).required(),
        Field::new("rate_kind", ui.t("opening-rate-kind"), Input::Select(choices(ui, "rate-kind", &RATE_KINDS)))
            .value(&typed.rate_kind),
        Field::new("rate", ui.t("opening-rate"), Input::Number)
            .value(&typed.rate)
            .required()
            .hint(ui.t("opening-rate-hint")),
        date("start_on", "opening-start", &typed.start_on).required(),
        Field::new("periods", ui.t("opening-periods"), Input::Number)
            .value(&typed.periods)
            .hint(ui.t("opening-periods-hint")),
        date("maturity_on", "loan-maturity", &typed.maturity_on).hint(ui.t("opening-maturity-hint")),
        text("purpose", "loan-purpose", &typed.purpose).required(),
        Field::new("security", ui.t("terms-security"), Input::Select(security(ui))).value(&typed.security),
    ]);
    all
}

fn security(ui: &Ui) -> Vec<Choice> {
    let names: Vec<&str> = Security::ALL.iter().map(|s| s.as_str()).collect();
    choices(ui, "security", &names)
}

/// The schedule: only what the product does not fix.
pub(super) fn schedule(ui: &Ui, typed: &OpeningForm, product: &Product) -> Vec<Field> {
    let mut all = Vec::new();
    let number = |name: &str, id: &str, value: &str| Field::new(name, ui.t(id), Input::Number).value(value);
    let select =
        |name: &str, id: &str, of: Vec<Choice>, value: &str| Field::new(name, ui.t(id), Input::Select(of)).value(value);
    if leaves_free(product, "method") {
        all.push(select("method", "terms-method", choices(ui, "method", &METHODS), &typed.method));
        let residual = Field::new("residual", ui.t("opening-residual"), Input::Money).value(&typed.residual);
        all.push(residual.hint(ui.t("opening-residual-hint")));
        let over = number("amortised_over", "opening-amortised-over", &typed.amortised_over);
        all.push(over.hint(ui.t("opening-amortised-over-hint")));
        let plan = Field::new("plan", ui.t("opening-plan"), Input::Area).value(&typed.plan);
        all.push(plan.hint(ui.t("opening-plan-hint")));
    }
    if leaves_free(product, "down_payment") {
        let down = Field::new("down_payment", ui.t("opening-down-payment"), Input::Money).value(&typed.down_payment);
        all.push(down.hint(ui.t("opening-down-payment-hint")));
    }
    if leaves_free(product, "frequency") {
        all.push(number("every", "opening-every", &typed.every));
        all.push(select("unit", "opening-unit", choices(ui, "unit", &UNITS), &typed.unit));
    }
    if leaves_free(product, "repayment_day") {
        let days = choices(ui, "repayment-day", &DAYS);
        all.push(select("repayment_day", "opening-repayment-day", days, &typed.repayment_day));
        all.push(number("day", "opening-day", &typed.day).hint(ui.t("opening-day-hint")));
    }
    let first = Field::new("first_due_on", ui.t("opening-first-due"), Input::Date).value(&typed.first_due_on);
    all.push(first.hint(ui.t("opening-first-due-hint")));
    if leaves_free(product, "first_period") {
        let of = choices(ui, "first-period", &FIRST_PERIODS);
        all.push(select("first_period", "opening-first-period", of, &typed.first_period));
    }
    if leaves_free(product, "rest_days") {
        all.push(select("rest_days", "terms-rest-days", choices(ui, "rest-days", &REST_DAYS), &typed.rest_days));
    }
    if leaves_free(product, "grace") {
        all.push(number("grace_principal", "opening-grace-principal", &typed.grace_principal));
        all.push(number("grace_interest", "opening-grace-interest", &typed.grace_interest));
        all.push(number("interest_free", "opening-interest-free", &typed.interest_free));
    }
    all
}

/// Numbers, the contract, and money that is paid out later.
pub(super) fn contract(ui: &Ui, typed: &OpeningForm, pays: bool) -> Vec<Field> {
    let text = |name: &str, id: &str, value: &str| Field::new(name, ui.t(id), Input::Text).value(value);
    let money = |name: &str, id: &str, value: &str| Field::new(name, ui.t(id), Input::Money).value(value);
    vec![
        money("drawn", "opening-drawn", &typed.drawn).hint(ui.t(if pays {
            "opening-drawn-hint"
        } else {
            "opening-drawn-later"
        })),
        money("contract_amount", "opening-contract-amount", &typed.contract_amount)
            .hint(ui.t("opening-contract-amount-hint")),
        Field::new("signed_on", ui.t("opening-signed"), Input::Date)
            .value(&typed.signed_on)
            .hint(ui.t("opening-signed-hint")),
        text("contract_number", "opening-contract-number", &typed.contract_number).hint(ui.t("opening-number-hint")),
        text("number", "loan-number", &typed.number).hint(ui.t("opening-number-hint")),
        text("rescue", "opening-rescue", &typed.rescue).hint(ui.t("opening-rescue-hint")),
        text("note", "loan-note-field", &typed.note),
    ]
}

/// One guarantor and one thing; more are added on the loan's page.
pub(super) fn securities(ui: &Ui, typed: &OpeningForm) -> Vec<Field> {
    let text = |name: &str, id: &str, value: &str| Field::new(name, ui.t(id), Input::Text).value(value);
    let money = |name: &str, id: &str, value: &str| Field::new(name, ui.t(id), Input::Money).value(value);
    let select = |name: &str, id: &str, of: fn(&SecurityKind) -> bool, value: &str| {
        let names: Vec<&str> = SecurityKind::ALL.iter().filter(|kind| of(kind)).map(|kind| kind.as_str()).collect();
        Field::new(name, ui.t(id), Input::Select(choices(ui, "security-kind", &names))).value(value)
    };
    let guarantee = |kind: &SecurityKind| matches!(kind, SecurityKind::Guarantee(_));
    let collateral = |kind: &SecurityKind| matches!(kind, SecurityKind::Collateral(_));
    vec![
        text("guarantor", "security-guarantor", &typed.guarantor),
        identity_kind(ui, "guarantor_identity_kind", &typed.guarantor_identity_kind),
        identity(ui, "guarantor_identity", &typed.guarantor_identity),
        select("guarantee_kind", "security-guarantee-kind", guarantee, &typed.guarantee_kind),
        money("guarantee_amount", "security-guarantee-amount", &typed.guarantee_amount),
        Field::new("guarantee_until", ui.t("security-until"), Input::Date).value(&typed.guarantee_until),
        text("thing", "security-thing", &typed.thing),
        select("thing_kind", "security-head-kind", collateral, &typed.thing_kind),
        text("owner", "security-owner", &typed.owner).hint(ui.t("security-owner-hint")),
        money("thing_value", "security-value", &typed.thing_value),
    ]
}

/// The field that a refusal is about.
fn field_of(code: &str) -> Option<&'static str> {
    Some(match code {
        "terms.principal-not-positive" | "terms.amount-too-large" | "above-contract" | "terms.overflow" => "principal",
        "terms.no-term" | "terms.no-periods" | "terms.too-many-periods" | "terms.out-of-range" => "periods",
        "terms.maturity-not-after-start" => "maturity_on",
        "terms.dates-not-ascending" => "first_due_on",
        "terms.bad-repayment-day" | "terms.day-needs-months" => "day",
        "terms.bad-frequency" => "every",
        "terms.rate-out-of-range" | "terms.lpr-missing" | "cost-above-cap" => "rate",
        "terms.grace-too-long" => "grace_principal",
        "terms.date-out-of-range" | "after-business-date" => "start_on",
        "signed-after-start" => "signed_on",
        "product-for-persons" | "product-for-companies" => "product",
        "use-excluded" => "purpose",
        "admission-unfit-amount" | "admission-unfit-used-up" => "principal",
        "admission-unfit-term" => "periods",
        "admission-unfit-rate" | "rate-below-floor" => "rate",
        "admission-unfit-expired" => "signed_on",
        "drawn-above-principal" | "replay.over-drawn" => "drawn",
        "contract-not-found" => "contract",
        "relation-several-of-name" | "relation-to-itself" => "guarantor_identity",
        // Of the room that agrees to rescue money too.
        code if code.starts_with("rescue-") => "rescue",
        _ => return None,
    })
}

/// The field of a part of the terms that does not fit the principal.
fn field_of_part(part: &str) -> Option<&'static str> {
    match part {
        "down_payment" => Some("down_payment"),
        "balloon.amount" => Some("residual"),
        "custom.principal" => Some("plan"),
        _ => None,
    }
}

/// A refusal as the complaint of one field, where it is about one.
pub(super) fn complaint(refused: &Refused) -> Option<FieldError> {
    let field = match refused.code {
        "terms.sum-mismatch" => field_of_part(refused.details.iter().find(|(name, _)| *name == "part")?.1.as_str())?,
        code => field_of(code)?,
    };
    Some(FieldError { field, code: refused.code, details: refused.details.clone() })
}
