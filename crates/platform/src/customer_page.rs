//! The customer page (客户 360) as it is put together: every capability offers its panels and its figures for the head.
//!
//! The capability `customers` draws the page; the parts come through `Capability::customer_panels` and
//! `Capability::customer_heads`, in one reading transaction, so that they show one picture of the book.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value as Json;

use crate::args;
use crate::db::{StoreError, Tx};
use crate::event::BoxFuture;
use crate::id::CustomerId;
use crate::page::{Button, Html, KeyFigure};
use crate::web::{Visit, WebError};
use crate::work::Work;

/// Where a panel stands on the overview (面板位置).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanelPlace {
    /// The wide column.
    Main,
    /// The narrow column at the right.
    Side,
    /// Only on its own tab.
    OwnTab,
}

/// How much of a panel is wanted (面板详略).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanelSize {
    /// The most important rows, for the overview.
    Brief,
    /// All of it, for its own tab.
    Whole,
}

/// A panel as drawn (面板内容).
#[derive(Debug, Clone, Default)]
pub struct PanelBody {
    /// How many rows stand behind it: the number on its tab.
    pub count: Option<i64>,
    /// What is drawn, in a `section class="panel"` of its own; empty: the overview leaves it out.
    pub html: Html,
}

/// Draws a panel.
pub type DrawPanel =
    for<'a> fn(&'a Visit, &'a mut Work, CustomerId, PanelSize) -> BoxFuture<'a, Result<PanelBody, WebError>>;

/// A part of the customer page (客户面板).
#[derive(Clone, Copy)]
pub struct CustomerPanel {
    /// Its id in the address: `/customers/7?tab=loans`.
    pub id: &'static str,
    /// The message with its title.
    pub title: &'static str,
    /// Its place among the others, smallest first. Customers: file 10, relations 40, contacts 50, timeline 90.
    pub order: u16,
    /// Where it stands on the overview.
    pub place: PanelPlace,
    /// The action needed to see it.
    pub action: &'static str,
    /// Draws it. The customer was found within the person's scope of `customer.view` before.
    pub draw: DrawPanel,
}

/// What a capability adds to the head of the page (页头要点).
#[derive(Debug, Clone, Default)]
pub struct CustomerHead {
    /// Badges behind the name.
    pub flags: Html,
    /// Key figures.
    pub figures: Vec<KeyFigure>,
    /// Buttons.
    pub actions: Vec<Button>,
}

/// Gives what belongs into the head of the page of one customer.
pub type DrawHead = for<'a> fn(&'a Visit, &'a mut Work, CustomerId) -> BoxFuture<'a, Result<CustomerHead, WebError>>;

/// Something that happened in a customer's file (往来记录): from the audit chain and the events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// `customer.open`, `repayment_received`.
    pub kind: String,
    /// The thing it is about.
    pub subject: String,
    /// When it was recorded.
    pub at: Timestamp,
    /// The business date, of events.
    pub effective_on: Option<Date>,
    /// Who did it; 0 is the system.
    pub by: i64,
    /// Facts without personal data; null when there are none.
    pub facts: Json,
    /// The reason given.
    pub reason: Option<String>,
}

/// What happened in a customer's file, the latest first; `kinds` says which are wanted.
///
/// # Errors
/// The store's.
pub async fn happenings(
    tx: &mut Tx,
    customer: CustomerId,
    wanted: impl Fn(&str) -> bool,
    limit: usize,
) -> Result<Vec<Happening>, StoreError> {
    // Entries that nobody wants stand between the others; four times the number reaches over them.
    let most = i64::try_from(limit.saturating_mul(4)).unwrap_or(i64::MAX);
    let rows = tx
        .fetch_all(
            "select action as kind, subject, at, null as effective_on, user_id, after_json as facts, reason \
             from audit_entry where customer_id = $1 order by seq desc limit $2",
            args![customer, most],
        )
        .await?;
    let events = tx
        .fetch_all(
            "select kind, subject, recorded_at as at, effective_on, recorded_by as user_id, payload_json as facts, \
             null as reason from event where customer_id = $1 order by id desc limit $2",
            args![customer, most],
        )
        .await?;
    let mut found = Vec::new();
    for row in rows.iter().chain(&events) {
        let kind: String = row.get("kind")?;
        if wanted(&kind) {
            let facts: Option<String> = row.get("facts")?;
            found.push(Happening {
                kind,
                subject: row.get("subject")?,
                at: row.get("at")?,
                effective_on: row.get("effective_on")?,
                by: row.get("user_id")?,
                facts: facts.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Json::Null),
                reason: row.get("reason")?,
            });
        }
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.at));
    found.truncate(limit);
    Ok(found)
}
