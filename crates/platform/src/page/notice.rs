//! Notices (提示): refusals, empty pages, stamps, quiet lines; never a toast.

use jiff::civil::Date;

use super::{Button, Given, Html, Icon, Tone, Ui};

/// Something that did not happen (拒绝): what, what is possible now, the rule, the article.
#[derive(Debug, Clone, Default)]
pub struct Refusal {
    /// What did not happen and why, one sentence.
    pub title: String,
    /// What is possible now, and when.
    pub way_out: Html,
    /// The rule's id.
    pub rule: Option<String>,
    /// The articles: page (may be empty) and name.
    pub articles: Vec<(String, String)>,
    /// When it was recorded, as written: `16:42`; empty when it left no trace.
    pub recorded_at: String,
}

/// A page with nothing on it yet (空): it teaches what will be here and the first step.
#[derive(Debug, Clone, Default)]
pub struct Empty {
    /// The icon.
    pub icon: Option<Icon>,
    /// What there is not.
    pub title: String,
    /// What will appear here, one line.
    pub text: String,
    /// The first step.
    pub step: Option<Button>,
}

/// A line over the whole page (横幅): demo, rehearsal, missing calendar, time travel.
#[derive(Debug, Clone, Default)]
pub struct Banner {
    /// Its tone.
    pub tone: Tone,
    /// What it says.
    pub text: String,
    /// A link at its end: address and word.
    pub link: Option<(String, String)>,
}

/// How a business day stands (日戳).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StampLook {
    /// The day that is ending: ink.
    Ending,
    /// The day that comes: dashed.
    Coming,
}

impl Ui {
    /// A refusal box.
    #[must_use]
    pub fn refusal(&self, refusal: impl Given<Refusal>) -> Html {
        let refusal = refusal.given();
        let mut out = Html::new();
        out.raw("<div class=\"refusal\" role=\"alert\">").push(&Icon::ShieldX.html()).raw("<div><h2>");
        out.text(&refusal.title).raw("</h2>");
        if !refusal.way_out.is_empty() {
            out.raw("<p>").push(&refusal.way_out).raw("</p>");
        }
        out.raw("<p class=\"sources\">");
        if let Some(rule) = &refusal.rule {
            out.push(&self.rule(rule)).raw(" ");
        }
        for (address, article) in &refusal.articles {
            out.push(&if address.is_empty() { self.citation_text(article) } else { self.citation(address, article) });
            out.raw(" ");
        }
        out.raw("</p></div>");
        if !refusal.recorded_at.is_empty() {
            out.raw("<span class=\"trace\">")
                .text(self.t1("refusal-recorded", "at", &refusal.recorded_at))
                .raw("</span>");
        }
        out.raw("</div>");
        out
    }

    /// An empty state.
    #[must_use]
    pub fn empty(&self, empty: impl Given<Empty>) -> Html {
        let empty = empty.given();
        let mut out = Html::new();
        out.raw("<div class=\"empty\">");
        if let Some(icon) = empty.icon {
            out.push(&icon.html());
        }
        out.raw("<h2>").text(&empty.title).raw("</h2><p>").text(&empty.text).raw("</p>");
        if let Some(step) = &empty.step {
            out.push(&self.button(step));
        }
        out.raw("</div>");
        out
    }

    /// A quiet box with an icon: passed checks, notes, warnings in place.
    #[must_use]
    pub fn note(&self, tone: impl Given<Tone>, icon: impl Given<Icon>, body: impl Given<Html>) -> Html {
        let mut out = Html::new();
        out.raw("<div class=\"notebox ").raw(tone.given().class()).raw("\">").push(&icon.given().html());
        out.raw("<div>").push(body.given()).raw("</div></div>");
        out
    }

    /// The banner of a page.
    #[must_use]
    pub fn banner(&self, banner: impl Given<Banner>) -> Html {
        let banner = banner.given();
        let mut out = Html::new();
        out.raw("<div class=\"banner ").raw(banner.tone.class()).raw("\">").text(&banner.text);
        if let Some((address, word)) = &banner.link {
            out.raw(" <a").href(address).raw(">").text(word).raw("</a>");
        }
        out.raw("</div>");
        out
    }

    /// A business day as a stamp, with what is said over and under it.
    #[must_use]
    pub fn stamp(
        &self,
        look: impl Given<StampLook>,
        label: impl AsRef<str>,
        on: impl Given<Date>,
        kind: impl AsRef<str>,
    ) -> Html {
        let on = *on.given();
        let mut out = Html::new();
        out.raw(match look.given() {
            StampLook::Ending => "<div class=\"stamp ending\"><span>",
            StampLook::Coming => "<div class=\"stamp coming\"><span>",
        });
        out.text(label).raw("</span><b>").text(on.to_string()).raw("</b><span>");
        out.text(self.locale.weekday(on)).raw(" · ").text(kind).raw("</span></div>");
        out
    }

    /// Bars of paper in the final shape while something is computed.
    #[must_use]
    pub fn skeleton(&self, rows: impl Given<usize>, words: impl AsRef<str>) -> Html {
        let mut out = Html::new();
        out.raw("<div class=\"skeleton\" aria-busy=\"true\">");
        for _ in 0..*rows.given() {
            out.raw("<i></i>");
        }
        out.raw("<p>").push(&Icon::Loader2.html()).text(words).raw("</p></div>");
        out
    }
}
