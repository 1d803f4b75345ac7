//! The page of permissions (权限页): which role may do what, how far, and who holds it; as a table and as a workbook.

use std::collections::BTreeMap;

use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::store::{self, User, UserState};
use super::{Scope, USER_VIEW, action_title, review};
use crate::audit::Entry;
use crate::error::ActionError;
use crate::page::{Button, Html, Icon, Look, Page, Tab, Ui};
use crate::sheets::{BookWriter, Column, ColumnKind, WriteError, Written};
use crate::web::{Routes, Visit, WebError, xlsx};
use crate::work::Work;

/// The most people that are looked at.
const PEOPLE: i64 = 5_000;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/permissions", USER_VIEW, page)
        .data::<Vec<super::data::RoleData>, _, _>("/permissions", USER_VIEW, super::data::permissions)
        .get("/permissions/export.xlsx", USER_VIEW, export)
}

/// The tabs of the two pages.
pub(super) fn tabs(ui: &Ui, active: &str) -> Html {
    let tab = |id: &str, href: &str| Tab {
        text: ui.t(format!("permissions-tab-{id}")),
        href: href.to_owned(),
        active: id == active,
        ..Tab::default()
    };
    ui.tabs([tab("held", "/permissions"), tab("all", "/permissions?roles=all"), tab("review", "/permissions/review")])
}

/// Every action of every capability, in their order.
fn actions(visit: &Visit) -> Vec<&'static str> {
    visit.app.capabilities.iter().flat_map(|one| one.permissions().iter().copied()).collect()
}

/// Who holds each role, by name, as far as the person may see people.
pub(super) async fn holders(work: &mut Work) -> Result<BTreeMap<String, Vec<String>>, ActionError> {
    let branch = work.authorise(USER_VIEW)?.branch;
    let users = store::users(&mut work.tx, branch, PEOPLE, 0).await?;
    let mut held: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for User { name, roles, .. } in users.into_iter().filter(|user| user.state == UserState::Active) {
        for role in roles {
            held.entry(role).or_default().push(name.clone());
        }
    }
    Ok(held)
}

fn scope_word(ui: &Ui, scope: Scope) -> String {
    ui.t(match scope {
        Scope::Own => "permission-own",
        Scope::Team => "permission-team",
        Scope::Branch => "permission-branch",
        Scope::Institution => "permission-institution",
    })
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    roles: String,
}

/// `/permissions`: actions down, roles across; those that somebody holds, or all.
async fn page(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let held = holders(&mut work).await?;
    let all = asked.roles == "all";
    let every = visit.app.roles();
    let roles: Vec<&str> = every.iter().map(|(id, _)| id).filter(|id| all || held.contains_key(*id)).collect();
    let mut body = tabs(&ui, if all { "all" } else { "held" });
    body.push(&table(&visit, &ui, &roles, &held));
    let take = Button::link(Look::Secondary, ui.t("permissions-export"), "/permissions/export.xlsx");
    let head = Page::new(ui.t("permissions-title"), "permissions")
        .subtitle(ui.t("permissions-note"))
        .actions(ui.button(take.icon(Icon::Download)))
        .rail();
    visit.page_of(&head, &body)
}

fn table(visit: &Visit, ui: &Ui, roles: &[&str], held: &BTreeMap<String, Vec<String>>) -> Html {
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><div class=\"scroll across\"><table class=\"table matrix\"><caption class=\"unseen\">");
    out.text(ui.t("permissions-title")).raw("</caption><thead><tr><th scope=\"col\">").text(ui.t("permission-action"));
    out.raw("</th>");
    for role in roles {
        out.raw("<th scope=\"col\">").text(visit.app.roles().title(role, visit.lang)).raw("</th>");
    }
    out.raw("</tr></thead><tbody><tr class=\"who\"><th scope=\"row\">").text(ui.t("permission-holders")).raw("</th>");
    for role in roles {
        let names = held.get(*role).map_or_else(|| "—".to_owned(), |names| names.join(&ui.t("list-comma")));
        out.raw("<td>").text(names).raw("</td>");
    }
    out.raw("</tr>");
    for action in actions(visit) {
        out.raw("<tr><th scope=\"row\"").attr("title", action).raw(">").text(action_title(ui, action)).raw("</th>");
        for role in roles {
            match visit.app.roles().get(role).and_then(|role| role.grants.get(action)) {
                Some(scope) => out.raw("<td>").text(scope_word(ui, *scope)).raw("</td>"),
                None => out.raw("<td></td>"),
            };
        }
        out.raw("</tr>");
    }
    out.raw("</tbody></table></div></section>");
    out
}

/// `/permissions/export.xlsx`: what each role grants, who holds it, and when each person last came.
async fn export(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let held = holders(&mut work).await?;
    let people = review::people(&mut work, PEOPLE, 0).await?;
    let after = json!({"roles": visit.app.roles().iter().count(), "people": people.len()});
    work.audit(Entry::new(None, "user.export", "permissions").after(after)).await?;
    work.commit().await?;
    let bytes = workbook(&visit, &ui, &held, &people).map_err(|error| ActionError::Internal(error.to_string()))?;
    Ok(xlsx(&format!("permissions-{}.xlsx", visit.business_date), bytes))
}

fn workbook(
    visit: &Visit,
    ui: &Ui,
    held: &BTreeMap<String, Vec<String>>,
    people: &[review::Seen],
) -> Result<Vec<u8>, WriteError> {
    let text = |id: &str| Column::new(&ui.t(id), ColumnKind::Text);
    let day = visit.business_date.to_string();
    let title = ui.t("permissions-title");
    let mut book = BookWriter::new();
    let columns = ["permission-role", "permission-action", "permission-code", "permission-scope", "permission-holders"];
    book.sheet(&title, &[&title, &day], &columns.map(text))?;
    for (id, role) in visit.app.roles().iter() {
        let role_title = visit.app.roles().title(id, visit.lang);
        let names = held.get(id).map(|names| names.join(&ui.t("list-comma"))).unwrap_or_default();
        for (action, scope) in &role.grants {
            let (action_title, scope) = (action_title(ui, action), scope_word(ui, *scope));
            book.row(&[&role_title, &action_title, action, &scope, &names].map(|text| Written::Text(text)))?;
        }
    }
    let title = ui.t("permissions-tab-review");
    book.sheet(&title, &[&title, &day], &review::COLUMNS.map(text))?;
    for one in people {
        book.row(&one.texts(visit, ui).each_ref().map(|text| Written::Text(text)))?;
    }
    book.finish()
}
