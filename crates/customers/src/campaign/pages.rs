//! Pages of campaigns: planning, one campaign with costs and effect, entering and taking back a cost, reviewing.

use axum::extract::Path;
use axum::response::Response;
use finance::Fen;
use platform::access::store as access;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::BranchId;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Side, Table, Ui};
use platform::policies::{self, InForce};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::model::{Campaign, Content, Cost, CostId};
use super::{LIST, PLAN, actions, data, page_of, store};
use crate::customer::pages::ReasonForm;
use crate::customer::store::{filled, user_names, within};
use crate::datum::form::date;
use crate::error::CustomerError;
use crate::lead::{self, VIEW, policy};
use crate::reveal::{reason, reason_field};
use crate::sorting::view::{facts, link, panel};
use crate::standing::why::{axis_title, outcome_title};

/// Between an axis and an outcome in the choice of a target.
const COLON: char = ':';

platform::form_fields! {
    /// A campaign that is planned.
    PlanForm: "title", "channel", "aim", "target", "branch", "starts_on", "ends_on", "budget", "target_leads"
}

platform::form_fields! {
    /// What was spent.
    CostForm: "amount", "spent_on", "purpose"
}

platform::form_fields! {
    /// What came of a campaign.
    ReviewForm: "note"
}

/// The pages of one campaign.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/campaigns/new", PLAN, new_page)
        .post("/campaigns/new", PLAN, plan)
        .get("/campaigns/{campaign}", VIEW, show)
        .data::<data::CampaignData, _, _>("/campaigns/{campaign}", VIEW, data::campaign)
        .get("/campaigns/{campaign}/costs/new", PLAN, cost_page)
        .post("/campaigns/{campaign}/costs/new", PLAN, spend)
        .get("/campaigns/{campaign}/costs/{cost}/back", PLAN, back_page)
        .post("/campaigns/{campaign}/costs/{cost}/back", PLAN, take_back)
        .get("/campaigns/{campaign}/review", PLAN, review_page)
        .post("/campaigns/{campaign}/review", PLAN, review)
}

/// The classes that a campaign may be for: axis and outcome, as the policy grades customers (S5.3-04).
fn targets(ui: &Ui, rules: &InForce) -> Vec<Choice> {
    let mut all = vec![Choice::new("", ui.t("campaign-everybody"))];
    for axis in crate::sorting::rules::axes(rules, ui.business_date) {
        let Some(fact) = rules.pack().dictionary().get(&axis.output) else { continue };
        let ::policy::FactType::OneOf { values, .. } = &fact.kind else { continue };
        for value in values {
            let title =
                format!("{}: {}", axis_title(ui, rules, &axis.decision), outcome_title(ui, rules, &axis.output, value));
            all.push(Choice::new(format!("{}{COLON}{value}", axis.decision), title));
        }
    }
    all
}

/// The branches and the whole institution to choose from.
pub(crate) async fn branches(work: &mut Work, ui: &Ui) -> Result<Vec<Choice>, ActionError> {
    let all = access::branches(&mut work.tx).await?;
    let none = Choice::new("", ui.t("campaign-whole-house"));
    Ok(std::iter::once(none).chain(all.into_iter().map(|one| Choice::new(one.id.to_string(), one.name))).collect())
}

async fn new_page(visit: Visit) -> Result<Response, WebError> {
    draw_new(&visit, &Fields::default(), None).await
}

