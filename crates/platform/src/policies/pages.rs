//! Pages of the rules (制度页): versions, switches, parameters, tables with their articles, the register of articles.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use policy::{HitPolicy, Pack, Parameter, TableSheet};

use super::cache::InForce;
use super::draft::{Draft, DraftState, actions as drafting, store as drafts};
use super::store::{self, Version, VersionState};
use super::value_words::{column_title, condition_text, outcome_text, output_title, value_text};
use super::{PolicyError, actions, article, in_force, reading};
use crate::approval::ApprovalKind;
use crate::duty::pages_parts::{article_address, english, names};
use crate::error::ActionError;
use crate::page::{Button, Guard, Html, Icon, Look, Page, Side, Table, Tone, Ui};
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
        .data::<super::data::PoliciesData, _, _>("/policies", POLICY_VIEW, super::data::policies)
        .get("/policies/tables/{id}", POLICY_VIEW, table)
        .data::<super::data::DecisionData, _, _>("/policies/tables/{id}", POLICY_VIEW, super::data::table)
        // Whoever is held to a rule may read its article.
        .get_own("/policies/articles/{id}", article::page)
        .data_own::<super::article_data::ArticleData, _, _>("/policies/articles/{id}", super::article_data::article)
}

pub(crate) fn approval_kinds() -> Vec<ApprovalKind> {
    vec![ApprovalKind {
        kind: "policy",
        title: "approval-policy",
        action: POLICY_APPROVE,
        mend: |approval| {
            let page = approval.payload.get("draft_page").and_then(|page| page.as_str());
            page.unwrap_or("/policies").to_owned()
        },
        approved: |work, approval| Box::pin(actions::approved(work, approval)),
        refused: |work, approval| Box::pin(actions::refused(work, approval)),
    }]
}

