//! The guarantees of a customer on the customer's page: indicators, the register, the history by product type.

use platform::customer_page::{PanelBody, PanelSize};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::page::{Button, Html, Icon, Look, Side as At, Table, Ui};
use platform::policies::{self, InForce};
use platform::web::{Visit, WebError};
use platform::work::Work;

use super::model::{Guarantee, Step};
use super::{list, rules, store};
use crate::customer::actions::load_within;
use crate::lead::policy::title;
use crate::relation::form::percent;
use crate::sorting::view::{facts, hint};
use crate::{EDIT, VIEW, card_table, merge};

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
            held.extend(store::of_customer(&mut work.tx, file).await?.into_iter().map(|one| (file, one)));
        }
        let on = work.business_date;
        let in_force = held.iter().filter(|(_, one)| one.left(on).is_positive()).count();
        let count = i64::try_from(in_force).ok();
        if size == PanelSize::Brief {
            return Ok(PanelBody { count, html: Html::new() });
        }
        let policy = policies::in_force(work, on).await?;
        let ui = visit.ui();
        let mut html = Html::new();
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("guarantees-title"));
        html.raw("</h2><span class=\"sub\">").text(ui.t("guarantee-note")).raw("</span><div class=\"end\">");
        if visit.may(EDIT) {
            let new = Button::link(Look::Small, ui.t("guarantee-new"), format!("/customers/{id}/guarantees/new"));
            html.push(&ui.button(new.icon(Icon::Plus)));
        }
        html.raw("</div></header>");
        if held.is_empty() {
            html.push(&hint(&ui.t("guarantee-none-here")));
        } else {
            let rows: Vec<Vec<Html>> = held.iter().rev().map(|one| row(visit, &ui, &policy, one)).collect();
            let heads = [
                "guarantee-number",
                "guarantee-side",
                "guarantee-beneficiary",
                "guarantee-project",
                "guarantee-amount",
                "guarantee-left",
                "guarantee-until",
                "guarantee-state",
                "guarantee-steps",
                "document-verbs",
            ];
            html.push(&card_table::draw(&ui.t("guarantees-title"), &heads.map(|head| ui.t(head)), &rows));
        }
        html.raw("</section>");
        if !held.is_empty() {
            let all: Vec<Guarantee> = held.into_iter().map(|(_, one)| one).collect();
            html.push(&sums(&ui, &policy, &all));
        }
        Ok(PanelBody { count, html })
    })
}

fn row(visit: &Visit, ui: &Ui, policy: &InForce, (id, one): &(CustomerId, Guarantee)) -> Vec<Html> {
    let on = ui.business_date;
    let said = &one.content;
    let mut number = Html::of_text(&said.number);
    number.raw("<br><small class=\"muted\">").text(title(ui, policy, "guarantee_kind", &said.kind)).raw("</small>");
    let side = list::side_word(ui, said.side);
    let mut beneficiary = Html::of_text(&said.beneficiary);
    if !said.debtor.is_empty() {
        beneficiary.raw("<br><small class=\"muted\">").text(ui.t1("guarantee-debtor-is", "name", &said.debtor));
        beneficiary.raw("</small>");
    }
    let mut project = Html::of_text(if said.project.is_empty() { "—" } else { said.project.as_str() });
    project.raw("<br><small class=\"muted\">").text(&said.purpose).raw("</small>");
    let mut amount = ui.money(said.amount);
    if said.cover.is_positive() {
        amount.raw("<br><small class=\"muted\">").text(ui.t("guarantee-cover")).raw(" ").push(&ui.money(said.cover));
        amount.raw("</small>");
    }
    let mut steps = Html::new();
    for step in &one.steps {
        steps.raw("<div>").push(&step_line(ui, step)).raw("</div>");
    }
    let mut verbs = Html::new();
    if visit.may(EDIT) && !rules::possible(one, on).is_empty() {
        let address = format!("/customers/{id}/guarantees/{}/step", one.id);
        verbs.push(&ui.button(Button::link(Look::Small, ui.t("guarantee-step"), address).icon(Icon::Edit)));
    }
    let state = list::state(ui, one.state(on)).0;
    let left = ui.money(one.left(on));
    vec![number, Html::of_text(side), beneficiary, project, amount, left, ui.date(said.until), state, steps, verbs]
}

fn step_line(ui: &Ui, step: &Step) -> Html {
    let mut line = Html::of_text(format!("{} {}", step.on, ui.t(format!("guarantee-step-{}", step.kind.as_str()))));
    if let Some(amount) = step.amount {
        line.raw(" ").push(&ui.money(amount));
    }
    line.raw(" <small class=\"muted\">").text(&step.note).raw("</small>");
    line
}

/// The indicators (S3-08) and the history by product type (S3-27).
fn sums(ui: &Ui, policy: &InForce, all: &[Guarantee]) -> Html {
    let on = ui.business_date;
    let found = rules::indicators(all, on);
    let share = |ppm: Option<i64>| ppm.map_or_else(|| ui.dash(), |ppm| Html::of_text(format!("{}%", percent(ppm))));
    let mut html = Html::new();
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("guarantee-indicators"));
    html.raw("</h2><span class=\"sub\">").text(ui.t("guarantee-indicators-note")).raw("</span></header>");
    html.push(&facts(&[
        (ui.t("guarantee-guaranteed"), ui.money(found.guaranteed)),
        (ui.t("guarantee-given"), ui.money(found.given)),
        (ui.t("guarantee-ever"), ui.money(found.ever)),
        (ui.t("guarantee-lost"), ui.money(found.lost)),
        (ui.t("guarantee-coverage"), share(found.coverage_ppm)),
        (ui.t("guarantee-overdue-ratio"), share(found.overdue_ppm)),
        (ui.t("guarantee-loss-ratio"), share(found.loss_ppm)),
    ]));
    html.raw("</section>");
    let lines = rules::history(all, on);
    if lines.is_empty() {
        return html;
    }
    let heads = [
        ("guarantee-kind", At::Left),
        ("guarantee-times", At::Right),
        ("guarantee-amount", At::Right),
        ("guarantee-left", At::Right),
        ("guarantee-lost", At::Right),
        ("guarantee-clean", At::Right),
        ("guarantee-longest", At::Right),
    ];
    let mut table = Table::new(ui.t("guarantee-history"), heads.map(|(id, side)| (ui.t(id), side)));
    for line in &lines {
        table.row([
            Html::of_text(title(ui, policy, "guarantee_kind", &line.kind)),
            Html::of_text(line.count.to_string()),
            ui.money(line.amount),
            ui.money(line.left),
            ui.money(line.lost),
            Html::of_text(line.clean.to_string()),
            Html::of_text(line.longest_days.to_string()),
        ]);
    }
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("guarantee-history"));
    html.raw("</h2></header>").push(&ui.table(table)).raw("</section>");
    html
}
