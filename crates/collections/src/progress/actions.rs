//! Use cases of reports: what the next one would say, making it, seeing it.

use jiff::civil::Date;
use platform::access::DataScope;
use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError};
use platform::event::Event;
use platform::id::{BranchId, CustomerId, UserId};
use platform::locale::Lang;
use platform::locale::Locale;
use platform::numbering;
use platform::page::Ui;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use serde_json::json;

use super::model::{Content, Every, Line, ProgressError, Report, ReportId, duty_subject};
use super::{PROGRESS_MAKE, PROGRESS_SEE, store};
use crate::measure::figures;
use crate::measure::model::{By, Period};
use crate::measure::words::Words;

/// The file of what is about no customer: the institution's own.
pub(super) const HOUSE: CustomerId = CustomerId(0);

/// How often the policy asks for a report.
///
/// # Errors
/// No policy in force, or it lacks the frequency, or names one that nobody knows.
pub async fn every(work: &mut Work) -> Result<Every, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let name = policy.edition(on).text("recovery_report_period").map_err(PolicyError::from)?;
    // The policy's own check lets nothing else through.
    Every::parse(name).ok_or_else(|| ActionError::Internal(format!("recovery_report_period is {name:?}")))
}

/// The period that begins on a day; without one the last that is over (rule `progress.period`).
///
/// # Errors
/// [`ProgressError::NoPeriod`].
pub async fn period(work: &mut Work, from: &str) -> Result<Period, ActionError> {
    let (every, today) = (every(work).await?, work.business_date);
    let last = every.over(today);
    let wrong = || ProgressError::NoPeriod { from: from.to_owned(), last: last.from };
    let found = match from.trim() {
        "" => last,
        typed => {
            let on: Date = typed.parse().map_err(|_| wrong())?;
            Some(every.of(on)).filter(|period| period.from == on).ok_or_else(wrong)?
        }
    };
    if found.to >= today { Err(wrong().into()) } else { Ok(found) }
}

/// Whether anybody is asked for a report about a period: some branch had a case.
///
/// # Errors
/// The store's.
pub async fn asked(work: &mut Work, period: Period) -> Result<bool, ActionError> {
    Ok(!store::branches(&mut work.tx, period).await?.is_empty())
}

/// What a report about a period says (rule `progress.figures`): the figures of the branch, or of the institution for whom
/// sees all of it.
async fn content(work: &mut Work, scope: DataScope, period: Period, every: Every) -> Result<Content, ActionError> {
    let before = every.of(period.eve());
    let all = figures::load(work, scope, period, By::Branch).await?;
    let past = figures::load(work, scope, before, By::Branch).await?;
    let words = Words::load(work).await?;
    // The file is kept in Chinese, whoever makes it.
    let ui = Ui::new(Locale::new(std::sync::Arc::clone(&work.app.catalogue), Lang::ZhCn), work.business_date);
    let lines = |by| {
        let groups = all.grouped(by);
        let mut ids: Vec<String> = groups.keys().cloned().collect();
        words.order(&ui, by, &mut ids);
        let line = |id: String| Line { name: words.group(&ui, by, &id), figures: groups[&id], id };
        ids.into_iter().map(line).collect()
    };
    Ok(Content {
        whole: all.whole,
        before: past.whole,
        branches: lines(By::Branch),
        collectors: lines(By::Collector),
        causes: lines(By::Cause),
        rolls: all.rolls.clone(),
        taken_on: work.business_date,
    })
}

/// Whether a scope is a branch or the institution: a team, or oneself, is nothing to report on.
fn is_whole(scope: DataScope) -> bool {
    scope.team == 0 && scope.manager == 0
}

/// What the report of the person's branch about a period would say; nothing is written.
///
/// # Errors
/// Denied; no such period; reported on already.
pub async fn preview(work: &mut Work, from: &str) -> Result<(BranchId, Period, Content), ActionError> {
    let scope = work.authorise(PROGRESS_MAKE)?;
    if !is_whole(scope) {
        return Err(ProgressError::NotWhole.into());
    }
    let branch = BranchId(scope.branch);
    let period = period(work, from).await?;
    if let Some(known) = store::of(&mut work.tx, branch, period).await? {
        return Err(ProgressError::Reported { number: known.number }.into());
    }
    let every = every(work).await?;
    Ok((branch, period, content(work, scope, period, every).await?))
}

/// Makes the report: figures frozen, with words (rule `progress.once`: one a branch and period). Its duty is done by it.
///
/// # Errors
/// As [`preview`]; nothing said.
pub async fn make(work: &mut Work, from: &str, said: &str, plan: &str) -> Result<ReportId, ActionError> {
    let (branch, period, content) = preview(work, from).await?;
    let empty = [("progress", said), ("next_steps", plan)].into_iter().filter(|(_, text)| text.trim().is_empty());
    let wrong: Vec<FieldError> = empty.map(|(name, _)| FieldError::new(name, "field-empty")).collect();
    if !wrong.is_empty() {
        return Err(ProgressError::Form(wrong).into());
    }
    let id = ReportId(work.next_id());
    let one = Report {
        id,
        number: numbering::next(work, "recovery_report", HOUSE, id.0).await?,
        branch,
        period,
        content,
        words: said.trim().to_owned(),
        plan: plan.trim().to_owned(),
        seen: None,
        by: UserId(work.actor.recorded_by()),
        made_on: work.business_date,
    };
    store::insert(work, &one).await?;
    let after = json!({
        "number": one.number, "branch": branch, "from": period.from, "to": period.to,
        "recovered_fen": one.content.whole.recovered.0, "recovery_rate_e9": one.content.whole.recovery_rate(),
    });
    work.audit(Entry::new(None, "progress.make", one.subject()).after(after)).await?;
    let evidence = Evidence { kind: "recovery_report", fact: one.subject(), settles: true };
    let branches = if branch.0 == 0 { store::branches(&mut work.tx, period).await? } else { vec![branch] };
    for branch in branches {
        duty::close_by(work, HOUSE, &duty_subject(branch, period), &evidence).await?;
    }
    let payload = json!({"number": one.number, "from": period.from, "to": period.to});
    let (subject, on) = (one.subject(), work.business_date);
    work.emit(Event { kind: "recovery_reported", customer: HOUSE, subject, effective_on: on, payload }).await?;
    Ok(id)
}

/// A report that the person may see under an action.
///
/// # Errors
/// Denied; [`ProgressError::NotFound`].
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<Report, ActionError> {
    let scope = work.authorise(action)?;
    let key = id.parse().map(ReportId).map_err(|_| ProgressError::NotFound)?;
    let found = store::find(&mut work.tx, key).await?;
    let sees = |one: &Report| is_whole(scope) && (scope.branch == 0 || scope.branch == one.branch.0);
    Ok(found.filter(sees).ok_or(ProgressError::NotFound)?)
}

/// Notes that somebody else has seen it (rule `progress.seen`).
///
/// # Errors
/// Denied; one's own; seen before.
pub async fn see(work: &mut Work, id: &str, opinion: &str) -> Result<ReportId, ActionError> {
    let one = load(work, id, PROGRESS_SEE).await?;
    if !work.actor.is_second_to(one.by.0)? {
        return Err(ProgressError::Own.into());
    }
    if one.seen.is_some() {
        return Err(ProgressError::Seen.into());
    }
    store::saw(work, &one, opinion).await?;
    work.audit(Entry::new(None, "progress.see", one.subject()).reason(opinion.trim())).await?;
    Ok(one.id)
}
