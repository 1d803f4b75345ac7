//! Use cases of papers: what is here, given back against a signature, the file closed when nothing is left.

use std::collections::BTreeMap;

use finance::Status;
use jiff::civil::Date;
use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError};
use platform::event::{BoxFuture, Event, Subscriber};
use platform::work::Work;
use policy::Facts;
use serde_json::json;
use servicing::loan::actions::load_within;
use servicing::loan::model::{LoanFile, LoanKey};
use servicing::loan::store as loans;
use servicing::position::engine::Engine;
use servicing::security::model::{SecurityKind, SecurityLine};
use servicing::security::store as securities;

use super::model::{Receipt, ReleaseError, Returned, wrong};
use super::{SECURITY_RETURN, store};
use crate::obligor::actions as obligors;

/// The trigger of the duty.
const PAID: &str = "loan.paid_off";
/// What a receipt proves to it.
const GIVEN_BACK: &str = "papers_returned";

/// What was paid off is owed again once the payment is reversed: then nothing is given back.
pub(crate) fn subscribers() -> Vec<Subscriber> {
    vec![Subscriber { event: "transaction_reversed", name: "collections.release", handle: reversed }]
}

fn reversed<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let owed = store::owed(&mut work.tx, event.customer).await?;
        let over: Vec<_> = owed.into_iter().map(|key| (key.customer, key.subject(), "owed again".to_owned())).collect();
        duty::lapse_each(work, GIVEN_BACK, &over).await.map(drop)
    })
}

/// The papers of a loan (借据权证).
#[derive(Debug, Clone)]
pub struct Papers {
    /// The loan.
    pub file: LoanFile,
    /// Whether it is paid off.
    pub paid_off: bool,
    /// Every thing that secures or secured it, with its receipt.
    pub things: Vec<(SecurityLine, Option<Returned>)>,
    /// Since when its file is closed.
    pub closed_on: Option<Date>,
}

impl Papers {
    /// How many papers are still here.
    #[must_use]
    pub fn here(&self) -> usize {
        self.things.iter().filter(|(_, returned)| returned.is_none()).count()
    }
}

/// The papers of a loan that the person may see under an action.
///
/// # Errors
/// Not within scope; the loan cannot be computed.
pub async fn look(work: &mut Work, key: LoanKey, action: &str) -> Result<Papers, ActionError> {
    let file = load_within(work, key, action).await?;
    let on = work.business_date;
    let position = Engine::load(work, on).await?.replay(&file, on, None)?;
    let mut returned = store::returned(&mut work.tx, key).await?;
    let lines = securities::lines(&mut work.tx, key).await?;
    let things = lines.into_iter().filter(|line| matches!(line.kind, SecurityKind::Collateral(_)));
    let things = things.map(|line| {
        let back = returned.remove(&line.id);
        (line, back)
    });
    Ok(Papers {
        things: things.collect(),
        paid_off: position.status == Status::Settled,
        closed_on: store::closed_on(&mut work.tx, key).await?,
        file,
    })
}

/// Registers that the papers of a thing went back to who provided it, against a signature (S2.2-04). Rule `release.paid`: only
/// once the loan is paid off.
///
/// # Errors
/// Denied; [`ReleaseError`].
pub async fn give_back(work: &mut Work, key: LoanKey, receipt: &Receipt) -> Result<(), ActionError> {
    work.authorise(SECURITY_RETURN)?;
    // One at a time: who else would do the same waits, and finds it done.
    obligors::lock(work, key.customer).await?;
    let papers = look(work, key, SECURITY_RETURN).await?;
    let things: Vec<i64> = papers.things.iter().map(|(line, _)| line.id).collect();
    let complaints = wrong(receipt, &things, work.business_date);
    if !complaints.is_empty() {
        return Err(ReleaseError::Form(complaints).into());
    }
    if !papers.paid_off {
        return Err(ReleaseError::Owed.into());
    }
    if papers.things.iter().any(|(line, returned)| line.id == receipt.collateral && returned.is_some()) {
        return Err(ReleaseError::GivenBack.into());
    }
    store::insert(work, key, receipt).await?;
    let subject = papers.file.loan.key.subject();
    let after = json!({"collateral": receipt.collateral, "on": receipt.on, "place": receipt.place.trim()});
    work.audit(Entry::new(Some(key.customer), "security.return", subject.clone()).after(after)).await?;
    if papers.here() == 1 {
        let evidence = Evidence { kind: GIVEN_BACK, fact: format!("collateral:{}", receipt.collateral), settles: true };
        duty::close_by(work, key.customer, &subject, &evidence).await?;
    }
    Ok(())
}

/// Closes the file of a loan (rule `release.close`): paid off, and no paper of its security is left here.
///
/// # Errors
/// Denied; [`ReleaseError`].
pub async fn close(work: &mut Work, key: LoanKey, words: &str) -> Result<(), ActionError> {
    work.authorise(SECURITY_RETURN)?;
    // One at a time: who else would do the same waits, and finds it done.
    obligors::lock(work, key.customer).await?;
    let papers = look(work, key, SECURITY_RETURN).await?;
    if words.trim().is_empty() {
        return Err(ReleaseError::Form(vec![FieldError::new("words", "field-empty")]).into());
    }
    if papers.closed_on.is_some() {
        return Err(ReleaseError::Closed.into());
    }
    if !papers.paid_off {
        return Err(ReleaseError::Owed.into());
    }
    if papers.here() > 0 {
        return Err(ReleaseError::Papers { count: papers.here() }.into());
    }
    store::close(work, key, words).await?;
    let entry = Entry::new(Some(key.customer), "loan.close_file", papers.file.loan.key.subject());
    Ok(work.audit(entry.reason(words.trim())).await?)
}

/// Asks for the papers of a loan that was paid off to be given back; nothing where none is here.
///
/// # Errors
/// The store's.
pub(super) async fn ask_for(work: &mut Work, key: LoanKey) -> Result<u64, ActionError> {
    let returned = store::returned(&mut work.tx, key).await?;
    let lines = securities::lines(&mut work.tx, key).await?;
    let mut things = lines.iter().filter(|line| matches!(line.kind, SecurityKind::Collateral(_)));
    if things.all(|line| returned.contains_key(&line.id)) {
        return Ok(0);
    }
    let paid_on = store::stands_since(&mut work.tx, key).await?.unwrap_or(work.business_date);
    let Some(file) = loans::load_file(&mut work.tx, key).await? else { return Ok(0) };
    let (whom, _) = loans::borrower(&mut work.tx, key.customer).await?;
    let asked = duty::Case {
        customer: key.customer,
        subject: key.subject(),
        // The day it was paid off dates the duty: asking again changes nothing.
        anchor: paid_on,
        manager: Some(file.loan.manager),
        personal: false,
        branch: file.loan.branch,
        whom: whom.clone(),
        number: file.loan.number,
        amount: None,
        facts: Facts::new(),
        fields: BTreeMap::from([("name".to_owned(), whom)]),
    };
    let opened = duty::open(work, PAID, &[asked]).await?;
    Ok(opened.duties + opened.members)
}
