//! `loanward audit verify` (核验审计链).

use platform::audit::{self, Broken};

use crate::command::Place;
use crate::failure::Failure;
use crate::house;

/// Reads every chain and every root; ends with 1 and the first broken link when one does not hold.
pub async fn verify(place: Place) -> Result<(), Failure> {
    let app = house::open_book(&place).await?;
    let found = audit::verify(&app.db).await?;
    app.db.close().await;
    println!("{} chains, {} entries, {} daily roots", found.chains, found.entries, found.roots);
    match found.broken {
        None => {
            println!("every link holds");
            Ok(())
        }
        Some(broken) => Err(Failure::No(say(&broken))),
    }
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
    }
}
