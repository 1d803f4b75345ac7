//! A book of many loans (压测账簿): a small one by the real functions, then its rows many times over under other keys.

use customers::{CustomerKind, NewCustomer};
use finance::{Fen, Method, PenaltyRate, Rate, RepaymentMode, Terms};
use jiff::civil::Date;
use platform::access::actions::{FirstUser, SetUp, set_up};
use platform::access::{Actor, Origin};
use platform::app::App;
use platform::args;
use platform::db::{AssertSqlSafe, Tx};
use platform::error::ActionError;
use platform::id::{BranchId, CustomerId, UserId};
use platform::locale::Lang;
use platform::work::Work;
use servicing::loan::actions::open_many;
use servicing::loan::model::{Channel, LoanKey, NewLoan, Security};
use servicing::position::engine::Engine;
use servicing::repayment::actions::{NewRepayment, record_many};

use crate::failure::Failure;
use crate::serve;

/// Loans of the small book, unless a test wants fewer.
pub const SMALL: usize = 1_000;
/// How far the keys of two copies lie apart: further than the keys of the small book among themselves.
const STRIDE: i64 = 1 << 40;
/// Copies that one statement writes: what it touches is kept in memory until it ends.
const COPIES_AT_ONCE: usize = 10;
/// The tables that are multiplied, the referred ones first.
const TABLES: [&str; 8] = [
    "customer",
    "contract",
    "loan",
    "loan_terms",
    "loan_transaction",
    "loan_instalment",
    "loan_position",
    "loan_position_history",
];
/// Columns that hold keys.
const KEYS: [&str; 5] = ["customer_id", "loan_id", "contract_id", "person_id", "id"];

/// When instalments fall due (到期分布).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Spread over the month: about 3 % a day.
    Usual,
    /// All on the day that the second close begins.
    AllDue,
}

/// Makes the book; how many loans it has.
pub async fn make(app: &App, (loans, small): (usize, usize), shape: Shape, stands: Date) -> Result<usize, Failure> {
    let manager = open(app, super::pages::people(loans), stands).await?;
    let small = small.min(loans.max(1));
    let mut work = Work::begin(app, Actor::system(Origin::Setup)).await?;
    lend(&mut work, small, shape, manager).await?;
    work.commit().await?;
    let mut tx = app.db.write().await?;
    // Only what is believed of today: the past of a copy would be as long as its original's.
    tx.execute("delete from loan_position_history where superseded_at is not null or to_on is not null", args![])
        .await?;
    tx.commit().await?;
    let copies = loans / small;
    multiply(app, &TABLES, copies).await?;
    add_up(app, copies).await?;
    Ok(small.saturating_mul(copies))
}

/// An institution with these people and no customers; who manages them.
pub async fn open(app: &App, people: Vec<FirstUser>, stands: Date) -> Result<UserId, Failure> {
    let user = FirstUser {
        login: "bench".to_owned(),
        name: "压测".to_owned(),
        roles: vec!["customer_manager".to_owned()],
        password: None,
        must_change: false,
        lang: Lang::ZhCn,
    };
    let users = std::iter::once(user).chain(people).collect();
    let wish = SetUp { institution: "压测".to_owned(), head_office: "本部".to_owned(), opens_on: stands, users };
    let made = set_up(app, &wish).await?;
    serve::install(app, "microloan").await?;
    made.first().map(|(id, _)| *id).ok_or_else(|| Failure::Machine("nobody was let in".to_owned()))
}

/// Customers without loans.
pub async fn customers(work: &mut Work, count: usize, manager: UserId) -> Result<Vec<CustomerId>, ActionError> {
    let people: Vec<NewCustomer> = (0..count).map(|n| person(n, manager)).collect();
    let files = customers::customer::bulk::open_many(work, "import.run", &people).await?;
    Ok(files.into_iter().map(|file| file.id).collect())
}

/// The small book: ten loans to seven customers, one in twelve overdue, all others paid to the day.
async fn lend(work: &mut Work, loans: usize, shape: Shape, manager: UserId) -> Result<(), ActionError> {
    let files = customers(work, (loans * 7).div_ceil(10), manager).await?;
    let new: Vec<NewLoan> = (0..loans)
        .filter_map(|n| Some(loan(*files.get(n % files.len())?, terms(n, shape, work.business_date), manager)))
        .collect();
    let keys = open_many(work, &new).await?;
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let mut paid = Vec::new();
    for (n, (key, new)) in keys.iter().zip(&new).enumerate() {
        let schedule = finance::schedule(&new.terms, &engine.context())
            .map_err(|error| ActionError::Internal(error.to_string()))?;
        let until = if n % 12 == 0 { finance::add_days(today, -40).unwrap_or(today) } else { today };
        for line in schedule.instalments.iter().filter(|line| line.due_on <= until) {
            let amount = line.principal.checked_add(line.interest).unwrap_or_default();
            paid.push((*key, money(line.due_on, amount)));
        }
    }
    for chunk in paid.chunks(500) {
        record_many(work, chunk).await?;
    }
    Ok(())
}

