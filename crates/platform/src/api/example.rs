//! Examples (示例): what stands beside parameters and bodies in the description, so that an operation can be tried.
//!
//! What a field means is said once, in its label and its schema; the example follows from these and is written nowhere
//! again. Words that only a capability knows, and things that exist, come from the capabilities ([`Examples`]); the things
//! are read when somebody asks, within what that person may see.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use super::open_api::Words;
use super::shape::{FieldKind, FieldShape, Shape};
use crate::access::{Actor, DataScope};
use crate::app::App;
use crate::args;
use crate::clock::civil_day;
use crate::db::{StoreError, Tx, Value};
use crate::work::Work;

/// A key where nothing is known.
const KEY: &str = "1";
/// Words of no meaning.
const TEXT: &str = "示例";
/// A mobile number of nobody.
const PHONE: &str = "13900000000";
/// Right in form and check digit; no division of the country begins with 99 (GB/T 2260).
const IDENTITY: &str = "990101199003071237";
const AMOUNT: &str = "1000.00";

/// What a capability offers as examples (示例).
#[derive(Debug, Clone, Default)]
pub struct Examples {
    /// Values of fields and parameters by name, or by `place:name` where the place is the first word of the path.
    /// The word `upload` names the field of a form that takes the file.
    pub words: Vec<(&'static str, &'static str)>,
    /// Things that exist.
    pub things: Vec<Thing>,
}

/// A thing that stands as an example (示例对象).
#[derive(Debug, Clone, Copy)]
pub struct Thing {
    /// What fields and parameters call it: `loan`.
    pub noun: &'static str,
    /// The path of its page, with one parameter for each column; empty where it has none.
    pub path: &'static str,
    /// Who may see it.
    pub action: &'static str,
    /// One of them, by an index: within the branch `$1`, the team `$2` and what the person `$3` manages, each 0 for no limit;
    /// or without any of them where everybody who may see one may see all.
    pub sql: &'static str,
}

impl Thing {
    /// One within a scope; the values of the parameters.
    async fn find(&self, tx: &mut Tx, scope: DataScope) -> Result<Option<Vec<String>>, StoreError> {
        let DataScope { branch, team, manager } = scope;
        let values = if self.sql.contains("$1") { args![branch, team, manager] } else { args![] };
        let Some(row) = tx.fetch_optional(self.sql, values).await? else { return Ok(None) };
        let text = |value: &Value| match value {
            Value::Int(number) => Some(number.to_string()),
            Value::Text(text) => Some(text.clone()),
            Value::Null(_) | Value::Bytes(_) => None,
        };
        Ok(row.values().iter().map(text).collect())
    }
}

/// A thing that was found, with the values of the parameters of its path (已取到的示例).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    noun: &'static str,
    path: &'static str,
    values: Vec<String>,
}

/// What examples are made of (示例素材).
#[derive(Debug, Clone)]
pub(super) struct Pool {
    today: Date,
    words: BTreeMap<&'static str, &'static str>,
    found: Vec<Found>,
}

impl Pool {
    /// Without a book: for whoever is not known.
    pub(super) fn of(app: &App) -> Self {
        let words = app.capabilities.iter().flat_map(|one| one.examples().words).collect();
        Self { today: civil_day(app.clock.now()), words, found: Vec::new() }
    }

    /// With what this person may see: one row a noun.
    ///
    /// Errors: the store's.
    pub(super) async fn of_book(app: &App, actor: Actor) -> Result<Self, StoreError> {
        let mut pool = Self::of(app);
        let mut work = Work::read(app, actor).await?;
        pool.today = work.business_date;
        for thing in app.capabilities.iter().flat_map(|one| one.examples().things) {
            let Ok(scope) = work.authorise(thing.action) else { continue };
            if let Some(values) = thing.find(&mut work.tx, scope).await? {
                pool.found.push(Found { noun: thing.noun, path: thing.path, values });
            }
        }
        Ok(pool)
    }

