//! What people do with drafts (草案用例): begin, edit tables and parameters, check, submit, give up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use policy::{Pack, Parameter, Problem, RegisterText, TableText};
use serde_json::json;

use super::model::{Checked, Draft, DraftError, DraftState, OWN};
use super::store as drafts;
use crate::approval::{self, ApprovalId, Request};
use crate::audit::{self, Entry};
use crate::clock::civil_minute;
use crate::db::StoreError;
use crate::duty::pages_parts::names;
use crate::error::ActionError;
use crate::id::CustomerId;
use crate::policies::cache::of_version;
use crate::policies::compare::store as comparisons;
use crate::policies::{NewVersion, PolicyError, dictionary, pages::POLICY_DRAFT, store};
use crate::work::Work;

/// The file of the own layer's parameters.
pub const PARAMETERS: &str = "own/parameters.csv";
/// The file of the own layer's articles.
pub const ARTICLES: &str = "own/articles.csv";
/// The file of the own layer's scorecards.
const SCORECARDS: &str = "own/scorecards.csv";
/// The head of the own layer.
const HEAD: &str = "own/pack.csv";

/// Begins a draft as a copy of the last approved version: the own layer of that version, or an empty one above it.
///
/// # Errors
/// Denied; no version is approved; the store's.
pub async fn begin(work: &mut Work, title: &str) -> Result<i64, ActionError> {
    work.authorise(POLICY_DRAFT)?;
    let base = last_approved(work).await?;
    let below = store::files(&mut work.tx, base).await?;
    begin_over(work, title, (base, &below), BTreeMap::new()).await
}

/// The shipped packs that read otherwise in this program than in the last approved version, or that it lacks
/// (随附制度有更新).
///
/// # Errors
/// The store's.
pub async fn newer_shipped(work: &mut Work) -> Result<Vec<String>, ActionError> {
    let base = last_approved(work).await?;
    let below = store::files(&mut work.tx, base).await?;
    Ok(newer(&below, &work.app.settings.packs).into_iter().collect())
}

fn newer(below: &BTreeMap<String, String>, shipped: &BTreeMap<String, String>) -> BTreeSet<String> {
    let other = |(path, text): &(&String, &String)| below.get(*path) != Some(*text);
    let mut newer: BTreeSet<String> = shipped.iter().filter(other).map(|(path, _)| layer(path).to_owned()).collect();
    let shipped_layers: BTreeSet<&str> = shipped.keys().map(|path| layer(path)).collect();
    let gone = below.keys().filter(|path| shipped_layers.contains(layer(path)) && !shipped.contains_key(*path));
    newer.extend(gone.map(|path| layer(path).to_owned()));
    newer
}

/// Begins a draft that puts the packs shipped with this program in the place of those of the same name in the last
/// approved version; the own layer stays above them (rule `policy.shipped`).
///
/// # Errors
/// As [`begin`]; [`DraftError::NothingChanged`] when they read alike.
pub async fn begin_with_shipped(work: &mut Work, title: &str) -> Result<i64, ActionError> {
    work.authorise(POLICY_DRAFT)?;
    let base = last_approved(work).await?;
    let below = store::files(&mut work.tx, base).await?;
    let shipped = Arc::clone(&work.app.settings.packs);
    let newer = newer(&below, &shipped);
    if newer.is_empty() {
        return Err(DraftError::NothingChanged.into());
    }
    let taken = shipped.iter().filter(|(path, _)| newer.contains(layer(path)));
    let taken = taken.map(|(path, text)| (path.clone(), text.clone())).collect();
    begin_over(work, title, (base, &below), taken).await
}

/// The pack that a text belongs to: the folder it stands in.
fn layer(path: &str) -> &str {
    path.split('/').next().unwrap_or_default()
}

