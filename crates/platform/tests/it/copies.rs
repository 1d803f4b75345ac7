//! Copies taken by the server: when they are due, by one server only, kept for a time; their page; the figures.

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use jiff::SignedDuration;
use platform::access::Scope;
use platform::args;
use platform::backup::schedule::{self, BACKUP_RUN, BackupPlace, CopyState};
use platform::backup::{self, BackupKey};
use platform::testbed::{self, ALL, House};
use tempfile::TempDir;

/// A house on every database whose copies go to a folder of its own; it is 16:30 on 2026-11-20 in China.
async fn houses() -> Vec<(House, TempDir, BackupKey)> {
    let mut all = Vec::new();
    for db in testbed::databases().await {
        let folder = tempfile::tempdir().unwrap();
        let key = BackupKey::create_file(&folder.path().join("key")).unwrap();
        let mut settings = testbed::settings(&[("clerk", &[("loan.view", Scope::Institution)])]);
        settings.roles = settings.roles.with(ALL, &[(BACKUP_RUN, Scope::Institution)]);
        settings.backups = Some(BackupPlace { folder: folder.path().join("copies"), key: key.clone() });
        let house = House::with(db, Vec::new(), settings, &[("boss", &[ALL]), ("clerk", &["clerk"])]).await;
        all.push((house, folder, key));
    }
    all
}

fn files(folder: &TempDir) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder.path().join("copies")) else { return Vec::new() };
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn one_copy_a_day_is_taken_by_one_server_and_opens() {
    for (house, folder, key) in houses().await {
        let other = house.app.clone();
        let (one, two) = tokio::join!(schedule::take_due(&house.app), schedule::take_due(&other));
        let taken: Vec<CopyState> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
        assert_eq!(taken, [CopyState::Done], "two servers, one copy");
        assert_eq!(schedule::take_due(&house.app).await.unwrap(), None, "the day has its copy");
        let [file] = files(&folder).try_into().unwrap();
        assert_eq!(file, "loanward-2026-11-20-163000.loanward");
        let checked = backup::check(&folder.path().join("copies").join(file), &key).await.unwrap();
        assert_eq!(checked.manifest.institution, "测试小贷公司");
        let mut tx = house.app.db.read().await.unwrap();
        let audited = "select count(*) as n from audit_entry where action = 'backup.make'";
        assert_eq!(tx.fetch_one(audited, args![]).await.unwrap().get::<i64>("n").unwrap(), 1);
    }
}

#[tokio::test]
async fn old_copies_are_removed_by_the_plan_and_those_of_people_stay() {
    for (house, folder, _) in houses().await {
        let mut boss = house.user("boss").await;
        let set = boss.post("/backups/plan", &[("hour", "3"), ("daily", "1"), ("weekly", "1")]).await;
        assert_eq!(set.location(), "/backups", "{}", set.text);
        house.app.clock.advance(SignedDuration::from_secs(1));
        schedule::take_now(&house.app, 1).await.unwrap();
        while files(&folder).iter().filter(|name| name.ends_with(".loanward")).count() == 0 {
            tokio::task::yield_now().await;
        }
        // 2026-11-20 is a Friday: Saturday's and Sunday's copies are of the same week.
        for day in 0..3 {
            assert_eq!(schedule::take_due(&house.app).await.unwrap(), Some(CopyState::Done), "day {day}");
            house.app.clock.advance(SignedDuration::from_hours(24));
        }
        let names = files(&folder);
        assert_eq!(names.len(), 2, "Sunday's, and the one that a person asked for: {names:?}");
        assert!(names[1].starts_with("loanward-2026-11-22"), "{names:?}");
        // The session of three days ago is over.
        let page = house.user("boss").await.get("/backups").await;
        assert_eq!(page.text.matches("Removed after its time").count(), 2, "{}", page.text);
    }
}

#[tokio::test]
async fn before_its_hour_nothing_is_taken_and_a_failure_is_told_and_tried_again() {
    for (house, folder, _) in houses().await {
        let mut boss = house.user("boss").await;
        boss.post("/backups/plan", &[("hour", "23"), ("daily", "7"), ("weekly", "0")]).await;
        assert_eq!(schedule::take_due(&house.app).await.unwrap(), None);
        boss.post("/backups/plan", &[("hour", "0"), ("daily", "7"), ("weekly", "0")]).await;
        // A file stands where the folder should be.
        std::fs::write(folder.path().join("copies"), "in the way").unwrap();
        assert_eq!(schedule::take_due(&house.app).await.unwrap(), Some(CopyState::Failed));
        assert!(boss.get("/backups").await.text.contains("the folder cannot be written"));
        assert_eq!(schedule::take_due(&house.app).await.unwrap(), None, "not every minute");
        std::fs::remove_file(folder.path().join("copies")).unwrap();
        house.app.clock.advance(SignedDuration::from_mins(61));
        assert_eq!(schedule::take_due(&house.app).await.unwrap(), Some(CopyState::Done));
    }
}

#[tokio::test]
async fn the_page_belongs_to_those_who_may_and_refuses_a_wrong_plan() {
    let (house, _folder, _) = houses().await.remove(0);
    let mut clerk = house.user("clerk").await;
    assert_eq!(clerk.get("/backups").await.status, StatusCode::FORBIDDEN);
    assert_eq!(clerk.post("/backups/now", &[]).await.status, StatusCode::FORBIDDEN);
    let mut boss = house.user("boss").await;
    assert!(boss.get("/backups").await.text.contains("No copy has succeeded yet"));
    for (hour, daily, weekly) in [("24", "7", "0"), ("2", "0", "0"), ("2", "7", "99999"), ("-1", "7", "0")] {
        let answer = boss.post("/backups/plan", &[("hour", hour), ("daily", daily), ("weekly", weekly)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{hour} {daily} {weekly}");
    }
    let malformed = boss.post("/backups/plan", &[("hour", "two"), ("daily", "7"), ("weekly", "1")]).await;
    assert!(malformed.status.is_client_error());
    let without = House::over(testbed::sqlite().await, Vec::new()).await;
    let mut boss = without.user("boss").await;
    let page = boss.get("/backups").await;
    assert!(page.text.contains("--backup-dir") && !page.text.contains("/backups/now"), "{}", page.text);
    assert_eq!(boss.post("/backups/now", &[]).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn health_is_for_all_and_figures_are_for_this_machine() {
    for (house, _folder, _) in houses().await {
        let mut nobody = house.browser();
        assert_eq!(nobody.get("/healthz").await.text, "ok\n");
        assert_eq!(nobody.get("/readyz").await.text, "ready\n");
        assert_eq!(nobody.get("/metrics").await.status, StatusCode::NOT_FOUND, "no address, no figures");
        let from = |address: &str| {
            let address: std::net::SocketAddr = address.parse().unwrap();
            Request::get("/metrics").extension(ConnectInfo(address))
        };
        let figures = nobody.send(from("127.0.0.1:5000"), Body::empty()).await;
        assert_eq!(figures.status, StatusCode::OK);
        assert!(figures.text.contains("loanward_business_day 20777\n"), "{}", figures.text);
        assert!(figures.text.contains("loanward_answers_total{class=\"2xx\"}"), "{}", figures.text);
        assert!(!figures.text.contains("测试"), "no names");
        assert_eq!(nobody.send(from("10.0.0.7:5000"), Body::empty()).await.status, StatusCode::NOT_FOUND);
        let passed_on = from("127.0.0.1:5000").header("x-forwarded-for", "10.0.0.7");
        assert_eq!(nobody.send(passed_on, Body::empty()).await.status, StatusCode::NOT_FOUND);
    }
}
