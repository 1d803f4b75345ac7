//! Reads Rust text just far enough for the checks: what is code, comment and string, which lines
//! are tests, where functions begin and end.
//!
//! A small scanner instead of a parser crate: the checks need comments, which parsers drop, and
//! they must still work on a file that does not compile.

/// A comment or a string literal, with the line it begins on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Line, counted from 1.
    pub line: usize,
    /// The text: a comment with its slashes, a string without its quotes.
    pub text: String,
}

/// A function with the lines it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The type of the `impl` block around it, if any.
    pub owner: Option<String>,
    /// First line of the attributes and comments directly above it.
    pub above: usize,
    /// Line of `fn`.
    pub line: usize,
    /// Line of its closing brace.
    pub end: usize,
    /// Whether an attribute makes it a test.
    pub is_test: bool,
}

/// One Rust file, taken apart.
#[derive(Debug)]
pub struct Source {
    /// The lines with comments and the inside of strings blanked out.
    pub code: Vec<String>,
    /// All comments, a line comment each.
    pub comments: Vec<Span>,
    /// All string literals.
    pub strings: Vec<Span>,
    /// All functions with a body.
    pub functions: Vec<Function>,
    /// For every line (from 1; index 0 unused) whether it lies in a `#[cfg(test)]` item.
    pub in_tests: Vec<bool>,
}

impl Source {
    /// Takes a file's text apart.
    pub fn new(text: &str) -> Self {
        let mut scanner = Scanner::new(text);
        scanner.run();
        let code: Vec<String> = scanner.code.split('\n').map(str::to_owned).collect();
        let in_tests = test_lines(&code);
        let mut source =
            Self { code, comments: scanner.comments, strings: scanner.strings, functions: Vec::new(), in_tests };
        source.functions = functions(&source);
        source
    }

    /// Lines that hold code, by number and masked text.
    pub fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.iter().enumerate().filter(|(_, l)| !l.trim().is_empty()).map(|(i, l)| (i + 1, l.as_str()))
    }

    /// Whether a line lies in a `#[cfg(test)]` item.
    pub fn is_test_line(&self, line: usize) -> bool {
        self.in_tests.get(line).copied().unwrap_or(false)
    }

    /// The innermost function that covers a line or its comments above.
    pub fn function_at(&self, line: usize) -> Option<&Function> {
        self.functions.iter().filter(|f| f.above <= line && line <= f.end).max_by_key(|f| f.above)
    }
}

struct Scanner {
    chars: Vec<char>,
    at: usize,
    line: usize,
    code: String,
    comments: Vec<Span>,
    strings: Vec<Span>,
}

