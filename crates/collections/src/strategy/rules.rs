//! Which strategy a debtor meets. Pure.

use platform::id::CustomerId;
use policy::{Edition, EvalError, Facts, Value};

use super::model::{Arm, Split};

/// The whole, in millionths.
const WHOLE: u64 = 1_000_000;

/// What the policy says at some days and amount overdue (rule `strategy.split`).
///
/// # Errors
/// The pack has no such decision, or no row for the case.
pub fn split(edition: &Edition, days: i64, overdue_fen: i64) -> Result<Split, EvalError> {
    let facts = Facts::from([
        ("overdue_days".to_owned(), Value::Integer(days.max(0))),
        ("amount_fen".to_owned(), Value::Integer(overdue_fen.max(0))),
    ]);
    let found = edition.decide("collection_strategy", &facts)?;
    let text = |name: &str| found.text(name).unwrap_or_default().to_owned();
    Ok(Split {
        champion: text("champion"),
        challenger: Some(text("challenger")).filter(|name| name != "none" && !name.is_empty()),
        ppm: found.integer("challenger_ppm").unwrap_or(0),
        article: found.articles.into_iter().next().unwrap_or_default(),
    })
}

/// On which side of a trial a debtor is, and by which strategy (rule `strategy.stable`): a number of the debtor's key and of the
/// two strategies decides, so that the same debtor stays on the same side as long as the trial lasts, a larger share only
/// adds debtors, and another trial divides them anew.
#[must_use]
pub fn side(split: &Split, customer: CustomerId) -> (Arm, String) {
    let Some(challenger) = split.challenger.as_ref().filter(|name| **name != split.champion) else {
        return (Arm::Champion, split.champion.clone());
    };
    let place = place(&format!("{}/{challenger}/{customer}", split.champion));
    if u64::try_from(split.ppm).is_ok_and(|share| place < share) {
        (Arm::Challenger, challenger.clone())
    } else {
        (Arm::Champion, split.champion.clone())
    }
}

/// A place between 0 and a million that a name always has (FNV-1a, then mixed so that neighbours lie apart).
fn place(name: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash % WHOLE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(ppm: i64) -> Split {
        Split {
            champion: "standard".to_owned(),
            challenger: Some("offer_first".to_owned()),
            ppm,
            article: "house.strategy".to_owned(),
        }
    }

    // Rule `strategy.stable`
    #[test]
    fn a_share_of_the_debtors_tries_it_and_each_stays_where_it_is() {
        let tries = |ppm, id| side(&trial(ppm), CustomerId(id)).0 == Arm::Challenger;
        let among = |ppm| (1..=10_000).filter(|id| tries(ppm, *id)).count();
        assert_eq!((among(0), among(1_000_000)), (0, 10_000));
        let third = among(300_000);
        assert!((2_800..=3_200).contains(&third), "{third} of 10,000 at 30 %");
        assert!((1..=10_000).all(|id| !tries(300_000, id) || tries(400_000, id)), "a larger share only adds");
        assert_eq!(side(&trial(1_000_000), CustomerId(7)).1, "offer_first");
        let none = Split { challenger: None, ..trial(1_000_000) };
        assert_eq!(side(&none, CustomerId(7)), (Arm::Champion, "standard".to_owned()));
    }
}
