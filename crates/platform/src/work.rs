//! A unit of work (业务动作): one transaction with everything that a use case needs.
//!
//! Use cases read as four lines of thought: authorise → load → decide → save. The transaction, the
//! business date, `now`, the actor, the audit chain and the events all hang on this one value, so
//! that none of them can be forgotten or come from another place.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::access::{Actor, DataScope, Denied};
use crate::app::App;
use crate::args;
use crate::audit;
use crate::calendar;
use crate::db::{StoreError, Tx};
use crate::error::ActionError;
use crate::event::Event;
use crate::id::CustomerId;
use crate::webhook;

/// One transaction and its circumstances.
pub struct Work {
    /// The program.
    pub app: App,
    /// The open transaction.
    pub tx: Tx,
    /// Who acts.
    pub actor: Actor,
    /// The business date (营业日): rules money, classes and duties.
    pub business_date: Date,
    /// The moment: rules sessions, contacts and `recorded_at`.
    pub now: Timestamp,
    /// A customer's file that a capability opened to the actor for this piece of work, beyond the actor's data scope: what a
    /// placement hands over, and nothing else. The actions of the actor's roles are asked for all the same.
    pub lent: Option<CustomerId>,
}

impl Work {
    /// Opens a writing transaction for this actor.
    pub async fn begin(app: &App, actor: Actor) -> Result<Self, StoreError> {
        let mut tx = app.db.write().await?;
        // Held, so that the cut-over waits for what is dated with the day that it ends.
        let business_date = calendar::business_date_held(&mut tx).await?;
        Ok(Self { app: app.clone(), tx, actor, business_date, now: app.clock.now(), lent: None })
    }

    /// Opens a reading transaction for this actor.
    pub async fn read(app: &App, actor: Actor) -> Result<Self, StoreError> {
        let mut tx = app.db.read().await?;
        let business_date = calendar::business_date(&mut tx).await?;
        Ok(Self { app: app.clone(), tx, actor, business_date, now: app.clock.now(), lent: None })
    }

    /// The data that the actor may touch under this action.
    pub fn authorise(&self, action: &str) -> Result<DataScope, Denied> {
        self.actor.scope_of(action)
    }

    /// A new key.
    pub fn next_id(&self) -> i64 {
        self.app.ids.next(self.now)
    }

    /// Appends to the audit trail.
    pub async fn audit(&mut self, entry: audit::Entry) -> Result<(), StoreError> {
        audit::append(&mut self.tx, &self.actor, self.now, self.business_date, &entry).await
    }

    /// Writes an event to the outbox and calls, in this transaction, everybody who must act on it.
    pub async fn emit(&mut self, event: Event) -> Result<(), ActionError> {
        self.emit_all(vec![event]).await
    }

    /// Writes many events with few statements, then calls their subscribers in order.
    pub async fn emit_all(&mut self, events: Vec<Event>) -> Result<(), ActionError> {
        let (now, by) = (self.now, self.actor.recorded_by());
        let numbered: Vec<(i64, &Event)> = events.iter().map(|event| (self.next_id(), event)).collect();
        let rows = numbered
            .iter()
            .map(|(id, event)| {
                let payload = event.payload.to_string();
                args![event.customer, id, event.kind, event.subject, payload, event.effective_on, now, by]
            })
            .collect();
        let head =
            "insert into event (customer_id, id, kind, subject, payload_json, effective_on, recorded_at, recorded_by)";
        self.tx.write_rows(head, "", rows).await?;
        webhook::on_events(self, &numbered).await?;
        let app = self.app.clone();
        for event in &events {
            for subscriber in app.subscribers.iter().filter(|s| s.event == event.kind) {
                (subscriber.handle)(self, event).await?;
            }
        }
        Ok(())
    }

    /// Takes an idempotency key (防重复提交). The first to take it goes on; whoever comes again with the
    /// same key gets the place where the first result is shown.
    pub async fn claim(&mut self, key: &str, action: &'static str) -> Result<Claim, StoreError> {
        let user = self.actor.recorded_by();
        let written = self
            .tx
            .execute(
                "insert into idempotency_key (user_id, key, action, claimed_at, result) values ($1, $2, $3, $4, '') \
                 on conflict (user_id, key) do nothing",
                args![user, key, action, self.now],
            )
            .await?;
        if written == 1 {
            return Ok(Claim::First);
        }
        let row = self
            .tx
            .fetch_one("select result from idempotency_key where user_id = $1 and key = $2", args![user, key])
            .await?;
        Ok(Claim::AlreadyDone { result: row.get("result")? })
    }

    /// Remembers where the result of a claimed key is shown.
    pub async fn settle(&mut self, key: &str, result: &str) -> Result<(), StoreError> {
        let user = self.actor.recorded_by();
        self.tx
            .execute_one(
                "update idempotency_key set result = $1 where user_id = $2 and key = $3",
                args![result, user, key],
            )
            .await
    }

    /// Makes all of it true at once.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.tx.commit().await
    }
}

/// The answer to an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nobody did it yet.
    First,
    /// Done before; here is where the result is shown.
    AlreadyDone {
        /// A path within the application.
        result: String,
    },
}
