//! The bank of questions of the demo (演示题库): plainly generic questions from laws that the packs name, written by one and
//! approved by another, enough for every paper of the policy.

use platform::access::Actor;
use platform::app::App;
use platform::error::ActionError;
use platform::exam::bank::actions;
use platform::exam::bank::model::NewQuestion;
use platform::work::Work;

use super::staff::Staff;

/// Topic, question, choices, right letter, source; one a line under a line of headings.
const QUESTIONS: &str = include_str!("exam_questions.tsv");
/// Each is worth what the policy gives a question.
const POINTS: i64 = 2;

fn questions() -> impl Iterator<Item = NewQuestion> {
    QUESTIONS.lines().skip(1).filter_map(|line| {
        let mut cells = line.split('\t').map(str::to_owned);
        Some(NewQuestion {
            topic: cells.next()?,
            asked: cells.next()?,
            choices: cells.next()?.split('|').map(str::to_owned).collect(),
            right: cells.next()?,
            points: POINTS,
            source: cells.next()?,
        })
    })
}

fn holder<'a>(staff: &'a Staff, role: &str) -> Result<&'a Actor, ActionError> {
    staff.holders(role).next().ok_or_else(|| ActionError::Internal(format!("the demo has nobody as {role}")))
}

/// Writes the questions and has them approved.
///
/// # Errors
/// A question that the house refuses.
pub async fn fill(app: &App, staff: &Staff) -> Result<(), ActionError> {
    let (writes, approves) = (holder(staff, "hr")?, holder(staff, "compliance_admin")?);
    let mut written = Vec::new();
    let mut work = Work::begin(app, writes.clone()).await?;
    for new in questions() {
        written.push(actions::write(&mut work, &new).await?);
    }
    work.commit().await?;
    let mut work = Work::begin(app, approves.clone()).await?;
    for id in written {
        actions::approve(&mut work, &id.to_string()).await?;
    }
    Ok(work.commit().await?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    // S5.6-11
    #[test]
    fn the_demo_has_enough_questions_for_every_paper() {
        let mut each: BTreeMap<String, usize> = BTreeMap::new();
        for one in questions() {
            assert_eq!(one.choices.len(), 4, "{}", one.asked);
            assert_eq!(one.right.len(), 1, "{}", one.asked);
            *each.entry(one.topic).or_default() += 1;
        }
        let expected = [("civil_code", 11), ("conduct", 9), ("credit_rules", 4)];
        assert_eq!(each, expected.map(|(topic, count)| (topic.to_owned(), count)).into());
    }
}
