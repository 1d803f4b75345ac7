//! Pages of contacts: what came of an allowance, what is still owed, and what happened outside the system.

use axum::extract::Path;
use axum::response::Response;
use customers::relation::store as relations;
use platform::clock::{civil_minute, civil_moment};
use platform::contact_gate::{Channel, Manner, PersonId};
use platform::duty::CONTACT_RECORD;
use platform::error::{FieldError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Choice, Empty, Field, Html, Icon, Input, Look, Page, Tone, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, shown_in_form};

use super::actions::{NewOutcome, OutsideContact, record, record_outside};
use super::model::ContactResult;
use crate::guard::GuardError;
use crate::guard::actions::outcome_page;
use crate::guard::model::AllowanceId;
use crate::guard::store::{self as guard_store, Allowance};
use customers::card_table::draw as cards;

platform::form_fields! {
    /// What came of a contact.
    OutcomeForm: "result", "response", "pattern", "seconds", "said", "warnings", "hung_up", "objected"
}

platform::form_fields! {
    /// A contact that happened outside the system.
    OutsideForm: "person", "at", "channel", "result", "response"
}

type Key = (CustomerId, AllowanceId);

/// Where the outcomes that somebody owes are listed.
pub(crate) const OWED: &str = "/collections/outcomes";

/// The pages about contacts.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(OWED, CONTACT_RECORD, owed)
        .data::<Vec<super::data::OwedData>, _, _>(OWED, CONTACT_RECORD, super::data::owed)
        .get("/customers/{id}/outcomes/{allowance}", CONTACT_RECORD, outcome_form)
        .post("/customers/{id}/outcomes/{allowance}", CONTACT_RECORD, outcome)
        .get("/customers/{id}/outside-contact", CONTACT_RECORD, outside_page)
        .post("/customers/{id}/outside-contact", CONTACT_RECORD, outside)
}

fn back(customer: CustomerId) -> String {
    format!("/customers/{customer}?tab=reach")
}

fn typed(fields: &Fields, name: &str) -> String {
    fields.first(name).unwrap_or("").trim().to_owned()
}

fn results(ui: &Ui, channel: Channel) -> Vec<Choice> {
    let fitting = ContactResult::ALL.into_iter().filter(|result| result.fits(channel));
    fitting.map(|result| Choice::new(result.as_str(), ui.t(format!("contact-result-{}", result.as_str())))).collect()
}

/// What was answered, in words: a contact without any is kept with the name of its result.
pub(crate) fn answer(ui: &Ui, response: &str) -> String {
    ContactResult::parse(response)
        .map_or_else(|| response.to_owned(), |result| ui.t(format!("contact-result-{}", result.as_str())))
}

/// The outcomes that the person at the screen owes, the oldest first.
async fn owed(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let open = guard_store::owed_by(&mut work.tx, visit.user()?.0).await?;
    let open = crate::agency::gate::seen(&mut work, open, |one| one.customer).await?;
    let keys: Vec<CustomerId> = open.iter().map(|one| one.customer).collect();
    let names = customers::names(&mut work.tx, &keys).await?;
    let heads = ["outcome-customer", "guard-whom", "guard-channel", "outcome-asked", "guard-verbs"].map(|id| ui.t(id));
    let mut rows = Vec::new();
    for one in &open {
        let mut asked = Html::of_text(civil_minute(one.asked_at));
        if one.lapses_at <= visit.now {
            asked.raw(" ").push(&ui.badge(Tone::Doubt, Icon::AlertTriangle, ui.t("outcome-late")));
        }
        let visit = crate::visit::store::by_allowance(&mut work.tx, one.customer, one.id).await?;
        let address =
            visit.map_or_else(|| outcome_page(one.customer, one.id), |order| format!("/visits/{order}/record"));
        rows.push(vec![
            Html::of_text(names.get(&one.customer).map(|(_, name)| name.clone()).unwrap_or_default()),
            Html::of_text(ui.t(format!("guard-party-{}", one.party))),
            Html::of_text(ui.t(format!("channel-{}", one.channel.as_str()))),
            asked,
            ui.button(Button::link(Look::Small, ui.t("outcome-title"), address).icon(Icon::Edit)),
        ]);
    }
    let mut body = Html::new();
    body.raw("<section class=\"panel\">");
    if rows.is_empty() {
        let (title, text) = (ui.t("outcome-none"), ui.t("outcome-none-text"));
        body.push(&ui.empty(Empty { icon: Some(Icon::CircleCheck), title, text, step: None }));
    } else {
        body.push(&cards(&ui.t("outcome-owed"), &heads, &rows));
    }
    body.raw("</section>");
    let page = Page::new(ui.t("outcome-owed"), "outcomes").subtitle(ui.t("outcome-owed-note"));
    visit.page_of(&page, &body)
}

