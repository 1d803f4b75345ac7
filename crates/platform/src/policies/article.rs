//! The page of an article (条款页): what it says, how sure the text is, which rules stand on it, in which versions.
//!
//! The address is `/policies/articles/{id}`: `{id}` is the article's id in the pack's register, percent-encoded.
//! A request with the header `HX-Request` gets the panels alone, for a drawer.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use policy::{Article, Confidence, TableSheet};

use super::cache::{InForce, of_version};
use super::pages::POLICY_VIEW;
use super::store::{self, VersionState};
use super::{PolicyError, in_force};
use crate::duty::pages_parts::english;
use crate::error::ActionError;
use crate::page::{Html, Icon, Page, Tone, Ui};
use crate::web::{Visit, WebError};
use crate::work::Work;

/// The versions that the page looks through, the newest first.
const VERSIONS: usize = 12;

/// A rule that stands on an article (引用).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Citing {
    /// The message that names what it is: a parameter, a table, a duty.
    what: &'static str,
    title: String,
    id: String,
    /// Its page; empty when it has none.
    page: String,
}

/// A version that cites the article, with the number of its rules that do.
struct CitingVersion {
    name: String,
    from: Date,
    rules: usize,
    now: bool,
}

#[derive(Template)]
#[template(path = "policies/article.html")]
struct ArticlePage<'a> {
    ui: &'a Ui,
    article: &'a Article,
    gist: String,
    sure: Html,
    unsure: bool,
    repealed: String,
    citing: Vec<Citing>,
    versions: Vec<CitingVersion>,
    may_view: bool,
}

/// `/policies/articles/{id}`
pub(super) async fn page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let en = english(&ui);
    let mut work = visit.read().await?;
    let on = work.business_date;
    let rules = in_force(&mut work, on).await?;
    let article = rules.pack().article(&id).ok_or_else(|| ActionError::from(PolicyError::Unknown))?;
    let body = ArticlePage {
        gist: article.gist.in_language(en).to_owned(),
        sure: sure_badge(&ui, article.confidence),
        unsure: article.confidence == Confidence::Unsure,
        repealed: article.repealed_by.clone().unwrap_or_default(),
        citing: citing(&rules, on, &id, en),
        versions: versions(&mut work, (rules.version, on), &id).await?,
        may_view: visit.may(POLICY_VIEW),
        article,
        ui: &ui,
    };
    if visit.request.fragment() {
        return Ok(axum::response::Html(Html::of_template(&body)?.into_string()).into_response());
    }
    visit.page(&Page::new(article.title.in_language(en), "policies").subtitle(&id), &body)
}

/// How sure the text of an article is, as word, shape and tone.
pub(super) fn sure_badge(ui: &Ui, confidence: Confidence) -> Html {
    let (tone, icon, id) = match confidence {
        Confidence::Text => (Tone::Ok, Icon::CircleCheck, "confidence-text"),
        Confidence::Seen => (Tone::Info, Icon::Eye, "confidence-seen"),
        Confidence::Unsure => (Tone::Watch, Icon::AlertTriangle, "confidence-unsure"),
        Confidence::House => (Tone::Neutral, Icon::Building, "confidence-house"),
    };
    ui.badge(tone, icon, ui.t(id))
}

/// The approved versions that cite the article: the one in force as it reads today, the others as they began.
async fn versions(
    work: &mut Work,
    (now, today): (i64, Date),
    article: &str,
) -> Result<Vec<CitingVersion>, ActionError> {
    let approved = store::versions(&mut work.tx).await?;
    let mut found = Vec::new();
    for version in approved.into_iter().filter(|one| one.state == VersionState::Approved).take(VERSIONS) {
        let rules = of_version(work, version.id).await?;
        let on = if version.id == now { today } else { version.effective_from };
        let count = citing(&rules, on, article, false).len();
        if count > 0 {
            let name = format!("{} {}", version.pack, version.version);
            found.push(CitingVersion { name, from: version.effective_from, rules: count, now: version.id == now });
        }
    }
    Ok(found)
}

/// Every rule of a version that names the article on a date, in the order in which a pack is read.
fn citing(rules: &InForce, on: Date, article: &str, en: bool) -> Vec<Citing> {
    let edition = rules.edition(on);
    let names = |given: &str| given.split('|').any(|one| one.trim() == article);
    let mut found = Vec::new();
    for one in edition.parameters().filter(|one| names(&one.article)) {
        let what = if one.is_switch() { "cites-switch" } else { "cites-parameter" };
        found.push(Citing {
            what,
            title: one.title.in_language(en).to_owned(),
            id: one.name.clone(),
            page: "/policies".to_owned(),
        });
    }
    for decision in edition.decisions() {
        let sheets = std::iter::once(decision.sheet()).chain(decision.law());
        if sheets.into_iter().any(|sheet: &TableSheet| sheet.rows.iter().any(|row| names(&row.article))) {
            let title = decision.sheet().title.in_language(en).to_owned();
            let page = format!("/policies/tables/{}", decision.id());
            found.push(Citing { what: "cites-table", title, id: decision.id().to_owned(), page });
        }
    }
    let mut plain = |what, title: &policy::Title, id: &str, given: &str| {
        if names(given) {
            let title = title.in_language(en).to_owned();
            found.push(Citing { what, title, id: id.to_owned(), page: String::new() });
        }
    };
    for one in edition.duties() {
        plain("cites-duty", &one.title, &one.id, &one.article);
    }
    for one in edition.products(on) {
        plain("cites-product", &one.title, &one.id, &one.article);
    }
    for one in rules.pack().templates() {
        plain("cites-template", &one.title, &one.id, &one.article);
    }
    for one in rules.pack().roles() {
        plain("cites-role", &one.title, &one.id, &one.article);
    }
    found
}
