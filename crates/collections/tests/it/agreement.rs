//! Repayment agreements: priced by the loan, approved by others, signed, kept or broken by money and time.

use axum::http::StatusCode;
use collections::agreement::model::{
    Agreement, AgreementId, AgreementKind, Every, Parts, Payment, Plan, Signature, Split, Way, Wish,
};
use collections::agreement::{actions as agreements, store};
use collections::case::model::CaseId;
use collections::cause::actions as causes;
use collections::cause::model::{Capacity, NewDiagnosis, Talk};
use collections::stop_flag;
use finance::{ExtensionScope, Fen, Head, Position, RepaymentMode};
use jiff::civil::{Date, date};
use platform::access::{Actor, Origin, Scope};
use platform::approval::{self, Verdict};
use platform::args;
use platform::error::ActionError;
use platform::institution::{self, Institution};
use platform::locale::missing_in;
use platform::work::Work;
use servicing::extension::model::ExtensionWish;
use servicing::loan::model::{Channel, LoanKey};
use servicing::position::engine::Engine;
use servicing::repayment::actions::{NewRepayment, record as repay};
use servicing::restructuring::model::{NewMethod, Restructuring};

use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};

/// 31 days overdue: the first instalment fell due on 2026-11-20.
const TODAY: Date = date(2026, 12, 21);

/// Somebody with a role who works cases and approves agreements.
async fn by(lender: &Lender, login: &str, role: &str) -> Work {
    let mut actor = Actor::system(Origin::Console);
    actor.user = Some(lender.house.user_id(login).await);
    actor.roles = vec![role.to_owned()];
    for action in [collections::CASE_VIEW, collections::CASE_WORK].into_iter().chain(agreements::APPROVE) {
        actor.grants.insert(action.to_owned(), Scope::Institution);
    }
    Work::begin(lender.app(), actor).await.unwrap()
}

fn code<T>(result: Result<T, ActionError>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(error) => {
            let refused = error.refusal().unwrap_or_else(|| panic!("{error}"));
            refused.fields.first().map_or(refused.code, |field| field.code).to_owned()
        }
    }
}

/// A case of one overdue loan whose cause is known.
async fn diagnosed(lender: &Lender) -> (CaseId, LoanKey) {
    let customer = lender.customer("程一诺").await;
    let loan = lender.loan(customer, plain(date(2026, 10, 20), 12)).await.file.loan.key;
    lender.close_until(TODAY).await;
    let mut work = by(lender, "clerk", "credit_dept").await;
    let case = collections::case::store::open_of(&mut work.tx, customer).await.unwrap().unwrap().key.case;
    let wish = in_parts(loan, 1_000_000);
    assert_eq!(code(agreements::propose(&mut work, case, &wish).await), "cause-none", "S2.3-05");
    let found = NewDiagnosis { causes: vec!["c3".to_owned()], evidence: "流水".to_owned(), talk: Talk::Held };
    causes::diagnose(&mut work, case, &found).await.unwrap();
    work.commit().await.unwrap();
    (case, loan)
}

/// In two parts, on 2026-12-28 and a week later.
fn in_parts(loan: LoanKey, fen: i64) -> Wish {
    let parts = Parts::Equal(Split { total: Fen(fen), count: 2, first_on: date(2026, 12, 28), every: Every::Week });
    wish(loan, Plan::Instalments(parts))
}

fn wish(loan: LoanKey, plan: Plan) -> Wish {
    Wish { loan, also: Vec::new(), plan, way: Way::Transfer, signer: None, reason: "货款分两次到账".to_owned() }
}

fn signature(on: Date) -> Signature {
    Signature { on, by: "程一诺".to_owned(), place: "档案盒 12".to_owned() }
}

async fn stands(lender: &Lender, id: AgreementId) -> Agreement {
    let mut tx = lender.app().db.read().await.unwrap();
    store::find(&mut tx, id).await.unwrap().unwrap()
}

async fn state(lender: &Lender, id: AgreementId) -> String {
    stands(lender, id).await.state.as_str().to_owned()
}

