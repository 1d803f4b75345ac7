//! One case: what is overdue, what is asked of it, its history; given to others and unlocked by a supervisor.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use finance::Fen;
use platform::customer_page::{CustomerPanel, PanelBody, PanelPlace, PanelSize};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::{CustomerId, UserId};
use platform::page::{Button, Choice, Field, Guard, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::policies::{self, PolicyError, article_address};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use platform::{args, page};
use serde::Deserialize;
use servicing::ledger::store::{self as ledger, LedgerRow};

use super::list::{self, CaseLine, LIST};
use super::model::{Case, CaseState};
use super::{actions, frequency, rules, store};
use crate::strategy::model::Arm;
use crate::{CASE_ASSIGN, CASE_VIEW, CASE_WORK};

/// The pages of one case.
pub fn routes() -> Routes {
    Routes::new()
        .get("/collections/cases/{id}", CASE_VIEW, show)
        .data::<super::data::CaseData, _, _>("/collections/cases/{id}", CASE_VIEW, super::data::case)
        .post("/collections/cases/{id}/transfer", CASE_ASSIGN, transfer)
        .post("/collections/cases/{id}/unlock", CASE_ASSIGN, unlock)
}

/// 催收 on the customer page.
pub fn customer_panels() -> Vec<CustomerPanel> {
    vec![CustomerPanel {
        id: "cases",
        title: "case-title",
        order: 30,
        place: PanelPlace::Main,
        action: CASE_VIEW,
        draw: draw_panel,
    }]
}

fn draw_panel<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    customer: CustomerId,
    size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let ui = visit.ui();
        let scope = visit.scope(CASE_VIEW)?;
        let cases = store::all_of(&mut work.tx, customer).await?;
        let cases: Vec<Case> = cases.into_iter().filter(|case| actions::covers(scope, case)).collect();
        let idle = !cases.iter().any(|case| matches!(case.state, CaseState::Open { .. }));
        // People of an agency work what is placed with them and start nothing.
        let house = crate::agency::gate::of_actor(work).await?.is_none();
        let begin = if idle && house { crate::early::pages::button(visit, customer) } else { Html::new() };
        if cases.is_empty() && begin.is_empty() {
            return Ok(PanelBody::default());
        }
        let mut html = Html::new();
        html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("case-title"));
        html.raw("</h2><div class=\"end\">").push(&begin).raw("</div></header>");
        if cases.is_empty() {
            html.raw("<p class=\"panel-body muted\">").text(ui.t("early-no-case")).raw("</p></section>");
            return Ok(PanelBody { count: Some(0), html });
        }
        html.raw("<ul class=\"rows\">");
        for case in cases.iter().take(if size == PanelSize::Brief { 3 } else { 50 }) {
            let owner = match case.state.owner() {
                Some(owner) => store::user_name(&mut work.tx, owner).await?,
                None => String::new(),
            };
            html.raw("<li><a").href(format!("{LIST}/{}", case.key.case)).raw(">").text(&case.number).raw("</a> ");
            html.push(&state_badge(&ui, case)).raw(" ").push(&list::owner_badge(&ui, case, &owner).0);
            html.raw("<span class=\"end\">").push(&ui.date(case.opened_on)).raw("</span></li>");
        }
        html.raw("</ul></section>");
        Ok(PanelBody { count: Some(i64::try_from(cases.len()).unwrap_or(i64::MAX)), html })
    })
}

fn state_badge(ui: &Ui, case: &Case) -> Html {
    match &case.state {
        CaseState::Open { .. } => ui.badge(Tone::Sub, Icon::AlertTriangle, ui.t("case-open")),
        CaseState::Closed { on, reason } => {
            let word = format!("{on} · {}", ui.t(format!("case-closed-{}", reason.as_str())));
            ui.badge(Tone::Neutral, Icon::CircleCheck, word)
        }
    }
}

