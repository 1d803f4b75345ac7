//! Tables `duty` and `duty_member`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::model::{Duty, DutyKey, DutyState, Member};
use crate::args;
use crate::db::{AssertSqlSafe, Conditions, Row, StoreError, Tx, Value};
use crate::id::{BranchId, CustomerId};

pub(super) const COLUMNS: &str = "d.customer_id, d.id, d.kind, d.rule, d.article, d.title_zh, d.title_en, d.subject, d.whom, d.number, \
    d.amount_fen, d.owner_id, d.owner_role, d.branch_id, d.opened_on, d.opens_on, d.due_on, d.escalate_on, d.escalate_to, \
    d.escalated_on, d.evidence_kinds, d.provisional, d.fields_json, d.members, d.members_open, d.state, d.evidence, d.reason, \
    d.reason_rule, d.closed_on, d.version";
const INSERT: &str = "insert into duty (customer_id, id, kind, rule, article, title_zh, title_en, subject, whom, number, \
    amount_fen, owner_id, owner_role, branch_id, team_id, opened_on, opens_on, due_on, escalate_on, escalate_to, \
    evidence_kinds, provisional, fields_json, members, members_open, state)";
const ONCE: &str = "on conflict (customer_id, kind, subject, due_on) do nothing";
const INSERT_MEMBER: &str = "insert into duty_member (customer_id, duty_id, subject, whom, number, amount_fen, fields_json, \
    opens_on, evidence_kinds, state)";
const MEMBER_ONCE: &str = "on conflict (customer_id, duty_id, subject) do nothing";

fn corrupt(column: &str, expected: &'static str, found: impl Into<String>) -> StoreError {
    StoreError::Corrupt { column: column.to_owned(), expected, found: found.into() }
}

fn state(row: &Row) -> Result<DutyState, StoreError> {
    let on = |row: &Row| row.get::<Date>("closed_on");
    Ok(match row.get::<String>("state")?.as_str() {
        "open" => DutyState::Open,
        "done" => DutyState::Done { evidence: row.get("evidence")?, on: on(row)? },
        "excused" => DutyState::Excused {
            reason: row.get("reason")?,
            rule: row.get::<Option<String>>("reason_rule")?.unwrap_or_default(),
            on: on(row)?,
        },
        "cancelled" => DutyState::Cancelled { reason: row.get("reason")?, on: on(row)? },
        other => return Err(corrupt("state", "state of a duty", other)),
    })
}

fn kinds(row: &Row) -> Result<Vec<String>, StoreError> {
    Ok(row.get::<String>("evidence_kinds")?.split('|').filter(|kind| !kind.is_empty()).map(str::to_owned).collect())
}

fn fields(row: &Row) -> Result<BTreeMap<String, String>, StoreError> {
    let text: String = row.get("fields_json")?;
    serde_json::from_str(&text).map_err(|_| corrupt("fields_json", "map of texts", format!("{} bytes", text.len())))
}

pub(super) fn decode(row: &Row) -> Result<Duty, StoreError> {
    let escalation = match (row.get::<Option<Date>>("escalate_on")?, row.get::<Option<String>>("escalate_to")?) {
        (Some(on), Some(to)) => Some((on, to)),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            return Err(corrupt("escalate_to", "date and role together", "one of them"));
        }
    };
    Ok(Duty {
        key: DutyKey { customer: CustomerId(row.get("customer_id")?), id: row.get("id")? },
        kind: row.get("kind")?,
        rule: row.get("rule")?,
        article: row.get("article")?,
        title_zh: row.get("title_zh")?,
        title_en: row.get("title_en")?,
        subject: row.get("subject")?,
        whom: row.get("whom")?,
        number: row.get("number")?,
        amount: row.get("amount_fen")?,
        owner: row.get("owner_id")?,
        owner_role: row.get("owner_role")?,
        branch: BranchId(row.get("branch_id")?),
        opened_on: row.get("opened_on")?,
        opens_on: row.get("opens_on")?,
        due_on: row.get("due_on")?,
        escalation,
        escalated_on: row.get("escalated_on")?,
        evidence_kinds: kinds(row)?,
        provisional: row.get("provisional")?,
        fields: fields(row)?,
        members: (row.get("members")?, row.get("members_open")?),
        state: state(row)?,
        version: row.get("version")?,
    })
}

