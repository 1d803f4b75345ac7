//! What the desk does every afternoon (当日办理): the duties of the day are answered by telephone or message, and what
//! was answered is entered by hand. Not all of it: some stand until the next days, as on every desk.

use jiff::civil::Date;
use platform::access::{Actor, DataScope, Origin};
use platform::app::App;
use platform::duty::seen::{self, Eye, Filter, Window};
use platform::duty::store as duties;
use platform::duty::{Channel, Duty, DutyState, NewContact, record_contact};
use platform::id::UserId;
use platform::work::Work;

use super::at;
use super::book::SEED;
use super::chance::Chance;
use super::staff::Staff;
use crate::failure::Failure;

/// What is answered on every day. Overdue money is; a reminder before the due date mostly ends by the payment itself.
const ALWAYS: [&str; 3] = ["early_reminder", "unpaid_list", "maturity_notice"];
/// What is answered too in the last weeks, which are those that a visitor looks at.
const LATELY: &str = "repayment_reminder";
const LATELY_DAYS: i64 = 24;
/// Of a hundred cases so many are left for another day; on the last day, at half past four, so many still stand.
const LEFT: (usize, usize) = (6, 55);
/// Duties and cases that a desk looks through in a day.
const MOST: i64 = 400;

const PROMISES: [&str; 6] = [
    "客户表示两日内存入还款账户",
    "已转告账户余额不足，客户称今日下班前还款",
    "客户称货款在途，承诺本周五前归还",
    "客户确认知悉还款日与金额",
    "客户表示忘记还款日，马上处理",
    "客户对罚息计算有疑问，已说明依据并发送明细",
];
const SILENCE: [&str; 2] = ["无人接听，已留言", "客户正忙，约定稍后回电"];

/// Answers the duties that are due by this day; how many contacts that made.
pub async fn answer(app: &App, staff: &Staff, day: Date, stands: Date) -> Result<usize, Failure> {
    app.clock.set(at(day, 16, 0)?);
    let mut work = Work::begin(app, Actor::system(Origin::Setup)).await?;
    let eye = Eye::of(&work.actor, DataScope::everything());
    let mut kinds = ALWAYS.to_vec();
    if finance::days_between(day, stands) <= LATELY_DAYS {
        kinds.push(LATELY);
    }
    let mut made = 0;
    for kind in kinds {
        let filter = Filter { window: Window::Now, mine: false, kind: Some(kind.to_owned()), text: None };
        for duty in seen::list(&mut work.tx, &eye, &filter, day, MOST, 0).await? {
            made += work_through(&mut work, staff, &duty, (day, stands)).await?;
        }
    }
    if made > 0 {
        work.commit().await?;
    }
    Ok(made)
}

/// Calls whoever stands on a list. What is left today is left by chance that repeats.
async fn work_through(
    work: &mut Work,
    staff: &Staff,
    duty: &Duty,
    (day, stands): (Date, Date),
) -> Result<usize, Failure> {
    let by = staff.user(UserId(duty.owner)).or_else(|| staff.with_role(&duty.owner_role, duty.branch));
    let Some(by) = by.cloned() else { return Ok(0) };
    let since = u64::try_from(finance::days_between(super::OPENS, day)).unwrap_or(0);
    let mut made = 0;
    for (place, member) in duties::members(&mut work.tx, duty.key, MOST, 0).await?.into_iter().enumerate() {
        if member.state != DutyState::Open || member.opens_on > day {
            continue;
        }
        // Numbers repeat, keys need not: a loan's number decides, not its key.
        let own = member
            .number
            .bytes()
            .fold(u64::try_from(place).unwrap_or(0), |sum, byte| sum.wrapping_mul(131).wrapping_add(u64::from(byte)));
        let mut chance = Chance::new(SEED ^ own ^ (since << 32));
        let late = duty.due_on < day;
        let last_week = finance::days_between(day, stands) < 6;
        let left = match (day == stands && !late, last_week) {
            (true, _) => LEFT.1,
            (false, true) => LEFT.0 * 3,
            (false, false) => LEFT.0,
        };
        // Whoever was left over in the last week is what a supervisor finds on the list of late duties.
        let stuck = late && last_week && chance.percent(70);
        if stuck || chance.percent(left) {
            continue;
        }
        work.actor = by.clone();
        let reached = chance.percent(86);
        let words = if reached { chance.pick(&PROMISES) } else { chance.pick(&SILENCE) };
        let minute = i8::try_from(chance.between(0, 59)).unwrap_or(0);
        let hour = i8::try_from(chance.between(9, 15)).unwrap_or(9);
        let contact = NewContact {
            at: Some(at(day, hour, minute)?),
            channel: Some(if reached && chance.percent(12) { Channel::Visit } else { Channel::Phone }),
            contacted: if member.whom.contains("公司") { "经办人".to_owned() } else { member.whom.clone() },
            reached: Some(reached),
            response: words.copied().unwrap_or("已告知").to_owned(),
        };
        record_contact(work, duty, &member, &contact).await?;
        made += 1;
    }
    Ok(made)
}
