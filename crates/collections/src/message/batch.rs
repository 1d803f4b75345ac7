//! Messages to many (批量发送): about the overdue loans of picked cases, and about all open cases of a reminder duty.

use std::sync::Arc;

use axum::response::Response;
use customers::names;
use platform::batch::{BatchKind, BatchPage, Thing, Verb};
use platform::duty::DutyBatch;
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::page::Icon;
use platform::page::list::BatchVerb;
use platform::web::{Fields, Posted, Routes, Visit, WebError};
use platform::work::Work;
use servicing::loan::actions::load_within;
use servicing::loan::model::{LoanId, LoanKey};

use super::actions::{Order, compose_to_all};
use super::error::MessageError;
use super::model::MessageKind;
use super::pages::{order, order_fields};
use super::{MESSAGE_SEND, list};
use crate::case::batch as cases;
use crate::case::pages::overdue_loans;

const CASES: &str = "/collections/cases/batch/messages";
const LOANS: &str = "/messages/batch";

/// All open cases of a reminder duty at once (S1-35, S4-09, S2.2-02).
pub(crate) const DUTIES: DutyBatch = DutyBatch {
    kinds: &["early_reminder", "repayment_reminder"],
    action: MESSAGE_SEND,
    verb: "batch-messages",
    path: LOANS,
};

pub(super) fn routes() -> Routes {
    Routes::new().post(CASES, MESSAGE_SEND, of_cases).post(LOANS, MESSAGE_SEND, of_loans)
}

/// The verbs that can go on in the background.
pub(crate) const KINDS: [BatchKind; 2] = [
    BatchKind { path: CASES, action: MESSAGE_SEND, revive: |fields, _| Some(Arc::new(OfCases(ordered(fields)?))) },
    BatchKind { path: LOANS, action: MESSAGE_SEND, revive: |fields, _| Some(Arc::new(OfLoans(ordered(fields)?))) },
];

fn ordered(fields: &Fields) -> Option<Order> {
    order(fields.first("kind")?, fields.first("channel")?).ok()
}

/// The verb on the list of cases, for whoever may use it.
pub(crate) fn offer(visit: &Visit) -> Option<BatchVerb> {
    let text = visit.ui().t("batch-messages");
    visit.may(MESSAGE_SEND).then(|| BatchVerb { action: CASES.to_owned(), text, icon: Icon::Send })
}

platform::form_fields! {
    /// What the form of the messages sends.
    MessagesForm: "key", "step", "kind", "channel"
}

/// A message about each overdue loan of a case, to everybody who owes it.
struct OfCases(Order);

impl Verb for OfCases {
    fn find<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<Thing, ActionError>> {
        Box::pin(cases::find(work, key, MESSAGE_SEND))
    }

    fn act<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            let id = crate::case::actions::parse(key)?;
            let case = crate::case::actions::load(work, id, MESSAGE_SEND).await?;
            for loan in overdue_loans(work, case.key.customer).await? {
                compose_to_all(work, loan.key, self.0).await?;
            }
            Ok(())
        })
    }
}

/// A message about a loan, to everybody who owes it.
struct OfLoans(Order);

/// A loan by its key in a batch: `<customer>-<loan>`.
fn parse(key: &str) -> Result<LoanKey, MessageError> {
    let parts = key.split_once('-').and_then(|(customer, loan)| Some((customer.parse().ok()?, loan.parse().ok()?)));
    let (customer, loan) = parts.ok_or(MessageError::NotFound)?;
    Ok(LoanKey { customer: CustomerId(customer), loan: LoanId(loan) })
}

impl Verb for OfLoans {
    fn find<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<Thing, ActionError>> {
        Box::pin(async move {
            let loan = parse(key)?;
            let file = load_within(work, loan, MESSAGE_SEND).await?;
            let known = names(&mut work.tx, &[loan.customer]).await?;
            let name = known.get(&loan.customer).map(|(_, name)| name.clone()).unwrap_or_default();
            Ok(Thing {
                key: key.to_owned(),
                label: format!("{} {name}", file.loan.number),
                href: format!("/loans/{}", loan.loan),
                amount: None,
            })
        })
    }

    fn act<'a>(&'a self, work: &'a mut Work, key: &'a str) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move { compose_to_all(work, parse(key)?, self.0).await.map(drop) })
    }
}

async fn of_cases(posted: Posted<MessagesForm>) -> Result<Response, WebError> {
    handle(&posted, CASES, crate::case::list::LIST, "cases", |order| Box::new(OfCases(order))).await
}

async fn of_loans(posted: Posted<MessagesForm>) -> Result<Response, WebError> {
    handle(&posted, LOANS, list::LIST, "messages", |order| Box::new(OfLoans(order))).await
}

async fn handle(
    posted: &Posted<MessagesForm>,
    path: &'static str,
    back: &'static str,
    active: &'static str,
    verb: impl Fn(Order) -> Box<dyn Verb>,
) -> Result<Response, WebError> {
    let ui = posted.visit.ui();
    let typed = |name| posted.fields.first(name).unwrap_or("");
    let (wanted, wrong) = match order(typed("kind"), typed("channel")) {
        Ok(order) => (order, Vec::new()),
        Err(wrong) => {
            let unread =
                Order { kind: MessageKind::EarlyReminder, channel: platform::contact_gate::Channel::Sms, point: None };
            (unread, wrong)
        }
    };
    let fields = order_fields(&ui, typed("kind"), typed("channel"));
    let page = BatchPage { name: "messages", action: MESSAGE_SEND, active, path, back, fields };
    page.handle(posted, &*verb(wanted), wrong).await
}
