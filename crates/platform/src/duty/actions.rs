//! What happens to duties (任务用例): opened by events, closed by evidence, excused, given to somebody.

use std::collections::{BTreeMap, BTreeSet};

use finance::Fen;
use jiff::civil::Date;
use policy::Facts;
use serde_json::json;

use super::model::{Duty, DutyError, DutyId, DutyKey, DutyState, Member, Proof};
use super::pages::DUTY_ASSIGN;
use super::rules::{self, Due, DueError};
use super::store;
use crate::args;
use crate::audit::Entry;
use crate::calendar;
use crate::error::ActionError;
use crate::id::{BranchId, CustomerId, UserId};
use crate::notice::{self, News, Notice};
use crate::policies::{self, PolicyError};
use crate::work::Work;

/// One case that an event brings (任务情形).
#[derive(Debug, Clone)]
pub struct Case {
    /// Whose file.
    pub customer: CustomerId,
    /// What it is about: `loan:123`.
    pub subject: String,
    /// The day that deadlines count from: first day overdue, due date, maturity.
    pub anchor: Date,
    /// Who manages it; becomes the owner when holding the rule's role.
    pub manager: Option<UserId>,
    /// Whether it is for the manager alone, who owns it whatever roles that person holds.
    pub personal: bool,
    /// The branch it belongs to.
    pub branch: BranchId,
    /// The customer's name.
    pub whom: String,
    /// The loan's number.
    pub number: String,
    /// The amount at stake.
    pub amount: Option<Fen>,
    /// What the rules' conditions look at.
    pub facts: Facts,
    /// What a text about it can say.
    pub fields: BTreeMap<String, String>,
}

/// What an opening brought (任务生成结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opened {
    /// New duties.
    pub duties: u64,
    /// New cases in bulk duties.
    pub members: u64,
}

/// The key by which a bulk duty is one: kind, owner, role, branch, last day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct BulkKey {
    kind: String,
    owner: i64,
    branch: BranchId,
    due_on: Date,
}

impl BulkKey {
    fn subject(&self) -> String {
        format!("bulk:{}:{}", self.branch, self.owner)
    }
}

