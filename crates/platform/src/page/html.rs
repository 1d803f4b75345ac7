//! Escaped text: the only way to make HTML outside a template.

use std::borrow::Cow;
use std::fmt;

use askama::filters::HtmlSafe;

/// Finished HTML (页面片段). Built only from literals and escaped text, so that nothing typed
/// by a person can become markup. Templates print it as it is: `{{ ui.money(x) }}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl HtmlSafe for Html {}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Html {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether this stands somewhere in it, as it is sent.
    pub(super) fn holds(&self, part: &str) -> bool {
        self.0.contains(part)
    }

    /// Text, escaped.
    #[must_use]
    pub fn of_text(text: impl AsRef<str>) -> Self {
        let mut out = Self::new();
        out.text(text);
        out
    }

    /// A rendered template.
    ///
    /// # Errors
    /// What the template reports.
    pub fn of_template(template: &impl askama::Template) -> Result<Self, askama::Error> {
        template.render().map(Self)
    }

    /// Several pieces one after the other.
    #[must_use]
    pub fn join(pieces: impl IntoIterator<Item = Html>) -> Self {
        let mut out = Self::new();
        for piece in pieces {
            out.push(&piece);
        }
        out
    }

    /// Adds markup that stands in the source code.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds text, escaped; also right inside a quoted attribute.
    pub fn text(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.0.push_str(&escape(text.as_ref()));
        self
    }

    /// Adds ` name="value"` with the value escaped.
    pub fn attr(&mut self, name: &'static str, value: impl AsRef<str>) -> &mut Self {
        self.raw(" ").raw(name).raw("=\"").text(value).raw("\"")
    }

    /// Adds ` href="…"`; an address that is not of this house (`/…`, `?…`, `#…`) becomes `#`.
    pub fn href(&mut self, address: impl AsRef<str>) -> &mut Self {
        self.attr("href", own_address(address.as_ref()))
    }

    /// Adds finished HTML.
    pub fn push(&mut self, piece: &Html) -> &mut Self {
        self.0.push_str(&piece.0);
        self
    }

    /// Whether nothing was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The finished text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Escapes text for element content and quoted attributes.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for one in text.chars() {
        match one {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// An address of this house, or `#`: no `javascript:`, no other host (`//…`).
#[must_use]
pub fn own_address(address: &str) -> &str {
    let local = address.starts_with(['/', '?', '#']);
    let elsewhere = address.starts_with("//") || address.starts_with("/\\");
    if local && !elsewhere { address } else { "#" }
}

/// A value as one part of a query (`a&b` → `a%26b`).
#[must_use]
pub fn query_escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b',' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_never_becomes_markup() {
        let mut out = Html::new();
        out.raw("<a").attr("title", "\" onclick='x'").raw(">").text("<script>&").raw("</a>");
        assert_eq!(out.to_string(), "<a title=\"&quot; onclick=&#39;x&#39;\">&lt;script&gt;&amp;</a>");
    }

    #[test]
    fn only_own_addresses_are_linked() {
        let rows = [
            ("/loans?a=b", "/loans?a=b"),
            ("javascript:alert(1)", "#"),
            ("//elsewhere", "#"),
            ("/\\elsewhere", "#"),
            ("https://elsewhere", "#"),
            ("#part", "#part"),
        ];
        for (given, linked) in rows {
            assert_eq!(own_address(given), linked);
        }
    }
}
