//! What is measured of a project as a program reads it (梳理度量数据): exposure of classes, analysis.

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::measured::{ClassExposure, RiskRow, Slice, Year};
use super::{exposure, exposure_pages, figures, report};
use crate::VIEW;

/// The exposure of a class (分类敞口).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ClassExposureData {
    /// The axis.
    axis: String,
    /// The outcome at the beginning; empty: not decided.
    outcome: String,
    /// How many customers.
    customers: i64,
    /// The exposure at the beginning, in fen.
    start_fen: Option<i64>,
    /// The exposure now, in fen.
    now_fen: i64,
    /// What it is to come down to, in fen.
    target_fen: Option<i64>,
    /// Interest received since the beginning, in fen.
    interest_fen: i64,
    /// What is to be set aside, in fen.
    provision_fen: i64,
}

impl From<&ClassExposure> for ClassExposureData {
    fn from(one: &ClassExposure) -> Self {
        Self {
            axis: one.axis.clone(),
            outcome: one.outcome.clone(),
            customers: one.customers,
            start_fen: one.start.map(|start| start.0),
            now_fen: one.now.0,
            target_fen: one.target.map(|target| target.0),
            interest_fen: one.interest.0,
            provision_fen: one.provision.0,
        }
    }
}

/// A measurement of a class (敞口度量).
#[derive(Debug, Serialize, JsonSchema)]
struct PointData {
    /// The axis.
    axis: String,
    /// The outcome at the beginning.
    outcome: String,
    /// When.
    on: String,
    /// The exposure, in fen.
    exposure_fen: i64,
}

/// The exposure of the classes of a project, and how it was measured (敞口跟踪).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ExposureData {
    /// The classes as they were measured last.
    classes: Vec<ClassExposureData>,
    /// All measurements, in the order of days.
    points: Vec<PointData>,
}

/// `/api/v1/sorting/{id}/exposure`
pub(super) async fn exposure_data(visit: Visit, Path(id): Path<String>) -> Result<Data<ExposureData>, WebError> {
    let mut work = visit.read().await?;
    let found = exposure_pages::followed(&mut work, &id, VIEW).await?;
    let point = |one: exposure::Point| PointData {
        axis: one.axis,
        outcome: one.outcome,
        on: one.on.to_string(),
        exposure_fen: one.exposure.0,
    };
    Ok(Data(ExposureData {
        classes: found.classes.iter().map(ClassExposureData::from).collect(),
        points: found.points.into_iter().map(point).collect(),
    }))
}

/// A part of the customers of a project (分布).
#[derive(Debug, Serialize, JsonSchema)]
struct SliceData {
    /// What people call it; empty: unknown.
    title: String,
    /// How many customers.
    customers: i64,
    /// What they owe and are guaranteed for, in fen.
    exposure_fen: i64,
}

fn slices(all: Vec<Slice>) -> Vec<SliceData> {
    let slice = |one: Slice| SliceData { title: one.title.0, customers: one.customers, exposure_fen: one.exposure.0 };
    all.into_iter().map(slice).collect()
}

/// The yearly statements of a project's companies, summed up (年度报表合计).
#[derive(Debug, Serialize, JsonSchema)]
struct YearData {
    /// The year.
    year: i16,
    /// How many companies handed one in.
    companies: i64,
    /// Liabilities to assets, hundredths of a per cent.
    debt_ratio_bp: Option<i64>,
    /// Net profit to revenue, hundredths of a per cent.
    margin_bp: Option<i64>,
    /// Net profit to equity, hundredths of a per cent.
    roe_bp: Option<i64>,
}

/// How many customers bear a risk, by its grade (风险对照).
#[derive(Debug, Serialize, JsonSchema)]
struct RiskData {
    /// `credit_risk`, `industry_risk` or `project_risk`.
    risk: String,
    /// Of low risk.
    low: i64,
    /// Of medium risk.
    medium: i64,
    /// Of high risk.
    high: i64,
    /// Of unknown risk.
    unknown: i64,
}

/// The analysis of a project as its data stand today (统计与财务分析).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AnalysisData {
    /// By section of industry.
    industries: Vec<SliceData>,
    /// By size.
    sizes: Vec<SliceData>,
    /// The statements, year by year.
    years: Vec<YearData>,
    /// The risks side by side.
    risks: Vec<RiskData>,
    /// The exposure of the classes.
    classes: Vec<ClassExposureData>,
}

/// `/api/v1/sorting/{id}/analysis`
pub(super) async fn analysis(visit: Visit, Path(id): Path<String>) -> Result<Data<AnalysisData>, WebError> {
    let mut work = visit.read().await?;
    let one = report::whole(&mut work, &id, VIEW).await?;
    let measured = figures::figures(&mut work, &one).await?.measured;
    let found = measured.analysis;
    let year = |one: &Year| YearData {
        year: one.year,
        companies: one.companies,
        debt_ratio_bp: one.debt_bp(),
        margin_bp: one.margin_bp(),
        roe_bp: one.roe_bp(),
    };
    let risk = |one: RiskRow| {
        let (low, medium, high, unknown) = one.customers;
        RiskData { risk: one.risk, low, medium, high, unknown }
    };
    Ok(Data(AnalysisData {
        industries: slices(found.industries),
        sizes: slices(found.sizes),
        years: found.years.iter().map(year).collect(),
        risks: found.risks.into_iter().map(risk).collect(),
        classes: measured.classes.iter().map(ClassExposureData::from).collect(),
    }))
}
