//! `loanward import` (导入账本): the import page's work from the console.

use std::path::Path;

use platform::access::store::UserState;
use platform::access::{Actor, Origin};
use platform::app::App;
use platform::error::ActionError;
use platform::locale::{Lang, Locale};
use platform::work::Work;
use serde_json::Value as Json;
use servicing::book::{Conventions, Fact};
use servicing::import::{RunId, Summary, actions};

use crate::command;
use crate::failure::Failure;
use crate::{house, output};

/// Tries a book out, prints its control totals, and writes it unless only a try was asked for.
///
/// Ends with 1 when rows are refused and nobody asked for the rest, or the import itself is refused.
pub async fn run(how: command::Import) -> Result<(), Failure> {
    let bytes = read(&how.file)?;
    let answers = how.conventions.as_deref().map(read_answers).transpose()?.unwrap_or_default();
    check_answers(&answers)?;
    if let Some(out) = how.findings.as_deref().filter(|out| out.exists()) {
        return Err(Failure::Input(format!("{} is there already: name another file with --findings", out.display())));
    }
    let app = house::open_book(&how.place).await?;
    let ended = import(&app, &how, bytes, &answers).await;
    app.db.close().await;
    ended
}

/// The fields of the answers' file.
type Answers = serde_json::Map<String, Json>;

async fn import(app: &App, how: &command::Import, bytes: Vec<u8>, answers: &Answers) -> Result<(), Failure> {
    let locale = Locale::new(std::sync::Arc::clone(&app.catalogue), Lang::En);
    let say = |error| said(&locale, error);
    let actor = actor(app, &how.user).await?;
    let name = how.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let answer = |proposed: Conventions| answered(&proposed, answers).unwrap_or(proposed);
    eprintln!("reading {name}");
    let (id, summary) = actions::try_file(app, &actor, &name, bytes, &answer).await.map_err(say)?;
    if let Some(out) = how.findings.as_deref() {
        let file = with_findings(app, &actor, id, &locale).await.map_err(say)?;
        std::fs::write(out, file).map_err(|error| Failure::Machine(format!("{}: {error}", out.display())))?;
        eprintln!("what was found stands in {}", out.display());
    }
    output::print(&totals(&summary))?;
    if summary.loans + summary.receipts == 0 && summary.refused_rows == 0 {
        return Err(Failure::Input(format!(
            "{name} has no row of a loan or repayment: see docs/formats.md for the columns that are known"
        )));
    }
    if summary.refused_rows > 0 && !how.partial {
        return Err(Failure::No(format!(
            "{} rows are refused and nothing was written: mend them (--findings shows where), or write the rest with --partial",
            summary.refused_rows
        )));
    }
    if how.dry_run {
        eprintln!("a dry run: nothing was written");
        return Ok(());
    }
    let mut work = Work::begin(app, actor.clone()).await?;
    actions::begin(&mut work, id, how.partial).await.map_err(say)?;
    work.commit().await?;
    let tell = |done: usize, all: usize| eprintln!("{done:>9} of {all} loans");
    actions::write_telling(app, &actor, id, None, &tell).await.map_err(say)?;
    eprintln!("import {id} is in the ledger");
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| Failure::Input(format!("{}: {error}", file.display())))
}

fn read_answers(file: &Path) -> Result<Answers, Failure> {
    let wrong = |why: String| Failure::Input(format!("{}: {why}; see docs/formats.md", file.display()));
    match serde_json::from_slice(&read(file)?) {
        Ok(Json::Object(fields)) => Ok(fields),
        Ok(_) => Err(wrong("the answers are one JSON object".to_owned())),
        Err(error) => Err(wrong(error.to_string())),
    }
}

/// The proposed answers with those given instead.
fn answered(proposed: &Conventions, answers: &Answers) -> Result<Conventions, String> {
    let mut all = serde_json::to_value(proposed).map_err(|error| error.to_string())?;
    let Some(fields) = all.as_object_mut() else { return Err("no object".to_owned()) };
    for (name, value) in answers {
        if fields.insert(name.clone(), value.clone()).is_none() {
            let known: Vec<&str> = fields.keys().map(String::as_str).filter(|known| known != name).collect();
            return Err(format!("there is no answer {name:?}: known are {}", known.join(", ")));
        }
    }
    serde_json::from_value(all).map_err(|error| error.to_string())
}

