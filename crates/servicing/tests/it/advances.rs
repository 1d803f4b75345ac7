//! Advances: drawn by month, checked by a colleague, signed by the heads, paid by a third person, recovered by repayments.

use axum::http::StatusCode;
use finance::Fen;
use jiff::civil::date;
use platform::access::{Actor, Origin};
use platform::approval::{self, Verdict};
use platform::args;
use platform::book::{self, Manifest, Wanted};
use platform::id::CustomerId;
use platform::testbed;
use platform::work::Work;
use servicing::desk::advance::model::{Advance, AdvanceList, AdvanceListId, ListState, RowState};
use servicing::desk::advance::{actions, pay, rules, store};
use servicing::desk::card::actions as cards;
use servicing::desk::card::model::CardResult;
use servicing::desk::mailing::actions as mailing;
use servicing::desk::mailing::model::{NewVehicle, Step};
use servicing::desk::settlement::actions as settlement;
use servicing::desk::slip::model::NewSlip;
use servicing::loan::model::LoanKey;

use crate::changes::code;
use crate::desk::{agree, all_open, by, called, card, count, lenders, loan, repay};
use crate::house::{Lender, plain};

/// The institution's own approvals.
const HOUSE: CustomerId = CustomerId(0);

async fn list(lender: &Lender, id: AdvanceListId) -> (AdvanceList, Vec<Advance>) {
    let mut tx = lender.app().db.read().await.unwrap();
    let one = store::find(&mut tx, id).await.unwrap().unwrap();
    (one, store::rows(&mut tx, id).await.unwrap())
}

/// The list of October, which is over.
async fn drawn(lender: &Lender, login: &str) -> AdvanceListId {
    drawn_of(lender, login, "2026-10").await
}

async fn drawn_of(lender: &Lender, login: &str, month: &str) -> AdvanceListId {
    let mut work = by(lender, login).await;
    let id = actions::draw(&mut work, month).await.unwrap();
    work.commit().await.unwrap();
    id
}

