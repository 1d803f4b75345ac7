//! Pages of versions (制度版本页): what a version says, what it changed, who confirmed having read it; and the switches.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::civil::Date;
use policy::{FactType, Parameter, ParameterType};
use serde::Deserialize;

use super::cache::of_version;
use super::difference::{self, Line};
use super::pages::{POLICY_VIEW, sheet_panel, table_body, version_badge};
use super::reading::{self, Reader};
use super::store::{self, Version, VersionState};
use super::value_words::{choice, value_text};
use super::{InForce, PolicyError, in_force};
use crate::duty::pages_parts::{article_address, english, names};
use crate::error::ActionError;
use crate::page::{Button, Guard, Html, Icon, Look, Page, Tone, Ui};
use crate::web::{Posted, Routes, Visit, WebError};
use crate::work::Work;

pub(super) fn routes() -> Routes {
    Routes::new()
        // Whoever is held to the rules may read them, and confirms it in their own name.
        .get_own("/policies/versions/{id}", version)
        .data_own::<super::data::VersionDetail, _, _>("/policies/versions/{id}", super::data::version)
        .post_own("/policies/versions/{id}/read", read)
        .get_own("/policies/versions/{id}/tables/{decision}", table)
        .data_own::<super::data::DecisionData, _, _>(
            "/policies/versions/{id}/tables/{decision}",
            super::data::version_table,
        )
        .get("/policies/switches", POLICY_VIEW, switches)
        .data::<Vec<super::data::ParameterData>, _, _>("/policies/switches", POLICY_VIEW, super::data::switches)
}

#[derive(Debug, Default, Deserialize)]
struct Against {
    /// The version to tell the difference from; the one before when not named.
    #[serde(default)]
    against: String,
}

#[derive(Template)]
#[template(path = "policies/version.html")]
struct VersionPage<'a> {
    ui: &'a Ui,
    it: &'a Version,
    state: Html,
    by: String,
    superseded: bool,
    read_on: String,
    may_confirm: bool,
    guard: Guard,
    readers: Vec<Reader>,
    unread: usize,
    sees_readers: bool,
    against: String,
    others: Vec<(String, String, bool)>,
    changes: Vec<Line>,
    tables: Vec<(String, String)>,
    heads: Vec<Head>,
}

/// What stands at the head of a rule set (制度总则), S1-01, S1-02.
struct Head {
    title: String,
    purpose: String,
    scope: String,
    principles: Vec<String>,
    /// What else the text says of itself: what it is, and in words.
    further: Vec<(String, String)>,
}

/// What else a text says of itself (S5.1-01, S5.2-07, S5.7-08, S2.16-01).
fn further(ui: &Ui, further: &policy::Further) -> Vec<(String, String)> {
    let said = |title: &policy::Title| title.in_language(english(ui)).to_owned();
    let row = |id: &str, text: String| (ui.t(id), text);
    let mut rows: Vec<(String, String)> = further.tenets.iter().map(|tenet| row("policy-tenet", said(tenet))).collect();
    rows.extend(further.bases.iter().map(|basis| row("policy-basis", said(basis))));
    if !further.chapters.is_empty() {
        let chapter = |(title, missing): &(policy::Title, bool)| match missing {
            true => ui.t1("policy-chapter-missing", "chapter", said(title)),
            false => said(title),
        };
        let chapters: Vec<String> = further.chapters.iter().map(chapter).collect();
        rows.push(row("policy-chapters", chapters.join(&ui.t("list-comma"))));
    }
    if !further.interpreter.zh.is_empty() {
        rows.push(row("policy-interpreter", said(&further.interpreter)));
    }
    if further.trial {
        rows.push(row("policy-status", ui.t("policy-trial")));
    }
    if further.prevails {
        rows.push(row("policy-precedence", ui.t("policy-prevails")));
    }
    rows
}

/// The heads of a version that say something.
fn heads(ui: &Ui, rules: &InForce) -> Vec<Head> {
    let said = |title: &policy::Title| title.in_language(english(ui)).to_owned();
    let sets = rules.pack().rule_sets().iter().filter(|one| !one.principles.is_empty());
    let head = |one: &policy::RuleSet| Head {
        title: said(&one.title),
        purpose: said(&one.purpose),
        scope: said(&one.scope),
        principles: one
            .principles
            .iter()
            .map(|name| ui.t(format!("policy-principle-{}", name.replace('_', "-"))))
            .collect(),
        further: further(ui, &one.further),
    };
    sets.map(head).collect()
}

