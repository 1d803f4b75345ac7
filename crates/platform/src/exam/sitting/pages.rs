//! Pages of sittings: the papers on offer with one's own results, the paper to be answered, the paper as it was answered.

use axum::extract::Path;
use axum::response::Response;

use super::model::{Asked, Sitting, SittingId};
use super::{ACTIVE, SITTINGS, actions, rules, store};
use crate::clock::civil_minute;
use crate::error::{ActionError, Refused};
use crate::exam::bank::model::letters_of;
use crate::exam::{EXAM_RECORD, LIST};
use crate::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use crate::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use crate::work::Work;

/// What the name of a question's field on the page begins with.
const FIELD: &str = "answer-";

crate::form_fields! {
    /// The paper that is to be drawn.
    PaperForm: "paper"
}

crate::form_fields! {
    /// What was chosen: `3-B` for the third question, and whether that is all.
    AnswersForm: "answer", "verb"
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get_own(SITTINGS, own_page)
        .post_own(SITTINGS, begin)
        .get_own("/exam-sittings/{sitting}", one_page)
        .post_own("/exam-sittings/{sitting}", answer)
}

fn place(id: SittingId) -> String {
    format!("{SITTINGS}/{id}")
}

async fn own_page(visit: Visit) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let me = visit.user()?;
    let (policy, papers) = actions::papers(&mut work).await?;
    let terms = actions::terms(&mut work).await?;
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("sitting-papers"));
    body.raw("</h2></header><div class=\"panel-body stack\"><p class=\"hint\">");
    let words = [
        ("questions", terms.scoring.questions.to_string()),
        ("most", terms.scoring.most().to_string()),
        ("pass", terms.scoring.pass_points.to_string()),
        ("minutes", terms.minutes.to_string()),
        ("times", terms.a_year.to_string()),
        ("days", terms.between.to_string()),
    ];
    body.text(ui.tn("sitting-terms", &words)).raw("</p>");
    for paper in &papers {
        let title = actions::paper_title(&policy, &paper.key, visit.lang);
        body.raw("<form method=\"post\" class=\"buttons\"").attr("action", SITTINGS).raw(">");
        body.push(&ui.guard(visit.guard()));
        body.push(
            &ui.button(
                Button::submit(Look::Secondary, ui.t1("sitting-begin", "paper", title))
                    .icon(Icon::FileCertificate)
                    .submits("paper", &paper.key),
            ),
        );
        body.raw("</form>");
    }
    body.raw("</div></section>");
    let own = store::of(&mut work.tx, me).await?;
    if !own.is_empty() {
        body.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("sitting-own"));
        body.raw("</h2></header>").push(&own_table(&ui, visit.now, &own)).raw("</section>");
    }
    visit.page_of(&Page::new(ui.t("sitting-title"), ACTIVE).subtitle(ui.t("sitting-subtitle")), &body)
}

fn own_table(ui: &Ui, now: jiff::Timestamp, own: &[Sitting]) -> Html {
    let heads = ["exam-name", "sitting-begun", "sitting-ends", "exam-result"].map(|id| (ui.t(id), Side::Left));
    let mut table = Table::new(ui.t("sitting-own"), heads.into_iter().chain([(ui.t("exam-points"), Side::Right)]));
    for one in own {
        let mut name = Html::new();
        name.raw("<a").href(place(one.id)).raw(">").text(&one.title).raw("</a>");
        let points = one.right.map_or_else(|| ui.dash(), |right| Html::of_text(one.scoring.points(right).to_string()));
        let minute = |at| Html::of_text(civil_minute(at));
        table.row([name, minute(one.begun_at), minute(one.ends_at), result(ui, now, one), points]);
    }
    ui.table(table)
}

