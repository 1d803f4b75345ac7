//! People: grants with a second person, data scopes, the audit page; personal data and the contact gate.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::date;
use platform::access::{Actor, Origin, Scope, store};
use platform::app::{App, AssembleError};
use platform::args;
use platform::capability::Capability;
use platform::clock::Clock;
use platform::contact_gate::{
    self, Channel, Contact, Manner, Overdue, OverdueCheck, PersonId, Purpose, RULE_NO_GUARD, Shown,
};
use platform::db::Migration;
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::{BranchId, CustomerId, TeamId, UserId};
use platform::testbed::{self, ALL, House};
use platform::vault::{self, Identity, Personal as _, Phone, Place, Vault, VaultError, What};
use platform::work::Work;

const MAKER: &[(&str, Scope)] = &[("user.view", Scope::Institution), ("user.edit", Scope::Institution)];
const CHECKER: &[(&str, Scope)] = &[("user.view", Scope::Institution), ("user.confirm", Scope::Institution)];
const OFFICER: &[(&str, Scope)] = &[("audit.view", Scope::Own)];

async fn house(db: platform::db::Db, users: &[(&str, &[&str])]) -> House {
    let roles = [("maker", MAKER), ("checker", CHECKER), ("officer", OFFICER)];
    House::with(db, Vec::new(), testbed::settings(&roles), users).await
}

async fn roles(house: &House, login: &str) -> Vec<String> {
    let id = house.user_id(login).await;
    let mut tx = house.app.db.read().await.unwrap();
    store::user(&mut tx, id).await.unwrap().unwrap().roles
}

async fn open_grant(house: &House, login: &str, role: &str) -> Option<store::Grant> {
    let id = house.user_id(login).await;
    let mut tx = house.app.db.read().await.unwrap();
    store::open_grants(&mut tx, id.0).await.unwrap().into_iter().find(|grant| grant.role == role)
}

