//! The list of agreements, and those of one case.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Button, Choice, Html, Icon, Look, Side, Table, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::actions::page_of;
use super::model::{AgreementId, AgreementKind, AgreementState};
use super::store;
use crate::case::model::{Case, CaseId, CaseState};
use crate::case::pages::overdue_loans;
use crate::listing;
use crate::{CASE_VIEW, CASE_WORK};

/// Where the list is.
pub const LIST: &str = "/collections/agreements";
/// The views in the order of their tabs.
const VIEWS: [&str; 5] = ["open", "performing", "broken", "kept", "all"];

/// The list of agreements and its workbook.
pub fn routes() -> Routes {
    Routes::new().list(LIST, CASE_VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("agreement-view-{id}")), ..View::default() };
    let kinds = AgreementKind::ALL.map(|kind| Choice::new(kind.as_str(), kind_word(ui, kind)));
    let states = AgreementState::ALL.map(|state| Choice::new(state.as_str(), state_word(ui, state)));
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "agreement-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("loan", "loan-number", ColumnKind::Text),
            Column::new("kind", "agreement-kind", ColumnKind::Text),
            Column::new("total", "agreement-total", ColumnKind::Money),
            Column::new("waived", "agreement-waived", ColumnKind::Money),
            Column::new("paid", "agreement-paid", ColumnKind::Money),
            Column::new("next", "agreement-next-due", ColumnKind::Date),
            Column::new("last", "agreement-last", ColumnKind::Date),
            Column::new("state", "agreement-state", ColumnKind::State),
            Column::new("owner", "case-owner", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("kind", "agreement-kind", FilterKind::Choice(kinds.to_vec())),
            Filter::new("state", "agreement-state", FilterKind::Choice(states.to_vec())),
            Filter::new("next", "agreement-next-due", FilterKind::Dates),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "list-agreements",
        ..ListSpec::default()
    }
}

/// The word of a kind.
#[must_use]
pub fn kind_word(ui: &Ui, kind: AgreementKind) -> String {
    ui.t(format!("agreement-kind-{}", kind.as_str()))
}

fn state_word(ui: &Ui, state: AgreementState) -> String {
    ui.t(format!("agreement-state-{}", state.as_str()))
}

/// Where an agreement stands: word, shape and tone.
#[must_use]
pub fn state_badge(ui: &Ui, state: AgreementState) -> Html {
    let (tone, icon) = match state {
        AgreementState::Proposed => (Tone::Watch, Icon::Clock),
        AgreementState::Approved => (Tone::Accent, Icon::Check),
        AgreementState::Performing => (Tone::Info, Icon::Clock),
        AgreementState::Kept => (Tone::Ok, Icon::CircleCheck),
        AgreementState::Broken => (Tone::Doubt, Icon::AlertTriangle),
        AgreementState::Refused => (Tone::Sub, Icon::Ban),
        AgreementState::Withdrawn => (Tone::Neutral, Icon::ArrowBackUp),
    };
    ui.badge(tone, icon, state_word(ui, state))
}

/// The agreements (协议清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/collections/agreements/export.xlsx",
    view: CASE_VIEW,
    export: CASE_VIEW,
    act: "agreement.export",
    title: "agreement-title",
    file: "agreements",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let head = "select count(*) as n, cast(coalesce(sum(a.total_fen), 0) as bigint) as total_fen, \
         cast(coalesce(sum(a.waived_fen), 0) as bigint) as waived_fen, \
         cast(coalesce(sum(a.paid_fen), 0) as bigint) as paid_fen from repayment_agreement a \
         join collection_case c on c.customer_id = a.customer_id and c.id = a.case_id";
    let total = work.tx.fetch_one(w.select(head, ""), w.args()).await?;
    let sum = |name: &str| total.get(name);
    let totals = vec![("total", sum("total_fen")?), ("waived", sum("waived_fen")?), ("paid", sum("paid_fen")?)];
    Ok(Sums { count: total.get("n")?, totals })
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(wanted);
    let head = "select a.id, a.number, a.kind, a.state, a.total_fen, a.waived_fen, a.paid_fen, a.next_due_on, a.last_on, \
         k.name, v.number as loan_number, (select count(*) from repayment_agreement_loan f \
         where f.customer_id = a.customer_id and f.agreement_id = a.id) as further, coalesce(u.name, '') as owner_name from repayment_agreement a \
         join collection_case c on c.customer_id = a.customer_id and c.id = a.case_id \
         join customer_view k on k.customer_id = a.customer_id \
         join loan_view v on v.customer_id = a.customer_id and v.loan_id = a.loan_id \
         left join user_view u on u.id = a.owner_id";
    let tail = format!("order by a.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    Ok(found.iter().map(|row| row_of(ui, row)).collect::<Result<_, StoreError>>()?)
}

