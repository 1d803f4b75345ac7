//! How often a case must be contacted (催收频次): asked for by the close, kept by contacts, missed or excused by time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use platform::close::{Batch, CloseDay, CloseStep};
use platform::db::{Conditions, Row as DbRow, StoreError, Tx};
use platform::duty::{self, Evidence};
use platform::error::ActionError;
use platform::event::{BoxFuture, Event, Subscriber};
use platform::id::CustomerId;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use platform::{args, calendar};

use super::actions::{Desk, duty_case};
use super::model::CaseKey;
use super::{rules, store};

/// The list of requirements and what became of them.
pub const LIST: &str = "/collections/frequency";
/// Why a period is excused that limits of contact kept from being met.
const LIMIT: &str = "limit";
/// Cases of one batch.
const BATCH_CASES: i64 = 500;

/// What a period asks of a case (联系要求).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Of which case.
    pub key: CaseKey,
    /// The first day.
    pub from_on: Date,
    /// The last day.
    pub until_on: Date,
    /// How many contacts.
    pub required: i64,
    /// How many were made.
    pub made: i64,
    /// `kept`, `missed`, `excused`; none while it runs.
    pub outcome: Option<String>,
}

impl Requirement {
    /// The evidence that its duty waits for.
    fn waits_for(&self) -> &'static str {
        if self.from_on == self.until_on { "contacts_day" } else { "contacts_week" }
    }
}

fn decode(row: &DbRow) -> Result<Requirement, StoreError> {
    Ok(Requirement {
        key: CaseKey { customer: row.get("customer_id")?, case: row.get("case_id")? },
        from_on: row.get("from_on")?,
        until_on: row.get("until_on")?,
        required: row.get("required")?,
        made: row.get("made")?,
        outcome: row.get("outcome")?,
    })
}

const COLUMNS: &str =
    "select customer_id, case_id, from_on, until_on, required, made, outcome from contact_requirement";

/// What is asked of a customer's case on a day, the shortest period first.
///
/// # Errors
/// The store's.
pub async fn running(tx: &mut Tx, customer: CustomerId, on: Date) -> Result<Vec<Requirement>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("customer_id = ? and from_on <= ? and until_on >= ?", args![customer, on, on]);
    tx.fetch_all(w.select(COLUMNS, "order by until_on limit 10"), w.args()).await?.iter().map(decode).collect()
}

/// A contact counts for what is asked of the case on its day (S4-14: attempts count, when documented).
pub fn subscribers() -> Vec<Subscriber> {
    vec![Subscriber { event: "contact_recorded", name: "collections.frequency", handle: count }]
}

fn count<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let on = work.business_date;
        if let Some(case) = store::open_of(&mut work.tx, event.customer).await? {
            let contact = event.payload.get("contact").map(ToString::to_string).unwrap_or_default();
            let evidence = Evidence { kind: "contact", fact: format!("contact:{contact}"), settles: false };
            duty::close_by(work, event.customer, &case.key.subject(), &evidence).await?;
        }
        for asked in running(&mut work.tx, event.customer, on).await? {
            if asked.outcome.is_some() {
                continue;
            }
            let made = made(&mut work.tx, event.customer, asked.from_on, asked.until_on).await?;
            let kept = made >= asked.required;
            write(&mut work.tx, &asked, made, kept.then_some("kept"), None).await?;
            if kept {
                let fact = format!("contacts:{made}");
                let evidence = Evidence { kind: asked.waits_for(), fact, settles: false };
                duty::close_by(work, event.customer, &asked.key.subject(), &evidence).await?;
            }
        }
        Ok(())
    })
}

/// Contacts made from one civil day to another.
async fn made(tx: &mut Tx, customer: CustomerId, from: Date, until: Date) -> Result<i64, StoreError> {
    let start = platform::clock::civil_moment(from.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN);
    let contacts = duty::contacts_of(tx, customer, start, 500).await?;
    let counted = contacts.iter().filter(|contact| platform::clock::civil_day(contact.at) <= until).count();
    Ok(i64::try_from(counted).unwrap_or(i64::MAX))
}

async fn write(
    tx: &mut Tx,
    asked: &Requirement,
    made: i64,
    outcome: Option<&str>,
    excuse: Option<&str>,
) -> Result<(), StoreError> {
    tx.execute_one(
        "update contact_requirement set made = $1, outcome = $2, excuse = $3 \
         where customer_id = $4 and case_id = $5 and from_on = $6 and until_on = $7",
        args![
            made,
            outcome.map(str::to_owned),
            excuse.map(str::to_owned),
            asked.key.customer,
            asked.key.case,
            asked.from_on,
            asked.until_on
        ],
    )
    .await
}

