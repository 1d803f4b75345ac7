//! Why a walk stopped.

use std::fmt;

use crate::view::View;

/// Why a walk stopped. Its debug form is its text, so that a failed test can be read.
#[derive(thiserror::Error)]
pub enum WalkError {
    /// Nothing of that description was there within the time allowed.
    #[error("{what} was not found on {address}; the page says:\n{page}")]
    NotFound {
        /// What was looked for.
        what: String,
        /// The page's address.
        address: String,
        /// The page's text, cut short.
        page: String,
    },
    /// Something was there that should not be.
    #[error("{what} on {address}")]
    Unwanted {
        /// What was there.
        what: String,
        /// The page's address.
        address: String,
    },
    /// The browser's console showed errors.
    #[error("the browser's console shows errors:\n{}", .0.join("\n"))]
    Console(Vec<String>),
    /// The page asked for something outside this machine.
    #[error("requests left this machine:\n{}", .0.join("\n"))]
    Outside(Vec<String>),
    /// The program under test did not start or stopped.
    #[error("the program: {0}")]
    Program(String),
    /// The browser or its driver failed.
    #[error("the browser: {0}")]
    Driver(String),
    /// A walk failed in one of its views.
    #[error("walk `{walk}` as {view}: {source}")]
    InView {
        /// The walk.
        walk: String,
        /// The language and size.
        view: View,
        /// Why.
        source: Box<WalkError>,
    },
}

impl WalkError {
    /// The same error with the walk and view it happened in.
    #[must_use]
    pub fn in_view(self, walk: &str, view: View) -> Self {
        Self::InView { walk: walk.to_owned(), view, source: Box::new(self) }
    }
}

impl fmt::Debug for WalkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<fantoccini::error::CmdError> for WalkError {
    fn from(error: fantoccini::error::CmdError) -> Self {
        Self::Driver(error.to_string())
    }
}

impl From<std::io::Error> for WalkError {
    fn from(error: std::io::Error) -> Self {
        Self::Driver(error.to_string())
    }
}
