//! The desk of car loans: cards looked up, cars and schedules, settlement statements; under the pack for car loans.

use std::sync::Arc;

use axum::http::StatusCode;
use customers::Customers;
use customers::bank_account::actions as accounts;
use customers::bank_account::model::{NewBankAccount, Purpose};
use customers::contact_point::actions as contacts;
use customers::contact_point::model::{ContactKind, NewContactPoint, SourceRoute};
use finance::{Fen, RepaymentMode};
use jiff::civil::date;
use platform::access::{Actor, DataScope, Origin, Roles};
use platform::approval::{self, ApprovalId, ApprovalState, Verdict};
use platform::args;
use platform::capability::Capability;
use platform::duty::{ContactFact, keep_contact};
use platform::error::ActionError;
use platform::id::{BranchId, CustomerId};
use platform::locale::missing_in;
use platform::testbed::{self, House, packs};
use platform::work::Work;
use servicing::Servicing;
use servicing::desk::card::actions as cards;
use servicing::desk::card::model::CardResult;
use servicing::desk::day::model::{Control, Line, Tally};
use servicing::desk::day::store as days;
use servicing::desk::mailing::actions as mailing;
use servicing::desk::mailing::model::{NewVehicle, Step};
use servicing::desk::settlement::actions as settlement;
use servicing::desk::settlement::model::StatementState;
use servicing::desk::settlement::store as statements;
use servicing::desk::slip::actions as slip_actions;
use servicing::desk::slip::model::NewSlip;
use servicing::desk::slip::store as slips;
use servicing::loan::model::{Channel, LoanKey};
use servicing::repayment::actions::{NewRepayment, record, record_many};

use crate::changes::code;
use crate::house::{Lender, TODAY, plain};

/// Everybody by log-in name and role of the shipped pack; `boss` manages the customers.
const PEOPLE: &[(&str, &[&str])] = &[
    ("boss", &["customer_manager"]),
    ("clerk", &["finance_clerk"]),
    ("clerk2", &["finance_clerk"]),
    ("checker", &["finance_checker"]),
    ("head", &["credit_supervisor"]),
    ("finance", &["finance_dept"]),
    ("chief", &["general_manager"]),
    ("cash", &["cashier"]),
    // Somebody with too many hats.
    ("hats", &["finance_clerk", "finance_checker", "cashier", "credit_supervisor"]),
    // Takes loans away and has no desk.
    ("risk", &["risk_dept"]),
    ("service", &["customer_service"]),
    ("service2", &["customer_service", "finance_clerk"]),
];

/// A lender of car loans on every database.
pub async fn lenders() -> Vec<Lender> {
    lenders_under("auto-finance").await
}

