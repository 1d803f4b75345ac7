//! The pages of the first run: the code, one question a step, and what to hand over at the end.

use std::collections::BTreeMap;

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html as Document, IntoResponse as _, Redirect, Response};
use jiff::civil::Date;
use serde::Deserialize;

use super::actions::{self, People, Person};
use super::model::{Answers, BookFrom, Step};
use crate::api::limit::Counted;
use crate::app::App;
use crate::calendar;
use crate::clock::civil_day;
use crate::error::{ActionError, FieldError, Refused};
use crate::locale::{Lang, Locale};
use crate::page::{Button, Choice, DoorPage, Field, Guard, Html, Icon, Input, Look, Ui};
use crate::policies;
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
        .post_public("/setup/finish", finish)
        // Before anybody can log in, no program has a token.
        .only_on_screen()
}

/// The fields of a form as they come; what a step does not ask for is not looked at.
type Typed = BTreeMap<String, String>;

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

    fn draw_step(
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
            kinds: if step == Step::Kind { self.kinds(answers) } else { Vec::new() },
            brings: if step == Step::Kind { self.brings(answers) } else { None },
            fields,
            notes: self.notes(step),
            back: step.before().map(|before| format!("/setup?step={}", before.as_str())),
            next: ui.t(next),
            languages: self.languages(),
        };
        let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        self.draw(Some(step), Html::of_template(&body)?, status)
    }

    /// What a password must be, said before it is typed.
    fn password_rule(&self) -> String {
        let rules = self.app.access();
        self.ui.t2("password-policy", "least", rules.password_min_chars, "kinds", rules.password_min_kinds)
    }

    /// The institution packs as cards.
    fn kinds(&self, answers: &Answers) -> Vec<Kind> {
        let chosen = answers.pack.as_deref().unwrap_or(FIRST_KIND);
        let kind = |(id, titles, version): (String, [String; 2], String)| Kind {
            icon: icon_of(&id),
            title: if self.ui.lang() == Lang::En { titles[1].clone() } else { titles[0].clone() },
            what: self.ui.locale.find(&format!("first-run-pack-{id}")).unwrap_or_default(),
            chosen: id == chosen,
            pack: format!("{id} {version}"),
            id,
        };
        institutions(&self.app).into_iter().map(kind).collect()
    }

    /// What the chosen pack brings, counted.
    fn brings(&self, answers: &Answers) -> Option<Brings> {
        let id = answers.pack.as_deref().unwrap_or(FIRST_KIND);
        let facts = policies::dictionary(&self.app.capabilities).ok()?;
        let pack = policy::Pack::load(&self.app.settings.packs, id, &facts).ok()?;
        let edition = pack.on(civil_day(self.app.clock.now()));
        let counted = [
            ("first-run-tables", edition.decisions().count()),
            ("first-run-duties", edition.duties().count()),
            ("first-run-approvals", edition.approval_subjects().count()),
            ("first-run-letters", pack.templates().count()),
            ("first-run-articles", pack.articles().count()),
        ];
        let title = pack.title().in_language(self.ui.lang() == Lang::En).to_owned();
        Some(Brings {
            title: self.ui.t1("first-run-brings", "pack", title),
            counts: counted.into_iter().map(|(key, count)| (count.to_string(), self.ui.t(key))).collect(),
        })
    }

    /// What a step says beside its fields.
    fn notes(&self, step: Step) -> Vec<(Icon, String)> {
        let supplies = self.app.settings.first_run.clone().unwrap_or_default();
        match step {
            Step::Kind => Vec::new(),
            Step::House => {
                let days = calendar::parse::days(&supplies.rest_days).unwrap_or_default();
                let mut years: Vec<String> = days.iter().map(|day| day.0.year().to_string()).collect();
                years.dedup();
                let last = supplies.lpr.lines().last().and_then(|line| line.split(',').next()).unwrap_or("—");
                let listed = self.ui.t1("first-run-calendar", "years", years.join(", "));
                vec![(Icon::Calendar, listed), (Icon::Percentage, self.ui.t1("first-run-lpr", "on", last))]
            }
            Step::Book => vec![
                (Icon::FileSpreadsheet, self.ui.t("first-run-template")),
                (Icon::PlayerPlay, self.ui.t("first-run-demo")),
            ],
            Step::Key => vec![
                (Icon::Key, self.ui.t1("first-run-key-file", "path", &supplies.key_file)),
                (Icon::AlertTriangle, self.ui.t("first-run-key-loss")),
            ],
            Step::People => {
                vec![(Icon::Users, self.ui.t("first-run-two")), (Icon::Lock, self.ui.t("first-run-once"))]
            }
        }
    }
}

/// The kind that is marked before anybody chose.
const FIRST_KIND: &str = "microloan";

/// Packs of whole institutions: id, titles, version.
fn institutions(app: &App) -> Vec<(String, [String; 2], String)> {
    let mut found = Vec::new();
    for (path, text) in app.settings.packs.iter() {
        let Some(id) = path.strip_suffix("/pack.csv") else { continue };
        let mut lines = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let lines: Vec<csv::StringRecord> = lines.records().flatten().collect();
        let part = |key: &str, place: usize| {
            lines.iter().find(|line| line.get(0) == Some(key)).and_then(|line| line.get(place)).map(str::to_owned)
        };
        if part("kind", 1).as_deref() != Some("institution") {
            continue;
        }
        let titles = [part("title", 1).unwrap_or_default(), part("title", 2).unwrap_or_default()];
        found.push((id.to_owned(), titles, part("version", 1).unwrap_or_default()));
    }
    // The first is the usual one; the others by name.
    found.sort_by_key(|(id, ..)| (id != FIRST_KIND, id.clone()));
    found
}

