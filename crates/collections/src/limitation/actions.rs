//! Use cases of limitation: look at a loan's clocks, record what happened to them, keep them for lists and warnings.

use std::collections::BTreeMap;

use finance::{Fen, Position, TransactionKind};
use platform::audit::Entry;
use platform::duty::{self, Case, DutyKind, Evidence};
use platform::error::{ActionError, FieldError, Refused};
use platform::event::{BoxFuture, Event, Subscriber};
use platform::policies::{self, PolicyError};
use platform::work::Work;
use policy::{Facts, Value};
use serde_json::json;
use servicing::error::ServicingError;
use servicing::loan::actions::load_within;
use servicing::loan::model::{LoanFile, LoanId, LoanKey, LoanState};
use servicing::loan::store as loans;
use servicing::position::engine::Engine;
use servicing::security::model::{SecurityKind, SecurityLine};
use servicing::security::store as securities;

use super::model::{
    Clock, ClockState, EventId, EventKind, GuaranteePeriod, GuaranteeState, LegalEvent, Limitation, NewEvent,
    RecordedEvent,
};
use super::rules::{self, Guarantee, Periods};
use super::store;
use crate::LIMITATION_RECORD;
use crate::known::Known;

/// The trigger of the duties that warn.
const WARNING: &str = "limitation.warning";
/// The duty that warns: its form is the page of the loan's clocks.
pub const DUTY: DutyKind =
    DutyKind { kind: "limitation_warning", verb: "limitation-warning-verb", form: "/loans/{subject}/clocks" };

/// All clocks of a loan as they stand today (借据时效).
#[derive(Debug, Clone)]
pub struct LoanClocks {
    /// The loan.
    pub file: LoanFile,
    /// What is still owed.
    pub owed: Fen,
    /// The claim against the debtor.
    pub claim: Limitation,
    /// Each guarantee in force.
    pub guarantees: Vec<(SecurityLine, GuaranteePeriod)>,
    /// Things pledged or mortgaged: they must be realised within the limitation of the claim (Civil Code Art. 419).
    pub collateral: Vec<SecurityLine>,
    /// What was recorded by hand.
    pub events: Vec<RecordedEvent>,
    /// The periods of the law and the warnings of the policy.
    pub periods: Periods,
}

/// The clocks of a loan that the person may see.
///
/// # Errors
/// Not within scope; no policy in force.
pub async fn look(work: &mut Work, key: LoanKey) -> Result<LoanClocks, ActionError> {
    let file = load_within(work, key, "loan.view").await?;
    let law = Law::load(work).await?;
    let position = law.engine.replay(&file, work.business_date, None)?;
    let mut papers = Papers::load(work, &[key]).await?;
    compute(work.business_date, &law, file, &position, papers.take(key))
}

/// The clocks of a loan as they stood at the end of a day and were known then: facts that came later, and corrections of those
/// that were known, are left out.
///
/// # Errors
/// Not within scope; no policy in force.
pub async fn look_known(work: &mut Work, key: LoanKey, known: Known) -> Result<LoanClocks, ActionError> {
    let mut file = load_within(work, key, "loan.view").await?;
    let law = Law::on(work, known.on).await?;
    let position = law.engine.replay(&file, known.on, known.moment())?;
    if let Some(at) = known.moment() {
        file.transactions.retain(|made| made.recorded_at <= at);
    }
    let events = store::standing_on(&mut work.tx, &[key], known.on).await?.remove(&key).unwrap_or_default();
    let lines = securities::lines_known(&mut work.tx, &[key], (known.on, known.at)).await?.remove(&key);
    compute(known.on, &law, file, &position, (events, lines.unwrap_or_default()))
}

/// The key of the loan in an address.
///
/// # Errors
/// There is none.
pub async fn find_key(work: &mut Work, id: &str) -> Result<LoanKey, ActionError> {
    let missing = || ServicingError::LoanNotFound { number: id.to_owned() };
    let loan: LoanId = id.parse().map_err(|_| missing())?;
    Ok(loans::find(&mut work.tx, loan).await?.ok_or_else(missing)?)
}

