//! Changes of a loan: waiver, extension, write-off and charge, by the people and the chains of the shipped pack.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::http::StatusCode;
use customers::Customers;
use finance::{ExtensionScope, Fen, Head, Position, Rate, RepaymentMode, Status, TransactionKind};
use jiff::civil::{Date, date};
use platform::access::{Actor, Origin, Roles};
use platform::approval::{self, ApprovalId, ApprovalState, Missing, Verdict};
use platform::capability::Capability;
use platform::error::ActionError;
use platform::id::BranchId;
use platform::locale::missing_in;
use platform::testbed::{self, House};
use platform::work::Work;
use servicing::Servicing;
use servicing::extension::model::ExtensionWish;
use servicing::loan::model::{Channel, LoanFile, LoanKey};
use servicing::position::engine::Engine;
use servicing::position::model::Standing;
use servicing::repayment::actions::{NewRepayment, record};
use servicing::waiver::model::Waiver;
use servicing::{change, extension, write_off};

use crate::house::{Lender, TODAY, plain};
use platform::testbed::packs;

/// Everybody by log-in name and role of the shipped pack; `boss` manages the customers of these tests.
const PEOPLE: &[(&str, &[&str])] = &[
    ("boss", &["customer_manager"]),
    ("head", &["credit_supervisor"]),
    ("risk", &["risk_dept"]),
    ("chief", &["general_manager"]),
    ("finance", &["finance_dept"]),
    ("finance2", &["finance_dept"]),
    ("cash", &["finance_clerk"]),
    ("assess", &["assessor"]),
];

pub async fn lenders() -> Vec<Lender> {
    lenders_under("microloan", &packs()).await
}

/// The same under another pack, or with other rules.
pub async fn lenders_under(name: &str, files: &BTreeMap<String, String>) -> Vec<Lender> {
    let mut all = Vec::new();
    for db in testbed::databases().await {
        let capabilities: Vec<Arc<dyn Capability>> = vec![Arc::new(Customers), Arc::new(Servicing)];
        let facts = platform::policies::dictionary(&capabilities).unwrap();
        let pack = policy::Pack::load(files, name, &facts).unwrap();
        let mut settings = testbed::settings(&[]);
        settings.roles = Roles::from_pack(&pack);
        settings.packs = Arc::new(files.clone());
        let lender = Lender { house: House::with(db, capabilities, settings, PEOPLE).await };
        let mut work = lender.work().await;
        platform::policies::install(&mut work, name).await.unwrap();
        platform::calendar::import_days(&mut work, &packs()["calendar/holidays.csv"], "test").await.unwrap();
        platform::calendar::import_lpr(&mut work, &packs()["calendar/lpr.csv"]).await.unwrap();
        work.commit().await.unwrap();
        all.push(lender);
    }
    all
}

/// Work of a person.
pub async fn by(lender: &Lender, login: &str) -> Work {
    let roles: Vec<String> =
        PEOPLE.iter().find(|p| p.0 == login).unwrap().1.iter().map(|role| (*role).to_owned()).collect();
    let actor = Actor {
        user: Some(lender.house.user_id(login).await),
        name: login.to_owned(),
        grants: lender.app().settings.roles.grants(roles.iter().map(String::as_str)),
        roles,
        branch: BranchId(1),
        team: None,
        origin: Origin::Screen { address: "127.0.0.1".to_owned() },
        service: false,
        stands_for: None,
    };
    Work::begin(lender.app(), actor).await.unwrap()
}

pub fn code<T: std::fmt::Debug>(result: Result<T, ActionError>) -> String {
    let error = result.unwrap_err();
    error.refusal().map_or_else(|| error.to_string(), |refused| refused.code.to_owned())
}

pub async fn loan(lender: &Lender, start_on: Date) -> LoanKey {
    let customer = lender.customer("甲").await;
    lender.loan(customer, plain(start_on)).await.file.loan.key
}