/// Ends what is still asked of a case that closed: nothing is left to contact anybody for.
///
/// # Errors
/// The store's.
pub async fn stop(work: &mut Work, key: CaseKey) -> Result<(), StoreError> {
    work.tx
        .execute(
            "update contact_requirement set outcome = 'excused', excuse = 'case-closed' \
             where customer_id = $1 and case_id = $2 and outcome is null",
            args![key.customer, key.case],
        )
        .await?;
    Ok(())
}

/// 催收频次: what ended is kept, missed or excused; the new week or day asks anew (S4-13).
#[derive(Debug, Clone, Copy, Default)]
pub struct Frequency;

impl CloseStep for Frequency {
    fn name(&self) -> &'static str {
        "contact-frequency"
    }

    fn order(&self) -> i32 {
        620
    }

    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            let mut over = over(&mut work.tx, day.to, after).await?;
            let mut cases = store::to_ask(&mut work.tx, day.to, after, BATCH_CASES).await?;
            // Whole customers only: of a list that is not at its end, the last customer waits for the next batch.
            let full = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX) >= BATCH_CASES;
            let ends = [
                over.last().map(|asked| asked.key.customer).filter(|_| full(over.len())),
                cases.last().map(|case| case.key.customer).filter(|_| full(cases.len())),
            ];
            let last = ends.into_iter().flatten().min().map(|customer| CustomerId(customer.0 - 1));
            if let Some(last) = last {
                over.retain(|asked| asked.key.customer <= last);
                cases.retain(|case| case.key.customer <= last);
            }
            let considered = u64::try_from(over.len() + cases.len()).unwrap_or(u64::MAX);
            end(work, &over).await?;
            let asked = ask(work, day.to, &cases).await?;
            let touched = asked + u64::try_from(over.len()).unwrap_or(u64::MAX);
            Ok(Batch { last, considered, touched, isolated: Vec::new() })
        })
    }
}

/// Periods that are over on a day, of the customers behind `after`, in their order.
///
/// Plan: `contact_requirement_open`, which holds only those without an outcome; the sum keeps the key's index out of it.
async fn over(tx: &mut Tx, on: Date, after: CustomerId) -> Result<Vec<Requirement>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("outcome is null and until_on < ? and customer_id + 0 > ?", args![on, after]);
    let tail = format!("order by customer_id limit {BATCH_CASES}");
    tx.fetch_all(w.select(COLUMNS, &tail), w.args()).await?.iter().map(decode).collect()
}

/// Says of every period that is over what became of it (rule `case.frequency`, C-45): a limit or a flag that
/// forbade contacts goes before the frequency.
async fn end(work: &mut Work, over: &[Requirement]) -> Result<(), ActionError> {
    let customers: Vec<CustomerId> = over.iter().map(|asked| asked.key.customer).collect();
    let flags = crate::stop_flag::actions::standing_of(work, &customers).await?;
    let limits = limits_of(work, over).await?;
    let mut rows = Vec::with_capacity(over.len());
    let mut missed: BTreeMap<&'static str, Vec<(CustomerId, String, String)>> = BTreeMap::new();
    for asked in over {
        let (customer, subject) = (asked.key.customer, asked.key.subject());
        let flag = flags.get(&customer).map(|kind| kind.as_str());
        let flag = match flag {
            None if by_limits(work, asked, limits.get(&customer)).await? => Some(LIMIT),
            known => known,
        };
        let outcome = if flag.is_some() { "excused" } else { "missed" };
        let (case, from, until) = (asked.key.case, asked.from_on, asked.until_on);
        rows.push(args![customer, case, from, until, asked.required, asked.made, outcome, flag, 0_i64, 0_i64]);
        match flag {
            Some(flag) => {
                let why = (flag, "case.frequency");
                duty::excuse_waiting(work, customer, &subject, asked.waits_for(), why).await?;
            }
            None => {
                let reason = format!("{}/{}", asked.made, asked.required);
                missed.entry(asked.waits_for()).or_default().push((customer, subject, reason));
            }
        }
    }
    // The rows are there: their owner and branch stay.
    let head = "insert into contact_requirement (customer_id, case_id, from_on, until_on, required, made, outcome, excuse, \
         owner_id, branch_id)";
    let tail = "on conflict (customer_id, case_id, from_on, until_on) do update set made = excluded.made, \
         outcome = excluded.outcome, excuse = excluded.excuse";
    work.tx.write_rows(head, tail, rows).await?;
    for (waits_for, lapsed) in &missed {
        duty::lapse_each(work, waits_for, lapsed).await?;
    }
    Ok(())
}

