//! Pages of contact points: panel, new, end, and the two ways to see a value in clear.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use platform::access::{CONTACT_REVEAL, PERSONAL_REVEAL};
use platform::clock::civil_minute;
use platform::contact_gate::{Channel, Manner, Purpose, Shown, gate_refused};
use platform::customer_page::{PanelBody, PanelSize};
use platform::error::{ActionError, FieldError, RefusalKind, Refused};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Refusal, Tone, Ui};
use platform::vault::Personal as _;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, shown_in_form};
use platform::work::Work;

use super::model::{ContactKind, ContactPoint, ContactPointId};
use super::{actions, form};
use crate::EDIT;
use crate::card_table;
use crate::customer::actions::load_within;
use crate::customer::pages::ReasonForm;
use crate::relation::model::Relation;
use crate::relation::store as relations;
use crate::reveal::{Reveal, reason, reason_field, revealed};

/// The pages about contact points.
pub fn routes() -> Routes {
    Routes::new()
        .get("/customers/{id}/contacts/new", EDIT, new_page)
        .post("/customers/{id}/contacts/new", EDIT, add)
        .get("/customers/{id}/contacts/{contact}/end", EDIT, end_page)
        .post("/customers/{id}/contacts/{contact}/end", EDIT, end)
        .get("/customers/{id}/contacts/{contact}/phone", CONTACT_REVEAL, phone_page)
        .post("/customers/{id}/contacts/{contact}/phone", CONTACT_REVEAL, phone)
        .answering::<crate::reveal::RevealedValue>()
        .get("/customers/{id}/contacts/{contact}/reveal", PERSONAL_REVEAL, reveal_page)
        .post("/customers/{id}/contacts/{contact}/reveal", PERSONAL_REVEAL, reveal)
        .answering::<crate::reveal::RevealedValue>()
}

#[derive(Template)]
#[template(path = "contact_point/panel.html")]
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
        let mut points = actions::list(work, id).await?;
        let count = points.iter().filter(|one| one.ended_at.is_none()).count();
        if size == PanelSize::Brief {
            points.retain(|one| one.ended_at.is_none());
        }
        let related = relations::of_customer(&mut work.tx, id).await?;
        let table = (!points.is_empty()).then(|| table(visit, &ui, &points, &related));
        let add = if visit.may(EDIT) {
            let address = format!("/customers/{id}/contacts/new");
            ui.button(Button::link(Look::Small, ui.t("contact-add"), address).icon(Icon::Plus))
        } else {
            Html::new()
        };
        Ok(PanelBody { count: i64::try_from(count).ok(), html: Html::of_template(&PanelPart { ui, add, table })? })
    })
}

fn table(visit: &Visit, ui: &Ui, points: &[ContactPoint], related: &[Relation]) -> Html {
    let heads = ["contact-whose", "contact-kind", "contact-value", "contact-route", "contact-consent", "contact-verbs"];
    let caption = ui.t("contacts-title");
    let heads = heads.map(|id| ui.t(id));
    let mut rows = Vec::new();
    for one in points {
        let own = format!("/customers/{}/contacts/{}", one.customer, one.id);
        let whose = match one.relation {
            None => ui.t("contact-self"),
            Some(key) => {
                related.iter().find(|other| other.id == key).map(|other| other.name.clone()).unwrap_or_default()
            }
        };
        let mut value = Html::new();
        value.raw("<span class=\"num nowrap\">").text(&one.masked).raw("</span> ");
        if one.main {
            value.push(&ui.badge(Tone::Accent, Icon::Star, ui.t("contact-main")));
        }
        let consent = if one.consented {
            ui.badge(Tone::Ok, Icon::CircleCheck, ui.t("contact-consented"))
        } else {
            ui.badge(Tone::Neutral, Icon::HelpCircle, ui.t("contact-not-consented"))
        };
        rows.push(vec![
            Html::of_text(whose),
            Html::of_text(ui.t(format!("contact-kind-{}", one.kind.as_str()))),
            value,
            Html::of_text(ui.t(format!("route-{}", one.route.as_str()))),
            consent,
            verbs(visit, ui, one, &own),
        ]);
    }
    card_table::draw(&caption, &heads, &rows)
}

