//! From where customers came (客户来源): table `customer_source` (S1-03).

use platform::args;
use platform::audit::Entry;
use platform::db::{Row, StoreError, Tx};
use platform::error::{ActionError, Refused};
use platform::id::CustomerId;
use platform::policies;
use platform::work::Work;
use serde_json::json;

use super::model::{LeadId, Origin};
use super::{policy, rules, store};
use crate::EDIT;
use crate::error::CustomerError;
use crate::merge::open_file;

/// From where a customer was won, once (来源记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The lead.
    pub lead: Option<LeadId>,
    /// Whether the file was opened by it.
    pub opening: bool,
    /// From where.
    pub origin: Origin,
    /// When.
    pub on: jiff::civil::Date,
}

/// From where a customer was won, the first first.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Source>, StoreError> {
    let sql = "select lead_id, opening, channel, campaign_id, partner_id, referrer_id, source_user_id, effective_on \
               from customer_source where customer_id = $1 order by id limit 100";
    let rows = tx.fetch_all(sql, args![customer]).await?;
    let source = |row: &Row| -> Result<Source, StoreError> {
        let opening: i64 = row.get("opening")?;
        Ok(Source {
            lead: row.get("lead_id")?,
            opening: opening == 1,
            origin: store::origin(row)?,
            on: row.get("effective_on")?,
        })
    };
    rows.iter().map(source).collect()
}

/// Writes from where a customer was won.
pub(super) async fn insert(
    work: &mut Work,
    customer: CustomerId,
    lead: Option<LeadId>,
    opening: bool,
    origin: &Origin,
) -> Result<(), StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into customer_source (customer_id, id, lead_id, opening, channel, campaign_id, partner_id, \
             referrer_id, source_user_id, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            args![
                customer,
                id,
                lead,
                i64::from(opening),
                origin.channel,
                origin.campaign,
                origin.partner,
                origin.referrer,
                origin.colleague,
                on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// Records from where a customer came who was opened without a lead (rule `lead.source`): once.
///
/// # Errors
/// Not within scope; the source is known already; what the channel needs is lacking.
pub async fn record(work: &mut Work, customer: CustomerId, origin: &Origin) -> Result<(), ActionError> {
    let file = open_file(work, customer, EDIT).await?;
    let today = work.business_date;
    if of_customer(&mut work.tx, customer).await?.iter().any(|one| one.opening) {
        return Err(CustomerError::AlreadyEnded.into());
    }
    let in_force = policies::in_force(work, today).await?;
    let own = store::files_of(&mut work.tx, Some(customer)).await?;
    let wrong = rules::check_origin(origin, &policy::channels(&in_force, today)?, &own);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("lead.channel", None).into());
    }
    insert(work, customer, None, true, origin).await?;
    let after = json!({"channel": origin.channel});
    Ok(work.audit(Entry::new(Some(file.id), "customer.source", file.subject()).after(after)).await?)
}
