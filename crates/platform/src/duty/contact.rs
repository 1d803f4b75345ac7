//! A contact entered by hand (手工登记联系): the evidence of reminder duties while nothing is sent by itself.
//!
//! A capability that makes contacts itself keeps them with [`keep_contact`].
//! The words to say come from the policy's template; a field that is empty blocks it, by name (S4-10).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use policy::TemplateError;
use serde_json::json;

use super::actions::{Evidence, close_by};
use super::model::{Duty, DutyError, DutyId, DutyKey, Member};
use super::store;
use crate::args;
use crate::audit::Entry;
use crate::contact_gate;
use crate::db::{Conditions, Row, StoreError, Tx};
use crate::error::{ActionError, FieldError, Refusal, RefusalKind, Refused};
use crate::event::{BoxFuture, Event};
use crate::id::CustomerId;
use crate::policies;
use crate::work::Work;
use crate::{id_type, stored_as_text};

id_type!(ContactId, "The key of a contact (联系记录).");

/// The longest answer that is kept.
const MAX_TEXT: usize = 2_000;

/// How the debtor was reached (联系方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// 电话.
    Phone,
    /// 短信.
    Sms,
    /// 微信等即时消息.
    Message,
    /// 电子邮件.
    Email,
    /// 信函.
    Letter,
    /// 上门.
    Visit,
}

impl Channel {
    /// All, the usual first.
    pub const ALL: [Self; 6] = [Self::Phone, Self::Sms, Self::Message, Self::Email, Self::Letter, Self::Visit];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Sms => "sms",
            Self::Message => "message",
            Self::Email => "email",
            Self::Letter => "letter",
            Self::Visit => "visit",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text)
    }

    /// Whether it carries our words as written.
    #[must_use]
    pub fn is_written(self) -> bool {
        match self {
            Self::Sms | Self::Message | Self::Email | Self::Letter => true,
            Self::Phone | Self::Visit => false,
        }
    }
}
stored_as_text!(Channel, "channel of a contact");

/// Why a contact is not taken (联系登记拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
    /// The text lacks fields that it must not go out without (S4-10).
    #[error("the text lacks {}", fields.join(", "))]
    EmptyFields {
        /// The fields.
        fields: Vec<String>,
        /// The rule of the template.
        rule: String,
        /// Its article.
        article: String,
    },
}

impl Refusal for ContactError {
    fn refused(&self) -> Refused {
        match self {
            Self::Form(fields) => Refused::form(fields.clone()),
            Self::EmptyFields { fields, rule, article } => Refused::new(RefusalKind::Conflict, "contact-empty-fields")
                .with("fields", fields.join(", "))
                .under(rule, Some(article.clone())),
        }
    }
}

/// A contact to be kept (待登记联系).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContact {
    /// When.
    pub at: Option<Timestamp>,
    /// How.
    pub channel: Option<Channel>,
    /// Who was spoken or written to.
    pub contacted: String,
    /// Whether that person was reached.
    pub reached: Option<bool>,
    /// What was answered (S4-14: time, content and response make a contact count).
    pub response: String,
}

/// Fields of a text by name (文书字段值).
pub type TextFields = BTreeMap<String, String>;
/// Reads the fields of a subject as they stand now.
pub type ReadFields = for<'a> fn(&'a mut Work, CustomerId, &'a str) -> BoxFuture<'a, Result<TextFields, ActionError>>;

/// What a capability tells about a subject, for texts (文书字段).
#[derive(Debug, Clone, Copy)]
pub struct SubjectReader {
    /// Subjects that begin so: `loan:`.
    pub prefix: &'static str,
    /// The fields of a text as they stand now: amounts in 元, dates as `YYYY-MM-DD`.
    pub read: ReadFields,
}

/// The text of the policy for a duty's case, filled with what is known now.
///
/// # Errors
/// [`ContactError::EmptyFields`] names the fields that are missing (S4-10). `Ok(None)`: the policy has no text for it.
pub async fn text_for(
    work: &mut Work,
    duty: &Duty,
    customer: CustomerId,
    subject: &str,
    known: &BTreeMap<String, String>,
) -> Result<Option<String>, ActionError> {
    let mut known = known.clone();
    known.insert("repayment_deadline".to_owned(), duty.due_on.to_string());
    text_of(work, &duty.kind, customer, subject, &known).await
}

/// What is known under this name stands in the place of the customer's: a text to somebody who owes the same.
pub const ADDRESSEE: &str = "addressee";

