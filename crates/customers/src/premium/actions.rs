//! Use cases of the list: put an enterprise on it, mend what was returned, agree, take it off; what it says of an employer.

use jiff::civil::Date;
use platform::approval::{self, Approval, ApprovalKind, Heading, Request};
use platform::attachment::{self, AttachmentId, NewAttachment, Opened};
use platform::audit::Entry as Trace;
use platform::error::{ActionError, FieldError, Refused};
use platform::event::BoxFuture;
use platform::id::UserId;
use platform::numbering;
use platform::policies::{self, InForce};
use platform::web::UploadedFile;
use platform::work::Work;
use serde_json::json;

use super::error::PremiumError;
use super::model::{Content, Entry, Item, PremiumId, PremiumState, Told};
use super::{APPROVE, RECORD, page_of, policy, rules, store};
use crate::error::CustomerError;
use crate::lead::actions::HOUSE;
use crate::lead::rules::check_words;
use crate::{VIEW, merge, standing};

/// The approval of entries.
pub const KIND: ApprovalKind = ApprovalKind {
    kind: "premium_enterprise",
    title: "approval-premium-enterprise",
    action: APPROVE,
    mend,
    approved,
    refused,
};

fn mend(approval: &Approval) -> String {
    format!("{}/edit", page_of(approval.subject.strip_prefix("premium_enterprise:").unwrap_or_default()))
}

/// What the list says of an enterprise on a day (rule `premium.force`).
///
/// # Errors
/// The decision cannot be made; the store's.
pub async fn told(work: &mut Work, in_force: &InForce, uscc: &str, on: Date) -> Result<Told, ActionError> {
    let items = policy::items(in_force, on)?;
    let own = store::of_enterprise(&mut work.tx, uscc).await?;
    let mut of_parent: Vec<Entry> = Vec::new();
    let mut named: Vec<&String> = own.iter().filter_map(|one| one.content.parent_uscc.as_ref()).collect();
    named.sort();
    named.dedup();
    for parent in named {
        of_parent.extend(store::of_enterprise(&mut work.tx, parent).await?);
    }
    Ok(rules::told(&own, &of_parent, &items, on))
}

/// The items of the rules in force, which must have such a list.
async fn ground(work: &mut Work) -> Result<(std::sync::Arc<InForce>, Vec<Item>), ActionError> {
    let today = work.business_date;
    let in_force = policies::in_force(work, today).await?;
    let items = policy::items(&in_force, today)?;
    if items.is_empty() || in_force.edition(today).decision(policy::DECISION).is_err() {
        return Err(PremiumError::NotOffered.into());
    }
    Ok((in_force, items))
}

/// In the normal form: numbers as registered, texts trimmed.
fn normal(content: &Content) -> Content {
    let number = |field, typed: &str| rules::uscc(field, typed).unwrap_or_else(|_| typed.trim().to_owned());
    Content {
        name: content.name.trim().to_owned(),
        uscc: number("uscc", &content.uscc),
        parent_uscc: content.parent_uscc.as_deref().map(|parent| number("parent_uscc", parent)),
        proof: content.proof.trim().to_owned(),
        ..content.clone()
    }
}

/// All that is wrong with an entry: its own words, then what the policy counts, then its parent (rule `premium.subsidiary`).
async fn check(work: &mut Work, content: &Content) -> Result<(), ActionError> {
    let (in_force, items) = ground(work).await?;
    let wrong = rules::check(content, &items);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("premium.entry", None).into());
    }
    policy::check_counts(&in_force, work.business_date, content)?;
    let Some(parent) = &content.parent_uscc else { return Ok(()) };
    let on = content.starts_on.max(work.business_date);
    let listed = store::of_enterprise(&mut work.tx, parent).await?;
    if listed.iter().any(|one| one.stands_on(on) && rules::is_parent(one, &items)) {
        return Ok(());
    }
    let wrong = FieldError::new("parent_uscc", "premium-parent-not-listed").with("number", parent);
    Err(Refused::form(vec![wrong]).under("premium.subsidiary", None).into())
}

/// Keeps the paper that proves an entry.
async fn keep(work: &mut Work, one: &Entry, sent: Option<&UploadedFile>) -> Result<Option<AttachmentId>, ActionError> {
    let Some(file) = sent.filter(|file| !file.bytes.is_empty()) else { return Ok(one.paper) };
    let limits = attachment::limits(work).await?;
    if let Err(wrong) = attachment::rules::check(&file.bytes, &limits) {
        return Err(Refused::form(vec![wrong]).under("premium.entry", None).into());
    }
    let subject = one.subject();
    let new =
        NewAttachment { customer: HOUSE, subject: &subject, name: &file.name, bytes: &file.bytes, replaces: None };
    Ok(Some(attachment::keep(work, &new).await?))
}