async fn outcome_form(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_outcome(&visit, key, &Fields::default(), None).await
}

async fn draw_outcome(
    visit: &Visit,
    (customer, id): Key,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let file = crate::file_for(&mut work, customer, CONTACT_RECORD).await?;
    let found = guard_store::allowance(&mut work.tx, customer, id).await?;
    let allowance = found.ok_or(GuardError::NoAllowance).map_err(platform::error::ActionError::from)?;
    let mut note = Html::new();
    note.text(ui.tn(
        "outcome-of",
        &[
            ("party", ui.t(format!("guard-party-{}", allowance.party))),
            ("channel", ui.t(format!("channel-{}", allowance.channel.as_str()))),
            ("at", civil_minute(allowance.asked_at)),
        ],
    ));
    let mut note = ui.note(Tone::Info, Icon::Phone, note);
    if allowance.channel == Channel::Phone {
        note.push(&crate::card::pages::beside(visit, &mut work, None).await?);
    }
    FormPage {
        title: ui.t("outcome-title"),
        subtitle: file.name,
        active: "outcomes",
        action: outcome_page(customer, id),
        fields: outcome_fields(&ui, fields, &allowance, &super::actions::patterns(&mut work).await?),
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: back(customer),
    }
    .draw(visit, refused)
}

fn outcome_fields(ui: &Ui, fields: &Fields, allowance: &Allowance, patterns: &[String]) -> Vec<Field> {
    let area = |id: &str, label: &str| Field::new(id, ui.t(label), Input::Area).value(typed(fields, id));
    let number = |id: &str, label: &str| Field::new(id, ui.t(label), Input::Number).value(typed(fields, id));
    let check = |id: &str, label: &str| Field::new(id, ui.t(label), Input::Check).value(typed(fields, id));
    let result = Field::new("result", ui.t("outcome-result"), Input::Radio(results(ui, allowance.channel)));
    let mut all = vec![
        result.value(typed(fields, "result")).required(),
        area("response", "outcome-response").hint(ui.t("outcome-response-hint")),
    ];
    if !patterns.is_empty() {
        // S2.5-11: how the debtor behaves, where it shows.
        let named = patterns.iter().map(|id| Choice::new(id, ui.t(format!("pattern-{id}"))));
        let choices = std::iter::once(Choice::new("", ui.t("outcome-pattern-none"))).chain(named).collect();
        let pattern = Field::new("pattern", ui.t("outcome-pattern"), Input::Select(choices));
        all.push(pattern.value(typed(fields, "pattern")).hint(ui.t("outcome-pattern-hint")));
    }
    if allowance.channel == Channel::Phone {
        all.push(number("seconds", "outcome-seconds"));
        all.push(area("said", "outcome-said").hint(ui.t("outcome-said-hint")));
        all.push(number("warnings", "outcome-warnings").hint(ui.t("outcome-warnings-hint")));
        all.push(check("hung_up", "outcome-hung-up"));
    }
    if allowance.party == "consented" {
        all.push(check("objected", "outcome-objected").hint(ui.t("outcome-objected-hint")));
    }
    all
}

/// Reads the form, or says everything that is wrong with it at once.
fn read_outcome((customer, allowance): Key, fields: &Fields) -> Result<NewOutcome, Refused> {
    let mut wrong = Vec::new();
    let result = fields.first("result").and_then(ContactResult::parse);
    if result.is_none() {
        wrong.push(FieldError::new("result", "choice-invalid"));
    }
    let mut number = |name: &'static str, code| match typed(fields, name).as_str() {
        "" => 0,
        text => text.parse::<i64>().unwrap_or_else(|_| {
            wrong.push(FieldError::new(name, code));
            0
        }),
    };
    let (seconds, warnings) = (number("seconds", "seconds-invalid"), number("warnings", "seconds-invalid"));
    match result {
        Some(result) if wrong.is_empty() => Ok(NewOutcome {
            response: typed(fields, "response"),
            pattern: Some(typed(fields, "pattern")).filter(|pattern| !pattern.is_empty()),
            said: typed(fields, "said"),
            seconds,
            warnings,
            hung_up: !typed(fields, "hung_up").is_empty(),
            objected: !typed(fields, "objected").is_empty(),
            ..NewOutcome::of(customer, allowance, result)
        }),
        _ => Err(Refused::form(wrong)),
    }
}

