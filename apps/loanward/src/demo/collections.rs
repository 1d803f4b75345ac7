//! What collectors do in the last days of the book (催收办理): causes are found, promises are taken; money and time decide.

use collections::agreement;
use collections::agreement::model::{Every, Parts, Plan, Signature, Split, Way, Wish};
use collections::cause::actions::{assess, diagnose};
use collections::cause::model::{Capacity, NewDiagnosis, Talk};
use collections::letter;
use collections::letter::actions::Order;
use collections::letter::model::{LetterKind, LetterState, Step};
use collections::message;
use collections::message::model::MessageKind;
use collections::promise::actions::make;
use collections::promise::model::{NewPromise, PromiseState};
use collections::worklist::queue::{self, Queued};
use finance::Fen;
use jiff::civil::Date;
use platform::access::Actor;
use platform::app::App;
use platform::approval::{self, Verdict};
use platform::contact_gate::Channel;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::work::Work;

use super::at;
use super::staff::Staff;
use crate::failure::Failure;

/// So many days before the end it begins: a visitor sees what is kept and what is broken.
const LATELY_DAYS: i64 = 9;
/// Cases that a collector works in a day.
const WORKED: usize = 6;
/// How many days before the book stands still the cases are worked for the last time.
const LAST_WORKED: i64 = 2;
/// Messages that a collector leaves behind then.
const MESSAGES: usize = 3;
/// So many days overdue before the formal letter goes out, as the ladder of the policy has it.
const LETTER_DAYS: i64 = 60;
/// Who collects.
const ROLES: [&str; 2] = ["collection_officer", "credit_dept"];
/// What is found, with what shows it.
const CAUSES: [(&[&str], &str); 5] = [
    (&["c2"], "货款未到账，查看近三个月流水"),
    (&["c3"], "门店客流下降，收支说明与流水"),
    (&["c1"], "有收入，多次遗忘还款日"),
    (&["c5b", "c2"], "转行做餐饮，收入尚不稳定"),
    (&["c9"], "明确表示暂不归还，谈话记录"),
];

/// Works the first cases of every collector's queue on one of the last days.
pub async fn work_cases(app: &App, staff: &Staff, day: Date, stands: Date) -> Result<(), Failure> {
    let left = finance::days_between(day, stands);
    if left > LATELY_DAYS || left % 2 == 1 {
        return Ok(());
    }
    app.clock.set(at(day, 15, 30)?);
    for actor in ROLES.iter().flat_map(|role| staff.holders(role)) {
        let Some(user) = actor.user else { continue };
        let mut work = Work::begin(app, actor.clone()).await?;
        let (queue, _) = queue::of(&mut work, user.0).await?;
        for (place, one) in queue.iter().take(WORKED).enumerate() {
            work_one(&mut work, one, place, day).await?;
        }
        work.commit().await?;
        if let Some(one) = queue.get(1) {
            agree(app, staff, actor, one, day).await?;
        }
        if left == LAST_WORKED {
            // The last of the queue, who wait longest for a call.
            for one in queue.iter().rev().take(MESSAGES) {
                remind(app, actor, one).await?;
            }
        }
    }
    Ok(())
}

