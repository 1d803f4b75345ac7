//! Pages of one classification run: the report, drawing it, its steps, its paper.

use axum::extract::{Path, Query};
use axum::response::Response;
use finance::Fen;
use platform::access::store as access;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::BranchId;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::error::ClassificationError;
use super::model::{Findings, Run, RunId, RunState};
use super::rules::Report;
use super::view::{Goal, class_word, goals, load, ratio};
use super::{LIST, PREPARE, REVIEW, VIEW, actions, approval, data, items, list, page_of, paper};
use crate::desk::paper::names;
use crate::desk::view::{facts, link, panel};

platform::form_fields! {
    /// Which branch.
    DrawForm: "branch"
}
platform::form_fields! {
    /// What was found for each goal, and what provisions the books hold.
    ProposeForm: "value", "granting", "monitoring", "collection", "provision", "held"
}
platform::form_fields! {
    /// What the reviewer says.
    ReviewForm: "review"
}
platform::form_fields! {
    /// Why a run is given up.
    DropForm: "reason"
}

/// The pages of one run.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/classifications/new", PREPARE, new)
        .post("/classifications", PREPARE, draw)
        .get("/classifications/{classification}", VIEW, show)
        .data::<data::RunData, _, _>("/classifications/{classification}", VIEW, data::run)
        .file("/classifications/{classification}/report.pdf", VIEW, print, &["application/pdf"])
        .get("/classifications/{classification}/propose", PREPARE, propose_page)
        .post("/classifications/{classification}/propose", PREPARE, propose)
        .get("/classifications/{classification}/review", REVIEW, review_page)
        .post("/classifications/{classification}/review", REVIEW, review)
        .get("/classifications/{classification}/drop", PREPARE, drop_page)
        .post("/classifications/{classification}/drop", PREPARE, give_up)
}

#[derive(Debug, Default, Deserialize)]
struct BranchAsked {
    #[serde(default)]
    branch: String,
}

async fn new(visit: Visit, Query(asked): Query<BranchAsked>) -> Result<Response, WebError> {
    draw_new(&visit, &asked.branch, None).await
}

async fn draw_new(visit: &Visit, branch: &str, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let scope = work.authorise(PREPARE).map_err(ActionError::from)?;
    let known = access::branches(&mut work.tx).await.map_err(ActionError::from)?;
    let within = known.into_iter().filter(|one| scope.branch == 0 || scope.branch == one.id.0);
    let choices = within.map(|one| Choice::new(one.id.to_string(), one.name)).collect();
    let branch = if branch.is_empty() { visit.actor.branch.to_string() } else { branch.to_owned() };
    let page = FormPage {
        active: "classifications",
        title: ui.t("classification-new"),
        action: LIST.to_owned(),
        fields: vec![
            Field::new("branch", ui.t("classification-branch"), Input::Select(choices)).value(branch).required(),
        ],
        note: Html::of_text(ui.t("classification-new-hint")),
        buttons: vec![Button::submit(Look::Primary, ui.t("classification-draw")).icon(Icon::Check)],
        back: LIST.to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn draw(posted: Posted<DrawForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("classification.draw").await?;
    let branch = posted.fields.first("branch").unwrap_or_default().trim().to_owned();
    let done = drawn(&mut work, &branch).await;
    let place = done.as_ref().map_or_else(|_| LIST.to_owned(), page_of);
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &branch, Some(&refused)).await,
    }
}

async fn drawn(work: &mut Work, branch: &str) -> Result<RunId, ActionError> {
    let wanted = match branch {
        "" => None,
        text => Some(BranchId(
            text.parse().map_err(|_| ClassificationError::Form(vec![FieldError::choice("branch", text)]))?,
        )),
    };
    actions::draw(work, wanted).await
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let found = load(&mut work, &one).await?;
    let mut body = panel(&ui.t("classification-one"), &facts(&about(&mut work, &ui, &one).await?));
    for goal in goals(&ui, &one, &found) {
        body.push(&panel(&goal.title, &goal_body(&ui, &goal)));
    }
    body.push(&panel(&ui.t("classification-by-class"), &by_class(&ui, &found)));
    body.push(&panel(&ui.t("classification-moves"), &moves(&ui, &found)));
    let returned = approval::returned(&mut work, &one).await?;
    let page = Page::new(ui.t("classification-one"), "classifications").subtitle(one.number.clone());
    visit.page_of(&page.actions(ui.buttons(verbs(&visit, &ui, &one, returned))), &body)
}

