//! The list of leads: filters, totals, export.

use std::collections::BTreeMap;

use axum::extract::RawQuery;
use axum::response::Response;
use platform::access::{DataScope, store as access};
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::BranchId;
use platform::list_export::{Asked, ListExport};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, View};
use platform::page::{Button, Choice, Empty, Icon, Look, Page, Ui};
use platform::policies::{self, InForce};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{LeadId, LeadState};
use super::{LIST, RECORD, VIEW, batch, page_of, policy, store, view};
use crate::EXPORT;

/// The views in the order of their tabs.
const VIEWS: [&str; 7] = ["mine", "living", "due", "won", "lost", "erase", "all"];
/// Where the list is exported.
const FILE: &str = "/leads/export.xlsx";

/// The list and its file.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, |ui| spec(ui, None, true)).get(FILE, EXPORT, export)
}

fn spec(ui: &Ui, rules: Option<&InForce>, may_export: bool) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("lead-view-{id}")), ..View::default() };
    let states =
        LeadState::ALL.iter().map(|state| Choice::new(state.as_str(), ui.t(format!("lead-state-{}", state.as_str()))));
    let channels = rules.map(|rules| policy::channels(rules, ui.business_date).unwrap_or_default());
    let channels = channels.unwrap_or_default();
    let channels = channels.iter().map(|one| {
        let title = rules.map(|rules| policy::title(ui, rules, "lead_channel", &one.name));
        Choice::new(&one.name, title.unwrap_or_default())
    });
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "lead-number", ColumnKind::Text),
            Column::new("name", "customer-name", ColumnKind::Text),
            Column::new("phone", "customer-phone", ColumnKind::Text),
            Column::new("channel", "lead-channel", ColumnKind::Text),
            Column::new("state", "lead-state", ColumnKind::State),
            Column::new("owner", "lead-owner", ColumnKind::Text),
            Column::new("branch", "customer-branch", ColumnKind::Text),
            Column::new("next_on", "lead-next-on", ColumnKind::Date),
            Column::new("taken_on", "lead-taken-on", ColumnKind::Date),
            Column::new("won_on", "lead-won-on", ColumnKind::Date),
        ],
        filters: vec![
            Filter::new("q", "lead-filter-text", FilterKind::Text),
            Filter::new("state", "lead-state", FilterKind::Choice(states.collect())),
            Filter::new("channel", "lead-channel", FilterKind::Choice(channels.collect())),
            Filter::new("campaign", "campaign-number", FilterKind::Text).more(),
            Filter::new("partner", "partner-number", FilterKind::Text).more(),
            Filter::new("taken_on", "lead-taken-on", FilterKind::Dates).more(),
        ],
        views: VIEWS.iter().map(view).collect(),
        export: may_export.then(|| FILE.to_owned()),
        counted: "lead-count",
        ..ListSpec::default()
    }
}

fn conditions(work: &Work, scope: DataScope, asked: &ListQuery) -> Conditions {
    let today = work.business_date;
    let user = work.actor.acts_as().map_or(0, |user| user.0);
    let mut w = store::within(scope);
    match asked.view.as_str() {
        "living" => w.and_values("l.state in ('new', 'contacted', 'visited', 'applied')", args![]),
        "due" => w.and_values(
            "l.state in ('new', 'contacted', 'visited', 'applied') and (l.next_on is null or l.next_on <= ?)",
            args![today],
        ),
        "won" => w.and_values("l.state = 'customer'", args![]),
        "lost" => w.and_values("l.state = 'lost'", args![]),
        "erase" => w.and_values("l.erase_asked_on is not null and l.erased_on is null", args![]),
        "all" => &mut w,
        _ => w.and_values("l.owner_id = ? and l.state in ('new', 'contacted', 'visited', 'applied')", args![user]),
    };
    if let Some(text) = asked.text("q") {
        let pattern = format!("%{}%", text.replace(['%', '_'], ""));
        w.and_values("(l.number = ? or l.name like ?)", args![text, pattern]);
    }
    w.one_of("l.state", asked.choice("state")).one_of("l.channel", asked.choice("channel"));
    if let Some(number) = asked.text("campaign") {
        w.and_values("l.campaign_id in (select id from campaign where number = ?)", args![number]);
    }
    if let Some(number) = asked.text("partner") {
        w.and_values("l.partner_id in (select id from partner where number = ?)", args![number]);
    }
    let (from, to) = asked.dates("taken_on");
    if let Some(from) = from {
        w.and("l.effective_on >= ?", [&from]);
    }
    if let Some(to) = to {
        w.and("l.effective_on <= ?", [&to]);
    }
    w
}

async fn count(work: &mut Work, w: &Conditions) -> Result<i64, ActionError> {
    Ok(work.tx.fetch_one(w.select("select count(*) as n from lead l", ""), w.args()).await?.get("n")?)
}

async fn rows(work: &mut Work, ui: &Ui, w: &Conditions, part: (i64, i64)) -> Result<Vec<Row>, ActionError> {
    let head = "select l.id, l.number, l.name, l.phone_masked, l.channel, l.state, l.next_on, l.effective_on, l.won_on, \
                l.erased_on, l.branch_id, coalesce(u.name, '') as owner from lead l \
                left join user_view u on u.id = l.owner_id";
    let tail = format!("order by l.id desc limit {} offset {}", part.1, part.0);
    let rules = rules(work).await?;
    let branches = access::branches(&mut work.tx).await?.into_iter().map(|one| (one.id, one.name)).collect();
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    Ok(found.iter().map(|row| row_of(ui, (rules.as_deref(), &branches), row)).collect::<Result<_, StoreError>>()?)
}

