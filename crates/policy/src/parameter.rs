//! Parameters: named, dated values with their article, and the direction in which a pack may go beyond the law.

use jiff::civil::Date;

use crate::facts::Title;
use crate::period::Period;
use crate::problem::{Place, Problem, ProblemKind};
use crate::sheet::{Entry, Sheet};
use crate::value::{FactType, Unit, Value, parse_integer};

/// What a parameter holds (参数值).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterValue {
    /// A whole number of a unit, a truth value, a date or a text.
    One(Value),
    /// A list of whole numbers, such as lead times of reminders.
    Integers(Vec<i64>),
    /// A list of texts.
    Texts(Vec<String>),
}

impl ParameterValue {
    /// As text, lists with `|`.
    pub fn to_text(&self) -> String {
        match self {
            Self::One(value) => value.to_text(),
            Self::Integers(list) => list.iter().map(i64::to_string).collect::<Vec<String>>().join("|"),
            Self::Texts(list) => list.join("|"),
        }
    }
}

/// The type of a parameter (参数类型).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterType {
    /// One value of a type; a choice is one of a list.
    One(FactType),
    /// A list of whole numbers of a unit.
    Integers(Unit),
    /// A list of texts.
    Texts,
}

impl ParameterType {
    /// Reads `days`, `flag`, `date`, `text`, `choice a|b`, `list days` or `texts`.
    fn parse(text: &str) -> Result<Self, ProblemKind> {
        match text.split_once(' ') {
            Some(("choice", options)) => Ok(Self::One(FactType::OneOf {
                values: options.split('|').map(|option| option.trim().to_owned()).collect(),
                ordered: false,
            })),
            Some(("list", unit)) => Unit::parse(unit)
                .map(Self::Integers)
                .ok_or_else(|| ProblemKind::Unreadable { found: text.to_owned(), detail: "no such unit".to_owned() }),
            _ if text == "flag" => Ok(Self::One(FactType::Boolean)),
            _ if text == "texts" => Ok(Self::Texts),
            _ => FactType::parse(text).map(Self::One),
        }
    }

    fn parse_value(&self, text: &str) -> Result<ParameterValue, ProblemKind> {
        let items = || text.split('|').map(str::trim);
        match self {
            Self::One(kind) => kind.parse_literal(text).map(ParameterValue::One),
            Self::Integers(unit) => {
                items().map(|item| parse_integer(item, *unit)).collect::<Result<_, _>>().map(ParameterValue::Integers)
            }
            Self::Texts => Ok(ParameterValue::Texts(items().map(str::to_owned).collect())),
        }
    }
}

/// How a pack may go beyond a parameter of the law layer (收紧方向).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The law's value is the least allowed.
    Min,
    /// The law's value is the greatest allowed.
    Max,
    /// The law lists what is allowed; a pack may allow less.
    Subset,
    /// The law lists what is demanded; a pack may demand more.
    Superset,
}

impl Direction {
    /// Its name in a pack.
    pub fn name(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
            Self::Subset => "subset",
            Self::Superset => "superset",
        }
    }

    /// Whether `own` is at least as strict as `law`; values of different shapes never are.
    pub fn allows(self, own: &ParameterValue, law: &ParameterValue) -> bool {
        use ParameterValue::{Integers, One, Texts};
        match (self, own, law) {
            (Self::Min, One(Value::Integer(own)), One(Value::Integer(law))) => own >= law,
            (Self::Max, One(Value::Integer(own)), One(Value::Integer(law))) => own <= law,
            (Self::Subset, Integers(own), Integers(law)) => own.iter().all(|item| law.contains(item)),
            (Self::Superset, Integers(own), Integers(law)) => law.iter().all(|item| own.contains(item)),
            (Self::Subset, Texts(own), Texts(law)) => own.iter().all(|item| law.contains(item)),
            (Self::Superset, Texts(own), Texts(law)) => law.iter().all(|item| own.contains(item)),
            _ => false,
        }
    }
}

/// How sure the source of a parameter is (可信度).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// The primary text was read.
    Text,
    /// Seen in a secondary source or a system built to the rule.
    Seen,
    /// From general knowledge; check the text before relying on it.
    Unsure,
    /// The institution's own decision.
    House,
}

