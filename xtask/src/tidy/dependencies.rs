//! Crates depend one way, in the order of the house.

use super::{Check, Finding};
use crate::tree::{Tree, crate_of};

pub(super) const CHECK: Check = Check {
    name: "dependencies",
    why: "a capability that is called only from below can be understood, tested and replaced by itself",
    run,
};

/// The crates from the ground up: each may use those before it.
const ORDER: [&str; 14] = [
    "finance",
    "policy",
    "print",
    "scoring",
    "platform",
    "customers",
    "origination",
    "servicing",
    "accounting",
    "monitoring",
    "collections",
    "guarantees",
    "oversight",
    "loanward",
];

/// Crates that use nothing of ours: the pure ones, printing, and the tools that look from outside.
const ALONE: [&str; 6] = ["finance", "policy", "print", "scoring", "xtask", "e2e"];

fn run(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts() {
        let Some(folder) = crate_of(path).filter(|f| path == format!("{f}/Cargo.toml")) else { continue };
        let name = folder.rsplit('/').next().unwrap_or(folder);
        if !ORDER.contains(&name) && !ALONE.contains(&name) {
            let message = format!("crate `{name}` has no place in the order: add it to xtask/src/tidy/dependencies.rs");
            findings.push(Finding::new(path, 1, message));
            continue;
        }
        for (line, used) in dependencies(text) {
            if let Some(message) = refuse(name, &used) {
                findings.push(Finding::new(path, line, message));
            }
        }
    }
    findings
}

fn refuse(name: &str, used: &str) -> Option<String> {
    let theirs = ORDER.iter().position(|c| *c == used)?;
    if ALONE.contains(&name) {
        return Some(format!("`{name}` depends on nothing of ours: pass what it needs from `{used}` as an argument"));
    }
    let ours = ORDER.iter().position(|c| *c == name)?;
    (theirs >= ours).then(|| {
        format!(
            "`{name}` may not use `{used}`, which stands above it: publish an event or a trait that `{used}` implements"
        )
    })
}

/// The names under `[dependencies]` and its kin, with their lines.
fn dependencies(manifest: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut inside = false;
    for (index, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            inside = header.ends_with("dependencies");
            if let Some((section, name)) = header.rsplit_once('.')
                && section.ends_with("dependencies")
            {
                found.push((index + 1, name.to_owned()));
            }
        } else if inside && !line.starts_with('#') {
            let name: String = line.chars().take_while(|c| c.is_alphanumeric() || "_-".contains(*c)).collect();
            if !name.is_empty() {
                found.push((index + 1, name));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, manifest: &str) -> Vec<Finding> {
        run(&Tree::of(&[(path, manifest)]))
    }

    #[test]
    fn a_crate_may_use_those_below_it() {
        let text = "[dependencies]\nfinance.workspace = true\nplatform = { path = \"../platform\" }\nserde = \"1\"\n";
        assert_eq!(findings("crates/servicing/Cargo.toml", text), []);
    }

    #[test]
    fn a_crate_may_not_use_one_above_it_even_in_tests() {
        let found = findings("crates/customers/Cargo.toml", "[dev-dependencies]\nservicing.workspace = true\n");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].line, 2);
        let found = findings("crates/customers/Cargo.toml", "[dependencies.servicing]\npath = \"../servicing\"\n");
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn the_pure_crates_use_nothing_of_ours() {
        assert_eq!(findings("crates/policy/Cargo.toml", "[dependencies]\nfinance.workspace = true\n").len(), 1);
        assert_eq!(findings("e2e/Cargo.toml", "[dependencies]\nplatform.workspace = true\n").len(), 1);
    }

    #[test]
    fn a_crate_without_a_place_is_named() {
        assert_eq!(findings("crates/helpers/Cargo.toml", "[package]\n").len(), 1);
    }
}
