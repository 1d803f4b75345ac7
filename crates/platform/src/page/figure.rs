//! Figures (数字): money, dates, rates, and what stands beside them: why, article, rule.

use jiff::civil::Date;

use super::{Given, Html, Icon, Tone, Ui};
use crate::locale::{self, AsFen};

/// One cell of a strip of key figures (要点格).
#[derive(Debug, Clone, Default)]
pub struct KeyFigure {
    /// What it is.
    pub label: String,
    /// The figure, or a badge.
    pub value: Html,
    /// A short note after it.
    pub note: Html,
    /// Where its derivation is, when it is computed.
    pub why: Option<String>,
    /// Whether the figure is an overdue sum (the only coloured money, and labelled).
    pub overdue: bool,
}

/// A tile (磁贴): a figure that opens exactly the rows it counts.
#[derive(Debug, Clone, Default)]
pub struct Tile {
    /// The icon in front of the label.
    pub icon: Option<Icon>,
    /// What is counted.
    pub label: String,
    /// The figure as text.
    pub figure: String,
    /// Its unit, small behind it.
    pub unit: String,
    /// A note with its tone.
    pub note: Option<(Tone, String)>,
    /// The list of exactly these rows.
    pub href: Option<String>,
    /// Where its derivation is.
    pub why: Option<String>,
}

impl Ui {
    /// A sum in 元: `146,121.50`.
    #[must_use]
    pub fn money(&self, amount: impl AsFen) -> Html {
        figure(&locale::money(amount))
    }

    /// A sum in 元, or `—` where there is none.
    #[must_use]
    pub fn money_or_dash<T: AsFen>(&self, amount: impl Given<Option<T>>) -> Html {
        match amount.given() {
            Some(amount) => self.money(amount),
            None => self.dash(),
        }
    }

    /// A sum in the unit of the page (万元 rounded half away from zero).
    #[must_use]
    pub fn money_in_unit(&self, amount: impl AsFen) -> Html {
        figure(&self.in_unit(amount))
    }

    /// A sum on a tile in its language: `3,412.60 万元`, `CNY 34.13 m`.
    #[must_use]
    pub fn money_tile(&self, amount: impl AsFen) -> Html {
        figure(&self.locale.money_tile(amount))
    }

    /// An overdue sum: coloured, so its label must say that it is overdue.
    #[must_use]
    pub fn money_overdue(&self, amount: impl AsFen) -> Html {
        let mut out = Html::new();
        out.raw("<span class=\"num overdue\">").text(locale::money(amount)).raw("</span>");
        out
    }

    /// Not applicable.
    #[must_use]
    pub fn dash(&self) -> Html {
        figure("—")
    }

    /// A date: `2026-11-20`.
    #[must_use]
    pub fn date(&self, on: impl Given<Date>) -> Html {
        time(*on.given(), &locale::date(*on.given()))
    }

    /// A date, or `—`.
    #[must_use]
    pub fn date_or_dash(&self, on: impl Given<Option<Date>>) -> Html {
        on.given().as_ref().map_or_else(|| self.dash(), |on| self.date(on))
    }

    /// A date with its weekday, where a deadline hangs on it.
    #[must_use]
    pub fn date_weekday(&self, on: impl Given<Date>) -> Html {
        let on = *on.given();
        time(on, &format!("{on} {}", self.locale.weekday(on)))
    }

    /// A date in a short list: `11-20` inside the current year.
    #[must_use]
    pub fn date_short(&self, on: impl Given<Date>) -> Html {
        let on = *on.given();
        time(on, &locale::short_date(on, self.business_date))
    }

    /// A yearly rate in billionths, as percent without the sign (the head says 年化 %).
    #[must_use]
    pub fn rate(&self, billionths: impl Given<i64>) -> Html {
        figure(&locale::rate_percent(*billionths.given()))
    }

    /// The ∵ button: opens the derivation at `address` in the drawer, or as a page without scripts.
    #[must_use]
    pub fn why(&self, address: impl AsRef<str>) -> Html {
        let mut out = Html::new();
        out.raw("<a class=\"why\" data-drawer").href(address).attr("title", self.t("why"));
        out.attr("aria-label", self.t("why")).raw("><svg viewBox=\"0 0 18 18\" aria-hidden=\"true\">");
        out.raw("<circle cx=\"5\" cy=\"6.2\" r=\"1.6\"/><circle cx=\"13\" cy=\"6.2\" r=\"1.6\"/><circle cx=\"9\" cy=\"12.4\" r=\"1.6\"/></svg></a>");
        out
    }

