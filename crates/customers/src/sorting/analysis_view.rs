//! How exposure and analysis are shown: as tables for pages, paper and workbook, with pictures.

use finance::Fen;
use platform::page::{Chart, Html, Series, Shape, Side, Table, Ui};

use super::measured::{Analysis, ClassExposure, Measured, Slice, Year};
use super::model::Both;
use super::rules::said;
use super::view::{hint, panel};

/// A table in words (表格).
pub(super) struct Grid {
    /// Its title.
    pub title: String,
    /// What its columns are called.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

impl Grid {
    fn new(ui: &Ui, title: String, heads: &[&str], rows: Vec<Vec<String>>) -> Self {
        Self { title, heads: heads.iter().map(|id| ui.t(id)).collect(), rows }
    }

    /// The table of a page: words to the left, numbers to the right.
    pub(super) fn page(&self, ui: &Ui) -> Html {
        let side = |place: usize| if place == 0 { Side::Left } else { Side::Right };
        let heads = self.heads.iter().enumerate().map(|(place, head)| (head.clone(), side(place)));
        let mut table = Table::new(self.title.clone(), heads);
        for row in &self.rows {
            table.row(row.iter().map(Html::of_text));
        }
        let mut out = Html::new();
        out.raw("<div class=\"scroll\">").push(&ui.table(table)).raw("</div>");
        out
    }
}

fn titled(ui: &Ui, title: &Both, unknown: &str) -> String {
    if title.0.is_empty() { ui.t(unknown) } else { said(ui.lang(), title).to_owned() }
}

fn percent(bp: Option<i64>) -> String {
    bp.map_or_else(
        || "—".to_owned(),
        |bp| {
            let sign = if bp < 0 { "−" } else { "" };
            format!("{sign}{}.{:02}%", bp.abs() / 100, bp.abs() % 100)
        },
    )
}

fn money(ui: &Ui, amount: Option<Fen>) -> String {
    amount.map_or_else(|| "—".to_owned(), |amount| ui.yuan(amount))
}

/// The name of a class: its axis and its outcome.
pub(super) fn class_title(ui: &Ui, one: &ClassExposure) -> String {
    let outcome = if one.outcome.is_empty() { ui.t("standing-open") } else { said(ui.lang(), &one.title).to_owned() };
    format!("{}: {outcome}", said(ui.lang(), &one.axis_title))
}

/// The exposure of the classes: at the beginning, now, to come down to; interest, provision and what is left.
pub(super) fn classes(ui: &Ui, all: &[ClassExposure]) -> Grid {
    let row = |one: &ClassExposure| {
        vec![
            class_title(ui, one),
            one.customers.to_string(),
            money(ui, one.start),
            ui.yuan(one.now),
            money(ui, one.target),
            ui.yuan(one.interest),
            ui.yuan(one.provision),
            ui.yuan(one.profit()),
        ]
    };
    let heads = [
        "sorting-class",
        "sorting-customers",
        "sorting-exposure-start",
        "sorting-exposure-now",
        "sorting-exposure-target",
        "sorting-interest",
        "sorting-provision",
        "sorting-profit",
    ];
    Grid::new(ui, ui.t("sorting-exposure"), &heads, all.iter().map(row).collect())
}

fn slices(ui: &Ui, title: String, all: &[Slice]) -> Grid {
    let row =
        |one: &Slice| vec![titled(ui, &one.title, "sorting-unknown"), one.customers.to_string(), ui.yuan(one.exposure)];
    let heads = ["sorting-part", "sorting-customers", "sorting-exposure"];
    Grid::new(ui, title, &heads, all.iter().map(row).collect())
}

fn years(ui: &Ui, all: &[Year]) -> Grid {
    let row = |one: &Year| {
        vec![
            one.year.to_string(),
            one.companies.to_string(),
            money(ui, one.revenue),
            money(ui, one.profit),
            money(ui, one.cash),
            percent(one.debt_bp()),
            percent(one.margin_bp()),
            percent(one.roe_bp()),
        ]
    };
    let heads = [
        "sorting-year",
        "sorting-companies",
        "sorting-revenue",
        "sorting-net-profit",
        "sorting-cash",
        "sorting-debt-ratio",
        "sorting-margin",
        "sorting-roe",
    ];
    Grid::new(ui, ui.t("sorting-years"), &heads, all.iter().map(row).collect())
}

fn risks(ui: &Ui, all: &Analysis) -> Grid {
    let rows = all.risks.iter().map(|one| {
        let (low, medium, high, unknown) = one.customers;
        let counts = [low, medium, high, unknown].map(|count| count.to_string());
        let mut row = vec![ui.t(format!("sorting-risk-{}", one.risk.replace('_', "-")))];
        row.extend(counts);
        row.push(ui.yuan(one.high_exposure));
        row
    });
    let heads = [
        "sorting-risk",
        "sorting-risk-low",
        "sorting-risk-medium",
        "sorting-risk-high",
        "sorting-unknown",
        "sorting-risk-exposure",
    ];
    Grid::new(ui, ui.t("sorting-risks"), &heads, rows.collect())
}

/// All tables; those without rows are left out.
pub(super) fn grids(ui: &Ui, measured: &Measured) -> Vec<Grid> {
    let analysis = &measured.analysis;
    let mut all = vec![
        classes(ui, &measured.classes),
        slices(ui, ui.t("sorting-by-industry"), &analysis.industries),
        slices(ui, ui.t("sorting-by-size"), &analysis.sizes),
    ];
    all.extend(
        analysis
            .grades
            .iter()
            .map(|(title, some)| slices(ui, ui.t1("sorting-by-grade", "axis", said(ui.lang(), title)), some)),
    );
    all.push(risks(ui, analysis));
    all.push(years(ui, &analysis.years));
    all.retain(|grid| !grid.rows.is_empty());
    all
}

/// All tables under their titles: for a form.
pub(super) fn tables(ui: &Ui, measured: &Measured) -> Html {
    let mut out = Html::new();
    for grid in grids(ui, measured) {
        out.raw("<h3>").text(&grid.title).raw("</h3>").push(&grid.page(ui));
    }
    out
}

/// All tables with their pictures, a panel each.
pub(super) fn panels(ui: &Ui, measured: &Measured) -> Html {
    let (mut out, none) = (Html::new(), Html::new());
    let analysis = &measured.analysis;
    for grid in grids(ui, measured) {
        let mut inner = Html::new();
        if grid.title == ui.t("sorting-years") {
            inner.push(&trend(ui, &analysis.years));
        } else if grid.title == ui.t("sorting-risks") {
            inner.push(&risk_picture(ui, analysis));
        } else if grid.title == ui.t("sorting-by-industry") {
            inner.push(&spread(ui, &grid.title, &analysis.industries));
        } else if grid.title == ui.t("sorting-by-size") {
            inner.push(&spread(ui, &grid.title, &analysis.sizes));
        }
        inner.push(&grid.page(ui));
        panel(&mut out, &grid.title, &none, &inner);
    }
    if out.is_empty() {
        panel(&mut out, &ui.t("sorting-analysis"), &none, &hint(&ui.t("sorting-analysis-none")));
    }
    out
}

/// How many customers each part has.
fn spread(ui: &Ui, title: &str, all: &[Slice]) -> Html {
    ui.chart(Chart {
        title: title.to_owned(),
        shape: Shape::Bars,
        labels: all.iter().map(|one| titled(ui, &one.title, "sorting-unknown")).collect(),
        series: vec![Series {
            name: ui.t("sorting-customers"),
            values: all.iter().map(|one| Some(one.customers.to_string())).collect(),
            notes: Vec::new(),
        }],
        height: 220,
        ..Chart::default()
    })
}

/// The three risks side by side.
fn risk_picture(ui: &Ui, analysis: &Analysis) -> Html {
    let series = |label: &str, of: fn(&(i64, i64, i64, i64)) -> i64| Series {
        name: ui.t(label),
        values: analysis.risks.iter().map(|one| Some(of(&one.customers).to_string())).collect(),
        notes: Vec::new(),
    };
    ui.chart(Chart {
        title: ui.t("sorting-risks"),
        shape: Shape::Columns,
        labels: analysis.risks.iter().map(|one| ui.t(format!("sorting-risk-{}", one.risk.replace('_', "-")))).collect(),
        series: vec![
            series("sorting-risk-low", |one| one.0),
            series("sorting-risk-medium", |one| one.1),
            series("sorting-risk-high", |one| one.2),
        ],
        height: 220,
        ..Chart::default()
    })
}

/// The ratios of the statements year by year.
fn trend(ui: &Ui, all: &[Year]) -> Html {
    let decimal = |bp: i64| format!("{}{}.{:02}", if bp < 0 { "-" } else { "" }, bp.abs() / 100, bp.abs() % 100);
    let series = |label: &str, of: fn(&Year) -> Option<i64>| Series {
        name: ui.t(label),
        values: all.iter().map(|one| of(one).map(decimal)).collect(),
        notes: Vec::new(),
    };
    ui.chart(Chart {
        title: ui.t("sorting-years"),
        shape: Shape::Lines,
        labels: all.iter().map(|one| one.year.to_string()).collect(),
        series: vec![
            series("sorting-debt-ratio", Year::debt_bp),
            series("sorting-margin", Year::margin_bp),
            series("sorting-roe", Year::roe_bp),
        ],
        height: 220,
        ..Chart::default()
    })
}
