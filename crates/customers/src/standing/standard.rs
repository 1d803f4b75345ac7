//! Standards of classes (分类标准): for each axis of the rules in force which conditions lead to each class, and what
//! service and risk measures follow from it, written down article by article from the tables themselves (S5.5-06).

use jiff::civil::Date;
use platform::error::ActionError;
use platform::locale::Lang;
use platform::page::Ui;
use platform::policies::InForce;
use policy::{Edition, FactType};

use super::rules::{self, Axis};
use super::why::{axis_title, outcome_title};
use crate::care::policy as care;
use crate::customer::model::CustomerKind;
use crate::datum::view::{range, title};

/// One class of an axis as it is written down (类别标准).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Class {
    /// Its name in data.
    pub value: String,
    /// What people call it.
    pub title: String,
    /// What leads to it: one of these; each in words.
    pub conditions: Vec<String>,
    /// What follows from it: services and risk measures, in words.
    pub measures: Vec<String>,
}

/// The standard of an axis (分类标准).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standard {
    /// The decision that makes it.
    pub axis: String,
    /// What people call it.
    pub title: String,
    /// The rule that pages cite.
    pub rule: String,
    /// The articles behind it: id and title.
    pub articles: Vec<(String, String)>,
    /// After how many months it is looked at again.
    pub review_months: i64,
    /// Whom it classes.
    pub of: Vec<CustomerKind>,
    /// Its classes in the order of the rules.
    pub classes: Vec<Class>,
}

/// The axes of the rules in force with whom they class, in the order of the rules (rule `standing.standard`).
pub(super) fn axes(policy: &InForce, on: Date) -> Vec<(Axis, Vec<CustomerKind>)> {
    let mut all: Vec<(Axis, Vec<CustomerKind>)> = Vec::new();
    for kind in [CustomerKind::Person, CustomerKind::Company] {
        for axis in rules::axes(policy.edition(on), kind) {
            match all.iter_mut().find(|(known, _)| known.decision == axis.decision) {
                Some((_, of)) => of.push(kind),
                None => all.push((axis, vec![kind])),
            }
        }
    }
    all
}

/// The standard of an axis as the rules in force have it.
///
/// # Errors
/// The decision cannot be made.
pub(super) fn standard(
    ui: &Ui,
    policy: &InForce,
    (axis, of): &(Axis, Vec<CustomerKind>),
) -> Result<Standard, ActionError> {
    let on = ui.business_date;
    let edition = policy.edition(on);
    let mut made = Standard {
        axis: axis.decision.clone(),
        title: axis_title(ui, policy, &axis.decision),
        rule: String::new(),
        articles: Vec::new(),
        review_months: axis.review_months,
        of: of.clone(),
        classes: Vec::new(),
    };
    let Ok(decision) = edition.decision(&axis.decision) else { return Ok(made) };
    let sheet = decision.sheet();
    made.rule.clone_from(&sheet.rule);
    let mut named: Vec<&str> = sheet.rows.iter().flat_map(|row| row.article.split('|')).collect();
    named.retain(|id| !id.is_empty());
    named.sort_unstable();
    named.dedup();
    let article = |id: &&str| ((*id).to_owned(), policy.article_title(id, ui.lang() == Lang::En));
    made.articles = named.iter().map(article).collect();
    let values: &[String] = match sheet.outputs.first().map(|output| &output.kind) {
        Some(FactType::OneOf { values, .. }) => values,
        Some(_) | None => &[],
    };
    for value in values {
        made.classes.push(Class {
            value: value.clone(),
            title: outcome_title(ui, policy, &axis.output, value),
            conditions: conditions(ui, policy, axis, value),
            measures: measures(ui, policy, (axis, of), value)?,
        });
    }
    Ok(made)
}

