//! The list of payouts and their slips (放款回单清单): without one, to be compared, passed.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Empty, Html, Icon, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{SlipId, SlipState};
use super::{LIST, page_of};
use crate::desk::VIEW;
use crate::ledger::export::EXPORT;
use crate::ledger::store::{find, within};

/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["missing", "entered", "checked", "all"];

const HEAD: &str = "select t.id as transaction_id, t.loan_id, t.effective_on as drawn_on, t.amount_fen as drawn_fen, l.number, \
     c.name as customer_name, s.id, s.number as slip_number, s.paid_on, coalesce(s.payee, '') as payee, \
     coalesce(s.account_masked, '') as account_masked, s.amount_fen, s.repays_on, s.monthly_fen, s.state, \
     coalesce(m.name, '') as maker, coalesce(k.name, '') as checker \
     from loan_transaction t \
     join loan l on l.customer_id = t.customer_id and l.id = t.loan_id \
     join loan_position p on p.customer_id = t.customer_id and p.loan_id = t.loan_id \
     join customer_view c on c.customer_id = t.customer_id \
     left join disbursement_slip s on s.customer_id = t.customer_id and s.transaction_id = t.id and s.state <> 'refused' \
     left join user_view m on m.id = s.recorded_by \
     left join user_view k on k.id = s.checked_by";

const SUMS: &str = "select count(*) as n, cast(coalesce(sum(t.amount_fen), 0) as bigint) as drawn_fen, \
     cast(coalesce(sum(s.amount_fen), 0) as bigint) as amount_fen \
     from loan_transaction t \
     join loan l on l.customer_id = t.customer_id and l.id = t.loan_id \
     join loan_position p on p.customer_id = t.customer_id and p.loan_id = t.loan_id \
     join customer_view c on c.customer_id = t.customer_id \
     left join disbursement_slip s on s.customer_id = t.customer_id and s.transaction_id = t.id and s.state <> 'refused'";

pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("slip-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "loan-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("drawn_on", "slip-drawn-on", ColumnKind::Date),
            Column::new("drawn", "slip-drawn", ColumnKind::Money),
            Column::new("slip", "slip-number", ColumnKind::Text),
            Column::new("payee", "slip-payee", ColumnKind::Text),
            Column::new("account", "slip-account", ColumnKind::Text),
            Column::new("amount", "slip-amount", ColumnKind::Money),
            Column::new("repays_on", "slip-repays-on", ColumnKind::Date),
            Column::new("monthly", "slip-monthly", ColumnKind::Money),
            Column::new("state", "slip-state", ColumnKind::State),
            Column::new("maker", "slip-maker", ColumnKind::Text),
            Column::new("checker", "slip-checker", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("q", "ledger-find", FilterKind::Text),
            Filter::new("drawn_on", "slip-drawn-on", FilterKind::Dates),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "slip-count",
        ..ListSpec::default()
    }
}

/// Payouts and their slips (放款回单清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/loans/slips/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "slip-title",
    file: "disbursement-slips",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

/// Where a slip stands: shape and word; a payout without one is in question.
pub(super) fn badge(ui: &Ui, state: Option<SlipState>) -> (Html, String) {
    let (tone, icon) = match state {
        None => (Tone::Sub, Icon::AlertTriangle),
        Some(SlipState::Entered) => (Tone::Watch, Icon::Clock),
        Some(SlipState::Checked) => (Tone::Ok, Icon::CircleCheck),
        Some(SlipState::Refused) => (Tone::Neutral, Icon::Ban),
    };
    let word = ui.t(format!("slip-state-{}", state.map_or("missing", SlipState::as_str)));
    (ui.badge(tone, icon, &word), word)
}

fn conditions(wanted: &Wanted) -> Conditions {
    let (scope, asked) = (wanted.scope, &wanted.query);
    let mut w = Conditions::new();
    let stands = "t.kind = 'disburse' and l.state = 'active' and not exists (select 1 from loan_transaction r \
         where r.customer_id = t.customer_id and r.reverses_id = t.id)";
    w.and_values(stands, args![]);
    within(&mut w, scope);
    match asked.view.as_str() {
        "entered" => w.and_values("s.state = 'entered'", args![]),
        "checked" => w.and_values("s.state = 'checked'", args![]),
        "all" => &mut w,
        // What came in with an older book has its papers there.
        _ => w.and_values("s.id is null and t.source <> 'import'", args![]),
    };
    let (from, to) = asked.dates("drawn_on");
    if let Some(from) = from {
        w.and_values("t.effective_on >= ?", args![from]);
    }
    if let Some(to) = to {
        w.and_values("t.effective_on <= ?", args![to]);
    }
    if let Some(text) = asked.text("q") {
        find(&mut w, text);
    }
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let row = work.tx.fetch_one(w.select(SUMS, ""), w.args()).await?;
    let totals = vec![("drawn", row.get("drawn_fen")?), ("amount", row.get("amount_fen")?)];
    Ok(Sums { count: row.get("n")?, totals })
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(wanted);
    let tail = format!("order by t.effective_on desc, t.customer_id, t.id {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(HEAD, &tail), w.args()).await?;
    Ok(found.iter().map(|row| row_of(ui, row)).collect::<Result<_, StoreError>>()?)
}

fn row_of(ui: &Ui, row: &DbRow) -> Result<Row, StoreError> {
    let (loan, transaction): (i64, i64) = (row.get("loan_id")?, row.get("transaction_id")?);
    let slip: Option<SlipId> = row.get("id")?;
    let (badge, word) = badge(ui, row.get("state")?);
    let number: Option<String> = row.get("slip_number")?;
    let money = |fen: Option<finance::Fen>| fen.map_or(Cell::None, |fen| Cell::Money(fen.0));
    let cells = vec![
        Cell::Link(row.get("number")?, format!("/loans/{loan}")),
        Cell::Strong(row.get("customer_name")?),
        Cell::Date(row.get("drawn_on")?),
        Cell::Money(row.get("drawn_fen")?),
        match (number, slip) {
            (Some(number), Some(slip)) => Cell::Link(number, page_of(slip)),
            _ => Cell::Link(ui.t("slip-new"), format!("/loans/{loan}/slips/new")),
        },
        Cell::Text(row.get("payee")?),
        Cell::Muted(row.get("account_masked")?),
        money(row.get("amount_fen")?),
        Cell::date(row.get("repays_on")?),
        money(row.get("monthly_fen")?),
        Cell::State(badge, word),
        Cell::Text(row.get("maker")?),
        Cell::Text(row.get("checker")?),
    ];
    let href = slip.map_or_else(|| format!("/loans/{loan}/slips/new"), page_of);
    Ok(Row { key: transaction.to_string(), cells, href })
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty =
        Empty { icon: Some(Icon::CircleCheck), title: ui.t("slip-none"), text: ui.t("slip-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let page = Page::new(ui.t("slip-title"), "slips").subtitle(ui.t("slip-subtitle")).actions(shown.tools());
    shown.answer(&visit, &page)
}
