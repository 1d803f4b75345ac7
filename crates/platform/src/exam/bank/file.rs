//! The bank as a workbook (题库工作簿): out with everything that is in use, in again as drafts, with every cell that cannot
//! be taken named.

use axum::response::Response;

use super::model::{LETTERS, NewQuestion, Question, check};
use super::{ACTIVE, BANK, QUESTION_VIEW, QUESTION_WRITE, actions, form};
use crate::error::{ActionError, FieldError, Refused};
use crate::locale::{Lang, Locale};
use crate::page::{Button, Field, Html, Icon, Input, Look, Tone, Ui};
use crate::policies::{self, InForce};
use crate::sheets::{self, BookWriter, Column, ColumnKind, Limits, Row, Written, column_letters};
use crate::web::{FormPage, Routes, Upload, Visit, WebError, shown_in_form, xlsx};
use crate::work::Work;

/// The columns behind the question and its choices: right answer, topic, points, source.
const RIGHT: u32 = 8;
const TOPIC: u32 = 9;
const POINTS: u32 = 10;
const SOURCE: u32 = 11;
/// The most cells that a refusal names.
const NAMED: usize = 40;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/exam-questions/workbook.xlsx", QUESTION_VIEW, workbook)
        .get("/exam-questions/import", QUESTION_WRITE, import_page)
        .upload("/exam-questions/import", QUESTION_WRITE, import)
}

/// A bank is small: whatever is larger than this is none.
fn limits() -> Limits {
    Limits {
        file_bytes: 4 << 20,
        unzipped_bytes: 32 << 20,
        rows: 2_001,
        columns: 40,
        cells: 80_000,
        text_bytes: 8_192,
        sheets: 8,
        ..Limits::default()
    }
}

/// The headings, in the order of the columns.
fn headings(say: impl Fn(&str) -> String) -> Vec<String> {
    let choices = LETTERS.iter().map(|letter| format!("{} {letter}", say("question-choice")));
    let after = ["question-right", "question-topic", "question-points", "question-source"].map(&say);
    std::iter::once(say("question-asked")).chain(choices).chain(after).collect()
}

async fn workbook(visit: Visit) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let all = actions::all(&mut work).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let bytes = written(&ui, &policy, &all).map_err(|error| ActionError::Internal(error.to_string()))?;
    Ok(xlsx("exam-questions.xlsx", bytes))
}

fn written(ui: &Ui, policy: &InForce, all: &[Question]) -> Result<Vec<u8>, sheets::WriteError> {
    let mut book = BookWriter::new();
    let heads = headings(|id| ui.t(id));
    let columns: Vec<Column> = heads.iter().map(|head| Column::new(head, ColumnKind::Text).wide(24)).collect();
    book.sheet(&ui.t("question-title"), &[], &columns)?;
    for one in all {
        let mut cells = vec![one.said.asked.clone()];
        let mut choices = one.said.choices.clone();
        choices.resize(LETTERS.len(), String::new());
        cells.extend(choices);
        let points = one.said.points.to_string();
        let topic = form::topic_title(ui, policy, &one.said.topic);
        cells.extend([one.said.right.clone(), topic, points, one.said.source.clone()]);
        book.row(&cells.iter().map(|cell| Written::Text(cell)).collect::<Vec<_>>())?;
    }
    book.finish()
}

async fn import_page(visit: Visit) -> Result<Response, WebError> {
    draw_import(&visit, None).await
}

async fn draw_import(visit: &Visit, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    work.authorise(QUESTION_WRITE)?;
    actions::closed_to_sitters(&mut work).await?;
    let file = Field::new("file", ui.t("question-file"), Input::File(".xlsx,.xls,.csv".to_owned()));
    let page = FormPage {
        active: ACTIVE,
        title: ui.t("question-import"),
        action: "/exam-questions/import".to_owned(),
        fields: vec![file.required()],
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("question-import-note"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("question-import")).icon(Icon::Upload)],
        back: BANK.to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn import(upload: Upload) -> Result<Response, WebError> {
    let mut work = upload.begin("question.import").await?;
    match imported(&mut work, &upload).await {
        Ok(()) => upload.done(work, format!("{BANK}?view=draft")).await,
        Err(error) => {
            work.tx.rollback().await?;
            draw_import(&upload.visit, Some(&shown_in_form(error)?)).await
        }
    }
}

/// Every row as a draft, or none (rule `exam.question`).
async fn imported(work: &mut Work, upload: &Upload) -> Result<(), ActionError> {
    work.authorise(QUESTION_WRITE)?;
    let wrong = |code: &'static str| Refused::form(vec![FieldError::new("file", code)]);
    let file = upload.files.iter().find(|file| !file.bytes.is_empty()).ok_or_else(|| wrong("question-file-none"))?;
    let book = sheets::read(&file.name, &file.bytes, &limits()).map_err(|_| wrong("question-file-unreadable"))?;
    let sheet = book.sheets.iter().find(|sheet| !sheet.hidden && !sheet.rows.is_empty());
    let rows = sheet.map(|sheet| sheet.rows.as_slice()).unwrap_or_default();
    let (head, rows) = rows.split_first().ok_or_else(|| wrong("question-file-empty"))?;
    if !known_head(work, head) {
        return Err(wrong("question-file-head").into());
    }
    let topics = actions::topics(work).await?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let (mut found, mut cells) = (Vec::new(), Vec::new());
    for row in rows.iter().filter(|row| (1..=SOURCE).any(|column| !text(row, column).is_empty())) {
        let new = read(row, &policy, &topics);
        cells.extend(check(&new, &topics).iter().map(|one| format!("{}{}", column_of(one.field), row.number)));
        found.push(new);
    }
    if !cells.is_empty() {
        let count = cells.len();
        cells.truncate(NAMED);
        let wrong = FieldError::new("file", "question-cells").with("count", count).with("cells", cells.join(" "));
        return Err(Refused::form(vec![wrong]).under("exam.question", None).into());
    }
    if found.is_empty() {
        return Err(wrong("question-file-empty").into());
    }
    for new in &found {
        actions::write(work, new).await?;
    }
    Ok(())
}

/// Whether the first row is the headings of this workbook, in either language: a question in its place would be lost.
fn known_head(work: &Work, head: &Row) -> bool {
    [Lang::ZhCn, Lang::En].into_iter().any(|lang| {
        let locale = Locale::new(std::sync::Arc::clone(&work.app.catalogue), lang);
        let expected = headings(|id| locale.find(id).unwrap_or_default());
        (1_u32..).zip(&expected).all(|(column, known)| text(head, column) == *known)
    })
}

fn text(row: &Row, column: u32) -> String {
    row.cell(column).map(sheets::Cell::shown).unwrap_or_default().trim().to_owned()
}

fn read(row: &Row, policy: &InForce, topics: &[String]) -> NewQuestion {
    let mut choices: Vec<String> = (2..RIGHT).map(|column| text(row, column)).collect();
    while choices.last().is_some_and(String::is_empty) {
        choices.pop();
    }
    let topic = text(row, TOPIC);
    NewQuestion {
        topic: form::topic_of(policy, topics, &topic).unwrap_or(topic),
        asked: text(row, 1),
        choices,
        right: text(row, RIGHT),
        // What is no number is no number of points.
        points: text(row, POINTS).parse().unwrap_or(0),
        source: text(row, SOURCE),
    }
}

/// In which column a field of a question stands.
fn column_of(field: &str) -> String {
    column_letters(match field {
        "asked" => 1,
        "choices" => 2,
        "right" => RIGHT,
        "topic" => TOPIC,
        "points" => POINTS,
        _ => SOURCE,
    })
}
