//! Use cases of legal recovery: hand a loan over, keep its evidence, take and end the means of the law.

use finance::Fen;
use platform::audit::Entry;
use platform::error::{ActionError, FieldError, Refused};
use platform::event::Event;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use serde_json::json;
use servicing::loan::actions::load_within;
use servicing::loan::model::{LoanFile, LoanKey};
use servicing::position::engine::Engine;

use super::model::{
    Ended, Evidence, Gate, Ground, LegalFile, LegalFileId, Means, MeansId, MeansKind, NewMeans, Outcome, Standing,
};
use super::rules::{self, Lists};
use super::store;
use super::wait::{self, Wait};
use crate::LEGAL_MANAGE;
use crate::case::actions as cases;
use crate::cause::actions as causes;
use crate::error::CollectionsError;
use crate::known::Known;
use crate::limitation::actions as limitation;
use crate::limitation::model::NewEvent;
use crate::stop_flag::actions as stop_flags;

/// Everything that is known of a loan's legal recovery (法律追偿情况).
#[derive(Debug, Clone)]
pub struct Picture {
    /// The loan.
    pub loan: LoanFile,
    /// What the gate sees today.
    pub standing: Standing,
    /// What the policy asks for.
    pub gate: Gate,
    /// The article behind it.
    pub article: Option<String>,
    /// The lists of evidence.
    pub lists: Lists,
    /// The file that is open, or was last.
    pub file: Option<LegalFile>,
    /// Its evidence.
    pub evidence: Vec<Evidence>,
    /// Its means.
    pub means: Vec<Means>,
    /// Why no suit was filed yet, in order.
    pub waits: Vec<Wait>,
    /// The last day to apply for enforcement.
    pub enforce_until: Option<jiff::civil::Date>,
}

/// Looks at a loan.
///
/// # Errors
/// Not within scope; no policy in force.
pub async fn look(work: &mut Work, key: LoanKey) -> Result<Picture, ActionError> {
    let loan = load_within(work, key, "loan.view").await?;
    picture(work, loan).await
}

async fn picture(work: &mut Work, loan: LoanFile) -> Result<Picture, ActionError> {
    let (today, key) = (work.business_date, loan.loan.key);
    let policy = policies::in_force(work, today).await?;
    let edition = policy.edition(today);
    let gate = Gate::read(edition).map_err(PolicyError::from)?;
    let article = rules::gate_article(edition);
    let lists = Lists::read(edition).map_err(PolicyError::from)?;
    let years = edition.integer("enforcement_years").map_err(PolicyError::from)?;
    let engine = Engine::load(work, today).await?;
    let position = engine.replay(&loan, today, None)?;
    let since = position.oldest_unpaid_due_on.unwrap_or(today);
    let (attempts, refused) = store::attempts(&mut work.tx, key.customer, since).await?;
    let urgent = match store::cause(&mut work.tx, key.customer).await? {
        Some(cause) => causes::gate(edition, &cause).map_err(PolicyError::from)?.preserve,
        None => false,
    };
    let standing = Standing { days: i64::from(position.days_overdue), attempts, refused, urgent };
    let file = store::of_loan(&mut work.tx, key).await?.into_iter().next();
    let (evidence, means) = match &file {
        Some(file) => {
            let evidence = store::evidence(&mut work.tx, file, &lists.full).await?;
            (evidence, store::means(&mut work.tx, file).await?)
        }
        None => (Vec::new(), Vec::new()),
    };
    let waits = match &file {
        Some(file) => wait::of_file(&mut work.tx, file).await?,
        None => Vec::new(),
    };
    let enforce_until = rules::enforce_until(&means, years);
    Ok(Picture { loan, standing, gate, article, lists, file, evidence, means, waits, enforce_until })
}

/// What a loan's legal files held at the end of a day (截至日法律追偿情况).
#[derive(Debug, Clone)]
pub struct Then {
    /// The evidence of the file that was the last.
    pub evidence: Vec<Evidence>,
    /// The means of all files, in order.
    pub means: Vec<Means>,
}

