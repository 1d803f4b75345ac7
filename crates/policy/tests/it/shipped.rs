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

// S1-02. Rule policy.head
#[test]
fn every_shipped_table_names_the_principles_that_its_rules_serve() {
    let mut served = std::collections::BTreeSet::new();
    for id in INSTITUTIONS {
        for (_, sheet) in pack(id).tables() {
            assert!(!sheet.principles.is_empty(), "{id}: principles of {}", sheet.file);
            assert!(sheet.principles.iter().all(|one| policy::PRINCIPLES.contains(&one.as_str())), "{}", sheet.file);
            served.extend(sheet.principles.iter().cloned());
        }
    }
    assert_eq!(served.len(), policy::PRINCIPLES.len(), "each of the four is served by a table: {served:?}");
    let mut files = files();
    let table = files.get_mut("common/tables/lending_stop.csv").unwrap();
    *table = table.replacen("principles,risk_controllable|compliance", "principles,growth", 1);
    let problems = Pack::load(&files, "microloan", &facts()).unwrap_err();
    let codes: Vec<&str> = problems.iter().map(policy::Problem::code).collect();
    assert_eq!(codes, ["not_allowed"], "{problems:?}");
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

/// What a part of a shipped pack says of itself.
fn part(institution: &str, id: &str) -> policy::RuleSet {
    pack(institution).rule_sets().iter().find(|set| set.pack == id).unwrap().clone()
}

fn zh(titles: &[policy::Title]) -> String {
    titles.iter().map(|title| format!("{}\n", title.zh)).collect()
}

// S5.1-01, S5.2-01, S3-14, S5.8-01. Rule policy.head
#[test]
fn a_rule_set_keeps_its_own_scope_principles_and_basis() {
    let layers = part("bank-personal", "layers");
    assert_eq!(layers.scope.zh, "个人客户的风险评估与分层");
    for word in ["风险导向", "公平公正", "分类服务", "依法合规"] {
        assert!(zh(&layers.further.tenets).contains(word), "{word}");
    }
    assert_eq!(part("consumer-finance", "template-class").scope.zh, "个人消费、教育、医疗等消费类贷款");
    let sorting = part("guarantee", "guarantee-sorting").further;
    for word in ["性质、行业、规模与信用", "重点监控高风险", "差异化服务", "数据驱动"] {
        assert!(zh(&sorting.tenets).contains(word), "{word}");
    }
    let classes = part("consumer-finance", "customer-class");
    assert!(classes.scope.zh.contains("各分支机构") && classes.scope.zh.contains("自然人"), "{}", classes.scope.zh);
    assert_eq!(classes.further.tenets.len(), 4);
    for law in ["商业银行法", "合同法", "担保法", "物权法", "贷款通则", "个人贷款管理暂行办法》（2024年7月1日起由"]
    {
        assert!(zh(&classes.further.bases).contains(law), "{law}");
    }
    for set in [layers, classes] {
        assert!(set.further.tenets.iter().chain(&set.further.bases).all(|one| !one.en.is_empty()), "{}", set.pack);
    }
}

// S5.7-08, S2.16-01. Rule policy.head
#[test]
fn chapters_whose_text_was_not_handed_down_are_named_as_missing() {
    let score = part("bank-personal", "consumer-score").further;
    for basis in ["担保法", "关于开展个人消费信贷的指导意见", "（试行）"] {
        assert!(zh(&score.bases).contains(basis), "{basis}");
    }
    let missing: Vec<&str> = score.chapters.iter().filter(|one| one.1).map(|one| one.0.en.as_str()).collect();
    assert_eq!(missing, ["Guarantee", "Term, rate and amount", "Procedure", "Management", "Penalties", "Annex"]);
    let small = part("bank-sme", "sme-customers");
    assert!(small.scope.zh.contains("首次用信起") && small.scope.zh.contains("全部结清止"), "{}", small.scope.zh);
    assert_eq!(small.further.chapters.len(), 14);
}

// S5.2-07. Rule policy.precedence
#[test]
fn a_part_that_prevails_stands_over_the_other_parts_and_never_over_the_law() {
    let head = part("consumer-finance", "template-class").further;
    assert!(head.trial && head.prevails);
    assert_eq!(head.interpreter.zh, "财务部门");
    let probe = |value: i64| format!("probe_count,count 0..,{value},,,house.products,house,,探针,Probe\n");
    let mut files = files();
    // Named before the other part, it would give way to it.
    *files.get_mut("template-class/parameters.csv").unwrap() += &probe(1);
    *files.get_mut("customer-class/parameters.csv").unwrap() += &probe(2);
    let on = jiff::civil::date(2026, 8, 1);
    let value = |files: &BTreeMap<String, String>| {
        Pack::load(files, "consumer-finance", &facts()).unwrap().on(on).integer("probe_count").unwrap()
    };
    assert_eq!(value(&files), 1);
    let mut plain = files.clone();
    let head = plain.get_mut("template-class/pack.csv").unwrap();
    *head = head.replace("precedence,prevails,\n", "");
    assert_eq!(value(&plain), 2, "without the line the later part holds");
    let loose = "recording_retention_years,years 0..,1,2026-01-01,,house.products,house,,录音,Rec\n";
    *files.get_mut("template-class/parameters.csv").unwrap() += loose;
    let problems = Pack::load(&files, "consumer-finance", &facts()).unwrap_err();
    assert_eq!(problems[0].code(), "looser_than_law");
    // The house's own pack does not lift itself over its later layers.
    let mut proud = self::files();
    *proud.get_mut("microloan/pack.csv").unwrap() += "precedence,prevails,\n";
    assert!(Pack::load(&proud, "microloan", &facts()).is_err());
}
