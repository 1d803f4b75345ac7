//! The customer page put together: head, tabs, the panels of all capabilities, and our own panels.

use askama::Template;
use platform::access::PERSONAL_REVEAL;
use platform::clock::{civil_day, civil_minute};
use platform::customer_page::{CustomerPanel, Happening, PanelBody, PanelPlace, PanelSize, happenings};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::locale::{Locale, missing_in};
use platform::page::{Button, Html, Icon, Look, Subject, Tab, Tone, Ui};
use platform::web::{Visit, WebError};
use platform::work::Work;
use serde_json::Value as Json;

use super::actions::load_within;
use super::list::Names;
use super::model::{Customer, CustomerKind};
use super::store;
use crate::{EDIT, VIEW, bank_account, contact_point, relation};

/// How many happenings the overview shows, and how many the tab.
const BRIEF: usize = 9;
/// See [`BRIEF`].
const WHOLE: usize = 200;

/// The panel of companies only.
const STATEMENTS: &str = "statements";
/// The panel of persons only.
const PORTRAIT: &str = "portrait";

/// Our own panels.
pub fn all() -> Vec<CustomerPanel> {
    let panel = |id, title, order, place, draw| CustomerPanel { id, title, order, place, action: VIEW, draw };
    vec![
        panel("file", "customer-file", 10, PanelPlace::Side, file),
        panel("documents", "documents-title", 13, PanelPlace::OwnTab, crate::document::panel),
        panel("credit", "credit-title", 14, PanelPlace::OwnTab, crate::credit::panel),
        panel(PORTRAIT, "portrait-title", 19, PanelPlace::OwnTab, crate::portrait::panel),
        panel("surveys", "survey-title", 18, PanelPlace::OwnTab, crate::survey::panel),
        panel("warnings", "warning-title", 71, PanelPlace::OwnTab, crate::warning::panel),
        panel("complaints", "complaint-title", 18, PanelPlace::OwnTab, crate::complaint::panel),
        panel("guarantees", "guarantees-title", 17, PanelPlace::OwnTab, crate::guarantee::panel),
        panel("watch", "watch-title", 70, PanelPlace::OwnTab, crate::watch::panel),
        panel("source", "source-title", 72, PanelPlace::OwnTab, crate::lead::panel::panel),
        panel("merged", "merge-tab", 75, PanelPlace::OwnTab, crate::merge::panel::panel),
        panel("data", "data-title", 11, PanelPlace::OwnTab, crate::datum::pages::panel),
        panel(STATEMENTS, "statement-title", 12, PanelPlace::OwnTab, crate::statement::pages::panel),
        panel("evaluations", "evaluation-title", 13, PanelPlace::OwnTab, crate::evaluation::pages::panel),
        panel("admissions", "admission-title", 14, PanelPlace::OwnTab, crate::admission::panel),
        panel("care", "care-title", 16, PanelPlace::OwnTab, crate::care::panel::panel),
        panel("standing", "standing-title", 15, PanelPlace::Main, crate::standing::pages::panel),
        panel("relations", "relations-title", 40, PanelPlace::Main, relation::pages::panel),
        panel("contacts", "contacts-title", 50, PanelPlace::Main, contact_point::pages::panel),
        panel("accounts", "accounts-title", 60, PanelPlace::Main, bank_account::pages::panel),
        panel("timeline", "timeline-title", 90, PanelPlace::Side, timeline),
    ]
}

/// The whole page (客户页).
pub(super) struct Picture {
    pub head: Subject,
    pub banner: Html,
    pub main: Vec<Html>,
    pub side: Vec<Html>,
    pub whole: Option<Html>,
}

/// Draws every panel that this person may see; `tab` names the one that is wanted whole.
pub(super) async fn draw(visit: &Visit, work: &mut Work, customer: &Customer, tab: &str) -> Result<Picture, WebError> {
    let mut panels: Vec<CustomerPanel> = visit
        .app
        .capabilities
        .iter()
        .flat_map(|one| one.customer_panels())
        .filter(|one| visit.may(one.action))
        .collect();
    // A person has no balance sheet, a company no portrait.
    let foreign = match customer.kind {
        CustomerKind::Person => STATEMENTS,
        CustomerKind::Company => PORTRAIT,
    };
    panels.retain(|panel| panel.id != foreign);
    panels.sort_by_key(|panel| panel.order);
    let ui = visit.ui();
    let own = format!("/customers/{}", customer.id);
    let open = panels.iter().any(|panel| panel.id == tab);
    let mut tabs = vec![Tab { text: ui.t("customer-overview"), href: own.clone(), active: !open, ..Tab::default() }];
    let (mut main, mut side, mut whole) = (Vec::new(), Vec::new(), None);
    for panel in panels {
        let active = panel.id == tab;
        let size = if active { PanelSize::Whole } else { PanelSize::Brief };
        let PanelBody { count, html } = (panel.draw)(visit, work, customer.id, size).await?;
        let href = format!("{own}?tab={}", panel.id);
        tabs.push(Tab { text: ui.t(panel.title), href, count, active, ..Tab::default() });
        match (active, panel.place) {
            (true, _) => whole = Some(html),
            (false, PanelPlace::Main) if !html.is_empty() => main.push(html),
            (false, PanelPlace::Side) if !html.is_empty() => side.push(html),
            (false, PanelPlace::Main | PanelPlace::Side | PanelPlace::OwnTab) => {}
        }
    }
    let head = head(visit, work, customer, tabs).await?;
    let banner = crate::merge::panel::banner(visit, work, customer).await?;
    Ok(Picture { head, banner, main, side, whole })
}

