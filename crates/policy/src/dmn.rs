//! Decision tables as DMN 1.3 XML, so that other engines can run them and their editors can write them.
//!
//! Cells become plain S-FEEL: percent and 万元 as whole numbers of the unit, texts in quotation marks, dates as
//! `date("…")`. What DMN has no word for (our types, `optional`, dates in force, institutions) stands in attributes
//! of a namespace of our own; a file of another program does without them. Parameters are the context `param`.

use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use thiserror::Error;

use crate::edit::{EditError, TableText};
use crate::table::sheet::OutputCell;
use crate::table::{HitPolicy, TableSheet};
use crate::value::FactType;

/// The namespace of DMN 1.3.
const DMN: &str = "https://www.omg.org/spec/DMN/20191111/MODEL/";
/// The namespace of what DMN has no word for.
const OWN: &str = "urn:loanward:policy:1";
/// The largest file that is read.
const BYTES: usize = 4 << 20;
/// How deep elements may stand, and how many there may be.
const DEPTH: usize = 40;
const ELEMENTS: usize = 400_000;
const LABEL: &str = "label";

/// Why a DMN file is not read (DMN 文件问题).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DmnError {
    /// Larger than anybody writes.
    #[error("the file has {bytes} bytes, more than {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The bound.
        limit: usize,
    },
    /// It declares entities or nests without end: what hostile files do.
    #[error("the file is not accepted: {detail}")]
    Hostile {
        /// What it tries.
        detail: String,
    },
    /// It is not XML.
    #[error("the file is not readable XML: {detail}")]
    NotXml {
        /// What the reader said.
        detail: String,
    },
    /// It holds no decision table that can be taken over.
    #[error("the file holds no decision table that can be read: {detail}")]
    NoTable {
        /// What is missing.
        detail: String,
    },
    /// The table does not fit a grid.
    #[error(transparent)]
    Grid(#[from] EditError),
}

/// Writes a decision table as DMN 1.3 XML.
#[must_use]
pub fn to_dmn(sheet: &TableSheet) -> String {
    let mut out = String::new();
    let id = &sheet.decision;
    let name = escape(&sheet.title.zh);
    let _ = write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<definitions xmlns=\"{DMN}\" xmlns:lw=\"{OWN}\" \
         id=\"loanward-{id}\" name=\"{name}\" namespace=\"{OWN}:{id}\">\n"
    );
    for (at, input) in sheet.inputs.iter().enumerate() {
        let kind = feel_type(&input.kind);
        let _ = writeln!(
            out,
            "  <inputData id=\"data-{at}\" name=\"{0}\"><variable name=\"{0}\" typeRef=\"{kind}\"/></inputData>",
            escape(&input.name)
        );
    }
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let _ = writeln!(
        out,
        "  <decision id=\"{id}\" name=\"{name}\" lw:title_en=\"{}\" lw:rule=\"{}\" lw:from=\"{}\" lw:to=\"{}\" \
         lw:principles=\"{}\" lw:applies_to=\"{}\" lw:floor=\"{}\">",
        escape(&sheet.title.en),
        escape(&sheet.rule),
        date(sheet.from),
        date(sheet.to),
        escape(&sheet.principles.join("|")),
        escape(&sheet.applies_to.join("|")),
        escape(sheet.floor.as_deref().unwrap_or_default())
    );
    let _ = writeln!(out, "    <variable name=\"{id}\" typeRef=\"Any\"/>");
    for at in 0..sheet.inputs.len() {
        let _ =
            writeln!(out, "    <informationRequirement><requiredInput href=\"#data-{at}\"/></informationRequirement>");
    }
    let _ = writeln!(out, "    <decisionTable id=\"table-{id}\" hitPolicy=\"{}\">", hit_name(sheet.hit).to_uppercase());
    head(&mut out, sheet);
    for row in &sheet.rows {
        rule(&mut out, row);
    }
    out.push_str("    </decisionTable>\n  </decision>\n</definitions>\n");
    out
}

