//! Frames (分帧加密): a stream sealed so that a changed, moved, missing or added piece is noticed.
//!
//! Layout: the line `loanward backup 1`, a line of JSON (how the key is found, the salt of the file), a line with the
//! check of the key, then frames: length in four bytes, ciphertext with its tag.
//! The nonce is the frame's number and whether it is the last, after the STREAM construction (Hoang, Reyhanitabar,
//! Rogaway, Vizár 2015); the key belongs to this one file, so no nonce comes twice under it.

use std::io::{self, BufRead, Read, Write};

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::key::KeyNote;
use super::{BackupError, BackupKey};
use crate::hex::hex;
use crate::web::same;

const TITLE: &str = "loanward backup ";
/// The layout that this program writes and reads.
pub(super) const LAYOUT: u32 = 1;
/// Clear bytes of a frame.
const FRAME: usize = 1024 * 1024;
const TAG: usize = 16;
/// The longest line of the head: a stranger's file must not fill the memory.
const LONGEST_LINE: u64 = 4096;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    suite: String,
    salt: String,
    key: KeyNote,
}

/// Writes frames; [`Self::finish`] writes the last one, without which the file counts as cut off.
pub(super) struct SealWriter<W: Write> {
    to: W,
    key: Zeroizing<[u8; 32]>,
    number: u64,
    waiting: Vec<u8>,
}

impl<W: Write> SealWriter<W> {
    /// Writes the head.
    pub(super) fn begin(mut to: W, key: &BackupKey) -> Result<Self, BackupError> {
        let head = Head { suite: "AES-256-GCM".to_owned(), salt: hex(&rand::random::<[u8; 32]>()), key: key.note() };
        let json = serde_json::to_string(&head).map_err(|_| BackupError::Tampered)?;
        let text = format!("{TITLE}{LAYOUT}\n{json}\n");
        let own = key.of_file(&head.key, text.as_bytes())?;
        let written = to.write_all(text.as_bytes()).and_then(|()| writeln!(to, "{}", proof(&own)));
        written.map_err(|error| BackupError::File { path: "backup".to_owned(), cause: error.to_string() })?;
        Ok(Self { to, key: own, number: 0, waiting: Vec::with_capacity(FRAME) })
    }

    fn put(&mut self, last: bool) -> io::Result<()> {
        let clear = std::mem::take(&mut self.waiting);
        let sealed = Aes256Gcm::new(&(*self.key).into())
            .encrypt(&nonce(self.number, last).into(), Payload { msg: &clear, aad: b"" })
            .map_err(|_| io::Error::other("a frame cannot be sealed"))?;
        let length = u32::try_from(sealed.len()).map_err(io::Error::other)?;
        self.to.write_all(&length.to_be_bytes())?;
        self.to.write_all(&sealed)?;
        self.number += 1;
        Ok(())
    }

    /// Writes the last frame.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.put(true)?;
        self.to.flush()?;
        Ok(self.to)
    }
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full frame waits until more comes: only then is it known not to be the last.
        if self.waiting.len() == FRAME {
            self.put(false)?;
        }
        let taken = bytes.len().min(FRAME - self.waiting.len());
        self.waiting.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads frames; what does not hold together is an error that [`broken`] finds again.
pub(super) struct SealReader<R: Read> {
    from: R,
    key: Zeroizing<[u8; 32]>,
    number: u64,
    open: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: BufRead> SealReader<R> {
    /// Reads the head and tries the key.
    pub(super) fn begin(mut from: R, key: &BackupKey, path: &str) -> Result<Self, BackupError> {
        let not_one = || BackupError::NotABackup { path: path.to_owned() };
        let title = line(&mut from).ok_or_else(not_one)?;
        let found: u32 = title.strip_prefix(TITLE).and_then(|n| n.parse().ok()).ok_or_else(not_one)?;
        if found > LAYOUT {
            return Err(BackupError::NewerLayout { found, known: LAYOUT });
        }
        let json = line(&mut from).ok_or(BackupError::Cut)?;
        let check = line(&mut from).ok_or(BackupError::Cut)?;
        let head: Head = serde_json::from_str(&json).map_err(|_| BackupError::Tampered)?;
        let own = key.of_file(&head.key, format!("{title}\n{json}\n").as_bytes())?;
        if !same(&proof(&own), &check) {
            let hint = match head.key {
                KeyNote::Passphrase { .. } => "try the passphrase in use when it was made".to_owned(),
                KeyNote::File { id } => format!("it was sealed with the key file {id}"),
            };
            return Err(BackupError::WrongKey { hint });
        }
        Ok(Self { from, key: own, number: 0, open: Vec::new(), at: 0, ended: false })
    }

    fn next_frame(&mut self) -> Result<(), BackupError> {
        let mut length = [0; 4];
        self.from.read_exact(&mut length).map_err(|_| BackupError::Cut)?;
        let length = u32::from_be_bytes(length) as usize;
        if !(TAG..=FRAME + TAG).contains(&length) {
            return Err(BackupError::Tampered);
        }
        let mut sealed = vec![0; length];
        self.from.read_exact(&mut sealed).map_err(|_| BackupError::Cut)?;
        let cipher = Aes256Gcm::new(&(*self.key).into());
        let open = |last| cipher.decrypt(&nonce(self.number, last).into(), Payload { msg: &sealed, aad: b"" }).ok();
        let (clear, last) = match open(false) {
            Some(clear) => (clear, false),
            None => (open(true).ok_or(BackupError::Tampered)?, true),
        };
        (self.open, self.at, self.ended) = (clear, 0, last);
        self.number += 1;
        let more = self.ended && !matches!(self.from.fill_buf().map(<[u8]>::is_empty), Ok(true));
        if more { Err(BackupError::Tampered) } else { Ok(()) }
    }
}

impl<R: BufRead> Read for SealReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.open.len() {
            if self.ended {
                return Ok(0);
            }
            self.next_frame().map_err(|error| io::Error::other(Broken(matches!(error, BackupError::Cut))))?;
        }
        let taken = into.len().min(self.open.len() - self.at);
        into[..taken].copy_from_slice(&self.open[self.at..self.at + taken]);
        self.at += taken;
        Ok(taken)
    }
}

