//! The guard decides: a list of refusals in order, then the answer. Reads no clock and no database. Pure.
//!
//! Who owes something overdue is contacted under the rules of collection, whatever purpose is named.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use platform::contact_gate::{Channel, Purpose};

use super::model::{Cap, Ground, Ledgers, Limits, Line, Owes, Party, Request, Rule, Verdict, Words, week_of};
use crate::stop_flag::model::{StopKind, StopKinds};

/// Steps that the search for the next lawful moment takes at most: quiet hours, day, week, and once more.
const STEPS: usize = 5;
/// Minutes of a day.
const DAY: i64 = 1_440;

/// Whether this contact is lawful.
///
/// Sources: of the requirements; each refusal carries the article of the parameter that it rests on.
#[must_use]
pub fn check(limits: &Limits, request: &Request<'_>, ledgers: &Ledgers) -> Verdict {
    match refusal(limits, request, ledgers) {
        None => Verdict::Allowed { until: lawful_until(limits, request, ledgers.on) },
        Some((rule, article)) => {
            Verdict::Refused { rule, article, next_lawful: next_lawful(limits, request, ledgers, rule) }
        }
    }
}

/// The first rule that refuses, with its article.
fn refusal(limits: &Limits, request: &Request<'_>, ledgers: &Ledgers) -> Option<(Rule, Arc<str>)> {
    let collects = request.owes == Owes::Overdue;
    if !collects {
        return of_the_matter(request).or_else(|| quiet(limits, request));
    }
    of_the_matter(request)
        .or_else(|| of_the_party(limits, request))
        .or_else(|| of_the_words(limits, request))
        .or_else(|| of_the_form(limits, request, ledgers))
        .or_else(|| quiet(limits, request))
        .or_else(|| of_the_counts(limits, request, ledgers))
}

/// Rules `contact.nothing-overdue`, `contact.objection`, `contact.words`: they hold for every contact.
fn of_the_matter(request: &Request<'_>) -> Option<(Rule, Arc<str>)> {
    if request.owes == Owes::Nothing && request.purpose == Purpose::Collect {
        return Some((Rule::NothingOverdue, Arc::from("")));
    }
    if request.party == Party::Objected {
        return Some((Rule::Objection, Arc::from("")));
    }
    match request.words {
        Words::Forbidden { article } => Some((Rule::Words, Arc::from(article))),
        Words::Unwritten | Words::Clean { .. } => None,
    }
}

/// Rules `contact.third-party` and `contact.stop-flag`.
fn of_the_party(limits: &Limits, request: &Request<'_>) -> Option<(Rule, Arc<str>)> {
    let listed = limits.targets.as_ref().is_some_and(|targets| targets.has(request.party));
    if !listed || request.party == Party::Consented(None) {
        let article = limits.targets.as_ref().map_or_else(|| Arc::from(""), |targets| Arc::clone(&targets.article));
        return Some((Rule::ThirdParty, article));
    }
    // An answer to a complaint is owed in writing, and presses nobody.
    if request.channel == Channel::Letter && request.purpose == Purpose::Care {
        return None;
    }
    let own = request.own_flags.and(limits.stops);
    let debt = request.debt_flags.and(limits.stops);
    let stopped = match request.party {
        Party::Debtor => !own.is_empty() || !debt.is_empty(),
        Party::CoObligor | Party::Guarantor => !own.is_empty() || debt.iter().any(StopKind::lies_in_the_debt),
        Party::Consented(ground) => !own.is_empty() || debt.iter().any(|kind| !is_ground(kind, ground)),
        Party::Objected | Party::Other => true,
    };
    stopped.then(|| (Rule::StopFlag, Arc::clone(&limits.stops_article)))
}

/// What stops collection from the debtor can be the very ground for asking somebody else.
fn is_ground(kind: StopKind, ground: Option<Ground>) -> bool {
    matches!((kind, ground), (StopKind::Death, Some(Ground::Dead)) | (StopKind::Incapacity, Some(Ground::Incapable)))
}

/// Rule `contact.neutral`: a third party is asked for the debtor or given a message, and never reads of a debt.
fn of_the_words(limits: &Limits, request: &Request<'_>) -> Option<(Rule, Arc<str>)> {
    let third = matches!(request.party, Party::Consented(_));
    let neutral = match request.words {
        Words::Clean { neutral } => neutral,
        // Nobody knows what it will say.
        Words::Unwritten => !request.channel.is_written(),
        Words::Forbidden { .. } => false,
    };
    let article = || limits.targets.as_ref().map_or_else(|| Arc::from(""), |targets| Arc::clone(&targets.article));
    (third && !neutral).then(|| (Rule::Neutral, article()))
}

