//! What a classification may say, and what its counts mean for each of its goals. Pure.

use std::collections::{BTreeMap, BTreeSet};

use finance::{Fen, Rounding};
use jiff::Span;
use jiff::civil::Date;
use policy::{Edition, EvalError, Facts, Pack, Value};

use super::error::ClassificationError;
use super::model::Count;
use crate::position::rules::{classes, is_worse};

/// A whole in parts per million.
const WHOLE_PPM: i128 = 1_000_000;

/// By what a run is measured (衡量标准): the classes of the policy, which of them are non-performing, what each asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Yardstick {
    /// From the mildest to the gravest.
    pub classes: Vec<String>,
    /// The non-performing ones (不良).
    pub bad: BTreeSet<String>,
    /// The rates of special provisions, parts per million.
    pub rates: BTreeMap<String, i64>,
}

impl Yardstick {
    /// As the policy of a day says; a class for which no rate is in force asks for nothing.
    ///
    /// Errors: a decision that cannot be made.
    pub fn of(pack: &Pack, edition: &Edition) -> Result<Self, EvalError> {
        let mut out = Self { classes: classes(pack), ..Self::default() };
        for class in &out.classes {
            let facts = Facts::from([("asset_class".to_owned(), Value::from(class.as_str()))]);
            if let Some(found) = decided(edition, "npl", &facts)?
                && found.text("npl") == Some("yes")
            {
                out.bad.insert(class.clone());
            }
            let rate = decided(edition, "provision_rate", &facts)?.and_then(|found| found.integer("provision_ppm"));
            if let Some(rate) = rate {
                out.rates.insert(class.clone(), rate);
            }
        }
        Ok(out)
    }
}

fn decided(edition: &Edition, name: &str, facts: &Facts) -> Result<Option<policy::Evaluation>, EvalError> {
    match edition.decide(name, facts) {
        Ok(found) => Ok(Some(found)),
        Err(EvalError::NoRule { .. } | EvalError::UnknownDecision { .. }) => Ok(None),
        Err(broken) => Err(broken),
    }
}

/// Refuses a class that the policy does not know, or that is better than days overdue allow (rule `classification.floor`):
/// law sets the floor, people may only be stricter.
///
/// Errors: [`ClassificationError::Floor`]; a class that is none.
pub fn within_floor(classes: &[String], class: &str, system: &str) -> Result<(), ClassificationError> {
    if !classes.iter().any(|known| known == class) {
        let wrong = platform::error::FieldError::choice("class", class);
        return Err(ClassificationError::Form(vec![wrong]));
    }
    if is_worse(classes, system, class) {
        return Err(ClassificationError::Floor { class: class.to_owned(), least: system.to_owned() });
    }
    Ok(())
}

/// The class with which an item begins: the worse of the class by days and the one with which the loan stood, so that an
/// upgrade is somebody's decision (rule `classification.stands`).
pub fn begins<'a>(classes: &[String], system: &'a str, standing: &'a str) -> &'a str {
    if is_worse(classes, standing, system) { standing } else { system }
}

/// When the next run is due (rule `classification.interval`); `None` beyond the calendar.
pub fn due_on(last: Date, months: i64) -> Option<Date> {
    last.checked_add(Span::new().try_months(months).ok()?).ok()
}

/// So many loans with so much principal (笔数与余额).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    /// Loans.
    pub loans: i64,
    /// 本金余额.
    pub principal: Fen,
}

impl Part {
    fn add(&mut self, count: &Count) {
        self.loans = self.loans.saturating_add(count.loans);
        self.principal = Fen(self.principal.0.saturating_add(count.principal.0));
    }

    /// What this is of a whole, by principal, in parts per million; `None` of nothing.
    pub fn share_of(&self, whole: Self) -> Option<i64> {
        let of = i128::from(whole.principal.0);
        if of <= 0 {
            return None;
        }
        let share = (i128::from(self.principal.0) * WHOLE_PPM * 2 + of) / (of * 2);
        i64::try_from(share).ok()
    }
}

/// A class in the report (分类汇总).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// 五级分类.
    pub class: String,
    /// Now.
    pub now: Part,
    /// In the run before.
    pub former: Part,
    /// The rate of its provision, parts per million.
    pub rate_ppm: i64,
    /// What it asks for.
    pub provision: Fen,
}

