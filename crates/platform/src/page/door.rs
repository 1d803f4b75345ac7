//! Doors (门): pages outside the frame: log in, first password, errors.

use askama::Template;
use axum::http::StatusCode;

use super::{Field, Given, Guard, Html, Icon, Input, Ui};
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
    /// The language that the visitor chose here, to be kept with the person; empty for none.
    pub lang: &'static str,
}

/// The second step of a log-in (第二步验证).
#[derive(Debug, Template)]
#[template(path = "page/code.html")]
pub struct CodePage {
    /// The pen.
    pub ui: Ui,
    /// The institution.
    pub institution: String,
    /// The hidden fields.
    pub guard: Guard,
    /// Where to go afterwards.
    pub next: String,
    /// Why the last try did not open the door.
    pub refused: Option<String>,
    /// Whether no log-in waits for a code any more.
    pub over: bool,
}

/// A door of another capability (门面页): the first run, a locked account.
#[derive(Debug, Template)]
#[template(path = "page/plain.html")]
pub struct DoorPage {
    /// The pen.
    pub ui: Ui,
    /// The title of the browser's tab.
    pub title: String,
    /// What stands on the cover under the slogan, for instance `ui.cover_steps`.
    pub cover: Html,
    /// The rest.
    pub body: Html,
}

impl Ui {
    /// The steps of a set-up on the cover: title and note each, with the one that is open.
    #[must_use]
    pub fn cover_steps(&self, steps: impl AsRef<[(String, String)]>, open: impl Given<usize>) -> Html {
        let mut out = Html::new();
        out.raw("<ol class=\"steps-list\">");
        for (place, (title, note)) in steps.as_ref().iter().enumerate() {
            out.raw(if place == *open.given() { "<li aria-current=\"step\"><i>" } else { "<li><i>" });
            out.text((place + 1).to_string()).raw("</i><span>").text(title).raw("</span><small>").text(note);
            out.raw("</small></li>");
        }
        out.raw("</ol>");
        out
    }
}

/// The change of the first password (首次改密).
#[derive(Debug, Template)]
#[template(path = "page/password.html")]
pub struct PasswordPage {
    /// The pen.
    pub ui: Ui,
    /// Who changes it.
    pub person: String,
    /// Whether the old one has held too long.
    pub expired: bool,
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
