//! The list of requirements and their tests is up to date.

use super::{Check, Finding};
use crate::requirements::{self, REPORT};
use crate::tree::Tree;

pub(super) const CHECK: Check =
    Check { name: "requirements", why: "what is covered is read from the tests, never from memory", run };

fn run(tree: &Tree) -> Vec<Finding> {
    let survey = match requirements::survey(tree) {
        Ok(survey) => survey,
        Err(problem) => return vec![Finding::new(&problem.path, problem.line, problem.message)],
    };
    let mut findings: Vec<Finding> =
        survey.problems.iter().map(|p| Finding::new(&p.path, p.line, p.message.clone())).collect();
    if tree.text(REPORT) != Some(requirements::render(&survey).as_str()) {
        findings.push(Finding::new(REPORT, 1, "does not say what the tests say: run `cargo xtask requirements`"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOGUE: (&str, &str) = ("docs/requirements/catalogue.tsv", "id\tsection\ttitle\nS4-07\tS4\tBuckets\n");
    const PARTLY: (&str, &str) = ("docs/requirements/partly.tsv", "id\tmissing\n");
    const TEST: (&str, &str) = ("crates/a/tests/it/main.rs", "// S4-07\n#[test]\nfn edges() {\n}\n");

    #[test]
    fn a_report_that_tells_another_story_is_stale() {
        let sample = Tree::of(&[CATALOGUE, PARTLY, TEST]);
        let report = requirements::render(&requirements::survey(&sample).unwrap());
        assert_eq!(run(&Tree::of(&[CATALOGUE, PARTLY, TEST, (REPORT, &report)])), []);
        assert_eq!(run(&Tree::of(&[CATALOGUE, PARTLY, (REPORT, &report)])).len(), 1);
        assert_eq!(run(&Tree::of(&[CATALOGUE, PARTLY, TEST])).len(), 1);
    }

    #[test]
    fn a_missing_catalogue_is_found() {
        assert_eq!(run(&Tree::of(&[TEST])).len(), 1);
    }
}
