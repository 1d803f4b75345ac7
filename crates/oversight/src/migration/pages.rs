//! The page of the matrices (迁徙矩阵), and their workbooks.

use askama::Template;
use axum::extract::Query;
use axum::response::{IntoResponse as _, Response};
use finance::Fen;
use jiff::civil::Date;
use platform::audit::Entry;
use platform::error::ActionError;
use platform::page::{Html, Icon, Page, Tab, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;
use serde_json::json;

use super::model::{Group, Matrix, Show, total};
use super::store;
use crate::DASHBOARD_VIEW;
use crate::dashboard::pages::{head, pen, unknown, workbook_answer};
use crate::dashboard::rules;
use crate::grade::{self, By, Grades, Step};
use crate::grid::{Cell, Grid, GridRow, Holds};
use crate::rows::pages::{as_of_text, badge_of, step_name};
use crate::standpoint::{self, Asked, Standpoint, StandpointError};

/// The pages of the matrices.
pub fn routes() -> Routes {
    Routes::new()
        .get("/dashboard/migration", DASHBOARD_VIEW, index)
        .data::<super::data::MigrationData, _, _>("/dashboard/migration", DASHBOARD_VIEW, super::data::migration)
        .get("/dashboard/migration/export.xlsx", DASHBOARD_VIEW, export)
}

/// What an address asks: two dates, one moment of knowledge, what is counted.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct MigrationAsked {
    #[serde(default)]
    from: String,
    #[serde(default)]
    as_of: String,
    #[serde(default)]
    known_at: String,
    #[serde(default)]
    show: String,
    #[serde(default)]
    by: String,
}

/// Two dates, what is counted, and the groups between them.
pub(super) struct Loaded {
    pub(super) at: Standpoint,
    pub(super) from: Date,
    pub(super) show: Show,
    grades: Grades,
    groups: Vec<Group>,
}

pub(super) async fn load(work: &mut Work, asked: &MigrationAsked) -> Result<Loaded, WebError> {
    let scope = work.authorise(DASHBOARD_VIEW)?;
    let clocks = Asked { as_of: asked.as_of.clone(), known_at: asked.known_at.clone() };
    let at = Standpoint::of(&clocks, work.business_date, work.now).map_err(ActionError::from)?;
    let from = match asked.from.trim() {
        "" => rules::month_ends(at.as_of).last().copied().unwrap_or(at.as_of),
        typed => standpoint::date(typed).map_err(ActionError::from)?,
    };
    if from >= at.as_of {
        return Err(ActionError::from(StandpointError::NotBefore { from, to: at.as_of }).into());
    }
    let show = if asked.show == Show::Loans.as_str() { Show::Loans } else { Show::Money };
    let grades = grade::in_force(work, at.as_of).await?;
    let groups = store::groups(&mut work.tx, scope, &at.on(from), at.as_of).await?;
    Ok(Loaded { at, from, show, grades, groups })
}

impl Loaded {
    pub(super) fn matrix(&self, by: By) -> Matrix {
        let id = |grades: &(String, String)| if by == By::Bucket { grades.0.clone() } else { grades.1.clone() };
        let found: Vec<String> =
            self.groups.iter().flat_map(|group| group.before.iter().chain([&group.after])).map(id).collect();
        Matrix::of(by, self.show, self.grades.steps_with(by, found.iter().map(String::as_str)), &self.groups)
    }

    fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let (from, to, known) = (self.from.to_string(), self.at.as_of.to_string(), self.at.known_text());
        let mut all = vec![("from", from.as_str()), ("as_of", &to)];
        if self.at.known.is_some() {
            all.push(("known_at", &known));
        }
        all.extend_from_slice(more);
        platform::page::list::address(path, &all)
    }

    /// The rows of a cell; the standpoint is always named, so that the rows stay those of the two dates.
    fn rows(&self, of: &str, filters: &[(&str, &str)]) -> String {
        let (from, to, known) = (self.from.to_string(), self.at.as_of.to_string(), self.at.known_text());
        let mut all = vec![("of", of), ("since", from.as_str()), ("as_of", &to)];
        if self.at.known.is_some() {
            all.push(("known_at", &known));
        }
        all.extend_from_slice(filters);
        platform::page::list::address("/dashboard/rows", &all)
    }
}

/// One matrix on the page.
struct Drawn {
    key: &'static str,
    title: String,
    equation: String,
    export: String,
    table: Html,
}

#[derive(Template)]
#[template(path = "migration/index.html")]
struct IndexBody<'a> {
    ui: &'a Ui,
    from: Date,
    as_of: Date,
    known_at: String,
    show: &'static str,
    tabs: Vec<Tab>,
    matrices: Vec<Drawn>,
}

