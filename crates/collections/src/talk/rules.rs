//! How to talk, and when a talk was full: read off the policy. Pure.

use jiff::civil::Date;
use platform::error::FieldError;
use policy::{Edition, EvalError, Facts, ParameterError, Value};

use super::model::{Incident, NewTalk, TalkRecord};
use crate::card::rules::{Tip, collected, text_in};
use crate::cause::model::Talk;

/// The longest text of a talk.
const MAX_TEXT: usize = 4_000;

/// What a full talk explains (S2.3-18): penalty interest, damages, the cost of a suit.
///
/// # Errors
/// The policy lacks the list.
pub fn points(edition: &Edition) -> Result<Vec<String>, ParameterError> {
    edition.texts("full_talk_points")
}

/// Whether a talk was the full one (rule `talk.full`): with the debtor, and nothing of the list left out.
#[must_use]
pub fn is_full(talk: &TalkRecord, list: &[String]) -> bool {
    talk.with_debtor() && list.iter().all(|point| talk.talk.points.contains(point))
}

/// Whether no talk can be held: the debtor is dead or missing, and the diagnosis says so (S2.3-27).
#[must_use]
pub fn impossible(talk: Talk) -> bool {
    match talk {
        Talk::Dead | Talk::Missing => true,
        Talk::Held | Talk::NotYet => false,
    }
}

/// What is wrong with a talk, all at once. Rule `talk.record`: a day that is not to come, what was said and answered, and
/// nothing but values of the policy.
#[must_use]
pub fn check(new: &NewTalk, points: &[String], tempers: &[String], today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if new.on > today {
        wrong.push(FieldError::new("talk_on", "limitation-future").with("date", today));
    }
    if !tempers.contains(&new.attitude.temper) {
        wrong.push(FieldError::new("talk_temper", "choice-invalid"));
    }
    if new.points.iter().any(|point| !points.contains(point)) {
        wrong.push(FieldError::new("talk_points", "choice-invalid"));
    }
    for (field, text) in [("talk_words", &new.words), ("talk_answer", &new.answer)] {
        if text.trim().is_empty() {
            wrong.push(FieldError::new(field, "field-empty"));
        } else if text.chars().count() > MAX_TEXT {
            wrong.push(FieldError::new(field, "contact-too-long").with("max", MAX_TEXT));
        }
    }
    wrong
}

/// What is known before or after a talk (谈话情况).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Why it is not paid.
    pub cause: Option<String>,
    /// Whether the debtor is willing and able, as heard last or as the cause lets expect.
    pub attitude: Option<(bool, bool)>,
    /// The temper, as met last.
    pub temper: Option<String>,
}

/// The attitude that a cause lets expect before anybody talked (rule `talk.attitude`); a policy without the table has none.
///
/// # Errors
/// The decision cannot be made.
pub fn expected(edition: &Edition, cause: &str) -> Result<Option<(bool, bool)>, EvalError> {
    let facts = Facts::from([("default_cause".to_owned(), Value::Text(cause.to_owned()))]);
    let Some(found) = collected(edition, "talk_attitude", &facts)? else { return Ok(None) };
    let yes = |name: &str| matches!(found.output(name), Some(Value::Boolean(true)));
    Ok(Some((yes("expects_willing"), yes("expects_able"))))
}

/// How to talk with a debtor (rule `talk.style`, S2.3-23, S2.3-27): the stance by willingness and ability, the emphasis by
/// cause, the tone by temper, and what nobody does.
///
/// # Errors
/// The decision cannot be made.
pub fn style(edition: &Edition, known: &Known) -> Result<Vec<Tip>, EvalError> {
    let mut facts = Facts::new();
    if let Some(cause) = &known.cause {
        facts.insert("default_cause".to_owned(), Value::Text(cause.clone()));
    }
    if let Some((willing, able)) = known.attitude {
        facts.insert("willingness".to_owned(), Value::Boolean(willing));
        facts.insert("debtor_able".to_owned(), Value::Boolean(able));
    }
    if let Some(temper) = &known.temper {
        facts.insert("debtor_temper".to_owned(), Value::Text(temper.clone()));
    }
    let Some(found) = collected(edition, "talk_style", &facts)? else { return Ok(Vec::new()) };
    let tip = |(row, hit): (&Vec<(String, Option<Value>)>, &policy::RowHit)| Tip {
        kind: text_in(row, "talk_line"),
        id: hit.label.clone(),
        words: hit.note.clone(),
        article: hit.article.clone(),
    };
    Ok(found.outputs.iter().zip(&found.rows).map(tip).collect())
}

/// Whether a supervisor must look at a talk (rule `talk.incident`, S2.3-24).
#[must_use]
pub fn is_incident(incident: Incident) -> bool {
    match incident {
        Incident::Heated | Incident::Conflict => true,
        Incident::None => false,
    }
}

#[cfg(test)]
mod tests {
    use customers::relation::model::RelationId;
    use jiff::civil::date;

    use super::*;
    use crate::talk::model::{Attitude, TalkId, Way};

    const TODAY: Date = date(2026, 11, 23);

    fn list() -> Vec<String> {
        ["penalty_interest", "damages", "suit_cost"].map(str::to_owned).to_vec()
    }

    fn talk(points: &[&str]) -> NewTalk {
        NewTalk {
            on: TODAY,
            way: Way::Office,
            relation: None,
            attitude: Attitude { willing: false, able: true, temper: "evasive".to_owned() },
            points: points.iter().map(|point| (*point).to_owned()).collect(),
            words: "说明罚息、违约金与诉讼费用".to_owned(),
            answer: "仍不愿归还".to_owned(),
            incident: Incident::None,
        }
    }

    // Rule `talk.full`. S2.3-18
    #[test]
    fn a_full_talk_leaves_nothing_of_the_list_out_and_is_held_with_the_debtor() {
        let kept = |talk| TalkRecord { id: TalkId(1), talk, person: "程一诺".to_owned(), by: String::new() };
        let all = ["penalty_interest", "damages", "suit_cost"];
        assert!(is_full(&kept(talk(&all)), &list()));
        assert!(!is_full(&kept(talk(&all[..2])), &list()), "the cost of a suit was not said");
        let other = NewTalk { relation: Some(RelationId(7)), ..talk(&all) };
        assert!(!is_full(&kept(other), &list()), "a guarantor is not the debtor");
        assert_eq!(Talk::ALL.map(impossible), [false, false, true, true]);
    }

    // Rule `talk.record`. S2.3-18
    #[test]
    fn a_talk_has_its_day_its_words_and_values_of_the_policy_only() {
        let tempers = ["evasive".to_owned()];
        let wrong =
            |new: &NewTalk| check(new, &list(), &tempers, TODAY).iter().map(|one| one.field).collect::<Vec<_>>();
        assert_eq!(wrong(&talk(&["damages"])), [""; 0]);
        let mut bad = talk(&["threat"]);
        bad.on = date(2026, 11, 24);
        bad.attitude.temper = "angry".to_owned();
        bad.words = " ".to_owned();
        bad.answer = "长".repeat(MAX_TEXT + 1);
        assert_eq!(wrong(&bad), ["talk_on", "talk_temper", "talk_points", "talk_words", "talk_answer"]);
    }

    // Rule `talk.incident`. S2.3-24
    #[test]
    fn heated_words_and_conflicts_are_looked_at() {
        assert_eq!(Incident::ALL.map(is_incident), [false, true, true]);
    }
}
