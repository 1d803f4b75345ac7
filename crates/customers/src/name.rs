//! Names as they are looked for: pinyin (拼音) and initials (首字母). Pure.

use pinyin::ToPinyin as _;

use crate::customer::model::CustomerKind;

/// Surnames that are read otherwise than the same character in a word; two-character surnames first.
const SURNAMES: [(&str, &[&str]); 37] = [
    ("万俟", &["mo", "qi"]),
    ("尉迟", &["yu", "chi"]),
    ("长孙", &["zhang", "sun"]),
    ("单于", &["chan", "yu"]),
    ("令狐", &["ling", "hu"]),
    ("澹台", &["tan", "tai"]),
    ("皇甫", &["huang", "fu"]),
    ("宰父", &["zai", "fu"]),
    ("单", &["shan"]),
    ("曾", &["zeng"]),
    ("仇", &["qiu"]),
    ("解", &["xie"]),
    ("查", &["zha"]),
    ("区", &["ou"]),
    ("朴", &["piao"]),
    ("翟", &["zhai"]),
    ("乐", &["yue"]),
    ("盖", &["ge"]),
    ("缪", &["miao"]),
    ("种", &["chong"]),
    ("覃", &["qin"]),
    ("折", &["she"]),
    ("秘", &["bi"]),
    ("冼", &["xian"]),
    ("洗", &["xian"]),
    ("召", &["shao"]),
    ("员", &["yun"]),
    ("尹", &["yin"]),
    ("任", &["ren"]),
    ("华", &["hua"]),
    ("纪", &["ji"]),
    ("车", &["che"]),
    ("柏", &["bai"]),
    ("薄", &["bo"]),
    ("石", &["shi"]),
    ("逄", &["pang"]),
    ("谌", &["chen"]),
];

/// How a name is found without Chinese characters (检索读音).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// `liangwenbo`.
    pub pinyin: String,
    /// `lwb`.
    pub initials: String,
}

impl Reading {
    /// The reading of a name. A person's surname is read as a surname; Latin letters and digits stay,
    /// everything else that has no reading is left out. ü is written v, as it is typed.
    ///
    /// ```
    /// use customers::{CustomerKind, name::Reading};
    /// assert_eq!(Reading::of(CustomerKind::Person, "单雄").pinyin, "shanxiong");
    /// assert_eq!(Reading::of(CustomerKind::Person, "吕布").initials, "lb");
    /// ```
    pub fn of(kind: CustomerKind, name: &str) -> Self {
        let name = platform::sheets::values::normalise_name(name);
        let mut reading = Self::default();
        let rest = match kind {
            CustomerKind::Person => reading.take_surname(&name),
            CustomerKind::Company => &name,
        };
        let mut inside_word = false;
        for c in rest.chars() {
            if let Some(sound) = c.to_pinyin() {
                reading.push(&typed(sound.plain()));
                inside_word = false;
            } else if c.is_ascii_alphanumeric() {
                let letter = c.to_ascii_lowercase();
                reading.pinyin.push(letter);
                if !inside_word {
                    reading.initials.push(letter);
                }
                inside_word = true;
            } else {
                inside_word = false;
            }
        }
        reading
    }

    fn take_surname<'a>(&mut self, name: &'a str) -> &'a str {
        for (surname, sounds) in SURNAMES {
            if let Some(rest) = name.strip_prefix(surname) {
                for sound in sounds {
                    self.push(sound);
                }
                return rest;
            }
        }
        name
    }

    fn push(&mut self, sound: &str) {
        self.pinyin.push_str(sound);
        self.initials.extend(sound.chars().next());
    }
}

/// What somebody types into the search box, in the form of the stored readings; `None` when it is no pinyin.
pub fn typed_reading(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '\'' | '\u{2019}')).collect();
    let letters = plain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, 'ü' | 'Ü'));
    let reading = typed(&plain.to_lowercase());
    (letters && reading.starts_with(|c: char| c.is_ascii_lowercase())).then_some(reading)
}

fn typed(sound: &str) -> String {
    sound.replace('ü', "v")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_are_read_as_surnames_and_only_in_front() {
        let rows = [
            ("梁文博", "liangwenbo", "lwb"),
            ("单雨", "shanyu", "sy"),
            ("曾解", "zengjie", "zj"),
            ("仇英", "qiuying", "qy"),
            ("解放", "xiefang", "xf"),
            ("查良", "zhaliang", "zl"),
            ("尉迟恭", "yuchigong", "ycg"),
            ("吕布", "lvbu", "lb"),
            ("艾力·买买提", "ailimaimaiti", "almmt"),
            ("John  Smith", "johnsmith", "js"),
            ("", "", ""),
            ("<b>!", "b", "b"),
        ];
        for (name, pinyin, initials) in rows {
            let reading = Reading::of(CustomerKind::Person, name);
            assert_eq!((reading.pinyin.as_str(), reading.initials.as_str()), (pinyin, initials), "{name}");
        }
        assert_eq!(Reading::of(CustomerKind::Company, "单县A1五金").pinyin, "danxiana1wujin");
    }

    #[test]
    fn what_is_typed_becomes_a_reading_or_none() {
        let rows = [
            ("Liang Wen", Some("liangwen")),
            ("lü", Some("lv")),
            ("xi'an", Some("xian")),
            ("13", None),
            ("梁", None),
            ("", None),
            ("a%", None),
        ];
        for (typed, reading) in rows {
            assert_eq!(typed_reading(typed).as_deref(), reading, "{typed}");
        }
    }
}
