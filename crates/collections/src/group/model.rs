//! A meeting of the management group, its resolutions and tasks. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::id::{BranchId, UserId};
use platform::id_type;

use crate::case::model::CaseKey;

id_type!(MeetingId, "The key of a meeting of the management group (管理小组会议).");
id_type!(ResolutionId, "The key of a resolution about a case (议定事项) within its customer.");

/// The longest words.
const MAX_WORDS: usize = 4_000;

/// A meeting that is recorded (新会议).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMeeting {
    /// When it was held.
    pub held_on: Date,
    /// The head, who signs.
    pub head: UserId,
    /// Who was present besides.
    pub members: Vec<UserId>,
    /// What was discussed beside the cases; may be empty.
    pub words: String,
}

/// A meeting (管理小组会议).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Its key.
    pub id: MeetingId,
    /// 会议编号.
    pub number: String,
    /// Of which branch; 0 is the whole institution.
    pub branch: BranchId,
    /// What was recorded.
    pub content: NewMeeting,
    /// Who signed it, and on which day.
    pub signed: Option<(UserId, Date)>,
    /// Who recorded it.
    pub by: UserId,
    /// On which business date.
    pub on: Date,
}

impl Meeting {
    /// How the audit trail names it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("group_meeting:{}", self.id)
    }
}

/// What is resolved about a case (新议定事项).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewResolution {
    /// The number of the case.
    pub case: String,
    /// What was resolved.
    pub resolution: String,
    /// What is to be done; empty: nothing.
    pub task: String,
    /// By whom.
    pub person: Option<UserId>,
    /// By when.
    pub due_on: Option<Date>,
}

/// A resolution (议定事项).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// Its key.
    pub id: ResolutionId,
    /// Of which meeting.
    pub meeting: MeetingId,
    /// The number of the meeting, and when it was held.
    pub held: (String, Date),
    /// Whether the meeting is signed: before, nothing of it binds.
    pub signed: bool,
    /// The case.
    pub case: CaseKey,
    /// What was resolved, with the number of the case.
    pub content: NewResolution,
    /// What came of the task, and when.
    pub outcome: Option<(String, Date)>,
}

impl Resolution {
    /// What the duty about its task is named by.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("group_task:{}", self.id)
    }

    /// The task that stands: by whom and by when.
    #[must_use]
    pub fn task(&self) -> Option<(UserId, Date)> {
        self.content.person.zip(self.content.due_on)
    }
}

/// The resolutions that stand (rule `group-meeting.resolution`): of each case the newest of a meeting, in the order in which the cases came.
#[must_use]
pub fn standing(all: Vec<Resolution>) -> Vec<Resolution> {
    let mut places: BTreeMap<(MeetingId, CaseKey), usize> = BTreeMap::new();
    let mut found: Vec<Resolution> = Vec::new();
    for one in all {
        match places.get(&(one.meeting, one.case)) {
            Some(place) => found[*place] = one,
            None => {
                places.insert((one.meeting, one.case), found.len());
                found.push(one);
            }
        }
    }
    found
}

/// What is wrong with a meeting, all at once (rule `group-meeting.complete`): held on a day that has come, with a head and at least
/// one member besides, all of them people of the house.
#[must_use]
pub fn wrong_meeting(new: &NewMeeting, people: &dyn Fn(UserId) -> bool, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if new.held_on > today {
        wrong.push(FieldError::new("meeting_held", "meeting-future").with("on", today));
    }
    if !people(new.head) {
        wrong.push(FieldError::new("meeting_head", "choice-invalid"));
    }
    if new.members.is_empty() || new.members.iter().any(|one| !people(*one) || *one == new.head) {
        wrong.push(FieldError::new("meeting_members", "meeting-members"));
    }
    wrong.extend(too_long("meeting_words", &new.words));
    wrong
}

/// What is wrong with a resolution, all at once (rule `group-meeting.resolution`): it says something; a task names who does it and by
/// a day that is not over, and without a task nobody and no day is named.
#[must_use]
pub fn wrong_resolution(new: &NewResolution, people: &dyn Fn(UserId) -> bool, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if new.resolution.trim().is_empty() {
        wrong.push(FieldError::new("meeting_resolution", "field-empty"));
    }
    wrong.extend(too_long("meeting_resolution", &new.resolution));
    wrong.extend(too_long("meeting_task", &new.task));
    let asked = !new.task.trim().is_empty();
    if asked != new.person.is_some() || new.person.is_some_and(|one| !people(one)) {
        wrong.push(FieldError::new("meeting_person", "meeting-person"));
    }
    match new.due_on {
        Some(on) if on < today => wrong.push(FieldError::new("meeting_due", "case-paper-past").with("on", today)),
        found if asked != found.is_some() => wrong.push(FieldError::new("meeting_due", "meeting-due")),
        Some(_) | None => {}
    }
    wrong
}

