//! A rehearsal (演示账簿): a made-up book beside the empty one, to look around in before anything is decided.
//!
//! The program brings it; these pages only ask for it and say how far it is. It ends with the set-up.

use std::fmt;

use jiff::civil::Date;

use crate::event::BoxFuture;

/// What makes a rehearsal and serves it on an address of its own (演示账簿的提供者).
pub trait Rehearsal: Send + Sync + fmt::Debug {
    /// Begins; a second call changes nothing.
    fn begin(&self);

    /// How far it is.
    fn state(&self) -> BoxFuture<'_, RehearsalState>;

    /// Ends it and removes what it made.
    fn end(&self) -> BoxFuture<'_, ()>;
}

/// How far a rehearsal is (演示账簿的进度).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RehearsalState {
    /// Nobody asked for it.
    NotBegun,
    /// It is being made, day by day.
    Making {
        /// The business date that it has come to.
        day: Option<Date>,
    },
    /// It is served.
    Ready {
        /// The port on this machine.
        port: u16,
        /// Somebody who may log in there, and the password.
        login: (String, String),
    },
    /// It could not be made; the log says why.
    Failed,
}