    fn word(&self, path: &str, name: &str) -> Option<&'static str> {
        let place = format!("{}:{name}", path.split('/').nth(1).unwrap_or(""));
        self.words.get(place.as_str()).or_else(|| self.words.get(name)).copied()
    }

    /// The key of something of this kind.
    fn key_of(&self, noun: &str) -> Option<&str> {
        self.found.iter().find(|one| one.noun == noun)?.values.last().map(String::as_str)
    }

    /// The thing whose path begins this one, the longest that there is.
    fn on_path(&self, path: &str) -> Option<&Found> {
        let fits = |one: &&Found| !one.path.is_empty() && begins(path, one.path);
        self.found.iter().filter(fits).max_by_key(|one| one.path.len())
    }

    /// What stands for a parameter of a path.
    pub(super) fn parameter(&self, words: &Words, path: &str, name: &str) -> String {
        let names = |path: &str| -> Vec<String> { named(path).map(str::to_owned).collect() };
        if let Some(found) = self.on_path(path)
            && let Some(place) = names(path).iter().position(|one| one == name)
            && let Some(value) = found.values.get(place)
        {
            return value.clone();
        }
        self.meant(words, path, name).unwrap_or_else(|| KEY.to_owned())
    }

    /// The path with its parameters filled in.
    pub(super) fn filled(&self, words: &Words, path: &str) -> String {
        named(path).fold(path.to_owned(), |filled, name| {
            filled.replace(&format!("{{{name}}}"), &self.parameter(words, path, name))
        })
    }

    /// A body: every field that cannot be left out, and those whose meaning gives a value.
    pub(super) fn body(&self, words: &Words, path: &str, shape: &Shape) -> Json {
        let Shape::Fields(fields) = shape else { return json!({}) };
        let one = |field: &FieldShape| Some((field.name.to_owned(), self.field(words, path, field)?));
        Json::Object(fields.iter().filter_map(one).collect::<Map<_, _>>())
    }

    /// A form with a file: the field that takes it.
    pub(super) fn upload(&self, path: &str) -> Json {
        json!({ self.word(path, "upload").unwrap_or("file"): "…" })
    }

    /// A value of a field; none where it may be left out and nothing says what it could be.
    pub(super) fn field(&self, words: &Words, path: &str, field: &FieldShape) -> Option<Json> {
        let meant = self.meant(words, path, field.name);
        let needed = |value: Json| field.required.then_some(value);
        match field.kind {
            // A box that nobody ticked.
            FieldKind::Flag => needed(json!(false)),
            FieldKind::Integer => {
                let number = meant.and_then(|text| text.parse::<i64>().ok()).map(|number| json!(number));
                number.or_else(|| needed(json!(1)))
            }
            FieldKind::Many => meant.map(|text| json!([text])).or_else(|| needed(json!([KEY]))),
            FieldKind::Text => meant.map(Json::from).or_else(|| needed(json!(TEXT))),
        }
    }

    /// What its name and its label say of it.
    fn meant(&self, words: &Words, path: &str, name: &str) -> Option<String> {
        if let Some(word) = self.word(path, name) {
            return Some(word.to_owned());
        }
        let label = words.label(path, name).unwrap_or_default();
        let key = noun_of(&label).and_then(|noun| self.key_of(noun)).or_else(|| self.key_of(name));
        key.map(str::to_owned).or_else(|| by_label(&label, self.today)).or_else(|| by_name(name, self.today))
    }
}

