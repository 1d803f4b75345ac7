//! One step of the check: a program whose output is shown only when something is wrong, and the
//! counts of tests read from it.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Tests passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed, or could not even be built.
    pub failed: usize,
}

impl Counts {
    /// Adds what another step counted.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// What a step came to.
pub struct Outcome {
    /// Whether the program ended well.
    pub ok: bool,
    /// What its test runners counted.
    pub counts: Counts,
}

/// Runs a program as a step: one line when all is well, its output when not.
pub fn run(name: &str, command: &mut Command) -> Outcome {
    print!("{name:12} ");
    let _ = std::io::stdout().flush();
    let began = now();
    let (ok, output) = match capture(command) {
        Ok(outcome) => outcome,
        Err(e) => (false, format!("{}: {e}", command.get_program().to_string_lossy())),
    };
    let counts = counts(&output);
    let tests = match counts {
        Counts { passed: 0, failed: 0 } => String::new(),
        Counts { passed, failed: 0 } => format!("  {passed} tests"),
        Counts { passed, failed } => format!("  {passed} tests passed, {failed} failed"),
    };
    println!("{}  {:.1} s{tests}", if ok { "ok    " } else { "FAILED" }, began.elapsed().as_secs_f32());
    if !ok {
        println!("{}", concise(&output));
    }
    Outcome { ok, counts }
}

/// Runs a check of our own as a step.
pub fn own(name: &str, check: impl FnOnce() -> bool) -> bool {
    let began = now();
    let ok = check();
    println!("{name:12} {}  {:.1} s", if ok { "ok    " } else { "FAILED" }, began.elapsed().as_secs_f32());
    ok
}

#[expect(clippy::disallowed_methods, reason = "how long a step takes is told to a person, and decides nothing")]
fn now() -> Instant {
    Instant::now()
}

/// Runs a program; both its streams in the order they came.
fn capture(command: &mut Command) -> std::io::Result<(bool, String)> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let output = Arc::new(Mutex::new(String::new()));
    let readers = [child.stdout.take().map(|s| collect(s, &output)), child.stderr.take().map(|s| collect(s, &output))];
    let status = child.wait()?;
    for reader in readers.into_iter().flatten() {
        let _ = reader.join();
    }
    let text = std::mem::take(&mut *output.lock().unwrap_or_else(PoisonError::into_inner));
    Ok((status.success(), text))
}

fn collect(stream: impl Read + Send + 'static, output: &Arc<Mutex<String>>) -> std::thread::JoinHandle<()> {
    let output = Arc::clone(output);
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            output.lock().unwrap_or_else(PoisonError::into_inner).push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    })
}

/// The output without what went well.
fn concise(output: &str) -> String {
    let dull = |line: &&str| {
        let line = line.trim_start();
        let building = ["Compiling ", "Checking ", "Downloaded ", "Downloading ", "Running ", "Blocking "];
        let passing = line.starts_with("test ") && line.ends_with("... ok");
        passing || line.starts_with("PASS [") || building.iter().any(|b| line.starts_with(b))
    };
    output.lines().filter(|l| !dull(l)).collect::<Vec<_>>().join("\n")
}

/// Adds up the summaries of nextest and of the standard test runner.
fn counts(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines().map(str::trim) {
        let summary = line.strip_prefix("Summary [").is_some() || line.starts_with("test result: ");
        if summary {
            counts.passed += number_before(line, " passed");
            counts.failed += number_before(line, " failed")
                + number_before(line, " timed out")
                + number_before(line, " exec failed");
        }
    }
    counts
}

fn number_before(line: &str, word: &str) -> usize {
    let Some((before, _)) = line.split_once(word) else { return 0 };
    let digits: String = before.chars().rev().take_while(char::is_ascii_digit).collect();
    digits.chars().rev().collect::<String>().parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_of_both_runners_are_added_up() {
        let output = "     Summary [   2.1s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 3 skipped\n\
                      test result: ok. 4 passed; 0 failed; 0 ignored\ntest result: FAILED. 1 passed; 2 failed;\n";
        assert_eq!(counts(output), Counts { passed: 15, failed: 4 });
        assert_eq!(counts("99 passed by a talkative test\n"), Counts::default());
    }

    #[test]
    fn what_went_well_is_left_out_of_a_failure() {
        let output = "   Compiling a v0.1.0\ntest b ... ok\ntest c ... FAILED\nassertion failed\n";
        assert_eq!(concise(output), "test c ... FAILED\nassertion failed");
    }

    #[test]
    fn a_program_that_fails_or_is_missing_is_a_failed_step() {
        assert!(run("true", &mut Command::new("true")).ok);
        assert!(!run("false", &mut Command::new("false")).ok);
        assert!(!run("missing", &mut Command::new("no-such-program-here")).ok);
    }

    #[test]
    fn counts_come_from_the_output_of_the_program() {
        let outcome = run("echo", Command::new("echo").arg("test result: ok. 3 passed; 0 failed; 0 ignored"));
        assert_eq!(outcome.counts, Counts { passed: 3, failed: 0 });
    }
}
