//! The surveys of a customer on the customer's page.

use platform::customer_page::{PanelBody, PanelSize};
use platform::event::BoxFuture;
use platform::id::{CustomerId, UserId};
use platform::page::{Button, Html, Icon, Look, Ui};
use platform::policies::{self, InForce};
use platform::web::{Visit, WebError};
use platform::work::Work;

use super::model::{Survey, Task};
use super::{RECORD, list, store};
use crate::customer::actions::load_within;
use crate::customer::store::user_names;
use crate::datum::view::points;
use crate::lead::policy::title;
use crate::sorting::view::hint;
use crate::standing::why::outcome_title;
use crate::{VIEW, card_table, merge};

/// The tab on the customer page.
pub(crate) fn panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        load_within(work, id, VIEW).await?;
        let (mut all, mut tasks) = (Vec::new(), Vec::new());
        for file in merge::united_within(work, id).await? {
            all.extend(store::of_customer(&mut work.tx, file).await?);
            tasks.extend(store::tasks(&mut work.tx, file).await?);
        }
        let count = i64::try_from(all.iter().filter(|one| one.answer.is_none()).count()).ok();
        if size == PanelSize::Brief {
            return Ok(PanelBody { count, html: Html::new() });
        }
        let on = work.business_date;
        let policy = policies::in_force(work, on).await?;
        let people: Vec<UserId> = all
            .iter()
            .filter_map(|one| one.answer.as_ref().map(|answer| answer.by))
            .chain(tasks.iter().map(|task| task.content.owner))
            .collect();
        let names = user_names(&mut work.tx, &people).await?;
        let ui = visit.ui();
        let name = |user: UserId| names.get(&user).cloned().unwrap_or_else(|| ui.t("timeline-system"));
        let mut html = Html::new();
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("survey-title"));
        html.raw("</h2><span class=\"sub\">").text(ui.t("survey-note")).raw("</span></header>");
        if all.is_empty() {
            html.push(&hint(&ui.t("survey-none-here")));
        } else {
            let heads = ["survey-drawn-on", "survey-why", "survey-result", "survey-marks", "document-verbs"];
            let rows: Vec<Vec<Html>> = all.iter().rev().map(|one| row(visit, &ui, &policy, &name, one)).collect();
            html.push(&card_table::draw(&ui.t("survey-title"), &heads.map(|head| ui.t(head)), &rows));
        }
        html.raw("</section>");
        if !tasks.is_empty() {
            html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("survey-tasks"));
            html.raw("</h2></header>");
            let heads = ["survey-improvement", "survey-owner", "survey-due-on", "survey-task-state", "document-verbs"];
            let rows: Vec<Vec<Html>> = tasks.iter().rev().map(|one| task_row(visit, &ui, &name, one)).collect();
            html.push(&card_table::draw(&ui.t("survey-tasks"), &heads.map(|head| ui.t(head)), &rows));
            html.raw("</section>");
        }
        Ok(PanelBody { count, html })
    })
}

fn row(visit: &Visit, ui: &Ui, policy: &InForce, name: &impl Fn(UserId) -> String, one: &Survey) -> Vec<Html> {
    let output = crate::sorting::rules::output_of(policy, ui.business_date, &one.of.0).unwrap_or_default();
    let why = outcome_title(ui, policy, &output, &one.of.1);
    let (mut marks, mut verbs) = (Html::new(), Html::new());
    if let Some(answer) = &one.answer {
        if let Some(score) = answer.score_centi {
            marks.raw("<b>").text(points(score)).raw("</b>");
        }
        for (item, mark) in &answer.marks {
            marks.raw("<div>").text(format!("{}: {mark}", title(ui, policy, "survey_item", item))).raw("</div>");
        }
        marks.raw("<div>").text(&answer.words).raw(" <small class=\"muted\">");
        let way = answer.way.map(|way| ui.t(format!("survey-way-{}", way.as_str()))).unwrap_or_default();
        marks.text(format!("{} {way} {}", answer.on, name(answer.by))).raw("</small></div>");
    } else if visit.may(RECORD) {
        let href = format!("/customers/{}/surveys/{}/answer", one.customer, one.id);
        verbs.push(&ui.button(Button::link(Look::Small, ui.t("survey-answer"), href).icon(Icon::Check)));
    }
    let state = list::state(ui, one.answer.as_ref().map(|answer| answer.result)).0;
    vec![ui.date(one.drawn_on), Html::of_text(why), state, marks, verbs]
}

fn task_row(visit: &Visit, ui: &Ui, name: &impl Fn(UserId) -> String, one: &Task) -> Vec<Html> {
    let mut what = Html::of_text(&one.content.what);
    let mut verbs = Html::new();
    match &one.done {
        Some((on, _, words)) => {
            what.raw("<br><small class=\"muted\">").text(format!("{on} {words}")).raw("</small>");
        }
        None if visit.may(RECORD) => {
            let href = format!("/customers/{}/survey-tasks/{}/done", one.customer, one.id);
            verbs.push(&ui.button(Button::link(Look::Small, ui.t("survey-task-done"), href).icon(Icon::Check)));
        }
        None => {}
    }
    let state = list::task_state(ui, one.content.due_on, one.done.as_ref().map(|done| done.0)).0;
    vec![what, Html::of_text(name(one.content.owner)), ui.date(one.content.due_on), state, verbs]
}
