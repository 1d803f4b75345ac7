//! A PostgreSQL of the tests' own: made in a temporary folder, on loopback, gone afterwards.
//!
//! PostgreSQL refuses to run as root, so root hands it to the user `postgres`.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::machine::is_root;

/// What the tests read to find the server.
pub const URL_VARIABLE: &str = "LOANWARD_TEST_PG";

/// A running server; stopped and removed when dropped.
pub struct Server {
    folder: PathBuf,
    child: Child,
    port: u16,
}

impl Server {
    /// Makes a database cluster and starts it.
    pub fn start() -> Result<Self, String> {
        let programs = programs().ok_or("PostgreSQL is not installed: sudo apt-get install postgresql")?;
        let folder = output(as_server_user("mktemp").arg("-d").arg(std::env::temp_dir().join("loanward-pg-XXXXXX")))?;
        let folder = PathBuf::from(folder.trim());
        let made = output(as_server_user(programs.join("initdb")).arg("-D").arg(folder.join("data")).args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]));
        let started = made.and_then(|_| free_port()).and_then(|port| {
            let child = spawn(&programs, &folder, port)?;
            Ok(Self { folder: folder.clone(), child, port })
        });
        let mut server = started.inspect_err(|_| remove(&folder))?;
        server.wait_until_ready(&programs)?;
        Ok(server)
    }

    /// Where the server listens; its user may create databases and schemas.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&mut self, programs: &Path) -> Result<(), String> {
        for _ in 0..150 {
            if let Ok(Some(status)) = self.child.try_wait() {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                return Err(format!("PostgreSQL stopped at once ({status}):\n{log}"));
            }
            let ready = Command::new(programs.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-t", "1", "-p", &self.port.to_string()])
                .status();
            if ready.is_ok_and(|s| s.success()) {
                return Ok(());
            }
            pause();
        }
        Err("PostgreSQL did not answer within half a minute".to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: it ends the connections and its own children.
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
        remove(&self.folder);
    }
}

#[expect(clippy::disallowed_methods, reason = "waits for another program to answer, which sends no event")]
fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(200));
}

fn remove(folder: &Path) {
    if let Err(e) = std::fs::remove_dir_all(folder) {
        eprintln!("{}: {e}", folder.display());
    }
}

/// Where Debian keeps the programs of the newest PostgreSQL.
pub fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let newest = versions.flatten().filter_map(|e| e.file_name().to_string_lossy().parse::<u32>().ok()).max()?;
    let folder = PathBuf::from(format!("/usr/lib/postgresql/{newest}/bin"));
    folder.join("initdb").is_file().then_some(folder)
}

/// A program run by a user that PostgreSQL accepts; it ends when we do.
fn as_server_user(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "INT"]);
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
    }
    command.arg("--").arg(program).env("LC_ALL", "C.UTF-8").current_dir("/");
    command
}

fn spawn(programs: &Path, folder: &Path, port: u16) -> Result<Child, String> {
    let log = std::fs::File::create(folder.join("log")).map_err(|e| e.to_string())?;
    let errors = log.try_clone().map_err(|e| e.to_string())?;
    let mut command = as_server_user(programs.join("postgres"));
    command.arg("-D").arg(folder.join("data")).arg("-p").arg(port.to_string());
    let sockets = format!("unix_socket_directories={}", folder.display());
    // A crash loses the cluster, and nobody minds: speed before safety.
    for setting in [
        "listen_addresses=127.0.0.1",
        &sockets,
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "max_connections=300",
        "shared_buffers=128MB",
    ] {
        command.args(["-c", setting]);
    }
    command.stdin(Stdio::null()).stdout(log).stderr(errors).spawn().map_err(|e| e.to_string())
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|e| e.to_string())?;
    Ok(listener.local_addr().map_err(|e| e.to_string())?.port())
}

fn output(command: &mut Command) -> Result<String, String> {
    let name = command.get_args().last().map(|a| a.to_string_lossy().into_owned()).unwrap_or_default();
    let output = command.output().map_err(|e| format!("setpriv: {e}"))?;
    if !output.status.success() {
        return Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_answers_stops_and_leaves_nothing() {
        let server = Server::start().unwrap();
        let psql = programs().unwrap().join("psql");
        let answer = output(
            Command::new(psql)
                .arg(server.url())
                .args(["-At", "-c", "create database proof"])
                .args(["-c", "select current_setting('server_encoding'), current_setting('fsync')"]),
        );
        assert_eq!(answer.unwrap(), "CREATE DATABASE\nUTF8|off\n");
        let (folder, port) = (server.folder.clone(), server.port);
        drop(server);
        assert!(!folder.exists());
        assert!(TcpListener::bind(("127.0.0.1", port)).is_ok());
    }
}
