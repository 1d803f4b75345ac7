//! Navigation (导航): what each capability offers, as far as the person may use it.

use axum::response::{IntoResponse as _, Redirect, Response};

use super::{Visit, WebError};
use crate::access::Actor;
use crate::app::App;
use crate::page::{Icon, NavGroup, NavItem, Ui};

/// The groups of the navigation in their order (导航组).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NavSection {
    /// 我的工作: duties, approvals, promises.
    Work,
    /// 客户
    Customers,
    /// 贷款
    Loans,
    /// 贷后
    Monitoring,
    /// 催收
    Collections,
    /// 联络: letters, messages, visits, and how they are conducted.
    Reach,
    /// 账务
    Accounts,
    /// 监督: dashboards, reports, audit.
    Oversight,
    /// 设置: people, policies, calendar, import.
    Setup,
    /// 系统: tokens, gateways, backups, the whole book.
    System,
}

impl NavSection {
    const ALL: [Self; 10] = [
        Self::Work,
        Self::Customers,
        Self::Loans,
        Self::Monitoring,
        Self::Collections,
        Self::Reach,
        Self::Accounts,
        Self::Oversight,
        Self::Setup,
        Self::System,
    ];

    /// The message with its word, and its icon: that of its first page, where it has one of the same name.
    fn face(self) -> (&'static str, Icon) {
        match self {
            Self::Work => ("nav-work", Icon::ListCheck),
            Self::Customers => ("nav-customers", Icon::Users),
            Self::Loans => ("nav-loans", Icon::Notebook),
            Self::Monitoring => ("nav-monitoring", Icon::Eye),
            Self::Collections => ("nav-collections", Icon::Briefcase),
            Self::Reach => ("nav-reach", Icon::Phone),
            Self::Accounts => ("nav-accounts", Icon::Cash),
            Self::Oversight => ("nav-oversight", Icon::ReportAnalytics),
            Self::Setup => ("nav-setup", Icon::Settings),
            Self::System => ("nav-system", Icon::Server),
        }
    }
}

/// One item that a capability offers (导航项).
#[derive(Debug, Clone, Copy)]
pub struct NavEntry {
    /// Its group.
    pub section: NavSection,
    /// The key that its pages name (`Page::active`).
    pub key: &'static str,
    /// The message with its word.
    pub label: &'static str,
    /// Its icon.
    pub icon: Icon,
    /// Its page.
    pub href: &'static str,
    /// The action needed; `None` for everybody who is logged in.
    pub action: Option<&'static str>,
}

/// A link that a capability offers on the page of a loan (借据页入口).
#[derive(Debug, Clone, Copy)]
pub struct LoanLink {
    /// The message with its word.
    pub label: &'static str,
    /// Its icon.
    pub icon: Icon,
    /// Its page; `{loan}` stands for the loan's key.
    pub href: &'static str,
    /// The action needed.
    pub action: &'static str,
}

/// The navigation of this person.
pub(super) fn of(app: &App, actor: &Actor, ui: &Ui) -> Vec<NavGroup> {
    let entries: Vec<NavEntry> = app.capabilities.iter().flat_map(|capability| capability.navigation()).collect();
    let item = |entry: &NavEntry| NavItem {
        key: entry.key,
        label: ui.t(entry.label),
        icon: entry.icon,
        href: entry.href.to_owned(),
        count: None,
    };
    NavSection::ALL
        .into_iter()
        .map(|section| NavGroup {
            key: section.face().0,
            label: ui.t(section.face().0),
            icon: section.face().1,
            items: entries
                .iter()
                .filter(|entry| entry.section == section && entry.action.is_none_or(|action| actor.may(action)))
                .filter(|entry| app.offers(entry.href))
                .map(item)
                .collect(),
        })
        .filter(|group| !group.items.is_empty())
        .collect()
}

/// `/` when no capability has a home page: the first page that the person may use.
pub(super) async fn first_page(visit: Visit) -> Result<Response, WebError> {
    let first = of(&visit.app, &visit.actor, &visit.ui()).into_iter().flat_map(|group| group.items).next();
    Ok(Redirect::to(&first.map_or_else(|| "/me".to_owned(), |item| item.href)).into_response())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::capability::Capability as _;
    use crate::house::Platform;

    #[test]
    fn one_icon_stands_for_one_page_of_the_navigation() {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for entry in Platform.navigation() {
            let before = seen.insert(entry.icon.name(), entry.key);
            assert_eq!(before, None, "{} and {} share {}", entry.key, before.unwrap_or(""), entry.icon.name());
        }
    }

    #[test]
    fn every_section_has_its_place_its_word_and_its_icon() {
        let faces: BTreeMap<&str, &str> =
            NavSection::ALL.map(|section| (section.face().1.name(), section.face().0)).into();
        assert_eq!(faces.len(), NavSection::ALL.len(), "{faces:?}");
        assert!(NavSection::ALL.is_sorted());
    }
}
