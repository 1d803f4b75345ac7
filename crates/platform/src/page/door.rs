//! Doors (门): pages outside the frame: log in, first password, errors.

use askama::Template;
use axum::http::StatusCode;

use super::{Field, Guard, Html, Icon, Input, Ui};
use crate::asset;
use crate::locale::Lang;

/// The log-in page (登录).
#[derive(Debug, Template)]
#[template(path = "page/login.html")]
pub struct LoginPage {
    /// The pen.
    pub ui: Ui,
    /// The institution.
    pub institution: String,
    /// The hidden fields.
    pub guard: Guard,
    /// The name that was typed.
    pub user: String,
    /// Where to go afterwards.
    pub next: String,
    /// Why the last try did not open the door.
    pub refused: Option<String>,
    /// The users of the demo book with their password: name, role.
    pub demo: Vec<(String, String)>,
    /// The address of this page, for the language switch.
    pub here: String,
}

/// The change of the first password (首次改密).
#[derive(Debug, Template)]
#[template(path = "page/password.html")]
pub struct PasswordPage {
    /// The pen.
    pub ui: Ui,
    /// Who changes it.
    pub person: String,
    /// The hidden fields.
    pub guard: Guard,
    /// `old`, `new`, `again` with their errors.
    pub fields: Vec<Field>,
    /// The address of this page, for the language switch.
    pub here: String,
}

impl PasswordPage {
    /// The three empty fields.
    #[must_use]
    pub fn empty_fields(ui: &Ui) -> Vec<Field> {
        let field = |name: &str, label: &str, kind| {
            Field::new(name, ui.t(label), Input::Password).required().autocomplete(kind)
        };
        vec![
            field("old", "password-old", "current-password"),
            field("new", "password-new", "new-password").hint(ui.t("password-hint")),
            field("again", "password-again", "new-password"),
        ]
    }
}

/// An error (错误页): what happened, what to do, and an id to quote.
#[derive(Debug, Template)]
#[template(path = "page/error.html")]
pub struct ErrorPage {
    /// The pen.
    pub ui: Ui,
    /// The status.
    pub status: StatusCode,
    /// The id in the log.
    pub id: String,
    /// What exactly was refused, when there is more to say than the status does.
    pub detail: Html,
}

impl ErrorPage {
    fn key(&self) -> &'static str {
        match self.status.as_u16() {
            400 => "error-400",
            401 | 403 => "error-403",
            404 => "error-404",
            409 => "error-409",
            _ => "error-500",
        }
    }

    fn title(&self) -> String {
        self.ui.t(self.key())
    }

    fn text(&self) -> String {
        self.ui.t(format!("{}-text", self.key()))
    }
}

/// The other languages and the addresses that switch to them.
fn languages(ui: &Ui, here: &str) -> Vec<(Lang, String)> {
    let address = |lang: Lang| format!("/language/{}?to={}", lang.tag(), super::query_escape(here));
    Lang::ALL.into_iter().filter(|lang| *lang != ui.lang()).map(|lang| (lang, address(lang))).collect()
}
