//! The answer to "why" (推导): facts, rules, arithmetic, the legal ceiling; shown in the drawer.

use super::{Button, Given, Html, Icon, Look, Tone, Ui};

/// Articles (条文) as a page cites them: the address of each (may be empty) and its name.
pub type Articles = Vec<(String, String)>;

/// A derivation (推导) of one figure, class or duty, ready to be drawn.
///
/// Order on the page: the figure; ∵ facts, numbered; ∵ rules with id and article;
/// ∴ steps with their unrounded product; the result; the check against the law; the pack.
#[derive(Debug, Clone, Default)]
pub struct Derivation {
    /// The question: 为什么：第 7 期应收罚息.
    pub title: String,
    /// The subject and the two clocks.
    pub subtitle: String,
    /// The figure or badge.
    pub figure: Html,
    /// What is said after it.
    pub figure_note: String,
    /// What happened or was stated.
    pub facts: Vec<FactLine>,
    /// The rules that hit.
    pub rules: Vec<RuleLine>,
    /// The rows that came nearest without hitting, a sentence each.
    pub missed: Vec<String>,
    /// The arithmetic.
    pub steps: Vec<StepLine>,
    /// The result with the rounding named: label and figure.
    pub result: Option<(String, String)>,
    /// The check against the law: tone, sentence, articles (page, name).
    pub ceiling: Option<(Tone, String, Articles)>,
    /// Policy pack, version, fingerprint.
    pub pack: String,
    /// Where it is printed.
    pub print: Option<String>,
}

/// A fact of a derivation (事实).
#[derive(Debug, Clone, Default)]
pub struct FactLine {
    /// What it says.
    pub text: String,
    /// Its value.
    pub value: String,
    /// The page of the fact.
    pub href: Option<String>,
}

/// A rule of a derivation (规则).
#[derive(Debug, Clone, Default)]
pub struct RuleLine {
    /// The plain sentence.
    pub text: String,
    /// What it gives.
    pub value: String,
    /// The rule's id.
    pub id: String,
    /// The articles: page (may be empty) and name.
    pub articles: Articles,
}

/// A step of the arithmetic (计算).
#[derive(Debug, Clone, Default)]
pub struct StepLine {
    /// From, to, days, or what is done.
    pub text: String,
    /// `25,109.88 × 0.0500% × 8 = 100.43952`.
    pub product: String,
    /// The rounded value.
    pub value: String,
}

impl Ui {
    /// Draws a derivation as the content of the drawer (or of a page, without scripts).
    #[must_use]
    pub fn derivation(&self, derivation: impl Given<Derivation>) -> Html {
        let it = derivation.given();
        let mut out = Html::new();
        out.raw("<header class=\"drawer-head\"><span class=\"why open\" aria-hidden=\"true\"><svg viewBox=\"0 0 18 18\"><circle cx=\"5\" cy=\"6.2\" r=\"1.6\"/><circle cx=\"13\" cy=\"6.2\" r=\"1.6\"/><circle cx=\"9\" cy=\"12.4\" r=\"1.6\"/></svg></span>");
        out.raw("<div><h2>").text(&it.title).raw("</h2><p>").text(&it.subtitle).raw("</p></div>");
        out.raw("<button type=\"button\" class=\"close\" data-drawer-close").attr("aria-label", self.t("close"));
        out.raw("><kbd>Esc</kbd>").push(&Icon::X.html()).raw("</button></header>");
        out.raw("<div class=\"drawer-figure\"><b>").push(&it.figure).raw("</b><span>").text(&it.figure_note);
        out.raw("</span></div><div class=\"drawer-body\">");
        let mut number = 0;
        out.push(&self.facts(it, &mut number)).push(&self.rules(it, &mut number));
        out.push(&self.missed(it)).push(&self.steps(it));
        if let Some((tone, text, articles)) = &it.ceiling {
            let icon = if *tone == Tone::Ok { Icon::CircleCheck } else { Icon::AlertTriangle };
            let mut body = Html::of_text(text);
            for (address, article) in articles {
                body.raw(" ").push(&self.cite(address, article));
            }
            out.push(&self.note(tone, icon, body));
        }
        out.raw("</div><footer class=\"drawer-foot\"><span>").text(&it.pack).raw("</span>");
        if let Some(print) = &it.print {
            out.push(&self.button(Button::link(Look::Small, self.t("print"), print).icon(Icon::Printer)));
        }
        out.raw("</footer>");
        out
    }

