//! `cargo xtask requirements`: which tests name which requirement of the catalogue.
//!
//! A test names a requirement by its id in a comment inside it or directly above it: `// S4-07`.
//! The list of ids with our own short titles is data under docs/requirements/, the outcome is
//! docs/requirements.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::tree::{Tree, is_test_path};

/// Where the outcome is written.
pub const REPORT: &str = "docs/requirements.md";
const CATALOGUE: &str = "docs/requirements/catalogue.tsv";
const PARTLY: &str = "docs/requirements/partly.tsv";

/// Something wrong with the data or with a mention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

/// One requirement and the tests that name it.
#[derive(Debug)]
pub struct Requirement {
    id: String,
    section: String,
    title: String,
    tests: BTreeSet<String>,
    missing: Option<String>,
}

/// Whether a requirement is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Open,
    Partly,
    Covered,
}

impl Requirement {
    fn standing(&self) -> Standing {
        match (self.tests.is_empty(), &self.missing) {
            (true, _) => Standing::Open,
            (false, Some(_)) => Standing::Partly,
            (false, None) => Standing::Covered,
        }
    }
}

/// All requirements in the order of the catalogue, and what is wrong with the mentions.
#[derive(Debug)]
pub struct Survey {
    requirements: Vec<Requirement>,
    /// Mentions of unknown ids, mentions outside tests, stale data.
    pub problems: Vec<Problem>,
}

/// Reads the catalogue and the tests.
pub fn survey(tree: &Tree) -> Result<Survey, Problem> {
    let mut survey = Survey { requirements: Vec::new(), problems: Vec::new() };
    for (line, cells) in table(tree, CATALOGUE)? {
        let [id, section, title] = cells.as_slice() else {
            return Err(problem(CATALOGUE, line, "write id, section and title, separated by tabs"));
        };
        if survey.requirements.iter().any(|r| r.id == *id) {
            return Err(problem(CATALOGUE, line, format!("`{id}` is there twice")));
        }
        let (id, section, title) = (id.clone(), section.clone(), title.clone());
        survey.requirements.push(Requirement { id, section, title, tests: BTreeSet::new(), missing: None });
    }
    attach_tests(tree, &mut survey);
    for (line, cells) in table(tree, PARTLY)? {
        let [id, missing] = cells.as_slice() else {
            return Err(problem(PARTLY, line, "write id and what is missing, separated by a tab"));
        };
        match survey.requirements.iter_mut().find(|r| r.id == *id) {
            None => survey.problems.push(problem(PARTLY, line, format!("`{id}` is not in the catalogue"))),
            Some(r) if r.tests.is_empty() => {
                survey.problems.push(problem(
                    PARTLY,
                    line,
                    format!("no test names `{id}`: it is open, not partly met"),
                ));
            }
            Some(r) => r.missing = Some(missing.clone()),
        }
    }
    Ok(survey)
}

fn problem(path: &str, line: usize, message: impl Into<String>) -> Problem {
    Problem { path: path.to_owned(), line, message: message.into() }
}

/// The rows below the header of a tab-separated file, with their lines.
fn table(tree: &Tree, path: &str) -> Result<Vec<(usize, Vec<String>)>, Problem> {
    let text = tree.text(path).ok_or_else(|| problem(path, 1, "the file is missing"))?;
    let rows = text.lines().enumerate().filter(|(_, l)| !l.starts_with('#') && !l.trim().is_empty()).skip(1);
    Ok(rows.map(|(i, l)| (i + 1, l.split('\t').map(|c| c.trim().to_owned()).collect())).collect())
}

