//! What other pages show of a lost contact: a badge, and its part on the page of a case.

use std::collections::BTreeMap;

use platform::error::ActionError;
use platform::page::{Button, Html, Icon, Look, Tone, Ui};
use platform::web::Visit;
use platform::work::Work;

use super::model::LostKind;
use super::store;
use crate::CASE_WORK;
use crate::case::model::{Case, CaseState};

/// Lost or half-lost: word, shape and tone.
#[must_use]
pub(crate) fn badge(ui: &Ui, kind: LostKind) -> Html {
    let tone = if kind == LostKind::Half { Tone::Watch } else { Tone::Doubt };
    ui.badge(tone, Icon::UserX, ui.t(format!("lost-kind-{}", kind.as_str())))
}

/// The statuses of a case, with the way to set one and to trace.
///
/// # Errors
/// The store's.
pub(crate) async fn case_panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let all = store::of_case(&mut work.tx, case.key).await?;
    let people = if all.is_empty() { BTreeMap::new() } else { crate::people(work).await? };
    let works = visit.may(CASE_WORK) && matches!(case.state, CaseState::Open { .. });
    let mut html = Html::new();
    if all.is_empty() && !works {
        return Ok(html);
    }
    let own = format!("/collections/cases/{}", case.key.case);
    // Over merged files it may hang on a case of the other file.
    let standing = store::standing_at(&mut work.tx, case.key).await?;
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("lost-title"));
    html.raw("</h2><div class=\"end\">");
    let mut add = |label: &str, way: &str, icon: Icon| {
        html.push(&ui.button(Button::link(Look::Small, ui.t(label), format!("{own}/{way}")).icon(icon))).raw(" ");
    };
    if works && standing.as_ref().is_none_or(|one| one.kind == LostKind::Half) {
        add("lost-set", "lost", Icon::UserX);
    }
    if works && standing.is_some() {
        add("lost-take-back", "lost/take-back", Icon::ArrowBackUp);
    }
    if !all.is_empty() || (works && standing.is_some()) {
        add("trace-title", "trace", Icon::ListCheck);
    }
    html.raw("</div></header>");
    if all.is_empty() {
        html.raw("<p class=\"panel-body muted\">").text(ui.t("lost-none-here")).raw("</p>");
    }
    html.raw("<ul class=\"rows\">");
    for one in &all {
        html.raw("<li>").push(&badge(&ui, one.kind)).raw(" <span class=\"wrap-anywhere\">").text(&one.ground);
        html.raw("</span><span class=\"end\">").push(&ui.date(one.set_on));
        if let Some((on, end)) = one.ended {
            html.raw(" ").text(format!("{on} {}", ui.t(format!("lost-end-{}", end.as_str()))));
        }
        html.raw("</span>");
        if let Some(found) = store::quality(&mut work.tx, one).await? {
            html.raw("<p class=\"muted wrap-anywhere\">").text(ui.tn(
                "lost-quality-found",
                &[
                    ("name", people.get(&found.officer).cloned().unwrap_or_default()),
                    ("finding", found.finding),
                    ("measure", found.measure),
                ],
            ));
            html.raw("</p>");
        }
        html.raw("</li>");
    }
    html.raw("</ul></section>");
    Ok(html)
}