async fn outcome(Path(key): Path<Key>, posted: Posted<OutcomeForm>) -> Result<Response, WebError> {
    let new = match read_outcome(key, &posted.fields) {
        Ok(new) => new,
        Err(refused) => return draw_outcome(&posted.visit, key, &posted.fields, Some(&refused)).await,
    };
    let mut work = posted.begin("contact.record").await?;
    match record(&mut work, &new).await {
        Ok(_) => posted.done(work, back(key.0)).await,
        Err(error) => {
            drop(work);
            draw_outcome(&posted.visit, key, &posted.fields, Some(&shown_in_form(error)?)).await
        }
    }
}

async fn outside_page(visit: Visit, Path(customer): Path<CustomerId>) -> Result<Response, WebError> {
    draw_outside(&visit, customer, &Fields::default(), None).await
}

async fn draw_outside(
    visit: &Visit,
    customer: CustomerId,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let file = crate::file_for(&mut work, customer, CONTACT_RECORD).await?;
    let mut people =
        vec![Choice::new(file.person.to_string(), format!("{} {}", file.name, ui.t("guard-party-debtor")))];
    let ties = relations::of_customer(&mut work.tx, customer).await?;
    people.extend(ties.into_iter().filter(|tie| tie.is_open()).map(|tie| {
        let what = ui.t(format!("relation-{}", tie.kind.as_str()));
        Choice::new(tie.person.to_string(), format!("{} {what}", tie.name))
    }));
    let channels = Channel::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("channel-{}", one.as_str()))));
    let results =
        ContactResult::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("contact-result-{}", one.as_str()))));
    let at = fields.first("at").map_or_else(|| civil_minute(visit.now).replace(' ', "T"), str::to_owned);
    let select = |id: &str, label: &str, choices: Vec<Choice>| {
        Field::new(id, ui.t(label), Input::Select(choices)).value(typed(fields, id)).required()
    };
    FormPage {
        title: ui.t("outside-title"),
        subtitle: file.name,
        active: "customers",
        action: format!("/customers/{customer}/outside-contact"),
        fields: vec![
            select("person", "guard-whom", people),
            Field::new("at", ui.t("outside-at"), Input::Moment).value(at).required(),
            select("channel", "guard-channel", channels.to_vec()),
            select("result", "outcome-result", results.to_vec()),
            Field::new("response", ui.t("outcome-response"), Input::Area).value(typed(fields, "response")).required(),
        ],
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("outside-note"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: back(customer),
    }
    .draw(visit, refused)
}

async fn outside(Path(customer): Path<CustomerId>, posted: Posted<OutsideForm>) -> Result<Response, WebError> {
    let fields = &posted.fields;
    let person = typed(fields, "person").parse::<PersonId>().ok();
    let at = typed(fields, "at").parse().ok().and_then(civil_moment);
    let (channel, result) = (Channel::parse(&typed(fields, "channel")), ContactResult::parse(&typed(fields, "result")));
    let (Some(person), Some(at), Some(channel), Some(result)) = (person, at, channel, result) else {
        let missing = [("person", person.is_none()), ("channel", channel.is_none())];
        let mut wrong: Vec<FieldError> = missing
            .into_iter()
            .filter(|(_, missing)| *missing)
            .map(|(name, _)| FieldError::new(name, "choice-invalid"))
            .collect();
        if at.is_none() {
            wrong.push(match typed(fields, "at") {
                empty if empty.is_empty() => FieldError::new("at", "field-empty"),
                text => FieldError::new("at", "moment-unreadable").with("text", text),
            });
        }
        if result.is_none() {
            wrong.push(FieldError::new("result", "choice-invalid"));
        }
        return draw_outside(&posted.visit, customer, fields, Some(&Refused::form(wrong))).await;
    };
    let mut work = posted.begin("contact.outside").await?;
    let contacted = person_name(&mut work, customer, person).await?;
    let new = OutsideContact {
        customer,
        person,
        contacted,
        number_index: String::new(),
        at,
        manner: Manner::by(channel),
        result,
        response: typed(fields, "response"),
    };
    match record_outside(&mut work, &new).await {
        Ok(_) => posted.done(work, back(customer)).await,
        Err(error) => {
            drop(work);
            draw_outside(&posted.visit, customer, &posted.fields, Some(&shown_in_form(error)?)).await
        }
    }
}

/// The name of a person of the file; nobody else's.
async fn person_name(
    work: &mut platform::work::Work,
    customer: CustomerId,
    person: PersonId,
) -> Result<String, WebError> {
    let file = crate::file_for(work, customer, CONTACT_RECORD).await?;
    if file.person == person {
        return Ok(file.name);
    }
    let ties = relations::of_customer(&mut work.tx, customer).await?;
    let tie = ties.into_iter().find(|tie| tie.person == person);
    let unknown = || platform::error::ActionError::from(customers::CustomerError::NoSuchPart("relation"));
    Ok(tie.ok_or_else(unknown)?.name)
}
