//! Merged files on the customer page: the tab with what each holds, and the line that leads from a file that went.

use platform::approval::{self, ApprovalId};
use platform::customer_page::{PanelBody, PanelSize};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::page::{Button, Html, Icon, Look, Tone, Ui};
use platform::web::{Visit, WebError};
use platform::work::Work;

use super::model::{Merge, MergeState};
use super::store::{self, RecordedStep};
use super::{MERGE, pages, side, united};
use crate::card_table;
use crate::customer::model::Customer;
use crate::customer::store as customers;

/// What stands over the page of a file that went, and of one that holds others; nothing for most.
pub(crate) async fn banner(visit: &Visit, work: &mut Work, file: &Customer) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let mut words = Html::new();
    if let Some(one) = store::standing(&mut work.tx, file.id).await? {
        let since = one.merged_on.unwrap_or(one.asked_on);
        match united::number_for(work, one.into).await? {
            Some(number) => {
                words.text(ui.t2("merge-banner", "number", &number, "on", since)).raw(" <a");
                words.href(format!("/customers/{}", one.into)).raw(">").text(ui.t("merge-banner-open")).raw("</a>");
            }
            None => {
                words.text(ui.t1("merge-banner-elsewhere", "on", since));
            }
        }
        return Ok(ui.note(Tone::Watch, Icon::UserShare, words));
    }
    let held = super::gone_numbers(work, &[file.id]).await?.remove(&file.id).unwrap_or_default();
    if held.is_empty() {
        return Ok(words);
    }
    words.text(ui.t1("merge-holds", "numbers", held.join(&ui.t("list-comma")))).raw(" <a");
    words.href(format!("/customers/{}?tab=merged", file.id)).raw(">").text(ui.t("merge-tab")).raw("</a>");
    Ok(ui.note(Tone::Info, Icon::Users, words))
}

/// The tab on the customer page.
pub(crate) fn panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let all = store::of_file(&mut work.tx, id).await?;
        let stand = all.iter().filter(|one| one.state == MergeState::Merged).count();
        let count = i64::try_from(stand).ok().filter(|count| *count > 0);
        if size == PanelSize::Brief {
            return Ok(PanelBody { count, html: Html::new() });
        }
        let ui = visit.ui();
        let mut html = Html::new();
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("merge-tab"));
        html.raw("</h2><span class=\"sub\">").text(ui.t("merge-tab-note")).raw("</span><div class=\"end\">");
        html.push(&pages::compare_button(visit, &ui, id)).raw("</div></header>");
        if all.is_empty() {
            html.raw("<div class=\"panel-body\"><p class=\"hint\">").text(ui.t("merge-none-here")).raw("</p></div>");
        } else {
            html.push(&merges(visit, &ui, work, id, &all).await?);
        }
        html.raw("</section>");
        for one in all.iter().filter(|one| one.state == MergeState::Merged && one.into == id) {
            html.push(&what_it_holds(&ui, work, one.gone).await?);
        }
        Ok(PanelBody { count, html })
    })
}

/// Every merge of the file with its steps, and what can be done about it.
async fn merges(visit: &Visit, ui: &Ui, work: &mut Work, id: CustomerId, all: &[Merge]) -> Result<Html, WebError> {
    let heads = ["gone", "into", "state", "reason", "steps", "verbs"].map(|head| ui.t(format!("merge-{head}")));
    let mut rows = Vec::new();
    for one in all {
        let steps = store::steps(&mut work.tx, one.gone).await?;
        let mut verbs = Html::new();
        if visit.may(MERGE) && one.state == MergeState::Merged && !one.undo_waits() {
            let undo = Button::link(Look::Small, ui.t("merge-undo"), format!("/customers/{}/unmerge", one.gone));
            verbs.push(&ui.button(undo.icon(Icon::ArrowBackUp)));
        }
        if let (true, Some(approval)) = (visit.may(MERGE), waiting(one)) {
            if let Some(href) = approval::page_for(work, one.gone, approval).await? {
                verbs.raw("<a").href(href).raw(">").text(ui.t("merge-approval")).raw("</a> ");
            }
            if visit.user()?.0 == one.asked_by.0 || one.undo_waits() {
                verbs.push(&withdraw_form(visit, ui, one));
            }
        }
        rows.push(vec![
            file_link(work, one.gone, id).await?,
            file_link(work, one.into, id).await?,
            state(ui, one).0,
            Html::of_text(one.undo_reason.as_deref().unwrap_or(&one.reason)),
            steps_of(ui, one, &steps),
            verbs,
        ]);
    }
    Ok(card_table::draw(&ui.t("merge-tab"), &heads, &rows))
}

