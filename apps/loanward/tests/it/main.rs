//! The program as its users start it: arguments in, answers, messages and exit codes out.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has nothing to say")]

mod full_disk;
mod import;
mod key_rotation;
mod mail_tls;
mod servers;
mod visitor;
mod webhook_tls;
