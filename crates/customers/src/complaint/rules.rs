//! What must be true of a complaint, of where it goes and of its answer. Pure.

use jiff::civil::Date;
use platform::error::FieldError;

use super::model::{Answer, Complaint, NewComplaint};
use crate::datum::rules::names_somebody;
use crate::lead::rules::check_words;

/// A kind of complaint of the policy (投诉类别).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// Its name in data.
    pub name: String,
    /// The post that answers for it (责任部门).
    pub dept: String,
    /// The article behind it.
    pub article: String,
}

/// What is wrong with a free text: it is there where it must be, not too long, and names nobody by number (rule
/// `datum.no_identifier`); it may have several lines.
fn check_free(field: &'static str, text: &str, needed: bool) -> Option<FieldError> {
    let numbered = || names_somebody(text).then(|| FieldError::new(field, "datum-identifier"));
    check_words(field, text, needed).or_else(numbered)
}

/// All that is wrong with a new complaint, each with its field (rule `complaint.register`).
#[must_use]
pub fn check(new: &NewComplaint, kinds: &[Kind], today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !kinds.iter().any(|kind| kind.name == new.kind) {
        wrong.push(FieldError::choice("kind", &new.kind));
    }
    wrong.extend(check_free("matter", &new.content, true));
    wrong.extend(check_free("wish", &new.wish, false));
    if new.received_on > today {
        wrong.push(FieldError::new("received_on", "date-in-future"));
    }
    wrong
}

/// All that is wrong with passing it on.
///
/// Rule `complaint.route`: to a department of the policy, another one than now, with a reason.
#[must_use]
pub fn check_route(one: &Complaint, dept: &str, note: &str, kinds: &[Kind]) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !kinds.iter().any(|kind| kind.dept == dept) {
        wrong.push(FieldError::choice("dept", dept));
    } else if one.dept() == dept {
        wrong.push(FieldError::new("dept", "complaint-there-already"));
    }
    wrong.extend(check_free("note", note, true));
    wrong
}

/// All that is wrong with an answer: it says what was found and done, and the customer was told no sooner than the
/// complaint came in (rule `complaint.answer`).
#[must_use]
pub fn check_answer(one: &Complaint, answer: &Answer, today: Date) -> Vec<FieldError> {
    let mut wrong: Vec<FieldError> = Vec::new();
    wrong.extend(check_free("note", &answer.note, true));
    wrong.extend(check_free("improvement", &answer.improvement, false));
    if answer.told_on > today {
        wrong.push(FieldError::new("told_on", "date-in-future"));
    } else if answer.told_on < one.content.received_on {
        wrong.push(FieldError::new("told_on", "complaint-told-early").with("date", one.content.received_on));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use platform::id::{CustomerId, UserId};

    use super::*;
    use crate::complaint::model::{ComplaintId, Done, Outcome, Step, Way};

    const TODAY: Date = date(2026, 11, 20);

    fn kinds() -> Vec<Kind> {
        let kind =
            |(name, dept): (&str, &str)| Kind { name: name.to_owned(), dept: dept.to_owned(), article: "a".to_owned() };
        [("fees", "finance_dept"), ("attitude", "customer_dept")].into_iter().map(kind).collect()
    }

    fn routed(dept: &str) -> Step {
        let done = Done::Routed { dept: dept.to_owned(), note: "按类别分派".to_owned() };
        Step { done, on: date(2026, 11, 16), by: UserId(1) }
    }

    fn complaint() -> Complaint {
        Complaint {
            customer: CustomerId(7),
            id: ComplaintId(3),
            number: "TS202600001".to_owned(),
            content: NewComplaint {
                kind: "fees".to_owned(),
                way: Way::Phone,
                content: "多收手续费".to_owned(),
                wish: "退还".to_owned(),
                received_on: date(2026, 11, 16),
            },
            due_on: date(2026, 11, 23),
            by: UserId(1),
            steps: vec![routed("finance_dept")],
        }
    }

    fn answer(told_on: Date) -> Answer {
        Answer {
            outcome: Outcome::Upheld,
            note: "核实后退还".to_owned(),
            improvement: String::new(),
            told_on,
            told_way: Way::Phone,
        }
    }

    // Rules complaint.register, complaint.route, complaint.answer
    #[test]
    fn each_complaint_names_its_field() {
        let fields = |wrong: Vec<FieldError>| wrong.iter().map(|one| one.field).collect::<Vec<_>>();
        let good = complaint();
        assert_eq!(fields(check(&good.content, &kinds(), TODAY)), Vec::<&str>::new());
        let bad = NewComplaint {
            kind: "poem".to_owned(),
            content: " ".to_owned(),
            received_on: date(2026, 11, 21),
            ..good.content.clone()
        };
        assert_eq!(fields(check(&bad, &kinds(), TODAY)), ["kind", "matter", "received_on"]);
        // Rule datum.no_identifier
        let named = "电话\n13900001234";
        let numbered = NewComplaint { content: named.to_owned(), wish: named.to_owned(), ..good.content.clone() };
        assert_eq!(fields(check(&numbered, &kinds(), TODAY)), ["matter", "wish"]);
        let lines = NewComplaint { content: "多收\n手续费".to_owned(), ..good.content.clone() };
        assert_eq!(fields(check(&lines, &kinds(), TODAY)), Vec::<&str>::new());
        assert_eq!(fields(check_route(&good, "customer_dept", named, &kinds())), ["note"]);
        let numbered = Answer { note: named.to_owned(), improvement: named.to_owned(), ..answer(TODAY) };
        assert_eq!(fields(check_answer(&good, &numbered, TODAY)), ["note", "improvement"]);
        assert_eq!(fields(check_route(&good, "finance_dept", "", &kinds())), ["dept", "note"]);
        assert_eq!(fields(check_route(&good, "board", "x", &kinds())), ["dept"]);
        assert_eq!(fields(check_route(&good, "customer_dept", "系服务问题", &kinds())), Vec::<&str>::new());
        assert_eq!(fields(check_answer(&good, &answer(TODAY), TODAY)), Vec::<&str>::new());
        assert_eq!(fields(check_answer(&good, &answer(date(2026, 11, 15)), TODAY)), ["told_on"]);
    }

    // Rule complaint.deadline
    #[test]
    fn it_is_late_after_its_day_until_it_is_answered_in_time() {
        let mut one = complaint();
        assert!(!one.is_late(date(2026, 11, 23)) && one.is_late(date(2026, 11, 24)));
        one.steps.push(routed("customer_dept"));
        assert_eq!((one.dept(), one.subject().as_str()), ("customer_dept", "complaint:7:3:2"));
        one.steps.push(Step { done: Done::Answered(answer(TODAY)), on: TODAY, by: UserId(2) });
        assert!(!one.is_late(date(2027, 1, 1)), "answered in time");
        assert_eq!(one.answer().map(|(answer, _)| answer.outcome), Some(Outcome::Upheld));
    }
}
