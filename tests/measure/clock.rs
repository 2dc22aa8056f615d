//! What the operating system knows of a process: CPU time and memory; and a quota of CPU time, as Lambda gives it.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The CPU time that a process has used so far: user and system, all its threads, those that ended too, in nanoseconds.
#[cfg(target_os = "linux")]
pub(crate) fn cpu(pid: u32) -> io::Result<Duration> {
    let pid = nix::unistd::Pid::from_raw(i32::try_from(pid).map_err(io::Error::other)?);
    let time = nix::time::clock_getcpuclockid(pid)?.now()?;
    Ok(time.into())
}

/// There is no such clock here.
#[cfg(not(target_os = "linux"))]
pub(crate) fn cpu(_pid: u32) -> io::Result<Duration> {
    Err(io::Error::other("CPU time of another process can only be measured on Linux"))
}

/// The most memory that a process ever had resident, in bytes.
pub(crate) fn peak(pid: u32) -> io::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    let kib = line.trim().trim_end_matches(" kB").parse::<u64>().map_err(io::Error::other)?;
    Ok(kib * 1024)
}

/// Lambda's period, in microseconds.
const PERIOD: u32 = 20_000;
/// A core's share of a function with 128 MB: a whole one comes with 1769 MB. In microseconds of each period.
const QUOTA: u32 = PERIOD * 128 / 1769;

/// A CPU cgroup with the quota of a function with 128 MB. It is removed when it is dropped, if nobody is in it.
#[derive(Debug)]
pub(crate) struct Quota(PathBuf);

impl Quota {
    /// Makes one, which takes the rights of root and a cgroup controller for `cpu`, of version 1 or 2.
    pub(crate) fn new() -> io::Result<Self> {
        let one = Path::new("/sys/fs/cgroup/cpu");
        let base = if one.join("cpu.cfs_quota_us").exists() { one } else { Path::new("/sys/fs/cgroup") };
        let cage = Self(base.join(format!("port25-measure-{}", std::process::id())));
        std::fs::create_dir(&cage.0)?;
        if base == one {
            std::fs::write(cage.0.join("cpu.cfs_period_us"), PERIOD.to_string())?;
            std::fs::write(cage.0.join("cpu.cfs_quota_us"), QUOTA.to_string())?;
        } else {
            std::fs::write(cage.0.join("cpu.max"), format!("{QUOTA} {PERIOD}"))?;
        }
        Ok(cage)
    }

    /// From now on it counts for this process.
    pub(crate) fn take(&self, pid: u32) -> io::Result<()> {
        std::fs::write(self.0.join("cgroup.procs"), pid.to_string())
    }
}

impl Drop for Quota {
    fn drop(&mut self) {
        // A leftover folder has no process in it and does no harm.
        drop(std::fs::remove_dir(&self.0));
    }
}
