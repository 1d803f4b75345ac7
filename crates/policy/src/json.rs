//! Decisions and checks as JSON, for `loanward policy eval`, `loanward policy check` and the API.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use crate::facts::{FactDictionary, Facts};
use crate::pack::Pack;
use crate::problem::{Problem, ProblemKind, nearest};
use crate::table::EvalError;

/// Reads the facts of a case from a JSON object; `null` is an unknown fact.
///
/// # Errors
/// `unknown_fact`, `wrong_type`, `not_allowed` or `floating_point`, the first that occurs, with the name of the fact.
pub fn facts(pack: &Pack, json: &Json) -> Result<Facts, (String, ProblemKind)> {
    let Json::Object(fields) = json else {
        let kind = ProblemKind::WrongType { expected: "a JSON object of facts".to_owned(), found: json.to_string() };
        return Err((String::new(), kind));
    };
    let mut facts = Facts::new();
    for (name, value) in fields {
        let Some(definition) = pack.dictionary().get(name) else {
            let nearest = nearest(name, pack.dictionary().names());
            return Err((name.clone(), ProblemKind::UnknownFact { name: name.clone(), nearest }));
        };
        if !value.is_null() {
            let value = definition.kind.parse_json(value).map_err(|kind| (name.clone(), kind))?;
            facts.insert(name.clone(), value);
        }
    }
    Ok(facts)
}

/// Decides for the facts of a JSON object on a date, with the whole explanation; facts that other decisions of the pack
/// give out are derived when they are not among the facts, and those decisions are told under `below`.
///
/// # Errors
/// A JSON object `{"error": {"code", "message", …}}`.
pub fn eval(pack: &Pack, decision: &str, facts_json: &Json, on: Date) -> Result<Json, Json> {
    let facts = facts(pack, facts_json).map_err(|(fact, kind)| {
        let mut fields = kind.fields();
        fields.push(("fact", fact));
        error(kind.code(), &kind.to_string(), fields)
    })?;
    let found = pack.on(on).derive(decision, &facts).map_err(|refusal| {
        let mut fields = refusal.fields();
        fields.retain(|(name, _)| *name != "on");
        fields.push(("on", on.to_string()));
        let message = match &refusal {
            EvalError::NoRule { decision, .. } => format!("no rule for {decision} is in force on {on}"),
            other => other.to_string(),
        };
        error(refusal.code(), &message, fields)
    })?;
    let (evaluation, below, evidence) = (found.decision, found.below, found.evidence);
    let mut found = evaluation.to_json();
    if let Json::Object(fields) = &mut found {
        fields.insert("evidence".to_owned(), evidence.into());
        fields.insert("below".to_owned(), below.iter().map(crate::Evaluation::to_json).collect());
        fields.insert("on".to_owned(), Json::from(on.to_string()));
        fields.insert("names".to_owned(), names(pack, &evaluation.outputs));
    }
    Ok(found)
}

/// The titles of the values that the decision gave out.
fn names(pack: &Pack, outputs: &[Vec<(String, Option<crate::Value>)>]) -> Json {
    let mut names = Map::new();
    for (output, value) in outputs.iter().flatten() {
        let text = value.as_ref().and_then(crate::Value::as_text);
        if let Some(outcome) = text.and_then(|text| pack.outcome(output, text)) {
            names
                .insert(format!("{output}={}", outcome.value), json!({"zh": outcome.title.zh, "en": outcome.title.en}));
        }
    }
    Json::Object(names)
}

fn error(code: &str, message: &str, fields: Vec<(&'static str, String)>) -> Json {
    let mut found = Map::new();
    found.insert("code".to_owned(), Json::from(code));
    found.insert("message".to_owned(), Json::from(message));
    for (name, value) in fields {
        found.entry(name).or_insert_with(|| Json::from(value));
    }
    json!({ "error": found })
}

/// A problem as JSON: code, message and fields.
pub fn problem(problem: &Problem) -> Json {
    let mut found = Map::new();
    found.insert("code".to_owned(), Json::from(problem.code()));
    found.insert("message".to_owned(), Json::from(problem.to_string()));
    for (name, value) in problem.fields() {
        let value = match name {
            "row" | "column" => value.parse::<u32>().map_or(Json::Null, Json::from),
            _ => Json::from(value),
        };
        found.entry(name).or_insert(value);
    }
    Json::Object(found)
}

/// Checks a pack and tells every problem, or what it holds when there is none.
pub fn check(files: &BTreeMap<String, String>, id: &str, facts: &FactDictionary) -> Json {
    match Pack::load(files, id, facts) {
        Ok(pack) => {
            let decisions: BTreeMap<&str, usize> =
                pack.tables().map(|(_, table)| (table.decision.as_str(), table.rows.len())).collect();
            json!({
                "ok": true,
                "version": pack.version().to_json(),
                "changes_on": pack.change_dates().map(|date| date.to_string()).collect::<Vec<String>>(),
                "decisions": decisions,
                "parameters": pack.parameters().len(),
                "articles": pack.articles().count(),
                "problems": [],
            })
        }
        Err(problems) => json!({
            "ok": false,
            "problems": problems.iter().map(problem).collect::<Vec<Json>>(),
        }),
    }
}
