//! Money seen to come in, and the release of proceeds. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::id_type;
use platform::stored_as_text;
use servicing::security::model::SecurityLine;

id_type!(InflowId, "The key of noted money (到账线索) within its customer.");

/// The longest text.
pub(super) const MAX_TEXT: usize = 2_000;

/// What came in (到账种类).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InflowKind {
    /// 账户到账.
    Account,
    /// 处置所得.
    Proceeds,
    /// 同意转用: proceeds may go into a new project.
    Release,
}

impl InflowKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Account, Self::Proceeds, Self::Release];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Proceeds => "proceeds",
            Self::Release => "release",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}
stored_as_text!(InflowKind, "kind of an inflow");

/// What is noted (到账登记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInflow {
    /// What came in; never a release.
    pub kind: InflowKind,
    /// How much.
    pub amount: Fen,
    /// When it was seen.
    pub on: Date,
    /// By what it is lawfully known.
    pub basis: String,
    /// More of it.
    pub words: String,
}

/// Noted money as kept (到账线索).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inflow {
    /// Its key.
    pub id: InflowId,
    /// What was noted.
    pub noted: NewInflow,
    /// Of a release: which proceeds.
    pub releases: Option<InflowId>,
    /// Of a release: the security that was added for it.
    pub security: Option<i64>,
    /// By whom it was recorded.
    pub by: i64,
    /// The name.
    pub by_name: String,
}

/// Why money is not noted or not released (到账拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InflowError {
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
    /// There are no such proceeds, or they were released before.
    #[error("no such proceeds")]
    NoProceeds,
    /// Whoever noted them does not release them.
    #[error("the own note")]
    Own,
    /// No security was added since.
    #[error("no security was added")]
    NoSecurity,
}

impl Refusal for InflowError {
    fn refused(&self) -> Refused {
        let conflict = |code, rule| Refused::new(RefusalKind::Conflict, code).under(rule, None);
        match self {
            Self::Form(fields) => Refused::form(fields.clone()),
            Self::NoProceeds => conflict("inflow-no-proceeds", "inflow.release"),
            Self::Own => conflict("inflow-own", "inflow.second"),
            Self::NoSecurity => conflict("inflow-no-security", "inflow.release"),
        }
    }
}

/// What is wrong with a note, all at once. Rule `inflow.lawful`: money is noted with its amount, a day that is not to come and
/// the lawful basis on which it is known.
#[must_use]
pub fn check(new: &NewInflow, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if new.kind == InflowKind::Release {
        wrong.push(FieldError::new("inflow_kind", "choice-invalid"));
    }
    if new.amount <= Fen::ZERO {
        wrong.push(FieldError::new("inflow_amount", "amount-unreadable").with("text", new.amount));
    }
    if new.on > today {
        wrong.push(FieldError::new("inflow_on", "limitation-future").with("date", today));
    }
    if new.basis.trim().is_empty() {
        wrong.push(FieldError::new("inflow_basis", "field-empty"));
    }
    for (field, text) in [("inflow_basis", &new.basis), ("inflow_words", &new.words)] {
        if text.chars().count() > MAX_TEXT {
            wrong.push(FieldError::new(field, "contact-too-long").with("max", MAX_TEXT));
        }
    }
    wrong
}

/// The security that was added since the proceeds were seen, stands today and let no other proceeds go before (rule
/// `inflow.release`, S2.3-13): without one they go to the loan.
#[must_use]
pub fn added<'a>(lines: &'a [SecurityLine], used: &[i64], since: Date, today: Date) -> Option<&'a SecurityLine> {
    let stands = |line: &SecurityLine| line.ended_on.is_none_or(|ended| ended > today);
    lines.iter().find(|line| line.effective_on >= since && stands(line) && !used.contains(&line.id))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use servicing::security::model::{CollateralKind, SecurityKind};

    use super::*;

    const TODAY: Date = date(2026, 11, 23);

    // Rule `inflow.release`. S2.3-13
    #[test]
    fn only_security_added_since_lets_proceeds_go_elsewhere() {
        let line = |id, effective_on, ended_on| SecurityLine {
            id,
            kind: SecurityKind::Collateral(CollateralKind::Mortgage),
            who: "商铺".to_owned(),
            owner: None,
            amount: None,
            until: None,
            effective_on,
            ended_on,
            relation: None,
        };
        let seen = date(2026, 11, 20);
        let found = |lines: &[SecurityLine]| added(lines, &[7], seen, TODAY).map(|line| line.id);
        assert_eq!(found(&[line(1, date(2026, 11, 19), None)]), None, "it stood before");
        assert_eq!(found(&[line(2, date(2026, 11, 21), Some(TODAY))]), None, "it was released again");
        assert_eq!(found(&[line(7, seen, None)]), None, "an earlier release used it");
        assert_eq!(found(&[line(1, date(2026, 11, 19), None), line(3, seen, None)]), Some(3));
    }

    // Rule `inflow.lawful`. S2.3-09
    #[test]
    fn money_is_noted_with_its_amount_its_day_and_a_lawful_basis() {
        let good = NewInflow {
            kind: InflowKind::Account,
            amount: Fen(5_000_000),
            on: TODAY,
            basis: "本行账户，合同约定监管".to_owned(),
            words: String::new(),
        };
        let wrong = |new: &NewInflow| check(new, TODAY).iter().map(|one| one.field).collect::<Vec<_>>();
        assert_eq!(wrong(&good), [""; 0]);
        let bad = NewInflow {
            kind: InflowKind::Release,
            amount: Fen::ZERO,
            on: date(2026, 11, 24),
            basis: " ".to_owned(),
            words: "长".repeat(MAX_TEXT + 1),
        };
        assert_eq!(wrong(&bad), ["inflow_kind", "inflow_amount", "inflow_on", "inflow_basis", "inflow_words"]);
    }
}