/// Puts an enterprise on the list, once somebody else agreed (rule `premium.entry`, S5.8-08).
///
/// # Errors
/// Denied; all that is wrong at once; the conditions of a subsidiary are not met; an entry of it waits.
pub async fn submit(work: &mut Work, content: &Content, sent: Option<&UploadedFile>) -> Result<PremiumId, ActionError> {
    work.authorise(RECORD)?;
    let content = normal(content);
    check(work, &content).await?;
    let known = store::of_enterprise(&mut work.tx, &content.uscc).await?;
    if let Some(other) = known.iter().find(|one| one.state == PremiumState::Submitted) {
        return Err(PremiumError::Waits { number: other.number.clone() }.into());
    }
    let id = PremiumId(work.next_id());
    let mut one = Entry {
        id,
        number: numbering::next(work, "premium_enterprise", HOUSE, id.0).await?,
        content,
        paper: None,
        branch: work.actor.branch,
        state: PremiumState::Submitted,
        approval: None,
        approved_on: None,
        ended_on: None,
        end_reason: None,
        superseded_by: None,
        made_on: work.business_date,
        maker: UserId(work.actor.recorded_by()),
        version: 1,
    };
    one.paper = keep(work, &one, sent).await?;
    store::insert(work, &one).await?;
    let request = request(work, &one);
    one.approval = Some(approval::submit(work, request).await?);
    store::update(&mut work.tx, &mut one).await?;
    work.audit(Trace::new(None, "premium.submit", one.subject()).after(state(&one))).await?;
    Ok(id)
}

fn state(one: &Entry) -> serde_json::Value {
    let said = &one.content;
    json!({"number": one.number, "name": said.name, "uscc": said.uscc, "item": said.item, "industry": said.industry,
        "board": said.board, "good_years": said.good_years, "parent": said.parent_uscc,
        "parent_share_ppm": said.parent_share_ppm, "proof": said.proof, "from": said.starts_on, "until": said.until})
}

fn request(work: &Work, one: &Entry) -> Request {
    let named = [("number", one.number.as_str()), ("name", one.content.name.as_str())];
    let title = Heading::told(&work.app.catalogue, |locale| locale.tn("premium-heading", &named));
    let payload = json!({
        "premium_page": page_of(one.id),
        "premium_uscc": one.content.uscc,
        "premium_proof": one.content.proof,
        "premium_from": one.content.starts_on,
    });
    Request::new(KIND.kind, HOUSE, one.subject(), title, payload).branch(one.branch)
}

/// Reads a file of enterprises (rule `premium.file`).
///
/// # Errors
/// Denied; the rules have no list; all that cannot be read, by rows.
pub async fn read_file(work: &mut Work, name: &str, bytes: &[u8]) -> Result<Vec<(u32, Content)>, ActionError> {
    work.authorise(RECORD)?;
    let (in_force, items) = ground(work).await?;
    Ok(super::sheet::read((name, bytes), (&in_force, &items), work.business_date)?)
}

/// Puts all enterprises of a file on the list, or none of them (rule `premium.file`).
///
/// # Errors
/// Denied; every row that is wrong, with its number in the file.
pub async fn submit_all(work: &mut Work, rows: &[(u32, Content)]) -> Result<usize, ActionError> {
    work.authorise(RECORD)?;
    let mut wrong = Vec::new();
    for (row, content) in rows {
        match submit(work, content, None).await {
            Ok(_) => {}
            Err(ActionError::Refused(refused)) => {
                let field = refused.fields.first().map_or("row", |one| one.field);
                let code = refused.fields.first().map_or(refused.code, |one| one.code);
                wrong.push(super::sheet::complaint(*row, field, code));
            }
            Err(broken) => return Err(broken),
        }
    }
    match wrong.is_empty() {
        true => Ok(rows.len()),
        false => Err(Refused::form(wrong).under("premium.file", None).into()),
    }
}

/// An entry, for whoever may look at customers: the list is the house's.
///
/// # Errors
/// Denied; there is none.
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<Entry, ActionError> {
    work.authorise(action)?;
    let missing = || CustomerError::NoSuchPart("premium_enterprise");
    let key = id.parse().map(PremiumId).map_err(|_| missing())?;
    Ok(store::find(&mut work.tx, key).await?.ok_or_else(missing)?)
}

/// An entry that this person may change: of the own branch, or of any for whoever reaches the whole institution.
async fn own(work: &mut Work, id: &str) -> Result<Entry, ActionError> {
    let scope = work.authorise(RECORD)?;
    let one = seen(work, id, RECORD).await?;
    let whole = scope.branch == 0 && scope.team == 0 && scope.manager == 0;
    match whole || one.branch == work.actor.branch {
        true => Ok(one),
        false => Err(CustomerError::NoSuchPart("premium_enterprise").into()),
    }
}