async fn draw_new(visit: &Visit, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    work.authorise(PLAN).map_err(ActionError::from)?;
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let channels = policy::channels(&rules, on)?;
    let channels = policy::choices(&ui, &rules, "lead_channel", channels.iter().map(|one| one.name.as_str()));
    let branches = branches(&mut work, &ui).await?;
    let or = |name: &str, otherwise: String| typed.first(name).map_or(otherwise, str::to_owned);
    let text =
        |name: &'static str, label: &str| Field::new(name, ui.t(label), Input::Text).value(or(name, String::new()));
    let day = |name: &'static str, label: &str| {
        Field::new(name, ui.t(label), Input::Date).value(or(name, on.to_string())).required()
    };
    let page = FormPage {
        active: "campaigns",
        title: ui.t("campaign-new"),
        action: format!("{LIST}/new"),
        fields: vec![
            text("title", "campaign-name").required(),
            Field::new("channel", ui.t("lead-channel"), Input::Select(channels))
                .value(or("channel", String::new()))
                .required(),
            Field::new("aim", ui.t("campaign-aim"), Input::Area)
                .value(or("aim", String::new()))
                .hint(ui.t("campaign-aim-hint"))
                .required(),
            Field::new("target", ui.t("campaign-target"), Input::Select(targets(&ui, &rules)))
                .value(or("target", String::new()))
                .hint(ui.t("campaign-target-hint")),
            Field::new("branch", ui.t("customer-branch"), Input::Select(branches)).value(or("branch", String::new())),
            day("starts_on", "campaign-from"),
            day("ends_on", "campaign-until"),
            Field::new("budget", ui.t("campaign-budget"), Input::Money)
                .value(or("budget", String::new()))
                .hint(ui.t("campaign-yuan-hint"))
                .required(),
            text("target_leads", "campaign-target-leads").required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("campaign-new")).icon(Icon::Check)],
        back: LIST.to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

/// Reads an amount in yuan.
pub(crate) fn yuan(typed: &Fields, name: &'static str, wrong: &mut Vec<FieldError>) -> Option<Fen> {
    let Some(text) = filled(typed.first(name)) else {
        wrong.push(FieldError::new(name, "field-empty"));
        return None;
    };
    let read = text.parse::<Fen>().ok();
    if read.is_none() {
        wrong.push(FieldError::new(name, "campaign-amount"));
    }
    read
}

/// Reads a branch out of those to choose from.
pub(crate) fn branch(typed: &Fields, all: &[Choice], wrong: &mut Vec<FieldError>) -> Option<BranchId> {
    let text = filled(typed.first("branch"))?;
    if !all.iter().any(|one| one.value == text) {
        wrong.push(FieldError::choice("branch", &text));
    }
    text.parse().ok().map(BranchId)
}

async fn read(work: &mut Work, ui: &Ui, typed: &Fields) -> Result<Content, ActionError> {
    let on = work.business_date;
    let rules = policies::in_force(work, on).await?;
    let branches = branches(work, ui).await?;
    let mut wrong = Vec::new();
    let text = |name: &str| filled(typed.first(name)).unwrap_or_default();
    let (starts_on, ends_on) = (date(typed, "starts_on", &mut wrong), date(typed, "ends_on", &mut wrong));
    for (field, lacking) in [("starts_on", starts_on.is_none()), ("ends_on", ends_on.is_none())] {
        if lacking && !wrong.iter().any(|one| one.field == field) {
            wrong.push(FieldError::new(field, "field-empty"));
        }
    }
    let target = text("target");
    if !target.is_empty() && !targets(ui, &rules).iter().any(|one| one.value == target) {
        wrong.push(FieldError::choice("target", &target));
    }
    let branch = branch(typed, &branches, &mut wrong);
    let budget = yuan(typed, "budget", &mut wrong);
    let target_leads = text("target_leads").parse().ok();
    if target_leads.is_none() {
        wrong.push(FieldError::new("target_leads", "campaign-number-needed"));
    }
    match (starts_on, ends_on, budget, target_leads, wrong.is_empty()) {
        (Some(starts_on), Some(ends_on), Some(budget), Some(target_leads), true) => Ok(Content {
            title: text("title"),
            channel: text("channel"),
            aim: text("aim"),
            target: target.split_once(COLON).map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap_or_default(),
            branch,
            starts_on,
            ends_on,
            budget,
            target_leads,
        }),
        _ => Err(Refused::form(wrong).into()),
    }
}

