//! The page of delegations (代理): mine, those that wait for me, and a form for another one.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::super::store::{User, UserKind, UserState};
use super::super::{DELEGATION_APPROVE, Scope, store as people};
use super::actions::{self, Wish};
use super::model::{Delegation, DelegationError, DelegationId, DelegationState};
use super::store;
use crate::error::{ActionError, Refusal as _, Refused};
use crate::id::BranchId;
use crate::page::{Choice, Field, Html, Icon, Input, Page, Tone, Ui};
use crate::web::{Posted, Routes, Visit, WebError, failing_field};
use crate::work::Work;

/// The most people to choose from.
const PEOPLE: i64 = 1_000;

pub(in crate::access) fn routes() -> Routes {
    // Whose hat a session wears is a matter of the session: a program has none.
    let hats = Routes::new()
        .post_own("/delegations/{id}/act", act)
        .post_own("/me/act-for-myself", act_for_myself)
        .only_on_screen();
    Routes::new()
        .get_own("/delegations", page)
        .data_own::<super::data::DelegationsData, _, _>("/delegations", super::data::delegations)
        .post_own("/delegations/new", ask)
        .post("/delegations/{id}/approve", DELEGATION_APPROVE, approve)
        .post("/delegations/{id}/refuse", DELEGATION_APPROVE, refuse)
        .post_own("/delegations/{id}/end", end)
        .merge(hats)
}

/// What the home page says of delegations that hold today: as who is away, and as who may stand in.
pub(crate) async fn home_lines(work: &mut Work, ui: &Ui) -> Result<Vec<String>, ActionError> {
    let Some(user) = work.actor.user else { return Ok(Vec::new()) };
    let on = work.business_date;
    let worn = work.actor.stands_for.as_ref().map(|hat| hat.delegation);
    let line = |one: Delegation| {
        let (id, name) =
            if one.absent == user { ("home-delegated", one.delegate_name) } else { ("home-stand-in", one.absent_name) };
        ui.t2(id, "name", name, "until", one.until)
    };
    let holding = store::holding(&mut work.tx, user, on).await?;
    // What is worn already stands over every page.
    Ok(holding.into_iter().filter(|one| Some(one.id) != worn).map(line).collect())
}

#[derive(Debug, Template)]
#[template(path = "access/delegations.html")]
struct DelegationsPage {
    ui: Ui,
    waiting: Vec<Shown>,
    own: Vec<Shown>,
    fields: Vec<Field>,
    /// For whom the session acts now.
    acting: Option<String>,
    guards: [Html; 2],
}

/// A delegation as the page shows it.
#[derive(Debug)]
struct Shown {
    one: Delegation,
    roles: String,
    state: Html,
    decides: bool,
    acts: bool,
    ends: bool,
    guard: Html,
}

fn shown(visit: &Visit, ui: &Ui, one: Delegation) -> Shown {
    let today = visit.business_date;
    let title = |role: &String| visit.app.roles().title(role, visit.lang);
    let me = visit.actor.user;
    let past = one.until < today;
    let (tone, icon, word) = match one.state {
        DelegationState::Asked => (Tone::Info, Icon::Clock, "delegation-asked"),
        DelegationState::Approved if past => (Tone::Neutral, Icon::CircleCheck, "delegation-over"),
        DelegationState::Approved if one.holds(today) => (Tone::Ok, Icon::CircleCheck, "delegation-holds"),
        DelegationState::Approved => (Tone::Info, Icon::CalendarTime, "delegation-to-come"),
        DelegationState::Refused => (Tone::Neutral, Icon::Ban, "delegation-refused"),
        DelegationState::Ended => (Tone::Neutral, Icon::Ban, "delegation-ended"),
    };
    let open = matches!(one.state, DelegationState::Asked | DelegationState::Approved) && !past;
    Shown {
        roles: one.roles.iter().map(title).collect::<Vec<_>>().join(&ui.t("list-comma")),
        state: ui.badge(tone, icon, ui.t(word)),
        decides: visit.may(DELEGATION_APPROVE) && me.is_some_and(|me| one.decidable_by(me).is_ok()),
        acts: visit.actor.stands_for.is_none() && Some(one.delegate) == me && one.holds(today),
        ends: open,
        guard: ui.guard(visit.guard()),
        one,
    }
}

async fn page(visit: Visit) -> Result<Response, WebError> {
    draw(&visit, &Typed::default(), None).await
}

