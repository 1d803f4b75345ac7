//! Kept files out of a house and into another (附件随行): an archive beside a whole book, the content by its digest.
//!
//! A workbook lists files with their digests; the archive holds what they stand for, in clear. On the way in only what
//! a file of the book waits for is read, no further than it is long, and only what has the digest and the kind of the
//! book is kept, sealed with the key of this house. All of it or nothing: the caller commits when nothing refuses.
//! Rule `attachment.travel`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read as _, Seek, Write};
use std::path::Path;

use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::actions::{content, seal_pieces};
use super::media::media_of;
use super::model::Attachment;
use super::store::{self, Waiting};
use crate::audit::Entry;
use crate::book::{EXPORT_CLEAR, Finding, Findings, IMPORT, Progress, Tell};
use crate::error::{ActionError, FieldError, Refused};
use crate::hex::hex;
use crate::locale::{Lang, Locale};
use crate::work::Work;

/// Files read at a time.
const BATCH: i64 = 20;
/// Contents that wait for the thread.
const AHEAD: usize = 2;
/// A bound that protects the machine, no rule of the trade: no file of a house is as long.
const MOST: u64 = 512 << 20;
/// The folder of the contents in the archive.
const FOLDER: &str = "files/";
/// What people read who open it.
const README: &str = "README.txt";
/// The tab of the book on which the files stand.
const TAB: &str = "附件";

/// What an archive came to (附件包结果).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Carried {
    /// Files with their content.
    pub files: u64,
    /// Bytes of the contents.
    pub bytes: u64,
    /// Files without: nowhere here, damaged, or not in the archive.
    pub missing: u64,
}

/// Checks the person and the reason, and notes in the audit trail that the files go out in clear.
///
/// # Errors
/// No permission; no reason.
pub async fn ask(work: &mut Work, reason: &str) -> Result<(), ActionError> {
    work.authorise(EXPORT_CLEAR)?;
    if reason.trim().is_empty() {
        return Err(Refused::form(vec![FieldError::new("reason", "reason-empty")]).into());
    }
    Ok(work.audit(Entry::new(None, "book.files_export", "book").reason(reason.trim())).await?)
}

/// Writes the content of all files of customers into an archive; what is here twice is written once.
///
/// # Errors
/// No permission, no key; the store's; the archive cannot be written.
pub async fn write(
    work: &mut Work,
    to: impl Write + Seek + Send + 'static,
    tell: Tell<'_>,
) -> Result<Carried, ActionError> {
    work.authorise(EXPORT_CLEAR)?;
    let app = work.app.clone();
    app.vault()?;
    let both = [Lang::ZhCn, Lang::En].map(|lang| Locale::new(app.catalogue.clone(), lang).t("book-files-readme"));
    let (send, mut take) = mpsc::channel::<(String, Vec<u8>)>(AHEAD);
    let thread = tokio::task::spawn_blocking(move || {
        let mut zip = ZipWriter::new(to);
        zip.start_file(README, SimpleFileOptions::default())?;
        zip.write_all(both.join("\n\n").as_bytes())?;
        while let Some((name, bytes)) = take.blocking_recv() {
            zip.start_file(name, SimpleFileOptions::default())?;
            zip.write_all(&bytes)?;
        }
        zip.finish()?.flush()?;
        Ok::<(), ZipError>(())
    });
    let sent = send_all(work, &send, tell).await;
    drop(send);
    let written = thread.await.map_err(|error| ActionError::Internal(error.to_string()))?;
    let carried = sent?;
    written.map_err(|error| ActionError::Internal(format!("an archive of files cannot be written: {error}")))?;
    Ok(carried)
}

async fn send_all(
    work: &mut Work,
    send: &mpsc::Sender<(String, Vec<u8>)>,
    tell: Tell<'_>,
) -> Result<Carried, ActionError> {
    let app = work.app.clone();
    let expected = store::count(&mut work.tx).await?.unsigned_abs();
    let (mut carried, mut written, mut done, mut last) = (Carried::default(), BTreeSet::new(), 0, 0);
    loop {
        let files = store::after(&mut work.tx, last, BATCH).await?;
        let Some(end) = files.last() else { return Ok(carried) };
        last = end.id.0;
        done += files.len() as u64;
        // Files of the institution itself are in no book.
        for file in files.iter().filter(|file| file.customer.0 != 0) {
            let bytes = match content(&app, work, file).await {
                Ok(bytes) if hex(&Sha256::digest(&bytes)) == file.digest => bytes,
                // What is damaged is named by `loanward rebuild --verify`.
                Ok(_) | Err(ActionError::Refused(_)) => {
                    carried.missing += 1;
                    continue;
                }
                Err(error) => return Err(error),
            };
            carried.files += 1;
            if written.insert(file.digest.clone()) {
                carried.bytes += bytes.len() as u64;
                if send.send((name_of(file), bytes)).await.is_err() {
                    // The thread stopped, and says why.
                    return Ok(carried);
                }
            }
        }
        tell(&Progress { phase: "out", sheet: TAB, done, expected });
    }
}

fn name_of(file: &Attachment) -> String {
    format!("{FOLDER}{}.{}", file.digest, file.media.ending())
}

