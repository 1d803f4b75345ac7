//! `cargo xtask api-check`: schemathesis tries every route of a running server's interface with what its description
//! allows and with what it does not, and reports server errors and answers that are not as described.
//!
//! It writes: give it a demo book, never a real one. It is no part of `check`, because it takes minutes and needs a server.
//! What stands in the paths is read from the book (`xtask/api-check/hooks.py`).
//! The rate at which it asks is the third argument: by default within `api_requests_per_minute` of the shipped pack; more
//! for a server whose pack allows more (`docs/api.md`).

use std::path::Path;
use std::process::Command;

/// What is installed, and with which seed it is run: the same finds come again.
const TOOL: &str = "schemathesis==4.32.5";
const SEED: &str = "20261120";
/// Examples of each operation and phase.
const EXAMPLES: &str = "8";
/// Requests a minute when nothing is said: within what the shipped pack allows.
pub const RATE: &str = "500";
/// What must hold of every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/// Installs the tool under `target/` and runs it; whether it found nothing.
pub fn run(root: &Path, url: &str, token: &str, rate: &str) -> Result<bool, String> {
    let home = root.join("target").join("api-check");
    let tool = home.join("bin").join("schemathesis");
    if !tool.exists() {
        step(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
        step(Command::new(home.join("bin").join("pip")).args(["install", "--quiet", TOOL]))?;
    }
    let mut command = Command::new(tool);
    command.arg("run").arg(format!("{}/api/openapi.json", url.trim_end_matches('/')));
    command.args(["--header", &format!("Authorization: Bearer {token}"), "--checks", CHECKS]);
    // Real ids in the paths: `xtask/api-check/hooks.py`.
    command.env("SCHEMATHESIS_HOOKS", "hooks").env("PYTHONPATH", root.join("xtask").join("api-check"));
    command.env("LOANWARD_URL", url).env("LOANWARD_TOKEN", token);
    command.args(["--seed", SEED, "--max-examples", EXAMPLES, "--phases", "examples,coverage,fuzzing"]);
    command.args(["--rate-limit", &format!("{rate}/m"), "--continue-on-failure", "--request-timeout", "60"]);
    Ok(started(&mut command)?.success())
}

fn step(command: &mut Command) -> Result<(), String> {
    if started(command)?.success() { Ok(()) } else { Err(format!("{command:?} failed")) }
}

fn started(command: &mut Command) -> Result<std::process::ExitStatus, String> {
    command.status().map_err(|error| format!("{command:?}: {error}"))
}
