//! No real person's identity number stands in the project.

use super::{Check, Finding};
use crate::tree::Tree;

pub(super) const CHECK: Check = Check {
    name: "identity",
    why: "a number with a true division and check digit may be somebody's; made-up people use divisions that do not exist",
    run,
};

/// Divisions (行政区划) that begin with 99 do not exist: numbers of made-up people begin with it.
const IMPOSSIBLE: &str = "99";

/// The example printed in GB 11643-1999 itself, which its golden tests cite.
const OF_THE_STANDARD: &str = "11010519491231002X";

/// Weights of GB 11643 for the first 17 digits.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS: &[u8; 11] = b"10X98765432";

fn run(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts().filter(|(p, _)| !p.starts_with("assets/vendor/")) {
        for (index, line) in text.lines().enumerate() {
            let tokens = line.split(|c: char| !c.is_ascii_alphanumeric());
            let possible = |t: &&str| {
                is_identity_number(t) && !t.starts_with(IMPOSSIBLE) && !t.eq_ignore_ascii_case(OF_THE_STANDARD)
            };
            for token in tokens.filter(possible) {
                let message = format!("{}… is a possible identity number: use a division 99xxxx", &token[..6]);
                findings.push(Finding::new(path, index + 1, message));
            }
        }
    }
    findings
}

/// Eighteen characters with a date in their middle and a true check digit.
fn is_identity_number(token: &str) -> bool {
    let bytes = token.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = |range: std::ops::Range<usize>| token[range].parse::<u32>().unwrap_or(0);
    let dated = (1900..2100).contains(&number(6..10))
        && (1..=12).contains(&number(10..12))
        && (1..=31).contains(&number(12..14));
    let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    dated && CHECK_DIGITS.get(sum as usize % 11) == Some(&bytes[17].to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number with this division and a true check digit, put together so that it stands nowhere in the text.
    fn number(division: &str) -> String {
        let first = format!("{division}19900307801");
        let sum: u32 = first.bytes().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
        format!("{first}{}", char::from(CHECK_DIGITS[sum as usize % 11]))
    }

    #[test]
    fn a_possible_number_is_found_one_of_an_impossible_division_is_not() {
        let found = |text: &str| run(&Tree::of(&[("docs/a.md", text)])).len();
        assert_eq!(found(&format!("身份证 {}\n", number("110101"))), 1);
        assert_eq!(found(&format!("身份证 {}\n", number("990101"))), 0);
        assert_eq!(found(&format!("标准的例子 {OF_THE_STANDARD}\n")), 0);
        assert_eq!(found("订单 202601020304050607\n"), 0);
    }

    #[test]
    fn a_false_check_digit_is_nobody() {
        let mut wrong = number("110101");
        let last = wrong.pop().unwrap();
        wrong.push(if last == '1' { '2' } else { '1' });
        assert!(is_identity_number(&number("110101")));
        assert!(!is_identity_number(&wrong));
    }
}