/// Opens the duties of all rules of `trigger` for these cases. Opening again what stands changes nothing.
///
/// # Errors
/// A condition or deadline that cannot be computed; the store's.
pub async fn open(work: &mut Work, trigger: &str, cases: &[Case]) -> Result<Opened, ActionError> {
    let today = work.business_date;
    let in_force = policies::in_force(work, today).await?;
    let published = calendar::published(work).await?;
    let mut holders: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    for rule in in_force.edition(today).duties_for(trigger) {
        if !holders.contains_key(&rule.owner_role) {
            let found = store::holders(&mut work.tx, &rule.owner_role).await?;
            holders.insert(rule.owner_role.clone(), found.into_iter().collect());
        }
    }
    let mut single = Vec::new();
    let mut bulk: BTreeMap<BulkKey, (Duty, Vec<Member>)> = BTreeMap::new();
    for case in cases {
        let due = rules::due(in_force.edition(today), trigger, &case.facts, case.anchor, today, &published);
        for due in due.map_err(undatable)? {
            let holds = |user: &UserId| holders.get(&due.rule.owner_role).is_some_and(|held| held.contains(&user.0));
            let owner = case.manager.filter(|user| case.personal || holds(user)).map_or(0, |user| user.0);
            let duty = duty_of(work, case, &due, owner);
            if !due.rule.bulk {
                single.push(duty);
                continue;
            }
            let key = BulkKey { kind: duty.kind.clone(), owner, branch: duty.branch, due_on: duty.due_on };
            let member = as_member(&duty);
            bulk.entry(key.clone()).or_insert_with(|| (bulk_of(duty, &key), Vec::new())).1.push(member);
        }
    }
    let mut opened = Opened { duties: store::insert(&mut work.tx, &single).await?, members: 0 };
    for (key, (duty, members)) in bulk {
        opened.duties += store::insert(&mut work.tx, std::slice::from_ref(&duty)).await?;
        let id = store::bulk_id(&mut work.tx, &key.kind, &key.subject(), key.due_on).await?;
        let new = store::insert_members(&mut work.tx, id, &members).await?;
        opened.members += new;
        if usize::try_from(new) == Ok(members.len()) {
            let amount =
                members.iter().filter_map(|member| member.amount).fold(0, |sum: i64, a| sum.saturating_add(a.0));
            store::grew(&mut work.tx, id, signed(new), amount).await?;
        } else if new > 0 {
            // Which ones are new is not known: all are counted.
            store::recount(&mut work.tx, id, today, work.now, work.actor.recorded_by()).await?;
        }
    }
    Ok(opened)
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn undatable(error: DueError) -> ActionError {
    match error {
        DueError::Condition(cause) => PolicyError::from(cause).into(),
        DueError::Calendar(cause) => ActionError::Internal(cause.to_string()),
    }
}

fn duty_of(work: &Work, case: &Case, due: &Due<'_>, owner: i64) -> Duty {
    let rule = due.rule;
    let escalation = rule.escalation.as_ref().map(|(_, role)| role.clone());
    Duty {
        key: DutyKey { customer: case.customer, id: DutyId(work.next_id()) },
        kind: rule.kind.clone(),
        rule: rule.rule.clone(),
        article: rule.article.clone(),
        title_zh: rule.title.zh.clone(),
        title_en: rule.title.en.clone(),
        subject: case.subject.clone(),
        whom: case.whom.clone(),
        number: case.number.clone(),
        amount: case.amount,
        owner,
        owner_role: rule.owner_role.clone(),
        branch: case.branch,
        opened_on: work.business_date,
        opens_on: due.dates.opens_on,
        due_on: due.dates.due_on,
        escalation: due.dates.escalates_on.zip(escalation),
        escalated_on: None,
        evidence_kinds: rule.evidence.clone(),
        provisional: due.provisional,
        fields: case.fields.clone(),
        members: (0, 0),
        state: DutyState::Open,
        version: 1,
    }
}

/// A single duty as the one case that it is.
pub(super) fn as_member(duty: &Duty) -> Member {
    Member {
        customer: duty.key.customer,
        subject: duty.subject.clone(),
        whom: duty.whom.clone(),
        number: duty.number.clone(),
        amount: duty.amount,
        opens_on: duty.opens_on,
        evidence_kinds: duty.evidence_kinds.clone(),
        fields: duty.fields.clone(),
        state: duty.state.clone(),
    }
}

/// The duty that collects cases: the institution's own row, without a customer.
fn bulk_of(duty: Duty, key: &BulkKey) -> Duty {
    Duty {
        key: DutyKey { customer: CustomerId(0), id: duty.key.id },
        subject: key.subject(),
        whom: String::new(),
        number: String::new(),
        amount: None,
        fields: BTreeMap::new(),
        ..duty
    }
}

/// A fact that proves (任务完成依据).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its kind as the rules name it: `contact`, `repayment`, `letter`.
    pub kind: &'static str,
    /// The fact: `contact:12`.
    pub fact: String,
    /// Whether the matter itself is settled (paid): then duties that open later end too.
    pub settles: bool,
}

/// Whether a duty of this kind stands open about a subject: what is looked at day after day is one duty, not one a day.
///
/// # Errors
/// The store's.
pub async fn stands(work: &mut Work, customer: CustomerId, subject: &str, kind: &str) -> Result<bool, ActionError> {
    let sql = "select id from duty where customer_id = $1 and subject = $2 and kind = $3 and state = 'open' limit 1";
    Ok(work.tx.fetch_optional(sql, args![customer, subject, kind]).await?.is_some())
}

/// The most days by which a duty that is asked for again is put off: further than any run of days off work.
const PUT_OFF: usize = 31;

/// Opens a duty of a kind that may have been done before: of one kind about one thing only one is ever due on a day, done ones
/// included, so that what is asked for again on the same day is due a day later.
///
/// # Errors
/// The policy lacks something; the store's.
pub async fn ask_again(work: &mut Work, trigger: &str, kind: &str, mut asked: Case) -> Result<(), ActionError> {
    for _ in 0..PUT_OFF {
        let opened = open(work, trigger, std::slice::from_ref(&asked)).await?;
        let done = opened.duties + opened.members > 0;
        if done || stands(work, asked.customer, &asked.subject, kind).await? {
            break;
        }
        asked.anchor = asked.anchor.tomorrow().unwrap_or(asked.anchor);
    }
    Ok(())
}

/// Closes every duty about a subject that this evidence closes; how many. Others stay.
///
/// # Errors
/// The store's.
pub async fn close_by(
    work: &mut Work,
    customer: CustomerId,
    subject: &str,
    evidence: &Evidence,
) -> Result<u64, ActionError> {
    let proof = Proof { kind: evidence.kind, fact: &evidence.fact, settles: evidence.settles };
    let on = work.business_date;
    end_all(work, customer, subject, "duty.close", |state, wanted, opens_on| state.close(proof, wanted, opens_on, on))
        .await
}

