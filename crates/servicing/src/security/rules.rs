//! What kind of security a loan has, from what stands behind it. Pure.

use super::model::{CollateralKind, SecurityKind, SecurityLine};
use crate::loan::model::Security;

/// The kind of security (担保方式) that the lines in force make. Rule `security.kind`.
///
/// A guarantor and a thing, or a mortgage and a pledge, are 组合; nothing at all is 信用.
pub fn kind_of(lines: &[SecurityLine]) -> Security {
    let has = |is: fn(SecurityKind) -> bool| lines.iter().any(|l| l.ended_on.is_none() && is(l.kind));
    let guarantee = has(|kind| matches!(kind, SecurityKind::Guarantee(_)));
    let mortgage = has(|kind| kind == SecurityKind::Collateral(CollateralKind::Mortgage));
    let pledge = has(|kind| kind == SecurityKind::Collateral(CollateralKind::Pledge));
    match (guarantee, mortgage, pledge) {
        (false, false, false) => Security::Credit,
        (true, false, false) => Security::Guarantee,
        (false, true, false) => Security::Mortgage,
        (false, false, true) => Security::Pledge,
        (true, true, _) | (true, false, true) | (false, true, true) => Security::Mixed,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_stands_behind_a_loan_names_its_kind() {
        // `security.kind`
        let line = |kind: &str, ended: bool| SecurityLine {
            id: 1,
            kind: SecurityKind::parse(kind).unwrap(),
            who: "甲".to_owned(),
            owner: None,
            amount: None,
            until: None,
            effective_on: date(2026, 1, 1),
            ended_on: ended.then(|| date(2026, 2, 1)),
            relation: None,
        };
        let rows: [(&[SecurityLine], Security); 7] = [
            (&[], Security::Credit),
            (&[line("joint", false)], Security::Guarantee),
            (&[line("general", false)], Security::Guarantee),
            (&[line("mortgage", false)], Security::Mortgage),
            (&[line("pledge", false)], Security::Pledge),
            (&[line("joint", false), line("pledge", false)], Security::Mixed),
            (&[line("joint", true), line("mortgage", false)], Security::Mortgage),
        ];
        for (lines, kind) in rows {
            assert_eq!(kind_of(lines), kind, "{lines:?}");
        }
    }
}
