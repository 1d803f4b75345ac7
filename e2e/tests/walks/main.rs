//! The walks: each module is one way of a person through the program.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod newcomer;
mod steps;