/// Looks at a loan as it stood at the end of a day and was known then.
///
/// # Errors
/// Not within scope; no policy in force.
pub async fn look_known(work: &mut Work, key: LoanKey, known: Known) -> Result<Then, ActionError> {
    load_within(work, key, "loan.view").await?;
    let policy = policies::in_force(work, known.on).await?;
    let lists = Lists::read(policy.edition(known.on)).map_err(PolicyError::from)?;
    let (mut evidence, mut means) = (Vec::new(), Vec::new());
    for file in store::opened_until(&mut work.tx, key, known).await? {
        evidence = store::evidence_at(&mut work.tx, &file, &lists.full, known.at).await?;
        means.extend(store::means_until(&mut work.tx, &file, known).await?);
    }
    Ok(Then { evidence, means })
}

/// Hands a loan over to legal recovery.
///
/// # Errors
/// Not within scope; the gate is not met; a file is open.
pub async fn open(work: &mut Work, key: LoanKey) -> Result<LegalFileId, ActionError> {
    let loan = load_within(work, key, LEGAL_MANAGE).await?;
    let now = picture(work, loan).await?;
    if now.file.as_ref().is_some_and(|file| file.closed.is_none()) {
        return Err(CollectionsError::LegalOpen.into());
    }
    let missing = now.gate.missing(now.standing);
    let ground: Ground = now.gate.ground(now.standing).ok_or_else(|| CollectionsError::LegalGate {
        missing: missing.join(" "),
        days: now.gate.days,
        attempts: now.gate.attempts,
        article: now.article.clone(),
    })?;
    let id = store::insert(work, key, ground, now.standing).await?;
    let after = json!({"file": id, "ground": ground.as_str(), "seen": now.standing});
    work.audit(Entry::new(Some(key.customer), "legal.open", key.subject()).after(after)).await?;
    let fact = format!("legal_file:{id}");
    cases::prove(work, key.customer, "legal_intake", fact.clone()).await?;
    stop_flags::taken_over(work, key.customer, &fact).await?;
    wait::accepted(work, &now.loan).await?;
    let payload = json!({"file": id, "ground": ground.as_str()});
    let (customer, effective_on) = (key.customer, work.business_date);
    work.emit(Event { kind: "legal_opened", customer, subject: key.subject(), effective_on, payload }).await?;
    Ok(id)
}

/// The open file of a loan, its version taken.
pub(super) async fn take(work: &mut Work, key: LoanKey, seen: i64) -> Result<(Picture, LegalFile), ActionError> {
    let loan = load_within(work, key, LEGAL_MANAGE).await?;
    let now = picture(work, loan).await?;
    let file = now.file.clone().filter(|file| file.closed.is_none()).ok_or(CollectionsError::NoLegalFile)?;
    if !store::take_version(&mut work.tx, &file, seen).await? {
        return Err(CollectionsError::LegalChanged.into());
    }
    Ok((now, file))
}

/// Writes where a piece of evidence lies; an empty place: it is not on file.
///
/// # Errors
/// Not within scope; no open file; changed meanwhile; an item that no list has.
pub async fn keep_evidence(
    work: &mut Work,
    key: LoanKey,
    seen: i64,
    item: &str,
    place: &str,
) -> Result<(), ActionError> {
    let (now, file) = take(work, key, seen).await?;
    if !now.lists.full.iter().chain(&now.lists.short).any(|known| known == item) {
        return Err(Refused::form(vec![FieldError::new("item", "choice-unknown").with("text", item)]).into());
    }
    let place = Some(place.trim()).filter(|place| !place.is_empty());
    store::insert_evidence(work, &file, item, place).await?;
    let after = json!({"item": item, "present": place.is_some()});
    Ok(work.audit(Entry::new(Some(key.customer), "legal.evidence", key.subject()).after(after)).await?)
}

/// Records a means taken; one that interrupts the limitation goes to its clock.
///
/// # Errors
/// What is wrong with it, all at once; not within scope; no open file; changed meanwhile.
pub async fn take_means(work: &mut Work, key: LoanKey, seen: i64, new: &NewMeans) -> Result<MeansId, ActionError> {
    let (now, file) = take(work, key, seen).await?;
    let wrong = rules::check(new, &now.means, &now.evidence, &now.lists, work.business_date);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    if new.kind == MeansKind::Suit {
        causes::suit_allowed(work, key.customer).await?;
    }
    let id = store::insert_means(work, &file, new).await?;
    let after = json!({"means": id, "kind": new.kind.as_str(), "on": new.on, "amount_fen": new.amount.map(|a| a.0)});
    work.audit(Entry::new(Some(key.customer), "legal.means", key.subject()).after(after)).await?;
    if new.kind == MeansKind::Preservation {
        cases::prove(work, key.customer, "preservation", format!("legal_means:{id}")).await?;
    }
    wait::taken(work, key, new.kind, id).await?;
    if let Some(kind) = new.kind.interrupts() {
        let evidence = format!("{} {}", new.authority.trim(), new.reference.trim());
        let event = NewEvent {
            guarantee: None,
            kind,
            on: new.on,
            ended_on: None,
            signer: None,
            missing: false,
            agrees: false,
            evidence,
            void: false,
            corrects: None,
            reason: None,
        };
        limitation::record_under(work, key, LEGAL_MANAGE, &event).await?;
    }
    Ok(id)
}

