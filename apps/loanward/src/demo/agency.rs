//! A collection agency of the demo book (催收机构): appointed, published, with two cases, one of them recalled.

use collections::agency::model::{NewAgency, NewPlacement, Terms};
use collections::agency::{actions, contract, placing};
use collections::worklist::queue;
use jiff::civil::Date;
use platform::access::Actor;
use platform::app::App;
use platform::approval::{self, Verdict};
use platform::error::ActionError;
use platform::id::{CustomerId, UserId};
use platform::work::Work;

use super::at;
use super::staff::Staff;
use crate::failure::Failure;

/// How many cases are placed.
const PLACED: usize = 2;
/// For how many days.
const TERM_DAYS: i64 = 90;

/// Appoints the agency on a day, and places cases of those who are overdue long enough with it.
///
/// # Errors
/// What the use cases refuse.
pub async fn place(app: &App, staff: &Staff, day: Date) -> Result<(), Failure> {
    let (Some(keeper), Some(decides), Some(worker)) = (
        staff.holders("overdue_group").next(),
        staff.holders("general_manager").next(),
        staff.holders("provider_user").find_map(|actor| actor.user),
    ) else {
        return Ok(());
    };
    app.clock.set(at(day, 16, 20)?);
    let agency = appoint(app, keeper, decides, worker, day).await?;
    let Some(contact) = keeper.user else { return Ok(()) };
    let mut placed = Vec::new();
    for owner in staff.holders("collection_officer").filter_map(|actor| actor.user) {
        let mut work = Work::begin(app, keeper.clone()).await?;
        let (queue, _) = queue::of(&mut work, owner.0).await?;
        drop(work);
        for one in queue {
            if placed.len() == PLACED {
                break;
            }
            let to = finance::add_days(day, TERM_DAYS).unwrap_or(day);
            let new = NewPlacement { worker, contact, to, note: "多次联系未还，请协助催收".to_owned() };
            let mut work = Work::begin(app, keeper.clone()).await?;
            match placing::place(&mut work, one.line.case.key.case, &new).await {
                Ok(id) => {
                    work.commit().await?;
                    placed.push(id);
                }
                // Not long enough overdue, or stopped.
                Err(ActionError::Refused(_)) => drop(work),
                Err(error) => return Err(error.into()),
            }
        }
    }
    if let Some(last) = placed.last().filter(|_| placed.len() == PLACED) {
        let mut work = Work::begin(app, keeper.clone()).await?;
        placing::recall(&mut work, &last.to_string(), "客户主动联系，收回自行协商").await?;
        work.commit().await?;
    }
    println!("  … {agency}: {} cases placed", placed.len());
    Ok(())
}

/// Registers the agency and signs a contract that the general manager approves; on the published list, with its person and
/// its line.
async fn appoint(app: &App, keeper: &Actor, decides: &Actor, worker: UserId, day: Date) -> Result<String, Failure> {
    let mut work = Work::begin(app, keeper.clone()).await?;
    let new = NewAgency {
        name: "示例催收服务有限公司".to_owned(),
        registration: "99320500MA0000001X".to_owned(),
        note: "虚构机构".to_owned(),
    };
    let id = actions::register(&mut work, &new).await?.to_string();
    let terms = Terms {
        from: day,
        to: finance::add_days(day, 364).unwrap_or(day),
        purpose: "逾期贷款电话催收；处理姓名、联系电话、逾期金额与天数".to_owned(),
        data: "合同终止后十日内删除全部个人信息并出具证明".to_owned(),
        delegation: "未经本机构书面同意不得转委托".to_owned(),
        commission_bp: 1_500,
    };
    let signed = contract::propose(&mut work, &id, &terms).await?.to_string();
    let approval = contract::load(&mut work, &signed, collections::agency::AGENCY_VIEW).await?.approval;
    work.commit().await?;
    if let Some(approval) = approval {
        let mut work = Work::begin(app, decides.clone()).await?;
        let verdict = Verdict { seen: 1, opinion: "同意".to_owned(), missing: Vec::new() };
        approval::approve(&mut work, CustomerId(0), approval, &verdict).await?;
        work.commit().await?;
    }
    let mut work = Work::begin(app, keeper.clone()).await?;
    actions::publish(&mut work, &id, true, "本机构网站“消费者保护”栏目").await?;
    actions::add_member(&mut work, &id, worker).await?;
    actions::add_line(&mut work, &id, "0512-0000-0391", "示例催收外呼").await?;
    work.commit().await?;
    Ok(new.name)
}
