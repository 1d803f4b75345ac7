//! Delegation on leave, through HTTP: asked for, approved by somebody else, worn, ended by the business date.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::access::Scope;
use platform::args;
use platform::locale::missing_in;
use platform::testbed::{self, Browser, House};

const OFFICER: &[(&str, Scope)] = &[("duty.view", Scope::Own), ("audit.view", Scope::Institution)];
const CLERK: &[(&str, Scope)] = &[("user.view", Scope::Institution)];
const HEAD: &[(&str, Scope)] = &[("delegation.approve", Scope::Branch)];

async fn house(db: platform::db::Db) -> House {
    let settings = testbed::settings(&[("officer", OFFICER), ("clerk", CLERK), ("head", HEAD)]);
    let users: [(&str, &[&str]); 5] = [
        ("lin", &["officer", "head"]),
        ("wu", &["clerk"]),
        ("mei", &["head"]),
        ("chen", &["head"]),
        ("zhao", &["clerk"]),
    ];
    House::with(db, Vec::new(), settings, &users).await
}

async fn wish(house: &House, browser: &mut Browser, role: &str) -> platform::testbed::Answer {
    let (lin, wu) = (house.user_id("lin").await.to_string(), house.user_id("wu").await.to_string());
    let fields = [
        ("absent", lin.as_str()),
        ("delegate", &wu),
        ("role", role),
        ("from", "2026-11-21"),
        ("until", "2026-11-23"),
        ("reason", "annual leave"),
    ];
    browser.post("/delegations/new", &fields).await
}

async fn the_one(house: &House) -> i64 {
    let mut tx = house.app.db.read().await.unwrap();
    tx.fetch_one("select max(id) as id from delegation", args![]).await.unwrap().get("id").unwrap()
}

