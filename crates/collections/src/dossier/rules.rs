//! What follows from an entry (处理依据): who owes and how much at most, what the policy advises. Pure.

use std::collections::BTreeMap;

use customers::relation::model::RelationId;
use finance::Fen;
use jiff::civil::Date;
use platform::contact_gate::PersonId;
use platform::error::FieldError;
use policy::{Edition, EvalError, Facts, Value};

use super::model::{Block, Content, Entry, EntryId, Thread, standing};

/// What follows from an entry (处理结果).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Follows {
    /// `owes`, `free`, `unclear`; or the advice of the policy.
    pub outcome: String,
    /// The most that can be claimed from the person.
    pub cap: Option<Fen>,
    /// The article.
    pub article: String,
}

/// The article of the law on heirs.
const HEIRS: &str = "civil-code.1161";

/// What an heir or whoever holds the estate owes (rule `obligor.heir`, Civil Code Art. 1161): no more than what was
/// received, nothing after renouncing; who received nothing known yet is unclear.
#[must_use]
pub fn heir(content: &Content) -> Follows {
    let (outcome, cap) = match (content.get("renounced"), content.amount("inherited")) {
        ("yes", _) => ("free", Some(Fen::ZERO)),
        (_, Some(inherited)) if inherited.is_positive() => ("owes", Some(inherited)),
        (_, Some(_)) => ("free", Some(Fen::ZERO)),
        (_, None) => ("unclear", Some(Fen::ZERO)),
    };
    Follows { outcome: outcome.to_owned(), cap, article: HEIRS.to_owned() }
}

/// Whether the contract was signed while the two were married; unknown where no marriage is known.
#[must_use]
pub fn signed_while_married(signed_on: Option<Date>, married: Option<Date>, divorced: Option<Date>) -> Option<bool> {
    let (signed_on, married) = (signed_on?, married?);
    Some(signed_on >= married && divorced.is_none_or(|on| signed_on < on))
}

/// The thread of the finding that stands about the same contract of the same related party (rule `obligor.spouse`, S2.5-25):
/// what is taken back names no contract and goes on with what it follows.
#[must_use]
pub fn same_contract(
    entries: &[Entry],
    block: Block,
    relation: Option<RelationId>,
    content: &Content,
) -> Option<EntryId> {
    let signed_on = content.day("signed_on").filter(|_| block.thread() == Thread::Contract)?;
    let stand = standing(entries).into_iter().filter(|one| one.block == block && one.relation == relation);
    stand.filter(|one| one.content.day("signed_on") == Some(signed_on)).map(|one| one.item).next_back()
}

/// What the policy's table says of a spouse (S2.5-25): `yes`, `no` or `unclear`, with its article.
///
/// # Errors
/// The policy lacks the table.
pub fn spouse_by_policy(edition: &Edition, content: &Content) -> Result<(String, String), EvalError> {
    let known = |field: &str| match content.get(field) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let married = signed_while_married(content.day("signed_on"), content.day("married_on"), content.day("divorced_on"));
    let mut facts = Facts::from([("spouse_cosigned".to_owned(), Value::Boolean(known("cosigned").unwrap_or(false)))]);
    let truths = [("used_by_both", known("used_by_both")), ("signed_while_married", married)];
    facts.extend(truths.into_iter().filter_map(|(name, yes)| Some((name.to_owned(), Value::Boolean(yes?)))));
    if !["", "unknown"].contains(&content.get("allocation")) {
        facts.insert("allocation_agreement".to_owned(), Value::Text(content.get("allocation").to_owned()));
    }
    let found = edition.decide("spouse_liability", &facts)?;
    let outcome = found.output("spouse_liability").map(Value::to_text).unwrap_or_default();
    // Whoever may have signed is not told apart from who did not: then nothing is decided.
    let open = outcome == "no" && known("cosigned").is_none();
    let outcome = if open { "unclear".to_owned() } else { outcome };
    Ok((outcome, found.articles.first().cloned().unwrap_or_default()))
}

/// What legal found of a spouse (rule `obligor.spouse`): the policy's answer is shown beside it and decides nothing.
#[must_use]
pub fn spouse(content: &Content, article: String) -> Follows {
    let outcome = match content.get("finding") {
        "liable" => "owes",
        "not_liable" => "free",
        _ => "unclear",
    };
    Follows { outcome: outcome.to_owned(), cap: None, article }
}

/// What the policy advises about a debtor in custody (rule `pattern.custody`, S2.5-26).
///
/// # Errors
/// The policy lacks the table.
pub fn custody(edition: &Edition, content: &Content) -> Result<Follows, EvalError> {
    let days = content.get("days").parse().unwrap_or(0);
    let facts = Facts::from([
        ("custody_cause".to_owned(), Value::Text(content.get("cause").to_owned())),
        ("custody_days".to_owned(), Value::Integer(days)),
        ("misuse_checked".to_owned(), Value::Text(content.get("misuse").to_owned())),
    ]);
    let found = edition.decide("custody_advice", &facts)?;
    let outcome = found.output("custody_advice").map(Value::to_text).unwrap_or_default();
    Ok(Follows { outcome, cap: None, article: found.articles.first().cloned().unwrap_or_default() })
}

