//! The dashboard against sums of another make (驾驶舱复算): every figure is computed anew from the facts alone, loan by
//! loan and day by day, by replay; no table that the dashboard reads is used.

#![cfg(test)]

use std::collections::BTreeMap;
use std::sync::Arc;

use finance::{Fen, TransactionKind};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use oversight::dashboard::model::{Book, Due, Overview, Point};
use oversight::dashboard::{rules, store};
use oversight::standpoint::Standpoint;
use platform::access::{Actor, DataScope, Hashing, Origin};
use platform::app::{App, Settings};
use platform::args;
use platform::clock::{Clock, civil_moment};
use platform::db::Db;
use platform::testbed;
use platform::vault::Vault;
use platform::work::Work;
use policy::Pack;
use servicing::loan::model::{LoanFile, LoanKey, LoanState};
use servicing::position::engine::Engine;
use servicing::position::model::{LoanPosition, Standing};

use crate::{demo, house, policies, shipped};

/// Bucket, class, whether overdue → loans, principal, overdue principal and interest.
type Slices = BTreeMap<(String, String, bool), (i64, i64, i64)>;

/// The facts, and what replay needs besides.
struct Facts {
    files: Vec<LoanFile>,
    engine: Engine,
    today: Date,
}

impl Facts {
    async fn read(work: &mut Work) -> Self {
        let rows = work.tx.fetch_all("select customer_id, id from loan order by id", args![]).await.unwrap();
        let key = |row: &platform::db::Row| LoanKey {
            customer: row.get("customer_id").unwrap(),
            loan: row.get("id").unwrap(),
        };
        let keys: Vec<LoanKey> = rows.iter().map(key).collect();
        let files = servicing::loan::store::load_files(&mut work.tx, &keys).await.unwrap();
        let today = work.business_date;
        Self { files, engine: Engine::load(work, today).await.unwrap(), today }
    }

    /// The loans of a scope that there were on a day.
    fn loans(&self, scope: DataScope, on: Date) -> impl Iterator<Item = &LoanFile> {
        self.files.iter().filter(move |file| {
            let loan = &file.loan;
            loan.state == LoanState::Active && loan.start_on <= on && scope.covers(loan.branch, loan.team, loan.manager)
        })
    }

    fn stands(&self, file: &LoanFile, on: Date, known: Option<Timestamp>) -> LoanPosition {
        self.engine.kept(file, &self.engine.replay(file, on, known).unwrap(), known)
    }

    fn slices(&self, scope: DataScope, on: Date, known: Option<Timestamp>) -> Slices {
        let mut slices = Slices::new();
        for position in self.loans(scope, on).map(|file| self.stands(file, on, known)).filter(is_open) {
            let key =
                (position.grade.bucket.clone(), position.grade.class.clone(), position.standing == Standing::Overdue);
            let slice = slices.entry(key).or_default();
            slice.0 += 1;
            slice.1 += position.principal.0;
            slice.2 += position.overdue_principal.0 + position.overdue_interest.0;
        }
        slices
    }

    /// What falls due, by the schedules of today.
    fn due(&self, scope: DataScope, from: Date, to: Date) -> Due {
        let mut due = Due::default();
        for file in self.loans(scope, self.today) {
            let position = self.engine.replay(file, self.today, None).unwrap();
            for one in position.instalments.iter().filter(|one| (from..=to).contains(&one.due_on)) {
                let owed = |debt: &finance::Debt| debt.due.0 - debt.waived.0 - debt.moved.0;
                let paid = one.principal.paid.0 + one.interest.paid.0;
                let all = owed(&one.principal) + owed(&one.interest);
                due.instalments += 1;
                due.due.0 += all;
                due.paid.0 += paid;
                due.open += i64::from(all > paid);
            }
        }
        due
    }

    /// Loans that stood overdue on a day and not on the day before.
    fn became_overdue(&self, scope: DataScope, on: Date) -> (i64, i64) {
        let (mut count, mut sum) = (0, 0);
        let before = on.yesterday().unwrap();
        for file in self.loans(scope, before) {
            let (then, now) = (self.stands(file, before, None), self.stands(file, on, None));
            if now.standing == Standing::Overdue && then.standing != Standing::Overdue {
                count += 1;
                sum += now.overdue_principal.0 + now.overdue_interest.0;
            }
        }
        (count, sum)
    }

    /// Money that came in between two days and was not taken back by the second.
    fn collected(&self, scope: DataScope, from: Date, to: Date) -> (i64, i64) {
        let (mut count, mut sum) = (0, 0);
        for file in self.loans(scope, self.today) {
            for t in &file.transactions {
                let money = matches!(t.fact.kind, TransactionKind::Repay(_) | TransactionKind::Recover { .. });
                let stays = file.reversed_by(t.id).is_none_or(|by| by.fact.on > to);
                if money && stays && (from..=to).contains(&t.fact.on) {
                    count += 1;
                    sum += t.amount.0;
                }
            }
        }
        (count, sum)
    }

    /// Open loans that mature between two days.
    fn maturing(&self, scope: DataScope, on: Date, from: Date, to: Date) -> (i64, i64) {
        let open = self.loans(scope, on).map(|file| self.stands(file, on, None)).filter(is_open);
        let those = open.filter(|position| (from..=to).contains(&position.maturity_on));
        those.fold((0, 0), |(count, sum), position| (count + 1, sum + position.principal.0))
    }
}

fn is_open(position: &LoanPosition) -> bool {
    matches!(position.standing, Standing::Undrawn | Standing::Current | Standing::Overdue)
}

