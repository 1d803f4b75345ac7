//! Changes by agreement: rate, restructuring, suspension, misuse, acceleration, by the people and the chains of the
//! shipped pack.

use axum::http::StatusCode;
use finance::{Fen, PenaltyRate, Position, Rate, add_days};
use jiff::civil::{Date, date};
use platform::approval::{ApprovalId, ApprovalState};
use platform::error::ActionError;
use platform::locale::missing_in;
use servicing::acceleration::model::Acceleration;
use servicing::change::agreement::{Agreement, request};
use servicing::loan::model::LoanKey;
use servicing::misuse::model::Misuse;
use servicing::position::engine::Engine;
use servicing::rate_change::model::RateChange;
use servicing::restructuring::model::{NewMethod, Restructuring};
use servicing::suspension::model::Suspension;

use crate::changes::{agree, by, code, lenders, loan, stands};
use crate::house::{Lender, TODAY, plain};

async fn ask<A: Agreement>(lender: &Lender, key: LoanKey, wish: &A) -> Result<ApprovalId, ActionError> {
    let mut work = by(lender, "boss").await;
    let id = request(&mut work, key, wish).await?;
    work.commit().await?;
    Ok(id)
}

/// Asked for by the manager, agreed by these one after the other; nothing happens before the last of them.
async fn make_true<A: Agreement>(lender: &Lender, key: LoanKey, wish: &A, chain: &[&str]) -> (Position, Position) {
    let (_, before) = stands(lender, key).await;
    let id = ask(lender, key, wish).await.unwrap();
    assert_eq!(code(agree(lender, "boss", key, id).await), "approval-own");
    let (last, others) = chain.split_last().unwrap();
    for login in others {
        agree(lender, login, key, id).await.unwrap();
    }
    assert_eq!(stands(lender, key).await.1, before, "not agreed by all");
    assert_eq!(agree(lender, last, key, id).await.unwrap(), ApprovalState::Approved { on: TODAY });
    let (_, after) = stands(lender, key).await;
    assert_eq!(lender.kept(key).await.maturity_on, after.maturity_on, "lists show it too");
    (before, after)
}

/// The position on a later day, if nothing else happens.
async fn later(lender: &Lender, key: LoanKey, on: Date) -> Position {
    let (file, _) = stands(lender, key).await;
    let mut work = lender.work().await;
    Engine::load(&mut work, on).await.unwrap().replay(&file, on, None).unwrap()
}

fn call() -> Acceleration {
    Acceleration { clause: "第八条".to_owned(), reason: "连续三期未还".to_owned() }
}

const WHOLE_CHAIN: &[&str] = &["head", "risk", "chief"];

#[tokio::test]
async fn a_called_loan_is_due_in_full_once_everybody_agreed() {
    // X-02; `acceleration.clause`, `approval.acceleration`
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let (before, after) = make_true(&lender, key, &call(), WHOLE_CHAIN).await;
        assert!(before.due.principal < before.outstanding.principal);
        assert_eq!(after.outstanding, before.outstanding, "nobody owes more or less on the day itself");
        assert_eq!(after.due.principal, Fen(10_000_000));
        let tomorrow = later(&lender, key, add_days(TODAY, 1).unwrap()).await;
        // 18 % on all of it: 50.00 a day, rounded an instalment; and no contract interest any more.
        let day = tomorrow.outstanding.penalty.0 - after.outstanding.penalty.0;
        assert!((day - 5_000).abs() <= 2, "{day}");
        assert_eq!(tomorrow.outstanding.interest, after.outstanding.interest);
        assert_eq!(code(ask(&lender, key, &call()).await), "replay.wrong-state", "once");
    }
}

