//! Pages of leads: taking one in, one lead, its number, becoming a customer.

use axum::extract::Path;
use axum::response::Response;
use platform::access::CONTACT_REVEAL;
use platform::contact_gate::{Shown, gate_refused};
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Field, Html, Icon, Input, Look, Page, Ui};
use platform::policies;
use platform::vault::Personal as _;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, shown_in_form};

use super::convert::{self, Conversion};
use super::model::{Lead, LeadState, Step, StepKind};
use super::{ASSIGN, LIST, RECORD, VIEW, WORK, actions, data, form, page_of, policy, store, view};
use crate::EDIT;
use crate::customer::form::{identity_kinds, identity_of, somebody_else, somebody_else_field};
use crate::customer::pages::ReasonForm;
use crate::customer::store::{filled, user_names};
use crate::identity::IdentityKind;
use crate::reveal::{reason, reason_field, revealed};
use crate::sorting::view::{facts, hint, link, panel};

platform::form_fields! {
    /// A new lead.
    LeadForm: "kind", "name", "phone", "channel", "campaign", "partner", "referrer", "colleague", "ground",
    "ground_note", "interest", "customer", "owner"
}

platform::form_fields! {
    /// A lead that becomes a customer.
    ConvertForm: "identity_kind", "identity", "manager", "existing", "somebody_else"
}

/// The pages of one lead.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/leads/new", RECORD, new_page)
        .post("/leads/new", RECORD, take)
        .get("/leads/{lead}", VIEW, show)
        .data::<data::LeadData, _, _>("/leads/{lead}", VIEW, data::lead)
        .get("/leads/{lead}/convert", WORK, convert_page)
        .post("/leads/{lead}/convert", WORK, convert)
        .get("/leads/{lead}/phone", CONTACT_REVEAL, phone_page)
        .post("/leads/{lead}/phone", CONTACT_REVEAL, phone)
        .answering::<crate::reveal::RevealedValue>()
}

async fn new_page(visit: Visit) -> Result<Response, WebError> {
    draw_new(&visit, &Fields::default(), None).await
}

async fn draw_new(visit: &Visit, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    work.authorise(RECORD).map_err(ActionError::from)?;
    let offer = form::offer(&mut work).await?;
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("lead-new-note")).raw("</p>");
    let page = FormPage {
        active: "leads",
        title: ui.t("lead-new"),
        action: "/leads/new".to_owned(),
        fields: form::new_fields(&ui, &offer, typed, visit.actor.acts_as())?,
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("lead-new")).icon(Icon::Check)],
        back: LIST.to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn take(posted: Posted<LeadForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("lead.take").await?;
    let offer = form::offer(&mut work).await?;
    let done = match form::read_new(&mut work, &offer, &posted.fields).await {
        Ok(new) => actions::take(&mut work, &new).await,
        Err(refused) => Err(refused),
    };
    let place = done.as_ref().map_or_else(|_| String::new(), page_of);
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &posted.fields, Some(&refused)).await,
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let steps = store::steps(&mut work.tx, one.id).await?;
    let names = user_names(&mut work.tx, &store::people(&one, &steps)).await?;
    let name = |user| Html::of_text(names.get(&user).map_or("—", String::as_str));
    let refused = match actions::contactable(&mut work, &one).await {
        Ok(()) => None,
        Err(ActionError::Refused(refused)) => Some(refused),
        Err(broken) => return Err(broken.into()),
    };
    let mut rows = vec![
        (ui.t("lead-state"), view::state(&ui, one.state).0),
        (ui.t("customer-name"), Html::of_text(shown_name(&ui, &one))),
        (ui.t("customer-phone"), Html::of_text(if one.phone_masked.is_empty() { "—" } else { &one.phone_masked })),
    ];
    rows.extend(view::origin(&mut work, &ui, &rules, &one.origin, &names).await?);
    let ground = policy::title(&ui, &rules, "lead_ground", &one.ground);
    rows.push((ui.t("lead-ground"), Html::of_text(format!("{ground} · {}", one.ground_note))));
    rows.push((ui.t("lead-interest"), Html::of_text(&one.interest)));
    if let Some(reason) = &one.lost_reason {
        let reason = policy::title(&ui, &rules, "lead_lost_reason", reason);
        rows.push((ui.t("lead-lost-reason"), Html::of_text(reason)));
    }
    if let Some(customer) = one.customer {
        rows.push((ui.t("lead-customer"), link(format!("/customers/{customer}"), ui.t("lead-open-customer"))));
    }
    rows.extend([
        (ui.t("lead-owner"), name(one.owner)),
        (ui.t("lead-next-on"), ui.date_or_dash(one.next_on)),
        (ui.t("lead-taken-on"), ui.date(one.taken_on)),
        (ui.t("lead-taken-by"), name(one.taken_by)),
        (ui.t("lead-refused-on"), ui.date_or_dash(one.refused_on)),
        (ui.t("lead-won-on"), ui.date_or_dash(one.won_on)),
    ]);
    let mut body = Html::new();
    // What came to nothing or became a customer is not called anyway.
    if let Some(refused) = refused.as_ref().filter(|_| one.state.lives()) {
        let article = refused.article.clone().unwrap_or_default();
        body.push(&hint(&format!("{} {article}", ui.t(format!("error-{}", refused.code)))));
    }
    panel(&mut body, &ui.t("lead-one"), &Html::new(), &facts(&rows));
    panel(&mut body, &ui.t("lead-steps"), &Html::new(), &course(&ui, &steps, &names));
    let page = Page::new(shown_name(&ui, &one), "leads").subtitle(one.number.clone());
    visit.page_of(&page.actions(ui.buttons(verbs(&visit, &ui, &one, refused.is_none()))), &body)
}

