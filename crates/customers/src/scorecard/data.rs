//! A fit as a program reads it (评分卡拟合数据). Fractions come as texts with six decimals: the interface has no floats.

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions;

/// A fit of a scorecard (评分卡拟合): what data gave which card, or why they gave none.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FitData {
    /// The key.
    id: String,
    /// What the card is called.
    title: String,
    /// `person` or `company`.
    of: String,
    /// The name of the file.
    file: String,
    /// Its SHA-256.
    digest: String,
    /// How many rows.
    rows: i64,
    /// Columns that are no facts of the rules.
    ignored: Vec<String>,
    /// Why the data give no card.
    refused: Option<String>,
    /// KS, AUC on the rows fitted on.
    train: Option<MeasureData>,
    /// KS, AUC on the rows held out.
    test: Option<MeasureData>,
    /// How far the held-out scores lie otherwise.
    psi: Option<String>,
    /// Points that everybody begins with.
    base_points: Option<i64>,
    /// The columns of the card.
    terms: Vec<TermData>,
    /// The draft that it became.
    draft: Option<String>,
}

/// Measures of a sample (评价指标).
#[derive(Debug, Serialize, JsonSchema)]
struct MeasureData {
    /// Good rows.
    good: u64,
    /// Bad rows.
    bad: u64,
    /// The largest distance between the shares.
    ks: String,
    /// The chance that a good row scores higher.
    auc: String,
}

/// A column of a card (入模变量).
#[derive(Debug, Serialize, JsonSchema)]
struct TermData {
    /// The fact.
    fact: String,
    /// The information value.
    iv: String,
    /// Points of each bin in order.
    points: Vec<i64>,
}

fn decimals(value: f64) -> String {
    format!("{value:.6}")
}

fn measured(of: &scoring::Measured) -> Option<MeasureData> {
    let any = of.good + of.bad > 0;
    any.then(|| MeasureData { good: of.good, bad: of.bad, ks: decimals(of.ks), auc: decimals(of.auc) })
}

/// `/api/v1/scorecards/fits/{id}`
pub(super) async fn fit(Path(id): Path<String>, visit: Visit) -> Result<Data<FitData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id).await?;
    let fitted = one.outcome.as_ref().ok();
    let term = |term: &scoring::Term| TermData {
        fact: term.binned.name.clone(),
        iv: decimals(term.binned.iv),
        points: term.points.clone(),
    };
    Ok(Data(FitData {
        id: one.id.to_string(),
        of: one.kind.as_str().to_owned(),
        refused: one.outcome.as_ref().err().map(ToString::to_string),
        train: fitted.and_then(|fitted| measured(&fitted.train)),
        test: fitted.and_then(|fitted| measured(&fitted.test)),
        psi: fitted.map(|fitted| decimals(fitted.psi)),
        base_points: fitted.map(|fitted| fitted.base_points),
        terms: fitted.map(|fitted| fitted.terms.iter().map(term).collect()).unwrap_or_default(),
        draft: one.draft.map(|draft| draft.to_string()),
        title: one.title.clone(),
        file: one.file.clone(),
        digest: one.digest.clone(),
        rows: one.rows,
        ignored: one.ignored.clone(),
    }))
}
