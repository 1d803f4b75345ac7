//! Tables `lead`, `lead_step`.

use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::{CustomerId, UserId};
use platform::vault::{Phone, Sealed};
use platform::work::Work;

use super::model::{Lead, LeadId, Origin, Step, StepKind};
use super::rules::Refusal;

const COLUMNS: &str = "select l.id, l.number, l.kind, l.name, l.phone_index, l.phone_masked, l.channel, l.campaign_id, \
     l.partner_id, l.referrer_id, l.source_user_id, l.ground, l.ground_note, l.interest, l.customer_id, l.owner_id, \
     l.branch_id, l.team_id, l.state, l.lost_reason, l.next_on, l.seen_on, l.turn, l.refused_on, l.won_on, \
     l.erase_asked_on, l.erased_on, l.effective_on, l.recorded_by, l.version from lead l";

/// The origin of a row.
pub(super) fn origin(row: &Row) -> Result<Origin, StoreError> {
    Ok(Origin {
        channel: row.get("channel")?,
        campaign: row.get("campaign_id")?,
        partner: row.get("partner_id")?,
        referrer: row.get("referrer_id")?,
        colleague: row.get("source_user_id")?,
    })
}

fn decode(row: &Row) -> Result<Lead, StoreError> {
    Ok(Lead {
        id: row.get("id")?,
        number: row.get("number")?,
        kind: row.get("kind")?,
        name: row.get("name")?,
        phone_index: row.get("phone_index")?,
        phone_masked: row.get("phone_masked")?,
        origin: origin(row)?,
        ground: row.get("ground")?,
        ground_note: row.get("ground_note")?,
        interest: row.get("interest")?,
        customer: row.get("customer_id")?,
        owner: row.get("owner_id")?,
        branch: row.get("branch_id")?,
        team: row.get("team_id")?,
        state: row.get("state")?,
        lost_reason: row.get("lost_reason")?,
        next_on: row.get("next_on")?,
        seen_on: row.get("seen_on")?,
        turn: row.get("turn")?,
        refused_on: row.get("refused_on")?,
        won_on: row.get("won_on")?,
        erase_asked_on: row.get("erase_asked_on")?,
        erased_on: row.get("erased_on")?,
        taken_on: row.get("effective_on")?,
        taken_by: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}

/// The rows of a data scope, as conditions on `lead l`: who is bound to own things has the leads found by oneself too.
pub(crate) fn within(scope: DataScope) -> Conditions {
    let mut w = Conditions::new();
    w.and_values("(? = 0 or l.branch_id = ?)", args![scope.branch, scope.branch]);
    w.and_values("(? = 0 or l.team_id = ?)", args![scope.team, scope.team]);
    w.and_values(
        "(? = 0 or l.owner_id = ? or l.source_user_id = ?)",
        args![scope.manager, scope.manager, scope.manager],
    );
    w
}

/// The same as a text, for counts inside of lists: it holds keys alone, nothing that anybody typed.
pub(crate) fn reach(scope: DataScope) -> String {
    let DataScope { branch, team, manager } = scope;
    format!(
        "({branch} = 0 or l.branch_id = {branch}) and ({team} = 0 or l.team_id = {team}) \
         and ({manager} = 0 or l.owner_id = {manager} or l.source_user_id = {manager})"
    )
}

/// One lead.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, id: LeadId) -> Result<Option<Lead>, StoreError> {
    let mut w = Conditions::new();
    w.and("l.id = ?", [&id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The leads that stand on a customer's file or became it, the latest first.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Lead>, StoreError> {
    let mut w = Conditions::new();
    w.and("l.customer_id = ?", [&customer]);
    tx.fetch_all(w.select(COLUMNS, "order by l.id desc limit 100"), w.args()).await?.iter().map(decode).collect()
}

/// The leads that lie idle since a day, a contact that was agreed included, and were not asked about (rule
/// `lead.retention`).
///
/// # Errors
/// The store's.
pub async fn idle(tx: &mut Tx, since: Date) -> Result<Vec<Lead>, StoreError> {
    let mut w = Conditions::new();
    w.and_values(
        "l.seen_on <= ? and l.erased_on is null and l.erase_asked_on is null and l.state <> 'customer' \
         and (l.state = 'lost' or l.next_on is null or l.next_on <= ?)",
        args![since, since],
    );
    tx.fetch_all(w.select(COLUMNS, "order by l.id limit 1000"), w.args()).await?.iter().map(decode).collect()
}

/// A refusal as it was recorded.
struct Said {
    lead: LeadId,
    key: i64,
    on: Date,
    by: UserId,
}

/// The refusals of one person: of a lead, of those with the same number, of those on the same customer's files.
async fn said_no(
    tx: &mut Tx,
    lead: Option<LeadId>,
    index: Option<&str>,
    customer: Option<CustomerId>,
) -> Result<Vec<Said>, StoreError> {
    let head = "select l.id, l.refused_on, s.id as step_id, s.recorded_by from lead l join lead_step s \
                on s.lead_id = l.id and s.kind = 'refused'";
    let itself = args![lead.map_or(0, |id| id.0), index.unwrap_or("")];
    let mut whose = vec![("(l.id = ? or l.phone_index = ?)", itself)];
    let files = files_of(tx, customer).await?;
    whose.extend(files.iter().map(|file| ("l.customer_id = ?", args![*file])));
    let mut found = Vec::new();
    for (condition, values) in whose {
        let mut w = Conditions::new();
        w.and_values("l.refused_on is not null", args![]);
        w.and_values(condition, values);
        for row in &tx.fetch_all(w.select(head, "order by s.id desc limit 200"), w.args()).await? {
            found.push(Said {
                lead: row.get("id")?,
                key: row.get("step_id")?,
                on: row.get("refused_on")?,
                by: row.get("recorded_by")?,
            });
        }
    }
    Ok(found)
}

/// The refusals of a person: those of other leads with the same number or on the same customer's files, and of the lead
/// itself.
///
/// # Errors
/// The store's.
pub async fn refusals(tx: &mut Tx, lead: &Lead) -> Result<Vec<Refusal>, StoreError> {
    let all = said_no(tx, Some(lead.id), lead.phone_index.as_deref(), lead.customer).await?;
    Ok(all.into_iter().map(|one| Refusal { on: one.on, key: one.key, own: one.lead == lead.id }).collect())
}

/// All files that are one customer with this one.
pub(super) async fn files_of(tx: &mut Tx, customer: Option<CustomerId>) -> Result<Vec<CustomerId>, StoreError> {
    match customer {
        Some(file) => crate::merge::same(tx, file).await,
        None => Ok(Vec::new()),
    }
}

/// When whoever has this number, or this customer, refused contact last, and who recorded it.
///
/// # Errors
/// The store's.
pub async fn refused_before(
    tx: &mut Tx,
    index: Option<&str>,
    customer: Option<CustomerId>,
) -> Result<Option<(Date, UserId)>, StoreError> {
    let all = said_no(tx, None, index, customer).await?;
    Ok(all.into_iter().max_by_key(|one| one.key).map(|one| (one.on, one.by)))
}

/// The living leads of the same person: with the same number, or on the same customer's files.
pub(super) async fn living_alike(tx: &mut Tx, lead: &Lead) -> Result<Vec<Lead>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("l.phone_index = ? and l.id <> ?", args![lead.phone_index.as_deref().unwrap_or(""), lead.id]);
    let mut rows = tx.fetch_all(w.select(COLUMNS, "order by l.id limit 200"), w.args()).await?;
    for file in files_of(tx, lead.customer).await? {
        let mut w = Conditions::new();
        w.and_values("l.customer_id = ? and l.id <> ?", args![file, lead.id]);
        rows.extend(tx.fetch_all(w.select(COLUMNS, "order by l.id limit 200"), w.args()).await?);
    }
    let all: Vec<Lead> = rows.iter().map(decode).collect::<Result<_, _>>()?;
    Ok(all.into_iter().filter(|one| one.state.lives()).collect())
}

/// The number under seal.
///
/// # Errors
/// The store's.
pub async fn sealed_phone(tx: &mut Tx, id: LeadId) -> Result<Option<Sealed<Phone>>, StoreError> {
    match tx.fetch_optional("select phone_sealed from lead where id = $1", args![id]).await? {
        Some(row) => row.get("phone_sealed"),
        None => Ok(None),
    }
}

/// Writes a new lead.
pub(super) async fn insert(work: &mut Work, one: &Lead, phone: Option<Sealed<Phone>>) -> Result<(), StoreError> {
    let (now, origin) = (work.now, &one.origin);
    work.tx
        .execute(
            "insert into lead (id, number, kind, name, phone_sealed, phone_index, phone_masked, channel, campaign_id, \
             partner_id, referrer_id, source_user_id, ground, ground_note, interest, customer_id, owner_id, branch_id, \
             team_id, state, next_on, seen_on, turn, effective_on, recorded_at, recorded_by) values ($1, $2, $3, $4, \
             $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)",
            args![
                one.id,
                one.number,
                one.kind,
                one.name,
                phone,
                one.phone_index,
                one.phone_masked,
                origin.channel,
                origin.campaign,
                origin.partner,
                origin.referrer,
                origin.colleague,
                one.ground,
                one.ground_note,
                one.interest,
                one.customer,
                one.owner,
                one.branch,
                one.team,
                one.state,
                one.next_on,
                one.seen_on,
                one.turn,
                one.taken_on,
                now,
                one.taken_by
            ],
        )
        .await
        .map(drop)
}

/// Writes where a lead stands; whoever comes second is refused.
pub(super) async fn update(tx: &mut Tx, one: &mut Lead) -> Result<(), StoreError> {
    tx.execute_one(
        "update lead set customer_id = $1, owner_id = $2, branch_id = $3, team_id = $4, state = $5, lost_reason = $6, \
         next_on = $7, seen_on = $8, turn = $9, refused_on = $10, won_on = $11, erase_asked_on = $12, \
         version = version + 1 where id = $13 and version = $14",
        args![
            one.customer,
            one.owner,
            one.branch,
            one.team,
            one.state,
            one.lost_reason,
            one.next_on,
            one.seen_on,
            one.turn,
            one.refused_on,
            one.won_on,
            one.erase_asked_on,
            one.id,
            one.version
        ],
    )
    .await?;
    one.version += 1;
    Ok(())
}

/// Erases what is personal: name, wish, words and the number; where a refusal is to be respected its blind index stays,
/// by which the number is known again and from which it cannot be read.
pub(super) async fn erase(tx: &mut Tx, one: &mut Lead, on: Date) -> Result<(), StoreError> {
    tx.execute_one(
        "update lead set name = '', interest = '', ground_note = '', erased_on = $1, version = version + 1 \
         where id = $2 and version = $3",
        args![on, one.id, one.version],
    )
    .await?;
    one.version += 1;
    tx.execute(
        "update lead set phone_sealed = null, phone_masked = '', \
         phone_index = case when refused_on is null then null else phone_index end where id = $1",
        args![one.id],
    )
    .await?;
    tx.execute("update lead_step set note = '' where lead_id = $1", args![one.id]).await?;
    one.erased_on = Some(on);
    Ok(())
}

/// Writes what was done.
pub(super) async fn note(
    work: &mut Work,
    lead: LeadId,
    kind: StepKind,
    words: &str,
    next_on: Option<Date>,
) -> Result<i64, StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into lead_step (id, lead_id, kind, note, next_on, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![id, lead, kind, words.trim(), next_on, on, now, by],
        )
        .await?;
    Ok(id)
}

/// What was done about a lead, the oldest first.
///
/// # Errors
/// The store's.
pub async fn steps(tx: &mut Tx, lead: LeadId) -> Result<Vec<Step>, StoreError> {
    let sql = "select kind, note, next_on, effective_on, recorded_by from lead_step where lead_id = $1 \
               order by id limit 500";
    let rows = tx.fetch_all(sql, args![lead]).await?;
    let step = |row: &Row| -> Result<Step, StoreError> {
        Ok(Step {
            kind: row.get("kind")?,
            note: row.get("note")?,
            next_on: row.get("next_on")?,
            on: row.get("effective_on")?,
            by: row.get("recorded_by")?,
        })
    };
    rows.iter().map(step).collect()
}

/// The colleagues of these keys who are on leads: for lists.
pub(super) fn people(one: &Lead, steps: &[Step]) -> Vec<UserId> {
    let mut all = vec![one.owner, one.taken_by];
    all.extend(one.origin.colleague);
    all.extend(steps.iter().map(|step| step.by));
    all
}
