//! The forms of the register: an agency, a contract and its early end, publication, people, lines.

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Tone};
use platform::policies::{self, PolicyError};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};

use super::contract::{self, CONTRACTS};
use super::model::{NewAgency, Terms};
use super::{AGENCY_EDIT, LIST, actions, page_of, rules, store};

platform::form_fields! {
    /// An agency.
    AgencyForm: "name", "registration", "note"
}
platform::form_fields! {
    /// A contract with an agency.
    ContractForm: "from", "until", "purpose", "data_terms", "delegation", "commission"
}
platform::form_fields! {
    /// Why a contract ends early.
    EndForm: "reason"
}
platform::form_fields! {
    /// Whether an agency is on the published list, and where that is read.
    PublishForm: "published", "place"
}
platform::form_fields! {
    /// Who works for an agency.
    StaffForm: "person"
}
platform::form_fields! {
    /// A line that the staff of an agency call from.
    AgencyLineForm: "number", "label"
}

/// The forms.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/collections/agencies/new", AGENCY_EDIT, new_page)
        .post("/collections/agencies/new", AGENCY_EDIT, create)
        .get("/collections/agencies/{id}/contracts/new", AGENCY_EDIT, contract_page)
        .post("/collections/agencies/{id}/contracts/new", AGENCY_EDIT, propose)
        .get("/collections/agency-contracts/{id}/end", AGENCY_EDIT, end_page)
        .post("/collections/agency-contracts/{id}/end", AGENCY_EDIT, end)
        .get("/collections/agencies/{id}/publish", AGENCY_EDIT, publish_page)
        .post("/collections/agencies/{id}/publish", AGENCY_EDIT, publish)
        .get("/collections/agencies/{id}/staff/new", AGENCY_EDIT, staff_page)
        .post("/collections/agencies/{id}/staff/new", AGENCY_EDIT, staff)
        .get("/collections/agencies/{id}/lines/new", AGENCY_EDIT, line_page)
        .post("/collections/agencies/{id}/lines/new", AGENCY_EDIT, line)
}

fn typed(fields: &Fields, name: &str) -> String {
    fields.first(name).unwrap_or_default().trim().to_owned()
}

/// A field with what was typed.
fn field(visit: &Visit, fields: &Fields, name: &'static str, label: &str, input: Input) -> Field {
    Field::new(name, visit.ui().t(label), input).value(typed(fields, name))
}

async fn new_page(visit: Visit) -> Result<Response, WebError> {
    draw_new(&visit, &Fields::default(), None).await
}

async fn draw_new(visit: &Visit, fields: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, work) = (visit.ui(), visit.read().await?);
    actions::whole(&work, AGENCY_EDIT)?;
    let form = FormPage {
        active: "agencies",
        title: ui.t("agency-new"),
        subtitle: String::new(),
        action: format!("{LIST}/new"),
        fields: vec![
            field(visit, fields, "name", "agency-name", Input::Text).required(),
            field(visit, fields, "registration", "agency-registration", Input::Text).required(),
            field(visit, fields, "note", "agency-remarks", Input::Area).hint(ui.t("agency-remarks-hint")),
        ],
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("agency-new-note"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("agency-new")).icon(Icon::Check)],
        back: LIST.to_owned(),
    };
    form.draw(visit, refused)
}

async fn create(posted: Posted<AgencyForm>) -> Result<Response, WebError> {
    let text = |name: &str| typed(&posted.fields, name);
    let new = NewAgency { name: text("name"), registration: text("registration"), note: text("note") };
    let mut work = posted.begin("agency.register").await?;
    let done = actions::register(&mut work, &new).await;
    let place = done.as_ref().map(page_of).unwrap_or_default();
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &posted.fields, Some(&refused)).await,
    }
}

async fn contract_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_contract(&visit, &id, &Fields::default(), None).await
}

