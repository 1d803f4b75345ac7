//! `loanward schedule` and `loanward replay` (计算): JSON in, JSON or a table out; no database.

use std::io::Read as _;

use finance::json::{Format, JsonError, run_replay, run_schedule};

use crate::command::Calculate;
use crate::failure::Failure;
use crate::output;

/// The longest request that is read: a loan has a few thousand transactions at most.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Reads terms, prints their schedule.
pub fn schedule(how: Calculate) -> Result<(), Failure> {
    answer(how, run_schedule)
}

/// Reads terms, transactions and a date, prints the position.
pub fn replay(how: Calculate) -> Result<(), Failure> {
    answer(how, run_replay)
}

fn answer(how: Calculate, run: impl Fn(&str, bool, Format) -> Result<String, JsonError>) -> Result<(), Failure> {
    let format = if how.table { Format::Table } else { Format::Json };
    let answer = run(&standard_input()?, how.explain, format).map_err(refused)?;
    output::print(answer.trim_end())
}

/// Everything on standard input, as text.
pub fn standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().lock().take(LONGEST).read_to_string(&mut text);
    read.map_err(|error| Failure::Input(format!("standard input: {error}; it must be JSON in UTF-8")))?;
    Ok(text)
}

fn refused(error: JsonError) -> Failure {
    Failure::Input(format!("[{}] {error}\nThe shapes are described in docs/formats.md", error.code()))
}