/// The file and the position of today.
pub async fn stands(lender: &Lender, key: LoanKey) -> (LoanFile, Position) {
    let mut work = lender.work().await;
    let file = servicing::loan::store::load_file(&mut work.tx, key).await.unwrap().unwrap();
    let engine = Engine::load(&mut work, TODAY).await.unwrap();
    let position = engine.replay(&file, TODAY, None).unwrap();
    (file, position)
}

fn verdict(seen: i64) -> Verdict {
    Verdict { seen, opinion: "同意".to_owned(), missing: Vec::new() }
}

pub async fn seen(work: &mut Work, key: LoanKey, id: ApprovalId) -> i64 {
    approval::store::load(&mut work.tx, key.customer, id).await.unwrap().unwrap().version
}

pub async fn agree(lender: &Lender, login: &str, key: LoanKey, id: ApprovalId) -> Result<ApprovalState, ActionError> {
    let mut work = by(lender, login).await;
    let version = seen(&mut work, key, id).await;
    let done = approval::approve(&mut work, key.customer, id, &verdict(version)).await?;
    work.commit().await?;
    Ok(done.state)
}

async fn ask_waiver(lender: &Lender, key: LoanKey, waiver: &Waiver) -> Result<ApprovalId, ActionError> {
    let mut work = by(lender, "boss").await;
    let id = change::agreement::request(&mut work, key, waiver).await?;
    work.commit().await?;
    Ok(id)
}

async fn ask_extension(lender: &Lender, key: LoanKey, wish: &ExtensionWish) -> Result<ApprovalId, ActionError> {
    let mut work = by(lender, "boss").await;
    let id = extension::actions::request(&mut work, key, wish).await?;
    work.commit().await?;
    Ok(id)
}

fn of(head: Head, fen: i64) -> Waiver {
    Waiver { head, amount: Fen(fen), instalment: None, reason: "受灾，经核实".to_owned() }
}

fn until(on: Date) -> ExtensionWish {
    ExtensionWish { until: on, scope: ExtensionScope::LastInstalment, rate: None, reason: "回款推迟".to_owned() }
}

async fn pay(lender: &Lender, key: LoanKey, amount: Fen) -> TransactionKind {
    let mut work = by(lender, "cash").await;
    let new = NewRepayment {
        on: TODAY,
        amount,
        mode: RepaymentMode::Regular,
        allocation: Vec::new(),
        channel: Channel::Cash,
        note: None,
        business_key: None,
    };
    let applied = record(&mut work, key, None, &new).await.unwrap();
    work.commit().await.unwrap();
    applied.file.transactions.iter().find(|t| t.id == applied.id).unwrap().fact.kind.clone()
}

#[tokio::test]
async fn a_waiver_becomes_true_when_a_second_person_agrees_and_not_before() {
    //
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let (_, before) = stands(&lender, key).await;
        let half = Fen(before.outstanding.penalty.0 / 2);
        assert!(half.is_positive());
        let id = ask_waiver(&lender, key, &of(Head::Penalty, half.0)).await.unwrap();
        assert_eq!(stands(&lender, key).await.1, before, "asking changes nothing");
        let mut work = lender.work().await;
        let asked = approval::store::load(&mut work.tx, key.customer, id).await.unwrap().unwrap().payload;
        work.tx.rollback().await.unwrap();
        let owed = |name: &str| asked[name].as_i64().unwrap();
        assert_eq!(owed("owed_before_fen") - owed("owed_after_fen"), half.0, "whoever decides sees both");
        assert_eq!(asked["loan_page"], format!("/loans/{}", key.loan));
        assert_eq!(code(ask_waiver(&lender, key, &of(Head::Penalty, 1)).await), "approval-waits");
        assert_eq!(code(agree(&lender, "boss", key, id).await), "approval-own");
        assert_eq!(code(agree(&lender, "risk", key, id).await), "approval-step");
        let state = agree(&lender, "head", key, id).await.unwrap();
        assert_eq!(state, ApprovalState::Approved { on: TODAY }, "the supervisor alone decides a small one");
        let (file, after) = stands(&lender, key).await;
        assert_eq!(after.outstanding.penalty, Fen(before.outstanding.penalty.0 - half.0));
        assert_eq!(after.outstanding.interest, before.outstanding.interest);
        assert_eq!(lender.kept(key).await.penalty, after.outstanding.penalty, "lists show it too");
        let fact = file.transactions.last().unwrap();
        assert_eq!((fact.fact.on, fact.channel, fact.note.as_deref()), (TODAY, Channel::Book, Some("受灾，经核实")));
        assert_eq!(code(agree(&lender, "chief", key, id).await), "approval-state", "once");
    }
}

