//! The pictures and tables of the measures (图与表): the same figures on the page and in the workbook.

use finance::Fen;
use platform::page::grid::{Cell, Grid, GridRow, Holds, wan};
use platform::page::list::address;
use platform::page::{Chart, Html, Series, Shape, Tile, Tone, Ui};
use platform::policies::article_address;

use super::figures::Figures;
use super::model::{By, Kind, Tally};
use super::rules;
use super::words::Words;
use super::{PAGE, ROWS};

/// One table with its chart, if it has one.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    /// Its name in addresses.
    pub key: &'static str,
    /// What stands beside the title.
    pub note: String,
    /// The article behind it.
    pub article: Html,
    /// The chart.
    pub chart: Option<Chart>,
    /// The table.
    pub grid: Grid,
    /// Where the workbook of the table is.
    pub export: String,
}

/// What all pictures need.
pub(crate) struct Painter<'a> {
    pub ui: &'a Ui,
    pub it: &'a Figures,
    pub words: &'a Words,
}

/// The article of the measures.
const ARTICLE: &str = "overdue.measures";

/// How many lines a chart of curves has at most.
const LINES: usize = 5;

impl Painter<'_> {
    /// All of them in the order of the page.
    pub(crate) fn all(&self) -> Vec<Picture> {
        vec![self.recovery(), self.balance(), self.curve(), self.rolls(), self.discipline(), self.patterns()]
    }

    /// The address of a page of these figures.
    pub(crate) fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let (from, to) = (self.it.period.from.to_string(), self.it.period.to.to_string());
        let mut all = vec![("from", from.as_str()), ("to", &to), ("by", self.it.by.as_str())];
        all.extend_from_slice(more);
        address(path, &all)
    }

    /// The rows of a kind, of one group or of all.
    pub(crate) fn rows(&self, kind: Kind, group: Option<&str>) -> String {
        // An empty value is no filter: what belongs to no group has a sign of its own.
        let group = group.map(|id| if id.is_empty() { "-" } else { id });
        let mut more = vec![("of", kind.as_str())];
        more.extend(group.map(|id| ("group", id)));
        self.address(ROWS, &more)
    }

    /// A figure that leads to its rows; nothing leads nowhere.
    fn to(&self, kind: Kind, group: Option<&str>, cell: Cell) -> Cell {
        match cell {
            Cell::Count(0) | Cell::Money(Fen::ZERO) => cell,
            figure => Cell::Link(Box::new(figure), self.rows(kind, group)),
        }
    }

    /// A count that leads to its rows with this word.
    fn of_word(&self, kind: Kind, group: Option<&str>, word: &str, cell: Cell) -> Cell {
        match self.to(kind, group, cell) {
            Cell::Link(figure, href) => {
                Cell::Link(figure, format!("{href}&{}", platform::page::query_pair("word", word)))
            }
            other => other,
        }
    }

    fn picture(&self, key: &'static str, rule: &str, chart: Option<Chart>, grid: Grid) -> Picture {
        let note = self.ui.t2(format!("measure-{key}-note"), "unit", self.ui.unit_name(), "rule", rule);
        let chart = chart.map(|chart| Chart { title: grid.title.clone(), ..chart });
        let article = self.ui.citation(article_address(ARTICLE), self.words.article(self.ui, ARTICLE));
        Picture {
            key,
            note,
            article,
            chart,
            grid,
            export: self.address(&format!("{PAGE}/export.xlsx"), &[("table", key)]),
        }
    }

    fn grid(&self, key: &str, heads: &[(&str, Holds)]) -> Grid {
        let heads = heads.iter().map(|(id, holds)| (self.ui.t(id), *holds)).collect();
        Grid { title: self.ui.t(format!("measure-{key}")), heads, ..Grid::default() }
    }

    /// The groups that a picture shows, in order, with their figures.
    fn groups(&self, shown: impl Fn(&Tally) -> bool) -> Vec<(String, &Tally)> {
        let found = self.it.groups.iter().filter(|(_, tally)| shown(tally));
        let mut ids: Vec<String> = found.map(|(id, _)| id.clone()).collect();
        self.words.order(self.ui, self.it.by, &mut ids);
        ids.into_iter().filter_map(|id| self.it.groups.get(&id).map(|tally| (id, tally))).collect()
    }

    fn name(&self, id: &str) -> String {
        self.words.group(self.ui, self.it.by, id)
    }

    /// Bars of a share in percent, one a group.
    fn bars(&self, head: &str, rows: &[(String, &Tally)], kind: Kind, of: impl Fn(&Tally) -> Option<i64>) -> Chart {
        let mut series = Series { name: self.ui.t(head), ..Series::default() };
        let mut chart = Chart { shape: Shape::Bars, height: 220, ..Chart::default() };
        for (id, tally) in rows {
            let share = of(tally).map(platform::page::grid::percent);
            chart.labels.push(self.name(id));
            chart.links.push(self.rows(kind, Some(id)));
            series.notes.push(share.as_ref().map_or_else(|| "—".to_owned(), |share| format!("{share} %")));
            series.values.push(share);
        }
        chart.series = vec![series];
        chart
    }

    /// 清收率 and costs by group.
    fn recovery(&self) -> Picture {
        let by = format!("measure-by-{}", self.it.by.as_str());
        let mut grid = self.grid(
            "recovery",
            &[
                (&by, Holds::Text),
                ("measure-opening", Holds::Money),
                ("measure-fresh", Holds::Money),
                ("measure-recovered", Holds::Money),
                ("measure-recovery-rate", Holds::Share),
                ("measure-cost", Holds::Money),
                ("measure-cost-rate", Holds::Share),
            ],
        );
        let moved = |tally: &Tally| {
            [tally.opening, tally.fresh, tally.recovered, tally.cost].iter().any(|amount| *amount != Fen::ZERO)
        };
        let rows = self.groups(moved);
        let cells = |name: String, group: Option<&str>, tally: &Tally| {
            let to = |kind, amount| self.to(kind, group, Cell::Money(amount));
            vec![
                Cell::Text(name),
                to(Kind::Opening, tally.opening),
                to(Kind::Fresh, tally.fresh),
                to(Kind::Recovered, tally.recovered),
                share(tally.recovery_rate()),
                to(Kind::Cost, tally.cost),
                share(tally.cost_rate()),
            ]
        };
        for (id, tally) in &rows {
            let href = Some(self.rows(Kind::Recovered, Some(id)));
            grid.rows.push(GridRow { cells: cells(self.name(id), Some(id), tally), href });
        }
        grid.total = Some(cells(self.ui.t("measure-total"), None, &self.it.whole));
        let chart = self.bars("measure-recovery-rate", &rows, Kind::Recovered, Tally::recovery_rate);
        self.picture("recovery", rules::RECOVERY, Some(chart), grid)
    }

    /// 压降率 by group: what stood at the beginning and at the end, and where the rest went.
    fn balance(&self) -> Picture {
        let by = format!("measure-by-{}", self.it.by.as_str());
        let mut grid = self.grid(
            "balance",
            &[
                (&by, Holds::Text),
                ("measure-opening-loans", Holds::Count),
                ("measure-opening", Holds::Money),
                ("measure-other", Holds::Money),
                ("measure-closing", Holds::Money),
                ("measure-reduction-rate", Holds::Share),
                ("measure-bad-opening", Holds::Money),
                ("measure-bad-closing", Holds::Money),
                ("measure-bad-reduction-rate", Holds::Share),
                ("measure-cured-loans", Holds::Count),
                ("measure-cure-rate", Holds::Share),
            ],
        );
        let stood = |tally: &Tally| {
            tally.opening_loans > 0
                || tally.closing != Fen::ZERO
                || tally.other != Fen::ZERO
                || tally.bad_opening != Fen::ZERO
                || tally.bad_closing != Fen::ZERO
        };
        let rows = self.groups(stood);
        let cells = |name: String, group: Option<&str>, tally: &Tally| {
            let to = |kind, cell| self.to(kind, group, cell);
            vec![
                Cell::Text(name),
                to(Kind::Opening, Cell::Count(tally.opening_loans)),
                to(Kind::Opening, Cell::Money(tally.opening)),
                to(Kind::Other, Cell::Money(tally.other)),
                to(Kind::Closing, Cell::Money(tally.closing)),
                share(tally.reduction_rate()),
                to(Kind::BadOpening, Cell::Money(tally.bad_opening)),
                to(Kind::BadClosing, Cell::Money(tally.bad_closing)),
                share(tally.bad_reduction_rate()),
                to(Kind::Cured, Cell::Count(tally.cured)),
                share(tally.cure_rate()),
            ]
        };
        for (id, tally) in &rows {
            let href = Some(self.rows(Kind::Closing, Some(id)));
            grid.rows.push(GridRow { cells: cells(self.name(id), Some(id), tally), href });
        }
        grid.total = Some(cells(self.ui.t("measure-total"), None, &self.it.whole));
        // Lying bars: two standing ones beside each other have no room for what is written on them.
        let height = u32::try_from(rows.len()).unwrap_or(u32::MAX).clamp(2, 12) * 52 + 60;
        let mut chart = Chart { shape: Shape::Bars, height, ..Chart::default() };
        let mut series = [
            Series { name: self.ui.t("measure-opening"), ..Series::default() },
            Series { name: self.ui.t("measure-closing"), ..Series::default() },
        ];
        for (id, tally) in &rows {
            chart.labels.push(self.name(id));
            chart.links.push(self.rows(Kind::Closing, Some(id)));
            series[0].notes.push(self.ui.t1("measure-chart-opening", "amount", wan(tally.opening)));
            series[0].values.push(Some(wan(tally.opening)));
            series[1].notes.push(self.ui.t1("measure-chart-closing", "amount", wan(tally.closing)));
            series[1].values.push(Some(wan(tally.closing)));
        }
        chart.series = series.to_vec();
        self.picture("balance", rules::REDUCTION, Some(chart), grid)
    }

    /// The recovery curve: groups downwards, days across.
    fn curve(&self) -> Picture {
        let by = format!("measure-by-{}", self.it.by.as_str());
        let days: Vec<i64> = self
            .it
            .curves
            .values()
            .next()
            .map(|points| points.iter().map(|point| point.days).collect())
            .unwrap_or_default();
        let mut grid = self.grid("curve", &[(&by, Holds::Text), ("measure-cases", Holds::Count)]);
        // Later columns hold fewer cases than earlier ones: each says how many, or the curve seems to fall.
        let heads = |days: &i64| {
            let of = |id: &str, holds| (self.ui.t1(id, "days", days), holds);
            [of("measure-by-day", Holds::Share), of("measure-cases-by-day", Holds::Count)]
        };
        grid.heads.extend(days.iter().flat_map(heads));
        let mut ids: Vec<String> = self.it.curves.keys().cloned().collect();
        self.words.order(self.ui, self.it.by, &mut ids);
        let mut chart = Chart { shape: Shape::Lines, height: 240, ..Chart::default() };
        chart.labels = days.iter().map(|days| self.ui.t1("measure-by-day", "days", days)).collect();
        for id in &ids {
            let points = &self.it.curves[id];
            let shares: Vec<Option<i64>> = points.iter().map(|one| rules::share(one.recovered.0, one.due.0)).collect();
            let cases = points.iter().map(|point| point.cases).max().unwrap_or(0);
            let mut cells = vec![Cell::Text(self.name(id)), Cell::Count(cases)];
            let counted = shares.iter().zip(points).flat_map(|(one, point)| [share(*one), Cell::Count(point.cases)]);
            cells.extend(counted);
            grid.rows.push(GridRow { cells, href: Some(self.rows(Kind::Recovered, Some(id))) });
            if chart.series.len() < LINES {
                let values = shares.into_iter().map(|one| one.map(platform::page::grid::percent)).collect();
                chart.series.push(Series { name: self.name(id), values, notes: Vec::new() });
            }
        }
        self.picture("curve", "measure.curve", Some(chart), grid)
    }

    /// Where the loans of each bucket went.
    fn rolls(&self) -> Picture {
        let mut grid = self.grid(
            "rolls",
            &[
                ("measure-roll-from", Holds::Text),
                ("measure-roll-to", Holds::Text),
                ("measure-loans", Holds::Count),
                ("measure-opening", Holds::Money),
                ("measure-roll-share", Holds::Share),
            ],
        );
        for roll in &self.it.rolls {
            let own = self.it.rolls.iter().filter(|one| one.from == roll.from);
            let whole = own.fold(0_i64, |sum, one| sum.saturating_add(one.overdue.0));
            let cells = vec![
                Cell::Text(self.words.group(self.ui, By::Bucket, &roll.from)),
                Cell::Text(self.words.end(self.ui, &roll.to)),
                Cell::Count(roll.loans),
                Cell::Money(roll.overdue),
                share(rules::share(roll.overdue.0, whole)),
            ];
            grid.rows.push(GridRow { cells, href: None });
        }
        self.picture("rolls", rules::ROLL, None, grid)
    }

    /// Promises, frequency and contacts by group.
    fn discipline(&self) -> Picture {
        let by = format!("measure-by-{}", self.it.by.as_str());
        let mut grid = self.grid(
            "discipline",
            &[
                (&by, Holds::Text),
                ("promise-kept", Holds::Count),
                ("promise-part-kept", Holds::Count),
                ("promise-broken", Holds::Count),
                ("measure-promise-rate", Holds::Share),
                ("frequency-kept", Holds::Count),
                ("frequency-missed", Holds::Count),
                ("frequency-excused", Holds::Count),
                ("measure-frequency-rate", Holds::Share),
                ("measure-contacts", Holds::Count),
                ("measure-contact-rate", Holds::Share),
            ],
        );
        let worked = |t: &Tally| t.kept + t.part_kept + t.broken + t.met + t.missed + t.excused + t.contacts > 0;
        let rows = self.groups(worked);
        let cells = |name: String, group: Option<&str>, tally: &Tally| {
            let to = |kind, word, count| self.of_word(kind, group, word, Cell::Count(count));
            vec![
                Cell::Text(name),
                to(Kind::Promise, "kept", tally.kept),
                to(Kind::Promise, "part-kept", tally.part_kept),
                to(Kind::Promise, "broken", tally.broken),
                share(tally.promise_rate()),
                to(Kind::Frequency, "kept", tally.met),
                to(Kind::Frequency, "missed", tally.missed),
                to(Kind::Frequency, "excused", tally.excused),
                share(tally.frequency_rate()),
                Cell::Count(tally.contacts),
                share(tally.contact_rate()),
            ]
        };
        for (id, tally) in &rows {
            let href = Some(self.rows(Kind::Promise, Some(id)));
            grid.rows.push(GridRow { cells: cells(self.name(id), Some(id), tally), href });
        }
        grid.total = Some(cells(self.ui.t("measure-total"), None, &self.it.whole));
        let chart = self.bars("measure-frequency-rate", &rows, Kind::Frequency, Tally::frequency_rate);
        self.picture("discipline", rules::FREQUENCY, Some(chart), grid)
    }

    /// By pattern of debtor (S2.5-11).
    fn patterns(&self) -> Picture {
        let mut grid = self.grid(
            "patterns",
            &[
                ("outcome-pattern", Holds::Text),
                ("measure-contacts", Holds::Count),
                ("measure-reached", Holds::Count),
                ("measure-promises", Holds::Count),
                ("measure-promise-share", Holds::Share),
                ("promise-kept", Holds::Count),
                ("measure-promise-rate", Holds::Share),
                ("measure-recovered", Holds::Level),
            ],
        );
        let mut chart = Chart { shape: Shape::Bars, height: 220, ..Chart::default() };
        let mut series = Series { name: self.ui.t("measure-promise-share"), ..Series::default() };
        for one in &self.it.patterns {
            let name = self.ui.t(format!("pattern-{}", one.pattern));
            let promised = rules::share(one.promises, one.contacts);
            grid.rows.push(GridRow {
                cells: vec![
                    Cell::Text(name.clone()),
                    Cell::Count(one.contacts),
                    Cell::Count(one.reached),
                    Cell::Count(one.promises),
                    share(promised),
                    Cell::Count(one.kept),
                    share(rules::share(one.kept, one.settled)),
                    Cell::Money(one.recovered),
                ],
                href: None,
            });
            chart.labels.push(name);
            series.values.push(promised.map(platform::page::grid::percent));
        }
        chart.series = vec![series];
        let chart = (!self.it.patterns.is_empty()).then_some(chart);
        self.picture("patterns", "measure.pattern", chart, grid)
    }

    /// The tiles: each share with its numerator and denominator, and the rows of the numerator.
    pub(crate) fn tiles(&self) -> Vec<Tile> {
        let (ui, t) = (self.ui, &self.it.whole);
        let money = |part: Fen, whole: Fen| ui.t2("measure-of", "part", ui.in_unit(part), "whole", ui.in_unit(whole));
        let count = |part: i64, whole: i64| ui.t2("measure-of", "part", ui.count(part), "whole", ui.count(whole));
        let base = Fen(t.opening.0.saturating_add(t.fresh.0));
        let fallen = Fen(t.opening.0.saturating_sub(t.closing.0));
        let worse = Fen(t.bad_opening.0.saturating_sub(t.bad_closing.0));
        let settled = t.kept + t.part_kept + t.broken;
        let tile = |label: &str, rate: Option<i64>, note: String, kind: Option<Kind>| Tile {
            label: ui.t(label),
            figure: rate.map_or_else(|| ui.t("measure-no-data"), platform::page::grid::percent_words),
            unit: if rate.is_some() { "%".to_owned() } else { String::new() },
            note: Some((Tone::Neutral, note)),
            href: kind.map(|kind| self.rows(kind, None)),
            ..Tile::default()
        };
        let hours = t.preservation_hours();
        vec![
            tile("measure-recovery-rate", t.recovery_rate(), money(t.recovered, base), Some(Kind::Recovered)),
            tile("measure-reduction-rate", t.reduction_rate(), money(fallen, t.opening), Some(Kind::Closing)),
            tile(
                "measure-bad-reduction-rate",
                t.bad_reduction_rate(),
                money(worse, t.bad_opening),
                Some(Kind::BadClosing),
            ),
            tile("measure-cost-rate", t.cost_rate(), money(t.cost, t.recovered), Some(Kind::Cost)),
            tile("measure-cure-rate", t.cure_rate(), count(t.cured, t.opening_loans), Some(Kind::Cured)),
            tile("measure-promise-rate", t.promise_rate(), count(t.kept, settled), Some(Kind::Promise)),
            tile("measure-frequency-rate", t.frequency_rate(), count(t.met, t.met + t.missed), Some(Kind::Frequency)),
            tile("measure-contact-rate", t.contact_rate(), count(t.connected, t.contacts), None),
            Tile {
                label: ui.t("measure-preservation"),
                figure: hours.map_or_else(|| ui.t("measure-no-data"), |hours| ui.count(hours)),
                unit: hours.map(|_| ui.t("measure-hours")).unwrap_or_default(),
                note: Some((Tone::Neutral, ui.t1("measure-preserved", "count", ui.count(t.preserved)))),
                href: Some(self.rows(Kind::Preservation, None)),
                ..Tile::default()
            },
            Tile {
                label: ui.t("risk-expected"),
                figure: ui.in_unit(self.it.expected.0),
                unit: ui.unit_name(),
                note: Some((Tone::Neutral, money(self.it.expected.0, self.it.expected.1))),
                href: Some(crate::case::list::LIST.to_owned()),
                ..Tile::default()
            },
        ]
    }
}

fn share(rate: Option<i64>) -> Cell {
    rate.map_or(Cell::None, Cell::Share)
}
