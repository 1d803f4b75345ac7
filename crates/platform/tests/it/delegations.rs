//! Delegation on leave, through HTTP: asked for, approved by somebody else, worn, ended by the business date.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::access::actions::{FirstUser, add_first_user};
use platform::access::{Actor, Origin, Scope};
use platform::args;
use platform::id::BranchId;
use platform::locale::{Lang, missing_in};
use platform::notice::{self, News, Notice};
use platform::testbed::{self, Browser, House, PASSWORD};
use platform::work::Work;

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

/// Somebody of another branch who may log in.
async fn hire(house: &House, login: &str, branch: i64) -> Browser {
    let first = FirstUser {
        login: login.to_owned(),
        name: format!("用户{login}"),
        roles: vec!["clerk".to_owned()],
        password: Some(PASSWORD.to_owned()),
        must_change: false,
        lang: Lang::En,
    };
    let mut work = Work::begin(&house.app, Actor::system(Origin::Setup)).await.unwrap();
    let sql = "insert into branch (id, name, parent_id, opened_on) values ($1, '河西支行', 1, '2026-11-20') \
               on conflict (id) do nothing";
    work.tx.execute(sql, args![branch]).await.unwrap();
    add_first_user(&mut work, &first, (BranchId(branch), None)).await.unwrap();
    work.commit().await.unwrap();
    house.user(login).await
}

async fn ask_for(house: &House, browser: &mut Browser, absent: &str, delegate: &str) -> i64 {
    let (absent, delegate) = (house.user_id(absent).await.to_string(), house.user_id(delegate).await.to_string());
    let fields =
        [("absent", absent.as_str()), ("delegate", &delegate), ("from", "2026-11-21"), ("until", "2026-11-23")];
    let asked = browser.post("/delegations/new", &[&fields[..], &[("reason", "leave")]].concat()).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    the_one(house).await
}

#[tokio::test]
async fn somebody_of_another_branch_stands_in_with_the_scope_of_the_absent_one() {
    //
    for db in testbed::databases().await {
        let house = house(db).await;
        let (mut lin, mut mei) = (house.user("lin").await, house.user("mei").await);
        let (mut xu, mut yan) = (hire(&house, "xu", 2).await, hire(&house, "yan", 2).await);
        let form = lin.get("/delegations").await.text;
        assert!(form.contains("用户xu (xu) · 河西支行") && form.contains("用户wu (wu)<"), "{form}");
        let id = ask_for(&house, &mut lin, "lin", "xu").await;
        assert_eq!(mei.post(&format!("/delegations/{id}/approve"), &[]).await.status, StatusCode::SEE_OTHER);
        let here = ask_for(&house, &mut house.user("zhao").await, "zhao", "wu").await;
        let there = ask_for(&house, &mut yan, "yan", "zhao").await;
        move_to(&house, 21).await;
        assert_eq!(xu.post(&format!("/delegations/{here}/approve"), &[]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(xu.post(&format!("/delegations/{id}/act"), &[]).await.location(), "/");
        let page = xu.get("/delegations").await.text;
        assert!(
            page.contains(&format!("/delegations/{here}/approve")),
            "what waits in the branch of the absent: {page}"
        );
        assert!(!page.contains(&format!("/delegations/{there}/approve")), "and nothing of the own: {page}");
        let own = xu.post(&format!("/delegations/{there}/approve"), &[]).await;
        assert_eq!(own.status, StatusCode::NOT_FOUND, "the own branch is out of reach under the hat");
        assert_eq!(xu.post(&format!("/delegations/{here}/approve"), &[]).await.status, StatusCode::SEE_OTHER);
        xu.post("/me/act-for-myself", &[]).await;
        assert_eq!(xu.get("/audit").await.status, StatusCode::FORBIDDEN, "and the own roles are back");
    }
}

#[tokio::test]
async fn what_is_told_to_who_is_away_reaches_who_stands_in_on_those_days_only() {
    // X-03, rule `delegation.notices`
    for db in testbed::databases().await {
        let house = house(db).await;
        let (mut lin, mut mei) = (house.user("lin").await, house.user("mei").await);
        let mut wu = house.user("wu").await;
        let id = ask_for(&house, &mut lin, "lin", "wu").await;
        mei.post(&format!("/delegations/{id}/approve"), &[]).await;
        let people = [house.user_id("lin").await];
        let told = async |occasion: &str, news: News| {
            let notice =
                Notice { news, occasion: occasion.to_owned(), thing: "duty:1".to_owned(), href: "/audit".to_owned() };
            let mut work = Work::begin(&house.app, Actor::system(Origin::Setup)).await.unwrap();
            notice::tell(&mut work, &people, &notice).await.unwrap();
            work.commit().await.unwrap();
        };
        let escalated = |count| News::DutiesEscalated { count, on: date(2026, 11, 20) };
        told("before", escalated(7_001)).await;
        move_to(&house, 21).await;
        told("first", escalated(7_002)).await;
        told("first", escalated(7_002)).await;
        told("own", News::SecondStepReset).await;
        move_to(&house, 24).await;
        told("after", escalated(7_003)).await;

        let (away, stands) = (lin.get("/notices").await.text, wu.get("/notices").await.text);
        for count in ["7001 overdue", "7002 overdue", "7003 overdue"] {
            assert!(away.contains(count), "the absent one keeps them all: {away}");
        }
        assert!(stands.contains("For 用户lin: ") && stands.contains("7002 overdue"), "{stands}");
        assert_eq!(stands.matches("For 用户lin: ").count(), 1, "once an occasion");
        assert!(
            !stands.contains("7001 overdue") && !stands.contains("7003 overdue") && !stands.contains("second step"),
            "{stands}"
        );
        assert!(missing_in(&wu.get("/notices?lang=zh-CN").await.text).is_empty());

        // It opens under the hat; without it the way leads to where the hat is put on.
        let (_, rest) = stands.split_once("For 用户lin: ").unwrap().0.rsplit_once("/notices/").unwrap();
        let notice = format!("/notices/{}", rest.split('"').next().unwrap());
        assert_eq!(wu.get(&notice).await.location(), "/delegations");
        move_to(&house, 21).await;
        wu.post(&format!("/delegations/{id}/act"), &[]).await;
        assert_eq!(wu.get(&notice).await.location(), "/audit");
    }
}