#[derive(Template)]
#[template(path = "case/show.html")]
struct ShowBody {
    ui: Ui,
    line: CaseLine,
    facts: Vec<(String, Html)>,
    loans: Html,
    asked: Vec<(String, Html)>,
    articles: Vec<(String, String)>,
    rooms: Html,
    history: Vec<(String, String, String)>,
    transfer: Option<(Guard, Vec<Field>)>,
    unlock: Option<Guard>,
}

/// The overdue loans of a customer as the ledger tells them today.
pub(crate) async fn overdue_loans(work: &mut Work, customer: CustomerId) -> Result<Vec<LedgerRow>, ActionError> {
    let mut w = platform::db::Conditions::new();
    w.and_values("l.state = 'active' and p.status = 'overdue' and l.customer_id = ?", args![customer]);
    let asked = page::list::ListQuery::of(&page::list::ListSpec::default());
    let on = work.business_date;
    Ok(ledger::all(&mut work.tx, &w, &asked, on, 500).await?)
}

async fn show(Path(id): Path<String>, visit: Visit) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let case = actions::load(&mut work, actions::parse(&id).map_err(ActionError::from)?, CASE_VIEW).await?;
    let mut w = platform::db::Conditions::new();
    w.and_values("c.id = ?", args![case.key.case]);
    let line = list::lines(&mut work.tx, &w, "").await?.pop().ok_or(super::model::CaseError::NotFound);
    let line = line.map_err(ActionError::from)?;
    let loans = overdue_loans(&mut work, case.key.customer).await?;
    let (asked, articles) = asked(&ui, &mut work, &line).await?;
    let body = ShowBody {
        facts: facts(&ui, &mut work, &line).await?,
        loans: loans_table(&ui, &loans),
        asked,
        articles,
        rooms: rooms(&visit, &mut work, &case).await?,
        history: history(&ui, &mut work, &case).await?,
        transfer: transfer_form(&visit, &ui, &mut work, &case).await?,
        unlock: lock_of(&case, visit.now).is_some().then(|| visit.guard()).filter(|_| visit.may(CASE_ASSIGN)),
        line,
        ui: ui.clone(),
    };
    let tracks = format!("{LIST}/{}/tracks", case.key.case);
    let mut buttons = vec![Button::link(Look::Secondary, ui.t("tracks-title"), tracks).icon(Icon::Scale)];
    // Staff of an agency see the case, and no more of the customer's file than collecting needs.
    if crate::agency::gate::of_actor(&mut work).await?.is_none() {
        let file = format!("/customers/{}", case.key.customer);
        buttons.push(Button::link(Look::Secondary, ui.t("case-customer"), file));
    }
    if matches!(case.state, CaseState::Open { .. }) && visit.may(CASE_WORK) {
        let href = format!("/collections/work?case={}", case.key.case);
        buttons.push(Button::link(Look::Primary, ui.t("case-work"), href).icon(Icon::ArrowRight));
    }
    if visit.may(crate::cost::COST_RECORD) {
        let href = format!("/collections/cases/{}/costs/new", case.key.case);
        let place = buttons.len().min(1);
        buttons.insert(place, Button::link(Look::Secondary, ui.t("cost-new"), href).icon(Icon::Coins));
    }
    let calls = crate::recording::pages::home(case.key.case);
    buttons
        .insert(buttons.len().min(1), Button::link(Look::Secondary, ui.t("recording-title"), calls).icon(Icon::Phone));
    let head = Page::new(format!("{} · {}", body.line.customer, case.number), "cases")
        .subtitle(ui.t1("as-of-business-date", "on", work.business_date))
        .actions(ui.buttons(&buttons));
    visit.page(&head, &body)
}

