//! The letters of a loan with the form that issues one, and one letter with the steps of its life.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use customers::relation::model::RelationId;
use finance::Fen;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError, RefusalKind, Refused};
use platform::institution;
use platform::locale::{Lang, Locale};
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::policies::{self, article_address};
use platform::web::{Posted, Routes, Visit, WebError, failing_field, refusal_box};
use platform::work::Work;
use serde::Deserialize;
use servicing::loan::actions::load_within;
use servicing::security::model::SecurityKind;
use servicing::security::store as securities;

use super::actions::{Order, Recorded, issue, load, preview, step};
use super::list::state_badge;
use super::model::{Content, Letter, LetterKind, LetterState, RecordedStep, Step};
use super::{paper, store};
use crate::LETTER_ISSUE;
use crate::limitation::actions::find_key;
use crate::limitation::model::Signer;

/// What stands before the key of a related party in the choice of an addressee.
const RELATED: &str = "relation:";

/// The pages of letters.
pub fn routes() -> Routes {
    Routes::new()
        .get("/loans/{id}/letters", "loan.view", of_loan)
        .data::<Vec<super::data::LetterData>, _, _>("/loans/{id}/letters", "loan.view", super::data::letters)
        .post("/loans/{id}/letters", LETTER_ISSUE, create)
        .get("/letters/{id}", "loan.view", show)
        .data::<super::data::LetterDetail, _, _>("/letters/{id}", "loan.view", super::data::letter)
        .get("/letters/{id}/print.pdf", "loan.view", print)
        .post("/letters/{id}/steps", LETTER_ISSUE, record)
}

/// What the form that issues a letter sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct OrderForm {
    kind: String,
    to: String,
    verb: String,
}

impl OrderForm {
    fn read(&self) -> Result<Order, Refused> {
        let Some(kind) = LetterKind::parse(&self.kind) else {
            let wrong = FieldError::new("kind", "choice-unknown").with("text", &self.kind);
            return Err(Refused::form(vec![wrong]));
        };
        let relation = self.to.strip_prefix(RELATED).and_then(|id| id.parse().ok()).map(RelationId);
        Ok(Order { kind, guarantee: self.to.parse().ok().filter(|id| *id != 0), relation })
    }
}

#[derive(Template)]
#[template(path = "letter/loan.html")]
struct LoanBody {
    ui: Ui,
    letters: Html,
    preview: Option<Html>,
    form: Option<FormPart>,
}

struct FormPart {
    action: String,
    guard: Html,
    refusal: Html,
    summary: Html,
    hidden: Vec<(&'static str, String)>,
    fields: Vec<Html>,
    submit: Html,
}

async fn of_loan(visit: Visit, Path(id): Path<String>, Query(typed): Query<OrderForm>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    draw(&visit, &mut work, &id, &typed, None, None).await
}

async fn create(Path(id): Path<String>, posted: Posted<OrderForm>) -> Result<Response, WebError> {
    let visit = &posted.visit;
    let order = match posted.form.read() {
        Ok(order) => order,
        Err(refused) => {
            let mut work = visit.read().await?;
            return draw(visit, &mut work, &id, &posted.form, None, Some(&refused)).await;
        }
    };
    let outcome = if posted.form.verb == "preview" {
        let mut work = visit.read().await?;
        let key = find_key(&mut work, &id).await?;
        preview(&mut work, key, order).await.map(Some)
    } else {
        let mut work = posted.begin("letter.issue").await?;
        let key = find_key(&mut work, &id).await?;
        match issue(&mut work, key, order).await {
            Ok(letter) => return posted.done(work, format!("/letters/{letter}")).await,
            Err(error) => Err(error),
        }
    };
    let (content, refused) = match outcome {
        Ok(content) => (content, None),
        Err(ActionError::Refused(refused)) if shows_in_form(&refused) => (None, Some(*refused)),
        Err(error) => return Err(error.into()),
    };
    let mut work = visit.read().await?;
    draw(visit, &mut work, &id, &posted.form, content.as_ref(), refused.as_ref()).await
}

fn shows_in_form(refused: &Refused) -> bool {
    match refused.kind {
        RefusalKind::Invalid | RefusalKind::Conflict => true,
        RefusalKind::NotFound | RefusalKind::Forbidden => false,
    }
}

async fn draw(
    visit: &Visit,
    work: &mut Work,
    id: &str,
    typed: &OrderForm,
    content: Option<&Content>,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let key = find_key(work, id).await?;
    let file = load_within(work, key, "loan.view").await?;
    let letters = store::of_loan(&mut work.tx, key).await?;
    let guarantors = securities::lines(&mut work.tx, key).await?;
    let guarantors = guarantors.into_iter().filter(|line| line.ended_on.is_none());
    let guarantors = guarantors.filter(|line| matches!(line.kind, SecurityKind::Guarantee(_)));
    let mut to = vec![Choice::new("0", ui.t("limitation-debtor"))];
    to.extend(guarantors.map(|line| Choice::new(line.id.to_string(), ui.t1("limitation-guarantor", "name", line.who))));
    for one in crate::obligor::actions::addressees(work, key).await? {
        let Some(relation) = one.relation else { continue };
        let role = ui.t(format!("obligor-role-{}", one.role.as_str()));
        to.push(Choice::new(format!("{RELATED}{relation}"), format!("{role} · {}", one.name)));
    }
    let mut preview = content.map(|content| sheet(visit, content));
    if let Some(sheet) = &preview
        && institution::load(&mut work.tx).await?.0.account.is_empty()
    {
        let mut warned = ui.note(Tone::Watch, Icon::AlertTriangle, Html::of_text(ui.t("letter-no-account")));
        warned.push(sheet);
        preview = Some(warned);
    }
    let body = LoanBody {
        letters: table(&ui, &letters),
        preview,
        form: visit.may(LETTER_ISSUE).then(|| order_form(visit, &ui, id, typed, to, content.is_some(), refused)),
        ui: ui.clone(),
    };
    let (customer, _) = servicing::loan::store::borrower(&mut work.tx, key.customer).await?;
    let back = Button::link(Look::Secondary, ui.t("back-to-loan"), format!("/loans/{id}")).icon(Icon::ArrowLeft);
    let page = Page::new(ui.t1("letter-of-loan", "number", &file.loan.number), "letters")
        .subtitle(customer)
        .actions(ui.button(back));
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, visit.page(&page, &body)?).into_response())
}

