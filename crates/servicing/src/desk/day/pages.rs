//! The sheet of a day: how far repayments are under control, with its derivation, and what each work group did.

use axum::extract::Query;
use axum::response::Response;
use finance::Fen;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::list::address;
use platform::page::{Button, Html, Icon, KeyFigure, Look, Page, Side, Table, Ui};
use platform::policies;
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::model::{Control, Controlled, Group, Line, Tally};
use super::{LIST, PAGE, data, list, store};
use crate::desk::VIEW;
use crate::desk::view::{link, panel};

/// The article of the control of repayments.
const ARTICLE: &str = "desk.control";

pub(super) fn routes() -> Routes {
    Routes::new().get(PAGE, VIEW, show).data::<data::DayData, _, _>(PAGE, VIEW, data::day)
}

/// Which day; today without it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    on: String,
}

/// A day with its figures; how far repayments are under control is known of today alone.
pub(super) struct Sheet {
    pub(super) on: Date,
    pub(super) lines: Vec<(Line, Tally)>,
    pub(super) control: Option<Controlled>,
}

/// Reads the sheet of a day, within the data scope (rule `day.sheet`).
pub(super) async fn sheet(work: &mut Work, asked: &Asked) -> Result<Sheet, ActionError> {
    let scope = work.authorise(VIEW)?;
    let today = work.business_date;
    let wrong = |code, text: &str| Refused::form(vec![FieldError::new("on", code).with("text", text)]);
    let on = match asked.on.trim() {
        "" => today,
        text => text.parse().map_err(|_| wrong("date-unreadable", text))?,
    };
    if on > today {
        return Err(wrong("day-to-come", &on.to_string()).into());
    }
    let mut lines = store::tallies(&mut work.tx, scope, on).await?;
    // What is unpaid is known as of today alone.
    lines.retain(|(line, _)| on == today || !matches!(line, Line::Unpaid | Line::Overdue));
    let control = if on == today {
        Some(store::controlled(&mut work.tx, scope, (today.first_of_month(), today), today).await?)
    } else {
        None
    };
    Ok(Sheet { on, lines, control })
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let sheet = sheet(&mut work, &asked).await?;
    let today = visit.business_date;
    let mut body = Html::new();
    if let Some(control) = &sheet.control {
        let policy = policies::in_force(&mut work, today).await?;
        let article = policy.article_title(ARTICLE, visit.lang == platform::locale::Lang::En);
        body.push(&held(&ui, control, today, &article));
    }
    for group in Group::ALL {
        let title = ui.t(format!("day-group-{}", group.as_str()));
        body.push(&panel(&title, &table(&ui, &title, *group, &sheet)));
    }
    let there = |on: Date| address(PAGE, &[("on", on.to_string().as_str())]);
    let mut buttons = Vec::new();
    if let Ok(before) = sheet.on.yesterday() {
        buttons.push(Button::link(Look::Small, ui.t("day-before"), there(before)).icon(Icon::ChevronLeft));
    }
    if sheet.on < today {
        buttons.push(Button::link(Look::Small, ui.t("day-today"), PAGE));
    }
    buttons.push(Button::link(Look::Secondary, ui.t("control-view-call"), rows("call", None)).icon(Icon::Phone));
    let page = Page::new(ui.t("day-title"), "desk-day").subtitle(sheet.on.to_string()).actions(ui.buttons(buttons));
    visit.page_of(&page, &body)
}

/// The rows behind a figure.
fn rows(view: &str, days: Option<(Date, Date)>) -> String {
    let days = days.map(|(from, to)| (from.to_string(), to.to_string()));
    let mut parameters = vec![("view", view)];
    if let Some((from, to)) = &days {
        parameters.extend([("due.from", from.as_str()), ("due.to", to.as_str())]);
    }
    address(LIST, &parameters)
}

/// A share of thousandths in percent.
fn percent(permille: u32) -> String {
    format!("{}.{} %", permille / 10, permille % 10)
}

