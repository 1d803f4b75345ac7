//! The page of the comparison (获客成效), its workbook.

use axum::extract::Query;
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use platform::audit::Entry;
use platform::error::{ActionError, FieldError, RefusalKind, Refused};
use platform::locale::Lang;
use platform::page::list::address;
use platform::page::{Button, Chart, Html, Icon, Look, Page, Series, Shape, Tab, Ui};
use platform::policies;
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;
use serde_json::json;

use super::loans::{LIST as LOANS, LOAN_VIEW};
use super::model::{By, Line, sum};
use super::{data, store};
use crate::DASHBOARD_VIEW;
use crate::dashboard::pages::{unknown, workbook_answer};
use crate::grid::{Cell, Grid, GridRow, Holds};

/// Where the page is.
const PATH: &str = "/acquisition";
/// How many months are compared when no days are named.
const MONTHS: i64 = 12;
/// Who may see the leads behind a number.
const LEAD_VIEW: &str = "lead.view";

/// The page and its workbook.
pub fn routes() -> Routes {
    Routes::new()
        .get(PATH, DASHBOARD_VIEW, index)
        .data::<data::AcquisitionData, _, _>(PATH, DASHBOARD_VIEW, data::acquisition)
        .get("/acquisition/export.xlsx", DASHBOARD_VIEW, export)
        .merge(super::loans::routes())
}

/// What an address asks: by what, from when, until when.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct AcquisitionAsked {
    #[serde(default)]
    by: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
}

/// What is compared, and between which days.
pub(super) struct Loaded {
    pub(super) by: By,
    pub(super) from: Date,
    pub(super) until: Date,
    pub(super) lines: Vec<Line>,
    /// How many customers all lines together won.
    customers: i64,
}

fn day(field: &'static str, typed: &str, otherwise: Date) -> Result<Date, Refused> {
    match typed.trim() {
        "" => Ok(otherwise),
        text => text.parse().map_err(|_| Refused::form(vec![FieldError::new(field, "date-invalid")])),
    }
}

pub(super) async fn load(work: &mut Work, lang: Lang, asked: &AcquisitionAsked) -> Result<Loaded, WebError> {
    let scope = work.authorise(DASHBOARD_VIEW)?;
    let today = work.business_date;
    let by = match asked.by.as_str() {
        "" => By::default(),
        named => By::parse(named).ok_or_else(|| unknown(named))?,
    };
    let year_ago = jiff::Span::new().try_months(MONTHS).ok().and_then(|span| today.checked_sub(span).ok());
    let until = day("until", &asked.until, today).map_err(ActionError::from)?;
    let from = day("from", &asked.from, year_ago.unwrap_or(today)).map_err(ActionError::from)?;
    if until < from {
        let backwards = Refused::new(RefusalKind::Invalid, "acquisition-backwards");
        return Err(ActionError::from(backwards.with("from", from).with("until", until)).into());
    }
    let mut lines = store::lines(&mut work.tx, scope, by, (from, until)).await?;
    let customers = store::won(&mut work.tx, scope, by, (from, until)).await?;
    let titles = store::titles(&mut work.tx, by).await?;
    let rules = match policies::in_force(work, today).await {
        Ok(found) => Some(found),
        Err(ActionError::Refused(_)) => None,
        Err(broken) => return Err(broken.into()),
    };
    for line in &mut lines {
        let channel = rules.as_ref().and_then(|rules| rules.pack().outcome("lead_channel", &line.key));
        let channel = channel.map(|one| one.title.in_language(lang == Lang::En).to_owned());
        line.title = titles.get(&line.key).cloned().or(channel).unwrap_or_else(|| line.key.clone());
    }
    lines.sort_by(|a, b| b.customers.cmp(&a.customers).then(b.leads.cmp(&a.leads)).then(a.key.cmp(&b.key)));
    Ok(Loaded { by, from, until, lines, customers })
}

impl Loaded {
    fn address(&self, path: &str, by: By) -> String {
        let (from, until) = (self.from.to_string(), self.until.to_string());
        address(path, &[("by", by.as_str()), ("from", &from), ("until", &until)])
    }

    /// The rows behind a line.
    fn rows(&self, line: &Line) -> String {
        let (from, until) = (self.from.to_string(), self.until.to_string());
        match self.by {
            By::Channel => address(
                "/leads",
                &[("view", "all"), ("channel", &line.key), ("taken_on.from", &from), ("taken_on.to", &until)],
            ),
            By::Campaign => format!("/campaigns/{}", line.key),
            By::Partner => format!("/partners/{}", line.key),
        }
    }

    /// The table, for the page and for Excel alike.
    fn grid(&self, ui: &Ui, may: bool) -> Grid {
        let heads = [
            ("leads", Holds::Count),
            ("customers", Holds::Count),
            ("conversion", Holds::Share),
            ("loans", Holds::Count),
            ("disbursed", Holds::Money),
            ("cost", Holds::Money),
            ("per-customer", Holds::Level),
            ("per-lent", Holds::Level),
            ("outstanding", Holds::Money),
            ("overdue", Holds::Money),
            ("overdue-share", Holds::Share),
        ];
        let first = (ui.t(format!("acquisition-by-{}", self.by.as_str())), Holds::Text);
        let rest = heads.map(|(id, holds)| (ui.t(format!("acquisition-{id}")), holds));
        let rows = self
            .lines
            .iter()
            .map(|line| GridRow { cells: cells(&line.title, line), href: may.then(|| self.rows(line)) });
        Grid {
            title: ui.t("acquisition-title"),
            heads: std::iter::once(first).chain(rest).collect(),
            rows: rows.collect(),
            total: (!self.lines.is_empty()).then(|| cells(&ui.t("acquisition-sum"), &sum(&self.lines, self.customers))),
        }
    }

