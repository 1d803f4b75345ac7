//! What the tests need from the machine, and how it gets there on a fresh Debian.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Something the tests need, and the Debian package that brings it.
struct Need {
    package: &'static str,
    what_for: &'static str,
    present: fn() -> bool,
}

const NEEDS: [Need; 5] = [
    Need { package: "chromium", what_for: "browser walks", present: || program("chromium") },
    Need { package: "chromium-driver", what_for: "browser walks", present: || program("chromedriver") },
    Need {
        package: "postgresql",
        what_for: "the tests on the second database",
        present: || crate::postgres::programs().is_some(),
    },
    Need { package: "fonts-noto-cjk", what_for: "printing Chinese", present: cjk_font },
    Need { package: "poppler-utils", what_for: "looking into printed documents", present: || program("pdftotext") },
];

/// Installs what is missing by apt, or says what to install.
pub fn prepare() -> Result<(), String> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|n| !(n.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|n| n.package).collect();
    if !is_root() || !program("apt-get") {
        return Err(advice(&missing));
    }
    println!("installing   {} (by apt)", packages.join(", "));
    apt(&["update", "-qq"])?;
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], packages.as_slice()].concat())?;
    let still: Vec<&Need> = missing.into_iter().filter(|n| !(n.present)()).collect();
    if still.is_empty() { Ok(()) } else { Err(advice(&still)) }
}

fn advice(missing: &[&Need]) -> String {
    let mut text = String::from("the tests need what this machine lacks:\n");
    for need in missing {
        text.push_str(&format!("    {:16} for {}\n", need.package, need.what_for));
    }
    let packages: Vec<&str> = missing.iter().map(|n| n.package).collect();
    text.push_str(&format!("install it with: sudo apt-get install --no-install-recommends {}", packages.join(" ")));
    text
}

fn apt(arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("apt-get")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .output()
        .map_err(|e| format!("apt-get: {e}"))?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("apt-get {} failed:\n{errors}", arguments.join(" ")))
}

/// Whether this process may install packages and hand work to another user.
pub fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    effective_user(&status) == Some(0)
}

fn effective_user(status: &str) -> Option<u32> {
    let ids = status.lines().find_map(|l| l.strip_prefix("Uid:"))?;
    ids.split_whitespace().nth(1)?.parse().ok()
}

/// Whether a program is on the path.
pub fn program(name: &str) -> bool {
    find(name).is_some()
}

fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|p| p.is_file())
}

fn cjk_font() -> bool {
    ["/usr/share/fonts", "/usr/local/share/fonts"].iter().any(|folder| has_cjk(Path::new(folder)))
}

fn has_cjk(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().map(|e| e.path()).any(|path| {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        (path.is_dir() && has_cjk(&path)) || (name.contains("CJK") && name.contains("Noto"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_effective_user_is_the_second_number() {
        assert_eq!(effective_user("Name:\txtask\nUid:\t1000\t0\t0\t0\n"), Some(0));
        assert_eq!(effective_user("Uid:\t0\t1000\t0\t0\n"), Some(1000));
        assert_eq!(effective_user(""), None);
    }

    #[test]
    fn the_advice_names_package_purpose_and_command() {
        let text = advice(&[&NEEDS[0], &NEEDS[3]]);
        assert!(text.contains("chromium         for browser walks"), "{text}");
        assert!(text.ends_with("sudo apt-get install --no-install-recommends chromium fonts-noto-cjk"), "{text}");
    }

    #[test]
    fn programs_are_looked_up_on_the_path() {
        assert!(program("sh"));
        assert!(!program("no-such-program-here"));
    }

    #[test]
    fn a_cjk_font_is_found_in_a_folder_below() {
        let folder = std::env::temp_dir().join(format!("loanward-fonts-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("opentype/noto")).unwrap();
        assert!(!has_cjk(&folder));
        std::fs::write(folder.join("opentype/noto/NotoSansCJK-Regular.ttc"), "").unwrap();
        assert!(has_cjk(&folder));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
