//! Two servers on one PostgreSQL: log in at one and act at the other, a double click at both, rules and the bell noticed
//! by both, a day closed by one.

use platform::args;
use platform::db::{DatabaseUrl, Db};
use platform::testbed;
use tempfile::TempDir;

use crate::visitor::{Answer, CHOSEN, Server, Visitor, pause};

fn serve(folder: &std::path::Path, url: &str) -> Server {
    let named = ["--institution", "双机测试", "--opens-on", "2026-11-19", "--database-url", url];
    Server::start(folder, &named, &[])
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_are_one_house() {
    let Some(url) = testbed::postgres_url().await else { return };
    let (here, there) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let one = serve(here.path(), &url);
    let first = one.first_password();
    std::fs::copy(here.path().join("loanward.key"), there.path().join("loanward.key")).unwrap();
    let two = serve(there.path(), &url);
    assert!(!two.said.contains("one-time password"), "the second finds the house: {}", two.said);

    // Log in at one, choose the password at the other, go on at the first.
    let mut admin = Visitor::default();
    let door = admin.get(&one.address, "/login");
    let entered = admin.post(&one.address, &door, "/login", &[("user", "admin"), ("password", &first)]);
    assert_eq!(entered.status, 303, "{}", entered.text);
    let page = admin.get(&two.address, "/password");
    let fields = [("old", first.as_str()), ("new", CHOSEN), ("again", CHOSEN)];
    let chosen = admin.post(&two.address, &page, "/password", &fields);
    assert_eq!(chosen.status, 303, "{}", chosen.text);
    let page = admin.get(&one.address, "/branches");
    assert_eq!(page.status, 200, "{}", page.text);

    // One form, sent to both at once: done once.
    let racing = [&one, &two].map(|server| (server.address.clone(), admin.clone()));
    let threads = racing.map(|(address, mut admin)| {
        let page = Answer { status: 200, text: page.text.clone() };
        std::thread::spawn(move || {
            admin.post(&address, &page, "/branches/new", &[("branch", "1"), ("name", "城东支行")]).status
        })
    });
    let statuses = threads.map(|thread| thread.join().unwrap());
    assert_eq!(statuses, [303, 303], "the second one is shown what the first one did");

    let db = Db::open(&DatabaseUrl::Postgres(url.clone())).await.unwrap();
    assert_eq!(count(&db, "select count(*) as n from branch").await, 2);
    assert_eq!(count(&db, "select count(*) as n from server_node where work = 'serve'").await, 2, "each has a number");

    // Another version of the rules comes into force: both notice within a moment.
    let mut tx = db.write().await.unwrap();
    let sql = "insert into policy_version (id, pack, version, digest, effective_from, files_json, state, note, \
               drafted_by, drafted_at, approved_by, approved_at) select id + 1, pack, 'next', 'other', '2026-11-19', \
               replace(files_json, 'password_min_length,count 8..,12', 'password_min_length,count 8..,19'), state, \
               note, drafted_by, drafted_at, approved_by, approved_at from policy_version";
    tx.execute(sql, args![]).await.unwrap();
    tx.commit().await.unwrap();
    for server in [&one, &two] {
        let noticed = (0..80).any(|_| {
            pause();
            admin.get(&server.address, "/password").text.contains("至少 19 个字符")
        });
        assert!(noticed, "the rules are noticed without a restart");
    }

    // A log-in at one server is told on the bell of the other, and read there it is read here.
    let bell = |page: &str| page.split_once("class=\"bell\"").unwrap().1.split_once("</a>").unwrap().0.to_owned();
    assert!(!bell(&admin.get(&two.address, "/").text).contains("<sup>"), "nothing is new");
    Visitor::log_in(&one);
    let home = admin.get(&two.address, "/").text;
    assert!(bell(&home).contains("<sup>1</sup>"), "{}", bell(&home));
    let notices = admin.get(&two.address, "/notices");
    assert_eq!(admin.post(&two.address, &notices, "/notices/read", &[]).status, 303);
    assert!(!bell(&admin.get(&one.address, "/").text).contains("<sup>"), "read at one is read at both");

    // The close, asked for at both: one runs.
    let asked = [&one, &two].map(|server| {
        let (mut admin, page) = (admin.clone(), admin.clone().get(&server.address, "/close"));
        let address = server.address.clone();
        std::thread::spawn(move || admin.post(&address, &page, "/close/start", &[("day", "2026-11-19")]).status)
    });
    let statuses = asked.map(|thread| thread.join().unwrap());
    assert!(statuses.contains(&303), "{statuses:?}");
    for _ in 0..300 {
        if count(&db, "select count(*) as n from close_run where state = 'sealed'").await > 0 {
            break;
        }
        pause();
    }
    // A second close would have begun by now.
    pause();
    let sealed = count(&db, "select count(*) as n from close_run where state = 'sealed'").await;
    assert_eq!((sealed, count(&db, "select count(*) as n from close_run").await), (1, 1), "one day, closed once");
    assert_eq!(count(&db, "select count(*) as n from close_run where attempts = 1").await, 1);
    let day = "select count(*) as n from business_day where current_on = '2026-11-20'";
    assert_eq!(count(&db, day).await, 1, "people were moved on once");
}

async fn count(db: &Db, sql: &'static str) -> i64 {
    db.read().await.unwrap().fetch_one(sql, args![]).await.unwrap().get("n").unwrap()
}
