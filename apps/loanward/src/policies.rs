//! `loanward policy` (制度包): decide a case under a pack, check a pack; no database.

use std::collections::BTreeMap;
use std::path::Path;

use platform::clock::{Clock, civil_day};
use platform::error::ActionError;
use policy::{FactDictionary, Pack};
use serde_json::Value as Json;

use crate::calculate::standard_input;
use crate::command::Eval;
use crate::failure::Failure;
use crate::{house, output, shipped};

/// Reads facts, prints the decision with rows, inputs and articles.
pub fn eval(what: &Eval) -> Result<(), Failure> {
    let (files, id) = find(&what.pack)?;
    let pack = Pack::load(&files, &id, &dictionary()?).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Failure::No(format!("the pack {id} has {} problems:\n{}", lines.len(), lines.join("\n")))
    })?;
    let facts: Json = serde_json::from_str(&standard_input()?)
        .map_err(|error| Failure::Input(format!("the facts must be a JSON object: {error}")))?;
    let on = what.on.unwrap_or_else(|| civil_day(Clock::System.now()));
    match policy::json::eval(&pack, &what.decision, &facts, on) {
        Ok(found) => print(&found),
        Err(error) => {
            print(&error)?;
            Err(Failure::Input(format!("{} is not decided by these facts; see the error printed", what.decision)))
        }
    }
}

/// Checks a folder; prints what it holds, or every problem.
pub fn check(folder: &Path) -> Result<(), Failure> {
    let (files, id) = shipped::folder(folder)?;
    let found = policy::json::check(&files, &id, &dictionary()?);
    print(&found)?;
    match found.get("problems").and_then(Json::as_array).map_or(0, Vec::len) {
        0 => Ok(()),
        count => Err(Failure::No(format!("{count} problems in {}", folder.display()))),
    }
}

/// A shipped pack by its name, else a folder.
fn find(pack: &str) -> Result<(BTreeMap<String, String>, String), Failure> {
    let files = shipped::packs();
    if shipped::names(&files).contains(&pack) {
        return Ok((files, pack.to_owned()));
    }
    if Path::new(pack).is_dir() {
        return shipped::folder(Path::new(pack));
    }
    let names = shipped::names(&files).join(", ");
    Err(Failure::Input(format!("there is no pack {pack:?}: name a folder or one of {names}")))
}

/// What policies can look at: the facts of all capabilities.
pub fn dictionary() -> Result<FactDictionary, Failure> {
    let facts = platform::policies::dictionary(&house::capabilities_with_platform());
    facts.map_err(|error| ActionError::from(error).into())
}

fn print(found: &Json) -> Result<(), Failure> {
    output::print(&serde_json::to_string_pretty(found).map_err(Failure::machine)?)
}
