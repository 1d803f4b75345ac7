//! Use cases of partners: register one, enter an agreement with its paper, end the partnership.

use platform::attachment::{self, AttachmentId, NewAttachment, Opened};
use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError, Refused};
use platform::id::{BranchId, UserId};
use platform::numbering;
use platform::policies;
use platform::web::UploadedFile;
use platform::work::Work;
use serde_json::json;

use super::model::{AgreementId, Content, NewAgreement, Partner, PartnerId};
use super::{EDIT, store};
use crate::campaign::actions::in_reach;
use crate::error::CustomerError;
use crate::lead::VIEW;
use crate::lead::actions::HOUSE;
use crate::lead::error::LeadError;
use crate::lead::{policy, rules};

fn may_edit(work: &Work, branch: Option<BranchId>) -> Result<bool, ActionError> {
    let scope = work.authorise(EDIT)?;
    let whole = scope.branch == 0 && scope.team == 0 && scope.manager == 0;
    Ok(whole || branch == Some(work.actor.branch))
}

/// Registers a partner (rule `partner.register`, S1-05): a name, and a kind of the policy.
///
/// # Errors
/// Denied; all that is wrong at once.
pub async fn register(work: &mut Work, content: &Content) -> Result<PartnerId, ActionError> {
    let allowed = may_edit(work, content.branch)?;
    let today = work.business_date;
    let in_force = policies::in_force(work, today).await?;
    let mut wrong: Vec<FieldError> = crate::customer::rules::check_name("name", &content.name).into_iter().collect();
    if !policy::partner_kinds(&in_force, today)?.contains(&content.kind) {
        wrong.push(FieldError::choice("kind", &content.kind));
    }
    wrong.extend(rules::check_words("note", &content.note, false));
    if !allowed {
        wrong.push(FieldError::new("branch", "campaign-branch-outside"));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("partner.register", None).into());
    }
    let id = PartnerId(work.next_id());
    let one = Partner {
        id,
        number: numbering::next(work, "partner", HOUSE, id.0).await?,
        content: content.clone(),
        ended: None,
        by: UserId(work.actor.recorded_by()),
        version: 1,
    };
    store::insert(work, &one).await?;
    let after = json!({"number": one.number, "kind": content.kind, "name": content.name.trim()});
    work.audit(Entry::new(None, "partner.register", one.subject()).after(after)).await?;
    Ok(id)
}

/// A partner within the reach of an action.
///
/// # Errors
/// Denied; there is none, or not for this person.
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<Partner, ActionError> {
    let scope = work.authorise(action)?;
    let missing = || CustomerError::NoSuchPart("partner");
    let key = id.parse().map(PartnerId).map_err(|_| missing())?;
    let found = store::find(&mut work.tx, key).await?;
    Ok(found.filter(|one| in_reach(scope, one.content.branch, work.actor.branch)).ok_or_else(missing)?)
}

async fn open(work: &mut Work, id: &str) -> Result<Partner, ActionError> {
    let one = seen(work, id, EDIT).await?;
    if !may_edit(work, one.content.branch)? {
        return Err(CustomerError::NoSuchPart("partner").into());
    }
    if one.ended.is_some() {
        return Err(LeadError::PartnerEnded.into());
    }
    Ok(one)
}

/// Enters an agreement with its paper (rule `partner.agreement`); it closes the duty to renew the last one.
///
/// # Errors
/// Denied; the partnership ended; all that is wrong at once, with the file.
pub async fn agree(
    work: &mut Work,
    id: &str,
    new: &NewAgreement,
    sent: Option<&UploadedFile>,
) -> Result<AgreementId, ActionError> {
    let one = open(work, id).await?;
    let mut wrong: Vec<FieldError> = rules::check_words("title", &new.title, true).into_iter().collect();
    if new.until < new.from {
        wrong.push(FieldError::new("valid_until", "campaign-days"));
    }
    let limits = attachment::limits(work).await?;
    match sent {
        Some(file) => wrong.extend(attachment::rules::check(&file.bytes, &limits).err()),
        None => wrong.push(FieldError::new("file", "field-empty")),
    }
    let (Some(file), true) = (sent, wrong.is_empty()) else {
        return Err(Refused::form(wrong).under("partner.agreement", None).into());
    };
    let subject = one.subject();
    let kept =
        NewAttachment { customer: HOUSE, subject: &subject, name: &file.name, bytes: &file.bytes, replaces: None };
    let paper = attachment::keep(work, &kept).await?;
    let last = store::agreements(&mut work.tx, one.id).await?.iter().map(|known| known.content.until).max();
    let key = store::insert_agreement(work, one.id, new, paper).await?;
    // An older or shorter one renews nothing.
    if last.is_none_or(|last| new.until > last) {
        let evidence = Evidence { kind: "partner_agreement", fact: format!("partner_agreement:{key}"), settles: true };
        duty::close_by(work, HOUSE, &one.duty(), &evidence).await?;
    }
    let after = json!({"number": one.number, "from": new.from, "until": new.until, "attachment": paper.to_string()});
    work.audit(Entry::new(None, "partner.agree", one.subject()).after(after)).await?;
    Ok(key)
}

/// Opens the paper of an agreement; the look is in the trail.
///
/// # Errors
/// Denied; there is none.
pub async fn paper(work: &mut Work, id: &str, agreement: &str) -> Result<Opened, ActionError> {
    let one = seen(work, id, VIEW).await?;
    let all = store::agreements(&mut work.tx, one.id).await?;
    let found: Option<AttachmentId> = all.iter().find(|one| one.id.to_string() == agreement).map(|one| one.paper);
    let paper = found.ok_or(CustomerError::NoSuchPart("partner_agreement"))?;
    attachment::open(work, HOUSE, paper).await
}

/// Ends a partnership: no lead is entered under it any more; what it brought stays.
///
/// # Errors
/// Denied; ended already; no reason.
pub async fn end(work: &mut Work, id: &str, reason: &str) -> Result<PartnerId, ActionError> {
    let one = open(work, id).await?;
    if let Some(wrong) = rules::check_words("reason", reason, true) {
        return Err(Refused::form(vec![wrong]).under("partner.agreement", None).into());
    }
    let on = work.business_date;
    store::end(&mut work.tx, &one, on, reason).await?;
    duty::cancel(work, HOUSE, &one.duty(), "the partnership ended").await?;
    let after = json!({"number": one.number, "on": on});
    work.audit(Entry::new(None, "partner.end", one.subject()).after(after).reason(reason.trim())).await?;
    Ok(one.id)
}
