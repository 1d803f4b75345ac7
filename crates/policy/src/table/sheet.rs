//! A decision table as it stands in its CSV file, read strictly; see `docs/policy-format.md` for the form.

use jiff::civil::Date;

use super::cell::Tests;
use crate::facts::Title;
use crate::formula::{Formula, Scope};
use crate::pack::PRINCIPLES;
use crate::problem::{Place, Problem, ProblemKind, nearest};
use crate::sheet::{Sheet, SheetRow, column_number};
use crate::value::{FactType, Value, parse_date};

/// How many rows may hit and which counts (命中策略).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitPolicy {
    /// The first row that holds.
    First,
    /// Exactly one row holds for any input.
    Unique,
    /// All rows that hold.
    Collect,
    /// Of the rows that hold the one with the worst outcome, in the order of the first ordered output.
    Priority,
}

impl HitPolicy {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "first" => Some(Self::First),
            "unique" => Some(Self::Unique),
            "collect" => Some(Self::Collect),
            "priority" => Some(Self::Priority),
            _ => None,
        }
    }
}

/// An input column (输入列).
#[derive(Debug, Clone)]
pub struct Input {
    /// The fact, or the name of the computed input.
    pub name: String,
    /// Its type.
    pub kind: FactType,
    /// Whether the fact may be unknown.
    pub optional: bool,
    pub(crate) formula: Option<Formula>,
    pub(crate) column: u32,
}

/// An output column (输出列).
#[derive(Debug, Clone)]
pub struct Output {
    /// Its name; later tables may use it as a fact.
    pub name: String,
    /// Its type.
    pub kind: FactType,
    pub(crate) column: u32,
}

/// What an output cell says.
#[derive(Debug, Clone)]
pub(crate) enum OutputCell {
    Literal(Value),
    Formula(Formula),
}

/// A row of a table (规则行).
#[derive(Debug, Clone)]
pub struct Row {
    /// Its row in the file, from 1.
    pub number: u32,
    /// Its label in the first column; may be empty.
    pub label: String,
    /// The input cells as written.
    pub texts: Vec<String>,
    /// The output cells as written.
    pub results: Vec<String>,
    /// The article it comes from; several with `|`.
    pub article: String,
    /// A note for people.
    pub note: Title,
    pub(crate) tests: Vec<Tests>,
    pub(crate) outputs: Vec<Option<OutputCell>>,
}

/// A decision table as written (决策表).
#[derive(Debug, Clone)]
pub struct TableSheet {
    /// The file.
    pub file: String,
    /// The decision it makes.
    pub decision: String,
    /// The rule id that pages cite.
    pub rule: String,
    /// What people call it.
    pub title: Title,
    /// How rows hit.
    pub hit: HitPolicy,
    /// First day in force; `None` from ever.
    pub from: Option<Date>,
    /// Last day in force; `None` until further notice.
    pub to: Option<Date>,
    /// The principles that its rules serve, of [`PRINCIPLES`](crate::PRINCIPLES) (S1-02); empty: those of its rule set.
    pub principles: Vec<String>,
    /// Kinds of institution it applies to; empty means all.
    pub applies_to: Vec<String>,
    /// For a table of the law layer: the ordered output below whose outcome no pack may go.
    pub floor: Option<String>,
    /// Input columns.
    pub inputs: Vec<Input>,
    /// Output columns.
    pub outputs: Vec<Output>,
    /// Rows, for hit policy priority the worst outcome first.
    pub rows: Vec<Row>,
}

/// What a column of the file is.
enum Use {
    Input(usize),
    Output(usize),
    Article,
    NoteZh,
    NoteEn,
    Ignored,
}

