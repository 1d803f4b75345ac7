//! Table `staff_training`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::model::{Form, NewTraining, Training, TrainingId};
use crate::access::DataScope;
use crate::args;
use crate::db::{Conditions, Row, StoreError, Tx};
use crate::exam::store::within;
use crate::id::{BranchId, UserId};
use crate::work::Work;

/// The most people looked at for what they lack.
pub(super) const PEOPLE: i64 = 5_000;
/// The most records read for that.
const RECORDS: i64 = 200_000;

const COLUMNS: &str = "select t.id, t.user_id, t.form, t.topic, t.title, t.held_on, t.hours, t.passed, t.note, \
     t.valid_until, case when t.takes_back_id is not null \
     or exists (select 1 from staff_training n where n.takes_back_id = t.id) then 1 else 0 end as taken_back \
     from staff_training t join app_user u on u.id = t.user_id";

fn decode(row: &Row) -> Result<Training, StoreError> {
    let (passed, taken_back): (i64, i64) = (row.get("passed")?, row.get("taken_back")?);
    let said = NewTraining {
        user: row.get("user_id")?,
        form: row.get("form")?,
        topic: row.get("topic")?,
        title: row.get("title")?,
        held_on: row.get("held_on")?,
        hours: row.get("hours")?,
        passed: passed == 1,
        note: row.get("note")?,
    };
    Ok(Training { id: row.get("id")?, said, valid_until: row.get("valid_until")?, taken_back: taken_back == 1 })
}

/// One training within a scope.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, id: TrainingId, scope: DataScope) -> Result<Option<Training>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("t.id = ?", args![id]);
    within(scope, &mut w);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// Somebody of the staff with the posts held (员工与岗位).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The person.
    pub user: UserId,
    /// The name.
    pub name: String,
    /// The branch.
    pub branch: BranchId,
    /// The roles.
    pub roles: BTreeSet<String>,
}

/// The people who work here in any of these roles, by name, within a scope.
///
/// # Errors
/// The store's.
pub async fn holders(tx: &mut Tx, roles: &BTreeSet<String>, scope: DataScope) -> Result<Vec<Holder>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("u.state = 'active' and u.kind = 'person'", args![]);
    within(scope, &mut w);
    let head = "select u.id, u.name, u.branch_id, r.role from app_user u join user_role r on r.user_id = u.id";
    let rows = tx.fetch_all(w.select(head, "order by u.name, u.id, r.role"), w.args()).await?;
    let mut found: Vec<Holder> = Vec::new();
    for row in &rows {
        let (user, role): (UserId, String) = (row.get("id")?, row.get("role")?);
        if !roles.contains(&role) {
            continue;
        }
        match found.last_mut().filter(|last| last.user == user) {
            Some(last) => {
                last.roles.insert(role);
            }
            None => found.push(Holder {
                user,
                name: row.get("name")?,
                branch: row.get("branch_id")?,
                roles: BTreeSet::from([role]),
            }),
        }
    }
    Ok(found)
}

/// What everybody passed that still counts on a day.
///
/// # Errors
/// The store's.
pub async fn held(tx: &mut Tx, on: Date) -> Result<BTreeMap<UserId, BTreeSet<(Form, String)>>, StoreError> {
    let sql = "select distinct t.user_id, t.form, t.topic from staff_training t where t.passed = 1 \
               and t.takes_back_id is null and t.valid_until >= $1 \
               and not exists (select 1 from staff_training n where n.takes_back_id = t.id) \
               order by t.user_id, t.form, t.topic limit $2";
    let rows = tx.fetch_all(sql, args![on, RECORDS]).await?;
    let mut found: BTreeMap<UserId, BTreeSet<(Form, String)>> = BTreeMap::new();
    for row in &rows {
        found.entry(row.get("user_id")?).or_default().insert((row.get("form")?, row.get("topic")?));
    }
    Ok(found)
}

/// Writes a training, or the row that takes one back; 0 enters what an exam scored by the system proves.
pub(super) async fn insert(
    work: &mut Work,
    new: &NewTraining,
    valid_until: Date,
    takes_back: Option<TrainingId>,
    by: i64,
) -> Result<TrainingId, StoreError> {
    let (id, on, now) = (TrainingId(work.next_id()), work.business_date, work.now);
    work.tx
        .execute(
            "insert into staff_training (id, user_id, form, topic, title, held_on, hours, passed, valid_until, note, \
             takes_back_id, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            args![
                id,
                new.user,
                new.form,
                new.topic.as_str(),
                new.title.trim(),
                new.held_on,
                new.hours,
                i64::from(new.passed),
                valid_until,
                new.note.trim(),
                takes_back,
                on,
                now,
                by
            ],
        )
        .await?;
    Ok(id)
}
