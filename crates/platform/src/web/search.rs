//! Search (搜索): one box over what every capability can find.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

use super::{Visit, WebError};
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::page::{Page, Ui};
use crate::work::Work;

/// The most that one capability shows.
const LIMIT: i64 = 20;
/// The longest text that is looked for.
const MAX_CHARS: usize = 60;

/// Something found (搜索结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Its name.
    pub title: String,
    /// What tells it from others of the same name; nothing personal in clear.
    pub note: String,
    /// Its page.
    pub href: String,
}

/// The form of a search: the work, what is looked for, the limit.
pub type Find = for<'a> fn(&'a mut Work, &'a str, i64) -> BoxFuture<'a, Result<Vec<Hit>, ActionError>>;

/// What a capability can find (搜索项). The function itself keeps to the person's data scope.
#[derive(Debug, Clone, Copy)]
pub struct Searcher {
    /// The message that names what is found: 客户, 借据.
    pub label: &'static str,
    /// The action needed.
    pub action: &'static str,
    /// Finds.
    pub find: Find,
}

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Debug, Template)]
#[template(path = "access/search.html")]
struct SearchPage {
    ui: Ui,
    asked: String,
    groups: Vec<(String, Vec<Hit>)>,
}

/// `/search?q=`
pub(super) async fn page(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let asked: String = asked.q.trim().chars().take(MAX_CHARS).collect();
    let mut groups = Vec::new();
    if !asked.is_empty() {
        let mut work = visit.read().await?;
        for searcher in visit.app.capabilities.iter().flat_map(|capability| capability.search()) {
            if visit.may(searcher.action) {
                let hits = (searcher.find)(&mut work, &asked, LIMIT).await?;
                groups.push((ui.t(searcher.label), hits));
            }
        }
    }
    groups.retain(|(_, hits)| !hits.is_empty());
    visit.page(&Page::new(ui.t("search"), ""), &SearchPage { ui: ui.clone(), asked, groups })
}
