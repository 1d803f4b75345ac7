//! Forms of a draft: one parameter, one article of the institution's own.

use axum::extract::{Path, Query};
use axum::response::Response;
use policy::{Parameter, Problem, ProblemKind};
use serde::Deserialize;

use super::actions::{self, PARAMETERS, ParameterEntry};
use super::model::{Checked, DraftError, DraftState};
use super::pages::address;
use super::words;
use crate::duty::pages_parts::{article_address, english};
use crate::error::{ActionError, FieldError as Complaint, Refused};
use crate::page::{Button, Choice, Field, FieldError, Html, Icon, Input, Look, Ui};
use crate::policies::pages::{POLICY_DRAFT, POLICY_VIEW};
use crate::policies::value_words::{choice, value_text};
use crate::web::{FormPage, Posted, Visit, WebError, shown_in_form};
use crate::work::Work;

/// The revision of the draft as its form was opened.
#[derive(Debug, Deserialize)]
pub(super) struct Seen {
    #[serde(default)]
    seen: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct ParameterForm {
    #[serde(default)]
    value: String,
    #[serde(default)]
    article: String,
    #[serde(default)]
    op: String,
}

/// The draft and the parameter as it stands in it.
async fn parameter(work: &mut Work, id: i64, name: &str) -> Result<(Checked, Parameter), ActionError> {
    let checked = actions::checked(work, id).await?;
    let on = checked.draft.effective_from.unwrap_or(work.business_date);
    let found = checked.namer().on(on).parameter(name).cloned();
    Ok((checked, found.ok_or(DraftError::Unknown)?))
}

pub(super) async fn form(visit: Visit, Path((id, name)): Path<(i64, String)>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    work.authorise(POLICY_VIEW)?;
    let (checked, found) = parameter(&mut work, id, &name).await?;
    let entry = ParameterEntry { value: found.value.to_text(), article: found.article.clone() };
    page(&visit, &checked, &found, &entry, &[]).draw(&visit, None)
}

/// The form, with what is wrong beside the field.
fn page(visit: &Visit, checked: &Checked, found: &Parameter, entry: &ParameterEntry, problems: &[Problem]) -> FormPage {
    let ui = visit.ui();
    let draft = &checked.draft;
    let open = draft.state == DraftState::Open && visit.may(POLICY_DRAFT);
    let value = Field::new("value", found.title.in_language(english(&ui)), value_input(&ui, found))
        .value(&entry.value)
        .hint(hint(&ui, found, checked))
        .error(complaint(&ui, problems, checked, false))
        .required();
    let article = Field::new("article", ui.t("duty-source"), articles(&ui, checked))
        .value(&entry.article)
        .error(complaint(&ui, problems, checked, true))
        .required();
    let mut buttons = Vec::new();
    if open {
        buttons.push(Button::submit(Look::Primary, ui.t("desk-keep")).icon(Icon::Check));
        if found.place.file == PARAMETERS {
            let restore = Button::submit(Look::Secondary, ui.t("desk-restore")).icon(Icon::ArrowBackUp);
            buttons.push(restore.submits("op", "restore"));
        }
    }
    FormPage {
        active: "policies",
        title: found.title.in_language(english(&ui)).to_owned(),
        subtitle: found.name.clone(),
        action: format!("{}/parameters/{}?seen={}", address(draft.id), found.name, draft.revision),
        fields: vec![value, article],
        note: Html::new(),
        buttons,
        back: address(draft.id),
    }
}

/// A choice of the words known, else one line.
fn value_input(ui: &Ui, found: &Parameter) -> Input {
    let option = |value: &str| {
        let word = choice(ui, &found.name, value);
        Choice::new(value, if word == value { word } else { format!("{word} ({value})") })
    };
    match &found.kind {
        policy::ParameterType::One(policy::FactType::OneOf { values, .. }) => {
            Input::Select(values.iter().map(|value| option(value)).collect())
        }
        policy::ParameterType::One(policy::FactType::Boolean) => Input::Select(vec![option("true"), option("false")]),
        _ => Input::Text,
    }
}

/// Unit, direction of the law with its value and article, what the base says.
fn hint(ui: &Ui, found: &Parameter, checked: &Checked) -> String {
    let mut parts = Vec::new();
    if let Some(unit) = words::unit(found) {
        parts.push(ui.t1("desk-unit", "unit", ui.t(format!("unit-{}", unit.replace('_', "-")))));
    }
    if let Some(law) = law(found, checked) {
        let direction = law.direction.map_or("fixed", policy::Direction::name);
        let article = words::article_title(checked.base.pack(), &law.article, ui);
        let fields = [("law", law.value.to_text()), ("article", article)];
        parts.push(ui.tn(format!("desk-law-{direction}"), &fields));
    }
    let on = checked.draft.effective_from.unwrap_or(ui.business_date);
    if let Some(base) = checked.base.pack().on(on).parameter(&found.name) {
        // The field takes the value as written, so both are said where they differ.
        let (written, words) = (base.value.to_text(), value_text(ui, base));
        let both = if words.starts_with(&written) { words } else { format!("{written} = {words}") };
        parts.push(ui.t1("desk-base-value", "value", both));
    }
    parts.join(" · ")
}

/// The parameter of the law layer, when it has one of that name.
fn law<'a>(found: &Parameter, checked: &'a Checked) -> Option<&'a Parameter> {
    let pack = checked.base.pack();
    let in_law = |one: &&Parameter| one.place.file.split('/').next().is_some_and(|folder| pack.is_law(folder));
    pack.parameters().iter().filter(in_law).find(|one| one.name == found.name)
}

