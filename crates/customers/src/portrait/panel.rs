//! The portrait of a person on the customer's page.

use platform::customer_page::{PanelBody, PanelSize};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::page::{Button, Html, Icon, Look, Ui};
use platform::policies::{self, InForce};
use platform::web::{Visit, WebError};
use platform::work::Work;

use super::rules::{Drawn, Portrait};
use crate::customer::actions::load_within;
use crate::datum::view::title;
use crate::sorting::view::{facts as lines, hint};
use crate::standing::why::outcome_title;
use crate::{EDIT, VIEW, merge};

/// The tab on the customer page; of persons only.
pub(crate) fn panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let customer = load_within(work, id, VIEW).await?;
        if size == PanelSize::Brief {
            return Ok(PanelBody::default());
        }
        let ui = visit.ui();
        let on = work.business_date;
        let policy = policies::in_force(work, on).await?;
        let drawn = super::drawn(work, &customer, &policy, on).await?;
        let stays = merge::root(&mut work.tx, id).await.map_err(platform::error::ActionError::from)? == id;
        let mut html = Html::new();
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("portrait-title"));
        html.raw("</h2><span class=\"sub\">").text(ui.t("portrait-note")).raw("</span><div class=\"end\">");
        if drawn == Drawn::NoConsent && stays && visit.may(EDIT) {
            let consent = format!("/customers/{id}/data/dealing/new");
            let button = Button::link(Look::Small, ui.t("portrait-record-consent"), consent);
            html.push(&ui.button(button.icon(Icon::Plus)));
        }
        html.raw("</div></header>");
        match &drawn {
            Drawn::NotOffered => html.push(&hint(&ui.t("portrait-not-offered"))),
            Drawn::NoConsent => html.push(&hint(&ui.t("portrait-no-consent"))),
            Drawn::Portrait(portrait) => html.push(&drawn_of(&ui, &policy, portrait)),
        };
        html.raw("</section>");
        Ok(PanelBody { count: None, html })
    })
}

fn drawn_of(ui: &Ui, policy: &InForce, portrait: &Portrait) -> Html {
    if portrait.says.is_empty() {
        return hint(&ui.t("portrait-nothing"));
    }
    let line = |(output, value): &(String, String)| {
        (ui.t(format!("policy-column-{output}")), Html::of_text(outcome_title(ui, policy, output, value)))
    };
    let mut rows: Vec<(String, Html)> = portrait.says.iter().map(line).collect();
    let from: Vec<String> = portrait.from.iter().map(|name| title(ui, policy, name)).collect();
    rows.push((ui.t("portrait-from"), Html::of_text(from.join(&ui.t("list-comma")))));
    lines(&rows)
}
