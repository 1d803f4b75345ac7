//! The form of a sheet of warning data: what the book knows beside every item.

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::error::{FieldError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Field, Icon, Input, Look, Ui};
use platform::policies::{self, InForce};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use policy::Value;

use super::model::{Item, NewSheet, Sign};
use super::{actions, data, policy as items_of, tab_of};
use crate::VIEW;
use crate::care::RECORD;
use crate::customer::actions::load_within;
use crate::customer::store::filled;
use crate::datum::form::{date, select, word};
use crate::datum::view::shown;
use crate::lead::policy::title;
use crate::sorting::industry;

/// In front of the name of an item.
const ITEM: &str = "item_";

/// What the form sends: words for every item of the policy, and the rest.
type SheetForm = Vec<(String, String)>;

/// The pages about warning data.
pub(super) fn routes() -> Routes {
    Routes::new()
        .data::<Vec<data::SheetData>, _, _>("/customers/{id}/warning-sheets", VIEW, data::sheets)
        .get("/customers/{id}/warning-sheets/new", RECORD, new_page)
        .post("/customers/{id}/warning-sheets/new", RECORD, enter)
}

async fn new_page(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    draw(&visit, id, &Fields::default(), None).await
}

async fn draw(visit: &Visit, id: CustomerId, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let customer = load_within(&mut work, id, RECORD).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let items = items_of::items(&policy, on, customer.kind)?;
    let known = actions::known(&mut work, &customer, (&policy, &items), on).await?;
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let mut fields = vec![
        Field::new("collected_on", ui.t("warning-collected-on"), Input::Date)
            .value(or("collected_on", &on.to_string()))
            .required(),
    ];
    fields.extend(known.iter().map(|one| field(&ui, &policy, one, typed)));
    fields.extend([
        Field::new("sign", ui.t("warning-sign"), select(&ui, "warning-sign", Sign::ALL.iter().map(|one| one.as_str())))
            .value(or("sign", Sign::None.as_str()))
            .required(),
        Field::new("finding", ui.t("warning-finding"), Input::Area)
            .value(or("finding", ""))
            .hint(ui.t("warning-finding-hint")),
    ]);
    let page = FormPage {
        active: "customers",
        title: ui.t("warning-new"),
        subtitle: customer.name,
        action: format!("/customers/{id}/warning-sheets/new"),
        fields,
        buttons: vec![Button::submit(Look::Primary, ui.t("warning-new")).icon(Icon::Check)],
        back: tab_of(id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

/// The field of an item; what the book knows of it stands below.
fn field(
    ui: &Ui,
    policy: &InForce,
    (item, value, sheet): &(Item, Option<Value>, Option<industry::Sheet>),
    typed: &Fields,
) -> Field {
    let name = format!("{ITEM}{}", item.name);
    let part = ui.t(format!("warning-part-{}", item.part));
    let label = format!("{part}: {}", title(ui, policy, "warning_item", &item.name));
    let known = match (value, sheet) {
        (_, Some(sheet)) => {
            let words = [&sheet.trend, &sheet.policy, &sheet.competition].map(String::as_str);
            ui.t1("warning-known", "known", words.join(" · "))
        }
        (Some(value), None) => ui.t1("warning-known", "known", shown(ui, policy, &item.fact, value)),
        (None, None) => ui.t("warning-unknown"),
    };
    Field::new(&name, label, Input::Area).value(typed.first(&name).unwrap_or_default()).hint(known).required()
}

/// A sheet as it was typed.
fn read(typed: &Fields, today: Date) -> Result<NewSheet, Refused> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let on = date(typed, "collected_on", &mut wrong).unwrap_or(today);
    let sign = word(typed, "sign", Sign::parse, Sign::None, &mut wrong);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong));
    }
    let item = |(name, value): &(String, String)| Some((name.strip_prefix(ITEM)?.to_owned(), value.trim().to_owned()));
    let items = typed.pairs().iter().filter_map(item).filter(|(_, text)| !text.is_empty()).collect();
    Ok(NewSheet { on, items, sign, finding: filled(typed.first("finding")).unwrap_or_default() })
}

async fn enter(Path(id): Path<CustomerId>, posted: Posted<SheetForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("warning.collect").await?;
    let done = match read(&posted.fields, work.business_date) {
        Ok(new) => actions::enter(&mut work, id, &new).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, tab_of(id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}
