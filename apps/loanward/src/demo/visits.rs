//! Visits and a lost debtor in the last days of the book (外访与失联): orders that were done, some for today, one trace.

use collections::contact::actions::{NewOutcome, record};
use collections::contact::model::ContactResult;
use collections::guard::actions::{Ask, register_line, reserve};
use collections::guard::model::AllowanceId;
use collections::lost;
use collections::lost::model::{Found, LostKind, NewTrace, Searched};
use collections::visit::actions::{self as visits, SetOut};
use collections::visit::model::{Band, Conclusion, Entry, NewOrder, NewRecord, OrderId, Visitor};
use collections::visit::record::keep;
use collections::worklist::queue::Queued;
use customers::contact_point::actions as points;
use customers::contact_point::model::ContactKind;
use finance::Fen;
use jiff::civil::Date;
use platform::access::Actor;
use platform::app::App;
use platform::contact_gate::{CallingLine, Channel, Manner, Purpose, Shown};
use platform::error::ActionError;
use platform::work::Work;

use super::at;
use super::staff::Staff;
use crate::failure::Failure;

/// The districts of a route, in turn.
const DISTRICTS: [&str; 3] = ["城东", "城西", "高新区"];
/// Where calls come from, each in another band of the day.
const LINES: [(&str, i8); 3] = [("0000-0000-01", 9), ("0000-0000-02", 14), ("0000-0000-03", 18)];