/// Checked by the checker and with the heads.
async fn submitted(lender: &Lender, id: AdvanceListId) {
    let mut checker = lender.house.user("checker").await;
    let place = format!("/advances/{id}/check");
    let done = checker.post_from(&place, &place, &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let mut clerk = lender.house.user("clerk").await;
    let place = format!("/advances/{id}/submit");
    let done = clerk.post_from(&place, &place, &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

async fn signed(lender: &Lender, id: AdvanceListId) {
    let (one, _) = list(lender, id).await;
    for head in ["head", "finance", "chief"] {
        agree(lender, head, HOUSE, one.approval.unwrap()).await.unwrap();
    }
    assert_eq!(list(lender, id).await.0.state, ListState::Signed);
}

/// Two loans that did not pay what fell due on 10 October and 10 November.
async fn two(lender: &Lender) -> (LoanKey, LoanKey) {
    (loan(lender, "甲", 9, 10).await, loan(lender, "乙", 9, 10).await)
}

// S2.19-09, X-02. Rules advance.draw, advance.check, advance.chain, advance.recovered, duty.advance_pay,
// approval.advance_list
#[tokio::test]
async fn a_month_is_listed_checked_signed_paid_and_recovered_by_what_borrowers_pay() {
    for lender in lenders().await {
        let (first, second) = two(&lender).await;
        // Nothing of this one fell due in the month.
        loan(&lender, "丙", 10, 1).await;
        let mut clerk = lender.house.user("clerk").await;
        let form = "/advances/new?month=2026-10";
        let done = clerk.post_from(form, "/advances", &[("month", "2026-10")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let id = AdvanceListId(count(&lender, "select max(id) as n from advance_list").await);
        let (one, rows) = list(&lender, id).await;
        assert_eq!((one.state, one.month.as_str(), rows.len()), (ListState::Drawn, "2026-10", 2));
        assert!(rows.iter().all(|row| row.amount == Fen(888_488) && row.card.masked.starts_with("622200")));
        let page = format!("/advances/{id}");
        let pages = [
            "/advances".to_owned(),
            form.to_owned(),
            page.clone(),
            format!("{page}/drop"),
            format!("{page}/rows/{}", rows[0].id),
        ];
        all_open(&lender, "clerk", &pages).await;
        all_open(&lender, "checker", &[format!("{page}/check")]).await;
        let early = clerk.file(&format!("{page}/list.pdf")).await;
        assert_eq!(early.0, StatusCode::CONFLICT, "printed once it is with the heads");
        submitted(&lender, id).await;
        signed(&lender, id).await;
        let to_pay = "select count(*) as n from duty where kind = 'advance_pay' and state = 'open'";
        assert_eq!(count(&lender, to_pay).await, 1);
        all_open(&lender, "cash", &[format!("{page}/pay")]).await;
        let mut cash = lender.house.user("cash").await;
        let place = format!("{page}/pay");
        let nameless = cash.post_from(&place, &place, &[("payment_ref", " ")]).await;
        assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = cash.post_from(&place, &place, &[("payment_ref", "P20261120")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(count(&lender, to_pay).await, 0);
        let (status, pdf) = cash.file(&format!("{page}/list.pdf")).await;
        assert_eq!((status, &pdf[..4]), (StatusCode::OK, b"%PDF".as_slice()));
        let twice = cash.post_from(&place, &place, &[("payment_ref", "P2")]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "paid once");
        // What is owed did not change; what comes in recovers the advance.
        assert_eq!(lender.kept(first).await.days_overdue(date(2026, 11, 20)), 41);
        let debts = "/advances/debts?lang=zh-CN&view=all";
        all_open(&lender, "clerk", &["/advances/debts".to_owned(), debts.to_owned()]).await;
        let before = clerk.get(debts).await;
        assert!(before.text.contains("17,769.76"), "advanced and owed: {}", before.text);
        // More than both instalments: the penalty of all these days comes first.
        repay(&lender, first, 1_800_000).await;
        repay(&lender, second, 300_000).await;
        let open = clerk.get("/advances/debts?view=open").await;
        assert!(open.text.contains(&format!("/loans/{}\"", second.loan)), "{}", open.text);
        assert!(!open.text.contains(&format!("/loans/{}\"", first.loan)), "recovered in full");
        for list in ["/advances", "/advances/debts"] {
            let export = clerk.get(&format!("{list}/export.xlsx?view=all")).await;
            assert_eq!(export.status, StatusCode::OK, "{list}");
        }
        // The month is closed by its payment.
        let mut work = by(&lender, "clerk").await;
        assert_eq!(code(actions::draw(&mut work, "2026-10").await), "advance-month-closed");
    }
}

// S2.19-09, X-02. Rule advance.segregation: clerk, checker, heads and cashier are different people.
#[tokio::test]
async fn nobody_does_two_steps_of_a_list() {
    for lender in lenders().await {
        two(&lender).await;
        let id = drawn(&lender, "hats").await;
        let key = id.to_string();
        let mut work = by(&lender, "hats").await;
        assert_eq!(code(actions::check(&mut work, &key).await), "advance-same-person");
        work.tx.rollback().await.unwrap();
        submitted(&lender, id).await;
        // Whoever drew the list does not sign it, whoever asked for the signatures: it is asked at each signature.
        let (one, _) = list(&lender, id).await;
        let approval = one.approval.unwrap();
        assert_eq!(code(agree(&lender, "hats", HOUSE, approval).await), "advance-same-person");
        signed(&lender, id).await;
        assert_eq!(list(&lender, id).await.0.state, ListState::Signed, "the others sign it");
    }
    for lender in lenders().await {
        two(&lender).await;
        let id = drawn(&lender, "clerk").await;
        let key = id.to_string();
        // Whoever checks put nothing on the list.
        let row = list(&lender, id).await.1[0].id.to_string();
        let mut work = by(&lender, "hats").await;
        let changed = actions::change_row(&mut work, &key, &row, Fen(100), "改小").await;
        assert_eq!(code(changed), "advance-not-own");
        // The same person checks, and then neither asks for the signatures nor pays.
        actions::check(&mut work, &key).await.unwrap();
        work.commit().await.unwrap();
        let mut hats = lender.house.user("hats").await;
        let place = format!("/advances/{id}/submit");
        assert_eq!(hats.post_from(&place, &place, &[]).await.status, StatusCode::FORBIDDEN);
        let mut clerk = lender.house.user("clerk").await;
        assert_eq!(clerk.post_from(&place, &place, &[]).await.status, StatusCode::SEE_OTHER);
        signed(&lender, id).await;
        let mut work = by(&lender, "hats").await;
        assert_eq!(code(pay::pay(&mut work, &key, "P1", false).await), "advance-same-person");
    }
}

// S2.19-09, X-02. Rule advance.segregation
#[tokio::test]
async fn who_checked_signs_nothing_and_who_asked_for_signatures_pays_nothing() {
    for lender in lenders().await {
        two(&lender).await;
        let id = drawn(&lender, "clerk").await;
        let mut work = by(&lender, "hats").await;
        actions::check(&mut work, &id.to_string()).await.unwrap();
        work.commit().await.unwrap();
        let mut clerk = lender.house.user("clerk").await;
        let place = format!("/advances/{id}/submit");
        assert_eq!(clerk.post_from(&place, &place, &[]).await.status, StatusCode::SEE_OTHER);
        let approval = list(&lender, id).await.0.approval.unwrap();
        assert_eq!(code(agree(&lender, "hats", HOUSE, approval).await), "advance-same-person");
    }
    for lender in lenders().await {
        two(&lender).await;
        let id = drawn(&lender, "clerk").await;
        let mut work = by(&lender, "checker").await;
        actions::check(&mut work, &id.to_string()).await.unwrap();
        work.commit().await.unwrap();
        let mut hats = lender.house.user("hats").await;
        let place = format!("/advances/{id}/submit");
        assert_eq!(hats.post_from(&place, &place, &[]).await.status, StatusCode::SEE_OTHER);
        signed(&lender, id).await;
        let mut work = by(&lender, "hats").await;
        assert_eq!(code(pay::pay(&mut work, &id.to_string(), "P1", false).await), "advance-same-person");
        work.tx.rollback().await.unwrap();
        let mut cash = by(&lender, "cash").await;
        pay::pay(&mut cash, &id.to_string(), "P1", false).await.unwrap();
        cash.commit().await.unwrap();
    }
}

// S2.19-09. Rule advance.chain: a signed list whose borrowers all paid is given up, and nobody is asked to pay it.
#[tokio::test]
async fn a_signed_list_with_nothing_left_to_pay_is_given_up() {
    for lender in lenders().await {
        let (first, second) = two(&lender).await;
        let id = drawn(&lender, "clerk").await;
        submitted(&lender, id).await;
        signed(&lender, id).await;
        repay(&lender, first, 1_800_000).await;
        repay(&lender, second, 1_800_000).await;
        let mut work = by(&lender, "cash").await;
        assert_eq!(code(pay::pay(&mut work, &id.to_string(), "P1", true).await), "advance-nothing");
        work.tx.rollback().await.unwrap();
        let to_pay = "select count(*) as n from duty where kind = 'advance_pay' and state = 'open'";
        assert_eq!(count(&lender, to_pay).await, 1);
        let mut clerk = lender.house.user("clerk").await;
        let place = format!("/advances/{id}/drop");
        let done = clerk.post_from(&place, &place, &[("reason", "客户均已还款")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(list(&lender, id).await.0.state, ListState::Dropped);
        assert_eq!(count(&lender, to_pay).await, 0);
    }
}

// S2.19-09. Rules advance.within-due, advance.draw
#[tokio::test]
async fn no_advance_is_more_than_what_is_due() {
    for lender in lenders().await {
        let (first, second) = two(&lender).await;
        let id = drawn(&lender, "clerk").await;
        let key = id.to_string();
        let (_, rows) = list(&lender, id).await;
        let of = |loan: LoanKey| rows.iter().find(|row| row.key == loan).unwrap().id.to_string();
        let mut work = by(&lender, "clerk").await;
        let over = actions::change_row(&mut work, &key, &of(first), Fen(888_489), "多垫").await;
        assert_eq!(code(over), "advance-over-due");
        let silent = actions::change_row(&mut work, &key, &of(first), Fen(800_000), "").await;
        assert_eq!(code(silent), "form-invalid");
        actions::change_row(&mut work, &key, &of(first), Fen(800_000), "客户承诺付余款").await.unwrap();
        work.commit().await.unwrap();
        // The other pays before the check: the list differs from the ledger until the row is taken off.
        repay(&lender, second, 500_000).await;
        let mut work = by(&lender, "checker").await;
        assert_eq!(code(actions::check(&mut work, &key).await), "advance-over-due");
        work.tx.rollback().await.unwrap();
        let place = format!("/advances/{id}/rows/{}", of(second));
        let mut clerk = lender.house.user("clerk").await;
        let done = clerk.post_from(&place, &place, &[("amount", "3884.88"), ("reason", "已还一部分")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        submitted(&lender, id).await;
        signed(&lender, id).await;
        // And pays the rest before the cashier pays.
        repay(&lender, second, 390_000).await;
        let mut work = by(&lender, "cash").await;
        assert_eq!(code(pay::pay(&mut work, &key, "P1", false).await), "advance-over-due");
        pay::pay(&mut work, &key, "P1", true).await.unwrap();
        work.commit().await.unwrap();
        let (one, rows) = list(&lender, id).await;
        assert_eq!(one.state, ListState::Paid);
        let state = |loan: LoanKey| rows.iter().find(|row| row.key == loan).map(|row| row.state);
        assert_eq!((state(first), state(second)), (Some(RowState::Paid), Some(RowState::LeftOut)));
    }
}

/// A list with one row, of which only so much is advanced, paid; its month then made another one, as if the due date had
/// been moved since, so that the instalment can be listed again.
async fn advanced(lender: &Lender, fen: i64, moved_to: &str) {
    let id = drawn(lender, "clerk").await;
    let key = id.to_string();
    let row = list(lender, id).await.1[0].id.to_string();
    let mut work = by(lender, "clerk").await;
    actions::change_row(&mut work, &key, &row, Fen(fen), "只垫一部分").await.unwrap();
    work.commit().await.unwrap();
    submitted(lender, id).await;
    signed(lender, id).await;
    let mut work = by(lender, "cash").await;
    pay::pay(&mut work, &key, "P1", false).await.unwrap();
    let moved = "update advance_list set month = $1 where id = $2";
    work.tx.execute(moved, args![moved_to, id]).await.unwrap();
    work.commit().await.unwrap();
}

// S2.19-09. Rules advance.recovered, advance.within-due: no fen recovers two advances, in the view as in the pure rule.
#[tokio::test]
async fn two_advances_on_one_instalment_share_what_is_paid_after_them() {
    for lender in lenders().await {
        let customer = lender.customer("甲").await;
        card(&lender, customer, "6222000000000000018").await;
        let mut terms = plain(date(2026, 9, 10));
        // Everything that is paid goes to the instalment.
        terms.overdue.penalty = None;
        let key = lender.loan(customer, terms).await.file.loan.key;
        advanced(&lender, 50_000, "2026-07").await;
        advanced(&lender, 30_000, "2026-08").await;
        let sums = [
            "select cast(sum(recovered_fen) as bigint) as n from advance_recovery",
            "select cast(sum(owed_fen) as bigint) as n from advance_recovery",
        ];
        for (paid, all) in [(0, 0), (30_000, 30_000), (30_000, 60_000), (40_000, 100_000)] {
            if paid > 0 {
                repay(&lender, key, paid).await;
            }
            let pure = rules::recovered(Fen(all), &[(Fen(50_000), Fen(0)), (Fen(30_000), Fen(0))]);
            let recovered = count(&lender, sums[0]).await;
            assert_eq!(recovered, all.min(80_000), "never more than was paid since");
            assert_eq!(recovered, pure.iter().map(|part| part.0).sum::<i64>());
            assert_eq!(count(&lender, sums[1]).await, 80_000 - recovered, "the rest is owed");
            // What can be advanced is what is unpaid, less what is advanced and not recovered.
            let mut work = by(&lender, "clerk").await;
            let id = actions::draw(&mut work, "2026-10").await.unwrap();
            let rows = store::rows(&mut work.tx, id).await.unwrap();
            let due = 888_488 - all - (80_000 - recovered);
            assert_eq!((rows[0].amount, rows[0].due_now), (Fen(due), Fen(due)));
            work.tx.rollback().await.unwrap();
        }
        let open = lender.house.user("clerk").await.get("/advances/debts?view=open").await;
        assert!(!open.text.contains(&format!("/loans/{}\"", key.loan)), "recovered in full: {}", open.text);
    }
}

// S2.19-09. Rules advance.check, advance.once
#[tokio::test]
async fn another_card_or_a_second_list_is_refused() {
    for lender in lenders().await {
        let (first, _) = two(&lender).await;
        let mut work = by(&lender, "clerk").await;
        assert_eq!(code(actions::draw(&mut work, "2026-11").await), "advance-month", "it is not over");
        assert_eq!(code(actions::draw(&mut work, "2026-09").await), "advance-nothing");
        work.tx.rollback().await.unwrap();
        let id = drawn(&lender, "clerk").await;
        let key = id.to_string();
        let mut work = by(&lender, "clerk2").await;
        assert_eq!(code(actions::draw(&mut work, "2026-10").await), "advance-month-closed", "one list a month");
        work.tx.rollback().await.unwrap();
        card(&lender, first.customer, "6222000000000000026").await;
        let mut work = by(&lender, "checker").await;
        assert_eq!(code(actions::check(&mut work, &key).await), "advance-changed");
        work.tx.rollback().await.unwrap();
        // The row takes the new card; or the list is given up and drawn anew.
        let mut clerk = lender.house.user("clerk").await;
        let place = format!("/advances/{id}/drop");
        let done = clerk.post_from(&place, &place, &[("reason", "客户换卡")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let again = drawn(&lender, "clerk").await;
        let (_, rows) = list(&lender, again).await;
        assert!(rows.iter().any(|row| row.card.masked.ends_with("0026")));
        let without = lender.customer("丁").await;
        lender.loan(without, plain(date(2026, 8, 15))).await;
        let mut work = by(&lender, "clerk").await;
        assert_eq!(code(actions::draw(&mut work, "2026-09").await), "card-none", "a borrower without a card");
    }
}

// S2.19-09. Rules advance.check, advance.within-due: what changed after the signatures is not paid.
#[tokio::test]
async fn another_card_or_a_loan_that_is_gone_is_not_paid_after_the_signatures() {
    for lender in lenders().await {
        let (first, second) = two(&lender).await;
        let id = drawn(&lender, "clerk").await;
        submitted(&lender, id).await;
        signed(&lender, id).await;
        card(&lender, first.customer, "6222000000000000026").await;
        let mut work = by(&lender, "cash").await;
        assert_eq!(code(pay::pay(&mut work, &id.to_string(), "P1", true).await), "advance-changed");
        let hide = "update loan set state = 'hidden' where customer_id = $1 and id = $2";
        work.tx.execute(hide, args![second.customer, second.loan]).await.unwrap();
        let rows = store::rows(&mut work.tx, id).await.unwrap();
        let due = |key: LoanKey| rows.iter().find(|row| row.key == key).unwrap().due_now;
        assert_eq!((due(first), due(second)), (Fen(888_488), Fen(0)));
    }
}

// S2.19-09. Rule duty.advance_list
#[tokio::test]
async fn a_month_that_is_over_asks_for_its_list() {
    for lender in lenders().await {
        two(&lender).await;
        lender.close_until(date(2026, 12, 1)).await;
        let open = "select count(*) as n from duty where kind = 'advance_list' and state = 'open' \
                    and due_on = '2026-12-04'";
        assert_eq!(count(&lender, open).await, 1, "three working days");
        let id = drawn_of(&lender, "clerk", "2026-11").await;
        assert_eq!(count(&lender, open).await, 0, "the list is its evidence");
        let again = "select count(*) as n from duty where kind = 'advance_list' and state = 'open'";
        assert_eq!(count(&lender, again).await, 0);
        submitted(&lender, id).await;
        let approval = list(&lender, id).await.0.approval.unwrap();
        let mut work = by(&lender, "head").await;
        let seen = approval::store::load(&mut work.tx, HOUSE, approval).await.unwrap().unwrap().version;
        let verdict = Verdict { seen, opinion: "金额须重核".to_owned(), missing: Vec::new() };
        approval::reject(&mut work, HOUSE, approval, &verdict).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(count(&lender, again).await, 1, "a refused list is asked for anew");
        drawn_of(&lender, "clerk", "2026-11").await;
        assert_eq!(count(&lender, again).await, 0);
    }
}

async fn out(lender: &Lender) -> (std::path::PathBuf, Manifest) {
    let path = testbed::scratch("xlsx");
    let mut work = Work::read(lender.app(), Actor::system(Origin::Console)).await.unwrap();
    let file = std::fs::File::create(&path).unwrap();
    let made = book::write(&mut work, &Wanted::new(true, "测试"), file, &|_| {}).await.unwrap();
    (path, made)
}

/// One of everything that the desk records.
async fn everything(lender: &Lender) {
    let (first, _) = two(lender).await;
    let mut work = by(lender, "clerk").await;
    cards::record(&mut work, first, CardResult::Short, "余额 300 元").await.unwrap();
    mailing::step(&mut work, first, Step::Printed, "").await.unwrap();
    let car = NewVehicle { model: "朗逸".to_owned(), picked_up_on: date(2026, 10, 9), note: String::new() };
    mailing::record_vehicle(&mut work, first, &car).await.unwrap();
    settlement::request(&mut work, first, date(2026, 11, 20)).await.unwrap();
    let slip = NewSlip {
        transaction: None,
        number: "HD-1".to_owned(),
        paid_on: date(2026, 9, 15),
        payee: "甲".to_owned(),
        account: "6222000000000000018".to_owned(),
        amount: Fen(10_000_000),
        repays_on: date(2026, 10, 15),
        monthly: Fen(888_488),
        note: String::new(),
    };
    servicing::desk::slip::actions::enter(&mut work, first, &slip).await.unwrap();
    called(&mut work, first, true).await;
    work.commit().await.unwrap();
    let id = drawn(lender, "clerk").await;
    submitted(lender, id).await;
    signed(lender, id).await;
    let mut work = by(lender, "cash").await;
    pay::pay(&mut work, &id.to_string(), "P1", false).await.unwrap();
    work.commit().await.unwrap();
}

// Rule `book.round-trip`: what the desk recorded moves with the book to the other database.
#[tokio::test]
async fn what_the_desk_recorded_moves_with_the_book() {
    let sources = lenders().await;
    let mut targets = lenders().await;
    targets.reverse();
    for (source, target) in sources.iter().zip(&targets) {
        everything(source).await;
        let (file, first) = out(source).await;
        for (sheet, rows) in [
            ("card_checks", 1),
            ("vehicles", 1),
            ("schedule_mailings", 1),
            ("settlement_statements", 1),
            ("disbursement_slips", 1),
            ("dunning_calls", 1),
            ("advance_lists", 1),
            ("advances", 2),
        ] {
            assert_eq!(first.totals[sheet].rows, rows, "{sheet}");
        }
        let mut work = target.work().await;
        let brought = book::bring(&mut work, &file, "digest", &|_| {}).await.unwrap();
        assert_eq!(brought.findings.kept, Vec::new());
        work.commit().await.unwrap();
        let (_, second) = out(target).await;
        for sheet in [
            "card_checks",
            "vehicles",
            "schedule_mailings",
            "settlement_statements",
            "disbursement_slips",
            "dunning_calls",
            "advance_lists",
            "advances",
        ] {
            assert_eq!(first.totals.get(sheet), second.totals.get(sheet), "{sheet}");
        }
    }
}