/// An approved version: drafts of it and what was refused are nobody's rules.
pub(super) async fn approved(work: &mut Work, id: i64) -> Result<Version, ActionError> {
    let found = store::version(&mut work.tx, id).await?;
    found.filter(|version| version.state == VersionState::Approved).ok_or_else(|| PolicyError::Unknown.into())
}

/// The other approved versions, the latest first.
async fn others(work: &mut Work, it: &Version) -> Result<Vec<Version>, ActionError> {
    let all = store::versions(&mut work.tx).await?.into_iter();
    Ok(all.filter(|one| one.state == VersionState::Approved && one.id != it.id).collect())
}

/// The version that the difference is told from: the one asked for, else the one before.
fn told_from(it: &Version, others: &[Version], asked: &str) -> Option<i64> {
    let before = others.iter().find(|one| (one.effective_from, one.id) < (it.effective_from, it.id)).map(|one| one.id);
    asked.parse().ok().filter(|id| others.iter().any(|one| one.id == *id)).or(before)
}

/// The same, looked up.
pub(super) async fn before(work: &mut Work, it: &Version, asked: &str) -> Result<Option<i64>, ActionError> {
    Ok(told_from(it, &others(work, it).await?, asked))
}

/// The day on which a version's tables are shown: today if it rules, else its first.
pub(super) async fn rules_from(work: &mut Work, it: &Version) -> Result<Date, ActionError> {
    let now = store::version_on(&mut work.tx, work.business_date).await?;
    Ok(if now == Some(it.id) { work.business_date } else { it.effective_from })
}

async fn version(visit: Visit, Path(id): Path<i64>, Query(asked): Query<Against>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let it = approved(&mut work, id).await?;
    let rules = of_version(&mut work, id).await?;
    let on = work.business_date;
    let now = store::version_on(&mut work.tx, on).await?;
    let all = others(&mut work, &it).await?;
    let against = told_from(&it, &all, &asked.against);
    let changes = match against {
        Some(from) => difference::words(&ui, &difference::between(&mut work, from, id).await?, rules.pack()),
        None => Vec::new(),
    };
    let readers = reading::readers(&mut work, id).await?;
    let mine = readers.iter().find(|one| one.user == work.actor.recorded_by()).cloned();
    let people = names(&mut work, [it.drafted_by, it.approved_by.unwrap_or(0)].into_iter()).await?;
    let by = [Some(it.drafted_by), it.approved_by].into_iter().flatten().filter_map(|key| people.get(&key).cloned());
    let by = by.collect::<Vec<String>>().join(" · ");
    let body = VersionPage {
        state: version_badge(&ui, it.state, now == Some(id)),
        by: if by.is_empty() { ui.t("policy-shipped") } else { by },
        superseded: now != Some(id) && it.effective_from <= on,
        read_on: mine.as_ref().and_then(|one| one.read_on).map(|on| on.to_string()).unwrap_or_default(),
        may_confirm: mine.is_some_and(|one| one.read_on.is_none()),
        guard: visit.guard(),
        unread: readers.iter().filter(|one| one.read_on.is_none()).count(),
        sees_readers: visit.may(POLICY_VIEW),
        against: against.and_then(|id| all.iter().find(|one| one.id == id)).map(name).unwrap_or_default(),
        others: all.iter().map(|one| (one.id.to_string(), name(one), Some(one.id) == against)).collect(),
        changes,
        tables: tables(&ui, &rules, &it),
        heads: heads(&ui, &rules),
        readers,
        ui: &ui,
        it: &it,
    };
    // Everybody reads a version; only some see all of them.
    let all = if visit.may(POLICY_VIEW) { "/policies" } else { "/" };
    let back = ui.button(Button::link(Look::Secondary, ui.t("back"), all));
    visit.page(&Page::new(name(&it), "policies").subtitle(it.effective_from.to_string()).actions(back), &body)
}

fn name(version: &Version) -> String {
    format!("{} {} · {}", version.pack, version.version, version.effective_from)
}

