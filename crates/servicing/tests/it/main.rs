//! Servicing through its public functions and its pages, on real databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has nothing to say")]

mod advances;
mod agreements;
mod backups;
mod changes;
mod classifications;
mod closing;
mod desk;
mod exports;
mod grounds;
mod groups;
mod house;
mod import;
mod import_undo;
mod import_writers;
mod large_ledger;
mod opening;
mod pages;
mod proofs;
mod rebuilding;
mod repayment_batches;
mod repayment_calendar;
mod repayments;
mod reversals;
mod what_if;
mod whole_book;
