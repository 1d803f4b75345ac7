//! The house (组装): the list of capabilities, the data folder, and the program put together over them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use platform::app::{App, Settings};
use platform::backup::schedule::BackupPlace;
use platform::capability::Capability;
use platform::clock::Clock;
use platform::db::{DatabaseUrl, Db, Migration, migrate};
use platform::first_run::Rehearsal;
use platform::server::{self, Node};
use platform::vault::{Vault, VaultError};
use policy::Pack;

use crate::command::Place;
use crate::failure::Failure;
use crate::{policies, shipped};

/// Everything that Loanward can do, in the order of dependencies.
pub fn capabilities() -> Vec<Arc<dyn Capability>> {
    vec![
        Arc::new(customers::Customers),
        Arc::new(servicing::Servicing),
        Arc::new(collections::Collections),
        Arc::new(oversight::Oversight),
    ]
}

/// The same with the platform itself in front.
pub fn capabilities_with_platform() -> Vec<Arc<dyn Capability>> {
    let mut all: Vec<Arc<dyn Capability>> = vec![Arc::new(platform::house::Platform)];
    all.extend(capabilities());
    all
}

/// The schema of all of them.
pub fn schema() -> Vec<(&'static str, &'static [Migration])> {
    capabilities_with_platform().iter().map(|c| (c.name(), c.migrations())).collect()
}

/// How the program is put together (组装方式).
#[derive(Debug, Clone)]
pub struct Build {
    /// Where `now` comes from.
    pub clock: Clock,
    /// What the process is for: `serve`, or the command.
    pub work: &'static str,
    /// The shipped pack whose roles and parameters hold until a version is in force.
    pub pack: String,
    /// A proxy of our own stands in front.
    pub behind_proxy: bool,
    /// Users named on the log-in page of a demo book.
    pub demo_logins: Vec<(String, String)>,
    /// Where the server puts its own copies of the book.
    pub backups: Option<BackupPlace>,
    /// Where messages go that are files.
    pub outbox_folder: Option<PathBuf>,
    /// An empty database is set up in the browser.
    pub first_run: bool,
    /// A made-up book to look around in meanwhile.
    pub rehearsal: Option<Arc<dyn Rehearsal>>,
}

impl Build {
    /// With the machine's clock and nothing special.
    pub fn plain() -> Self {
        Self {
            clock: Clock::System,
            work: "command",
            pack: "microloan".to_owned(),
            behind_proxy: false,
            demo_logins: Vec::new(),
            backups: None,
            outbox_folder: None,
            first_run: false,
            rehearsal: None,
        }
    }
}

/// The program, and whether this start found an empty database.
pub struct Opened {
    /// The program.
    pub app: App,
    /// No institution is set up yet.
    pub empty: bool,
    /// The key file.
    pub key_file: PathBuf,
}

/// Opens (or, at the first start, creates) database and key, brings the schema up to date, puts the program together.
///
/// # Errors
/// A data folder that cannot be made, a key that is missing or belongs to another database, a database that
/// cannot be reached or was written by a newer program.
pub async fn open(place: &Place, build: Build) -> Result<Opened, Failure> {
    prepare_folder(&place.data)?;
    let db = Db::open(&database(place)?).await?;
    let key_file = place.data.join(KEY_FILE);
    let known = stored_rules(&db).await;
    let vault = match Vault::open_file(&key_file) {
        Err(VaultError::KeyFileMissing { .. }) if !is_set_up(&db).await => Vault::create(&key_file)?,
        other => other?,
    };
    let (files, pack) = known.unwrap_or_else(|| (shipped::packs(), build.pack));
    let rules = load(&files, &pack)?;
    let today = platform::clock::civil_day(build.clock.now());
    let first_run = build.first_run.then(|| Arc::new(shipped::supplies(&key_file, build.rehearsal.clone())));
    let settings = Settings {
        first_run,
        packs: Arc::new(shipped::packs()),
        vault: Some(vault),
        trusts_proxy: build.behind_proxy,
        demo_logins: build.demo_logins,
        backups: build.backups,
        outbox_folder: build.outbox_folder,
        ..Settings::default()
    };
    let settings = settings.under_pack(&rules, today).map_err(Failure::machine)?;
    migrate(&db, &schema()).await?;
    let node = Node::take(&db, build.work).await?;
    let app = App::assemble_with(db, build.clock, node.number, capabilities(), settings).await?;
    app.take_node(node);
    server::beat(&app).await?;
    tokio::spawn(server::keep(app.clone()));
    let empty = !is_set_up(&app.db).await;
    Ok(Opened { app, empty, key_file })
}

/// Opens the program over a book that must be there already: for commands that work on one.
///
/// # Errors
/// As [`open`]; when nothing is set up there.
pub async fn open_book(place: &Place) -> Result<App, Failure> {
    let named = place.database_url.is_some();
    if !named && !place.data.join(FILE).is_file() {
        return Err(no_book(place));
    }
    let opened = open(place, Build::plain()).await?;
    if opened.empty { Err(no_book(place)) } else { Ok(opened.app) }
}

