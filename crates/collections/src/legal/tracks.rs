//! Suit and negotiation of one case side by side (诉讼与协商), S2.3-26: whoever sues goes on talking.

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::api::Data;
use platform::clock::{civil_day, civil_moment};
use platform::duty;
use platform::error::ActionError;
use platform::page::{Button, Html, Icon, Look, Page, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use schemars::JsonSchema;
use serde::Serialize;

use super::store;
use crate::CASE_VIEW;
use crate::case::actions as cases;
use crate::case::list::LIST;
use crate::case::model::Case;

/// The most steps of a track.
const MOST: usize = 200;
/// The most contacts that are read.
const CONTACTS: i64 = 200;

/// Suit and negotiation of a case.
pub(super) fn routes() -> Routes {
    Routes::new().get("/collections/cases/{id}/tracks", CASE_VIEW, show).data::<Tracks, _, _>(
        "/collections/cases/{id}/tracks",
        CASE_VIEW,
        data,
    )
}

/// A step on one of the two tracks (诉讼或协商步骤).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
struct Step {
    /// The day.
    on: String,
    /// Which: `suit`, `suit-ended`; `phone`, `talk`, `promise`, `agreement`.
    kind: String,
    /// About what or whom: the loan, the person, the number of the agreement.
    about: String,
    /// What came of it.
    detail: String,
    /// By whom it was recorded.
    recorded_by: String,
}

/// Suit and negotiation of a case (诉讼与协商), each with its steps, the latest first.
#[derive(Debug, Serialize, JsonSchema)]
struct Tracks {
    /// The means of the law that were taken, and their ends.
    suit: Vec<Step>,
    /// Contacts, talks, promises and agreements.
    negotiation: Vec<Step>,
}

fn latest(mut steps: Vec<Step>) -> Vec<Step> {
    steps.sort_by(|one, other| other.on.cmp(&one.on));
    steps.truncate(MOST);
    steps
}

async fn suit(work: &mut Work, case: &Case) -> Result<Vec<Step>, ActionError> {
    // What the institution does in court is no matter of an agency's people.
    if crate::agency::gate::of_actor(work).await?.is_some() {
        return Ok(Vec::new());
    }
    let mut steps = Vec::new();
    for (number, means) in store::means_of_customer(&mut work.tx, case.key.customer).await? {
        let name = means.kind.as_str();
        let step = |on: Date, kind: String, detail: String| Step {
            on: on.to_string(),
            kind,
            about: number.clone(),
            detail: detail.trim().to_owned(),
            recorded_by: means.by.clone(),
        };
        if let Some(end) = &means.ended {
            steps.push(step(end.on, format!("{name}-ended"), end.outcome.clone()));
        }
        steps.push(step(means.on, name.to_owned(), format!("{} {}", means.authority, means.reference)));
    }
    Ok(latest(steps))
}

async fn negotiation(work: &mut Work, ui: &Ui, case: &Case) -> Result<Vec<Step>, ActionError> {
    let since = civil_moment(case.opened_on.at(0, 0, 0, 0)).unwrap_or(work.now);
    let mut steps = Vec::new();
    for one in duty::contacts_of(&mut work.tx, case.key.customer, since, CONTACTS).await? {
        steps.push(Step {
            on: civil_day(one.at).to_string(),
            kind: one.channel.as_str().to_owned(),
            about: one.contacted,
            detail: crate::contact::pages::answer(ui, &one.response),
            recorded_by: one.by,
        });
    }
    for one in crate::talk::store::of_case(&mut work.tx, case.key).await? {
        let (on, detail) = (one.talk.on.to_string(), one.talk.answer);
        steps.push(Step { on, kind: "talk".to_owned(), about: one.person, detail, recorded_by: one.by });
    }
    for one in crate::promise::store::of_case(&mut work.tx, case.key).await? {
        steps.push(Step {
            on: civil_day(one.made_at).to_string(),
            kind: "promise".to_owned(),
            about: one.promised_by.clone(),
            detail: format!("{} {} {}", one.due_on(), ui.yuan(one.amount), one.words),
            recorded_by: String::new(),
        });
    }
    for one in crate::agreement::store::steps(&mut work.tx, case.key, None).await? {
        let did = ui.t(format!("agreement-did-{}", one.step));
        steps.push(Step {
            on: one.on.to_string(),
            kind: "agreement".to_owned(),
            about: one.number,
            detail: format!("{did} {}", one.detail).trim().to_owned(),
            recorded_by: one.by,
        });
    }
    Ok(latest(steps))
}

/// `/api/v1/collections/cases/{id}/tracks`
async fn data(visit: Visit, Path(id): Path<String>) -> Result<Data<Tracks>, WebError> {
    let mut work = visit.read().await?;
    let case = cases::load(&mut work, cases::parse(&id).map_err(ActionError::from)?, CASE_VIEW).await?;
    let suit = suit(&mut work, &case).await?;
    Ok(Data(Tracks { suit, negotiation: negotiation(&mut work, &visit.ui(), &case).await? }))
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let case = cases::load(&mut work, cases::parse(&id).map_err(ActionError::from)?, CASE_VIEW).await?;
    let sides = [
        ("tracks-suit", suit(&mut work, &case).await?),
        ("tracks-negotiation", negotiation(&mut work, &ui, &case).await?),
    ];
    let mut body = Html::new();
    body.raw("<div class=\"columns\">");
    for (head, steps) in &sides {
        body.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t(head)).raw("</h2></header>");
        body.push(&track(&ui, steps)).raw("</section>");
    }
    body.raw("</div>");
    let back = Button::link(Look::Secondary, ui.t("dossier-back"), format!("{LIST}/{}", case.key.case));
    let page =
        Page::new(ui.t("tracks-title"), "cases").subtitle(case.number).actions(ui.button(back.icon(Icon::ArrowLeft)));
    visit.page_of(&page, &body)
}

/// What a step is called: a means of the law, how somebody was reached, or what was agreed.
fn word(ui: &Ui, kind: &str) -> String {
    if let Some(means) = kind.strip_suffix("-ended") {
        return ui.t1("tracks-ended", "means", ui.t(format!("legal-means-{means}")));
    }
    let named = ["legal-means", "channel", "tracks-kind"]
        .into_iter()
        .find_map(|room| ui.locale.find(&format!("{room}-{kind}")));
    named.unwrap_or_else(|| kind.to_owned())
}

fn track(ui: &Ui, steps: &[Step]) -> Html {
    let mut html = Html::new();
    if steps.is_empty() {
        html.raw("<p class=\"panel-body muted\">").text(ui.t("tracks-nothing")).raw("</p>");
        return html;
    }
    html.raw("<ul class=\"timeline plain\">");
    for step in steps {
        html.raw("<li><time>").text(&step.on).raw("</time> <span><strong>").text(word(ui, &step.kind));
        html.raw("</strong> ").text(&step.about).raw("<br><span class=\"wrap-anywhere\">").text(&step.detail);
        html.raw("</span></span> <span class=\"muted\">").text(&step.recorded_by).raw("</span></li>");
    }
    html.raw("</ul>");
    html
}
