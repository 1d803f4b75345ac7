//! The work screen: the queue at the left, whom one may contact and what to say in the middle, money and outcome at the right.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use finance::Fen;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use platform::duty;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Empty, Guard, Html, Icon, Look, Page, Refusal, Tone, Ui};
use platform::policies::{self, article_address};
use platform::web::{Posted, Routes, Visit, WebError, failing_field};
use platform::work::Work;
use serde::Deserialize;
use servicing::ledger::store::LedgerRow;
use servicing::loan::model::LoanId;

use super::call::{self, CallForm};
use super::model::{Hour, Why};
use super::queue::{self, Queued};
use crate::CASE_WORK;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseId};
use crate::case::pages::{NoForm, overdue_loans, requirement_word};
use crate::case::{frequency, rules};
use crate::contact::actions::NewOutcome;
use crate::contact::model::ContactResult;
use crate::guard::desk::Dial;
use crate::guard::pages::ShownNumber;
use crate::guard::store as guard_store;
use crate::message::MESSAGE_SEND;
use crate::promise::actions as promises;
use crate::promise::model::{NewPromise, PromiseState};

/// Where the work screen is.
pub const WORK: &str = "/collections/work";
/// Cases that the queue shows around the one at work.
const SHOWN: usize = 200;
/// Contacts that the screen shows.
const CONTACTS: i64 = 20;

/// The work screen.
pub fn routes() -> Routes {
    Routes::new()
        .get(WORK, CASE_WORK, show)
        .post("/collections/leave", CASE_WORK, leave)
        .post("/collections/cases/{id}/call", CASE_WORK, call::call)
        .answering::<ShownNumber>()
        .post("/collections/cases/{id}/outcome", CASE_WORK, save)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    case: String,
    after: String,
}

/// What the collector enters; kept as typed until it is understood.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct WorkForm {
    result: String,
    response: String,
    amount: String,
    due_on: String,
    due_time: String,
}

/// What the screen answers to what was sent (屏上答复).
#[derive(Default)]
pub(super) struct Said<'a> {
    /// What was typed of an outcome.
    pub typed: WorkForm,
    /// What was typed of a call.
    pub call: Option<&'a CallForm>,
    /// What a use case refused.
    pub refused: Option<&'a Refused>,
    /// The number that was let through, or what the guard refused.
    pub note: Option<(StatusCode, Html)>,
    /// What is said in place of the words about the debt.
    pub script: Option<String>,
}

/// A line of the queue as drawn.
struct QueueRow {
    place: usize,
    href: String,
    name: String,
    overdue: Html,
    bucket: Html,
    why: String,
    current: bool,
    stopped: bool,
    lost: Option<Html>,
}

/// The case at work as drawn.
struct Desk {
    case: String,
    refusal: Html,
    call: Html,
    reach: Html,
    script: Option<String>,
    script_for: String,
    card: Html,
    contacts: Vec<(String, String, String)>,
    week: Option<Html>,
    week_article: (String, String),
    owed: Vec<(String, Html, Option<String>)>,
    total: Html,
    total_why: Html,
    outcome: Option<Outcome>,
    promise: Html,
    latest: (Date, i64, (String, String)),
    today: Date,
    typed: WorkForm,
    errors: BTreeMap<&'static str, String>,
}

