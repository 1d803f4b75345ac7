//! The names and definitions of what decisions can say, in both languages.

use crate::facts::Title;
use crate::parameter::article;
use crate::problem::{Place, Problem};
use crate::sheet::Sheet;

/// A value of an output with its name and definition (结论释义).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The output, such as `asset_class`.
    pub output: String,
    /// The value, such as `special_mention`.
    pub value: String,
    /// What people call it.
    pub title: Title,
    /// What it means; may be empty.
    pub definition: Title,
    /// The article.
    pub article: String,
    pub(crate) article_place: Place,
    pub(crate) place: Place,
}

const MUST: [&str; 5] = ["output", "value", "title_zh", "title_en", "article"];
const MAY: [&str; 2] = ["definition_zh", "definition_en"];

/// Reads `outcomes.csv`.
pub(crate) fn read(file: &str, text: &str, problems: &mut Vec<Problem>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for entry in Sheet::read(file, text, problems).register(&MUST, &MAY, problems) {
        outcomes.push(Outcome {
            output: entry.text("output", problems),
            value: entry.text("value", problems),
            title: Title::new(entry.text("title_zh", problems), entry.get("title_en")),
            definition: Title::new(entry.get("definition_zh"), entry.get("definition_en")),
            article: article(&entry, problems),
            article_place: entry.place("article"),
            place: entry.place("value"),
        });
    }
    outcomes
}
