//! Pages of the rules (制度页): versions, switches, parameters, tables with their articles, the register of articles.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use policy::{Parameter, TableSheet};

use super::cache::InForce;
use super::store::{self, Version, VersionState};
use super::{PolicyError, actions, article, in_force};
use crate::approval::ApprovalKind;
use crate::duty::pages_parts::{article_address, english, names};
use crate::error::ActionError;
use crate::page::{Button, Html, Icon, Look, Page, Tone, Ui};
use crate::web::{Routes, Visit, WebError};

/// Look at versions, tables, articles and switches.
pub const POLICY_VIEW: &str = "policy.view";
/// Write and submit versions.
pub const POLICY_DRAFT: &str = "policy.draft";
/// Decide, as the second person, on a version.
pub const POLICY_APPROVE: &str = "policy.approve";

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/policies", POLICY_VIEW, overview)
        .get("/policies/tables/{id}", POLICY_VIEW, table)
        // Whoever is held to a rule may read its article.
        .get_own("/policies/articles/{id}", article::page)
}

pub(crate) fn approval_kinds() -> Vec<ApprovalKind> {
    vec![ApprovalKind {
        kind: "policy",
        title: "approval-policy",
        action: POLICY_APPROVE,
        mend: |_| "/policies".to_owned(),
        approved: |work, approval| Box::pin(actions::approved(work, approval)),
        refused: |work, approval| Box::pin(actions::refused(work, approval)),
    }]
}

/// A version as the page shows it.
struct VersionLine {
    it: Version,
    state: Html,
    by: String,
}

/// A parameter as the page shows it.
struct ParameterLine {
    title: String,
    name: String,
    value: String,
    settles: String,
    article: String,
    article_page: String,
}

/// An article as the register shows it.
struct ArticleLine {
    page: String,
    title: String,
    gist: String,
    source: String,
    sure: Html,
}

#[derive(Template)]
#[template(path = "policies/overview.html")]
struct Overview<'a> {
    ui: &'a Ui,
    title: String,
    version: String,
    digest: String,
    versions: Vec<VersionLine>,
    switches: Vec<ParameterLine>,
    parameters: Vec<ParameterLine>,
    tables: Vec<(String, String)>,
    articles: Vec<ArticleLine>,
}

async fn overview(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let en = english(&ui);
    let mut work = visit.read().await?;
    work.authorise(POLICY_VIEW)?;
    let on = work.business_date;
    let rules = in_force(&mut work, on).await?;
    let versions = store::versions(&mut work.tx).await?;
    let people = names(&mut work, versions.iter().map(|version| version.drafted_by)).await?;
    let edition = rules.edition(on);
    let pack = rules.pack();
    let body = Overview {
        title: pack.title().in_language(en).to_owned(),
        version: pack.version().version.clone(),
        digest: pack.version().digest.chars().take(16).collect(),
        versions: versions
            .into_iter()
            .map(|it| VersionLine {
                state: version_badge(&ui, it.state, it.id == rules.version),
                by: people.get(&it.drafted_by).cloned().unwrap_or_else(|| ui.t("policy-shipped")),
                it,
            })
            .collect(),
        switches: edition.switches().map(|one| parameter(&rules, one, en)).collect(),
        parameters: edition.parameters().filter(|one| !one.is_switch()).map(|one| parameter(&rules, one, en)).collect(),
        tables: edition
            .decisions()
            .map(|one| (one.id().to_owned(), one.sheet().title.in_language(en).to_owned()))
            .collect(),
        articles: pack
            .articles()
            .map(|one| {
                let (title, gist) = (one.title.in_language(en).to_owned(), one.gist.in_language(en).to_owned());
                let (page, source) = (article_address(&one.id), one.source.clone());
                ArticleLine { page, title, gist, source, sure: article::sure_badge(&ui, one.confidence) }
            })
            .collect(),
        ui: &ui,
    };
    visit.page(&Page::new(ui.t("policies-title"), "policies").subtitle(&body.title), &body)
}

