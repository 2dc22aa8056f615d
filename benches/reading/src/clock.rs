//! CPU time of this thread: what else the machine does is not counted.

use std::time::Duration;

/// A point of CPU time.
pub(crate) struct Clock(Duration);

impl Clock {
    pub(crate) fn now() -> Self {
        Self(read())
    }

    pub(crate) fn elapsed(&self) -> Duration {
        read().saturating_sub(self.0)
    }
}

#[cfg(target_os = "linux")]
fn read() -> Duration {
    use nix::time::{ClockId, clock_gettime};
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map(Duration::from).unwrap_or_default()
}

/// Elsewhere the time on the wall has to do: on a quiet machine it is the same.
#[cfg(not(target_os = "linux"))]
fn read() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}
