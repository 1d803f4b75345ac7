//! Tables of the guard: locks, allowances, grounds, agreed hours, openings, lines.

use jiff::Timestamp;
use jiff::civil::Date;
use platform::contact_gate::{AgencyId, CallingLine, Channel, Contact, LineId, PersonId, Purpose};
use platform::db::{AssertSqlSafe, Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;
use platform::{args, id_type};

use super::model::{AllowanceId, Ground, week_of};
use crate::contact::model::ContactResult;

id_type!(GroundId, "The key of a logged ground for contacting third parties (联系第三人的理由).");
id_type!(OpeningId, "The key of a limit opened once (放开一次).");

/// The most rows that a list of allowances shows.
const LIMIT: i64 = 200;

/// Takes the person's row: whoever comes next waits until this transaction ends.
pub(crate) async fn lock_person(tx: &mut Tx, person: PersonId) -> Result<(), StoreError> {
    tx.execute(
        "insert into contact_person_lock (person_id, turns) values ($1, 0) on conflict (person_id) do nothing",
        args![person],
    )
    .await?;
    tx.execute_one("update contact_person_lock set turns = turns + 1 where person_id = $1", args![person]).await
}

/// Takes the number's row; always after the person's, so that no two wait for each other.
pub(crate) async fn lock_number(tx: &mut Tx, number_index: &str) -> Result<(), StoreError> {
    if number_index.is_empty() {
        return Ok(());
    }
    tx.execute(
        "insert into contact_number_lock (number_index, turns) values ($1, 0) on conflict (number_index) do nothing",
        args![number_index],
    )
    .await?;
    tx.execute_one("update contact_number_lock set turns = turns + 1 where number_index = $1", args![number_index])
        .await
}

/// What is written of an allowance (许可登记).
pub(crate) struct NewAllowance<'a> {
    pub contact: &'a Contact,
    pub person: PersonId,
    pub party: &'static str,
    pub ground: Option<GroundId>,
    pub civil_on: Date,
    pub origin: &'static str,
    pub asked_at: Timestamp,
    pub asked_by: i64,
    pub lapses_at: Timestamp,
}

pub(crate) async fn insert_allowance(work: &mut Work, new: &NewAllowance<'_>) -> Result<AllowanceId, StoreError> {
    let id = AllowanceId(work.next_id());
    let contact = new.contact;
    let line = match contact.manner.line {
        CallingLine::Registered(line) => Some(line),
        CallingLine::Unnamed | CallingLine::Private => None,
    };
    // Staff of an agency have no key here; they stand by name on the order of the visit.
    let people = contact.manner.visitors.iter().flat_map(|crew| &crew.people).filter(|id| **id > 0);
    let visitors: String = people.map(|id| format!("|{id}")).collect();
    work.tx
        .execute(
            "insert into contact_allowance (customer_id, id, person_id, number_index, channel, purpose, party, ground_id, \
             line_id, visitors, civil_on, week_on, origin, asked_at, asked_by, agency_id, lapses_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            args![
                contact.customer,
                id,
                new.person,
                contact.number_index,
                contact.manner.channel,
                contact.purpose,
                new.party,
                new.ground,
                line,
                visitors,
                new.civil_on,
                week_of(new.civil_on),
                new.origin,
                new.asked_at,
                new.asked_by,
                contact.manner.agency,
                new.lapses_at
            ],
        )
        .await?;
    Ok(id)
}

/// An allowance (联系许可) as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// Whose file.
    pub customer: CustomerId,
    /// The key within it.
    pub id: AllowanceId,
    /// Whose ledger counts it.
    pub person: PersonId,
    /// By which channel.
    pub channel: Channel,
    /// What for.
    pub purpose: Purpose,
    /// What the person is to the debt.
    pub party: String,
    /// From which line.
    pub line: Option<LineId>,
    /// The debtor's civil day.
    pub civil_on: Date,
    /// When.
    pub asked_at: Timestamp,
    /// By whom.
    pub asked_by: i64,
    /// On whose behalf.
    pub agency: Option<AgencyId>,
    /// When it runs out.
    pub lapses_at: Timestamp,
    /// Whether somebody answered, once that is known.
    pub connected: Option<bool>,
    /// What came of it, once that is known.
    pub result: Option<ContactResult>,
}