/// A draft over a version: its own layer, and packs in the place of those below.
async fn begin_over(
    work: &mut Work,
    title: &str,
    (base, below): (i64, &BTreeMap<String, String>),
    mut files: BTreeMap<String, String>,
) -> Result<i64, ActionError> {
    let rules = of_version(work, base).await?;
    let own = below.iter().filter(|(path, _)| layer(path) == OWN);
    files.extend(own.map(|(path, text)| (path.clone(), text.clone())));
    files.insert(HEAD.to_owned(), head(rules.pack(), files.get(HEAD)));
    let id = work.next_id();
    let by = work.actor.recorded_by();
    let draft = Draft {
        id,
        base,
        title: title.trim().chars().take(200).collect(),
        note: String::new(),
        effective_from: None,
        files,
        state: DraftState::Open,
        version: None,
        revision: 1,
        created_by: by,
        changed_by: by,
        changed_at: work.now,
    };
    drafts::insert(&mut work.tx, &draft).await?;
    let entry = Entry::new(None, "policy.draft_begin", subject(id));
    work.audit(entry.after(json!({"base": base.to_string(), "title": draft.title}))).await?;
    Ok(id)
}

/// `own/pack.csv`: what it stands on, and a version counted on.
fn head(pack: &Pack, before: Option<&String>) -> String {
    let line = |text: &str, name: &str, at: usize| -> Option<String> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let record = reader.records().filter_map(Result::ok).find(|record| record.get(0) == Some(name))?;
        record.get(at).map(str::to_owned)
    };
    let (extends, count) = match before {
        Some(text) => (
            line(text, "extends", 1).unwrap_or_default(),
            line(text, "version", 1).and_then(|version| version.rsplit('-').next()?.parse::<u32>().ok()).unwrap_or(0),
        ),
        None => (pack.id().to_owned(), 0),
    };
    let shipped = pack.version().version.split('-').next().unwrap_or_default().to_owned();
    let rows = [
        ["id", OWN, ""],
        ["kind", "institution", ""],
        ["institution", pack.institution(), ""],
        ["title", &pack.title().zh, &pack.title().en],
        ["version", &format!("{shipped}-{}", count + 1), ""],
        ["extends", &extends, ""],
    ];
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        // Writing to memory cannot fail.
        let _ = writer.write_record(row);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// The version that a new one follows: of those approved the one that takes effect last.
async fn last_approved(work: &mut Work) -> Result<i64, ActionError> {
    let spans = store::approved_spans(&mut work.tx).await?;
    let on = work.business_date;
    let last = spans.iter().max_by_key(|span| (span.from, span.id)).map(|span| span.id);
    last.ok_or_else(|| PolicyError::NoneInForce { on }.into())
}

/// A draft with everything that the check says of it.
///
/// # Errors
/// [`DraftError::Unknown`]; the store's.
pub async fn checked(work: &mut Work, id: i64) -> Result<Checked, ActionError> {
    let draft = drafts::load(&mut work.tx, id).await?.ok_or(DraftError::Unknown)?;
    check(work, draft).await
}

/// Puts the draft over its base and loads all of it.
pub(in crate::policies) async fn check(work: &mut Work, draft: Draft) -> Result<Checked, ActionError> {
    let mut files = store::files(&mut work.tx, draft.base).await?;
    let layers: BTreeSet<&str> = draft.files.keys().map(|path| layer(path)).collect();
    files.retain(|path, _| !layers.contains(layer(path)));
    files.extend(draft.files.clone());
    let base = of_version(work, draft.base).await?;
    // Named by its texts: the same draft is looked at many times before it changes.
    let name = audit::digest(&format!("{} {}", draft.base, json!(draft.files)));
    if let Some((pack, problems)) = work.app.policies.draft(&name) {
        return Ok(Checked { draft, files, pack, problems, base });
    }
    let facts = dictionary(&work.app.capabilities)?;
    let (pack, problems) = match Pack::load(&files, OWN, &facts) {
        Ok(pack) => (Some(Arc::new(pack)), Vec::new()),
        Err(problems) => (None, problems),
    };
    work.app.policies.keep_draft(name, (pack.clone(), problems.clone()));
    Ok(Checked { draft, files, pack, problems, base })
}

/// An open draft that nobody changed since this revision.
async fn open(work: &mut Work, id: i64, seen: i64) -> Result<Draft, ActionError> {
    work.authorise(POLICY_DRAFT)?;
    let draft = drafts::load(&mut work.tx, id).await?.ok_or(DraftError::Unknown)?;
    if draft.state != DraftState::Open {
        return Err(DraftError::NotOpen { state: draft.state.as_str() }.into());
    }
    if draft.revision != seen {
        let people = names(work, [draft.changed_by].into_iter()).await?;
        let who = people.get(&draft.changed_by).cloned().unwrap_or_default();
        return Err(DraftError::ChangedMeanwhile { who, at: civil_minute(draft.changed_at) }.into());
    }
    Ok(draft)
}

