//! ChromeDriver and a Chromium of its own for every walk.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::error::WalkError;
use crate::view::{Size, View};

/// What Chromium is told: no window, nothing fetched on its own account.
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
];

/// A driver process with its browser's folders; both end with it.
pub(crate) struct Driver {
    process: Child,
    port: u16,
    folder: TempDir,
}

impl Driver {
    /// Starts ChromeDriver on a free port. It takes the same number twice, for both versions of the protocol, and ends when
    /// somebody else holds one of them: then it is asked for another.
    pub fn start() -> Result<Self, WalkError> {
        const TRIES: usize = 5;
        (1..TRIES).find_map(|_| Self::try_start().ok()).map_or_else(Self::try_start, Ok)
    }

    fn try_start() -> Result<Self, WalkError> {
        let folder = TempDir::new()?;
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| WalkError::Driver(format!("chromedriver: {e}; install the package chromium-driver")))?;
        let stdout = process.stdout.take();
        let mut driver = Self { process, port: 0, folder };
        let mut lines = stdout.map(|s| BufReader::new(s).lines()).into_iter().flatten().map_while(Result::ok);
        driver.port = lines
            .find_map(|line| port_in(&line))
            .ok_or_else(|| WalkError::Driver("chromedriver did not say its port".to_owned()))?;
        // The pipe stays open: a driver that cannot write its notices would stop.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(driver)
    }

    /// Opens the browser in a view.
    pub async fn open(&self, view: View) -> Result<Client, WalkError> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = ClientBuilder::new(connector)
            .capabilities(self.capabilities(view))
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .map_err(|e| WalkError::Driver(e.to_string()))?;
        Ok(client)
    }

    /// Where downloads go.
    pub fn downloads(&self) -> std::path::PathBuf {
        self.folder.path().join("downloads")
    }

    fn profile(&self) -> String {
        self.folder.path().join("profile").to_string_lossy().into_owned()
    }

    fn capabilities(&self, view: View) -> serde_json::Map<String, Value> {
        let (width, height) = view.size.pixels();
        let tag = view.language.tag();
        let mut flags: Vec<String> = FLAGS.iter().map(|f| (*f).to_owned()).collect();
        flags.push(format!("--user-data-dir={}", self.profile()));
        flags.push(format!("--window-size={width},{height}"));
        flags.push(format!("--lang={tag}"));
        flags.push("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost".to_owned());
        let mut options = json!({
            "args": flags,
            "prefs": {
                "intl.accept_languages": tag,
                "credentials_enable_service": false,
                "profile.password_manager_leak_detection": false,
                "download.default_directory": self.downloads(),
                "download.prompt_for_download": false,
                "plugins.always_open_pdf_externally": true,
            },
        });
        // The page gets the whole size, none of it goes to the browser's own bars.
        let is_phone = view.size == Size::Phone;
        options["mobileEmulation"] = json!({ "deviceMetrics": {
            "width": width, "height": height, "pixelRatio": 1.0, "mobile": is_phone, "touch": is_phone,
        } });
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            "timeouts": { "pageLoad": 60_000, "script": 30_000, "implicit": 0 },
        });
        capabilities.as_object().cloned().unwrap_or_default()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        // A walk that panics leaves its browser behind: it is known by its own profile folder.
        for process in processes_naming(&self.profile()) {
            let _ = Command::new("kill").args(["-KILL", &process]).stderr(Stdio::null()).status();
        }
    }
}

fn port_in(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("started successfully on port ")?;
    rest.trim_end_matches('.').parse().ok()
}

/// Ids of the processes that have this text among their arguments.
fn processes_naming(text: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let ids = entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned());
    ids.filter(|id| id.bytes().all(|b| b.is_ascii_digit()))
        .filter(|id| {
            let arguments = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&arguments).contains(text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_the_driver() {
        assert_eq!(port_in("ChromeDriver was started successfully on port 40123."), Some(40123));
        assert_eq!(port_in("Starting ChromeDriver 156"), None);
    }
}
