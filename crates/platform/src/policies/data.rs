//! The rules as a program reads them (制度数据): versions, parameters, tables, articles.

use axum::extract::{Path, Query};
use policy::{Change, Difference, Pack, Parameter, TableSheet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cache::of_version;
use super::draft::{Draft, store as drafts};
use super::pages::{POLICY_VIEW, hit_name, principles};
use super::store::{self, Version};
use super::version_pages::{approved, before, rules_from};
use super::{InForce, PolicyError, difference, in_force};
use crate::api::Data;
use crate::error::ActionError;
use crate::web::{Visit, WebError};

/// A version of the rules (制度版本), without its texts.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct VersionData {
    /// The key.
    id: String,
    /// The institution's pack.
    pack: String,
    /// The number written in the pack.
    version: String,
    /// The digest of all files.
    digest: String,
    /// The first day it rules.
    effective_from: String,
    /// The last day, if it was limited.
    effective_to: Option<String>,
    /// `draft`, `submitted`, `approved` or `rejected`.
    state: String,
    /// What changes, in words.
    note: String,
    /// Who wrote it; `0` came with the program.
    drafted_by: String,
    /// Who approved it.
    approved_by: Option<String>,
    /// Whether it rules on the business date.
    in_force: bool,
}

impl VersionData {
    fn of(version: Version, now: Option<i64>) -> Self {
        Self {
            in_force: now == Some(version.id),
            id: version.id.to_string(),
            pack: version.pack,
            version: version.version,
            digest: version.digest,
            effective_from: version.effective_from.to_string(),
            effective_to: version.effective_to.map(|on| on.to_string()),
            state: version.state.as_str().to_owned(),
            note: version.note,
            drafted_by: version.drafted_by.to_string(),
            approved_by: version.approved_by.map(|by| by.to_string()),
        }
    }
}

/// The rules in force (现行制度) and what is being written.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PoliciesData {
    /// All versions.
    versions: Vec<VersionData>,
    /// Drafts that are not closed.
    drafts: Vec<DraftLine>,
    /// The parameters in force; switches among them name what they settle.
    parameters: Vec<ParameterData>,
    /// The tables in force.
    tables: Vec<Named>,
    /// The articles that the rules name.
    articles: Vec<Named>,
}

/// A thing with its names (名称).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Named {
    /// Its id.
    pub(super) id: String,
    /// 名称.
    pub(super) title_zh: String,
    /// The same in English.
    pub(super) title_en: String,
}

impl Named {
    fn of(id: &str, title: &policy::Title) -> Self {
        let in_language = |english| title.in_language(english).to_owned();
        Self { id: id.to_owned(), title_zh: in_language(false), title_en: in_language(true) }
    }
}

/// A draft (制度草案).
#[derive(Debug, Serialize, JsonSchema)]
struct DraftLine {
    /// The key.
    id: String,
    /// What people call it.
    title: String,
    /// `open`, `submitted` or `closed`.
    state: String,
    /// Counts its changes.
    revision: i64,
}

/// A parameter (参数) of the rules.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ParameterData {
    /// Its name in cells and formulas.
    name: String,
    /// 名称.
    title_zh: String,
    /// The same in English.
    title_en: String,
    /// Its value as written.
    value: String,
    /// The contradiction or ambiguity of the source texts that it settles; null: no switch.
    settles: Option<String>,
    /// The article it comes from.
    article: String,
}

impl ParameterData {
    fn of(one: &Parameter) -> Self {
        Self {
            name: one.name.clone(),
            title_zh: one.title.in_language(false).to_owned(),
            title_en: one.title.in_language(true).to_owned(),
            value: one.value.to_text(),
            settles: one.resolves.clone(),
            article: one.article.clone(),
        }
    }
}

/// `/api/v1/policies`
pub(super) async fn policies(visit: Visit) -> Result<Data<PoliciesData>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(POLICY_VIEW)?;
    let on = work.business_date;
    let rules = in_force(&mut work, on).await?;
    let edition = rules.edition(on);
    let draft = |one: Draft| DraftLine {
        id: one.id.to_string(),
        title: one.title,
        state: one.state.as_str().to_owned(),
        revision: one.revision,
    };
    let versions = store::versions(&mut work.tx).await?.into_iter();
    Ok(Data(PoliciesData {
        versions: versions.map(|one| VersionData::of(one, Some(rules.version))).collect(),
        drafts: drafts::open(&mut work.tx).await?.into_iter().map(draft).collect(),
        parameters: edition.parameters().map(ParameterData::of).collect(),
        tables: edition.decisions().map(|one| Named::of(one.id(), &one.sheet().title)).collect(),
        articles: rules.pack().articles().map(|one| Named::of(&one.id, &one.title)).collect(),
    }))
}

/// `/api/v1/policies/switches`
pub(super) async fn switches(visit: Visit) -> Result<Data<Vec<ParameterData>>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(POLICY_VIEW)?;
    let on = work.business_date;
    let rules = in_force(&mut work, on).await?;
    let mut all: Vec<ParameterData> = rules.edition(on).switches().map(ParameterData::of).collect();
    all.sort_by(|a, b| (&a.settles, &a.name).cmp(&(&b.settles, &b.name)));
    Ok(Data(all))
}

