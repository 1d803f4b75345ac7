//! Pages of evaluations: the tab on the customer page, the form with what it comes to, one evaluation.

use axum::extract::{Path, Query};
use axum::response::Response;
use platform::approval;
use platform::clock::civil_minute;
use platform::customer_page::{PanelBody, PanelSize};
use platform::error::{ActionError, Refused};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::page::{Button, Html, Icon, Look, Page, Tone, Ui};
use platform::policies::{self, InForce};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, shown_in_form};
use platform::work::Work;
use policy::Method;
use serde::Deserialize;

use super::actions::{self, Desk};
use super::form::{self, EvaluationForm};
use super::model::{Content, Evaluation, EvaluationState, Judgement};
use super::view::Stage;
use super::{RECORD, data, page_of, paper, rules, store, view};
use crate::customer::actions::load_within;
use crate::datum::view::points;
use crate::{VIEW, card_table};

/// What the button that only tries out submits as `do`.
pub(super) const PREVIEW: &str = "preview";

/// The pages of evaluations.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/customers/{id}/evaluations/new", RECORD, new_page)
        .post("/customers/{id}/evaluations/new", RECORD, create)
        .get("/evaluations/{id}", VIEW, show)
        .data::<data::EvaluationData, _, _>("/evaluations/{id}", VIEW, data::evaluation)
        .get("/evaluations/{id}/report.pdf", VIEW, print)
        .get("/evaluations/{id}/edit", RECORD, edit_page)
        .post("/evaluations/{id}/edit", RECORD, mend)
        .post("/evaluations/{id}/withdraw", RECORD, withdraw)
}

/// The tab on the customer page.
pub(crate) fn panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    id: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let customer = load_within(work, id, VIEW).await?;
        let all = store::of_customer(&mut work.tx, id).await?;
        let count = i64::try_from(all.len()).ok();
        if size == PanelSize::Brief {
            return Ok(PanelBody { count, html: Html::new() });
        }
        let ui = visit.ui();
        let on = work.business_date;
        let rules = policies::in_force(work, on).await?;
        let mut html = Html::new();
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("evaluation-title"));
        html.raw("</h2><span class=\"sub\">").text(ui.t("evaluation-note")).raw("</span><div class=\"end\">");
        if visit.may(RECORD) {
            for card in rules::cards(&rules, customer.kind, on) {
                let title = card.title.in_language(ui.lang() == platform::locale::Lang::En);
                let href = format!("/customers/{id}/evaluations/new?scorecard={}", card.id);
                let button = Button::link(Look::Small, ui.t1("evaluation-new-by", "card", title), href);
                html.push(&ui.button(button.icon(Icon::Plus))).raw(" ");
            }
        }
        html.raw("</div></header>");
        if all.is_empty() {
            html.raw("<div class=\"panel-body\"><p class=\"hint\">").text(ui.t("evaluation-none-here"));
            html.raw("</p></div>");
        } else {
            html.push(&history(&ui, &rules, &all));
        }
        html.raw("</section>");
        Ok(PanelBody { count, html })
    })
}

fn history(ui: &Ui, rules: &InForce, all: &[Evaluation]) -> Html {
    let heads = ["made-on", "number", "scorecard", "composite", "grade", "review", "state"];
    let heads: Vec<String> = heads.iter().map(|id| ui.t(format!("evaluation-{id}"))).collect();
    let rows = all.iter().map(|one| {
        let mut number = Html::new();
        number.raw("<a").href(page_of(one.id)).raw(">").text(&one.number).raw("</a>");
        vec![
            ui.date(one.made_on),
            number,
            Html::of_text(view::said(ui, &one.content.title)),
            Html::of_text(points(one.content.composite_centi)),
            Html::of_text(view::grade(ui, rules, &one.content.grade_output, &one.grade)),
            ui.date_or_dash(one.review_on),
            view::state(ui, one).0,
        ]
    });
    card_table::draw(&ui.t("evaluation-title"), &heads, &rows.collect::<Vec<_>>())
}

/// Which scorecard is asked for.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    scorecard: String,
}

async fn new_page(visit: Visit, Path(id): Path<CustomerId>, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let place = Place { customer: id, card: asked.scorecard, returned: None };
    draw_form(&visit, &mut work, &place, &Fields::default(), None).await
}

