//! Customers (客户): persons and companies, who they are, how they are reached, how they are related.
//!
//! One person or company has one file, found by the blind index of the identity number. Identity numbers, phones and
//! addresses to write to are sealed and masked; a phone is shown only through the contact gate, anything else with a
//! reason, and both leave their trace.
//!
//! For other capabilities: [`open_many`] and [`relation::actions::add_many`] for imports, [`find_by_number`],
//! [`find_by_identity`], [`load_within`] for look-ups, [`reach`] for overdue checks, [`merge`] for what is read as one
//! where files were merged, and the view `customer_view`
//! (key, person, number, kind, name, pinyin, initials, masked identity, owners, state) for lists.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod admission;
pub mod asset_proof;
pub mod bank_account;
mod book;
pub mod campaign;
pub mod capacity;
pub mod card_table;
pub mod care;
mod colleague;
pub mod complaint;
pub mod contact_point;
pub mod credit;
pub mod customer;
pub mod datum;
pub mod document;
pub mod duplicate;
pub mod error;
pub mod evaluation;
mod examples;
pub mod guarantee;
pub mod identity;
pub mod lead;
pub mod lending;
pub mod merge;
pub mod name;
mod number;
pub mod partner;
pub mod personal;
mod policy_list;
pub mod portrait;
pub mod premium;
pub mod relation;
mod reveal;
pub mod reward;
pub mod scorecard;
pub mod sorting;
pub mod standing;
pub mod statement;
pub mod survey;
mod trail;
pub mod update;
pub mod warning;
pub mod watch;

pub use contact_point::actions::{Reach, reach};
pub use customer::actions::{Change, OpenedFile, hide, load_within, open, person_of};
pub use customer::bulk::{Opened, open_many};
pub use customer::model::{Customer, CustomerKind, CustomerState, NewCustomer};
pub use customer::store::{find_by_identities, find_by_number, load, names};
pub use error::CustomerError;
pub use relation::model::{NewRelation, Relation, RelationKind};

use std::sync::Arc;

use platform::approval::{ApprovalKind, SignatureCheck};
use platform::capability::Capability;
use platform::close::CloseStep;
use platform::customer_page::{CustomerPanel, DrawHead};
use platform::db::Migration;
use platform::duty::DutyKind;
use platform::error::ActionError;
use platform::event::Subscriber;
use platform::id::CustomerId;
use platform::page::Icon;
use platform::policies::compare::PolicySubjects;
use platform::vault::SealedColumn;
use platform::web::{NavEntry, NavSection, Routes, Searcher};
use platform::work::Work;

/// Look at customers.
pub const VIEW: &str = "customer.view";
/// Open and change files, related parties, contact points.
pub const EDIT: &str = "customer.edit";
/// Open the papers of a file: scans show numbers in clear.
pub const DOCUMENT_VIEW: &str = "document.view";
/// Take lists of customers away as a workbook.
pub const EXPORT: &str = "customer.export";

/// The capability (客户).
#[derive(Debug, Clone, Copy)]
pub struct Customers;

