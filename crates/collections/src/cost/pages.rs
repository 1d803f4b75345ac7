//! The list of costs, and the forms that record, correct and check them.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::{ActionError, FieldError, Refused};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, View};
use platform::page::{Button, Choice, Empty, Field, Html, Icon, Input, Look, Page, Tone, Ui};
use platform::policies::{self, InForce};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::model::{Cost, CostState, NewCost};
use super::{COST_CHECK, COST_RECORD, LIST, actions, kind_title};
use crate::CASE_VIEW;
use crate::case::actions as cases;

platform::form_fields! {
    /// What is recorded of a cost.
    CostForm: "kind", "amount", "spent_on", "note"
}
platform::form_fields! {
    /// What a checker says of a cost.
    CheckForm: "accepted", "opinion"
}

/// The views in the order of their tabs.
const VIEWS: [&str; 3] = ["waiting", "standing", "all"];

/// The list and the forms.
pub(super) fn routes() -> Routes {
    Routes::new()
        .list(LIST, CASE_VIEW, index, spec)
        .get("/collections/cases/{id}/costs/new", COST_RECORD, new_page)
        .post("/collections/cases/{id}/costs/new", COST_RECORD, create)
        .get("/collections/costs/{cost}/correct", COST_RECORD, correct_page)
        .post("/collections/costs/{cost}/correct", COST_RECORD, correct)
        .get("/collections/costs/{cost}/check", COST_CHECK, check_page)
        .post("/collections/costs/{cost}/check", COST_CHECK, check)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("cost-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("case", "case-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("kind", "cost-kind", ColumnKind::Text),
            Column::new("amount", "cost-amount", ColumnKind::Money),
            Column::new("spent", "cost-spent-on", ColumnKind::Date),
            Column::new("note", "cost-note", ColumnKind::Text),
            Column::new("state", "cost-state", ColumnKind::State),
            Column::new("by", "cost-by", ColumnKind::Text),
        ],
        filters: vec![Filter::new("spent", "cost-spent-on", FilterKind::Dates)],
        views: VIEWS.iter().map(view).collect(),
        counted: "list-rows",
        ..ListSpec::default()
    }
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let spec = spec(&ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let scope = work.authorise(CASE_VIEW).map_err(ActionError::from)?;
    let mut w = Conditions::new();
    match asked.view.as_str() {
        "standing" => w.and_values("o.state = 'standing'", args![]),
        "all" => w.and_values("1 = 1", args![]),
        _ => w.and_values("o.state = 'waiting'", args![]),
    };
    crate::case::list::within(&mut w, scope);
    let (from, to) = asked.dates("spent");
    if let Some(from) = from {
        w.and_values("o.spent_on >= ?", args![from]);
    }
    if let Some(to) = to {
        w.and_values("o.spent_on <= ?", args![to]);
    }
    let head = "select o.id, o.case_id, o.kind, o.amount_fen, o.spent_on, o.note, o.state, c.number, k.name, \
         coalesce(u.name, '') as by_name from collection_cost o \
         join collection_case c on c.customer_id = o.customer_id and c.id = o.case_id \
         join customer_view k on k.customer_id = o.customer_id left join user_view u on u.id = o.recorded_by";
    let tail = format!("order by o.spent_on desc, o.id desc limit {} offset {}", asked.size, asked.offset());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    let sums = "select count(*) as n, cast(coalesce(sum(o.amount_fen), 0) as bigint) as amount_fen \
         from collection_cost o join collection_case c on c.customer_id = o.customer_id and c.id = o.case_id";
    let total = work.tx.fetch_one(w.select(sums, ""), w.args()).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let may = (visit.may(COST_RECORD), visit.may(COST_CHECK));
    let rows = found.iter().map(|row| row_of(&ui, &policy, row, may)).collect::<Result<Vec<_>, StoreError>>()?;
    let empty =
        Empty { icon: Some(Icon::CircleCheck), title: ui.t("cost-none"), text: ui.t("cost-none-text"), step: None };
    let count: i64 = total.get("n")?;
    // What was corrected or refused adds up to nothing.
    let totals = if asked.view == "all" { Vec::new() } else { vec![("amount", total.get("amount_fen")?)] };
    let result = ListPage { rows, totals, count, empty: Some(empty), ..ListPage::default() };
    if let Some(rows) = visit.rows(&spec, &asked, &result) {
        return Ok(rows);
    }
    let page = Page::new(ui.t("cost-title"), "costs")
        .subtitle(ui.t("cost-note-list"))
        .actions(ui.list_tools(&spec, &asked, count));
    visit.page_of(&page, &ui.list(&spec, &asked, &result))
}

