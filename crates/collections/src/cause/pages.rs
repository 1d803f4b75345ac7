//! Cause and capacity on the page of a case: what holds, what the policy advises, the form for another finding.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use finance::Fen;
use platform::error::{ActionError, FieldError};
use platform::page::{Choice, Field, Guard, Html, Icon, Input, Tone, Ui};
use platform::policies::{self, PolicyError, article_address};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::model::{Capacity, CauseError, Diagnosis, Hint, Loss, NewDiagnosis, Talk};
use super::prerequisites::{self, Met};
use super::{actions, store};
use crate::CASE_WORK;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseState};

/// Where the forms go.
pub fn routes() -> Routes {
    Routes::new()
        .post("/collections/cases/{id}/cause", CASE_WORK, diagnose)
        .post("/collections/cases/{id}/capacity", CASE_WORK, assess)
        .post("/collections/cases/{id}/loss", CASE_WORK, assess_loss)
}

#[derive(Template)]
#[template(path = "case/cause.html")]
struct Panel {
    ui: Ui,
    case: String,
    holds: Option<Held>,
    earlier: Vec<(String, String)>,
    capacity: Option<(Html, Html, Html)>,
    hints: Vec<Told>,
    forms: Option<Forms>,
}

/// The diagnosis that holds, with what the policy says to it.
struct Held {
    diagnosis: Diagnosis,
    title: String,
    also: String,
    measures: Vec<(String, String, Html)>,
    warnings: Html,
    article: (String, String),
}

/// A cause that contacts speak for, as drawn.
struct Told {
    title: String,
    why: String,
    contacts: i64,
    article: (String, String),
}

struct Forms {
    cause: (Guard, Vec<(Choice, bool)>, Vec<Field>),
    loss: (Guard, Vec<Field>),
    capacity: (Guard, Vec<Field>),
}

/// 原因与措施 of a case.
///
/// # Errors
/// The policy lacks something; the store's.
pub async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let mut found = store::of_case(&mut work.tx, case.key).await?.into_iter();
    let holds = match found.next() {
        Some(diagnosis) => Some(held(&ui, work, case, diagnosis).await?),
        None => None,
    };
    let earlier = found
        .map(|one| (platform::clock::civil_minute(one.at), format!("{} · {}", title(&ui, &one.cause), one.by)))
        .collect();
    let capacity = store::capacity(&mut work.tx, case.key).await?;
    let open = matches!(case.state, CaseState::Open { .. });
    let hinted = if open { actions::hinted(work, case).await? } else { Vec::new() };
    // What contacts speak for is ticked as long as nobody has found a cause.
    let ticked: Vec<String> = match &holds {
        None => hinted.iter().map(|hint| hint.cause.clone()).collect(),
        Some(_) => Vec::new(),
    };
    let forms = match open && visit.may(CASE_WORK) {
        true => Some(forms(visit, &ui, &actions::severity(work).await?, &ticked)),
        false => None,
    };
    let body = Panel {
        case: case.key.case.to_string(),
        holds,
        earlier,
        capacity: capacity.map(|one| (ui.money(one.income), ui.money(one.living), ui.money(one.left()))),
        hints: told(&ui, work, hinted).await?,
        forms,
        ui,
    };
    Html::of_template(&body).map_err(|error| ActionError::Internal(error.to_string()))
}

/// The causes that contacts speak for, in words.
async fn told(ui: &Ui, work: &mut Work, hints: Vec<Hint>) -> Result<Vec<Told>, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let (english, semicolon) = (ui.lang() == platform::locale::Lang::En, ui.t("list-semicolon"));
    let one = |hint: Hint| Told {
        title: title(ui, &hint.cause),
        why: hint.why.iter().map(|why| why.in_language(english)).collect::<Vec<_>>().join(&semicolon),
        contacts: hint.contacts,
        article: (article_address(&hint.article), policy.article_title(&hint.article, english)),
    };
    Ok(hints.into_iter().map(one).collect())
}

fn title(ui: &Ui, cause: &str) -> String {
    ui.t(format!("cause-{cause}"))
}

async fn held(ui: &Ui, work: &mut Work, case: &Case, diagnosis: Diagnosis) -> Result<Held, ActionError> {
    let proposed = prerequisites::proposed(work, case).await?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let edition = policy.edition(on);
    let gate = actions::gate(edition, &diagnosis.cause).map_err(PolicyError::from)?;
    let english = ui.lang() == platform::locale::Lang::En;
    let named = |measure: &str| {
        let outcome = policy.pack().outcome("default_measure", measure);
        outcome.map_or_else(|| measure.to_owned(), |one| one.title.in_language(english).to_owned())
    };
    let measures = proposed
        .iter()
        .map(|(one, met)| {
            let limit = if one.limit == "none" { String::new() } else { limit_word(ui, &one.limit) };
            (named(&one.measure), limit, met.map_or_else(Html::new, |met| met_badge(ui, met)))
        })
        .collect();
    let mut warnings = Html::new();
    if gate.talk && !diagnosis.talk.suffices() {
        warnings.push(&ui.note(Tone::Watch, Icon::AlertTriangle, Html::of_text(ui.t("cause-needs-talk"))));
    }
    if gate.preserve {
        warnings.push(&ui.note(Tone::Doubt, Icon::AlertTriangle, Html::of_text(ui.t("cause-preserve"))));
    }
    let article = (article_address(&gate.article), policy.article_title(&gate.article, english));
    let also = diagnosis.also.iter().map(|cause| title(ui, cause)).collect::<Vec<_>>().join(&ui.t("list-comma"));
    Ok(Held { title: title(ui, &diagnosis.cause), also, measures, warnings, article, diagnosis })
}