async fn plan(posted: Posted<PlanForm>) -> Result<Response, WebError> {
    let ui = posted.visit.ui();
    let mut work = posted.begin("campaign.plan").await?;
    let done = match read(&mut work, &ui, &posted.fields).await {
        Ok(content) => actions::plan(&mut work, &content).await,
        Err(refused) => Err(refused),
    };
    let place = done.as_ref().map_or_else(|_| String::new(), page_of);
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &posted.fields, Some(&refused)).await,
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let scope = work.authorise(VIEW).map_err(ActionError::from)?;
    let (costs, effect) =
        (store::costs(&mut work.tx, one.id).await?, store::effect(&mut work.tx, one.id, scope).await?);
    let shown = actions::sees_costs(&work, scope);
    let names = user_names(&mut work.tx, &[one.planner]).await?;
    let branches = branches(&mut work, &ui).await?;
    let content = &one.content;
    let branch = content.branch.map(|id| id.to_string()).unwrap_or_default();
    let branch = branches.iter().find(|one| one.value == branch).map_or("—", |one| one.text.as_str());
    let target = match content.target.0.as_str() {
        "" => ui.t("campaign-everybody"),
        axis => {
            let value = format!("{axis}{COLON}{}", content.target.1);
            targets(&ui, &rules).into_iter().find(|one| one.value == value).map_or(value, |one| one.text)
        }
    };
    let text = Html::of_text;
    let channel = policy::title(&ui, &rules, "lead_channel", &content.channel);
    let money = |amount: finance::Fen| Html::of_text(if shown { ui.yuan(amount) } else { "—".to_owned() });
    let leads = platform::page::list::address(lead::LIST, &[("view", "all"), ("campaign", &one.number)]);
    let mut rows = vec![
        (ui.t("lead-channel"), text(channel)),
        (ui.t("campaign-aim"), text(content.aim.clone())),
        (ui.t("campaign-target"), text(target)),
        (ui.t("customer-branch"), text(branch.to_owned())),
        (ui.t("campaign-from"), ui.date(content.starts_on)),
        (ui.t("campaign-until"), ui.date(content.ends_on)),
        (ui.t("campaign-budget"), money(content.budget)),
        (ui.t("campaign-cost"), money(effect.cost)),
        (ui.t("campaign-target-leads"), text(content.target_leads.to_string())),
        (ui.t("campaign-leads"), link(leads, effect.leads.to_string())),
        (ui.t("campaign-won"), text(effect.won.to_string())),
        (ui.t("campaign-planner"), text(names.get(&one.planner).cloned().unwrap_or_default())),
        (ui.t("campaign-reviewed-on"), ui.date_or_dash(one.reviewed_on)),
        (ui.t("campaign-review"), text(one.review.clone())),
    ];
    if visit.may(crate::VIEW) {
        let scope = work.authorise(crate::VIEW).map_err(ActionError::from)?;
        let sourced = ui.count(store::sourced(&mut work.tx, within(scope), one.id).await?);
        rows.push((ui.t("campaign-sourced"), text(sourced)));
    }
    let mut body = Html::new();
    panel(&mut body, &ui.t("campaign-one"), &Html::new(), &facts(&rows));
    if shown {
        panel(&mut body, &ui.t("campaign-costs"), &Html::new(), &ui.table(cost_table(&visit, &ui, &one, &costs)));
    }
    let mut buttons = Vec::new();
    if visit.may(PLAN) && one.reviewed_on.is_none() {
        let place = |part: &str| format!("{}/{part}", page_of(one.id));
        buttons.push(Button::link(Look::Primary, ui.t("campaign-spend"), place("costs/new")).icon(Icon::Cash));
        if one.content.ends_on < on {
            buttons.push(Button::link(Look::Secondary, ui.t("campaign-do-review"), place("review")).icon(Icon::Check));
        }
    }
    buttons.push(Button::link(Look::Secondary, ui.t("campaign-title"), LIST).icon(Icon::ArrowLeft));
    let page = Page::new(content.title.clone(), "campaigns").subtitle(one.number.clone());
    visit.page_of(&page.actions(ui.buttons(buttons)), &body)
}

fn cost_table(visit: &Visit, ui: &Ui, one: &Campaign, costs: &[Cost]) -> Table {
    let heads = [
        ("campaign-spent-on", Side::Left),
        ("campaign-purpose", Side::Left),
        ("campaign-amount", Side::Right),
        ("campaign-verb", Side::Left),
    ];
    let mut table = Table::new(ui.t("campaign-costs"), heads.map(|(id, side)| (ui.t(id), side)));
    for cost in costs {
        let taken_back = costs.iter().any(|other| other.corrects == Some(cost.id));
        let mut verb = Html::new();
        if visit.may(PLAN) && one.reviewed_on.is_none() && cost.corrects.is_none() && !taken_back {
            let href = format!("{}/costs/{}/back", page_of(one.id), cost.id);
            let button = Button::link(Look::Small, ui.t("campaign-take-back"), href);
            verb.push(&ui.button(button.icon(Icon::ArrowBackUp)));
        }
        let amount = Html::of_text(ui.yuan(cost.amount));
        table.row([ui.date(cost.spent_on), Html::of_text(&cost.purpose), amount, verb]);
    }
    let sum: i64 = costs.iter().map(|cost| cost.amount.0).fold(0, i64::saturating_add);
    table.total([Html::of_text(ui.t("campaign-sum")), Html::new(), Html::of_text(ui.yuan(Fen(sum))), Html::new()]);
    table
}

