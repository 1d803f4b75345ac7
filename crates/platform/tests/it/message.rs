//! The gateways of messages: set, tried, switched and given another key by page and by program.

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use platform::testbed::{self, House};
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;

async fn provider() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://127.0.0.1:{}/send", listener.local_addr().unwrap().port());
    let take = async |headers: HeaderMap, body: String| {
        let told: Json = serde_json::from_str(&body).unwrap();
        let fits =
            headers.contains_key("loanward-signature") && headers["idempotency-key"] == told["id"].as_str().unwrap();
        if fits && told["to"] == "13900001111" { StatusCode::ACCEPTED } else { StatusCode::UNPROCESSABLE_ENTITY }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/send", post(take))).await.unwrap() });
    url
}

#[tokio::test]
async fn a_gateway_is_set_tried_switched_and_given_another_key() {
    for db in testbed::databases().await {
        let house = House::over(db, Vec::new()).await;
        let url = provider().await;
        let mut boss = house.user("boss").await;
        assert!(boss.get("/gateways").await.text.contains("Nothing is set"));
        for (target, message) in [("http://example.com/x", "begins with https"), ("", "whole address")] {
            let fields = [("carrier", "http"), ("target", target), ("seen", "0")];
            let refused = boss.post("/gateways/sms/edit", &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{target}");
            assert!(refused.text.contains(message), "{target}: {}", refused.text);
        }
        assert_eq!(boss.get("/gateways/phone/edit").await.status, StatusCode::NOT_FOUND);
        let fields = [("carrier", "http"), ("target", url.as_str()), ("sender", "信守"), ("seen", "0")];
        let made = boss.post("/gateways/sms/edit", &fields).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text);
        assert!(made.text.contains("msgsec_"), "the key is shown once: {}", made.text);
        assert!(!boss.get("/gateways").await.text.contains("msgsec_"));
        let stale = boss.post("/gateways/sms/edit", &fields).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text);
        // A test goes out before the gateway is on; to nobody but one number, and the trail keeps it masked.
        let wrong = boss.post("/gateways/sms/test", &[("to", "1390000 or so")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let tried = boss.post("/gateways/sms/test", &[("to", "13900001111")]).await.text;
        assert!(tried.contains("Delivered") && tried.contains("202"), "{tried}");
        let tried = boss.post("/gateways/sms/test", &[("to", "13900002222")]).await.text;
        assert!(tried.contains("Cannot arrive") && tried.contains("422"), "{tried}");
        let mut tx = house.app.db.read().await.unwrap();
        let sql = "select after_json from audit_entry where action = 'gateway.test' order by seq limit 1";
        let kept: String = tx.fetch_one(sql, platform::args![]).await.unwrap().get("after_json").unwrap();
        assert!(kept.contains("139****1111") && !kept.contains("13900001111"), "{kept}");
        drop(tx);
        assert_eq!(boss.post("/gateways/sms/on", &[]).await.location(), "/gateways");
        let renewed = boss.post("/gateways/sms/key", &[]).await.text;
        assert!(renewed.contains("msgsec_"), "{renewed}");
        // By program: the same, without any secret.
        let mut program = house.program("boss", &["gateway.manage"]).await;
        let all = program.get("/gateways").await.json();
        assert_eq!((&all[0]["channel"], &all[0]["active"]), (&json!("sms"), &json!(true)), "{all}");
        assert!(!all.to_string().contains("msgsec_"), "{all}");
        let mail = json!({"carrier": "smtp", "target": "127.0.0.1:9", "security": "plain", "account": "", "password": "x",
            "sender": "a@b.cn", "seen": "0"});
        let made = program.post("/gateways/email/edit", &mail).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text);
        let none = program.post("/gateways/email/key", &json!({})).await;
        assert_eq!(none.status, StatusCode::CONFLICT, "{}", none.text);
        let tried = program.post("/gateways/email/test", &json!({"to": "me@example.com"})).await.json();
        assert_eq!(tried["outcome"], "failed", "nobody listens there: {tried}");
        assert_eq!(program.post("/gateways/sms/off", &json!({})).await.status, StatusCode::OK);
        assert_eq!(program.get("/gateways").await.json()[0]["active"], json!(false));
    }
}