/// A frame that does not hold, on its way through [`io::Error`].
#[derive(Debug, thiserror::Error)]
#[error("a frame does not hold")]
struct Broken(bool);

/// What a reading error of the stream says: cut off, or changed.
pub(super) fn broken(error: &io::Error) -> BackupError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Broken>()) {
        Some(Broken(true)) => BackupError::Cut,
        Some(Broken(false)) | None => BackupError::Tampered,
    }
}

fn nonce(number: u64, last: bool) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[..8].copy_from_slice(&number.to_be_bytes());
    nonce[11] = u8::from(last);
    nonce
}

fn proof(key: &Zeroizing<[u8; 32]>) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).expect("HMAC takes a key of any length");
    mac.update(b"loanward backup key check");
    hex(&mac.finalize().into_bytes()[..16])
}

fn line(from: &mut impl BufRead) -> Option<String> {
    let mut text = String::new();
    from.by_ref().take(LONGEST_LINE).read_line(&mut text).ok()?;
    text.strip_suffix('\n').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> BackupKey {
        BackupKey::File { id: "00000001".to_owned(), key: Zeroizing::new([7; 32]) }
    }

    fn sealed(clear: &[u8]) -> Vec<u8> {
        let mut writer = SealWriter::begin(Vec::new(), &key()).unwrap();
        writer.write_all(clear).unwrap();
        writer.finish().unwrap()
    }

    fn opened(file: &[u8]) -> Result<Vec<u8>, BackupError> {
        let mut reader = SealReader::begin(file, &key(), "x")?;
        let mut clear = Vec::new();
        reader.read_to_end(&mut clear).map_err(|error| broken(&error))?;
        Ok(clear)
    }

    #[test]
    fn frames_of_every_length_come_back() {
        for length in [0, 1, FRAME, FRAME + 1] {
            let clear = vec![b'x'; length];
            assert_eq!(opened(&sealed(&clear)).unwrap(), clear, "{length}");
        }
    }

    #[test]
    fn frames_cannot_be_dropped_swapped_or_repeated() {
        let clear: Vec<u8> = (0..3 * FRAME).map(|n| (n / FRAME) as u8).collect();
        let file = sealed(&clear);
        let one = 4 + FRAME + TAG;
        let start = file.len() - 3 * one;
        let frame = |n: usize| &file[start + n * one..start + (n + 1) * one];
        let head = &file[..start];
        for order in [&[0, 1][..], &[1, 0, 2], &[0, 2], &[0, 0, 1, 2], &[0, 1, 2, 2], &[2]] {
            let forged: Vec<u8> = order.iter().fold(head.to_vec(), |all, n| [&all, frame(*n)].concat());
            assert!(opened(&forged).is_err(), "{order:?}");
        }
    }

    proptest! {
        #[test]
        fn a_changed_byte_anywhere_never_opens(at in any::<proptest::sample::Index>(), flip in 1_u8..) {
            let mut file = sealed(b"three of the loans are overdue");
            let at = at.index(file.len());
            file[at] ^= flip;
            prop_assert!(opened(&file).is_err());
        }

        #[test]
        fn a_cut_file_never_opens(at in any::<proptest::sample::Index>()) {
            let file = sealed(b"three of the loans are overdue");
            prop_assert!(opened(&file[..at.index(file.len())]).is_err());
        }
    }
}
