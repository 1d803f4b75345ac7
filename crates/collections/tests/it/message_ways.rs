//! Messages to debtors by mail server and file, about what is not overdue, of another day, on pages and in batches.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use collections::case::store as cases;
use collections::message::MESSAGE_SEND;
use collections::message::actions::{Order, compose};
use collections::message::model::{MessageKind, MessageState};
use collections::promise::actions as promises;
use collections::promise::model::NewPromise;
use customers::contact_point::model::{ContactKind, NewContactPoint, SourceRoute};
use customers::relation::actions as relations;
use customers::relation::model::{NewRelation, RelationKind};
use finance::{Fen, RepaymentMode};
use jiff::civil::date;
use platform::contact_gate::Channel;
use platform::message::{Carrier, Wish};
use serde_json::{Value as Json, json};
use servicing::loan::model::{Channel as MoneyChannel, LoanKey};
use servicing::repayment::actions::{NewRepayment, record as repay};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};
use crate::message::{Provider, code, composed, debtor, found, gateway, reachable, send, sms, wish};

/// A small mail server: greets, listens, keeps what it gets; refuses those who begin with `nobody`.
async fn mail_server() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = format!("127.0.0.1:{}", listener.local_addr().unwrap().port());
    let kept: Arc<Mutex<Vec<String>>> = Arc::default();
    let mails = kept.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let mails = mails.clone();
            tokio::spawn(async move {
                let (read, mut write) = stream.into_split();
                let mut lines = BufReader::new(read).lines();
                write.write_all(b"220-mail.example\r\n220 ready\r\n").await.unwrap();
                let (mut words, mut all) = (false, String::new());
                while let Ok(Some(line)) = lines.next_line().await {
                    all.push_str(&line);
                    all.push('\n');
                    let answer = match line.split(' ').next().unwrap_or("") {
                        "." if words => {
                            words = false;
                            mails.lock().unwrap().push(std::mem::take(&mut all));
                            "250 2.0.0 kept\r\n"
                        }
                        _ if words => continue,
                        "EHLO" => "250-mail.example\r\n250 8BITMIME\r\n",
                        "MAIL" if line.contains("<shut") => "553 5.7.1 not your sender\r\n",
                        "MAIL" => "250 ok\r\n",
                        "RCPT" if line.contains("<nobody") => "550 5.1.1 no such user\r\n",
                        "RCPT" => "250 ok\r\n",
                        "DATA" => {
                            words = true;
                            "354 go on\r\n"
                        }
                        "QUIT" => break,
                        _ => "502 what\r\n",
                    };
                    write.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    });
    (at, kept)
}

async fn with_mail(lender: &Lender, loan: LoanKey, address: &str) {
    let mut work = lender.work().await;
    let new = NewContactPoint {
        relation: None,
        kind: ContactKind::Email,
        value: address.to_owned(),
        route: SourceRoute::Customer,
        consented: true,
        main: true,
    };
    customers::contact_point::actions::add(&mut work, loan.customer, &new).await.unwrap();
    work.commit().await.unwrap();
}