/// Reads one table; `None` when its header cannot be understood.
pub(crate) fn read(file: &str, text: &str, scope: &Scope<'_>, problems: &mut Vec<Problem>) -> Option<TableSheet> {
    let sheet = Sheet::read(file, text, problems);
    let before = problems.len();
    let mut header = Header { file, sheet: &sheet, problems };
    let decision = header.text("decision", 1)?;
    let hit = header.text("hit", 1)?;
    let Some(hit) = HitPolicy::parse(&hit) else {
        let kind = ProblemKind::NotAllowed { found: hit, allowed: "first|unique|collect|priority".to_owned() };
        let place = header.place("hit", 1);
        problems.push(Problem::new(place, kind));
        return None;
    };
    let title = Title::new(header.text("title", 1)?, header.optional("title", 2));
    let rule = header.text("rule", 1)?;
    let (from, to) = (header.date("effective", 1), header.date("effective", 2));
    let applies = header.optional("applies_to", 1);
    let principles = header.principles();
    let floor = Some(header.optional("floor", 1)).filter(|floor| !floor.is_empty());
    header.refuse_unknown_lines();
    let (inputs, outputs, uses) = columns(&mut header, scope)?;
    if problems.len() > before {
        return None;
    }
    let mut table = TableSheet {
        file: file.to_owned(),
        decision,
        rule,
        title,
        hit,
        from,
        to,
        principles,
        applies_to: applies.split('|').filter(|kind| !kind.is_empty()).map(str::to_owned).collect(),
        floor,
        inputs,
        outputs,
        rows: Vec::new(),
    };
    let data = sheet.rows.iter().skip_while(|row| row.cell(0) != "type").skip(1);
    for row in data {
        let row = read_row(&table, row, &uses, scope, problems);
        table.rows.push(row);
    }
    finish(&mut table, problems);
    (problems.len() == before).then_some(table)
}

/// Checks that need all rows: there are some, the order of priority and floor exists.
fn finish(table: &mut TableSheet, problems: &mut Vec<Problem>) {
    let file = || Place::file(&table.file);
    if table.rows.is_empty() {
        problems.push(Problem::new(file(), ProblemKind::MissingLine { name: "row".to_owned() }));
    }
    if let (Some(from), Some(to)) = (table.from, table.to)
        && to < from
    {
        let kind = ProblemKind::BadPeriod { name: table.decision.clone(), period: format!("{from}..{to}") };
        problems.push(Problem::new(file(), kind));
    }
    if let Some(floor) = &table.floor
        && !table.outputs.iter().any(|output| output.name == *floor && is_ordered(&output.kind))
    {
        let kind = ProblemKind::UnknownReference { what: "ordered output".to_owned(), name: floor.clone() };
        problems.push(Problem::new(file(), kind));
    }
    if table.hit == HitPolicy::Priority {
        let Some(index) = table.outputs.iter().position(|output| is_ordered(&output.kind)) else {
            let kind = ProblemKind::UnknownReference { what: "ordered output".to_owned(), name: "priority".to_owned() };
            problems.push(Problem::new(file(), kind));
            return;
        };
        let kind = table.outputs[index].kind.clone();
        table.rows.sort_by_key(|row| match &row.outputs.get(index) {
            Some(Some(OutputCell::Literal(value))) => std::cmp::Reverse(rank(&kind, value)),
            _ => std::cmp::Reverse(None),
        });
    }
}

/// Whether the values of the type are ordered from the mildest to the worst.
pub(crate) fn is_ordered(kind: &FactType) -> bool {
    matches!(kind, FactType::OneOf { ordered: true, .. })
}

/// The place of a value in the order of its type, the mildest first.
pub(crate) fn rank(kind: &FactType, value: &Value) -> Option<usize> {
    match (kind, value) {
        (FactType::OneOf { values, ordered: true }, Value::Text(text)) => values.iter().position(|known| known == text),
        _ => None,
    }
}

/// The lines above the rows, each found by its first cell.
struct Header<'a> {
    file: &'a str,
    sheet: &'a Sheet,
    problems: &'a mut Vec<Problem>,
}

const LINES: [&str; 12] = [
    "decision",
    "title",
    "rule",
    "principles",
    "hit",
    "effective",
    "applies_to",
    "floor",
    "column",
    "use",
    "formula",
    "type",
];

