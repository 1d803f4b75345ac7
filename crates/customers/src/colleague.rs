//! Choosing a colleague: who may do something, and the page that gives a selection to one of them (批量分派).

use axum::response::Response;
use platform::access::{Scope, store as access};
use platform::batch::{BatchPage, Verb};
use platform::error::{ActionError, FieldError};
use platform::id::UserId;
use platform::page::{Choice, Field, Input};
use platform::web::{Posted, WebError};
use platform::work::Work;

/// People from whom one chooses.
const PEOPLE: i64 = 1_000;

/// The active people whose roles let them do an action, by key with the name.
pub(crate) async fn people(work: &mut Work, actions: &[&str]) -> Result<Vec<(UserId, String)>, ActionError> {
    reaching(work, actions, Scope::Own).await
}

/// Those whose roles let them do an action on at least so much.
pub(crate) async fn reaching(
    work: &mut Work,
    actions: &[&str],
    least: Scope,
) -> Result<Vec<(UserId, String)>, ActionError> {
    let app = work.app.clone();
    let all = access::users(&mut work.tx, 0, PEOPLE, 0).await?;
    let able = |user: &access::User| {
        let grants = app.roles().grants(user.roles.iter().map(String::as_str));
        user.state == access::UserState::Active
            && user.kind == access::UserKind::Person
            && actions.iter().any(|action| grants.get(*action).is_some_and(|scope| *scope >= least))
    };
    Ok(all.into_iter().filter(able).map(|user| (user.id, user.name)).collect())
}

/// Takes the batch that gives a selection to a colleague one step further: the page's field `to`, under this title, offers
/// whoever may do `able`; `verb` gives to the one who was chosen.
pub(crate) async fn give<T, V: Verb>(
    posted: &Posted<T>,
    mut page: BatchPage,
    (able, title): (&str, String),
    verb: fn(UserId) -> V,
) -> Result<Response, WebError> {
    let visit = &posted.visit;
    visit.scope(page.action)?;
    let typed = posted.fields.first("to").unwrap_or("");
    let mut work = visit.read().await?;
    let people = people(&mut work, &[able]).await?;
    drop(work);
    let to = people.iter().map(|(user, _)| *user).find(|user| user.to_string() == typed);
    let wrong = if to.is_none() { vec![FieldError::choice("to", typed)] } else { Vec::new() };
    let choices = people.iter().map(|(user, name)| Choice::new(user.to_string(), name.as_str())).collect();
    page.fields = vec![Field::new("to", title, Input::Select(choices)).value(typed).required()];
    page.handle(posted, &verb(to.unwrap_or(UserId(0))), wrong).await
}
