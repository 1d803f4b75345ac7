//! Pages of scorecards: those in force, fits, the form with the file, one fit with its report.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use platform::error::{FieldError, Refused};
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::policies::{self, InForce, POLICY_DRAFT, POLICY_VIEW};
use platform::web::{Fields, Posted, Routes, Upload, Visit, WebError, failing_field, shown_in_form};

use super::actions::{self, Wanted};
use super::store::{self, Fit};
use super::{data, view};
use crate::customer::model::CustomerKind;

/// Where the overview is.
const LIST: &str = "/scorecards";

/// The pages of scorecards.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/scorecards", POLICY_VIEW, index)
        .data::<Vec<CardData>, _, _>("/scorecards", POLICY_VIEW, cards)
        .get("/scorecards/fits/new", POLICY_DRAFT, new_page)
        .upload("/scorecards/fits/new", POLICY_DRAFT, create)
        .get("/scorecards/fits/{id}", POLICY_VIEW, show)
        .data::<data::FitData, _, _>("/scorecards/fits/{id}", POLICY_VIEW, data::fit)
        .post("/scorecards/fits/{id}/draft", POLICY_DRAFT, draft)
}

/// A scorecard of the rules in force (评分卡).
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
struct CardData {
    /// Its id.
    id: String,
    /// `person` or `company`.
    of: String,
    /// What people call it.
    title: String,
    /// The fact that its score becomes.
    score: String,
    /// The decision that grades by it.
    grade: Option<String>,
    /// How many items it has.
    items: usize,
}

async fn cards(visit: Visit) -> Result<platform::api::Data<Vec<CardData>>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(POLICY_VIEW)?;
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let english = visit.lang == platform::locale::Lang::En;
    let card = |card: &policy::Scorecard| CardData {
        id: card.id.clone(),
        of: card.of.clone(),
        title: card.title.in_language(english).to_owned(),
        score: card.score.clone(),
        grade: card.grade.clone(),
        items: card.items.len(),
    };
    Ok(platform::api::Data(rules.pack().scorecards().filter(|card| card.period.contains(on)).map(card).collect()))
}

async fn index(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    work.authorise(POLICY_VIEW)?;
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let fits = store::latest(&mut work.tx).await?;
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("scorecard-in-force"));
    body.raw("</h2><span class=\"sub\">").text(ui.t("scorecard-in-force-note")).raw("</span></header>");
    body.push(&ui.table(in_force(&ui, &rules))).raw("</section>");
    body.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("scorecard-fits"));
    body.raw("</h2><span class=\"sub\">").text(ui.t("scorecard-fits-note")).raw("</span></header>");
    if fits.is_empty() {
        body.raw("<div class=\"panel-body\"><p class=\"hint\">").text(ui.t("scorecard-fits-none")).raw("</p></div>");
    } else {
        body.push(&ui.table(fits_table(&ui, &fits)));
    }
    body.raw("</section>");
    let mut page = Page::new(ui.t("scorecard-title"), "scorecards").subtitle(ui.t1("evaluation-as-of", "on", on));
    if visit.may(POLICY_DRAFT) {
        let new = Button::link(Look::Primary, ui.t("scorecard-fit-new"), "/scorecards/fits/new").icon(Icon::Calculator);
        page = page.actions(ui.button(new));
    }
    visit.page_of(&page, &body)
}

fn in_force(ui: &Ui, rules: &InForce) -> Table {
    let english = ui.lang() == platform::locale::Lang::En;
    let heads = [
        ("title", Side::Left),
        ("of", Side::Left),
        ("items", Side::Right),
        ("score", Side::Left),
        ("article", Side::Left),
    ];
    let heads = heads.map(|(id, side)| (ui.t(format!("scorecard-of-{id}")), side));
    let mut table = Table::new(ui.t("scorecard-in-force"), heads);
    for card in rules.pack().scorecards().filter(|card| card.period.contains(ui.business_date)) {
        let article = rules.article_title(&card.article, english);
        table.row([
            Html::of_text(card.title.in_language(english)),
            Html::of_text(ui.t(format!("customer-kind-{}", card.of))),
            Html::of_text(card.items.len().to_string()),
            Html::of_text(crate::datum::view::title(ui, rules, &card.score)),
            ui.citation(policies::article_address(&card.article), article),
        ]);
    }
    table
}

