//! Use cases of sittings: a paper is drawn, answers are kept, it is handed in or its time is up.

use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::Date;
use serde_json::json;

use super::model::{Asked, Paper, Sitting, SittingError, SittingId, Terms, Way};
use super::store::NewSitting;
use super::{rules, store};
use crate::access::DataScope;
use crate::audit::Entry;
use crate::error::ActionError;
use crate::exam::actions::scoring;
use crate::exam::bank::{self, QUESTION_VIEW};
use crate::exam::model::NewExam;
use crate::exam::{EXAM_VIEW, store as exams};
use crate::id::UserId;
use crate::locale::Lang;
use crate::policies::{self, InForce, PolicyError};
use crate::training;
use crate::work::Work;

/// The papers of the policy today, with its rules.
///
/// # Errors
/// No rules in force.
pub async fn papers(work: &mut Work) -> Result<(Arc<InForce>, Vec<Paper>), ActionError> {
    let on = work.business_date;
    let in_force = policies::in_force(work, on).await?;
    let papers = rules::papers(in_force.edition(on)).map_err(PolicyError::from)?;
    Ok((in_force, papers))
}

/// What the policy calls a paper; in the language of the records.
#[must_use]
pub fn paper_title(policy: &InForce, paper: &str, lang: Lang) -> String {
    let found = policy.pack().outcome("exam_paper", paper);
    found.map_or_else(|| paper.to_owned(), |known| known.title.in_language(lang == Lang::En).to_owned())
}

/// What the policy allows today (rules `exam.paper`, `exam.again`).
///
/// # Errors
/// No rules in force, or rules that know no exams.
pub async fn terms(work: &mut Work) -> Result<Terms, ActionError> {
    let scoring = scoring(work).await?;
    let on = work.business_date;
    let in_force = policies::in_force(work, on).await?;
    let edition = in_force.edition(on);
    let number = |name: &str| edition.integer(name).map_err(PolicyError::from);
    Ok(Terms {
        scoring,
        single: edition.flag("exam_single_choice").map_err(PolicyError::from)?,
        minutes: number("exam_minutes")?,
        a_year: number("exam_attempts_a_year")?,
        between: number("exam_retry_days")?,
    })
}

/// Whoever sits, in person: neither a program's account nor somebody who stands in, and nobody who may look at the answers.
fn sitter(work: &Work) -> Result<UserId, ActionError> {
    let Some(me) = work.actor.user.filter(|_| work.actor.stands_for.is_none() && !work.actor.service) else {
        return Err(SittingError::Another.into());
    };
    // What the roles grant, not what a token with fewer scopes leaves of it.
    let granted = work.app.roles().grants(work.actor.roles.iter().map(String::as_str));
    if granted.contains_key(QUESTION_VIEW) {
        return Err(SittingError::SeesAnswers.into());
    }
    Ok(me)
}

/// Draws a paper for whoever asks (rules `exam.paper`, `exam.sitting`, `exam.again`).
///
/// # Errors
/// [`SittingError`]: no such paper, one is open, too often, too soon, too few questions.
pub async fn begin(work: &mut Work, key: &str) -> Result<SittingId, ActionError> {
    let me = sitter(work)?;
    let (policy, papers) = papers(work).await?;
    let paper = papers.into_iter().find(|paper| paper.key == key).ok_or(SittingError::NoPaper)?;
    let terms = terms(work).await?;
    let (found, wanted) = (paper.questions(), terms.scoring.questions);
    if found != wanted {
        return Err(SittingError::Uneven { found, wanted }.into());
    }
    if store::open_of(&mut work.tx, me).await?.is_some() {
        return Err(SittingError::Open.into());
    }
    let turn = may_again(work, me, &paper, terms).await?;
    let id = SittingId(work.next_id());
    let mut questions = Vec::new();
    for (topic, count) in &paper.parts {
        let usable = bank::store::usable(&mut work.tx, (topic, terms.scoring.points_each, terms.single), me).await?;
        let (found, most) = (usable.len(), usize::try_from(*count).unwrap_or(usize::MAX));
        if found < most {
            let named = policy.pack().outcome("exam_topic", topic);
            let topic = named.map_or_else(|| topic.clone(), |known| known.title.in_language(false).to_owned());
            return Err(SittingError::Few { topic, found, wanted: *count }.into());
        }
        questions.extend(rules::drawn(id, usable, most));
    }
    let minutes = SignedDuration::from_mins(terms.minutes);
    let ends_at = work.now.checked_add(minutes).map_err(|error| ActionError::Internal(error.to_string()))?;
    let title = paper_title(&policy, &paper.key, Lang::ZhCn);
    let new = NewSitting {
        id,
        user: me,
        turn,
        paper: &paper.key,
        title: &title,
        scoring: terms.scoring,
        proves: paper.proves.as_deref(),
        ends_at,
        questions: &questions,
    };
    store::insert(work, &new).await?;
    let said = json!({"paper": paper.key, "questions": questions.len(), "ends_at": ends_at});
    work.audit(Entry::new(None, "exam.begin", format!("exam_sitting:{id}")).after(said)).await?;
    Ok(id)
}