fn icon_of(pack: &str) -> Icon {
    match pack {
        "microloan" => Icon::BuildingBank,
        "guarantee" => Icon::ShieldDollar,
        "rural-bank" => Icon::BuildingEstate,
        "bank-sme" => Icon::Briefcase,
        "bank-personal" => Icon::Users,
        "auto-finance" => Icon::Car,
        _ => Icon::Building,
    }
}

fn text<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", |value| value.trim())
}

/// The fields of a step, with what was typed, else what was answered before.
fn fields_of(ui: &Ui, today: Date, step: Step, answers: &Answers, typed: &Typed) -> Vec<Field> {
    let label = |name: &str| ui.t(format!("first-run-{}", name.replace('_', "-")));
    let line = |name: &str, known: &str, input| {
        let value = typed.get(name).map_or(known, String::as_str);
        Field::new(name, label(name), input).value(value).required()
    };
    let hinted = |field: Field| {
        let hint = label(&format!("{}-hint", field.name));
        field.hint(hint)
    };
    match step {
        Step::Kind => Vec::new(),
        Step::House => {
            let office =
                if answers.head_office.is_empty() { ui.t("first-run-office") } else { answers.head_office.clone() };
            let day = answers.opens_on.unwrap_or(today).to_string();
            vec![
                hinted(line("institution", &answers.institution, Input::Text)),
                line("head_office", &office, Input::Text),
                hinted(line("opens_on", &day, Input::Date)),
            ]
        }
        Step::Book => {
            let choices = ["import", "empty"].map(|one| Choice::new(one, ui.t(format!("first-run-book-{one}"))));
            let known = match answers.book {
                Some(BookFrom::Empty) => "empty",
                Some(BookFrom::Import) | None => "import",
            };
            vec![line("book", known, Input::Radio(choices.to_vec()))]
        }
        Step::Key => {
            let known = if answers.key_copied { "on" } else { "" };
            vec![line("key_copied", known, Input::Check)]
        }
        Step::People => vec![
            hinted(line("login", "", Input::Text).autocomplete("username")),
            line("name", "", Input::Text).autocomplete("name"),
            // A password is typed again after a mistake: it never comes back from here.
            hinted(Field::new("password", label("password"), Input::Password).required().autocomplete("new-password")),
            Field::new("again", label("again"), Input::Password).required().autocomplete("new-password"),
            hinted(line("second_login", "", Input::Text).autocomplete("off")),
            line("second_name", "", Input::Text).autocomplete("off"),
        ],
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
    desk.draw_step(step, (&answers, seen), &Typed::new(), None)
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
        return desk.draw_step(step, (&known, seen), &typed, Some(&Refused::form(wrong)));
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

/// The answers with those of a step, and what is wrong with them.
fn with_answer(app: &App, mut answers: Answers, step: Step, typed: &Typed) -> (Answers, Vec<FieldError>) {
    let mut wrong = Vec::new();
    match step {
        Step::Kind => {
            let pack = text(typed, "pack");
            answers.pack = institutions(app).into_iter().map(|(id, ..)| id).find(|id| id == pack);
            if answers.pack.is_none() {
                wrong.push(FieldError::new("pack", "first-run-pack"));
            }
        }
        Step::House => {
            answers.institution = text(typed, "institution").to_owned();
            answers.head_office = text(typed, "head_office").to_owned();
            answers.opens_on = text(typed, "opens_on").parse().ok();
            wrong = actions::check_house(app, &answers.institution, &answers.head_office, answers.opens_on);
        }
        Step::Book => {
            answers.book = match text(typed, "book") {
                "import" => Some(BookFrom::Import),
                "empty" => Some(BookFrom::Empty),
                _ => None,
            };
            if answers.book.is_none() {
                wrong.push(FieldError::new("book", "field-empty"));
            }
        }
        Step::Key => {
            answers.key_copied = text(typed, "key_copied") == "on";
            if !answers.key_copied {
                wrong.push(FieldError::new("key_copied", "first-run-copy"));
            }
        }
        Step::People => {}
    }
    (answers, wrong)
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
            desk.draw_step(answers.open_step(), (&answers, seen), &typed, Some(&refused))
        }
    }
}

impl Desk {
    /// What to hand over and where to go: shown once.
    fn draw_done(&self, answers: &Answers, people: &People, password: &str) -> Result<Response, WebError> {
        let import = answers.book == Some(BookFrom::Import);
        let body = Done {
            ui: &self.ui,
            institution: &answers.institution,
            opened: self.ui.t1("first-run-opened", "on", answers.opens_on.map(|on| on.to_string()).unwrap_or_default()),
            first: &people.first.login,
            second: &people.second.login,
            name: &people.second.name,
            password,
            log_in: if import { "/login?next=/import" } else { "/login" },
            next: self.ui.t(if import { "first-run-then-import" } else { "first-run-then-enter" }),
        };
        let mut answer = self.draw(None, Html::of_template(&body)?, StatusCode::OK)?;
        let gone = set_cookie(SETUP_COOKIE, None, self.request.secure(), None);
        answer.headers_mut().insert(header::SET_COOKIE, gone);
        Ok(answer)
    }
}

/// A kind of institution on its card.
struct Kind {
    icon: Icon,
    id: String,
    title: String,
    what: String,
    pack: String,
    chosen: bool,
}

/// What a pack brings.
struct Brings {
    title: String,
    counts: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "first_run/code.html")]
struct Code<'a> {
    ui: &'a Ui,
    guard: Html,
    field: Field,
    languages: Html,
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