/// The same of a template of the policy, for whoever writes without a duty.
///
/// # Errors
/// As [`text_for`].
pub async fn text_of(
    work: &mut Work,
    template: &str,
    customer: CustomerId,
    subject: &str,
    known: &BTreeMap<String, String>,
) -> Result<Option<String>, ActionError> {
    let on = work.business_date;
    let in_force = policies::in_force(work, on).await?;
    let Some(template) = in_force.pack().template(template) else { return Ok(None) };
    let mut fields = known.clone();
    for (field, setting) in [("company_name", "institution.name"), ("company_contact", "institution.contact")] {
        if let Some(value) = policies::store::setting(&mut work.tx, setting).await? {
            fields.insert(field.to_owned(), value);
        }
    }
    fields.insert("issued_on".to_owned(), on.to_string());
    let app = work.app.clone();
    let mut readers = app.capabilities.iter().flat_map(|capability| capability.subject_readers());
    if let Some(reader) = readers.find(|reader| subject.starts_with(reader.prefix)) {
        fields.extend((reader.read)(work, customer, subject).await?);
    }
    if let Some(addressee) = known.get(ADDRESSEE) {
        fields.insert("customer_name".to_owned(), addressee.clone());
    }
    match template.fill(&fields) {
        Ok(text) => Ok(Some(text)),
        Err(TemplateError::EmptyFields { fields, .. }) => {
            let (rule, article) = (template.rule.clone(), template.article.clone());
            Err(ContactError::EmptyFields { fields, rule, article }.into())
        }
    }
}

/// What an open duty of a kind knows for a text about a subject: its fields, and its last day as the deadline.
///
/// # Errors
/// The store's.
pub async fn known_for(
    work: &mut Work,
    kind: &str,
    customer: CustomerId,
    subject: &str,
) -> Result<Option<TextFields>, StoreError> {
    let about = [(customer, subject.to_owned())];
    let of = |due_on: Date, fields: &TextFields| {
        let mut fields = fields.clone();
        fields.insert("repayment_deadline".to_owned(), due_on.to_string());
        fields
    };
    let single = store::open_about(&mut work.tx, &about).await?;
    if let Some(duty) = single.values().flatten().find(|duty| duty.kind == kind) {
        return Ok(Some(of(duty.due_on, &duty.fields)));
    }
    for (id, member) in store::open_members_about(&mut work.tx, &about).await?.into_values().flatten() {
        let key = DutyKey { customer: CustomerId(0), id: DutyId(id) };
        let duty = store::load(&mut work.tx, key).await?;
        if let Some(duty) = duty.filter(|duty| duty.kind == kind) {
            return Ok(Some(of(duty.due_on, &member.fields)));
        }
    }
    Ok(None)
}

/// Keeps a contact and closes what it is evidence for (S4-09, S1-35, S2.2-02, S2.19-02).
///
/// # Errors
/// [`ContactError`]; [`DutyError::AlreadyClosed`], [`DutyError::NotYet`]; the store's.
pub async fn record_contact(
    work: &mut Work,
    duty: &Duty,
    member: &Member,
    new: &NewContact,
) -> Result<ContactId, ActionError> {
    let (at, channel, reached) = check(work, new)?;
    contact_gate::take(work, member.customer).await?;
    let proof = super::model::Proof { kind: "contact", fact: "", settles: false };
    member.state.close(proof, &member.evidence_kinds, member.opens_on, work.business_date)?;
    // Spoken words need no text; written ones must be whole.
    let sent = match channel.is_written() {
        true => text_for(work, duty, member.customer, &member.subject, &member.fields).await?.unwrap_or_default(),
        false => String::new(),
    };
    let id = ContactId(work.next_id());
    let row = ContactRow {
        id,
        customer: member.customer,
        subject: &member.subject,
        duty: (duty.key.customer, duty.key.id.0),
        at,
        channel,
        contacted: &new.contacted,
        reached,
        response: &new.response,
        sent: &sent,
    };
    insert(work, &row).await?;
    let entry = Entry::new(Some(member.customer), "contact.record", format!("contact:{id}"));
    let after = json!({"about": member.subject, "channel": channel.as_str(), "reached": reached, "duty": duty.key.id});
    work.audit(entry.after(after)).await?;
    let evidence = Evidence { kind: "contact", fact: format!("contact:{id}"), settles: false };
    if close_by(work, member.customer, &member.subject, &evidence).await? == 0 {
        return Err(DutyError::NotFound.into());
    }
    work.emit(Event {
        kind: "contact_recorded",
        customer: member.customer,
        subject: member.subject.clone(),
        effective_on: work.business_date,
        payload: json!({
            "contact": id, "channel": channel.as_str(), "reached": reached, "at": at, "duty": duty.kind,
        }),
    })
    .await?;
    Ok(id)
}