/// Loans that went from one class to another, or came in (迁徙).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// In the run before; empty: not in it.
    pub from: String,
    /// Now.
    pub to: String,
    /// How much.
    pub part: Part,
}

/// What a run says of each goal of a classification (认定报告; S5.4-04).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// By class.
    pub lines: Vec<Line>,
    /// All.
    pub total: Part,
    /// All of the run before.
    pub former_total: Part,
    /// Non-performing.
    pub bad: Part,
    /// Non-performing in the run before.
    pub former_bad: Part,
    /// From the run before to this one.
    pub moves: Vec<Move>,
    /// Loans of which people think otherwise than the days, or than each other.
    pub differing: i64,
    /// Opened since the run before (发放).
    pub fresh: Part,
    /// Of these, no longer of the mildest class.
    pub fresh_worse: Part,
    /// Worse than in the run before (管理).
    pub worse: Part,
    /// Better than in the run before (收回).
    pub better: Part,
    /// 逾期本金 (收回).
    pub overdue: Fen,
    /// What all classes ask for (准备金).
    pub needed: Fen,
    /// What the books hold.
    pub held: Option<Fen>,
    /// What is missing of it; nothing where it suffices.
    pub short: Option<Fen>,
}

impl Report {
    /// The ratio of non-performing loans (不良率), parts per million (S5.4-05).
    pub fn bad_ppm(&self) -> Option<i64> {
        self.bad.share_of(self.total)
    }

    /// The same of the run before.
    pub fn former_bad_ppm(&self) -> Option<i64> {
        self.former_bad.share_of(self.former_total)
    }
}

