//! Controls (控件): buttons, tabs, keycaps, pages.

use super::html::query_escape;
use super::{Given, Html, Icon, Ui};

/// How a button looks (按钮样式); one `Primary` a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Look {
    /// The one main action.
    Primary,
    /// Everything else.
    #[default]
    Secondary,
    /// In a row or panel head.
    Small,
    /// Cannot be undone; red text on white.
    Danger,
    /// A link that acts.
    Plain,
}

impl Look {
    /// The classes of the style sheet.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Look::Primary => "btn primary",
            Look::Secondary => "btn",
            Look::Small => "btn small",
            Look::Danger => "btn danger",
            Look::Plain => "btn plain",
        }
    }
}

/// A button or a link that looks like one (按钮).
#[derive(Debug, Clone, Default)]
pub struct Button {
    /// What it does, a verb.
    pub text: String,
    /// Its look.
    pub look: Look,
    /// The icon in front.
    pub icon: Option<Icon>,
    /// The page it opens; without one it submits its form.
    pub href: Option<String>,
    /// The field name and value it submits.
    pub submits: Option<(String, String)>,
    /// The key that works it, shown as a keycap and obeyed by the keyboard module.
    pub key: Option<String>,
    /// Why it is disabled: what to do first, shown beside it.
    pub blocked: Option<String>,
    /// Whether it only tries its form out: the browser asks for nothing then, the server says what it lacks.
    pub tries: bool,
}

impl Button {
    /// A link.
    #[must_use]
    pub fn link(look: Look, text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { look, text: text.into(), href: Some(href.into()), ..Self::default() }
    }

    /// A submit button.
    #[must_use]
    pub fn submit(look: Look, text: impl Into<String>) -> Self {
        Self { look, text: text.into(), ..Self::default() }
    }

    /// With an icon.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// With a key.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Submitting `name=value`.
    #[must_use]
    pub fn submits(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.submits = Some((name.into(), value.into()));
        self
    }

    /// Only trying its form out.
    #[must_use]
    pub fn tries(mut self) -> Self {
        self.tries = true;
        self
    }

    /// Disabled, with what to do first.
    #[must_use]
    pub fn blocked(mut self, reason: impl Into<String>) -> Self {
        self.blocked = Some(reason.into());
        self
    }
}

/// One tab of a page or list (页签).
#[derive(Debug, Clone, Default)]
pub struct Tab {
    /// Its word.
    pub text: String,
    /// Its page.
    pub href: String,
    /// How many rows are behind it.
    pub count: Option<i64>,
    /// Whether it is open.
    pub active: bool,
    /// Whether others see this view too.
    pub shared: bool,
}

impl Ui {
    /// A button.
    #[must_use]
    pub fn button(&self, button: impl Given<Button>) -> Html {
        let button = button.given();
        let mut out = Html::new();
        match (&button.href, &button.blocked) {
            (Some(href), None) => out.raw("<a class=\"").raw(button.look.class()).raw("\"").href(href),
            (_, Some(_)) => out.raw("<button type=\"button\" disabled class=\"").raw(button.look.class()).raw("\""),
            (None, None) => out.raw("<button type=\"submit\" class=\"").raw(button.look.class()).raw("\""),
        };
        if let Some((name, value)) = &button.submits {
            out.attr("name", name).attr("value", value);
        }
        if let Some(key) = &button.key {
            out.attr("data-key", key);
        }
        out.raw(if button.tries { " formnovalidate>" } else { ">" });
        if let Some(icon) = button.icon {
            out.push(&icon.html());
        }
        out.text(&button.text);
        if let Some(key) = &button.key {
            out.push(&self.keycap(key));
        }
        let link = button.href.is_some() && button.blocked.is_none();
        out.raw(if link { "</a>" } else { "</button>" });
        if let Some(reason) = &button.blocked {
            out.raw("<span class=\"blocked\">").push(&Icon::InfoCircle.html()).text(reason).raw("</span>");
        }
        out
    }

    /// Several buttons in a row.
    #[must_use]
    pub fn buttons(&self, buttons: impl AsRef<[Button]>) -> Html {
        Html::join(buttons.as_ref().iter().map(|button| self.button(button)))
    }

    /// A keycap: `J`, `Enter`, `Ctrl K`.
    #[must_use]
    pub fn keycap(&self, key: impl AsRef<str>) -> Html {
        let mut out = Html::new();
        out.raw("<kbd>").text(key).raw("</kbd>");
        out
    }

    /// Tabs with their counts.
    #[must_use]
    pub fn tabs(&self, tabs: impl AsRef<[Tab]>) -> Html {
        let mut out = Html::new();
        out.raw("<nav class=\"tabs\">");
        for tab in tabs.as_ref() {
            out.raw("<a").href(&tab.href);
            out.raw(if tab.active { " aria-current=\"page\">" } else { ">" });
            if tab.shared {
                out.push(&Icon::Users.html());
            }
            out.text(&tab.text);
            if let Some(count) = tab.count {
                out.raw("<span class=\"n\">").text(self.count(count)).raw("</span>");
            }
            out.raw("</a>");
        }
        out.raw("</nav>");
        out
    }

    /// The links to other pages of a result; `address` ends in `?` or `&`, the page number is added.
    #[must_use]
    pub fn pagination(&self, address: impl AsRef<str>, page: impl Given<u32>, pages: impl Given<u32>) -> Html {
        let (page, pages) = (*page.given(), *pages.given());
        let mut out = Html::new();
        if pages < 2 {
            return out;
        }
        let link = |out: &mut Html, to: u32| {
            out.href(format!("{}page={to}", address.as_ref()));
        };
        out.raw("<nav class=\"pages\"").attr("aria-label", self.t("pages")).raw(">");
        if page > 1 {
            out.raw("<a rel=\"prev\"");
            link(&mut out, page - 1);
            out.attr("aria-label", self.t("page-previous")).raw(">").push(&Icon::ChevronLeft.html()).raw("</a>");
        }
        let mut before = 0;
        for to in shown_pages(page, pages) {
            if to > before + 1 {
                out.raw("<span>…</span>");
            }
            before = to;
            out.raw("<a");
            link(&mut out, to);
            out.raw(if to == page { " aria-current=\"page\">" } else { ">" }).text(to.to_string()).raw("</a>");
        }
        if page < pages {
            out.raw("<a rel=\"next\"");
            link(&mut out, page + 1);
            out.attr("aria-label", self.t("page-next")).raw(">").push(&Icon::ChevronRight.html()).raw("</a>");
        }
        out.raw("</nav>");
        out
    }
}

/// The first, the last and those around the open one.
fn shown_pages(page: u32, pages: u32) -> Vec<u32> {
    let first = page.saturating_sub(2).max(1);
    let last = page.saturating_add(2).min(pages);
    let mut shown: Vec<u32> = (first..=last).collect();
    if first > 1 {
        shown.insert(0, 1);
    }
    if last < pages {
        shown.push(pages);
    }
    shown
}

/// One `name=value` of a query, escaped.
#[must_use]
pub fn query_pair(name: &str, value: &str) -> String {
    format!("{}={}", query_escape(name), query_escape(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_results_show_the_ends_and_the_neighbours() {
        assert_eq!(shown_pages(1, 4), [1, 2, 3, 4]);
        assert_eq!(shown_pages(7, 20), [1, 5, 6, 7, 8, 9, 20]);
        assert_eq!(shown_pages(1, 2), [1, 2]);
    }
}
