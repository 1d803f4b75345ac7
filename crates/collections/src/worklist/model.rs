//! Why a case stands where it stands in the queue. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use jiff::civil::Date;

use crate::payday::model::Near;

/// Why a case is worked now (排队原因), rule `case.order`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// 承诺到期: a promise falls due today or is over.
    Promise(Timestamp),
    /// 联系期限: contacts of the week or day are missing.
    Contact {
        /// How many.
        missing: i64,
        /// Of how many.
        required: i64,
        /// The last day.
        until: Date,
    },
    /// 发薪日: the debtor is paid around this day (S2.5-31).
    PayDay(Near),
    /// 临近升级: the next step of the ladder begins soon.
    Step {
        /// In how many days.
        days: i64,
        /// Which step.
        rung: String,
    },
    /// 金额.
    Amount,
}

impl Why {
    /// Its name in the policy's order.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Promise(_) => "promise",
            Self::Contact { .. } => "contact",
            Self::PayDay(_) => "pay_day",
            Self::Step { .. } => "bucket",
            Self::Amount => "amount",
        }
    }

    /// What comes first among cases of the same reason, smallest first: the earliest moment or last day, then the most
    /// missing.
    fn urgency(&self) -> (i64, i64) {
        match self {
            Self::Promise(at) => (at.as_second(), 0),
            Self::Contact { missing, until, .. } => (day_of(*until), -missing),
            // Whose own day it is goes before those of whom none is known.
            Self::PayDay(near) => (i64::from(!near.known), day_of(near.on)),
            Self::Step { days, .. } => (*days, 0),
            Self::Amount => (0, 0),
        }
    }
}

/// A day as a number.
fn day_of(on: Date) -> i64 {
    finance::days_between(Date::new(2020, 1, 1).unwrap_or_default(), on)
}

/// Whether it is the right hour for a case (联系时段), rule `case.hour`; the earlier stands first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hour {
    /// 约定时段: hours that the debtor asked for are running.
    Agreed,
    /// 协商时段: hours in which heads are clear, and no promise stands yet.
    Talk,
    /// 平常.
    #[default]
    Plain,
    /// 非约定时段: the debtor asked for other hours.
    Other,
}

impl Hour {
    /// The hour of a case at a minute of the debtor's day: the debtor's own hours go before those of the policy.
    #[must_use]
    pub fn at(minute: i64, agreed: Option<(i64, i64)>, talk: (i64, i64), promised: bool) -> Self {
        let within = |(from, until): (i64, i64)| (from..until).contains(&minute);
        match agreed {
            Some(hours) if within(hours) => Self::Agreed,
            Some(_) => Self::Other,
            None if within(talk) && !promised => Self::Talk,
            None => Self::Plain,
        }
    }
}

/// What is known of a case for its place (排队依据).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The standing promise's moment.
    pub promise_at: Option<Timestamp>,
    /// Contacts asked for: missing, required, last day.
    pub asked: Option<(i64, i64, Date)>,
    /// The pay day that is near.
    pub pay_day: Option<Near>,
    /// The next step of the ladder: in how many days, which.
    pub step: Option<(i64, String)>,
    /// Overdue, fen.
    pub overdue_fen: i64,
    /// A stop flag stands: nobody is contacted.
    pub stopped: bool,
    /// Whether it is the hour for it.
    pub hour: Hour,
}

/// A place in the queue: smaller is worked first.
pub type Place = (bool, usize, Hour, (i64, i64), i64);

impl Waiting {
    /// The reason that counts, by the order of the policy, and the place (rule `case.order`): stopped cases come last; of one
    /// reason those whose hour it is come first (rule `case.hour`), equal ones by what is overdue.
    #[must_use]
    pub fn place(&self, order: &[String], today: Date, near: i64) -> (Why, Place) {
        let mut reasons = vec![Why::Amount];
        if let Some(at) = self.promise_at.filter(|at| platform::clock::civil_day(*at) <= today) {
            reasons.push(Why::Promise(at));
        }
        if let Some((missing, required, until)) = self.asked.filter(|one| one.0 > 0) {
            reasons.push(Why::Contact { missing, required, until });
        }
        if let Some(near) = self.pay_day {
            reasons.push(Why::PayDay(near));
        }
        if let Some((days, rung)) = self.step.clone().filter(|one| one.0 <= near) {
            reasons.push(Why::Step { days, rung });
        }
        let rank = |why: &Why| order.iter().position(|name| name == why.as_str()).unwrap_or(order.len());
        let why = reasons.into_iter().min_by_key(rank).unwrap_or(Why::Amount);
        let place = (self.stopped, rank(&why), self.hour, why.urgency(), -self.overdue_fen);
        (why, place)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 20);

