//! Loan products: titles, and the default terms as opaque JSON that servicing validates.

use jiff::civil::Date;
use serde_json::Value as Json;

use crate::facts::Title;
use crate::parameter::{article, not_allowed};
use crate::period::Period;
use crate::problem::{Place, Problem, ProblemKind};
use crate::sheet::Sheet;

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
    /// The article.
    pub article: String,
    pub(crate) article_place: Place,
    pub(crate) place: Place,
}

impl Product {
    /// Whether a new loan may be made of it on a date.
    pub fn is_offered(&self, on: Date) -> bool {
        self.active && self.period.contains(on)
    }
}

const MUST: [&str; 6] = ["id", "title_zh", "title_en", "status", "terms", "article"];
const MAY: [&str; 2] = ["effective_from", "effective_to"];

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
            period: Period::read(&entry, problems),
            article: article(&entry, problems),
            article_place: entry.place("article"),
            place: entry.place("id"),
        });
    }
    products
}

fn has_float(json: &Json) -> bool {
    match json {
        Json::Number(number) => !number.is_i64(),
        Json::Array(items) => items.iter().any(has_float),
        Json::Object(fields) => fields.values().any(has_float),
        Json::Null | Json::Bool(_) | Json::String(_) => false,
    }
}
