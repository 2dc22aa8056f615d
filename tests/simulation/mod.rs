//! Random scenarios: mails in any order, trusted, forged, late and doubled; what people do; sweeps that die at any moment, overlap, or hear
//! of failures that were none; topics that are silent for hours. What must hold is worked out a second time by [`oracle`].
//!
//! `PORT25_SCENARIOS` and `PORT25_SEED` choose how many and which; a failure names its seed.

pub(crate) mod scenario;
mod oracle;
mod told;
mod pure;
mod engine;

use std::sync::atomic::{AtomicBool, Ordering};

use scenario::Scenario;

fn number(name: &str) -> Option<u64> {
    boot::world::env(name).map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// The seeds of a run, a failure names the one at fault.
fn seeds(usual: u64) -> std::ops::Range<u64> {
    let first = number("PORT25_SEED").unwrap_or(20_261_124);
    first..first + number("PORT25_SCENARIOS").unwrap_or(usual)
}

/// Names the seed of a scenario that fails.
struct Named(u64);

/// Then the others need not be played.
static FAILED: AtomicBool = AtomicBool::new(false);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            FAILED.store(true, Ordering::Relaxed);
            eprintln!("the scenario failed: PORT25_SEED={} PORT25_SCENARIOS=1", self.0);
        }
    }
}

#[test]
fn every_silence_is_told_and_nothing_without_its_cause() {
    let all = seeds(100_000);
    let half = all.start + (all.end - all.start) / 2;
    std::thread::scope(|scope| {
        for part in [all.start..half, half..all.end] {
            scope.spawn(move || {
                for seed in part {
                    let _named = Named(seed);
                    pure::play(&Scenario::of(seed), seed);
                }
            });
        }
    });
}

#[test]
fn nothing_forged_makes_anybody_quiet_or_loud() {
    for seed in seeds(5_000) {
        let _named = Named(seed);
        let scenario = Scenario { faults: 0, ..Scenario::of(seed) };
        assert_eq!(pure::play(&scenario, seed), pure::play(&scenario.without_forgeries(), seed));
    }
}

/// Engines that play at once: while one waits before it tries a call again, the others go on.
const LANES: usize = 4;

#[test]
fn every_silence_is_told_on_the_real_table_too() {
    let std::ops::Range { start: first, end } = seeds(200);
    println!("{} scenarios on the real table, from seed {first} on", end - first);
    let lane = |lane: u64| async move {
        let mut rig = engine::Rig::new().await;
        for seed in (first + lane..end).step_by(LANES) {
            if FAILED.load(Ordering::Relaxed) {
                break;
            }
            let _named = Named(seed);
            rig.play(&Scenario::of(seed), seed).await;
        }
        rig.close().await
    };
    let play = |n: u64| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(lane(n))
    };
    let mut tally = engine::Tally::default();
    std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES as u64).map(|n| scope.spawn(move || play(n))).collect();
        for lane in lanes {
            tally.add(lane.join().unwrap());
        }
    });
    tally.print();
    assert_eq!(tally.missing(), Vec::<String>::new(), "nothing went wrong there");
}