fn shown_name(ui: &Ui, one: &Lead) -> String {
    if one.erased_on.is_some() { ui.t("lead-erased") } else { one.name.clone() }
}

fn course(ui: &Ui, steps: &[Step], names: &std::collections::BTreeMap<platform::id::UserId, String>) -> Html {
    let mut out = Html::new();
    out.raw("<div class=\"panel-body\"><ul class=\"plain\">");
    for step in steps.iter().rev() {
        let word = ui.t(format!("lead-step-{}", step.kind.as_str()));
        let by = names.get(&step.by).map_or("—", String::as_str);
        let said = if step.note.is_empty() { String::new() } else { format!(" · {}", step.note) };
        out.raw("<li>").text(format!("{} {word} · {by}{said}", step.on)).raw("</li>");
    }
    out.raw("</ul></div>");
    out
}

/// What can be done: each step where the table of steps allows it (rule `lead.steps`), and where contact is lawful if it
/// needs that.
fn verbs(visit: &Visit, ui: &Ui, one: &Lead, contactable: bool) -> Vec<Button> {
    let verb = |look: Look, word: &str, part: &str, icon: Icon| {
        Button::link(look, ui.t(word), format!("{}/{part}", page_of(one.id))).icon(icon)
    };
    let open = |kind: StepKind| {
        one.erased_on.is_none() && kind.leads(one.state).is_some() && (contactable || !kind.needs_contact())
    };
    let step = |kind: StepKind, look: Look, icon: Icon| {
        let word = kind.as_str();
        open(kind).then(|| verb(look, &format!("lead-do-{word}"), &format!("steps/{word}"), icon))
    };
    let mut out = Vec::new();
    if visit.may(WORK) {
        out.extend(step(StepKind::Contacted, Look::Primary, Icon::Phone));
        out.extend(step(StepKind::Visited, Look::Secondary, Icon::User));
        out.extend(step(StepKind::Applied, Look::Secondary, Icon::FileText));
        if visit.may(EDIT) && open(StepKind::Converted) {
            out.push(verb(Look::Secondary, "lead-do-converted", "convert", Icon::UserPlus));
        }
        if visit.may(CONTACT_REVEAL) && contactable && one.state.lives() && !one.phone_masked.is_empty() {
            out.push(verb(Look::Secondary, "contact-show-phone", "phone", Icon::Eye));
        }
        out.extend(step(StepKind::Lost, Look::Secondary, Icon::Archive));
        out.extend(step(StepKind::Refused, Look::Danger, Icon::Ban));
        out.extend(step(StepKind::Reopened, Look::Secondary, Icon::ArrowBackUp));
    }
    let over = one.state == LeadState::Lost || one.erase_asked_on.is_some();
    if visit.may(ASSIGN) && over && open(StepKind::Erased) {
        out.push(verb(Look::Danger, "lead-do-erased", "erase", Icon::Ban));
    }
    out.push(Button::link(Look::Secondary, ui.t("lead-title"), LIST).icon(Icon::ArrowLeft));
    out
}