async fn draw_contract(
    visit: &Visit,
    id: &str,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    actions::whole(&work, AGENCY_EDIT)?;
    let agency = actions::load(&mut work, id, AGENCY_EDIT).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let most = policy.edition(on).integer("agency_commission_most_bp").map_err(PolicyError::from);
    let most = rules::percent(most.map_err(ActionError::from)?);
    let form = FormPage {
        active: "agencies",
        title: ui.t("agency-contract-new"),
        subtitle: agency.name.clone(),
        action: format!("{}/contracts/new", page_of(agency.id)),
        fields: vec![
            field(visit, fields, "from", "agency-contract-from", Input::Date).required(),
            field(visit, fields, "until", "agency-contract-to", Input::Date).required(),
            field(visit, fields, "commission", "agency-commission-percent", Input::Text)
                .hint(ui.t1("agency-commission-hint", "most", most))
                .required(),
            field(visit, fields, "purpose", "agency-contract-purpose", Input::Area).required(),
            field(visit, fields, "data_terms", "agency-contract-data", Input::Area)
                .hint(ui.t("agency-contract-data-hint"))
                .required(),
            field(visit, fields, "delegation", "agency-contract-delegation", Input::Area)
                .hint(ui.t("agency-contract-delegation-hint"))
                .required(),
        ],
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("agency-contract-note"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("agency-submit")).icon(Icon::Check)],
        back: page_of(agency.id),
    };
    form.draw(visit, refused)
}

/// A day, or what is wrong with it.
fn day(fields: &Fields, name: &'static str, wrong: &mut Vec<FieldError>) -> Option<Date> {
    let text = typed(fields, name);
    let read = text.parse::<Date>().ok();
    if read.is_none() {
        wrong.push(FieldError::new(name, "date-unreadable").with("text", text));
    }
    read
}

fn read_contract(fields: &Fields) -> Result<Terms, Refused> {
    let mut wrong = Vec::new();
    let (from, to) = (day(fields, "from", &mut wrong), day(fields, "until", &mut wrong));
    let rate = rules::read_percent(&typed(fields, "commission"));
    if rate.is_none() {
        wrong
            .push(FieldError::new("commission", "agency-percent-unreadable").with("text", typed(fields, "commission")));
    }
    match (from, to, rate) {
        (Some(from), Some(to), Some(commission_bp)) => Ok(Terms {
            from,
            to,
            purpose: typed(fields, "purpose"),
            data: typed(fields, "data_terms"),
            delegation: typed(fields, "delegation"),
            commission_bp,
        }),
        _ => Err(Refused::form(wrong)),
    }
}