async fn index(visit: Visit, Query(asked): Query<MigrationAsked>) -> Result<Response, WebError> {
    let ui = pen(&visit);
    let it = load(&mut visit.read().await?, &asked).await?;
    let may = visit.may("loan.view");
    let body = IndexBody {
        ui: &ui,
        from: it.from,
        as_of: it.at.as_of,
        known_at: it.at.known_text(),
        show: it.show.as_str(),
        tabs: [Show::Money, Show::Loans].into_iter().map(|show| tab(&ui, &it, show)).collect(),
        matrices: [By::Class, By::Bucket].into_iter().map(|by| draw(&ui, &it, &it.matrix(by), may)).collect(),
    };
    let title = ui.t("migration-title");
    let head = head(&ui, title.clone(), "/dashboard/migration", &it.at, Html::new());
    visit.page(&Page::new(title, "migration").head(head), &body)
}

fn tab(ui: &Ui, it: &Loaded, show: Show) -> Tab {
    Tab {
        text: ui.t(format!("migration-show-{}", show.as_str())),
        href: it.address("/dashboard/migration", &[("show", show.as_str())]),
        active: it.show == show,
        ..Tab::default()
    }
}

fn draw(ui: &Ui, it: &Loaded, matrix: &Matrix, may: bool) -> Drawn {
    let figure = |amount: i64| figure(ui, it.show, amount);
    let words = [
        ("opening", figure(total(&matrix.opening))),
        ("fresh", figure(total(&matrix.fresh))),
        ("back", figure(total(&matrix.back))),
        ("off", figure(total(&matrix.written_off))),
        ("closing", figure(total(&matrix.closing))),
    ];
    let key = matrix.by.as_str();
    Drawn {
        key,
        title: ui.t(format!("migration-{key}")),
        equation: ui.tn("migration-equation", &words),
        export: it.address("/dashboard/migration/export.xlsx", &[("by", key), ("show", it.show.as_str())]),
        table: Drawing { ui, it, matrix, may }.table(),
    }
}

fn figure(ui: &Ui, show: Show, amount: i64) -> String {
    match show {
        Show::Money => ui.in_unit(Fen(amount)),
        Show::Loans => ui.count(amount),
    }
}

/// Which way a loan went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Plain,
    Worse,
    Better,
}

/// The table of one matrix: changed cells toned, with ▼ and ▲; the diagonal plain; totals at both edges.
struct Drawing<'a> {
    ui: &'a Ui,
    it: &'a Loaded,
    matrix: &'a Matrix,
    may: bool,
}

