//! Industries (国民经济行业分类 GB/T 4754-2017): which section a code lies in, and by which group its size is told. Pure.

use std::sync::LazyLock;

/// A stretch of the classification (行业门类或大类).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Industry {
    /// The letter of the section.
    pub section: &'static str,
    /// The group by which enterprises are sized (工信部联企业〔2011〕300号).
    pub group: &'static str,
    /// Its Chinese name.
    pub title_zh: &'static str,
    /// Its English name.
    pub title_en: &'static str,
}

/// First and last code with the industry; longer codes stand before shorter ones that hold them.
static ALL: LazyLock<Vec<(&'static str, &'static str, Industry)>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let cells: Vec<&'static str> = line.split(',').collect();
        let industry = Industry { section: cells[2], group: cells[3], title_zh: cells[4], title_en: cells[5] };
        (cells[0], cells[1], industry)
    };
    include_str!("industries.csv").lines().skip(1).map(row).collect()
});

/// The industry of a code: two to four digits, the letter of the section before them or not.
///
/// Rule `industry.code`. Source: GB/T 4754-2017: section letter, division, group, class.
#[must_use]
pub fn of_code(code: &str) -> Option<Industry> {
    let code = code.trim();
    let digits = code.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letter = &code[..code.len() - digits.len()];
    if !(2..=4).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) || letter.len() > 1 {
        return None;
    }
    let within = |(from, to, _): &&(&str, &str, Industry)| {
        digits.get(..from.len()).is_some_and(|head| *from <= head && head <= *to)
    };
    let (_, _, industry) = ALL.iter().find(within)?;
    (letter.is_empty() || letter == industry.section).then_some(*industry)
}

#[cfg(test)]
mod tests {
    use super::*;

    // S3-24, S3-25
    #[test]
    fn codes_lead_to_section_and_group_or_are_refused() {
        let rows = [
            ("C2110", Some(("C", "industry"))),
            ("5212", Some(("F", "retail"))),
            ("F51", Some(("F", "wholesale"))),
            ("7010", Some(("K", "real_estate_development"))),
            ("702", Some(("K", "property_management"))),
            ("70", Some(("K", "other"))),
            ("65", Some(("I", "software"))),
            ("A2110", None),
            ("98", None),
            ("00", None),
            ("1", None),
            ("21100", None),
            ("CC21", None),
            ("行业", None),
            ("", None),
        ];
        for (code, found) in rows {
            assert_eq!(of_code(code).map(|one| (one.section, one.group)), found, "{code}");
        }
    }
}