impl Scanner {
    fn new(text: &str) -> Self {
        let chars = text.chars().collect();
        Self { chars, at: 0, line: 1, code: String::new(), comments: Vec::new(), strings: Vec::new() }
    }

    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or('\0')
    }

    /// Copies one character into the code, or a blank in its place.
    fn step(&mut self, keep: bool) -> char {
        let c = self.peek(0);
        self.at += 1;
        if c == '\n' {
            self.line += 1;
        }
        self.code.push(if keep || c == '\n' { c } else { ' ' });
        c
    }

    fn run(&mut self) {
        while self.at < self.chars.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '/') => self.line_comment(),
                ('/', '*') => self.block_comment(),
                ('"', _) => self.string(),
                ('r' | 'b', _) if !self.follows_word() && self.raw_hashes().is_some() => self.raw_string(),
                ('\'', _) => self.quote(),
                _ => {
                    self.step(true);
                }
            }
        }
    }

    /// Whether the present character continues a word, as the `r` of `for"` does.
    fn follows_word(&self) -> bool {
        self.at > 0 && (self.chars[self.at - 1].is_alphanumeric() || self.chars[self.at - 1] == '_')
    }

    fn line_comment(&mut self) {
        let (line, mut text) = (self.line, String::new());
        while self.at < self.chars.len() && self.peek(0) != '\n' {
            text.push(self.step(false));
        }
        self.comments.push(Span { line, text });
    }

    fn block_comment(&mut self) {
        let (mut line, mut text, mut depth) = (self.line, String::new(), 0_usize);
        while self.at < self.chars.len() {
            let pair = (self.peek(0), self.peek(1));
            if pair == ('/', '*') || pair == ('*', '/') {
                text.push(self.step(false));
                text.push(self.step(false));
                depth = if pair.0 == '/' { depth + 1 } else { depth - 1 };
                if depth == 0 {
                    break;
                }
                continue;
            }
            if self.step(false) == '\n' {
                self.comments.push(Span { line, text: std::mem::take(&mut text) });
                line = self.line;
            } else {
                text.push(pair.0);
            }
        }
        self.comments.push(Span { line, text });
    }

    fn string(&mut self) {
        let line = self.line;
        self.step(true);
        let mut text = String::new();
        while self.at < self.chars.len() && self.peek(0) != '"' {
            if self.peek(0) == '\\' {
                self.step(false);
                match self.step(false) {
                    '\n' => {
                        while self.at < self.chars.len() && self.peek(0).is_whitespace() {
                            self.step(false);
                        }
                    }
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    other => text.push(other),
                }
                continue;
            }
            text.push(self.step(false));
        }
        self.step(true);
        self.strings.push(Span { line, text });
    }

    /// The number of `#` of a raw string that begins here.
    fn raw_hashes(&self) -> Option<usize> {
        let mut ahead = usize::from(self.peek(0) == 'b');
        if self.peek(ahead) != 'r' {
            return None;
        }
        ahead += 1;
        let hashes = (0..).take_while(|i| self.peek(ahead + i) == '#').count();
        (self.peek(ahead + hashes) == '"').then_some(hashes)
    }

    fn raw_string(&mut self) {
        let (line, hashes) = (self.line, self.raw_hashes().unwrap_or(0));
        while self.peek(0) != '"' {
            self.step(true);
        }
        self.step(true);
        let mut text = String::new();
        while self.at < self.chars.len() {
            if self.peek(0) == '"' && (1..=hashes).all(|i| self.peek(i) == '#') {
                break;
            }
            text.push(self.step(false));
        }
        for _ in 0..=hashes {
            self.step(true);
        }
        self.strings.push(Span { line, text });
    }

    /// A character literal or a lifetime.
    fn quote(&mut self) {
        let is_char = self.peek(1) == '\\' || self.peek(2) == '\'';
        self.step(true);
        if !is_char {
            return;
        }
        while self.at < self.chars.len() && self.peek(0) != '\'' {
            if self.peek(0) == '\\' {
                self.step(false);
            }
            self.step(false);
        }
        self.step(true);
    }
}

/// Marks the lines of items under `#[cfg(test)]`; `#![cfg(test)]` marks the whole file.
fn test_lines(code: &[String]) -> Vec<bool> {
    let mut marked = vec![false; code.len() + 2];
    for (index, line) in code.iter().enumerate() {
        let squeezed: String = line.split_whitespace().collect();
        if squeezed.contains("#![cfg(test)]") {
            marked.fill(true);
        } else if squeezed.contains("#[cfg(test)]") {
            let end = item_end(code, index);
            marked[index + 1..=end].fill(true);
        }
    }
    marked
}

/// The line (from 1) on which the item that begins at or below `start` (from 0) ends.
fn item_end(code: &[String], start: usize) -> usize {
    let (mut depth, mut brackets) = (0_usize, 0_usize);
    for (index, line) in code.iter().enumerate().skip(start) {
        for c in line.chars() {
            match c {
                '(' | '[' => brackets += 1,
                ')' | ']' => brackets = brackets.saturating_sub(1),
                '{' => depth += 1,
                '}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 && brackets == 0 {
                        return index + 1;
                    }
                }
                ';' if depth == 0 && brackets == 0 => return index + 1,
                _ => {}
            }
        }
    }
    code.len()
}

fn functions(source: &Source) -> Vec<Function> {
    let impls = impl_blocks(&source.code);
    let mut found = Vec::new();
    for (index, line) in source.code.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let end = item_end(&source.code, index);
        if !source.code[index..end].iter().any(|l| l.contains('{')) {
            continue;
        }
        let above = first_line_above(source, index + 1);
        let attributes: String = source.code[above - 1..=index].concat().split_whitespace().collect();
        let owner = impls.iter().rfind(|(_, from, to)| *from <= index + 1 && index < *to);
        found.push(Function {
            name,
            owner: owner.map(|(name, _, _)| name.clone()),
            above,
            line: index + 1,
            end,
            is_test: attributes.contains("test]") || attributes.contains("test(") || attributes.contains("#[rstest"),
        });
    }
    found
}

