//! The outbox and webhooks against a real server on this machine: with the cause or not at all, once or known as a
//! repetition, later each time, given up, asked of a person; signed, within the allowed addresses, by one server of several.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use jiff::{SignedDuration, Timestamp};
use platform::access::{Actor, Origin};
use platform::app::App;
use platform::args;
use platform::capability::Capability;
use platform::db::Migration;
use platform::event::{BoxFuture, Event};
use platform::id::CustomerId;
use platform::outbox::{self, Delivery, Gateway, Message, OutboxRules, Outcome, Outgoing, WhenUnknown};
use platform::testbed::{self, House};
use platform::webhook::sign;
use platform::work::Work;
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;

/// A capability whose events are told, and whose messages must not be repeated by themselves.
struct Sample {
    outcome: Arc<AtomicU16>,
}

impl Capability for Sample {
    fn name(&self) -> &'static str {
        "sample"
    }

    fn migrations(&self) -> &'static [Migration] {
        &[]
    }

    fn messages(&self) -> Vec<(&'static str, &'static str)> {
        let both = "event-thing-happened = A thing happened\noutbox-kind-once = Once\n";
        vec![("zh-CN", both), ("en", both)]
    }

    fn events(&self) -> &'static [&'static str] {
        &["thing_happened"]
    }

    fn gateways(&self) -> Vec<Arc<dyn Gateway>> {
        vec![Arc::new(Once { outcome: self.outcome.clone() })]
    }
}

/// A way out whose outcome the test says: 0 arrives, 1 fails, 2 nobody knows.
struct Once {
    outcome: Arc<AtomicU16>,
}

impl Gateway for Once {
    fn kind(&self) -> &'static str {
        "once"
    }

    fn when_unknown(&self) -> WhenUnknown {
        WhenUnknown::AskPerson
    }

    fn send<'a>(&'a self, _: &'a App, _: &'a Message, _: &'a OutboxRules) -> BoxFuture<'a, Delivery> {
        let outcome = match self.outcome.load(Ordering::SeqCst) {
            0 => Outcome::Delivered,
            1 => Outcome::Failed,
            _ => Outcome::Unknown,
        };
        Box::pin(async move { Delivery::new(outcome, "as the test says") })
    }
}

