//! Pages of duties (任务页): one duty, the contact form, excuse and assignment.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::actions::{self, seen};
use super::contact::{Channel, NewContact, record_contact, text_for};
use super::model::{Duty, DutyError, DutyId, DutyKey, DutyState, Member};
use super::store;
use super::{home, pages_parts as parts};
use crate::clock::civil_moment;
use crate::error::{ActionError, Refused};
use crate::id::{CustomerId, UserId};
use crate::locale::Lang;
use crate::page::{Button, Choice, Field, Guard, Html, Icon, Input, Look, Page, Ui};
use crate::policies;
use crate::web::{Posted, Routes, Visit, WebError, failing_field, refusal_box};
use crate::work::Work;

/// Look at duties.
pub const DUTY_VIEW: &str = "duty.view";
/// Give duties to people, excuse them.
pub const DUTY_ASSIGN: &str = "duty.assign";
/// Enter a contact by hand.
pub const CONTACT_RECORD: &str = "contact.record";

/// Members that one page shows.
const MEMBERS: i64 = 500;

/// A kind of duty with the verb and the form that gives its evidence (任务种类).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DutyKind {
    /// The kind: `early_reminder`.
    pub kind: &'static str,
    /// The message with the verb.
    pub verb: &'static str,
    /// The form; `{customer}` and `{id}` stand for the duty's key, `{subject}` for the key of what it is about.
    pub form: &'static str,
}

/// What can be done to all open cases of a bulk duty at once (批量办理任务), on the pages of a capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DutyBatch {
    /// The kinds of duties.
    pub kinds: &'static [&'static str],
    /// The permission that it asks for.
    pub action: &'static str,
    /// The message with the verb.
    pub verb: &'static str,
    /// Where the keys are sent, each `<customer>-<key of what it is about>`; the kind goes along as `kind`.
    pub path: &'static str,
}

/// The kinds whose evidence is a contact, entered by hand or sent by a capability.
pub(crate) fn kinds() -> Vec<DutyKind> {
    let by_hand = |kind, verb| DutyKind { kind, verb, form: "/duties/{customer}/{id}" };
    vec![
        by_hand("early_reminder", "duty-verb-remind"),
        by_hand("unpaid_list", "duty-verb-call"),
        by_hand("repayment_reminder", "duty-verb-remind"),
        by_hand("maturity_notice", "duty-verb-notice"),
    ]
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get_own("/", home::page)
        .merge(super::list::routes())
        .get("/duties/{customer}/{id}", DUTY_VIEW, one)
        .data::<super::data::DutyData, _, _>("/duties/{customer}/{id}", DUTY_VIEW, super::data::duty)
        .get("/duties/{customer}/{id}/contact", CONTACT_RECORD, contact)
        .post("/duties/{customer}/{id}/contact", CONTACT_RECORD, record)
        .merge(super::batch::routes())
        .post("/duties/{customer}/{id}/excuse", DUTY_ASSIGN, excuse)
        .post("/duties/{customer}/{id}/assign", DUTY_ASSIGN, assign)
}

#[derive(Template)]
#[template(path = "duty/one.html")]
struct One<'a> {
    ui: &'a Ui,
    duty: &'a Duty,
    state: Html,
    article: String,
    article_page: String,
    owner: String,
    role: String,
    escalate_to: String,
    members: Vec<MemberRow>,
    contact: String,
    people: Vec<(String, String)>,
    guards: [Guard; 2],
    batches: Html,
    assigns: bool,
    records: bool,
}

/// A case of a bulk duty as the page shows it.
struct MemberRow {
    whom: String,
    number: String,
    amount: Option<i64>,
    state: Html,
    open: bool,
    contact: String,
}

fn key_of(customer: i64, id: i64) -> DutyKey {
    DutyKey { customer: CustomerId(customer), id: DutyId(id) }
}

