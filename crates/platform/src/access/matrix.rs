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
use crate::locale::Lang;
use crate::page::{Button, Empty, Field, Html, Icon, Input, Look, Page, Tab, Ui};
use crate::sheets::{BookWriter, Column, ColumnKind, WriteError, Written};
use crate::web::{Routes, Visit, WebError, xlsx};
use crate::work::Work;

/// The most people that are looked at.
const PEOPLE: i64 = 5_000;
/// The longest name that is looked for.
const MAX_WHO: usize = 60;
/// Names that a column has room for.
const NAMES: usize = 4;

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
    /// A part of the name of a role or of who holds it.
    #[serde(default)]
    who: String,
}

/// Whether a role, by its name and titles, or one of those who hold it is meant by what was typed.
fn is_meant(who: &str, role: &[&str], holders: &[String]) -> bool {
    let wanted = who.to_lowercase();
    let mut texts = role.iter().copied().chain(holders.iter().map(String::as_str));
    wanted.is_empty() || texts.any(|text| text.to_lowercase().contains(&wanted))
}

/// `/permissions`: actions down, roles across; those that somebody holds, or all; or those of one role or person.
/// Of these only the actions are shown that one of the roles grants.
async fn page(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let held = holders(&mut work).await?;
    let all = asked.roles == "all";
    let every = visit.app.roles();
    let who: String = asked.who.trim().chars().take(MAX_WHO).collect();
    let mut roles: Vec<&str> = every.iter().map(|(id, _)| id).filter(|id| all || held.contains_key(*id)).collect();
    roles.retain(|id| {
        let (zh, en) = (every.title(id, Lang::ZhCn), every.title(id, Lang::En));
        is_meant(&who, &[*id, zh.as_str(), en.as_str()], held.get(*id).map(Vec::as_slice).unwrap_or_default())
    });
    let mut body = tabs(&ui, if all { "all" } else { "held" });
    body.push(&search(&ui, &asked.roles, &who));
    if roles.is_empty() {
        let none = Empty { icon: Some(Icon::Key), title: ui.t("permissions-none"), ..Empty::default() };
        body.push(&ui.empty(none));
    } else {
        let granted =
            |action: &&str| roles.iter().any(|id| every.get(id).is_some_and(|r| r.grants.contains_key(*action)));
        let shown = actions(&visit).into_iter().filter(|action| who.is_empty() || granted(action)).collect();
        body.push(&table(&visit, &ui, (&roles, shown), &held));
    }
    let take = Button::link(Look::Secondary, ui.t("permissions-export"), "/permissions/export.xlsx");
    let head = Page::new(ui.t("permissions-title"), "permissions")
        .subtitle(ui.t("permissions-note"))
        .actions(ui.button(take.icon(Icon::Download)))
        .rail();
    visit.page_of(&head, &body)
}

/// Finds a role or a person among the columns.
fn search(ui: &Ui, roles: &str, who: &str) -> Html {
    let mut out = Html::new();
    out.raw("<form class=\"panel panel-body form grid\" method=\"get\" action=\"/permissions\">");
    if !roles.is_empty() {
        out.raw("<input type=\"hidden\" name=\"roles\"").attr("value", roles).raw(">");
    }
    out.push(&ui.field(Field::new("who", ui.t("permissions-who"), Input::Text).value(who)));
    out.raw("<div class=\"buttons\">");
    out.push(&ui.button(Button::submit(Look::Secondary, ui.t("search")).icon(Icon::Search)));
    out.raw("</div></form>");
    out
}

/// Names as far as a column has room for them, and how many more there are.
fn some_of(ui: &Ui, names: &[String]) -> String {
    let told = names.iter().take(NAMES).cloned().collect::<Vec<_>>().join(&ui.t("list-comma"));
    match names.len().saturating_sub(NAMES) {
        0 => told,
        more => format!("{told} {}", ui.t1("permissions-more", "count", more)),
    }
}

fn table(
    visit: &Visit,
    ui: &Ui,
    (roles, actions): (&[&str], Vec<&'static str>),
    held: &BTreeMap<String, Vec<String>>,
) -> Html {
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><div class=\"scroll across tall\"><table class=\"table matrix\"><caption class=\"unseen\">");
    out.text(ui.t("permissions-title")).raw("</caption><thead><tr><th scope=\"col\">").text(ui.t("permission-action"));
    out.raw("</th>");
    for role in roles {
        out.raw("<th scope=\"col\">").text(visit.app.roles().title(role, visit.lang)).raw("</th>");
    }
    out.raw("</tr></thead><tbody><tr class=\"who\"><th scope=\"row\">").text(ui.t("permission-holders")).raw("</th>");
    for role in roles {
        match held.get(*role) {
            Some(names) => {
                out.raw("<td").attr("title", names.join(&ui.t("list-comma"))).raw(">").text(some_of(ui, names))
            }
            None => out.raw("<td>").text("—"),
        };
        out.raw("</td>");
    }
    out.raw("</tr>");
    for action in actions {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_found_by_its_name_and_by_who_holds_it() {
        let holders = ["王敏".to_owned(), "Zhao Lei".to_owned()];
        let meant = |who: &str| is_meant(who, &["collector", "催收员", "Collector"], &holders);
        for who in ["", "催收", "COLL", "王", "zhao"] {
            assert!(meant(who), "{who}");
        }
        assert!(!meant("会计"));
    }
}
