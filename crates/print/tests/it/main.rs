//! Every document is printed with the fonts of the machine and read back by `pdftotext` (poppler-utils).
//!
//! `PRINT_SAMPLES=dir cargo nextest run -p print` keeps the files for looking at.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop at once")]

mod bundle;
mod documents;
mod hostile;
mod samples;

use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::{env, fs};

use print::{Document, FontFolders, Press, PrintError, Printed};

static PRESS: LazyLock<Press> = LazyLock::new(|| Press::new(FontFolders::system()));

/// Prints, and keeps the file where asked to.
fn print(name: &str, document: &dyn Document) -> Printed {
    let printed = PRESS.print(document).unwrap_or_else(|error| panic!("{name}: {error}"));
    if let Some(folder) = env::var_os("PRINT_SAMPLES") {
        fs::write(std::path::Path::new(&folder).join(format!("{name}.pdf")), &printed.pdf).unwrap();
    }
    printed
}

/// The refusal of a document that must not print.
fn refusal(document: &dyn Document) -> PrintError {
    PRESS.print(document).unwrap_err()
}

/// The text of a file, laid out as on the page.
fn text_of(printed: &Printed) -> String {
    poppler("pdftotext", &["-layout", "FILE", "-"], printed)
}

/// The metadata of a file.
fn metadata_of(printed: &Printed) -> String {
    poppler("pdfinfo", &["FILE"], printed)
}

fn poppler(program: &str, arguments: &[&str], printed: &Printed) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("print.pdf");
    fs::write(&file, &printed.pdf).unwrap();
    let arguments = arguments.iter().map(|it| if *it == "FILE" { file.as_os_str() } else { it.as_ref() });
    let output = Command::new(program)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .unwrap_or_else(|error| panic!("{program} is needed (apt install poppler-utils): {error}"));
    assert!(output.status.success(), "{program} failed");
    String::from_utf8(output.stdout).unwrap()
}

/// Asserts that each part stands in the text; blanks do not count, since layout moves them.
fn assert_holds(text: &str, parts: &[&str]) {
    let plain: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    for part in parts {
        let wanted: String = part.chars().filter(|sign| !sign.is_whitespace()).collect();
        assert!(plain.contains(&wanted), "{part:?} is not on the page:\n{text}");
    }
}