/// Proposed by the clerk, agreed to by `boss` in these roles.
async fn approved(lender: &Lender, case: CaseId, wish: &Wish, roles: &[&str]) -> AgreementId {
    let mut work = by(lender, "clerk", "credit_dept").await;
    let id = agreements::propose(&mut work, case, wish).await.unwrap();
    work.commit().await.unwrap();
    // Nobody decides two steps of a chain.
    for (login, role) in ["boss", "viewer", "collector"].into_iter().zip(roles) {
        let mut work = by(lender, login, role).await;
        agree(&mut work, id).await.unwrap();
        work.commit().await.unwrap();
    }
    assert_eq!(state(lender, id).await, "approved");
    id
}

async fn agree(work: &mut Work, id: AgreementId) -> Result<(), ActionError> {
    let agreement = store::find(&mut work.tx, id).await?.unwrap();
    let (customer, key) = (agreement.case.customer, agreement.approval.unwrap());
    let seen = approval::store::load(&mut work.tx, customer, key).await?.unwrap().version;
    approval::approve(work, customer, key, &Verdict { seen, opinion: "同意".to_owned(), missing: Vec::new() }).await?;
    Ok(())
}

async fn signed(lender: &Lender, case: CaseId, wish: &Wish, roles: &[&str]) -> AgreementId {
    let id = approved(lender, case, wish, roles).await;
    let mut work = by(lender, "clerk", "credit_dept").await;
    let on = work.business_date;
    agreements::sign(&mut work, &id.to_string(), &signature(on)).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(state(lender, id).await, "performing");
    id
}

async fn pay(lender: &Lender, key: LoanKey, on: Date, amount: Fen, mode: RepaymentMode) {
    let mut work = lender.work().await;
    let new = NewRepayment {
        on,
        amount,
        mode,
        allocation: Vec::new(),
        channel: Channel::BankTransfer,
        note: None,
        business_key: None,
    };
    repay(&mut work, key, None, &new).await.unwrap();
    work.commit().await.unwrap();
}

async fn position(lender: &Lender, key: LoanKey) -> Position {
    let mut work = lender.work().await;
    let file = servicing::loan::store::load_file(&mut work.tx, key).await.unwrap().unwrap();
    let on = work.business_date;
    Engine::load(&mut work, on).await.unwrap().replay(&file, on, None).unwrap()
}

async fn flags(lender: &Lender) -> i64 {
    lender.count("select count(*) as n from stop_flag where kind = 'agreement' and lifted_at is null").await
}

async fn duties(lender: &Lender) -> Vec<String> {
    let mut tx = lender.app().db.read().await.unwrap();
    let sql = "select kind as text from duty where state = 'open' and kind like 'agreement%' order by kind";
    let rows = tx.fetch_all(sql, args![]).await.unwrap();
    rows.iter().map(|row| row.get("text").unwrap()).collect()
}

// Rules `agreement.one`, `agreement.overdue`, `agreement.life`, `agreement.signed`, `agreement.kept`, `agreement.stop-flag`,
// `duty.agreement_sign`, `duty.agreement_broken`. S4-12, X-02, X-10
#[tokio::test]
async fn an_agreement_in_parts_stops_collection_until_it_is_broken() {
    for lender in Lender::everywhere().await {
        let (case, loan) = diagnosed(&lender).await;
        let wish = in_parts(loan, 1_000_000);
        let mut work = by(&lender, "clerk", "credit_supervisor").await;
        let id = agreements::propose(&mut work, case, &wish).await.unwrap();
        assert_eq!(code(agreements::propose(&mut work, case, &wish).await), "agreement-standing");
        assert_eq!(code(agreements::sign(&mut work, &id.to_string(), &signature(TODAY)).await), "agreement-not-now");
        assert_eq!(code(agree(&mut work, id).await), "approval-own", "the maker never approves");
        work.commit().await.unwrap();
        let mut work = by(&lender, "boss", "credit_supervisor").await;
        agree(&mut work, id).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!((duties(&lender).await, flags(&lender).await), (vec!["agreement_sign".to_owned()], 0));

        let mut work = by(&lender, "clerk", "credit_dept").await;
        let nowhere = Signature { place: " ".to_owned(), ..signature(TODAY) };
        assert_eq!(code(agreements::sign(&mut work, &id.to_string(), &nowhere).await), "field-empty");
        let early = signature(date(2026, 12, 20));
        assert_eq!(code(agreements::sign(&mut work, &id.to_string(), &early).await), "letter-before");
        agreements::sign(&mut work, &id.to_string(), &signature(TODAY)).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!((duties(&lender).await, flags(&lender).await), (Vec::<String>::new(), 1));
        let renewed = "select count(*) as n from limitation_event where kind = 'plan-agreed' and agrees = 1";
        assert_eq!(lender.count(renewed).await, 1);

        // The first part came in time, the second does not: three days of grace.
        pay(&lender, loan, TODAY, Fen(500_000), RepaymentMode::Regular).await;
        let standing = stands(&lender, id).await;
        assert_eq!((standing.paid, standing.next_due_on), (Fen(500_000), Some(date(2027, 1, 4))));
        lender.close_until(date(2027, 1, 7)).await;
        assert_eq!((state(&lender, id).await.as_str(), flags(&lender).await), ("performing", 1));
        lender.close_until(date(2027, 1, 8)).await;
        assert_eq!((state(&lender, id).await.as_str(), flags(&lender).await), ("broken", 0));
        assert_eq!(duties(&lender).await, ["agreement_broken"]);

        // The money had come within the grace and was only entered late.
        pay(&lender, loan, date(2027, 1, 6), Fen(500_000), RepaymentMode::Regular).await;
        assert_eq!((state(&lender, id).await.as_str(), flags(&lender).await), ("kept", 0));
        assert_eq!(duties(&lender).await, Vec::<String>::new());
    }
}

