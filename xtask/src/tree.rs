//! The project's files as the checks see them: paths and texts, held in memory so that every
//! check is tried on small sample trees.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::source::Source;

/// Folders that hold nothing to check.
const SKIPPED: [&str; 4] = ["target", ".git", "node_modules", "loanward-data"];

/// All text files by path, `/` between folders, relative to the project's root.
#[derive(Debug, Default)]
pub struct Tree {
    texts: BTreeMap<String, String>,
    sources: BTreeMap<String, Source>,
    others: Vec<String>,
}

impl Tree {
    /// Reads the project below `root`.
    pub fn read(root: &Path) -> Result<Self, String> {
        let mut tree = Self::default();
        let mut folders = vec![root.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for path in entries(&folder)? {
                let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                if path.is_dir() {
                    if !SKIPPED.contains(&name.as_str()) {
                        folders.push(path);
                    }
                    continue;
                }
                let relative = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                tree.add(relative, fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?);
            }
        }
        tree.others.sort();
        Ok(tree)
    }

    /// A sample tree.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let mut tree = Self::default();
        for (path, text) in files {
            tree.add((*path).to_owned(), text.as_bytes().to_vec());
        }
        tree
    }

    fn add(&mut self, path: String, bytes: Vec<u8>) {
        match String::from_utf8(bytes) {
            Ok(text) => {
                if path.ends_with(".rs") {
                    self.sources.insert(path.clone(), Source::new(&text));
                }
                self.texts.insert(path, text);
            }
            Err(_) => self.others.push(path),
        }
    }

    /// The text of one file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// All text files, in the order of their paths.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(p, t)| (p.as_str(), t.as_str()))
    }

    /// All Rust files taken apart, in the order of their paths.
    pub fn sources(&self) -> impl Iterator<Item = (&str, &Source)> {
        self.sources.iter().map(|(p, s)| (p.as_str(), s))
    }

    /// All paths, of texts and of other files.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().chain(&self.others).map(String::as_str)
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let list = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    list.map(|e| e.map(|e| e.path()).map_err(|e| e.to_string())).collect()
}

/// The capability's folder that a path lies in: `crates/servicing` for `crates/servicing/src/lib.rs`.
pub fn crate_of(path: &str) -> Option<&str> {
    let parts: Vec<&str> = path.splitn(3, '/').collect();
    match parts.as_slice() {
        ["crates" | "apps", name, _] => Some(&path[..parts[0].len() + 1 + name.len()]),
        ["xtask" | "e2e", ..] => Some(parts[0]),
        _ => None,
    }
}

/// Whether a path holds only tests: a `tests` folder, or the browser walks.
pub fn is_test_path(path: &str) -> bool {
    path.starts_with("e2e/") || path.split('/').any(|part| part == "tests") || path.ends_with("/tests.rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_and_test_paths_are_known_by_their_folders() {
        assert_eq!(crate_of("crates/servicing/src/lib.rs"), Some("crates/servicing"));
        assert_eq!(crate_of("apps/loanward/src/main.rs"), Some("apps/loanward"));
        assert_eq!(crate_of("docs/rules/finance.md"), None);
        assert!(is_test_path("crates/finance/tests/golden.rs"));
        assert!(!is_test_path("crates/finance/src/contest.rs"));
    }

    #[test]
    fn reading_a_folder_finds_texts_and_skips_what_is_built() {
        let folder = std::env::temp_dir().join(format!("loanward-tree-{}", std::process::id()));
        fs::create_dir_all(folder.join("target")).unwrap();
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::write(folder.join("target/junk.rs"), "fn junk() {}").unwrap();
        fs::write(folder.join("src/lib.rs"), "//! Doc.").unwrap();
        fs::write(folder.join("book.xlsx"), [0xff, 0xfe, 0x00]).unwrap();
        let tree = Tree::read(&folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(tree.paths().collect::<Vec<_>>(), ["src/lib.rs", "book.xlsx"]);
        assert_eq!(tree.sources().count(), 1);
    }
}
