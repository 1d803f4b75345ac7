//! The forms that pages offer (表单), read from their own markup: what a person could send.

#![cfg(test)]

use platform::testbed::Browser;

/// A form as a page offers it (表单).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Form {
    /// Where it is sent.
    pub action: String,
    /// Names and the values that stand in it, without the hidden marks of the session.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// What is sent; one field with another text.
    pub(super) fn pairs<'a>(&'a self, other: Option<(&'a str, &'a str)>) -> Vec<(&'a str, &'a str)> {
        let text = |name: &'a str, value: &'a str| match other {
            Some((changed, text)) if changed == name => text,
            Some(_) | None => value,
        };
        self.fields.iter().map(|(name, value)| (name.as_str(), text(name, value))).collect()
    }

    /// Whether sending it again and again leaves the walker and the book where they are: logging out, choosing a
    /// password and running the close do not.
    pub(super) fn is_harmless(&self) -> bool {
        !["/logout", "/login", "/password", "/close/start", "/backups/now"].contains(&self.action.as_str())
            && !self.action.starts_with("/me")
    }
}

/// Every form of these pages and of their tabs, once.
pub(super) async fn harvest(browser: &mut Browser, pages: &[String]) -> Vec<Form> {
    let mut forms = Vec::new();
    for page in pages {
        let answer = browser.get(page).await;
        if !answer.status.is_success() || !answer.text.starts_with("<!doctype html>") {
            continue;
        }
        forms.extend(read(&answer.text));
        for tab in tabs(&answer.text, page) {
            forms.extend(read(&browser.get(&tab).await.text));
        }
    }
    forms.sort();
    forms.dedup();
    forms
}

/// Where these pages lead, as far as it is about one of these things.
pub(super) async fn links(browser: &mut Browser, pages: &[String], things: &[&String]) -> Vec<String> {
    let mut found = Vec::new();
    for page in pages {
        let text = browser.get(page).await.text;
        let about = |href: &String| things.iter().any(|thing| href.starts_with(*thing));
        found.extend(hrefs(&text).filter(about));
    }
    found.sort();
    found.dedup();
    found
}

fn hrefs(text: &str) -> impl Iterator<Item = String> {
    text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(|href| href.replace("&amp;", "&"))
}

/// The tabs of a page: the same path with another question.
fn tabs(text: &str, page: &str) -> Vec<String> {
    let is_tab = |href: &String| ["?tab=", "?view="].iter().any(|way| href.starts_with(&format!("{page}{way}")));
    let mut tabs: Vec<String> = hrefs(text).filter(is_tab).collect();
    tabs.sort();
    tabs.dedup();
    tabs
}

/// The forms that a page posts.
fn read(page: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    for part in page.split("<form").skip(1) {
        let Some((tag, rest)) = part.split_once('>') else { continue };
        let body = rest.split("</form>").next().unwrap_or_default();
        let Some(action) = attribute(tag, "action").filter(|_| tag.contains("method=\"post\"")) else { continue };
        forms.push(Form { action, fields: fields(body) });
    }
    forms
}

fn fields(body: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for part in body.split('<').skip(1) {
        let Some((tag, text)) = part.split_once('>') else { continue };
        let Some(name) = attribute(tag, "name").filter(|name| !name.starts_with('_')) else {
            // The chosen option, or the first one, is the value of its list.
            if let (true, Some(value), Some(last)) =
                (tag.starts_with("option"), attribute(tag, "value"), fields.last_mut())
                && (last.1.is_empty() || tag.contains(" selected"))
            {
                last.1 = value;
            }
            continue;
        };
        let value =
            if tag.starts_with("textarea") { text.to_owned() } else { attribute(tag, "value").unwrap_or_default() };
        if !fields.iter().any(|(known, _)| *known == name) {
            fields.push((name, value));
        }
    }
    fields
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(rest.split('"').next()?.replace("&amp;", "&").replace("&#38;", "&"))
}

#[test]
fn forms_are_read_as_they_stand() {
    let page = "<form method=\"post\" action=\"/a?b=1&amp;c=2\"><input type=\"hidden\" name=\"_csrf\" value=\"t\">\
                <input name=\"x\" value=\"1\"><select name=\"y\"><option value=\"p\"><option value=\"q\" selected></select>\
                <textarea name=\"z\">words</textarea></form><form action=\"/search\"><input name=\"q\"></form>";
    let fields = [("x", "1"), ("y", "q"), ("z", "words")];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    assert_eq!(read(page), [Form { action: "/a?b=1&c=2".to_owned(), fields }]);
}
