//! The pairs of files that share something, and the tables `duplicate_judgement`, `duplicate_judgement_end`.

use platform::access::DataScope;
use platform::args;
use platform::db::{AssertSqlSafe, Conditions, Row, StoreError, ToValue, Tx, Value};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Ground, Judgement, JudgementId, Suspects, Weights, ordered};
use crate::customer::model::{Customer, CustomerKind};
use crate::customer::store::{self as customers, within};

/// The reading of a company, its legal form left out of account. The index `customer_company_reading` holds this very
/// expression.
macro_rules! company_reading {
    ($table:literal) => {
        concat!("replace(", $table, ".pinyin, 'youxianzerengongsi', 'youxiangongsi')")
    };
}

/// Two files that share a key, for one kind of key: from the keys that some files hold, but not too many (`$1`).
const SHARED: [(&str, &str); 4] = [
    (
        "1 as phone, 0 as account",
        "(select value_index as k from contact_point where kind = 'phone' and relation_id is null and ended_at is null \
           group by value_index having count(distinct customer_id) between 2 and $1) s \
         join contact_point p on p.value_index = s.k and p.kind = 'phone' and p.relation_id is null and p.ended_at is null \
         join contact_point q on q.value_index = s.k and q.kind = 'phone' and q.relation_id is null and q.ended_at is null",
    ),
    (
        "0 as phone, 1 as account",
        "(select account_index as k from bank_account where ended_at is null \
           group by account_index having count(distinct customer_id) between 2 and $1) s \
         join bank_account p on p.account_index = s.k and p.ended_at is null \
         join bank_account q on q.account_index = s.k and q.ended_at is null",
    ),
    (
        "0 as phone, 0 as account",
        "(select pinyin as k, born_on as d from customer where born_on is not null \
           group by pinyin, born_on having count(*) between 2 and $1) s \
         join customer p on p.pinyin = s.k and p.born_on = s.d and p.born_on is not null \
         join customer q on q.pinyin = s.k and q.born_on = s.d and q.born_on is not null",
    ),
    (
        "0 as phone, 0 as account",
        concat!(
            "(select ",
            company_reading!("c"),
            " as k from customer c where c.kind = 'company' group by ",
            company_reading!("c"),
            " having count(*) between 2 and $1) s join customer p on p.kind = 'company' and ",
            company_reading!("p"),
            " = s.k join customer q on q.kind = 'company' and ",
            company_reading!("q"),
            " = s.k",
        ),
    ),
];

/// A text with values that grow together: every value takes the next place.
#[derive(Default)]
struct Text {
    sql: String,
    values: Vec<Value>,
}

impl Text {
    fn add(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    fn bind(&mut self, value: &impl ToValue) -> &mut Self {
        self.values.push(value.to_value());
        let place = format!("${}", self.values.len());
        self.add(&place)
    }
}

/// What is asked of the pairs.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    pub kinds: Vec<String>,
    pub grounds: Vec<String>,
    pub least: Option<i64>,
    pub most: Option<i64>,
    /// Only pairs with one of these files.
    pub files: Vec<CustomerId>,
}

/// Everything up to the rows `scored`: pairs of surviving files within scope, each ground 0 or 1, and the score.
fn scored(scope: DataScope, weights: &Weights, wanted: &Wanted) -> Text {
    let mut text = Text::default();
    text.values.push(weights.most_files.to_value());
    text.add("with shared as (");
    for (place, (grounds, tables)) in SHARED.iter().enumerate() {
        text.add(if place == 0 { "" } else { " union all " });
        text.add("select p.customer_id as one_id, q.customer_id as other_id, ").add(grounds);
        text.add(" from ").add(tables);
        text.add(" where p.customer_id < q.customer_id");
    }
    // Files that went are read as the surviving ones.
    text.add(
        "), stood as (select coalesce(m.into_id, s.one_id) as x, coalesce(n.into_id, s.other_id) as y, s.phone, s.account \
         from shared s left join customer_merge_view m on m.customer_id = s.one_id \
         left join customer_merge_view n on n.customer_id = s.other_id), \
         pair as (select case when x < y then x else y end as one_id, case when x < y then y else x end as other_id, \
         max(phone) as phone, max(account) as account from stood where x <> y \
         group by case when x < y then x else y end, case when x < y then y else x end), \
         ground as (select a.customer_id as one_id, b.customer_id as other_id, a.kind, p.phone, p.account, \
         case when a.name = b.name then 1 else 0 end as name, \
         case when a.kind = 'person' and a.pinyin <> '' and a.pinyin = b.pinyin then 1 else 0 end as reading, \
         case when a.born_on = b.born_on then 1 else 0 end as born, \
         case when a.kind = 'company' and a.pinyin <> '' and ",
    );
    text.add(company_reading!("a")).add(" = ").add(company_reading!("b"));
    text.add(
        " then 1 else 0 end as firm \
         from pair p join customer a on a.customer_id = p.one_id join customer b on b.customer_id = p.other_id \
         where a.kind = b.kind and a.state = 'active' and b.state = 'active'",
    );
    for (column, owner) in [("branch_id", scope.branch), ("team_id", scope.team), ("manager_id", scope.manager)] {
        if owner != 0 {
            for file in ["a", "b"] {
                text.add(&format!(" and {file}.{column} = ")).bind(&owner);
            }
        }
    }
    text.add("), scored as (select g.*, cast(");
    for (place, (ground, weight)) in Ground::ALL.iter().zip(weights.of).enumerate() {
        text.add(if place == 0 { "" } else { " + " });
        text.add(&format!("g.{} * ", ground.as_str())).bind(&weight);
    }
    text.add(
        " as bigint) as score from ground g where not exists (select 1 from duplicate_apart_view d \
         where d.customer_id = g.one_id and d.other_id = g.other_id) \
         and not exists (select 1 from customer_merge w where w.state = 'requested' \
         and ((w.customer_id = g.one_id and w.into_id = g.other_id) or (w.customer_id = g.other_id and w.into_id = g.one_id)))",
    );
    narrow(&mut text, wanted);
    text.add(")");
    text
}

