//! Pages of bank accounts: panel, new, verify, end, reveal.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use platform::access::PERSONAL_REVEAL;
use platform::clock::civil_minute;
use platform::customer_page::{PanelBody, PanelSize};
use platform::error::{ActionError, Refused};
use platform::event::BoxFuture;
use platform::id::{CustomerId, UserId};
use platform::page::{Button, Html, Icon, Look, Tone, Ui};
use platform::vault::Personal as _;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::model::{BankAccount, BankAccountId};
use super::{actions, form, store};
use crate::customer::actions::load_within;
use crate::customer::pages::ReasonForm;
use crate::customer::store::user_names;
use crate::reveal::{Reveal, reason, reason_field};
use crate::{EDIT, VIEW, card_table};

/// The pages about bank accounts.
pub fn routes() -> Routes {
    Routes::new()
        .get("/customers/{id}/accounts/new", EDIT, new_page)
        .post("/customers/{id}/accounts/new", EDIT, add)
        .get("/customers/{id}/accounts/{account}/verify", EDIT, verify_page)
        .post("/customers/{id}/accounts/{account}/verify", EDIT, verify)
        .get("/customers/{id}/accounts/{account}/end", EDIT, end_page)
        .post("/customers/{id}/accounts/{account}/end", EDIT, end)
        .get("/customers/{id}/accounts/{account}/reveal", PERSONAL_REVEAL, reveal_page)
        .post("/customers/{id}/accounts/{account}/reveal", PERSONAL_REVEAL, reveal)
        .answering::<crate::reveal::RevealedValue>()
}

type Key = (CustomerId, BankAccountId);

#[derive(Template)]
#[template(path = "bank_account/panel.html")]
struct PanelPart {
    ui: Ui,
    add: Html,
    table: Option<Html>,
}

/// The panel on the customer page.
pub(crate) fn panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let ui = visit.ui();
        load_within(work, id, VIEW).await?;
        let mut accounts = store::of_customer(&mut work.tx, id).await?;
        let count = accounts.iter().filter(|one| one.ended_at.is_none()).count();
        if size == PanelSize::Brief {
            accounts.retain(|one| one.ended_at.is_none());
        }
        let shared = store::shared(&mut work.tx, id).await?;
        let verifiers: Vec<UserId> = accounts.iter().filter_map(|one| Some(one.verified.as_ref()?.by)).collect();
        let names = user_names(&mut work.tx, &verifiers).await?;
        let table = (!accounts.is_empty()).then(|| table(visit, &ui, &accounts, &shared, &names));
        let add = if visit.may(EDIT) {
            let address = format!("/customers/{id}/accounts/new");
            ui.button(Button::link(Look::Small, ui.t("account-add"), address).icon(Icon::Plus))
        } else {
            Html::new()
        };
        Ok(PanelBody { count: i64::try_from(count).ok(), html: Html::of_template(&PanelPart { ui, add, table })? })
    })
}

fn table(
    visit: &Visit,
    ui: &Ui,
    accounts: &[BankAccount],
    shared: &[BankAccountId],
    names: &BTreeMap<UserId, String>,
) -> Html {
    let heads =
        ["account-number", "account-bank", "account-holder", "account-purpose", "account-verified", "contact-verbs"];
    let heads = heads.map(|id| ui.t(id));
    let mut rows = Vec::new();
    for one in accounts {
        let mut number = Html::new();
        number.raw("<span class=\"num nowrap\">").text(&one.masked).raw("</span> ");
        if !one.luhn {
            number.push(&ui.badge(Tone::Watch, Icon::AlertTriangle, ui.t("account-luhn")));
        }
        if shared.contains(&one.id) {
            number.push(&ui.badge(Tone::Watch, Icon::Users, ui.t("account-shared")));
        }
        let verified = match &one.verified {
            None => ui.badge(Tone::Neutral, Icon::HelpCircle, ui.t("account-not-verified")),
            Some(by) => {
                let name = names.get(&by.by).map_or("", String::as_str);
                let mut out = ui.badge(Tone::Ok, Icon::CircleCheck, ui.t("account-is-verified"));
                out.raw(" <span class=\"muted\">")
                    .text(format!("{name} {} · {}", civil_minute(by.at), by.how))
                    .raw("</span>");
                out
            }
        };
        rows.push(vec![
            number,
            Html::of_text(&one.bank),
            Html::of_text(&one.holder),
            Html::of_text(ui.t(format!("account-purpose-{}", one.purpose.as_str()))),
            verified,
            verbs(visit, ui, one),
        ]);
    }
    card_table::draw(&ui.t("accounts-title"), &heads, &rows)
}

