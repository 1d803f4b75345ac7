//! From a map of files to a pack: read the layers, resolve them for every period, check all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::dictionary::dictionary;
use super::edition::{Edition, Shared};
use super::layer::{Layer, Manifest, PackKind, files_in, manifest};
use super::{Pack, RuleSet, Version, law};
use crate::approval::refuse_open_ends;
use crate::facts::FactDictionary;
use crate::formula::Scope;
use crate::parameter::{Parameter, ParameterValue};
use crate::period::{Period, refuse_overlaps};
use crate::problem::{Place, Problem, ProblemKind, nearest};
use crate::table::check::Checked;
use crate::table::compiled::{Floor, Table};
use crate::table::{Decision, TableSheet};
use crate::value::{FactType, Value};

impl Pack {
    /// Loads a pack and everything it extends.
    ///
    /// `files` maps paths such as `microloan/tables/asset_class.csv` to their text; it holds the folders of all packs
    /// (the caller reads them from disk, from the binary or from the database). `facts` is what the capabilities
    /// offer for policies to look at.
    ///
    /// # Errors
    /// Every problem of the stack at once, in the order of files and rows.
    pub fn load(files: &BTreeMap<String, String>, id: &str, facts: &FactDictionary) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let loaded = load(files, id, facts, &mut problems);
        let mut seen = BTreeSet::new();
        problems.retain(|problem| {
            let fields: Vec<_> = problem.fields().into_iter().filter(|(name, _)| *name != "on").collect();
            seen.insert((problem.code(), fields))
        });
        problems.sort_by(|left, right| left.place.cmp(&right.place));
        match loaded {
            Some(pack) if problems.is_empty() => Ok(pack),
            _ => Err(problems),
        }
    }
}

fn load(
    files: &BTreeMap<String, String>,
    id: &str,
    facts: &FactDictionary,
    problems: &mut Vec<Problem>,
) -> Option<Pack> {
    let mut manifests = Vec::new();
    stack(files, id, &mut Vec::new(), &mut manifests, problems);
    // The law first, then parts, then the institution: each may only build on those before it. A part that prevails
    // comes behind the others, so that its rows stand in the place of theirs (rule `policy.precedence`).
    manifests.sort_by_key(|manifest: &Manifest| (manifest.kind, manifest.further.prevails));
    let top = manifests.iter().find(|manifest| manifest.id == id)?.clone();
    let dictionary = dictionary(files, &manifests, facts, problems);
    let names: Vec<String> = dictionary.names().map(str::to_owned).collect();
    let fact = |name: &str| dictionary.get(name).map(|fact| fact.kind.clone());
    let scope = Scope { fact: &fact, fact_names: &names };
    let layers: Vec<Layer> =
        manifests.into_iter().map(|manifest| Layer::read(manifest, files, &scope, problems)).collect();
    refuse_double_rows(&layers, problems);
    let shared = Arc::new(shared(&layers, &dictionary, problems));
    let version = Arc::new(Version {
        pack: top.id.clone(),
        version: top.version.clone(),
        digest: digest(files, &layers),
        layers: layers.iter().map(|layer| (layer.manifest.id.clone(), layer.manifest.version.clone())).collect(),
    });
    let mut editions = Vec::new();
    let mut checked = Checked::default();
    for from in edges(&layers) {
        editions.push(edition(&layers, &top.institution, from, &shared, &version, &mut checked, problems));
    }
    let applies =
        |parameter: &&Parameter| parameter.applies_to.is_empty() || parameter.applies_to.contains(&top.institution);
    let tables =
        layers.iter().flat_map(|layer| layer.tables.iter().map(|table| (layer.manifest.id.clone(), table.clone())));
    Some(Pack {
        parameters: layers.iter().flat_map(|layer| &layer.parameters).filter(applies).cloned().collect(),
        tables: tables.collect(),
        laws: layers
            .iter()
            .filter(|layer| layer.manifest.kind == PackKind::Law)
            .map(|layer| layer.manifest.id.clone())
            .collect(),
        rule_sets: layers.iter().map(|layer| head(&layer.manifest)).collect(),
        title: top.title,
        institution: top.institution,
        period: top.period,
        version,
        shared,
        dictionary,
        editions,
    })
}

fn head(manifest: &Manifest) -> RuleSet {
    RuleSet {
        pack: manifest.id.clone(),
        title: manifest.title.clone(),
        purpose: manifest.purpose.clone(),
        scope: manifest.scope.clone(),
        principles: manifest.principles.clone(),
        further: manifest.further.clone(),
    }
}

