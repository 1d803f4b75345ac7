//! Backup and restore on both databases: the same book comes back, and everything else is refused.

use std::path::{Path, PathBuf};

use platform::args;
use platform::backup::{self, BackupError, BackupKey};
use platform::db::{Db, Migration, migrate};
use platform::testbed::{self, House};

const STEPS: &[(&str, &[Migration])] = &[("platform", platform::MIGRATIONS)];
const WORDS: &str = "旧船坞 夜里 会响 三声 钟";

fn key() -> BackupKey {
    BackupKey::passphrase(WORDS).unwrap()
}

/// Sets a house up over the database and puts more than one batch of rows, and bytes, into it.
async fn lived(db: Db) -> House {
    let house = House::over(db, Vec::new()).await;
    let mut tx = house.app.db.write().await.unwrap();
    let rows = (0..4_321_i64).map(|n| args![format!("text.{n}"), format!("值 {n} \"'\\\n\u{1F3E0}"), n]).collect();
    tx.write_rows("insert into setting (name, value, version)", "", rows).await.unwrap();
    tx.commit().await.unwrap();
    house
}

async fn made(house: &House, key: &BackupKey) -> (PathBuf, backup::Made) {
    let file = testbed::scratch("backup");
    let made = backup::make(&house.app.db, house.app.clock.now(), key, &file).await.unwrap();
    (file, made)
}

async fn count(db: &Db, sql: &'static str) -> i64 {
    db.read().await.unwrap().fetch_one(sql, args![]).await.unwrap().get("n").unwrap()
}

async fn refused(file: &Path, key: &BackupKey) -> BackupError {
    let db = testbed::sqlite().await;
    let error = backup::restore(&db, STEPS, file, key).await.unwrap_err();
    let again = lived_nothing(&db).await;
    assert!(again, "a refused backup leaves nothing behind: {error}");
    error
}

/// True when no row stands in the database besides the record of its schema.
async fn lived_nothing(db: &Db) -> bool {
    migrate(db, STEPS).await.unwrap();
    let users = count(db, "select count(*) as n from app_user").await;
    let settings = count(db, "select count(*) as n from setting").await;
    let entries = count(db, "select count(*) as n from audit_entry").await;
    users + settings + entries == 0
}

#[tokio::test]
async fn a_book_comes_back_on_either_database() {
    for source in testbed::databases().await {
        let house = lived(source).await;
        let (file, made) = made(&house, &key()).await;
        assert_eq!(
            made.totals["setting"].rows,
            4_321 + count(&house.app.db, "select count(*) as n from setting where name not like 'text.%'").await as u64
        );
        let checked = backup::check(&file, &key()).await.unwrap();
        assert_eq!((&checked.manifest, &checked.totals), (&made.manifest, &made.totals));
        for target in testbed::databases().await {
            let restored = backup::restore(&target, STEPS, &file, &key()).await.unwrap();
            assert_eq!((restored.totals, restored.moved_forward), (made.totals.clone(), 0));
            assert_eq!(restored.audit.broken, None);
            assert!(restored.audit.entries > 0);
            let second = testbed::scratch("backup");
            let again = backup::make(&target, house.app.clock.now(), &key(), &second).await.unwrap();
            assert_eq!(again.totals, made.totals, "out, in, out: the same");
            // References hold again: a row without its branch is refused.
            let mut tx = target.write().await.unwrap();
            let orphan = tx.execute("insert into team (id, branch_id, name) values (1, 404, 'x')", args![]).await;
            let orphan = match orphan {
                Ok(_) => tx.commit().await.is_err(),
                Err(_) => true,
            };
            assert!(orphan, "foreign keys are checked again");
        }
    }
}

#[tokio::test]
async fn writers_go_on_and_the_picture_is_one_moment() {
    for source in testbed::databases().await {
        let house = lived(source).await;
        let db = house.app.db.clone();
        let writing = tokio::spawn(async move {
            for n in 0..200_i64 {
                let mut tx = db.write().await.unwrap();
                // Two tables in one transaction: a picture with only one of them would be torn.
                tx.execute("insert into setting (name, value) values ($1, 'x')", args![format!("pair.{n}")])
                    .await
                    .unwrap();
                tx.execute("insert into calendar_year (year, source, imported_at, imported_by) values ($1, 'x', '2026-11-20T00:00:00.000Z', 0)", args![5000 + n])
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
            }
        });
        let mut backups = Vec::new();
        while !writing.is_finished() || backups.is_empty() {
            backups.push(made(&house, &key()).await);
        }
        writing.await.unwrap();
        let (file, _) = backups.last().unwrap();
        let target = testbed::sqlite().await;
        backup::restore(&target, STEPS, file, &key()).await.unwrap();
        let pairs = count(&target, "select count(*) as n from setting where name like 'pair.%'").await;
        let years = count(&target, "select count(*) as n from calendar_year where year >= 5000").await;
        assert_eq!(pairs, years);
    }
}

