//! Statements of commission: the form with what one would have today, one statement with its derivation, and its workbook.

use axum::extract::Path;
use axum::response::Response;
use platform::approval;
use platform::audit::Entry;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::grid::{Cell, Grid, GridRow, Holds};
use platform::page::{Button, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, xlsx};
use serde_json::json;

use super::commission::{self, COMMISSIONS, page_of};
use super::model::{Commission, CommissionRow, CommissionState};
use super::pages::{facts, link};
use super::{AGENCY_VIEW, COMMISSION_MAKE, HOUSE, actions, data, rules};
use crate::CASE_VIEW;

platform::form_fields! {
    /// Up to which day a statement goes.
    CommissionForm: "until"
}
platform::form_fields! {
    /// Nothing to fill in.
    WithdrawForm:
}

/// The pages of statements.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/collections/agencies/{id}/commissions/new", COMMISSION_MAKE, new_page)
        .post("/collections/agencies/{id}/commissions/new", COMMISSION_MAKE, create)
        .get("/collections/commissions/{id}", AGENCY_VIEW, show)
        .data::<data::CommissionData, _, _>("/collections/commissions/{id}", AGENCY_VIEW, data::commission)
        .get("/collections/commissions/{id}/statement.xlsx", AGENCY_VIEW, export)
        .post("/collections/commissions/{id}/withdraw", COMMISSION_MAKE, withdraw)
}

fn state_badge(ui: &Ui, state: CommissionState) -> Html {
    let word = ui.t(format!("commission-{}", state.as_str()));
    match state {
        CommissionState::Proposed => ui.badge(Tone::Watch, Icon::Clock, word),
        CommissionState::Approved => ui.badge(Tone::Ok, Icon::CircleCheck, word),
        CommissionState::Refused => ui.badge(Tone::Sub, Icon::Ban, word),
    }
}

/// The statements of an agency.
pub(super) fn table(ui: &Ui, all: &[Commission]) -> Option<Table> {
    let heads = [
        ("commission-number", Side::Left),
        ("commission-from", Side::Left),
        ("commission-to", Side::Left),
        ("commission-base", Side::Right),
        ("commission-amount", Side::Right),
        ("commission-state", Side::Left),
    ];
    let mut table = Table::new(ui.t("commission-title"), heads.map(|(id, side)| (ui.t(id), side)));
    for one in all {
        table.row([
            link(page_of(one.id), &one.number),
            ui.date(one.from),
            ui.date(one.to),
            ui.money(one.base),
            ui.money(one.amount),
            state_badge(ui, one.state),
        ]);
    }
    (!all.is_empty()).then_some(table)
}

/// The derivation: amount × rate = commission, row by row, and the sums; its rows lead to the cases of whoever sees them.
fn grid(ui: &Ui, rows: &[CommissionRow], opens: bool) -> Result<Grid, ActionError> {
    let heads = [
        ("commission-on", Holds::Text),
        ("case-number", Holds::Text),
        ("commission-transaction", Holds::Text),
        ("commission-kind", Holds::Text),
        ("commission-base", Holds::Money),
        ("agency-commission-percent", Holds::Text),
        ("commission-amount", Holds::Money),
    ];
    let row = |one: &CommissionRow| GridRow {
        cells: vec![
            Cell::Text(one.on.to_string()),
            Cell::Text(one.number.clone()),
            Cell::Text(one.transaction_number.clone()),
            Cell::Text(ui.t(if one.back { "commission-back" } else { "commission-came" })),
            Cell::Money(one.amount),
            Cell::Text(rules::rate(one.commission_bp)),
            Cell::Money(one.commission),
        ],
        href: opens.then(|| format!("/collections/cases/{}", one.case.case)),
    };
    let (base, amount) = commission::sums(rows)?;
    let total = vec![
        Cell::Text(ui.t("commission-sum")),
        Cell::None,
        Cell::None,
        Cell::None,
        Cell::Money(base),
        Cell::None,
        Cell::Money(amount),
    ];
    Ok(Grid {
        title: ui.t("commission-rows"),
        heads: heads.map(|(id, holds)| (ui.t(id), holds)).to_vec(),
        rows: rows.iter().map(row).collect(),
        total: Some(total),
    })
}

fn derivation(ui: &Ui, rows: &[CommissionRow], opens: bool) -> Result<Html, ActionError> {
    let grid = grid(ui, rows, opens)?;
    let mut html = Html::new();
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(&grid.title);
    html.raw("</h2><span class=\"sub\">").text(ui.t("commission-rule")).raw(" ").push(&ui.rule("agency.commission"));
    html.raw("</span></header>").push(&grid.html(ui)).raw("</section>");
    Ok(html)
}

async fn new_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_new(&visit, &id, &Fields::default(), None).await
}

