//! The forms about one loan of a run: set its class, set another one at the review, suggest one.

use axum::extract::Path;
use axum::response::Response;
use platform::error::{ActionError, Refused};
use platform::page::{Button, Field, Html, Icon, Input, Look, Table, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::error::ClassificationError;
use super::model::{Item, Run, RunId, Suggestion};
use super::view::class_word;
use super::{PREPARE, REVIEW, SUGGEST, actions, items, page_of, store};
use crate::loan::actions::load_within;
use crate::loan::model::LoanFile;

platform::form_fields! {
    /// Which class a loan has, and why.
    ClassForm: "class", "reason"
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/classifications/{classification}/loans/{loan}/judge", PREPARE, judge_page)
        .post("/classifications/{classification}/loans/{loan}/judge", PREPARE, judge)
        .get("/classifications/{classification}/loans/{loan}/rejudge", REVIEW, rejudge_page)
        .post("/classifications/{classification}/loans/{loan}/rejudge", REVIEW, rejudge)
        .get("/classifications/{classification}/loans/{loan}/suggest", SUGGEST, suggest_page)
        .post("/classifications/{classification}/loans/{loan}/suggest", SUGGEST, suggest)
}

/// Customer and loan of an address.
type Place = (String, String);

/// What a form shows of a loan.
struct Seen {
    run: Run,
    item: Item,
    file: LoanFile,
    suggestions: Vec<Suggestion>,
}

/// A loan of a run, as far as this person may see it under the action: of suggestions the loan decides, else the run.
async fn see(work: &mut Work, (id, loan): (&str, &str), action: &'static str) -> Result<Seen, ActionError> {
    let run = if action == SUGGEST {
        work.authorise(SUGGEST)?;
        let key = id.parse().map(RunId).map_err(|_| ClassificationError::NotFound)?;
        store::find(&mut work.tx, key).await?.ok_or(ClassificationError::NotFound)?
    } else {
        actions::seen(work, id, action).await?
    };
    let item = actions::item(work, &run, loan).await?;
    let file = load_within(work, item.key, action).await?;
    let suggestions = store::suggestions(&mut work.tx, run.id, item.key.loan).await?;
    Ok(Seen { run, item, file, suggestions })
}

/// What is known of a loan and what others think of it.
fn about(ui: &Ui, seen: &Seen) -> Html {
    let mut out = Html::new();
    let item = &seen.item;
    let facts = [
        ("classification-former", class_word(ui, &item.former)),
        ("classification-system", class_word(ui, &item.system)),
        ("classification-standing", class_word(ui, &item.standing)),
        ("classification-initial", class_word(ui, &item.initial)),
        ("loan-days", item.days.to_string()),
        ("loan-balance", ui.yuan(item.principal)),
        ("classification-initial-reason", item.initial_reason.clone()),
        ("classification-review-reason", item.review_reason.clone()),
    ];
    let facts: Vec<(String, Html)> =
        facts.into_iter().map(|(label, value)| (ui.t(label), Html::of_text(value))).collect();
    out.push(&crate::desk::view::facts(&facts));
    if !seen.suggestions.is_empty() {
        let heads =
            ["classification-class", "classification-reason", "classification-suggested-by", "classification-on"];
        let left = |head| (ui.t(head), platform::page::Side::Left);
        let mut table = Table::new(ui.t("classification-suggestions"), heads.map(left));
        for one in &seen.suggestions {
            table.row([
                Html::of_text(class_word(ui, &one.class)),
                Html::of_text(&one.reason),
                Html::of_text(&one.by),
                ui.date(one.on),
            ]);
        }
        out.push(&ui.table(table));
    }
    out
}

async fn draw(
    visit: &Visit,
    (id, loan): (&str, &str),
    (step, action): (&'static str, &'static str),
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let seen = see(&mut work, (id, loan), action).await?;
    let class = typed.first("class").unwrap_or(&seen.item.class).to_owned();
    let title = ui.t(format!("classification-{step}"));
    let page = FormPage {
        active: "classifications",
        title: title.clone(),
        subtitle: format!("{} · {}", seen.run.number, seen.file.loan.number),
        action: format!("{}/loans/{loan}/{step}", page_of(seen.run.id)),
        fields: vec![
            Field::new("class", ui.t("classification-class"), Input::Select(items::classes(&ui)))
                .value(class)
                .hint(ui.t1("classification-class-hint", "least", class_word(&ui, &seen.item.system)))
                .required(),
            Field::new("reason", ui.t("classification-reason"), Input::Area)
                .value(typed.first("reason").unwrap_or_default())
                .required(),
        ],
        note: about(&ui, &seen),
        buttons: vec![Button::submit(Look::Primary, title).icon(Icon::Check)],
        back: items::PATH.to_owned(),
    };
    page.draw(visit, refused)
}

fn said(typed: &Fields) -> (&str, &str) {
    (typed.first("class").unwrap_or_default(), typed.first("reason").unwrap_or_default())
}

const JUDGING: (&str, &str) = ("judge", PREPARE);
const REJUDGING: (&str, &str) = ("rejudge", REVIEW);
const SUGGESTING: (&str, &str) = ("suggest", SUGGEST);

async fn judge_page(visit: Visit, Path((id, loan)): Path<Place>) -> Result<Response, WebError> {
    draw(&visit, (&id, &loan), JUDGING, &Fields::default(), None).await
}

async fn rejudge_page(visit: Visit, Path((id, loan)): Path<Place>) -> Result<Response, WebError> {
    draw(&visit, (&id, &loan), REJUDGING, &Fields::default(), None).await
}

async fn suggest_page(visit: Visit, Path((id, loan)): Path<Place>) -> Result<Response, WebError> {
    draw(&visit, (&id, &loan), SUGGESTING, &Fields::default(), None).await
}

async fn judge(Path((id, loan)): Path<Place>, posted: Posted<ClassForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("classification.judge").await?;
    let (class, reason) = said(&posted.fields);
    let done = actions::judge(&mut work, &id, &loan, class, reason).await;
    match posted.finish(work, done, items::PATH.to_owned()).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, (&id, &loan), JUDGING, &posted.fields, Some(&refused)).await,
    }
}

async fn rejudge(Path((id, loan)): Path<Place>, posted: Posted<ClassForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("classification.rejudge").await?;
    let (class, reason) = said(&posted.fields);
    let done = actions::rejudge(&mut work, &id, &loan, class, reason).await;
    match posted.finish(work, done, items::PATH.to_owned()).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, (&id, &loan), REJUDGING, &posted.fields, Some(&refused)).await,
    }
}

async fn suggest(Path((id, loan)): Path<Place>, posted: Posted<ClassForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("classification.suggest").await?;
    let (class, reason) = said(&posted.fields);
    let done = actions::suggest(&mut work, &id, &loan, class, reason).await;
    match posted.finish(work, done, items::PATH.to_owned()).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, (&id, &loan), SUGGESTING, &posted.fields, Some(&refused)).await,
    }
}
