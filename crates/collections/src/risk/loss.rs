//! The expected loss (预期损失): exposure × probability of default × loss given default, loan by loan. Pure.

use finance::{Fen, Rounding};
use policy::{Edition, EvalError, Evaluation, Facts, Value};
use servicing::loan::model::LoanId;

/// A whole in parts of a million.
const MILLION: i128 = 1_000_000;

/// What a loan is known by when its loss is estimated (敞口依据).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposed {
    /// The loan.
    pub loan: LoanId,
    /// 借据号.
    pub number: String,
    /// 风险敞口: the principal, and what is overdue besides.
    pub exposure: Fen,
    /// Days overdue.
    pub days: i64,
    /// 五级分类; empty where it has none.
    pub class: String,
    /// 担保方式.
    pub security: String,
}

/// The expected loss of a loan, with what it rests on (单笔预期损失).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanLoss {
    /// The loan.
    pub of: Exposed,
    /// 违约概率, millionths.
    pub pd_ppm: i64,
    /// Its article.
    pub pd_article: String,
    /// 违约损失率, millionths.
    pub lgd_ppm: i64,
    /// Its article.
    pub lgd_article: String,
    /// 预期损失.
    pub loss: Fen,
}

/// The expected loss of a case (预期损失).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loss {
    /// Loan by loan.
    pub loans: Vec<LoanLoss>,
}

impl Loss {
    /// The sum.
    #[must_use]
    pub fn expected(&self) -> Fen {
        Fen::checked_sum(self.loans.iter().map(|one| one.loss)).unwrap_or(Fen(i64::MAX))
    }

    /// What could be lost.
    #[must_use]
    pub fn exposure(&self) -> Fen {
        Fen::checked_sum(self.loans.iter().map(|one| one.of.exposure)).unwrap_or(Fen(i64::MAX))
    }
}

/// Exposure × probability × share lost, rounded once to the fen, a half up (rule `risk.expected-loss`).
#[must_use]
pub fn expected(exposure: Fen, pd_ppm: i64, lgd_ppm: i64) -> Option<Fen> {
    let shares = i128::from(pd_ppm).checked_mul(i128::from(lgd_ppm))?;
    Rounding::HalfUp.divide(i128::from(exposure.0).checked_mul(shares)?, MILLION * MILLION)
}

/// Whether an expected loss lies further from the one of the last rating than the policy's share of that.
#[must_use]
pub fn warns(before: Fen, now: Fen, share_ppm: i64) -> bool {
    let apart = (i128::from(now.0) - i128::from(before.0)).abs();
    apart * MILLION > i128::from(before.0).abs() * i128::from(share_ppm)
}

fn share(found: &Evaluation, name: &str) -> (i64, String) {
    (found.integer(name).unwrap_or_default(), found.articles.first().cloned().unwrap_or_default())
}

/// The expected loss of a loan whose debtor does not pay for a cause, by the tables of the policy; none where it has none.
///
/// # Errors
/// The policy is broken.
pub fn of_loan(edition: &Edition, of: Exposed, cause: Option<&str>) -> Result<Option<LoanLoss>, EvalError> {
    let mut facts = Facts::from([("overdue_days".to_owned(), Value::Integer(of.days.max(0)))]);
    if !of.class.is_empty() {
        facts.insert("asset_class".to_owned(), Value::Text(of.class.clone()));
    }
    if let Some(cause) = cause {
        facts.insert("default_cause".to_owned(), Value::Text(cause.to_owned()));
    }
    let security = Facts::from([("loan_security".to_owned(), Value::Text(of.security.clone()))]);
    let found = edition.decide("overdue_pd", &facts).and_then(|pd| Ok((pd, edition.decide("overdue_lgd", &security)?)));
    let (pd, lgd) = match found {
        Ok(found) => found,
        // Rules from before the tables were written.
        Err(EvalError::UnknownDecision { .. }) => return Ok(None),
        Err(broken) => return Err(broken),
    };
    let ((pd_ppm, pd_article), (lgd_ppm, lgd_article)) = (share(&pd, "pd_ppm"), share(&lgd, "lgd_ppm"));
    let loss = expected(of.exposure, pd_ppm, lgd_ppm).unwrap_or(of.exposure);
    Ok(Some(LoanLoss { of, pd_ppm, pd_article, lgd_ppm, lgd_article, loss }))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Rule `risk.expected-loss`. S4-04
    #[test]
    fn an_expected_loss_is_exact_to_the_fen_and_rounded_once() {
        assert_eq!(expected(Fen(10_000_000), 50_000, 750_000), Some(Fen(375_000)));
        assert_eq!(expected(Fen(1), 500_000, 1_000_000), Some(Fen(1)), "a half goes up");
        assert_eq!(expected(Fen(1), 499_999, 1_000_000), Some(Fen(0)));
        assert_eq!(expected(Fen(3), 500_000, 500_000), Some(Fen(1)), "three quarters, rounded once and not twice");
        assert_eq!(expected(Fen(i64::MAX), 1_000_000, 1_000_000), Some(Fen(i64::MAX)));
    }

    // Rule `duty.loss_warning`. S4-04
    #[test]
    fn a_change_beyond_the_share_warns_in_either_direction() {
        let before = Fen(1_000);
        assert!(!warns(before, Fen(1_200), 200_000), "exactly the share");
        assert!(warns(before, Fen(1_201), 200_000));
        assert!(warns(before, Fen(799), 200_000));
        assert!(!warns(Fen::ZERO, Fen::ZERO, 200_000));
        assert!(warns(Fen::ZERO, Fen(1), 200_000), "from nothing to something");
    }
}
