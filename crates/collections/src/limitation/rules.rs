//! How the clocks of a claim run: limitation, guarantee period, warnings. Pure.
//!
//! A last day that is a holiday is not moved to the next working day, though the law would allow it (Civil Code
//! Art. 203): the clock never promises more time than it must.

use jiff::ToSpan as _;
use jiff::civil::Date;
use policy::{Edition, ParameterError};
use servicing::security::model::GuaranteeKind;

use super::model::{ClockState, Effect, EventKind, GuaranteePeriod, GuaranteeState, LegalEvent, Limitation};

/// What the law and the institution's warnings give (时效参数).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Periods {
    /// 诉讼时效, years. Civil Code Art. 188.
    pub limitation_years: i64,
    /// 最长权利保护期间, years. Civil Code Art. 188.
    pub absolute_years: i64,
    /// 未约定时的保证期间, months. Civil Code Art. 692.
    pub guarantee_months: i64,
    /// Warnings, days before the end, the earliest first.
    pub warn_days: Vec<i64>,
}

impl Periods {
    /// The periods in force.
    ///
    /// # Errors
    /// A parameter that the policy does not have.
    pub fn read(edition: &Edition) -> Result<Self, ParameterError> {
        let mut warn_days = edition.integers("limitation_warn_days")?;
        warn_days.sort_unstable_by(|a, b| b.cmp(a));
        warn_days.dedup();
        Ok(Self {
            limitation_years: edition.integer("limitation_years")?,
            absolute_years: edition.integer("limitation_absolute_years")?,
            guarantee_months: edition.integer("guarantee_period_default_months")?,
            warn_days,
        })
    }

    fn limitation_from(&self, on: Date) -> Date {
        years_after(on, self.limitation_years)
    }
}

/// The same day so many years later, the last of the month where there is none (Civil Code Art. 202); the last day of
/// the calendar where it ends before.
fn years_after(on: Date, years: i64) -> Date {
    i32::try_from(years).ok().and_then(|years| on.checked_add(years.years()).ok()).unwrap_or(Date::MAX)
}

fn months_after(on: Date, months: i64) -> Date {
    i32::try_from(months).ok().and_then(|months| on.checked_add(months.months()).ok()).unwrap_or(Date::MAX)
}

/// The limitation of a claim on a day. `due` is the last instalment's due date (Civil Code Art. 189).
/// Rule `limitation.runs`: three years, anew from every event that interrupts (Art. 195), never beyond the absolute end.
///
/// Only events on or before `today` are looked at.
#[must_use]
pub fn limitation(due: Date, events: &[LegalEvent], periods: &Periods, today: Date) -> Limitation {
    let absolute = years_after(due, periods.absolute_years);
    let mut until = periods.limitation_from(due).min(absolute);
    let mut held: Option<Date> = None;
    let mut held_until: Option<Date> = None;
    let mut steps = Vec::new();
    let mut sorted: Vec<&LegalEvent> = events.iter().filter(|event| event.on <= today).collect();
    sorted.sort_by(|a, b| (a.on, a.ended_on, &a.fact).cmp(&(b.on, b.ended_on, &b.fact)));
    for event in sorted {
        // A proceeding that ended before this event has set the clock going again.
        if let Some(end) = held_until.filter(|end| *end <= event.on) {
            until = periods.limitation_from(end).min(absolute);
            (held, held_until) = (None, None);
        }
        let effect = effect_of(event, due, until, held.is_some(), periods, absolute);
        match effect {
            Effect::Restarted(next) | Effect::Revived(next) => until = next,
            Effect::Held => {
                held = Some(event.on);
                held_until = ended(event, today);
            }
            Effect::HeldAlready => {
                // The later of two ends counts; one that is open holds.
                if let (true, Some(end)) = (event.kind.is_proceeding(), held_until) {
                    held_until = ended(event, today).map(|own| own.max(end));
                }
            }
            Effect::BeforeStart | Effect::SignerDoesNotBind | Effect::NotMissing | Effect::AfterExpiry => {}
        }
        steps.push((event.clone(), effect));
    }
    if let Some(end) = held_until {
        until = periods.limitation_from(end).min(absolute);
        held = None;
    }
    let state = match held {
        Some(since) => ClockState::Held { since },
        None if today <= due => ClockState::NotBegun,
        None if today > until => ClockState::Expired { on: until },
        None => ClockState::Running { until },
    };
    Limitation { from: due, state, absolute, steps }
}

fn ended(event: &LegalEvent, today: Date) -> Option<Date> {
    event.ended_on.filter(|end| *end <= today)
}

fn effect_of(event: &LegalEvent, due: Date, until: Date, held: bool, periods: &Periods, absolute: Date) -> Effect {
    if let Some(nothing) = formless(event) {
        return nothing;
    }
    if held {
        return Effect::HeldAlready;
    }
    if event.on > until {
        // Rule `limitation.revival`: after the end only an agreement to pay gives the defence up (法释 2020, Art. 19).
        return match event.agrees || event.kind == EventKind::PlanAgreed {
            true if event.on <= absolute => Effect::Revived(periods.limitation_from(event.on).min(absolute)),
            true | false => Effect::AfterExpiry,
        };
    }
    if event.on <= due && !event.kind.is_proceeding() {
        return Effect::BeforeStart;
    }
    if event.kind.is_proceeding() {
        return Effect::Held;
    }
    Effect::Restarted(periods.limitation_from(event.on).min(absolute))
}

