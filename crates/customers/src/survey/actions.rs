//! Use cases of surveys: an answer is recorded, an improvement is done.

use std::sync::Arc;

use jiff::civil::Date;
use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError, Refused};
use platform::id::{CustomerId, UserId};
use platform::policies::{self, InForce};
use platform::work::Work;
use serde_json::json;

use super::model::{NewAnswer, NewTask, Survey, SurveyId, SurveyResult, SurveyTaskId, Task};
use super::{RECORD, policy, rules, store};
use crate::customer::actions::load_within;
use crate::customer::model::Customer;
use crate::customer::store as customers;
use crate::error::CustomerError;
use crate::lead::policy::number;
use crate::lead::rules::check_words;
use crate::sorting::case_of;
use crate::{VIEW, merge, standing};

/// The trigger of the duty to improve.
const TASK: &str = "survey.task";

/// What an answer is checked against (答复要求).
pub(super) struct Ground {
    /// The rules in force.
    pub policy: Arc<InForce>,
    /// The items.
    pub items: Vec<String>,
    /// The highest mark.
    pub scale: i64,
    /// Below this score something is improved.
    pub low_centi: i64,
    /// The last day of an improvement.
    pub until: Date,
}

impl Ground {
    /// Reads it for a customer.
    pub(super) async fn of(work: &mut Work, customer: &Customer) -> Result<Self, ActionError> {
        let on = work.business_date;
        let in_force = policies::in_force(work, on).await?;
        let days = number(&in_force, on, "survey_task_days")?;
        let until = jiff::Span::new().try_days(days).ok().and_then(|span| on.checked_add(span).ok());
        Ok(Self {
            items: policy::items(&in_force, on, customer.kind)?,
            scale: number(&in_force, on, "survey_scale")?,
            low_centi: number(&in_force, on, "survey_low_centi")?,
            until: until.unwrap_or(on),
            policy: in_force,
        })
    }
}

/// A survey of a customer within the reach of an action.
///
/// # Errors
/// Not within scope; there is none.
pub async fn find(
    work: &mut Work,
    (id, key): (CustomerId, SurveyId),
    action: &str,
) -> Result<(Customer, Survey), ActionError> {
    let customer = load_within(work, id, action).await?;
    let all = store::of_customer(&mut work.tx, id).await?;
    let found = all.into_iter().find(|one| one.id == key).ok_or(CustomerError::NoSuchPart("survey"))?;
    Ok((customer, found))
}

/// Records what came of a survey; this closes the duty to ask, and opens that to improve (S3-11).
///
/// # Errors
/// Not within scope; answered already; all that is wrong at once.
pub async fn answer(work: &mut Work, key: (CustomerId, SurveyId), new: &NewAnswer) -> Result<(), ActionError> {
    let (customer, survey) = find(work, key, RECORD).await?;
    customers::hold(&mut work.tx, customer.id).await?;
    if survey.answer.is_some() {
        return Err(CustomerError::AlreadyEnded.into());
    }
    let ground = Ground::of(work, &customer).await?;
    let today = work.business_date;
    let terms = rules::Terms {
        items: &ground.items,
        scale: ground.scale,
        low_centi: ground.low_centi,
        until: ground.until,
        drawn_on: survey.drawn_on,
        today,
    };
    let mut wrong = rules::check(new, &terms);
    let owner = new.task.as_ref().map(|task| task.owner);
    if let Some(owner) = owner
        && !able(work, owner, &customer).await?
    {
        wrong.push(FieldError::choice("owner", &owner.to_string()));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under(rules::RULE_ANSWER, None).into());
    }
    let answered = new.result == SurveyResult::Answered;
    let score = rules::score(&new.marks, ground.scale).filter(|_| answered);
    let kept = store::answer(work, key, new, score).await?;
    let subject = format!("survey_answer:{}:{kept}", key.0);
    let state = json!({"kind": new.result.as_str(), "on": new.on, "value": score});
    work.audit(Entry::new(Some(key.0), "survey.answer", subject.clone()).after(state)).await?;
    if let Some(task) = &new.task {
        improve(work, &customer, kept, task).await?;
    }
    let root = merge::root(&mut work.tx, customer.id).await?;
    let evidence = Evidence { kind: "survey_answer", fact: subject, settles: false };
    duty::close_by(work, root, &format!("customer:{root}"), &evidence).await?;
    // The next round is counted from this drawing.
    standing::actions::assess(work, &customer, today).await.map(drop)
}

async fn improve(
    work: &mut Work,
    customer: &Customer,
    answer: super::model::SurveyAnswerId,
    new: &NewTask,
) -> Result<(), ActionError> {
    let task = store::insert_task(work, (customer.id, answer), new).await?;
    let about = (customer.name.as_str(), customer.number.as_str(), customer.branch);
    let case = case_of(customer.id, task.subject(), new.due_on, Some(new.owner), about);
    duty::open(work, TASK, &[case]).await.map(drop)
}

/// Whether a colleague may see a customer and record what was improved.
async fn able(work: &mut Work, user: UserId, file: &Customer) -> Result<bool, ActionError> {
    let app = work.app.clone();
    let found = platform::access::session::actor_within(&mut work.tx, &app, user).await?;
    let reach = found.filter(|actor| !actor.service).and_then(|actor| actor.scope_of(RECORD).ok());
    Ok(reach.is_some_and(|scope| scope.covers(file.branch, file.team, file.manager)))
}

/// Says what was improved; this closes its duty.
///
/// # Errors
/// Not within scope; done already; nothing said.
pub async fn finish(work: &mut Work, (id, key): (CustomerId, SurveyTaskId), words: &str) -> Result<(), ActionError> {
    let one = find_task(work, (id, key)).await?;
    if one.done.is_some() {
        return Err(CustomerError::AlreadyEnded.into());
    }
    if let Some(wrong) = check_words("done_words", words, true) {
        return Err(Refused::form(vec![wrong]).under(rules::RULE_IMPROVE, None).into());
    }
    store::task_done(work, &one, words).await?;
    let evidence = Evidence { kind: "survey_task", fact: one.subject(), settles: true };
    duty::close_by(work, id, &one.subject(), &evidence).await?;
    Ok(work.audit(Entry::new(Some(id), "survey.improve", one.subject()).reason(words.trim())).await?)
}

/// An improvement of a customer within reach.
///
/// # Errors
/// Not within scope; there is none.
pub async fn find_task(work: &mut Work, (id, key): (CustomerId, SurveyTaskId)) -> Result<Task, ActionError> {
    work.authorise(VIEW)?;
    load_within(work, id, RECORD).await?;
    let all = store::tasks(&mut work.tx, id).await?;
    Ok(all.into_iter().find(|one| one.id == key).ok_or(CustomerError::NoSuchPart("survey_task"))?)
}