fn row_of(
    ui: &Ui,
    (rules, branches): (Option<&InForce>, &BTreeMap<BranchId, String>),
    row: &DbRow,
) -> Result<Row, StoreError> {
    let id: LeadId = row.get("id")?;
    let channel: String = row.get("channel")?;
    let channel = rules.map_or_else(|| channel.clone(), |p| policy::title(ui, p, "lead_channel", &channel));
    let (badge, word) = view::state(ui, row.get("state")?);
    let erased: Option<jiff::civil::Date> = row.get("erased_on")?;
    let name = if erased.is_some() { Cell::Muted(ui.t("lead-erased")) } else { Cell::Strong(row.get("name")?) };
    let cells = vec![
        Cell::Link(row.get("number")?, page_of(id)),
        name,
        Cell::Muted(row.get("phone_masked")?),
        Cell::Text(channel),
        Cell::State(badge, word),
        Cell::Text(row.get("owner")?),
        Cell::Text(branches.get(&row.get("branch_id")?).cloned().unwrap_or_default()),
        Cell::date(row.get("next_on")?),
        Cell::date(row.get("effective_on")?),
        Cell::date(row.get("won_on")?),
    ];
    Ok(Row { key: id.to_string(), cells, href: page_of(id) })
}

/// The rules in force; nothing before any were agreed to.
async fn rules(work: &mut Work) -> Result<Option<std::sync::Arc<InForce>>, ActionError> {
    let today = work.business_date;
    match policies::in_force(work, today).await {
        Ok(found) => Ok(Some(found)),
        Err(ActionError::Refused(_)) => Ok(None),
        Err(broken) => Err(broken),
    }
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let known = rules(&mut work).await?;
    let mut spec = spec(&ui, known.as_deref(), visit.may(EXPORT));
    spec.batch = batch::offer(&visit);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let scope = work.authorise(VIEW).map_err(ActionError::from)?;
    let w = conditions(&work, scope, &asked);
    let count = count(&mut work, &w).await?;
    let rows = rows(&mut work, &ui, &w, (asked.offset(), i64::from(asked.size))).await?;
    let empty = Empty { icon: Some(Icon::Users), title: ui.t("lead-none"), text: ui.t("lead-none-text"), step: None };
    let result = ListPage { rows, count, empty: Some(empty), ..ListPage::default() };
    if let Some(rows) = visit.rows(&spec, &asked, &result) {
        return Ok(rows);
    }
    let mut tools = ui.list_tools(&spec, &asked, count);
    if visit.may(RECORD) {
        tools.push(&ui.button(Button::link(Look::Primary, ui.t("lead-new"), "/leads/new").icon(Icon::Plus)));
    }
    let page = Page::new(ui.t("lead-title"), "leads").subtitle(ui.t("lead-note")).actions(tools);
    visit.page_of(&page, &ui.list(&spec, &asked, &result))
}

async fn export(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    platform::list_export::answer(&visit, &LeadExport, query.as_deref().unwrap_or("")).await
}

/// The list as an export (线索导出): within both scopes, that of leads and that of exports.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LeadExport;

fn exported(work: &mut Work, asked: &Asked) -> Result<Conditions, ActionError> {
    let (seen, taken) = (work.authorise(VIEW)?, work.authorise(EXPORT)?);
    // Both belong to one person: where both are narrowed, it is to the same branch, team, manager.
    let narrower = |one: i64, other: i64| if one == 0 { other } else { one };
    let scope = DataScope {
        branch: narrower(seen.branch, taken.branch),
        team: narrower(seen.team, taken.team),
        manager: narrower(seen.manager, taken.manager),
    };
    if asked.keys.is_empty() {
        return Ok(conditions(work, scope, &asked.query));
    }
    let mut picked = store::within(scope);
    picked.one_of("l.id", &asked.keys);
    Ok(picked)
}

impl ListExport for LeadExport {
    fn list(&self) -> &'static str {
        LIST
    }

    fn action(&self) -> &'static str {
        EXPORT
    }

    fn title(&self) -> &'static str {
        "lead-title"
    }

    fn file(&self) -> &'static str {
        "leads"
    }

    fn spec<'a>(&'a self, work: &'a mut Work, ui: &'a Ui) -> BoxFuture<'a, Result<ListSpec, ActionError>> {
        Box::pin(async move {
            let known = rules(work).await?;
            Ok(spec(ui, known.as_deref(), true))
        })
    }

    fn count<'a>(&'a self, work: &'a mut Work, asked: &'a Asked) -> BoxFuture<'a, Result<i64, ActionError>> {
        Box::pin(async move {
            let w = exported(work, asked)?;
            count(work, &w).await
        })
    }

    fn rows<'a>(
        &'a self,
        work: &'a mut Work,
        ui: &'a Ui,
        asked: &'a Asked,
        from_and_most: (i64, i64),
    ) -> BoxFuture<'a, Result<Vec<Row>, ActionError>> {
        Box::pin(async move {
            let w = exported(work, asked)?;
            rows(work, ui, &w, from_and_most).await
        })
    }
}
