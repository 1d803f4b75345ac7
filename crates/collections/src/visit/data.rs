//! Visits as a program reads them (外访数据).

use axum::extract::Path;
use platform::api::Data;
use platform::duty::CONTACT_RECORD;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{VisitOrder, VisitRecord};
use super::{actions, store};
use crate::CASE_VIEW;

/// A visit order (外访单) without its address.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct VisitData {
    /// The key.
    id: String,
    /// 外访单号.
    number: String,
    /// Whose file.
    customer: String,
    /// The case.
    case: String,
    /// The day.
    on: String,
    /// From when, minutes after midnight.
    from_minute: i64,
    /// Until when, not included.
    until_minute: i64,
    /// 区域.
    district: String,
    /// What for.
    purpose: String,
    /// The papers carried.
    documents: String,
    /// Who goes.
    visitors: Vec<VisitorData>,
    /// `planned`, `issued`, `on-the-way`, `done` or `called-off`.
    state: String,
    /// When the visitors set out.
    set_out_at: Option<String>,
    /// Rises with every change.
    version: i64,
}

/// Who goes (外访人员).
#[derive(Debug, Serialize, JsonSchema)]
struct VisitorData {
    /// A person of the house; null: staff of an agency.
    user: Option<String>,
    /// 姓名.
    name: String,
    /// The agency.
    agency: String,
    /// The number of the work pass carried.
    credential: String,
    /// The last day on which it is valid.
    valid_until: String,
}

impl VisitData {
    fn of(one: &VisitOrder) -> Self {
        let plan = &one.plan;
        let visitors = plan.visitors.iter().map(|visitor| VisitorData {
            user: visitor.user.map(|user| user.to_string()),
            name: visitor.name.clone(),
            agency: visitor.agency.clone(),
            credential: visitor.credential.clone(),
            valid_until: visitor.valid_until.to_string(),
        });
        Self {
            id: one.id.to_string(),
            number: one.number.clone(),
            customer: one.case.customer.to_string(),
            case: one.case.case.to_string(),
            on: plan.on.to_string(),
            from_minute: plan.band.from,
            until_minute: plan.band.until,
            district: plan.district.clone(),
            purpose: plan.purpose.clone(),
            documents: plan.documents.clone(),
            visitors: visitors.collect(),
            state: one.state.as_str().to_owned(),
            set_out_at: one.set_out_at.map(|at| at.to_string()),
            version: one.version,
        }
    }
}

/// A visit order with what came of it (外访单与记录).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct VisitDetail {
    /// The order.
    order: VisitData,
    /// Its record, once there is one.
    record: Option<RecordData>,
    /// The keys of its photos.
    photos: Vec<String>,
}

/// What came of a visit (外访记录).
#[derive(Debug, Serialize, JsonSchema)]
struct RecordData {
    /// What it came to.
    result: String,
    /// The contact that it is.
    contact: String,
    /// When the visitors arrived.
    arrived_at: String,
    /// Whether they showed their passes.
    identified: bool,
    /// `outside`, `consented` or `uninvited`.
    entry: String,
    /// Who was met.
    met: String,
    /// Whether a third party heard nothing of the debt.
    debt_kept: bool,
    /// What was said.
    said: String,
    /// What was answered.
    response: String,
    /// Assets and business, in words.
    seen: String,
    /// Whether payment at once was talked about first.
    lump_sum: bool,
    /// `none`, `go-on`, `plan` or `sue`.
    conclusion: String,
    /// What comes next.
    next_step: String,
    /// When it was recorded.
    recorded_at: String,
}

impl RecordData {
    fn of(one: VisitRecord) -> Self {
        let content = one.content;
        Self {
            result: content.result.as_str().to_owned(),
            contact: one.contact.to_string(),
            arrived_at: content.arrived_at.to_string(),
            identified: content.identified,
            entry: content.entry.as_str().to_owned(),
            met: content.met,
            debt_kept: content.debt_kept,
            said: content.said,
            response: content.response,
            seen: content.seen,
            lump_sum: content.lump_sum,
            conclusion: content.conclusion.as_str().to_owned(),
            next_step: content.next_step,
            recorded_at: one.recorded_at.to_string(),
        }
    }
}

/// `/api/v1/visits/{id}`
pub(super) async fn order(visit: Visit, Path(id): Path<String>) -> Result<Data<VisitDetail>, WebError> {
    let mut work = visit.read().await?;
    let (order, _) = actions::load(&mut work, &id, CASE_VIEW).await?;
    let record = store::record_of(&mut work.tx, &order).await?;
    let photos = store::photos(&mut work.tx, &order).await?;
    Ok(Data(VisitDetail {
        order: VisitData::of(&order),
        record: record.map(RecordData::of),
        photos: photos.iter().map(|photo| photo.id.to_string()).collect(),
    }))
}

/// `/api/v1/visits/mine`: the orders of the asker, of today and still on the way, by district, then by hour.
pub(super) async fn mine(visit: Visit) -> Result<Data<Vec<VisitData>>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(CONTACT_RECORD)?;
    let on = platform::clock::civil_day(visit.now);
    let found = actions::to_do(&mut work, visit.user()?, on).await?;
    Ok(Data(found.iter().map(VisitData::of).collect()))
}