    fn facts(&self, it: &Derivation, number: &mut u32) -> Html {
        let mut out = Html::new();
        if it.facts.is_empty() {
            return out;
        }
        out.raw("<h3>∵ ").text(self.t("why-facts")).raw("</h3><ol class=\"lines\">");
        for fact in &it.facts {
            *number += 1;
            out.raw("<li><i>").text(number.to_string()).raw("</i><div>");
            match &fact.href {
                Some(href) => out.raw("<a").href(href).raw(">").text(&fact.text).raw("</a>"),
                None => out.text(&fact.text),
            };
            out.raw("</div><b class=\"num\">").text(&fact.value).raw("</b></li>");
        }
        out.raw("</ol>");
        out
    }

    fn rules(&self, it: &Derivation, number: &mut u32) -> Html {
        let mut out = Html::new();
        if it.rules.is_empty() {
            return out;
        }
        out.raw("<h3>∵ ").text(self.t("why-rules")).raw("</h3><ol class=\"lines\">");
        for rule in &it.rules {
            *number += 1;
            out.raw("<li><i>").text(number.to_string()).raw("</i><div>").text(&rule.text).raw("<p>");
            if !rule.id.is_empty() {
                out.push(&self.rule(&rule.id)).raw(" ");
            }
            for (address, article) in &rule.articles {
                out.push(&self.cite(address, article)).raw(" ");
            }
            out.raw("</p></div><b class=\"num\">").text(&rule.value).raw("</b></li>");
        }
        out.raw("</ol>");
        out
    }

    fn missed(&self, it: &Derivation) -> Html {
        let mut out = Html::new();
        if it.missed.is_empty() {
            return out;
        }
        out.raw("<h3>").text(self.t("why-missed-rows")).raw("</h3><ul class=\"plainlist changes\">");
        for row in &it.missed {
            out.raw("<li>").text(row).raw("</li>");
        }
        out.raw("</ul>");
        out
    }

    fn steps(&self, it: &Derivation) -> Html {
        let mut out = Html::new();
        if it.steps.is_empty() && it.result.is_none() {
            return out;
        }
        out.raw("<h3>∴ ").text(self.t("why-steps")).raw("</h3><ol class=\"lines\">");
        for (place, step) in it.steps.iter().enumerate() {
            out.raw("<li><i>").text(letter(place)).raw("</i><div>").text(&step.text);
            out.raw("<p class=\"num\">").text(&step.product).raw("</p></div><b class=\"num\">");
            out.text(&step.value).raw("</b></li>");
        }
        if let Some((label, value)) = &it.result {
            out.raw("<li class=\"grand\"><i>").text(letter(it.steps.len())).raw("</i><div>").text(label);
            out.raw("</div><b class=\"num\">").text(value).raw("</b></li>");
        }
        out.raw("</ol>");
        out
    }

    fn cite(&self, address: &str, article: &str) -> Html {
        if address.is_empty() { self.citation_text(article) } else { self.citation(address, article) }
    }
}

/// a, b, … z, aa, ab: long derivations have many lines.
fn letter(place: usize) -> String {
    const LETTERS: &[u8; 26] = b"abcdefghijklmnopqrstuvwxyz";
    let last = char::from(LETTERS[place % 26]);
    match place / 26 {
        0 => last.to_string(),
        before => format!("{}{last}", letter(before - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn steps_are_lettered_beyond_z() {
        assert_eq!([letter(0), letter(25), letter(26), letter(701), letter(702)], ["a", "z", "aa", "zz", "aaa"]);
    }
}