// Rule `agreement.stop-flag`. X-10: a debt without an agreement may be collected.
#[tokio::test]
async fn another_overdue_loan_lifts_the_stop_flag() {
    for lender in Lender::everywhere().await {
        let (case, loan) = diagnosed(&lender).await;
        // Its first instalment falls due on 12-28.
        lender.loan(loan.customer, plain(date(2026, 11, 28), 6)).await;
        signed(&lender, case, &in_parts(loan, 1_000_000), &["credit_supervisor"]).await;
        assert_eq!(flags(&lender).await, 1);
        lender.close_until(date(2026, 12, 29)).await;
        assert_eq!(flags(&lender).await, 0);
        let mut work = lender.work().await;
        let lifted = stop_flag::actions::list(&mut work, loan.customer).await.unwrap();
        assert_eq!(lifted[0].lifted.as_ref().unwrap().reason, "agreement.stop-flag");
    }
}

// Rules `agreement.priced`, `agreement.parts`. S4-12: to the fen.
#[tokio::test]
async fn a_settlement_waives_what_was_agreed_and_the_rest_settles_the_loan() {
    for lender in Lender::everywhere().await {
        let (case, loan) = diagnosed(&lender).await;
        let before = position(&lender, loan).await;
        let penalty = before.outstanding.penalty;
        assert!(penalty.is_positive() && penalty <= Fen(100_000), "{penalty}");
        let on = date(2026, 12, 24);
        let mut work = by(&lender, "clerk", "credit_dept").await;
        let too_much = wish(loan, Plan::Settlement(Vec::new(), on, vec![(Head::Penalty, Fen(penalty.0 + 1))]));
        assert_eq!(code(agreements::propose(&mut work, case, &too_much).await), "more-than-owed");
        drop(work);
        let settle = wish(loan, Plan::Settlement(Vec::new(), on, vec![(Head::Penalty, penalty)]));
        let id = signed(&lender, case, &settle, &["credit_supervisor"]).await;
        let after = position(&lender, loan).await;
        assert_eq!((after.outstanding.penalty, after.outstanding.principal), (Fen::ZERO, before.outstanding.principal));
        let agreed = stands(&lender, id).await.terms;
        assert_eq!((agreed.waived(), agreed.payments.len()), (penalty, 1));

        lender.close_until(on).await;
        let due = position(&lender, loan).await.outstanding.total().unwrap();
        assert_eq!(agreed.total(), due, "the agreed sum is what is owed on the day, to the fen");
        pay(&lender, loan, on, due, RepaymentMode::Settle).await;
        assert_eq!((state(&lender, id).await.as_str(), flags(&lender).await), ("kept", 0));
        assert_eq!(lender.count("select count(*) as n from collection_case where closed_on is null").await, 0);
    }
}

