//! The list of messages: what waits for a person's word comes first.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::clock::civil_minute;
use platform::db::Conditions;
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Choice, Html, Icon, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{MessageKind, MessageState};
use super::store::{self, MessageRow};
use crate::listing::{self, LOAN_EXPORT, LOAN_VIEW};

/// Where the list is.
pub const LIST: &str = "/messages";
/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["open", "waiting", "sent", "all"];

/// The list and its workbook.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, LOAN_VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let kinds = MessageKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), ui.t(kind.title())));
    let channels = platform::message::CHANNELS.map(|one| Choice::new(one.as_str(), channel(ui, one.as_str())));
    let states =
        MessageState::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("message-state-{}", one.as_str()))));
    let view = |id: &str| View { id: id.to_owned(), text: ui.t(format!("message-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("to", "message-to", ColumnKind::Text),
            Column::new("channel", "message-channel", ColumnKind::Text),
            Column::new("kind", "message-kind", ColumnKind::Text),
            Column::new("loan", "loan-number", ColumnKind::Text),
            Column::new("state", "message-state", ColumnKind::State),
            Column::new("decision", "message-decision", ColumnKind::Text),
            Column::new("composed", "message-composed", ColumnKind::Text),
            Column::new("sent", "message-sent-at", ColumnKind::Text),
            Column::new("signs", "message-signs", ColumnKind::Count),
            Column::new("by", "message-by", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("q", "ledger-find", FilterKind::Text),
            Filter::new("kind", "message-kind", FilterKind::Choice(kinds.collect())),
            Filter::new("channel", "message-channel", FilterKind::Choice(channels.to_vec())),
            Filter::new("state", "message-state", FilterKind::Choice(states.to_vec())),
        ],
        views: VIEWS.into_iter().map(view).collect(),
        counted: "message-count",
        ..ListSpec::default()
    }
}

/// The name of a channel.
pub(super) fn channel(ui: &Ui, name: &str) -> String {
    ui.t(format!("channel-{name}"))
}

fn conditions(wanted: &Wanted) -> Conditions {
    let (mut w, scope, asked) = (Conditions::new(), wanted.scope, &wanted.query);
    let own = [("m.branch_id = ?", scope.branch), ("m.team_id = ?", scope.team), ("m.manager_id = ?", scope.manager)];
    for (column, id) in own.into_iter().filter(|(_, id)| *id != 0) {
        w.and_values(column, args![id]);
    }
    w.one_of("m.id", &wanted.picked_numbers());
    match asked.view.as_str() {
        "waiting" => w.one_of("m.state", &[MessageState::Waiting]),
        "sent" => w.one_of("m.state", &[MessageState::Sent, MessageState::Delivered]),
        "all" => w.one_of("m.state", &MessageState::ALL),
        _ => w
            .one_of("m.state", &[MessageState::Failed, MessageState::Unknown])
            .and_values("m.decision is null", args![]),
    };
    let kinds: Vec<MessageKind> = asked.choice("kind").iter().filter_map(|one| MessageKind::parse(one)).collect();
    if !kinds.is_empty() {
        w.one_of("m.kind", &kinds);
    }
    let states: Vec<MessageState> = asked.choice("state").iter().filter_map(|one| MessageState::parse(one)).collect();
    if !states.is_empty() {
        w.one_of("m.state", &states);
    }
    let channels: Vec<String> = asked.choice("channel").iter().map(|one| (*one).to_owned()).collect();
    if !channels.is_empty() {
        w.one_of("m.channel", &channels);
    }
    if let Some(text) = asked.text("q") {
        let part = format!("%{}%", text.to_lowercase().replace(['%', '_'], ""));
        let all = args![part.clone(), part.clone(), part];
        w.and_values("(lower(v.number) like ? or lower(k.name) like ? or k.pinyin like ?)", all);
    }
    w
}

/// The messages (短信与邮件清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/messages/export.xlsx",
    view: LOAN_VIEW,
    export: LOAN_EXPORT,
    act: LOAN_EXPORT,
    title: "message-title",
    file: "messages",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    Ok(store::count(&mut work.tx, &conditions(wanted)).await?.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let (from, most) = wanted.part;
    let rows = store::page(&mut work.tx, &conditions(wanted), most, from).await?;
    Ok(rows.iter().map(|row| row_of(ui, row)).collect())
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::Message, ui.t("message-none"), ui.t("message-none-text"));
    let shown = LISTED.shown(&visit, query).await?.or(none);
    let page = Page::new(ui.t("message-title"), "messages").subtitle(ui.t("message-note")).actions(shown.tools());
    shown.answer(&visit, &page)
}

fn row_of(ui: &Ui, row: &MessageRow) -> Row {
    let href = format!("{LIST}/{}", row.id);
    let (badge, word) = state_badge(ui, row.state);
    let decision = row.decision.map(|one| ui.t(format!("message-decision-{}", one.as_str())));
    Row {
        key: row.id.to_string(),
        cells: vec![
            Cell::Link(row.customer.clone(), href.clone()),
            Cell::Text(row.masked.clone()),
            Cell::Text(channel(ui, row.channel.as_str())),
            Cell::Text(ui.t(row.kind.title())),
            Cell::Link(row.loan_number.clone(), format!("/loans/{}", row.loan)),
            Cell::State(badge, word),
            decision.map_or(Cell::None, Cell::Text),
            Cell::Text(civil_minute(row.recorded_at)),
            row.sent_at.map_or(Cell::None, |at| Cell::Text(civil_minute(at))),
            Cell::Count(row.signs),
            Cell::Text(row.by.clone()),
        ],
        href,
    }
}

/// A state as badge and word.
pub(super) fn state_badge(ui: &Ui, state: MessageState) -> (Html, String) {
    let (tone, icon) = match state {
        MessageState::Waiting => (Tone::Accent, Icon::Clock),
        MessageState::Sent => (Tone::Ok, Icon::Send),
        MessageState::Delivered => (Tone::Ok, Icon::CircleCheck),
        MessageState::Failed => (Tone::Doubt, Icon::AlertCircle),
        MessageState::Unknown => (Tone::Watch, Icon::HelpCircle),
        MessageState::Withdrawn => (Tone::Neutral, Icon::Ban),
    };
    let word = ui.t(format!("message-state-{}", state.as_str()));
    (ui.badge(tone, icon, &word), word)
}
