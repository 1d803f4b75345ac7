//! Oversight (监督): the whole book on one screen, as of any business date and as known at any moment.
//!
//! - [`dashboard`]: tiles and pictures of the book (经营驾驶舱), each with its unit, its date and its rows.
//! - [`migration`]: which loans went from which bucket or class to which (迁徙矩阵); it foots both ways.
//! - [`acquisition`]: what channels, campaigns and partners bring (获客成效).
//! - [`rows`]: exactly the rows that a number counts (明细).
//!
//! It owns no table. It reads the published views of servicing (`loan_view`, `loan_position_history_view`,
//! `loan_total_view`, `loan_received_view`, `loan_maturing_view`, `loan_transaction_view`, `loan_instalment_view`) and of customers (`customer_view`, `lead_view`,
//! `customer_source_view`, `campaign_view`, `campaign_cost_view`, `partner_view`) with set-wide SQL inside the data scope
//! of the person; nothing is summed row by row.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod acquisition;
pub mod dashboard;
mod examples;
pub mod grade;
pub mod grid;
pub mod migration;
pub mod rows;
pub mod standpoint;

use std::sync::Arc;

use platform::capability::Capability;
use platform::db::Migration;
use platform::list_export::ListExport;
use platform::page::Icon;
use platform::web::{NavEntry, NavSection, Routes};

/// Who may see the dashboard.
pub const DASHBOARD_VIEW: &str = "dashboard.view";

/// Oversight as a capability (监督).
#[derive(Debug, Clone, Copy, Default)]
pub struct Oversight;

impl Capability for Oversight {
    fn name(&self) -> &'static str {
        "oversight"
    }

    fn migrations(&self) -> &'static [Migration] {
        &[]
    }

    fn messages(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("zh-CN", include_str!("../locales/zh-CN/oversight.ftl")),
            ("en", include_str!("../locales/en/oversight.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/acquisition.ftl")),
            ("en", include_str!("../locales/en/acquisition.ftl")),
            ("zh-CN", include_str!("../locales/zh-CN/audit.ftl")),
            ("en", include_str!("../locales/en/audit.ftl")),
        ]
    }

    fn routes(&self) -> Routes {
        dashboard::pages::routes()
            .merge(migration::pages::routes())
            .merge(rows::pages::routes())
            .merge(acquisition::pages::routes())
    }

    fn navigation(&self) -> Vec<NavEntry> {
        let entry = |key, label, icon, href| NavEntry {
            section: NavSection::Oversight,
            key,
            label,
            icon,
            href,
            action: Some(DASHBOARD_VIEW),
        };
        vec![
            entry("dashboard", "dashboard-title", Icon::ChartHistogram, "/dashboard"),
            entry("migration", "migration-title", Icon::ArrowsExchange, "/dashboard/migration"),
            entry("acquisition", "acquisition-title", Icon::TrendingUp, "/acquisition"),
        ]
    }

    fn list_exports(&self) -> Vec<Arc<dyn ListExport>> {
        vec![Arc::new(rows::pages::LISTED), Arc::new(acquisition::LISTED)]
    }

    fn examples(&self) -> platform::api::example::Examples {
        examples::examples()
    }

    fn permissions(&self) -> &'static [&'static str] {
        &[DASHBOARD_VIEW]
    }
}
