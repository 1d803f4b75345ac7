//! The figures, from the published views of customers (`lead_view`, `customer_source_view`, `campaign_view`,
//! `customer_merge_view`, `campaign_cost_view`, `partner_view`) and of servicing (`loan_view`).

use std::collections::BTreeMap;

use finance::Fen;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{AssertSqlSafe, Conditions, Row, StoreError, Tx};

use super::model::{By, Line};
use crate::standpoint::within;

/// The days from and to which it is compared.
pub type Days = (Date, Date);

fn column(by: By) -> &'static str {
    match by {
        By::Channel => "channel",
        By::Campaign => "campaign_id",
        By::Partner => "partner_id",
    }
}

/// The lines by key, in no order.
///
/// Plan: each of the four queries reads its view once and groups it.
///
/// # Errors
/// The store's.
pub async fn lines(tx: &mut Tx, scope: DataScope, by: By, days: Days) -> Result<Vec<Line>, StoreError> {
    let mut found: BTreeMap<String, Line> = BTreeMap::new();
    for row in leads(tx, scope, by, days).await? {
        let line = entry(&mut found, by, &row)?;
        line.leads = row.get("n")?;
        line.won = row.get("won")?;
    }
    for row in customers(tx, scope, by, days).await? {
        entry(&mut found, by, &row)?.customers = row.get("n")?;
    }
    for row in loans(tx, scope, by, days).await? {
        let line = entry(&mut found, by, &row)?;
        line.loans = row.get("n")?;
        line.disbursed = row.get("disbursed_fen")?;
        line.outstanding = row.get("principal_fen")?;
        line.overdue = row.get("overdue_fen")?;
    }
    // Costs are of the whole institution: beside the leads and customers of a part they would only mislead.
    if by != By::Partner && whole(scope) {
        for row in costs(tx, by, days).await? {
            entry(&mut found, by, &row)?.cost = Some(row.get("cost_fen")?);
        }
        for line in found.values_mut() {
            line.cost = line.cost.or(Some(Fen::ZERO));
        }
    }
    Ok(found.into_values().collect())
}

/// How many customers all lines together won: who was won by two of them is one customer, and so are files that were
/// merged.
///
/// # Errors
/// The store's.
pub async fn won(tx: &mut Tx, scope: DataScope, by: By, days: Days) -> Result<i64, StoreError> {
    let w = winners(scope, by, days);
    let head = format!("select count(distinct {ROOT}) as n {WINNERS}");
    let rows = grouped(tx, w, head, String::new()).await?;
    rows.first().map_or(Ok(0), |row| row.get("n"))
}

fn whole(scope: DataScope) -> bool {
    scope.branch == 0 && scope.team == 0 && scope.manager == 0
}

fn entry<'a>(found: &'a mut BTreeMap<String, Line>, by: By, row: &Row) -> Result<&'a mut Line, StoreError> {
    let key = match by {
        By::Channel => row.get("key")?,
        By::Campaign | By::Partner => row.get::<i64>("key")?.to_string(),
    };
    Ok(found.entry(key.clone()).or_insert_with(|| Line { key, ..Line::default() }))
}

/// Only what names its campaign or partner, between the days.
fn narrowed(w: &mut Conditions, of: (&'static str, &'static str), days: Days) {
    if !of.0.is_empty() {
        w.and_values(of.0, args![]);
    }
    w.and_values(of.1, args![days.0, days.1]);
}

fn named(by: By, alias: char) -> &'static str {
    match (by, alias) {
        (By::Channel, _) => "",
        (By::Campaign, 'l') => "l.campaign_id is not null",
        (By::Partner, 'l') => "l.partner_id is not null",
        (By::Campaign, _) => "s.campaign_id is not null",
        (By::Partner, _) => "s.partner_id is not null",
    }
}

async fn grouped(tx: &mut Tx, w: Conditions, head: String, tail: String) -> Result<Vec<Row>, StoreError> {
    let filter = w.sql().to_owned();
    let sql = format!("{head} where {filter} {tail}");
    tx.fetch_all(AssertSqlSafe(sql), w.args()).await
}

async fn leads(tx: &mut Tx, scope: DataScope, by: By, days: Days) -> Result<Vec<Row>, StoreError> {
    let mut w = Conditions::new();
    narrowed(&mut w, (named(by, 'l'), "l.effective_on >= ? and l.effective_on <= ?"), days);
    let limits = args![scope.branch, scope.branch, scope.team, scope.team, scope.manager, scope.manager];
    w.and_values("(? = 0 or l.branch_id = ?) and (? = 0 or l.team_id = ?) and (? = 0 or l.owner_id = ?)", limits);
    let by = column(by);
    let head = format!("select l.{by} as key, count(*) as n, count(l.won_on) as won from lead_view l");
    grouped(tx, w, head, format!("group by l.{by} order by l.{by} limit 5000")).await
}