#[tokio::test]
async fn a_finding_of_misuse_costs_its_surcharge_until_it_is_lifted() {
    // S2.3-08; `misuse.change`, `approval.misuse`
    for lender in lenders().await {
        let customer = lender.customer("甲").await;
        let mut terms = plain(date(2026, 11, 20));
        terms.overdue.misuse = Some(PenaltyRate::Uplift(1_000_000));
        let key = lender.loan(customer, terms).await.file.loan.key;
        let mark = |flagged| Misuse { flagged, reason: "资金流入房市，流水为证".to_owned() };
        assert_eq!(code(ask(&lender, key, &mark(false)).await), "misuse-already");
        make_true(&lender, key, &mark(true), &["head", "risk"]).await;
        let week = add_days(TODAY, 7).unwrap();
        // 12 % more on 100,000.00: 33.33 a day, rounded once.
        assert_eq!(later(&lender, key, week).await.outstanding.penalty, Fen(23_333));
        assert_eq!(code(ask(&lender, key, &mark(true)).await), "misuse-already");
        make_true(&lender, key, &mark(false), &["head", "risk"]).await;
        assert_eq!(later(&lender, key, week).await.outstanding.penalty, Fen::ZERO);
    }
}

#[tokio::test]
async fn another_rate_counts_from_the_day_of_approval() {
    // `rate-change.other`, `extension.rate-cap`
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 10, 20)).await;
        let to = |e9| RateChange { rate: Rate::per_year(e9), reason: "协商".to_owned() };
        assert_eq!(code(ask(&lender, key, &to(120_000_000)).await), "rate-same");
        assert_eq!(code(ask(&lender, key, &to(240_000_001)).await), "rate-above-cap");
        let (before, after) = make_true(&lender, key, &to(90_000_000), &["head", "chief"]).await;
        assert_eq!((before.yearly_e9, after.yearly_e9), (120_000_000, 90_000_000));
        assert_eq!(after.instalments[0].interest, before.instalments[0].interest, "what is past stays as it was");
        let interest = |p: &Position, no: usize| p.instalments[no].interest.due;
        let principal = before.outstanding.principal.0 - before.instalments[0].principal.due.0;
        assert_eq!(interest(&before, 1), Fen((principal + 50) / 100));
        assert_eq!(interest(&after, 1), Fen((principal * 9 + 600) / 1_200));
        let principal: i64 = after.instalments.iter().map(|row| row.principal.due.0).sum();
        assert_eq!(principal, 10_000_000);
    }
}

#[tokio::test]
async fn what_rests_runs_again_on_its_day() {
    // `suspension.until`, `approval.suspension`
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let wish = |resume_on, interest, penalty| Suspension {
            resume_on,
            interest,
            penalty,
            reason: "受灾，经核实".to_owned(),
        };
        assert_eq!(code(ask(&lender, key, &wish(TODAY, false, true)).await), "resume-not-later");
        let resume = date(2026, 12, 10);
        let (_, now) = make_true(&lender, key, &wish(resume, false, true), WHOLE_CHAIN).await;
        let on_the_day = later(&lender, key, resume).await;
        assert_eq!(on_the_day.outstanding.penalty, now.outstanding.penalty, "nothing arose meanwhile");
        assert!(on_the_day.outstanding.interest > now.outstanding.interest, "contract interest went on");
        let after = later(&lender, key, add_days(resume, 1).unwrap()).await;
        // Three instalments are late: a day of 18 % on their principal, rounded an instalment.
        let late = now.due.principal.0 * 18 / 36_000;
        let day = after.outstanding.penalty.0 - on_the_day.outstanding.penalty.0;
        assert!((day - late).abs() <= 3, "{day} {late}");
    }
}

