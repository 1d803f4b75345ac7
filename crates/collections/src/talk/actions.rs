//! Use cases of talks: recorded with an obligor, and what the policy says of the next one.

use customers::relation::model::RelationId;
use platform::audit::Entry;
use platform::clock::{civil_day, civil_moment};
use platform::duty;
use platform::error::{ActionError, FieldError};
use platform::policies::{self, PolicyError};
use platform::work::Work;
use serde_json::json;

use super::model::{NewTalk, TalkError, TalkId, TalkRecord, Way};
use super::rules::{self, Known};
use super::store;
use crate::CASE_WORK;
use crate::card::rules::{Tip, values};
use crate::case::actions as cases;
use crate::case::model::{Case, CaseError, CaseId, CaseKey, CaseState};
use crate::cause::store as causes;
use crate::conduct::actions as conduct;
use crate::conduct::model::{FindingKind, NewFinding};
use crate::conduct::words;
use crate::guard::model::Rule;
use crate::obligor::actions as obligors;
use crate::obligor::model::{Obligor, Owes};

/// The rule under which an incident is looked at.
const INCIDENT: &str = "talk.incident";
/// The most contacts since the day of a talk that are looked at.
const CONTACTS: i64 = 500;

/// What a form of a talk offers (谈话登记选项).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// What a full talk explains.
    pub points: Vec<String>,
    /// The tempers of the policy.
    pub tempers: Vec<String>,
}

/// The points and tempers of the policy in force.
///
/// # Errors
/// The policy lacks them.
pub async fn offer(work: &mut Work) -> Result<Offer, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let points = rules::points(policy.edition(on)).map_err(PolicyError::from)?;
    Ok(Offer { points, tempers: values(policy.pack(), "debtor_temper") })
}

/// Those of a case with whom the debt may be talked about: who owes or secures it, and nobody else (rule `talk.obligors`,
/// X-06); of family members only those who owe.
///
/// # Errors
/// The store's.
pub async fn partners(work: &mut Work, case: CaseKey) -> Result<Vec<Obligor>, ActionError> {
    let mut all = obligors::of(work, case.customer).await?;
    all.retain(|one| one.owes == Owes::Yes);
    Ok(all)
}

fn partner(all: Vec<Obligor>, relation: Option<RelationId>) -> Result<Obligor, TalkError> {
    all.into_iter().find(|one| one.relation == relation).ok_or(TalkError::NoObligor)
}

/// Whether somebody was reached as a talk says (rule `talk.contact`): who is called or visited is contacted through the guard,
/// and the contact is on record before the talk.
async fn was_contacted(work: &mut Work, case: &Case, new: &NewTalk) -> Result<bool, ActionError> {
    let channel = match new.way {
        Way::Phone | Way::Visit => new.way.channel(),
        Way::Office => return Ok(true),
    };
    let Some(since) = civil_moment(new.on.at(0, 0, 0, 0)) else { return Ok(false) };
    let contacts = duty::contacts_of(&mut work.tx, case.key.customer, since, CONTACTS).await?;
    Ok(contacts.iter().any(|one| one.channel == channel && one.reached && civil_day(one.at) == new.on))
}

/// Records a talk about the debt of a case (S2.3-18, S2.3-27); heated words and conflicts go to a supervisor (S2.3-24).
///
/// # Errors
/// Denied; the case is closed; [`TalkError`].
pub async fn record(work: &mut Work, case: CaseId, new: &NewTalk) -> Result<TalkId, ActionError> {
    let case = cases::load(work, case, CASE_WORK).await?;
    if let CaseState::Closed { on, .. } = case.state {
        return Err(CaseError::Closed { on }.into());
    }
    let offer = offer(work).await?;
    let mut wrong = rules::check(new, &offer.points, &offer.tempers, work.business_date);
    if new.on < case.opened_on {
        wrong.push(FieldError::new("talk_on", "talk-before-case").with("date", case.opened_on));
    }
    if !was_contacted(work, &case, new).await? {
        wrong.push(FieldError::new("talk_way", "talk-no-contact").with("date", new.on));
    }
    if !wrong.is_empty() {
        return Err(TalkError::Form(wrong).into());
    }
    let partner = partner(partners(work, case.key).await?, new.relation)?;
    let id = store::insert(work, case.key, new, &partner.name).await?;
    let entry = Entry::new(Some(case.key.customer), "talk.record", case.key.subject());
    let after = json!({"fact": id, "points": new.points, "way": new.way.as_str(), "incident": new.incident.as_str()});
    work.audit(entry.after(after)).await?;
    report(work, &case, new).await?;
    Ok(id)
}

