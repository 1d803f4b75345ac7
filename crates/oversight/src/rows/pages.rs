//! The page of the rows behind a number, and their export.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListQuery, ListSpec, Row, Sort};
use platform::page::{Choice, Html, Icon, LoanClass, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::Kind;
use super::store::{self, Detail, Question};
use crate::dashboard::rules;
use crate::grade::{self, By, Grades};
use crate::standpoint::{self, Asked, Standpoint};

/// Rows carry names, so that whoever sees only sums does not see them.
const LOAN_VIEW: &str = "loan.view";
/// Who may take rows away.
const LOAN_EXPORT: &str = "loan.export";

/// The pages of the rows.
pub fn routes() -> Routes {
    Routes::new()
        .list("/dashboard/rows", LOAN_VIEW, index, |ui| spec(ui, &Grades::default(), Kind::ALL[0]))
        .exports(&LISTED)
}

/// The rows behind a number (明细).
pub(crate) static LISTED: Listed = Listed {
    list: "/dashboard/rows",
    address: "/dashboard/rows/export.xlsx",
    view: LOAN_VIEW,
    export: LOAN_EXPORT,
    act: "dashboard.export",
    title: "rows-list",
    file: "dashboard-rows",
    whole: false,
    spec: |work, ui, query| Box::pin(spec_of(work, ui, query)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: Some(heads),
};

/// Which rows, of which day and as known when: what the number says that leads here.
fn heads(work: &Work, ui: &Ui, asked: &ListQuery) -> Vec<String> {
    let at = question(asked, work.business_date, work.now).map(|question| as_of_text(ui, &question.at));
    std::iter::once(title(ui, kind_of(asked))).chain(at.ok()).collect()
}

/// The columns depend on the kind, which stands in the question itself.
async fn spec_of(work: &mut Work, ui: &Ui, query: &str) -> Result<ListSpec, ActionError> {
    let today = work.business_date;
    let grades = grade::in_force(work, today).await?;
    let kind = query.split('&').find_map(|pair| Kind::parse(pair.strip_prefix("of=")?)).unwrap_or(Kind::Book);
    Ok(spec(ui, &grades, kind))
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let question = question(&wanted.query, work.business_date, work.now)?;
    let totals = store::totals(&mut work.tx, &question, &wanted.query, wanted.scope).await?;
    Ok(Sums { count: totals.count, totals: vec![("money", totals.money.0), ("other", totals.other.0)] })
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let question = question(&wanted.query, work.business_date, work.now)?;
    let found = store::page(&mut work.tx, &question, &wanted.query, wanted.scope, &wanted.limit()).await?;
    Ok(found.iter().map(|row| row_of(ui, &question, row)).collect())
}

fn spec(ui: &Ui, grades: &Grades, kind: Kind) -> ListSpec {
    let mut columns = vec![
        Column::new("number", "rows-number", ColumnKind::Text).sortable(),
        Column::new("customer", "rows-customer", ColumnKind::Text),
        Column::new("on", kind.date_head(), ColumnKind::Date).sortable(),
        Column::new("money", kind.money_head(), ColumnKind::Money).sortable(),
    ];
    columns.extend(kind.other_head().map(|head| Column::new("other", head, ColumnKind::Money).sortable()));
    if kind.has_grade() {
        columns.push(Column::new("days", "rows-days", ColumnKind::State));
        columns.push(Column::new("class", "rows-class", ColumnKind::State));
    }
    ListSpec {
        path: "/dashboard/rows".to_owned(),
        columns,
        filters: filters(ui, grades),
        default_sort: Some(Sort { column: "money", descending: true }),
        counted: "list-rows",
        ..ListSpec::default()
    }
}

fn filters(ui: &Ui, grades: &Grades) -> Vec<Filter> {
    let named = |prefix: &str, ids: &[&str]| {
        FilterKind::Choice(ids.iter().map(|id| Choice::new(*id, ui.t(format!("{prefix}-{id}")))).collect())
    };
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    let steps = |by| {
        let mut choices: Vec<Choice> =
            grades.steps(by).iter().map(|step| Choice::new(&step.id, step_name(ui, step))).collect();
        choices.push(Choice::new(UNCLASSIFIED, ui.t("grade-unclassified")));
        FilterKind::Choice(choices)
    };
    vec![
        Filter::new("of", "rows-of", named("rows-of", &kinds)),
        Filter::new("bucket", "rows-bucket", steps(By::Bucket)),
        Filter::new("class", "rows-class", steps(By::Class)),
        Filter::new("overdue", "rows-overdue", named("rows-overdue", &["yes"])).more(),
        Filter::new("on", "rows-on", FilterKind::Dates),
        Filter::new("since", "rows-since", FilterKind::Text).more(),
        Filter::new("before-bucket", "rows-before-bucket", steps(By::Bucket)).more(),
        Filter::new("before-class", "rows-before-class", steps(By::Class)).more(),
        Filter::new("end", "rows-end", named("rows-end", &["open", "settled", "written-off"])).more(),
        Filter::new("as_of", "clock-as-of", FilterKind::Text),
        Filter::new("known_at", "clock-known", FilterKind::Text).more(),
    ]
}

/// What a class is called in data where no rule by days is in force.
const UNCLASSIFIED: &str = "unclassified";

/// The name of a step; what an older policy called otherwise keeps its id.
pub fn step_name(ui: &Ui, step: &grade::Step) -> String {
    let title = step.title.in_language(ui.lang() == platform::locale::Lang::En);
    match (title, step.id.as_str()) {
        ("", UNCLASSIFIED) => ui.t("grade-unclassified"),
        ("", id) => id.to_owned(),
        (title, _) => title.to_owned(),
    }
}

fn kind_of(asked: &ListQuery) -> Kind {
    asked.choice("of").first().and_then(|of| Kind::parse(of)).unwrap_or(Kind::Book)
}

/// What an address asks for.
fn question(asked: &ListQuery, today: Date, now: Timestamp) -> Result<Question, ActionError> {
    let kind = kind_of(asked);
    let text = |id: &str| asked.text(id).unwrap_or_default().to_owned();
    let clocks = Asked { as_of: text("as_of"), known_at: text("known_at") };
    let at = Standpoint::of(&clocks, today, now)?;
    let since = asked.text("since").map(standpoint::date).transpose()?;
    let (from, to) = asked.dates("on");
    let days = (from.unwrap_or_else(|| first_day(kind, &at)), to.unwrap_or_else(|| last_day(kind, &at)));
    Ok(Question { kind, at, since, days })
}

fn first_day(kind: Kind, at: &Standpoint) -> Date {
    match kind {
        Kind::Collected => at.as_of.first_of_month(),
        Kind::Book | Kind::Due | Kind::NewOverdue | Kind::Maturing | Kind::Moved | Kind::Fresh => at.as_of,
    }
}

fn last_day(kind: Kind, at: &Standpoint) -> Date {
    match kind {
        Kind::Maturing => rules::months_ahead(at.as_of).last().map_or(at.as_of, |month| month.last_of_month()),
        Kind::Book | Kind::Due | Kind::NewOverdue | Kind::Collected | Kind::Moved | Kind::Fresh => at.as_of,
    }
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let shown = LISTED.shown(&visit, query).await?;
    if let Some(rows) = visit.rows(&shown.spec, &shown.asked, &shown.page) {
        return Ok(rows);
    }
    let question = question(&shown.asked, visit.business_date, visit.now)?;
    let mut body = Html::new();
    if !question.at.is_now() {
        body.push(&ui.note(Tone::Watch, Icon::History, Html::of_text(as_of_text(&ui, &question.at))));
    }
    body.push(&shown.html());
    let page = Page::new(title(&ui, question.kind), "dashboard")
        .subtitle(as_of_text(&ui, &question.at))
        .actions(shown.tools());
    visit.page_of(&page, &body)
}

fn title(ui: &Ui, kind: Kind) -> String {
    ui.t1("rows-title", "of", ui.t(format!("rows-of-{}", kind.as_str())))
}

/// The standpoint in words.
pub fn as_of_text(ui: &Ui, at: &Standpoint) -> String {
    match at.known {
        None => ui.t1("as-of", "on", at.as_of),
        Some(_) => ui.t2("as-of-known", "on", at.as_of, "known", at.known_text()),
    }
}

fn row_of(ui: &Ui, question: &Question, row: &Detail) -> Row {
    let kind = question.kind;
    let href = question.at.address(&format!("/loans/{}", row.loan), &[]);
    let mut cells = vec![
        Cell::Link(row.number.clone(), href.clone()),
        Cell::Strong(row.customer.clone()),
        Cell::date(row.on),
        Cell::Money(row.money.0),
    ];
    cells.extend(kind.other_head().map(|_| Cell::Money(row.other.0)));
    if kind.has_grade() {
        let on = if kind == Kind::NewOverdue { row.on.unwrap_or(question.at.as_of) } else { question.at.as_of };
        let days = row.oldest_due_on.map_or(0, |due| finance::days_between(due, on));
        cells.push(Cell::Bucket(days.max(0)));
        cells.push(class_cell(ui, row.class.as_deref().unwrap_or_default()));
    }
    // A loan may have several rows: instalments, transactions, days on which it became overdue.
    let key = match kind {
        Kind::Due | Kind::Collected => format!("{}-{}", row.loan, row.part),
        Kind::NewOverdue => format!("{}-{}", row.loan, row.on.map(|on| on.to_string()).unwrap_or_default()),
        Kind::Book | Kind::Maturing | Kind::Moved | Kind::Fresh => row.loan.to_string(),
    };
    Row { key, cells, href }
}

/// The badge of a class; the page draws five, a class of another policy is a word.
pub fn badge_of(class: &str) -> Option<LoanClass> {
    if class == "normal" { Some(LoanClass::Pass) } else { LoanClass::parse(class) }
}

fn class_cell(ui: &Ui, class: &str) -> Cell {
    badge_of(class).map_or_else(|| Cell::Muted(ui.t("grade-unclassified")), Cell::Class)
}
