//! Every vendored file is listed with its version, licence and source.

use super::{Check, Finding};
use crate::tree::Tree;

pub(super) const CHECK: Check = Check {
    name: "assets",
    why: "others' work is used under its licence, and an old version must be seen to be replaced",
    run,
};

const LIST: &str = "assets/README.md";

/// Where others' files lie; the rest of assets/ is our own work.
const VENDORED: [&str; 2] = ["vendor/", "fonts/"];

/// Where the texts of their licences lie.
const LICENCES: &str = "licences/";

fn run(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let list = tree.text(LIST).unwrap_or_default();
    let rows = rows(list);
    let present: Vec<&str> = tree.paths().filter_map(|p| p.strip_prefix("assets/")).collect();
    for name in &present {
        let path = format!("assets/{name}");
        let row = rows.iter().find(|(_, cells)| covers(&cells[0], name));
        if VENDORED.iter().any(|folder| name.starts_with(folder)) && row.is_none() {
            let message = format!("not listed: add `| {name} | version | licence | source |` to {LIST}");
            findings.push(Finding::new(&path, 1, message));
        }
        if name.starts_with(LICENCES) && !list.contains(name.rsplit('/').next().unwrap_or(name)) {
            let message = format!("name this licence text in {LIST}, at what it covers, or remove it");
            findings.push(Finding::new(&path, 1, message));
        }
    }
    for (line, cells) in &rows {
        if cells.len() < 4 || cells[..4].iter().any(String::is_empty) {
            findings.push(Finding::new(LIST, *line, "give file, version, licence and source"));
        }
        if !present.iter().any(|p| covers(&cells[0], p)) {
            findings.push(Finding::new(LIST, *line, format!("`{}` is not there: remove its row", cells[0])));
        }
    }
    findings
}

/// Whether a row's first cell names a file, or with `/` or `*` at its end the beginning of its path.
fn covers(cell: &str, name: &str) -> bool {
    cell.split(',').map(str::trim).any(|cell| match cell.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
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
        let inner = line.trim().strip_prefix('|').unwrap_or_default();
        let inner = inner.strip_suffix('|').unwrap_or(inner);
        found.push((index + 1, inner.split('|').map(|c| c.replace('`', "").trim().to_owned()).collect()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "| File | Version | Licence | Source |\n|---|---|---|---|\n";

    fn found(list: &str, files: &[&str]) -> Vec<String> {
        let text = format!("{HEAD}{list}");
        let mut all = vec![(LIST, text.as_str())];
        all.extend(files.iter().map(|f| (*f, "")));
        run(&Tree::of(&all)).into_iter().map(|f| f.message).collect()
    }

    #[test]
    fn listed_files_listed_folders_and_our_own_work_pass() {
        let list =
            "| `vendor/htmx.min.js` | 2.0.4 | 0BSD (`htmx.txt`) | htmx.org |\n| `fonts/` | 6.4 | OFL-1.1 | IBM |\n";
        let files =
            ["assets/vendor/htmx.min.js", "assets/fonts/plex.css", "assets/licences/htmx.txt", "assets/loanward.css"];
        assert_eq!(found(list, &files).len(), 0);
    }

    #[test]
    fn an_unlisted_file_or_licence_text_is_found() {
        assert_eq!(found("", &["assets/vendor/htmx.min.js", "assets/licences/htmx.txt"]).len(), 2);
    }

    #[test]
    fn a_row_without_licence_or_without_its_file_is_found() {
        let bare = "| `vendor/a.js` | 1.0 | | site |\n";
        assert_eq!(found(bare, &["assets/vendor/a.js"]), ["give file, version, licence and source"]);
        assert_eq!(
            found("| `vendor/a.js` | 1.0 | MIT | site |\n", &[]),
            ["`vendor/a.js` is not there: remove its row"]
        );
    }
}
