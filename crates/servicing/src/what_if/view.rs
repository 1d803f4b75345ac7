//! What a question answers: the rest of the plan before and after, and every instalment that changes.

use finance::{Fen, InstalmentPosition, Position, outline};
use jiff::civil::Date;
use platform::page::{Html, Side, Table, Ui};

use crate::change::model::{TRIED, Trial};
use crate::loan::view::{Figures, split};

/// Before anything is asked.
pub(super) fn nothing(ui: &Ui) -> Html {
    let mut out = Html::new();
    out.raw("<p class=\"panel-body muted\">").text(ui.t("what-if-nothing")).raw("</p>");
    out
}

/// The whole answer.
pub(super) fn answer(ui: &Ui, on: Date, trial: &Trial) -> Html {
    let mut out = Html::new();
    out.raw("<p class=\"panel-body muted\">").text(ui.t1("what-if-note", "on", on)).raw("</p>");
    let paid = split(ui, &trial.after.allocations, TRIED);
    if !paid.is_empty() {
        out.raw("<p class=\"panel-body\"><b>").text(ui.t1("what-if-pays", "split", paid)).raw("</b></p>");
    }
    out.push(&rest(ui, trial)).push(&changed(ui, trial));
    out
}

/// What is still to come, before and after.
fn rest(ui: &Ui, trial: &Trial) -> Html {
    let (was, is) = (outline(&trial.before), outline(&trial.after));
    let heads = [("what", Side::Left), ("before", Side::Right), ("after", Side::Right), ("change", Side::Right)];
    let mut table = Table::new(ui.t("what-if-rest"), heads.map(|(head, side)| (ui.t(format!("what-if-{head}")), side)));
    let mut money = |what: &str, was: Fen, is: Fen| {
        let change = ui.money(is.checked_sub(was).unwrap_or_default());
        table.row([Html::of_text(ui.t(format!("what-if-{what}"))), ui.money(was), ui.money(is), change]);
    };
    money("principal", trial.before.outstanding.principal, trial.after.outstanding.principal);
    money("interest", was.interest, is.interest);
    money("next", was.next, is.next);
    let (before, after) = (i64::from(was.instalments), i64::from(is.instalments));
    table.row([
        Html::of_text(ui.t("what-if-instalments")),
        Html::of_text(ui.count(before)),
        Html::of_text(ui.count(after)),
        Html::of_text(ui.count(after - before)),
    ]);
    let days = finance::days_between(was.maturity_on, is.maturity_on);
    table.row([
        Html::of_text(ui.t("loan-maturity")),
        ui.date(was.maturity_on),
        ui.date(is.maturity_on),
        Html::of_text(ui.t1("terms-days", "count", days)),
    ]);
    ui.table(table)
}

/// Every instalment that is due on another day or with other money; those that go and those that come too.
fn changed(ui: &Ui, trial: &Trial) -> Html {
    let heads = [
        ("no", Side::Left),
        ("due-before", Side::Left),
        ("due-after", Side::Left),
        ("total-before", Side::Right),
        ("total-after", Side::Right),
        ("change", Side::Right),
    ];
    let title = ui.t("what-if-schedule");
    let mut table = Table::new(title.clone(), heads.map(|(head, side)| (ui.t(format!("what-if-{head}")), side)));
    let (mut all_before, mut all_after) = (Fen::ZERO, Fen::ZERO);
    let last = |position: &Position| position.instalments.iter().map(|i| i.no).max().unwrap_or(0);
    for no in 0..=last(&trial.before).max(last(&trial.after)) {
        let of = |position: &Position| position.instalments.iter().find(|i| i.no == no).copied();
        let (was, is) = (of(&trial.before), of(&trial.after));
        if due(was.as_ref()) == due(is.as_ref()) {
            continue;
        }
        let (before, after) = (due(was.as_ref()), due(is.as_ref()));
        let amount = |of: Option<(Date, Fen)>| of.map_or(Fen::ZERO, |(_, amount)| amount);
        let change = amount(after).checked_sub(amount(before)).unwrap_or_default();
        all_before = all_before.checked_add(amount(before)).unwrap_or_default();
        all_after = all_after.checked_add(amount(after)).unwrap_or_default();
        table.row([
            Html::of_text(no.to_string()),
            ui.date_or_dash(before.map(|(on, _)| on)),
            ui.date_or_dash(after.map(|(on, _)| on)),
            ui.money_or_dash(before.map(|(_, amount)| amount)),
            ui.money_or_dash(after.map(|(_, amount)| amount)),
            ui.money(change),
        ]);
    }
    let mut out = Html::new();
    if table.rows.is_empty() {
        out.raw("<p class=\"panel-body muted\">").text(ui.t("what-if-same")).raw("</p>");
        return out;
    }
    table.total([
        Html::new(),
        Html::of_text(ui.t("total")),
        Html::new(),
        ui.money(all_before),
        ui.money(all_after),
        ui.money(all_after.checked_sub(all_before).unwrap_or_default()),
    ]);
    out.raw("<h3 class=\"panel-body\">").text(title).raw("</h3>").push(&ui.table(table));
    out
}

/// When and how much principal and interest an instalment still asks for; nothing when it asks for none.
fn due(instalment: Option<&InstalmentPosition>) -> Option<(Date, Fen)> {
    let figures = Figures::of(instalment?);
    let amount = figures.principal.checked_add(figures.interest).unwrap_or_default();
    amount.is_positive().then_some((instalment?.due_on, amount))
}
