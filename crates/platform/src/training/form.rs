//! The forms of training.

use super::model::{Form, NewTraining};
use super::rules::{self, Need};
use crate::access::DataScope;
use crate::error::{ActionError, FieldError, Refused};
use crate::exam::store as people;
use crate::id::UserId;
use crate::locale::Lang;
use crate::page::{Choice, Field, Input, Ui};
use crate::policies::InForce;
use crate::web::Fields;
use crate::work::Work;

/// How an entry ended.
const RESULTS: [&str; 2] = ["passed", "failed"];

fn typed(fields: &Fields, name: &str) -> String {
    fields.first(name).unwrap_or_default().trim().to_owned()
}

/// What the policy calls a topic.
pub(super) fn topic_title(ui: &Ui, policy: &InForce, topic: &str) -> String {
    let found = policy.pack().outcome("training_topic", topic);
    found.map_or_else(|| topic.to_owned(), |known| known.title.in_language(ui.lang() == Lang::En).to_owned())
}

/// What a form is called.
pub(super) fn form_title(ui: &Ui, form: Form) -> String {
    ui.t(format!("training-form-{}", form.as_str()))
}

/// The fields of a training.
pub(super) async fn fields(
    ui: &Ui,
    work: &mut Work,
    scope: DataScope,
    (policy, needs): (&InForce, &[Need]),
    from: &Fields,
) -> Result<Vec<Field>, ActionError> {
    let known = people::people(&mut work.tx, scope).await?;
    let known = known.into_iter().map(|(user, name)| Choice::new(user.to_string(), name)).collect();
    let topics = rules::topics(needs).into_iter().map(|topic| {
        let title = topic_title(ui, policy, &topic);
        Choice::new(topic, title)
    });
    let forms = Form::ALL.map(|form| Choice::new(form.as_str(), form_title(ui, form))).to_vec();
    let results = RESULTS.map(|result| Choice::new(result, ui.t(format!("training-{result}")))).to_vec();
    let held = match typed(from, "held_on") {
        empty if empty.is_empty() => ui.business_date.to_string(),
        other => other,
    };
    let select = |name: &'static str, label: &'static str, choices: Vec<Choice>| {
        Field::new(name, ui.t(label), Input::Select(choices)).value(typed(from, name)).required()
    };
    Ok(vec![
        select("person", "training-person", known),
        select("form", "training-form", forms).hint(ui.t("training-form-hint")),
        select("topic", "training-topic", topics.collect()),
        Field::new("title", ui.t("training-name"), Input::Text).value(typed(from, "title")).required(),
        Field::new("held_on", ui.t("training-held-on"), Input::Date).value(held).required(),
        Field::new("hours", ui.t("training-hours"), Input::Number)
            .value(typed(from, "hours"))
            .hint(ui.t("training-hours-hint"))
            .required(),
        select("result", "training-result", results),
        Field::new("note", ui.t("training-note"), Input::Text).value(typed(from, "note")),
    ])
}

/// A training as it was typed.
pub(super) fn read(from: &Fields) -> Result<NewTraining, Refused> {
    let mut wrong = Vec::new();
    let (person, form, result) = (typed(from, "person"), typed(from, "form"), typed(from, "result"));
    let user = person.parse().map(UserId);
    if user.is_err() {
        wrong.push(FieldError::choice("person", &person));
    }
    let known = Form::parse(&form);
    if known.is_none() {
        wrong.push(FieldError::choice("form", &form));
    }
    if !RESULTS.contains(&result.as_str()) {
        wrong.push(FieldError::choice("result", &result));
    }
    let held_on = typed(from, "held_on").parse();
    if held_on.is_err() {
        wrong.push(FieldError::new("held_on", "date-invalid"));
    }
    let hours = typed(from, "hours").parse();
    if hours.is_err() {
        let most = super::model::MAX_HOURS;
        wrong.push(FieldError::new("hours", "training-hours").with("least", 0).with("most", most));
    }
    match (user, known, held_on, hours) {
        (Ok(user), Some(form), Ok(held_on), Ok(hours)) if wrong.is_empty() => Ok(NewTraining {
            user,
            form,
            topic: typed(from, "topic"),
            title: typed(from, "title"),
            held_on,
            hours,
            passed: result == "passed",
            note: typed(from, "note"),
        }),
        _ => Err(Refused::form(wrong)),
    }
}
