//! Cards read off the policy's tables. Pure.

use policy::{Edition, EvalError, Evaluation, FactType, Facts, Title, Value};

/// A line of a card (要点).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tip {
    /// What kind of line: `recognise`, `permitted`, `prohibited`, `record`; of a checklist the moment: `before`, `during`.
    pub kind: String,
    /// Which, in data.
    pub id: String,
    /// The policy's words.
    pub words: Title,
    /// The article.
    pub article: String,
}

/// A card (要点卡).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// `call`, `pattern` or `segment`.
    pub sort: &'static str,
    /// Of which pattern or segment; empty for the checklist.
    pub of: String,
    /// Its lines in the order of the policy.
    pub tips: Vec<Tip>,
}

impl Card {
    /// The lines of a kind.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Tip> {
        self.tips.iter().filter(move |tip| tip.kind == kind)
    }
}

/// The stage of life that a case is in (案件生命期).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Which: `growth`.
    pub stage: String,
    /// What the policy advises there.
    pub words: Title,
    /// The article.
    pub article: String,
}

/// Rows of a table that collects; an empty list where the policy has no such table or no row.
///
/// # Errors
/// The decision cannot be made.
pub(crate) fn collected(edition: &Edition, decision: &str, facts: &Facts) -> Result<Option<Evaluation>, EvalError> {
    match edition.decide(decision, facts) {
        Ok(found) => Ok(Some(found)),
        Err(EvalError::UnknownDecision { .. } | EvalError::NoRule { .. } | EvalError::NoRow { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The text of an output in a row.
pub(crate) fn text_in(row: &[(String, Option<Value>)], name: &str) -> String {
    let found = row.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.as_ref());
    found.map(Value::to_text).unwrap_or_default()
}

/// An output of a row as a whole number; nothing where it is none.
pub(crate) fn number_in(row: &[(String, Option<Value>)], name: &str) -> i64 {
    match row.iter().find(|(known, _)| known == name) {
        Some((_, Some(Value::Integer(number)))) => *number,
        Some(_) | None => 0,
    }
}

/// The facts of a table that asks for nothing: what kind of customer a file is about is known of every customer.
pub(crate) fn anybody(kind: &str) -> Facts {
    Facts::from([("customer_kind".to_owned(), Value::from(kind))])
}

fn tips(edition: &Edition, decision: &str, facts: &Facts, (kind, id): (&str, &str)) -> Result<Vec<Tip>, EvalError> {
    let Some(found) = collected(edition, decision, facts)? else { return Ok(Vec::new()) };
    let tip = |(row, hit): (&Vec<(String, Option<Value>)>, &policy::RowHit)| Tip {
        kind: text_in(row, kind),
        id: text_in(row, id),
        words: hit.note.clone(),
        article: hit.article.clone(),
    };
    Ok(found.outputs.iter().zip(&found.rows).map(tip).collect())
}

/// The checklist of a call (S2.5-06): what to read before, what to listen to, ask and confirm during it.
/// Rule `call.checklist`; `kind` is whom the file is about.
///
/// # Errors
/// The decision cannot be made.
pub fn call(edition: &Edition, kind: &str) -> Result<Card, EvalError> {
    let tips = tips(edition, "call_check", &anybody(kind), ("call_moment", "call_step"))?;
    Ok(Card { sort: "call", of: String::new(), tips })
}

/// The card of a pattern of debtor (S2.5-10): by what it is recognised, what may be answered, what is forbidden, what is to be recorded.
///
/// # Errors
/// The decision cannot be made.
pub fn pattern(edition: &Edition, pattern: &str) -> Result<Card, EvalError> {
    let facts = Facts::from([("debtor_pattern".to_owned(), Value::from(pattern))]);
    let tips = tips(edition, "pattern_answer", &facts, ("answer_kind", "answer"))?;
    Ok(Card { sort: "pattern", of: pattern.to_owned(), tips })
}

/// The card of a segment of debtors (S2.5-33 … S2.5-36).
///
/// # Errors
/// The decision cannot be made.
pub fn segment(edition: &Edition, segment: &str) -> Result<Card, EvalError> {
    let facts = Facts::from([("debtor_segment".to_owned(), Value::from(segment))]);
    let tips = tips(edition, "segment_answer", &facts, ("segment_answer_kind", "segment_answer"))?;
    Ok(Card { sort: "segment", of: segment.to_owned(), tips })
}

/// The values that an output of the policy's tables can have, in order.
pub(crate) fn scale(pack: &policy::Pack, output: &str) -> Vec<String> {
    let outputs = pack.tables().flat_map(|(_, table)| &table.outputs);
    let mut scales = outputs.filter(|known| known.name == output).filter_map(|known| match &known.kind {
        FactType::OneOf { values, .. } => Some(values.clone()),
        FactType::Integer { .. } | FactType::Date | FactType::Text | FactType::Boolean => None,
    });
    scales.next().unwrap_or_default()
}

/// The values of a fact that is one of a list, in the order of the pack.
#[must_use]
pub fn values(pack: &policy::Pack, fact: &str) -> Vec<String> {
    match pack.dictionary().get(fact).map(|known| &known.kind) {
        Some(FactType::OneOf { values, .. }) => values.clone(),
        Some(_) | None => Vec::new(),
    }
}

/// Every card of a policy: the checklist, the patterns, the segments.
///
/// # Errors
/// A decision cannot be made.
pub fn all(pack: &policy::Pack, edition: &Edition, kind: &str) -> Result<Vec<Card>, EvalError> {
    let mut cards = vec![call(edition, kind)?];
    for one in values(pack, "debtor_pattern") {
        cards.push(pattern(edition, &one)?);
    }
    for one in values(pack, "debtor_segment") {
        cards.push(segment(edition, &one)?);
    }
    cards.retain(|card| !card.tips.is_empty());
    Ok(cards)
}

/// The life stage of a case by its days overdue (S2.5-28), rule `case.life_stage`; a policy without the table has none.
///
/// # Errors
/// The decision cannot be made.
pub fn stage(edition: &Edition, days: i64) -> Result<Option<Stage>, EvalError> {
    let facts = Facts::from([("overdue_days".to_owned(), Value::Integer(days.max(0)))]);
    let Some(found) = collected(edition, "case_life_stage", &facts)? else { return Ok(None) };
    Ok(found.rows.first().map(|hit| Stage {
        stage: found.text("life_stage").unwrap_or_default().to_owned(),
        words: hit.note.clone(),
        article: hit.article.clone(),
    }))
}
