//! The web layer (网页层): what stands between a request and a capability's page.
//!
//! - [`Routes`]: a capability's pages, each naming the action that it asks for; the permission is
//!   checked before the handler runs, and a test walks every route with every role.
//! - [`Visit`]: who comes, from where, in which language, at which business date. Only a person who is
//!   logged in has one.
//! - [`Posted`]: a form that really came from our page ([CSRF](posted)), with its key against double
//!   submits: `let mut work = posted.begin("loan.repay").await?; …; posted.done(work, "/loans/1").await`.
//! - [`WebError`]: every refusal and failure as a page or as problem+json, from one exhaustive map.
//!
//! A handler is thin: extract, parse, one call, render or redirect.
//!
//! ```text
//! async fn list(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
//!     let mut work = visit.read().await?;
//!     let page = store::list(&mut work.tx, work.authorise("loan.view")?, …).await?;
//!     visit.page(&Page::new(visit.ui().t("loans"), "loans"), &ListTemplate { ui: visit.ui(), page })
//! }
//!
//! async fn record(posted: Posted<RepayForm>) -> Result<Response, WebError> {
//!     let mut work = posted.begin("loan.repay").await?;       // a second submit ends here, at the first's result
//!     let loan = actions::repay(&mut work, posted.form.parse()?).await?;
//!     posted.done(work, format!("/loans/{loan}")).await
//! }
//! ```

mod download;
mod failure;
mod form_page;
mod guard;
mod health;
mod kept;
mod language;
mod navigation;
mod posted;
mod request;
mod routes;
mod search;
mod server;
mod token;
mod upload;
mod visit;
mod way_back;

pub use download::xlsx;
pub(crate) use failure::sentence_of;
pub use failure::{Failure, WebError, failing_field, refusal_box};
pub use form_page::{FormPage, shown_in_form};
pub use guard::CONTENT_SECURITY_POLICY;
pub use navigation::{LoanLink, NavEntry, NavSection};
pub use posted::{Fields, Posted};
pub use request::{API, Circumstances};
pub use routes::{Entry, RouteRecord, Routes, TwinRecord};
pub use search::{Hit, Searcher};
pub use server::{Patience, serve};
pub use token::{Token, once_key};
pub use upload::{Upload, UploadedFile};
pub use visit::{SESSION_COOKIE, Visit};

pub(crate) use kept::COLUMN as KEPT_FORM;
pub(crate) use posted::check_origin;
pub(crate) use request::{LANGUAGE_COOKIE, cookie, set_cookie};
pub(crate) use token::same;

use axum::Router;

use crate::app::App;

/// The whole program as one router: every capability's pages, the assets, the guards around them.
pub fn router(app: &App) -> Router {
    router_within(app, guard::TIMEOUT)
}

/// The same with another limit for a page, its body on the way included: for tests of what comes too slowly.
pub fn router_within(app: &App, limit: std::time::Duration) -> Router {
    let mut all = Routes::new();
    for capability in &app.capabilities {
        all = all.merge(capability.routes());
    }
    if !all.records().iter().any(|record| record.path == "/") {
        all = all.get_own("/", navigation::first_page);
    }
    let looked_at = all.twins().into_iter().filter(|twin| twin.route.method == axum::http::Method::GET);
    let places = crate::api::answer::Places(looked_at.map(|twin| twin.route.path).collect());
    let pages = way_back::Pages::of(&all.records());
    guard::around(app, (places, pages), limit, all.into_router(app).merge(crate::asset::router()))
}

/// Every route of the interface for programs, in order of capability.
pub fn twins(app: &App) -> Vec<TwinRecord> {
    app.capabilities.iter().flat_map(|capability| capability.routes().twins()).collect()
}

/// Every page with its method and the action that it asks for, in order of capability.
pub fn records(app: &App) -> Vec<RouteRecord> {
    app.capabilities.iter().flat_map(|capability| capability.routes().records()).collect()
}

/// The pages that the web layer itself offers.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get_public("/healthz", health::healthz)
        .get_public("/readyz", health::readyz)
        .get_public("/metrics", health::metrics)
        .get_public("/language/{tag}", language::switch)
        .get_own("/search", search::page)
        .get_own("/kept", kept::page)
        .post_own("/kept/send", kept::send)
        .post_own("/kept/discard", kept::discard)
        // A form kept over a log-in, a search for the eye: programs have neither.
        .only_on_screen()
}
