//! The key file (密钥文件): three lines of text, readable by its owner only.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use zeroize::Zeroizing;

use super::VaultError;
use crate::web::hex;

const TITLE: &str = "loanward key file, version 1";

pub(super) fn write(path: &Path, id: [u8; 4], master: &[u8; 32]) -> Result<(), VaultError> {
    let shown = path.display().to_string();
    let text = Zeroizing::new(format!("{TITLE}\nid {}\nkey {}\n", hex(&id), *Zeroizing::new(hex(master))));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let made = options.open(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    made.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => VaultError::KeyFileExists { path: shown },
        _ => VaultError::KeyFile { path: shown, cause: error.to_string() },
    })
}

pub(super) fn read(path: &Path) -> Result<([u8; 4], Zeroizing<[u8; 32]>), VaultError> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map(Zeroizing::new).map_err(|error| match error.kind() {
        ErrorKind::NotFound => VaultError::KeyFileMissing { path: shown.clone() },
        ErrorKind::InvalidData => VaultError::KeyFileDamaged { path: shown.clone() },
        _ => VaultError::KeyFile { path: shown.clone(), cause: error.to_string() },
    })?;
    parse(&text).ok_or(VaultError::KeyFileDamaged { path: shown })
}

fn parse(text: &str) -> Option<([u8; 4], Zeroizing<[u8; 32]>)> {
    let mut lines = text.lines();
    if lines.next()? != TITLE {
        return None;
    }
    let mut id = [0; 4];
    unhex(lines.next()?.strip_prefix("id ")?, &mut id)?;
    let mut key = Zeroizing::new([0; 32]);
    unhex(lines.next()?.strip_prefix("key ")?, &mut *key)?;
    Some((id, key))
}

fn unhex(text: &str, into: &mut [u8]) -> Option<()> {
    if text.len() != into.len() * 2 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in into.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[place * 2..place * 2 + 2], 16).ok()?;
    }
    Some(())
}
