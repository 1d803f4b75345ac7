//! The calendar's page: a month or a week, every day with its money, each opening its rows.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use jiff::civil::Date;
use platform::access::{DataScope, store as access};
use platform::error::{ActionError, FieldError, Refused};
use platform::page::list::address;
use platform::page::{Button, Choice, Field, Html, Icon, Input, KeyFigure, Look, Page, Side, Tab, Table, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::model::{DaySum, Span, weeks};
use super::store;
use super::unpaid::LIST;
use crate::repayment_batch;

/// Where the calendar is.
pub const CALENDAR: &str = "/repayments/calendar";

pub(super) fn routes() -> Routes {
    Routes::new().get(CALENDAR, "loan.view", show).data::<super::data::CalendarData, _, _>(
        CALENDAR,
        "loan.view",
        super::data::calendar,
    )
}

/// Which month or week, of which branch.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    on: String,
    span: String,
    branch: String,
}

/// A month or week with what falls due on its days.
pub(super) struct Looked {
    on: Date,
    span: Span,
    pub(super) first: Date,
    pub(super) last: Date,
    pub(super) sums: BTreeMap<Date, DaySum>,
}

/// Reads what is asked and sums it, within the data scope.
pub(super) async fn looked(visit: &Visit, work: &mut Work, asked: &Asked) -> Result<Looked, ActionError> {
    let on = match asked.on.trim() {
        "" => visit.business_date,
        text => text.parse().map_err(|_| wrong("on", "date-unreadable", text))?,
    };
    let span = if asked.span == Span::Week.name() { Span::Week } else { Span::Month };
    let mut scope = work.authorise("loan.view").map_err(ActionError::from)?;
    narrow(&mut scope, &asked.branch)?;
    let (first, last) = span.around(on);
    let sums = store::sums(&mut work.tx, first, last, scope).await?;
    Ok(Looked { on, span, first, last, sums })
}

#[derive(Template)]
#[template(path = "repayment_calendar/show.html")]
struct Body {
    ui: Ui,
    tabs: Html,
    title: String,
    steps: Html,
    branch: Option<Html>,
    span: &'static str,
    on: Date,
    body: Html,
    totals: Html,
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let today = visit.business_date;
    let mut work = visit.read().await?;
    let Looked { on, span, first, last, sums } = looked(&visit, &mut work, &asked).await?;
    let scope = work.authorise("loan.view").map_err(ActionError::from)?;
    let branch = branch_field(&ui, &mut work, scope, &asked.branch).await?;
    let branch_id = if asked.branch.is_empty() { None } else { Some(asked.branch.as_str()) };
    let of = |day: Date| sums.get(&day).copied().unwrap_or_default();
    let total = sums.values().fold(DaySum::default(), |all, one| all.plus(*one));
    let look = View { ui: &ui, today, branch: branch_id };
    let body = Body {
        tabs: tabs(&ui, span, on, branch_id),
        title: match span {
            Span::Month => first.strftime("%Y-%m").to_string(),
            Span::Week => format!("{first} — {last}"),
        },
        steps: steps(&ui, span, on, today, branch_id),
        branch,
        span: span.name(),
        on,
        body: match span {
            Span::Month => look.month(first, last, of),
            Span::Week => look.week(first, last, of),
        },
        totals: look.totals(first, last, total),
        ui: ui.clone(),
    };
    let mut links = vec![Button::link(Look::Secondary, ui.t("unpaid-title"), LIST).icon(Icon::AlertTriangle)];
    if visit.may(repayment_batch::RECORD) {
        let batches = Button::link(Look::Secondary, ui.t("repaybatch-title"), repayment_batch::BATCHES);
        links.push(batches.icon(Icon::TableImport));
    }
    let page = Page::new(ui.t("repayment-calendar-title"), "repayment-calendar")
        .subtitle(ui.t1("as-of-business-date", "on", today))
        .actions(ui.buttons(links));
    visit.page(&page, &body)
}

fn wrong(field: &'static str, code: &'static str, text: &str) -> ActionError {
    Refused::form(vec![FieldError::new(field, code).with("text", text)]).into()
}

