//! `loanward backup` and `loanward restore` (备份与恢复).

use platform::audit::Broken;
use platform::backup::{self, BackupError, BackupKey, Manifest, Totals};
use platform::clock::Clock;
use platform::db::Db;
use platform::vault::Vault;

use crate::command::{self, SealedWith};
use crate::failure::Failure;
use crate::{audit, calculate, house};

/// Writes a backup of the book while the server runs.
pub async fn run(how: command::Backup) -> Result<(), Failure> {
    if let Some(path) = &how.new_key {
        BackupKey::create_file(path)?;
        println!(
            "{}\nKeep a copy of it apart from the backups: without it nobody can open them. / 请另存一份，与备份分开保管；丢失后备份无法打开。",
            path.display()
        );
        return Ok(());
    }
    let Some(to) = &how.to else {
        return Err(Failure::Input("name the new file with --to FILE".to_owned()));
    };
    let key = key(&how.key)?;
    let db = house::open_database(&how.place).await?;
    let made = backup::make(&db, Clock::System.now(), &key, to).await;
    db.close().await;
    let made = made?;
    println!("{}  {} bytes", to.display(), made.bytes);
    tell(&made.manifest, &made.totals);
    Ok(())
}

/// Restores a backup into an empty database, or only reads it through.
pub async fn restore(how: command::Restore) -> Result<(), Failure> {
    let key = key(&how.key)?;
    if how.check {
        let found = backup::check(&how.file, &key).await?;
        println!("the backup is whole");
        tell(&found.manifest, &found.totals);
        return Ok(());
    }
    house::prepare_folder(&how.place.data)?;
    let db = Db::open(&house::database(&how.place)?).await?;
    let restored = backup::restore(&db, &house::schema(), &how.file, &key).await;
    db.close().await;
    let restored = restored?;
    tell(&restored.manifest, &restored.totals);
    println!("restored: every table is equal to the backup's");
    if restored.moved_forward > 0 {
        println!("the schema was moved forward by {} steps", restored.moved_forward);
    }
    say_key(&how, &restored.manifest);
    match &restored.audit.broken {
        None => {
            println!("audit: {} entries in {} chains, every link holds", restored.audit.entries, restored.audit.chains);
            Ok(())
        }
        Some(broken) => Err(Failure::No(already_broken(broken))),
    }
}

fn already_broken(broken: &Broken) -> String {
    format!("restored as it was backed up, but its audit trail does not hold, then as now. {}", audit::say(broken))
}

/// What the file says of itself, and the money in it.
fn tell(manifest: &Manifest, totals: &Totals) {
    let day = manifest.business_date.map_or_else(|| "-".to_owned(), |day| day.to_string());
    println!("{}  business date {day}  made at {}  by {}", manifest.institution, manifest.made_at, manifest.program);
    let rows: u64 = totals.values().map(|table| table.rows).sum();
    println!("{} tables, {rows} rows, {} audit entries", totals.len(), manifest.audit.entries);
    if let Some((on, root)) = &manifest.audit.last_root {
        println!("last sealed day {on}, its root {root}");
    }
}

/// The restored book needs the key to personal data that it was sealed with: says whether it is there.
fn say_key(how: &command::Restore, manifest: &Manifest) {
    let Some(wanted) = &manifest.vault_key else { return };
    let path = how.place.data.join(house::KEY_FILE);
    match Vault::open_file(&path) {
        Ok(vault) if vault.opens(wanted) => println!("{} is the key to its personal data", path.display()),
        Ok(_) | Err(_) => println!(
            "put the key file with the id {wanted} at {} before the first start: a backup does not hold it",
            path.display()
        ),
    }
}

/// The key from the key file, the passphrase file, or the environment.
pub fn key(from: &SealedWith) -> Result<BackupKey, Failure> {
    if let Some(path) = &from.key_file {
        return Ok(BackupKey::open_file(path)?);
    }
    let words = match (&from.passphrase_file, std::env::var("LOANWARD_BACKUP_PASSPHRASE")) {
        (Some(path), _) if path.as_os_str() == "-" => calculate::standard_input()?,
        (Some(path), _) => std::fs::read_to_string(path)
            .map_err(|error| Failure::Input(format!("the passphrase file {}: {error}", path.display())))?,
        (None, Ok(words)) => words,
        (None, Err(_)) => {
            return Err(Failure::Input(
                "a backup is sealed: name its key with --key-file FILE (made once by `loanward backup --new-key FILE`), \
                 or its passphrase with --passphrase-file FILE or LOANWARD_BACKUP_PASSPHRASE"
                    .to_owned(),
            ));
        }
    };
    Ok(BackupKey::passphrase(&words)?)
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Store(error) => error.into(),
            BackupError::File { .. } | BackupError::Differs { .. } => Self::Machine(error.to_string()),
            BackupError::WrongKey { .. }
            | BackupError::ShortPassphrase { .. }
            | BackupError::KeyFile { .. }
            | BackupError::NotABackup { .. }
            | BackupError::Cut
            | BackupError::Tampered
            | BackupError::Newer { .. }
            | BackupError::NewerLayout { .. }
            | BackupError::OtherColumns { .. }
            | BackupError::NotEmpty { .. }
            | BackupError::FileExists { .. } => Self::Input(error.to_string()),
        }
    }
}
