//! The register of agencies, one agency with everything about it, and one contract.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use platform::approval;
use platform::error::{ActionError, Refusal as _};
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, ListSpec, Row, address};
use platform::page::{Button, Html, Icon, Look, Page, Side, Table, Tone, Ui};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::contract::{self, CONTRACTS};
use super::model::{Agency, AgencyError, Conduct, Contract, ContractState, Member};
use super::placing_pages::said;
use super::{
    AGENCY_EDIT, AGENCY_EVALUATE, AGENCY_VIEW, COMMISSION_MAKE, HOUSE, LIST, PLACEMENTS, PUBLISHED, actions,
    commission, commission_pages, data, evaluation, evaluation_pages, page_of, rules, store,
};
use crate::listing;

platform::form_fields! {
    /// Nothing to fill in.
    NothingForm:
}

/// The register and its pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .list(LIST, AGENCY_VIEW, index, spec)
        .exports(&LISTED)
        .get("/collections/agencies/{id}", AGENCY_VIEW, show)
        .data::<data::AgencyData, _, _>("/collections/agencies/{id}", AGENCY_VIEW, data::agency)
        .post("/collections/agencies/{id}/staff/{row}/end", AGENCY_EDIT, end_member)
        .get("/collections/agency-contracts/{id}", AGENCY_VIEW, show_contract)
        .data::<data::ContractData, _, _>("/collections/agency-contracts/{id}", AGENCY_VIEW, data::contract)
        .post("/collections/agency-contracts/{id}/withdraw", AGENCY_EDIT, withdraw)
}

fn spec(_: &Ui) -> ListSpec {
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "agency-number", ColumnKind::Text),
            Column::new("name", "agency-name", ColumnKind::Text),
            Column::new("registration", "agency-registration", ColumnKind::Text),
            Column::new("state", "agency-state", ColumnKind::State),
            Column::new("until", "agency-contract-to", ColumnKind::Date),
            Column::new("rate", "agency-commission-percent", ColumnKind::Text),
            Column::new("published", "agency-published-on", ColumnKind::Date),
            Column::new("due", "agency-evaluation-due", ColumnKind::Date),
        ],
        counted: "list-rows",
        ..ListSpec::default()
    }
}

/// Whether an agency may be given cases, and why not: badge and word.
async fn standing(work: &mut Work, ui: &Ui, agency: &Agency) -> Result<(Html, String), ActionError> {
    Ok(match actions::bar(work, agency.id).await? {
        None => {
            let word = ui.t("agency-appointed");
            (ui.badge(Tone::Ok, Icon::CircleCheck, &word), word)
        }
        Some(bar) => {
            let word = said(ui, &AgencyError::Barred(bar).refused());
            (ui.badge(Tone::Sub, Icon::Ban, &word), word)
        }
    })
}

/// The register (催收机构名录): the whole institution's, so no data scope narrows it.
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/collections/agencies/export.xlsx",
    view: AGENCY_VIEW,
    export: AGENCY_VIEW,
    act: "agency.list_export",
    title: "agency-title",
    file: "agencies",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

/// The agencies, or those picked.
async fn wanted_of(work: &mut Work, wanted: &Wanted) -> Result<Vec<Agency>, ActionError> {
    let (all, picked) = (store::all(&mut work.tx).await?, wanted.picked_numbers());
    Ok(all.into_iter().filter(|one| picked.is_empty() || picked.contains(&one.id.0)).collect())
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    Ok(i64::try_from(wanted_of(work, wanted).await?.len()).unwrap_or(i64::MAX).into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let all = wanted_of(work, wanted).await?;
    let today = work.business_date;
    let mut rows = Vec::new();
    for one in listing::cut(&all, wanted.part) {
        let (badge, word) = standing(work, ui, one).await?;
        let contracts = store::contracts(&mut work.tx, one.id).await?;
        let contract = contracts.iter().find(|one| one.in_force(today));
        let publication = store::publication(&mut work.tx, one.id).await?.filter(|one| one.published);
        let due = evaluation::due(work, one.id).await?;
        let rate = contract.map(|one| rules::rate(one.terms.commission_bp));
        rows.push(Row {
            key: one.id.to_string(),
            cells: vec![
                Cell::Link(one.number.clone(), page_of(one.id)),
                Cell::Strong(one.name.clone()),
                Cell::Text(one.registration.clone()),
                Cell::State(badge, word),
                Cell::date(contract.map(|one| one.terms.to)),
                Cell::Text(rate.unwrap_or_default()),
                Cell::date(publication.map(|one| one.on)),
                Cell::date(due.map(|(on, _)| on)),
            ],
            href: page_of(one.id),
        });
    }
    Ok(rows)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::UserShare, ui.t("agency-none"), ui.t("agency-none-text"));
    let shown = LISTED.shown(&visit, query).await?.or(none);
    let mut tools = shown.tools();
    tools.push(&ui.button(Button::link(Look::Secondary, ui.t("agency-published-list"), PUBLISHED)));
    if visit.may(AGENCY_EDIT) {
        let new = Button::link(Look::Primary, ui.t("agency-new"), format!("{LIST}/new"));
        tools.push(&ui.button(new.icon(Icon::Plus)));
    }
    let page = Page::new(ui.t("agency-title"), "agencies").subtitle(ui.t("agency-note")).actions(tools);
    shown.answer(&visit, &page)
}