/// A decision table (决策表) as it rules, with the law's floor under it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DecisionData {
    /// The institution's table.
    own: SheetData,
    /// What the law fixes at least, if anything.
    law: Option<SheetData>,
}

/// A table as written (决策表).
#[derive(Debug, Serialize, JsonSchema)]
struct SheetData {
    /// The decision it makes.
    decision: String,
    /// 名称.
    title_zh: String,
    /// The same in English.
    title_en: String,
    /// The rule that pages cite.
    rule: String,
    /// The principles that it serves.
    principles: Vec<String>,
    /// How rows hit: `first`, `unique`, `collect` or `priority`.
    hit: String,
    /// The first day in force; null: from ever.
    from: Option<String>,
    /// The last day in force; null: until further notice.
    to: Option<String>,
    /// The facts that the conditions ask for, in the order of the cells.
    inputs: Vec<String>,
    /// What it decides, in the order of the results.
    outputs: Vec<String>,
    /// The rows in the order in which they are tried.
    rows: Vec<RowData>,
}

/// A row of a table (规则行).
#[derive(Debug, Serialize, JsonSchema)]
struct RowData {
    /// Its label; may be empty.
    label: String,
    /// The conditions as written, one an input.
    conditions: Vec<String>,
    /// The results as written, one an output.
    results: Vec<String>,
    /// The articles it comes from.
    articles: Vec<String>,
}

impl SheetData {
    fn of(pack: &Pack, sheet: &TableSheet) -> Self {
        let row = |row: &policy::Row| RowData {
            label: row.label.clone(),
            conditions: row.texts.clone(),
            results: row.results.clone(),
            articles: row.article.split('|').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
        };
        Self {
            decision: sheet.decision.clone(),
            title_zh: sheet.title.in_language(false).to_owned(),
            title_en: sheet.title.in_language(true).to_owned(),
            rule: sheet.rule.clone(),
            principles: principles(pack, sheet).to_vec(),
            hit: hit_name(sheet.hit).to_owned(),
            from: sheet.from.map(|on| on.to_string()),
            to: sheet.to.map(|on| on.to_string()),
            inputs: sheet.inputs.iter().map(|input| input.name.clone()).collect(),
            outputs: sheet.outputs.iter().map(|output| output.name.clone()).collect(),
            rows: sheet.rows.iter().map(row).collect(),
        }
    }
}

impl DecisionData {
    fn of(pack: &Pack, on: jiff::civil::Date, id: &str) -> Result<Self, ActionError> {
        let decision = pack.on(on).decision(id).map_err(PolicyError::from)?;
        Ok(Self { own: SheetData::of(pack, decision.sheet()), law: decision.law().map(|law| SheetData::of(pack, law)) })
    }
}

/// `/api/v1/policies/tables/{id}`
pub(super) async fn table(visit: Visit, Path(id): Path<String>) -> Result<Data<DecisionData>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(POLICY_VIEW)?;
    let on = work.business_date;
    let rules = in_force(&mut work, on).await?;
    Ok(Data(DecisionData::of(rules.pack(), on, &id)?))
}

/// What a version says differently from another (版本差异).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ChangeData {
    /// `table`, `parameter` or the register's file.
    kind: String,
    /// Its id.
    id: String,
    /// `added`, `removed` or `changed`.
    change: String,
    /// What it said; null where more than one text changed.
    from: Option<String>,
    /// What it says; null where more than one text changed.
    to: Option<String>,
    /// Rows of a table that changed; 0 of anything else.
    rows: usize,
}

fn change_name(change: Change) -> String {
    match change {
        Change::Added => "added",
        Change::Removed => "removed",
        Change::Changed => "changed",
    }
    .to_owned()
}

impl ChangeData {
    /// One line a thing that changed.
    pub(super) fn all(difference: Difference) -> Vec<Self> {
        let table = |one: policy::TableChange| Self {
            kind: "table".to_owned(),
            id: one.decision,
            change: change_name(one.change),
            from: None,
            to: None,
            rows: one.rows.len(),
        };
        let parameter = |one: policy::ParameterChange| {
            let change = match (&one.from, &one.to) {
                (None, _) => Change::Added,
                (_, None) => Change::Removed,
                (Some(_), Some(_)) => Change::Changed,
            };
            let kind = "parameter".to_owned();
            Self { kind, id: one.name, change: change_name(change), from: one.from, to: one.to, rows: 0 }
        };
        let register = |one: policy::RegisterChange| Self {
            kind: one.file,
            id: one.id,
            change: change_name(one.change),
            from: None,
            to: None,
            rows: 0,
        };
        let tables = difference.tables.into_iter().map(table);
        let parameters = difference.parameters.into_iter().map(parameter);
        tables.chain(parameters).chain(difference.registers.into_iter().map(register)).collect()
    }
}

