//! What counts for a person and a number: read off table `contact_allowance` under the guard's locks.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use platform::args;
use platform::contact_gate::{Channel, PersonId};
use platform::db::{Conditions, Row, StoreError, Tx};

use super::model::{Ledgers, NumberLedger, PersonLedger, week_of};
use super::rules::civil_day;
use super::store::GroundId;

/// What is counted of a week: more than any cap allows is as good as all of it.
const TOLD: &str = "select channel, civil_on, asked_at from contact_allowance";
const MOST_TOLD: &str = "order by asked_at desc limit 2000";

/// Whose counts are asked for.
pub(super) struct Counted<'a> {
    pub persons: &'a [PersonId],
    pub number_index: &'a str,
    pub ground: Option<GroundId>,
    pub asker: i64,
    pub on: Date,
    pub zone: &'a TimeZone,
    pub now: Timestamp,
}

/// What was let through, as it is counted.
struct Told {
    channel: Channel,
    civil_on: Date,
    asked_at: Timestamp,
}

impl Told {
    fn of(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { channel: row.get("channel")?, civil_on: row.get("civil_on")?, asked_at: row.get("asked_at")? })
    }

    /// The day that was noted then, and the one that it is where the debtor lives now: whichever tells more. Another time zone
    /// wins nobody a day (rule `contact.civil-day`).
    fn days(&self, zone: &TimeZone) -> [Date; 2] {
        [self.civil_on, civil_day(self.asked_at, zone)]
    }
}

/// So many of them on a day, and in its week, by what is wanted of each.
fn counts(all: &[Told], of: &Counted<'_>, wanted: fn(Channel) -> bool) -> (i64, i64) {
    let count = |is: &dyn Fn(Date) -> bool| {
        let told = all.iter().filter(|one| wanted(one.channel) && one.days(of.zone).into_iter().any(is)).count();
        i64::try_from(told).unwrap_or(i64::MAX)
    };
    let week = week_of(of.on);
    (count(&|day| day == of.on), count(&|day| week_of(day) == week))
}

/// Every moment that a week has in any time zone.
fn around(week: Date) -> (Timestamp, Timestamp) {
    let midnight = |days: i64| {
        let day = week.checked_add(jiff::Span::new().days(days)).ok()?;
        Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
    };
    (midnight(-1).unwrap_or(Timestamp::MIN), midnight(8).unwrap_or(Timestamp::MAX))
}

/// The ledgers of a person and a number as of a civil day: what has no outcome yet counts as answered and unanswered.
pub(super) async fn ledgers(tx: &mut Tx, of: &Counted<'_>) -> Result<Ledgers, StoreError> {
    let week = week_of(of.on);
    let (first, last) = around(week);
    let mut counted = Conditions::new();
    counted.one_of("person_id", of.persons).and_values(
        "(week_on = ? or (asked_at >= ? and asked_at < ?)) and (connected is null or (channel = 'phone' and connected = 1) \
         or (channel <> 'phone' and coalesce(result, '') <> 'not-sent'))",
        args![week, first, last],
    );
    let rows = tx.fetch_all(counted.select(TOLD, MOST_TOLD), counted.args()).await?;
    let all = rows.iter().map(Told::of).collect::<Result<Vec<_>, _>>()?;
    let (calls_day, calls_week) = counts(&all, of, |channel| channel == Channel::Phone);
    let (messages_day, messages_week) =
        counts(&all, of, |channel| matches!(channel, Channel::Sms | Channel::Message | Channel::Email));
    let mut waiting = Conditions::new();
    waiting
        .one_of("person_id", of.persons)
        .and_values("settled_at is null and (lapses_at <= ? or asked_by = ?)", args![of.now, of.asker]);
    let head = "select count(*) as n from contact_allowance";
    let open: i64 = tx.fetch_one(waiting.select(head, ""), waiting.args()).await?.get("n")?;
    let person = PersonLedger {
        calls_day,
        calls_week,
        messages_day,
        messages_week,
        consented: consented(tx, of).await?,
        outcome_missing: open > 0,
    };
    Ok(Ledgers { on: of.on, person, number: number_ledger(tx, of, week).await? })
}

async fn number_ledger(tx: &mut Tx, of: &Counted<'_>, week: Date) -> Result<NumberLedger, StoreError> {
    if of.number_index.is_empty() {
        return Ok(NumberLedger::default());
    }
    let (first, last) = around(week);
    let mut counted = Conditions::new();
    counted.and_values(
        "number_index = ? and (week_on = ? or (asked_at >= ? and asked_at < ?)) and channel = 'phone' \
         and (connected is null or connected = 0)",
        args![of.number_index, week, first, last],
    );
    let rows = tx.fetch_all(counted.select(TOLD, MOST_TOLD), counted.args()).await?;
    let all = rows.iter().map(Told::of).collect::<Result<Vec<_>, _>>()?;
    let (dials_day, dials_week) = counts(&all, of, |_| true);
    Ok(NumberLedger { dials_day, dials_week })
}

/// Contacts with one third party for one ground; one that asked to be called again stays open to it.
async fn consented(tx: &mut Tx, of: &Counted<'_>) -> Result<i64, StoreError> {
    let Some(ground) = of.ground else { return Ok(0) };
    let mut counted = Conditions::new();
    counted.one_of("person_id", of.persons).and_values(
        "ground_id = ? and (connected is null or (connected = 1 and coalesce(result, '') <> 'call-again') \
         or (channel <> 'phone' and coalesce(result, '') <> 'not-sent'))",
        args![ground],
    );
    let head = "select count(*) as n from contact_allowance";
    tx.fetch_one(counted.select(head, ""), counted.args()).await?.get("n")
}
