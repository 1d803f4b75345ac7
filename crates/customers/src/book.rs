//! The share of customers in the whole book (整本台账), and what is computed once it is in.

use platform::args;
use platform::book::{Share, Unsettled};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::work::Work;

use crate::{bank_account, contact_point, customer, relation};

/// What customers give to the whole book.
pub(crate) fn share() -> Share {
    let mut sheets = customer::sheets::sheets();
    sheets.extend([relation::sheets::sheet(), contact_point::sheets::sheet(), bank_account::sheets::sheet()]);
    sheets.extend(crate::datum::sheets::sheets());
    sheets.extend(crate::statement::sheets::sheets());
    sheets.push(crate::document::sheets::sheet());
    sheets.extend(crate::asset_proof::sheets::sheets());
    sheets.extend(crate::credit::sheets::sheets());
    sheets.extend(crate::watch::sheets::sheets());
    sheets.push(crate::standing::sheets::sheet());
    sheets.extend(crate::evaluation::sheets::sheets());
    sheets.extend(crate::merge::sheets::sheets());
    sheets.extend(crate::duplicate::sheets::sheets());
    sheets.extend(crate::sorting::sheets::sheets());
    sheets.extend(crate::lead::sheets::sheets());
    sheets.extend(crate::campaign::sheets::sheets());
    sheets.extend(crate::partner::sheets::sheets());
    sheets.push(crate::reward::sheets::sheet());
    sheets.extend(crate::care::sheets::sheets());
    sheets.extend(crate::guarantee::sheets::sheets());
    sheets.extend(crate::complaint::sheets::sheets());
    sheets.extend(crate::admission::sheets::sheets());
    sheets.extend(crate::update::sheets::sheets());
    sheets.extend(crate::survey::sheets::sheets());
    sheets.push(crate::warning::sheets::sheet());
    sheets.push(crate::premium::sheets::sheet());
    Share { sheets, settle: Some(settle) }
}

fn settle<'a>(
    work: &'a mut Work,
    _: &'a (dyn Fn(u64) + Send + Sync),
) -> BoxFuture<'a, Result<Vec<Unsettled>, ActionError>> {
    Box::pin(async move {
        // One file per identity number: who has two is named.
        let twice = work
            .tx
            .fetch_all(
                "select min(number) as number from customer where identity_index is not null and state = 'active' \
                 group by identity_index having count(*) > 1 order by min(number) limit $1",
                args![100_i64],
            )
            .await?;
        let unsettled = |row: &platform::db::Row| -> Result<Unsettled, ActionError> {
            let why = "another customer has the same identity number".to_owned();
            Ok(Unsettled { sheet: "customers", number: row.get("number")?, why })
        };
        let unsettled: Vec<Unsettled> = twice.iter().map(unsettled).collect::<Result<_, _>>()?;
        if unsettled.is_empty() {
            work.tx
                .execute(
                    "insert into identity_lookup (identity_index, customer_id) select identity_index, customer_id \
                     from customer where identity_index is not null and state = 'active'",
                    args![],
                )
                .await?;
            // The main phone in use, as `contact_point::store::main_phone_last` chooses it.
            work.tx
                .execute(
                    "update customer set phone_last = (select value_last from contact_point p \
                     where p.customer_id = customer.customer_id and p.relation_id is null and p.kind = 'phone' \
                     and p.ended_at is null order by p.main desc, p.id desc limit 1)",
                    args![],
                )
                .await?;
        }
        Ok(unsettled)
    })
}