/// Keeps a changed draft.
async fn keep(work: &mut Work, mut draft: Draft, what: &str) -> Result<Draft, ActionError> {
    let seen = draft.revision;
    draft.revision += 1;
    draft.changed_by = work.actor.recorded_by();
    draft.changed_at = work.now;
    match drafts::update(&mut work.tx, &draft, seen).await {
        Ok(()) => {}
        // Written between our reading and our writing: the same answer as before.
        Err(StoreError::Stale { .. }) => {
            let who = String::new();
            return Err(DraftError::ChangedMeanwhile { who, at: civil_minute(work.now) }.into());
        }
        Err(error) => return Err(error.into()),
    }
    let entry = Entry::new(None, "policy.draft_change", subject(draft.id));
    work.audit(entry.after(json!({"what": what, "revision": draft.revision}))).await?;
    Ok(draft)
}

fn subject(id: i64) -> String {
    format!("policy_draft:{id}")
}

/// The text of a table as the draft has it, and whether it stands in the own layer.
///
/// # Errors
/// [`DraftError::Unknown`], [`DraftError::FixedByLaw`], [`DraftError::Edit`].
pub async fn table(work: &mut Work, draft: &Draft, decision: &str) -> Result<(TableText, bool), ActionError> {
    if let Some(own) = draft.files.get(&Checked::own_table(decision)) {
        return Ok((TableText::parse(own).map_err(DraftError::from)?, true));
    }
    let on = draft.effective_from.unwrap_or(work.business_date);
    let rules = of_version(work, draft.base).await?;
    let found = rules.edition(on).decision(decision).map_err(|_| DraftError::Unknown)?;
    let file = found.sheet().file.clone();
    let fixed = found.sheet().floor.is_none()
        && rules.pack().tables().any(|(pack, sheet)| sheet.file == file && rules.pack().is_law(pack));
    if fixed {
        return Err(DraftError::FixedByLaw { table: decision.to_owned() }.into());
    }
    let files = store::files(&mut work.tx, draft.base).await?;
    let text = files.get(&file).ok_or(DraftError::Unknown)?;
    Ok((TableText::parse(text).map_err(DraftError::from)?, false))
}

/// Changes a table in the own layer; the first change copies the shipped table there.
///
/// # Errors
/// Denied; [`DraftError`].
pub async fn edit_table(
    work: &mut Work,
    (id, seen): (i64, i64),
    decision: &str,
    change: impl FnOnce(TableText) -> Result<TableText, DraftError> + Send,
) -> Result<Draft, ActionError> {
    let mut draft = open(work, id, seen).await?;
    let (before, own) = table(work, &draft, decision).await?;
    let after = change(before.clone())?;
    if before == after && !own {
        return Ok(draft);
    }
    draft.files.insert(Checked::own_table(decision), after.to_csv());
    keep(work, draft, &format!("table:{decision}")).await
}

/// Takes a table out of the own layer: the shipped one rules again.
///
/// # Errors
/// Denied; [`DraftError`].
pub async fn restore_table(work: &mut Work, (id, seen): (i64, i64), decision: &str) -> Result<Draft, ActionError> {
    let mut draft = open(work, id, seen).await?;
    if draft.files.remove(&Checked::own_table(decision)).is_none() {
        return Ok(draft);
    }
    keep(work, draft, &format!("table:{decision}:restore")).await
}

/// Begins a draft that adds a scorecard to the own layer: its row of the register, and the file of its items.
///
/// # Errors
/// As [`begin`].
pub async fn begin_with_scorecard(
    work: &mut Work,
    title: &str,
    key: &str,
    (head, items): (&[(&str, &str)], String),
) -> Result<i64, ActionError> {
    let id = begin(work, title).await?;
    let mut draft = open(work, id, 1).await?;
    let own = draft.files.get(SCORECARDS).map(String::as_str).unwrap_or_default();
    let mut register = RegisterText::parse(own).map_err(DraftError::from)?;
    register.set(key, head);
    draft.files.insert(SCORECARDS.to_owned(), register.to_csv());
    draft.files.insert(format!("{OWN}/scorecards/{key}.csv"), items);
    keep(work, draft, &format!("scorecard:{key}")).await.map(|draft| draft.id)
}