/// An approved version with what it changed and who has read it (制度版本).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct VersionDetail {
    /// The version.
    version: VersionData,
    /// The version it is told apart from; null for the first.
    against: Option<String>,
    /// What it says differently from that.
    changes: Vec<ChangeData>,
    /// Its tables on its first day.
    tables: Vec<Named>,
    /// What its rule sets are for, the law first.
    rule_sets: Vec<RuleSetData>,
    /// When the asker confirmed having read it.
    read_on: Option<String>,
    /// How many of the staff confirmed having read it.
    readers: usize,
    /// How many did not yet.
    unread: usize,
}

/// What stands at the head of a rule set (制度总则).
#[derive(Debug, Serialize, JsonSchema)]
struct RuleSetData {
    /// The pack.
    pack: String,
    /// What it is for, in Chinese.
    purpose_zh: String,
    /// What it is for, in English.
    purpose_en: String,
    /// For whom it holds, in Chinese.
    scope_zh: String,
    /// For whom it holds, in English.
    scope_en: String,
    /// The principles that it serves.
    principles: Vec<String>,
    /// Its own principles, in words: Chinese, English.
    tenets: Vec<[String; 2]>,
    /// The laws and rules that it stands on: Chinese, English.
    bases: Vec<[String; 2]>,
    /// Its chapters: Chinese, English.
    chapters: Vec<[String; 2]>,
    /// Of its chapters those whose text is missing: Chinese, English.
    missing_chapters: Vec<[String; 2]>,
    /// Who interprets it, in Chinese.
    interpreter_zh: String,
    /// Who interprets it, in English.
    interpreter_en: String,
    /// Whether it is on trial.
    trial: bool,
    /// Whether it prevails over the other parts where they conflict; never over the law.
    prevails: bool,
}

/// A text in both languages.
fn both(title: &policy::Title) -> [String; 2] {
    [title.zh.clone(), title.en.clone()]
}

impl From<&policy::RuleSet> for RuleSetData {
    fn from(one: &policy::RuleSet) -> Self {
        Self {
            pack: one.pack.clone(),
            purpose_zh: one.purpose.zh.clone(),
            purpose_en: one.purpose.en.clone(),
            scope_zh: one.scope.zh.clone(),
            scope_en: one.scope.en.clone(),
            principles: one.principles.clone(),
            tenets: one.further.tenets.iter().map(both).collect(),
            bases: one.further.bases.iter().map(both).collect(),
            chapters: one.further.chapters.iter().map(|(title, _)| both(title)).collect(),
            missing_chapters: one.further.chapters.iter().filter(|one| one.1).map(|(title, _)| both(title)).collect(),
            interpreter_zh: one.further.interpreter.zh.clone(),
            interpreter_en: one.further.interpreter.en.clone(),
            trial: one.further.trial,
            prevails: one.further.prevails,
        }
    }
}

/// Which version to tell the difference from.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Against {
    #[serde(default)]
    against: String,
}

/// `/api/v1/policies/versions/{id}`
pub(super) async fn version(
    visit: Visit,
    Path(id): Path<i64>,
    Query(asked): Query<Against>,
) -> Result<Data<VersionDetail>, WebError> {
    let mut work = visit.read().await?;
    let it = approved(&mut work, id).await?;
    let rules: std::sync::Arc<InForce> = of_version(&mut work, id).await?;
    let on = work.business_date;
    let now = store::version_on(&mut work.tx, on).await?;
    let against = before(&mut work, &it, &asked.against).await?;
    let changes = match against {
        Some(from) => ChangeData::all(difference::between(&mut work, from, id).await?),
        None => Vec::new(),
    };
    let readers = super::reading::readers(&mut work, id).await?;
    let mine = readers.iter().find(|one| one.user == work.actor.recorded_by()).and_then(|one| one.read_on);
    let unread = readers.iter().filter(|one| one.read_on.is_none()).count();
    Ok(Data(VersionDetail {
        against: against.map(|id| id.to_string()),
        changes,
        tables: rules
            .edition(it.effective_from)
            .decisions()
            .map(|one| Named::of(one.id(), &one.sheet().title))
            .collect(),
        rule_sets: rules.pack().rule_sets().iter().map(RuleSetData::from).collect(),
        read_on: mine.map(|on| on.to_string()),
        readers: readers.len() - unread,
        unread,
        version: VersionData::of(it, now),
    }))
}

/// `/api/v1/policies/versions/{id}/tables/{decision}`
pub(super) async fn version_table(
    visit: Visit,
    Path((id, decision)): Path<(i64, String)>,
) -> Result<Data<DecisionData>, WebError> {
    let mut work = visit.read().await?;
    let it = approved(&mut work, id).await?;
    let rules = of_version(&mut work, id).await?;
    let on = rules_from(&mut work, &it).await?;
    if rules.edition(on).decision(&decision).is_ok() {
        return Ok(Data(DecisionData::of(rules.pack(), on, &decision)?));
    }
    // A table of another date of the same version stays readable (S5.4-06).
    let sheet = rules.pack().tables().map(|(_, sheet)| sheet).find(|sheet| sheet.decision == decision);
    let sheet = sheet.ok_or_else(|| ActionError::from(PolicyError::Unknown))?;
    Ok(Data(DecisionData { own: SheetData::of(rules.pack(), sheet), law: None }))
}
