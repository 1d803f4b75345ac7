//! Whether a portrait may be drawn, from what, and what it says. Pure.

use policy::{Edition, Facts, ParameterError, Value};

use crate::datum::facts::{Known, Origin};
use crate::datum::model::Basis;

/// The item by which a person agrees to a portrait.
pub const CONSENT: &str = "portrait_consent";
/// What a portrait says, in its order: the decisions of the policy.
pub const TRAITS: [&str; 4] = ["life_cycle", "consumption_habit", "risk_preference", "portrait_segment"];
/// The parameter with the facts that a portrait may look at.
const FACTS: &str = "portrait_facts";

/// Whether a portrait may be drawn (画像许可).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drawn {
    /// The rules in force draw none.
    NotOffered,
    /// The person has not agreed, or no longer.
    NoConsent,
    /// It may, and says this.
    Portrait(Portrait),
}

/// A portrait (客户画像).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Portrait {
    /// What it says: output of the policy and value.
    pub says: Vec<(String, String)>,
    /// The facts that it was drawn from.
    pub from: Vec<String>,
}

/// Whether the person agrees today.
///
/// Rule `portrait.consent` (S5.3-03; 个人信息保护法 第十三条、第十五条): the consent stands in the file as a datum that
/// counts, held on the person's own consent; taken back, the portrait is gone.
#[must_use]
pub fn consented(known: &Known) -> bool {
    let stated = |origin: &Origin| matches!(origin, Origin::Stated(datum) if datum.basis == Basis::Consent);
    known.facts.get(CONSENT).and_then(Value::as_boolean) == Some(true) && known.origins.get(CONSENT).is_some_and(stated)
}

/// The facts that a portrait may look at.
///
/// Rule `portrait.facts` (S5.3-03; 个人信息保护法 第六条、第二十四条; 征信业管理条例 第二十条): those that the policy lists, as
/// far as the person stated them under a contract or consent, or the file holds them. What a credit report, a register
/// or the book of loans says was got for another purpose and is never looked at.
#[must_use]
pub fn lawful(known: &Known, listed: &[String]) -> Facts {
    let fits = |name: &String| match known.origins.get(name) {
        Some(Origin::Stated(datum)) => matches!(datum.basis, Basis::Consent | Basis::Contract),
        Some(Origin::File) => true,
        Some(
            Origin::Statement(_)
            | Origin::Report(_)
            | Origin::Evaluation(..)
            | Origin::Guarantees
            | Origin::AssetProofs
            | Origin::PremiumList(_)
            | Origin::Book,
        )
        | None => false,
    };
    let named = known.facts.iter().filter(|entry| listed.contains(entry.0) && fits(entry.0));
    named.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Draws the portrait of a person.
///
/// # Errors
/// The parameter is no list.
pub fn draw(edition: &Edition, known: &Known) -> Result<Drawn, ParameterError> {
    let listed = match edition.texts(FACTS) {
        Ok(listed) => listed,
        Err(ParameterError::Unknown { .. }) => return Ok(Drawn::NotOffered),
        Err(broken) => return Err(broken),
    };
    if !consented(known) {
        return Ok(Drawn::NoConsent);
    }
    let facts = lawful(known, &listed);
    let mut portrait = Portrait { says: Vec::new(), from: facts.keys().cloned().collect() };
    for output in TRAITS {
        // A trait for which data are lacking is left out.
        let found = edition.derive(output, &facts).ok();
        if let Some(value) = found.as_ref().and_then(|found| found.decision.text(output)) {
            portrait.says.push((output.to_owned(), value.to_owned()));
        }
    }
    if let Ok(found) = edition.derive("portrait_segment", &facts)
        && let Some(service) = found.decision.text("portrait_service")
    {
        portrait.says.push(("portrait_service".to_owned(), service.to_owned()));
    }
    Ok(Drawn::Portrait(portrait))
}
