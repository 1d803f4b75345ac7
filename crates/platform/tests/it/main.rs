//! The platform against real databases.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod account;
mod api;
mod approvals;
mod attachments;
mod audit;
mod backups;
mod batches;
mod closing;
mod copies;
mod database_gone;
mod db;
mod delegations;
mod desk;
mod doors;
mod duties;
mod exams;
mod exports;
mod first_run;
mod institution;
mod lists;
mod message;
mod notices;
mod outbox;
mod people;
mod permissions;
mod policy_desk;
mod rules_in_force;
mod second_step;
mod servers;
mod service_accounts;
mod settings;
mod slow;
mod trainings;
mod web;
mod whole_book;
