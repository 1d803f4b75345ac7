//! What two files share, what it weighs, and a judgement about it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::id::{CustomerId, UserId};
use platform::id_type;
use policy::{Edition, ParameterError};

use crate::datum::model::words;

id_type!(JudgementId, "The key of a judgement that two files are not the same (非同一客户认定).");

words! {
    /// What two files share (重复依据).
    Ground, "ground of a duplicate":
    /// The same phone of their own (电话相同).
    Phone = "phone",
    /// The same bank account (银行账户相同).
    Account = "account",
    /// The same name (名称相同).
    Name = "name",
    /// Names of persons that are read the same (姓名读音相同).
    Reading = "reading",
    /// The same birth date (出生日期相同).
    Born = "born",
    /// Names of companies that are read the same but for the legal form (企业名称相同).
    Firm = "firm",
}

/// What the policy says of duplicates (重复判断参数).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights {
    /// Of each ground, in the order of [`Ground::ALL`].
    pub of: [i64; 6],
    /// From which score on a pair is listed.
    pub least: i64,
    /// How many files may share a phone, an account, a name before it says nothing.
    pub most_files: i64,
}

impl Weights {
    /// As the policy says on a date.
    ///
    /// # Errors
    /// A parameter is missing.
    pub fn of(edition: &Edition) -> Result<Self, ParameterError> {
        let mut of = [0; 6];
        for (place, ground) in of.iter_mut().zip(Ground::ALL) {
            *place = edition.integer(&format!("duplicate_weight_{}", ground.as_str()))?;
        }
        let (least, most_files) = (edition.integer("duplicate_least_score")?, edition.integer("duplicate_most_files")?);
        Ok(Self { of, least, most_files })
    }

    /// What a ground weighs.
    #[must_use]
    pub fn of_ground(&self, ground: Ground) -> i64 {
        Ground::ALL.iter().zip(self.of).find(|(known, _)| **known == ground).map_or(0, |(_, weight)| weight)
    }

    /// The score of what is shared (rule `customer.duplicate.score`): the sum of its weights.
    #[must_use]
    pub fn score(&self, shared: &[Ground]) -> i64 {
        shared.iter().map(|ground| self.of_ground(*ground)).fold(0, i64::saturating_add)
    }
}

/// Two files that may be one (疑似重复): the one with the smaller key first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspects {
    /// The two.
    pub files: [CustomerId; 2],
    /// What they share.
    pub shared: Vec<Ground>,
    /// What it comes to.
    pub score: i64,
}

/// A judgement that two files are not the same (非同一客户认定).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The files, the smaller key first.
    pub files: [CustomerId; 2],
    /// Its key.
    pub id: JudgementId,
    /// Why.
    pub reason: String,
    /// Since when.
    pub on: Date,
    /// By whom.
    pub by: UserId,
}

/// Two keys, the smaller one first.
#[must_use]
pub fn ordered(files: [CustomerId; 2]) -> [CustomerId; 2] {
    let mut files = files;
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    // Rule customer.duplicate.score
    #[test]
    fn a_score_is_the_sum_of_what_is_shared() {
        let weights = Weights { of: [40, 60, 5, 30, 30, 60], least: 60, most_files: 20 };
        let rows: [(&[Ground], i64); 4] = [
            (&[], 0),
            (&[Ground::Phone], 40),
            (&[Ground::Phone, Ground::Reading], 70),
            (&[Ground::Account, Ground::Name, Ground::Reading, Ground::Born], 125),
        ];
        for (shared, score) in rows {
            assert_eq!(weights.score(shared), score);
        }
        let endless = Weights { of: [i64::MAX; 6], ..weights };
        assert_eq!(endless.score(Ground::ALL), i64::MAX, "no policy makes it run over");
    }
}
