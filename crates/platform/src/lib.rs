//! What every capability stands on: database, business date, people and permissions, audit chain,
//! personal data, duties, events, approvals, policies in force, spreadsheets, page layout, locale, day close.
//!
//! A capability is offered through [`capability::Capability`]; a use case works on a [`work::Work`].

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod access;
pub mod api;
pub mod app;
pub mod approval;
pub mod asset;
pub mod attachment;
pub mod audit;
pub mod backup;
pub mod batch;
pub mod book;
pub mod calendar;
pub mod capability;
pub mod clock;
pub mod close;
pub mod contact_gate;
pub mod customer_page;
pub mod db;
pub mod duty;
pub mod error;
pub mod event;
pub mod exam;
pub mod first_run;
pub mod hex;
pub mod house;
pub mod id;
pub mod institution;
pub mod lending;
pub mod list_export;
pub mod locale;
pub mod message;
pub mod notice;
pub mod numbering;
pub mod outbox;
pub mod page;
pub mod policies;
pub mod rebuild;
pub mod saved_view;
pub mod server;
pub mod sheets;
pub mod testbed;
pub mod training;
pub mod vault;
pub mod web;
pub mod webhook;
pub mod work;

/// The platform's own tables.
pub const MIGRATIONS: &[db::Migration] = &[
    db::Migration { version: 1, name: "platform", sql: include_str!("../migrations/001_platform.sql") },
    db::Migration { version: 2, name: "people", sql: include_str!("../migrations/002_people.sql") },
    db::Migration { version: 3, name: "duties", sql: include_str!("../migrations/003_duties.sql") },
    db::Migration { version: 4, name: "rebuild", sql: include_str!("../migrations/004_rebuild.sql") },
    db::Migration { version: 5, name: "kept_forms", sql: include_str!("../migrations/005_kept_forms.sql") },
    db::Migration { version: 6, name: "backup", sql: include_str!("../migrations/006_backup.sql") },
    db::Migration { version: 7, name: "saved_views", sql: include_str!("../migrations/007_saved_views.sql") },
    db::Migration { version: 8, name: "notices", sql: include_str!("../migrations/008_notices.sql") },
    db::Migration { version: 9, name: "api", sql: include_str!("../migrations/009_api.sql") },
    db::Migration {
        version: 10,
        name: "passwords_and_devices",
        sql: include_str!("../migrations/010_passwords_and_devices.sql"),
    },
    db::Migration { version: 11, name: "second_step", sql: include_str!("../migrations/011_second_step.sql") },
    db::Migration { version: 12, name: "delegation", sql: include_str!("../migrations/012_delegation.sql") },
    db::Migration { version: 13, name: "policy_desk", sql: include_str!("../migrations/013_policy_desk.sql") },
    db::Migration { version: 15, name: "isolated branch", sql: include_str!("../migrations/015_isolated_branch.sql") },
    db::Migration { version: 16, name: "book", sql: include_str!("../migrations/016_book.sql") },
    db::Migration { version: 17, name: "batch", sql: include_str!("../migrations/017_batch.sql") },
    db::Migration { version: 18, name: "servers", sql: include_str!("../migrations/018_servers.sql") },
    db::Migration { version: 19, name: "first_run", sql: include_str!("../migrations/019_first_run.sql") },
    db::Migration { version: 20, name: "outbox", sql: include_str!("../migrations/020_outbox.sql") },
    db::Migration { version: 21, name: "webhook", sql: include_str!("../migrations/021_webhook.sql") },
    db::Migration { version: 22, name: "list export", sql: include_str!("../migrations/022_list_export.sql") },
    db::Migration { version: 26, name: "service account", sql: include_str!("../migrations/026_service_account.sql") },
    db::Migration { version: 28, name: "notice for", sql: include_str!("../migrations/028_notice_for.sql") },
    db::Migration { version: 29, name: "attachment", sql: include_str!("../migrations/029_attachment.sql") },
    db::Migration { version: 30, name: "message gateway", sql: include_str!("../migrations/030_message_gateway.sql") },
    db::Migration { version: 31, name: "exam", sql: include_str!("../migrations/031_exam.sql") },
    db::Migration { version: 32, name: "batch job", sql: include_str!("../migrations/032_batch_job.sql") },
    db::Migration {
        version: 33,
        name: "settled and carried",
        sql: include_str!("../migrations/033_settled_and_carried.sql"),
    },
    db::Migration { version: 34, name: "escalated", sql: include_str!("../migrations/034_escalated.sql") },
    db::Migration { version: 35, name: "training", sql: include_str!("../migrations/035_training.sql") },
    db::Migration { version: 37, name: "batch cancelled", sql: include_str!("../migrations/037_batch_cancelled.sql") },
    db::Migration { version: 40, name: "duty mine", sql: include_str!("../migrations/040_duty_mine.sql") },
    db::Migration { version: 41, name: "exam bank", sql: include_str!("../migrations/041_exam_bank.sql") },
    db::Migration {
        version: 42,
        name: "approval priority",
        sql: include_str!("../migrations/042_approval_priority.sql"),
    },
];