async fn draw(visit: &Visit, typed: &Typed, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let waiting = match work.authorise(DELEGATION_APPROVE) {
        Ok(scope) => store::waiting(&mut work.tx, scope.branch).await?,
        Err(_) => Vec::new(),
    };
    let own = store::of_person(&mut work.tx, visit.user()?).await?;
    let body = DelegationsPage {
        waiting: waiting.into_iter().map(|one| shown(visit, &ui, one)).collect(),
        own: own.into_iter().map(|one| shown(visit, &ui, one)).collect(),
        fields: fields(visit, &ui, &mut work, typed, refused).await?,
        acting: visit.actor.stands_for.as_ref().map(|hat| hat.name.clone()),
        guards: [ui.guard(visit.guard()), ui.guard(visit.guard())],
        ui: ui.clone(),
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let head = Page::new(ui.t("delegations-title"), "delegations").subtitle(ui.t("delegations-text"));
    Ok((status, visit.page(&head, &body)?).into_response())
}

async fn fields(
    visit: &Visit,
    ui: &Ui,
    work: &mut Work,
    typed: &Typed,
    refused: Option<&Refused>,
) -> Result<Vec<Field>, WebError> {
    let me = visit.user()?;
    // The own branch and roles, also while somebody else's hat is on.
    let own = people::user(&mut work.tx, me).await?.ok_or_else(|| DelegationError::NotFound.refused())?;
    let choice =
        |user: &User, more: &str| Choice::new(user.id.to_string(), format!("{} ({}){more}", user.name, user.login));
    let (here, there) = colleagues(work, own.branch).await?;
    let others = |own: bool| here.iter().filter(move |user| (user.id == me) == own).map(|user| choice(user, ""));
    // Those of the own branch first; whoever works elsewhere is named with the branch.
    let afar = there.iter().map(|(user, branch)| choice(user, &format!(" · {branch}")));
    let reach = work.actor.grants.get(DELEGATION_APPROVE);
    let names_others = reach.is_some_and(|scope| matches!(scope, Scope::Branch | Scope::Institution));
    let absent: Vec<Choice> =
        if names_others { others(true).chain(others(false)).collect() } else { others(true).collect() };
    let title = |role: &String| Choice::new(role.clone(), visit.app.roles().title(role, visit.lang));
    let all = Choice::new("", ui.t("delegation-all-roles"));
    let roles: Vec<Choice> = std::iter::once(all).chain(own.roles.iter().map(title)).collect();
    let field = |name: &'static str, input, value: &str| {
        let error = refused.and_then(|refused| failing_field(ui, refused, name));
        Field::new(name, ui.t(format!("delegation-{name}")), input).value(value).error(error)
    };
    Ok(vec![
        field("absent", Input::Select(absent), &typed.absent).required(),
        field("delegate", Input::Select(others(false).chain(afar).collect()), &typed.delegate).required(),
        field("role", Input::Select(roles), &typed.role),
        field("from", Input::Date, &typed.from).required(),
        field("until", Input::Date, &typed.until).required(),
        field("reason", Input::Text, &typed.reason).required(),
    ])
}

/// Who may log in: the people of this branch, and those of the others with the names of their branches.
async fn colleagues(work: &mut Work, branch: BranchId) -> Result<(Vec<User>, Vec<(User, String)>), WebError> {
    let names: BTreeMap<BranchId, String> =
        people::branches(&mut work.tx).await?.into_iter().map(|branch| (branch.id, branch.name)).collect();
    let all = people::users(&mut work.tx, 0, PEOPLE, 0).await?;
    let active = all.into_iter().filter(|user| user.state == UserState::Active && user.kind == UserKind::Person);
    let (here, there): (Vec<User>, Vec<User>) = active.partition(|user| user.branch == branch);
    let named = |user: User| {
        let name = names.get(&user.branch).cloned().unwrap_or_default();
        (user, name)
    };
    Ok((here, there.into_iter().map(named).collect()))
}

#[derive(Debug, Default, Deserialize)]
struct Typed {
    #[serde(default)]
    absent: String,
    #[serde(default)]
    delegate: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
}

impl Typed {
    fn parse(&self) -> Result<Wish, DelegationError> {
        Ok(Wish {
            absent: self.absent.parse().map_err(|_| DelegationError::NotFound)?,
            delegate: self.delegate.parse().map_err(|_| DelegationError::Delegate)?,
            role: self.role.clone(),
            from: self.from.parse().map_err(|_| DelegationError::Days)?,
            until: self.until.parse().map_err(|_| DelegationError::Days)?,
            reason: self.reason.clone(),
        })
    }
}

async fn ask(posted: Posted<Typed>) -> Result<Response, WebError> {
    let mut work = posted.begin("delegation.ask").await?;
    let asked = match posted.form.parse() {
        Ok(wish) => actions::ask(&mut work, &wish).await,
        Err(error) => Err(error.into()),
    };
    match asked {
        Ok(_) => posted.done(work, "/delegations").await,
        Err(ActionError::Refused(refused)) if !refused.fields.is_empty() => {
            work.tx.rollback().await?;
            draw(&posted.visit, &posted.form, Some(&refused)).await
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Deserialize)]
struct Nothing {}

#[derive(Debug, Deserialize)]
struct ReasonForm {
    #[serde(default)]
    reason: String,
}

async fn approve(Path(id): Path<DelegationId>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    let mut work = posted.begin("delegation.approve").await?;
    actions::approve(&mut work, id).await?;
    posted.done(work, "/delegations").await
}

async fn refuse(Path(id): Path<DelegationId>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("delegation.refuse").await?;
    actions::refuse(&mut work, id, &posted.form.reason).await?;
    posted.done(work, "/delegations").await
}

async fn end(Path(id): Path<DelegationId>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    let mut work = posted.begin("delegation.end").await?;
    actions::end(&mut work, id).await?;
    posted.done(work, "/delegations").await
}

async fn act(Path(id): Path<DelegationId>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    let mut work = posted.begin("delegation.act").await?;
    actions::take_hat(&mut work, &posted.visit.session, id).await?;
    posted.done(work, "/").await
}

async fn act_for_myself(posted: Posted<Nothing>) -> Result<Response, WebError> {
    let mut work = posted.begin("delegation.act_ended").await?;
    actions::take_off_hat(&mut work, &posted.visit.session).await?;
    posted.done(work, "/delegations").await
}