/// What makes an event count for nothing. Rule `limitation.form`: a demand on paper binds by whoever may sign for the
/// debtor, a public notice only while the debtor is missing (法释 2020, Art. 8).
fn formless(event: &LegalEvent) -> Option<Effect> {
    match event.kind {
        EventKind::DemandSigned if !event.signer.is_some_and(super::model::Signer::binds) => {
            Some(Effect::SignerDoesNotBind)
        }
        EventKind::PublicNotice if !event.missing => Some(Effect::NotMissing),
        EventKind::DemandSigned
        | EventKind::PublicNotice
        | EventKind::MessageArrived
        | EventKind::AccountDebited
        | EventKind::PartPayment
        | EventKind::PlanAgreed
        | EventKind::SecurityGiven
        | EventKind::TimeAsked
        | EventKind::AssignmentNotice
        | EventKind::Suit
        | EventKind::Arbitration
        | EventKind::PaymentOrder
        | EventKind::Preservation
        | EventKind::BankruptcyClaim
        | EventKind::Enforcement => None,
    }
}

/// A guarantee as its period is computed (保证).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guarantee<'a> {
    /// How the guarantor answers; what is unclear is general (Civil Code Art. 686).
    pub kind: GuaranteeKind,
    /// The last day agreed; `None` where nothing clear was agreed.
    pub agreed: Option<Date>,
    /// The due date of the debt as the guarantor agreed to it: an extension without consent does not move it (Art. 695).
    pub due: Date,
    /// What was demanded from this guarantor.
    pub own: &'a [LegalEvent],
    /// What was done against the debtor.
    pub main: &'a [LegalEvent],
}

/// A guarantee period on a day. It is never interrupted or extended.
/// Rule `guarantee.period`: as agreed; six months from the due date where nothing is agreed, it is unclear, or it ends
/// no later than the debt is due (Civil Code Art. 692).
/// Rule `guarantee.kept`: a joint guarantor by a demand in time, a general one by suing the debtor in time; what comes
/// later, a signature too, revives nothing (Art. 693, 694; 担保解释 Art. 34).
#[must_use]
pub fn guarantee(of: &Guarantee<'_>, periods: &Periods, today: Date) -> GuaranteePeriod {
    let agreed = of.agreed.filter(|until| *until > of.due);
    let until = agreed.unwrap_or_else(|| months_after(of.due, periods.guarantee_months));
    let called = match of.kind {
        GuaranteeKind::Joint => first_in_time(of.own, of.due, until, today, |_| true),
        GuaranteeKind::General => first_in_time(of.main, of.due, until, today, |event| {
            matches!(event.kind, EventKind::Suit | EventKind::Arbitration)
        }),
    };
    let state = match called {
        Some(on) => GuaranteeState::Kept { on, limitation: kept(of, on, periods, today) },
        None if today <= of.due => GuaranteeState::NotBegun,
        None if today > until => GuaranteeState::Lost { on: until },
        None => GuaranteeState::Running { until },
    };
    GuaranteePeriod { until, agreed: agreed.is_some(), state }
}

/// The first event in time that counts in its form.
fn first_in_time(
    events: &[LegalEvent],
    due: Date,
    until: Date,
    today: Date,
    counts: impl Fn(&LegalEvent) -> bool,
) -> Option<Date> {
    let in_time = |on: Date| on > due && on <= until && on <= today;
    events.iter().filter(|e| in_time(e.on) && formless(e).is_none() && counts(e)).map(|event| event.on).min()
}

/// The limitation of a guarantee that was called on. Rule `guarantee.limitation`: of a joint one it runs from the demand
/// (Art. 694), of a general one from the day on which the right to refuse ends: when enforcement has come to an end.
fn kept(of: &Guarantee<'_>, on: Date, periods: &Periods, today: Date) -> Option<ClockState> {
    let from = match of.kind {
        GuaranteeKind::Joint => on,
        GuaranteeKind::General => {
            let enforced = of.main.iter().filter(|event| event.kind == EventKind::Enforcement);
            enforced.filter_map(|event| ended(event, today)).min()?
        }
    };
    let own: Vec<LegalEvent> = of.own.iter().filter(|event| event.on > from).cloned().collect();
    Some(limitation(from, &own, periods, today.max(from.tomorrow().unwrap_or(from))).state)
}

/// The day on which a clock is looked at next: the next warning, or the day after its end.
/// Rule `limitation.warning`: on each of the days before the end that the policy names.
#[must_use]
pub fn next_look(until: Date, periods: &Periods, today: Date) -> Option<Date> {
    let before = |days: i64| i32::try_from(days).ok().and_then(|days| until.checked_sub(days.days()).ok());
    let warnings = periods.warn_days.iter().filter_map(|days| before(*days));
    warnings.chain(until.tomorrow().ok()).filter(|on| *on > today).min()
}

/// Which warning stands on a day: the smallest number of days before the end that has been reached; `None` before the
/// first and after the end.
#[must_use]
pub fn warning(until: Date, periods: &Periods, today: Date) -> Option<i64> {
    let left = finance::days_between(today, until);
    if left < 0 {
        return None;
    }
    periods.warn_days.iter().copied().filter(|days| left <= *days).min()
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