#[tokio::test]
async fn a_role_takes_effect_when_a_second_person_confirms_it() {
    //
    for db in testbed::databases().await {
        let users: [(&str, &[&str]); 4] =
            [("mei", &["maker", "checker"]), ("chen", &["checker"]), ("lin", &[]), ("wu", &["checker"])];
        let house = house(db, &users).await;
        let (mut mei, mut chen) = (house.user("mei").await, house.user("chen").await);
        let lin = house.user_id("lin").await;
        let asked = mei.post(&format!("/users/{lin}/roles"), &[("role", "officer")]).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
        assert_eq!(roles(&house, "lin").await, Vec::<String>::new(), "asked for is not granted");
        let twice = mei.post(&format!("/users/{lin}/roles"), &[("role", "officer")]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);
        let grant = open_grant(&house, "lin", "officer").await.unwrap().id;

        let own = mei.post(&format!("/users/grants/{grant}/confirm"), &[]).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN);
        assert!(
            own.text.contains("maker-checker") && own.text.contains("Who made a thing cannot confirm it"),
            "{}",
            own.text
        );
        let done = chen.post(&format!("/users/grants/{grant}/confirm"), &[]).await;
        assert_eq!(done.location(), "/users/grants", "{}", done.text);
        assert_eq!(roles(&house, "lin").await, ["officer"]);
        let again = chen.post(&format!("/users/grants/{grant}/confirm"), &[]).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "decided once");

        let wu = house.user_id("wu").await;
        mei.post(&format!("/users/{wu}/roles"), &[("role", "officer")]).await;
        let grant = open_grant(&house, "wu", "officer").await.unwrap().id;
        let mut receiver = house.user("wu").await;
        let own = receiver.post(&format!("/users/grants/{grant}/confirm"), &[]).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN, "nobody confirms a grant to oneself");
        let refused = chen.post(&format!("/users/grants/{grant}/refuse"), &[("reason", "not needed")]).await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER, "{}", refused.text);
        assert_eq!(roles(&house, "wu").await, ["checker"]);

        let revoked =
            mei.post(&format!("/users/{lin}/roles/revoke"), &[("role", "officer"), ("reason", "moved")]).await;
        assert_eq!(revoked.status, StatusCode::SEE_OTHER, "{}", revoked.text);
        assert_eq!(roles(&house, "lin").await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_one_person_sets_up_alone_is_marked_until_a_second_confirms() {
    //
    let house = house(testbed::sqlite().await, &[("mei", &["maker", "checker"]), ("lin", &[])]).await;
    let mut mei = house.user("mei").await;
    let lin = house.user_id("lin").await;
    mei.post(&format!("/users/{lin}/roles"), &[("role", "checker")]).await;
    assert_eq!(roles(&house, "lin").await, ["checker"], "there is nobody who could confirm it");
    let grant = open_grant(&house, "lin", "checker").await.unwrap();
    assert_eq!(grant.state, store::GrantState::Provisional);
    assert!(mei.get("/users/grants").await.text.contains("In effect, unconfirmed"));
    let own = mei.post(&format!("/users/grants/{}/confirm", grant.id), &[]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    // Now there is a second person: the next one waits, and the set-up of the first can be confirmed.
    mei.post(&format!("/users/{lin}/roles"), &[("role", "officer")]).await;
    assert_eq!(roles(&house, "lin").await, ["checker", "officer"], "lin would be the only other one");
    let first = open_grant(&house, "mei", "maker").await.unwrap();
    let mut second = house.user("lin").await;
    let done = second.post(&format!("/users/grants/{}/confirm", first.id), &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert!(open_grant(&house, "mei", "maker").await.is_none());
}

#[test]
fn each_scope_reaches_exactly_as_far_as_it_says() {
    //
    let actor = |scope: Scope, team: Option<i64>| Actor {
        user: Some(UserId(7)),
        name: String::new(),
        roles: Vec::new(),
        branch: BranchId(2),
        team: team.map(TeamId),
        grants: [("loan.view".to_owned(), scope)].into(),
        origin: Origin::Console,
        service: false,
        stands_for: None,
    };
    // (manager, team, branch) of a row → own, team, branch, institution, team scope without a team
    let rows = [
        ((7, Some(3), 2), [true, true, true, true, true]),
        ((8, Some(3), 2), [false, true, true, true, false]),
        ((8, Some(4), 2), [false, false, true, true, false]),
        ((8, None, 2), [false, false, true, true, false]),
        ((8, Some(5), 9), [false, false, false, true, false]),
    ];
    for ((manager, team, branch), expected) in rows {
        let reaches = [
            (Scope::Own, Some(3)),
            (Scope::Team, Some(3)),
            (Scope::Branch, Some(3)),
            (Scope::Institution, Some(3)),
            (Scope::Team, None),
        ]
        .map(|(scope, own)| {
            let scope = actor(scope, own).scope_of("loan.view").unwrap();
            scope.covers(BranchId(branch), team.map(TeamId), UserId(manager))
        });
        assert_eq!(reaches, expected, "{manager} {team:?} {branch}");
    }
    assert!(actor(Scope::Institution, None).scope_of("loan.edit").is_err());
}

#[tokio::test]
async fn a_branch_sees_its_own_people_and_entries_only() {
    //
    for db in testbed::databases().await {
        let local: &[(&str, Scope)] =
            &[("user.view", Scope::Branch), ("user.edit", Scope::Branch), ("audit.view", Scope::Branch)];
        let settings = testbed::settings(&[("local", local)]);
        let house = House::with(db, Vec::new(), settings, &[("boss", &[ALL]), ("head", &["local"])]).await;
        let mut boss = house.user("boss").await;
        boss.post("/branches/new", &[("name", "东城支行"), ("branch", "1")]).await;
        let mut tx = house.app.db.write().await.unwrap();
        let branch = store::branches(&mut tx).await.unwrap().into_iter().find(|b| b.name == "东城支行").unwrap().id;
        tx.execute("update app_user set branch_id = $1 where login = 'head'", args![branch]).await.unwrap();
        tx.commit().await.unwrap();
        let mut head = house.user("head").await;
        let list = head.get("/users").await.text;
        assert!(list.contains("用户head") && !list.contains("用户boss"), "{list}");
        let other = house.user_id("boss").await;
        assert_eq!(head.get(&format!("/users/{other}")).await.status, StatusCode::NOT_FOUND);
        let reach = head.post(&format!("/users/{other}/disable"), &[("reason", "x")]).await;
        assert_eq!(reach.status, StatusCode::NOT_FOUND, "outside looks like absent");
        let fields = [("login", "new"), ("name", "新人"), ("place", "1")];
        assert_eq!(head.post("/users/new", &fields).await.status, StatusCode::NOT_FOUND);
        let own = branch.to_string();
        let fields = [("login", "new"), ("name", "新人"), ("place", own.as_str())];
        assert_eq!(head.post("/users/new", &fields).await.status, StatusCode::OK);
        let trail = head.get("/audit").await.text;
        assert!(trail.contains("user.create") && !trail.contains("branch.create"), "{trail}");
    }
}

#[tokio::test]
async fn the_audit_page_filters_and_verifies() {
    //
    for db in testbed::databases().await {
        let house = house(db, &[("boss", &[ALL])]).await;
        let mut boss = house.user("boss").await;
        boss.post("/branches/new", &[("name", "东城支行"), ("branch", "1")]).await;
        let rows = [
            ("", true),
            ("?action=branch", true),
            ("?action=user.disable", false),
            ("?user=boss", true),
            ("?user=nobody", false),
            ("?subject=%E4%B8%9C%E5%9F%8E%E6%94%AF%E8%A1%8C", true),
            ("?subject=boss", false),
            ("?subject=nobody", false),
            ("?day.from=2026-11-20&day.to=2026-11-20", true),
            ("?day.from=2026-11-21", false),
        ];
        for (query, found) in rows {
            let page = boss.get(&format!("/audit{query}")).await;
            assert_eq!(page.status, StatusCode::OK, "{query}: {}", page.text);
            assert_eq!(page.text.contains("branch.create"), found, "{query}");
            assert_eq!(platform::locale::missing_in(&page.text), Vec::<String>::new());
        }
        // Things are named as people know them, and lead on; the key of the trail is a word away.
        let trail = boss.get("/audit?size=100").await.text;
        let id = house.user_id("boss").await;
        assert!(trail.contains(&format!("href=\"/users/{id}\" title=\"user:{id}\">boss · 用户boss</a>")), "{trail}");
        assert!(trail.contains(">东城支行</a>"), "{trail}");
        let mut program = house.program("boss", &["audit.view"]).await;
        assert!(program.get("/audit?size=100").await.text.contains(&format!("\"user:{id}\"")), "a program reads keys");
        assert_eq!(boss.get("/audit?colour=red").await.status, StatusCode::BAD_REQUEST);
        let whole = boss.post_from("/audit", "/audit/verify", &[]).await;
        assert!(whole.text.contains("The chain is whole"), "{}", whole.text);
        let mut tx = house.app.db.write().await.unwrap();
        tx.execute("update audit_entry set reason = 'x' where seq = 2", args![]).await.unwrap();
        tx.commit().await.unwrap();
        let broken = boss.post_from("/audit", "/audit/verify", &[]).await;
        assert!(broken.text.contains("Entry 2 of chain 0"), "{}", broken.text);
    }
}

#[test]
fn the_shipped_packs_fill_every_action_and_parameter_of_people() {
    //
    let roles = include_str!("../../../../packs/common/roles.csv");
    for action in platform::access::PERMISSIONS {
        assert!(roles.contains(&format!("{action}:")), "no shipped role grants {action}");
    }
    let parameters = include_str!("../../../../packs/common/parameters.csv");
    for name in [
        "password_min_length",
        "password_min_kinds",
        "password_history",
        "password_max_days",
        "second_step_roles",
        "second_step_wait_minutes",
        "second_step_recovery_codes",
        "password_max_failures",
        "lockout_minutes",
        "session_idle_minutes",
        "session_max_minutes",
        "api_token_max_days",
        "api_requests_per_minute",
        "api_bad_tokens_per_minute",
    ] {
        assert!(parameters.lines().any(|line| line.starts_with(&format!("{name},"))), "{name}");
    }
}

/// A capability that knows one overdue debtor.
struct Debts;

impl Capability for Debts {
    fn name(&self) -> &'static str {
        "debts"
    }
    fn migrations(&self) -> &'static [Migration] {
        &[]
    }
    fn messages(&self) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }
    fn overdue_checks(&self) -> Vec<OverdueCheck> {
        vec![overdue]
    }
}

