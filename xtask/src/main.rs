//! The project's own tooling: `cargo xtask check`, `tidy`, `requirements`, `api-check`.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may stop where it stands"))]

mod api_check;
mod check;
mod machine;
mod postgres;
mod requirements;
mod source;
mod step;
mod tidy;
mod tree;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask check [--fast]          format, clippy, tidy, all tests and browser walks; --fast: unit tests only
cargo xtask tidy                    the checks of the house rules; `tidy --list` prints them with their reasons
cargo xtask requirements [--check]  which tests name which requirement; writes docs/requirements.md
cargo xtask api-check URL TOKEN [REQUESTS-A-MINUTE]
                                    schemathesis against a running server, best a demo book (installs it under target/)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = root();
    let outcome = match words.as_slice() {
        ["check"] => Ok(check::run(&root, check::Extent::All)),
        ["check", "--fast"] => Ok(check::run(&root, check::Extent::Fast)),
        ["tidy"] => tidy(&root),
        ["tidy", "--list"] => Ok(list_checks()),
        ["api-check", url, token] => api_check::run(&root, url, token, api_check::RATE),
        ["api-check", url, token, rate] => api_check::run(&root, url, token, rate),
        ["requirements"] => requirements(&root, false),
        ["requirements", "--check"] => requirements(&root, true),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

/// The project's root: the folder above this crate.
fn root() -> PathBuf {
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    Path::new(&here).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

fn tidy(root: &Path) -> Result<bool, String> {
    let found = tidy::run(&tree::Tree::read(root)?);
    if found == 0 {
        println!("tidy: {} checks, nothing found", tidy::CHECKS.len());
    } else {
        println!("tidy: {found} found");
    }
    Ok(found == 0)
}

fn list_checks() -> bool {
    for check in &tidy::CHECKS {
        println!("{:14} {}", check.name, check.why);
    }
    true
}

fn requirements(root: &Path, only_check: bool) -> Result<bool, String> {
    let tree = tree::Tree::read(root)?;
    let survey = requirements::survey(&tree).map_err(|p| format!("{}:{}: {}", p.path, p.line, p.message))?;
    for p in &survey.problems {
        println!("{}:{}: {}", p.path, p.line, p.message);
    }
    let text = requirements::render(&survey);
    let current = tree.text(requirements::REPORT) == Some(text.as_str());
    if only_check {
        if !current {
            println!("{} is stale: run `cargo xtask requirements`", requirements::REPORT);
        }
        return Ok(current && survey.problems.is_empty());
    }
    if !current {
        std::fs::write(root.join(requirements::REPORT), &text).map_err(|e| e.to_string())?;
    }
    print!("{}\n{}", requirements::named(&survey), requirements::summary(&survey));
    Ok(survey.problems.is_empty())
}
