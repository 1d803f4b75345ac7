//! `cargo xtask check`: everything that must hold before a change lands.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{self, Counts};
use crate::{machine, postgres, tidy, tree};

/// How much is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Everything, with both databases and the browser.
    All,
    /// While working: no database server, no browser, no integration tests.
    Fast,
}

/// Runs all steps, prints the summary as the last line, answers whether all is well.
pub fn run(root: &Path, extent: Extent) -> bool {
    let mut counts = Counts::default();
    let mut note = |ok: bool| counts.failed += usize::from(!ok);
    note(step::run("format", cargo(root).args(["fmt", "--all", "--check"])).ok);
    note(step::own("tidy", || tidy_finds_nothing(root)));
    note(
        step::run(
            "clippy",
            cargo(root).args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        )
        .ok,
    );
    counts.add(match extent {
        Extent::Fast => test(cargo(root), "unit tests", &["--workspace", "--lib", "--bins"]),
        Extent::All => all_tests(root),
    });
    println!("{} passed, {} failed", counts.passed, counts.failed);
    counts.failed == 0
}

fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(root)
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_PROGRESS_WHEN", "never")
        .env("RUST_BACKTRACE", "0");
    command
}

fn tidy_finds_nothing(root: &Path) -> bool {
    match tree::Tree::read(root) {
        Ok(tree) => tidy::run(&tree) == 0,
        Err(message) => {
            println!("{message}");
            false
        }
    }
}

/// Tests of all crates on both databases, examples in the documentation, browser walks.
fn all_tests(root: &Path) -> Counts {
    let server = match machine::prepare().and_then(|()| postgres::Server::start()) {
        Ok(server) => server,
        Err(message) => {
            println!("{message}");
            return Counts { passed: 0, failed: 1 };
        }
    };
    // With the tests, so that libraries are built once, with the features that the tests turn on.
    let built = step::run("build", cargo(root).args(["build", "--quiet", "--workspace", "--bins", "--tests"]));
    if !built.ok {
        return Counts { passed: 0, failed: 1 };
    }
    let with_services = || {
        let mut command = cargo(root);
        command.env(postgres::URL_VARIABLE, server.url()).env("LOANWARD_BIN", binary(root));
        command
    };
    let mut counts = Counts::default();
    if machine::program("cargo-nextest") {
        counts.add(test(with_services(), "tests", &["--workspace", "-E", "not package(e2e)"]));
        counts.add(test(with_services(), "walks", &["--workspace", "-E", "package(e2e)"]));
    } else {
        counts.add(test(with_services(), "tests", &["--workspace", "--lib", "--bins", "--tests"]));
    }
    counts.add(counted(step::run("examples", with_services().args(["test", "--quiet", "--workspace", "--doc"])), true));
    counts
}

/// The program that the browser walks start.
fn binary(root: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    root.join(target).join("debug/loanward")
}

/// Runs tests with nextest where it is present, else with cargo's own runner.
fn test(mut command: Command, name: &str, selection: &[&str]) -> Counts {
    if machine::program("cargo-nextest") {
        command.args(["nextest", "run", "--cargo-quiet", "--no-fail-fast", "--status-level", "fail"]);
        command.args(["--final-status-level", "none"]).args(["--show-progress", "none"]);
    } else {
        command.args(["test", "--quiet", "--no-fail-fast"]);
    }
    counted(step::run(name, command.args(selection)), false)
}

/// A step that failed without a failed test, or that ran no test, counts as one failure.
fn counted(outcome: step::Outcome, may_be_empty: bool) -> Counts {
    let mut counts = outcome.counts;
    let empty = counts == Counts::default() && !may_be_empty;
    if (!outcome.ok && counts.failed == 0) || (outcome.ok && empty) {
        counts.failed += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::Outcome;

    #[test]
    fn a_run_that_fails_to_build_or_runs_nothing_is_a_failure() {
        let outcome = |ok, passed, failed| Outcome { ok, counts: Counts { passed, failed } };
        assert_eq!(counted(outcome(false, 0, 0), false).failed, 1);
        assert_eq!(counted(outcome(true, 0, 0), false).failed, 1);
        assert_eq!(counted(outcome(true, 0, 0), true).failed, 0);
        assert_eq!(counted(outcome(false, 3, 2), false), Counts { passed: 3, failed: 2 });
        assert_eq!(counted(outcome(true, 3, 0), false), Counts { passed: 3, failed: 0 });
        assert_eq!(counted(outcome(false, 3, 0), true).failed, 1);
    }
}