#[tokio::test]
async fn a_large_waiver_needs_the_general_manager_too() {
    //
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let (_, before) = stands(&lender, key).await;
        let id = ask_waiver(&lender, key, &of(Head::Interest, 150_000)).await.unwrap();
        assert_eq!(agree(&lender, "head", key, id).await.unwrap(), ApprovalState::Pending { step: 1 });
        assert_eq!(stands(&lender, key).await.1, before, "not agreed by all");
        agree(&lender, "chief", key, id).await.unwrap();
        let (_, after) = stands(&lender, key).await;
        assert_eq!(after.outstanding.interest, Fen(before.outstanding.interest.0 - 150_000));
    }
}

#[tokio::test]
async fn a_waiver_of_nothing_of_too_much_or_of_principal_is_refused() {
    // `waiver.heads`, `waiver.at-most-owed`
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let (_, position) = stands(&lender, key).await;
        let penalty = position.outstanding.penalty.0;
        let of_one = |head, fen, no| Waiver { instalment: Some(no), ..of(head, fen) };
        let first = position.instalments[0].penalty.outstanding().0;
        let rows = [
            (of(Head::Penalty, 0), "amount-not-positive"),
            (of(Head::Penalty, -5), "amount-not-positive"),
            (of(Head::Penalty, penalty + 1), "more-than-owed"),
            (of(Head::Principal, 1), "head-not-waivable"),
            (of(Head::Fee, 1), "more-than-owed"),
            (of_one(Head::Penalty, first + 1, 1), "more-than-owed"),
            (of_one(Head::Penalty, 1, 12), "more-than-owed"),
            (of_one(Head::Penalty, 1, 99), "more-than-owed"),
        ];
        for (wanted, refusal) in rows {
            assert_eq!(code(ask_waiver(&lender, key, &wanted).await), refusal, "{wanted:?}");
        }
        let mut work = by(&lender, "cash").await;
        assert_eq!(code(change::agreement::request(&mut work, key, &of(Head::Penalty, 1)).await), "denied");
        drop(work);
        ask_waiver(&lender, key, &of_one(Head::Penalty, first, 1)).await.unwrap();
    }
}

#[tokio::test]
async fn a_waiver_that_became_too_large_is_refused_and_nothing_of_it_is_written() {
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let (_, before) = stands(&lender, key).await;
        let id = ask_waiver(&lender, key, &of(Head::Penalty, before.outstanding.penalty.0)).await.unwrap();
        pay(&lender, key, before.due.total().unwrap()).await;
        let (file, paid) = stands(&lender, key).await;
        assert_eq!(paid.outstanding.penalty, Fen::ZERO);
        assert_eq!(code(agree(&lender, "head", key, id).await), "more-than-owed");
        let (now, position) = stands(&lender, key).await;
        assert_eq!((now.transactions.len(), now.loan.version), (file.transactions.len(), file.loan.version));
        assert_eq!(position, paid);
        let mut work = lender.work().await;
        let it = approval::store::load(&mut work.tx, key.customer, id).await.unwrap().unwrap();
        assert_eq!(it.state, ApprovalState::Pending { step: 0 }, "it can still be refused or returned");
    }
}

