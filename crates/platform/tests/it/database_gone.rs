//! PostgreSQL going away and coming back: connections that are cut, a server that cannot be reached; a clear answer with
//! an id meanwhile, nothing half-written, and work again afterwards without a restart.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use axum::http::StatusCode;
use platform::args;
use platform::db::{DatabaseUrl, Db};
use platform::testbed::{self, House};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A way to the database that can be cut.
struct Wire {
    port: u16,
    up: Arc<AtomicBool>,
    cut: watch::Sender<u32>,
    open: Arc<AtomicUsize>,
}

impl Wire {
    async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (up, (cut, watched)) = (Arc::new(AtomicBool::new(true)), watch::channel(0));
        let let_through = up.clone();
        let open = Arc::new(AtomicUsize::new(0));
        let counted = open.clone();
        tokio::spawn(async move {
            while let Ok((mut here, _)) = listener.accept().await {
                if !let_through.load(Ordering::SeqCst) {
                    // Closed at once, as by a machine on which nothing listens.
                    continue;
                }
                let (server, mut watched, counted) = (server.clone(), watched.clone(), counted.clone());
                watched.mark_unchanged();
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move {
                    if let Ok(mut there) = TcpStream::connect(&server).await {
                        tokio::select! {
                            _ = tokio::io::copy_bidirectional(&mut here, &mut there) => {}
                            _ = watched.changed() => {}
                        }
                    }
                    drop(here);
                    counted.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { port, up, cut, open }
    }

    /// Cuts every connection, and waits until they are; new ones are let through again or not.
    async fn cut(&self, up: bool) {
        self.up.store(up, Ordering::SeqCst);
        self.cut.send_modify(|cuts| *cuts += 1);
        while self.open.load(Ordering::SeqCst) > 0 {
            tokio::task::yield_now().await;
        }
    }

    fn mend(&self) {
        self.up.store(true, Ordering::SeqCst);
    }
}

async fn branches(db: &Db) -> i64 {
    let mut tx = db.read().await.unwrap();
    tx.fetch_one("select count(*) as n from branch", args![]).await.unwrap().get("n").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_is_told_and_comes_back_without_a_restart() {
    let Some(url) = testbed::postgres_url().await else { return };
    let (before, rest) = url.split_once('@').unwrap();
    let (server, rest) = rest.split_once('/').unwrap();
    let wire = Wire::to(server.to_owned()).await;
    let through = format!("{before}@127.0.0.1:{}/{rest}", wire.port);
    let house = House::over(Db::open(&DatabaseUrl::Postgres(through)).await.unwrap(), Vec::new()).await;
    let beside = Db::open(&DatabaseUrl::Postgres(url)).await.unwrap();
    let mut boss = house.user("boss").await;
    assert_eq!(boss.get("/branches").await.status, StatusCode::OK);

    // All connections are cut, as by a restart of the database: the pool finds new ones.
    wire.cut(true).await;
    let mut tries = 0;
    while boss.get("/branches").await.status != StatusCode::OK {
        tries += 1;
        assert!(tries <= 24, "as many as the pool had, at the most");
    }

    // In the middle of a transaction: nothing of it stays.
    let counted = branches(&beside).await;
    let mut tx = house.app.db.write().await.unwrap();
    let sql = "insert into branch (id, name, opened_on) select max(id) + 1, 'half', '2026-11-20' from branch";
    tx.execute(sql, args![]).await.unwrap();
    wire.cut(false).await;
    let broken = tx.commit().await.unwrap_err();
    assert!(broken.is_unavailable(), "{broken}");
    assert_eq!(branches(&beside).await, counted);

    // Gone: pages say so and when to come again; whoever asks for health hears it.
    let page = boss.get("/branches").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.text);
    assert!(
        page.text.contains("没有写入任何内容") && page.text.contains(page.headers["x-request-id"].to_str().unwrap())
    );
    assert_eq!(page.headers["retry-after"], "5");
    assert!(!page.text.contains("sqlx") && !page.text.contains("127.0.0.1"), "nothing of the machine: {}", page.text);
    assert_eq!(house.browser().get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);

    wire.mend();
    assert_eq!(boss.get("/branches").await.status, StatusCode::OK, "the session is still there");
    assert_eq!(house.browser().get("/readyz").await.status, StatusCode::OK);
    let made = boss.post("/branches/new", &[("branch", "1"), ("name", "河西支行")]).await;
    assert_eq!(made.location(), "/branches", "{}", made.text);
    assert_eq!(branches(&beside).await, counted + 1);
}
