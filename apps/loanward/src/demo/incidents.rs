//! What happens now and then (偶发事项): a payment on the wrong loan, a waiver, an extension, a write-off with money
//! coming in after it. Each takes the way that people take: asked for by one, agreed to by others.

use finance::{ExtensionScope, Fen, Head, RepaymentMode};
use jiff::civil::{Date, date};
use platform::access::Actor;
use platform::app::App;
use platform::approval::{self, ApprovalId, ApprovalState, Missing, Verdict};
use platform::error::ActionError;
use platform::work::Work;
use servicing::extension::model::ExtensionWish;
use servicing::loan::actions::load_within;
use servicing::loan::model::{Channel, LoanKey};
use servicing::position::model::{LoanPosition, Standing};
use servicing::position::store as positions;
use servicing::repayment::actions::{NewRepayment, record};
use servicing::waiver::model::Waiver;
use servicing::{change, extension, reversal, write_off};

use super::at;
use super::book::Story;
use super::staff::Staff;
use crate::failure::Failure;

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Reversal,
    Waiver,
    Extension,
    WriteOff,
    Recovery,
}

/// When it happens.
const DAYS: [(Date, Kind); 8] = [
    (date(2026, 3, 18), Kind::Waiver),
    (date(2026, 6, 16), Kind::Reversal),
    (date(2026, 8, 20), Kind::Extension),
    (date(2026, 9, 10), Kind::Waiver),
    (date(2026, 10, 13), Kind::WriteOff),
    (date(2026, 10, 21), Kind::Waiver),
    (date(2026, 11, 5), Kind::Recovery),
    (date(2026, 11, 18), Kind::Reversal),
];

/// How far the chain of an approval is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    /// Everybody agrees.
    Agreed,
    /// So many agree; it waits for the next.
    Steps(usize),
    /// The first one sends it back.
    Returned,
}

/// What waits for somebody on the day on which the book stands.
const LEFT_OPEN: [(Kind, Until); 7] = [
    (Kind::Reversal, Until::Steps(0)),
    (Kind::WriteOff, Until::Steps(0)),
    (Kind::Waiver, Until::Steps(0)),
    (Kind::Extension, Until::Steps(0)),
    (Kind::Extension, Until::Steps(1)),
    (Kind::Extension, Until::Steps(2)),
    (Kind::Waiver, Until::Returned),
];

/// How many loans are tried before an incident is left out: a small book may have none that fits.
const TRIES: usize = 25;

/// Lets happen what happens on this day.
pub async fn of_day(app: &App, staff: &Staff, day: Date, story: &mut Story) -> Result<(), Failure> {
    for (_, kind) in DAYS.iter().filter(|(on, _)| *on == day) {
        app.clock.set(at(day, 15, 0)?);
        if somewhere(app, staff, story, *kind, day, Until::Agreed).await? {
            *story.incidents.entry(name(*kind)).or_default() += 1;
        }
    }
    Ok(())
}

/// Asks for what the visitor finds waiting for an answer.
pub async fn left_open(app: &App, staff: &Staff, day: Date, story: &mut Story) -> Result<(), Failure> {
    for (place, (kind, until)) in LEFT_OPEN.into_iter().enumerate() {
        app.clock.set(at(day, 16, i8::try_from(place * 4).unwrap_or(0))?);
        if somewhere(app, staff, story, kind, day, until).await? {
            *story.incidents.entry("waiting").or_default() += 1;
        }
    }
    Ok(())
}

