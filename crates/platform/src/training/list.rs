//! The list of trainings: what counts, what no longer does.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;

use super::model::TrainingId;
use super::{LIST, TRAINING_RECORD, TRAINING_VIEW, form};
use crate::args;
use crate::db::{Conditions, Row as DbRow, StoreError};
use crate::error::ActionError;
use crate::exam::store::within;
use crate::list_export::{Listed, Sums, Wanted, plain};
use crate::page::list::{Cell, Column, ColumnKind, ListSpec, Row, View};
use crate::page::{Button, Empty, Icon, Look, Page, Tone, Ui};
use crate::policies::{self, InForce};
use crate::web::{Routes, Visit, WebError};
use crate::work::Work;

/// The views in the order of their tabs.
const VIEWS: [&str; 3] = ["valid", "expired", "all"];

pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, TRAINING_VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("training-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("person", "training-person", ColumnKind::Text),
            Column::new("topic", "training-topic", ColumnKind::Text),
            Column::new("form", "training-form", ColumnKind::Text),
            Column::new("title", "training-name", ColumnKind::Text),
            Column::new("held_on", "training-held-on", ColumnKind::Date),
            Column::new("hours", "training-hours", ColumnKind::Count),
            Column::new("valid_until", "training-valid-until", ColumnKind::Date),
            Column::new("result", "training-result", ColumnKind::State),
            Column::new("by", "training-by", ColumnKind::Text),
            Column::new("note", "training-note", ColumnKind::Text),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "training-count",
        ..ListSpec::default()
    }
}

/// The trainings (培训与胜任力清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/trainings/export.xlsx",
    view: TRAINING_VIEW,
    export: TRAINING_VIEW,
    act: "user.export",
    title: "training-title",
    file: "trainings",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(wanted: &Wanted, today: Date) -> Conditions {
    let mut w = Conditions::new();
    // What was taken back stays in the table; the list shows what stands.
    w.and_values(
        "t.takes_back_id is null and not exists (select 1 from staff_training n where n.takes_back_id = t.id)",
        args![],
    );
    within(wanted.scope, &mut w);
    w.one_of("t.id", &wanted.picked_numbers());
    match wanted.query.view.as_str() {
        "valid" => w.and_values("t.passed = 1 and t.valid_until >= ?", args![today]),
        "expired" => w.and_values("t.valid_until < ?", args![today]),
        _ => &mut w,
    };
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted, work.business_date);
    let counted = "select count(*) as n from staff_training t join app_user u on u.id = t.user_id";
    let count: i64 = work.tx.fetch_one(w.select(counted, ""), w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let today = work.business_date;
    let w = conditions(wanted, today);
    let head = "select t.id, u.name, t.form, t.topic, t.title, t.held_on, t.hours, t.passed, t.valid_until, t.note, \
                (select b.name from app_user b where b.id = t.recorded_by) as by_name \
                from staff_training t join app_user u on u.id = t.user_id";
    let tail = format!("order by t.held_on desc, t.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    let may = work.authorise(TRAINING_RECORD).is_ok();
    let policy = policies::in_force(work, today).await?;
    Ok(found.iter().map(|row| row_of(ui, &policy, may, today, row)).collect::<Result<Vec<_>, StoreError>>()?)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::Checklist),
        title: ui.t("training-none"),
        text: ui.t("training-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    let lacking = Button::link(Look::Secondary, ui.t("training-lacking"), super::lacking::PATH);
    tools.push(&ui.button(lacking.icon(Icon::Checklist)));
    if visit.may(TRAINING_RECORD) {
        tools.push(&ui.button(Button::link(Look::Primary, ui.t("training-new"), "/trainings/new").icon(Icon::Plus)));
    }
    let page = Page::new(ui.t("training-title"), "trainings").subtitle(ui.t("training-subtitle")).actions(tools);
    shown.answer(&visit, &page)
}

fn row_of(ui: &Ui, policy: &InForce, may: bool, today: Date, row: &DbRow) -> Result<Row, StoreError> {
    let id: TrainingId = row.get("id")?;
    let (passed, valid_until): (i64, Date) = (row.get("passed")?, row.get("valid_until")?);
    let (tone, icon, word) = match (passed == 1, valid_until >= today) {
        (true, true) => (Tone::Ok, Icon::CircleCheck, "training-passed"),
        (true, false) => (Tone::Sub, Icon::Clock, "training-expired"),
        (false, _) => (Tone::Sub, Icon::Ban, "training-failed"),
    };
    let word = ui.t(word);
    let topic: String = row.get("topic")?;
    // Whoever may enter trainings takes a wrong one back from its row.
    let href = if may { format!("{LIST}/{id}/back") } else { String::new() };
    let cells = vec![
        Cell::Strong(row.get("name")?),
        Cell::Text(form::topic_title(ui, policy, &topic)),
        Cell::Text(form::form_title(ui, row.get("form")?)),
        Cell::Text(row.get("title")?),
        Cell::date(row.get("held_on")?),
        Cell::Count(row.get("hours")?),
        Cell::Date(valid_until),
        Cell::State(ui.badge(tone, icon, &word), word),
        Cell::Text(row.get::<Option<String>>("by_name")?.unwrap_or_default()),
        Cell::Muted(row.get("note")?),
    ];
    Ok(Row { key: id.to_string(), cells, href })
}
