//! A decision whose facts are themselves decisions: each is made in turn, and all are told.

use std::collections::{BTreeMap, BTreeSet};

use super::edition::Edition;
use crate::facts::Facts;
use crate::table::{Decision, EvalError, Evaluation, Hit, HitPolicy};

/// A decision together with those it builds on (推导链).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivation {
    /// The decision asked for.
    pub decision: Evaluation,
    /// The decisions that gave facts to it, in the order in which they were made.
    pub below: Vec<Evaluation>,
    /// The facts of the case and all that were derived.
    pub facts: Facts,
    /// The facts, unknown now, that could still change the outcome: the evidence to ask for (待补证据).
    pub evidence: Vec<String>,
}

impl Edition {
    /// Decides and explains, making first the decisions whose outputs it looks at and that the facts do not hold.
    ///
    /// A fact that is given is never derived, so a class set by a person stands. A decision below that lacks a fact, or
    /// has no row for the case, leaves its outputs unknown when only optional columns look at them.
    ///
    /// # Errors
    /// As [`Edition::decide`], of the decision or of one below.
    pub fn derive(&self, id: &str, facts: &Facts) -> Result<Derivation, EvalError> {
        let (open, facts) = (BTreeMap::new(), facts.clone());
        let mut chain = Chain { edition: self, facts, open, made: Vec::new(), path: Vec::new() };
        let evidence = chain.make(id)?.into_iter().collect();
        let decision = chain.made.pop().ok_or_else(|| EvalError::UnknownDecision { decision: id.to_owned() })?;
        Ok(Derivation { decision, below: chain.made, facts: chain.facts, evidence })
    }

    /// The facts that a decision must know and that neither are known nor can be had from a decision below, in the
    /// order in which the tables ask for them (缺少的事实).
    #[must_use]
    pub fn lacking(&self, id: &str, facts: &Facts) -> Vec<String> {
        let mut found = Vec::new();
        self.lacking_into(id, facts, &mut found, &mut Vec::new());
        found
    }

    fn lacking_into<'a>(&'a self, id: &'a str, facts: &Facts, found: &mut Vec<String>, path: &mut Vec<&'a str>) {
        let Ok(decision) = self.decision(id) else { return };
        path.push(id);
        for (name, _) in decision.facts.iter().filter(|(name, optional)| !optional && !facts.contains_key(name)) {
            match self.giver(name).filter(|giver| !path.contains(giver)) {
                Some(giver) => self.lacking_into(giver, facts, found, path),
                None if found.contains(name) => {}
                None => found.push(name.clone()),
            }
        }
        path.pop();
    }

    /// The decision that gives out a fact, of several the first by name; a table that collects gives many values and
    /// therefore none.
    pub(super) fn giver(&self, fact: &str) -> Option<&str> {
        let gives = |sheet: &crate::TableSheet| {
            sheet.hit != HitPolicy::Collect && sheet.outputs.iter().any(|output| output.name == fact)
        };
        self.decisions().find(|decision| gives(decision.sheet())).map(Decision::id)
    }
}

struct Chain<'a> {
    edition: &'a Edition,
    facts: Facts,
    /// Facts that are derived but not settled, with the unknown facts they wait for.
    open: BTreeMap<String, BTreeSet<String>>,
    made: Vec<Evaluation>,
    path: Vec<String>,
}

impl Chain<'_> {
    /// Makes a decision and those below it; answers with the unknown facts that could change it.
    fn make(&mut self, id: &str) -> Result<BTreeSet<String>, EvalError> {
        let decision = self.edition.decision(id)?;
        self.path.push(id.to_owned());
        let wanted: Vec<(String, bool)> =
            decision.facts.iter().filter(|(name, _)| !self.facts.contains_key(name)).cloned().collect();
        for (name, optional) in wanted {
            let Some(giver) = self.edition.giver(&name).map(str::to_owned) else { continue };
            // In a circle somebody must state the fact; a decision that is made already has nothing to add.
            if self.path.contains(&giver) || self.made.iter().any(|made| made.decision == giver) {
                continue;
            }
            let depth = self.path.len();
            match self.make(&giver) {
                Err(EvalError::MissingFact { fact, .. }) if optional => {
                    self.open.entry(name).or_default().insert(fact);
                    self.path.truncate(depth);
                }
                Err(EvalError::NoRow { .. }) if optional => self.path.truncate(depth),
                found => drop(found?),
            }
        }
        let values = decision.values(&self.facts);
        let hit = decision.hit(&values)?;
        let evaluation = decision.explain(&values, &hit)?;
        let waits = self.waits(decision, &hit)?;
        for (name, value) in evaluation.outputs.first().into_iter().flatten() {
            if let (Some(value), false) = (value, self.facts.contains_key(name)) {
                self.facts.insert(name.clone(), value.clone());
            }
            if !waits.is_empty() {
                self.open.insert(name.clone(), waits.clone());
            }
        }
        self.made.push(evaluation);
        self.path.pop();
        Ok(waits)
    }

    /// The unknown facts that a decision waits for: those that keep rows from counting, and those behind the facts
    /// that the row that counts computes its outputs from.
    fn waits(&self, decision: &Decision, hit: &Hit) -> Result<BTreeSet<String>, EvalError> {
        let values = decision.values(&self.facts);
        let unsettled = |name: &str| !self.facts.contains_key(name) || self.open.contains_key(name);
        let mut names = decision.waiting(&values, hit, &unsettled)?;
        names.retain(|name| unsettled(name));
        Ok(names.into_iter().flat_map(|name| self.open.get(&name).cloned().unwrap_or_else(|| [name].into())).collect())
    }
}
