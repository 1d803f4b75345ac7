//! One folder of a stack, read but not yet resolved for a date.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::approval::{self, ApprovalRow};
use crate::article::{self, Article};
use crate::duty::{self, DutyRow};
use crate::facts::Title;
use crate::formula::Scope;
use crate::numbering::{self, Numbering};
use crate::outcome::{self, Outcome};
use crate::parameter::{self, Parameter, list, not_allowed};
use crate::period::Period;
use crate::problem::{Place, Problem, ProblemKind};
use crate::product::{self, Product};
use crate::role::{self, Role};
use crate::scorecard::{self, ScorecardRow};
use crate::sheet::{Sheet, column_number};
use crate::table::TableSheet;
use crate::template::{self, Template};
use crate::value::{FactType, parse_date};

/// What a pack is in a stack (策略包类别).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackKind {
    /// Law: others may only tighten it.
    Law,
    /// A part that institutions share and may replace.
    Part,
    /// The rules of an institution.
    Institution,
}

/// The head of a pack, `pack.csv`.
#[derive(Debug, Clone)]
pub(crate) struct Manifest {
    pub(crate) id: String,
    pub(crate) kind: PackKind,
    pub(crate) institution: String,
    pub(crate) title: Title,
    pub(crate) version: String,
    pub(crate) period: Period,
    pub(crate) extends: Vec<String>,
    pub(crate) purpose: Title,
    pub(crate) scope: Title,
    pub(crate) principles: Vec<String>,
    pub(crate) further: Further,
    pub(crate) file: String,
}

/// What else a text says of itself at its head (制度总则其他内容): each line may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Further {
    /// Its own principles, in words (本制度原则).
    pub tenets: Vec<Title>,
    /// The laws and rules that it stands on (制定依据).
    pub bases: Vec<Title>,
    /// Its chapters, and whether the text of each is missing (章节).
    pub chapters: Vec<(Title, bool)>,
    /// Who interprets it (解释部门); empty where nothing is said.
    pub interpreter: Title,
    /// Whether it is on trial (试行).
    pub trial: bool,
    /// Whether it prevails over the other parts of the stack where they conflict (本制度优先); never over the law.
    pub prevails: bool,
}

/// The principles that a rule set may serve (四项原则): customer-centred, risk-controllable, confidential, compliant.
pub const PRINCIPLES: [&str; 4] = ["customer_centred", "risk_controllable", "confidentiality", "compliance"];

/// A folder of a stack.
#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) manifest: Manifest,
    pub(crate) articles: Vec<Article>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) tables: Vec<Arc<TableSheet>>,
    pub(crate) duties: Vec<DutyRow>,
    pub(crate) approvals: Vec<ApprovalRow>,
    pub(crate) roles: Vec<Role>,
    pub(crate) templates: Vec<Template>,
    pub(crate) numbering: Vec<Numbering>,
    pub(crate) products: Vec<Product>,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) scorecards: Vec<ScorecardRow>,
}

