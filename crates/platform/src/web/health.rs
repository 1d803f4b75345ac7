//! The health of the program (健康检查): for a proxy, a watchdog and a collector of figures; no personal data.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use jiff::civil::Date;

use super::{Circumstances, WebError};
use crate::app::App;
use crate::args;
use crate::backup;
use crate::calendar;
use crate::db::StoreError;

/// Answers since the start, by the hundred of their status: 1xx … 5xx.
static ANSWERS: [AtomicU64; 5] = [const { AtomicU64::new(0) }; 5];

/// Counts an answer.
pub(super) fn count(status: StatusCode) {
    let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
    ANSWERS[class].fetch_add(1, Ordering::Relaxed);
}

/// Says whether the program answers and reaches its database.
pub(super) async fn healthz(State(app): State<App>) -> Response {
    let reached = async { app.db.read().await?.fetch_one("select 1 as one", args![]).await };
    match reached.await {
        Ok(_) => (StatusCode::OK, "ok\n").into_response(),
        Err(error) => {
            tracing::error!(cause = %error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// Says whether people can work: the database answers, an institution is set up, the key to personal data is there.
pub(super) async fn readyz(State(app): State<App>) -> Response {
    let institution = async {
        let mut tx = app.db.read().await?;
        crate::access::store::institution(&mut tx).await
    };
    let why = match institution.await {
        Err(error) => {
            tracing::error!(cause = %error, "the database does not answer");
            "the database does not answer"
        }
        Ok(name) if name.is_empty() => "no institution is set up",
        Ok(_) if app.settings.vault.is_none() => "the key to personal data is missing",
        Ok(_) => return (StatusCode::OK, "ready\n").into_response(),
    };
    (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response()
}

/// Figures in the Prometheus text format, for this machine only.
///
/// Errors: [`WebError::NoSuchPage`] for everybody else: whoever may not read it need not know of it.
pub(super) async fn metrics(
    State(app): State<App>,
    request: Circumstances,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    // A proxy on this machine has this machine's address: what it passes on is not local, whether it is trusted or not.
    let passed_on = ["forwarded", "x-forwarded-for", "x-real-ip"].iter().any(|name| headers.contains_key(*name));
    if passed_on || !is_this_machine(request.address()) {
        return Err(WebError::NoSuchPage);
    }
    let text = figures(&app, app.clock.now()).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

fn is_this_machine(address: &str) -> bool {
    address.parse::<std::net::IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

async fn figures(app: &App, now: Timestamp) -> Result<String, StoreError> {
    let mut tx = app.db.read().await?;
    let day = calendar::business_date(&mut tx).await?;
    let one = async |tx: &mut crate::db::Tx, sql: &'static str, args| -> Result<i64, StoreError> {
        tx.fetch_one(sql, args).await?.get("n")
    };
    let sessions =
        one(&mut tx, "select count(*) as n from session where ended_at is null and expires_at > $1", args![now])
            .await?;
    let open = one(&mut tx, "select count(*) as n from close_run where state <> 'sealed'", args![]).await?;
    let isolated = one(&mut tx, "select count(*) as n from close_isolated where mended_on is null", args![]).await?;
    let late = one(&mut tx, "select count(*) as n from duty where state = 'open' and due_on < $1", args![day]).await?;
    let backup = backup::store::last_done(&mut tx).await?.map_or(0, |at| at.as_second());
    let mut text = String::new();
    gauge(&mut text, "business_day", "The business date as days since 1970-01-01.", days(day));
    gauge(&mut text, "sessions", "Sessions that are open.", sessions);
    gauge(&mut text, "close_runs_open", "Days whose close began and is not sealed.", open);
    gauge(&mut text, "close_isolated", "Things that a close isolated and nobody mended.", isolated);
    gauge(&mut text, "duties_late", "Duties open past their date.", late);
    gauge(&mut text, "backup_last_success_seconds", "When the last copy of the book ended, 0 for never.", backup);
    let _ = writeln!(
        text,
        "# HELP loanward_answers_total Answers since the start, by the hundred of their status.\n# TYPE loanward_answers_total counter"
    );
    for (class, answers) in ANSWERS.iter().enumerate() {
        let _ =
            writeln!(text, "loanward_answers_total{{class=\"{}xx\"}} {}", class + 1, answers.load(Ordering::Relaxed));
    }
    let _ = writeln!(
        text,
        "# HELP loanward_build_info The version that runs.\n# TYPE loanward_build_info gauge\nloanward_build_info{{version=\"{}\"}} 1",
        env!("CARGO_PKG_VERSION")
    );
    Ok(text)
}

/// One figure. Writing to a text cannot fail.
fn gauge(text: &mut String, name: &str, help: &str, value: i64) {
    let _ = writeln!(text, "# HELP loanward_{name} {help}\n# TYPE loanward_{name} gauge\nloanward_{name} {value}");
}

fn days(on: Date) -> i64 {
    on.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_reads_the_figures() {
        for (address, is) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("10.0.0.7", false),
            ("", false),
            ("-", false),
        ] {
            assert_eq!(is_this_machine(address), is, "{address}");
        }
        assert_eq!(days(Date::constant(1970, 1, 2)), 1);
    }
}
