//! Names of people and companies in one spelling.

use super::text::half_width;

/// The spelling in which names are compared (姓名规范写法): half-width, no spaces between Chinese characters,
/// one middle dot, brackets in one form. Two spellings of one person become equal; two persons do not.
///
/// ```
/// use platform::sheets::values::normalise_name;
/// assert_eq!(normalise_name("欧阳　晓兰"), normalise_name("欧阳晓兰"));
/// assert_eq!(normalise_name("艾力•买买提"), "艾力·买买提");
/// assert_eq!(normalise_name("John  Smith"), "JOHN SMITH");
/// ```
pub fn normalise_name(text: &str) -> String {
    let dotted: String = half_width(text)
        .trim()
        .chars()
        .map(|c| match c {
            '•' | '‧' | '・' | '･' | '●' | '﹒' | '⋅' | '∙' | 'ㆍ' => '·',
            c => c.to_ascii_uppercase(),
        })
        .collect();
    let words: Vec<&str> = dotted.split(' ').filter(|w| !w.is_empty()).collect();
    let mut name = String::new();
    for word in words {
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if latin(name.chars().last()) && latin(word.chars().next()) {
            name.push(' ');
        }
        name.push_str(word);
    }
    // A dot between Chinese names may be typed as a full stop: 艾力.买买提.
    let chinese = |c: char| !c.is_ascii();
    let chars: Vec<char> = name.chars().collect();
    chars
        .iter()
        .enumerate()
        .map(|(at, c)| {
            let between = at > 0 && at + 1 < chars.len() && chinese(chars[at - 1]) && chinese(chars[at + 1]);
            if *c == '.' && between { '·' } else { *c }
        })
        .collect()
}

/// Splits a cell that holds several names or numbers: `施思霞、戚桂云`.
pub fn split_names(text: &str) -> Vec<String> {
    let parts = text.split(['、', '，', ',', ';', '；', '/', '／', '\n', '\r']);
    parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_become_one() {
        for (a, b) in [
            ("欧阳 晓兰", "欧阳晓兰"),
            ("张　三", "张三"),
            ("艾力·买买提", "艾力•买买提"),
            ("艾力.买买提", "艾力·买买提"),
            ("样例（上海）公司", "样例(上海)公司"),
            ("ＡＢＣ公司", "abc公司"),
        ] {
            assert_eq!(normalise_name(a), normalise_name(b), "{a}");
        }
        assert_ne!(normalise_name("张三"), normalise_name("张三丰"));
        assert_eq!(split_names("施思霞、戚桂云"), ["施思霞", "戚桂云"]);
    }
}