/// Tells a supervisor of an incident (rule `talk.incident`), and of words that nobody may say (rule `contact.words`).
async fn report(work: &mut Work, case: &Case, new: &NewTalk) -> Result<(), ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let edition = policy.edition(on);
    let mut found: Vec<(&str, String, String)> = words::forbidden(edition, &new.words)
        .into_iter()
        .map(|hit| (Rule::Words.id(), hit.article.to_owned(), format!("{}: {}", hit.class, hit.word)))
        .collect();
    if rules::is_incident(new.incident) {
        let article = edition.parameter("full_talk_points").map(|row| row.article.clone()).unwrap_or_default();
        found.push((INCIDENT, article, format!("{} {}", case.number, new.incident.as_str())));
    }
    let agency = crate::agency::gate::of_actor(work).await?;
    for (rule, article, detail) in found {
        let finding = NewFinding {
            customer: case.key.customer,
            owner: Some((case.branch, case.team, case.manager)),
            kind: FindingKind::Flagged,
            rule: rule.to_owned(),
            article,
            detail,
            channel: new.way.channel(),
            party: "",
            collector: work.actor.recorded_by(),
            agency,
            allowance: None,
            happened_at: civil_moment(new.on.at(0, 0, 0, 0)).unwrap_or(work.now),
        };
        conduct::note(work, &finding).await?;
    }
    Ok(())
}

/// Whether the full talk was held in a case (rule `talk.full`, S2.3-18).
///
/// # Errors
/// The policy lacks the list; the store's.
pub async fn full_held(work: &mut Work, case: CaseKey) -> Result<bool, ActionError> {
    let list = offer(work).await?.points;
    Ok(store::of_case(&mut work.tx, case).await?.iter().any(|talk| rules::is_full(talk, &list)))
}

/// Whether a talk with the debtor stands in a case.
///
/// # Errors
/// The store's.
pub async fn held(work: &mut Work, case: CaseKey) -> Result<bool, ActionError> {
    Ok(store::of_case(&mut work.tx, case).await?.iter().any(TalkRecord::with_debtor))
}

/// The talks of a case, and how to talk next: by what the last talk with the debtor showed, else by what the cause lets
/// expect (rules `talk.style`, `talk.attitude`).
///
/// # Errors
/// The policy lacks something; the store's.
pub async fn look(work: &mut Work, case: CaseKey) -> Result<(Vec<TalkRecord>, Vec<Tip>), ActionError> {
    let talks = store::of_case(&mut work.tx, case).await?;
    let cause = causes::of_case(&mut work.tx, case).await?.into_iter().next().map(|one| one.cause);
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let edition = policy.edition(on);
    let last = talks.iter().find(|talk| talk.with_debtor()).map(|talk| &talk.talk.attitude);
    let attitude = match (last, &cause) {
        (Some(last), _) => Some((last.willing, last.able)),
        (None, Some(cause)) => rules::expected(edition, cause).map_err(PolicyError::from)?,
        (None, None) => None,
    };
    let known = Known { cause, attitude, temper: last.map(|last| last.temper.clone()) };
    let style = rules::style(edition, &known).map_err(PolicyError::from)?;
    Ok((talks, style))
}
