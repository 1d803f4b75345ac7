//! What collectors do in the last days of the book (催收办理): causes are found, promises are taken, costs are recorded; money
//! and time decide. Every week somebody reports on how the recovery goes.

use collections::agreement;
use collections::agreement::model::{Every, Parts, Plan, Signature, Split, Way, Wish};
use collections::case::model::CaseId;
use collections::cause::actions::{assess, diagnose};
use collections::cause::model::{Capacity, NewDiagnosis, Talk};
use collections::contact;
use collections::contact::actions::NewOutcome;
use collections::contact::model::ContactResult;
use collections::cost;
use collections::cost::model::NewCost;
use collections::guard;
use collections::guard::model::{AllowanceId, Verdict as Lawful};
use collections::inflow::model::{InflowKind, NewInflow};
use collections::letter;
use collections::letter::actions::Order;
use collections::letter::model::{LetterKind, LetterState, Step};
use collections::measure::figures;
use collections::merit;
use collections::message;
use collections::message::model::MessageKind;
use collections::payday;
use collections::payday::model::{NewPayDay, Source};
use collections::progress;
use collections::promise::actions::make;
use collections::promise::model::{NewPromise, PromiseState};
use collections::rescue::model::{Findings, NewRescue};
use collections::risk;
use collections::talk::model::{Attitude, Incident, NewTalk, Way as TalkWay};
use collections::worklist::queue::{self, Queued};
use finance::Fen;
use jiff::civil::Date;
use platform::access::Actor;
use platform::app::App;
use platform::approval::{self, Verdict};
use platform::contact_gate::{Channel, Manner, Purpose, Shown};
use platform::error::ActionError;
use platform::id::{CustomerId, UserId};
use platform::work::Work;

use super::staff::Staff;
use super::{at, visits};
use crate::failure::Failure;

/// So many days before the end it begins: a visitor sees what is kept and what is broken.
const LATELY_DAYS: i64 = 9;
/// Cases that a collector works in a day.
const WORKED: usize = 6;
/// How many days before the book stands still the cases are worked for the last time.
const LAST_WORKED: i64 = 2;
/// How many days before the end visits are made.
const VISITED: i64 = 4;
/// How many days before the end a debtor cannot be reached any more.
const LOST: i64 = 6;
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

/// How debtors behave, what comes of it, and what they say.
const ANSWERS: [(&str, ContactResult, &str); 5] = [
    ("p1", ContactResult::Promised, "下游货款到账后归还"),
    ("p2", ContactResult::Refused, "推说合同有问题"),
    ("p3", ContactResult::Unable, "多处欠款，收入不足"),
    ("p5", ContactResult::CallAgain, "情绪激动，约定改日再谈"),
    ("p1", ContactResult::Unable, "应收款未收回"),
];
/// What the first cases of a queue cost on a day: kind, fen, for what.
const COSTS: [(&str, i64, &str); 3] = [
    ("postage", 2_200, "EMS 催收函，回单存案卷"),
    ("travel", 8_600, "上门外访交通费，票据存案卷"),
    ("search", 80_000, "不动产与工商登记查询，发票存财务"),
];

/// Reports on the week that is over, on its first working day; the general manager has seen it the same day.
pub async fn report(app: &App, staff: &Staff, day: Date) -> Result<(), Failure> {
    if day.weekday() != jiff::civil::Weekday::Monday {
        return Ok(());
    }
    let Some(maker) = staff.holders("overdue_group").next() else { return Ok(()) };
    app.clock.set(at(day, 16, 0)?);
    let mut work = Work::begin(app, maker.clone()).await?;
    let week = progress::actions::period(&mut work, "").await?;
    if !progress::actions::asked(&mut work, week).await? {
        return Ok(());
    }
    let words = "本周按计划联系逾期客户，部分客户已还款；经营困难的已商定分期。";
    let plan = "下周重点跟进新增逾期和承诺到期客户。";
    let id = progress::actions::make(&mut work, "", words, plan).await?;
    work.commit().await?;
    let Some(reader) = staff.holders("general_manager").next() else { return Ok(()) };
    let mut work = Work::begin(app, reader.clone()).await?;
    progress::actions::see(&mut work, &id.to_string(), "阅，抓紧大额客户").await?;
    Ok(work.commit().await?)
}

