//! One SQL text runs on both databases.

use super::sql_text::{Sql, texts, words};
use super::{Check, Finding};
use crate::tree::Tree;

pub(super) const CHECK: Check = Check {
    name: "sql",
    why: "one text serves SQLite and PostgreSQL; SQLite numbers `$n` by first appearance, and each knows words the other lacks",
    run,
};

/// Words of one database only, and what both understand.
const ONE_SIDED: [(&str, &str); 20] = [
    ("?", "bind with $1, $2 in order of first use"),
    ("::", "write cast(x as type)"),
    ("ilike", "compare lower(x) with like"),
    ("now(", "bind the moment as a parameter"),
    ("current_timestamp", "bind the moment as a parameter"),
    ("current_date", "bind the date as a parameter"),
    ("datetime(", "bind the moment as a parameter"),
    ("strftime(", "compute the date in code and bind it"),
    ("julianday(", "compute the days in code and bind them"),
    ("date_trunc(", "compute the date in code and bind it"),
    ("autoincrement", "ids come from the id generator"),
    ("serial", "ids come from the id generator"),
    ("insert or", "write insert … on conflict"),
    ("replace into", "write insert … on conflict"),
    ("rowid", "use the key's columns"),
    ("ifnull(", "write coalesce("),
    ("iif(", "write case when"),
    ("jsonb", "keep JSON as text and read it in code"),
    ("any($", "write the list of parameters, or join values"),
    ("glob", "write like"),
];

/// Where a text may speak to one database: the layer that hides the difference, and marked siblings.
fn exempt(path: &str) -> bool {
    path.starts_with("crates/platform/src/db/") || path.ends_with(".pg.sql") || path.ends_with(".sqlite.sql")
}

fn run(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for sql in texts(tree).iter().filter(|s| !exempt(s.path)) {
        findings.extend(one_sided(sql));
        findings.extend(out_of_order(sql));
    }
    findings
}

fn one_sided(sql: &Sql<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in sql.text.lines().enumerate() {
        for (word, instead) in ONE_SIDED.iter().filter(|(w, _)| has(line, w)) {
            let message = format!("`{word}` is not understood by both databases: {instead}");
            findings.push(Finding::new(sql.path, sql.line + index, message));
        }
    }
    findings
}

fn has(line: &str, word: &str) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let is_word = word.starts_with(char::is_alphabetic);
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (line[..at].chars().next_back(), line[at + word.len()..].chars().next());
        !is_word || (!joins(before) && (word.ends_with(['(', '$']) || !joins(after)))
    })
}

/// The first parameter that appears before a lower one.
fn out_of_order(sql: &Sql<'_>) -> Option<Finding> {
    let mut highest = 0;
    for (line, word) in words(sql) {
        let Some(number) = word.strip_prefix('$').and_then(|n| n.parse::<usize>().ok()) else { continue };
        if number > highest + 1 {
            let message = format!("${number} comes where ${} should: number the parameters by first use", highest + 1);
            return Some(Finding::new(sql.path, line, message));
        }
        highest = highest.max(number);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<usize> {
        run(&Tree::of(&[(path, text)])).iter().map(|f| f.line).collect()
    }

    #[test]
    fn words_of_one_database_are_found_with_their_line() {
        assert_eq!(found("crates/a/src/due.sql", "select a\nfrom b\nwhere c = ?"), [3]);
        assert_eq!(found("crates/a/src/due.sql", "select a::text from b where d > now()"), [1, 1]);
        assert_eq!(found("crates/a/src/due.sql", "insert or ignore into b values ($1)"), [1]);
    }

    #[test]
    fn portable_texts_pass() {
        let text = "-- why?\nselect a, known_on, serial_no from b where c = $1 and d = 'now(?)' and e < $2 and f > $1";
        assert_eq!(found("crates/a/src/due.sql", text), [0_usize; 0]);
    }

    #[test]
    fn parameters_appear_in_order_of_first_use() {
        assert_eq!(found("crates/a/src/due.sql", "update a\nset b = $2\nwhere c = $1"), [2]);
        assert_eq!(found("crates/a/src/store.rs", "fn a() {\n    q(\"delete from b where c = $2\");\n}\n"), [2]);
        assert_eq!(
            found("crates/a/src/due.sql", "select a from b where c = $1 or d = $2 or e = $1 or f = $3"),
            [0_usize; 0]
        );
    }

    #[test]
    fn a_marked_sibling_may_speak_to_one_database() {
        assert_eq!(found("crates/a/src/due.pg.sql", "select a::text from b"), [0_usize; 0]);
    }
}
