//! Agencies, placements, evaluations and commission as a program reads them (催收机构数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Conduct, Contract};
use super::{AGENCY_VIEW, actions, commission, contract, evaluation, placing, store};

/// An agency (催收机构).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AgencyData {
    /// The key.
    id: String,
    /// 编号.
    number: String,
    /// 名称.
    name: String,
    /// 统一社会信用代码或登记号.
    registration: String,
    /// 备注.
    note: String,
    /// Whether it may be given cases today.
    appointed: bool,
    /// Since when it is on the published list; null: it is not.
    published_on: Option<String>,
    /// By when it is evaluated next.
    evaluation_due: Option<String>,
    /// Its contracts.
    contracts: Vec<ContractData>,
    /// The people who work for it now.
    staff: Vec<String>,
    /// The lines that they call from.
    lines: Vec<String>,
    /// The keys of its evaluations, the latest first.
    evaluations: Vec<String>,
    /// What it did since the last evaluation.
    conduct: ConductData,
}

/// A contract with an agency (委托催收合同).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ContractData {
    /// The key.
    id: String,
    /// The agency.
    agency: String,
    /// 合同编号.
    number: String,
    /// The first day.
    from: String,
    /// The last day.
    to: String,
    /// 委托目的.
    purpose: String,
    /// 数据返还或删除约定.
    data_terms: String,
    /// 转委托约定.
    delegation: String,
    /// 佣金率, in basis points.
    commission_bp: i64,
    /// `proposed`, `standing`, `refused` or `ended`.
    state: String,
    /// When it ended early.
    ended_on: Option<String>,
    /// Rises with every change.
    version: i64,
}

/// What an agency did in some days (机构行为指标).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ConductData {
    /// Cases that were placed.
    placed: i64,
    /// Contacts that the guard let through.
    contacts: i64,
    /// Contacts that it refused.
    refused: i64,
    /// What must be looked at.
    flagged: i64,
    /// What was not lawful.
    unlawful: i64,
    /// Complaints and disputes.
    complaints: i64,
    /// What came in, in fen.
    came_fen: i64,
}

impl From<Conduct> for ConductData {
    fn from(one: Conduct) -> Self {
        Self {
            placed: one.placed,
            contacts: one.contacts,
            refused: one.refused,
            flagged: one.flagged,
            unlawful: one.unlawful,
            complaints: one.complaints,
            came_fen: one.came.0,
        }
    }
}

impl From<Contract> for ContractData {
    fn from(one: Contract) -> Self {
        Self {
            id: one.id.to_string(),
            agency: one.agency.to_string(),
            number: one.number,
            from: one.terms.from.to_string(),
            to: one.terms.to.to_string(),
            purpose: one.terms.purpose,
            data_terms: one.terms.data,
            delegation: one.terms.delegation,
            commission_bp: one.terms.commission_bp,
            state: one.state.as_str().to_owned(),
            ended_on: one.ended_on.map(|on| on.to_string()),
            version: one.version,
        }
    }
}

/// `/api/v1/collections/agencies/{id}`
pub(super) async fn agency(Path(id): Path<String>, visit: Visit) -> Result<Data<AgencyData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::load(&mut work, &id, AGENCY_VIEW).await?;
    let publication = store::publication(&mut work.tx, one.id).await?.filter(|it| it.published);
    let contracts = store::contracts(&mut work.tx, one.id).await?.into_iter().map(ContractData::from).collect();
    let members = store::members(&mut work.tx, one.id).await?;
    let lines = store::lines(&mut work.tx, one.id).await?;
    let evaluations = store::evaluations(&mut work.tx, one.id).await?;
    let days = evaluation::period(&mut work, one.id).await?;
    Ok(Data(AgencyData {
        appointed: actions::bar(&mut work, one.id).await?.is_none(),
        published_on: publication.map(|it| it.on.to_string()),
        evaluation_due: evaluation::due(&mut work, one.id).await?.map(|(on, _)| on.to_string()),
        contracts,
        staff: members.into_iter().filter(|it| it.ended_on.is_none()).map(|it| it.user.to_string()).collect(),
        lines: lines.into_iter().map(|(number, _)| number).collect(),
        evaluations: evaluations.into_iter().map(|it| it.id.to_string()).collect(),
        conduct: evaluation::conduct(&mut work, one.id, days).await?.into(),
        id: one.id.to_string(),
        number: one.number,
        name: one.name,
        registration: one.registration,
        note: one.note,
    }))
}