fn head(out: &mut String, sheet: &TableSheet) {
    for input in &sheet.inputs {
        let (name, kind) = (escape(&input.name), feel_type(&input.kind));
        let usage = if input.optional { "optional" } else { "input" };
        let (language, text) = match &input.formula {
            Some(formula) => (" expressionLanguage=\"https://cel.dev\"", escape(formula.source())),
            None => ("", name.clone()),
        };
        let _ = writeln!(
            out,
            "      <input label=\"{name}\" lw:use=\"{usage}\" lw:type=\"{}\"><inputExpression typeRef=\"{kind}\"\
             {language}><text>{text}</text></inputExpression></input>",
            escape(&input.kind.to_text())
        );
    }
    for output in &sheet.outputs {
        let (name, kind) = (escape(&output.name), feel_type(&output.kind));
        let own = escape(&output.kind.to_text());
        let _ = write!(out, "      <output name=\"{name}\" typeRef=\"{kind}\" lw:type=\"{own}\">");
        if let FactType::OneOf { values, .. } = &output.kind {
            // The order of priority is the worst first.
            let values: Vec<String> = values.iter().rev().map(|value| format!("\"{value}\"")).collect();
            let _ = write!(out, "<outputValues><text>{}</text></outputValues>", escape(&values.join(", ")));
        }
        out.push_str("</output>\n");
    }
    for name in [LABEL, "article", "note_zh", "note_en"] {
        let _ = writeln!(out, "      <annotation name=\"{name}\"/>");
    }
}

fn rule(out: &mut String, row: &crate::table::Row) {
    let _ = writeln!(out, "      <rule id=\"row-{}\">", row.number);
    for tests in &row.tests {
        let _ = writeln!(out, "        <inputEntry><text>{}</text></inputEntry>", escape(&tests.to_feel()));
    }
    for cell in &row.outputs {
        let (language, text) = match cell {
            None => ("", "null".to_owned()),
            Some(OutputCell::Literal(value)) => ("", crate::table::cell::feel_literal(value)),
            Some(OutputCell::Formula(formula)) => {
                (" expressionLanguage=\"https://cel.dev\"", formula.source().to_owned())
            }
        };
        let _ = writeln!(out, "        <outputEntry{language}><text>{}</text></outputEntry>", escape(&text));
    }
    for text in [&row.label, &row.article, &row.note.zh, &row.note.en] {
        let _ = writeln!(out, "        <annotationEntry><text>{}</text></annotationEntry>", escape(text));
    }
    out.push_str("      </rule>\n");
}

fn hit_name(hit: HitPolicy) -> &'static str {
    match hit {
        HitPolicy::First => "first",
        HitPolicy::Unique => "unique",
        HitPolicy::Collect => "collect",
        HitPolicy::Priority => "priority",
    }
}

fn feel_type(kind: &FactType) -> &'static str {
    match kind {
        FactType::Integer { .. } => "number",
        FactType::Date => "date",
        FactType::Text | FactType::OneOf { .. } => "string",
        FactType::Boolean => "boolean",
    }
}

/// For texts and attributes; characters that XML cannot hold are left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// Reads the first decision table of a DMN file as the text of a table of the pack.
///
/// # Errors
/// [`DmnError`].
pub fn from_dmn(xml: &str) -> Result<TableText, DmnError> {
    let root = parse(xml)?;
    let missing = |what: &str| DmnError::NoTable { detail: format!("the element {what} is missing") };
    let decision = root.find("decision").ok_or_else(|| missing("decision"))?;
    let table = decision.find("decisionTable").ok_or_else(|| missing("decisionTable"))?;
    let (inputs, outputs): (Vec<&Node>, Vec<&Node>) = (table.all("input").collect(), table.all("output").collect());
    let notes: Vec<&str> = table.all("annotation").map(|note| note.attribute("name")).collect();
    if inputs.is_empty() || outputs.is_empty() {
        return Err(missing("input or output"));
    }
    let mut lines = head_lines(decision, table);
    lines.extend(column_lines(&inputs, &outputs, decision.attribute("id")));
    for rule in table.all("rule") {
        lines.push(rule_line(rule, inputs.len(), outputs.len(), &notes)?);
    }
    Ok(TableText::of_lines(lines)?)
}

/// The lines above the columns.
fn head_lines(decision: &Node, table: &Node) -> Vec<Vec<String>> {
    let line = |name: &str, cells: &[&str]| {
        std::iter::once(name).chain(cells.iter().copied()).map(str::to_owned).collect::<Vec<String>>()
    };
    let attribute = |name: &str| decision.attribute(name);
    let hit = match table.attribute("hitPolicy") {
        "" => "unique".to_owned(),
        hit => hit.to_lowercase(),
    };
    let rule = if attribute("rule").is_empty() { attribute("id") } else { attribute("rule") };
    let mut lines = vec![
        line("decision", &[attribute("id")]),
        line("title", &[attribute("name"), attribute("title_en")]),
        line("rule", &[rule]),
        line("hit", &[&hit]),
    ];
    if !attribute("from").is_empty() || !attribute("to").is_empty() {
        lines.push(line("effective", &[attribute("from"), attribute("to")]));
    }
    for name in ["principles", "applies_to", "floor"] {
        if !attribute(name).is_empty() {
            lines.push(line(name, &[attribute(name)]));
        }
    }
    lines
}