/// Lets it happen on the first loan that allows it; false when none does.
async fn somewhere(
    app: &App,
    staff: &Staff,
    story: &Story,
    kind: Kind,
    day: Date,
    until: Until,
) -> Result<bool, Failure> {
    for position in fitting(app, story, kind, day).await?.iter().take(TRIES) {
        match happen(app, staff, position, kind, (day, until)).await {
            Ok(()) => return Ok(true),
            // This loan does not allow it; nothing of it was written.
            Err(ActionError::Refused(refused)) => {
                tracing::debug!(incident = name(kind), code = refused.code, "not on this loan");
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(false)
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Reversal => "reversal",
        Kind::Waiver => "waiver",
        Kind::Extension => "extension",
        Kind::WriteOff => "write-off",
        Kind::Recovery => "recovery",
    }
}

/// The loans on which it could happen, in the order of the plan; of write-offs the longest overdue first.
async fn fitting(app: &App, story: &Story, kind: Kind, day: Date) -> Result<Vec<LoanPosition>, Failure> {
    let mut tx = app.db.read().await?;
    let mut found = positions::load(&mut tx, &story.loans).await?;
    found.sort_by_key(|position| story.loans.iter().position(|key| *key == position.key));
    found.retain(|position| {
        let days = position.days_overdue(day);
        match kind {
            Kind::Reversal => position.standing == Standing::Current,
            Kind::Waiver => (5..120).contains(&days) && position.penalty.is_positive(),
            Kind::Extension => {
                let left = finance::days_between(day, position.maturity_on);
                matches!(position.standing, Standing::Current) && (10..=75).contains(&left)
            }
            Kind::WriteOff => days > 120,
            Kind::Recovery => position.standing == Standing::WrittenOffTracked,
        }
    });
    if kind == Kind::WriteOff {
        found.sort_by_key(|position| std::cmp::Reverse(position.days_overdue(day)));
    }
    Ok(found)
}

async fn happen(
    app: &App,
    staff: &Staff,
    on: &LoanPosition,
    kind: Kind,
    (day, until): (Date, Until),
) -> Result<(), ActionError> {
    let key = on.key;
    match kind {
        Kind::Reversal => {
            let role = if until == Until::Agreed { "finance_dept" } else { "finance_clerk" };
            let mut work = Work::begin(app, somebody(staff, role)?).await?;
            let wrong = record(&mut work, key, None, &money(day, Fen(500_000), "入账待核对")).await?;
            let asked =
                reversal::actions::request(&mut work, key, wrong.id, "登记到错误的借据，冲正后重新登记").await?;
            answer(work, staff, key, asked, until).await
        }
        Kind::Recovery => {
            let mut work = Work::begin(app, somebody(staff, "finance_dept")?).await?;
            record(&mut work, key, None, &money(day, Fen(200_000), "核销后收回")).await?;
            Ok(work.commit().await?)
        }
        Kind::Waiver => {
            let mut work = Work::begin(app, manager_of(app, staff, key).await?).await?;
            let reason = "客户已结清欠息，申请减免部分罚息".to_owned();
            let wish = Waiver { head: Head::Penalty, amount: Fen(on.penalty.0.min(10_000)), instalment: None, reason };
            let asked = change::agreement::request(&mut work, key, &wish).await?;
            answer(work, staff, key, asked, until).await
        }
        Kind::Extension => {
            let mut work = Work::begin(app, manager_of(app, staff, key).await?).await?;
            let extended = finance::add_days(on.maturity_on, 60).unwrap_or(on.maturity_on);
            let reason = "应收货款延期到账，申请展期两个月".to_owned();
            let wish = ExtensionWish { until: extended, scope: ExtensionScope::default(), rate: None, reason };
            let asked = extension::actions::request(&mut work, key, &wish).await?;
            answer(work, staff, key, asked, until).await
        }
        Kind::WriteOff => {
            // The head of finance agrees; somebody else of finance asks.
            let asking = staff.holders("finance_dept").nth(1).cloned();
            let mut work = Work::begin(app, asking.map_or_else(|| somebody(staff, "finance_dept"), Ok)?).await?;
            let asked = write_off::actions::request(&mut work, key, "穷尽催收手段，无可执行财产").await?;
            answer(work, staff, key, asked, until).await
        }
    }
}

fn money(on: Date, amount: Fen, note: &str) -> NewRepayment {
    NewRepayment {
        on,
        amount,
        mode: RepaymentMode::Regular,
        allocation: Vec::new(),
        channel: Channel::BankTransfer,
        note: Some(note.to_owned()),
        business_key: None,
    }
}

fn somebody(staff: &Staff, role: &str) -> Result<Actor, ActionError> {
    let found = staff.with_role(role, platform::id::BranchId(1)).cloned();
    found.ok_or_else(|| ActionError::Internal(format!("nobody in the demo is {role}")))
}

/// The customer manager who keeps the loan.
async fn manager_of(app: &App, staff: &Staff, key: LoanKey) -> Result<Actor, ActionError> {
    let mut work = Work::read(app, Actor::system(platform::access::Origin::Setup)).await?;
    let file = load_within(&mut work, key, "loan.view").await?;
    let found = staff.user(file.loan.manager).cloned();
    found.ok_or_else(|| ActionError::Internal("a loan without its manager".to_owned()))
}

/// Those whom the chain names answer in turn, in the transaction in which it was asked for.
async fn answer(
    mut work: Work,
    staff: &Staff,
    key: LoanKey,
    asked: ApprovalId,
    until: Until,
) -> Result<(), ActionError> {
    let most = match until {
        Until::Agreed => usize::MAX,
        Until::Steps(steps) => steps,
        Until::Returned => 1,
    };
    let mut answered = 0;
    let branch = load_within(&mut work, key, "loan.view").await?.loan.branch;
    let mut seen = approval::store::load(&mut work.tx, key.customer, asked).await?;
    while let Some(open) = seen.take().filter(|one| matches!(one.state, ApprovalState::Pending { .. })) {
        if answered == most {
            break;
        }
        answered += 1;
        let maker = platform::id::UserId(open.maker);
        let of_step = open.open_step().cloned().unwrap_or_default();
        let checker = of_step
            .iter()
            .flat_map(|role| staff.with_role(role, branch).into_iter().chain(staff.holders(role)))
            .find(|actor| actor.user != Some(maker))
            .ok_or_else(|| ActionError::Internal("nobody in the demo can agree".to_owned()))?;
        work.actor = checker.clone();
        let verdict = Verdict { seen: open.version, opinion: "同意".to_owned(), missing: Vec::new() };
        if until == Until::Returned {
            let field = "理由".to_owned();
            let missing = vec![Missing { field, note: "请附客户还款凭证与书面申请".to_owned() }];
            let verdict = Verdict { opinion: "材料不全，补正后再报".to_owned(), missing, ..verdict };
            approval::return_to_maker(&mut work, key.customer, asked, &verdict).await?;
            break;
        }
        seen = Some(approval::approve(&mut work, key.customer, asked, &verdict).await?);
    }
    Ok(work.commit().await?)
}
