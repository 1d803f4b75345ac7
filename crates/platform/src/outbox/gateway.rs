//! Gateways (外发通道): how a message of each kind leaves the house. Every capability may offer its own.

use std::io::Write as _;
use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;

use super::model::{Message, MessageState, Outcome};
use super::rules::{OutboxRules, WhenUnknown};
use crate::app::App;
use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::work::Work;

/// What came of an attempt (发送结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// How it ended.
    pub outcome: Outcome,
    /// What the receiver answered, in its own numbers.
    pub status: Option<i64>,
    /// The head of the answer, or why there was none; never its content.
    pub answer: String,
    /// By which the receiver knows the message, where it said so.
    pub reference: Option<String>,
    /// When it can be tried, of one that was too early.
    pub not_before: Option<Timestamp>,
}

impl Delivery {
    /// Ended like this, with these words.
    #[must_use]
    pub fn new(outcome: Outcome, answer: impl Into<String>) -> Self {
        Self { outcome, status: None, answer: answer.into(), reference: None, not_before: None }
    }
}

/// How an attempt ended and where the message stands by it (尝试结束).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The number of the attempt.
    pub no: i64,
    /// How it ended.
    pub delivery: Delivery,
    /// Where the message stands now.
    pub state: MessageState,
    /// When it is tried again, if it waits.
    pub due_at: Timestamp,
}

/// A way out of the house (外发通道) for one kind of messages.
pub trait Gateway: Send + Sync {
    /// The kind of messages that it takes out; its title is the message `outbox-kind-<kind>`.
    fn kind(&self) -> &'static str;

    /// What is done when nobody knows whether a message arrived.
    fn when_unknown(&self) -> WhenUnknown;

    /// The page where people say what becomes of its messages, when that is not the page of the outbox: then the one
    /// who put the message in is told there.
    fn page(&self, _message: &Message) -> Option<String> {
        None
    }

    /// An attempt ended: what follows from it for whoever put the message in, in the same transaction.
    fn ended<'a>(
        &'a self,
        _work: &'a mut Work,
        _message: &'a Message,
        _end: &'a Ended,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async { Ok(()) })
    }

    /// Takes a message out once. It answers within a few times the patience of the rules.
    fn send<'a>(&'a self, app: &'a App, message: &'a Message, rules: &'a OutboxRules) -> BoxFuture<'a, Delivery>;
}

/// Files in a folder (文件投递): what another program fetches there. The folder comes with the start of the program, the
/// receiver is a file's name; a file is there as a whole or not at all, and the same file again changes nothing.
#[derive(Debug, Clone)]
pub struct FileGateway {
    folder: Option<PathBuf>,
}

impl FileGateway {
    /// The kind of messages that become files.
    pub const KIND: &'static str = "file";

    /// Into this folder; without one nothing arrives.
    #[must_use]
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }
}

/// Writes a file that is there as a whole or not at all, for the program's own account and its group: it may hold
/// numbers and words in clear.
///
/// # Errors
/// The system's; what was begun is removed.
pub(crate) fn write_whole(folder: &Path, name: &str, text: &str) -> std::io::Result<()> {
    let mut make = std::fs::DirBuilder::new();
    let mut open = std::fs::OpenOptions::new();
    open.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut make, 0o750);
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o640);
    }
    make.recursive(true).create(folder)?;
    let begun: PathBuf = folder.join(format!(".{name}"));
    let written = open.open(&begun).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&begun, folder.join(name))
    });
    if written.is_err() {
        // What was begun is no message; that it cannot be removed either is told by the first error.
        let _ = std::fs::remove_file(&begun);
    }
    written
}

impl Gateway for FileGateway {
    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn when_unknown(&self) -> WhenUnknown {
        WhenUnknown::Repeat
    }

    fn send<'a>(&'a self, app: &'a App, message: &'a Message, _: &'a OutboxRules) -> BoxFuture<'a, Delivery> {
        Box::pin(async move {
            let Some(folder) = self.folder.clone().or_else(|| app.settings.outbox_folder.clone()) else {
                return Delivery::new(Outcome::Refused, "no folder was named at the start of the program");
            };
            let mut parts = Path::new(&message.receiver).components();
            if !matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) {
                return Delivery::new(Outcome::Refused, "the receiver is no file name");
            }
            let Message { receiver, body, .. } = message.clone();
            let written = tokio::task::spawn_blocking(move || write_whole(&folder, &receiver, &body)).await;
            match written {
                Ok(Ok(())) => Delivery::new(Outcome::Delivered, "written"),
                Ok(Err(error)) => Delivery::new(Outcome::Failed, error.kind().to_string()),
                Err(error) => Delivery::new(Outcome::Failed, error.to_string()),
            }
        })
    }
}