/// The heads of a pack and of all it extends, those extended first.
fn stack(
    files: &BTreeMap<String, String>,
    id: &str,
    path: &mut Vec<String>,
    found: &mut Vec<Manifest>,
    problems: &mut Vec<Problem>,
) {
    if found.iter().any(|known| known.id == id) {
        return;
    }
    let Some(manifest) = manifest(id, files, problems) else {
        return;
    };
    path.push(id.to_owned());
    for below in &manifest.extends {
        if path.contains(below) || !files.contains_key(&format!("{below}/pack.csv")) {
            let kind = ProblemKind::UnknownReference { what: "pack to extend".to_owned(), name: below.clone() };
            problems.push(Problem::new(Place::file(&manifest.file), kind));
            continue;
        }
        stack(files, below, path, found, problems);
    }
    path.pop();
    found.push(manifest);
}

/// Two rows of one layer with the same key and a day in common.
fn refuse_double_rows(layers: &[Layer], problems: &mut Vec<Problem>) {
    for layer in layers {
        let kinds = |applies: &[String]| if applies.is_empty() { vec![String::new()] } else { applies.to_vec() };
        let parameters = layer.parameters.iter().flat_map(|parameter| {
            kinds(&parameter.applies_to)
                .into_iter()
                .map(|kind| (format!("{} {kind}", parameter.name), parameter.period, parameter.place.clone()))
        });
        refuse_overlaps(parameters, problems);
        let tables = layer.tables.iter().flat_map(|table| {
            let period = Period { from: table.from, to: table.to };
            kinds(&table.applies_to)
                .into_iter()
                .map(move |kind| (format!("{} {kind}", table.decision), period, Place::file(&table.file)))
        });
        refuse_overlaps(tables, problems);
        let duties = layer.duties.iter().map(|duty| (duty.id.clone(), duty.period, duty.place.clone()));
        refuse_overlaps(duties, problems);
        let products = layer.products.iter().map(|product| (product.id.clone(), product.period, product.place.clone()));
        refuse_overlaps(products, problems);
        let cards = layer.scorecards.iter().map(|row| (row.card.id.clone(), row.card.period, row.place.clone()));
        refuse_overlaps(cards, problems);
        let articles = layer.articles.iter().map(|article| {
            (article.id.clone(), Period::default(), Place::file(format!("{}/articles.csv", layer.manifest.id)))
        });
        refuse_overlaps(articles, problems);
    }
}

/// Puts the undated registers of all layers together and checks what they refer to.
fn shared(layers: &[Layer], dictionary: &FactDictionary, problems: &mut Vec<Problem>) -> Shared {
    let mut shared = Shared {
        articles: BTreeMap::new(),
        roles: BTreeMap::new(),
        templates: BTreeMap::new(),
        numbering: BTreeMap::new(),
        products: Vec::new(),
        outcomes: BTreeMap::new(),
        scorecards: BTreeMap::new(),
        decisions: Vec::new(),
    };
    for layer in layers {
        shared.articles.extend(layer.articles.iter().map(|article| (article.id.clone(), article.clone())));
        shared.roles.extend(layer.roles.iter().map(|role| (role.id.clone(), role.clone())));
        shared.templates.extend(layer.templates.iter().map(|template| (template.id.clone(), template.clone())));
        shared.numbering.extend(layer.numbering.iter().map(|rule| (rule.id.clone(), rule.clone())));
        let own: BTreeSet<&str> = layer.products.iter().map(|product| product.id.as_str()).collect();
        shared.products.retain(|product| !own.contains(product.id.as_str()));
        shared.products.extend(layer.products.iter().cloned());
        for outcome in &layer.outcomes {
            shared.outcomes.insert((outcome.output.clone(), outcome.value.clone()), outcome.clone());
        }
        // A layer's card stands in place of one below it with the same id.
        shared.scorecards.extend(layer.scorecards.iter().map(|row| (row.card.id.clone(), row.card.clone())));
        shared.decisions.extend(layer.tables.iter().map(|table| table.decision.clone()));
    }
    shared.decisions.sort_unstable();
    shared.decisions.dedup();
    for layer in layers {
        crate::scorecard::refuse_unknown(&layer.scorecards, &shared.decisions, problems);
    }
    refuse_unknown_articles(layers, &shared, problems);
    refuse_unknown_roles(layers, &shared, problems);
    refuse_unnamed_outcomes(layers, dictionary, &shared, problems);
    shared
}