/// A form about one campaign.
async fn draw_part(
    visit: &Visit,
    id: &str,
    (part, title, look): (&str, &str, Look),
    fields: impl FnOnce(&Ui) -> Vec<Field>,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, id, PLAN).await?;
    let page = FormPage {
        active: "campaigns",
        title: ui.t(title),
        subtitle: format!("{} {}", one.number, one.content.title),
        action: format!("{}/{part}", page_of(one.id)),
        fields: fields(&ui),
        buttons: vec![Button::submit(look, ui.t(title)).icon(Icon::Check)],
        back: page_of(one.id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn cost_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_cost(&visit, &id, &Fields::default(), None).await
}

async fn draw_cost(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let or = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let fields = |ui: &Ui| {
        let today = typed.first("spent_on").map_or_else(|| ui.business_date.to_string(), str::to_owned);
        vec![
            Field::new("amount", ui.t("campaign-amount"), Input::Money)
                .value(or("amount"))
                .hint(ui.t("campaign-yuan-hint"))
                .required(),
            Field::new("spent_on", ui.t("campaign-spent-on"), Input::Date).value(today).required(),
            Field::new("purpose", ui.t("campaign-purpose"), Input::Text).value(or("purpose")).required(),
        ]
    };
    draw_part(visit, id, ("costs/new", "campaign-spend", Look::Primary), fields, refused).await
}

async fn spend(Path(id): Path<String>, posted: Posted<CostForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("campaign.cost").await?;
    let mut wrong = Vec::new();
    let amount = yuan(&posted.fields, "amount", &mut wrong);
    let on = date(&posted.fields, "spent_on", &mut wrong).unwrap_or(work.business_date);
    let purpose = posted.fields.first("purpose").unwrap_or_default();
    let done = match (amount, wrong.is_empty()) {
        (Some(amount), true) => actions::spend(&mut work, &id, amount, on, purpose).await,
        _ => Err(Refused::form(wrong).into()),
    };
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_cost(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn back_page(visit: Visit, Path(key): Path<(String, String)>) -> Result<Response, WebError> {
    draw_back(&visit, &key, &Fields::default(), None).await
}

async fn draw_back(
    visit: &Visit,
    (id, cost): &(String, String),
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let cost = key_of(cost)?;
    let part = format!("costs/{cost}/back");
    let fields = |ui: &Ui| vec![reason_field(ui, typed, "campaign-take-back-hint")];
    draw_part(visit, id, (&part, "campaign-take-back", Look::Danger), fields, refused).await
}

fn key_of(cost: &str) -> Result<CostId, ActionError> {
    Ok(cost.parse().map(CostId).map_err(|_| CustomerError::NoSuchPart("campaign_cost"))?)
}

async fn take_back(Path(key): Path<(String, String)>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("campaign.cost").await?;
    let done = match key_of(&key.1) {
        Ok(cost) => actions::take_back(&mut work, &key.0, cost, reason(&posted)).await,
        Err(error) => Err(error),
    };
    match posted.finish(work, done, page_of(&key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_back(&posted.visit, &key, &posted.fields, Some(&refused)).await,
    }
}

async fn review_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_review(&visit, &id, &Fields::default(), None).await
}

async fn draw_review(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let fields = |ui: &Ui| {
        vec![
            Field::new("note", ui.t("campaign-review"), Input::Area)
                .value(typed.first("note").unwrap_or_default())
                .hint(ui.t("campaign-review-hint"))
                .required(),
        ]
    };
    draw_part(visit, id, ("review", "campaign-do-review", Look::Primary), fields, refused).await
}

async fn review(Path(id): Path<String>, posted: Posted<ReviewForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("campaign.review").await?;
    let done = actions::review(&mut work, &id, posted.fields.first("note").unwrap_or_default()).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_review(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