struct Outcome {
    guard: Guard,
    open: bool,
    codes: Vec<(usize, &'static str, String, bool)>,
}

#[derive(Template)]
#[template(path = "worklist/work.html")]
struct Body {
    ui: Ui,
    queue: Vec<QueueRow>,
    more: usize,
    order: String,
    order_article: (String, String),
    desk: Option<Desk>,
    empty: Html,
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let chosen = asked.case.parse().ok().map(CaseId);
    let after = asked.after.parse().ok().map(CaseId);
    draw(&visit, chosen, after, Said::default()).await
}

/// Takes the case that was chosen, else the first of the queue that nobody else works, and draws the screen.
pub(super) async fn draw(
    visit: &Visit,
    chosen: Option<CaseId>,
    after: Option<CaseId>,
    said: Said<'_>,
) -> Result<Response, WebError> {
    visit.complain_of(said.refused)?;
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let me = work.actor.recorded_by();
    let (queue, order) = queue::of(&mut work, me).await?;
    let mut refused = said.refused.cloned();
    let mut case = None;
    if let Some(id) = chosen.or_else(|| next(&queue, after, visit)) {
        if !cases::is_held(&mut work, id).await? || promises::awaits_judgement(&mut work, id).await? {
            // A short turn at writing, so that a screen that is only drawn anew waits for nobody.
            work.tx.rollback().await?;
            refused = refused.or(take(visit, id).await?);
            work = visit.read().await?;
        }
        case = Some(cases::load(&mut work, id, crate::CASE_VIEW).await?);
    }
    let mut desk = None;
    if let Some(case) = &case {
        let proposed = call::reason(&ui, &mut work, case, &queue).await?;
        desk = Some(desk_of(visit, &mut work, case, (&said, refused.as_ref()), proposed).await?);
    }
    let policy = policies::in_force(&mut work, visit.business_date).await?;
    let english = ui.lang() == platform::locale::Lang::En;
    let article = policy.edition(visit.business_date).parameter("case_order").map(|one| one.article.clone());
    let article = article.unwrap_or_default();
    let body = Body {
        more: queue.len().saturating_sub(SHOWN),
        queue: rows(&ui, &queue, case.as_ref(), visit.business_date),
        order: order.iter().map(|name| ui.t(format!("work-order-{name}"))).collect::<Vec<_>>().join(" → "),
        order_article: (article_address(&article), policy.article_title(&article, english)),
        empty: ui.empty(Empty {
            icon: Some(Icon::CircleCheck),
            title: ui.t("work-none"),
            text: ui.t("work-none-text"),
            step: Some(Button::link(Look::Secondary, ui.t("case-title"), crate::case::list::LIST)),
        }),
        desk,
        ui: ui.clone(),
    };
    let head = head(visit, &ui, &mut work, case.as_ref(), queue.len()).await?;
    let plain = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let status = said.note.map_or(plain, |note| note.0);
    Ok((status, visit.page(&head, &body)?).into_response())
}

/// Takes the case and judges its promises; why it could not be taken.
async fn take(visit: &Visit, id: CaseId) -> Result<Option<Refused>, WebError> {
    let mut work = visit.begin().await?;
    let (case, refused) = match cases::take(&mut work, id).await {
        Ok(taken) => (taken, None),
        Err(ActionError::Refused(why)) => (cases::load(&mut work, id, crate::CASE_VIEW).await?, Some(*why)),
        Err(error) => return Err(error.into()),
    };
    promises::judge(&mut work, &case).await?;
    work.commit().await?;
    Ok(refused)
}

/// The case behind `after` in the queue, else the first; those that others work are passed over.
fn next(queue: &[Queued], after: Option<CaseId>, visit: &Visit) -> Option<CaseId> {
    let me = visit.actor.user?;
    let free = |one: &&Queued| !one.stopped && one.line.case.state.held_by_other(me, visit.now).is_none();
    let place = after.and_then(|id| queue.iter().position(|one| one.line.case.key.case == id));
    let behind = place.and_then(|at| queue.iter().skip(at + 1).find(free));
    behind.or_else(|| queue.iter().find(free)).map(|one| one.line.case.key.case)
}

async fn head(visit: &Visit, ui: &Ui, work: &mut Work, case: Option<&Case>, count: usize) -> Result<Page, ActionError> {
    let Some(case) = case else { return Ok(Page::new(ui.t("work-title"), "work").rail()) };
    let arrears = crate::case::store::arrears(&mut work.tx, &[case.key.customer]).await?;
    let (name, days) = arrears
        .get(&case.key.customer)
        .map_or_else(Default::default, |one| (one.name.clone(), one.days(work.business_date)));
    let mut actions = ui.bucket(days);
    let broken = crate::promise::store::of_case(&mut work.tx, case.key).await?;
    let broken = broken.iter().filter(|one| one.state.is_missed()).count();
    if broken > 0 {
        actions.raw(" ").push(&ui.badge(Tone::Sub, Icon::AlertTriangle, ui.t1("work-broken", "count", broken)));
    }
    if case
        .state
        .held_by_other(platform::id::UserId(0), visit.now)
        .is_some_and(|lock| Some(lock.by) == visit.actor.user)
    {
        actions.raw(" ").push(&ui.badge(Tone::Info, Icon::Lock, ui.t("work-locked")));
    }
    let file = Button::link(Look::Plain, ui.t("case-number"), format!("{}/{}", crate::case::list::LIST, case.key.case));
    actions.raw(" ").push(&ui.button(file));
    if let Some(loan) = writable(visit, work, case).await? {
        let write = Button::link(Look::Plain, ui.t("message-short"), format!("/loans/{loan}/messages/new"));
        actions.raw(" ").push(&ui.button(write.icon(Icon::Message)));
    }
    actions.raw("<form method=\"post\" action=\"/collections/leave\" data-once>").push(&ui.guard(visit.guard()));
    actions
        .push(&ui.button(Button::submit(Look::Secondary, ui.t("work-pause")).icon(Icon::PlayerPause)))
        .raw("</form>");
    let on = Button::link(Look::Primary, ui.t("work-next"), format!("{WORK}?after={}", case.key.case));
    actions.push(&ui.button(on.icon(Icon::ArrowRight).key("N")));
    let subtitle = ui.t1("work-count", "count", count);
    Ok(Page::new(if name.is_empty() { case.number.clone() } else { name }, "work")
        .subtitle(subtitle)
        .actions(actions)
        .rail())
}

/// The first overdue loan of a case about which this person may write to the debtor.
async fn writable(visit: &Visit, work: &mut Work, case: &Case) -> Result<Option<LoanId>, ActionError> {
    if !visit.may(MESSAGE_SEND) {
        return Ok(None);
    }
    let loans = overdue_loans(work, case.key.customer).await?;
    let Some(first) = loans.first().map(|row| row.key) else { return Ok(None) };
    let seen = servicing::loan::actions::load_within(work, first, MESSAGE_SEND).await;
    Ok(seen.ok().map(|file| file.loan.key.loan))
}

fn rows(ui: &Ui, queue: &[Queued], at: Option<&Case>, on: Date) -> Vec<QueueRow> {
    let row = |(place, one): (usize, &Queued)| QueueRow {
        place: place + 1,
        href: format!("{WORK}?case={}", one.line.case.key.case),
        name: one.line.customer.clone(),
        overdue: ui.money(one.line.overdue),
        bucket: ui.bucket(one.line.days(on)),
        why: if one.stopped { ui.t("work-stopped") } else { format!("{}{}", why(ui, one, on), hour(ui, one)) },
        current: at.is_some_and(|case| case.key == one.line.case.key),
        stopped: one.stopped,
        lost: one.lost.map(|kind| crate::lost::badge(ui, kind)),
    };
    queue.iter().take(SHOWN).enumerate().map(row).collect()
}

/// The reason of a place, in words with its numbers.
pub(super) fn why(ui: &Ui, one: &Queued, on: Date) -> String {
    match &one.why {
        Why::Promise(at) => ui.t1("work-why-promise", "at", platform::clock::civil_minute(*at)),
        Why::Contact { missing, required, until } => {
            let id = if *until == on { "work-why-contact-today" } else { "work-why-contact" };
            ui.tn(id, &[("missing", missing.to_string()), ("required", required.to_string())])
        }
        Why::PayDay(near) => crate::payday::pages::word(ui, *near),
        Why::Step { days, rung } => {
            let step = ui.t(format!("case-rung-{rung}"));
            ui.tn("work-why-bucket", &[("days", days.to_string()), ("step", step)])
        }
        Why::Amount => ui.t("work-why-amount"),
    }
}

/// Whether it is the hour for it, where there is something to say.
fn hour(ui: &Ui, one: &Queued) -> String {
    let clock = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
    match (one.hour, one.agreed) {
        (Hour::Agreed, Some((from, until))) => ui.t2("work-hour-agreed", "from", clock(from), "until", clock(until)),
        (Hour::Other, Some((from, until))) => ui.t2("work-hour-other", "from", clock(from), "until", clock(until)),
        (Hour::Talk, _) => ui.t("work-hour-talk"),
        (Hour::Agreed | Hour::Other | Hour::Plain, _) => String::new(),
    }
}

async fn desk_of(
    visit: &Visit,
    work: &mut Work,
    case: &Case,
    (said, refused): (&Said<'_>, Option<&Refused>),
    proposed: String,
) -> Result<Desk, WebError> {
    let (ui, typed) = (&visit.ui(), &said.typed);
    let (customer, on) = (case.key.customer, work.business_date);
    let loans = overdue_loans(work, customer).await?;
    let sum = |of: fn(&LedgerRow) -> Fen| Fen::checked_sum(loans.iter().map(of)).unwrap_or_default();
    let total = sum(|row| row.overdue);
    let days = loans.iter().map(|row| i64::from(row.days_overdue)).max().unwrap_or(0);
    let promise = crate::promise::list::panel(visit, work, case).await?;
    let (latest, within, article) = promises::latest(work).await?;
    let policy = policies::in_force(work, on).await?;
    let english = ui.lang() == platform::locale::Lang::En;
    let titled = |id: &str| (article_address(id), policy.article_title(id, english));
    let rung = rules::rung(policy.edition(on), days)
        .map_err(platform::policies::PolicyError::from)
        .map_err(ActionError::from)?;
    let running = frequency::running(&mut work.tx, customer, on).await?;
    let week = running.first().map(|one| {
        let (tone, icon) =
            if one.made >= one.required { (Tone::Ok, Icon::CircleCheck) } else { (Tone::Watch, Icon::Clock) };
        ui.badge(tone, icon, requirement_word(ui, one))
    });
    let (open, neutral) = call::on_the_line(visit, work, customer, said.script.as_ref()).await?;
    let held = case.state.held_by_other(visit.user()?, visit.now).is_some();
    // Whoever cannot work the case sees whom one may call, and calls nobody.
    let dial = if held { Dial::Page } else { Dial::Desk };
    let (_, reach) = crate::guard::pages::whom(visit, work, customer, dial).await?;
    let mut calls = said.note.as_ref().map(|note| note.1.clone()).unwrap_or_default();
    if open && said.note.is_none() {
        calls.push(&call::owed(ui));
    } else if !open && !held {
        calls.push(&call::form(visit, work, case, (said.call, proposed)).await?);
    }
    let (script, script_for) = match neutral {
        Some(neutral) => (Some(neutral), ui.t("work-script-neutral")),
        None => {
            let script = script(visit, work, &policy, case, (&loans, total, days)).await?;
            (script, ui.t(format!("case-rung-{}", rung.action)))
        }
    };
    Ok(Desk {
        case: case.key.case.to_string(),
        refusal: refused.map(|one| refusal(ui, &titled, one)).unwrap_or_default(),
        call: calls,
        reach,
        script,
        script_for,
        card: crate::card::pages::beside(visit, work, Some(days)).await?,
        contacts: contacts(ui, work, case).await?,
        week,
        week_article: titled(rung.articles.last().map_or("", String::as_str)),
        owed: owed(ui, &loans),
        total: ui.money(total),
        total_why: loans
            .first()
            .map(|row| ui.why(format!("/loans/{}/why/overdue", row.position.key.loan)))
            .unwrap_or_default(),
        outcome: (!held).then(|| Outcome { guard: visit.guard(), open, codes: codes(ui, typed) }),
        promise,
        latest: (latest, within, titled(&article)),
        today: on,
        typed: typed.clone(),
        errors: refused.map(|one| field_errors(ui, one)).unwrap_or_default(),
    })
}

/// The first nine outcomes of a call, on the number keys.
fn codes(ui: &Ui, typed: &WorkForm) -> Vec<(usize, &'static str, String, bool)> {
    let code = |(at, result): (usize, ContactResult)| {
        let name = result.as_str();
        (at + 1, name, ui.t(format!("contact-result-{name}")), typed.result == name)
    };
    ContactResult::ALL.into_iter().take(9).enumerate().map(code).collect()
}

fn field_errors(ui: &Ui, refused: &Refused) -> BTreeMap<&'static str, String> {
    let named = ["result", "response", "amount", "due_on", "reason", "point", "line"];
    named.into_iter().filter_map(|name| failing_field(ui, refused, name).map(|error| (name, error.text))).collect()
}

fn refusal(ui: &Ui, titled: &dyn Fn(&str) -> (String, String), refused: &Refused) -> Html {
    let details: Vec<(&str, &str)> = refused.details.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let title = match refused.fields.first() {
        Some(field) => {
            let details: Vec<(&str, &str)> =
                field.details.iter().map(|(name, value)| (*name, value.as_str())).collect();
            ui.tn(format!("error-{}", field.code), &details)
        }
        None => ui.tn(format!("error-{}", refused.code), &details),
    };
    ui.refusal(Refusal {
        title,
        rule: refused.rule.clone(),
        articles: refused.article.iter().map(|id| titled(id)).collect(),
        ..Refusal::default()
    })
}

/// Overdue by head over all loans; each with its derivation where there is one loan.
fn owed(ui: &Ui, loans: &[LedgerRow]) -> Vec<(String, Html, Option<String>)> {
    let sum = |of: fn(&LedgerRow) -> Fen| Fen::checked_sum(loans.iter().map(of)).unwrap_or_default();
    let only = match loans {
        [one] => Some(one.position.key.loan),
        _ => None,
    };
    let heads: [(&str, Fen, Option<&str>); 4] = [
        ("loan-overdue-principal", sum(|row| row.position.overdue_principal), Some("overdue")),
        ("loan-overdue-interest", sum(|row| row.position.overdue_interest), Some("overdue")),
        ("loan-penalty", sum(|row| row.penalty), Some("penalty")),
        ("work-fees", sum(|row| row.position.fee.checked_add(row.position.cost).unwrap_or_default()), None),
    ];
    let shown = heads.into_iter().filter(|one| one.1.is_positive());
    shown
        .map(|(label, money, why)| {
            let why = why.zip(only).map(|(what, loan)| format!("/loans/{loan}/why/{what}"));
            (ui.t(label), ui.money(money), why)
        })
        .collect()
}

/// What to say, from the policy's template for the step (cleansed: the pack's check of words goes over every text).
async fn script(
    visit: &Visit,
    work: &mut Work,
    policy: &policies::InForce,
    case: &Case,
    (loans, total, days): (&[LedgerRow], Fen, i64),
) -> Result<Option<String>, ActionError> {
    let standing = crate::promise::store::of_case(&mut work.tx, case.key).await?;
    let standing = standing.into_iter().find(|one| one.state == PromiseState::Open);
    let rung = rules::rung(policy.edition(work.business_date), days).map_err(policies::PolicyError::from)?;
    let due = standing.as_ref().filter(|one| one.due_on() <= work.business_date);
    let id = if due.is_some() { "script_promise".to_owned() } else { format!("script_{}", rung.action) };
    let Some(template) = policy.pack().template(&id) else { return Ok(None) };
    let number = loans.first().map(|row| row.number.clone()).unwrap_or_default();
    let tail: String = number.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    let mut fields = BTreeMap::from([
        ("company_name".to_owned(), visit.institution().to_owned()),
        ("collector".to_owned(), visit.actor.name.clone()),
        ("customer_name".to_owned(), loans.first().map(|row| row.customer.clone()).unwrap_or_default()),
        ("loan_tail".to_owned(), tail),
        ("overdue_days".to_owned(), days.to_string()),
        ("overdue_amount".to_owned(), platform::locale::money(total)),
    ]);
    if let Some(promise) = due {
        fields.insert("promised_at".to_owned(), platform::clock::civil_minute(promise.due_at));
        fields.insert("promised_amount".to_owned(), platform::locale::money(promise.amount));
    }
    Ok(template.fill(&fields).ok())
}

async fn contacts(ui: &Ui, work: &mut Work, case: &Case) -> Result<Vec<(String, String, String)>, ActionError> {
    let lines = duty::contacts_of(&mut work.tx, case.key.customer, Timestamp::UNIX_EPOCH, CONTACTS).await?;
    let told = lines.into_iter().map(|one| {
        let channel = ui.t(format!("channel-{}", one.channel.as_str()));
        let answer = crate::contact::pages::answer(ui, &one.response);
        (platform::clock::civil_minute(one.at), format!("{channel} · {}", one.contacted), answer)
    });
    Ok(told.collect())
}

impl WorkForm {
    /// The promise in the form, if one is.
    fn promise(&self, by: &str) -> Result<Option<NewPromise>, Refused> {
        if self.amount.trim().is_empty() && self.due_on.trim().is_empty() {
            return Ok(None);
        }
        let mut wrong = Vec::new();
        let amount = self.amount.replace(',', "").trim().parse::<Fen>().ok().filter(|fen| fen.is_positive());
        if amount.is_none() {
            wrong.push(FieldError::new("amount", "amount-unreadable").with("text", &self.amount));
        }
        let on = self.due_on.trim().parse::<Date>().ok();
        let time = self.due_time.trim().parse::<Time>().ok();
        let due_at = on.zip(time).and_then(|(on, time)| platform::clock::civil_moment(on.to_datetime(time)));
        if due_at.is_none() {
            wrong.push(FieldError::new("due_on", "date-unreadable").with("text", &self.due_on));
        }
        match (amount, due_at) {
            (Some(amount), Some(due_at)) => {
                let words = self.response.trim().to_owned();
                Ok(Some(NewPromise { amount, due_at, promised_by: by.to_owned(), words }))
            }
            _ => Err(Refused::form(wrong)),
        }
    }
}

async fn save(Path(id): Path<String>, posted: Posted<WorkForm>) -> Result<Response, WebError> {
    let case = cases::parse(&id).map_err(ActionError::from)?;
    let mut work = posted.begin("case.work").await?;
    match enter(&mut work, case, &posted.form).await {
        Ok(()) => posted.done(work, format!("{WORK}?after={case}")).await,
        Err(ActionError::Refused(refused)) => {
            work.tx.rollback().await?;
            let said = Said { typed: posted.form.clone(), refused: Some(&refused), ..Said::default() };
            draw(&posted.visit, Some(case), None, said).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Enters the outcome of the contact that is open, and the promise that came of it (S2.5-01).
async fn enter(work: &mut Work, case: CaseId, form: &WorkForm) -> Result<(), ActionError> {
    let case = cases::take(work, case).await?;
    let customer = case.key.customer;
    let me = work.actor.recorded_by();
    let open = guard_store::owed_by(&mut work.tx, me).await?.into_iter().find(|one| one.customer == customer);
    let result = ContactResult::parse(&form.result);
    let named = crate::case::store::arrears(&mut work.tx, &[customer]).await?;
    let by = named.get(&customer).map(|one| one.name.clone()).unwrap_or_default();
    let promise = form.promise(&by)?;
    match (open, result) {
        (Some(open), Some(result)) => {
            let new = NewOutcome { response: form.response.clone(), ..NewOutcome::of(customer, open.id, result) };
            crate::contact::actions::record(work, &new).await?;
        }
        (Some(_), None) => return Err(Refused::form(vec![FieldError::new("result", "choice-needed")]).into()),
        (None, Some(_)) => return Err(Refused::form(vec![FieldError::new("result", "work-no-contact")]).into()),
        (None, None) if promise.is_none() => {
            return Err(Refused::form(vec![FieldError::new("result", "choice-needed")]).into());
        }
        (None, None) => {}
    }
    match promise {
        Some(new) => promises::make(work, case.key.case, &new).await.map(|_| ()),
        None if result == Some(ContactResult::Promised) => {
            Err(Refused::form(vec![FieldError::new("amount", "work-promise-needed")]).into())
        }
        None => Ok(()),
    }
}

async fn leave(posted: Posted<NoForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("case.leave").await?;
    cases::leave(&mut work).await?;
    posted.done(work, crate::case::list::LIST).await
}