fn order_form(
    visit: &Visit,
    ui: &Ui,
    id: &str,
    typed: &OrderForm,
    to: Vec<Choice>,
    seen: bool,
    refused: Option<&Refused>,
) -> FormPart {
    let kinds =
        LetterKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), ui.t(format!("letter-{}", kind.as_str()))));
    let first = if typed.kind.is_empty() { LetterKind::Reminder.as_str() } else { &typed.kind };
    let fields = marked(
        ui,
        refused,
        vec![
            Field::new("kind", ui.t("letter-kind"), Input::Radio(kinds.collect())).value(first).required(),
            Field::new("to", ui.t("letter-to"), Input::Select(to)).value(&typed.to).required(),
        ],
    );
    let look = Button::submit(if seen { Look::Secondary } else { Look::Primary }, ui.t("letter-preview"));
    let mut buttons = vec![look.submits("verb", "preview")];
    // Only what was read can be issued from the page.
    if seen {
        buttons
            .push(Button::submit(Look::Primary, ui.t("letter-issue")).submits("verb", "issue").icon(Icon::FileCheck));
    }
    FormPart {
        action: format!("/loans/{id}/letters"),
        guard: ui.guard(visit.guard()),
        refusal: refused.filter(|refused| refused.fields.is_empty()).map(|r| refusal_box(ui, r)).unwrap_or_default(),
        summary: ui.error_summary(&fields),
        hidden: Vec::new(),
        fields: fields.iter().map(|field| ui.field(field)).collect(),
        submit: ui.buttons(buttons),
    }
}

/// Puts what is wrong beside its fields.
fn marked(ui: &Ui, refused: Option<&Refused>, fields: Vec<Field>) -> Vec<Field> {
    let Some(refused) = refused else { return fields };
    let mark = |field: Field| {
        let error = failing_field(ui, refused, &field.name);
        field.error(error)
    };
    fields.into_iter().map(mark).collect()
}

fn table(ui: &Ui, letters: &[Letter]) -> Html {
    if letters.is_empty() {
        return Html::of_text(ui.t("letter-none-of-loan"));
    }
    let heads = [
        ("letter-number", Side::Left),
        ("letter-kind", Side::Left),
        ("letter-to", Side::Left),
        ("letter-total", Side::Right),
        ("letter-issued-on", Side::Left),
        ("letter-state", Side::Left),
    ];
    let mut table = Table::new(ui.t("letter-title"), heads.map(|(head, side)| (ui.t(head), side)));
    for letter in letters {
        let mut number = Html::new();
        number.raw("<a").href(format!("/letters/{}", letter.id)).raw(">").text(&letter.number).raw("</a>");
        table.row([
            number,
            Html::of_text(ui.t(format!("letter-{}", letter.kind.as_str()))),
            Html::of_text(&letter.content.addressee),
            ui.money(letter.total),
            ui.date(letter.issued_on),
            state_badge(ui, letter.state).0,
        ]);
    }
    ui.table(table)
}