fn overdue<'a>(_: &'a mut Work, contact: &'a Contact) -> BoxFuture<'a, Result<Option<Overdue>, ActionError>> {
    let found = match contact.person.0 {
        1 => Some(Overdue::Debtor),
        2 => Some(Overdue::Related),
        _ => None,
    };
    Box::pin(async move { Ok(found) })
}

async fn work_of(house: &House, login: &str) -> Work {
    let user = house.user_id(login).await;
    let grants = house.app.settings.roles.grants([ALL]);
    let actor = Actor { user: Some(user), grants, ..Actor::system(Origin::Console) };
    Work::begin(&house.app, actor).await.unwrap()
}

#[tokio::test]
async fn every_reveal_leaves_an_entry_with_its_reason_and_nothing_in_clear() {
    //
    const IDENTITY: &str = "990101199003071234";
    for db in testbed::databases().await {
        let house = house(db, &[("boss", &[ALL])]).await;
        let place = Place { column: "person.identity", row: "77:5" };
        let sealed = house.app.vault().unwrap().seal(place, &Identity::from_clear(IDENTITY.into()));
        let what = || What { customer: CustomerId(77), subject: "person:5".into(), place, sealed: &sealed };
        let mut work = work_of(&house, "boss").await;
        let refused = vault::reveal(&mut work, what(), "  ").await.unwrap_err();
        assert_eq!(refused.refusal().unwrap().fields[0].code, "reason-empty");
        let shown = vault::reveal(&mut work, what(), "核对合同原件").await.unwrap();
        assert_eq!(shown.clear(), IDENTITY);
        work.commit().await.unwrap();
        let mut tx = house.app.db.read().await.unwrap();
        let rows = tx
            .fetch_all(
                "select subject, reason, after_json from audit_entry where action = 'personal.reveal.identity'",
                args![],
            )
            .await
            .unwrap();
        assert_eq!(rows.len(), 1, "one reveal, one entry; the refused one showed nothing");
        assert_eq!(rows[0].get::<String>("reason").unwrap(), "核对合同原件");
        assert_eq!(rows[0].get::<String>("after_json").unwrap(), "{\"shown\":\"990***********1234\"}");
        let mut work = work_of(&house, "boss").await;
        work.actor.grants.clear();
        assert_eq!(vault::reveal(&mut work, what(), "x").await.unwrap_err().refusal().unwrap().code, "denied");
    }
}