/// Rules `contact.third-party-once`, `contact.visit-crew` (S4-16), `contact.registered-line`, `contact.outcome-first`.
fn of_the_form(limits: &Limits, request: &Request<'_>, ledgers: &Ledgers) -> Option<(Rule, Arc<str>)> {
    if let (Party::Consented(_), Some(cap)) = (request.party, &limits.consented)
        && ledgers.person.consented >= cap.value
    {
        return Some((Rule::ThirdPartyOnce, Arc::clone(&cap.article)));
    }
    if let (Channel::Visit, Some(least)) = (request.channel, &limits.visitors) {
        let complete = request.crew.is_some_and(|crew| crew.people >= least.value && crew.credentials);
        if !complete {
            return Some((Rule::VisitCrew, Arc::clone(&least.article)));
        }
    }
    if request.channel == Channel::Phone {
        let demand = match request.line {
            Line::Registered => &None,
            Line::Unregistered => &limits.registered_line,
            Line::Unnamed => &limits.line_named,
        };
        if let Some(cap) = demand {
            return Some((Rule::RegisteredLine, Arc::clone(&cap.article)));
        }
    }
    ledgers.person.outcome_missing.then(|| (Rule::OutcomeFirst, Arc::from("")))
}

/// Rule `contact.quiet-hours`: no call, message or visit; a letter wakes nobody.
pub(crate) fn quiet(limits: &Limits, request: &Request<'_>) -> Option<(Rule, Arc<str>)> {
    let hours = limits.hours.as_ref().filter(|_| request.channel != Channel::Letter)?;
    let open = windows(limits, request);
    let lawful_in = |zone: &TimeZone| {
        let minute = minute_of(request.at, zone);
        open.into_iter().flatten().any(|(from, until)| from <= minute && minute < until)
    };
    let lawful = zones(request).all(lawful_in);
    (!lawful).then(|| (Rule::QuietHours, Arc::clone(&hours.article)))
}

/// Where the hours must be lawful: where the debtor lives, and where he is said to live as long as nobody confirmed it.
fn zones<'a>(request: &Request<'a>) -> impl Iterator<Item = &'a TimeZone> {
    std::iter::once(request.zone).chain(request.also_in)
}

/// Rules `contact.calls-per-week`, `contact.calls-per-day`, `contact.dials-per-week`, `contact.dials-per-day`,
/// `contact.messages-per-week`, `contact.messages-per-day`: what is still without outcome counts as both answered
/// and unanswered.
fn of_the_counts(limits: &Limits, request: &Request<'_>, ledgers: &Ledgers) -> Option<(Rule, Arc<str>)> {
    let (person, number) = (&ledgers.person, &ledgers.number);
    let rows: &[(Rule, &Option<Cap>, i64)] = match request.channel {
        Channel::Phone => &[
            (Rule::CallsPerWeek, &limits.calls_week, person.calls_week),
            (Rule::CallsPerDay, &limits.calls_day, person.calls_day),
            (Rule::DialsPerWeek, &limits.dials_week, number.dials_week),
            (Rule::DialsPerDay, &limits.dials_day, number.dials_day),
        ],
        Channel::Sms | Channel::Message | Channel::Email => &[
            (Rule::MessagesPerWeek, &limits.messages_week, person.messages_week),
            (Rule::MessagesPerDay, &limits.messages_day, person.messages_day),
        ],
        Channel::Letter | Channel::Visit => &[],
    };
    let reached = |(rule, cap, count): &(Rule, &Option<Cap>, i64)| {
        cap.as_ref().filter(|cap| *count >= cap.value).map(|cap| (*rule, Arc::clone(&cap.article)))
    };
    rows.iter().find_map(reached)
}

/// The minutes of the day within which contact is lawful: the usual ones, and those that the debtor agreed to.
fn windows(limits: &Limits, request: &Request<'_>) -> [Option<(i64, i64)>; 2] {
    let Some(hours) = &limits.hours else { return [Some((0, DAY)), None] };
    let usual = (hours.from, hours.until);
    let agreed = request.agreed_hours.filter(|_| limits.agreed_hours_open);
    match agreed {
        // Hours that touch the usual ones are one with them.
        Some((from, until)) if from <= usual.1 && usual.0 <= until => {
            [Some((from.min(usual.0), until.max(usual.1))), None]
        }
        Some(other) => [Some(usual), Some(other)],
        None => [Some(usual), None],
    }
}