impl<'a> Header<'a> {
    fn line(&self, name: &str) -> Option<&'a SheetRow> {
        // Rows come after the line "type"; a row label may well be "rule".
        let end =
            self.sheet.rows.iter().position(|row| row.cell(0) == "type").map_or(self.sheet.rows.len(), |at| at + 1);
        self.sheet.rows[..end].iter().find(|row| row.cell(0) == name)
    }

    fn place(&self, name: &str, index: usize) -> Place {
        match self.line(name) {
            Some(row) => Place::cell(self.file, row.number, column_number(index)),
            None => Place::file(self.file),
        }
    }

    fn optional(&self, name: &str, index: usize) -> String {
        self.line(name).map_or(String::new(), |row| row.cell(index).to_owned())
    }

    fn text(&mut self, name: &str, index: usize) -> Option<String> {
        let Some(row) = self.line(name) else {
            self.problems
                .push(Problem::new(Place::file(self.file), ProblemKind::MissingLine { name: name.to_owned() }));
            return None;
        };
        let text = row.cell(index).to_owned();
        if text.is_empty() {
            let kind = ProblemKind::EmptyCell { name: name.to_owned() };
            self.problems.push(Problem::new(self.place(name, index), kind));
            return None;
        }
        Some(text)
    }

    fn date(&mut self, name: &str, index: usize) -> Option<Date> {
        let text = self.optional(name, index);
        if text.is_empty() {
            return None;
        }
        let date = parse_date(&text);
        if date.is_none() {
            let kind = ProblemKind::WrongType { expected: "date".to_owned(), found: text };
            self.problems.push(Problem::new(self.place(name, index), kind));
        }
        date
    }

    /// The principles that the table serves; any other word is refused (rule `policy.head`).
    fn principles(&mut self) -> Vec<String> {
        let text = self.optional("principles", 1);
        let named: Vec<String> =
            text.split('|').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect();
        for other in named.iter().filter(|one| !PRINCIPLES.contains(&one.as_str())) {
            let kind = ProblemKind::NotAllowed { found: other.clone(), allowed: PRINCIPLES.join("|") };
            self.problems.push(Problem::new(self.place("principles", 1), kind));
        }
        named
    }

    fn refuse_unknown_lines(&mut self) {
        let Some(end) = self.sheet.rows.iter().position(|row| row.cell(0) == "type") else {
            return;
        };
        for row in &self.sheet.rows[..end] {
            if !LINES.contains(&row.cell(0)) {
                let kind = ProblemKind::UnknownLine { name: row.cell(0).to_owned() };
                self.problems.push(Problem::new(Place::cell(self.file, row.number, 1), kind));
            }
        }
    }
}

/// Reads the lines `column`, `use`, `formula` and `type`.
fn columns(header: &mut Header<'_>, scope: &Scope<'_>) -> Option<(Vec<Input>, Vec<Output>, Vec<Use>)> {
    for name in ["column", "use", "type"] {
        if header.line(name).is_none() {
            let kind = ProblemKind::MissingLine { name: name.to_owned() };
            header.problems.push(Problem::new(Place::file(header.file), kind));
            return None;
        }
    }
    let (names, width) = (header.line("column")?, header.line("column")?.cells.len());
    let (mut inputs, mut outputs, mut uses) = (Vec::new(), Vec::new(), vec![Use::Ignored]);
    for index in 1..width {
        let name = names.cell(index).to_owned();
        let used = header.optional("use", index);
        match used.as_str() {
            "input" | "optional" => {
                if let Some(input) = input_column(header, scope, &name, index, used == "optional") {
                    uses.push(Use::Input(inputs.len()));
                    inputs.push(input);
                } else {
                    uses.push(Use::Ignored);
                }
            }
            "output" => {
                let kind = FactType::parse(&header.optional("type", index));
                match kind {
                    Ok(kind) => {
                        uses.push(Use::Output(outputs.len()));
                        outputs.push(Output { name, kind, column: column_number(index) });
                    }
                    Err(kind) => {
                        let place = header.place("type", index);
                        header.problems.push(Problem::new(place, kind));
                        uses.push(Use::Ignored);
                    }
                }
            }
            "article" => uses.push(Use::Article),
            "note_zh" => uses.push(Use::NoteZh),
            "note_en" => uses.push(Use::NoteEn),
            _ => {
                let allowed = "input|optional|output|article|note_zh|note_en".to_owned();
                let place = header.place("use", index);
                header.problems.push(Problem::new(place, ProblemKind::NotAllowed { found: used, allowed }));
                uses.push(Use::Ignored);
            }
        }
    }
    for name in ["input", "output", "article"] {
        // A column that is there but cannot be read has its own problem already.
        let stated = |index: usize| header.optional("use", index);
        if !(1..width).any(|index| stated(index) == name || (name == "input" && stated(index) == "optional")) {
            let place = Place::row(header.file, names.number);
            header.problems.push(Problem::new(place, ProblemKind::MissingColumn { name: name.to_owned() }));
        }
    }
    Some((inputs, outputs, uses))
}