/// Proposes a bonus and a criticism on the figures of the last month; the first is decided and paid.
pub async fn merits(app: &App, staff: &Staff, day: Date) -> Result<(), Failure> {
    let Some(maker) = staff.holders("overdue_group").next() else { return Ok(()) };
    let collectors: Vec<UserId> = staff.holders("collection_officer").filter_map(|actor| actor.user).collect();
    let kinds = [("bonus", Some(Fen(50_000)), None), ("criticism", None, finance::add_days(day, 20))];
    for (person, (kind, amount, rectify_by)) in collectors.into_iter().zip(kinds) {
        app.clock.set(at(day, 16, 10)?);
        let mut work = Work::begin(app, maker.clone()).await?;
        let last = day.first_of_month().yesterday().unwrap_or(day);
        let period =
            figures::period(&last.first_of_month().to_string(), &last.to_string(), day).map_err(ActionError::from)?;
        let wish = merit::model::Wish {
            person,
            kind: kind.to_owned(),
            amount,
            reason: if amount.is_some() { "大额客户一次还清" } else { "清收率低于标准" }.to_owned(),
            period,
            rectify_by,
        };
        let id = merit::actions::propose(&mut work, &wish).await?.to_string();
        let approval = merit::actions::load(&mut work, &id, merit::MERIT_VIEW).await?.approval;
        work.commit().await?;
        let (Some(approval), Some(decides), Some(pays)) = (
            approval.filter(|_| amount.is_some()),
            staff.holders("general_manager").next(),
            staff.holders("hr").next(),
        ) else {
            continue;
        };
        let mut work = Work::begin(app, decides.clone()).await?;
        let verdict = Verdict { seen: 1, opinion: "同意".to_owned(), missing: Vec::new() };
        approval::approve(&mut work, CustomerId(0), approval, &verdict).await?;
        work.commit().await?;
        let mut work = Work::begin(app, pays.clone()).await?;
        merit::actions::carry_out(&mut work, &id, "随当月工资发放").await?;
        work.commit().await?;
    }
    Ok(())
}

/// Works the first cases of every collector's queue on one of the last days; how many contacts visits and calls in vain
/// made.
pub async fn work_cases(app: &App, staff: &Staff, day: Date, stands: Date) -> Result<usize, Failure> {
    let left = finance::days_between(day, stands);
    if left > LATELY_DAYS || left % 2 == 1 {
        return Ok(0);
    }
    app.clock.set(at(day, 15, 30)?);
    let (mut lost, mut known, mut made) = (false, false, 0);
    for actor in ROLES.iter().flat_map(|role| staff.holders(role)) {
        let Some(user) = actor.user else { continue };
        let mut work = Work::begin(app, actor.clone()).await?;
        let (queue, _) = queue::of(&mut work, user.0).await?;
        for (place, one) in queue.iter().take(WORKED).enumerate() {
            work_one(&mut work, one, place, day).await?;
            call(&mut work, one.line.case.key.customer, place).await?;
        }
        work.commit().await?;
        if let Some(one) = queue.get(1) {
            agree(app, staff, actor, one, day).await?;
        }
        if left == LAST_WORKED && !known {
            known = queue.len() > 1;
            super::dossier::know(app, staff, (actor, queue.as_slice()), day).await?;
        }
        if left == VISITED {
            made += visits::go(app, staff, actor, &queue, (day, true)).await?;
            app.clock.set(at(day, 18, 10)?);
        }
        if left == LOST && !lost {
            lost = true;
            made += visits::lose(app, staff, actor, &queue, day).await?;
            app.clock.set(at(day, 18, 20)?);
        }
        if left == LAST_WORKED {
            rate(app, staff, actor, &queue).await?;
            // The last of the queue, who wait longest for a call.
            for one in queue.iter().rev().take(MESSAGES) {
                remind(app, actor, one).await?;
            }
        }
    }
    Ok(made)
}