// Rules `agreement.stated`, `agreement.priced`, `agreement.kept`. S4-12: as the debtor's money comes, the last to the fen.
#[tokio::test]
async fn a_settlement_in_several_payments_leaves_for_its_last_day_what_is_owed_then() {
    for lender in Lender::everywhere().await {
        let (case, loan) = diagnosed(&lender).await;
        let penalty = position(&lender, loan).await.outstanding.penalty;
        let (first, on) = (date(2026, 12, 22), date(2026, 12, 24));
        let payment = |due_on, fen| Payment { due_on, amount: Fen(fen) };
        let waived = vec![(Head::Penalty, penalty)];
        let mut work = by(&lender, "clerk", "credit_dept").await;
        for (before, expected) in [
            (vec![payment(on, 100)], "agreement-after-settlement"),
            (vec![payment(first, 100), payment(first, 100)], "agreement-order"),
            (vec![payment(first, 900_000_000)], "agreement-too-much"),
        ] {
            let twisted = wish(loan, Plan::Settlement(before, on, waived.clone()));
            assert_eq!(code(agreements::propose(&mut work, case, &twisted).await), expected);
        }
        drop(work);
        let before = vec![payment(first, 123_456), payment(date(2026, 12, 23), 200_000)];
        let settle = wish(loan, Plan::Settlement(before.clone(), on, waived));
        let id = signed(&lender, case, &settle, &["credit_supervisor"]).await;
        let agreed = stands(&lender, id).await.terms.payments;
        assert_eq!((agreed.len(), &agreed[..2]), (3, &before[..]));
        for one in &agreed {
            lender.close_until(one.due_on).await;
            assert_eq!(state(&lender, id).await, "performing");
            let last = one.due_on == on;
            if last {
                assert_eq!(position(&lender, loan).await.outstanding.total(), Some(one.amount), "to the fen");
            }
            let mode = if last { RepaymentMode::Settle } else { RepaymentMode::Regular };
            pay(&lender, loan, one.due_on, one.amount, mode).await;
        }
        assert_eq!((state(&lender, id).await.as_str(), flags(&lender).await), ("kept", 0));
    }
}

// Rules `agreement.priced`, `agreement.longest`, `agreement.kept`. S4-12, S2.2-05
#[tokio::test]
async fn an_extension_by_agreement_is_kept_by_the_loans_own_schedule() {
    for lender in Lender::everywhere().await {
        let (case, loan) = diagnosed(&lender).await;
        let until = date(2028, 2, 20);
        let reason = "回款推迟".to_owned();
        let asked = ExtensionWish { until, scope: ExtensionScope::Remaining, rate: None, reason };
        let roles = ["credit_supervisor", "risk_dept", "general_manager"];
        let id = signed(&lender, case, &wish(loan, Plan::Extension(asked)), &roles).await;
        assert_eq!(position(&lender, loan).await.maturity_on, until);
        let agreed = stands(&lender, id).await.terms;
        let first = agreed.payments[0];
        lender.close_until(first.due_on).await;
        assert_eq!(position(&lender, loan).await.due.total(), Some(first.amount), "arrears and penalty included");
        pay(&lender, loan, first.due_on, first.amount, RepaymentMode::Regular).await;
        let standing = stands(&lender, id).await;
        assert_eq!((standing.state.as_str(), standing.next_due_on), ("performing", Some(agreed.payments[1].due_on)));
        assert_eq!(position(&lender, loan).await.days_overdue, 0);
    }
}

