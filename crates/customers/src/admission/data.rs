//! An admission review as a program reads it (准入审查数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions;
use super::model::{Check, Item, Review, Sheet};

/// An admission review (准入审查): what is applied for, what was checked, where it stands.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AdmissionData {
    /// The key.
    id: String,
    /// 准入审查编号.
    number: String,
    /// Whose file.
    customer: String,
    /// `begun`, `returned`, `submitted`, `fit`, `not_fit` or `withdrawn`.
    state: String,
    /// The product.
    product: String,
    /// What is applied for, in fen.
    amount_fen: i64,
    /// For how long, months.
    months: i64,
    /// The way of securing it.
    method: String,
    /// What for.
    purpose: String,
    /// The source of repayment.
    repayment_source: String,
    /// What the preliminary review found.
    preliminary: String,
    /// Who began it.
    begun_by: String,
    /// When it was begun.
    begun_on: String,
    /// Who submitted the check sheet.
    assessor: Option<String>,
    /// The approval that decides it.
    approval: Option<String>,
    /// When it was decided.
    decided_on: Option<String>,
    /// The check sheet; none before it was submitted.
    sheet: Option<SheetData>,
    /// Rises with every change.
    version: i64,
}

/// A check sheet (核查表).
#[derive(Debug, Serialize, JsonSchema)]
struct SheetData {
    /// `fit` or `not_fit`.
    conclusion: String,
    /// Why, where it is not fit.
    reason: String,
    /// The assessor's opinion.
    opinion: String,
    /// What mitigates a weak credit.
    mitigants: String,
    /// The amount proposed, in fen.
    granted_fen: i64,
    /// The term proposed, months.
    granted_months: i64,
    /// The yearly rate proposed, billionths.
    rate_e9: i64,
    /// The monthly payment by equal instalments, in fen.
    payment_fen: i64,
    /// Whether the longer chain decides.
    risky: bool,
    /// Whether the fast chain decides, before others.
    fast: bool,
    /// How much of what was applied for the classes let be lent, parts per million; null on older sheets.
    share_ppm: Option<i64>,
    /// Base points by which the classes let the rate lie below the usual floor; null on older sheets.
    cut_bp: Option<i64>,
    /// The checks of the policy.
    checks: Vec<CheckData>,
    /// The items with their evidence.
    items: Vec<SheetItemData>,
    /// The means of checking.
    reviews: Vec<ReviewData>,
}

/// A check of an admission review (准入判定).
#[derive(Debug, Serialize, JsonSchema)]
struct CheckData {
    /// The decision.
    decision: String,
    /// What it gave.
    value: Option<String>,
    /// `passed`, `failed`, `risky` or `lacking`.
    verdict: String,
    /// The rule.
    rule: String,
    /// The row that hit.
    row: String,
    /// The articles.
    articles: Vec<String>,
    /// The facts to be supplied.
    lacking: Vec<String>,
}

/// An item of a check sheet (核查项).
#[derive(Debug, Serialize, JsonSchema)]
struct SheetItemData {
    /// The fact.
    fact: String,
    /// `file`, `note` or empty: the evidence that the policy asks for.
    needs: String,
    /// The value.
    value: Option<String>,
    /// Where it comes from.
    source: String,
    /// Of which day it is.
    on: Option<String>,
    /// The document that proves it.
    document: Option<String>,
    /// What the assessor says of it.
    note: String,
}

/// By which means a subject was checked (核实方式).
#[derive(Debug, Serialize, JsonSchema)]
struct ReviewData {
    /// `income`, `asset`, `debt` or `report`.
    subject: String,
    /// The means.
    means: Vec<String>,
    /// How many the policy asks for.
    least: i64,
}

fn check(one: Check) -> CheckData {
    CheckData {
        decision: one.decision,
        value: one.value,
        verdict: one.verdict,
        rule: one.rule,
        row: one.row,
        articles: one.articles,
        lacking: one.lacking,
    }
}

fn item(one: Item) -> SheetItemData {
    SheetItemData {
        fact: one.fact,
        needs: one.needs,
        value: one.value,
        source: one.source,
        on: one.on.map(|on| on.to_string()),
        document: one.document.map(|id| id.to_string()),
        note: one.note,
    }
}

fn review(one: Review) -> ReviewData {
    ReviewData { subject: one.subject, means: one.means, least: one.least }
}

fn sheet(one: Sheet) -> SheetData {
    let (fast, share) = (one.is_fast(), one.lending.as_ref().map(|lending| (lending.share_ppm, lending.cut_bp)));
    SheetData {
        conclusion: one.conclusion,
        reason: one.reason,
        opinion: one.opinion,
        mitigants: one.mitigants,
        granted_fen: one.terms.amount.0,
        granted_months: one.terms.months,
        rate_e9: one.terms.rate_e9,
        payment_fen: one.terms.payment.0,
        risky: one.risky,
        fast,
        share_ppm: share.map(|(share, _)| share),
        cut_bp: share.map(|(_, cut)| cut),
        checks: one.checks.into_iter().map(check).collect(),
        items: one.items.into_iter().map(item).collect(),
        reviews: one.reviews.into_iter().map(review).collect(),
    }
}

/// `/api/v1/admissions/{id}`
pub(super) async fn admission(Path(id): Path<String>, visit: Visit) -> Result<Data<AdmissionData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id).await?;
    Ok(Data(AdmissionData {
        id: one.id.to_string(),
        number: one.number,
        customer: one.customer.to_string(),
        state: one.state.as_str().to_owned(),
        product: one.application.product,
        amount_fen: one.application.amount.0,
        months: one.application.months,
        method: one.application.method,
        purpose: one.application.purpose,
        repayment_source: one.application.repayment_source,
        preliminary: one.application.preliminary,
        begun_by: one.begun_by.to_string(),
        begun_on: one.begun_on.to_string(),
        assessor: one.assessor.map(|id| id.to_string()),
        approval: one.approval.map(|id| id.to_string()),
        decided_on: one.decided_on.map(|on| on.to_string()),
        sheet: one.sheet.map(sheet),
        version: one.version,
    }))
}