    fn chart(&self, ui: &Ui, may: bool) -> Chart {
        let series = |id: &str, of: fn(&Line) -> i64| Series {
            name: ui.t(format!("acquisition-{id}")),
            values: self.lines.iter().map(|line| Some(of(line).to_string())).collect(),
            notes: Vec::new(),
        };
        Chart {
            title: ui.t("acquisition-picture"),
            shape: Shape::Columns,
            labels: self.lines.iter().map(|line| line.title.clone()).collect(),
            series: vec![
                series("leads", |line| line.leads),
                series("customers", |line| line.customers),
                series("loans", |line| line.loans),
            ],
            links: if may { self.lines.iter().map(|line| self.rows(line)).collect() } else { Vec::new() },
            height: 260,
            ..Chart::default()
        }
    }
}

fn cells(title: &str, line: &Line) -> Vec<Cell> {
    let money = |amount: Option<finance::Fen>| amount.map_or(Cell::None, Cell::Money);
    let share = |share: Option<i64>| share.map_or(Cell::None, Cell::Share);
    vec![
        Cell::Text(title.to_owned()),
        Cell::Count(line.leads),
        Cell::Count(line.customers),
        share(line.conversion()),
        Cell::Count(line.loans),
        Cell::Money(line.disbursed),
        money(line.cost),
        money(line.per_customer()),
        money(line.per_ten_thousand()),
        Cell::Money(line.outstanding),
        Cell::Money(line.overdue),
        share(line.overdue_share()),
    ]
}

async fn index(visit: Visit, Query(asked): Query<AcquisitionAsked>) -> Result<Response, WebError> {
    // Costs are small: whole yuan would lose them in 万元.
    let ui = visit.ui();
    let it = load(&mut visit.read().await?, visit.lang, &asked).await?;
    let may = visit.may(LEAD_VIEW);
    let tabs: Vec<Tab> = By::ALL
        .into_iter()
        .map(|by| Tab {
            text: ui.t(format!("acquisition-by-{}", by.as_str())),
            href: it.address(PATH, by),
            active: by == it.by,
            ..Tab::default()
        })
        .collect();
    let mut body = Html::new();
    body.push(&ui.tabs(&tabs));
    body.raw("<form method=\"get\" class=\"panel-body\"")
        .attr("action", PATH)
        .raw("><input type=\"hidden\" name=\"by\"");
    body.attr("value", it.by.as_str()).raw(">");
    for (name, label, on) in [("from", "acquisition-from", it.from), ("until", "acquisition-until", it.until)] {
        body.raw("<label>").text(ui.t(label)).raw(" <input type=\"date\"").attr("name", name);
        body.attr("value", on.to_string()).raw("></label> ");
    }
    body.push(&ui.button(Button::submit(Look::Secondary, ui.t("acquisition-show")).icon(Icon::Filter)));
    body.raw("</form>");
    if it.lines.is_empty() {
        body.raw("<section class=\"panel\"><div class=\"panel-body\"><p class=\"hint\">");
        body.text(ui.t("acquisition-none")).raw("</p></div></section>");
    } else {
        body.raw("<section class=\"panel\"><div class=\"panel-body\">").push(&ui.chart(it.chart(&ui, may)));
        body.raw("</div></section><section class=\"panel\">").push(&it.grid(&ui, may).html(&ui));
        body.raw("<div class=\"panel-body\"><p class=\"hint\">").text(ui.t("acquisition-note"));
        body.raw("</p></div></section>");
    }
    let file = it.address("/acquisition/export.xlsx", it.by);
    let mut buttons = Vec::new();
    if visit.may(LOAN_VIEW) {
        buttons.push(Button::link(Look::Secondary, ui.t("won-loans-title"), LOANS).icon(Icon::Coins));
    }
    buttons.push(Button::link(Look::Secondary, ui.t("acquisition-export"), file).icon(Icon::FileSpreadsheet));
    let tools = ui.buttons(buttons);
    let page = Page::new(ui.t("acquisition-title"), "acquisition")
        .subtitle(ui.t2("acquisition-days", "from", it.from, "until", it.until))
        .actions(tools);
    visit.page_of(&page, &body)
}

async fn export(visit: Visit, Query(asked): Query<AcquisitionAsked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let it = load(&mut work, visit.lang, &asked).await?;
    let after = json!({"by": it.by.as_str(), "from": it.from, "until": it.until});
    work.audit(Entry::new(None, "dashboard.export", "acquisition").after(after)).await?;
    work.commit().await?;
    let grid = it.grid(&ui, false);
    let days = ui.t2("acquisition-days", "from", it.from, "until", it.until);
    let bytes = grid.workbook(&[&grid.title, &days]).map_err(|e| ActionError::Internal(e.to_string()))?;
    Ok(workbook_answer(&format!("acquisition-{}-{}-{}", it.by.as_str(), it.from, it.until), bytes).into_response())
}
