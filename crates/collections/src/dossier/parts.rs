//! What each block asks for: its fields in order, what they hold, and how they are read. Pure.

use std::collections::BTreeMap;

use finance::Fen;
use jiff::civil::Date;
use platform::error::FieldError;

use super::model::{Block, Content};

/// The longest line.
const LINE: usize = 200;
/// The longest text.
const WORDS: usize = 2_000;

/// What a field holds (字段类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// One line.
    Line,
    /// Several lines.
    Words,
    /// A sum.
    Money,
    /// A day.
    Day,
    /// A day that has come.
    PastDay,
    /// A number of days.
    Days,
    /// One of these.
    One(&'static [&'static str]),
    /// Several of a list of the policy, each on its line.
    Several,
}

/// A field of a block (字段).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Its name in data; its label is the message `dossier-<block>-<name>`.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Whether it must be filled.
    pub required: bool,
}

const fn must(name: &'static str, holds: Holds) -> Part {
    Part { name, holds, required: true }
}

const fn may(name: &'static str, holds: Holds) -> Part {
    Part { name, holds, required: false }
}

use Holds::{Day, Days, Line, Money, One, PastDay, Several, Words};

const YES_NO: Holds = One(&["no", "yes"]);
const YES_NO_UNKNOWN: Holds = One(&["no", "yes", "unknown"]);

const ANALYSIS: &[Part] = &[
    must("key_problem", Words),
    must("begin_with", Words),
    must("persons", Words),
    must("evasions", Words),
    must("arguments", Words),
];
const LIVING: &[Part] = &[
    must("residence", Line),
    may("health", Line),
    may("family", Words),
    may("income", Money),
    may("spending", Money),
    must("willingness", One(&["willing", "wavering", "unwilling", "unknown"])),
    may("attitude", Words),
    may("plan", Words),
    must("fragility", One(&["low", "medium", "high"])),
    must("family_help", One(&["none", "possible", "consented"])),
];
const BUSINESS: &[Part] = &[
    must("state", One(&["normal", "declining", "stopped", "none"])),
    may("decline_cause", Words),
    may("degree", One(&["slight", "serious", "collapsed"])),
    must("outlook", One(&["recoverable", "irreversible", "unknown"])),
];
const ASSET: &[Part] = &[
    must("what", Line),
    may("value", Money),
    may("place", Line),
    may("controller", Line),
    must("pledged", YES_NO_UNKNOWN),
    must("preserved", YES_NO),
    must("moved", YES_NO_UNKNOWN),
    may("ownership", Words),
];
const LIABILITY: &[Part] = &[
    must("creditor", Line),
    must("kind", One(&["bank", "private", "supplier", "tax", "wages", "other"])),
    must("amount", Money),
    may("matures_on", Day),
    must("pressure", One(&["none", "asking", "pressing", "suing"])),
    may("measures", Words),
];
const HARDSHIP: &[Part] = &[
    must("kind", One(&["subsistence", "disability", "hospital", "medical_bills", "other"])),
    may("from", Day),
    may("until", Day),
    must("factors", Words),
];
const DEATH: &[Part] =
    &[must("died_on", PastDay), must("proof", Line), may("estate", Money), may("controller", Line), may("note", Words)];
const HEIR: &[Part] = &[
    must("role", One(&["heir", "controller"])),
    must("renounced", YES_NO),
    may("inherited", Money),
    must("willing", YES_NO_UNKNOWN),
    may("agreement", Line),
    may("assets", Words),
];
const SPOUSE: &[Part] = &[
    must("cosigned", YES_NO_UNKNOWN),
    must("used_by_both", YES_NO_UNKNOWN),
    may("married_on", PastDay),
    may("divorced_on", PastDay),
    must("signed_on", PastDay),
    must("allocation", One(&["none", "debtor", "spouse", "both", "unknown"])),
    must("finding", One(&["liable", "not_liable", "unclear"])),
    must("ground", Words),
];
const CUSTODY: &[Part] = &[
    must("cause", One(&["drink_driving", "fighting", "gambling", "drugs", "other"])),
    must("from", PastDay),
    must("days", Days),
    must("misuse", One(&["no", "clean", "misused"])),
    may("note", Words),
];
const FRAUD: &[Part] = &[
    must("signs", Several),
    must("assets_checked", YES_NO),
    may("assets_found", Words),
    must("route", One(&["legal", "police"])),
    must("referred_on", PastDay),
    must("receipt", Line),
];

/// The fields of a block.
#[must_use]
pub fn of(block: Block) -> &'static [Part] {
    match block {
        Block::Analysis => ANALYSIS,
        Block::Living => LIVING,
        Block::Business => BUSINESS,
        Block::Asset => ASSET,
        Block::Liability => LIABILITY,
        Block::Hardship => HARDSHIP,
        Block::Death => DEATH,
        Block::Heir => HEIR,
        Block::Spouse => SPOUSE,
        Block::Custody => CUSTODY,
        Block::Fraud => FRAUD,
    }
}

