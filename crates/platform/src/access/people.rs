//! Pages about users (用户页): list, create, one user, grants that await a second person.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::{self, Created, NewUser};
use super::second_step::{self, SecondStep};
use super::session::{self, Session};
use super::store::{self, Grant, GrantId, GrantState, User, UserKind, UserState};
use super::{AccessError, GRANT_CONFIRM, Roles, USER_EDIT, USER_VIEW, device_name};
use crate::api::TOKEN_MANAGE;
use crate::clock::civil_minute;
use crate::error::{ActionError, Refusal as _, Refused};
use crate::id::{BranchId, TeamId, UserId};
use crate::list_export::{Listed, Sums, Wanted, plain};
use crate::page::list::{Cell, Column, ColumnKind, ListSpec, Row};
use crate::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Tone, Ui};
use crate::web::{Posted, Routes, Visit, WebError, failing_field};
use crate::work::Work;

pub(super) fn routes() -> Routes {
    Routes::new()
        .list("/users", USER_VIEW, list, |_| spec())
        .exports(&LISTED)
        .get("/users/new", USER_EDIT, new)
        .post("/users/new", USER_EDIT, create)
        .answering::<FirstPassword>()
        .get("/users/grants", USER_VIEW, grants)
        .data::<Vec<super::data::GrantData>, _, _>("/users/grants", USER_VIEW, super::data::grants)
        .post("/users/grants/{id}/confirm", GRANT_CONFIRM, confirm)
        .post("/users/grants/{id}/refuse", GRANT_CONFIRM, refuse)
        .get("/users/{id}", USER_VIEW, one)
        .data::<super::data::UserData, _, _>("/users/{id}", USER_VIEW, super::data::user)
        .post("/users/{id}/disable", USER_EDIT, disable)
        .post("/users/{id}/enable", USER_EDIT, enable)
        .post("/users/{id}/unlock", USER_EDIT, unlock)
        .post("/users/{id}/password", USER_EDIT, reset)
        .answering::<FirstPassword>()
        .post("/users/{id}/sessions/end", USER_EDIT, end_sessions)
        .post("/users/{id}/second-step/reset", USER_EDIT, reset_second_step)
        .post("/users/{id}/roles", USER_EDIT, ask_role)
        .post("/users/{id}/roles/revoke", USER_EDIT, revoke_role)
}

fn spec() -> ListSpec {
    ListSpec {
        path: "/users".to_owned(),
        columns: vec![
            Column::new("login", "user-login", ColumnKind::Text),
            Column::new("name", "user-name", ColumnKind::Text),
            Column::new("kind", "user-kind", ColumnKind::Text),
            Column::new("branch", "user-branch", ColumnKind::Text),
            Column::new("team", "user-team", ColumnKind::Text),
            Column::new("roles", "user-roles", ColumnKind::Text),
            Column::new("state", "user-state", ColumnKind::State),
        ],
        counted: "users-count",
        ..ListSpec::default()
    }
}

