//! Amounts in capital Chinese numerals (大写金额).

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];

/// Writes an amount of fen in capital numerals (大写金额), with 人民币 in front.
///
/// Rule: 《正确填写票据和结算凭证的基本规定》 (annex 1 of 《支付结算办法》, 银发〔1997〕393号):
/// - 整 follows an amount that ends at 元, and never 分; after 角 it "can be left out", and is;
/// - a zero or a run of zeros inside the number is one 零;
/// - where 元 or 万 is zero and the digit after it is not, 零 is optional. Of the two published forms this
///   writes the second: 1,680.32 is 壹仟陆佰捌拾元叁角贰分 and 107,000.53 is 壹拾万零柒仟元伍角叁分;
/// - where 角 is zero and 分 is not, 零 follows 元: 325.04 is 叁佰贰拾伍元零肆分;
/// - 10 is 壹拾, not 拾.
///
/// The rule says nothing of zero and of negative amounts (a bill has neither); here they are
/// 人民币零元整 and 人民币负….
///
/// Defined for every `i64`; readable up to 10^16 yuan, beyond which 亿 would count 亿.
///
/// ```
/// assert_eq!(print::capital(1_234_567), "人民币壹万贰仟叁佰肆拾伍元陆角柒分");
/// assert_eq!(print::capital(30_000_000), "人民币叁拾万元整");
/// ```
#[must_use]
pub fn capital(fen: i64) -> String {
    let mut out = String::from("人民币");
    if fen < 0 {
        out.push('负');
    }
    let fen = fen.unsigned_abs();
    let (yuan, jiao, fen) = (fen / 100, digit(fen / 10), digit(fen));
    if yuan > 0 {
        write_whole(&mut out, yuan);
        out.push('元');
    } else if jiao == 0 && fen == 0 {
        out.push_str("零元");
    }
    if jiao > 0 {
        out.push_str(DIGITS[jiao]);
        out.push('角');
    } else if fen > 0 && yuan > 0 {
        out.push('零');
    }
    if fen > 0 {
        out.push_str(DIGITS[fen]);
        out.push('分');
    }
    if jiao == 0 && fen == 0 {
        out.push('整');
    }
    out
}

/// Writes a whole number above zero: 亿 above 万 above the last four digits, each part by the same rule.
fn write_whole(out: &mut String, number: u64) {
    for (unit, name) in [(100_000_000, '亿'), (10_000, '万')] {
        let (high, low) = (number / unit, number % unit);
        if high > 0 {
            write_whole(out, high);
            out.push(name);
            if low > 0 {
                // A gap between the parts is read as one zero: the high part ends in 0, or the low part starts with one.
                if high.is_multiple_of(10) || low < unit / 10 {
                    out.push('零');
                }
                write_whole(out, low);
            }
            return;
        }
    }
    write_four(out, number);
}

/// Writes 1 to 9999.
fn write_four(out: &mut String, number: u64) {
    let mut gap = false;
    let mut begun = false;
    for (unit, name) in [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
        let value = digit(number / unit);
        if value == 0 {
            gap = begun;
            continue;
        }
        if gap {
            out.push('零');
        }
        out.push_str(DIGITS[value]);
        out.push_str(name);
        (gap, begun) = (false, true);
    }
}

/// The last decimal digit.
fn digit(number: u64) -> usize {
    usize::try_from(number % 10).expect("a digit is below ten")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads a capital amount by another way than it is written: every unit multiplies what stands since the
    /// last greater unit.
    fn read(text: &str) -> i64 {
        let rest = text.strip_prefix("人民币").unwrap();
        let (sign, rest) = rest.strip_prefix('负').map_or((1, rest), |rest| (-1, rest));
        let rest = rest.strip_suffix('整').unwrap_or(rest);
        let (whole, parts) = rest.split_once('元').unwrap_or(("", rest));
        let (mut total, mut section, mut digit) = (0_i64, 0_i64, 0_i64);
        for sign in whole.chars() {
            match sign {
                '拾' => (section, digit) = (section + digit * 10, 0),
                '佰' => (section, digit) = (section + digit * 100, 0),
                '仟' => (section, digit) = (section + digit * 1000, 0),
                '万' => (total, section, digit) = (total + (section + digit) * 10_000, 0, 0),
                '亿' => (total, section, digit) = ((total + section + digit) * 100_000_000, 0, 0),
                other => digit = value(other),
            }
        }
        let mut fen = (total + section + digit) * 100;
        for sign in parts.chars() {
            match sign {
                '角' => fen += digit_before(parts, '角') * 10,
                '分' => fen += digit_before(parts, '分'),
                other => assert!(value(other) <= 9),
            }
        }
        sign * fen
    }

    fn value(sign: char) -> i64 {
        "零壹贰叁肆伍陆柒捌玖".chars().position(|known| known == sign).unwrap() as i64
    }

    fn digit_before(text: &str, unit: char) -> i64 {
        let (before, _) = text.split_once(unit).unwrap();
        value(before.chars().next_back().unwrap())
    }

    #[test]
    fn golden_table() {
        for line in include_str!("../tests/golden/capital.txt").lines() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let (fen, expected) = line.split_once('|').unwrap();
            assert_eq!(capital(fen.trim().parse().unwrap()), expected.trim(), "{line}");
        }
    }

    #[test]
    fn the_extremes_do_not_panic() {
        assert!(capital(i64::MIN).starts_with("人民币负"));
        assert!(capital(i64::MAX).ends_with('分'));
    }

    /// Amounts of every length, with many zeros in them.
    fn amounts() -> impl Strategy<Value = i64> {
        let gapped = prop::collection::vec(prop_oneof![3 => Just(0_i64), 2 => 1..10_i64], 1..=15)
            .prop_map(|digits| digits.into_iter().fold(0, |sum, digit| sum * 10 + digit));
        prop_oneof![gapped, -1_000_000_000_000_000..=1_000_000_000_000_000_i64]
    }

    proptest! {
        #[test]
        fn another_reader_reads_the_amount_back(fen in amounts()) {
            prop_assert_eq!(read(&capital(fen)), fen);
        }

        #[test]
        fn zeros_never_double_and_the_end_is_marked(fen in amounts()) {
            let text = capital(fen);
            prop_assert!(!text.contains("零零"), "{}", text);
            prop_assert!(!text.contains("零万") && !text.contains("零亿"), "{}", text);
            prop_assert_eq!(text.ends_with('整'), fen % 100 == 0);
            prop_assert_eq!(text.contains("零元"), fen == 0);
        }
    }
}