fn attach_tests(tree: &Tree, survey: &mut Survey) {
    let place: BTreeMap<String, usize> =
        survey.requirements.iter().enumerate().map(|(i, r)| (r.id.clone(), i)).collect();
    for (path, source) in tree.sources().filter(|(p, _)| !p.starts_with("xtask/")) {
        for comment in &source.comments {
            let function = source.function_at(comment.line);
            let test = function.filter(|f| f.is_test);
            if test.is_none() && !is_test_path(path) && !source.is_test_line(comment.line) {
                continue;
            }
            for id in ids_in(&comment.text) {
                let found = match (place.get(&id), test) {
                    (None, _) => Err(format!("`{id}` is not in the catalogue: correct the id")),
                    (Some(_), None) => Err(format!("`{id}` is not in or directly above a test: move it to its test")),
                    (Some(index), Some(test)) => Ok((index, format!("{path}::{}", test.name))),
                };
                match found {
                    Ok((index, name)) => {
                        survey.requirements[*index].tests.insert(name);
                    }
                    Err(message) => survey.problems.push(problem(path, comment.line, message)),
                }
            }
        }
    }
}

/// The ids in a comment: `S4-07`, `S2.19-04`, `X-02`.
fn ids_in(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-'));
    words.map(|w| w.trim_matches(['.', '-'])).filter(|w| is_id(w)).map(str::to_owned).collect()
}

fn is_id(word: &str) -> bool {
    let Some((section, number)) = word.split_once('-') else { return false };
    let digits = |s: &str| !s.is_empty() && s.len() <= 2 && s.chars().all(|c| c.is_ascii_digit());
    let sectioned = section.strip_prefix('S').is_some_and(|s| s.split('.').count() <= 2 && s.split('.').all(digits));
    (section == "X" || sectioned) && number.len() == 2 && digits(number)
}

/// The outcome as a document.
pub fn render(survey: &Survey) -> String {
    let mut out = String::from(
        "# Requirements and the tests that name them\n\n\
         Written by `cargo xtask requirements` from the comments of the tests; do not edit.\n\
         The ids and short titles are [data](requirements/catalogue.tsv), \
         so is [what is met only partly](requirements/partly.tsv).\n\
         Covered: a test names it. Partly: a test names it and something is missing. Open: no test names it.\n\n",
    );
    let all: Vec<&Requirement> = survey.requirements.iter().collect();
    let mut sections: Vec<&str> = Vec::new();
    for requirement in &all {
        if !sections.contains(&requirement.section.as_str()) {
            sections.push(&requirement.section);
        }
    }
    out.push_str(
        "| Section | Requirements | Covered | Partly | Open | Share covered |\n|---|---:|---:|---:|---:|---:|\n",
    );
    for section in &sections {
        let own: Vec<&Requirement> = all.iter().copied().filter(|r| r.section == **section).collect();
        push_share(&mut out, section, &own);
    }
    push_share(&mut out, "All", &all);
    for section in &sections {
        let _ = writeln!(out, "\n## {section}\n\n| Id | Requirement | Standing | Tests |\n|---|---|---|---|");
        for r in all.iter().filter(|r| r.section == **section) {
            push_row(&mut out, r);
        }
    }
    out
}

fn push_share(out: &mut String, name: &str, own: &[&Requirement]) {
    let count = |standing| own.iter().filter(|r| r.standing() == standing).count();
    let (covered, partly, open) = (count(Standing::Covered), count(Standing::Partly), count(Standing::Open));
    let percent = covered * 100 / own.len().max(1);
    let _ = writeln!(out, "| {name} | {} | {covered} | {partly} | {open} | {percent} % |", own.len());
}

fn push_row(out: &mut String, r: &Requirement) {
    let standing = match (r.standing(), &r.missing) {
        (Standing::Covered, _) => "covered".to_owned(),
        (Standing::Partly, missing) => format!("partly; missing: {}", missing.as_deref().unwrap_or_default()),
        (Standing::Open, _) => "open".to_owned(),
    };
    let tests: Vec<String> = r.tests.iter().map(|t| format!("`{t}`")).collect();
    let _ = writeln!(out, "| {} | {} | {standing} | {} |", r.id, r.title, tests.join("<br>"));
}

/// The share covered per section, as lines for the console.
pub fn summary(survey: &Survey) -> String {
    let text = render(survey);
    text.lines().filter(|l| l.starts_with('|')).take_while(|l| !l.starts_with("| Id")).fold(
        String::new(),
        |mut s, l| {
            s.push_str(l);
            s.push('\n');
            s
        },
    )
}

