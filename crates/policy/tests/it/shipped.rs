//! The packs of the repository, read from disk.

use std::collections::BTreeMap;
use std::path::Path;

use policy::{FactDictionary, Pack};

/// The shipped packs of institutions.
pub(crate) const INSTITUTIONS: [&str; 7] =
    ["microloan", "guarantee", "rural-bank", "bank-sme", "bank-personal", "consumer-finance", "auto-finance"];

pub(crate) fn facts() -> FactDictionary {
    FactDictionary::from_csv("facts.csv", include_str!("../facts.csv")).unwrap()
}

pub(crate) fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    read(&root, "", &mut files);
    files
}

fn read(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            read(&path, &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

pub(crate) fn pack(id: &str) -> Pack {
    Pack::load(&files(), id, &facts()).unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{id}:\n{}", lines.join("\n"));
    })
}

#[test]
fn every_shipped_pack_loads_without_a_problem() {
    for id in INSTITUTIONS {
        let found = policy::json::check(&files(), id, &facts());
        assert_eq!(found["problems"], serde_json::json!([]), "loanward policy check {id}");
        let pack = pack(id);
        assert_eq!(pack.id(), id);
        assert!(pack.change_dates().count() > 5, "{id} has dated rules");
    }
}

// S1-01, S1-02. Rule policy.head
#[test]
fn every_rule_set_says_what_it_is_for_for_whom_and_which_principle_it_serves() {
    let mut served = std::collections::BTreeSet::new();
    for id in INSTITUTIONS {
        for set in pack(id).rule_sets() {
            for (what, title) in [("purpose", &set.purpose), ("scope", &set.scope)] {
                assert!(!title.zh.is_empty() && !title.en.is_empty(), "{id}: {what} of {}", set.pack);
            }
            assert!(!set.principles.is_empty(), "{id}: principles of {}", set.pack);
            served.extend(set.principles.iter().cloned());
        }
    }
    assert_eq!(served.len(), policy::PRINCIPLES.len(), "each of the four is served: {served:?}");
}

// Rule policy.head
#[test]
fn half_a_head_or_a_fifth_principle_is_a_problem() {
    let mut files = files();
    let head = files.get_mut("microloan/pack.csv").unwrap();
    *head = head.lines().filter(|line| !line.starts_with("scope,")).map(|line| format!("{line}\n")).collect();
    *head = head.replace("customer_centred", "growth");
    let problems = Pack::load(&files, "microloan", &facts()).unwrap_err();
    let codes: Vec<&str> = problems.iter().map(policy::Problem::code).collect();
    assert_eq!(codes.len(), 2, "{problems:?}");
}

#[test]
fn a_pack_can_be_shared_between_threads() {
    fn shareable<T: Send + Sync + Clone>(_: &T) {}
    shareable(&pack("microloan"));
}

#[test]
fn the_digest_changes_with_any_file_of_the_stack() {
    let mut files = files();
    let before = pack("microloan").version().digest.clone();
    assert_eq!(before, pack("microloan").version().digest);
    *files.get_mut("law-cn/articles.csv").unwrap() += "\n";
    let after = Pack::load(&files, "microloan", &facts()).unwrap().version().digest.clone();
    assert_ne!(before, after);
    assert_eq!(after.len(), 64);
}