/// What the other rooms know of a case.
async fn rooms(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let promises = crate::promise::list::panel(visit, work, case).await?;
    let agreements = crate::agreement::list::panel(visit, work, case).await?;
    let cause = crate::cause::pages::panel(visit, work, case).await?;
    let talks = crate::talk::pages::panel(visit, work, case).await?;
    let bundles = crate::bundle::pages::panel(visit, work, case).await?;
    let obligors = crate::obligor::pages::table_of(visit, work, case.key.customer).await?;
    let dossier = crate::dossier::pages::panel_of(visit, work, case).await?;
    let visits = crate::visit::list::panel(visit, work, case).await?;
    let lost = crate::lost::case_panel(visit, work, case).await?;
    let early = crate::early::pages::panel(visit, work, case).await?;
    let paid = crate::payday::pages::panel(visit, work, case).await?;
    let risk = crate::risk::pages::panel(visit, work, case).await?;
    // Who is responsible for a bad loan, what is planned for it and what money comes in is no matter of an agency's people.
    let house = match crate::agency::gate::of_actor(work).await? {
        None => Html::join([
            crate::route::pages::panel(visit, work, case).await?,
            crate::inflow::pages::panel(visit, work, case).await?,
            crate::rescue::pages::panel(visit, work, case).await?,
            crate::disposal::pages::panel(visit, work, case).await?,
            crate::case_paper::pages::panel(visit, work, case).await?,
            crate::group::pages::panel(visit, work, case).await?,
        ]),
        Some(_) => Html::new(),
    };
    let placed = crate::agency::panel(visit, work, case).await?;
    Ok(Html::join([
        early, lost, placed, obligors, visits, agreements, promises, paid, risk, cause, talks, house, dossier, bundles,
    ]))
}

fn lock_of(case: &Case, now: jiff::Timestamp) -> Option<super::model::Lock> {
    case.state.held_by_other(UserId(0), now)
}

/// State, days, stage, level, who collects, who works it now.
async fn facts(ui: &Ui, work: &mut Work, line: &CaseLine) -> Result<Vec<(String, Html)>, ActionError> {
    let (on, now) = (work.business_date, work.now);
    let days = line.days(on);
    let policy = policies::in_force(work, on).await?;
    let edition = policy.edition(on);
    let level = rules::level(edition, days).map_err(PolicyError::from)?;
    let stage = rules::stage(edition, days).map_err(PolicyError::from)?;
    let mut life = Html::new();
    if let Some(stage) = crate::card::rules::stage(edition, days).map_err(PolicyError::from)? {
        life.text(crate::card::pages::stage_title(ui, &policy, &stage)).raw(" <span class=\"muted\">");
        life.text(stage.words.in_language(ui.lang() == platform::locale::Lang::En)).raw("</span>");
    }
    let start = super::start_store::of_case(&mut work.tx, line.case.key).await?;
    let mut found = vec![
        (ui.t("case-state"), state_badge(ui, &line.case)),
        (ui.t("loan-days"), ui.bucket(days)),
        (ui.t("case-stage"), Html::of_text(stage)),
        (ui.t("case-life-stage"), life),
        (ui.t("case-level"), Html::of_text(ui.t(format!("case-level-{level}")))),
        (ui.t("case-strategy"), strategy(ui, work, &policy, &line.case).await?),
        (ui.t("case-owner"), list::owner_badge(ui, &line.case, &line.owner).0),
        (ui.t("case-originator"), Html::of_text(store::user_name(&mut work.tx, line.case.manager).await?)),
        (ui.t("case-opened"), ui.date(line.case.opened_on)),
        (ui.t("case-start"), Html::of_text(ui.t(format!("case-reason-{start}")))),
    ];
    let others = customers::merge::others_of(work, line.case.key.customer).await?;
    if !others.is_empty() {
        // Each file keeps its own case; the limits of contact are counted over all of them.
        let mut same = Html::new();
        for (file, number) in &others {
            same.raw("<a").href(format!("/customers/{file}?tab=cases")).raw(">").text(number).raw("</a> ");
            if let Some(case) = store::open_of(&mut work.tx, *file).await? {
                same.raw("<span class=\"muted num\">").text(&case.number).raw("</span> ");
            }
        }
        found.push((ui.t("case-same-person"), same));
    }
    if let Some(lock) = lock_of(&line.case, now) {
        let name = store::user_name(&mut work.tx, lock.by).await?;
        let until = platform::clock::civil_minute(lock.until);
        let word = ui.tn("case-locked-by", &[("name", name), ("until", until)]);
        found.push((ui.t("case-lock"), ui.badge(Tone::Info, Icon::Lock, word)));
    }
    Ok(found)
}