fn person(n: usize, manager: UserId) -> NewCustomer {
    NewCustomer {
        kind: CustomerKind::Person,
        name: name(n),
        aliases: Vec::new(),
        identity: None,
        nationality: None,
        phone: None,
        address: None,
        note: None,
        branch: BranchId(1),
        team: None,
        manager,
        number: None,
    }
}

/// 12 months in equal instalments, begun one to eleven months ago.
fn terms(n: usize, shape: Shape, today: Date) -> Terms {
    let months = i32::try_from(n % 11 + 1).unwrap_or(1);
    let back = match shape {
        Shape::Usual => i64::try_from(n * 7 % 30).unwrap_or(0),
        Shape::AllDue => -2,
    };
    let day = finance::add_days(today, -back).unwrap_or(today);
    let start_on = day.checked_sub(jiff::Span::new().months(months)).unwrap_or(day);
    let principal = Fen(1_000_000 + i64::try_from(n).unwrap_or(0) * 10_000);
    let mut terms = Terms::new(Method::EqualInstalment, principal, start_on, 12, Rate::per_year(120_000_000));
    terms.overdue.penalty = Some(PenaltyRate::Uplift(500_000));
    terms
}

fn loan(customer: CustomerId, terms: Terms, manager: UserId) -> NewLoan {
    NewLoan {
        customer,
        number: None,
        contract_number: None,
        product: "business_equal".to_owned(),
        purpose: "压测".to_owned(),
        security: Security::Credit,
        signed_on: terms.start_on,
        terms,
        branch: BranchId(1),
        team: None,
        manager,
        note: None,
    }
}

fn money(on: Date, amount: Fen) -> NewRepayment {
    NewRepayment {
        on,
        amount,
        mode: RepaymentMode::Regular,
        allocation: Vec::new(),
        channel: Channel::DirectDebit,
        note: None,
        business_key: None,
    }
}

/// Copies every row of some tables under keys so far apart; the first copy is the small book itself.
pub async fn multiply(app: &App, tables: &[&str], copies: usize) -> Result<(), Failure> {
    let mut tx = app.db.write().await?;
    for table in tables {
        let names = columns(&mut tx, table).await?;
        let chosen: Vec<String> =
            names
                .iter()
                .map(|name| {
                    if KEYS.contains(&name.as_str()) {
                        format!("t.{name} + s.n * {STRIDE}")
                    } else {
                        format!("t.{name}")
                    }
                })
                .collect();
        // Names of the schema and integers only. Read from a table of their own, rows are written as they are read; read
        // from the table that grows, all of them would first be held in memory.
        tx.execute(AssertSqlSafe(format!("create temp table seed as select * from {table}")), args![]).await?;
        for first in (1..copies).step_by(COPIES_AT_ONCE) {
            let last = (first + COPIES_AT_ONCE).min(copies) - 1;
            let sql = format!(
                "insert into {table} ({}) with recursive s (n) as (select {first} union all select n + 1 from s where n < {last}) \
                 select {} from s cross join seed t",
                names.join(", "),
                chosen.join(", ")
            );
            tx.execute(AssertSqlSafe(sql), args![]).await?;
        }
        tx.execute("drop table seed", args![]).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The name of a customer: as names are, without digits.
pub fn name(n: usize) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digits = format!("{n:06}");
    let digits = digits.bytes().filter_map(|digit| DIGITS.get(usize::from(digit.wrapping_sub(b'0'))));
    "压测客户".chars().chain(digits.copied()).collect()
}

/// What the small book noted for the totals of its day, as many times over.
async fn add_up(app: &App, copies: usize) -> Result<(), Failure> {
    let copies = i64::try_from(copies).unwrap_or(1);
    let mut tx = app.db.write().await?;
    tx.execute(
        "update loan_total_change set loans = loans * $1, principal_fen = principal_fen * $1, \
         overdue_principal_fen = overdue_principal_fen * $1, overdue_interest_fen = overdue_interest_fen * $1",
        args![copies],
    )
    .await?;
    tx.execute("update loan_received set entries = entries * $1, amount_fen = amount_fen * $1", args![copies]).await?;
    tx.execute("update loan_maturing set loans = loans * $1, principal_fen = principal_fen * $1", args![copies])
        .await?;
    tx.commit().await?;
    Ok(())
}

/// The names of a table's columns; the table holds a row.
async fn columns(tx: &mut Tx, table: &str) -> Result<Vec<String>, Failure> {
    let row = tx.fetch_one(AssertSqlSafe(format!("select * from {table} limit 1")), args![]).await?;
    Ok(row.columns().to_vec())
}

/// What falls due on a day is paid on it, but for one loan in twelve.
pub async fn pay_what_is_due(app: &App, on: Date) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let rows = tx
        .fetch_all(
            "select customer_id, loan_id, next_due_fen from loan_position where next_due_on = $1 and status = 'current' \
             and loan_id % 12 <> 0 order by customer_id, loan_id",
            args![on],
        )
        .await?;
    drop(tx);
    let mut due = Vec::with_capacity(rows.len());
    for row in &rows {
        let key = LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? };
        due.push((key, money(on, row.get("next_due_fen")?)));
    }
    for chunk in due.chunks(500) {
        let mut work = Work::begin(app, Actor::system(Origin::Setup)).await?;
        record_many(&mut work, chunk).await?;
        work.commit().await?;
    }
    Ok(())
}
