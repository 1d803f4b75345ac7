//! The form of an evaluation with the figures of conduct beside it, one evaluation, and its publication.

use axum::extract::Path;
use axum::response::Response;
use platform::error::{ActionError, FieldError, Refused};
use platform::locale::Lang;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::policies::{self, InForce, PolicyError};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::model::{Decision, Evaluation, NewEvaluation, Occasion};
use super::pages::{conduct_rows, facts, panel};
use super::rules::POINTS;
use super::{AGENCY_EVALUATE, AGENCY_VIEW, actions, data, evaluation, page_of};

/// Where evaluations are read.
const EVALUATIONS: &str = "/collections/agency-evaluations";

platform::form_fields! {
    /// What an evaluator says.
    EvaluationForm: "occasion", "points1", "points2", "points3", "points4", "points5", "points6", "points7", "points8",
        "points9", "points10", "points11", "points12", "points13", "points14", "points15", "points16", "points17",
        "points18", "points19", "points20", "findings", "conclusion"
}
platform::form_fields! {
    /// Nothing to fill in.
    PublishEvaluationForm:
}

/// The pages of evaluations.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/collections/agencies/{id}/evaluations/new", AGENCY_EVALUATE, new_page)
        .post("/collections/agencies/{id}/evaluations/new", AGENCY_EVALUATE, create)
        .get("/collections/agency-evaluations/{id}", AGENCY_VIEW, show)
        .data::<data::EvaluationData, _, _>("/collections/agency-evaluations/{id}", AGENCY_VIEW, data::evaluation)
        .post("/collections/agency-evaluations/{id}/publish", AGENCY_EVALUATE, publish)
}

/// The name of an item of the policy.
fn item_title(ui: &Ui, policy: &InForce, item: &str) -> String {
    let found = policy.pack().outcome("agency_score_item", item);
    found.map_or_else(|| item.to_owned(), |known| known.title.in_language(ui.lang() == Lang::En).to_owned())
}

fn decision_badge(ui: &Ui, decision: Decision) -> Html {
    let word = ui.t(format!("agency-decision-{}", decision.as_str()));
    match decision {
        Decision::Continue => ui.badge(Tone::Ok, Icon::CircleCheck, word),
        Decision::Improve => ui.badge(Tone::Watch, Icon::Clock, word),
        Decision::Stop => ui.badge(Tone::Doubt, Icon::Ban, word),
    }
}

/// The evaluations of an agency.
pub(super) fn table(ui: &Ui, all: &[Evaluation]) -> Option<Table> {
    let heads =
        ["agency-evaluation-number", "agency-evaluation-on", "agency-occasion", "agency-total", "agency-decision"];
    let heads = heads.into_iter().chain(["agency-evaluation-published"]).map(|id| (ui.t(id), Side::Left));
    let mut table = Table::new(ui.t("agency-evaluations"), heads);
    for one in all {
        table.row([
            super::pages::link(format!("{EVALUATIONS}/{}", one.id), &one.number),
            ui.date(one.on),
            Html::of_text(ui.t(format!("agency-occasion-{}", one.occasion.as_str()))),
            Html::of_text(one.total.to_string()),
            decision_badge(ui, one.decision),
            ui.date_or_dash(one.published_on),
        ]);
    }
    (!all.is_empty()).then_some(table)
}

async fn new_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_new(&visit, &id, &Fields::default(), None).await
}

async fn items(work: &mut Work, ui: &Ui) -> Result<Vec<(String, String, i64)>, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let found = evaluation::items(policy.edition(on))?.into_iter();
    Ok(found.map(|(item, weight)| (item.clone(), item_title(ui, &policy, &item), weight)).collect())
}

async fn draw_new(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    actions::whole(&work, AGENCY_EVALUATE)?;
    let agency = actions::load(&mut work, id, AGENCY_EVALUATE).await?;
    let days = evaluation::period(&mut work, agency.id).await?;
    let conduct = evaluation::conduct(&mut work, agency.id, days).await?;
    let due = evaluation::due(&mut work, agency.id).await?.map_or(Occasion::Extra, |(_, occasion)| occasion);
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let pass = policy.edition(on).integer("agency_pass_score").map_err(PolicyError::from).map_err(ActionError::from)?;
    let value = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let occasions =
        Occasion::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("agency-occasion-{}", one.as_str()))));
    let decisions =
        Decision::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("agency-decision-{}", one.as_str()))));
    let occasion = typed.first("occasion").map_or_else(|| due.as_str().to_owned(), str::to_owned);
    let mut fields = vec![
        Field::new("occasion", ui.t("agency-occasion"), Input::Select(occasions.to_vec())).value(occasion).required(),
    ];
    for ((_, title, weight), name) in items(&mut work, &ui).await?.into_iter().zip(POINTS) {
        let label = ui.t2("agency-points-of", "item", title, "weight", weight);
        fields.push(Field::new(name, label, Input::Text).value(value(name)).required());
    }
    fields.push(Field::new("findings", ui.t("agency-findings"), Input::Area).value(value("findings")).required());
    fields.push(
        Field::new("conclusion", ui.t("agency-decision"), Input::Radio(decisions.to_vec()))
            .value(value("conclusion"))
            .hint(ui.t1("agency-decision-hint", "pass", pass))
            .required(),
    );
    let title = ui.t2("agency-conduct-of", "from", days.0, "to", days.1);
    let form = FormPage {
        active: "agencies",
        title: ui.t("agency-evaluation-new"),
        subtitle: agency.name.clone(),
        action: format!("{}/evaluations/new", page_of(agency.id)),
        fields,
        note: facts(&ui, &title, &conduct_rows(&ui, &conduct)),
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: page_of(agency.id),
    };
    form.draw(visit, refused)
}

