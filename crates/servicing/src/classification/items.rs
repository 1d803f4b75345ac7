//! The loans of runs: of which people think otherwise first; shown and exported.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Button, Choice, Empty, Icon, LoanClass, Look, Page, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::RunState;
use super::{LIST, PREPARE, REVIEW, SUGGEST, VIEW, page_of};
use crate::ledger::export::EXPORT;
use crate::ledger::pages::class_cell;

/// Where they are.
pub(super) const PATH: &str = "/classifications/loans";

/// The views in the order of their tabs.
const VIEWS: [&str; 2] = ["differing", "all"];

const HEAD: &str = "select i.customer_id, i.run_id, i.loan_id, i.former_class, i.system_class, i.class, i.initial_reason, \
     i.review_reason, i.overdue_days, i.principal_fen, r.number as run_number, r.state, l.number, c.name as customer_name \
     from classification_item i join classification_run r on r.id = i.run_id \
     join loan l on l.customer_id = i.customer_id and l.id = i.loan_id \
     join customer_view c on c.customer_id = i.customer_id";

const SUMS: &str = "select count(*) as n, cast(coalesce(sum(i.principal_fen), 0) as bigint) as principal_fen \
     from classification_item i join classification_run r on r.id = i.run_id \
     join loan l on l.customer_id = i.customer_id and l.id = i.loan_id";

pub(super) fn routes() -> Routes {
    Routes::new().list(PATH, VIEW, index, spec).exports(&LISTED)
}

/// The classes as choices, named in the language of the page.
pub(super) fn classes(ui: &Ui) -> Vec<Choice> {
    LoanClass::ALL.iter().map(|class| Choice::new(class.code(), ui.t(class.message()))).collect()
}

fn spec(ui: &Ui) -> ListSpec {
    let view =
        |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("classification-items-{id}")), ..View::default() };
    ListSpec {
        path: PATH.to_owned(),
        columns: vec![
            Column::new("loan", "loan-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("former", "classification-former", ColumnKind::State),
            Column::new("system", "classification-system", ColumnKind::State),
            Column::new("class", "classification-class", ColumnKind::State),
            Column::new("days", "loan-days", ColumnKind::Count),
            Column::new("balance", "loan-balance", ColumnKind::Money),
            Column::new("reason", "classification-reason", ColumnKind::Text),
            Column::new("run", "classification-number", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("run", "classification-number", FilterKind::Text),
            Filter::new("class", "classification-class", FilterKind::Choice(classes(ui))),
            Filter::new("system", "classification-system", FilterKind::Choice(classes(ui))),
            Filter::new("loan", "loan-number", FilterKind::Text),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "classification-items-count",
        ..ListSpec::default()
    }
}

/// The loans of runs (逐笔认定).
pub(crate) static LISTED: Listed = Listed {
    list: PATH,
    address: "/classifications/loans/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "classification-items-title",
    file: "classification-loans",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(wanted: &Wanted) -> Conditions {
    let (scope, asked) = (wanted.scope, &wanted.query);
    let mut w = Conditions::new();
    // The runs first: one that is named, or those that are open. Everything else is looked for in these.
    match asked.text("run") {
        Some(number) => w.and_values("r.number = ?", args![number.to_owned()]),
        None => w.and_values("r.state in ('drawn', 'proposed', 'submitted')", args![]),
    };
    if asked.view != "all" {
        w.and_values("i.differs = 1", args![]);
    }
    w.and_values("l.state = 'active'", args![]);
    if scope.branch != 0 {
        w.and_values("l.branch_id = ?", args![scope.branch]);
    }
    if scope.team != 0 {
        w.and_values("l.team_id = ?", args![scope.team]);
    }
    if scope.manager != 0 {
        w.and_values("l.manager_id = ?", args![scope.manager]);
    }
    w.one_of("i.class", asked.choice("class"));
    w.one_of("i.system_class", asked.choice("system"));
    if let Some(number) = asked.text("loan") {
        w.and_values("l.number = ?", args![number.to_owned()]);
    }
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let row = work.tx.fetch_one(w.select(SUMS, ""), w.args()).await?;
    Ok(Sums { count: row.get("n")?, totals: vec![("balance", row.get("principal_fen")?)] })
}

/// What the reader of a list may do with a loan of an open run.
#[derive(Debug, Clone, Copy)]
struct May {
    prepare: bool,
    review: bool,
    suggest: bool,
}

impl May {
    /// Where the row of a loan leads.
    fn leads(self, state: RunState, run: i64, loan: i64) -> String {
        let step = match state {
            RunState::Drawn if self.prepare => "judge",
            RunState::Proposed if self.review => "rejudge",
            RunState::Drawn | RunState::Proposed if self.suggest => "suggest",
            _ => return format!("/loans/{loan}"),
        };
        format!("{}/loans/{loan}/{step}", page_of(run))
    }
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let may = May {
        prepare: work.authorise(PREPARE).is_ok(),
        review: work.authorise(REVIEW).is_ok(),
        suggest: work.authorise(SUGGEST).is_ok(),
    };
    let w = conditions(wanted);
    let tail = format!("order by i.run_id desc, i.customer_id, i.loan_id {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(HEAD, &tail), w.args()).await?;
    Ok(found.iter().map(|row| row_of(ui, row, may)).collect::<Result<_, StoreError>>()?)
}

fn row_of(ui: &Ui, row: &DbRow, may: May) -> Result<Row, StoreError> {
    let (run, loan): (i64, i64) = (row.get("run_id")?, row.get("loan_id")?);
    let class = |name: &str| -> Result<Cell, StoreError> {
        let class: String = row.get(name)?;
        Ok(if class.is_empty() { Cell::Muted(ui.t("classification-new-loan")) } else { class_cell(ui, &class) })
    };
    let reasons: [String; 2] = [row.get("initial_reason")?, row.get("review_reason")?];
    let reasons: Vec<String> = reasons.into_iter().filter(|reason| !reason.is_empty()).collect();
    let cells = vec![
        Cell::Link(row.get("number")?, format!("/loans/{loan}")),
        Cell::Strong(row.get("customer_name")?),
        class("former_class")?,
        class("system_class")?,
        class("class")?,
        Cell::Count(row.get("overdue_days")?),
        Cell::Money(row.get("principal_fen")?),
        Cell::Text(reasons.join("；")),
        Cell::Link(row.get("run_number")?, page_of(run)),
    ];
    let href = may.leads(row.get("state")?, run, loan);
    Ok(Row { key: format!("{run}-{loan}"), cells, href })
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::CircleCheck),
        title: ui.t("classification-items-none"),
        text: ui.t("classification-items-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    let runs = Button::link(Look::Secondary, ui.t("classification-title"), LIST).icon(Icon::ArrowLeft);
    tools.push(&ui.button(runs));
    let page = Page::new(ui.t("classification-items-title"), "classifications")
        .subtitle(ui.t("classification-items-subtitle"))
        .actions(tools);
    shown.answer(&visit, &page)
}
