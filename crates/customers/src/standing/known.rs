//! Table `customer_known`: what the policy knew of a customer when it was looked at last, as one text.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use policy::{Facts, Value};

use crate::customer::model::{Customer, CustomerKind};

/// Customers of one statement.
const AT_ONCE: usize = 400;

/// A customer as it was looked at last (客户事实现状).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    /// Whose.
    pub customer: CustomerId,
    /// 客户编号.
    pub number: String,
    /// The facts, see [`text_of`]; nothing of who was never looked at since this is kept.
    pub facts: Option<String>,
    /// 贷款余额, in fen.
    pub owed_fen: i64,
    /// Whether it was ever looked at: then it has facts, if only in its file.
    pub looked_at: bool,
}

/// Keeps what was known of a customer on a date, and when its data are due to be verified.
pub(super) async fn keep(
    tx: &mut Tx,
    customer: &Customer,
    (facts, verify_by): (&Facts, Option<Date>),
    on: Date,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into customer_known (customer_id, kind, facts, owed_fen, looked_on, verify_by) \
         values ($1, $2, $3, $4, $5, $6) \
         on conflict (customer_id) do update set facts = excluded.facts, owed_fen = excluded.owed_fen, \
         looked_on = excluded.looked_on, verify_by = excluded.verify_by",
        args![customer.id, customer.kind.as_str(), text_of(facts), owed(facts), on, verify_by],
    )
    .await
    .map(drop)
}

/// A file that was merged or hidden is no subject any more.
pub(super) async fn forget(tx: &mut Tx, customer: CustomerId) -> Result<(), StoreError> {
    tx.execute("delete from customer_known where customer_id = $1", args![customer]).await.map(drop)
}

/// The key in the middle of all files: about as many lie behind it as up to it.
pub(super) async fn middle(tx: &mut Tx) -> Result<CustomerId, StoreError> {
    let row = tx.fetch_optional(
        "select customer_id from customer_view \
         order by customer_id limit 1 offset (select count(*) / 2 from customer_view)",
        args![],
    );
    row.await?.map_or(Ok(CustomerId(i64::MAX)), |row| row.get("customer_id"))
}

/// The next customers of a kind up to a key, in the order of their keys; a file that was merged into another one is none.
pub(super) async fn next(
    tx: &mut Tx,
    kind: CustomerKind,
    (after, until): (CustomerId, CustomerId),
    most: i64,
) -> Result<Vec<Known>, StoreError> {
    let rows = tx.fetch_all(
        "select c.customer_id, c.number, k.facts, coalesce(k.owed_fen, 0) as owed_fen, \
         case when exists (select 1 from customer_standing s where s.customer_id = c.customer_id) then 1 else 0 end \
           as looked_at \
         from customer_view c left join customer_known k on k.customer_id = c.customer_id \
         where c.customer_id > $1 and c.customer_id <= $2 and c.kind = $3 and c.state = 'active' \
         and not exists (select 1 from customer_merge_view m where m.customer_id = c.customer_id) \
         order by c.customer_id limit $4",
        args![after, until, kind.as_str(), most],
    );
    let known = |row: &Row| {
        Ok(Known {
            customer: row.get("customer_id")?,
            number: row.get("number")?,
            facts: row.get("facts")?,
            owed_fen: row.get("owed_fen")?,
            looked_at: row.get::<i64>("looked_at")? == 1,
        })
    };
    rows.await?.iter().map(known).collect()
}

/// The customers of a kind whose files were open on a date, in the order of their keys, as they are known now.
pub(super) async fn open_on(
    tx: &mut Tx,
    kind: CustomerKind,
    (on, after): (Date, CustomerId),
    most: i64,
) -> Result<Vec<CustomerId>, StoreError> {
    let rows = tx.fetch_all(
        "select c.customer_id from customer_view c where c.customer_id > $1 and c.kind = $2 and c.state = 'active' \
         and c.opened_on <= $3 \
         and not exists (select 1 from customer_merge_view m where m.customer_id = c.customer_id) \
         order by c.customer_id limit $4",
        args![after, kind.as_str(), on, most],
    );
    rows.await?.iter().map(|row| row.get("customer_id")).collect()
}

