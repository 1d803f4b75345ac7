//! The page of the own account (我的账号): roles, password, where one is logged in.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::session::{self, Session};
use super::{AccessError, actions, device_name, store};
use crate::clock::{civil_day, civil_minute};
use crate::error::Refusal as _;
use crate::page::{Html, Icon, Page, Tone, Ui};
use crate::web::{Posted, Routes, Visit, WebError};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get_own("/me", page)
        .post_own("/me/sessions/end", end_session)
        .post_own("/me/sessions/end-others", end_others)
        // A program has no session.
        .only_on_screen()
}

#[derive(Debug, Template)]
#[template(path = "access/me.html")]
struct MePage {
    ui: Ui,
    name: String,
    login: String,
    roles: Vec<String>,
    branch: String,
    password_set: String,
    password_until: Option<String>,
    sessions: Vec<Shown>,
    others: Option<Html>,
}

/// A session as the page shows it.
#[derive(Debug)]
struct Shown {
    session: Session,
    own: bool,
    guard: Html,
}

async fn page(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let user = visit.user()?;
    let mut work = visit.read().await?;
    let rules = &visit.app.access();
    let known = store::user(&mut work.tx, user).await?.ok_or(AccessError::Unknown("user").refused())?;
    let set_at = store::password_set_at(&mut work.tx, user).await?;
    let sessions = session::list(&mut work.tx, rules, user, work.now).await?;
    let shown =
        |session: Session| Shown { own: session.fingerprint == visit.session, guard: ui.guard(visit.guard()), session };
    let page = MePage {
        name: known.name,
        login: known.login,
        branch: known.branch_name,
        roles: known.roles.iter().map(|role| visit.app.roles().title(role, visit.lang)).collect(),
        password_set: civil_day(set_at).to_string(),
        password_until: super::rules::password_until(rules, set_at).map(|at| civil_day(at).to_string()),
        others: (sessions.len() > 1).then(|| ui.guard(visit.guard())),
        sessions: sessions.into_iter().map(shown).collect(),
        ui: ui.clone(),
    };
    visit.page(&Page::new(ui.t("my-account"), "me"), &page)
}

#[derive(Deserialize)]
struct SessionForm {
    session: String,
}

async fn end_session(posted: Posted<SessionForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("access.session_ended").await?;
    actions::end_session(&mut work, &posted.form.session).await?;
    posted.done(work, "/me").await
}

#[derive(Deserialize)]
struct Nothing {}

async fn end_others(posted: Posted<Nothing>) -> Result<Response, WebError> {
    let mut work = posted.begin("access.sessions_ended").await?;
    actions::end_other_sessions(&mut work, &posted.visit.session).await?;
    posted.done(work, "/me").await
}