/// A lender under a shipped pack, on every database.
async fn lenders_under(name: &str) -> Vec<Lender> {
    let mut all = Vec::new();
    for db in testbed::databases().await {
        let capabilities: Vec<Arc<dyn Capability>> = vec![Arc::new(Customers), Arc::new(Servicing)];
        let facts = platform::policies::dictionary(&capabilities).unwrap();
        let pack = policy::Pack::load(&packs(), name, &facts).unwrap();
        let mut settings = testbed::settings(&[]);
        settings.roles = Roles::from_pack(&pack);
        settings.packs = Arc::new(packs());
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

/// Gives a customer the card from which is repaid.
pub async fn card(lender: &Lender, customer: CustomerId, number: &str) {
    let mut work = lender.work().await;
    let new = NewBankAccount {
        holder: "甲".to_owned(),
        bank: "示例银行".to_owned(),
        purpose: Purpose::Repay,
        number: number.to_owned(),
    };
    accounts::add(&mut work, customer, &new).await.unwrap();
    work.commit().await.unwrap();
}

/// A loan of a customer with a card, begun on that day.
pub async fn loan(lender: &Lender, name: &str, month: i8, day: i8) -> LoanKey {
    let customer = lender.customer(name).await;
    card(lender, customer, "6222000000000000018").await;
    lender.loan(customer, plain(date(2026, month, day))).await.file.loan.key
}

/// Agrees to an approval.
pub async fn agree(
    lender: &Lender,
    login: &str,
    customer: CustomerId,
    id: ApprovalId,
) -> Result<ApprovalState, ActionError> {
    let mut work = by(lender, login).await;
    let seen = approval::store::load(&mut work.tx, customer, id).await.unwrap().unwrap().version;
    let verdict = Verdict { seen, opinion: "同意".to_owned(), missing: Vec::new() };
    let done = approval::approve(&mut work, customer, id, &verdict).await?;
    work.commit().await.unwrap();
    Ok(done.state)
}

/// Money comes in.
pub async fn repay(lender: &Lender, key: LoanKey, fen: i64) {
    let mut work = lender.work().await;
    let new = NewRepayment {
        on: work.business_date,
        amount: Fen(fen),
        mode: RepaymentMode::Regular,
        allocation: Vec::new(),
        channel: Channel::BankTransfer,
        note: None,
        business_key: None,
    };
    record(&mut work, key, None, &new).await.unwrap();
    work.commit().await.unwrap();
}

/// A borrower is called about what is overdue.
pub async fn called(work: &mut Work, key: LoanKey, reached: bool) {
    call(work, key, reached, serde_json::json!({})).await;
}

/// Somebody else is called, who does not owe.
async fn outsider_called(work: &mut Work, key: LoanKey) {
    call(work, key, true, serde_json::json!({"of_the_debt": false})).await;
}

async fn call(work: &mut Work, key: LoanKey, reached: bool, payload: serde_json::Value) {
    let fact = ContactFact {
        customer: key.customer,
        subject: format!("customer:{}", key.customer),
        at: work.now,
        channel: platform::duty::Channel::Phone,
        contacted: "本人".to_owned(),
        reached,
        response: "明日还款".to_owned(),
        text_sent: String::new(),
        payload,
    };
    keep_contact(work, &fact, &[]).await.unwrap();
}

/// How many rows a question counts.
pub async fn count(lender: &Lender, sql: &'static str) -> i64 {
    let mut tx = lender.app().db.read().await.unwrap();
    tx.fetch_one(sql, args![]).await.unwrap().get("n").unwrap()
}

/// Opens pages in both languages and finds no message missing.
pub async fn all_open(lender: &Lender, login: &str, pages: &[String]) {
    let mut browser = lender.house.user(login).await;
    for lang in ["zh-CN", "en"] {
        browser.get(&format!("/me?lang={lang}")).await;
        for page in pages {
            let shown = browser.get(page).await;
            assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
        }
    }
}

// The pages of the desk follow the rules: a house without its duties is not led to them.
#[tokio::test]
async fn the_desk_is_offered_where_the_rules_have_its_duties() {
    for (pack, offered) in [("auto-finance", true), ("microloan", false)] {
        for lender in lenders_under(pack).await {
            let key = loan(&lender, "甲", 10, 10).await;
            assert!(platform::server::notice(lender.app()).await.unwrap());
            let page = lender.house.user("clerk").await.get(&format!("/loans/{}", key.loan)).await;
            assert_eq!(page.status, StatusCode::OK, "{pack}");
            assert!(page.text.contains("href=\"/repayments/calendar\""), "{pack}");
            let of_loan =
                ["card-checks/new", "vehicle", "settlement"].map(|part| format!("/loans/{}/{part}", key.loan));
            let lists = ["/repayments/cards", "/loans/information", "/advances"].map(str::to_owned);
            for place in lists.iter().chain(&of_loan) {
                assert_eq!(page.text.contains(&format!("href=\"{place}\"")), offered, "{pack} {place}");
            }
        }
    }
}

// Rule export.both-scopes: what may not be looked at is not taken away.
#[tokio::test]
async fn nobody_takes_lists_away_who_has_no_desk() {
    for lender in lenders().await {
        let mut risk = lender.house.user("risk").await;
        let mut clerk = lender.house.user("clerk").await;
        let lists = [
            "/repayments/cards",
            "/repayments/control",
            "/loans/information",
            "/loans/slips",
            "/advances",
            "/advances/debts",
        ];
        for list in lists {
            let file = format!("{list}/export.xlsx");
            assert_eq!(risk.get(&file).await.status, StatusCode::FORBIDDEN, "{list}");
            assert_eq!(clerk.get(&file).await.status, StatusCode::OK, "{list}");
        }
    }
}

// S2.19-02. Rule card.check
#[tokio::test]
async fn a_card_is_looked_up_while_something_is_due_and_the_lists_show_what_the_bank_said() {
    for lender in lenders().await {
        let key = loan(&lender, "甲", 10, 10).await;
        let without = lender.customer("乙").await;
        let bare = lender.loan(without, plain(date(2026, 10, 10))).await.file.loan.key;
        let later = loan(&lender, "丙", 11, 1).await;
        let list = "/repayments/cards".to_owned();
        all_open(
            &lender,
            "clerk",
            &[list.clone(), format!("{list}?view=all"), format!("/loans/{}/card-checks/new", key.loan)],
        )
        .await;
        let mut browser = lender.house.user("clerk").await;
        let todo = browser.get(&list).await;
        assert!(todo.text.contains("8,884.88") && todo.text.contains("622200"), "{}", todo.text);
        assert!(!todo.text.contains("6222000000000000018"), "the card is masked");
        assert!(!todo.text.contains(&format!("/loans/{}", later.loan)), "nothing of it is due");
        let mut work = by(&lender, "clerk").await;
        assert_eq!(code(cards::record(&mut work, bare, CardResult::Short, "").await), "card-none");
        assert_eq!(code(cards::record(&mut work, later, CardResult::Short, "").await), "card-nothing-due");
        let long = "长".repeat(501);
        assert_eq!(code(cards::record(&mut work, key, CardResult::Short, &long).await), "form-invalid");
        work.tx.rollback().await.unwrap();
        let form = format!("/loans/{}/card-checks/new", key.loan);
        let path = format!("/loans/{}/card-checks", key.loan);
        let wrong = browser.post_from(&form, &path, &[("card_result", "perhaps"), ("note", "")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = browser.post_from(&form, &path, &[("card_result", "short"), ("note", "余额 300 元")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let failed = browser.get(&format!("{list}?view=failed")).await;
        assert!(failed.text.contains("余额 300 元"), "{}", failed.text);
        let todo = browser.get(&list).await;
        assert!(!todo.text.contains(&format!("/loans/{}\"", key.loan)), "looked up today: {}", todo.text);
        let day = "due.from=2026-11-10&due.to=2026-11-10";
        let unpaid = browser.get(&format!("/repayments/unpaid?lang=zh-CN&{day}")).await;
        assert!(unpaid.text.contains("余额不足"), "the unpaid list says so: {}", unpaid.text);
        let export = browser.get(&format!("{list}/export.xlsx?view=failed")).await;
        assert_eq!(export.status, StatusCode::OK);
        assert!(failed.text.contains("query=view"), "what is picked is looked for where it was: {}", failed.text);
        // A second look is a second fact, and the later one counts.
        let mut work = by(&lender, "clerk2").await;
        cards::record(&mut work, key, CardResult::Enough, "").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(count(&lender, "select count(*) as n from card_check").await, 2);
        let failed = browser.get(&format!("{list}?view=failed")).await;
        assert!(!failed.text.contains("余额 300 元"), "{}", failed.text);
        let mut other = lender.house.user("boss").await;
        assert_eq!(other.get(&list).await.status, StatusCode::FORBIDDEN);
    }
}

// S2.19-02, S2.19-03, C-04. Rules duty.card_check, duty.first_call
#[tokio::test]
async fn a_due_day_asks_for_the_card_and_the_day_after_for_a_call() {
    for lender in lenders().await {
        let due = loan(&lender, "甲", 10, 21).await;
        loan(&lender, "乙", 10, 20).await;
        lender.close_until(date(2026, 11, 21)).await;
        let open = "select count(*) as n from duty d join duty_member m on m.duty_id = d.id \
                    where d.kind = 'card_check' and m.state = 'open' and d.due_on = '2026-11-21'";
        assert_eq!(count(&lender, open).await, 1, "one falls due today");
        let call = "select count(*) as n from duty d join duty_member m on m.duty_id = d.id \
                    where d.kind = 'early_reminder' and d.owner_role = 'finance_clerk' and d.due_on = '2026-11-21'";
        assert_eq!(count(&lender, call).await, 1, "the other was due yesterday: the call is today's, a Saturday");
        let mut work = by(&lender, "clerk").await;
        cards::record(&mut work, due, CardResult::Unreached, "无人接听").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(count(&lender, open).await, 0);
    }
}

// S2.19-05, S2.19-07. Rules mailing.order, mailing.second, duty.schedule_mail
#[tokio::test]
async fn a_schedule_is_printed_handed_over_and_sent_by_somebody_else() {
    for lender in lenders().await {
        let key = loan(&lender, "甲", 10, 10).await;
        let open = "select count(*) as n from duty d join duty_member m on m.duty_id = d.id \
                    where d.kind = 'schedule_mail' and m.state = 'open'";
        assert_eq!(count(&lender, open).await, 1, "the payout asks for the schedule");
        let list = "/loans/information";
        let mut clerk = lender.house.user("clerk").await;
        let shown = clerk.get(&format!("{list}?lang=zh-CN")).await;
        assert!(shown.text.contains("未打印"), "{}", shown.text);
        let mut work = by(&lender, "clerk").await;
        assert_eq!(code(mailing::step(&mut work, key, Step::Handed, "").await), "mailing-step");
        mailing::step(&mut work, key, Step::Printed, "").await.unwrap();
        work.commit().await.unwrap();
        let mut work = by(&lender, "service2").await;
        mailing::step(&mut work, key, Step::Handed, "").await.unwrap();
        assert_eq!(code(mailing::step(&mut work, key, Step::Sent, "SF1").await), "mailing-own");
        work.commit().await.unwrap();
        let form = format!("/loans/{}/mailing/dispatch", key.loan);
        all_open(&lender, "service", &[list.to_owned(), format!("{list}?view=handed"), form.clone()]).await;
        let mut service = lender.house.user("service").await;
        let nothing = service.post_from(&form, &form, &[("mailing_step", "sent"), ("note", "")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY, "the number of the parcel");
        let foreign = service.post_from(&form, &form, &[("mailing_step", "printed"), ("note", "x")]).await;
        assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY, "that is the desk's");
        let back = service.post_from(&form, &form, &[("mailing_step", "returned"), ("note", "地址不详")]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
        assert_eq!(count(&lender, open).await, 1, "it did not go");
        let mut work = by(&lender, "clerk").await;
        mailing::step(&mut work, key, Step::Handed, "地址已更正").await.unwrap();
        work.commit().await.unwrap();
        let sent = service.post_from(&form, &form, &[("mailing_step", "sent"), ("note", "SF100200300")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        assert_eq!(count(&lender, open).await, 0);
        let number = format!("/loans/{}\"", key.loan);
        assert!(!service.get(list).await.text.contains(&number), "no longer among the unsent");
        assert!(service.get(&format!("{list}?view=sent")).await.text.contains("SF100200300"));
        assert_eq!(count(&lender, "select count(*) as n from schedule_mailing").await, 5, "every step is a fact");
    }
}

// S2.19-05: many at once, each refused or done by itself.
#[tokio::test]
async fn schedules_are_printed_and_handed_over_in_a_batch() {
    for lender in lenders().await {
        let one = loan(&lender, "甲", 10, 10).await;
        let two = loan(&lender, "乙", 10, 10).await;
        let mut work = by(&lender, "clerk").await;
        mailing::step(&mut work, one, Step::Printed, "").await.unwrap();
        work.commit().await.unwrap();
        let mut clerk = lender.house.user("clerk").await;
        let keys = [one.loan.to_string(), two.loan.to_string()];
        let fields = [("key", keys[0].as_str()), ("key", keys[1].as_str()), ("note", ""), ("step", "do")];
        let done = clerk.post("/loans/information/handed", &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let handed = "select count(*) as n from schedule_mailing where step = 'handed'";
        assert_eq!(count(&lender, handed).await, 1, "the other was not printed yet");
        let fields = [("key", keys[0].as_str()), ("key", keys[1].as_str()), ("note", ""), ("card_result", "enough")];
        let looked = clerk.post("/repayments/cards/record", &fields).await;
        assert_eq!((looked.status, missing_in(&looked.text)), (StatusCode::OK, Vec::new()), "shown first");
        let fields = [&fields[..], &[("step", "do")]].concat();
        let done = clerk.post("/repayments/cards/record", &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(count(&lender, "select count(*) as n from card_check").await, 2);
    }
}

// S2.19-04, S2.19-07. Rule vehicle.picked-up
#[tokio::test]
async fn the_table_shows_car_and_pick_up_date_and_the_latest_record_counts() {
    for lender in lenders().await {
        let key = loan(&lender, "甲", 10, 10).await;
        let new = |model: &str, day: i8| NewVehicle {
            model: model.to_owned(),
            picked_up_on: date(2026, 11, day),
            note: String::new(),
        };
        let mut work = by(&lender, "clerk").await;
        assert_eq!(code(mailing::record_vehicle(&mut work, key, &new(" ", 9)).await), "form-invalid");
        assert_eq!(code(mailing::record_vehicle(&mut work, key, &new("朗逸", 21)).await), "form-invalid", "to come");
        mailing::record_vehicle(&mut work, key, &new("朗逸", 9)).await.unwrap();
        work.commit().await.unwrap();
        let form = format!("/loans/{}/vehicle", key.loan);
        all_open(&lender, "clerk", &[form.clone(), "/loans/information?view=all".to_owned()]).await;
        let mut clerk = lender.house.user("clerk").await;
        let fields = [("model", "帕萨特"), ("picked_up_on", "2026-11-12"), ("note", "更正")];
        assert_eq!(clerk.post_from(&form, &form, &fields).await.status, StatusCode::SEE_OTHER);
        let fields = [("model", "帕萨特"), ("picked_up_on", "十二日"), ("note", "")];
        assert_eq!(clerk.post_from(&form, &form, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let table = clerk.get("/loans/information?view=all").await;
        assert!(table.text.contains("帕萨特") && !table.text.contains("朗逸"), "{}", table.text);
        assert!(table.text.contains("2026-11-12"));
        let none = clerk.get("/loans/information?view=no-car").await;
        assert!(!none.text.contains("帕萨特"));
        let export = clerk.get("/loans/information/export.xlsx?view=all").await;
        assert_eq!(export.status, StatusCode::OK);
        // The card in the customer's file, masked, and the number by which the customer is reached, with the day of its change.
        assert!(table.text.contains("622200") && !table.text.contains("6222000000000000018"), "{}", table.text);
        assert!(table.text.contains("···0001") && !table.text.contains("···0002"), "{}", table.text);
        card(&lender, key.customer, "6228480000000000075").await;
        let point = NewContactPoint {
            relation: None,
            kind: ContactKind::Phone,
            value: "19900000002".to_owned(),
            route: SourceRoute::Customer,
            consented: true,
            main: true,
        };
        let mut work = lender.work().await;
        contacts::add(&mut work, key.customer, &point).await.unwrap();
        let changed = platform::clock::civil_minute(work.now);
        work.commit().await.unwrap();
        let table = clerk.get("/loans/information?view=all").await;
        assert!(table.text.contains("622848") && table.text.contains("···0002"), "updated at once: {}", table.text);
        assert!(!table.text.contains("···0001") && table.text.contains(&changed), "{}", table.text);
    }
}

/// A repayment of today that settles.
fn settling(amount: Fen) -> NewRepayment {
    NewRepayment {
        on: TODAY,
        amount,
        mode: RepaymentMode::Settle,
        allocation: Vec::new(),
        channel: Channel::BankTransfer,
        note: None,
        business_key: None,
    }
}

// S2.19-08. Rules settlement.statement, settlement.signed-first, approval.settlement_statement
#[tokio::test]
async fn a_settlement_is_stated_signed_by_another_and_only_money_settles_the_loan() {
    for lender in lenders().await {
        let key = loan(&lender, "甲", 10, 20).await;
        let form = format!("/loans/{}/settlement", key.loan);
        all_open(&lender, "clerk", std::slice::from_ref(&form)).await;
        let mut clerk = lender.house.user("clerk").await;
        let past = clerk.post_from(&form, &form, &[("on", "2026-10-19")]).await;
        assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = clerk.post_from(&form, &form, &[("on", "2026-11-20")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let mut work = by(&lender, "clerk2").await;
        assert_eq!(code(settlement::request(&mut work, key, TODAY).await), "settlement-state", "one waits");
        let one = statements::of_loan(&mut work.tx, key).await.unwrap().remove(0);
        work.tx.rollback().await.unwrap();
        // The principal and the interest of a month.
        assert_eq!(one.amounts.principal, Fen(10_000_000));
        assert!(one.amounts.interest.is_positive());
        assert_eq!(one.total, Fen(one.amounts.principal.0 + one.amounts.interest.0));
        let own = agree(&lender, "clerk", key.customer, one.approval.unwrap()).await;
        assert!(own.is_err(), "the maker signs nothing");
        // A car loan is settled early by its signed statement, by single repayments and in a batch.
        let money = settling(one.total);
        let mut work = by(&lender, "clerk").await;
        assert_eq!(code(record(&mut work, key, None, &money).await), "settlement-unsigned");
        assert_eq!(code(record_many(&mut work, &[(key, money.clone())]).await), "settlement-unsigned");
        work.tx.rollback().await.unwrap();
        agree(&lender, "head", key.customer, one.approval.unwrap()).await.unwrap();
        let mut work = by(&lender, "clerk").await;
        let signed = statements::find(&mut work.tx, one.id).await.unwrap().unwrap();
        work.tx.rollback().await.unwrap();
        assert_eq!((signed.state, signed.signed_on), (StatementState::Signed, Some(TODAY)));
        assert_eq!(signed.signed_by, Some(lender.house.user_id("head").await));
        assert_ne!(lender.kept(key).await.standing, servicing::position::model::Standing::Settled);
        let page = format!("/settlements/{}", one.id);
        all_open(&lender, "clerk", std::slice::from_ref(&page)).await;
        let (status, pdf) = clerk.file(&format!("{page}/statement.pdf")).await;
        assert_eq!((status, &pdf[..4]), (StatusCode::OK, b"%PDF".as_slice()));
        assert_eq!(clerk.get("/settlements/77").await.status, StatusCode::NOT_FOUND);
        let mut work = by(&lender, "clerk").await;
        record(&mut work, key, None, &money).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.kept(key).await.standing, servicing::position::model::Standing::Settled);
    }
}

// S2.19-08. Rules settlement.statement, settlement.signed-first: money of an earlier day is stated for its day.
#[tokio::test]
async fn money_of_an_earlier_day_is_settled_by_the_statement_of_that_day() {
    for lender in lenders().await {
        let key = loan(&lender, "甲", 10, 20).await;
        let on = date(2026, 11, 18);
        let mut work = by(&lender, "clerk").await;
        assert_eq!(
            code(settlement::request(&mut work, key, date(2026, 10, 19)).await),
            "form-invalid",
            "before the payout"
        );
        let id = settlement::request(&mut work, key, on).await.unwrap();
        let one = statements::find(&mut work.tx, id).await.unwrap().unwrap();
        work.commit().await.unwrap();
        let money = NewRepayment { on, ..settling(one.total) };
        let mut work = by(&lender, "clerk").await;
        assert_eq!(code(record(&mut work, key, None, &money).await), "settlement-unsigned");
        work.tx.rollback().await.unwrap();
        agree(&lender, "head", key.customer, one.approval.unwrap()).await.unwrap();
        let mut work = by(&lender, "clerk").await;
        record(&mut work, key, None, &money).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.kept(key).await.standing, servicing::position::model::Standing::Settled);
    }
}

// S2.19-08. Rule settlement.statement: what moved since is not signed.
#[tokio::test]
async fn a_statement_is_not_signed_when_the_loan_moved_since() {
    for lender in lenders().await {
        let key = loan(&lender, "甲", 10, 20).await;
        let mut work = by(&lender, "clerk").await;
        let id = settlement::request(&mut work, key, TODAY).await.unwrap();
        let one = statements::find(&mut work.tx, id).await.unwrap().unwrap();
        work.commit().await.unwrap();
        repay(&lender, key, 300_000).await;
        let refused = agree(&lender, "head", key.customer, one.approval.unwrap()).await;
        assert_eq!(code(refused), "settlement-changed");
    }
}

// S2.19-06. Rules slip.entry, slip.compare, slip.second, duty.slip_entry
#[tokio::test]
async fn a_payout_is_entered_from_the_banks_slip_and_compared_by_another() {
    for lender in lenders().await {
        let key = loan(&lender, "甲", 10, 20).await;
        let new = NewBankAccount {
            holder: "甲汽车销售".to_owned(),
            bank: "示例银行".to_owned(),
            purpose: Purpose::Disburse,
            number: "6222000000000000026".to_owned(),
        };
        let mut work = lender.work().await;
        let account = accounts::add(&mut work, key.customer, &new).await.unwrap();
        work.commit().await.unwrap();
        let open = "select count(*) as n from duty d join duty_member m on m.duty_id = d.id \
                    where d.kind = 'slip_entry' and m.state = 'open'";
        assert_eq!(count(&lender, open).await, 1, "the payout asks for its slip");
        let list = "/loans/slips";
        let form = format!("/loans/{}/slips/new", key.loan);
        let path = format!("/loans/{}/slips", key.loan);
        all_open(&lender, "clerk", &[list.to_owned(), form.clone()]).await;
        let mut clerk = lender.house.user("clerk").await;
        let empty = clerk.post_from(&form, &path, &[]).await;
        assert_eq!((empty.status, missing_in(&empty.text)), (StatusCode::UNPROCESSABLE_ENTITY, Vec::new()));
        let slip = |number: &'static str, account: &'static str, amount: &'static str| {
            [
                ("slip_number", number),
                ("slip_paid_on", "2026-10-20"),
                ("payee", "甲汽车销售"),
                ("payee_account", account),
                ("amount", amount),
                ("repays_on", "2026-11-20"),
                ("monthly", "8884.88"),
                ("note", ""),
            ]
        };
        // The slip of another loan: card and amount are not those of this one.
        let wrong = clerk.post_from(&form, &path, &slip("HD-1", "6222 0000 0000 0000 018", "99999.00")).await;
        assert_eq!(wrong.status, StatusCode::SEE_OTHER, "{}", wrong.text);
        assert_eq!(count(&lender, open).await, 1, "it was entered, and not passed");
        let mut work = by(&lender, "clerk").await;
        let one = slips::of_loan(&mut work.tx, key).await.unwrap().remove(0);
        work.tx.rollback().await.unwrap();
        assert!(!one.account_masked.contains("0000000000"), "only the masked number is kept: {}", one.account_masked);
        let id = one.id.to_string();
        let page = format!("/slips/{id}");
        let shown = clerk.get(&format!("{page}?lang=zh-CN")).await;
        assert!(shown.text.contains("不一致") && shown.text.contains("100,000.00"), "{}", shown.text);
        let mut work = by(&lender, "checker").await;
        assert_eq!(code(slip_actions::check(&mut work, &id, true, "").await), "slip-differs");
        assert_eq!(code(slip_actions::check(&mut work, &id, false, " ").await), "form-invalid", "why it is refused");
        slip_actions::check(&mut work, &id, false, "账号、金额有误").await.unwrap();
        work.commit().await.unwrap();
        let right = clerk.post_from(&form, &path, &slip("HD-1", "6222 0000 0000 0000 026", "100000.00")).await;
        assert_eq!(right.status, StatusCode::SEE_OTHER, "a refused one gives its number back: {}", right.text);
        let again = clerk.post_from(&form, &path, &slip("HD-2", "6222 0000 0000 0000 026", "100000.00")).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "one slip a payout");
        let mut work = by(&lender, "hats").await;
        let one = slips::of_loan(&mut work.tx, key).await.unwrap().remove(0);
        assert_eq!((one.amount, one.account.is_some()), (Fen(10_000_000), true));
        work.tx.rollback().await.unwrap();
        let id = one.id.to_string();
        let page = format!("/slips/{id}");
        let check = format!("{page}/check");
        all_open(&lender, "checker", &[page.clone(), check.clone(), format!("{list}?view=entered")]).await;
        let mut work = by(&lender, "checker").await;
        assert_eq!(
            code(slip_actions::check(&mut work, &id, true, "").await),
            "slip-differs",
            "nobody verified the account"
        );
        work.tx.rollback().await.unwrap();
        let mut work = by(&lender, "head").await;
        accounts::verify(&mut work, key.customer, account, "核对银行卡复印件").await.unwrap();
        work.commit().await.unwrap();
        let mut checker = lender.house.user("checker").await;
        assert_eq!(count(&lender, open).await, 1, "a refused slip is asked for still");
        let done = checker.post_from(&check, &check, &[("slip_verdict", "passes"), ("note", "")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(count(&lender, open).await, 0, "it passed");
        assert!(clerk.get(&format!("{list}?view=checked")).await.text.contains("HD-1"));
        assert_eq!(clerk.get(&check).await.status, StatusCode::FORBIDDEN, "a clerk compares nothing");
        // Another payout of the same number, by somebody with two hats.
        let other = loan(&lender, "乙", 10, 20).await;
        let mut work = by(&lender, "hats").await;
        let typed = NewSlip {
            transaction: None,
            number: "HD-1".to_owned(),
            paid_on: date(2026, 10, 20),
            payee: "乙".to_owned(),
            account: "6222000000000000018".to_owned(),
            amount: Fen(10_000_000),
            repays_on: date(2026, 11, 20),
            monthly: Fen(888_488),
            note: String::new(),
        };
        assert_eq!(code(slip_actions::enter(&mut work, other, &typed).await), "slip-taken");
        let typed = NewSlip { number: "HD-3".to_owned(), ..typed };
        let own = slip_actions::enter(&mut work, other, &typed).await.unwrap();
        assert_eq!(code(slip_actions::check(&mut work, &own.to_string(), true, "").await), "slip-own");
        work.tx.rollback().await.unwrap();
    }
}

// S2.19-01, S2.19-03, S2.19-10. Rules dunning.daily, control.state, control.share, day.sheet
#[tokio::test]
async fn the_post_sees_who_is_called_today_and_how_much_is_under_control() {
    for lender in lenders().await {
        let late = loan(&lender, "甲", 10, 10).await;
        let due = loan(&lender, "乙", 10, 20).await;
        let list = "/repayments/control";
        let page = "/repayments/day";
        let pages = [page.to_owned(), format!("{page}?on=2026-11-10"), list.to_owned(), format!("{list}?view=all")];
        all_open(&lender, "clerk", &pages).await;
        let mut clerk = lender.house.user("clerk").await;
        assert_eq!(clerk.get(&format!("{page}?on=2026-11-21")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(lender.house.user("boss").await.get(page).await.status, StatusCode::FORBIDDEN);
        let (first, second) = (format!("/loans/{}\"", late.loan), format!("/loans/{}\"", due.loan));
        let calls = clerk.get(list).await;
        assert!(calls.text.contains(&first) && !calls.text.contains(&second), "overdue: {}", calls.text);
        let mut work = by(&lender, "clerk").await;
        let month = (date(2026, 11, 1), TODAY);
        let before = days::controlled(&mut work.tx, DataScope::everything(), month, TODAY).await.unwrap();
        assert_eq!((before.part(Control::Open).count, before.permille()), (2, Some(0)));
        outsider_called(&mut work, late).await;
        let calls = "select count(*) as n from dunning_call";
        assert_eq!(work.tx.fetch_one(calls, args![]).await.unwrap().get::<i64>("n").unwrap(), 0, "not the borrower");
        called(&mut work, late, true).await;
        work.commit().await.unwrap();
        let calls = clerk.get(list).await;
        assert!(!calls.text.contains(&first), "called today: {}", calls.text);
        let followed = clerk.get(&format!("{list}?view=followed")).await;
        assert!(followed.text.contains(&first) && !followed.text.contains(&second), "{}", followed.text);
        assert!(clerk.get(page).await.text.contains("50.0 %"), "one of two equal instalments");
        repay(&lender, due, 888_488).await;
        assert!(clerk.get(&format!("{list}?view=paid")).await.text.contains(&second));
        assert!(clerk.get(page).await.text.contains("100.0 %"));
        let mut work = by(&lender, "clerk").await;
        let lines = days::tallies(&mut work.tx, DataScope::everything(), TODAY).await.unwrap();
        let of = |line| lines.iter().find(|(one, _)| *one == line).unwrap().1;
        let counts = [Line::Due, Line::Unpaid, Line::Overdue, Line::Called, Line::Reached].map(|line| of(line).count);
        assert_eq!(counts, [1, 0, 1, 1, 1]);
        assert_eq!((of(Line::Repaid).count, of(Line::Repaid).money), (1, Some(Fen(888_488))));
        // The other customer was called, too; then both files turn out to be one person, who was called once.
        let of_calls = |lines: &[(Line, Tally)]| lines.iter().find(|(one, _)| *one == Line::Called).unwrap().1.count;
        let (at, other) = (work.now, due.customer);
        let call = "insert into dunning_call (customer_id, id, reached, effective_on, recorded_at, recorded_by) \
             values ($1, 1, 1, $2, $3, 1)";
        work.tx.execute(call, args![other, TODAY, at]).await.unwrap();
        let lines = days::tallies(&mut work.tx, DataScope::everything(), TODAY).await.unwrap();
        assert_eq!(of_calls(&lines), 2);
        let merged = "insert into customer_merge (customer_id, id, into_id, reason, state, merged_on, effective_on, \
             recorded_at, recorded_by) values ($1, 1, $2, '同一人', 'merged', $3, $4, $5, 1)";
        work.tx.execute(merged, args![other, late.customer, TODAY, TODAY, at]).await.unwrap();
        let lines = days::tallies(&mut work.tx, DataScope::everything(), TODAY).await.unwrap();
        assert_eq!(of_calls(&lines), 1);
        work.tx.rollback().await.unwrap();
        // The next day it is unpaid still, and the call is due anew.
        lender.close_until(date(2026, 11, 21)).await;
        let mut clerk = lender.house.user("clerk").await;
        let calls = clerk.get(list).await;
        assert!(calls.text.contains(&first) && !calls.text.contains(&second), "{}", calls.text);
    }
}