/// The users (用户清单).
pub(crate) static LISTED: Listed = Listed {
    list: "/users",
    address: "/users/export.xlsx",
    view: USER_VIEW,
    export: USER_VIEW,
    act: "user.export",
    title: "users-title",
    file: "users",
    whole: false,
    spec: |_, _, _| plain(spec()),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    Ok(store::count_users(&mut work.tx, wanted.scope.branch).await?.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let (from, most) = wanted.part;
    let users = store::users(&mut work.tx, wanted.scope.branch, most, from).await?;
    let (roles, now) = (work.app.roles(), work.now);
    Ok(users.iter().map(|user| row(ui, &roles, user, now)).collect())
}

async fn list(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let shown = LISTED.shown(&visit, query).await?;
    let mut work = visit.read().await?;
    let waiting = store::open_grants(&mut work.tx, 0).await?.len();
    let waiting = ui.t1("grants-open", "count", waiting);
    let mut tools = shown.tools();
    tools.push(&ui.button(Button::link(Look::Secondary, waiting, "/users/grants").icon(Icon::ShieldCheck)));
    if visit.may(USER_EDIT) {
        tools.push(&ui.button(Button::link(Look::Primary, ui.t("user-new"), "/users/new").icon(Icon::UserPlus)));
    }
    shown.answer(&visit, &Page::new(ui.t("users-title"), "users").actions(tools))
}

fn row(ui: &Ui, roles: &Roles, user: &User, now: Timestamp) -> Row {
    let held: Vec<String> = user.roles.iter().map(|role| roles.title(role, ui.lang())).collect();
    let (badge, word) = state_badge(ui, user, now);
    Row {
        key: user.id.to_string(),
        href: format!("/users/{}", user.id),
        cells: vec![
            Cell::Link(user.login.clone(), format!("/users/{}", user.id)),
            Cell::Strong(user.name.clone()),
            Cell::Text(kind_name(ui, user.kind)),
            Cell::Text(user.branch_name.clone()),
            user.team_name.clone().map_or(Cell::None, Cell::Text),
            if held.is_empty() { Cell::None } else { Cell::Text(held.join(", ")) },
            Cell::State(badge, word),
        ],
    }
}

fn state_badge(ui: &Ui, user: &User, now: Timestamp) -> (Html, String) {
    let locked = super::rules::lock_left(user.locked_until, now).is_some();
    let (tone, icon, id) = match user.state {
        UserState::Disabled => (Tone::Neutral, Icon::Ban, "user-disabled"),
        UserState::Active if locked => (Tone::Watch, Icon::Lock, "user-locked"),
        UserState::Active => (Tone::Ok, Icon::CircleCheck, "user-active"),
    };
    let word = ui.t(id);
    (ui.badge(tone, icon, &word), word)
}

#[derive(Debug, Default, Deserialize)]
struct NewForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    place: String,
}

impl NewForm {
    /// The place is `branch` or `branch:team`.
    fn parse(&self, visit: &Visit) -> Result<NewUser, AccessError> {
        let (branch, team) = match self.place.split_once(':') {
            Some((branch, team)) => (branch, Some(team)),
            None => (self.place.as_str(), None),
        };
        let team = team.map(str::parse::<TeamId>).transpose().map_err(|_| AccessError::Invalid("place"))?;
        Ok(NewUser {
            login: self.login.clone(),
            name: self.name.clone(),
            kind: match self.kind.as_str() {
                "" => UserKind::Person,
                kind => UserKind::parse(kind).ok_or(AccessError::Invalid("kind"))?,
            },
            branch: branch.parse::<BranchId>().map_err(|_| AccessError::Invalid("place"))?,
            team,
            lang: visit.lang,
        })
    }
}

/// What people call a kind of user.
pub(super) fn kind_name(ui: &Ui, kind: UserKind) -> String {
    ui.t(format!("user-kind-{}", kind.as_str()))
}

async fn new(visit: Visit) -> Result<Response, WebError> {
    draw_new(&visit, &NewForm::default(), None).await
}

async fn draw_new(visit: &Visit, typed: &NewForm, refused: Option<&Refused>) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let scope = work.authorise(USER_EDIT)?;
    let mut places = Vec::new();
    for branch in store::branches(&mut work.tx).await? {
        if scope.branch == 0 || scope.branch == branch.id.0 {
            places.push(Choice::new(branch.id.to_string(), branch.name.clone()));
            let team = |team: &store::Team| {
                Choice::new(format!("{}:{}", branch.id, team.id), format!("{} · {}", branch.name, team.name))
            };
            places.extend(branch.teams.iter().map(team));
        }
    }
    let field = |name: &'static str, label: &str, input, value: &str| {
        let error = refused.and_then(|refused| failing_field(&ui, refused, name));
        Field::new(name, ui.t(label), input).value(value).required().error(error)
    };
    let kinds = [UserKind::Person, UserKind::Service];
    let kinds = kinds.map(|kind| Choice::new(kind.as_str(), kind_name(&ui, kind))).to_vec();
    let kind = if typed.kind.is_empty() { UserKind::Person.as_str() } else { &typed.kind };
    let fields = vec![
        field("login", "user-login", Input::Text, &typed.login).hint(ui.t("user-login-hint")),
        field("name", "user-name", Input::Text, &typed.name),
        field("kind", "user-kind", Input::Radio(kinds), kind).hint(ui.t("user-kind-hint")),
        field("place", "user-place", Input::Select(places), &typed.place),
    ];
    let mut body = Html::new();
    body.raw(
        "<form method=\"post\" action=\"/users/new\" class=\"form panel\" data-once><div class=\"panel-body form\">",
    );
    body.push(&ui.error_summary(&fields)).push(&ui.guard(visit.guard()));
    for field in &fields {
        body.push(&ui.field(field));
    }
    body.push(&ui.button(Button::submit(Look::Primary, ui.t("user-create")).icon(Icon::UserPlus))).raw("</div></form>");
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, visit.page_of(&Page::new(ui.t("user-new"), "users"), &body)?).into_response())
}

