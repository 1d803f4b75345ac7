//! How the measures are computed (指标口径): exact integers, shares in billionths; of nothing there is no share. Pure.

use std::collections::BTreeMap;

use finance::Fen;
use jiff::civil::Date;

use super::model::{Balance, By, Course, Entry, Kind, Movement, Period, Point, Roll, Tally, Track, Tracks};
use crate::promise::model::PromiseState;

/// 清收率 (S4-27).
pub const RECOVERY: &str = "measure.recovery";
/// 压降率 (S4-28). Rule `measure.reduction`.
pub const REDUCTION: &str = "measure.reduction";
/// 费用率 (S4-29). Rule `measure.cost`.
pub const COST: &str = "measure.cost";
/// 承诺履行率. Rule `measure.promises`.
pub const PROMISES: &str = "measure.promises";
/// 频次达标率 (S4-13). Rule `measure.frequency`.
pub const FREQUENCY: &str = "measure.frequency";
/// 接通率. Rule `measure.contacts`.
pub const CONTACTS: &str = "measure.contacts";
/// 保全时效 (S2.3-25).
pub const PRESERVATION: &str = "measure.preservation";
/// 治愈率与滚动率.
pub const ROLL: &str = "measure.roll";

/// A share in billionths, half away from zero; `None` of nothing.
#[must_use]
pub fn share(part: i64, whole: i64) -> Option<i64> {
    let (part, whole) = (i128::from(part), i128::from(whole));
    if whole <= 0 {
        return None;
    }
    let size = (part.abs() * 2_000_000_000 + whole) / (2 * whole);
    i64::try_from(if part < 0 { -size } else { size }).ok()
}

impl Movement {
    /// What of the change was paid (rule `measure.recovery`): so much as money came in on that day, of what was overdue the
    /// evening before or fell overdue on the day and is not any more; a payment taken back counts against it.
    #[must_use]
    pub fn recovered(&self) -> Fen {
        let fall = self.before.0.saturating_sub(self.after.0);
        if self.money.0 >= 0 {
            Fen(self.money.0.min(fall.saturating_add(self.due.0).max(0)))
        } else {
            Fen(self.money.0.max(fall.min(0)))
        }
    }

    /// What fell overdue on the day beside what was paid.
    #[must_use]
    pub fn fresh(&self) -> Fen {
        Fen(self.rest().max(0))
    }

    /// What went without money: waived, extended, written off.
    #[must_use]
    pub fn other(&self) -> Fen {
        Fen(self.rest().min(0).saturating_neg())
    }

    fn rest(&self) -> i64 {
        self.after.0.saturating_sub(self.before.0).saturating_add(self.recovered().0)
    }
}

impl Tally {
    /// 清收率: recovered / (overdue at the beginning + fallen overdue since).
    #[must_use]
    pub fn recovery_rate(&self) -> Option<i64> {
        share(self.recovered.0, self.opening.0.saturating_add(self.fresh.0))
    }

    /// 压降率: (beginning − end) / beginning.
    #[must_use]
    pub fn reduction_rate(&self) -> Option<i64> {
        share(self.opening.0.saturating_sub(self.closing.0), self.opening.0)
    }

    /// 不良压降率: the same of the principal of non-performing loans.
    #[must_use]
    pub fn bad_reduction_rate(&self) -> Option<i64> {
        share(self.bad_opening.0.saturating_sub(self.bad_closing.0), self.bad_opening.0)
    }

    /// 费用率: costs / recovered.
    #[must_use]
    pub fn cost_rate(&self) -> Option<i64> {
        share(self.cost.0, self.recovered.0)
    }

    /// 治愈率: loans overdue at the beginning that are not at the end.
    #[must_use]
    pub fn cure_rate(&self) -> Option<i64> {
        share(self.cured, self.opening_loans)
    }

    /// 承诺履行率: kept of all that were settled.
    #[must_use]
    pub fn promise_rate(&self) -> Option<i64> {
        share(self.kept, self.kept.saturating_add(self.part_kept).saturating_add(self.broken))
    }

    /// 频次达标率: met of all that were neither running nor excused.
    #[must_use]
    pub fn frequency_rate(&self) -> Option<i64> {
        share(self.met, self.met.saturating_add(self.missed))
    }

