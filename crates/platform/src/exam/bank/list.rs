//! The list of questions: what waits for approval, what papers are drawn from, what is used no more. The right answers
//! do not stand in it.

use axum::extract::RawQuery;
use axum::response::Response;

use super::model::{Question, QuestionState};
use super::{ACTIVE, BANK, QUESTION_VIEW, QUESTION_WRITE, actions, form, store};
use crate::args;
use crate::db::Conditions;
use crate::error::ActionError;
use crate::list_export::{Listed, Sums, Wanted, plain};
use crate::page::list::{Cell, Column, ColumnKind, ListSpec, Row, View};
use crate::page::{Button, Empty, Html, Icon, Look, Page, Tone, Ui};
use crate::policies::{self, InForce};
use crate::web::{Routes, Visit, WebError};
use crate::work::Work;

/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["draft", "approved", "retired", "all"];

pub(super) fn routes() -> Routes {
    Routes::new().list(BANK, QUESTION_VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("question-view-{id}")), ..View::default() };
    ListSpec {
        path: BANK.to_owned(),
        columns: vec![
            Column::new("asked", "question-asked", ColumnKind::Text),
            Column::new("topic", "question-topic", ColumnKind::Text),
            Column::new("choices", "question-choice-count", ColumnKind::Count),
            Column::new("points", "question-points", ColumnKind::Count),
            Column::new("source", "question-source", ColumnKind::Text),
            Column::new("state", "question-state", ColumnKind::State),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "question-count",
        ..ListSpec::default()
    }
}

/// The bank (题库清单).
pub(crate) static LISTED: Listed = Listed {
    list: BANK,
    address: "/exam-questions/export.xlsx",
    view: QUESTION_VIEW,
    export: QUESTION_VIEW,
    act: "user.export",
    title: "question-title",
    file: "exam-questions",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(wanted: &Wanted) -> Conditions {
    const APPROVED: &str =
        "exists (select 1 from exam_question_step s where s.question_id = q.id and s.step = 'approved')";
    const NOT_APPROVED: &str =
        "not exists (select 1 from exam_question_step s where s.question_id = q.id and s.step = 'approved')";
    const RETIRED: &str =
        "exists (select 1 from exam_question_step s where s.question_id = q.id and s.step = 'retired')";
    const NOT_RETIRED: &str =
        "not exists (select 1 from exam_question_step s where s.question_id = q.id and s.step = 'retired')";
    let mut w = Conditions::new();
    w.one_of("q.id", &wanted.picked_numbers());
    match wanted.query.view.as_str() {
        "draft" => w.and_values(NOT_RETIRED, args![]).and_values(NOT_APPROVED, args![]),
        "approved" => w.and_values(NOT_RETIRED, args![]).and_values(APPROVED, args![]),
        "retired" => w.and_values(RETIRED, args![]),
        _ => &mut w,
    };
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let counted = "select count(*) as n from exam_question q";
    let count: i64 = work.tx.fetch_one(w.select(counted, ""), w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    actions::closed_to_sitters(work).await?;
    let w = conditions(wanted);
    let tail = format!("order by q.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(store::SELECT, &tail), w.args()).await?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    found.iter().map(|row| Ok(row_of(ui, &policy, &store::decode(row)?))).collect()
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty =
        Empty { icon: Some(Icon::Bulb), title: ui.t("question-none"), text: ui.t("question-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    let workbook = Button::link(Look::Secondary, ui.t("question-workbook"), "/exam-questions/workbook.xlsx");
    tools.push(&ui.button(workbook.icon(Icon::FileSpreadsheet)));
    if visit.may(QUESTION_WRITE) {
        let import = Button::link(Look::Secondary, ui.t("question-import"), "/exam-questions/import");
        tools.push(&ui.button(import.icon(Icon::Upload)));
        let new = Button::link(Look::Primary, ui.t("question-new"), "/exam-questions/new");
        tools.push(&ui.button(new.icon(Icon::Plus)));
    }
    let page = Page::new(ui.t("question-title"), ACTIVE).subtitle(ui.t("question-subtitle")).actions(tools);
    shown.answer(&visit, &page)
}

/// Where a question stands, drawn and in words.
pub(super) fn state(ui: &Ui, state: QuestionState) -> (Html, String) {
    let (tone, icon) = match state {
        QuestionState::Draft => (Tone::Watch, Icon::Clock),
        QuestionState::Approved => (Tone::Ok, Icon::CircleCheck),
        QuestionState::Retired => (Tone::Neutral, Icon::Archive),
    };
    let word = ui.t(format!("question-state-{}", state.as_str()));
    (ui.badge(tone, icon, &word), word)
}

fn row_of(ui: &Ui, policy: &InForce, one: &Question) -> Row {
    let (drawn, word) = state(ui, one.state);
    let cells = vec![
        Cell::Strong(one.said.asked.clone()),
        Cell::Text(form::topic_title(ui, policy, &one.said.topic)),
        Cell::Count(i64::try_from(one.said.choices.len()).unwrap_or(i64::MAX)),
        Cell::Count(one.said.points),
        Cell::Muted(one.said.source.clone()),
        Cell::State(drawn, word),
    ];
    Row { key: one.id.to_string(), cells, href: format!("{BANK}/{}", one.id) }
}
