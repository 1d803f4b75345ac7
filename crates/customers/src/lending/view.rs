//! What classes do at lending, in words: on the admission review and the customer page.

use platform::locale::Lang;
use platform::page::{Html, Icon, Tone, Ui};
use platform::policies::{self, InForce};

use super::effect::Effect;

/// The effect with the class, the row and the article behind each part; nothing where no class says anything.
pub(crate) fn note(ui: &Ui, rules: &InForce, effect: &Effect) -> Html {
    if effect.lines.is_empty() {
        return Html::new();
    }
    let english = ui.lang() == Lang::En;
    let mut body = Html::of_text(words(ui, effect));
    for line in &effect.lines {
        body.raw("<br>").text(format!("{} {}", line.row, if english { &line.en } else { &line.zh }));
        for id in &line.articles {
            body.raw(" ").push(&ui.citation(policies::article_address(id), rules.article_title(id, english)));
        }
    }
    let (tone, icon) = if effect.restricting().next().is_some() {
        (Tone::Watch, Icon::AlertTriangle)
    } else {
        (Tone::Ok, Icon::CircleCheck)
    };
    ui.note(tone, icon, body)
}

/// The effect as one sentence.
pub(crate) fn words(ui: &Ui, effect: &Effect) -> String {
    if !effect.allowed {
        return ui.t("lending-refused");
    }
    let facts = [
        ("chain", ui.t(format!("lending-chain-{}", effect.chain.as_str()))),
        ("share", percent(effect.share_ppm)),
        ("cut", effect.cut_bp.to_string()),
    ];
    ui.tn("lending-effect", &facts)
}

/// Parts per million as per cent.
fn percent(ppm: i64) -> String {
    platform::locale::rate_percent(ppm.saturating_mul(1_000))
}