/// Where a sitting stands, drawn.
fn result(ui: &Ui, now: jiff::Timestamp, one: &Sitting) -> Html {
    let (tone, icon, word) = match one.right {
        Some(right) if one.scoring.passed(right) => (Tone::Ok, Icon::CircleCheck, "exam-passed"),
        Some(_) => (Tone::Sub, Icon::Ban, "exam-failed"),
        None if one.is_open(now) => (Tone::Accent, Icon::Clock, "sitting-open"),
        None => (Tone::Watch, Icon::Clock, "sitting-time-up"),
    };
    ui.badge(tone, icon, ui.t(word))
}

async fn begin(posted: Posted<PaperForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("exam.begin").await?;
    let id = actions::begin(&mut work, posted.fields.first("paper").unwrap_or_default().trim()).await?;
    posted.done(work, place(id)).await
}

async fn one_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw(&visit, &id, &Fields::default(), None).await
}

async fn draw(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, id).await?;
    let asked = actions::paper_of(&mut work, &one).await?;
    if one.ended.is_some() || visit.actor.user != Some(one.user) {
        return match refused {
            // There is no form any more to say it beside.
            Some(refused) => Err(ActionError::Refused(Box::new(refused.clone())).into()),
            None => draw_done(visit, &one, &asked),
        };
    }
    let (ui, open) = (visit.ui(), one.is_open(visit.now));
    let (tone, words) = match open {
        true => (Tone::Info, ui.t1("sitting-until", "at", civil_minute(one.ends_at))),
        false => (Tone::Watch, ui.t("sitting-over")),
    };
    let mut buttons = Vec::new();
    if open {
        let keep = Button::submit(Look::Secondary, ui.t("sitting-keep")).icon(Icon::DeviceFloppy);
        buttons.push(keep.submits("verb", "keep"));
    }
    let hand_in = Button::submit(Look::Primary, ui.t("sitting-hand-in")).icon(Icon::Send);
    buttons.push(hand_in.submits("verb", "hand_in"));
    let page = FormPage {
        active: ACTIVE,
        title: one.title.clone(),
        subtitle: ui.t1("sitting-since", "at", civil_minute(one.begun_at)),
        action: place(one.id),
        fields: asked.iter().map(|question| field(&ui, question, typed)).collect(),
        note: ui.note(tone, Icon::Clock, Html::of_text(words)),
        buttons,
        back: SITTINGS.to_owned(),
    };
    page.draw(visit, refused)
}

/// A question with its choices, and what was chosen.
fn field(ui: &Ui, one: &Asked, typed: &Fields) -> Field {
    let name = format!("{FIELD}{}", one.place);
    let letters = letters_of(one.choices.len()).iter();
    let each = letters.zip(&one.choices).map(|(letter, text)| Choice::new(*letter, format!("{letter}. {text}")));
    let chosen: String = typed.all(&name).collect();
    let chosen = if chosen.is_empty() { one.chosen.clone() } else { chosen };
    let chosen = chosen.chars().map(String::from).collect::<Vec<_>>().join(" ");
    let several = rules::takes_several(one);
    let input = if several { Input::Boxes(each.collect()) } else { Input::Radio(each.collect()) };
    let field = Field::new(name, format!("{}. {}", one.place, one.words), input).value(chosen).wide();
    if several { field.hint(ui.t("sitting-several")) } else { field }
}

/// What was chosen, by place: as the page sends it, or as a program does.
fn given(fields: &Fields) -> Vec<(i64, String)> {
    let mut found: Vec<(i64, String)> = Vec::new();
    for (name, value) in fields.pairs() {
        let (place, letters) = match (name.strip_prefix(FIELD), name == "answer") {
            (Some(place), _) => (place, value.as_str()),
            (None, true) => value.split_once('-').unwrap_or((value.as_str(), "")),
            (None, false) => continue,
        };
        // What is no number is no question of the paper, and is refused as such.
        let place = place.trim().parse().unwrap_or(0);
        match found.iter_mut().find(|(known, _)| *known == place) {
            Some((_, known)) => known.push_str(letters.trim()),
            None => found.push((place, letters.trim().to_owned())),
        }
    }
    found
}

