//! Approval chains: who must agree, in which order, to what.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::duty::condition;
use crate::facts::{Facts, Title};
use crate::formula::{Formula, Scope};
use crate::parameter::{article, list};
use crate::period::Period;
use crate::problem::{Place, Problem, ProblemKind};
use crate::sheet::Sheet;
use crate::table::EvalError;
use crate::value::Value;

/// The chain of approvals that a case needs (审批链). The maker is never one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalChain {
    /// The id of the rule.
    pub id: String,
    /// The rule id that pages cite.
    pub rule: String,
    /// What people call it.
    pub title: Title,
    /// The steps in order; each names the roles of which any one may decide.
    pub steps: Vec<Vec<String>>,
    /// The article.
    pub article: String,
}

/// A chain as written, with its condition.
#[derive(Debug, Clone)]
pub(crate) struct ApprovalRow {
    pub(crate) subject: String,
    pub(crate) chain: ApprovalChain,
    pub(crate) period: Period,
    pub(crate) place: Place,
    pub(crate) chain_place: Place,
    pub(crate) article_place: Place,
    pub(crate) condition: Option<(Formula, Place)>,
}

const MUST: [&str; 8] = ["id", "rule", "subject", "condition", "chain", "article", "title_zh", "title_en"];
const MAY: [&str; 2] = ["effective_from", "effective_to"];

/// Reads `approvals.csv`.
pub(crate) fn read(file: &str, text: &str, scope: &Scope<'_>, problems: &mut Vec<Problem>) -> Vec<ApprovalRow> {
    let mut rows = Vec::new();
    for entry in Sheet::read(file, text, problems).register(&MUST, &MAY, problems) {
        let steps: Vec<Vec<String>> = entry.text("chain", problems).split('>').map(list).collect();
        if steps.iter().any(Vec::is_empty) {
            let detail = "a chain is written role>role|other_role".to_owned();
            let kind = ProblemKind::Unreadable { found: entry.get("chain").to_owned(), detail };
            problems.push(Problem::new(entry.place("chain"), kind));
        }
        rows.push(ApprovalRow {
            subject: entry.text("subject", problems),
            chain: ApprovalChain {
                id: entry.text("id", problems),
                rule: entry.text("rule", problems),
                title: Title::new(entry.text("title_zh", problems), entry.get("title_en")),
                steps,
                article: article(&entry, problems),
            },
            period: Period::read(&entry, problems),
            place: entry.place("id"),
            chain_place: entry.place("chain"),
            article_place: entry.place("article"),
            condition: condition(&entry, scope, problems),
        });
    }
    rows
}

/// Every subject must end with a row that always holds: a case without a chain would be approved by nobody.
pub(crate) fn refuse_open_ends(rows: &[&ApprovalRow], problems: &mut Vec<Problem>) {
    let mut last: BTreeMap<&str, &ApprovalRow> = BTreeMap::new();
    for row in rows {
        if let Some(earlier) = last.get(row.subject.as_str())
            && earlier.condition.is_none()
        {
            let kind = ProblemKind::Unreachable { covered_by: earlier.chain.id.clone() };
            problems.push(Problem::new(row.place.clone(), kind));
        }
        last.insert(&row.subject, row);
    }
    for (subject, row) in last {
        if let Some((formula, place)) = &row.condition {
            let inputs = format!("not ({})", formula.source());
            problems.push(Problem::new(place.clone(), ProblemKind::Gap { decision: subject.to_owned(), inputs }));
        }
    }
}

/// The first chain of a subject whose condition holds.
pub(crate) fn choose<'a>(
    rows: &'a [ApprovalRow],
    subject: &str,
    facts: &Facts,
    parameters: &Arc<BTreeMap<String, Value>>,
) -> Result<&'a ApprovalChain, EvalError> {
    for row in rows.iter().filter(|row| row.subject == subject) {
        let holds = match &row.condition {
            None => true,
            Some((formula, _)) => formula.holds(facts, &|name| parameters.get(name).cloned()).map_err(|detail| {
                EvalError::Formula { decision: row.chain.id.clone(), formula: formula.source().to_owned(), detail }
            })?,
        };
        if holds {
            return Ok(&row.chain);
        }
    }
    Err(EvalError::UnknownDecision { decision: format!("approval of {subject}") })
}
