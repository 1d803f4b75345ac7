//! What contacts say of the cause (原因线索), and the degree of a loss: read off the policy. Pure.

use std::collections::BTreeMap;

use policy::{Edition, EvalError, Facts, Value};

use super::model::{Hint, Loss, Sign};
use crate::card::rules::{collected, text_in};

/// The causes that the signs speak for, in the order of severity (rule `cause.hint`, S2.5-09).
///
/// # Errors
/// The decision cannot be made.
pub fn hints(edition: &Edition, signs: &[Sign], severity: &[String]) -> Result<Vec<Hint>, EvalError> {
    let mut found: BTreeMap<String, Hint> = BTreeMap::new();
    for sign in signs {
        let mut facts = Facts::from([("contact_result".to_owned(), Value::Text(sign.result.clone()))]);
        if let Some(pattern) = &sign.pattern {
            facts.insert("debtor_pattern".to_owned(), Value::Text(pattern.clone()));
        }
        let Some(decided) = collected(edition, "cause_hint", &facts)? else { continue };
        let mut counted: Vec<String> = Vec::new();
        for (row, hit) in decided.outputs.iter().zip(&decided.rows) {
            let cause = text_in(row, "hinted_cause");
            let article = hit.article.clone();
            let fresh = || Hint { cause: cause.clone(), contacts: 0, why: Vec::new(), article };
            let hint = found.entry(cause.clone()).or_insert_with(fresh);
            // A contact that says the same twice is one contact.
            if !counted.contains(&cause) {
                hint.contacts += sign.contacts;
                counted.push(cause);
            }
            if !hint.why.contains(&hit.note) {
                hint.why.push(hit.note.clone());
            }
        }
    }
    let mut hints: Vec<Hint> = found.into_values().collect();
    hints.sort_by_key(|hint| severity.iter().position(|code| *code == hint.cause).unwrap_or(severity.len()));
    Ok(hints)
}

/// The cause that a loss by disaster is (rule `cause.loss`, S2.3-12): each degree has its own measures.
///
/// # Errors
/// The policy lacks the table.
pub fn degree(edition: &Edition, loss: Loss) -> Result<String, EvalError> {
    let facts = Facts::from([
        ("business_can_continue".to_owned(), Value::Boolean(loss.continues)),
        ("staff_technology_intact".to_owned(), Value::Boolean(loss.intact)),
    ]);
    Ok(edition.decide("loss_degree", &facts)?.text("loss_cause").unwrap_or_default().to_owned())
}
