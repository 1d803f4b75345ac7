//! The list of rewards and penalties (奖惩清单), with those below the standard.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::Conditions;
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, ListSpec, Row, View, address};
use platform::page::{Button, Html, Icon, Look, Page, Side as Align, Table, Tone, Ui};
use platform::policies::{self, PolicyError};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{Merit, MeritState, below};
use super::{LIST, MERIT_PROPOSE, MERIT_VIEW, kind_title, page_of, store};
use crate::listing;
use crate::measure::figures;
use crate::measure::model::{By, Period, Tally};

/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["proposed", "approved", "done", "all"];
/// The kind that is thought of for who stays below the standard.
const CRITICISM: &str = "criticism";

/// The list and its workbook.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, MERIT_VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("merit-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "merit-number", ColumnKind::Text),
            Column::new("person", "merit-person", ColumnKind::Text),
            Column::new("side", "merit-side", ColumnKind::Text),
            Column::new("kind", "merit-kind", ColumnKind::Text),
            Column::new("amount", "merit-amount", ColumnKind::Money),
            Column::new("rate", "measure-recovery-rate", ColumnKind::Text),
            Column::new("rectify", "merit-rectify-by", ColumnKind::Date),
            Column::new("state", "merit-state", ColumnKind::State),
            Column::new("made", "merit-made-on", ColumnKind::Date),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "list-rows",
        ..ListSpec::default()
    }
}

/// Where one stands: badge and word.
pub(super) fn state_badge(ui: &Ui, state: MeritState) -> (Html, String) {
    let (tone, icon) = match state {
        MeritState::Proposed => (Tone::Watch, Icon::Clock),
        MeritState::Approved => (Tone::Info, Icon::Check),
        MeritState::Refused => (Tone::Sub, Icon::Ban),
        MeritState::Done => (Tone::Ok, Icon::CircleCheck),
    };
    let word = ui.t(format!("merit-state-{}", state.as_str()));
    (ui.badge(tone, icon, &word), word)
}

/// The rewards and penalties, as a list.
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/collections/merits/export.xlsx",
    view: MERIT_VIEW,
    export: MERIT_VIEW,
    act: "merit.export",
    title: "merit-title",
    file: "merits",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(wanted: &Wanted) -> Conditions {
    let (mut w, view) = (Conditions::new(), wanted.query.view.as_str());
    store::within(&mut w, wanted.scope);
    w.one_of("m.id", &wanted.picked_numbers());
    match MeritState::parse(view) {
        None if view == "all" => {}
        state => {
            w.and_values("m.state = ?", args![state.unwrap_or(MeritState::Proposed)]);
        }
    }
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    Ok(store::count(&mut work.tx, &conditions(wanted)).await?.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let (from, most) = wanted.part;
    let found = store::page(&mut work.tx, &conditions(wanted), most, from).await?;
    let names = crate::people(work).await?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let row = |one: &Merit| {
        let (badge, word) = state_badge(ui, one.state);
        Row {
            key: one.id.to_string(),
            cells: vec![
                Cell::Link(one.number.clone(), page_of(one.id)),
                Cell::Strong(names.get(&one.person).cloned().unwrap_or_default()),
                Cell::Text(ui.t(format!("merit-side-{}", one.side.as_str()))),
                Cell::Text(kind_title(ui, &policy, &one.kind)),
                Cell::money(one.amount.map(|amount| amount.0)),
                Cell::Text(rate(ui, &one.figures)),
                Cell::date(one.rectify_by),
                Cell::State(badge, word),
                Cell::Date(one.made_on),
            ],
            href: page_of(one.id),
        }
    };
    Ok(found.iter().map(row).collect())
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::Certificate, ui.t("merit-none"), ui.t("merit-none-text"));
    let shown = LISTED.shown(&visit, query).await?.or(none);
    let (mut above, mut tools) = (Html::new(), shown.tools());
    // Who is below the standard is for the eye of whoever proposes: a program has the figures themselves.
    if visit.may(MERIT_PROPOSE) && !visit.request.api() {
        above.push(&below_standard(&ui, &mut visit.read().await?).await?);
        let new = Button::link(Look::Primary, ui.t("merit-new"), format!("{LIST}/new"));
        tools.push(&ui.button(new.icon(Icon::Plus)));
    }
    let page = Page::new(ui.t("merit-title"), "merits").subtitle(ui.t("merit-note")).actions(tools);
    listing::answer(&visit, &shown, &page, above)
}

/// What a person recovered of what was due, in words.
pub(super) fn rate(ui: &Ui, figures: &Tally) -> String {
    figures.recovery_rate().map_or_else(|| ui.t("measure-no-data"), listing::percent)
}

/// The last month that is over.
pub(super) fn last_month(today: jiff::civil::Date) -> Period {
    let to = today.first_of_month().yesterday().unwrap_or(today);
    Period { from: to.first_of_month(), to }
}

/// Who stayed below the standard in the last month, with the way to propose a criticism; nothing is done by itself (S4-31).
async fn below_standard(ui: &Ui, work: &mut Work) -> Result<Html, WebError> {
    let scope = work.authorise(MERIT_PROPOSE).map_err(ActionError::from)?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let standard = policy
        .edition(today)
        .integer("recovery_standard_percent")
        .map_err(|e| ActionError::from(PolicyError::from(e)))?;
    let period = last_month(today);
    let all = figures::load(work, scope, period, By::Collector).await?;
    let names = crate::people(work).await?;
    let mut html = Html::new();
    let found: Vec<_> = all.groups.iter().filter(|(id, t)| !id.is_empty() && below(t, standard)).collect();
    if found.is_empty() {
        return Ok(html);
    }
    let title = ui.t2("merit-below", "percent", standard, "month", period.from.strftime("%Y-%m"));
    let heads = ["merit-person", "measure-recovered", "measure-recovery-rate", "merit-propose"];
    let sided = heads
        .iter()
        .enumerate()
        .map(|(at, id)| (ui.t(id), if at == 1 || at == 2 { Align::Right } else { Align::Left }));
    let mut table = Table::new(&title, sided);
    for (id, tally) in found {
        let name = id.parse().ok().and_then(|id| names.get(&platform::id::UserId(id))).cloned().unwrap_or_default();
        let (from, to) = (period.from.to_string(), period.to.to_string());
        let pairs = [("person", id.as_str()), ("kind", CRITICISM), ("figures_from", &from), ("figures_to", &to)];
        let href = address(&format!("{LIST}/new"), &pairs);
        table.row([
            Html::of_text(name),
            ui.money(tally.recovered),
            Html::of_text(rate(ui, tally)),
            ui.button(Button::link(Look::Small, ui.t("merit-propose-criticism"), href)),
        ]);
    }
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>")
        .text(&title)
        .raw("</h2><span class=\"sub\">");
    html.text(ui.t("merit-below-note")).raw("</span></header>").push(&ui.table(table)).raw("</section>");
    Ok(html)
}