/// Every id that a test names, with its tests, for the console.
pub fn named(survey: &Survey) -> String {
    let mut out = String::new();
    for r in survey.requirements.iter().filter(|r| !r.tests.is_empty()) {
        let _ = writeln!(out, "{} {}{}", r.id, r.title, if r.missing.is_some() { " (partly)" } else { "" });
        for test in &r.tests {
            let _ = writeln!(out, "    {test}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: [(&str, &str); 2] = [
        (CATALOGUE, "# ours\nid\tsection\ttitle\nS4-07\tS4\tBuckets\nS4-09\tS4\tReminder\nX-01\tX\tVersions\n"),
        (PARTLY, "id\tmissing\nX-01\tapproval\n"),
    ];

    fn survey_of(path: &str, text: &str) -> Survey {
        survey(&Tree::of(&[DATA[0], DATA[1], (path, text)])).unwrap()
    }

    fn tests_of(survey: &Survey, id: &str) -> Vec<String> {
        survey.requirements.iter().find(|r| r.id == id).unwrap().tests.iter().cloned().collect()
    }

    #[test]
    fn a_comment_in_or_above_a_test_counts() {
        let text = "#[cfg(test)]\nmod tests {\n    /// S4-07, X-01: edges.\n    #[test]\n    fn edges() {\n        \
                    // S4-09\n    }\n}\n";
        let survey = survey_of("crates/a/src/bucket.rs", text);
        for id in ["S4-07", "S4-09", "X-01"] {
            assert_eq!(tests_of(&survey, id), ["crates/a/src/bucket.rs::edges"], "{id}");
        }
        assert_eq!(survey.problems, []);
    }

    #[test]
    fn a_mention_in_code_or_in_a_string_does_not_count() {
        let text = "/// Maker never approves: X-01.\nfn approve() {}\n#[test]\nfn a() {\n    b(\"S4-07\");\n}\n";
        let survey = survey_of("crates/a/src/lib.rs", text);
        assert!(tests_of(&survey, "X-01").is_empty() && tests_of(&survey, "S4-07").is_empty());
    }

    #[test]
    fn a_mention_beside_the_tests_is_a_problem_and_does_not_count() {
        let survey =
            survey_of("crates/a/tests/it/main.rs", "// S4-07\n\n#[test]\nfn a() {\n}\n// X-01\nfn helper() {\n}\n");
        assert!(tests_of(&survey, "S4-07").is_empty());
        let lines: Vec<_> = survey.problems.iter().map(|p| (p.path.as_str(), p.line)).collect();
        assert_eq!(lines, [("crates/a/tests/it/main.rs", 1), ("crates/a/tests/it/main.rs", 6), (PARTLY, 2)]);
    }

    #[test]
    fn an_unknown_id_is_a_problem() {
        let survey = survey_of("crates/a/tests/it/main.rs", "// S4-70\n#[test]\nfn a() {\n    // X-01\n}\n");
        assert_eq!(survey.problems.len(), 1);
        assert!(survey.problems[0].message.contains("S4-70"));
    }

    #[test]
    fn the_document_tells_covered_partly_and_open_apart() {
        let survey = survey_of("crates/a/tests/it/main.rs", "// S4-07 X-01\n#[tokio::test]\nasync fn a() {\n}\n");
        let text = render(&survey);
        for line in [
            "| S4 | 2 | 1 | 0 | 1 | 50 % |",
            "| X | 1 | 0 | 1 | 0 | 0 % |",
            "| All | 3 | 1 | 1 | 1 | 33 % |",
            "| S4-07 | Buckets | covered | `crates/a/tests/it/main.rs::a` |",
            "| S4-09 | Reminder | open |  |",
            "| X-01 | Versions | partly; missing: approval | `crates/a/tests/it/main.rs::a` |",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert_eq!(summary(&survey).lines().count(), 5);
    }

    #[test]
    fn ids_are_told_from_other_words() {
        assert_eq!(
            ids_in("// S2.19-04: rule (X-02), see S5.4-01…03; not S4-7, AS-10, X-1000"),
            ["S2.19-04", "X-02", "S5.4-01"]
        );
    }
}
