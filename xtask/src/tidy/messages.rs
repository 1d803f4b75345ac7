//! Every message exists in both languages, and every id that is used has a message.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Finding};
use crate::source::{Source, Span};
use crate::tree::{Tree, crate_of, is_test_path};

pub(super) const CHECK: Check = Check {
    name: "messages",
    why: "both languages are complete: nobody may meet an id, or a sentence in the language they did not choose",
    run,
};

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// The functions that look a message up by its id.
const LOOKUPS: [&str; 3] = ["t(", "t1(", "tn("];

/// What a code may stand behind in a message's id.
const PREFIXES: [&str; 3] = ["", "error-", "refusal-"];

/// An entry of the audit trail names its act within this many lines of its begin.
const ENTRY_LINES: usize = 3;

fn run(tree: &Tree) -> Vec<Finding> {
    let catalogue = Catalogue::read(tree);
    let mut findings = catalogue.one_sided();
    for (path, text) in tree.texts() {
        if is_test_path(path) || crate_of(path).is_none_or(|c| c == "xtask") {
            continue;
        }
        if path.contains("/templates/") {
            for (index, line) in text.lines().enumerate() {
                let unknown = lookups(line).into_iter().filter(|id| !catalogue.ids.contains(id));
                findings.extend(unknown.map(|id| missing(path, index + 1, &id)));
            }
        }
    }
    for (path, source) in tree.sources() {
        if !is_test_path(path) && crate_of(path).is_some_and(|c| c != "xtask") {
            findings.extend(unknown_in(path, source, &catalogue.ids));
        }
    }
    findings
}

fn missing(path: &str, line: usize, id: &str) -> Finding {
    Finding::new(
        path,
        line,
        format!("no message `{id}`: add it to locales/zh-CN/ and locales/en/ of the crate that shows it"),
    )
}

/// Ids looked up in Rust code, and codes of refusals, that have no message.
fn unknown_in(path: &str, source: &Source, ids: &BTreeSet<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for string in source.strings.iter().filter(|s| !source.is_test_line(s.line)) {
        if is_id(&string.text) && !ids.contains(&string.text) && looked_up(source, string) {
            findings.push(missing(path, string.line, &string.text));
        }
    }
    let refusals = source.functions.iter().filter(|f| {
        let owner = f.owner.as_deref().unwrap_or_default();
        f.name == "code" && ["Error", "Refusal", "Violation"].iter().any(|end| owner.ends_with(end))
    });
    for function in refusals.filter(|f| !source.is_test_line(f.line)) {
        for string in source.strings.iter().filter(|s| (function.line..=function.end).contains(&s.line)) {
            let id = string.text.replace(['.', '_'], "-");
            if !PREFIXES.iter().any(|p| ids.contains(&format!("{p}{id}"))) {
                findings.push(missing(path, string.line, &format!("error-{id}")));
            }
        }
    }
    findings.extend(untitled_acts(path, source, ids));
    findings
}

/// Acts written to the audit trail whose title is missing: the trail is read by people.
fn untitled_acts(path: &str, source: &Source, ids: &BTreeSet<String>) -> Vec<Finding> {
    let entries: Vec<usize> =
        source.code_lines().filter(|(_, code)| code.contains("Entry::new(")).map(|(line, _)| line).collect();
    let near = |line: usize| entries.iter().any(|entry| (*entry..=entry + ENTRY_LINES).contains(&line));
    let acts = source.strings.iter().filter(|s| near(s.line) && !source.is_test_line(s.line) && is_act(&s.text));
    acts.filter_map(|act| {
        let id = format!("action-{}", act.text.replace(['.', '_'], "-"));
        (!ids.contains(&id)).then(|| missing(path, act.line, &id))
    })
    .collect()
}

/// `noun.act`, as the trail names what was done.
fn is_act(text: &str) -> bool {
    text.contains('.')
        && text
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || "_-".contains(c)))
}

/// Whether a look-up stands directly before a string: its place is told by how many strings of the line come before it, or,
/// where a string goes over several lines, by its length.
fn looked_up(source: &Source, string: &Span) -> bool {
    let code = source.code.get(string.line - 1).map_or("", String::as_str);
    let called = |at: usize| LOOKUPS.iter().any(|call| ends_with_call(&code[..at], call));
    let of_line: Vec<&Span> = source.strings.iter().filter(|other| other.line == string.line).collect();
    let opens: Vec<usize> = code.match_indices('"').map(|(at, _)| at).step_by(2).collect();
    let place = of_line.iter().position(|other| std::ptr::eq(*other, string));
    match place.and_then(|place| opens.get(place)).filter(|_| opens.len() == of_line.len()) {
        Some(at) => called(*at),
        None => code.match_indices(&format!("\"{}\"", " ".repeat(string.text.len()))).any(|(at, _)| called(at)),
    }
}

/// Ids between the quotes of look-ups in a template's line.
fn lookups(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices('"') {
        if LOOKUPS.iter().any(|l| ends_with_call(&line[..at], l))
            && let Some((id, _)) = line[at + 1..].split_once('"')
            && is_id(id)
        {
            found.push(id.to_owned());
        }
    }
    found
}

fn ends_with_call(text: &str, call: &str) -> bool {
    let before = text.trim_end().trim_end_matches('&');
    before.strip_suffix(call).is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '!'))
}

fn is_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// Ids of messages with the path and line of each.
type Places = BTreeMap<String, (String, usize)>;

