//! Tables of cases beside this file, one a line: pack, decision, facts, what must come out and which row hits.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;
use policy::{Derivation, Facts, Pack, Value};

use crate::shipped;

/// The columns of a table of cases. A line whose first cell begins with `@` names facts that other lines build on;
/// lines that begin with `#` are comments. `with` overrides parameters: `name=value`.
const COLUMNS: [&str; 8] = ["case", "pack", "on", "decision", "facts", "expected", "row", "with"];

/// Runs a table of `tests/cases/` and answers with the decisions that it showed.
pub(crate) fn run(name: &str) -> BTreeSet<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name);
    let table = std::fs::read_to_string(file).unwrap();
    let mut rows = csv::ReaderBuilder::new().comment(Some(b'#')).flexible(true).from_reader(table.as_bytes());
    assert_eq!(rows.headers().unwrap().iter().collect::<Vec<_>>(), COLUMNS);
    let mut packs: BTreeMap<(String, String), Pack> = BTreeMap::new();
    let mut sets: BTreeMap<String, String> = BTreeMap::new();
    let (mut shown, mut wrong) = (BTreeSet::new(), Vec::new());
    for row in rows.records().map(Result::unwrap) {
        let cell = |index: usize| row.get(index).unwrap_or_default().trim().to_owned();
        let (case, facts) = (cell(0), cell(4));
        if case.starts_with('@') {
            let expanded = expand(&facts, &sets);
            sets.insert(case, expanded);
            continue;
        }
        let key = (cell(1), cell(7));
        let pack = packs.entry(key.clone()).or_insert_with(|| with(&key.0, &key.1));
        let facts = read(pack, &expand(&facts, &sets), &case);
        let on: Date = cell(2).parse().unwrap();
        let found = pack.on(on).derive(&cell(3), &facts);
        let (said, hit) = match &found {
            Ok(found) => {
                (said(found, &cell(5)), found.decision.rows.first().map_or("-".to_owned(), |row| row.label.clone()))
            }
            Err(refusal) => (format!("error={}", refusal.code()), "-".to_owned()),
        };
        let expected_row = cell(6);
        if said != cell(5) || (!expected_row.is_empty() && expected_row != hit) {
            wrong.push(format!("{case}: {} says {said} by {hit}, expected {} by {expected_row}", cell(3), cell(5)));
        }
        shown.insert(cell(3));
        shown.extend(found.into_iter().flat_map(|found| found.below).map(|below| below.decision));
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
    shown
}

/// The outputs that the expectation names; `evidence=a+b` the facts waited for, `all=x` every row of a collecting table.
fn said(found: &Derivation, expected: &str) -> String {
    let text = |name: &str, value: Option<&Value>| format!("{name}={}", value.map_or("-".to_owned(), Value::to_text));
    let parts = expected.split_whitespace().map(|pair| pair.split_once('=').unwrap().0).map(|name| match name {
        "evidence" => format!("evidence={}", found.evidence.join("+")),
        "rows" => {
            let rows: Vec<&str> = found.decision.rows.iter().map(|row| row.label.as_str()).collect();
            format!("rows={}", rows.join("+"))
        }
        name => text(name, found.decision.output(name).or_else(|| found.facts.get(name))),
    });
    parts.collect::<Vec<_>>().join(" ")
}

/// `@set name=value …` with the set's facts first, so that later ones replace them; `name=-` forgets a fact.
fn expand(facts: &str, sets: &BTreeMap<String, String>) -> String {
    let words = facts.split_whitespace().map(|word| match word.starts_with('@') {
        true => sets.get(word).unwrap_or_else(|| panic!("{word} is defined above")).clone(),
        false => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn read(pack: &Pack, facts: &str, case: &str) -> Facts {
    let mut found = Facts::new();
    for word in facts.split_whitespace() {
        let (name, value) = word.split_once('=').unwrap_or_else(|| panic!("{case}: {word}"));
        if value == "-" {
            found.remove(name);
            continue;
        }
        let kind = &pack.dictionary().get(name).unwrap_or_else(|| panic!("{case}: no fact {name}")).kind;
        found.insert(name.to_owned(), kind.parse_literal(value).unwrap_or_else(|problem| panic!("{case}: {problem}")));
    }
    found
}

/// A shipped pack, with other values for some parameters, as a lender would set them in a pack on top.
fn with(id: &str, parameters: &str) -> Pack {
    let mut files = shipped::files();
    for change in parameters.split_whitespace() {
        let (name, value) = change.split_once('=').unwrap();
        let start = format!("{name},");
        let mut changed = false;
        for (path, text) in files.iter_mut().filter(|(path, _)| path.ends_with("/parameters.csv")) {
            let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            if !text.lines().any(|line| line.starts_with(&start)) || path.starts_with("law-cn/") {
                continue;
            }
            let mut out = csv::Writer::from_writer(Vec::new());
            let records: Vec<Vec<String>> =
                rows.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            for mut record in records {
                if record[0] == name {
                    value.clone_into(&mut record[2]);
                    changed = true;
                }
                out.write_record(&record).unwrap();
            }
            *text = String::from_utf8(out.into_inner().unwrap()).unwrap();
        }
        assert!(changed, "there is a parameter {name}");
    }
    Pack::load(&files, id, &shipped::facts()).unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{id} with {parameters}:\n{}", lines.join("\n"));
    })
}
