//! The pages of the first run: the code, one question a step, and what to hand over at the end.

use askama::Template;
use axum::Form;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html as Document, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::actions::{self, People, Person};
use super::kinds::{self, Brings, Kind};
use super::model::{Answers, BookFrom, Step};
use super::rehearsal::RehearsalState;
use super::steps::{Typed, fields_of, notes, text, with_answer};
use crate::api::limit::Counted;
use crate::app::App;
use crate::calendar::parse::text_of as calendar_text;
use crate::clock::civil_day;
use crate::error::{ActionError, RefusalKind, Refused};
use crate::locale::{Lang, Locale};
use crate::page::{Button, DoorPage, Field, Guard, Html, Icon, Input, Look, Ui};
use crate::web::{
    Circumstances, Routes, Token, WebError, check_origin, cookie, failing_field, once_key, refusal_box, same,
    set_cookie, shown_in_form,
};

/// The cookie of the browser that entered the code.
const SETUP_COOKIE: &str = "loanward_setup";

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get_public("/setup", page)
        .post_public("/setup/code", enter)
        .post_public("/setup/answer", answer)
        .post_public("/setup/calendar", calendar)
        .post_public("/setup/demo", demo)
        .post_public("/setup/finish", finish)
        // Before anybody can log in, no program has a token.
        .only_on_screen()
}

/// One drawing of these pages.
struct Desk {
    app: App,
    request: Circumstances,
    ui: Ui,
    visitor: Token,
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    step: String,
}

impl Desk {
    /// Errors: there is no first run here, or none any more: nothing tells it from a page that never was.
    async fn open(app: App, request: Circumstances, headers: &HeaderMap) -> Result<Self, WebError> {
        if !actions::is_open(&app).await? {
            return Err(WebError::NoSuchPage);
        }
        let ui = Ui::new(Locale::new(app.catalogue.clone(), request.lang()), civil_day(app.clock.now()));
        let visitor = cookie(headers, SETUP_COOKIE).and_then(Token::parse).unwrap_or_default();
        Ok(Self { app, request, ui, visitor })
    }

    /// The same for a form, which must come from our page in this very browser.
    async fn sent(app: App, request: Circumstances, headers: &HeaderMap, typed: &Typed) -> Result<Self, WebError> {
        let desk = Self::open(app, request, headers).await?;
        check_origin(headers)?;
        if !same(&desk.visitor.fingerprint(), text(typed, crate::page::CSRF_FIELD)) {
            return Err(WebError::Forged);
        }
        Ok(desk)
    }

    fn guard(&self) -> Html {
        self.ui.guard(Guard { csrf: self.visitor.fingerprint(), once: once_key() })
    }

    /// The link to the other language.
    fn languages(&self) -> Html {
        let link = |lang: Lang| {
            let mut out = Html::new();
            out.raw("<a class=\"btn\" lang=\"").text(lang.tag()).raw("\"");
            out.href(format!("/language/{}?to=/setup", lang.tag())).raw(">").text(lang.own_name()).raw("</a>");
            out
        };
        Html::join(Lang::ALL.into_iter().filter(|lang| *lang != self.ui.lang()).map(link))
    }

    fn draw(&self, open: Option<Step>, body: Html, status: StatusCode) -> Result<Response, WebError> {
        let titled = |step: Step| {
            let key = format!("first-run-{}", step.as_str());
            (self.ui.t(&key), self.ui.t(format!("{key}-note")))
        };
        let steps: Vec<(String, String)> = Step::ALL.into_iter().map(titled).collect();
        let cover = self.ui.cover_steps(steps, open.map_or(usize::MAX, Step::place));
        let page = DoorPage { ui: self.ui.clone(), title: self.ui.t("first-run-title"), cover, body };
        let kept = set_cookie(SETUP_COOKIE, Some(self.visitor.expose()), self.request.secure(), None);
        Ok((status, [(header::SET_COOKIE, kept)], Document(page.render()?)).into_response())
    }