fn function_name(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words.iter().position(|w| *w == "fn")?;
    let plain = |w: &&str| {
        ["pub", "const", "async", "unsafe", "extern", "default"].contains(w)
            || w.starts_with("pub(")
            || w.ends_with(')')
    };
    if !words[..at].iter().all(|w| plain(w) || w.starts_with('"') || w.starts_with("#[")) {
        return None;
    }
    let name: String = words.get(at + 1)?.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

/// Name of the type, first and last line of every `impl` block.
fn impl_blocks(code: &[String]) -> Vec<(String, usize, usize)> {
    let mut blocks = Vec::new();
    for (index, line) in code.iter().enumerate() {
        let trimmed = line.trim_start();
        if !(trimmed.starts_with("impl ") || trimmed.starts_with("impl<")) {
            continue;
        }
        let subject = trimmed.rsplit_once(" for ").map_or(trimmed, |(_, s)| s);
        let subject = subject.trim_start_matches("impl").trim_start();
        let name: String = subject.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        blocks.push((name, index + 1, item_end(code, index)));
    }
    blocks
}

/// The first of the comment and attribute lines that stand without a gap above `line` (from 1).
fn first_line_above(source: &Source, line: usize) -> usize {
    let mut first = line;
    let mut open_brackets = 0_i32;
    while first > 1 {
        let code = source.code[first - 2].trim();
        open_brackets += count(code, ']') - count(code, '[');
        let is_comment =
            code.is_empty() && source.comments.iter().any(|c| c.line == first - 1 && !c.text.starts_with("//!"));
        let is_attribute = code.starts_with("#[") || open_brackets > 0;
        if !(is_comment || is_attribute) {
            break;
        }
        first -= 1;
    }
    first
}

fn count(text: &str, wanted: char) -> i32 {
    i32::try_from(text.chars().filter(|c| *c == wanted).count()).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r##"//! Doc.
/// A pair "quoted" in a comment.
pub fn first(c: char) -> &'static str {
    if c == '"' { "a // b" } else { r#"raw "inside""# }
}

struct Refusal;
impl std::fmt::Display for Refusal {
    fn fmt(&self) { /* block } */ }
}

#[cfg(test)]
mod tests {
    // S4-07
    #[tokio::test]
    async fn named() {
        assert!(true); // inner
    }
}
"##;

    #[test]
    fn comments_strings_and_code_are_told_apart() {
        let source = Source::new(SAMPLE);
        let strings: Vec<_> = source.strings.iter().map(|s| s.text.as_str()).collect();
        assert_eq!(strings, ["a // b", "raw \"inside\""]);
        assert_eq!(source.comments.len(), 5);
        assert!(source.code[3].contains("'\"'") || source.code[3].contains("' '"));
        assert!(!source.code[3].contains("raw"));
    }

    #[test]
    fn functions_know_their_lines_owner_and_whether_they_are_tests() {
        let source = Source::new(SAMPLE);
        let found: Vec<_> =
            source.functions.iter().map(|f| (f.name.as_str(), f.above, f.line, f.end, f.is_test)).collect();
        assert_eq!(found, [("first", 2, 3, 5, false), ("fmt", 9, 9, 9, false), ("named", 14, 16, 18, true)]);
        assert_eq!(source.functions[1].owner.as_deref(), Some("Refusal"));
    }

    #[test]
    fn lines_under_cfg_test_are_marked() {
        let source = Source::new(SAMPLE);
        assert!(!source.is_test_line(4));
        assert!(source.is_test_line(14) && source.is_test_line(18));
        assert!(Source::new("#![cfg(test)]\nfn a() {}\n").is_test_line(2));
    }

    #[test]
    fn lifetimes_do_not_open_character_literals() {
        let source = Source::new("fn a<'x>(s: &'x str) -> &'x str { s }\nfn b() {}\n");
        assert_eq!(source.functions.len(), 2);
    }

    #[test]
    fn an_attribute_over_several_lines_belongs_to_its_function() {
        let source = Source::new("// X-01\n#[tokio::test(\n    start_paused = true\n)]\nasync fn a() {\n}\n");
        assert_eq!(source.functions[0].above, 1);
        assert!(source.functions[0].is_test);
    }

    #[test]
    fn a_signature_without_body_is_no_function() {
        assert!(Source::new("trait T {\n    fn a(&self, b: [u8; 3]);\n}\n").functions.is_empty());
    }
}
