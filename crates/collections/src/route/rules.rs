//! Which way follows which security, and what it waits for. Pure.

use jiff::civil::Date;
use policy::{Edition, EvalError, Facts, Value};
use servicing::security::model::{CollateralKind, GuaranteeKind, SecurityKind, SecurityLine};

use super::model::Waits;
use crate::legal::model::MeansKind;

/// The route on which the debtor is sued before the guarantor is asked.
const DEBTOR_FIRST: &str = "debtor_first";
/// The route that follows the cause of the default, where nothing stands behind the loan.
pub const BY_CAUSE: &str = "by_cause";
/// The kind of a loan behind which nothing stands.
pub const CREDIT: &str = "credit";

/// How the policy names a kind of security.
#[must_use]
pub fn kind_of(kind: SecurityKind) -> &'static str {
    match kind {
        SecurityKind::Guarantee(GuaranteeKind::Joint) => "joint_guarantee",
        SecurityKind::Guarantee(GuaranteeKind::General) => "general_guarantee",
        SecurityKind::Collateral(CollateralKind::Mortgage) => "mortgage",
        SecurityKind::Collateral(CollateralKind::Pledge) => "pledge",
    }
}

/// The securities that stand on a day (rule `route.security`): what was released gives no way.
#[must_use]
pub fn standing(lines: &[SecurityLine], on: Date) -> Vec<&SecurityLine> {
    lines.iter().filter(|line| line.ended_on.is_none_or(|ended| ended > on)).collect()
}

/// The route of the policy for a kind of security, with its article (rule `cause.route`, S2.3-04).
///
/// # Errors
/// The policy lacks it.
pub fn route(edition: &Edition, kind: &str) -> Result<(String, String), EvalError> {
    let facts = Facts::from([("security_kind".to_owned(), Value::Text(kind.to_owned()))]);
    let found = edition.decide("recovery_route", &facts)?;
    let article = found.articles.first().cloned().unwrap_or_default();
    Ok((found.text("recovery_route").unwrap_or_default().to_owned(), article))
}

/// What a route waits for (rule `route.debtor-first`, Civil Code Art. 687): a general guarantor may refuse until the debtor
/// was sued or brought before arbitrators and what can be enforced is not enough. `taken`: the means of the loan, and
/// whether each has ended.
#[must_use]
pub fn waits(route: &str, taken: &[(MeansKind, bool)]) -> Waits {
    if route != DEBTOR_FIRST || taken.contains(&(MeansKind::Enforcement, true)) {
        return Waits::Nothing;
    }
    let sued = |(kind, _): &(MeansKind, bool)| matches!(kind, MeansKind::Suit | MeansKind::Arbitration);
    if taken.iter().any(sued) { Waits::Enforcement } else { Waits::Suit }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    // Rule `route.debtor-first`. S2.3-04: a general guarantor waits for the suit against the debtor and its enforcement.
    #[test]
    fn a_general_guarantor_waits_until_enforcement_against_the_debtor_has_ended() {
        let of = |taken: &[(MeansKind, bool)]| waits(DEBTOR_FIRST, taken);
        assert_eq!(of(&[]), Waits::Suit);
        assert_eq!(of(&[(MeansKind::LawyersLetter, true), (MeansKind::Preservation, false)]), Waits::Suit);
        assert_eq!(of(&[(MeansKind::Suit, true)]), Waits::Enforcement);
        assert_eq!(of(&[(MeansKind::Arbitration, true), (MeansKind::Enforcement, false)]), Waits::Enforcement);
        assert_eq!(of(&[(MeansKind::Suit, true), (MeansKind::Enforcement, true)]), Waits::Nothing);
        assert_eq!(waits("guarantor_at_once", &[]), Waits::Nothing, "who answers jointly is asked at once");
    }

    // Rule `route.security`. S2.3-04
    #[test]
    fn what_was_released_gives_no_way() {
        let line = |id, ended_on| SecurityLine {
            id,
            kind: SecurityKind::Collateral(CollateralKind::Mortgage),
            who: "商铺".to_owned(),
            owner: None,
            amount: None,
            until: None,
            effective_on: date(2026, 1, 1),
            ended_on,
            relation: None,
        };
        let lines = [line(1, None), line(2, Some(date(2026, 11, 23))), line(3, Some(date(2026, 11, 24)))];
        let found: Vec<i64> = standing(&lines, date(2026, 11, 23)).iter().map(|line| line.id).collect();
        assert_eq!(found, [1, 3]);
        assert_eq!(SecurityKind::ALL.map(kind_of), ["joint_guarantee", "general_guarantee", "mortgage", "pledge"]);
    }
}
