//! Memory and bytes of this process (资源计量), from `/proc`; nothing where there is none.

/// Bytes written since a moment (写入量).
pub struct Meter(u64);

impl Meter {
    /// From now on.
    pub fn start() -> Self {
        Self(field("/proc/self/io", "wchar:"))
    }

    /// Bytes handed to the system since.
    pub fn written(&self) -> u64 {
        field("/proc/self/io", "wchar:").saturating_sub(self.0)
    }
}

/// The most memory that this process ever held, in bytes.
pub fn peak_memory() -> u64 {
    field("/proc/self/status", "VmHWM:").saturating_mul(1_024)
}

/// How many processors there are.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn field(file: &str, name: &str) -> u64 {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()).and_then(|number| number.parse().ok()).unwrap_or(0)
}