    fn draw_code(&self, refused: Option<&Refused>) -> Result<Response, WebError> {
        let error = refused.and_then(|refused| failing_field(&self.ui, refused, "code"));
        let field = Field::new("code", self.ui.t("first-run-code"), Input::Text)
            .hint(self.ui.t("first-run-code-hint"))
            .required()
            .autocomplete("off")
            .error(error);
        let body = Code { ui: &self.ui, guard: self.guard(), field, languages: self.languages() };
        let status = if refused.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
        self.draw(None, Html::of_template(&body)?, status)
    }

    async fn draw_step(
        &self,
        step: Step,
        (answers, seen): (&Answers, i64),
        typed: &Typed,
        refused: Option<&Refused>,
    ) -> Result<Response, WebError> {
        let ui = &self.ui;
        let mut fields = fields_of(ui, civil_day(self.app.clock.now()), step, answers, typed);
        if let Some(password) = fields.iter_mut().find(|field| field.name == "password") {
            password.hint = format!("{} {}", self.password_rule(), password.hint);
        }
        if let Some(refused) = refused {
            for field in &mut fields {
                field.error = failing_field(ui, refused, &field.name);
            }
        }
        let silent = refused.filter(|_| fields.iter().all(|field| field.error.is_none()));
        let key = format!("first-run-{}", step.as_str());
        let next = if step == Step::People { "first-run-finish" } else { "first-run-next" };
        let body = StepBody {
            ui,
            step,
            action: if step == Step::People { "/setup/finish" } else { "/setup/answer" },
            place: ui.t2("first-run-place", "step", step.place() + 1, "steps", Step::ALL.len()),
            question: ui.t(format!("{key}-question")),
            lead: ui.t(format!("{key}-lead")),
            guard: self.guard(),
            seen,
            refusal: silent.map(|refused| refusal_box(ui, refused)).unwrap_or_default(),
            kinds: if step == Step::Kind { kinds::cards(&self.app, ui, answers) } else { Vec::new() },
            brings: if step == Step::Kind { kinds::brings(&self.app, ui, answers) } else { None },
            fields,
            notes: notes(&self.app, ui, step, answers),
            takes_days: step == Step::House,
            demo: self.demo(step).await,
            side_guards: (self.guard(), self.guard()),
            back: step.before().map(|before| format!("/setup?step={}", before.as_str())),
            next: ui.t(next),
            languages: self.languages(),
        };
        let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        self.draw(Some(step), Html::of_template(&body)?, status)
    }

    /// The made-up book, on the two steps that ask what to begin with.
    async fn demo(&self, step: Step) -> Option<Demo> {
        if !matches!(step, Step::Kind | Step::Book) {
            return None;
        }
        let rehearsal = self.app.settings.first_run.as_ref()?.rehearsal.clone()?;
        let ui = &self.ui;
        let demo = |text: String| Demo { text, begins: false, waits: false, address: None };
        Some(match rehearsal.state().await {
            RehearsalState::NotBegun => Demo { begins: true, ..demo(ui.t("first-run-demo-offer")) },
            RehearsalState::Making { day } => {
                let day = day.map_or_else(|| "—".to_owned(), |day| day.to_string());
                Demo { waits: true, ..demo(ui.t1("first-run-demo-making", "day", day)) }
            }
            RehearsalState::Ready { port, login: (login, password) } => Demo {
                address: Some(format!("http://{}:{port}/", self.request.host())),
                ..demo(ui.t2("first-run-demo-ready", "login", login, "password", password))
            },
            RehearsalState::Failed => Demo { begins: true, ..demo(ui.t("first-run-demo-failed")) },
        })
    }

    /// What a password must be, said before it is typed.
    fn password_rule(&self) -> String {
        let rules = self.app.access();
        self.ui.t2("password-policy", "least", rules.password_min_chars, "kinds", rules.password_min_kinds)
    }
}

async fn page(
    State(app): State<App>,
    request: Circumstances,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let desk = Desk::open(app, request, &headers).await?;
    let Some((answers, seen)) = actions::answers(&desk.app, &desk.visitor).await? else {
        return desk.draw_code(None);
    };
    // Back is free, forward only as far as was answered.
    let step = Step::parse(&asked.step).unwrap_or(Step::People).min(answers.open_step());
    desk.draw_step(step, (&answers, seen), &Typed::new(), None).await
}

