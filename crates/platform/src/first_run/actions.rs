//! The code, the answers, and the one transaction that sets everything up.

use jiff::SignedDuration;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use super::model::{Answers, Step};
use super::store;
use crate::access::actions::{FirstUser, SetUp, parse_login, parse_name, set_up_in};
use crate::access::rules::judge_password;
use crate::access::{self, AccessError, secret};
use crate::app::App;
use crate::calendar;
use crate::clock::civil_day;
use crate::db::StoreError;
use crate::error::{ActionError, FieldError, Refusal as _, RefusalKind, Refused};
use crate::hex::hex;
use crate::locale::Lang;
use crate::policies;
use crate::server;
use crate::vault::mask_numbers;
use crate::web::Token;

/// How long a code may be entered. No rules are in force yet that could say so.
const CODE_LIFE: SignedDuration = SignedDuration::from_hours(2);
/// The role of both: everything that is needed to let others in.
const ADMINISTRATOR: &str = "system_admin";

/// A person as typed (首批人员).
#[derive(Clone, Default)]
pub(super) struct Person {
    pub(super) login: String,
    pub(super) name: String,
}

/// The two people of the first hour (首批人员), with the password that the first one chose.
#[derive(Clone, Default)]
pub(super) struct People {
    pub(super) first: Person,
    pub(super) second: Person,
    pub(super) password: String,
    pub(super) again: String,
    pub(super) lang: Option<Lang>,
}

/// Whether this program has a first run now: it was started for one, and nothing is set up.
///
/// # Errors
/// The store's.
pub async fn is_open(app: &App) -> Result<bool, StoreError> {
    if app.settings.first_run.is_none() {
        return Ok(false);
    }
    Ok(access::store::institution(&mut app.db.read().await?).await?.is_empty())
}

/// Makes a new code for the console; the former one and its browser are out, the answers stay.
///
/// # Errors
/// The store's.
pub async fn invite(app: &App) -> Result<Option<String>, StoreError> {
    if !is_open(app).await? {
        return Ok(None);
    }
    let code = secret::initial_password();
    let until = app.clock.now().saturating_add(CODE_LIFE).unwrap_or(jiff::Timestamp::MAX);
    let mut tx = app.db.write().await?;
    store::invite(&mut tx, &digest(&code), until).await?;
    tx.commit().await?;
    Ok(Some(code))
}

/// What is stored instead of a code; blanks, dashes and capitals do not matter.
fn digest(code: &str) -> String {
    let plain: String = code.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    hex(&Sha256::digest(plain.as_bytes()))
}

/// Spends the code (rule `first-run.once`); the mark of the browser that has the pages from now on.
///
/// Errors: a code that is wrong, over or spent.
pub(super) async fn enter(app: &App, code: &str) -> Result<Token, ActionError> {
    let visitor = Token::new();
    let mut tx = app.db.write().await?;
    if !store::enter(&mut tx, &digest(code), &visitor.fingerprint(), app.clock.now()).await? {
        return Err(Refused::form(vec![FieldError::new("code", "first-run-code")]).into());
    }
    tx.commit().await?;
    Ok(visitor)
}

/// The answers so far, for the browser that entered the code.
pub(super) async fn answers(app: &App, visitor: &Token) -> Result<Option<(Answers, i64)>, StoreError> {
    store::load(&mut app.db.read().await?, &visitor.fingerprint()).await
}

/// Keeps what a step answered.
///
/// Errors: the store's `Stale` when another window was faster.
pub(super) async fn keep(app: &App, visitor: &Token, seen: i64, answers: &Answers) -> Result<(), ActionError> {
    let mut tx = app.db.write().await?;
    store::keep(&mut tx, &visitor.fingerprint(), seen, answers).await?;
    Ok(tx.commit().await?)
}

/// Keeps lists of rest days that were uploaded, once they can be read (rule `first-run.once`: like every answer).
///
/// Errors: [`calendar::CalendarFileError`] with the first bad line; the store's.
pub(super) async fn keep_days(
    app: &App,
    visitor: &Token,
    seen: i64,
    answers: &Answers,
    text: String,
) -> Result<(), ActionError> {
    calendar::parse::days(&text)?;
    keep(app, visitor, seen, &Answers { rest_days: Some(text), ..answers.clone() }).await
}

