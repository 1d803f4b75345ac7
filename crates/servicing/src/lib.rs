//! Servicing (台账): loans and contracts, what is drawn, due, paid and overdue, security, waiver, extension,
//! write-off, the day close's steps over loans, and the import of a lender's own loan book.
//!
//! A loan's position is never stored as truth: it is replayed by `finance` from terms and transactions,
//! and kept in `loan_position` for lists. Every change goes through [`loan::actions::apply`].

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod acceleration;
pub mod book;
pub mod change;
pub mod charge;
pub mod classification;
pub mod day_close;
pub mod desk;
pub mod error;
mod examples;
pub mod extension;
pub mod group;
pub mod import;
mod joints;
pub mod ledger;
pub mod loan;
pub mod misuse;
pub mod opening;
pub mod position;
pub mod rate_change;
mod rebuild;
pub mod repayment;
pub mod repayment_batch;
pub mod repayment_calendar;
pub mod restructuring;
pub mod reversal;
pub mod security;
pub mod suspension;
pub mod total;
pub mod waiver;
pub mod what_if;
pub mod write_off;

use std::sync::Arc;

use platform::approval::{ApprovalKind, SignatureCheck};
use platform::book::Share;
use platform::capability::Capability;
use platform::close::{CloseProof, CloseStep};
use platform::contact_gate::OverdueCheck;
use platform::customer_page::{CustomerPanel, DrawHead};
use platform::db::Migration;
use platform::duty::{DutyKind, HomeTile, SubjectReader};
use platform::event::Subscriber;
use platform::lending::TellLending;
use platform::page::Icon;
use platform::policies::CustomerFacts;
use platform::policies::compare::PolicySubjects;
use platform::rebuild::Rebuilder;
use platform::vault::SealedColumn;
use platform::web::{LoanLink, NavEntry, NavSection, Routes, Searcher};

/// The capability of loans (台账).
#[derive(Debug, Clone, Copy)]
pub struct Servicing;

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "servicing", sql: include_str!("../migrations/001_servicing.sql") },
    Migration { version: 2, name: "import", sql: include_str!("../migrations/002_import.sql") },
    Migration { version: 3, name: "total change", sql: include_str!("../migrations/003_total_change.sql") },
    Migration { version: 4, name: "repayment_calendar", sql: include_str!("../migrations/004_repayment_calendar.sql") },
    Migration { version: 5, name: "import undo", sql: include_str!("../migrations/005_import_undo.sql") },
    Migration { version: 6, name: "repayment batch", sql: include_str!("../migrations/006_repayment_batch.sql") },
    Migration { version: 7, name: "import glance", sql: include_str!("../migrations/007_import_glance.sql") },
    Migration { version: 8, name: "book", sql: include_str!("../migrations/008_book.sql") },
    Migration { version: 9, name: "proof share", sql: include_str!("../migrations/009_proof_share.sql") },
    Migration { version: 10, name: "total now", sql: include_str!("../migrations/010_total_now.sql") },
    Migration { version: 11, name: "desk", sql: include_str!("../migrations/011_desk.sql") },
    Migration { version: 12, name: "advance", sql: include_str!("../migrations/012_advance.sql") },
    Migration { version: 13, name: "advance_recovery", sql: include_str!("../migrations/013_advance_recovery.sql") },
    Migration { version: 14, name: "slip", sql: include_str!("../migrations/014_disbursement_slip.sql") },
    Migration { version: 15, name: "dunning call", sql: include_str!("../migrations/015_dunning_call.sql") },
    Migration { version: 16, name: "day", sql: include_str!("../migrations/016_day.sql") },
    Migration { version: 17, name: "by key", sql: include_str!("../migrations/017_by_key.sql") },
    Migration { version: 18, name: "dated", sql: include_str!("../migrations/018_dated.sql") },
    Migration { version: 19, name: "classification", sql: include_str!("../migrations/019_classification.sql") },
    Migration { version: 22, name: "loan ground", sql: include_str!("../migrations/022_loan_ground.sql") },
    Migration { version: 23, name: "account pledge", sql: include_str!("../migrations/023_account_pledge.sql") },
];

