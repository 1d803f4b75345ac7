//! Routes (路由): every page names the action that it asks for.
//!
//! A page without a permission cannot be registered by omission: `get` and `post` want an action,
//! pages for everybody who is logged in and pages for everybody are said to be so.

use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, RawQuery, Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{self, MethodRouter};
use schemars::{JsonSchema, SchemaGenerator};

use super::{API, Visit, WebError};
use crate::access::Denied;
use crate::api;
use crate::api::operation::{Answer, Operation, Signature};
use crate::app::App;
use crate::list_export::{self, Listed};
use crate::page::Ui;
use crate::page::list::ListSpec;

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

/// A route of the interface for programs (接口路由).
#[derive(Debug, Clone)]
pub struct TwinRecord {
    /// The route; its path without the beginning of the interface.
    pub route: RouteRecord,
    /// What it takes and gives.
    pub operation: Operation,
}

/// The pages of a capability (路由表).
#[derive(Default)]
pub struct Routes {
    pages: Vec<(RouteRecord, MethodRouter<App>)>,
    twins: Vec<(TwinRecord, MethodRouter<App>)>,
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
        T: Signature + 'static,
    {
        let page = routing::get(Served::by(handler));
        let file = file_kind(path).map(|kind| Operation { answer: Answer::File(kind), ..T::operation() });
        self.twin(Method::GET, path, Entry::Action(action), file, &page).page(
            Method::GET,
            path,
            Entry::Action(action),
            page,
        )
    }

    /// A file whose kind the address does not end in, for those who may do `action`.
    #[must_use]
    pub fn file<H, T>(
        self,
        path: &'static str,
        action: &'static str,
        handler: H,
        kinds: &'static [&'static str],
    ) -> Self
    where
        H: Handler<T, App>,
        T: Signature + 'static,
    {
        let (entry, page) = (Entry::Action(action), routing::get(Served::by(handler)));
        let file = Operation { answer: Answer::File(kinds), ..T::operation() };
        self.twin(Method::GET, path, entry, Some(file), &page).page(Method::GET, path, entry, page)
    }

    /// A form to send, for those who may do `action`.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, action: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: Signature + 'static,
    {
        let (entry, page) = (Entry::Action(action), routing::post(Served::by(handler)));
        self.twin(Method::POST, path, entry, Some(T::operation()), &page).page(Method::POST, path, entry, page)
    }

    /// A form with files, for those who may do `action`; the handler takes [`super::Upload`].
    #[must_use]
    pub fn upload<H, T>(self, path: &'static str, action: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: Signature + 'static,
    {
        let handler = routing::post(Served::by(handler)).route_layer(DefaultBodyLimit::max(super::upload::MAX_BYTES));
        let entry = Entry::Action(action);
        self.twin(Method::POST, path, entry, Some(T::operation()), &handler).page(Method::POST, path, entry, handler)
    }

    /// A list, as a page and as data: the handler ends with [`super::Visit::rows`] for programs.
    #[must_use]
    pub fn list<H, T>(self, path: &'static str, action: &'static str, handler: H, spec: fn(&Ui) -> ListSpec) -> Self
    where
        H: Handler<T, App>,
        T: Signature + 'static,
    {
        let (entry, page) = (Entry::Action(action), routing::get(Served::by(handler)));
        let rows = Operation { answer: Answer::Rows(spec), ..T::operation() };
        self.twin(Method::GET, path, entry, Some(rows), &page).page(Method::GET, path, entry, page)
    }

    /// The file of a list: its whole result as a workbook, or the way to where a large one is asked for.
    #[must_use]
    pub fn exports(self, listed: &'static Listed) -> Self {
        let handler = move |visit: Visit, RawQuery(query): RawQuery| async move {
            list_export::answer(&visit, listed, query.as_deref().unwrap_or_default()).await
        };
        self.get(listed.address, listed.export, handler)
    }

    /// A list of one's own things, as a page and as data.
    #[must_use]
    pub fn list_own<H, T>(self, path: &'static str, handler: H, spec: fn(&Ui) -> ListSpec) -> Self
    where
        H: Handler<T, App>,
        T: Signature + 'static,
    {
        let page = routing::get(Served::by(handler));
        let rows = Operation { answer: Answer::Rows(spec), ..T::operation() };
        self.twin(Method::GET, path, Entry::Own, Some(rows), &page).page(Method::GET, path, Entry::Own, page)
    }

    /// A thing as data for programs, under the path of its page; the handler gives a [`crate::api::Data`] of `D`.
    #[must_use]
    pub fn data<D, H, T>(self, path: &'static str, action: &'static str, handler: H) -> Self
    where
        D: JsonSchema,
        H: Handler<T, App>,
        T: Signature + 'static,
    {
        self.thing::<D, H, T>(path, Entry::Action(action), handler)
    }

    /// The same for everybody who may come in, about their own things.
    #[must_use]
    pub fn data_own<D, H, T>(self, path: &'static str, handler: H) -> Self
    where
        D: JsonSchema,
        H: Handler<T, App>,
        T: Signature + 'static,
    {
        self.thing::<D, H, T>(path, Entry::Own, handler)
    }

    fn thing<D, H, T>(self, path: &'static str, entry: Entry, handler: H) -> Self
    where
        D: JsonSchema,
        H: Handler<T, App>,
        T: Signature + 'static,
    {
        let thing = Operation { answer: Answer::Thing(SchemaGenerator::subschema_for::<D>), ..T::operation() };
        self.twin(Method::GET, path, entry, Some(thing), &routing::get(Served::by(handler)))
    }

    /// These without their twins: pages that only a person at a screen has a use for.
    #[must_use]
    pub fn only_on_screen(mut self) -> Self {
        self.twins.clear();
        self
    }

    /// What this route answers to programs instead of a place.
    #[must_use]
    pub fn answering<D: JsonSchema>(mut self) -> Self {
        if let Some((record, _)) = self.twins.last_mut() {
            record.operation.answer = Answer::Thing(SchemaGenerator::subschema_for::<D>);
        }
        self
    }

    fn twin(
        mut self,
        method: Method,
        path: &'static str,
        entry: Entry,
        operation: Option<Operation>,
        page: &MethodRouter<App>,
    ) -> Self {
        if let Some(operation) = operation {
            let route = RouteRecord { method, path, entry };
            self.twins.push((TwinRecord { route, operation }, page.clone()));
        }
        self
    }

    /// A page for everybody who is logged in.
    #[must_use]
    pub fn get_own<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: Signature + 'static,
    {
        let page = routing::get(Served::by(handler));
        let file = file_kind(path).map(|kind| Operation { answer: Answer::File(kind), ..T::operation() });
        self.twin(Method::GET, path, Entry::Own, file, &page).page(Method::GET, path, Entry::Own, page)
    }

    /// A form for everybody who is logged in.
    #[must_use]
    pub fn post_own<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: Signature + 'static,
    {
        let page = routing::post(Served::by(handler));
        self.twin(Method::POST, path, Entry::Own, Some(T::operation()), &page).page(
            Method::POST,
            path,
            Entry::Own,
            page,
        )
    }

    /// A page for everybody.
    #[must_use]
    pub fn get_public<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.page(Method::GET, path, Entry::Public, routing::get(Served::by(handler)))
    }

    /// A form for everybody: the log-in.
    #[must_use]
    pub fn post_public<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.page(Method::POST, path, Entry::Public, routing::post(Served::by(handler)))
    }

    fn page(mut self, method: Method, path: &'static str, entry: Entry, handler: MethodRouter<App>) -> Self {
        self.pages.push((RouteRecord { method, path, entry }, handler));
        self
    }

    /// Both together.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.pages.extend(other.pages);
        self.twins.extend(other.twins);
        self
    }

    /// What is registered.
    #[must_use]
    pub fn records(&self) -> Vec<RouteRecord> {
        self.pages.iter().map(|(record, _)| record.clone()).collect()
    }

    /// What is registered for programs.
    #[must_use]
    pub fn twins(&self) -> Vec<TwinRecord> {
        self.twins.iter().map(|(record, _)| record.clone()).collect()
    }

    /// The router, with the door-keeper before every page and every twin.
    pub(super) fn into_router(self, app: &App) -> Router<App> {
        let mut router = Router::new();
        let pages = self.pages.into_iter().map(|(record, page)| (record.path.to_owned(), record.entry, page));
        let api = API.trim_end_matches('/');
        let twins =
            self.twins.into_iter().map(|(twin, page)| (format!("{api}{}", twin.route.path), twin.route.entry, page));
        for (path, entry, page) in pages.chain(twins) {
            let keeper = Keeper { app: app.clone(), entry };
            router = router.route(&path, page.route_layer(from_fn_with_state(keeper, keep)));
        }
        router
    }
}

