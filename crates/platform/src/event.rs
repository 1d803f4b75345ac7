//! Events (事件): what happened, written in the transaction of the fact.
//!
//! The table is the outbox; what must happen in the same transaction is a [`Subscriber`].

use std::future::Future;
use std::pin::Pin;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value as Json;

use crate::error::ActionError;
use crate::id::CustomerId;
use crate::work::Work;

/// A future that may borrow.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Something that happened (事件).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// What happened, past tense: `repayment_received`.
    pub kind: &'static str,
    /// Whose file it belongs to.
    pub customer: CustomerId,
    /// The thing it is about: `loan:123`.
    pub subject: String,
    /// The business date it belongs to.
    pub effective_on: Date,
    /// Facts for those who listen; no personal data.
    pub payload: Json,
}

/// The form of a subscriber's function.
pub type Handler = for<'a> fn(&'a mut Work, &'a Event) -> BoxFuture<'a, Result<(), ActionError>>;

/// Somebody who must act in the same transaction.
#[derive(Clone, Copy)]
pub struct Subscriber {
    /// The kind of event listened to.
    pub event: &'static str,
    /// Who listens, for the log.
    pub name: &'static str,
    /// What is done.
    pub handle: Handler,
}