/// Labels and values as a panel.
pub(super) fn facts(ui: &Ui, title: &str, rows: &[(&str, Html)]) -> Html {
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(title).raw("</h2></header>");
    body.raw("<dl class=\"facts panel-body\">");
    for (label, value) in rows {
        body.raw("<dt>").text(ui.t(label)).raw("</dt><dd>").push(value).raw("</dd>");
    }
    body.raw("</dl></section>");
    body
}

/// A table with its way to add a row.
pub(super) fn panel(ui: &Ui, title: &str, add: Option<Button>, none: &str, table: Option<Table>) -> Html {
    let mut html = Html::new();
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(title).raw("</h2><div class=\"end\">");
    if let Some(add) = add {
        html.push(&ui.button(add));
    }
    html.raw("</div></header>");
    match table {
        Some(table) => html.push(&ui.table(table)),
        None => html.raw("<p class=\"panel-body muted\">").text(none).raw("</p>"),
    };
    html.raw("</section>");
    html
}

/// A link.
pub(super) fn link(href: impl AsRef<str>, text: impl AsRef<str>) -> Html {
    let mut html = Html::new();
    html.raw("<a").href(href.as_ref()).raw(">").text(text.as_ref()).raw("</a>");
    html
}

fn contract_badge(ui: &Ui, one: &Contract, today: jiff::civil::Date) -> Html {
    let word = ui.t(format!("agency-contract-{}", one.state.as_str()));
    match one.state {
        ContractState::Proposed => ui.badge(Tone::Watch, Icon::Clock, word),
        ContractState::Standing if one.terms.to < today => {
            ui.badge(Tone::Neutral, Icon::CircleCheck, ui.t("agency-contract-over"))
        }
        ContractState::Standing => ui.badge(Tone::Ok, Icon::CircleCheck, word),
        ContractState::Refused | ContractState::Ended => ui.badge(Tone::Sub, Icon::Ban, word),
    }
}

fn contracts_table(ui: &Ui, contracts: &[Contract], today: jiff::civil::Date) -> Option<Table> {
    let heads = ["agency-contract-number", "agency-contract-from", "agency-contract-to", "agency-commission-percent"];
    let heads = heads.into_iter().chain(["agency-contract-state"]).map(|id| (ui.t(id), Side::Left));
    let mut table = Table::new(ui.t("agency-contracts"), heads);
    for one in contracts {
        table.row([
            link(contract::page_of(one.id), &one.number),
            ui.date(one.terms.from),
            ui.date(one.terms.to),
            Html::of_text(rules::rate(one.terms.commission_bp)),
            contract_badge(ui, one, today),
        ]);
    }
    (!contracts.is_empty()).then_some(table)
}

fn members_table(visit: &Visit, ui: &Ui, agency: &Agency, members: &[Member]) -> Option<Table> {
    let heads = ["agency-person", "agency-person-from", "agency-person-until"].map(|id| (ui.t(id), Side::Left));
    let mut table = Table::new(ui.t("agency-staff"), heads);
    for one in members {
        let until = match one.ended_on {
            Some(on) => ui.date(on),
            None if visit.may(AGENCY_EDIT) => {
                let action = format!("{}/staff/{}/end", page_of(agency.id), one.id);
                let mut form = Html::new();
                form.raw("<form method=\"post\" data-once")
                    .attr("action", action)
                    .raw(">")
                    .push(&ui.guard(visit.guard()));
                form.push(&ui.button(Button::submit(Look::Small, ui.t("agency-person-end")).icon(Icon::Ban)));
                form.raw("</form>");
                form
            }
            None => ui.dash(),
        };
        table.row([Html::of_text(&one.name), ui.date(one.from), until]);
    }
    (!members.is_empty()).then_some(table)
}