/// Reads `FOLDER/pack.csv`.
pub(crate) fn manifest(
    folder: &str,
    files: &BTreeMap<String, String>,
    problems: &mut Vec<Problem>,
) -> Option<Manifest> {
    let file = format!("{folder}/pack.csv");
    let Some(text) = files.get(&file) else {
        problems.push(Problem::new(Place::file(&file), ProblemKind::MissingFile {}));
        return None;
    };
    let sheet = Sheet::read(&file, text, problems);
    for row in &sheet.rows {
        if !KEYS.contains(&row.cell(0)) && !FURTHER.contains(&row.cell(0)) {
            let kind = ProblemKind::UnknownLine { name: row.cell(0).to_owned() };
            problems.push(Problem::new(Place::cell(&file, row.number, 1), kind));
        }
    }
    let mut cell = |name: &str, index: usize, must: bool| -> (String, Place) {
        let Some(row) = sheet.rows.iter().find(|row| row.cell(0) == name) else {
            if must {
                let kind = ProblemKind::MissingLine { name: name.to_owned() };
                problems.push(Problem::new(Place::file(&file), kind));
            }
            return (String::new(), Place::file(&file));
        };
        let place = Place::cell(&file, row.number, column_number(index));
        if must && row.cell(index).is_empty() {
            problems.push(Problem::new(place.clone(), ProblemKind::EmptyCell { name: name.to_owned() }));
        }
        (row.cell(index).to_owned(), place)
    };
    let (id, id_place) = cell("id", 1, true);
    let (kind, kind_place) = cell("kind", 1, true);
    let institution = cell("institution", 1, kind == "institution").0;
    let title = Title::new(cell("title", 1, true).0, cell("title", 2, false).0);
    let version = cell("version", 1, true).0;
    let (from, to, extends) = (cell("effective", 1, false), cell("effective", 2, false), cell("extends", 1, false).0);
    let purpose = Title::new(cell("purpose", 1, false).0, cell("purpose", 2, false).0);
    let scope = Title::new(cell("scope", 1, false).0, cell("scope", 2, false).0);
    let principles = cell("principles", 1, false);
    let served = list(&principles.0);
    check_head(&file, (&purpose, &scope, &served), &principles.1, problems);
    let mut date = |(text, place): (String, Place)| {
        let date = parse_date(&text);
        if date.is_none() && !text.is_empty() {
            problems.push(Problem::new(place, ProblemKind::WrongType { expected: "date".to_owned(), found: text }));
        }
        date
    };
    let period = Period { from: date(from), to: date(to) };
    if !id.is_empty() && id != folder {
        problems.push(Problem::new(id_place, not_allowed(&id, folder)));
    }
    let kind = match kind.as_str() {
        "law" => PackKind::Law,
        "part" => PackKind::Part,
        "institution" => PackKind::Institution,
        "" => return None,
        other => {
            problems.push(Problem::new(kind_place, not_allowed(other, "law|part|institution")));
            return None;
        }
    };
    let extends = list(&extends);
    let further = further(&file, &sheet, kind, problems);
    let principles = served;
    Some(Manifest { id, kind, institution, title, version, period, extends, purpose, scope, principles, further, file })
}

/// The lines that every head has, or may have once.
const KEYS: [&str; 10] =
    ["id", "kind", "institution", "title", "version", "effective", "extends", "purpose", "scope", "principles"];
/// The lines of [`Further`]; `tenet`, `basis` and `chapter` may come several times.
const FURTHER: [&str; 6] = ["tenet", "basis", "chapter", "interpreter", "status", "precedence"];

/// Reads what else a text says of itself.
///
/// Rule `policy.precedence` (S5.2-07): only a part may prevail over others, and only over parts.
fn further(file: &str, sheet: &Sheet, kind: PackKind, problems: &mut Vec<Problem>) -> Further {
    let mut found = Further::default();
    for row in &sheet.rows {
        let place = |column: u32| Place::cell(file, row.number, column);
        let title = Title::new(row.cell(1).to_owned(), row.cell(2));
        if FURTHER.contains(&row.cell(0)) && row.cell(1).is_empty() {
            problems.push(Problem::new(place(2), ProblemKind::EmptyCell { name: row.cell(0).to_owned() }));
            continue;
        }
        match (row.cell(0), row.cell(1)) {
            ("tenet", _) => found.tenets.push(title),
            ("basis", _) => found.bases.push(title),
            ("interpreter", _) => found.interpreter = title,
            ("chapter", _) => match row.cell(3) {
                "" => found.chapters.push((title, false)),
                "missing" => found.chapters.push((title, true)),
                other => problems.push(Problem::new(place(4), not_allowed(other, "missing"))),
            },
            ("status", "trial") => found.trial = true,
            ("status", other) => problems.push(Problem::new(place(2), not_allowed(other, "trial"))),
            ("precedence", "prevails") if kind == PackKind::Part => found.prevails = true,
            ("precedence", "prevails") => problems.push(Problem::new(place(1), not_allowed("precedence", "a part"))),
            ("precedence", other) => problems.push(Problem::new(place(2), not_allowed(other, "prevails"))),
            _ => {}
        }
    }
    found
}

/// A head is whole or not there: what a rule set is for, for whom, and which of the four principles it serves.
///
/// Rule `policy.head` (S1-01, S1-02).
fn check_head(
    file: &str,
    (purpose, scope, principles): (&Title, &Title, &[String]),
    place: &Place,
    problems: &mut Vec<Problem>,
) {
    let parts =
        [("purpose", purpose.zh.is_empty()), ("scope", scope.zh.is_empty()), ("principles", principles.is_empty())];
    if parts.iter().any(|(_, empty)| !empty) {
        for (name, _) in parts.iter().filter(|(_, empty)| *empty) {
            problems.push(Problem::new(Place::file(file), ProblemKind::MissingLine { name: (*name).to_owned() }));
        }
    }
    for other in principles.iter().filter(|one| !PRINCIPLES.contains(&one.as_str())) {
        problems.push(Problem::new(place.clone(), not_allowed(other, &PRINCIPLES.join("|"))));
    }
}