fn row_of(ui: &Ui, policy: &InForce, row: &DbRow, (record, check): (bool, bool)) -> Result<Row, StoreError> {
    let (id, case): (i64, i64) = (row.get("id")?, row.get("case_id")?);
    let state: CostState = row.get("state")?;
    let (tone, icon) = match state {
        CostState::Waiting => (Tone::Watch, Icon::Clock),
        CostState::Standing => (Tone::Ok, Icon::CircleCheck),
        CostState::Refused => (Tone::Sub, Icon::Ban),
        CostState::Corrected => (Tone::Neutral, Icon::ArrowBackUp),
    };
    let word = ui.t(format!("cost-state-{}", state.as_str()));
    let kind: String = row.get("kind")?;
    let href = match state {
        CostState::Waiting if check => format!("{LIST}/{id}/check"),
        CostState::Waiting | CostState::Standing if record => format!("{LIST}/{id}/correct"),
        CostState::Waiting | CostState::Standing | CostState::Refused | CostState::Corrected => {
            format!("/collections/cases/{case}")
        }
    };
    Ok(Row {
        key: id.to_string(),
        cells: vec![
            Cell::Link(row.get("number")?, format!("/collections/cases/{case}")),
            Cell::Strong(row.get("name")?),
            Cell::Link(kind_title(ui, policy, &kind), href.clone()),
            Cell::Money(row.get("amount_fen")?),
            Cell::Date(row.get("spent_on")?),
            Cell::Muted(row.get("note")?),
            Cell::State(ui.badge(tone, icon, &word), word),
            Cell::Text(row.get("by_name")?),
        ],
        href,
    })
}

/// Reads the form, or says everything that is wrong with it at once.
fn read(fields: &Fields) -> Result<NewCost, Refused> {
    let text = |name: &str| fields.first(name).unwrap_or_default().trim().to_owned();
    let (amount, spent) = (text("amount").parse::<Fen>(), text("spent_on").parse::<Date>());
    match (amount, spent) {
        (Ok(amount), Ok(spent_on)) => Ok(NewCost { kind: text("kind"), amount, spent_on, note: text("note") }),
        (amount, spent) => {
            let mut wrong = Vec::new();
            if amount.is_err() {
                wrong.push(FieldError::new("amount", "amount-unreadable").with("text", text("amount")));
            }
            if spent.is_err() {
                wrong.push(FieldError::new("spent_on", "date-unreadable").with("text", text("spent_on")));
            }
            Err(Refused::form(wrong))
        }
    }
}

async fn fields(work: &mut Work, ui: &Ui, typed: &Fields, old: Option<&Cost>) -> Result<Vec<Field>, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let kinds = actions::kinds(policy.edition(on))?;
    let choices = kinds.iter().map(|kind| Choice::new(kind, kind_title(ui, &policy, kind))).collect();
    let value = |name: &str, known: String| typed.first(name).map_or(known, str::to_owned);
    let of = |known: fn(&Cost) -> String| old.map(known).unwrap_or_default();
    let spent = old.map_or(on, |cost| cost.spent_on).to_string();
    let note = if old.is_some() { "cost-correct-note" } else { "cost-note" };
    Ok(vec![
        Field::new("kind", ui.t("cost-kind"), Input::Select(choices))
            .value(value("kind", of(|cost| cost.kind.clone())))
            .required(),
        Field::new("amount", ui.t("cost-amount"), Input::Money)
            .value(value("amount", of(|cost| cost.amount.to_string())))
            .required(),
        Field::new("spent_on", ui.t("cost-spent-on"), Input::Date).value(value("spent_on", spent)).required(),
        Field::new("note", ui.t(note), Input::Area)
            .value(value("note", String::new()))
            .hint(ui.t("cost-note-hint"))
            .required(),
    ])
}