/// By which strategy the case is collected, with its article; whoever tries another one is marked.
async fn strategy(ui: &Ui, work: &mut Work, policy: &policies::InForce, case: &Case) -> Result<Html, ActionError> {
    let english = ui.lang() == platform::locale::Lang::En;
    let mut html = Html::new();
    let Some(one) = crate::strategy::store::of_case(&mut work.tx, case.key).await?.into_iter().next() else {
        return Ok(Html::of_text("—"));
    };
    let title =
        policy.pack().outcome("champion", &one.strategy).map(|known| known.title.in_language(english).to_owned());
    html.text(title.unwrap_or(one.strategy)).raw(" ");
    if one.arm == Arm::Challenger {
        html.push(&ui.badge(Tone::Info, Icon::Clock, ui.t("strategy-challenger"))).raw(" ");
    }
    html.push(&ui.citation(article_address(&one.article), policy.article_title(&one.article, english)));
    Ok(html)
}

/// What the ladder asks at these days overdue, and what this week or day still lacks.
async fn asked(
    ui: &Ui,
    work: &mut Work,
    line: &CaseLine,
) -> Result<(Vec<(String, Html)>, Vec<(String, String)>), ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let rung = rules::rung(policy.edition(on), line.days(on)).map_err(PolicyError::from)?;
    let mut found = vec![(ui.t("case-ladder"), Html::of_text(ui.t(format!("case-rung-{}", rung.action))))];
    for one in frequency::running(&mut work.tx, line.case.key.customer, on).await? {
        let word = requirement_word(ui, &one);
        let tone = if one.made >= one.required { (Tone::Ok, Icon::CircleCheck) } else { (Tone::Watch, Icon::Clock) };
        found.push((ui.t("frequency-title"), ui.badge(tone.0, tone.1, word)));
    }
    let english = ui.lang() == platform::locale::Lang::En;
    let articles = rung.articles.iter().map(|id| (article_address(id), policy.article_title(id, english))).collect();
    Ok((found, articles))
}

/// `this week 1 of 2`.
pub(crate) fn requirement_word(ui: &Ui, one: &frequency::Requirement) -> String {
    let id = if one.from_on == one.until_on { "frequency-of-day" } else { "frequency-of-week" };
    ui.tn(id, &[("made", one.made.to_string()), ("required", one.required.to_string())])
}

pub(crate) fn loans_table(ui: &Ui, loans: &[LedgerRow]) -> Html {
    let heads = [
        ("loan-number", Side::Left),
        ("loan-overdue-principal", Side::Right),
        ("loan-overdue-interest", Side::Right),
        ("loan-penalty", Side::Right),
        ("loan-overdue-money", Side::Right),
        ("loan-days", Side::Left),
    ];
    let mut table = Table::new(ui.t("case-loans"), heads.map(|(id, side)| (ui.t(id), side)));
    let mut sums = [Fen::ZERO; 4];
    for row in loans {
        let position = &row.position;
        let money = [position.overdue_principal, position.overdue_interest, row.penalty, row.overdue];
        for (sum, one) in sums.iter_mut().zip(money) {
            *sum = sum.checked_add(one).unwrap_or(*sum);
        }
        let href = format!("/loans/{}", position.key.loan);
        let mut number = Html::new();
        number.raw("<a").href(&href).raw(">").text(&row.number).raw("</a>");
        let mut overdue = ui.money(money[3]);
        overdue.push(&ui.why(format!("{href}/why/overdue")));
        let cells = [number, ui.money(money[0]), ui.money(money[1]), ui.money(money[2]), overdue];
        table.row(cells.into_iter().chain([ui.bucket(i64::from(row.days_overdue))]));
    }
    let label = Html::of_text(ui.t1("list-loans", "count", loans.len()));
    table.total([label].into_iter().chain(sums.map(|sum| ui.money(sum))).chain([Html::new()]));
    ui.table(table)
}

