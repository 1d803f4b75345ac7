//! The words of a message (消息文字): the policy's template, filled with what is so today.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use platform::duty;
use platform::error::ActionError;
use platform::locale::{Lang, Locale};
use platform::policies::{self, PolicyError};
use platform::work::Work;
use servicing::loan::model::LoanKey;

use super::error::MessageError;
use super::model::MessageKind;
use super::receiver::Receiver;
use crate::case::store as cases;
use crate::promise::model::{Promise, PromiseState};
use crate::promise::store as promises;

/// The words of today. A field that is empty blocks them by its name (S4-10).
///
/// # Errors
/// [`platform::duty::ContactError::EmptyFields`], [`MessageError::NoPromise`], [`MessageError::NoTemplate`].
pub(super) async fn write(
    work: &mut Work,
    loan: LoanKey,
    kind: MessageKind,
    to: &Receiver,
) -> Result<String, ActionError> {
    let subject = loan.subject();
    let mut known = match duty::known_for(work, kind.as_str(), loan.customer, &subject).await? {
        Some(known) => known,
        None => deadline(work).await?,
    };
    if kind == MessageKind::PromiseConfirmation {
        let promise = open_promise(work, loan).await?.ok_or(MessageError::NoPromise)?;
        known.insert("promised_amount".to_owned(), platform::locale::money(promise.amount));
        known.insert("promised_on".to_owned(), promise.due_on().to_string());
    }
    if to.joint {
        let file = customers::load(&mut work.tx, loan.customer).await?.map(|file| file.name).unwrap_or_default();
        let locale = Locale::new(std::sync::Arc::clone(&work.app.catalogue), Lang::ZhCn);
        let salute = locale.tn("message-joint", &[("name", to.name.clone()), ("debtor", file)]);
        known.insert(duty::ADDRESSEE.to_owned(), salute);
    }
    let text = duty::text_of(work, kind.as_str(), loan.customer, &subject, &known).await?;
    Ok(text.ok_or(MessageError::NoTemplate { template: kind.as_str() })?)
}

/// Without a duty the debtor has the days that letters give.
async fn deadline(work: &mut Work) -> Result<BTreeMap<String, String>, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let within = policy.edition(today).integer("letter_pay_days").map_err(PolicyError::from)?;
    let pay_by = i32::try_from(within).ok().and_then(|days| today.checked_add(days.days()).ok()).unwrap_or(today);
    Ok(BTreeMap::from([("repayment_deadline".to_owned(), pay_by.to_string())]))
}

async fn open_promise(work: &mut Work, loan: LoanKey) -> Result<Option<Promise>, ActionError> {
    let Some(case) = cases::open_of(&mut work.tx, loan.customer).await? else { return Ok(None) };
    let all = promises::of_case(&mut work.tx, case.key).await?;
    Ok(all.into_iter().find(|promise| promise.state == PromiseState::Open))
}
