//! Messages to debtors over a real provider on this machine: once or known as unknown, within the
//! guard at the moment of sending, followed by receipts in any order.

use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use collections::message::actions::{Order, compose};
use collections::message::decide::decide;
use collections::message::model::{DebtorMessage, Decision, MessageId, MessageKind, MessageState};
use collections::message::receipt::{NewReceipt, Taken, keep_receipt};
use collections::message::store;
use collections::stop_flag;
use collections::stop_flag::model::{NewStopFlag, StopKind};
use customers::customer::model::{CustomerKind, NewCustomer};
use jiff::SignedDuration;
use jiff::civil::date;
use platform::args;
use platform::contact_gate::Channel;
use platform::error::ActionError;
use platform::id::{BranchId, CustomerId};
use platform::institution::{self, Institution};
use platform::message::{self, Carrier, Security, Wish};
use platform::outbox;
use platform::webhook::sign;
use serde_json::{Value as Json, json};
use servicing::loan::model::LoanKey;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use crate::lender::{Lender, plain};

/// A provider on this machine that answers as the test says.
#[derive(Clone)]
pub(crate) struct Provider {
    got: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    status: Arc<AtomicU16>,
    /// Answers nothing while it is set.
    silent: Arc<AtomicUsize>,
    pub(crate) url: String,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://127.0.0.1:{}/send", listener.local_addr().unwrap().port());
        let status = Arc::new(AtomicU16::new(200));
        let provider = Self { got: Arc::default(), status, silent: Arc::default(), url };
        let router = Router::new().route("/send", post(take)).with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        provider
    }

    fn answer(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    pub(crate) fn got(&self) -> Vec<(HeaderMap, String)> {
        self.got.lock().unwrap().clone()
    }

    fn keys(&self) -> Vec<String> {
        self.got().iter().map(|(head, _)| head["idempotency-key"].to_str().unwrap().to_owned()).collect()
    }
}

async fn take(State(provider): State<Provider>, headers: HeaderMap, body: String) -> Response {
    provider.got.lock().unwrap().push((headers, body));
    if provider.silent.load(Ordering::SeqCst) > 0 {
        std::future::pending::<()>().await;
    }
    let status = StatusCode::from_u16(provider.status.load(Ordering::SeqCst)).unwrap();
    let number = provider.got.lock().unwrap().len();
    (status, axum::Json(json!({"id": format!("p-{number}")}))).into_response()
}

/// A server that reads a whole request and hangs up.
async fn hangs_up() -> (String, Arc<AtomicUsize>) {
    hangs_up_after(|_| async {}).await
}

/// The same, after something else was done with what it read.
async fn hangs_up_after<F>(mut then: impl FnMut(Json) -> F + Send + 'static) -> (String, Arc<AtomicUsize>)
where
    F: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://127.0.0.1:{}/send", listener.local_addr().unwrap().port());
    let heard = Arc::new(AtomicUsize::new(0));
    let count = heard.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut text = Vec::new();
            let mut some = [0_u8; 4096];
            while !text.ends_with(b"}") {
                let read = stream.read(&mut some).await.unwrap();
                if read == 0 {
                    break;
                }
                text.extend_from_slice(&some[..read]);
            }
            count.fetch_add(1, Ordering::SeqCst);
            let text = String::from_utf8(text).unwrap();
            let body = text.split_once("\r\n\r\n").map(|(_, body)| serde_json::from_str(body).unwrap());
            then(body.unwrap_or_default()).await;
        }
    });
    (url, heard)
}

pub(crate) fn wish(carrier: Carrier, target: &str) -> Wish {
    Wish {
        carrier: Some(carrier),
        target: target.to_owned(),
        security: Some(Security::Plain),
        account: String::new(),
        password: String::new(),
        sender: if carrier == Carrier::Smtp { "service@lender.example".to_owned() } else { "信守".to_owned() },
    }
}