// Rules `agreement.several`, `agreement.one`, `agreement.stop-flag`, `agreement.kept`. S4-12: one agreement over the loans of a
// case, with one signature.
#[tokio::test]
async fn one_agreement_covers_several_loans_of_the_case() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        let first = lender.loan(customer, plain(date(2026, 10, 20), 12)).await.file.loan.key;
        let second = lender.loan(customer, plain(date(2026, 10, 20), 6)).await.file.loan.key;
        lender.close_until(TODAY).await;
        let mut work = by(&lender, "clerk", "credit_dept").await;
        let case = collections::case::store::open_of(&mut work.tx, customer).await.unwrap().unwrap().key.case;
        let found = NewDiagnosis { causes: vec!["c3".to_owned()], evidence: "流水".to_owned(), talk: Talk::Held };
        causes::diagnose(&mut work, case, &found).await.unwrap();
        work.commit().await.unwrap();
        let penalties =
            [position(&lender, first).await, position(&lender, second).await].map(|one| one.outstanding.penalty);

        // More is waived than the first owes: the rest is taken from the second, and no fen more than both owe.
        let given = penalties[0].checked_add(Fen(1)).unwrap();
        let on = date(2026, 12, 24);
        let over = |waived, before| Wish { also: vec![second], ..wish(first, Plan::Settlement(before, on, waived)) };
        let mut work = by(&lender, "clerk", "credit_dept").await;
        let all = penalties[0].checked_add(penalties[1]).unwrap().checked_add(Fen(1)).unwrap();
        let refused = agreements::preview(&mut work, case, &over(vec![(Head::Penalty, all)], Vec::new())).await;
        assert_eq!(code(refused), "more-than-owed");
        let early = vec![Payment { due_on: date(2026, 12, 22), amount: Fen(100) }];
        let refused = agreements::preview(&mut work, case, &over(vec![(Head::Penalty, given)], early)).await;
        assert_eq!(code(refused), "agreement-several-before");
        drop(work);
        let id = signed(&lender, case, &over(vec![(Head::Penalty, given)], Vec::new()), &["credit_supervisor"]).await;
        let standing = stands(&lender, id).await;
        assert_eq!((standing.also.as_slice(), standing.terms.waived()), ([second].as_slice(), given));
        let left = position(&lender, second).await.outstanding.penalty;
        assert_eq!(left, penalties[1].checked_sub(Fen(1)).unwrap(), "one fen of the second loan was given up");
        assert_eq!(flags(&lender).await, 1, "everything overdue is agreed about");
        let mut work = by(&lender, "clerk", "credit_dept").await;
        assert_eq!(code(agreements::propose(&mut work, case, &in_parts(second, 1_000)).await), "agreement-standing");
        drop(work);

        lender.close_until(on).await;
        let owed = [position(&lender, first).await, position(&lender, second).await];
        let owed = owed.map(|one| one.outstanding.total().unwrap());
        assert_eq!(standing.terms.total(), owed[0].checked_add(owed[1]).unwrap(), "to the fen");
        pay(&lender, first, on, owed[0], RepaymentMode::Settle).await;
        assert_eq!(state(&lender, id).await, "performing", "the second is still owed");
        pay(&lender, second, on, owed[1], RepaymentMode::Settle).await;
        assert_eq!((state(&lender, id).await.as_str(), flags(&lender).await), ("kept", 0));
    }
}

// Rule `agreement.priced`: what was approved must still be what it comes to.
#[tokio::test]
async fn money_that_came_meanwhile_is_priced_anew() {
    for lender in Lender::everywhere().await {
        let (case, loan) = diagnosed(&lender).await;
        let penalty = Fen(100);
        let settle = wish(loan, Plan::Settlement(Vec::new(), date(2026, 12, 30), vec![(Head::Penalty, penalty)]));
        let id = approved(&lender, case, &settle, &["credit_supervisor"]).await;
        pay(&lender, loan, TODAY, Fen(10_000), RepaymentMode::Regular).await;
        let mut work = by(&lender, "clerk", "credit_dept").await;
        assert_eq!(code(agreements::sign(&mut work, &id.to_string(), &signature(TODAY)).await), "agreement-moved");
        assert_eq!(code(agreements::withdraw(&mut work, &id.to_string(), " ").await), "reason-empty");
        agreements::withdraw(&mut work, &id.to_string(), "重新协商").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!((state(&lender, id).await.as_str(), flags(&lender).await), ("withdrawn", 0));

        // All that is owed was agreed, and then some of it came in.
        let all = position(&lender, loan).await.outstanding.total().unwrap();
        let id = approved(&lender, case, &in_parts(loan, all.0), &["credit_supervisor"]).await;
        pay(&lender, loan, TODAY, Fen(10_000), RepaymentMode::Regular).await;
        let mut work = by(&lender, "clerk", "credit_dept").await;
        assert_eq!(code(agreements::sign(&mut work, &id.to_string(), &signature(TODAY)).await), "agreement-moved");
    }
}

