//! Who does what, on one page: a post a panel.

use axum::response::Response;
use platform::access;
use platform::error::ActionError;
use platform::locale::Lang;
use platform::page::{Empty, Html, Icon, Page, Side, Table, Tone, Ui};
use platform::policies::{self, InForce, PolicyError, article_address};
use platform::web::{Routes, Visit, WebError};

use super::PAGE;
use super::rules::{self, Post};
use crate::CASE_VIEW;

/// The article on scope and principles.
const PRINCIPLES: &str = "overdue.principles";

/// The page of the posts.
pub(super) fn routes() -> Routes {
    Routes::new().get(PAGE, CASE_VIEW, show).data::<Vec<super::data::PostData>, _, _>(
        PAGE,
        CASE_VIEW,
        super::data::posts,
    )
}

async fn show(visit: Visit) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let scope = work.authorise(CASE_VIEW).map_err(ActionError::from)?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let posts =
        rules::posts(policy.pack(), policy.edition(on)).map_err(PolicyError::from).map_err(ActionError::from)?;
    let names = crate::people(&mut work).await.map_err(ActionError::from)?;
    let mut body = principles(&ui, &policy);
    for post in &posts {
        let held = access::store::holders(&mut work.tx, &post.role).await.map_err(ActionError::from)?;
        let mut people: Vec<String> = held.iter().filter_map(|(user, _)| names.get(user).cloned()).collect();
        if scope.manager != 0 && !people.is_empty() {
            // Who sees own cases only, an agency's people among them, learns how many there are.
            people = vec![people.len().to_string()];
        }
        body.push(&panel(&ui, &policy, post, &people));
    }
    if posts.is_empty() {
        let (title, text) = (ui.t("post-none"), ui.t("post-none-text"));
        body.push(&ui.empty(Empty { icon: Some(Icon::ClipboardList), title, text, step: None }));
    }
    visit.page_of(&Page::new(ui.t("post-title"), "posts").subtitle(ui.t("post-note")), &body)
}

/// For whom the rules of overdue customers hold, and by which principles (S4-01), in the words of the article.
fn principles(ui: &Ui, policy: &InForce) -> Html {
    let mut html = Html::new();
    if let Some(article) = policy.pack().article(PRINCIPLES) {
        let english = ui.lang() == Lang::En;
        let mut said = Html::new();
        said.text(article.gist.in_language(english)).raw(" ");
        said.push(&ui.citation(article_address(PRINCIPLES), article.title.in_language(english)));
        html.push(&ui.note(Tone::Info, Icon::InfoCircle, said));
    }
    html
}

fn panel(ui: &Ui, policy: &InForce, post: &Post, people: &[String]) -> Html {
    let english = ui.lang() == Lang::En;
    let cite = |article: &str| ui.citation(article_address(article), policy.article_title(article, english));
    let mut html = Html::new();
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(post.title.in_language(english));
    html.raw("</h2><div class=\"end\">");
    if people.is_empty() {
        html.push(&ui.badge(Tone::Watch, Icon::AlertTriangle, ui.t("post-nobody")));
    } else {
        html.text(format!("{} {}", ui.t("post-people"), people.join(&ui.t("list-comma"))));
    }
    html.raw("</div></header>");
    let heads = [("post-task", Side::Left), ("post-permission", Side::Left), ("post-article", Side::Left)];
    let mut table = Table::new(post.title.in_language(english), heads.map(|(id, side)| (ui.t(id), side)));
    for task in &post.tasks {
        let mut may = Html::new();
        let named = ui.locale.find(&format!("action-{}", task.permission.replace(['.', '_'], "-")));
        may.text(named.unwrap_or_else(|| task.permission.clone())).raw(" ");
        let (tone, icon, word) = match task.granted {
            true => (Tone::Ok, Icon::CircleCheck, "post-granted"),
            false => (Tone::Doubt, Icon::AlertTriangle, "post-missing"),
        };
        may.push(&ui.badge(tone, icon, ui.t(word)));
        table.row([Html::of_text(task.words.in_language(english)), may, cite(&task.article)]);
    }
    html.push(&ui.table(table));
    if !post.duties.is_empty() {
        html.raw("<p class=\"panel-body muted\">").text(ui.t("post-duties")).raw("</p><ul class=\"rows\">");
        for duty in &post.duties {
            html.raw("<li>").text(duty.title.in_language(english)).raw("<span class=\"end\">");
            html.push(&cite(&duty.article)).raw("</span></li>");
        }
        html.raw("</ul>");
    }
    html.raw("</section>");
    html
}