fn decode_member(row: &Row) -> Result<Member, StoreError> {
    Ok(Member {
        customer: CustomerId(row.get("customer_id")?),
        subject: row.get("subject")?,
        whom: row.get("whom")?,
        number: row.get("number")?,
        amount: row.get("amount_fen")?,
        opens_on: row.get("opens_on")?,
        evidence_kinds: kinds(row)?,
        fields: fields(row)?,
        state: state(row)?,
    })
}

/// Writes new duties; those that exist already stay as they are. How many are new.
pub(super) async fn insert(tx: &mut Tx, duties: &[Duty]) -> Result<u64, StoreError> {
    let rows: Vec<Vec<Value>> = duties
        .iter()
        .map(|d| {
            args![
                d.key.customer,
                d.key.id,
                d.kind,
                d.rule,
                d.article,
                d.title_zh,
                d.title_en,
                d.subject,
                d.whom,
                d.number,
                d.amount,
                d.owner,
                d.owner_role,
                d.branch,
                0_i64,
                d.opened_on,
                d.opens_on,
                d.due_on,
                d.escalation.as_ref().map(|e| e.0),
                d.escalation.as_ref().map(|e| e.1.clone()),
                d.evidence_kinds.join("|"),
                d.provisional,
                serde_json::json!(d.fields).to_string(),
                d.members.0,
                d.members.1,
                "open"
            ]
        })
        .collect();
    tx.write_rows(INSERT, ONCE, rows).await
}

/// The bulk duty of this kind, owner and date.
pub(super) async fn bulk_id(tx: &mut Tx, kind: &str, subject: &str, due_on: Date) -> Result<i64, StoreError> {
    tx.fetch_one(
        "select id from duty where customer_id = 0 and kind = $1 and subject = $2 and due_on = $3",
        args![kind, subject, due_on],
    )
    .await?
    .get("id")
}

/// Adds cases to a bulk duty; those in it already stay as they are. How many are new.
pub(super) async fn insert_members(tx: &mut Tx, duty: i64, members: &[Member]) -> Result<u64, StoreError> {
    let rows: Vec<Vec<Value>> = members
        .iter()
        .map(|m| {
            args![
                m.customer,
                duty,
                m.subject,
                m.whom,
                m.number,
                m.amount,
                serde_json::json!(m.fields).to_string(),
                m.opens_on,
                m.evidence_kinds.join("|"),
                "open"
            ]
        })
        .collect();
    tx.write_rows(INSERT_MEMBER, MEMBER_ONCE, rows).await
}

/// New cases came to a bulk duty: it stands, or stands again. Counting all its cases with every batch would cost the
/// square of their number.
pub(super) async fn grew(tx: &mut Tx, duty: i64, by: i64, amount: i64) -> Result<(), StoreError> {
    tx.execute_one(
        "update duty set members = members + $1, members_open = members_open + $2, \
         amount_fen = coalesce(amount_fen, 0) + $3, state = 'open', evidence = null, closed_on = null, closed_at = null, \
         closed_by = null, version = version + 1 where customer_id = 0 and id = $4",
        args![by, by, amount, duty],
    )
    .await
}

/// Cases of a bulk duty ended: with the last one it is done.
pub(super) async fn shrank(
    tx: &mut Tx,
    duty: i64,
    by: i64,
    (on, at, who): (Date, Timestamp, i64),
) -> Result<(), StoreError> {
    tx.execute_one(
        "update duty set members_open = members_open - $1, version = version + 1 where customer_id = 0 and id = $2",
        args![by, duty],
    )
    .await?;
    tx.execute(
        "update duty set state = 'done', evidence = 'members', closed_on = $1, closed_at = $2, closed_by = $3 \
         where customer_id = 0 and id = $4 and members_open = 0 and state = 'open'",
        args![on, at, who, duty],
    )
    .await
    .map(drop)
}

/// Counts a bulk duty's cases anew; a duty whose last case closed is done, one that got a new case stands again.
pub(super) async fn recount(tx: &mut Tx, duty: i64, on: Date, at: Timestamp, by: i64) -> Result<(), StoreError> {
    let row = tx
        .fetch_one(
            "select count(*) as n, cast(coalesce(sum(case when state = 'open' then 1 else 0 end), 0) as bigint) as open, \
             cast(coalesce(sum(amount_fen), 0) as bigint) as amount from duty_member where duty_id = $1",
            args![duty],
        )
        .await?;
    let (members, open, amount): (i64, i64, i64) = (row.get("n")?, row.get("open")?, row.get("amount")?);
    let done = open == 0;
    tx.execute_one(
        "update duty set members = $1, members_open = $2, amount_fen = $3, state = $4, evidence = $5, closed_on = $6, \
         closed_at = $7, closed_by = $8, version = version + 1 where customer_id = 0 and id = $9",
        args![
            members,
            open,
            amount,
            if done { "done" } else { "open" },
            done.then_some("members"),
            done.then_some(on),
            done.then_some(at),
            done.then_some(by),
            duty
        ],
    )
    .await
}

