//! What a figure was measured on.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use serde::Serialize;

/// The machine, as far as it matters to a disk.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    cores: usize,
    cpu: String,
    memory_mib: u64,
    kernel: String,
    file_system: String,
    mount_options: String,
    device: String,
    /// Of the last minute when the bench began.
    load_average: String,
}

impl Machine {
    /// Of this process, with the file system a folder is on.
    pub(crate) fn around(folder: &Path) -> Self {
        let (device, file_system, mount_options) = mount(folder).unwrap_or_default();
        Self {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            cpu: field("/proc/cpuinfo", "model name").unwrap_or_default(),
            memory_mib: kib("/proc/meminfo", "MemTotal") / 1024,
            kernel: read("/proc/sys/kernel/osrelease"),
            file_system,
            mount_options,
            device,
            load_average: read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned(),
        }
    }
}

impl std::fmt::Display for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { cores, cpu, memory_mib, kernel, file_system, mount_options, device, load_average } = self;
        write!(
            f,
            "{cores} cores of {cpu}, {memory_mib} MiB, Linux {kernel}, {file_system} on {device} ({mount_options}), load average {load_average}"
        )
    }
}

/// Whether what is written to a folder never reaches a disk.
pub(crate) fn in_memory(folder: &Path) -> bool {
    mount(folder).is_some_and(|(_, kind, _)| kind == "tmpfs" || kind == "ramfs")
}

/// Most memory this process ever held, and what it holds now apart from files, in MiB.
pub(crate) fn memory_mib() -> (u64, u64) {
    (kib("/proc/self/status", "VmHWM") / 1024, kib("/proc/self/status", "RssAnon") / 1024)
}

/// Waits until nobody else computes, but not for ever. Called while this process is idle.
pub(crate) fn calm(at_most: Duration) {
    const LOOK: Duration = Duration::from_millis(200);
    let until = Instant::now() + at_most;
    while Instant::now() < until {
        let before = busy();
        thread::sleep(LOOK);
        // Hundredths of a second of all cores together: a tenth of one core is noise.
        if busy() - before <= 2 {
            return;
        }
    }
}

/// Time all processes took so far, in hundredths of a second.
fn busy() -> u64 {
    let stat = read("/proc/stat");
    let times = stat.lines().next().unwrap_or_default().split_whitespace().skip(1);
    let times: Vec<u64> = times.take(8).map(|time| time.parse().unwrap_or(0)).collect();
    // user, nice, system, idle, waiting for a disk, interrupts, soft interrupts, stolen
    [0, 1, 2, 5, 6, 7].iter().filter_map(|at| times.get(*at)).sum()
}

fn kib(path: &str, name: &str) -> u64 {
    let value = field(path, name).unwrap_or_default();
    value.trim_end_matches("kB").trim().parse().unwrap_or(0)
}

fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let found = text.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.trim() == name);
    found.map(|(_, value)| value.trim().to_owned())
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default().trim().to_owned()
}

/// Device, type and options of the innermost mount a folder is on.
fn mount(folder: &Path) -> Option<(String, String, String)> {
    let folder = folder.canonicalize().ok()?;
    let mounts = fs::read_to_string("/proc/self/mounts").ok()?;
    let lines = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ');
        Some((fields.next()?, fields.next()?, fields.next()?, fields.next()?))
    });
    let inside = lines.filter(|(_, point, ..)| folder.starts_with(point));
    // Of mounts on one point, the last one hides the others.
    let (device, _, kind, options) = inside.max_by_key(|(_, point, ..)| point.len())?;
    Some((device.into(), kind.into(), options.into()))
}
