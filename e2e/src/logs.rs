//! What the browser noted: errors on its console, and every request it made.

use fantoccini::Client;
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::error::WalkError;

/// Reads and empties one of Chromium's logs.
#[derive(Debug)]
struct ReadLog(&'static str);

impl WebDriverCompatibleCommand for ReadLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": self.0 }).to_string()))
    }
}

/// Errors on the console since it was last read.
pub(crate) async fn console_errors(client: &Client) -> Result<Vec<String>, WalkError> {
    let entries = client.issue_cmd(ReadLog("browser")).await?;
    Ok(errors_among(&entries))
}

/// Addresses outside this machine that were asked for since the log was last read.
pub(crate) async fn outside_requests(client: &Client) -> Result<Vec<String>, WalkError> {
    let entries = client.issue_cmd(ReadLog("performance")).await?;
    Ok(outside_among(&entries))
}

fn errors_among(entries: &Value) -> Vec<String> {
    let entries = entries.as_array().into_iter().flatten();
    entries
        .filter(|entry| entry["level"] == "SEVERE")
        .map(|entry| entry["message"].as_str().unwrap_or("an error without a message").to_owned())
        .collect()
}

fn outside_among(entries: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for entry in entries.as_array().into_iter().flatten() {
        let message = entry["message"].as_str().and_then(|m| serde_json::from_str::<Value>(m).ok()).unwrap_or_default();
        let event = &message["message"];
        let address = match event["method"].as_str() {
            Some("Network.requestWillBeSent") => event["params"]["request"]["url"].as_str(),
            Some("Network.webSocketCreated") => event["params"]["url"].as_str(),
            _ => None,
        };
        found.extend(address.filter(|a| leaves(a)).map(str::to_owned));
    }
    found
}

/// Whether an address lies outside this machine.
fn leaves(address: &str) -> bool {
    match Url::parse(address) {
        Ok(url) if ["http", "https", "ws", "wss", "ftp"].contains(&url.scheme()) => {
            !matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
        }
        // data:, blob:, about: and the browser's own pages stay in the browser.
        Ok(_) => false,
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_inside() {
        for inside in [
            "http://127.0.0.1:80/a",
            "http://localhost/",
            "data:text/plain,a",
            "blob:http://127.0.0.1/x",
            "about:blank",
        ] {
            assert!(!leaves(inside), "{inside}");
        }
        for outside in
            ["https://fonts.example.com/a.css", "http://127.0.0.1.example.com/", "ws://10.0.0.1/", "nonsense"]
        {
            assert!(leaves(outside), "{outside}");
        }
    }

    #[test]
    fn requests_are_read_from_the_performance_log() {
        let sent = |url: &str| {
            let event = json!({ "message": { "method": "Network.requestWillBeSent", "params": { "request": { "url": url } } } });
            json!({ "level": "INFO", "message": event.to_string() })
        };
        let entries = json!([sent("http://127.0.0.1:8/"), sent("https://cdn.example.com/x.js"), { "message": "{}" }]);
        assert_eq!(outside_among(&entries), ["https://cdn.example.com/x.js"]);
    }

    #[test]
    fn warnings_on_the_console_are_not_errors() {
        let entries = json!([{ "level": "WARNING", "message": "w" }, { "level": "SEVERE", "message": "s" }]);
        assert_eq!(errors_among(&entries), ["s"]);
    }
}
