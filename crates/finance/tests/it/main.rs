//! Tests of `finance` from outside.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod arbitrary;
mod formats;
mod golden;
mod life;
mod properties;
