//! Pages of one loan: schedule, transactions, terms and security, history, and the proof of every figure.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use finance::Position;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use platform::error::{ActionError, FieldError, Refused};
use platform::locale::Lang;
use platform::page::{Button, Clocks, Html, Icon, Look, Page, Ui};
use platform::policies;
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::actions::load_within;
use super::model::{LoanFile, LoanId, LoanKey, Seen};
use super::{prints, provision, store, view, why};
use crate::error::ServicingError;
use crate::position::engine::Engine;
use crate::position::model::LoanPosition;
use crate::position::store as positions;
use crate::{opening, security};

pub use super::prints::statement_rows;
pub use super::view::term_rows;

/// The pages of one loan.
pub fn routes() -> Routes {
    Routes::new()
        .get("/loans/{id}", "loan.view", show)
        .data::<super::data::LoanData, _, _>("/loans/{id}", "loan.view", super::data::loan)
        .get("/loans/{id}/why/{what}", "loan.view", why::show)
        .data::<platform::api::DerivationData, _, _>("/loans/{id}/why/{what}", "loan.view", super::why_data::derivation)
        .get("/loans/{id}/schedule.pdf", "loan.view", prints::schedule)
        .get("/loans/{id}/statement.pdf", "loan.view", prints::statement)
        .get("/loans/{id}/derivation.pdf", "loan.view", prints::derivation)
}

/// The two clocks and the tab, as the address asks.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    /// 业务日截至.
    pub as_of: Option<String>,
    /// 按当时所知, as `YYYY-MM-DD HH:MM`.
    pub known_at: Option<String>,
    /// The tab.
    #[serde(default)]
    pub tab: String,
}

/// A loan as it is looked at: replayed for one date, as known at one moment.
pub struct Looked {
    /// The loan with everything.
    pub file: LoanFile,
    /// The borrower's name.
    pub customer: String,
    /// The borrower's identity number, masked.
    pub identity_masked: String,
    /// The replayed position.
    pub position: Position,
    /// The same as kept for lists: bucket and class.
    pub kept: LoanPosition,
    /// 业务日截至.
    pub as_of: Date,
    /// 按当时所知; `None`: now.
    pub known_at: Option<Timestamp>,
    /// The engine of that date.
    pub engine: Engine,
    /// What a form drawn from it has seen.
    pub seen: Seen,
}

impl Looked {
    /// `?as_of=…&known_at=…` of the same look, empty for the present.
    pub fn query(&self, business_date: Date) -> String {
        let mut parts = Vec::new();
        if self.as_of != business_date {
            parts.push(format!("as_of={}", self.as_of));
        }
        if let Some(at) = self.known_at {
            parts.push(format!("known_at={}", platform::page::query_escape(&platform::clock::civil_minute(at))));
        }
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }
}

/// Loads the loan and replays it as asked.
pub async fn look(work: &mut Work, id: &str, asked: &Asked) -> Result<Looked, ActionError> {
    let missing = || ServicingError::LoanNotFound { number: id.to_owned() };
    let loan: LoanId = id.parse().map_err(|_| missing())?;
    let key = store::find(&mut work.tx, loan).await?.ok_or_else(missing)?;
    let file = load_within(work, key, "loan.view").await?;
    let (as_of, known_at) = clocks(asked, work.business_date)?;
    replayed(work, file, as_of, known_at).await
}

/// The same for a day and a moment in code; `None`: all that is known.
///
/// # Errors
/// As [`look`].
pub async fn look_at(
    work: &mut Work,
    key: LoanKey,
    as_of: Date,
    known_at: Option<Timestamp>,
) -> Result<Looked, ActionError> {
    let file = load_within(work, key, "loan.view").await?;
    replayed(work, file, as_of, known_at).await
}

async fn replayed(
    work: &mut Work,
    file: LoanFile,
    as_of: Date,
    known_at: Option<Timestamp>,
) -> Result<Looked, ActionError> {
    let key = file.loan.key;
    let engine = Engine::load(work, as_of).await?;
    let position = engine.replay(&file, as_of, known_at)?;
    let kept = engine.kept(&file, &position, known_at);
    let (customer, identity_masked) = store::borrower(&mut work.tx, key.customer).await?;
    let seen = Seen { version: file.loan.version, at: work.now };
    Ok(Looked { file, customer, identity_masked, position, kept, as_of, known_at, engine, seen })
}

/// Reads the two clocks; a date to come is refused, there is nothing to know about it yet.
fn clocks(asked: &Asked, business_date: Date) -> Result<(Date, Option<Timestamp>), ActionError> {
    let given = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let as_of = match given(&asked.as_of) {
        None => business_date,
        Some(text) => text.parse().map_err(|_| wrong("as_of", "date-unreadable", &text))?,
    };
    if as_of > business_date {
        return Err(ServicingError::AfterBusinessDate { on: as_of, business_date }.into());
    }
    let known_at = match given(&asked.known_at) {
        None => None,
        Some(text) => {
            let civil: DateTime =
                text.replace(' ', "T").parse().map_err(|_| wrong("known_at", "moment-unreadable", &text))?;
            Some(platform::clock::civil_moment(civil).ok_or_else(|| wrong("known_at", "moment-unreadable", &text))?)
        }
    };
    Ok((as_of, known_at))
}

