//! The rows of the control of repayments, the figures of a day, and table `dunning_call`.

use finance::Fen;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Control, Controlled, Line, Part, Tally};
use super::rules::Known;
use crate::desk::card::model::CardResult;
use crate::ledger::store::within;
use crate::loan::model::LoanKey;

/// An instalment with what was done about it (还款受控明细).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Customer and loan.
    pub key: LoanKey,
    /// 借据号.
    pub number: String,
    /// 客户名称.
    pub customer: String,
    /// 手机尾号.
    pub phone_last: Option<String>,
    /// 期.
    pub no: i64,
    /// 还款日.
    pub due_on: Date,
    /// 应还本息.
    pub due: Fen,
    /// By what it is judged.
    pub known: Known,
    /// What the bank said last.
    pub card: Option<CardResult>,
    /// Whether the last call reached the customer.
    pub reached: bool,
    /// 管户客户经理.
    pub manager: String,
}

macro_rules! due {
    () => {
        "i.principal_due_fen - i.principal_waived_fen - i.principal_moved_fen \
         + i.interest_due_fen - i.interest_waived_fen - i.interest_moved_fen"
    };
}

macro_rules! from {
    () => {
        "from loan_instalment i \
         join loan l on l.customer_id = i.customer_id and l.id = i.loan_id \
         join loan_position p on p.customer_id = i.customer_id and p.loan_id = i.loan_id \
         join customer_view c on c.customer_id = i.customer_id \
         left join card_check k on k.customer_id = i.customer_id and k.id = (select x.id from card_check x \
           where x.customer_id = i.customer_id and x.loan_id = i.loan_id and x.effective_on >= i.due_on \
           order by x.effective_on desc, x.id desc limit 1) \
         left join dunning_call d on d.customer_id = i.customer_id and d.id = (select y.id from dunning_call y \
           where y.customer_id = i.customer_id and y.effective_on >= i.due_on \
           order by y.effective_on desc, y.id desc limit 1) \
         left join user_view u on u.id = l.manager_id"
    };
}

const HEAD: &str = concat!(
    "select i.customer_id, i.loan_id, i.no, i.due_on, i.outstanding_fen, ",
    due!(),
    " as due_fen, l.number, c.name as customer_name, c.phone_last, k.result, k.effective_on as checked_on, \
     d.effective_on as called_on, coalesce(d.reached, 0) as reached, coalesce(u.name, '') as manager_name, \
     (select count(*) from advance a where a.customer_id = i.customer_id and a.loan_id = i.loan_id \
       and a.instalment_no = i.no and a.state = 'paid') as advances ",
    from!()
);

const SUMS: &str = concat!(
    "select count(*) as n, cast(coalesce(sum(",
    due!(),
    "), 0) as bigint) as due_fen, cast(coalesce(sum(i.outstanding_fen), 0) as bigint) as unpaid_fen ",
    from!()
);

/// The instalments of living loans that are due by today, within a scope.
pub(super) fn due(scope: DataScope, today: Date) -> Conditions {
    let mut w = Conditions::new();
    w.and_values("l.state = 'active' and p.status <> 'written-off-tracked' and i.due_on <= ?", args![today]);
    within(&mut w, scope);
    w
}

/// Those whose repayment is so far under control (rule `control.state`, as [`super::rules::control`] says it of one).
pub(super) fn only(w: &mut Conditions, control: Control, today: Date) {
    const ADVANCED: &str = "exists (select 1 from advance a where a.customer_id = i.customer_id and a.loan_id = i.loan_id \
         and a.instalment_no = i.no and a.state = 'paid')";
    const NOT_ADVANCED: &str = "not exists (select 1 from advance a where a.customer_id = i.customer_id \
         and a.loan_id = i.loan_id and a.instalment_no = i.no and a.state = 'paid')";
    match control {
        Control::Paid => w.and_values("i.outstanding_fen <= 0", args![]),
        Control::Advanced => w.and_values("i.outstanding_fen > 0", args![]).and_values(ADVANCED, args![]),
        Control::Followed => w
            .and_values("i.outstanding_fen > 0", args![])
            .and_values(NOT_ADVANCED, args![])
            .and_values("(coalesce(k.effective_on, '') = ? or coalesce(d.effective_on, '') = ?)", args![today, today]),
        Control::Open => w
            .and_values("i.outstanding_fen > 0", args![])
            .and_values(NOT_ADVANCED, args![])
            .and_values("coalesce(k.effective_on, '') <> ? and coalesce(d.effective_on, '') <> ?", args![today, today]),
    };
}

