//! The tables of this capability, step by step (数据库迁移).

use platform::db::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "guard", sql: include_str!("../migrations/001_guard.sql") },
    Migration { version: 2, name: "case", sql: include_str!("../migrations/002_case.sql") },
    Migration { version: 3, name: "limitation", sql: include_str!("../migrations/003_limitation.sql") },
    Migration { version: 4, name: "letter", sql: include_str!("../migrations/004_letter.sql") },
    Migration { version: 5, name: "legal", sql: include_str!("../migrations/005_legal.sql") },
    Migration { version: 6, name: "book", sql: include_str!("../migrations/006_book.sql") },
    Migration { version: 7, name: "case look", sql: include_str!("../migrations/007_case_look.sql") },
    Migration { version: 8, name: "agreement", sql: include_str!("../migrations/008_agreement.sql") },
    Migration { version: 9, name: "message", sql: include_str!("../migrations/009_message.sql") },
    Migration { version: 10, name: "visit", sql: include_str!("../migrations/010_visit.sql") },
    Migration { version: 11, name: "lost", sql: include_str!("../migrations/011_lost.sql") },
    Migration { version: 12, name: "measure", sql: include_str!("../migrations/012_measure.sql") },
    Migration { version: 13, name: "progress", sql: include_str!("../migrations/013_progress.sql") },
    Migration { version: 14, name: "bundle", sql: include_str!("../migrations/014_bundle.sql") },
    Migration { version: 15, name: "dossier", sql: include_str!("../migrations/015_dossier.sql") },
    Migration { version: 16, name: "bundles", sql: include_str!("../migrations/016_bundles.sql") },
    Migration { version: 17, name: "agency", sql: include_str!("../migrations/017_agency.sql") },
    Migration { version: 18, name: "rows", sql: include_str!("../migrations/018_rows.sql") },
    Migration { version: 19, name: "talk", sql: include_str!("../migrations/019_talk.sql") },
    Migration { version: 20, name: "inflow", sql: include_str!("../migrations/020_inflow.sql") },
    Migration { version: 21, name: "each borrower", sql: include_str!("../migrations/021_each_borrower.sql") },
    Migration { version: 22, name: "call review", sql: include_str!("../migrations/022_call_review.sql") },
    Migration { version: 23, name: "agreement loans", sql: include_str!("../migrations/023_agreement_loan.sql") },
    Migration { version: 24, name: "recording", sql: include_str!("../migrations/024_recording.sql") },
    Migration {
        version: 25,
        name: "strategy and release",
        sql: include_str!("../migrations/025_strategy_release.sql"),
    },
    Migration { version: 27, name: "by key", sql: include_str!("../migrations/027_by_key.sql") },
    Migration { version: 28, name: "early start", sql: include_str!("../migrations/028_early_start.sql") },
    Migration { version: 30, name: "legal wait", sql: include_str!("../migrations/030_legal_wait.sql") },
];
