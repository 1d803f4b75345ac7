//! Use cases of overdue updates: reporting them at the end of a period, answering a report.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::access::DataScope;
use platform::audit::Entry;
use platform::calendar;
use platform::duty::{self, Case, Evidence};
use platform::error::{ActionError, Refused};
use platform::id::{BranchId, CustomerId, UserId};
use platform::policies::InForce;
use platform::work::Work;
use policy::Facts;
use serde_json::json;

use super::model::{Answer, Overdue, UpdateReport, UpdateReportId};
use super::{rules, store};
use crate::error::CustomerError;
use crate::lead::policy::number;
use crate::lead::rules::check_words;
use crate::{EDIT, VIEW};

/// The institution's own things have no customer.
const HOUSE: CustomerId = CustomerId(0);
/// The trigger of the duty to answer.
const TRIGGER: &str = "customer.update_report";

/// The last day on which data may have been due to be overdue on a day (rule `information.overdue`).
///
/// # Errors
/// A rule without the parameter; the store's.
pub async fn overdue_since(work: &mut Work, policy: &InForce, on: Date) -> Result<Option<Date>, ActionError> {
    let days = number(policy, on, "information_update_working_days")?;
    let published = calendar::published(work).await?;
    Ok(rules::overdue_since(on, |day| published.add_working_days(day, days).ok()))
}

/// Makes the reports of a day, one for each branch with anything overdue; how many (rule `information.report`).
///
/// # Errors
/// A rule without its parameter; the store's.
pub(super) async fn report(work: &mut Work, policy: &InForce, on: Date) -> Result<u64, ActionError> {
    let Some(since) = overdue_since(work, policy, on).await? else { return Ok(0) };
    let all = store::overdue(&mut work.tx, since).await?;
    let mut made = 0;
    for lines in rules::by_branch(&all) {
        make(work, lines, on).await?;
        made += 1;
    }
    Ok(made)
}

async fn make(work: &mut Work, lines: &[Overdue], on: Date) -> Result<(), ActionError> {
    let Some(first) = lines.first() else { return Ok(()) };
    let one = UpdateReport {
        id: UpdateReportId(work.next_id()),
        branch: first.branch,
        as_of: on,
        customers: i64::try_from(lines.len()).unwrap_or(i64::MAX),
        oldest_on: lines.iter().map(|line| line.verify_by).min().unwrap_or(on),
        answer: None,
        version: 1,
    };
    store::insert(work, &one, lines).await?;
    let case = Case {
        customer: HOUSE,
        subject: one.subject(),
        anchor: on,
        manager: None,
        personal: false,
        branch: one.branch,
        whom: String::new(),
        number: on.to_string(),
        amount: None,
        facts: Facts::new(),
        fields: BTreeMap::new(),
    };
    duty::open(work, TRIGGER, &[case]).await.map(drop)
}

/// Whether a data scope covers a whole branch: a report names customers of all its managers.
pub(super) fn covers(scope: DataScope, branch: BranchId) -> bool {
    (scope.branch == 0 || scope.branch == branch.0) && scope.team == 0 && scope.manager == 0
}

/// A report that the person may read.
///
/// # Errors
/// There is none, or not for this person.
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<UpdateReport, ActionError> {
    let scope = work.authorise(action)?;
    let missing = || CustomerError::NoSuchPart("update_report");
    let key = id.parse().map(UpdateReportId).map_err(|_| missing())?;
    let found = store::find(&mut work.tx, key).await?.filter(|one| covers(scope, one.branch));
    Ok(found.ok_or_else(missing)?)
}

/// Answers a report with what is done about it; this closes the duty (S3-05).
///
/// # Errors
/// Not for this person; answered already; nothing said.
pub async fn answer(work: &mut Work, id: &str, measures: &str) -> Result<UpdateReportId, ActionError> {
    work.authorise(VIEW)?;
    let one = seen(work, id, EDIT).await?;
    if one.answer.is_some() {
        return Err(CustomerError::AlreadyEnded.into());
    }
    if let Some(wrong) = check_words("measures", measures, true) {
        return Err(Refused::form(vec![wrong]).under(rules::RULE_REPORT, None).into());
    }
    let said =
        Answer { measures: measures.trim().to_owned(), on: work.business_date, by: UserId(work.actor.recorded_by()) };
    store::answer(&mut work.tx, &one, &said).await?;
    let evidence = Evidence { kind: "update_report", fact: one.subject(), settles: true };
    duty::close_by(work, HOUSE, &one.subject(), &evidence).await?;
    let after = json!({"on": one.as_of, "count": one.customers});
    work.audit(Entry::new(None, "update_report.answer", one.subject()).after(after).reason(said.measures)).await?;
    Ok(one.id)
}
