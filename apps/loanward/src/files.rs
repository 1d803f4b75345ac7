//! `loanward export --files` and `loanward import --files` (附件包): the content of kept files beside a whole book.

use std::sync::Arc;

use platform::app::App;
use platform::attachment::travel::{self, Carried};
use platform::book;
use platform::locale::{Lang, Locale};
use platform::work::Work;

use crate::book::{ended, fresh, say_findings, tell};
use crate::command;
use crate::failure::Failure;
use crate::import::{actor, said};
use crate::{house, output};

/// Writes the content of all kept files of customers into a new archive.
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
    let mut work = Work::begin(app, actor.clone()).await?;
    travel::ask(&mut work, &how.reason).await.map_err(say)?;
    work.commit().await?;
    let (part, file) = fresh(&how.file)?;
    let mut work = Work::read(app, actor).await?;
    let made = travel::write(&mut work, file, &tell).await;
    drop(work);
    let made = ended(made.map_err(say), &part, &how.file)?;
    output::print(&totals(made))?;
    eprintln!("the archive holds the files in clear: keep it like the database, and delete it once it came in");
    if made.missing > 0 {
        eprintln!(
            "{} files have no whole content here: `loanward rebuild --verify` names what is damaged",
            made.missing
        );
    }
    Ok(())
}

/// Brings an archive in beside a book that came in, or only tries it out.
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
    let brought = travel::bring(&mut work, &how.file, &digest, &tell).await;
    let (carried, findings) = brought.map_err(|error| said(&locale, error))?;
    if !findings.bar() && !how.dry_run {
        work.commit().await?;
    }
    output::print(&totals(carried))?;
    say_findings(&locale, &findings);
    if findings.bar() {
        return Err(Failure::No(format!(
            "{} things stand against the archive and nothing was written",
            findings.refused
        )));
    }
    match how.dry_run {
        true => eprintln!("a dry run: nothing was written"),
        false => eprintln!("the files are in, sealed with the key of this house; delete the archive"),
    }
    Ok(())
}

/// A line each: name and number.
fn totals(carried: Carried) -> String {
    let lines = [("files", carried.files), ("bytes", carried.bytes), ("missing", carried.missing)];
    lines.map(|(name, count)| format!("{name}\t{count}")).join("\n")
}