/// A branch within what the person may see.
fn narrow(scope: &mut DataScope, branch: &str) -> Result<(), ActionError> {
    if branch.is_empty() {
        return Ok(());
    }
    let id: i64 = branch.parse().map_err(|_| wrong("branch", "choice-unknown", branch))?;
    if scope.branch == 0 {
        scope.branch = id;
    } else if scope.branch != id {
        return Err(wrong("branch", "choice-unknown", branch));
    }
    Ok(())
}

/// The branches to choose from, for those who see more than one.
async fn branch_field(ui: &Ui, work: &mut Work, scope: DataScope, chosen: &str) -> Result<Option<Html>, ActionError> {
    if scope.branch != 0 {
        return Ok(None);
    }
    let branches = access::branches(&mut work.tx).await?;
    if branches.len() < 2 {
        return Ok(None);
    }
    let mut of = vec![Choice::new("", ui.t("repaycal-all-branches"))];
    of.extend(branches.into_iter().map(|b| Choice::new(b.id.to_string(), b.name)));
    Ok(Some(ui.field(Field::new("branch", ui.t("repaycal-branch"), Input::Select(of)).value(chosen))))
}

/// The calendar at another date or in another span.
fn there(span: Span, on: Date, branch: Option<&str>) -> String {
    let on = on.to_string();
    let mut parameters = vec![("span", span.name()), ("on", on.as_str())];
    parameters.extend(branch.map(|b| ("branch", b)));
    address(CALENDAR, &parameters)
}

fn tabs(ui: &Ui, span: Span, on: Date, branch: Option<&str>) -> Html {
    ui.tabs([Span::Month, Span::Week].map(|one| Tab {
        text: ui.t(format!("repaycal-{}", one.name())),
        href: there(one, on, branch),
        active: one == span,
        ..Tab::default()
    }))
}

fn steps(ui: &Ui, span: Span, on: Date, today: Date, branch: Option<&str>) -> Html {
    let (before, after) = span.neighbours(on);
    let mut all = Vec::new();
    if let Some(day) = before {
        let label = ui.t(format!("repaycal-{}-before", span.name()));
        all.push(Button::link(Look::Small, label, there(span, day, branch)).icon(Icon::ChevronLeft));
    }
    all.push(Button::link(Look::Small, ui.t("repaycal-today"), there(span, today, branch)));
    if let Some(day) = after {
        let label = ui.t(format!("repaycal-{}-after", span.name()));
        all.push(Button::link(Look::Small, label, there(span, day, branch)).icon(Icon::ChevronRight));
    }
    ui.buttons(all)
}

/// The rows behind a number: from one day to another, in a view of the list.
fn rows_of(view: &str, from: Date, to: Date, branch: Option<&str>) -> String {
    let (from, to) = (from.to_string(), to.to_string());
    let mut parameters = vec![("view", view), ("due.from", from.as_str()), ("due.to", to.as_str())];
    parameters.extend(branch.map(|b| ("branch", b)));
    address(LIST, &parameters)
}

/// How the days are drawn.
struct View<'a> {
    ui: &'a Ui,
    today: Date,
    branch: Option<&'a str>,
}