fn fits_table(ui: &Ui, fits: &[Fit]) -> Table {
    let heads = [
        ("title", Side::Left),
        ("on", Side::Left),
        ("rows", Side::Right),
        ("ks", Side::Right),
        ("auc", Side::Right),
        ("state", Side::Left),
    ];
    let heads = heads.map(|(id, side)| (ui.t(format!("scorecard-of-{id}")), side));
    let mut table = Table::new(ui.t("scorecard-fits"), heads);
    for fit in fits {
        let mut link = Html::new();
        link.raw("<a").href(address(fit.id)).raw(">").text(&fit.title).raw("</a>");
        let judged = fit.outcome.as_ref().ok().map(|one| if one.test.bad > 0 { &one.test } else { &one.train });
        let figure = |value: Option<f64>| Html::of_text(value.map_or_else(|| "—".to_owned(), |v| format!("{v:.3}")));
        table.row([
            link,
            ui.date(fit.on),
            Html::of_text(fit.rows.to_string()),
            figure(judged.map(|one| one.ks)),
            figure(judged.map(|one| one.auc)),
            state(ui, fit),
        ]);
    }
    table
}

fn state(ui: &Ui, fit: &Fit) -> Html {
    match (&fit.outcome, fit.draft) {
        (Err(_), _) => ui.badge(Tone::Doubt, Icon::Ban, ui.t("scorecard-state-refused")),
        (Ok(_), Some(_)) => ui.badge(Tone::Info, Icon::Edit, ui.t("scorecard-state-draft")),
        (Ok(_), None) => ui.badge(Tone::Ok, Icon::CircleCheck, ui.t("scorecard-state-fitted")),
    }
}

fn address(id: impl std::fmt::Display) -> String {
    format!("{LIST}/fits/{id}")
}

async fn new_page(visit: Visit) -> Result<Response, WebError> {
    draw_new(&visit, &Fields::default(), None)
}

fn draw_new(visit: &Visit, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let ui = visit.ui();
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let kinds = [CustomerKind::Person, CustomerKind::Company];
    let kinds = kinds.map(|kind| Choice::new(kind.as_str(), ui.t(format!("customer-kind-{}", kind.as_str()))));
    let fields = [
        Field::new("title", ui.t("scorecard-of-title"), Input::Text).value(or("title", "")).required(),
        Field::new("of", ui.t("scorecard-of-of"), Input::Select(kinds.to_vec())).value(or("of", "person")).required(),
        Field::new("target", ui.t("scorecard-target"), Input::Text)
            .value(or("target", "bad"))
            .hint(ui.t("scorecard-target-hint"))
            .required(),
        Field::new("monotone", ui.t("scorecard-monotone"), Input::Check).value(or("monotone", "")),
        Field::new("file", ui.t("scorecard-file"), Input::File(".xlsx,.xls,.csv".to_owned()))
            .hint(ui.t("scorecard-file-hint"))
            .required(),
    ];
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><form class=\"panel-body form grid\" method=\"post\"");
    body.raw(" enctype=\"multipart/form-data\" action=\"/scorecards/fits/new\">").push(&ui.guard(visit.guard()));
    body.raw("<div class=\"full\"><p class=\"hint\">").text(ui.t("scorecard-fit-note")).raw("</p></div>");
    for field in fields {
        let error = refused.and_then(|refused| failing_field(&ui, refused, &field.name));
        body.push(&ui.field(field.error(error)));
    }
    let submit = Button::submit(Look::Primary, ui.t("scorecard-fit-run")).icon(Icon::Calculator);
    let cancel = Button::link(Look::Plain, ui.t("cancel"), LIST);
    body.raw("<div class=\"buttons\">")
        .push(&ui.button(submit))
        .push(&ui.button(cancel))
        .raw("</div></form></section>");
    let mut response = visit.page_of(&Page::new(ui.t("scorecard-fit-new"), "scorecards"), &body)?;
    if refused.is_some() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