/// The civil day of a moment.
#[must_use]
pub fn civil_day(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

fn minute_of(at: Timestamp, zone: &TimeZone) -> i64 {
    let local = at.to_zoned(zone.clone());
    i64::from(local.hour()) * 60 + i64::from(local.minute())
}

/// The first moment at which a minute of a day is reached; where a clock leaps over it, the moment after the leap.
fn moment(day: Date, minute: i64, zone: &TimeZone) -> Option<Timestamp> {
    let (day, minute) = if minute >= DAY { (day.tomorrow().ok()?, minute - DAY) } else { (day, minute) };
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
    Some(day.at(hour, minute, 0, 0).to_zoned(zone.clone()).ok()?.timestamp())
}

fn lawful_until(limits: &Limits, request: &Request<'_>, day: Date) -> Timestamp {
    let here = lawful_until_in(limits, request, day, request.zone);
    let there = request.also_in.map(|zone| lawful_until_in(limits, request, civil_day(request.at, zone), zone));
    there.map_or(here, |there| here.min(there))
}

fn lawful_until_in(limits: &Limits, request: &Request<'_>, day: Date, zone: &TimeZone) -> Timestamp {
    let minute = minute_of(request.at, zone);
    let end = match request.channel {
        Channel::Letter => DAY,
        Channel::Phone | Channel::Sms | Channel::Message | Channel::Email | Channel::Visit => {
            let mut open = windows(limits, request).into_iter().flatten();
            open.find(|(from, until)| *from <= minute && minute < *until).map_or(DAY, |(_, until)| until)
        }
    };
    moment(day, end, zone).unwrap_or(request.at)
}

/// The next moment at which the same contact is lawful if nothing else happens.
fn next_lawful(limits: &Limits, request: &Request<'_>, ledgers: &Ledgers, rule: Rule) -> Option<Timestamp> {
    let (mut request, mut ledgers, mut rule) = (request.clone(), *ledgers, rule);
    for _ in 0..STEPS {
        let today = ledgers.on;
        let at = match rule {
            Rule::QuietHours => opening(limits, &request, today, Some(request.at))
                .or_else(|| opening(limits, &request, today.tomorrow().ok()?, None)),
            Rule::CallsPerDay | Rule::DialsPerDay | Rule::MessagesPerDay => {
                opening(limits, &request, today.tomorrow().ok()?, None)
            }
            Rule::CallsPerWeek | Rule::DialsPerWeek | Rule::MessagesPerWeek => {
                let monday = week_of(today).checked_add(jiff::Span::new().days(7)).ok()?;
                opening(limits, &request, monday, None)
            }
            Rule::NothingOverdue
            | Rule::Objection
            | Rule::ThirdParty
            | Rule::StopFlag
            | Rule::Words
            | Rule::Neutral
            | Rule::ThirdPartyOnce
            | Rule::VisitCrew
            | Rule::RegisteredLine
            | Rule::OutcomeFirst
            | Rule::Agency => None,
        }?;
        request.at = at;
        ledgers = ledgers.on_day(civil_day(at, request.zone));
        match refusal(limits, &request, &ledgers) {
            None => return Some(at),
            Some((next, _)) => rule = next,
        }
    }
    None
}

/// The first lawful moment of a day, after another one where that is given.
fn opening(limits: &Limits, request: &Request<'_>, day: Date, after: Option<Timestamp>) -> Option<Timestamp> {
    let open: Vec<i64> =
        windows(limits, request).into_iter().flatten().filter(|(a, b)| a < b).map(|(a, _)| a).collect();
    let begins = |zone: &TimeZone| open.iter().filter_map(|from| moment(day, *from, zone)).collect::<Vec<_>>();
    let mut moments: Vec<Timestamp> = zones(request).flat_map(begins).collect();
    moments.sort();
    let asked = |at: Timestamp| Request { at, ..request.clone() };
    let lawful = |at: &Timestamp| request.also_in.is_none() || quiet(limits, &asked(*at)).is_none();
    moments.into_iter().find(|at| after.is_none_or(|after| *at > after) && lawful(at))
}

/// Who is left of a debt when some of it stops: for duties that the flags excuse.
#[must_use]
pub fn stops_collection(limits: &Limits, flags: StopKinds) -> bool {
    !flags.and(limits.stops).is_empty()
}
