//! The bundles of a case with the form that makes one, and its file.

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::attachment;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Side, Table, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, shown_in_form};
use platform::work::Work;
use serde::Deserialize;

use super::model::{Bundle, Order, Purpose};
use super::{BUNDLE_MAKE, actions, data, store};
use crate::CASE_VIEW;
use crate::case::actions as cases;
use crate::case::list::LIST;
use crate::case::model::{Case, CaseId};

/// The pages of bundles.
pub fn routes() -> Routes {
    Routes::new()
        .get("/collections/cases/{id}/bundles", BUNDLE_MAKE, form_page)
        .data::<Vec<data::BundleData>, _, _>("/collections/cases/{id}/bundles", CASE_VIEW, data::bundles)
        .post("/collections/cases/{id}/bundles", BUNDLE_MAKE, make)
        .post(super::batch::BUNDLES, BUNDLE_MAKE, super::batch::bundles)
        .file("/collections/cases/{id}/bundles/{bundle}/file", BUNDLE_MAKE, take, &["application/pdf"])
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct OrderForm {
    purpose: String,
    as_of: String,
    enclose: String,
}

impl OrderForm {
    /// What the fields of a batch hold.
    pub(super) fn of(fields: &Fields) -> Self {
        let typed = |name| fields.first(name).unwrap_or("").to_owned();
        Self { purpose: typed("purpose"), as_of: typed("as_of"), enclose: typed("enclose") }
    }

    /// The usual one of a day.
    pub(super) fn usual(on: Date) -> Self {
        let purpose = Purpose::Suit.as_str().to_owned();
        Self { purpose, as_of: on.to_string(), enclose: "files".to_owned() }
    }

    /// Whether nothing was typed yet.
    pub(super) fn is_empty(&self) -> bool {
        self.purpose.is_empty() && self.as_of.is_empty() && self.enclose.is_empty()
    }

    /// The fields of the form.
    pub(super) fn fields(&self, ui: &Ui) -> Vec<Field> {
        let purposes =
            Purpose::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("bundle-purpose-{}", one.as_str()))));
        let enclose = ["files", "list"].map(|one| Choice::new(one, ui.t(format!("bundle-enclose-{one}"))));
        vec![
            Field::new("purpose", ui.t("bundle-purpose"), Input::Radio(purposes.to_vec()))
                .value(&self.purpose)
                .required(),
            Field::new("as_of", ui.t("bundle-as-of"), Input::Date)
                .value(&self.as_of)
                .required()
                .hint(ui.t("bundle-as-of-hint")),
            Field::new("enclose", ui.t("bundle-enclose"), Input::Radio(enclose.to_vec()))
                .value(&self.enclose)
                .required()
                .hint(ui.t("bundle-enclose-hint")),
        ]
    }

    pub(super) fn read(&self) -> Result<Order, Refused> {
        let mut wrong = Vec::new();
        let purpose = Purpose::parse(&self.purpose);
        if purpose.is_none() {
            wrong.push(FieldError::new("purpose", "choice-unknown").with("text", &self.purpose));
        }
        let as_of = self.as_of.trim().parse::<Date>().ok();
        if as_of.is_none() {
            wrong.push(FieldError::new("as_of", "date-unreadable").with("text", &self.as_of));
        }
        if !["files", "list"].contains(&self.enclose.as_str()) {
            wrong.push(FieldError::new("enclose", "choice-unknown").with("text", &self.enclose));
        }
        match (purpose, as_of) {
            (Some(purpose), Some(as_of)) if wrong.is_empty() => {
                Ok(Order { purpose, as_of, enclose: self.enclose == "files" })
            }
            _ => Err(Refused::form(wrong)),
        }
    }
}

fn parse(id: &str) -> Result<CaseId, ActionError> {
    Ok(cases::parse(id)?)
}

async fn form_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let typed = OrderForm::usual(visit.ui().business_date);
    draw(&visit, &id, &typed, None).await
}

