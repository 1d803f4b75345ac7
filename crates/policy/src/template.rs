//! Texts to customers, with the fields that a text must not go out without.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::facts::Title;
use crate::parameter::{article, list};
use crate::problem::{Place, Problem, ProblemKind};
use crate::sheet::Sheet;

/// A text with named fields (文书模板).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its id, such as `early_reminder`.
    pub id: String,
    /// The rule id that pages cite.
    pub rule: String,
    /// What people call it.
    pub title: Title,
    /// The channel it is made for: `sms`, `phone`, `letter`.
    pub channel: String,
    /// Fields that must be filled (S4-10).
    pub mandatory: Vec<String>,
    /// All fields of the text in order.
    pub fields: Vec<String>,
    /// The text; fields stand in braces.
    pub text: String,
    /// The article.
    pub article: String,
    pub(crate) article_place: Place,
}

/// Why a text cannot be made (文书无法生成).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// Fields of the text are empty: it must not go out.
    #[error("the text {template} lacks {}", fields.join(", "))]
    EmptyFields {
        /// The template.
        template: String,
        /// The empty fields.
        fields: Vec<String>,
    },
}

impl TemplateError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EmptyFields { .. } => "empty_fields",
        }
    }
}

impl Template {
    /// Fills the text.
    ///
    /// Rule `template.no_empty_field` (S4-10): a field that is missing or blank is a refusal, whether mandatory or not: a letter never
    /// shows a hole.
    ///
    /// # Errors
    /// [`TemplateError::EmptyFields`] with all of them.
    pub fn fill(&self, values: &BTreeMap<String, String>) -> Result<String, TemplateError> {
        let blank = |field: &&String| values.get(*field).is_none_or(|value| value.trim().is_empty());
        let mut empty: Vec<String> = self.mandatory.iter().chain(&self.fields).filter(blank).cloned().collect();
        let mut seen = std::collections::BTreeSet::new();
        empty.retain(|field| seen.insert(field.clone()));
        if !empty.is_empty() {
            return Err(TemplateError::EmptyFields { template: self.id.clone(), fields: empty });
        }
        let mut filled = String::with_capacity(self.text.len());
        let mut rest = self.text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let (field, after) = after.split_once('}').unwrap_or((after, ""));
            filled.push_str(values.get(field).map_or("", String::as_str));
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

const MUST: [&str; 7] = ["id", "rule", "channel", "mandatory", "article", "title_zh", "title_en"];

/// Reads `templates.csv` and the texts `templates/ID.txt` beside it.
pub(crate) fn read(
    folder: &str,
    files: &BTreeMap<String, String>,
    text: &str,
    problems: &mut Vec<Problem>,
) -> Vec<Template> {
    let mut templates = Vec::new();
    let register = format!("{folder}/templates.csv");
    for entry in Sheet::read(&register, text, problems).register(&MUST, &[], problems) {
        let id = entry.text("id", problems);
        let file = format!("{folder}/templates/{id}.txt");
        let Some(text) = files.get(&file) else {
            problems.push(Problem::new(Place::file(&file), ProblemKind::MissingFile {}));
            continue;
        };
        let text = text.trim_end().to_owned();
        let mandatory = list(entry.get("mandatory"));
        let fields = fields(&text).unwrap_or_else(|line| {
            let kind =
                ProblemKind::Unreadable { found: "{".to_owned(), detail: "a field is written {name}".to_owned() };
            problems.push(Problem::new(Place::row(&file, line), kind));
            mandatory.clone()
        });
        for name in mandatory.iter().filter(|name| !fields.contains(name)) {
            let kind = ProblemKind::MissingField { name: name.clone() };
            problems.push(Problem::new(Place::file(&file), kind));
        }
        templates.push(Template {
            id,
            rule: entry.text("rule", problems),
            title: Title::new(entry.text("title_zh", problems), entry.get("title_en")),
            channel: entry.text("channel", problems),
            mandatory,
            fields,
            text,
            article: article(&entry, problems),
            article_place: entry.place("article"),
        });
    }
    templates
}

/// The fields of a text; `Err` is the line of a brace that is not closed.
fn fields(text: &str) -> Result<Vec<String>, u32> {
    let mut found: Vec<String> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut rest = line;
        while let Some((_, after)) = rest.split_once('{') {
            let name = after.split_once('}').filter(|(name, _)| {
                !name.is_empty()
                    && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
            });
            let Some((name, after)) = name else {
                return Err(u32::try_from(index).unwrap_or(u32::MAX - 1) + 1);
            };
            if !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
            rest = after;
        }
    }
    Ok(found)
}