/// One duty.
pub async fn load(tx: &mut Tx, key: DutyKey) -> Result<Option<Duty>, StoreError> {
    let sql = AssertSqlSafe(format!("select {COLUMNS} from duty d where d.customer_id = $1 and d.id = $2"));
    tx.fetch_optional(sql, args![key.customer, key.id]).await?.as_ref().map(decode).transpose()
}

/// What duties are about: customer and subject.
type About = (CustomerId, String);

/// The customers of some subjects, each once, as many as one statement names.
fn customers(about: &[About]) -> Vec<Vec<CustomerId>> {
    let all: BTreeSet<CustomerId> = about.iter().map(|one| one.0).collect();
    let all: Vec<CustomerId> = all.into_iter().collect();
    all.chunks(500).map(<[CustomerId]>::to_vec).collect()
}

/// One of these customers; of a single subject, that subject too.
fn narrow(w: &mut Conditions, some: &[CustomerId], about: &[About]) {
    w.one_of("customer_id", some);
    if let [(_, subject)] = about {
        w.and("subject = ?", [subject]);
    }
    w.and_values("state = 'open'", args![]);
}

/// The open single duties about some subjects.
pub(super) async fn open_about(tx: &mut Tx, about: &[About]) -> Result<BTreeMap<About, Vec<Duty>>, StoreError> {
    let mut found: BTreeMap<About, Vec<Duty>> = BTreeMap::new();
    for some in customers(about) {
        let mut w = Conditions::new();
        narrow(&mut w, &some, about);
        // Column names and fixed conditions.
        let sql = AssertSqlSafe(format!("select {COLUMNS} from duty d where {} order by d.due_on, d.id", w.sql()));
        for row in tx.fetch_all(sql, w.args()).await? {
            let duty = decode(&row)?;
            found.entry((duty.key.customer, duty.subject.clone())).or_default().push(duty);
        }
    }
    Ok(found)
}

const MEMBER_COLUMNS: &str = "customer_id, duty_id, subject, whom, number, amount_fen, fields_json, opens_on, \
    evidence_kinds, state, evidence, reason, null as reason_rule, closed_on";

/// The open cases about some subjects, with the key of their bulk duty.
pub(super) async fn open_members_about(
    tx: &mut Tx,
    about: &[About],
) -> Result<BTreeMap<About, Vec<(i64, Member)>>, StoreError> {
    let mut found: BTreeMap<About, Vec<(i64, Member)>> = BTreeMap::new();
    for some in customers(about) {
        let mut w = Conditions::new();
        narrow(&mut w, &some, about);
        let sql = AssertSqlSafe(format!("select {MEMBER_COLUMNS} from duty_member where {} order by duty_id", w.sql()));
        for row in tx.fetch_all(sql, w.args()).await? {
            let member = decode_member(&row)?;
            found.entry((member.customer, member.subject.clone())).or_default().push((row.get("duty_id")?, member));
        }
    }
    Ok(found)
}

/// The cases of a bulk duty, open ones first.
pub async fn members(tx: &mut Tx, duty: DutyKey, limit: i64, offset: i64) -> Result<Vec<Member>, StoreError> {
    let sql = AssertSqlSafe(format!(
        "select {MEMBER_COLUMNS} from duty_member where duty_id = $1 \
         order by case state when 'open' then 0 else 1 end, customer_id, subject limit $2 offset $3"
    ));
    tx.fetch_all(sql, args![duty.id, limit, offset]).await?.iter().map(decode_member).collect()
}

/// One case of a bulk duty.
pub async fn member(
    tx: &mut Tx,
    duty: DutyKey,
    customer: CustomerId,
    subject: &str,
) -> Result<Option<Member>, StoreError> {
    let sql = AssertSqlSafe(format!(
        "select {MEMBER_COLUMNS} from duty_member where customer_id = $1 and duty_id = $2 and subject = $3"
    ));
    tx.fetch_optional(sql, args![customer, duty.id, subject]).await?.as_ref().map(decode_member).transpose()
}