/// The figures of conduct (S2.5-38), as a table of labels and numbers.
pub(super) fn conduct_rows(ui: &Ui, conduct: &Conduct) -> Vec<(&'static str, Html)> {
    let count = |number: i64| Html::of_text(ui.count(number));
    vec![
        ("agency-conduct-placed", count(conduct.placed)),
        ("agency-conduct-contacts", count(conduct.contacts)),
        ("agency-conduct-refused", count(conduct.refused)),
        ("agency-conduct-flagged", count(conduct.flagged)),
        ("agency-conduct-unlawful", count(conduct.unlawful)),
        ("agency-conduct-complaints", count(conduct.complaints)),
        ("agency-conduct-came", ui.money(conduct.came)),
    ]
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let agency = actions::load(&mut work, &id, AGENCY_VIEW).await?;
    let today = work.business_date;
    let add = |action: &str, label: &str, way: &str| {
        let href = format!("{}/{way}", page_of(agency.id));
        visit.may(action).then(|| Button::link(Look::Small, ui.t(label), href).icon(Icon::Plus))
    };
    let mut body = about(&mut work, &ui, &agency).await?;
    let contracts = store::contracts(&mut work.tx, agency.id).await?;
    let new = add(AGENCY_EDIT, "agency-contract-new", "contracts/new");
    let table = contracts_table(&ui, &contracts, today);
    body.push(&panel(&ui, &ui.t("agency-contracts"), new, &ui.t("agency-contracts-none"), table));
    let members = store::members(&mut work.tx, agency.id).await?;
    let new = add(AGENCY_EDIT, "agency-person-new", "staff/new");
    let table = members_table(&visit, &ui, &agency, &members);
    body.push(&panel(&ui, &ui.t("agency-staff"), new, &ui.t("agency-staff-none"), table));
    let lines = store::lines(&mut work.tx, agency.id).await?;
    let heads = ["guard-line", "guard-line-label"].map(|id| (ui.t(id), Side::Left));
    let mut table = Table::new(ui.t("agency-lines"), heads);
    for (number, label) in &lines {
        table.row([Html::of_text(number), Html::of_text(label)]);
    }
    let table = (!lines.is_empty()).then_some(table);
    let new = add(AGENCY_EDIT, "guard-line-add", "lines/new");
    body.push(&panel(&ui, &ui.t("agency-lines"), new, &ui.t("agency-lines-none"), table));
    let days = evaluation::period(&mut work, agency.id).await?;
    let conduct = evaluation::conduct(&mut work, agency.id, days).await?;
    let title = ui.t2("agency-conduct-of", "from", days.0, "to", days.1);
    body.push(&facts(&ui, &title, &conduct_rows(&ui, &conduct)));
    let all = store::evaluations(&mut work.tx, agency.id).await?;
    let new = add(AGENCY_EVALUATE, "agency-evaluation-new", "evaluations/new");
    let table = evaluation_pages::table(&ui, &all);
    body.push(&panel(&ui, &ui.t("agency-evaluations"), new, &ui.t("agency-evaluations-none"), table));
    // Money of all branches: for whoever makes or decides on statements.
    if visit.may(COMMISSION_MAKE) || visit.may(super::COMMISSION_APPROVE) {
        let all = commission::of_agency(&mut work, agency.id).await?;
        let new = add(COMMISSION_MAKE, "commission-new", "commissions/new");
        let table = commission_pages::table(&ui, &all);
        body.push(&panel(&ui, &ui.t("commission-title"), new, &ui.t("commission-none"), table));
    }
    let placed = address(PLACEMENTS, &[("agency", agency.id.to_string().as_str())]);
    let mut buttons = vec![
        Button::link(Look::Secondary, ui.t("agency-back"), LIST).icon(Icon::ArrowLeft),
        Button::link(Look::Secondary, ui.t("placement-title"), placed).icon(Icon::Briefcase),
    ];
    if visit.may(crate::CASE_VIEW) {
        let key = agency.id.to_string();
        let found = address(crate::conduct::pages::LIST, &[("agency", key.as_str()), ("view", "all")]);
        buttons.push(Button::link(Look::Secondary, ui.t("conduct-title"), found).icon(Icon::ShieldCheck));
    }
    if visit.may(AGENCY_EDIT) {
        let href = format!("{}/publish", page_of(agency.id));
        buttons.push(Button::link(Look::Primary, ui.t("agency-publish"), href).icon(Icon::Check));
    }
    let page = Page::new(agency.name.clone(), "agencies").subtitle(agency.number).actions(ui.buttons(&buttons));
    visit.page_of(&page, &body)
}

