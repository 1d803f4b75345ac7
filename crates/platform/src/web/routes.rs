//! Routes (路由): every page names the action that it asks for.
//!
//! A page without a permission cannot be registered by omission: `get` and `post` want an action,
//! pages for everybody who is logged in and pages for everybody are said to be so.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{self, MethodRouter};

use super::{Visit, WebError};
use crate::access::Denied;
use crate::app::App;

/// Who may open a page (准入).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Everybody: the doors, the assets, the health of the program.
    Public,
    /// Everybody who is logged in: their own things.
    Own,
    /// Who has a role that grants this action.
    Action(&'static str),
}

/// One registered page (路由登记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteRecord {
    /// GET or POST.
    pub method: Method,
    /// The path with its parameters: `/loans/{id}`.
    pub path: &'static str,
    /// Who may open it.
    pub entry: Entry,
}

/// The pages of a capability (路由表).
#[derive(Default)]
pub struct Routes {
    pages: Vec<(RouteRecord, MethodRouter<App>)>,
}

impl Routes {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A page to look at, for those who may do `action`.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, action: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.page(Method::GET, path, Entry::Action(action), routing::get(handler))
    }

    /// A form to send, for those who may do `action`.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, action: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.page(Method::POST, path, Entry::Action(action), routing::post(handler))
    }

    /// A form with files, for those who may do `action`; the handler takes [`super::Upload`].
    #[must_use]
    pub fn upload<H, T>(self, path: &'static str, action: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let handler = routing::post(handler).route_layer(DefaultBodyLimit::max(super::upload::MAX_BYTES));
        self.page(Method::POST, path, Entry::Action(action), handler)
    }

    /// A page for everybody who is logged in.
    #[must_use]
    pub fn get_own<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.page(Method::GET, path, Entry::Own, routing::get(handler))
    }

    /// A form for everybody who is logged in.
    #[must_use]
    pub fn post_own<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.page(Method::POST, path, Entry::Own, routing::post(handler))
    }

    /// A page for everybody.
    #[must_use]
    pub fn get_public<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.page(Method::GET, path, Entry::Public, routing::get(handler))
    }

    /// A form for everybody: the log-in.
    #[must_use]
    pub fn post_public<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.page(Method::POST, path, Entry::Public, routing::post(handler))
    }

    fn page(mut self, method: Method, path: &'static str, entry: Entry, handler: MethodRouter<App>) -> Self {
        self.pages.push((RouteRecord { method, path, entry }, handler));
        self
    }

    /// Both together.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.pages.extend(other.pages);
        self
    }

    /// What is registered.
    #[must_use]
    pub fn records(&self) -> Vec<RouteRecord> {
        self.pages.iter().map(|(record, _)| record.clone()).collect()
    }

    /// The router, with the door-keeper before every page.
    pub(super) fn into_router(self, app: &App) -> Router<App> {
        let mut router = Router::new();
        for (record, page) in self.pages {
            let keeper = Keeper { app: app.clone(), entry: record.entry };
            router = router.route(record.path, page.route_layer(from_fn_with_state(keeper, keep)));
        }
        router
    }
}

#[derive(Clone)]
struct Keeper {
    app: App,
    entry: Entry,
}

/// Lets a request pass when its visitor may open the page.
async fn keep(State(keeper): State<Keeper>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if keeper.entry != Entry::Public {
        let visit = match Visit::recognise(&mut parts, &keeper.app).await {
            Ok(visit) => visit,
            Err(error) => return super::kept::or_log_in(&keeper.app, parts, body, error).await,
        };
        if let Entry::Action(action) = keeper.entry
            && !visit.may(action)
        {
            return WebError::from(Denied { action: action.to_owned() }).into_response();
        }
    }
    next.run(Request::from_parts(parts, body)).await
}