/// The same for many subjects, each with its own evidence: read together, so that a batch of the close asks once.
///
/// # Errors
/// The store's.
pub async fn close_each(work: &mut Work, proofs: &[(CustomerId, String, Evidence)]) -> Result<u64, ActionError> {
    let on = work.business_date;
    let about: Vec<(CustomerId, String)> =
        proofs.iter().map(|(customer, about, _)| (*customer, about.clone())).collect();
    end_each(work, &about, "duty.close", |place, state, wanted, opens_on| {
        let evidence = &proofs[place].2;
        let proof = Proof { kind: evidence.kind, fact: &evidence.fact, settles: evidence.settles };
        state.close(proof, wanted, opens_on, on)
    })
    .await
}

/// Ends every duty about a subject for which there is nothing left to do; how many.
///
/// # Errors
/// [`DutyError::ReasonNeeded`]; the store's.
pub async fn cancel(work: &mut Work, customer: CustomerId, subject: &str, reason: &str) -> Result<u64, ActionError> {
    if reason.trim().is_empty() {
        return Err(DutyError::ReasonNeeded.into());
    }
    let on = work.business_date;
    end_all(work, customer, subject, "duty.cancel", |state, _, _| state.cancel(reason, on)).await
}

/// Lets the duties about some subjects lapse that wait for one kind of evidence, because its time is over; how many.
/// Each comes with its customer, its subject and the reason.
///
/// # Errors
/// [`DutyError::ReasonNeeded`]; the store's.
pub async fn lapse_each(
    work: &mut Work,
    waits_for: &str,
    over: &[(CustomerId, String, String)],
) -> Result<u64, ActionError> {
    if over.iter().any(|(_, _, reason)| reason.trim().is_empty()) {
        return Err(DutyError::ReasonNeeded.into());
    }
    let on = work.business_date;
    let about: Vec<(CustomerId, String)> = over.iter().map(|(customer, about, _)| (*customer, about.clone())).collect();
    end_each(work, &about, "duty.lapse", |place, state, wanted, _| {
        waits(wanted, waits_for).and_then(|()| state.cancel(&over[place].2, on))
    })
    .await
}

/// Excuses the duties about a subject that wait for one kind of evidence, under the rule that forbade it; how many.
///
/// # Errors
/// [`DutyError::ReasonNeeded`]; the store's.
pub async fn excuse_waiting(
    work: &mut Work,
    customer: CustomerId,
    subject: &str,
    waits_for: &str,
    (reason, rule): (&str, &str),
) -> Result<u64, ActionError> {
    if reason.trim().is_empty() || rule.trim().is_empty() {
        return Err(DutyError::ReasonNeeded.into());
    }
    let on = work.business_date;
    end_all(work, customer, subject, "duty.excuse", |state, wanted, _| {
        waits(wanted, waits_for).and_then(|()| state.excuse(reason, rule, on))
    })
    .await
}

fn waits(wanted: &[String], kind: &str) -> Result<(), DutyError> {
    if wanted.iter().any(|one| one == kind) {
        return Ok(());
    }
    Err(DutyError::WrongEvidence { kind: kind.to_owned(), wanted: wanted.join("|") })
}

async fn end_all(
    work: &mut Work,
    customer: CustomerId,
    subject: &str,
    action: &'static str,
    end: impl Fn(&DutyState, &[String], Date) -> Result<DutyState, DutyError>,
) -> Result<u64, ActionError> {
    let about = [(customer, subject.to_owned())];
    end_each(work, &about, action, |_, state, wanted, opens_on| end(state, wanted, opens_on)).await
}

