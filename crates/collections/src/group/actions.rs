//! Use cases of meetings: record one, resolve about cases, sign it, say what came of a task.

use std::collections::BTreeMap;

use platform::access::DataScope;
use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError};
use platform::id::{BranchId, CustomerId, UserId};
use platform::notice;
use platform::numbering;
use platform::work::Work;
use policy::Facts;
use serde_json::json;

use super::model::{
    Meeting, MeetingError, MeetingId, NewMeeting, NewResolution, Resolution, ResolutionId, standing, too_long,
    wrong_meeting, wrong_resolution,
};
use super::{GROUP_SIGN, store};
use crate::case::actions as cases;
use crate::case::model::{Case, CaseState};
use crate::case::store as case_store;
use crate::{CASE_ASSIGN, CASE_VIEW};

/// The file of what is about no customer: the institution's own.
const HOUSE: CustomerId = CustomerId(0);
/// The trigger of the duties out of a resolution.
const TASK: &str = "group.task";
/// What proves that a task is done.
const DONE: &str = "group_task";

/// Whether a scope is a branch or the institution: a team, or oneself, has no meetings.
fn is_whole(scope: DataScope) -> bool {
    scope.team == 0 && scope.manager == 0
}

/// Who may sign a meeting that this person records (rule `group-meeting.signed`).
///
/// # Errors
/// Denied; the store's.
pub async fn heads(work: &mut Work) -> Result<Vec<UserId>, ActionError> {
    let scope = work.authorise(CASE_ASSIGN)?;
    let all = notice::who_may(work, GROUP_SIGN, None, Some(BranchId(scope.branch))).await?;
    Ok(all.into_iter().filter(|one| one.0 != work.actor.recorded_by()).collect())
}

/// Records a meeting of a branch or of the institution (rule `group-meeting.complete`, rule `group-meeting.scope`); it binds when its head has signed.
///
/// # Errors
/// Denied; less than a branch; what is wrong with it, all at once.
pub async fn record(work: &mut Work, new: &NewMeeting) -> Result<MeetingId, ActionError> {
    let scope = work.authorise(CASE_ASSIGN)?;
    if !is_whole(scope) {
        return Err(MeetingError::NotWhole.into());
    }
    let people = crate::people(work).await?;
    let mut wrong = wrong_meeting(new, &|one| people.contains_key(&one), work.business_date);
    if new.head.0 == work.actor.recorded_by() {
        // Who writes the minutes does not sign them (rule `group-meeting.signed`).
        wrong.push(FieldError::new("meeting_head", "meeting-own-head"));
    } else if people.contains_key(&new.head) && !heads(work).await?.contains(&new.head) {
        wrong.push(FieldError::new("meeting_head", "meeting-head-signs"));
    }
    if !wrong.is_empty() {
        return Err(MeetingError::Form(wrong).into());
    }
    let id = MeetingId(work.next_id());
    let one = Meeting {
        id,
        number: numbering::next(work, "group_meeting", HOUSE, id.0).await?,
        branch: BranchId(scope.branch),
        content: new.clone(),
        signed: None,
        by: UserId(work.actor.recorded_by()),
        on: work.business_date,
    };
    store::insert(work, &one).await?;
    let after = json!({"number": one.number, "held_on": new.held_on, "head": new.head, "members": new.members.len()});
    work.audit(Entry::new(None, "group_meeting.record", one.subject()).after(after)).await?;
    Ok(id)
}

/// A meeting that the person may see under an action.
///
/// # Errors
/// Denied; [`MeetingError::NotFound`].
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<Meeting, ActionError> {
    let scope = work.authorise(action)?;
    let key = id.parse().map(MeetingId).map_err(|_| MeetingError::NotFound)?;
    let found = store::find(&mut work.tx, key).await?;
    let sees = |one: &Meeting| is_whole(scope) && (scope.branch == 0 || scope.branch == one.branch.0);
    Ok(found.filter(sees).ok_or(MeetingError::NotFound)?)
}

/// The resolutions that stand in a meeting.
///
/// # Errors
/// The store's.
pub async fn resolutions(work: &mut Work, meeting: MeetingId) -> Result<Vec<Resolution>, ActionError> {
    Ok(standing(store::of_meeting(&mut work.tx, meeting).await?))
}

/// What stands of a case out of signed meetings.
///
/// # Errors
/// The store's.
pub async fn of_case(work: &mut Work, case: &Case) -> Result<Vec<Resolution>, ActionError> {
    // What the house resolves about a case is no matter of an agency's people.
    if crate::agency::gate::of_actor(work).await?.is_some() {
        return Ok(Vec::new());
    }
    Ok(standing(store::of_case(&mut work.tx, case.key).await?))
}

/// Resolves about a case (rule `group-meeting.resolution`): the newest resolution of a meeting about a case stands.
///
/// # Errors
/// Denied; [`MeetingError::Signed`]; what is wrong with it, all at once.
pub async fn resolve(work: &mut Work, id: &str, new: &NewResolution) -> Result<ResolutionId, ActionError> {
    let meeting = load(work, id, CASE_ASSIGN).await?;
    if !store::take(&mut work.tx, meeting.id).await? {
        return Err(MeetingError::Signed.into());
    }
    let people = crate::people(work).await?;
    let mut wrong = wrong_resolution(new, &|one| people.contains_key(&one), work.business_date);
    let case = about(work, &meeting, &new.case).await?;
    if case.is_none() {
        wrong.push(FieldError::new("meeting_case", "meeting-case").with("number", new.case.trim()));
    }
    let Some(case) = case.filter(|_| wrong.is_empty()) else { return Err(MeetingError::Form(wrong).into()) };
    let fact = store::add(work, meeting.id, case.key, new).await?;
    let entry = Entry::new(Some(case.key.customer), "group_meeting.resolve", case.key.subject());
    let after = json!({"meeting": meeting.number, "resolution": fact, "person": new.person, "due_on": new.due_on});
    work.audit(entry.after(after)).await?;
    Ok(fact)
}

