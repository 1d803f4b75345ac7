//! The tiles (要点): each figure with its unit, opening exactly the rows that it counts.

use finance::Fen;
use jiff::civil::Date;
use platform::page::{Icon, Tile, Tone, Ui};

use super::model::{Due, Overview, Point};
use super::rules;
use crate::grade::Grades;
use crate::grid::{ledger, percent};
use crate::standpoint::Standpoint;

/// Where numbers lead (下钻): nowhere for whoever may not see loans.
#[derive(Debug, Clone, Copy)]
pub(super) struct Links<'a> {
    /// The two clocks of the page.
    pub at: &'a Standpoint,
    /// Whether the person may see loans.
    pub may: bool,
}

impl Links<'_> {
    /// Open loans: in the ledger while the page shows the present, else the rows of that date.
    pub fn book(&self, filters: &[(&str, &str)]) -> Option<String> {
        if !self.at.is_now() {
            return self.rows("book", filters);
        }
        let overdue = filters.contains(&("overdue", "yes"));
        let mut all = vec![("view", if overdue { "overdue" } else { "open" })];
        all.extend(filters.iter().copied().filter(|pair| *pair != ("overdue", "yes")));
        self.may.then(|| ledger(&all))
    }

    /// The rows of a kind at this standpoint.
    pub fn rows(&self, of: &str, filters: &[(&str, &str)]) -> Option<String> {
        let mut all = vec![("of", of)];
        all.extend_from_slice(filters);
        self.may.then(|| self.at.address("/dashboard/rows", &all))
    }

    /// The rows of a kind between two days.
    pub fn days(&self, of: &str, from: Date, to: Date) -> Option<String> {
        self.rows(of, &[("on.from", &from.to_string()), ("on.to", &to.to_string())])
    }

    /// The derivation of a figure.
    pub fn why(&self, figure: &str) -> Option<String> {
        Some(self.at.address(&format!("/dashboard/why/{figure}"), &[]))
    }
}

/// The figures of the whole book.
pub(super) fn book(ui: &Ui, it: &Overview, grades: &Grades, links: &Links<'_>) -> Vec<Tile> {
    let whole = it.book.whole();
    let before = it.past.last().and_then(|(on, book)| book.as_ref().map(|book| (*on, book)));
    let share = |part: Fen| rules::share(part, whole.principal);
    let earlier = |part: Fen, book: &super::model::Book| rules::share(part, book.whole().principal);
    let overdue = share(it.book.overdue().principal);
    let npl = grades.npl.as_ref().and_then(|npl| share(rules::non_performing(&it.book, &npl.classes).principal));
    let overdue_then = before.and_then(|(_, book)| earlier(book.overdue().principal, book));
    let npl_then = before
        .zip(grades.npl.as_ref())
        .and_then(|((_, book), npl)| earlier(rules::non_performing(book, &npl.classes).principal, book));
    let classes: Vec<(&str, &str)> =
        grades.npl.iter().flat_map(|npl| &npl.classes).map(|class| ("class", class.as_str())).collect();
    let month = it.collected.last();
    vec![
        Tile {
            figure: ui.in_unit(whole.principal),
            unit: ui.unit_name(),
            note: Some((Tone::Neutral, book_note(ui, whole.principal, whole.loans, before))),
            href: links.book(&[]),
            why: links.why("book"),
            ..labelled(ui, Icon::Book, "dashboard-book")
        },
        Tile {
            note: change(ui, overdue, overdue_then, before.map(|(on, _)| on)),
            href: links.book(&[("overdue", "yes")]),
            why: links.why("overdue-rate"),
            ..share_tile(ui, Icon::AlertTriangle, "dashboard-overdue-rate", overdue)
        },
        Tile {
            note: change(ui, npl, npl_then, before.map(|(on, _)| on)),
            href: if classes.is_empty() { None } else { links.book(&classes) },
            why: links.why("npl-ratio"),
            ..share_tile(ui, Icon::ChartLine, "dashboard-npl-ratio", npl)
        },
        Tile {
            figure: ui.in_unit(month.map_or(Fen::ZERO, |point| point.sum)),
            unit: ui.unit_name(),
            note: Some((Tone::Neutral, ui.t1("count-items", "count", ui.count(month.map_or(0, |point| point.count))))),
            href: links.days("collected", links.at.as_of.first_of_month(), links.at.as_of),
            why: links.why("collected"),
            ..labelled(ui, Icon::Cash, "dashboard-collected-month")
        },
    ]
}