/// What the clocks of any loan are computed with.
struct Law {
    engine: Engine,
    periods: Periods,
}

impl Law {
    async fn load(work: &mut Work) -> Result<Self, ActionError> {
        let today = work.business_date;
        Self::on(work, today).await
    }

    async fn on(work: &mut Work, on: jiff::civil::Date) -> Result<Self, ActionError> {
        let policy = policies::in_force(work, on).await?;
        let periods = Periods::read(policy.edition(on)).map_err(PolicyError::from)?;
        Ok(Self { engine: Engine::load(work, on).await?, periods })
    }
}

/// What is on file beside the loans themselves: events recorded by hand, and securities.
struct Papers {
    events: BTreeMap<LoanKey, Vec<RecordedEvent>>,
    lines: BTreeMap<LoanKey, Vec<SecurityLine>>,
}

impl Papers {
    async fn load(work: &mut Work, keys: &[LoanKey]) -> Result<Self, ActionError> {
        let events = store::standing_of(&mut work.tx, keys).await?;
        Ok(Self { events, lines: securities::lines_of(&mut work.tx, keys).await? })
    }

    fn take(&mut self, key: LoanKey) -> (Vec<RecordedEvent>, Vec<SecurityLine>) {
        (self.events.remove(&key).unwrap_or_default(), self.lines.remove(&key).unwrap_or_default())
    }
}

fn compute(
    today: jiff::civil::Date,
    law: &Law,
    file: LoanFile,
    position: &Position,
    (events, lines): (Vec<RecordedEvent>, Vec<SecurityLine>),
) -> Result<LoanClocks, ActionError> {
    let periods = law.periods.clone();
    let agreed = finance::schedule(&file.terms, &law.engine.context()).map_err(ServicingError::from)?.maturity_on;
    let (mut guarantors, mut collateral) = (Vec::new(), Vec::new());
    for line in lines.into_iter().filter(|line| line.ended_on.is_none()) {
        match line.kind {
            SecurityKind::Guarantee(kind) => guarantors.push((line, kind)),
            SecurityKind::Collateral(_) => collateral.push(line),
        }
    }
    let main: Vec<LegalEvent> = against(&events, None).chain(payments(&file)).collect();
    let claim = rules::limitation(position.maturity_on, &main, &periods, today);
    let guarantees = guarantors.into_iter().map(|(line, kind)| {
        let own: Vec<LegalEvent> = against(&events, Some(line.id)).collect();
        let of = Guarantee {
            kind,
            agreed: line.until,
            // No consent of the guarantor to a later maturity is on file: it stays where it was first agreed.
            due: agreed.min(position.maturity_on),
            own: &own,
            main: &main,
        };
        let period = rules::guarantee(&of, &periods, today);
        (line, period)
    });
    let guarantees = guarantees.collect();
    let owed = position.outstanding.total().unwrap_or_default();
    Ok(LoanClocks { file, owed, claim, guarantees, collateral, events, periods })
}

/// What was recorded against the debtor (`None`) or a guarantor.
fn against(events: &[RecordedEvent], guarantee: Option<i64>) -> impl Iterator<Item = LegalEvent> {
    events.iter().filter(move |event| event.guarantee == guarantee).map(|event| event.event.clone())
}

/// Money that the debtor paid: part performance (法释 on limitation 2020, Art. 14).
fn payments(file: &LoanFile) -> impl Iterator<Item = LegalEvent> {
    file.transactions
        .iter()
        .filter(|made| matches!(made.fact.kind, TransactionKind::Repay(_)) && file.reversed_by(made.id).is_none())
        .map(|made| LegalEvent::new(format!("transaction:{}", made.number), EventKind::PartPayment, made.fact.on))
}

