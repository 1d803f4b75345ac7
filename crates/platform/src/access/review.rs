//! The review of access (权限复核): each person with roles, when they last logged in and last used the program;
//! those who never came, and who stayed away longest, stand on top.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::Timestamp;

use super::people::kind_name;
use super::store::{self, User, UserState};
use super::{USER_VIEW, matrix};
use crate::args;
use crate::clock::civil_minute;
use crate::error::ActionError;
use crate::page::list::{Cell, Column, ColumnKind, ListPage, ListQuery, ListSpec, Row};
use crate::page::{Button, Icon, Look, Page, Ui};
use crate::web::{Routes, Visit, WebError};
use crate::work::Work;

pub(super) fn routes() -> Routes {
    Routes::new().list("/permissions/review", USER_VIEW, page, |_| spec())
}

/// The columns of the list and of its sheet.
pub(super) const COLUMNS: [&str; 8] = [
    "user-login",
    "user-name",
    "user-kind",
    "user-branch",
    "user-roles",
    "user-state",
    "review-logged-in",
    "review-used",
];

/// A person and when they were last here (最近使用).
pub(super) struct Seen {
    user: User,
    logged_in: Option<Timestamp>,
    used: Option<Timestamp>,
}

impl Seen {
    /// The texts of [`COLUMNS`].
    pub(super) fn texts(&self, visit: &Visit, ui: &Ui) -> [String; 8] {
        let roles: Vec<String> = self.user.roles.iter().map(|role| visit.app.roles().title(role, visit.lang)).collect();
        let state = match self.user.state {
            UserState::Active => "user-active",
            UserState::Disabled => "user-disabled",
        };
        let when = |at: Option<Timestamp>| at.map_or_else(|| ui.t("review-never"), civil_minute);
        [
            self.user.login.clone(),
            self.user.name.clone(),
            kind_name(ui, self.user.kind),
            self.user.branch_name.clone(),
            roles.join(&ui.t("list-comma")),
            ui.t(state),
            when(self.logged_in),
            when(self.used),
        ]
    }
}

/// A page of people, the longest away first.
pub(super) async fn people(work: &mut Work, limit: i64, offset: i64) -> Result<Vec<Seen>, ActionError> {
    let branch = work.authorise(USER_VIEW)?.branch;
    let rows = work
        .tx
        .fetch_all(
            "select u.id, s.logged_in, case when coalesce(t.used, '') > coalesce(s.used, '') then t.used else s.used end \
             as used from app_user u \
             left join (select user_id, max(started_at) as logged_in, max(seen_at) as used from session \
               group by user_id) s on s.user_id = u.id \
             left join (select user_id, max(used_at) as used from api_token group by user_id) t on t.user_id = u.id \
             where ($1 = 0 or u.branch_id = $1) \
             order by case when coalesce(t.used, '') > coalesce(s.used, '') then t.used else coalesce(s.used, '') end, \
               u.login limit $2 offset $3",
            args![branch, limit, offset],
        )
        .await?;
    let mut people = Vec::with_capacity(rows.len());
    for row in &rows {
        let Some(user) = store::user(&mut work.tx, row.get("id")?).await? else { continue };
        people.push(Seen { user, logged_in: row.get("logged_in")?, used: row.get("used")? });
    }
    Ok(people)
}

fn spec() -> ListSpec {
    let ids = ["login", "name", "kind", "branch", "roles", "state", "logged_in", "used"];
    let columns = ids.into_iter().zip(COLUMNS).map(|(id, title)| Column::new(id, title, ColumnKind::Text));
    ListSpec {
        path: "/permissions/review".to_owned(),
        columns: columns.collect(),
        counted: "users-count",
        ..ListSpec::default()
    }
}

async fn page(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, spec) = (visit.ui(), spec());
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or(""))?;
    let mut work = visit.read().await?;
    let branch = work.authorise(USER_VIEW)?.branch;
    let count = store::count_users(&mut work.tx, branch).await?;
    let found = people(&mut work, i64::from(asked.size), asked.offset()).await?;
    let row = |one: &Seen| {
        let href = format!("/users/{}", one.user.id);
        let mut texts = one.texts(&visit, &ui).into_iter();
        let mut cells = vec![Cell::Link(texts.next().unwrap_or_default(), href.clone())];
        cells.extend(texts.map(Cell::Text));
        Row { key: one.user.id.to_string(), href, cells }
    };
    let rows = found.iter().map(row).collect();
    let mut body = matrix::tabs(&ui, "review");
    let page = ListPage { rows, count, ..ListPage::default() };
    if let Some(rows) = visit.rows(&spec, &asked, &page) {
        return Ok(rows);
    }
    body.push(&ui.list(&spec, &asked, &page));
    let take = Button::link(Look::Secondary, ui.t("permissions-export"), "/permissions/export.xlsx");
    let head = Page::new(ui.t("permissions-title"), "permissions")
        .subtitle(ui.t("review-note"))
        .actions(ui.button(take.icon(Icon::Download)));
    visit.page_of(&head, &body)
}