/// The approval that is waited for.
fn waiting(one: &Merge) -> Option<ApprovalId> {
    match one.state {
        MergeState::Requested => one.approval,
        MergeState::Merged => one.undo_approval,
        MergeState::Refused | MergeState::Ended => None,
    }
}

fn withdraw_form(visit: &Visit, ui: &Ui, one: &Merge) -> Html {
    let mut out = Html::new();
    out.raw("<form method=\"post\"").attr("action", format!("/customers/{}/merge/withdraw", one.gone)).raw(">");
    out.push(&ui.guard(visit.guard()));
    out.push(&ui.button(Button::submit(Look::Small, ui.t("merge-withdraw")).icon(Icon::X))).raw("</form>");
    out
}

/// The number as a link; the file of this page without one, and a file out of reach without its number.
async fn file_link(work: &mut Work, file: CustomerId, own: CustomerId) -> Result<Html, ActionError> {
    let mut out = Html::new();
    match united::number_for(work, file).await? {
        Some(number) if file == own => out.text(number),
        Some(number) => out.raw("<a").href(format!("/customers/{file}")).raw(">").text(number).raw("</a>"),
        None => out.raw("—"),
    };
    Ok(out)
}

/// Where a merge stands, as a badge and in words.
pub(super) fn state(ui: &Ui, one: &Merge) -> (Html, String) {
    let (tone, icon, word) = match one.state {
        MergeState::Requested => (Tone::Watch, Icon::Clock, "requested"),
        MergeState::Merged if one.undo_waits() => (Tone::Watch, Icon::Clock, "undo"),
        MergeState::Merged => (Tone::Ok, Icon::CircleCheck, "merged"),
        MergeState::Refused => (Tone::Neutral, Icon::Ban, "refused"),
        MergeState::Ended => (Tone::Neutral, Icon::ArrowBackUp, "ended"),
    };
    let word = ui.t(format!("merge-state-{word}"));
    (ui.badge(tone, icon, &word), word)
}

fn steps_of(ui: &Ui, one: &Merge, steps: &[RecordedStep]) -> Html {
    let mut out = Html::new();
    for step in steps.iter().filter(|step| step.merge == one.id) {
        let word = ui.t(format!("merge-step-{}", step.step.as_str().replace('_', "-")));
        let by = if step.by.is_empty() { ui.t("timeline-system") } else { step.by.clone() };
        out.raw("<div>").push(&ui.date(step.on)).raw(" ").text(format!("{word} · {by}"));
        if !step.note.is_empty() {
            out.raw(" <span class=\"muted\">").text(&step.note).raw("</span>");
        }
        out.raw("</div>");
    }
    out
}

/// What a merged file holds, with the way to each; nothing of one that the reader may not see.
async fn what_it_holds(ui: &Ui, work: &mut Work, id: CustomerId) -> Result<Html, WebError> {
    let mut out = Html::new();
    let Some(number) = united::number_for(work, id).await? else { return Ok(out) };
    let name = customers::names(&mut work.tx, &[id]).await?.remove(&id).map(|(_, name)| name).unwrap_or_default();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(format!("{name} {number}"));
    out.raw("</h2></header><div class=\"panel-body\"><dl class=\"facts\">");
    for (label, value) in side::held(ui, work, id).await? {
        out.raw("<dt>").text(label).raw("</dt><dd>").push(&value).raw("</dd>");
    }
    out.raw("</dl><p>");
    for (tab, title) in [
        ("loans", "merge-open-loans"),
        ("data", "data-title"),
        ("documents", "documents-title"),
        ("evaluations", "evaluation-title"),
        ("contacts", "contacts-title"),
        ("accounts", "accounts-title"),
    ] {
        out.raw("<a").href(format!("/customers/{id}?tab={tab}")).raw(">").text(ui.t(title)).raw("</a> ");
    }
    out.raw("</p></div></section>");
    Ok(out)
}
