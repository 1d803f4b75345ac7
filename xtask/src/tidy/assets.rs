//! Every vendored file is listed with its version, licence and source.

use super::{Check, Finding};
use crate::tree::Tree;

pub(super) const CHECK: Check = Check {
    name: "assets",
    why: "others' work is used under its licence, and an old version must be seen to be replaced",
    run,
};

const LIST: &str = "assets/README.md";

fn run(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let rows = rows(tree.text(LIST).unwrap_or_default());
    let present: Vec<&str> = tree.paths().filter(|p| p.starts_with("assets/") && *p != LIST).collect();
    for path in &present {
        let name = &path["assets/".len()..];
        match rows.iter().find(|(_, cells)| covers(&cells[0], name)) {
            None => findings.push(Finding::new(
                path,
                1,
                format!("not listed: add `| {name} | version | licence | source |` to {LIST}"),
            )),
            Some((line, cells)) if cells.len() < 4 || cells[..4].iter().any(String::is_empty) => {
                findings.push(Finding::new(LIST, *line, "give file, version, licence and source"));
            }
            Some(_) => {}
        }
    }
    for (line, cells) in &rows {
        if !present.iter().any(|p| covers(&cells[0], &p["assets/".len()..])) {
            findings.push(Finding::new(LIST, *line, format!("`{}` is not there: remove its row", cells[0])));
        }
    }
    findings
}

/// Whether a row's first cell names a file, or with `/` or `*` at its end a beginning of it.
fn covers(cell: &str, name: &str) -> bool {
    cell.split(',').map(str::trim).any(|cell| match cell.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => cell == name || (cell.ends_with('/') && name.starts_with(cell)),
    })
}

/// The rows of the list's tables, headers left out.
fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let is_rule = |l: &&str| l.trim_start().starts_with("|") && l.contains("---");
        if !line.trim_start().starts_with('|') || is_rule(line) || lines.get(index + 1).is_some_and(is_rule) {
            continue;
        }
        let cells = line.trim().trim_matches('|').split('|').map(|c| c.replace('`', "").trim().to_owned()).collect();
        found.push((index + 1, cells));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "| File | Version | Licence | Source |\n|---|---|---|---|\n| `vendor/htmx.min.js` | 2.0.4 | 0BSD | htmx.org |\n| `fonts/` | 6.4 | OFL-1.1 | IBM |\n";

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        run(&Tree::of(files)).into_iter().map(|f| f.message).collect()
    }

    #[test]
    fn listed_files_and_folders_pass() {
        let files = [(LIST, TABLE), ("assets/vendor/htmx.min.js", ""), ("assets/fonts/plex.css", "")];
        assert_eq!(found(&files).len(), 0);
    }

    #[test]
    fn an_unlisted_file_a_row_without_licence_and_a_row_without_file_are_found() {
        assert_eq!(found(&[("assets/vendor/htmx.min.js", "")]).len(), 1);
        let bare = "| `a.js` | 1.0 | | site |\n";
        assert_eq!(found(&[(LIST, bare), ("assets/a.js", "")]), ["give file, version, licence and source"]);
        assert_eq!(found(&[(LIST, bare)]).len(), 1);
    }
}
