//! A datum of a customer's file: what was stated, from where, on what ground, and whether it was verified. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use jiff::civil::Date;
use platform::id::UserId;
use platform::id_type;

use super::item::Item;

id_type!(DatumId, "The key of a datum within a customer's file (资料项记录).");

pub(crate) use platform::words;

words! {
    /// By which way a datum came (来源途径), S1-16.
    Route, "route of a datum":
    /// The customer's own forms and papers (客户提供).
    Customer = "customer",
    /// Found out by call, visit or enquiry (核实取得).
    Verification = "verification",
    /// Shared by a partner (合作机构共享).
    Partner = "partner",
    /// From a credit bureau (征信机构).
    Bureau = "bureau",
    /// Publicly available (公开信息).
    Public = "public",
}

words! {
    /// On what ground a datum is held (处理依据), 个人信息保护法 第十三条.
    Basis, "basis of a datum":
    /// Needed for the contract that the customer wants (订立、履行合同所必需).
    Contract = "contract",
    /// The person's consent (本人同意).
    Consent = "consent",
    /// A statutory duty (法定职责或义务).
    Law = "law",
    /// Lawfully made public (依法公开).
    Public = "public",
}

words! {
    /// How a datum was verified (核实方式), S1-16 (b).
    Way, "way of a verification":
    /// By telephone (电话).
    Phone = "phone",
    /// On the spot (实地).
    Visit = "visit",
    /// By asking an institution (机构查询).
    Enquiry = "enquiry",
    /// Against a paper (核对原件).
    Document = "document",
}

words! {
    /// What a verification found (核实结果).
    Finding, "finding of a verification":
    /// It is so (属实).
    Confirmed = "confirmed",
    /// It is not so (不符): the datum no longer counts.
    Contradicted = "contradicted",
}

/// A verification of a datum (核实记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The datum.
    pub datum: DatumId,
    /// How.
    pub way: Way,
    /// What was found.
    pub finding: Finding,
    /// When.
    pub on: Date,
    /// What was said or seen.
    pub note: String,
    /// By whom.
    pub by: UserId,
}

/// A datum as it is kept (资料项记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datum {
    /// The key within the file.
    pub id: DatumId,
    /// What it is.
    pub item: &'static Item,
    /// The value as text; `None`: withdrawn.
    pub value: Option<String>,
    /// As of when.
    pub effective_on: Date,
    /// Until when it counts.
    pub valid_until: Option<Date>,
    /// By which way it came.
    pub route: Route,
    /// Which paper, whom, which register.
    pub source_note: String,
    /// On what ground it is held.
    pub basis: Basis,
    /// When the person consented.
    pub consented_on: Option<Date>,
    /// The datum that this one corrects.
    pub corrects: Option<DatumId>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: UserId,
    /// Its latest verification.
    pub verified: Option<Verification>,
}

/// How far a datum counts on a date (资料状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It counts and was verified.
    Verified,
    /// It counts; nobody verified it yet.
    Stated,
    /// Its validity is over.
    Expired,
    /// A verification found otherwise.
    Contradicted,
    /// It was taken back.
    Withdrawn,
}

impl Standing {
    /// Its name in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Stated => "stated",
            Self::Expired => "expired",
            Self::Contradicted => "contradicted",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether decisions may look at it.
    #[must_use]
    pub fn counts(self) -> bool {
        match self {
            Self::Verified | Self::Stated => true,
            Self::Expired | Self::Contradicted | Self::Withdrawn => false,
        }
    }
}

impl Datum {
    /// How far it counts on a date (rule `datum.counts`).
    #[must_use]
    pub fn standing(&self, on: Date) -> Standing {
        if self.value.is_none() {
            return Standing::Withdrawn;
        }
        match self.verified.as_ref().map(|one| one.finding) {
            Some(Finding::Contradicted) => Standing::Contradicted,
            _ if self.valid_until.is_some_and(|until| until < on) => Standing::Expired,
            Some(Finding::Confirmed) => Standing::Verified,
            None => Standing::Stated,
        }
    }
}

/// Of all that was recorded, the latest of each item on a date, corrected ones left out.
#[must_use]
pub fn latest(all: &[Datum], on: Date) -> Vec<&Datum> {
    let corrected: Vec<DatumId> = all.iter().filter_map(|one| one.corrects).collect();
    let mut found: Vec<&Datum> = Vec::new();
    for one in all.iter().filter(|one| one.effective_on <= on && !corrected.contains(&one.id)) {
        match found.iter_mut().find(|other| other.item.name == one.item.name) {
            Some(other) if (other.effective_on, other.id) < (one.effective_on, one.id) => *other = one,
            Some(_) => {}
            None => found.push(one),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::datum::item;

    fn datum(id: i64, on: Date, value: Option<&str>) -> Datum {
        Datum {
            id: DatumId(id),
            item: item::find("own_income_fen").unwrap(),
            value: value.map(str::to_owned),
            effective_on: on,
            valid_until: Some(date(2026, 12, 31)),
            route: Route::Customer,
            source_note: String::new(),
            basis: Basis::Contract,
            consented_on: None,
            corrects: None,
            recorded_at: Timestamp::UNIX_EPOCH,
            recorded_by: UserId(1),
            verified: None,
        }
    }

    #[test]
    fn the_latest_by_business_date_counts_and_a_corrected_one_does_not() {
        let old = datum(1, date(2026, 1, 1), Some("1"));
        let new = datum(2, date(2026, 6, 1), Some("2"));
        let mut mend = datum(3, date(2026, 1, 1), Some("3"));
        mend.corrects = Some(DatumId(1));
        let all = [new.clone(), old, mend];
        let at = |on| latest(&all, on).first().map(|one| one.id.0);
        assert_eq!([at(date(2026, 6, 1)), at(date(2026, 5, 31)), at(date(2025, 12, 31))], [Some(2), Some(3), None]);
    }

    // Rule datum.counts
    #[test]
    fn each_way_of_not_counting_is_told() {
        let on = date(2026, 12, 31);
        let mut one = datum(1, date(2026, 1, 1), Some("1"));
        assert_eq!(one.standing(on), Standing::Stated);
        assert_eq!(one.standing(date(2027, 1, 1)), Standing::Expired);
        let seen = |finding| Verification {
            datum: DatumId(1),
            way: Way::Phone,
            finding,
            on,
            note: String::new(),
            by: UserId(2),
        };
        one.verified = Some(seen(Finding::Confirmed));
        assert_eq!(one.standing(on), Standing::Verified);
        one.verified = Some(seen(Finding::Contradicted));
        assert_eq!(one.standing(on), Standing::Contradicted);
        one.value = None;
        assert_eq!(one.standing(on), Standing::Withdrawn);
        let counting = [Standing::Verified, Standing::Stated];
        for standing in [Standing::Verified, Standing::Stated, Standing::Expired, Standing::Contradicted] {
            assert_eq!(standing.counts(), counting.contains(&standing));
        }
    }
}