/// An input: a fact of the dictionary, or computed by a formula with its own type.
fn input_column(header: &mut Header<'_>, scope: &Scope<'_>, name: &str, index: usize, optional: bool) -> Option<Input> {
    let (formula, stated) = (header.optional("formula", index), header.optional("type", index));
    let stated = if stated.is_empty() { None } else { Some(FactType::parse(&stated)) };
    let column = column_number(index);
    let type_place = header.place("type", index);
    if !formula.is_empty() {
        let kind = match stated {
            Some(Ok(kind)) => kind,
            Some(Err(problem)) => {
                header.problems.push(Problem::new(type_place, problem));
                return None;
            }
            None => {
                header.problems.push(Problem::new(type_place, ProblemKind::EmptyCell { name: "type".to_owned() }));
                return None;
            }
        };
        return match Formula::compile(&formula, &kind, scope) {
            Ok(formula) => Some(Input { name: name.to_owned(), kind, optional, formula: Some(formula), column }),
            Err(problem) => {
                let place = header.place("formula", index);
                header.problems.push(Problem::new(place, problem));
                None
            }
        };
    }
    let Some(kind) = (scope.fact)(name) else {
        let nearest = nearest(name, scope.fact_names.iter().map(String::as_str));
        let place = header.place("column", index);
        header.problems.push(Problem::new(place, ProblemKind::UnknownFact { name: name.to_owned(), nearest }));
        return None;
    };
    match stated {
        Some(Err(problem)) => {
            header.problems.push(Problem::new(type_place, problem));
            None
        }
        Some(Ok(stated)) if !stated.comparable(&kind) => {
            let problem = ProblemKind::WrongType { expected: kind.to_text(), found: stated.to_text() };
            header.problems.push(Problem::new(type_place, problem));
            None
        }
        _ => Some(Input { name: name.to_owned(), kind, optional, formula: None, column }),
    }
}

fn read_row(table: &TableSheet, row: &SheetRow, uses: &[Use], scope: &Scope<'_>, problems: &mut Vec<Problem>) -> Row {
    let mut found = Row {
        number: row.number,
        label: row.cell(0).to_owned(),
        texts: Vec::new(),
        results: Vec::new(),
        article: String::new(),
        note: Title::default(),
        tests: Vec::new(),
        outputs: Vec::new(),
    };
    for (index, used) in uses.iter().enumerate() {
        let text = row.cell(index);
        let place = Place::cell(&table.file, row.number, column_number(index));
        let empty = |name: &str| Problem::new(place.clone(), ProblemKind::EmptyCell { name: name.to_owned() });
        match used {
            Use::Input(at) => {
                let input = &table.inputs[*at];
                found.texts.push(text.to_owned());
                if text.is_empty() {
                    problems.push(empty(&input.name));
                } else {
                    match Tests::parse(text, &input.kind) {
                        Ok(tests) => found.tests.push(tests),
                        Err(kind) => problems.push(Problem::new(place, kind)),
                    }
                }
            }
            Use::Output(at) => {
                let output = &table.outputs[*at];
                found.results.push(text.to_owned());
                match output_cell(text, &output.kind, scope) {
                    _ if text.is_empty() => problems.push(empty(&output.name)),
                    Ok(cell) => found.outputs.push(cell),
                    Err(kind) => problems.push(Problem::new(place, kind)),
                }
            }
            Use::Article if text.is_empty() => problems.push(Problem::new(place, ProblemKind::MissingArticle {})),
            Use::Article => found.article = text.to_owned(),
            Use::NoteZh => found.note.zh = text.to_owned(),
            Use::NoteEn => found.note.en = text.to_owned(),
            Use::Ignored => {}
        }
    }
    found
}

/// `-` is no value, `cel: …` a formula, anything else a literal; a text may stand in quotation marks.
fn output_cell(text: &str, kind: &FactType, scope: &Scope<'_>) -> Result<Option<OutputCell>, ProblemKind> {
    if text == "-" {
        return Ok(None);
    }
    if let Some(formula) = text.strip_prefix("cel:") {
        return Formula::compile(formula.trim(), kind, scope).map(|formula| Some(OutputCell::Formula(formula)));
    }
    let bare = match kind {
        FactType::Text | FactType::OneOf { .. } => {
            text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
        }
        _ => text,
    };
    kind.parse_literal(bare).map(|value| Some(OutputCell::Literal(value)))
}
