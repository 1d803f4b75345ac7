//! How a customer is cared for, on the customer's page (客户维护): plans, contacts, and what may be made.

use platform::customer_page::{PanelBody, PanelSize};
use platform::event::BoxFuture;
use platform::id::{CustomerId, UserId};
use platform::page::{Button, Html, Icon, Look, Ui};
use platform::policies::{self, InForce};
use platform::web::{Visit, WebError};
use platform::work::Work;

use super::model::{CareContact, Plan, Served};
use super::{RECORD, list, page_of, policy, rules, wake};
use crate::customer::actions::load_within;
use crate::customer::store::user_names;
use crate::lead::policy::title;
use crate::sorting::view::{hint, link};
use crate::{VIEW, card_table};

/// The tab on the customer page.
pub(crate) fn panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let customer = load_within(work, id, VIEW).await?;
        let (plans, contacts) = wake::seen(work, id).await?;
        let count = i64::try_from(plans.len()).ok();
        if size == PanelSize::Brief {
            return Ok(PanelBody { count, html: Html::new() });
        }
        let ui = visit.ui();
        let on = work.business_date;
        let in_force = policies::in_force(work, on).await?;
        let kinds = policy::kinds(&in_force, on, customer.kind)?;
        let stood = wake::stood(work, &customer).await?;
        let united = wake::united(work, &customer).await?;
        let mut html = Html::new();
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("care-title"));
        html.raw("</h2><span class=\"sub\">").text(ui.t("care-note")).raw("</span><div class=\"end\">");
        if visit.may(RECORD) {
            for kind in rules::names(&kinds, &stood) {
                let titled = title(&ui, &in_force, "care_plan", &kind);
                let href = format!("/customers/{id}/care/new?kind={kind}");
                let button = Button::link(Look::Small, ui.t1("care-new-of", "kind", titled), href);
                html.push(&ui.button(button.icon(Icon::Plus))).raw(" ");
            }
        }
        html.raw("</div></header>");
        if rules::lacking(&kinds, &stood, &united) {
            html.push(&hint(&ui.t("care-lacking")));
        }
        if plans.is_empty() {
            html.push(&hint(&ui.t("care-none-here")));
        } else {
            html.push(&history(&ui, &in_force, &plans));
        }
        html.raw("</section>");
        let served = wake::served(work, &customer, &in_force, on).await?;
        let next = wake::next_contact(work, &customer, (&united, &served)).await?;
        let people: Vec<UserId> = contacts.iter().map(|one| one.by).collect();
        let names = user_names(&mut work.tx, &people).await?;
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("care-contacts"));
        html.raw("</h2><div class=\"end\">");
        if visit.may(RECORD) {
            let new = Button::link(Look::Small, ui.t("care-contact"), format!("/customers/{id}/care/contact"));
            html.push(&ui.button(new.icon(Icon::Plus)));
        }
        html.raw("</div></header>");
        html.push(&standards(&ui, &in_force, &served));
        if let Some(next) = next {
            html.push(&hint(&ui.t1("care-next-contact", "on", next)));
        }
        if contacts.is_empty() {
            html.push(&hint(&ui.t("care-contacts-none")));
        } else {
            html.push(&table(&ui, &contacts, |user| names.get(&user).cloned().unwrap_or_default()));
        }
        html.raw("</section>");
        Ok(PanelBody { count, html })
    })
}

/// The service standards where the customer stands, with the days between contacts.
fn standards(ui: &Ui, policy: &InForce, served: &[Served]) -> Html {
    let mut out = Html::new();
    for one in served {
        let level = title(ui, policy, "service_level", &one.rhythm.level);
        let days = one.rhythm.days;
        let every = if days > 0 { ui.t1("care-every", "days", days) } else { ui.t("care-on-demand") };
        out.push(&hint(&ui.t2("care-standard", "level", level, "every", every)));
    }
    out
}

fn history(ui: &Ui, policy: &InForce, plans: &[Plan]) -> Html {
    let heads = ["care-made-on", "care-number", "care-kind", "care-review-on", "care-state"].map(|head| ui.t(head));
    let rows = plans.iter().map(|one| {
        vec![
            ui.date(one.made_on),
            link(page_of(one.id), &one.number),
            Html::of_text(title(ui, policy, "care_plan", &one.kind)),
            ui.date_or_dash(one.review_on),
            list::state(ui, one.state, !one.is_current(), one.review_on).0,
        ]
    });
    card_table::draw(&ui.t("care-title"), &heads, &rows.collect::<Vec<_>>())
}

fn table(ui: &Ui, contacts: &[CareContact], name: impl Fn(UserId) -> String) -> Html {
    let heads = ["care-happened-on", "care-way", "care-content", "care-response", "care-maker"].map(|head| ui.t(head));
    let rows = contacts.iter().map(|one| {
        vec![
            ui.date(one.said.on),
            Html::of_text(ui.t(format!("care-way-{}", one.said.way.as_str()))),
            Html::of_text(&one.said.content),
            Html::of_text(&one.said.response),
            Html::of_text(name(one.by)),
        ]
    });
    card_table::draw(&ui.t("care-contacts"), &heads, &rows.collect::<Vec<_>>())
}