async fn answer(Path(id): Path<String>, posted: Posted<AnswersForm>) -> Result<Response, WebError> {
    let ends = posted.fields.first("verb").is_some_and(|verb| verb.trim() == "hand_in");
    let mut work = posted.begin(if ends { "exam.hand_in" } else { "exam.keep" }).await?;
    let done = answered(&mut work, &id, ends, &posted.fields).await;
    match posted.finish(work, done, format!("{SITTINGS}/{id}")).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn answered(work: &mut Work, id: &str, ends: bool, fields: &Fields) -> Result<SittingId, ActionError> {
    let given = given(fields);
    if ends { actions::hand_in(work, id, &given).await } else { actions::keep(work, id, &given).await }
}

/// The paper as it was put and answered, with what is right; for others nothing of it before the end.
fn draw_done(visit: &Visit, one: &Sitting, asked: &[Asked]) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><div class=\"panel-body\"><dl class=\"facts\">");
    let minute = |at| Html::of_text(civil_minute(at));
    let mut lines = vec![
        ("exam-person", Html::of_text(&one.person)),
        ("sitting-begun", minute(one.begun_at)),
        ("sitting-ends", minute(one.ends_at)),
        ("exam-result", result(&ui, visit.now, one)),
    ];
    if let (Some(right), Some((way, _))) = (one.right, one.ended) {
        let points = format!("{} / {}", one.scoring.points(right), one.scoring.most());
        lines.push(("exam-points", Html::of_text(points)));
        lines.push(("sitting-way", Html::of_text(ui.t(format!("sitting-way-{}", way.as_str().replace('_', "-"))))));
    }
    for (label, value) in lines {
        body.raw("<dt>").text(ui.t(label)).raw("</dt><dd>").push(&value).raw("</dd>");
    }
    body.raw("</dl>");
    if one.corrected {
        body.raw("<p class=\"hint\">").text(ui.t("sitting-corrected")).raw("</p>");
    }
    body.raw("</div></section>");
    if !asked.is_empty() {
        body.raw("<section class=\"panel\"><div class=\"panel-body stack\">");
        for question in asked {
            body.push(&answered_question(&ui, question));
        }
        body.raw("</div></section>");
    }
    let mut tools = ui.button(Button::link(Look::Plain, ui.t("sitting-title"), SITTINGS).icon(Icon::ArrowLeft));
    if let (Some((_, exam)), true) = (one.ended, visit.may(EXAM_RECORD) && !one.corrected) {
        let correct = Button::link(Look::Secondary, ui.t("exam-correct"), format!("{LIST}/{exam}/correct"));
        tools.push(&ui.button(correct.icon(Icon::Edit)));
    }
    visit.page_of(&Page::new(&one.title, ACTIVE).actions(tools), &body)
}

/// A question with what was chosen and what is right.
fn answered_question(ui: &Ui, one: &Asked) -> Html {
    let mut out = Html::new();
    out.raw("<div><p><b>").text(format!("{}. {}", one.place, one.words)).raw("</b> ");
    let (tone, icon, word) = match (rules::is_right(one), one.chosen.is_empty()) {
        (true, _) => (Tone::Ok, Icon::CircleCheck, "sitting-right"),
        (false, true) => (Tone::Sub, Icon::Ban, "sitting-unanswered"),
        (false, false) => (Tone::Sub, Icon::Ban, "sitting-wrong"),
    };
    out.push(&ui.badge(tone, icon, ui.t(word))).raw("</p><ul class=\"plainlist\">");
    for (letter, choice) in letters_of(one.choices.len()).iter().zip(&one.choices) {
        out.raw("<li>").text(format!("{letter}. {choice}"));
        if one.chosen.contains(*letter) {
            out.raw(" ").push(&ui.badge(Tone::Neutral, Icon::Check, ui.t("sitting-chosen")));
        }
        if one.right.contains(*letter) {
            out.raw(" ").push(&ui.badge(Tone::Ok, Icon::CircleCheck, ui.t("question-is-right")));
        }
        out.raw("</li>");
    }
    out.raw("</ul><p class=\"hint\">").text(&one.source).raw("</p></div>");
    out
}