    fn order(text: &str) -> Vec<String> {
        text.split('|').map(str::to_owned).collect()
    }

    fn promise(on: Date) -> Waiting {
        let at = platform::clock::civil_moment(on.at(18, 0, 0, 0));
        Waiting { promise_at: at, overdue_fen: 1, ..Waiting::default() }
    }

    fn asked(missing: i64) -> Waiting {
        Waiting { asked: Some((missing, 2, date(2026, 11, 22))), overdue_fen: 2, ..Waiting::default() }
    }

    #[test]
    fn the_policy_orders_the_queue() {
        // Rule `case.order`. S2.5-30, S2.5-32, S4-13
        let step = Waiting { step: Some((4, "formal_letter".to_owned())), overdue_fen: 3, ..Waiting::default() };
        let rich = Waiting { overdue_fen: 1_000, ..Waiting::default() };
        let stopped = Waiting { stopped: true, ..promise(TODAY) };
        let named = [
            ("stopped", stopped),
            ("rich", rich),
            ("step", step),
            ("asked", asked(1)),
            ("promise", promise(TODAY)),
            ("later", promise(date(2026, 11, 21))),
        ];
        let sorted = |text: &str| {
            let order = order(text);
            let mut all: Vec<_> = named.iter().map(|(name, one)| (one.place(&order, TODAY, 4).1, *name)).collect();
            all.sort();
            all.into_iter().map(|one| one.1).collect::<Vec<_>>()
        };
        assert_eq!(sorted("promise|contact|bucket|amount"), ["promise", "asked", "step", "rich", "later", "stopped"]);
        assert_eq!(sorted("amount|promise|contact|bucket")[0], "rich");
    }

    #[test]
    fn who_is_paid_these_days_is_called_before_the_rest() {
        // Rule `case.order`. S2.5-31, C-45: a stop flag goes before the pay day.
        let order = order("promise|contact|pay_day|bucket|amount");
        let paid = |known| Waiting { pay_day: Some(Near { on: TODAY, known }), ..Waiting::default() };
        let rich = Waiting { overdue_fen: 9_000, ..Waiting::default() };
        let stopped = Waiting { stopped: true, ..paid(true) };
        let place = |one: &Waiting| one.place(&order, TODAY, 4).1;
        let mut all = [("rich", place(&rich)), ("usual", place(&paid(false))), ("own", place(&paid(true)))];
        all.sort_by_key(|one| one.1);
        assert_eq!(all.map(|one| one.0), ["own", "usual", "rich"]);
        assert!(place(&stopped) > place(&rich) && place(&asked(1)) < place(&paid(true)));
        assert_eq!(paid(true).place(&order, TODAY, 4).0, Why::PayDay(Near { on: TODAY, known: true }));
    }

    #[test]
    fn the_debtors_hours_then_those_of_the_policy_order_cases_of_one_reason() {
        // Rule `case.hour`. S2.5-30: mornings are for talks; who asked for other hours waits for them.
        let (talk, evening) = ((9 * 60, 11 * 60 + 30), Some((19 * 60, 20 * 60)));
        let at = |minute, agreed, promised| Hour::at(minute, agreed, talk, promised);
        assert_eq!(at(9 * 60, None, false), Hour::Talk);
        assert_eq!(at(11 * 60 + 30, None, false), Hour::Plain, "the last minute is before its end");
        assert_eq!(at(10 * 60, None, true), Hour::Plain, "what was promised is not negotiated");
        assert_eq!(at(10 * 60, evening, false), Hour::Other);
        assert_eq!(at(19 * 60, evening, false), Hour::Agreed);
        let order = order("promise|contact|amount");
        let place = |hour, one: Waiting| Waiting { hour, ..one }.place(&order, TODAY, 4).1;
        let all = [Hour::Agreed, Hour::Talk, Hour::Plain, Hour::Other].map(|hour| place(hour, asked(1)));
        assert!(all.is_sorted() && all[0] < all[3], "{all:?}");
        let rich = Waiting { overdue_fen: 9_000, ..asked(1) };
        assert!(place(Hour::Plain, rich) > all[1], "the hour goes before the sum");
        assert!(place(Hour::Other, promise(TODAY)) < all[0], "and the reason before the hour");
    }

    #[test]
    fn contacts_that_were_made_and_steps_far_off_are_no_reason() {
        // Rule `case.order`
        let order = order("promise|contact|bucket|amount");
        assert_eq!(asked(0).place(&order, TODAY, 4).0, Why::Amount);
        let far = Waiting { step: Some((5, "clear".to_owned())), ..Waiting::default() };
        assert_eq!(far.place(&order, TODAY, 4).0, Why::Amount);
    }
}