/// Which form is drawn: a new evaluation, or one that was returned.
struct Place {
    customer: CustomerId,
    card: String,
    returned: Option<Evaluation>,
}

impl Place {
    fn action(&self) -> String {
        match &self.returned {
            Some(one) => format!("{}/edit", page_of(one.id)),
            None => format!("/customers/{}/evaluations/new", self.customer),
        }
    }

    fn back(&self) -> String {
        match &self.returned {
            Some(one) => page_of(one.id),
            None => format!("/customers/{}?tab=evaluations", self.customer),
        }
    }
}

async fn create(Path(id): Path<CustomerId>, posted: Posted<EvaluationForm>) -> Result<Response, WebError> {
    let card = posted.fields.first("scorecard").unwrap_or_default().to_owned();
    let place = Place { customer: id, card, returned: None };
    answer(&posted, place).await
}

async fn edit_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let one = actions::load(&mut work, &id, RECORD).await?;
    let typed = form::typed(&one.content);
    let place = Place { customer: one.customer, card: one.scorecard.clone(), returned: Some(one) };
    draw_form(&visit, &mut work, &place, &typed, None).await
}

async fn mend(Path(id): Path<String>, posted: Posted<EvaluationForm>) -> Result<Response, WebError> {
    let mut work = posted.visit.read().await?;
    let one = actions::load(&mut work, &id, RECORD).await?;
    drop(work);
    let place = Place { customer: one.customer, card: one.scorecard.clone(), returned: Some(one) };
    answer(&posted, place).await
}

/// Reads the form, tries it out or submits it; what is wrong comes back in the form.
async fn answer(posted: &Posted<EvaluationForm>, place: Place) -> Result<Response, WebError> {
    let visit = &posted.visit;
    let tries = posted.fields.first("do") == Some(PREVIEW);
    let refused = if tries {
        let mut work = visit.read().await?;
        match read(&mut work, &place, &posted.fields).await {
            Ok(said) => actions::preview(&mut work, place.customer, &said).await.err(),
            Err(error) => Some(error),
        }
    } else {
        let mut work = posted.begin("evaluation.submit").await?;
        let done = match (read(&mut work, &place, &posted.fields).await, &place.returned) {
            (Ok(said), Some(one)) => actions::resubmit(&mut work, &one.id.to_string(), &said).await,
            (Ok(said), None) => actions::submit(&mut work, place.customer, &said).await,
            (Err(error), _) => Err(error),
        };
        match done {
            Ok(id) => return posted.done(work, page_of(id)).await,
            Err(error) => {
                work.tx.rollback().await?;
                Some(error)
            }
        }
    };
    let refused = refused.map(shown_in_form).transpose()?;
    if refused.is_none()
        && let Some(checked) = visit.checked()
    {
        return Ok(checked);
    }
    let mut work = visit.read().await?;
    draw_form(visit, &mut work, &place, &posted.fields, refused.as_ref()).await
}

async fn read(work: &mut Work, place: &Place, typed: &Fields) -> Result<Judgement, ActionError> {
    let desk = Desk::lay(work, place.customer, RECORD).await?;
    let card = desk.card(work, &place.card)?;
    Ok(form::read(card, typed)?)
}