    /// 接通率: connected of all contacts.
    #[must_use]
    pub fn contact_rate(&self) -> Option<i64> {
        share(self.connected, self.contacts)
    }

    /// 保全时效: hours on the average, rounded half up.
    #[must_use]
    pub fn preservation_hours(&self) -> Option<i64> {
        (self.preserved > 0).then(|| (self.hours.saturating_mul(2) + self.preserved) / (2 * self.preserved))
    }

    fn add(&mut self, entry: &Entry) {
        let amount = entry.amount;
        let plus = |sum: &mut Fen| *sum = Fen(sum.0.saturating_add(amount.0));
        match entry.kind {
            Kind::Opening => {
                plus(&mut self.opening);
                self.opening_loans += 1;
            }
            Kind::Fresh => plus(&mut self.fresh),
            Kind::Recovered => plus(&mut self.recovered),
            Kind::Other => plus(&mut self.other),
            Kind::Closing => plus(&mut self.closing),
            Kind::BadOpening => plus(&mut self.bad_opening),
            Kind::BadClosing => plus(&mut self.bad_closing),
            Kind::Cured => self.cured += 1,
            Kind::Worse => self.worse += 1,
            Kind::Cost => plus(&mut self.cost),
            Kind::Promise => match PromiseState::parse(&entry.word) {
                Some(PromiseState::Kept) => self.kept += 1,
                Some(PromiseState::PartKept) => self.part_kept += 1,
                Some(PromiseState::Broken) => self.broken += 1,
                // Not settled: it counts for nothing yet, or not at all.
                Some(PromiseState::Open | PromiseState::Withdrawn) | None => {}
            },
            Kind::Frequency => match entry.word.as_str() {
                "kept" => self.met += 1,
                "missed" => self.missed += 1,
                _ => self.excused += 1,
            },
            Kind::Preservation => {
                self.hours = self.hours.saturating_add(amount.0);
                self.preserved += 1;
            }
        }
    }
}

/// Everything together, and each group by itself.
#[must_use]
pub fn tally(entries: &[Entry], by: By) -> (Tally, BTreeMap<String, Tally>) {
    let (mut whole, mut groups) = (Tally::default(), BTreeMap::<String, Tally>::new());
    for entry in entries {
        whole.add(entry);
        groups.entry(entry.group(by).to_owned()).or_default().add(entry);
    }
    (whole, groups)
}

/// The case of a customer on a day: the latest that had begun and not ended before.
#[must_use]
pub fn case_on(tracks: &Tracks, customer: platform::id::CustomerId, on: Date) -> Option<&Track> {
    let all = tracks.get(&customer)?;
    all.iter().rfind(|one| one.opened_on <= on && one.closed_on.is_none_or(|end| end >= on))
}

/// Where loans of a bucket went between two evenings (rule `measure.roll`). `after`: bucket and standing of the loans that
/// were overdue at the beginning, at the end.
#[must_use]
pub fn rolls(opening: &[Balance], after: &BTreeMap<servicing::loan::model::LoanKey, (String, String)>) -> Vec<Roll> {
    let mut found: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for loan in opening {
        let to = match after.get(&loan.key) {
            Some((bucket, standing)) if standing == "overdue" => bucket.clone(),
            Some((_, standing)) if standing == "current" || standing == "settled" => "cured".to_owned(),
            Some(_) | None => "gone".to_owned(),
        };
        let sum = found.entry((loan.bucket.clone(), to)).or_default();
        sum.0 += 1;
        sum.1 = sum.1.saturating_add(loan.overdue.0);
    }
    found.into_iter().map(|((from, to), (loans, sum))| Roll { from, to, loans, overdue: Fen(sum) }).collect()
}