// Rules `agreement.paper`, `template.repayment_agreement`. S4-12: amount, term and method on the form and on the paper.
#[tokio::test]
async fn an_agreement_is_negotiated_proposed_and_printed_on_its_pages() {
    for lender in Lender::everywhere().await {
        let (case, _) = diagnosed(&lender).await;
        let mut browser = lender.house.user("clerk").await;
        let form = format!("/collections/cases/{case}/agreements/new");
        for kind in AgreementKind::ALL {
            let page = in_both_languages(&mut browser, &format!("{form}?kind={}", kind.as_str())).await;
            assert!(page.text.contains("逾期"), "{}", page.text);
        }
        let post = format!("/collections/cases/{case}/agreements");
        let row = browser.get(&format!("{form}?kind=instalments")).await;
        let loan = row.text.split("<option value=\"").find_map(|rest| rest.split('"').next()?.parse::<i64>().ok());
        let loan = loan.unwrap().to_string();
        let mut fields = vec![
            ("kind", "instalments"),
            ("loan", loan.as_str()),
            ("total", "1000.00"),
            ("count", "3"),
            ("first_on", "2026-12-28"),
            ("every", "month"),
            ("way", "transfer"),
            ("reason", "分三次"),
            ("step", "preview"),
        ];
        let tried = browser.post_from(&form, &post, &fields).await;
        assert_eq!(tried.status, StatusCode::OK, "{}", tried.text);
        assert!(
            missing_in(&tried.text).is_empty() && tried.text.contains("333.34"),
            "the last part takes the remainder"
        );
        fields[3] = ("count", "0");
        let wrong = browser.post_from(&form, &post, &fields).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("付款期数须在 1 至 60 之间"), "{}", wrong.text);
        (fields[3], fields[8]) = (("count", "3"), ("step", "submit"));
        let done = browser.post_from(&form, &post, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let agreement = done.headers.get("location").unwrap().to_str().unwrap().to_owned();
        let shown = in_both_languages(&mut browser, &agreement).await;
        assert!(shown.text.contains("待审批") && shown.text.contains("XY2026000001"), "{}", shown.text);
        in_both_languages(&mut browser, "/collections/agreements").await;
        in_both_languages(&mut browser, &format!("/collections/cases/{case}")).await;

        // A paper without the company's contact has a hole.
        let hole = browser.get(&format!("{agreement}/print.pdf")).await;
        assert_eq!(hole.status, StatusCode::CONFLICT, "{}", hole.text);
        let mut work = lender.work().await;
        let (known, version) = institution::load(&mut work.tx).await.unwrap();
        let reached = Institution { contact: "0512-0000-0000".to_owned(), ..known };
        institution::change(&mut work, version, &reached).await.unwrap();
        work.commit().await.unwrap();
        let paper = browser.get(&format!("{agreement}/print.pdf")).await;
        assert_eq!(paper.status, StatusCode::OK);
        assert_eq!(paper.headers.get("content-type").unwrap(), "application/pdf");
    }
}

// S2.5-13. Rule `agreement.capacity`: what a debtor can pay becomes a plan that others decide.
#[tokio::test]
async fn a_capacity_that_was_assessed_fills_the_form_with_a_plan_that_it_carries() {
    for lender in Lender::everywhere().await {
        let (case, loan) = diagnosed(&lender).await;
        let mut browser = lender.house.user("clerk").await;
        let form = format!("/collections/cases/{case}/agreements/new");
        assert!(!browser.get(&form).await.text.contains("还款能力"), "nothing was assessed");
        let mut work = by(&lender, "clerk", "credit_dept").await;
        let poor = Capacity { income: Fen(900_000), living: Fen(400_000), evidence: "流水".to_owned() };
        causes::assess(&mut work, case, &poor).await.unwrap();
        work.commit().await.unwrap();
        let page = in_both_languages(&mut browser, &form).await;
        assert!(page.text.contains("每月可还 5,000.00 元") && page.text.contains("建议重组"), "{}", page.text);

        // Filled in, it passes the trial as it stands and asks no more of a month than is left.
        let filled = browser.get(&format!("{form}?step=capacity&kind=restructuring&loan={}", loan.loan)).await;
        let (_, rest) = filled.text.split_once("name=\"periods\"").expect("the number of instalments");
        let periods = rest.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        let count: u32 = periods.parse().unwrap();
        assert!((20..40).contains(&count), "100,000.00 and its arrears at 1 % by 5,000.00 a month: {count}");
        let smaller = Restructuring {
            method: NewMethod::EqualInstalment,
            periods: count,
            first_due_on: None,
            rate: None,
            capitalise: false,
            reason: "按还款能力".to_owned(),
        };
        let mut work = by(&lender, "clerk", "credit_dept").await;
        let priced = agreements::preview(&mut work, case, &wish(loan, Plan::Restructuring(smaller))).await;
        let due: Vec<Fen> = priced.unwrap().terms.payments.iter().map(|payment| payment.amount).collect();
        assert!(due.iter().skip(1).all(|amount| *amount <= Fen(500_000)), "{due:?}");
    }
}