/// Whether the answers can be used at all, whatever is proposed.
fn check_answers(answers: &Answers) -> Result<(), Failure> {
    let any = Conventions::proposed(jiff::civil::date(2000, 1, 1));
    answered(&any, answers)
        .map(drop)
        .map_err(|why| Failure::Input(format!("--conventions: {why}; see docs/formats.md")))
}

/// The person who imports, with what the person's roles allow.
pub(crate) async fn actor(app: &App, login: &str) -> Result<Actor, Failure> {
    let mut tx = app.db.read().await?;
    let user = platform::access::store::user_by_login(&mut tx, login).await?;
    let Some(user) = user.filter(|user| user.state == UserState::Active) else {
        return Err(Failure::Input(format!(
            "nobody with the log-in {login:?} may log in: name who imports with --user"
        )));
    };
    Ok(Actor {
        user: Some(user.id),
        name: user.name,
        grants: app.roles().grants(user.roles.iter().map(String::as_str)),
        roles: user.roles,
        branch: user.branch,
        team: user.team,
        origin: Origin::Console,
        service: user.kind == platform::access::store::UserKind::Service,
        stands_for: None,
    })
}

/// The own file with a sentence beside every row that has one.
async fn with_findings(app: &App, actor: &Actor, id: RunId, locale: &Locale) -> Result<Vec<u8>, ActionError> {
    let mut work = Work::begin(app, actor.clone()).await?;
    let run = actions::load(&mut work, id).await?;
    let (bytes, findings) = actions::take_file(&mut work, &run).await?;
    work.commit().await?;
    let say = |message: &str, facts: &[Fact]| {
        let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        locale.tn(message, &facts)
    };
    actions::annotated(&run, &bytes, &findings, &say)
}

/// The control totals, a noun a line: name, count, how many are there already, sum.
fn totals(s: &Summary) -> String {
    let sum = |amount| platform::locale::money(amount);
    let lines = [
        ("customers", s.customers.to_string(), s.customers_existing.to_string(), String::new()),
        ("loans", s.loans.to_string(), s.loans_existing.to_string(), sum(s.principal)),
        ("receipts", s.receipts.to_string(), s.transactions_existing.to_string(), sum(s.received)),
        ("guarantees", s.guarantees.to_string(), String::new(), String::new()),
        ("collaterals", s.collaterals.to_string(), String::new(), String::new()),
        ("outstanding_principal", String::new(), String::new(), sum(s.outstanding)),
        ("refused_rows", s.refused_rows.to_string(), String::new(), String::new()),
        ("warnings", s.warnings.to_string(), String::new(), String::new()),
    ];
    lines.map(|(name, count, there, sum)| format!("{name}\t{count}\t{there}\t{sum}")).join("\n")
}

/// A refusal in words that say what to do; a file that cannot be read is the caller's matter.
pub(crate) fn said(locale: &Locale, error: ActionError) -> Failure {
    match error {
        ActionError::Refused(refused) => {
            let details: Vec<(&str, String)> =
                refused.details.iter().map(|(name, value)| (*name, value.clone())).collect();
            let words = locale.tn(format!("error-{}", refused.code), &details);
            let words = format!("{} ({})", words, refused.code);
            if refused.code == "import-file" { Failure::Input(words) } else { Failure::No(words) }
        }
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn answers_stand_over_what_is_proposed_and_unknown_ones_are_named() {
        let proposed = Conventions::proposed(date(2026, 6, 30));
        let given = |text: &str| serde_json::from_str::<Answers>(text).unwrap();
        let both = answered(&proposed, &given(r#"{"product": "business_equal", "penalty_uplift_ppm": null}"#)).unwrap();
        assert_eq!((both.product.as_str(), both.penalty_uplift_ppm), ("business_equal", None));
        assert_eq!(both.as_of, proposed.as_of, "what is left out is proposed");
        let wrong = check_answers(&given(r#"{"productt": "x"}"#)).unwrap_err();
        assert!(wrong.code() == 2 && wrong.to_string().contains("productt"), "{wrong}");
        assert_eq!(check_answers(&given(r#"{"as_of": "someday"}"#)).unwrap_err().code(), 2);
    }
}