/// What a receiver got: headers and body.
type Got = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// A receiver on this machine that answers with the status that the test sets.
#[derive(Clone)]
struct Receiver {
    got: Got,
    status: Arc<AtomicU16>,
    url: String,
}

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let receiver = Self { got: Got::default(), status: Arc::new(AtomicU16::new(204)), url };
        let router = Router::new().route("/hook", post(take)).route("/away", post(away)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        receiver
    }

    fn answer(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    fn got(&self) -> Vec<(HeaderMap, String)> {
        self.got.lock().unwrap().clone()
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> Response {
    receiver.got.lock().unwrap().push((headers, body));
    StatusCode::from_u16(receiver.status.load(Ordering::SeqCst)).unwrap().into_response()
}

async fn away(State(receiver): State<Receiver>) -> Redirect {
    Redirect::temporary(&format!("{}/hook", receiver.url))
}

async fn houses() -> Vec<(House, Arc<AtomicU16>)> {
    let mut all = Vec::new();
    for db in testbed::databases().await {
        let outcome = Arc::new(AtomicU16::new(0));
        all.push((House::over(db, vec![Arc::new(Sample { outcome: outcome.clone() })]).await, outcome));
    }
    all
}

async fn happen(app: &App, commit: bool) {
    let mut work = Work::begin(app, Actor::system(Origin::Console)).await.unwrap();
    let event = Event {
        kind: "thing_happened",
        customer: CustomerId(7),
        subject: "loan:9".to_owned(),
        effective_on: work.business_date,
        payload: json!({"amount_fen": 100, "transaction": 7_510_000_000_000_000_000_i64}),
    };
    work.emit(event).await.unwrap();
    if commit { work.commit().await.unwrap() } else { work.tx.rollback().await.unwrap() }
}

/// Makes a webhook on the page; its path and its secret.
async fn subscribe(house: &House, url: &str) -> (String, String) {
    let mut boss = house.user("boss").await;
    let fields = [("name", "总账"), ("url", url), ("kind", "thing_happened")];
    let made = boss.post("/webhooks/new", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let secret = made.text.split("<code class=\"rule\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let path = made.text.split("href=\"/webhooks/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    (format!("/webhooks/{path}"), secret.to_owned())
}

/// State and attempts of all messages, in order.
async fn messages(app: &App) -> Vec<(String, i64)> {
    let mut tx = app.db.read().await.unwrap();
    let rows = tx.fetch_all("select state, attempts from outbox_message order by id", args![]).await.unwrap();
    rows.iter().map(|row| (row.get("state").unwrap(), row.get("attempts").unwrap())).collect()
}

fn stands(state: &str, attempts: i64) -> Vec<(String, i64)> {
    vec![(state.to_owned(), attempts)]
}

// Rule `outbox.with-its-cause`, rule `webhook.signed`, rule `webhook.no-personal-data`
#[tokio::test]
async fn an_event_is_told_with_its_cause_or_not_at_all_signed_and_by_its_key() {
    for (house, _) in houses().await {
        let receiver = Receiver::start().await;
        happen(&house.app, true).await;
        let (_, secret) = subscribe(&house, &format!("{}/hook?x=1", receiver.url)).await;
        happen(&house.app, false).await;
        assert_eq!(messages(&house.app).await, [], "what was before, and what was undone, is not told");
        happen(&house.app, true).await;
        assert_eq!(outbox::send_due(&house.app).await.unwrap(), 1);
        assert_eq!(outbox::send_due(&house.app).await.unwrap(), 0);
        assert_eq!(messages(&house.app).await, stands("sent", 1));
        let [(headers, body)] = receiver.got().try_into().unwrap();
        let told: Json = serde_json::from_str(&body).unwrap();
        assert_eq!((&told["kind"], &told["subject"]), (&json!("thing_happened"), &json!("loan:9")));
        assert_eq!((&told["customer"], &told["effective_on"]), (&json!("7"), &json!("2026-11-20")));
        assert_eq!(told["payload"], json!({"amount_fen": 100, "transaction": "7510000000000000000"}));
        assert_eq!(headers["idempotency-key"], told["id"].as_str().unwrap());
        assert_eq!(headers["loanward-event"], "thing_happened");
        let second = house.app.clock.now().as_second();
        assert_eq!(headers["loanward-signature"], sign(&secret, second, &body));
        let mut tx = house.app.db.read().await.unwrap();
        let kept: Vec<u8> = tx.fetch_one("select secret from webhook", args![]).await.unwrap().get("secret").unwrap();
        assert!(!String::from_utf8_lossy(&kept).contains(&secret[6..]), "the secret lies sealed");
    }
}

#[tokio::test]
async fn what_fails_waits_longer_each_time_and_is_given_up_with_a_notice_until_a_person_sends_it_again() {
    for (house, _) in houses().await {
        let receiver = Receiver::start().await;
        let (page, _) = subscribe(&house, &format!("{}/hook", receiver.url)).await;
        receiver.answer(500);
        happen(&house.app, true).await;
        let rules = OutboxRules::default();
        for tries in 1..=rules.most_tries {
            assert_eq!(outbox::send_due(&house.app).await.unwrap(), 1, "try {tries}");
            assert_eq!(outbox::send_due(&house.app).await.unwrap(), 0, "it waits after try {tries}");
            let state = if tries == rules.most_tries { "dead" } else { "waiting" };
            assert_eq!(messages(&house.app).await, stands(state, tries));
            let longest = SignedDuration::from_secs(rules.longest_wait_seconds * 2);
            house.app.clock.advance(longest);
        }
        let got = receiver.got();
        assert!(got.windows(2).all(|two| two[0].1 == two[1].1), "every attempt has the same words");
        assert!(got.windows(2).all(|two| two[0].0["idempotency-key"] == two[1].0["idempotency-key"]));
        let mut boss = house.user("boss").await;
        let told = boss.get("/notices").await.text;
        assert!(told.contains("not delivered after 12 attempts"), "{told}");
        let list = boss.get("/outbox").await.text;
        let link = list.split("data-href=\"/outbox/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let link = format!("/outbox/{link}");
        let shown = boss.get(&link).await.text;
        assert!(shown.contains(">500<") && shown.contains("Send again"), "{shown}");
        receiver.answer(200);
        assert_eq!(boss.post(&format!("{link}/say"), &[("word", "again")]).await.location(), link);
        assert_eq!(outbox::send_due(&house.app).await.unwrap(), 1);
        assert_eq!(messages(&house.app).await, stands("sent", 13));
        let again = boss.post(&format!("{link}/say"), &[("word", "again")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);
        assert!(boss.get(&page).await.text.contains("Sent"));
        assert!(!boss.get("/notices").await.text.contains("after 12 attempts"), "the notice fell away");
        // Settled messages leave the log after their time.
        house.app.clock.advance(SignedDuration::from_hours(24 * (rules.keep_days + 1)));
        assert_eq!(outbox::clear(&house.app).await.unwrap(), 1);
        assert_eq!(messages(&house.app).await, []);
    }
}

// Rule `outbox.unknown-asks-a-person`
#[tokio::test]
async fn what_may_have_arrived_is_not_repeated_by_itself_where_a_repetition_would_harm() {
    for (house, outcome) in houses().await {
        let once = |key: &str| Outgoing {
            kind: "once",
            receiver: "somebody".to_owned(),
            about: "reminder loan:9".to_owned(),
            send_key: key.to_owned(),
            body: "x".to_owned(),
        };
        let mut work = Work::begin(&house.app, Actor::system(Origin::Console)).await.unwrap();
        outbox::put(&mut work, vec![once("1"), once("1")]).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(messages(&house.app).await, stands("waiting", 0), "the same key is put in once");
        outcome.store(2, Ordering::SeqCst);
        assert_eq!(outbox::send_due(&house.app).await.unwrap(), 1);
        house.app.clock.advance(SignedDuration::from_hours(48));
        assert_eq!(outbox::send_due(&house.app).await.unwrap(), 0);
        assert_eq!(messages(&house.app).await, stands("unknown", 1));
        let mut boss = house.user("boss").await;
        assert!(boss.get("/notices").await.text.contains("nobody knows whether it arrived"));
        let mut tx = house.app.db.read().await.unwrap();
        let id: i64 = tx.fetch_one("select id from outbox_message", args![]).await.unwrap().get("id").unwrap();
        drop(tx);
        assert_eq!(boss.post(&format!("/outbox/{id}/say"), &[("word", "arrived")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(messages(&house.app).await, stands("sent", 1));

        // A process that dies in the middle of an attempt leaves it unknown too, once its lease has run out.
        let mut work = Work::begin(&house.app, Actor::system(Origin::Console)).await.unwrap();
        outbox::put(&mut work, vec![once("2")]).await.unwrap();
        let until: Timestamp = work.now + SignedDuration::from_secs(60);
        let broken =
            "update outbox_message set lease = 1, leased_until = $1, attempts = 1, tries = 1 where send_key = '2'";
        work.tx.execute(broken, args![until]).await.unwrap();
        let began = "insert into outbox_attempt (message_id, no, outcome, answer, started_at) \
                     select id, 1, 'running', '', $1 from outbox_message where send_key = '2'";
        work.tx.execute(began, args![house.app.clock.now()]).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(outbox::send_due(&house.app).await.unwrap(), 0, "its lease holds");
        house.app.clock.advance(SignedDuration::from_secs(61));
        assert_eq!(outbox::send_due(&house.app).await.unwrap(), 0, "nobody sends it again");
        assert_eq!(messages(&house.app).await[1], ("unknown".to_owned(), 1));
        // One that certainly did not arrive is tried again.
        outcome.store(1, Ordering::SeqCst);
        let mut work = Work::begin(&house.app, Actor::system(Origin::Console)).await.unwrap();
        outbox::put(&mut work, vec![once("3")]).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(outbox::send_due(&house.app).await.unwrap(), 1);
        assert_eq!(messages(&house.app).await[2], ("waiting".to_owned(), 1));
    }
}

#[tokio::test]
async fn several_servers_on_one_database_send_each_message_once() {
    for (house, _) in houses().await {
        let receiver = Receiver::start().await;
        subscribe(&house, &format!("{}/hook", receiver.url)).await;
        for _ in 0..12 {
            happen(&house.app, true).await;
        }
        let senders = (0..4).map(|_| {
            let app = house.app.clone();
            tokio::spawn(async move { outbox::send_due(&app).await.unwrap() })
        });
        let mut sent = 0;
        for sender in senders.collect::<Vec<_>>() {
            sent += sender.await.unwrap();
        }
        assert_eq!((sent, receiver.got().len()), (12, 12));
        let mut keys: Vec<String> =
            receiver.got().iter().map(|(head, _)| head["idempotency-key"].to_str().unwrap().to_owned()).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 12);
    }
}

// Rule `outbox.addresses`
#[tokio::test]
async fn addresses_that_are_not_allowed_are_refused_and_nothing_is_followed_elsewhere() {
    for (house, _) in houses().await {
        let receiver = Receiver::start().await;
        let mut boss = house.user("boss").await;
        for (url, message) in [
            ("http://example.com/hook", "begins with https"),
            ("https://user:secret@example.com", "no user and no password"),
            ("gopher://127.0.0.1", "whole address"),
            ("", "whole address"),
        ] {
            let refused = boss.post("/webhooks/new", &[("name", "x"), ("url", url), ("kind", "thing_happened")]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
            assert!(refused.text.contains(message), "{url}: {}", refused.text);
        }
        for fields in [
            vec![("name", ""), ("url", "https://example.com"), ("kind", "thing_happened")],
            vec![("name", "x"), ("url", "https://example.com")],
            vec![("name", "x"), ("url", "https://example.com"), ("kind", "moon_rose")],
        ] {
            assert_eq!(
                boss.post("/webhooks/new", &fields).await.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{fields:?}"
            );
        }
        // Written as an address, it is judged again when it is called: this one is a machine's metadata.
        subscribe(&house, "https://169.254.169.254/latest").await;
        happen(&house.app, true).await;
        outbox::send_due(&house.app).await.unwrap();
        assert_eq!(messages(&house.app).await, stands("dead", 1));
        let mut tx = house.app.db.read().await.unwrap();
        let answer = tx.fetch_one("select answer from outbox_attempt", args![]).await.unwrap();
        assert!(answer.get::<String>("answer").unwrap().contains("may not be called"));
        drop(tx);
        // A redirect is an answer like any other that is no success.
        subscribe(&house, &format!("{}/away", receiver.url)).await;
        happen(&house.app, true).await;
        outbox::send_due(&house.app).await.unwrap();
        assert_eq!(receiver.got().len(), 0, "no redirect is followed");
        // No TLS where it was asked for.
        let port = receiver.url.rsplit(':').next().unwrap().to_owned();
        subscribe(&house, &format!("https://localhost:{port}/hook")).await;
        happen(&house.app, true).await;
        outbox::send_due(&house.app).await.unwrap();
        assert_eq!(receiver.got().len(), 0);
        let states: Vec<String> = messages(&house.app).await.into_iter().map(|(state, _)| state).collect();
        assert_eq!(states.iter().filter(|state| *state == "dead").count(), 3, "{states:?}");
        assert_eq!(states.iter().filter(|state| *state == "waiting").count(), 3, "{states:?}");
    }
}

#[tokio::test]
async fn a_webhook_is_tested_paused_changed_and_given_another_secret_by_page_and_by_program() {
    for (house, _) in houses().await {
        let receiver = Receiver::start().await;
        let (page, secret) = subscribe(&house, &format!("{}/hook", receiver.url)).await;
        let mut boss = house.user("boss").await;
        assert_eq!(boss.post(&format!("{page}/test"), &[]).await.location(), page);
        outbox::send_due(&house.app).await.unwrap();
        assert_eq!(receiver.got()[0].0["loanward-event"], "webhook_test");
        // Paused: what waits is dropped, nothing is put in, a test still goes out.
        happen(&house.app, true).await;
        assert_eq!(boss.post(&format!("{page}/pause"), &[]).await.location(), page);
        happen(&house.app, true).await;
        assert_eq!(messages(&house.app).await[1..], stands("dropped", 0));
        boss.post(&format!("{page}/test"), &[]).await;
        outbox::send_due(&house.app).await.unwrap();
        assert_eq!(receiver.got().len(), 2);
        boss.post(&format!("{page}/resume"), &[]).await;
        // Another secret ends the old one.
        let renewed = boss.post(&format!("{page}/secret"), &[]).await.text;
        assert!(renewed.contains("whsec_") && !renewed.contains(&secret));
        happen(&house.app, true).await;
        outbox::send_due(&house.app).await.unwrap();
        let (headers, body) = receiver.got().pop().unwrap();
        assert_ne!(headers["loanward-signature"], sign(&secret, house.app.clock.now().as_second(), &body));
        // By program: the same, and a change over a newer version is refused.
        let mut program = house.program("boss", &["webhook.manage", "outbox.manage"]).await;
        let shown = program.get(&page).await.json();
        assert!(shown.get("secret").is_none() && shown["kinds"] == json!(["thing_happened"]), "{shown}");
        let change =
            json!({"name": "新", "url": "https://example.com", "kind": ["thing_happened"], "seen": shown["version"]});
        assert_eq!(program.post(&format!("{page}/edit"), &change).await.status, StatusCode::OK);
        let late = program.post(&format!("{page}/edit"), &change).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
        let made = json!({"name": "x", "url": "https://example.com", "kind": "thing_happened"});
        let made = program.post("/webhooks/new", &made).await.json();
        assert!(made["secret"].as_str().unwrap().starts_with("whsec_"), "{made}");
        let rows = program.get("/outbox?view=all").await.json();
        assert_eq!(rows["count"], 4, "{rows}");
        let one = rows["rows"][0]["key"].as_str().unwrap().to_owned();
        let one = program.get(&format!("/outbox/{one}")).await.json();
        assert_eq!((&one["state"], &one["attempts"][0]["status"]), (&json!("sent"), &json!(204)), "{one}");
        assert_eq!(program.get("/webhooks").await.json()["count"], 2);
    }
}

#[tokio::test]
async fn a_file_is_there_as_a_whole_and_only_under_its_own_name() {
    for db in testbed::databases().await {
        let folder = tempfile::tempdir().unwrap();
        let settings =
            platform::app::Settings { outbox_folder: Some(folder.path().join("out")), ..testbed::settings(&[]) };
        let house = House::with(db, Vec::new(), settings, &[]).await;
        let file = |name: &str| Outgoing {
            kind: outbox::FileGateway::KIND,
            receiver: name.to_owned(),
            about: "anchor".to_owned(),
            send_key: "1".to_owned(),
            body: "根".to_owned(),
        };
        let mut work = Work::begin(&house.app, Actor::system(Origin::Console)).await.unwrap();
        outbox::put(&mut work, vec![file("anchor.txt"), file("../anchor.txt"), file("/etc/anchor")]).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(outbox::send_due(&house.app).await.unwrap(), 3);
        let states: Vec<String> = messages(&house.app).await.into_iter().map(|(state, _)| state).collect();
        assert_eq!(states, ["sent", "dead", "dead"]);
        let names: Vec<String> = std::fs::read_dir(folder.path().join("out"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(names, ["anchor.txt"]);
        assert_eq!(std::fs::read_to_string(folder.path().join("out/anchor.txt")).unwrap(), "根");
    }
}
