//! Loan products: titles, and the default terms as opaque JSON that servicing validates.

use jiff::civil::Date;
use serde_json::Value as Json;

use crate::facts::Title;
use crate::parameter::{article, not_allowed};
use crate::period::Period;
use crate::problem::{Place, Problem, ProblemKind};
use crate::sheet::{Entry, Sheet};

/// A loan product (贷款产品).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: Title,
    /// Whether new loans may still use it; a legacy product only explains old ones.
    pub active: bool,
    /// Default terms as JSON, without floats; their shape is servicing's.
    pub terms: Json,
    /// When it is offered.
    pub period: Period,
    /// What it is for and for whom.
    pub nature: Nature,
    /// The article.
    pub article: String,
    pub(crate) article_place: Place,
    pub(crate) place: Place,
}

/// What a product is for and for whom (产品性质), as far as the pack says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Nature {
    /// Whether it is a quota that revolves (额度类), or a single loan (非额度类).
    pub revolving: Option<bool>,
    /// Whether its use is designated (指定用途).
    pub designated: Option<bool>,
    /// Whom it is for: `person`, `company`, or empty for both.
    pub borrower: String,
    /// What it may be used for.
    pub purposes: Title,
    /// What it is not.
    pub excludes: Title,
}

impl Product {
    /// Whether a new loan may be made of it on a date.
    pub fn is_offered(&self, on: Date) -> bool {
        self.active && self.period.contains(on)
    }
}

const MUST: [&str; 6] = ["id", "title_zh", "title_en", "status", "terms", "article"];
const MAY: [&str; 9] = [
    "effective_from",
    "effective_to",
    "kind",
    "use",
    "borrower",
    "purposes_zh",
    "purposes_en",
    "excludes_zh",
    "excludes_en",
];

/// Reads `products.csv`.
pub(crate) fn read(file: &str, text: &str, problems: &mut Vec<Problem>) -> Vec<Product> {
    let mut products = Vec::new();
    for entry in Sheet::read(file, text, problems).register(&MUST, &MAY, problems) {
        let active = match entry.get("status") {
            "active" => true,
            "legacy" => false,
            other => {
                problems.push(Problem::new(entry.place("status"), not_allowed(other, "active|legacy")));
                false
            }
        };
        let written = entry.text("terms", problems);
        let terms = match serde_json::from_str::<Json>(&written) {
            Ok(terms) if has_float(&terms) => {
                problems.push(Problem::new(entry.place("terms"), ProblemKind::FloatingPoint { found: written }));
                Json::Null
            }
            Ok(terms @ Json::Object(_)) => terms,
            Ok(_) => {
                let kind = ProblemKind::WrongType { expected: "a JSON object".to_owned(), found: written };
                problems.push(Problem::new(entry.place("terms"), kind));
                Json::Null
            }
            Err(error) => {
                let kind = ProblemKind::Unreadable { found: written, detail: error.to_string() };
                problems.push(Problem::new(entry.place("terms"), kind));
                Json::Null
            }
        };
        products.push(Product {
            id: entry.text("id", problems),
            title: Title::new(entry.text("title_zh", problems), entry.get("title_en")),
            active,
            terms,
            nature: nature(&entry, problems),
            period: Period::read(&entry, problems),
            article: article(&entry, problems),
            article_place: entry.place("article"),
            place: entry.place("id"),
        });
    }
    products
}

/// Reads what a product is for; a pack may say nothing.
fn nature(entry: &Entry, problems: &mut Vec<Problem>) -> Nature {
    let mut either = |name: &str, [yes, no]: [&str; 2]| match entry.get(name) {
        "" => None,
        found if found == yes => Some(true),
        found if found == no => Some(false),
        other => {
            problems.push(Problem::new(entry.place(name), not_allowed(other, &format!("{yes}|{no}"))));
            None
        }
    };
    let revolving = either("kind", ["revolving", "non_revolving"]);
    let designated = either("use", ["designated", "undesignated"]);
    let borrower = either("borrower", ["person", "company"]);
    Nature {
        revolving,
        designated,
        borrower: borrower.map(|person| if person { "person" } else { "company" }).unwrap_or_default().to_owned(),
        purposes: Title::new(entry.get("purposes_zh"), entry.get("purposes_en")),
        excludes: Title::new(entry.get("excludes_zh"), entry.get("excludes_en")),
    }
}

fn has_float(json: &Json) -> bool {
    match json {
        Json::Number(number) => !number.is_i64(),
        Json::Array(items) => items.iter().any(has_float),
        Json::Object(fields) => fields.values().any(has_float),
        Json::Null | Json::Bool(_) | Json::String(_) => false,
    }
}