const SELECT: &str = "select customer_id, id, person_id, channel, purpose, party, line_id, civil_on, asked_at, asked_by, \
     agency_id, lapses_at, connected, result from contact_allowance";

fn decode(row: &Row) -> Result<Allowance, StoreError> {
    Ok(Allowance {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        person: row.get("person_id")?,
        channel: row.get("channel")?,
        purpose: row.get("purpose")?,
        party: row.get("party")?,
        line: row.get("line_id")?,
        civil_on: row.get("civil_on")?,
        asked_at: row.get("asked_at")?,
        asked_by: row.get("asked_by")?,
        agency: row.get("agency_id")?,
        lapses_at: row.get("lapses_at")?,
        connected: row.get::<Option<i64>>("connected")?.map(|yes| yes == 1),
        result: row.get("result")?,
    })
}

/// One allowance.
///
/// # Errors
/// The store's.
pub async fn allowance(tx: &mut Tx, customer: CustomerId, id: AllowanceId) -> Result<Option<Allowance>, StoreError> {
    let sql = AssertSqlSafe(format!("{SELECT} where customer_id = $1 and id = $2"));
    tx.fetch_optional(sql, args![customer, id]).await?.as_ref().map(decode).transpose()
}

/// The allowances of a person at the screen that still owe their outcome, the oldest first.
///
/// # Errors
/// The store's.
pub async fn owed_by(tx: &mut Tx, asker: i64) -> Result<Vec<Allowance>, StoreError> {
    let sql = AssertSqlSafe(format!("{SELECT} where asked_by = $1 and settled_at is null order by asked_at limit $2"));
    tx.fetch_all(sql, args![asker, LIMIT]).await?.iter().map(decode).collect()
}

/// The allowances of a file, the latest first.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Allowance>, StoreError> {
    let sql = AssertSqlSafe(format!("{SELECT} where customer_id = $1 order by asked_at desc, id desc limit $2"));
    tx.fetch_all(sql, args![customer, LIMIT]).await?.iter().map(decode).collect()
}

/// Writes the outcome of an open allowance.
///
/// Errors: [`StoreError::Stale`] when it has one.
pub(crate) async fn settle(
    work: &mut Work,
    key: (CustomerId, AllowanceId),
    connected: bool,
    result: Option<ContactResult>,
) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute_one(
            "update contact_allowance set connected = $1, result = $2, settled_at = $3, settled_by = $4 \
             where customer_id = $5 and id = $6 and settled_at is null",
            args![connected, result, now, by, key.0, key.1],
        )
        .await
}

/// The ground that stands in a file.
pub(super) async fn standing_ground(
    tx: &mut Tx,
    customer: CustomerId,
) -> Result<Option<(GroundId, Ground)>, StoreError> {
    let sql = "select id, ground from contact_ground where customer_id = $1 and ended_at is null";
    let row = tx.fetch_optional(sql, args![customer]).await?;
    row.map(|row| Ok((row.get("id")?, row.get("ground")?))).transpose()
}

pub(super) async fn insert_ground(
    work: &mut Work,
    customer: CustomerId,
    ground: Ground,
    evidence: &str,
) -> Result<GroundId, StoreError> {
    let id = GroundId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into contact_ground (customer_id, id, ground, evidence, logged_on, logged_at, logged_by) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            args![customer, id, ground, evidence, on, now, by],
        )
        .await?;
    Ok(id)
}

/// Ends the ground that stands; whether one did.
pub(super) async fn end_ground(work: &mut Work, customer: CustomerId, reason: &str) -> Result<bool, StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    let changed = work
        .tx
        .execute(
            "update contact_ground set ended_at = $1, ended_by = $2, ended_reason = $3 \
             where customer_id = $4 and ended_at is null",
            args![now, by, reason, customer],
        )
        .await?;
    Ok(changed > 0)
}