/// Those whose borrowers are called today (rule `dunning.daily`): overdue, and not called yet.
pub(super) fn to_call(w: &mut Conditions, today: Date) {
    w.and_values("i.outstanding_fen > 0 and i.due_on < ? and coalesce(d.effective_on, '') <> ?", args![today, today]);
}

/// The sums of a question.
pub(super) async fn sums(tx: &mut Tx, w: &Conditions) -> Result<Part, StoreError> {
    let row = tx.fetch_one(w.select(SUMS, ""), w.args()).await?;
    Ok(Part { count: row.get("n")?, due: row.get("due_fen")?, unpaid: row.get("unpaid_fen")? })
}

/// The rows of a question.
pub(super) async fn rows(tx: &mut Tx, w: &Conditions, limit: &str) -> Result<Vec<Held>, StoreError> {
    let tail = format!("order by i.due_on, i.customer_id, i.loan_id, i.no {limit}");
    tx.fetch_all(w.select(HEAD, &tail), w.args()).await?.iter().map(decode).collect()
}

fn decode(row: &Row) -> Result<Held, StoreError> {
    Ok(Held {
        key: LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? },
        number: row.get("number")?,
        customer: row.get("customer_name")?,
        phone_last: row.get("phone_last")?,
        no: row.get("no")?,
        due_on: row.get("due_on")?,
        due: row.get("due_fen")?,
        known: Known {
            unpaid: row.get("outstanding_fen")?,
            advanced: row.get::<i64>("advances")? > 0,
            checked_on: row.get("checked_on")?,
            called_on: row.get("called_on")?,
        },
        card: row.get("result")?,
        reached: row.get("reached")?,
        manager: row.get("manager_name")?,
    })
}

/// What fell due between two days, by how far it is under control today.
///
/// Errors: the store's.
pub async fn controlled(
    tx: &mut Tx,
    scope: DataScope,
    (from, to): (Date, Date),
    today: Date,
) -> Result<Controlled, StoreError> {
    let mut all = Vec::with_capacity(Control::ALL.len());
    for control in Control::ALL {
        let mut w = due(scope, today);
        w.and_values("i.due_on >= ? and i.due_on <= ?", args![from, to]);
        only(&mut w, *control, today);
        all.push((*control, sums(tx, &w).await?));
    }
    Ok(Controlled(all))
}

const INSTALMENTS: &str = "select count(*) as n, cast(coalesce(sum(i.outstanding_fen), 0) as bigint) as money \
     from loan_instalment i join loan l on l.customer_id = i.customer_id and l.id = i.loan_id \
     join loan_position p on p.customer_id = i.customer_id and p.loan_id = i.loan_id \
       and p.status <> 'written-off-tracked'";
const DUE: &str = concat!(
    "select count(*) as n, cast(coalesce(sum(",
    due!(),
    "), 0) as bigint) as money from loan_instalment i \
     join loan l on l.customer_id = i.customer_id and l.id = i.loan_id \
     join loan_position p on p.customer_id = i.customer_id and p.loan_id = i.loan_id"
);
const CARDS: &str = "select count(*) as n, cast(coalesce(sum(k.amount_fen), 0) as bigint) as money from card_check k \
     join loan l on l.customer_id = k.customer_id and l.id = k.loan_id";
/// Of a customer with several loans whoever sees one of them sees the call; a person with two files, of which one stands for
/// the other, was called once.
const CALLS: &str = "select count(distinct coalesce(m.into_id, d.customer_id)) as n, cast(0 as bigint) as money \
     from dunning_call d join loan l on l.customer_id = d.customer_id \
     left join customer_merge_view m on m.customer_id = d.customer_id";
const MOVED: &str = "select count(*) as n, cast(coalesce(sum(t.amount_fen), 0) as bigint) as money from loan_transaction t \
     join loan l on l.customer_id = t.customer_id and l.id = t.loan_id";
const SLIPS: &str = "select count(*) as n, cast(coalesce(sum(s.amount_fen), 0) as bigint) as money from disbursement_slip s \
     join loan l on l.customer_id = s.customer_id and l.id = s.loan_id";
const MAILED: &str = "select count(*) as n, cast(0 as bigint) as money from schedule_mailing m \
     join loan l on l.customer_id = m.customer_id and l.id = m.loan_id";
const CARS: &str = "select count(*) as n, cast(0 as bigint) as money from loan_vehicle v \
     join loan l on l.customer_id = v.customer_id and l.id = v.loan_id";