#[tokio::test]
async fn a_returned_waiver_is_mended_and_another_amount_begins_a_new_chain() {
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let first = ask_waiver(&lender, key, &of(Head::Interest, 100)).await.unwrap();
        let send_back = async |id: ApprovalId| {
            let mut work = by(&lender, "head").await;
            let version = seen(&mut work, key, id).await;
            let missing = vec![Missing { field: "证明".to_owned(), note: "缺".to_owned() }];
            let verdict = Verdict { missing, ..verdict(version) };
            approval::return_to_maker(&mut work, key.customer, id, &verdict).await.unwrap();
            work.commit().await.unwrap();
        };
        send_back(first).await;
        let mended = Waiver { reason: "附证明".to_owned(), ..of(Head::Interest, 100) };
        assert_eq!(ask_waiver(&lender, key, &mended).await.unwrap(), first, "the same amount goes on where it was");
        send_back(first).await;
        let larger = ask_waiver(&lender, key, &of(Head::Interest, 150_000)).await.unwrap();
        assert_ne!(larger, first, "a larger amount does not slip through the smaller chain");
        let mut work = lender.work().await;
        let old = approval::store::load(&mut work.tx, key.customer, first).await.unwrap().unwrap();
        assert_eq!(old.state, ApprovalState::Withdrawn { on: TODAY });
        drop(work);
        assert_eq!(agree(&lender, "head", key, larger).await.unwrap(), ApprovalState::Pending { step: 1 });
    }
}

/// What the schedule asks for in principal: what an extension moved is due elsewhere.
fn principal(position: &Position) -> i64 {
    position.instalments.iter().map(|i| i.principal.due.0 - i.principal.moved.0).sum()
}

#[tokio::test]
async fn an_extension_moves_the_last_principal_and_both_schedules_foot() {
    //
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let (_, before) = stands(&lender, key).await;
        let id = ask_extension(&lender, key, &until(date(2028, 2, 20))).await.unwrap();
        assert_eq!(code(agree(&lender, "boss", key, id).await), "approval-own");
        for login in ["head", "risk"] {
            agree(&lender, login, key, id).await.unwrap();
        }
        assert_eq!(stands(&lender, key).await.1, before, "not agreed by all");
        agree(&lender, "chief", key, id).await.unwrap();
        let (_, after) = stands(&lender, key).await;
        assert_eq!((before.maturity_on, after.maturity_on), (date(2027, 8, 20), date(2028, 2, 20)));
        assert_eq!((before.instalments.len(), after.instalments.len()), (12, 18));
        assert_eq!((principal(&before), principal(&after)), (10_000_000, 10_000_000));
        for no in 0..11 {
            assert_eq!(before.instalments[no].principal.due, after.instalments[no].principal.due, "instalment {no}");
        }
        let moved = before.instalments[11].principal.due;
        assert_eq!(after.instalments[17].principal.due, moved);
        // A month of 30/360 at 12 % is one per cent of the moved principal, to the fen.
        let monthly = Fen((moved.0 + 50) / 100);
        for i in &after.instalments[12..18] {
            assert!((i.interest.due.0 - monthly.0).abs() <= 1, "{} {}", i.no, i.interest.due);
        }
        assert_eq!(after.outstanding.principal, before.outstanding.principal);
        assert_eq!(lender.kept(key).await.maturity_on, date(2028, 2, 20));
    }
}

