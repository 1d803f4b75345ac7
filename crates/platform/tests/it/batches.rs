//! A verb on a selection: tried without a trace, done each by itself, reported, never done twice.

use axum::http::StatusCode;
use platform::db::Db;
use platform::testbed;
use platform::{args, batch};

use crate::desk::desk;

async fn states(db: &Db) -> Vec<(String, String)> {
    let mut tx = db.read().await.unwrap();
    let sql = "select customer_id, id, state from duty order by id";
    let rows = tx.fetch_all(sql, args![]).await.unwrap();
    let key = |row: &platform::db::Row| {
        format!("{}-{}", row.get::<i64>("customer_id").unwrap(), row.get::<i64>("id").unwrap())
    };
    rows.iter().map(|row| (key(row), row.get("state").unwrap())).collect()
}

const EXCUSE: &str = "/duties/batch/excuse";

#[tokio::test]
async fn duties_are_excused_in_one_go_after_a_trial_that_writes_nothing() {
    for db in testbed::databases().await {
        let house = desk(db).await;
        let before = states(&house.app.db).await;
        assert!(before.len() >= 2, "{before:?}");
        let (first, second) = (before[0].0.as_str(), before[1].0.as_str());
        let mut head = house.user("head").await;
        head.get("/me?lang=zh-CN").await;
        let list = head.get("/duties").await;
        assert!(list.text.contains(&format!("name=\"key\" value=\"{first}\"")), "{}", list.text);
        let keys = [("key", first), ("key", second), ("key", second), ("key", "0-77")];
        let why = [("reason", "系统补录"), ("rule", "house.duties")];

        // From the list: what was picked, each once, and that one of them is not there.
        let picked = head.post(EXCUSE, &keys).await;
        assert_eq!(picked.status, StatusCode::OK);
        assert!(picked.text.contains("已选 3 项") && picked.text.contains("没有这项任务"), "{}", picked.text);
        assert!(!picked.text.contains("办理 2 项"), "nothing can be run that was not tried");

        let trial = [&keys[..], &[("step", "try"), ("reason", "系统补录")]].concat();
        let wrong = head.post(EXCUSE, &trial).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("请写明免除的理由和依据的规则"), "{}", wrong.text);
        let trial = [&keys[..], &why[..], &[("step", "try")]].concat();
        let tried = head.post(EXCUSE, &trial).await;
        assert!(tried.text.contains("办理 2 项") && tried.text.contains("有 1 项不能办理"), "{}", tried.text);
        assert_eq!(states(&house.app.db).await, before, "a trial leaves nothing behind");

        // The first was done before a crash, under this very key: it is not done again.
        let csrf = head.get("/me").await.hidden("_csrf").unwrap();
        let once = "0123456789abcdef0123456789abcdef";
        let mut tx = house.app.db.write().await.unwrap();
        let user = house.user_id("head").await;
        let mark = format!("{once}/{first}");
        let sql = "insert into idempotency_key (user_id, key, action, claimed_at, result) values ($1, $2, 'x', $3, '')";
        tx.execute(sql, args![user, mark, jiff::Timestamp::UNIX_EPOCH]).await.unwrap();
        tx.commit().await.unwrap();
        let run = [&keys[..], &why[..], &[("step", "do"), ("_csrf", csrf.as_str()), ("_once", once)]].concat();
        let done = head.post_raw(EXCUSE, &run).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let now = states(&house.app.db).await;
        let mut want = before.clone();
        want[1].1 = "excused".to_owned();
        assert_eq!(now, want);
        assert_eq!(head.post_raw(EXCUSE, &run).await.location(), done.location(), "sent twice, shown once");

        let report = head.get(done.location()).await;
        assert!(
            report.text.contains("已办 2 项，未办 1 项") && report.text.contains("没有这项任务"),
            "{}",
            report.text
        );
        assert!(report.text.contains("data-batch-done=\"/duties\""));
        let sheet = head.get(&format!("{}/report.xlsx", done.location())).await;
        assert_eq!(sheet.status, StatusCode::OK);
        let mut other = house.user("credit").await;
        assert_eq!(other.get(done.location()).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.post(EXCUSE, &keys).await.status, StatusCode::FORBIDDEN);
    }
}

