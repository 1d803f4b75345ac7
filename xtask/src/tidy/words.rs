//! Words that have no place in the project.

use super::{Check, Finding};
use crate::tree::Tree;

pub(super) const CHECK: Check =
    Check { name: "words", why: "the project runs on any machine and promises nothing that is not there", run };

/// The words, and what to do about each.
const FORBIDDEN: [(&str, &str); 13] = [
    ("/work/", "name the file relative to the project"),
    ("/root/", "name the file relative to the project"),
    ("/home/", "name the file relative to the project"),
    ("../shared", "carry what is needed in the project"),
    ("spec/requirements", "name the requirement's id"),
    ("todo!(", "finish it or leave it out"),
    ("unimplemented!(", "finish it or leave it out"),
    ("TODO", "finish it, or write what is missing into the documents"),
    ("FIXME", "mend it"),
    ("#[ignore", "make the test run, or remove it"),
    ("dbg!(", "remove it"),
    ("Lorem ipsum", "write what it says"),
    ("lorem ipsum", "write what it says"),
];

/// Others' files, the list itself, and generated locks.
fn exempt(path: &str) -> bool {
    path.starts_with("assets/vendor/")
        || path.starts_with("assets/licences/")
        || ["xtask/src/tidy/words.rs", "Cargo.lock", "LICENSE", "clippy.toml"].contains(&path)
}

fn run(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts().filter(|(p, _)| !exempt(p)) {
        for (index, line) in text.lines().enumerate() {
            for (word, instead) in FORBIDDEN.iter().filter(|(w, _)| line.contains(w)) {
                findings.push(Finding::new(path, index + 1, format!("`{word}` does not belong here: {instead}")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_word_is_found_in_any_text() {
        let tree = Tree::of(&[
            ("docs/a.md", "fine\nsee /work/notes\n"),
            ("crates/a/src/lib.rs", "fn a() { todo!() }\n"),
            ("assets/vendor/x.js", "// TODO theirs\n"),
        ]);
        let found: Vec<_> = run(&tree).into_iter().map(|f| (f.path, f.line)).collect();
        assert_eq!(found, [("crates/a/src/lib.rs".to_owned(), 1), ("docs/a.md".to_owned(), 2)]);
    }
}
