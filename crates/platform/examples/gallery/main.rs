//! The component gallery: whole pages with synthetic data, to look at and to copy from.
//!
//! `cargo run -p platform --example gallery -- serve` shows them at `http://127.0.0.1:4400/`;
//! with the name of a folder instead of `serve` it writes them there.

mod close;
mod customer;
mod home;
mod ledger;
mod loan;
mod parts;
mod quality;
mod sample;
mod start;

use std::error::Error;

use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use platform::locale::Lang;

/// The names of all pages, in the order of the gallery.
const PAGES: [&str; 15] = [
    "home",
    "ledger",
    "customer",
    "loan",
    "loan-why",
    "close",
    "quality",
    "first-run",
    "import",
    "parts",
    "login",
    "password",
    "error",
    "empty",
    "list-empty",
];

/// The policy of the product: nothing from elsewhere, no inline script.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

fn page(name: &str, lang: Lang, query: &str) -> Option<Result<String, askama::Error>> {
    Some(match name {
        "home" => home::page(lang),
        "ledger" => ledger::page(lang, query),
        "list-empty" => ledger::nothing(lang),
        "customer" => customer::page(lang),
        "loan" => loan::page(lang, false),
        "loan-why" => loan::page(lang, true),
        "close" => close::page(lang),
        "quality" => quality::page(lang),
        "first-run" => start::first_run(lang),
        "import" => start::import(lang),
        "parts" => parts::page(lang),
        "empty" => parts::empty(lang),
        "login" => start::login(lang),
        "password" => start::password(lang),
        "error" => start::error(lang),
        _ => return None,
    })
}

async fn show(Path((lang, name)): Path<(String, String)>, uri: axum::http::Uri) -> Response {
    let lang = Lang::parse(&lang).unwrap_or_default();
    match page(&name, lang, uri.query().unwrap_or_default()) {
        Some(Ok(html)) => ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response(),
        Some(Err(error)) => error.to_string().into_response(),
        None => axum::http::StatusCode::NOT_FOUND.into_response(),
    }
}

async fn why() -> Html<String> {
    Html(loan::derivation(&sample::frame(Lang::ZhCn).ui).into_string())
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let app = Router::new()
        .route("/", get(async || Redirect::to("/zh/home")))
        .route("/why/{id}", get(why))
        .route("/{lang}/{name}", get(show))
        .merge(platform::asset::router());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:4400").await?;
    axum::serve(listener, app).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let target = std::env::args().nth(1).unwrap_or_else(|| "serve".to_owned());
    if target == "serve" {
        return serve().await;
    }
    std::fs::create_dir_all(&target)?;
    for lang in Lang::ALL {
        for name in PAGES {
            let html = page(name, lang, "").ok_or("every listed page exists")??;
            std::fs::write(format!("{target}/{name}.{}.html", lang.tag()), html)?;
        }
    }
    Ok(())
}