/// `/api/v1/collections/agency-contracts/{id}`
pub(super) async fn contract(Path(id): Path<String>, visit: Visit) -> Result<Data<ContractData>, WebError> {
    let mut work = visit.read().await?;
    Ok(Data(contract::load(&mut work, &id, AGENCY_VIEW).await?.into()))
}

/// An agency on the published list (公示机构).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PublishedData {
    /// The agency.
    agency: String,
    /// 名称.
    name: String,
    /// 统一社会信用代码或登记号.
    registration: String,
    /// The first day of its contract.
    from: String,
    /// The last day of its contract.
    to: String,
    /// Since when it is on the list.
    published_on: String,
    /// Where the list is read.
    place: String,
}

/// `/api/v1/collections/agencies/published`
pub(super) async fn published(visit: Visit) -> Result<Data<Vec<PublishedData>>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(AGENCY_VIEW)?;
    let today = work.business_date;
    let all = store::published(&mut work.tx, today).await?.into_iter();
    let data = all.map(|(agency, publication, contract)| PublishedData {
        agency: agency.id.to_string(),
        name: agency.name,
        registration: agency.registration,
        from: contract.terms.from.to_string(),
        to: contract.terms.to.to_string(),
        published_on: publication.on.to_string(),
        place: publication.place,
    });
    Ok(Data(data.collect()))
}

/// A case placed with an agency (委外案件).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PlacementData {
    /// The key.
    id: String,
    /// The customer.
    customer: String,
    /// The case.
    case: String,
    /// The agency.
    agency: String,
    /// The contract.
    contract: String,
    /// Who works it at the agency.
    worker: String,
    /// Who answers for it in the house.
    contact: String,
    /// The rate, in basis points.
    commission_bp: i64,
    /// What was overdue then, in fen.
    overdue_fen: i64,
    /// Since when it was.
    overdue_since: String,
    /// The first day.
    from: String,
    /// The last day agreed.
    to: String,
    /// What was said to the agency.
    note: String,
    /// When it ended.
    ended_on: Option<String>,
    /// Why: `recalled`, `contract`, `term`, `evaluation` or `closed`.
    end_reason: Option<String>,
}

/// `/api/v1/collections/placements/{id}`
pub(super) async fn placement(Path(id): Path<String>, visit: Visit) -> Result<Data<PlacementData>, WebError> {
    let mut work = visit.read().await?;
    let (one, _) = placing::load(&mut work, &id, AGENCY_VIEW).await?;
    Ok(Data(PlacementData {
        id: one.id.to_string(),
        customer: one.case.customer.to_string(),
        case: one.case.case.to_string(),
        agency: one.agency.to_string(),
        contract: one.contract.to_string(),
        worker: one.worker.to_string(),
        contact: one.contact.to_string(),
        commission_bp: one.commission_bp,
        overdue_fen: one.overdue.0,
        overdue_since: one.overdue_since.to_string(),
        from: one.from.to_string(),
        to: one.to.to_string(),
        note: one.note,
        ended_on: one.ended.as_ref().map(|ended| ended.on.to_string()),
        end_reason: one.ended.map(|ended| ended.reason.as_str().to_owned()),
    }))
}

/// A score (评分).
#[derive(Debug, Serialize, JsonSchema)]
struct ScoreData {
    /// The item of the policy.
    item: String,
    /// Its weight, in per cent.
    weight: i64,
    /// From nothing to a hundred.
    points: i64,
}

