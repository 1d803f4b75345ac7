//! The list of partners.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::{AssertSqlSafe, Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, ListSpec, Row, View};
use platform::page::{Button, Empty, Html, Icon, Look, Page, Tone, Ui};
use platform::policies::{self, InForce};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::PartnerId;
use super::{EDIT, LIST, page_of};
use crate::EXPORT;
use crate::campaign::within;
use crate::lead::store::reach;
use crate::lead::{VIEW, policy};

/// The views in the order of their tabs.
const VIEWS: [&str; 3] = ["living", "ended", "all"];

/// The list.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("partner-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "partner-number", ColumnKind::Text),
            Column::new("name", "partner-name", ColumnKind::Text),
            Column::new("kind", "partner-kind", ColumnKind::Text),
            Column::new("state", "partner-state", ColumnKind::State),
            Column::new("until", "partner-until", ColumnKind::Date),
            Column::new("leads", "campaign-leads", ColumnKind::Count),
            Column::new("won", "campaign-won", ColumnKind::Count),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "partner-count",
        ..ListSpec::default()
    }
}

/// The partners (合作渠道清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/partners/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "partner-title",
    file: "partners",
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
        "ended" => w.and_values("c.ended_on is not null", args![]),
        _ => w.and_values("c.ended_on is null", args![]),
    };
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(work, wanted);
    let counted = w.select("select count(*) as n from partner c", "");
    let count: i64 = work.tx.fetch_one(counted, w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(work, wanted);
    let reach = reach(wanted.scope);
    let sql = format!(
        "select c.id, c.number, c.name, c.kind, c.ended_on, \
         (select max(a.valid_until) from partner_agreement a where a.partner_id = c.id) as valid_until, \
         (select count(*) from lead l where l.partner_id = c.id and {reach}) as leads, \
         (select count(l.won_on) from lead l where l.partner_id = c.id and {reach}) as won from partner c \
         where {} order by c.id desc {}",
        w.sql(),
        wanted.limit()
    );
    let found = work.tx.fetch_all(AssertSqlSafe(sql), w.args()).await?;
    let rules = policies::ruling(work).await?;
    Ok(found.iter().map(|row| row_of(ui, rules.as_deref(), row)).collect::<Result<_, StoreError>>()?)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty =
        Empty { icon: Some(Icon::Briefcase), title: ui.t("partner-none"), text: ui.t("partner-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    if visit.may(EDIT) {
        let new = Button::link(Look::Primary, ui.t("partner-new"), format!("{LIST}/new"));
        tools.push(&ui.button(new.icon(Icon::Plus)));
    }
    let page = Page::new(ui.t("partner-title"), "partners").subtitle(ui.t("partner-list-note")).actions(tools);
    shown.answer(&visit, &page)
}

/// Where a partnership stands: shape and word.
pub(super) fn state(ui: &Ui, ended: bool, until: Option<jiff::civil::Date>) -> (Html, String) {
    let (tone, icon, id) = match (ended, until) {
        (true, _) => (Tone::Neutral, Icon::Archive, "partner-state-ended"),
        (false, Some(until)) if until >= ui.business_date => (Tone::Ok, Icon::CircleCheck, "partner-state-covered"),
        (false, _) => (Tone::Sub, Icon::AlertTriangle, "partner-state-uncovered"),
    };
    let word = ui.t(id);
    (ui.badge(tone, icon, &word), word)
}

fn row_of(ui: &Ui, rules: Option<&InForce>, row: &DbRow) -> Result<Row, StoreError> {
    let id: PartnerId = row.get("id")?;
    let kind: String = row.get("kind")?;
    let kind = rules.map_or_else(|| kind.clone(), |p| policy::title(ui, p, "partner_kind", &kind));
    let ended: Option<jiff::civil::Date> = row.get("ended_on")?;
    let until = row.get("valid_until")?;
    let (badge, word) = state(ui, ended.is_some(), until);
    let cells = vec![
        Cell::Link(row.get("number")?, page_of(id)),
        Cell::Strong(row.get("name")?),
        Cell::Text(kind),
        Cell::State(badge, word),
        Cell::date(until),
        Cell::Count(row.get("leads")?),
        Cell::Count(row.get("won")?),
    ];
    Ok(Row { key: id.to_string(), cells, href: page_of(id) })
}
