//! The parts of the page of an undoing: what leaves the book, what stands in the way, what was decided.

use std::collections::BTreeMap;

use platform::approval::{Approval, ApprovalState};
use platform::page::{Html, Icon, Side, Table, Tone, Ui};

use super::model::{Brought, Obstacle};
use super::store::Undone;

/// Obstacles that the page lists; the count names all.
const LISTED: usize = 200;

/// What leaves the book, in counts and money.
pub fn brought(ui: &Ui, brought: &Brought) -> Html {
    let heads = [("what", Side::Left), ("count", Side::Right), ("sum", Side::Right)];
    let mut table =
        Table::new(ui.t("import-undo-brought"), heads.map(|(h, side)| (ui.t(format!("import-totals-{h}")), side)));
    let count = |n: usize| Html::of_text(ui.count(i64::try_from(n).unwrap_or(i64::MAX)));
    let rows = [
        ("customers", brought.customers, None),
        ("loans", brought.loans, Some(brought.principal)),
        ("outstanding", brought.loans, Some(brought.outstanding)),
        ("transactions", brought.transactions, None),
        ("added", brought.added_transactions, None),
        ("securities", brought.securities, None),
        ("relations", brought.relations, None),
    ];
    for (name, n, sum) in rows {
        let words = Html::of_text(ui.t(format!("import-undo-{name}")));
        table.row([words, count(n), sum.map_or_else(Html::new, |sum| ui.money(sum))]);
    }
    ui.table(table)
}

/// The later facts, each with its place.
pub fn obstacles(ui: &Ui, obstacles: &[Obstacle], names: &BTreeMap<i64, String>) -> Html {
    let heads = ["kind", "which", "at", "by"];
    let mut table =
        Table::new(ui.t("import-undo-later"), heads.map(|h| (ui.t(format!("import-undo-later-{h}")), Side::Left)));
    for obstacle in obstacles.iter().take(LISTED) {
        let mut which = Html::new();
        match &obstacle.href {
            Some(href) => which.raw("<a").href(href).raw(">").text(&obstacle.what).raw("</a>"),
            None => which.text(&obstacle.what),
        };
        let by = names.get(&obstacle.recorded_by).filter(|name| !name.is_empty());
        table.row([
            Html::of_text(ui.t(format!("import-undo-later-{}", obstacle.kind.as_str()))),
            which,
            Html::of_text(platform::clock::civil_minute(obstacle.recorded_at)),
            Html::of_text(by.map_or_else(|| ui.t("audit-system"), String::clone)),
        ]);
    }
    let mut out = ui.table(table);
    if obstacles.len() > LISTED {
        out.raw("<p class=\"panel-body muted\">");
        out.text(ui.t1("import-undo-later-more", "count", obstacles.len())).raw("</p>");
    }
    out
}

/// Who asked for the undoing of a run, and what came of it.
pub fn history(ui: &Ui, approvals: &[(Approval, String)], undone: Option<&(Undone, String)>) -> Html {
    let mut out = Html::new();
    if approvals.is_empty() {
        return out;
    }
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("import-undo-history"));
    out.raw("</h2></header>");
    let heads = ["title", "maker", "on", "state"];
    let titles = heads.map(|h| (ui.t(format!("change-approval-{h}")), Side::Left));
    let mut table = Table::new(ui.t("import-undo-history"), titles);
    for (approval, maker) in approvals {
        let mut title = Html::new();
        let href = format!("/approvals/{}/{}", approval.customer, approval.id);
        title.raw("<a").href(&href).raw(">").text(approval.title.read(ui.lang())).raw("</a>");
        table.row([title, Html::of_text(maker), ui.date(approval.submitted_on), state(ui, &approval.state)]);
    }
    out.push(&ui.table(table));
    if let Some((undone, by)) = undone {
        let at = platform::clock::civil_minute(undone.at);
        let words = [("at", at), ("by", by.clone()), ("reason", undone.reason.clone())];
        out.raw("<p class=\"panel-body\">").text(ui.tn("import-undone-by", &words)).raw("</p>");
    }
    out.raw("</section>");
    out
}

fn state(ui: &Ui, state: &ApprovalState) -> Html {
    let (tone, icon) = match state {
        ApprovalState::Pending { .. } => (Tone::Accent, Icon::Clock),
        ApprovalState::Returned { .. } => (Tone::Watch, Icon::AlertTriangle),
        ApprovalState::Approved { .. } => (Tone::Ok, Icon::CircleCheck),
        ApprovalState::Rejected { .. } => (Tone::Doubt, Icon::Ban),
        ApprovalState::Withdrawn { .. } => (Tone::Neutral, Icon::Ban),
    };
    ui.badge(tone, icon, ui.t(format!("change-state-{}", state.as_str())))
}