/// The file that stands for a customer.
pub(super) const ROOT: &str = "coalesce(m.into_id, s.customer_id)";
/// Sources with the files that stand for their customers.
const WINNERS: &str = "from customer_source_view s left join customer_merge_view m on m.customer_id = s.customer_id \
     join customer_view p on p.customer_id = coalesce(m.into_id, s.customer_id)";

/// Every file with the one that stands for its customer: itself, or what it went into.
pub(super) const FILES: &str = "(select customer_id, customer_id as root_id from customer_view \
     union all select customer_id, into_id as root_id from customer_merge_view)";

fn winners(scope: DataScope, by: By, days: Days) -> Conditions {
    let mut w = Conditions::new();
    narrowed(&mut w, (named(by, 's'), "s.effective_on >= ? and s.effective_on <= ?"), days);
    within(&mut w, scope);
    w
}

async fn customers(tx: &mut Tx, scope: DataScope, by: By, days: Days) -> Result<Vec<Row>, StoreError> {
    let w = winners(scope, by, days);
    let by = column(by);
    let head = format!("select s.{by} as key, count(distinct {ROOT}) as n {WINNERS}");
    grouped(tx, w, head, format!("group by s.{by} order by s.{by} limit 5000")).await
}

/// No later source won the customer before the loan: none on the file that stands, none on one that went into it.
pub(super) fn last_to_win(w: &mut Conditions) {
    w.and_values(
        "not exists (select 1 from customer_source_view n where n.customer_id = coalesce(m.into_id, s.customer_id) \
         and n.id > s.id and n.effective_on <= p.start_on)",
        args![],
    );
    w.and_values(
        "not exists (select 1 from customer_merge_view k join customer_source_view n on n.customer_id = k.customer_id \
         where k.into_id = coalesce(m.into_id, s.customer_id) and n.id > s.id and n.effective_on <= p.start_on)",
        args![],
    );
}

/// A loan belongs to what won its customer last before it was paid out (rule `acquisition.loans`), on whichever of the
/// files that were merged it stands.
async fn loans(tx: &mut Tx, scope: DataScope, by: By, days: Days) -> Result<Vec<Row>, StoreError> {
    let mut w = Conditions::new();
    narrowed(&mut w, (named(by, 's'), "s.effective_on >= ? and s.effective_on <= ?"), days);
    w.and_values("p.start_on >= s.effective_on and p.disbursed_fen > 0", args![]);
    last_to_win(&mut w);
    within(&mut w, scope);
    let by = column(by);
    let head = format!(
        "select s.{by} as key, count(*) as n, cast(sum(p.disbursed_fen) as bigint) as disbursed_fen, \
         cast(sum(p.principal_fen) as bigint) as principal_fen, \
         cast(sum(case when p.status = 'overdue' then p.principal_fen else 0 end) as bigint) as overdue_fen \
         from customer_source_view s left join customer_merge_view m on m.customer_id = s.customer_id \
         join {FILES} f on f.root_id = {ROOT} join loan_view p on p.customer_id = f.customer_id"
    );
    grouped(tx, w, head, format!("group by s.{by} order by s.{by} limit 5000")).await
}

/// What was spent.
async fn costs(tx: &mut Tx, by: By, days: Days) -> Result<Vec<Row>, StoreError> {
    let mut w = Conditions::new();
    narrowed(&mut w, ("", "e.spent_on >= ? and e.spent_on <= ?"), days);
    let by = column(by);
    let head = format!("select e.{by} as key, cast(sum(e.amount_fen) as bigint) as cost_fen from campaign_cost_view e");
    grouped(tx, w, head, format!("group by e.{by} order by e.{by} limit 5000")).await
}

/// What campaigns or partners are called, by key.
///
/// # Errors
/// The store's.
pub async fn titles(tx: &mut Tx, by: By) -> Result<BTreeMap<String, String>, StoreError> {
    let sql = match by {
        By::Channel => return Ok(BTreeMap::new()),
        By::Campaign => "select id, number, title as name from campaign_view order by id limit 5000",
        By::Partner => "select id, number, name from partner_view order by id limit 5000",
    };
    let mut found = BTreeMap::new();
    for row in tx.fetch_all(sql, args![]).await? {
        let (id, number, name): (i64, String, String) = (row.get("id")?, row.get("number")?, row.get("name")?);
        found.insert(id.to_string(), format!("{name} {number}"));
    }
    Ok(found)
}