/// What all heirs received is no more than the estate (rule `obligor.estate`), whichever of the two is recorded last; an
/// estate that is not known bounds nothing. Merged files are read together: the smallest known estate bounds, and a person
/// who stands in several relations received once.
#[must_use]
pub fn within_estate(
    standing: &[&Entry],
    about: &Entry,
    persons: &BTreeMap<RelationId, PersonId>,
) -> Option<FieldError> {
    let (field, estate) = if about.block == Block::Death {
        ("estate", about.content.amount("estate")?)
    } else {
        let deaths = standing.iter().filter(|one| one.block == Block::Death);
        ("inherited", deaths.filter_map(|one| one.content.amount("estate")).min()?)
    };
    let others = standing.iter().filter(|one| one.block == Block::Heir && one.relation != about.relation);
    let mut shares: BTreeMap<(Option<PersonId>, Option<RelationId>), Fen> = BTreeMap::new();
    for (relation, cap) in others.map(|one| (one.relation, one.cap)).chain([(about.relation, about.cap)]) {
        let person = relation.and_then(|relation| persons.get(&relation).copied());
        let known = shares.entry((person, relation.filter(|_| person.is_none()))).or_default();
        *known = cap.unwrap_or_default().max(*known);
    }
    let sum = Fen::checked_sum(shares.into_values()).unwrap_or(Fen(i64::MAX));
    (sum > estate).then(|| FieldError::new(field, "dossier-over-estate").with("estate", estate).with("sum", sum))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use platform::id::CustomerId;

    use super::*;
    use crate::case::model::CaseId;
    use crate::dossier::model::superseded;

    fn content(pairs: &[(&str, &str)]) -> Content {
        Content(pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect::<BTreeMap<_, _>>())
    }

    #[test]
    fn an_heir_owes_what_was_inherited_and_no_more() {
        // Rule `obligor.heir`. S2.5-24, S2.3-15
        let of = |renounced, inherited: Option<&str>| {
            let mut pairs = vec![("renounced", renounced)];
            pairs.extend(inherited.map(|amount| ("inherited", amount)));
            let found = heir(&content(&pairs));
            (found.outcome, found.cap)
        };
        assert_eq!(of("no", Some("5000000")), ("owes".to_owned(), Some(Fen(5_000_000))));
        assert_eq!(of("yes", Some("5000000")), ("free".to_owned(), Some(Fen::ZERO)));
        assert_eq!(of("no", Some("0")), ("free".to_owned(), Some(Fen::ZERO)));
        assert_eq!(of("no", None), ("unclear".to_owned(), Some(Fen::ZERO)));
    }

    #[test]
    fn married_is_from_the_wedding_to_the_divorce() {
        // Rule `obligor.spouse`. S2.5-25
        let (wed, parted) = (Some(date(2020, 5, 1)), Some(date(2024, 5, 1)));
        let on = |year| Some(date(year, 5, 1));
        assert_eq!(signed_while_married(on(2022), wed, parted), Some(true));
        assert_eq!(signed_while_married(on(2020), wed, parted), Some(true));
        assert_eq!(signed_while_married(on(2024), wed, parted), Some(false));
        assert_eq!(signed_while_married(on(2019), wed, None), Some(false));
        assert_eq!(signed_while_married(on(2022), None, None), None);
    }

    #[test]
    fn of_several_findings_about_one_contract_the_newest_stands() {
        // Rules `obligor.spouse`, `dossier.stands`. S2.5-25
        let entry = |id: i64, item: i64, relation: i64, signed_on: &str, void| Entry {
            customer: CustomerId(1),
            id: EntryId(id),
            case: CaseId(1),
            block: Block::Spouse,
            item: EntryId(item),
            relation: Some(RelationId(relation)),
            outcome: String::new(),
            cap: None,
            article: String::new(),
            content: content(&[("signed_on", signed_on)]),
            file: None,
            void,
            on: date(2026, 11, 20),
            at: Timestamp::UNIX_EPOCH,
            by: String::new(),
        };
        let stand = |entries: &[Entry]| standing(entries).into_iter().map(|one| one.id.0).collect::<Vec<_>>();
        let over = |entries: &[Entry]| superseded(entries).into_iter().map(|one| one.0).collect::<Vec<_>>();
        // Two items about one contract, from before a contract was one item; another contract and another person stand apart.
        let old = entry(1, 1, 7, "2024-01-05", false);
        let new = entry(2, 2, 7, "2024-01-05", false);
        let other = entry(3, 3, 7, "2025-06-01", false);
        let somebody = entry(4, 4, 8, "2024-01-05", false);
        let all = [old.clone(), new.clone(), other.clone(), somebody.clone()];
        assert_eq!((stand(&all), over(&all)), (vec![2, 3, 4], vec![1]));
        // An older item that goes on is the newest again.
        let on = [old.clone(), new.clone(), entry(5, 1, 7, "2024-01-05", false)];
        assert_eq!((stand(&on), over(&on)), (vec![5], vec![2]));
        // What is taken back brings nothing older to life.
        let back = [old, new, entry(6, 2, 7, "", true)];
        assert_eq!((stand(&back), over(&back)), (Vec::new(), vec![1]));
        assert_eq!(stand(&[other, somebody]), [3, 4]);
    }
}