/// The lines `column`, `use`, `formula` and `type`.
fn column_lines(inputs: &[&Node], outputs: &[&Node], decision: &str) -> Vec<Vec<String>> {
    let start = |name: &str| vec![name.to_owned()];
    let (mut names, mut uses, mut formulas, mut types) =
        (start("column"), start("use"), start("formula"), start("type"));
    for input in inputs {
        let expression = input.find("inputExpression");
        let text = expression.map(Node::content).unwrap_or_default();
        let computed = expression.is_some_and(|one| !one.attribute("expressionLanguage").is_empty());
        let label = input.attribute("label").to_owned();
        names.push(if computed || text.is_empty() { label } else { text.clone() });
        uses.push(if input.attribute("use") == "optional" { "optional" } else { "input" }.to_owned());
        formulas.push(if computed { text } else { String::new() });
        types.push(if computed { input.attribute("type").to_owned() } else { String::new() });
    }
    for output in outputs {
        let name = output.attribute("name");
        names.push(if name.is_empty() { decision } else { name }.to_owned());
        uses.push("output".to_owned());
        formulas.push(String::new());
        let own = output.attribute("type").to_owned();
        types.push(if own.is_empty() { our_type(output) } else { own });
    }
    for name in ["article", "note_zh", "note_en"] {
        names.push(name.to_owned());
        uses.push(name.to_owned());
        formulas.push(String::new());
        types.push(String::new());
    }
    vec![names, uses, formulas, types]
}

/// The type of an output of a file that another program wrote.
fn our_type(output: &Node) -> String {
    let listed = output.find("outputValues").map(Node::content).unwrap_or_default();
    let values: Vec<&str> = listed.split(',').map(|value| value.trim().trim_matches('"')).collect();
    match output.attribute("typeRef").rsplit(':').next().unwrap_or_default() {
        "boolean" => "boolean".to_owned(),
        "date" => "date".to_owned(),
        "number" | "integer" | "long" => "count".to_owned(),
        _ if values.len() > 1 => values.join("|"),
        _ => "text".to_owned(),
    }
}

fn rule_line(rule: &Node, inputs: usize, outputs: usize, notes: &[&str]) -> Result<Vec<String>, DmnError> {
    let (conditions, results): (Vec<&Node>, Vec<&Node>) =
        (rule.all("inputEntry").collect(), rule.all("outputEntry").collect());
    if conditions.len() != inputs || results.len() != outputs {
        let id = rule.attribute("id");
        let detail = format!("rule {id:?} has {} inputs and {} outputs", conditions.len(), results.len());
        return Err(DmnError::NoTable { detail });
    }
    let entries: Vec<String> = rule.all("annotationEntry").map(Node::content).collect();
    let note = |name: &str| {
        let at = notes.iter().position(|known| *known == name);
        at.and_then(|at| entries.get(at)).cloned().unwrap_or_default()
    };
    let mut line = vec![note(LABEL)];
    line.extend(conditions.iter().map(|cell| match cell.content() {
        text if text.is_empty() => "-".to_owned(),
        text => text,
    }));
    for cell in results {
        let text = cell.content();
        let computed = !cell.attribute("expressionLanguage").is_empty();
        line.push(if computed { format!("cel: {text}") } else { plain(&text) });
    }
    line.extend(["article", "note_zh", "note_en"].map(note));
    Ok(line)
}

/// A FEEL literal as an output cell writes it.
fn plain(text: &str) -> String {
    if text.is_empty() || text == "null" {
        return "-".to_owned();
    }
    let date = text.strip_prefix("date(\"").and_then(|text| text.strip_suffix("\")"));
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    date.or(quoted).unwrap_or(text).to_owned()
}

/// An element of the file.
#[derive(Debug, Default)]
struct Node {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Node>,
}

impl Node {
    fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.name == name)
    }

    fn find(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of its child `text`.
    fn content(&self) -> String {
        self.find("text").map(|text| text.text.trim().to_owned()).unwrap_or_default()
    }
}