/// The indicator with its derivation (rule `control.share`): each part opens the rows that it counts.
fn held(ui: &Ui, control: &Controlled, today: Date, article: &str) -> Html {
    let share = control.permille().map_or_else(|| "—".to_owned(), percent);
    let (all, open) = (control.all(), control.part(Control::Open));
    let month = (today.first_of_month(), today);
    let figures = [
        KeyFigure { label: ui.t("control-share"), value: Html::of_text(&share), ..KeyFigure::default() },
        KeyFigure {
            label: ui.t("control-open"),
            value: ui.money(open.unpaid),
            overdue: open.unpaid.is_positive(),
            ..KeyFigure::default()
        },
    ];
    let heads = [
        ("control-state", Side::Left),
        ("control-count", Side::Right),
        ("repaycal-due", Side::Right),
        ("repaycal-unpaid", Side::Right),
    ];
    let mut table = Table::new(ui.t("control-derivation"), heads.map(|(head, side)| (ui.t(head), side)));
    for (one, part) in &control.0 {
        let count = link(rows(one.as_str(), Some(month)), part.count.to_string());
        table.row([list::badge(ui, *one).0, count, ui.money(part.due), ui.money(part.unpaid)]);
    }
    let count = link(rows("all", Some(month)), all.count.to_string());
    table.total([Html::of_text(ui.t("total")), count, ui.money(all.due), ui.money(all.unpaid)]);
    let yuan = |fen: Fen| ui.yuan(fen);
    let said = ui.tn(
        "control-formula",
        &[("held", yuan(control.held())), ("all", yuan(all.due)), ("share", share), ("article", article.to_owned())],
    );
    let mut inner = ui.key_figures(figures);
    inner.push(&ui.table(table));
    inner.raw("<p class=\"panel-body\">").text(said).raw("</p>");
    panel(&ui.t("control-title"), &inner)
}

fn table(ui: &Ui, title: &str, group: Group, sheet: &Sheet) -> Html {
    let heads = [("day-line", Side::Left), ("day-count", Side::Right), ("day-money", Side::Right)];
    let mut table = Table::new(title, heads.map(|(head, side)| (ui.t(head), side)));
    for (line, tally) in sheet.lines.iter().filter(|(line, _)| line.group() == group) {
        let count = tally.count.to_string();
        let count = behind(*line, sheet.on).map_or_else(|| Html::of_text(&count), |place| link(place, &count));
        let label = Html::of_text(ui.t(format!("day-{}", line.as_str())));
        table.row([label, count, ui.money_or_dash(tally.money)]);
    }
    ui.table(table)
}

/// Where the rows of a line are, where a list shows them.
fn behind(line: Line, on: Date) -> Option<String> {
    let day = on.to_string();
    let unpaid =
        |view| address("/repayments/unpaid", &[("view", view), ("due.from", day.as_str()), ("due.to", day.as_str())]);
    match line {
        Line::Due => Some(unpaid("all")),
        Line::Unpaid => Some(unpaid("unpaid")),
        Line::Payouts => {
            let days = [("view", "all"), ("drawn_on.from", day.as_str()), ("drawn_on.to", day.as_str())];
            Some(address(crate::desk::slip::LIST, &days))
        }
        Line::Advanced => {
            let days = [("view", "all"), ("paid_on.from", day.as_str()), ("paid_on.to", day.as_str())];
            Some(address(crate::desk::advance::debts::LIST, &days))
        }
        Line::Overdue
        | Line::Cards
        | Line::CardsFailed
        | Line::Called
        | Line::Reached
        | Line::SlipsEntered
        | Line::SlipsChecked
        | Line::Printed
        | Line::Sent
        | Line::Returned
        | Line::Cars
        | Line::Repaid
        | Line::StatementsMade
        | Line::StatementsSigned => None,
    }
}
