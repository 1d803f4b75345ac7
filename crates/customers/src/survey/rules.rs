//! Who is asked when, what an answer comes to, and what must be said. Pure.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::error::FieldError;
use platform::id::CustomerId;

use super::model::{NewAnswer, Rhythm, SurveyResult};
use crate::evaluation::rules::months_later;
use crate::lead::rules::check_words;

/// Rule `survey.draw`: whoever stands where the policy says is drawn every so many months, so many of a hundred.
pub const RULE_DRAW: &str = "survey.draw";
/// Rule `survey.answer`: a known result and way, a day that has come and not before the drawing, a mark for every item.
pub const RULE_ANSWER: &str = "survey.answer";
/// Rule `survey.improve`: an answer below the score of the policy has something improved, by somebody, by a day.
pub const RULE_IMPROVE: &str = "survey.improve";

/// A full score, hundredths of a point.
const FULL_CENTI: i64 = 10_000;
/// The most rounds that are counted from a day on.
const MOST_ROUNDS: i64 = 1_200;

/// When a customer is drawn (抽取时点): on this day, or looked at again on a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draw {
    /// It is drawn now.
    Now,
    /// Its next round comes on this day.
    On(Date),
}

/// Whether a round draws a customer: the same for everybody who asks, and even over the customers (rule `survey.draw`).
#[must_use]
pub fn chosen(customer: CustomerId, round: Date, percent: i64) -> bool {
    let month = u64::from(round.year().unsigned_abs()) * 12 + u64::from(round.month().unsigned_abs());
    let mixed = customer.0.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(month);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    i64::try_from((mixed >> 33) % 100).is_ok_and(|place| place < percent)
}

/// Whether a rhythm draws a customer on a day, counted from `base`: the last drawing, or the day since when it stands there.
#[must_use]
pub fn draw(rhythm: &Rhythm, customer: CustomerId, base: Date, on: Date) -> Draw {
    let mut last = None;
    for round in 1..=MOST_ROUNDS {
        let day = months_later(base, rhythm.months.max(1).saturating_mul(round));
        if day > on {
            return match last.filter(|last| chosen(customer, *last, rhythm.percent)) {
                Some(_) => Draw::Now,
                None => Draw::On(day),
            };
        }
        last = Some(day);
    }
    Draw::Now
}

/// The score of some marks, hundredths of a point of a hundred, half away from zero; nothing without marks.
#[must_use]
pub fn score(marks: &BTreeMap<String, i64>, scale: i64) -> Option<i64> {
    let count = i64::try_from(marks.len()).ok()?;
    let most = count.checked_mul(scale).filter(|most| *most > 0)?;
    let sum: i64 = marks.values().sum();
    Some((sum * FULL_CENTI * 2 + most) / (most * 2))
}

/// What an answer is checked against (答复要求).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms<'a> {
    /// The items of the policy.
    pub items: &'a [String],
    /// The highest mark.
    pub scale: i64,
    /// Below this score something is improved.
    pub low_centi: i64,
    /// The longest time of an improvement, as its last day.
    pub until: Date,
    /// When the customer was drawn.
    pub drawn_on: Date,
    /// The business date.
    pub today: Date,
}

/// All that is wrong with an answer (rules `survey.answer`, `survey.improve`).
#[must_use]
pub fn check(new: &NewAnswer, terms: &Terms<'_>) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if new.result == SurveyResult::Lapsed {
        wrong.push(FieldError::choice("result", "lapsed"));
    }
    if new.on > terms.today {
        wrong.push(FieldError::new("answered_on", "date-in-future"));
    } else if new.on < terms.drawn_on {
        wrong.push(FieldError::new("answered_on", "survey-before-drawing").with("from", terms.drawn_on));
    }
    wrong.extend(check_words("words", &new.words, false));
    if new.result == SurveyResult::Answered {
        let marked = |item: &&String| new.marks.get(*item).is_some_and(|mark| (1..=terms.scale).contains(mark));
        if !terms.items.iter().all(|item| marked(&item)) || new.marks.len() != terms.items.len() {
            wrong.push(FieldError::new("marks", "survey-marks").with("most", terms.scale));
        }
    }
    match &new.task {
        Some(task) => {
            wrong.extend(check_words("improvement", &task.what, true));
            if task.due_on <= terms.today || task.due_on > terms.until {
                let error = FieldError::new("due_on", "survey-task-day");
                wrong.push(error.with("from", terms.today).with("to", terms.until));
            }
        }
        None if wrong.is_empty() && new.result == SurveyResult::Answered => {
            let low = score(&new.marks, terms.scale).is_some_and(|score| score < terms.low_centi);
            if low {
                wrong.push(FieldError::new("improvement", "survey-improve"));
            }
        }
        None => {}
    }
    wrong
}

