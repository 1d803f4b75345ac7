//! The list of referral rewards, with the sums of the page and of the whole result.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::{Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, View};
use platform::page::{Choice, Empty, Html, Icon, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError};

use super::model::{RewardId, RewardState};
use super::{LIST, page_of};
use crate::VIEW;
use crate::customer::store::within;

/// The views in the order of their tabs.
const VIEWS: [&str; 5] = ["proposed", "submitted", "approved", "paid", "all"];

/// The list.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| {
        let text = if *id == "all" { ui.t("reward-view-all") } else { ui.t(format!("reward-state-{id}")) };
        View { id: (*id).to_owned(), text, ..View::default() }
    };
    let states = RewardState::ALL
        .iter()
        .map(|state| Choice::new(state.as_str(), ui.t(format!("reward-state-{}", state.as_str()))));
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "reward-number", ColumnKind::Text),
            Column::new("customer", "reward-customer", ColumnKind::Text),
            Column::new("referrer", "lead-referrer", ColumnKind::Text),
            Column::new("amount", "reward-amount", ColumnKind::Money),
            Column::new("state", "reward-state", ColumnKind::State),
            Column::new("manager", "customer-manager", ColumnKind::Text),
            Column::new("proposed_on", "reward-proposed-on", ColumnKind::Date),
            Column::new("paid_on", "reward-paid-on", ColumnKind::Date),
        ],
        filters: vec![Filter::new("state", "reward-state", FilterKind::Choice(states.collect()))],
        views: VIEWS.iter().map(view).collect(),
        counted: "reward-count",
        ..ListSpec::default()
    }
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let spec = spec(&ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let mut w = within(work.authorise(VIEW).map_err(ActionError::from)?);
    match asked.view.as_str() {
        "all" => &mut w,
        state => w.and_values("r.state = ?", args![RewardState::parse(state).unwrap_or(RewardState::Proposed)]),
    };
    w.one_of("r.state", asked.choice("state"));
    let head = "select r.id, r.number, c.name, o.number as referrer, r.amount_fen, r.state, r.effective_on, r.paid_on, \
                coalesce(u.name, '') as manager from referral_reward r join customer c on c.customer_id = r.customer_id \
                join customer o on o.customer_id = r.referrer_id left join user_view u on u.id = r.manager_id";
    let tail = format!("order by r.id desc limit {} offset {}", asked.size, asked.offset());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    let counted = "select count(*) as n, cast(coalesce(sum(r.amount_fen), 0) as bigint) as amount_fen \
                   from referral_reward r join customer c on c.customer_id = r.customer_id";
    let sums = work.tx.fetch_one(w.select(counted, ""), w.args()).await?;
    let count: i64 = sums.get("n")?;
    let rows = found.iter().map(|row| row_of(&ui, row)).collect::<Result<Vec<_>, StoreError>>()?;
    let shown = found.iter().map(|row| row.get::<i64>("amount_fen")).sum::<Result<i64, StoreError>>()?;
    let empty =
        Empty { icon: Some(Icon::Coins), title: ui.t("reward-none"), text: ui.t("reward-none-text"), step: None };
    let result = ListPage {
        rows,
        page_totals: vec![("amount", shown)],
        totals: vec![("amount", sums.get("amount_fen")?)],
        count,
        empty: Some(empty),
    };
    if let Some(rows) = visit.rows(&spec, &asked, &result) {
        return Ok(rows);
    }
    let page = Page::new(ui.t("reward-title"), "rewards")
        .subtitle(ui.t("reward-note"))
        .actions(ui.list_tools(&spec, &asked, count));
    visit.page_of(&page, &ui.list(&spec, &asked, &result))
}

/// Where a reward stands: shape and word.
pub(super) fn state(ui: &Ui, state: RewardState) -> (Html, String) {
    let (tone, icon) = match state {
        RewardState::Proposed => (Tone::Accent, Icon::Bell),
        RewardState::Submitted => (Tone::Watch, Icon::Clock),
        RewardState::Approved => (Tone::Info, Icon::Check),
        RewardState::Paid => (Tone::Ok, Icon::CircleCheck),
        RewardState::Refused => (Tone::Sub, Icon::Ban),
        RewardState::Dropped => (Tone::Neutral, Icon::Archive),
    };
    let word = ui.t(format!("reward-state-{}", state.as_str()));
    (ui.badge(tone, icon, &word), word)
}

fn row_of(ui: &Ui, row: &DbRow) -> Result<Row, StoreError> {
    let id: RewardId = row.get("id")?;
    let (badge, word) = state(ui, row.get("state")?);
    let cells = vec![
        Cell::Link(row.get("number")?, page_of(id)),
        Cell::Strong(row.get("name")?),
        Cell::Muted(row.get("referrer")?),
        Cell::Money(row.get("amount_fen")?),
        Cell::State(badge, word),
        Cell::Text(row.get("manager")?),
        Cell::date(row.get("effective_on")?),
        Cell::date(row.get("paid_on")?),
    ];
    Ok(Row { key: id.to_string(), cells, href: page_of(id) })
}