async fn enter(
    State(app): State<App>,
    request: Circumstances,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let mut desk = Desk::sent(app, request, &headers, &typed).await?;
    let (who, most) = (Counted::Stranger(desk.request.address().to_owned()), desk.app.access().bad_tokens);
    let counted = desk.app.rates.count(who, most, desk.app.clock.now());
    counted.map_err(|seconds| WebError::TooMany { seconds })?;
    match actions::enter(&desk.app, text(&typed, "code")).await {
        Ok(visitor) => {
            desk.visitor = visitor;
            let kept = set_cookie(SETUP_COOKIE, Some(desk.visitor.expose()), desk.request.secure(), None);
            Ok(([(header::SET_COOKIE, kept)], Redirect::to("/setup")).into_response())
        }
        Err(error) => desk.draw_code(Some(&shown_in_form(error)?)),
    }
}

async fn answer(
    State(app): State<App>,
    request: Circumstances,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let desk = Desk::sent(app, request, &headers, &typed).await?;
    let Some((known, seen)) = actions::answers(&desk.app, &desk.visitor).await? else {
        return desk.draw_code(None);
    };
    let Some(step) = Step::parse(text(&typed, "step")).filter(|step| *step <= known.open_step()) else {
        return Ok(Redirect::to("/setup").into_response());
    };
    let (answers, wrong) = with_answer(&desk.app, known.clone(), step, &typed);
    if !wrong.is_empty() {
        return desk.draw_step(step, (&known, seen), &typed, Some(&Refused::form(wrong))).await;
    }
    let sent: i64 = text(&typed, "seen").parse().unwrap_or(0);
    match actions::keep(&desk.app, &desk.visitor, sent, &answers).await {
        // Another window was faster: what stands now is shown.
        Ok(()) | Err(ActionError::Store(crate::db::StoreError::Stale { .. })) => {}
        Err(error) => return Err(error.into()),
    }
    let next = Step::ALL.get(step.place() + 1).copied().unwrap_or(Step::People);
    Ok(Redirect::to(&format!("/setup?step={}", next.as_str())).into_response())
}

/// The most that a list of rest days holds.
const MAX_DAYS: usize = 64 * 1024;

