//! Talks on the page of a case and on a page of their own: how to talk, what was said, the form of the next one.

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError};
use platform::locale::Lang;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Tone, Ui};
use platform::policies::{self, article_address};
use platform::web::{Fields, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::actions::{self, Offer};
use super::data;
use super::model::{Attitude, Incident, NewTalk, TalkError, TalkRecord, Way};
use super::rules::is_incident;
use crate::card::rules::Tip;
use crate::case::actions as cases;
use crate::case::list::LIST;
use crate::case::model::{Case, CaseState};
use crate::obligor::model::Obligor;
use crate::{CASE_VIEW, CASE_WORK};

/// The talks of a case.
pub fn routes() -> Routes {
    Routes::new()
        .get("/collections/cases/{id}/talks", CASE_VIEW, show)
        .data::<data::TalksData, _, _>("/collections/cases/{id}/talks", CASE_VIEW, data::talks)
        .post("/collections/cases/{id}/talks", CASE_WORK, record)
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let case = cases::load(&mut work, cases::parse(&id).map_err(ActionError::from)?, CASE_VIEW).await?;
    let body = panel(&visit, &mut work, &case).await?;
    let back = Button::link(Look::Secondary, ui.t("dossier-back"), format!("{LIST}/{}", case.key.case));
    let page =
        Page::new(ui.t("talk-title"), "cases").subtitle(case.number).actions(ui.button(back.icon(Icon::ArrowLeft)));
    visit.page_of(&page, &body)
}

/// 谈话 of a case.
///
/// # Errors
/// The policy lacks something; the store's.
pub(crate) async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let (talks, style) = actions::look(work, case.key).await?;
    let mut html = Html::new();
    html.raw("<section class=\"panel\" id=\"talks\"><header class=\"panel-head\"><h2>").text(ui.t("talk-title"));
    html.raw("</h2></header><div class=\"panel-body\">").push(&lines(&ui, work, &style).await?).raw("</div>");
    if !talks.is_empty() {
        html.raw("<ul class=\"rows\">");
        for one in &talks {
            html.raw("<li>").push(&line(&ui, one)).raw("</li>");
        }
        html.raw("</ul>");
    }
    if visit.may(CASE_WORK) && matches!(case.state, CaseState::Open { .. }) {
        let offer = actions::offer(work).await?;
        let partners = actions::partners(work, case.key).await?;
        html.push(&form(visit, &ui, case, (&offer, &partners), work.business_date));
    }
    html.raw("</section>");
    Ok(html)
}

/// How to talk, under the heads of the policy.
async fn lines(ui: &Ui, work: &mut Work, style: &[Tip]) -> Result<Html, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let english = ui.lang() == Lang::En;
    let mut html = Html::new();
    for kind in ["stance", "emphasis", "tone", "avoid"] {
        let tips: Vec<&Tip> = style.iter().filter(|tip| tip.kind == kind).collect();
        if tips.is_empty() {
            continue;
        }
        html.raw("<p class=\"muted\">").text(ui.t(format!("talk-line-{kind}"))).raw("</p><ul>");
        for tip in tips {
            html.raw("<li>").text(tip.words.in_language(english)).raw("</li>");
        }
        html.raw("</ul>");
    }
    if let Some(tip) = style.first() {
        html.raw("<p>");
        html.push(&ui.citation(article_address(&tip.article), policy.article_title(&tip.article, english))).raw("</p>");
    }
    Ok(html)
}

fn line(ui: &Ui, one: &TalkRecord) -> Html {
    let talk = &one.talk;
    let mut html = Html::new();
    html.push(&ui.date(talk.on)).raw(" <strong>").text(&one.person).raw("</strong> ");
    html.text(ui.t(format!("talk-way-{}", talk.way.as_str()))).raw(" · ").text(attitude(ui, &talk.attitude));
    if is_incident(talk.incident) {
        let word = ui.t(format!("talk-incident-{}", talk.incident.as_str()));
        html.raw(" ").push(&ui.badge(Tone::Doubt, Icon::AlertTriangle, word));
    }
    html.raw("<br>");
    let points: Vec<String> = talk.points.iter().map(|point| point_word(ui, point)).collect();
    if !points.is_empty() {
        let told = ui.t1("talk-explained", "points", points.join(&ui.t("list-comma")));
        html.raw("<span class=\"muted\">").text(told).raw("</span> ");
    }
    html.raw("<span class=\"wrap-anywhere\">").text(&talk.words).raw("</span><br><span class=\"wrap-anywhere\">");
    html.text(ui.t1("talk-answered", "words", &talk.answer)).raw("</span><span class=\"end muted\">");
    html.text(&one.by).raw("</span>");
    html
}

fn attitude(ui: &Ui, one: &Attitude) -> String {
    let willing = if one.willing { "talk-willing" } else { "talk-unwilling" };
    let able = if one.able { "talk-able" } else { "talk-unable" };
    [ui.t(willing), ui.t(able), temper_word(ui, &one.temper)].join(&ui.t("list-comma"))
}

fn point_word(ui: &Ui, point: &str) -> String {
    let known = ui.locale.find(&format!("talk-point-{}", point.replace('_', "-")));
    known.unwrap_or_else(|| point.to_owned())
}

