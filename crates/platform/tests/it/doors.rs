//! Log in and out, through HTTP, on every database.

use axum::http::{StatusCode, header};
use platform::testbed::{self, House, PASSWORD};

async fn houses() -> Vec<House> {
    let mut all = Vec::new();
    for db in testbed::databases().await {
        all.push(House::over(db, Vec::new()).await);
    }
    all
}

#[tokio::test]
async fn who_is_not_logged_in_is_sent_to_the_login_and_back() {
    for house in houses().await {
        let mut browser = house.browser();
        let sent = browser.get("/me?x=1").await;
        assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/login?next=%2Fme%3Fx%3D1"));
        let fields = [("user", "boss"), ("password", PASSWORD), ("next", "/me?x=1")];
        let done = browser.post_from("/login", "/login", &fields).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/me?x=1"), "{}", done.text);
        let cookie = done.headers.get_all(header::SET_COOKIE).iter().next().unwrap().to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        assert_eq!(browser.get("/me").await.status, StatusCode::OK);
    }
}