/// A mean of scores, hundredths of a point; nothing of nothing.
#[must_use]
pub fn mean(sum_centi: i64, answers: i64) -> Option<i64> {
    (answers > 0).then(|| (sum_centi.saturating_mul(2) + answers) / (answers * 2))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use platform::id::UserId;

    use super::super::model::{NewTask, SurveyWay};
    use super::*;

    fn rhythm(percent: i64) -> Rhythm {
        Rhythm { of: ("value_tier".to_owned(), "premium".to_owned()), months: 6, percent }
    }

    // S3-11. Rule survey.draw
    #[test]
    fn whoever_is_drawn_is_drawn_at_the_end_of_a_round_and_the_share_is_even() {
        let base = date(2026, 1, 31);
        let one = CustomerId(7);
        assert_eq!(draw(&rhythm(100), one, base, date(2026, 7, 30)), Draw::On(date(2026, 7, 31)));
        assert_eq!(draw(&rhythm(100), one, base, date(2026, 7, 31)), Draw::Now);
        assert_eq!(draw(&rhythm(0), one, base, date(2026, 7, 31)), Draw::On(date(2027, 1, 31)), "the next round");
        assert_eq!(draw(&rhythm(100), one, base, date(2027, 3, 1)), Draw::Now, "a round that nobody looked at");
        let drawn = (1..=10_000).filter(|id| chosen(CustomerId(*id), date(2026, 7, 31), 20)).count();
        assert!((1_800..2_200).contains(&drawn), "{drawn}");
        let again = chosen(one, date(2026, 7, 31), 50);
        assert_eq!(chosen(one, date(2026, 7, 31), 50), again, "it does not matter who asks");
    }

    // S3-11. Rules survey.answer, survey.improve
    #[test]
    fn an_answer_marks_every_item_and_a_low_one_has_something_improved() {
        let items = ["speed", "attitude"].map(str::to_owned);
        let today = date(2026, 11, 20);
        let terms = Terms {
            items: &items,
            scale: 5,
            low_centi: 6_000,
            until: date(2027, 1, 19),
            drawn_on: date(2026, 11, 2),
            today,
        };
        let marks = |speed, attitude| BTreeMap::from([("speed".to_owned(), speed), ("attitude".to_owned(), attitude)]);
        let good = NewAnswer {
            result: SurveyResult::Answered,
            way: SurveyWay::Phone,
            on: date(2026, 11, 19),
            marks: marks(5, 4),
            words: String::new(),
            task: None,
        };
        let fields = |new: &NewAnswer| check(new, &terms).iter().map(|one| one.field).collect::<Vec<_>>();
        assert_eq!(fields(&good), Vec::<&str>::new());
        assert_eq!(score(&good.marks, 5), Some(9_000));
        assert_eq!(fields(&NewAnswer { marks: marks(6, 4), ..good.clone() }), ["marks"]);
        assert_eq!(fields(&NewAnswer { marks: BTreeMap::new(), ..good.clone() }), ["marks"]);
        assert_eq!(fields(&NewAnswer { on: date(2026, 11, 21), ..good.clone() }), ["answered_on"]);
        assert_eq!(fields(&NewAnswer { on: date(2026, 11, 1), ..good.clone() }), ["answered_on"]);
        let low = NewAnswer { marks: marks(2, 3), ..good.clone() };
        assert_eq!(fields(&low), ["improvement"]);
        let task = |due_on| Some(NewTask { what: "专人跟进放款进度".to_owned(), owner: UserId(1), due_on });
        assert_eq!(fields(&NewAnswer { task: task(date(2026, 12, 20)), ..low.clone() }), Vec::<&str>::new());
        assert_eq!(fields(&NewAnswer { task: task(today), ..low.clone() }), ["due_on"]);
        assert_eq!(fields(&NewAnswer { task: task(date(2027, 1, 20)), ..low }), ["due_on"]);
        let silent = NewAnswer { result: SurveyResult::Declined, marks: BTreeMap::new(), ..good };
        assert_eq!(fields(&silent), Vec::<&str>::new(), "who does not answer marks nothing");
    }

    // S3-13
    #[test]
    fn a_mean_is_rounded_half_up_and_nothing_of_nothing() {
        assert_eq!((mean(20_001, 2), mean(0, 0)), (Some(10_001), None));
        assert_eq!(score(&BTreeMap::new(), 5), None);
    }
}
