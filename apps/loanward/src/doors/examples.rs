//! Examples at the doors (接口示例走查): what stands in the description as an example of a path is there for whoever asks,
//! and is told to nobody else.

use axum::http::StatusCode;
use platform::locale::missing_in;
use platform::testbed::{self, Browser};
use serde_json::Value as Json;

use super::programs::program;
use super::{EVERYTHING, Walk, params};

/// Paths whose examples are things of the book.
const ABOUT: [&str; 11] = [
    "/customers/{id}",
    "/loans/{id}",
    "/loans/{id}/quote",
    "/loans/{id}/transactions/{transaction}",
    "/users/{id}",
    "/duties/{customer}/{id}",
    "/collections/cases/{id}",
    "/leads/{lead}",
    "/campaigns/{campaign}",
    "/partners/{partner}",
    "/policies/versions/{id}",
];

async fn described(browser: &mut Browser) -> Json {
    let answer = browser.get("/api/openapi.json").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    serde_json::from_str(&answer.text).unwrap()
}

/// The path with the examples of its parameters, as the description gives them; none where it cannot be looked at.
fn filled(document: &Json, path: &str) -> Option<String> {
    let operation = document["paths"][format!("/api/v1{path}")].get("get")?;
    let parameters = operation["parameters"].as_array()?;
    let example = |name: &str| {
        let one = parameters.iter().find(|one| one["in"] == "path" && one["name"] == name)?;
        one["example"].as_str()
    };
    let mut filled = path.to_owned();
    for name in params(path) {
        filled = filled.replace(&format!("{{{name}}}"), example(name)?);
    }
    Some(filled)
}

#[tokio::test]
async fn an_example_is_a_thing_that_whoever_asks_may_see_and_nobody_else_is_told_of() {
    //
    for db in testbed::databases().await {
        let walk = Walk::over(db).await;
        let open = described(&mut walk.house.browser()).await;
        let mut guessing = walk.house.browser();
        guessing.headers.insert("authorization", "Bearer lw_guess".parse().unwrap());
        assert_eq!(described(&mut guessing).await, open, "who is not known reads what everybody may read");
        let mut shown = Vec::new();
        for (login, role, branch) in [
            ("reader", EVERYTHING, 1),
            ("near", "credit_supervisor", 1),
            ("far", "credit_supervisor", walk.elsewhere),
            ("own", "customer_manager", walk.elsewhere),
        ] {
            let mut program = program(&walk, login, role, branch).await;
            let mut asking = walk.house.browser();
            asking.headers.insert("authorization", format!("Bearer {}", program.token).parse().unwrap());
            let document = described(&mut asking).await;
            let mut found = 0;
            for path in ABOUT {
                let (Some(own), Some(everybody)) = (filled(&document, path), filled(&open, path)) else { continue };
                if own != everybody {
                    let answer = program.get(&own).await;
                    assert_eq!(answer.status, StatusCode::OK, "{role} {own}: {}", answer.text);
                    found += 1;
                }
            }
            shown.push((role, branch, found));
        }
        assert!(shown[0].2 > 6, "the demo has something of nearly everything: {shown:?}");
        // Whoever may do nothing of it is told of nothing, and so is a token that names none of it.
        let token = walk.house.program("reader", &["self"]).await.token;
        let mut narrow = walk.house.browser();
        narrow.headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
        let narrow = described(&mut narrow).await;
        for path in ABOUT {
            assert_eq!(filled(&narrow, path), filled(&open, path), "{path}");
        }

        // A person at the screen reads the same, with the request as it can be sent.
        let mut person = walk.house.user("reader").await;
        let loan = filled(&described(&mut person).await, "/loans/{id}/quote").unwrap();
        let page = person.get("/api/docs").await.text;
        assert!(page.contains(&format!("GET /api/v1{loan}")) && missing_in(&page).is_empty(), "{loan}");
    }
}
