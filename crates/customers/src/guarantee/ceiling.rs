//! The ceilings of the law on what a guarantee company stands for (担保集中度与放大倍数): for one customer, for the customer
//! with related parties, and in all, against the net assets of the house (S3-07). Rules of lenders have none of them.

use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::db::{StoreError, Tx};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::policies::{self, InForce};
use platform::work::Work;
use policy::Edition;

use super::actions::united;
use super::rules;
use crate::admission::model::{Check, Verdict};
use crate::relation::group::group;

/// The rule of the ceilings.
pub const RULE: &str = "guarantee.ceiling";
/// The parameter with the net assets of the house.
const NET_ASSETS: &str = "guarantee_net_assets_fen";
/// The parameters of the law for one customer and with related parties.
const SHARES: [&str; 2] = ["guarantee_single_max_ppm", "guarantee_related_max_ppm"];
/// The parameter of the law for all guarantees.
const LEVERAGE: &str = "guarantee_leverage_max";
const PPM: i128 = 1_000_000;

/// What stands against the ceilings for one customer (担保集中度).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Guaranteed for the customer.
    pub single: Fen,
    /// Guaranteed for the customer and the related parties.
    pub related: Fen,
}

/// What is guaranteed for a customer and for those who stand together with the customer; nothing under rules without
/// ceilings.
///
/// # Errors
/// Not within scope; the store's.
pub async fn held(work: &mut Work, rules: &InForce, id: CustomerId) -> Result<Option<Held>, ActionError> {
    let on = work.business_date;
    if policies::known(rules.edition(on).integer(SHARES[0]))?.is_none() {
        return Ok(None);
    }
    let single = rules::indicators(&united(work, id).await?, on).guaranteed;
    let mut related = single;
    let own = crate::merge::united(&mut work.tx, id).await?;
    for party in group(work, id).await?.parties {
        for file in party.files.into_iter().filter(|file| !own.contains(file)) {
            let all = super::store::of_customer(&mut work.tx, file).await?;
            related = Fen(related.0.saturating_add(rules::indicators(&all, on).guaranteed.0));
        }
    }
    Ok(Some(Held { single, related }))
}

/// The ceilings as checks of an admission review (rule `guarantee.ceiling`): what is held with what is to come, against a
/// share of the net assets; without these nothing can be told.
///
/// # Errors
/// A parameter is of another type.
pub fn checks(edition: &Edition, held: Held, more: Fen) -> Result<Vec<Check>, ActionError> {
    let net = policies::known(edition.integer(NET_ASSETS))?.unwrap_or_default();
    if net <= 0 {
        return Ok(vec![check(edition, NET_ASSETS, Verdict::Lacking, None)]);
    }
    let mut made = Vec::new();
    for (name, held) in SHARES.into_iter().zip([held.single, held.related]) {
        let Some(share) = policies::known(edition.integer(name))? else { continue };
        let most = part(net, share);
        made.push(compared(edition, name, (held, more), most));
    }
    Ok(made)
}

/// All that the house guarantees against so many times its net assets (rule `guarantee.ceiling`); asked once, when a review
/// is submitted. Nothing under rules without ceilings, or within them.
///
/// # Errors
/// The store's; a parameter is of another type.
pub async fn leverage(work: &mut Work, rules: &InForce, more: Fen) -> Result<Option<Check>, ActionError> {
    let on = work.business_date;
    let edition = rules.edition(on);
    let times = policies::known(edition.integer(LEVERAGE))?;
    let net = policies::known(edition.integer(NET_ASSETS))?.unwrap_or_default();
    let Some(times) = times.filter(|_| net > 0) else { return Ok(None) };
    let made = compared(edition, LEVERAGE, (in_all(&mut work.tx, on).await?, more), Fen(net.saturating_mul(times)));
    Ok(Some(made).filter(|check| check.verdict == Verdict::Failed.as_str()))
}

/// What the house guarantees in all on a day.
async fn in_all(tx: &mut Tx, on: Date) -> Result<Fen, StoreError> {
    tx.fetch_one(
        "select cast(coalesce(sum(e.amount_fen - coalesce((select sum(s.amount_fen) from guarantee_step s \
         where s.customer_id = e.customer_id and s.entry_id = e.id and s.kind in ('reduced', 'compensated')), 0)), 0) \
         as bigint) as left_fen from guarantee_entry e where e.side = 'for_customer' and e.from_on <= $1 \
         and not exists (select 1 from guarantee_step d where d.customer_id = e.customer_id and d.entry_id = e.id \
         and d.kind in ('struck', 'released'))",
        args![on],
    )
    .await?
    .get("left_fen")
}

fn part(whole: i64, share_ppm: i64) -> Fen {
    Fen(i64::try_from(i128::from(whole) * i128::from(share_ppm) / PPM).unwrap_or(i64::MAX))
}

fn compared(edition: &Edition, name: &str, (held, more): (Fen, Fen), most: Fen) -> Check {
    let all = held.0.saturating_add(more.0);
    let (verdict, sign) = if all > most.0 { (Verdict::Failed, '>') } else { (Verdict::Passed, '≤') };
    check(edition, name, verdict, Some(format!("{held} + {more} {sign} {most}")))
}

fn check(edition: &Edition, name: &str, verdict: Verdict, value: Option<String>) -> Check {
    let found = edition.parameter(name);
    let title = found.map(|one| one.title.clone()).unwrap_or_default();
    Check {
        decision: name.to_owned(),
        title: (title.zh.clone(), title.in_language(true).to_owned()),
        output: name.to_owned(),
        value,
        verdict: verdict.as_str().to_owned(),
        rule: RULE.to_owned(),
        row: String::new(),
        note: (String::new(), String::new()),
        articles: found.map(|one| one.article.clone()).into_iter().collect(),
        lacking: Vec::new(),
    }
}
