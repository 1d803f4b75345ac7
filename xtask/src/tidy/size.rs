//! A file fits a few screens, a function one; an old long one may only shrink.

use std::collections::BTreeMap;

use super::{Check, Finding};
use crate::source::Source;
use crate::tree::{Tree, is_test_path};

pub(super) const CHECK: Check =
    Check { name: "size", why: "what does not fit on a few screens is not read as a whole by anyone", run };

/// Lines of code of a file, tests left out.
const FILE: usize = 500;
/// Lines of code of a file with its tests.
const FILE_WITH_TESTS: usize = 800;
/// Lines of code of a function.
const FUNCTION: usize = 70;
/// Lines of code of a test: tables of cases and browser walks are read downwards.
const TEST: usize = 120;

/// Long ones that were there before the rule: `path` or `path::function`, and the lines they may have.
const RATCHET: &str = "xtask/tidy-ratchet.txt";

fn run(tree: &Tree) -> Vec<Finding> {
    let mut long = BTreeMap::new();
    for (path, source) in tree.sources() {
        measure(path, source, &mut long);
    }
    let mut findings = Vec::new();
    let mut known = BTreeMap::new();
    for (index, line) in tree.text(RATCHET).unwrap_or_default().lines().enumerate() {
        let entry = line.trim();
        if entry.is_empty() || entry.starts_with('#') {
            continue;
        }
        match entry.rsplit_once(' ').map(|(k, n)| (k.trim(), n.parse::<usize>())) {
            Some((key, Ok(lines))) => {
                known.insert(key.to_owned(), lines);
                findings.extend(slack(index + 1, key, lines, long.get(key).map(|l: &Long| l.lines)));
            }
            _ => findings.push(Finding::new(RATCHET, index + 1, "write `path::function lines` or `path lines`")),
        }
    }
    for (key, long) in long {
        let allowed = known.get(&key).copied().unwrap_or(long.limit);
        if long.lines > allowed {
            let message = format!("{key} has {} lines of code, allowed {allowed}: {}", long.lines, long.advice);
            findings.push(Finding::new(&long.path, long.line, message));
        }
    }
    findings
}

/// Something longer than the rule.
struct Long {
    path: String,
    line: usize,
    lines: usize,
    limit: usize,
    advice: &'static str,
}

/// An entry of the ratchet that could be lower, or is no longer needed.
fn slack(line: usize, key: &str, allowed: usize, now: Option<usize>) -> Option<Finding> {
    match now {
        None => Some(Finding::new(RATCHET, line, format!("{key} is within the rule now: remove its line"))),
        Some(now) if now < allowed => Some(Finding::new(RATCHET, line, format!("{key} shrank: lower it to {now}"))),
        Some(_) => None,
    }
}

fn measure(path: &str, source: &Source, long: &mut BTreeMap<String, Long>) {
    let numbers: Vec<usize> = source.code_lines().map(|(l, _)| l).collect();
    let own = numbers.iter().filter(|l| !source.is_test_line(**l)).count();
    let split = "split it by noun or by step";
    let mut note = |key: String, line, lines, limit, advice| {
        if lines > limit {
            long.insert(key, Long { path: path.to_owned(), line, lines, limit, advice });
        }
    };
    if own > FILE && !is_test_path(path) {
        note(path.to_owned(), 1, own, FILE, split);
    } else {
        note(path.to_owned(), 1, numbers.len(), FILE_WITH_TESTS, split);
    }
    for function in &source.functions {
        let lines = numbers.iter().filter(|l| (function.line..=function.end).contains(l)).count();
        let in_tests = is_test_path(path) || source.is_test_line(function.line);
        let limit = if in_tests { TEST } else { FUNCTION };
        let owner = function.owner.as_ref().map(|o| format!("{o}::")).unwrap_or_default();
        note(format!("{path}::{owner}{}", function.name), function.line, lines, limit, "name its steps as functions");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(lines: usize) -> String {
        format!("fn long() {{\n{}}}\n", "    step();\n".repeat(lines - 2))
    }

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        run(&Tree::of(files)).into_iter().map(|f| f.message).collect()
    }

    #[test]
    fn a_function_of_71_lines_is_too_long_one_of_70_is_not() {
        assert_eq!(found(&[("crates/a/src/b.rs", &function(70))]).len(), 0);
        let messages = found(&[("crates/a/src/b.rs", &function(71))]);
        assert_eq!(messages.len(), 1);
        assert!(messages[0].contains("b.rs::long has 71 lines of code, allowed 70"), "{messages:?}");
    }

    #[test]
    fn blank_and_comment_lines_do_not_count() {
        let padded = function(70).replacen("    step();\n", "\n    // why\n    step();\n", 1);
        assert_eq!(found(&[("crates/a/src/b.rs", &padded)]).len(), 0);
    }

    #[test]
    fn a_file_of_501_lines_is_too_long_but_its_tests_have_room() {
        let code = "const A: u8 = 1;\n".repeat(500);
        assert_eq!(found(&[("crates/a/src/b.rs", &code)]).len(), 0);
        assert_eq!(found(&[("crates/a/src/b.rs", &format!("{code}const B: u8 = 1;\n"))]).len(), 1);
        let tested = format!("{code}#[cfg(test)]\nmod tests {{\n{}}}\n", "const A: u8 = 1;\n".repeat(297));
        assert_eq!(found(&[("crates/a/src/b.rs", &tested)]).len(), 0);
        let fat = format!("{code}#[cfg(test)]\nmod tests {{\n{}}}\n", "const A: u8 = 1;\n".repeat(298));
        assert_eq!(found(&[("crates/a/src/b.rs", &fat)]).len(), 1);
    }

    #[test]
    fn an_old_long_one_may_stay_but_not_grow() {
        let ratchet = "# why\ncrates/a/src/b.rs::long 80\n";
        assert_eq!(found(&[(RATCHET, ratchet), ("crates/a/src/b.rs", &function(80))]).len(), 0);
        assert_eq!(found(&[(RATCHET, ratchet), ("crates/a/src/b.rs", &function(81))]).len(), 1);
    }

    #[test]
    fn the_ratchet_is_lowered_and_emptied_as_code_shrinks() {
        let ratchet = "crates/a/src/b.rs::long 80\n";
        let lower = found(&[(RATCHET, ratchet), ("crates/a/src/b.rs", &function(75))]);
        assert!(lower[0].contains("lower it to 75"), "{lower:?}");
        let remove = found(&[(RATCHET, ratchet), ("crates/a/src/b.rs", &function(60))]);
        assert!(remove[0].contains("remove its line"), "{remove:?}");
        assert_eq!(found(&[(RATCHET, "nonsense\n")]).len(), 1);
    }
}