fn conditions(wanted: &Wanted) -> Conditions {
    let (mut w, asked) = (Conditions::new(), &wanted.query);
    crate::case::list::within(&mut w, wanted.scope);
    w.one_of("a.id", &wanted.picked_numbers());
    match asked.view.as_str() {
        "performing" => w.and_values("a.state = 'performing'", args![]),
        "broken" => w.and_values("a.state = 'broken'", args![]),
        "kept" => w.and_values("a.state = 'kept'", args![]),
        "all" => &mut w,
        _ => w.and_values("a.state in ('proposed', 'approved', 'performing')", args![]),
    };
    w.one_of("a.kind", asked.choice("kind"));
    w.one_of("a.state", asked.choice("state"));
    listing::between(&mut w, asked.dates("next"), ["a.next_due_on >= ?", "a.next_due_on <= ?"]);
    w
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::FileText, ui.t("agreement-none"), ui.t("agreement-none-text"));
    listing::page(&visit, &LISTED, &LISTED.shown(&visit, query).await?.or(none), "agreements")
}

fn row_of(ui: &Ui, row: &DbRow) -> Result<Row, StoreError> {
    let id: AgreementId = row.get("id")?;
    let href = page_of(id);
    let state: AgreementState = row.get("state")?;
    let kind: AgreementKind = row.get("kind")?;
    let (number, name, owner): (String, String, String) =
        (row.get("number")?, row.get("name")?, row.get("owner_name")?);
    let further: i64 = row.get("further")?;
    let first: String = row.get("loan_number")?;
    let loans = if further == 0 { first } else { format!("{first} +{further}") };
    let cells = vec![
        Cell::Link(number, href.clone()),
        Cell::Strong(name),
        Cell::Text(loans),
        Cell::Text(kind_word(ui, kind)),
        Cell::Money(row.get("total_fen")?),
        Cell::Money(row.get("waived_fen")?),
        Cell::Money(row.get("paid_fen")?),
        Cell::date(row.get("next_due_on")?),
        Cell::date(row.get("last_on")?),
        Cell::State(state_badge(ui, state), state_word(ui, state)),
        Cell::Text(owner),
    ];
    Ok(Row { key: id.to_string(), cells, href })
}

/// The agreements of a case with the way to another one.
///
/// # Errors
/// The store's.
pub async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let agreements = store::of_case(&mut work.tx, case.key).await?;
    let works = visit.may(CASE_WORK) && matches!(case.state, CaseState::Open { .. });
    // A written-off debt that is tracked is in a case, and not overdue.
    let proposes = works && !overdue_loans(work, case.key.customer).await?.is_empty();
    let mut html = Html::new();
    if agreements.is_empty() && !proposes {
        return Ok(html);
    }
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("agreement-title")).raw("</h2>");
    if proposes {
        let button = Button::link(Look::Secondary, ui.t("agreement-new"), form_of(case.key.case)).icon(Icon::Plus);
        html.raw("<div class=\"end\">").push(&ui.button(button)).raw("</div>");
    }
    html.raw("</header>");
    if agreements.is_empty() {
        html.raw("<p class=\"panel-body muted\">").text(ui.t("agreement-none-here")).raw("</p></section>");
        return Ok(html);
    }
    let heads = [
        ("agreement-number", Side::Left),
        ("agreement-kind", Side::Left),
        ("agreement-total", Side::Right),
        ("agreement-waived", Side::Right),
        ("agreement-paid", Side::Right),
        ("agreement-next-due", Side::Left),
        ("agreement-state", Side::Left),
    ];
    let mut table = Table::new(ui.t("agreement-title"), heads.map(|(id, side)| (ui.t(id), side)));
    for one in &agreements {
        let mut number = Html::new();
        number.raw("<a").href(page_of(one.id)).raw(">").text(&one.number).raw("</a>");
        table.row([
            number,
            Html::of_text(kind_word(&ui, one.kind)),
            ui.money(one.terms.total()),
            ui.money(one.terms.waived()),
            ui.money(one.paid),
            ui.date_or_dash(one.next_due_on),
            state_badge(&ui, one.state),
        ]);
    }
    html.push(&ui.table(table)).raw("</section>");
    Ok(html)
}

/// Where an agreement of a case is proposed.
pub(super) fn form_of(case: CaseId) -> String {
    format!("/collections/cases/{case}/agreements/new")
}
