//! The clocks of a loan as a program reads them (时效数据).

use axum::extract::Path;
use jiff::civil::Date;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions::{find_key, look};
use super::model::{ClockState, Effect, GuaranteePeriod, GuaranteeState, LegalEvent, RecordedEvent};

/// All clocks of a loan as they stand today (借据时效).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ClocksData {
    /// The loan.
    loan: String,
    /// What is still owed, in fen.
    owed_fen: i64,
    /// The day that the claim's limitation runs from.
    from: String,
    /// `not-begun`, `running`, `held` or `expired`.
    state: String,
    /// The last day while it runs, or the day with which it ended.
    until: Option<String>,
    /// The day beyond which no interruption helps.
    absolute: String,
    /// What each event did to the claim's clock, in order.
    steps: Vec<StepData>,
    /// Each guarantee in force.
    guarantees: Vec<GuaranteeData>,
    /// What was recorded by hand.
    events: Vec<EventData>,
}

/// What an event did to a clock (时效效果).
#[derive(Debug, Serialize, JsonSchema)]
struct StepData {
    /// The fact that it comes from.
    fact: String,
    /// What happened.
    kind: String,
    /// When.
    on: String,
    /// When a proceeding ended.
    ended_on: Option<String>,
    /// What it did: `restarted`, `held`, `revived`, or why it did nothing.
    effect: String,
    /// The day until which it runs anew.
    until: Option<String>,
}

/// A guarantee period (保证期间).
#[derive(Debug, Serialize, JsonSchema)]
struct GuaranteeData {
    /// The security.
    id: String,
    /// The guarantor.
    guarantor: String,
    /// The last day of the period.
    until: String,
    /// Whether that day was agreed; otherwise it is the law's.
    agreed: bool,
    /// `not-begun`, `running`, `kept` or `lost`.
    state: String,
    /// When the guarantor was called on.
    called_on: Option<String>,
}

/// An event as it was recorded (时效事项).
#[derive(Debug, Serialize, JsonSchema)]
struct EventData {
    /// The key.
    id: String,
    /// The guarantee that it was done to; null: the debtor.
    guarantee: Option<String>,
    /// What happened.
    kind: String,
    /// When.
    on: String,
    /// What proves it.
    evidence: String,
    /// When it was recorded.
    recorded_at: String,
}

/// The last day of a clock that runs or ran out.
pub(crate) fn until(state: ClockState) -> Option<Date> {
    match state {
        ClockState::NotBegun | ClockState::Held { .. } => None,
        ClockState::Running { until: on } | ClockState::Expired { on } => Some(on),
    }
}

fn step((event, effect): (LegalEvent, Effect)) -> StepData {
    let until = match effect {
        Effect::Restarted(on) | Effect::Revived(on) => Some(on.to_string()),
        Effect::Held
        | Effect::BeforeStart
        | Effect::SignerDoesNotBind
        | Effect::NotMissing
        | Effect::AfterExpiry
        | Effect::HeldAlready => None,
    };
    StepData {
        fact: event.fact,
        kind: event.kind.as_str().to_owned(),
        on: event.on.to_string(),
        ended_on: event.ended_on.map(|on| on.to_string()),
        effect: effect.code().to_owned(),
        until,
    }
}

fn guarantee(id: i64, guarantor: String, period: &GuaranteePeriod) -> GuaranteeData {
    let called_on = match period.state {
        GuaranteeState::Kept { on, .. } => Some(on.to_string()),
        GuaranteeState::NotBegun | GuaranteeState::Running { .. } | GuaranteeState::Lost { .. } => None,
    };
    GuaranteeData {
        id: id.to_string(),
        guarantor,
        until: period.until.to_string(),
        agreed: period.agreed,
        state: period.state.code().to_owned(),
        called_on,
    }
}

fn event(one: RecordedEvent) -> EventData {
    EventData {
        id: one.id.to_string(),
        guarantee: one.guarantee.map(|id| id.to_string()),
        kind: one.event.kind.as_str().to_owned(),
        on: one.event.on.to_string(),
        evidence: one.evidence,
        recorded_at: one.recorded_at.to_string(),
    }
}

/// `/api/v1/loans/{id}/clocks`
pub(super) async fn clocks(visit: Visit, Path(id): Path<String>) -> Result<Data<ClocksData>, WebError> {
    let mut work = visit.read().await?;
    let key = find_key(&mut work, &id).await?;
    let it = look(&mut work, key).await?;
    let guarantees = it.guarantees.into_iter().map(|(line, period)| guarantee(line.id, line.who, &period));
    Ok(Data(ClocksData {
        loan: key.loan.to_string(),
        owed_fen: it.owed.0,
        from: it.claim.from.to_string(),
        state: it.claim.state.code().to_owned(),
        until: until(it.claim.state).map(|on| on.to_string()),
        absolute: it.claim.absolute.to_string(),
        steps: it.claim.steps.into_iter().map(step).collect(),
        guarantees: guarantees.collect(),
        events: it.events.into_iter().map(event).collect(),
    }))
}
