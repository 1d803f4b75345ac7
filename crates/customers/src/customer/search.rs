//! Finding customers (客户搜索): by name, pinyin, initials, number, end of a phone, whole phone, identity number.
//!
//! Every way goes over an index: a beginning, an exact end, or a blind index. Only when a name was not found by its
//! beginning are names read for a piece in their middle. What is typed is bound, never part of the SQL.

use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, StoreError, Tx, Value};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::sheets::values::normalise_name;
use platform::vault::{Identity, Personal as _, Phone, Vault};
use platform::web::{Hit, Searcher};
use platform::work::Work;

use super::model::Customer;
use super::store::{self, within};
use crate::identity::{IdentityKind, IdentityNo, normalise_phone};
use crate::name::typed_reading;
use crate::{VIEW, merge, personal};

/// How many merged files a list follows to the surviving ones.
const SURVIVING: i64 = 100;

/// The search over customers.
pub const SEARCHER: Searcher = Searcher { label: "customers-title", action: VIEW, find };

fn find<'a>(work: &'a mut Work, asked: &'a str, limit: i64) -> BoxFuture<'a, Result<Vec<Hit>, ActionError>> {
    Box::pin(async move {
        let found = find_customers(work, asked, limit).await?;
        let managers: Vec<_> = found.iter().map(|customer| customer.manager).collect();
        let names = store::user_names(&mut work.tx, &managers).await?;
        let keys: Vec<CustomerId> = found.iter().map(|customer| customer.id).collect();
        // A file that holds others is found by their numbers too: they stand behind its own.
        let merged = merge::gone_numbers(work, &keys).await?;
        let others = |id: CustomerId| merged.get(&id).map(|all| format!("({})", all.join(" "))).unwrap_or_default();
        let hit = |customer: Customer| Hit {
            note: [
                customer.number.as_str(),
                others(customer.id).as_str(),
                customer.identity_masked.as_str(),
                names.get(&customer.manager).map_or("", String::as_str),
            ]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
            href: format!("/customers/{}", customer.id),
            title: customer.name,
        };
        Ok(found.into_iter().map(hit).collect())
    })
}

/// The customers within the actor's scope that fit what was typed, the best fits first.
///
/// # Errors
/// No role grants looking at customers; the store's.
pub async fn find_customers(work: &mut Work, asked: &str, limit: i64) -> Result<Vec<Customer>, ActionError> {
    let scope = work.authorise(VIEW)?;
    let vault = work.app.settings.vault.clone();
    let mut found: Vec<Customer> = Vec::new();
    for way in ways(asked, vault.as_ref()) {
        let left = limit - i64::try_from(found.len()).unwrap_or(limit);
        if left <= 0 || (way.is_slow() && !found.is_empty()) {
            break;
        }
        let mut hits = run(&mut work.tx, scope, &way, left).await?;
        to_surviving(&mut work.tx, scope, &mut hits).await?;
        for customer in hits {
            if !found.iter().any(|one| one.id == customer.id) {
                found.push(customer);
            }
        }
    }
    Ok(found)
}

/// Puts the surviving files in the place of those merged into them, where the reader may see them.
async fn to_surviving(tx: &mut Tx, scope: DataScope, hits: &mut [Customer]) -> Result<(), StoreError> {
    let keys: Vec<CustomerId> = hits.iter().map(|one| one.id).collect();
    let roots = merge::roots(tx, &keys).await?;
    if roots.is_empty() {
        return Ok(());
    }
    let wanted: Vec<CustomerId> = roots.values().copied().collect();
    let surviving = store::load_many(tx, &wanted).await?;
    for hit in hits {
        let into = roots.get(&hit.id).and_then(|root| surviving.get(root));
        if let Some(into) = into.filter(|into| scope.covers(into.branch, into.team, into.manager)) {
            *hit = into.clone();
        }
    }
    Ok(())
}

/// The surviving files within scope of merged ones that are meant by a text.
pub(super) async fn surviving_of(tx: &mut Tx, scope: DataScope, way: &Way) -> Result<Vec<CustomerId>, StoreError> {
    let mut gone = store::within(scope);
    way.narrow(&mut gone);
    let head = "select c.customer_id, m.into_id from customer_merge_view m \
                join customer c on c.customer_id = m.customer_id";
    let tail = format!("order by c.customer_id limit {SURVIVING}");
    let rows = tx.fetch_all(gone.select(head, &tail), gone.args()).await?;
    let ids: Vec<CustomerId> = rows.iter().map(|row| row.get("into_id")).collect::<Result<_, _>>()?;
    let files = store::load_many(tx, &ids).await?.into_values();
    Ok(files.filter(|file| scope.covers(file.branch, file.team, file.manager)).map(|file| file.id).collect())
}

/// One way to look (查找方式): what is compared, with the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// The person's own identity number, by blind index.
    Identity(String),
    /// A whole phone number, by blind index.
    Phone(String),
    /// The customer number begins so.
    Number(String),
    /// A phone ends so.
    PhoneEnd(String),
    /// The name, or another spelling of it, begins so.
    Name(String),
    /// Pinyin or initials begin so.
    Reading(String),
    /// The name holds this piece.
    Piece(String),
}

