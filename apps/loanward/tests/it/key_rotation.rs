//! `loanward key rotate` killed as a process of the operating system, while a server works on the same book: every value
//! opens at every moment, and run again it goes on and ends.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use platform::args;
use platform::db::{DatabaseUrl, Db};
use platform::testbed;
use platform::vault::rotation::sealed_by;
use platform::vault::{Identity, Personal as _, Place, Sealed, Vault};
use tempfile::TempDir;

use crate::visitor::{PROGRAM, Server, Visitor};

/// Enough for many batches.
const VALUES: i64 = 6_000;

fn place(row: &str) -> Place<'_> {
    Place { column: "webhook.secret", row }
}

/// Fills a column with sealed values, as months of work would.
async fn fill(db: &Db, vault: &Vault) {
    let head =
        "insert into webhook (id, name, url, kinds, secret, active, created_at, created_by, changed_at, version)";
    let row = |id: i64| {
        let sealed = vault.seal(place(&id.to_string()), &Identity::from_clear(format!("secret {id}")));
        let at = "2026-11-20T08:30:00.000Z";
        args![id, format!("总账{id}"), "https://example.com/hook", "|case_opened|", sealed, 0, at, 1, at, 1]
    };
    let mut tx = db.write().await.unwrap();
    tx.write_rows(head, "", (1..=VALUES).map(row).collect()).await.unwrap();
    tx.commit().await.unwrap();
}

/// Opens every value with the key file as it lies there; the ids of the keys that sealed them.
async fn opened(db: &Db, folder: &Path) -> Vec<String> {
    let vault = Vault::open_file(&folder.join("loanward.key")).unwrap();
    let mut tx = db.read().await.unwrap();
    let rows = tx.fetch_all("select id, secret from webhook order by id limit 10000", args![]).await.unwrap();
    let mut keys = Vec::new();
    for row in rows {
        let (id, sealed): (i64, Sealed<Identity>) = (row.get("id").unwrap(), row.get("secret").unwrap());
        let clear = vault.open(place(&id.to_string()), &sealed).unwrap();
        assert_eq!(clear.clear(), format!("secret {id}"));
        keys.push(sealed_by(&row.get::<Vec<u8>>("secret").unwrap()).unwrap());
    }
    assert_eq!(keys.len(), usize::try_from(VALUES).unwrap());
    keys.sort();
    keys.dedup();
    keys
}

fn rotate(folder: &Path, database: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(["key", "rotate"]).args(database).arg("--data").arg(folder);
    command
}

/// Kills the process after its third batch, as a machine that loses its power does.
fn killed_half_way(mut command: Command) {
    let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let batches = lines.map_while(Result::ok).filter(|line| line.starts_with("webhook.secret")).take(3).count();
    child.kill().unwrap();
    let ended = child.wait().unwrap();
    assert!(batches == 3 && ended.code().is_none(), "it was killed, it did not end: {ended:?}");
}

// Rule `key.rotate`
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_rotation_leaves_every_value_readable_and_goes_on() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("loanward.db");
    let mut databases = vec![(folder, DatabaseUrl::Sqlite(file), None)];
    if let Some(url) = testbed::postgres_url().await {
        databases.push((TempDir::new().unwrap(), DatabaseUrl::Postgres(url.clone()), Some(url)));
    }
    for (folder, at, url) in databases {
        let folder = folder.path();
        let database: Vec<&str> = url.iter().flat_map(|url| ["--database-url", url.as_str()]).collect();
        let opens = [&["--institution", "轮换测试", "--opens-on", "2026-11-20"][..], &database].concat();
        let server = Server::start(folder, &opens, &[]);
        Visitor::first_log_in(&server);
        let db = Db::open(&at).await.unwrap();
        fill(&db, &Vault::open_file(&folder.join("loanward.key")).unwrap()).await;
        let first = opened(&db, folder).await;
        assert_eq!(first.len(), 1);

        killed_half_way(rotate(folder, &database));
        let meanwhile = opened(&db, folder).await;
        assert!(meanwhile.len() == 2 && meanwhile.contains(&first[0]), "some under each: {meanwhile:?}");
        let mut admin = Visitor::log_in(&server);
        let page = admin.get(&server.address, "/webhooks/17");
        assert_eq!(page.status, 200, "people go on meanwhile: {}", page.text);

        let ended = rotate(folder, &database).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        assert!(ended.status.success() && said.contains("went on with the change"), "{said}{ended:?}");
        let last = opened(&db, folder).await;
        assert!(last.len() == 1 && last != first, "{last:?}");
        // The server has the new key: a secret made now is sealed with it.
        let form = admin.get(&server.address, "/webhooks/17");
        let renewed = admin.post(&server.address, &form, "/webhooks/17/secret", &[]);
        assert_eq!(renewed.status, 200, "{}", renewed.text);
        let row = db.read().await.unwrap().fetch_one("select secret from webhook where id = 17", args![]).await;
        assert_eq!(sealed_by(&row.unwrap().get::<Vec<u8>>("secret").unwrap()).unwrap(), last[0]);
        let mut tx = db.read().await.unwrap();
        let kept = "select count(*) as n from audit_entry where action in ('key.begin', 'key.change')";
        assert_eq!(tx.fetch_one(kept, args![]).await.unwrap().get::<i64>("n").unwrap(), 2, "begun once, ended once");
    }
}
