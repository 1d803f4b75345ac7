//! Loans as subjects of policies (借据对比): what a draft of the rules is compared on, set-wise.
//!
//! Rule `policy.compare`: loans on the books, today from the kept positions, on a past date from their history as known
//! now. Loans that agree in what is asked come as one group, so a million of them are a few hundred decisions.

use jiff::civil::Date;
use platform::args;
use platform::db::{AssertSqlSafe, Conditions, Row, StoreError};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::policies::compare::{Asked, Effect, Group, Measure, Member, PolicySubjects};
use platform::work::Work;
use policy::Value;

use super::model::days_overdue;

/// The most groups that are read.
const GROUPS: i64 = 2_000_000;

/// Loans (借据) for comparison.
#[derive(Debug, Clone, Copy)]
pub struct Loans;

/// Where positions of a date are read from: today's kept ones, or the history of a past date as known now.
fn table_of(asked: &Asked, today: Date) -> (&'static str, Conditions) {
    let mut on = Conditions::new();
    on.and_values("l.state = 'active' and p.status in ('current', 'overdue')", args![]);
    if asked.on == today {
        return ("loan_position", on);
    }
    on.and_values("p.superseded_at is null", args![]);
    on.and_values("p.from_on <= ? and (p.to_on is null or p.to_on > ?)", args![asked.on, asked.on]);
    ("loan_position_history", on)
}

/// The column behind a fact.
fn column(fact: &str) -> &'static str {
    match fact {
        "overdue_days" => "p.oldest_due_on",
        _ => "p.principal_fen",
    }
}

fn facts(row: &Row, asked: &Asked) -> Result<Vec<Option<Value>>, StoreError> {
    let value = |fact: &&'static str| -> Result<Option<Value>, StoreError> {
        Ok(Some(Value::Integer(match *fact {
            "overdue_days" => i64::from(days_overdue(row.get("oldest_due_on")?, asked.on)),
            _ => row.get("principal_fen")?,
        })))
    };
    asked.facts.iter().map(value).collect()
}

impl PolicySubjects for Loans {
    fn name(&self) -> &'static str {
        "loan"
    }

    fn title(&self) -> &'static str {
        "compare-loans"
    }

    fn facts(&self) -> &'static [&'static str] {
        &["overdue_days", "amount_fen"]
    }

    fn past_facts(&self) -> &'static [&'static str] {
        self.facts()
    }

    fn effects(&self) -> &'static [Effect] {
        const EFFECTS: &[Effect] = &[
            Effect { decision: "npl", output: "npl", measure: Measure::MoneyWhere, title: "compare-npl" },
            Effect {
                decision: "provision_rate",
                output: "provision_ppm",
                measure: Measure::ShareOfMoney,
                title: "compare-provision",
            },
            Effect {
                decision: "overdue_action",
                output: "contacts_per_week",
                measure: Measure::TimesAWeek,
                title: "compare-contacts-weekly",
            },
            Effect {
                decision: "overdue_action",
                output: "contacts_per_day",
                measure: Measure::TimesADay,
                title: "compare-contacts-daily",
            },
        ];
        EFFECTS
    }

    fn groups<'a>(&'a self, work: &'a mut Work, asked: &'a Asked) -> BoxFuture<'a, Result<Vec<Group>, ActionError>> {
        Box::pin(async move {
            let mut columns: Vec<&str> = asked.facts.iter().map(|fact| column(fact)).collect();
            columns.dedup();
            let listed = columns.iter().map(|column| format!("{column}, ")).collect::<String>();
            let by = if columns.is_empty() { String::new() } else { format!("group by {}", columns.join(", ")) };
            let (table, on) = table_of(asked, work.business_date);
            let sql = format!(
                "select {listed}count(*) as n, cast(coalesce(sum(p.principal_fen), 0) as bigint) as amount from {table} p \
                 join loan l on l.customer_id = p.customer_id and l.id = p.loan_id where {} {by} limit {GROUPS}",
                on.sql()
            );
            let rows = work.tx.fetch_all(AssertSqlSafe(sql), on.args().to_vec()).await?;
            let group = |row: &Row| -> Result<Group, StoreError> {
                Ok(Group { facts: facts(row, asked)?, count: row.get("n")?, amount_fen: row.get("amount")? })
            };
            Ok(rows.iter().map(group).collect::<Result<_, _>>()?)
        })
    }

    fn members<'a>(
        &'a self,
        work: &'a mut Work,
        asked: &'a Asked,
        groups: &'a [Group],
        after: (i64, i64),
        limit: i64,
    ) -> BoxFuture<'a, Result<Vec<Member>, ActionError>> {
        Box::pin(async move {
            // The days overdue narrow the search to a stretch of due dates; the caller decides each anyway.
            let days = asked.facts.iter().position(|fact| *fact == "overdue_days");
            let days =
                days.map(|at| groups.iter().filter_map(move |group| group.facts.get(at)?.as_ref()?.as_integer()));
            let (least, most) = days.map_or((0, i64::MAX), |days| {
                days.fold((i64::MAX, 0), |(least, most), day| (least.min(day), most.max(day)))
            });
            let (table, mut on) = table_of(asked, work.business_date);
            if least > 0 {
                let back = |days: i64| finance::add_days(asked.on, -days).unwrap_or(Date::MIN);
                on.and_values("p.oldest_due_on between ? and ?", args![back(most), back(least)]);
            }
            let (customer, loan) = after;
            on.and_values(
                "(p.customer_id > ? or (p.customer_id = ? and p.loan_id > ?))",
                args![customer, customer, loan],
            );
            let sql = format!(
                "select p.customer_id, p.loan_id, l.number, p.oldest_due_on, p.principal_fen from {table} p \
                 join loan l on l.customer_id = p.customer_id and l.id = p.loan_id where {} \
                 order by p.customer_id, p.loan_id limit {limit}",
                on.sql()
            );
            let rows = work.tx.fetch_all(AssertSqlSafe(sql), on.args().to_vec()).await?;
            let member = |row: &Row| -> Result<Member, StoreError> {
                let id: i64 = row.get("loan_id")?;
                Ok(Member {
                    customer: row.get("customer_id")?,
                    id,
                    label: row.get("number")?,
                    href: format!("/loans/{id}"),
                    amount_fen: row.get("principal_fen")?,
                    facts: facts(row, asked)?,
                })
            };
            Ok(rows.iter().map(member).collect::<Result<_, _>>()?)
        })
    }
}
