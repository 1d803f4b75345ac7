//! What the tables of a stack may look at.

use std::collections::{BTreeMap, BTreeSet};

use super::layer::{Manifest, files_in, outputs};
use crate::facts::{FactDefinition, FactDictionary};
use crate::problem::{Place, Problem, ProblemKind};

/// The facts of the capabilities, those that the layers declare, and the outputs of all tables of the stack.
pub(super) fn dictionary(
    files: &BTreeMap<String, String>,
    manifests: &[Manifest],
    facts: &FactDictionary,
    problems: &mut Vec<Problem>,
) -> FactDictionary {
    let mut found: BTreeMap<String, FactDefinition> =
        facts.iter().map(|fact| (fact.name.clone(), fact.clone())).collect();
    let mut from_tables = BTreeSet::new();
    for manifest in manifests {
        declared(files, manifest, facts, &mut found, problems);
    }
    for manifest in manifests {
        for (file, text) in files_in(files, &manifest.id, "tables/") {
            for (name, kind) in outputs(text) {
                let clash = found.get(&name).is_some_and(|known| {
                    if from_tables.contains(&name) { known.kind != kind } else { !known.kind.comparable(&kind) }
                });
                if clash {
                    let expected = found.get(&name).map(|known| known.kind.to_text()).unwrap_or_default();
                    let kind = ProblemKind::WrongType { expected, found: format!("{name}: {}", kind.to_text()) };
                    problems.push(Problem::new(Place::file(file), kind));
                    continue;
                }
                from_tables.insert(name.clone());
                let title = found.get(&name).map(|known| known.title.clone()).unwrap_or_default();
                found.insert(name.clone(), FactDefinition { name, kind, title });
            }
        }
    }
    let mut dictionary = FactDictionary::new();
    for fact in found.into_values() {
        // Names are unique here, so nothing can clash.
        let _ = dictionary.add(fact);
    }
    dictionary
}

/// Adds the facts of a layer's `facts.csv`: what its tables look at and no capability need offer yet. What a
/// capability does offer keeps the capability's type, which must be comparable; layers must agree exactly.
fn declared(
    files: &BTreeMap<String, String>,
    manifest: &Manifest,
    offered: &FactDictionary,
    found: &mut BTreeMap<String, FactDefinition>,
    problems: &mut Vec<Problem>,
) {
    let file = format!("{}/facts.csv", manifest.id);
    let Some(text) = files.get(&file) else { return };
    let own = match FactDictionary::from_csv(&file, text) {
        Ok(own) => own,
        Err(mut unreadable) => {
            problems.append(&mut unreadable);
            return;
        }
    };
    for fact in own.iter() {
        let clash = found.get(&fact.name).filter(|known| match offered.get(&fact.name) {
            Some(offered) => !offered.kind.comparable(&fact.kind),
            None => known.kind != fact.kind,
        });
        if let Some(known) = clash {
            let found = format!("{}: {}", fact.name, fact.kind.to_text());
            let kind = ProblemKind::WrongType { expected: known.kind.to_text(), found };
            problems.push(Problem::new(Place::file(&file), kind));
        } else {
            found.entry(fact.name.clone()).or_insert_with(|| fact.clone());
        }
    }
}