/// Notes on which day the first person of the queue is paid; the risk department rates the first of all.
async fn rate(app: &App, staff: &Staff, actor: &Actor, queue: &[Queued]) -> Result<(), Failure> {
    let mut work = Work::begin(app, actor.clone()).await?;
    for one in queue {
        let new = NewPayDay { day: Some(15), source: Source::Payslip };
        match payday::actions::record(&mut work, one.line.case.key.case, new).await {
            Ok(_) => break,
            // A company has none.
            Err(ActionError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    work.commit().await?;
    let (Some(rater), Some(first)) = (staff.holders("risk_dept").next(), queue.first()) else { return Ok(()) };
    let mut work = Work::begin(app, rater.clone()).await?;
    let words = "收入下降，尚有还款意愿，建议尽快商定分期";
    risk::actions::rate(&mut work, first.line.case.key.case, words).await?;
    Ok(work.commit().await?)
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
    let wish = Wish {
        loan: *loan,
        also: Vec::new(),
        plan,
        way: Way::Transfer,
        signer: None,
        reason: "货款分两次到账，先还一半".to_owned(),
    };
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

/// Calls a debtor, notes how the debtor behaves, and what came of it.
async fn call(work: &mut Work, customer: CustomerId, place: usize) -> Result<(), Failure> {
    let lines = match guard::actions::reachable(work, customer).await {
        Ok(lines) => lines,
        // The file is kept in another branch.
        Err(ActionError::Refused(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let own = lines.iter().find(|line| line.relation == "self" && matches!(line.verdict, Lawful::Allowed { .. }));
    let Some(point) = own.and_then(|line| line.point) else { return Ok(()) };
    let manner = Manner::by(Channel::Phone);
    let reason = "催收到期款项".to_owned();
    let ask = guard::actions::Ask { customer, point, purpose: Purpose::Collect, manner, reason };
    let allowance = match guard::actions::reserve(work, &ask).await {
        Ok(Shown::Number(_, pass)) => pass.allowance.map(AllowanceId),
        Ok(Shown::Refused { .. }) | Err(ActionError::Refused(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let (Some(allowance), Some((pattern, result, response))) = (allowance, ANSWERS.get(place % ANSWERS.len())) else {
        return Ok(());
    };
    let outcome = NewOutcome {
        pattern: Some((*pattern).to_owned()),
        response: (*response).to_owned(),
        seconds: 95,
        ..NewOutcome::of(customer, allowance, *result)
    };
    contact::actions::record(work, &outcome).await.map(drop).map_err(Failure::from)
}

async fn work_one(work: &mut Work, one: &Queued, place: usize, day: Date) -> Result<(), Failure> {
    let key = one.line.case.key;
    let known = collections::cause::store::of_case(&mut work.tx, key).await?;
    if let Some((kind, fen, note)) = COSTS.get(place) {
        let new = NewCost { kind: (*kind).to_owned(), amount: Fen(*fen), spent_on: day, note: (*note).to_owned() };
        match cost::actions::record(work, key.case, &new).await {
            Ok(_) | Err(ActionError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if known.is_empty()
        && let Some((causes, evidence)) = CAUSES.get(place % CAUSES.len())
    {
        let causes = causes.iter().map(|code| (*code).to_owned()).collect();
        let talk = if place % 3 == 2 { Talk::NotYet } else { Talk::Held };
        diagnose(work, key.case, &NewDiagnosis { causes, evidence: (*evidence).to_owned(), talk }).await?;
        if talk == Talk::Held {
            talk_and_plan(work, key.case, place).await?;
        }
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

/// Records what was talked about, and the first way to recover that the security leaves open.
async fn talk_and_plan(work: &mut Work, case: CaseId, place: usize) -> Result<(), Failure> {
    let on = work.business_date;
    let refuses = place % CAUSES.len() == 4;
    let temper = if refuses { "evasive" } else { "anxious" }.to_owned();
    let points = collections::talk::actions::offer(work).await?.points;
    let new = NewTalk {
        on,
        way: TalkWay::Office,
        relation: None,
        attitude: Attitude { willing: !refuses, able: refuses, temper },
        points: if refuses { points } else { Vec::new() },
        words: "说明欠款明细与后果，商量还款办法".to_owned(),
        answer: if refuses { "暂不愿归还" } else { "愿意分期归还" }.to_owned(),
        incident: Incident::None,
    };
    match collections::talk::actions::record(work, case, &new).await {
        Ok(_) | Err(ActionError::Refused(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let seen = NewInflow {
        kind: InflowKind::Account,
        amount: Fen(500_000),
        on,
        basis: "本行结算账户，合同约定监管".to_owned(),
        words: "货款到账一笔".to_owned(),
    };
    if place == 0 {
        collections::inflow::actions::note(work, case, &seen).await?;
    }
    let asked = NewRescue::Evaluation {
        amount: Fen(2_000_000),
        findings: Findings { operation: true, capacity: true, controlled: true },
        words: "补货恢复经营，受托支付，按月核对流水".to_owned(),
    };
    match collections::rescue::actions::record(work, case, &asked).await {
        // Most causes allow none.
        Ok(_) | Err(ActionError::Refused(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let Some(known) = collections::case::store::find(&mut work.tx, case).await? else { return Ok(()) };
    let Some(way) = collections::route::actions::ways(work, known.key).await?.into_iter().next() else { return Ok(()) };
    let words = "先协商分期；协商不成的按本路径追偿";
    match collections::route::actions::keep(work, case, &way.key(), words).await {
        Ok(_) | Err(ActionError::Refused(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Sends the formal letter for the first overdue loan of a customer that has none yet.
async fn write_letter(work: &mut Work, customer: CustomerId, day: Date) -> Result<(), Failure> {
    for loan in servicing::loan::store::of_customer(&mut work.tx, customer, 10).await? {
        if !letter::store::of_loan(&mut work.tx, loan).await?.is_empty() {
            return Ok(());
        }
        let order = Order::to_debtor(LetterKind::Dunning);
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

/// Orders for the day on which the book stands: what a visitor finds on the phone.
pub async fn visits_of_today(app: &App, staff: &Staff, stands: Date) -> Result<(), Failure> {
    app.clock.set(at(stands, 16, 10)?);
    for actor in staff.holders("collection_officer") {
        let Some(user) = actor.user else { continue };
        let mut work = Work::begin(app, actor.clone()).await?;
        let (queue, _) = queue::of(&mut work, user.0).await?;
        drop(work);
        visits::go(app, staff, actor, &queue, (stands, false)).await?;
    }
    Ok(())
}
