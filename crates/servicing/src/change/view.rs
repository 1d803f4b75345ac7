//! The parts of the page of changes: effect in money, approvals, history.

use finance::{Amounts, Fen, Head, Position, TransactionKind};
use platform::approval::{Approval, ApprovalState};
use platform::page::{Html, Icon, Side, Table, Tone, Ui};

use super::model::Trial;
use crate::loan::pages::Looked;
use crate::loan::view::Figures;
use crate::loan::why::head_message;

/// What is owed before and after a change, head by head, under one sentence.
pub fn effect(ui: &Ui, trial: &Trial) -> Html {
    compare(ui, "effect-owed", &trial.before.outstanding, &trial.after.outstanding)
}

/// What is due before and after a change that only moves when it is due.
pub fn due_effect(ui: &Ui, trial: &Trial) -> Html {
    compare(ui, "effect-due", &trial.before.due, &trial.after.due)
}

/// What would be owed on a later day without and with a change, if nothing else happens until then.
pub fn ahead_effect(ui: &Ui, trial: &Trial) -> Html {
    let mut out = Html::new();
    let until = ui.t1("effect-ahead", "on", trial.after.as_of);
    out.raw("<p class=\"panel-body muted\">").text(until).raw("</p>");
    out.push(&effect(ui, trial));
    out
}

/// Two sums head by head under one sentence.
fn compare(ui: &Ui, what: &str, before: &Amounts, after: &Amounts) -> Html {
    let heads = [("head", Side::Left), ("before", Side::Right), ("after", Side::Right), ("change", Side::Right)];
    let mut table = Table::new(ui.t("change-effect"), heads.map(|(h, side)| (ui.t(format!("effect-{h}")), side)));
    for head in Head::ALL {
        let (was, is) = (before.get(head), after.get(head));
        if was.is_zero() && is.is_zero() {
            continue;
        }
        table.row([Html::of_text(ui.t(head_message(head))), ui.money(was), ui.money(is), ui.money(less(is, was))]);
    }
    let (was, is) = (total(before), total(after));
    table.total([Html::of_text(ui.t("total")), ui.money(was), ui.money(is), ui.money(less(is, was))]);
    let mut out = sentence(ui, what, was, is);
    out.push(&ui.table(table));
    out
}

/// The schedule before and after an extension, from the first instalment that changes; both foot.
pub fn schedule_effect(ui: &Ui, trial: &Trial) -> Html {
    let (was, is) = (interest(&trial.before), interest(&trial.after));
    let mut out = Html::new();
    let dates = [("from", trial.before.maturity_on.to_string()), ("to", trial.after.maturity_on.to_string())];
    out.raw("<p class=\"panel-body\"><b>").text(ui.tn("effect-maturity", &dates)).raw("</b></p>");
    out.push(&sentence(ui, "effect-interest", was, is));
    let heads = [
        ("no", Side::Left),
        ("due-on", Side::Left),
        ("principal", Side::Right),
        ("interest", Side::Right),
        ("total", Side::Right),
        ("principal-before", Side::Right),
    ];
    let mut table = Table::new(ui.t("effect-schedule"), heads.map(|(h, side)| (ui.t(format!("effect-{h}")), side)));
    for i in &trial.after.instalments {
        let figures = Figures::of(i);
        let old = trial.before.instalments.iter().find(|o| o.no == i.no).map(|o| Figures::of(o).principal);
        table.row([
            Html::of_text(i.no.to_string()),
            ui.date(i.due_on),
            ui.money(figures.principal),
            ui.money(figures.interest),
            ui.money(sum([figures.principal, figures.interest])),
            ui.money_or_dash(old),
        ]);
    }
    let (new, old) = (principal(&trial.after), principal(&trial.before));
    table.total([
        Html::new(),
        Html::of_text(ui.t("total")),
        ui.money(new),
        ui.money(is),
        ui.money(sum([new, is])),
        ui.money(old),
    ]);
    out.push(&ui.table(table));
    out
}

/// All principal of the schedule; what an extension moved counts where it is due now.
pub fn principal(position: &Position) -> Fen {
    sum(position.instalments.iter().map(|i| Figures::of(i).principal))
}

/// All interest of the schedule.
fn interest(position: &Position) -> Fen {
    sum(position.instalments.iter().map(|i| Figures::of(i).interest))
}