async fn one(visit: Visit, Path((customer, id)): Path<(i64, i64)>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let english = parts::english(&ui);
    let mut work = visit.read().await?;
    let duty = seen(&mut work, key_of(customer, id), DUTY_VIEW).await?;
    let members = if duty.is_bulk() { store::members(&mut work.tx, duty.key, MEMBERS, 0).await? } else { Vec::new() };
    let on = work.business_date;
    let article = match policies::in_force(&mut work, on).await {
        Ok(rules) => rules.article_title(&duty.article, english),
        Err(_) => duty.article.clone(),
    };
    let owners = parts::names(&mut work, [duty.owner].into_iter()).await?;
    let holders = store::holders(&mut work.tx, &duty.owner_role).await?;
    let people = parts::names(&mut work, holders.into_iter()).await?;
    let roles = &visit.app.roles();
    let rows = members.iter().map(|member| member_row(&ui, &duty, member)).collect();
    let open = duty.state == DutyState::Open;
    let batches = batches(&visit, &ui, &duty, &members);
    let body = One {
        ui: &ui,
        state: parts::state(&ui, &duty).0,
        article,
        article_page: parts::article_address(&duty.article),
        owner: owners.get(&duty.owner).cloned().unwrap_or_else(|| ui.t("duty-anybody")),
        role: roles.title(&duty.owner_role, visit.lang),
        escalate_to: duty.escalation.as_ref().map(|e| roles.title(&e.1, visit.lang)).unwrap_or_default(),
        members: rows,
        contact: parts::contact_address(&duty, duty.key.customer, &duty.subject),
        people: people.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        guards: [visit.guard(), visit.guard()],
        batches,
        assigns: open && visit.may(DUTY_ASSIGN),
        records: open
            && !duty.is_bulk()
            && visit.may(CONTACT_RECORD)
            && duty.evidence_kinds.iter().any(|k| k == "contact"),
        duty: &duty,
    };
    visit.page(&Page::new(duty.title(english), "duties").subtitle(parts::whom(&ui, &duty).0), &body)
}

/// One form for each thing that can be done to all open cases at once.
fn batches(visit: &Visit, ui: &Ui, duty: &Duty, members: &[Member]) -> Html {
    let mut out = Html::new();
    let open: Vec<String> = members
        .iter()
        .filter(|member| member.state == DutyState::Open)
        .filter_map(|member| Some(format!("{}-{}", member.customer, member.subject.split_once(':')?.1)))
        .collect();
    let all = visit.app.capabilities.iter().flat_map(|capability| capability.duty_batches());
    for batch in all.filter(|batch| batch.kinds.contains(&duty.kind.as_str()) && visit.may(batch.action)) {
        if open.is_empty() {
            continue;
        }
        out.raw("<form class=\"inline\" method=\"post\"").attr("action", batch.path).raw(">");
        out.push(&ui.guard(visit.guard()));
        out.raw("<input type=\"hidden\" name=\"kind\"").attr("value", &duty.kind).raw(">");
        for key in &open {
            out.raw("<input type=\"hidden\" name=\"key\"").attr("value", key).raw(">");
        }
        out.push(&ui.button(Button::submit(Look::Primary, ui.t(batch.verb)).icon(Icon::Send))).raw("</form>");
    }
    out
}

fn member_row(ui: &Ui, duty: &Duty, member: &Member) -> MemberRow {
    MemberRow {
        whom: member.whom.clone(),
        number: member.number.clone(),
        amount: member.amount.map(|amount| amount.0),
        state: parts::state_badge(ui, &member.state).0,
        open: member.state == DutyState::Open,
        contact: parts::contact_address(duty, member.customer, &member.subject),
    }
}

/// Which case of a duty a contact is about.
#[derive(Debug, Deserialize)]
struct About {
    of: i64,
    subject: String,
}

#[derive(Template)]
#[template(path = "duty/contact.html")]
struct Contact<'a> {
    ui: &'a Ui,
    duty: &'a Duty,
    member: &'a Member,
    text: Option<String>,
    blocked: Html,
    fields: Vec<Field>,
    action: String,
    buttons: Html,
    guard: Guard,
}

/// The form as typed.
#[derive(Debug, Default, Deserialize)]
struct ContactForm {
    #[serde(default)]
    of: i64,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    at: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    contacted: String,
    #[serde(default)]
    reached: String,
    #[serde(default)]
    response: String,
}

impl ContactForm {
    fn parse(&self) -> NewContact {
        NewContact {
            at: self.at.parse().ok().and_then(civil_moment),
            channel: Channel::parse(&self.channel),
            contacted: self.contacted.clone(),
            reached: match self.reached.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            response: self.response.clone(),
        }
    }
}

async fn case_of(work: &mut Work, duty: &Duty, of: i64, subject: &str) -> Result<Member, ActionError> {
    if duty.is_bulk() {
        let found = store::member(&mut work.tx, duty.key, CustomerId(of), subject).await?;
        return Ok(found.ok_or(DutyError::NotFound)?);
    }
    Ok(actions::as_member(duty))
}

async fn contact(
    visit: Visit,
    Path((customer, id)): Path<(i64, i64)>,
    Query(about): Query<About>,
) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let duty = seen(&mut work, key_of(customer, id), CONTACT_RECORD).await?;
    let typed = ContactForm {
        of: about.of,
        subject: about.subject,
        at: crate::clock::civil_minute(work.now).replace(' ', "T"),
        ..ContactForm::default()
    };
    draw_contact(&visit, &mut work, &duty, &typed, None).await
}