#[tokio::test]
async fn a_mail_is_handed_to_a_mail_server_and_one_that_it_refuses_fails() {
    for lender in Lender::everywhere().await {
        reachable(&lender).await;
        let (at, kept) = mail_server().await;
        let mail = |kind| Order { kind, channel: Channel::Email, point: None };
        let loan = debtor(&lender, "程一诺", "13900001111").await;
        let mut work = lender.at("clerk").await;
        let off = compose(&mut work, loan, mail(MessageKind::EarlyReminder), None).await;
        assert_eq!(code(off).0, "gateway-none");
        drop(work);
        gateway(&lender, Channel::Email, wish(Carrier::Smtp, &at)).await;
        let mut work = lender.at("clerk").await;
        let nowhere = compose(&mut work, loan, mail(MessageKind::EarlyReminder), None).await;
        assert_eq!(code(nowhere).0, "message-no-point");
        drop(work);
        with_mail(&lender, loan, "cheng@example.com").await;
        let other = debtor(&lender, "陆远", "13900002222").await;
        with_mail(&lender, other, "nobody@example.com").await;
        let sent = composed(&lender, loan, mail(MessageKind::EarlyReminder)).await;
        let refused = composed(&lender, other, mail(MessageKind::EarlyReminder)).await;
        assert_eq!(send(&lender).await, 2);
        assert_eq!(found(&lender, sent).await.state, MessageState::Sent, "{:?}", found(&lender, sent).await);
        assert_eq!(found(&lender, refused).await.state, MessageState::Failed);
        // A sender that the server does not take is no fault of the mail: it waits.
        let shut = Wish { sender: "shut@lender.example".to_owned(), ..wish(Carrier::Smtp, &at) };
        let mut work = lender.at("boss").await;
        let version = lender.count("select version as n from message_gateway where channel = 'email'").await;
        platform::message::save(&mut work, Channel::Email, version, &shut).await.unwrap();
        work.commit().await.unwrap();
        let third = debtor(&lender, "周宁", "13900003333").await;
        with_mail(&lender, third, "zhou@example.com").await;
        let waits = composed(&lender, third, mail(MessageKind::EarlyReminder)).await;
        assert_eq!(send(&lender).await, 1);
        assert_eq!(found(&lender, waits).await.state, MessageState::Waiting);
        let [whole] = <[String; 1]>::try_from(kept.lock().unwrap().clone()).unwrap();
        assert!(whole.contains("RCPT TO:<cheng@example.com>") && whole.contains("MAIL FROM:<service@lender.example>"));
        assert!(whole.contains(&format!("Message-ID: <{sent}@lender.example>")), "{whole}");
    }
}

#[tokio::test]
async fn a_message_becomes_a_file_where_another_program_takes_them() {
    for db in platform::testbed::databases().await {
        let folder = tempfile::tempdir().unwrap();
        let lender = Lender::with_outbox(db, folder.path()).await;
        reachable(&lender).await;
        gateway(&lender, Channel::Sms, wish(Carrier::File, "sms")).await;
        let loan = debtor(&lender, "程一诺", "13900001111").await;
        let id = composed(&lender, loan, sms(MessageKind::EarlyReminder)).await;
        assert_eq!(send(&lender).await, 1);
        let text = std::fs::read_to_string(folder.path().join(format!("sms/sms-{id}.json"))).unwrap();
        let told: Json = serde_json::from_str(&text).unwrap();
        assert_eq!((&told["to"], &told["id"]), (&json!("13900001111"), &json!(id.to_string())));
        assert_eq!(std::fs::read_dir(folder.path().join("sms")).unwrap().count(), 1);
        assert_eq!(found(&lender, id).await.state, MessageState::Sent);
    }
}

// S2.2-02, S1-35: before the due date nothing is collected, and the reminder is evidence all the same.
#[tokio::test]
async fn a_reminder_before_the_due_date_counts_for_nothing_at_the_guard() {
    for lender in Lender::everywhere().await {
        reachable(&lender).await;
        let provider = Provider::start().await;
        gateway(&lender, Channel::Sms, wish(Carrier::Http, &provider.url)).await;
        let fresh = lender.customer("陆远").await;
        let loan = lender.loan(fresh, plain(date(2026, 11, 1), 12)).await.file.loan.key;
        let mut work = lender.at("clerk").await;
        let nothing = compose(&mut work, loan, sms(MessageKind::EarlyReminder), None).await;
        assert_eq!(code(nothing).0, "contact-empty-fields", "nothing is overdue");
        let promise = compose(&mut work, loan, sms(MessageKind::PromiseConfirmation), None).await;
        assert_eq!(code(promise).0, "message-no-promise");
        drop(work);
        let id = composed(&lender, loan, sms(MessageKind::RepaymentReminder)).await;
        assert_eq!(send(&lender).await, 1);
        let sent = found(&lender, id).await;
        assert_eq!((sent.state, sent.allowance), (MessageState::Sent, None));
        assert!(sent.contact.is_some());
    }
}