#[tokio::test]
async fn extensions_end_after_the_maturity_within_the_limit_and_under_the_cap() {
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        // A short loan of 365 days until 2027-08-20 may run 365 days longer, until 2028-08-19.
        let rows = [
            (until(date(2027, 8, 20)), "extension-not-later"),
            (until(date(2026, 12, 1)), "extension-not-later"),
            (until(date(2028, 8, 20)), "extension-too-long"),
            (ExtensionWish { rate: Some(Rate::per_year(240_000_001)), ..until(date(2028, 2, 20)) }, "rate-above-cap"),
        ];
        for (wish, refusal) in rows {
            assert_eq!(code(ask_extension(&lender, key, &wish).await), refusal, "{wish:?}");
        }
        let wish = ExtensionWish {
            scope: ExtensionScope::Remaining,
            rate: Some(Rate::per_year(150_000_000)),
            ..until(date(2028, 8, 19))
        };
        let id = ask_extension(&lender, key, &wish).await.unwrap();
        for login in ["head", "risk", "chief"] {
            agree(&lender, login, key, id).await.unwrap();
        }
        let (_, after) = stands(&lender, key).await;
        assert_eq!((after.maturity_on, principal(&after)), (date(2028, 8, 19), 10_000_000));
        let again = ask_extension(&lender, key, &until(date(2028, 8, 20))).await;
        assert_eq!(code(again), "extension-too-long", "all extensions count together");
    }
}

#[tokio::test]
async fn a_late_application_is_marked_and_not_refused() {
    // `extension.filing`
    for lender in lenders().await {
        for (start, late) in [(date(2025, 12, 10), Some(date(2026, 11, 10))), (date(2025, 12, 20), None)] {
            let key = loan(&lender, start).await;
            let (file, position) = stands(&lender, key).await;
            let mut work = by(&lender, "boss").await;
            let wish = until(position.maturity_on.tomorrow().unwrap());
            let tried = extension::actions::decide(&mut work, &file, &wish).await.unwrap();
            assert_eq!(tried.late_since, late, "thirty days before {}", position.maturity_on);
            drop(work);
            let id = ask_extension(&lender, key, &wish).await.unwrap();
            let mut work = lender.work().await;
            let it = approval::store::load(&mut work.tx, key.customer, id).await.unwrap().unwrap();
            let marked = late.map(|on| on.to_string());
            assert_eq!(it.payload["late_since"].as_str(), marked.as_deref(), "whoever decides sees it");
        }
    }
}

#[tokio::test]
async fn a_write_off_needs_its_conditions_and_its_chain_and_stays_tracked() {
    // S1-38 X-02, `change.living-debt`
    for lender in lenders().await {
        let ask = async |key: LoanKey| {
            let mut work = by(&lender, "finance").await;
            let id = write_off::actions::request(&mut work, key, "债务人下落不明").await?;
            work.commit().await?;
            Ok::<_, ActionError>(id)
        };
        let young = loan(&lender, date(2026, 8, 20)).await;
        assert_eq!(code(ask(young).await), "write-off-not-met", "61 days are no loss");
        let key = loan(&lender, date(2025, 6, 20)).await;
        let (_, before) = stands(&lender, key).await;
        assert!(before.days_overdue > 361, "{}", before.days_overdue);
        let refused = ask(key).await.unwrap();
        let mut work = by(&lender, "finance2").await;
        let version = seen(&mut work, key, refused).await;
        approval::reject(&mut work, key.customer, refused, &verdict(version)).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(stands(&lender, key).await.1, before, "not agreed, so it stays");
        let id = ask(key).await.unwrap();
        assert_eq!(code(agree(&lender, "finance", key, id).await), "approval-own");
        for login in ["finance2", "risk", "chief"] {
            assert_eq!(stands(&lender, key).await.1.status, Status::Overdue);
            agree(&lender, login, key, id).await.unwrap();
        }
        let (_, after) = stands(&lender, key).await;
        let claim = before.outstanding.total().unwrap();
        assert_eq!((after.status, after.outstanding.total()), (Status::WrittenOff, Some(Fen::ZERO)));
        let kept = lender.kept(key).await;
        assert_eq!(
            (kept.standing, kept.written_off_on, kept.written_off),
            (Standing::WrittenOffTracked, Some(TODAY), claim)
        );
        assert!(matches!(pay(&lender, key, Fen(500_000)).await, TransactionKind::Recover { .. }));
        let kept = lender.kept(key).await;
        assert_eq!((kept.standing, kept.written_off), (Standing::WrittenOffTracked, Fen(claim.0 - 500_000)));
        assert_eq!(code(ask(key).await), "loan-written-off");
        assert_eq!(code(ask_waiver(&lender, key, &of(Head::Penalty, 1)).await), "loan-written-off");
        assert_eq!(code(ask_extension(&lender, key, &until(date(2027, 6, 20))).await), "loan-written-off");
        let mut browser = lender.house.user("finance").await;
        let listed = browser.get("/loans?view=written-off").await;
        let (file, _) = stands(&lender, key).await;
        assert!(listed.text.contains(&file.loan.number), "tracked in its view");
        let page = browser.get(&format!("/loans/{}/changes?lang=zh-CN", key.loan)).await;
        assert!(page.text.contains("5,000.00") && page.text.contains("核销后收回"), "the recovery is shown");
    }
}