/// What the counts of a run, and those of the run before it, say (rule `classification.report`).
pub fn report(yardstick: &Yardstick, now: &[Count], before: &[Count], held: Option<Fen>) -> Report {
    let mut out = Report { held, ..Report::default() };
    let mut by_class: BTreeMap<&str, (Part, Part)> = BTreeMap::new();
    let mut moves: BTreeMap<(&str, &str), Part> = BTreeMap::new();
    let mildest = yardstick.classes.first().map(String::as_str).unwrap_or_default();
    let worse = |one: &str, other: &str| is_worse(&yardstick.classes, one, other);
    for count in now {
        by_class.entry(&count.class).or_default().0.add(count);
        moves.entry((&count.former, &count.class)).or_default().add(count);
        out.total.add(count);
        out.differing = out.differing.saturating_add(count.differing);
        out.overdue = Fen(out.overdue.0.saturating_add(count.overdue.0));
        if yardstick.bad.contains(&count.class) {
            out.bad.add(count);
        }
        if count.fresh {
            out.fresh.add(count);
            if worse(&count.class, mildest) {
                out.fresh_worse.add(count);
            }
        }
        match count.former.as_str() {
            "" => {}
            former if worse(&count.class, former) => out.worse.add(count),
            former if worse(former, &count.class) => out.better.add(count),
            _ => {}
        }
    }
    for count in before {
        by_class.entry(&count.class).or_default().1.add(count);
        out.former_total.add(count);
        if yardstick.bad.contains(&count.class) {
            out.former_bad.add(count);
        }
    }
    // Every class has its line; one that only a former policy knew comes behind them.
    let others = by_class.keys().filter(|class| !yardstick.classes.iter().any(|known| known == *class)).copied();
    for class in yardstick.classes.iter().map(String::as_str).chain(others) {
        let (part, former) = by_class.get(class).copied().unwrap_or_default();
        let rate_ppm = yardstick.rates.get(class).copied().unwrap_or_default();
        let provision = part.principal.share_ppm(rate_ppm, Rounding::HalfUp).unwrap_or_default();
        out.needed = Fen(out.needed.0.saturating_add(provision.0));
        out.lines.push(Line { class: class.to_owned(), now: part, former, rate_ppm, provision });
    }
    out.short = held.map(|held| Fen(out.needed.0.saturating_sub(held.0).max(0)));
    let place = |class: &str| yardstick.classes.iter().position(|known| known == class);
    let mut moved: Vec<Move> =
        moves.into_iter().map(|((from, to), part)| Move { from: from.to_owned(), to: to.to_owned(), part }).collect();
    moved.sort_by_key(|one| (place(&one.from), place(&one.to)));
    out.moves = moved;
    out
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn yardstick() -> Yardstick {
        let classes = ["normal", "special_mention", "substandard", "doubtful", "loss"].map(str::to_owned).to_vec();
        let bad = classes[2..].iter().cloned().collect();
        let rates = classes.iter().cloned().zip([0, 20_000, 250_000, 500_000, 1_000_000]).collect();
        Yardstick { classes, bad, rates }
    }

    fn count(former: &str, class: &str, (fresh, loans, principal): (bool, i64, i64)) -> Count {
        let (former, class, principal) = (former.to_owned(), class.to_owned(), Fen(principal));
        Count { former, system: class.clone(), class, fresh, loans, principal, ..Count::default() }
    }

    // S5.4-04. Rule classification.report: each goal has its figures, and they foot.
    #[test]
    fn a_report_says_something_of_every_goal() {
        let before = [count("", "normal", (false, 9, 900_000)), count("", "substandard", (false, 1, 100_000))];
        let mut worse = count("normal", "substandard", (false, 2, 200_000));
        worse.overdue = Fen(50_000);
        worse.differing = 1;
        let now = [
            count("normal", "normal", (false, 6, 600_000)),
            worse,
            count("substandard", "special_mention", (false, 1, 80_000)),
            count("", "normal", (true, 3, 100_000)),
            count("", "special_mention", (true, 1, 20_000)),
        ];
        let found = report(&yardstick(), &now, &before, Some(Fen(40_000)));
        assert_eq!(found.total, Part { loans: 13, principal: Fen(1_000_000) });
        assert_eq!(found.lines.iter().map(|line| line.now.loans).sum::<i64>(), found.total.loans);
        assert_eq!(found.moves.iter().map(|one| one.part.principal.0).sum::<i64>(), found.total.principal.0);
        assert_eq!((found.bad_ppm(), found.former_bad_ppm()), (Some(200_000), Some(100_000)));
        assert_eq!((found.fresh.loans, found.fresh_worse.loans), (4, 1));
        assert_eq!((found.worse.loans, found.better.loans), (2, 1));
        assert_eq!((found.overdue, found.differing), (Fen(50_000), 1));
        // 100,000 of special mention at 2 %, 200,000 of substandard at 25 %.
        assert_eq!((found.needed, found.short), (Fen(52_000), Some(Fen(12_000))));
        let enough = report(&yardstick(), &now, &before, Some(Fen(60_000)));
        assert_eq!(enough.short, Some(Fen(0)));
        assert_eq!(report(&yardstick(), &[], &[], None).bad_ppm(), None);
    }

    // S5.4-03. Rule classification.floor: people may be stricter than days overdue, never milder.
    #[test]
    fn no_class_is_better_than_the_one_by_days() {
        let classes = yardstick().classes;
        assert_eq!(within_floor(&classes, "substandard", "special_mention"), Ok(()));
        assert_eq!(within_floor(&classes, "substandard", "substandard"), Ok(()));
        let least = "substandard".to_owned();
        let better = ClassificationError::Floor { class: "normal".to_owned(), least };
        assert_eq!(within_floor(&classes, "normal", "substandard"), Err(better));
        assert!(matches!(within_floor(&classes, "excellent", "normal"), Err(ClassificationError::Form(_))));
    }

    // S5.4-04. Rules classification.stands, classification.interval
    #[test]
    fn a_run_begins_with_the_worse_class_and_comes_again_after_its_months() {
        let classes = yardstick().classes;
        assert_eq!(begins(&classes, "normal", "substandard"), "substandard");
        assert_eq!(begins(&classes, "doubtful", "substandard"), "doubtful");
        assert_eq!(begins(&classes, "normal", "unclassified"), "normal");
        assert_eq!(due_on(date(2026, 11, 30), 3), Some(date(2027, 2, 28)));
        assert_eq!(due_on(date(2026, 11, 30), i64::MAX), None);
    }
}