async fn draw(visit: &Visit, id: &str, typed: &OrderForm, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let case = cases::load(&mut work, parse(id)?, BUNDLE_MAKE).await?;
    let made = store::of_case(&mut work.tx, case.key).await.map_err(ActionError::from)?;
    let reader = actions::reader(&mut work, &case).await?;
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("bundle-hint")).raw("</p>").push(&table(reader, &ui, &case, &made));
    let page = FormPage {
        active: "cases",
        title: ui.t("bundle-new"),
        subtitle: case.number.clone(),
        action: format!("{LIST}/{}/bundles", case.key.case),
        fields: typed.fields(&ui),
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("bundle-make")).icon(Icon::FileText)],
        back: format!("{LIST}/{}", case.key.case),
    };
    page.draw(visit, refused)
}

async fn make(Path(id): Path<String>, posted: Posted<OrderForm>) -> Result<Response, WebError> {
    let visit = &posted.visit;
    let ready = match posted.form.read() {
        Ok(order) => actions::prepare_at_once(visit.begin().await?, parse(&id)?, order).await,
        Err(refused) => Err(refused.into()),
    };
    let refused = match ready {
        Ok(ready) => {
            let mut work = posted.begin("bundle.make").await?;
            let done = actions::keep(&mut work, &ready).await;
            match posted.finish(work, done, format!("{LIST}/{id}/bundles")).await? {
                Ok(gone) => return Ok(gone),
                Err(refused) => refused,
            }
        }
        Err(error) => shown_in_form(error)?,
    };
    draw(visit, &id, &posted.form, Some(&refused)).await
}

/// The file, to be saved; the look is in the trail before the first byte leaves.
async fn take(visit: Visit, Path((id, bundle)): Path<(String, String)>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let opened = actions::open(&mut work, parse(&id)?, &bundle).await?;
    work.commit().await?;
    Ok(attachment::response(opened))
}

/// 诉讼卷宗 on the page of a case.
///
/// # Errors
/// The store's.
pub async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let made = store::of_case(&mut work.tx, case.key).await?;
    let mut html = Html::new();
    if made.is_empty() && !visit.may(BUNDLE_MAKE) {
        return Ok(html);
    }
    html.raw("<section class=\"panel\" id=\"bundles\"><header class=\"panel-head\"><h2>").text(ui.t("bundle-title"));
    html.raw("</h2>");
    if visit.may(BUNDLE_MAKE) {
        let address = format!("{LIST}/{}/bundles", case.key.case);
        let button = Button::link(Look::Secondary, ui.t("bundle-new"), address).icon(Icon::Plus);
        html.raw("<div class=\"end\">").push(&ui.button(button)).raw("</div>");
    }
    html.raw("</header>");
    if made.is_empty() {
        html.raw("<p class=\"panel-body muted\">").text(ui.t("bundle-none")).raw("</p>");
    } else {
        let reader = actions::reader(work, case).await?;
        html.push(&table(reader, &ui, case, &made));
    }
    html.raw("</section>");
    Ok(html)
}

fn table(reader: actions::Reader, ui: &Ui, case: &Case, made: &[Bundle]) -> Html {
    if made.is_empty() {
        return Html::new();
    }
    let heads = [
        ("bundle-number", Side::Left),
        ("bundle-purpose", Side::Left),
        ("bundle-as-of", Side::Left),
        ("bundle-volume", Side::Right),
        ("bundle-pages", Side::Right),
        ("bundle-enclosed", Side::Right),
        ("bundle-made-at", Side::Left),
        ("bundle-digest", Side::Left),
    ];
    let mut table = Table::new(ui.t("bundle-title"), heads.map(|(id, side)| (ui.t(id), side)));
    for one in made {
        let mut number = Html::new();
        if reader.opens(one) {
            let address = format!("{LIST}/{}/bundles/{}/file", case.key.case, one.id);
            number.raw("<a").href(address).raw(">").text(&one.number).raw("</a>");
        } else {
            number.text(&one.number);
        }
        let at = format!("{} {}", platform::clock::civil_minute(one.made_at), one.by);
        table.row([
            number,
            Html::of_text(ui.t(format!("bundle-purpose-{}", one.purpose.as_str()))),
            ui.date(one.as_of),
            Html::of_text(format!("{} / {}", one.volume, one.volumes)),
            Html::of_text(ui.count(one.pages)),
            Html::of_text(format!("{} / {}", one.enclosed, one.listed)),
            Html::of_text(at),
            Html::of_text(one.digest.chars().take(12).collect::<String>()),
        ]);
    }
    ui.table(table)
}
