//! Tables `group_meeting`, `group_resolution` and `group_task_outcome`.

use jiff::Timestamp;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::{BranchId, UserId};
use platform::work::Work;

use super::model::{Meeting, MeetingId, NewMeeting, NewResolution, Resolution, ResolutionId};
use crate::case::model::{CaseId, CaseKey};

const COLUMNS: &str = "select m.id, m.number, m.branch_id, m.held_on, m.head_id, m.members, m.words, m.signed_at, \
     m.signed_by, m.effective_on, m.recorded_by from group_meeting m";

fn decode(row: &Row) -> Result<Meeting, StoreError> {
    let (by, at): (Option<UserId>, Option<Timestamp>) = (row.get("signed_by")?, row.get("signed_at")?);
    Ok(Meeting {
        id: row.get("id")?,
        number: row.get("number")?,
        branch: row.get::<Option<BranchId>>("branch_id")?.unwrap_or(BranchId(0)),
        content: NewMeeting {
            held_on: row.get("held_on")?,
            head: row.get("head_id")?,
            members: members_of(&row.get::<String>("members")?),
            words: row.get("words")?,
        },
        signed: by.zip(at.map(platform::clock::civil_day)),
        by: row.get("recorded_by")?,
        on: row.get("effective_on")?,
    })
}

fn members_of(text: &str) -> Vec<UserId> {
    text.split('|').filter_map(|key| key.parse().ok()).map(UserId).collect()
}

fn members(keys: &[UserId]) -> String {
    let all: Vec<String> = keys.iter().map(ToString::to_string).collect();
    format!("|{}|", all.join("|"))
}

/// Keeps what a person may see: of a branch its own meetings, not those over the whole institution.
pub fn within(w: &mut Conditions, scope: DataScope) {
    // A meeting is of a branch or of all: a team, or oneself, sees none.
    w.and_values(if scope.team == 0 && scope.manager == 0 { "1 = 1" } else { "1 = 0" }, args![]);
    if scope.branch != 0 {
        w.and_values("m.branch_id = ?", args![scope.branch]);
    }
}

/// One meeting.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, id: MeetingId) -> Result<Option<Meeting>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("m.id = ?", args![id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// A page of them, the latest first.
///
/// # Errors
/// The store's.
pub async fn page(tx: &mut Tx, w: &Conditions, limit: i64, offset: i64) -> Result<Vec<Meeting>, StoreError> {
    let tail = format!("order by m.held_on desc, m.id desc limit {limit} offset {offset}");
    tx.fetch_all(w.select(COLUMNS, &tail), w.args()).await?.iter().map(decode).collect()
}

/// How many there are.
///
/// # Errors
/// The store's.
pub async fn count(tx: &mut Tx, w: &Conditions) -> Result<i64, StoreError> {
    tx.fetch_one(w.select("select count(*) as n from group_meeting m", ""), w.args()).await?.get("n")
}

