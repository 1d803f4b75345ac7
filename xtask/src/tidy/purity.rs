//! What computes touches nothing: no I/O, no clock, no chance, no floating point.

use super::{Check, Finding};
use crate::tree::{Tree, is_test_path};

pub(super) const CHECK: Check = Check {
    name: "purity",
    why: "a position or decision must come out the same for the same facts, on any day and machine",
    run,
};

/// What may not be named in a pure file, and what to do instead.
const IMPURE: [(&str, &str); 17] = [
    ("std::fs", "let the caller read the file and pass its text"),
    ("std::io", "let the caller read and write"),
    ("std::net", "let the caller talk to the network"),
    ("std::env", "pass the setting as an argument"),
    ("std::process", "let the caller start programs"),
    ("std::thread", "let the caller spread the work"),
    ("tokio", "keep it synchronous: the caller awaits"),
    ("sqlx", "move the query to store.rs"),
    ("rusqlite", "move the query to store.rs"),
    ("rusqlite", "move the query to store.rs"),
    ("axum", "move the HTTP to pages.rs"),
    ("reqwest", "let the caller talk to the network"),
    ("SystemTime", "take the date or moment as an argument"),
    ("Instant", "take the date or moment as an argument"),
    ("::now(", "take the date or moment as an argument"),
    ("rand", "take the number or seed as an argument"),
    ("println!", "return the text"),
];

const FLOATS: [(&str, &str); 2] =
    [("f32", "use integers with their unit in the name"), ("f64", "use integers with their unit in the name")];

fn run(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, source) in tree.sources() {
        if is_test_path(path) || !is_pure(path) {
            continue;
        }
        let floats = if ["crates/policy/", "crates/scoring/"].iter().any(|room| path.starts_with(room)) {
            &FLOATS[..0]
        } else {
            &FLOATS[..]
        };
        for (line, code) in source.code_lines().filter(|(l, _)| !source.is_test_line(*l)) {
            for (word, instead) in IMPURE.iter().chain(floats).filter(|(w, _)| names(code, w)) {
                findings.push(Finding::new(path, line, format!("a pure file names `{word}`: {instead}")));
            }
        }
    }
    findings
}

/// `finance`, `policy`, and the model and rules of every capability.
///
/// Statistics are computed with floating point, so `scoring` may name it; it holds no money. Policy packs arrive as floating-point values from CEL and are refused there, so `policy` must be able to name them.
fn is_pure(path: &str) -> bool {
    let inside = path.starts_with("crates/") && path.contains("/src/");
    let pure_crate =
        ["finance", "policy", "scoring"].iter().any(|room| path.starts_with(&format!("crates/{room}/src/")));
    let pure_room = [("/model.rs"), ("/rules.rs")].iter().any(|end| path.ends_with(end))
        || path.contains("/model/")
        || path.contains("/rules/");
    inside && (pure_crate || pure_room)
}

/// Whether code names a word, not as part of a longer one.
fn names(code: &str, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let open = word.starts_with(':') || !before.is_some_and(joins);
        let closed = word.ends_with(['(', '!']) || !after.is_some_and(joins);
        open && closed
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        run(&Tree::of(&[(path, text)])).iter().map(|f| f.line).collect()
    }

    #[test]
    fn impure_names_are_found_in_finance_and_in_models_and_rules() {
        let text = "//! Doc.\nuse std::fs;\nlet t = Timestamp::now();\nlet x: f64 = 1.0;\n";
        assert_eq!(lines("crates/finance/src/rate.rs", text), [2, 3, 4]);
        assert_eq!(lines("crates/servicing/src/loan/model.rs", text), [2, 3, 4]);
        assert_eq!(lines("crates/servicing/src/loan/rules.rs", text), [2, 3, 4]);
        assert_eq!(lines("crates/servicing/src/loan/store.rs", text), [0_usize; 0]);
    }

    #[test]
    fn comments_strings_tests_and_longer_words_are_no_breach() {
        let text = "//! Never uses std::fs.\nlet operand = \"f64\";\nlet brand = 1;\n\
                    #[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        assert_eq!(lines("crates/finance/src/rate.rs", text), [0_usize; 0]);
    }

    #[test]
    fn policy_may_name_floats_to_refuse_them_but_reads_no_files() {
        assert_eq!(lines("crates/policy/src/value.rs", "fn a(x: f64) {}\nuse std::fs;\n"), [2]);
    }
}