fn read(fields: &Fields, items: &[(String, String, i64)]) -> Result<NewEvaluation, Refused> {
    let text = |name: &str| fields.first(name).unwrap_or_default().trim().to_owned();
    let points = items.iter().zip(POINTS).map(|((item, ..), name)| (item.clone(), text(name).parse().ok())).collect();
    let (occasion, decision) = (Occasion::parse(&text("occasion")), Decision::parse(&text("conclusion")));
    let mut wrong = Vec::new();
    if occasion.is_none() {
        wrong.push(FieldError::new("occasion", "choice-invalid"));
    }
    if decision.is_none() {
        wrong.push(FieldError::new("conclusion", "choice-invalid"));
    }
    match (occasion, decision) {
        (Some(occasion), Some(decision)) => {
            Ok(NewEvaluation { occasion, points, findings: text("findings"), decision })
        }
        _ => Err(Refused::form(wrong)),
    }
}

async fn create(Path(id): Path<String>, posted: Posted<EvaluationForm>) -> Result<Response, WebError> {
    let ui = posted.visit.ui();
    let mut work = posted.begin("agency.evaluate").await?;
    let items = items(&mut work, &ui).await?;
    let done = match read(&posted.fields, &items) {
        Ok(new) => evaluation::evaluate(&mut work, &id, &new).await,
        Err(refused) => Err(refused.into()),
    };
    let place = done.as_ref().map(|id| format!("{EVALUATIONS}/{id}")).unwrap_or_default();
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = evaluation::load(&mut work, &id, AGENCY_VIEW).await?;
    let agency = actions::load(&mut work, &one.agency.to_string(), AGENCY_VIEW).await?;
    let names = crate::people(&mut work).await?;
    let policy = policies::in_force(&mut work, one.on).await?;
    let rows = [
        ("agency-name", super::pages::link(page_of(agency.id), &agency.name)),
        ("agency-occasion", Html::of_text(ui.t(format!("agency-occasion-{}", one.occasion.as_str())))),
        ("agency-evaluation-on", ui.date(one.on)),
        ("agency-evaluation-by", Html::of_text(names.get(&one.by).cloned().unwrap_or_default())),
        ("agency-total", Html::of_text(one.total.to_string())),
        ("agency-findings", Html::of_text(&one.findings)),
        ("agency-decision", decision_badge(&ui, one.decision)),
        ("agency-evaluation-published", ui.date_or_dash(one.published_on)),
    ];
    let mut body = facts(&ui, &ui.t("agency-evaluation"), &rows);
    let heads = [("agency-item", Side::Left), ("agency-weight", Side::Right), ("agency-points", Side::Right)];
    let mut scores = Table::new(ui.t("agency-scores"), heads.map(|(id, side)| (ui.t(id), side)));
    for score in &one.scores {
        scores.row([
            Html::of_text(item_title(&ui, &policy, &score.item)),
            Html::of_text(format!("{} %", score.weight)),
            Html::of_text(score.points.to_string()),
        ]);
    }
    body.push(&panel(&ui, &ui.t("agency-scores"), None, "", Some(scores)));
    let title = ui.t2("agency-conduct-of", "from", one.from, "to", one.to);
    body.push(&facts(&ui, &title, &conduct_rows(&ui, &one.conduct)));
    if one.published_on.is_none() && visit.may(AGENCY_EVALUATE) && visit.actor.user != Some(one.by) {
        let action = format!("{EVALUATIONS}/{}/publish", one.id);
        body.raw("<form class=\"panel-foot\" method=\"post\" data-once").attr("action", action).raw(">");
        body.push(&ui.guard(visit.guard()));
        body.push(&ui.button(Button::submit(Look::Primary, ui.t("agency-evaluation-publish")).icon(Icon::Check)));
        body.raw("</form>");
    }
    let buttons = [Button::link(Look::Secondary, ui.t("agency-one"), page_of(agency.id)).icon(Icon::ArrowLeft)];
    let page = Page::new(one.number, "agencies").subtitle(agency.name).actions(ui.buttons(&buttons));
    visit.page_of(&page, &body)
}

async fn publish(Path(id): Path<String>, posted: Posted<PublishEvaluationForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("agency.evaluation_publish").await?;
    let id = evaluation::publish(&mut work, &id).await?;
    posted.done(work, format!("{EVALUATIONS}/{id}")).await
}
