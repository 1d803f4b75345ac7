//! A limit of the institution opened once (放开一次): within the law, and only so often for a person and day.

use customers::contact_point::model::ContactPointId;
use customers::relation::store as relations;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use platform::audit::Entry;
use platform::contact_gate::{Channel, Contact, Manner, Purpose};
use platform::error::{ActionError, FieldError};
use platform::id::CustomerId;
use platform::work::Work;
use serde_json::json;

use super::actions::Case;
use super::error::GuardError;
use super::model::{Cap, Limits, Verdict};
use super::rules::check;
use super::store;
use crate::conduct::actions as conduct;
use crate::conduct::model::NewFinding;
use crate::{CASE_VIEW, CONTACT_OPEN};

/// Rule `contact.openings-per-day`.
pub(crate) const RULE_OPENINGS: &str = "contact.openings-per-day";
/// The longest reason.
const MAX_TEXT: usize = 2_000;

/// What came of asking (放开结果). Commit the work whatever it is: a refusal is a fact too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// The limit stands open for one contact.
    Once,
    /// As many were opened for this person today as the policy allows; it stands among the findings.
    TooMany {
        /// How many the policy allows.
        most: i64,
        /// Its article.
        article: String,
    },
}

/// Whether one more may be opened after so many (rule `contact.openings-per-day`). Pure.
#[must_use]
pub fn may_open(limit: Option<&Cap>, opened: i64) -> bool {
    limit.is_none_or(|cap| opened < cap.value)
}

/// The first moment of a civil day. Pure.
fn midnight(on: Date, zone: &TimeZone) -> Timestamp {
    on.to_zoned(zone.clone()).map_or(Timestamp::MIN, |begins| begins.timestamp())
}

/// Opens a limit of the institution for one contact of today, as far as the law allows, whether it is a call or a
/// message.
///
/// # Errors
/// No permission, not within scope, no reason; [`GuardError::NothingToOpen`], [`GuardError::LawRefuses`].
pub async fn open_once(
    work: &mut Work,
    customer: CustomerId,
    point: ContactPointId,
    channel: Channel,
    reason: &str,
) -> Result<Opened, ActionError> {
    crate::file_for(work, customer, CONTACT_OPEN).await?;
    let mut wrong = Vec::new();
    match reason.trim().chars().count() {
        0 => wrong.push(FieldError::new("reason", "reason-empty")),
        long if long > MAX_TEXT => wrong.push(FieldError::new("reason", "contact-too-long").with("max", MAX_TEXT)),
        _ => {}
    }
    if !matches!(channel, Channel::Phone | Channel::Sms | Channel::Message) {
        wrong.push(FieldError::new("channel", "choice-invalid"));
    }
    if !wrong.is_empty() {
        return Err(GuardError::Form(wrong).into());
    }
    let (contact, now) = (contact_of(work, customer, point, channel).await?, work.now);
    let case = Case::load(work, &contact, now, true).await?;
    let request = case.request(&contact, now);
    let Verdict::Refused { rule, .. } = check(&case.limits, &request, &case.ledgers) else {
        return Err(GuardError::NothingToOpen.into());
    };
    let law = Limits::within_law(case.rules.pack(), platform::clock::civil_day(now));
    let until = match check(&law, &request, &case.ledgers) {
        Verdict::Allowed { until } => until,
        Verdict::Refused { rule, article, .. } => {
            return Err(GuardError::LawRefuses { rule: rule.id(), article: article.to_string() }.into());
        }
    };
    // Under the lock of the person, whoever opens and by whatever channel.
    let today = midnight(case.ledgers.on, &case.zone);
    let opened = store::openings_since(&mut work.tx, &case.standing.one, today).await?;
    if let Some(cap) = case.limits.openings_day.clone().filter(|cap| !may_open(Some(cap), opened)) {
        let article = cap.article.to_string();
        let finding = NewFinding {
            rule: RULE_OPENINGS.to_owned(),
            article: article.clone(),
            detail: rule.id().to_owned(),
            ..case.finding(work, &contact, now)
        };
        conduct::note(work, &finding).await?;
        return Ok(Opened::TooMany { most: cap.value, article });
    }
    let (person, said) = (case.standing.counted, (rule.id(), reason.trim()));
    store::insert_opening(work, customer, person, said, until).await?;
    let entry = Entry::new(Some(customer), "contact.open", format!("contact_point:{customer}:{point}"));
    let after = json!({"rule": rule.id(), "channel": channel.as_str(), "until": until});
    work.audit(entry.after(after).reason(reason.trim())).await?;
    Ok(Opened::Once)
}

async fn contact_of(
    work: &mut Work,
    customer: CustomerId,
    point: ContactPointId,
    channel: Channel,
) -> Result<Contact, ActionError> {
    let file = crate::file_for(work, customer, CASE_VIEW).await?;
    let phones = customers::contact_point::actions::phones(work, customer, customers::VIEW).await?;
    let phone = phones.into_iter().find(|phone| phone.point.id == point);
    let phone = phone.ok_or(customers::CustomerError::NoSuchPart("contact_point"))?;
    let person = match phone.point.relation {
        None => file.person,
        Some(key) => {
            let tie = relations::load(&mut work.tx, customer, key).await?;
            tie.ok_or(customers::CustomerError::NoSuchPart("relation"))?.person
        }
    };
    let manner = Manner::by(channel);
    Ok(Contact { customer, person, number_index: phone.index, purpose: Purpose::Collect, manner })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // Rule contact.openings-per-day
    #[test]
    fn a_limit_is_opened_as_often_as_the_policy_says_and_no_more() {
        let (two, none) = (Cap::new(2, "house.contact-openings"), Cap::new(0, ""));
        let asked = |limit| (0..4).map(|opened| may_open(limit, opened)).collect::<Vec<_>>();
        assert_eq!(asked(Some(&two)), [true, true, false, false]);
        assert_eq!(asked(Some(&none)), [false; 4], "none at all");
        assert_eq!(asked(None), [true; 4], "rules that say nothing");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn no_sequence_of_openings_is_longer_than_the_policy_permits_on_any_day(
            most in 0..4_i64,
            gaps in prop::collection::vec(0..900_i64, 1..60),
        ) {
            //
            let zone = TimeZone::get("Asia/Shanghai").unwrap();
            let cap = Cap::new(most, "");
            let mut now: Timestamp = "2026-11-20T00:30:00Z".parse().unwrap();
            let mut opened: Vec<Timestamp> = Vec::new();
            for minutes in gaps {
                now = now.checked_add(jiff::SignedDuration::from_mins(minutes)).unwrap();
                let today = midnight(crate::guard::rules::civil_day(now, &zone), &zone);
                let so_far = i64::try_from(opened.iter().filter(|at| **at >= today).count()).unwrap();
                if may_open(Some(&cap), so_far) {
                    opened.push(now);
                }
            }
            for at in &opened {
                let day = crate::guard::rules::civil_day(*at, &zone);
                let same = opened.iter().filter(|one| crate::guard::rules::civil_day(**one, &zone) == day).count();
                prop_assert!(i64::try_from(same).unwrap() <= most, "{same} on {day}");
            }
        }
    }
}