async fn move_to(house: &House, day: i8) {
    let mut tx = house.app.db.write().await.unwrap();
    tx.execute("update business_day set current_on = $1", args![date(2026, 11, day)]).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_delegation_is_approved_by_none_of_the_three_and_holds_on_its_days_only() {
    // rules `delegation.second_person`, `delegation.days`
    for db in testbed::databases().await {
        let house = house(db).await;
        let (mut lin, mut wu) = (house.user("lin").await, house.user("wu").await);
        let (mut mei, mut zhao) = (house.user("mei").await, house.user("zhao").await);
        let asked = wish(&house, &mut lin, "officer").await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
        let id = the_one(&house).await;
        let approve = format!("/delegations/{id}/approve");
        let own = lin.post(&approve, &[]).await;
        assert!(own.status == StatusCode::FORBIDDEN && own.text.contains("delegation.second_person"), "{}", own.text);
        assert_eq!(zhao.post(&approve, &[]).await.status, StatusCode::FORBIDDEN, "without the permission");
        assert_eq!(wu.post(&format!("/delegations/{id}/act"), &[]).await.status, StatusCode::CONFLICT, "not approved");
        let page = mei.get("/delegations").await.text;
        assert!(page.contains(&approve) && missing_in(&page).is_empty(), "{page}");
        assert!(mei.get("/notices").await.text.contains("is to stand in for"));
        assert_eq!(mei.post(&approve, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(mei.post(&approve, &[]).await.status, StatusCode::CONFLICT, "decided once");

        let act = format!("/delegations/{id}/act");
        assert_eq!(wu.post(&act, &[]).await.status, StatusCode::CONFLICT, "its first day has not come");
        assert_eq!(wu.get("/audit").await.status, StatusCode::FORBIDDEN);
        move_to(&house, 21).await;
        assert!(wu.get("/").await.text.contains("You may act for 用户lin until 2026-11-23"));
        assert!(lin.get("/").await.text.contains("用户wu stands in for you until 2026-11-23"));
        assert_eq!(zhao.post(&act, &[]).await.status, StatusCode::NOT_FOUND, "nobody else's hat");
        assert_eq!(wu.post(&act, &[]).await.location(), "/");
        let trail = wu.get("/audit").await;
        assert_eq!(trail.status, StatusCode::OK, "with the role of the absent");
        assert!(trail.text.contains("You are acting for 用户lin") && missing_in(&trail.text).is_empty());
        assert!(!wu.get("/").await.text.contains("You may act for"), "what is worn is not offered");
        assert_eq!(wu.get("/users").await.status, StatusCode::FORBIDDEN, "one hat at a time");
        let approval = wu.post("/delegations/1/approve", &[]).await;
        assert_eq!(approval.status, StatusCode::FORBIDDEN, "the other role was not handed on");
        move_to(&house, 24).await;
        assert_eq!(wu.get("/audit").await.status, StatusCode::FORBIDDEN, "it ended by itself");
        assert_eq!(wu.get("/users").await.status, StatusCode::OK, "and the own roles are back");
    }
}

#[tokio::test]
async fn what_is_done_under_a_delegation_is_recorded_as_done_for_the_absent() {
    //
    for db in testbed::databases().await {
        let house = house(db).await;
        let (mut lin, mut mei) = (house.user("lin").await, house.user("mei").await);
        wish(&house, &mut lin, "").await;
        let id = the_one(&house).await;
        mei.post(&format!("/delegations/{id}/approve"), &[]).await;
        move_to(&house, 21).await;
        let mut wu = house.user("wu").await;
        wu.post(&format!("/delegations/{id}/act"), &[]).await;
        // The absent one asked for this: who stands in does not approve it, although the role says so.
        let zhao = house.user_id("zhao").await.to_string();
        let absent = house.user_id("lin").await.to_string();
        let fields =
            [("absent", zhao.as_str()), ("delegate", &absent), ("from", "2026-11-21"), ("until", "2026-11-22")];
        let fields = [&fields[..], &[("reason", "training")]].concat();
        let asked = lin.post("/delegations/new", &fields).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
        let second = the_one(&house).await;
        let approval = wu.post(&format!("/delegations/{second}/approve"), &[]).await;
        assert_eq!(approval.status, StatusCode::FORBIDDEN);
        assert!(approval.text.contains("delegation.second_person"), "{}", approval.text);
        let mut chen = house.user("chen").await;
        let third = [("absent", zhao.as_str()), ("delegate", &absent), ("from", "2026-11-22"), ("until", "2026-11-22")];
        let third = [&third[..], &[("reason", "training")]].concat();
        assert_eq!(chen.post("/delegations/new", &third).await.status, StatusCode::SEE_OTHER);
        let refused = wu.post(&format!("/delegations/{}/refuse", the_one(&house).await), &[("reason", "x")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "the absent one is to stand in there");

        assert_eq!(wu.post("/me/act-for-myself", &[]).await.location(), "/delegations");
        let mut tx = house.app.db.read().await.unwrap();
        let row = tx
            .fetch_one("select origin_detail, user_id from audit_entry where action = 'delegation.act_ended'", args![])
            .await
            .unwrap();
        let detail: String = row.get("origin_detail").unwrap();
        assert!(detail.ends_with(&format!("for:user:{absent}")), "{detail}");
        assert_eq!(row.get::<i64>("user_id").unwrap(), house.user_id("wu").await.0, "by the one who did it");
        drop(tx);
        assert_eq!(platform::audit::verify(&house.app.db).await.unwrap().broken, None, "the chain holds");
    }
}

#[tokio::test]
async fn it_is_refused_with_the_field_that_is_wrong() {
    let house = house(testbed::sqlite().await).await;
    let mut lin = house.user("lin").await;
    let (me, wu) = (house.user_id("lin").await.to_string(), house.user_id("wu").await.to_string());
    // absent, delegate, role, from, until, reason → what is said
    let rows = [
        (&*me, &*me, "", "2026-11-21", "2026-11-22", "x", "Choose another person"),
        (&me, "7", "", "2026-11-21", "2026-11-22", "x", "Choose another person"),
        (&me, &wu, "clerk", "2026-11-21", "2026-11-22", "x", "does not hold this role"),
        (&me, &wu, "", "2026-11-22", "2026-11-21", "x", "must be the first day or later"),
        (&me, &wu, "", "2026-11-18", "2026-11-19", "x", "must be the first day or later"),
        (&me, &wu, "", "soon", "2026-11-19", "x", "must be the first day or later"),
        (&me, &wu, "", "2026-11-21", "2026-11-22", " ", "Please fill this in"),
    ];
    for (absent, delegate, role, from, until, reason, said) in rows {
        let fields = [("absent", absent), ("delegate", delegate), ("role", role), ("from", from), ("until", until)];
        let answer = lin.post("/delegations/new", &[&fields[..], &[("reason", reason)]].concat()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}: {}", answer.text);
        assert!(answer.text.contains(said), "{said}: {}", answer.text);
    }
    let mut zhao = house.user("zhao").await;
    assert_eq!(wish(&house, &mut zhao, "").await.status, StatusCode::FORBIDDEN, "somebody else's leave");
}

#[tokio::test]
async fn an_own_thing_is_ended_by_the_three_and_by_who_may_approve() {
    for db in testbed::databases().await {
        let house = house(db).await;
        let mut lin = house.user("lin").await;
        for by in ["lin", "wu", "chen"] {
            wish(&house, &mut lin, "officer").await;
            let id = the_one(&house).await;
            let end = format!("/delegations/{id}/end");
            assert_eq!(house.user("zhao").await.post(&end, &[]).await.status, StatusCode::FORBIDDEN, "{by}");
            assert_eq!(house.user(by).await.post(&end, &[]).await.status, StatusCode::SEE_OTHER, "{by}");
            assert_eq!(lin.post(&end, &[]).await.status, StatusCode::CONFLICT, "over is over");
        }
    }
}