fn wrong(field: &'static str, code: &'static str, text: &str) -> ActionError {
    Refused::form(vec![FieldError::new(field, code).with("text", text)]).into()
}

#[derive(Template)]
#[template(path = "loan/show.html")]
struct ShowBody {
    parts: Vec<Html>,
}

async fn show(visit: Visit, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let looked = look(&mut work, &id, &asked).await?;
    let kept_now = positions::find(&mut work.tx, looked.file.loan.key).await?;
    let lines = security::store::lines(&mut work.tx, looked.file.loan.key).await?;
    let present = looked.as_of == visit.business_date && looked.known_at.is_none();
    let mut head = view::head(&ui, &looked, &asked.tab);
    head.badges.push(&customers::watch::badges(&mut work, &ui, looked.file.loan.key.customer).await?);
    head.clocks = Some(Clocks {
        path: format!("/loans/{id}"),
        as_of: looked.as_of,
        known_at: looked.known_at.map(platform::clock::civil_minute).unwrap_or_default(),
    });
    head.actions = actions(&visit, &looked, present);
    let parts = match asked.tab.as_str() {
        "transactions" => vec![view::transactions(&ui, &looked, None)],
        "terms" => {
            let policy = policies::in_force(&mut work, looked.as_of).await?;
            let provision = provision::of(&looked, &policy)?;
            let ground = opening::ground::view::panel(&mut work, &ui, &policy, looked.file.loan.key).await?;
            let terms = view::terms(&ui, &looked, &product_title(&ui, &policy, &looked), provision.as_ref());
            vec![terms, ground, security::pages::panel(&visit, &looked, &lines, present)]
        }
        "history" => vec![view::history(&ui, &store::history(&mut work.tx, looked.file.loan.key).await?)],
        _ => vec![view::schedule(&ui, &looked), view::transactions(&ui, &looked, Some(5))],
    };
    debug_assert!(kept_now.is_some(), "every loan has a kept position");
    let page = Page::new(looked.file.loan.number.clone(), "loans").rail().head(ui.subject(&head));
    visit.page(&page, &ShowBody { parts })
}

/// The product as people call it; one that the policy does not know any more, by its id.
fn product_title(ui: &Ui, policy: &policies::InForce, looked: &Looked) -> String {
    let id = &looked.file.loan.product;
    let english = ui.lang() == Lang::En;
    policy.pack().product(id).map_or_else(|| id.clone(), |product| product.title.in_language(english).to_owned())
}

/// What can be done now; a past view only reads and prints.
fn actions(visit: &Visit, looked: &Looked, present: bool) -> Html {
    let ui = visit.ui();
    let id = looked.file.loan.key.loan;
    let query = looked.query(visit.business_date);
    let mut buttons = Vec::new();
    let undrawn = looked.position.status == finance::Status::Undrawn;
    let open = looked.position.status != finance::Status::Settled && !undrawn;
    if present && open && visit.may("loan.repay") {
        let primary = Button::link(Look::Primary, ui.t("repayment-record"), format!("/loans/{id}/repayments/new"));
        buttons.push(primary.icon(Icon::Cash));
    }
    let left = opening::drawdown::undrawn(looked).is_positive();
    if present && (open || undrawn) && left && visit.may(opening::actions::DISBURSE) {
        let (look, word) = if undrawn { (Look::Primary, "drawdown-first") } else { (Look::Secondary, "drawdown-open") };
        buttons.push(Button::link(look, ui.t(word), format!("/loans/{id}/drawdowns/new")));
    }
    if present && open {
        buttons.push(Button::link(Look::Secondary, ui.t("what-if-title"), format!("/loans/{id}/what-if")));
        if visit.may("waiver.request") || visit.may("extension.request") || visit.may("write_off.request") {
            buttons.push(Button::link(Look::Secondary, ui.t("loan-change"), format!("/loans/{id}/changes")));
        }
    }
    // What other capabilities know of a loan: letters, clocks.
    let links = visit.app.capabilities.iter().flat_map(|one| one.loan_links());
    buttons.extend(links.filter(|link| visit.may(link.action) && visit.app.offers(link.href)).map(|link| {
        Button::link(Look::Secondary, ui.t(link.label), link.href.replace("{loan}", &id.to_string())).icon(link.icon)
    }));
    let schedule = Button::link(Look::Secondary, ui.t("print-schedule"), format!("/loans/{id}/schedule.pdf{query}"));
    buttons.push(schedule.icon(Icon::Printer));
    buttons.push(Button::link(Look::Secondary, ui.t("print-statement"), format!("/loans/{id}/statement.pdf{query}")));
    ui.buttons(buttons)
}
