//! The list of cases placed with agencies (委外案件): filters, totals, export.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Button, Choice, Html, Icon, Look, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{Agency, EndReason};
use super::{AGENCY_VIEW, LIST, PLACEMENTS, page_of, store};
use crate::CASE_VIEW;
use crate::listing;

/// The views in the order of their tabs.
const VIEWS: [&str; 3] = ["standing", "ended", "all"];

/// The list and its export.
pub(super) fn routes() -> Routes {
    Routes::new().list(PLACEMENTS, AGENCY_VIEW, index, |ui| spec(ui, &[])).exports(&LISTED)
}

fn spec(ui: &Ui, agencies: &[Agency]) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("placement-view-{id}")), ..View::default() };
    let with = agencies.iter().map(|one| Choice::new(one.id.to_string(), &one.name)).collect();
    let reasons = EndReason::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("placement-end-{}", one.as_str()))));
    ListSpec {
        path: PLACEMENTS.to_owned(),
        columns: vec![
            Column::new("case", "case-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("agency", "agency-name", ColumnKind::Text),
            Column::new("worker", "placement-worker", ColumnKind::Text),
            Column::new("contact", "placement-contact", ColumnKind::Text),
            Column::new("overdue", "placement-overdue", ColumnKind::Money),
            Column::new("rate", "agency-commission-percent", ColumnKind::Text),
            Column::new("from", "placement-from", ColumnKind::Date),
            Column::new("to", "placement-to", ColumnKind::Date),
            Column::new("state", "placement-state", ColumnKind::State),
            Column::new("ended", "placement-ended-on", ColumnKind::Date),
        ],
        filters: vec![
            Filter::new("agency", "agency-name", FilterKind::Choice(with)),
            Filter::new("from", "placement-from", FilterKind::Dates),
            Filter::new("reason", "placement-end-reason", FilterKind::Choice(reasons.to_vec())),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "list-rows",
        ..ListSpec::default()
    }
}

/// The cases placed (委外案件清单).
pub(crate) static LISTED: Listed = Listed {
    list: PLACEMENTS,
    address: "/collections/placements/export.xlsx",
    view: AGENCY_VIEW,
    export: AGENCY_VIEW,
    act: "agency.placement_export",
    title: "placement-title",
    file: "placements",
    whole: false,
    spec: |work, ui, _| Box::pin(spec_now(work, ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

/// With the agencies to choose from.
async fn spec_now(work: &mut Work, ui: &Ui) -> Result<ListSpec, ActionError> {
    Ok(spec(ui, &store::all(&mut work.tx).await?))
}

/// Within the scope of the cases; staff of an agency see none of this list, only their desk.
fn conditions(wanted: &Wanted) -> Conditions {
    let (mut w, asked) = (Conditions::new(), &wanted.query);
    match asked.view.as_str() {
        "all" => &mut w,
        "ended" => w.and_values("p.ended_on is not null", args![]),
        _ => w.and_values("p.ended_on is null", args![]),
    };
    crate::case::list::within(&mut w, wanted.scope);
    w.one_of("p.id", &wanted.picked_numbers());
    let agencies: Vec<i64> = asked.choice("agency").iter().filter_map(|id| id.parse().ok()).collect();
    w.one_of("p.agency_id", &agencies).one_of("p.end_reason", asked.choice("reason"));
    listing::between(&mut w, asked.dates("from"), ["p.from_on >= ?", "p.from_on <= ?"]);
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    const HEAD: &str = "select count(*) as n, cast(coalesce(sum(p.overdue_fen), 0) as bigint) as overdue_fen \
         from agency_placement p join agency a on a.id = p.agency_id \
         join collection_case c on c.customer_id = p.customer_id and c.id = p.case_id \
         join customer_view k on k.customer_id = p.customer_id";
    let w = conditions(wanted);
    let row = work.tx.fetch_one(w.select(HEAD, ""), w.args()).await?;
    Ok(Sums { count: row.get("n")?, totals: vec![("overdue", row.get("overdue_fen")?)] })
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    const HEAD: &str = "select p.id, p.case_id, p.agency_id, c.number, k.name, a.name as agency, \
         coalesce(v.name, '') as worker, coalesce(h.name, '') as contact, p.overdue_fen, p.commission_bp, p.from_on, p.to_on, \
         p.ended_on, p.end_reason from agency_placement p join agency a on a.id = p.agency_id \
         join collection_case c on c.customer_id = p.customer_id and c.id = p.case_id \
         join customer_view k on k.customer_id = p.customer_id \
         left join user_view v on v.id = p.worker_id left join user_view h on h.id = p.contact_id";
    let w = conditions(wanted);
    let tail = format!("order by p.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(HEAD, &tail), w.args()).await?;
    // Finance pays for placements and sees no cases.
    let opens = work.authorise(CASE_VIEW).is_ok();
    Ok(found.iter().map(|row| row_of(ui, row, opens)).collect::<Result<_, StoreError>>()?)
}

/// Placed, or how it came back: badge and word.
pub(super) fn state(ui: &Ui, ended: Option<EndReason>) -> (Html, String) {
    match ended {
        None => {
            let word = ui.t("placement-standing");
            (ui.badge(Tone::Info, Icon::UserShare, &word), word)
        }
        Some(reason) => {
            let word = ui.t(format!("placement-end-{}", reason.as_str()));
            (ui.badge(Tone::Neutral, Icon::ArrowBackUp, &word), word)
        }
    }
}

fn row_of(ui: &Ui, row: &DbRow, opens: bool) -> Result<Row, StoreError> {
    let (id, case, agency): (i64, i64, i64) = (row.get("id")?, row.get("case_id")?, row.get("agency_id")?);
    let (badge, word) = state(ui, row.get("end_reason")?);
    let href = format!("{PLACEMENTS}/{id}");
    let number: String = row.get("number")?;
    let case = if opens { Cell::Link(number, format!("/collections/cases/{case}")) } else { Cell::Text(number) };
    Ok(Row {
        key: id.to_string(),
        cells: vec![
            case,
            Cell::Strong(row.get("name")?),
            Cell::Link(row.get("agency")?, page_of(agency)),
            Cell::Text(row.get("worker")?),
            Cell::Text(row.get("contact")?),
            Cell::Money(row.get("overdue_fen")?),
            Cell::Text(super::rules::rate(row.get("commission_bp")?)),
            Cell::Date(row.get("from_on")?),
            Cell::Date(row.get("to_on")?),
            Cell::State(badge, word),
            Cell::date(row.get("ended_on")?),
        ],
        href,
    })
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::Briefcase, ui.t("placement-none"), ui.t("placement-none-text"));
    let shown = LISTED.shown(&visit, query).await?.or(none);
    let mut tools = shown.tools();
    tools.push(&ui.button(Button::link(Look::Secondary, ui.t("agency-title"), LIST).icon(Icon::UserShare)));
    let page = Page::new(ui.t("placement-title"), "placements").subtitle(ui.t("placement-note")).actions(tools);
    shown.answer(&visit, &page)
}