/// Writes a text message to a debtor; it becomes a file when the demo is served.
async fn remind(app: &App, actor: &Actor, one: &Queued) -> Result<(), Failure> {
    let mut work = Work::begin(app, actor.clone()).await?;
    let loans = servicing::loan::store::of_customer(&mut work.tx, one.line.case.key.customer, 1).await?;
    let Some(loan) = loans.first() else { return Ok(()) };
    let order = message::actions::Order { kind: MessageKind::EarlyReminder, channel: Channel::Sms, point: None };
    match message::actions::compose(&mut work, *loan, order, None).await {
        Ok(_) => Ok(work.commit().await?),
        // Stopped, without a number, or another loan of the customer is overdue.
        Err(ActionError::Refused(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Agrees on payment in parts with the second of the queue, where nothing stands in the way: one proposes, another
/// approves, the debtor signs.
async fn agree(app: &App, staff: &Staff, actor: &Actor, one: &Queued, day: Date) -> Result<(), Failure> {
    let key = one.line.case.key;
    let mut work = Work::begin(app, actor.clone()).await?;
    if !agreement::store::of_case(&mut work.tx, key).await?.is_empty() {
        return Ok(());
    }
    let loans = servicing::loan::store::of_customer(&mut work.tx, key.customer, 1).await?;
    let (Some(loan), Some(first_on)) = (loans.first(), finance::add_days(day, 5)) else { return Ok(()) };
    let total = Fen((one.line.overdue.0 / 20_000).max(1) * 10_000);
    let plan = Plan::Instalments(Parts::Equal(Split { total, count: 2, first_on, every: Every::Week }));
    let wish =
        Wish { loan: *loan, plan, way: Way::Transfer, reason: "货款分两次到账，先还一半".to_owned() };
    let id = match agreement::actions::propose(&mut work, key.case, &wish).await {
        Ok(id) => id,
        // Not talked about yet, or this loan of the customer is not overdue.
        Err(ActionError::Refused(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    work.commit().await?;
    let Some(supervisor) = staff.with_role("credit_supervisor", one.line.case.branch) else { return Ok(()) };
    let mut work = Work::begin(app, supervisor.clone()).await?;
    let made = agreement::store::find(&mut work.tx, id).await?;
    if let Some(approval) = made.and_then(|made| made.approval) {
        let verdict = Verdict { seen: 1, opinion: "同意".to_owned(), missing: Vec::new() };
        approval::approve(&mut work, key.customer, approval, &verdict).await?;
    }
    work.commit().await?;
    let mut work = Work::begin(app, actor.clone()).await?;
    let signature = Signature { on: day, by: one.line.customer.clone(), place: "档案盒 07".to_owned() };
    agreement::actions::sign(&mut work, &id.to_string(), &signature).await?;
    Ok(work.commit().await?)
}

async fn work_one(work: &mut Work, one: &Queued, place: usize, day: Date) -> Result<(), Failure> {
    let key = one.line.case.key;
    let known = collections::cause::store::of_case(&mut work.tx, key).await?;
    if known.is_empty()
        && let Some((causes, evidence)) = CAUSES.get(place % CAUSES.len())
    {
        let causes = causes.iter().map(|code| (*code).to_owned()).collect();
        let talk = if place % 3 == 2 { Talk::NotYet } else { Talk::Held };
        diagnose(work, key.case, &NewDiagnosis { causes, evidence: (*evidence).to_owned(), talk }).await?;
        if one.line.days(day) > 30 {
            let evidence = "工资与经营流水、房租收据".to_owned();
            let capacity = Capacity { income: Fen(780_000), living: Fen(420_000), evidence };
            assess(work, key.case, &capacity).await?;
        }
    }
    if one.line.days(day) > LETTER_DAYS && place.is_multiple_of(3) {
        write_letter(work, key.customer, day).await?;
    }
    let standing = collections::promise::store::of_case(&mut work.tx, key).await?;
    if place.is_multiple_of(2) && standing.iter().all(|promise| promise.state != PromiseState::Open) {
        // Half of what is overdue, in whole hundreds of yuan, within two days.
        let amount = Fen((one.line.overdue.0 / 20_000).max(1) * 10_000);
        if amount <= one.line.overdue {
            let on = finance::add_days(day, 2).unwrap_or(day);
            let words = "货款到账先还一部分".to_owned();
            let new = NewPromise { amount, due_at: at(on, 18, 0)?, promised_by: one.line.customer.clone(), words };
            make(work, key.case, &new).await?;
        }
    }
    Ok(())
}

/// Sends the formal letter for the first overdue loan of a customer that has none yet.
async fn write_letter(work: &mut Work, customer: CustomerId, day: Date) -> Result<(), Failure> {
    for loan in servicing::loan::store::of_customer(&mut work.tx, customer, 10).await? {
        if !letter::store::of_loan(&mut work.tx, loan).await?.is_empty() {
            return Ok(());
        }
        let order = Order { kind: LetterKind::Dunning, guarantee: None };
        match letter::actions::issue(work, loan, order).await {
            Ok(id) => {
                let detail = "EMS（演示）".to_owned();
                let sent = Step { to: LetterState::Sent, on: day, signer: None, detail, agrees: false };
                letter::actions::step(work, &id.to_string(), None, &sent).await?;
                return Ok(());
            }
            // This loan of the customer is not overdue.
            Err(ActionError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
