//! Finds the SQL texts of the project: `.sql` files and string literals that read like SQL.

use crate::tree::{Tree, is_test_path};

/// One SQL text and where it begins.
#[derive(Debug)]
pub(super) struct Sql<'a> {
    pub path: &'a str,
    pub line: usize,
    /// Lower case, with string literals and comments blanked out; line breaks kept.
    pub text: String,
}

/// All SQL texts outside tests.
pub(super) fn texts(tree: &Tree) -> Vec<Sql<'_>> {
    let mut found = Vec::new();
    for (path, text) in tree.texts().filter(|(p, _)| p.ends_with(".sql") && !is_test_path(p)) {
        found.push(Sql { path, line: 1, text: masked(text) });
    }
    for (path, source) in tree.sources().filter(|(p, _)| !is_test_path(p) && !p.starts_with("xtask/")) {
        for string in source.strings.iter().filter(|s| !source.is_test_line(s.line)) {
            let text = masked(&string.text);
            if reads_like_sql(&text) {
                found.push(Sql { path, line: string.line, text });
            }
        }
    }
    found
}

/// The words of an SQL text with their lines; punctuation stands alone.
pub(super) fn words(sql: &Sql<'_>) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let (mut line, mut joins) = (sql.line, false);
    for c in sql.text.chars() {
        let of_word = c.is_alphanumeric() || c == '_' || c == '$' || c == '.';
        match found.last_mut() {
            Some((_, last)) if of_word && joins => last.push(c),
            _ if !c.is_whitespace() => found.push((line, c.to_string())),
            _ => {}
        }
        joins = of_word;
        line += usize::from(c == '\n');
    }
    found
}

fn reads_like_sql(text: &str) -> bool {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == '(').filter(|w| !w.is_empty()).take(400).collect();
    let has = |w: &str| words.contains(&w);
    match words.as_slice() {
        ["select", second, ..] => has("from") || second.chars().next().is_some_and(|c| c.is_numeric()),
        ["insert", ..] => has("into") && (has("values") || has("select")),
        ["replace", "into", ..] | ["delete", "from", ..] => words.len() > 2,
        ["update", ..] => has("set"),
        ["with", ..] => has("as") && has("select"),
        ["create", second, ..] => ["table", "view", "index", "unique", "domain", "trigger"].contains(second),
        ["alter" | "drop", "table" | "view" | "index", ..] => true,
        _ => false,
    }
}

/// Lower case without what stands in quotes and comments.
fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quoted, mut comment) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => comment = false,
            '-' if !quoted && chars.peek() == Some(&'-') => comment = true,
            '\'' if !comment => quoted = !quoted,
            _ => {}
        }
        let hidden = comment || (quoted && c != '\'');
        out.push(if hidden && c != '\n' { ' ' } else { c.to_ascii_lowercase() });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_is_told_from_sentences() {
        for sql in [
            "select 1",
            "SELECT a\nFROM b",
            "update a set b = $1",
            "with x as (select 1) select * from x",
            "insert or ignore into a (b) values (1)",
        ] {
            assert!(reads_like_sql(&masked(sql)), "{sql}");
        }
        for sentence in ["select a file", "update your browser", "with love", "insert a coin", "create an account"] {
            assert!(!reads_like_sql(sentence), "{sentence}");
        }
    }

    #[test]
    fn quotes_and_comments_are_blanked() {
        assert_eq!(masked("A = 'It' -- ?\nB"), "a = '  '     \nb");
    }

    #[test]
    fn texts_come_from_files_and_code_but_not_from_tests() {
        let tree = Tree::of(&[
            ("crates/a/src/due.sql", "select a\nfrom b"),
            ("crates/a/src/store.rs", "fn a() {\n  q(\"delete from b\");\n  q(\"hello\");\n}\n"),
            ("crates/a/tests/it/main.rs", "fn a() { q(\"delete from c\"); }\n"),
        ]);
        let found: Vec<_> = texts(&tree).iter().map(|s| (s.path.to_owned(), s.line)).collect();
        assert_eq!(found, [("crates/a/src/due.sql".to_owned(), 1), ("crates/a/src/store.rs".to_owned(), 2)]);
    }

    #[test]
    fn words_keep_their_lines() {
        let sql = Sql { path: "a.sql", line: 3, text: "select a.b,c\nfrom d where x=$1".to_owned() };
        let found: Vec<_> = words(&sql).into_iter().map(|(l, w)| format!("{l}{w}")).collect();
        assert_eq!(found, ["3select", "3a.b", "3,", "3c", "4from", "4d", "4where", "4x", "4=", "4$1"]);
    }
}
