//! One place reads the clock.

use super::{Check, Finding};
use crate::tree::Tree;

pub(super) const CHECK: Check = Check {
    name: "clock",
    why: "dates and moments are arguments, so that any day can be replayed and every test repeats",
    run,
};

/// Who may read a clock, and why.
const ALLOWED: [(&str, &str); 3] = [
    ("crates/platform/src/clock.rs", "the one clock"),
    ("e2e/", "waits for a real browser"),
    ("xtask/", "measures its own steps"),
];

fn run(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, source) in tree.sources() {
        if ALLOWED.iter().any(|(allowed, _)| path.starts_with(allowed)) {
            continue;
        }
        for (line, code) in source.code_lines() {
            if code.contains("::now(") || code.contains("::now)") || code.contains("::now,") {
                let message = "reads the clock: take the date or moment as an argument (platform::clock gives `now`)";
                findings.push(Finding::new(path, line, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_clock_reads_the_clock_tests_included() {
        let text = "let a = Timestamp::now();\nmap(Zoned::now)\nclock.now();\n// Timestamp::now()\n";
        let tree = Tree::of(&[("crates/platform/src/clock.rs", text), ("crates/platform/tests/it/main.rs", text)]);
        let found = run(&tree);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|f| f.path == "crates/platform/tests/it/main.rs"));
    }
}