/// Whether the prerequisite of a measure is there.
fn met_badge(ui: &Ui, met: Met) -> Html {
    let (tone, icon) = match met {
        Met::Yes => (Tone::Ok, Icon::CircleCheck),
        Met::No => (Tone::Watch, Icon::AlertTriangle),
        Met::Guarded => (Tone::Neutral, Icon::Shield),
    };
    ui.badge(tone, icon, ui.t(format!("cause-met-{}", met.as_str())))
}

fn limit_word(ui: &Ui, limit: &str) -> String {
    ui.t(format!("cause-limit-{}", limit.replace('_', "-")))
}

fn forms(visit: &Visit, ui: &Ui, causes: &[String], ticked: &[String]) -> Forms {
    let choices = causes.iter().map(|code| (Choice::new(code, title(ui, code)), ticked.contains(code))).collect();
    let talks = Talk::ALL.map(|talk| Choice::new(talk.as_str(), ui.t(format!("cause-talk-{}", talk.as_str()))));
    let cause = vec![
        Field::new("evidence", ui.t("cause-evidence"), Input::Area).required(),
        Field::new("talk", ui.t("cause-talk"), Input::Select(talks.to_vec())).required(),
    ];
    let capacity = vec![
        Field::new("income", ui.t("capacity-income"), Input::Money).required(),
        Field::new("living", ui.t("capacity-living"), Input::Money).required(),
        Field::new("proof", ui.t("cause-evidence"), Input::Text).required(),
    ];
    let answers = || Input::Select(["yes", "no"].map(|one| Choice::new(one, ui.t(one))).to_vec());
    let loss = vec![
        Field::new("continues", ui.t("loss-continues"), answers()).required(),
        Field::new("intact", ui.t("loss-intact"), answers()).required(),
        Field::new("loss_evidence", ui.t("cause-evidence"), Input::Area).required(),
        Field::new("loss_talk", ui.t("cause-talk"), Input::Select(talks.to_vec())).required(),
    ];
    Forms { cause: (visit.guard(), choices, cause), loss: (visit.guard(), loss), capacity: (visit.guard(), capacity) }
}

platform::form_fields! {
    /// A diagnosis; `causes` repeats.
    CauseForm: "causes", "evidence", "talk"
}

async fn diagnose(Path(id): Path<String>, posted: Posted<CauseForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("cause.diagnose").await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    let fields = &posted.fields;
    let new = NewDiagnosis {
        causes: fields.all("causes").map(str::to_owned).collect(),
        evidence: fields.first("evidence").unwrap_or("").to_owned(),
        talk: Talk::parse(fields.first("talk").unwrap_or("")).unwrap_or(Talk::NotYet),
    };
    actions::diagnose(&mut work, case, &new).await?;
    posted.done(work, format!("/collections/cases/{case}")).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CapacityForm {
    income: String,
    living: String,
    proof: String,
}

impl CapacityForm {
    /// Reads all fields, or says everything that is wrong with them at once.
    fn read(&self) -> Result<Capacity, CauseError> {
        let mut wrong = Vec::new();
        let mut money = |name: &'static str, text: &str| {
            let read = text.trim().parse::<Fen>().ok().filter(|fen| *fen >= Fen::ZERO);
            if read.is_none() {
                wrong.push(FieldError::new(name, "amount-unreadable").with("text", text));
            }
            read
        };
        match (money("income", &self.income), money("living", &self.living)) {
            (Some(income), Some(living)) => Ok(Capacity { income, living, evidence: self.proof.clone() }),
            _ => Err(CauseError::Form(wrong)),
        }
    }
}

async fn assess(Path(id): Path<String>, posted: Posted<CapacityForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("capacity.assess").await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    let new = posted.form.read().map_err(ActionError::from)?;
    actions::assess(&mut work, case, &new).await?;
    posted.done(work, format!("/collections/cases/{case}")).await
}

/// The questions about a loss by disaster.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LossForm {
    continues: String,
    intact: String,
    loss_evidence: String,
    loss_talk: String,
}

impl LossForm {
    /// Reads both answers, or says which is missing.
    fn read(&self) -> Result<Loss, CauseError> {
        let mut wrong = Vec::new();
        let mut answer = |name: &'static str, text: &str| match text {
            "yes" => true,
            "no" => false,
            _ => {
                wrong.push(FieldError::new(name, "choice-invalid"));
                false
            }
        };
        let loss = Loss { continues: answer("continues", &self.continues), intact: answer("intact", &self.intact) };
        if wrong.is_empty() { Ok(loss) } else { Err(CauseError::Form(wrong)) }
    }
}

async fn assess_loss(Path(id): Path<String>, posted: Posted<LossForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("cause.loss").await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    let loss = posted.form.read().map_err(ActionError::from)?;
    let new = NewDiagnosis {
        causes: Vec::new(),
        evidence: posted.form.loss_evidence.clone(),
        talk: Talk::parse(&posted.form.loss_talk).unwrap_or(Talk::NotYet),
    };
    actions::assess_loss(&mut work, case, loss, &new).await?;
    posted.done(work, format!("/collections/cases/{case}")).await
}
