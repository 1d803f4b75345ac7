//! The form of a question, and the topics by their names.

use super::model::{LETTERS, NewQuestion};
use crate::error::{ActionError, FieldError, Refused};
use crate::exam::actions::scoring;
use crate::locale::Lang;
use crate::page::{Choice, Field, Input, Ui};
use crate::policies::InForce;
use crate::web::Fields;
use crate::work::Work;

pub(super) fn typed(fields: &Fields, name: &str) -> String {
    fields.first(name).unwrap_or_default().trim().to_owned()
}

/// What the policy calls a topic.
pub(super) fn topic_title(ui: &Ui, policy: &InForce, topic: &str) -> String {
    let found = policy.pack().outcome("exam_topic", topic);
    found.map_or_else(|| topic.to_owned(), |known| known.title.in_language(ui.lang() == Lang::En).to_owned())
}

/// The topic that somebody means: its key, or what the policy calls it in either language.
pub(super) fn topic_of(policy: &InForce, topics: &[String], typed: &str) -> Option<String> {
    let named = |topic: &&String| {
        let title = policy.pack().outcome("exam_topic", topic).map(|known| &known.title);
        topic.as_str() == typed
            || title.is_some_and(|title| [false, true].into_iter().any(|english| title.in_language(english) == typed))
    };
    topics.iter().find(named).cloned()
}

/// The fields of a question.
pub(super) async fn fields(
    ui: &Ui,
    work: &mut Work,
    (policy, topics): (&InForce, &[String]),
    from: &Fields,
) -> Result<Vec<Field>, ActionError> {
    let known = topics.iter().map(|topic| Choice::new(topic, topic_title(ui, policy, topic))).collect();
    let points = match typed(from, "points") {
        empty if empty.is_empty() => scoring(work).await?.points_each.to_string(),
        other => other,
    };
    Ok(vec![
        Field::new("topic", ui.t("question-topic"), Input::Select(known)).value(typed(from, "topic")).required(),
        Field::new("asked", ui.t("question-asked"), Input::Area).value(typed(from, "asked")).required().wide(),
        Field::new("choices", ui.t("question-choices"), Input::Area)
            .value(typed(from, "choices"))
            .hint(ui.t1("question-choices-hint", "most", LETTERS.len()))
            .required()
            .wide(),
        Field::new("right", ui.t("question-right"), Input::Text)
            .value(typed(from, "right"))
            .hint(ui.t("question-right-hint"))
            .required(),
        Field::new("points", ui.t("question-points"), Input::Number)
            .value(points)
            .hint(ui.t("question-points-hint"))
            .required(),
        Field::new("source", ui.t("question-source"), Input::Text)
            .value(typed(from, "source"))
            .hint(ui.t("question-source-hint"))
            .required()
            .wide(),
    ])
}

/// A question as it was typed: every line of the choices is one of them.
pub(super) fn read(from: &Fields) -> Result<NewQuestion, Refused> {
    let points = typed(from, "points").parse();
    let Ok(points) = points else {
        let most = super::model::MAX_POINTS;
        return Err(Refused::form(vec![FieldError::new("points", "question-points").with("most", most)]));
    };
    let choices = from.first("choices").unwrap_or_default();
    let choices = choices.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    Ok(NewQuestion {
        topic: typed(from, "topic"),
        asked: typed(from, "asked"),
        choices,
        right: typed(from, "right"),
        points,
        source: typed(from, "source"),
    })
}
