//! Why a backup cannot be made, read or restored (备份错误).

use crate::db::{MigrateError, StoreError};

/// Why a backup cannot be made, read or restored (备份错误). Every message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The key is not the one that sealed the file.
    #[error("this passphrase or key file does not open the backup (or the head of the file was changed): {hint}")]
    WrongKey {
        /// What opens it.
        hint: String,
    },
    /// The passphrase is too short to protect a file that anybody may copy.
    #[error("the passphrase has {found} characters; a backup needs at least {least}")]
    ShortPassphrase {
        /// How many it has.
        found: usize,
        /// How many it needs.
        least: usize,
    },
    /// A backup key file cannot be used.
    #[error("the backup key file {path}: {cause}")]
    KeyFile {
        /// The file.
        path: String,
        /// What is wrong.
        cause: String,
    },
    /// The file is no backup.
    #[error("{path} is not a backup of this program")]
    NotABackup {
        /// The file.
        path: String,
    },
    /// The file ends before its end.
    #[error("the backup is cut off: its end is missing. Copy it again from where it was made, or use another one")]
    Cut,
    /// The file was changed after it was made.
    #[error("the backup was changed or damaged after it was made: nothing of it is used. Use another copy")]
    Tampered,
    /// The file was written by a newer program.
    #[error(
        "the backup holds step {version} of {capability}, which this program does not know: restore it with the program \
         that wrote it ({program}) or a newer one"
    )]
    Newer {
        /// The capability.
        capability: String,
        /// The unknown step.
        version: u32,
        /// The version of the program that wrote it.
        program: String,
    },
    /// The file's layout is newer than this program.
    #[error("the backup has layout {found}; this program reads layout {known}: use a newer program")]
    NewerLayout {
        /// The layout of the file.
        found: u32,
        /// What is known here.
        known: u32,
    },
    /// A table's columns are not those that the schema says.
    #[error("the table {table} of the backup has other columns than this program's")]
    OtherColumns {
        /// The table.
        table: String,
    },
    /// Something stands in the database already.
    #[error("the database is not empty ({table} has rows): a backup is restored into an empty database only")]
    NotEmpty {
        /// The first table with rows.
        table: String,
    },
    /// What was restored is not what the file says.
    #[error("the table {table} differs from the backup after the restore ({what}): nothing was kept")]
    Differs {
        /// The table.
        table: String,
        /// What differs.
        what: String,
    },
    /// There is a file of that name already.
    #[error("{path} exists already; a backup never overwrites a file")]
    FileExists {
        /// The file.
        path: String,
    },
    /// The file system refused.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        cause: String,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BackupError {
    /// A stable name for pages and the record of runs: the message `backup-problem-<code>`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::WrongKey { .. } => "wrong-key",
            Self::ShortPassphrase { .. } => "short-passphrase",
            Self::KeyFile { .. } => "key-file",
            Self::NotABackup { .. } => "not-a-backup",
            Self::Cut => "cut",
            Self::Tampered => "tampered",
            Self::Newer { .. } => "newer",
            Self::NewerLayout { .. } => "newer-layout",
            Self::OtherColumns { .. } => "other-columns",
            Self::NotEmpty { .. } => "not-empty",
            Self::Differs { .. } => "differs",
            Self::FileExists { .. } => "file-exists",
            Self::File { .. } => "file",
            Self::Store(_) => "store",
        }
    }

    /// What the file system said of a file.
    pub(super) fn file(path: &std::path::Path, cause: impl ToString) -> Self {
        Self::File { path: path.display().to_string(), cause: cause.to_string() }
    }
}

impl From<MigrateError> for BackupError {
    fn from(error: MigrateError) -> Self {
        Self::Store(error.into())
    }
}