    /// The room of a ∵ button, for figures of the same column that have none: digits stay aligned.
    #[must_use]
    pub fn no_why(&self) -> Html {
        let mut out = Html::new();
        out.raw("<span class=\"why-gap\"></span>");
        out
    }

    /// A citation: `§ 贷后管理细则 第十六条`; opens the article's text.
    #[must_use]
    pub fn citation(&self, address: impl AsRef<str>, article: impl AsRef<str>) -> Html {
        let mut out = Html::new();
        out.raw("<a class=\"cite\" data-drawer").href(address).raw("><span class=\"sec\">§</span> ");
        out.text(article).raw("</a>");
        out
    }

    /// A citation of something that has no page of its own.
    #[must_use]
    pub fn citation_text(&self, article: impl AsRef<str>) -> Html {
        let mut out = Html::new();
        out.raw("<span class=\"cite\"><span class=\"sec\">§</span> ").text(article).raw("</span>");
        out
    }

    /// The id of a rule, in its pill.
    #[must_use]
    pub fn rule(&self, id: impl AsRef<str>) -> Html {
        let mut out = Html::new();
        out.raw("<code class=\"rule\" lang=\"en\">").text(id).raw("</code>");
        out
    }

    /// A strip of key figures under the name of a customer or loan.
    #[must_use]
    pub fn key_figures(&self, figures: impl AsRef<[KeyFigure]>) -> Html {
        let mut out = Html::new();
        out.raw("<dl class=\"keys\">");
        for one in figures.as_ref() {
            out.raw("<div><dt>").text(&one.label).raw("</dt><dd>");
            out.raw(if one.overdue { "<span class=\"overdue\">" } else { "<span>" }).push(&one.value).raw("</span>");
            if !one.note.is_empty() {
                out.raw(" <span class=\"note\">").push(&one.note).raw("</span>");
            }
            if let Some(why) = &one.why {
                out.push(&self.why(why));
            }
            out.raw("</dd></div>");
        }
        out.raw("</dl>");
        out
    }

    /// A strip of tiles at the head of a page.
    #[must_use]
    pub fn tiles(&self, tiles: impl AsRef<[Tile]>) -> Html {
        let mut out = Html::new();
        out.raw("<div class=\"tiles panel\">");
        for tile in tiles.as_ref() {
            out.push(&self.tile(tile));
        }
        out.raw("</div>");
        out
    }

    fn tile(&self, tile: &Tile) -> Html {
        let mut out = Html::new();
        out.raw("<div class=\"tile\"><div class=\"label\">");
        if let Some(icon) = tile.icon {
            out.push(&icon.html());
        }
        out.text(&tile.label).raw("</div>");
        if let Some(why) = &tile.why {
            out.push(&self.why(why));
        }
        match &tile.href {
            Some(href) => out.raw("<a class=\"value\"").href(href).raw(">"),
            None => out.raw("<div class=\"value\">"),
        };
        out.raw("<b>").text(&tile.figure).raw("</b>");
        if !tile.unit.is_empty() {
            out.raw("<small>").text(&tile.unit).raw("</small>");
        }
        if let Some((tone, note)) = &tile.note {
            out.raw("<span class=\"note ").raw(tone.class()).raw("-ink\">").text(note).raw("</span>");
        }
        out.raw(if tile.href.is_some() { "</a></div>" } else { "</div></div>" });
        out
    }

    /// A progress bar in parts of a thousand, with an optional target line and the words that say it.
    #[must_use]
    pub fn progress(&self, permille: impl Given<u32>, target: impl Given<Option<u32>>, words: impl AsRef<str>) -> Html {
        let percent = |value: u32| format!("{}.{}%", value.min(1000) / 10, value.min(1000) % 10);
        let mut out = Html::new();
        let done = *permille.given() >= 1000;
        out.raw(if done { "<span class=\"bar full\" role=\"img\"" } else { "<span class=\"bar\" role=\"img\"" })
            .attr("aria-label", words)
            .raw("><i");
        out.attr("style", format!("width:{}", percent(*permille.given()))).raw("></i>");
        if let Some(target) = target.given() {
            out.raw("<s").attr("style", format!("left:{}", percent(*target))).raw("></s>");
        }
        out.raw("</span>");
        out
    }
}

fn figure(text: &str) -> Html {
    let mut out = Html::new();
    out.raw("<span class=\"num\">").text(text).raw("</span>");
    out
}

fn time(on: Date, text: &str) -> Html {
    let mut out = Html::new();
    out.raw("<time class=\"num\"").attr("datetime", on.to_string()).raw(">").text(text).raw("</time>");
    out
}
