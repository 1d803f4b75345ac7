//! `cargo xtask tidy`: small checks of the house rules that no compiler makes.
//!
//! Every check has a name, a reason, and its own tests on sample trees that show it failing.

mod assets;
mod clock;
mod dependencies;
mod identity;
mod messages;
mod module_doc;
mod purity;
mod rules;
mod size;
mod sql;
mod sql_text;
mod stale;
mod states;
mod tables;
mod words;

use crate::tree::Tree;

/// One thing found wrong: where, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Path of the file.
    pub path: String,
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

/// One check of the house rules.
pub struct Check {
    /// Short name, printed before each finding.
    pub name: &'static str,
    /// Why the rule exists.
    pub why: &'static str,
    run: fn(&Tree) -> Vec<Finding>,
}

/// All checks, in the order they are run.
pub const CHECKS: [Check; 14] = [
    dependencies::CHECK,
    purity::CHECK,
    clock::CHECK,
    size::CHECK,
    module_doc::CHECK,
    messages::CHECK,
    rules::CHECK,
    sql::CHECK,
    tables::CHECK,
    words::CHECK,
    identity::CHECK,
    assets::CHECK,
    states::CHECK,
    stale::CHECK,
];

/// Runs all checks on a tree; prints the findings and answers how many there are.
pub fn run(tree: &Tree) -> usize {
    let mut total = 0;
    for check in &CHECKS {
        let mut findings = (check.run)(tree);
        findings.sort();
        for finding in &findings {
            println!("{}:{}: [{}] {}", finding.path, finding.line, check.name, finding.message);
        }
        if !findings.is_empty() {
            println!("    why: {}", check.why);
        }
        total += findings.len();
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_a_name_of_its_own_and_a_reason() {
        let mut names: Vec<_> = CHECKS.iter().map(|c| c.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CHECKS.len());
        assert!(CHECKS.iter().all(|c| c.why.len() > 20));
    }
}