/// The parameters of a path, in order.
fn named(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

/// Whether a path begins with another one, whatever their parameters are called.
fn begins(path: &str, with: &str) -> bool {
    let mut parts = path.split('/');
    with.split('/').all(|wanted| {
        parts.next().is_some_and(|part| part == wanted || (part.starts_with('{') && wanted.starts_with('{')))
    })
}

/// What a label calls the key of: `The key of the loan`, `Who takes over: the key of a user`.
fn noun_of(label: &str) -> Option<&str> {
    let at = ["key of a ", "key of the ", "Key of a ", "Key of the "];
    let rest = at.iter().find_map(|beginning| label.split_once(beginning)).map(|(_, rest)| rest)?;
    // `the managing user`, `the user who follows up`.
    let rest = rest.strip_prefix("managing ").unwrap_or(rest);
    Some(rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("")).filter(|noun| !noun.is_empty())
}

/// What a label says that a value looks like: a literal between backquotes, a form of dates, a unit.
fn by_label(label: &str, today: Date) -> Option<String> {
    if let Some((_, rest)) = label.split_once('`')
        && let Some((literal, _)) = rest.split_once('`')
    {
        return Some(literal.to_owned());
    }
    if label.contains("YYYY-MM-DD HH:MM") {
        return Some(format!("{today} 09:30"));
    }
    if label.contains("YYYY-MM-DD") {
        return Some(today.to_string());
    }
    if label.contains("T10:15") {
        return Some(format!("{today}T10:15"));
    }
    label.contains("yuan").then(|| AMOUNT.to_owned())
}

/// What a name says: dates, amounts, numbers of people, versions, words.
fn by_name(name: &str, today: Date) -> Option<String> {
    let last = name.rsplit(['_', '-', '.']).next().unwrap_or(name);
    let value = match last {
        "on" | "day" | "from" | "until" | "since" => today.to_string(),
        "at" => format!("{today} 09:30"),
        "amount" => AMOUNT.to_owned(),
        "phone" => PHONE.to_owned(),
        "identity" => IDENTITY.to_owned(),
        "version" | "seen" | "revision" => KEY.to_owned(),
        "year" => today.year().to_string(),
        "note" | "reason" | "opinion" | "response" | "text" | "title" => TEXT.to_owned(),
        _ => return None,
    };
    Some(value)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 20);

    #[test]
    fn a_value_follows_from_what_the_label_and_the_name_say() {
        let rows = [
            ("day", "营业日 · The day, YYYY-MM-DD", Some("2026-11-20")),
            ("known_at", "截至 · As known at this moment, YYYY-MM-DD HH:MM", Some("2026-11-20 09:30")),
            ("arrived", "到达 · When the visitors arrived, such as 2026-11-20T10:15", Some("2026-11-20T10:15")),
            ("verdict", "结论 · The verdict: `approve`, `reject`", Some("approve")),
            ("budget", "预算 · Budget in yuan", Some("1000.00")),
            ("signed_on", "", Some("2026-11-20")),
            ("guarantor_identity", "", Some(IDENTITY)),
            ("version", "", Some("1")),
            ("colour", "颜色 · The colour", None),
        ];
        for (name, label, expected) in rows {
            let found = by_label(label, TODAY).or_else(|| by_name(name, TODAY));
            assert_eq!(found.as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn a_label_names_the_thing_whose_key_it_is() {
        let rows = [
            ("借据键 · The key of the loan", Some("loan")),
            ("接手人 · Who takes over: the key of a user", Some("user")),
            ("负责人 · Key of the managing user", Some("user")),
            ("说明 · A note", None),
        ];
        for (label, noun) in rows {
            assert_eq!(noun_of(label), noun, "{label}");
        }
    }

    #[test]
    fn the_thing_of_the_longest_path_stands_in_it() {
        let thing = |noun, path, values: &[&str]| Found {
            noun,
            path,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let pool = Pool {
            today: TODAY,
            words: BTreeMap::from([("loans:what", "overdue"), ("what", "book")]),
            found: vec![
                thing("loan", "/loans/{id}", &["42"]),
                thing("transaction", "/loans/{id}/transactions/{transaction}", &["7", "8"]),
            ],
        };
        let on = |path| pool.on_path(path).map(|found| found.values.join("/"));
        assert_eq!(on("/loans/{loan}/clocks"), Some("42".to_owned()), "whatever the parameter is called");
        assert_eq!(on("/loans/{id}/transactions/{transaction}/reversal"), Some("7/8".to_owned()));
        assert_eq!(on("/loans"), None);
        assert_eq!(on("/loans/new"), None);
        assert_eq!(
            (pool.word("/loans/{id}/why/{what}", "what"), pool.word("/x", "what")),
            (Some("overdue"), Some("book"))
        );
        assert_eq!(pool.key_of("transaction"), Some("8"));
    }
}