fn narrow(text: &mut Text, wanted: &Wanted) {
    let one_of = |text: &mut Text, head: &str, values: Vec<Value>| {
        for (place, value) in values.into_iter().enumerate() {
            text.values.push(value);
            let place = format!("{}${}", if place == 0 { head } else { ", " }, text.values.len());
            text.add(&place);
        }
    };
    if !wanted.kinds.is_empty() {
        one_of(text, " and g.kind in (", wanted.kinds.iter().map(ToValue::to_value).collect());
        text.add(")");
    }
    for ground in wanted.grounds.iter().filter_map(|ground| Ground::parse(ground)) {
        text.add(&format!(" and g.{} = 1", ground.as_str()));
    }
    if !wanted.files.is_empty() {
        let keys: Vec<Value> = wanted.files.iter().map(ToValue::to_value).collect();
        one_of(text, " and (g.one_id in (", keys.clone());
        one_of(text, ") or g.other_id in (", keys);
        text.add("))");
    }
}

fn bounded(text: &mut Text, weights: &Weights, wanted: &Wanted) {
    let least = wanted.least.map_or(weights.least, |least| least.max(weights.least));
    text.add(" where score >= ").bind(&least);
    if let Some(most) = wanted.most {
        text.add(" and score <= ").bind(&most);
    }
}

/// How many pairs there are.
pub(super) async fn count(
    tx: &mut Tx,
    scope: DataScope,
    weights: &Weights,
    wanted: &Wanted,
) -> Result<i64, StoreError> {
    let mut text = scored(scope, weights, wanted);
    text.add(" select count(*) as n from scored");
    bounded(&mut text, weights, wanted);
    tx.fetch_one(AssertSqlSafe(text.sql), text.values).await?.get("n")
}

/// The pairs from one on, the highest score first, and how many there are in all: one pass gives both.
pub(super) async fn pairs(
    tx: &mut Tx,
    scope: DataScope,
    weights: &Weights,
    wanted: &Wanted,
    (from, most): (i64, i64),
) -> Result<(Vec<Suspects>, i64), StoreError> {
    let mut text = scored(scope, weights, wanted);
    text.add(
        " select one_id, other_id, phone, account, name, reading, born, firm, score, count(*) over () as n from scored",
    );
    bounded(&mut text, weights, wanted);
    text.add(" order by score desc, one_id, other_id limit ").bind(&most).add(" offset ").bind(&from);
    let rows = tx.fetch_all(AssertSqlSafe(text.sql), text.values).await?;
    let all = match rows.first() {
        Some(row) => row.get("n")?,
        None if from == 0 => 0,
        None => count(tx, scope, weights, wanted).await?,
    };
    Ok((rows.iter().map(decode).collect::<Result<_, _>>()?, all))
}

fn decode(row: &Row) -> Result<Suspects, StoreError> {
    let mut shared = Vec::new();
    for ground in Ground::ALL {
        if row.get::<i64>(ground.as_str())? == 1 {
            shared.push(*ground);
        }
    }
    Ok(Suspects { files: [row.get("one_id")?, row.get("other_id")?], shared, score: row.get("score")? })
}

/// What a file that is being opened has in common with those there (新建比对).
pub(super) struct Newcomer<'a> {
    pub kind: CustomerKind,
    pub pinyin: &'a str,
    pub phone_index: Option<&'a str>,
}

