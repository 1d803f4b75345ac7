//! Tables `campaign`, `campaign_cost`.

use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::BranchId;
use platform::work::Work;

use super::list::within;
use super::model::{Campaign, CampaignId, Content, Cost, CostId, Effect};
use crate::lead::store::within as leads_within;

const COLUMNS: &str = "select c.id, c.number, c.title, c.channel, c.aim, c.target_axis, c.target_outcome, c.branch_id, \
     c.starts_on, c.ends_on, c.budget_fen, c.target_leads, c.reviewed_on, c.review, c.recorded_by, c.version \
     from campaign c";

fn decode(row: &Row) -> Result<Campaign, StoreError> {
    let content = Content {
        title: row.get("title")?,
        channel: row.get("channel")?,
        aim: row.get("aim")?,
        target: (row.get("target_axis")?, row.get("target_outcome")?),
        branch: row.get("branch_id")?,
        starts_on: row.get("starts_on")?,
        ends_on: row.get("ends_on")?,
        budget: row.get("budget_fen")?,
        target_leads: row.get("target_leads")?,
    };
    Ok(Campaign {
        id: row.get("id")?,
        number: row.get("number")?,
        content,
        reviewed_on: row.get("reviewed_on")?,
        review: row.get("review")?,
        planner: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}

/// One campaign.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
    let mut w = Conditions::new();
    w.and("c.id = ?", [&id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The campaigns to which leads are entered: those that began and were not reviewed, by key with number and title.
///
/// # Errors
/// The store's.
pub async fn running(
    tx: &mut Tx,
    on: Date,
    scope: DataScope,
    own: BranchId,
) -> Result<Vec<(CampaignId, String)>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("c.reviewed_on is null and c.starts_on <= ?", args![on]);
    within(scope, own.0, &mut w);
    let head = "select c.id, c.number, c.title from campaign c";
    let rows = tx.fetch_all(w.select(head, "order by c.id desc limit 200"), w.args()).await?;
    let named = |row: &Row| -> Result<(CampaignId, String), StoreError> {
        let (number, title): (String, String) = (row.get("number")?, row.get("title")?);
        Ok((row.get("id")?, format!("{number} {title}")))
    };
    rows.iter().map(named).collect()
}

/// Writes a new campaign.
pub(super) async fn insert(work: &mut Work, one: &Campaign) -> Result<(), StoreError> {
    let (on, now, content) = (work.business_date, work.now, &one.content);
    work.tx
        .execute(
            "insert into campaign (id, number, title, channel, aim, target_axis, target_outcome, branch_id, starts_on, \
             ends_on, budget_fen, target_leads, review, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            args![
                one.id,
                one.number,
                content.title.trim(),
                content.channel,
                content.aim.trim(),
                content.target.0,
                content.target.1,
                content.branch,
                content.starts_on,
                content.ends_on,
                content.budget,
                content.target_leads,
                "",
                on,
                now,
                one.planner
            ],
        )
        .await
        .map(drop)
}

/// Writes the review.
pub(super) async fn review(tx: &mut Tx, one: &Campaign, on: Date, words: &str) -> Result<(), StoreError> {
    tx.execute_one(
        "update campaign set reviewed_on = $1, review = $2, version = version + 1 where id = $3 and version = $4",
        args![on, words.trim(), one.id, one.version],
    )
    .await
}

/// The costs of a campaign, the oldest first.
///
/// # Errors
/// The store's.
pub async fn costs(tx: &mut Tx, id: CampaignId) -> Result<Vec<Cost>, StoreError> {
    let sql = "select id, corrects_id, amount_fen, spent_on, purpose, recorded_by from campaign_cost \
               where campaign_id = $1 order by id limit 1000";
    let rows = tx.fetch_all(sql, args![id]).await?;
    let cost = |row: &Row| -> Result<Cost, StoreError> {
        Ok(Cost {
            id: row.get("id")?,
            corrects: row.get("corrects_id")?,
            amount: row.get("amount_fen")?,
            spent_on: row.get("spent_on")?,
            purpose: row.get("purpose")?,
            by: row.get("recorded_by")?,
        })
    };
    rows.iter().map(cost).collect()
}

/// Writes a cost.
pub(super) async fn insert_cost(work: &mut Work, id: CampaignId, one: &Cost) -> Result<(), StoreError> {
    let (on, now) = (work.business_date, work.now);
    work.tx
        .execute(
            "insert into campaign_cost (id, campaign_id, corrects_id, amount_fen, spent_on, purpose, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![one.id, id, one.corrects, one.amount, one.spent_on, one.purpose.trim(), on, now, one.by],
        )
        .await
        .map(drop)
}

/// The key of a new cost.
pub(super) fn cost_key(work: &Work) -> CostId {
    CostId(work.next_id())
}

/// How many customers have the campaign as a recorded source, of those within conditions on `customer c`.
pub(super) async fn sourced(tx: &mut Tx, mut within: Conditions, id: CampaignId) -> Result<i64, StoreError> {
    within.and("s.campaign_id = ?", [&id]);
    let head = "select count(distinct c.customer_id) as n from customer_source s \
                join customer c on c.customer_id = s.customer_id";
    tx.fetch_one(within.select(head, ""), within.args()).await?.get("n")
}

/// What came of a campaign so far, of the leads of a scope.
///
/// # Errors
/// The store's.
pub async fn effect(tx: &mut Tx, id: CampaignId, scope: DataScope) -> Result<Effect, StoreError> {
    let mut w = leads_within(scope);
    w.and("l.campaign_id = ?", [&id]);
    let head = "select count(*) as leads, count(l.won_on) as won from lead l";
    let leads = tx.fetch_one(w.select(head, ""), w.args()).await?;
    let sql =
        "select cast(coalesce(sum(amount_fen), 0) as bigint) as cost_fen from campaign_cost where campaign_id = $1";
    let cost = tx.fetch_one(sql, args![id]).await?;
    Ok(Effect { leads: leads.get("leads")?, won: leads.get("won")?, cost: cost.get("cost_fen")? })
}