/// What is wrong with the institution as typed.
pub(super) fn check_house(app: &App, institution: &str, head_office: &str, opens_on: Option<Date>) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    for (field, text) in [("institution", institution), ("head_office", head_office)] {
        if let Err(error) = parse_name(field, text) {
            wrong.extend(error.refused().fields);
        } else if mask_numbers(text) != text {
            wrong.push(FieldError::new(field, "institution-name-number"));
        }
    }
    match opens_on {
        None => wrong.push(FieldError::new("opens_on", "first-run-date")),
        Some(on) if on > civil_day(app.clock.now()) => wrong.push(FieldError::new("opens_on", "first-run-future")),
        Some(_) => {}
    }
    wrong
}

/// What is wrong with the two people as typed, by the names of their fields (rule `first-run.two`).
fn check_people(app: &App, people: &People) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let mut complain = |field: &'static str, done: Result<(), AccessError>| {
        if let Err(error) = done {
            wrong.extend(error.refused().fields.into_iter().map(|found| FieldError { field, ..found }));
        }
    };
    complain("login", parse_login(&people.first.login).map(drop));
    complain("name", parse_name("name", &people.first.name).map(drop));
    complain("password", judge_password(&app.access(), &people.first.login, &people.password));
    let same = people.password == people.again;
    complain("again", if same { Ok(()) } else { Err(AccessError::PasswordsDiffer) });
    complain("second_login", parse_login(&people.second.login).map(drop));
    complain("second_name", parse_name("name", &people.second.name).map(drop));
    let plain = |text: &str| text.trim().to_lowercase();
    if !people.first.login.is_empty() && plain(&people.first.login) == plain(&people.second.login) {
        complain("second_login", Err(AccessError::LoginTaken));
    }
    wrong
}

/// Sets the institution up (rule `first-run.once`): name, people, calendar, LPR, rules, all or nothing. The second person's first password,
/// to be handed over once.
///
/// Errors: steps without an answer; everything wrong about the people; [`AccessError::AlreadySetUp`]; the store's.
pub(super) async fn finish(app: &App, visitor: &Token, people: &People) -> Result<String, ActionError> {
    let wrong = check_people(app, people);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let supplies = app.settings.first_run.clone().ok_or(AccessError::AlreadySetUp)?;
    let mut tx = app.db.write().await?;
    let (answers, seen) = store::load(&mut tx, &visitor.fingerprint()).await?.ok_or(AccessError::AlreadySetUp)?;
    let (Step::People, Some(pack), Some(opens_on)) = (answers.open_step(), &answers.pack, answers.opens_on) else {
        return Err(Refused::new(RefusalKind::Conflict, "first-run-step").into());
    };
    store::spend(&mut tx, &visitor.fingerprint(), seen).await?;
    let lang = people.lang.unwrap_or(Lang::ZhCn);
    let user = |person: &Person, password: Option<String>| FirstUser {
        login: person.login.clone(),
        name: person.name.clone(),
        roles: vec![ADMINISTRATOR.to_owned()],
        must_change: password.is_none(),
        password,
        lang,
    };
    let wish = SetUp {
        institution: answers.institution.clone(),
        head_office: answers.head_office.clone(),
        opens_on,
        users: vec![user(&people.first, Some(people.password.clone())), user(&people.second, None)],
    };
    let (mut work, mut made) = set_up_in(app, tx, &wish).await?;
    calendar::import_days(&mut work, &supplies.rest_days, "国务院办公厅").await?;
    if let Some(own) = &answers.rest_days {
        // A year of theirs replaces the whole list of that year.
        calendar::import_days(&mut work, own, &answers.institution).await?;
    }
    calendar::import_lpr(&mut work, &supplies.lpr).await?;
    policies::install(&mut work, pack).await?;
    work.commit().await?;
    if let Some(rehearsal) = &supplies.rehearsal {
        rehearsal.end().await;
    }
    // The rules of the chosen pack hold from the first log-in on; else within a second.
    if let Err(error) = server::notice(app).await {
        tracing::warn!(%error, "the rules of the new institution could not be read yet");
    }
    Ok(made.pop().map(|(_, password)| password).unwrap_or_default())
}
