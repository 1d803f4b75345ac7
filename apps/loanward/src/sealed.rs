//! Changing the key to personal data (轮换密钥) over a book of all capabilities: nothing is forgotten, and nothing is
//! unreadable at any moment.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::date;
use platform::app::{App, Settings};
use platform::args;
use platform::backup::{self, BackupKey};
use platform::clock::{Clock, civil_moment};
use platform::db::{AssertSqlSafe, Db, Value};
use platform::server::{self, Node};
use platform::testbed;
use platform::vault::rotation::{self, Pace, sealed_by};
use platform::vault::{Identity, Personal as _, Place, SealedColumn, Vault, VaultError};
use policy::Pack;

use crate::{demo, house, policies, shipped};

const PACE: Pace = Pace { batch: 7, wait: Duration::ZERO };

/// The lender of the demo, small, with its key in this file.
async fn lender(db: Db, key: &Path) -> App {
    let files = shipped::packs();
    let pack = Pack::load(&files, "microloan", &policies::dictionary().unwrap()).unwrap();
    let vault = Some(Vault::create(key).unwrap());
    let settings = Settings { packs: Arc::new(files), vault, ..Settings::default() };
    let mut settings = settings.under_pack(&pack, date(2026, 11, 20)).unwrap();
    settings.access.hashing = platform::access::Hashing::weak_for_tests();
    let clock = Clock::simulated(civil_moment(date(2026, 8, 3).at(8, 0, 0, 0)).unwrap());
    let app = App::assemble_with(db, clock, 1, house::capabilities(), settings).await.unwrap();
    demo::small(&app).await.unwrap();
    app
}

fn columns() -> Vec<SealedColumn> {
    house::capabilities_with_platform().iter().flat_map(|one| one.sealed_columns()).collect()
}

/// Every sealed value in clear by its place, and which keys sealed them.
async fn read(db: &Db, vault: &Vault) -> Result<(BTreeMap<String, String>, Vec<String>), VaultError> {
    let (mut clear, mut keys) = (BTreeMap::new(), Vec::new());
    let mut tx = db.read().await?;
    for column in columns() {
        let sql = format!(
            "select {key}, {name} as sealed from {table} where {name} is not null",
            key = column.key.join(", "),
            name = column.column,
            table = column.table
        );
        for row in tx.fetch_all(AssertSqlSafe(sql), args![]).await? {
            let parts = row.values()[..column.key.len()].iter().map(|value| match value {
                Value::Int(number) => number.to_string(),
                Value::Text(text) => text.clone(),
                Value::Null(_) | Value::Bytes(_) => panic!("no key"),
            });
            let place = parts.collect::<Vec<_>>().join(":");
            let envelope: Vec<u8> = row.get("sealed")?;
            keys.push(sealed_by(&envelope).unwrap());
            // Files are no text.
            let opened = vault.open_bytes(Place { column: column.place, row: &place }, &envelope)?;
            clear.insert(format!("{} {place}", column.name()), String::from_utf8_lossy(&opened).into_owned());
        }
    }
    keys.sort();
    keys.dedup();
    Ok((clear, keys))
}

#[tokio::test]
async fn every_column_of_bytes_is_declared_with_the_key_of_its_table() {
    let app = App::assemble(testbed::sqlite().await, Clock::System, 1, house::capabilities()).await.unwrap();
    let declared: BTreeMap<String, SealedColumn> = columns().into_iter().map(|one| (one.name(), one)).collect();
    let mut tx = app.db.read().await.unwrap();
    let sql = "select m.name as tab, p.name as field, lower(p.type) as kind, p.pk as pk from sqlite_master m \
               join pragma_table_info(m.name) p where m.type = 'table' order by m.name, p.pk, p.cid";
    let (mut found, mut keys) = (Vec::new(), BTreeMap::<String, Vec<String>>::new());
    for row in tx.fetch_all(sql, args![]).await.unwrap() {
        let (table, field): (String, String) = (row.get("tab").unwrap(), row.get("field").unwrap());
        let bytes = matches!(row.get::<String>("kind").unwrap().as_str(), "bytea" | "blob");
        if bytes || field.ends_with("_sealed") || field == "sealed" {
            found.push(format!("{table}.{field}"));
        }
        if row.get::<i64>("pk").unwrap() > 0 {
            keys.entry(table).or_default().push(field);
        }
    }
    found.sort();
    let names: Vec<String> = declared.keys().cloned().collect();
    assert_eq!(found, names, "declare it in `Capability::sealed_columns`, or a change of the key loses it");
    for column in declared.values() {
        assert_eq!(column.key, keys[column.table], "{}", column.name());
    }
}