impl Capability for Servicing {
    fn name(&self) -> &'static str {
        "servicing"
    }

    fn migrations(&self) -> &'static [Migration] {
        MIGRATIONS
    }

    fn messages(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("zh-CN", include_str!("../locales/zh-CN/servicing.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/compare.ftl")),
            ("en", include_str!("../locales/en/compare.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/book.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/changes.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/agreements.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/import.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/reversal.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/opening.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/repayment_calendar.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/import_undo.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/repayment_batch.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/what_if.ftl")),
            ("en", include_str!("../locales/en/servicing.ftl")),
            ("en", include_str!("../locales/en/book.ftl")),
            ("en", include_str!("../locales/en/changes.ftl")),
            ("en", include_str!("../locales/en/agreements.ftl")),
            ("en", include_str!("../locales/en/import.ftl")),
            ("en", include_str!("../locales/en/reversal.ftl")),
            ("en", include_str!("../locales/en/opening.ftl")),
            ("en", include_str!("../locales/en/repayment_calendar.ftl")),
            ("en", include_str!("../locales/en/import_undo.ftl")),
            ("en", include_str!("../locales/en/repayment_batch.ftl")),
            ("en", include_str!("../locales/en/what_if.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/group.ftl")),
            ("en", include_str!("../locales/en/group.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/desk.ftl")),
            ("en", include_str!("../locales/en/desk.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/advance.ftl")),
            ("en", include_str!("../locales/en/advance.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/slip.ftl")),
            ("en", include_str!("../locales/en/slip.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/day.ftl")),
            ("en", include_str!("../locales/en/day.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/audit.ftl")),
            ("en", include_str!("../locales/en/audit.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/classification.ftl")),
            ("en", include_str!("../locales/en/classification.ftl")),
        ]
    }

    fn routes(&self) -> Routes {
        ledger::pages::routes()
            .merge(opening::routes())
            .merge(loan::pages::routes())
            .merge(security::pages::routes())
            .merge(repayment::pages::routes())
            .merge(repayment_calendar::routes())
            .merge(repayment_batch::routes())
            .merge(change::routes())
            .merge(what_if::routes())
            .merge(desk::routes())
            .merge(classification::routes())
            .merge(group::pages::routes())
            .merge(import::pages::routes())
    }

    fn book(&self) -> Share {
        let mut sheets = loan::sheets::sheets();
        sheets.extend(security::sheets::sheets());
        sheets.push(opening::ground::sheets::sheet());
        sheets.extend(desk::sheets());
        sheets.extend(classification::sheets::sheets());
        sheets.extend(position::sheets::sheets());
        sheets.push(total::sheets::sheet());
        Share { sheets, settle: Some(position::settle::settle) }
    }

    fn navigation(&self) -> Vec<NavEntry> {
        let loans = |key, label, icon, href, action| NavEntry {
            section: NavSection::Loans,
            key,
            label,
            icon,
            href,
            action: Some(action),
        };
        vec![
            loans("loans", "ledger-title", Icon::Notebook, "/loans", "loan.view"),
            loans(
                "repayment-calendar",
                "repayment-calendar-title",
                Icon::CalendarEvent,
                "/repayments/calendar",
                "loan.view",
            ),
            loans("desk-day", "day-title", Icon::CalendarDue, desk::day::PAGE, desk::VIEW),
            loans("card-checks", "card-title", Icon::CreditCard, desk::card::LIST, desk::VIEW),
            loans("information", "information-title", Icon::Car, desk::mailing::LIST, desk::VIEW),
            loans("slips", "slip-title", Icon::FileDollar, desk::slip::LIST, desk::VIEW),
            loans("advances", "advance-title", Icon::Coins, desk::advance::LIST, desk::VIEW),
            loans(
                "classifications",
                "classification-title",
                Icon::ListCheck,
                classification::LIST,
                classification::VIEW,
            ),
            NavEntry {
                section: NavSection::Setup,
                ..loans("import", "import-title", Icon::TableImport, "/import", import::RUN)
            },
        ]
    }

    fn by_duty(&self) -> &'static [(&'static str, &'static [&'static str])] {
        desk::BY_DUTY
    }

    fn audit_subjects(&self) -> Vec<platform::audit::AuditSubject> {
        let loan = platform::audit::AuditSubject {
            kind: "loan",
            sql: "select number as name, branch_id, team_id, manager_id from loan where id = $1",
            find: "select id as key from loan where number = $1",
            page: "/loans/{id}",
            action: "loan.view",
        };
        vec![loan]
    }

    fn batches(&self) -> Vec<platform::batch::BatchKind> {
        let [printed, handed, sent] = desk::mailing::BATCHES;
        vec![desk::card::BATCH, printed, handed, sent]
    }

    fn list_exports(&self) -> Vec<Arc<dyn platform::list_export::ListExport>> {
        let mut all = desk::list_exports();
        all.push(Arc::new(ledger::export::LedgerExport));
        all.push(Arc::new(repayment_calendar::LISTED));
        all.push(Arc::new(classification::LISTED));
        all.push(Arc::new(classification::ITEMS));
        all
    }

    fn events(&self) -> &'static [&'static str] {
        &[
            "loan_opened",
            "loan_disbursed",
            "repayment_received",
            "transaction_reversed",
            "loan_charged",
            "loan_waived",
            "loan_extended",
            "loan_rate_changed",
            "loan_restructured",
            "loan_suspended",
            "loan_misuse_marked",
            "loan_accelerated",
            "loan_written_off",
            "loan_imported",
            "loan_import_undone",
            "advance_paid",
            "loan_classified",
        ]
    }

    fn examples(&self) -> platform::api::example::Examples {
        examples::examples()
    }

    fn permissions(&self) -> &'static [&'static str] {
        &[
            "loan.view",
            "loan.export",
            opening::actions::OPEN,
            opening::actions::DISBURSE,
            "loan.repay",
            reversal::actions::REQUEST,
            "reversal.approve",
            "loan.edit",
            "waiver.request",
            "waiver.approve",
            "extension.request",
            "extension.approve",
            "rate_change.request",
            "rate_change.approve",
            "restructure.request",
            "restructure.approve",
            "suspension.request",
            "suspension.approve",
            "misuse.request",
            "misuse.approve",
            "acceleration.request",
            "acceleration.approve",
            "write_off.request",
            "write_off.approve",
            import::RUN,
            import::undo::REQUEST,
            import::undo::APPROVE,
            desk::VIEW,
            desk::RECORD,
            desk::mailing::SEND,
            desk::slip::CHECK,
            desk::advance::DRAW,
            desk::advance::CHECK,
            desk::advance::APPROVE,
            desk::advance::PAY,
            desk::settlement::REQUEST,
            desk::settlement::APPROVE,
            classification::VIEW,
            classification::PREPARE,
            classification::SUGGEST,
            classification::REVIEW,
            classification::APPROVE,
        ]
    }

    fn search(&self) -> Vec<Searcher> {
        joints::search()
    }

    fn subscribers(&self) -> Vec<Subscriber> {
        let mut all = joints::subscribers();
        all.extend(position::basis::subscribers());
        all.extend(desk::mailing::subscribers());
        all.extend(desk::day::subscribers());
        all
    }

    fn overdue_checks(&self) -> Vec<OverdueCheck> {
        vec![joints::overdue_check]
    }

    fn customer_panels(&self) -> Vec<CustomerPanel> {
        joints::customer_panels()
    }

    fn customer_heads(&self) -> Vec<DrawHead> {
        vec![joints::draw_head, group::draw_head]
    }

    fn policy_facts(&self) -> &'static str {
        include_str!("policy_facts.csv")
    }

    fn customer_facts(&self) -> Vec<CustomerFacts> {
        vec![position::customer_facts::tell]
    }

    fn lending(&self) -> Option<TellLending> {
        Some(position::lending::tell)
    }

    fn policy_subjects(&self) -> Vec<Arc<dyn PolicySubjects>> {
        vec![Arc::new(position::subjects::Loans)]
    }

    fn subject_readers(&self) -> Vec<SubjectReader> {
        joints::subject_readers()
    }

    fn duty_kinds(&self) -> Vec<DutyKind> {
        let mut kinds = desk::DUTIES.to_vec();
        kinds.push(classification::DUTY);
        kinds
    }

    fn loan_links(&self) -> Vec<LoanLink> {
        desk::loan_links()
    }

    fn home_tiles(&self) -> Vec<Arc<dyn HomeTile>> {
        vec![Arc::new(joints::LoansAtHome)]
    }

    fn approval_kinds(&self) -> Vec<ApprovalKind> {
        let mut kinds = change::approval_kinds();
        kinds.extend([import::undo::KIND, desk::advance::KIND, desk::settlement::KIND, classification::KIND]);
        kinds
    }

    fn signature_checks(&self) -> Vec<SignatureCheck> {
        vec![desk::advance::SIGNING, classification::SIGNING]
    }

    fn close_steps(&self) -> Vec<Arc<dyn CloseStep>> {
        day_close::steps()
    }

    fn close_proofs(&self) -> Vec<Arc<dyn CloseProof>> {
        day_close::proofs()
    }

    fn sealed_columns(&self) -> Vec<SealedColumn> {
        vec![
            SealedColumn::of("loan", &["customer_id", "id"], "account_sealed", "loan.account_sealed"),
            SealedColumn::of("import_file", &["content_hash"], "sealed", import::FILE_COLUMN).large(),
        ]
    }

    fn rebuilders(&self) -> Vec<Arc<dyn Rebuilder>> {
        rebuild::rebuilders()
    }
}