#[tokio::test]
async fn a_write_off_is_refused_at_approval_once_money_came_in() {
    // S1-38
    for lender in lenders().await {
        let key = loan(&lender, date(2025, 6, 20)).await;
        let mut work = by(&lender, "finance").await;
        let id = write_off::actions::request(&mut work, key, "下落不明").await.unwrap();
        work.commit().await.unwrap();
        let (_, before) = stands(&lender, key).await;
        pay(&lender, key, Fen(before.due.total().unwrap().0 - 100_000)).await;
        for login in ["finance2", "risk"] {
            agree(&lender, login, key, id).await.unwrap();
        }
        assert_eq!(code(agree(&lender, "chief", key, id).await), "write-off-not-met");
        assert_eq!(stands(&lender, key).await.1.status, Status::Overdue);
    }
}

#[tokio::test]
async fn a_charge_goes_through_the_form_once_and_names_what_is_wrong() {
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let mut browser = lender.house.user("head").await;
        let page = format!("/loans/{}/changes?tab=charge", key.loan);
        let target = format!("/loans/{}/charges", key.loan);
        let wrong = [("head", "cost"), ("amount", "二百"), ("due_on", "2026-02-30"), ("reason", " ")];
        let answer = browser.post_from(&page, &target, &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("二百") && answer.text.contains("2026-02-30"), "what was typed is kept");
        assert_eq!(answer.text.matches("class=\"field bad\"").count(), 3, "all that is wrong at once");
        let past = [("head", "cost"), ("amount", "200"), ("due_on", "2026-11-19"), ("reason", "诉讼费")];
        let answer = browser.post_from(&page, &target, &past).await;
        assert!(
            answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.text.contains("2026-11-19"),
            "{}",
            answer.text
        );
        let opened = browser.get(&page).await;
        let hidden = ["_csrf", "_once", "version"].map(|name| opened.hidden(name).unwrap());
        let good = [
            ("_csrf", hidden[0].as_str()),
            ("_once", hidden[1].as_str()),
            ("version", hidden[2].as_str()),
            ("head", "cost"),
            ("amount", "200.00"),
            ("due_on", "2026-11-25"),
            ("reason", "诉讼费"),
            ("step", "submit"),
        ];
        for _ in 0..2 {
            let answer = browser.post_raw(&target, &good).await;
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, page.as_str()), "{}", answer.text);
        }
        let (file, position) = stands(&lender, key).await;
        assert_eq!((position.outstanding.cost, position.due.cost), (Fen(20_000), Fen::ZERO));
        assert_eq!(file.transactions.len(), 2, "sent twice, charged once");
        let stale = browser.post_raw(&target, &[&good[..1], &[("_once", "another")], &good[2..]].concat()).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "the loan changed since the page was opened");
        let mut browser = lender.house.user("boss").await;
        let mut work = by(&lender, "cash").await;
        let charge = servicing::charge::model::NewCharge {
            head: Head::Fee,
            amount: Fen(1),
            due_on: None,
            reason: "x".to_owned(),
        };
        assert_eq!(code(servicing::charge::actions::record(&mut work, key, None, &charge).await), "denied");
        drop(work);
        assert!(browser.get(&page).await.text.contains("200.00"), "history shows it");
    }
}