async fn create(upload: Upload) -> Result<Response, WebError> {
    let text = |name: &str| upload.fields.first(name).unwrap_or_default().to_owned();
    let file = upload.files.iter().find(|file| file.field == "file");
    let Some(kind) = CustomerKind::parse(&text("of")) else {
        let refused = Refused::form(vec![FieldError::choice("of", &text("of"))]);
        return draw_new(&upload.visit, &upload.fields, Some(&refused));
    };
    let wanted = Wanted {
        title: text("title"),
        kind,
        target: text("target"),
        monotone: matches!(text("monotone").as_str(), "on" | "true"),
        file: file.map(|file| file.name.clone()).unwrap_or_default(),
        bytes: file.map(|file| file.bytes.clone()).unwrap_or_default(),
    };
    let mut work = upload.begin("scorecard.fit").await?;
    match actions::fit(&mut work, wanted).await {
        Ok(id) => upload.done(work, address(id)).await,
        Err(error) => {
            work.tx.rollback().await?;
            let refused = shown_in_form(error)?;
            draw_new(&upload.visit, &upload.fields, Some(&refused))
        }
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let fit = actions::seen(&mut work, &id).await?;
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><div class=\"panel-body\"><dl class=\"facts\">");
    let ignored = fit.ignored.join(&ui.t("list-comma"));
    let facts = [
        ("scorecard-of-state", state(&ui, &fit)),
        ("scorecard-of-of", Html::of_text(ui.t(format!("customer-kind-{}", fit.kind.as_str())))),
        ("scorecard-file", Html::of_text(&fit.file)),
        ("scorecard-digest", Html::of_text(fit.digest.chars().take(16).collect::<String>())),
        ("scorecard-rows", Html::of_text(fit.rows.to_string())),
        ("scorecard-ignored", Html::of_text(if ignored.is_empty() { "—".to_owned() } else { ignored })),
    ];
    for (label, value) in facts {
        body.raw("<dt>").text(ui.t(label)).raw("</dt><dd>").push(&value).raw("</dd>");
    }
    body.raw("</dl></div></section>").push(&view::report(&ui, &rules, &fit));
    let mut actions = Html::new();
    actions.push(&ui.button(Button::link(Look::Secondary, ui.t("scorecard-back"), LIST).icon(Icon::ArrowLeft)));
    match (fit.draft, fit.outcome.is_ok() && visit.may(POLICY_DRAFT)) {
        (Some(draft), _) => {
            let open = Button::link(Look::Primary, ui.t("scorecard-open-draft"), format!("/policies/drafts/{draft}"));
            actions.push(&ui.button(open));
        }
        (None, true) => {
            actions.raw("<form method=\"post\"").attr("action", format!("{}/draft", address(fit.id))).raw(">");
            actions.push(&ui.guard(visit.guard()));
            actions.push(&ui.button(Button::submit(Look::Primary, ui.t("scorecard-make-draft")))).raw("</form>");
        }
        (None, false) => {}
    }
    visit.page_of(&Page::new(fit.title, "scorecards").subtitle(fit.on.to_string()).actions(actions), &body)
}

platform::form_fields! {
    /// Nothing to fill in.
    DraftForm:
}

async fn draft(Path(id): Path<String>, posted: Posted<DraftForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("scorecard.draft").await?;
    let draft = actions::draft(&mut work, &id).await?;
    posted.done(work, format!("/policies/drafts/{draft}")).await
}
