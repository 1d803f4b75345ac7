//! The home page 待办 and what capabilities put on it.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;

use super::counts::{self, Counts};
use super::list::address;
use super::pages::{DUTY_VIEW, DutyKind};
use super::pages_parts as parts;
use super::seen::{self, Eye, Filter, Window};
use crate::access::{DataScope, delegation};
use crate::approval::store::{self as approvals, Shelf};
use crate::approval::{Approval, ApprovalState};
use crate::clock::civil_minute;
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::page::{DutyRow, Icon, Page, Tile, Tone, Ui};
use crate::policies;
use crate::web::{Visit, WebError};
use crate::work::Work;

/// Duties that the home page shows; the list has the rest.
const SHOWN: i64 = 12;
/// Approvals that it shows.
const APPROVALS: i64 = 6;

/// A figure of the month at the foot of the home page (本月指标).
#[derive(Debug, Clone, Default)]
pub struct HomeFigure {
    /// What it is.
    pub label: String,
    /// The figure as text.
    pub figure: String,
    /// Its unit, small behind it.
    pub unit: String,
    /// How much of the whole, in parts of a thousand.
    pub permille: u32,
    /// The target in the same parts.
    pub target: Option<u32>,
    /// The line under it.
    pub note: String,
    /// The rows behind it.
    pub href: String,
    /// Where its derivation is.
    pub why: Option<String>,
}

/// What a capability puts on the home page (首页指标): counts that open their rows, figures of the month.
pub trait HomeTile: Send + Sync {
    /// Whether counting takes so long that the page should be there first.
    fn is_slow<'a>(&'a self, work: &'a mut Work) -> BoxFuture<'a, Result<bool, ActionError>> {
        let _ = work;
        Box::pin(async { Ok(false) })
    }

    /// Counts for the head of the page, each linked to exactly the rows it counts.
    fn tiles<'a>(&'a self, work: &'a mut Work, ui: &'a Ui) -> BoxFuture<'a, Result<Vec<Tile>, ActionError>>;

    /// Figures of the month for its foot.
    fn figures<'a>(&'a self, work: &'a mut Work, ui: &'a Ui) -> BoxFuture<'a, Result<Vec<HomeFigure>, ActionError>>;
}

#[derive(Template)]
#[template(path = "duty/home.html")]
struct Home<'a> {
    ui: &'a Ui,
    tiles: Vec<Tile>,
    counts: Counts,
    duties: Vec<DutyRow>,
    all: String,
    approvals: Vec<Waiting>,
    month: Vec<HomeFigure>,
    /// Whether tiles and figures come by a second request.
    later: bool,
    missing_year: Option<i16>,
    delegations: Vec<String>,
}

/// An approval as the home page shows it.
struct Waiting {
    returned: bool,
    title: String,
    href: String,
    note: String,
}

/// The page of the day: five counts, my duties late first, approvals and returns, the month.
pub(super) async fn page(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let today = work.business_date;
    let nothing = DataScope { manager: work.actor.acts_as().map_or(0, |user| user.0), ..DataScope::everything() };
    let eye = Eye::of(&work.actor, work.authorise(DUTY_VIEW).unwrap_or(nothing));
    let counts = counts::counts(&mut work.tx, &eye, today).await?;
    let mine = seen::list(&mut work.tx, &eye, &Filter::mine(Window::Near), today, SHOWN, 0).await?;
    let rules = policies::in_force(&mut work, today).await.ok();
    let kinds: Vec<DutyKind> = visit.app.capabilities.iter().flat_map(|c| c.duty_kinds()).collect();
    let duties = mine.iter().map(|duty| parts::row(&ui, duty, &kinds, rules.as_deref())).collect();
    let mut tiles = counted(&mut work, &ui, &counts).await?;
    let mut month = Vec::new();
    let app = visit.app.clone();
    let offered: Vec<Arc<dyn HomeTile>> = app.capabilities.iter().flat_map(|c| c.home_tiles()).collect();
    let mut later = false;
    for one in offered {
        if !visit.request.fragment() && one.is_slow(&mut work).await? {
            later = true;
            continue;
        }
        tiles.extend(one.tiles(&mut work, &ui).await?);
        month.extend(one.figures(&mut work, &ui).await?);
    }
    let approvals = waiting(&mut work, &ui).await?;
    let published = crate::calendar::published(&mut work).await?;
    let missing_year = published.missing_year(today).filter(|_| visit.may(crate::calendar::CALENDAR_MANAGE));
    let all = address(Window::Open);
    let delegations = delegation::home_lines(&mut work, &ui).await?;
    let body = Home { ui: &ui, tiles, counts, duties, all, approvals, month, later, missing_year, delegations };
    visit.page(&Page::new(ui.t("home-title"), "home").subtitle(&visit.actor.name), &body)
}