/// The parts of a closed state as columns: name, evidence, reason, rule, date.
fn parts(state: &DutyState) -> (&'static str, Option<String>, Option<String>, Option<String>, Option<Date>) {
    let name = state.as_str();
    match state {
        DutyState::Open => (name, None, None, None, None),
        DutyState::Done { evidence, on } => (name, Some(evidence.clone()), None, None, Some(*on)),
        DutyState::Excused { reason, rule, on } => (name, None, Some(reason.clone()), Some(rule.clone()), Some(*on)),
        DutyState::Cancelled { reason, on } => (name, None, Some(reason.clone()), None, Some(*on)),
    }
}

/// Writes the new state of a duty; stale when somebody moved it meanwhile.
pub(super) async fn write_state(tx: &mut Tx, duty: &Duty, at: Timestamp, by: i64) -> Result<(), StoreError> {
    let (name, evidence, reason, rule, on) = parts(&duty.state);
    tx.execute_one(
        "update duty set state = $1, evidence = $2, reason = $3, reason_rule = $4, closed_on = $5, closed_at = $6, \
         closed_by = $7, version = version + 1 where customer_id = $8 and id = $9 and version = $10",
        args![
            name,
            evidence,
            reason,
            rule,
            on,
            on.map(|_| at),
            on.map(|_| by),
            duty.key.customer,
            duty.key.id,
            duty.version
        ],
    )
    .await
}

/// Writes the new state of a case.
pub(super) async fn write_member(tx: &mut Tx, duty: i64, member: &Member) -> Result<(), StoreError> {
    let (name, evidence, reason, _, on) = parts(&member.state);
    tx.execute_one(
        "update duty_member set state = $1, evidence = $2, reason = $3, closed_on = $4 \
         where customer_id = $5 and duty_id = $6 and subject = $7 and state = 'open'",
        args![name, evidence, reason, on, member.customer, duty, member.subject],
    )
    .await
}

/// Gives a duty to a person.
pub(super) async fn write_owner(tx: &mut Tx, duty: &Duty, owner: i64) -> Result<(), StoreError> {
    tx.execute_one(
        "update duty set owner_id = $1, version = version + 1 \
         where customer_id = $2 and id = $3 and version = $4 and state = 'open'",
        args![owner, duty.key.customer, duty.key.id, duty.version],
    )
    .await
}

/// Who holds a role: keys of users.
pub(super) async fn holders(tx: &mut Tx, role: &str) -> Result<Vec<i64>, StoreError> {
    let rows = tx
        .fetch_all(
            "select r.user_id from user_role r join app_user u on u.id = r.user_id \
             where r.role = $1 and u.state = 'active' and u.kind = 'person' order by r.user_id limit $2",
            args![role, 5_000_i64],
        )
        .await?;
    rows.iter().map(|row| row.get("user_id")).collect()
}

/// The duties of these customers that are open.
pub(super) async fn open_of(tx: &mut Tx, customers: &[CustomerId]) -> Result<BTreeSet<DutyKey>, StoreError> {
    if customers.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut wanted = Conditions::new();
    wanted.and_values("state = 'open'", args![]).one_of("customer_id", customers);
    let rows = tx.fetch_all(wanted.select("select customer_id, id from duty", ""), wanted.args()).await?;
    rows.iter().map(|row| Ok(DutyKey { customer: row.get("customer_id")?, id: row.get("id")? })).collect()
}

/// Sends every duty that stands past its escalation date to the next role; how many.
pub(super) async fn escalate(tx: &mut Tx, on: Date) -> Result<u64, StoreError> {
    tx.execute(
        "update duty set escalated_on = $1, version = version + 1 \
         where state = 'open' and escalated_on is null and escalate_on <= $1",
        args![on],
    )
    .await
}

/// What was escalated on a day and still stands: role, branch, how many.
pub(super) async fn escalated(tx: &mut Tx, on: Date) -> Result<Vec<(String, BranchId, i64)>, StoreError> {
    let rows = tx
        .fetch_all(
            "select escalate_to, branch_id, count(*) as n from duty where state = 'open' and escalated_on = $1 \
             group by escalate_to, branch_id order by branch_id, escalate_to",
            args![on],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("escalate_to")?, BranchId(row.get("branch_id")?), row.get("n")?))).collect()
}