/// The recovery curve of each group (rule `measure.curve`): of the cases that began in the period and are at least so many
/// days old at its end, what was recovered by that day of what had fallen overdue by it.
#[must_use]
pub fn curves(courses: &[Course], period: Period, days: &[i64]) -> BTreeMap<String, Vec<Point>> {
    let mut found: BTreeMap<String, Vec<Point>> = BTreeMap::new();
    for course in courses {
        let blank =
            || days.iter().map(|&days| Point { days, cases: 0, due: Fen::ZERO, recovered: Fen::ZERO }).collect();
        let points = found.entry(course.group.clone()).or_insert_with(blank);
        let age = finance::days_between(course.opened_on, period.to);
        for point in points.iter_mut().filter(|point| point.days <= age) {
            point.cases += 1;
            for (day, fresh, recovered) in course.moves.iter().filter(|(day, ..)| *day <= point.days) {
                debug_assert!(*day >= 0);
                point.due = Fen(point.due.0.saturating_add(fresh.0));
                point.recovered = Fen(point.recovered.0.saturating_add(recovered.0));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use platform::id::{BranchId, CustomerId};
    use servicing::loan::model::{LoanId, LoanKey};

    use super::*;
    use crate::case::model::CaseId;

    fn moved(before: i64, after: i64, money: i64) -> Movement {
        Movement {
            key: LoanKey { customer: CustomerId(1), loan: LoanId(2) },
            number: String::new(),
            branch: BranchId(1),
            product: String::new(),
            on: date(2026, 11, 20),
            bucket: "d1_30".to_owned(),
            before: Fen(before),
            after: Fen(after),
            due: Fen::ZERO,
            money: Fen(money),
        }
    }

    // Rule measure.recovery. S4-27
    #[test]
    fn money_recovers_what_falls_and_no_more() {
        let parts = |m: Movement| (m.recovered().0, m.fresh().0, m.other().0);
        assert_eq!(parts(moved(1_000, 400, 600)), (600, 0, 0));
        // Some of the money went to penalty or to what is not due yet.
        assert_eq!(parts(moved(1_000, 400, 900)), (600, 0, 0));
        // Waived beside what was paid.
        assert_eq!(parts(moved(1_000, 0, 600)), (600, 0, 400));
        // Falls overdue; nothing paid.
        assert_eq!(parts(moved(0, 1_000, 0)), (0, 1_000, 0));
        // Written off.
        assert_eq!(parts(moved(1_000, 0, 0)), (0, 0, 1_000));
        // A payment was taken back: what it recovered is owed again.
        assert_eq!(parts(moved(0, 600, -900)), (-600, 0, 0));
        assert_eq!(parts(moved(0, 600, -400)), (-400, 200, 0));
        // One instalment behind, and the next one falls overdue on the day on which the first is paid.
        assert_eq!(parts(Movement { due: Fen(1_000), ..moved(1_000, 1_000, 1_000) }), (1_000, 1_000, 0));
        assert_eq!(parts(Movement { due: Fen(1_000), ..moved(1_000, 500, 1_500) }), (1_500, 1_000, 0));
        for m in [moved(7, 3, 2), moved(3, 9, -4), moved(5, 5, 0), moved(0, 8, 8)] {
            let (recovered, fresh, other) = parts(m.clone());
            assert_eq!(m.before.0 + fresh - recovered - other, m.after.0);
        }
    }

    // Rules measure.reduction, measure.cost, measure.promises, measure.frequency, measure.contacts, measure.preservation.
    // S4-28, S4-29
    #[test]
    fn shares_round_half_away_from_zero_and_of_nothing_there_is_none() {
        let none = Tally::default();
        let all =
            [none.recovery_rate(), none.reduction_rate(), none.cost_rate(), none.cure_rate(), none.promise_rate()];
        assert_eq!(all, [None; 5]);
        assert_eq!([none.frequency_rate(), none.contact_rate(), none.preservation_hours()], [None; 3]);
        let some = Tally {
            opening_loans: 3,
            opening: Fen(300_000),
            fresh: Fen(100_000),
            recovered: Fen(150_000),
            closing: Fen(330_000),
            bad_opening: Fen(8_000),
            bad_closing: Fen(2_000),
            cost: Fen(1_000),
            cured: 1,
            kept: 2,
            part_kept: 1,
            broken: 3,
            met: 2,
            missed: 1,
            excused: 9,
            hours: 49,
            preserved: 2,
            contacts: 8,
            connected: 3,
            ..Tally::default()
        };
        assert_eq!(some.recovery_rate(), Some(375_000_000));
        assert_eq!(some.reduction_rate(), Some(-100_000_000), "it grew by a tenth");
        assert_eq!(some.bad_reduction_rate(), Some(750_000_000));
        assert_eq!(some.cost_rate(), Some(6_666_667));
        assert_eq!(some.cure_rate(), Some(333_333_333));
        assert_eq!(some.promise_rate(), Some(333_333_333));
        assert_eq!(some.frequency_rate(), Some(666_666_667), "what was excused counts for neither");
        assert_eq!(some.contact_rate(), Some(375_000_000));
        assert_eq!(some.preservation_hours(), Some(25), "24.5 hours");
    }

    fn track() -> Track {
        Track {
            id: CaseId(5),
            number: "A1".to_owned(),
            branch: BranchId(1),
            opened_on: date(2026, 11, 1),
            closed_on: Some(date(2026, 11, 20)),
            owner: 9,
            step: "assess".to_owned(),
            transfers: vec![(date(2026, 11, 5), 7, 8), (date(2026, 11, 10), 8, 9)],
            steps: vec![(date(2026, 11, 1), String::new(), "remind".to_owned())],
            causes: vec![(date(2026, 11, 6), "c2".to_owned())],
            strategies: Vec::new(),
        }
    }

    #[test]
    fn a_case_is_known_as_it_stood_on_the_day() {
        let one = track();
        let owners = [1, 4, 5, 9, 10, 25].map(|day| one.owner_on(date(2026, 11, day)));
        assert_eq!(owners, [7, 7, 8, 8, 9, 9]);
        assert_eq!((one.step_on(date(2026, 11, 1)), one.cause_on(date(2026, 11, 5))), ("remind", ""));
        assert_eq!(one.cause_on(date(2026, 11, 6)), "c2");
        let tracks = Tracks::from([(CustomerId(1), vec![one])]);
        let found = |day| case_on(&tracks, CustomerId(1), date(2026, 11, day)).is_some();
        assert_eq!([1, 20, 21].map(found), [true, true, false], "the day that ends it is its own");
    }

    // Rule measure.curve
    #[test]
    fn only_cases_old_enough_stand_in_a_point() {
        let course = |opened_on, moves| Course { group: "x".to_owned(), opened_on, moves };
        let period = Period { from: date(2026, 11, 1), to: date(2026, 11, 30) };
        let all = [
            course(date(2026, 11, 1), vec![(0, Fen(1_000), Fen(0)), (7, Fen(0), Fen(400)), (20, Fen(500), Fen(100))]),
            course(date(2026, 11, 25), vec![(0, Fen(3_000), Fen(0)), (2, Fen(0), Fen(3_000))]),
        ];
        let found = curves(&all, period, &[0, 7, 30]);
        let point = |days, cases, due, recovered| Point { days, cases, due: Fen(due), recovered: Fen(recovered) };
        assert_eq!(found["x"], [point(0, 2, 4_000, 0), point(7, 1, 1_000, 400), point(30, 0, 0, 0)]);
    }

    // Rule measure.roll
    #[test]
    fn loans_roll_on_or_are_cured_or_gone() {
        let loan = |id| LoanKey { customer: CustomerId(1), loan: LoanId(id) };
        let stood = |id, bucket: &str, overdue| Balance {
            key: loan(id),
            number: String::new(),
            branch: BranchId(1),
            product: String::new(),
            bucket: bucket.to_owned(),
            overdue: Fen(overdue),
        };
        let opening = [stood(1, "d1_30", 100), stood(2, "d1_30", 50), stood(3, "d31_60", 70), stood(4, "d31_60", 5)];
        let after = |bucket: &str, standing: &str| (bucket.to_owned(), standing.to_owned());
        let ends = BTreeMap::from([
            (loan(1), after("d31_60", "overdue")),
            (loan(2), after("current", "current")),
            (loan(3), after("", "written-off-tracked")),
        ]);
        let roll = |from: &str, to: &str, loans, overdue| Roll {
            from: from.to_owned(),
            to: to.to_owned(),
            loans,
            overdue: Fen(overdue),
        };
        let expected = [roll("d1_30", "cured", 1, 50), roll("d1_30", "d31_60", 1, 100), roll("d31_60", "gone", 2, 75)];
        assert_eq!(rolls(&opening, &ends), expected);
    }
}