/// Keeps a meeting.
pub(super) async fn insert(work: &mut Work, one: &Meeting) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    let content = &one.content;
    work.tx
        .execute(
            "insert into group_meeting (id, number, branch_id, held_on, head_id, members, words, state, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9, $10)",
            args![
                one.id,
                one.number,
                Some(one.branch).filter(|branch| branch.0 != 0),
                content.held_on,
                content.head,
                members(&content.members),
                content.words.trim(),
                one.on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// Takes the row of a meeting that is not signed: whoever adds to it or signs it next waits for this work.
pub(super) async fn take(tx: &mut Tx, id: MeetingId) -> Result<bool, StoreError> {
    let sql = "update group_meeting set state = 'draft' where id = $1 and state = 'draft'";
    Ok(tx.execute(sql, args![id]).await? == 1)
}

/// Notes who signed it.
pub(super) async fn sign(work: &mut Work, one: &Meeting) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute_one(
            "update group_meeting set state = 'signed', signed_at = $1, signed_by = $2 where id = $3 and state = 'draft'",
            args![now, by, one.id],
        )
        .await
}

const RESOLUTIONS: &str = "select r.customer_id, r.id, r.meeting_id, r.case_id, r.resolution, r.task, r.person_id, r.due_on, \
     m.number as meeting_number, m.held_on, m.state, c.number as case_number, o.words as outcome, \
     o.effective_on as outcome_on from group_resolution r join group_meeting m on m.id = r.meeting_id \
     join collection_case c on c.customer_id = r.customer_id and c.id = r.case_id \
     left join group_task_outcome o on o.customer_id = r.customer_id and o.resolution_id = r.id";

fn resolution_of(row: &Row) -> Result<Resolution, StoreError> {
    let (outcome, on): (Option<String>, Option<Date>) = (row.get("outcome")?, row.get("outcome_on")?);
    Ok(Resolution {
        id: row.get("id")?,
        meeting: row.get("meeting_id")?,
        held: (row.get("meeting_number")?, row.get("held_on")?),
        signed: row.get::<String>("state")? == "signed",
        case: CaseKey { customer: row.get("customer_id")?, case: row.get::<CaseId>("case_id")? },
        content: NewResolution {
            case: row.get("case_number")?,
            resolution: row.get("resolution")?,
            task: row.get("task")?,
            person: row.get("person_id")?,
            due_on: row.get("due_on")?,
        },
        outcome: outcome.zip(on),
    })
}

/// The resolutions of a meeting in order, older ones of a case too.
///
/// # Errors
/// The store's.
pub async fn of_meeting(tx: &mut Tx, id: MeetingId) -> Result<Vec<Resolution>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("r.meeting_id = ?", args![id]);
    tx.fetch_all(w.select(RESOLUTIONS, "order by r.id"), w.args()).await?.iter().map(resolution_of).collect()
}

/// What was resolved about a case in meetings that are signed, in order; older ones of a meeting too.
///
/// # Errors
/// The store's.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Vec<Resolution>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("r.customer_id = ? and r.case_id = ? and m.state = 'signed'", args![case.customer, case.case]);
    tx.fetch_all(w.select(RESOLUTIONS, "order by r.id"), w.args()).await?.iter().map(resolution_of).collect()
}

/// One resolution.
///
/// # Errors
/// The store's.
pub async fn resolution(tx: &mut Tx, id: ResolutionId) -> Result<Option<Resolution>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("r.id = ?", args![id]);
    tx.fetch_optional(w.select(RESOLUTIONS, ""), w.args()).await?.as_ref().map(resolution_of).transpose()
}

/// The open or closed case of this number.
///
/// # Errors
/// The store's.
pub async fn case_numbered(tx: &mut Tx, number: &str) -> Result<Option<CaseId>, StoreError> {
    let sql = "select id from collection_case where number = $1 limit 1";
    tx.fetch_optional(sql, args![number.trim()]).await?.map(|row| row.get("id")).transpose()
}

/// Keeps a resolution.
pub(super) async fn add(
    work: &mut Work,
    meeting: MeetingId,
    case: CaseKey,
    new: &NewResolution,
) -> Result<ResolutionId, StoreError> {
    let id = ResolutionId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into group_resolution (customer_id, id, meeting_id, case_id, resolution, task, person_id, due_on, \
             effective_on, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            args![
                case.customer,
                id,
                meeting,
                case.case,
                new.resolution.trim(),
                new.task.trim(),
                new.person,
                new.due_on,
                on,
                now,
                by
            ],
        )
        .await?;
    Ok(id)
}

/// Keeps what came of a task.
pub(super) async fn done(work: &mut Work, one: &Resolution, words: &str) -> Result<i64, StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into group_task_outcome (customer_id, id, resolution_id, words, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            args![one.case.customer, id, one.id, words.trim(), on, now, by],
        )
        .await?;
    Ok(id)
}