/// The surviving files within scope that share a phone, or the reading, with a file that is being opened, each with
/// whether it is by the phone.
pub(super) async fn candidates(
    tx: &mut Tx,
    scope: DataScope,
    new: &Newcomer<'_>,
    most: i64,
) -> Result<Vec<(Customer, bool)>, StoreError> {
    let mut found: Vec<(Customer, bool)> = Vec::new();
    let mut ways = Vec::new();
    if let Some(index) = new.phone_index {
        let mut by_phone = within(scope);
        by_phone.and(
            "c.customer_id in (select coalesce(m.into_id, p.customer_id) from contact_point p \
             left join customer_merge_view m on m.customer_id = p.customer_id where p.value_index = ? \
             and p.kind = 'phone' and p.relation_id is null and p.ended_at is null)",
            [&index],
        );
        ways.push((by_phone, true));
    }
    if !new.pinyin.is_empty() {
        let mut by_name = within(scope);
        match new.kind {
            CustomerKind::Company => by_name.and(
                concat!(company_reading!("c"), " = replace(?, 'youxianzerengongsi', 'youxiangongsi')"),
                [&new.pinyin],
            ),
            CustomerKind::Person => by_name.and("c.pinyin = ?", [&new.pinyin]),
        };
        ways.push((by_name, false));
    }
    for (mut way, by_phone) in ways {
        way.and("c.kind = ?", [&new.kind]);
        way.and_values("c.customer_id not in (select customer_id from customer_merge_view)", Vec::new());
        for file in read(tx, &way, most).await? {
            if !found.iter().any(|(known, _)| known.id == file.id) {
                found.push((file, by_phone));
            }
        }
    }
    Ok(found)
}

async fn read(tx: &mut Tx, way: &Conditions, most: i64) -> Result<Vec<Customer>, StoreError> {
    let mut values = way.args();
    values.extend(args![most]);
    let tail = format!("order by c.customer_id limit ${}", values.len());
    tx.fetch_all(way.select(customers::SELECT, &tail), values).await?.iter().map(customers::decode).collect()
}

fn judgement(row: &Row) -> Result<Judgement, StoreError> {
    Ok(Judgement {
        files: [row.get("customer_id")?, row.get("other_id")?],
        id: row.get("id")?,
        reason: row.get("reason")?,
        on: row.get("effective_on")?,
        by: row.get("recorded_by")?,
    })
}

/// The standing judgement that two files are not the same.
///
/// # Errors
/// The store's.
pub async fn apart(tx: &mut Tx, files: [CustomerId; 2]) -> Result<Option<Judgement>, StoreError> {
    let [one, other] = ordered(files);
    let sql = "select customer_id, other_id, id, reason, effective_on, recorded_by from duplicate_apart_view \
         where customer_id = $1 and other_id = $2 limit 1";
    tx.fetch_optional(sql, args![one, other]).await?.as_ref().map(judgement).transpose()
}

/// Judgements that stand between files within scope, the latest first; how many there are in all.
pub(super) async fn judged(
    tx: &mut Tx,
    scope: DataScope,
    kinds: &[String],
    (from, most): (i64, i64),
) -> Result<(Vec<Judgement>, i64), StoreError> {
    let mut filter = Conditions::new();
    filter.one_of("a.kind", kinds);
    for (fragments, owner) in [
        (["a.branch_id = ?", "b.branch_id = ?"], scope.branch),
        (["a.team_id = ?", "b.team_id = ?"], scope.team),
        (["a.manager_id = ?", "b.manager_id = ?"], scope.manager),
    ] {
        if owner != 0 {
            filter.and(fragments[0], [&owner]).and(fragments[1], [&owner]);
        }
    }
    let counted = "select count(*) as n from duplicate_apart_view d \
         join customer a on a.customer_id = d.customer_id join customer b on b.customer_id = d.other_id";
    let head = "select d.customer_id, d.other_id, d.id, d.reason, d.effective_on, d.recorded_by \
         from duplicate_apart_view d \
         join customer a on a.customer_id = d.customer_id join customer b on b.customer_id = d.other_id";
    let count = tx.fetch_one(filter.select(counted, ""), filter.args()).await?.get("n")?;
    let tail = format!("order by d.id desc limit {most} offset {from}");
    let rows = tx.fetch_all(filter.select(head, &tail), filter.args()).await?;
    Ok((rows.iter().map(judgement).collect::<Result<_, _>>()?, count))
}

/// Keeps a judgement.
pub(super) async fn judge(work: &mut Work, files: [CustomerId; 2], reason: &str) -> Result<JudgementId, StoreError> {
    let id = JudgementId(work.next_id());
    let [one, other] = ordered(files);
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into duplicate_judgement (customer_id, id, other_id, reason, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            args![one, id, other, reason, on, now, by],
        )
        .await?;
    Ok(id)
}

/// Takes a judgement back.
pub(super) async fn end(work: &mut Work, one: &Judgement, reason: &str) -> Result<(), StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into duplicate_judgement_end (customer_id, id, judgement_id, reason, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7)",
            args![one.files[0], id, one.id, reason, on, now, by],
        )
        .await
        .map(drop)
}