async fn draw_form(
    visit: &Visit,
    work: &mut Work,
    place: &Place,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let desk = Desk::lay(work, place.customer, RECORD).await?;
    let card = desk.card(work, &place.card)?;
    let said = form::read(card, typed).ok();
    let blank = said.is_none();
    let said = said.unwrap_or_else(|| Judgement {
        scorecard: card.id.clone(),
        chosen: std::collections::BTreeMap::new(),
        notes: std::collections::BTreeMap::new(),
        preliminary: String::new(),
        field_work: super::model::FieldWork { way: String::new(), on: ui.business_date, note: String::new() },
        opinion: String::new(),
        by_hand: None,
    });
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("evaluation-form-note")).raw("</p>");
    match desk.tried(work, &said) {
        Ok((content, grade)) if !blank => note.push(&comes_to(&ui, &desk.rules, &content, &grade)),
        _ => note.push(&Html::new()),
    };
    let scored = card.score(&desk.known.facts, &said.chosen);
    let lines = rules::lines(&desk.rules, ui.business_date, card, &desk.known, &said, &scored);
    note.push(&ui.table(view::items(&ui, &desk.rules, &lines, card.method == Method::Weighted, Stage::Form)));
    let facts = lines.iter().any(|line| line.kind == "quantitative" && scored.lacking.contains(&line.item));
    if facts {
        let href = format!("/customers/{}?tab=data", place.customer);
        let open = Button::link(Look::Small, ui.t("evaluation-open-data"), href).icon(Icon::Plus);
        note.raw("<p>").push(&ui.button(open)).raw("</p>");
    }
    note.raw("<input type=\"hidden\" name=\"scorecard\"").attr("value", &card.id).raw(">");
    let submit = if place.returned.is_some() { "evaluation-resubmit" } else { "evaluation-submit" };
    let page = FormPage {
        active: "customers",
        title: card.title.in_language(ui.lang() == platform::locale::Lang::En).to_owned(),
        subtitle: desk.customer.name.clone(),
        action: place.action(),
        fields: form::fields(&ui, &desk.rules, card, typed),
        note,
        buttons: vec![
            Button::submit(Look::Secondary, ui.t("evaluation-try"))
                .icon(Icon::Calculator)
                .submits("do", PREVIEW)
                .tries(),
            Button::submit(Look::Primary, ui.t(submit)).icon(Icon::Check),
        ],
        back: place.back(),
    };
    page.draw(visit, refused)
}

/// The parts, the score and the grade of the tables.
fn comes_to(ui: &Ui, rules: &InForce, content: &Content, grade: &str) -> Html {
    let mut out = Html::new();
    out.push(&ui.table(view::parts(ui, content)));
    if !content.grade_output.is_empty() {
        let word = view::grade(ui, rules, &content.grade_output, grade);
        out.raw("<p><b>").text(ui.t1("evaluation-grade-by-tables", "grade", word)).raw("</b></p>");
    }
    out
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id).await?;
    let customer = load_within(&mut work, one.customer, VIEW).await?;
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let steps = store::steps(&mut work.tx, &one).await?;
    let names = crate::customer::store::user_names(&mut work.tx, &[one.assessor]).await?;
    let assessor = names.get(&one.assessor).cloned().unwrap_or_default();
    let approval = match one.approval {
        Some(approval) => approval::page_for(&mut work, one.customer, approval).await?,
        None => None,
    };
    let mut body = Html::new();
    body.push(&head(&ui, &rules, &one, (&customer.name, &assessor), approval));
    panel_of(&mut body, &ui.t("evaluation-parts"), &ui.table(view::parts(&ui, &one.content)));
    let weighted = one.content.lines.iter().any(|line| line.weight != 1);
    let items = view::items(&ui, &rules, &one.content.lines, weighted, Stage::Made);
    panel_of(&mut body, &ui.t("evaluation-items"), &ui.table(items));
    panel_of(&mut body, &ui.t("evaluation-steps"), &steps_table(&ui, &one, &steps));
    if one.state == EvaluationState::Submitted && visit.actor.user == Some(one.assessor) {
        body.push(&own_verbs(&visit, &ui, &one));
    }
    let back = format!("/customers/{}?tab=evaluations", one.customer);
    let buttons = ui.buttons(vec![
        Button::link(Look::Secondary, ui.t("customer-back"), back).icon(Icon::ArrowLeft),
        Button::link(Look::Primary, ui.t("evaluation-print"), format!("{}/report.pdf", page_of(one.id)))
            .icon(Icon::Printer),
    ]);
    let title = format!("{} {}", view::said(&ui, &one.content.title), one.number);
    visit.page_of(&Page::new(title, "evaluations").subtitle(customer.name).actions(buttons), &body)
}

fn panel_of(out: &mut Html, title: &str, inner: &Html) {
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(title).raw("</h2></header>");
    out.push(inner).raw("</section>");
}

