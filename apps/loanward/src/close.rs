//! `loanward close` (日终): closes days from the console, with its progress.

use platform::close::{self, Closed, Progress};

use crate::command;
use crate::failure::Failure;
use crate::house;

/// Closes every business day up to the date asked for; ends with 1 when a day cannot be sealed.
pub async fn run(how: command::Close) -> Result<(), Failure> {
    let app = house::open_book(&how.place).await?;
    let mut tell = |progress: &Progress| {
        println!(
            "{}  {:>2}/{:<2} {:<24} {:>8} looked at {:>8} changed",
            progress.day.from, progress.place, progress.steps, progress.step, progress.considered, progress.touched
        );
    };
    let ended = close::run(&app, how.until, 0, &mut tell).await;
    app.db.close().await;
    match ended? {
        Closed::Through { sealed } if sealed.is_empty() => {
            println!("nothing to close: every day up to {} is sealed already", how.until);
            Ok(())
        }
        Closed::Through { sealed } => {
            println!("sealed {} days, the last is {}", sealed.len(), how.until);
            Ok(())
        }
        Closed::Blocked { day, red, unanswered } => Err(Failure::No(format!(
            "{day} is not sealed: proofs that do not agree: {}; isolated things without an answer: {unanswered}. \
             Open the page of the close, mend or acknowledge them, and run this again",
            if red.is_empty() { "none".to_owned() } else { red.join(", ") }
        ))),
        Closed::Stopped { day } => {
            Err(Failure::No(format!("somebody asked the close of {day} to stop; run this again to go on")))
        }
    }
}