// Rule `batch.background`
#[tokio::test]
async fn a_large_batch_goes_on_in_the_background_once_and_in_its_persons_own_name() {
    for db in testbed::databases().await {
        let house = desk(db).await;
        let before = states(&house.app.db).await;
        let (first, second) = (before[0].0.as_str(), before[1].0.as_str());
        let mut head = house.user("head").await;
        head.get("/me?lang=zh-CN").await;
        let others: Vec<String> = (0..50).map(|n| format!("0-{}", 900 + n)).collect();
        let mut fields = vec![("key", first), ("key", second)];
        fields.extend(others.iter().map(|key| ("key", key.as_str())));
        fields.extend([("reason", "系统补录"), ("rule", "house.duties")]);

        // More than the rules allow at once: the trial is made beside, and leads to the button that does it.
        let asked = head.post(EXCUSE, &[&fields[..], &[("step", "try")]].concat()).await;
        assert!(asked.location().starts_with("/batches/"), "{} {}", asked.status, asked.text);
        let waits = head.get(asked.location()).await;
        assert!(waits.text.contains("已试到第 0 项，共 52 项"), "{}", waits.text);
        assert_eq!(batch::run_waiting(&house.app).await.unwrap(), 1);
        let tried = head.get(asked.location()).await;
        assert!(tried.text.contains("办理 2 项") && tried.text.contains("有 50 项不能办理"), "{}", tried.text);
        assert!(tried.text.contains("name=\"reason\" value=\"系统补录\""), "{}", tried.text);
        assert_eq!(states(&house.app.db).await, before, "a trial leaves nothing behind");

        // Done once: sent twice it is begun once, and what was done before a crash is not done again.
        let csrf = head.get("/me").await.hidden("_csrf").unwrap();
        let once = "fedcba9876543210fedcba9876543210";
        let run = [&fields[..], &[("step", "do"), ("_csrf", csrf.as_str()), ("_once", once)]].concat();
        let begun = head.post_raw(EXCUSE, &run).await;
        assert_eq!(head.post_raw(EXCUSE, &run).await.location(), begun.location());
        assert_eq!(states(&house.app.db).await, before, "nothing is done while the person waits");
        let mut tx = house.app.db.write().await.unwrap();
        let (user, mark) = (house.user_id("head").await, format!("{once}/{first}"));
        let sql = "insert into idempotency_key (user_id, key, action, claimed_at, result) values ($1, $2, 'x', $3, '')";
        tx.execute(sql, args![user, mark, jiff::Timestamp::UNIX_EPOCH]).await.unwrap();
        let later = house.app.clock.now().checked_add(jiff::SignedDuration::from_mins(2)).unwrap();
        tx.execute("update batch_job set lease = 1, leased_until = $1", args![later]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(batch::run_waiting(&house.app).await.unwrap(), 0, "somebody else is at it");
        house.app.clock.advance(jiff::SignedDuration::from_mins(3));
        assert_eq!(batch::run_waiting(&house.app).await.unwrap(), 1, "what was left is taken up");
        let mut want = before.clone();
        want[1].1 = "excused".to_owned();
        assert_eq!(states(&house.app.db).await, want);
        let report = head.get(begun.location()).await;
        assert!(report.text.contains("已办 2 项，未办 50 项"), "{}", report.text);
        assert!(head.get("/notices").await.text.contains("已办 2 项，未办 50 项"), "the bell tells who asked");
        let mut other = house.user("credit").await;
        assert_eq!(other.get(begun.location()).await.status, StatusCode::NOT_FOUND);

        // What cannot be read any more ends, and holds up no other batch.
        for (step, said) in [("try", "有 52 项不能办理"), ("do", "已办 0 项，未办 52 项")] {
            let asked = head.post(EXCUSE, &[&fields[..], &[("step", step)]].concat()).await;
            let mut tx = house.app.db.write().await.unwrap();
            tx.execute("update batch_job set asked = $1", args![vec![1_u8]]).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(batch::run_waiting(&house.app).await.unwrap(), 1);
            let ended = head.get(asked.location()).await;
            assert!(ended.text.contains(said), "{} {}", ended.status, ended.text);
            assert_eq!(batch::run_waiting(&house.app).await.unwrap(), 0);
        }

        // Who lost the permission meanwhile does nothing with it.
        let asked = head.post(EXCUSE, &[&fields[..], &[("step", "do")]].concat()).await;
        let mut tx = house.app.db.write().await.unwrap();
        tx.execute("delete from user_role where user_id = $1", args![user]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(batch::run_waiting(&house.app).await.unwrap(), 1);
        let report = head.get(asked.location()).await;
        assert!(
            report.text.contains("已办 0 项，未办 52 项") && report.text.contains("您的角色不含"),
            "{}",
            report.text
        );
        assert_eq!(states(&house.app.db).await, want);
    }
}

// Rule `batch.cancel`
#[tokio::test]
async fn a_cancelled_batch_keeps_what_is_done_and_tells_the_rest_as_not_done() {
    for db in testbed::databases().await {
        let house = desk(db).await;
        let before = states(&house.app.db).await;
        let mut head = house.user("head").await;
        head.get("/me?lang=zh-CN").await;
        // The things that are there come last: the first piece of twenty holds none of them.
        let mut keys: Vec<String> = (0..50).map(|n| format!("0-{}", 900 + n)).collect();
        keys.extend(before.iter().take(2).map(|(key, _)| key.clone()));
        let mut fields: Vec<(&str, &str)> = keys.iter().map(|key| ("key", key.as_str())).collect();
        fields.extend([("reason", "系统补录"), ("rule", "house.duties")]);

        let asked = head.post(EXCUSE, &[&fields[..], &[("step", "do")]].concat()).await;
        let place = asked.location().to_owned();
        let cancel = format!("{place}/cancel");
        let waits = head.get(&place).await;
        assert!(waits.text.contains(&format!("action=\"{cancel}\"")), "{}", waits.text);
        let list = head.get("/batches").await;
        assert!(list.text.contains(&place) && list.text.contains("办理中"), "{}", list.text);

        // A process did the first piece of it before the person changed their mind.
        let line = |key: &String| serde_json::json!({"key": key, "label": key, "href": "", "amount_fen": 100, "outcome": "done"});
        let first: Vec<serde_json::Value> = keys[..20].iter().map(line).collect();
        let (user, id) = (house.user_id("head").await, place.rsplit_once('/').unwrap().1.parse::<i64>().unwrap());
        let mut tx = house.app.db.write().await.unwrap();
        let piece = "insert into batch_piece (user_id, job_id, no, lines_json) values ($1, $2, 0, $3)";
        let first = serde_json::Value::Array(first).to_string();
        tx.execute(piece, args![user, id, first]).await.unwrap();
        tx.execute("update batch_job set things_done = 20 where id = $1", args![id]).await.unwrap();
        tx.commit().await.unwrap();
        let part = head.get(&format!("{place}/progress")).await;
        assert!(part.text.contains("已办到第 20 项，共 52 项"), "{}", part.text);

        // Nobody else's; cancelled once, and told so until it is over.
        let mut other = house.user("credit").await;
        assert_eq!(other.post(&cancel, &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(head.post("/batches/none/cancel", &[]).await.status, StatusCode::NOT_FOUND);
        for _ in 0..2 {
            assert_eq!(head.post(&cancel, &[]).await.location(), place);
        }
        let stops = head.get(&place).await;
        assert!(stops.text.contains("已在第 20 项处取消，共 52 项"), "{}", stops.text);
        assert!(!stops.text.contains(&cancel), "cancelled once");
        assert!(head.get("/batches").await.text.contains("正在取消"));
        let mut tx = house.app.db.read().await.unwrap();
        let sql = "select count(*) as n from audit_entry where action = 'batch.cancel'";
        assert_eq!(tx.fetch_one(sql, args![]).await.unwrap().get::<i64>("n").unwrap(), 1);
        tx.rollback().await.unwrap();

        assert_eq!(batch::run_waiting(&house.app).await.unwrap(), 1);
        assert_eq!(states(&house.app.db).await, before, "nothing more is done");
        let report = head.get(&place).await;
        assert!(report.text.contains("已办 20 项，未办 32 项"), "{}", report.text);
        assert!(report.text.contains("已被提交人取消"), "{}", report.text);
        assert!(!report.text.contains(&format!(">{}<", keys[51])), "what is left has its name: {}", report.text);
        let over = head.post(&cancel, &[]).await;
        assert_eq!(over.status, StatusCode::CONFLICT);
        assert!(over.text.contains("已经结束"), "{}", over.text);
        assert!(head.get("/batches").await.text.contains("已结束，有结果"));

        // A cancelled trial leads to no run.
        let asked = head.post(EXCUSE, &[&fields[..], &[("step", "try")]].concat()).await;
        let place = asked.location().to_owned();
        assert_eq!(head.post(&format!("{place}/cancel"), &[]).await.location(), place);
        assert_eq!(batch::run_waiting(&house.app).await.unwrap(), 1);
        for (lang, said) in [("zh-CN", "试办已由您取消"), ("en", "You cancelled this trial")] {
            head.get(&format!("/me?lang={lang}")).await;
            let tried = head.get(&place).await;
            assert!(tried.text.contains(said) && !tried.text.contains("value=\"do\""), "{}", tried.text);
            for page in [tried, head.get("/batches").await] {
                assert_eq!(platform::locale::missing_in(&page.text), Vec::<String>::new());
            }
        }
        assert_eq!(states(&house.app.db).await, before);
        assert_eq!(head.post(&format!("{place}/cancel"), &[]).await.status, StatusCode::CONFLICT);
    }
}

// Rule `batch.at-once`
#[tokio::test]
async fn a_person_has_a_few_batches_under_way_and_no_more() {
    for db in testbed::databases().await {
        let house = desk(db).await;
        let mut head = house.user("head").await;
        head.get("/me?lang=zh-CN").await;
        let keys: Vec<String> = (0..51).map(|n| format!("0-{}", 900 + n)).collect();
        let mut fields: Vec<(&str, &str)> = keys.iter().map(|key| ("key", key.as_str())).collect();
        fields.extend([("reason", "系统补录"), ("rule", "house.duties"), ("step", "do")]);
        let csrf = head.get("/me").await.hidden("_csrf").unwrap();
        let once = "00112233445566778899aabbccddeeff";
        let sent = [&fields[..], &[("_csrf", csrf.as_str()), ("_once", once)]].concat();
        let first = head.post_raw(EXCUSE, &sent).await;
        for _ in 0..2 {
            assert!(head.post(EXCUSE, &fields).await.location().starts_with("/batches/"));
        }
        let many = head.post(EXCUSE, &fields).await;
        assert_eq!(many.status, StatusCode::CONFLICT);
        assert!(many.text.contains("您已有 3 个批量办理在后台进行，最多 3 个"), "{}", many.text);
        assert_eq!(head.post_raw(EXCUSE, &sent).await.location(), first.location(), "sent twice is begun once");

        // One cancelled, and told so by whoever works on them, makes room for another.
        head.post(&format!("{}/cancel", first.location()), &[]).await;
        assert_eq!(batch::run_waiting(&house.app).await.unwrap(), 3);
        assert!(head.get(first.location()).await.text.contains("已办 0 项，未办 51 项"));
        assert!(head.post(EXCUSE, &fields).await.location().starts_with("/batches/"));
    }
}

#[tokio::test]
async fn a_batch_without_things_or_with_too_many_says_so() {
    for db in testbed::databases().await {
        let house = desk(db).await;
        let mut head = house.user("head").await;
        head.get("/me?lang=zh-CN").await;
        let none = head.post("/duties/batch/assign", &[]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.text.contains("没有选中任何一项"), "{}", none.text);
        let many: Vec<String> = (0..1_001).map(|n| format!("0-{n}")).collect();
        let fields: Vec<(&str, &str)> = many.iter().map(|key| ("key", key.as_str())).collect();
        let many = head.post("/duties/batch/assign", &fields).await;
        assert!(many.text.contains("最多 1,000 项") || many.text.contains("最多 1000 项"), "{}", many.text);
    }
}

#[tokio::test]
async fn duties_are_given_to_whoever_holds_their_role() {
    for db in testbed::databases().await {
        let house = desk(db).await;
        let key = states(&house.app.db).await[0].0.clone();
        let credit = house.user_id("credit").await.0.to_string();
        let mut head = house.user("head").await;
        head.get("/me?lang=zh-CN").await;
        let fields = [("key", key.as_str()), ("to", credit.as_str()), ("step", "do")];
        let done = head.post("/duties/batch/assign", &fields).await;
        let report = head.get(done.location()).await;
        assert!(report.text.contains("已办 1 项"), "{} {}", done.text, report.text);
        let mut tx = house.app.db.read().await.unwrap();
        let row =
            tx.fetch_one("select count(*) as n from duty where owner_id = $1", args![credit.parse::<i64>().unwrap()]);
        assert_eq!(row.await.unwrap().get::<i64>("n").unwrap(), 1);
        let nobody = head.post("/duties/batch/assign", &[("key", key.as_str()), ("to", ""), ("step", "do")]).await;
        assert!(nobody.text.contains("请选择一项"), "{}", nobody.text);
        let stranger = [("key", key.as_str()), ("to", "424242"), ("step", "do")];
        assert_eq!(head.post("/duties/batch/assign", &stranger).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn the_reason_of_every_refusal_is_a_sentence() {
    for db in testbed::databases().await {
        let house = desk(db).await;
        let user = house.user_id("head").await;
        let line = |code: &str| {
            format!(
                r#"{{"key":"1","label":"J1","href":"","outcome":"refused","code":"{code}","details":{{"action":"user.edit"}}}}"#
            )
        };
        let mut tx = house.app.db.write().await.unwrap();
        let sql = "insert into batch_report (user_id, id, verb, back, lines_json, business_date, recorded_at) \
                   values ($1, 1, 'duty-excuse', '/duties', $2, $3, $4)";
        let lines = format!("[{}]", line("denied"));
        let (on, at) = (jiff::civil::date(2026, 11, 20), jiff::Timestamp::UNIX_EPOCH);
        tx.execute(sql, args![user, lines, on, at]).await.unwrap();
        tx.commit().await.unwrap();
        let mut head = house.user("head").await;
        for (lang, said) in [("zh-CN", "您的角色不含“维护用户”"), ("en", "user.edit")] {
            head.get(&format!("/me?lang={lang}")).await;
            let report = head.get("/batches/1").await;
            assert_eq!(platform::locale::missing_in(&report.text), Vec::<String>::new());
            assert!(report.text.contains(said), "{lang}: {}", report.text);
        }
    }
}