pub(super) async fn insert_opening(
    work: &mut Work,
    customer: CustomerId,
    person: PersonId,
    (rule, reason): (&str, &str),
    expires_at: Timestamp,
) -> Result<OpeningId, StoreError> {
    let id = OpeningId(work.next_id());
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into contact_opening (customer_id, id, person_id, rule, reason, opened_at, opened_by, expires_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![customer, id, person, rule, reason, now, by, expires_at],
        )
        .await?;
    Ok(id)
}

/// An opening of this rule that nobody used yet.
pub(super) async fn unused_opening(
    tx: &mut Tx,
    persons: &[PersonId],
    rule: &str,
    now: Timestamp,
) -> Result<Option<(CustomerId, OpeningId)>, StoreError> {
    let mut unused = Conditions::new();
    unused
        .one_of("person_id", persons)
        .and_values("rule = ? and allowance_id is null and expires_at > ?", args![rule, now]);
    let head = "select customer_id, id from contact_opening";
    let row = tx.fetch_optional(unused.select(head, "order by id limit 1"), unused.args()).await?;
    row.map(|row| Ok((row.get("customer_id")?, row.get("id")?))).transpose()
}

pub(super) async fn use_opening(
    tx: &mut Tx,
    (customer, id): (CustomerId, OpeningId),
    allowance: AllowanceId,
) -> Result<(), StoreError> {
    tx.execute_one(
        "update contact_opening set allowance_id = $1 where customer_id = $2 and id = $3 and allowance_id is null",
        args![allowance, customer, id],
    )
    .await
}

/// How many limits were opened for a person since a moment.
pub(super) async fn openings_since(tx: &mut Tx, persons: &[PersonId], since: Timestamp) -> Result<i64, StoreError> {
    let mut w = Conditions::new();
    w.one_of("person_id", persons).and_values("opened_at >= ?", args![since]);
    tx.fetch_one(w.select("select count(*) as n from contact_opening", ""), w.args()).await?.get("n")
}

/// A registered line (外呼线路).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallingLineRow {
    /// Its key.
    pub id: LineId,
    /// Its number.
    pub number: String,
    /// What people call it.
    pub label: String,
    /// The agency whose staff call from it; none: the institution's own.
    pub agency: Option<AgencyId>,
}

/// The registered lines in use.
///
/// # Errors
/// The store's.
pub async fn lines(tx: &mut Tx) -> Result<Vec<CallingLineRow>, StoreError> {
    let sql = "select id, number, label, agency_id from calling_line where ended_at is null order by number limit $1";
    let rows = tx.fetch_all(sql, args![LIMIT]).await?;
    rows.iter()
        .map(|row| {
            Ok(CallingLineRow {
                id: row.get("id")?,
                number: row.get("number")?,
                label: row.get("label")?,
                agency: row.get("agency_id")?,
            })
        })
        .collect()
}

pub(super) async fn insert_line(
    work: &mut Work,
    number: &str,
    label: &str,
    agency: Option<AgencyId>,
) -> Result<LineId, StoreError> {
    let id = LineId(work.next_id());
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into calling_line (id, number, label, agency_id, registered_at, registered_by) \
             values ($1, $2, $3, $4, $5, $6)",
            args![id, number, label, agency, now, by],
        )
        .await?;
    Ok(id)
}

/// A call or message as the check of lost contact counts it (联系尝试).
pub(super) struct Attempt {
    pub channel: Channel,
    pub line: Option<LineId>,
    pub at: Timestamp,
    pub connected: Option<bool>,
    pub result: Option<ContactResult>,
}

/// The latest attempts to reach the debtor himself, the latest first.
pub(super) async fn attempts(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Attempt>, StoreError> {
    let sql = "select channel, line_id, asked_at, connected, result from contact_allowance \
         where customer_id = $1 and party = 'debtor' order by asked_at desc, id desc limit $2";
    let rows = tx.fetch_all(sql, args![customer, LIMIT]).await?;
    rows.iter()
        .map(|row| {
            Ok(Attempt {
                channel: row.get("channel")?,
                line: row.get("line_id")?,
                at: row.get("asked_at")?,
                connected: row.get::<Option<i64>>("connected")?.map(|yes| yes == 1),
                result: row.get("result")?,
            })
        })
        .collect()
}
