//! The log (日志): structured, on standard error, without personal data.
//!
//! `LOANWARD_LOG` says what is logged (`info`, `debug`, `platform=debug,warn` …). A terminal gets lines for people,
//! anything else JSON, one event a line.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// What is logged when `LOANWARD_LOG` says nothing. sqlx warns of slow statements with their whole text.
const USUAL: &str = "info,sqlx=error,tower_http=warn";

/// What repeats the address or the form that was sent: no log holds it, whatever is asked for.
const NEVER: [&str; 1] = ["axum::rejection=off"];

/// What is logged: as asked, or as usual; never what repeats what people sent.
pub(crate) fn filter(asked: Option<&str>) -> EnvFilter {
    let asked = asked.and_then(|asked| EnvFilter::try_new(asked).ok());
    let directives = NEVER.iter().filter_map(|never| never.parse().ok());
    directives.fold(asked.unwrap_or_else(|| EnvFilter::new(USUAL)), EnvFilter::add_directive)
}

/// Starts the log; a second start in one process changes nothing.
pub fn start() {
    let filter = filter(std::env::var("LOANWARD_LOG").ok().as_deref());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if std::io::stderr().is_terminal() { log.compact().try_init() } else { log.json().try_init() };
    if let Err(error) = started {
        tracing::debug!(%error, "the log runs already");
    }
}