async fn about(work: &mut Work, ui: &Ui, one: &Run) -> Result<Vec<(String, Html)>, ActionError> {
    let text = |text: String| Html::of_text(text);
    let [maker, reviewer] = names(work, [Some(one.made_by), one.reviewed_by]).await?;
    let mut about = vec![
        (ui.t("classification-state"), list::badge(ui, one.state).0),
        (ui.t("classification-as-of"), ui.date(one.as_of)),
        (ui.t("classification-former-as-of"), ui.date_or_dash(one.former.map(|former| former.1))),
        (ui.t("classification-maker"), text(maker)),
        (ui.t("classification-proposed-on"), ui.date_or_dash(one.proposed_on)),
        (ui.t("classification-reviewer"), text(reviewer)),
        (ui.t("classification-reviewed-on"), ui.date_or_dash(one.reviewed_on)),
        (ui.t("classification-review-note"), text(one.review_note.clone())),
        (ui.t("classification-approved-on"), ui.date_or_dash(one.approved_on)),
    ];
    if let Some(id) = one.approval
        && let Some(place) = platform::approval::page_for(work, super::HOUSE, id).await?
    {
        about.push((ui.t("approval-classification"), link(place, ui.t("classification-open-approval"))));
    }
    if !one.note.is_empty() {
        about.push((ui.t("classification-note"), text(one.note.clone())));
    }
    Ok(about)
}

fn goal_body(ui: &Ui, goal: &Goal) -> Html {
    let mut rows: Vec<(String, Html)> =
        goal.figures.iter().map(|(label, value)| (label.clone(), Html::of_text(value))).collect();
    let words = if goal.words.is_empty() { ui.t("classification-no-words") } else { goal.words.clone() };
    rows.push((ui.t("classification-words"), Html::of_text(words)));
    facts(&rows)
}

fn by_class(ui: &Ui, found: &Report) -> Html {
    let heads = [
        ("classification-class", Side::Left),
        ("classification-loans", Side::Right),
        ("loan-balance", Side::Right),
        ("classification-share", Side::Right),
        ("classification-former-loans", Side::Right),
        ("classification-former-balance", Side::Right),
        ("classification-rate", Side::Right),
        ("classification-provision", Side::Right),
    ];
    let mut table = Table::new(ui.t("classification-by-class"), heads.map(|(head, side)| (ui.t(head), side)));
    let text = |text: String| Html::of_text(text);
    for line in &found.lines {
        table.row([
            text(class_word(ui, &line.class)),
            text(line.now.loans.to_string()),
            ui.money(line.now.principal),
            text(ratio(line.now.share_of(found.total))),
            text(line.former.loans.to_string()),
            ui.money(line.former.principal),
            text(ratio(Some(line.rate_ppm))),
            ui.money(line.provision),
        ]);
    }
    table.total([
        text(ui.t("classification-total")),
        text(found.total.loans.to_string()),
        ui.money(found.total.principal),
        text(String::new()),
        text(found.former_total.loans.to_string()),
        ui.money(found.former_total.principal),
        text(String::new()),
        ui.money(found.needed),
    ]);
    ui.table(table)
}

fn moves(ui: &Ui, found: &Report) -> Html {
    let heads = [
        ("classification-former", Side::Left),
        ("classification-class", Side::Left),
        ("classification-loans", Side::Right),
        ("loan-balance", Side::Right),
    ];
    let mut table = Table::new(ui.t("classification-moves"), heads.map(|(head, side)| (ui.t(head), side)));
    for one in &found.moves {
        table.row([
            Html::of_text(class_word(ui, &one.from)),
            Html::of_text(class_word(ui, &one.to)),
            Html::of_text(one.part.loans.to_string()),
            ui.money(one.part.principal),
        ]);
    }
    ui.table(table)
}

fn verbs(visit: &Visit, ui: &Ui, one: &Run, returned: bool) -> Vec<Button> {
    let place = |part: &str| format!("{}/{part}", page_of(one.id));
    let mut out = Vec::new();
    let mut offer = |action: &str, fits: bool, look: Look, part: &str, icon: Icon| {
        if visit.may(action) && fits {
            out.push(Button::link(look, ui.t(format!("classification-{part}")), place(part)).icon(icon));
        }
    };
    offer(PREPARE, one.state == RunState::Drawn, Look::Primary, "propose", Icon::ArrowRight);
    offer(REVIEW, one.state == RunState::Proposed || returned, Look::Primary, "review", Icon::Check);
    offer(PREPARE, actions::DROPPED.contains(&one.state), Look::Danger, "drop", Icon::Ban);
    let loans = format!("{}?run={}&view=all", items::PATH, one.number);
    out.push(Button::link(Look::Secondary, ui.t("classification-items-title"), loans).icon(Icon::ListDetails));
    if paper::PRINTED.contains(&one.state) {
        out.push(Button::link(Look::Secondary, ui.t("classification-paper"), place("report.pdf")).icon(Icon::Printer));
    }
    out.push(Button::link(Look::Secondary, ui.t("classification-title"), LIST).icon(Icon::ArrowLeft));
    out
}