/// Visits the cases of a queue behind the first ones: done on a day that is over, or issued for today. How many contacts
/// it made.
pub async fn go(
    app: &App,
    staff: &Staff,
    actor: &Actor,
    queue: &[Queued],
    (day, done): (Date, bool),
) -> Result<usize, Failure> {
    let mut made = 0;
    for (place, one) in queue.iter().skip(2).take(DISTRICTS.len()).enumerate() {
        let Some(id) = issued(app, staff, actor, one, (day, place)).await? else { continue };
        if !done {
            continue;
        }
        app.clock.set(at(day, 17, 0)?);
        let mut work = Work::begin(app, actor.clone()).await?;
        match visits::set_out(&mut work, &id.to_string()).await {
            Ok(SetOut::Gone) => {
                work.commit().await?;
                came_back(app, actor, id, (day, place)).await?;
                made += 1;
            }
            Ok(SetOut::Refused(_)) => work.commit().await?,
            Err(ActionError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(made)
}

/// An order that a supervisor issued; nothing where the guard or the file stands in the way.
async fn issued(
    app: &App,
    staff: &Staff,
    actor: &Actor,
    one: &Queued,
    (day, place): (Date, usize),
) -> Result<Option<OrderId>, Failure> {
    let other = staff.holders("collection_officer").find(|other| other.user != actor.user);
    let visitor = |of: &Actor, credential: &str| Visitor {
        user: of.user,
        name: String::new(),
        agency: String::new(),
        credential: credential.to_owned(),
        valid_until: finance::add_days(day, 300).unwrap_or(day),
    };
    let Some(other) = other else { return Ok(None) };
    let new = NewOrder {
        point: None,
        district: DISTRICTS.get(place % DISTRICTS.len()).copied().unwrap_or("城东").to_owned(),
        on: day,
        band: Band { from: 1_020, until: 1_140 },
        purpose: "核实经营与还款能力，商谈还款安排".to_owned(),
        documents: "借款合同复印件、逾期明细、催收通知书".to_owned(),
        visitors: vec![visitor(actor, "示-0001"), visitor(other, "示-0002")],
    };
    let mut work = Work::begin(app, actor.clone()).await?;
    let id = match visits::plan(&mut work, one.line.case.key.case, &new).await {
        Ok(id) => id,
        Err(ActionError::Refused(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    work.commit().await?;
    let Some(supervisor) = staff.with_role("credit_supervisor", one.line.case.branch) else { return Ok(None) };
    let mut work = Work::begin(app, supervisor.clone()).await?;
    match visits::issue(&mut work, &id.to_string()).await {
        Ok(()) => work.commit().await?,
        // Stopped, or of a branch that nobody supervises here: it stays planned.
        Err(ActionError::Refused(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    Ok(Some(id))
}

async fn came_back(app: &App, actor: &Actor, id: OrderId, (day, place): (Date, usize)) -> Result<(), Failure> {
    app.clock.set(at(day, 18, 0)?);
    let home = place.is_multiple_of(2);
    let text = |met: &str, not: &str| if home { met } else { not }.to_owned();
    let new = NewRecord {
        result: if home { ContactResult::Unable } else { ContactResult::NoAnswer },
        arrived_at: at(day, 17, 20)?,
        identified: home,
        entry: if home { Entry::Consented } else { Entry::Outside },
        met: text("本人", ""),
        debt_kept: false,
        said: text("先谈一次结清，再谈分期", ""),
        response: text("货款未收回，愿意分期", ""),
        seen: text("店铺在营业，存货约半仓", "门锁着，信箱有未取信件"),
        lump_sum: home,
        conclusion: if home { Conclusion::Plan } else { Conclusion::GoOn },
        next_step: text("本周内报分期方案", "换时段再访"),
    };
    let mut work = Work::begin(app, actor.clone()).await?;
    keep(&mut work, &id.to_string(), &new, None).await?;
    Ok(work.commit().await?)
}

/// Tries the last of a queue in vain on three lines in three bands of the day, sets the debtor as lost, begins the trace. How many
/// contacts it made.
pub async fn lose(app: &App, staff: &Staff, actor: &Actor, queue: &[Queued], day: Date) -> Result<usize, Failure> {
    let mut made = 0;
    // Those whom nobody may contact stand last.
    let last = queue.iter().rev().find(|one| !one.stopped);
    let (Some(one), Some(supervisor)) = (last, staff.holders("credit_supervisor").next()) else {
        return Ok(made);
    };
    let key = one.line.case.key;
    for (number, hour) in LINES {
        app.clock.set(at(day, hour, 10)?);
        let mut work = Work::begin(app, supervisor.clone()).await?;
        let line = register_line(&mut work, number, "演示外呼线路").await?;
        work.commit().await?;
        let manner = Manner { line: CallingLine::Registered(line), ..Manner::by(Channel::Phone) };
        if !tried(app, actor, one, manner, ContactResult::NoAnswer).await? {
            return Ok(made);
        }
        made += 1;
    }
    let text = "请回电 0000-0000，谢谢".to_owned();
    let sms = Manner { text: Some(text), ..Manner::by(Channel::Sms) };
    if !tried(app, actor, one, sms, ContactResult::Sent).await? {
        return Ok(made);
    }
    made += 1;
    let mut work = Work::begin(app, actor.clone()).await?;
    let ground = "三条线路三个时段均无人接听，短信未回";
    match lost::actions::set(&mut work, key.case, LostKind::Avoidance, ground).await {
        Ok(_) => {}
        // Reached since, by somebody else.
        Err(ActionError::Refused(_)) => return Ok(made),
        Err(error) => return Err(error.into()),
    }
    for (step, finding, next) in [
        ("own_data", "维护记录显示三月前更换门店", "核对登记地址"),
        ("registered_address", "登记地址为原住所，已转租", "检索公开信息"),
    ] {
        let new = NewTrace {
            step: step.to_owned(),
            on: day,
            searched: Searched::Name,
            query: "姓名与原单位名称".to_owned(),
            authority: String::new(),
            result: Found::Clue,
            finding: finding.to_owned(),
            cost: Fen(2_000),
            next_step: next.to_owned(),
        };
        lost::trace::log(&mut work, key.case, &new).await?;
    }
    work.commit().await?;
    Ok(made)
}

/// A contact that reaches nobody; whether the guard let it through.
async fn tried(app: &App, actor: &Actor, one: &Queued, manner: Manner, result: ContactResult) -> Result<bool, Failure> {
    let customer = one.line.case.key.customer;
    let mut work = Work::begin(app, actor.clone()).await?;
    let all = points::list(&mut work, customer).await?;
    let Some(point) = all.iter().find(|point| point.kind == ContactKind::Phone && point.relation.is_none()) else {
        return Ok(false);
    };
    let ask = Ask { customer, point: point.id, purpose: Purpose::Collect, manner, reason: "催收".to_owned() };
    let pass = match reserve(&mut work, &ask).await {
        Ok(Shown::Number(_, pass)) => pass,
        Ok(Shown::Refused { .. }) => {
            work.commit().await?;
            return Ok(false);
        }
        Err(ActionError::Refused(_)) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let Some(allowance) = pass.allowance else { return Ok(false) };
    record(&mut work, &NewOutcome::of(customer, AllowanceId(allowance), result)).await?;
    work.commit().await?;
    Ok(true)
}
