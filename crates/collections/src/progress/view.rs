//! The figures of a report (报告指标) as tables: the same on the page, on paper and in the workbook.

use finance::Fen;
use platform::page::Ui;
use platform::page::grid::{Cell, Grid, GridRow, Holds};

use super::model::{Content, Line};
use crate::measure::model::Tally;

/// The tables of a report in order; `roll` names buckets.
pub(super) fn tables(ui: &Ui, content: &Content, roll: impl Fn(&str) -> String) -> Vec<Grid> {
    let mut all = vec![whole(ui, content)];
    all.push(lines(ui, "measure-by-branch", &content.branches));
    all.push(lines(ui, "measure-by-collector", &content.collectors));
    all.push(lines(ui, "measure-by-cause", &content.causes));
    all.push(rolls(ui, content, roll));
    all
}

fn share(rate: Option<i64>) -> Cell {
    rate.map_or(Cell::None, Cell::Share)
}

/// The figures of the period beside those of the one before.
fn whole(ui: &Ui, content: &Content) -> Grid {
    let heads = [("progress-figure", Holds::Text), ("progress-now", Holds::Level), ("progress-before", Holds::Level)];
    let mut grid = Grid {
        title: ui.t("progress-figures"),
        heads: heads.map(|(id, holds)| (ui.t(id), holds)).to_vec(),
        ..Grid::default()
    };
    let mut row = |label: &str, of: &dyn Fn(&Tally) -> Cell| {
        let cells = vec![Cell::Text(ui.t(label)), of(&content.whole), of(&content.before)];
        grid.rows.push(GridRow { cells, href: None });
    };
    let money = |of: fn(&Tally) -> Fen| move |t: &Tally| Cell::Money(of(t));
    row("measure-opening", &money(|t| t.opening));
    row("measure-fresh", &money(|t| t.fresh));
    row("measure-recovered", &money(|t| t.recovered));
    row("measure-other", &money(|t| t.other));
    row("measure-closing", &money(|t| t.closing));
    row("measure-bad-opening", &money(|t| t.bad_opening));
    row("measure-bad-closing", &money(|t| t.bad_closing));
    row("measure-cost", &money(|t| t.cost));
    // Shares and counts stand as words beside money: a column of a workbook holds one kind.
    let percent = |rate: Option<i64>| Cell::Text(rate.map_or_else(|| ui.t("measure-no-data"), crate::listing::percent));
    row("measure-recovery-rate", &|t| percent(t.recovery_rate()));
    row("measure-reduction-rate", &|t| percent(t.reduction_rate()));
    row("measure-bad-reduction-rate", &|t| percent(t.bad_reduction_rate()));
    row("measure-cost-rate", &|t| percent(t.cost_rate()));
    row("measure-cure-rate", &|t| percent(t.cure_rate()));
    row("measure-promise-rate", &|t| percent(t.promise_rate()));
    row("measure-frequency-rate", &|t| percent(t.frequency_rate()));
    grid
}

fn lines(ui: &Ui, by: &str, all: &[Line]) -> Grid {
    let heads = [
        (by, Holds::Text),
        ("measure-opening", Holds::Money),
        ("measure-fresh", Holds::Money),
        ("measure-recovered", Holds::Money),
        ("measure-recovery-rate", Holds::Share),
        ("measure-closing", Holds::Money),
        ("measure-reduction-rate", Holds::Share),
    ];
    let mut grid =
        Grid { title: ui.t(by), heads: heads.map(|(id, holds)| (ui.t(id), holds)).to_vec(), ..Grid::default() };
    for line in all {
        let t = &line.figures;
        let cells = vec![
            Cell::Text(line.name.clone()),
            Cell::Money(t.opening),
            Cell::Money(t.fresh),
            Cell::Money(t.recovered),
            share(t.recovery_rate()),
            Cell::Money(t.closing),
            share(t.reduction_rate()),
        ];
        grid.rows.push(GridRow { cells, href: None });
    }
    grid
}

fn rolls(ui: &Ui, content: &Content, name: impl Fn(&str) -> String) -> Grid {
    let heads = [
        ("measure-roll-from", Holds::Text),
        ("measure-roll-to", Holds::Text),
        ("measure-loans", Holds::Count),
        ("measure-opening", Holds::Money),
    ];
    let mut grid = Grid {
        title: ui.t("measure-rolls"),
        heads: heads.map(|(id, holds)| (ui.t(id), holds)).to_vec(),
        ..Grid::default()
    };
    for roll in &content.rolls {
        let cells = vec![
            Cell::Text(name(&roll.from)),
            Cell::Text(name(&roll.to)),
            Cell::Count(roll.loans),
            Cell::Money(roll.overdue),
        ];
        grid.rows.push(GridRow { cells, href: None });
    }
    grid
}