async fn head(visit: &Visit, work: &mut Work, customer: &Customer, tabs: Vec<Tab>) -> Result<Subject, WebError> {
    let ui = visit.ui();
    let own = format!("/customers/{}", customer.id);
    let (icon, kind) = match customer.kind {
        CustomerKind::Person => (Icon::User, "customer-kind-person"),
        CustomerKind::Company => (Icon::BuildingStore, "customer-kind-company"),
    };
    let (mut flags, mut figures, mut buttons) = (Html::new(), Vec::new(), Vec::new());
    for draw in visit.app.capabilities.iter().flat_map(|one| one.customer_heads()) {
        let part = draw(visit, work, customer.id).await?;
        flags.push(&part.flags);
        figures.extend(part.figures);
        buttons.extend(part.actions);
    }
    flags.push(&ui.badge(Tone::Info, icon, ui.t(kind)));
    flags.push(&ui.badge(Tone::Neutral, Icon::Hash, &customer.number));
    let manager = store::user_names(&mut work.tx, &[customer.manager]).await?.remove(&customer.manager);
    let since = store::managed_since(&mut work.tx, customer.id).await?.unwrap_or(customer.opened_on);
    let note = ui.t2("customer-managed", "name", manager.unwrap_or_default(), "since", since);
    flags.raw("<span class=\"muted\">").text(note).raw("</span>");
    if visit.may(EDIT) {
        buttons.push(Button::link(Look::Secondary, ui.t("customer-change"), format!("{own}/edit")).icon(Icon::Edit));
    }
    let reveal = visit.may(PERSONAL_REVEAL) && !customer.identity_masked.is_empty();
    Ok(Subject {
        monogram: true,
        name: customer.name.clone(),
        masked: customer.identity_masked.clone(),
        reveal: reveal.then(|| format!("{own}/reveal")),
        flags,
        actions: ui.buttons(buttons),
        figures,
        tabs,
        ..Subject::default()
    })
}

#[derive(Template)]
#[template(path = "customer/file.html")]
struct FileBody {
    ui: Ui,
    edit: Html,
    facts: Vec<(String, Html)>,
}

fn file<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    _: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let ui = visit.ui();
        let customer = load_within(work, id, VIEW).await?;
        let aliases = store::aliases(&mut work.tx, id).await?;
        let names = Names::read(&mut work.tx, visit.scope(VIEW)?).await?;
        let mut facts = Vec::new();
        let mut add = |label: &str, value: Html| facts.push((ui.t(label), value));
        let text = |value: &str| if value.is_empty() { ui.dash() } else { Html::of_text(value) };
        add("customer-kind", text(&ui.t(format!("customer-kind-{}", customer.kind.as_str()))));
        if !aliases.is_empty() {
            add("customer-aliases", text(&aliases.join(&ui.t("list-comma"))));
        }
        add("customer-identity-kind", text(&ui.t(format!("identity-{}", customer.identity_kind.as_str()))));
        add("customer-identity", text(&customer.identity_masked));
        add("customer-nationality", text(&nationality(&ui, &customer.nationality)));
        if customer.kind == CustomerKind::Person {
            let age = customer.age_on(visit.business_date);
            add("customer-born-on", ui.date_or_dash(customer.born_on));
            add(
                "customer-age",
                age.map_or_else(|| ui.dash(), |age| Html::of_text(ui.t1("customer-years", "years", age))),
            );
        }
        add("customer-branch", text(names.branch(customer.branch)));
        add("customer-address", text(customer.address.as_deref().unwrap_or("")));
        add("customer-note", text(customer.note.as_deref().unwrap_or("")));
        add("customer-opened-on", ui.date(customer.opened_on));
        let edit = if visit.may(EDIT) {
            ui.button(
                Button::link(Look::Small, ui.t("customer-change"), format!("/customers/{id}/edit")).icon(Icon::Edit),
            )
        } else {
            Html::new()
        };
        Ok(PanelBody { count: None, html: Html::of_template(&FileBody { ui: ui.clone(), edit, facts })? })
    })
}