async fn history(ui: &Ui, work: &mut Work, case: &Case) -> Result<Vec<(String, String, String)>, ActionError> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut told = Vec::new();
    for event in store::history(&mut work.tx, case.key).await? {
        for id in [&event.from, &event.to] {
            if event.kind != "rung"
                && !names.contains_key(id)
                && let Ok(user) = id.parse()
            {
                let name = store::user_name(&mut work.tx, UserId(user)).await?;
                names.insert(id.clone(), name);
            }
        }
        let side = |value: &String| match event.kind.as_str() {
            "rung" | "opened" if !value.is_empty() => ui.t(format!("case-rung-{value}")),
            _ => names.get(value).cloned().unwrap_or_default(),
        };
        let mut text =
            ui.tn(format!("case-did-{}", event.kind), &[("from", side(&event.from)), ("to", side(&event.to))]);
        if let Some(reason) = ui.locale.find(&format!("case-reason-{}", event.reason.replace('_', "-"))) {
            text = format!("{text} · {reason}");
        }
        if !event.note.is_empty() {
            text = format!("{text} · {}", event.note);
        }
        told.push((event.at, text, event.by));
    }
    for step in crate::agreement::store::steps(&mut work.tx, case.key, None).await? {
        let mut text = format!("{} {}", step.number, ui.t(format!("agreement-did-{}", step.step)));
        if !step.detail.is_empty() {
            text = format!("{text} · {}", step.detail);
        }
        told.push((step.at, text, step.by));
    }
    told.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    Ok(told.into_iter().map(|(at, text, by)| (platform::clock::civil_minute(at), text, by)).collect())
}

async fn transfer_form(
    visit: &Visit,
    ui: &Ui,
    work: &mut Work,
    case: &Case,
) -> Result<Option<(Guard, Vec<Field>)>, ActionError> {
    if !visit.may(CASE_ASSIGN) || matches!(case.state, CaseState::Closed { .. }) {
        return Ok(None);
    }
    let people = actions::candidates(work).await?;
    let people = people.into_iter().filter(|one| case.state.owner() != Some(one.0)).map(|(user, name, load)| {
        let mut text = ui.tn("case-candidate", &[("name", name), ("count", load.to_string())]);
        if user == case.manager {
            text = format!("{text} · {}", ui.t("case-originator"));
        }
        Choice::new(user.to_string(), text)
    });
    let reasons = actions::transfer_reasons(work).await?;
    let reasons = reasons.iter().map(|id| Choice::new(id, ui.t(format!("case-reason-{}", id.replace('_', "-")))));
    let fields = vec![
        Field::new("to", ui.t("case-transfer-to"), Input::Select(people.collect())).required(),
        Field::new("reason", ui.t("case-transfer-reason"), Input::Select(reasons.collect())).required(),
        Field::new("words", ui.t("case-transfer-words"), Input::Text),
    ];
    Ok(Some((visit.guard(), fields)))
}

/// What the form of a transfer sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TransferForm {
    to: String,
    reason: String,
    words: String,
}

async fn transfer(Path(id): Path<String>, posted: Posted<TransferForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("case.transfer").await?;
    let case = actions::parse(&id).map_err(ActionError::from)?;
    let to = UserId(posted.form.to.parse().unwrap_or(0));
    actions::transfer(&mut work, case, to, &posted.form.reason, &posted.form.words).await?;
    posted.done(work, format!("{LIST}/{case}")).await
}

/// A form that holds nothing but its guard.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct NoForm {}

async fn unlock(Path(id): Path<String>, posted: Posted<NoForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("case.unlock").await?;
    let case = actions::parse(&id).map_err(ActionError::from)?;
    actions::unlock(&mut work, case).await?;
    posted.done(work, format!("{LIST}/{case}")).await
}