/// What is written of a parameter (参数录入).
#[derive(Debug, Clone, Default)]
pub struct ParameterEntry {
    /// Its value as a pack writes it.
    pub value: String,
    /// Its article.
    pub article: String,
}

/// A draft with a parameter changed, and what is wrong with that parameter; nothing is kept.
///
/// # Errors
/// [`DraftError::Unknown`].
pub async fn try_parameter(
    work: &mut Work,
    draft: &Draft,
    parameter: &Parameter,
    entry: &ParameterEntry,
) -> Result<(Draft, Vec<Problem>), ActionError> {
    let files = store::files(&mut work.tx, draft.base).await?;
    let place = &parameter.place;
    let shipped = files.get(&place.file).and_then(|text| RegisterText::entry_at(text, place.row?));
    let mut changed = draft.clone();
    let own = draft.files.get(PARAMETERS).map(String::as_str).unwrap_or_default();
    let mut register = RegisterText::parse(own).map_err(DraftError::from)?;
    let mut cells = register.entry(&parameter.name).or(shipped).ok_or(DraftError::Unknown)?;
    for (column, text) in &mut cells {
        match column.as_str() {
            "value" => text.clone_from(&entry.value),
            "article" => text.clone_from(&entry.article),
            // What the own layer says is the house's own choice, for its own kind of institution.
            "confidence" => *text = "house".to_owned(),
            "direction" | "applies_to" => text.clear(),
            _ => {}
        }
    }
    let cells: Vec<(&str, &str)> = cells.iter().map(|(column, text)| (column.as_str(), text.as_str())).collect();
    register.set(&parameter.name, &cells);
    changed.files.insert(PARAMETERS.to_owned(), register.to_csv());
    let row = changed.files.get(PARAMETERS).and_then(|text| RegisterText::row_of(text, &parameter.name));
    let checked = check(work, changed.clone()).await?;
    let concerns = |problem: &&Problem| problem.place.file == PARAMETERS && problem.place.row == row;
    Ok((changed, checked.problems.iter().filter(concerns).cloned().collect()))
}

/// Keeps a parameter; `Err` inside names what is wrong with it.
///
/// # Errors
/// Denied; [`DraftError`].
pub async fn set_parameter(
    work: &mut Work,
    (id, seen): (i64, i64),
    parameter: &Parameter,
    entry: &ParameterEntry,
) -> Result<Result<Draft, Vec<Problem>>, ActionError> {
    let draft = open(work, id, seen).await?;
    let (changed, problems) = try_parameter(work, &draft, parameter, entry).await?;
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    keep(work, changed, &format!("parameter:{}", parameter.name)).await.map(Ok)
}

/// Takes a parameter out of the own layer.
///
/// # Errors
/// Denied; [`DraftError`].
pub async fn restore_parameter(work: &mut Work, (id, seen): (i64, i64), name: &str) -> Result<Draft, ActionError> {
    let mut draft = open(work, id, seen).await?;
    let own = draft.files.get(PARAMETERS).cloned().unwrap_or_default();
    let mut register = RegisterText::parse(&own).map_err(DraftError::from)?;
    if !register.remove(name) {
        return Ok(draft);
    }
    if register.is_empty() {
        draft.files.remove(PARAMETERS);
    } else {
        draft.files.insert(PARAMETERS.to_owned(), register.to_csv());
    }
    keep(work, draft, &format!("parameter:{name}:restore")).await
}

/// Enters an article of the institution's own rules, so that rows can cite it.
///
/// # Errors
/// Denied; [`DraftError`].
pub async fn set_article(
    work: &mut Work,
    (id, seen): (i64, i64),
    article: &str,
    cells: &[(&str, &str)],
) -> Result<Draft, ActionError> {
    let mut draft = open(work, id, seen).await?;
    let own = draft.files.get(ARTICLES).cloned().unwrap_or_default();
    let mut register = RegisterText::parse(&own).map_err(DraftError::from)?;
    register.set(article, cells);
    draft.files.insert(ARTICLES.to_owned(), register.to_csv());
    keep(work, draft, &format!("article:{article}")).await
}

