//! Classification runs: proposed by the post, reviewed, approved by a third; what was approved stands until the next run.

use std::sync::Arc;

use axum::http::StatusCode;
use customers::Customers;
use finance::Fen;
use jiff::SignedDuration;
use jiff::civil::date;
use platform::access::{Actor, Origin, Roles};
use platform::approval::{self, ApprovalState, Missing, Verdict};
use platform::book::{self, Wanted};
use platform::capability::Capability;
use platform::error::ActionError;
use platform::id::{BranchId, CustomerId};
use platform::testbed::{self, House, packs};
use platform::work::Work;
use servicing::Servicing;
use servicing::classification::model::{Findings, Run, RunId, RunState, Step};
use servicing::classification::{actions, review, store};
use servicing::loan::model::LoanKey;

use crate::changes::code;
use crate::desk::{all_open, count, repay};
use crate::house::{Lender, plain};

/// The institution's own approvals.
const HOUSE: CustomerId = CustomerId(0);

/// Everybody by log-in name and role of the shipped pack; `boss` manages the customers.
const PEOPLE: &[(&str, &[&str])] = &[
    ("boss", &["customer_manager"]),
    ("post", &["classification_post"]),
    ("post2", &["classification_post"]),
    ("officer", &["post_loan_officer"]),
    ("risk", &["risk_dept"]),
    ("chief", &["general_manager"]),
    // Somebody with too many hats.
    ("hats", &["classification_post", "risk_dept", "general_manager", "post_loan_officer"]),
];

async fn lenders() -> Vec<Lender> {
    let mut all = Vec::new();
    for db in testbed::databases().await {
        let capabilities: Vec<Arc<dyn Capability>> = vec![Arc::new(Customers), Arc::new(Servicing)];
        let facts = platform::policies::dictionary(&capabilities).unwrap();
        let pack = policy::Pack::load(&packs(), "microloan", &facts).unwrap();
        let mut settings = testbed::settings(&[]);
        settings.roles = Roles::from_pack(&pack);
        settings.packs = Arc::new(packs());
        let lender = Lender { house: House::with(db, capabilities, settings, PEOPLE).await };
        let mut work = lender.work().await;
        platform::policies::install(&mut work, "microloan").await.unwrap();
        platform::calendar::import_days(&mut work, &packs()["calendar/holidays.csv"], "test").await.unwrap();
        platform::calendar::import_lpr(&mut work, &packs()["calendar/lpr.csv"]).await.unwrap();
        work.commit().await.unwrap();
        all.push(lender);
    }
    all
}