fn sum(amounts: impl IntoIterator<Item = Fen>) -> Fen {
    Fen::checked_sum(amounts).unwrap_or_default()
}

fn total(amounts: &Amounts) -> Fen {
    amounts.total().unwrap_or_default()
}

fn less(a: Fen, b: Fen) -> Fen {
    a.checked_sub(b).unwrap_or_default()
}

/// `将减少 10,099.56 元`, or rises, or stays.
fn sentence(ui: &Ui, what: &str, was: Fen, is: Fen) -> Html {
    let text = if is < was {
        ui.t1(format!("{what}-less"), "amount", ui.yuan(less(was, is)))
    } else if is > was {
        ui.t1(format!("{what}-more"), "amount", ui.yuan(less(is, was)))
    } else {
        ui.t(format!("{what}-same"))
    };
    let mut out = Html::new();
    out.raw("<p class=\"panel-body\"><b>").text(text).raw("</b></p>");
    out
}

/// What waits, and what was decided, the newest first.
pub fn approvals(ui: &Ui, approvals: &[(Approval, String)]) -> Html {
    let heads = [
        ("title", Side::Left),
        ("amount", Side::Right),
        ("maker", Side::Left),
        ("on", Side::Left),
        ("state", Side::Left),
    ];
    let mut table =
        Table::new(ui.t("change-approvals"), heads.map(|(h, side)| (ui.t(format!("change-approval-{h}")), side)));
    for (approval, maker) in approvals {
        let mut title = Html::new();
        title
            .raw("<a")
            .href(format!("/approvals/{}/{}", approval.customer, approval.id))
            .raw(">")
            .text(approval.title.read(ui.lang()))
            .raw("</a>");
        table.row([
            title,
            ui.money_or_dash(approval.amount),
            Html::of_text(maker),
            ui.date(approval.submitted_on),
            state(ui, &approval.state),
        ]);
    }
    panel(ui, "change-approvals", if approvals.is_empty() { Err("change-approvals-none") } else { Ok(table) })
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

/// What was changed, the newest first, with its reason.
pub fn history(ui: &Ui, looked: &Looked) -> Html {
    let heads = [
        ("on", Side::Left),
        ("kind", Side::Left),
        ("number", Side::Left),
        ("amount", Side::Right),
        ("reason", Side::Left),
    ];
    let mut table =
        Table::new(ui.t("change-history"), heads.map(|(h, side)| (ui.t(format!("change-history-{h}")), side)));
    for t in looked.file.transactions.iter().rev().filter(|t| is_change(&t.fact.kind)) {
        let mut kind = Html::of_text(ui.t(format!("kind-{}", t.fact.kind.name().replace('_', "-"))));
        if let Some(by) = looked.file.reversed_by(t.id) {
            kind.raw(" ").push(&ui.badge(Tone::Neutral, Icon::Ban, ui.t1("transaction-reversed", "by", &by.number)));
        }
        table.row([
            ui.date(t.fact.on),
            kind,
            Html::of_text(&t.number),
            ui.money_or_dash(t.amount.is_positive().then_some(t.amount)),
            Html::of_text(t.note.as_deref().unwrap_or("—")),
        ]);
    }
    panel(ui, "change-history", if table.rows.is_empty() { Err("change-history-none") } else { Ok(table) })
}

/// What an agreement changed, and what came in on it afterwards; payments have a page of their own.
fn is_change(kind: &TransactionKind) -> bool {
    match kind {
        TransactionKind::Charge { .. }
        | TransactionKind::Waive { .. }
        | TransactionKind::ChangeRate { .. }
        | TransactionKind::Extend(_)
        | TransactionKind::Restructure(_)
        | TransactionKind::Suspend { .. }
        | TransactionKind::Misuse { .. }
        | TransactionKind::Accelerate
        | TransactionKind::WriteOff
        | TransactionKind::Recover { .. } => true,
        TransactionKind::Disburse { .. } | TransactionKind::Repay(_) | TransactionKind::Reverse { .. } => false,
    }
}

/// A panel with a table, or with the sentence that there is nothing.
fn panel(ui: &Ui, title: &str, body: Result<Table, &str>) -> Html {
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t(title)).raw("</h2></header>");
    match body {
        Ok(table) => out.push(&ui.table(table)),
        Err(nothing) => out.raw("<p class=\"panel-body muted\">").text(ui.t(nothing)).raw("</p>"),
    };
    out.raw("</section>");
    out
}
