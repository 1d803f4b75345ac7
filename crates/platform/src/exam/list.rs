//! The list of exams: what stands, passed or not.

use axum::extract::RawQuery;
use axum::response::Response;

use super::model::{ExamId, Scoring};
use super::{EXAM_RECORD, EXAM_VIEW, LIST, store};
use crate::args;
use crate::db::{Conditions, Row as DbRow, StoreError};
use crate::error::ActionError;
use crate::exam::bank::{BANK, QUESTION_VIEW};
use crate::exam::sitting::SITTINGS;
use crate::list_export::{Listed, Sums, Wanted, plain};
use crate::page::list::{Cell, Column, ColumnKind, ListSpec, Row, View};
use crate::page::{Button, Empty, Icon, Look, Page, Tone, Ui};
use crate::web::{Routes, Visit, WebError};
use crate::work::Work;

/// The views in the order of their tabs.
const VIEWS: [&str; 3] = ["all", "passed", "failed"];

pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, EXAM_VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("exam-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("person", "exam-person", ColumnKind::Text),
            Column::new("title", "exam-name", ColumnKind::Text),
            Column::new("held_on", "exam-held-on", ColumnKind::Date),
            Column::new("right", "exam-right", ColumnKind::Count),
            Column::new("points", "exam-points", ColumnKind::Count),
            Column::new("most", "exam-most", ColumnKind::Count),
            Column::new("result", "exam-result", ColumnKind::State),
            Column::new("note", "exam-note", ColumnKind::Text),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "exam-count",
        ..ListSpec::default()
    }
}

/// The exams (考试清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/exams/export.xlsx",
    view: EXAM_VIEW,
    export: EXAM_VIEW,
    act: "user.export",
    title: "exam-title",
    file: "exams",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(wanted: &Wanted) -> Conditions {
    let mut w = Conditions::new();
    // What was corrected stays in the table; the list shows what stands in its place.
    w.and_values("not exists (select 1 from staff_exam n where n.corrects_id = e.id)", args![]);
    store::within(wanted.scope, &mut w);
    w.one_of("e.id", &wanted.picked_numbers());
    match wanted.query.view.as_str() {
        "passed" => w.and_values("e.right_answers * e.points_each >= e.pass_points", args![]),
        "failed" => w.and_values("e.right_answers * e.points_each < e.pass_points", args![]),
        _ => &mut w,
    };
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let counted = "select count(*) as n from staff_exam e join app_user u on u.id = e.user_id";
    let count: i64 = work.tx.fetch_one(w.select(counted, ""), w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(wanted);
    let head = "select e.id, u.name, e.title, e.held_on, e.questions, e.points_each, e.pass_points, e.right_answers, \
                e.note, (select h.sitting_id from exam_hand_in h where h.exam_id = e.id) as sitting_id \
                from staff_exam e join app_user u on u.id = e.user_id";
    let tail = format!("order by e.held_on desc, e.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    let may = work.authorise(EXAM_RECORD).is_ok();
    Ok(found.iter().map(|row| row_of(ui, may, row)).collect::<Result<Vec<_>, StoreError>>()?)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty =
        Empty { icon: Some(Icon::Checklist), title: ui.t("exam-none"), text: ui.t("exam-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    if visit.may(QUESTION_VIEW) {
        tools.push(&ui.button(Button::link(Look::Secondary, ui.t("question-title"), BANK).icon(Icon::Bulb)));
    }
    if visit.may(EXAM_RECORD) {
        tools.push(&ui.button(Button::link(Look::Primary, ui.t("exam-new"), "/exams/new").icon(Icon::Plus)));
    }
    let page = Page::new(ui.t("exam-title"), "exams").subtitle(ui.t("exam-subtitle")).actions(tools);
    shown.answer(&visit, &page)
}

fn row_of(ui: &Ui, may: bool, row: &DbRow) -> Result<Row, StoreError> {
    let id: ExamId = row.get("id")?;
    let right: i64 = row.get("right_answers")?;
    let scoring = Scoring {
        questions: row.get("questions")?,
        points_each: row.get("points_each")?,
        pass_points: row.get("pass_points")?,
    };
    let (tone, icon, word) = match scoring.passed(right) {
        true => (Tone::Ok, Icon::CircleCheck, "exam-passed"),
        false => (Tone::Sub, Icon::Ban, "exam-failed"),
    };
    let word = ui.t(word);
    // A drawn paper opens as it was answered; else whoever may enter exams corrects one from its row.
    let href = match row.get::<Option<i64>>("sitting_id")? {
        Some(sitting) => format!("{SITTINGS}/{sitting}"),
        None if may => format!("{LIST}/{id}/correct"),
        None => String::new(),
    };
    let cells = vec![
        Cell::Strong(row.get("name")?),
        Cell::Text(row.get("title")?),
        Cell::date(row.get("held_on")?),
        Cell::Count(right),
        Cell::Count(scoring.points(right)),
        Cell::Count(scoring.most()),
        Cell::State(ui.badge(tone, icon, &word), word),
        Cell::Muted(row.get("note")?),
    ];
    Ok(Row { key: id.to_string(), cells, href })
}