async fn print(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let one = actions::seen(&mut work, &id, VIEW).await?;
    paper::print(&visit, work, &one).await
}

/// A form about one run.
async fn form(
    visit: &Visit,
    id: &str,
    (part, action, look): (&str, &str, Look),
    fields: impl FnOnce(&Ui) -> Vec<Field>,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, id, action).await?;
    let title = ui.t(format!("classification-{part}"));
    let page = FormPage {
        active: "classifications",
        title: title.clone(),
        subtitle: format!("{} · {}", one.number, one.as_of),
        action: format!("{}/{part}", page_of(one.id)),
        fields: fields(&ui),
        note: Html::of_text(ui.t(format!("classification-{part}-hint"))),
        buttons: vec![Button::submit(look, title).icon(Icon::Check)],
        back: page_of(one.id),
    };
    page.draw(visit, refused)
}

fn typed(fields: &Fields, name: &str) -> String {
    fields.first(name).unwrap_or_default().to_owned()
}

async fn propose_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_propose(&visit, &id, &Fields::default(), None).await
}

async fn draw_propose(visit: &Visit, id: &str, from: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let fields = |ui: &Ui| {
        let mut fields: Vec<Field> = Findings::default()
            .each()
            .map(|(name, _)| {
                Field::new(name, ui.t(format!("classification-goal-{name}")), Input::Area)
                    .value(typed(from, name))
                    .wide()
                    .required()
            })
            .into();
        fields.push(
            Field::new("held", ui.t("classification-held"), Input::Money)
                .value(typed(from, "held"))
                .hint(ui.t("classification-held-hint"))
                .required(),
        );
        fields
    };
    form(visit, id, ("propose", PREPARE, Look::Primary), fields, refused).await
}

async fn propose(Path(id): Path<String>, posted: Posted<ProposeForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("classification.propose").await?;
    let done = proposed(&mut work, &id, &posted.fields).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_propose(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn proposed(work: &mut Work, id: &str, from: &Fields) -> Result<RunId, ActionError> {
    let text = typed(from, "held");
    let unreadable = || {
        let wrong = FieldError::new("held", "amount-unreadable").with("text", &text);
        ClassificationError::Form(vec![wrong])
    };
    let held: Fen = text.trim().parse().map_err(|_| unreadable())?;
    let word = |name: &str| typed(from, name).trim().to_owned();
    let findings = Findings {
        value: word("value"),
        granting: word("granting"),
        monitoring: word("monitoring"),
        collection: word("collection"),
        provision: word("provision"),
    };
    actions::propose(work, id, &findings, held).await
}

async fn review_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_review(&visit, &id, &Fields::default(), None).await
}

async fn draw_review(visit: &Visit, id: &str, from: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let fields = |ui: &Ui| {
        let field = Field::new("review", ui.t("classification-review-note"), Input::Area);
        vec![field.value(typed(from, "review")).wide().required()]
    };
    form(visit, id, ("review", REVIEW, Look::Primary), fields, refused).await
}

async fn review(Path(id): Path<String>, posted: Posted<ReviewForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("classification.review").await?;
    let done = approval::review(&mut work, &id, posted.fields.first("review").unwrap_or_default()).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_review(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn drop_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_drop(&visit, &id, &Fields::default(), None).await
}

async fn draw_drop(visit: &Visit, id: &str, from: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let fields = |ui: &Ui| {
        let field = Field::new("reason", ui.t("change-reason"), Input::Text);
        vec![field.value(typed(from, "reason")).required()]
    };
    form(visit, id, ("drop", PREPARE, Look::Danger), fields, refused).await
}

async fn give_up(Path(id): Path<String>, posted: Posted<DropForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("classification.drop").await?;
    let done = actions::give_up(&mut work, &id, posted.fields.first("reason").unwrap_or_default()).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_drop(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