/// `中国 CN`; the code alone where it has no name here; nothing when nobody stated it.
fn nationality(ui: &Ui, code: &str) -> String {
    match ui.locale.find(&format!("country-{}", code.to_lowercase())) {
        Some(name) => format!("{name} {code}"),
        None => code.to_owned(),
    }
}

/// One line of the timeline.
struct Line {
    tone: &'static str,
    icon: Html,
    title: String,
    on: String,
    note: String,
}

#[derive(Template)]
#[template(path = "customer/timeline.html")]
struct TimelineBody {
    ui: Ui,
    lines: Vec<Line>,
    more: Option<String>,
}

fn timeline<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let ui = visit.ui();
        let most = match size {
            PanelSize::Brief => BRIEF,
            PanelSize::Whole => WHOLE,
        };
        // A capability puts its facts on the timeline by giving them a message.
        let nothing = arguments(&ui.locale, &Json::Null);
        let wanted = |kind: &str| missing_in(&ui.tn(message(kind), &nothing)).is_empty();
        let found = happenings(&mut work.tx, id, wanted, most).await?;
        let people: Vec<_> = found.iter().map(|one| platform::id::UserId(one.by)).collect();
        let names = store::user_names(&mut work.tx, &people).await?;
        let lines = found.iter().map(|one| {
            let by = names.get(&platform::id::UserId(one.by)).cloned().unwrap_or_else(|| ui.t("timeline-system"));
            line(&ui, one, by)
        });
        let lines: Vec<Line> = lines.collect();
        let more = (size == PanelSize::Brief && lines.len() == BRIEF).then(|| format!("/customers/{id}?tab=timeline"));
        Ok(PanelBody { count: None, html: Html::of_template(&TimelineBody { ui: ui.clone(), lines, more })? })
    })
}

/// `customer.open` → `timeline-customer-open`, `repayment_received` → `timeline-repayment-received`.
fn message(kind: &str) -> String {
    format!("timeline-{}", kind.replace(['.', '_'], "-"))
}

fn line(ui: &Ui, one: &Happening, by: String) -> Line {
    let (tone, icon) = sign(&one.kind);
    let on = one.effective_on.unwrap_or_else(|| civil_day(one.at));
    let note = [Some(civil_minute(one.at)), Some(by), one.reason.clone()];
    Line {
        tone: tone.class(),
        icon: icon.html(),
        title: ui.tn(message(&one.kind), &arguments(&ui.locale, &one.facts)),
        on: platform::locale::short_date(on, ui.business_date),
        note: note.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
    }
}

/// The facts of a happening as arguments of its message; sums in fen also as 元, words of ours in the page's language.
fn arguments(locale: &Locale, facts: &Json) -> Vec<(&'static str, String)> {
    const NAMES: [&str; 14] = [
        "number",
        "name",
        "kind",
        "amount",
        "amount_fen",
        "shown",
        "value",
        "route",
        "since",
        "on",
        "loan",
        "product",
        "days",
        "manager",
    ];
    let text = |value: &Json| match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => String::new(),
    };
    NAMES
        .into_iter()
        .map(|name| {
            let given = facts.get(name).map(text).unwrap_or_default();
            let value = match (name, given.parse::<i64>()) {
                ("amount" | "amount_fen", Ok(fen)) => platform::locale::money(fen),
                ("kind", _) => ["relation", "contact-kind"]
                    .iter()
                    .find_map(|about| locale.find(&format!("{about}-{given}")))
                    .unwrap_or(given),
                _ => given,
            };
            (name, value)
        })
        .collect()
}

/// The picture of a happening, by what it is about.
fn sign(kind: &str) -> (Tone, Icon) {
    match kind.split(['.', '_']).next().unwrap_or("") {
        "customer" => (Tone::Accent, Icon::User),
        "relation" => (Tone::Accent, Icon::Users),
        "contact" => (Tone::Accent, Icon::Phone),
        "bank" => (Tone::Accent, Icon::CreditCard),
        "personal" => (Tone::Sub, Icon::Eye),
        "repayment" | "recovery" | "loan" => (Tone::Ok, Icon::Cash),
        "instalment" => (Tone::Sub, Icon::AlertTriangle),
        _ => (Tone::Neutral, Icon::History),
    }
}