/// A handler whose type is forgotten (页面处理): the router's layers are compiled once, not once for every page.
#[derive(Clone)]
struct Served(Arc<dyn Fn(Request, App) -> Serving + Send + Sync>);

type Serving = Pin<Box<dyn Future<Output = Response> + Send>>;

impl Served {
    fn by<H, T>(handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        Self(Arc::new(move |request, app| Box::pin(handler.clone().call(request, app))))
    }
}

impl Handler<(), App> for Served {
    type Future = Serving;

    fn call(self, request: Request, app: App) -> Serving {
        (self.0)(request, app)
    }
}

/// What kind of file a path ends in, if it is one to take away.
fn file_kind(path: &str) -> Option<&'static [&'static str]> {
    match path.rsplit_once('.')?.1 {
        "xlsx" => Some(&["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]),
        "pdf" => Some(&["application/pdf"]),
        _ => None,
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
        let lacks = match keeper.entry {
            Entry::Action(action) => (!visit.may(action)).then_some(action),
            // What needs no action but to be oneself needs a scope, when a program does it.
            Entry::Own | Entry::Public => {
                let scoped = visit.token.as_ref().is_none_or(|token| token.scopes.contains(api::SELF));
                (!scoped).then_some(api::SELF)
            }
        };
        let met = visit.clone();
        let answer = match lacks {
            Some(action) => WebError::from(Denied { action: action.to_owned() }).into_response(),
            None => next.run(Request::from_parts(parts, body)).await,
        };
        return super::failure::met_by(met, answer);
    }
    next.run(Request::from_parts(parts, body)).await
}
