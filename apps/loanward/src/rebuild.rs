//! `loanward rebuild` (重建): caches computed anew from the facts, compared or written.

use platform::rebuild::{self, Progress};

use crate::command;
use crate::failure::Failure;
use crate::house;

/// Compares (`--verify`) or mends all caches, naming each row that differs; a comparison that found one ends with 1.
pub async fn run(how: command::Rebuild) -> Result<(), Failure> {
    let app = house::open_book(&how.place).await?;
    let mut tell = |progress: &Progress<'_>| {
        for found in progress.differences {
            let (table, row, column) = (found.table, &found.row, &found.column);
            println!("{table}  {row}  {column}: kept {}, computed {}", found.kept, found.computed);
        }
        eprintln!("{:<12} {:>9} of {}", progress.name, progress.considered, progress.expected);
    };
    let ended = if how.verify { rebuild::verify(&app, &mut tell).await } else { rebuild::write(&app, &mut tell).await };
    app.db.close().await;
    let found = ended?;
    let unjudged = match found.unjudged {
        0 => String::new(),
        rows => format!("; {rows} rows rest on a calendar or LPR that was replaced since and are not judged"),
    };
    let looked = format!("{} loans and days compared, {} differences{unjudged}", found.considered, found.differing);
    if how.verify && found.differing > 0 {
        return Err(Failure::No(format!("{looked}. Back up, run `loanward rebuild`, and compare again")));
    }
    println!("{looked}{}", if found.differing > 0 { ", all mended" } else { "" });
    Ok(())
}
