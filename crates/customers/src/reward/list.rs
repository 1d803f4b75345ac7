//! The list of referral rewards, with the sums of the page and of the whole result.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Choice, Empty, Html, Icon, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{RewardId, RewardState};
use super::{LIST, page_of};
use crate::customer::store::within;
use crate::{EXPORT, VIEW};

/// The views in the order of their tabs.
const VIEWS: [&str; 5] = ["proposed", "submitted", "approved", "paid", "all"];

/// The list.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
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

/// The referral rewards (转介绍奖励清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/rewards/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "reward-title",
    file: "rewards",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(wanted: &Wanted) -> Conditions {
    let mut w = within(wanted.scope);
    match wanted.query.view.as_str() {
        "all" => &mut w,
        state => w.and_values("r.state = ?", args![RewardState::parse(state).unwrap_or(RewardState::Proposed)]),
    };
    w.one_of("r.state", wanted.query.choice("state"));
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let counted = "select count(*) as n, cast(coalesce(sum(r.amount_fen), 0) as bigint) as amount_fen \
                   from referral_reward r join customer c on c.customer_id = r.customer_id";
    let row = work.tx.fetch_one(w.select(counted, ""), w.args()).await?;
    Ok(Sums { count: row.get("n")?, totals: vec![("amount", row.get("amount_fen")?)] })
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(wanted);
    let head = "select r.id, r.number, c.name, o.number as referrer, r.amount_fen, r.state, r.effective_on, r.paid_on, \
                coalesce(u.name, '') as manager from referral_reward r join customer c on c.customer_id = r.customer_id \
                join customer o on o.customer_id = r.referrer_id left join user_view u on u.id = r.manager_id";
    let tail = format!("order by r.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    Ok(found.iter().map(|row| row_of(ui, row)).collect::<Result<_, StoreError>>()?)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty =
        Empty { icon: Some(Icon::Coins), title: ui.t("reward-none"), text: ui.t("reward-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let page = Page::new(ui.t("reward-title"), "rewards").subtitle(ui.t("reward-note")).actions(shown.tools());
    shown.answer(&visit, &page)
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
