//! Sittings as a program reads them (在线考试数据): never with the right answers before the end.

use axum::extract::Path;
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Asked, Sitting};
use super::{actions, rules, store};
use crate::api::Data;
use crate::clock::civil_minute;
use crate::exam::bank::model::letters_of;
use crate::web::{Routes, Visit, WebError};

pub(super) fn routes() -> Routes {
    Routes::new()
        .data_own::<OwnData, _, _>("/exam-sittings", own)
        .data_own::<SittingData, _, _>("/exam-sittings/{sitting}", one)
}

/// The papers on offer and one's own sittings (我的考试).
#[derive(Debug, Serialize, JsonSchema)]
struct OwnData {
    /// The papers that can be drawn.
    papers: Vec<PaperData>,
    /// One's own sittings, the latest first.
    sittings: Vec<SittingData>,
}

/// A paper of the policy (试卷).
#[derive(Debug, Serialize, JsonSchema)]
struct PaperData {
    /// Its name, as the form that begins a sitting takes it.
    paper: String,
    /// What the policy calls it.
    title: String,
    /// How many questions it has.
    questions: i64,
}

/// A sitting (在线考试).
#[derive(Debug, Serialize, JsonSchema)]
struct SittingData {
    /// The key.
    id: String,
    /// Who sits or sat it.
    person: String,
    /// The paper.
    title: String,
    /// Since when, to the minute.
    begun_at: String,
    /// Until when answers are taken, to the minute.
    ends_at: String,
    /// `open`, `time_up` as long as nobody handed it in, or `done`.
    state: String,
    /// The most points.
    most: i64,
    /// The points, once it is done.
    points: Option<i64>,
    /// Whether it was passed, once it is done.
    passed: Option<bool>,
    /// The paper; empty in lists, and for everybody but the examinee before the end.
    questions: Vec<AskedData>,
}

/// A question as it was put (试卷题目).
#[derive(Debug, Serialize, JsonSchema)]
struct AskedData {
    /// Its number on the paper.
    place: i64,
    /// What is asked.
    asked: String,
    /// The choices, each with its letter.
    choices: Vec<ChoiceData>,
    /// Whether several may be chosen.
    several: bool,
    /// The letters chosen; empty where nothing was.
    chosen: String,
    /// The letters of what is right; not before the end.
    right: Option<String>,
    /// The article that makes it right; not before the end.
    source: Option<String>,
}

/// A choice (选项).
#[derive(Debug, Serialize, JsonSchema)]
struct ChoiceData {
    /// Its letter.
    letter: String,
    /// Its words.
    text: String,
}

async fn own(visit: Visit) -> Result<Data<OwnData>, WebError> {
    let mut work = visit.read().await?;
    let me = visit.user()?;
    let (policy, papers) = actions::papers(&mut work).await?;
    let papers = papers.into_iter().map(|paper| PaperData {
        title: actions::paper_title(&policy, &paper.key, visit.lang),
        questions: paper.questions(),
        paper: paper.key,
    });
    let papers = papers.collect();
    let sittings = store::of(&mut work.tx, me).await?;
    let now = visit.now;
    let sittings = sittings.iter().map(|one| data(one, now, Vec::new())).collect();
    Ok(Data(OwnData { papers, sittings }))
}

async fn one(visit: Visit, Path(id): Path<String>) -> Result<Data<SittingData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id).await?;
    let asked = actions::paper_of(&mut work, &one).await?;
    Ok(Data(data(&one, visit.now, asked)))
}

fn data(one: &Sitting, now: jiff::Timestamp, asked: Vec<Asked>) -> SittingData {
    let done = one.ended.is_some();
    let state = match (done, one.is_open(now)) {
        (true, _) => "done",
        (false, true) => "open",
        (false, false) => "time_up",
    };
    SittingData {
        id: one.id.to_string(),
        person: one.person.clone(),
        title: one.title.clone(),
        begun_at: civil_minute(one.begun_at),
        ends_at: civil_minute(one.ends_at),
        state: state.to_owned(),
        most: one.scoring.most(),
        points: one.right.map(|right| one.scoring.points(right)),
        passed: one.right.map(|right| one.scoring.passed(right)),
        questions: asked.into_iter().map(|each| question(each, done)).collect(),
    }
}

fn question(one: Asked, done: bool) -> AskedData {
    let letters = letters_of(one.choices.len());
    AskedData {
        place: one.place,
        several: rules::takes_several(&one),
        choices: letters
            .iter()
            .zip(one.choices)
            .map(|(letter, text)| ChoiceData { letter: letter.to_string(), text })
            .collect(),
        asked: one.words,
        chosen: one.chosen,
        right: done.then_some(one.right),
        source: done.then_some(one.source),
    }
}