/// Message ids by crate and language.
struct Catalogue {
    ids: BTreeSet<String>,
    by_crate: BTreeMap<(String, &'static str), Places>,
}

impl Catalogue {
    fn read(tree: &Tree) -> Self {
        let mut catalogue = Self { ids: BTreeSet::new(), by_crate: BTreeMap::new() };
        for (path, text) in tree.texts().filter(|(p, _)| p.ends_with(".ftl")) {
            let Some(folder) = crate_of(path) else { continue };
            let Some(language) = LANGUAGES.into_iter().find(|l| path.contains(&format!("/locales/{l}/"))) else {
                continue;
            };
            let messages = catalogue.by_crate.entry((folder.to_owned(), language)).or_default();
            let mut parent = String::new();
            for (index, line) in text.lines().enumerate() {
                let Some((id, _)) = line.split_once('=') else { continue };
                let attribute = id.trim().strip_prefix('.').filter(|_| line.starts_with(' '));
                let id = match attribute {
                    Some(name) => format!("{parent}.{name}", name = name.trim()),
                    None if line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-') => {
                        parent = id.trim().to_owned();
                        parent.clone()
                    }
                    None => continue,
                };
                messages.insert(id.clone(), (path.to_owned(), index + 1));
                catalogue.ids.insert(id);
            }
        }
        catalogue
    }

    fn one_sided(&self) -> Vec<Finding> {
        let empty = BTreeMap::new();
        let mut findings = Vec::new();
        for ((folder, language), messages) in &self.by_crate {
            let other = if *language == LANGUAGES[0] { LANGUAGES[1] } else { LANGUAGES[0] };
            let theirs = self.by_crate.get(&(folder.clone(), other)).unwrap_or(&empty);
            for (id, (path, line)) in messages.iter().filter(|(id, _)| !theirs.contains_key(*id)) {
                let message = format!("`{id}` is not in locales/{other}/ of {folder}: write it in both languages");
                findings.push(Finding::new(path, *line, message));
            }
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [(&str, &str); 2] = [
        ("crates/a/locales/zh-CN/a.ftl", "# 标题\nloan-title = 借据\n    .hint = 说明\nerror-loan-closed = 已结清\n"),
        ("crates/a/locales/en/a.ftl", "loan-title = Loan\n    .hint = What it is\nerror-loan-closed = Settled\n"),
    ];

    fn found(extra: (&str, &str)) -> Vec<(usize, String)> {
        let files = [BOTH[0], BOTH[1], extra];
        run(&Tree::of(&files)).into_iter().map(|f| (f.line, f.message)).collect()
    }

    #[test]
    fn a_message_of_one_language_only_is_found() {
        assert_eq!(found(("crates/b/src/lib.rs", "")), []);
        let messages = found(("crates/a/locales/en/b.ftl", "# Extra\nextra = Extra\n"));
        assert_eq!(messages.len(), 1);
        assert!(messages[0].0 == 2 && messages[0].1.contains("`extra` is not in locales/zh-CN/"));
    }

    #[test]
    fn a_string_as_long_as_an_id_beside_it_is_no_id() {
        let code = "fn a() {\n    Field::new(\"loan_title\", l.t(\"loan-title\"), or(\"loan_title\"));\n}\n";
        assert_eq!(found(("crates/a/src/a.rs", code)), []);
        let code = "fn a() {\n    Field::new(\"loan-title\", l.t(\"loan_title\"));\n}\n";
        assert_eq!(found(("crates/a/src/a.rs", code)).len(), 1);
    }

    #[test]
    fn a_message_of_another_crate_does_not_stand_in() {
        let files = [("crates/a/locales/en/a.ftl", "only = Only\n"), ("crates/b/locales/zh-CN/b.ftl", "only = 只\n")];
        assert_eq!(run(&Tree::of(&files)).len(), 2);
    }

    #[test]
    fn ids_used_in_templates_and_code_have_messages() {
        let template =
            "<h1>{{ l.t(\"loan-title\") }}</h1>\n<p>{{ l.t1(\"loan-sum\", \"n\", 1) }} {{ part(\"x\") }}</p>\n";
        assert_eq!(found(("crates/a/templates/loan/page.html", template))[0].0, 2);
        let code = "fn a() {\n    l.t(\"loan-title\");\n    l.t(\"loan-none\");\n    l.tn(\"loan-two\", &[]);\n    set(\"x\");\n}\n";
        let lines: Vec<_> = found(("crates/a/src/pages.rs", code)).into_iter().map(|f| f.0).collect();
        assert_eq!(lines, [3, 4]);
    }

    #[test]
    fn codes_of_refusals_have_messages() {
        let code = "impl LoanError {\n    fn code(&self) -> &'static str {\n        match self {\n\
                    A => \"loan.closed\",\n            B => \"loan.unknown\",\n        }\n    }\n}\n\
                    impl Unit {\n    fn code(&self) -> &'static str { \"wan\" }\n}\n";
        let messages = found(("crates/a/src/error.rs", code));
        assert_eq!(messages.len(), 1);
        assert!(messages[0].0 == 5 && messages[0].1.contains("`error-loan-unknown`"), "{messages:?}");
    }

    #[test]
    fn acts_of_the_audit_trail_have_titles() {
        let code = "fn a() {\n    w.audit(Entry::new(\n        None,\n        \"loan.close_all\",\n    ));\n\n    set(\"c.d\");\n}\n";
        assert_eq!(found(("crates/a/src/a.rs", code)), [(4, missing("", 4, "action-loan-close-all").message)]);
    }

    #[test]
    fn what_tests_use_needs_no_message() {
        let code = "#[cfg(test)]\nmod tests {\n    fn a() { l.t(\"no-such\"); }\n}\n";
        assert_eq!(found(("crates/a/src/pages.rs", code)), []);
    }
}
