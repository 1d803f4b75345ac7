//! No capability reaches into another's tables.

use std::collections::BTreeMap;

use super::sql_text::{Sql, texts, words};
use super::{Check, Finding};
use crate::tree::{Tree, crate_of};

pub(super) const CHECK: Check = Check {
    name: "tables",
    why: "a table is private to its capability, so that its shape can change; others use functions, events or published views",
    run,
};

/// The bench multiplies a book and measures the bare rows of a close: both are about the tables themselves.
const MEASURES: &str = "apps/loanward/src/bench/";

fn run(tree: &Tree) -> Vec<Finding> {
    let texts = texts(tree);
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for sql in &texts {
        for table in created(sql) {
            if let Some(folder) = crate_of(sql.path) {
                owners.entry(table).or_insert(folder);
            }
        }
    }
    let mut findings = Vec::new();
    for sql in &texts {
        let Some(own) = crate_of(sql.path).filter(|_| !sql.path.starts_with(MEASURES)) else { continue };
        for (line, table) in used(sql) {
            if let Some(owner) = owners.get(&table).filter(|o| **o != own) {
                let message = format!(
                    "`{table}` belongs to {owner}: call its functions, subscribe to its events, or join a view it publishes"
                );
                findings.push(Finding::new(sql.path, line, message));
            }
        }
    }
    findings
}

/// Tables that a text creates; a view is published and belongs to all.
fn created(sql: &Sql<'_>) -> Vec<String> {
    let words = words(sql);
    let mut found = Vec::new();
    for (index, (_, word)) in words.iter().enumerate() {
        if word != "table" || index.checked_sub(1).is_none_or(|before| words[before].1 != "create") {
            continue;
        }
        let name = words[index + 1..].iter().find(|(_, w)| !["if", "not", "exists"].contains(&w.as_str()));
        found.extend(name.map(|(_, w)| w.clone()));
    }
    found
}

/// Names after `from`, `join`, `into`, `update` and `references`, with their lines; commas of a `from` list too.
fn used(sql: &Sql<'_>) -> Vec<(usize, String)> {
    let words = words(sql);
    let mut found = Vec::new();
    let mut in_list = false;
    for pair in words.windows(2) {
        let [(_, word), (line, next)] = pair else { continue };
        match word.as_str() {
            "from" | "join" | "into" | "update" | "references" => {
                in_list = word == "from";
                found.push((*line, next.clone()));
            }
            "," if in_list => found.push((*line, next.clone())),
            "where" | "(" | ")" | "group" | "order" | "set" | ";" | "select" | "on" => in_list = false,
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOANS: (&str, &str) = (
        "crates/servicing/migrations/001.sql",
        "create table loan (id bigint);\ncreate table if not exists loan_note (id bigint);\ncreate view loan_overview as select id from loan;",
    );

    fn found(path: &str, text: &str) -> Vec<(usize, String)> {
        run(&Tree::of(&[LOANS, (path, text)])).into_iter().map(|f| (f.line, f.message)).collect()
    }

    #[test]
    fn anothers_table_is_found_wherever_it_is_named() {
        let path = "crates/oversight/src/dashboard/store.sql";
        for text in [
            "select id from loan",
            "select a.id from tile a join loan_note n on n.id = a.id",
            "select 1 from tile t, loan l where t.id = l.id",
            "update loan set id = $1",
            "insert into loan_note (id) values ($1)",
            "create table tile (loan_id bigint references loan (id))",
        ] {
            assert_eq!(found(path, text).len(), 1, "{text}");
        }
    }

    #[test]
    fn own_tables_published_views_and_names_of_queries_are_free() {
        assert_eq!(found("crates/servicing/src/loan/due.sql", "select id from loan"), []);
        assert_eq!(found("crates/oversight/src/a.sql", "select id from loan_overview"), []);
        assert_eq!(
            found("crates/oversight/src/a.sql", "with due as (select 1) select loan from due where loan > $1"),
            []
        );
    }

    #[test]
    fn texts_in_code_are_seen() {
        let code = "fn a() {\n    q(\"select id \\\n       from loan\");\n}\n";
        assert_eq!(found("crates/oversight/src/a.rs", code).len(), 1);
    }
}