/// Reads what was typed, or says everything that is wrong at once (rule `dossier.fields`). `signs`: what the policy names for a list.
///
/// # Errors
/// Each field that is empty, unreadable or too long.
pub fn read(
    block: Block,
    typed: &BTreeMap<String, String>,
    signs: &[String],
    today: Date,
) -> Result<Content, Vec<FieldError>> {
    let (mut content, mut wrong) = (BTreeMap::new(), Vec::new());
    for part in of(block) {
        let text = typed.get(part.name).map_or("", |text| text.trim());
        if text.is_empty() {
            if part.required {
                wrong.push(FieldError::new(part.name, "field-empty"));
            }
            continue;
        }
        match value(part, text, signs, today) {
            Ok(value) => drop(content.insert(part.name.to_owned(), value)),
            Err(error) => wrong.push(error),
        }
    }
    let (from, until) = match block {
        Block::Hardship => ("from", "until"),
        Block::Spouse => ("married_on", "divorced_on"),
        Block::Analysis
        | Block::Living
        | Block::Business
        | Block::Asset
        | Block::Liability
        | Block::Death
        | Block::Heir
        | Block::Custody
        | Block::Fraud => ("", ""),
    };
    let content = Content(content);
    if let (Some(first), Some(last)) = (content.day(from), content.day(until))
        && last < first
    {
        wrong.push(FieldError::new(until, "dossier-before").with("on", first));
    }
    if wrong.is_empty() { Ok(content) } else { Err(wrong) }
}

fn value(part: &Part, text: &str, signs: &[String], today: Date) -> Result<String, FieldError> {
    let unknown =
        || FieldError::new(part.name, "choice-unknown").with("text", text.chars().take(50).collect::<String>());
    let short = |most: usize| match text.chars().count() {
        long if long > most => Err(FieldError::new(part.name, "dossier-too-long").with("max", most)),
        _ => Ok(text.to_owned()),
    };
    match part.holds {
        Line => short(LINE),
        Words => short(WORDS),
        Money => match text.parse::<Fen>() {
            Ok(amount) if amount >= Fen::ZERO => Ok(amount.0.to_string()),
            Ok(_) | Err(_) => Err(FieldError::new(part.name, "amount-unreadable").with("text", text)),
        },
        Day | PastDay => match text.parse::<Date>() {
            Ok(on) if on > today && part.holds == PastDay => {
                Err(FieldError::new(part.name, "dossier-future").with("on", today))
            }
            Ok(on) => Ok(on.to_string()),
            Err(_) => Err(FieldError::new(part.name, "date-unreadable").with("text", text)),
        },
        Days => match text.parse::<u32>() {
            Ok(days) if (1..=36_500).contains(&days) => Ok(days.to_string()),
            Ok(_) | Err(_) => Err(FieldError::new(part.name, "dossier-days").with("text", text)),
        },
        One(choices) => choices.iter().find(|one| **one == text).map(|one| (*one).to_owned()).ok_or_else(unknown),
        Several => {
            let chosen: Vec<&str> = text.split(['\n', '|']).map(str::trim).filter(|one| !one.is_empty()).collect();
            let known = chosen.iter().all(|one| signs.iter().any(|sign| sign == one));
            if known && !chosen.is_empty() { Ok(chosen.join("|")) } else { Err(unknown()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 12, 21);

    fn typed(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    fn codes(block: Block, pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let signs = ["assets_moved".to_owned()];
        let wrong = read(block, &typed(pairs), &signs, TODAY).err().unwrap_or_default();
        wrong.into_iter().map(|error| (error.field.to_string(), error.code.to_string())).collect()
    }

    #[test]
    fn every_field_is_read_and_every_fault_told_at_once() {
        // Rule `dossier.fields`. S2.3-19, S2.3-20, S2.3-21, S2.3-22
        let good =
            [("what", "商铺"), ("value", "820000"), ("pledged", "no"), ("preserved", "no"), ("moved", "unknown")];
        let content = read(Block::Asset, &typed(&good), &[], TODAY).unwrap();
        assert_eq!((content.amount("value"), content.get("moved")), (Some(Fen(82_000_000)), "unknown"));
        let bad = [("what", ""), ("value", "-1"), ("pledged", "maybe"), ("preserved", "no"), ("moved", "no")];
        let wrong = codes(Block::Asset, &bad);
        let told: Vec<(&str, &str)> = wrong.iter().map(|(field, code)| (field.as_str(), code.as_str())).collect();
        assert_eq!(told, [("what", "field-empty"), ("value", "amount-unreadable"), ("pledged", "choice-unknown")]);
    }

    #[test]
    fn days_that_have_not_come_and_ends_before_beginnings_are_refused() {
        let death = [("died_on", "2026-12-22"), ("proof", "死亡证明")];
        assert_eq!(codes(Block::Death, &death), [("died_on".to_owned(), "dossier-future".to_owned())]);
        let hard = [("kind", "hospital"), ("from", "2026-12-01"), ("until", "2026-11-30"), ("factors", "住院")];
        assert_eq!(codes(Block::Hardship, &hard), [("until".to_owned(), "dossier-before".to_owned())]);
    }

    #[test]
    fn hostile_texts_are_told_apart_from_long_ones() {
        let long = "长".repeat(WORDS + 1);
        let hard = [("kind", "<script>"), ("factors", long.as_str())];
        assert_eq!(
            codes(Block::Hardship, &hard),
            [("kind".to_owned(), "choice-unknown".to_owned()), ("factors".to_owned(), "dossier-too-long".to_owned())]
        );
        let signs = [
            ("signs", "assets_moved|invented"),
            ("assets_checked", "yes"),
            ("route", "legal"),
            ("referred_on", "2026-12-21"),
            ("receipt", "收"),
        ];
        assert_eq!(codes(Block::Fraud, &signs), [("signs".to_owned(), "choice-unknown".to_owned())]);
    }

    #[test]
    fn no_field_stores_a_weak_point() {
        // S2.5-37: hardship factors, and nothing by the name of a weakness.
        let names: Vec<&str> = Block::ALL.iter().flat_map(|block| of(*block)).map(|part| part.name).collect();
        assert!(names.contains(&"factors") && !names.iter().any(|name| name.contains("weak")));
    }
}
