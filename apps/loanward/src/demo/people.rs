//! The people of the demo book: plainly synthetic. Identity numbers have valid check characters and a
//! division that does not exist (99xxxx); phones begin with 1990000.

use super::chance::Chance;

const SURNAMES: [&str; 24] = [
    "梁", "宋", "许", "蒋", "唐", "顾", "韩", "方", "林", "沈", "陆", "郭", "曹", "邵", "马", "杨", "吴", "周", "郑",
    "冯", "陈", "蔡", "潘", "程",
];
const GIVEN: [&str; 32] = [
    "文博", "建平", "国栋", "海燕", "丽华", "春燕", "志远", "振华", "建新", "国平", "丽萍", "海涛", "晓梅", "伟", "敏",
    "静怡", "旭", "岚", "秀英", "桂兰", "明辉", "永强", "立新", "佳怡", "子涵", "雪松", "庆国", "爱民", "小军", "红霞",
    "志强", "淑珍",
];
const TRADES: [&str; 16] = [
    "五金", "纺织", "包装", "食品", "建材", "模具", "家具", "服饰", "农机", "电器", "物流", "水产", "茶叶", "印刷",
    "塑料", "餐饮",
];
const HOUSES: [&str; 20] = [
    "博远", "禾木", "永固", "启明", "锦程", "泰和", "源野", "恒兴", "瑞丰", "华泰", "宏盛", "万顺", "金穗", "明德",
    "德润", "安和", "顺达", "百川", "同泰", "丰源",
];
const ROADS: [&str; 8] = ["桂花路", "人民路", "滨河路", "中山路", "新华路", "建设路", "柳荫街", "长青街"];

/// A person of the demo book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// 姓名.
    pub name: String,
    /// A resident number of an impossible division.
    pub identity: String,
    /// A mobile number.
    pub phone: String,
    /// 地址.
    pub address: String,
}

/// A company of the demo book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// 名称.
    pub name: String,
    /// A credit code of an impossible division.
    pub identity: String,
    /// The legal representative.
    pub representative: Person,
    /// 地址.
    pub address: String,
}

/// The `number`-th person.
pub fn person(chance: &mut Chance, number: usize) -> Person {
    let name = format!("{}{}", pick(chance, &SURNAMES), pick(chance, &GIVEN));
    let (year, month, day) = (chance.between(1962, 2002), chance.between(1, 12), chance.between(1, 28));
    let base = format!("99{:04}{year:04}{month:02}{day:02}{:03}", 101 + number % 8, number % 1_000);
    Person {
        name,
        identity: format!("{base}{}", resident_check(&base)),
        phone: format!("1990000{:04}", number % 10_000),
        address: address(chance),
    }
}

/// The `number`-th company.
pub fn company(chance: &mut Chance, number: usize) -> Company {
    let (house, trade) = (pick(chance, &HOUSES), pick(chance, &TRADES));
    let base = format!("91990101DEMO{:05}", number % 100_000).replace('O', "0");
    Company {
        name: format!("示例{house}{trade}有限公司{:02}", number % 100),
        identity: format!("{base}{}", credit_check(&base)),
        representative: person(chance, 9_000 + number),
        address: address(chance),
    }
}

fn pick<'a>(chance: &mut Chance, words: &[&'a str]) -> &'a str {
    chance.pick(words).copied().unwrap_or("示例")
}

/// An address that is nowhere.
pub fn address(chance: &mut Chance) -> String {
    format!("示例市{}{}号", pick(chance, &ROADS), chance.between(1, 399))
}

/// The check character of GB 11643-1999.
fn resident_check(base: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = base.chars().zip(WEIGHTS).map(|(c, w)| c.to_digit(10).unwrap_or(0) * w).sum();
    "10X98765432".chars().nth((sum % 11) as usize).unwrap_or('X')
}

/// The check character of GB 32100-2015.
fn credit_check(base: &str) -> char {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let sum: usize = base.chars().zip(WEIGHTS).map(|(c, w)| ALPHABET.find(c).unwrap_or(0) * w).sum();
    ALPHABET.chars().nth((31 - sum % 31) % 31).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use customers::identity::{IdentityKind, IdentityNo};

    use super::*;

    #[test]
    fn every_number_is_valid_in_form_and_of_an_impossible_division() {
        let mut chance = Chance::new(3);
        for number in 0..300 {
            let person = person(&mut chance, number);
            assert!(IdentityNo::parse(IdentityKind::ResidentId, &person.identity).is_ok(), "{}", person.identity);
            assert!(person.identity.starts_with("99"));
            let company = company(&mut chance, number);
            assert!(
                IdentityNo::parse(IdentityKind::SocialCreditCode, &company.identity).is_ok(),
                "{}",
                company.identity
            );
            assert!(company.identity.starts_with("9199"));
        }
    }
}
