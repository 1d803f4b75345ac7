//! The sheets of warning data of a customer on the customer's page.

use platform::customer_page::{PanelBody, PanelSize};
use platform::event::BoxFuture;
use platform::id::{CustomerId, UserId};
use platform::page::{Button, Html, Icon, Look, Ui};
use platform::policies::{self, InForce};
use platform::web::{Visit, WebError};
use platform::work::Work;

use super::model::WarningSheet;
use super::{list, store, wake};
use crate::care::RECORD;
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
        let customer = load_within(work, id, VIEW).await?;
        let mut all = Vec::new();
        for file in merge::united_within(work, id).await? {
            all.extend(store::of_customer(&mut work.tx, file).await?);
        }
        let count = i64::try_from(all.len()).ok();
        if size == PanelSize::Brief {
            return Ok(PanelBody { count, html: Html::new() });
        }
        let on = work.business_date;
        let policy = policies::in_force(work, on).await?;
        let next = wake::next(work, &customer, &policy, on).await?;
        let people: Vec<UserId> = all.iter().map(|one| one.by).collect();
        let names = user_names(&mut work.tx, &people).await?;
        let ui = visit.ui();
        let mut html = Html::new();
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("warning-title"));
        html.raw("</h2><span class=\"sub\">").text(ui.t("warning-note")).raw("</span><div class=\"end\">");
        if visit.may(RECORD) {
            let new = Button::link(Look::Small, ui.t("warning-new"), format!("/customers/{id}/warning-sheets/new"));
            html.push(&ui.button(new.icon(Icon::Plus)));
        }
        html.raw("</div></header>");
        if let Some(next) = next {
            html.push(&hint(&ui.t1("warning-next", "on", next)));
        }
        if all.is_empty() {
            html.push(&hint(&ui.t("warning-none-here")));
        } else {
            let heads = ["warning-collected-on", "warning-items", "warning-sign", "warning-finding", "warning-by"];
            let name = |user: UserId| names.get(&user).cloned().unwrap_or_default();
            let rows: Vec<Vec<Html>> = all.iter().rev().map(|one| row(&ui, &policy, &name, one)).collect();
            html.push(&card_table::draw(&ui.t("warning-title"), &heads.map(|head| ui.t(head)), &rows));
        }
        html.raw("</section>");
        Ok(PanelBody { count, html })
    })
}

fn row(ui: &Ui, policy: &InForce, name: &impl Fn(UserId) -> String, one: &WarningSheet) -> Vec<Html> {
    let mut items = Html::new();
    for said in &one.items {
        items.raw("<div>").text(format!("{}: {}", title(ui, policy, "warning_item", &said.item), said.text));
        items.raw("</div>");
    }
    vec![ui.date(one.on), items, list::sign(ui, one.sign).0, Html::of_text(&one.finding), Html::of_text(name(one.by))]
}
