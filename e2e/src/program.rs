//! The program under test, started for a walk and stopped after it.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tempfile::TempDir;

use crate::error::WalkError;

/// How long a program may take to be ready; a demo book is made in this time.
const READY_WITHIN: Duration = Duration::from_secs(420);

/// What the program prints before its address.
const ANNOUNCEMENT: &str = "listening on ";

/// A running program that serves pages on this machine (运行中的程序); stopped when dropped.
pub struct Program {
    child: Child,
    address: String,
    output: Arc<Mutex<String>>,
    /// Removed with the program.
    data: Option<TempDir>,
}

impl Program {
    /// The demo on data of its own.
    ///
    /// The demo book is made once per build and copied for every walk, so that walks neither wait
    /// for it nor meet each other's traces.
    pub fn demo() -> Result<Self, WalkError> {
        Self::demo_of(&binary()?, &target().join("e2e"))
    }

    fn demo_of(binary: &Path, seeds: &Path) -> Result<Self, WalkError> {
        let seed = seed(binary, seeds)?;
        let data = TempDir::new()?;
        copy(&seed, data.path())?;
        let mut program = start_demo(binary, data.path())?;
        program.data = Some(data);
        Ok(program)
    }

    /// `loanward serve` on an empty data folder with these options, to be set up in the browser; its code is in [`Program::output`].
    pub fn first_run(more: &[&OsStr]) -> Result<Self, WalkError> {
        Self::first_run_in(TempDir::new()?, more)
    }

    /// The same with a demo book in its place already, which is otherwise made when somebody asks for it.
    pub fn first_run_beside_demo() -> Result<Self, WalkError> {
        let (data, seed) = (TempDir::new()?, seed(&binary()?, &target().join("e2e"))?);
        let demo = data.path().join("demo");
        fs::create_dir(&demo)?;
        copy(&seed, &demo)?;
        Self::first_run_in(data, &[])
    }

    fn first_run_in(data: TempDir, more: &[&OsStr]) -> Result<Self, WalkError> {
        let place = [OsStr::new("serve"), "--port".as_ref(), "0".as_ref(), "--data".as_ref(), data.path().as_ref()];
        let mut program = Self::start(&binary()?, &[&place, more].concat())?;
        program.data = Some(data);
        Ok(program)
    }

    /// `loanward serve` on an empty data folder that the console sets up, as on the first day.
    pub fn empty() -> Result<Self, WalkError> {
        let data = TempDir::new()?;
        let place = ["serve", "--port", "0", "--admin", "admin", "--data"].map(OsStr::new);
        let arguments: Vec<&OsStr> = place.into_iter().chain([data.path().as_os_str()]).collect();
        let mut program = Self::start(&binary()?, &arguments)?;
        program.data = Some(data);
        Ok(program)
    }

    /// Starts a program and waits until it prints `listening on http://127.0.0.1:PORT`.
    pub fn start(program: &Path, arguments: &[&OsStr]) -> Result<Self, WalkError> {
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| WalkError::Program(format!("{}: {e}", program.display())))?;
        let output = Arc::new(Mutex::new(String::new()));
        let stdout = child.stdout.take();
        let mut started = Self { child, address: String::new(), output: Arc::clone(&output), data: None };
        let announced = stdout.map(|stdout| listen(stdout, output));
        let address = announced.and_then(|receiver| receiver.recv_timeout(READY_WITHIN).ok());
        match address {
            Some(address) => started.address = address,
            None => {
                return Err(WalkError::Program(format!("never said where it listens; it said:\n{}", started.output())));
            }
        }
        Ok(started)
    }

    /// Stops it and starts the demo again on the same data, as on the next morning.
    pub fn again(mut self) -> Result<Self, WalkError> {
        let data = self.data.take().ok_or_else(|| WalkError::Program("it has no data of its own".to_owned()))?;
        drop(self);
        let mut program = start_demo(&binary()?, data.path())?;
        program.data = Some(data);
        Ok(program)
    }

    /// Runs `loanward` with arguments that it must refuse; what it said. A program that goes on is stopped.
    pub fn refusal(arguments: &[&OsStr]) -> Result<String, WalkError> {
        let said = Command::new(binary()?).args(arguments).stdin(Stdio::null()).output()?;
        if said.status.success() {
            return Err(WalkError::Program("it did not refuse".to_owned()));
        }
        Ok(String::from_utf8_lossy(&said.stderr).into_owned())
    }

    /// Runs `loanward` to its end; what it printed.
    pub fn run(arguments: &[&OsStr]) -> Result<String, WalkError> {
        let ended = Command::new(binary()?).args(arguments).stdin(Stdio::null()).output()?;
        if !ended.status.success() {
            return Err(WalkError::Program(String::from_utf8_lossy(&ended.stderr).into_owned()));
        }
        Ok(String::from_utf8_lossy(&ended.stdout).into_owned())
    }

    /// Starts `loanward serve` on a folder that holds a book already.
    pub fn serve(data: &Path) -> Result<Self, WalkError> {
        let place = ["serve", "--port", "0", "--data"].map(OsStr::new);
        let arguments: Vec<&OsStr> = place.into_iter().chain([data.as_os_str()]).collect();
        Self::start(&binary()?, &arguments)
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What it has printed so far, the logins of a demo among it.
    pub fn output(&self) -> String {
        self.output.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The folder of its data.
    pub fn data(&self) -> Option<&Path> {
        self.data.as_ref().map(TempDir::path)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start_demo(binary: &Path, data: &Path) -> Result<Program, WalkError> {
    let arguments = [OsStr::new("demo"), "--port".as_ref(), "0".as_ref(), "--data".as_ref(), data.as_ref()];
    Program::start(binary, &arguments)
}

/// Reads what the program prints; sends the address once.
fn listen(stdout: ChildStdout, output: Arc<Mutex<String>>) -> Receiver<String> {
    let (sender, receiver): (Sender<String>, _) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let mut kept = output.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push_str(&line);
            kept.push('\n');
            drop(kept);
            if let Some(address) = address_in(&line) {
                // Nobody waits any more after the first address.
                let _ = sender.send(address);
            }
        }
    });
    receiver
}