fn verbs(visit: &Visit, ui: &Ui, one: &BankAccount) -> Html {
    if let Some(at) = one.ended_at {
        return Html::of_text(ui.t1("contact-ended", "at", civil_minute(at)));
    }
    let own = format!("/customers/{}/accounts/{}", one.customer, one.id);
    let verb = |word: &str, verb: &str| Button::link(Look::Small, ui.t(word), format!("{own}/{verb}"));
    let mut verbs = Vec::new();
    if visit.may(PERSONAL_REVEAL) {
        verbs.push(verb("customer-reveal", "reveal").icon(Icon::Eye));
    }
    if visit.may(EDIT) {
        // Who entered it does not confirm it: for them the verb is not there.
        if one.verified.is_none() && visit.actor.user != Some(one.recorded_by) {
            verbs.push(verb("account-verify", "verify").icon(Icon::Check));
        }
        verbs.push(verb("contact-end", "end"));
    }
    let mut out = Html::new();
    for verb in verbs {
        out.push(&ui.button(verb)).raw(" ");
    }
    out
}

fn back(id: CustomerId) -> String {
    format!("/customers/{id}?tab=accounts")
}

async fn new_page(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    draw_new(&visit, id, &Fields::default(), None).await
}

async fn draw_new(
    visit: &Visit,
    id: CustomerId,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, EDIT).await?;
    let page = FormPage {
        active: "customers",
        title: ui.t("account-add"),
        action: format!("/customers/{id}/accounts/new"),
        fields: form::fields(&ui, &customer.name, typed),
        subtitle: customer.name,
        buttons: vec![Button::submit(Look::Primary, ui.t("customer-save")).icon(Icon::Check)],
        back: back(id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

platform::form_fields! {
    /// A new account.
    NewForm: "holder", "bank", "number", "purpose"
}

async fn add(Path(id): Path<CustomerId>, posted: Posted<NewForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("bank_account.add").await?;
    let done = match form::read(&posted.fields) {
        Ok(new) => actions::add(&mut work, id, &new).await,
        Err(refused) => Err(ActionError::from(refused)),
    };
    match posted.finish(work, done, back(id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}

/// A page that asks for a reason about one account.
async fn reason_page(
    visit: &Visit,
    (id, key): Key,
    verb: &str,
    page: impl FnOnce(&Ui) -> FormPage,
) -> Result<FormPage, WebError> {
    let mut work = visit.read().await?;
    let (file, account) = actions::load(&mut work, id, key, EDIT).await?;
    Ok(FormPage {
        active: "customers",
        subtitle: format!("{} {}", file.name, account.masked),
        action: format!("/customers/{id}/accounts/{key}/{verb}"),
        back: back(id),
        ..page(&visit.ui())
    })
}

async fn verify_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_verify(&visit, key, &Fields::default(), None).await
}

async fn draw_verify(visit: &Visit, key: Key, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let page = reason_page(visit, key, "verify", |ui| FormPage {
        title: ui.t("account-verify-title"),
        fields: vec![reason_field(ui, typed, "account-verify-hint")],
        buttons: vec![Button::submit(Look::Primary, ui.t("account-verify")).icon(Icon::Check)],
        ..FormPage::default()
    });
    page.await?.draw(visit, refused)
}

async fn verify(Path(key): Path<Key>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("bank_account.verify").await?;
    let done = actions::verify(&mut work, key.0, key.1, reason(&posted)).await;
    match posted.finish(work, done, back(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_verify(&posted.visit, key, &posted.fields, Some(&refused)).await,
    }
}

async fn end_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_end(&visit, key, &Fields::default(), None).await
}

async fn draw_end(visit: &Visit, key: Key, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let page = reason_page(visit, key, "end", |ui| FormPage {
        title: ui.t("account-end-title"),
        fields: vec![reason_field(ui, typed, "account-end-hint")],
        buttons: vec![Button::submit(Look::Danger, ui.t("contact-end"))],
        ..FormPage::default()
    });
    page.await?.draw(visit, refused)
}

async fn end(Path(key): Path<Key>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("bank_account.end").await?;
    let done = actions::end(&mut work, key.0, key.1, reason(&posted)).await;
    match posted.finish(work, done, back(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_end(&posted.visit, key, &posted.fields, Some(&refused)).await,
    }
}

async fn reveal_of(work: &mut Work, ui: &Ui, (id, key): Key) -> Result<Reveal, WebError> {
    let (file, account) = actions::load(work, id, key, PERSONAL_REVEAL).await?;
    Ok(Reveal {
        title: ui.t("account-reveal"),
        whose: format!("{} {}", file.name, account.masked),
        label: ui.t("account-number"),
        action: format!("/customers/{id}/accounts/{key}/reveal"),
        back: back(id),
    })
}

async fn reveal_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    reveal_of(&mut work, &visit.ui(), key).await?.ask(&visit, &Fields::default(), None)
}

async fn reveal(Path(key): Path<Key>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("personal.reveal").await?;
    let page = reveal_of(&mut work, &posted.visit.ui(), key).await?;
    let shown = actions::reveal(&mut work, key.0, key.1, reason(&posted)).await;
    page.answer(&posted, work, shown.map(|number| number.clear().to_owned())).await
}
