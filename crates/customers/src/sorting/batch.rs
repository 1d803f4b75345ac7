//! The verb on a selection of customers being sorted: give them to another person (批量分派, S3-19).

use axum::response::Response;
use platform::access::store as access;
use platform::batch::{BatchPage, Thing, Verb};
use platform::error::{ActionError, FieldError};
use platform::event::BoxFuture;
use platform::id::UserId;
use platform::page::list::{Batch, BatchVerb};
use platform::page::{Choice, Field, Icon, Input};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::{ITEMS, PLAN, WORK, item_page, work as items};

const ASSIGN: &str = "/sorting/items/assign";
/// People from whom one chooses.
const PEOPLE: i64 = 1_000;

pub(super) fn routes() -> Routes {
    Routes::new().post(ASSIGN, PLAN, assign)
}

/// The verb for whoever plans.
pub(super) fn offer(visit: &Visit) -> Option<Batch> {
    let text = visit.ui().t("batch-sorting-assign");
    let verb = BatchVerb { action: ASSIGN.to_owned(), text, icon: Icon::UserShare };
    visit.may(PLAN).then(|| Batch { verbs: vec![verb], guard: visit.guard() })
}

/// The active people whose roles let them do an action, by key with the name.
pub(crate) async fn people(work: &mut Work, actions: &[&str]) -> Result<Vec<(UserId, String)>, ActionError> {
    let app = work.app.clone();
    let all = access::users(&mut work.tx, 0, PEOPLE, 0).await?;
    let able = |user: &access::User| {
        let grants = app.roles().grants(user.roles.iter().map(String::as_str));
        user.state == access::UserState::Active
            && user.kind == access::UserKind::Person
            && actions.iter().any(|action| grants.contains_key(*action))
    };
    Ok(all.into_iter().filter(able).map(|user| (user.id, user.name)).collect())
}

struct Assign {
    to: UserId,
}

impl Verb for Assign {
    fn find<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<Thing, ActionError>> {
        Box::pin(async move {
            let desk = items::lay(work, key, PLAN).await?;
            let label = format!("{} {}", desk.project.number, desk.customer.name);
            Ok(Thing { key: key.to_owned(), label, href: item_page(desk.item.id), amount: None })
        })
    }

    fn act<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move { items::assign(work, key, self.to).await.map(drop) })
    }
}

platform::form_fields! {
    /// What the form of the assignment sends.
    AssignForm: "key", "step", "to"
}

async fn assign(posted: Posted<AssignForm>) -> Result<Response, WebError> {
    let (visit, ui) = (&posted.visit, posted.visit.ui());
    visit.scope(PLAN)?;
    let typed = posted.fields.first("to").unwrap_or("");
    let mut work = visit.read().await?;
    let people = people(&mut work, &[WORK]).await?;
    drop(work);
    let to = people.iter().map(|(user, _)| *user).find(|user| user.to_string() == typed);
    let wrong = if to.is_none() { vec![FieldError::choice("to", typed)] } else { Vec::new() };
    let choices = people.iter().map(|(user, name)| Choice::new(user.to_string(), name.as_str())).collect();
    let page = BatchPage {
        name: "sorting-assign",
        action: PLAN,
        active: "sorting",
        path: ASSIGN,
        back: ITEMS,
        fields: vec![Field::new("to", ui.t("sorting-assign-to"), Input::Select(choices)).value(typed).required()],
    };
    page.handle(&posted, &Assign { to: to.unwrap_or(UserId(0)) }, wrong).await
}