fn verbs(visit: &Visit, ui: &Ui, one: &ContactPoint, own: &str) -> Html {
    if let Some(at) = one.ended_at {
        return Html::of_text(ui.t1("contact-ended", "at", civil_minute(at)));
    }
    let mut verbs = Vec::new();
    match one.kind {
        ContactKind::Phone if visit.may(CONTACT_REVEAL) => {
            verbs.push(Button::link(Look::Small, ui.t("contact-show-phone"), format!("{own}/phone")).icon(Icon::Phone));
        }
        ContactKind::Email | ContactKind::Address if visit.may(PERSONAL_REVEAL) => {
            verbs.push(Button::link(Look::Small, ui.t("customer-reveal"), format!("{own}/reveal")).icon(Icon::Eye));
        }
        ContactKind::Phone | ContactKind::Email | ContactKind::Address => {}
    }
    if visit.may(EDIT) {
        verbs.push(Button::link(Look::Small, ui.t("contact-end"), format!("{own}/end")));
    }
    let mut out = Html::new();
    for verb in verbs {
        out.push(&ui.button(verb)).raw(" ");
    }
    out
}

fn back(id: CustomerId) -> String {
    format!("/customers/{id}?tab=contacts")
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
    let related = relations::of_customer(&mut work.tx, id).await?;
    let page = FormPage {
        active: "customers",
        title: ui.t("contact-add"),
        action: format!("/customers/{id}/contacts/new"),
        fields: form::fields(&ui, &customer.name, &related, typed),
        subtitle: customer.name,
        buttons: vec![Button::submit(Look::Primary, ui.t("customer-save")).icon(Icon::Check)],
        back: back(id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn add(Path(id): Path<CustomerId>, posted: Posted<NewForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("contact_point.add").await?;
    let done = match form::read(&posted.fields) {
        Ok(new) => actions::add(&mut work, id, &new).await,
        Err(refused) => Err(ActionError::Refused(refused)),
    };
    match posted.finish(work, done, back(id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}

type Key = (CustomerId, ContactPointId);

platform::form_fields! {
    /// A new way to reach somebody.
    NewForm: "kind", "value", "whose", "route", "consented", "main"
}

platform::form_fields! {
    /// Why a number is to be seen.
    PhoneForm: "purpose", "reason"
}

/// A page that asks for a reason about one contact point.
async fn reason_page(
    visit: &Visit,
    (id, key): Key,
    action: &'static str,
    verb: &'static str,
    page: impl FnOnce(&Ui) -> FormPage,
) -> Result<FormPage, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let (file, point) = actions::load(&mut work, id, key, action).await?;
    Ok(FormPage {
        active: "customers",
        subtitle: format!("{} {}", file.name, point.masked),
        action: format!("/customers/{id}/contacts/{key}/{verb}"),
        back: back(id),
        ..page(&ui)
    })
}

async fn end_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_end(&visit, key, &Fields::default(), None).await
}

async fn draw_end(visit: &Visit, key: Key, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let page = reason_page(visit, key, EDIT, "end", |ui| FormPage {
        title: ui.t("contact-end-title"),
        fields: vec![reason_field(ui, typed, "contact-end-hint")],
        buttons: vec![Button::submit(Look::Danger, ui.t("contact-end")).icon(Icon::PhoneOff)],
        ..FormPage::default()
    });
    page.await?.draw(visit, refused)
}

async fn end(Path(key): Path<Key>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("contact_point.end").await?;
    let done = actions::end(&mut work, key.0, key.1, reason(&posted)).await;
    match posted.finish(work, done, back(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_end(&posted.visit, key, &posted.fields, Some(&refused)).await,
    }
}

async fn phone_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_phone(&visit, key, &Fields::default(), None, Html::new()).await
}

async fn draw_phone(
    visit: &Visit,
    key: Key,
    typed: &Fields,
    refused: Option<&Refused>,
    note: Html,
) -> Result<Response, WebError> {
    let page = reason_page(visit, key, CONTACT_REVEAL, "phone", |ui| {
        let purposes = [Purpose::Verify, Purpose::Care, Purpose::Collect];
        let purposes = purposes.map(|one| Choice::new(one.as_str(), ui.t(format!("purpose-{}", one.as_str()))));
        let purpose = typed.first("purpose").unwrap_or("verify");
        FormPage {
            title: ui.t("contact-show-phone"),
            fields: vec![
                Field::new("purpose", ui.t("contact-purpose"), Input::Radio(purposes.to_vec()))
                    .value(purpose)
                    .required(),
                reason_field(ui, typed, "customer-reveal-hint"),
            ],
            buttons: vec![Button::submit(Look::Primary, ui.t("customer-reveal")).icon(Icon::Phone)],
            note,
            ..FormPage::default()
        }
    });
    page.await?.draw(visit, refused)
}

async fn phone(Path(key): Path<Key>, posted: Posted<PhoneForm>) -> Result<Response, WebError> {
    let Some(purpose) = posted.fields.first("purpose").and_then(Purpose::parse) else {
        let refused = Refused::form(vec![FieldError::new("purpose", "choice-invalid")]);
        return draw_phone(&posted.visit, key, &posted.fields, Some(&refused), Html::new()).await;
    };
    let mut work = posted.begin("contact.reveal").await?;
    let (file, _) = actions::load(&mut work, key.0, key.1, CONTACT_REVEAL).await?;
    let manner = Manner::by(Channel::Phone);
    match actions::reveal_phone(&mut work, key.0, key.1, purpose, manner, reason(&posted)).await {
        Ok(shown) => {
            // A refusal is a fact too, and stays.
            work.settle(&posted.key, &back(key.0)).await?;
            work.commit().await?;
            let visit = &posted.visit;
            match shown {
                Shown::Number(number, pass) => {
                    let (label, outcome) = (visit.ui().t("customer-phone"), pass.outcome_page.as_deref());
                    revealed(visit, &file.name, label, number.clear(), &back(key.0), outcome)
                }
                Shown::Refused { rule, article, next_lawful } => {
                    visit.complain_of(Some(&gate_refused(&rule, article.clone(), next_lawful)))?;
                    let note = gate_refusal(&visit.ui(), rule, article, next_lawful);
                    let refused = Refused::new(RefusalKind::Conflict, "form-invalid");
                    draw_phone(visit, key, &posted.fields, Some(&refused), note).await
                }
            }
        }
        Err(error) => {
            drop(work);
            draw_phone(&posted.visit, key, &posted.fields, Some(&shown_in_form(error)?), Html::new()).await
        }
    }
}

/// What the gate answered, with the next lawful minute when there is one.
fn gate_refusal(ui: &Ui, rule: String, article: Option<String>, next_lawful: Option<jiff::Timestamp>) -> Html {
    let mut way_out = Html::of_text(ui.t("error-contact-refused-way"));
    if let Some(at) = next_lawful {
        way_out.raw(" ").text(ui.t1("contact-next-lawful", "at", civil_minute(at)));
    }
    ui.refusal(Refusal {
        title: ui.t("error-contact-refused"),
        way_out,
        rule: Some(rule),
        articles: article.into_iter().map(|article| (String::new(), article)).collect(),
        ..Refusal::default()
    })
}

async fn reveal_of(work: &mut Work, ui: &Ui, (id, key): Key) -> Result<Reveal, WebError> {
    let (file, point) = actions::load(work, id, key, PERSONAL_REVEAL).await?;
    Ok(Reveal {
        title: ui.t("contact-reveal-title"),
        whose: format!("{} {}", file.name, point.masked),
        label: ui.t(format!("contact-kind-{}", point.kind.as_str())),
        action: format!("/customers/{id}/contacts/{key}/reveal"),
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
    let shown = actions::reveal_value(&mut work, key.0, key.1, reason(&posted)).await;
    page.answer(&posted, work, shown).await
}
