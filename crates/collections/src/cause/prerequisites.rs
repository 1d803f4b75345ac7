//! What a measure needs before it is taken (措施前提), held against what is on record (S2.3-06).

use platform::error::ActionError;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use servicing::loan::store as loans;
use servicing::security::store as securities;

use super::actions::{self, Measure};
use super::store;
use crate::agreement::model::AgreementState;
use crate::agreement::store as agreements;
use crate::case::model::Case;
use crate::case::store as cases;
use crate::inflow::model::{InflowKind, added};
use crate::inflow::store as inflows;
use crate::legal::store as legal;
use crate::obligor::actions as obligors;
use crate::obligor::model::Role;

/// Whether a prerequisite is there (前提是否具备).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// 具备.
    Yes,
    /// 不具备.
    No,
    /// 由系统把关: the contact guard or the enforcement rules hold it, whoever takes the measure.
    Guarded,
}

impl Met {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Guarded => "guarded",
        }
    }

    fn of(there: bool) -> Self {
        if there { Self::Yes } else { Self::No }
    }
}

/// What is on record of a case (前提依据).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OnRecord {
    /// Every loan that is pursued has a penalty rate in its contract.
    pub penalty_agreed: bool,
    /// Money was noted on an account, with its lawful basis.
    pub account_known: bool,
    /// The capacity was assessed.
    pub capacity_assessed: bool,
    /// An agreement was approved.
    pub approved: bool,
    /// Security was added since the case was opened, and stands.
    pub security_added: bool,
    /// An heir's share of the estate is known.
    pub estate_known: bool,
    /// The matter is with legal.
    pub with_legal: bool,
}

/// Whether a measure's limit is kept as far as the record shows (rule `cause.prerequisites`); `None`: it has none.
#[must_use]
pub fn met(limit: &str, record: &OnRecord) -> Option<Met> {
    Some(match limit {
        "contract_and_cap" => Met::of(record.penalty_agreed),
        "lawful_account_access" => Met::of(record.account_known),
        "capacity_evaluation" => Met::of(record.capacity_assessed),
        "approval" => Met::of(record.approved),
        "added_security" => Met::of(record.security_added),
        "estate_value_cap" => Met::of(record.estate_known),
        "legal_only" => Met::of(record.with_legal),
        "obligors_only" | "conduct_limits" | "insolvency_order" => Met::Guarded,
        _ => return None,
    })
}

async fn on_record(work: &mut Work, case: &Case) -> Result<OnRecord, ActionError> {
    let (today, customer) = (work.business_date, case.key.customer);
    let keys = cases::pursued(&mut work.tx, customer).await?;
    let files = loans::load_files(&mut work.tx, &keys).await?;
    let lines = securities::lines_of(&mut work.tx, &keys).await?.into_values().flatten().collect::<Vec<_>>();
    let seen = inflows::of_case(&mut work.tx, case.key).await?;
    let agreed = agreements::of_case(&mut work.tx, case.key).await?;
    let approved = [AgreementState::Approved, AgreementState::Performing, AgreementState::Kept];
    let heirs = obligors::of(work, customer).await?;
    Ok(OnRecord {
        penalty_agreed: !files.is_empty() && files.iter().all(|file| file.terms.overdue.penalty.is_some()),
        account_known: seen.iter().any(|one| one.noted.kind == InflowKind::Account),
        capacity_assessed: store::capacity(&mut work.tx, case.key).await?.is_some(),
        approved: agreed.iter().any(|one| approved.contains(&one.state)),
        security_added: added(&lines, &[], case.opened_on, today).is_some(),
        estate_known: heirs.iter().any(|one| one.role == Role::Heir && one.cap.is_some_and(|cap| cap.0 > 0)),
        with_legal: legal::open_file(&mut work.tx, customer).await?.is_some(),
    })
}

/// The measures that the policy proposes for the cause of a case, each with whether its prerequisite is there (S2.3-06);
/// nothing where no cause was found.
///
/// # Errors
/// The policy lacks the measures; the store's.
pub async fn proposed(work: &mut Work, case: &Case) -> Result<Vec<(Measure, Option<Met>)>, ActionError> {
    let Some(found) = store::of_case(&mut work.tx, case.key).await?.into_iter().next() else { return Ok(Vec::new()) };
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let measures = actions::measures(policy.edition(on), &found.cause).map_err(PolicyError::from)?;
    let record = on_record(work, case).await?;
    let held = |measure: Measure| {
        let met = met(&measure.limit, &record);
        (measure, met)
    };
    Ok(measures.into_iter().map(held).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    // Rule `cause.prerequisites`. S2.3-06: each limit of the policy's measures against what is on record, both sides.
    #[test]
    fn each_limit_looks_at_its_own_record() {
        let nothing = OnRecord::default();
        let rows = [
            ("contract_and_cap", OnRecord { penalty_agreed: true, ..nothing }),
            ("lawful_account_access", OnRecord { account_known: true, ..nothing }),
            ("capacity_evaluation", OnRecord { capacity_assessed: true, ..nothing }),
            ("approval", OnRecord { approved: true, ..nothing }),
            ("added_security", OnRecord { security_added: true, ..nothing }),
            ("estate_value_cap", OnRecord { estate_known: true, ..nothing }),
            ("legal_only", OnRecord { with_legal: true, ..nothing }),
        ];
        for (limit, record) in rows {
            assert_eq!((met(limit, &nothing), met(limit, &record)), (Some(Met::No), Some(Met::Yes)), "{limit}");
            let others = rows.iter().filter(|(other, _)| *other != limit);
            assert!(others.into_iter().all(|(other, _)| met(other, &record) == Some(Met::No)), "{limit}");
        }
        for limit in ["obligors_only", "conduct_limits", "insolvency_order"] {
            assert_eq!(met(limit, &nothing), Some(Met::Guarded), "{limit}");
        }
        assert_eq!(met("none", &nothing), None);
    }
}