/// Words beyond the longest that is kept.
pub(super) fn too_long(field: &'static str, words: &str) -> Option<FieldError> {
    let long = words.trim().chars().count() > MAX_WORDS;
    long.then(|| FieldError::new(field, "contact-too-long").with("max", MAX_WORDS))
}

/// Why a meeting is not taken (会议拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MeetingError {
    /// There is none, or not for this person.
    #[error("no such meeting")]
    NotFound,
    /// The person sees less than a branch.
    #[error("less than a branch")]
    NotWhole,
    /// It is signed: nothing is added any more.
    #[error("signed")]
    Signed,
    /// Nothing was resolved yet.
    #[error("no resolution")]
    Empty,
    /// Whoever recorded it does not sign it, and nobody but its head does.
    #[error("not the head")]
    NotHead,
    /// The task was done before, or there is none that binds.
    #[error("no such task")]
    NoTask,
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
}

impl Refusal for MeetingError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "meeting-not-found"),
            Self::NotWhole => {
                Refused::new(RefusalKind::Forbidden, "meeting-not-whole").under("group-meeting.scope", None)
            }
            Self::Signed => conflict("meeting-signed").under("group-meeting.signed", None),
            Self::Empty => conflict("meeting-empty").under("group-meeting.signed", None),
            Self::NotHead => conflict("meeting-not-head").under("group-meeting.signed", None),
            Self::NoTask => conflict("meeting-no-task").under("group-meeting.task", None),
            Self::Form(fields) => Refused::form(fields.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use platform::id::CustomerId;

    use super::*;
    use crate::case::model::CaseId;

    const TODAY: Date = date(2026, 12, 21);

    // Rule `group-meeting.complete`. S4-02
    #[test]
    fn a_meeting_has_a_head_and_members_and_was_held() {
        let new = |held_on, head, members: &[i64]| NewMeeting {
            held_on,
            head: UserId(head),
            members: members.iter().copied().map(UserId).collect(),
            words: String::new(),
        };
        let fields = |new: &NewMeeting| {
            wrong_meeting(new, &|one| one.0 < 5, TODAY).iter().map(|one| one.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(&new(TODAY, 1, &[2, 3])), Vec::<&str>::new());
        assert_eq!(fields(&new(date(2026, 12, 22), 7, &[])), ["meeting_held", "meeting_head", "meeting_members"]);
        assert_eq!(fields(&new(TODAY, 1, &[1])), ["meeting_members"], "the head is not present twice");
        assert_eq!(fields(&new(TODAY, 1, &[2, 9])), ["meeting_members"]);
    }

    fn resolution(task: &str, person: Option<i64>, due_on: Option<Date>) -> NewResolution {
        NewResolution {
            case: "CS1".to_owned(),
            resolution: "先谈后诉".to_owned(),
            task: task.to_owned(),
            person: person.map(UserId),
            due_on,
        }
    }

    // Rule `group-meeting.resolution`. S4-02
    #[test]
    fn a_task_names_who_and_by_when_or_there_is_none() {
        let fields = |new: &NewResolution| {
            wrong_resolution(new, &|one| one.0 < 5, TODAY).iter().map(|one| one.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(&resolution("", None, None)), Vec::<&str>::new());
        assert_eq!(fields(&resolution("约谈", Some(2), Some(TODAY))), Vec::<&str>::new());
        assert_eq!(fields(&resolution("约谈", None, None)), ["meeting_person", "meeting_due"]);
        assert_eq!(fields(&resolution("", Some(2), Some(TODAY))), ["meeting_person", "meeting_due"]);
        assert_eq!(fields(&resolution("约谈", Some(9), Some(date(2026, 12, 20)))), ["meeting_person", "meeting_due"]);
        let silent = NewResolution { resolution: " ".to_owned(), ..resolution("", None, None) };
        assert_eq!(fields(&silent), ["meeting_resolution"]);
    }

    // Rule `group-meeting.resolution`
    #[test]
    fn of_a_case_the_newest_resolution_stands() {
        let of = |id, case| Resolution {
            id: ResolutionId(id),
            meeting: MeetingId(1),
            held: ("HY1".to_owned(), TODAY),
            signed: false,
            case: CaseKey { customer: CustomerId(1), case: CaseId(case) },
            content: resolution("", None, None),
            outcome: None,
        };
        let stand = standing(vec![of(1, 7), of(2, 8), of(3, 7)]);
        assert_eq!(stand.iter().map(|one| one.id.0).collect::<Vec<_>>(), [3, 2]);
    }
}