/// Work of a person, a second later than what was done before.
async fn by(lender: &Lender, login: &str) -> Work {
    lender.app().clock.advance(SignedDuration::from_secs(1));
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

async fn loan(lender: &Lender, name: &str, (month, day): (i8, i8)) -> LoanKey {
    let customer = lender.customer(name).await;
    lender.loan(customer, plain(date(2026, month, day))).await.file.loan.key
}

/// One loan 41 days overdue, one that is not.
async fn two(lender: &Lender) -> (LoanKey, LoanKey) {
    (loan(lender, "甲", (9, 10)).await, loan(lender, "乙", (10, 28)).await)
}

async fn run_of(lender: &Lender, id: RunId) -> Run {
    let mut tx = lender.app().db.read().await.unwrap();
    store::find(&mut tx, id).await.unwrap().unwrap()
}

async fn class_of(lender: &Lender, key: LoanKey) -> String {
    lender.kept(key).await.grade.class
}

async fn drawn(lender: &Lender, login: &str) -> RunId {
    let mut work = by(lender, login).await;
    let id = actions::draw(&mut work, None).await.unwrap();
    work.commit().await.unwrap();
    id
}

async fn judged(lender: &Lender, id: RunId, key: LoanKey, class: &str) {
    let mut work = by(lender, "post").await;
    let loan = key.loan.to_string();
    actions::judge(&mut work, &id.to_string(), &loan, class, "经营停顿").await.unwrap();
    work.commit().await.unwrap();
}

fn findings() -> Findings {
    let words = || "已核查".to_owned();
    Findings { value: words(), granting: words(), monitoring: words(), collection: words(), provision: words() }
}

async fn proposed(lender: &Lender, id: RunId) {
    let mut work = by(lender, "post").await;
    actions::propose(&mut work, &id.to_string(), &findings(), Fen(100_000)).await.unwrap();
    work.commit().await.unwrap();
}

async fn reviewed(lender: &Lender, id: RunId) {
    let mut work = by(lender, "risk").await;
    review(&mut work, &id.to_string(), "同意").await.unwrap();
    work.commit().await.unwrap();
}

async fn approve(lender: &Lender, login: &str, id: RunId) -> Result<ApprovalState, ActionError> {
    let asked = run_of(lender, id).await.approval.unwrap();
    let mut work = by(lender, login).await;
    let seen = approval::store::load(&mut work.tx, HOUSE, asked).await.unwrap().unwrap().version;
    let verdict = Verdict { seen, opinion: "同意".to_owned(), missing: Vec::new() };
    let done = approval::approve(&mut work, HOUSE, asked, &verdict).await?;
    work.commit().await.unwrap();
    Ok(done.state)
}

/// Drawn, with another class for one loan, proposed, reviewed and approved.
async fn approved(lender: &Lender, others: &[(LoanKey, &str)]) -> RunId {
    let id = drawn(lender, "post").await;
    for (key, class) in others {
        judged(lender, id, *key, class).await;
    }
    proposed(lender, id).await;
    reviewed(lender, id).await;
    approve(lender, "chief", id).await.unwrap();
    assert_eq!(run_of(lender, id).await.state, RunState::Approved);
    id
}

/// What the caches say that the facts do not.
async fn differing(lender: &Lender) -> Vec<String> {
    let mut rows = Vec::new();
    platform::rebuild::verify(lender.app(), &mut |progress| {
        rows.extend(progress.differences.iter().map(|d| format!("{} {} {}", d.table, d.row, d.column)));
    })
    .await
    .unwrap();
    rows
}

// S5.4-04, S5.4-05, S5.5-04, X-02. Rules classification.draw, classification.steps, classification.report,
// classification.suggest, classification.stands, approval.classification
#[tokio::test]
async fn a_branch_is_classified_in_steps_and_the_approved_class_stands() {
    for lender in lenders().await {
        let (late, good) = two(&lender).await;
        let mut post = lender.house.user("post").await;
        let done = post.post_from("/classifications/new", "/classifications", &[("branch", "1")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let id = RunId(count(&lender, "select max(id) as n from classification_run").await);
        let page = format!("/classifications/{id}");
        // Another post may only say what it thinks.
        let mut officer = lender.house.user("officer").await;
        let place = format!("{page}/loans/{}/suggest", good.loan);
        let done = officer.post_from(&place, &place, &[("class", "substandard"), ("reason", "停产")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let refused = officer.get(&format!("{page}/loans/{}/judge", good.loan)).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        // The post takes it over.
        let place = format!("{page}/loans/{}/judge", good.loan);
        let pages = ["/classifications".to_owned(), "/classifications/loans?view=all".to_owned(), page.clone()];
        all_open(&lender, "post", &pages).await;
        all_open(&lender, "post", &[place.clone(), format!("{page}/propose"), format!("{page}/drop")]).await;
        assert!(post.get(&place).await.text.contains("停产"), "what others suggest is on the form");
        let done = post.post_from(&place, &place, &[("class", "substandard"), ("reason", "实地核实停产")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        // Every goal needs its words.
        let place = format!("{page}/propose");
        let words = [("value", "真实"), ("granting", "无"), ("monitoring", "无"), ("collection", "无")];
        let bare = post.post_from(&place, &place, &[&words[..], &[("held", "1000.00")]].concat()).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing is said of provisions");
        let fields = [&words[..], &[("provision", "不足"), ("held", "1000.00")]].concat();
        let done = post.post_from(&place, &place, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let mut risk = lender.house.user("risk").await;
        all_open(&lender, "risk", &[format!("{page}/loans/{}/rejudge", late.loan), format!("{page}/review")]).await;
        let place = format!("{page}/loans/{}/rejudge", late.loan);
        let done = risk.post_from(&place, &place, &[("class", "doubtful"), ("reason", "抵押物灭失")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let place = format!("{page}/review");
        let done = risk.post_from(&place, &place, &[("review", "改定一笔")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(class_of(&lender, good).await, "normal", "nothing stands before the approval");
        approve(&lender, "chief", id).await.unwrap();
        assert_eq!(
            (class_of(&lender, late).await, class_of(&lender, good).await),
            ("doubtful".into(), "substandard".into())
        );
        // Both differ; all of the book is bad, and 1000.00 is not enough.
        let mut tx = lender.app().db.read().await.unwrap();
        let counts = store::counts(&mut tx, id, Step::Reviewed).await.unwrap();
        drop(tx);
        assert_eq!((counts.len(), counts.iter().map(|one| one.differing).sum::<i64>()), (2, 2));
        let report = post.get(&format!("{page}?lang=zh-CN")).await;
        assert!(report.text.contains("100.00 %"), "the ratio: {}", report.text);
        assert!(report.text.contains("74,000.00"), "50 % and 25 % of 100,000.00, less 1000.00: {}", report.text);
        let totals =
            "select cast(coalesce(sum(loans), 0) as bigint) as n from loan_total_change where class = 'doubtful'";
        assert_eq!(count(&lender, totals).await, 1, "the totals follow");
        let (status, pdf) = post.file(&format!("{page}/report.pdf")).await;
        assert_eq!((status, &pdf[..4]), (StatusCode::OK, b"%PDF".as_slice()));
        let why = lender.house.user("risk").await.get(&format!("/loans/{}", good.loan)).await;
        assert_eq!(why.status, StatusCode::OK);
        assert_eq!(differing(&lender).await, Vec::<String>::new(), "computed anew from the facts");
        lender.close_until(date(2026, 11, 23)).await;
        assert_eq!(class_of(&lender, good).await, "substandard", "days go on, the class stands");
        assert_eq!(differing(&lender).await, Vec::<String>::new());
    }
}

// S5.4-04, S5.5-04, X-02. Rules classification.segregation, classification.floor
#[tokio::test]
async fn nobody_takes_two_steps_and_no_class_is_better_than_days_allow() {
    for lender in lenders().await {
        let (late, good) = two(&lender).await;
        let id = drawn(&lender, "hats").await;
        let (key, of) = (id.to_string(), late.loan.to_string());
        let mut work = by(&lender, "post").await;
        assert_eq!(code(actions::draw(&mut work, None).await), "classification-open", "one open run a branch");
        let foreign = actions::judge(&mut work, &key, &of, "doubtful", "其他").await;
        assert_eq!(code(foreign), "classification-not-own");
        work.tx.rollback().await.unwrap();
        let mut work = by(&lender, "hats").await;
        let better = actions::judge(&mut work, &key, &of, "normal", "已承诺还款").await;
        assert_eq!(code(better), "classification-floor");
        assert_eq!(code(actions::judge(&mut work, &key, &of, "best", "好").await), "form-invalid");
        assert_eq!(code(actions::judge(&mut work, &key, &of, "loss", " ").await), "form-invalid", "no reason");
        let own = actions::suggest(&mut work, &key, &of, "loss", "自己").await;
        assert_eq!(code(own), "classification-same-person");
        actions::propose(&mut work, &key, &findings(), Fen(0)).await.unwrap();
        assert_eq!(code(review(&mut work, &key, "同意").await), "classification-same-person");
        work.commit().await.unwrap();
        // Whoever suggested something does not review it.
        let mut work = by(&lender, "officer").await;
        actions::suggest(&mut work, &key, &good.loan.to_string(), "special_mention", "走访").await.unwrap();
        assert!(review(&mut work, &key, "同意").await.is_err(), "the post may not");
        work.commit().await.unwrap();
        reviewed(&lender, id).await;
        assert_eq!(code(approve(&lender, "hats", id).await), "classification-same-person");
        let mut work = by(&lender, "hats").await;
        assert_eq!(code(actions::give_up(&mut work, &key, "晚了").await), "classification-state");
        work.tx.rollback().await.unwrap();
        approve(&lender, "chief", id).await.unwrap();
        assert_eq!(class_of(&lender, late).await, "special_mention", "nobody thought otherwise");
        assert_eq!(count(&lender, "select count(*) as n from loan_class").await, 0, "only what differs is a fact");
        let mut work = by(&lender, "post").await;
        assert_eq!(code(actions::draw(&mut work, None).await), "classification-done");
    }
}

// S5.4-04. Rules classification.steps, classification.stands: sent back it is mended and sent again; given up or refused it
// changes nothing; the next run decides an upgrade, and money alone does not.
#[tokio::test]
async fn the_next_run_raises_a_class_and_money_alone_does_not() {
    for lender in lenders().await {
        let (late, _) = two(&lender).await;
        let first = drawn(&lender, "post").await;
        let mut work = by(&lender, "post").await;
        actions::give_up(&mut work, &first.to_string(), "基准日有误").await.unwrap();
        work.commit().await.unwrap();
        let id = drawn(&lender, "post").await;
        judged(&lender, id, late, "doubtful").await;
        proposed(&lender, id).await;
        reviewed(&lender, id).await;
        let asked = run_of(&lender, id).await.approval.unwrap();
        let mut work = by(&lender, "chief").await;
        let seen = approval::store::load(&mut work.tx, HOUSE, asked).await.unwrap().unwrap().version;
        let missing = vec![Missing { field: "认定分类".to_owned(), note: "过严".to_owned() }];
        let verdict = Verdict { seen, opinion: "请复核".to_owned(), missing };
        approval::return_to_maker(&mut work, HOUSE, asked, &verdict).await.unwrap();
        work.commit().await.unwrap();
        let mut work = by(&lender, "risk").await;
        actions::rejudge(&mut work, &id.to_string(), &late.loan.to_string(), "substandard", "抵押足值").await.unwrap();
        review(&mut work, &id.to_string(), "改定后再报").await.unwrap();
        work.commit().await.unwrap();
        approve(&lender, "chief", id).await.unwrap();
        assert_eq!(class_of(&lender, late).await, "substandard");
        repay(&lender, late, 1_800_000).await;
        assert_eq!(class_of(&lender, late).await, "substandard", "money alone raises nothing");
        lender.close_until(date(2026, 11, 24)).await;
        // The next run begins with the worse class and raises it with a reason.
        let next = drawn(&lender, "post").await;
        let item = {
            let mut tx = lender.app().db.read().await.unwrap();
            store::item_of(&mut tx, next, late).await.unwrap().unwrap()
        };
        assert_eq!(
            (item.former.as_str(), item.system.as_str(), item.class.as_str()),
            ("substandard", "normal", "substandard")
        );
        judged(&lender, next, late, "normal").await;
        proposed(&lender, next).await;
        reviewed(&lender, next).await;
        approve(&lender, "chief", next).await.unwrap();
        assert_eq!(class_of(&lender, late).await, "normal");
        assert_eq!(count(&lender, "select count(*) as n from loan_class").await, 2, "both are facts");
        assert_eq!(differing(&lender).await, Vec::<String>::new());
    }
}

// S5.4-04. Rules duty.classification, classification.interval: at least once a quarter, and the approved run is the evidence.
#[tokio::test]
async fn a_branch_that_was_not_classified_in_time_is_asked_for() {
    for lender in lenders().await {
        two(&lender).await;
        approved(&lender, &[]).await;
        let open = "select count(*) as n from duty where kind = 'classification' and state = 'open' \
                    and due_on = '2027-02-20'";
        lender.close_until(date(2027, 1, 20)).await;
        assert_eq!(count(&lender, open).await, 0, "thirty days before");
        lender.close_until(date(2027, 1, 22)).await;
        assert_eq!(count(&lender, open).await, 1, "once");
        let id = drawn(&lender, "post").await;
        assert_eq!(count(&lender, open).await, 1, "a run that is not approved proves nothing");
        proposed(&lender, id).await;
        reviewed(&lender, id).await;
        approve(&lender, "chief", id).await.unwrap();
        assert_eq!(count(&lender, open).await, 0);
    }
}

// Rule `book.round-trip`: runs and approved classes move with the book, and positions follow them elsewhere.
#[tokio::test]
async fn classifications_move_with_the_book() {
    let sources = lenders().await;
    let mut targets = lenders().await;
    targets.reverse();
    for (source, target) in sources.iter().zip(&targets) {
        let (late, good) = two(source).await;
        let mut work = by(source, "post").await;
        let id = actions::draw(&mut work, None).await.unwrap();
        work.commit().await.unwrap();
        let mut work = by(source, "officer").await;
        actions::suggest(&mut work, &id.to_string(), &late.loan.to_string(), "substandard", "失联").await.unwrap();
        work.commit().await.unwrap();
        judged(source, id, good, "loss").await;
        proposed(source, id).await;
        reviewed(source, id).await;
        approve(source, "chief", id).await.unwrap();
        let path = testbed::scratch("xlsx");
        let mut work = Work::read(source.app(), Actor::system(Origin::Console)).await.unwrap();
        let file = std::fs::File::create(&path).unwrap();
        let first = book::write(&mut work, &Wanted::new(true, "测试"), file, &|_| {}).await.unwrap();
        for (sheet, rows) in [
            ("classifications", 1),
            ("classification_items", 2),
            ("classification_suggestions", 1),
            ("classification_counts", 6),
            ("loan_classes", 1),
        ] {
            assert_eq!(first.totals[sheet].rows, rows, "{sheet}");
        }
        // Elsewhere it is later: what comes in was known before.
        target.app().clock.advance(SignedDuration::from_hours(1));
        let mut work = target.work().await;
        let brought = book::bring(&mut work, &path, "digest", &|_| {}).await.unwrap();
        assert_eq!(brought.findings.kept, Vec::new());
        work.commit().await.unwrap();
        assert_eq!(class_of(target, good).await, "loss");
        assert_eq!(differing(target).await, Vec::<String>::new());
    }
}
