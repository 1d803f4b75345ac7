//! `loanward export` and `loanward import --book` (整本台账): the whole book out and in from the console.

use std::fs::OpenOptions;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use platform::app::App;
use platform::book::{self, Findings, Manifest, Progress, Wanted};
use platform::locale::{Lang, Locale};
use platform::work::Work;

use crate::command;
use crate::failure::Failure;
use crate::import::{actor, said};
use crate::{house, output};

/// Writes the whole book into a new workbook.
pub async fn export(how: command::Export) -> Result<(), Failure> {
    let app = house::open_book(&how.place).await?;
    let ended = write(&app, &how).await;
    app.db.close().await;
    ended
}

async fn write(app: &App, how: &command::Export) -> Result<(), Failure> {
    let locale = Locale::new(Arc::clone(&app.catalogue), Lang::En);
    let say = |error| said(&locale, error);
    let actor = actor(app, &how.user).await?;
    let wanted = Wanted::new(how.clear, &how.reason);
    let mut work = Work::begin(app, actor.clone()).await?;
    book::ask(&mut work, &wanted).await.map_err(say)?;
    work.commit().await?;
    let (part, file) = fresh(&how.file)?;
    let mut work = Work::read(app, actor).await?;
    let made = book::write(&mut work, &wanted, BufWriter::with_capacity(1 << 20, file), &tell).await;
    drop(work);
    output::print(&totals(&ended(made.map_err(say), &part, &how.file)?))
}

/// A part of a file that is not there yet, to be written by us alone; it takes its name once it is whole.
pub(crate) fn fresh(wanted: &Path) -> Result<(PathBuf, std::fs::File), Failure> {
    if wanted.exists() {
        return Err(Failure::Input(format!("{} is there already: name another file", wanted.display())));
    }
    let part = wanted.with_added_extension("part");
    let file = private(&part)?;
    Ok((part, file))
}

/// Gives what was written its name; what was not written to its end is removed.
pub(crate) fn ended<T>(made: Result<T, Failure>, part: &Path, wanted: &Path) -> Result<T, Failure> {
    let named = made.and_then(|made| {
        std::fs::rename(part, wanted).map_err(|error| Failure::Machine(format!("{}: {error}", wanted.display())))?;
        Ok(made)
    });
    if named.is_err() {
        let _ = std::fs::remove_file(part);
    }
    named
}

/// A new file that only its owner reads.
fn private(path: &Path) -> Result<std::fs::File, Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| Failure::Machine(format!("{}: {error}", path.display())))
}

/// Brings a workbook into an empty institution, or only tries it out.
pub async fn bring(how: command::Import) -> Result<(), Failure> {
    let app = house::open_book(&how.place).await?;
    let ended = into(&app, &how).await;
    app.db.close().await;
    ended
}

async fn into(app: &App, how: &command::Import) -> Result<(), Failure> {
    let locale = Locale::new(Arc::clone(&app.catalogue), Lang::En);
    let actor = actor(app, &how.user).await?;
    let digest =
        book::digest_of(&how.file).await.map_err(|error| Failure::Input(format!("{}: {error}", how.file.display())))?;
    let mut work = Work::begin(app, actor).await?;
    let brought = book::bring(&mut work, &how.file, &digest, &tell).await.map_err(|error| said(&locale, error))?;
    if !brought.findings.bar() && !how.dry_run {
        work.commit().await?;
    }
    if let Some(manifest) = &brought.manifest {
        output::print(&totals(manifest))?;
    }
    say_findings(&locale, &brought.findings);
    if brought.findings.bar() {
        return Err(Failure::No(format!(
            "{} things stand against the book and nothing was written",
            brought.findings.refused
        )));
    }
    match how.dry_run {
        true => eprintln!("a dry run: nothing was written"),
        false => eprintln!("the book is in: {} rows, positions equal to the file's", brought.rows),
    }
    Ok(())
}

pub(crate) fn say_findings(locale: &Locale, findings: &Findings) {
    for finding in &findings.kept {
        let row = finding.row.map(|row| format!(" row {row}")).unwrap_or_default();
        let column = if finding.column.is_empty() { String::new() } else { format!(", {}", finding.column) };
        let place = if finding.sheet.is_empty() { String::new() } else { format!("{}{row}{column}: ", finding.sheet) };
        let word = if finding.refuses { "" } else { "note: " };
        eprintln!("{word}{place}{}", finding.say(locale));
    }
}

pub(crate) fn tell(progress: &Progress<'_>) {
    let of = if progress.expected > 0 { format!(" of {}", progress.expected) } else { String::new() };
    eprintln!("{:>9}{of}  {} {}", progress.done, progress.phase, progress.sheet);
}

/// One line a sheet: name, rows, sums in 元.
fn totals(manifest: &Manifest) -> String {
    let line = |(sheet, totals): (&String, &book::Totals)| {
        let sums = totals.sums.iter().map(|(column, sum)| format!("{column}={sum}")).collect::<Vec<_>>().join(" ");
        format!("{sheet}\t{}\t{sums}", totals.rows)
    };
    manifest.totals.iter().map(line).collect::<Vec<_>>().join("\n")
}
