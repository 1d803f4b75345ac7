//! The share of lost debtors by stage and the re-contact rate (失联报表, S2.4-02).

use std::collections::BTreeMap;

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::Conditions;
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, ListQuery, ListSpec, Row};
use platform::page::{Html, Icon, Page, Tone, Ui};
use platform::policies::{self, PolicyError, article_address};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::list::LIST;
use super::model::LostKind;
use super::{rules, store};
use crate::CASE_VIEW;
use crate::case::rules::stage;
use crate::listing;

/// Where the report is.
pub const REPORT: &str = "/collections/lost/report";

/// The report and its workbook.
pub(super) fn routes() -> Routes {
    Routes::new().list(REPORT, CASE_VIEW, index, spec).exports(&LISTED)
}

/// Cases of one stage (分档).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Part {
    cases: i64,
    lost: i64,
    half: i64,
}

impl Part {
    fn add(&mut self, kind: Option<LostKind>) {
        self.cases += 1;
        match kind {
            Some(LostKind::Half) => self.half += 1,
            Some(LostKind::Fraud | LostKind::Avoidance | LostKind::Objective) => self.lost += 1,
            None => {}
        }
    }
}

/// What the report says.
struct Figures {
    stages: BTreeMap<String, Part>,
    /// Cases overdue as long as the reference has it.
    long: Part,
    /// After how many months.
    months: i64,
    /// The reference share, parts per million.
    benchmark: i64,
    /// Its article: address, and title in Chinese and English.
    article: (String, [String; 2]),
    /// Lost contacts ever set, and those that a contact ended.
    set: i64,
    found: i64,
}

fn spec(_: &Ui) -> ListSpec {
    ListSpec {
        path: REPORT.to_owned(),
        columns: vec![
            Column::new("stage", "case-stage", ColumnKind::Text),
            Column::new("cases", "lost-cases", ColumnKind::Count),
            Column::new("lost", "lost-lost", ColumnKind::Count),
            Column::new("half", "lost-half", ColumnKind::Count),
            Column::new("share", "lost-share", ColumnKind::Text),
        ],
        counted: "list-stages",
        ..ListSpec::default()
    }
}

/// Rule `lost.share`: lost among open cases, by stage and beyond the months of the reference; half-lost ones stand beside.
/// Rule `lost.found`: those found again among all that were ever lost.
async fn figures(work: &mut Work, scope: DataScope) -> Result<Figures, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let edition = policy.edition(on);
    let months = edition.integer("lost_contact_benchmark_months").map_err(PolicyError::from)?;
    let benchmark = edition.integer("lost_contact_benchmark_ppm").map_err(PolicyError::from)?;
    let article = edition.parameter("lost_contact_benchmark_ppm").map(|row| row.article.clone()).unwrap_or_default();
    let since: Date = finance::add_months(on, -months).unwrap_or(on);
    let mut open = Conditions::new();
    open.and_values("c.closed_on is null", args![]);
    crate::case::list::within(&mut open, scope);
    let (mut stages, mut long) = (BTreeMap::<String, Part>::new(), Part::default());
    for case in store::counted(&mut work.tx, &open).await? {
        let days = case.oldest_due_on.map_or(0, |due| finance::days_between(due, on).max(0));
        let stage = stage(edition, days).map_err(PolicyError::from)?;
        stages.entry(stage).or_default().add(case.kind);
        if case.oldest_due_on.is_some_and(|due| due <= since) {
            long.add(case.kind);
        }
    }
    let mut ever = Conditions::new();
    ever.and_values("l.kind <> 'half' and coalesce(l.ended_by, '') not in ('mistake', 'replaced')", args![]);
    crate::case::list::within(&mut ever, scope);
    let set = store::count(&mut work.tx, &ever).await?;
    ever.and_values("l.ended_by = 'contact'", args![]);
    let found = store::count(&mut work.tx, &ever).await?;
    let title = |english| policy.article_title(&article, english);
    let article = (article_address(&article), [title(false), title(true)]);
    Ok(Figures { stages, long, months, benchmark, article, set, found })
}

impl Figures {
    /// How many rows: beside the stages those overdue long, all of them, and how many were found again.
    fn count(&self) -> i64 {
        i64::try_from(self.stages.len()).unwrap_or(i64::MAX).saturating_add(3)
    }
}

fn percent(ppm: i64) -> String {
    listing::percent(ppm.saturating_mul(1_000))
}

fn row_of(key: &str, name: String, part: Part) -> Row {
    Row {
        key: key.to_owned(),
        cells: vec![
            Cell::Strong(name),
            Cell::Count(part.cases),
            Cell::Count(part.lost),
            Cell::Count(part.half),
            Cell::Text(percent(rules::share_ppm(part.lost, part.cases))),
        ],
        href: LIST.to_owned(),
    }
}

fn drawn(ui: &Ui, figures: &Figures) -> Vec<Row> {
    let mut all = Part::default();
    let mut rows = Vec::new();
    for (stage, part) in &figures.stages {
        all = Part { cases: all.cases + part.cases, lost: all.lost + part.lost, half: all.half + part.half };
        rows.push(row_of(stage, stage.clone(), *part));
    }
    rows.push(row_of("long", ui.t1("lost-over-months", "months", figures.months), figures.long));
    rows.push(row_of("all", ui.t("lost-all-cases"), all));
    rows.push(Row {
        key: "rate".to_owned(),
        cells: vec![
            Cell::Strong(ui.t("lost-rate-title")),
            Cell::Count(figures.set),
            Cell::Count(figures.found),
            Cell::None,
            Cell::Text(percent(rules::share_ppm(figures.found, figures.set))),
        ],
        href: LIST.to_owned(),
    });
    rows
}

/// The report as a list (失联报表清单).
pub(crate) static LISTED: Listed = Listed {
    list: REPORT,
    address: "/collections/lost/report.xlsx",
    view: CASE_VIEW,
    export: CASE_VIEW,
    act: "lost.export",
    title: "lost-report",
    file: "lost-report",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    Ok(figures(work, wanted.scope).await?.count().into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let figures = figures(work, wanted.scope).await?;
    Ok(listing::cut(&drawn(ui, &figures), wanted.part).to_vec())
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let figures = figures(&mut work, visit.scope(CASE_VIEW)?).await?;
    let spec = spec(&ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let rows = listing::cut(&drawn(&ui, &figures), (asked.offset(), i64::from(asked.size))).to_vec();
    let found = (rows, Sums::from(figures.count()));
    let shown = listing::shown(&LISTED, &visit, &mut work, (spec, asked), found).await?;
    let said = [
        ("share", percent(rules::share_ppm(figures.long.lost, figures.long.cases))),
        ("benchmark", percent(figures.benchmark)),
        ("months", figures.months.to_string()),
    ];
    let (address, [chinese, english]) = &figures.article;
    let title = if ui.lang() == platform::locale::Lang::En { english } else { chinese };
    let mut note = Html::of_text(ui.tn("lost-benchmark", &said));
    note.raw(" ").push(&ui.citation(address, title)).raw("<br>");
    let rate = percent(rules::share_ppm(figures.found, figures.set));
    let said = [("set", figures.set.to_string()), ("found", figures.found.to_string()), ("rate", rate)];
    note.text(ui.tn("lost-rate", &said));
    let page = Page::new(ui.t("lost-report"), "lost")
        .subtitle(ui.t1("as-of-business-date", "on", visit.business_date))
        .actions(shown.tools());
    listing::answer(&visit, &shown, &page, ui.note(Tone::Info, Icon::InfoCircle, note))
}
