//! `loanward audit` (审计链): verify it, print the roots to be kept outside.

use std::path::PathBuf;

use platform::audit::{self, Anchor, Broken};

use crate::command::Place;
use crate::failure::Failure;
use crate::{house, output};

/// Reads every chain and every root, and compares the roots kept outside; ends with 1 and the first link that does
/// not hold.
pub async fn verify(place: Place, anchor: Option<PathBuf>) -> Result<(), Failure> {
    let kept = match &anchor {
        None => Vec::new(),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| Failure::Input(format!("the anchors {}: {error}", path.display())))?;
            Anchor::parse_all(&text)
                .map_err(|error| Failure::Input(format!("the anchors {}: {error}", path.display())))?
        }
    };
    let app = house::open_book(&place).await?;
    let found = audit::verify(&app.db).await?;
    let outside = audit::compare(&app.db, &kept).await?;
    app.db.close().await;
    println!("{} chains, {} entries, {} daily roots", found.chains, found.entries, found.roots);
    match found.broken.or(outside) {
        None => {
            println!("every link holds");
            if anchor.is_some() {
                println!("{} roots kept outside are the same", kept.len());
            }
            Ok(())
        }
        Some(broken) => Err(Failure::No(say(&broken))),
    }
}

/// Prints the roots of all sealed days, to be kept outside: on paper, in a letter, on another machine.
pub async fn anchor(place: Place) -> Result<(), Failure> {
    let app = house::open_book(&place).await?;
    let roots = audit::anchors(&app.db).await?;
    app.db.close().await;
    let lines: Vec<String> = roots.iter().map(ToString::to_string).collect();
    output::print(&lines.join("\n"))
}

/// A broken link in words.
pub fn say(broken: &Broken) -> String {
    let chain = |chain: &i64| {
        if *chain == 0 { "the institution's chain".to_owned() } else { format!("the chain of customer {chain}") }
    };
    match broken {
        Broken::Content { chain: of, seq } => {
            format!("broken: entry {seq} of {} was changed after it was written", chain(of))
        }
        Broken::Order { chain: of, seq } => {
            format!(
                "broken: entry {seq} of {} does not continue the one before: one is missing, added or moved",
                chain(of)
            )
        }
        Broken::Head { chain: of, seq } => format!("broken: the end of {} behind entry {seq} was cut off", chain(of)),
        Broken::Root { on } => format!("broken: the root of {on} is not that of its heads"),
        Broken::Anchor { on } => format!(
            "broken: the root of {on} is not the one kept outside, or is missing: what was recorded up to that day \
             was written anew"
        ),
    }
}