// Rule `key.rotate`
#[tokio::test]
async fn a_change_that_is_killed_goes_on_and_every_value_opens_at_every_moment() {
    for db in testbed::databases().await {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("loanward.key");
        let app = lender(db, &path).await;
        let first = app.vault().unwrap().key_id();
        let (before, keys) = read(&app.db, app.vault().unwrap()).await.unwrap();
        assert!(before.len() > 30 && keys == [first.clone()], "{} {keys:?}", before.len());
        let backup = testbed::scratch("backup");
        let words = BackupKey::passphrase("a long enough word").unwrap();
        backup::make(&app.db, app.clock.now(), &words, &backup).await.unwrap();

        // Another process read the key file long before.
        let elsewhere = Vault::open_file(&path).unwrap();
        let (kill, killed) = tokio::sync::oneshot::channel::<()>();
        let (mut kill, mut batches) = (Some(kill), 0);
        let mut tell = |_: &str, _: u64| {
            batches += 1;
            if batches == 2 {
                kill.take().unwrap().send(()).unwrap();
            }
        };
        tokio::select! {
            biased;
            _ = killed => {}
            ended = rotation::rotate(&app, PACE, &mut tell) => panic!("it was to be killed: {ended:?}"),
        }
        let (meanwhile, keys) = read(&app.db, &elsewhere).await.unwrap();
        assert_eq!(meanwhile, before);
        assert_eq!(keys.len(), 2, "some are sealed anew, some are not: {keys:?}");
        assert_eq!(read(&app.db, &Vault::open_file(&path).unwrap()).await.unwrap().0, before);
        Vault::open_file(&path).unwrap().check(&app.db).await.unwrap();

        // While it goes on, others read.
        let reading = {
            let (db, before) = (app.db.clone(), before.clone());
            tokio::spawn(async move {
                for _ in 0..20 {
                    assert_eq!(read(&db, &elsewhere).await.unwrap().0, before);
                }
            })
        };
        let rotated = rotation::rotate(&app, PACE, &mut |_, _| {}).await.unwrap();
        reading.await.unwrap();
        assert!(rotated.continued && rotated.resealed > 0);
        assert_eq!(rotated.from, first);
        let (after, keys) = read(&app.db, app.vault().unwrap()).await.unwrap();
        assert_eq!((after, keys), (before.clone(), vec![rotated.to.clone()]));
        assert_eq!(app.vault().unwrap().key_id(), rotated.to);

        // The index stays: a look-up by number finds what it found.
        let index = |vault: &Vault| vault.blind_index(&Identity::from_clear("990101199003071234".to_owned()));
        let former = Vault::open_file(&path.with_extension(format!("key.{first}"))).unwrap();
        assert_eq!(index(app.vault().unwrap()), index(&former));
        assert!(
            matches!(former.check(&app.db).await, Err(VaultError::WrongKey { .. })),
            "the former key alone is refused"
        );

        // A backup from before opens with the key file of then and with that of now.
        let restored = testbed::sqlite().await;
        backup::restore(&restored, &house::schema(), &backup, &words).await.unwrap();
        for vault in [former, Vault::open_file(&path).unwrap()] {
            vault.check(&restored).await.unwrap();
            let (old, keys) = read(&restored, &vault).await.unwrap();
            // Forms that wait for a log-in are left out of a backup; the demo has none.
            assert_eq!((old, keys), (before.clone(), vec![first.clone()]));
        }

        let again = rotation::rotate(&app, PACE, &mut |_, _| {}).await.unwrap();
        assert!(!again.continued && again.from == rotated.to && again.resealed as usize == before.len());
        let changes = [(first, rotated.to.clone(), true), (rotated.to, again.to, true)];
        assert_eq!(rotation::history(&app.db).await.unwrap(), changes);
    }
}

#[tokio::test]
async fn nothing_begins_where_the_new_key_could_not_be_kept_or_read() {
    for db in testbed::databases().await {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("loanward.key");
        let app = lender(db, &path).await;
        let (before, old) = read(&app.db, app.vault().unwrap()).await.unwrap();
        let mut rights = std::fs::metadata(&path).unwrap().permissions();
        let writable = rights.clone();
        rights.set_readonly(true);
        std::fs::set_permissions(&path, rights).unwrap();
        let refused = rotation::rotate(&app, PACE, &mut |_, _| {}).await.unwrap_err();
        assert!(matches!(refused, VaultError::KeyFileReadOnly { .. }), "{refused}");
        assert_eq!(rotation::history(&app.db).await.unwrap(), [], "nothing was begun");
        std::fs::set_permissions(&path, writable).unwrap();

        // A server of another machine has only the former key: its people could not read what is sealed anew.
        let copy = folder.path().join("copy.key");
        std::fs::copy(&path, &copy).unwrap();
        let settings = Settings { vault: Some(Vault::open_file(&copy).unwrap()), ..Settings::default() };
        let elsewhere =
            App::assemble_with(app.db.clone(), app.clock.clone(), 2, house::capabilities(), settings).await.unwrap();
        elsewhere.take_node(Node::take(&app.db, "serve").await.unwrap());
        server::beat(&elsewhere).await.unwrap();
        let refused = rotation::rotate(&app, PACE, &mut |_, _| {}).await.unwrap_err();
        assert!(matches!(refused, VaultError::ServersBehind { .. }), "{refused}");
        let vault = Vault::open_file(&path).unwrap();
        assert_eq!(read(&app.db, &vault).await.unwrap(), (before.clone(), old), "and nothing was sealed anew");

        // From a machine without the new key nobody begins a second one.
        let refused = rotation::rotate(&elsewhere, PACE, &mut |_, _| {}).await.unwrap_err();
        assert!(matches!(refused, VaultError::RotationElsewhere { .. }), "{refused}");

        // The server takes the key over: it goes on.
        std::fs::copy(&path, &copy).unwrap();
        assert!(elsewhere.vault().unwrap().reload().unwrap());
        server::beat(&elsewhere).await.unwrap();
        assert_eq!(server::without_key(&app.db, &vault.key_id()).await.unwrap(), Vec::<String>::new());
        let rotated = rotation::rotate(&app, PACE, &mut |_, _| {}).await.unwrap();
        assert!(rotated.continued);
        assert_eq!(read(&app.db, &vault).await.unwrap(), (before, vec![rotated.to]));
    }
}