async fn new_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_new(&visit, &id, &Fields::default(), None).await
}

async fn draw_new(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let key = cases::parse(id).map_err(ActionError::from)?;
    let case = cases::load(&mut work, key, COST_RECORD).await?;
    let form = FormPage {
        active: "costs",
        title: ui.t("cost-new"),
        subtitle: case.number.clone(),
        action: format!("/collections/cases/{}/costs/new", case.key.case),
        fields: fields(&mut work, &ui, typed, None).await?,
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("cost-check-note"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: format!("/collections/cases/{}", case.key.case),
    };
    form.draw(visit, refused)
}

async fn create(Path(id): Path<String>, posted: Posted<CostForm>) -> Result<Response, WebError> {
    let new = match read(&posted.fields) {
        Ok(new) => new,
        Err(refused) => return draw_new(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    };
    let mut work = posted.begin("cost.record").await?;
    let key = cases::parse(&id).map_err(ActionError::from)?;
    let done = actions::record(&mut work, key, &new).await;
    match posted.finish(work, done, format!("{LIST}?view=all")).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn correct_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_correct(&visit, &id, &Fields::default(), None).await
}

async fn draw_correct(
    visit: &Visit,
    id: &str,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let cost = actions::load(&mut work, id, COST_RECORD).await?;
    let form = FormPage {
        active: "costs",
        title: ui.t("cost-correct"),
        subtitle: format!("{} · {}", ui.yuan(cost.amount), cost.spent_on),
        action: format!("{LIST}/{}/correct", cost.id),
        fields: fields(&mut work, &ui, typed, Some(&cost)).await?,
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("cost-correct-hint"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: LIST.to_owned(),
    };
    form.draw(visit, refused)
}

async fn correct(Path(id): Path<String>, posted: Posted<CostForm>) -> Result<Response, WebError> {
    let new = match read(&posted.fields) {
        Ok(new) => new,
        Err(refused) => return draw_correct(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    };
    let mut work = posted.begin("cost.correct").await?;
    let done = actions::correct(&mut work, &id, &new).await;
    match posted.finish(work, done, format!("{LIST}?view=all")).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_correct(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn check_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_check(&visit, &id, &Fields::default(), None).await
}

async fn draw_check(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let cost = actions::load(&mut work, id, COST_CHECK).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let kind = kind_title(&ui, &policy, &cost.kind);
    let about = format!("{kind} · {} · {} · {}", ui.yuan(cost.amount), cost.spent_on, cost.note);
    let verdicts = ["yes", "no"].map(|one| Choice::new(one, ui.t(format!("cost-verdict-{one}"))));
    let value = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let form = FormPage {
        active: "costs",
        title: ui.t("cost-check"),
        subtitle: kind.clone(),
        action: format!("{LIST}/{}/check", cost.id),
        fields: vec![
            Field::new("accepted", ui.t("cost-verdict"), Input::Radio(verdicts.to_vec()))
                .value(value("accepted"))
                .required(),
            Field::new("opinion", ui.t("cost-opinion"), Input::Area).value(value("opinion")),
        ],
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(about)),
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: LIST.to_owned(),
    };
    form.draw(visit, refused)
}

async fn check(Path(id): Path<String>, posted: Posted<CheckForm>) -> Result<Response, WebError> {
    let accepted = match posted.fields.first("accepted") {
        Some("yes") => true,
        Some("no") => false,
        Some(_) | None => {
            let refused = Refused::form(vec![FieldError::new("accepted", "choice-invalid")]);
            return draw_check(&posted.visit, &id, &posted.fields, Some(&refused)).await;
        }
    };
    let opinion = posted.fields.first("opinion").unwrap_or_default();
    let mut work = posted.begin("cost.check").await?;
    let done = actions::decide(&mut work, &id, accepted, opinion).await;
    match posted.finish(work, done, LIST).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_check(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