/// Records what happened to a claim or a guarantee, and sets the clocks anew. Rule `limitation.evidence`: nothing
/// counts without the paper or record that proves it.
///
/// # Errors
/// What is wrong with the fields, all at once; not within scope; an event that was corrected already.
pub async fn record(work: &mut Work, key: LoanKey, new: &NewEvent) -> Result<EventId, ActionError> {
    record_under(work, key, LIMITATION_RECORD, new).await
}

/// The same as part of another action, such as the receipt of a letter.
///
/// # Errors
/// As [`record`].
pub async fn record_under(work: &mut Work, key: LoanKey, action: &str, new: &NewEvent) -> Result<EventId, ActionError> {
    let file = load_within(work, key, action).await?;
    record_of(work, file, new).await
}

/// The same of a loan that was authorised by what led to it, such as a case.
///
/// # Errors
/// As [`record`].
pub(crate) async fn record_of(work: &mut Work, file: LoanFile, new: &NewEvent) -> Result<EventId, ActionError> {
    let key = file.loan.key;
    let events = store::standing(&mut work.tx, key).await?;
    let lines = securities::lines(&mut work.tx, key).await?;
    let known = |id| lines.iter().any(|line| line.id == id && matches!(line.kind, SecurityKind::Guarantee(_)));
    let wrong = check(work, new, &events, new.guarantee.is_none_or(known));
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let id = store::insert(work, key, new).await?;
    let action = if new.corrects.is_some() { "limitation.correct" } else { "limitation.record" };
    let after = json!({"event": id, "kind": new.kind.as_str(), "on": new.on, "ended_on": new.ended_on, "void": new.void,
        "guarantee": new.guarantee.map(|id| id.to_string()), "corrects": new.corrects});
    let entry = Entry::new(Some(key.customer), action, key.subject()).after(after);
    work.audit(entry.reason(new.reason.clone().unwrap_or_default())).await?;
    if !new.void {
        let subject = subject_of(key, new.guarantee.unwrap_or(0));
        let evidence = Evidence { kind: "limitation", fact: format!("limitation_event:{id}"), settles: false };
        duty::close_by(work, key.customer, &subject, &evidence).await?;
    }
    let law = Law::load(work).await?;
    let position = law.engine.replay(&file, work.business_date, None)?;
    keep(work, &law, vec![(file, position)]).await?;
    Ok(id)
}

/// Ends a proceeding that was recorded to have begun on a day: a correcting row says when, and the clock begins anew.
/// Nothing, when no such proceeding stands.
///
/// # Errors
/// As [`record`].
pub async fn end_proceeding(
    work: &mut Work,
    key: LoanKey,
    action: &str,
    kind: EventKind,
    (begun, ended): (jiff::civil::Date, jiff::civil::Date),
) -> Result<(), ActionError> {
    let events = store::standing(&mut work.tx, key).await?;
    let stands = |e: &&RecordedEvent| {
        e.guarantee.is_none() && e.event.kind == kind && e.event.on == begun && e.event.ended_on.is_none()
    };
    let Some(begun) = events.iter().find(stands) else { return Ok(()) };
    let end = NewEvent {
        guarantee: None,
        kind,
        on: begun.event.on,
        ended_on: Some(ended),
        signer: None,
        missing: false,
        agrees: false,
        evidence: begun.evidence.clone(),
        void: false,
        corrects: Some(begun.id),
        reason: Some(format!("{} {ended}", kind.as_str())),
    };
    record_under(work, key, action, &end).await?;
    Ok(())
}