async fn create(posted: Posted<NewForm>) -> Result<Response, WebError> {
    let visit = &posted.visit;
    let mut work = posted.begin("user.create").await?;
    let created = match posted.form.parse(visit).map_err(ActionError::from) {
        Ok(wish) => actions::create_user(&mut work, &wish).await,
        Err(error) => Err(error),
    };
    match created {
        Ok(created) => hand_over(&posted, work, &created).await,
        Err(ActionError::Refused(refused)) if !refused.fields.is_empty() => {
            work.tx.rollback().await?;
            draw_new(visit, &posted.form, Some(&refused)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A first password as a program gets it (初始口令), this once.
#[derive(Debug, Serialize, JsonSchema)]
struct FirstPassword {
    /// The user.
    user: String,
    /// To be handed over, and changed at the first log-in; null of a service account.
    password: Option<String>,
}

/// Shows a first password once: it is stored nowhere in clear, so a repeat of the form cannot show it again.
async fn hand_over<T>(posted: &Posted<T>, work: Work, created: &Created) -> Result<Response, WebError> {
    let ui = posted.visit.ui();
    let page = format!("/users/{}", created.user);
    // `done` redirects; here its place is kept for a second submit while the first shows the password.
    posted.done(work, &page).await?;
    if let Some(answer) =
        posted.visit.data(&FirstPassword { user: created.user.to_string(), password: created.password.clone() })
    {
        return Ok(answer);
    }
    let Some(password) = &created.password else { return Ok(Redirect::to(&page).into_response()) };
    let mut text = Html::new();
    text.raw("<p>").text(ui.t("user-password-once")).raw("</p><p><code class=\"rule\">").text(password);
    text.raw("</code></p><p>").text(ui.t("user-password-next")).raw("</p>");
    let mut body = ui.note(Tone::Watch, Icon::Key, &text);
    body.push(&ui.button(Button::link(Look::Primary, ui.t("user-open"), page)));
    posted.visit.page_of(&Page::new(ui.t("user-password-title"), "users"), &body)
}

/// One user: state, roles, grants, verbs.
#[derive(Debug, Template)]
#[template(path = "access/user.html")]
struct UserPage {
    ui: Ui,
    user: User,
    state: Html,
    locked: bool,
    held: Vec<(String, String, bool)>,
    open: Vec<(String, String)>,
    roles: Vec<(String, String)>,
    sessions: Vec<Session>,
    /// Since when the log-in has a second step.
    second_step: Option<String>,
    own: bool,
    /// Where a token of a service account is made, for those who may.
    new_token: Option<String>,
    edits: bool,
    guards: Vec<Html>,
}

async fn one(visit: Visit, Path(id): Path<UserId>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let scope = work.authorise(USER_VIEW)?;
    let found = store::user(&mut work.tx, id).await?.filter(|user| scope.covers(user.branch, user.team, user.id));
    let user = found.ok_or(AccessError::Unknown("user").refused())?;
    let title = |role: &str| visit.app.roles().title(role, visit.lang);
    let open = store::open_grants(&mut work.tx, id.0).await?;
    let every = visit.app.roles();
    let all = every.iter().map(|(role, _)| (role.to_owned(), title(role)));
    let provisional = |role: &str| open.iter().any(|g| g.role == role && g.state == GrantState::Provisional);
    let asked = open.iter().filter(|grant| grant.state == GrantState::Asked);
    let page = UserPage {
        state: state_badge(&ui, &user, visit.now).0,
        locked: super::rules::lock_left(user.locked_until, visit.now).is_some(),
        held: user.roles.iter().map(|role| (role.clone(), title(role), provisional(role))).collect(),
        open: asked.map(|grant| (grant.role.clone(), title(&grant.role))).collect(),
        roles: all.filter(|(role, _)| !user.roles.contains(role)).collect(),
        sessions: session::list(&mut work.tx, &visit.app.access(), id, work.now).await?,
        second_step: match second_step::state(&mut work.tx, id).await? {
            SecondStep::On { since, .. } => Some(civil_minute(since)),
            SecondStep::Off | SecondStep::Begun => None,
        },
        own: visit.actor.user == Some(id),
        new_token: (user.kind == UserKind::Service && visit.may(TOKEN_MANAGE)).then(|| format!("/tokens/new?for={id}")),
        edits: visit.may(USER_EDIT),
        guards: (0..6).map(|_| ui.guard(visit.guard())).collect(),
        ui: ui.clone(),
        user,
    };
    let head = Page::new(page.user.name.clone(), "users").subtitle(page.user.login.clone());
    visit.page(&head, &page)
}

#[derive(Debug, Deserialize)]
struct ReasonForm {
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize)]
struct RoleForm {
    role: String,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn disable(Path(id): Path<UserId>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("user.disable").await?;
    actions::disable_user(&mut work, id, &posted.form.reason).await?;
    posted.done(work, format!("/users/{id}")).await
}

async fn enable(Path(id): Path<UserId>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("user.enable").await?;
    actions::enable_user(&mut work, id, &posted.form.reason).await?;
    posted.done(work, format!("/users/{id}")).await
}

async fn unlock(Path(id): Path<UserId>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    let mut work = posted.begin("user.unlock").await?;
    actions::unlock_user(&mut work, id).await?;
    posted.done(work, format!("/users/{id}")).await
}

async fn reset(Path(id): Path<UserId>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    let mut work = posted.begin("user.password_reset").await?;
    let created = actions::reset_password(&mut work, id).await?;
    hand_over(&posted, work, &created).await
}

async fn end_sessions(Path(id): Path<UserId>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("user.sessions_end").await?;
    actions::end_sessions_of(&mut work, id, &posted.form.reason).await?;
    posted.done(work, format!("/users/{id}")).await
}

async fn reset_second_step(Path(id): Path<UserId>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("user.second_step_reset").await?;
    second_step::reset(&mut work, id, &posted.form.reason).await?;
    posted.done(work, format!("/users/{id}")).await
}

async fn ask_role(Path(id): Path<UserId>, posted: Posted<RoleForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("user.role.ask").await?;
    actions::ask_role(&mut work, id, &posted.form.role).await?;
    posted.done(work, format!("/users/{id}")).await
}

async fn revoke_role(Path(id): Path<UserId>, posted: Posted<RoleForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("user.role.revoke").await?;
    actions::revoke_role(&mut work, id, &posted.form.role, &posted.form.reason).await?;
    posted.done(work, format!("/users/{id}")).await
}

/// The grants that await a second person.
#[derive(Debug, Template)]
#[template(path = "access/grants.html")]
struct GrantsPage {
    ui: Ui,
    rows: Vec<GrantRow>,
}

#[derive(Debug)]
struct GrantRow {
    grant: Grant,
    role: String,
    asked_at: String,
    provisional: bool,
    decides: bool,
    guard: Html,
}

async fn grants(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let me = visit.actor.recorded_by();
    let row = |grant: Grant| GrantRow {
        role: visit.app.roles().title(&grant.role, visit.lang),
        asked_at: civil_minute(grant.asked_at),
        provisional: grant.state == GrantState::Provisional,
        decides: visit.may(GRANT_CONFIRM) && grant.asked_by != me && grant.user.0 != me,
        guard: ui.guard(visit.guard()),
        grant,
    };
    let rows = store::open_grants(&mut work.tx, 0).await?.into_iter().map(row).collect();
    visit.page(&Page::new(ui.t("grants-title"), "users"), &GrantsPage { ui: ui.clone(), rows })
}

async fn confirm(Path(id): Path<GrantId>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    let mut work = posted.begin("user.role.confirm").await?;
    actions::confirm_grant(&mut work, id).await?;
    posted.done(work, "/users/grants").await
}

async fn refuse(Path(id): Path<GrantId>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("user.role.refuse").await?;
    actions::refuse_grant(&mut work, id, &posted.form.reason).await?;
    posted.done(work, "/users/grants").await
}