/// Ends what stands about some subjects, in their order; `end` is told which subject it is.
async fn end_each(
    work: &mut Work,
    about: &[(CustomerId, String)],
    action: &'static str,
    end: impl Fn(usize, &DutyState, &[String], Date) -> Result<DutyState, DutyError>,
) -> Result<u64, ActionError> {
    let (at, by, on) = (work.now, work.actor.recorded_by(), work.business_date);
    let mut duties = store::open_about(&mut work.tx, about).await?;
    let mut members = store::open_members_about(&mut work.tx, about).await?;
    let (mut count, mut bulks) = (0_u64, BTreeMap::new());
    for (place, one) in about.iter().enumerate() {
        let mut ended = Vec::new();
        for mut duty in duties.remove(one).unwrap_or_default() {
            let Ok(state) = end(place, &duty.state, &duty.evidence_kinds, duty.opens_on) else { continue };
            duty.state = state;
            store::write_state(&mut work.tx, &duty, at, by).await?;
            ended.push(duty.key.id.to_string());
        }
        for (id, mut member) in members.remove(one).unwrap_or_default() {
            let Ok(state) = end(place, &member.state, &member.evidence_kinds, member.opens_on) else { continue };
            member.state = state;
            store::write_member(&mut work.tx, id, &member).await?;
            *bulks.entry(id).or_insert(0_i64) += 1;
            ended.push(id.to_string());
        }
        if !ended.is_empty() {
            count = count.saturating_add(u64::try_from(ended.len()).unwrap_or(u64::MAX));
            let entry = Entry::new((one.0.0 != 0).then_some(one.0), action, one.1.clone());
            work.audit(entry.after(json!({"duties": ended}))).await?;
        }
    }
    for (id, ended) in bulks {
        store::shrank(&mut work.tx, id, ended, (on, at, by)).await?;
    }
    Ok(count)
}

/// Excuses one duty, with a reason and the rule that gives it; of a bulk duty all cases that stand.
///
/// # Errors
/// Denied; [`DutyError`].
pub async fn excuse(work: &mut Work, key: DutyKey, reason: &str, rule: &str) -> Result<(), ActionError> {
    let mut duty = seen(work, key, DUTY_ASSIGN).await?;
    let on = work.business_date;
    duty.state = duty.state.excuse(reason, rule, on)?;
    store::write_state(&mut work.tx, &duty, work.now, work.actor.recorded_by()).await?;
    if duty.is_bulk() {
        work.tx
            .execute(
                "update duty_member set state = 'excused', reason = $1, closed_on = $2 where duty_id = $3 and state = 'open'",
                args![reason.trim(), on, key.id],
            )
            .await?;
        work.tx.execute("update duty set members_open = 0 where customer_id = 0 and id = $1", args![key.id]).await?;
    }
    let customer = (key.customer.0 != 0).then_some(key.customer);
    let entry = Entry::new(customer, "duty.excuse", format!("duty:{}", key.id));
    work.audit(entry.after(json!({"kind": duty.kind, "rule": rule})).reason(reason.trim())).await?;
    Ok(())
}

/// Gives a duty to a person who holds its role.
///
/// # Errors
/// Denied; [`DutyError`].
pub async fn assign(work: &mut Work, key: DutyKey, to: UserId, name: &str) -> Result<(), ActionError> {
    let duty = seen(work, key, DUTY_ASSIGN).await?;
    if duty.state != DutyState::Open {
        return Err(DutyError::AlreadyClosed { state: duty.state.as_str() }.into());
    }
    if !store::holders(&mut work.tx, &duty.owner_role).await?.contains(&to.0) {
        return Err(DutyError::NotThatRole { name: name.to_owned(), role: duty.owner_role }.into());
    }
    store::write_owner(&mut work.tx, &duty, to.0).await?;
    let customer = (key.customer.0 != 0).then_some(key.customer);
    let entry = Entry::new(customer, "duty.assign", format!("duty:{}", key.id));
    work.audit(entry.before(json!({"owner": duty.owner})).after(json!({"owner": to.0}))).await?;
    let thing = format!("duty:{}", key.id);
    // Whoever had it before need not look any more.
    notice::settle(work, &thing).await?;
    let given = Notice {
        occasion: format!("{thing}:{}", duty.version),
        thing,
        href: format!("/duties/{}/{}", key.customer, key.id),
        news: News::DutyAssigned { title_zh: duty.title_zh, title_en: duty.title_en, due_on: duty.due_on },
    };
    Ok(notice::tell(work, &[to], &given).await?)
}

/// A duty that the actor may see under an action.
///
/// # Errors
/// Denied; [`DutyError::NotFound`], also for what lies outside the scope.
pub(super) async fn seen(work: &mut Work, key: DutyKey, action: &str) -> Result<Duty, ActionError> {
    let scope = work.authorise(action)?;
    let eye = super::seen::Eye::of(&work.actor, scope);
    let duty = store::load(&mut work.tx, key).await?.filter(|duty| work.actor.user.is_none() || eye.sees(duty));
    Ok(duty.ok_or(DutyError::NotFound)?)
}
