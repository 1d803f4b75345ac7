//! The list of campaigns.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::access::DataScope;
use platform::args;
use platform::db::{AssertSqlSafe, Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, ListSpec, Row, View};
use platform::page::{Button, Empty, Icon, Look, Page, Ui};
use platform::policies::{self, InForce};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::actions::sees_costs;
use super::model::CampaignId;
use super::{LIST, PLAN, page_of};
use crate::EXPORT;
use crate::lead::store::reach;
use crate::lead::{VIEW, policy};

/// The views in the order of their tabs.
const VIEWS: [&str; 3] = ["living", "reviewed", "all"];

/// The list.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("campaign-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "campaign-number", ColumnKind::Text),
            Column::new("title", "campaign-name", ColumnKind::Text),
            Column::new("channel", "lead-channel", ColumnKind::Text),
            Column::new("from", "campaign-from", ColumnKind::Date),
            Column::new("until", "campaign-until", ColumnKind::Date),
            Column::new("budget", "campaign-budget", ColumnKind::Money),
            Column::new("cost", "campaign-cost", ColumnKind::Money),
            Column::new("leads", "campaign-leads", ColumnKind::Count),
            Column::new("won", "campaign-won", ColumnKind::Count),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "campaign-count",
        ..ListSpec::default()
    }
}

/// The rows of a scope: what is of the whole institution, and of the own branch.
pub(crate) fn within(scope: DataScope, own: i64, w: &mut Conditions) {
    if scope.branch != 0 || scope.team != 0 || scope.manager != 0 {
        w.and_values("(c.branch_id is null or c.branch_id = ?)", args![own]);
    }
}

/// The campaigns (营销活动清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/campaigns/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "campaign-title",
    file: "campaigns",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(work: &Work, wanted: &Wanted) -> Conditions {
    let mut w = Conditions::new();
    within(wanted.scope, work.actor.branch.0, &mut w);
    match wanted.query.view.as_str() {
        "all" => &mut w,
        "reviewed" => w.and_values("c.reviewed_on is not null", args![]),
        _ => w.and_values("c.reviewed_on is null", args![]),
    };
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(work, wanted);
    let counted = w.select("select count(*) as n from campaign c", "");
    let count: i64 = work.tx.fetch_one(counted, w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(work, wanted);
    let (reach, shown) = (reach(wanted.scope), sees_costs(work, wanted.scope));
    let sql = format!(
        "select c.id, c.number, c.title, c.channel, c.starts_on, c.ends_on, c.budget_fen, \
         cast((select coalesce(sum(e.amount_fen), 0) from campaign_cost e where e.campaign_id = c.id) as bigint) \
         as cost_fen, (select count(*) from lead l where l.campaign_id = c.id and {reach}) as leads, \
         (select count(l.won_on) from lead l where l.campaign_id = c.id and {reach}) as won from campaign c \
         where {} order by c.id desc {}",
        w.sql(),
        wanted.limit()
    );
    let found = work.tx.fetch_all(AssertSqlSafe(sql), w.args()).await?;
    let rules = policies::ruling(work).await?;
    Ok(found.iter().map(|row| row_of(ui, rules.as_deref(), row, shown)).collect::<Result<_, StoreError>>()?)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::Calendar),
        title: ui.t("campaign-none"),
        text: ui.t("campaign-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    if visit.may(PLAN) {
        let new = Button::link(Look::Primary, ui.t("campaign-new"), format!("{LIST}/new"));
        tools.push(&ui.button(new.icon(Icon::Plus)));
    }
    let page = Page::new(ui.t("campaign-title"), "campaigns").subtitle(ui.t("campaign-note")).actions(tools);
    shown.answer(&visit, &page)
}

fn row_of(ui: &Ui, rules: Option<&InForce>, row: &DbRow, shown: bool) -> Result<Row, StoreError> {
    let id: CampaignId = row.get("id")?;
    let channel: String = row.get("channel")?;
    let channel = rules.map_or_else(|| channel.clone(), |p| policy::title(ui, p, "lead_channel", &channel));
    let money = |amount: i64| if shown { Cell::Money(amount) } else { Cell::Text("—".to_owned()) };
    let cells = vec![
        Cell::Link(row.get("number")?, page_of(id)),
        Cell::Strong(row.get("title")?),
        Cell::Text(channel),
        Cell::date(row.get("starts_on")?),
        Cell::date(row.get("ends_on")?),
        money(row.get("budget_fen")?),
        money(row.get("cost_fen")?),
        Cell::Count(row.get("leads")?),
        Cell::Count(row.get("won")?),
    ];
    Ok(Row { key: id.to_string(), cells, href: page_of(id) })
}
