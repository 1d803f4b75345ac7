//! Contracts of a customer with what their loans use (table `contract`).

use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::db::{Row, StoreError, Tx};
use platform::id::CustomerId;

use crate::loan::model::ContractId;

/// A contract (合同) with what its loans use of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// The key.
    pub id: ContractId,
    /// 合同号.
    pub number: String,
    /// 产品.
    pub product: String,
    /// 合同金额.
    pub amount: Fen,
    /// Principal of the loans under it.
    pub used: Fen,
    /// 签约日.
    pub signed_on: Date,
}

/// The contracts of a customer, newest first; hidden loans use nothing.
pub async fn contracts(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Contract>, StoreError> {
    tx.fetch_all(
        "select c.id, c.number, c.product, c.amount_fen, c.signed_on, \
         cast(coalesce(sum(l.principal_fen), 0) as bigint) as used_fen \
         from contract c left join loan l on l.customer_id = c.customer_id and l.contract_id = c.id and l.state = 'active' \
         where c.customer_id = $1 \
         group by c.customer_id, c.id, c.number, c.product, c.amount_fen, c.signed_on \
         order by c.signed_on desc, c.id desc limit 100",
        args![customer],
    )
    .await?
    .iter()
    .map(decode)
    .collect()
}

fn decode(row: &Row) -> Result<Contract, StoreError> {
    Ok(Contract {
        id: row.get("id")?,
        number: row.get("number")?,
        product: row.get("product")?,
        amount: row.get("amount_fen")?,
        used: row.get("used_fen")?,
        signed_on: row.get("signed_on")?,
    })
}