fn refuse_unknown_articles(layers: &[Layer], shared: &Shared, problems: &mut Vec<Problem>) {
    let mut check = |articles: &str, place: Place| {
        for name in articles.split('|').map(str::trim).filter(|name| !name.is_empty()) {
            if !shared.articles.contains_key(name) {
                problems.push(Problem::new(place.clone(), ProblemKind::UnknownArticle { name: name.to_owned() }));
            }
        }
    };
    for layer in layers {
        for table in &layer.tables {
            for row in &table.rows {
                check(&row.article, Place::row(&table.file, row.number));
            }
        }
        layer.parameters.iter().for_each(|row| check(&row.article, Place { column: None, ..row.place.clone() }));
        layer.duties.iter().for_each(|row| check(&row.article.0, row.article.1.clone()));
        layer.approvals.iter().for_each(|row| check(&row.chain.article, row.article_place.clone()));
        layer.roles.iter().for_each(|row| check(&row.article, row.article_place.clone()));
        layer.templates.iter().for_each(|row| check(&row.article, row.article_place.clone()));
        layer.numbering.iter().for_each(|row| check(&row.article, row.article_place.clone()));
        layer.products.iter().for_each(|row| check(&row.article, row.article_place.clone()));
        layer.outcomes.iter().for_each(|row| check(&row.article, row.article_place.clone()));
        layer.scorecards.iter().for_each(|row| check(&row.card.article, row.article_place.clone()));
    }
}

fn refuse_unknown_roles(layers: &[Layer], shared: &Shared, problems: &mut Vec<Problem>) {
    let mut check = |name: &str, place: &Place| {
        if !name.is_empty() && !shared.roles.contains_key(name) {
            let kind = ProblemKind::UnknownReference { what: "role".to_owned(), name: name.to_owned() };
            problems.push(Problem::new(place.clone(), kind));
        }
    };
    for layer in layers {
        for duty in &layer.duties {
            check(&duty.owner.0, &duty.owner.1);
            check(&duty.escalate_to.0, &duty.escalate_to.1);
        }
        for approval in &layer.approvals {
            approval.chain.steps.iter().flatten().for_each(|role| check(role, &approval.chain_place));
        }
    }
}

/// Every listed value of every output has a name for people, and no name is for a value that does not exist.
fn refuse_unnamed_outcomes(
    layers: &[Layer],
    dictionary: &FactDictionary,
    shared: &Shared,
    problems: &mut Vec<Problem>,
) {
    for layer in layers {
        for table in &layer.tables {
            for output in &table.outputs {
                let FactType::OneOf { values, .. } = &output.kind else { continue };
                for value in values {
                    if !shared.outcomes.contains_key(&(output.name.clone(), value.clone())) {
                        let name = format!("{} {value}", output.name);
                        let kind = ProblemKind::UnknownReference { what: "title of the outcome".to_owned(), name };
                        let place = Place { file: table.file.clone(), row: None, column: Some(output.column) };
                        problems.push(Problem::new(place, kind));
                    }
                }
            }
        }
        for outcome in &layer.outcomes {
            let known = dictionary.get(&outcome.output).is_some_and(|fact| match &fact.kind {
                FactType::OneOf { values, .. } => values.contains(&outcome.value),
                FactType::Integer { .. } | FactType::Date | FactType::Text | FactType::Boolean => false,
            });
            if !known {
                let name = format!("{} {}", outcome.output, outcome.value);
                let kind = ProblemKind::UnknownReference { what: "outcome".to_owned(), name };
                problems.push(Problem::new(outcome.place.clone(), kind));
            }
        }
    }
}

/// The first days of all editions; `None` is the time before the first change.
fn edges(layers: &[Layer]) -> Vec<Option<Date>> {
    let mut dates = BTreeSet::new();
    for layer in layers {
        layer.parameters.iter().for_each(|row| dates.extend(row.period.edges()));
        layer.tables.iter().for_each(|table| dates.extend(Period { from: table.from, to: table.to }.edges()));
        layer.duties.iter().for_each(|row| dates.extend(row.period.edges()));
        layer.approvals.iter().for_each(|row| dates.extend(row.period.edges()));
    }
    std::iter::once(None).chain(dates.into_iter().map(Some)).collect()
}

fn edition(
    layers: &[Layer],
    institution: &str,
    from: Option<Date>,
    shared: &Arc<Shared>,
    version: &Arc<Version>,
    checked: &mut Checked,
    problems: &mut Vec<Problem>,
) -> Edition {
    let on = from.unwrap_or(Date::MIN);
    let in_force = law::parameters(layers, institution, on, problems);
    let single = |(name, parameter): (&&str, &&Parameter)| match &parameter.value {
        ParameterValue::One(value) => Some(((*name).to_owned(), value.clone())),
        ParameterValue::Integers(_) | ParameterValue::Texts(_) => None,
    };
    let values: Arc<BTreeMap<String, Value>> = Arc::new(in_force.iter().filter_map(single).collect());
    let lookup = |name: &str| {
        in_force.get(name).map(|parameter| parameter.value.clone()).ok_or_else(|| ProblemKind::UnknownParameter {
            name: name.to_owned(),
            nearest: nearest(name, in_force.keys().copied()),
        })
    };
    let mut duties = BTreeMap::new();
    let mut order = Vec::new();
    for duty in layers.iter().flat_map(|layer| &layer.duties).filter(|duty| duty.period.contains(on)) {
        if !order.contains(&&duty.id) {
            order.push(&duty.id);
        }
        duties.insert(&duty.id, duty);
    }
    let duties = order
        .into_iter()
        .filter_map(|id| duties.get(id))
        .filter_map(|duty| duty.resolve(&values, &lookup, problems))
        .collect();
    let mut approvals: Vec<&crate::approval::ApprovalRow> = Vec::new();
    for layer in layers {
        let own: Vec<_> = layer.approvals.iter().filter(|row| row.period.contains(on)).collect();
        // A layer that speaks of a subject speaks of all of it.
        approvals.retain(|row| !own.iter().any(|other| other.subject == row.subject));
        approvals.extend(own);
    }
    refuse_open_ends(&approvals, problems);
    Edition {
        from,
        decisions: decisions(layers, institution, on, &values, version, checked, problems),
        parameters: in_force.iter().map(|(name, parameter)| ((*name).to_owned(), (*parameter).clone())).collect(),
        values,
        duties,
        approvals: approvals.into_iter().cloned().collect(),
        version: version.clone(),
        shared: shared.clone(),
    }
}