fn head(
    ui: &Ui,
    rules: &InForce,
    one: &Evaluation,
    (customer, assessor): (&str, &str),
    approval: Option<String>,
) -> Html {
    let content = &one.content;
    let grade = |value: &str| Html::of_text(view::grade(ui, rules, &content.grade_output, value));
    let mut name = Html::new();
    name.raw("<a").href(format!("/customers/{}", one.customer)).raw(">").text(customer).raw("</a>");
    let mut final_grade = grade(&one.grade);
    if !one.grade_axis.is_empty() {
        final_grade.push(&ui.why(format!("/customers/{}/standing/{}/why", one.customer, one.grade_axis)));
    }
    let work = format!(
        "{} {} · {}",
        ui.t(format!("datum-way-{}", content.field_work.way)),
        content.field_work.on,
        content.field_work.note
    );
    let mut facts = vec![
        ("evaluation-state", view::state(ui, one).0),
        ("customer-name", name),
        ("evaluation-composite", Html::of_text(points(content.composite_centi))),
        ("evaluation-rule-grade", grade(&one.rule_grade)),
        ("evaluation-grade", final_grade),
        ("evaluation-made-on", ui.date(one.made_on)),
        ("evaluation-assessor", Html::of_text(assessor)),
        ("evaluation-approved-on", ui.date_or_dash(one.approved_on)),
        ("evaluation-review", ui.date_or_dash(one.review_on)),
        ("evaluation-preliminary", Html::of_text(&content.preliminary)),
        ("evaluation-field-work", Html::of_text(work)),
        ("evaluation-opinion", Html::of_text(&content.opinion)),
        ("evaluation-articles", view::articles(ui, rules, content)),
    ];
    if let Some(href) = approval {
        let mut link = Html::new();
        link.raw("<a").href(href).raw(">");
        facts.push(("approval-evaluation", {
            link.text(ui.t("approval-open-page")).raw("</a>");
            link
        }));
    }
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><div class=\"panel-body\">");
    if let Some(hand) = &content.by_hand {
        let words =
            [("grade", view::grade(ui, rules, &content.grade_output, &hand.grade)), ("until", hand.until.to_string())];
        let mut text = Html::of_text(ui.tn("evaluation-set-by-hand", &words));
        text.raw(" ").text(&hand.reason);
        out.push(&ui.note(Tone::Watch, Icon::AlertTriangle, text));
    }
    out.raw("<dl class=\"facts\">");
    for (label, value) in facts {
        out.raw("<dt>").text(ui.t(label)).raw("</dt><dd>").push(&value).raw("</dd>");
    }
    out.raw("</dl></div></section>");
    out
}

fn steps_table(ui: &Ui, one: &Evaluation, steps: &[store::RecordedStep]) -> Html {
    let heads = ["when", "step", "detail", "by"].map(|id| ui.t(format!("evaluation-step-{id}")));
    let rows = steps.iter().map(|step| {
        // A submission keeps its conclusion as its detail, which stands above already.
        let detail = if step.detail == one.content.opinion { String::new() } else { step.detail.clone() };
        vec![
            Html::of_text(civil_minute(step.at)),
            Html::of_text(ui.t(format!("evaluation-did-{}", step.step))),
            Html::of_text(detail),
            Html::of_text(&step.by),
        ]
    });
    card_table::draw(&ui.t("evaluation-steps"), &heads, &rows.collect::<Vec<_>>())
}

fn own_verbs(visit: &Visit, ui: &Ui, one: &Evaluation) -> Html {
    let mut out = Html::new();
    out.raw("<form method=\"post\"").attr("action", format!("{}/withdraw", page_of(one.id))).raw(">");
    out.push(&ui.guard(visit.guard()));
    let edit = Button::link(Look::Secondary, ui.t("evaluation-mend"), format!("{}/edit", page_of(one.id)));
    let back = Button::submit(Look::Secondary, ui.t("evaluation-withdraw")).icon(Icon::ArrowBackUp);
    out.raw("<div class=\"buttons\">")
        .push(&ui.button(edit.icon(Icon::Edit)))
        .push(&ui.button(back))
        .raw("</div></form>");
    out
}

platform::form_fields! {
    /// Nothing to fill in.
    WithdrawForm:
}

async fn withdraw(Path(id): Path<String>, posted: Posted<WithdrawForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("evaluation.withdraw").await?;
    let key = actions::withdraw(&mut work, &id).await?;
    posted.done(work, page_of(key)).await
}

async fn print(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let one = actions::seen(&mut work, &id).await?;
    paper::answer(&visit, work, &one).await
}
