//! What a capability (业务能力) offers to the rest: the one trait by which the house is put together.
//!
//! The customer page is composed of panels that each capability offers, the day close of steps that
//! each offers, the workbook of sheets that each offers. Adding a capability touches its own folder
//! and one line of the binary.

use crate::app::App;
use crate::db::Migration;
use crate::event::Subscriber;

/// A capability of the house, offered as one value in the binary's list.
pub trait Capability: Send + Sync {
    /// Its name: the crate's, and the prefix of its actions and messages.
    fn name(&self) -> &'static str;

    /// Its tables.
    fn migrations(&self) -> &'static [Migration];

    /// Its texts: (language tag, Fluent source).
    fn messages(&self) -> Vec<(&'static str, &'static str)>;

    /// Its pages.
    fn routes(&self) -> axum::Router<App> {
        axum::Router::new()
    }

    /// Who acts in the transaction of others' events.
    fn subscribers(&self) -> Vec<Subscriber> {
        Vec::new()
    }
}