/// Sets a gateway and switches it on; its key, where it has one.
pub(crate) async fn gateway(lender: &Lender, channel: Channel, wish: Wish) -> String {
    let mut work = lender.at("boss").await;
    let key = message::save(&mut work, channel, 0, &wish).await.unwrap();
    message::set_active(&mut work, channel, true).await.unwrap();
    work.commit().await.unwrap();
    key.unwrap_or_default()
}

/// A company that can be reached.
pub(crate) async fn reachable(lender: &Lender) {
    let mut work = lender.work().await;
    let (known, version) = institution::load(&mut work.tx).await.unwrap();
    let reached = Institution { contact: "0512-0000-0000".to_owned(), ..known };
    institution::change(&mut work, version, &reached).await.unwrap();
    work.commit().await.unwrap();
}

/// A customer with this number and a loan of three instalments, the last due on 2026-07-20: all is overdue.
pub(crate) async fn debtor(lender: &Lender, name: &str, phone: &str) -> LoanKey {
    let manager = lender.house.user_id("boss").await;
    let mut work = lender.work().await;
    let new = NewCustomer {
        kind: CustomerKind::Person,
        name: name.to_owned(),
        aliases: Vec::new(),
        identity: None,
        nationality: None,
        phone: Some(phone.to_owned()),
        address: None,
        note: None,
        branch: BranchId(1),
        team: None,
        manager,
        number: None,
    };
    let customer: CustomerId = customers::customer::actions::open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    lender.loan(customer, plain(date(2026, 4, 20), 3)).await.file.loan.key
}

pub(crate) fn sms(kind: MessageKind) -> Order {
    Order { kind, channel: Channel::Sms, point: None }
}

pub(crate) async fn composed(lender: &Lender, key: LoanKey, order: Order) -> MessageId {
    let mut work = lender.at("clerk").await;
    let id = compose(&mut work, key, order, None).await.unwrap();
    work.commit().await.unwrap();
    id
}

pub(crate) async fn found(lender: &Lender, id: MessageId) -> DebtorMessage {
    let mut tx = lender.app().db.read().await.unwrap();
    store::find(&mut tx, id).await.unwrap().unwrap()
}

pub(crate) async fn send(lender: &Lender) -> usize {
    outbox::send_due(lender.app()).await.unwrap()
}

pub(crate) fn code<T>(result: Result<T, ActionError>) -> (&'static str, Option<String>) {
    match result {
        Err(ActionError::Refused(refused)) => (refused.code, refused.rule),
        Err(other) => panic!("{other}"),
        Ok(_) => ("accepted", None),
    }
}

/// A receipt as the provider sends it.
async fn receipt(lender: &Lender, key: &str, body: &str, late: i64) -> StatusCode {
    let second = lender.app().clock.now().as_second() - late;
    let request = Request::post("/gateway/receipts").header("loanward-signature", sign(key, second, body));
    lender.house.browser().send(request, Body::from(body.to_owned())).await.status
}

fn says(id: MessageId, state: &str) -> String {
    json!({"id": id.to_string(), "state": state}).to_string()
}

