//! Problems found by a sorting (S3-19): recorded with owner and day, rectified, confirmed by somebody else.

use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::audit::Entry;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError, Refused};
use platform::id::{CustomerId, UserId};
use platform::policies::{self, PolicyError};
use platform::work::Work;
use serde_json::json;

use super::items::{self, NewFinding};
use super::model::{FindingKind, Item, Problem, ProblemId, ProblemKind, ProblemState, ProjectId};
use super::work::{able, case_of, hold, triggers};
use super::{REVIEW, WORK, rules, store};
use crate::customer::actions::load_within;
use crate::customer::model::Customer;
use crate::customer::store::within;
use crate::error::CustomerError;

/// The triggers of the duties to rectify a problem.
const TRIGGERS: [&str; 2] = ["sorting.problem", "sorting.team_problem"];

const COLUMNS: &str = "select p.customer_id, p.id, p.item_id, p.project_id, p.kind, p.detail, p.owner_id, p.due_on, \
     p.state, p.rectified_on, p.rectified_by, p.rectification, p.confirmed_on, p.confirmed_by, p.effective_on, \
     p.recorded_by, p.version from sorting_problem p";

fn decode(row: &Row) -> Result<Problem, StoreError> {
    Ok(Problem {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        item: row.get("item_id")?,
        project: row.get("project_id")?,
        kind: row.get("kind")?,
        detail: row.get("detail")?,
        owner: row.get("owner_id")?,
        due_on: row.get("due_on")?,
        state: row.get("state")?,
        rectified_on: row.get("rectified_on")?,
        rectified_by: row.get("rectified_by")?,
        rectification: row.get("rectification")?,
        confirmed_on: row.get("confirmed_on")?,
        confirmed_by: row.get("confirmed_by")?,
        found_on: row.get("effective_on")?,
        found_by: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}

/// The problems of a customer of a project.
pub async fn of_item(tx: &mut Tx, item: &Item) -> Result<Vec<Problem>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("p.customer_id = ? and p.item_id = ?", args![item.customer, item.id]);
    tx.fetch_all(w.select(COLUMNS, "order by p.id limit 200"), w.args()).await?.iter().map(decode).collect()
}

async fn find(tx: &mut Tx, id: ProblemId) -> Result<Option<Problem>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("p.id = ?", args![id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// How many problems of a project were found, rectified and confirmed.
pub(super) async fn open(tx: &mut Tx, project: ProjectId, reach: DataScope) -> Result<i64, StoreError> {
    let mut w = within(reach);
    w.and_values("p.project_id = ? and p.state = ?", args![project, ProblemState::Open]);
    let head = "select count(*) as n from sorting_problem p join customer c on c.customer_id = p.customer_id";
    tx.fetch_one(w.select(head, ""), w.args()).await?.get("n")
}

/// How many were found, rectified and confirmed in a project.
pub(super) async fn counts(tx: &mut Tx, project: ProjectId) -> Result<(i64, i64, i64), StoreError> {
    let sql = "select state, count(*) as n from sorting_problem where project_id = $1 group by state";
    let (mut found, mut rectified, mut confirmed) = (0, 0, 0);
    for row in tx.fetch_all(sql, args![project]).await? {
        let n: i64 = row.get("n")?;
        found += n;
        match row.get::<ProblemState>("state")? {
            ProblemState::Open => {}
            ProblemState::Rectified => rectified += n,
            ProblemState::Confirmed => (rectified, confirmed) = (rectified + n, confirmed + n),
        }
    }
    Ok((found, rectified, confirmed))
}

async fn update(tx: &mut Tx, one: &mut Problem) -> Result<(), StoreError> {
    tx.execute_one(
        "update sorting_problem set state = $1, rectified_on = $2, rectified_by = $3, rectification = $4, \
         confirmed_on = $5, confirmed_by = $6, version = version + 1 \
         where customer_id = $7 and id = $8 and version = $9",
        args![
            one.state,
            one.rectified_on,
            one.rectified_by,
            one.rectification,
            one.confirmed_on,
            one.confirmed_by,
            one.customer,
            one.id,
            one.version
        ],
    )
    .await?;
    one.version += 1;
    Ok(())
}

/// A problem to be recorded (新问题).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProblem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// In words.
    pub detail: String,
    /// Who rectifies it.
    pub owner: UserId,
    /// By when.
    pub due_on: Date,
}

/// Records a problem of a customer, with a duty for its owner.
///
/// Rule `sorting.problem`: words, somebody who may work on the customer, and a day within those of the policy.
///
/// # Errors
/// Not within scope; the project is not running; all that is wrong at once.
pub async fn record(work: &mut Work, item: &str, new: &NewProblem) -> Result<ProblemId, ActionError> {
    let desk = hold(work, item, WORK).await?;
    desk.running()?;
    let today = work.business_date;
    let rules_now = policies::in_force(work, today).await?;
    let most = rules_now.edition(today).integer("sorting_rectify_days").map_err(PolicyError::from)?;
    let latest = today.checked_add(jiff::Span::new().try_days(most).unwrap_or_default()).unwrap_or(today);
    let mut wrong: Vec<FieldError> = rules::needed("detail", &new.detail).into_iter().collect();
    if new.due_on < today || new.due_on > latest {
        wrong.push(FieldError::new("due_on", "sorting-rectify-day").with("from", today).with("to", latest));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under(rules::RULE_PROBLEM, None).into());
    }
    able(work, ("owner", new.owner), &desk.customer).await?;
    let id = ProblemId(work.next_id());
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into sorting_problem (customer_id, id, item_id, project_id, kind, detail, owner_id, due_on, state, \
             rectification, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            args![
                desk.customer.id,
                id,
                desk.item.id,
                desk.project.id,
                new.kind,
                new.detail.trim(),
                new.owner,
                new.due_on,
                ProblemState::Open,
                "",
                today,
                now,
                by
            ],
        )
        .await?;
    let place = (desk.customer.id, desk.item.id);
    note(work, place, FindingKind::Problem, &new.detail, id).await?;
    let trigger = triggers(work, new.owner, &TRIGGERS).await?;
    let about = (desk.customer.name.as_str(), desk.project.number.as_str(), desk.customer.branch);
    let case = case_of(desk.customer.id, format!("sorting_problem:{id}"), new.due_on, Some(new.owner), about);
    duty::open(work, trigger, &[case]).await?;
    let after = json!({"number": desk.project.number, "kind": new.kind.as_str(), "until": new.due_on});
    work.audit(entry(desk.customer.id, id, "sorting.problem").after(after)).await?;
    Ok(id)
}

async fn note(
    work: &mut Work,
    place: (CustomerId, super::model::ItemId),
    kind: FindingKind,
    detail: &str,
    problem: ProblemId,
) -> Result<(), ActionError> {
    let on = work.business_date;
    let new = NewFinding { kind, method: "", on, detail, problem: Some(problem) };
    Ok(items::note(work, place, &new).await?)
}

fn entry(customer: CustomerId, id: ProblemId, action: &'static str) -> Entry {
    Entry::new(Some(customer), action, format!("sorting_problem:{customer}:{id}"))
}

/// A problem within the reach of an action, with its file.
///
/// # Errors
/// Denied; there is none, or not for this person.
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<(Problem, Customer), ActionError> {
    work.authorise(action)?;
    let missing = || CustomerError::NoSuchPart("sorting_problem");
    let key = id.parse().map(ProblemId).map_err(|_| missing())?;
    let one = find(&mut work.tx, key).await?.ok_or_else(missing)?;
    match load_within(work, one.customer, action).await {
        Ok(customer) => Ok((one, customer)),
        Err(ActionError::Refused(_)) => Err(missing().into()),
        Err(broken) => Err(broken),
    }
}

fn wrong_state(one: &Problem) -> ActionError {
    CustomerError::SortingProblemState { state: one.state.as_str() }.into()
}

/// Records what was done about a problem; its owner or the lead says it, also after the project closed.
///
/// # Errors
/// Not within scope; somebody else's; rectified already; nothing said.
pub async fn rectify(work: &mut Work, id: &str, words: &str) -> Result<ProblemId, ActionError> {
    let (mut one, _) = seen(work, id, WORK).await?;
    if one.state != ProblemState::Open {
        return Err(wrong_state(&one));
    }
    let lead = store::find(&mut work.tx, one.project).await?.map(|project| project.plan.lead);
    let own = [Some(one.owner), lead].into_iter().flatten().any(|user| work.actor.is_or_stands_for(user.0));
    if !own {
        return Err(CustomerError::SortingNotYours.into());
    }
    if let Some(wrong) = rules::needed("note", words) {
        return Err(Refused::form(vec![wrong]).under(rules::RULE_PROBLEM, None).into());
    }
    one.state = ProblemState::Rectified;
    one.rectified_on = Some(work.business_date);
    one.rectified_by = Some(UserId(work.actor.recorded_by()));
    one.rectification = words.trim().to_owned();
    update(&mut work.tx, &mut one).await?;
    note(work, (one.customer, one.item), FindingKind::Rectified, words, one.id).await?;
    work.audit(entry(one.customer, one.id, "sorting.rectify").reason(words.trim())).await?;
    Ok(one.id)
}

/// Confirms a rectification, or says why it does not suffice; the confirmed one closes the duty.
///
/// Rule `sorting.problem`: neither its owner nor who rectified it confirms.
///
/// # Errors
/// Not within scope; one's own work; not rectified; a refusal without words.
pub async fn confirm(work: &mut Work, id: &str, accept: bool, words: &str) -> Result<ProblemId, ActionError> {
    let (mut one, _) = seen(work, id, REVIEW).await?;
    if one.state != ProblemState::Rectified {
        return Err(wrong_state(&one));
    }
    let makers = [Some(one.owner), one.rectified_by];
    for maker in makers.into_iter().flatten() {
        if !work.actor.is_second_to(maker.0)? {
            return Err(CustomerError::SortingOwnReview { rule: rules::RULE_PROBLEM }.into());
        }
    }
    let wrong = if accept && words.trim().is_empty() { None } else { rules::needed("note", words) };
    if let Some(wrong) = wrong {
        return Err(Refused::form(vec![wrong]).under(rules::RULE_PROBLEM, None).into());
    }
    let (kind, action) = if accept {
        one.state = ProblemState::Confirmed;
        one.confirmed_on = Some(work.business_date);
        one.confirmed_by = Some(UserId(work.actor.recorded_by()));
        (FindingKind::Confirmed, "sorting.confirm")
    } else {
        one.state = ProblemState::Open;
        (FindingKind::Rejected, "sorting.reject")
    };
    update(&mut work.tx, &mut one).await?;
    note(work, (one.customer, one.item), kind, words, one.id).await?;
    if accept {
        let evidence = Evidence { kind: "sorting_rectification", fact: one.subject(), settles: true };
        duty::close_by(work, one.customer, &one.subject(), &evidence).await?;
    }
    work.audit(entry(one.customer, one.id, action).reason(words.trim())).await?;
    Ok(one.id)
}
