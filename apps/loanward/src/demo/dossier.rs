//! What the demo knows of its debtors (债务人档案): a dossier, an heir within what was inherited, a bundle for court.

use std::collections::BTreeMap;

use collections::bundle::actions as bundles;
use collections::bundle::model::{Order, Purpose};
use collections::case::model::CaseKey;
use collections::dossier::actions::record;
use collections::dossier::model::{Block, NewEntry};
use collections::worklist::queue::Queued;
use customers::relation::model::{NewRelation, RelationKind};
use jiff::civil::Date;
use platform::access::Actor;
use platform::app::App;
use platform::error::ActionError;
use platform::work::Work;

use super::staff::Staff;
use crate::failure::Failure;

/// What is found about the first debtor of the queue.
const FOUND: [(Block, &[(&str, &str)]); 5] = [
    (
        Block::Analysis,
        &[
            ("key_problem", "下游货款拖欠，现金流中断"),
            ("begin_with", "先核对应收账款，请其提供回款计划"),
            ("persons", "借款人；有保证人的一并联系"),
            ("evasions", "称货款到账再还"),
            ("arguments", "借款与货款相互独立，可先还一部分并签订协议"),
        ],
    ),
    (
        Block::Living,
        &[
            ("residence", "自有住房，与配偶同住"),
            ("income", "7800"),
            ("spending", "4200"),
            ("willingness", "willing"),
            ("attitude", "主动接听，愿意协商"),
            ("fragility", "low"),
            ("family_help", "none"),
        ],
    ),
    (
        Block::Business,
        &[("state", "declining"), ("decline_cause", "门店客流下降"), ("degree", "slight"), ("outlook", "recoverable")],
    ),
    (
        Block::Asset,
        &[
            ("what", "轻型货车一辆"),
            ("value", "68000"),
            ("place", "城东物流园"),
            ("pledged", "no"),
            ("preserved", "no"),
            ("moved", "no"),
        ],
    ),
    (
        Block::Liability,
        &[("creditor", "某批发商行"), ("kind", "supplier"), ("amount", "35000"), ("pressure", "asking")],
    ),
];

fn entry(pairs: &[(&str, &str)]) -> NewEntry {
    let typed: BTreeMap<String, String> =
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    NewEntry { typed, ..NewEntry::default() }
}

/// Fills the dossier of the first of a collector's queue and makes its bundle; the last of the queue has died.
pub async fn know(app: &App, staff: &Staff, (collector, queue): (&Actor, &[Queued]), day: Date) -> Result<(), Failure> {
    let (Some(first), Some(last)) = (queue.first(), queue.last()) else { return Ok(()) };
    let key = first.line.case.key;
    let mut work = Work::begin(app, collector.clone()).await?;
    for (block, pairs) in FOUND {
        match record(&mut work, key.case, block, &entry(pairs), None).await {
            // A role of the queue without the dossier leaves it to others.
            Ok(_) | Err(ActionError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    work.commit().await?;
    let Some(legal) = staff.holders("legal").next() else { return Ok(()) };
    let order = Order { purpose: Purpose::Suit, as_of: day, enclose: true };
    match bundles::prepare(Work::begin(app, legal.clone()).await?, key.case, order).await {
        Ok(ready) => {
            let mut work = Work::begin(app, legal.clone()).await?;
            bundles::keep(&mut work, &ready).await?;
            work.commit().await?;
        }
        // A machine without fonts prints nothing.
        Err(ActionError::Refused(_)) => {}
        Err(error) => return Err(error.into()),
    }
    if last.line.case.key == key { Ok(()) } else { bequeath(app, staff, last, day).await }
}

/// The debtor died and left something to a child.
async fn bequeath(app: &App, staff: &Staff, one: &Queued, day: Date) -> Result<(), Failure> {
    let CaseKey { customer, case } = one.line.case.key;
    let Some(supervisor) = staff.with_role("credit_supervisor", one.line.case.branch) else { return Ok(()) };
    let Some(legal) = staff.holders("legal").next() else { return Ok(()) };
    let mut work = Work::begin(app, supervisor.clone()).await?;
    let new = NewRelation {
        kind: RelationKind::Heir,
        name: "（演示）继承人".to_owned(),
        identity: None,
        share_ppm: None,
        since: day,
        consented_on: None,
        note: None,
    };
    let heir = match customers::relation::actions::add(&mut work, customer, &new).await {
        Ok(heir) => heir,
        Err(ActionError::Refused(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    work.commit().await?;
    let mut work = Work::begin(app, legal.clone()).await?;
    let (on, proof) = (day.to_string(), "死亡医学证明（演示）");
    let died = entry(&[("died_on", on.as_str()), ("proof", proof), ("estate", "50000")]);
    let inherits = NewEntry {
        relation: Some(heir),
        ..entry(&[("role", "heir"), ("renounced", "no"), ("inherited", "30000"), ("willing", "yes")])
    };
    for (block, new) in [(Block::Death, died), (Block::Heir, inherits)] {
        match record(&mut work, case, block, &new, None).await {
            Ok(_) => {}
            Err(ActionError::Refused(_)) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(work.commit().await?)
}
