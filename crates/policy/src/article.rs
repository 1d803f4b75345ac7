//! The register of articles: where every rule comes from.

use crate::facts::Title;
use crate::parameter::{Confidence, not_allowed};
use crate::period::Period;
use crate::problem::Problem;
use crate::sheet::Sheet;

/// An article of a law or of the institution's rules (条款).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its id, which rows name.
    pub id: String,
    /// Its title and number.
    pub title: Title,
    /// What it says, in short.
    pub gist: Title,
    /// The document it belongs to.
    pub source: String,
    /// How sure the source is.
    pub confidence: Confidence,
    /// When it is in force.
    pub period: Period,
    /// What repealed it, if something did.
    pub repealed_by: Option<String>,
}

const MUST: [&str; 7] = ["id", "title_zh", "title_en", "gist_zh", "gist_en", "source", "confidence"];
const MAY: [&str; 3] = ["effective_from", "effective_to", "repealed_by"];

/// Reads `articles.csv`.
pub(crate) fn read(file: &str, text: &str, problems: &mut Vec<Problem>) -> Vec<Article> {
    let mut articles = Vec::new();
    for entry in Sheet::read(file, text, problems).register(&MUST, &MAY, problems) {
        let confidence = match entry.get("confidence") {
            "text" => Confidence::Text,
            "seen" => Confidence::Seen,
            "unsure" => Confidence::Unsure,
            "house" => Confidence::House,
            other => {
                problems.push(Problem::new(entry.place("confidence"), not_allowed(other, "text|seen|unsure|house")));
                Confidence::Unsure
            }
        };
        articles.push(Article {
            id: entry.text("id", problems),
            title: Title::new(entry.text("title_zh", problems), entry.get("title_en")),
            gist: Title::new(entry.text("gist_zh", problems), entry.get("gist_en")),
            source: entry.text("source", problems),
            confidence,
            period: Period::read(&entry, problems),
            repealed_by: Some(entry.get("repealed_by").to_owned()).filter(|id| !id.is_empty()),
        });
    }
    articles
}