// Rules `message.guarded`, `message.receipts`, `message.receipt-signed`, `message.number-hidden`. S1-35, S4-09, S4-10
#[tokio::test]
async fn a_message_goes_out_signed_counts_at_the_guard_closes_duties_and_is_delivered_by_its_receipt() {
    for lender in Lender::everywhere().await {
        reachable(&lender).await;
        let provider = Provider::start().await;
        let key = gateway(&lender, Channel::Sms, wish(Carrier::Http, &provider.url)).await;
        let loan = debtor(&lender, "程一诺", "13900001111").await;
        let id = composed(&lender, loan, sms(MessageKind::EarlyReminder)).await;
        let mut work = lender.at("clerk").await;
        let again = compose(&mut work, loan, sms(MessageKind::EarlyReminder), None).await;
        // Rule `message.one-waiting`
        assert_eq!(code(again), ("message-waiting", Some("message.one-waiting".to_owned())));
        drop(work);
        assert_eq!(receipt(&lender, &key, &says(id, "delivered"), 0).await, StatusCode::NOT_FOUND, "not out yet");
        assert_eq!(send(&lender).await, 1);
        assert_eq!(send(&lender).await, 0);
        let [(headers, body)] = provider.got().try_into().unwrap();
        let told: Json = serde_json::from_str(&body).unwrap();
        assert_eq!((&told["id"], &told["to"]), (&json!(id.to_string()), &json!("13900001111")));
        assert!(told["text"].as_str().unwrap().contains("0512-0000-0000"), "{told}");
        assert_eq!(headers["idempotency-key"], id.to_string());
        assert_eq!(headers["loanward-signature"], sign(&key, lender.app().clock.now().as_second(), &body));
        let sent = found(&lender, id).await;
        assert_eq!((sent.state, sent.provider_ref.as_deref()), (MessageState::Sent, Some("p-1")));
        assert!(sent.contact.is_some() && sent.allowance.is_some());
        let count = "select count(*) as n from contact_allowance where result = 'sent' and connected = 0";
        assert_eq!(lender.count(count).await, 1);
        let kept = "select count(*) as n from contact_record where channel = 'sms' and reached = 1";
        assert_eq!(lender.count(kept).await, 1);
        // Neither outbox nor page knows the number.
        let mut boss = lender.house.user("boss").await;
        let shown = boss.get(&format!("/messages/{id}")).await.text;
        assert!(shown.contains("139****1111") && !shown.contains("13900001111"), "{shown}");
        assert_eq!(lender.count("select count(*) as n from outbox_message where body <> ''").await, 0);

        assert_eq!(receipt(&lender, "msgsec_other", &says(id, "delivered"), 0).await, StatusCode::UNAUTHORIZED);
        assert_eq!(receipt(&lender, &key, &says(id, "delivered"), 301).await, StatusCode::UNAUTHORIZED);
        assert_eq!(receipt(&lender, &key, &says(MessageId(7), "delivered"), 0).await, StatusCode::NOT_FOUND);
        assert_eq!(receipt(&lender, &key, &says(id, "lost"), 0).await, StatusCode::BAD_REQUEST);
        assert_eq!(receipt(&lender, &key, "{\"id\": [", 0).await, StatusCode::BAD_REQUEST);
        let long = format!("{{\"id\": \"{}\"}}", "1".repeat(5_000));
        assert_eq!(receipt(&lender, &key, &long, 0).await, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(found(&lender, id).await.state, MessageState::Sent, "hostile receipts change nothing");
        let interrupted = "select count(*) as n from limitation_event where kind = 'message-arrived'";
        assert_eq!(lender.count(interrupted).await, 0, "sent is not arrived");
        assert_eq!(receipt(&lender, &key, &says(id, "delivered"), 300).await, StatusCode::NO_CONTENT);
        assert_eq!(receipt(&lender, &key, &says(id, "delivered"), 0).await, StatusCode::NO_CONTENT);
        assert_eq!(receipt(&lender, &key, &says(id, "failed"), 0).await, StatusCode::NO_CONTENT);
        let delivered = found(&lender, id).await;
        assert_eq!((delivered.state, delivered.contact), (MessageState::Delivered, sent.contact));
        assert_eq!(lender.count(kept).await, 1, "one contact, however many receipts");
        // Rule `message.interrupts`
        assert_eq!(lender.count(interrupted).await, 1, "a demand that arrived interrupts the limitation, once");
    }
}

// Rules `outbox.unknown-asks-a-person`, `outbox.decided-by-its-owner`, `message.decided-by-people`
#[tokio::test]
async fn what_went_out_without_an_answer_is_unknown_and_only_a_person_sends_another() {
    for lender in Lender::everywhere().await {
        reachable(&lender).await;
        let (url, heard) = hangs_up().await;
        gateway(&lender, Channel::Sms, wish(Carrier::Http, &url)).await;
        let loan = debtor(&lender, "程一诺", "13900001111").await;
        let id = composed(&lender, loan, sms(MessageKind::EarlyReminder)).await;
        assert_eq!(send(&lender).await, 1);
        lender.app().clock.advance(SignedDuration::from_hours(48));
        assert_eq!(send(&lender).await, 0);
        assert_eq!(heard.load(Ordering::SeqCst), 1);
        let unknown = found(&lender, id).await;
        assert_eq!((unknown.state, unknown.contact), (MessageState::Unknown, None));
        let counted = "select count(*) as n from contact_allowance where settled_at is not null and result is null";
        assert_eq!(lender.count(counted).await, 1, "what may have arrived counts at the guard");
        let mut clerk = lender.house.user("clerk").await;
        assert!(clerk.get("/notices").await.text.contains("nobody knows whether it arrived"));
        // What the outbox knows of it is decided where the message is.
        let mut tx = lender.app().db.read().await.unwrap();
        let out: i64 = tx.fetch_one("select id from outbox_message", args![]).await.unwrap().get("id").unwrap();
        drop(tx);
        let elsewhere = clerk.post(&format!("/outbox/{out}/say"), &[("word", "again")]).await;
        assert_eq!(elsewhere.status, StatusCode::CONFLICT, "{}", elsewhere.text);
        let mut work = lender.at("clerk").await;
        let silent = decide(&mut work, &id.to_string(), None, Decision::Again, " ").await;
        assert_eq!(code(silent).0, "form-invalid");
        let stale = decide(&mut work, &id.to_string(), Some(unknown.version - 1), Decision::Again, "x").await;
        assert_eq!(code(stale).0, "message-changed");
        drop(work);
        let provider = Provider::start().await;
        let mut work = lender.at("boss").await;
        let other = message::Wish { target: provider.url.clone(), ..wish(Carrier::Http, &provider.url) };
        message::save(&mut work, Channel::Sms, 2, &other).await.unwrap();
        work.commit().await.unwrap();
        let page = format!("/messages/{id}");
        let fields = [("word", "again"), ("reason", "服务商查无记录")];
        let there = clerk.post_from(&page, &format!("{page}/decide"), &fields).await;
        assert_eq!(there.status, StatusCode::SEE_OTHER, "{}", there.text);
        let second: MessageId = there.location().rsplit('/').next().unwrap().parse().unwrap();
        assert_ne!(second, id);
        assert_eq!(send(&lender).await, 1);
        assert_eq!(provider.keys(), [second.to_string()]);
        let second = found(&lender, second).await;
        assert_eq!((second.state, second.again_of), (MessageState::Sent, Some(id)));
        let mut work = lender.at("clerk").await;
        let twice = decide(&mut work, &id.to_string(), None, Decision::Lost, "x").await;
        assert_eq!(code(twice), ("message-not-now", Some("message.decided-by-people".to_owned())));
    }
}

#[tokio::test]
async fn a_process_that_dies_before_it_notes_the_answer_leaves_an_unknown_that_a_late_receipt_settles() {
    for lender in Lender::everywhere().await {
        reachable(&lender).await;
        let provider = Provider::start().await;
        gateway(&lender, Channel::Sms, wish(Carrier::Http, &provider.url)).await;
        let loan = debtor(&lender, "程一诺", "13900001111").await;
        let id = composed(&lender, loan, sms(MessageKind::EarlyReminder)).await;
        provider.silent.store(1, Ordering::SeqCst);
        let app = lender.app().clone();
        let dying = tokio::spawn(async move { outbox::send_due(&app).await });
        while provider.got().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        dying.abort();
        assert!(dying.await.unwrap_err().is_cancelled());
        provider.silent.store(0, Ordering::SeqCst);
        lender.app().clock.advance(SignedDuration::from_mins(10));
        assert_eq!(send(&lender).await, 0, "nobody sends it again");
        assert_eq!(found(&lender, id).await.state, MessageState::Unknown);
        assert_eq!(provider.got().len(), 1);
        let late = NewReceipt { id: id.to_string(), state: "delivered".to_owned(), at: None, reason: String::new() };
        assert_eq!(keep_receipt(lender.app(), Channel::Email, &late).await.unwrap(), Taken::Unknown);
        assert_eq!(keep_receipt(lender.app(), Channel::Sms, &late).await.unwrap(), Taken::Kept);
        let delivered = found(&lender, id).await;
        assert!(delivered.state == MessageState::Delivered && delivered.contact.is_some());
        assert_eq!(lender.count("select count(*) as n from outbox_message where state = 'sent'").await, 1);
    }
}

// Rule `message.receipts`
#[tokio::test]
async fn a_receipt_that_comes_before_the_answer_is_kept_until_the_call_has_ended() {
    for lender in Lender::everywhere().await {
        reachable(&lender).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://127.0.0.1:{}/send", listener.local_addr().unwrap().port());
        let app = lender.app().clone();
        let first = move |body: String| {
            let app = app.clone();
            async move {
                let told: Json = serde_json::from_str(&body).unwrap();
                let id = told["id"].as_str().unwrap().to_owned();
                let early = NewReceipt { id, state: "delivered".to_owned(), at: None, reason: String::new() };
                assert_eq!(keep_receipt(&app, Channel::Sms, &early).await.unwrap(), Taken::Kept);
                StatusCode::BAD_GATEWAY
            }
        };
        let router = Router::new().route("/send", post(first));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        gateway(&lender, Channel::Sms, wish(Carrier::Http, &url)).await;
        let loan = debtor(&lender, "程一诺", "13900001111").await;
        let id = composed(&lender, loan, sms(MessageKind::EarlyReminder)).await;
        assert_eq!(send(&lender).await, 1);
        // The provider failed to answer, and yet it arrived: it is not sent a second time.
        lender.app().clock.advance(SignedDuration::from_hours(1));
        assert_eq!(send(&lender).await, 1);
        let delivered = found(&lender, id).await;
        assert!(delivered.state == MessageState::Delivered && delivered.contact.is_some(), "{delivered:?}");
        let steps = "select count(*) as n from debtor_message_step where step = 'receipt-delivered'";
        assert_eq!(lender.count(steps).await, 1);
        // Rule `message.interrupts`: the order of receipt and answer does not matter; and it counts at the guard.
        let interrupted = "select count(*) as n from limitation_event where kind = 'message-arrived'";
        assert_eq!(lender.count(interrupted).await, 1);
        let counted = "select count(*) as n from contact_allowance where result = 'sent'";
        assert_eq!(lender.count(counted).await, 1);
    }
}

// Rule `message.receipts`: nobody is asked about what is known to have arrived.
#[tokio::test]
async fn a_receipt_before_a_call_that_nobody_answers_leaves_nothing_to_decide() {
    for lender in Lender::everywhere().await {
        reachable(&lender).await;
        let app = lender.app().clone();
        let (url, heard) = hangs_up_after(move |told: Json| {
            let app = app.clone();
            async move {
                let id = told["id"].as_str().unwrap().to_owned();
                let early = NewReceipt { id, state: "delivered".to_owned(), at: None, reason: String::new() };
                assert_eq!(keep_receipt(&app, Channel::Sms, &early).await.unwrap(), Taken::Kept);
            }
        })
        .await;
        gateway(&lender, Channel::Sms, wish(Carrier::Http, &url)).await;
        let loan = debtor(&lender, "程一诺", "13900001111").await;
        let id = composed(&lender, loan, sms(MessageKind::EarlyReminder)).await;
        let notices = "select count(*) as n from notice where kind like 'outbox%'";
        let before = lender.count(notices).await;
        assert_eq!(send(&lender).await, 1);
        assert_eq!(heard.load(Ordering::SeqCst), 1);
        assert_eq!(found(&lender, id).await.state, MessageState::Delivered);
        assert_eq!(lender.count("select count(*) as n from outbox_message where state = 'sent'").await, 1);
        assert_eq!(lender.count(notices).await, before);
    }
}

#[tokio::test]
async fn several_servers_send_each_message_once() {
    for lender in Lender::everywhere().await {
        reachable(&lender).await;
        let provider = Provider::start().await;
        gateway(&lender, Channel::Sms, wish(Carrier::Http, &provider.url)).await;
        for no in 0..6 {
            let loan = debtor(&lender, &format!("程一{no}"), &format!("1390000222{no}")).await;
            composed(&lender, loan, sms(MessageKind::EarlyReminder)).await;
        }
        let senders = (0..3).map(|_| {
            let app = lender.app().clone();
            tokio::spawn(async move { outbox::send_due(&app).await.unwrap() })
        });
        let mut sent = 0;
        for sender in senders.collect::<Vec<_>>() {
            sent += sender.await.unwrap();
        }
        let mut keys = provider.keys();
        keys.sort();
        keys.dedup();
        assert_eq!((sent, provider.got().len(), keys.len()), (6, 6, 6));
        assert_eq!(lender.count("select count(*) as n from debtor_message where state = 'sent'").await, 6);
    }
}

// Rules `message.guarded`, `contact.quiet-hours`, `contact.stop-flag`.
#[tokio::test]
async fn the_guard_is_asked_at_the_moment_of_sending_it_puts_off_or_keeps_back() {
    for lender in Lender::everywhere().await {
        reachable(&lender).await;
        let provider = Provider::start().await;
        gateway(&lender, Channel::Sms, wish(Carrier::Http, &provider.url)).await;
        let late = debtor(&lender, "程一诺", "13900001111").await;
        let flagged = debtor(&lender, "陆远", "13900002222").await;
        let late = composed(&lender, late, sms(MessageKind::EarlyReminder)).await;
        let kept_back = composed(&lender, flagged, sms(MessageKind::EarlyReminder)).await;
        let mut work = lender.work().await;
        let flag =
            NewStopFlag { kind: StopKind::Dispute, reason: "投诉".to_owned(), evidence: "工单 1".to_owned() };
        stop_flag::actions::set(&mut work, flagged.customer, &flag).await.unwrap();
        work.commit().await.unwrap();
        // 22:30 in China.
        lender.app().clock.set("2026-11-20T14:30:00Z".parse().unwrap());
        assert_eq!(send(&lender).await, 2);
        assert_eq!(provider.got().len(), 0);
        let waiting = found(&lender, late).await;
        assert_eq!((waiting.state, waiting.rule.as_deref()), (MessageState::Waiting, Some("contact.quiet-hours")));
        assert_eq!(waiting.not_before, Some("2026-11-21T00:00:00Z".parse().unwrap()));
        let back = found(&lender, kept_back).await;
        assert_eq!((back.state, back.rule.as_deref()), (MessageState::Withdrawn, Some("contact.stop-flag")));
        assert_eq!(lender.count("select count(*) as n from contact_allowance").await, 0);
        assert_eq!(lender.count("select count(*) as n from conduct_finding").await, 1, "only what is refused for good");
        lender.app().clock.set("2026-11-20T23:59:00Z".parse().unwrap());
        assert_eq!(send(&lender).await, 0);
        lender.app().clock.set("2026-11-21T00:00:01Z".parse().unwrap());
        assert_eq!(send(&lender).await, 1);
        assert_eq!(found(&lender, late).await.state, MessageState::Sent);
        assert_eq!(provider.got().len(), 1);
        // Composed at night it says at once until when it waits; a flag refuses it outright.
        lender.app().clock.set("2026-11-21T15:00:00Z".parse().unwrap());
        let other = debtor(&lender, "周宁", "13900003333").await;
        let night = found(&lender, composed(&lender, other, sms(MessageKind::EarlyReminder)).await).await;
        assert_eq!(night.rule.as_deref(), Some("contact.quiet-hours"));
        let mut work = lender.at("clerk").await;
        let refused = compose(&mut work, flagged, sms(MessageKind::EarlyReminder), None).await;
        assert_eq!(code(refused), ("message-guarded", Some("contact.stop-flag".to_owned())));
        drop(work);
        // What waits can be withdrawn.
        let mut work = lender.at("clerk").await;
        decide(&mut work, &night.id.to_string(), None, Decision::Withdraw, "改为上门").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(send(&lender).await, 0);
        assert_eq!(found(&lender, night.id).await.state, MessageState::Withdrawn);
    }
}

#[tokio::test]
async fn what_the_provider_refuses_fails_what_it_cannot_do_now_is_tried_again_under_the_same_key() {
    for lender in Lender::everywhere().await {
        reachable(&lender).await;
        let provider = Provider::start().await;
        let key = gateway(&lender, Channel::Sms, wish(Carrier::Http, &provider.url)).await;
        let loan = debtor(&lender, "程一诺", "13900001111").await;
        let id = composed(&lender, loan, sms(MessageKind::EarlyReminder)).await;
        provider.answer(503);
        assert_eq!(send(&lender).await, 1);
        assert_eq!(found(&lender, id).await.state, MessageState::Waiting);
        assert_eq!(lender.count("select count(*) as n from contact_allowance where result = 'not-sent'").await, 1);
        lender.app().clock.advance(SignedDuration::from_mins(5));
        provider.answer(200);
        assert_eq!(send(&lender).await, 1);
        assert_eq!(found(&lender, id).await.state, MessageState::Sent);
        assert_eq!(provider.keys(), [id.to_string(), id.to_string()]);
        // A receipt can say that it did not arrive; then a person settles it.
        assert_eq!(receipt(&lender, &key, &says(id, "failed"), 0).await, StatusCode::NO_CONTENT);
        assert_eq!(found(&lender, id).await.state, MessageState::Failed);
        let mut clerk = lender.house.user("clerk").await;
        assert!(clerk.get("/messages").await.text.contains("程一诺"));
        let mut work = lender.at("clerk").await;
        decide(&mut work, &id.to_string(), None, Decision::Lost, "停机，改为信函").await.unwrap();
        work.commit().await.unwrap();
        assert!(!clerk.get("/messages").await.text.contains("程一诺"));
        // A wrong key is no fault of the message: it waits until somebody has set the gateway right.
        provider.answer(401);
        let shut = debtor(&lender, "周宁", "13900003333").await;
        let shut = composed(&lender, shut, sms(MessageKind::EarlyReminder)).await;
        assert_eq!(send(&lender).await, 1);
        assert_eq!(found(&lender, shut).await.state, MessageState::Waiting);
        provider.answer(200);
        lender.app().clock.advance(SignedDuration::from_mins(5));
        assert_eq!(send(&lender).await, 1);
        assert_eq!(found(&lender, shut).await.state, MessageState::Sent);
        // Refused for good: no attempt follows.
        provider.answer(422);
        let other = debtor(&lender, "陆远", "13900002222").await;
        let id = composed(&lender, other, sms(MessageKind::EarlyReminder)).await;
        assert_eq!(send(&lender).await, 1);
        lender.app().clock.advance(SignedDuration::from_hours(12));
        assert_eq!(send(&lender).await, 0);
        let failed = found(&lender, id).await;
        assert_eq!((failed.state, failed.contact), (MessageState::Failed, None));
    }
}
