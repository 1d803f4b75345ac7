//! Loanward (信守): the one binary. A list of capabilities ([`house::capabilities`]) and the commands over them.
//!
//! What a command prints goes to standard output; what it says about its own course goes to the log on standard error.
//! Every end has its exit code ([`failure::Failure`]): 0 done, 1 the answer is no, 2 the input cannot be used,
//! 3 the machine refused.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod audit;
mod backup;
mod bench;
mod book;
mod calculate;
mod close;
mod command;
mod demo;
mod doors;
mod failure;
mod figures;
mod files;
mod house;
mod import;
mod key;
mod log;
mod output;
mod policies;
mod rebuild;
mod rehearsal;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod sealed;
mod serve;
mod shipped;
#[cfg(test)]
mod twins;

use std::process::ExitCode;

use clap::Parser as _;

use command::{Audit, Bench, Cli, Command, Key, Policy};
use failure::Failure;

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("loanward: {failure}");
            ExitCode::from(failure.code())
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Schedule(how) => calculate::schedule(how),
        Command::Replay(how) => calculate::replay(how),
        Command::Policy(Policy::Eval(what)) => policies::eval(&what),
        Command::Policy(Policy::Check { folder }) => policies::check(&folder),
        Command::Demo(how) => in_runtime(demo::run(how)),
        Command::Serve(how) => in_runtime(serve::run(how)),
        Command::Import(how) if how.files => in_runtime(files::bring(how)),
        Command::Import(how) if how.book => in_runtime(book::bring(how)),
        Command::Import(how) => in_runtime(import::run(how)),
        Command::Export(how) if how.files => in_runtime(files::export(how)),
        Command::Export(how) => in_runtime(book::export(how)),
        Command::Close(how) => in_runtime(close::run(how)),
        Command::Rebuild(how) => in_runtime(rebuild::run(how)),
        Command::Audit(Audit::Verify { place, anchor }) => in_runtime(audit::verify(place, anchor)),
        Command::Audit(Audit::Anchor { place }) => in_runtime(audit::anchor(place)),
        Command::Bench(Bench::Close(how)) => in_runtime(bench::close(how)),
        Command::Bench(Bench::Pages(how)) => in_runtime(bench::pages::pages(how)),
        Command::Bench(Bench::Compare(how)) => in_runtime(bench::compare::compare(how)),
        Command::Key(Key::Rotate { place }) => in_runtime(key::rotate(place)),
        Command::Backup(how) => in_runtime(backup::run(how)),
        Command::Restore(how) => in_runtime(backup::restore(how)),
    }
}

/// Threads that requests are worked on. SQLite answers on the thread that asks, so that a long question holds one up: there
/// are more of them than SQLite has connections.
const WORKERS: usize = 16;

/// The commands that use the database run on tokio; the pure ones start without it.
fn in_runtime(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    log::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build();
    runtime.map_err(Failure::machine)?.block_on(work)
}