/// Names the draft, says why, and from when it shall rule.
///
/// # Errors
/// Denied; [`DraftError::NoDay`] for a day that is not to come.
pub async fn set_head(
    work: &mut Work,
    (id, seen): (i64, i64),
    (title, note): (&str, &str),
    effective_from: Option<Date>,
) -> Result<Draft, ActionError> {
    let mut draft = open(work, id, seen).await?;
    let today = work.business_date;
    if let Some(on) = effective_from.filter(|on| *on <= today) {
        return Err(DraftError::NoDay { on: on.to_string(), today }.into());
    }
    draft.title = title.trim().chars().take(200).collect();
    draft.note = note.trim().chars().take(2_000).collect();
    draft.effective_from = effective_from;
    keep(work, draft, "head").await
}

/// Makes a version of the draft and asks for the second person. It must be free of problems and compared.
///
/// # Errors
/// Denied; [`DraftError`]; what the approval refuses.
pub async fn submit(work: &mut Work, (id, seen): (i64, i64)) -> Result<ApprovalId, ActionError> {
    let mut draft = open(work, id, seen).await?;
    let today = work.business_date;
    let on = draft.effective_from.ok_or(DraftError::NoDay { on: String::new(), today })?;
    let checked = check(work, draft.clone()).await?;
    let Some(pack) = &checked.pack else {
        let first = checked.problems.first().map(ToString::to_string).unwrap_or_default();
        return Err(DraftError::Problems { count: checked.problems.len(), first }.into());
    };
    if last_approved(work).await? != draft.base {
        return Err(DraftError::BaseMoved.into());
    }
    if crate::policies::difference::of(work, &draft, &checked, on).await?.is_empty() {
        return Err(DraftError::NothingChanged.into());
    }
    let compared = comparisons::latest(&mut work.tx, id).await?;
    let current = compared.filter(|one| one.is_of(&pack.version().digest, today)).ok_or(DraftError::NotCompared)?;
    let new =
        NewVersion { pack: OWN.to_owned(), files: checked.files.clone(), effective_from: on, note: draft.note.clone() };
    let version = crate::policies::actions::draft(work, &new).await?;
    draft.state = DraftState::Submitted;
    draft.version = Some(version);
    let title = format!("{} {} {on}", draft.title, pack.version().version);
    keep(work, draft, "submit").await?;
    let payload = json!({
        "version": version.to_string(),
        "effective_from": on,
        "base_version": checked.base.name(),
        "note": new.note,
        "subjects_changed": current.report.changed(),
        "comparison_page": format!("/policies/comparisons/{}", current.id),
        "draft_page": format!("/policies/drafts/{id}"),
    });
    crate::policies::actions::submitted(work, version).await?;
    let request = Request::new("policy", CustomerId(0), format!("policy_version:{version}"), title, payload);
    approval::submit(work, request).await
}

/// The version ended without agreement: the draft can be changed again.
pub(in crate::policies) async fn reopen(work: &mut Work, version: i64) -> Result<(), ActionError> {
    if let Some(mut draft) = drafts::of_version(&mut work.tx, version).await? {
        draft.state = DraftState::Open;
        draft.version = None;
        keep(work, draft, "reopen").await?;
    }
    Ok(())
}

/// The version was approved: the draft is done.
pub(in crate::policies) async fn close(work: &mut Work, version: i64) -> Result<(), ActionError> {
    if let Some(mut draft) = drafts::of_version(&mut work.tx, version).await? {
        draft.state = DraftState::Closed;
        keep(work, draft, "approved").await?;
    }
    Ok(())
}

/// Gives an open draft up.
///
/// # Errors
/// Denied; [`DraftError`].
pub async fn discard(work: &mut Work, (id, seen): (i64, i64)) -> Result<(), ActionError> {
    let mut draft = open(work, id, seen).await?;
    draft.state = DraftState::Closed;
    keep(work, draft, "discard").await.map(drop)
}