/// What leads to a class: a line a row of the table, its facts joined.
fn conditions(ui: &Ui, policy: &InForce, axis: &Axis, value: &str) -> Vec<String> {
    let edition = policy.edition(ui.business_date);
    let Ok(decision) = edition.decision(&axis.decision) else { return Vec::new() };
    let sheet = decision.sheet();
    let english = ui.lang() == Lang::En;
    let led = sheet.rows.iter().filter(|row| row.results.first().is_some_and(|result| result == value));
    let line = |row: &policy::Row| {
        let asked = sheet.inputs.iter().zip(&row.texts).filter(|(_, text)| !matches!(text.as_str(), "-" | ""));
        let mut parts: Vec<String> = asked
            .map(|(input, text)| {
                let text = text_of(edition, text);
                let words = words(ui, policy, (&input.name, &input.kind), &text);
                ui.t2("standard-condition", "fact", column(ui, policy, &input.name), "value", words)
            })
            .collect();
        let note = row.note.in_language(english);
        if !note.is_empty() {
            parts.push(ui.t1("standard-noted", "note", note));
        }
        if parts.is_empty() { ui.t("standard-otherwise") } else { parts.join(&ui.t("standard-and")) }
    };
    led.map(line).collect()
}

/// What people call an input: a fact, or the outcome of another table.
fn column(ui: &Ui, policy: &InForce, name: &str) -> String {
    match policy.pack().dictionary().get(name) {
        Some(_) => title(ui, policy, name),
        None => ui.locale.find(&format!("policy-column-{name}")).unwrap_or_else(|| name.to_owned()),
    }
}

/// A cell with the values of its parameters: `>= param.x` says `>= 3`.
fn text_of(edition: &Edition, text: &str) -> String {
    let mut parts = text.split("param.");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        match edition.parameter(name) {
            Some(found) => out.push_str(&found.value.to_text()),
            None => out.push_str(name),
        }
        out.push_str(rest);
    }
    out
}

/// A condition in words: ranges with their units, yes and no, listed values by their titles.
fn words(ui: &Ui, policy: &InForce, (name, kind): (&str, &FactType), text: &str) -> String {
    match (kind, text) {
        (FactType::Boolean, "true") => ui.t("datum-yes"),
        (FactType::Boolean, "false") => ui.t("datum-no"),
        (FactType::Integer { .. }, text) => range(ui, policy, name, text),
        (FactType::Boolean | FactType::OneOf { .. } | FactType::Text | FactType::Date, text) => {
            let text = text.replace(">=", "≥").replace("<=", "≤");
            let parts = text.split('"').enumerate().map(|(at, part)| match at % 2 {
                0 => part.to_owned(),
                _ => outcome_title(ui, policy, name, part),
            });
            parts.collect()
        }
    }
}

/// What follows from a class: the further outputs of its rows, what other tables decide on it alone, and the plans of care
/// that the policy asks for.
fn measures(
    ui: &Ui,
    policy: &InForce,
    (axis, of): (&Axis, &[CustomerKind]),
    value: &str,
) -> Result<Vec<String>, ActionError> {
    let on = ui.business_date;
    let edition = policy.edition(on);
    let mut found: Vec<String> = Vec::new();
    let mut add = |text: String| {
        if !found.contains(&text) {
            found.push(text);
        }
    };
    for decision in edition.decisions() {
        let sheet = decision.sheet();
        let own = sheet.decision == axis.decision;
        let on_it = sheet.inputs.len() == 1 && sheet.inputs.first().is_some_and(|input| input.name == axis.output);
        if !own && !on_it {
            continue;
        }
        for row in &sheet.rows {
            let names = if own { row.results.first() } else { row.texts.first() };
            let meant = names.is_some_and(|text| text.split(',').any(|one| one.trim().trim_matches('"') == value));
            if !meant {
                continue;
            }
            for (output, result) in sheet.outputs.iter().zip(&row.results).skip(usize::from(own)) {
                if policy.pack().outcome(&output.name, result).is_some() {
                    add(outcome_title(ui, policy, &output.name, result));
                }
            }
        }
    }
    for kind in of {
        for plan in care::kinds(policy, on, *kind)? {
            if plan.of.as_ref().is_some_and(|(known, class)| *known == axis.decision && class == value) {
                add(ui.t1("standard-plan", "plan", outcome_title(ui, policy, "care_plan", &plan.name)));
            }
        }
    }
    Ok(found)
}