fn address_in(line: &str) -> Option<String> {
    let (_, rest) = line.split_once(ANNOUNCEMENT)?;
    let address = rest.split_whitespace().next()?.trim_end_matches('/');
    address.starts_with("http://").then(|| address.to_owned())
}

/// The program's file: `LOANWARD_BIN`, or beside the tests in the target folder.
fn binary() -> Result<PathBuf, WalkError> {
    let named = std::env::var_os("LOANWARD_BIN").map(PathBuf::from);
    // Tests run from target/debug/deps/, the program lies one folder above.
    let beside = std::env::current_exe().ok().and_then(|e| Some(e.parent()?.parent()?.join("loanward")));
    match named.or(beside).filter(|p| p.is_file()) {
        Some(path) => Ok(path),
        None => Err(WalkError::Program("not built: run `cargo build -p loanward` or set LOANWARD_BIN".to_owned())),
    }
}

/// The folder where what walks leave behind is kept: `target/` of the build.
pub(crate) fn target() -> PathBuf {
    let beside = std::env::current_exe().ok().and_then(|e| Some(e.parent()?.parent()?.parent()?.to_path_buf()));
    beside.unwrap_or_else(|| PathBuf::from("target"))
}

/// The folder of a demo book made by this very build of the program.
fn seed(binary: &Path, seeds: &Path) -> Result<PathBuf, WalkError> {
    let built = fs::metadata(binary)?.modified()?;
    let stamp = built.duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_millis());
    fs::create_dir_all(seeds)?;
    // Walks are processes of their own: the first makes the book, the others wait for it.
    let lock = fs::File::create(seeds.join("demo.lock"))?;
    lock.lock()?;
    let seed = seeds.join(format!("demo-{stamp}"));
    if !seed.is_dir() {
        for old in fs::read_dir(seeds)?.flatten().filter(|e| e.path().is_dir()) {
            fs::remove_dir_all(old.path())?;
        }
        let making = seeds.join("making");
        fs::create_dir_all(&making)?;
        drop(start_demo(binary, &making)?);
        fs::rename(&making, &seed)?;
    }
    Ok(seed)
}

fn copy(from: &Path, to: &Path) -> Result<(), WalkError> {
    for entry in fs::read_dir(from)?.flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<Program, WalkError> {
        Program::start(Path::new("/bin/sh"), &["-c".as_ref(), script.as_ref()])
    }

    #[test]
    fn the_address_is_read_from_the_announcement() {
        let program =
            shell("echo made a book; echo '2026 listening on http://127.0.0.1:4711/ now'; exec sleep 60").unwrap();
        assert_eq!(program.address(), "http://127.0.0.1:4711");
        assert!(program.output().starts_with("made a book\n"));
    }

    #[test]
    fn a_program_that_ends_without_an_address_is_told_with_what_it_said() {
        let error = shell("echo the port is taken").err().unwrap().to_string();
        assert!(error.contains("the port is taken"), "{error}");
    }

    #[test]
    fn the_program_ends_with_its_guard() {
        let program = shell("echo \"listening on http://127.0.0.1:1\"; exec sleep 60").unwrap();
        let process = PathBuf::from(format!("/proc/{}", program.child.id()));
        assert!(process.exists());
        drop(program);
        assert!(!process.exists());
    }

    #[test]
    fn the_demo_book_is_made_once_and_copied_for_every_walk() {
        let seeds = TempDir::new().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/demo.sh");
        let first = Program::demo_of(&script, seeds.path()).unwrap();
        let second = Program::demo_of(&script, seeds.path()).unwrap();
        assert_ne!(first.data(), second.data());
        for program in [&first, &second] {
            assert_eq!(fs::read_to_string(program.data().unwrap().join("book")).unwrap(), "loans\n");
        }
        assert_eq!(fs::read_to_string(seeds.path().join("made")).unwrap(), "made\n");
    }

    #[test]
    fn folders_are_copied_whole() {
        let (from, to) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        fs::create_dir(from.path().join("files")).unwrap();
        fs::write(from.path().join("files/a"), "1").unwrap();
        copy(from.path(), to.path()).unwrap();
        assert_eq!(fs::read_to_string(to.path().join("files/a")).unwrap(), "1");
    }
}
