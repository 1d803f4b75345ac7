//! The sticky head (页头) of a customer or loan, and the two clocks.

use jiff::civil::Date;

use super::{Given, Html, Icon, KeyFigure, Look, Tab, Ui, monogram, own_address};

/// The head of a customer or loan (主体页头): who, flags, key figures, tabs.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// Whether the first sign of the name stands in a box before it (customers).
    pub monogram: bool,
    /// What it belongs to, before the name: the customer of a loan.
    pub belongs_to: Html,
    /// The name or number.
    pub name: String,
    /// The masked identity number.
    pub masked: String,
    /// Where the number is revealed against a reason.
    pub reveal: Option<String>,
    /// Badges behind the name on line one (loans).
    pub badges: Html,
    /// A note at the end of line one.
    pub note: String,
    /// Flags on line two (customers).
    pub flags: Html,
    /// The two clocks.
    pub clocks: Option<Clocks>,
    /// Buttons at the right.
    pub actions: Html,
    /// The key figures.
    pub figures: Vec<KeyFigure>,
    /// The tabs.
    pub tabs: Vec<Tab>,
}

/// The two clocks (双时钟) of a page: the business date it shows and what was known when.
#[derive(Debug, Clone)]
pub struct Clocks {
    /// The page they belong to; asked with `as_of` and `known_at`.
    pub path: String,
    /// The business date shown.
    pub as_of: Date,
    /// The moment of knowledge as `YYYY-MM-DD HH:MM`; empty means now.
    pub known_at: String,
}

impl Clocks {
    /// Whether the page shows the present.
    #[must_use]
    pub fn is_now(&self, business_date: Date) -> bool {
        self.as_of == business_date && self.known_at.is_empty()
    }
}

impl Ui {
    /// Draws the head of a customer or loan; hand it to `Page::head`.
    #[must_use]
    pub fn subject(&self, subject: impl Given<Subject>) -> Html {
        let it = subject.given();
        let past = it.clocks.as_ref().is_some_and(|clocks| !clocks.is_now(self.business_date));
        let mut out = Html::new();
        out.raw(if past {
            "<header class=\"subject past\"><div class=\"who\">"
        } else {
            "<header class=\"subject\"><div class=\"who\">"
        });
        if it.monogram {
            out.raw("<span class=\"monogram\" aria-hidden=\"true\">").text(monogram(&it.name)).raw("</span>");
        }
        out.raw("<div class=\"lines\"><div class=\"line\">");
        if !it.belongs_to.is_empty() {
            out.raw("<span class=\"muted\">").push(&it.belongs_to).raw(" /</span>");
        }
        out.raw("<h1>").text(&it.name).raw("</h1>");
        if !it.masked.is_empty() {
            out.raw("<span class=\"muted num\">").text(&it.masked).raw("</span>");
        }
        if let Some(reveal) = &it.reveal {
            out.raw("<a class=\"nowrap\"")
                .href(reveal)
                .raw(">")
                .push(&Icon::Eye.html())
                .raw(" ")
                .text(self.t("reveal"));
            out.raw("</a>");
        }
        out.push(&it.badges).raw("<span class=\"muted\">").text(&it.note).raw("</span></div>");
        if !it.flags.is_empty() {
            out.raw("<div class=\"line\">").push(&it.flags).raw("</div>");
        }
        out.raw("</div><div class=\"actions\">").push(&it.actions).raw("</div></div>");
        if let Some(clocks) = &it.clocks {
            out.push(&self.clocks(clocks));
        }
        if !it.figures.is_empty() {
            out.push(&self.key_figures(&it.figures));
        }
        if !it.tabs.is_empty() {
            out.push(&self.tabs(&it.tabs));
        }
        out.raw("</header>");
        out
    }

    /// The two clocks as a form of two boxes; says how to come back when either is not now.
    #[must_use]
    pub fn clocks(&self, clocks: impl Given<Clocks>) -> Html {
        let it = clocks.given();
        let mut out = Html::new();
        out.raw("<form class=\"clocks\" method=\"get\"")
            .attr("action", own_address(&it.path))
            .raw("><label class=\"clock\">");
        out.push(&Icon::Calendar.html()).text(self.t("clock-as-of"));
        out.raw(" <input type=\"text\" inputmode=\"numeric\" placeholder=\"YYYY-MM-DD\" data-date name=\"as_of\"")
            .attr("value", it.as_of.to_string())
            .raw("></label><label class=\"clock\">");
        out.push(&Icon::History.html()).text(self.t("clock-known"));
        out.raw(" <input type=\"text\" placeholder=\"YYYY-MM-DD HH:MM\" name=\"known_at\"")
            .attr("value", &it.known_at)
            .raw("></label>");
        out.raw("<button class=\"btn small\">").text(self.t("clock-show")).raw("</button>");
        if it.is_now(self.business_date) {
            out.raw("<span class=\"note\">").text(self.t("clock-note")).raw("</span>");
        } else {
            out.push(
                &self.button(super::Button::link(Look::Plain, self.t("clock-back"), &it.path).icon(Icon::ArrowBackUp)),
            );
        }
        out.raw("</form>");
        out
    }
}
