//! Collections (催收): overdue cases and the people who work them, inside what the law allows.
//!
//! - [`contact`]: what came of a call, message, letter or visit (联系结果).
//! - [`letter`]: letters with a number and a life of their own (函件).
//! - [`limitation`]: how long a claim and its guarantees can be pursued (诉讼时效、保证期间).
//!
//! Every contact passes the contact guard first; every case, promise and letter is a fact of its customer.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod contact;
pub mod error;
pub mod letter;
pub mod limitation;

use std::sync::Arc;

use platform::capability::Capability;
use platform::close::CloseStep;
use platform::db::Migration;
use platform::duty::DutyKind;
use platform::event::Subscriber;
use platform::page::Icon;
use platform::web::{LoanLink, NavEntry, NavSection, Routes};

/// See cases, their money and their history.
pub const CASE_VIEW: &str = "case.view";
/// Work a case: contacts, promises, diagnoses.
pub const CASE_WORK: &str = "case.work";
/// Give cases to people, unlock them.
pub const CASE_ASSIGN: &str = "case.assign";
/// Set a stop flag.
pub const STOP_FLAG_SET: &str = "stop_flag.set";
/// Lift a stop flag.
pub const STOP_FLAG_LIFT: &str = "stop_flag.lift";
/// Open a contact that the institution's own limits refuse, within the law.
pub const CONTACT_OPEN: &str = "contact.open";
/// Issue letters and register their receipts.
pub const LETTER_ISSUE: &str = "letter.issue";
/// Record what interrupts a limitation or keeps a guarantee.
pub const LIMITATION_RECORD: &str = "limitation.record";
/// Prepare and take legal steps.
pub const LEGAL_MANAGE: &str = "legal.manage";

/// Collections as a capability (催收).
#[derive(Debug, Clone, Copy, Default)]
pub struct Collections;

const MIGRATIONS: &[Migration] = &[
    Migration { version: 3, name: "limitation", sql: include_str!("../migrations/003_limitation.sql") },
    Migration { version: 4, name: "letter", sql: include_str!("../migrations/004_letter.sql") },
];

impl Capability for Collections {
    fn name(&self) -> &'static str {
        "collections"
    }

    fn migrations(&self) -> &'static [Migration] {
        MIGRATIONS
    }

    fn messages(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("zh-CN", include_str!("../locales/zh-CN/collections.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/letter.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/limitation.ftl")),
            ("en", include_str!("../locales/en/collections.ftl")),
            ("en", include_str!("../locales/en/letter.ftl")),
            ("en", include_str!("../locales/en/limitation.ftl")),
        ]
    }

    fn routes(&self) -> Routes {
        letter::routes().merge(limitation::routes())
    }

    fn navigation(&self) -> Vec<NavEntry> {
        let entry = |key, label, icon, href| NavEntry {
            section: NavSection::Collections,
            key,
            label,
            icon,
            href,
            action: Some("loan.view"),
        };
        vec![
            entry("letters", "letter-title", Icon::Mail, letter::list::LIST),
            entry("clocks", "limitation-title", Icon::Hourglass, limitation::list::LIST),
        ]
    }

    fn loan_links(&self) -> Vec<LoanLink> {
        let link = |label, icon, href| LoanLink { label, icon, href, action: "loan.view" };
        vec![
            link("letter-short", Icon::Mail, "/loans/{loan}/letters"),
            link("limitation-short", Icon::Hourglass, "/loans/{loan}/clocks"),
        ]
    }

    fn subscribers(&self) -> Vec<Subscriber> {
        limitation::actions::subscribers()
    }

    fn close_steps(&self) -> Vec<Arc<dyn CloseStep>> {
        vec![Arc::new(limitation::step::Clocks)]
    }

    fn policy_facts(&self) -> &'static str {
        include_str!("policy_facts.csv")
    }

    fn duty_kinds(&self) -> Vec<DutyKind> {
        vec![limitation::actions::DUTY]
    }

    fn permissions(&self) -> &'static [&'static str] {
        &[
            CASE_VIEW,
            CASE_WORK,
            CASE_ASSIGN,
            STOP_FLAG_SET,
            STOP_FLAG_LIFT,
            CONTACT_OPEN,
            LETTER_ISSUE,
            LIMITATION_RECORD,
            LEGAL_MANAGE,
        ]
    }
}