/// The open case of a number that the person gives to people, of the branch of the meeting.
async fn about(work: &mut Work, meeting: &Meeting, number: &str) -> Result<Option<Case>, ActionError> {
    let Some(key) = store::case_numbered(&mut work.tx, number).await? else { return Ok(None) };
    let case = match cases::load(work, key, CASE_ASSIGN).await {
        Ok(case) => case,
        Err(ActionError::Refused(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let open = matches!(case.state, CaseState::Open { .. });
    let within = meeting.branch.0 == 0 || meeting.branch == case.branch;
    Ok(Some(case).filter(|_| open && within))
}

/// Signs the minutes (rule `group-meeting.signed`): the head does, who did not write them; from then on the resolutions bind and
/// their tasks are duties (rule `duty.group_task`).
///
/// # Errors
/// Denied; [`MeetingError::Signed`], [`MeetingError::NotHead`], [`MeetingError::Empty`].
pub async fn sign(work: &mut Work, id: &str) -> Result<MeetingId, ActionError> {
    let one = load(work, id, GROUP_SIGN).await?;
    if !store::take(&mut work.tx, one.id).await? {
        return Err(MeetingError::Signed.into());
    }
    if work.actor.user != Some(one.content.head) || !work.actor.is_second_to(one.by.0)? {
        return Err(MeetingError::NotHead.into());
    }
    let resolutions = resolutions(work, one.id).await?;
    if resolutions.is_empty() {
        return Err(MeetingError::Empty.into());
    }
    store::sign(work, &one).await?;
    let after = json!({"number": one.number, "resolutions": resolutions.len()});
    work.audit(Entry::new(None, "group_meeting.sign", one.subject()).after(after)).await?;
    for resolution in &resolutions {
        ask(work, resolution).await?;
    }
    Ok(one.id)
}

/// Asks for the task of a resolution on its day.
async fn ask(work: &mut Work, one: &Resolution) -> Result<(), ActionError> {
    let Some((person, due_on)) = one.task() else { return Ok(()) };
    let Some(case) = case_store::find(&mut work.tx, one.case.case).await? else { return Ok(()) };
    let whom = case_store::arrears(&mut work.tx, &[one.case.customer]).await?;
    let whom = whom.get(&one.case.customer).map(|behind| behind.name.clone()).unwrap_or_default();
    let asked = duty::Case {
        customer: one.case.customer,
        subject: one.subject(),
        anchor: due_on,
        manager: Some(person),
        personal: true,
        branch: case.branch,
        whom: whom.clone(),
        number: case.number.clone(),
        amount: None,
        facts: Facts::new(),
        fields: BTreeMap::from([("name".to_owned(), whom)]),
    };
    duty::open(work, TASK, &[asked]).await?;
    Ok(())
}

/// A task that binds and that the person may say something about: whoever has to do it, or who gives cases to people.
///
/// # Errors
/// Denied; [`MeetingError::NotFound`], [`MeetingError::NoTask`].
pub async fn task(work: &mut Work, id: &str) -> Result<Resolution, ActionError> {
    work.authorise(CASE_VIEW)?;
    let key = id.parse().map(ResolutionId).map_err(|_| MeetingError::NotFound)?;
    let one = store::resolution(&mut work.tx, key).await?.ok_or(MeetingError::NotFound)?;
    let own = one.content.person.is_some() && one.content.person == work.actor.user;
    if !own {
        // Somebody else's: as whoever gives the case to people.
        match cases::load(work, one.case.case, CASE_ASSIGN).await {
            Ok(_) => {}
            Err(ActionError::Refused(_)) => return Err(MeetingError::NotFound.into()),
            Err(other) => return Err(other),
        }
    }
    let stands = resolutions(work, one.meeting).await?.into_iter().any(|known| known.id == one.id);
    if !one.signed || !stands || one.task().is_none() || one.outcome.is_some() {
        return Err(MeetingError::NoTask.into());
    }
    Ok(one)
}

/// Says what came of a task, which ends its duty (rule `group-meeting.task`).
///
/// # Errors
/// As [`task`]; nothing said.
pub async fn done(work: &mut Work, id: &str, words: &str) -> Result<Resolution, ActionError> {
    let one = task(work, id).await?;
    let mut wrong: Vec<FieldError> = too_long("meeting_outcome", words).into_iter().collect();
    if words.trim().is_empty() {
        wrong.push(FieldError::new("meeting_outcome", "field-empty"));
    }
    if !wrong.is_empty() {
        return Err(MeetingError::Form(wrong).into());
    }
    let fact = store::done(work, &one, words).await?;
    let entry = Entry::new(Some(one.case.customer), "group_task.done", one.case.subject());
    work.audit(entry.after(json!({"resolution": one.id, "fact": fact}))).await?;
    let evidence = Evidence { kind: DONE, fact: format!("group_task_outcome:{fact}"), settles: true };
    duty::close_by(work, one.case.customer, &one.subject(), &evidence).await?;
    Ok(one)
}