impl Capability for Customers {
    fn name(&self) -> &'static str {
        "customers"
    }

    fn migrations(&self) -> &'static [Migration] {
        &[
            Migration { version: 1, name: "customers", sql: include_str!("../migrations/001_customers.sql") },
            Migration { version: 2, name: "accounts", sql: include_str!("../migrations/002_accounts.sql") },
            Migration { version: 3, name: "book", sql: include_str!("../migrations/003_book.sql") },
            Migration { version: 4, name: "datum", sql: include_str!("../migrations/004_datum.sql") },
            Migration { version: 5, name: "standing", sql: include_str!("../migrations/005_standing.sql") },
            Migration { version: 6, name: "statement", sql: include_str!("../migrations/006_statement.sql") },
            Migration { version: 7, name: "document", sql: include_str!("../migrations/007_document.sql") },
            Migration { version: 8, name: "credit", sql: include_str!("../migrations/008_credit.sql") },
            Migration { version: 9, name: "watch", sql: include_str!("../migrations/009_watch.sql") },
            Migration { version: 10, name: "merge", sql: include_str!("../migrations/010_merge.sql") },
            Migration { version: 11, name: "duplicate", sql: include_str!("../migrations/011_duplicate.sql") },
            Migration { version: 13, name: "evaluation", sql: include_str!("../migrations/013_evaluation.sql") },
            Migration { version: 14, name: "scorecard_fit", sql: include_str!("../migrations/014_scorecard_fit.sql") },
            Migration { version: 15, name: "sorting", sql: include_str!("../migrations/015_sorting.sql") },
            Migration { version: 16, name: "lead", sql: include_str!("../migrations/016_lead.sql") },
            Migration { version: 17, name: "campaign", sql: include_str!("../migrations/017_campaign.sql") },
            Migration { version: 18, name: "reward", sql: include_str!("../migrations/018_reward.sql") },
            Migration {
                version: 19,
                name: "reward_recovery",
                sql: include_str!("../migrations/019_reward_recovery.sql"),
            },
            Migration { version: 20, name: "care", sql: include_str!("../migrations/020_care.sql") },
            Migration { version: 21, name: "known", sql: include_str!("../migrations/021_known.sql") },
            Migration { version: 23, name: "guarantee", sql: include_str!("../migrations/023_guarantee.sql") },
            Migration { version: 24, name: "complaint", sql: include_str!("../migrations/024_complaint.sql") },
            Migration { version: 27, name: "by key", sql: include_str!("../migrations/027_by_key.sql") },
            Migration { version: 30, name: "admission", sql: include_str!("../migrations/030_admission.sql") },
            Migration { version: 31, name: "update", sql: include_str!("../migrations/031_update.sql") },
            Migration { version: 32, name: "survey", sql: include_str!("../migrations/032_survey.sql") },
            Migration {
                version: 33,
                name: "sorting_measure",
                sql: include_str!("../migrations/033_sorting_measure.sql"),
            },
            Migration { version: 34, name: "premium", sql: include_str!("../migrations/034_premium.sql") },
            Migration { version: 35, name: "asset_proof", sql: include_str!("../migrations/035_asset_proof.sql") },
            Migration { version: 36, name: "care_step", sql: include_str!("../migrations/036_care_step.sql") },
        ]
    }

    fn policy_subjects(&self) -> Vec<Arc<dyn PolicySubjects>> {
        let of = |kind| Arc::new(standing::subjects::CustomersOf(kind)) as Arc<dyn PolicySubjects>;
        vec![of(CustomerKind::Person), of(CustomerKind::Company)]
    }

    fn messages(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("zh-CN", include_str!("../locales/zh-CN/customers.ftl")),
            ("en", include_str!("../locales/en/customers.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/accounts.ftl")),
            ("en", include_str!("../locales/en/accounts.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/audit.ftl")),
            ("en", include_str!("../locales/en/audit.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/data.ftl")),
            ("en", include_str!("../locales/en/data.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/statement.ftl")),
            ("en", include_str!("../locales/en/statement.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/document.ftl")),
            ("en", include_str!("../locales/en/document.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/credit.ftl")),
            ("en", include_str!("../locales/en/credit.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/watch.ftl")),
            ("en", include_str!("../locales/en/watch.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/evaluation.ftl")),
            ("en", include_str!("../locales/en/evaluation.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/merge.ftl")),
            ("en", include_str!("../locales/en/merge.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/scorecard.ftl")),
            ("en", include_str!("../locales/en/scorecard.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/sorting.ftl")),
            ("en", include_str!("../locales/en/sorting.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/lead.ftl")),
            ("en", include_str!("../locales/en/lead.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/campaign.ftl")),
            ("en", include_str!("../locales/en/campaign.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/reward.ftl")),
            ("en", include_str!("../locales/en/reward.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/care.ftl")),
            ("en", include_str!("../locales/en/care.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/portrait.ftl")),
            ("en", include_str!("../locales/en/portrait.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/standard.ftl")),
            ("en", include_str!("../locales/en/standard.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/complaint.ftl")),
            ("en", include_str!("../locales/en/complaint.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/guarantee.ftl")),
            ("en", include_str!("../locales/en/guarantee.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/admission.ftl")),
            ("en", include_str!("../locales/en/admission.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/update.ftl")),
            ("en", include_str!("../locales/en/update.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/survey.ftl")),
            ("en", include_str!("../locales/en/survey.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/warning.ftl")),
            ("en", include_str!("../locales/en/warning.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/exposure.ftl")),
            ("en", include_str!("../locales/en/exposure.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/asset_proof.ftl")),
            ("en", include_str!("../locales/en/asset_proof.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/premium.ftl")),
            ("en", include_str!("../locales/en/premium.ftl")),
        ]
    }

    fn routes(&self) -> Routes {
        customer::pages::routes()
            .merge(relation::pages::routes())
            .merge(contact_point::pages::routes())
            .merge(bank_account::pages::routes())
            .merge(datum::pages::routes())
            .merge(standing::pages::routes())
            .merge(standing::standard_pages::routes())
            .merge(statement::pages::routes())
            .merge(capacity::pages::routes())
            .merge(document::pages::routes())
            .merge(credit::pages::routes())
            .merge(watch::pages::routes())
            .merge(evaluation::routes())
            .merge(duplicate::routes())
            .merge(merge::routes())
            .merge(scorecard::routes())
            .merge(sorting::routes())
            .merge(lead::routes())
            .merge(campaign::routes())
            .merge(partner::routes())
            .merge(reward::routes())
            .merge(care::routes())
            .merge(guarantee::routes())
            .merge(complaint::routes())
            .merge(admission::routes())
            .merge(portrait::routes())
            .merge(update::routes())
            .merge(survey::routes())
            .merge(warning::routes())
            .merge(premium::routes())
            .merge(asset_proof::pages::routes())
    }

    fn navigation(&self) -> Vec<NavEntry> {
        let entry = |key, label, icon, href| NavEntry {
            section: NavSection::Customers,
            key,
            label,
            icon,
            href,
            action: Some(VIEW),
        };
        vec![
            entry("customers", "customers-title", Icon::Users, "/customers"),
            entry("standards", "standard-title", Icon::Notebook, standing::standard_pages::LIST),
            entry("evaluations", "evaluation-title", Icon::ReportSearch, evaluation::list_path()),
            entry("admissions", "admission-title", Icon::UserCheck, admission::LIST),
            entry("premium", "premium-title", Icon::Building, premium::LIST),
            entry("care", "care-title", Icon::Flag, care::LIST),
            entry("guarantees", "guarantees-title", Icon::ShieldCheck, guarantee::LIST),
            entry("complaints", "complaint-title", Icon::Headset, complaint::LIST),
            entry("surveys", "survey-title", Icon::ListCheck, survey::LIST),
            entry("updates", "update-title", Icon::CalendarDue, update::LIST),
            entry("warnings", "warning-title", Icon::AlertCircle, warning::LIST),
            entry("sorting", "sorting-title", Icon::ClipboardList, sorting::LIST),
            NavEntry { action: Some(lead::VIEW), ..entry("leads", "lead-title", Icon::UserPlus, lead::LIST) },
            NavEntry {
                action: Some(lead::VIEW),
                ..entry("campaigns", "campaign-title", Icon::Speakerphone, campaign::LIST)
            },
            NavEntry {
                action: Some(lead::VIEW),
                ..entry("partners", "partner-title", Icon::BuildingStore, partner::LIST)
            },
            entry("rewards", "reward-title", Icon::Wallet, reward::LIST),
            NavEntry {
                action: Some(merge::MERGE),
                ..entry("duplicates", "duplicate-title", Icon::Copy, duplicate::list_path())
            },
            NavEntry {
                action: Some(merge::MERGE),
                ..entry("merges", "merge-list", Icon::GitCompare, merge::list_path())
            },
            NavEntry {
                action: Some(platform::policies::POLICY_VIEW),
                ..entry("scorecards", "scorecard-title", Icon::Calculator, "/scorecards")
            },
        ]
    }

    fn examples(&self) -> platform::api::example::Examples {
        examples::examples()
    }

    fn permissions(&self) -> &'static [&'static str] {
        &[
            VIEW,
            EDIT,
            DOCUMENT_VIEW,
            EXPORT,
            credit::APPROVE,
            evaluation::RECORD,
            evaluation::APPROVE,
            merge::MERGE,
            merge::APPROVE,
            sorting::PLAN,
            sorting::WORK,
            sorting::REVIEW,
            sorting::APPROVE_PLAN,
            sorting::APPROVE_REPORT,
            lead::VIEW,
            lead::RECORD,
            lead::WORK,
            lead::ASSIGN,
            campaign::PLAN,
            partner::EDIT,
            reward::REQUEST,
            reward::APPROVE,
            reward::PAY,
            care::RECORD,
            care::APPROVE,
            complaint::RECORD,
            complaint::HANDLE,
            survey::RECORD,
            admission::BEGIN,
            admission::ASSESS,
            admission::APPROVE,
            premium::RECORD,
            premium::APPROVE,
            asset_proof::APPROVE,
        ]
    }

    fn audit_subjects(&self) -> Vec<platform::audit::AuditSubject> {
        trail::subjects()
    }

    fn batches(&self) -> Vec<platform::batch::BatchKind> {
        let [assign, erase] = lead::BATCHES;
        vec![assign, erase, sorting::BATCH]
    }

    fn list_exports(&self) -> Vec<Arc<dyn platform::list_export::ListExport>> {
        vec![
            Arc::new(customer::export::CustomerExport),
            Arc::new(duplicate::DuplicateExport),
            Arc::new(admission::LISTED),
            Arc::new(campaign::LISTED),
            Arc::new(care::LISTED),
            Arc::new(complaint::LISTED),
            Arc::new(evaluation::LISTED),
            Arc::new(guarantee::LISTED),
            Arc::new(lead::LISTED),
            Arc::new(merge::LISTED),
            Arc::new(partner::LISTED),
            Arc::new(premium::LISTED),
            Arc::new(reward::LISTED),
            Arc::new(sorting::LISTED),
            Arc::new(sorting::LISTED_INDUSTRIES),
            Arc::new(sorting::LISTED_ITEMS),
            Arc::new(sorting::LISTED_PROBLEMS),
            Arc::new(survey::LISTED),
            Arc::new(survey::LISTED_TASKS),
            Arc::new(update::LISTED),
            Arc::new(update::LISTED_REPORTS),
            Arc::new(warning::LISTED),
        ]
    }

    fn events(&self) -> &'static [&'static str] {
        &[
            "customer_opened",
            "standing_changed",
            "evaluation_approved",
            "admission_decided",
            "customer_merged",
            "customer_merge_ended",
            "sorting_started",
            "sorting_reported",
            "lead_converted",
            "referral_reward_paid",
        ]
    }

    fn field_titles(&self) -> Vec<(&'static str, [&'static str; 2])> {
        statement::line::all().iter().map(|line| (line.name, [line.title_zh, line.title_en])).collect()
    }

    fn search(&self) -> Vec<Searcher> {
        vec![customer::search::SEARCHER]
    }

    fn book(&self) -> platform::book::Share {
        book::share()
    }

    fn sealed_columns(&self) -> Vec<SealedColumn> {
        let own = &["customer_id", "id"];
        vec![
            SealedColumn::of("customer", &["customer_id"], "identity_sealed", personal::CUSTOMER_IDENTITY),
            SealedColumn::of("contact_point", own, "value_sealed", personal::CONTACT_VALUE),
            SealedColumn::of("relation", own, "identity_sealed", personal::RELATION_IDENTITY),
            SealedColumn::of("bank_account", own, "account_sealed", personal::ACCOUNT),
            SealedColumn::of("lead", &["id"], "phone_sealed", personal::LEAD_PHONE),
            SealedColumn::of("customer_document", own, "number_sealed", personal::DOCUMENT_NUMBER),
        ]
    }

    fn customer_panels(&self) -> Vec<CustomerPanel> {
        customer::panels::all()
    }

    fn customer_heads(&self) -> Vec<DrawHead> {
        vec![watch::head, standing::pages::head]
    }

    fn subscribers(&self) -> Vec<Subscriber> {
        let mut all = standing::actions::subscribers();
        all.extend(reward::actions::subscribers());
        all
    }

    fn duty_kinds(&self) -> Vec<DutyKind> {
        let own = [datum::refresh::DUTY, document::refresh::DUTY, watch::refresh::DUTY, evaluation::review::DUTY];
        own.into_iter()
            .chain(sorting::DUTIES)
            .chain(lead::DUTIES)
            .chain(reward::DUTIES)
            .chain(care::DUTIES)
            .chain(complaint::DUTIES)
            .chain(survey::DUTIES)
            .chain([update::DUTY, warning::DUTY])
            .collect()
    }

    fn approval_kinds(&self) -> Vec<ApprovalKind> {
        vec![
            credit::actions::KIND,
            evaluation::actions::KIND,
            admission::actions::KIND,
            merge::actions::KIND,
            sorting::actions::KIND,
            sorting::report::KIND,
            reward::actions::KIND,
            care::actions::KIND,
            premium::actions::KIND,
            asset_proof::actions::KIND,
        ]
    }

    fn signature_checks(&self) -> Vec<SignatureCheck> {
        vec![admission::actions::SIGNING]
    }

    fn close_steps(&self) -> Vec<Arc<dyn CloseStep>> {
        vec![
            Arc::new(standing::Standings),
            Arc::new(update::UpdateReports),
            Arc::new(sorting::SortingDates),
            Arc::new(lead::Acquisition),
        ]
    }

    fn policy_facts(&self) -> &'static str {
        include_str!("policy_facts.csv")
    }
}

/// The customer whose file has this identity number, whatever the scope; the surviving file of one that was merged.
///
/// # Errors
/// No vault; the store's.
pub async fn find_by_identity(
    work: &mut Work,
    number: &identity::IdentityNo,
) -> Result<Option<CustomerId>, ActionError> {
    let index = work.app.vault()?.blind_index(&personal::identity_across_files(number));
    match customer::store::find_by_identity(&mut work.tx, &index).await? {
        Some(found) => Ok(Some(merge::root(&mut work.tx, found).await?)),
        None => Ok(None),
    }
}