/// The how-manieth sitting of this person it is, where the policy lets the paper be sat again (rule `exam.again`).
async fn may_again(work: &mut Work, me: UserId, paper: &Paper, terms: Terms) -> Result<i64, ActionError> {
    let today = work.business_date;
    let between = i32::try_from(terms.between).unwrap_or(i32::MAX);
    let new_year = Date::new(today.year(), 1, 1).unwrap_or(today);
    let since = today.checked_sub(jiff::Span::new().days(between.min(10_000))).unwrap_or(new_year).min(new_year);
    let (days, turns) = store::begun(&mut work.tx, (me, &paper.key), since).await?;
    let this_year = days.iter().filter(|day| **day >= new_year).count();
    if i64::try_from(this_year).unwrap_or(i64::MAX) >= terms.a_year {
        return Err(SittingError::Often { most: terms.a_year }.into());
    }
    let again = days.first().and_then(|last| last.checked_add(jiff::Span::new().days(between.min(10_000))).ok());
    if let Some(from) = again.filter(|from| *from > today) {
        return Err(SittingError::Soon { from }.into());
    }
    Ok(turns + 1)
}

/// A sitting for whoever sits or sat it, and for those who see the exams of that person.
///
/// # Errors
/// [`SittingError::NotFound`].
pub async fn seen(work: &mut Work, id: &str) -> Result<Sitting, ActionError> {
    let key = id.parse().map(SittingId).map_err(|_| SittingError::NotFound)?;
    let own = work.actor.user.map(|me| DataScope { branch: 0, team: 0, manager: me.0 });
    let scopes = [own, work.authorise(EXAM_VIEW).ok()];
    for scope in scopes.into_iter().flatten() {
        if let Some(found) = store::find(&mut work.tx, key, scope).await? {
            return Ok(found);
        }
    }
    Err(SittingError::NotFound.into())
}

/// A sitting of one's own.
async fn mine(work: &mut Work, id: &str) -> Result<Sitting, ActionError> {
    let one = seen(work, id).await?;
    match work.actor.user == Some(one.user) && work.actor.stands_for.is_none() {
        true => Ok(one),
        false => Err(SittingError::NotFound.into()),
    }
}

/// Keeps what was chosen while there is time (rule `exam.sitting`): `given` names places and letters.
///
/// # Errors
/// Not one's own; its time is up; handed in; what no question offers.
pub async fn keep(work: &mut Work, id: &str, given: &[(i64, String)]) -> Result<SittingId, ActionError> {
    let one = mine(work, id).await?;
    if one.ended.is_some() {
        return Err(SittingError::Ended.into());
    }
    if !one.is_open(work.now) {
        return Err(SittingError::TimeUp.into());
    }
    let asked = store::asked(&mut work.tx, one.id).await?;
    let mut changed = Vec::new();
    for (place, typed) in given {
        let found = asked.iter().find(|known| known.place == *place);
        match found.and_then(|known| rules::chosen(known, typed).map(|letters| (known, letters))) {
            Some((known, letters)) if letters != known.chosen => changed.push((*place, letters)),
            Some(_) => {}
            None => return Err(SittingError::NotOffered { place: *place }.into()),
        }
    }
    store::keep(work, one.id, &changed).await?;
    Ok(one.id)
}

/// Hands a sitting in (rule `exam.sitting`): what is given with it is kept while there is time; later only what was kept
/// before counts.
///
/// # Errors
/// Not one's own; handed in already; as [`keep`].
pub async fn hand_in(work: &mut Work, id: &str, given: &[(i64, String)]) -> Result<SittingId, ActionError> {
    let one = mine(work, id).await?;
    let open = one.is_open(work.now);
    if open {
        keep(work, id, given).await?;
    }
    score(work, &one, if open { Way::Handed } else { Way::TimeUp }).await?;
    Ok(one.id)
}

/// Scores a sitting and ends it (rules `exam.score`, `exam.proves`): the result stands with the exams of the staff, entered
/// by the system.
pub(super) async fn score(work: &mut Work, one: &Sitting, way: Way) -> Result<(), ActionError> {
    if one.ended.is_some() {
        return Err(SittingError::Ended.into());
    }
    let asked = store::asked(&mut work.tx, one.id).await?;
    let right = rules::right(&asked);
    let held_on = work.business_date;
    let new = NewExam { user: one.user, title: one.title.clone(), held_on, right, note: String::new() };
    let exam = exams::insert(work, &new, one.scoring, None, 0).await?;
    if !store::end(work, one.id, way, exam).await? {
        return Err(SittingError::Ended.into());
    }
    let said = json!({"way": way.as_str(), "right": right, "points": one.scoring.points(right), "exam": exam});
    work.audit(Entry::new(None, "exam.hand_in", format!("exam_sitting:{}", one.id)).after(said)).await?;
    if let Some(topic) = one.proves.as_deref().filter(|_| one.scoring.passed(right)) {
        training::actions::proven(work, one.user, topic, &one.title).await?;
    }
    Ok(())
}

/// The paper of a sitting, where the person may read it: the examinee, and others once it ended.
///
/// # Errors
/// The store's.
pub async fn paper_of(work: &mut Work, one: &Sitting) -> Result<Vec<Asked>, ActionError> {
    let own = work.actor.user == Some(one.user);
    if one.ended.is_none() && !(own && one.is_open(work.now)) {
        return Ok(Vec::new());
    }
    Ok(store::asked(&mut work.tx, one.id).await?)
}