/// A version as the page shows it.
struct VersionLine {
    it: Version,
    state: Html,
    by: String,
    read: String,
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
    drafts: Vec<Draft>,
    may_draft: bool,
    newer: String,
    guards: [Guard; 2],
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
    let staff = reading::staff(&mut work).await?;
    let (staff, read) = (staff.len(), reading::counts(&mut work, &staff).await?);
    let edition = rules.edition(on);
    let pack = rules.pack();
    let body = Overview {
        drafts: drafts::open(&mut work.tx).await?,
        may_draft: visit.may(POLICY_DRAFT),
        newer: match visit.may(POLICY_DRAFT) {
            true => drafting::newer_shipped(&mut work).await?.join(&ui.t("list-comma")),
            false => String::new(),
        },
        guards: [visit.guard(), visit.guard()],
        title: pack.title().in_language(en).to_owned(),
        version: pack.version().version.clone(),
        digest: pack.version().digest.chars().take(16).collect(),
        versions: versions
            .into_iter()
            .map(|it| VersionLine {
                state: version_badge(&ui, it.state, it.id == rules.version),
                read: if it.state == VersionState::Approved {
                    format!("{} / {staff}", read.get(&it.id).copied().unwrap_or(0))
                } else {
                    String::new()
                },
                by: people.get(&it.drafted_by).cloned().unwrap_or_else(|| ui.t("policy-shipped")),
                it,
            })
            .collect(),
        switches: edition.switches().map(|one| parameter(&ui, &rules, one)).collect(),
        parameters: edition
            .parameters()
            .filter(|one| !one.is_switch())
            .map(|one| parameter(&ui, &rules, one))
            .collect(),
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

fn parameter(ui: &Ui, rules: &Arc<InForce>, one: &Parameter) -> ParameterLine {
    let en = english(ui);
    ParameterLine {
        title: one.title.in_language(en).to_owned(),
        name: one.name.clone(),
        value: value_text(ui, one),
        settles: one.resolves.clone().unwrap_or_default(),
        article: rules.article_title(&one.article, en),
        article_page: article_address(&one.article),
    }
}

pub(super) fn version_badge(ui: &Ui, state: VersionState, rules_now: bool) -> Html {
    let (tone, icon, id) = match state {
        VersionState::Approved if rules_now => (Tone::Ok, Icon::CircleCheck, "policy-in-force"),
        VersionState::Approved => (Tone::Info, Icon::Check, "policy-approved"),
        VersionState::Submitted => (Tone::Accent, Icon::Clock, "policy-submitted"),
        VersionState::Draft => (Tone::Neutral, Icon::Pencil, "policy-draft"),
        VersionState::Rejected => (Tone::Doubt, Icon::X, "policy-rejected"),
    };
    ui.badge(tone, icon, ui.t(id))
}

async fn table(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    work.authorise(POLICY_VIEW)?;
    let on = work.business_date;
    let rules = in_force(&mut work, on).await?;
    let body = table_body(&ui, rules.pack(), on, &id)?;
    let title = rules.edition(on).decision(&id).map(|one| one.sheet().title.in_language(english(&ui)).to_owned());
    let back = ui.button(Button::link(Look::Secondary, ui.t("back"), "/policies"));
    let page = Page::new(title.unwrap_or_default(), "policies").subtitle(&id).actions(back);
    visit.page_of(&page, &body)
}

/// A decision as it rules on a date: the institution's table, and the law's floor under it.
pub(super) fn table_body(ui: &Ui, pack: &Pack, on: Date, id: &str) -> Result<Html, ActionError> {
    let decision = pack.on(on).decision(id).map_err(PolicyError::from)?;
    let mut body = sheet_panel(ui, pack, decision.sheet(), &ui.t("policy-own-table"));
    if let Some(law) = decision.law() {
        body.push(&sheet_panel(ui, pack, law, &ui.t("policy-law-table")));
    }
    Ok(body)
}

/// A table as written, with the article of every row.
pub(super) fn sheet_panel(ui: &Ui, pack: &Pack, sheet: &TableSheet, title: &str) -> Html {
    let en = english(ui);
    let inputs = sheet.inputs.iter().map(|input| (column_title(ui, pack, &input.name), Side::Left));
    let said = |output: &policy::Output| format!("→ {}", output_title(ui, pack, sheet, &output.name));
    let outputs = sheet.outputs.iter().map(|output| (said(output), Side::Left));
    let source = std::iter::once((ui.t("duty-source"), Side::Left));
    let mut table = Table::new(title, inputs.chain(outputs).chain(source));
    for row in &sheet.rows {
        let first = row.article.split('|').next().unwrap_or_default();
        let name = pack.article(first).map_or(first, |article| article.title.in_language(en));
        let outcome = |(output, text): (&policy::Output, &String)| {
            Html::of_text(outcome_text(ui, pack, (&output.name, Some(&output.kind)), text))
        };
        let condition = |(input, text): (&policy::Input, &String)| {
            Html::of_text(condition_text(ui, pack, (&input.name, &input.kind), text))
        };
        let cells = sheet.inputs.iter().zip(&row.texts).map(condition);
        let results = sheet.outputs.iter().zip(&row.results).map(outcome);
        table.row(cells.chain(results).chain(std::iter::once(ui.citation(article_address(first), name))));
    }
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(title).raw("</h2><span class=\"sub\">");
    out.push(&ui.rule(&sheet.rule)).raw(" ").text(ui.t(format!("desk-hit-{}", hit_name(sheet.hit))));
    for name in principles(pack, sheet) {
        out.raw(" · ").text(ui.t(format!("policy-principle-{}", name.replace('_', "-"))));
    }
    out.raw("</span></header>").push(&ui.table(table)).raw("</section>");
    out
}

/// The principles that a table serves (S1-02): its own, else those of its rule set.
pub(super) fn principles<'a>(pack: &'a Pack, sheet: &'a TableSheet) -> &'a [String] {
    if !sheet.principles.is_empty() {
        return &sheet.principles;
    }
    let folder = sheet.file.split('/').next().unwrap_or_default();
    pack.rule_sets().iter().find(|set| set.pack == folder).map_or(&[], |set| set.principles.as_slice())
}

pub(super) fn hit_name(hit: HitPolicy) -> &'static str {
    match hit {
        HitPolicy::First => "first",
        HitPolicy::Unique => "unique",
        HitPolicy::Collect => "collect",
        HitPolicy::Priority => "priority",
    }
}
