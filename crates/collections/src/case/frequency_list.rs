//! The list of required contacts and what became of them (频次清单).

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Choice, Icon, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::frequency::LIST;
use super::model::CaseId;
use crate::CASE_VIEW;
use crate::listing;

/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["running", "missed", "excused", "all"];

/// The list and its workbook.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, CASE_VIEW, index, spec).exports(&LISTED)
}

/// The required contacts (频次要求).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/collections/frequency/export.xlsx",
    view: CASE_VIEW,
    export: CASE_VIEW,
    act: "frequency.export",
    title: "frequency-title",
    file: "frequency",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted, work.business_date);
    let head = "select count(*) as n from contact_requirement r";
    let count: i64 = work.tx.fetch_one(w.select(head, ""), w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(wanted, work.business_date);
    let head = "select r.case_id, r.from_on, r.until_on, r.required, r.made, r.outcome, r.excuse, c.number, \
         k.name, coalesce(u.name, '') as owner_name from contact_requirement r \
         join collection_case c on c.customer_id = r.customer_id and c.id = r.case_id \
         join customer_view k on k.customer_id = r.customer_id left join user_view u on u.id = r.owner_id";
    let tail = format!("order by r.until_on desc, r.customer_id, r.case_id, r.from_on {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    Ok(found.iter().map(|row| row_of(ui, row)).collect::<Result<_, StoreError>>()?)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("frequency-view-{id}")), ..View::default() };
    let outcomes = ["kept", "missed", "excused"].map(|id| Choice::new(id, ui.t(format!("frequency-{id}"))));
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("case", "case-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("owner", "case-owner", ColumnKind::Text),
            Column::new("from", "frequency-from", ColumnKind::Date),
            Column::new("until", "frequency-until", ColumnKind::Date),
            Column::new("required", "frequency-required", ColumnKind::Count),
            Column::new("made", "frequency-made", ColumnKind::Count),
            Column::new("outcome", "frequency-outcome", ColumnKind::State),
        ],
        filters: vec![
            Filter::new("until", "frequency-until", FilterKind::Dates),
            Filter::new("outcome", "frequency-outcome", FilterKind::Choice(outcomes.to_vec())),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "list-requirements",
        ..ListSpec::default()
    }
}

fn conditions(wanted: &Wanted, today: Date) -> Conditions {
    let (mut w, scope, asked) = (Conditions::new(), wanted.scope, &wanted.query);
    if scope.branch != 0 {
        w.and_values("r.branch_id = ?", args![scope.branch]);
    }
    if scope.team != 0 {
        let of_team = "exists (select 1 from collection_case t where t.customer_id = r.customer_id \
             and t.id = r.case_id and t.team_id = ?)";
        w.and_values(of_team, args![scope.team]);
    }
    if scope.manager != 0 {
        // Who works or worked for an agency sees nothing of a case any more that came back.
        w.and_values(
            "r.owner_id = ? and (not exists (select 1 from agency_user m where m.user_id = r.owner_id) or exists (select 1 \
             from collection_case h where h.customer_id = r.customer_id and h.id = r.case_id and h.owner_id = r.owner_id))",
            args![scope.manager],
        );
    }
    match asked.view.as_str() {
        "missed" => w.and_values("r.outcome = 'missed'", args![]),
        "excused" => w.and_values("r.outcome = 'excused'", args![]),
        "all" => &mut w,
        _ => w.and_values("r.until_on >= ?", args![today]),
    };
    w.one_of("r.outcome", asked.choice("outcome"));
    listing::between(&mut w, asked.dates("until"), ["r.until_on >= ?", "r.until_on <= ?"]);
    w
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::CircleCheck, ui.t("frequency-none"), ui.t("frequency-none-text"));
    listing::page(&visit, &LISTED, &LISTED.shown(&visit, query).await?.or(none), "cases")
}

fn row_of(ui: &Ui, row: &DbRow) -> Result<Row, StoreError> {
    let case: CaseId = row.get("case_id")?;
    let href = format!("/collections/cases/{case}");
    let outcome: Option<String> = row.get("outcome")?;
    let excuse: Option<String> = row.get("excuse")?;
    let (tone, icon) = match outcome.as_deref() {
        Some("kept") => (Tone::Ok, Icon::CircleCheck),
        Some("missed") => (Tone::Doubt, Icon::AlertTriangle),
        Some(_) => (Tone::Info, Icon::ClockPause),
        None => (Tone::Neutral, Icon::Clock),
    };
    let mut word = ui.t(format!("frequency-{}", outcome.as_deref().unwrap_or("running")));
    if let Some(excuse) = excuse {
        let told = ui.locale.find(&format!("frequency-excuse-{excuse}"));
        let why = told.or_else(|| ui.locale.find(&format!("stop-flag-kind-{excuse}"))).unwrap_or(excuse);
        word = format!("{word} · {why}");
    }
    let badge = ui.badge(tone, icon, &word);
    Ok(Row {
        key: format!("{case}-{}-{}", row.get::<Date>("from_on")?, row.get::<Date>("until_on")?),
        cells: vec![
            Cell::Link(row.get("number")?, href.clone()),
            Cell::Strong(row.get("name")?),
            Cell::Text(row.get("owner_name")?),
            Cell::Date(row.get("from_on")?),
            Cell::Date(row.get("until_on")?),
            Cell::Count(row.get("required")?),
            Cell::Count(row.get("made")?),
            Cell::State(badge, word),
        ],
        href,
    })
}
