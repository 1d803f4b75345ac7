//! When a customer is asked how satisfied it is (抽取): asked whenever a customer is looked at, by where it stands.

use jiff::civil::Date;
use platform::duty::{self, DutyKind};
use platform::error::ActionError;
use platform::policies::InForce;
use platform::work::Work;

use super::model::{NewAnswer, Rhythm, Survey, SurveyResult, SurveyWay};
use super::rules::{self, Draw};
use super::{DUTIES, policy, store};
use crate::customer::duty::open_once;
use crate::customer::model::Customer;
use crate::{merge, standing};

const SURVEY: DutyKind = DUTIES[0];
/// The trigger of its duty.
const TRIGGER: &str = "customer.survey";

/// The surveys of a file and of those merged into it, the oldest first.
pub(super) async fn united(work: &mut Work, customer: &Customer) -> Result<Vec<Survey>, ActionError> {
    let mut all = Vec::new();
    for file in merge::united(&mut work.tx, customer.id).await? {
        all.extend(store::of_customer(&mut work.tx, file).await?);
    }
    all.sort_by_key(|one: &Survey| (one.drawn_on, one.id));
    Ok(all)
}

/// Draws a customer whose round is over and opens the duty to ask; else has it looked at when the next round is; lets what is
/// open fall away when nothing asks any more (rule `survey.draw`).
pub(crate) async fn ask(work: &mut Work, customer: &Customer, in_force: &InForce, on: Date) -> Result<(), ActionError> {
    let rhythms = policy::rhythms(in_force, on, customer.kind)?;
    let stood = standing::store::of_customer(&mut work.tx, customer.id).await?;
    let of = |rhythm: &Rhythm| {
        stood.iter().find(|one| one.axis == rhythm.of.0 && one.outcome == rhythm.of.1).map(|one| one.since)
    };
    let asked = rhythms.into_iter().filter_map(|rhythm| {
        let since = of(&rhythm)?;
        Some((rhythm, since))
    });
    let asked: Vec<(Rhythm, Date)> = asked.collect();
    if asked.is_empty() && !duty::stands(work, customer.id, &customer.subject(), SURVEY.kind).await? {
        return Ok(());
    }
    let all = united(work, customer).await?;
    let open: Vec<&Survey> = all.iter().filter(|one| one.answer.is_none()).collect();
    if asked.is_empty() {
        return lapse(work, customer, &open, on).await;
    }
    if !open.is_empty() {
        return open_once(work, customer, (TRIGGER, &SURVEY), on).await;
    }
    let last = all.last().map(|one| one.drawn_on);
    let mut next: Option<Date> = None;
    for (rhythm, since) in &asked {
        let base = last.map_or(*since, |last| last.max(*since));
        match rules::draw(rhythm, customer.id, base, on) {
            Draw::Now => {
                store::draw(work, customer.id, &rhythm.of).await?;
                return open_once(work, customer, (TRIGGER, &SURVEY), on).await;
            }
            Draw::On(day) => next = Some(next.map_or(day, |known| known.min(day))),
        }
    }
    match next {
        Some(day) => standing::actions::look_by(work, &[customer.id], day).await,
        None => Ok(()),
    }
}

/// What is open falls away: the customer stands elsewhere by now.
async fn lapse(work: &mut Work, customer: &Customer, open: &[&Survey], on: Date) -> Result<(), ActionError> {
    for one in open {
        let gone = NewAnswer {
            result: SurveyResult::Lapsed,
            way: SurveyWay::Phone,
            on,
            marks: std::collections::BTreeMap::new(),
            words: String::new(),
            task: None,
        };
        store::answer(work, (one.customer, one.id), &gone, None).await?;
    }
    let reason = "no survey is asked for any more".to_owned();
    duty::lapse_each(work, "survey_answer", &[(customer.id, customer.subject(), reason)]).await.map(drop)
}
