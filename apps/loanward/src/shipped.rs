//! What ships with the program (随附数据): policy packs, the calendar, the LPR, embedded at build time.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use platform::first_run::{Rehearsal, Supplies};

use crate::failure::Failure;

/// The folder `packs/` of the project.
#[derive(rust_embed::RustEmbed)]
#[folder = "../../packs"]
struct Files;

/// Where the lists of rest days and of LPR publications stand.
const CALENDAR: &str = "calendar/";

/// The texts of all shipped policy packs by path: `microloan/pack.csv`.
pub fn packs() -> BTreeMap<String, String> {
    Files::iter()
        .filter(|path| !path.starts_with(CALENDAR))
        .filter_map(|path| Some((path.to_string(), text(&path)?)))
        .collect()
}

/// The rest days and make-up working days that ship with the program.
pub fn rest_days() -> String {
    text("calendar/holidays.csv").unwrap_or_default()
}

/// The publications of the LPR that ship with the program.
pub fn lpr() -> String {
    text("calendar/lpr.csv").unwrap_or_default()
}

/// What an institution is set up with in the browser.
pub fn supplies(key_file: &Path, rehearsal: Option<Arc<dyn Rehearsal>>) -> Supplies {
    let key_file = key_file.canonicalize().unwrap_or_else(|_| key_file.to_owned()).display().to_string();
    Supplies { rest_days: rest_days(), lpr: lpr(), key_file, rehearsal }
}

fn text(path: &str) -> Option<String> {
    String::from_utf8(Files::get(path)?.data.into_owned()).ok()
}

/// The packs that can be chosen: those with a `pack.csv`.
pub fn names(files: &BTreeMap<String, String>) -> Vec<&str> {
    files.keys().filter_map(|path| path.strip_suffix("/pack.csv")).collect()
}

/// A pack in a folder of the user's, with the packs beside it and, below them, the shipped ones; and its id.
pub fn folder(folder: &Path) -> Result<(BTreeMap<String, String>, String), Failure> {
    let unreadable = |error: std::io::Error| Failure::Input(format!("{}: {error}", folder.display()));
    let real = folder.canonicalize().map_err(unreadable)?;
    let name = real.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    let around = real.parent().unwrap_or(&real).to_owned();
    if !real.join("pack.csv").is_file() {
        return Err(Failure::Input(format!("{} holds no pack.csv: it is not a policy pack", folder.display())));
    }
    let mut files = packs();
    for entry in std::fs::read_dir(&around).map_err(unreadable)?.flatten() {
        let beside = entry.path();
        let Some(id) = beside.file_name().and_then(|name| name.to_str()).map(str::to_owned) else { continue };
        if beside.join("pack.csv").is_file() {
            files.retain(|path, _| !path.starts_with(&format!("{id}/")));
            read(&beside, &id, &mut files)?;
        }
    }
    Ok((files, name))
}

fn read(folder: &Path, prefix: &str, into: &mut BTreeMap<String, String>) -> Result<(), Failure> {
    let unreadable =
        |path: &Path, error: &dyn std::fmt::Display| Failure::Input(format!("{}: {error}", path.display()));
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            read(&path, &format!("{prefix}/{name}"), into)?;
        } else if name.ends_with(".csv") || name.ends_with(".txt") {
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
            into.insert(format!("{prefix}/{name}"), text);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_carries_its_packs_and_its_calendar() {
        let packs = packs();
        for pack in [
            "microloan",
            "guarantee",
            "rural-bank",
            "bank-sme",
            "bank-personal",
            "consumer-finance",
            "auto-finance",
            "common",
            "law-cn",
        ] {
            assert!(names(&packs).contains(&pack), "{pack}");
        }
        assert!(packs.contains_key("microloan/tables/asset_class.csv"));
        assert!(rest_days().contains("2026-10-01,holiday"));
        assert!(lpr().starts_with("date,lpr1y,lpr5y"));
    }

    #[test]
    fn a_pack_of_ones_own_stands_before_the_shipped_one_of_the_same_name() {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join("mine")).unwrap();
        std::fs::create_dir(place.path().join("common")).unwrap();
        std::fs::write(place.path().join("mine/pack.csv"), "id,mine\n").unwrap();
        std::fs::write(place.path().join("common/pack.csv"), "id,common\n").unwrap();
        let (files, name) = folder(&place.path().join("mine")).unwrap();
        assert_eq!((name.as_str(), files["mine/pack.csv"].as_str()), ("mine", "id,mine\n"));
        assert!(!files.contains_key("common/roles.csv"), "the folder's pack replaces the shipped one whole");
        assert!(files.contains_key("law-cn/pack.csv"));
        assert_eq!(folder(place.path()).unwrap_err().code(), 2);
    }
}