/// The figures of the day and the week.
pub(super) fn days(ui: &Ui, it: &Overview, links: &Links<'_>) -> Vec<Tile> {
    let at = links.at;
    let (monday, sunday) = rules::week(at.as_of);
    let since = |from: Date| it.became_overdue.iter().filter(move |point| point.on >= from);
    let today: Vec<&Point> = since(at.as_of).collect();
    let week: Vec<&Point> = since(monday).collect();
    vec![
        due(ui, links, "dashboard-due-today", it.due_today, (at.as_of, at.as_of)),
        due(ui, links, "dashboard-due-week", it.due_week, (monday, sunday)),
        became(ui, links, "dashboard-new-overdue-today", &today, at.as_of),
        became(ui, links, "dashboard-new-overdue-week", &week, monday),
    ]
}

fn due(ui: &Ui, links: &Links<'_>, label: &str, due: Option<Due>, (from, to): (Date, Date)) -> Tile {
    let tile = labelled(ui, Icon::CalendarDue, label);
    let Some(due) = due else {
        let note = Some((Tone::Neutral, ui.t("dashboard-due-unknown")));
        return Tile { figure: "—".to_owned(), note, ..tile };
    };
    let paid = rules::share(due.paid, due.due).map_or_else(|| "—".to_owned(), percent);
    let words = [("count", ui.count(due.instalments)), ("paid", ui.in_unit(due.paid)), ("share", paid)];
    Tile {
        figure: ui.in_unit(due.due),
        unit: ui.unit_name(),
        note: Some((Tone::Neutral, ui.tn("dashboard-due-note", &words))),
        href: links.days("due", from, to),
        ..tile
    }
}

fn became(ui: &Ui, links: &Links<'_>, label: &str, points: &[&Point], from: Date) -> Tile {
    let loans: i64 = points.iter().map(|point| point.count).fold(0, i64::saturating_add);
    let sum = super::model::sum(points.iter().map(|point| point.sum));
    Tile {
        figure: ui.count(loans),
        unit: ui.t("unit-loans"),
        note: Some((
            if loans > 0 { Tone::Sub } else { Tone::Ok },
            ui.t1("dashboard-overdue-note", "sum", ui.in_unit(sum)),
        )),
        href: links.days("new-overdue", from, links.at.as_of),
        why: links.why("new-overdue"),
        ..labelled(ui, Icon::Clock, label)
    }
}

fn labelled(ui: &Ui, icon: Icon, label: &str) -> Tile {
    Tile { icon: Some(icon), label: ui.t(label), ..Tile::default() }
}

fn share_tile(ui: &Ui, icon: Icon, label: &str, share: Option<i64>) -> Tile {
    let figure = share.map_or_else(|| "—".to_owned(), percent);
    Tile { figure, unit: if share.is_some() { "%".to_owned() } else { String::new() }, ..labelled(ui, icon, label) }
}

fn book_note(ui: &Ui, now: Fen, loans: i64, before: Option<(Date, &super::model::Book)>) -> String {
    let count = ui.t1("count-loans", "count", ui.count(loans));
    let Some((on, book)) = before else { return count };
    let change = Fen(now.0.saturating_sub(book.whole().principal.0));
    let sign = if change.0 > 0 { "+" } else { "" };
    let words = [("count", count), ("change", format!("{sign}{}", ui.in_unit(change))), ("on", short(on))];
    ui.tn("dashboard-book-note", &words)
}

/// A change of a share in points, its direction said in words.
fn change(ui: &Ui, now: Option<i64>, then: Option<i64>, on: Option<Date>) -> Option<(Tone, String)> {
    let (now, then, on) = (now?, then?, on?);
    let points = percent(now.saturating_sub(then).abs());
    // A change too small to be written is none.
    let order = if points == "0.00" { std::cmp::Ordering::Equal } else { now.cmp(&then) };
    let (tone, message) = match order {
        std::cmp::Ordering::Greater => (Tone::Sub, "change-worse"),
        std::cmp::Ordering::Less => (Tone::Ok, "change-better"),
        std::cmp::Ordering::Equal => (Tone::Neutral, "change-none"),
    };
    Some((tone, ui.t2(message, "points", points, "on", short(on))))
}

fn short(on: Date) -> String {
    format!("{:02}-{:02}", on.month(), on.day())
}