fn articles(ui: &Ui, checked: &Checked) -> Input {
    let choice =
        |one: &policy::Article| Choice::new(&one.id, format!("{} · {}", one.title.in_language(english(ui)), one.id));
    Input::Select(checked.namer().articles().map(choice).collect())
}

/// What is wrong with the value or with the article, with the article of the law.
fn complaint(ui: &Ui, problems: &[Problem], checked: &Checked, of_article: bool) -> Option<FieldError> {
    let about_article = |problem: &&Problem| {
        matches!(problem.kind, ProblemKind::MissingArticle { .. } | ProblemKind::UnknownArticle { .. }) == of_article
    };
    let found: Vec<&Problem> = problems.iter().filter(about_article).collect();
    let first = found.first()?;
    let article = match &first.kind {
        ProblemKind::LooserThanLaw { article, .. } | ProblemKind::NotOverridable { article, .. } => {
            Some((article_address(article), words::article_title(checked.base.pack(), article, ui)))
        }
        _ => None,
    };
    let text = found.iter().map(|problem| words::problem_text(ui, problem)).collect::<Vec<String>>().join(" ");
    Some(FieldError { text, article })
}

pub(super) async fn set(
    Path((id, name)): Path<(i64, String)>,
    Query(Seen { seen }): Query<Seen>,
    posted: Posted<ParameterForm>,
) -> Result<Response, WebError> {
    let visit = &posted.visit;
    let mut work = visit.begin().await?;
    let (checked, found) = parameter(&mut work, id, &name).await?;
    let form = &posted.form;
    let entry = ParameterEntry { value: form.value.trim().to_owned(), article: form.article.trim().to_owned() };
    let seen = (id, seen);
    let done = if form.op == "restore" {
        actions::restore_parameter(&mut work, seen, &name).await.map(Ok)
    } else {
        actions::set_parameter(&mut work, seen, &found, &entry).await
    };
    match done {
        Ok(Ok(_)) => {
            work.commit().await?;
            Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(&address(id))))
        }
        Ok(Err(problems)) => {
            work.tx.rollback().await?;
            let refused = Refused::form(Vec::new()).under("policy.only_tighten", None);
            page(visit, &checked, &found, &entry, &problems).draw_with_errors(visit, &refused)
        }
        Err(error) => {
            work.tx.rollback().await?;
            page(visit, &checked, &found, &entry, &[]).draw(visit, Some(&shown_in_form(error)?))
        }
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ArticleForm {
    #[serde(default)]
    id: String,
    #[serde(default)]
    title_zh: String,
    #[serde(default)]
    title_en: String,
    #[serde(default)]
    gist_zh: String,
    #[serde(default)]
    source: String,
}

fn article_page(ui: &Ui, (id, seen): (i64, i64), form: &ArticleForm) -> FormPage {
    let text = |name: &str, label: &str, value: &str| Field::new(name, ui.t(label), Input::Text).value(value);
    FormPage {
        active: "policies",
        title: ui.t("desk-article-new"),
        action: format!("{}/articles/new?seen={seen}", address(id)),
        fields: vec![
            text("id", "desk-article-id", &form.id).required().hint(ui.t("desk-article-id-hint")),
            text("title_zh", "desk-article-title", &form.title_zh).required(),
            text("title_en", "desk-article-title-en", &form.title_en),
            Field::new("gist_zh", ui.t("desk-article-gist"), Input::Area).value(&form.gist_zh).required(),
            text("source", "article-source", &form.source).required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("desk-keep")).icon(Icon::Check)],
        back: address(id),
        ..FormPage::default()
    }
}

pub(super) async fn article_form(visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let draft = super::store::load(&mut work.tx, id).await?.ok_or_else(|| ActionError::from(DraftError::Unknown))?;
    article_page(&visit.ui(), (id, draft.revision), &ArticleForm::default()).draw(&visit, None)
}

pub(super) async fn article_set(
    Path(id): Path<i64>,
    Query(Seen { seen }): Query<Seen>,
    posted: Posted<ArticleForm>,
) -> Result<Response, WebError> {
    let visit = &posted.visit;
    let form = &posted.form;
    let mut wrong = Vec::new();
    let key = form.id.trim();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    if key.is_empty() || key.len() > 60 || !key.chars().all(plain) {
        wrong.push(Complaint::new("id", "draft-article-id"));
    }
    for (field, value) in [("title_zh", &form.title_zh), ("gist_zh", &form.gist_zh), ("source", &form.source)] {
        if value.trim().is_empty() || value.chars().count() > 2_000 {
            wrong.push(Complaint::new(field, "draft-article-text"));
        }
    }
    if !wrong.is_empty() {
        return article_page(&visit.ui(), (id, seen), form).draw(visit, Some(&Refused::form(wrong)));
    }
    let cells = [
        ("id", key),
        ("title_zh", form.title_zh.as_str()),
        ("title_en", form.title_en.as_str()),
        ("gist_zh", form.gist_zh.as_str()),
        ("gist_en", ""),
        ("source", form.source.as_str()),
        ("confidence", "house"),
    ];
    let mut work = visit.begin().await?;
    match actions::set_article(&mut work, (id, seen), key, &cells).await {
        Ok(_) => {
            work.commit().await?;
            Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(&address(id))))
        }
        Err(error) => {
            work.tx.rollback().await?;
            article_page(&visit.ui(), (id, seen), form).draw(visit, Some(&shown_in_form(error)?))
        }
    }
}