/// A parameter in force for a time (参数).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in cells and formulas, after `param.`.
    pub name: String,
    /// Its type.
    pub kind: ParameterType,
    /// Its value.
    pub value: ParameterValue,
    /// In a law layer: how packs may go beyond it; `None` there means not at all.
    pub direction: Option<Direction>,
    /// When it is in force.
    pub period: Period,
    /// Kinds of institution it applies to; empty means all.
    pub applies_to: Vec<String>,
    /// The article it comes from.
    pub article: String,
    /// How sure the source is.
    pub confidence: Confidence,
    /// The contradiction or ambiguity of the source texts that this choice settles, such as `C-04`.
    pub resolves: Option<String>,
    /// What people call it.
    pub title: Title,
    /// Where it is written.
    pub place: Place,
}

impl Parameter {
    /// Whether it is a named switch: a choice that the institution makes.
    pub fn is_switch(&self) -> bool {
        self.resolves.is_some()
    }

    /// Whether it applies to a kind of institution on a date.
    pub(crate) fn applies(&self, institution: &str, on: Date) -> bool {
        self.period.contains(on)
            && (self.applies_to.is_empty() || self.applies_to.iter().any(|kind| kind == institution))
    }
}

const MUST: [&str; 8] = ["name", "type", "value", "article", "confidence", "title_zh", "title_en", "effective_from"];
const MAY: [&str; 4] = ["direction", "effective_to", "applies_to", "resolves"];

/// Reads `parameters.csv`.
pub(crate) fn read(file: &str, text: &str, problems: &mut Vec<Problem>) -> Vec<Parameter> {
    let entries = Sheet::read(file, text, problems).register(&MUST, &MAY, problems);
    entries.iter().filter_map(|entry| parameter(entry, problems)).collect()
}

fn parameter(entry: &Entry, problems: &mut Vec<Problem>) -> Option<Parameter> {
    let name = entry.text("name", problems);
    let title = Title::new(entry.text("title_zh", problems), entry.get("title_en"));
    let article = article(entry, problems);
    let period = Period::read(entry, problems);
    let direction = match entry.get("direction") {
        "" => None,
        "min" => Some(Direction::Min),
        "max" => Some(Direction::Max),
        "subset" => Some(Direction::Subset),
        "superset" => Some(Direction::Superset),
        other => {
            let kind = not_allowed(other, "min|max|subset|superset");
            problems.push(Problem::new(entry.place("direction"), kind));
            None
        }
    };
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
    let kind = match ParameterType::parse(&entry.text("type", problems)) {
        Ok(kind) => kind,
        Err(kind) => {
            problems.push(Problem::new(entry.place("type"), kind));
            return None;
        }
    };
    let value = match kind.parse_value(&entry.text("value", problems)) {
        Ok(value) => value,
        Err(kind) => {
            problems.push(Problem::new(entry.place("value"), kind));
            return None;
        }
    };
    // A direction that could never be fulfilled would make every override an error: say so where it is written.
    if let Some(direction) = direction
        && !direction.allows(&value, &value)
    {
        let kind = ProblemKind::WrongType { expected: direction.name().to_owned(), found: value.to_text() };
        problems.push(Problem::new(entry.place("direction"), kind));
    }
    Some(Parameter {
        name,
        kind,
        value,
        direction,
        period,
        applies_to: list(entry.get("applies_to")),
        article,
        confidence,
        resolves: Some(entry.get("resolves").to_owned()).filter(|id| !id.is_empty()),
        title,
        place: entry.place("value"),
    })
}

/// The article of a row; an empty one has its own problem.
pub(crate) fn article(entry: &Entry, problems: &mut Vec<Problem>) -> String {
    let article = entry.get("article");
    if article.is_empty() {
        problems.push(Problem::new(entry.place("article"), ProblemKind::MissingArticle {}));
    }
    article.to_owned()
}

/// A cell of several words separated by `|`.
pub(crate) fn list(text: &str) -> Vec<String> {
    text.split('|').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

pub(crate) fn not_allowed(found: &str, allowed: &str) -> ProblemKind {
    ProblemKind::NotAllowed { found: found.to_owned(), allowed: allowed.to_owned() }
}
