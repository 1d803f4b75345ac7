//! The list of leads: filters, totals, export.

use std::collections::BTreeMap;

use axum::extract::RawQuery;
use axum::response::Response;
use platform::access::{DataScope, store as access};
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::id::BranchId;
use platform::list_export::{Listed, Sums, Wanted};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListQuery, ListSpec, Row, View};
use platform::page::{Button, Choice, Empty, Icon, Look, Page, Ui};
use platform::policies::{self, InForce};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{LeadId, LeadState};
use super::{LIST, RECORD, VIEW, batch, page_of, policy, store, view};
use crate::EXPORT;

/// The views in the order of their tabs.
const VIEWS: [&str; 7] = ["mine", "living", "due", "won", "lost", "erase", "all"];

/// The list and its file.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, |ui| spec(ui, None)).exports(&LISTED)
}

fn spec(ui: &Ui, rules: Option<&InForce>) -> ListSpec {
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

/// The leads (线索清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/leads/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "lead-title",
    file: "leads",
    whole: false,
    spec: |work, ui, _| Box::pin(async move { Ok(spec(ui, policies::ruling(work).await?.as_deref())) }),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(work, wanted.scope, &wanted.query);
    let counted = w.select("select count(*) as n from lead l", "");
    let count: i64 = work.tx.fetch_one(counted, w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let mut w = conditions(work, wanted.scope, &wanted.query);
    w.one_of("l.id", &wanted.picked_numbers());
    let head = "select l.id, l.number, l.name, l.phone_masked, l.channel, l.state, l.next_on, l.effective_on, l.won_on, \
                l.erased_on, l.branch_id, coalesce(u.name, '') as owner from lead l \
                left join user_view u on u.id = l.owner_id";
    let tail = format!("order by l.id desc {}", wanted.limit());
    let rules = policies::ruling(work).await?;
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

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty { icon: Some(Icon::Users), title: ui.t("lead-none"), text: ui.t("lead-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty).verbs(batch::offer(&visit));
    let mut tools = shown.tools();
    if visit.may(RECORD) {
        tools.push(&ui.button(Button::link(Look::Primary, ui.t("lead-new"), "/leads/new").icon(Icon::Plus)));
    }
    let page = Page::new(ui.t("lead-title"), "leads").subtitle(ui.t("lead-note")).actions(tools);
    shown.answer(&visit, &page)
}