#[tokio::test]
async fn forms_show_the_effect_in_money_before_anything_is_submitted() {
    for lender in lenders().await {
        let key = loan(&lender, date(2026, 8, 20)).await;
        let id = key.loan;
        let mut browser = lender.house.user("boss").await;
        let waivers = format!("/loans/{id}/waivers");
        let page = format!("/loans/{id}/changes?tab=waiver&lang=zh-CN");
        let typed =
            [("head", "penalty"), ("amount", "10.00"), ("instalment", ""), ("reason", "受灾"), ("step", "preview")];
        let tried = browser.post_from(&page, &waivers, &typed).await;
        assert_eq!(tried.status, StatusCode::OK, "{}", tried.text);
        assert!(tried.text.contains("欠款将减少 10.00 元") && tried.text.contains("提交审批"), "{}", tried.text);
        assert!(tried.text.contains("受灾"), "what was typed is kept");
        let bare = [("head", "penalty"), ("amount", "10.00"), ("instalment", ""), ("reason", ""), ("step", "preview")];
        let tried = browser.post_from(&page, &waivers, &bare).await;
        assert_eq!(tried.status, StatusCode::OK, "numbers are tried out before words: {}", tried.text);
        assert!(tried.text.contains("formnovalidate"), "the browser lets it through");
        let bare = [("head", "penalty"), ("amount", ""), ("instalment", ""), ("reason", ""), ("step", "submit")];
        let asked = browser.post_from(&page, &waivers, &bare).await;
        assert!(
            asked.text.contains("请填写") && !asked.text.contains("“”"),
            "what is empty is asked for: {}",
            asked.text
        );
        let much = browser
            .post_from(
                &page,
                &waivers,
                &[("head", "penalty"), ("amount", "99999"), ("reason", "受灾"), ("step", "preview")],
            )
            .await;
        assert!(much.status == StatusCode::UNPROCESSABLE_ENTITY && much.text.contains("99999"), "{}", much.text);
        let extensions = format!("/loans/{id}/extensions");
        let typed = [
            ("until", "2028-02-20"),
            ("scope", "last-instalment"),
            ("rate", ""),
            ("reason", "推迟"),
            ("step", "preview"),
        ];
        let tried = browser.post_from(&page, &extensions, &typed).await;
        assert_eq!(tried.status, StatusCode::OK, "{}", tried.text);
        for words in ["2027-08-20 变为 2028-02-20", "利息合计将增加", "100,000.00", "允许展期至 2028-08-19"]
        {
            assert!(tried.text.contains(words), "{words}: {}", tried.text);
        }
        assert_eq!(missing_in(&tried.text), Vec::<String>::new());
        let far = [("until", "2030-02-20"), ("scope", "remaining"), ("rate", "十"), ("reason", "推迟")];
        let answer = browser.post_from(&page, &extensions, &far).await;
        assert_eq!(answer.text.matches("class=\"field bad\"").count(), 1, "an unreadable rate comes first");
        assert_eq!(stands(&lender, key).await.0.transactions.len(), 1, "nothing was written");
        // Now in earnest, twice with the same key: one approval, listed on the page.
        let opened = browser.get(&page).await;
        let hidden = ["_csrf", "_once"].map(|name| opened.hidden(name).unwrap());
        let good = [
            ("_csrf", hidden[0].as_str()),
            ("_once", hidden[1].as_str()),
            ("head", "penalty"),
            ("amount", "10.00"),
            ("instalment", ""),
            ("reason", "受灾"),
            ("step", "submit"),
        ];
        for _ in 0..2 {
            let answer = browser.post_raw(&waivers, &good).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        }
        let mut work = lender.work().await;
        let about = approval::store::about(&mut work.tx, key.customer, &key.subject(), 10).await.unwrap();
        drop(work);
        assert_eq!(about.len(), 1);
        let page = browser.get(&page).await.text;
        assert!(
            page.contains("减免 10.00 元") && page.contains(&format!("/approvals/{}/{}", key.customer, about[0].0.id)),
            "{page}"
        );
        // Whoever decides reads it in words, decides on the page, and the loan owes that much less.
        let mut browser = lender.house.user("head").await;
        let decide = format!("/approvals/{}/{}", key.customer, about[0].0.id);
        let material = browser.get(&format!("{decide}?lang=zh-CN")).await;
        let (file, before) = stands(&lender, key).await;
        for words in ["罚息", "10.00", "受灾", file.loan.number.as_str()] {
            assert!(material.text.contains(words), "{words}: {}", material.text);
        }
        assert!(!material.text.contains(">penalty<"), "no names of ours");
        // What waits is called in the reader's language, wherever it stands.
        for path in [decide.as_str(), "/approvals", "/notices"] {
            let english = browser.get(&format!("{path}?lang=en")).await.text;
            assert!(english.contains("10.00 yuan") && !english.contains("减免"), "{path}: {english}");
        }
        let seen = about[0].0.version.to_string();
        let agreed = [("verdict", "approve"), ("seen", seen.as_str()), ("opinion", "同意")];
        let answer = browser.post_from(&decide, &decide, &agreed).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(stands(&lender, key).await.1.outstanding.penalty.0, before.outstanding.penalty.0 - 1_000);
    }
}