async fn draw_contact(
    visit: &Visit,
    work: &mut Work,
    duty: &Duty,
    typed: &ContactForm,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let member = case_of(work, duty, typed.of, &typed.subject).await?;
    let text = text_for(work, duty, member.customer, &member.subject, &member.fields).await;
    let (text, blocked) = match text {
        Ok(text) => (text, Html::new()),
        Err(ActionError::Refused(refused)) => (None, refusal_box(&ui, &refused)),
        Err(other) => return Err(other.into()),
    };
    let whole = refused.filter(|refused| refused.fields.is_empty()).map(|refused| refusal_box(&ui, refused));
    let body = Contact {
        fields: contact_fields(&ui, typed, refused),
        action: format!("/duties/{}/{}/contact", duty.key.customer, duty.key.id),
        buttons: form_buttons(&ui, &parts::address(duty)),
        guard: visit.guard(),
        blocked: whole.unwrap_or(blocked),
        ui: &ui,
        duty,
        member: &member,
        text,
    };
    let page = Page::new(ui.t("contact-title"), "duties").subtitle(format!("{} {}", member.whom, member.number));
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, visit.page(&page, &body)?).into_response())
}

fn contact_fields(ui: &Ui, typed: &ContactForm, refused: Option<&Refused>) -> Vec<Field> {
    let channels =
        Channel::ALL.iter().map(|one| Choice::new(one.as_str(), ui.t(format!("channel-{}", one.as_str())))).collect();
    let answers = vec![Choice::new("yes", ui.t("contact-yes")), Choice::new("no", ui.t("contact-no"))];
    let field = |name: &'static str, label: &str, input, value: &str| {
        let error = refused.and_then(|refused| failing_field(ui, refused, name));
        Field::new(name, ui.t(label), input).value(value).required().error(error)
    };
    vec![
        field("at", "contact-at", Input::Moment, &typed.at),
        field("channel", "contact-by", Input::Radio(channels), &typed.channel),
        field("contacted", "contact-who", Input::Text, &typed.contacted).hint(ui.t("contact-who-hint")),
        field("reached", "contact-did", Input::Radio(answers), &typed.reached),
        field("response", "contact-answer", Input::Area, &typed.response).hint(ui.t("contact-answer-hint")),
    ]
}

async fn record(Path((customer, id)): Path<(i64, i64)>, posted: Posted<ContactForm>) -> Result<Response, WebError> {
    let mut work = posted.begin(CONTACT_RECORD).await?;
    let duty = seen(&mut work, key_of(customer, id), CONTACT_RECORD).await?;
    let member = case_of(&mut work, &duty, posted.form.of, &posted.form.subject).await?;
    match record_contact(&mut work, &duty, &member, &posted.form.parse()).await {
        Ok(_) => {
            let back = if duty.is_bulk() { parts::address(&duty) } else { "/".to_owned() };
            posted.done(work, back).await
        }
        Err(ActionError::Refused(refused)) => {
            // Nothing was written; the form comes back with what was typed, under a new key.
            drop(work);
            let mut work = posted.visit.read().await?;
            draw_contact(&posted.visit, &mut work, &duty, &posted.form, Some(&refused)).await
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Debug, Deserialize)]
struct ExcuseForm {
    reason: String,
    rule: String,
}

async fn excuse(Path((customer, id)): Path<(i64, i64)>, posted: Posted<ExcuseForm>) -> Result<Response, WebError> {
    let mut work = posted.begin(DUTY_ASSIGN).await?;
    actions::excuse(&mut work, key_of(customer, id), &posted.form.reason, &posted.form.rule).await?;
    posted.done(work, format!("/duties/{customer}/{id}")).await
}

#[derive(Debug, Deserialize)]
struct AssignForm {
    to: UserId,
}

async fn assign(Path((customer, id)): Path<(i64, i64)>, posted: Posted<AssignForm>) -> Result<Response, WebError> {
    let mut work = posted.begin(DUTY_ASSIGN).await?;
    let names = parts::names(&mut work, [posted.form.to.0].into_iter()).await?;
    let name = names.get(&posted.form.to.0).cloned().unwrap_or_default();
    actions::assign(&mut work, key_of(customer, id), posted.form.to, &name).await?;
    posted.done(work, format!("/duties/{customer}/{id}")).await
}

/// The buttons of a form: send and go back.
fn form_buttons(ui: &Ui, back: &str) -> Html {
    ui.buttons([
        Button::submit(Look::Primary, ui.t("contact-save")).icon(Icon::Check),
        Button::link(Look::Secondary, ui.t("back"), back),
    ])
}