fn shown(book: &Book) -> Slices {
    let mut slices = Slices::new();
    for slice in &book.slices {
        let found = slices.entry((slice.bucket.clone(), slice.class.clone(), slice.overdue)).or_default();
        found.0 += slice.part.loans;
        found.1 += slice.part.principal.0;
        found.2 += slice.overdue_sum.0;
    }
    slices
}

/// The lender of the demo, small, on one of the databases.
async fn lender(db: Db) -> App {
    let files = shipped::packs();
    let pack = Pack::load(&files, "microloan", &policies::dictionary().unwrap()).unwrap();
    let settings = Settings { packs: Arc::new(files), vault: Some(Vault::for_tests(7)), ..Settings::default() };
    let mut settings = settings.under_pack(&pack, date(2026, 11, 20)).unwrap();
    settings.access.hashing = Hashing::weak_for_tests();
    let clock = Clock::simulated(civil_moment(date(2026, 8, 3).at(8, 0, 0, 0)).unwrap());
    let app = App::assemble_with(db, clock, 1, house::capabilities(), settings).await.unwrap();
    demo::small(&app).await.unwrap();
    app
}

#[tokio::test]
async fn every_figure_of_the_dashboard_is_what_the_facts_alone_make_it() {
    // S5.4-05, S2.19-02
    for db in testbed::databases().await {
        let app = lender(db).await;
        let mut work = Work::read(&app, Actor::system(Origin::Console)).await.unwrap();
        let facts = Facts::read(&mut work).await;
        let branches = work.tx.fetch_all("select id from branch order by id", args![]).await.unwrap();
        let own = |row: &platform::db::Row| DataScope { branch: row.get("id").unwrap(), ..DataScope::everything() };
        let scopes: Vec<DataScope> = [DataScope::everything()].into_iter().chain(branches.iter().map(own)).collect();
        let (mut overdue, mut became, mut collected, mut ends) = (0, 0, 0, 0);
        for scope in scopes {
            for as_of in [facts.today, date(2026, 10, 31), date(2026, 9, 15)] {
                let at = Standpoint { as_of, known: None, today: facts.today };
                let overview = store::overview(&mut work.tx, scope, &at).await.unwrap();
                compare(&facts, scope, as_of, &overview);
                past(&facts, &mut work, scope, &overview).await;
                overdue += overview.book.overdue().loans;
                became += overview.became_overdue.iter().map(|point| point.count).sum::<i64>();
                ends += overview.past.iter().filter(|(_, book)| book.is_some()).count();
                collected += overview.collected.iter().map(|point| point.count).sum::<i64>();
            }
        }
        let seen = format!("{overdue} overdue, {became} became so, {collected} payments, {ends} month-ends");
        assert!(overdue > 0 && became > 0 && collected > 10 && ends > 5, "the book has something to count: {seen}");
    }
}

fn compare(facts: &Facts, scope: DataScope, as_of: Date, it: &Overview) {
    let what = format!("{as_of} {scope:?}");
    let slices = facts.slices(scope, as_of, None);
    assert_eq!(shown(&it.book), slices, "the book of {what}");
    let principal: i64 = slices.values().map(|slice| slice.1).sum();
    let overdue: i64 = slices.iter().filter(|(key, _)| key.2).map(|(_, slice)| slice.1).sum();
    // The share in whole billionths by long division in another order than the page's.
    let by_hand = |part: i64| {
        let (part, whole) = (i128::from(part) * 1_000_000_000, i128::from(principal));
        (whole > 0).then(|| i64::try_from(part / whole + i128::from((part % whole) * 2 >= whole)).unwrap())
    };
    assert_eq!(rules::share(it.book.overdue().principal, it.book.whole().principal), by_hand(overdue), "{what}");
    let (monday, sunday) = rules::week(as_of);
    assert_eq!(it.due_today, Some(facts.due(scope, as_of, as_of)), "due on the day of {what}");
    assert_eq!(it.due_week, Some(facts.due(scope, monday, sunday)), "due in the week of {what}");
    assert_eq!(it.became_overdue.len(), 30);
    each(&it.became_overdue, &what, |on| facts.became_overdue(scope, on));
    each(&it.collected, &what, |month| facts.collected(scope, month, month.last_of_month().min(as_of)));
    each(&it.maturing, &what, |month| facts.maturing(scope, as_of, month.max(as_of), month.last_of_month()));
}

fn each(points: &[Point], what: &str, by_hand: impl Fn(Date) -> (i64, i64)) {
    assert!(!points.is_empty(), "{what}");
    for point in points {
        let (count, sum) = by_hand(point.on);
        assert_eq!((point.count, point.sum), (count, Fen(sum)), "{} of {what}", point.on);
    }
}

/// The month-ends beside the date: what was known of them when their day was sealed.
async fn past(facts: &Facts, work: &mut Work, scope: DataScope, it: &Overview) {
    for (on, book) in &it.past {
        let sealed = "select sealed_at from close_run where from_on = $1 and sealed_at is not null";
        let Some(row) = work.tx.fetch_optional(sealed, args![*on]).await.unwrap() else {
            assert_eq!(*book, None, "{on} was never closed");
            continue;
        };
        let known: Timestamp = row.get("sealed_at").unwrap();
        let slices = facts.slices(scope, *on, Some(known));
        let shown = book.as_ref().map(shown).unwrap_or_default();
        assert_eq!(shown, slices, "the month-end {on} {scope:?}");
    }
}