#[tokio::test]
async fn a_wrong_key_a_cut_a_changed_and_a_foreign_file_are_refused() {
    let house = lived(testbed::sqlite().await).await;
    let (file, _) = made(&house, &key()).await;

    let other = BackupKey::passphrase("another passphrase").unwrap();
    assert_eq!(refused(&file, &other).await.name(), "wrong-key");
    let path = testbed::scratch("backup-key");
    let keyed = BackupKey::create_file(&path).unwrap();
    let error = refused(&file, &keyed).await;
    assert!(error.to_string().contains("passphrase"), "{error}");

    let whole = std::fs::read(&file).unwrap();
    for keep in [10, 200, whole.len() / 2, whole.len() - 1] {
        let cut = testbed::scratch("backup");
        std::fs::write(&cut, &whole[..keep]).unwrap();
        let error = refused(&cut, &key()).await;
        assert!(matches!(error, BackupError::Cut | BackupError::NotABackup { .. }), "{keep}: {error}");
    }
    for at in [whole.len() / 2, whole.len() - 3] {
        let changed = testbed::scratch("backup");
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&changed, &bytes).unwrap();
        assert_eq!(refused(&changed, &key()).await.name(), "tampered", "{at}");
    }
    let longer = testbed::scratch("backup");
    std::fs::write(&longer, [whole.as_slice(), b"more"].concat()).unwrap();
    assert_eq!(refused(&longer, &key()).await.name(), "tampered");
    let foreign = testbed::scratch("backup");
    std::fs::write(&foreign, "SQLite format 3\0 and so on").unwrap();
    assert_eq!(refused(&foreign, &key()).await.name(), "not-a-backup");
    let newer = testbed::scratch("backup");
    let text = String::from_utf8_lossy(&whole[..30]).replace("backup 1", "backup 9");
    std::fs::write(&newer, [text.as_bytes(), &whole[30..]].concat()).unwrap();
    assert_eq!(refused(&newer, &key()).await.name(), "newer-layout");
    assert_eq!(refused(Path::new("/no/such/file"), &key()).await.name(), "file");
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_an_older_one_is_moved_forward() {
    const NEXT: &[Migration] = &[Migration {
        version: 1,
        name: "next",
        sql: "create table next_year (id bigint not null primary key, plan_fen bigint not null, raw bytea);",
    }];
    const LATER: &[Migration] =
        &[NEXT[0], Migration { version: 2, name: "more", sql: "alter table next_year add column note text;" }];
    let house = lived(testbed::sqlite().await).await;
    migrate(&house.app.db, &[("next", NEXT)]).await.unwrap();
    let mut tx = house.app.db.write().await.unwrap();
    let row = args![i64::MAX, 1_234_i64, vec![0_u8, 255, 10]];
    tx.execute("insert into next_year (id, plan_fen, raw) values ($1, $2, $3)", row).await.unwrap();
    tx.commit().await.unwrap();
    let (file, made) = made(&house, &key()).await;
    assert_eq!(made.totals["next_year"].fen["plan_fen"], "1234");

    let error = refused(&file, &key()).await;
    assert!(matches!(&error, BackupError::Newer { capability, version: 1, .. } if capability == "next"), "{error}");

    for target in testbed::databases().await {
        let steps: [(&'static str, &'static [Migration]); 2] = [STEPS[0], ("next", LATER)];
        let restored = backup::restore(&target, &steps, &file, &key()).await.unwrap();
        assert_eq!(restored.moved_forward, 1);
        let row = target.read().await.unwrap().fetch_one("select * from next_year", args![]).await.unwrap();
        assert_eq!(row.get::<i64>("id").unwrap(), i64::MAX);
        assert_eq!(row.get::<Vec<u8>>("raw").unwrap(), vec![0, 255, 10]);
        assert_eq!(row.get::<Option<String>>("note").unwrap(), None);
    }
}

#[tokio::test]
async fn only_an_empty_database_takes_a_backup() {
    for source in testbed::databases().await {
        let house = lived(source).await;
        let (file, _) = made(&house, &key()).await;
        let before = count(&house.app.db, "select count(*) as n from setting").await;
        let error = backup::restore(&house.app.db, STEPS, &file, &key()).await.unwrap_err();
        assert_eq!(error.name(), "not-empty");
        assert_eq!(count(&house.app.db, "select count(*) as n from setting").await, before);
    }
}

#[tokio::test]
async fn sessions_stay_behind_and_the_key_file_opens_what_it_sealed() {
    let house = lived(testbed::sqlite().await).await;
    house.user("boss").await;
    assert_eq!(count(&house.app.db, "select count(*) as n from session").await, 1);
    let path = testbed::scratch("backup-key");
    let keyed = BackupKey::create_file(&path).unwrap();
    assert!(BackupKey::create_file(&path).is_err(), "a key file is never overwritten");
    let (file, made) = made(&house, &keyed).await;
    assert_eq!(made.manifest.vault_key.as_deref(), Some("07070707"), "the restored book needs this key");
    let target = testbed::sqlite().await;
    backup::restore(&target, STEPS, &file, &BackupKey::open_file(&path).unwrap()).await.unwrap();
    assert_eq!(count(&target, "select count(*) as n from session").await, 0, "nobody is logged in to a copy");
    let bytes = std::fs::read(&file).unwrap();
    let institution = "测试小贷公司".as_bytes();
    assert!(!bytes.windows(institution.len()).any(|window| window == institution), "nothing stands in clear");
}

#[tokio::test]
async fn nothing_is_overwritten_and_a_failed_backup_leaves_no_file() {
    let house = lived(testbed::sqlite().await).await;
    let (file, _) = made(&house, &key()).await;
    let before = std::fs::read(&file).unwrap();
    let error = backup::make(&house.app.db, house.app.clock.now(), &key(), &file).await.unwrap_err();
    assert_eq!(error.name(), "file-exists");
    assert_eq!(std::fs::read(&file).unwrap(), before);
    let nowhere = Path::new("/no/such/folder/book.backup");
    let error = backup::make(&house.app.db, house.app.clock.now(), &key(), nowhere).await.unwrap_err();
    assert_eq!(error.name(), "file");
    assert_eq!(BackupKey::passphrase("short").unwrap_err().name(), "short-passphrase");
}