impl View<'_> {
    /// A link to the rows behind a number.
    fn link(&self, view: &str, from: Date, to: Date, inner: &Html) -> Html {
        let mut out = Html::new();
        out.raw("<a").href(rows_of(view, from, to, self.branch)).raw(">").push(inner).raw("</a>");
        out
    }

    fn month(&self, first: Date, last: Date, of: impl Fn(Date) -> DaySum) -> Html {
        let mut out = Html::new();
        out.raw("<div class=\"scroll\"><table class=\"month due\"><thead><tr>");
        for day in ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] {
            out.raw("<th scope=\"col\">").text(self.ui.t(format!("repaycal-{day}"))).raw("</th>");
        }
        out.raw("</tr></thead><tbody>");
        for week in weeks(first, last) {
            out.raw("<tr>");
            for day in week {
                if day < first || day > last {
                    out.raw("<td class=\"outside\"></td>");
                } else {
                    out.push(&self.cell(day, of(day)));
                }
            }
            out.raw("</tr>");
        }
        out.raw("</tbody></table></div>");
        out
    }

    /// One day: its number, how many are due, due, paid, unpaid.
    fn cell(&self, day: Date, sum: DaySum) -> Html {
        let mut out = Html::new();
        out.raw(match (day == self.today, sum.instalments > 0) {
            (true, _) => "<td class=\"today\" aria-current=\"date\">",
            (false, true) => "<td>",
            (false, false) => "<td class=\"free\">",
        });
        out.raw("<div class=\"day\"><b>").text(day.day().to_string()).raw("</b>");
        out.raw("<span class=\"weekday\">").text(self.ui.weekday(day)).raw("</span>");
        if day == self.today {
            out.raw("<span class=\"note\">").text(self.ui.t("repaycal-business-date")).raw("</span>");
        }
        if sum.instalments > 0 {
            let count = Html::of_text(self.ui.t1("repaycal-count", "count", sum.instalments));
            out.raw("<span class=\"end\">").push(&self.link("all", day, day, &count)).raw("</span>");
        }
        out.raw("</div>");
        if sum.instalments > 0 {
            out.raw("<dl>");
            let rows = [("due", "all", sum.due), ("paid", "paid", sum.paid), ("unpaid", "unpaid", sum.unpaid)];
            for (label, view, amount) in rows {
                let late = label == "unpaid" && amount.is_positive() && day < self.today;
                out.raw(if late { "<div class=\"late\"><dt>" } else { "<div><dt>" });
                out.text(self.ui.t(format!("repaycal-{label}"))).raw("</dt><dd>");
                let money = self.ui.money(amount);
                if amount.is_zero() {
                    out.push(&money);
                } else {
                    out.push(&self.link(view, day, day, &money));
                }
                out.raw("</dd></div>");
            }
            out.raw("</dl>");
        }
        out.raw("</td>");
        out
    }

    fn week(&self, first: Date, last: Date, of: impl Fn(Date) -> DaySum) -> Html {
        let heads = [
            ("day", Side::Left),
            ("count-head", Side::Right),
            ("due", Side::Right),
            ("paid", Side::Right),
            ("unpaid", Side::Right),
            ("open-head", Side::Right),
        ];
        let title = self.ui.t("repayment-calendar-title");
        let mut table = Table::new(title, heads.map(|(h, side)| (self.ui.t(format!("repaycal-{h}")), side)));
        let mut total = DaySum::default();
        for day in weeks(first, last).into_iter().flatten() {
            let sum = of(day);
            total = total.plus(sum);
            table.row(self.line(day, day, self.ui.date_weekday(day), sum));
        }
        table.total(self.line(first, last, Html::of_text(self.ui.t("total")), total));
        self.ui.table(table)
    }

    fn line(&self, from: Date, to: Date, label: Html, sum: DaySum) -> Vec<Html> {
        let linked = |view: &str, inner: Html, any: bool| if any { self.link(view, from, to, &inner) } else { inner };
        vec![
            label,
            linked("all", Html::of_text(self.ui.count(sum.instalments)), sum.instalments > 0),
            linked("all", self.ui.money(sum.due), !sum.due.is_zero()),
            linked("paid", self.ui.money(sum.paid), !sum.paid.is_zero()),
            linked("unpaid", self.ui.money(sum.unpaid), !sum.unpaid.is_zero()),
            linked("unpaid", Html::of_text(self.ui.count(sum.open)), sum.open > 0),
        ]
    }

    /// The sums of the whole span under it.
    fn totals(&self, first: Date, last: Date, total: DaySum) -> Html {
        let rows = [
            ("due", "all", self.ui.money(total.due)),
            ("paid", "paid", self.ui.money(total.paid)),
            ("unpaid", "unpaid", self.ui.money(total.unpaid)),
            ("count-head", "all", Html::of_text(self.ui.count(total.instalments))),
            ("open-head", "unpaid", Html::of_text(self.ui.count(total.open))),
        ];
        let figures: Vec<KeyFigure> = rows
            .into_iter()
            .map(|(label, view, value)| KeyFigure {
                label: self.ui.t(format!("repaycal-{label}")),
                value: self.link(view, first, last, &value),
                ..KeyFigure::default()
            })
            .collect();
        self.ui.key_figures(&figures)
    }
}