async fn propose(Path(id): Path<String>, posted: Posted<ContractForm>) -> Result<Response, WebError> {
    let terms = match read_contract(&posted.fields) {
        Ok(terms) => terms,
        Err(refused) => return draw_contract(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    };
    let mut work = posted.begin("agency.propose").await?;
    let done = contract::propose(&mut work, &id, &terms).await;
    let place = done.as_ref().map(contract::page_of).unwrap_or_default();
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_contract(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn end_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_end(&visit, &id, &Fields::default(), None).await
}

async fn draw_end(visit: &Visit, id: &str, fields: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    actions::whole(&work, AGENCY_EDIT)?;
    let one = contract::load(&mut work, id, AGENCY_EDIT).await?;
    let form = FormPage {
        active: "agencies",
        title: ui.t("agency-contract-end"),
        subtitle: one.number.clone(),
        action: format!("{CONTRACTS}/{}/end", one.id),
        fields: vec![field(visit, fields, "reason", "agency-contract-end-reason", Input::Area).required()],
        note: ui.note(Tone::Watch, Icon::AlertTriangle, Html::of_text(ui.t("agency-contract-end-note"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("agency-submit")).icon(Icon::Check)],
        back: contract::page_of(one.id),
    };
    form.draw(visit, refused)
}

async fn end(Path(id): Path<String>, posted: Posted<EndForm>) -> Result<Response, WebError> {
    let reason = typed(&posted.fields, "reason");
    let mut work = posted.begin("agency.end_ask").await?;
    let done = contract::ask_end(&mut work, &id, &reason).await;
    let place = done.as_ref().map(contract::page_of).unwrap_or_default();
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_end(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn publish_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_publish(&visit, &id, &Fields::default(), None).await
}

async fn draw_publish(
    visit: &Visit,
    id: &str,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    actions::whole(&work, AGENCY_EDIT)?;
    let agency = actions::load(&mut work, id, AGENCY_EDIT).await?;
    let choices = ["yes", "no"].map(|one| Choice::new(one, ui.t(format!("agency-publish-{one}"))));
    let form = FormPage {
        active: "agencies",
        title: ui.t("agency-publish"),
        subtitle: agency.name.clone(),
        action: format!("{}/publish", page_of(agency.id)),
        fields: vec![
            field(visit, fields, "published", "agency-published", Input::Radio(choices.to_vec())).required(),
            field(visit, fields, "place", "agency-published-place", Input::Text)
                .hint(ui.t("agency-published-place-hint"))
                .required(),
        ],
        note: Html::new(),
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: page_of(agency.id),
    };
    form.draw(visit, refused)
}

async fn publish(Path(id): Path<String>, posted: Posted<PublishForm>) -> Result<Response, WebError> {
    let published = match posted.fields.first("published") {
        Some("yes") => true,
        Some("no") => false,
        Some(_) | None => {
            let refused = Refused::form(vec![FieldError::new("published", "choice-invalid")]);
            return draw_publish(&posted.visit, &id, &posted.fields, Some(&refused)).await;
        }
    };
    let place = typed(&posted.fields, "place");
    let mut work = posted.begin("agency.publish").await?;
    let done = actions::publish(&mut work, &id, published, &place).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_publish(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn staff_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_staff(&visit, &id, &Fields::default(), None).await
}

async fn draw_staff(visit: &Visit, id: &str, fields: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    actions::whole(&work, AGENCY_EDIT)?;
    let agency = actions::load(&mut work, id, AGENCY_EDIT).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let names = crate::people(&mut work).await?;
    let mut people = Vec::new();
    let roles = policy.edition(on).texts("agency_user_roles").map_err(PolicyError::from);
    for role in roles.map_err(ActionError::from)? {
        for (user, _) in platform::access::store::holders(&mut work.tx, &role).await? {
            if store::agency_of(&mut work.tx, user).await?.is_none() {
                people.push(Choice::new(user.to_string(), names.get(&user).cloned().unwrap_or_default()));
            }
        }
    }
    let form = FormPage {
        active: "agencies",
        title: ui.t("agency-person-new"),
        subtitle: agency.name.clone(),
        action: format!("{}/staff/new", page_of(agency.id)),
        fields: vec![
            field(visit, fields, "person", "agency-person", Input::Select(people))
                .hint(ui.t("agency-person-hint"))
                .required(),
        ],
        note: Html::new(),
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: page_of(agency.id),
    };
    form.draw(visit, refused)
}

async fn staff(Path(id): Path<String>, posted: Posted<StaffForm>) -> Result<Response, WebError> {
    let Ok(user) = typed(&posted.fields, "person").parse() else {
        let refused = Refused::form(vec![FieldError::new("person", "choice-invalid")]);
        return draw_staff(&posted.visit, &id, &posted.fields, Some(&refused)).await;
    };
    let mut work = posted.begin("agency.staff").await?;
    let done = actions::add_member(&mut work, &id, user).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_staff(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn line_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_line(&visit, &id, &Fields::default(), None).await
}

async fn draw_line(visit: &Visit, id: &str, fields: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    actions::whole(&work, AGENCY_EDIT)?;
    let agency = actions::load(&mut work, id, AGENCY_EDIT).await?;
    let form = FormPage {
        active: "agencies",
        title: ui.t("guard-line-add"),
        subtitle: agency.name.clone(),
        action: format!("{}/lines/new", page_of(agency.id)),
        fields: vec![
            field(visit, fields, "number", "guard-line", Input::Text).required(),
            field(visit, fields, "label", "guard-line-label", Input::Text).required(),
        ],
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("agency-lines-note"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-line-add")).icon(Icon::Plus)],
        back: page_of(agency.id),
    };
    form.draw(visit, refused)
}

async fn line(Path(id): Path<String>, posted: Posted<AgencyLineForm>) -> Result<Response, WebError> {
    let (number, label) = (typed(&posted.fields, "number"), typed(&posted.fields, "label"));
    let mut work = posted.begin("calling_line.register").await?;
    let done = actions::add_line(&mut work, &id, &number, &label).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_line(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
