//! The complaints of a customer on the customer's page.

use platform::customer_page::{PanelBody, PanelSize};
use platform::event::BoxFuture;
use platform::id::{CustomerId, UserId};
use platform::page::{Button, Html, Icon, Look, Ui};
use platform::policies::{self, InForce};
use platform::web::{Visit, WebError};
use platform::work::Work;

use super::model::{Complaint, Done, Step};
use super::{HANDLE, RECORD, list, store};
use crate::customer::actions::load_within;
use crate::customer::store::user_names;
use crate::lead::policy::title;
use crate::sorting::view::hint;
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
        let mut held = Vec::new();
        for file in merge::united_within(work, id).await? {
            held.extend(store::of_customer(&mut work.tx, file).await?);
        }
        let open = held.iter().filter(|one| one.answer().is_none()).count();
        let count = i64::try_from(open).ok();
        if size == PanelSize::Brief {
            return Ok(PanelBody { count, html: Html::new() });
        }
        let on = work.business_date;
        let policy = policies::in_force(work, on).await?;
        let people: Vec<UserId> =
            held.iter().flat_map(|one| one.steps.iter().map(|step| step.by).chain([one.by])).collect();
        let names = user_names(&mut work.tx, &people).await?;
        let ui = visit.ui();
        let name = |by: UserId| names.get(&by).cloned().unwrap_or_else(|| ui.t("timeline-system"));
        let mut html = Html::new();
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("complaint-title"));
        html.raw("</h2><span class=\"sub\">").text(ui.t("complaint-note")).raw("</span><div class=\"end\">");
        if visit.may(RECORD) {
            let new = Button::link(Look::Small, ui.t("complaint-new"), format!("/customers/{id}/complaints/new"));
            html.push(&ui.button(new.icon(Icon::Plus)));
        }
        html.raw("</div></header>");
        if held.is_empty() {
            html.push(&hint(&ui.t("complaint-none-here")));
        } else {
            let heads = [
                "complaint-number",
                "complaint-content",
                "complaint-dept",
                "complaint-due-on",
                "complaint-state",
                "complaint-steps",
                "document-verbs",
            ];
            let rows: Vec<Vec<Html>> = held.iter().rev().map(|one| row(visit, &ui, &policy, &name, one)).collect();
            html.push(&card_table::draw(&ui.t("complaint-title"), &heads.map(|head| ui.t(head)), &rows));
        }
        html.raw("</section>");
        Ok(PanelBody { count, html })
    })
}

fn row(visit: &Visit, ui: &Ui, policy: &InForce, name: &impl Fn(UserId) -> String, one: &Complaint) -> Vec<Html> {
    let said = &one.content;
    let small = |html: &mut Html, text: &str| {
        html.raw("<br><small class=\"muted\">").text(text).raw("</small>");
    };
    let mut number = Html::of_text(&one.number);
    small(&mut number, &title(ui, policy, "complaint_kind", &said.kind));
    let mut content = Html::of_text(&said.content);
    if !said.wish.is_empty() {
        small(&mut content, &ui.t1("complaint-wants", "wish", &said.wish));
    }
    let way = ui.t(format!("complaint-way-{}", said.way.as_str()));
    small(&mut content, &format!("{} {way} · {}", said.received_on, name(one.by)));
    let late = one.is_late(ui.business_date);
    let mut state = list::state(ui, one.answer().map(|(answer, _)| answer.outcome), late).0;
    if late && one.answer().is_some() {
        small(&mut state, &ui.t("complaint-was-late"));
    }
    let mut steps = Html::new();
    for step in &one.steps {
        steps.raw("<div>").text(words(ui, policy, step)).raw(" <small class=\"muted\">");
        steps.text(format!("{} {}", step.on, name(step.by))).raw("</small></div>");
    }
    let mut verbs = Html::new();
    if visit.may(HANDLE) && one.answer().is_none() {
        let own = format!("/customers/{}/complaints/{}", one.customer, one.id);
        for (part, word, icon) in
            [("answer", "complaint-answer", Icon::Check), ("pass", "complaint-pass", Icon::UserShare)]
        {
            let button = Button::link(Look::Small, ui.t(word), format!("{own}/{part}"));
            verbs.push(&ui.button(button.icon(icon))).raw(" ");
        }
    }
    let dept = Html::of_text(title(ui, policy, "complaint_dept", one.dept()));
    vec![number, content, dept, ui.date(one.due_on), state, steps, verbs]
}

/// What was done, in words.
fn words(ui: &Ui, policy: &InForce, step: &Step) -> String {
    match &step.done {
        Done::Routed { dept, note } => {
            let to = ui.t1("complaint-routed-to", "dept", title(ui, policy, "complaint_dept", dept));
            [to.as_str(), note.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        }
        Done::Answered(answer) => {
            let way = ui.t(format!("complaint-way-{}", answer.told_way.as_str()));
            let told = ui.t2("complaint-told", "date", answer.told_on, "way", way);
            let better = match answer.improvement.as_str() {
                "" => String::new(),
                text => ui.t1("complaint-improves", "text", text),
            };
            let parts = [answer.note.as_str(), told.as_str(), better.as_str()];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        }
    }
}