/// My own counts; each opens exactly the rows it counts.
async fn counted(work: &mut Work, ui: &Ui, counts: &Counts) -> Result<Vec<Tile>, WebError> {
    let actor = work.actor.clone();
    let scope = DataScope { branch: actor.branch.0, ..DataScope::everything() };
    let for_me = approvals::count(&mut work.tx, &actor, scope, Shelf::ForMe).await?;
    let returned = approvals::count(&mut work.tx, &actor, scope, Shelf::Returned).await?;
    let tile = |icon, label: &str, count: i64, tone, href: String| Tile {
        icon: Some(icon),
        label: ui.t(label),
        figure: ui.count(count),
        note: (count > 0 && tone != Tone::Neutral).then(|| (tone, ui.t(format!("{label}-note")))),
        href: Some(href),
        ..Tile::default()
    };
    let shelf = |shelf: &str| format!("/approvals?view={shelf}");
    Ok(vec![
        tile(Icon::WritingSign, "home-approvals", for_me, Tone::Neutral, shelf("for-me")),
        tile(Icon::ArrowBackUp, "home-returned", returned, Tone::Sub, shelf("returned")),
        tile(Icon::AlertTriangle, "home-late", counts.late, Tone::Doubt, address(Window::Late)),
        tile(Icon::Checklist, "home-today", counts.today, Tone::Neutral, address(Window::Today)),
        tile(Icon::Clock, "home-week", counts.week, Tone::Neutral, address(Window::Week)),
    ])
}

async fn waiting(work: &mut Work, ui: &Ui) -> Result<Vec<Waiting>, WebError> {
    let actor = work.actor.clone();
    let scope = DataScope { branch: actor.branch.0, ..DataScope::everything() };
    let mut found = Vec::new();
    for shelf in [Shelf::Returned, Shelf::ForMe] {
        for (approval, maker) in approvals::list(&mut work.tx, &actor, scope, shelf, APPROVALS).await? {
            found.push(shown(ui, &approval, &maker));
        }
    }
    Ok(found)
}

/// A part of the material by its title; what the checker wrote in words of their own stays.
fn field(ui: &Ui, name: &str) -> String {
    let known = ui.locale.find(&format!("material-{}", name.replace('_', "-")));
    known.unwrap_or_else(|| name.to_owned())
}

fn shown(ui: &Ui, approval: &Approval, maker: &str) -> Waiting {
    let mend: Vec<String> = match &approval.state {
        ApprovalState::Returned { missing, .. } => missing.iter().map(|m| field(ui, &m.field)).collect(),
        ApprovalState::Pending { .. }
        | ApprovalState::Approved { .. }
        | ApprovalState::Rejected { .. }
        | ApprovalState::Withdrawn { .. } => Vec::new(),
    };
    let returned = !mend.is_empty();
    let title = if returned {
        ui.t2("home-mend", "title", approval.title.read(ui.lang()), "fields", mend.join(&ui.t("list-comma")))
    } else {
        approval.title.read(ui.lang()).to_owned()
    };
    Waiting {
        returned,
        title,
        href: format!("/approvals/{}/{}", approval.customer, approval.id),
        note: format!("{maker} {}", civil_minute(approval.submitted_at)),
    }
}