/// What is read of an archive.
enum Read {
    /// The content of a file that waits for it.
    Content(String, Vec<u8>),
    /// Something that no file here waits for.
    Unknown,
    /// It is no archive, or what is in it is not what it is called.
    Wrong(Finding),
}

/// Brings the archive in under `digest`, its name in the trail; the caller commits when nothing refuses.
///
/// # Errors
/// No permission, no key; the store's. What is wrong with the archive is in the answer.
pub async fn bring(
    work: &mut Work,
    path: &Path,
    digest: &str,
    tell: Tell<'_>,
) -> Result<(Carried, Findings), ActionError> {
    work.authorise(IMPORT)?;
    work.app.vault()?;
    let mut waiting: BTreeMap<String, Vec<Waiting>> = BTreeMap::new();
    for one in store::waiting(&mut work.tx).await? {
        waiting.entry(one.digest.clone()).or_default().push(one);
    }
    let (mut carried, mut findings) = (Carried::default(), Findings::default());
    if waiting.is_empty() {
        findings.push(Finding::file("files-none"));
        return Ok((carried, findings));
    }
    let sizes = waiting.iter().filter_map(|(digest, all)| Some((digest.clone(), all.first()?.bytes))).collect();
    let (send, mut take) = mpsc::channel(AHEAD);
    let from = path.to_owned();
    let thread = tokio::task::spawn_blocking(move || read_all(&from, sizes, &send));
    let (mut unknown, expected) = (0_u64, waiting.len() as u64);
    while let Some(read) = take.recv().await {
        match read {
            Read::Unknown => unknown += 1,
            Read::Wrong(finding) => findings.push(finding),
            Read::Content(name, bytes) => {
                for file in waiting.remove(&name).unwrap_or_default() {
                    keep(work, &file, &bytes, &mut carried, &mut findings).await?;
                }
                tell(&Progress { phase: "in", sheet: TAB, done: expected - waiting.len() as u64, expected });
            }
        }
    }
    thread.await.map_err(|error| ActionError::Internal(error.to_string()))?;
    carried.missing = waiting.values().map(|files| files.len() as u64).sum();
    for (code, count) in [("files-unknown", unknown), ("files-missing", carried.missing)] {
        if count > 0 {
            findings.push(Finding::file(code).with("count", count).warning());
        }
    }
    if !findings.bar() {
        let after =
            json!({"digest": digest, "files": carried.files, "bytes": carried.bytes, "missing": carried.missing});
        work.audit(Entry::new(None, "book.files_import", "book").after(after)).await?;
    }
    Ok((carried, findings))
}

/// Keeps a content that has the digest of the book, where it is of the kind that the book says.
async fn keep(
    work: &mut Work,
    file: &Waiting,
    bytes: &[u8],
    carried: &mut Carried,
    findings: &mut Findings,
) -> Result<(), ActionError> {
    if media_of(bytes) != Some(file.media) {
        let wrong = Finding::file("files-kind").with("name", &file.digest).with("kind", file.media.as_str());
        findings.push(wrong);
        return Ok(());
    }
    seal_pieces(work, (file.customer, file.id), bytes).await?;
    carried.files += 1;
    carried.bytes += bytes.len() as u64;
    Ok(())
}

/// Reads the contents that files wait for, each once, and no further than it should be long.
fn read_all(path: &Path, mut sizes: BTreeMap<String, u64>, send: &mpsc::Sender<Read>) {
    let opened = std::fs::File::open(path).ok().and_then(|file| ZipArchive::new(BufReader::new(file)).ok());
    let Some(mut zip) = opened else {
        // Nobody listens any more when the work broke off; that is told there.
        let _ = send.blocking_send(Read::Wrong(Finding::file("files-no-archive")));
        return;
    };
    for at in 0..zip.len() {
        let Some(read) = read_one(&mut zip, at, &mut sizes) else { continue };
        let stop = matches!(read, Read::Wrong(_));
        if send.blocking_send(read).is_err() || stop {
            return;
        }
    }
}

fn read_one(
    zip: &mut ZipArchive<BufReader<std::fs::File>>,
    at: usize,
    sizes: &mut BTreeMap<String, u64>,
) -> Option<Read> {
    let Ok(part) = zip.by_index(at) else { return Some(Read::Wrong(Finding::file("files-no-archive"))) };
    let Ok(name) = part.name().map(std::borrow::Cow::into_owned) else { return Some(Read::Unknown) };
    if name == README || name.ends_with('/') {
        return None;
    }
    let digest = name.strip_prefix(FOLDER).and_then(|bare| bare.split('.').next()).unwrap_or("").to_owned();
    let Some(size) = sizes.remove(&digest) else { return Some(Read::Unknown) };
    if size > MOST {
        return Some(Read::Wrong(Finding::file("files-too-large").with("name", digest).with("limit", MOST >> 20)));
    }
    let mut bytes = Vec::new();
    let read = part.take(size + 1).read_to_end(&mut bytes).is_ok();
    if read && bytes.len() as u64 == size && hex(&Sha256::digest(&bytes)) == digest {
        return Some(Read::Content(digest, bytes));
    }
    Some(Read::Wrong(Finding::file("files-damaged").with("name", digest)))
}