#[tokio::test]
async fn a_restructured_loan_is_paid_in_the_new_way() {
    // `restructuring.first-due`, `approval.restructure`
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let wish = Restructuring {
            method: NewMethod::EqualPrincipal,
            periods: 20,
            first_due_on: Some(date(2026, 12, 20)),
            rate: Some(Rate::per_year(60_000_000)),
            capitalise: false,
            reason: "经营恢复，分期偿还".to_owned(),
        };
        let past = Restructuring { first_due_on: Some(TODAY), ..wish.clone() };
        assert_eq!(code(ask(&lender, key, &past).await), "first-due-not-later");
        let dear = Restructuring { rate: Some(Rate::per_year(240_000_001)), ..wish.clone() };
        assert_eq!(code(ask(&lender, key, &dear).await), "rate-above-cap");
        let (before, after) = make_true(&lender, key, &wish, WHOLE_CHAIN).await;
        assert_eq!(after.outstanding.principal, before.outstanding.principal);
        let ahead: Vec<_> = after.instalments.iter().filter(|row| row.due_on > TODAY).collect();
        assert_eq!((ahead.len(), ahead[0].due_on, ahead[0].principal.due), (20, date(2026, 12, 20), Fen(500_000)));
        // Half a per cent a month of the whole.
        assert_eq!(ahead[0].interest.due, Fen(50_000));
        assert_eq!(after.outstanding.interest, before.outstanding.interest, "what was due stays due");
        assert_eq!(after.days_overdue, before.days_overdue, "unpaid interest is as late as it was");
    }
}

/// A form: its name, how many fields it cannot do without, what is typed, and a sentence of what it would do.
type Tried<'a> = (&'a str, usize, &'a [(&'a str, &'a str)], &'a str);

#[tokio::test]
async fn every_form_is_tried_out_in_both_languages_and_says_what_is_missing() {
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let mut browser = lender.house.user("boss").await;
        let forms: [Tried<'_>; 5] = [
            ("rate-change", 2, &[("rate", "9")], "利息合计将减少"),
            (
                "restructuring",
                4,
                &[
                    ("method", "bullet"),
                    ("periods", "6"),
                    ("unpaid", "capitalised"),
                    ("first_due_on", ""),
                    ("rate", ""),
                ],
                "到期日由 2027-08-20 变为 2027-05-20",
            ),
            ("suspension", 3, &[("rests", "both"), ("resume_on", "2027-01-20")], "推算到 2027-01-20"),
            ("misuse", 2, &[("flagged", "yes")], "推算到 2026-12-20"),
            ("acceleration", 2, &[("clause", "第八条")], "当日应还将增加"),
        ];
        for (name, missing, good, effect) in forms {
            let page = format!("/loans/{}/changes?tab={name}", key.loan);
            let target = format!("/loans/{}/{name}s", key.loan);
            let empty = browser.post_from(&page, &target, &[("step", "submit")]).await;
            assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(empty.text.matches("class=\"field bad\"").count(), missing, "{name}: all at once");
            for (lang, words) in [("en", "</table>"), ("zh-CN", effect)] {
                let page = format!("{page}&lang={lang}");
                let typed = [good, &[("reason", "经核实"), ("step", "preview")]].concat();
                let tried = browser.post_from(&page, &target, &typed).await;
                assert_eq!(tried.status, StatusCode::OK, "{name}: {}", tried.text);
                assert_eq!(missing_in(&tried.text), Vec::<String>::new(), "{name} {lang}");
                assert!(tried.text.contains(words), "{name}: {}", tried.text);
            }
            assert_eq!(stands(&lender, key).await.0.transactions.len(), 1, "nothing was written");
            let sent = [good, &[("reason", "经核实"), ("step", "submit")]].concat();
            let answer = browser.post_from(&page, &target, &sent).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}: {}", answer.text);
        }
        // Whoever decides reads all five in words, none of them in names of ours.
        let mut work = lender.work().await;
        let about = platform::approval::store::about(&mut work.tx, key.customer, &key.subject(), 10).await.unwrap();
        drop(work);
        assert_eq!(about.len(), 5);
        let mut browser = lender.house.user("head").await;
        for (it, _) in about {
            for lang in ["zh-CN", "en"] {
                let path = format!("/approvals/{}/{}?lang={lang}", key.customer, it.id);
                let material = browser.get(&path).await.text;
                assert_eq!(missing_in(&material), Vec::<String>::new(), "{path}");
                let ours = ["resume_on", "first_due_on", "capitalise<", ">flagged<", ">bullet<", ">clause<"];
                assert!(ours.iter().all(|name| !material.contains(name)), "{path}: {material}");
            }
        }
    }
}
