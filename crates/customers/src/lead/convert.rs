//! A lead becomes a customer in one step (转为客户): the file is opened, its source kept, duplicates warned of (S1-03).

use platform::access::store as access;
use platform::error::{ActionError, FieldError, Refused};
use platform::event::Event;
use platform::id::{CustomerId, UserId};
use platform::vault::Personal as _;
use platform::work::Work;
use serde_json::json;

use super::error::LeadError;
use super::model::{Lead, LeadState, StepKind};
use super::{WORK, actions, rules, source, store};
use crate::customer::store as customers;
use crate::identity::IdentityNo;
use crate::merge::open_file;
use crate::{EDIT, NewCustomer, duplicate, personal};

/// What is known beyond the lead when it becomes a customer (转客户登记).
#[derive(Clone, PartialEq, Eq)]
pub struct Conversion {
    /// The identity number.
    pub identity: Option<IdentityNo>,
    /// Who manages the file; the lead's owner where nobody is named.
    pub manager: Option<UserId>,
    /// The number of a file that exists already and takes the lead up.
    pub existing: Option<String>,
    /// Whether a file that looks alike is of somebody else.
    pub somebody_else: bool,
}

/// Makes a customer of a lead (rule `lead.convert`): authorise → open or find the file → keep the source → close the lead.
///
/// # Errors
/// Not within scope of leads or of files; the lead lives no more; the person refused contact; it refers itself; the file looks like one there; all of the opening.
pub async fn convert(work: &mut Work, id: &str, wish: &Conversion) -> Result<CustomerId, ActionError> {
    let mut one = actions::seen(work, id, WORK).await?;
    work.authorise(EDIT)?;
    let state = one.state.as_str();
    if StepKind::Converted.leads(one.state).is_none() || one.erased_on.is_some() {
        return Err(LeadError::State { state }.into());
    }
    // What may not be used to call does not become a contact of a file either (rules `lead.refusal`, `lead.ground`).
    actions::contactable(work, &one).await?;
    let known = match (one.customer, &wish.existing) {
        (Some(file), _) => Some(file),
        (None, Some(number)) => Some(existing(work, number).await?),
        (None, None) => None,
    };
    // The file may be the referrer's own: it was not known for the lead's when that was taken in.
    let own = store::files_of(&mut work.tx, known).await?;
    let (file, opening) = match known {
        Some(file) => (open_file(work, file, EDIT).await?.id, false),
        None => (open(work, &one, wish).await?, true),
    };
    if rules::refers_itself(&one.origin, &own) {
        return Err(LeadError::RefersItself.into());
    }
    // A file that was opened before this lead has its own beginning; this one won the customer anew.
    source::insert(work, file, Some(one.id), opening, &one.origin).await?;
    let today = work.business_date;
    one.customer = Some(file);
    actions::settle(work, &mut one, StepKind::Converted, "").await?;
    (one.state, one.won_on, one.seen_on, one.next_on) = (LeadState::Customer, Some(today), today, None);
    store::update(&mut work.tx, &mut one).await?;
    let after = json!({"number": one.number, "channel": one.origin.channel, "opening": opening});
    work.audit(actions::entry(&one, StepKind::Converted.act()).after(after.clone())).await?;
    let (subject, effective_on) = (one.subject(), today);
    work.emit(Event { kind: "lead_converted", customer: file, subject, effective_on, payload: after }).await?;
    Ok(file)
}

async fn existing(work: &mut Work, number: &str) -> Result<CustomerId, ActionError> {
    let wrong = || Refused::form(vec![FieldError::new("existing", "customer-no-such-number")]);
    let found = customers::find_by_number(&mut work.tx, number.trim()).await?.ok_or_else(wrong)?;
    Ok(found.id)
}

async fn open(work: &mut Work, one: &Lead, wish: &Conversion) -> Result<CustomerId, ActionError> {
    let manager = wish.manager.unwrap_or(one.owner);
    let manager = access::user(&mut work.tx, manager).await?;
    let Some(manager) = manager else {
        return Err(Refused::form(vec![FieldError::new("manager", "customer-no-such-manager")]).into());
    };
    // The number goes from seal to seal: nobody sees it.
    let phone = match store::sealed_phone(&mut work.tx, one.id).await? {
        Some(sealed) => {
            let row = one.id.to_string();
            let place = personal::place(personal::LEAD_PHONE, &row);
            Some(work.app.vault()?.open(place, &sealed)?.clear().to_owned())
        }
        None => None,
    };
    let new = NewCustomer {
        kind: one.kind,
        name: one.name.clone(),
        aliases: Vec::new(),
        identity: wish.identity.clone(),
        nationality: None,
        phone,
        address: None,
        note: None,
        branch: manager.branch,
        team: manager.team,
        manager: manager.id,
        number: None,
    };
    duplicate::actions::warn(work, &new, wish.somebody_else).await?;
    Ok(crate::open(work, &new).await?.id)
}