/// What was known of some facts when customers were looked at last, each in the place of its name.
pub(crate) async fn values(
    tx: &mut Tx,
    customers: &[CustomerId],
    names: &[&str],
) -> Result<BTreeMap<CustomerId, Vec<Option<Value>>>, StoreError> {
    let pick = Pick::of(names);
    let mut found = BTreeMap::new();
    for some in customers.chunks(AT_ONCE) {
        let mut w = Conditions::new();
        w.one_of("customer_id", some);
        for row in tx.fetch_all(w.select("select customer_id, facts from customer_known", ""), w.args()).await? {
            let facts: String = row.get("facts")?;
            found.insert(row.get("customer_id")?, pick.from(&facts).into_iter().map(read).collect());
        }
    }
    Ok(found)
}

/// What the loans of a customer stand at; nothing for who never borrowed.
pub(super) fn owed(facts: &Facts) -> i64 {
    facts.get("outstanding_fen").and_then(Value::as_integer).unwrap_or(0)
}

/// Facts as a text: a line each, `name=` and the value with the letter of its type before it.
pub(super) fn text_of(facts: &Facts) -> String {
    facts.iter().map(|(name, value)| format!("{name}={}\n", value_text(value))).collect()
}

/// A value with the letter of its type.
pub(super) fn value_text(value: &Value) -> String {
    match value {
        Value::Integer(number) => format!("i{number}"),
        Value::Date(date) => format!("d{date}"),
        Value::Boolean(yes) => format!("b{yes}"),
        Value::Text(text) => format!("t{}", text.replace('\\', "\\\\").replace('\n', "\\n")),
    }
}

/// Reads [`value_text`]; `None` for what it did not write.
pub(super) fn read(text: &str) -> Option<Value> {
    let (letter, rest) = text.split_at_checked(1)?;
    match letter {
        "i" => rest.parse().ok().map(Value::Integer),
        "d" => rest.parse().ok().map(Value::Date),
        "b" => rest.parse().ok().map(Value::Boolean),
        "t" => Some(Value::Text(plain(rest).into_owned())),
        _ => None,
    }
}

/// A text without its escapes.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let (mut found, mut letters) = (String::with_capacity(text.len()), text.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => found.push(if letters.next() == Some('n') { '\n' } else { '\\' }),
            other => found.push(other),
        }
    }
    Cow::Owned(found)
}

/// The places of facts, in the order of their names: made once for all rows.
pub(super) struct Pick<'a>(Vec<(&'a str, usize)>);

impl<'a> Pick<'a> {
    pub(super) fn of(names: &[&'a str]) -> Self {
        let mut places: Vec<_> = names.iter().enumerate().map(|(place, name)| (*name, place)).collect();
        places.sort_unstable();
        Self(places)
    }

    /// The texts of these facts, each in its place; empty for what is unknown. Names and lines are walked side by side.
    pub(super) fn from<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let mut found = vec![""; self.0.len()];
        let mut wanted = self.0.iter().peekable();
        for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
            while wanted.next_if(|(want, _)| *want < name).is_some() {}
            match wanted.peek() {
                Some((want, place)) if *want == name => found[*place] = value,
                Some(_) => {}
                None => break,
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn facts_are_read_back_as_they_were_written() {
        let text = "甲=乙\n第二行 \\ 反斜线";
        let facts = Facts::from([
            ("age".to_owned(), Value::Integer(-36)),
            ("born".to_owned(), Value::Date(date(1990, 1, 2))),
            ("fraud".to_owned(), Value::Boolean(false)),
            ("work".to_owned(), Value::Text(text.to_owned())),
        ]);
        let kept = text_of(&facts);
        assert_eq!(kept.lines().count(), 4, "a line a fact");
        let pick = Pick::of(&["work", "age", "missing", "born", "zoo"]);
        let read: Vec<_> = pick.from(&kept).into_iter().map(read).collect();
        assert_eq!(
            read,
            [
                Some(Value::Text(text.to_owned())),
                Some(Value::Integer(-36)),
                None,
                Some(Value::Date(date(1990, 1, 2))),
                None
            ]
        );
        assert_eq!(Pick::of(&[]).from(&kept), Vec::<&str>::new());
    }

    #[test]
    fn what_the_loans_stand_at_is_the_money_of_a_customer() {
        assert_eq!(owed(&Facts::new()), 0);
        assert_eq!(owed(&Facts::from([("outstanding_fen".to_owned(), Value::Integer(120))])), 120);
    }
}