fn tables(ui: &Ui, rules: &InForce, it: &Version) -> Vec<(String, String)> {
    let named = |one: &policy::Decision| (one.id().to_owned(), one.sheet().title.in_language(english(ui)).to_owned());
    rules.edition(it.effective_from).decisions().map(named).collect()
}

async fn table(visit: Visit, Path((id, decision)): Path<(i64, String)>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let it = approved(&mut work, id).await?;
    let rules = of_version(&mut work, id).await?;
    let on = rules_from(&mut work, &it).await?;
    let (title, body) = match rules.edition(on).decision(&decision) {
        Ok(one) => (one.sheet().title.clone(), table_body(&ui, rules.pack(), on, &decision)?),
        Err(_) => {
            // A table of another date of the same version stays readable (S5.4-06).
            let sheet = rules.pack().tables().map(|(_, sheet)| sheet).find(|sheet| sheet.decision == decision);
            let sheet = sheet.ok_or_else(|| ActionError::from(PolicyError::Unknown))?;
            (sheet.title.clone(), sheet_panel(&ui, rules.pack(), sheet, &ui.t("policy-own-table")))
        }
    };
    let back = ui.button(Button::link(Look::Secondary, ui.t("back"), format!("/policies/versions/{id}")));
    let page = Page::new(title.in_language(english(&ui)), "policies");
    visit.page_of(&page.subtitle(format!("{decision} · {}", name(&it))).actions(back), &body)
}

#[derive(Debug, Deserialize)]
struct ReadForm {}

async fn read(Path(id): Path<i64>, posted: Posted<ReadForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("policy.read").await?;
    reading::confirm(&mut work, id).await?;
    posted.done(work, format!("/policies/versions/{id}")).await
}

/// A switch with what else could be chosen.
struct Switch {
    settles: String,
    title: String,
    name: String,
    value: String,
    others: Vec<String>,
    kind: String,
    article: String,
    article_page: String,
}

#[derive(Template)]
#[template(path = "policies/switches.html")]
struct SwitchesPage<'a> {
    ui: &'a Ui,
    registers: Vec<(&'static str, Vec<Switch>)>,
}

async fn switches(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    work.authorise(POLICY_VIEW)?;
    let on = work.business_date;
    let rules = in_force(&mut work, on).await?;
    let mut all: Vec<Switch> = rules.edition(on).switches().map(|one| switch(&ui, &rules, one)).collect();
    all.sort_by(|a, b| (&a.settles, &a.name).cmp(&(&b.settles, &b.name)));
    let (contradictions, ambiguities): (Vec<Switch>, Vec<Switch>) =
        all.into_iter().partition(|one| one.settles.starts_with('C'));
    let body = SwitchesPage {
        ui: &ui,
        registers: vec![("desk-contradictions", contradictions), ("desk-ambiguities", ambiguities)],
    };
    let back = ui.button(Button::link(Look::Secondary, ui.t("back"), "/policies"));
    let page = Page::new(ui.t("policy-switches"), "policies").subtitle(ui.t("policy-switches-note")).actions(back);
    visit.page(&page, &body)
}

fn switch(ui: &Ui, rules: &InForce, one: &Parameter) -> Switch {
    let value = one.value.to_text();
    let others = match &one.kind {
        ParameterType::One(FactType::OneOf { values, .. }) => {
            values.iter().filter(|v| **v != value).map(|other| choice(ui, &one.name, other)).collect()
        }
        ParameterType::One(FactType::Boolean) => {
            vec![choice(ui, &one.name, if value == "true" { "false" } else { "true" })]
        }
        ParameterType::One(_) | ParameterType::Integers(_) | ParameterType::Texts => Vec::new(),
    };
    let kind = match &one.kind {
        ParameterType::One(kind) if others.is_empty() => kind.to_text(),
        ParameterType::Integers(unit) => format!("{}…", unit.name()),
        ParameterType::One(_) | ParameterType::Texts => String::new(),
    };
    Switch {
        settles: one.resolves.clone().unwrap_or_default(),
        title: one.title.in_language(english(ui)).to_owned(),
        name: one.name.clone(),
        value: value_text(ui, one),
        others,
        kind,
        article: rules.article_title(&one.article, english(ui)),
        article_page: article_address(&one.article),
    }
}
