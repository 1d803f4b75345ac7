//! The words of the trade as data: headings by role and field, and words that stand in cells.

use std::collections::HashMap;
use std::sync::OnceLock;

use platform::sheets::values::squeeze;

use super::field::{Field, Role};

/// Headings and words (词表), read once from `synonyms.csv` and `words.csv`.
pub(super) struct Vocabulary {
    headings: HashMap<Role, Vec<(String, Option<Field>)>>,
    words: HashMap<String, Vec<(String, String)>>,
}

/// How sure a heading is recognised: exactly, or as part of a longer one.
pub(super) const EXACT: u8 = 100;
pub(super) const PARTLY: u8 = 60;

impl Vocabulary {
    /// The vocabulary that ships with the program.
    pub(super) fn shipped() -> &'static Vocabulary {
        static SHIPPED: OnceLock<Vocabulary> = OnceLock::new();
        SHIPPED.get_or_init(|| Vocabulary::parse(include_str!("synonyms.csv"), include_str!("words.csv")))
    }

    fn parse(synonyms: &str, words: &str) -> Vocabulary {
        let mut headings: HashMap<Role, Vec<(String, Option<Field>)>> = HashMap::new();
        for [role, field, heading] in lines(synonyms) {
            let role = Role::DATA.iter().copied().find(|r| r.code() == role);
            let field = Field::ALL.iter().copied().find(|f| f.code() == field);
            // `-` is a heading that is known and not imported, so that it is not taken for a part of another.
            if let Some(role) = role {
                headings.entry(role).or_default().push((heading_key(heading), field));
            }
        }
        let mut by_kind: HashMap<String, Vec<(String, String)>> = HashMap::new();
        for [kind, value, text] in lines(words) {
            by_kind.entry(kind.to_owned()).or_default().push((word_key(text), value.to_owned()));
        }
        for list in by_kind.values_mut() {
            // Longest first, so that 核销后收回 is not taken for 核销.
            list.sort_by_key(|(text, _)| std::cmp::Reverse(text.chars().count()));
        }
        Vocabulary { headings, words: by_kind }
    }

    /// The field that a heading names on a sheet of this role.
    pub(super) fn field(&self, role: Role, heading: &str) -> Option<(Field, u8)> {
        let key = heading_key(heading);
        let list = self.headings.get(&role)?;
        if let Some((_, field)) = list.iter().find(|(text, _)| *text == key) {
            return field.map(|field| (field, EXACT));
        }
        let inside = list.iter().filter(|(text, _)| text.chars().count() >= 2 && key.contains(text.as_str()));
        inside.max_by_key(|(text, _)| text.chars().count()).and_then(|(_, field)| field.map(|field| (field, PARTLY)))
    }

    /// The value of a word that is the whole cell, or else is part of it.
    pub(super) fn value(&self, kind: &str, text: &str) -> Option<&str> {
        self.whole(kind, text).or_else(|| {
            let key = word_key(text);
            self.words.get(kind)?.iter().find(|(word, _)| key.contains(word.as_str())).map(|(_, value)| value.as_str())
        })
    }

    /// The value of a word that is the whole cell.
    pub(super) fn whole(&self, kind: &str, text: &str) -> Option<&str> {
        let key = word_key(text);
        self.words.get(kind)?.iter().find(|(word, _)| *word == key).map(|(_, value)| value.as_str())
    }

    /// Whether a text begins with a word of this kind.
    pub(super) fn begins(&self, kind: &str, text: &str) -> bool {
        let key = word_key(text);
        self.words.get(kind).is_some_and(|list| list.iter().any(|(word, _)| key.starts_with(word.as_str())))
    }

    /// Whether a text ends with a word of this kind.
    pub(super) fn ends(&self, kind: &str, text: &str) -> bool {
        let key = word_key(text);
        self.words.get(kind).is_some_and(|list| list.iter().any(|(word, _)| key.ends_with(word.as_str())))
    }
}

/// The rows of a three-column list without quotes; a comma after the second belongs to the text.
fn lines(text: &str) -> impl Iterator<Item = [&str; 3]> {
    text.lines().skip(1).filter_map(|line| {
        let mut parts = line.splitn(3, ',');
        Some([parts.next()?, parts.next()?, parts.next()?])
    })
}

/// A heading without spaces, stars, units and brackets around units.
pub(super) fn heading_key(heading: &str) -> String {
    let text = squeeze(heading).to_lowercase();
    let text = text.strip_prefix("其中:").or_else(|| text.strip_prefix("其中")).unwrap_or(&text).to_owned();
    let mut out = String::new();
    let mut inside = String::new();
    let mut depth = 0u32;
    for c in text.chars() {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    if !is_unit(&inside) {
                        out.push_str(&inside);
                    }
                    inside.clear();
                }
            }
            '*' | ':' | '%' | '‰' | '‱' => {}
            c if depth > 0 => inside.push(c),
            c => out.push(c),
        }
    }
    out.push_str(&inside);
    out
}

fn is_unit(text: &str) -> bool {
    let units = [
        "元",
        "万元",
        "千元",
        "亿元",
        "分",
        "月",
        "年",
        "天",
        "期",
        "厘",
        "必填",
        "选填",
        "人民币",
        "单位元",
        "单位万元",
    ];
    text.is_empty() || units.contains(&text)
}

fn word_key(text: &str) -> String {
    squeeze(text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_recognised_with_units_stars_and_brackets() {
        let v = Vocabulary::shipped();
        for (role, heading, field) in [
            (Role::Loans, "贷款金额(万元)", Field::Principal),
            (Role::Loans, " 贷 款 金 额（元）*", Field::Principal),
            (Role::Loans, "剩余本金(元)", Field::Balance),
            (Role::Loans, "月利率‰", Field::Rate),
            (Role::Loans, "保证人身份证号", Field::GuarantorId),
            (Role::Loans, "抵押物评估价(元)", Field::CollateralValue),
            (Role::Loans, "Loan No", Field::LoanNo),
            (Role::Repayments, "其中：本金", Field::PaidPrincipal),
            (Role::Security, "保证人/抵押人", Field::Guarantor),
        ] {
            assert_eq!(v.field(role, heading), Some((field, EXACT)), "{heading}");
        }
        assert_eq!(v.field(Role::Loans, "2024年贷款金额合计数"), Some((Field::Principal, PARTLY)));
        assert_eq!(v.field(Role::Loans, "客户经理工号"), None);
        assert_eq!(v.field(Role::Loans, "星座"), None);
    }

    #[test]
    fn every_line_of_the_lists_names_a_known_role_and_field() {
        for [role, field, heading] in lines(include_str!("synonyms.csv")) {
            assert!(Role::DATA.iter().any(|r| r.code() == role), "{role}");
            assert!(field == "-" || Field::ALL.iter().any(|f| f.code() == field), "{field}");
            assert!(!heading.is_empty());
        }
    }

    #[test]
    fn the_longest_word_wins() {
        let v = Vocabulary::shipped();
        assert_eq!(v.value("transaction", "核销后收回款"), Some("recovery"));
        assert_eq!(v.value("method", "利随本清（到期本息一次付清）"), Some("bullet"));
        assert_eq!(v.value("method", "按月付息，到期还本"), Some("interest_only"));
        assert_eq!(v.value("method", "见合同"), None);
        assert_eq!(v.whole("nothing", " － "), Some("nothing"));
    }
}