/// An evaluation of an agency (机构评估).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct EvaluationData {
    /// The key.
    id: String,
    /// 编号.
    number: String,
    /// The agency.
    agency: String,
    /// `yearly`, `contract-end` or `extra`.
    occasion: String,
    /// The first day looked at.
    from: String,
    /// The last.
    to: String,
    /// The scores.
    scores: Vec<ScoreData>,
    /// Their weighted mean.
    total: i64,
    /// The figures as they stood.
    conduct: ConductData,
    /// What was found.
    findings: String,
    /// `continue`, `improve` or `stop`.
    decision: String,
    /// When it was published.
    published_on: Option<String>,
    /// When it was made.
    made_on: String,
}

/// `/api/v1/collections/agency-evaluations/{id}`
pub(super) async fn evaluation(Path(id): Path<String>, visit: Visit) -> Result<Data<EvaluationData>, WebError> {
    let one = evaluation::load(&mut visit.read().await?, &id, AGENCY_VIEW).await?;
    let scores = one.scores.into_iter();
    Ok(Data(EvaluationData {
        id: one.id.to_string(),
        number: one.number,
        agency: one.agency.to_string(),
        occasion: one.occasion.as_str().to_owned(),
        from: one.from.to_string(),
        to: one.to.to_string(),
        scores: scores.map(|it| ScoreData { item: it.item, weight: it.weight, points: it.points }).collect(),
        total: one.total,
        conduct: one.conduct.into(),
        findings: one.findings,
        decision: one.decision.as_str().to_owned(),
        published_on: one.published_on.map(|on| on.to_string()),
        made_on: one.on.to_string(),
    }))
}

/// A row of a statement (佣金明细).
#[derive(Debug, Serialize, JsonSchema)]
struct CommissionRowData {
    /// The customer.
    customer: String,
    /// The case.
    case: String,
    /// The placement.
    placement: String,
    /// The number of the repayment.
    transaction: String,
    /// Whether it was taken back.
    back: bool,
    /// When.
    on: String,
    /// How much, in fen; below zero when taken back.
    amount_fen: i64,
    /// The rate, in basis points.
    commission_bp: i64,
    /// The commission of it, in fen.
    commission_fen: i64,
}

/// A statement of commission (佣金结算单).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CommissionData {
    /// The key.
    id: String,
    /// 编号.
    number: String,
    /// The agency.
    agency: String,
    /// The first day.
    from: String,
    /// The last.
    to: String,
    /// What came in, in fen.
    base_fen: i64,
    /// The commission of it, in fen.
    amount_fen: i64,
    /// `proposed`, `approved` or `refused`.
    state: String,
    /// The approval that decides it.
    approval: Option<String>,
    /// What it is made of.
    rows: Vec<CommissionRowData>,
    /// Rises with every change.
    version: i64,
}

/// `/api/v1/collections/commissions/{id}`
pub(super) async fn commission(Path(id): Path<String>, visit: Visit) -> Result<Data<CommissionData>, WebError> {
    let (one, rows) = commission::load(&mut visit.read().await?, &id, AGENCY_VIEW).await?;
    let rows = rows.into_iter().map(|row| CommissionRowData {
        customer: row.case.customer.to_string(),
        case: row.case.case.to_string(),
        placement: row.placement.to_string(),
        transaction: row.transaction_number,
        back: row.back,
        on: row.on.to_string(),
        amount_fen: row.amount.0,
        commission_bp: row.commission_bp,
        commission_fen: row.commission.0,
    });
    Ok(Data(CommissionData {
        id: one.id.to_string(),
        number: one.number,
        agency: one.agency.to_string(),
        from: one.from.to_string(),
        to: one.to.to_string(),
        base_fen: one.base.0,
        amount_fen: one.amount.0,
        state: one.state.as_str().to_owned(),
        approval: one.approval.map(|id| id.to_string()),
        rows: rows.collect(),
        version: one.version,
    }))
}
