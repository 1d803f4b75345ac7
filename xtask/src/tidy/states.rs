//! Every `model.rs` denies wildcard arms over enums: a new state must be decided on wherever states are matched.

use super::{Check, Finding};
use crate::tree::Tree;

pub(super) const CHECK: Check =
    Check { name: "states", why: "a wildcard arm swallows the state that somebody adds next year", run };

const LINE: &str = "#![deny(clippy::wildcard_enum_match_arm)]";

fn run(tree: &Tree) -> Vec<Finding> {
    tree.texts()
        .filter(|(path, text)| path.ends_with("/model.rs") && !text.lines().any(|line| line == LINE))
        .map(|(path, _)| Finding::new(path, 1, format!("put `{LINE}` below the module doc and name every state")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_without_the_line_is_found_other_files_need_none() {
        let with = format!("//! Loans.\n\n{LINE}\n");
        let tree = Tree::of(&[
            ("crates/a/src/loan/model.rs", with.as_str()),
            ("crates/a/src/party/model.rs", "//! Parties.\n"),
            ("crates/a/src/loan/rules.rs", "//! Rules.\n"),
        ]);
        let found: Vec<_> = run(&tree).into_iter().map(|f| f.path).collect();
        assert_eq!(found, ["crates/a/src/party/model.rs"]);
    }
}
