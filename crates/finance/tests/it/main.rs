//! Tests of `finance` from outside.
#![allow(missing_docs, reason = "tests")]
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod arbitrary;
mod properties;