fn check(work: &Work, new: &NewEvent, events: &[RecordedEvent], guarantee_known: bool) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let today = work.business_date;
    if new.on > today {
        wrong.push(FieldError::new("on", "limitation-future").with("date", today));
    }
    if new.ended_on.is_some_and(|end| end < new.on || end > today) {
        wrong.push(FieldError::new("ended_on", "limitation-end").with("date", today));
    }
    if new.ended_on.is_some() && !new.kind.is_proceeding() {
        wrong.push(FieldError::new("ended_on", "limitation-no-proceeding"));
    }
    if new.kind.is_signed() && new.signer.is_none() {
        wrong.push(FieldError::new("signer", "limitation-signer"));
    }
    if new.evidence.trim().is_empty() {
        wrong.push(FieldError::new("evidence", "limitation-evidence"));
    }
    if !guarantee_known {
        wrong.push(FieldError::new("whom", "choice-unknown").with("text", new.guarantee.unwrap_or_default()));
    }
    if let Some(corrected) = new.corrects {
        if new.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
            wrong.push(FieldError::new("reason", "reason-missing"));
        }
        if !events.iter().any(|event| event.id == corrected && event.guarantee == new.guarantee) {
            wrong.push(FieldError::new("reason", "limitation-corrected"));
        }
    }
    wrong
}

/// What a clock is called among the duties: the loan, or one of its guarantees.
fn subject_of(key: LoanKey, guarantee: i64) -> String {
    if guarantee == 0 { key.subject() } else { format!("{}:guarantee:{guarantee}", key.subject()) }
}

/// Computes the clocks of some loans and keeps them; those of a loan on which nothing is owed fall away.
async fn keep(work: &mut Work, law: &Law, loans: Vec<(LoanFile, Position)>) -> Result<Vec<LoanClocks>, ActionError> {
    let today = work.business_date;
    let keys: Vec<LoanKey> = loans.iter().map(|(file, _)| file.loan.key).collect();
    let mut papers = Papers::load(work, &keys).await?;
    let (mut all, mut rows) = (Vec::with_capacity(loans.len()), Vec::with_capacity(loans.len()));
    for (file, position) in loans {
        let key = file.loan.key;
        let clocks = compute(today, law, file, &position, papers.take(key))?;
        let owed = clocks.owed.is_positive() && clocks.file.loan.state == LoanState::Active;
        rows.push((key, if owed { kept(&clocks, today) } else { Vec::new() }));
        if !owed {
            for (line, _) in &clocks.guarantees {
                duty::cancel(work, key.customer, &subject_of(key, line.id), "settled").await?;
            }
        }
        all.push(clocks);
    }
    store::keep(&mut work.tx, &rows, today).await?;
    Ok(all)
}

fn kept(clocks: &LoanClocks, today: jiff::civil::Date) -> Vec<Clock> {
    let (claim, periods) = (&clocks.claim, &clocks.periods);
    let until = match claim.state {
        ClockState::NotBegun | ClockState::Held { .. } => None,
        ClockState::Running { until } | ClockState::Expired { on: until } => Some(until),
    };
    let begins = |from: jiff::civil::Date| from.tomorrow().ok();
    let next = match claim.state {
        ClockState::NotBegun => begins(claim.from),
        ClockState::Running { until } => rules::next_look(until, periods, today),
        ClockState::Held { .. } | ClockState::Expired { .. } => None,
    };
    let debtor = Clock {
        guarantee: 0,
        whom: String::new(),
        state: claim.state.code(),
        from: claim.from,
        until,
        next_look_on: next,
    };
    let guarantees = clocks.guarantees.iter().map(|(line, period)| {
        let next = match period.state {
            GuaranteeState::NotBegun => begins(claim.from),
            GuaranteeState::Running { until } => rules::next_look(until, periods, today),
            GuaranteeState::Kept { limitation: Some(ClockState::Running { until }), .. } => {
                rules::next_look(until, periods, today)
            }
            GuaranteeState::Kept { .. } | GuaranteeState::Lost { .. } => None,
        };
        let until = match period.state {
            GuaranteeState::Kept { limitation: Some(ClockState::Running { until }), .. } => until,
            GuaranteeState::NotBegun
            | GuaranteeState::Running { .. }
            | GuaranteeState::Kept { .. }
            | GuaranteeState::Lost { .. } => period.until,
        };
        Clock {
            guarantee: line.id,
            whom: line.who.clone(),
            state: period.state.code(),
            from: claim.from,
            until: Some(until),
            next_look_on: next,
        }
    });
    std::iter::once(debtor).chain(guarantees).collect()
}