/// A contact with a person of a file, as the capability that made it keeps it (联系事实).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactFact {
    /// Whose file.
    pub customer: CustomerId,
    /// What it was about: `loan:123`, or `customer:7` for all that the customer owes.
    pub subject: String,
    /// When.
    pub at: Timestamp,
    /// How.
    pub channel: Channel,
    /// Who was spoken or written to.
    pub contacted: String,
    /// Whether that person was reached.
    pub reached: bool,
    /// What was answered (S4-14).
    pub response: String,
    /// What was written.
    pub text_sent: String,
    /// More for those who listen; no personal data.
    pub payload: serde_json::Value,
}

/// Keeps a contact that stands for itself, tells it to those who listen, and closes the duties about its subject and
/// these others that it is evidence for; how many were closed.
///
/// # Errors
/// [`ContactError::Form`] for a moment to come and texts that are too long; the store's.
pub async fn keep_contact(
    work: &mut Work,
    fact: &ContactFact,
    also_about: &[String],
) -> Result<(ContactId, u64), ActionError> {
    let mut wrong = Vec::new();
    if fact.at > work.now {
        wrong.push(FieldError::new("at", "contact-future"));
    }
    if fact.response.chars().count() > MAX_TEXT || fact.contacted.chars().count() > MAX_TEXT {
        wrong.push(FieldError::new("response", "contact-too-long").with("max", MAX_TEXT));
    }
    if !wrong.is_empty() {
        return Err(ContactError::Form(wrong).into());
    }
    // What came through the gate was taken when its allowance was settled.
    if fact.payload.get("allowance").is_none() {
        contact_gate::take(work, fact.customer).await?;
    }
    let id = ContactId(work.next_id());
    let row = ContactRow {
        id,
        customer: fact.customer,
        subject: &fact.subject,
        duty: (CustomerId(0), 0),
        at: fact.at,
        channel: fact.channel,
        contacted: &fact.contacted,
        reached: fact.reached,
        response: &fact.response,
        sent: &fact.text_sent,
    };
    insert(work, &row).await?;
    let entry = Entry::new(Some(fact.customer), "contact.record", format!("contact:{id}"));
    let after = json!({"about": fact.subject, "channel": fact.channel.as_str(), "reached": fact.reached});
    work.audit(entry.after(after)).await?;
    let evidence = Evidence { kind: "contact", fact: format!("contact:{id}"), settles: false };
    let mut closed = close_by(work, fact.customer, &fact.subject, &evidence).await?;
    for subject in also_about {
        closed += close_by(work, fact.customer, subject, &evidence).await?;
    }
    let mut payload = json!({"contact": id, "channel": fact.channel.as_str(), "reached": fact.reached, "at": fact.at});
    if let (Some(all), Some(more)) = (payload.as_object_mut(), fact.payload.as_object()) {
        all.extend(more.clone());
    }
    work.emit(Event {
        kind: "contact_recorded",
        customer: fact.customer,
        subject: fact.subject.clone(),
        effective_on: work.business_date,
        payload,
    })
    .await?;
    Ok((id, closed))
}

fn check(work: &Work, new: &NewContact) -> Result<(Timestamp, Channel, bool), ContactError> {
    let mut wrong = Vec::new();
    match new.at {
        None => wrong.push(FieldError::new("at", "contact-when")),
        Some(at) if at > work.now => wrong.push(FieldError::new("at", "contact-future")),
        Some(_) => {}
    }
    if new.channel.is_none() {
        wrong.push(FieldError::new("channel", "contact-channel"));
    }
    if new.contacted.trim().is_empty() {
        wrong.push(FieldError::new("contacted", "contact-whom"));
    }
    if new.reached.is_none() {
        wrong.push(FieldError::new("reached", "contact-reached"));
    }
    if new.response.trim().is_empty() {
        wrong.push(FieldError::new("response", "contact-response"));
    }
    if new.response.chars().count() > MAX_TEXT || new.contacted.chars().count() > MAX_TEXT {
        wrong.push(FieldError::new("response", "contact-too-long").with("max", MAX_TEXT));
    }
    match (new.at, new.channel, new.reached) {
        (Some(at), Some(channel), Some(reached)) if wrong.is_empty() => Ok((at, channel, reached)),
        _ => Err(ContactError::Form(wrong)),
    }
}