/// Reads the elements; entities are never expanded, a document type is refused.
fn parse(xml: &str) -> Result<Node, DmnError> {
    if xml.len() > BYTES {
        return Err(DmnError::TooLarge { bytes: xml.len(), limit: BYTES });
    }
    let broken = |detail: &dyn std::fmt::Display| DmnError::NotXml { detail: detail.to_string() };
    let hostile = |detail: &str| DmnError::Hostile { detail: detail.to_owned() };
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}'));
    let mut open = vec![Node::default()];
    let mut count = 0usize;
    loop {
        let event = reader.read_event().map_err(|error| broken(&error))?;
        let top = open.last_mut().ok_or_else(|| broken(&"an element ends that did not begin"))?;
        match event {
            Event::Start(start) => {
                let node = element(&start)?;
                open.push(node);
                count += 1;
            }
            Event::Empty(start) => {
                let node = element(&start)?;
                top.children.push(node);
                count += 1;
            }
            Event::End(_) => {
                let done = open.pop().unwrap_or_default();
                open.last_mut().ok_or_else(|| broken(&"an element ends that did not begin"))?.children.push(done);
            }
            Event::Text(text) => top.text.push_str(&text.xml10_content()),
            Event::CData(text) => top.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                let resolved = match quick_xml::escape::unescape(&format!("&{name};")) {
                    Ok(text) => text.into_owned(),
                    Err(_) => return Err(hostile("it names an entity")),
                };
                top.text.push_str(&resolved);
            }
            Event::DocType(_) => return Err(hostile("it has a document type, which may declare entities")),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
        if open.len() > DEPTH || count > ELEMENTS {
            return Err(hostile("its elements are too many or stand too deep"));
        }
    }
    if open.len() != 1 {
        return Err(broken(&"an element does not end"));
    }
    let root = open.pop().and_then(|mut top| top.children.pop());
    root.ok_or_else(|| DmnError::NoTable { detail: "the file is empty".to_owned() })
}

fn element(start: &BytesStart<'_>) -> Result<Node, DmnError> {
    let mut node = Node { name: start.local_name().as_ref().to_owned(), ..Node::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| DmnError::NotXml { detail: error.to_string() })?;
        let value = quick_xml::escape::unescape(&attribute.value)
            .map_err(|_| DmnError::Hostile { detail: "it names an entity".to_owned() })?;
        node.attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
    }
    Ok(node)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_files_are_refused_without_expanding_anything() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><definitions>&b;</definitions>";
        assert!(matches!(from_dmn(bomb), Err(DmnError::Hostile { .. })));
        assert!(matches!(from_dmn("<definitions>&b;</definitions>"), Err(DmnError::Hostile { .. })));
        let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
        assert!(matches!(from_dmn(&deep), Err(DmnError::Hostile { .. })));
        assert!(matches!(from_dmn(&"x".repeat(BYTES + 1)), Err(DmnError::TooLarge { .. })));
        for broken in ["", "text", "<a>", "<a></b>", "</a>", "<definitions/>", "<d><decision/></d>"] {
            assert!(from_dmn(broken).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn a_table_of_another_program_is_read() {
        let xml = "<dmn:definitions xmlns:dmn=\"x\"><dmn:decision id=\"late\" name=\"Late\"><dmn:decisionTable>\
                   <dmn:input label=\"days\"><dmn:inputExpression typeRef=\"number\"><dmn:text>overdue_days</dmn:text>\
                   </dmn:inputExpression></dmn:input><dmn:output name=\"word\" typeRef=\"string\"/>\
                   <dmn:rule><dmn:inputEntry><dmn:text>&gt;= 1</dmn:text></dmn:inputEntry><dmn:outputEntry>\
                   <dmn:text>\"late &amp; bad\"</dmn:text></dmn:outputEntry></dmn:rule>\
                   <dmn:rule><dmn:inputEntry><dmn:text/></dmn:inputEntry><dmn:outputEntry><dmn:text></dmn:text>\
                   </dmn:outputEntry></dmn:rule></dmn:decisionTable></dmn:decision></dmn:definitions>";
        let table = from_dmn(xml).unwrap();
        assert_eq!((table.head("decision", 1), table.head("hit", 1)), ("late", "unique"));
        assert_eq!(table.rows()[0][..3], ["", ">= 1", "late & bad"].map(str::to_owned));
        assert_eq!(table.rows()[1][..3], ["", "-", "-"].map(str::to_owned));
        let short = xml.replacen("<dmn:inputEntry><dmn:text/></dmn:inputEntry>", "", 1);
        assert!(matches!(from_dmn(&short), Err(DmnError::NoTable { .. })));
    }
}
