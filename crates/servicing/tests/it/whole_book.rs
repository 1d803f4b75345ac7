//! The whole book out and in again, on random loans with random histories.

use std::path::PathBuf;

use finance::{Extension, Fen, Head, Method, PenaltyRate, Rate, Repayment, RepaymentMode, Terms, TransactionKind};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use platform::access::{Actor, Origin};
use platform::book::{self, Manifest, Wanted};
use platform::testbed;
use platform::work::Work;
use servicing::loan::actions::apply;
use servicing::loan::model::{Channel, LoanKey, NewTransaction};

use crate::house::{Lender, TODAY, new_loan};

/// A small generator whose numbers are the same at every run: a failure can be had again by its seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn fen(&mut self, limit: i64) -> Fen {
        Fen(1 + i64::try_from(self.below(limit.unsigned_abs())).unwrap())
    }

    fn day(&mut self, from: Date) -> Date {
        let days = i64::from((TODAY - from).get_days()) + 1;
        from.saturating_add(i64::try_from(self.below(days.unsigned_abs())).unwrap().days())
    }
}

/// What spreadsheets and their readers like to change.
fn notes() -> Vec<Option<String>> {
    let long = "很长的备注，含引号\"与反斜杠\\。".repeat(1_000);
    let texts = [
        "=1+1",
        "+86",
        "-3",
        "@SUM(A1)",
        " 前后空格 ",
        "第一行\n第二行\r\n",
        "\u{1}\u{b}",
        "_x0041_",
        "\\\"x\"",
        "000123",
        "1e5",
    ];
    let mut all: Vec<Option<String>> = texts.iter().map(|text| Some((*text).to_owned())).collect();
    all.extend([Some(String::new()), Some(long), None]);
    all
}

fn terms(chance: &mut Chance) -> Terms {
    let methods = [Method::EqualInstalment, Method::EqualPrincipal, Method::InterestOnly, Method::Bullet, Method::Flat];
    let method = methods[usize::try_from(chance.below(5)).unwrap()].clone();
    let start = chance.day(date(2025, 9, 1));
    let months = 1 + u32::try_from(chance.below(24)).unwrap();
    let rate = Rate::per_year(1_000_000 * (30 + i64::try_from(chance.below(150)).unwrap()));
    let mut terms = Terms::new(method, Fen(1_000_000 + chance.fen(20_000_000).0), start, months, rate);
    terms.overdue.penalty = (chance.below(3) > 0).then_some(PenaltyRate::Uplift(500_000));
    terms
}

fn kind(chance: &mut Chance, done: &[u64], on: Date) -> TransactionKind {
    let mode = [RepaymentMode::Regular, RepaymentMode::Reduce, RepaymentMode::Shorten]
        [usize::try_from(chance.below(3)).unwrap()];
    match chance.below(12) {
        0..=4 => TransactionKind::Repay(Repayment { amount: chance.fen(3_000_000), mode, allocation: Vec::new() }),
        5 => TransactionKind::Charge { head: Head::Fee, amount: chance.fen(10_000), due_on: None },
        6 => TransactionKind::Waive { head: Head::Penalty, amount: chance.fen(500), instalment: None },
        7 => TransactionKind::ChangeRate {
            rate: Rate::per_year(1_000_000 * (40 + i64::try_from(chance.below(100)).unwrap())),
        },
        8 => TransactionKind::Extend(Extension {
            until: on.saturating_add(12.months()),
            rate: None,
            scope: finance::ExtensionScope::LastInstalment,
        }),
        9 => TransactionKind::Misuse { flagged: chance.below(2) == 0 },
        10 => TransactionKind::WriteOff,
        _ => match done.last() {
            Some(target) => TransactionKind::Reverse { target: *target },
            None => TransactionKind::Accelerate,
        },
    }
}

/// Loans with histories as they come; what a rule refuses did not happen.
async fn random_book(lender: &Lender, seed: u64) -> usize {
    let mut chance = Chance(seed);
    let mut notes = notes().into_iter().cycle();
    let manager = lender.house.user_id("boss").await;
    let mut happened = 0;
    for n in 0..8 {
        let customer = lender.customer(&format!("=客户{n}")).await;
        let mut work = lender.work().await;
        let Ok(opened) =
            servicing::loan::actions::open(&mut work, &new_loan(customer, manager, terms(&mut chance))).await
        else {
            continue;
        };
        work.commit().await.unwrap();
        let key = opened.file.loan.key;
        let mut done: Vec<u64> = Vec::new();
        let mut on = opened.file.terms.start_on;
        for _ in 0..8 {
            on = chance.day(on);
            let new = NewTransaction {
                note: notes.next().unwrap(),
                ..NewTransaction::new(on, kind(&mut chance, &done, on), Channel::BankTransfer)
            };
            if let Some(id) = try_apply(lender, key, &new).await {
                done.push(id);
                happened += 1;
            }
        }
    }
    happened
}

async fn try_apply(lender: &Lender, key: LoanKey, new: &NewTransaction) -> Option<u64> {
    let mut work = lender.work().await;
    let applied = apply(&mut work, key, None, new, "loan.repay", "repayment_received").await.ok()?;
    work.commit().await.unwrap();
    u64::try_from(applied.id.0).ok()
}

async fn out(lender: &Lender, tab_rows: u32) -> (PathBuf, Manifest) {
    let path = testbed::scratch("xlsx");
    let wanted = Wanted { tab_rows, ..Wanted::new(true, "测试") };
    let mut work = Work::read(lender.app(), Actor::system(Origin::Console)).await.unwrap();
    let file = std::fs::File::create(&path).unwrap();
    let made = book::write(&mut work, &wanted, file, &|_| {}).await.unwrap();
    (path, made)
}

// Rule `book.round-trip`: random books, both databases, tabs that end after a few rows.
#[tokio::test]
async fn random_books_go_out_come_in_on_the_other_database_and_go_out_equal() {
    for seed in [0x9E37_79B9_7F4A_7C15, 42, 20_261_120] {
        let sources = Lender::everywhere().await;
        let mut targets = Lender::everywhere().await;
        targets.reverse();
        for (source, target) in sources.iter().zip(&targets) {
            let happened = random_book(source, seed).await;
            assert!(happened > 15, "seed {seed} made only {happened} transactions");
            let (file, first) = out(source, 9).await;
            assert!(first.tabs.iter().filter(|tab| tab.sheet == "transactions").count() > 2, "{:?}", first.tabs);
            let mut work = target.work().await;
            let brought = book::bring(&mut work, &file, "digest", &|_| {}).await.unwrap();
            assert_eq!(brought.findings.kept, Vec::new(), "seed {seed}");
            work.commit().await.unwrap();
            let (_, second) = out(target, book::EXCEL_ROWS).await;
            for (sheet, totals) in &first.totals {
                assert_eq!(Some(totals), second.totals.get(sheet), "seed {seed}, sheet {sheet}");
            }
        }
    }
}
