//! The one place that waits: jitter between two attempts at the same transaction.

use std::time::Duration;

/// Waits a random time of at most 20 ms · 2^attempt, so that two that collided do not collide again.
#[expect(clippy::disallowed_methods, reason = "this is the home of waiting; tests never reach more than a few milliseconds of it")]
pub(crate) async fn jitter(attempt: u32) {
    let most = 20u64 << attempt.min(6);
    tokio::time::sleep(Duration::from_millis(fastrand::u64(0..=most))).await;
}