// Rule `message.number-hidden`. S2.19-02
#[tokio::test]
async fn messages_are_composed_on_the_page_by_a_program_and_in_a_batch_with_the_refusals_in_words() {
    for lender in Lender::everywhere().await {
        reachable(&lender).await;
        let provider = Provider::start().await;
        gateway(&lender, Channel::Sms, wish(Carrier::Http, &provider.url)).await;
        let one = debtor(&lender, "程一诺", "13900001111").await;
        let two = debtor(&lender, "陆远", "13900002222").await;
        let current = lender.customer("周宁").await;
        let current = lender.loan(current, plain(date(2026, 11, 1), 12)).await.file.loan.key;
        let mut clerk = lender.house.user("clerk").await;
        let form = format!("/loans/{}/messages/new", one.loan);
        let page = clerk.get(&form).await.text;
        assert!(page.contains("139****1111") && page.contains("程一诺"), "{page}");
        let fields = [("kind", "early_reminder"), ("channel", "sms")];
        let made = clerk.post_from(&form, &form, &fields).await;
        assert!(made.location().starts_with("/messages/"), "{}", made.text);
        let wrong = clerk.post_from(&form, &form, &[("kind", "threat"), ("channel", "phone")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let key = |loan: LoanKey| format!("{}-{}", loan.customer, loan.loan);
        let (first, second, third) = (key(one), key(two), key(current));
        let picked = [("key", first.as_str()), ("key", &second), ("key", &third), ("key", "1-1"), ("step", "do")];
        let batch: Vec<(&str, &str)> = picked.into_iter().chain(fields).collect();
        let report = clerk.post("/messages/batch", &batch).await;
        let report = clerk.get(report.location()).await.text;
        assert!(report.contains("waits already") && report.contains("overdue_amount"), "{report}");
        assert_eq!(lender.count("select count(*) as n from debtor_message").await, 2);
        assert_eq!(send(&lender).await, 2);
        let mut program = lender.house.program("clerk", &[MESSAGE_SEND, "loan.view"]).await;
        let rows = program.get("/messages?view=sent").await.json();
        assert_eq!(rows["count"], 2, "{rows}");
        assert!(!rows.to_string().contains("13900001111"), "{rows}");
        let id = rows["rows"][0]["key"].as_str().unwrap().to_owned();
        let shown = program.get(&format!("/messages/{id}")).await.json();
        assert_eq!((&shown["state"], &shown["steps"][1]["step"]), (&json!("sent"), &json!("sent")), "{shown}");
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.get("/messages").await.status, StatusCode::OK);
        assert_eq!(viewer.get(&form).await.status, StatusCode::FORBIDDEN);
    }
}

// Rules `message.as-of`, `message.evidence`, `template.promise_confirmation`. S4-09: the reminder duty closes by the message.
#[tokio::test]
async fn the_words_are_of_the_day_on_which_they_leave_and_the_message_closes_the_reminder_duty() {
    for lender in Lender::everywhere().await {
        reachable(&lender).await;
        let provider = Provider::start().await;
        gateway(&lender, Channel::Sms, wish(Carrier::Http, &provider.url)).await;
        // The first instalment falls due on 2026-11-20, a Friday; the window of the reminder opens on Monday.
        let customer = lender.customer("程一诺").await;
        let loan = lender.loan(customer, plain(date(2026, 10, 20), 12)).await.file.loan.key;
        lender.close_until(date(2026, 11, 23)).await;
        let standing = "select count(*) as n from duty_member m join duty d on d.id = m.duty_id \
                        where d.kind = 'early_reminder' and m.state = 'open'";
        assert_eq!(lender.count(standing).await, 1);
        // The duty offers to write to all of its open cases at once.
        let mut tx = lender.app().db.read().await.unwrap();
        let duty = tx.fetch_one("select id from duty where kind = 'early_reminder'", platform::args![]).await.unwrap();
        let duty: i64 = duty.get("id").unwrap();
        drop(tx);
        let mut boss = lender.house.user("boss").await;
        let page = boss.get(&format!("/duties/0/{duty}")).await.text;
        let key = format!("name=\"key\" value=\"{}-{}\"", loan.customer, loan.loan);
        assert!(page.contains("action=\"/messages/batch\"") && page.contains(&key), "{page}");
        // 22:30 in China: it waits, and the day is closed over it.
        lender.app().clock.set("2026-11-23T14:30:00Z".parse().unwrap());
        let id = composed(&lender, loan, sms(MessageKind::EarlyReminder)).await;
        let night = found(&lender, id).await;
        assert!(night.body.contains("逾期3天") && night.body.contains("2026-11-25"), "{}", night.body);
        lender.close_until(date(2026, 11, 24)).await;
        assert_eq!(send(&lender).await, 1);
        let sent = found(&lender, id).await;
        assert_eq!((sent.state, sent.body_on), (MessageState::Sent, date(2026, 11, 24)));
        assert!(sent.body.contains("逾期4天"), "{}", sent.body);
        let told: Json = serde_json::from_str(&provider.got()[0].1).unwrap();
        assert_eq!(told["text"], sent.body);
        assert_eq!(lender.count(standing).await, 0, "the message is the evidence");

        // A promise is confirmed in its own words.
        let mut work = lender.at("boss").await;
        let case = cases::open_of(&mut work.tx, customer).await.unwrap().unwrap().key.case;
        let due_at = platform::clock::civil_moment(date(2026, 11, 25).at(18, 0, 0, 0)).unwrap();
        let (promised_by, words) = ("本人".to_owned(), "周三到账".to_owned());
        let promise = NewPromise { amount: Fen(300_000), due_at, promised_by, words };
        promises::make(&mut work, case, &promise).await.unwrap();
        work.commit().await.unwrap();
        let confirmed = found(&lender, composed(&lender, loan, sms(MessageKind::PromiseConfirmation)).await).await;
        assert!(confirmed.body.contains("3,000.00") && confirmed.body.contains("2026-11-25"), "{}", confirmed.body);
        // What was paid meanwhile is not asked for.
        let mut work = lender.work().await;
        let all = NewRepayment {
            on: work.business_date,
            amount: Fen(1_200_000),
            mode: RepaymentMode::Regular,
            allocation: Vec::new(),
            channel: MoneyChannel::BankTransfer,
            note: None,
            business_key: None,
        };
        repay(&mut work, loan, None, &all).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(send(&lender).await, 1);
        let kept_back = found(&lender, confirmed.id).await;
        assert_eq!(kept_back.state, MessageState::Withdrawn);
        assert_eq!(kept_back.rule.as_deref(), Some("message.as-of"));
        assert_eq!(provider.got().len(), 1);
    }
}

// Rule `message.as-of`: also between composing and leaving on one day.
#[tokio::test]
async fn what_was_paid_after_the_composing_is_not_asked_for() {
    for lender in Lender::everywhere().await {
        reachable(&lender).await;
        let provider = Provider::start().await;
        gateway(&lender, Channel::Sms, wish(Carrier::Http, &provider.url)).await;
        let loan = debtor(&lender, "程一诺", "13900001111").await;
        let id = composed(&lender, loan, sms(MessageKind::EarlyReminder)).await;
        let before = found(&lender, id).await.body;
        let mut work = lender.work().await;
        let part = NewRepayment {
            on: work.business_date,
            amount: Fen(100_000),
            mode: RepaymentMode::Regular,
            allocation: Vec::new(),
            channel: MoneyChannel::BankTransfer,
            note: None,
            business_key: None,
        };
        repay(&mut work, loan, None, &part).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(send(&lender).await, 1);
        let sent = found(&lender, id).await;
        assert_eq!((sent.state, sent.body_on), (MessageState::Sent, sent.composed_on));
        assert_ne!(sent.body, before);
        assert_eq!(serde_json::from_str::<Json>(&provider.got()[0].1).unwrap()["text"], sent.body);
    }
}

// what no message may say is not composed, whatever the institution's own words are.
#[tokio::test]
async fn forbidden_words_of_a_template_keep_the_message_back_with_their_article() {
    let mut texts = platform::testbed::packs();
    texts.get_mut("common/templates/early_reminder.txt").unwrap().push_str("否则后果自负。");
    let lender = Lender::with_packs(platform::testbed::sqlite().await, texts).await;
    reachable(&lender).await;
    let provider = Provider::start().await;
    gateway(&lender, Channel::Sms, wish(Carrier::Http, &provider.url)).await;
    let loan = debtor(&lender, "程一诺", "13900001111").await;
    let mut work = lender.at("clerk").await;
    let refused = compose(&mut work, loan, sms(MessageKind::EarlyReminder), None).await;
    assert_eq!(code(refused), ("message-guarded", Some("contact.words".to_owned())));
}

// S2.5-23. Rules `message.each-borrower`, `message.one-waiting`: each co-borrower is reminded by name, nobody else is.
#[tokio::test]
async fn a_reminder_goes_to_the_debtor_and_to_each_co_borrower_through_the_guard() {
    for lender in Lender::everywhere().await {
        reachable(&lender).await;
        let provider = Provider::start().await;
        gateway(&lender, Channel::Sms, wish(Carrier::Http, &provider.url)).await;
        let loan = debtor(&lender, "程一诺", "13900001111").await;
        let mut work = lender.at("boss").await;
        for (kind, name, phone) in [
            (RelationKind::CoBorrower, "邵念", "13900002222"),
            (RelationKind::ListedContact, "友人", "13900003333"),
            (RelationKind::CoBorrower, "无号", ""),
        ] {
            let tie = NewRelation {
                kind,
                name: name.to_owned(),
                identity: None,
                share_ppm: None,
                since: date(2026, 4, 1),
                consented_on: None,
                note: None,
            };
            let relation = relations::add(&mut work, loan.customer, &tie).await.unwrap();
            if !phone.is_empty() {
                let point = NewContactPoint {
                    relation: Some(relation),
                    kind: ContactKind::Phone,
                    value: phone.to_owned(),
                    route: SourceRoute::Papers,
                    consented: true,
                    main: true,
                };
                customers::contact_point::actions::add(&mut work, loan.customer, &point).await.unwrap();
            }
        }
        work.commit().await.unwrap();
        let mut boss = lender.house.user("boss").await;
        let form = format!("/loans/{}/messages/new", loan.loan);
        let page = in_both_languages(&mut boss, &form).await;
        assert!(page.text.contains("邵念（程一诺的共同借款人）") && !page.text.contains("友人"), "{}", page.text);
        let asked = [("kind", "early_reminder"), ("channel", "sms")];
        let done = boss.post_from(&form, &form, &asked).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(send(&lender).await, 2);
        let mut told: Vec<(String, bool)> = provider
            .got()
            .iter()
            .map(|(_, body)| {
                let body: Json = serde_json::from_str(body).unwrap();
                let text = body["text"].as_str().unwrap();
                (body["to"].as_str().unwrap().to_owned(), text.contains("邵念（程一诺的共同借款人），您的贷款"))
            })
            .collect();
        told.sort();
        assert_eq!(told, [("13900001111".to_owned(), false), ("13900002222".to_owned(), true)]);
        let parties =
            "select count(distinct party) as n from contact_allowance where party in ('debtor', 'co-obligor')";
        assert_eq!(lender.count(parties).await, 2, "each counts in the own ledger");
        // To the debtor alone, where somebody says so.
        lender.app().clock.advance(jiff::SignedDuration::from_hours(24));
        let mut boss = lender.house.user("boss").await;
        let alone = boss.post_from(&form, &form, &[&asked[..], &[("point", "debtor")]].concat()).await;
        assert_eq!(alone.status, StatusCode::SEE_OTHER, "{}", alone.text);
        let waiting = "select count(*) as n from debtor_message where state = 'waiting'";
        assert_eq!(lender.count(waiting).await, 1);
        // A promise of the debtor is confirmed to nobody else, whichever number is named.
        let mut work = lender.at("boss").await;
        let points = customers::contact_point::actions::list(&mut work, loan.customer).await.unwrap();
        let joint = points.iter().filter(|point| point.relation.is_some()).map(|point| point.id).min().unwrap();
        let order = Order { point: Some(joint), ..sms(MessageKind::PromiseConfirmation) };
        assert_eq!(code(compose(&mut work, loan, order, None).await).0, "message-no-point");
    }
}
