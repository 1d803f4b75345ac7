//! Every rule has an id, a line in the documents, and a test that names it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Finding};
use crate::tree::{Tree, is_test_path};

pub(super) const CHECK: Check = Check {
    name: "rules",
    why: "a page cites a rule by its id: the reader must find its source, and its test must be findable",
    run,
};

fn run(tree: &Tree) -> Vec<Finding> {
    let rules = rules(tree);
    let documents = documents(tree);
    let tested = tested(tree, rules.keys());
    let mut findings = Vec::new();
    for (id, (path, line)) in &rules {
        if !documents.contains_key(id) {
            let message = format!("rule `{id}` has no line in docs/rules/: add `| `{id}` | sentence | source |`");
            findings.push(Finding::new(path, *line, message));
        }
        if !tested.contains(id) {
            let message = format!("no test names rule `{id}`: write it into the comment of the test that shows it");
            findings.push(Finding::new(path, *line, message));
        }
    }
    for (id, (path, line)) in documents.iter().filter(|(id, _)| !rules.contains_key(*id)) {
        let message = format!("rule `{id}` is in no code: say ``Rule `{id}` `` in its doc comment or remove the line");
        findings.push(Finding::new(path, *line, message));
    }
    findings
}

/// Rule ids that doc comments of the code announce: ``Rule `allocation.statutory` ``.
fn rules(tree: &Tree) -> BTreeMap<String, (String, usize)> {
    let mut found = BTreeMap::new();
    for (path, source) in tree.sources().filter(|(p, _)| p.starts_with("crates/") && !is_test_path(p)) {
        for comment in source.comments.iter().filter(|c| c.text.starts_with("//") && !source.is_test_line(c.line)) {
            for (at, mark) in comment.text.match_indices("ule `") {
                let before = comment.text[..at].chars().next_back();
                let announced = matches!(before, Some('R' | 'r'));
                if let Some((id, _)) = comment.text[at + mark.len()..].split_once('`')
                    && announced
                    && is_rule_id(id)
                {
                    found.entry(id.to_owned()).or_insert((path.to_owned(), comment.line));
                }
            }
        }
    }
    found.extend(pack_rules(tree));
    found
}

/// Rule ids that policy packs state: the line `rule,id` of a decision table, the second column of a register.
fn pack_rules(tree: &Tree) -> BTreeMap<String, (String, usize)> {
    let mut found = BTreeMap::new();
    for (path, text) in tree.texts().filter(|(p, _)| p.starts_with("packs/") && p.ends_with(".csv")) {
        let register = text.lines().next().is_some_and(|header| header.split(',').nth(1) == Some("rule"));
        for (index, line) in text.lines().enumerate() {
            let mut cells = line.split(',');
            let stated = cells.next() == Some("rule") || (register && index > 0);
            if let Some(id) = cells.next().filter(|id| stated && is_rule_id(id)) {
                found.entry(id.to_owned()).or_insert((path.to_owned(), index + 1));
            }
        }
    }
    found
}

fn is_rule_id(id: &str) -> bool {
    id.contains('.') && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c))
}

/// Ids in the first cell of a table's row under docs/rules/.
fn documents(tree: &Tree) -> BTreeMap<String, (String, usize)> {
    let mut found = BTreeMap::new();
    for (path, text) in tree.texts().filter(|(p, _)| p.starts_with("docs/rules/") && p.ends_with(".md")) {
        for (index, line) in text.lines().enumerate() {
            let id = line.trim().strip_prefix("| `").and_then(|rest| rest.split_once('`')).map(|(id, _)| id);
            if let Some(id) = id.filter(|id| is_rule_id(id)) {
                found.insert(id.to_owned(), (path.to_owned(), index + 1));
            }
        }
    }
    found
}

/// Which of the rules a test names: in a comment or string of test code, or in a golden table.
fn tested<'a>(tree: &Tree, rules: impl Iterator<Item = &'a String>) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for (path, source) in tree.sources() {
        let whole = is_test_path(path);
        for span in source.comments.iter().chain(&source.strings) {
            let attached = || source.function_at(span.line).is_some_and(|f| f.is_test);
            if whole || source.is_test_line(span.line) || attached() {
                words.extend(ids_in(&span.text));
            }
        }
    }
    for (path, text) in tree.texts().filter(|(p, _)| is_test_path(p) && !p.ends_with(".rs")) {
        if path.starts_with("crates/") {
            words.extend(text.lines().filter(|l| l.starts_with('#')).flat_map(ids_in));
        }
    }
    rules.filter(|id| words.contains(*id)).cloned().collect()
}

fn ids_in(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c)))
        .map(|w| w.trim_matches('.').to_owned())
        .filter(|w| is_rule_id(w))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "//! Doc.\n/// Splits.\n///\n/// Rule `allocation.statutory`. Source: article 561.\nfn a() {}\n";
    const DOCUMENT: &str = "| Rule | What |\n| `allocation.statutory` | Costs first. |\n";
    const TEST: &str = "// allocation.statutory\n#[test]\nfn costs_first() {}\n";

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        run(&Tree::of(files)).into_iter().map(|f| f.message).collect()
    }

    #[test]
    fn a_rule_with_document_and_test_is_fine() {
        let code = ("crates/finance/src/allocation.rs", CODE);
        let document = ("docs/rules/finance.md", DOCUMENT);
        assert_eq!(found(&[code, document, ("crates/finance/tests/a.rs", TEST)]).len(), 0);
        let golden = ("crates/finance/tests/golden/statutory.txt", "# allocation.statutory. By hand.\n0 | 1\n");
        assert_eq!(found(&[code, document, golden]).len(), 0);
    }

    #[test]
    fn a_rule_without_document_or_without_test_is_found() {
        let code = ("crates/finance/src/allocation.rs", CODE);
        let messages = found(&[code, ("crates/finance/tests/a.rs", TEST)]);
        assert!(messages.len() == 1 && messages[0].contains("docs/rules"), "{messages:?}");
        let messages = found(&[code, ("docs/rules/finance.md", DOCUMENT)]);
        assert!(messages.len() == 1 && messages[0].contains("no test names"), "{messages:?}");
    }

    #[test]
    fn a_longer_id_does_not_stand_in_for_its_beginning() {
        let code = ("crates/finance/src/allocation.rs", CODE);
        let test = ("crates/finance/tests/a.rs", "// allocation.statutory.more\n#[test]\nfn a() {}\n");
        assert_eq!(found(&[code, ("docs/rules/finance.md", DOCUMENT), test]).len(), 1);
    }

    #[test]
    fn a_documented_rule_that_no_code_has_is_found() {
        let messages = found(&[("docs/rules/finance.md", DOCUMENT)]);
        assert!(messages.len() == 1 && messages[0].contains("is in no code"), "{messages:?}");
    }

    #[test]
    fn a_rule_of_a_pack_needs_a_line_and_a_test_too() {
        let files = [
            ("packs/a/tables/t.csv", "decision,t,,\nrule,late.bucket,,\ntype,,,\n"),
            ("packs/a/duties.csv", "id,rule,trigger\nx,duty.call,loan.overdue\n"),
        ];
        let messages = found(&files);
        for id in ["late.bucket", "duty.call"] {
            assert_eq!(messages.iter().filter(|m| m.contains(&format!("`{id}`"))).count(), 2, "{messages:?}");
        }
        assert!(!messages.iter().any(|m| m.contains("loan.overdue")));
    }
}