impl Drawing<'_> {
    fn table(&self) -> Html {
        let (ui, m) = (self.ui, self.matrix);
        let mut out = Html::new();
        out.raw("<div class=\"scroll\"><table class=\"table tight\"><thead><tr><th scope=\"col\">");
        out.text(ui.t2("migration-corner", "from", self.it.from, "to", self.it.at.as_of)).raw("</th>");
        for step in &m.steps {
            out.raw("<th scope=\"col\" class=\"r\">").push(&self.name(step, false)).raw("</th>");
        }
        for head in ["migration-back", "migration-off", "migration-opening"] {
            let id = if head == "migration-back" && self.it.show == Show::Loans { "migration-settled" } else { head };
            out.raw("<th scope=\"col\" class=\"r\">").text(ui.t(id)).raw("</th>");
        }
        out.raw("</tr></thead><tbody>");
        for row in 0..m.steps.len() {
            self.row(&mut out, row);
        }
        self.fresh(&mut out);
        out.raw("</tbody><tfoot><tr class=\"grand\"><td>").text(ui.t("migration-closing")).raw("</td>");
        for amount in &m.closing {
            out.raw("<td class=\"r\">").text(figure(ui, self.it.show, *amount)).raw("</td>");
        }
        let opening = total(&m.opening).saturating_add(total(&m.fresh));
        for amount in [total(&m.back), total(&m.written_off), opening] {
            out.raw("<td class=\"r\">").text(figure(ui, self.it.show, amount)).raw("</td>");
        }
        out.raw("</tr></tfoot></table></div>");
        out
    }

    fn row(&self, out: &mut Html, row: usize) {
        let m = self.matrix;
        let before = m.steps[row].id.as_str();
        out.raw("<tr><th scope=\"row\">").push(&self.name(&m.steps[row], true)).raw("</th>");
        for (column, step) in m.steps.iter().enumerate() {
            let way = match column.cmp(&row) {
                std::cmp::Ordering::Equal => Way::Plain,
                std::cmp::Ordering::Greater => Way::Worse,
                std::cmp::Ordering::Less => Way::Better,
            };
            let filters = [(self.before(), before), (m.by.as_str(), &step.id), ("end", "open")];
            self.cell(out, m.cells[row][column], way, || self.it.rows("moved", &filters));
        }
        let before = (self.before(), before);
        // Money paid back comes from settled loans and from those that stay: its rows are all that stood here.
        let back = if self.it.show == Show::Loans { vec![before, ("end", "settled")] } else { vec![before] };
        self.cell(out, m.back[row], Way::Plain, || self.it.rows("moved", &back));
        self.cell(out, m.written_off[row], Way::Plain, || self.it.rows("moved", &[before, ("end", "written-off")]));
        self.cell(out, m.opening[row], Way::Plain, || self.it.rows("moved", &[before]));
        out.raw("</tr>");
    }

    fn fresh(&self, out: &mut Html) {
        let m = self.matrix;
        out.raw("<tr><th scope=\"row\">").text(self.ui.t("migration-fresh")).raw("</th>");
        for (column, step) in m.steps.iter().enumerate() {
            let filters = [(m.by.as_str(), step.id.as_str())];
            self.cell(out, m.fresh[column], Way::Plain, || self.it.rows("fresh", &filters));
        }
        self.cell(out, 0, Way::Plain, String::new);
        self.cell(out, 0, Way::Plain, String::new);
        self.cell(out, total(&m.fresh), Way::Plain, || self.it.rows("fresh", &[]));
        out.raw("</tr>");
    }

    fn cell(&self, out: &mut Html, amount: i64, way: Way, href: impl Fn() -> String) {
        if amount == 0 {
            out.raw("<td class=\"r muted\">·</td>");
            return;
        }
        out.raw(match way {
            Way::Plain => "<td class=\"r\">",
            Way::Worse => "<td class=\"r worse\">▼ ",
            Way::Better => "<td class=\"r better\">▲ ",
        });
        let text = figure(self.ui, self.it.show, amount);
        if self.may {
            out.push(&crate::grid::link(&href(), &text));
        } else {
            out.text(text);
        }
        out.raw("</td>");
    }

    fn before(&self) -> &'static str {
        match self.matrix.by {
            By::Bucket => "before-bucket",
            By::Class => "before-class",
        }
    }

    fn name(&self, step: &Step, boxed: bool) -> Html {
        match badge_of(&step.id).filter(|_| self.matrix.by == By::Class) {
            Some(class) if boxed => self.ui.class_badge(class),
            Some(class) => self.ui.class_head(class),
            None => Html::of_text(step_name(self.ui, step)),
        }
    }
}

fn grid(ui: &Ui, it: &Loaded, matrix: &Matrix) -> Grid {
    let holds = if it.show == Show::Money { Holds::Money } else { Holds::Count };
    let cell = |amount: &i64| if it.show == Show::Money { Cell::Money(Fen(*amount)) } else { Cell::Count(*amount) };
    let mut heads = vec![(ui.t2("migration-corner", "from", it.from, "to", it.at.as_of), Holds::Text)];
    heads.extend(matrix.steps.iter().map(|step| (step_name(ui, step), holds)));
    heads.extend(["migration-back", "migration-off", "migration-opening"].map(|id| (ui.t(id), holds)));
    let mut rows = Vec::new();
    for (row, step) in matrix.steps.iter().enumerate() {
        let mut cells = vec![Cell::Text(step_name(ui, step))];
        cells.extend(matrix.cells[row].iter().map(cell));
        cells.extend([matrix.back[row], matrix.written_off[row], matrix.opening[row]].iter().map(cell));
        rows.push(GridRow { cells, href: None });
    }
    let mut fresh = vec![Cell::Text(ui.t("migration-fresh"))];
    fresh.extend(matrix.fresh.iter().map(cell));
    fresh.extend([0, 0, total(&matrix.fresh)].iter().map(cell));
    rows.push(GridRow { cells: fresh, href: None });
    Grid { title: ui.t(format!("migration-{}", matrix.by.as_str())), heads, rows, total: None }
}

async fn export(visit: Visit, Query(asked): Query<MigrationAsked>) -> Result<Response, WebError> {
    let ui = pen(&visit);
    let by = By::parse(&asked.by).ok_or_else(|| unknown(&asked.by))?;
    let mut work = visit.begin().await?;
    let it = load(&mut work, &asked).await?;
    let after = json!({ "by": by.as_str(), "from": it.from, "to": it.at.as_of, "known_at": it.at.known_text() });
    work.audit(Entry::new(None, "dashboard.export", "migration").after(after)).await?;
    work.commit().await?;
    let grid = grid(&ui, &it, &it.matrix(by));
    let bytes =
        grid.workbook(&[&grid.title, &as_of_text(&ui, &it.at)]).map_err(|e| ActionError::Internal(e.to_string()))?;
    Ok(workbook_answer(&format!("migration-{}-{}-{}", by.as_str(), it.from, it.at.as_of), bytes).into_response())
}