async fn convert_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_convert(&visit, &id, &Fields::default(), None).await
}

async fn draw_convert(
    visit: &Visit,
    id: &str,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, id, WORK).await?;
    let scope = work.authorise(EDIT).map_err(ActionError::from)?;
    let names = crate::customer::list::Names::read(&mut work.tx, scope).await?;
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let mut fields = Vec::new();
    if one.customer.is_none() {
        fields.extend([
            Field::new("identity_kind", ui.t("customer-identity-kind"), Input::Select(identity_kinds(&ui)))
                .value(or("identity_kind", IdentityKind::ResidentId.as_str())),
            Field::new("identity", ui.t("customer-identity"), Input::Text)
                .value(or("identity", ""))
                .hint(ui.t("customer-identity-hint")),
            Field::new("manager", ui.t("customer-manager"), Input::Select(names.manager_choices()))
                .value(or("manager", &one.owner.to_string())),
            Field::new("existing", ui.t("lead-existing"), Input::Text)
                .value(or("existing", ""))
                .hint(ui.t("lead-existing-hint")),
        ]);
        fields.extend(somebody_else_field(&ui, typed, refused));
    }
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("lead-convert-note")).raw("</p>");
    let page = FormPage {
        active: "leads",
        title: ui.t("lead-do-converted"),
        subtitle: format!("{} {}", one.number, one.name),
        action: format!("{}/convert", page_of(one.id)),
        fields,
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("lead-do-converted")).icon(Icon::UserPlus)],
        back: page_of(one.id),
    };
    page.draw(visit, refused)
}

fn read_conversion(typed: &Fields) -> Result<Conversion, Refused> {
    let existing = filled(typed.first("existing"));
    let manager = filled(typed.first("manager"));
    let mut wrong = Vec::new();
    let manager = manager.and_then(|text| {
        let read = text.parse().ok().map(platform::id::UserId);
        if read.is_none() {
            wrong.push(FieldError::new("manager", "customer-no-such-manager"));
        }
        read
    });
    let identity = if typed.first("identity_kind").is_none() || existing.is_some() {
        None
    } else {
        identity_of(typed).unwrap_or_else(|errors| {
            wrong.extend(errors);
            None
        })
    };
    if !wrong.is_empty() {
        return Err(Refused::form(wrong));
    }
    Ok(Conversion { identity, manager, existing, somebody_else: somebody_else(typed) })
}

async fn convert(Path(id): Path<String>, posted: Posted<ConvertForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("lead.convert").await?;
    let done = match read_conversion(&posted.fields) {
        Ok(wish) => convert::convert(&mut work, &id, &wish).await,
        Err(refused) => Err(refused.into()),
    };
    let place = done.as_ref().map_or_else(|_| String::new(), |customer| format!("/customers/{customer}"));
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_convert(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn phone_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_phone(&visit, &id, &Fields::default(), None).await
}

async fn draw_phone(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, id, WORK).await?;
    let page = FormPage {
        active: "leads",
        title: ui.t("contact-show-phone"),
        subtitle: format!("{} {}", one.number, one.phone_masked),
        action: format!("{}/phone", page_of(one.id)),
        fields: vec![reason_field(&ui, typed, "customer-reveal-hint")],
        buttons: vec![Button::submit(Look::Primary, ui.t("customer-reveal")).icon(Icon::Eye)],
        back: page_of(one.id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn phone(Path(id): Path<String>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("contact.reveal").await?;
    match actions::reveal(&mut work, &id, reason(&posted)).await {
        Ok((one, shown)) => {
            // A refusal is a fact too, and stays.
            work.settle(&posted.key, &page_of(one.id)).await?;
            work.commit().await?;
            let visit = &posted.visit;
            match shown {
                Shown::Number(number, pass) => {
                    let (label, outcome) = (visit.ui().t("customer-phone"), pass.outcome_page.as_deref());
                    revealed(visit, &one.number, label, number.clear(), &page_of(one.id), outcome)
                }
                Shown::Refused { rule, article, next_lawful } => {
                    Err(ActionError::from(gate_refused(&rule, article, next_lawful)).into())
                }
            }
        }
        Err(error) => {
            drop(work);
            draw_phone(&posted.visit, &id, &posted.fields, Some(&shown_in_form(error)?)).await
        }
    }
}
