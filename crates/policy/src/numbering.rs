//! Numbering rules for customers, contracts, loans and vouchers.

use jiff::civil::Date;
use thiserror::Error;

use crate::facts::Title;
use crate::parameter::{article, not_allowed};
use crate::problem::{Place, Problem, ProblemKind};
use crate::sheet::Sheet;

/// When the running number of a series begins again (重置周期).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    /// Never.
    Never,
    /// Every year.
    Yearly,
    /// Every month.
    Monthly,
    /// Every day.
    Daily,
}

/// A rule for business numbers (编号规则).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbering {
    /// What it numbers: `customer`, `contract`, `loan`, `voucher`, `letter`.
    pub id: String,
    /// What people call the number.
    pub title: Title,
    /// The pattern as written.
    pub pattern: String,
    /// When the running number begins again.
    pub reset: Reset,
    /// The article.
    pub article: String,
    pub(crate) article_place: Place,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Fixed(String),
    Institution(usize),
    Branch(usize),
    Year,
    ShortYear,
    Month,
    Day,
    Sequence(usize),
}

/// Why a number cannot be made (编号失败).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NumberError {
    /// The running number has more digits than its place.
    #[error("the series of {rule} is used up at {sequence}")]
    UsedUp {
        /// The rule.
        rule: String,
        /// The running number that no longer fits.
        sequence: u64,
    },
    /// The code of the institution or branch does not fit its place.
    #[error("the code {code} does not fit the {width} places of {rule}")]
    CodeWidth {
        /// The rule.
        rule: String,
        /// The code.
        code: String,
        /// The places.
        width: usize,
    },
}

impl NumberError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UsedUp { .. } => "number_used_up",
            Self::CodeWidth { .. } => "number_code_width",
        }
    }
}

impl Numbering {
    /// Makes a number. Codes of institution and branch are filled with zeros on the left.
    ///
    /// # Errors
    /// [`NumberError::UsedUp`], [`NumberError::CodeWidth`].
    pub fn format(&self, institution: &str, branch: &str, on: Date, sequence: u64) -> Result<String, NumberError> {
        let code = |code: &str, width: usize| {
            let fits = code.len() <= width && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if fits {
                Ok(format!("{code:0>width$}"))
            } else {
                Err(NumberError::CodeWidth { rule: self.id.clone(), code: code.to_owned(), width })
            }
        };
        let mut number = String::new();
        for part in &self.parts {
            let text = match part {
                Part::Fixed(text) => text.clone(),
                Part::Institution(width) => code(institution, *width)?,
                Part::Branch(width) => code(branch, *width)?,
                Part::Year => format!("{:04}", on.year()),
                Part::ShortYear => format!("{:02}", on.year().rem_euclid(100)),
                Part::Month => format!("{:02}", on.month()),
                Part::Day => format!("{:02}", on.day()),
                Part::Sequence(width) => {
                    let digits = format!("{sequence:0width$}");
                    if digits.len() > *width {
                        return Err(NumberError::UsedUp { rule: self.id.clone(), sequence });
                    }
                    digits
                }
            };
            number.push_str(&text);
        }
        Ok(number)
    }

    /// The key of the series whose running number a date belongs to.
    pub fn series(&self, on: Date) -> String {
        match self.reset {
            Reset::Never => String::new(),
            Reset::Yearly => format!("{:04}", on.year()),
            Reset::Monthly => format!("{:04}-{:02}", on.year(), on.month()),
            Reset::Daily => on.to_string(),
        }
    }
}

const MUST: [&str; 6] = ["id", "pattern", "reset", "article", "title_zh", "title_en"];

/// Reads `numbering.csv`.
pub(crate) fn read(file: &str, text: &str, problems: &mut Vec<Problem>) -> Vec<Numbering> {
    let mut rules: Vec<Numbering> = Vec::new();
    for entry in Sheet::read(file, text, problems).register(&MUST, &[], problems) {
        let reset = match entry.get("reset") {
            "never" => Reset::Never,
            "yearly" => Reset::Yearly,
            "monthly" => Reset::Monthly,
            "daily" => Reset::Daily,
            other => {
                problems.push(Problem::new(entry.place("reset"), not_allowed(other, "never|yearly|monthly|daily")));
                Reset::Never
            }
        };
        let (id, pattern) = (entry.text("id", problems), entry.text("pattern", problems));
        let parts = parts(&pattern).unwrap_or_else(|detail| {
            let kind = ProblemKind::Unreadable { found: pattern.clone(), detail: detail.to_owned() };
            problems.push(Problem::new(entry.place("pattern"), kind));
            Vec::new()
        });
        if let Some(missing) = missing_date(&parts, reset) {
            let kind = ProblemKind::MissingField { name: missing.to_owned() };
            problems.push(Problem::new(entry.place("pattern"), kind));
        }
        if rules.iter().any(|rule| rule.id == id) {
            problems.push(Problem::new(entry.place("id"), ProblemKind::Duplicate { name: id.clone() }));
        }
        rules.push(Numbering {
            id,
            title: Title::new(entry.text("title_zh", problems), entry.get("title_en")),
            pattern,
            reset,
            article: article(&entry, problems),
            article_place: entry.place("article"),
            parts,
        });
    }
    rules
}

/// A series that begins again must show its date, or numbers would repeat.
fn missing_date(parts: &[Part], reset: Reset) -> Option<&'static str> {
    if parts.is_empty() {
        return None;
    }
    let has = |part: &Part| parts.contains(part);
    let year = has(&Part::Year) || has(&Part::ShortYear);
    match reset {
        Reset::Yearly | Reset::Monthly | Reset::Daily if !year => Some("yyyy"),
        Reset::Monthly | Reset::Daily if !has(&Part::Month) => Some("mm"),
        Reset::Daily if !has(&Part::Day) => Some("dd"),
        Reset::Never | Reset::Yearly | Reset::Monthly | Reset::Daily => None,
    }
}

fn parts(pattern: &str) -> Result<Vec<Part>, &'static str> {
    let mut found = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        if !before.is_empty() {
            found.push(Part::Fixed(before.to_owned()));
        }
        let (token, after) = after.split_once('}').ok_or("a brace is not closed")?;
        let (name, width) = token.split_once(':').unwrap_or((token, ""));
        let width = || match width.parse::<usize>() {
            Ok(width @ 1..=18) => Ok(width),
            Ok(_) | Err(_) => Err("a width from 1 to 18 is needed, such as {seq:6}"),
        };
        found.push(match name {
            "institution" => Part::Institution(width()?),
            "branch" => Part::Branch(width()?),
            "seq" => Part::Sequence(width()?),
            "yyyy" => Part::Year,
            "yy" => Part::ShortYear,
            "mm" => Part::Month,
            "dd" => Part::Day,
            _ => return Err("the parts are {institution:n} {branch:n} {yyyy} {yy} {mm} {dd} {seq:n}"),
        });
        rest = after;
    }
    if !rest.is_empty() {
        found.push(Part::Fixed(rest.to_owned()));
    }
    let sequences = found.iter().filter(|part| matches!(part, Part::Sequence(_))).count();
    if sequences == 1 { Ok(found) } else { Err("exactly one {seq:n} is needed") }
}
