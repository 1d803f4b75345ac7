//! One decision made for many cases: which facts come from the case, which from decisions below, worked out once.

use super::edition::Edition;
use crate::table::{Decision, EvalError};
use crate::value::Value;

/// How a decision is made for cases of one kind (决策计划): a pass over the book builds it once and runs it a case.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    steps: Vec<Step<'a>>,
}

/// One decision of the chain.
#[derive(Debug, Clone)]
struct Step<'a> {
    decision: &'a Decision,
    sources: Vec<Source>,
}

/// Where a fact comes from.
#[derive(Debug, Clone, Copy)]
enum Source {
    /// The case, at this place.
    Case(usize),
    /// An output of an earlier step.
    Made { step: usize, output: usize },
    /// Nowhere: it stays unknown.
    Unknown,
}

impl Edition {
    /// How to make a decision for cases of which these facts are known; `None` when a fact that it must know can
    /// neither be had from the case nor from a decision below, or no rule is in force.
    #[must_use]
    pub fn plan(&self, id: &str, known: &[String]) -> Option<Plan<'_>> {
        let mut plan = Plan { steps: Vec::new() };
        self.plan_into(id, known, &mut plan, &mut Vec::new())?;
        Some(plan)
    }

    fn plan_into<'a>(
        &'a self,
        id: &str,
        known: &[String],
        plan: &mut Plan<'a>,
        path: &mut Vec<String>,
    ) -> Option<usize> {
        if let Some(made) = plan.steps.iter().position(|step| step.decision.id() == id) {
            return Some(made);
        }
        if path.iter().any(|above| above == id) {
            return None;
        }
        let decision = self.decision(id).ok()?;
        path.push(id.to_owned());
        let mut sources = Vec::new();
        for (fact, optional) in &decision.facts {
            let source = match known.iter().position(|name| name == fact) {
                Some(place) => Source::Case(place),
                None => self.made(fact, known, plan, path).unwrap_or(Source::Unknown),
            };
            if matches!(source, Source::Unknown) && !optional {
                path.pop();
                return None;
            }
            sources.push(source);
        }
        path.pop();
        plan.steps.push(Step { decision, sources });
        Some(plan.steps.len() - 1)
    }

    fn made<'a>(&'a self, fact: &str, known: &[String], plan: &mut Plan<'a>, path: &mut Vec<String>) -> Option<Source> {
        let giver = self.giver(fact)?.to_owned();
        let step = self.plan_into(&giver, known, plan, path)?;
        let output = plan.steps[step].decision.sheet().outputs.iter().position(|output| output.name == fact)?;
        Some(Source::Made { step, output })
    }
}

impl Plan<'_> {
    /// The places of the facts that it reads of a case, in rising order: cases that agree in these are decided alike.
    #[must_use]
    pub fn reads(&self) -> Vec<usize> {
        let sources = self.steps.iter().flat_map(|step| &step.sources);
        let mut places: Vec<usize> = sources
            .filter_map(|source| match source {
                Source::Case(place) => Some(*place),
                Source::Made { .. } | Source::Unknown => None,
            })
            .collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Decides a case: the outputs of the decision asked for. Facts stand in the order in which they were named.
    ///
    /// # Errors
    /// As [`Decision::hit`].
    pub fn decide(&self, case: &[Option<Value>]) -> Result<Vec<Option<Value>>, EvalError> {
        let mut made: Vec<Vec<Option<Value>>> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let values: Vec<Option<&Value>> = step
                .sources
                .iter()
                .map(|source| match source {
                    Source::Case(place) => case.get(*place).and_then(Option::as_ref),
                    Source::Made { step, output } => made[*step].get(*output).and_then(Option::as_ref),
                    Source::Unknown => None,
                })
                .collect();
            let hit = step.decision.hit(&values)?;
            made.push(step.decision.outputs(&hit, &values)?);
        }
        Ok(made.pop().unwrap_or_default())
    }
}
