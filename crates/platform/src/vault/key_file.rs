//! The key file (密钥文件): a few lines of text, readable by its owner only.
//!
//! Version 1 is the key of a new house: its id and the key. Version 2 comes with the first change of the key: the key
//! of the blind index, which stays, and the former keys, which only open; its last line tells damage.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::VaultError;
use super::keys::{Key, Keys, digest};
use crate::hex::hex;

const TITLE: &str = "loanward key file, version 1";
const TITLE_2: &str = "loanward key file, version 2";

/// Writes the file of a new house; an existing one is never overwritten.
pub(super) fn create(path: &Path, keys: &Keys) -> Result<(), VaultError> {
    write_new(path, &text(keys)).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => VaultError::KeyFileExists { path: path.display().to_string() },
        _ => VaultError::KeyFile { path: path.display().to_string(), cause: error.to_string() },
    })
}

/// Puts new keys in the place of the file in one step; the file as it was stays beside it under its key's id.
pub(super) fn replace(path: &Path, keys: &Keys) -> Result<PathBuf, VaultError> {
    let refused = |cause: String| VaultError::KeyFileReadOnly { path: path.display().to_string(), cause };
    let former = std::fs::read_to_string(path).map(Zeroizing::new).map_err(|error| refused(error.to_string()))?;
    let name = parse(&former).map(|keys| keys.current.name()).unwrap_or_default();
    may_write(path).map_err(&refused)?;
    let (beside, fresh) = (path.with_extension(format!("key.{name}")), path.with_extension("key.new"));
    match write_new(&beside, &former) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(refused(error.to_string())),
        Ok(()) | Err(_) => {}
    }
    // What a killed run left behind was never in use.
    let _ = std::fs::remove_file(&fresh);
    let put = write_new(&fresh, &text(keys)).and_then(|()| std::fs::rename(&fresh, path));
    put.map_err(|error| refused(error.to_string()))?;
    if let Some(folder) = path.parent().and_then(|folder| std::fs::File::open(folder).ok()) {
        // The name of the file must outlive a power cut too, where the system can promise it.
        let _ = folder.sync_all();
    }
    Ok(beside)
}

/// Whether the file may be written; asked before anything is begun.
pub(super) fn may_write(path: &Path) -> Result<(), String> {
    let about = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if about.permissions().readonly() {
        return Err("it is marked as read-only".to_owned());
    }
    OpenOptions::new().append(true).open(path).map(drop).map_err(|error| error.to_string())
}

pub(super) fn read(path: &Path) -> Result<Keys, VaultError> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map(Zeroizing::new).map_err(|error| match error.kind() {
        ErrorKind::NotFound => VaultError::KeyFileMissing { path: shown.clone() },
        ErrorKind::InvalidData => VaultError::KeyFileDamaged { path: shown.clone() },
        _ => VaultError::KeyFile { path: shown.clone(), cause: error.to_string() },
    })?;
    parse(&text).ok_or(VaultError::KeyFileDamaged { path: shown })
}

fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn text(keys: &Keys) -> Zeroizing<String> {
    let shown = |key: &[u8; 32]| Zeroizing::new(hex(key));
    let current = &keys.current;
    if keys.old.is_empty() {
        return Zeroizing::new(format!("{TITLE}\nid {}\nkey {}\n", current.name(), *shown(&current.master)));
    }
    let mut text = Zeroizing::new(format!("{TITLE_2}\nid {}\nkey {}\n", current.name(), *shown(&current.master)));
    // Writing to a String cannot fail.
    let _ = writeln!(text, "index {}", *shown(&keys.index));
    for old in &keys.old {
        let _ = writeln!(text, "old {} {}", old.name(), *shown(&old.master));
    }
    let whole = check(&current.master, &text);
    let _ = writeln!(text, "check {whole}");
    text
}

/// Tells whether the lines before it are whole.
fn check(key: &[u8; 32], lines: &str) -> String {
    hex(&digest(key, &[b"loanward key file", lines.as_bytes()])[..8])
}

fn parse(text: &str) -> Option<Keys> {
    let mut lines = text.lines();
    let title = lines.next()?;
    let mut id = [0; 4];
    unhex(lines.next()?.strip_prefix("id ")?, &mut id)?;
    let current = Key::of(id, &*key_of(lines.next()?.strip_prefix("key ")?)?);
    match title {
        TITLE => Some(Keys::first(current)),
        TITLE_2 => {
            let (before, whole) = text.trim_end().rsplit_once("\ncheck ")?;
            if whole != check(&current.master, &format!("{before}\n")) {
                return None;
            }
            let index = key_of(lines.next()?.strip_prefix("index ")?)?;
            let mut old = Vec::new();
            for line in lines.take_while(|line| !line.starts_with("check ")) {
                let (name, key) = line.strip_prefix("old ")?.split_once(' ')?;
                let mut id = [0; 4];
                unhex(name, &mut id)?;
                old.push(Key::of(id, &*key_of(key)?));
            }
            Some(Keys { current, old, index })
        }
        _ => None,
    }
}

fn key_of(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    unhex(text, &mut *key)?;
    Some(key)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_key_file_keeps_former_keys_and_the_index_and_tells_damage() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("house.key");
        let first = Keys::first(Key::random());
        create(&path, &first).unwrap();
        let second = first.changed_to(Key::random());
        let beside = replace(&path, &second).unwrap();
        let third = second.changed_to(Key::random());
        replace(&path, &third).unwrap();
        let read_back = read(&path).unwrap();
        assert_eq!(*read_back.index, *first.index, "look-ups go on");
        let ids: Vec<_> = read_back.all().map(|key| key.id).collect();
        assert_eq!(ids, [third.current.id, second.current.id, first.current.id]);
        assert_eq!(read(&beside).unwrap().current.id, first.current.id, "the file as it was stays");
        let whole = std::fs::read_to_string(&path).unwrap();
        let digit = whole.find("\nindex ").unwrap() + 8;
        let other = if &whole[digit..=digit] == "0" { "1" } else { "0" };
        let damaged = format!("{}{other}{}", &whole[..digit], &whole[digit + 1..]);
        std::fs::write(&path, damaged).unwrap();
        assert!(matches!(read(&path), Err(VaultError::KeyFileDamaged { .. })));
        let mut rights = std::fs::metadata(&path).unwrap().permissions();
        rights.set_readonly(true);
        std::fs::set_permissions(&path, rights).unwrap();
        assert!(may_write(&path).unwrap_err().contains("read-only"));
    }
}