/// The warnings that begin today, one case each: the loan's claim, and each guarantee (S2.3-10, S2.3-29).
fn warnings(clocks: &LoanClocks, customer: &str, today: jiff::civil::Date) -> Vec<Case> {
    let loan = &clocks.file.loan;
    let begins = |until| {
        let left = finance::days_between(today, until);
        rules::warning(until, &clocks.periods, today).filter(|days| left == *days).map(|_| left)
    };
    let case = |guarantee: i64, whom: &str, until: jiff::civil::Date, left: i64| Case {
        customer: loan.key.customer,
        subject: subject_of(loan.key, guarantee),
        anchor: today,
        manager: Some(loan.manager),
        personal: false,
        branch: loan.branch,
        whom: if whom.is_empty() { customer.to_owned() } else { format!("{customer} · {whom}") },
        number: loan.number.clone(),
        amount: Some(clocks.owed),
        facts: Facts::from([("limitation_days_left".to_owned(), Value::Integer(left))]),
        fields: BTreeMap::from([("until".to_owned(), until.to_string())]),
    };
    let mut cases = Vec::new();
    if let ClockState::Running { until } = clocks.claim.state {
        cases.extend(begins(until).map(|left| case(0, "", until, left)));
    }
    for (line, period) in &clocks.guarantees {
        let until = match period.state {
            GuaranteeState::Running { until }
            | GuaranteeState::Kept { limitation: Some(ClockState::Running { until }), .. } => until,
            GuaranteeState::NotBegun | GuaranteeState::Kept { .. } | GuaranteeState::Lost { .. } => continue,
        };
        cases.extend(begins(until).map(|left| case(line.id, &line.who, until, left)));
    }
    cases
}

/// Looks at some loans on the new day: keeps their clocks and opens the duties that warn; how many clocks were kept.
pub(super) async fn wake(work: &mut Work, keys: &[LoanKey]) -> Result<u64, ActionError> {
    let today = work.business_date;
    let names = loans::names(&mut work.tx, keys.iter().map(|key| key.customer)).await?;
    let law = Law::load(work).await?;
    let mut replayed = Vec::with_capacity(keys.len());
    for file in loans::load_files(&mut work.tx, keys).await? {
        // A loan that cannot be replayed is isolated by the step over positions; its clocks wait until it is mended.
        if let Ok(position) = law.engine.replay(&file, today, None) {
            replayed.push((file, position));
        }
    }
    let kept = keep(work, &law, replayed).await?;
    let mut cases = Vec::new();
    for clocks in kept.iter().filter(|clocks| clocks.owed.is_positive()) {
        let customer = names.get(&clocks.file.loan.key.customer).map_or("", String::as_str);
        cases.extend(warnings(clocks, customer, today));
    }
    duty::open(work, WARNING, &cases).await?;
    Ok(u64::try_from(kept.len()).unwrap_or(u64::MAX))
}

/// What sets the clocks of a loan anew in the same transaction.
pub(crate) fn subscribers() -> Vec<Subscriber> {
    let on = |event| Subscriber { event, name: "collections.limitation", handle: moved };
    vec![
        on("repayment_received"),
        on("transaction_reversed"),
        on("loan_extended"),
        on("loan_restructured"),
        on("loan_accelerated"),
        on("loan_written_off"),
        on("loan_waived"),
    ]
}

fn moved<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(loan) = event.subject.strip_prefix("loan:").and_then(|id| id.parse().ok()) else { return Ok(()) };
        let key = LoanKey { customer: event.customer, loan: LoanId(loan) };
        if !store::is_watched(&mut work.tx, key).await? {
            return Ok(());
        }
        if let Some(file) = loans::load_file(&mut work.tx, key).await? {
            let law = Law::load(work).await?;
            let position = law.engine.replay(&file, work.business_date, None)?;
            keep(work, &law, vec![(file, position)]).await?;
        }
        Ok(())
    })
}
