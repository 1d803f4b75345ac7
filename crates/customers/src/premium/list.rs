//! The list of premium enterprises: found by number or name, what stands today, what waits, what is over.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use platform::access::store as access;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::id::BranchId;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Button, Empty, Html, Icon, Look, Page, Tone, Ui};
use platform::policies::{self, InForce};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{PremiumId, PremiumState};
use super::{LIST, RECORD, form, page_of};
use crate::lead::policy::title;
use crate::relation::form::percent;
use crate::{EXPORT, VIEW};

/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["standing", "waiting", "over", "all"];

/// The list and its file.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("premium-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "premium-number", ColumnKind::Text),
            Column::new("name", "premium-name", ColumnKind::Text),
            Column::new("uscc", "premium-uscc", ColumnKind::Text),
            Column::new("item", "premium-item", ColumnKind::Text),
            Column::new("industry", "premium-industry", ColumnKind::Text),
            Column::new("board", "premium-board", ColumnKind::Text),
            Column::new("good_years", "premium-good-years", ColumnKind::Text),
            Column::new("parent_uscc", "premium-parent-uscc", ColumnKind::Text),
            Column::new("parent_share", "premium-parent-share", ColumnKind::Text),
            Column::new("proof", "premium-proof", ColumnKind::Text),
            Column::new("starts_on", "premium-from", ColumnKind::Date),
            Column::new("until", "premium-until", ColumnKind::Date),
            Column::new("ended_on", "premium-ended-on", ColumnKind::Date),
            Column::new("state", "premium-state", ColumnKind::State),
            Column::new("branch", "customer-branch", ColumnKind::Text),
        ],
        filters: vec![Filter::new("q", "premium-filter-text", FilterKind::Text)],
        views: VIEWS.iter().map(view).collect(),
        counted: "premium-count",
        ..ListSpec::default()
    }
}

/// The premium enterprises (优质企业名单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/premium-enterprises/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "premium-title",
    file: "premium-enterprises",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(work: &Work, wanted: &Wanted) -> Conditions {
    let today = work.business_date;
    let mut w = Conditions::new();
    match wanted.query.view.as_str() {
        "waiting" => w.and_values("p.state = 'submitted'", args![]),
        "over" => w.and_values("(p.state = 'refused' or p.ended_on <= ? or p.until_on < ?)", args![today, today]),
        "all" => w.and_values("1 = 1", args![]),
        _ => w.and_values(
            "p.state = 'approved' and (p.ended_on is null or p.ended_on > ?) \
             and (p.until_on is null or p.until_on >= ?)",
            args![today, today],
        ),
    };
    if let Some(text) = wanted.query.text("q") {
        let pattern = format!("%{}%", text.replace(['%', '_'], ""));
        w.and_values("(p.uscc = ? or p.number = ? or p.name like ?)", args![text.to_uppercase(), text, pattern]);
    }
    w.one_of("p.id", &wanted.picked_numbers());
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(work, wanted);
    let counted = w.select("select count(*) as n from premium_enterprise p", "");
    let count: i64 = work.tx.fetch_one(counted, w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(work, wanted);
    let head = "select p.id, p.number, p.name, p.uscc, p.item, p.industry, p.board, p.good_years, p.parent_uscc, \
                p.parent_share_ppm, p.proof, p.starts_on, p.until_on, p.ended_on, p.state, p.branch_id \
                from premium_enterprise p";
    let tail = format!("order by p.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    let rules = policies::ruling(work).await?;
    let branches: Vec<(BranchId, String)> =
        access::branches(&mut work.tx).await?.into_iter().map(|one| (one.id, one.name)).collect();
    Ok(found.iter().map(|row| row_of(ui, (rules.as_deref(), &branches), row)).collect::<Result<_, StoreError>>()?)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty =
        Empty { icon: Some(Icon::Building), title: ui.t("premium-none"), text: ui.t("premium-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    if visit.may(RECORD) {
        let link = |look, label: &str, part: &str| Button::link(look, ui.t(label), format!("{LIST}/{part}"));
        tools.push(&ui.button(link(Look::Secondary, "premium-import", "import").icon(Icon::FileImport)));
        tools.push(&ui.button(link(Look::Primary, "premium-new", "new").icon(Icon::Plus)));
    }
    let page = Page::new(ui.t("premium-title"), "premium").subtitle(ui.t("premium-note")).actions(tools);
    shown.answer(&visit, &page)
}

/// Where an entry stands today: shape and word.
pub(super) fn state(
    ui: &Ui,
    state: PremiumState,
    starts_on: Date,
    over: impl IntoIterator<Item = Option<Date>>,
) -> (Html, String) {
    let today = ui.business_date;
    let over = over.into_iter().flatten().any(|from| from <= today);
    let (tone, icon, word) = match state {
        PremiumState::Submitted => (Tone::Watch, Icon::Clock, "submitted"),
        PremiumState::Refused => (Tone::Sub, Icon::Ban, "refused"),
        PremiumState::Approved if over => (Tone::Neutral, Icon::Archive, "over"),
        PremiumState::Approved if starts_on > today => (Tone::Info, Icon::Clock, "coming"),
        PremiumState::Approved => (Tone::Ok, Icon::CircleCheck, "standing"),
    };
    let word = ui.t(format!("premium-state-{word}"));
    (ui.badge(tone, icon, &word), word)
}

fn row_of(
    ui: &Ui,
    (rules, branches): (Option<&InForce>, &[(BranchId, String)]),
    row: &DbRow,
) -> Result<Row, StoreError> {
    let id: PremiumId = row.get("id")?;
    let named = |output: &str, value: String| match rules {
        _ if value == "none" => "—".to_owned(),
        Some(rules) => title(ui, rules, output, &value),
        None => value,
    };
    let board: Option<String> = row.get("board")?;
    let years: Option<i64> = row.get("good_years")?;
    let parent: Option<String> = row.get("parent_uscc")?;
    let share: Option<i64> = row.get("parent_share_ppm")?;
    let (starts_on, until): (Date, Option<Date>) = (row.get("starts_on")?, row.get("until_on")?);
    let ended: Option<Date> = row.get("ended_on")?;
    let branch: BranchId = row.get("branch_id")?;
    let branch = branches.iter().find(|one| one.0 == branch).map(|one| one.1.clone()).unwrap_or_default();
    let over = [ended, until.and_then(|until| until.tomorrow().ok())];
    let (badge, word) = state(ui, row.get("state")?, starts_on, over);
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "—".to_owned());
    let cells = vec![
        Cell::Link(row.get("number")?, page_of(id)),
        Cell::Strong(row.get("name")?),
        Cell::Text(row.get("uscc")?),
        Cell::Text(named("premium_item", row.get("item")?)),
        Cell::Text(named("premium_industry", row.get("industry")?)),
        Cell::Text(or_dash(board.map(|board| form::board_title(ui, &board)))),
        Cell::Text(or_dash(years.map(|years| years.to_string()))),
        Cell::Text(or_dash(parent)),
        Cell::Text(or_dash(share.map(|share| format!("{}%", percent(share))))),
        Cell::Text(row.get("proof")?),
        Cell::date(Some(starts_on)),
        Cell::date(until),
        Cell::date(ended),
        Cell::State(badge, word),
        Cell::Text(branch),
    ];
    Ok(Row { key: id.to_string(), cells, href: page_of(id) })
}