/// The outputs of a table and their types, read ahead: later tables may look at them as facts. What cannot be read
/// is skipped here and reported when the table itself is read.
pub(crate) fn outputs(text: &str) -> Vec<(String, FactType)> {
    let sheet = Sheet::read("", text, &mut Vec::new());
    let line = |name: &str| sheet.rows.iter().find(|row| row.cell(0) == name);
    let (Some(names), Some(uses), Some(types)) = (line("column"), line("use"), line("type")) else {
        return Vec::new();
    };
    let output = |index: usize| {
        let kind = FactType::parse(types.cell(index)).ok()?;
        (uses.cell(index) == "output").then(|| (names.cell(index).to_owned(), kind))
    };
    (1..names.cells.len()).filter_map(output).collect()
}

impl Layer {
    /// Reads all registers and tables of a folder; files that are not there are empty.
    pub(crate) fn read(
        manifest: Manifest,
        files: &BTreeMap<String, String>,
        scope: &Scope<'_>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let folder = manifest.id.clone();
        let path = |name: &str| format!("{folder}/{name}.csv");
        let text = |name: &str| files.get(&path(name)).map(String::as_str);
        macro_rules! register {
            ($name:literal, $read:expr) => {
                text($name).map(|text| $read(&path($name), text, problems)).unwrap_or_default()
            };
        }
        let with_scope_duties =
            |file: &str, text: &str, problems: &mut Vec<Problem>| duty::read(file, text, scope, problems);
        let with_scope_approvals =
            |file: &str, text: &str, problems: &mut Vec<Problem>| approval::read(file, text, scope, problems);
        let mut layer = Self {
            articles: register!("articles", article::read),
            parameters: register!("parameters", parameter::read),
            tables: Vec::new(),
            duties: register!("duties", with_scope_duties),
            approvals: register!("approvals", with_scope_approvals),
            roles: register!("roles", role::read),
            templates: text("templates").map(|text| template::read(&folder, files, text, problems)).unwrap_or_default(),
            numbering: register!("numbering", numbering::read),
            products: register!("products", product::read),
            outcomes: register!("outcomes", outcome::read),
            scorecards: text("scorecards")
                .map(|text| scorecard::read(&folder, files, text, scope, problems))
                .unwrap_or_default(),
            manifest,
        };
        for (file, text) in files_in(files, &folder, "tables/") {
            let table = crate::table::sheet::read(file, text, scope, problems);
            layer.tables.extend(table.map(Arc::new));
        }
        layer.refuse_stray_files(files, problems);
        layer
    }

    /// A misspelt file name would silently switch its rules off.
    fn refuse_stray_files(&self, files: &BTreeMap<String, String>, problems: &mut Vec<Problem>) {
        const REGISTERS: [&str; 12] = [
            "pack.csv",
            "facts.csv",
            "articles.csv",
            "parameters.csv",
            "duties.csv",
            "approvals.csv",
            "roles.csv",
            "templates.csv",
            "numbering.csv",
            "products.csv",
            "outcomes.csv",
            "scorecards.csv",
        ];
        for (file, _) in files_in(files, &self.manifest.id, "") {
            let name = &file[self.manifest.id.len() + 1..];
            let table = name.strip_prefix("tables/").is_some_and(|name| name.ends_with(".csv") && !name.contains('/'));
            let template = name
                .strip_prefix("templates/")
                .and_then(|name| name.strip_suffix(".txt"))
                .is_some_and(|id| self.templates.iter().any(|template| template.id == id));
            let card = name
                .strip_prefix("scorecards/")
                .and_then(|name| name.strip_suffix(".csv"))
                .is_some_and(|id| self.scorecards.iter().any(|row| row.card.id == id));
            if !(REGISTERS.contains(&name) || table || template || card || name.ends_with(".md")) {
                let kind = ProblemKind::UnknownReference { what: "use for the file".to_owned(), name: name.to_owned() };
                problems.push(Problem::new(Place::file(file), kind));
            }
        }
    }
}

/// The files of a folder below a prefix, in the order of their names.
pub(crate) fn files_in<'a>(
    files: &'a BTreeMap<String, String>,
    folder: &str,
    below: &str,
) -> impl Iterator<Item = (&'a String, &'a String)> {
    let prefix = format!("{folder}/{below}");
    files.range(prefix.clone()..).take_while(move |(file, _)| file.starts_with(&prefix))
}
