//! The forms of exams.

use super::model::{NewExam, Scoring};
use super::store;
use crate::access::DataScope;
use crate::error::{ActionError, FieldError, Refused};
use crate::id::UserId;
use crate::page::{Choice, Field, Input, Ui};
use crate::web::Fields;
use crate::work::Work;

fn typed(fields: &Fields, name: &str) -> String {
    fields.first(name).unwrap_or_default().trim().to_owned()
}

/// The fields of an exam.
pub(super) async fn fields(
    ui: &Ui,
    work: &mut Work,
    scope: DataScope,
    scoring: Scoring,
    from: &Fields,
) -> Result<Vec<Field>, ActionError> {
    let people = store::people(&mut work.tx, scope).await?;
    let people = people.into_iter().map(|(user, name)| Choice::new(user.to_string(), name)).collect();
    let held = match typed(from, "held_on") {
        empty if empty.is_empty() => ui.business_date.to_string(),
        other => other,
    };
    Ok(vec![
        Field::new("person", ui.t("exam-person"), Input::Select(people)).value(typed(from, "person")).required(),
        Field::new("title", ui.t("exam-name"), Input::Text).value(typed(from, "title")).required(),
        Field::new("held_on", ui.t("exam-held-on"), Input::Date).value(held).required(),
        right(ui, scoring, from),
        Field::new("note", ui.t("exam-note"), Input::Text).value(typed(from, "note")),
    ])
}

/// The field of the right answers, with what they are worth.
pub(super) fn right(ui: &Ui, scoring: Scoring, from: &Fields) -> Field {
    let words = [
        ("questions", scoring.questions.to_string()),
        ("each", scoring.points_each.to_string()),
        ("most", scoring.most().to_string()),
        ("pass", scoring.pass_points.to_string()),
    ];
    Field::new("right", ui.t("exam-right"), Input::Text)
        .value(typed(from, "right"))
        .hint(ui.tn("exam-right-hint", &words))
        .required()
}

/// A whole number of right answers.
pub(super) fn read_right(from: &Fields, wrong: &mut Vec<FieldError>, most: i64) -> i64 {
    typed(from, "right").parse().unwrap_or_else(|_| {
        wrong.push(FieldError::new("right", "exam-right").with("most", most));
        0
    })
}

/// An exam as it was typed.
pub(super) fn read(from: &Fields, scoring: Scoring) -> Result<NewExam, Refused> {
    let mut wrong = Vec::new();
    let person = typed(from, "person");
    let user = person.parse().map(UserId);
    if user.is_err() {
        wrong.push(FieldError::choice("person", &person));
    }
    let held_on = typed(from, "held_on").parse();
    if held_on.is_err() {
        wrong.push(FieldError::new("held_on", "date-invalid"));
    }
    let right = read_right(from, &mut wrong, scoring.questions);
    match (user, held_on) {
        (Ok(user), Ok(held_on)) if wrong.is_empty() => {
            Ok(NewExam { user, title: typed(from, "title"), held_on, right, note: typed(from, "note") })
        }
        _ => Err(Refused::form(wrong)),
    }
}