/// Opens only the database of a book that must be there already, as its schema stands.
///
/// # Errors
/// Nothing is there; it cannot be reached.
pub async fn open_database(place: &Place) -> Result<Db, Failure> {
    if place.database_url.is_none() && !place.data.join(FILE).is_file() {
        return Err(no_book(place));
    }
    let db = Db::open(&database(place)?).await?;
    if is_set_up(&db).await { Ok(db) } else { Err(no_book(place)) }
}

/// The key file in the data folder.
pub const KEY_FILE: &str = "loanward.key";
/// The file that a server holds while it works on the folder.
const LOCK: &str = "loanward.lock";
/// The database file in the data folder.
const FILE: &str = "loanward.db";

fn no_book(place: &Place) -> Failure {
    let folder = place.data.display();
    Failure::Input(format!(
        "there is no book in {folder}: name its folder with --data, or set one up with `loanward serve`"
    ))
}

/// The address of the database.
///
/// # Errors
/// An address that is none.
pub fn database(place: &Place) -> Result<DatabaseUrl, Failure> {
    match &place.database_url {
        Some(url) => Ok(url.parse()?),
        None => Ok(DatabaseUrl::Sqlite(place.data.join(FILE))),
    }
}

/// Makes the data folder, readable by its owner only.
///
/// # Errors
/// The file system refuses.
pub fn prepare_folder(folder: &Path) -> Result<(), Failure> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let made = builder.create(folder);
    made.map_err(|error| {
        Failure::Machine(format!("the data folder {}: {error}; choose another with --data", folder.display()))
    })
}

/// Holds a data folder with an SQLite file for one server, until the value is dropped or the process dies. A database
/// server needs no such thing.
///
/// # Errors
/// Another server holds it; the file system refuses.
pub fn hold(place: &Place) -> Result<Option<std::fs::File>, Failure> {
    if place.database_url.is_some() {
        return Ok(None);
    }
    prepare_folder(&place.data)?;
    let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(place.data.join(LOCK));
    let file = file.map_err(Failure::machine)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => Err(Failure::Input(format!(
            "another server works on the book in {}: an SQLite file is for one server; stop that one, or put the book \
             on PostgreSQL",
            place.data.display()
        ))),
        Err(std::fs::TryLockError::Error(error)) => Err(Failure::machine(error)),
    }
}

/// Whether an institution stands in the database. Before the first migration there is nothing to ask.
async fn is_set_up(db: &Db) -> bool {
    let Ok(mut tx) = db.read().await else { return false };
    platform::access::store::institution(&mut tx).await.is_ok_and(|name| !name.is_empty())
}

/// The texts and the name of the pack in force; nothing before the first migration or installation.
async fn stored_rules(db: &Db) -> Option<(std::collections::BTreeMap<String, String>, String)> {
    let mut tx = db.read().await.ok()?;
    let on = platform::calendar::business_date(&mut tx).await.ok()?;
    let id = platform::policies::store::version_on(&mut tx, on).await.ok()??;
    let version = platform::policies::store::version(&mut tx, id).await.ok()??;
    let files = platform::policies::store::files(&mut tx, id).await.ok()?;
    Some((files, version.pack))
}

fn load(files: &std::collections::BTreeMap<String, String>, pack: &str) -> Result<Pack, Failure> {
    let names = shipped::names(files).join(", ");
    if !files.contains_key(&format!("{pack}/pack.csv")) {
        return Err(Failure::Input(format!("there is no pack {pack:?}: choose one of {names}")));
    }
    Pack::load(files, pack, &policies::dictionary()?).map_err(|problems| {
        let first = problems.first().map(ToString::to_string).unwrap_or_default();
        Failure::No(format!("the pack {pack} has {} problems, the first: {first}", problems.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_first_start_makes_a_key_that_only_its_owner_reads() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { data: folder.path().join("book"), database_url: None };
        let opened = open(&place, Build::plain()).await.unwrap();
        assert!(opened.empty);
        assert!(opened.app.roles().get("system_admin").is_some());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&opened.key_file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_second_server_on_a_folder_is_refused_until_the_first_ends() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { data: folder.path().join("book"), database_url: None };
        let first = hold(&place).unwrap();
        assert!(first.is_some());
        let refused = hold(&place).unwrap_err().to_string();
        assert!(refused.contains("another server works on the book"), "{refused}");
        drop(first);
        assert!(hold(&place).unwrap().is_some());
        let server = Place { database_url: Some("postgres://db.internal/loanward".to_owned()), ..place };
        assert!(hold(&server).unwrap().is_none(), "a database server is for several");
    }

    #[tokio::test]
    async fn a_command_on_a_folder_without_a_book_says_where_to_find_one() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { data: folder.path().join("none"), database_url: None };
        let failure = open_book(&place).await.err().unwrap();
        assert_eq!(failure.code(), 2);
        assert!(failure.to_string().contains("--data"), "{failure}");
        assert!(!place.data.exists(), "and leaves nothing behind");
    }
}