/// Takes lists of rest days: those that ship with the program may lack a year, or be none of this place.
async fn calendar(
    State(app): State<App>,
    request: Circumstances,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, WebError> {
    if !actions::is_open(&app).await? {
        return Err(WebError::NoSuchPage);
    }
    let mut form = form?;
    let (mut typed, mut file) = (Typed::new(), Vec::new());
    while let Some(part) = form.next_field().await? {
        match part.name().unwrap_or("").to_owned() {
            name if name == "days" => file = part.bytes().await?.to_vec(),
            name => drop(typed.insert(name, part.text().await?)),
        }
        if typed.len() > 8 {
            return Err(WebError::Malformed("too many parts".to_owned()));
        }
    }
    let desk = Desk::sent(app, request, &headers, &typed).await?;
    let Some((known, seen)) = actions::answers(&desk.app, &desk.visitor).await? else {
        return desk.draw_code(None);
    };
    if known.open_step() < Step::House {
        return Ok(Redirect::to("/setup").into_response());
    }
    let refused = match (file.is_empty(), file.len() > MAX_DAYS) {
        (true, _) => Some(Refused::new(RefusalKind::Invalid, "calendar-no-file")),
        (_, true) => return Err(WebError::TooLarge),
        (false, false) => {
            let sent: i64 = text(&typed, "seen").parse().unwrap_or(0);
            match actions::keep_days(&desk.app, &desk.visitor, sent, &known, calendar_text(&file)).await {
                // Another window was faster: what stands now is shown.
                Ok(()) | Err(ActionError::Store(crate::db::StoreError::Stale { .. })) => None,
                Err(ActionError::Refused(refused)) => Some(*refused),
                Err(error) => return Err(error.into()),
            }
        }
    };
    match refused {
        None => Ok(Redirect::to("/setup?step=house").into_response()),
        Some(refused) => desk.draw_step(Step::House, (&known, seen), &typed, Some(&refused)).await,
    }
}

/// Begins the made-up book, for the browser that entered the code.
async fn demo(
    State(app): State<App>,
    request: Circumstances,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let desk = Desk::sent(app, request, &headers, &typed).await?;
    if actions::answers(&desk.app, &desk.visitor).await?.is_none() {
        return desk.draw_code(None);
    }
    if let Some(rehearsal) = desk.app.settings.first_run.as_ref().and_then(|supplies| supplies.rehearsal.as_ref()) {
        rehearsal.begin();
    }
    let step = Step::parse(text(&typed, "step")).unwrap_or(Step::Kind);
    Ok(Redirect::to(&format!("/setup?step={}", step.as_str())).into_response())
}

async fn finish(
    State(app): State<App>,
    request: Circumstances,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let desk = Desk::sent(app, request, &headers, &typed).await?;
    let Some((answers, seen)) = actions::answers(&desk.app, &desk.visitor).await? else {
        return desk.draw_code(None);
    };
    let person = |login: &str, name: &str| Person {
        login: text(&typed, login).to_lowercase(),
        name: text(&typed, name).to_owned(),
    };
    let whole = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let people = People {
        first: person("login", "name"),
        second: person("second_login", "second_name"),
        password: whole("password"),
        again: whole("again"),
        lang: Some(desk.ui.lang()),
    };
    match actions::finish(&desk.app, &desk.visitor, &people).await {
        Ok(password) => desk.draw_done(&answers, &people, &password),
        Err(error) => {
            let refused = shown_in_form(error)?;
            desk.draw_step(answers.open_step(), (&answers, seen), &typed, Some(&refused)).await
        }
    }
}

impl Desk {
    /// What to hand over and where to go: shown once.
    fn draw_done(&self, answers: &Answers, people: &People, password: &str) -> Result<Response, WebError> {
        let (log_in, next) = match answers.book {
            Some(BookFrom::Import) => ("/login?next=/import", "first-run-then-import"),
            Some(BookFrom::Whole) => ("/login?next=/book", "first-run-then-whole"),
            Some(BookFrom::Empty) | None => ("/login", "first-run-then-enter"),
        };
        let body = Done {
            ui: &self.ui,
            institution: &answers.institution,
            opened: self.ui.t1("first-run-opened", "on", answers.opens_on.map(|on| on.to_string()).unwrap_or_default()),
            first: &people.first.login,
            second: &people.second.login,
            name: &people.second.name,
            password,
            log_in,
            next: self.ui.t(next),
        };
        let mut answer = self.draw(None, Html::of_template(&body)?, StatusCode::OK)?;
        let gone = set_cookie(SETUP_COOKIE, None, self.request.secure(), None);
        answer.headers_mut().insert(header::SET_COOKIE, gone);
        Ok(answer)
    }
}

#[derive(Template)]
#[template(path = "first_run/code.html")]
struct Code<'a> {
    ui: &'a Ui,
    guard: Html,
    field: Field,
    languages: Html,
}

/// The made-up book as the foot of a step offers it.
struct Demo {
    /// What stands beside the button.
    text: String,
    /// It can be begun.
    begins: bool,
    /// It is being made: the page is looked at again.
    waits: bool,
    /// Where it is served.
    address: Option<String>,
}

#[derive(Template)]
#[template(path = "first_run/step.html")]
struct StepBody<'a> {
    ui: &'a Ui,
    step: Step,
    action: &'static str,
    place: String,
    question: String,
    lead: String,
    guard: Html,
    seen: i64,
    refusal: Html,
    kinds: Vec<Kind>,
    brings: Option<Brings>,
    fields: Vec<Field>,
    notes: Vec<(Icon, String)>,
    /// Other lists of rest days are taken here.
    takes_days: bool,
    demo: Option<Demo>,
    side_guards: (Html, Html),
    back: Option<String>,
    next: String,
    languages: Html,
}

#[derive(Template)]
#[template(path = "first_run/done.html")]
struct Done<'a> {
    ui: &'a Ui,
    institution: &'a str,
    opened: String,
    first: &'a str,
    second: &'a str,
    name: &'a str,
    password: &'a str,
    log_in: &'static str,
    next: String,
}