/// Records the end of a means; the limitation begins anew on that day.
///
/// # Errors
/// What is wrong with it, all at once; no such means that runs; not within scope; changed meanwhile.
pub async fn end_means(
    work: &mut Work,
    key: LoanKey,
    seen: i64,
    id: MeansId,
    end: &Ended,
    cost: Fen,
) -> Result<(), ActionError> {
    let (now, file) = take(work, key, seen).await?;
    let means = now.means.iter().find(|means| means.id == id && means.ended.is_none());
    let means = means.ok_or(CollectionsError::NoLegalFile)?;
    let mut wrong = Vec::new();
    if end.on < means.on || end.on > work.business_date {
        wrong.push(FieldError::new("on", "limitation-end").with("date", work.business_date));
    }
    if end.outcome.trim().is_empty() {
        wrong.push(FieldError::new("outcome", "field-empty"));
    }
    if end.title && !means.kind.gives_title() {
        wrong.push(FieldError::new("title", "legal-gives-no-title"));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    store::end_means(work, &file, means, end, cost).await?;
    let after = json!({"means": id, "on": end.on, "title": end.title});
    work.audit(Entry::new(Some(key.customer), "legal.end_means", key.subject()).after(after)).await?;
    if let Some(kind) = means.kind.interrupts() {
        limitation::end_proceeding(work, key, LEGAL_MANAGE, kind, (means.on, end.on)).await?;
    }
    // It was paid while the court had it: nothing keeps the file open any more.
    let status = store::status(&mut work.tx, key).await?.unwrap_or_default();
    if status == store::CURRENT || status == store::SETTLED {
        close_paid(work, key, status == store::SETTLED).await?;
    }
    Ok(())
}

/// What a file that was paid is closed for.
const REPAID: &str = "repaid";

/// Closes the open file of a loan on which nothing is overdue any more (rule `legal.paid`); whether it did.
///
/// # Errors
/// The store's.
pub(super) async fn close_paid(work: &mut Work, key: LoanKey, settled: bool) -> Result<bool, ActionError> {
    let newest = store::of_loan(&mut work.tx, key).await?.into_iter().next();
    let Some(file) = newest.filter(|file| file.closed.is_none()) else { return Ok(false) };
    let means = store::means(&mut work.tx, &file).await?;
    if !rules::closes_when_paid(settled, file.seen, &means) {
        return Ok(false);
    }
    store::close(&mut work.tx, &file, work.business_date, (Outcome::Paid, REPAID)).await?;
    wait::closed(work, key, REPAID).await?;
    let entry = Entry::new(Some(key.customer), "legal.close", key.subject());
    let after = json!({"file": file.id, "outcome": Outcome::Paid.as_str(), "settled": settled});
    work.audit(entry.after(after).reason(REPAID)).await?;
    Ok(true)
}

/// Closes the file of a loan.
///
/// # Errors
/// No reason; a means still runs; not within scope; changed meanwhile.
pub async fn close(work: &mut Work, key: LoanKey, seen: i64, reason: &str) -> Result<(), ActionError> {
    let (now, file) = take(work, key, seen).await?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refused::form(vec![FieldError::new("reason", "reason-missing")]).into());
    }
    let runs = now.means.iter().any(|means| means.ended.is_none() && means.kind.interrupts().is_some());
    if runs {
        return Err(Refused::form(vec![FieldError::new("reason", "legal-still-runs")]).into());
    }
    store::close(&mut work.tx, &file, work.business_date, (Outcome::Ended, reason)).await?;
    wait::closed(work, key, reason).await?;
    let entry = Entry::new(Some(key.customer), "legal.close", key.subject());
    Ok(work.audit(entry.after(json!({"file": file.id})).reason(reason)).await?)
}
