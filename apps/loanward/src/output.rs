//! Standard output (标准输出): what a command answers.

use std::io::{ErrorKind, Write as _};

use crate::failure::Failure;

/// Prints one answer. A reader that has seen enough and closed the pipe (`| head`) is no failure.
pub fn print(answer: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{answer}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::machine(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
