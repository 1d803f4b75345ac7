//! The dashboard over the sample book of the tests: `cargo run -p oversight --example dashboard`,
//! then open `http://127.0.0.1:4410/` and log in as `boss` with the password of the testbed.

#[path = "../tests/it/fixture.rs"]
#[expect(clippy::unwrap_used, reason = "shared with the tests")]
mod fixture;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let house = fixture::house(platform::testbed::sqlite().await).await;
    fixture::book(&house).await;
    let session = house.user("boss").await.cookies;
    println!("http://127.0.0.1:4410/dashboard  boss / {}  {session:?}", platform::testbed::PASSWORD);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:4410").await?;
    axum::serve(listener, house.router).await?;
    Ok(())
}