/// A row of `contact_record`.
struct ContactRow<'a> {
    id: ContactId,
    customer: CustomerId,
    subject: &'a str,
    /// The duty on whose page it was entered; zeros for none.
    duty: (CustomerId, i64),
    at: Timestamp,
    channel: Channel,
    contacted: &'a str,
    reached: bool,
    response: &'a str,
    sent: &'a str,
}

async fn insert(work: &mut Work, row: &ContactRow<'_>) -> Result<(), ActionError> {
    work.tx
        .execute(
            "insert into contact_record (customer_id, id, subject, duty_customer_id, duty_id, contacted_at, channel, \
             contacted, reached, response, text_sent, effective_on, recorded_at, recorded_by, source, corrects_id) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, null)",
            args![
                row.customer,
                row.id,
                row.subject,
                row.duty.0,
                row.duty.1,
                row.at,
                row.channel,
                row.contacted.trim(),
                row.reached,
                row.response.trim(),
                row.sent,
                work.business_date,
                work.now,
                work.actor.recorded_by(),
                work.actor.origin.as_str()
            ],
        )
        .await?;
    Ok(())
}

/// A contact that was kept (已登记的联系), as far as whoever takes a subject away must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptContact {
    /// Whose file.
    pub customer: CustomerId,
    /// About what.
    pub subject: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom; 0 the system.
    pub recorded_by: i64,
}

/// The contacts kept with these customers.
///
/// # Errors
/// The store's.
pub async fn contacts_with(tx: &mut Tx, customers: &[CustomerId]) -> Result<Vec<KeptContact>, StoreError> {
    let mut found = Vec::new();
    for some in customers.chunks(500) {
        let mut filter = Conditions::new();
        filter.one_of("customer_id", some);
        let head = "select customer_id, subject, recorded_at, recorded_by from contact_record";
        for row in tx.fetch_all(filter.select(head, "order by customer_id, id"), filter.args()).await? {
            found.push(KeptContact {
                customer: row.get("customer_id")?,
                subject: row.get("subject")?,
                recorded_at: row.get("recorded_at")?,
                recorded_by: row.get("recorded_by")?,
            });
        }
    }
    Ok(found)
}

/// A contact as a page tells it (联系记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactLine {
    /// Its key.
    pub id: ContactId,
    /// When.
    pub at: Timestamp,
    /// How.
    pub channel: Channel,
    /// Who was spoken or written to.
    pub contacted: String,
    /// Whether that person was reached.
    pub reached: bool,
    /// What was answered.
    pub response: String,
    /// Who recorded it; empty is the system.
    pub by: String,
}

/// The contacts with a customer from a moment on, the latest first.
///
/// # Errors
/// The store's.
pub async fn contacts_of(
    tx: &mut Tx,
    customer: CustomerId,
    from: Timestamp,
    limit: i64,
) -> Result<Vec<ContactLine>, StoreError> {
    let rows = tx
        .fetch_all(
            "select c.id, c.contacted_at, c.channel, c.contacted, c.reached, c.response, coalesce(u.name, '') as by_name \
             from contact_record c left join app_user u on u.id = c.recorded_by \
             where c.customer_id = $1 and c.contacted_at >= $2 order by c.contacted_at desc, c.id desc limit $3",
            args![customer, from, limit],
        )
        .await?;
    rows.iter().map(line_of).collect()
}

/// The contacts of a customer that were recorded until a business day, in the order in which they were recorded, behind a key.
///
/// # Errors
/// The store's.
pub async fn contacts_until(
    tx: &mut Tx,
    customer: CustomerId,
    on: Date,
    (after, limit): (ContactId, i64),
) -> Result<Vec<ContactLine>, StoreError> {
    let sql = "select c.id, c.contacted_at, c.channel, c.contacted, c.reached, c.response, coalesce(u.name, '') as by_name \
         from contact_record c left join app_user u on u.id = c.recorded_by \
         where c.customer_id = $1 and c.id > $2 and c.effective_on <= $3 order by c.id limit $4";
    tx.fetch_all(sql, args![customer, after, on, limit]).await?.iter().map(line_of).collect()
}

fn line_of(row: &Row) -> Result<ContactLine, StoreError> {
    Ok(ContactLine {
        id: row.get("id")?,
        at: row.get("contacted_at")?,
        channel: row.get("channel")?,
        contacted: row.get("contacted")?,
        reached: row.get("reached")?,
        response: row.get("response")?,
        by: row.get("by_name")?,
    })
}
