//! Classification runs of the demo (分类认定): every quarter each branch is classified by the post, reviewed by the risk
//! department and approved by the general manager; in the last run people think otherwise of one loan.

use finance::Fen;
use jiff::civil::Date;
use platform::access::Actor;
use platform::app::App;
use platform::approval::{self, Verdict};
use platform::error::ActionError;
use platform::id::{BranchId, CustomerId};
use platform::work::Work;
use servicing::classification::model::{Findings, RunId};
use servicing::classification::{actions, review, store};

use super::at;
use super::staff::Staff;
use crate::failure::Failure;

/// The day of the month, and the months.
const DAY: i8 = 10;
const MONTHS: [i8; 4] = [2, 5, 8, 11];
/// The institution's own approvals.
const HOUSE: CustomerId = CustomerId(0);

/// Classifies every branch on its day.
///
/// # Errors
/// The store's; somebody is missing.
pub async fn of_day(app: &App, staff: &Staff, day: Date, stands: Date) -> Result<(), Failure> {
    if day.day() != DAY || !MONTHS.contains(&day.month()) {
        return Ok(());
    }
    app.clock.set(at(day, 15, 30)?);
    let branches: Vec<BranchId> = {
        let mut tx = app.db.read().await?;
        platform::access::store::branches(&mut tx).await?.into_iter().map(|branch| branch.id).collect()
    };
    let latest = finance::days_between(day, stands) < 90;
    for branch in branches {
        match run(app, staff, branch, latest).await {
            // A branch that lends nothing is not classified.
            Ok(()) | Err(ActionError::Refused(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

fn somebody(staff: &Staff, role: &str, branch: BranchId) -> Result<Actor, ActionError> {
    let found = staff.with_role(role, branch).cloned();
    found.ok_or_else(|| ActionError::Internal(format!("nobody in the demo is {role}")))
}

async fn run(app: &App, staff: &Staff, branch: BranchId, latest: bool) -> Result<(), ActionError> {
    let mut work = Work::begin(app, somebody(staff, "classification_post", branch)?).await?;
    let id = actions::draw(&mut work, Some(branch)).await?;
    let key = id.to_string();
    if latest {
        worry(&mut work, id).await?;
    }
    let findings = Findings {
        value: "分类与逾期天数及现场情况相符，余额真实".to_owned(),
        granting: "新发放贷款用途、担保核实到位，个别客户收入核实不足".to_owned(),
        monitoring: "下调客户均已列入重点走访，其余按期走访".to_owned(),
        collection: "逾期客户已分级催收，部分收回".to_owned(),
        provision: "按类别比例足额计提".to_owned(),
    };
    actions::propose(&mut work, &key, &findings, Fen(200_000_000)).await?;
    work.actor = somebody(staff, "risk_dept", branch)?;
    review(&mut work, &key, "经复核，同意初分结果").await?;
    let asked = store::find(&mut work.tx, id).await?.and_then(|one| one.approval);
    let asked = asked.ok_or_else(|| ActionError::Internal("a reviewed run without its approval".to_owned()))?;
    work.actor = somebody(staff, "general_manager", branch)?;
    let seen = approval::store::load(&mut work.tx, HOUSE, asked).await?.map_or(1, |one| one.version);
    let verdict = Verdict { seen, opinion: "同意".to_owned(), missing: Vec::new() };
    approval::approve(&mut work, HOUSE, asked, &verdict).await?;
    Ok(work.commit().await?)
}

/// One loan of whose borrower people know more than its days overdue.
async fn worry(work: &mut Work, run: RunId) -> Result<(), ActionError> {
    let found = store::of_class(&mut work.tx, run, "special_mention", 1).await?;
    let Some(item) = found.first() else { return Ok(()) };
    let reason = "主要客户停产，经营收入下降过半，还款来源不足";
    actions::judge(work, &run.to_string(), &item.key.loan.to_string(), "substandard", reason).await.map(drop)
}