fn temper_word(ui: &Ui, temper: &str) -> String {
    let known = ui.locale.find(&format!("talk-temper-{}", temper.replace('_', "-")));
    known.unwrap_or_else(|| temper.to_owned())
}

fn form(visit: &Visit, ui: &Ui, case: &Case, (offer, with): (&Offer, &[Obligor]), today: Date) -> Html {
    let key = |one: &Obligor| one.relation.map_or_else(|| "debtor".to_owned(), |relation| relation.to_string());
    let person = |one: &Obligor| {
        let role = ui.t(format!("obligor-role-{}", one.role.as_str()));
        Choice::new(key(one), format!("{} · {role}", one.name))
    };
    let ways = Way::ALL.map(|way| Choice::new(way.as_str(), ui.t(format!("talk-way-{}", way.as_str()))));
    let answers = || Input::Select(["yes", "no"].map(|one| Choice::new(one, ui.t(one))).to_vec());
    let tempers = offer.tempers.iter().map(|one| Choice::new(one, temper_word(ui, one))).collect();
    let incidents = Incident::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("talk-incident-{}", one.as_str()))));
    let people = Input::Select(with.iter().map(person).collect());
    let fields = [
        Field::new("talk_on", ui.t("talk-on-label"), Input::Date).value(today.to_string()).required(),
        Field::new("talk_way", ui.t("talk-way-label"), Input::Select(ways.to_vec())).required(),
        Field::new("talk_with", ui.t("talk-with-label"), people).hint(ui.t("talk-with-hint")).required(),
        Field::new("talk_willing", ui.t("talk-willing-asked"), answers()).required(),
        Field::new("talk_able", ui.t("talk-able-asked"), answers()).required(),
        Field::new("talk_temper", ui.t("talk-temper-label"), Input::Select(tempers)).required(),
        Field::new("talk_words", ui.t("talk-words-label"), Input::Area).required(),
        Field::new("talk_answer", ui.t("talk-answer-label"), Input::Area).required(),
        Field::new("talk_incident", ui.t("talk-incident-label"), Input::Select(incidents.to_vec()))
            .hint(ui.t("talk-incident-hint"))
            .required(),
    ];
    let mut html = Html::new();
    html.raw("<details class=\"panel-foot\"><summary>").text(ui.t("talk-record"));
    html.raw("</summary><form class=\"form\" method=\"post\" data-once");
    html.attr("action", format!("{LIST}/{}/talks", case.key.case)).raw(">").push(&ui.guard(visit.guard()));
    html.raw("<fieldset><legend>").text(ui.t("talk-points")).raw("</legend>");
    for point in &offer.points {
        html.raw("<label class=\"check\"><input type=\"checkbox\" name=\"talk_points\"").attr("value", point);
        html.raw("> ").text(point_word(ui, point)).raw("</label>");
    }
    html.raw("</fieldset>");
    for field in &fields {
        html.push(&ui.field(field));
    }
    html.raw("<button class=\"btn\" type=\"submit\">").text(ui.t("talk-save")).raw("</button></form></details>");
    html
}

platform::form_fields! {
    /// A talk; `talk_points` repeats.
    TalkForm: "talk_on", "talk_way", "talk_with", "talk_willing", "talk_able", "talk_temper", "talk_points", "talk_words",
        "talk_answer", "talk_incident"
}

/// Reads a talk as typed, or says everything that is wrong with it at once.
fn read(fields: &Fields) -> Result<NewTalk, TalkError> {
    let typed = |name: &str| fields.first(name).unwrap_or("").trim().to_owned();
    let mut wrong = Vec::new();
    let on = typed("talk_on").parse::<Date>().ok();
    if on.is_none() {
        wrong.push(FieldError::new("talk_on", "date-unreadable").with("text", typed("talk_on")));
    }
    let (way, incident) = (Way::parse(&typed("talk_way")), Incident::parse(&typed("talk_incident")));
    let with = typed("talk_with");
    let relation = if with == "debtor" { Some(None) } else { with.parse().ok().map(Some) };
    for (field, known) in
        [("talk_way", way.is_some()), ("talk_with", relation.is_some()), ("talk_incident", incident.is_some())]
    {
        if !known {
            wrong.push(FieldError::new(field, "choice-invalid"));
        }
    }
    let mut answer = |field: &'static str| match typed(field).as_str() {
        "yes" => true,
        "no" => false,
        _ => {
            wrong.push(FieldError::new(field, "choice-invalid"));
            false
        }
    };
    let (willing, able) = (answer("talk_willing"), answer("talk_able"));
    match (on, way, relation, incident) {
        (Some(on), Some(way), Some(relation), Some(incident)) if wrong.is_empty() => Ok(NewTalk {
            on,
            way,
            relation,
            attitude: Attitude { willing, able, temper: typed("talk_temper") },
            points: fields.all("talk_points").map(str::to_owned).collect(),
            words: typed("talk_words"),
            answer: typed("talk_answer"),
            incident,
        }),
        _ => Err(TalkError::Form(wrong)),
    }
}

async fn record(Path(id): Path<String>, posted: Posted<TalkForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("talk.record").await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    let new = read(&posted.fields).map_err(ActionError::from)?;
    actions::record(&mut work, case, &new).await?;
    posted.done(work, format!("{LIST}/{case}")).await
}