async fn draw_new(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    actions::whole(&work, COMMISSION_MAKE)?;
    let agency = actions::load(&mut work, id, COMMISSION_MAKE).await?;
    let today = work.business_date;
    let to = typed.first("until").map_or_else(|| today.to_string(), str::to_owned);
    let rows = commission::draft(&mut work, agency.id, to.parse().unwrap_or(today)).await?;
    let form = FormPage {
        active: "agencies",
        title: ui.t("commission-new"),
        subtitle: agency.name.clone(),
        action: format!("{}/commissions/new", super::page_of(agency.id)),
        fields: vec![
            Field::new("until", ui.t("commission-to"), Input::Date)
                .value(to)
                .hint(ui.t("commission-to-hint"))
                .required(),
        ],
        note: derivation(&ui, &rows, visit.may(CASE_VIEW))?,
        buttons: vec![Button::submit(Look::Primary, ui.t("agency-submit")).icon(Icon::Check)],
        back: super::page_of(agency.id),
    };
    form.draw(visit, refused)
}

async fn create(Path(id): Path<String>, posted: Posted<CommissionForm>) -> Result<Response, WebError> {
    let typed = posted.fields.first("until").unwrap_or_default().trim();
    let Ok(to) = typed.parse() else {
        let refused = Refused::form(vec![FieldError::new("until", "date-unreadable").with("text", typed)]);
        return draw_new(&posted.visit, &id, &posted.fields, Some(&refused)).await;
    };
    let mut work = posted.begin("agency_commission.make").await?;
    let done = commission::make(&mut work, &id, to).await;
    let place = done.as_ref().map(page_of).unwrap_or_default();
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let (one, rows) = commission::load(&mut work, &id, AGENCY_VIEW).await?;
    let agency = actions::load(&mut work, &one.agency.to_string(), AGENCY_VIEW).await?;
    let names = crate::people(&mut work).await?;
    let about = [
        ("commission-state", state_badge(&ui, one.state)),
        ("agency-name", link(super::page_of(agency.id), &agency.name)),
        ("commission-from", ui.date(one.from)),
        ("commission-to", ui.date(one.to)),
        ("commission-base", ui.money(one.base)),
        ("commission-amount", ui.money(one.amount)),
        ("commission-by", Html::of_text(names.get(&one.by).cloned().unwrap_or_default())),
        ("commission-made-on", ui.date(one.on)),
    ];
    let mut body = facts(&ui, &ui.t("commission-one"), &about);
    body.push(&derivation(&ui, &rows, visit.may(CASE_VIEW))?);
    if one.state == CommissionState::Proposed && visit.actor.user == Some(one.by) {
        let action = format!("{COMMISSIONS}/{}/withdraw", one.id);
        body.raw("<form class=\"panel-foot\" method=\"post\" data-once").attr("action", action).raw(">");
        body.push(&ui.guard(visit.guard()));
        body.push(&ui.button(Button::submit(Look::Small, ui.t("agency-withdraw")).icon(Icon::ArrowBackUp)));
        body.raw("</form>");
    }
    let mut buttons = vec![
        Button::link(Look::Secondary, ui.t("agency-one"), super::page_of(agency.id)).icon(Icon::ArrowLeft),
        Button::link(Look::Secondary, ui.t("commission-excel"), format!("{COMMISSIONS}/{}/statement.xlsx", one.id)),
    ];
    if let Some(approval) = one.approval {
        let page = approval::page_for(&mut work, HOUSE, approval).await?;
        buttons.extend(page.map(|href| Button::link(Look::Secondary, ui.t("approval-open-page"), href)));
    }
    let page = Page::new(one.number, "agencies").subtitle(agency.name).actions(ui.buttons(&buttons));
    visit.page_of(&page, &body)
}

async fn export(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.begin().await?);
    let (one, rows) = commission::load(&mut work, &id, AGENCY_VIEW).await?;
    let agency = actions::load(&mut work, &one.agency.to_string(), AGENCY_VIEW).await?;
    let after = json!({"number": one.number, "rows": rows.len()});
    work.audit(Entry::new(None, "agency_commission.export", one.subject()).after(after)).await?;
    work.commit().await?;
    let days = ui.t2("measure-days", "from", one.from, "to", one.to);
    let titles = [one.number.as_str(), agency.name.as_str(), days.as_str()];
    let bytes = grid(&ui, &rows, false)?.workbook(&titles).map_err(|error| ActionError::Internal(error.to_string()))?;
    Ok(xlsx(&format!("{}.xlsx", one.number), bytes))
}

async fn withdraw(Path(id): Path<String>, posted: Posted<WithdrawForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("agency_commission.withdraw").await?;
    let id = commission::withdraw(&mut work, &id).await?;
    posted.done(work, page_of(id)).await
}