/// Submits anew what was returned to be mended; the number of the enterprise stays.
///
/// # Errors
/// Denied; it does not wait; as [`submit`].
pub async fn resubmit(
    work: &mut Work,
    id: &str,
    content: &Content,
    sent: Option<&UploadedFile>,
) -> Result<PremiumId, ActionError> {
    let mut one = own(work, id).await?;
    let Some(approval) = one.approval.filter(|_| one.state == PremiumState::Submitted) else {
        return Err(PremiumError::State { state: one.state.as_str() }.into());
    };
    let before = state(&one);
    one.content = Content { uscc: one.content.uscc.clone(), ..normal(content) };
    check(work, &one.content).await?;
    let paper = keep(work, &one, sent).await?;
    let request = request(work, &one);
    approval::resubmit(work, HOUSE, approval, request.payload, "").await?;
    store::mend(&mut work.tx, &mut one, paper).await?;
    work.audit(Trace::new(None, "premium.resubmit", one.subject()).before(before).after(state(&one))).await?;
    Ok(one.id)
}

fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Ok(()) };
        // What was true when it was entered must be true when it counts: the parent may have gone since.
        check(work, &one.content).await?;
        for mut old in store::of_enterprise(&mut work.tx, &one.content.uscc).await? {
            let from = one.content.starts_on.max(old.content.starts_on);
            if old.state == PremiumState::Approved && old.ended_on.is_none_or(|ended| ended > from) {
                old.ended_on = Some(from);
                old.superseded_by = Some(one.id);
                store::update(&mut work.tx, &mut old).await?;
            }
        }
        one.state = PremiumState::Approved;
        one.approved_on = Some(work.business_date);
        store::update(&mut work.tx, &mut one).await?;
        let from = one.content.starts_on.max(work.business_date);
        wake(work, &one, from).await
    })
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Ok(()) };
        one.state = PremiumState::Refused;
        Ok(store::update(&mut work.tx, &mut one).await?)
    })
}

/// The waiting entry of an approval.
async fn about(work: &mut Work, approval: &Approval) -> Result<Option<Entry>, ActionError> {
    let id = approval.subject.strip_prefix("premium_enterprise:").and_then(|id| id.parse().ok()).map(PremiumId);
    let Some(id) = id else { return Ok(None) };
    Ok(store::find(&mut work.tx, id).await?.filter(|one| one.state == PremiumState::Submitted))
}

/// Whoever works there, or with a subsidiary, is looked at by the close that begins this day (rule `premium.employer`).
async fn wake(work: &mut Work, one: &Entry, on: Date) -> Result<(), ActionError> {
    let mut enterprises = store::subsidiaries(&mut work.tx, &one.content.uscc).await?;
    enterprises.push(one.content.uscc.clone());
    for uscc in enterprises {
        let named = store::employed(&mut work.tx, &uscc).await?;
        let mut whose = Vec::with_capacity(named.len());
        for id in named {
            whose.push(merge::root(&mut work.tx, id).await?);
        }
        standing::actions::look_by(work, &whose, on).await?;
    }
    Ok(())
}

/// Takes an enterprise off the list from a day on, with the reason (rule `premium.force`); what was decided before stays.
///
/// # Errors
/// Denied; it is not on the list; a day in the past; no reason.
pub async fn end(work: &mut Work, id: &str, on: Option<Date>, reason: &str) -> Result<PremiumId, ActionError> {
    let mut one = own(work, id).await?;
    let today = work.business_date;
    let from = on.unwrap_or(today);
    let mut wrong: Vec<FieldError> = check_words("reason", reason, true).into_iter().collect();
    if from < today {
        wrong.push(FieldError::new("ended_on", "premium-end-past").with("date", today));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("premium.force", None).into());
    }
    if one.state != PremiumState::Approved || one.ended_on.is_some() {
        let state = if one.ended_on.is_some() { "ended" } else { one.state.as_str() };
        return Err(PremiumError::State { state }.into());
    }
    one.ended_on = Some(from);
    one.end_reason = Some(reason.trim().to_owned());
    store::update(&mut work.tx, &mut one).await?;
    let after = json!({"number": one.number, "uscc": one.content.uscc, "on": from});
    work.audit(Trace::new(None, "premium.end", one.subject()).after(after).reason(reason.trim())).await?;
    wake(work, &one, from).await?;
    Ok(one.id)
}

/// Opens the paper of an entry; the look is in the trail.
///
/// # Errors
/// Denied; there is none.
pub async fn paper(work: &mut Work, id: &str) -> Result<Opened, ActionError> {
    let one = seen(work, id, VIEW).await?;
    let paper = one.paper.ok_or(CustomerError::NoSuchPart("premium_enterprise"))?;
    attachment::open(work, HOUSE, paper).await
}