#[tokio::test]
async fn the_page_of_changes_is_complete_in_both_languages_and_offers_what_a_role_may() {
    for lender in lenders().await {
        let key = loan(&lender, date(2025, 6, 20)).await;
        let may: [(&str, &[&str]); 4] = [
            (
                "boss",
                &[
                    "waiver",
                    "extension",
                    "rate-change",
                    "restructuring",
                    "suspension",
                    "misuse",
                    "acceleration",
                    "charge",
                ],
            ),
            ("head", &["charge"]),
            ("finance", &["write-off"]),
            ("chief", &[]),
        ];
        for (login, offered) in may {
            let mut browser = lender.house.user(login).await;
            let offered: BTreeSet<&str> = offered.iter().copied().collect();
            for tab in [
                "waiver",
                "extension",
                "rate-change",
                "restructuring",
                "suspension",
                "misuse",
                "acceleration",
                "write-off",
                "charge",
            ] {
                for lang in ["zh-CN", "en"] {
                    let path = format!("/loans/{}/changes?tab={tab}&lang={lang}", key.loan);
                    let answer = browser.get(&path).await;
                    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
                    assert_eq!(missing_in(&answer.text), Vec::<String>::new(), "{path}");
                    let form = answer.text.contains(&format!("action=\"/loans/{}/{tab}s\"", key.loan));
                    assert_eq!(form, offered.contains(tab), "{login} {tab}");
                }
            }
        }
        let mut browser = lender.house.user("chief").await;
        let refused = browser.post(&format!("/loans/{}/waivers", key.loan), &[("head", "fee")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let mut browser = lender.house.user("finance").await;
        let path = format!("/loans/{}/write-offs", key.loan);
        let tried = browser.post(&path, &[("reason", "下落不明"), ("step", "preview")]).await;
        assert_eq!(tried.status, StatusCode::OK, "{}", tried.text);
        let young = loan(&lender, date(2026, 8, 20)).await;
        let path = format!("/loans/{}/write-offs", young.loan);
        let refused = browser.post(&path, &[("reason", "下落不明"), ("step", "submit")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "S1-38: {}", refused.text);
        assert!(refused.text.contains("361"), "it says what is needed");
        assert_eq!(missing_in(&refused.text), Vec::<String>::new());
    }
}