/// The letter as it reads, on the page: in Chinese like its paper, whoever looks.
fn sheet(visit: &Visit, content: &Content) -> Html {
    let ui = Ui::new(Locale::new(Arc::clone(&visit.app.catalogue), Lang::ZhCn), visit.business_date);
    let mut out = Html::new();
    out.raw("<article class=\"panel letter-sheet\" lang=\"zh-CN\"><div class=\"panel-body\"><h2>").text(&content.title);
    out.raw("</h2><p>").text(&content.addressee).raw("：</p>");
    let say = |out: &mut Html, paragraphs: &[String]| {
        for paragraph in paragraphs {
            out.raw("<p>").text(filled(content, paragraph)).raw("</p>");
        }
    };
    say(&mut out, &content.opening);
    let mut table = Table::new(
        content.title.clone(),
        [(ui.t("letter-item"), Side::Left), (ui.t("letter-total"), Side::Right), (ui.t("letter-note"), Side::Left)],
    );
    for (word, amount, note) in &content.items {
        table.row([Html::of_text(word), ui.money(*amount), Html::of_text(note)]);
    }
    let total = Fen::checked_sum(content.items.iter().map(|(_, amount, _)| *amount)).unwrap_or_default();
    table.total([Html::of_text(ui.t("letter-sum")), ui.money(total), Html::new()]);
    out.push(&ui.table(table));
    say(&mut out, &content.demand);
    out.raw("<dl class=\"pay-to\">");
    for (label, value) in &content.pay_to {
        out.raw("<dt>").text(label).raw("</dt><dd>").text(value).raw("</dd>");
    }
    out.raw("</dl>");
    say(&mut out, &content.closing);
    out.raw("<p>").text(&content.contact).raw("</p><p class=\"muted\">").text(&content.institution).raw(" · ");
    out.text(content.as_of.to_string()).raw("</p></div></article>");
    out
}

/// A paragraph with its fields filled for the screen.
fn filled(content: &Content, paragraph: &str) -> String {
    let total = Fen::checked_sum(content.items.iter().map(|(_, amount, _)| *amount)).unwrap_or_default();
    [
        ("{institution}", content.institution.clone()),
        ("{name}", content.addressee.clone()),
        ("{contract_no}", content.contract_no.clone()),
        ("{loan_no}", content.loan_no.clone()),
        ("{principal}", platform::locale::money(content.principal)),
        ("{principal_capital}", print::capital(content.principal.0)),
        ("{rate}", content.rate.clone()),
        ("{signed_on}", content.signed_on.to_string()),
        ("{matures_on}", content.matures_on.to_string()),
        ("{as_of}", content.as_of.to_string()),
        ("{overdue_since}", content.overdue_since.to_string()),
        ("{days_overdue}", content.days_overdue.to_string()),
        ("{pay_by}", content.pay_by.to_string()),
        ("{total}", platform::locale::money(total)),
        ("{total_capital}", print::capital(total.0)),
    ]
    .into_iter()
    .fold(paragraph.to_owned(), |text, (field, value)| text.replace(field, &value))
}

/// What the form of a step sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct StepForm {
    to: String,
    on: String,
    signer: String,
    agrees: String,
    detail: String,
    version: String,
}

impl StepForm {
    fn read(&self) -> Result<Step, Refused> {
        let mut wrong = Vec::new();
        let to = LetterState::parse(&self.to);
        if to.is_none() {
            wrong.push(FieldError::new("to", "choice-unknown").with("text", &self.to));
        }
        let on = self.on.trim().parse::<Date>().ok();
        if on.is_none() {
            wrong.push(FieldError::new("on", "date-unreadable").with("text", &self.on));
        }
        match (to, on) {
            (Some(to), Some(on)) => Ok(Step {
                to,
                on,
                signer: Signer::parse(&self.signer).filter(|_| to == LetterState::Signed),
                detail: self.detail.trim().to_owned(),
                agrees: !self.agrees.is_empty(),
            }),
            _ => Err(Refused::form(wrong)),
        }
    }
}

#[derive(Template)]
#[template(path = "letter/show.html")]
struct ShowBody {
    ui: Ui,
    sheet: Html,
    steps: Html,
    form: Option<FormPart>,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let typed = StepForm { on: work.business_date.to_string(), ..StepForm::default() };
    draw_letter(&visit, &mut work, &id, &typed, None).await
}

async fn print(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let (letter, _) = load(&mut work, &id, "loan.view").await?;
    paper::answer(&visit, work, &letter).await
}