const STATEMENTS: &str = "select count(*) as n, cast(coalesce(sum(s.total_fen), 0) as bigint) as money \
     from settlement_statement s join loan l on l.customer_id = s.customer_id and l.id = s.loan_id";
const ADVANCES: &str = "select count(*) as n, cast(coalesce(sum(r.amount_fen), 0) as bigint) as money from advance r \
     join advance_list a on a.id = r.list_id \
     join loan l on l.customer_id = r.customer_id and l.id = r.loan_id";

const STANDS: &str = "t.effective_on = ? and t.kind = ? and not exists (select 1 from loan_transaction r \
     where r.customer_id = t.customer_id and r.reverses_id = t.id)";

/// The question behind a line of the sheet.
fn question(line: Line, on: Date) -> (&'static str, Conditions) {
    let (head, of_line, values) = match line {
        Line::Due => (DUE, "p.status <> 'written-off-tracked' and i.due_on = ?", args![on]),
        Line::Unpaid => (INSTALMENTS, "i.due_on = ? and i.outstanding_fen > 0", args![on]),
        Line::Overdue => (INSTALMENTS, "i.due_on < ? and i.outstanding_fen > 0", args![on]),
        Line::Cards => (CARDS, "k.effective_on = ?", args![on]),
        Line::CardsFailed => (CARDS, "k.effective_on = ? and k.result <> 'enough'", args![on]),
        Line::Called => (CALLS, "d.effective_on = ?", args![on]),
        Line::Reached => (CALLS, "d.effective_on = ? and d.reached = 1", args![on]),
        Line::Payouts => (MOVED, STANDS, args![on, "disburse"]),
        Line::Repaid => (MOVED, STANDS, args![on, "repay"]),
        Line::SlipsEntered => (SLIPS, "s.effective_on = ?", args![on]),
        Line::SlipsChecked => (SLIPS, "s.checked_on = ? and s.state = 'checked'", args![on]),
        Line::Printed => (MAILED, "m.effective_on = ? and m.step = 'printed'", args![on]),
        Line::Sent => (MAILED, "m.effective_on = ? and m.step = 'sent'", args![on]),
        Line::Returned => (MAILED, "m.effective_on = ? and m.step = 'returned'", args![on]),
        Line::Cars => (CARS, "v.effective_on = ?", args![on]),
        Line::StatementsMade => (STATEMENTS, "s.effective_on = ?", args![on]),
        Line::StatementsSigned => (STATEMENTS, "s.signed_on = ?", args![on]),
        Line::Advanced => (ADVANCES, "a.paid_on = ? and r.state = 'paid'", args![on]),
    };
    let mut w = Conditions::new();
    w.and_values("l.state = 'active'", args![]).and_values(of_line, values);
    (head, w)
}

/// Whether a line is about money, too.
fn has_money(line: Line) -> bool {
    !matches!(line, Line::Called | Line::Reached | Line::Printed | Line::Sent | Line::Returned | Line::Cars)
}

/// The lines of a day (rule `day.sheet`), within a scope.
///
/// Errors: the store's.
pub async fn tallies(tx: &mut Tx, scope: DataScope, on: Date) -> Result<Vec<(Line, Tally)>, StoreError> {
    let mut all = Vec::with_capacity(Line::ALL.len());
    for line in Line::ALL {
        let (head, mut w) = question(*line, on);
        within(&mut w, scope);
        let row = tx.fetch_one(w.select(head, ""), w.args()).await?;
        let money: Fen = row.get("money")?;
        all.push((*line, Tally { count: row.get("n")?, money: has_money(*line).then_some(money) }));
    }
    Ok(all)
}

/// Whether a customer has something overdue on a day.
pub(super) async fn owes_overdue(tx: &mut Tx, customer: CustomerId, on: Date) -> Result<bool, StoreError> {
    let sql = "select no from loan_instalment where customer_id = $1 and outstanding_fen > 0 and due_on < $2 limit 1";
    Ok(tx.fetch_optional(sql, args![customer, on]).await?.is_some())
}

/// Keeps a call.
pub(super) async fn insert_call(
    work: &mut Work,
    customer: CustomerId,
    on: Date,
    reached: bool,
) -> Result<(), StoreError> {
    let (id, now, by) = (work.next_id(), work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into dunning_call (customer_id, id, reached, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6)",
            args![customer, id, reached, on, now, by],
        )
        .await
        .map(drop)
}