impl Way {
    fn is_slow(&self) -> bool {
        matches!(self, Self::Piece(_))
    }

    /// Adds the comparison.
    pub(super) fn narrow(&self, conditions: &mut Conditions) {
        match self {
            Self::Identity(index) => conditions.and("c.identity_index = ?", [index]),
            Self::Phone(index) => conditions.and(
                "c.customer_id in (select customer_id from contact_point where value_index = ? and ended_at is null)",
                [index],
            ),
            Self::Number(start) => conditions.and_values("c.number >= ? and c.number < ?", range(start)),
            Self::PhoneEnd(end) => conditions.and_values(
                "(c.phone_last = ? or c.customer_id in \
                 (select customer_id from contact_point where value_last = ? and ended_at is null))",
                args![end, end],
            ),
            Self::Name(start) => {
                let mut values = range(start);
                values.extend(range(start));
                conditions.and_values(
                    "((c.name >= ? and c.name < ?) or c.customer_id in \
                     (select customer_id from customer_alias where name >= ? and name < ?))",
                    values,
                )
            }
            Self::Reading(start) => {
                let mut values = range(start);
                values.extend(range(start));
                conditions
                    .and_values("((c.pinyin >= ? and c.pinyin < ?) or (c.initials >= ? and c.initials < ?))", values)
            }
            Self::Piece(piece) => conditions.and("c.name like ? escape '!'", [&contains(piece)]),
        };
    }
}

/// The ends between which all texts lie that begin with `start`.
fn range(start: &str) -> Vec<Value> {
    args![start, format!("{start}\u{10FFFF}")]
}

/// A pattern for texts that hold this piece, its own signs taken literally.
fn contains(piece: &str) -> String {
    let mut pattern = String::from("%");
    for c in piece.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern + "%"
}

/// The ways in which a text can be meant, the surest first.
pub(super) fn ways(asked: &str, vault: Option<&Vault>) -> Vec<Way> {
    // PostgreSQL takes no NUL in a text, and no name holds a control sign.
    let asked: String = asked.trim().chars().filter(|c| !c.is_control()).collect();
    if asked.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    if let Some(vault) = vault {
        all.extend(identity_index(&asked, vault).map(Way::Identity));
        all.extend(normalise_phone(&asked).map(|phone| Way::Phone(vault.blind_index(&Phone::from_clear(phone)))));
    }
    if asked.len() == 4 && asked.bytes().all(|b| b.is_ascii_digit()) {
        all.push(Way::PhoneEnd(asked.clone()));
    }
    if asked.is_ascii() && asked.bytes().any(|b| b.is_ascii_digit()) {
        all.push(Way::Number(asked.to_ascii_uppercase()));
    }
    all.push(Way::Name(asked.clone()));
    let normal = normalise_name(&asked);
    if normal != asked && !normal.is_empty() {
        all.push(Way::Name(normal));
    }
    all.extend(typed_reading(&asked).map(Way::Reading));
    all.push(Way::Piece(asked));
    all
}

/// The blind index of a text that looks like an identity number.
fn identity_index(asked: &str, vault: &Vault) -> Option<String> {
    let signs = asked.chars().filter(|c| c.is_alphanumeric()).count();
    if !(6..=30).contains(&signs) {
        return None;
    }
    let old = IdentityNo::parse(IdentityKind::OldResidentId, asked).ok();
    let clear = old.map_or_else(|| Identity::from_clear(asked.to_owned()), |old| personal::identity_across_files(&old));
    Some(vault.blind_index(&clear))
}

async fn run(tx: &mut Tx, scope: DataScope, way: &Way, limit: i64) -> Result<Vec<Customer>, StoreError> {
    let mut conditions = within(scope);
    way.narrow(&mut conditions);
    let mut values = conditions.args();
    values.extend(args![limit]);
    let sql = conditions.select(store::SELECT, &format!("order by c.name, c.customer_id limit ${}", values.len()));
    tx.fetch_all(sql, values).await?.iter().map(store::decode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_tried_in_the_surest_order() {
        let vault = Vault::for_tests(1);
        let names = |asked: &str| -> Vec<String> {
            let debug = ways(asked, Some(&vault)).into_iter().map(|way| format!("{way:?}"));
            debug.map(|text| text.split('(').next().unwrap().to_owned()).collect()
        };
        assert_eq!(names("1234"), ["PhoneEnd", "Number", "Name", "Piece"]);
        assert_eq!(names("13800001234"), ["Identity", "Phone", "Number", "Name", "Piece"]);
        assert_eq!(names("lwb"), ["Name", "Name", "Reading", "Piece"]);
        assert_eq!(names("梁文"), ["Name", "Piece"]);
        assert_eq!(names(" \u{0}"), Vec::<String>::new());
    }

    #[test]
    fn signs_of_patterns_are_taken_literally() {
        assert_eq!(contains("5%_!"), "%5!%!_!!%");
    }
}
