//! Every Rust file begins by saying what it is for.

use super::{Check, Finding};
use crate::tree::Tree;

pub(super) const CHECK: Check =
    Check { name: "module-doc", why: "a reader who opens a file first needs to know what it is for", run };

fn run(tree: &Tree) -> Vec<Finding> {
    let begins = |text: &str| text.lines().find(|l| !l.trim().is_empty()).is_some_and(|l| l.starts_with("//! "));
    tree.texts()
        .filter(|(path, text)| path.ends_with(".rs") && !begins(text))
        .map(|(path, _)| Finding::new(path, 1, "begin the file with `//! ` and a sentence that says what it is for"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_does_not_begin_with_its_doc_is_found() {
        let tree = Tree::of(&[
            ("a.rs", "//! What it is for.\nuse x;\n"),
            ("b.rs", "use x;\n//! Late.\n"),
            ("c.rs", ""),
            ("d.html", "<p>"),
        ]);
        let found: Vec<_> = run(&tree).into_iter().map(|f| f.path).collect();
        assert_eq!(found, ["b.rs", "c.rs"]);
    }
}
