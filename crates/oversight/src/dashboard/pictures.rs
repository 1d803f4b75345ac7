//! The pictures (图) of the dashboard: each a chart and a table of the same sums, with unit, date and rows.

use finance::Fen;
use jiff::civil::Date;
use platform::page::{Chart, Series, Shape, Ui};

use super::model::{Book, Overview, Part, Point};
use super::rules;
use super::store::rest_of_month;
use super::tiles::Links;
use crate::grade::{By, Grades, Step};
use crate::grid::{Cell, Grid, GridRow, Holds, wan};
use crate::rows::pages::step_name;

/// One picture with its table (图与表).
#[derive(Debug, Clone)]
pub(super) struct Picture {
    /// Its name in addresses.
    pub key: &'static str,
    /// What stands beside the title: unit and meaning.
    pub note: String,
    /// The chart.
    pub chart: Chart,
    /// The table.
    pub grid: Grid,
    /// Where the workbook of the table is.
    pub export: String,
}

/// What all pictures need.
pub(super) struct Painter<'a> {
    pub ui: &'a Ui,
    pub it: &'a Overview,
    pub grades: &'a Grades,
    pub links: Links<'a>,
}

impl Painter<'_> {
    /// All pictures in the order of the page.
    pub(super) fn all(&self) -> Vec<Picture> {
        vec![
            self.steps(By::Class, "class", Shape::Bars),
            self.steps(By::Bucket, "bucket", Shape::Buckets),
            self.aging(),
            self.new_overdue(),
            self.collected(),
            self.maturing(),
        ]
    }

    fn picture(&self, key: &'static str, chart: Chart, grid: Grid) -> Picture {
        let ui = self.ui;
        Picture {
            key,
            note: ui.t2(format!("picture-{key}-note"), "unit", ui.unit_name(), "on", self.links.at.as_of),
            chart: Chart { title: grid.title.clone(), ..chart },
            grid,
            export: self.links.at.address("/dashboard/export.xlsx", &[("table", key)]),
        }
    }

    fn title(&self, key: &str) -> String {
        self.ui.t(format!("picture-{key}"))
    }

    fn heads(&self, heads: &[(&str, Holds)]) -> Vec<(String, Holds)> {
        heads.iter().map(|(id, holds)| (self.ui.t(id), *holds)).collect()
    }

    /// The book by class or bucket; the bars of the buckets leave out what is not overdue, the table does not.
    fn steps(&self, by: By, key: &'static str, shape: Shape) -> Picture {
        let ui = self.ui;
        let whole = self.it.book.whole();
        let steps = self.grades.steps_with(by, self.it.book.ids(by));
        let mut grid = Grid {
            title: self.title(key),
            heads: self.heads(&[
                (if by == By::Class { "grid-class" } else { "grid-bucket" }, Holds::Text),
                ("grid-loans", Holds::Count),
                ("grid-balance", Holds::Money),
                ("grid-share", Holds::Share),
            ]),
            ..Grid::default()
        };
        let mut chart = Chart {
            shape,
            height: 220,
            series: vec![Series { name: ui.t("grid-balance"), ..Series::default() }],
            ..Chart::default()
        };
        for (place, step) in steps.iter().enumerate() {
            let part = self.it.book.step(by, &step.id);
            let href = self.links.book(&[(by.as_str(), &step.id)]);
            grid.rows.push(GridRow { cells: part_cells(step_name(ui, step), part, whole), href: href.clone() });
            if shape == Shape::Buckets && place == 0 {
                continue;
            }
            chart.labels.push(step_name(ui, step));
            chart.links.push(href.unwrap_or_default());
            let note =
                format!("{}  {}", ui.in_unit(part.principal), ui.t1("count-loans", "count", ui.count(part.loans)));
            chart.series[0].values.push(Some(wan(part.principal)));
            chart.series[0].notes.push(note);
        }
        grid.total = Some(part_cells(ui.t("grid-total"), whole, whole));
        self.picture(key, chart, grid)
    }

    /// The overdue steps at the past month-ends and at the date.
    fn aging(&self) -> Picture {
        let ui = self.ui;
        let steps: Vec<Step> = self.grades.buckets.iter().skip(1).cloned().collect();
        let mut heads = self.heads(&[("grid-day", Holds::Text), ("grid-balance", Holds::Level)]);
        heads.extend(steps.iter().map(|step| (step_name(ui, step), Holds::Level)));
        heads.extend(self.heads(&[("dashboard-overdue-rate", Holds::Share), ("dashboard-npl-ratio", Holds::Share)]));
        let mut grid = Grid { title: self.title("aging"), heads, ..Grid::default() };
        let mut chart = Chart { shape: Shape::BucketLines, height: 240, ..Chart::default() };
        chart.series = steps.iter().map(|step| Series { name: step_name(ui, step), ..Series::default() }).collect();
        let now = (self.links.at.as_of, Some(self.it.book.clone()));
        for (on, book) in self.it.past.iter().chain([&now]) {
            let standpoint = self.links.at.on(*on);
            let href = Links { at: &standpoint, ..self.links }.book(&[("overdue", "yes")]);
            chart.labels.push(on.strftime("%y-%m").to_string());
            chart.links.push(href.clone().unwrap_or_default());
            for (series, step) in chart.series.iter_mut().zip(&steps) {
                series.values.push(book.as_ref().map(|book| wan(book.step(By::Bucket, &step.id).principal)));
            }
            grid.rows.push(GridRow { cells: self.aging_cells(*on, book.as_ref(), &steps), href });
        }
        self.picture("aging", chart, grid)
    }

    fn aging_cells(&self, on: Date, book: Option<&Book>, steps: &[Step]) -> Vec<Cell> {
        let money = |part: Option<Part>| part.map_or(Cell::None, |part| Cell::Money(part.principal));
        let share = |part: Option<Part>| {
            let whole = book.map(|book| book.whole().principal);
            part.zip(whole)
                .and_then(|(part, whole)| rules::share(part.principal, whole))
                .map_or(Cell::None, Cell::Share)
        };
        let npl = book.zip(self.grades.npl.as_ref()).map(|(book, npl)| rules::non_performing(book, &npl.classes));
        let mut cells = vec![Cell::Text(on.to_string()), money(book.map(Book::whole))];
        cells.extend(steps.iter().map(|step| money(book.map(|book| book.step(By::Bucket, &step.id)))));
        cells.extend([share(book.map(Book::overdue)), share(npl)]);
        cells
    }

    fn new_overdue(&self) -> Picture {
        let grid = self.point_grid("new-overdue", "grid-day", "grid-loans", "grid-overdue-sum");
        let mut picture = self.points(grid, &self.it.became_overdue, |point| {
            (point.on.to_string(), self.links.days("new-overdue", point.on, point.on))
        });
        let points = &self.it.became_overdue;
        picture.0.labels = points.iter().map(|point| point.on.strftime("%m-%d").to_string()).collect();
        let series = Series {
            name: self.ui.t("grid-loans"),
            values: points.iter().map(|point| Some(point.count.to_string())).collect(),
            notes: points
                .iter()
                .map(|point| if point.count == 0 { String::new() } else { self.ui.count(point.count) })
                .collect(),
        };
        picture.0.series = vec![series];
        self.picture("new-overdue", picture.0, picture.1)
    }

    fn collected(&self) -> Picture {
        let grid = self.point_grid("collected", "grid-month", "grid-items", "grid-received");
        let (chart, grid) = self.points(grid, &self.it.collected, |point| {
            let last = point.on.last_of_month().min(self.links.at.as_of);
            (month(point.on), self.links.days("collected", point.on, last))
        });
        self.picture("collected", chart, grid)
    }

    fn maturing(&self) -> Picture {
        let as_of = self.links.at.as_of;
        let grid = self.point_grid("maturing", "grid-month", "grid-loans", "grid-balance");
        let (chart, grid) = self.points(grid, &self.it.maturing, |point| {
            let (from, to) = rest_of_month(point.on, as_of);
            let (from_text, to_text) = (from.to_string(), to.to_string());
            let href = if self.links.at.is_now() {
                self.links.book(&[("maturity.from", &from_text), ("maturity.to", &to_text)])
            } else {
                self.links.days("maturing", from, to)
            };
            (month(point.on), href)
        });
        self.picture("maturing", chart, grid)
    }

    fn point_grid(&self, key: &str, first: &str, count: &str, sum: &str) -> Grid {
        let heads = self.heads(&[(first, Holds::Text), (count, Holds::Count), (sum, Holds::Money)]);
        Grid { title: self.title(key), heads, ..Grid::default() }
    }

    /// Columns of money and the table of the same points.
    fn points(
        &self,
        mut grid: Grid,
        points: &[Point],
        row: impl Fn(&Point) -> (String, Option<String>),
    ) -> (Chart, Grid) {
        let mut series =
            Series { name: grid.heads.last().map(|head| head.0.clone()).unwrap_or_default(), ..Series::default() };
        let mut chart = Chart { shape: Shape::Columns, height: 240, ..Chart::default() };
        let (mut count, mut all) = (0_i64, Fen::ZERO);
        for point in points {
            let (label, href) = row(point);
            grid.rows.push(GridRow {
                cells: vec![Cell::Text(label), Cell::Count(point.count), Cell::Money(point.sum)],
                href: href.clone(),
            });
            chart.labels.push(point.on.strftime("%y-%m").to_string());
            chart.links.push(href.unwrap_or_default());
            series.values.push(Some(wan(point.sum)));
            // Twelve columns leave no room for fen; the table has them.
            series.notes.push(whole_wan(point.sum));
            count = count.saturating_add(point.count);
            all = Fen(all.0.saturating_add(point.sum.0));
        }
        grid.total = Some(vec![Cell::Text(self.ui.t("grid-total")), Cell::Count(count), Cell::Money(all)]);
        chart.series = vec![series];
        (chart, grid)
    }
}

fn part_cells(label: String, part: Part, whole: Part) -> Vec<Cell> {
    let share = rules::share(part.principal, whole.principal).map_or(Cell::None, Cell::Share);
    vec![Cell::Text(label), Cell::Count(part.loans), Cell::Money(part.principal), share]
}

/// Whole ten thousands with thousands separated: for the tops of narrow columns.
fn whole_wan(amount: Fen) -> String {
    let wan = amount.0.saturating_add(500_000) / 1_000_000;
    if wan == 0 && amount.is_positive() {
        return "<1".to_owned();
    }
    let text = platform::locale::money(Fen(wan.saturating_mul(100)));
    text.split('.').next().unwrap_or_default().to_owned()
}

fn month(on: Date) -> String {
    on.strftime("%Y-%m").to_string()
}
