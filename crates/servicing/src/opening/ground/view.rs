//! What stands behind a loan, in words: beside the form of a new loan, and on the loan's page.

use platform::error::ActionError;
use platform::locale::Lang;
use platform::page::{Html, Icon, Tone, Ui};
use platform::policies::{self, InForce, decision};
use platform::work::Work;

use super::store::Kept;
use super::{Ground, store};
use crate::loan::model::LoanKey;

/// The notes beside the form: the review or why none is asked for, the classes, the floor of the rate, the pledge.
pub(crate) fn notes(ui: &Ui, policy: &InForce, ground: &Ground) -> Html {
    let mut out = Html::new();
    let english = ui.lang() == Lang::En;
    let cite = |body: &mut Html, article: &str| {
        if !article.is_empty() {
            let title = policy.article_title(article, english);
            body.raw(" ").push(&ui.citation(policies::article_address(article), title));
        }
    };
    let (tone, icon, text) = match &ground.admission {
        Some((one, left)) => {
            let facts = [("number", one.number.clone()), ("left", ui.yuan(*left)), ("until", one.until.to_string())];
            (Tone::Ok, Icon::CircleCheck, ui.tn("ground-admission", &facts))
        }
        None if ground.asked.is_empty() => (Tone::Neutral, Icon::InfoCircle, String::new()),
        None => {
            let why = format!("ground-not-asked-{}", ground.asked.replace('_', "-"));
            (Tone::Neutral, Icon::InfoCircle, ui.t(why))
        }
    };
    if !text.is_empty() {
        let mut body = Html::of_text(text);
        cite(&mut body, &ground.article);
        out.push(&ui.note(tone, icon, body));
    }
    for line in &ground.effect.lines {
        let mut body = Html::of_text(if english { &line.en } else { &line.zh });
        line.articles.iter().for_each(|article| cite(&mut body, article));
        out.push(&ui.note(Tone::Info, Icon::InfoCircle, body));
    }
    if let Some(floor) = ground.floor_e9.filter(|_| ground.effect.cut_bp > 0) {
        let facts = [("floor", platform::locale::rate_percent(floor)), ("cut", ground.effect.cut_bp.to_string())];
        out.push(&ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.tn("ground-floor", &facts))));
    }
    if ground.pledge {
        out.push(&ui.note(Tone::Watch, Icon::AlertTriangle, Html::of_text(ui.t("ground-pledge"))));
    }
    out
}

/// What a program reads of it: the number of the review, and what was kept.
pub(crate) async fn kept(work: &mut Work, key: LoanKey) -> Result<Option<(Kept, Option<String>)>, ActionError> {
    let Some(kept) = store::of_loan(&mut work.tx, key).await? else { return Ok(None) };
    let number = match kept.admission {
        Some(id) => customers::admission::backing::number(work, id).await?,
        None => None,
    };
    Ok(Some((kept, number)))
}

/// The panel on the loan's page; nothing for loans that came in by import.
pub(crate) async fn panel(work: &mut Work, ui: &Ui, policy: &InForce, key: LoanKey) -> Result<Html, ActionError> {
    let Some((kept, number)) = kept(work, key).await? else { return Ok(Html::new()) };
    let english = ui.lang() == Lang::En;
    let on = work.business_date;
    let cited = decision::latest(&mut work.tx, key.customer, &key.subject(), super::DECISION, on).await?;
    let mut out = Html::new();
    out.raw("<section class=\"panel\" id=\"ground\"><header class=\"panel-head\"><h2>").text(ui.t("ground-title"));
    out.raw("</h2></header><dl class=\"facts panel-body\"><div><dt>").text(ui.t("ground-review")).raw("</dt><dd>");
    match (kept.admission, number) {
        (Some(id), Some(number)) => {
            out.raw("<a").href(format!("/admissions/{id}")).raw(">").text(number).raw("</a>");
        }
        _ => {
            out.text(ui.t("ground-none"));
        }
    }
    for id in cited.iter().flat_map(|decided| &decided.articles) {
        out.raw(" ").push(&ui.citation(policies::article_address(id), policy.article_title(id, english)));
    }
    out.raw("</dd></div><div><dt>").text(ui.t("ground-classes")).raw("</dt><dd>");
    let facts = [
        ("chain", ui.t(format!("lending-chain-{}", kept.chain))),
        ("share", platform::locale::rate_percent(kept.share_ppm.saturating_mul(1_000))),
        ("cut", kept.cut_bp.to_string()),
    ];
    out.text(ui.tn("lending-effect", &facts)).raw("</dd></div></dl></section>");
    Ok(out)
}