#[tokio::test]
async fn phones_pass_the_gate_and_every_answer_is_kept() {
    // X-04, rule `contact.no-guard`
    for db in testbed::databases().await {
        let house = House::over(db, vec![Arc::new(Debts)]).await;
        let place = Place { column: "phone.number", row: "77:9" };
        let sealed = house.app.vault().unwrap().seal(place, &Phone::from_clear("139 0000 1234".into()));
        let what = || What { customer: CustomerId(77), subject: "phone:9".into(), place, sealed: &sealed };
        let mut work = work_of(&house, "boss").await;
        let direct = vault::reveal(&mut work, what(), "x").await.unwrap_err();
        assert_eq!(direct.refusal().unwrap().code, "vault-phone-gate", "no way round the gate");
        let rows = [
            (1, Purpose::Care, false),
            (2, Purpose::Verify, false),
            (1, Purpose::Collect, false),
            (3, Purpose::Care, true),
            (3, Purpose::Verify, true),
            (3, Purpose::Collect, false),
        ];
        for (person, purpose, allowed) in rows {
            let shown = contact_gate::reveal_phone(
                &mut work,
                what(),
                PersonId(person),
                purpose,
                Manner::by(Channel::Phone),
                "回访",
            )
            .await
            .unwrap();
            match shown {
                Shown::Number(phone, _) => assert!(allowed && phone.clear() == "139 0000 1234"),
                Shown::Refused { rule, .. } => assert!(!allowed && rule == RULE_NO_GUARD, "{person} {purpose:?}"),
            }
        }
        assert!(
            contact_gate::reveal_phone(&mut work, what(), PersonId(3), Purpose::Care, Manner::by(Channel::Phone), "")
                .await
                .is_err()
        );
        work.commit().await.unwrap();
        let mut tx = house.app.db.read().await.unwrap();
        let kept = tx.fetch_all("select allowed, number_index from contact_check order by id", args![]).await.unwrap();
        let answers: Vec<bool> = kept.iter().map(|row| row.get("allowed").unwrap()).collect();
        assert_eq!(answers, rows.map(|(_, _, allowed)| allowed), "refusals are kept too");
        assert_eq!(kept[0].get::<String>("number_index").unwrap().len(), 32);
        let reveals = "select count(*) as n from audit_entry where action = 'personal.reveal.phone'";
        assert_eq!(tx.fetch_one(reveals, args![]).await.unwrap().get::<i64>("n").unwrap(), 2);
    }
}

#[tokio::test]
async fn a_database_starts_only_with_the_key_that_sealed_it() {
    for db in testbed::databases().await {
        let start = async |seed: u8| {
            let settings = platform::app::Settings { vault: Some(Vault::for_tests(seed)), ..Default::default() };
            let clock = Clock::simulated("2026-11-20T08:30:00Z".parse().unwrap());
            App::assemble_with(db.clone(), clock, 1, Vec::new(), settings).await
        };
        start(7).await.unwrap();
        start(7).await.unwrap();
        let wrong = start(8).await.unwrap_err();
        assert!(matches!(&wrong, AssembleError::Vault(VaultError::WrongKey { .. })), "{wrong}");
        assert!(wrong.to_string().contains("Start with the right key file"), "{wrong}");
    }
    let keyless = App::assemble(
        testbed::sqlite().await,
        Clock::simulated(date(2026, 11, 20).at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp()),
        1,
        Vec::new(),
    );
    assert!(matches!(keyless.await.unwrap().vault(), Err(VaultError::NoKey)));
}
