//! A plan of one's own (自定义还款计划) as it is typed or pasted out of a sheet. Pure.

use finance::{Fen, PlannedInstalment};
use jiff::civil::Date;
use platform::sheets::values::parse_date;
use platform::sheets::{Cell, Value};

use super::model::Reader;

/// Reads one instalment a line: date, principal, and interest where it is agreed; between them a tab, a blank or a
/// semicolon. Empty lines are left out; the first line that cannot be read is told with its number.
///
/// That the plan foots to the principal is the engine's to say (`terms.sum-mismatch`).
pub(super) fn read(reader: &mut Reader<'_>, text: &str) -> Vec<PlannedInstalment> {
    let lines = || text.lines().map(str::trim).zip(1_usize..).filter(|(line, _)| !line.is_empty());
    if lines().next().is_none() {
        reader.complain("plan", "field-empty", "");
    }
    let mut plan = Vec::new();
    for (line, number) in lines() {
        match instalment(line) {
            Some(one) => plan.push(one),
            None => {
                reader.complain("plan", "opening-plan-line", &format!("{number}: {line}"));
                break;
            }
        }
    }
    plan
}

fn instalment(line: &str) -> Option<PlannedInstalment> {
    let mut parts = line.split(['\t', ' ', '\u{3000}', ';', '；']).filter(|part| !part.is_empty());
    let due_on = date(parts.next()?)?;
    let principal = amount(parts.next()?)?;
    let interest = match parts.next() {
        Some(text) => Some(amount(text)?),
        None => None,
    };
    parts.next().is_none().then_some(PlannedInstalment { due_on, principal, interest })
}

/// A date in any form that an import reads.
fn date(text: &str) -> Option<Date> {
    let cell = Cell { column: 1, value: Value::Text(text.into()), formula: None, percent: false };
    parse_date(Some(&cell), false, None).ok()
}

fn amount(text: &str) -> Option<Fen> {
    text.parse::<Fen>().ok().filter(|amount| amount.0 >= 0)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use platform::error::FieldError;

    use super::*;

    fn read_text(text: &str) -> (Vec<PlannedInstalment>, Vec<FieldError>) {
        let mut wrong = Vec::new();
        let plan = read(&mut Reader::new(&mut wrong), text);
        (plan, wrong)
    }

    #[test]
    fn lines_are_read_as_typed_and_as_pasted_out_of_a_sheet() {
        let (plan, wrong) = read_text("2026-12-20 40,000.00\n\n2027/3/20\t60,000\t1,800.00\n");
        let planned = |due_on, principal, interest: Option<i64>| PlannedInstalment {
            due_on,
            principal: Fen(principal),
            interest: interest.map(Fen),
        };
        let expected =
            [planned(date(2026, 12, 20), 4_000_000, None), planned(date(2027, 3, 20), 6_000_000, Some(180_000))];
        assert_eq!((plan.as_slice(), wrong.len()), (expected.as_slice(), 0));
    }

    #[test]
    fn the_first_line_that_is_no_instalment_is_told_with_its_number() {
        for (text, told) in [
            ("2026-12-20 100\n2026-13-20 100", "2: 2026-13-20 100"),
            ("2026-12-20", "1: 2026-12-20"),
            ("2026-12-20 -1", "1: 2026-12-20 -1"),
            ("2026-12-20 1 2 3", "1: 2026-12-20 1 2 3"),
            ("2026-12-20 1 x", "1: 2026-12-20 1 x"),
        ] {
            let (_, wrong) = read_text(text);
            assert_eq!(wrong.len(), 1, "{text}");
            assert_eq!(wrong[0].details, vec![("text", told.to_owned())], "{text}");
        }
        let (_, wrong) = read_text("");
        assert_eq!(wrong.iter().map(|one| one.code).collect::<Vec<_>>(), ["field-empty"], "nothing typed is asked for");
    }
}