async fn record(Path(id): Path<String>, posted: Posted<StepForm>) -> Result<Response, WebError> {
    let refused = match posted.form.read() {
        Err(refused) => refused,
        Ok(new) => {
            let mut work = posted.begin("letter.step").await?;
            match step(&mut work, &id, posted.form.version.parse().ok(), &new).await {
                Ok(Recorded::Done) => return posted.done(work, format!("/letters/{id}")).await,
                Ok(Recorded::Refused(refused)) => {
                    work.commit().await?;
                    refused
                }
                Err(ActionError::Refused(refused)) if shows_in_form(&refused) => *refused,
                Err(error) => return Err(error.into()),
            }
        }
    };
    let mut work = posted.visit.read().await?;
    draw_letter(&posted.visit, &mut work, &id, &posted.form, Some(&refused)).await
}

async fn draw_letter(
    visit: &Visit,
    work: &mut Work,
    id: &str,
    typed: &StepForm,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let (letter, file) = load(work, id, "loan.view").await?;
    let steps = store::steps(&mut work.tx, &letter).await?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let article = policy.article_title(&letter.content.article, visit.lang == Lang::En);
    let goes_on = visit.may(LETTER_ISSUE) && !letter.state.next().is_empty();
    let body = ShowBody {
        sheet: sheet(visit, &letter.content),
        steps: timeline(&ui, &letter, &steps, &article),
        form: goes_on.then(|| step_form(visit, &ui, &letter, typed, refused)),
        ui: ui.clone(),
    };
    let buttons = ui.buttons(vec![
        Button::link(Look::Secondary, ui.t("letter-of"), format!("/loans/{}/letters", file.loan.key.loan))
            .icon(Icon::ArrowLeft),
        Button::link(Look::Primary, ui.t("letter-print"), format!("/letters/{id}/print.pdf")).icon(Icon::Printer),
    ]);
    let title = format!("{} {}", ui.t(format!("letter-{}", letter.kind.as_str())), letter.number);
    let page = Page::new(title, "letters").subtitle(letter.content.addressee.clone()).actions(buttons);
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, visit.page(&page, &body)?).into_response())
}

/// What happened to the letter, with the article that asks for it.
fn timeline(ui: &Ui, letter: &Letter, steps: &[RecordedStep], article: &str) -> Html {
    let heads = ["limitation-on", "letter-state", "letter-detail", "letter-by"];
    let mut table = Table::new(ui.t("letter-life"), heads.map(|head| (ui.t(head), Side::Left)));
    for recorded in steps {
        let step = &recorded.step;
        let mut detail = Html::of_text(&step.detail);
        if let Some(signer) = step.signer {
            detail.raw(" · ").text(ui.t(format!("limitation-signer-{}", signer.as_str())));
        }
        table.row([ui.date(step.on), state_badge(ui, step.to).0, detail, Html::of_text(&recorded.by)]);
    }
    let mut out = ui.table(table);
    out.raw("<p>").push(&ui.rule(&letter.content.rule)).raw(" ");
    out.push(&ui.citation(article_address(&letter.content.article), article)).raw("</p>");
    out
}

fn step_form(visit: &Visit, ui: &Ui, letter: &Letter, typed: &StepForm, refused: Option<&Refused>) -> FormPart {
    let next = letter.state.next();
    let to = next.iter().map(|state| Choice::new(state.as_str(), ui.t(format!("letter-state-{}", state.as_str()))));
    let chosen = if typed.to.is_empty() { next.first().map_or("", |state| state.as_str()) } else { &typed.to };
    let mut fields = vec![
        Field::new("to", ui.t("letter-next"), Input::Radio(to.collect())).value(chosen).required(),
        Field::new("on", ui.t("limitation-on"), Input::Date).value(&typed.on).required(),
        Field::new("detail", ui.t("letter-detail"), Input::Text)
            .value(&typed.detail)
            .required()
            .hint(ui.t("letter-detail-hint")),
    ];
    if next.contains(&LetterState::Signed) {
        let mut signers = vec![Choice::new("", "—")];
        signers.extend(
            Signer::ALL
                .iter()
                .map(|signer| Choice::new(signer.as_str(), ui.t(format!("limitation-signer-{}", signer.as_str())))),
        );
        fields.push(
            Field::new("signer", ui.t("limitation-signer"), Input::Select(signers))
                .value(&typed.signer)
                .hint(ui.t("limitation-signer-hint")),
        );
        fields.push(Field::new("agrees", ui.t("limitation-agrees"), Input::Check).value(&typed.agrees));
    }
    let fields = marked(ui, refused, fields);
    FormPart {
        action: format!("/letters/{}/steps", letter.id),
        guard: ui.guard(visit.guard()),
        refusal: refused.filter(|refused| refused.fields.is_empty()).map(|r| refusal_box(ui, r)).unwrap_or_default(),
        summary: ui.error_summary(&fields),
        hidden: vec![("version", letter.version.to_string())],
        fields: fields.iter().map(|field| ui.field(field)).collect(),
        submit: ui.buttons(vec![Button::submit(Look::Primary, ui.t("letter-record")).icon(Icon::Check)]),
    }
}
