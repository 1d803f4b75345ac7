//! Customer numbers (客户号).

use platform::args;
use platform::error::{ActionError, RefusalKind, Refused};
use platform::id::CustomerId;
use platform::work::Work;

pub(crate) async fn assign(work: &mut Work, given: Option<&str>, id: CustomerId) -> Result<String, ActionError> {
    let number = match given.filter(|g| !g.trim().is_empty()) {
        Some(given) => given.trim().to_owned(),
        None => {
            let row = work.tx.fetch_one("insert into number_sequence (kind, period, last) values ('customer', '', 1) on conflict (kind, period) do update set last = number_sequence.last + 1 returning last", args![]).await?;
            format!("C{:08}", row.get::<i64>("last")?)
        }
    };
    let n = work.tx.execute("insert into number_lookup (kind, number, customer_id, id) values ('customer', $1, $2, $3) on conflict (kind, number) do nothing", args![number, id, id.0]).await?;
    if n == 0 { return Err(Refused::new(RefusalKind::Conflict, "number-taken").with("kind", "customer").with("number", number).into()); }
    Ok(number)
}

pub(crate) async fn free(work: &mut Work, number: &str, _id: CustomerId) -> Result<(), ActionError> {
    Ok(work.tx.execute_one("delete from number_lookup where kind = 'customer' and number = $1", args![number]).await?)
}