/// The decisions in force: of each the table of the highest layer, with the law's floor under it.
fn decisions(
    layers: &[Layer],
    institution: &str,
    on: Date,
    values: &Arc<BTreeMap<String, Value>>,
    version: &Arc<Version>,
    checked: &mut Checked,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Decision> {
    let mut tables: BTreeMap<&str, (&str, &Arc<TableSheet>)> = BTreeMap::new();
    let mut floors: BTreeMap<&str, (&str, &Arc<TableSheet>)> = BTreeMap::new();
    let mut fixed: BTreeMap<&str, &Arc<TableSheet>> = BTreeMap::new();
    for layer in layers {
        let in_force = layer.tables.iter().filter(|table| {
            Period { from: table.from, to: table.to }.contains(on)
                && (table.applies_to.is_empty() || table.applies_to.iter().any(|kind| kind == institution))
        });
        for table in in_force {
            let entry = (layer.manifest.id.as_str(), table);
            if layer.manifest.kind != PackKind::Law {
                if let Some(law) = fixed.get(table.decision.as_str()) {
                    problems.push(not_overridable(table, law));
                }
                tables.insert(&table.decision, entry);
            } else if table.floor.is_some() {
                floors.insert(&table.decision, entry);
            } else {
                fixed.insert(&table.decision, table);
                tables.insert(&table.decision, entry);
            }
        }
    }
    let mut found = BTreeMap::new();
    for (id, (layer, sheet)) in tables {
        let Some(table) = Table::compile(sheet.clone(), layer, values, problems) else { continue };
        checked.check(&table, true, problems);
        let floor = floors
            .get(id)
            .and_then(|(layer, sheet)| Some((Table::compile((*sheet).clone(), layer, values, problems)?, *sheet)))
            .and_then(|(law, written)| {
                checked.check(&law, false, problems);
                put_under(&table, law, written, problems)
            });
        found.insert(id.to_owned(), Decision::new(table, floor, values.clone(), version.clone()));
    }
    found
}

fn not_overridable(table: &TableSheet, law: &TableSheet) -> Problem {
    let kind = ProblemKind::NotOverridable {
        name: table.decision.clone(),
        value: table.file.clone(),
        law: law.file.clone(),
        article: law.rows.first().map(|row| row.article.clone()).unwrap_or_default(),
    };
    Problem::new(Place::file(&table.file), kind)
}

/// Matches the law's ordered output with the pack's.
fn put_under(table: &Table, law: Table, written: &TableSheet, problems: &mut Vec<Problem>) -> Option<Floor> {
    let name = written.floor.as_ref()?;
    let law_output = law.sheet.outputs.iter().position(|output| output.name == *name)?;
    let output = table.sheet.outputs.iter().position(|output| output.name == *name);
    let fits = |output: &usize| table.sheet.outputs[*output].kind == law.sheet.outputs[law_output].kind;
    match output.filter(fits) {
        Some(output) => Some(Floor { table: law, output, law_output }),
        None => {
            let order = law.sheet.outputs[law_output].kind.to_text();
            let kind = ProblemKind::FloorOrder { name: name.clone(), law: order };
            problems.push(Problem::new(Place::file(&table.sheet.file), kind));
            None
        }
    }
}

/// SHA-256 over path and text of every file of the stack.
fn digest(files: &BTreeMap<String, String>, layers: &[Layer]) -> String {
    let mut hasher = Sha256::new();
    for layer in layers {
        for (file, text) in files_in(files, &layer.manifest.id, "") {
            for part in [file.as_bytes(), text.as_bytes()] {
                hasher.update((part.len() as u64).to_be_bytes());
                hasher.update(part);
            }
        }
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
