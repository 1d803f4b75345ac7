//! Browser walks: the program as people meet it, in a real Chromium, on a desk and on a phone, in
//! both languages.
//!
//! A walk is a test in `tests/walks/`. It starts a [`Program`], opens it with [`walk`] in one or
//! more [`View`]s, and says what a person does and sees through the [`Browser`]:
//!
//! ```no_run
//! use e2e::{Language, Program, View, walk};
//!
//! # async fn example() -> Result<(), e2e::WalkError> {
//! let program = Program::demo()?;
//! walk("overdue-list", program.address(), &View::ALL, async |browser| {
//!     browser.goto("/").await?;
//!     browser.click(match browser.language() { Language::Chinese => "登录", Language::English => "Sign in" }).await?;
//!     browser.screenshot().await
//! })
//! .await
//! # }
//! ```
//!
//! Two things are looked at without being asked: an error on the browser's console and a request
//! to anywhere but this machine both fail the walk.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may stop where it stands"))]

mod browser;
mod driver;
mod error;
mod logs;
mod program;
mod view;

pub use browser::Browser;
pub use error::WalkError;
pub use program::Program;
pub use view::{Language, Size, View};

/// Walks the same steps in each view, each in a browser of its own; a picture is kept of where it failed.
pub async fn walk(
    name: &str,
    address: &str,
    views: &[View],
    steps: impl AsyncFn(&mut Browser) -> Result<(), WalkError>,
) -> Result<(), WalkError> {
    for view in views {
        let mut browser = Browser::open(name, address, *view).await?;
        let outcome = match steps(&mut browser).await {
            Ok(()) => browser.clean().await,
            Err(error) => Err(browser.with_picture(error).await),
        };
        browser.close().await;
        outcome.map_err(|e| e.in_view(name, *view))?;
    }
    Ok(())
}
