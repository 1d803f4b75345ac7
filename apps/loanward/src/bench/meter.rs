//! What this process used (资源计量), from `/proc`; nothing where there is none.

use std::time::Duration;

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

/// The most memory that this process held since it was last asked, in bytes; where the system refuses to count anew,
/// since the process began.
pub fn forget_peak() -> u64 {
    let peak = field("/proc/self/status", "VmHWM:").saturating_mul(1_024);
    // 5: reset the peak of the resident set (proc(5), `clear_refs`).
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    peak
}

/// How long all threads that live have run on a processor, waiting for nothing: what a busy machine does not stretch.
pub fn processor_time() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    tasks.map(|task| ran(&task.path().join("schedstat").display().to_string())).sum()
}

/// The same of the present thread alone.
pub fn thread_time() -> Duration {
    ran("/proc/thread-self/schedstat")
}

fn ran(file: &str) -> Duration {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    Duration::from_nanos(text.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0))
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