fn parameter(rules: &Arc<InForce>, one: &Parameter, en: bool) -> ParameterLine {
    ParameterLine {
        title: one.title.in_language(en).to_owned(),
        name: one.name.clone(),
        value: one.value.to_text(),
        settles: one.resolves.clone().unwrap_or_default(),
        article: rules.article_title(&one.article, en),
        article_page: article_address(&one.article),
    }
}

fn version_badge(ui: &Ui, state: VersionState, rules_now: bool) -> Html {
    let (tone, icon, id) = match state {
        VersionState::Approved if rules_now => (Tone::Ok, Icon::CircleCheck, "policy-in-force"),
        VersionState::Approved => (Tone::Info, Icon::Check, "policy-approved"),
        VersionState::Submitted => (Tone::Accent, Icon::Clock, "policy-submitted"),
        VersionState::Draft => (Tone::Neutral, Icon::Pencil, "policy-draft"),
        VersionState::Rejected => (Tone::Doubt, Icon::X, "policy-rejected"),
    };
    ui.badge(tone, icon, ui.t(id))
}

#[derive(Template)]
#[template(path = "policies/table.html")]
struct TablePage<'a> {
    ui: &'a Ui,
    rule: String,
    hit: String,
    grids: Vec<Grid>,
}

/// A table as written: the pack it comes from, its heads, its rows with their article.
struct Grid {
    pack: String,
    heads: Vec<(String, bool)>,
    rows: Vec<(Vec<String>, String, String)>,
}

async fn table(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let en = english(&ui);
    let mut work = visit.read().await?;
    work.authorise(POLICY_VIEW)?;
    let on = work.business_date;
    let rules = in_force(&mut work, on).await?;
    let decision = rules.edition(on).decision(&id).map_err(|error| ActionError::from(PolicyError::from(error)))?;
    let files = store::files(&mut work.tx, rules.version).await?;
    let mut grids = vec![grid(&rules, &files, decision.sheet(), ui.t("policy-own-table"), en)];
    if let Some(law) = decision.law() {
        grids.push(grid(&rules, &files, law, ui.t("policy-law-table"), en));
    }
    let sheet = decision.sheet();
    let body = TablePage { ui: &ui, rule: sheet.rule.clone(), hit: format!("{:?}", sheet.hit).to_lowercase(), grids };
    let back = ui.button(Button::link(Look::Secondary, ui.t("back"), "/policies"));
    let page = Page::new(sheet.title.in_language(en), "policies").subtitle(&id).actions(back);
    visit.page(&page, &body)
}

/// The rows as written in the file, so that the page shows what the spreadsheet shows.
fn grid(rules: &Arc<InForce>, files: &BTreeMap<String, String>, sheet: &TableSheet, pack: String, en: bool) -> Grid {
    let text = files.get(&sheet.file).map(String::as_str).unwrap_or_default();
    let lines: Vec<Vec<String>> = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
        .records()
        .filter_map(Result::ok)
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect();
    let columns =
        lines.iter().find(|line| line.first().is_some_and(|cell| cell == "column")).cloned().unwrap_or_default();
    let outputs: Vec<&str> = sheet.outputs.iter().map(|output| output.name.as_str()).collect();
    let shown: Vec<usize> = (1..columns.len())
        .filter(|&at| {
            columns.get(at).is_some_and(|name| !name.is_empty() && name != "article" && !name.starts_with("note"))
        })
        .collect();
    let title = |at: &usize| {
        let name = columns.get(*at).cloned().unwrap_or_default();
        let fact = rules.pack().dictionary().get(&name);
        let is_output = outputs.contains(&name.as_str());
        (fact.map_or(name, |fact| fact.title.in_language(en).to_owned()), is_output)
    };
    let rows = sheet.rows.iter().map(|row| {
        let line = lines.get((row.number as usize).saturating_sub(1));
        let cells = shown.iter().map(|&at| line.and_then(|line| line.get(at)).cloned().unwrap_or_default()).collect();
        let first = row.article.split('|').next().unwrap_or_default();
        (cells, rules.article_title(first, en), article_address(first))
    });
    Grid { pack, heads: shown.iter().map(title).collect(), rows: rows.collect() }
}