async fn about(work: &mut Work, ui: &Ui, agency: &Agency) -> Result<Html, ActionError> {
    let (badge, _) = standing(work, ui, agency).await?;
    let publication = store::publication(&mut work.tx, agency.id).await?;
    let published = match publication {
        Some(one) => {
            let id = if one.published { "agency-published-since" } else { "agency-published-until" };
            Html::of_text(ui.t2(id, "on", one.on, "place", one.place))
        }
        None => Html::of_text(ui.t("agency-published-never")),
    };
    let due = match evaluation::due(work, agency.id).await? {
        Some((on, occasion)) => {
            Html::of_text(format!("{on} · {}", ui.t(format!("agency-occasion-{}", occasion.as_str()))))
        }
        None => ui.dash(),
    };
    let rows = [
        ("agency-state", badge),
        ("agency-registration", Html::of_text(&agency.registration)),
        ("agency-published", published),
        ("agency-evaluation-due", due),
        ("agency-remarks", Html::of_text(&agency.note)),
    ];
    Ok(facts(ui, &ui.t("agency-one"), &rows))
}

async fn end_member(
    Path((id, row)): Path<(String, String)>,
    posted: Posted<NothingForm>,
) -> Result<Response, WebError> {
    let mut work = posted.begin("agency.staff_end").await?;
    let row = row.parse().map_err(|_| AgencyError::NotFound).map_err(ActionError::from)?;
    let agency = actions::end_member(&mut work, &id, row).await?;
    posted.done(work, page_of(agency)).await
}

async fn show_contract(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = contract::load(&mut work, &id, AGENCY_VIEW).await?;
    let agency = actions::load(&mut work, &one.agency.to_string(), AGENCY_VIEW).await?;
    let today = work.business_date;
    let mut rows = vec![
        ("agency-contract-state", contract_badge(&ui, &one, today)),
        ("agency-name", link(page_of(agency.id), &agency.name)),
        ("agency-contract-from", ui.date(one.terms.from)),
        ("agency-contract-to", ui.date(one.terms.to)),
        ("agency-contract-purpose", Html::of_text(&one.terms.purpose)),
        ("agency-contract-data", Html::of_text(&one.terms.data)),
        ("agency-contract-delegation", Html::of_text(&one.terms.delegation)),
        ("agency-commission-percent", Html::of_text(rules::rate(one.terms.commission_bp))),
    ];
    if let Some(reason) = &one.end_reason {
        rows.push(("agency-contract-end-reason", Html::of_text(reason)));
        rows.push(("agency-contract-ended-on", ui.date_or_dash(one.ended_on)));
    }
    let mut body = facts(&ui, &ui.t("agency-contract"), &rows);
    if one.state == ContractState::Proposed && visit.actor.user == Some(one.by) {
        let action = format!("{CONTRACTS}/{}/withdraw", one.id);
        body.raw("<form class=\"panel-foot\" method=\"post\" data-once").attr("action", action).raw(">");
        body.push(&ui.guard(visit.guard()));
        body.push(&ui.button(Button::submit(Look::Small, ui.t("agency-withdraw")).icon(Icon::ArrowBackUp)));
        body.raw("</form>");
    }
    let mut buttons = vec![Button::link(Look::Secondary, ui.t("agency-one"), page_of(agency.id)).icon(Icon::ArrowLeft)];
    for approval in [one.approval, one.ending].into_iter().flatten() {
        let page = approval::page_for(&mut work, HOUSE, approval).await?;
        buttons.extend(page.map(|href| Button::link(Look::Secondary, ui.t("approval-open-page"), href)));
    }
    if one.state == ContractState::Standing && one.ending.is_none() && today <= one.terms.to && visit.may(AGENCY_EDIT) {
        let href = format!("{CONTRACTS}/{}/end", one.id);
        buttons.push(Button::link(Look::Danger, ui.t("agency-contract-end"), href).icon(Icon::Ban));
    }
    let page = Page::new(one.number, "agencies").subtitle(agency.name).actions(ui.buttons(&buttons));
    visit.page_of(&page, &body)
}

async fn withdraw(Path(id): Path<String>, posted: Posted<NothingForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("agency.withdraw").await?;
    let id = contract::withdraw(&mut work, &id).await?;
    posted.done(work, contract::page_of(id)).await
}