/// The days on which the limits of contact refused somebody whose period is over: those rules of the guard that the policy
/// lets excuse a frequency (`frequency_excusing_refusals`).
async fn limits_of(work: &mut Work, over: &[Requirement]) -> Result<BTreeMap<CustomerId, BTreeSet<Date>>, ActionError> {
    let Some(first) = over.iter().map(|asked| asked.from_on).min() else { return Ok(BTreeMap::new()) };
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let excusing = policies::known(policy.edition(on).texts("frequency_excusing_refusals"))?.unwrap_or_default();
    let since = platform::clock::civil_moment(first.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN);
    let customers: BTreeSet<CustomerId> = over.iter().map(|asked| asked.key.customer).collect();
    let customers: Vec<CustomerId> = customers.into_iter().collect();
    let days = crate::conduct::store::refused_days(&mut work.tx, &customers, &excusing, since).await?;
    Ok(days)
}

/// Whether the limits of contact kept a period from being met.
async fn by_limits(
    work: &mut Work,
    asked: &Requirement,
    refused: Option<&BTreeSet<Date>>,
) -> Result<bool, ActionError> {
    let Some(refused) = refused else { return Ok(false) };
    let start = platform::clock::civil_moment(asked.from_on.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN);
    let contacts = duty::contacts_of(&mut work.tx, asked.key.customer, start, 500).await?;
    let contacted = contacts.iter().map(|contact| platform::clock::civil_day(contact.at)).collect();
    Ok(rules::limits_excuse(asked.required, asked.made, (asked.from_on, asked.until_on), refused, &contacted))
}

/// Opens what the new day asks: by week on Mondays, by day every day, or every working day where the policy says so.
async fn ask(work: &mut Work, on: Date, cases: &[super::model::Case]) -> Result<u64, ActionError> {
    let desk = Desk::load(work).await?;
    let policy = policies::in_force(work, on).await?;
    let working_only = policy.edition(on).flag("dunning_daily_working_days_only").map_err(PolicyError::from)?;
    let daily = !working_only || calendar::published(work).await?.is_working_day(on);
    let weekly = rules::monday(on) == on;
    let customers: Vec<CustomerId> = cases.iter().map(|case| case.key.customer).collect();
    let arrears = store::arrears(&mut work.tx, &customers).await?;
    let mut opened: [(&'static str, Vec<duty::Case>); 2] = [("case.week", Vec::new()), ("case.day", Vec::new())];
    let mut rows = Vec::new();
    let mut again: BTreeMap<Option<Date>, Vec<CaseKey>> = BTreeMap::new();
    for case in cases {
        let Some(behind) = arrears.get(&case.key.customer) else {
            // A debt written off is tracked without contacts; should it come back, the next week asks.
            again.entry(finance::add_days(rules::monday(on), 7)).or_default().push(case.key);
            continue;
        };
        let days = behind.days(on);
        let rung = desk.rung(days)?;
        again.entry(desk.next_ask(&rung, behind)).or_default().push(case.key);
        let sunday = finance::add_days(on, 6).unwrap_or(on);
        let (required, until, at) = match (rung.per_day, rung.per_week) {
            (per_day, _) if per_day > 0 && daily => (per_day, on, 1),
            (0, per_week) if per_week > 0 && weekly => (per_week, sunday, 0),
            _ => continue,
        };
        let owner = case.state.owner().map_or(0, |user| user.0);
        rows.push(args![case.key.customer, case.key.case, on, until, required, 0_i64, owner, case.branch]);
        let mut asked = duty_case(case, behind, on, days);
        asked.fields.insert("contacts".to_owned(), required.to_string());
        opened[at].1.push(asked);
    }
    for (next, keys) in &again {
        store::ask_from(&mut work.tx, keys, *next).await?;
    }
    let head = "insert into contact_requirement (customer_id, case_id, from_on, until_on, required, made, owner_id, branch_id)";
    let written = work.tx.write_rows(head, "on conflict do nothing", rows).await?;
    for (trigger, cases) in &opened {
        if !cases.is_empty() {
            duty::open(work, trigger, cases).await?;
        }
    }
    Ok(written)
}
